/* GROUP BY: plain, grouping sets (an expand below the aggregate), and the windows of GROUP BY TUMBLE(...). */
#include <string.h>

#include "op/expand.h"
#include "op/group_aggregate.h"
#include "plan/physical_int.h"
#include "plan/rules.h"

/* A group aggregate over a vertex; output: keys, calls. */
static weir_status group_aggregate(physical *self, uint32_t input, const uint32_t *keys, uint32_t key_count,
                                   const weir_aggregate_call *calls, uint32_t call_count, const weir_type *const *types,
                                   bool empty_gives_row, uint32_t *out, weir_error *error) {
    weir_group_aggregate_spec *spec = WEIR_ARENA_NEW(self->arena, weir_group_aggregate_spec);
    if (spec == NULL)
        return physical_no_memory(error);
    bool batch = self->settings->batch_mode;
    physical_changes in = physical_changes_of(self, input);
    *spec = (weir_group_aggregate_spec){.input_count = physical_columns(self, input),
                                        .input_types = physical_types(self, input),
                                        .key_count = key_count,
                                        .keys = keys,
                                        .call_count = call_count,
                                        .calls = calls,
                                        .input_retracts = physical_retracts(in),
                                        .emit_update_before = true,
                                        .final_only = batch,
                                        .empty_gives_row = empty_gives_row,
                                        .output_types = types};
    /* DISTINCT without calls never changes a row; it deletes one when its last copy goes. */
    physical_changes changes = {.updates = !batch && call_count > 0, .deletes = !batch && physical_retracts(in) && key_count > 0};
    weir_vertex *vertex;
    WEIR_TRY(physical_operator(self, &weir_group_aggregate_operator, spec, &input, 1, types, key_count + call_count, changes, &vertex, out,
                               error));
    physical_keyed(vertex, 0, keys, key_count);
    return WEIR_OK;
}

/* ---- grouping sets ---- */

typedef struct expand_plan {
    uint32_t first_key;      /* copies of the keys, NULL where a set leaves them out */
    uint32_t first_grouping; /* GROUPING() values, then the number of the set */
    uint32_t columns;
} expand_plan;

static const weir_expr *bigint_literal(physical *self, int64_t number) {
    weir_value value = {.type = weir_type_simple(WEIR_KIND_BIGINT, false), .as.integer = number};
    return weir_expr_literal(self->arena, &value, (weir_position){0});
}

/* GROUPING(a, b): one bit per argument, the first one highest; 1: the set leaves it out. */
static int64_t grouping_bits(const weir_node *node, uint32_t set, uint32_t grouping) {
    int64_t bits = 0;
    uint32_t count = node->as.aggregate.grouping_sizes[grouping];
    /* GROUP_ID() has no arguments: all keys count. */
    for (uint32_t i = 0; i < count; i++)
        bits = bits << 1 | !node->as.aggregate.sets[set][node->as.aggregate.grouping_keys[grouping][i]];
    return bits;
}

static weir_status expand_set(physical *self, const weir_node *node, uint32_t input, uint32_t set, const expand_plan *plan,
                              const weir_type *const *key_types, const weir_expr ***out, weir_error *error) {
    const weir_expr **exprs = WEIR_ARENA_ARRAY(self->arena, const weir_expr *, plan->columns);
    if (exprs == NULL)
        return physical_no_memory(error);
    const weir_type *const *types = physical_types(self, input);
    for (uint32_t i = 0; i < plan->first_key; i++)
        exprs[i] = weir_expr_column(self->arena, i, types[i], node->position);
    for (uint32_t k = 0; k < node->as.aggregate.key_count; k++) {
        uint32_t column = node->as.aggregate.keys[k];
        exprs[plan->first_key + k] = node->as.aggregate.sets[set][k] ? weir_expr_column(self->arena, column, key_types[k], node->position)
                                                                     : weir_expr_null(self->arena, key_types[k]);
    }
    for (uint32_t g = 0; g < node->as.aggregate.grouping_count; g++)
        exprs[plan->first_grouping + g] = bigint_literal(self, grouping_bits(node, set, g));
    exprs[plan->columns - 1] = bigint_literal(self, set);
    for (uint32_t i = 0; i < plan->columns; i++)
        if (exprs[i] == NULL)
            return physical_no_memory(error);
    *out = exprs;
    return WEIR_OK;
}

static weir_status expand(physical *self, const weir_node *node, uint32_t input, const expand_plan *plan, uint32_t *out,
                          weir_error *error) {
    uint32_t sets = node->as.aggregate.set_count, keys = node->as.aggregate.key_count;
    weir_expand_spec *spec = WEIR_ARENA_NEW(self->arena, weir_expand_spec);
    const weir_expr *const **projections = WEIR_ARENA_ARRAY(self->arena, const weir_expr *const *, sets);
    const weir_type **types = WEIR_ARENA_ARRAY(self->arena, const weir_type *, plan->columns);
    if (spec == NULL || projections == NULL || types == NULL)
        return physical_no_memory(error);
    for (uint32_t i = 0; i < plan->columns; i++) {
        types[i] = weir_type_simple(WEIR_KIND_BIGINT, false);
        if (i < plan->first_key)
            types[i] = physical_types(self, input)[i];
        else if (i < plan->first_key + keys)
            types[i] = node->fields[i - plan->first_key].type;
    }
    for (uint32_t s = 0; s < sets; s++) {
        const weir_expr **exprs = NULL;
        WEIR_TRY(expand_set(self, node, input, s, plan, types + plan->first_key, &exprs, error));
        projections[s] = exprs;
    }
    *spec = (weir_expand_spec){.set_count = sets, .count = plan->columns, .projections = projections, .output_types = types};
    weir_vertex *vertex;
    return physical_operator(self, &weir_expand_operator, spec, &input, 1, types, plan->columns, physical_changes_of(self, input), &vertex,
                             out, error);
}

static weir_status grouping_sets(physical *self, const weir_node *node, uint32_t input, uint32_t *out, weir_error *error) {
    uint32_t keys = node->as.aggregate.key_count, groupings = node->as.aggregate.grouping_count, calls = node->as.aggregate.call_count;
    expand_plan plan = {.first_key = physical_columns(self, input)};
    plan.first_grouping = plan.first_key + keys;
    plan.columns = plan.first_grouping + groupings + 1;
    WEIR_TRY(expand(self, node, input, &plan, &input, error));
    uint32_t total_keys = keys + groupings + 1;
    uint32_t *key_columns = WEIR_ARENA_ARRAY(self->arena, uint32_t, total_keys);
    const weir_type **types = WEIR_ARENA_ARRAY(self->arena, const weir_type *, total_keys + calls);
    const weir_expr **order = WEIR_ARENA_ARRAY(self->arena, const weir_expr *, node->field_count);
    if (key_columns == NULL || types == NULL || order == NULL)
        return physical_no_memory(error);
    for (uint32_t k = 0; k < total_keys; k++) {
        key_columns[k] = plan.first_key + k;
        types[k] = physical_types(self, input)[plan.first_key + k];
    }
    for (uint32_t c = 0; c < calls; c++)
        types[total_keys + c] = node->as.aggregate.calls[c].result;
    WEIR_TRY(group_aggregate(self, input, key_columns, total_keys, node->as.aggregate.calls, calls, types, false, out, error));
    /* Back to the node's order: keys, calls, GROUPING() columns. */
    for (uint32_t i = 0; i < node->field_count; i++) {
        uint32_t from = i < keys ? i : i < keys + calls ? total_keys + (i - keys) : keys + (i - keys - calls);
        if ((order[i] = weir_expr_column(self->arena, from, node->fields[i].type, node->position)) == NULL)
            return physical_no_memory(error);
    }
    return physical_calc(self, *out, NULL, order, node->field_count, out, error);
}

/* GROUPING() under a plain GROUP BY is 0. */
static weir_status plain_groupings(physical *self, const weir_node *node, uint32_t *out, weir_error *error) {
    const weir_expr **exprs = WEIR_ARENA_ARRAY(self->arena, const weir_expr *, node->field_count);
    if (exprs == NULL)
        return physical_no_memory(error);
    uint32_t plain = node->as.aggregate.key_count + node->as.aggregate.call_count;
    for (uint32_t i = 0; i < node->field_count; i++) {
        exprs[i] = i < plain ? weir_expr_column(self->arena, i, node->fields[i].type, node->position) : bigint_literal(self, 0);
        if (exprs[i] == NULL)
            return physical_no_memory(error);
    }
    return physical_calc(self, *out, NULL, exprs, node->field_count, out, error);
}

/* ---- GROUP BY TUMBLE(...) ---- */

static weir_status legacy_window(physical *self, const weir_node *node, uint32_t input, uint32_t *out, weir_error *error) {
    weir_window_aggregate_spec *spec = WEIR_ARENA_NEW(self->arena, weir_window_aggregate_spec);
    const weir_type *const *types = weir_node_types(self->arena, node);
    if (spec == NULL || types == NULL)
        return physical_no_memory(error);
    if (node->as.aggregate.set_count > 0)
        return weir_fail_at(error, WEIR_UNSUPPORTED, node->position, "grouping sets with a group window are not supported");
    *spec = (weir_window_aggregate_spec){.window = node->as.aggregate.window.window,
                                         .input_count = physical_columns(self, input),
                                         .input_types = physical_types(self, input),
                                         .key_count = node->as.aggregate.key_count,
                                         .keys = node->as.aggregate.keys,
                                         .call_count = node->as.aggregate.call_count,
                                         .calls = node->as.aggregate.calls,
                                         .input_retracts = physical_retracts(physical_changes_of(self, input)),
                                         .property_count = node->as.aggregate.window.property_count,
                                         .properties = node->as.aggregate.window.properties,
                                         .output_types = types};
    weir_vertex *vertex;
    WEIR_TRY(physical_operator(self, &weir_window_aggregate_operator, spec, &input, 1, types, node->field_count, (physical_changes){0},
                               &vertex, out, error));
    physical_keyed(vertex, 0, spec->keys, spec->key_count);
    return WEIR_OK;
}

weir_status physical_aggregate(physical *self, const weir_node *node, uint32_t *out, weir_error *error) {
    uint32_t input;
    WEIR_TRY(physical_node(self, node->inputs[0], &input, error));
    if (node->as.aggregate.window.present)
        return legacy_window(self, node, input, out, error);
    if (node->as.aggregate.set_count > 0)
        return grouping_sets(self, node, input, out, error);
    const weir_type *const *types = weir_node_types(self->arena, node);
    if (types == NULL)
        return physical_no_memory(error);
    uint32_t keys = node->as.aggregate.key_count;
    /* As in Flink: a stream that happens to bring no row gives no result; in batch mode, and over what is known to be empty, there is one
     * over nothing. */
    bool empty_gives_row = keys == 0 && (self->settings->batch_mode || plan_is_empty(node->inputs[0]));
    WEIR_TRY(group_aggregate(self, input, node->as.aggregate.keys, keys, node->as.aggregate.calls, node->as.aggregate.call_count, types,
                             empty_gives_row, out, error));
    return node->as.aggregate.grouping_count > 0 ? plain_groupings(self, node, out, error) : WEIR_OK;
}
