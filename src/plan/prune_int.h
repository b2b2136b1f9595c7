/* Projection pushdown in two steps: prune.c finds out, from the roots down, which columns are read; prune_rebuild.c makes the plan again
 * without the others. Private to plan/. */
#ifndef WEIR_PLAN_PRUNE_INT_H
#define WEIR_PLAN_PRUNE_INT_H

#include "plan/rules.h"

/* How a column is read: not at all (neither), as a whole, or only some fields of a ROW. */
typedef struct column_use {
    bool whole;
    bool *children; /* [field_count of the ROW]; NULL: none read by name */
} column_use;

static inline bool column_is_used(const column_use *use) { return use->whole || use->children != NULL; }

typedef struct prune {
    weir_arena *arena;
    node_map uses; /* column_use[field_count] per node */
    node_map done; /* pruned_node per node */
} prune;

/* What became of a node: its columns went to map[column], UINT32_MAX: dropped. The order is kept. */
typedef struct pruned_node {
    const weir_node *node;
    uint32_t *map;
} pruned_node;

/* What `node` reads of its input `input` when its own columns are used so; adds to `below` (of that input). */
bool prune_needs(weir_arena *arena, const weir_node *node, const column_use *use, uint32_t input, column_use *below) WEIR_MUST_USE;
weir_status prune_rebuild(prune *self, const weir_node *node, pruned_node **out, weir_error *error) WEIR_MUST_USE;

#endif
