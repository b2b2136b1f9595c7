/* The binder: syntax tree + catalog -> typed relational plan. All errors of names and types are told here, with the place in the script.
 *
 * A bind context belongs to one statement: everything that is made lives in its arena. Threads: one.
 */
#ifndef WEIR_BIND_BIND_H
#define WEIR_BIND_BIND_H

#include "catalog/catalog.h"
#include "plan/node.h"
#include "sql/ast_statement.h"

typedef struct weir_bind_context {
    weir_arena *arena; /* the statement's */
    weir_catalog *catalog;
    const weir_evaluation *evaluation;
    bool batch_mode;
    /* A setting by its Flink key; data NULL: not set. May be NULL: nothing is set. */
    weir_text (*setting)(void *context, const char *key);
    void *setting_context;
    /* A remark for the user; may be NULL. */
    void (*warn)(void *context, const char *message);
    void *warn_context;
    /* Kept by the binder across the statement; start with zeros. */
    weir_list views_open; /* names of the views being expanded: a view that refers to itself is an error */
    weir_list scans;      /* scans made so far: INSERTs of one statement set share them */
    uint32_t query_depth;
    uint32_t top_depth;             /* of the query around the outermost one of the statement or of a view: only that one's order is seen */
    uint32_t generated_aliases;     /* items of FROM without a name are called EXPR$0, EXPR$1, ... */
    struct bind_recorder *recorder; /* while the text of a view is made; NULL */
} weir_bind_context;

/* A query as a plan without a root. Output columns are its fields. */
weir_status weir_bind_query(weir_bind_context *context, const weir_ast_query *query, const weir_node **out,
                            weir_error *error) WEIR_MUST_USE;
/* SELECT for the caller: one COLLECT root. */
weir_status weir_bind_select(weir_bind_context *context, const weir_ast_query *query, weir_plan *out, weir_error *error) WEIR_MUST_USE;
/* INSERT, or the INSERTs of a statement set: one SINK root each. */
weir_status weir_bind_inserts(weir_bind_context *context, const weir_ast_insert *const *inserts, size_t count, weir_plan *out,
                              weir_error *error) WEIR_MUST_USE;

/* DDL: the definition as the catalog keeps it (path filled in); nothing is added to the catalog here. */
weir_status weir_bind_create_table(weir_bind_context *context, const weir_ast_create_table *create, weir_table *out,
                                   weir_error *error) WEIR_MUST_USE;
weir_status weir_bind_create_view(weir_bind_context *context, const weir_ast_create_view *create, weir_text script, weir_table *out,
                                  weir_error *error) WEIR_MUST_USE;
weir_status weir_bind_alter_table(weir_bind_context *context, const weir_ast_alter *alter, const weir_table *old, weir_table *out,
                                  weir_error *error) WEIR_MUST_USE;
/* ALTER VIEW v AS query */
weir_status weir_bind_alter_view(weir_bind_context *context, const weir_ast_alter *alter, const weir_table *old, weir_text script,
                                 weir_table *out, weir_error *error) WEIR_MUST_USE;

/* A type as written; columns without NOT NULL are nullable. */
weir_status weir_bind_type(weir_bind_context *context, const weir_ast_type *type, const weir_type **out, weir_error *error) WEIR_MUST_USE;
/* An expression without columns, as a value (options of window functions, LIMIT, partition values). */
weir_status weir_bind_constant(weir_bind_context *context, const weir_ast_expr *expr, weir_value *out, weir_error *error) WEIR_MUST_USE;
/* The catalog path of a name, with the position on its errors. */
weir_status weir_bind_path(weir_bind_context *context, const weir_ast_name *name, weir_object_path *out, weir_error *error) WEIR_MUST_USE;
/* All columns of a table as a query of it sees them (computed ones included), with their time attributes: DESCRIBE and the like. */
weir_status weir_bind_table_fields(weir_bind_context *context, const weir_table *table, const weir_plan_field **fields, uint32_t *count,
                                   weir_error *error) WEIR_MUST_USE;

#endif
