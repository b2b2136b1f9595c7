/* OVER: marks while binding, OVER nodes afterwards. Calls with the same PARTITION BY and ORDER BY share a node. */
#include <string.h>

#include "bind/bind_int.h"

static weir_status no_memory(weir_error *error) { return weir_fail_memory(error, "an OVER call", sizeof(bind_over)); }

/* ---- the window specification ---- */

static const weir_ast_window *window_named(const bind_scope *scope, weir_text name) {
    for (size_t i = 0; i < scope->window_count; i++)
        if (weir_text_equal(scope->windows[i].name.text, name))
            return scope->windows[i].window;
    return NULL;
}

static weir_status bind_order_list(bind_scope *scope, const weir_ast_order_list *order, bind_over *over, weir_error *error) {
    const weir_expr **exprs = WEIR_ARENA_ARRAY(scope->context->arena, const weir_expr *, order->count);
    weir_sort_key *keys = WEIR_ARENA_ARRAY(scope->context->arena, weir_sort_key, order->count);
    if (exprs == NULL || keys == NULL)
        return no_memory(error);
    for (size_t i = 0; i < order->count; i++) {
        WEIR_TRY(bind_expr(scope, order->items[i].expr, &exprs[i], error));
        keys[i] = bind_sort_key(&order->items[i], 0);
    }
    over->order_count = (uint32_t)order->count;
    over->order = exprs;
    over->order_keys = keys;
    return WEIR_OK;
}

/* A window may refine a named one: what it says itself goes before. */
static weir_status bind_window(bind_scope *scope, const weir_ast_window *window, bind_over *over, uint32_t depth, weir_error *error) {
    if (window->base.text.data != NULL) {
        const weir_ast_window *base = window_named(scope, window->base.text);
        if (base == NULL || depth > scope->window_count)
            return weir_fail_at(error, WEIR_VALIDATE, window->base.position, "Window '%.*s' not found", WEIR_TEXT_ARGS(window->base.text));
        WEIR_TRY(bind_window(scope, base, over, depth + 1, error));
        if (window->reference)
            return WEIR_OK;
    }
    if (window->partition_by.count > 0) {
        const weir_expr **partitions;
        WEIR_TRY(bind_exprs(scope, &window->partition_by, &partitions, error));
        over->partitions = partitions;
        over->partition_count = (uint32_t)window->partition_by.count;
    }
    if (window->order_by.count > 0)
        WEIR_TRY(bind_order_list(scope, &window->order_by, over, error));
    if (window->frame != WEIR_AST_FRAME_NONE)
        over->frame_ast = window;
    return WEIR_OK;
}

static bool is_one_of(const weir_aggregate *function, const char *const *names) {
    for (; *names != NULL; names++)
        if (strcmp(function->name, *names) == 0)
            return true;
    return false;
}

/* Places in an order need one. */
static weir_status check_ranked(const bind_over *over, const weir_aggregate *function, weir_position position, weir_error *error) {
    static const char *const need_order[] = {"RANK", "DENSE_RANK", "PERCENT_RANK", "CUME_DIST", NULL};
    static const char *const ranks[] = {"ROW_NUMBER", "RANK", "DENSE_RANK", "PERCENT_RANK", "CUME_DIST", NULL};
    if (over->order_count == 0 && is_one_of(function, need_order))
        return weir_fail_at(error, WEIR_VALIDATE, position, "RANK or DENSE_RANK functions require ORDER BY clause in window specification");
    bool constant = true;
    for (uint32_t i = 0; i < over->order_count; i++)
        constant &= over->order[i]->kind == WEIR_EXPR_LITERAL;
    if (!constant || !is_one_of(function, ranks))
        return WEIR_OK;
    return weir_fail_at(error, WEIR_UNSUPPORTED, position,
                        "Over Agg: The window rank function requires order by clause with non-constant fields. please re-check the over "
                        "window statement.");
}

/* A stream gives back rows that were, none that will be. */
static weir_status check_offset(const bind_scope *scope, const bind_over *over, const weir_aggregate *function, weir_error *error) {
    const weir_expr *offset = over->call.argument_count < 2 ? NULL : over->call.arguments[1];
    if (scope->context->batch_mode || strcmp(function->name, "LAG") != 0 || offset == NULL || offset->kind != WEIR_EXPR_LITERAL ||
        offset->as.literal.is_null || !weir_kind_is_integer(offset->type->kind) || offset->as.literal.as.integer >= 0)
        return WEIR_OK;
    return weir_fail_at(error, WEIR_VALIDATE, offset->position, "Offset(%lld) should be positive.",
                        (long long)offset->as.literal.as.integer);
}

weir_status bind_over_mark(bind_scope *scope, const weir_aggregate *function, const weir_ast_expr *ast, const weir_expr **out,
                           weir_error *error) {
    if (scope->marks == NULL || scope->clause == BIND_CLAUSE_WHERE || scope->clause == BIND_CLAUSE_GROUP ||
        scope->clause == BIND_CLAUSE_HAVING || scope->clause == BIND_CLAUSE_ON)
        return weir_fail_at(error, WEIR_VALIDATE, ast->position, "Windowed aggregate expression is illegal in %s clause",
                            scope->clause == BIND_CLAUSE_GROUP    ? "GROUP BY"
                            : scope->clause == BIND_CLAUSE_HAVING ? "HAVING"
                            : scope->clause == BIND_CLAUSE_ON     ? "ON"
                                                                  : "WHERE");
    if (scope->in_over || scope->in_aggregate)
        return weir_fail_at(error, WEIR_VALIDATE, ast->position, "Aggregate expressions cannot be nested");
    if (ast->as.call->filter != NULL)
        return weir_fail_at(error, WEIR_VALIDATE, ast->position, "OVER must be applied to aggregate function, not to one with FILTER");
    bind_over *over = WEIR_ARENA_NEW(scope->context->arena, bind_over);
    if (over == NULL)
        return no_memory(error);
    over->position = ast->position;
    scope->in_over = true;
    weir_status status = bind_aggregate_fill(scope, function, ast, &over->call, error);
    if (status == WEIR_OK)
        status = bind_window(scope, ast->as.call->over, over, 0, error);
    if (status == WEIR_OK)
        status = check_ranked(over, function, ast->as.call->over->position, error);
    if (status == WEIR_OK)
        status = bind_frame(scope, over, ast->as.call->over->position, error);
    scope->in_over = false;
    if (status != WEIR_OK)
        return status;
    WEIR_TRY(check_offset(scope, over, function, error));
    *out = bind_mark(scope, BIND_MARK_OVER, &scope->marks->overs, over, over->call.result, ast->position);
    return *out == NULL ? no_memory(error) : WEIR_OK;
}

/* ---- OVER nodes ---- */

static bool same_window(const bind_over *a, const bind_over *b) {
    if (a->partition_count != b->partition_count || a->order_count != b->order_count)
        return false;
    for (uint32_t i = 0; i < a->partition_count; i++)
        if (!weir_expr_equal(a->partitions[i], b->partitions[i]))
            return false;
    for (uint32_t i = 0; i < a->order_count; i++)
        if (!weir_expr_equal(a->order[i], b->order[i]) || a->order_keys[i].descending != b->order_keys[i].descending ||
            a->order_keys[i].nulls_last != b->order_keys[i].nulls_last)
            return false;
    return true;
}

typedef struct over_columns {
    uint32_t *column; /* per OVER mark: its column */
    bind_scope *scope;
} over_columns;

static weir_status over_change(void *context, const weir_expr *expr, const weir_expr **out, weir_error *error) {
    const over_columns *columns = context;
    if (!bind_is_mark(expr, BIND_MARK_OVER))
        return WEIR_OK;
    *out = weir_expr_column(columns->scope->context->arena, columns->column[expr->as.outer.column], expr->type, expr->position);
    return *out == NULL ? no_memory(error) : WEIR_OK;
}

static weir_status add_column(weir_bind_context *context, weir_list *exprs, const weir_expr *expr, uint32_t *out, weir_error *error) {
    if (expr->kind == WEIR_EXPR_COLUMN) {
        *out = expr->as.column;
        return WEIR_OK;
    }
    for (uint32_t i = 0; i < exprs->count; i++)
        if (weir_expr_equal(exprs->items[i], expr)) {
            *out = i;
            return WEIR_OK;
        }
    *out = (uint32_t)exprs->count;
    return weir_list_add(context->arena, exprs, (void *)(uintptr_t)expr) ? WEIR_OK : no_memory(error);
}

/* One node for all calls of the window of overs[first] that are not done yet. */
static weir_status over_node(bind_scope *scope, uint32_t first, over_columns *columns, bool *done, const weir_node **node,
                             weir_error *error) {
    weir_bind_context *context = scope->context;
    weir_arena *arena = context->arena;
    const weir_list *overs = &scope->marks->overs;
    const bind_over *window = overs->items[first];
    weir_list exprs = {0}; /* columns of the node, then what is computed for the calls */
    for (uint32_t i = 0; i < (*node)->field_count; i++)
        if (!weir_list_add(arena, &exprs, (void *)(uintptr_t)weir_expr_column(arena, i, (*node)->fields[i].type, (*node)->position)))
            return no_memory(error);
    uint32_t own = (*node)->field_count;
    uint32_t *keys = WEIR_ARENA_ARRAY(arena, uint32_t, window->partition_count);
    weir_sort_key *order = WEIR_ARENA_ARRAY(arena, weir_sort_key, window->order_count);
    weir_over_call *calls = WEIR_ARENA_ARRAY(arena, weir_over_call, overs->count);
    if (keys == NULL || order == NULL || calls == NULL)
        return no_memory(error);
    for (uint32_t i = 0; i < window->partition_count; i++)
        WEIR_TRY(add_column(context, &exprs, window->partitions[i], &keys[i], error));
    for (uint32_t i = 0; i < window->order_count; i++) {
        order[i] = window->order_keys[i];
        WEIR_TRY(add_column(context, &exprs, window->order[i], &order[i].column, error));
    }
    uint32_t call_count = 0;
    for (uint32_t i = first; i < overs->count; i++) {
        const bind_over *over = overs->items[i];
        if (done[i] || !same_window(window, over))
            continue;
        calls[call_count].frame = over->frame;
        WEIR_TRY(bind_call_columns(context, &exprs, &over->call, &calls[call_count].call, error));
        done[i] = true;
        columns->column[i] = call_count++;
    }
    const weir_node *below;
    WEIR_TRY(bind_project_more(context, *node, (const weir_expr *const *)exprs.items + own, (uint32_t)exprs.count - own, window->position,
                               &below, error));
    weir_node *made = weir_node_create(arena, WEIR_NODE_OVER, window->position, &below, 1, below->field_count + call_count);
    if (made == NULL)
        return no_memory(error);
    memcpy(weir_node_fields(made), below->fields, below->field_count * sizeof *below->fields);
    for (uint32_t c = 0; c < call_count; c++)
        weir_node_fields(made)[below->field_count + c] =
            (weir_plan_field){.name = weir_arena_format(arena, "w%u$o%u", first, c), .type = calls[c].call.result};
    for (uint32_t i = first; i < overs->count; i++)
        if (done[i] && same_window(window, overs->items[i]))
            columns->column[i] += below->field_count;
    made->as.over.key_count = window->partition_count;
    made->as.over.keys = keys;
    made->as.over.order_count = window->order_count;
    made->as.over.order = order;
    made->as.over.call_count = call_count;
    made->as.over.calls = calls;
    *node = made;
    return WEIR_OK;
}

static bool same_frame(const bind_over *a, const bind_over *b) {
    static const weir_frame of_row_number = {.rows = true, .lower = WEIR_BOUND_UNBOUNDED_PRECEDING, .upper = WEIR_BOUND_CURRENT};
    const weir_frame *x = strcmp(a->call.function->name, "ROW_NUMBER") == 0 ? &of_row_number : &a->frame;
    const weir_frame *y = strcmp(b->call.function->name, "ROW_NUMBER") == 0 ? &of_row_number : &b->frame;
    return weir_frame_equal(x, y);
}

/* In streaming mode all calls of a SELECT share one window, as in Flink; a subquery may have another. */
static weir_status check_one_window(const bind_scope *scope, weir_error *error) {
    const weir_list *overs = &scope->marks->overs;
    for (size_t i = 1; !scope->context->batch_mode && i < overs->count; i++) {
        const bind_over *over = overs->items[i];
        if (same_window(overs->items[0], over) && same_frame(overs->items[0], over))
            continue;
        weir_status status = weir_fail_at(error, WEIR_UNSUPPORTED, over->position,
                                          "Over Agg: Unsupported use of OVER windows. All aggregates must be computed on the same window. "
                                          "please re-check the over window statement.");
        weir_error_hint(error, "compute one of the windows in a subquery");
        return status;
    }
    return WEIR_OK;
}

weir_status bind_apply_overs(bind_scope *scope, bind_exprs_list *exprs, const weir_node **node, weir_error *error) {
    WEIR_TRY(check_one_window(scope, error));
    uint32_t count = (uint32_t)scope->marks->overs.count;
    bool *done = WEIR_ARENA_ARRAY(scope->context->arena, bool, count);
    over_columns columns = {WEIR_ARENA_ARRAY(scope->context->arena, uint32_t, count), scope};
    if (done == NULL || columns.column == NULL)
        return no_memory(error);
    for (uint32_t i = 0; i < count; i++)
        if (!done[i])
            WEIR_TRY(over_node(scope, i, &columns, done, node, error));
    for (uint32_t i = 0; i < exprs->count; i++)
        WEIR_TRY(bind_rewrite(scope->context->arena, exprs->items[i], over_change, &columns, &exprs->items[i], error));
    return WEIR_OK;
}
