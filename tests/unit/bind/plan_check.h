/* Is a plan sound? Every column that a node names is there, and has the type that the expression says. For tests of the binder and of the
 * rewrite rules. */
#ifndef TESTS_UNIT_BIND_PLAN_CHECK_H
#define TESTS_UNIT_BIND_PLAN_CHECK_H

#include "plan/node.h"

typedef struct plan_check {
    const weir_node *node; /* where it went wrong */
    const char *what;      /* NULL: sound so far */
} plan_check;

static inline bool check_that(plan_check *check, bool good, const weir_node *node, const char *what) {
    if (!good && check->what == NULL)
        *check = (plan_check){node, what};
    return good;
}

static inline void check_expr(plan_check *check, const weir_node *node, const weir_expr *expr, const weir_node *left,
                              const weir_node *right) {
    uint32_t left_count = left->field_count, total = left_count + (right == NULL ? 0 : right->field_count);
    check_that(check, expr->kind != WEIR_EXPR_OUTER, node, "an outer column is left");
    if (expr->kind == WEIR_EXPR_COLUMN && check_that(check, expr->as.column < total, node, "a column does not exist")) {
        const weir_plan_field *field =
            expr->as.column < left_count ? &left->fields[expr->as.column] : &right->fields[expr->as.column - left_count];
        check_that(check, weir_type_equal(field->type, expr->type, true), node, "a column has another type");
    }
    if (expr->kind == WEIR_EXPR_CALL)
        for (uint32_t i = 0; i < expr->as.call.count; i++)
            check_expr(check, node, expr->as.call.arguments[i], left, right);
}

static inline void check_columns(plan_check *check, const weir_node *node, const uint32_t *columns, uint32_t count,
                                 const weir_node *input) {
    for (uint32_t i = 0; i < count; i++)
        check_that(check, columns[i] < input->field_count, node, "a key does not exist");
}

static inline void check_order(plan_check *check, const weir_node *node, const weir_sort_key *order, uint32_t count) {
    for (uint32_t i = 0; i < count; i++)
        check_that(check, order[i].column < node->inputs[0]->field_count, node, "a column of ORDER BY does not exist");
}

static inline void check_call(plan_check *check, const weir_node *node, const weir_aggregate_call *call) {
    const weir_node *input = node->inputs[0];
    check_columns(check, node, call->arguments, call->argument_count, input);
    for (uint32_t i = 0; check->what == NULL && i < call->argument_count; i++)
        check_that(check, weir_type_equal(input->fields[call->arguments[i]].type, call->argument_types[i], true), node,
                   "an argument has another type");
    check_order(check, node, call->order, call->order_count);
    if (call->filter >= 0 && check_that(check, (uint32_t)call->filter < input->field_count, node, "a FILTER column does not exist"))
        check_that(check, input->fields[call->filter].type->kind == WEIR_KIND_BOOLEAN, node, "a FILTER column is not BOOLEAN");
}

/* The first fields are those of the input; `more` follow. */
static inline void check_passed(plan_check *check, const weir_node *node, uint32_t more) {
    const weir_node *input = node->inputs[0];
    check_that(check, node->field_count == input->field_count + more, node, "the number of fields is wrong");
    for (uint32_t i = 0; i < input->field_count && i < node->field_count; i++)
        check_that(check, weir_type_equal(node->fields[i].type, input->fields[i].type, true), node, "a field handed on has another type");
}

static inline void check_join(plan_check *check, const weir_node *node) {
    const weir_node *left = node->inputs[0], *right = node->inputs[1];
    bool half = node->as.join.type == WEIR_JOIN_SEMI || node->as.join.type == WEIR_JOIN_ANTI;
    check_that(check, node->field_count == left->field_count + (half ? 0 : right->field_count), node, "the number of fields is wrong");
    if (node->as.join.condition != NULL)
        check_expr(check, node, node->as.join.condition, left, right);
    if (node->as.join.residual != NULL)
        check_expr(check, node, node->as.join.residual, left, right);
    check_columns(check, node, node->as.join.left_keys, node->as.join.equal_count, left);
    check_columns(check, node, node->as.join.right_keys, node->as.join.equal_count, right);
    for (uint32_t i = 0; check->what == NULL && i < node->as.join.equal_count; i++)
        check_that(check,
                   weir_type_layout(left->fields[node->as.join.left_keys[i]].type) ==
                       weir_type_layout(right->fields[node->as.join.right_keys[i]].type),
                   node, "keys are laid out differently");
    if (node->kind != WEIR_NODE_JOIN) {
        check_columns(check, node, &node->as.join.left_time, 1, left);
        check_columns(check, node, &node->as.join.right_time, 1, right);
    }
}

static inline void check_group(plan_check *check, const weir_node *node) {
    if (node->kind == WEIR_NODE_WINDOW_AGGREGATE) {
        const weir_window_aggregate_spec *spec = &node->as.window_aggregate.spec;
        check_columns(check, node, spec->keys, spec->key_count, node->inputs[0]);
        for (uint32_t i = 0; i < spec->call_count; i++)
            check_call(check, node, &spec->calls[i]);
        check_columns(check, node, spec->attached ? &spec->start_column : &spec->window.time_column, 1, node->inputs[0]);
        check_that(check, node->field_count == spec->key_count + spec->call_count + spec->property_count, node,
                   "the number of fields is wrong");
        return;
    }
    check_columns(check, node, node->as.aggregate.keys, node->as.aggregate.key_count, node->inputs[0]);
    for (uint32_t i = 0; i < node->as.aggregate.call_count; i++)
        check_call(check, node, &node->as.aggregate.calls[i]);
    uint32_t properties = node->as.aggregate.window.present ? node->as.aggregate.window.property_count : 0;
    check_that(check,
               node->field_count ==
                   node->as.aggregate.key_count + node->as.aggregate.call_count + node->as.aggregate.grouping_count + properties,
               node, "the number of fields is wrong");
}

static inline void check_one(plan_check *check, const weir_node *node) {
    const weir_node *input = node->input_count > 0 ? node->inputs[0] : NULL;
    for (uint32_t i = 0; i < node->field_count; i++)
        check_that(check, node->fields[i].type != NULL, node, "a field has no type");
    check_that(check, node->field_count > 0, node, "there are no fields");
    switch (node->kind) {
    case WEIR_NODE_PROJECT:
        for (uint32_t i = 0; i < node->field_count; i++) {
            check_expr(check, node, node->as.project.expressions[i], input, NULL);
            check_that(check, weir_type_equal(node->as.project.expressions[i]->type, node->fields[i].type, true), node,
                       "a field has another type");
        }
        return;
    case WEIR_NODE_FILTER:
        check_expr(check, node, node->as.filter.condition, input, NULL);
        check_passed(check, node, 0);
        return;
    case WEIR_NODE_WATERMARK:
        check_expr(check, node, node->as.watermark.expression, input, NULL);
        check_columns(check, node, &node->as.watermark.rowtime, 1, input);
        check_passed(check, node, 0);
        return;
    case WEIR_NODE_JOIN:
    case WEIR_NODE_WINDOW_JOIN:
    case WEIR_NODE_INTERVAL_JOIN:
    case WEIR_NODE_TEMPORAL_JOIN: check_join(check, node); return;
    case WEIR_NODE_AGGREGATE:
    case WEIR_NODE_WINDOW_AGGREGATE: check_group(check, node); return;
    case WEIR_NODE_WINDOW_TABLE:
        check_columns(check, node, &node->as.window_table.window.time_column, 1, input);
        check_passed(check, node, 3);
        return;
    case WEIR_NODE_OVER:
        check_columns(check, node, node->as.over.keys, node->as.over.key_count, input);
        check_order(check, node, node->as.over.order, node->as.over.order_count);
        for (uint32_t i = 0; i < node->as.over.call_count; i++)
            check_call(check, node, &node->as.over.calls[i].call);
        check_passed(check, node, node->as.over.call_count);
        return;
    case WEIR_NODE_SORT:
        check_order(check, node, node->as.sort.order, node->as.sort.order_count);
        check_passed(check, node, 0);
        return;
    case WEIR_NODE_RANK:
        check_columns(check, node, node->as.rank.keys, node->as.rank.key_count, input);
        check_order(check, node, node->as.rank.order, node->as.rank.order_count);
        check_passed(check, node, node->as.rank.emit_rank);
        return;
    case WEIR_NODE_WINDOW_RANK:
        check_columns(check, node, node->as.window_rank.keys, node->as.window_rank.key_count, input);
        check_order(check, node, node->as.window_rank.order, node->as.window_rank.order_count);
        check_columns(check, node, &node->as.window_rank.end_column, 1, input);
        check_passed(check, node, node->as.window_rank.emit_rank);
        return;
    case WEIR_NODE_DEDUPLICATE:
        check_columns(check, node, node->as.deduplicate.keys, node->as.deduplicate.key_count, input);
        if (node->as.deduplicate.by_rowtime)
            check_columns(check, node, &node->as.deduplicate.time_column, 1, input);
        check_passed(check, node, 0);
        return;
    case WEIR_NODE_EXPAND:
        for (uint32_t s = 0; s < node->as.expand.set_count; s++)
            for (uint32_t i = 0; i < node->field_count; i++)
                check_expr(check, node, node->as.expand.projections[s][i], input, NULL);
        return;
    case WEIR_NODE_SET:
        for (uint32_t i = 0; i < node->input_count; i++)
            check_that(check, node->inputs[i]->field_count == node->field_count, node, "the inputs have other columns");
        return;
    case WEIR_NODE_UNNEST: check_expr(check, node, node->as.unnest.collection, input, NULL); return;
    case WEIR_NODE_SCAN:
        check_that(check, node->field_count == node->as.scan.physical_count + node->as.scan.metadata_count, node,
                   "the number of fields is wrong");
        return;
    case WEIR_NODE_COLLECT:
    case WEIR_NODE_SINK: check_passed(check, node, 0); return;
    default: return;
    }
}

static inline void check_node(plan_check *check, const weir_node *node) {
    check_one(check, node);
    for (uint32_t i = 0; i < node->input_count && check->what == NULL; i++)
        check_node(check, node->inputs[i]);
}

static inline plan_check check_plan(const weir_plan *plan) {
    plan_check check = {0};
    for (uint32_t i = 0; i < plan->root_count; i++)
        check_node(&check, plan->roots[i]);
    return check;
}

#endif
