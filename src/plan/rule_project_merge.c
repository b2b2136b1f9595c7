/* A projection of a projection is one projection, and one that changes nothing is none. */
#include "plan/rules.h"

enum { MERGED_SIZE_MAX = 1000 };

/* Every column of `below` that is more than a column may be used once only: what is computed once there must not be computed twice. */
static bool can_merge(const weir_node *above, const weir_node *below) {
    size_t size = 0;
    for (uint32_t c = 0; c < below->field_count; c++) {
        const weir_expr *expr = below->as.project.expressions[c];
        if (!weir_expr_is_deterministic(expr))
            return false;
        if (expr->kind != WEIR_EXPR_CALL)
            continue;
        uint32_t users = 0;
        for (uint32_t i = 0; i < above->field_count; i++)
            users += rewrite_reads_any(above->as.project.expressions[i], c, c + 1);
        if (users > 1 && rewrite_size(expr) > 8)
            return false;
        size += users * rewrite_size(expr);
    }
    for (uint32_t i = 0; i < above->field_count; i++)
        size += rewrite_size(above->as.project.expressions[i]);
    return size <= MERGED_SIZE_MAX;
}

weir_status rule_project_merge(rewrite *self, const weir_node *node, const weir_node **out, weir_error *error) {
    *out = node;
    const weir_node *below = node->inputs[0];
    if (below->kind != WEIR_NODE_PROJECT || rewrite_is_shared(self, below) || !can_merge(node, below))
        return WEIR_OK;
    const weir_expr **exprs = WEIR_ARENA_ARRAY(self->arena, const weir_expr *, node->field_count);
    if (exprs == NULL)
        return rewrite_no_memory(error);
    for (uint32_t i = 0; i < node->field_count; i++)
        exprs[i] = weir_expr_replace(self->arena, node->as.project.expressions[i], below->as.project.expressions);
    return rewrite_project(self->arena, below->inputs[0], exprs, node->fields, node->field_count, node->position, out, error);
}

weir_status rule_project_identity(rewrite *self, const weir_node *node, const weir_node **out, weir_error *error) {
    (void)self;
    (void)error;
    *out = node;
    const weir_node *below = node->inputs[0];
    if (node->field_count != below->field_count)
        return WEIR_OK;
    for (uint32_t i = 0; i < node->field_count; i++) {
        const weir_expr *expr = node->as.project.expressions[i];
        if (expr->kind != WEIR_EXPR_COLUMN || expr->as.column != i || !weir_type_equal(node->fields[i].type, below->fields[i].type, false))
            return WEIR_OK;
    }
    *out = below;
    return WEIR_OK;
}
