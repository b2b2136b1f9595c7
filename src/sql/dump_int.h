/* What the files of dump share: a line is the indentation, a label that says which part it is, the text, and the position. */
#ifndef WEIR_SQL_DUMP_INT_H
#define WEIR_SQL_DUMP_INT_H

#include "sql/dump.h"

typedef struct weir_dump {
    weir_builder *out;
    unsigned depth;
} weir_dump;

void weir_dump_line(weir_dump *d, const char *label, weir_position position, const char *format, ...) WEIR_PRINTF(4, 5);
void weir_dump_text(weir_dump *d, const char *label, weir_text text); /* label 'text' */
void weir_dump_name(weir_dump *d, const char *label, const weir_ast_name *name); /* nothing for an empty name */
void weir_dump_ident(weir_dump *d, const char *label, weir_ast_ident ident);     /* nothing when there is none */
void weir_dump_idents(weir_dump *d, const char *label, const weir_ast_ident *idents, size_t count);
void weir_dump_flag(weir_dump *d, const char *label, bool set);
void weir_dump_options(weir_dump *d, const char *label, weir_ast_options options);
void weir_dump_expr(weir_dump *d, const char *label, const weir_ast_expr *expr); /* nothing for NULL */
void weir_dump_exprs(weir_dump *d, const char *label, weir_ast_expr_list list);
void weir_dump_order(weir_dump *d, const char *label, weir_ast_order_list list);
void weir_dump_type(weir_dump *d, const char *label, const weir_ast_type *type);
void weir_dump_window(weir_dump *d, const char *label, const weir_ast_window *window);
void weir_dump_query(weir_dump *d, const char *label, const weir_ast_query *query);
void weir_dump_table(weir_dump *d, const char *label, const weir_ast_table_ref *table);
void weir_dump_hints(weir_dump *d, weir_ast_hints hints);
void weir_dump_statement(weir_dump *d, const char *label, const weir_ast_statement *statement);

#endif
