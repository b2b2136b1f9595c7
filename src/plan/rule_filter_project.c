/* A filter goes below a projection: columns in it become the expressions that stand for them. What reads a column that is computed anew
 * each time (RAND() and the like) stays above. */
#include "plan/rules.h"

enum { MOVED_SIZE_MAX = 2000 };

static bool can_move(void *context, const weir_expr *conjunct) {
    const weir_node *project = context;
    if (!weir_expr_is_deterministic(conjunct))
        return false;
    for (uint32_t i = 0; i < project->field_count; i++)
        if (rewrite_reads_any(conjunct, i, i + 1)) {
            const weir_expr *expr = project->as.project.expressions[i];
            if (!weir_expr_is_deterministic(expr) || rewrite_size(expr) > MOVED_SIZE_MAX)
                return false;
        }
    return true;
}

weir_status rule_filter_project(rewrite *self, const weir_node *node, const weir_node **out, weir_error *error) {
    *out = node;
    const weir_node *project = node->inputs[0];
    if (project->kind != WEIR_NODE_PROJECT)
        return WEIR_OK;
    const weir_expr *moved, *kept;
    WEIR_TRY(rewrite_split(self->arena, node->as.filter.condition, can_move, (void *)(uintptr_t)project, &moved, &kept, error));
    if (moved == NULL)
        return WEIR_OK;
    moved = weir_expr_replace(self->arena, moved, project->as.project.expressions);
    if (moved == NULL)
        return rewrite_no_memory(error);
    if (rewrite_size(moved) > MOVED_SIZE_MAX)
        return WEIR_OK;
    WEIR_TRY(rewrite_pass(self, project, error));
    const weir_node *below;
    WEIR_TRY(rewrite_filter(self->arena, project->inputs[0], moved, node->position, &below, error));
    WEIR_TRY(rewrite_inputs(self->arena, project, &below, &below, error));
    return rewrite_filter(self->arena, below, kept, node->position, out, error);
}
