/* OVER in batch mode: all rows by partition, sorted; then groups of whole partitions, each of about a batch of rows, are brought together
 * in dense columns, every call is computed over the group, and the rows leave with their results. See over_int.h. Left out: spilling;
 * outgrowing the memory limit is an error. */
#include <string.h>

#include "op/over_int.h"
#include "op/row_partitions.h"

enum { GROUP_ROWS = WEIR_BATCH_ROWS };

typedef struct over_batch_operator {
    weir_stage stage; /* first */
    const weir_over_spec *spec;
    weir_row_partitions partitions;
    weir_state *state; /* blocks of accumulators */
    over_call *calls;
    bool *used; /* input columns that calls or frames read */
    bool finished;
    uint32_t partition; /* the next one to be worked on */
    /* the group at hand */
    over_rows rows;
    uint32_t *index; /* rows of the store */
    uint32_t *starts;
    uint8_t *new_peer;
    weir_column **results;                 /* [call_count] */
    uint32_t group_rows, group_partitions; /* sizes of the arrays */
    uint32_t emitted;
} over_batch_operator;

static weir_status no_memory(over_batch_operator *self, size_t size, weir_error *error) {
    return weir_stage_no_memory(self->stage.base.context, size, error);
}

static void group_release(over_batch_operator *self) {
    weir_memory *memory = self->stage.base.context->memory;
    for (uint32_t i = 0; i < self->spec->call_count && self->results != NULL; i++) {
        weir_column_unref(self->results[i]);
        self->results[i] = NULL;
    }
    for (uint32_t i = 0; i < self->spec->input_count && self->rows.columns != NULL; i++) {
        weir_column_unref(self->rows.columns[i]);
        self->rows.columns[i] = NULL;
    }
    weir_memory_free(memory, self->index, self->group_rows * sizeof(uint32_t));
    weir_memory_free(memory, self->new_peer, self->group_rows);
    weir_memory_free(memory, self->starts, ((size_t)self->group_partitions + 1) * sizeof(uint32_t));
    self->index = self->starts = NULL;
    self->new_peer = NULL;
    self->group_rows = self->group_partitions = 0;
    self->rows.count = self->rows.partition_count = self->emitted = 0;
}

/* The next partitions, as many as come to about a batch of rows. */
static weir_status group_load(over_batch_operator *self, weir_error *error) {
    const weir_row_partitions *all = &self->partitions;
    weir_memory *memory = self->stage.base.context->memory;
    uint32_t first = self->partition, last = first;
    while (last < all->count && (last == first || all->starts[last + 1] - all->starts[first] <= GROUP_ROWS))
        last++;
    uint32_t begin = all->starts[first], rows = all->starts[last] - begin, partitions = last - first;
    self->group_rows = rows;
    self->group_partitions = partitions;
    self->index = weir_memory_alloc(memory, rows * sizeof(uint32_t));
    self->new_peer = weir_memory_alloc(memory, rows);
    self->starts = weir_memory_alloc(memory, ((size_t)partitions + 1) * sizeof(uint32_t));
    if (self->index == NULL || self->new_peer == NULL || self->starts == NULL)
        return no_memory(self, rows * sizeof(uint32_t), error);
    for (uint32_t k = 0; k < rows; k++) {
        self->index[k] = all->entries[begin + k].row;
        self->new_peer[k] = all->entries[begin + k].group != 0;
    }
    for (uint32_t p = 0; p <= partitions; p++)
        self->starts[p] = all->starts[first + p] - begin;
    self->rows.count = rows;
    self->rows.partition_count = partitions;
    self->rows.starts = self->starts;
    self->rows.new_peer = self->new_peer;
    for (uint32_t i = 0; i < self->spec->input_count; i++) {
        if (!self->used[i])
            continue;
        self->rows.columns[i] = weir_row_store_take(&all->store, i, self->index, rows);
        if (self->rows.columns[i] == NULL)
            return no_memory(self, rows, error);
    }
    for (uint32_t i = 0; i < self->spec->call_count; i++)
        WEIR_TRY(over_compute(self->spec, &self->calls[i], &self->rows, self->stage.base.context, &self->results[i], error));
    self->partition = last;
    return WEIR_OK;
}

/* Rows [from, from + count) of the group with their results. */
static weir_batch *group_slice(over_batch_operator *self, uint32_t from, uint32_t count) {
    weir_memory *memory = self->stage.base.context->memory;
    const weir_over_spec *spec = self->spec;
    bool whole = from == 0 && count == self->rows.count;
    weir_batch *block = weir_row_store_batch(&self->partitions.store, self->index + from, count, spec->call_count);
    uint32_t *index = whole ? NULL : weir_memory_alloc(memory, count * sizeof(uint32_t));
    bool done = block != NULL && (whole || index != NULL);
    for (uint32_t k = 0; done && !whole && k < count; k++)
        index[k] = from + k;
    for (uint32_t i = 0; done && i < spec->call_count; i++) {
        weir_column *column = whole ? weir_column_ref(self->results[i]) : weir_column_take(memory, self->results[i], index, count);
        block->columns[spec->input_count + i] = column;
        done = column != NULL;
    }
    if (index != NULL)
        weir_memory_free(memory, index, count * sizeof(uint32_t));
    if (!done) {
        weir_batch_destroy(block);
        return NULL;
    }
    return block;
}

static weir_status rows_keep(weir_stage *stage, const weir_rows *rows, uint32_t *at, weir_error *error) {
    over_batch_operator *self = (over_batch_operator *)stage;
    *at = rows->count;
    return weir_row_partitions_append(&self->partitions, stage->batch, rows, error);
}

static weir_status fire(weir_stage *stage, int64_t watermark_ms, bool *more, weir_error *error) {
    over_batch_operator *self = (over_batch_operator *)stage;
    if (watermark_ms != WEIR_WATERMARK_END)
        return WEIR_OK;
    if (!self->finished) {
        self->finished = true;
        WEIR_TRY(weir_row_partitions_finish(&self->partitions, error));
    }
    if (self->emitted == self->rows.count) {
        group_release(self);
        if (self->partition >= self->partitions.count)
            return WEIR_OK;
        WEIR_TRY(group_load(self, error));
    }
    *more = true;
    uint32_t left = self->rows.count - self->emitted, most = stage->base.context->settings->batch_rows;
    weir_batch *block = group_slice(self, self->emitted, left < most ? left : most);
    if (block == NULL)
        return no_memory(self, left, error);
    self->emitted += block->rows;
    weir_stage_put_block(stage, block);
    return WEIR_OK;
}

static const weir_stage_hooks hooks = {.rows = rows_keep, .fire = fire};

static void over_batch_close(weir_operator *operator) {
    over_batch_operator *self = (over_batch_operator *)operator;
    group_release(self);
    weir_stage_deinit(&self->stage);
    weir_row_partitions_deinit(&self->partitions);
    weir_state_destroy(self->state);
    weir_memory_free(operator->context->memory, self, sizeof *self);
}

static const weir_operator_vtable over_batch_vtable = {
    .name = "OverAggregate", .input_count = 1, .process = weir_stage_process, .resume = weir_stage_resume, .close = over_batch_close};

static bool call_retracts(const weir_over_call *call) {
    return over_frame_slides(&call->frame) && (call->call.aggregate->flags & WEIR_AGGREGATE_RETRACTS) != 0;
}

static bool frame_has_distance(const weir_frame *frame) {
    return !frame->rows && (frame->lower == WEIR_BOUND_PRECEDING || frame->lower == WEIR_BOUND_FOLLOWING ||
                            frame->upper == WEIR_BOUND_PRECEDING || frame->upper == WEIR_BOUND_FOLLOWING);
}

static weir_status prepare(over_batch_operator *self, weir_error *error) {
    const weir_operator_context *context = self->stage.base.context;
    const weir_over_spec *spec = self->spec;
    WEIR_TRY(
        weir_row_queue_init(&self->stage.queue, context, spec->output_types, spec->input_count + spec->call_count, 0, false, false, error));
    WEIR_TRY(weir_row_partitions_init(&self->partitions, context, spec->input_types, spec->input_count, spec->keys, spec->key_count,
                                      spec->order, spec->order_count, error));
    self->state = weir_state_create(context->memory, context->name, context->settings->key_groups);
    self->used = WEIR_ARENA_ARRAY(context->arena, bool, spec->input_count + 1);
    self->rows.columns = WEIR_ARENA_ARRAY(context->arena, weir_column *, spec->input_count + 1);
    self->results = WEIR_ARENA_ARRAY(context->arena, weir_column *, spec->call_count + 1);
    if (self->state == NULL || self->used == NULL || self->rows.columns == NULL || self->results == NULL)
        return no_memory(self, 0, error);
    WEIR_TRY(over_calls_bind(spec, context, self->state, call_retracts, &self->calls, error));
    for (uint32_t i = 0; i < spec->call_count; i++) {
        for (uint32_t k = 0; k < self->calls[i].needed_count; k++)
            self->used[self->calls[i].needed[k]] = true;
        if (spec->order_count > 0 && frame_has_distance(&spec->calls[i].frame))
            self->used[spec->order[0].column] = true;
    }
    return WEIR_OK;
}

weir_status over_open_batch(const weir_over_spec *spec, const weir_operator_context *context, weir_operator **out, weir_error *error) {
    over_batch_operator *self = weir_memory_zalloc(context->memory, sizeof *self);
    if (self == NULL)
        return weir_stage_no_memory(context, sizeof *self, error);
    weir_stage_init(&self->stage, &over_batch_vtable, context, &hooks);
    self->stage.hold_marks = true;
    self->spec = spec;
    weir_status status = prepare(self, error);
    if (status != WEIR_OK) {
        over_batch_close(&self->stage.base);
        return status;
    }
    *out = &self->stage.base;
    return WEIR_OK;
}
