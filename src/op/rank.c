/* Streaming Top-N: ROW_NUMBER() OVER (PARTITION BY .. ORDER BY ..) <= n over rows that are appended or retracted; see rank.h. The changelog
 * is that of Flink's AppendOnlyTopNFunction, RetractableTopNFunction and FastTop1Function:
 *
 *   ranks visible (in the output, or because of an offset): every row whose rank shifts leaves as -U/+U; the one that falls out, or the
 * last, as -U only in passing / -D; ranks not visible: -D for the row that falls out, then +I for the new one; for n = 1 and rows that are
 * only added -U/+U.
 *
 * State per group: the rows in order. Appended rows beyond n are forgotten; with retractions all are kept, for they may move up again.
 * RANK and DENSE_RANK exist in batch mode only, as in Flink.
 */
#include <string.h>

#include "op/rank_int.h"

weir_status rank_no_memory(rank_operator *self, size_t size, weir_error *error) {
    return weir_stage_no_memory(self->stage.base.context, size, error);
}

int64_t rank_end(rank_operator *self, rank_value *value, uint32_t row) {
    if (self->spec->to_rank_column < 0)
        return self->spec->to_rank;
    if (!value->has_end) { /* the first row decides, as in Flink */
        const weir_column *column = self->stage.batch->columns[self->spec->to_rank_column];
        value->has_end = 1;
        if (!weir_column_is_valid(column, row))
            value->end = 0;
        else if (column->layout == WEIR_LAYOUT_I32)
            value->end = WEIR_VALUES(column, int32_t)[row];
        else
            value->end = WEIR_VALUES(column, int64_t)[row];
    }
    return value->end;
}

static weir_status leave(rank_operator *self, uint8_t kind, weir_row_place place, int64_t rank, weir_error *error) {
    return weir_row_queue_add(&self->stage.queue, kind, place, weir_row_nulls(), rank)
               ? WEIR_OK
               : rank_no_memory(self, sizeof(weir_queued_row), error);
}

static bool wanted(const rank_operator *self, uint8_t kind, int64_t rank, int64_t end) {
    return rank >= self->spec->from_rank && rank <= end && (kind != WEIR_UPDATE_BEFORE || self->spec->emit_update_before);
}

weir_status rank_leave_input(rank_operator *self, uint8_t kind, uint32_t row, int64_t rank, int64_t end, weir_error *error) {
    return wanted(self, kind, rank, end) ? leave(self, kind, weir_row_of_batch(row), rank, error) : WEIR_OK;
}

/* A copy leaves: the entry may be forgotten, and its block used again, before the queue is drained. */
weir_status rank_leave_entry(rank_operator *self, uint8_t kind, weir_sorted_entry *entry, int64_t rank, int64_t end, weir_error *error) {
    if (!wanted(self, kind, rank, end))
        return WEIR_OK;
    weir_row_place place;
    if (!weir_row_queue_copy(&self->stage.queue, weir_sorted_payload(entry), weir_sorted_payload_bytes(entry), &place))
        return rank_no_memory(self, weir_sorted_payload_bytes(entry), error);
    return leave(self, kind, place, rank, error);
}

weir_sorted_entry *rank_insert(rank_operator *self, rank_value *value, uint32_t row, weir_error *error) {
    weir_text sort_key = rank_sort_key(self, row);
    weir_builder_clear(&self->key);
    char *key = weir_builder_room(&self->key, sort_key.size + 8);
    size_t size = weir_codec_size(self->row, self->stage.batch->columns, row);
    bool created;
    weir_sorted_entry *entry = NULL;
    if (key != NULL) {
        memcpy(key, sort_key.data, sort_key.size);
        weir_sorted_i64(value->sequence, key + sort_key.size);
        self->key.size = sort_key.size + 8;
        entry = weir_sorted_put(self->state, &value->rows, key, sort_key.size + 8, size, &created);
    }
    if (entry == NULL) {
        (void)rank_no_memory(self, size, error);
        return NULL;
    }
    value->sequence++;
    weir_codec_write(self->row, self->stage.batch->columns, row, weir_sorted_payload(entry));
    return entry;
}

weir_status rank_shift_down(rank_operator *self, weir_sorted_entry *entry, uint32_t row, int64_t rank, int64_t end, weir_error *error) {
    weir_sorted_entry *current = NULL; /* NULL: the input's row */
    for (weir_sorted_entry *next = weir_sorted_next(self->state, entry); next != NULL && rank <= end;
         next = weir_sorted_next(self->state, next)) {
        WEIR_TRY(rank_leave_entry(self, WEIR_UPDATE_BEFORE, next, rank, end, error));
        if (current == NULL)
            WEIR_TRY(rank_leave_input(self, WEIR_UPDATE_AFTER, row, rank, end, error));
        else
            WEIR_TRY(rank_leave_entry(self, WEIR_UPDATE_AFTER, current, rank, end, error));
        current = next;
        rank++;
    }
    if (current == NULL)
        return rank_leave_input(self, WEIR_INSERT, row, rank, end, error);
    return rank_leave_entry(self, WEIR_INSERT, current, rank, end, error);
}

/* Is the row good enough to be looked at? */
static bool in_range(const rank_operator *self, const rank_value *value, weir_text sort_key, int64_t end) {
    if ((int64_t)weir_sorted_count(self->state, value->rows) < end)
        return true;
    weir_sorted_entry *worst = weir_sorted_last(self->state, value->rows);
    return worst != NULL && rank_key_compare(sort_key, rank_entry_sort_key(worst)) < 0;
}

/* n = 1, rows only added: the better row replaces the one that is there. */
static weir_status top_one(rank_operator *self, rank_value *value, uint32_t row, weir_error *error) {
    weir_sorted_entry *old = weir_sorted_first(self->state, value->rows);
    if (old != NULL && rank_key_compare(rank_sort_key(self, row), rank_entry_sort_key(old)) >= 0)
        return WEIR_OK;
    if (old != NULL) {
        WEIR_TRY(rank_leave_entry(self, WEIR_UPDATE_BEFORE, old, 1, 1, error));
        weir_sorted_remove(self->state, &value->rows, old);
    }
    WEIR_TRY(rank_leave_input(self, old != NULL ? WEIR_UPDATE_AFTER : WEIR_INSERT, row, 1, 1, error));
    return rank_insert(self, value, row, error) != NULL ? WEIR_OK : WEIR_MEMORY;
}

weir_status rank_enter(rank_operator *self, rank_value *value, uint32_t row, weir_error *error) {
    int64_t end = rank_end(self, value, row);
    weir_sorted_entry *entry = rank_insert(self, value, row, error);
    if (entry == NULL)
        return WEIR_MEMORY;
    int64_t rank = (int64_t)weir_sorted_rank(self->state, value->rows, entry) + 1;
    if (rank_is_numbered(self->spec))
        return rank_shift_down(self, entry, row, rank, end, error);
    if (rank > end)
        return WEIR_OK;
    /* The row that was the last one and is no longer. */
    if ((int64_t)weir_sorted_count(self->state, value->rows) > end) {
        weir_sorted_entry *out = entry;
        for (int64_t at = rank; at <= end; at++)
            out = weir_sorted_next(self->state, out);
        WEIR_TRY(rank_leave_entry(self, WEIR_DELETE, out, end, end, error));
    }
    return rank_leave_input(self, WEIR_INSERT, row, rank, end, error);
}

static weir_status row_append(rank_operator *self, rank_value *value, uint32_t row, weir_error *error) {
    int64_t end = rank_end(self, value, row);
    if (!in_range(self, value, rank_sort_key(self, row), end))
        return WEIR_OK;
    WEIR_TRY(rank_enter(self, value, row, error));
    while ((int64_t)weir_sorted_count(self->state, value->rows) > end)
        weir_sorted_remove(self->state, &value->rows, weir_sorted_last(self->state, value->rows));
    return WEIR_OK;
}

/* The kept row that equals the input's; NULL: none. WEIR_MEMORY shows in *status. */
static weir_sorted_entry *row_find(rank_operator *self, rank_value *value, uint32_t row, weir_status *status, weir_error *error) {
    weir_text sort_key = rank_sort_key(self, row);
    size_t size = weir_codec_size(self->row, self->stage.batch->columns, row);
    weir_builder_clear(&self->bytes);
    char *bytes = weir_builder_room(&self->bytes, size + 1);
    if (bytes == NULL) {
        *status = rank_no_memory(self, size, error);
        return NULL;
    }
    weir_codec_write(self->row, self->stage.batch->columns, row, bytes);
    weir_sorted_entry *entry = weir_sorted_seek(self->state, value->rows, sort_key.data, sort_key.size, false);
    for (; entry != NULL && weir_text_equal(rank_entry_sort_key(entry), sort_key); entry = weir_sorted_next(self->state, entry))
        if (weir_sorted_payload_bytes(entry) == size && memcmp(weir_sorted_payload(entry), bytes, size) == 0)
            return entry;
    return NULL;
}

/* Ranks are visible: everything behind the row moves up, and the last rank goes. */
static weir_status shift_up(rank_operator *self, weir_sorted_entry *entry, int64_t rank, int64_t end, weir_error *error) {
    weir_sorted_entry *before = entry;
    for (weir_sorted_entry *next = weir_sorted_next(self->state, entry); next != NULL && rank <= end;
         next = weir_sorted_next(self->state, next)) {
        WEIR_TRY(rank_leave_entry(self, WEIR_UPDATE_BEFORE, before, rank, end, error));
        WEIR_TRY(rank_leave_entry(self, WEIR_UPDATE_AFTER, next, rank, end, error));
        before = next;
        rank++;
    }
    return rank_leave_entry(self, WEIR_DELETE, before, rank, end, error);
}

static weir_status row_retract(rank_operator *self, rank_value *value, uint32_t row, weir_error *error) {
    weir_status status = WEIR_OK;
    weir_sorted_entry *entry = row_find(self, value, row, &status, error);
    if (entry == NULL)
        return status; /* not there (expired): nothing, as in Flink */
    int64_t end = rank_end(self, value, row), rank = (int64_t)weir_sorted_rank(self->state, value->rows, entry) + 1;
    if (rank <= end && rank_is_numbered(self->spec)) {
        WEIR_TRY(shift_up(self, entry, rank, end, error));
    } else if (rank <= end) {
        WEIR_TRY(rank_leave_entry(self, WEIR_DELETE, entry, rank, end, error));
        if ((int64_t)weir_sorted_count(self->state, value->rows) > end) {
            weir_sorted_entry *in = entry;
            for (int64_t at = rank; at <= end; at++)
                in = weir_sorted_next(self->state, in);
            WEIR_TRY(rank_leave_entry(self, WEIR_INSERT, in, end, end, error));
        }
    }
    weir_sorted_remove(self->state, &value->rows, entry);
    return WEIR_OK;
}

static weir_status rank_begin(weir_stage *stage, weir_error *error) {
    rank_operator *self = (rank_operator *)stage;
    const weir_batch *batch = stage->batch;
    stage->queue.batches[0] = batch;
    WEIR_TRY(weir_row_scratch_reserve(&self->scratch, stage->base.context, batch->rows, error));
    if (self->expiry.ttl_ms > 0)
        self->now_ms = weir_clock_wall_ms(stage->base.context->evaluation->clock);
    if (batch->selected == 0)
        return WEIR_OK;
    weir_rows rows = weir_batch_rows(batch);
    WEIR_TRY(weir_keyed_upsert(self->keyed, batch->columns, self->spec->keys, &rows, self->scratch.values, NULL, error));
    return weir_codec_write_rows(self->sort, batch->columns, &rows, &self->keys, self->scratch.offsets, self->scratch.sizes, error);
}

/* A group that nobody has touched for the state's time to live starts anew. */
static bool value_expire(void *owner, void *value_, int64_t now_ms) {
    rank_operator *self = owner;
    rank_value *value = value_;
    if (!weir_expiry_due(&self->expiry, value->stamp_ms, now_ms))
        return false;
    weir_sorted_clear(self->state, &value->rows);
    weir_sorted_clear(self->state, &value->by_key);
    value->has_end = 0;
    return true;
}

static void value_age(rank_operator *self, rank_value *value) {
    if (self->expiry.ttl_ms == 0)
        return;
    (void)value_expire(self, value, self->now_ms);
    value->stamp_ms = self->now_ms;
}

static weir_status rank_rows(weir_stage *stage, const weir_rows *rows, uint32_t *at, weir_error *error) {
    rank_operator *self = (rank_operator *)stage;
    const weir_rank_spec *spec = self->spec;
    bool one = !spec->input_retracts && spec->from_rank == 1 && spec->to_rank == 1 && spec->to_rank_column < 0;
    for (; *at < rows->count && weir_row_queue_waiting(&stage->queue) < WEIR_BATCH_ROWS; (*at)++) {
        uint32_t row = rows->index == NULL ? *at : rows->index[*at];
        rank_value *value = self->scratch.values[row];
        uint8_t kind = weir_batch_kind(stage->batch, row);
        value_age(self, value);
        if (spec->input_retracts)
            WEIR_TRY(weir_change_adds(kind) ? rank_enter(self, value, row, error) : row_retract(self, value, row, error));
        else if (!weir_change_adds(kind))
            continue; /* the old form of an update by key */
        else if (one)
            WEIR_TRY(top_one(self, value, row, error));
        else
            WEIR_TRY(spec->upsert_key_count > 0 ? rank_update_row(self, value, row, error) : row_append(self, value, row, error));
    }
    return WEIR_OK;
}

static void rank_end_batch(weir_stage *stage) {
    rank_operator *self = (rank_operator *)stage;
    weir_expiry_sweep(&self->expiry, self->keyed, self->now_ms, value_expire, self);
    atomic_store_explicit(&stage->base.context->metrics->state_bytes, weir_state_bytes(self->state), memory_order_relaxed);
}

static const weir_stage_hooks rank_hooks = {.begin = rank_begin, .rows = rank_rows, .end = rank_end_batch};

void rank_close(weir_operator *operator) {
    rank_operator *self = (rank_operator *)operator;
    weir_stage_deinit(&self->stage);
    weir_row_scratch_free(&self->scratch, operator->context);
    weir_builder_deinit(&self->keys);
    weir_builder_deinit(&self->key);
    weir_builder_deinit(&self->bytes);
    if (self->keyed != NULL)
        weir_keyed_destroy(self->keyed);
    weir_state_destroy(self->state);
    weir_memory_free(operator->context->memory, self, sizeof *self);
}

weir_status rank_prepare(rank_operator *self, weir_error *error) {
    const weir_operator_context *context = self->stage.base.context;
    const weir_rank_spec *spec = self->spec;
    weir_arena *arena = context->arena;
    bool kinds = !spec->final_only;
    WEIR_TRY(weir_row_queue_init(&self->stage.queue, context, spec->output_types, spec->input_count, 0, spec->emit_rank, kinds, error));
    weir_builder_init(&self->keys, context->memory, UINT32_MAX);
    weir_builder_init(&self->key, context->memory, UINT32_MAX);
    weir_builder_init(&self->bytes, context->memory, UINT32_MAX);
    self->expiry.ttl_ms = context->settings->state_ttl_ms;
    const weir_type **key_types = weir_stage_types_of(arena, spec->input_types, spec->keys, spec->key_count);
    const weir_type **sort_types = WEIR_ARENA_ARRAY(arena, const weir_type *, spec->order_count + 1);
    const weir_type **upsert_types = weir_stage_types_of(arena, spec->input_types, spec->upsert_key, spec->upsert_key_count);
    self->state = weir_state_create(context->memory, context->name, context->settings->key_groups);
    if (key_types == NULL || sort_types == NULL || upsert_types == NULL || self->state == NULL)
        return rank_no_memory(self, 0, error);
    for (uint32_t i = 0; i < spec->order_count; i++)
        sort_types[i] = spec->input_types[spec->order[i].column];
    self->keyed = weir_keyed_create(self->state, arena, "groups", key_types, spec->key_count, sizeof(rank_value));
    self->sort = weir_codec_create_ordered(arena, sort_types, spec->order, spec->order_count);
    self->row = weir_codec_create(arena, spec->input_types, NULL, spec->input_count);
    self->upsert = weir_codec_create(arena, upsert_types, spec->upsert_key, spec->upsert_key_count);
    if (self->keyed == NULL || self->sort == NULL || self->row == NULL || self->upsert == NULL)
        return rank_no_memory(self, 0, error);
    self->stage.queue.parts[0].codec = self->row;
    return WEIR_OK;
}

static weir_status rank_open(const void *spec_, const weir_operator_context *context, weir_operator **out, weir_error *error) {
    const weir_rank_spec *spec = spec_;
    if (spec->final_only)
        return rank_open_batch(spec, context, out, error);
    if (spec->function != WEIR_RANK_ROW_NUMBER)
        return weir_fail(error, WEIR_UNSUPPORTED, "%s() on streaming table is not supported currently",
                         spec->function == WEIR_RANK_RANK ? "RANK" : "DENSE_RANK");
    rank_operator *self = weir_memory_zalloc(context->memory, sizeof *self);
    if (self == NULL)
        return weir_stage_no_memory(context, sizeof *self, error);
    weir_stage_init(&self->stage, &weir_rank_operator, context, &rank_hooks);
    self->spec = spec;
    weir_status status = rank_prepare(self, error);
    if (status != WEIR_OK) {
        rank_close(&self->stage.base);
        return status;
    }
    *out = &self->stage.base;
    return WEIR_OK;
}

static void close_any(weir_operator *operator) { rank_close(operator); }

const weir_operator_vtable weir_rank_operator = {
    .name = "Rank", .input_count = 1, .open = rank_open, .process = weir_stage_process, .resume = weir_stage_resume, .close = close_any};
