/* A filter above a join goes into the sides that are not padded with NULLs; what reads both sides becomes part of an inner join's
 * condition. The versioned table of a temporal join is not filtered: a version that the filter drops would bring back the one before it.
 */
#include "plan/rules.h"

typedef struct join_sides {
    uint32_t left, total;
    bool to_left, to_right, to_condition;
} join_sides;

static bool goes_left(void *context, const weir_expr *conjunct) {
    const join_sides *sides = context;
    return sides->to_left && weir_expr_is_deterministic(conjunct) && rewrite_reads_only(conjunct, 0, sides->left);
}

static bool goes_right(void *context, const weir_expr *conjunct) {
    const join_sides *sides = context;
    return sides->to_right && weir_expr_is_deterministic(conjunct) && rewrite_reads_only(conjunct, sides->left, sides->total);
}

static bool goes_in(void *context, const weir_expr *conjunct) {
    const join_sides *sides = context;
    return sides->to_condition && weir_expr_is_deterministic(conjunct);
}

/* Conjuncts into the sides. */
static weir_status push(rewrite *self, const weir_node *join, const join_sides *sides, const weir_expr *left, const weir_expr *right,
                        const weir_node **inputs, weir_error *error) {
    WEIR_TRY(rewrite_filter(self->arena, join->inputs[0], left, join->position, &inputs[0], error));
    if (right != NULL && (right = rewrite_shift(self->arena, right, sides->total, -(int64_t)sides->left)) == NULL)
        return rewrite_no_memory(error);
    return rewrite_filter(self->arena, join->inputs[1], right, join->position, &inputs[1], error);
}

static weir_status join_again(rewrite *self, const weir_node *join, const weir_node *const *inputs, const weir_expr *condition,
                              const weir_node **out, weir_error *error) {
    weir_node *copy = rewrite_copy(self->arena, join);
    if (copy == NULL)
        return rewrite_no_memory(error);
    copy->as.join.condition = condition;
    return rewrite_inputs(self->arena, copy, inputs, out, error);
}

weir_status rule_filter_join(rewrite *self, const weir_node *node, const weir_node **out, weir_error *error) {
    *out = node;
    const weir_node *join = node->inputs[0];
    if (join->kind != WEIR_NODE_JOIN || rewrite_is_shared(self, join))
        return WEIR_OK;
    weir_join_type type = join->as.join.type;
    bool versioned = join->inputs[1]->kind == WEIR_NODE_SNAPSHOT, inner = type == WEIR_JOIN_INNER;
    join_sides sides = {.left = join->inputs[0]->field_count, .total = join->inputs[0]->field_count + join->inputs[1]->field_count};
    sides.to_left = inner || type == WEIR_JOIN_LEFT || rewrite_join_is_half(join);
    sides.to_right = (inner || type == WEIR_JOIN_RIGHT) && !versioned;
    sides.to_condition = inner && !versioned;
    const weir_expr *left, *right = NULL, *within = NULL, *rest;
    WEIR_TRY(rewrite_split(self->arena, node->as.filter.condition, goes_left, &sides, &left, &rest, error));
    if (rest != NULL)
        WEIR_TRY(rewrite_split(self->arena, rest, goes_right, &sides, &right, &rest, error));
    if (rest != NULL)
        WEIR_TRY(rewrite_split(self->arena, rest, goes_in, &sides, &within, &rest, error));
    if (left == NULL && right == NULL && within == NULL)
        return WEIR_OK;
    const weir_node *inputs[2], *below;
    WEIR_TRY(push(self, join, &sides, left, right, inputs, error));
    const weir_expr *condition = join->as.join.condition;
    if (within != NULL && (condition = weir_expr_and(self->arena, condition, within)) == NULL)
        return rewrite_no_memory(error);
    WEIR_TRY(join_again(self, join, inputs, condition, &below, error));
    return rewrite_filter(self->arena, below, rest, node->position, out, error);
}

/* ---- the join's own condition ---- */

/* Parts of ON that read one side only: they go to that side, unless a row without match must stay. */
weir_status rule_join_condition(rewrite *self, const weir_node *node, const weir_node **out, weir_error *error) {
    *out = node;
    if (node->as.join.condition == NULL || node->as.join.null_aware_anti)
        return WEIR_OK;
    weir_join_type type = node->as.join.type;
    bool inner = type == WEIR_JOIN_INNER || type == WEIR_JOIN_SEMI;
    join_sides sides = {.left = node->inputs[0]->field_count, .total = node->inputs[0]->field_count + node->inputs[1]->field_count};
    sides.to_left = inner || type == WEIR_JOIN_RIGHT;
    sides.to_right = (inner || type == WEIR_JOIN_LEFT || type == WEIR_JOIN_ANTI) && node->inputs[1]->kind != WEIR_NODE_SNAPSHOT;
    const weir_expr *left, *right = NULL, *rest;
    WEIR_TRY(rewrite_split(self->arena, node->as.join.condition, goes_left, &sides, &left, &rest, error));
    if (rest != NULL)
        WEIR_TRY(rewrite_split(self->arena, rest, goes_right, &sides, &right, &rest, error));
    if (left == NULL && right == NULL)
        return WEIR_OK;
    const weir_node *inputs[2];
    WEIR_TRY(push(self, node, &sides, left, right, inputs, error));
    return join_again(self, node, inputs, rest, out, error);
}
