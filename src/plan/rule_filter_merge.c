/* A filter of a filter is one filter; what was below is asked first. */
#include "plan/rules.h"

weir_status rule_filter_merge(rewrite *self, const weir_node *node, const weir_node **out, weir_error *error) {
    *out = node;
    const weir_node *below = node->inputs[0];
    if (below->kind != WEIR_NODE_FILTER)
        return WEIR_OK;
    WEIR_TRY(rewrite_pass(self, below, error));
    const weir_expr *both = weir_expr_and(self->arena, below->as.filter.condition, node->as.filter.condition);
    if (both == NULL)
        return rewrite_no_memory(error);
    return rewrite_filter(self->arena, below->inputs[0], both, node->position, out, error);
}
