/* The inside of the physical planner. physical.c walks the plan and fuses projections and filters; the other physical_*.c files each turn a
 * few kinds of nodes into vertices. */
#ifndef WEIR_PLAN_PHYSICAL_INT_H
#define WEIR_PLAN_PHYSICAL_INT_H

#include "plan/planner.h"

/* Which changes leave a vertex. */
typedef struct physical_changes {
    bool updates; /* -U, +U */
    bool deletes; /* -D */
} physical_changes;

typedef struct physical {
    weir_arena *arena;
    const weir_plan_settings *settings;
    weir_list vertices; /* weir_vertex */
    weir_list changes;  /* physical_changes, per vertex */
    weir_list done;     /* physical_done: nodes that have a vertex */
    weir_list shared;   /* nodes with several consumers: not fused */
} physical;

typedef struct physical_done {
    const weir_node *node;
    uint32_t vertex;
} physical_done;

/* The vertex that gives the rows of `node`, made now or before. */
weir_status physical_node(physical *self, const weir_node *node, uint32_t *out, weir_error *error) WEIR_MUST_USE;

/* A vertex with `columns` output columns of these types; `inputs` are vertices (FORWARD edges; see physical_keyed). */
weir_status physical_vertex(physical *self, weir_vertex_kind kind, const char *name, const uint32_t *inputs, uint32_t input_count,
                            const weir_type *const *types, uint32_t columns, physical_changes changes, weir_vertex **vertex, uint32_t *out,
                            weir_error *error) WEIR_MUST_USE;
weir_status physical_operator(physical *self, const weir_operator_vtable *vtable, const void *spec, const uint32_t *inputs,
                              uint32_t input_count, const weir_type *const *types, uint32_t columns, physical_changes changes,
                              weir_vertex **vertex, uint32_t *out, weir_error *error) WEIR_MUST_USE;
/* Rows of the i-th edge go by these columns (count 0: all to one task). */
void physical_keyed(weir_vertex *vertex, uint32_t edge, const uint32_t *keys, uint32_t count);
weir_status physical_calc(physical *self, uint32_t input, const weir_expr *condition, const weir_expr *const *projections, uint32_t count,
                          uint32_t *out, weir_error *error) WEIR_MUST_USE;

bool physical_is_shared(const physical *self, const weir_node *node); /* several others read it */
physical_changes physical_changes_of(const physical *self, uint32_t vertex);
static inline bool physical_retracts(physical_changes changes) { return changes.updates || changes.deletes; }
const weir_type *const *physical_types(const physical *self, uint32_t vertex);
uint32_t physical_columns(const physical *self, uint32_t vertex);
const char *physical_name(const physical *self, uint32_t vertex);
/* The input of COLLECT through an enforcer of its NOT NULL columns, where one might come out NULL (physical_not_null.c). */
weir_status physical_not_null(physical *self, const weir_node *collect, uint32_t *input, weir_error *error) WEIR_MUST_USE;
/* "X doesn't support consuming update and delete changes which is produced by node Y" when the input changes. */
weir_status physical_insert_only(const physical *self, uint32_t input, const char *consumer, weir_position position,
                                 weir_error *error) WEIR_MUST_USE;
weir_status physical_no_memory(weir_error *error);

weir_status physical_scan(physical *self, const weir_node *node, uint32_t *out, weir_error *error) WEIR_MUST_USE;
weir_status physical_sink(physical *self, const weir_node *node, uint32_t *out, weir_error *error) WEIR_MUST_USE;
weir_status physical_aggregate(physical *self, const weir_node *node, uint32_t *out, weir_error *error) WEIR_MUST_USE;
weir_status physical_window(physical *self, const weir_node *node, uint32_t *out, weir_error *error) WEIR_MUST_USE;
weir_status physical_join(physical *self, const weir_node *node, uint32_t *out, weir_error *error) WEIR_MUST_USE;
weir_status physical_over(physical *self, const weir_node *node, uint32_t *out, weir_error *error) WEIR_MUST_USE;
weir_status physical_sort(physical *self, const weir_node *node, uint32_t *out, weir_error *error) WEIR_MUST_USE;
weir_status physical_rank(physical *self, const weir_node *node, uint32_t *out, weir_error *error) WEIR_MUST_USE;
weir_status physical_match(physical *self, const weir_node *node, uint32_t *out, weir_error *error) WEIR_MUST_USE;
weir_status physical_set(physical *self, const weir_node *node, uint32_t *out, weir_error *error) WEIR_MUST_USE;

#endif
