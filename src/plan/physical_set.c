/* UNION [ALL], and the small operators on kinds and counts. INTERSECT and EXCEPT have been rewritten by a rule. */
#include "op/expand.h"
#include "op/group_aggregate.h"
#include "op/union.h"
#include "plan/physical_int.h"

static weir_status union_all(physical *self, const weir_node *node, uint32_t *out, weir_error *error) {
    uint32_t *inputs = WEIR_ARENA_ARRAY(self->arena, uint32_t, node->input_count);
    weir_union_spec *spec = WEIR_ARENA_NEW(self->arena, weir_union_spec);
    const weir_type *const *types = weir_node_types(self->arena, node);
    if (inputs == NULL || spec == NULL || types == NULL)
        return physical_no_memory(error);
    physical_changes changes = {0};
    for (uint32_t i = 0; i < node->input_count; i++) {
        WEIR_TRY(physical_node(self, node->inputs[i], &inputs[i], error));
        physical_changes in = physical_changes_of(self, inputs[i]);
        changes.updates |= in.updates;
        changes.deletes |= in.deletes;
    }
    spec->input_count = node->input_count;
    weir_vertex *vertex;
    return physical_operator(self, &weir_union_operator, spec, inputs, node->input_count, types, node->field_count, changes, &vertex, out,
                             error);
}

static weir_status distinct(physical *self, const weir_node *node, uint32_t *vertex_number, weir_error *error) {
    weir_group_aggregate_spec *spec = WEIR_ARENA_NEW(self->arena, weir_group_aggregate_spec);
    uint32_t *keys = WEIR_ARENA_ARRAY(self->arena, uint32_t, node->field_count);
    if (spec == NULL || keys == NULL)
        return physical_no_memory(error);
    for (uint32_t i = 0; i < node->field_count; i++)
        keys[i] = i;
    uint32_t input = *vertex_number;
    physical_changes in = physical_changes_of(self, input);
    *spec = (weir_group_aggregate_spec){.input_count = node->field_count,
                                        .input_types = physical_types(self, input),
                                        .key_count = node->field_count,
                                        .keys = keys,
                                        .input_retracts = physical_retracts(in),
                                        .emit_update_before = true,
                                        .final_only = self->settings->batch_mode,
                                        .output_types = physical_types(self, input)};
    weir_vertex *vertex;
    WEIR_TRY(physical_operator(self, &weir_group_aggregate_operator, spec, &input, 1, spec->output_types, node->field_count,
                               (physical_changes){false, physical_retracts(in)}, &vertex, vertex_number, error));
    physical_keyed(vertex, 0, keys, node->field_count);
    return WEIR_OK;
}

static weir_status one_input(physical *self, const weir_node *node, uint32_t *out, weir_error *error) {
    uint32_t input;
    WEIR_TRY(physical_node(self, node->inputs[0], &input, error));
    const weir_type *const *types = weir_node_types(self->arena, node);
    physical_changes in = physical_changes_of(self, input);
    weir_vertex *vertex;
    if (node->kind == WEIR_NODE_DROP_UPDATE_BEFORE)
        return physical_operator(self, &weir_drop_update_before_operator, NULL, &input, 1, types, node->field_count, in, &vertex, out,
                                 error);
    if (node->kind == WEIR_NODE_EXPAND) {
        weir_expand_spec *spec = WEIR_ARENA_NEW(self->arena, weir_expand_spec);
        if (spec == NULL || types == NULL)
            return physical_no_memory(error);
        *spec = (weir_expand_spec){node->as.expand.set_count, node->field_count, node->as.expand.projections, types};
        return physical_operator(self, &weir_expand_operator, spec, &input, 1, types, node->field_count, in, &vertex, out, error);
    }
    if (node->kind == WEIR_NODE_REPLICATE) {
        weir_replicate_spec *spec = WEIR_ARENA_NEW(self->arena, weir_replicate_spec);
        if (spec == NULL)
            return physical_no_memory(error);
        *spec = node->as.replicate;
        spec->output_types = types;
        return physical_operator(self, &weir_replicate_operator, spec, &input, 1, types, node->field_count, in, &vertex, out, error);
    }
    weir_changelog_normalize_spec *spec = WEIR_ARENA_NEW(self->arena, weir_changelog_normalize_spec);
    if (spec == NULL)
        return physical_no_memory(error);
    *spec = node->as.normalize;
    spec->input_count = physical_columns(self, input);
    spec->input_types = physical_types(self, input);
    WEIR_TRY(physical_operator(self, &weir_changelog_normalize_operator, spec, &input, 1, types, node->field_count,
                               (physical_changes){true, true}, &vertex, out, error));
    physical_keyed(vertex, 0, spec->keys, spec->key_count);
    return WEIR_OK;
}

weir_status physical_set(physical *self, const weir_node *node, uint32_t *out, weir_error *error) {
    if (node->kind != WEIR_NODE_SET)
        return one_input(self, node, out, error);
    if (node->as.set.kind != WEIR_SET_UNION)
        return weir_fail_at(error, WEIR_INTERNAL, node->position, "INTERSECT and EXCEPT must be rewritten before");
    WEIR_TRY(union_all(self, node, out, error));
    return node->as.set.all ? WEIR_OK : distinct(self, node, out, error);
}
