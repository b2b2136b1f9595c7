/* GROUP BY and aggregates. Marks of aggregates are made while the expressions are bound; bind_apply_groups then puts the keys and the
 * arguments into a PROJECT, an AGGREGATE above it, and makes the expressions refer to its output: keys, calls, GROUPING() columns, window
 * properties. */
#include <string.h>

#include "bind/bind_int.h"

static weir_status no_memory(weir_error *error) { return weir_fail_memory(error, "an aggregate", sizeof(bind_aggregate)); }

/* ---- marks ---- */

static weir_status illegal_place(const bind_scope *scope, weir_position position, weir_error *error) {
    if (scope->in_aggregate)
        return weir_fail_at(error, WEIR_VALIDATE, position, "Aggregate expressions cannot be nested");
    switch (scope->clause) {
    case BIND_CLAUSE_WHERE: return weir_fail_at(error, WEIR_VALIDATE, position, "Aggregate expression is illegal in WHERE clause");
    case BIND_CLAUSE_GROUP: return weir_fail_at(error, WEIR_VALIDATE, position, "Aggregate expression is illegal in GROUP BY clause");
    case BIND_CLAUSE_ON: return weir_fail_at(error, WEIR_VALIDATE, position, "Aggregate expression is illegal in ON clause");
    default: break;
    }
    if (scope->marks == NULL)
        return weir_fail_at(error, WEIR_VALIDATE, position, "Aggregate expression is illegal here");
    return WEIR_OK;
}

static weir_status infer(bind_scope *scope, const weir_aggregate *function, const weir_ast_call *call, bind_aggregate *record,
                         const weir_expr **arguments, weir_error *error) {
    weir_arena *arena = scope->context->arena;
    uint32_t count = record->argument_count;
    weir_argument *described = WEIR_ARENA_ARRAY(arena, weir_argument, count);
    const weir_type **wanted = WEIR_ARENA_ARRAY(arena, const weir_type *, count);
    if (described == NULL || wanted == NULL)
        return no_memory(error);
    for (uint32_t i = 0; i < count; i++) {
        described[i].type = wanted[i] = arguments[i]->type;
        described[i].literal = arguments[i]->kind == WEIR_EXPR_LITERAL ? &arguments[i]->as.literal : NULL;
    }
    weir_signature signature = {
        .arena = arena, .evaluation = scope->context->evaluation, .count = count, .arguments = described, .wanted = wanted};
    weir_status status = function->infer(&signature, function->name, error);
    if (status != WEIR_OK) {
        weir_error_locate(error, record->position);
        return status;
    }
    for (uint32_t i = 0; i < count; i++) {
        arguments[i] = wanted[i] == arguments[i]->type ? arguments[i] : weir_expr_cast(arena, arguments[i], wanted[i]);
        if (arguments[i] == NULL)
            return no_memory(error);
    }
    record->result = signature.result;
    bool may_be_empty = (!scope->grouped && call->over == NULL) || record->filter != NULL;
    if (may_be_empty && !(function->flags & WEIR_AGGREGATE_NEVER_NULL) && record->result != NULL)
        record->result = weir_type_with_nullable(arena, record->result, true);
    return record->result == NULL ? no_memory(error) : WEIR_OK;
}

static weir_status bind_within(bind_scope *scope, const weir_ast_order_list *order, bind_aggregate *record, weir_error *error) {
    const weir_expr **exprs = WEIR_ARENA_ARRAY(scope->context->arena, const weir_expr *, order->count);
    weir_sort_key *keys = WEIR_ARENA_ARRAY(scope->context->arena, weir_sort_key, order->count);
    if (exprs == NULL || keys == NULL)
        return no_memory(error);
    for (size_t i = 0; i < order->count; i++) {
        WEIR_TRY(bind_expr(scope, order->items[i].expr, &exprs[i], error));
        keys[i] = bind_sort_key(&order->items[i], 0);
    }
    record->order_count = (uint32_t)order->count;
    record->order = exprs;
    record->order_keys = keys;
    return WEIR_OK;
}

/* Clauses that Calcite's grammar knows and no function of Flink's takes. */
static weir_status check_clauses(const weir_aggregate *function, const weir_ast_expr *ast, weir_error *error) {
    const weir_ast_call *call = ast->as.call;
    if (call->within_group.count > 0)
        return weir_fail_at(error, WEIR_VALIDATE, ast->position, "Aggregate expression '%s' must not contain a WITHIN GROUP clause",
                            function->name);
    bool takes_nulls_clause = weir_text_equal_c(weir_text_of(function->name), "LAG") ||
                              weir_text_equal_c(weir_text_of(function->name), "LEAD") || (function->flags & WEIR_AGGREGATE_KEEPS_NULLS);
    if (call->null_treatment != WEIR_AST_NULL_TREATMENT_NONE && !takes_nulls_clause)
        return weir_fail_at(error, WEIR_VALIDATE, ast->position, "Cannot specify IGNORE NULLS or RESPECT NULLS following '%s'",
                            function->name);
    return WEIR_OK;
}

/* Arguments, FILTER, DISTINCT, ORDER BY inside the parentheses; also of OVER calls. */
weir_status bind_aggregate_fill(bind_scope *scope, const weir_aggregate *function, const weir_ast_expr *ast, bind_aggregate *record,
                                weir_error *error) {
    const weir_ast_call *call = ast->as.call;
    *record = (bind_aggregate){.function = function,
                               .name = weir_text_of(function->name),
                               .position = ast->position,
                               .distinct = call->distinct,
                               .argument_count = (uint32_t)call->args.count};
    record->ignore_nulls = call->null_treatment == WEIR_AST_IGNORE_NULLS;
    if (call->star && !(function->flags & WEIR_AGGREGATE_STAR))
        return weir_fail_at(error, WEIR_VALIDATE, ast->position, "Unknown identifier '*': only COUNT takes *");
    const weir_expr **arguments;
    WEIR_TRY(bind_exprs(scope, &call->args, &arguments, error));
    for (size_t i = 0; i < call->args.count; i++)
        WEIR_TRY(bind_refuse_division(arguments[i], error));
    if (call->json != NULL) {
        const weir_expr **more = WEIR_ARENA_ARRAY(scope->context->arena, const weir_expr *, call->args.count + 1);
        bool keep = weir_text_starts(weir_text_of(function->name), WEIR_TEXT("JSON_OBJECT"))
                        ? call->json->nulls != WEIR_AST_JSON_NULLS_ABSENT
                        : call->json->nulls == WEIR_AST_JSON_NULLS_KEEP;
        if (more == NULL)
            return no_memory(error);
        memcpy(more, arguments, call->args.count * sizeof *more);
        more[call->args.count] = bind_symbol(scope, keep ? WEIR_TEXT("NULL") : WEIR_TEXT("ABSENT"), ast->position);
        if (more[call->args.count] == NULL)
            return no_memory(error);
        arguments = more;
        record->argument_count++;
    }
    WEIR_TRY(check_clauses(function, ast, error));
    if (call->filter != NULL)
        WEIR_TRY(bind_condition(scope, call->filter, "FILTER", &record->filter, error));
    if (call->argument_order.count > 0)
        WEIR_TRY(bind_within(scope, &call->argument_order, record, error));
    if (call->distinct && call->args.count > 1 && weir_text_equal_c(record->name, "COUNT"))
        return weir_fail_at(error, WEIR_UNSUPPORTED, ast->position, "COUNT(DISTINCT a, b) is not supported");
    WEIR_TRY(infer(scope, function, call, record, arguments, error));
    record->arguments = arguments;
    return WEIR_OK;
}

static bool optional_equal(const weir_expr *a, const weir_expr *b) { return a == b || (a != NULL && b != NULL && weir_expr_equal(a, b)); }

static bool aggregate_equal(const bind_aggregate *a, const bind_aggregate *b) {
    if (a->function != b->function || a->distinct != b->distinct || a->ignore_nulls != b->ignore_nulls ||
        a->argument_count != b->argument_count || a->order_count != b->order_count || !optional_equal(a->filter, b->filter))
        return false;
    for (uint32_t i = 0; i < a->argument_count; i++)
        if (!weir_expr_equal(a->arguments[i], b->arguments[i]))
            return false;
    for (uint32_t i = 0; i < a->order_count; i++)
        if (!weir_expr_equal(a->order[i], b->order[i]) || a->order_keys[i].descending != b->order_keys[i].descending ||
            a->order_keys[i].nulls_last != b->order_keys[i].nulls_last)
            return false;
    return true;
}

weir_status bind_aggregate_mark(bind_scope *scope, const weir_aggregate *function, const weir_ast_expr *ast, const weir_expr **out,
                                weir_error *error) {
    WEIR_TRY(illegal_place(scope, ast->position, error));
    bind_aggregate *record = WEIR_ARENA_NEW(scope->context->arena, bind_aggregate);
    if (record == NULL)
        return no_memory(error);
    scope->in_aggregate = true;
    weir_status status = bind_aggregate_fill(scope, function, ast, record, error);
    scope->in_aggregate = false;
    if (status != WEIR_OK)
        return status;
    /* The same call again is the same column, so that expressions compare equal. */
    for (uint32_t i = 0; i < scope->marks->aggregates.count; i++) {
        const bind_aggregate *other = scope->marks->aggregates.items[i];
        if (!aggregate_equal(other, record))
            continue;
        weir_expr *mark = WEIR_ARENA_NEW(scope->context->arena, weir_expr);
        if (mark == NULL)
            return no_memory(error);
        *mark =
            (weir_expr){.kind = WEIR_EXPR_OUTER, .type = other->result, .position = ast->position, .as.outer = {BIND_MARK_AGGREGATE, i}};
        *out = mark;
        return WEIR_OK;
    }
    *out = bind_mark(scope, BIND_MARK_AGGREGATE, &scope->marks->aggregates, record, record->result, ast->position);
    return *out == NULL ? no_memory(error) : WEIR_OK;
}

weir_status bind_grouping_mark(bind_scope *scope, const weir_ast_expr *ast, const weir_expr **out, weir_error *error) {
    WEIR_TRY(illegal_place(scope, ast->position, error));
    bind_grouping *record = WEIR_ARENA_NEW(scope->context->arena, bind_grouping);
    if (record == NULL)
        return no_memory(error);
    const weir_expr **arguments;
    WEIR_TRY(bind_exprs(scope, &ast->as.call->args, &arguments, error));
    *record = (bind_grouping){.count = (uint32_t)ast->as.call->args.count, .arguments = arguments, .position = ast->position};
    *out = bind_mark(scope, BIND_MARK_GROUPING, &scope->marks->groupings, record, weir_type_simple(WEIR_KIND_BIGINT, false), ast->position);
    return *out == NULL ? no_memory(error) : WEIR_OK;
}

/* ---- the GROUP BY clause ---- */

typedef struct group_state {
    bind_scope *scope;
    weir_list keys; /* weir_expr */
    weir_list sets; /* group_set */
    bool has_window;
    weir_window window;
    const weir_expr *window_time;
    uint32_t window_column; /* of the projection below */
    const weir_node *below; /* the PROJECT under the AGGREGATE */
} group_state;

/* Which keys a grouping set keeps: indexes into keys. */
typedef struct group_set {
    uint32_t count;
    uint32_t *keys;
} group_set;

static weir_status key_index(group_state *state, const weir_expr *key, uint32_t *out, weir_error *error) {
    for (uint32_t i = 0; i < state->keys.count; i++)
        if (weir_expr_equal(state->keys.items[i], key)) {
            *out = i;
            return WEIR_OK;
        }
    *out = (uint32_t)state->keys.count;
    return weir_list_add(state->scope->context->arena, &state->keys, (void *)(uintptr_t)key) ? WEIR_OK : no_memory(error);
}

static group_set *set_new(group_state *state, uint32_t capacity) {
    group_set *set = WEIR_ARENA_NEW(state->scope->context->arena, group_set);
    uint32_t *keys = WEIR_ARENA_ARRAY(state->scope->context->arena, uint32_t, capacity);
    if (set == NULL || keys == NULL)
        return NULL;
    set->keys = keys;
    return set;
}

/* The keys of an item that is an expression or a list. */
static weir_status item_set(group_state *state, const weir_ast_group_item *item, group_set **out, weir_error *error) {
    group_set *set = set_new(state, (uint32_t)item->exprs.count);
    if (set == NULL)
        return no_memory(error);
    for (size_t i = 0; i < item->exprs.count; i++) {
        bool is_window;
        WEIR_TRY(bind_group_window(state->scope, item->exprs.items[i], &is_window, &state->window, &state->window_time, error));
        if (is_window) {
            if (state->has_window)
                return weir_fail_at(error, WEIR_UNSUPPORTED, item->position, "only one group window is allowed in GROUP BY");
            state->has_window = true;
            continue;
        }
        const weir_expr *key;
        WEIR_TRY(bind_expr(state->scope, item->exprs.items[i], &key, error));
        if (key->type->kind == WEIR_KIND_NULL)
            return weir_fail_at(error, WEIR_VALIDATE, item->position, "Illegal use of 'NULL'");
        WEIR_TRY(key_index(state, key, &set->keys[set->count++], error));
    }
    *out = set;
    return WEIR_OK;
}

static weir_status item_sets(group_state *state, const weir_ast_group_item *item, weir_list *out, weir_error *error);

static weir_status add_set(group_state *state, weir_list *out, group_set *set, weir_error *error) {
    return set != NULL && weir_list_add(state->scope->context->arena, out, set) ? WEIR_OK : no_memory(error);
}

static weir_status union_of(group_state *state, group_set *const *parts, const bool *taken, size_t count, group_set **out,
                            weir_error *error) {
    uint32_t capacity = 0;
    for (size_t i = 0; i < count; i++)
        capacity += parts[i]->count;
    group_set *set = set_new(state, capacity);
    if (set == NULL)
        return no_memory(error);
    for (size_t i = 0; i < count; i++)
        for (uint32_t k = 0; taken[i] && k < parts[i]->count; k++)
            set->keys[set->count++] = parts[i]->keys[k];
    *out = set;
    return WEIR_OK;
}

enum { CUBE_ITEMS_MAX = 12 };

static weir_status rollup_or_cube(group_state *state, const weir_ast_group_item *item, weir_list *out, weir_error *error) {
    size_t count = item->item_count;
    if (count > CUBE_ITEMS_MAX)
        return weir_fail_at(error, WEIR_UNSUPPORTED, item->position, "ROLLUP and CUBE take at most %d items here", CUBE_ITEMS_MAX);
    group_set *parts[CUBE_ITEMS_MAX];
    for (size_t i = 0; i < count; i++)
        WEIR_TRY(item_set(state, &item->items[i], &parts[i], error));
    bool taken[CUBE_ITEMS_MAX];
    size_t variants = item->kind == WEIR_AST_GROUP_CUBE ? (size_t)1 << count : count + 1;
    for (size_t v = 0; v < variants; v++) {
        for (size_t i = 0; i < count; i++)
            taken[i] = item->kind == WEIR_AST_GROUP_CUBE ? !(v >> (count - 1 - i) & 1) : i < count - v;
        group_set *set;
        WEIR_TRY(union_of(state, parts, taken, count, &set, error));
        WEIR_TRY(add_set(state, out, set, error));
    }
    return WEIR_OK;
}

static weir_status item_sets(group_state *state, const weir_ast_group_item *item, weir_list *out, weir_error *error) {
    group_set *set;
    switch (item->kind) {
    case WEIR_AST_GROUP_EXPRESSION: WEIR_TRY(item_set(state, item, &set, error)); return add_set(state, out, set, error);
    case WEIR_AST_GROUP_EMPTY: return add_set(state, out, set_new(state, 0), error);
    case WEIR_AST_GROUP_GROUPING_SETS:
        for (size_t i = 0; i < item->item_count; i++)
            WEIR_TRY(item_sets(state, &item->items[i], out, error));
        return WEIR_OK;
    case WEIR_AST_GROUP_ROLLUP:
    case WEIR_AST_GROUP_CUBE: return rollup_or_cube(state, item, out, error);
    }
    return weir_fail_at(error, WEIR_INTERNAL, item->position, "unknown GROUP BY item");
}

/* Items side by side multiply: GROUP BY a, ROLLUP(b) is the sets {a,b}, {a}. */
static weir_status bind_groups(group_state *state, const weir_ast_select *select, weir_error *error) {
    weir_arena *arena = state->scope->context->arena;
    group_set *all = set_new(state, 0);
    WEIR_TRY(add_set(state, &state->sets, all, error));
    for (size_t i = 0; i < select->group_count; i++) {
        weir_list item = {0}, product = {0};
        WEIR_TRY(item_sets(state, &select->groups[i], &item, error));
        for (size_t a = 0; a < state->sets.count; a++)
            for (size_t b = 0; b < item.count; b++) {
                group_set *parts[2] = {state->sets.items[a], item.items[b]};
                const bool taken[2] = {true, true};
                group_set *set;
                WEIR_TRY(union_of(state, parts, taken, 2, &set, error));
                if (!weir_list_add(arena, &product, set))
                    return no_memory(error);
            }
        state->sets = product;
    }
    return WEIR_OK;
}

/* ---- the PROJECT below and the AGGREGATE ---- */

typedef struct projection {
    weir_bind_context *context;
    weir_list exprs;
} projection;

static weir_status project_column(projection *below, const weir_expr *expr, uint32_t *out, weir_error *error) {
    for (uint32_t i = 0; i < below->exprs.count; i++)
        if (weir_type_equal(((const weir_expr *)below->exprs.items[i])->type, expr->type, false) &&
            weir_expr_equal(below->exprs.items[i], expr) && weir_expr_is_deterministic(expr)) {
            *out = i;
            return WEIR_OK;
        }
    *out = (uint32_t)below->exprs.count;
    return weir_list_add(below->context->arena, &below->exprs, (void *)(uintptr_t)expr) ? WEIR_OK : no_memory(error);
}

/* A bound call over columns of a projection. */
weir_status bind_call_columns(weir_bind_context *context, weir_list *exprs, const bind_aggregate *record, weir_aggregate_call *call,
                              weir_error *error) {
    projection below = {.context = context, .exprs = *exprs};
    weir_arena *arena = context->arena;
    uint32_t count = record->argument_count;
    uint32_t *arguments = WEIR_ARENA_ARRAY(arena, uint32_t, count);
    const weir_type **types = WEIR_ARENA_ARRAY(arena, const weir_type *, count);
    const weir_value **literals = WEIR_ARENA_ARRAY(arena, const weir_value *, count);
    weir_sort_key *order = WEIR_ARENA_ARRAY(arena, weir_sort_key, record->order_count);
    if (arguments == NULL || types == NULL || literals == NULL || order == NULL)
        return no_memory(error);
    *call = (weir_aggregate_call){.aggregate = record->function,
                                  .result = record->result,
                                  .argument_count = count,
                                  .arguments = arguments,
                                  .argument_types = types,
                                  .literals = literals,
                                  .distinct = record->distinct,
                                  .ignore_nulls = record->ignore_nulls,
                                  .filter = -1,
                                  .order_count = record->order_count,
                                  .order = order,
                                  .name = record->name};
    for (uint32_t i = 0; i < count; i++) {
        types[i] = record->arguments[i]->type;
        literals[i] = record->arguments[i]->kind == WEIR_EXPR_LITERAL ? &record->arguments[i]->as.literal : NULL;
        WEIR_TRY(project_column(&below, record->arguments[i], &arguments[i], error));
    }
    if (record->filter != NULL) {
        uint32_t column;
        WEIR_TRY(project_column(&below, record->filter, &column, error));
        call->filter = (int32_t)column;
    }
    for (uint32_t i = 0; i < record->order_count; i++) {
        order[i] = record->order_keys[i];
        WEIR_TRY(project_column(&below, record->order[i], &order[i].column, error));
    }
    *exprs = below.exprs;
    return WEIR_OK;
}

static weir_status make_below(group_state *state, weir_aggregate_call *calls, const weir_node **node, weir_error *error) {
    bind_scope *scope = state->scope;
    weir_list exprs = {0};
    for (size_t i = 0; i < state->keys.count; i++)
        if (!weir_list_add(scope->context->arena, &exprs, state->keys.items[i]))
            return no_memory(error);
    if (state->has_window) {
        state->window.time_column = (uint32_t)exprs.count;
        if (!weir_list_add(scope->context->arena, &exprs, (void *)(uintptr_t)state->window_time))
            return no_memory(error);
    }
    for (size_t i = 0; i < scope->marks->aggregates.count; i++)
        WEIR_TRY(bind_call_columns(scope->context, &exprs, scope->marks->aggregates.items[i], &calls[i], error));
    bind_exprs_list list = {(const weir_expr **)exprs.items, (uint32_t)exprs.count};
    WEIR_TRY(bind_apply_subqueries(scope, &list, node, error));
    weir_text *names = WEIR_ARENA_ARRAY(scope->context->arena, weir_text, list.count);
    if (names == NULL)
        return no_memory(error);
    for (uint32_t i = 0; i < list.count; i++)
        names[i] = list.items[i]->kind == WEIR_EXPR_COLUMN ? (*node)->fields[list.items[i]->as.column].name
                                                           : weir_arena_format(scope->context->arena, "$f%u", i);
    if (list.count == 0) {
        /* COUNT(*) alone: the rows without any column would do, but a batch has at least one. */
        state->below = *node;
        return WEIR_OK;
    }
    return bind_project(scope->context, *node, list.items, names, list.count, (*node)->position, &state->below, error);
}

static bool sets_are_plain(const group_state *state) {
    return state->sets.count == 1 && ((const group_set *)state->sets.items[0])->count == state->keys.count;
}

static bool set_keeps(const group_set *set, uint32_t key) {
    for (uint32_t i = 0; i < set->count; i++)
        if (set->keys[i] == key)
            return true;
    return false;
}

static bool set_holds(const group_set *set, const group_set *other) {
    for (uint32_t i = 0; i < other->count; i++)
        if (!set_keeps(set, other->keys[i]))
            return false;
    return true;
}

/* Sets that hold others come before them, otherwise the one whose first key that the other lacks comes first. */
static bool set_before(const group_set *a, const group_set *b, uint32_t key_count) {
    bool holds = set_holds(a, b), held = set_holds(b, a);
    if (holds || held)
        return holds && !held;
    for (uint32_t k = 0; k < key_count; k++)
        if (set_keeps(a, k) != set_keeps(b, k))
            return set_keeps(a, k);
    return false;
}

/* The order of Calcite, in which a row's copies come. */
static void sort_sets(weir_list *sets, uint32_t key_count) {
    for (size_t i = 1; i < sets->count; i++)
        for (size_t j = i; j > 0 && set_before(sets->items[j], sets->items[j - 1], key_count); j--) {
            void *swapped = sets->items[j];
            sets->items[j] = sets->items[j - 1];
            sets->items[j - 1] = swapped;
        }
}

static weir_status fill_sets(group_state *state, weir_node *node, weir_error *error) {
    if (sets_are_plain(state) || state->keys.count == 0)
        return WEIR_OK;
    weir_arena *arena = state->scope->context->arena;
    sort_sets(&state->sets, (uint32_t)state->keys.count);
    const bool **sets = WEIR_ARENA_ARRAY(arena, const bool *, state->sets.count);
    if (sets == NULL)
        return no_memory(error);
    weir_plan_field *fields = weir_node_fields(node);
    for (size_t s = 0; s < state->sets.count; s++) {
        bool *kept = WEIR_ARENA_ARRAY(arena, bool, state->keys.count);
        if (kept == NULL)
            return no_memory(error);
        for (uint32_t k = 0; k < state->keys.count; k++) {
            kept[k] = set_keeps(state->sets.items[s], k);
            if (!kept[k])
                fields[k].type = weir_type_with_nullable(arena, fields[k].type, true);
        }
        sets[s] = kept;
    }
    node->as.aggregate.set_count = (uint32_t)state->sets.count;
    node->as.aggregate.sets = sets;
    return WEIR_OK;
}

static weir_status fill_groupings(group_state *state, weir_node *node, uint32_t first_field, weir_error *error) {
    weir_arena *arena = state->scope->context->arena;
    const weir_list *groupings = &state->scope->marks->groupings;
    const uint32_t **keys = WEIR_ARENA_ARRAY(arena, const uint32_t *, groupings->count);
    uint32_t *sizes = WEIR_ARENA_ARRAY(arena, uint32_t, groupings->count);
    if (keys == NULL || sizes == NULL)
        return no_memory(error);
    for (size_t i = 0; i < groupings->count; i++) {
        const bind_grouping *grouping = groupings->items[i];
        uint32_t *list = WEIR_ARENA_ARRAY(arena, uint32_t, grouping->count);
        if (list == NULL)
            return no_memory(error);
        for (uint32_t a = 0; a < grouping->count; a++) {
            uint32_t before = (uint32_t)state->keys.count;
            WEIR_TRY(key_index(state, grouping->arguments[a], &list[a], error));
            if (list[a] == before)
                return weir_fail_at(error, WEIR_VALIDATE, grouping->arguments[a]->position,
                                    "Argument to GROUPING operator must be a grouped expression");
        }
        keys[i] = list;
        sizes[i] = grouping->count;
        weir_node_fields(node)[first_field + i] =
            (weir_plan_field){.name = weir_arena_format(arena, "$g%zu", i), .type = weir_type_simple(WEIR_KIND_BIGINT, false)};
    }
    node->as.aggregate.grouping_count = (uint32_t)groupings->count;
    node->as.aggregate.grouping_keys = keys;
    node->as.aggregate.grouping_sizes = sizes;
    return WEIR_OK;
}

/* Each TUMBLE_START and the like must stand for the window in GROUP BY. */
static weir_status check_properties(const group_state *state, weir_error *error) {
    const weir_list *properties = &state->scope->marks->properties;
    for (size_t i = 0; i < properties->count; i++) {
        const bind_property *property = properties->items[i];
        if (!state->has_window || !bind_same_window(&property->window, &state->window) ||
            !weir_expr_equal(property->time, state->window_time))
            return weir_fail_at(error, WEIR_VALIDATE, property->position,
                                "Call to auxiliary group function '%.*s' must have matching call to group function in GROUP BY clause",
                                WEIR_TEXT_ARGS(property->name));
        if (property->property == WEIR_WINDOW_PROPERTY_PROCTIME && !state->window.processing_time)
            return weir_fail_at(error, WEIR_UNSUPPORTED, property->position, "%.*s of a window over event time is not supported",
                                WEIR_TEXT_ARGS(property->name));
    }
    return WEIR_OK;
}

static weir_status fill_properties(group_state *state, weir_node *node, uint32_t first_field, weir_error *error) {
    const weir_list *properties = &state->scope->marks->properties;
    WEIR_TRY(check_properties(state, error));
    if (!state->has_window)
        return WEIR_OK;
    weir_window_property *list = WEIR_ARENA_ARRAY(state->scope->context->arena, weir_window_property, properties->count);
    if (list == NULL)
        return no_memory(error);
    weir_arena *arena = state->scope->context->arena;
    for (size_t i = 0; i < properties->count; i++) {
        const bind_property *property = properties->items[i];
        list[i] = property->property;
        weir_plan_field *field = &weir_node_fields(node)[first_field + i];
        field->name = weir_arena_format(arena, "$w%zu", i);
        field->type = weir_type_sized(arena, WEIR_KIND_TIMESTAMP, 3, false);
        if (property->property == WEIR_WINDOW_PROPERTY_TIME) {
            field->time = WEIR_TIME_ROWTIME;
            field->type = weir_type_sized(arena, property->time->type->kind, 3, property->time->type->nullable);
        } else if (property->property == WEIR_WINDOW_PROPERTY_PROCTIME) {
            field->time = WEIR_TIME_PROCTIME;
            field->type = weir_type_sized(arena, WEIR_KIND_TIMESTAMP_LTZ, 3, false);
        }
        if (field->type == NULL)
            return no_memory(error);
    }
    node->as.aggregate.window =
        (weir_group_window){.present = true, .window = state->window, .property_count = (uint32_t)properties->count, .properties = list};
    return WEIR_OK;
}

/* ---- making the expressions refer to the output ---- */

typedef struct regroup {
    group_state *state;
    const weir_node *aggregate;
    uint32_t first_call, first_grouping, first_property;
} regroup;

static weir_status output_column(const regroup *to, uint32_t column, const weir_expr *from, const weir_expr **out, weir_error *error) {
    *out = weir_expr_column(to->state->scope->context->arena, column, to->aggregate->fields[column].type, from->position);
    return *out == NULL ? no_memory(error) : WEIR_OK;
}

static weir_status rewrite_records(const regroup *to, const weir_expr *mark, weir_error *error);

static weir_status regroup_change(void *context, const weir_expr *expr, const weir_expr **out, weir_error *error) {
    const regroup *to = context;
    for (uint32_t k = 0; k < to->state->keys.count; k++)
        if (weir_expr_equal(to->state->keys.items[k], expr))
            return output_column(to, k, expr, out, error);
    if (bind_is_mark(expr, BIND_MARK_AGGREGATE))
        return output_column(to, to->first_call + expr->as.outer.column, expr, out, error);
    if (bind_is_mark(expr, BIND_MARK_GROUPING))
        return output_column(to, to->first_grouping + expr->as.outer.column, expr, out, error);
    if (bind_is_mark(expr, BIND_MARK_PROPERTY))
        return output_column(to, to->first_property + expr->as.outer.column, expr, out, error);
    if (bind_is_mark(expr, BIND_MARK_OVER) || bind_is_mark(expr, BIND_MARK_SUBQUERY)) {
        *out = expr;
        return rewrite_records(to, expr, error);
    }
    if (expr->kind == WEIR_EXPR_COLUMN)
        return weir_fail_at(error, WEIR_VALIDATE, expr->position, "Expression '%.*s' is not being grouped",
                            WEIR_TEXT_ARGS(to->state->scope->columns[expr->as.column].name));
    return WEIR_OK;
}

static weir_status rewrite_list(const regroup *to, const weir_expr *const *exprs, uint32_t count, weir_error *error) {
    const weir_expr **items = (const weir_expr **)(uintptr_t)exprs; /* our own arrays, made while binding */
    for (uint32_t i = 0; i < count; i++)
        WEIR_TRY(bind_rewrite(to->state->scope->context->arena, items[i], regroup_change, (void *)(uintptr_t)to, &items[i], error));
    return WEIR_OK;
}

/* A subquery after GROUP BY may read outer columns that are keys. */
static weir_status map_outer(const regroup *to, bind_subquery *subquery, weir_error *error) {
    const bind_scope *scope = to->state->scope;
    uint32_t *map = WEIR_ARENA_ARRAY(scope->context->arena, uint32_t, scope->column_count);
    if (map == NULL)
        return no_memory(error);
    for (uint32_t c = 0; c < scope->column_count; c++) {
        map[c] = UINT32_MAX;
        for (uint32_t k = 0; k < to->state->keys.count; k++) {
            const weir_expr *key = to->state->keys.items[k];
            if (key->kind == WEIR_EXPR_COLUMN && key->as.column == c)
                map[c] = k;
        }
    }
    subquery->outer_map = map;
    return WEIR_OK;
}

/* What an OVER call or a subquery's operands read are columns of the aggregate, too. */
static weir_status rewrite_records(const regroup *to, const weir_expr *mark, weir_error *error) {
    if (bind_is_mark(mark, BIND_MARK_SUBQUERY)) {
        bind_subquery *subquery = to->state->scope->marks->subqueries.items[mark->as.outer.column];
        WEIR_TRY(map_outer(to, subquery, error));
        return rewrite_list(to, subquery->operands, subquery->operand_count, error);
    }
    bind_over *over = to->state->scope->marks->overs.items[mark->as.outer.column];
    WEIR_TRY(rewrite_list(to, over->call.arguments, over->call.argument_count, error));
    WEIR_TRY(rewrite_list(to, over->partitions, over->partition_count, error));
    return rewrite_list(to, over->order, over->order_count, error);
}

weir_status bind_apply_groups(bind_scope *scope, const weir_ast_select *select, bind_exprs_list *exprs, const weir_node **node,
                              weir_error *error) {
    weir_arena *arena = scope->context->arena;
    group_state state = {.scope = scope};
    scope->clause = BIND_CLAUSE_GROUP;
    WEIR_TRY(bind_groups(&state, select, error));
    uint32_t keys = (uint32_t)state.keys.count, calls = (uint32_t)scope->marks->aggregates.count;
    uint32_t groupings = (uint32_t)scope->marks->groupings.count, properties = (uint32_t)scope->marks->properties.count;
    weir_aggregate_call *call_list = WEIR_ARENA_ARRAY(arena, weir_aggregate_call, calls);
    uint32_t *key_list = WEIR_ARENA_ARRAY(arena, uint32_t, keys);
    if (call_list == NULL || key_list == NULL)
        return no_memory(error);
    WEIR_TRY(make_below(&state, call_list, node, error));
    weir_node *aggregate =
        weir_node_create(arena, WEIR_NODE_AGGREGATE, select->position, &state.below, 1, keys + calls + groupings + properties);
    if (aggregate == NULL)
        return no_memory(error);
    weir_plan_field *fields = weir_node_fields(aggregate);
    for (uint32_t k = 0; k < keys; k++) {
        key_list[k] = k;
        fields[k] = state.below->fields[k];
    }
    for (uint32_t c = 0; c < calls; c++)
        fields[keys + c] = (weir_plan_field){.name = weir_arena_format(arena, "EXPR$%u", c), .type = call_list[c].result};
    aggregate->as.aggregate.key_count = keys;
    aggregate->as.aggregate.keys = key_list;
    aggregate->as.aggregate.call_count = calls;
    aggregate->as.aggregate.calls = call_list;
    WEIR_TRY(fill_sets(&state, aggregate, error));
    WEIR_TRY(fill_groupings(&state, aggregate, keys + calls, error));
    WEIR_TRY(fill_properties(&state, aggregate, keys + calls + groupings, error));
    regroup to = {&state, aggregate, keys, keys + calls, keys + calls + groupings};
    for (uint32_t i = 0; i < exprs->count; i++)
        WEIR_TRY(bind_rewrite(arena, exprs->items[i], regroup_change, &to, &exprs->items[i], error));
    *node = aggregate;
    return WEIR_OK;
}
