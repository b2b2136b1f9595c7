/* One row per group at the end of the input: batch mode, or a consumer that sees only the last value. Groups leave in order of creation. */
#include "op/group_aggregate_int.h"

weir_status group_final_fold(group_aggregate *self, weir_error *error) {
    const weir_batch *batch = self->batch;
    weir_rows rows = weir_batch_rows(batch);
    if (batch->kinds == NULL) {
        WEIR_FOR_ROWS(&rows, row, { ((group_head *)self->values[row])->count++; });
    } else {
        WEIR_FOR_ROWS(&rows, row, { ((group_head *)self->values[row])->count += weir_change_adds(batch->kinds[row]) ? 1 : -1; });
    }
    return weir_agg_calls_update(&self->calls, self->values, &rows, batch->kinds, batch->columns, error);
}

/* Up to `most` groups with records, into self->values. */
static uint32_t groups_collect(group_aggregate *self, uint32_t most) {
    uint32_t count = 0;
    while (count < most) {
        group_head *head = weir_keyed_next(self->keyed, &self->cursor);
        if (head == NULL)
            break;
        if (head->count > 0)
            self->values[count++] = head;
    }
    return count;
}

static weir_status groups_write(group_aggregate *self, weir_batch *chunk, uint32_t count, weir_error *error) {
    const weir_group_aggregate_spec *spec = self->spec;
    for (uint32_t k = 0; k < count; k++)
        weir_keyed_read_key(self->keyed, self->values[k], chunk->columns, k);
    weir_rows rows = {NULL, count};
    WEIR_TRY(weir_agg_calls_emit(&self->calls, self->values, &rows, chunk->columns + spec->key_count, error));
    for (uint32_t i = 0; i < chunk->column_count; i++)
        if (chunk->columns[i]->failed)
            return weir_fail_memory(error, self->base.context->name, (size_t)count * 16);
    chunk->rows = chunk->selected = count;
    return WEIR_OK;
}

weir_status group_final_emit(group_aggregate *self, weir_output *output, bool *done, weir_error *error) {
    const weir_operator_context *context = self->base.context;
    const weir_group_aggregate_spec *spec = self->spec;
    uint32_t most = context->settings->batch_rows;
    WEIR_TRY(group_rows_room(self, most, error));
    while (!weir_output_full(output)) {
        uint32_t count = groups_collect(self, most);
        if (count == 0) {
            *done = true;
            return WEIR_OK;
        }
        weir_batch *chunk = weir_batch_create_typed(context->memory, spec->output_types, spec->key_count + spec->call_count, count);
        weir_status status = chunk != NULL ? groups_write(self, chunk, count, error) : weir_fail_memory(error, context->name, count * 16);
        if (status != WEIR_OK) {
            weir_batch_destroy(chunk);
            return status;
        }
        weir_output_push(output, chunk);
    }
    *done = false;
    return WEIR_OK;
}
