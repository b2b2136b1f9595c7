/* A join of rows in equal windows (window_start = window_start AND window_end = window_end) becomes a window join: it is decided when the
 * window closes, and the state goes with it. */
#include "plan/rules.h"

static bool is_pair(const weir_node *node, uint32_t key, uint32_t left, uint32_t right) {
    return left != UINT32_MAX && right != UINT32_MAX && node->as.join.left_keys[key] == left && node->as.join.right_keys[key] == right;
}

static bool has_pair(const weir_node *node, uint32_t left, uint32_t right) {
    for (uint32_t i = 0; i < node->as.join.equal_count; i++)
        if (is_pair(node, i, left, right))
            return true;
    return false;
}

/* The other keys. */
static weir_status drop_pairs(weir_arena *arena, weir_node *join, const plan_window *left, const plan_window *right, weir_error *error) {
    uint32_t count = join->as.join.equal_count, kept = 0;
    uint32_t *left_keys = WEIR_ARENA_ARRAY(arena, uint32_t, count), *right_keys = WEIR_ARENA_ARRAY(arena, uint32_t, count);
    bool *null_safe = WEIR_ARENA_ARRAY(arena, bool, count);
    if (left_keys == NULL || right_keys == NULL || null_safe == NULL)
        return rewrite_no_memory(error);
    for (uint32_t i = 0; i < count; i++) {
        bool start = is_pair(join, i, left->start, right->start), end = is_pair(join, i, left->end, right->end);
        if (end || (start && left->window.kind != WEIR_WINDOW_SESSION)) /* sessions that end together may start at other times */
            continue;
        left_keys[kept] = join->as.join.left_keys[i];
        right_keys[kept] = join->as.join.right_keys[i];
        null_safe[kept++] = join->as.join.null_safe[i];
    }
    join->as.join.left_keys = left_keys;
    join->as.join.right_keys = right_keys;
    join->as.join.null_safe = null_safe;
    join->as.join.equal_count = kept;
    return WEIR_OK;
}

weir_status rule_window_join(rewrite *self, const weir_node *node, const weir_node **out, weir_error *error) {
    *out = node;
    plan_window left, right;
    if (self->settings->batch_mode || node->as.join.null_aware_anti || !plan_window_of(node->inputs[0], &left) ||
        !plan_window_of(node->inputs[1], &right) || !has_pair(node, left.start, right.start) || !has_pair(node, left.end, right.end) ||
        !plan_window_equal(&left.window, &right.window))
        return WEIR_OK;
    if (left.window.processing_time)
        return weir_fail_at(error, WEIR_UNSUPPORTED, node->position, "Processing time Window Join is not supported yet.");
    weir_node *join = rewrite_copy(self->arena, node);
    if (join == NULL)
        return rewrite_no_memory(error);
    WEIR_TRY(drop_pairs(self->arena, join, &left, &right, error));
    join->kind = WEIR_NODE_WINDOW_JOIN;
    join->as.join.condition = join->as.join.residual;
    join->as.join.left_time = left.end;
    join->as.join.right_time = right.end;
    join->as.join.processing_time = left.window.time_is_ltz; /* the bounds are wall time of the session's zone */
    *out = join;
    return WEIR_OK;
}
