/* Aggregates over SESSION windows; see sessions.h for how sessions are found and end. Rows are folded in runs, which end where two sessions
 * become one and where a mark fires. A row is late when it touches no session and its own window lies behind the watermark. Processing time
 * is as
 * in window_aggregate.c.
 */
#include "op/session_aggregate.h"

#include <string.h>

#include "op/agg_calls.h"
#include "op/sessions.h"

typedef struct session_aggregate {
    weir_operator base;
    const weir_window_aggregate_spec *spec;
    weir_state *state;
    weir_agg_calls calls;
    weir_sessions sessions;
    int64_t mark_ms;
    /* the batch in hand */
    weir_batch *batch;
    uint32_t at, next_mark, bad_row, row_capacity, run_count;
    int64_t *times;
    void **keys;   /* by physical row: weir_session_key */
    void **takers; /* by physical row: the session that takes the row */
    uint32_t *run;   /* rows that wait to be folded */
    /* firing */
    bool firing;
    int64_t fire_ms;
    uint32_t chunk_count, chunk_capacity;
    void **done_keys;
    void **done; /* sessions with a result, out of their lists */
    weir_ref *done_refs;
    int64_t *starts, *ends;
} session_aggregate;

static void arrays_free(session_aggregate *self) {
    weir_memory *memory = self->base.context->memory;
    uint32_t rows = self->row_capacity, chunk = self->chunk_capacity;
    weir_memory_free(memory, self->times, rows * sizeof(int64_t));
    weir_memory_free(memory, self->keys, rows * sizeof(void *));
    weir_memory_free(memory, self->takers, rows * sizeof(void *));
    weir_memory_free(memory, self->run, rows * sizeof(uint32_t));
    self->times = NULL;
    self->keys = self->takers = NULL;
    self->run = NULL;
    self->row_capacity = 0;
    weir_memory_free(memory, self->done_keys, chunk * sizeof(void *));
    weir_memory_free(memory, self->done, chunk * sizeof(void *));
    weir_memory_free(memory, self->done_refs, chunk * sizeof(weir_ref));
    weir_memory_free(memory, self->starts, chunk * sizeof(int64_t));
    weir_memory_free(memory, self->ends, chunk * sizeof(int64_t));
    self->done_keys = self->done = NULL;
    self->done_refs = NULL;
    self->starts = self->ends = NULL;
    self->chunk_capacity = 0;
}

static weir_status rows_room(session_aggregate *self, uint32_t rows, weir_error *error) {
    if (rows <= self->row_capacity && self->chunk_capacity > 0)
        return WEIR_OK;
    weir_memory *memory = self->base.context->memory;
    arrays_free(self);
    uint32_t chunk = self->base.context->settings->batch_rows;
    self->row_capacity = rows;
    self->chunk_capacity = chunk;
    self->times = weir_memory_alloc(memory, rows * sizeof(int64_t));
    self->keys = weir_memory_alloc(memory, rows * sizeof(void *));
    self->takers = weir_memory_alloc(memory, rows * sizeof(void *));
    self->run = weir_memory_alloc(memory, rows * sizeof(uint32_t));
    self->done_keys = weir_memory_alloc(memory, chunk * sizeof(void *));
    self->done = weir_memory_alloc(memory, chunk * sizeof(void *));
    self->done_refs = weir_memory_alloc(memory, chunk * sizeof(weir_ref));
    self->starts = weir_memory_alloc(memory, chunk * sizeof(int64_t));
    self->ends = weir_memory_alloc(memory, chunk * sizeof(int64_t));
    if (self->times != NULL && self->keys != NULL && self->takers != NULL && self->run != NULL && self->done_keys != NULL &&
        self->done != NULL && self->done_refs != NULL && self->starts != NULL && self->ends != NULL)
        return WEIR_OK;
    arrays_free(self);
    return weir_fail_memory(error, self->base.context->name, rows * sizeof(int64_t));
}

static void session_close(weir_operator *base) {
    session_aggregate *self = (session_aggregate *)base;
    weir_memory *memory = base->context->memory;
    weir_batch_destroy(self->batch);
    arrays_free(self);
    weir_sessions_deinit(&self->sessions);
    weir_state_destroy(self->state);
    weir_memory_free(memory, self, sizeof(session_aggregate));
}

static weir_status run_fold(session_aggregate *self, weir_error *error) {
    weir_rows rows = {self->run, self->run_count};
    self->run_count = 0;
    return weir_agg_calls_update(&self->calls, self->takers, &rows, self->batch->kinds, self->batch->columns, error);
}

/* The earlier rows are in `other`: fold the later ones behind them, then move the result. */
static weir_status session_absorb(void *owner, weir_session *into, weir_session *other, weir_error *error) {
    session_aggregate *self = owner;
    WEIR_TRY(run_fold(self, error));
    WEIR_TRY(weir_agg_calls_merge(&self->calls, other, into, error));
    memcpy((char *)into + sizeof(weir_session), (char *)other + sizeof(weir_session), self->calls.end - sizeof(weir_session));
    return WEIR_OK;
}

static weir_status session_make(session_aggregate *self, weir_error *error) {
    const weir_operator_context *context = self->base.context;
    const weir_window_aggregate_spec *spec = self->spec;
    self->state = weir_state_create(context->memory, context->name, context->settings->key_groups);
    if (self->state == NULL)
        return weir_fail_memory(error, context->name, sizeof(session_aggregate));
    WEIR_TRY(weir_agg_calls_bind(&self->calls, context, self->state, spec->calls, spec->call_count, spec->input_retracts,
                                 sizeof(weir_session), error));
    for (uint32_t i = 0; i < spec->call_count; i++)
        if (self->calls.items[i].merge == NULL)
            return weir_fail(error, WEIR_UNSUPPORTED,
                             "Function '%s' does not implement the merge method, so it cannot be used in a session window",
                             spec->calls[i].aggregate->name);
    WEIR_TRY(weir_sessions_init(&self->sessions, context, self->state, spec->input_types, spec->keys, spec->key_count, &spec->window,
                                self->calls.end, error));
    self->sessions.absorb = session_absorb;
    self->sessions.owner = self;
    return WEIR_OK;
}

/* ---- rows ---- */

static weir_status row_take(session_aggregate *self, uint32_t row, weir_error *error) {
    weir_session_key *key = self->keys[row];
    weir_session *taker = NULL;
    if (self->times[row] != INT64_MIN)
        WEIR_TRY(weir_sessions_take(&self->sessions, key, self->times[row], &taker, error));
    if (taker == NULL) {
        atomic_fetch_add_explicit(&self->base.context->metrics->late_rows_dropped, 1, memory_order_relaxed);
        return weir_sessions_key_idle(&self->sessions, key, error);
    }
    bool adds = self->batch->kinds == NULL || weir_change_adds(self->batch->kinds[row]);
    taker->count += adds ? 1 : -1;
    self->takers[row] = taker;
    self->run[self->run_count++] = row;
    return WEIR_OK;
}

/* ---- firing ---- */

static weir_status rows_write(session_aggregate *self, weir_batch *out, weir_error *error) {
    const weir_window_aggregate_spec *spec = self->spec;
    for (uint32_t k = 0; k < self->chunk_count; k++)
        weir_keyed_read_key(self->sessions.keyed, self->done_keys[k], out->columns, k);
    weir_rows rows = {NULL, self->chunk_count};
    WEIR_TRY(weir_agg_calls_emit(&self->calls, self->done, &rows, out->columns + spec->key_count, error));
    uint32_t at = spec->key_count + spec->call_count;
    for (uint32_t i = 0; i < spec->property_count; i++)
        weir_window_property_write(spec->properties[i], &self->sessions.shift, self->base.context, self->starts, self->ends,
                                   self->chunk_count,
                                   out->columns[at + i]);
    for (uint32_t i = 0; i < out->column_count; i++)
        if (out->columns[i]->failed)
            return weir_fail_memory(error, self->base.context->name, self->chunk_count * 16);
    out->rows = out->selected = self->chunk_count;
    return WEIR_OK;
}

static weir_status chunk_write(session_aggregate *self, weir_output *output, weir_error *error) {
    const weir_operator_context *context = self->base.context;
    const weir_window_aggregate_spec *spec = self->spec;
    if (self->chunk_count == 0)
        return WEIR_OK;
    uint32_t columns = spec->key_count + spec->call_count + spec->property_count;
    weir_batch *out = weir_batch_create_typed(context->memory, spec->output_types, columns, self->chunk_count);
    weir_status status = out == NULL ? weir_fail_memory(error, context->name, self->chunk_count * 16) : rows_write(self, out, error);
    if (status != WEIR_OK) {
        weir_batch_destroy(out);
        return status;
    }
    weir_output_push(output, out);
    for (uint32_t k = 0; k < self->chunk_count; k++) {
        weir_agg_calls_clear(&self->calls, self->done[k]);
        WEIR_TRY(weir_sessions_give_back(&self->sessions, self->done_keys[k], self->done_refs[k], error));
    }
    self->chunk_count = 0;
    return WEIR_OK;
}

static weir_status session_done(session_aggregate *self, weir_session_key *key, weir_session *of, weir_ref ref, weir_error *error) {
    if (of->count <= 0) {
        weir_agg_calls_clear(&self->calls, of);
        return weir_sessions_give_back(&self->sessions, key, ref, error);
    }
    uint32_t k = self->chunk_count++;
    self->done_keys[k] = key;
    self->done[k] = of;
    self->done_refs[k] = ref;
    self->starts[k] = of->start_ms;
    self->ends[k] = of->end_ms;
    return WEIR_OK;
}

static weir_status fire(session_aggregate *self, weir_output *output, bool *done, weir_error *error) {
    *done = false;
    while (!weir_output_full(output)) {
        weir_session_key *key;
        weir_session *ended;
        weir_ref ref;
        if (self->chunk_count == self->chunk_capacity) {
            WEIR_TRY(chunk_write(self, output, error));
            continue;
        }
        WEIR_TRY(weir_sessions_pop(&self->sessions, self->fire_ms, &key, &ended, &ref, error));
        if (ended == NULL) {
            *done = true;
            return chunk_write(self, output, error);
        }
        WEIR_TRY(session_done(self, key, ended, ref, error));
    }
    return WEIR_OK;
}

/* ---- steps ---- */

static weir_status mark_send(session_aggregate *self, weir_output *output, weir_error *error) {
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

static weir_status mark_take(session_aggregate *self, int64_t watermark_ms, weir_error *error) {
    if (self->base.context->settings->batch_mode && watermark_ms != WEIR_WATERMARK_END)
        return WEIR_OK;
    self->mark_ms = watermark_ms;
    if (self->spec->window.processing_time)
        return WEIR_OK;
    self->sessions.watermark_ms = watermark_ms;
    if (!weir_sessions_due(&self->sessions, watermark_ms))
        return WEIR_OK;
    WEIR_TRY(run_fold(self, error));
    self->firing = true;
    self->fire_ms = watermark_ms;
    return WEIR_OK;
}

static weir_status batch_walk(session_aggregate *self, bool *done, weir_error *error) {
    const weir_batch *batch = self->batch;
    *done = false;
    while (!self->firing) {
        uint32_t row = self->at == batch->selected ? UINT32_MAX : batch->selection == NULL ? self->at : batch->selection[self->at];
        if (self->next_mark < batch->mark_count && batch->marks[self->next_mark].row <= row) {
            WEIR_TRY(mark_take(self, batch->marks[self->next_mark++].watermark_ms, error));
            continue;
        }
        if (row == UINT32_MAX) {
            *done = true;
            return run_fold(self, error);
        }
        if (row >= self->bad_row)
            return weir_fail(error, WEIR_RUNTIME, "RowTime field should not be null, please convert it to a non-null long value.");
        WEIR_TRY(row_take(self, row, error));
        self->at++;
    }
    return WEIR_OK;
}

static weir_status session_resume(weir_operator *base, weir_output *output, weir_step *step, weir_error *error) {
    session_aggregate *self = (session_aggregate *)base;
    bool done = false;
    *step = WEIR_STEP_MORE_OUTPUT;
    for (;;) {
        if (self->firing) {
            WEIR_TRY(fire(self, output, &done, error));
            if (!done)
                return WEIR_OK;
            self->firing = false;
            if (!self->spec->window.processing_time)
                WEIR_TRY(mark_send(self, output, error));
            if (self->batch == NULL)
                weir_sessions_sweep(&self->sessions);
        }
        if (self->batch == NULL)
            break;
        if (weir_output_full(output))
            return WEIR_OK;
        WEIR_TRY(batch_walk(self, &done, error));
        if (!done)
            continue;
        WEIR_TRY(mark_send(self, output, error));
        weir_batch_destroy(self->batch);
        self->batch = NULL;
        weir_sessions_sweep(&self->sessions);
    }
    *step = WEIR_STEP_MORE_INPUT;
    return WEIR_OK;
}

static weir_status session_process(weir_operator *base, uint32_t input, weir_batch *batch, weir_output *output, weir_step *step,
                                   weir_error *error) {
    session_aggregate *self = (session_aggregate *)base;
    (void)input;
    self->batch = batch;
    self->at = self->next_mark = 0;
    self->bad_row = UINT32_MAX;
    WEIR_TRY(rows_room(self, batch->rows, error));
    if (batch->selected > 0) {
        weir_rows rows = weir_batch_rows(batch);
        uint32_t bad = weir_window_times(&self->spec->window, &self->sessions.shift, base->context, batch, &rows, self->times);
        if (!base->context->settings->batch_mode)
            self->bad_row = bad;
        WEIR_TRY(weir_keyed_upsert(self->sessions.keyed, batch->columns, self->spec->keys, &rows, self->keys, NULL, error));
    }
    return session_resume(base, output, step, error);
}

static int64_t session_next_tick_ms(const weir_operator *base) {
    const session_aggregate *self = (const session_aggregate *)base;
    int64_t next = weir_timers_next_ms(self->sessions.timers);
    return !self->spec->window.processing_time || next == INT64_MAX ? INT64_MAX : next + 1;
}

static weir_status session_tick(weir_operator *base, int64_t now_ms, weir_output *output, weir_step *step, weir_error *error) {
    session_aggregate *self = (session_aggregate *)base;
    WEIR_TRY(rows_room(self, 0, error));
    self->firing = true;
    self->fire_ms = now_ms - 1;
    return session_resume(base, output, step, error);
}

static const weir_operator_vtable session_aggregate_operator = {
    .name = "WindowAggregate",
    .input_count = 1,
    .process = session_process,
    .resume = session_resume,
    .next_tick_ms = session_next_tick_ms,
    .tick = session_tick,
    .close = session_close,
};

weir_status weir_session_aggregate_open(const weir_window_aggregate_spec *spec, const weir_operator_context *context, weir_operator **out,
                                        weir_error *error) {
    session_aggregate *self = weir_memory_zalloc(context->memory, sizeof(session_aggregate));
    if (self == NULL)
        return weir_fail_memory(error, context->name, sizeof(session_aggregate));
    self->base = (weir_operator){&session_aggregate_operator, context};
    self->spec = spec;
    self->mark_ms = WEIR_WATERMARK_NONE;
    weir_status status = session_make(self, error);
    if (status != WEIR_OK) {
        session_close(&self->base);
        return status;
    }
    *out = &self->base;
    return WEIR_OK;
}
