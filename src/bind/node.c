/* Making the simple nodes, and rewriting expressions from one node's columns to another's. */
#include <string.h>

#include "bind/bind_int.h"

static weir_status no_memory(weir_error *error) { return weir_fail_memory(error, "a plan", sizeof(weir_node)); }

static weir_text name_or_number(weir_arena *arena, weir_text name, uint32_t number) {
    return name.data != NULL ? name : weir_arena_format(arena, "EXPR$%u", number);
}

weir_status bind_project(weir_bind_context *context, const weir_node *input, const weir_expr *const *exprs, const weir_text *names,
                         uint32_t count, weir_position position, const weir_node **out, weir_error *error) {
    weir_node *node = weir_node_create(context->arena, WEIR_NODE_PROJECT, position, &input, 1, count);
    const weir_expr **copy = WEIR_ARENA_ARRAY(context->arena, const weir_expr *, count);
    if (node == NULL || copy == NULL)
        return no_memory(error);
    weir_plan_field *fields = weir_node_fields(node);
    for (uint32_t i = 0; i < count; i++) {
        copy[i] = exprs[i];
        fields[i].type = exprs[i]->type;
        fields[i].name = name_or_number(context->arena, names[i], i);
        if (exprs[i]->kind == WEIR_EXPR_COLUMN)
            fields[i].time = input->fields[exprs[i]->as.column].time;
        else if (weir_expr_is_call(exprs[i], "PROCTIME"))
            fields[i].time = WEIR_TIME_PROCTIME;
    }
    node->as.project.expressions = copy;
    *out = node;
    return WEIR_OK;
}

weir_status bind_project_more(weir_bind_context *context, const weir_node *input, const weir_expr *const *exprs, uint32_t count,
                              weir_position position, const weir_node **out, weir_error *error) {
    if (count == 0) {
        *out = input;
        return WEIR_OK;
    }
    uint32_t total = input->field_count + count;
    const weir_expr **all = WEIR_ARENA_ARRAY(context->arena, const weir_expr *, total);
    weir_text *names = WEIR_ARENA_ARRAY(context->arena, weir_text, total);
    if (all == NULL || names == NULL)
        return no_memory(error);
    for (uint32_t i = 0; i < input->field_count; i++) {
        all[i] = weir_expr_column(context->arena, i, input->fields[i].type, position);
        names[i] = input->fields[i].name;
        if (all[i] == NULL)
            return no_memory(error);
    }
    for (uint32_t i = 0; i < count; i++) {
        all[input->field_count + i] = exprs[i];
        names[input->field_count + i] = weir_arena_format(context->arena, "$f%u", input->field_count + i);
    }
    return bind_project(context, input, all, names, total, position, out, error);
}

weir_status bind_project_first(weir_bind_context *context, const weir_node *input, uint32_t count, const weir_node **out,
                               weir_error *error) {
    if (count == input->field_count) {
        *out = input;
        return WEIR_OK;
    }
    const weir_expr **first = WEIR_ARENA_ARRAY(context->arena, const weir_expr *, count);
    weir_text *names = WEIR_ARENA_ARRAY(context->arena, weir_text, count);
    if (first == NULL || names == NULL)
        return no_memory(error);
    for (uint32_t i = 0; i < count; i++) {
        first[i] = weir_expr_column(context->arena, i, input->fields[i].type, input->position);
        names[i] = input->fields[i].name;
        if (first[i] == NULL)
            return no_memory(error);
    }
    return bind_project(context, input, first, names, count, input->position, out, error);
}

/* A node with the fields of its input. */
static weir_node *same_fields(weir_bind_context *context, weir_node_kind kind, const weir_node *input, weir_position position) {
    weir_node *node = weir_node_create(context->arena, kind, position, &input, 1, input->field_count);
    if (node != NULL && input->field_count > 0)
        memcpy(weir_node_fields(node), input->fields, input->field_count * sizeof *input->fields);
    return node;
}

weir_status bind_filter_node(weir_bind_context *context, const weir_node *input, const weir_expr *condition, weir_position position,
                             const weir_node **out, weir_error *error) {
    weir_node *node = same_fields(context, WEIR_NODE_FILTER, input, position);
    if (node == NULL)
        return no_memory(error);
    node->as.filter.condition = condition;
    *out = node;
    return WEIR_OK;
}

weir_status bind_sort_node(weir_bind_context *context, const weir_node *input, const weir_sort_key *keys, uint32_t count, int64_t offset,
                           int64_t fetch, weir_position position, const weir_node **out, weir_error *error) {
    weir_node *node = same_fields(context, WEIR_NODE_SORT, input, position);
    if (node == NULL)
        return no_memory(error);
    node->as.sort.order = keys;
    node->as.sort.order_count = count;
    node->as.sort.offset = offset;
    node->as.sort.fetch = fetch;
    *out = node;
    return WEIR_OK;
}

weir_status bind_distinct_node(weir_bind_context *context, const weir_node *input, weir_position position, const weir_node **out,
                               weir_error *error) {
    weir_node *node = same_fields(context, WEIR_NODE_AGGREGATE, input, position);
    uint32_t *keys = WEIR_ARENA_ARRAY(context->arena, uint32_t, input->field_count);
    if (node == NULL || keys == NULL)
        return no_memory(error);
    for (uint32_t i = 0; i < input->field_count; i++)
        keys[i] = i;
    node->as.aggregate.keys = keys;
    node->as.aggregate.key_count = input->field_count;
    *out = node;
    return WEIR_OK;
}

weir_sort_key bind_sort_key(const weir_ast_order_item *item, uint32_t column) {
    weir_sort_key key = {.column = column, .descending = item->descending, .nulls_last = item->descending};
    if (item->null_order != WEIR_AST_NULLS_DEFAULT)
        key.nulls_last = item->null_order == WEIR_AST_NULLS_LAST;
    return key;
}

weir_status bind_rewrite(weir_arena *arena, const weir_expr *expr, bind_change change, void *change_context, const weir_expr **out,
                         weir_error *error) {
    const weir_expr *replacement = NULL;
    WEIR_TRY(change(change_context, expr, &replacement, error));
    if (replacement != NULL || expr->kind != WEIR_EXPR_CALL || expr->as.call.count == 0) {
        *out = replacement != NULL ? replacement : expr;
        return WEIR_OK;
    }
    uint32_t count = expr->as.call.count;
    const weir_expr **arguments = WEIR_ARENA_ARRAY(arena, const weir_expr *, count);
    weir_expr *copy = WEIR_ARENA_NEW(arena, weir_expr);
    if (arguments == NULL || copy == NULL)
        return no_memory(error);
    bool changed = false;
    for (uint32_t i = 0; i < count; i++) {
        WEIR_TRY(bind_rewrite(arena, expr->as.call.arguments[i], change, change_context, &arguments[i], error));
        changed |= arguments[i] != expr->as.call.arguments[i];
    }
    *copy = *expr;
    copy->as.call.arguments = arguments;
    *out = changed ? copy : expr;
    return WEIR_OK;
}
