/* One SELECT, in the order in which its clauses happen: FROM, WHERE, GROUP BY and aggregates, HAVING, OVER, QUALIFY, the select list,
 * DISTINCT, ORDER BY, LIMIT. */
#include <string.h>

#include "bind/qualify_int.h"

static weir_status no_memory(weir_error *error) { return weir_fail_memory(error, "a query", sizeof(weir_node)); }

typedef struct select_state {
    weir_bind_context *context;
    const weir_ast_select *select;
    bind_scope scope;
    bind_marks marks;
    const weir_node *node;
    weir_list items; /* bind_item: the select list, stars expanded */
    uint32_t order_count;
    uint32_t *order_items; /* per ORDER BY item: index into the select list, or UINT32_MAX: an expression of its own */
    const weir_expr **order_exprs;
    const weir_expr *having, *qualify;
} select_state;

static bool is_grouped(const weir_ast_select *select) {
    for (size_t i = 0; i < select->group_count; i++)
        if (select->groups[i].kind != WEIR_AST_GROUP_EMPTY)
            return true;
    return false;
}

static weir_text item_name(const weir_ast_select_item *item) {
    if (item->alias.text.data != NULL)
        return item->alias.text;
    if (item->expr->kind == WEIR_AST_EXPR_NAME)
        return item->expr->as.name.parts[item->expr->as.name.count - 1].text;
    if (item->expr->kind == WEIR_AST_EXPR_FIELD)
        return item->expr->as.field.field.text;
    return (weir_text){0};
}

static bool is_row_star(const weir_ast_expr *expr) { return expr->kind == WEIR_AST_EXPR_FIELD && expr->as.field.field.text.data == NULL; }

/* (expression).* */
static weir_status row_star(select_state *state, const weir_ast_expr *ast, weir_error *error) {
    const weir_expr *row;
    WEIR_TRY(bind_expr(&state->scope, ast->as.field.operand, &row, error));
    for (uint32_t i = 0; row->type->kind == WEIR_KIND_ROW && i < row->type->field_count; i++) {
        weir_ast_ident name = {.text = row->type->fields[i].name, .position = ast->position};
        bind_item *item = WEIR_ARENA_NEW(state->context->arena, bind_item);
        if (item == NULL || !weir_list_add(state->context->arena, &state->items, item))
            return no_memory(error);
        item->name = name.text;
        WEIR_TRY(bind_field(&state->scope, row, &name, &item->expr, error));
    }
    return row->type->kind == WEIR_KIND_ROW ? WEIR_OK : weir_fail_at(error, WEIR_VALIDATE, ast->position, "only a ROW can stand before .*");
}

/* For the text of a view: which columns the items from `first` on are. */
static weir_status star_columns(const select_state *state, size_t first, bind_star_columns *out, weir_error *error) {
    out->count = state->items.count - first;
    out->columns = WEIR_ARENA_ARRAY(state->context->arena, const bind_column *, out->count);
    if (out->columns == NULL)
        return no_memory(error);
    for (size_t i = 0; i < out->count; i++) {
        const weir_expr *expr = ((const bind_item *)state->items.items[first + i])->expr;
        while (expr->kind == WEIR_EXPR_CALL && expr->as.call.count > 0 && !weir_expr_is_call(expr, "FIELD"))
            expr = expr->as.call.arguments[0]; /* the COALESCE of a USING pair */
        if (expr->kind != WEIR_EXPR_COLUMN) {
            out->count = 0; /* the fields of a ROW: its star stays */
            return WEIR_OK;
        }
        out->columns[i] = &state->scope.columns[expr->as.column];
    }
    return WEIR_OK;
}

static weir_status bind_items(select_state *state, const weir_ast_select *select, weir_error *error) {
    state->scope.clause = BIND_CLAUSE_SELECT;
    bool recording = state->context->recorder != NULL;
    bind_star_columns *stars = WEIR_ARENA_ARRAY(state->context->arena, bind_star_columns, recording ? select->item_count : 0);
    if (stars == NULL)
        return no_memory(error);
    size_t shown = select->item_count;
    for (size_t i = 0; i < select->item_count; i++) {
        const weir_ast_select_item *ast = &select->items[i];
        if (ast->expr->kind == WEIR_AST_EXPR_STAR) {
            size_t first = state->items.count;
            WEIR_TRY(bind_star(&state->scope, ast->expr, &state->items, error));
            if (recording)
                WEIR_TRY(star_columns(state, first, &stars[i], error));
            shown += recording ? stars[i].count : 0;
            continue;
        }
        if (is_row_star(ast->expr)) {
            WEIR_TRY(row_star(state, ast->expr, error));
            continue;
        }
        bind_item *item = WEIR_ARENA_NEW(state->context->arena, bind_item);
        if (item == NULL || !weir_list_add(state->context->arena, &state->items, item))
            return no_memory(error);
        item->name = item_name(ast);
        item->ast = ast->expr;
        WEIR_TRY(bind_expr(&state->scope, ast->expr, &item->expr, error));
        WEIR_TRY(bind_refuse_division(item->expr, error));
        if (item->expr->type->kind == WEIR_KIND_SYMBOL)
            return weir_fail_at(error, WEIR_VALIDATE, ast->position, "a keyword is no value");
        if (ast->expr->kind == WEIR_AST_EXPR_LITERAL && item->expr->type->kind == WEIR_KIND_NULL)
            return weir_fail_at(error, WEIR_VALIDATE, ast->expr->position, "Illegal use of 'NULL'");
    }
    if (recording)
        bind_record_items(state->context, select, stars, shown);
    return WEIR_OK;
}

/* ---- ORDER BY: an ordinal, an alias of the select list, or any expression ---- */

static weir_status order_ordinal(const select_state *state, const weir_ast_order_item *item, uint32_t *out, bool *is_ordinal,
                                 weir_error *error) {
    *is_ordinal = item->expr->kind == WEIR_AST_EXPR_LITERAL && item->expr->as.literal->kind == WEIR_AST_LITERAL_INTEGER;
    if (!*is_ordinal)
        return WEIR_OK;
    weir_text digits = item->expr->as.literal->text;
    uint64_t number = 0;
    for (size_t i = 0; i < digits.size && number <= state->items.count; i++)
        number = number * 10 + (uint64_t)(digits.data[i] - '0');
    if (number < 1 || number > state->items.count)
        return weir_fail_at(error, WEIR_VALIDATE, item->position, "Ordinal out of range");
    *out = (uint32_t)number - 1;
    return WEIR_OK;
}

static uint32_t order_alias(const select_state *state, const weir_ast_expr *expr) {
    if (expr->kind != WEIR_AST_EXPR_NAME || expr->as.name.count != 1)
        return UINT32_MAX;
    for (uint32_t i = 0; i < state->items.count; i++) {
        const bind_item *item = state->items.items[i];
        if (item->name.data != NULL && weir_text_equal(item->name, expr->as.name.parts[0].text))
            return i;
    }
    return UINT32_MAX;
}

/* The name that an item is written with: its alias, or that of the column that it is. */
static weir_text written_name(const weir_ast_select_item *item) {
    if (item->alias.text.data != NULL)
        return item->alias.text;
    const weir_ast_expr *expr = item->expr;
    return expr->kind == WEIR_AST_EXPR_NAME ? expr->as.name.parts[expr->as.name.count - 1].text : (weir_text){0};
}

/* A name that two items of the select list are written with means neither. */
static weir_status check_alias_once(const select_state *state, const weir_ast_expr *expr, weir_error *error) {
    weir_text name = expr->as.name.parts[0].text;
    uint32_t written = 0;
    for (size_t i = 0; i < state->select->item_count; i++)
        written += weir_text_equal(written_name(&state->select->items[i]), name);
    return written < 2 ? WEIR_OK : weir_fail_at(error, WEIR_VALIDATE, expr->position, "Column '%.*s' is ambiguous", WEIR_TEXT_ARGS(name));
}

static uint32_t order_same(const select_state *state, const weir_expr *expr) {
    for (uint32_t i = 0; i < state->items.count; i++)
        if (weir_expr_equal(((const bind_item *)state->items.items[i])->expr, expr))
            return i;
    return UINT32_MAX;
}

/* Names in ORDER BY mean the select list's aliases first, also inside of an expression. */
static weir_status bind_order(select_state *state, const weir_ast_order_list *order_by, bool distinct, weir_error *error) {
    weir_arena *arena = state->context->arena;
    state->order_count = (uint32_t)order_by->count;
    state->order_items = WEIR_ARENA_ARRAY(arena, uint32_t, order_by->count);
    state->order_exprs = WEIR_ARENA_ARRAY(arena, const weir_expr *, order_by->count);
    if (state->order_items == NULL || state->order_exprs == NULL)
        return no_memory(error);
    state->scope.clause = BIND_CLAUSE_ORDER;
    state->scope.aliases = &state->items;
    for (size_t i = 0; i < order_by->count; i++) {
        const weir_ast_order_item *item = &order_by->items[i];
        bool is_ordinal;
        WEIR_TRY(order_ordinal(state, item, &state->order_items[i], &is_ordinal, error));
        if (is_ordinal)
            continue;
        state->order_items[i] = order_alias(state, item->expr);
        if (state->order_items[i] != UINT32_MAX) {
            WEIR_TRY(check_alias_once(state, item->expr, error));
            continue;
        }
        WEIR_TRY(bind_expr(&state->scope, item->expr, &state->order_exprs[i], error));
        state->order_items[i] = order_same(state, state->order_exprs[i]);
        if (state->order_items[i] == UINT32_MAX && distinct)
            return weir_fail_at(error, WEIR_VALIDATE, item->position, "Expression in ORDER BY is not in the select clause");
    }
    return WEIR_OK;
}

/* ---- carrying the expressions from step to step ---- */

/* All expressions that later steps need, as one list: items, order expressions, HAVING, QUALIFY. */
static weir_status exprs_gather(const select_state *state, bind_exprs_list *out, weir_error *error) {
    uint32_t count = (uint32_t)state->items.count + state->order_count + 2;
    out->items = WEIR_ARENA_ARRAY(state->context->arena, const weir_expr *, count);
    if (out->items == NULL)
        return no_memory(error);
    out->count = 0;
    for (size_t i = 0; i < state->items.count; i++)
        out->items[out->count++] = ((const bind_item *)state->items.items[i])->expr;
    for (uint32_t i = 0; i < state->order_count; i++)
        if (state->order_items[i] == UINT32_MAX)
            out->items[out->count++] = state->order_exprs[i];
    if (state->having != NULL)
        out->items[out->count++] = state->having;
    if (state->qualify != NULL)
        out->items[out->count++] = state->qualify;
    return WEIR_OK;
}

static void exprs_scatter(select_state *state, const bind_exprs_list *list) {
    uint32_t at = 0;
    for (size_t i = 0; i < state->items.count; i++)
        ((bind_item *)state->items.items[i])->expr = list->items[at++];
    for (uint32_t i = 0; i < state->order_count; i++)
        if (state->order_items[i] == UINT32_MAX)
            state->order_exprs[i] = list->items[at++];
    if (state->having != NULL)
        state->having = list->items[at++];
    if (state->qualify != NULL)
        state->qualify = list->items[at++];
}

static bool has_overs(const select_state *state) { return state->marks.overs.count > 0; }

static weir_status apply_having(select_state *state, const weir_ast_select *select, weir_error *error) {
    if (state->having == NULL)
        return WEIR_OK;
    const weir_expr *having = state->having;
    state->having = NULL;
    return bind_apply_condition(&state->scope, having, select->having->position, &state->node, error);
}

static weir_status apply_steps(select_state *state, const weir_ast_select *select, weir_error *error) {
    bind_exprs_list list;
    bool aggregated = select->grouped || state->marks.aggregates.count > 0 || state->marks.groupings.count > 0 ||
                      state->marks.properties.count > 0 || select->having != NULL;
    if (aggregated) {
        WEIR_TRY(exprs_gather(state, &list, error));
        WEIR_TRY(bind_apply_groups(&state->scope, select, &list, &state->node, error));
        exprs_scatter(state, &list);
        WEIR_TRY(apply_having(state, select, error));
    }
    if (state->marks.subqueries.count > 0) {
        WEIR_TRY(exprs_gather(state, &list, error));
        WEIR_TRY(bind_apply_subqueries(&state->scope, &list, &state->node, error));
        exprs_scatter(state, &list);
    }
    if (has_overs(state)) {
        WEIR_TRY(exprs_gather(state, &list, error));
        WEIR_TRY(bind_apply_overs(&state->scope, &list, &state->node, error));
        exprs_scatter(state, &list);
    }
    if (state->qualify != NULL)
        WEIR_TRY(bind_filter_node(state->context, state->node, state->qualify, select->qualify->position, &state->node, error));
    return WEIR_OK;
}

/* The select list, and behind it what ORDER BY needs beside. */
static weir_status project_items(select_state *state, weir_position position, weir_error *error) {
    weir_arena *arena = state->context->arena;
    uint32_t count = (uint32_t)state->items.count;
    const weir_expr **exprs = WEIR_ARENA_ARRAY(arena, const weir_expr *, count + state->order_count);
    weir_text *names = WEIR_ARENA_ARRAY(arena, weir_text, count + state->order_count);
    if (exprs == NULL || names == NULL)
        return no_memory(error);
    for (uint32_t i = 0; i < count; i++) {
        exprs[i] = ((const bind_item *)state->items.items[i])->expr;
        names[i] = ((const bind_item *)state->items.items[i])->name;
    }
    for (uint32_t i = 0; i < state->order_count; i++) {
        if (state->order_items[i] != UINT32_MAX)
            continue;
        exprs[count] = state->order_exprs[i];
        state->order_items[i] = count++;
    }
    return bind_project(state->context, state->node, exprs, names, count, position, &state->node, error);
}

/* Two columns of one name get a number, as in Flink: a, a0. Only where the names must differ (views, CTEs, subqueries look at positions).
 */
static weir_status finish(select_state *state, const weir_ast_select *select, const weir_ast_order_list *order_by, int64_t offset,
                          int64_t fetch, weir_error *error) {
    uint32_t visible = (uint32_t)state->items.count;
    WEIR_TRY(project_items(state, select->position, error));
    if (select->distinct)
        WEIR_TRY(bind_distinct_node(state->context, state->node, select->position, &state->node, error));
    if (state->order_count == 0 && offset == 0 && fetch < 0)
        return WEIR_OK;
    weir_sort_key *keys = WEIR_ARENA_ARRAY(state->context->arena, weir_sort_key, state->order_count);
    if (keys == NULL)
        return no_memory(error);
    for (uint32_t i = 0; i < state->order_count; i++)
        keys[i] = bind_sort_key(&order_by->items[i], state->order_items[i]);
    WEIR_TRY(bind_sort_node(state->context, state->node, keys, state->order_count, offset, fetch, select->position, &state->node, error));
    return bind_project_first(state->context, state->node, visible, &state->node, error);
}

/* SELECT without FROM: one row without columns that anybody could name. */
static weir_status one_row(weir_bind_context *context, weir_position position, const weir_node **out, weir_error *error) {
    weir_node *node = weir_node_create(context->arena, WEIR_NODE_VALUES, position, NULL, 0, 1);
    weir_value *zero = WEIR_ARENA_NEW(context->arena, weir_value);
    if (node == NULL || zero == NULL)
        return no_memory(error);
    *zero = (weir_value){.type = weir_type_simple(WEIR_KIND_INT, false)};
    weir_node_fields(node)[0] = (weir_plan_field){.name = WEIR_TEXT("ZERO"), .type = zero->type};
    node->as.values.row_count = 1;
    node->as.values.values = zero;
    *out = node;
    return WEIR_OK;
}

static weir_status bind_where(select_state *state, const weir_ast_select *select, weir_error *error) {
    if (select->where == NULL)
        return WEIR_OK;
    const weir_expr *condition;
    state->scope.clause = BIND_CLAUSE_WHERE;
    WEIR_TRY(bind_condition(&state->scope, select->where, "WHERE", &condition, error));
    WEIR_TRY(bind_apply_condition(&state->scope, condition, select->where->position, &state->node, error));
    state->marks.subqueries = (weir_list){0};
    return WEIR_OK;
}

static bool holds_over(const weir_expr *expr) {
    if (expr->kind == WEIR_EXPR_CALL)
        for (uint32_t i = 0; i < expr->as.call.count; i++)
            if (holds_over(expr->as.call.arguments[i]))
                return true;
    return bind_is_mark(expr, BIND_MARK_OVER);
}

weir_status bind_select_core(weir_bind_context *context, bind_scope *outer, bind_cte *ctes, const weir_ast_select *select,
                             const weir_ast_order_list *order_by, int64_t offset, int64_t fetch, const weir_node **out, weir_error *error) {
    select_state state = {.context = context, .select = select};
    state.scope = (bind_scope){.context = context,
                               .outer = outer,
                               .marks = &state.marks,
                               .windows = select->windows,
                               .window_count = select->window_count,
                               .ctes = ctes,
                               .has_from = select->from != NULL,
                               .grouped = is_grouped(select)};
    if (select->stream)
        return weir_fail_at(error, WEIR_UNSUPPORTED, select->position, "SELECT STREAM is not supported: leave out STREAM");
    if (select->from != NULL)
        WEIR_TRY(bind_from(&state.scope, select->from, &state.node, error));
    else
        WEIR_TRY(one_row(context, select->position, &state.node, error));
    WEIR_TRY(bind_where(&state, select, error));
    WEIR_TRY(bind_items(&state, select, error));
    if (select->having != NULL) {
        state.scope.clause = BIND_CLAUSE_HAVING;
        WEIR_TRY(bind_condition(&state.scope, select->having, "HAVING", &state.having, error));
    }
    if (select->qualify != NULL) {
        state.scope.clause = BIND_CLAUSE_QUALIFY;
        state.scope.aliases = &state.items;
        WEIR_TRY(bind_condition(&state.scope, select->qualify, "QUALIFY", &state.qualify, error));
        if (!holds_over(state.qualify))
            return weir_fail_at(error, WEIR_VALIDATE, select->qualify->position, "QUALIFY expression must contain a window function");
    }
    WEIR_TRY(bind_order(&state, order_by, select->distinct, error));
    state.scope.aliases = NULL;
    WEIR_TRY(apply_steps(&state, select, error));
    WEIR_TRY(finish(&state, select, order_by, offset, fetch, error));
    *out = state.node;
    return WEIR_OK;
}
