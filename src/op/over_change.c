/* Streaming OVER ordered by any column, UNBOUNDED PRECEDING to CURRENT ROW: every row that comes or goes changes the results of the rows
 * behind it, which leave as -U/+U; see over.h. The changelog is that of Flink's NonTimeRowsUnboundedPrecedingFunction (ROWS) and
 * NonTimeRangeUnboundedPrecedingFunction (RANGE): rows leave in their order; the new one with the kind it came with, a removed one as -D,
 * the others only when their results have changed.
 *
 * State per key: the rows in order, each with its results; and the accumulators after the last row, so that a row that comes last costs
 * nothing but itself (and, with RANGE, the new results of its peers). Any other change computes the key anew from its first row:
 * accumulators cannot be entered in the middle.
 */
#include <string.h>

#include "op/over_int.h"
#include "state/expiry.h"
#include "state/sorted.h"

typedef struct change_value {
    weir_ref rows; /* (sort key, sequence) -> kept_row */
    int64_t sequence;
    int64_t stamp_ms;
} change_value;

/* The payload of an entry. */
typedef struct kept_row {
    weir_ref results; /* compact bytes */
    uint64_t results_size;
    char bytes[];
} kept_row;

/* A row whose results may change. */
typedef struct affected_row {
    weir_sorted_entry *entry;
    bool fresh; /* it has just come */
} affected_row;

typedef struct over_change_operator {
    weir_stage stage; /* first */
    const weir_over_spec *spec;
    weir_state *state;
    weir_keyed *keyed;
    weir_codec *row, *sort, *result;
    over_call *calls;
    bool from_start;           /* some call needs all rows before */
    bool has_rows, has_range;  /* calls with such a frame */
    bool has_rank, has_dense;  /* RANK or DENSE_RANK; DENSE_RANK */
    struct walk_scratch *walk; /* from_start */
    uint32_t *peer_starts;     /* [call_count] */
    weir_column **last;        /* [call_count] results of one row */
    weir_row_scratch scratch;
    weir_builder keys, key, bytes;
    affected_row *affected;
    size_t affected_count, affected_capacity;
    weir_column **results; /* [call_count] of the affected rows */
    weir_column **work;    /* [input_count] */
    weir_expiry expiry;
    int64_t now_ms;
} over_change_operator;

static weir_status no_memory(over_change_operator *self, size_t size, weir_error *error) {
    return weir_stage_no_memory(self->stage.base.context, size, error);
}
static kept_row *kept_of(weir_sorted_entry *entry) { return weir_sorted_payload(entry); }
static size_t kept_size(const weir_sorted_entry *entry) { return weir_sorted_payload_bytes(entry) - sizeof(kept_row); }

static weir_text sort_key_of(const weir_sorted_entry *entry) {
    weir_text key = weir_sorted_key(entry);
    return (weir_text){key.data, key.size - 8};
}

static bool are_peers(const weir_sorted_entry *a, const weir_sorted_entry *b) { return weir_text_equal(sort_key_of(a), sort_key_of(b)); }

/* ---- computing ---- */

static void columns_release(weir_column **columns, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        weir_column_unref(columns[i]);
        columns[i] = NULL;
    }
}

/* Results of accumulator `call` after rows [first, first + count) of the walk: each affected row has its own (ROWS), or its last peer's
 * (RANGE). walk[k]: the affected number + 1 of row k; 0: none. */
static void results_spread(const over_call *call, const weir_column *after, const uint32_t *walk, const uint8_t *last_peer, uint32_t count,
                           uint32_t *peer_start, weir_column *out) {
    for (uint32_t k = 0; k < count; k++) {
        if (walk[k] == 0)
            continue;
        uint32_t at = walk[k] - 1;
        if (call->spec->frame.rows) {
            weir_column_copy_row(out, at, after, k);
        } else if (last_peer[k]) {
            for (uint32_t i = *peer_start; i <= at; i++)
                weir_column_copy_row(out, i, after, k);
            *peer_start = at + 1;
        }
    }
}

typedef struct walk_scratch {
    uint32_t walk[WEIR_BATCH_ROWS];
    uint8_t last_peer[WEIR_BATCH_ROWS];
    void *states[WEIR_BATCH_ROWS];
} walk_scratch;

static weir_status call_play(over_change_operator *self, uint32_t number, walk_scratch *scratch, uint32_t count, uint32_t *peer_start,
                             weir_error *error) {
    over_call *call = &self->calls[number];
    weir_memory *memory = self->stage.base.context->memory;
    weir_column *before = weir_column_create(memory, call->spec->call.result, count),
                *after = weir_column_create(memory, call->spec->call.result, count);
    weir_status status = before == NULL || after == NULL ? no_memory(self, count, error) : WEIR_OK;
    if (status == WEIR_OK)
        status = weir_accumulator_replay(&call->accumulator, scratch->states, call->offset, &(weir_rows){NULL, count}, NULL, self->work,
                                         before, after, error);
    if (status == WEIR_OK) {
        if (!before->failed && !after->failed && weir_column_keep_from(self->results[number], after))
            results_spread(call, after, scratch->walk, scratch->last_peer, count, peer_start, self->results[number]);
        if (before->failed || after->failed || self->results[number]->failed)
            status = no_memory(self, count, error);
    }
    weir_column_unref(before);
    weir_column_unref(after);
    return status;
}

/* Decode up to a batch of rows from `*entry` on; *affected of the affected ones stand before it. */
static weir_status chunk_load(over_change_operator *self, change_value *value, weir_sorted_entry **entry, uint32_t *affected,
                              walk_scratch *scratch, uint32_t *count, weir_error *error) {
    const weir_over_spec *spec = self->spec;
    size_t left = weir_sorted_count(self->state, value->rows) - weir_sorted_rank(self->state, value->rows, *entry);
    uint32_t capacity = left < WEIR_BATCH_ROWS ? (uint32_t)left : WEIR_BATCH_ROWS;
    for (uint32_t i = 0; i < spec->input_count; i++) {
        self->work[i] = weir_column_create(self->stage.base.context->memory, spec->input_types[i], capacity == 0 ? 1 : capacity);
        if (self->work[i] == NULL)
            return no_memory(self, capacity, error);
    }
    *count = 0;
    for (; *entry != NULL && *count < capacity; ++*count) {
        weir_sorted_entry *next = weir_sorted_next(self->state, *entry);
        weir_codec_read(self->row, kept_of(*entry)->bytes, self->work, *count);
        bool is_affected = *affected > 0 || (self->affected_count > 0 && *entry == self->affected[0].entry);
        scratch->walk[*count] = is_affected ? ++*affected : 0;
        scratch->last_peer[*count] = next == NULL || !are_peers(*entry, next);
        scratch->states[*count] = value;
        *entry = next;
    }
    for (uint32_t i = 0; i < spec->input_count; i++)
        if (self->work[i]->failed)
            return no_memory(self, capacity, error);
    return WEIR_OK;
}

/* Play all accumulators over the rows from `entry` to the end; `affected` of the affected ones stand before it, peers of its. */
static weir_status accumulators_play(over_change_operator *self, change_value *value, weir_sorted_entry *entry, uint32_t affected,
                                     weir_error *error) {
    const weir_over_spec *spec = self->spec;
    uint32_t count = 0;
    weir_status status = WEIR_OK;
    memset(self->peer_starts, 0, spec->call_count * sizeof(uint32_t));
    while (entry != NULL && status == WEIR_OK) {
        status = chunk_load(self, value, &entry, &affected, self->walk, &count, error);
        for (uint32_t i = 0; i < spec->call_count && status == WEIR_OK; i++)
            if (self->calls[i].function == OVER_AGGREGATE)
                status = call_play(self, i, self->walk, count, &self->peer_starts[i], error);
        columns_release(self->work, spec->input_count);
    }
    return status;
}

static weir_sorted_entry *first_peer(over_change_operator *self, const change_value *value, const weir_sorted_entry *entry) {
    weir_text key = sort_key_of(entry);
    return weir_sorted_seek(self->state, value->rows, key.data, key.size, false);
}

/* DENSE_RANK of a row that is not affected stands in its results. */
static weir_status dense_of(over_change_operator *self, weir_sorted_entry *entry, int64_t *out, weir_error *error) {
    const weir_over_spec *spec = self->spec;
    weir_status status = WEIR_OK;
    for (uint32_t i = 0; i < spec->call_count && status == WEIR_OK; i++) {
        self->last[i] = weir_column_create(self->stage.base.context->memory, spec->calls[i].call.result, 1);
        status = self->last[i] == NULL ? no_memory(self, 1, error) : WEIR_OK;
    }
    if (status == WEIR_OK)
        weir_codec_read(self->result, weir_state_read(self->state, kept_of(entry)->results), self->last, 0);
    for (uint32_t i = 0; i < spec->call_count && status == WEIR_OK; i++)
        if (self->calls[i].function == OVER_DENSE_RANK)
            *out = over_get_integer(self->last[i], 0);
    columns_release(self->last, spec->call_count);
    return status;
}

/* ROW_NUMBER, RANK, DENSE_RANK of the affected rows. */
static weir_status numbers_fill(over_change_operator *self, change_value *value, weir_error *error) {
    if (self->affected_count == 0)
        return WEIR_OK;
    weir_sorted_entry *first = self->affected[0].entry, *before = weir_sorted_previous(self->state, first);
    int64_t position = (int64_t)weir_sorted_rank(self->state, value->rows, first), rank = position, dense = 0;
    if (self->has_dense && before != NULL)
        WEIR_TRY(dense_of(self, before, &dense, error));
    if (self->has_rank && before != NULL && are_peers(before, first))
        rank = (int64_t)weir_sorted_rank(self->state, value->rows, first_peer(self, value, first)) + 1;
    for (uint32_t k = 0; k < self->affected_count; k++) {
        position++;
        if (before == NULL || !are_peers(before, self->affected[k].entry)) {
            rank = position;
            dense++;
        }
        before = self->affected[k].entry;
        for (uint32_t i = 0; i < self->spec->call_count; i++) {
            over_function function = self->calls[i].function;
            if (function == OVER_ROW_NUMBER || function == OVER_RANK || function == OVER_DENSE_RANK)
                over_put_integer(self->results[i], k, function == OVER_ROW_NUMBER ? position : function == OVER_RANK ? rank : dense);
        }
    }
    return WEIR_OK;
}

/* LAG of the affected rows: one look back each. */
static weir_status lag_fill(over_change_operator *self, uint32_t number, weir_error *error) {
    const over_call *call = &self->calls[number];
    const weir_aggregate_call *of = &call->spec->call;
    weir_memory *memory = self->stage.base.context->memory;
    for (uint32_t i = 0; i < self->spec->input_count; i++) {
        self->work[i] = weir_column_create(memory, self->spec->input_types[i], 1);
        if (self->work[i] == NULL)
            return no_memory(self, 1, error);
    }
    weir_column *result = self->results[number];
    for (uint32_t k = 0; k < self->affected_count; k++) {
        weir_sorted_entry *entry = self->affected[k].entry;
        for (int64_t step = 0; step < call->distance && entry != NULL; step++)
            entry = weir_sorted_previous(self->state, entry);
        bool otherwise = entry == NULL && of->argument_count > 2;
        if (call->no_distance || (entry == NULL && !otherwise)) {
            weir_column_set_null(result, k);
            continue;
        }
        weir_codec_read(self->row, kept_of(otherwise ? self->affected[k].entry : entry)->bytes, self->work, 0);
        const weir_column *argument = self->work[of->arguments[otherwise ? 2 : 0]];
        if (argument->failed || !weir_column_keep_from(result, argument))
            return no_memory(self, 1, error);
        weir_column_copy_row(result, k, argument, 0);
    }
    columns_release(self->work, self->spec->input_count);
    return result->failed ? no_memory(self, 1, error) : WEIR_OK;
}

/* All results of the affected rows. `from` NULL: everything anew; else the accumulators stand before that row, which is the last. */
static weir_status results_compute(over_change_operator *self, change_value *value, weir_sorted_entry *from, weir_error *error) {
    const weir_over_spec *spec = self->spec;
    weir_memory *memory = self->stage.base.context->memory;
    uint32_t count = self->affected_count == 0 ? 1 : (uint32_t)self->affected_count;
    for (uint32_t i = 0; i < spec->call_count; i++) {
        self->results[i] = weir_column_create(memory, spec->calls[i].call.result, count);
        if (self->results[i] == NULL)
            return no_memory(self, count, error);
        if (from == NULL && self->calls[i].function == OVER_AGGREGATE)
            weir_accumulator_clear(&self->calls[i].accumulator, (char *)value + self->calls[i].offset);
    }
    if (self->from_start)
        WEIR_TRY(accumulators_play(self, value, from != NULL ? from : weir_sorted_first(self->state, value->rows),
                                   from != NULL ? count - 1 : 0, error));
    WEIR_TRY(numbers_fill(self, value, error));
    for (uint32_t i = 0; i < spec->call_count; i++)
        if (self->calls[i].function == OVER_LAG)
            WEIR_TRY(lag_fill(self, i, error));
    return WEIR_OK;
}

/* ---- leaving ---- */

static weir_status leave(over_change_operator *self, uint8_t kind, weir_sorted_entry *entry, const char *results, size_t results_size,
                         weir_error *error) {
    weir_row_place row, result;
    weir_row_queue *queue = &self->stage.queue;
    if (!weir_row_queue_copy(queue, kept_of(entry)->bytes, kept_size(entry), &row) ||
        !weir_row_queue_copy(queue, results, results_size, &result) || !weir_row_queue_add(queue, kind, row, result, 0))
        return no_memory(self, results_size, error);
    return WEIR_OK;
}

static weir_status old_leave(over_change_operator *self, uint8_t kind, weir_sorted_entry *entry, weir_error *error) {
    const kept_row *kept = kept_of(entry);
    return leave(self, kind, entry, weir_state_read(self->state, kept->results), kept->results_size, error);
}

/* Affected row k has its new results in self->results. */
static weir_status affected_leave(over_change_operator *self, uint32_t k, uint8_t fresh_kind, weir_error *error) {
    weir_sorted_entry *entry = self->affected[k].entry;
    kept_row *kept = kept_of(entry);
    size_t size = weir_codec_size(self->result, self->results, k);
    weir_builder_clear(&self->bytes);
    char *bytes = weir_builder_room(&self->bytes, size + 1);
    if (bytes == NULL)
        return no_memory(self, size, error);
    weir_codec_write(self->result, self->results, k, bytes);
    if (!self->affected[k].fresh) {
        if (kept->results_size == size && memcmp(weir_state_read(self->state, kept->results), bytes, size) == 0)
            return WEIR_OK;
        WEIR_TRY(old_leave(self, WEIR_UPDATE_BEFORE, entry, error));
    }
    WEIR_TRY(leave(self, self->affected[k].fresh ? fresh_kind : WEIR_UPDATE_AFTER, entry, bytes, size, error));
    if (kept->results_size != size || kept->results == 0) {
        weir_ref block = weir_state_alloc(self->state, size);
        if (block == 0)
            return no_memory(self, size, error);
        weir_state_free(self->state, kept->results, kept->results_size);
        kept->results = block;
        kept->results_size = size;
    }
    memcpy(weir_state_write(self->state, kept->results), bytes, size);
    return WEIR_OK;
}

/* ---- rows that come and go ---- */

static bool affected_add(over_change_operator *self, weir_sorted_entry *entry, bool fresh) {
    if (!weir_memory_grow(self->stage.base.context->memory, (void **)&self->affected, &self->affected_capacity, self->affected_count + 1,
                          sizeof(affected_row)))
        return false;
    self->affected[self->affected_count++] = (affected_row){entry, fresh};
    return true;
}

/* The first row whose results a change of `entry` can change: with RANGE those of its peers, too. */
static weir_sorted_entry *first_affected(over_change_operator *self, const change_value *value, weir_sorted_entry *entry) {
    return self->has_range ? first_peer(self, value, entry) : entry;
}

/* The rows from `first` on, but for `without`. */
static bool affected_collect(over_change_operator *self, weir_sorted_entry *first, const weir_sorted_entry *fresh,
                             const weir_sorted_entry *without) {
    self->affected_count = 0;
    for (weir_sorted_entry *at = first; at != NULL; at = weir_sorted_next(self->state, at))
        if (at != without && !affected_add(self, at, at == fresh))
            return false;
    return true;
}

static weir_status row_add(over_change_operator *self, change_value *value, uint32_t row, uint8_t kind, weir_error *error) {
    weir_column *const *columns = self->stage.batch->columns;
    size_t key_size = self->scratch.sizes[row], size = sizeof(kept_row) + weir_codec_size(self->row, columns, row);
    weir_builder_clear(&self->key);
    char *key = weir_builder_room(&self->key, key_size + 8);
    if (key == NULL)
        return no_memory(self, key_size, error);
    memcpy(key, self->keys.data + self->scratch.offsets[row], key_size);
    weir_sorted_i64(value->sequence, key + key_size);
    bool created;
    weir_sorted_entry *entry = weir_sorted_put(self->state, &value->rows, key, key_size + 8, size, &created);
    if (entry == NULL)
        return no_memory(self, size, error);
    value->sequence++;
    weir_codec_write(self->row, columns, row, kept_of(entry)->bytes);
    if (!affected_collect(self, first_affected(self, value, entry), entry, NULL))
        return no_memory(self, sizeof(affected_row), error);
    /* The last row: the accumulators go on from where they stand. Only ROWS beside RANGE wants results that its peers have already. */
    bool last = weir_sorted_next(self->state, entry) == NULL && (self->affected_count == 1 || !self->has_rows);
    WEIR_TRY(results_compute(self, value, last ? entry : NULL, error));
    for (uint32_t k = 0; k < self->affected_count; k++)
        WEIR_TRY(affected_leave(self, k, kind, error));
    return WEIR_OK;
}

static weir_status row_find(over_change_operator *self, change_value *value, uint32_t row, weir_sorted_entry **out, weir_error *error) {
    weir_text sort_key = {self->keys.data + self->scratch.offsets[row], self->scratch.sizes[row]};
    size_t size = weir_codec_size(self->row, self->stage.batch->columns, row);
    *out = NULL;
    weir_builder_clear(&self->bytes);
    char *bytes = weir_builder_room(&self->bytes, size + 1);
    if (bytes == NULL)
        return no_memory(self, size, error);
    weir_codec_write(self->row, self->stage.batch->columns, row, bytes);
    weir_sorted_entry *entry = weir_sorted_seek(self->state, value->rows, sort_key.data, sort_key.size, false);
    for (; entry != NULL && weir_text_equal(sort_key_of(entry), sort_key); entry = weir_sorted_next(self->state, entry)) {
        if (kept_size(entry) == size && memcmp(kept_of(entry)->bytes, bytes, size) == 0) {
            *out = entry;
            return WEIR_OK;
        }
    }
    return WEIR_OK;
}

static weir_status row_remove(over_change_operator *self, change_value *value, uint32_t row, weir_error *error) {
    weir_sorted_entry *entry;
    WEIR_TRY(row_find(self, value, row, &entry, error));
    if (entry == NULL)
        return WEIR_OK; /* as in Flink */
    weir_sorted_entry *first = first_affected(self, value, entry);
    if (!affected_collect(self, first, NULL, entry))
        return no_memory(self, sizeof(affected_row), error);
    /* Its place among the affected: peers before it leave first. */
    uint32_t place = (uint32_t)(weir_sorted_rank(self->state, value->rows, entry) - weir_sorted_rank(self->state, value->rows, first));
    weir_row_place gone_row, gone_result;
    kept_row *kept = kept_of(entry);
    if (!weir_row_queue_copy(&self->stage.queue, kept->bytes, kept_size(entry), &gone_row) ||
        !weir_row_queue_copy(&self->stage.queue, weir_state_read(self->state, kept->results), kept->results_size, &gone_result))
        return no_memory(self, kept->results_size, error);
    weir_state_free(self->state, kept->results, kept->results_size);
    weir_sorted_remove(self->state, &value->rows, entry);
    WEIR_TRY(results_compute(self, value, NULL, error));
    for (uint32_t k = 0; k <= self->affected_count; k++) {
        if (k == place && !weir_row_queue_add(&self->stage.queue, WEIR_DELETE, gone_row, gone_result, 0))
            return no_memory(self, sizeof(weir_queued_row), error);
        if (k < self->affected_count)
            WEIR_TRY(affected_leave(self, k, WEIR_INSERT, error));
    }
    return WEIR_OK;
}

/* ---- the frame ---- */

static weir_status begin(weir_stage *stage, weir_error *error) {
    over_change_operator *self = (over_change_operator *)stage;
    const weir_batch *batch = stage->batch;
    WEIR_TRY(weir_row_scratch_reserve(&self->scratch, stage->base.context, batch->rows, error));
    if (self->expiry.ttl_ms > 0)
        self->now_ms = weir_clock_wall_ms(stage->base.context->evaluation->clock);
    if (batch->selected == 0)
        return WEIR_OK;
    weir_rows rows = weir_batch_rows(batch);
    WEIR_TRY(weir_keyed_upsert(self->keyed, batch->columns, self->spec->keys, &rows, self->scratch.values, NULL, error));
    return weir_codec_write_rows(self->sort, batch->columns, &rows, &self->keys, self->scratch.offsets, self->scratch.sizes, error);
}

static bool value_expire(void *owner, void *value_, int64_t now_ms) {
    over_change_operator *self = owner;
    change_value *value = value_;
    if (!weir_expiry_due(&self->expiry, value->stamp_ms, now_ms))
        return false;
    for (weir_sorted_entry *entry = weir_sorted_first(self->state, value->rows); entry != NULL;
         entry = weir_sorted_next(self->state, entry))
        weir_state_free(self->state, kept_of(entry)->results, kept_of(entry)->results_size);
    weir_sorted_clear(self->state, &value->rows);
    for (uint32_t i = 0; i < self->spec->call_count; i++)
        if (self->calls[i].function == OVER_AGGREGATE)
            weir_accumulator_clear(&self->calls[i].accumulator, (char *)value + self->calls[i].offset);
    return true;
}

static void value_age(over_change_operator *self, change_value *value) {
    if (self->expiry.ttl_ms == 0)
        return;
    (void)value_expire(self, value, self->now_ms);
    value->stamp_ms = self->now_ms;
}

static weir_status rows_handle(weir_stage *stage, const weir_rows *rows, uint32_t *at, weir_error *error) {
    over_change_operator *self = (over_change_operator *)stage;
    for (; *at < rows->count && weir_row_queue_waiting(&stage->queue) < WEIR_BATCH_ROWS; ++*at) {
        uint32_t row = rows->index == NULL ? *at : rows->index[*at];
        change_value *value = self->scratch.values[row];
        uint8_t kind = weir_batch_kind(stage->batch, row);
        value_age(self, value);
        weir_status status = weir_change_adds(kind) ? row_add(self, value, row, kind, error) : row_remove(self, value, row, error);
        columns_release(self->results, self->spec->call_count);
        columns_release(self->work, self->spec->input_count);
        WEIR_TRY(status);
    }
    return WEIR_OK;
}

static void end(weir_stage *stage) {
    over_change_operator *self = (over_change_operator *)stage;
    weir_expiry_sweep(&self->expiry, self->keyed, self->now_ms, value_expire, self);
    atomic_store_explicit(&stage->base.context->metrics->state_bytes, weir_state_bytes(self->state), memory_order_relaxed);
}

static const weir_stage_hooks hooks = {.begin = begin, .rows = rows_handle, .end = end};

static void over_change_close(weir_operator *operator) {
    over_change_operator *self = (over_change_operator *)operator;
    weir_stage_deinit(&self->stage);
    weir_row_scratch_free(&self->scratch, operator->context);
    weir_builder_deinit(&self->keys);
    weir_builder_deinit(&self->key);
    weir_builder_deinit(&self->bytes);
    weir_memory_free(operator->context->memory, self->affected, self->affected_capacity * sizeof(affected_row));
    if (self->keyed != NULL)
        weir_keyed_destroy(self->keyed);
    weir_state_destroy(self->state);
    weir_memory_free(operator->context->memory, self, sizeof *self);
}

static const weir_operator_vtable over_change_vtable = {
    .name = "OverAggregate", .input_count = 1, .process = weir_stage_process, .resume = weir_stage_resume, .close = over_change_close};

static bool call_retracts(const weir_over_call *call) {
    (void)call;
    return false; /* rows are only ever added, in their order */
}

static weir_status call_check(const over_call *call, weir_error *error) {
    const weir_frame *frame = &call->spec->frame;
    switch (call->function) {
    case OVER_AGGREGATE:
        if (frame->lower == WEIR_BOUND_UNBOUNDED_PRECEDING && frame->upper == WEIR_BOUND_CURRENT)
            return WEIR_OK;
        return weir_fail(error, WEIR_UNSUPPORTED,
                         "OVER windows' ordering in stream mode must be defined on a time attribute, unless the frame is UNBOUNDED "
                         "PRECEDING to CURRENT ROW");
    case OVER_ROW_NUMBER:
    case OVER_RANK:
    case OVER_DENSE_RANK: return WEIR_OK;
    case OVER_LAG:
        if (call->distance >= 0 && !call->spec->call.ignore_nulls)
            return WEIR_OK;
        break;
    default: break;
    }
    return weir_fail(error, WEIR_UNSUPPORTED, "%s is not supported in streaming mode", over_function_name(call->function));
}

static weir_status codecs_create(over_change_operator *self, weir_error *error) {
    const weir_operator_context *context = self->stage.base.context;
    const weir_over_spec *spec = self->spec;
    weir_arena *arena = context->arena;
    const weir_type **sort_types = WEIR_ARENA_ARRAY(arena, const weir_type *, spec->order_count + 1);
    if (sort_types == NULL)
        return no_memory(self, 0, error);
    for (uint32_t i = 0; i < spec->order_count; i++)
        sort_types[i] = spec->input_types[spec->order[i].column];
    self->row = weir_codec_create(arena, spec->input_types, NULL, spec->input_count);
    self->sort = weir_codec_create_ordered(arena, sort_types, spec->order, spec->order_count);
    self->result = weir_codec_create(arena, spec->output_types + spec->input_count, NULL, spec->call_count);
    if (self->row == NULL || self->sort == NULL || self->result == NULL)
        return no_memory(self, 0, error);
    self->stage.queue.parts[0].codec = self->row;
    self->stage.queue.parts[1].codec = self->result;
    return WEIR_OK;
}

static weir_status prepare(over_change_operator *self, weir_error *error) {
    const weir_operator_context *context = self->stage.base.context;
    const weir_over_spec *spec = self->spec;
    WEIR_TRY(weir_row_queue_init(&self->stage.queue, context, spec->output_types, spec->input_count, spec->call_count, false, true, error));
    weir_builder_init(&self->keys, context->memory, UINT32_MAX);
    weir_builder_init(&self->key, context->memory, UINT32_MAX);
    weir_builder_init(&self->bytes, context->memory, UINT32_MAX);
    self->expiry.ttl_ms = context->settings->state_ttl_ms;
    self->state = weir_state_create(context->memory, context->name, context->settings->key_groups);
    self->results = WEIR_ARENA_ARRAY(context->arena, weir_column *, spec->call_count + 1);
    self->work = WEIR_ARENA_ARRAY(context->arena, weir_column *, spec->input_count + 1);
    self->last = WEIR_ARENA_ARRAY(context->arena, weir_column *, spec->call_count + 1);
    self->peer_starts = WEIR_ARENA_ARRAY(context->arena, uint32_t, spec->call_count + 1);
    const weir_type **key_types = weir_stage_types_of(context->arena, spec->input_types, spec->keys, spec->key_count);
    if (self->state == NULL || self->results == NULL || self->work == NULL || self->last == NULL || self->peer_starts == NULL ||
        key_types == NULL)
        return no_memory(self, 0, error);
    WEIR_TRY(over_calls_bind(spec, context, self->state, call_retracts, &self->calls, error));
    WEIR_TRY(codecs_create(self, error));
    uint32_t value_bytes = sizeof(change_value);
    for (uint32_t i = 0; i < spec->call_count; i++) {
        WEIR_TRY(call_check(&self->calls[i], error));
        self->has_dense |= self->calls[i].function == OVER_DENSE_RANK;
        self->has_rank |= self->calls[i].function == OVER_RANK || self->calls[i].function == OVER_DENSE_RANK;
        if (self->calls[i].function != OVER_AGGREGATE)
            continue;
        self->from_start = true;
        self->has_rows |= self->calls[i].spec->frame.rows;
        self->has_range |= !self->calls[i].spec->frame.rows;
        self->calls[i].offset = value_bytes;
        value_bytes += self->calls[i].accumulator.state_bytes;
    }
    if (self->from_start && (self->walk = WEIR_ARENA_NEW(context->arena, walk_scratch)) == NULL)
        return no_memory(self, sizeof(walk_scratch), error);
    self->keyed = weir_keyed_create(self->state, context->arena, "rows", key_types, spec->key_count, value_bytes);
    return self->keyed != NULL ? WEIR_OK : no_memory(self, value_bytes, error);
}

weir_status over_open_change(const weir_over_spec *spec, const weir_operator_context *context, weir_operator **out, weir_error *error) {
    over_change_operator *self = weir_memory_zalloc(context->memory, sizeof *self);
    if (self == NULL)
        return weir_stage_no_memory(context, sizeof *self, error);
    weir_stage_init(&self->stage, &over_change_vtable, context, &hooks);
    self->spec = spec;
    weir_status status = prepare(self, error);
    if (status != WEIR_OK) {
        over_change_close(&self->stage.base);
        return status;
    }
    *out = &self->stage.base;
    return WEIR_OK;
}
