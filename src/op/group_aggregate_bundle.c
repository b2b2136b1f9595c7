/* Mini-batch: rows are folded into their groups, and only what the whole bundle has changed leaves, in order of each group's first row in
 * the bundle. The results before the bundle are kept
 * in columns from a group's first row on. A bundle ends when it has as many rows as table.exec.mini-batch.size says (in the midst of a
 * batch, too), at its deadline, at a barrier and at the end of input; watermarks wait for that.
 */
#include <string.h>

#include "op/group_aggregate_int.h"

/* Columns of a bundle begin with so many rows, and grow with the groups in it. */
enum { BUNDLE_ROWS_FIRST = 4096, BUNDLE_ROWS_DEFAULT = 16384, BUNDLE_ROWS_MAX = 1 << 30 };

static int64_t bundle_size(const group_aggregate *self) {
    int64_t size = self->base.context->settings->mini_batch_size;
    return size <= 0 ? BUNDLE_ROWS_DEFAULT : size > BUNDLE_ROWS_MAX ? BUNDLE_ROWS_MAX : size;
}

bool group_bundle_full(const group_aggregate *self) { return self->bundle_rows >= bundle_size(self); }

static weir_status lists_grow(group_aggregate *self, uint32_t capacity, weir_error *error) {
    weir_memory *memory = self->base.context->memory;
    void **bundle = weir_memory_alloc(memory, capacity * sizeof(void *));
    uint8_t *first = weir_memory_alloc(memory, capacity);
    if (bundle == NULL || first == NULL) {
        weir_memory_free(memory, bundle, capacity * sizeof(void *));
        weir_memory_free(memory, first, capacity);
        return weir_fail_memory(error, self->base.context->name, capacity * sizeof(void *));
    }
    if (self->bundle_count > 0) {
        memcpy(bundle, self->bundle, self->bundle_count * sizeof(void *));
        memcpy(first, self->bundle_first, self->bundle_count);
    }
    weir_memory_free(memory, self->bundle, self->bundle_capacity * sizeof(void *));
    weir_memory_free(memory, self->bundle_first, self->bundle_capacity);
    self->bundle = bundle;
    self->bundle_first = first;
    self->bundle_capacity = capacity;
    return WEIR_OK;
}

/* The results before the bundle, of the groups that are in it, go to wider columns. */
static weir_status before_grow(group_aggregate *self, weir_error *error) {
    const weir_operator_context *context = self->base.context;
    uint32_t calls = self->spec->call_count, count = self->bundle_count;
    weir_column **wider = weir_memory_zalloc(context->memory, (calls + 1) * sizeof(weir_column *));
    uint32_t *index = weir_memory_alloc(context->memory, (count + 1) * sizeof(uint32_t));
    weir_status status = wider == NULL || index == NULL ? weir_fail_memory(error, context->name, count * sizeof(uint32_t))
                                                        : weir_agg_calls_columns(&self->calls, self->bundle_capacity, wider, error);
    for (uint32_t k = 0; status == WEIR_OK && k < count; k++)
        index[k] = k;
    for (uint32_t i = 0; status == WEIR_OK && i < calls; i++) {
        weir_column_gather(wider[i], 0, self->before[i], index, count);
        weir_column_unref(self->before[i]);
        self->before[i] = wider[i];
    }
    weir_memory_free(context->memory, wider, (calls + 1) * sizeof(weir_column *));
    weir_memory_free(context->memory, index, (count + 1) * sizeof(uint32_t));
    return status;
}

/* Room for `rows` more groups. */
static weir_status bundle_open(group_aggregate *self, uint32_t rows, weir_error *error) {
    const weir_operator_context *context = self->base.context;
    uint32_t wanted = self->bundle_count + rows;
    if (wanted > self->bundle_capacity) {
        int64_t most = bundle_size(self), capacity = 2 * (int64_t)self->bundle_capacity;
        capacity = capacity < BUNDLE_ROWS_FIRST ? BUNDLE_ROWS_FIRST : capacity;
        capacity = capacity > most ? most : capacity;
        WEIR_TRY(lists_grow(self, capacity < wanted ? wanted : (uint32_t)capacity, error));
        if (self->bundle_count > 0)
            return before_grow(self, error);
    }
    if (self->bundle_count > 0)
        return WEIR_OK;
    weir_columns_drop(self->before, self->spec->call_count);
    WEIR_TRY(weir_agg_calls_columns(&self->calls, self->bundle_capacity, self->before, error));
    int64_t latency_ms = context->settings->mini_batch_latency_ms;
    self->bundle_deadline_ms = latency_ms > 0 ? weir_clock_wall_ms(context->evaluation->clock) + latency_ms : INT64_MAX;
    return WEIR_OK;
}

/* Groups that the rows touch for the first time in the bundle join it; rows that retract from no group are left out. */
static uint32_t touch(group_aggregate *self, const weir_rows *rows, int64_t now_ms) {
    const weir_batch *batch = self->batch;
    uint32_t count = 0;
    for (uint32_t k = 0; k < rows->count; k++) {
        uint32_t row = rows->index == NULL ? k : rows->index[k];
        group_head *head = self->values[row];
        bool retracts = group_retracts(self, row);
        if (head->slot == 0) {
            if (self->expiry.ttl_ms > 0)
                group_expire(self, head, now_ms);
            if (head->count == 0 && retracts) {
                group_list(self, head);
                continue;
            }
            self->bundle[self->bundle_count] = head;
            self->bundle_first[self->bundle_count++] = head->count == 0;
            head->slot = self->bundle_count;
        }
        if (self->spec->input_retracts || batch->kinds != NULL)
            head->count += retracts ? -1 : 1;
        else
            head->count = 1;
        head->stamp_ms = now_ms;
        self->live[count++] = row;
    }
    return count;
}

/* A group whose count is 0 for the moment is still in the bundle. */
static void unused_sweep(group_aggregate *self) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < self->listed_count; i++) {
        group_head *head = self->listed[i];
        if (head->slot == 0)
            self->listed[kept++] = head;
        else
            head->listed = 0;
    }
    self->listed_count = kept;
    group_listed_sweep(self);
}

/* The next rows of the batch, no more than the bundle lacks. */
static weir_rows piece_take(group_aggregate *self) {
    const weir_batch *batch = self->batch;
    int64_t lacks = bundle_size(self) - self->bundle_rows;
    uint32_t left = batch->selected - self->fold_at, from = self->fold_at, count = left < lacks ? left : (uint32_t)lacks;
    self->fold_at += count;
    if (count == batch->selected)
        return weir_batch_rows(batch);
    for (uint32_t k = 0; k < count; k++)
        self->piece[k] = batch->selection == NULL ? from + k : batch->selection[from + k];
    return (weir_rows){self->piece, count};
}

/* Groups are looked up piece by piece: those that a bundle leaves empty are gone from the table with it. */
weir_status group_bundle_fold(group_aggregate *self, weir_error *error) {
    const weir_batch *batch = self->batch;
    weir_rows rows = piece_take(self);
    WEIR_TRY(weir_keyed_upsert(self->keyed, batch->columns, self->spec->keys, &rows, self->values, self->created, error));
    WEIR_TRY(bundle_open(self, rows.count, error));
    int64_t now_ms = self->expiry.ttl_ms > 0 ? weir_clock_wall_ms(self->base.context->evaluation->clock) : 0;
    uint32_t from = self->bundle_count;
    weir_rows live = {self->live, touch(self, &rows, now_ms)};
    for (uint32_t at = from; at < self->bundle_count;) {
        uint32_t index[256], count = 0;
        for (; at < self->bundle_count && count < 256; at++)
            index[count++] = at;
        weir_rows touched = {index, count};
        WEIR_TRY(weir_agg_calls_emit(&self->calls, self->bundle, &touched, self->before, error));
    }
    WEIR_TRY(weir_agg_calls_update(&self->calls, self->values, &live, batch->kinds, batch->columns, error));
    self->bundle_rows += rows.count;
    unused_sweep(self);
    return WEIR_OK;
}

static weir_status bundle_results(group_aggregate *self, weir_error *error) {
    const weir_operator_context *context = self->base.context;
    uint32_t count = self->bundle_count;
    weir_columns_drop(self->after, self->spec->call_count);
    WEIR_TRY(weir_agg_calls_columns(&self->calls, count, self->after, error));
    weir_rows all = {NULL, count};
    WEIR_TRY(weir_agg_calls_emit(&self->calls, self->bundle, &all, self->after, error));
    weir_columns_drop(self->keys, self->spec->key_count);
    bool failed = false;
    for (uint32_t i = 0; i < self->spec->key_count; i++) {
        self->keys[i] = weir_column_create(context->memory, self->spec->input_types[self->spec->keys[i]], count);
        if (self->keys[i] == NULL)
            return weir_fail_memory(error, context->name, (size_t)count * 16);
    }
    for (uint32_t k = 0; k < count; k++)
        weir_keyed_read_key(self->keyed, self->bundle[k], self->keys, k);
    for (uint32_t i = 0; i < self->spec->key_count; i++)
        failed |= self->keys[i]->failed;
    for (uint32_t i = 0; i < self->spec->call_count; i++)
        failed |= self->after[i]->failed || self->before[i]->failed;
    return failed ? weir_fail_memory(error, context->name, (size_t)count * 16) : WEIR_OK;
}

static void bundle_changes(group_aggregate *self, const uint8_t *differs) {
    group_output *out = &self->out;
    for (uint32_t k = 0; k < self->bundle_count; k++) {
        group_head *head = self->bundle[k];
        head->slot = 0;
        if (head->count == 0) {
            if (!self->bundle_first[k])
                group_out_row(out, k, 0, WEIR_DELETE);
            weir_agg_calls_clear(&self->calls, head);
            weir_keyed_remove(self->keyed, head);
        } else if (self->bundle_first[k]) {
            group_out_row(out, k, 1, WEIR_INSERT);
        } else if (differs[k]) {
            if (self->spec->emit_update_before)
                group_out_row(out, k, 0, WEIR_UPDATE_BEFORE);
            group_out_row(out, k, 1, WEIR_UPDATE_AFTER);
        }
    }
}

weir_status group_bundle_leave(group_aggregate *self, weir_error *error) {
    const weir_operator_context *context = self->base.context;
    uint32_t count = self->bundle_count;
    WEIR_TRY(group_out_room(self, 2 * count, error));
    if (count > 0) {
        WEIR_TRY(bundle_results(self, error));
        uint8_t *differs = weir_memory_zalloc(context->memory, count);
        if (differs == NULL)
            return weir_fail_memory(error, context->name, count);
        weir_rows all = {NULL, count};
        for (uint32_t i = 0; i < self->spec->call_count; i++)
            weir_columns_differ(self->before[i], self->after[i], &all, differs);
        bundle_changes(self, differs);
        weir_memory_free(context->memory, differs, count);
    }
    bool folded = self->batch == NULL || self->fold_at >= self->batch->selected; /* else the mark stands behind rows of the batch */
    if (folded && self->held_mark_ms != WEIR_WATERMARK_NONE) {
        if (!group_out_mark(self, self->held_mark_ms))
            return weir_fail_memory(error, context->name, sizeof(weir_mark));
        self->held_mark_ms = WEIR_WATERMARK_NONE;
    }
    self->bundle_count = 0;
    self->bundle_rows = 0;
    self->bundle_deadline_ms = INT64_MAX;
    return WEIR_OK;
}
