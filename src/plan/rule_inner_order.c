/* The order of rows below GROUP BY, joins and set operations is seen by nobody: a sort without a limit there goes away. (In subqueries the
 * binder has dropped it; views keep theirs.) */
#include "plan/rules.h"

/* Without the sort; *out = node: there is none. */
static weir_status unsorted(rewrite *self, const weir_node *node, const weir_node **out, weir_error *error) {
    *out = node;
    if (rewrite_is_shared(self, node))
        return WEIR_OK;
    if (node->kind == WEIR_NODE_SORT && node->as.sort.fetch < 0 && node->as.sort.offset == 0) {
        *out = node->inputs[0];
        return WEIR_OK;
    }
    if (node->kind != WEIR_NODE_PROJECT && node->kind != WEIR_NODE_FILTER)
        return WEIR_OK;
    const weir_node *input;
    WEIR_TRY(unsorted(self, node->inputs[0], &input, error));
    return rewrite_inputs(self->arena, node, &input, out, error);
}

weir_status rule_inner_order(rewrite *self, const weir_node *node, const weir_node **out, weir_error *error) {
    const weir_node **inputs = WEIR_ARENA_ARRAY(self->arena, const weir_node *, node->input_count);
    if (inputs == NULL)
        return rewrite_no_memory(error);
    for (uint32_t i = 0; i < node->input_count; i++)
        WEIR_TRY(unsorted(self, node->inputs[i], &inputs[i], error));
    return rewrite_inputs(self->arena, node, inputs, out, error);
}
