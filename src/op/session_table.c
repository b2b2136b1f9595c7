/* SESSION as a table function: rows are kept, as bytes in a list per session in order of arrival, until the session has ended; then they
 * leave with its bounds. Late rows are dropped and counted. */
#include "op/session_table.h"

#include <string.h>

#include "op/sessions.h"
#include "state/codec.h"

typedef struct kept_row {
    weir_ref next;
    uint32_t size;
    uint8_t kind;
} kept_row;

typedef struct kept_session {
    weir_session base;
    weir_ref first, last; /* kept_row */
} kept_session;

typedef struct session_table {
    weir_operator base;
    const weir_window_table_spec *spec;
    weir_state *state;
    weir_sessions sessions;
    const weir_codec *codec;
    weir_emitter emitter;
    weir_batch *batch;
    uint32_t at, next_mark, row_capacity;
    int64_t *times;
    void **keys;
    bool firing;
    int64_t fire_ms, mark_ms;
    /* the session whose rows are leaving */
    kept_session *open;
    weir_session_key *open_key;
    weir_ref open_ref;
} session_table;

static kept_row *row_at(const session_table *self, weir_ref ref) { return weir_state_write(self->state, ref); }

static void rows_free(session_table *self) {
    weir_memory_free(self->base.context->memory, self->times, self->row_capacity * sizeof(int64_t));
    weir_memory_free(self->base.context->memory, self->keys, self->row_capacity * sizeof(void *));
    self->times = NULL;
    self->keys = NULL;
    self->row_capacity = 0;
}

static weir_status rows_room(session_table *self, uint32_t rows, weir_error *error) {
    if (rows <= self->row_capacity)
        return WEIR_OK;
    rows_free(self);
    self->row_capacity = rows;
    self->times = weir_memory_alloc(self->base.context->memory, rows * sizeof(int64_t));
    self->keys = weir_memory_alloc(self->base.context->memory, rows * sizeof(void *));
    if (self->times != NULL && self->keys != NULL)
        return WEIR_OK;
    rows_free(self);
    return weir_fail_memory(error, self->base.context->name, rows * sizeof(int64_t));
}

static void table_close(weir_operator *base) {
    session_table *self = (session_table *)base;
    weir_batch_destroy(self->batch);
    rows_free(self);
    weir_emitter_deinit(&self->emitter);
    weir_sessions_deinit(&self->sessions);
    weir_state_destroy(self->state);
    weir_memory_free(base->context->memory, self, sizeof(session_table));
}

static weir_status absorb(void *owner, weir_session *into, weir_session *other, weir_error *error) {
    session_table *self = owner;
    kept_session *later = (kept_session *)into, *earlier = (kept_session *)other;
    (void)error;
    if (earlier->first == 0)
        return WEIR_OK;
    row_at(self, earlier->last)->next = later->first;
    if (later->first == 0)
        later->last = earlier->last;
    later->first = earlier->first;
    return WEIR_OK;
}

/* ---- rows in ---- */

static weir_status row_keep(session_table *self, kept_session *taker, uint32_t row, weir_error *error) {
    size_t size = weir_codec_size(self->codec, self->batch->columns, row);
    weir_ref ref = weir_state_alloc(self->state, sizeof(kept_row) + size);
    if (ref == 0)
        return weir_fail_memory(error, self->base.context->name, size);
    kept_row *kept = row_at(self, ref);
    kept->size = (uint32_t)size;
    kept->kind = weir_batch_kind(self->batch, row);
    weir_codec_write(self->codec, self->batch->columns, row, (char *)(kept + 1));
    if (taker->last != 0)
        row_at(self, taker->last)->next = ref;
    else
        taker->first = ref;
    taker->last = ref;
    taker->base.count++;
    return WEIR_OK;
}

static weir_status row_take(session_table *self, uint32_t row, weir_error *error) {
    weir_session_key *key = self->keys[row];
    weir_session *taker = NULL;
    if (self->times[row] != INT64_MIN)
        WEIR_TRY(weir_sessions_take(&self->sessions, key, self->times[row], &taker, error));
    if (taker != NULL)
        return row_keep(self, (kept_session *)taker, row, error);
    atomic_fetch_add_explicit(&self->base.context->metrics->late_rows_dropped, 1, memory_order_relaxed);
    return weir_sessions_key_idle(&self->sessions, key, error);
}

/* ---- rows out ---- */

static weir_status row_emit(session_table *self, weir_output *output, weir_error *error) {
    const weir_window_table_spec *spec = self->spec;
    kept_session *open = self->open;
    weir_ref ref = open->first;
    kept_row *kept = row_at(self, ref);
    weir_batch *out = weir_emitter_room(&self->emitter, output, error);
    if (out == NULL)
        return WEIR_MEMORY;
    weir_codec_read(self->codec, (const char *)(kept + 1), out->columns, out->rows);
    weir_column **bounds = out->columns + spec->input_count;
    weir_window_put_ms(bounds[0], out->rows, open->base.start_ms);
    weir_window_put_ms(bounds[1], out->rows, open->base.end_ms);
    int64_t time_ms = spec->window.processing_time ? weir_clock_wall_ms(self->base.context->evaluation->clock)
                                                   : weir_window_to_utc_ms(&self->sessions.shift, open->base.end_ms - 1);
    weir_window_put_ms(bounds[2], out->rows, time_ms);
    weir_emitter_row(&self->emitter, kept->kind);
    open->first = kept->next;
    weir_state_free(self->state, ref, sizeof(kept_row) + kept->size);
    return WEIR_OK;
}

static weir_status fire(session_table *self, weir_output *output, bool *done, weir_error *error) {
    *done = false;
    while (!weir_output_full(output)) {
        if (self->open != NULL && self->open->first != 0) {
            WEIR_TRY(row_emit(self, output, error));
        } else if (self->open != NULL) {
            self->open = NULL;
            WEIR_TRY(weir_sessions_give_back(&self->sessions, self->open_key, self->open_ref, error));
        } else {
            weir_session *ended;
            WEIR_TRY(weir_sessions_pop(&self->sessions, self->fire_ms, &self->open_key, &ended, &self->open_ref, error));
            self->open = (kept_session *)ended;
            if (ended == NULL) {
                *done = true;
                return WEIR_OK;
            }
        }
    }
    return WEIR_OK;
}

/* ---- steps ---- */

static weir_status mark_send(session_table *self, weir_output *output, weir_error *error) {
    if (self->mark_ms != WEIR_WATERMARK_NONE)
        WEIR_TRY(weir_emitter_mark(&self->emitter, output, self->mark_ms, error));
    self->mark_ms = WEIR_WATERMARK_NONE;
    return WEIR_OK;
}

static void mark_take(session_table *self, int64_t watermark_ms) {
    self->mark_ms = watermark_ms;
    if (self->spec->window.processing_time)
        return;
    self->sessions.watermark_ms = watermark_ms;
    self->firing = weir_sessions_due(&self->sessions, watermark_ms);
    self->fire_ms = watermark_ms;
}

static weir_status batch_walk(session_table *self, bool *done, weir_error *error) {
    const weir_batch *batch = self->batch;
    *done = false;
    while (!self->firing) {
        uint32_t row = self->at == batch->selected ? UINT32_MAX : batch->selection == NULL ? self->at : batch->selection[self->at];
        if (self->next_mark < batch->mark_count && batch->marks[self->next_mark].row <= row) {
            mark_take(self, batch->marks[self->next_mark++].watermark_ms);
            continue;
        }
        if (row == UINT32_MAX) {
            *done = true;
            return WEIR_OK;
        }
        WEIR_TRY(row_take(self, row, error));
        self->at++;
    }
    return WEIR_OK;
}

static weir_status table_resume(weir_operator *base, weir_output *output, weir_step *step, weir_error *error) {
    session_table *self = (session_table *)base;
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
    }
    weir_sessions_sweep(&self->sessions);
    *step = WEIR_STEP_MORE_INPUT;
    return weir_emitter_flush(&self->emitter, output, error);
}

static weir_status table_process(weir_operator *base, uint32_t input, weir_batch *batch, weir_output *output, weir_step *step,
                                 weir_error *error) {
    session_table *self = (session_table *)base;
    (void)input;
    self->batch = batch;
    self->at = self->next_mark = 0;
    WEIR_TRY(rows_room(self, batch->rows, error));
    if (batch->selected > 0) {
        weir_rows rows = weir_batch_rows(batch);
        weir_window_times(&self->spec->window, &self->sessions.shift, base->context, batch, &rows, self->times);
        WEIR_TRY(weir_keyed_upsert(self->sessions.keyed, batch->columns, self->spec->keys, &rows, self->keys, NULL, error));
    }
    return table_resume(base, output, step, error);
}

static int64_t table_next_tick_ms(const weir_operator *base) {
    const session_table *self = (const session_table *)base;
    int64_t next = weir_timers_next_ms(self->sessions.timers);
    return !self->spec->window.processing_time || next == INT64_MAX ? INT64_MAX : next + 1;
}

static weir_status table_tick(weir_operator *base, int64_t now_ms, weir_output *output, weir_step *step, weir_error *error) {
    session_table *self = (session_table *)base;
    self->firing = true;
    self->fire_ms = now_ms - 1;
    return table_resume(base, output, step, error);
}

static const weir_operator_vtable session_table_operator = {
    .name = "WindowTableFunction",
    .input_count = 1,
    .process = table_process,
    .resume = table_resume,
    .next_tick_ms = table_next_tick_ms,
    .tick = table_tick,
    .close = table_close,
};

weir_status weir_session_table_open(const weir_window_table_spec *spec, const weir_operator_context *context, weir_operator **out,
                                    weir_error *error) {
    session_table *self = weir_memory_zalloc(context->memory, sizeof(session_table));
    if (self == NULL)
        return weir_fail_memory(error, context->name, sizeof(session_table));
    self->base = (weir_operator){&session_table_operator, context};
    self->spec = spec;
    self->mark_ms = WEIR_WATERMARK_NONE;
    weir_emitter_init(&self->emitter, context, spec->output_types, spec->input_count + 3, true);
    self->codec = weir_codec_create(context->arena, spec->input_types, NULL, spec->input_count);
    self->state = weir_state_create(context->memory, context->name, context->settings->key_groups);
    weir_status status = self->codec == NULL || self->state == NULL ? weir_fail_memory(error, context->name, sizeof(session_table))
        : WEIR_OK;
    if (status == WEIR_OK)
        status = weir_sessions_init(&self->sessions, context, self->state, spec->input_types, spec->keys, spec->key_count, &spec->window,
                                    sizeof(kept_session), error);
    self->sessions.absorb = absorb;
    self->sessions.owner = self;
    if (status != WEIR_OK) {
        table_close(&self->base);
        return status;
    }
    *out = &self->base;
    return WEIR_OK;
}
