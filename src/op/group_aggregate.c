/* GROUP BY without windows: life, dispatch and output; see group_aggregate.h.
 *
 * Three ways to run, chosen by the specification and the job's settings: every row's changes (group_aggregate_stream.c), one change per key
 * and mini-batch (group_aggregate_bundle.c),
 * one row per key at the end (group_aggregate_final.c). A key's value in the table is a group_head, then the states of the calls.
 *
 * TTL counts in processing time since the last row of a key; expired groups are treated as gone when they are met again, and are swept out
 * of the table (state/expiry.h).
 */
#include "op/group_aggregate.h"

#include <string.h>

#include "op/group_aggregate_int.h"
#include "op/pieces.h"

/* ---- scratch and output ---- */

static void rows_free(group_aggregate *self) {
    weir_memory *memory = self->base.context->memory;
    uint32_t rows = self->row_capacity;
    weir_memory_free(memory, self->values, rows * sizeof(void *));
    weir_memory_free(memory, self->listed, rows * sizeof(void *));
    weir_memory_free(memory, self->live, rows * sizeof(uint32_t));
    weir_memory_free(memory, self->piece, rows * sizeof(uint32_t));
    weir_memory_free(memory, self->created, rows);
    weir_memory_free(memory, self->first, rows);
    weir_memory_free(memory, self->gone, rows);
    weir_memory_free(memory, self->differs, rows);
    self->values = self->listed = NULL;
    self->live = self->piece = NULL;
    self->created = self->first = self->gone = self->differs = NULL;
    self->row_capacity = 0;
}

weir_status group_rows_room(group_aggregate *self, uint32_t rows, weir_error *error) {
    if (rows <= self->row_capacity)
        return WEIR_OK;
    rows_free(self);
    weir_memory *memory = self->base.context->memory;
    self->row_capacity = rows;
    self->values = weir_memory_alloc(memory, rows * sizeof(void *));
    self->listed = weir_memory_alloc(memory, rows * sizeof(void *));
    self->live = weir_memory_alloc(memory, rows * sizeof(uint32_t));
    self->piece = weir_memory_alloc(memory, rows * sizeof(uint32_t));
    self->created = weir_memory_alloc(memory, rows);
    self->first = weir_memory_alloc(memory, rows);
    self->gone = weir_memory_alloc(memory, rows);
    self->differs = weir_memory_alloc(memory, rows);
    if (self->values != NULL && self->listed != NULL && self->live != NULL && self->piece != NULL && self->created != NULL &&
        self->first != NULL && self->gone != NULL && self->differs != NULL)
        return WEIR_OK;
    rows_free(self);
    return weir_fail_memory(error, self->base.context->name, rows * sizeof(void *));
}

static void out_free(group_aggregate *self) {
    weir_memory *memory = self->base.context->memory;
    group_output *out = &self->out;
    weir_memory_free(memory, out->source, out->capacity * sizeof(uint32_t));
    weir_memory_free(memory, out->which, out->capacity * sizeof(uint32_t));
    weir_memory_free(memory, out->kinds, out->capacity);
    out->source = out->which = NULL;
    out->kinds = NULL;
    out->capacity = 0;
}

/* Only between outputs: nothing is kept. */
weir_status group_out_room(group_aggregate *self, uint32_t rows, weir_error *error) {
    group_output *out = &self->out;
    out->count = out->at = 0;
    out->mark_count = out->mark_at = 0;
    out->chunk_rows = self->base.context->settings->batch_rows;
    if (rows <= out->capacity)
        return WEIR_OK;
    out_free(self);
    weir_memory *memory = self->base.context->memory;
    out->capacity = rows;
    out->source = weir_memory_alloc(memory, rows * sizeof(uint32_t));
    out->which = weir_memory_alloc(memory, rows * sizeof(uint32_t));
    out->kinds = weir_memory_alloc(memory, rows);
    if (out->source != NULL && out->which != NULL && out->kinds != NULL)
        return WEIR_OK;
    out_free(self);
    return weir_fail_memory(error, self->base.context->name, rows * sizeof(uint32_t));
}

bool group_out_mark(group_aggregate *self, int64_t watermark_ms) {
    group_output *out = &self->out;
    if (!weir_memory_grow(self->base.context->memory, (void **)&out->marks, &out->mark_capacity, out->mark_count + 1, sizeof(weir_mark)))
        return false;
    out->marks[out->mark_count++] = (weir_mark){out->count, watermark_ms};
    return true;
}

static weir_status chunk_columns(group_aggregate *self, weir_batch *chunk, uint32_t from, uint32_t count, weir_error *error) {
    const weir_group_aggregate_spec *spec = self->spec;
    const group_output *out = &self->out;
    bool failed = false;
    for (uint32_t i = 0; i < spec->key_count; i++) {
        weir_column_gather(chunk->columns[i], 0, self->keys[i], out->source + from, count);
        failed |= chunk->columns[i]->failed;
    }
    for (uint32_t i = 0; i < spec->call_count; i++) {
        weir_column *both[2] = {self->before[i], self->after[i]};
        weir_column *column = chunk->columns[spec->key_count + i];
        weir_column_pick(column, both, 2, out->which + from, out->source + from, count);
        failed |= column->failed;
    }
    if (chunk->kinds != NULL)
        memcpy(chunk->kinds, out->kinds + from, count);
    chunk->rows = chunk->selected = count;
    return failed ? weir_fail_memory(error, self->base.context->name, count * 16) : WEIR_OK;
}

static weir_status chunk_make(group_aggregate *self, weir_batch **made, weir_error *error) {
    const weir_operator_context *context = self->base.context;
    const weir_group_aggregate_spec *spec = self->spec;
    group_output *out = &self->out;
    uint32_t left = out->count - out->at, most = out->chunk_rows, count = left < most ? left : most;
    weir_batch *chunk = count == 0
                            ? weir_batch_create(context->memory, 0)
                            : weir_batch_create_typed(context->memory, spec->output_types, spec->key_count + spec->call_count, count);
    if (chunk == NULL || (count > 0 && weir_batch_open_kinds(chunk, count) == NULL)) {
        weir_batch_destroy(chunk);
        return weir_fail_memory(error, context->name, count * 16);
    }
    weir_status status = count == 0 ? WEIR_OK : chunk_columns(self, chunk, out->at, count, error);
    uint32_t end = out->at + count;
    for (; status == WEIR_OK && out->mark_at < out->mark_count; out->mark_at++) {
        const weir_mark *mark = &out->marks[out->mark_at];
        if (mark->row > end)
            break;
        if (!weir_batch_add_mark(chunk, mark->row - out->at, mark->watermark_ms))
            status = weir_fail_memory(error, context->name, sizeof(weir_mark));
    }
    if (status != WEIR_OK) {
        weir_batch_destroy(chunk);
        return status;
    }
    out->at = end;
    *made = chunk;
    return WEIR_OK;
}

weir_status group_out_drain(group_aggregate *self, weir_output *output, bool *done, weir_error *error) {
    group_output *out = &self->out;
    while (out->at < out->count || out->mark_at < out->mark_count) {
        *done = false;
        if (weir_output_full(output))
            return WEIR_OK;
        weir_batch *chunk = NULL;
        WEIR_TRY(chunk_make(self, &chunk, error));
        weir_output_push(output, chunk);
    }
    *done = true;
    return WEIR_OK;
}

/* ---- groups ---- */

void group_list(group_aggregate *self, group_head *head) {
    if (head->listed)
        return;
    head->listed = 1;
    self->listed[self->listed_count++] = head;
}

void group_listed_sweep(group_aggregate *self) {
    for (uint32_t i = 0; i < self->listed_count; i++) {
        group_head *head = self->listed[i];
        head->listed = 0;
        if (head->count != 0)
            continue;
        weir_agg_calls_clear(&self->calls, head);
        weir_keyed_remove(self->keyed, head);
    }
    self->listed_count = 0;
}

void group_expire(group_aggregate *self, group_head *head, int64_t now_ms) {
    if (head->count == 0 || head->slot != 0 || !weir_expiry_due(&self->expiry, head->stamp_ms, now_ms))
        return;
    weir_agg_calls_clear(&self->calls, head);
    head->count = 0;
}

static bool head_expire(void *owner, void *value, int64_t now_ms) {
    group_head *head = value;
    group_expire(owner, head, now_ms);
    return head->count == 0 && head->slot == 0 && !head->listed;
}

group_head *group_global(group_aggregate *self, weir_error *error) {
    group_head *head = weir_keyed_upsert_bytes(self->keyed, "", 0, NULL);
    if (head == NULL)
        weir_fail_memory(error, self->base.context->name, sizeof(group_head));
    return head;
}

/* ---- life ---- */

static void batch_done(group_aggregate *self) {
    if (!self->mini_batch) {
        weir_columns_drop(self->before, self->spec->call_count);
        weir_columns_drop(self->after, self->spec->call_count);
    }
    weir_batch_destroy(self->batch);
    self->batch = NULL;
    atomic_store_explicit(&self->base.context->metrics->state_bytes, weir_state_bytes(self->state), memory_order_relaxed);
}

static void bundle_free(group_aggregate *self) {
    weir_memory *memory = self->base.context->memory;
    weir_memory_free(memory, self->bundle, self->bundle_capacity * sizeof(void *));
    weir_memory_free(memory, self->bundle_first, self->bundle_capacity);
}

static void group_close(weir_operator *base) {
    group_aggregate *self = (group_aggregate *)base;
    weir_memory *memory = base->context->memory;
    if (self->before != NULL && self->after != NULL) {
        weir_columns_drop(self->before, self->spec->call_count);
        weir_columns_drop(self->after, self->spec->call_count);
    }
    if (self->mini_batch && self->keys != NULL)
        weir_columns_drop(self->keys, self->spec->key_count);
    weir_batch_destroy(self->batch);
    bundle_free(self);
    rows_free(self);
    out_free(self);
    weir_memory_free(memory, self->out.marks, self->out.mark_capacity * sizeof(weir_mark));
    weir_keyed_destroy(self->keyed);
    weir_state_destroy(self->state);
    weir_memory_free(memory, self, sizeof(group_aggregate));
}

static weir_status group_make(group_aggregate *self, weir_error *error) {
    const weir_operator_context *context = self->base.context;
    const weir_group_aggregate_spec *spec = self->spec;
    weir_arena *arena = context->arena;
    const weir_type **key_types = WEIR_ARENA_ARRAY(arena, const weir_type *, spec->key_count + 1);
    self->keys = WEIR_ARENA_ARRAY(arena, weir_column *, spec->key_count + 1);
    self->before = WEIR_ARENA_ARRAY(arena, weir_column *, spec->call_count + 1);
    self->after = WEIR_ARENA_ARRAY(arena, weir_column *, spec->call_count + 1);
    self->state = weir_state_create(context->memory, context->name, context->settings->key_groups);
    if (key_types == NULL || self->keys == NULL || self->before == NULL || self->after == NULL || self->state == NULL)
        return weir_fail_memory(error, context->name, sizeof(group_aggregate));
    for (uint32_t i = 0; i < spec->key_count; i++)
        key_types[i] = spec->input_types[spec->keys[i]];
    WEIR_TRY(weir_agg_calls_bind(&self->calls, context, self->state, spec->calls, spec->call_count, spec->input_retracts,
                                 sizeof(group_head), error));
    self->keyed = weir_keyed_create(self->state, arena, "groups", key_types, spec->key_count, self->calls.end);
    return self->keyed != NULL ? WEIR_OK : weir_fail_memory(error, context->name, self->calls.end);
}

static weir_status group_open(const void *spec, const weir_operator_context *context, weir_operator **out, weir_error *error) {
    group_aggregate *self = weir_memory_zalloc(context->memory, sizeof(group_aggregate));
    if (self == NULL)
        return weir_fail_memory(error, context->name, sizeof(group_aggregate));
    self->base = (weir_operator){&weir_group_aggregate_operator, context};
    self->spec = spec;
    self->held_mark_ms = WEIR_WATERMARK_NONE;
    self->bundle_deadline_ms = INT64_MAX;
    if (!self->spec->final_only) {
        self->mini_batch = context->settings->mini_batch;
        self->expiry.ttl_ms = context->settings->state_ttl_ms;
    }
    weir_status status = group_make(self, error);
    if (status != WEIR_OK) {
        group_close(&self->base);
        return status;
    }
    *out = &self->base;
    return WEIR_OK;
}

/* ---- steps ---- */

static weir_status end_mark_send(group_aggregate *self, weir_output *output, weir_error *error) {
    weir_batch *end = weir_batch_create(self->base.context->memory, 0);
    if (end == NULL || !weir_batch_add_mark(end, 0, WEIR_WATERMARK_END)) {
        weir_batch_destroy(end);
        return weir_fail_memory(error, self->base.context->name, sizeof(weir_batch));
    }
    weir_output_push(output, end);
    self->end_sent = true;
    return WEIR_OK;
}

/* Without keys and without a record in the end, the result over nothing leaves. */
static weir_status global_row(group_aggregate *self, weir_error *error) {
    group_head *head = group_global(self, error);
    if (head == NULL)
        return WEIR_MEMORY;
    if (head->count != 0)
        return WEIR_OK;
    head->count = 1;
    WEIR_TRY(group_out_room(self, 1, error));
    weir_columns_drop(self->before, self->spec->call_count);
    weir_columns_drop(self->after, self->spec->call_count);
    WEIR_TRY(weir_agg_calls_columns(&self->calls, 1, self->before, error));
    WEIR_TRY(weir_agg_calls_columns(&self->calls, 1, self->after, error));
    void *value = head;
    weir_rows one = {NULL, 1};
    WEIR_TRY(weir_agg_calls_emit(&self->calls, &value, &one, self->after, error));
    group_out_row(&self->out, 0, 1, WEIR_INSERT);
    return WEIR_OK;
}

static bool has_global_row(const group_aggregate *self) { return self->spec->key_count == 0 && self->spec->empty_gives_row; }

/* What is left to do after the END mark, a piece at a time. */
static weir_status ending_step(group_aggregate *self, weir_output *output, weir_error *error) {
    if (self->mini_batch && self->bundle_count > 0)
        return group_bundle_leave(self, error);
    if (self->spec->final_only) {
        bool done = false;
        if (has_global_row(self)) {
            group_head *head = group_global(self, error);
            if (head == NULL)
                return WEIR_MEMORY;
            head->count = head->count == 0 ? 1 : head->count;
        }
        WEIR_TRY(group_final_emit(self, output, &done, error));
        return done ? end_mark_send(self, output, error) : WEIR_OK;
    }
    if (has_global_row(self)) {
        group_head *head = group_global(self, error);
        if (head == NULL)
            return WEIR_MEMORY;
        if (head->count == 0)
            return global_row(self, error);
    }
    return end_mark_send(self, output, error);
}

static weir_status group_resume(weir_operator *base, weir_output *output, weir_step *step, weir_error *error) {
    group_aggregate *self = (group_aggregate *)base;
    bool done = false;
    for (;;) {
        WEIR_TRY(group_out_drain(self, output, &done, error));
        if (!done || weir_output_full(output))
            break;
        if (self->bundle_leaving) {
            self->bundle_leaving = false;
            WEIR_TRY(group_bundle_leave(self, error));
            continue;
        }
        if (self->mini_batch && self->batch != NULL && self->fold_at < self->batch->selected) {
            WEIR_TRY(group_bundle_fold(self, error));
            self->bundle_leaving = group_bundle_full(self);
            continue;
        }
        if (self->batch != NULL)
            batch_done(self);
        if (!self->ending || self->end_sent) {
            *step = WEIR_STEP_MORE_INPUT;
            return WEIR_OK;
        }
        WEIR_TRY(ending_step(self, output, error));
    }
    *step = WEIR_STEP_MORE_OUTPUT;
    return WEIR_OK;
}

static weir_status rows_take(group_aggregate *self, weir_error *error) {
    weir_batch *batch = self->batch;
    WEIR_TRY(group_rows_room(self, batch->rows, error));
    if (self->expiry.ttl_ms > 0)
        weir_expiry_sweep(&self->expiry, self->keyed, weir_clock_wall_ms(self->base.context->evaluation->clock), head_expire, self);
    self->fold_at = 0;
    if (self->mini_batch)
        return group_bundle_fold(self, error);
    weir_rows rows = weir_batch_rows(batch);
    WEIR_TRY(weir_keyed_upsert(self->keyed, batch->columns, self->spec->keys, &rows, self->values, self->created, error));
    return self->spec->final_only ? group_final_fold(self, error) : group_stream_batch(self, error);
}

/* Marks of a batch without rows, or of one whose rows are folded: they leave with the next output. */
static weir_status marks_take(group_aggregate *self, weir_error *error) {
    const weir_batch *batch = self->batch;
    bool hold = self->spec->final_only || self->mini_batch;
    if (batch->selected == 0 || hold)
        WEIR_TRY(group_out_room(self, 0, error));
    for (uint32_t i = 0; i < batch->mark_count; i++) {
        int64_t watermark_ms = batch->marks[i].watermark_ms;
        if (watermark_ms == WEIR_WATERMARK_END)
            self->ending = true;
        else if (self->mini_batch)
            self->held_mark_ms = watermark_ms;
        else if (!hold && batch->selected == 0 && !group_out_mark(self, watermark_ms))
            return weir_fail_memory(error, self->base.context->name, sizeof(weir_mark));
    }
    return WEIR_OK;
}

static weir_status group_process(weir_operator *base, uint32_t input, weir_batch *batch, weir_output *output, weir_step *step,
                                 weir_error *error) {
    group_aggregate *self = (group_aggregate *)base;
    (void)input;
    self->batch = batch;
    WEIR_TRY(marks_take(self, error));
    if (batch->selected > 0)
        WEIR_TRY(rows_take(self, error));
    self->bundle_leaving = self->mini_batch && group_bundle_full(self);
    return group_resume(base, output, step, error);
}

static weir_status group_barrier(weir_operator *base, uint64_t epoch, weir_output *output, weir_error *error) {
    group_aggregate *self = (group_aggregate *)base;
    (void)epoch;
    if (!self->mini_batch || self->bundle_count == 0)
        return WEIR_OK;
    WEIR_TRY(group_bundle_leave(self, error));
    /* A barrier does not wait: all leaves at once, in a few batches. */
    uint32_t most = self->out.count / 16 + 1;
    self->out.chunk_rows = most > self->out.chunk_rows ? most : self->out.chunk_rows;
    bool done = false;
    return group_out_drain(self, output, &done, error);
}

static int64_t group_next_tick_ms(const weir_operator *base) { return ((const group_aggregate *)base)->bundle_deadline_ms; }

static weir_status group_tick(weir_operator *base, int64_t now_ms, weir_output *output, weir_step *step, weir_error *error) {
    group_aggregate *self = (group_aggregate *)base;
    self->bundle_leaving = now_ms >= self->bundle_deadline_ms;
    return group_resume(base, output, step, error);
}

const weir_operator_vtable weir_group_aggregate_operator = {
    .name = "GroupAggregate",
    .input_count = 1,
    .open = group_open,
    .process = group_process,
    .resume = group_resume,
    .next_tick_ms = group_next_tick_ms,
    .tick = group_tick,
    .barrier = group_barrier,
    .close = group_close,
};
