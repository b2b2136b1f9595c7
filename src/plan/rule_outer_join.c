/* A filter that drops all rows which an outer join pads with NULLs makes it an inner one, or one that is outer on one side only. */
#include "plan/rules.h"

typedef struct columns_range {
    uint32_t from, to;
} columns_range;

/* Is the expression NULL whenever all these columns are? */
static bool null_with(const weir_expr *expr, columns_range range) {
    if (expr->kind == WEIR_EXPR_COLUMN)
        return expr->as.column >= range.from && expr->as.column < range.to;
    if (expr->kind != WEIR_EXPR_CALL)
        return false;
    bool field = weir_expr_is_call(expr, "FIELD");
    if (!field && !(expr->as.call.function->flags & WEIR_FUNCTION_STRICT))
        return false;
    for (uint32_t i = 0; i < expr->as.call.count; i++)
        if (null_with(expr->as.call.arguments[i], range))
            return true;
    return false;
}

/* Is the condition not TRUE whenever all these columns are NULL? */
static bool drops_nulls(const weir_expr *condition, columns_range range) {
    if (condition->kind != WEIR_EXPR_CALL)
        return null_with(condition, range);
    bool is_and = weir_expr_is_call(condition, "AND");
    if (is_and || weir_expr_is_call(condition, "OR")) {
        for (uint32_t i = 0; i < condition->as.call.count; i++)
            if (drops_nulls(condition->as.call.arguments[i], range) == is_and)
                return is_and;
        return !is_and;
    }
    if (weir_expr_is_call(condition, "IS NOT NULL"))
        return null_with(condition->as.call.arguments[0], range);
    if (weir_expr_is_call(condition, "IS TRUE"))
        return drops_nulls(condition->as.call.arguments[0], range);
    return null_with(condition, range);
}

weir_status rule_outer_join(rewrite *self, const weir_node *node, const weir_node **out, weir_error *error) {
    *out = node;
    const weir_node *join = node->inputs[0];
    if (join->kind != WEIR_NODE_JOIN || rewrite_is_shared(self, join))
        return WEIR_OK;
    weir_join_type type = join->as.join.type;
    uint32_t left = join->inputs[0]->field_count;
    bool pads_left = type == WEIR_JOIN_RIGHT || type == WEIR_JOIN_FULL, pads_right = type == WEIR_JOIN_LEFT || type == WEIR_JOIN_FULL;
    bool drops_left = pads_left && drops_nulls(node->as.filter.condition, (columns_range){0, left});
    bool drops_right = pads_right && drops_nulls(node->as.filter.condition, (columns_range){left, join->field_count});
    if (!drops_left && !drops_right)
        return WEIR_OK;
    pads_left &= !drops_left;
    pads_right &= !drops_right;
    weir_node *copy = rewrite_copy(self->arena, join); /* the fields stay nullable: those above were typed so */
    if (copy == NULL)
        return rewrite_no_memory(error);
    copy->as.join.type = pads_left ? (pads_right ? WEIR_JOIN_FULL : WEIR_JOIN_RIGHT) : pads_right ? WEIR_JOIN_LEFT : WEIR_JOIN_INNER;
    const weir_node *input = copy;
    return rewrite_inputs(self->arena, node, &input, out, error);
}
