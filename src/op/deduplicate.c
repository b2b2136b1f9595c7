/* Keep the first or the last row of each key; see rank.h. The changelog is that of Flink's deduplicate functions:
 *
 *   keep last, by rowtime   a row that is not older than the kept one replaces it: -U/+U
 *   keep last, by arrival   likewise, always; an equal row changes nothing; a retraction takes the kept row back (-D)
 *   keep first, by arrival  the first row of a key passes
 *   keep first, by rowtime  the oldest row of a key leaves when the watermark reaches its time: insert-only; what comes after that is
 * ignored
 *
 * State: one row per key.
 */
#include <string.h>

#include "op/rank.h"
#include "op/stage.h"
#include "state/expiry.h"
#include "state/timers.h"

typedef struct kept_value {
    weir_ref row; /* compact bytes; 0: none */
    uint64_t size;
    int64_t time_ms;
    int64_t stamp_ms;
    uint64_t done; /* keep first: the key's row has left */
} kept_value;

typedef struct deduplicate_operator {
    weir_stage stage; /* first */
    const weir_deduplicate_spec *spec;
    weir_state *state;
    weir_keyed *keyed;
    weir_timers *timers;
    weir_codec *row;
    weir_row_scratch scratch;
    weir_builder bytes;
    weir_expiry expiry;
    int64_t now_ms;
} deduplicate_operator;

static weir_status no_memory(deduplicate_operator *self, size_t size, weir_error *error) {
    return weir_stage_no_memory(self->stage.base.context, size, error);
}

static weir_status begin(weir_stage *stage, weir_error *error) {
    deduplicate_operator *self = (deduplicate_operator *)stage;
    const weir_batch *batch = stage->batch;
    stage->queue.batches[0] = batch;
    WEIR_TRY(weir_row_scratch_reserve(&self->scratch, stage->base.context, batch->rows, error));
    if (self->expiry.ttl_ms > 0)
        self->now_ms = weir_clock_wall_ms(stage->base.context->evaluation->clock);
    weir_rows rows = weir_batch_rows(batch);
    return rows.count == 0 ? WEIR_OK
                           : weir_keyed_upsert(self->keyed, batch->columns, self->spec->keys, &rows, self->scratch.values, NULL, error);
}

static weir_status row_encode(deduplicate_operator *self, uint32_t row, weir_error *error) {
    size_t size = weir_codec_size(self->row, self->stage.batch->columns, row);
    weir_builder_clear(&self->bytes);
    char *room = weir_builder_room(&self->bytes, size + 1);
    if (room == NULL)
        return no_memory(self, size, error);
    self->bytes.size = weir_codec_write(self->row, self->stage.batch->columns, row, room);
    return WEIR_OK;
}

static void kept_clear(deduplicate_operator *self, kept_value *value) {
    weir_state_free(self->state, value->row, value->size);
    value->row = 0;
    value->size = 0;
}

/* The encoded row becomes the kept one. */
static weir_status kept_set(deduplicate_operator *self, kept_value *value, int64_t time_ms, weir_error *error) {
    if (value->row == 0 || value->size != self->bytes.size) {
        weir_ref row = weir_state_alloc(self->state, self->bytes.size);
        if (row == 0)
            return no_memory(self, self->bytes.size, error);
        kept_clear(self, value);
        value->row = row;
        value->size = self->bytes.size;
    }
    memcpy(weir_state_write(self->state, value->row), self->bytes.data, self->bytes.size);
    value->time_ms = time_ms;
    return WEIR_OK;
}

static weir_status leave(deduplicate_operator *self, uint8_t kind, weir_row_place place, weir_error *error) {
    return weir_row_queue_add(&self->stage.queue, kind, place, weir_row_nulls(), 0) ? WEIR_OK
                                                                                    : no_memory(self, sizeof(weir_queued_row), error);
}

static weir_status kept_leave(deduplicate_operator *self, uint8_t kind, const kept_value *value, weir_error *error) {
    weir_row_place place;
    if (!weir_row_queue_copy(&self->stage.queue, weir_state_read(self->state, value->row), value->size, &place))
        return no_memory(self, value->size, error);
    return leave(self, kind, place, error);
}

/* The row replaces what is kept, and says so. */
static weir_status replace(deduplicate_operator *self, kept_value *value, uint32_t row, int64_t time_ms, weir_error *error) {
    bool fresh = value->row == 0;
    if (!fresh && self->spec->emit_update_before)
        WEIR_TRY(kept_leave(self, WEIR_UPDATE_BEFORE, value, error));
    WEIR_TRY(leave(self, fresh ? WEIR_INSERT : WEIR_UPDATE_AFTER, weir_row_of_batch(row), error));
    WEIR_TRY(row_encode(self, row, error));
    return kept_set(self, value, time_ms, error);
}

static weir_status last_by_arrival(deduplicate_operator *self, kept_value *value, uint32_t row, uint8_t kind, weir_error *error) {
    if (!weir_change_adds(kind)) {
        if (value->row == 0)
            return WEIR_OK;
        WEIR_TRY(kept_leave(self, WEIR_DELETE, value, error));
        kept_clear(self, value);
        return WEIR_OK;
    }
    if (value->row != 0 && self->expiry.ttl_ms == 0) {
        WEIR_TRY(row_encode(self, row, error));
        if (value->size == self->bytes.size && memcmp(weir_state_read(self->state, value->row), self->bytes.data, value->size) == 0)
            return WEIR_OK;
    }
    return replace(self, value, row, 0, error);
}

static weir_status first_by_rowtime(deduplicate_operator *self, kept_value *value, uint32_t row, int64_t time_ms, weir_error *error) {
    if (time_ms < self->stage.watermark_ms) {
        atomic_fetch_add_explicit(&self->stage.base.context->metrics->late_rows_dropped, 1, memory_order_relaxed);
        return WEIR_OK;
    }
    if (value->done || (value->row != 0 && time_ms >= value->time_ms))
        return WEIR_OK;
    if (value->row != 0)
        weir_timers_remove(self->timers, value->time_ms, weir_keyed_ref(self->keyed, value));
    WEIR_TRY(row_encode(self, row, error));
    WEIR_TRY(kept_set(self, value, time_ms, error));
    return weir_timers_add(self->timers, time_ms, weir_keyed_ref(self->keyed, value)) ? WEIR_OK : no_memory(self, 0, error);
}

static weir_status row_handle(deduplicate_operator *self, kept_value *value, uint32_t row, weir_error *error) {
    const weir_deduplicate_spec *spec = self->spec;
    uint8_t kind = weir_batch_kind(self->stage.batch, row);
    int64_t time_ms = 0;
    if (spec->by_rowtime) {
        const weir_column *time = self->stage.batch->columns[spec->time_column];
        if (!weir_column_is_valid(time, row))
            return weir_stage_no_time(self->stage.base.context, error);
        time_ms = weir_stage_time_ms(time, row);
        if (!spec->keep_last)
            return first_by_rowtime(self, value, row, time_ms, error);
        return value->row == 0 || value->time_ms <= time_ms ? replace(self, value, row, time_ms, error) : WEIR_OK;
    }
    if (spec->keep_last)
        return last_by_arrival(self, value, row, kind, error);
    if (value->done)
        return WEIR_OK;
    value->done = 1;
    return leave(self, WEIR_INSERT, weir_row_of_batch(row), error);
}

/* Older than the time to live: as if it had never been. A row that waits for its timer stays, as in Flink. */
static bool value_expire(void *owner, void *value_, int64_t now_ms) {
    deduplicate_operator *self = owner;
    kept_value *value = value_;
    bool waits = self->spec->by_rowtime && !self->spec->keep_last && value->row != 0;
    if (waits || !weir_expiry_due(&self->expiry, value->stamp_ms, now_ms))
        return false;
    kept_clear(self, value);
    value->done = 0;
    return true;
}

static void value_age(deduplicate_operator *self, kept_value *value) {
    if (self->expiry.ttl_ms == 0)
        return;
    (void)value_expire(self, value, self->now_ms);
    value->stamp_ms = self->now_ms;
}

static weir_status rows_handle(weir_stage *stage, const weir_rows *rows, uint32_t *at, weir_error *error) {
    deduplicate_operator *self = (deduplicate_operator *)stage;
    for (; *at < rows->count; (*at)++) {
        uint32_t row = rows->index == NULL ? *at : rows->index[*at];
        value_age(self, self->scratch.values[row]);
        WEIR_TRY(row_handle(self, self->scratch.values[row], row, error));
    }
    return WEIR_OK;
}

static weir_status fire(weir_stage *stage, int64_t watermark_ms, bool *more, weir_error *error) {
    deduplicate_operator *self = (deduplicate_operator *)stage;
    int64_t time_ms;
    weir_ref ref;
    while (weir_row_queue_waiting(&stage->queue) < WEIR_BATCH_ROWS) {
        if (!weir_timers_pop(self->timers, watermark_ms, &time_ms, &ref))
            return WEIR_OK;
        kept_value *value = weir_keyed_value(self->keyed, ref);
        WEIR_TRY(kept_leave(self, WEIR_INSERT, value, error));
        kept_clear(self, value);
        value->done = 1;
    }
    *more = true;
    return WEIR_OK;
}

static void end(weir_stage *stage) {
    deduplicate_operator *self = (deduplicate_operator *)stage;
    weir_expiry_sweep(&self->expiry, self->keyed, self->now_ms, value_expire, self);
    atomic_store_explicit(&stage->base.context->metrics->state_bytes, weir_state_bytes(self->state), memory_order_relaxed);
}

static const weir_stage_hooks hooks = {.begin = begin, .rows = rows_handle, .fire = fire, .end = end};

static void deduplicate_close(weir_operator *operator) {
    deduplicate_operator *self = (deduplicate_operator *)operator;
    weir_stage_deinit(&self->stage);
    weir_row_scratch_free(&self->scratch, operator->context);
    weir_builder_deinit(&self->bytes);
    if (self->timers != NULL)
        weir_timers_destroy(self->timers);
    if (self->keyed != NULL)
        weir_keyed_destroy(self->keyed);
    weir_state_destroy(self->state);
    weir_memory_free(operator->context->memory, self, sizeof *self);
}

static weir_status prepare(deduplicate_operator *self, weir_error *error) {
    const weir_operator_context *context = self->stage.base.context;
    const weir_deduplicate_spec *spec = self->spec;
    bool kinds = spec->keep_last;
    WEIR_TRY(weir_row_queue_init(&self->stage.queue, context, spec->input_types, spec->input_count, 0, false, kinds, error));
    weir_builder_init(&self->bytes, context->memory, UINT32_MAX);
    self->expiry.ttl_ms = context->settings->state_ttl_ms;
    const weir_type **key_types = weir_stage_types_of(context->arena, spec->input_types, spec->keys, spec->key_count);
    self->state = weir_state_create(context->memory, context->name, context->settings->key_groups);
    if (key_types == NULL || self->state == NULL)
        return no_memory(self, 0, error);
    self->keyed = weir_keyed_create(self->state, context->arena, "rows", key_types, spec->key_count, sizeof(kept_value));
    self->timers = weir_timers_create(self->state, context->arena, "event-time");
    self->row = weir_codec_create(context->arena, spec->input_types, NULL, spec->input_count);
    if (self->keyed == NULL || self->timers == NULL || self->row == NULL)
        return no_memory(self, 0, error);
    self->stage.queue.parts[0].codec = self->row;
    return WEIR_OK;
}

static weir_status deduplicate_open(const void *spec_, const weir_operator_context *context, weir_operator **out, weir_error *error) {
    const weir_deduplicate_spec *spec = spec_;
    if (spec->input_retracts && (spec->by_rowtime || !spec->keep_last))
        return weir_fail(error, WEIR_UNSUPPORTED,
                         "Deduplicate doesn't support consuming update and delete changes unless it keeps the last row by arrival");
    deduplicate_operator *self = weir_memory_zalloc(context->memory, sizeof *self);
    if (self == NULL)
        return weir_stage_no_memory(context, sizeof *self, error);
    weir_stage_init(&self->stage, &weir_deduplicate_operator, context, &hooks);
    self->spec = spec;
    weir_status status = prepare(self, error);
    if (status != WEIR_OK) {
        deduplicate_close(&self->stage.base);
        return status;
    }
    *out = &self->stage.base;
    return WEIR_OK;
}

const weir_operator_vtable weir_deduplicate_operator = {.name = "Deduplicate",
                                                        .input_count = 1,
                                                        .open = deduplicate_open,
                                                        .process = weir_stage_process,
                                                        .resume = weir_stage_resume,
                                                        .close = deduplicate_close};
