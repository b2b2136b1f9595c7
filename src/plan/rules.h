/* Rewrite rules: what they are, the state of a rewrite, and the helpers that make nodes for them. Private to plan/.
 *
 * A phase walks the plan once, inputs first. Each node meets the phase's rules in the order of the table; a rule either leaves the node
 * alone (*out = node) or gives another one, which is then walked in its turn. What became of a node is remembered, so that a node with
 * several consumers stays one node. Plans are never changed, only replaced.
 */
#ifndef WEIR_PLAN_RULES_H
#define WEIR_PLAN_RULES_H

#include "plan/planner.h"

/* From nodes to what is known of them. Open addressing, in the arena. */
typedef struct node_map {
    const weir_node **keys;
    const void **values;
    size_t capacity, count;
} node_map;

typedef struct rewrite {
    weir_arena *arena;
    const weir_plan_settings *settings;
    node_map memo;         /* this phase: what became of a node */
    node_map shared;       /* nodes that several others read: what is pushed into one would be computed twice */
    uint32_t *rule_counts; /* as many as rules: how often each has changed something */
    bool times_follow;     /* from the second phase on it is known which joins keep time attributes: fields follow their inputs */
} rewrite;

typedef enum rule_phase {
    RULE_PHASE_SHAPE,  /* conditions move down, joins and set operations take their final shape */
    RULE_PHASE_DETECT, /* windows, Top-N, kinds of joins: what needs an operator of its own is found */
    RULE_PHASE_TIDY,
    RULE_PHASE_COUNT,
} rule_phase;

typedef struct weir_rule {
    rule_phase phase;
    bool needed;       /* applied with the optimizer off, too: the plan would not run, or give other rows */
    weir_node_kind on; /* kind of node that it looks at */
    const char *name;
    const char *summary;
    weir_status (*apply)(rewrite *self, const weir_node *node, const weir_node **out, weir_error *error);
} weir_rule;

extern const weir_rule weir_rules[]; /* ended by a NULL name */

weir_status rule_set_operation(rewrite *self, const weir_node *node, const weir_node **out, weir_error *error) WEIR_MUST_USE;
weir_status rule_inner_order(rewrite *self, const weir_node *node, const weir_node **out, weir_error *error) WEIR_MUST_USE;
weir_status rule_constant_filter(rewrite *self, const weir_node *node, const weir_node **out, weir_error *error) WEIR_MUST_USE;
weir_status rule_filter_merge(rewrite *self, const weir_node *node, const weir_node **out, weir_error *error) WEIR_MUST_USE;
weir_status rule_filter_project(rewrite *self, const weir_node *node, const weir_node **out, weir_error *error) WEIR_MUST_USE;
weir_status rule_outer_join(rewrite *self, const weir_node *node, const weir_node **out, weir_error *error) WEIR_MUST_USE;
weir_status rule_filter_join(rewrite *self, const weir_node *node, const weir_node **out, weir_error *error) WEIR_MUST_USE;
weir_status rule_filter_below(rewrite *self, const weir_node *node, const weir_node **out, weir_error *error) WEIR_MUST_USE;
weir_status rule_join_condition(rewrite *self, const weir_node *node, const weir_node **out, weir_error *error) WEIR_MUST_USE;
weir_status rule_project_merge(rewrite *self, const weir_node *node, const weir_node **out, weir_error *error) WEIR_MUST_USE;
weir_status rule_project_identity(rewrite *self, const weir_node *node, const weir_node **out, weir_error *error) WEIR_MUST_USE;
weir_status rule_join_keys(rewrite *self, const weir_node *node, const weir_node **out, weir_error *error) WEIR_MUST_USE;
weir_status rule_temporal_join(rewrite *self, const weir_node *node, const weir_node **out, weir_error *error) WEIR_MUST_USE;
weir_status rule_window_join(rewrite *self, const weir_node *node, const weir_node **out, weir_error *error) WEIR_MUST_USE;
weir_status rule_interval_join(rewrite *self, const weir_node *node, const weir_node **out, weir_error *error) WEIR_MUST_USE;
weir_status rule_window_time(rewrite *self, const weir_node *node, const weir_node **out, weir_error *error) WEIR_MUST_USE;
weir_status rule_window_aggregate(rewrite *self, const weir_node *node, const weir_node **out, weir_error *error) WEIR_MUST_USE;
weir_status rule_rank(rewrite *self, const weir_node *node, const weir_node **out, weir_error *error) WEIR_MUST_USE;

/* Equal nodes become one (share.c). */
weir_status weir_plan_share(weir_arena *arena, weir_plan *plan, weir_error *error) WEIR_MUST_USE;
/* Only the columns that somebody reads, from the scans up (prune.c); `plan` gets new roots. */
weir_status weir_plan_prune(weir_arena *arena, weir_plan *plan, weir_error *error) WEIR_MUST_USE;

/* ---- the map ---- */
const void *node_map_get(const node_map *map, const weir_node *node); /* NULL: not there */
bool node_map_put(weir_arena *arena, node_map *map, const weir_node *node, const void *value) WEIR_MUST_USE;

/* ---- making nodes (rewrite.c) ---- */
weir_status rewrite_no_memory(weir_error *error);
bool rewrite_is_shared(const rewrite *self, const weir_node *node);
/* A rule has looked through `node` and will use its input beside it: what is shared above stays shared below. */
weir_status rewrite_pass(rewrite *self, const weir_node *node, weir_error *error) WEIR_MUST_USE;
/* A shallow copy to change; NULL: no memory. */
weir_node *rewrite_copy(weir_arena *arena, const weir_node *node);
/* The node over other inputs (as many as it has). */
weir_status rewrite_inputs(weir_arena *arena, const weir_node *node, const weir_node *const *inputs, const weir_node **out,
                           weir_error *error) WEIR_MUST_USE;
/* `input` itself when the condition is NULL. */
weir_status rewrite_filter(weir_arena *arena, const weir_node *input, const weir_expr *condition, weir_position position,
                           const weir_node **out, weir_error *error) WEIR_MUST_USE;
/* `fields` NULL: named after the columns, else f0, f1, ...; time attributes follow bare columns. */
weir_status rewrite_project(weir_arena *arena, const weir_node *input, const weir_expr *const *exprs, const weir_plan_field *fields,
                            uint32_t count, weir_position position, const weir_node **out, weir_error *error) WEIR_MUST_USE;
/* The columns of `input` in this order; `fields` as above. */
weir_status rewrite_columns(weir_arena *arena, const weir_node *input, const uint32_t *columns, const weir_plan_field *fields,
                            uint32_t count, weir_position position, const weir_node **out, weir_error *error) WEIR_MUST_USE;
/* Rows of nothing with the fields of `node`. */
weir_status rewrite_empty(weir_arena *arena, const weir_node *node, const weir_node **out, weir_error *error) WEIR_MUST_USE;
weir_status rewrite_join(weir_arena *arena, weir_join_type type, const weir_node *left, const weir_node *right, const weir_expr *condition,
                         weir_position position, const weir_node **out, weir_error *error) WEIR_MUST_USE;
/* The time attributes of the fields as they follow from the inputs; *out = node when they are right. */
weir_status rewrite_times(weir_arena *arena, const weir_node *node, const weir_node **out, weir_error *error) WEIR_MUST_USE;

const weir_expr *rewrite_column(weir_arena *arena, const weir_node *node, uint32_t column); /* an expression for a column of `node` */
/* All columns that the expression reads lie in [from, to). */
bool rewrite_reads_only(const weir_expr *expr, uint32_t from, uint32_t to);
bool rewrite_reads_any(const weir_expr *expr, uint32_t from, uint32_t to);
size_t rewrite_size(const weir_expr *expr); /* nodes of the tree */
/* Columns move by `by`. */
const weir_expr *rewrite_shift(weir_arena *arena, const weir_expr *expr, uint32_t columns, int64_t by);
/* An integer constant, casts around it included. */
bool rewrite_integer(rewrite *self, const weir_expr *expr, int64_t *out);

/* A condition in two parts: TRUE goes to *taken, FALSE to *rest; both may come out NULL. */
typedef bool (*rewrite_choice)(void *context, const weir_expr *conjunct);
weir_status rewrite_split(weir_arena *arena, const weir_expr *condition, rewrite_choice choice, void *context, const weir_expr **taken,
                          const weir_expr **rest, weir_error *error) WEIR_MUST_USE;

/* Were keys already looked for? */
static inline bool rewrite_join_has_keys(const weir_node *join) {
    return join->as.join.equal_count > 0 || join->as.join.residual != NULL || join->as.join.condition == NULL;
}
static inline bool rewrite_join_is_half(const weir_node *join) {
    return join->as.join.type == WEIR_JOIN_SEMI || join->as.join.type == WEIR_JOIN_ANTI;
}

/* ---- what is known of a node's rows (traits.c) ---- */

/* The time window that a node's rows lie in, and the columns that hold its bounds (UINT32_MAX: dropped). */
typedef struct plan_window {
    weir_window window;
    uint32_t start, end, time;
} plan_window;
bool plan_window_of(const weir_node *node, plan_window *out);
bool plan_window_equal(const weir_window *a, const weir_window *b); /* the same cut of time; the column that holds it does not count */
/* It is known without reading anything that no row comes. */
bool plan_is_empty(const weir_node *node);
/* Only +I, in streaming mode. */
bool plan_insert_only(const weir_node *node);
/* Columns that no two rows share (at one time): the primary key of a table, keys of GROUP BY or of a Top-1. False: none known, or none of
 * so few columns. `columns` has room for PLAN_KEY_MAX. */
enum { PLAN_KEY_MAX = 64 };
bool plan_unique_key(const weir_node *node, uint32_t *columns, uint32_t *count);
/* Updates of the node's rows move them forward in this order or leave them where they are: maxima and counts that grow, descending. */
bool plan_rows_improve(const weir_node *node, const weir_sort_key *order, uint32_t count);

#endif
