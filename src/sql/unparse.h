/* Trees back to SQL, in the form in which Flink shows it: names in backticks, functions in capitals, one clause a line.
 *
 * What is written parses again and means the same. The builder remembers when it has no more room or memory; look at
 * builder->failed at the end.
 */
#ifndef WEIR_SQL_UNPARSE_H
#define WEIR_SQL_UNPARSE_H

#include "base/text.h"
#include "sql/ast_query.h"

void weir_sql_unparse_expression(weir_builder *out, const weir_ast_expr *expr);
void weir_sql_unparse_query(weir_builder *out, const weir_ast_query *query);
void weir_sql_unparse_type(weir_builder *out, const weir_ast_type *type);
void weir_sql_unparse_name(weir_builder *out, const weir_ast_name *name); /* `a`.`b` */

/* `it``s` and 'it''s' */
void weir_sql_quote_name(weir_builder *out, weir_text name);
void weir_sql_quote_string(weir_builder *out, weir_text text);

#endif
