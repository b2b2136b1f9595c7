/* Conditions that do not depend on the row. TRUE parts go away; a condition that is never TRUE leaves no rows. */
#include "plan/rules.h"

typedef enum truth { TRUTH_OPEN, TRUTH_TRUE, TRUTH_NEVER } truth;

static truth truth_of(const weir_expr *expr) {
    if (expr->kind != WEIR_EXPR_LITERAL)
        return TRUTH_OPEN;
    return !expr->as.literal.is_null && expr->as.literal.as.boolean ? TRUTH_TRUE : TRUTH_NEVER;
}

weir_status rule_constant_filter(rewrite *self, const weir_node *node, const weir_node **out, weir_error *error) {
    *out = node;
    weir_list parts = {0};
    if (!weir_expr_conjuncts(self->arena, node->as.filter.condition, &parts))
        return rewrite_no_memory(error);
    const weir_expr *rest = NULL;
    bool changed = false;
    for (size_t i = 0; i < parts.count; i++) {
        truth known = truth_of(parts.items[i]);
        if (known == TRUTH_NEVER)
            return rewrite_empty(self->arena, node, out, error);
        changed |= known == TRUTH_TRUE;
        if (known == TRUTH_OPEN && (rest = weir_expr_and(self->arena, rest, parts.items[i])) == NULL)
            return rewrite_no_memory(error);
    }
    return changed ? rewrite_filter(self->arena, node->inputs[0], rest, node->position, out, error) : WEIR_OK;
}
