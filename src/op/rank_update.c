/* Top-N over rows that are updated by key and only ever get better (Flink's UpdatableTopNFunction): a maximum that grows, ordered
 * descending. The n best rows suffice: a row that has fallen out comes back only by an update of its own. State per group: the rows in
 * order, and where each upsert key's row stands. */
#include <string.h>

#include "op/rank_int.h"

/* The input row's upsert key, in self->bytes. */
static bool upsert_key(rank_operator *self, uint32_t row) {
    weir_builder_clear(&self->bytes);
    char *room = weir_builder_room(&self->bytes, weir_codec_size(self->upsert, self->stage.batch->columns, row) + 1);
    if (room == NULL)
        return false;
    self->bytes.size = weir_codec_write(self->upsert, self->stage.batch->columns, row, room);
    return true;
}

/* The row is stored; remember under its upsert key where (self->key has its place from rank_insert). */
static weir_status place_remember(rank_operator *self, rank_value *value, weir_error *error) {
    weir_sorted_entry *old = weir_sorted_find(self->state, value->by_key, self->bytes.data, self->bytes.size);
    if (old != NULL)
        weir_sorted_remove(self->state, &value->by_key, old);
    bool created;
    weir_sorted_entry *entry = weir_sorted_put(self->state, &value->by_key, self->bytes.data, self->bytes.size, self->key.size, &created);
    if (entry == NULL)
        return rank_no_memory(self, self->key.size, error);
    memcpy(weir_sorted_payload(entry), self->key.data, self->key.size);
    return WEIR_OK;
}

/* Forget the worst rows beyond n, and their places. Their upsert keys are found by walking: n + 1 rows at most stand there. */
static void overflow_forget(rank_operator *self, rank_value *value, int64_t end) {
    while ((int64_t)weir_sorted_count(self->state, value->rows) > end) {
        weir_sorted_entry *last = weir_sorted_last(self->state, value->rows);
        weir_text key = weir_sorted_key(last);
        weir_sorted_entry *place = weir_sorted_first(self->state, value->by_key);
        while (place != NULL &&
               !(weir_sorted_payload_bytes(place) == key.size && memcmp(weir_sorted_payload(place), key.data, key.size) == 0))
            place = weir_sorted_next(self->state, place);
        if (place != NULL)
            weir_sorted_remove(self->state, &value->by_key, place);
        weir_sorted_remove(self->state, &value->rows, last);
    }
}

static weir_status pair_leave(rank_operator *self, weir_sorted_entry *old, uint32_t row, int64_t rank, int64_t end, weir_error *error) {
    WEIR_TRY(rank_leave_entry(self, WEIR_UPDATE_BEFORE, old, rank, end, error));
    return rank_leave_input(self, WEIR_UPDATE_AFTER, row, rank, end, error);
}

/* The row moved from `old_rank` up to the place of `entry`: ranks in between shift; `old` is a copy of the old row's bytes in the queue. */
static weir_status shift_between(rank_operator *self, weir_sorted_entry *entry, uint32_t row, int64_t rank, int64_t old_rank, int64_t end,
                                 weir_row_place old, weir_error *error) {
    weir_sorted_entry *current = NULL;
    for (weir_sorted_entry *next = weir_sorted_next(self->state, entry); next != NULL && rank < old_rank;
         next = weir_sorted_next(self->state, next)) {
        WEIR_TRY(rank_leave_entry(self, WEIR_UPDATE_BEFORE, next, rank, end, error));
        if (current == NULL)
            WEIR_TRY(rank_leave_input(self, WEIR_UPDATE_AFTER, row, rank, end, error));
        else
            WEIR_TRY(rank_leave_entry(self, WEIR_UPDATE_AFTER, current, rank, end, error));
        current = next;
        rank++;
    }
    if (rank >= self->spec->from_rank && rank <= end && self->spec->emit_update_before &&
        !weir_row_queue_add(&self->stage.queue, WEIR_UPDATE_BEFORE, old, weir_row_nulls(), rank))
        return rank_no_memory(self, sizeof(weir_queued_row), error);
    if (current == NULL)
        return rank_leave_input(self, WEIR_UPDATE_AFTER, row, rank, end, error);
    return rank_leave_entry(self, WEIR_UPDATE_AFTER, current, rank, end, error);
}

static weir_status row_replace(rank_operator *self, rank_value *value, weir_sorted_entry *old, uint32_t row, weir_error *error) {
    int64_t end = rank_end(self, value, row), old_rank = (int64_t)weir_sorted_rank(self->state, value->rows, old) + 1;
    bool same_key = weir_text_equal(rank_entry_sort_key(old), rank_sort_key(self, row));
    weir_row_place copy = weir_row_nulls();
    if (same_key || !rank_is_numbered(self->spec))
        WEIR_TRY(pair_leave(self, old, row, old_rank, end, error));
    else if (!weir_row_queue_copy(&self->stage.queue, weir_sorted_payload(old), weir_sorted_payload_bytes(old), &copy))
        return rank_no_memory(self, weir_sorted_payload_bytes(old), error);
    int64_t sequence = value->sequence;
    if (same_key) { /* keeps its place among equals */
        weir_text key = weir_sorted_key(old);
        value->sequence = weir_sorted_get_i64(key.data + key.size - 8);
    }
    weir_sorted_remove(self->state, &value->rows, old);
    weir_sorted_entry *entry = rank_insert(self, value, row, error);
    if (entry == NULL)
        return WEIR_MEMORY;
    if (same_key)
        value->sequence = sequence;
    WEIR_TRY(place_remember(self, value, error));
    if (same_key || !rank_is_numbered(self->spec))
        return WEIR_OK;
    return shift_between(self, entry, row, (int64_t)weir_sorted_rank(self->state, value->rows, entry) + 1, old_rank, end, copy, error);
}

weir_status rank_update_row(rank_operator *self, rank_value *value, uint32_t row, weir_error *error) {
    if (!upsert_key(self, row))
        return rank_no_memory(self, self->bytes.capacity, error);
    weir_sorted_entry *place = weir_sorted_find(self->state, value->by_key, self->bytes.data, self->bytes.size);
    if (place != NULL) {
        weir_sorted_entry *old = weir_sorted_find(self->state, value->rows, weir_sorted_payload(place), weir_sorted_payload_bytes(place));
        return row_replace(self, value, old, row, error);
    }
    int64_t end = rank_end(self, value, row);
    weir_sorted_entry *worst = weir_sorted_last(self->state, value->rows);
    if ((int64_t)weir_sorted_count(self->state, value->rows) >= end &&
        (worst == NULL || rank_key_compare(rank_sort_key(self, row), rank_entry_sort_key(worst)) >= 0))
        return WEIR_OK;
    WEIR_TRY(rank_enter(self, value, row, error));
    WEIR_TRY(place_remember(self, value, error));
    overflow_forget(self, value, end);
    return WEIR_OK;
}
