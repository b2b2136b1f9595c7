/* A table definition in the making, shared by CREATE TABLE (table.c) and ALTER TABLE (alter.c). */
#ifndef WEIR_BIND_TABLE_INT_H
#define WEIR_BIND_TABLE_INT_H

#include "bind/bind_int.h"

typedef struct table_state {
    weir_bind_context *context;
    weir_table *table;
    weir_table_column *columns; /* room for all */
    uint32_t count;
    uint32_t capacity;
} table_state;

uint32_t bind_table_column_named(const table_state *state, weir_text name); /* UINT32_MAX: none */
/* Append a column as written; computed ones get their type by bind_table_computed_types. */
weir_status bind_table_column_add(table_state *state, const weir_ast_column *ast, weir_error *error) WEIR_MUST_USE;
weir_status bind_table_computed_types(table_state *state, const weir_ast_column *asts, size_t count, weir_error *error) WEIR_MUST_USE;
weir_status bind_table_set_key(table_state *state, const weir_ast_constraint *constraint, weir_error *error) WEIR_MUST_USE;
weir_status bind_table_set_watermark(table_state *state, const weir_ast_watermark *watermark, weir_error *error) WEIR_MUST_USE;
/* Later values of a key win. */
weir_status bind_table_options_merge(table_state *state, const weir_ast_options *options, weir_error *error) WEIR_MUST_USE;

#endif
