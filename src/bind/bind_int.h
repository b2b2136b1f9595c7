/* The inside of the binder: scopes, the marks that stand for aggregates, OVER calls and subqueries until their place in the plan is known,
 * and who binds what.
 *
 *   query.c        set operations, VALUES, WITH, ORDER BY, LIMIT
 *   select.c       one SELECT: the order of its clauses
 *   group.c        GROUP BY, aggregates, HAVING             over.c, over_frame.c   OVER, QUALIFY
 *   from.c         tables, joins                            window_function.c   TUMBLE, HOP, CUMULATE, SESSION
 *   scope.c        names                                    subquery.c, subquery_value.c   IN, EXISTS, scalar subqueries
 *   decorrelate.c, domain.c   correlated subqueries         node.c       making nodes
 *   expression.c   operators, CASE, IN, ...                 call.c       function calls, special syntax
 *   literal.c      literals and types                       insert.c, table.c, view.c, alter.c   the statements
 *
 * While a SELECT's expressions are bound, aggregates, GROUPING(), OVER calls and subqueries become marks: expressions of kind
 * WEIR_EXPR_OUTER with a level of BIND_MARK_*, whose column is an index into a list of the select being bound. Later steps replace them by
 * columns.
 */
#ifndef WEIR_BIND_BIND_INT_H
#define WEIR_BIND_BIND_INT_H

#include "bind/bind.h"

enum {
    BIND_MARK_AGGREGATE = 1 << 30,
    BIND_MARK_GROUPING,
    BIND_MARK_OVER,
    BIND_MARK_SUBQUERY,
    BIND_MARK_PROPERTY, /* TUMBLE_START and the like */
};
static inline bool bind_is_mark(const weir_expr *expr, uint32_t level) {
    return expr->kind == WEIR_EXPR_OUTER && expr->as.outer.level == level;
}

/* A column that names can find. Its number is its place in the scope: the column of the node that the scope describes. */
typedef struct bind_column {
    weir_text table; /* alias; empty: none */
    weir_text name;
    const weir_type *type;
    weir_time_attribute time;
    bool hidden;                  /* the right one of a USING pair, or internal: * does not show it, and only its table's name finds it */
    uint32_t merged;              /* USING: 1 + the column whose value stands in where this one is NULL; 0: none. Chains when joins do */
    const void *owner;            /* tells items of FROM apart */
    const weir_object_path *path; /* of a table without alias: its database and catalog may go before its name; NULL */
} bind_column;

typedef struct bind_recorder bind_recorder;

typedef struct bind_aggregate {
    const weir_aggregate *function;
    const weir_type *result;
    weir_text name; /* as written, for output names */
    uint32_t argument_count;
    const weir_expr *const *arguments; /* over the input, marks of subqueries allowed */
    bool distinct;
    bool ignore_nulls;
    const weir_expr *filter; /* NULL: none */
    uint32_t order_count;
    const weir_expr *const *order;
    const weir_sort_key *order_keys; /* column not used */
    weir_position position;
} bind_aggregate;

typedef struct bind_over {
    bind_aggregate call;
    uint32_t partition_count;
    const weir_expr *const *partitions;
    uint32_t order_count;
    const weir_expr *const *order;
    const weir_sort_key *order_keys;
    weir_frame frame;
    const weir_ast_window *frame_ast; /* where a frame was written; NULL */
    weir_position position;
} bind_over;

typedef enum bind_subquery_kind {
    BIND_SUBQUERY_IN,
    BIND_SUBQUERY_EXISTS,
    BIND_SUBQUERY_SCALAR,
    BIND_SUBQUERY_QUANTIFIED
} bind_subquery_kind;

typedef struct bind_subquery {
    bind_subquery_kind kind;
    bool negated;           /* NOT IN, NOT EXISTS as written there */
    uint32_t operand_count; /* IN: 1 or the ROW's fields */
    const weir_expr *const *operands;
    const char *compare;       /* QUANTIFIED: "=", "<", ... */
    bool all;                  /* QUANTIFIED: ALL rather than ANY */
    const weir_node *query;    /* may read outer columns: WEIR_EXPR_OUTER of level >= 1 */
    const weir_type *type;     /* of the value */
    const uint32_t *outer_map; /* from columns of the scope to those after GROUP BY; UINT32_MAX: not grouped; NULL: unchanged */
    weir_position position;
} bind_subquery;

typedef struct bind_grouping {
    uint32_t count;
    const weir_expr *const *arguments;
    weir_position position;
} bind_grouping;

/* TUMBLE_START(ts, INTERVAL ..) and the like: which group window and which property. The window must be the one in GROUP BY. */
typedef struct bind_property {
    weir_window window;
    const weir_expr *time;
    weir_text name; /* as written */
    weir_window_property property;
    weir_position position;
} bind_property;

/* What the expressions of one SELECT have asked for. */
typedef struct bind_marks {
    weir_list aggregates; /* bind_aggregate */
    weir_list groupings;  /* bind_grouping */
    weir_list overs;      /* bind_over */
    weir_list subqueries; /* bind_subquery */
    weir_list properties; /* bind_property */
} bind_marks;

/* Which clause an expression stands in: what is allowed there. */
typedef enum bind_clause {
    BIND_CLAUSE_SELECT,
    BIND_CLAUSE_WHERE,
    BIND_CLAUSE_GROUP,
    BIND_CLAUSE_HAVING,
    BIND_CLAUSE_ON,
    BIND_CLAUSE_ORDER,
    BIND_CLAUSE_QUALIFY,
    BIND_CLAUSE_VALUES,
    BIND_CLAUSE_DDL
} bind_clause;

typedef struct bind_cte {
    struct bind_cte *older;
    const weir_ast_with_item *item;
    const weir_node *node; /* bound once; NULL: not yet */
} bind_cte;

typedef struct bind_scope {
    weir_bind_context *context;
    struct bind_scope *outer; /* of the enclosing query; NULL */
    uint32_t column_count;
    const bind_column *columns;
    uint32_t star_count;
    const uint32_t *star;     /* columns in the order of *; NULL: all that are not hidden */
    const weir_list *aliases; /* ORDER BY, QUALIFY: bind_items of the select list, whose names go before columns; NULL */
    bind_marks *marks;        /* NULL: neither aggregates, OVER nor subqueries are allowed */
    bind_clause clause;
    bool in_aggregate; /* inside an aggregate's arguments: no aggregate may start */
    bool in_over;
    bool has_from;
    bool grouped;                         /* GROUP BY with at least one key: aggregates keep their NOT NULL */
    const weir_ast_named_window *windows; /* WINDOW w AS ... of the SELECT */
    size_t window_count;
    bind_cte *ctes;           /* WITH names that are visible */
    struct bind_match *match; /* inside MATCH_RECOGNIZE; NULL */
} bind_scope;

/* ---- scope.c ---- */
/* A name as an expression: a column, a field of a ROW column, or a column of an outer scope. */
weir_status bind_name(bind_scope *scope, const weir_ast_name *name, const weir_expr **out, weir_error *error) WEIR_MUST_USE;
/* A column of a scope `level` queries outside; of a USING pair, the value of whichever side has one. */
weir_status bind_column_value(bind_scope *scope, const bind_column *columns, uint32_t level, uint32_t column, weir_position position,
                              const weir_expr **out, weir_error *error) WEIR_MUST_USE;
/* The field of a ROW expression. */
weir_status bind_field(bind_scope *scope, const weir_expr *row, const weir_ast_ident *field, const weir_expr **out,
                       weir_error *error) WEIR_MUST_USE;
/* The columns of `*` or `t.*` as expressions with names; appended to the lists (weir_expr, weir_text as pointers to weir_ast_ident-like
 * texts). */
typedef struct bind_item {
    const weir_expr *expr;
    weir_text name; /* data NULL: EXPR$n */
    weir_time_attribute time;
    const weir_ast_expr *ast; /* NULL from a star */
} bind_item;
weir_status bind_star(bind_scope *scope, const weir_ast_expr *star, weir_list *items /* bind_item */, weir_error *error) WEIR_MUST_USE;
/* The time attribute that survives in an expression (bare columns only). */
weir_time_attribute bind_time_of(const bind_scope *scope, const weir_expr *expr);
const bind_column *bind_columns_of(weir_bind_context *context, const weir_node *node, weir_text alias, const weir_ast_ident *renamed,
                                   size_t renamed_count); /* NULL: no memory */

/* ---- expression.c, call.c, literal.c ---- */
weir_status bind_expr(bind_scope *scope, const weir_ast_expr *ast, const weir_expr **out, weir_error *error) WEIR_MUST_USE;
/* Flink computes the constants of a select list when it plans: dividing by zero there fails the statement, needed by a row or not. (In a
 * condition it fails when a row needs it.) */
weir_status bind_refuse_division(const weir_expr *expr, weir_error *error) WEIR_MUST_USE;
/* As bind_expr, and it must be BOOLEAN: "WHERE clause must be a condition". */
weir_status bind_condition(bind_scope *scope, const weir_ast_expr *ast, const char *clause, const weir_expr **out,
                           weir_error *error) WEIR_MUST_USE;
weir_status bind_exprs(bind_scope *scope, const weir_ast_expr_list *list, const weir_expr ***out, weir_error *error) WEIR_MUST_USE;
weir_status bind_call(bind_scope *scope, const weir_ast_expr *ast, const weir_expr **out, weir_error *error) WEIR_MUST_USE;
/* Build a call of a named function or operator, with position. */
weir_status bind_build(bind_scope *scope, const char *function, const weir_expr *const *arguments, uint32_t count, weir_position position,
                       const weir_expr **out, weir_error *error) WEIR_MUST_USE;
weir_status bind_literal(bind_scope *scope, const weir_ast_expr *ast, const weir_expr **out, weir_error *error) WEIR_MUST_USE;
weir_status bind_negative_literal(bind_scope *scope, const weir_ast_expr *number, weir_position position, const weir_expr **out,
                                  weir_error *error) WEIR_MUST_USE;
weir_status bind_interval(bind_scope *scope, const weir_ast_expr *ast, const weir_expr **out, weir_error *error) WEIR_MUST_USE;
const weir_type *bind_interval_type(const weir_ast_interval_qualifier *qualifier, bool nullable);
const weir_expr *bind_symbol(bind_scope *scope, weir_text word, weir_position position);
/* Cast the sides of a comparison, IN list, ... to a common type, or refuse in Flink's words. */
weir_status bind_compare(bind_scope *scope, const char *function, const weir_expr *left, const weir_expr *right, weir_position position,
                         const weir_expr **out, weir_error *error) WEIR_MUST_USE;

/* ---- marks: over.c, group.c, subquery.c, window_function.c ---- */
weir_status bind_aggregate_mark(bind_scope *scope, const weir_aggregate *function, const weir_ast_expr *ast, const weir_expr **out,
                                weir_error *error) WEIR_MUST_USE;
weir_status bind_over_mark(bind_scope *scope, const weir_aggregate *function, const weir_ast_expr *ast, const weir_expr **out,
                           weir_error *error) WEIR_MUST_USE;
/* The frame, once function, order and over->frame_ast are known (over_frame.c). `position` is the window's. */
weir_status bind_frame(bind_scope *scope, bind_over *over, weir_position position, weir_error *error) WEIR_MUST_USE;
/* Arguments, FILTER, WITHIN GROUP and the result type of an aggregate call. */
weir_status bind_aggregate_fill(bind_scope *scope, const weir_aggregate *function, const weir_ast_expr *ast, bind_aggregate *record,
                                weir_error *error) WEIR_MUST_USE;
/* The call over columns of a projection; expressions that are not in `exprs` yet are added to it. */
weir_status bind_call_columns(weir_bind_context *context, weir_list *exprs, const bind_aggregate *record, weir_aggregate_call *call,
                              weir_error *error) WEIR_MUST_USE;
weir_status bind_grouping_mark(bind_scope *scope, const weir_ast_expr *ast, const weir_expr **out, weir_error *error) WEIR_MUST_USE;
weir_status bind_property_mark(bind_scope *scope, const weir_ast_expr *ast, weir_window_kind kind, weir_window_property property,
                               const weir_expr **out, weir_error *error) WEIR_MUST_USE;
weir_status bind_subquery_mark(bind_scope *scope, const weir_ast_expr *ast, const weir_expr **out, weir_error *error) WEIR_MUST_USE;
const weir_expr *bind_mark(bind_scope *scope, uint32_t level, weir_list *list, void *record, const weir_type *type,
                           weir_position position); /* appends the record; NULL: no memory */

/* ---- making nodes: node.c ---- */
/* PROJECT with these expressions; time attributes follow bare columns. Names with data NULL become EXPR$n. */
weir_status bind_project(weir_bind_context *context, const weir_node *input, const weir_expr *const *exprs, const weir_text *names,
                         uint32_t count, weir_position position, const weir_node **out, weir_error *error) WEIR_MUST_USE;
/* The input's columns followed by these expressions. */
weir_status bind_project_more(weir_bind_context *context, const weir_node *input, const weir_expr *const *exprs, uint32_t count,
                              weir_position position, const weir_node **out, weir_error *error) WEIR_MUST_USE;
/* The first `count` columns only; the input itself when it has no more. */
weir_status bind_project_first(weir_bind_context *context, const weir_node *input, uint32_t count, const weir_node **out,
                               weir_error *error) WEIR_MUST_USE;
weir_status bind_filter_node(weir_bind_context *context, const weir_node *input, const weir_expr *condition, weir_position position,
                             const weir_node **out, weir_error *error) WEIR_MUST_USE;
/* Replace subexpressions: `change` gives the replacement, or NULL with WEIR_OK to go on inside. Types of rebuilt calls are kept. */
typedef weir_status (*bind_change)(void *context, const weir_expr *expr, const weir_expr **replacement, weir_error *error);
weir_status bind_rewrite(weir_arena *arena, const weir_expr *expr, bind_change change, void *change_context, const weir_expr **out,
                         weir_error *error) WEIR_MUST_USE;

/* ---- decorrelate.c ---- */
bool bind_reads_outer(const weir_expr *expr);
/* The node without the conditions that read outer columns, as far as they can be pulled up; they refer to the columns of *out (the old ones
 * keep their numbers). */
weir_status bind_pull_up(weir_bind_context *context, const weir_node *node, const weir_node **out, weir_list *pulled,
                         weir_error *error) WEIR_MUST_USE;

/* ---- domain.c ---- */
bool bind_node_reads_outer(const weir_node *node);
/* `query` computed for every combination of the outer columns that it reads, as `left` has them; columns behind its own say which. The
 * conditions that tie both are added to `pulled`, as bind_pull_up does. */
weir_status bind_domain(weir_bind_context *context, const weir_node *left, const weir_node *query, const uint32_t *outer_map,
                        weir_position position, const weir_node **out, weir_list *pulled, weir_error *error) WEIR_MUST_USE;
/* Field `field` of an aggregate, joined as `column` of type `joined`: COUNT gives 0 where the join found nothing (subquery_value.c). */
weir_status bind_count_or_zero(weir_bind_context *context, const weir_node *aggregate, uint32_t field, uint32_t column,
                               const weir_type *joined, const weir_expr **out, weir_error *error) WEIR_MUST_USE;

/* ---- steps of a SELECT ---- */
/* Expressions that a step must carry over to its output columns. */
typedef struct bind_exprs_list {
    const weir_expr **items; /* rewritten in place */
    uint32_t count;
} bind_exprs_list;
/* FROM: the node; its columns are put into the scope. */
weir_status bind_from(bind_scope *scope, const weir_ast_table_ref *from, const weir_node **node, weir_error *error) WEIR_MUST_USE;
/* A condition that may hold subquery marks: conjuncts become FILTERs, SEMI and ANTI joins over *node; its first columns stay where they
 * are. */
weir_status bind_apply_condition(bind_scope *scope, const weir_expr *condition, weir_position position, const weir_node **node,
                                 weir_error *error) WEIR_MUST_USE;
/* Replace the subquery marks in the expressions by columns joined to *node behind its own. */
weir_status bind_apply_subqueries(bind_scope *scope, bind_exprs_list *exprs, const weir_node **node, weir_error *error) WEIR_MUST_USE;
/* GROUP BY and aggregates: *node becomes the AGGREGATE, the expressions refer to its output. */
weir_status bind_apply_groups(bind_scope *scope, const weir_ast_select *select, bind_exprs_list *exprs, const weir_node **node,
                              weir_error *error) WEIR_MUST_USE;
/* OVER marks: OVER nodes are put on *node, the expressions refer to their columns. */
weir_status bind_apply_overs(bind_scope *scope, bind_exprs_list *exprs, const weir_node **node, weir_error *error) WEIR_MUST_USE;
/* One SELECT with the ORDER BY of its query. */
weir_status bind_select_core(weir_bind_context *context, bind_scope *outer, bind_cte *ctes, const weir_ast_select *select,
                             const weir_ast_order_list *order_by, int64_t offset, int64_t fetch, const weir_node **out,
                             weir_error *error) WEIR_MUST_USE;
weir_status bind_sort_node(weir_bind_context *context, const weir_node *input, const weir_sort_key *keys, uint32_t count, int64_t offset,
                           int64_t fetch, weir_position position, const weir_node **out, weir_error *error) WEIR_MUST_USE;
weir_status bind_distinct_node(weir_bind_context *context, const weir_node *input, weir_position position, const weir_node **out,
                               weir_error *error) WEIR_MUST_USE;
weir_sort_key bind_sort_key(const weir_ast_order_item *item, uint32_t column);
/* A table by name: SCAN with computed columns and watermark, or the expanded view. `hints` may be NULL. */
weir_status bind_table(weir_bind_context *context, const weir_ast_name *name, const weir_ast_hints *hints, const weir_node **out,
                       weir_error *error) WEIR_MUST_USE;
/* The same for a definition at hand (connector NULL: only its fields are asked for). */
weir_status bind_table_node(weir_bind_context *context, const weir_table *table, const weir_connector *connector, weir_position position,
                            const weir_node **out, weir_error *error) WEIR_MUST_USE;
/* A computed column or watermark, kept as text, over the columns of a node. */
weir_status bind_text_expression(weir_bind_context *context, const weir_node *node, weir_text text, const weir_expr **out,
                                 weir_error *error) WEIR_MUST_USE;
/* A name in FROM: a WITH name or a table. */
weir_status bind_named(weir_bind_context *context, bind_cte *ctes, const weir_ast_name *name, const weir_ast_hints *hints,
                       const weir_node **out, weir_error *error) WEIR_MUST_USE;
weir_status bind_join_node(weir_bind_context *context, weir_join_type type, const weir_node *left, const weir_node *right,
                           const weir_expr *condition, weir_position position, const weir_node **out, weir_error *error) WEIR_MUST_USE;
/* LATERAL (SELECT ...): the right side reads columns of the left one. */
weir_status bind_lateral_join(weir_bind_context *context, weir_join_type type, const weir_node *left, const weir_node *right,
                              const weir_expr *condition, weir_position position, const weir_node **out, weir_error *error) WEIR_MUST_USE;
weir_status bind_match_node(weir_bind_context *context, bind_scope *outer, bind_cte *ctes, const weir_ast_table_ref *ref,
                            const weir_node **out, weir_error *error) WEIR_MUST_USE;
/* What only expressions of MATCH_RECOGNIZE have; *handled false: it is none of that. */
weir_status bind_match_expr(bind_scope *scope, const weir_ast_expr *ast, bool *handled, const weir_expr **out,
                            weir_error *error) WEIR_MUST_USE;
/* TUMBLE(TABLE ...), HOP, CUMULATE, SESSION in FROM. */
weir_status bind_window_function(weir_bind_context *context, bind_scope *outer, bind_cte *ctes, const weir_ast_table_ref *ref,
                                 const weir_node **out, weir_error *error) WEIR_MUST_USE;
/* TUMBLE(ts, INTERVAL ...) as a GROUP BY item: *is_window false: it is none. `window->time_column` is left open; *time is the time
 * expression. */
weir_status bind_group_window(bind_scope *scope, const weir_ast_expr *item, bool *is_window, weir_window *window, const weir_expr **time,
                              weir_error *error) WEIR_MUST_USE;
bool bind_same_window(const weir_window *a, const weir_window *b); /* kind and lengths; not the time column */

/* ---- queries ---- */
/* `outer`: scope around a subquery (its columns are visible); NULL at the top. */
weir_status bind_query(weir_bind_context *context, bind_scope *outer, bind_cte *ctes, const weir_ast_query *query, const weir_node **out,
                       weir_error *error) WEIR_MUST_USE;

/* Make the names differ: a, a0, a1. */
weir_status bind_distinct_names(weir_bind_context *context, weir_plan_field *fields, uint32_t count, weir_error *error) WEIR_MUST_USE;

/* The plan of a WITH name; bound once. */
weir_status bind_cte_query(weir_bind_context *context, bind_cte *cte, const weir_node **out, weir_error *error) WEIR_MUST_USE;

#endif
