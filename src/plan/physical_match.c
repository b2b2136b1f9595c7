/* MATCH_RECOGNIZE: what it is ordered by is checked here, because it depends on the mode. */
#include "plan/physical_int.h"

static weir_status refuse(const weir_node *node, weir_error *error, const char *message) {
    return weir_fail_at(error, WEIR_UNSUPPORTED, node->position, "%s", message);
}

static weir_status check_order(const physical *self, const weir_node *node, weir_error *error) {
    const weir_match_spec *spec = &node->as.match;
    bool batch = self->settings->batch_mode;
    if (spec->order_count == 0)
        return refuse(node, error,
                      batch ? "You must specify time point for order by." : "You must specify either rowtime or proctime for order by.");
    const weir_plan_field *time = &node->inputs[0]->fields[spec->order[0].column];
    if (batch ? !weir_kind_is_timestamp(time->type->kind) : time->time == WEIR_TIME_NONE)
        return refuse(node, error,
                      batch ? "You must specify time point for order by as the first one."
                            : "You must specify either rowtime or proctime for order by as the first one.");
    if (spec->order[0].descending)
        return refuse(node, error,
                      batch ? "Primary sort order of a table must be ascending on time."
                            : "Primary sort order of a streaming table must be ascending on time.");
    return WEIR_OK;
}

weir_status physical_match(physical *self, const weir_node *node, uint32_t *out, weir_error *error) {
    uint32_t input;
    WEIR_TRY(physical_node(self, node->inputs[0], &input, error));
    WEIR_TRY(physical_insert_only(self, input, "Match Recognize", node->position, error));
    WEIR_TRY(check_order(self, node, error));
    weir_match_spec *spec = WEIR_ARENA_NEW(self->arena, weir_match_spec);
    const weir_type *const *types = weir_node_types(self->arena, node);
    if (spec == NULL || types == NULL)
        return physical_no_memory(error);
    *spec = node->as.match;
    spec->input_count = physical_columns(self, input);
    spec->input_types = physical_types(self, input);
    spec->processing_time = !self->settings->batch_mode && node->inputs[0]->fields[spec->order[0].column].time == WEIR_TIME_PROCTIME;
    spec->output_types = types;
    weir_vertex *vertex;
    WEIR_TRY(physical_operator(self, &weir_match_operator, spec, &input, 1, types, node->field_count, (physical_changes){0}, &vertex, out,
                               error));
    physical_keyed(vertex, 0, spec->keys, spec->key_count);
    return WEIR_OK;
}
