/* Streaming OVER by time; see over.h. Rows wait, in time order, until the watermark passes them (rowtime), or are computed as they come
 * (processing time); each leaves once, with its results.
 *
 * State per key: the rows that wait and those that a frame still holds, ordered by (time, sequence); the accumulators; and for each kind of
 * frame where it begins. What is due of many keys is turned into one list of events per kind of frame (rows entering, rows leaving it),
 * which each call plays at once; a row's results stand after its event (ROWS) or after that of its last peer (RANGE).
 *
 * Lateness is Flink's: with an UNBOUNDED PRECEDING frame a row is late when the watermark has passed it, else when it is not newer than the
 * last row computed for its key. With a bounded RANGE frame a key is forgotten, lateness and all, when the watermark is half as far again
 * beyond its last row as the frame reaches back; and a timer for that, set for an older row, moves the bound of lateness too. By
 * processing time Flink computes bounded RANGE frames a millisecond late, so that rows of one millisecond
 * are peers; here each row is computed when it comes.
 */
#include <string.h>

#include "op/over_int.h"
#include "state/expiry.h"
#include "state/sorted.h"
#include "state/timers.h"

enum { KEY_BYTES = 16, OUT_ROWS = WEIR_BATCH_ROWS };

typedef struct stream_value {
    weir_ref rows;
    int64_t sequence;
    int64_t last_ms;  /* time of the last row computed; 0 at first, as in Flink */
    int64_t computed; /* rows computed so far */
    int64_t rank, dense;
    int64_t kept; /* computed rows that are still in `rows` */
    int64_t timer_ms;
    uint32_t has_timer;
    uint32_t timed;        /* last_timer_ms is set */
    int64_t last_timer_ms; /* of all timers of the key: until the watermark has passed it the entry stays */
    int64_t stamp_ms;
    int64_t forget_ms;    /* bounded RANGE: when the key is forgotten; 0: nothing is set */
    uint64_t round;       /* the last block with rows of this key: its events are not played before that leaves */
    char done[KEY_BYTES]; /* key of the last row computed */
} stream_value;

/* Where a kind of frame begins, in the value of each key. */
typedef struct frame_place {
    char low[KEY_BYTES];
    int64_t count; /* rows in the frame */
} frame_place;

typedef struct frame_event {
    uint64_t at; /* the row's bytes, in `copies` */
    stream_value *value;
    uint64_t kind;
} frame_event;

typedef struct frame_kind {
    bool rows, bounded;
    int64_t distance; /* rows before the current one; milliseconds */
    uint32_t place;   /* offset of its frame_place */
    frame_event *events;
    size_t event_count, event_capacity;
} frame_kind;

typedef struct over_stream_operator {
    weir_stage stage; /* first */
    const weir_over_spec *spec;
    weir_state *state;
    weir_keyed *keyed;
    weir_timers *timers;
    weir_codec *row;
    over_call *calls;
    uint32_t *kind_of; /* call -> frame kind */
    frame_kind *kinds;
    uint32_t kind_count;
    bool unbounded;   /* lateness by the watermark */
    bool forgets;     /* bounded RANGE by rowtime: keys are forgotten */
    uint64_t round;   /* counts blocks, from 1 */
    int64_t most_lag; /* rows that LAG looks back */
    weir_row_scratch scratch;
    weir_builder copies;
    /* rows that leave: their bytes in `copies`, and `width` slots: the event of each kind, then a number or the place of another row for
     * each call */
    uint64_t *slots;
    size_t slot_count, slot_capacity;
    uint32_t width;
    uint32_t out_count;
    weir_expiry expiry;
    int64_t now_ms;
} over_stream_operator;

static weir_status no_memory(over_stream_operator *self, size_t size, weir_error *error) {
    return weir_stage_no_memory(self->stage.base.context, size, error);
}

static int64_t time_of(const weir_sorted_entry *entry) { return weir_sorted_get_i64(weir_sorted_key(entry).data); }

static bool copy_row(over_stream_operator *self, weir_sorted_entry *entry, uint64_t *at) {
    size_t size = weir_sorted_payload_bytes(entry);
    char *room = weir_builder_room(&self->copies, size + 2);
    if (room == NULL)
        return false;
    size_t skip = self->copies.size == 0; /* no row stands at 0, which means none */
    memcpy(room + skip, weir_sorted_payload(entry), size);
    *at = self->copies.size + skip;
    self->copies.size += skip + size;
    return true;
}

static bool event_add(over_stream_operator *self, frame_kind *kind, stream_value *value, uint64_t at, uint8_t change) {
    if (!weir_memory_grow(self->stage.base.context->memory, (void **)&kind->events, &kind->event_capacity, kind->event_count + 1,
                          sizeof(frame_event)))
        return false;
    kind->events[kind->event_count++] = (frame_event){at, value, change};
    return true;
}

/* The first row of the frame leaves it. */
static bool frame_shrink(over_stream_operator *self, frame_kind *kind, stream_value *value, frame_place *place) {
    weir_sorted_entry *low = weir_sorted_find(self->state, value->rows, place->low, KEY_BYTES);
    uint64_t at;
    if (low == NULL || !copy_row(self, low, &at) || !event_add(self, kind, value, at, WEIR_DELETE))
        return false;
    weir_sorted_entry *next = weir_sorted_next(self->state, low);
    if (next != NULL)
        memcpy(place->low, weir_sorted_key(next).data, KEY_BYTES);
    place->count--;
    return true;
}

/* A row enters the frame of a kind; rows that are too old by then leave first. */
static bool frame_enter(over_stream_operator *self, frame_kind *kind, stream_value *value, weir_sorted_entry *entry, uint64_t at) {
    frame_place *place = (frame_place *)((char *)value + kind->place);
    while (kind->bounded && place->count > 0) {
        bool old = kind->rows ? place->count > kind->distance : time_of(entry) - weir_sorted_get_i64(place->low) > kind->distance;
        if (!old)
            break;
        if (!frame_shrink(self, kind, value, place))
            return false;
    }
    if (kind->bounded && place->count++ == 0)
        memcpy(place->low, weir_sorted_key(entry).data, KEY_BYTES);
    return event_add(self, kind, value, at, WEIR_INSERT);
}

/* The row `distance` before; 0: none. */
static bool lag_place(over_stream_operator *self, const over_call *call, weir_sorted_entry *entry, uint64_t *at) {
    *at = 0;
    weir_sorted_entry *before = entry;
    for (int64_t k = 0; k < call->distance && before != NULL; k++)
        before = weir_sorted_previous(self->state, before);
    return call->no_distance || before == NULL || copy_row(self, before, at);
}

static bool slots_fill(over_stream_operator *self, stream_value *value, weir_sorted_entry *entry, uint64_t at, bool new_peer) {
    size_t first = self->slot_count;
    if (!weir_memory_grow(self->stage.base.context->memory, (void **)&self->slots, &self->slot_capacity, first + self->width,
                          sizeof(uint64_t)))
        return false;
    self->slot_count += self->width;
    self->out_count++;
    value->computed++;
    if (new_peer) {
        value->rank = value->computed;
        value->dense++;
    }
    self->slots[first] = at;
    for (uint32_t k = 0; k < self->kind_count; k++)
        self->slots[first + 1 + k] = self->kinds[k].event_count - 1;
    uint64_t *numbers = &self->slots[first + 1 + self->kind_count];
    for (uint32_t i = 0; i < self->spec->call_count; i++) {
        numbers[i] = 0;
        switch (self->calls[i].function) {
        case OVER_ROW_NUMBER: numbers[i] = (uint64_t)value->computed; break;
        case OVER_RANK: numbers[i] = (uint64_t)value->rank; break;
        case OVER_DENSE_RANK: numbers[i] = (uint64_t)value->dense; break;
        case OVER_LAG:
            if (!lag_place(self, &self->calls[i], entry, &numbers[i]))
                return false;
            break;
        default: break;
        }
    }
    return true;
}

/* RANGE: rows of one time have the result after the last of them; LAG is such a function, too. */
static void peers_settle(over_stream_operator *self, uint32_t from) {
    const uint64_t *last = &self->slots[(size_t)(self->out_count - 1) * self->width];
    for (uint32_t c = 0; c < self->spec->call_count; c++)
        for (uint32_t i = from; i < self->out_count && self->calls[c].function == OVER_LAG; i++)
            self->slots[(size_t)i * self->width + 1 + self->kind_count + c] = last[1 + self->kind_count + c];
    for (uint32_t k = 0; k < self->kind_count; k++)
        for (uint32_t i = from; i < self->out_count && !self->kinds[k].rows; i++)
            self->slots[(size_t)i * self->width + 1 + k] = self->kinds[k].event_count - 1;
}

/* Computed rows that no frame and no LAG needs any more. */
static void rows_forget(over_stream_operator *self, stream_value *value) {
    while (value->kept > self->most_lag) {
        weir_sorted_entry *first = weir_sorted_first(self->state, value->rows);
        for (uint32_t k = 0; k < self->kind_count; k++) {
            const frame_place *place = (const frame_place *)((const char *)value + self->kinds[k].place);
            if (self->kinds[k].bounded && place->count > 0 && memcmp(weir_sorted_key(first).data, place->low, KEY_BYTES) >= 0)
                return;
        }
        weir_sorted_remove(self->state, &value->rows, first);
        value->kept--;
    }
}

static weir_sorted_entry *first_waiting(over_stream_operator *self, const stream_value *value) {
    return value->kept == 0 ? weir_sorted_first(self->state, value->rows)
                            : weir_sorted_seek(self->state, value->rows, value->done, KEY_BYTES, true);
}

/* Compute the rows of a key up to `until_ms`, or until enough have come together; peers stay together. */
static weir_status key_compute(over_stream_operator *self, stream_value *value, int64_t until_ms, weir_error *error) {
    weir_sorted_entry *entry = first_waiting(self, value);
    while (entry != NULL && time_of(entry) <= until_ms && self->out_count < OUT_ROWS) {
        int64_t time_ms = time_of(entry);
        uint32_t from = self->out_count;
        bool new_peer = value->computed == 0 || time_ms != value->last_ms;
        for (; entry != NULL && time_of(entry) == time_ms; entry = weir_sorted_next(self->state, entry)) {
            uint64_t at;
            bool done = copy_row(self, entry, &at);
            for (uint32_t k = 0; done && k < self->kind_count; k++)
                done = frame_enter(self, &self->kinds[k], value, entry, at);
            if (!done || !slots_fill(self, value, entry, at, new_peer))
                return no_memory(self, self->copies.size, error);
            new_peer = false;
            value->kept++;
            memcpy(value->done, weir_sorted_key(entry).data, KEY_BYTES);
        }
        value->last_ms = time_ms;
        value->round = self->round;
        peers_settle(self, from);
    }
    rows_forget(self, value);
    return WEIR_OK;
}

/* ---- from events to columns ---- */

static bool columns_create(over_stream_operator *self, uint32_t rows, weir_column **out) {
    for (uint32_t i = 0; i < self->spec->input_count; i++) {
        out[i] = weir_column_create(self->stage.base.context->memory, self->spec->input_types[i], rows);
        if (out[i] == NULL)
            return false;
    }
    return true;
}

static void columns_release(over_stream_operator *self, weir_column **columns) {
    for (uint32_t i = 0; i < self->spec->input_count; i++)
        weir_column_unref(columns[i]);
}

static bool columns_failed(const over_stream_operator *self, weir_column *const *columns) {
    for (uint32_t i = 0; i < self->spec->input_count; i++)
        if (columns[i]->failed)
            return true;
    return false;
}

/* Results after events [first, first + count) go to the rows that leave whose slot names them; *out_at goes on. */
static weir_status results_take(over_stream_operator *self, uint32_t kind, const weir_column *after, size_t first, size_t count,
                                uint32_t *out_at, weir_column *result, weir_error *error) {
    uint32_t *index = weir_memory_alloc(self->stage.base.context->memory, (self->out_count + 1) * sizeof(uint32_t));
    if (index == NULL)
        return no_memory(self, self->out_count * sizeof(uint32_t), error);
    uint32_t start = *out_at, taken = 0;
    for (; *out_at < self->out_count; ++*out_at) {
        uint64_t event = self->slots[(size_t)*out_at * self->width + 1 + kind];
        if (event >= first + count)
            break;
        index[taken++] = (uint32_t)(event - first);
    }
    weir_column_gather(result, start, after, index, taken);
    weir_memory_free(self->stage.base.context->memory, index, (self->out_count + 1) * sizeof(uint32_t));
    return result->failed ? no_memory(self, self->out_count, error) : WEIR_OK;
}

/* Play one call over decoded events. */
static weir_status call_play(over_stream_operator *self, over_call *call, weir_column *const *columns, void *const *states,
                             const uint8_t *kinds, uint32_t count, weir_column **after, weir_error *error) {
    weir_memory *memory = self->stage.base.context->memory;
    weir_column *before = weir_column_create(memory, call->spec->call.result, count);
    *after = weir_column_create(memory, call->spec->call.result, count);
    weir_status status = before == NULL || *after == NULL ? no_memory(self, count, error) : WEIR_OK;
    if (status == WEIR_OK)
        status = weir_accumulator_replay(&call->accumulator, states, call->offset, &(weir_rows){NULL, count}, kinds, columns, before,
                                         *after, error);
    if (status == WEIR_OK && (before->failed || (*after)->failed))
        status = no_memory(self, count, error);
    weir_column_unref(before);
    return status;
}

typedef struct play_scratch {
    void *states[WEIR_BATCH_ROWS];
    uint8_t kinds[WEIR_BATCH_ROWS];
} play_scratch;

/* All calls of one kind of frame, a chunk of its events at a time. */
static weir_status kind_play(over_stream_operator *self, uint32_t number, weir_column **columns, play_scratch *scratch,
                             weir_column **results, weir_error *error) {
    const frame_kind *kind = &self->kinds[number];
    uint32_t out_at = 0;
    for (size_t first = 0; first < kind->event_count;) {
        uint32_t count = kind->event_count - first < WEIR_BATCH_ROWS ? (uint32_t)(kind->event_count - first) : WEIR_BATCH_ROWS,
                 out_next = out_at;
        weir_status status = columns_create(self, count, columns) ? WEIR_OK : no_memory(self, count, error);
        for (uint32_t k = 0; k < count && status == WEIR_OK; k++) {
            const frame_event *event = &kind->events[first + k];
            weir_codec_read(self->row, self->copies.data + event->at, columns, k);
            scratch->states[k] = event->value;
            scratch->kinds[k] = (uint8_t)event->kind;
        }
        if (status == WEIR_OK && columns_failed(self, columns))
            status = no_memory(self, count, error);
        for (uint32_t i = 0; i < self->spec->call_count && status == WEIR_OK; i++) {
            if (self->calls[i].function != OVER_AGGREGATE || self->kind_of[i] != number)
                continue;
            weir_column *after = NULL;
            out_next = out_at;
            status = call_play(self, &self->calls[i], columns, scratch->states, scratch->kinds, count, &after, error);
            if (status == WEIR_OK)
                status = results_take(self, number, after, first, count, &out_next, results[i], error);
            weir_column_unref(after);
        }
        out_at = out_next;
        columns_release(self, columns);
        memset(columns, 0, self->spec->input_count * sizeof(weir_column *));
        WEIR_TRY(status);
        first += count;
    }
    return WEIR_OK;
}

static uint64_t number_of(const over_stream_operator *self, uint32_t row, uint32_t call) {
    return self->slots[(size_t)row * self->width + 1 + self->kind_count + call];
}

static weir_status lag_fill(over_stream_operator *self, uint32_t call, weir_column *const *rows, weir_column **columns, weir_column *result,
                            weir_error *error) {
    const weir_aggregate_call *of = &self->calls[call].spec->call;
    weir_status status = columns_create(self, self->out_count, columns) ? WEIR_OK : no_memory(self, self->out_count, error);
    for (uint32_t k = 0; k < self->out_count && status == WEIR_OK; k++)
        if (number_of(self, k, call) != 0)
            weir_codec_read(self->row, self->copies.data + number_of(self, k, call), columns, k);
    if (status == WEIR_OK) {
        const weir_column *argument = columns[of->arguments[0]], *otherwise = of->argument_count > 2 ? rows[of->arguments[2]] : NULL;
        bool kept = weir_column_keep_from(result, argument) && (otherwise == NULL || weir_column_keep_from(result, otherwise));
        for (uint32_t k = 0; k < self->out_count && kept; k++) {
            if (number_of(self, k, call) != 0)
                weir_column_copy_row(result, k, argument, k);
            else if (otherwise != NULL && !self->calls[call].no_distance)
                weir_column_copy_row(result, k, otherwise, k);
            else
                weir_column_set_null(result, k);
        }
        if (result->failed || columns_failed(self, columns))
            status = no_memory(self, self->out_count, error);
    }
    columns_release(self, columns);
    memset(columns, 0, self->spec->input_count * sizeof(weir_column *));
    return status;
}

/* The block of rows that leave: decoded rows, and a column for each call. */
static weir_status block_fill(over_stream_operator *self, weir_batch *block, play_scratch *scratch, weir_error *error) {
    uint32_t inputs = self->spec->input_count, count = self->out_count;
    weir_column **work = weir_memory_zalloc(self->stage.base.context->memory, (inputs + 1) * sizeof(weir_column *));
    if (work == NULL)
        return no_memory(self, inputs, error);
    for (uint32_t k = 0; k < count; k++)
        weir_codec_read(self->row, self->copies.data + self->slots[(size_t)k * self->width], block->columns, k);
    weir_status status = columns_failed(self, block->columns) ? no_memory(self, count, error) : WEIR_OK;
    for (uint32_t kind = 0; kind < self->kind_count && status == WEIR_OK; kind++)
        status = kind_play(self, kind, work, scratch, block->columns + inputs, error);
    for (uint32_t i = 0; i < self->spec->call_count && status == WEIR_OK; i++) {
        if (self->calls[i].function == OVER_LAG)
            status = lag_fill(self, i, block->columns, work, block->columns[inputs + i], error);
        else if (self->calls[i].function != OVER_AGGREGATE)
            for (uint32_t k = 0; k < count; k++)
                over_put_integer(block->columns[inputs + i], k, (int64_t)number_of(self, k, i));
    }
    columns_release(self, work);
    weir_memory_free(self->stage.base.context->memory, work, (inputs + 1) * sizeof(weir_column *));
    return status;
}

static weir_status rows_leave(over_stream_operator *self, weir_error *error) {
    const weir_operator_context *context = self->stage.base.context;
    if (self->out_count == 0)
        return WEIR_OK;
    play_scratch *scratch = weir_memory_alloc(context->memory, sizeof *scratch);
    weir_batch *block = weir_batch_create_typed(context->memory, self->spec->output_types, self->spec->input_count + self->spec->call_count,
                                                self->out_count);
    weir_status status =
        scratch == NULL || block == NULL ? no_memory(self, self->out_count, error) : block_fill(self, block, scratch, error);
    weir_memory_free(context->memory, scratch, sizeof *scratch);
    if (status != WEIR_OK) {
        weir_batch_destroy(block);
        return status;
    }
    block->rows = block->selected = self->out_count;
    weir_stage_put_block(&self->stage, block);
    for (uint32_t k = 0; k < self->kind_count; k++)
        self->kinds[k].event_count = 0;
    self->slot_count = self->out_count = 0;
    self->round++;
    weir_builder_clear(&self->copies);
    return WEIR_OK;
}

/* ---- rows in, timers ---- */

static weir_status begin(weir_stage *stage, weir_error *error) {
    over_stream_operator *self = (over_stream_operator *)stage;
    const weir_batch *batch = stage->batch;
    WEIR_TRY(weir_row_scratch_reserve(&self->scratch, stage->base.context, batch->rows, error));
    if (self->expiry.ttl_ms > 0 || self->spec->by == WEIR_OVER_BY_PROCTIME)
        self->now_ms = weir_clock_wall_ms(stage->base.context->evaluation->clock);
    weir_rows rows = weir_batch_rows(batch);
    return rows.count == 0 ? WEIR_OK
                           : weir_keyed_upsert(self->keyed, batch->columns, self->spec->keys, &rows, self->scratch.values, NULL, error);
}

/* The key starts anew. */
static void value_reset(over_stream_operator *self, stream_value *value) {
    weir_sorted_clear(self->state, &value->rows);
    for (uint32_t i = 0; i < self->spec->call_count; i++)
        if (self->calls[i].function == OVER_AGGREGATE)
            weir_accumulator_clear(&self->calls[i].accumulator, (char *)value + self->calls[i].offset);
    for (uint32_t k = 0; k < self->kind_count; k++)
        *(frame_place *)((char *)value + self->kinds[k].place) = (frame_place){.count = 0};
    value->last_ms = value->computed = value->rank = value->dense = value->kept = value->forget_ms = 0;
}

/* A key that nobody has touched for the state's time to live starts anew, unless rows wait. */
static bool value_expire(void *owner, void *value_, int64_t now_ms) {
    over_stream_operator *self = owner;
    stream_value *value = value_;
    bool waits = (int64_t)weir_sorted_count(self->state, value->rows) > value->kept;
    if (waits || !weir_expiry_due(&self->expiry, value->stamp_ms, now_ms))
        return false;
    value_reset(self, value);
    return !value->timed || value->last_timer_ms <= self->stage.watermark_ms;
}

static void value_age(over_stream_operator *self, stream_value *value) {
    if (self->expiry.ttl_ms == 0)
        return;
    (void)value_expire(self, value, self->now_ms);
    value->stamp_ms = self->now_ms;
}

static weir_status row_keep(over_stream_operator *self, stream_value *value, uint32_t row, int64_t time_ms, weir_error *error) {
    char key[KEY_BYTES];
    bool created;
    weir_sorted_i64(time_ms, key);
    weir_sorted_i64(value->sequence, key + 8);
    size_t size = weir_codec_size(self->row, self->stage.batch->columns, row);
    weir_sorted_entry *entry = weir_sorted_put(self->state, &value->rows, key, KEY_BYTES, size, &created);
    if (entry == NULL)
        return no_memory(self, size, error);
    value->sequence++;
    weir_codec_write(self->row, self->stage.batch->columns, row, weir_sorted_payload(entry));
    return WEIR_OK;
}

static void timer_note(stream_value *value, int64_t time_ms) {
    value->last_timer_ms = !value->timed || time_ms > value->last_timer_ms ? time_ms : value->last_timer_ms;
    value->timed = 1;
}

static weir_status timer_set(over_stream_operator *self, stream_value *value, int64_t time_ms, weir_error *error) {
    if (value->has_timer && value->timer_ms <= time_ms)
        return WEIR_OK;
    weir_ref ref = weir_keyed_ref(self->keyed, value);
    if (!weir_timers_add(self->timers, time_ms, ref))
        return no_memory(self, sizeof ref, error);
    if (value->has_timer)
        weir_timers_remove(self->timers, value->timer_ms, ref);
    timer_note(value, time_ms);
    value->has_timer = 1;
    value->timer_ms = time_ms;
    return WEIR_OK;
}

/* A row has come: the key is kept for as long as a frame can need the row, and up to half as long again, so that not every row sets a
 * timer. Timers that were set before stay, as in Flink. */
static weir_status forget_later(over_stream_operator *self, stream_value *value, int64_t time_ms, weir_error *error) {
    int64_t distance = self->kinds[0].distance;
    if (!self->forgets || (value->forget_ms != 0 && value->forget_ms >= time_ms + distance + 1))
        return WEIR_OK;
    value->forget_ms = time_ms + distance + distance / 2 + 1;
    timer_note(value, value->forget_ms);
    return weir_timers_add(self->timers, value->forget_ms, weir_keyed_ref(self->keyed, value)) ? WEIR_OK
                                                                                               : no_memory(self, sizeof(weir_ref), error);
}

static weir_status rowtime_rows(over_stream_operator *self, const weir_rows *rows, uint32_t *at, weir_error *error) {
    const weir_column *time = self->stage.batch->columns[self->spec->order[0].column];
    for (; *at < rows->count; ++*at) {
        uint32_t row = rows->index == NULL ? *at : rows->index[*at];
        stream_value *value = self->scratch.values[row];
        if (!weir_column_is_valid(time, row))
            return weir_stage_no_time(self->stage.base.context, error);
        value_age(self, value);
        int64_t time_ms = weir_stage_time_ms(time, row);
        if (time_ms <= (self->unbounded ? self->stage.watermark_ms : value->last_ms)) {
            atomic_fetch_add_explicit(&self->stage.base.context->metrics->late_rows_dropped, 1, memory_order_relaxed);
            continue;
        }
        WEIR_TRY(row_keep(self, value, row, time_ms, error));
        WEIR_TRY(timer_set(self, value, time_ms, error));
        WEIR_TRY(forget_later(self, value, time_ms, error));
    }
    return WEIR_OK;
}

static weir_status rows_handle(weir_stage *stage, const weir_rows *rows, uint32_t *at, weir_error *error) {
    over_stream_operator *self = (over_stream_operator *)stage;
    if (self->spec->by == WEIR_OVER_BY_ROWTIME)
        return rowtime_rows(self, rows, at, error);
    for (; *at < rows->count && self->out_count < OUT_ROWS; ++*at) {
        uint32_t row = rows->index == NULL ? *at : rows->index[*at];
        stream_value *value = self->scratch.values[row];
        value_age(self, value);
        int64_t time_ms = self->now_ms > value->last_ms ? self->now_ms : value->last_ms; /* the clock may have been put back */
        WEIR_TRY(row_keep(self, value, row, time_ms, error));
        WEIR_TRY(key_compute(self, value, INT64_MAX, error));
    }
    return rows_leave(self, error);
}

/* A timer of the key is due: rows that wait are computed, all at once up to the watermark; or the key is forgotten. Between the rows that
 * wait it never is, for each of them has put that off beyond itself. */
static weir_status timer_due(over_stream_operator *self, stream_value *value, int64_t time_ms, int64_t watermark_ms, weir_error *error) {
    if (value->has_timer && value->timer_ms == time_ms)
        value->has_timer = 0;
    if (value->forget_ms != 0 && value->forget_ms <= time_ms) {
        value_reset(self, value);
        return WEIR_OK;
    }
    WEIR_TRY(key_compute(self, value, watermark_ms, error));
    if (self->forgets && value->last_ms < time_ms)
        value->last_ms = time_ms;
    weir_sorted_entry *waits = first_waiting(self, value);
    return waits == NULL ? WEIR_OK : timer_set(self, value, time_of(waits), error);
}

static weir_status fire(weir_stage *stage, int64_t watermark_ms, bool *more, weir_error *error) {
    over_stream_operator *self = (over_stream_operator *)stage;
    int64_t time_ms;
    weir_ref ref;
    while (self->out_count < OUT_ROWS && weir_timers_pop(self->timers, watermark_ms, &time_ms, &ref)) {
        stream_value *value = weir_keyed_value(self->keyed, ref);
        bool unplayed = self->out_count > 0 && value->round == self->round;
        if (unplayed && value->forget_ms != 0 && value->forget_ms <= time_ms) { /* its rows leave first */
            if (!weir_timers_add(self->timers, time_ms, ref))
                return no_memory(self, sizeof ref, error);
            break;
        }
        WEIR_TRY(timer_due(self, value, time_ms, watermark_ms, error));
    }
    *more = self->out_count > 0;
    return rows_leave(self, error);
}

static void end(weir_stage *stage) {
    over_stream_operator *self = (over_stream_operator *)stage;
    weir_expiry_sweep(&self->expiry, self->keyed, self->now_ms, value_expire, self);
    atomic_store_explicit(&stage->base.context->metrics->state_bytes, weir_state_bytes(self->state), memory_order_relaxed);
}

static const weir_stage_hooks hooks = {.begin = begin, .rows = rows_handle, .fire = fire, .end = end};

static void over_stream_close(weir_operator *operator) {
    over_stream_operator *self = (over_stream_operator *)operator;
    weir_memory *memory = operator->context->memory;
    weir_stage_deinit(&self->stage);
    weir_row_scratch_free(&self->scratch, operator->context);
    weir_builder_deinit(&self->copies);
    weir_memory_free(memory, self->slots, self->slot_capacity * sizeof(uint64_t));
    for (uint32_t k = 0; k < self->kind_count; k++)
        weir_memory_free(memory, self->kinds[k].events, self->kinds[k].event_capacity * sizeof(frame_event));
    if (self->timers != NULL)
        weir_timers_destroy(self->timers);
    if (self->keyed != NULL)
        weir_keyed_destroy(self->keyed);
    weir_state_destroy(self->state);
    weir_memory_free(memory, self, sizeof *self);
}

static const weir_operator_vtable over_stream_vtable = {
    .name = "OverAggregate", .input_count = 1, .process = weir_stage_process, .resume = weir_stage_resume, .close = over_stream_close};

/* ---- opening ---- */

static bool call_retracts(const weir_over_call *call) { return over_frame_slides(&call->frame); }

static weir_status call_check(const over_call *call, weir_error *error) {
    const weir_frame *frame = &call->spec->frame;
    switch (call->function) {
    case OVER_AGGREGATE:
        if (frame->upper != WEIR_BOUND_CURRENT || frame->lower == WEIR_BOUND_FOLLOWING || frame->lower == WEIR_BOUND_UNBOUNDED_FOLLOWING)
            return weir_fail(error, WEIR_UNSUPPORTED, "OVER RANGE FOLLOWING windows are not supported yet.");
        if (over_frame_slides(frame) && (call->spec->call.aggregate->flags & WEIR_AGGREGATE_RETRACTS) == 0)
            return weir_fail(error, WEIR_UNSUPPORTED, "%s cannot take rows back, so it cannot have a bounded OVER frame in streaming mode",
                             call->spec->call.aggregate->name);
        return WEIR_OK;
    case OVER_ROW_NUMBER:
    case OVER_RANK:
    case OVER_DENSE_RANK: return WEIR_OK;
    case OVER_LAG:
        if (call->distance < 0)
            break;
        if (call->spec->call.ignore_nulls)
            return weir_fail(error, WEIR_UNSUPPORTED, "LAG with IGNORE NULLS is not supported in streaming mode");
        return WEIR_OK;
    default: break;
    }
    return weir_fail(error, WEIR_UNSUPPORTED, "%s is not supported in streaming mode: it needs rows that have not come yet",
                     over_function_name(call->function));
}

/* The kind of frame of a call, shared with others that have the same. */
static uint32_t kind_find(over_stream_operator *self, const weir_frame *frame) {
    bool bounded = over_frame_slides(frame);
    int64_t distance = frame->lower == WEIR_BOUND_PRECEDING ? frame->lower_offset : 0;
    for (uint32_t k = 0; k < self->kind_count; k++)
        if (self->kinds[k].rows == frame->rows && self->kinds[k].bounded == bounded && (!bounded || self->kinds[k].distance == distance))
            return k;
    self->kinds[self->kind_count] = (frame_kind){.rows = frame->rows, .bounded = bounded, .distance = distance};
    return self->kind_count++;
}

/* Lay out the value of a key: fixed part, frame places, accumulators. */
static weir_status value_lay_out(over_stream_operator *self, uint32_t *value_bytes, weir_error *error) {
    const weir_over_spec *spec = self->spec;
    weir_arena *arena = self->stage.base.context->arena;
    self->kinds = WEIR_ARENA_ARRAY(arena, frame_kind, spec->call_count + 1);
    self->kind_of = WEIR_ARENA_ARRAY(arena, uint32_t, spec->call_count + 1);
    if (self->kinds == NULL || self->kind_of == NULL)
        return no_memory(self, 0, error);
    for (uint32_t i = 0; i < spec->call_count; i++) {
        over_call *call = &self->calls[i];
        WEIR_TRY(call_check(call, error));
        if (call->function == OVER_AGGREGATE) {
            self->kind_of[i] = kind_find(self, &call->spec->frame);
            self->unbounded |= !over_frame_slides(&call->spec->frame);
        } else {
            self->unbounded = true;
            if (call->function == OVER_LAG && call->distance > self->most_lag)
                self->most_lag = call->distance;
        }
    }
    uint32_t at = sizeof(stream_value);
    for (uint32_t k = 0; k < self->kind_count; k++) {
        self->kinds[k].place = at;
        at += sizeof(frame_place);
    }
    for (uint32_t i = 0; i < spec->call_count; i++) {
        if (self->calls[i].function != OVER_AGGREGATE)
            continue;
        self->calls[i].offset = at;
        at += self->calls[i].accumulator.state_bytes;
    }
    self->forgets = spec->by == WEIR_OVER_BY_ROWTIME && !self->unbounded && self->kind_count == 1 && !self->kinds[0].rows;
    self->round = 1;
    self->width = 1 + self->kind_count + spec->call_count;
    *value_bytes = at;
    return WEIR_OK;
}

static weir_status prepare(over_stream_operator *self, weir_error *error) {
    const weir_operator_context *context = self->stage.base.context;
    const weir_over_spec *spec = self->spec;
    uint32_t value_bytes = 0;
    WEIR_TRY(
        weir_row_queue_init(&self->stage.queue, context, spec->output_types, spec->input_count + spec->call_count, 0, false, false, error));
    weir_builder_init(&self->copies, context->memory, SIZE_MAX / 2);
    self->expiry.ttl_ms = context->settings->state_ttl_ms;
    self->state = weir_state_create(context->memory, context->name, context->settings->key_groups);
    if (self->state == NULL)
        return no_memory(self, 0, error);
    WEIR_TRY(over_calls_bind(spec, context, self->state, call_retracts, &self->calls, error));
    WEIR_TRY(value_lay_out(self, &value_bytes, error));
    const weir_type **key_types = weir_stage_types_of(context->arena, spec->input_types, spec->keys, spec->key_count);
    if (key_types == NULL)
        return no_memory(self, 0, error);
    self->keyed = weir_keyed_create(self->state, context->arena, "rows", key_types, spec->key_count, value_bytes);
    self->timers = weir_timers_create(self->state, context->arena, "event-time");
    self->row = weir_codec_create(context->arena, spec->input_types, NULL, spec->input_count);
    return self->keyed != NULL && self->timers != NULL && self->row != NULL ? WEIR_OK : no_memory(self, value_bytes, error);
}

weir_status over_open_stream(const weir_over_spec *spec, const weir_operator_context *context, weir_operator **out, weir_error *error) {
    if (spec->input_retracts)
        return weir_fail(error, WEIR_UNSUPPORTED, "OverAggregate by a time attribute doesn't support consuming update and delete changes");
    over_stream_operator *self = weir_memory_zalloc(context->memory, sizeof *self);
    if (self == NULL)
        return weir_stage_no_memory(context, sizeof *self, error);
    weir_stage_init(&self->stage, &over_stream_vtable, context, &hooks);
    self->spec = spec;
    weir_status status = prepare(self, error);
    if (status != WEIR_OK) {
        over_stream_close(&self->stage.base);
        return status;
    }
    *out = &self->stage.base;
    return WEIR_OK;
}
