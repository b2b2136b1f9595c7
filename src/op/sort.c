/* Full sort at the end of the input, with OFFSET and FETCH. See sort.h.
 *
 * With a FETCH of moderate size only the best rows are kept: whenever twice as many as needed have come together, they are sorted and the
 * rest is forgotten; from then on a row whose first key is already worse than the last one needed does not even enter. Left out: spilling;
 * outgrowing the memory limit is an error.
 */
#include "op/sort.h"

#include "op/row_sort.h"
#include "op/stage.h"

enum { CUT_FETCH_MOST = 1 << 20, CUT_SLACK_ROWS = 16384 };

typedef struct sort_operator {
    weir_stage stage; /* first */
    const weir_sort_spec *spec;
    weir_row_store store;
    int64_t needed; /* offset + fetch; -1: all */
    bool cuts;
    bool has_threshold;
    uint64_t threshold; /* first word of the last row needed */
    uint64_t *words;    /* scratch */
    uint32_t *selection;
    uint32_t scratch_rows;
    uint32_t *order; /* sorted row numbers, once all have come */
    uint32_t order_count;
    uint32_t next;
    bool sorted;
} sort_operator;

static sort_operator *sort_of(weir_stage *stage) { return (sort_operator *)stage; }

static weir_status no_memory(sort_operator *self, size_t size, weir_error *error) {
    return weir_stage_no_memory(self->stage.base.context, size, error);
}

/* Row numbers of the store in order: *order has `count` entries and belongs to the caller. */
static weir_status store_sort(sort_operator *self, uint32_t **order, weir_error *error) {
    weir_memory *memory = self->stage.base.context->memory;
    uint32_t count = self->store.rows;
    size_t bytes = (size_t)count * sizeof(weir_sort_entry);
    weir_sort_entry *entries = weir_memory_alloc(memory, bytes), *scratch = weir_memory_alloc(memory, bytes);
    *order = weir_memory_alloc(memory, (size_t)count * sizeof(uint32_t));
    bool done = entries != NULL && scratch != NULL && *order != NULL;
    if (done) {
        for (uint32_t k = 0; k < count; k++)
            entries[k].row = k;
        weir_row_sorter sorter = {&self->store, self->spec->order, self->spec->order_count, scratch};
        weir_row_sort(&sorter, entries, count);
        for (uint32_t k = 0; k < count; k++)
            (*order)[k] = entries[k].row;
    } else if (*order != NULL) {
        weir_memory_free(memory, *order, (size_t)count * sizeof(uint32_t));
        *order = NULL;
    }
    weir_memory_free(memory, entries, bytes);
    weir_memory_free(memory, scratch, bytes);
    return done ? WEIR_OK : no_memory(self, 2 * bytes, error);
}

/* Forget what cannot be among the rows needed. */
static weir_status store_cut(sort_operator *self, weir_error *error) {
    uint32_t *order, before = self->store.rows, needed = (uint32_t)self->needed;
    WEIR_TRY(store_sort(self, &order, error));
    weir_status status = weir_row_store_keep(&self->store, order, needed, error);
    weir_memory_free(self->stage.base.context->memory, order, (size_t)before * sizeof(uint32_t));
    WEIR_TRY(status);
    if (needed > 0) {
        const weir_sort_key *key = &self->spec->order[0];
        uint32_t at = weir_row_store_at(needed - 1);
        weir_row_sort_words(key, weir_row_store_column(&self->store, key->column, needed - 1), &(weir_rows){&at, 1}, &self->threshold);
        self->has_threshold = true;
    }
    return WEIR_OK;
}

static weir_status scratch_reserve(sort_operator *self, uint32_t rows, weir_error *error) {
    if (rows <= self->scratch_rows)
        return WEIR_OK;
    weir_memory *memory = self->stage.base.context->memory;
    uint64_t *words = weir_memory_alloc(memory, rows * sizeof(uint64_t));
    uint32_t *selection = weir_memory_alloc(memory, rows * sizeof(uint32_t));
    if (words == NULL || selection == NULL) {
        weir_memory_free(memory, words, rows * sizeof(uint64_t));
        weir_memory_free(memory, selection, rows * sizeof(uint32_t));
        return no_memory(self, rows * sizeof(uint64_t), error);
    }
    weir_memory_free(memory, self->words, self->scratch_rows * sizeof(uint64_t));
    weir_memory_free(memory, self->selection, self->scratch_rows * sizeof(uint32_t));
    self->words = words;
    self->selection = selection;
    self->scratch_rows = rows;
    return WEIR_OK;
}

static weir_status sort_rows(weir_stage *stage, const weir_rows *rows, uint32_t *at, weir_error *error) {
    sort_operator *self = sort_of(stage);
    weir_rows kept = *rows;
    *at = rows->count;
    if (self->cuts && self->needed == 0)
        return WEIR_OK;
    if (self->has_threshold) {
        WEIR_TRY(scratch_reserve(self, rows->count, error));
        weir_row_sort_words(&self->spec->order[0], stage->batch->columns[self->spec->order[0].column], rows, self->words);
        kept = (weir_rows){self->selection, 0};
        for (uint32_t k = 0; k < rows->count; k++) {
            self->selection[kept.count] = rows->index == NULL ? k : rows->index[k];
            kept.count += self->words[k] <= self->threshold;
        }
        if (kept.count == 0)
            return WEIR_OK;
    }
    WEIR_TRY(weir_row_store_append(&self->store, stage->batch->columns, &kept, error));
    if (self->cuts && self->store.rows >= 2 * self->needed + CUT_SLACK_ROWS)
        return store_cut(self, error);
    return WEIR_OK;
}

static weir_status sort_finish(sort_operator *self, weir_error *error) {
    const weir_sort_spec *spec = self->spec;
    self->sorted = true;
    self->order_count = self->store.rows;
    if (self->store.rows > 0)
        WEIR_TRY(store_sort(self, &self->order, error));
    self->next = spec->offset < self->order_count ? (uint32_t)spec->offset : self->order_count;
    return WEIR_OK;
}

static weir_status sort_fire(weir_stage *stage, int64_t watermark_ms, bool *more, weir_error *error) {
    sort_operator *self = sort_of(stage);
    if (watermark_ms != WEIR_WATERMARK_END)
        return WEIR_OK;
    if (!self->sorted)
        WEIR_TRY(sort_finish(self, error));
    uint32_t end = self->needed >= 0 && self->needed < self->order_count ? (uint32_t)self->needed : self->order_count;
    if (self->next >= end)
        return WEIR_OK;
    uint32_t count = end - self->next, most = stage->base.context->settings->batch_rows;
    count = count < most ? count : most;
    weir_batch *block = weir_row_store_batch(&self->store, self->order + self->next, count, 0);
    if (block == NULL)
        return no_memory(self, count, error);
    self->next += count;
    *more = true;
    weir_stage_put_block(stage, block);
    return WEIR_OK;
}

static const weir_stage_hooks sort_hooks = {.rows = sort_rows, .fire = sort_fire};

static void sort_close(weir_operator *operator) {
    sort_operator *self = (sort_operator *)operator;
    weir_memory *memory = operator->context->memory;
    weir_memory_free(memory, self->order, (size_t)self->order_count * sizeof(uint32_t));
    weir_memory_free(memory, self->words, self->scratch_rows * sizeof(uint64_t));
    weir_memory_free(memory, self->selection, self->scratch_rows * sizeof(uint32_t));
    weir_row_store_deinit(&self->store);
    weir_stage_deinit(&self->stage);
    weir_memory_free(memory, self, sizeof *self);
}

static weir_status sort_open(const void *spec_, const weir_operator_context *context, weir_operator **out, weir_error *error) {
    const weir_sort_spec *spec = spec_;
    if (!weir_row_sort_able(spec->input_types, spec->order, spec->order_count))
        return weir_fail(error, WEIR_UNSUPPORTED, "ORDER BY of an ARRAY, MAP, MULTISET or ROW is not supported");
    sort_operator *self = weir_memory_zalloc(context->memory, sizeof *self);
    if (self == NULL)
        return weir_stage_no_memory(context, sizeof *self, error);
    weir_stage_init(&self->stage, &weir_sort_operator, context, &sort_hooks);
    self->stage.hold_marks = true;
    self->spec = spec;
    self->needed = spec->fetch < 0 ? -1 : spec->offset > INT64_MAX - spec->fetch ? INT64_MAX : spec->offset + spec->fetch;
    self->cuts = spec->order_count > 0 && self->needed >= 0 && self->needed <= CUT_FETCH_MOST;
    weir_row_store_init(&self->store, context->memory, context->name, spec->input_types, spec->input_count);
    weir_status status = weir_row_queue_init(&self->stage.queue, context, spec->input_types, spec->input_count, 0, false, false, error);
    if (status != WEIR_OK) {
        sort_close(&self->stage.base);
        return status;
    }
    *out = &self->stage.base;
    return WEIR_OK;
}

const weir_operator_vtable weir_sort_operator = {
    .name = "Sort", .input_count = 1, .open = sort_open, .process = weir_stage_process, .resume = weir_stage_resume, .close = sort_close};
