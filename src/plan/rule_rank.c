/* A filter on the number that ROW_NUMBER(), RANK() or DENSE_RANK() gives is a Top-N:
 *
 *   partitioned by the bounds of windows           WINDOW_RANK, decided when a window closes (streaming)
 *   ROW_NUMBER() = 1 by a time attribute           DEDUPLICATE, one row kept per key (streaming, rows only come)
 *   all others with an upper bound                 RANK
 *
 * A number that is always the same is a literal above. What the filter asks besides stays above. Without an upper bound it stays an OVER
 * and a filter in batch mode, and is refused in streaming mode, as in Flink.
 */
#include <inttypes.h>
#include <string.h>

#include "plan/rules.h"

typedef struct rank_search {
    rewrite *self;
    const weir_node *over;
    uint32_t number; /* the column that holds the rank */
    int64_t from, to;
    int32_t to_column; /* n <= column; -1: none */
    weir_rank_function function;
    const weir_expr *rest;
} rank_search;

static bool rank_function(const weir_node *over, weir_rank_function *out) {
    static const struct {
        const char *name;
        weir_rank_function function;
    } known[] = {{"ROW_NUMBER", WEIR_RANK_ROW_NUMBER}, {"RANK", WEIR_RANK_RANK}, {"DENSE_RANK", WEIR_RANK_DENSE_RANK}};
    if (over->as.over.call_count != 1)
        return false;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(over->as.over.calls[0].call.aggregate->name, known[i].name) == 0) {
            *out = known[i].function;
            return true;
        }
    return false;
}

static bool is_number(const rank_search *search, const weir_expr *expr) {
    while (weir_expr_is_call(expr, "CAST") && (weir_kind_is_integer(expr->type->kind) || expr->type->kind == WEIR_KIND_DECIMAL))
        expr = expr->as.call.arguments[0];
    return expr->kind == WEIR_EXPR_COLUMN && expr->as.column == search->number;
}

typedef enum compared {
    COMPARED_NONE,
    COMPARED_EQUAL,
    COMPARED_LESS,
    COMPARED_LESS_EQUAL,
    COMPARED_GREATER,
    COMPARED_GREATER_EQUAL
} compared;

/* number op other */
static compared comparison(const rank_search *search, const weir_expr *conjunct, const weir_expr **other) {
    static const struct {
        const char *name;
        compared as_written, turned;
    } known[] = {{"=", COMPARED_EQUAL, COMPARED_EQUAL},
                 {"<", COMPARED_LESS, COMPARED_GREATER},
                 {"<=", COMPARED_LESS_EQUAL, COMPARED_GREATER_EQUAL},
                 {">", COMPARED_GREATER, COMPARED_LESS},
                 {">=", COMPARED_GREATER_EQUAL, COMPARED_LESS_EQUAL}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (!weir_expr_is_call(conjunct, known[i].name))
            continue;
        const weir_expr *const *arguments = conjunct->as.call.arguments;
        bool first = is_number(search, arguments[0]);
        if (!first && !is_number(search, arguments[1]))
            return COMPARED_NONE;
        *other = arguments[first];
        return first ? known[i].as_written : known[i].turned;
    }
    return COMPARED_NONE;
}

static void bound_by(rank_search *search, compared how, int64_t number) {
    int64_t least = how == COMPARED_GREATER ? number + (number < INT64_MAX) : number;
    int64_t most = how == COMPARED_LESS ? number - (number > INT64_MIN) : number;
    if (how == COMPARED_EQUAL || how == COMPARED_GREATER || how == COMPARED_GREATER_EQUAL)
        search->from = least > search->from ? least : search->from;
    if (how == COMPARED_EQUAL || how == COMPARED_LESS || how == COMPARED_LESS_EQUAL)
        search->to = most < search->to ? most : search->to;
}

/* n <= column. In streaming mode the first row of a group says how many, as in Flink; in batch mode the column must be the same for all of
 * its rows. */
static bool is_end_column(const rank_search *search, const weir_expr **column) {
    const weir_expr *expr = *column;
    if (weir_expr_is_call(expr, "CAST") && weir_kind_is_integer(expr->type->kind))
        *column = expr = expr->as.call.arguments[0];
    if (expr->kind != WEIR_EXPR_COLUMN || (expr->type->kind != WEIR_KIND_INT && expr->type->kind != WEIR_KIND_BIGINT))
        return false;
    if (!search->self->settings->batch_mode)
        return true;
    for (uint32_t k = 0; k < search->over->as.over.key_count; k++)
        if (search->over->as.over.keys[k] == expr->as.column)
            return true;
    return false;
}

static bool is_bound(void *context, const weir_expr *conjunct) {
    rank_search *search = context;
    const weir_expr *other = NULL;
    int64_t number;
    compared how = comparison(search, conjunct, &other);
    if (how == COMPARED_NONE)
        return false;
    if (rewrite_integer(search->self, other, &number)) {
        bound_by(search, how, number);
        return true;
    }
    if (how == COMPARED_LESS_EQUAL && search->to_column < 0 && is_end_column(search, &other)) {
        search->to_column = (int32_t)other->as.column;
        return true;
    }
    return false;
}

/* ---- the nodes ---- */

static weir_node *node_over(const rank_search *search, weir_node_kind kind, bool with_number) {
    const weir_node *over = search->over;
    weir_node *made = weir_node_create(search->self->arena, kind, over->position, over->inputs, 1, search->number + with_number);
    if (made != NULL)
        memcpy(weir_node_fields(made), over->fields, made->field_count * sizeof *over->fields);
    return made;
}

static bool is_constant(const rank_search *search) {
    return search->from == search->to && search->to_column < 0 && search->function == WEIR_RANK_ROW_NUMBER;
}

/* The literal that the number is, behind the other columns. */
static weir_status with_literal(const rank_search *search, const weir_node *node, const weir_node **out, weir_error *error) {
    weir_arena *arena = search->self->arena;
    const weir_expr **exprs = WEIR_ARENA_ARRAY(arena, const weir_expr *, search->number + 1);
    if (exprs == NULL)
        return rewrite_no_memory(error);
    for (uint32_t i = 0; i < search->number; i++)
        exprs[i] = rewrite_column(arena, node, i);
    weir_value value = {.type = search->over->fields[search->number].type, .as.integer = search->from};
    exprs[search->number] = weir_expr_literal(arena, &value, search->over->position);
    return rewrite_project(arena, node, exprs, search->over->fields, search->number + 1, search->over->position, out, error);
}

static weir_time_attribute order_time(const rank_search *search) {
    const weir_node *over = search->over;
    return over->as.over.order_count == 1 ? over->inputs[0]->fields[over->as.over.order[0].column].time : WEIR_TIME_NONE;
}

static bool is_deduplication(const rank_search *search) {
    return is_constant(search) && search->from == 1 && order_time(search) != WEIR_TIME_NONE && search->over->as.over.key_count > 0 &&
           !search->self->settings->batch_mode && plan_insert_only(search->over->inputs[0]);
}

static weir_status deduplicate(const rank_search *search, const weir_node **out, weir_error *error) {
    const weir_node *over = search->over;
    weir_node *made = node_over(search, WEIR_NODE_DEDUPLICATE, false);
    if (made == NULL)
        return rewrite_no_memory(error);
    made->as.deduplicate = (weir_deduplicate_spec){.key_count = over->as.over.key_count,
                                                   .keys = over->as.over.keys,
                                                   .keep_last = over->as.over.order[0].descending,
                                                   .by_rowtime = order_time(search) == WEIR_TIME_ROWTIME,
                                                   .time_column = over->as.over.order[0].column,
                                                   .emit_update_before = true};
    return with_literal(search, made, out, error);
}

static weir_status rank(const rank_search *search, const weir_node **out, weir_error *error) {
    const weir_node *over = search->over;
    bool with_number = !is_constant(search);
    weir_node *made = node_over(search, WEIR_NODE_RANK, with_number);
    if (made == NULL)
        return rewrite_no_memory(error);
    made->as.rank = (weir_rank_spec){.function = search->function,
                                     .key_count = over->as.over.key_count,
                                     .keys = over->as.over.keys,
                                     .order_count = over->as.over.order_count,
                                     .order = over->as.over.order,
                                     .from_rank = search->from,
                                     .to_rank = search->to,
                                     .to_rank_column = search->to_column,
                                     .emit_rank = with_number,
                                     .emit_update_before = true};
    *out = made;
    return with_number ? WEIR_OK : with_literal(search, made, out, error);
}

/* ---- Top-N of windows ---- */

static bool over_key(const rank_search *search, uint32_t column) {
    for (uint32_t k = 0; k < search->over->as.over.key_count; k++)
        if (search->over->as.over.keys[k] == column)
            return true;
    return false;
}

static bool is_windowed(const rank_search *search, plan_window *window) {
    return !search->self->settings->batch_mode && search->to_column < 0 && plan_window_of(search->over->inputs[0], window) &&
           window->start != UINT32_MAX && window->end != UINT32_MAX && over_key(search, window->start) && over_key(search, window->end);
}

static weir_status check_window_rank(const rank_search *search, const plan_window *window, weir_error *error) {
    bool by_time = is_constant(search) && search->from == 1 && order_time(search) != WEIR_TIME_NONE;
    if (window->window.processing_time)
        return weir_fail_at(error, WEIR_UNSUPPORTED, search->over->position, "Processing time Window %s is not supported yet.",
                            by_time ? "Deduplication" : "TopN");
    if (search->function == WEIR_RANK_ROW_NUMBER)
        return WEIR_OK;
    return weir_fail_at(error, WEIR_UNSUPPORTED, search->over->position,
                        "%s() function is not supported on Window TopN currently, only ROW_NUMBER() is supported.",
                        search->function == WEIR_RANK_RANK ? "RANK" : "DENSE_RANK");
}

static weir_status window_rank(const rank_search *search, const plan_window *window, const weir_node **out, weir_error *error) {
    const weir_node *over = search->over;
    WEIR_TRY(check_window_rank(search, window, error));
    bool with_number = !is_constant(search);
    weir_node *made = node_over(search, WEIR_NODE_WINDOW_RANK, with_number);
    uint32_t *keys = WEIR_ARENA_ARRAY(search->self->arena, uint32_t, over->as.over.key_count);
    if (made == NULL || keys == NULL)
        return rewrite_no_memory(error);
    uint32_t count = 0;
    for (uint32_t k = 0; k < over->as.over.key_count; k++) {
        uint32_t key = over->as.over.keys[k];
        if (key != window->start && key != window->end && key != window->time)
            keys[count++] = key;
    }
    made->as.window_rank =
        (weir_window_rank_spec){.end_column = window->end,
                                .end_is_ltz = window->window.time_is_ltz,
                                .key_count = count,
                                .keys = keys,
                                .order_count = over->as.over.order_count,
                                .order = over->as.over.order,
                                .from_rank = search->from,
                                .to_rank = search->to,
                                .emit_rank = with_number,
                                .last_of_ties = is_constant(search) && search->from == 1 && order_time(search) != WEIR_TIME_NONE &&
                                                over->as.over.order[0].descending};
    *out = made;
    return with_number ? WEIR_OK : with_literal(search, made, out, error);
}

weir_status rule_rank(rewrite *self, const weir_node *node, const weir_node **out, weir_error *error) {
    *out = node;
    rank_search search = {.self = self, .over = node->inputs[0], .from = 1, .to = INT64_MAX, .to_column = -1};
    if (search.over->kind != WEIR_NODE_OVER || rewrite_is_shared(self, search.over) || !rank_function(search.over, &search.function))
        return WEIR_OK;
    search.number = search.over->field_count - 1;
    const weir_expr *bounds;
    WEIR_TRY(rewrite_split(self->arena, node->as.filter.condition, is_bound, &search, &bounds, &search.rest, error));
    bool batch = self->settings->batch_mode, unbounded = search.to == INT64_MAX && search.to_column < 0;
    if (bounds == NULL || (unbounded && batch) || (search.over->as.over.order_count == 0 && !batch))
        return WEIR_OK;
    if (unbounded)
        return weir_fail_at(error, WEIR_UNSUPPORTED, node->position,
                            "Rank end is not specified. Currently rank only support TopN, which means the rank end must be specified.");
    if (search.to < 1 && !batch)
        return weir_fail_at(error, WEIR_UNSUPPORTED, node->position, "Rank end should not less than zero, but now is %" PRId64, search.to);
    if (search.from > search.to)
        return rewrite_empty(self->arena, node, out, error);
    plan_window window;
    const weir_node *ranked;
    if (is_windowed(&search, &window))
        WEIR_TRY(window_rank(&search, &window, &ranked, error));
    else if (is_deduplication(&search))
        WEIR_TRY(deduplicate(&search, &ranked, error));
    else
        WEIR_TRY(rank(&search, &ranked, error));
    return rewrite_filter(self->arena, ranked, search.rest, node->position, out, error);
}
