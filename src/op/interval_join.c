/* Interval join: rows of both sides whose times are near each other; see join.h.
 *
 * State: one table by join key; an entry holds the rows of either side in order of time, with a mark on those that have found a partner
 * (outer sides). A row leaves the state when the watermark (or the clock) has passed the last time at which a partner could come; a row of
 * an outer side without partner leaves the operator then, padded with NULLs. As in Flink late rows are not dropped: they join with what is
 * still there. Marks leave as much earlier as a row may wait. Processing time: rows that wait for a partner when the input ends are not
 * padded, for their time does not come (Flink does not fire processing-time timers then either).
 */
#include <string.h>

#include "op/join_match.h"
#include "state/keyed.h"
#include "state/sorted.h"
#include "state/timers.h"

enum { KEY_BYTES = 16, PAIRS_AT_ONCE = WEIR_BATCH_ROWS };

typedef struct interval_value {
    weir_ref sides[2]; /* (time, sequence) -> kept_row */
    int64_t sequence;
    int64_t timer_ms;
    uint32_t has_timer;
    uint32_t emptied; /* stands in `empties` */
} interval_value;

typedef struct kept_row {
    uint64_t matched;
    char bytes[];
} kept_row;

typedef struct interval_operator {
    weir_stage stage; /* first */
    const weir_interval_join_spec *spec;
    bool outer[2];
    int64_t slack_ms; /* inner joins look after their state less often */
    weir_state *state;
    weir_keyed *keyed;
    weir_timers *timers;
    weir_join_matcher matcher;
    weir_row_scratch scratch;
    uint32_t *with_keys;
    uint32_t with_keys_capacity;
    interval_value **empties;
    size_t empty_count, empty_capacity;
    int64_t now_ms; /* watermark or clock */
} interval_operator;

static weir_status no_memory(interval_operator *self, size_t size, weir_error *error) {
    return weir_stage_no_memory(self->stage.base.context, size, error);
}

static int64_t add(int64_t a, int64_t b) {
    int64_t sum;
    return __builtin_add_overflow(a, b, &sum) ? (b < 0 ? INT64_MIN : INT64_MAX) : sum;
}

/* Partner times of a row of `side` at `time_ms`. */
static int64_t least_ms(const interval_operator *self, uint32_t side, int64_t time_ms) {
    return side == 0 ? add(time_ms, self->spec->lower_ms) : add(time_ms, -self->spec->upper_ms);
}
static int64_t most_ms(const interval_operator *self, uint32_t side, int64_t time_ms) {
    return side == 0 ? add(time_ms, self->spec->upper_ms) : add(time_ms, -self->spec->lower_ms);
}

static int64_t entry_ms(const weir_sorted_entry *entry) { return weir_sorted_get_i64(weir_sorted_key(entry).data); }

static weir_status with_keys_reserve(interval_operator *self, uint32_t rows, weir_error *error) {
    if (rows <= self->with_keys_capacity)
        return WEIR_OK;
    weir_memory *memory = self->stage.base.context->memory;
    weir_memory_free(memory, self->with_keys, self->with_keys_capacity * sizeof(uint32_t));
    self->with_keys_capacity = 0;
    self->with_keys = weir_memory_alloc(memory, rows * sizeof(uint32_t));
    if (self->with_keys == NULL)
        return no_memory(self, rows * sizeof(uint32_t), error);
    self->with_keys_capacity = rows;
    return WEIR_OK;
}

static weir_status begin(weir_stage *stage, weir_error *error) {
    interval_operator *self = (interval_operator *)stage;
    const weir_batch *batch = stage->batch;
    stage->queue.batches[stage->input] = batch;
    WEIR_TRY(weir_row_scratch_reserve(&self->scratch, stage->base.context, batch->rows, error));
    WEIR_TRY(with_keys_reserve(self, batch->rows, error));
    if (self->spec->processing_time)
        self->now_ms = weir_clock_wall_ms(stage->base.context->evaluation->clock);
    for (uint32_t row = 0; row < batch->rows; row++)
        self->scratch.values[row] = NULL;
    if (batch->selected == 0)
        return WEIR_OK;
    weir_rows rows = {self->with_keys, weir_join_rows_with_keys(&self->spec->on, stage->input, batch, self->with_keys)};
    return weir_keyed_upsert(self->keyed, batch->columns, weir_join_side_of(&self->spec->on, stage->input)->keys, &rows,
                             self->scratch.values, NULL, error);
}

static weir_status row_time(interval_operator *self, uint32_t row, int64_t *out, weir_error *error) {
    const weir_column *time = self->stage.batch->columns[self->stage.input == 0 ? self->spec->left_time : self->spec->right_time];
    *out = self->now_ms;
    if (self->spec->processing_time)
        return WEIR_OK;
    if (!weir_column_is_valid(time, row))
        return weir_stage_no_time(self->stage.base.context, error);
    *out = weir_stage_time_ms(time, row);
    return WEIR_OK;
}

static weir_status row_pairs(interval_operator *self, uint32_t row, weir_error *error) {
    interval_value *value = self->scratch.values[row];
    uint32_t side = self->stage.input;
    int64_t time_ms;
    WEIR_TRY(row_time(self, row, &time_ms, error));
    if (value == NULL)
        return WEIR_OK;
    char low[8];
    int64_t most = most_ms(self, side, time_ms);
    weir_sorted_i64(least_ms(self, side, time_ms), low);
    weir_sorted_entry *entry = weir_sorted_seek(self->state, value->sides[1 - side], low, sizeof low, false);
    for (; entry != NULL && entry_ms(entry) <= most; entry = weir_sorted_next(self->state, entry)) {
        kept_row *kept = weir_sorted_payload(entry);
        if (!weir_join_matcher_add(&self->matcher, row, 0, kept->bytes, kept))
            return no_memory(self, sizeof(weir_join_pair), error);
    }
    return WEIR_OK;
}

static weir_status leave(interval_operator *self, uint32_t side, weir_row_place own, weir_row_place other, weir_error *error) {
    return weir_row_queue_add(&self->stage.queue, WEIR_INSERT, side == 0 ? own : other, side == 0 ? other : own, 0)
               ? WEIR_OK
               : no_memory(self, sizeof(weir_queued_row), error);
}

/* The watermark at which a row of `side` is of no use any more. */
static int64_t expiry_ms(const interval_operator *self, uint32_t side, int64_t time_ms) { return add(most_ms(self, side, time_ms), 1); }

static weir_status timer_set(interval_operator *self, interval_value *value, int64_t time_ms, weir_error *error) {
    if (value->has_timer && value->timer_ms <= time_ms)
        return WEIR_OK;
    weir_ref ref = weir_keyed_ref(self->keyed, value);
    if (!weir_timers_add(self->timers, time_ms, ref))
        return no_memory(self, sizeof ref, error);
    if (value->has_timer)
        weir_timers_remove(self->timers, value->timer_ms, ref);
    value->has_timer = 1;
    value->timer_ms = time_ms;
    return WEIR_OK;
}

/* An entry without rows (its last one has left, or the one that made it was late) goes when no row of the batch points to it. */
static weir_status empty_note(interval_operator *self, interval_value *value, weir_error *error) {
    if (value->sides[0] != 0 || value->sides[1] != 0 || value->emptied)
        return WEIR_OK;
    if (!weir_memory_grow(self->stage.base.context->memory, (void **)&self->empties, &self->empty_capacity, self->empty_count + 1,
                          sizeof(interval_value *)))
        return no_memory(self, sizeof(interval_value *), error);
    value->emptied = 1;
    self->empties[self->empty_count++] = value;
    return WEIR_OK;
}

static weir_status row_keep(interval_operator *self, interval_value *value, uint32_t row, int64_t time_ms, bool matched,
                            weir_error *error) {
    uint32_t side = self->stage.input;
    char key[KEY_BYTES];
    bool created;
    weir_sorted_i64(time_ms, key);
    weir_sorted_i64(value->sequence, key + 8);
    size_t size = sizeof(kept_row) + weir_codec_size(self->matcher.rows[side], self->stage.batch->columns, row);
    weir_sorted_entry *entry = weir_sorted_put(self->state, &value->sides[side], key, KEY_BYTES, size, &created);
    if (entry == NULL)
        return no_memory(self, size, error);
    value->sequence++;
    kept_row *kept = weir_sorted_payload(entry);
    kept->matched = matched;
    weir_codec_write(self->matcher.rows[side], self->stage.batch->columns, row, kept->bytes);
    return timer_set(self, value, add(expiry_ms(self, side, time_ms), self->slack_ms), error);
}

static weir_status row_play(interval_operator *self, uint32_t row, const weir_join_pair *pairs, size_t count, weir_error *error) {
    interval_value *value = self->scratch.values[row];
    uint32_t side = self->stage.input;
    int64_t time_ms, now_ms = self->spec->processing_time ? self->now_ms : self->stage.watermark_ms;
    WEIR_TRY(row_time(self, row, &time_ms, error));
    for (size_t i = 0; i < count; i++) {
        kept_row *kept = pairs[i].kept;
        WEIR_TRY(leave(self, side, weir_row_of_batch(row), weir_row_of_state(kept->bytes), error));
        kept->matched = 1;
    }
    if (value != NULL && now_ms < most_ms(self, side, time_ms))
        return row_keep(self, value, row, time_ms, count > 0, error);
    if (count == 0 && self->outer[side])
        WEIR_TRY(leave(self, side, weir_row_of_batch(row), weir_row_nulls(), error));
    return value == NULL ? WEIR_OK : empty_note(self, value, error);
}

static weir_status rows_handle(weir_stage *stage, const weir_rows *rows, uint32_t *at, weir_error *error) {
    interval_operator *self = (interval_operator *)stage;
    uint32_t end = *at;
    self->matcher.count = 0;
    for (; end < rows->count && self->matcher.count < PAIRS_AT_ONCE; end++)
        WEIR_TRY(row_pairs(self, rows->index == NULL ? end : rows->index[end], error));
    WEIR_TRY(weir_join_matcher_filter(&self->matcher, stage->input, stage->batch->columns, 0, error));
    size_t from = 0;
    for (; *at < end; ++*at) {
        uint32_t row = rows->index == NULL ? *at : rows->index[*at];
        size_t to = from;
        while (to < self->matcher.count && self->matcher.pairs[to].row == row)
            to++;
        WEIR_TRY(row_play(self, row, self->matcher.pairs + from, to - from, error));
        from = to;
    }
    return WEIR_OK;
}

/* Rows of a key and side that no partner can reach any more. *next_ms sinks to the expiry of the first that stays. */
static weir_status side_expire(interval_operator *self, interval_value *value, uint32_t side, int64_t now_ms, int64_t *next_ms,
                               weir_error *error) {
    for (;;) {
        weir_sorted_entry *entry = weir_sorted_first(self->state, value->sides[side]);
        if (entry == NULL)
            return WEIR_OK;
        int64_t expiry = expiry_ms(self, side, entry_ms(entry));
        if (expiry > now_ms) {
            expiry = add(expiry, self->slack_ms);
            *next_ms = expiry < *next_ms ? expiry : *next_ms;
            return WEIR_OK;
        }
        const kept_row *kept = weir_sorted_payload(entry);
        if (self->outer[side] && !kept->matched) {
            weir_row_place place;
            if (!weir_row_queue_copy(&self->stage.queue, kept->bytes, weir_sorted_payload_bytes(entry) - sizeof(kept_row), &place))
                return no_memory(self, weir_sorted_payload_bytes(entry), error);
            WEIR_TRY(leave(self, side, place, weir_row_nulls(), error));
        }
        weir_sorted_remove(self->state, &value->sides[side], entry);
    }
}

static weir_status expire(weir_stage *stage, int64_t now_ms, bool *more, weir_error *error) {
    interval_operator *self = (interval_operator *)stage;
    int64_t time_ms;
    weir_ref ref;
    while (weir_row_queue_waiting(&stage->queue) < WEIR_BATCH_ROWS) {
        if (!weir_timers_pop(self->timers, now_ms, &time_ms, &ref))
            return WEIR_OK;
        interval_value *value = weir_keyed_value(self->keyed, ref);
        int64_t next_ms = INT64_MAX;
        value->has_timer = 0;
        WEIR_TRY(side_expire(self, value, 0, now_ms, &next_ms, error));
        WEIR_TRY(side_expire(self, value, 1, now_ms, &next_ms, error));
        if (value->sides[0] != 0 || value->sides[1] != 0)
            WEIR_TRY(timer_set(self, value, next_ms, error));
        else
            WEIR_TRY(empty_note(self, value, error));
    }
    *more = true;
    return WEIR_OK;
}

static weir_status fire(weir_stage *stage, int64_t watermark_ms, bool *more, weir_error *error) {
    return ((interval_operator *)stage)->spec->processing_time ? WEIR_OK : expire(stage, watermark_ms, more, error);
}

/* Entries that stayed empty leave the table once no row of the batch points to them. */
static void empties_remove(interval_operator *self) {
    for (size_t i = 0; i < self->empty_count; i++) {
        interval_value *value = self->empties[i];
        value->emptied = 0;
        if (value->sides[0] == 0 && value->sides[1] == 0)
            weir_keyed_remove(self->keyed, value);
    }
    self->empty_count = 0;
}

static void end(weir_stage *stage) {
    interval_operator *self = (interval_operator *)stage;
    empties_remove(self);
    atomic_store_explicit(&stage->base.context->metrics->state_bytes, weir_state_bytes(self->state), memory_order_relaxed);
}

static weir_status tick(weir_stage *stage, int64_t now_ms, bool *more, weir_error *error) {
    WEIR_TRY(expire(stage, now_ms, more, error));
    if (!*more)
        empties_remove((interval_operator *)stage);
    return WEIR_OK;
}

static const weir_stage_hooks hooks = {.begin = begin, .rows = rows_handle, .fire = fire, .tick = tick, .end = end};

static int64_t next_tick(const weir_operator *operator) {
    const interval_operator *self = (const interval_operator *)operator;
    return self->spec->processing_time ? weir_timers_next_ms(self->timers) : INT64_MAX;
}

static void interval_close(weir_operator *operator) {
    interval_operator *self = (interval_operator *)operator;
    weir_memory *memory = operator->context->memory;
    weir_stage_deinit(&self->stage);
    weir_join_matcher_deinit(&self->matcher);
    weir_row_scratch_free(&self->scratch, operator->context);
    weir_memory_free(memory, self->with_keys, self->with_keys_capacity * sizeof(uint32_t));
    weir_memory_free(memory, self->empties, self->empty_capacity * sizeof(interval_value *));
    if (self->timers != NULL)
        weir_timers_destroy(self->timers);
    if (self->keyed != NULL)
        weir_keyed_destroy(self->keyed);
    weir_state_destroy(self->state);
    weir_memory_free(memory, self, sizeof *self);
}

static weir_status prepare(interval_operator *self, weir_error *error) {
    const weir_operator_context *context = self->stage.base.context;
    const weir_interval_join_spec *spec = self->spec;
    const weir_join_keys *on = &spec->on;
    int64_t wait_ms = spec->upper_ms > -spec->lower_ms ? spec->upper_ms : -spec->lower_ms;
    self->outer[0] = on->type == WEIR_JOIN_LEFT || on->type == WEIR_JOIN_FULL;
    self->outer[1] = on->type == WEIR_JOIN_RIGHT || on->type == WEIR_JOIN_FULL;
    self->slack_ms = on->type == WEIR_JOIN_INNER && spec->upper_ms > spec->lower_ms ? (spec->upper_ms - spec->lower_ms) / 2 : 0;
    self->stage.delay_ms = spec->processing_time || wait_ms < 0 ? 0 : wait_ms;
    self->stage.drain_before_fire = true;
    WEIR_TRY(weir_row_queue_init(&self->stage.queue, context, on->output_types, on->left.column_count, on->right.column_count, false, false,
                                 error));
    WEIR_TRY(weir_join_matcher_init(&self->matcher, context, on, error));
    self->stage.queue.parts[0].codec = self->matcher.rows[0];
    self->stage.queue.parts[1].codec = self->matcher.rows[1];
    const weir_type **key_types = weir_stage_types_of(context->arena, on->left.types, on->left.keys, on->key_count);
    self->state = weir_state_create(context->memory, context->name, context->settings->key_groups);
    if (key_types == NULL || self->state == NULL)
        return no_memory(self, 0, error);
    self->keyed = weir_keyed_create(self->state, context->arena, "rows", key_types, on->key_count, sizeof(interval_value));
    self->timers = weir_timers_create(self->state, context->arena, spec->processing_time ? "processing-time" : "event-time");
    return self->keyed != NULL && self->timers != NULL ? WEIR_OK : no_memory(self, 0, error);
}

static weir_status interval_open(const void *spec_, const weir_operator_context *context, weir_operator **out, weir_error *error) {
    const weir_interval_join_spec *spec = spec_;
    if (weir_join_is_half(spec->on.type) || spec->on.left.retracts || spec->on.right.retracts)
        return weir_fail(error, WEIR_UNSUPPORTED, "%s: an interval join takes insert-only inputs and is INNER, LEFT, RIGHT or FULL",
                         context->name);
    interval_operator *self = weir_memory_zalloc(context->memory, sizeof *self);
    if (self == NULL)
        return weir_stage_no_memory(context, sizeof *self, error);
    weir_stage_init(&self->stage, &weir_interval_join_operator, context, &hooks);
    self->spec = spec;
    weir_status status = prepare(self, error);
    if (status != WEIR_OK) {
        interval_close(&self->stage.base);
        return status;
    }
    *out = &self->stage.base;
    return WEIR_OK;
}

const weir_operator_vtable weir_interval_join_operator = {.name = "IntervalJoin",
                                                          .input_count = 2,
                                                          .open = interval_open,
                                                          .process = weir_stage_process,
                                                          .resume = weir_stage_resume,
                                                          .next_tick_ms = next_tick,
                                                          .tick = weir_stage_tick,
                                                          .close = interval_close};
