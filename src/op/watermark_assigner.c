/* Watermarks behind rows; see watermark_assigner.h. As in Flink the watermark starts at 0, rises with the expression's greatest value so
 * far, and is sent when it has risen by more than the interval
 * since the last one sent. There is no timer for the rest: what a bounded input leaves unsent is overtaken by its end, and the same rows
 * give the same marks on every run. */
#include "op/watermark_assigner.h"

#include "op/pieces.h"
#include "types/timestamp.h"

typedef struct assigner {
    weir_operator base;
    const weir_watermark_assigner_spec *spec;
    weir_program *program;
    int64_t current_ms, sent_ms;
} assigner;

static void assigner_close(weir_operator *self) { weir_memory_free(self->context->memory, self, sizeof(assigner)); }

static weir_status assigner_open(const void *given, const weir_operator_context *context, weir_operator **out, weir_error *error) {
    const weir_watermark_assigner_spec *spec = given;
    if (spec->idle_timeout_ms > 0)
        return weir_fail(error, WEIR_UNSUPPORTED, "table.exec.source.idle-timeout: idle sources are not left out of watermarks here");
    assigner *self = weir_memory_zalloc(context->memory, sizeof(assigner));
    if (self == NULL)
        return weir_fail_memory(error, context->name, sizeof(assigner));
    self->base = (weir_operator){&weir_watermark_assigner_operator, context};
    self->spec = spec;
    weir_status status = weir_program_compile(context->arena, context->memory, context->evaluation, &spec->expression, 1, &self->program,
                                              error);
    if (status != WEIR_OK) {
        assigner_close(&self->base);
        return status;
    }
    *out = &self->base;
    return WEIR_OK;
}

static int64_t time_ms(const weir_column *column, uint32_t row) {
    if (column->layout == WEIR_LAYOUT_TIMESTAMP_NS)
        return WEIR_VALUES(column, weir_timestamp_ns)[row].milliseconds;
    return weir_floor_div(WEIR_VALUES(column, int64_t)[row], 1000);
}

/* The first selected row without a rowtime, UINT32_MAX: none. */
static uint32_t null_row(const weir_batch *batch, uint32_t column) {
    const uint8_t *valid = batch->columns[column]->valid;
    if (valid == NULL)
        return UINT32_MAX;
    for (uint32_t k = 0; k < batch->selected; k++) {
        uint32_t row = batch->selection == NULL ? k : batch->selection[k];
        if (!valid[row])
            return row;
    }
    return UINT32_MAX;
}

static bool marks_make(assigner *self, weir_batch *batch, const weir_column *watermark) {
    int64_t current = self->current_ms, sent = self->sent_ms, interval = self->spec->interval_ms;
    for (uint32_t k = 0; k < batch->selected; k++) {
        uint32_t row = batch->selection == NULL ? k : batch->selection[k];
        if (!weir_column_is_valid(watermark, row))
            continue;
        int64_t at = time_ms(watermark, row);
        if (at <= current)
            continue;
        current = at;
        if (current - sent > interval) {
            sent = current;
            if (!weir_batch_add_mark(batch, row + 1, current))
                return false;
        }
    }
    self->current_ms = current;
    self->sent_ms = sent;
    return true;
}

static weir_status rows_mark(assigner *self, weir_batch *batch, weir_status *failure, weir_error *error) {
    const weir_operator_context *context = self->base.context;
    uint32_t failed_row = UINT32_MAX, bad = null_row(batch, self->spec->rowtime);
    weir_column *watermark = NULL;
    weir_rows rows = weir_batch_rows(batch);
    weir_status status = weir_program_run(self->program, batch->columns, batch->rows, &rows, &watermark, &failed_row, error);
    if (status != WEIR_OK && failed_row == UINT32_MAX)
        return status;
    *failure = status;
    if (bad <= failed_row && bad != UINT32_MAX) {
        failed_row = bad;
        *failure = weir_fail(error, WEIR_RUNTIME, "RowTime field should not be null, please convert it to a non-null long value.");
        weir_error_hint(error, "drop such rows before the watermark, for example in a view WHERE the column IS NOT NULL");
    }
    if (*failure != WEIR_OK)
        weir_batch_cut(batch, failed_row);
    bool marked = marks_make(self, batch, watermark);
    weir_column_unref(watermark);
    return marked ? WEIR_OK : weir_fail_memory(error, context->name, sizeof(weir_mark));
}

static weir_status assigner_process(weir_operator *base, uint32_t input, weir_batch *batch, weir_output *output, weir_step *step,
                                    weir_error *error) {
    assigner *self = (assigner *)base;
    (void)input;
    *step = WEIR_STEP_MORE_INPUT;
    bool ended = batch->mark_count > 0 && batch->marks[batch->mark_count - 1].watermark_ms == WEIR_WATERMARK_END;
    batch->mark_count = 0;
    weir_status failure = WEIR_OK, status = WEIR_OK;
    if (batch->selected > 0)
        status = rows_mark(self, batch, &failure, error);
    if (status == WEIR_OK && ended && !weir_batch_add_mark(batch, batch->rows, WEIR_WATERMARK_END))
        status = weir_fail_memory(error, base->context->name, sizeof(weir_mark));
    if (status != WEIR_OK) {
        weir_batch_destroy(batch);
        return status;
    }
    weir_output_push(output, batch);
    return failure;
}

const weir_operator_vtable weir_watermark_assigner_operator = {
    .name = "WatermarkAssigner",
    .input_count = 1,
    .open = assigner_open,
    .process = assigner_process,
    .close = assigner_close,
};
