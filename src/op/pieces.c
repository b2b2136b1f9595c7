/* See pieces.h. */
#include "op/pieces.h"

#include <string.h>

static void marks_move(weir_batch *to, weir_batch *from) {
    weir_memory_free(to->memory, to->marks, to->mark_capacity * sizeof(weir_mark));
    to->marks = from->marks;
    to->mark_count = from->mark_count;
    to->mark_capacity = from->mark_capacity;
    from->marks = NULL;
    from->mark_count = from->mark_capacity = 0;
}

weir_batch *weir_batch_marks_only(weir_batch *batch) {
    weir_batch *marks = weir_batch_create(batch->memory, 0);
    if (marks != NULL) {
        marks_move(marks, batch);
        for (uint32_t i = 0; i < marks->mark_count; i++)
            marks->marks[i].row = 0;
    }
    weir_batch_destroy(batch);
    return marks;
}

void weir_batch_move_header(weir_batch *to, weir_batch *from) {
    to->rows = from->rows;
    to->selected = from->selected;
    to->kinds = from->kinds;
    to->kinds_capacity = from->kinds_capacity;
    to->selection = from->selection;
    to->selection_capacity = from->selection_capacity;
    from->kinds = NULL;
    from->selection = NULL;
    from->kinds_capacity = from->selection_capacity = 0;
    from->selected = from->rows;
    marks_move(to, from);
}

void weir_batch_cut(weir_batch *batch, uint32_t end) {
    while (batch->mark_count > 0 && batch->marks[batch->mark_count - 1].row > end)
        batch->mark_count--;
    if (batch->selection != NULL) {
        while (batch->selected > 0 && batch->selection[batch->selected - 1] >= end)
            batch->selected--;
    } else if (end < batch->rows) {
        batch->rows = batch->selected = end;
    }
}

bool weir_batch_keep_rows(weir_batch *batch, const uint8_t *keep) {
    uint32_t count = 0;
    if (batch->selection == NULL) {
        uint32_t rows = batch->rows;
        uint32_t *selection = weir_batch_open_selection(batch, rows);
        if (selection == NULL)
            return false;
        for (uint32_t row = 0; row < rows; row++) {
            selection[count] = row;
            count += keep[row] != 0;
        }
    } else {
        for (uint32_t k = 0; k < batch->selected; k++) {
            uint32_t row = batch->selection[k];
            batch->selection[count] = row;
            count += keep[row] != 0;
        }
    }
    batch->selected = count;
    return true;
}

#define PICK(c_type)                                                                 \
    for (uint32_t k = 0; k < count; k++)                                             \
    WEIR_VALUES(out, c_type)[k] = WEIR_VALUES(sources[which[k]], c_type)[index[k]]

static void values_pick(weir_column *out, weir_column *const *sources, const uint32_t *which, const uint32_t *index, uint32_t count) {
    switch (weir_layout_bytes(out->layout)) {
    case 1: PICK(uint8_t); break;
    case 2: PICK(uint16_t); break;
    case 4: PICK(uint32_t); break;
    case 8: PICK(uint64_t); break;
    default: PICK(weir_view); break; /* any 16 bytes */
    }
}

void weir_column_pick(weir_column *out, weir_column *const *sources, uint32_t source_count, const uint32_t *which, const uint32_t *index,
                      uint32_t count) {
    bool nulls = out->valid != NULL, slow = out->layout == WEIR_LAYOUT_SPAN || out->layout == WEIR_LAYOUT_NONE;
    for (uint32_t i = 0; i < source_count; i++) {
        nulls |= sources[i]->valid != NULL;
        slow |= sources[i]->layout != out->layout; /* a bare NULL */
        if (!weir_column_keep_from(out, sources[i]))
            return;
    }
    for (uint32_t k = 0; slow && k < count; k++) {
        if (sources[which[k]]->type->kind == WEIR_KIND_NULL)
            weir_column_set_null(out, k);
        else
            weir_column_copy_row(out, k, sources[which[k]], index[k]);
    }
    if (slow || count == 0)
        return;
    values_pick(out, sources, which, index, count);
    if (!nulls)
        return;
    uint8_t *valid = weir_column_open_valid(out);
    for (uint32_t k = 0; k < count; k++)
        valid[k] = weir_column_is_valid(sources[which[k]], index[k]);
}

weir_status weir_repeat_init(weir_repeat *repeat, const weir_operator_context *context, weir_error *error) {
    *repeat = (weir_repeat){.capacity = context->settings->batch_rows};
    repeat->source = weir_memory_alloc(context->memory, repeat->capacity * sizeof(uint32_t));
    repeat->ordinal = weir_memory_alloc(context->memory, repeat->capacity * sizeof(uint32_t));
    if (repeat->source != NULL && repeat->ordinal != NULL)
        return WEIR_OK;
    weir_repeat_deinit(repeat, context);
    return weir_fail_memory(error, context->name, repeat->capacity * sizeof(uint32_t));
}

void weir_repeat_deinit(weir_repeat *repeat, const weir_operator_context *context) {
    weir_batch_destroy(repeat->batch);
    weir_memory_free(context->memory, repeat->source, repeat->capacity * sizeof(uint32_t));
    weir_memory_free(context->memory, repeat->ordinal, repeat->capacity * sizeof(uint32_t));
    repeat->batch = NULL;
    repeat->source = repeat->ordinal = NULL;
}

void weir_repeat_start(weir_repeat *repeat, weir_batch *batch, const uint32_t *counts, uint32_t each) {
    repeat->batch = batch;
    repeat->counts = counts;
    repeat->each = each;
    repeat->at = repeat->within = repeat->next_mark = 0;
}

/* Marks before physical row `row` (all of them: UINT32_MAX) stand before the chunk's next row. */
static bool marks_put(weir_repeat *repeat, weir_batch *chunk, uint32_t row) {
    const weir_batch *batch = repeat->batch;
    for (; repeat->next_mark < batch->mark_count && batch->marks[repeat->next_mark].row <= row; repeat->next_mark++)
        if (!weir_batch_add_mark(chunk, repeat->count, batch->marks[repeat->next_mark].watermark_ms))
            return false;
    return true;
}

static bool chunk_fill(weir_repeat *repeat, weir_batch *chunk) {
    const weir_batch *batch = repeat->batch;
    repeat->count = 0;
    while (repeat->at < batch->selected) {
        uint32_t row = batch->selection == NULL ? repeat->at : batch->selection[repeat->at];
        uint32_t times = repeat->counts == NULL ? repeat->each : repeat->counts[row];
        if (repeat->within == 0 && !marks_put(repeat, chunk, row))
            return false;
        for (; repeat->within < times && repeat->count < repeat->capacity; repeat->count++) {
            repeat->source[repeat->count] = row;
            repeat->ordinal[repeat->count] = repeat->within++;
        }
        if (repeat->within < times)
            return true;
        repeat->within = 0;
        repeat->at++;
    }
    return marks_put(repeat, chunk, UINT32_MAX);
}

weir_status weir_repeat_next(weir_repeat *repeat, const weir_operator_context *context, uint32_t columns, weir_batch **out,
                             weir_error *error) {
    const weir_batch *batch = repeat->batch;
    *out = NULL;
    if (repeat->at >= batch->selected && repeat->next_mark >= batch->mark_count) {
        weir_batch_destroy(repeat->batch);
        repeat->batch = NULL;
        return WEIR_OK;
    }
    weir_batch *chunk = weir_batch_create(context->memory, columns);
    bool done = chunk != NULL && chunk_fill(repeat, chunk);
    if (done && batch->kinds != NULL && repeat->count > 0) {
        done = weir_batch_open_kinds(chunk, repeat->count) != NULL;
        for (uint32_t k = 0; done && k < repeat->count; k++)
            chunk->kinds[k] = batch->kinds[repeat->source[k]];
    }
    if (!done) {
        weir_batch_destroy(chunk);
        return weir_fail_memory(error, context->name, repeat->count);
    }
    chunk->rows = chunk->selected = repeat->count;
    *out = chunk;
    return WEIR_OK;
}
