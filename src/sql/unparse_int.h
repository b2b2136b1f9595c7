/* What the files of unparse share. */
#ifndef WEIR_SQL_UNPARSE_INT_H
#define WEIR_SQL_UNPARSE_INT_H

#include "sql/unparse.h"

void weir_unparse_expr_list(weir_builder *out, weir_ast_expr_list list); /* a, b */
void weir_unparse_order(weir_builder *out, weir_ast_order_list list);    /* a DESC, b; behind ORDER BY */
void weir_unparse_window(weir_builder *out, const weir_ast_window *window);
void weir_unparse_idents(weir_builder *out, const weir_ast_ident *idents, size_t count); /* (`a`, `b`) */
void weir_unparse_call(weir_builder *out, const weir_ast_call *call);
void weir_unparse_qualifier(weir_builder *out, const weir_ast_interval_qualifier *qualifier);
void weir_unparse_table(weir_builder *out, const weir_ast_table_ref *table);

#endif
