/* LIMIT and OFFSET without ORDER BY: the selection narrows, nothing is copied. See sort.h. */
#include "op/sort.h"
#include "op/stage.h"

typedef struct limit_operator {
    weir_operator base; /* first */
    int64_t skip;       /* rows still to be skipped */
    int64_t left;       /* rows still to pass; INT64_MAX: all */
    bool done;
} limit_operator;

/* Keep the selected rows from number `from` on, `count` of them. */
static bool selection_narrow(weir_batch *batch, uint32_t from, uint32_t count) {
    bool dense = batch->selection == NULL;
    uint32_t *selection = weir_batch_open_selection(batch, batch->selected == 0 ? 1 : batch->selected);
    if (selection == NULL)
        return false;
    for (uint32_t k = 0; k < count; k++)
        selection[k] = dense ? from + k : selection[from + k];
    batch->selected = count;
    return true;
}

static weir_status limit_process(weir_operator *operator, uint32_t input, weir_batch *batch, weir_output *output, weir_step *step,
                                 weir_error *error) {
    limit_operator *self = (limit_operator *)operator;
    (void)input;
    *step = self->done ? WEIR_STEP_DONE : WEIR_STEP_MORE_INPUT;
    if (self->done) {
        weir_batch_destroy(batch);
        return WEIR_OK;
    }
    uint32_t rows = batch->selected;
    uint32_t from = self->skip < rows ? (uint32_t)self->skip : rows;
    uint32_t count = self->left < rows - from ? (uint32_t)self->left : rows - from;
    self->skip -= from;
    self->left -= self->left == INT64_MAX ? 0 : count;
    if (count < rows && !selection_narrow(batch, from, count)) {
        weir_batch_destroy(batch);
        return weir_stage_no_memory(operator->context, rows * sizeof(uint32_t), error);
    }
    if (self->left == 0) {
        self->done = true;
        *step = WEIR_STEP_DONE;
        bool ended = batch->mark_count > 0 && batch->marks[batch->mark_count - 1].watermark_ms == WEIR_WATERMARK_END;
        if (!ended && !weir_batch_add_mark(batch, batch->rows, WEIR_WATERMARK_END)) {
            weir_batch_destroy(batch);
            return weir_stage_no_memory(operator->context, sizeof(weir_mark), error);
        }
    }
    weir_output_push(output, batch);
    return WEIR_OK;
}

static void limit_close(weir_operator *operator) { weir_memory_free(operator->context->memory, operator, sizeof(limit_operator)); }

static weir_status limit_open(const void *spec_, const weir_operator_context *context, weir_operator **out, weir_error *error) {
    const weir_sort_spec *spec = spec_;
    limit_operator *self = weir_memory_zalloc(context->memory, sizeof *self);
    if (self == NULL)
        return weir_stage_no_memory(context, sizeof *self, error);
    *self =
        (limit_operator){.base = {&weir_limit_operator, context}, .skip = spec->offset, .left = spec->fetch < 0 ? INT64_MAX : spec->fetch};
    *out = &self->base;
    return WEIR_OK;
}

const weir_operator_vtable weir_limit_operator = {
    .name = "Limit", .input_count = 1, .open = limit_open, .process = limit_process, .close = limit_close};
