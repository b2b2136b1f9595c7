/* What all operators share: the output queue, watermarks of several inputs, the emitter of output batches, and the walk over the segments
 * of
 * a batch. See operator.h. */
#include "op/operator.h"

#include <assert.h>

void weir_output_push(weir_output *output, weir_batch *batch) {
    if (batch == NULL)
        return;
    if (batch->selected == 0 && batch->mark_count == 0) {
        weir_batch_destroy(batch);
        return;
    }
    assert(output->count < sizeof output->batches / sizeof output->batches[0]);
    output->batches[output->count++] = batch;
}

void weir_watermarks_init(weir_watermarks *watermarks) {
    *watermarks = (weir_watermarks){.inputs = {WEIR_WATERMARK_NONE, WEIR_WATERMARK_NONE}, .combined = WEIR_WATERMARK_NONE};
}

bool weir_watermarks_advance(weir_watermarks *watermarks, uint32_t input, int64_t watermark_ms) {
    if (watermark_ms > watermarks->inputs[input])
        watermarks->inputs[input] = watermark_ms;
    int64_t least = watermarks->inputs[0] < watermarks->inputs[1] ? watermarks->inputs[0] : watermarks->inputs[1];
    if (least <= watermarks->combined)
        return false;
    watermarks->combined = least;
    return true;
}

/* ---- emitter ---- */

enum { EMITTER_ROWS_FIRST = 64 };

void weir_emitter_init(weir_emitter *emitter, const weir_operator_context *context, const weir_type *const *types, uint32_t column_count,
                       bool with_kinds) {
    *emitter = (weir_emitter){.context = context, .types = types, .column_count = column_count, .with_kinds = with_kinds};
    uint32_t most = context->settings->batch_rows;
    emitter->next_capacity = most < EMITTER_ROWS_FIRST ? most : EMITTER_ROWS_FIRST;
}

static weir_batch *batch_new(weir_emitter *emitter, uint32_t capacity, weir_error *error) {
    weir_batch *batch = weir_batch_create_typed(emitter->context->memory, emitter->types, emitter->column_count, capacity);
    if (batch != NULL && emitter->with_kinds && capacity > 0 && weir_batch_open_kinds(batch, capacity) == NULL) {
        weir_batch_destroy(batch);
        batch = NULL;
    }
    if (batch == NULL)
        weir_fail_memory(error, emitter->context->name, (size_t)capacity * 16);
    return batch;
}

/* The batch that holds only marks gets columns; the marks stand before its first row. */
static weir_status marks_take(weir_emitter *emitter, weir_batch *from, weir_error *error) {
    for (uint32_t i = 0; i < from->mark_count; i++)
        if (!weir_batch_add_mark(emitter->batch, 0, from->marks[i].watermark_ms))
            return weir_fail_memory(error, emitter->context->name, sizeof(weir_mark));
    return WEIR_OK;
}

weir_batch *weir_emitter_room(weir_emitter *emitter, weir_output *output, weir_error *error) {
    weir_batch *marks = NULL;
    if (emitter->batch != NULL) {
        if (emitter->batch->rows < emitter->capacity)
            return emitter->batch;
        if (emitter->batch->rows > 0) {
            uint32_t most = emitter->context->settings->batch_rows;
            uint32_t next = emitter->capacity > most / 4 ? most : emitter->capacity * 4;
            if (weir_emitter_flush(emitter, output, error) != WEIR_OK)
                return NULL;
            emitter->next_capacity = next;
        } else {
            marks = emitter->batch;
            emitter->batch = NULL;
        }
    }
    emitter->batch = batch_new(emitter, emitter->next_capacity, error);
    emitter->capacity = emitter->next_capacity;
    if (emitter->batch != NULL && marks != NULL && marks_take(emitter, marks, error) != WEIR_OK) {
        weir_batch_destroy(emitter->batch);
        emitter->batch = NULL;
    }
    weir_batch_destroy(marks);
    return emitter->batch;
}

weir_status weir_emitter_mark(weir_emitter *emitter, weir_output *output, int64_t watermark_ms, weir_error *error) {
    (void)output;
    if (emitter->batch == NULL) {
        emitter->batch = batch_new(emitter, 0, error);
        emitter->capacity = 0;
        if (emitter->batch == NULL)
            return WEIR_MEMORY;
    }
    if (!weir_batch_add_mark(emitter->batch, emitter->batch->rows, watermark_ms))
        return weir_fail_memory(error, emitter->context->name, sizeof(weir_mark));
    return WEIR_OK;
}

weir_status weir_emitter_flush(weir_emitter *emitter, weir_output *output, weir_error *error) {
    weir_batch *batch = emitter->batch;
    if (batch == NULL)
        return WEIR_OK;
    emitter->batch = NULL;
    bool failed = false;
    for (uint32_t i = 0; i < batch->column_count; i++)
        failed |= batch->columns[i]->failed;
    if (failed) {
        weir_batch_destroy(batch);
        return weir_fail_memory(error, emitter->context->name, (size_t)emitter->capacity * 16);
    }
    batch->selected = batch->rows;
    weir_output_push(output, batch);
    return WEIR_OK;
}

void weir_emitter_deinit(weir_emitter *emitter) {
    weir_batch_destroy(emitter->batch);
    emitter->batch = NULL;
}

/* ---- segments ---- */

/* 0, 1, 2, ...: where segments of batches without a selection point into. Longer than any batch (WEIR_BATCH_ROWS), so that a mistake shows.
 * */
#define N4(n) (n), (n) + 1, (n) + 2, (n) + 3
#define N16(n) N4(n), N4((n) + 4), N4((n) + 8), N4((n) + 12)
#define N64(n) N16(n), N16((n) + 16), N16((n) + 32), N16((n) + 48)
#define N256(n) N64(n), N64((n) + 64), N64((n) + 128), N64((n) + 192)
#define N1024(n) N256(n), N256((n) + 256), N256((n) + 512), N256((n) + 768)
#define N4096(n) N1024(n), N1024((n) + 1024), N1024((n) + 2048), N1024((n) + 3072)
static const uint32_t identity[] = {N4096(0), N4096(4096), N4096(8192), N4096(12288)};
enum { IDENTITY_COUNT = sizeof identity / sizeof identity[0] };
_Static_assert(IDENTITY_COUNT >= 2 * WEIR_BATCH_ROWS, "segments need an index for every row of a batch");

weir_segments weir_segments_of(const weir_batch *batch) { return (weir_segments){.batch = batch,
                                                                                 .scratch = (uint32_t *)(uintptr_t)identity}; }

/* Rows from `at` up to physical row `end`, as many as there are in the selection. */
static weir_rows rows_until(weir_segments *segments, uint32_t end) {
    const weir_batch *batch = segments->batch;
    uint32_t from = segments->at;
    if (batch->selection != NULL) {
        uint32_t at = from;
        if (end >= batch->rows)
            at = batch->selected;
        while (at < batch->selected && batch->selection[at] < end)
            at++;
        segments->at = at;
        return (weir_rows){batch->selection + from, at - from};
    }
    segments->at = end;
    if (from == 0)
        return (weir_rows){NULL, end};
    assert(end <= IDENTITY_COUNT);
    return (weir_rows){segments->scratch + from, end - from};
}

bool weir_segments_next(weir_segments *segments) {
    const weir_batch *batch = segments->batch;
    if (segments->next_mark < batch->mark_count) {
        const weir_mark *mark = &batch->marks[segments->next_mark++];
        segments->rows = rows_until(segments, mark->row);
        segments->physical = mark->row;
        segments->has_mark = true;
        segments->watermark_ms = mark->watermark_ms;
        return true;
    }
    segments->has_mark = false;
    if (segments->at >= batch->selected)
        return false;
    segments->rows = rows_until(segments, batch->rows);
    segments->physical = batch->rows;
    return segments->rows.count > 0;
}
