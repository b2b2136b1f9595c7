/* Filter and projection; see calc.h. When a row fails, the rows before it leave first, then the error. */
#include "op/calc.h"

#include <string.h>

#include "op/pieces.h"

typedef struct calc {
    weir_operator base;
    const weir_calc_spec *spec;
    weir_program *condition;  /* NULL: all rows */
    weir_program *projection; /* NULL: the columns as they are */
    /* CURRENT_WATERMARK is read: batches are taken apart at their marks, and the functions see the watermark that holds there. */
    bool by_segment;
    weir_evaluation evaluation; /* the job's, with our watermark */
    int64_t watermark_ms;
    weir_batch *batch;
    weir_segments segments;
} calc;

static void calc_close(weir_operator *base) {
    weir_batch_destroy(((calc *)base)->batch);
    weir_memory_free(base->context->memory, base, sizeof(calc));
}

static bool reads_watermark(const weir_expr *expr) {
    if (expr->kind != WEIR_EXPR_CALL)
        return false;
    if (strcmp(expr->as.call.function->name, "CURRENT_WATERMARK") == 0)
        return true;
    for (uint32_t i = 0; i < expr->as.call.count; i++)
        if (reads_watermark(expr->as.call.arguments[i]))
            return true;
    return false;
}

static void evaluation_set(calc *self) {
    const weir_calc_spec *spec = self->spec;
    self->evaluation = *self->base.context->evaluation;
    self->by_segment = spec->condition != NULL && reads_watermark(spec->condition);
    for (uint32_t i = 0; i < spec->count && spec->projections != NULL; i++)
        self->by_segment |= reads_watermark(spec->projections[i]);
    self->watermark_ms = WEIR_WATERMARK_NONE;
    if (self->by_segment)
        self->evaluation.watermark_ms = &self->watermark_ms;
}

static weir_status calc_open(const void *given, const weir_operator_context *context, weir_operator **out, weir_error *error) {
    const weir_calc_spec *spec = given;
    calc *self = weir_memory_zalloc(context->memory, sizeof(calc));
    if (self == NULL)
        return weir_fail_memory(error, context->name, sizeof(calc));
    self->base = (weir_operator){&weir_calc_operator, context};
    self->spec = spec;
    evaluation_set(self);
    const weir_evaluation *evaluation = &self->evaluation;
    weir_status status = WEIR_OK;
    if (spec->condition != NULL)
        status = weir_program_compile(context->arena, context->memory, evaluation, &spec->condition, 1, &self->condition, error);
    if (status == WEIR_OK && spec->projections != NULL)
        status = weir_program_compile(context->arena, context->memory, evaluation, spec->projections, spec->count,
                                      &self->projection, error);
    if (status != WEIR_OK) {
        calc_close(&self->base);
        return status;
    }
    *out = &self->base;
    return WEIR_OK;
}

/* *failure keeps the first error; WEIR_OK with a failed row means that the batch was cut before it. */
static weir_status filter(calc *self, weir_batch *batch, weir_status *failure, weir_error *error) {
    const weir_operator_context *context = self->base.context;
    weir_rows rows = weir_batch_rows(batch);
    uint32_t selected = 0, failed_row = UINT32_MAX;
    uint32_t *selection = weir_memory_alloc(context->memory, rows.count * sizeof(uint32_t));
    if (selection == NULL)
        return weir_fail_memory(error, context->name, rows.count * sizeof(uint32_t));
    weir_status status = weir_program_filter(self->condition, batch->columns, batch->rows, &rows, selection, &selected, &failed_row, error);
    if (status == WEIR_RUNTIME && failed_row != UINT32_MAX) {
        *failure = status;
        status = WEIR_OK;
    }
    if (status == WEIR_OK && selected == batch->rows) {
        weir_memory_free(context->memory, selection, rows.count * sizeof(uint32_t));
    } else if (status == WEIR_OK) {
        weir_memory_free(batch->memory, batch->selection, batch->selection_capacity * sizeof(uint32_t));
        batch->selection = NULL;
        batch->selection_capacity = 0;
        uint32_t *own = weir_batch_open_selection(batch, selected);
        if (own != NULL && selected > 0)
            memcpy(own, selection, selected * sizeof(uint32_t));
        weir_memory_free(context->memory, selection, rows.count * sizeof(uint32_t));
        if (own == NULL)
            return weir_fail_memory(error, context->name, selected * sizeof(uint32_t));
        batch->selected = selected;
    } else {
        weir_memory_free(context->memory, selection, rows.count * sizeof(uint32_t));
    }
    if (*failure != WEIR_OK)
        weir_batch_cut(batch, failed_row);
    return status;
}

static weir_status project(calc *self, weir_batch *batch, weir_batch **out, weir_status *failure, weir_error *error) {
    const weir_operator_context *context = self->base.context;
    /* The header moves over, so both batches must have one account. */
    weir_batch *made = weir_batch_create(batch->memory, self->spec->count);
    if (made == NULL)
        return weir_fail_memory(error, context->name, sizeof(weir_batch));
    weir_rows rows = weir_batch_rows(batch);
    uint32_t failed_row = UINT32_MAX;
    weir_status status = weir_program_run(self->projection, batch->columns, batch->rows, &rows, made->columns, &failed_row, error);
    if (status != WEIR_OK && failed_row == UINT32_MAX) {
        weir_batch_destroy(made);
        return status;
    }
    weir_batch_move_header(made, batch);
    if (status != WEIR_OK) {
        *failure = status;
        weir_batch_cut(made, failed_row);
    }
    *out = made;
    return WEIR_OK;
}

/* Takes the batch over. */
static weir_status batch_calc(calc *self, weir_batch *batch, weir_output *output, weir_error *error) {
    weir_status failure = WEIR_OK, status = WEIR_OK;
    if (batch->selected > 0 && self->condition != NULL)
        status = filter(self, batch, &failure, error);
    if (status == WEIR_OK && batch->selected == 0) {
        batch = weir_batch_marks_only(batch);
        if (batch == NULL)
            return weir_fail_memory(error, self->base.context->name, sizeof(weir_batch));
    } else if (status == WEIR_OK && self->projection != NULL) {
        weir_batch *made = NULL;
        status = project(self, batch, &made, &failure, error);
        if (status == WEIR_OK) {
            weir_batch_destroy(batch);
            batch = made;
        }
    }
    if (status != WEIR_OK) {
        weir_batch_destroy(batch);
        return status;
    }
    weir_output_push(output, batch);
    return failure;
}

/* The segment as a batch of its own; its mark stands at its end. */
static weir_batch *segment_share(calc *self) {
    const weir_rows *rows = &self->segments.rows;
    weir_batch *part = weir_batch_share(self->batch);
    if (part == NULL)
        return NULL;
    part->mark_count = 0;
    weir_memory_free(part->memory, part->selection, part->selection_capacity * sizeof(uint32_t));
    part->selection = NULL;
    part->selection_capacity = 0;
    uint32_t *selection = weir_batch_open_selection(part, rows->count);
    bool done = selection != NULL && (!self->segments.has_mark || weir_batch_add_mark(part, part->rows, self->segments.watermark_ms));
    if (!done) {
        weir_batch_destroy(part);
        return NULL;
    }
    for (uint32_t k = 0; k < rows->count; k++)
        selection[k] = rows->index == NULL ? k : rows->index[k];
    part->selected = rows->count;
    return part;
}

static weir_status calc_resume(weir_operator *base, weir_output *output, weir_step *step, weir_error *error) {
    calc *self = (calc *)base;
    *step = WEIR_STEP_MORE_OUTPUT;
    while (!weir_output_full(output)) {
        if (!weir_segments_next(&self->segments)) {
            weir_batch_destroy(self->batch);
            self->batch = NULL;
            *step = WEIR_STEP_MORE_INPUT;
            return WEIR_OK;
        }
        weir_batch *part = segment_share(self);
        if (part == NULL)
            return weir_fail_memory(error, base->context->name, sizeof(weir_batch));
        WEIR_TRY(batch_calc(self, part, output, error));
        if (self->segments.has_mark)
            self->watermark_ms = self->segments.watermark_ms;
    }
    return WEIR_OK;
}

static weir_status calc_process(weir_operator *base, uint32_t input, weir_batch *batch, weir_output *output, weir_step *step,
                                weir_error *error) {
    calc *self = (calc *)base;
    (void)input;
    *step = WEIR_STEP_MORE_INPUT;
    if (!self->by_segment)
        return batch_calc(self, batch, output, error);
    self->batch = batch;
    self->segments = weir_segments_of(batch);
    return calc_resume(base, output, step, error);
}

const weir_operator_vtable weir_calc_operator = {
    .name = "Calc",
    .input_count = 1,
    .open = calc_open,
    .process = calc_process,
    .resume = calc_resume,
    .close = calc_close,
};
