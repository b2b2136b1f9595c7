/* Decorrelation of the shapes that decorrelate.c leaves: the subquery is computed once for every distinct combination of the outer columns
 * that it reads (its domain), and joined back on them.
 *
 * Source of the idea: Neumann and Kemper, "Unnesting Arbitrary Queries" (BTW 2015). Every node of the subquery's plan hands the domain's
 * columns through behind its own; where a node reads outer columns, it finds them there. Domain columns are compared with IS NOT DISTINCT
 * FROM. Left out: correlated FOR SYSTEM_TIME AS OF and window functions over a correlated input, which are refused.
 */
#include <string.h>

#include "bind/bind_int.h"

typedef struct domain {
    weir_bind_context *context;
    uint32_t count;
    uint32_t *columns; /* outer columns of level 1 */
    const weir_type **types;
    const weir_node *node; /* DISTINCT over them; NULL when count is 0 */
} domain;

static weir_status no_memory(weir_error *error) { return weir_fail_memory(error, "a subquery", sizeof(weir_node)); }

static weir_status hand_through(const domain *d, const weir_node *node, const weir_node **out, weir_error *error);

/* ---- who reads outer columns ---- */

typedef bool (*expr_visit)(void *context, const weir_expr *expr); /* true: stop */

static bool visit_expr(const weir_expr *expr, expr_visit visit, void *context) {
    if (expr == NULL)
        return false;
    if (visit(context, expr))
        return true;
    if (expr->kind == WEIR_EXPR_CALL)
        for (uint32_t i = 0; i < expr->as.call.count; i++)
            if (visit_expr(expr->as.call.arguments[i], visit, context))
                return true;
    return false;
}

static bool visit_node(const weir_node *node, expr_visit visit, void *context) {
    switch (node->kind) {
    case WEIR_NODE_PROJECT:
        for (uint32_t i = 0; i < node->field_count; i++)
            if (visit_expr(node->as.project.expressions[i], visit, context))
                return true;
        break;
    case WEIR_NODE_FILTER:
        if (visit_expr(node->as.filter.condition, visit, context))
            return true;
        break;
    case WEIR_NODE_JOIN:
        if (visit_expr(node->as.join.condition, visit, context))
            return true;
        break;
    case WEIR_NODE_UNNEST:
        if (visit_expr(node->as.unnest.collection, visit, context))
            return true;
        break;
    default: break;
    }
    for (uint32_t i = 0; i < node->input_count; i++)
        if (visit_node(node->inputs[i], visit, context))
            return true;
    return false;
}

static bool is_outer(void *context, const weir_expr *expr) {
    (void)context;
    return expr->kind == WEIR_EXPR_OUTER && expr->as.outer.level < BIND_MARK_AGGREGATE;
}

bool bind_node_reads_outer(const weir_node *node) { return visit_node(node, is_outer, NULL); }

static uint32_t domain_index(const domain *d, uint32_t column) {
    uint32_t at = 0;
    while (at < d->count && d->columns[at] != column)
        at++;
    return at;
}

/* Note the columns of level 1; the arrays have room for all columns that the outer scope may have. */
static bool note_outer(void *context, const weir_expr *expr) {
    domain *d = context;
    if (!is_outer(NULL, expr) || expr->as.outer.level != 1 || domain_index(d, expr->as.outer.column) < d->count)
        return false;
    d->columns[d->count] = expr->as.outer.column;
    d->types[d->count++] = expr->type;
    return false;
}

static bool count_outer(void *context, const weir_expr *expr) {
    *(uint32_t *)context += is_outer(NULL, expr);
    return false;
}

/* ---- expressions over widened inputs ---- */

typedef struct widening {
    const domain *d;
    uint32_t split; /* columns from here on have moved by d->count */
    uint32_t at;    /* where the domain's columns begin */
} widening;

static weir_status widen_change(void *context, const weir_expr *expr, const weir_expr **out, weir_error *error) {
    const widening *to = context;
    weir_arena *arena = to->d->context->arena;
    if (expr->kind == WEIR_EXPR_COLUMN) {
        bool moved = expr->as.column >= to->split;
        *out = moved ? weir_expr_column(arena, expr->as.column + to->d->count, expr->type, expr->position) : expr;
    } else if (!is_outer(NULL, expr)) {
        return WEIR_OK;
    } else if (expr->as.outer.level == 1) {
        *out = weir_expr_column(arena, to->at + domain_index(to->d, expr->as.outer.column), expr->type, expr->position);
    } else {
        weir_expr *nearer = WEIR_ARENA_NEW(arena, weir_expr);
        if (nearer != NULL) {
            *nearer = *expr;
            nearer->as.outer.level--;
        }
        *out = nearer;
    }
    return *out == NULL ? no_memory(error) : WEIR_OK;
}

static weir_status widen(const domain *d, const weir_expr *expr, uint32_t split, uint32_t at, const weir_expr **out, weir_error *error) {
    widening to = {d, split, at};
    *out = NULL;
    return expr == NULL ? WEIR_OK : bind_rewrite(d->context->arena, expr, widen_change, &to, out, error);
}

/* PROJECT of columns in another order: `first`, then the others of the ranges; see the callers. */
typedef struct range {
    uint32_t from, count;
} range;

static weir_status take_ranges(const domain *d, const weir_node *input, const range *ranges, uint32_t range_count, const weir_node **out,
                               weir_error *error) {
    weir_arena *arena = d->context->arena;
    uint32_t total = 0, at = 0;
    for (uint32_t r = 0; r < range_count; r++)
        total += ranges[r].count;
    const weir_expr **exprs = WEIR_ARENA_ARRAY(arena, const weir_expr *, total);
    weir_text *names = WEIR_ARENA_ARRAY(arena, weir_text, total);
    if (exprs == NULL || names == NULL)
        return no_memory(error);
    for (uint32_t r = 0; r < range_count; r++)
        for (uint32_t i = 0; i < ranges[r].count; i++, at++) {
            const weir_plan_field *field = &input->fields[ranges[r].from + i];
            exprs[at] = weir_expr_column(arena, ranges[r].from + i, field->type, input->position);
            names[at] = field->name;
            if (exprs[at] == NULL)
                return no_memory(error);
        }
    return bind_project(d->context, input, exprs, names, total, input->position, out, error);
}

/* left.at + i IS NOT DISTINCT FROM right.at + i for the whole domain, ANDed to *condition. */
static weir_status same_domain(const domain *d, uint32_t left_at, uint32_t right_at, const weir_expr **condition, weir_error *error) {
    weir_arena *arena = d->context->arena;
    for (uint32_t i = 0; i < d->count; i++) {
        const weir_expr *sides[2] = {weir_expr_column(arena, left_at + i, d->types[i], (weir_position){0}),
                                     weir_expr_column(arena, right_at + i, d->types[i], (weir_position){0})};
        const weir_expr *equal = weir_expr_call(arena, d->types[i]->nullable ? "IS NOT DISTINCT FROM" : "=",
                                                weir_type_simple(WEIR_KIND_BOOLEAN, false), sides, 2, (weir_position){0});
        *condition = equal == NULL ? NULL : weir_expr_and(arena, *condition, equal);
        if (*condition == NULL)
            return no_memory(error);
    }
    return WEIR_OK;
}

/* ---- the nodes ---- */

static weir_status through_project(const domain *d, const weir_node *node, const weir_node **out, weir_error *error) {
    weir_arena *arena = d->context->arena;
    const weir_node *input;
    WEIR_TRY(hand_through(d, node->inputs[0], &input, error));
    uint32_t old = node->inputs[0]->field_count, total = node->field_count + d->count;
    const weir_expr **exprs = WEIR_ARENA_ARRAY(arena, const weir_expr *, total);
    weir_text *names = WEIR_ARENA_ARRAY(arena, weir_text, total);
    if (exprs == NULL || names == NULL)
        return no_memory(error);
    for (uint32_t i = 0; i < node->field_count; i++) {
        WEIR_TRY(widen(d, node->as.project.expressions[i], UINT32_MAX, old, &exprs[i], error));
        names[i] = node->fields[i].name;
    }
    for (uint32_t i = 0; i < d->count; i++) {
        exprs[node->field_count + i] = weir_expr_column(arena, old + i, d->types[i], node->position);
        names[node->field_count + i] = input->fields[old + i].name;
        if (exprs[node->field_count + i] == NULL)
            return no_memory(error);
    }
    return bind_project(d->context, input, exprs, names, total, node->position, out, error);
}

static weir_status through_filter(const domain *d, const weir_node *node, const weir_node **out, weir_error *error) {
    const weir_node *input;
    const weir_expr *condition;
    WEIR_TRY(hand_through(d, node->inputs[0], &input, error));
    WEIR_TRY(widen(d, node->as.filter.condition, UINT32_MAX, node->field_count, &condition, error));
    return bind_filter_node(d->context, input, condition, node->position, out, error);
}

/* NOT IN with NULLs, once rows are also told apart by the domain: a row that is equal, or could be, excludes. */
static weir_status without_null_aware(const domain *d, const weir_expr *condition, const weir_expr **out, weir_error *error) {
    weir_arena *arena = d->context->arena;
    weir_list parts = {0};
    *out = NULL;
    if (!weir_expr_conjuncts(arena, condition, &parts))
        return no_memory(error);
    for (size_t i = 0; i < parts.count; i++) {
        const weir_expr *part = parts.items[i];
        const weir_expr *maybe =
            weir_expr_call(arena, "IS NOT FALSE", weir_type_simple(WEIR_KIND_BOOLEAN, false), &part, 1, part->position);
        *out = maybe == NULL ? NULL : weir_expr_and(arena, *out, maybe);
        if (*out == NULL)
            return no_memory(error);
    }
    return WEIR_OK;
}

/* The domain comes through the left side; through the right one for RIGHT JOIN; through both when both read outer columns, or rows of both
 * sides are kept. */
static weir_status through_join(const domain *d, const weir_node *node, const weir_node **out, weir_error *error) {
    const weir_node *left = node->inputs[0], *right = node->inputs[1];
    uint32_t nl = left->field_count, nr = right->field_count;
    weir_join_type type = node->as.join.type;
    bool left_only = type == WEIR_JOIN_SEMI || type == WEIR_JOIN_ANTI;
    bool by_right = type == WEIR_JOIN_RIGHT || (type == WEIR_JOIN_INNER && !bind_node_reads_outer(left) && bind_node_reads_outer(right));
    bool wide_left = !by_right || type == WEIR_JOIN_FULL || bind_node_reads_outer(left);
    bool wide_right = by_right || type == WEIR_JOIN_FULL || bind_node_reads_outer(right);
    if (wide_left)
        WEIR_TRY(hand_through(d, node->inputs[0], &left, error));
    if (wide_right)
        WEIR_TRY(hand_through(d, node->inputs[1], &right, error));
    uint32_t left_count = left->field_count, right_domain = left_count + nr;
    const weir_expr *condition;
    WEIR_TRY(widen(d, node->as.join.condition, wide_left ? nl : UINT32_MAX, wide_left ? nl : right_domain, &condition, error));
    bool null_aware = node->as.join.null_aware_anti;
    if (null_aware && condition != NULL && d->count > 0) {
        WEIR_TRY(without_null_aware(d, condition, &condition, error));
        null_aware = false;
    }
    if (wide_left && wide_right)
        WEIR_TRY(same_domain(d, nl, right_domain, &condition, error));
    const weir_node *joined;
    WEIR_TRY(bind_join_node(d->context, type, left, right, condition, node->position, &joined, error));
    ((weir_node *)(uintptr_t)joined)->as.join.null_aware_anti = null_aware;
    *out = joined;
    if (left_only || d->count == 0)
        return WEIR_OK;
    if (type == WEIR_JOIN_FULL)
        return weir_fail_at(error, WEIR_UNSUPPORTED, node->position,
                            "unexpected correlate variable: a FULL JOIN in a correlated subquery is not supported");
    range order[3] = {{0, nl}, {left_count, nr}, {by_right ? right_domain : nl, d->count}};
    return take_ranges(d, joined, order, 3, out, error);
}

/* COUNT over no rows is 0: a global aggregate has a row for every combination of the domain, also where nothing was aggregated. */
static weir_status restore_empty(const domain *d, const weir_node *node, const weir_node *grouped, const weir_node **out,
                                 weir_error *error) {
    weir_arena *arena = d->context->arena;
    uint32_t calls = node->field_count;
    const weir_expr *condition = NULL;
    WEIR_TRY(same_domain(d, 0, d->count + calls, &condition, error));
    const weir_node *joined;
    WEIR_TRY(bind_join_node(d->context, WEIR_JOIN_LEFT, d->node, grouped, condition, node->position, &joined, error));
    const weir_expr **exprs = WEIR_ARENA_ARRAY(arena, const weir_expr *, calls + d->count);
    weir_text *names = WEIR_ARENA_ARRAY(arena, weir_text, calls + d->count);
    if (exprs == NULL || names == NULL)
        return no_memory(error);
    for (uint32_t i = 0; i < calls; i++) {
        names[i] = node->fields[i].name;
        WEIR_TRY(bind_count_or_zero(d->context, node, i, d->count + i, joined->fields[d->count + i].type, &exprs[i], error));
    }
    for (uint32_t i = 0; i < d->count; i++) {
        names[calls + i] = d->node->fields[i].name;
        exprs[calls + i] = weir_expr_column(arena, i, d->types[i], node->position);
        if (exprs[calls + i] == NULL)
            return no_memory(error);
    }
    return bind_project(d->context, joined, exprs, names, calls + d->count, node->position, out, error);
}

static weir_status widen_sets(const domain *d, weir_node *grouped, weir_error *error) {
    weir_arena *arena = d->context->arena;
    uint32_t keys = grouped->as.aggregate.key_count, old_keys = keys - d->count;
    const bool **sets = WEIR_ARENA_ARRAY(arena, const bool *, grouped->as.aggregate.set_count);
    if (sets == NULL)
        return no_memory(error);
    for (uint32_t s = 0; s < grouped->as.aggregate.set_count; s++) {
        bool *kept = WEIR_ARENA_ARRAY(arena, bool, keys);
        if (kept == NULL)
            return no_memory(error);
        for (uint32_t k = 0; k < keys; k++)
            kept[k] = k >= old_keys || grouped->as.aggregate.sets[s][k];
        sets[s] = kept;
    }
    grouped->as.aggregate.sets = sets;
    return WEIR_OK;
}

static weir_status through_aggregate(const domain *d, const weir_node *node, const weir_node **out, weir_error *error) {
    weir_arena *arena = d->context->arena;
    if (node->as.aggregate.window.present)
        return weir_fail_at(error, WEIR_UNSUPPORTED, node->position,
                            "unexpected correlate variable: a group window in a correlated subquery is not supported");
    const weir_node *input;
    WEIR_TRY(hand_through(d, node->inputs[0], &input, error));
    uint32_t old_keys = node->as.aggregate.key_count, keys = old_keys + d->count, rest = node->field_count - old_keys;
    weir_node *grouped = weir_node_create(arena, WEIR_NODE_AGGREGATE, node->position, &input, 1, keys + rest);
    uint32_t *key_list = WEIR_ARENA_ARRAY(arena, uint32_t, keys);
    if (grouped == NULL || key_list == NULL)
        return no_memory(error);
    grouped->as = node->as;
    grouped->as.aggregate.key_count = keys;
    grouped->as.aggregate.keys = key_list;
    weir_plan_field *fields = weir_node_fields(grouped);
    for (uint32_t k = 0; k < keys; k++) {
        uint32_t domain_column = node->inputs[0]->field_count + k - old_keys;
        key_list[k] = k < old_keys ? node->as.aggregate.keys[k] : domain_column;
        fields[k] = k < old_keys ? node->fields[k] : input->fields[domain_column];
        if (k >= old_keys)
            fields[k].time = WEIR_TIME_NONE;
    }
    for (uint32_t i = 0; i < rest; i++)
        fields[keys + i] = node->fields[old_keys + i];
    if (node->as.aggregate.set_count > 0)
        WEIR_TRY(widen_sets(d, grouped, error));
    range order[3] = {{0, old_keys}, {keys, rest}, {old_keys, d->count}};
    WEIR_TRY(take_ranges(d, grouped, order, 3, out, error));
    return old_keys == 0 && d->count > 0 ? restore_empty(d, node, *out, out, error) : WEIR_OK;
}

/* The row numbers of each combination of the domain, to carry out OFFSET and FETCH within it. */
static weir_status number_rows(const domain *d, const weir_node *node, const weir_node *input, const weir_node **out, weir_error *error) {
    weir_arena *arena = d->context->arena;
    uint32_t n = node->field_count, order_count = node->as.sort.order_count;
    weir_node *over = weir_node_create(arena, WEIR_NODE_OVER, node->position, &input, 1, n + d->count + 1);
    uint32_t *keys = WEIR_ARENA_ARRAY(arena, uint32_t, d->count);
    weir_sort_key *order = WEIR_ARENA_ARRAY(arena, weir_sort_key, order_count + 1);
    weir_over_call *call = WEIR_ARENA_NEW(arena, weir_over_call);
    if (over == NULL || keys == NULL || order == NULL || call == NULL)
        return no_memory(error);
    for (uint32_t i = 0; i < d->count; i++)
        keys[i] = n + i;
    if (order_count > 0)
        memcpy(order, node->as.sort.order, order_count * sizeof *order);
    else
        order[order_count++] = (weir_sort_key){.column = n}; /* any order will do */
    const weir_type *bigint = weir_type_simple(WEIR_KIND_BIGINT, false);
    *call = (weir_over_call){.call = {.aggregate = weir_aggregate_find(WEIR_TEXT("ROW_NUMBER"), true),
                                      .result = bigint,
                                      .filter = -1,
                                      .name = WEIR_TEXT("ROW_NUMBER")},
                             .frame = {.lower = WEIR_BOUND_UNBOUNDED_PRECEDING, .upper = WEIR_BOUND_CURRENT}};
    memcpy(weir_node_fields(over), input->fields, (n + d->count) * sizeof *input->fields);
    weir_node_fields(over)[n + d->count] = (weir_plan_field){.name = WEIR_TEXT("$row"), .type = bigint};
    over->as.over.key_count = d->count;
    over->as.over.keys = keys;
    over->as.over.order_count = order_count;
    over->as.over.order = order;
    over->as.over.call_count = 1;
    over->as.over.calls = call;
    *out = over;
    return WEIR_OK;
}

static weir_status compare_number(const domain *d, uint32_t column, const char *function, int64_t bound, const weir_expr **condition,
                                  weir_error *error) {
    weir_arena *arena = d->context->arena;
    const weir_type *bigint = weir_type_simple(WEIR_KIND_BIGINT, false);
    weir_value value = {.type = bigint, .as.integer = bound};
    const weir_expr *sides[2] = {weir_expr_column(arena, column, bigint, (weir_position){0}),
                                 weir_expr_literal(arena, &value, (weir_position){0})};
    const weir_expr *compare = weir_expr_call(arena, function, weir_type_simple(WEIR_KIND_BOOLEAN, false), sides, 2, (weir_position){0});
    *condition = compare == NULL ? NULL : weir_expr_and(arena, *condition, compare);
    return *condition == NULL ? no_memory(error) : WEIR_OK;
}

static weir_status through_sort(const domain *d, const weir_node *node, const weir_node **out, weir_error *error) {
    const weir_node *input;
    WEIR_TRY(hand_through(d, node->inputs[0], &input, error));
    *out = input;
    int64_t offset = node->as.sort.offset, fetch = node->as.sort.fetch;
    if (offset == 0 && fetch < 0)
        return WEIR_OK; /* the order of a subquery's rows means nothing */
    if (d->count == 0)
        return bind_sort_node(d->context, input, node->as.sort.order, node->as.sort.order_count, offset, fetch, node->position, out, error);
    uint32_t total = node->field_count + d->count;
    const weir_expr *condition = NULL;
    WEIR_TRY(number_rows(d, node, input, out, error));
    if (offset > 0)
        WEIR_TRY(compare_number(d, total, ">", offset, &condition, error));
    if (fetch >= 0)
        WEIR_TRY(compare_number(d, total, "<=", fetch > INT64_MAX - offset ? INT64_MAX : offset + fetch, &condition, error));
    WEIR_TRY(bind_filter_node(d->context, *out, condition, node->position, out, error));
    return bind_project_first(d->context, *out, total, out, error);
}

static weir_status through_set(const domain *d, const weir_node *node, const weir_node **out, weir_error *error) {
    const weir_node *inputs[2];
    for (uint32_t i = 0; i < 2; i++)
        WEIR_TRY(hand_through(d, node->inputs[i], &inputs[i], error));
    weir_node *set = weir_node_create(d->context->arena, WEIR_NODE_SET, node->position, inputs, 2, node->field_count + d->count);
    if (set == NULL)
        return no_memory(error);
    weir_plan_field *fields = weir_node_fields(set);
    for (uint32_t i = 0; i < node->field_count + d->count; i++) {
        fields[i] = i < node->field_count ? node->fields[i] : inputs[0]->fields[i];
        if (i >= node->field_count)
            fields[i].time = WEIR_TIME_NONE;
    }
    set->as.set = node->as.set;
    *out = set;
    return WEIR_OK;
}

static weir_status through_unnest(const domain *d, const weir_node *node, const weir_node **out, weir_error *error) {
    const weir_node *input;
    WEIR_TRY(hand_through(d, node->inputs[0], &input, error));
    uint32_t old = node->inputs[0]->field_count, more = node->field_count - old;
    weir_node *made = weir_node_create(d->context->arena, WEIR_NODE_UNNEST, node->position, &input, 1, input->field_count + more);
    if (made == NULL)
        return no_memory(error);
    memcpy(weir_node_fields(made), input->fields, input->field_count * sizeof *input->fields);
    memcpy(weir_node_fields(made) + input->field_count, node->fields + old, more * sizeof *node->fields);
    made->as.unnest = node->as.unnest;
    WEIR_TRY(widen(d, node->as.unnest.collection, UINT32_MAX, old, &made->as.unnest.collection, error));
    range order[3] = {{0, old}, {old + d->count, more}, {old, d->count}};
    return take_ranges(d, made, order, 3, out, error);
}

static weir_status through_over(const domain *d, const weir_node *node, const weir_node **out, weir_error *error) {
    weir_arena *arena = d->context->arena;
    const weir_node *input;
    WEIR_TRY(hand_through(d, node->inputs[0], &input, error));
    uint32_t old = node->inputs[0]->field_count, calls = node->field_count - old, old_keys = node->as.over.key_count;
    weir_node *made = weir_node_create(arena, WEIR_NODE_OVER, node->position, &input, 1, input->field_count + calls);
    uint32_t *keys = WEIR_ARENA_ARRAY(arena, uint32_t, old_keys + d->count);
    if (made == NULL || keys == NULL)
        return no_memory(error);
    memcpy(weir_node_fields(made), input->fields, input->field_count * sizeof *input->fields);
    memcpy(weir_node_fields(made) + input->field_count, node->fields + old, calls * sizeof *node->fields);
    made->as.over = node->as.over;
    for (uint32_t k = 0; k < old_keys + d->count; k++)
        keys[k] = k < old_keys ? node->as.over.keys[k] : old + k - old_keys;
    made->as.over.keys = keys;
    made->as.over.key_count = old_keys + d->count;
    range order[3] = {{0, old}, {old + d->count, calls}, {old, d->count}};
    return take_ranges(d, made, order, 3, out, error);
}

/* *out: the node, computed for every combination of the domain, whose columns come behind the node's own. */
static weir_status hand_through(const domain *d, const weir_node *node, const weir_node **out, weir_error *error) {
    if (!bind_node_reads_outer(node)) {
        *out = node;
        return d->count == 0 ? WEIR_OK : bind_join_node(d->context, WEIR_JOIN_INNER, node, d->node, NULL, node->position, out, error);
    }
    switch (node->kind) {
    case WEIR_NODE_PROJECT: return through_project(d, node, out, error);
    case WEIR_NODE_FILTER: return through_filter(d, node, out, error);
    case WEIR_NODE_JOIN: return through_join(d, node, out, error);
    case WEIR_NODE_AGGREGATE: return through_aggregate(d, node, out, error);
    case WEIR_NODE_SORT: return through_sort(d, node, out, error);
    case WEIR_NODE_SET: return through_set(d, node, out, error);
    case WEIR_NODE_UNNEST: return through_unnest(d, node, out, error);
    case WEIR_NODE_OVER: return through_over(d, node, out, error);
    default:
        return weir_fail_at(error, WEIR_UNSUPPORTED, node->position,
                            "unexpected correlate variable: this form of correlated subquery is not supported");
    }
}

/* DISTINCT over the outer columns, as they stand in `left`. */
static weir_status domain_node(domain *d, const weir_node *left, const uint32_t *outer_map, weir_position position, weir_error *error) {
    weir_arena *arena = d->context->arena;
    const weir_expr **exprs = WEIR_ARENA_ARRAY(arena, const weir_expr *, d->count);
    weir_text *names = WEIR_ARENA_ARRAY(arena, weir_text, d->count);
    if (exprs == NULL || names == NULL)
        return no_memory(error);
    for (uint32_t i = 0; i < d->count; i++) {
        uint32_t column = outer_map == NULL ? d->columns[i] : outer_map[d->columns[i]];
        if (column == UINT32_MAX)
            return weir_fail_at(error, WEIR_VALIDATE, position, "an outer column that this subquery reads is not being grouped");
        exprs[i] = weir_expr_column(arena, column, left->fields[column].type, position);
        names[i] = left->fields[column].name;
        d->types[i] = left->fields[column].type;
        if (exprs[i] == NULL)
            return no_memory(error);
    }
    const weir_node *project;
    WEIR_TRY(bind_project(d->context, left, exprs, names, d->count, position, &project, error));
    for (uint32_t i = 0; i < d->count; i++)
        weir_node_fields((weir_node *)(uintptr_t)project)[i].time = WEIR_TIME_NONE;
    return bind_distinct_node(d->context, project, position, &d->node, error);
}

weir_status bind_domain(weir_bind_context *context, const weir_node *left, const weir_node *query, const uint32_t *outer_map,
                        weir_position position, const weir_node **out, weir_list *pulled, weir_error *error) {
    uint32_t reads = 0;
    visit_node(query, count_outer, &reads);
    domain d = {.context = context,
                .columns = WEIR_ARENA_ARRAY(context->arena, uint32_t, reads),
                .types = WEIR_ARENA_ARRAY(context->arena, const weir_type *, reads)};
    if (d.columns == NULL || d.types == NULL)
        return no_memory(error);
    visit_node(query, note_outer, &d);
    if (d.count > 0)
        WEIR_TRY(domain_node(&d, left, outer_map, position, error));
    WEIR_TRY(hand_through(&d, query, out, error));
    for (uint32_t i = 0; i < d.count; i++) {
        weir_expr *outer = WEIR_ARENA_NEW(context->arena, weir_expr);
        const weir_expr *sides[2] = {weir_expr_column(context->arena, query->field_count + i, d.types[i], position), outer};
        if (outer == NULL || sides[0] == NULL)
            return no_memory(error);
        *outer = (weir_expr){.kind = WEIR_EXPR_OUTER, .type = d.types[i], .position = position, .as.outer = {1, d.columns[i]}};
        const weir_expr *equal = weir_expr_call(context->arena, d.types[i]->nullable ? "IS NOT DISTINCT FROM" : "=",
                                                weir_type_simple(WEIR_KIND_BOOLEAN, false), sides, 2, position);
        if (equal == NULL || !weir_list_add(context->arena, pulled, (void *)(uintptr_t)equal))
            return no_memory(error);
    }
    return WEIR_OK;
}
