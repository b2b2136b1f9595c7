/* Aggregates over TUMBLE, HOP and CUMULATE windows, and over windows whose bounds are columns already; see window.h. SESSION windows are in
 * session_aggregate.c, which this file hands over to.
 *
 * Rows are folded in runs that reach as far as no mark closes a window that they or earlier rows have opened; only there are runs cut,
 * results written, and the mark sent.
 * A row whose windows have all been closed by the watermark is dropped and counted. Batch mode knows no watermark before the end.
 *
 * Processing time: a window closes when the clock has passed its end. What is still open when the input ends is not written, as in Flink,
 * where such timers are dropped.
 */
#include "op/session_aggregate.h"
#include "op/window_aggregate_int.h"

static void rows_free(window_aggregate *self) {
    weir_memory *memory = self->base.context->memory;
    uint32_t rows = self->row_capacity;
    weir_memory_free(memory, self->times, rows * sizeof(int64_t));
    weir_memory_free(memory, self->next_ends, rows * sizeof(int64_t));
    weir_memory_free(memory, self->final_ends, rows * sizeof(int64_t));
    weir_memory_free(memory, self->row_starts, rows * sizeof(int64_t));
    weir_memory_free(memory, self->values, rows * sizeof(void *));
    weir_memory_free(memory, self->run, rows * sizeof(uint32_t));
    weir_memory_free(memory, self->pass, rows * sizeof(uint32_t));
    self->times = self->next_ends = self->final_ends = self->row_starts = NULL;
    self->values = NULL;
    self->run = self->pass = NULL;
    self->row_capacity = 0;
}

static weir_status rows_room(window_aggregate *self, uint32_t rows, weir_error *error) {
    if (rows <= self->row_capacity)
        return WEIR_OK;
    rows_free(self);
    weir_memory *memory = self->base.context->memory;
    self->row_capacity = rows;
    self->times = weir_memory_alloc(memory, rows * sizeof(int64_t));
    self->next_ends = weir_memory_alloc(memory, rows * sizeof(int64_t));
    self->final_ends = weir_memory_alloc(memory, rows * sizeof(int64_t));
    self->row_starts = weir_memory_alloc(memory, rows * sizeof(int64_t));
    self->values = weir_memory_alloc(memory, rows * sizeof(void *));
    self->run = weir_memory_alloc(memory, rows * sizeof(uint32_t));
    self->pass = weir_memory_alloc(memory, rows * sizeof(uint32_t));
    if (self->times != NULL && self->next_ends != NULL && self->final_ends != NULL && self->row_starts != NULL && self->values != NULL &&
        self->run != NULL && self->pass != NULL)
        return WEIR_OK;
    rows_free(self);
    return weir_fail_memory(error, self->base.context->name, rows * sizeof(int64_t));
}

static void window_close(weir_operator *base) {
    window_aggregate *self = (window_aggregate *)base;
    weir_batch_destroy(self->batch);
    rows_free(self);
    window_ring_deinit(self);
    window_chunk_free(self);
    weir_cells_deinit(&self->cells);
    weir_cells_deinit(&self->folded);
    weir_state_destroy(self->state);
    weir_memory_free(base->context->memory, self, sizeof(window_aggregate));
}

static window_mode mode_of(const window_aggregate *self) {
    const weir_window_aggregate_spec *spec = self->spec;
    const weir_window *window = &spec->window;
    bool streams = !self->base.context->settings->batch_mode;
    if (spec->attached)
        return WINDOW_DIRECT;
    if (window->kind == WEIR_WINDOW_TUMBLE)
        return streams ? WINDOW_RING : WINDOW_DIRECT;
    if (!self->calls.merges || window->slide_ms <= 0 || window->size_ms % window->slide_ms != 0)
        return WINDOW_DIRECT;
    if (window->kind == WEIR_WINDOW_CUMULATE)
        return WINDOW_CUMULATE;
    if (window->kind != WEIR_WINDOW_HOP || self->owns)
        return WINDOW_DIRECT;
    return streams && window_ring_slots(window) > 0 ? WINDOW_RING : WINDOW_HOP;
}

static weir_status calls_bind(window_aggregate *self, uint32_t head_bytes, weir_error *error) {
    const weir_window_aggregate_spec *spec = self->spec;
    WEIR_TRY(weir_agg_calls_bind(&self->calls, self->base.context, self->state, spec->calls, spec->call_count, spec->input_retracts,
                                 head_bytes, error));
    for (uint32_t i = 0; i < self->calls.count; i++)
        self->owns |= self->calls.items[i].clear != NULL || self->calls.items[i].call->distinct;
    return WEIR_OK;
}

static weir_status cells_make(window_aggregate *self, weir_cells *cells, const char *name, weir_error *error) {
    const weir_window_aggregate_spec *spec = self->spec;
    return weir_cells_init(cells, self->base.context, self->state, name, spec->input_types, spec->input_count, spec->keys, spec->key_count,
                           spec->attached, self->calls.end, error);
}

static weir_status window_make(window_aggregate *self, weir_error *error) {
    const weir_operator_context *context = self->base.context;
    self->state = weir_state_create(context->memory, context->name, context->settings->key_groups);
    if (self->state == NULL)
        return weir_fail_memory(error, context->name, sizeof(window_aggregate));
    WEIR_TRY(calls_bind(self, sizeof(weir_cell), error));
    self->mode = mode_of(self);
    if (self->mode == WINDOW_DIRECT)
        return cells_make(self, &self->cells, "cells", error);
    self->pending = weir_state_root(self->state, "pending", sizeof(weir_ref));
    if (self->pending == 0)
        return weir_fail_memory(error, context->name, sizeof(weir_ref));
    if (self->mode == WINDOW_RING) {
        WEIR_TRY(calls_bind(self, sizeof(int64_t), error)); /* a slot has a smaller head than a cell */
        return window_ring_init(self, error);
    }
    WEIR_TRY(cells_make(self, &self->cells, "cells", error));
    self->cells.list_made = window_slice_made;
    self->cells.owner = self;
    return cells_make(self, &self->folded, "folded", error);
}

static weir_status window_open(const void *given, const weir_operator_context *context, weir_operator **out, weir_error *error) {
    const weir_window_aggregate_spec *spec = given;
    if (spec->window.kind == WEIR_WINDOW_SESSION && !spec->attached)
        return weir_session_aggregate_open(spec, context, out, error);
    window_aggregate *self = weir_memory_zalloc(context->memory, sizeof(window_aggregate));
    if (self == NULL)
        return weir_fail_memory(error, context->name, sizeof(window_aggregate));
    self->base = (weir_operator){&weir_window_aggregate_operator, context};
    self->spec = spec;
    self->shift = weir_window_shift_of(context, spec->window.time_is_ltz);
    self->watermark_ms = self->mark_ms = WEIR_WATERMARK_NONE;
    self->run_first_ms = INT64_MAX;
    weir_status status = window_make(self, error);
    if (status != WEIR_OK) {
        window_close(&self->base);
        return status;
    }
    *out = &self->base;
    return WEIR_OK;
}

/* ---- rows ---- */

/* The ends of the windows (or the slice) that still take a row of this time. */
static weir_window_ends ends_open(const window_aggregate *self, int64_t time_ms, bool *late) {
    const weir_window *window = &self->spec->window;
    weir_window_ends ends = weir_window_ends_of(window, time_ms);
    bool none = ends.low_ms > ends.last_ms;
    if (self->mode == WINDOW_HOP || self->mode == WINDOW_RING) {
        *late = window_fired(self, ends.last_ms, self->watermark_ms);
        return *late ? (weir_window_ends){1, 0} : (weir_window_ends){ends.low_ms, ends.low_ms};
    }
    while (ends.low_ms <= ends.last_ms && window_fired(self, ends.low_ms, self->watermark_ms))
        ends.low_ms += window->slide_ms > 0 ? window->slide_ms : window->size_ms;
    *late = !none && ends.low_ms > ends.last_ms;
    if (self->mode == WINDOW_CUMULATE && !*late)
        ends.last_ms = ends.low_ms;
    return ends;
}

/* Neighbouring rows mostly share their windows. */
static weir_window_ends ends_cached(window_aggregate *self, int64_t time_ms, bool *late) {
    if (time_ms < self->cached_from_ms || time_ms >= self->cached_to_ms) {
        const weir_window *window = &self->spec->window;
        int64_t step = window->kind == WEIR_WINDOW_TUMBLE ? window->size_ms : window->slide_ms;
        self->cached_from_ms = weir_window_floor(time_ms, window->offset_ms, step);
        self->cached_to_ms = self->cached_from_ms + step;
        if (window->size_ms % step != 0)
            self->cached_to_ms = (self->cached_from_ms = time_ms) + 1;
        self->cached_ends = ends_open(self, time_ms, &self->cached_late);
    }
    *late = self->cached_late;
    return self->cached_ends;
}

/* The earliest window that a row of HOP in this slice will be part of when it fires. */
static int64_t first_window(const window_aggregate *self, int64_t low_ms) {
    while ((self->mode == WINDOW_HOP || self->mode == WINDOW_RING) && window_fired(self, low_ms, self->watermark_ms))
        low_ms += self->spec->window.slide_ms;
    return low_ms;
}

static void row_take(window_aggregate *self, uint32_t row, uint64_t *late_rows) {
    const weir_window_aggregate_spec *spec = self->spec;
    bool late = false;
    weir_window_ends ends;
    if (spec->attached) {
        int64_t end_ms = weir_window_column_ms(self->batch->columns[spec->end_column], row);
        self->row_starts[row] = weir_window_column_ms(self->batch->columns[spec->start_column], row);
        late = window_fired(self, end_ms, self->watermark_ms);
        ends = (weir_window_ends){end_ms, end_ms};
    } else {
        if (self->times[row] == INT64_MIN)
            return;
        ends = ends_cached(self, self->times[row], &late);
    }
    if (late) {
        ++*late_rows;
        return;
    }
    if (ends.low_ms > ends.last_ms)
        return;
    self->next_ends[row] = ends.last_ms;
    self->final_ends[row] = ends.low_ms;
    int64_t first = first_window(self, ends.low_ms);
    if (first < self->run_first_ms)
        self->run_first_ms = first;
    self->run[self->run_count++] = row;
}

static weir_status pass_fold(window_aggregate *self, const weir_rows *rows, weir_error *error) {
    const weir_batch *batch = self->batch;
    if (self->mode == WINDOW_RING)
        return window_ring_fold(self, rows, error);
    WEIR_TRY(weir_cells_upsert(&self->cells, batch, rows, self->next_ends, self->row_starts, self->values, error));
    if (batch->kinds == NULL) {
        WEIR_FOR_ROWS(rows, row, { ((weir_cell *)self->values[row])->count++; });
    } else {
        WEIR_FOR_ROWS(rows, row, { ((weir_cell *)self->values[row])->count += weir_change_adds(batch->kinds[row]) ? 1 : -1; });
    }
    return weir_agg_calls_update(&self->calls, self->values, rows, batch->kinds, batch->columns, error);
}

/* Fold the waiting rows: one pass over all, then further ones over those that belong to more windows. A row goes to its last window first:
 * the passes then bring a window its slices from the oldest on, which is the order of arrival. */
static weir_status run_fold(window_aggregate *self, weir_error *error) {
    if (self->run_count == 0)
        return WEIR_OK;
    weir_rows rows = {self->run, self->run_count};
    WEIR_TRY(pass_fold(self, &rows, error));
    int64_t step = self->spec->window.slide_ms;
    for (;;) {
        uint32_t count = 0;
        for (uint32_t k = 0; k < rows.count; k++) {
            uint32_t row = rows.index[k];
            if (self->next_ends[row] == self->final_ends[row])
                continue;
            self->next_ends[row] -= step;
            self->pass[count++] = row;
        }
        if (count == 0)
            break;
        rows = (weir_rows){self->pass, count};
        WEIR_TRY(pass_fold(self, &rows, error));
    }
    self->run_count = 0;
    self->run_first_ms = INT64_MAX;
    return WEIR_OK;
}

/* ---- steps ---- */

static void batch_done(window_aggregate *self) {
    weir_batch_destroy(self->batch);
    self->batch = NULL;
    atomic_store_explicit(&self->base.context->metrics->state_bytes, weir_state_bytes(self->state), memory_order_relaxed);
}

static weir_status mark_send(window_aggregate *self, weir_output *output, weir_error *error) {
    if (self->mark_ms == WEIR_WATERMARK_NONE)
        return WEIR_OK;
    weir_batch *mark = weir_batch_create(self->base.context->memory, 0);
    if (mark == NULL || !weir_batch_add_mark(mark, 0, self->mark_ms)) {
        weir_batch_destroy(mark);
        return weir_fail_memory(error, self->base.context->name, sizeof(weir_batch));
    }
    weir_output_push(output, mark);
    self->mark_ms = WEIR_WATERMARK_NONE;
    return WEIR_OK;
}

/* A mark: does it close a window? Then the rows before it are folded, and firing starts. */
static weir_status mark_take(window_aggregate *self, int64_t watermark_ms, weir_error *error) {
    const weir_operator_context *context = self->base.context;
    bool ends = watermark_ms == WEIR_WATERMARK_END;
    if (context->settings->batch_mode && !ends)
        return WEIR_OK;
    self->mark_ms = watermark_ms;
    if (self->spec->window.processing_time)
        return WEIR_OK;
    int64_t next = window_next_end_ms(self);
    if (self->run_first_ms < next)
        next = self->run_first_ms;
    if (next != INT64_MAX && window_fired(self, next, watermark_ms)) {
        WEIR_TRY(run_fold(self, error));
        self->firing = true;
        self->fire_ms = watermark_ms;
    }
    self->watermark_ms = watermark_ms;
    self->cached_from_ms = self->cached_to_ms = 0;
    return WEIR_OK;
}

/* Go through the batch up to its end or to a mark that fires. *done: the end. */
static weir_status batch_walk(window_aggregate *self, bool *done, weir_error *error) {
    const weir_batch *batch = self->batch;
    uint64_t late_rows = 0;
    *done = false;
    while (!self->firing) {
        uint32_t row = self->at == batch->selected ? UINT32_MAX : batch->selection == NULL ? self->at : batch->selection[self->at];
        if (self->next_mark < batch->mark_count && batch->marks[self->next_mark].row <= row) {
            WEIR_TRY(mark_take(self, batch->marks[self->next_mark++].watermark_ms, error));
            continue;
        }
        if (row == UINT32_MAX) {
            *done = true;
            break;
        }
        if (row >= self->bad_row)
            return weir_fail(error, WEIR_RUNTIME, "RowTime field should not be null, please convert it to a non-null long value.");
        row_take(self, row, &late_rows);
        self->at++;
    }
    if (late_rows > 0)
        atomic_fetch_add_explicit(&self->base.context->metrics->late_rows_dropped, late_rows, memory_order_relaxed);
    return *done ? run_fold(self, error) : WEIR_OK;
}

static weir_status window_resume(weir_operator *base, weir_output *output, weir_step *step, weir_error *error) {
    window_aggregate *self = (window_aggregate *)base;
    bool done = false;
    *step = WEIR_STEP_MORE_OUTPUT;
    for (;;) {
        if (self->firing) {
            WEIR_TRY(window_fire(self, output, &done, error));
            if (!done)
                return WEIR_OK;
            self->firing = false;
            if (!self->spec->window.processing_time)
                WEIR_TRY(mark_send(self, output, error));
        }
        if (weir_output_full(output) && self->batch != NULL)
            return WEIR_OK;
        if (self->batch == NULL)
            break;
        WEIR_TRY(batch_walk(self, &done, error));
        if (!done)
            continue;
        WEIR_TRY(mark_send(self, output, error));
        batch_done(self);
    }
    *step = WEIR_STEP_MORE_INPUT;
    return WEIR_OK;
}

static weir_status window_process(weir_operator *base, uint32_t input, weir_batch *batch, weir_output *output, weir_step *step,
                                  weir_error *error) {
    window_aggregate *self = (window_aggregate *)base;
    (void)input;
    self->batch = batch;
    self->at = self->next_mark = 0;
    self->bad_row = UINT32_MAX;
    WEIR_TRY(rows_room(self, batch->rows, error));
    if (batch->selected > 0 && !self->spec->attached) {
        weir_rows rows = weir_batch_rows(batch);
        uint32_t bad = weir_window_times(&self->spec->window, &self->shift, base->context, batch, &rows, self->times);
        if (!base->context->settings->batch_mode)
            self->bad_row = bad;
    }
    return window_resume(base, output, step, error);
}

/* The clock passes a window's last millisecond. */
static int64_t window_next_tick_ms(const weir_operator *base) {
    const window_aggregate *self = (const window_aggregate *)base;
    if (!self->spec->window.processing_time)
        return INT64_MAX;
    int64_t end_ms = window_next_end_ms(self);
    return end_ms == INT64_MAX ? INT64_MAX : weir_window_trigger_ms(&self->shift, end_ms) + 1;
}

static weir_status window_tick(weir_operator *base, int64_t now_ms, weir_output *output, weir_step *step, weir_error *error) {
    window_aggregate *self = (window_aggregate *)base;
    self->firing = true;
    self->fire_ms = now_ms - 1;
    return window_resume(base, output, step, error);
}

const weir_operator_vtable weir_window_aggregate_operator = {
    .name = "WindowAggregate",
    .input_count = 1,
    .open = window_open,
    .process = window_process,
    .resume = window_resume,
    .next_tick_ms = window_next_tick_ms,
    .tick = window_tick,
    .close = window_close,
};
