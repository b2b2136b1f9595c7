/* Window table functions, window aggregates and window Top-N. */
#include "plan/physical_int.h"

static weir_status window_table(physical *self, const weir_node *node, uint32_t input, uint32_t *out, weir_error *error) {
    weir_window_table_spec *spec = WEIR_ARENA_NEW(self->arena, weir_window_table_spec);
    const weir_type *const *types = weir_node_types(self->arena, node);
    if (spec == NULL || types == NULL)
        return physical_no_memory(error);
    *spec = (weir_window_table_spec){.window = node->as.window_table.window,
                                     .key_count = node->as.window_table.key_count,
                                     .keys = node->as.window_table.keys,
                                     .input_count = physical_columns(self, input),
                                     .input_types = physical_types(self, input),
                                     .output_types = types};
    weir_vertex *vertex;
    WEIR_TRY(physical_operator(self, &weir_window_table_operator, spec, &input, 1, types, node->field_count,
                               physical_changes_of(self, input), &vertex, out, error));
    if (spec->window.kind == WEIR_WINDOW_SESSION)
        physical_keyed(vertex, 0, spec->keys, spec->key_count);
    return WEIR_OK;
}

static weir_status window_aggregate(physical *self, const weir_node *node, uint32_t input, uint32_t *out, weir_error *error) {
    weir_window_aggregate_spec *spec = WEIR_ARENA_NEW(self->arena, weir_window_aggregate_spec);
    const weir_type *const *types = weir_node_types(self->arena, node);
    if (spec == NULL || types == NULL)
        return physical_no_memory(error);
    *spec = node->as.window_aggregate.spec;
    spec->input_count = physical_columns(self, input);
    spec->input_types = physical_types(self, input);
    spec->input_retracts = physical_retracts(physical_changes_of(self, input));
    spec->output_types = types;
    weir_vertex *vertex;
    WEIR_TRY(physical_operator(self, &weir_window_aggregate_operator, spec, &input, 1, types, node->field_count, (physical_changes){0},
                               &vertex, out, error));
    physical_keyed(vertex, 0, spec->keys, spec->key_count);
    return WEIR_OK;
}

static weir_status window_rank(physical *self, const weir_node *node, uint32_t input, uint32_t *out, weir_error *error) {
    weir_window_rank_spec *spec = WEIR_ARENA_NEW(self->arena, weir_window_rank_spec);
    const weir_type *const *types = weir_node_types(self->arena, node);
    if (spec == NULL || types == NULL)
        return physical_no_memory(error);
    *spec = node->as.window_rank;
    spec->input_count = physical_columns(self, input);
    spec->input_types = physical_types(self, input);
    spec->output_types = types;
    weir_vertex *vertex;
    WEIR_TRY(physical_operator(self, &weir_window_rank_operator, spec, &input, 1, types, node->field_count, (physical_changes){0}, &vertex,
                               out, error));
    physical_keyed(vertex, 0, spec->keys, spec->key_count);
    return WEIR_OK;
}

weir_status physical_window(physical *self, const weir_node *node, uint32_t *out, weir_error *error) {
    uint32_t input;
    WEIR_TRY(physical_node(self, node->inputs[0], &input, error));
    if (node->kind == WEIR_NODE_WINDOW_AGGREGATE)
        return window_aggregate(self, node, input, out, error);
    WEIR_TRY(physical_insert_only(self, input,
                                  node->kind == WEIR_NODE_WINDOW_RANK ? "StreamPhysicalWindowRank" : "StreamPhysicalWindowTableFunction",
                                  node->position, error));
    return node->kind == WEIR_NODE_WINDOW_TABLE ? window_table(self, node, input, out, error) : window_rank(self, node, input, out, error);
}
