/* Joins: which operator, its sides and the changes that leave it. Keys have been found by the rule join_keys. */
#include "plan/physical_int.h"

typedef struct join_inputs {
    uint32_t vertex[2];
    physical_changes changes[2];
} join_inputs;

static weir_status join_on(physical *self, const weir_node *node, const join_inputs *inputs, weir_join_keys *out, weir_error *error) {
    *out = (weir_join_keys){.type = node->as.join.type,
                            .key_count = node->as.join.equal_count,
                            .null_safe = node->as.join.null_safe,
                            .residual = node->as.join.equal_count > 0 || node->as.join.residual != NULL ? node->as.join.residual
                                                                                                        : node->as.join.condition,
                            .output_types = weir_node_types(self->arena, node)};
    for (int side = 0; side < 2; side++) {
        weir_join_side made = {.column_count = physical_columns(self, inputs->vertex[side]),
                               .types = physical_types(self, inputs->vertex[side]),
                               .keys = side == 0 ? node->as.join.left_keys : node->as.join.right_keys,
                               .retracts = physical_retracts(inputs->changes[side])};
        *(side == 0 ? &out->left : &out->right) = made;
    }
    return out->output_types == NULL ? physical_no_memory(error) : WEIR_OK;
}

static weir_status join_vertex(physical *self, const weir_node *node, const join_inputs *inputs, const weir_operator_vtable *vtable,
                               const void *spec, const weir_join_keys *on, physical_changes changes, uint32_t *out, weir_error *error) {
    weir_vertex *vertex;
    WEIR_TRY(physical_operator(self, vtable, spec, inputs->vertex, 2, on->output_types, node->field_count, changes, &vertex, out, error));
    physical_keyed(vertex, 0, on->left.keys, on->key_count);
    physical_keyed(vertex, 1, on->right.keys, on->key_count);
    return WEIR_OK;
}

/* Outer sides take back rows that found no match; SEMI and ANTI take back rows when the other side changes. */
static physical_changes regular_changes(weir_join_type type, const join_inputs *inputs) {
    physical_changes all = {inputs->changes[0].updates || inputs->changes[1].updates,
                            inputs->changes[0].deletes || inputs->changes[1].deletes};
    if (type == WEIR_JOIN_SEMI) {
        all.deletes |= inputs->changes[1].updates || inputs->changes[1].deletes;
        return all;
    }
    if (type != WEIR_JOIN_INNER)
        all.deletes = true;
    return all;
}

static weir_status regular_join(physical *self, const weir_node *node, const join_inputs *inputs, uint32_t *out, weir_error *error) {
    weir_join_spec *spec = WEIR_ARENA_NEW(self->arena, weir_join_spec);
    if (spec == NULL)
        return physical_no_memory(error);
    WEIR_TRY(join_on(self, node, inputs, &spec->on, error));
    spec->null_aware_anti = node->as.join.null_aware_anti;
    bool batch = self->settings->batch_mode;
    physical_changes changes = batch ? (physical_changes){0} : regular_changes(node->as.join.type, inputs);
    return join_vertex(self, node, inputs, batch ? &weir_hash_join_operator : &weir_join_operator, spec, &spec->on, changes, out, error);
}

static weir_status interval_join(physical *self, const weir_node *node, const join_inputs *inputs, uint32_t *out, weir_error *error) {
    weir_interval_join_spec *spec = WEIR_ARENA_NEW(self->arena, weir_interval_join_spec);
    if (spec == NULL)
        return physical_no_memory(error);
    for (int side = 0; side < 2; side++)
        WEIR_TRY(physical_insert_only(self, inputs->vertex[side], "StreamPhysicalIntervalJoin", node->position, error));
    WEIR_TRY(join_on(self, node, inputs, &spec->on, error));
    spec->left_time = node->as.join.left_time;
    spec->right_time = node->as.join.right_time;
    spec->lower_ms = node->as.join.lower_ms;
    spec->upper_ms = node->as.join.upper_ms;
    spec->processing_time = node->as.join.processing_time;
    return join_vertex(self, node, inputs, &weir_interval_join_operator, spec, &spec->on, (physical_changes){0}, out, error);
}

static weir_status window_join(physical *self, const weir_node *node, const join_inputs *inputs, uint32_t *out, weir_error *error) {
    weir_window_join_spec *spec = WEIR_ARENA_NEW(self->arena, weir_window_join_spec);
    if (spec == NULL)
        return physical_no_memory(error);
    for (int side = 0; side < 2; side++)
        WEIR_TRY(physical_insert_only(self, inputs->vertex[side], "StreamPhysicalWindowJoin", node->position, error));
    WEIR_TRY(join_on(self, node, inputs, &spec->on, error));
    spec->left_end = node->as.join.left_time;
    spec->right_end = node->as.join.right_time;
    spec->end_is_ltz = node->as.join.processing_time; /* the rule keeps "bounds are wall time of a zone" here */
    return join_vertex(self, node, inputs, &weir_window_join_operator, spec, &spec->on, (physical_changes){0}, out, error);
}

static weir_status temporal_join(physical *self, const weir_node *node, const join_inputs *inputs, uint32_t *out, weir_error *error) {
    weir_temporal_join_spec *spec = WEIR_ARENA_NEW(self->arena, weir_temporal_join_spec);
    if (spec == NULL)
        return physical_no_memory(error);
    WEIR_TRY(physical_insert_only(self, inputs->vertex[0], "StreamPhysicalTemporalJoin", node->position, error));
    WEIR_TRY(join_on(self, node, inputs, &spec->on, error));
    spec->left_time = node->as.join.left_time;
    spec->right_time = node->as.join.right_time;
    return join_vertex(self, node, inputs, &weir_temporal_join_operator, spec, &spec->on, (physical_changes){0}, out, error);
}

weir_status physical_join(physical *self, const weir_node *node, uint32_t *out, weir_error *error) {
    join_inputs inputs;
    for (int side = 0; side < 2; side++) {
        WEIR_TRY(physical_node(self, node->inputs[side], &inputs.vertex[side], error));
        inputs.changes[side] = physical_changes_of(self, inputs.vertex[side]);
    }
    switch (node->kind) {
    case WEIR_NODE_INTERVAL_JOIN: return interval_join(self, node, &inputs, out, error);
    case WEIR_NODE_WINDOW_JOIN: return window_join(self, node, &inputs, out, error);
    case WEIR_NODE_TEMPORAL_JOIN: return temporal_join(self, node, &inputs, out, error);
    default: return regular_join(self, node, &inputs, out, error);
    }
}
