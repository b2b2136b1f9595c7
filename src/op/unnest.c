/* UNNEST; see unnest.h. The collection is evaluated for the whole batch; elements are then gathered chunk by chunk from its child columns.
 * */
#include "op/unnest.h"

#include "op/pieces.h"

typedef struct unnest {
    weir_operator base;
    const weir_unnest_spec *spec;
    weir_program *program;
    weir_column *collection; /* of the batch in hand */
    uint32_t *counts;        /* [count_capacity] output rows of each input row */
    size_t count_capacity;
    uint32_t *element;       /* scratch: [batch_rows] child row of each output row, UINT32_MAX: none */
    weir_repeat repeat;
    weir_status failure; /* reported when the rows before it have left */
    weir_error failure_error;
} unnest;

static void unnest_close(weir_operator *base) {
    unnest *self = (unnest *)base;
    const weir_operator_context *context = base->context;
    weir_column_unref(self->collection);
    weir_memory_free(context->memory, self->counts, self->count_capacity * sizeof(uint32_t));
    weir_memory_free(context->memory, self->element, context->settings->batch_rows * sizeof(uint32_t));
    weir_repeat_deinit(&self->repeat, context);
    weir_memory_free(context->memory, self, sizeof(unnest));
}

static weir_status unnest_open(const void *given, const weir_operator_context *context, weir_operator **out, weir_error *error) {
    const weir_unnest_spec *spec = given;
    unnest *self = weir_memory_zalloc(context->memory, sizeof(unnest));
    if (self == NULL)
        return weir_fail_memory(error, context->name, sizeof(unnest));
    self->base = (weir_operator){&weir_unnest_operator, context};
    self->spec = spec;
    weir_status status = weir_repeat_init(&self->repeat, context, error);
    if (status == WEIR_OK)
        status = weir_program_compile(context->arena, context->memory, context->evaluation, &spec->collection, 1, &self->program, error);
    self->element = weir_memory_alloc(context->memory, context->settings->batch_rows * sizeof(uint32_t));
    if (status == WEIR_OK && self->element == NULL)
        status = weir_fail_memory(error, context->name, context->settings->batch_rows * sizeof(uint32_t));
    if (status != WEIR_OK) {
        unnest_close(&self->base);
        return status;
    }
    *out = &self->base;
    return WEIR_OK;
}

/* A MULTISET's element comes as often as its count says. */
static uint32_t span_rows(const weir_column *collection, uint32_t row) {
    weir_span span = WEIR_VALUES(collection, weir_span)[row];
    if (collection->type->kind != WEIR_KIND_MULTISET)
        return span.count;
    uint32_t sum = 0;
    for (uint32_t k = 0; k < span.count; k++) {
        int32_t times = WEIR_VALUES(collection->children[1], int32_t)[span.start + k];
        sum += times > 0 ? (uint32_t)times : 0;
    }
    return sum;
}

static uint32_t child_row(const weir_column *collection, uint32_t row, uint32_t ordinal) {
    if (!weir_column_is_valid(collection, row))
        return UINT32_MAX;
    weir_span span = WEIR_VALUES(collection, weir_span)[row];
    if (collection->type->kind != WEIR_KIND_MULTISET)
        return ordinal < span.count ? span.start + ordinal : UINT32_MAX;
    for (uint32_t k = 0; k < span.count; k++) {
        int32_t times = WEIR_VALUES(collection->children[1], int32_t)[span.start + k];
        if (times > 0 && ordinal < (uint32_t)times)
            return span.start + k;
        ordinal -= times > 0 ? (uint32_t)times : 0;
    }
    return UINT32_MAX;
}

static weir_status counts_make(unnest *self, const weir_batch *batch, weir_error *error) {
    const weir_operator_context *context = self->base.context;
    const weir_column *collection = self->collection;
    if (!weir_memory_grow(context->memory, (void **)&self->counts, &self->count_capacity, batch->rows, sizeof(uint32_t)))
        return weir_fail_memory(error, context->name, batch->rows * sizeof(uint32_t));
    weir_rows rows = weir_batch_rows(batch);
    uint32_t least = self->spec->keep_empty ? 1 : 0;
    WEIR_FOR_ROWS(&rows, row, {
        uint32_t count = weir_column_is_valid(collection, row) ? span_rows(collection, row) : 0;
        self->counts[row] = count < least ? least : count;
    });
    return WEIR_OK;
}

/* The element's columns of the output: the fields of a ROW, key and value of a MAP, else the element itself. */
static weir_status elements_put(unnest *self, weir_batch *chunk, weir_error *error) {
    const weir_unnest_spec *spec = self->spec;
    const weir_operator_context *context = self->base.context;
    uint32_t count = self->repeat.count, at = spec->input_count, last = spec->output_count - (spec->ordinality ? 1 : 0);
    for (uint32_t k = 0; k < count; k++)
        self->element[k] = child_row(self->collection, self->repeat.source[k], self->repeat.ordinal[k]);
    const weir_column *first = self->collection->children[0];
    for (uint32_t i = 0; at < last; i++, at++) {
        const weir_column *source = first;
        if (self->collection->type->kind == WEIR_KIND_MAP)
            source = self->collection->children[i];
        else if (first->type->kind == WEIR_KIND_ROW)
            source = first->children[i];
        weir_column *made = weir_column_create(context->memory, spec->output_types[at], count);
        if (made == NULL)
            return weir_fail_memory(error, context->name, count * 16);
        chunk->columns[at] = made;
        weir_column_gather(made, 0, source, self->element, count);
        /* A NULL ROW among the elements: all its fields are NULL. */
        for (uint32_t k = 0; source != first && first->valid != NULL && k < count; k++)
            if (self->element[k] != UINT32_MAX && !first->valid[self->element[k]])
                weir_column_set_null(made, k);
        if (made->failed)
            return weir_fail_memory(error, context->name, count * 16);
    }
    return WEIR_OK;
}

static weir_status chunk_fill(unnest *self, weir_batch *chunk, weir_error *error) {
    const weir_unnest_spec *spec = self->spec;
    const weir_operator_context *context = self->base.context;
    const weir_repeat *repeat = &self->repeat;
    for (uint32_t c = 0; c < spec->input_count; c++) {
        chunk->columns[c] = weir_column_take(context->memory, repeat->batch->columns[c], repeat->source, repeat->count);
        if (chunk->columns[c] == NULL)
            return weir_fail_memory(error, context->name, repeat->count * 16);
    }
    WEIR_TRY(elements_put(self, chunk, error));
    if (!spec->ordinality)
        return WEIR_OK;
    uint32_t at = spec->output_count - 1;
    weir_column *number = weir_column_create(context->memory, spec->output_types[at], repeat->count);
    if (number == NULL)
        return weir_fail_memory(error, context->name, repeat->count * 4);
    chunk->columns[at] = number;
    for (uint32_t k = 0; k < repeat->count; k++) {
        WEIR_VALUES(number, int32_t)[k] = (int32_t)repeat->ordinal[k] + 1;
        if (self->element[k] == UINT32_MAX)
            weir_column_set_null(number, k);
    }
    return WEIR_OK;
}

static weir_status unnest_resume(weir_operator *base, weir_output *output, weir_step *step, weir_error *error) {
    unnest *self = (unnest *)base;
    while (!weir_output_full(output)) {
        weir_batch *chunk = NULL;
        WEIR_TRY(weir_repeat_next(&self->repeat, base->context, self->spec->output_count, &chunk, error));
        if (chunk == NULL) {
            weir_column_unref(self->collection);
            self->collection = NULL;
            *step = WEIR_STEP_MORE_INPUT;
            if (self->failure != WEIR_OK && error != NULL)
                *error = self->failure_error;
            return self->failure;
        }
        weir_status status = chunk->rows > 0 ? chunk_fill(self, chunk, error) : WEIR_OK;
        if (status != WEIR_OK) {
            weir_batch_destroy(chunk);
            return status;
        }
        if (chunk->rows == 0 && (chunk = weir_batch_marks_only(chunk)) == NULL)
            return weir_fail_memory(error, base->context->name, sizeof(weir_batch));
        weir_output_push(output, chunk);
    }
    *step = WEIR_STEP_MORE_OUTPUT;
    return WEIR_OK;
}

static weir_status unnest_process(weir_operator *base, uint32_t input, weir_batch *batch, weir_output *output, weir_step *step,
                                  weir_error *error) {
    unnest *self = (unnest *)base;
    (void)input;
    if (batch->selected == 0) {
        weir_repeat_start(&self->repeat, batch, NULL, 0);
        return unnest_resume(base, output, step, error);
    }
    weir_rows rows = weir_batch_rows(batch);
    uint32_t failed_row = UINT32_MAX;
    weir_error *own = &self->failure_error;
    weir_repeat_start(&self->repeat, batch, NULL, 0);
    weir_status status = weir_program_run(self->program, batch->columns, batch->rows, &rows, &self->collection, &failed_row, own);
    if (status != WEIR_OK && failed_row == UINT32_MAX) {
        if (error != NULL)
            *error = *own;
        return status;
    }
    self->failure = status;
    if (status != WEIR_OK)
        weir_batch_cut(batch, failed_row);
    WEIR_TRY(counts_make(self, batch, error));
    self->repeat.counts = self->counts;
    return unnest_resume(base, output, step, error);
}

const weir_operator_vtable weir_unnest_operator = {
    .name = "Unnest",
    .input_count = 1,
    .open = unnest_open,
    .process = unnest_process,
    .resume = unnest_resume,
    .close = unnest_close,
};
