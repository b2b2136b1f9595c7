/* Every row once per grouping set, the sets of a row one behind the other; see expand.h. The sets are evaluated for the whole batch, then
 * interleaved chunk by chunk. */
#include "op/expand.h"

#include "op/pieces.h"

typedef struct expand {
    weir_operator base;
    const weir_expand_spec *spec;
    weir_program *program;  /* all sets: set_count * count expressions, those of one output column together */
    weir_column **by_column; /* [count][set_count] of the batch in hand */
    weir_repeat repeat;
    weir_status failure;    /* reported when the rows before it have left */
    weir_error failure_error;
} expand;

static uint32_t column_total(const expand *self) { return self->spec->set_count * self->spec->count; }

static void columns_drop(expand *self) {
    for (uint32_t i = 0; self->by_column != NULL && i < column_total(self); i++) {
        weir_column_unref(self->by_column[i]);
        self->by_column[i] = NULL;
    }
}

static void expand_close(weir_operator *base) {
    expand *self = (expand *)base;
    const weir_operator_context *context = base->context;
    columns_drop(self);
    weir_repeat_deinit(&self->repeat, context);
    weir_memory_free(context->memory, self->by_column, column_total(self) * sizeof(weir_column *));
    weir_memory_free(context->memory, self, sizeof(expand));
}

static weir_status programs_make(expand *self, weir_error *error) {
    const weir_operator_context *context = self->base.context;
    const weir_expand_spec *spec = self->spec;
    uint32_t total = column_total(self);
    const weir_expr **exprs = WEIR_ARENA_ARRAY(context->arena, const weir_expr *, total);
    self->by_column = weir_memory_zalloc(context->memory, total * sizeof(weir_column *));
    if (exprs == NULL || self->by_column == NULL)
        return weir_fail_memory(error, context->name, total * sizeof(void *));
    for (uint32_t s = 0; s < spec->set_count; s++)
        for (uint32_t c = 0; c < spec->count; c++)
            exprs[c * spec->set_count + s] = spec->projections[s][c];
    return weir_program_compile(context->arena, context->memory, context->evaluation, exprs, total, &self->program, error);
}

static weir_status expand_open(const void *given, const weir_operator_context *context, weir_operator **out, weir_error *error) {
    expand *self = weir_memory_zalloc(context->memory, sizeof(expand));
    if (self == NULL)
        return weir_fail_memory(error, context->name, sizeof(expand));
    self->base = (weir_operator){&weir_expand_operator, context};
    self->spec = given;
    weir_status status = weir_repeat_init(&self->repeat, context, error);
    if (status == WEIR_OK)
        status = programs_make(self, error);
    if (status != WEIR_OK) {
        expand_close(&self->base);
        return status;
    }
    *out = &self->base;
    return WEIR_OK;
}

/* Column c of the chunk: row k comes from set ordinal[k]. */
static weir_column *interleave(expand *self, uint32_t c, weir_memory *memory) {
    const weir_repeat *repeat = &self->repeat;
    weir_column *made = weir_column_create(memory, self->spec->output_types[c], repeat->count);
    if (made != NULL)
        weir_column_pick(made, self->by_column + (size_t)c * self->spec->set_count, self->spec->set_count, repeat->ordinal, repeat->source,
                         repeat->count);
    if (made != NULL && made->failed) {
        weir_column_unref(made);
        return NULL;
    }
    return made;
}

static weir_status expand_resume(weir_operator *base, weir_output *output, weir_step *step, weir_error *error) {
    expand *self = (expand *)base;
    const weir_operator_context *context = base->context;
    while (!weir_output_full(output)) {
        weir_batch *chunk = NULL;
        WEIR_TRY(weir_repeat_next(&self->repeat, context, self->spec->count, &chunk, error));
        if (chunk == NULL) {
            columns_drop(self);
            *step = WEIR_STEP_MORE_INPUT;
            if (self->failure != WEIR_OK && error != NULL)
                *error = self->failure_error;
            return self->failure;
        }
        for (uint32_t c = 0; c < self->spec->count && chunk->rows > 0; c++) {
            chunk->columns[c] = interleave(self, c, context->memory);
            if (chunk->columns[c] == NULL) {
                weir_batch_destroy(chunk);
                return weir_fail_memory(error, context->name, self->repeat.count * 16);
            }
        }
        if (chunk->rows == 0)
            chunk = weir_batch_marks_only(chunk);
        if (chunk == NULL)
            return weir_fail_memory(error, context->name, sizeof(weir_batch));
        weir_output_push(output, chunk);
    }
    *step = WEIR_STEP_MORE_OUTPUT;
    return WEIR_OK;
}

static weir_status expand_process(weir_operator *base, uint32_t input, weir_batch *batch, weir_output *output, weir_step *step,
                                  weir_error *error) {
    expand *self = (expand *)base;
    (void)input;
    weir_repeat_start(&self->repeat, batch, NULL, self->spec->set_count);
    if (batch->selected > 0) {
        weir_rows rows = weir_batch_rows(batch);
        uint32_t failed_row = UINT32_MAX;
        weir_error *own = &self->failure_error;
        weir_status status = weir_program_run(self->program, batch->columns, batch->rows, &rows, self->by_column, &failed_row, own);
        if (status != WEIR_OK && failed_row == UINT32_MAX) {
            if (error != NULL)
                *error = *own;
            return status;
        }
        self->failure = status;
        if (status != WEIR_OK)
            weir_batch_cut(batch, failed_row);
    }
    return expand_resume(base, output, step, error);
}

const weir_operator_vtable weir_expand_operator = {
    .name = "Expand",
    .input_count = 1,
    .open = expand_open,
    .process = expand_process,
    .resume = expand_resume,
    .close = expand_close,
};
