/* From queued items to batches: runs of items with the same source are written a part at a time, so that rows of the input batch are
 * gathered by column. See row_queue.h. */
#include "op/row_queue.h"

#include <string.h>

enum { COPIES_BYTES_MAX = 1 << 30 };

weir_status weir_row_queue_init(weir_row_queue *queue, const weir_operator_context *context, const weir_type *const *types,
                                uint32_t first_count, uint32_t second_count, bool numbered, bool with_kinds, weir_error *error) {
    *queue = (weir_row_queue){
        .context = context, .part_count = second_count > 0 ? 2 : 1, .number_column = numbered ? (int32_t)(first_count + second_count) : -1};
    queue->parts[0] = (weir_row_part){.first = 0, .count = first_count};
    queue->parts[1] = (weir_row_part){.first = first_count, .count = second_count};
    weir_emitter_init(&queue->emitter, context, types, first_count + second_count + numbered, with_kinds);
    weir_builder_init(&queue->copies, context->memory, COPIES_BYTES_MAX);
    queue->index_count = context->settings->batch_rows;
    queue->index = weir_memory_alloc(context->memory, queue->index_count * sizeof(uint32_t));
    return queue->index != NULL ? WEIR_OK : weir_fail_memory(error, context->name, queue->index_count * sizeof(uint32_t));
}

void weir_row_queue_deinit(weir_row_queue *queue) {
    if (queue->context == NULL)
        return;
    weir_memory *memory = queue->context->memory;
    weir_emitter_deinit(&queue->emitter);
    weir_builder_deinit(&queue->copies);
    weir_memory_free(memory, queue->items, queue->capacity * sizeof(weir_queued_row));
    if (queue->index != NULL)
        weir_memory_free(memory, queue->index, queue->index_count * sizeof(uint32_t));
    queue->context = NULL;
}

static weir_queued_row *item_new(weir_row_queue *queue) {
    if (queue->count == queue->capacity && !weir_memory_grow(queue->context->memory, (void **)&queue->items, &queue->capacity,
                                                             queue->count < 256 ? 256 : queue->count + 1, sizeof(weir_queued_row)))
        return NULL;
    return &queue->items[queue->count++];
}

bool weir_row_queue_add(weir_row_queue *queue, uint8_t kind, weir_row_place first, weir_row_place second, int64_t number) {
    weir_queued_row *item = item_new(queue);
    if (item == NULL)
        return false;
    *item = (weir_queued_row){
        .at = {first.at, second.at}, .number = number, .source = {(uint8_t)first.source, (uint8_t)second.source}, .kind = kind};
    return true;
}

bool weir_row_queue_mark(weir_row_queue *queue, int64_t watermark_ms) {
    weir_queued_row *item = item_new(queue);
    if (item == NULL)
        return false;
    *item = (weir_queued_row){.number = watermark_ms, .kind = WEIR_QUEUE_MARK};
    return true;
}

bool weir_row_queue_copy(weir_row_queue *queue, const char *bytes, size_t size, weir_row_place *out) {
    *out = (weir_row_place){WEIR_ROW_COPY, queue->copies.size};
    char *room = weir_builder_room(&queue->copies, size + 1);
    if (room == NULL) {
        queue->copies.failed = false;
        return false;
    }
    memcpy(room, bytes, size);
    queue->copies.size += size;
    return true;
}

static void part_nulls(const weir_row_part *part, weir_batch *batch, uint32_t row, uint32_t count) {
    for (uint32_t i = 0; i < part->count; i++)
        for (uint32_t k = 0; k < count; k++)
            weir_column_set_null(batch->columns[part->first + i], row + k);
}

static void part_gather(weir_row_queue *queue, uint32_t which, const weir_queued_row *items, weir_batch *batch, uint32_t row,
                        uint32_t count) {
    const weir_row_part *part = &queue->parts[which];
    const weir_batch *source = queue->batches[which];
    for (uint32_t k = 0; k < count; k++)
        queue->index[k] = (uint32_t)items[k].at[which];
    for (uint32_t i = 0; i < part->count; i++)
        weir_column_gather(batch->columns[part->first + i], row, source->columns[i], queue->index, count);
}

static void part_decode(const weir_row_queue *queue, uint32_t which, const weir_queued_row *items, weir_batch *batch, uint32_t row,
                        uint32_t count) {
    const weir_row_part *part = &queue->parts[which];
    for (uint32_t k = 0; k < count; k++) {
        const char *bytes = items[k].source[which] == WEIR_ROW_STATE ? (const char *)(uintptr_t)items[k].at[which]
                                                                     : queue->copies.data + items[k].at[which];
        weir_codec_read(part->codec, bytes, batch->columns + part->first, row + k);
    }
}

/* Items [0, count) are rows; write their part `which` to rows row.. of the batch, in runs of one source. */
static void part_write(weir_row_queue *queue, uint32_t which, const weir_queued_row *items, weir_batch *batch, uint32_t row,
                       uint32_t count) {
    for (uint32_t from = 0; from < count;) {
        uint8_t source = items[from].source[which];
        uint32_t to = from + 1;
        while (to < count && items[to].source[which] == source)
            to++;
        if (source == WEIR_ROW_NULLS)
            part_nulls(&queue->parts[which], batch, row + from, to - from);
        else if (source == WEIR_ROW_BATCH)
            part_gather(queue, which, items + from, batch, row + from, to - from);
        else
            part_decode(queue, which, items + from, batch, row + from, to - from);
        from = to;
    }
}

static void rows_write(weir_row_queue *queue, weir_batch *batch, uint32_t count) {
    const weir_queued_row *items = queue->items + queue->at;
    uint32_t row = batch->rows;
    for (uint32_t which = 0; which < queue->part_count; which++)
        part_write(queue, which, items, batch, row, count);
    if (queue->number_column >= 0)
        for (uint32_t k = 0; k < count; k++)
            WEIR_VALUES(batch->columns[queue->number_column], int64_t)[row + k] = items[k].number;
    if (queue->emitter.with_kinds)
        for (uint32_t k = 0; k < count; k++)
            batch->kinds[row + k] = items[k].kind;
    batch->rows += count;
    batch->selected = batch->rows;
    queue->at += count;
}

weir_status weir_row_queue_drain(weir_row_queue *queue, weir_output *output, weir_error *error) {
    while (queue->at < queue->count && !weir_output_full(output)) {
        const weir_queued_row *item = &queue->items[queue->at];
        if (item->kind == WEIR_QUEUE_MARK) {
            WEIR_TRY(weir_emitter_mark(&queue->emitter, output, item->number, error));
            queue->at++;
            continue;
        }
        weir_batch *batch = weir_emitter_room(&queue->emitter, output, error);
        if (batch == NULL)
            return WEIR_MEMORY;
        size_t most = queue->emitter.capacity - batch->rows;
        if (most > queue->index_count)
            most = queue->index_count;
        uint32_t count = 1;
        while (count < most && queue->at + count < queue->count && item[count].kind != WEIR_QUEUE_MARK)
            count++;
        rows_write(queue, batch, count);
    }
    if (queue->at == queue->count) {
        queue->at = queue->count = 0;
        weir_builder_clear(&queue->copies);
    }
    return WEIR_OK;
}
