/* INTERSECT and EXCEPT as joins and aggregates, in which NULLs are equal:
 *
 *   INTERSECT       the distinct rows of a SEMI join on all columns
 *   EXCEPT          the distinct rows of an ANTI join on all columns
 *   INTERSECT ALL   both sides together, counted by side for each row; the smaller count of copies
 *   EXCEPT ALL      both sides together, +1 for a left row, -1 for a right one; as many copies as the sum says
 */
#include <string.h>

#include "plan/rules.h"

static const weir_type *bigint(void) { return weir_type_simple(WEIR_KIND_BIGINT, false); }

static const weir_expr *bigint_literal(weir_arena *arena, int64_t number) {
    weir_value value = {.type = bigint(), .as.integer = number};
    return weir_expr_literal(arena, &value, (weir_position){0});
}

static const weir_expr *boolean_call(weir_arena *arena, const char *function, const weir_expr *a, const weir_expr *b) {
    const weir_expr *arguments[2] = {a, b};
    return weir_expr_call(arena, function, weir_type_simple(WEIR_KIND_BOOLEAN, false), arguments, 2, (weir_position){0});
}

/* ---- distinct ---- */

static weir_status same_rows(weir_arena *arena, const weir_node *node, const weir_expr **out, weir_error *error) {
    const weir_node *left = node->inputs[0], *right = node->inputs[1];
    *out = NULL;
    for (uint32_t i = 0; i < node->field_count; i++) {
        const weir_expr *a = rewrite_column(arena, left, i);
        const weir_expr *b = weir_expr_column(arena, left->field_count + i, right->fields[i].type, node->position);
        const weir_expr *same = a == NULL || b == NULL ? NULL : boolean_call(arena, "IS NOT DISTINCT FROM", a, b);
        if (same == NULL || (*out = weir_expr_and(arena, *out, same)) == NULL)
            return rewrite_no_memory(error);
    }
    return WEIR_OK;
}

static weir_status group_by(weir_arena *arena, const weir_node *input, uint32_t keys, const weir_aggregate_call *calls, uint32_t call_count,
                            weir_position position, const weir_node **out, weir_error *error) {
    weir_node *node = weir_node_create(arena, WEIR_NODE_AGGREGATE, position, &input, 1, keys + call_count);
    uint32_t *columns = WEIR_ARENA_ARRAY(arena, uint32_t, keys);
    if (node == NULL || columns == NULL)
        return rewrite_no_memory(error);
    for (uint32_t i = 0; i < keys; i++) {
        columns[i] = i;
        weir_node_fields(node)[i] = input->fields[i];
        weir_node_fields(node)[i].time = WEIR_TIME_NONE;
    }
    for (uint32_t i = 0; i < call_count; i++)
        weir_node_fields(node)[keys + i] = (weir_plan_field){.name = calls[i].name, .type = calls[i].result};
    node->as.aggregate.key_count = keys;
    node->as.aggregate.keys = columns;
    node->as.aggregate.call_count = call_count;
    node->as.aggregate.calls = calls;
    *out = node;
    return WEIR_OK;
}

static weir_status distinct_join(weir_arena *arena, const weir_node *node, weir_join_type type, const weir_node **out, weir_error *error) {
    const weir_expr *condition;
    const weir_node *join;
    WEIR_TRY(same_rows(arena, node, &condition, error));
    WEIR_TRY(rewrite_join(arena, type, node->inputs[0], node->inputs[1], condition, node->position, &join, error));
    return group_by(arena, join, node->field_count, NULL, 0, node->position, out, error);
}

/* ---- ALL ---- */

/* The columns of an input, then markers. */
static weir_status marked(weir_arena *arena, const weir_node *input, const weir_expr *const *markers, uint32_t count, const weir_node **out,
                          weir_error *error) {
    uint32_t total = input->field_count + count;
    const weir_expr **exprs = WEIR_ARENA_ARRAY(arena, const weir_expr *, total);
    if (exprs == NULL)
        return rewrite_no_memory(error);
    for (uint32_t i = 0; i < total; i++)
        exprs[i] = i < input->field_count ? rewrite_column(arena, input, i) : markers[i - input->field_count];
    return rewrite_project(arena, input, exprs, NULL, total, input->position, out, error);
}

static weir_status both_marked(weir_arena *arena, const weir_node *node, const weir_expr *const *left, const weir_expr *const *right,
                               uint32_t count, const weir_node **out, weir_error *error) {
    const weir_node *inputs[2];
    WEIR_TRY(marked(arena, node->inputs[0], left, count, &inputs[0], error));
    WEIR_TRY(marked(arena, node->inputs[1], right, count, &inputs[1], error));
    weir_node *both = weir_node_create(arena, WEIR_NODE_SET, node->position, inputs, 2, node->field_count + count);
    if (both == NULL)
        return rewrite_no_memory(error);
    for (uint32_t i = 0; i < both->field_count; i++) {
        weir_plan_field *field = &weir_node_fields(both)[i];
        *field = inputs[0]->fields[i];
        field->time = WEIR_TIME_NONE;
        if (inputs[1]->fields[i].type->nullable)
            field->type = inputs[1]->fields[i].type;
    }
    both->as.set.kind = WEIR_SET_UNION;
    both->as.set.all = true;
    *out = both;
    return WEIR_OK;
}

/* COUNT or SUM of one column. */
static weir_status marker_call(weir_arena *arena, const char *function, const weir_node *input, uint32_t column, weir_aggregate_call *out,
                               weir_error *error) {
    uint32_t *argument = WEIR_ARENA_NEW(arena, uint32_t);
    const weir_type **type = WEIR_ARENA_ARRAY(arena, const weir_type *, 1);
    const weir_value **literal = WEIR_ARENA_ARRAY(arena, const weir_value *, 1);
    const weir_aggregate *aggregate = weir_aggregate_find(weir_text_of(function), true);
    if (argument == NULL || type == NULL || literal == NULL)
        return rewrite_no_memory(error);
    if (aggregate == NULL)
        return weir_fail(error, WEIR_INTERNAL, "there is no aggregate %s", function);
    *argument = column;
    *type = input->fields[column].type;
    *out = (weir_aggregate_call){.aggregate = aggregate,
                                 .result = bigint(),
                                 .argument_count = 1,
                                 .arguments = argument,
                                 .argument_types = type,
                                 .literals = literal,
                                 .filter = -1,
                                 .name = weir_text_of(function)};
    return WEIR_OK;
}

/* Each row of `grouped` that the condition lets through, `copies` times. */
static weir_status replicated(weir_arena *arena, const weir_node *node, const weir_node *grouped, const weir_expr *condition,
                              const weir_expr *copies, const weir_node **out, weir_error *error) {
    uint32_t count = node->field_count;
    if (condition == NULL || copies == NULL)
        return rewrite_no_memory(error);
    const weir_node *kept, *counted;
    const weir_expr **exprs = WEIR_ARENA_ARRAY(arena, const weir_expr *, count + 1);
    if (exprs == NULL)
        return rewrite_no_memory(error);
    for (uint32_t i = 0; i < count; i++)
        exprs[i] = rewrite_column(arena, grouped, i);
    exprs[count] = copies;
    WEIR_TRY(rewrite_filter(arena, grouped, condition, node->position, &kept, error));
    WEIR_TRY(rewrite_project(arena, kept, exprs, NULL, count + 1, node->position, &counted, error));
    weir_node *repeated = weir_node_create(arena, WEIR_NODE_REPLICATE, node->position, &counted, 1, count);
    if (repeated == NULL)
        return rewrite_no_memory(error);
    memcpy(weir_node_fields(repeated), node->fields, count * sizeof *node->fields);
    repeated->as.replicate = (weir_replicate_spec){.count_column = count, .output_count = count};
    *out = repeated;
    return WEIR_OK;
}

static weir_status intersect_all(weir_arena *arena, const weir_node *node, const weir_node **out, weir_error *error) {
    const weir_expr *yes = weir_expr_bool(arena, true), *null = weir_expr_null(arena, weir_type_simple(WEIR_KIND_BOOLEAN, true));
    if (yes == NULL || null == NULL)
        return rewrite_no_memory(error);
    const weir_expr *left[2] = {yes, null}, *right[2] = {null, yes};
    const weir_node *both, *grouped;
    WEIR_TRY(both_marked(arena, node, left, right, 2, &both, error));
    weir_aggregate_call *calls = WEIR_ARENA_ARRAY(arena, weir_aggregate_call, 2);
    if (calls == NULL)
        return rewrite_no_memory(error);
    for (uint32_t i = 0; i < 2; i++)
        WEIR_TRY(marker_call(arena, "COUNT", both, node->field_count + i, &calls[i], error));
    WEIR_TRY(group_by(arena, both, node->field_count, calls, 2, node->position, &grouped, error));
    const weir_expr *a = rewrite_column(arena, grouped, node->field_count), *b = rewrite_column(arena, grouped, node->field_count + 1);
    const weir_expr *one = bigint_literal(arena, 1);
    if (a == NULL || b == NULL || one == NULL)
        return rewrite_no_memory(error);
    const weir_expr *in_left = boolean_call(arena, ">=", a, one), *in_right = boolean_call(arena, ">=", b, one);
    const weir_expr *smaller = boolean_call(arena, "<", a, b);
    if (in_left == NULL || in_right == NULL || smaller == NULL)
        return rewrite_no_memory(error);
    const weir_expr *least[3] = {smaller, a, b};
    return replicated(arena, node, grouped, weir_expr_and(arena, in_left, in_right),
                      weir_expr_call(arena, "CASE", bigint(), least, 3, node->position), out, error);
}

static weir_status except_all(weir_arena *arena, const weir_node *node, const weir_node **out, weir_error *error) {
    const weir_expr *plus = bigint_literal(arena, 1), *minus = bigint_literal(arena, -1), *zero = bigint_literal(arena, 0);
    if (plus == NULL || minus == NULL || zero == NULL)
        return rewrite_no_memory(error);
    const weir_node *both, *grouped;
    WEIR_TRY(both_marked(arena, node, &plus, &minus, 1, &both, error));
    weir_aggregate_call *call = WEIR_ARENA_NEW(arena, weir_aggregate_call);
    if (call == NULL)
        return rewrite_no_memory(error);
    WEIR_TRY(marker_call(arena, "SUM", both, node->field_count, call, error));
    WEIR_TRY(group_by(arena, both, node->field_count, call, 1, node->position, &grouped, error));
    const weir_expr *sum = rewrite_column(arena, grouped, node->field_count);
    if (sum == NULL)
        return rewrite_no_memory(error);
    return replicated(arena, node, grouped, boolean_call(arena, ">", sum, zero), sum, out, error);
}

weir_status rule_set_operation(rewrite *self, const weir_node *node, const weir_node **out, weir_error *error) {
    *out = node;
    switch (node->as.set.kind) {
    case WEIR_SET_UNION: return WEIR_OK;
    case WEIR_SET_INTERSECT:
        return node->as.set.all ? intersect_all(self->arena, node, out, error)
                                : distinct_join(self->arena, node, WEIR_JOIN_SEMI, out, error);
    case WEIR_SET_EXCEPT:
        return node->as.set.all ? except_all(self->arena, node, out, error) : distinct_join(self->arena, node, WEIR_JOIN_ANTI, out, error);
    }
    return WEIR_OK;
}
