/* Decorrelation: the conditions of a subquery's plan that read columns of the enclosing query are pulled up through its nodes, so that they
 * become the condition of a join.
 *
 * Source of the idea: Galindo-Legaria and Joshi, "Orthogonal Optimization of Subqueries and Aggregation" (SIGMOD 2001), for the shapes
 * people write: filters, projections, inner joins and aggregates below which the conditions compare an inner expression with an outer one
 * for equality. Other shapes keep their outer columns and are refused when they are compiled.
 */
#include <string.h>

#include "bind/bind_int.h"

static weir_status no_memory(weir_error *error) { return weir_fail_memory(error, "a subquery", sizeof(weir_node)); }

bool bind_reads_outer(const weir_expr *expr) {
    if (expr->kind == WEIR_EXPR_OUTER)
        return expr->as.outer.level < BIND_MARK_AGGREGATE;
    if (expr->kind == WEIR_EXPR_CALL)
        for (uint32_t i = 0; i < expr->as.call.count; i++)
            if (bind_reads_outer(expr->as.call.arguments[i]))
                return true;
    return false;
}

/* Conjuncts with outer columns go to `pulled`, the others are ANDed into *kept. */
static weir_status split_condition(weir_bind_context *context, const weir_expr *condition, const weir_expr **kept, weir_list *pulled,
                                   weir_error *error) {
    weir_list parts = {0};
    *kept = NULL;
    if (condition == NULL)
        return WEIR_OK;
    if (!weir_expr_conjuncts(context->arena, condition, &parts))
        return no_memory(error);
    for (size_t i = 0; i < parts.count; i++) {
        const weir_expr *part = parts.items[i];
        if (bind_reads_outer(part)) {
            if (!weir_list_add(context->arena, pulled, (void *)(uintptr_t)part))
                return no_memory(error);
        } else if ((*kept = weir_expr_and(context->arena, *kept, part)) == NULL) {
            return no_memory(error);
        }
    }
    return WEIR_OK;
}

static weir_status pull_filter(weir_bind_context *context, const weir_node *node, const weir_node **out, weir_list *pulled,
                               weir_error *error) {
    const weir_node *input;
    const weir_expr *kept;
    WEIR_TRY(bind_pull_up(context, node->inputs[0], &input, pulled, error));
    WEIR_TRY(split_condition(context, node->as.filter.condition, &kept, pulled, error));
    if (kept == NULL) {
        *out = input;
        return WEIR_OK;
    }
    return bind_filter_node(context, input, kept, node->position, out, error);
}

/* Columns of the input that the pulled conditions read are handed through at the end of the projection. */
typedef struct through {
    weir_bind_context *context;
    const weir_node *input;
    weir_list exprs;
    weir_list names;
} through;

static weir_status through_change(void *change_context, const weir_expr *expr, const weir_expr **out, weir_error *error) {
    through *to = change_context;
    if (expr->kind != WEIR_EXPR_COLUMN)
        return WEIR_OK;
    uint32_t at = 0;
    while (at < to->exprs.count && !weir_expr_equal(to->exprs.items[at], expr))
        at++;
    if (at == to->exprs.count) {
        weir_text *name = WEIR_ARENA_NEW(to->context->arena, weir_text);
        if (name == NULL || !weir_list_add(to->context->arena, &to->exprs, (void *)(uintptr_t)expr) ||
            !weir_list_add(to->context->arena, &to->names, name))
            return no_memory(error);
        *name = to->input->fields[expr->as.column].name;
    }
    *out = weir_expr_column(to->context->arena, at, expr->type, expr->position);
    return *out == NULL ? no_memory(error) : WEIR_OK;
}

static weir_status rewrite_all(weir_bind_context *context, weir_list *exprs, bind_change change, void *change_context, weir_error *error) {
    for (size_t i = 0; i < exprs->count; i++) {
        const weir_expr *changed;
        WEIR_TRY(bind_rewrite(context->arena, exprs->items[i], change, change_context, &changed, error));
        exprs->items[i] = (void *)(uintptr_t)changed;
    }
    return WEIR_OK;
}

static weir_status pull_project(weir_bind_context *context, const weir_node *node, const weir_node **out, weir_list *pulled,
                                weir_error *error) {
    through to = {.context = context};
    WEIR_TRY(bind_pull_up(context, node->inputs[0], &to.input, pulled, error));
    if (to.input == node->inputs[0] && pulled->count == 0) {
        *out = node;
        return WEIR_OK;
    }
    for (uint32_t i = 0; i < node->field_count; i++) {
        weir_text *name = WEIR_ARENA_NEW(context->arena, weir_text);
        if (name == NULL || !weir_list_add(context->arena, &to.exprs, (void *)(uintptr_t)node->as.project.expressions[i]) ||
            !weir_list_add(context->arena, &to.names, name))
            return no_memory(error);
        *name = node->fields[i].name;
    }
    WEIR_TRY(rewrite_all(context, pulled, through_change, &to, error));
    weir_text *names = WEIR_ARENA_ARRAY(context->arena, weir_text, to.names.count);
    if (names == NULL)
        return no_memory(error);
    for (size_t i = 0; i < to.names.count; i++)
        names[i] = *(weir_text *)to.names.items[i];
    return bind_project(context, to.input, (const weir_expr *const *)to.exprs.items, names, (uint32_t)to.exprs.count, node->position, out,
                        error);
}

/* Inner joins: conditions are pulled from the ON condition; inputs are left alone unless they are filters, which keep their columns'
 * numbers. */
static weir_status pull_join(weir_bind_context *context, const weir_node *node, const weir_node **out, weir_list *pulled,
                             weir_error *error) {
    *out = node;
    bool left_only = node->as.join.type == WEIR_JOIN_SEMI || node->as.join.type == WEIR_JOIN_ANTI;
    if (node->as.join.type != WEIR_JOIN_INNER && !left_only)
        return WEIR_OK;
    const weir_node *inputs[2] = {node->inputs[0], node->inputs[1]};
    const weir_expr *condition = node->as.join.condition;
    weir_list side = {0};
    WEIR_TRY(bind_pull_up(context, node->inputs[0], &inputs[0], &side, error));
    if (inputs[0]->field_count != node->inputs[0]->field_count) {
        inputs[0] = node->inputs[0];
        side.count = 0;
    }
    for (size_t i = 0; i < side.count; i++)
        if (!weir_list_add(context->arena, pulled, side.items[i]))
            return no_memory(error);
    size_t before = pulled->count;
    if (!left_only)
        WEIR_TRY(split_condition(context, node->as.join.condition, &condition, pulled, error));
    if (before == pulled->count && inputs[0] == node->inputs[0])
        return WEIR_OK;
    weir_node *copy = WEIR_ARENA_NEW(context->arena, weir_node);
    const weir_node **copied = WEIR_ARENA_ARRAY(context->arena, const weir_node *, 2);
    if (copy == NULL || copied == NULL)
        return no_memory(error);
    *copy = *node;
    memcpy(copied, inputs, sizeof inputs);
    copy->inputs = copied;
    copy->as.join.condition = condition;
    *out = copy;
    return WEIR_OK;
}

/* inner = outer, either way round; *inner is the side without outer columns. */
static bool equality_with_outer(const weir_expr *condition, const weir_expr **inner) {
    if (!weir_expr_is_call(condition, "=") && !weir_expr_is_call(condition, "IS NOT DISTINCT FROM"))
        return false;
    const weir_expr *a = condition->as.call.arguments[0], *b = condition->as.call.arguments[1];
    if (bind_reads_outer(a) == bind_reads_outer(b))
        return false;
    *inner = bind_reads_outer(a) ? b : a;
    return true;
}

typedef struct inner_to_key {
    weir_bind_context *context;
    const weir_expr *inner;
    uint32_t column;
    const weir_type *type;
} inner_to_key;

static weir_status key_change(void *change_context, const weir_expr *expr, const weir_expr **out, weir_error *error) {
    const inner_to_key *to = change_context;
    if (expr != to->inner)
        return WEIR_OK;
    *out = weir_expr_column(to->context->arena, to->column, to->type, expr->position);
    return *out == NULL ? no_memory(error) : WEIR_OK;
}

/* Below an aggregate, each inner side becomes a key more: its columns come behind the old output. */
static weir_status pull_aggregate(weir_bind_context *context, const weir_node *node, const weir_node **out, weir_list *pulled,
                                  weir_error *error) {
    weir_list below = {0};
    const weir_node *input;
    *out = node;
    WEIR_TRY(bind_pull_up(context, node->inputs[0], &input, &below, error));
    if (below.count == 0 || node->as.aggregate.set_count > 0 || node->as.aggregate.window.present)
        return WEIR_OK;
    const weir_expr **inner = WEIR_ARENA_ARRAY(context->arena, const weir_expr *, below.count);
    if (inner == NULL)
        return no_memory(error);
    for (size_t i = 0; i < below.count; i++)
        if (!equality_with_outer(below.items[i], &inner[i]))
            return weir_fail_at(error, WEIR_UNSUPPORTED, ((const weir_expr *)below.items[i])->position,
                                "a correlated subquery with an aggregate may compare with outer columns by = only");
    uint32_t more = (uint32_t)below.count, old_keys = node->as.aggregate.key_count, old_fields = node->field_count;
    uint32_t first = input->field_count;
    WEIR_TRY(bind_project_more(context, input, inner, more, node->position, &input, error));
    weir_node *grouped = weir_node_create(context->arena, WEIR_NODE_AGGREGATE, node->position, &input, 1, old_fields + more);
    uint32_t *keys = WEIR_ARENA_ARRAY(context->arena, uint32_t, old_keys + more);
    const weir_expr **exprs = WEIR_ARENA_ARRAY(context->arena, const weir_expr *, old_fields + more);
    weir_text *names = WEIR_ARENA_ARRAY(context->arena, weir_text, old_fields + more);
    if (grouped == NULL || keys == NULL || exprs == NULL || names == NULL)
        return no_memory(error);
    grouped->as = node->as;
    grouped->as.aggregate.keys = keys;
    grouped->as.aggregate.key_count = old_keys + more;
    weir_plan_field *fields = weir_node_fields(grouped);
    for (uint32_t k = 0; k < old_keys; k++) {
        keys[k] = node->as.aggregate.keys[k];
        fields[k] = node->fields[k];
    }
    for (uint32_t k = 0; k < more; k++) {
        keys[old_keys + k] = first + k;
        fields[old_keys + k] = input->fields[first + k];
    }
    for (uint32_t i = old_keys; i < old_fields; i++)
        fields[i + more] = node->fields[i];
    /* The old order of columns, the new keys behind. */
    for (uint32_t i = 0; i < old_fields + more; i++) {
        uint32_t from = i < old_keys ? i : i < old_fields ? i + more : old_keys + (i - old_fields);
        exprs[i] = weir_expr_column(context->arena, from, fields[from].type, node->position);
        names[i] = fields[from].name;
        if (exprs[i] == NULL)
            return no_memory(error);
    }
    WEIR_TRY(bind_project(context, grouped, exprs, names, old_fields + more, node->position, out, error));
    for (uint32_t i = 0; i < more; i++) {
        inner_to_key to = {context, inner[i], old_fields + i, fields[old_keys + i].type};
        const weir_expr *changed;
        WEIR_TRY(bind_rewrite(context->arena, below.items[i], key_change, &to, &changed, error));
        if (!weir_list_add(context->arena, pulled, (void *)(uintptr_t)changed))
            return no_memory(error);
    }
    return WEIR_OK;
}

weir_status bind_pull_up(weir_bind_context *context, const weir_node *node, const weir_node **out, weir_list *pulled, weir_error *error) {
    switch (node->kind) {
    case WEIR_NODE_FILTER: return pull_filter(context, node, out, pulled, error);
    case WEIR_NODE_PROJECT: return pull_project(context, node, out, pulled, error);
    case WEIR_NODE_JOIN: return pull_join(context, node, out, pulled, error);
    case WEIR_NODE_AGGREGATE: return pull_aggregate(context, node, out, pulled, error);
    default: *out = node; return WEIR_OK;
    }
}
