/* Ranking in batch mode: the rows of each group leave at the end of the input, in order of their rank. See rank.h.
 *
 * ROW_NUMBER up to a small bound keeps only the best rows of each group as they come (most rows fail one comparison). Everything else sorts
 * each group: RANK and DENSE_RANK need to see the peers.
 */
#include <string.h>

#include "op/rank_int.h"
#include "op/row_partitions.h"

enum { BOUNDED_MOST = 1024 };

/* ---- bounded ROW_NUMBER, in the state of the streaming operator ---- */

static weir_status best_begin(weir_stage *stage, weir_error *error) {
    rank_operator *self = (rank_operator *)stage;
    const weir_batch *batch = stage->batch;
    WEIR_TRY(weir_row_scratch_reserve(&self->scratch, stage->base.context, batch->rows, error));
    if (batch->selected == 0)
        return WEIR_OK;
    weir_rows rows = weir_batch_rows(batch);
    WEIR_TRY(weir_keyed_upsert(self->keyed, batch->columns, self->spec->keys, &rows, self->scratch.values, NULL, error));
    return weir_codec_write_rows(self->sort, batch->columns, &rows, &self->keys, self->scratch.offsets, self->scratch.sizes, error);
}

static weir_status best_rows(weir_stage *stage, const weir_rows *rows, uint32_t *at, weir_error *error) {
    rank_operator *self = (rank_operator *)stage;
    int64_t end = self->spec->to_rank;
    for (; *at < rows->count; (*at)++) {
        uint32_t row = rows->index == NULL ? *at : rows->index[*at];
        rank_value *value = self->scratch.values[row];
        size_t count = weir_sorted_count(self->state, value->rows);
        if ((int64_t)count >= end) {
            weir_sorted_entry *worst = weir_sorted_last(self->state, value->rows);
            if (worst == NULL || rank_key_compare(rank_sort_key(self, row), rank_entry_sort_key(worst)) >= 0)
                continue;
            weir_sorted_remove(self->state, &value->rows, worst);
        }
        if (rank_insert(self, value, row, error) == NULL)
            return WEIR_MEMORY;
    }
    return WEIR_OK;
}

/* One group at a time. */
static weir_status best_fire(weir_stage *stage, int64_t watermark_ms, bool *more, weir_error *error) {
    rank_operator *self = (rank_operator *)stage;
    if (watermark_ms != WEIR_WATERMARK_END)
        return WEIR_OK;
    rank_value *value = weir_keyed_next(self->keyed, &self->cursor);
    *more = value != NULL;
    if (value == NULL)
        return WEIR_OK;
    int64_t rank = 1;
    for (weir_sorted_entry *entry = weir_sorted_first(self->state, value->rows); entry != NULL;
         entry = weir_sorted_next(self->state, entry), rank++)
        if (rank >= self->spec->from_rank &&
            !weir_row_queue_add(&stage->queue, WEIR_INSERT, weir_row_of_state(weir_sorted_payload(entry)), weir_row_nulls(), rank))
            return rank_no_memory(self, sizeof(weir_queued_row), error);
    return WEIR_OK;
}

static const weir_stage_hooks best_hooks = {.begin = best_begin, .rows = best_rows, .fire = best_fire};

/* ---- any ranking, by sorting ---- */

typedef struct rank_sort_operator {
    rank_operator rank; /* first; only its stage and spec are used */
    weir_row_partitions partitions;
    bool finished;
    uint32_t partition, next; /* where the output stands */
    int64_t number, position; /* rank of the row before, rows of the partition before `next` */
    uint32_t *index;
    int64_t *numbers;
} rank_sort_operator;

static weir_status sort_rows(weir_stage *stage, const weir_rows *rows, uint32_t *at, weir_error *error) {
    rank_sort_operator *self = (rank_sort_operator *)stage;
    *at = rows->count;
    return weir_row_partitions_append(&self->partitions, stage->batch, rows, error);
}

/* The next rows whose rank is asked for, at most a batch. */
static uint32_t ranks_take(rank_sort_operator *self, uint32_t most) {
    const weir_rank_spec *spec = self->rank.spec;
    const weir_row_partitions *partitions = &self->partitions;
    uint32_t count = 0;
    while (count < most && self->partition < partitions->count) {
        uint32_t start = partitions->starts[self->partition], end = partitions->starts[self->partition + 1];
        if (self->next == start)
            self->number = self->position = 0;
        if (self->next >= end) {
            self->partition++;
            continue;
        }
        const weir_sort_entry *entry = &partitions->entries[self->next++];
        self->position++;
        if (spec->function == WEIR_RANK_ROW_NUMBER || (entry->group && spec->function == WEIR_RANK_RANK))
            self->number = self->position;
        else
            self->number += spec->function == WEIR_RANK_DENSE_RANK && entry->group;
        if (self->number > spec->to_rank) {
            self->next = end;
            continue;
        }
        if (self->number < spec->from_rank)
            continue;
        self->index[count] = entry->row;
        self->numbers[count++] = self->number;
    }
    return count;
}

static weir_status sort_fire(weir_stage *stage, int64_t watermark_ms, bool *more, weir_error *error) {
    rank_sort_operator *self = (rank_sort_operator *)stage;
    const weir_rank_spec *spec = self->rank.spec;
    if (watermark_ms != WEIR_WATERMARK_END)
        return WEIR_OK;
    if (!self->finished)
        WEIR_TRY(weir_row_partitions_finish(&self->partitions, error));
    self->finished = true;
    uint32_t count = ranks_take(self, stage->base.context->settings->batch_rows);
    if (count == 0)
        return WEIR_OK;
    weir_batch *block = weir_row_store_batch(&self->partitions.store, self->index, count, spec->emit_rank);
    if (block == NULL)
        return rank_no_memory(&self->rank, count, error);
    if (spec->emit_rank) {
        weir_column *column = weir_column_create(stage->base.context->memory, spec->output_types[spec->input_count], count);
        if (column == NULL) {
            weir_batch_destroy(block);
            return rank_no_memory(&self->rank, count, error);
        }
        memcpy(column->values, self->numbers, count * sizeof(int64_t));
        weir_batch_set_column(block, spec->input_count, column);
    }
    weir_stage_put_block(stage, block);
    *more = true;
    return WEIR_OK;
}

static const weir_stage_hooks sort_hooks = {.rows = sort_rows, .fire = sort_fire};

static void sort_close(weir_operator *operator) {
    rank_sort_operator *self = (rank_sort_operator *)operator;
    weir_memory *memory = operator->context->memory;
    uint32_t most = operator->context->settings->batch_rows;
    weir_stage_deinit(&self->rank.stage);
    weir_row_partitions_deinit(&self->partitions);
    weir_memory_free(memory, self->index, most * sizeof(uint32_t));
    weir_memory_free(memory, self->numbers, most * sizeof(int64_t));
    weir_memory_free(memory, self, sizeof *self);
}

static const weir_operator_vtable rank_sort_vtable = {
    .name = "Rank", .input_count = 1, .process = weir_stage_process, .resume = weir_stage_resume, .close = sort_close};

static weir_status sort_open(const weir_rank_spec *spec, const weir_operator_context *context, weir_operator **out, weir_error *error) {
    rank_sort_operator *self = weir_memory_zalloc(context->memory, sizeof *self);
    if (self == NULL)
        return weir_stage_no_memory(context, sizeof *self, error);
    weir_stage_init(&self->rank.stage, &rank_sort_vtable, context, &sort_hooks);
    self->rank.stage.hold_marks = true;
    self->rank.spec = spec;
    uint32_t most = context->settings->batch_rows;
    self->index = weir_memory_alloc(context->memory, most * sizeof(uint32_t));
    self->numbers = weir_memory_alloc(context->memory, most * sizeof(int64_t));
    weir_status status = self->index == NULL || self->numbers == NULL ? weir_stage_no_memory(context, most, error) : WEIR_OK;
    if (status == WEIR_OK)
        status =
            weir_row_queue_init(&self->rank.stage.queue, context, spec->output_types, spec->input_count, 0, spec->emit_rank, false, error);
    if (status == WEIR_OK)
        status = weir_row_partitions_init(&self->partitions, context, spec->input_types, spec->input_count, spec->keys, spec->key_count,
                                          spec->order, spec->order_count, error);
    if (status != WEIR_OK) {
        sort_close(&self->rank.stage.base);
        return status;
    }
    *out = &self->rank.stage.base;
    return WEIR_OK;
}

static const weir_operator_vtable rank_best_vtable = {
    .name = "Rank", .input_count = 1, .process = weir_stage_process, .resume = weir_stage_resume, .close = rank_close};

weir_status rank_open_batch(const weir_rank_spec *spec, const weir_operator_context *context, weir_operator **out, weir_error *error) {
    if (spec->to_rank_column >= 0)
        return weir_fail(error, WEIR_UNSUPPORTED, "A rank that is bounded by a column is not supported in batch mode");
    if (spec->function != WEIR_RANK_ROW_NUMBER || spec->to_rank > BOUNDED_MOST)
        return sort_open(spec, context, out, error);
    rank_operator *self = weir_memory_zalloc(context->memory, sizeof *self);
    if (self == NULL)
        return weir_stage_no_memory(context, sizeof *self, error);
    weir_stage_init(&self->stage, &rank_best_vtable, context, &best_hooks);
    self->stage.hold_marks = true;
    self->spec = spec;
    weir_status status = rank_prepare(self, error);
    if (status != WEIR_OK) {
        rank_close(&self->stage.base);
        return status;
    }
    *out = &self->stage.base;
    return WEIR_OK;
}
