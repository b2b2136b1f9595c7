/* The frame of an OVER call: its bounds, and which frames are allowed. The rules and their words are Calcite's (SqlWindow.validate), which
 * cites the standard for them; what only Flink's planner refuses is WEIR_UNSUPPORTED. */
#include <string.h>

#include "bind/bind_int.h"

/* Functions that number rows or look at one other row. */
static bool takes_no_frame(const bind_over *over) {
    static const char *const names[] = {"ROW_NUMBER", "RANK", "DENSE_RANK", "PERCENT_RANK", "CUME_DIST", "LAG", "LEAD"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(over->call.function->name, names[i]) == 0)
            return true;
    return false;
}

static weir_status check_rows_bound(const weir_ast_bound *bound, const weir_value *value, weir_error *error) {
    if (!value->is_null && weir_kind_is_integer(value->type->kind) && value->as.integer >= 0)
        return WEIR_OK;
    return weir_fail_at(error, WEIR_VALIDATE, bound->expr->position, "ROWS value must be a non-negative integral constant");
}

static weir_status check_range_bound(const weir_ast_bound *bound, const weir_value *value, const weir_type *order, weir_error *error) {
    bool numeric = weir_kind_is_numeric(order->kind), time = weir_kind_is_datetime(order->kind);
    if (!numeric && !time)
        return weir_fail_at(error, WEIR_VALIDATE, bound->expr->position, "Data type of ORDER BY prohibits use of RANGE clause");
    bool fits = numeric ? weir_kind_is_numeric(value->type->kind) : weir_kind_is_interval(value->type->kind);
    if (value->is_null || !fits)
        return weir_fail_at(error, WEIR_VALIDATE, bound->expr->position, "Data Type mismatch between ORDER BY and RANGE clause");
    if (value->type->kind == WEIR_KIND_INTERVAL_MONTH)
        return weir_fail_at(error, WEIR_UNSUPPORTED, bound->expr->position, "INTERVAL_YEAR_MONTH type is not allowed for window boundary");
    return WEIR_OK;
}

static weir_status bind_bound(bind_scope *scope, const weir_ast_bound *bound, const bind_over *over, weir_bound_kind *kind, int64_t *offset,
                              weir_value *value, weir_error *error) {
    static const weir_bound_kind kinds[] = {
        [WEIR_AST_BOUND_UNBOUNDED_PRECEDING] = WEIR_BOUND_UNBOUNDED_PRECEDING,
        [WEIR_AST_BOUND_PRECEDING] = WEIR_BOUND_PRECEDING,
        [WEIR_AST_BOUND_CURRENT_ROW] = WEIR_BOUND_CURRENT,
        [WEIR_AST_BOUND_FOLLOWING] = WEIR_BOUND_FOLLOWING,
        [WEIR_AST_BOUND_UNBOUNDED_FOLLOWING] = WEIR_BOUND_UNBOUNDED_FOLLOWING,
    };
    *kind = kinds[bound->kind];
    if (bound->expr == NULL)
        return WEIR_OK;
    WEIR_TRY(weir_bind_constant(scope->context, bound->expr, value, error));
    if (over->frame.rows)
        WEIR_TRY(check_rows_bound(bound, value, error));
    else if (over->order_count > 0)
        WEIR_TRY(check_range_bound(bound, value, over->order[0]->type, error));
    if (weir_kind_is_integer(value->type->kind) || value->type->kind == WEIR_KIND_INTERVAL_SECOND)
        *offset = value->as.integer;
    return WEIR_OK;
}

/* The lower bound must lie before the upper one. */
static weir_status check_bounds(const weir_ast_bound *lower, const weir_ast_bound *upper, weir_error *error) {
    static const char *const names[] = {[WEIR_AST_BOUND_PRECEDING] = "PRECEDING",
                                        [WEIR_AST_BOUND_CURRENT_ROW] = "CURRENT ROW",
                                        [WEIR_AST_BOUND_FOLLOWING] = "FOLLOWING",
                                        [WEIR_AST_BOUND_UNBOUNDED_FOLLOWING] = "UNBOUNDED FOLLOWING"};
    if (lower->kind == WEIR_AST_BOUND_UNBOUNDED_FOLLOWING)
        return weir_fail_at(error, WEIR_VALIDATE, lower->position, "UNBOUNDED FOLLOWING cannot be specified for the lower frame boundary");
    if (upper->kind == WEIR_AST_BOUND_UNBOUNDED_PRECEDING)
        return weir_fail_at(error, WEIR_VALIDATE, upper->position, "UNBOUNDED PRECEDING cannot be specified for the upper frame boundary");
    if (lower->kind <= upper->kind || lower->kind == WEIR_AST_BOUND_UNBOUNDED_PRECEDING)
        return WEIR_OK;
    return weir_fail_at(error, WEIR_VALIDATE, upper->position, "Upper frame boundary cannot be %s when lower boundary is %s",
                        names[upper->kind], names[lower->kind]);
}

static weir_status bind_written_frame(bind_scope *scope, bind_over *over, weir_position position, weir_error *error) {
    const weir_ast_window *window = over->frame_ast;
    weir_frame *frame = &over->frame;
    frame->rows = window->frame == WEIR_AST_FRAME_ROWS;
    if (takes_no_frame(over))
        return weir_fail_at(error, WEIR_VALIDATE, window->frame_position,
                            "ROW/RANGE not allowed with RANK, DENSE_RANK or ROW_NUMBER functions");
    if (!frame->rows && over->order_count > 1)
        return weir_fail_at(error, WEIR_VALIDATE, window->frame_position, "RANGE clause cannot be used with compound ORDER BY clause");
    if (!frame->rows && over->order_count == 0)
        return weir_fail_at(error, WEIR_VALIDATE, position, "Window specification must contain an ORDER BY clause");
    WEIR_TRY(bind_bound(scope, &window->lower, over, &frame->lower, &frame->lower_offset, &frame->lower_value, error));
    WEIR_TRY(bind_bound(scope, &window->upper, over, &frame->upper, &frame->upper_offset, &frame->upper_value, error));
    WEIR_TRY(check_bounds(&window->lower, &window->upper, error));
    if (over->order_count == 0) /* rows without an order: Flink takes the whole partition */
        *frame = (weir_frame){.lower = WEIR_BOUND_UNBOUNDED_PRECEDING, .upper = WEIR_BOUND_UNBOUNDED_FOLLOWING};
    return WEIR_OK;
}

/* Without a frame: RANGE UNBOUNDED PRECEDING to CURRENT ROW with ORDER BY, everything without; ROW_NUMBER counts rows. */
weir_status bind_frame(bind_scope *scope, bind_over *over, weir_position position, weir_error *error) {
    if (over->call.distinct && scope->context->batch_mode)
        return weir_fail_at(error, WEIR_VALIDATE, over->position, "Distinct not supported in Windowing function!");
    over->frame = (weir_frame){.rows = strcmp(over->call.function->name, "ROW_NUMBER") == 0,
                               .lower = WEIR_BOUND_UNBOUNDED_PRECEDING,
                               .upper = over->order_count > 0 ? WEIR_BOUND_CURRENT : WEIR_BOUND_UNBOUNDED_FOLLOWING};
    return over->frame_ast == NULL ? WEIR_OK : bind_written_frame(scope, over, position, error);
}
