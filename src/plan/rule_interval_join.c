/* A join whose condition holds the time attributes of both sides within an interval of each other becomes an interval join, whose state
 * goes away as time goes on.
 *
 * Bounds are comparisons of a time attribute, plus or minus constant intervals, with one of the other side; both an upper and a lower one
 * must be there. What is recognised leaves the residual.
 */
#include "expr/program.h"
#include "plan/rules.h"

typedef struct interval_search {
    rewrite *self;
    const weir_node *node;
    uint32_t left_count;
    bool found[2];        /* lower, upper */
    int64_t lower, upper; /* of right time - left time, milliseconds */
    bool has_columns;
    uint32_t left, right; /* time columns of each side */
    weir_time_attribute time;
} interval_search;

/* column + offset */
typedef struct time_term {
    uint32_t column; /* of the joined row */
    int64_t offset_ms;
    weir_time_attribute time;
} time_term;

static weir_time_attribute joined_time(const interval_search *search, uint32_t column) {
    const weir_node *side = search->node->inputs[column >= search->left_count];
    return side->fields[column >= search->left_count ? column - search->left_count : column].time;
}

static bool interval_of(const interval_search *search, const weir_expr *expr, int64_t *out) {
    weir_value value;
    rewrite *self = search->self;
    if (expr->type->kind != WEIR_KIND_INTERVAL_SECOND || !weir_expr_is_constant(expr))
        return false;
    if (weir_expr_constant(self->arena, self->arena->memory, self->settings->evaluation, expr, &value, NULL) != WEIR_OK || value.is_null)
        return false;
    *out = value.as.integer;
    return true;
}

static bool term_of(const interval_search *search, const weir_expr *expr, time_term *out) {
    if (expr->kind == WEIR_EXPR_COLUMN) {
        *out = (time_term){.column = expr->as.column, .time = joined_time(search, expr->as.column)};
        return out->time != WEIR_TIME_NONE;
    }
    if (weir_expr_is_call(expr, "CAST")) {
        const weir_type *from = expr->as.call.arguments[0]->type;
        bool same = from->kind == expr->type->kind && weir_kind_is_timestamp(from->kind) && from->precision <= expr->type->precision;
        return same && term_of(search, expr->as.call.arguments[0], out);
    }
    bool plus = weir_expr_is_call(expr, "+"), minus = weir_expr_is_call(expr, "-");
    if ((!plus && !minus) || expr->as.call.count != 2)
        return false;
    const weir_expr *const *arguments = expr->as.call.arguments;
    int64_t offset;
    if (interval_of(search, arguments[1], &offset) && term_of(search, arguments[0], out))
        return !__builtin_add_overflow(out->offset_ms, plus ? offset : -offset, &out->offset_ms);
    if (plus && interval_of(search, arguments[0], &offset) && term_of(search, arguments[1], out))
        return !__builtin_add_overflow(out->offset_ms, offset, &out->offset_ms);
    return false;
}

static void set_lower(interval_search *search, int64_t bound) {
    search->lower = !search->found[0] || bound > search->lower ? bound : search->lower;
    search->found[0] = true;
}

static void set_upper(interval_search *search, int64_t bound) {
    search->upper = !search->found[1] || bound < search->upper ? bound : search->upper;
    search->found[1] = true;
}

/* One pair of time columns counts: that of the first bound. */
static bool same_columns(interval_search *search, const time_term *left, const time_term *right) {
    uint32_t right_column = right->column - search->left_count;
    if (!search->has_columns) {
        search->has_columns = true;
        search->left = left->column;
        search->right = right_column;
        search->time = left->time;
    }
    return search->left == left->column && search->right == right_column;
}

static bool is_bound(void *context, const weir_expr *conjunct) {
    interval_search *search = context;
    bool less = weir_expr_is_call(conjunct, "<"), less_equal = weir_expr_is_call(conjunct, "<=");
    bool greater = weir_expr_is_call(conjunct, ">"), greater_equal = weir_expr_is_call(conjunct, ">=");
    if (!less && !less_equal && !greater && !greater_equal && !weir_expr_is_call(conjunct, "="))
        return false;
    time_term a, b;
    if (!term_of(search, conjunct->as.call.arguments[0], &a) || !term_of(search, conjunct->as.call.arguments[1], &b) || a.time != b.time)
        return false;
    bool a_is_left = a.column < search->left_count, b_is_left = b.column < search->left_count;
    if (a_is_left == b_is_left)
        return false;
    const time_term *left = a_is_left ? &a : &b, *right = a_is_left ? &b : &a;
    int64_t bound;
    if (!same_columns(search, left, right) || __builtin_sub_overflow(left->offset_ms, right->offset_ms, &bound))
        return false;
    /* left + lo <= right + ro  <=>  right - left >= lo - ro */
    bool left_is_less = a_is_left ? less || less_equal : greater || greater_equal;
    bool left_is_more = a_is_left ? greater || greater_equal : less || less_equal;
    bool strict = less || greater;
    if (!left_is_more)
        set_lower(search, bound + (left_is_less && strict));
    if (!left_is_less)
        set_upper(search, bound - (left_is_more && strict));
    return true;
}

/* Keys may be time attributes, too: then both bounds are 0. */
static void bounds_of_keys(interval_search *search) {
    const weir_node *node = search->node;
    for (uint32_t i = 0; i < node->as.join.equal_count; i++) {
        time_term left = {.column = node->as.join.left_keys[i], .time = node->inputs[0]->fields[node->as.join.left_keys[i]].time};
        time_term right = {.column = search->left_count + node->as.join.right_keys[i],
                           .time = node->inputs[1]->fields[node->as.join.right_keys[i]].time};
        if (left.time == WEIR_TIME_NONE || left.time != right.time || !same_columns(search, &left, &right))
            continue;
        set_lower(search, 0);
        set_upper(search, 0);
    }
}

weir_status rule_interval_join(rewrite *self, const weir_node *node, const weir_node **out, weir_error *error) {
    *out = node;
    if (self->settings->batch_mode || rewrite_join_is_half(node))
        return WEIR_OK;
    interval_search search = {.self = self, .node = node, .left_count = node->inputs[0]->field_count};
    const weir_expr *bounds = NULL, *rest = NULL;
    if (node->as.join.residual != NULL)
        WEIR_TRY(rewrite_split(self->arena, node->as.join.residual, is_bound, &search, &bounds, &rest, error));
    bounds_of_keys(&search);
    if (!search.found[0] || !search.found[1])
        return WEIR_OK;
    weir_node *join = rewrite_copy(self->arena, node);
    if (join == NULL)
        return rewrite_no_memory(error);
    join->kind = WEIR_NODE_INTERVAL_JOIN;
    join->as.join.condition = join->as.join.residual = rest;
    join->as.join.lower_ms = search.lower;
    join->as.join.upper_ms = search.upper;
    join->as.join.left_time = search.left;
    join->as.join.right_time = search.right;
    join->as.join.processing_time = search.time == WEIR_TIME_PROCTIME;
    *out = join;
    return WEIR_OK;
}
