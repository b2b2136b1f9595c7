/* TUMBLE, HOP and CUMULATE as table functions: every row once per window it belongs to, with the window's bounds; see window.h. TUMBLE only
 * adds columns. Rows without a time disappear, as in Flink.
 * SESSION is in session_table.c, which this file hands over to. */
#include "op/pieces.h"
#include "op/session_table.h"
#include "op/window.h"
#include "op/window_assign.h"

typedef struct window_table {
    weir_operator base;
    const weir_window_table_spec *spec;
    weir_window_shift shift;
    weir_repeat repeat;
    uint32_t row_capacity;
    int64_t *times;
    uint32_t *counts;
    int64_t *starts, *ends; /* scratch: [batch_rows or row_capacity] of the rows to write */
    uint32_t bound_capacity;
} window_table;

static void rows_free(window_table *self) {
    weir_memory *memory = self->base.context->memory;
    weir_memory_free(memory, self->times, self->row_capacity * sizeof(int64_t));
    weir_memory_free(memory, self->counts, self->row_capacity * sizeof(uint32_t));
    weir_memory_free(memory, self->starts, self->bound_capacity * sizeof(int64_t));
    weir_memory_free(memory, self->ends, self->bound_capacity * sizeof(int64_t));
    self->times = self->starts = self->ends = NULL;
    self->counts = NULL;
    self->row_capacity = self->bound_capacity = 0;
}

static weir_status rows_room(window_table *self, uint32_t rows, weir_error *error) {
    if (rows <= self->row_capacity)
        return WEIR_OK;
    const weir_operator_context *context = self->base.context;
    weir_memory *memory = context->memory;
    rows_free(self);
    uint32_t most = context->settings->batch_rows;
    self->row_capacity = rows;
    self->bound_capacity = rows > most ? rows : most;
    self->times = weir_memory_alloc(memory, rows * sizeof(int64_t));
    self->counts = weir_memory_alloc(memory, rows * sizeof(uint32_t));
    self->starts = weir_memory_alloc(memory, self->bound_capacity * sizeof(int64_t));
    self->ends = weir_memory_alloc(memory, self->bound_capacity * sizeof(int64_t));
    if (self->times != NULL && self->counts != NULL && self->starts != NULL && self->ends != NULL)
        return WEIR_OK;
    rows_free(self);
    return weir_fail_memory(error, context->name, rows * sizeof(int64_t));
}

static void table_close(weir_operator *base) {
    window_table *self = (window_table *)base;
    rows_free(self);
    weir_repeat_deinit(&self->repeat, base->context);
    weir_memory_free(base->context->memory, self, sizeof(window_table));
}

static weir_status table_open(const void *given, const weir_operator_context *context, weir_operator **out, weir_error *error) {
    const weir_window_table_spec *spec = given;
    if (spec->window.kind == WEIR_WINDOW_SESSION)
        return weir_session_table_open(spec, context, out, error);
    window_table *self = weir_memory_zalloc(context->memory, sizeof(window_table));
    if (self == NULL)
        return weir_fail_memory(error, context->name, sizeof(window_table));
    self->base = (weir_operator){&weir_window_table_operator, context};
    self->spec = spec;
    self->shift = weir_window_shift_of(context, spec->window.time_is_ltz);
    weir_status status = weir_repeat_init(&self->repeat, context, error);
    if (status != WEIR_OK) {
        table_close(&self->base);
        return status;
    }
    *out = &self->base;
    return WEIR_OK;
}

/* window_start, window_end, window_time of `count` rows behind the input's columns. */
static weir_status bounds_write(window_table *self, weir_batch *out, uint32_t count, weir_error *error) {
    static const weir_window_property properties[] = {WEIR_WINDOW_PROPERTY_START, WEIR_WINDOW_PROPERTY_END, WEIR_WINDOW_PROPERTY_TIME};
    const weir_operator_context *context = self->base.context;
    for (uint32_t i = 0; i < 3; i++) {
        uint32_t at = self->spec->input_count + i;
        out->columns[at] = weir_column_create(context->memory, self->spec->output_types[at], count);
        if (out->columns[at] == NULL)
            return weir_fail_memory(error, context->name, count * sizeof(int64_t));
        bool now = properties[i] == WEIR_WINDOW_PROPERTY_TIME && self->spec->window.processing_time;
        weir_window_property_write(now ? WEIR_WINDOW_PROPERTY_PROCTIME : properties[i], &self->shift, context, self->starts, self->ends,
                                   count,
                                   out->columns[at]);
    }
    return WEIR_OK;
}

/* How often each row comes, by the number of its windows. Returns whether any comes other than once. */
static bool counts_make(window_table *self, const weir_rows *rows) {
    const weir_window *window = &self->spec->window;
    int64_t step = window->slide_ms > 0 ? window->slide_ms : window->size_ms;
    bool other = false;
    WEIR_FOR_ROWS(rows, row, {
        uint32_t count = 0;
        if (self->times[row] != INT64_MIN) {
            weir_window_ends ends = weir_window_ends_of(window, self->times[row]);
            count = ends.low_ms > ends.last_ms ? 0 : (uint32_t)((ends.last_ms - ends.low_ms) / step) + 1;
        }
        self->counts[row] = count;
        other |= count != 1;
    });
    return other;
}

/* One window per row: the columns are shared, the bounds added. */
static weir_status once(window_table *self, weir_batch *batch, weir_output *output, weir_error *error) {
    const weir_operator_context *context = self->base.context;
    const weir_window_table_spec *spec = self->spec;
    /* The header moves over, so both batches must have one account. */
    weir_batch *out = weir_batch_create(batch->memory, spec->input_count + 3);
    if (out == NULL)
        return weir_fail_memory(error, context->name, sizeof(weir_batch));
    for (uint32_t i = 0; i < spec->input_count; i++)
        out->columns[i] = weir_column_ref(batch->columns[i]);
    weir_rows rows = weir_batch_rows(batch);
    if (batch->selection != NULL)
        for (uint32_t row = 0; row < batch->rows; row++)
            self->starts[row] = self->ends[row] = 0;
    WEIR_FOR_ROWS(&rows, row, {
        self->ends[row] = weir_window_ends_of(&spec->window, self->times[row]).last_ms;
        self->starts[row] = weir_window_start_of(&spec->window, self->ends[row]);
    });
    weir_status status = bounds_write(self, out, batch->rows, error);
    if (status != WEIR_OK) {
        weir_batch_destroy(out);
        return status;
    }
    weir_batch_move_header(out, batch);
    weir_output_push(output, out);
    return WEIR_OK;
}

static weir_status chunk_fill(window_table *self, weir_batch *chunk, weir_error *error) {
    const weir_operator_context *context = self->base.context;
    const weir_window_table_spec *spec = self->spec;
    const weir_repeat *repeat = &self->repeat;
    const weir_window *window = &spec->window;
    for (uint32_t i = 0; i < spec->input_count; i++) {
        chunk->columns[i] = weir_column_take(context->memory, repeat->batch->columns[i], repeat->source, repeat->count);
        if (chunk->columns[i] == NULL)
            return weir_fail_memory(error, context->name, repeat->count * 16);
    }
    /* In Flink's order: HOP the latest window first, CUMULATE the shortest. */
    for (uint32_t k = 0; k < repeat->count; k++) {
        weir_window_ends ends = weir_window_ends_of(window, self->times[repeat->source[k]]);
        int64_t past = (int64_t)repeat->ordinal[k] * window->slide_ms;
        self->ends[k] = window->kind == WEIR_WINDOW_CUMULATE ? ends.low_ms + past : ends.last_ms - past;
        self->starts[k] = weir_window_start_of(window, self->ends[k]);
    }
    return bounds_write(self, chunk, repeat->count, error);
}

static weir_status table_resume(weir_operator *base, weir_output *output, weir_step *step, weir_error *error) {
    window_table *self = (window_table *)base;
    while (!weir_output_full(output)) {
        weir_batch *chunk = NULL;
        WEIR_TRY(weir_repeat_next(&self->repeat, base->context, self->spec->input_count + 3, &chunk, error));
        if (chunk == NULL) {
            *step = WEIR_STEP_MORE_INPUT;
            return WEIR_OK;
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

static weir_status table_process(weir_operator *base, uint32_t input, weir_batch *batch, weir_output *output, weir_step *step,
                                 weir_error *error) {
    window_table *self = (window_table *)base;
    (void)input;
    weir_repeat_start(&self->repeat, batch, NULL, 0);
    if (batch->selected > 0) {
        WEIR_TRY(rows_room(self, batch->rows, error));
        weir_rows rows = weir_batch_rows(batch);
        weir_window_times(&self->spec->window, &self->shift, base->context, batch, &rows, self->times);
        if (!counts_make(self, &rows)) {
            weir_status status = once(self, batch, output, error);
            weir_batch_destroy(self->repeat.batch);
            self->repeat.batch = NULL;
            *step = WEIR_STEP_MORE_INPUT;
            return status;
        }
        self->repeat.counts = self->counts;
    }
    return table_resume(base, output, step, error);
}

const weir_operator_vtable weir_window_table_operator = {
    .name = "WindowTableFunction",
    .input_count = 1,
    .open = table_open,
    .process = table_process,
    .resume = table_resume,
    .close = table_close,
};
