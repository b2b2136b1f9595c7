/* Tokens and trees as text for people and for tests: one thing a line, indented, with positions (line:column). Equal scripts give
 * equal texts. The builder remembers when it has no more room or memory. */
#ifndef WEIR_SQL_DUMP_H
#define WEIR_SQL_DUMP_H

#include "base/text.h"
#include "sql/ast_statement.h"

/* One token a line; ends at the first thing that is no token, which is told. */
void weir_sql_dump_tokens(weir_builder *out, weir_text script);

void weir_sql_dump_statement(weir_builder *out, const weir_ast_statement *statement);
void weir_sql_dump_query(weir_builder *out, const weir_ast_query *query);
void weir_sql_dump_expression(weir_builder *out, const weir_ast_expr *expr);

#endif
