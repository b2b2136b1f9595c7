/* Batches: a header over shared columns; see batch.h. */
#include "column/batch.h"

#include <assert.h>

const char *weir_change_name(uint8_t kind) {
    static const char *const names[] = {"+I", "-U", "+U", "-D"};
    return kind <= WEIR_DELETE ? names[kind] : "?";
}

weir_batch *weir_batch_create(weir_memory *memory, uint32_t column_count) {
    weir_batch *batch = weir_memory_zalloc(memory, sizeof(weir_batch));
    if (batch == NULL)
        return NULL;
    batch->memory = memory;
    if (column_count > 0) {
        batch->columns = weir_memory_zalloc(memory, column_count * sizeof(weir_column *));
        if (batch->columns == NULL) {
            weir_batch_destroy(batch);
            return NULL;
        }
    }
    batch->column_count = column_count;
    return batch;
}

weir_batch *weir_batch_create_typed(weir_memory *memory, const weir_type *const *types, uint32_t column_count, uint32_t capacity) {
    weir_batch *batch = weir_batch_create(memory, column_count);
    if (batch == NULL)
        return NULL;
    for (uint32_t i = 0; i < column_count; i++) {
        batch->columns[i] = weir_column_create(memory, types[i], capacity);
        if (batch->columns[i] == NULL) {
            weir_batch_destroy(batch);
            return NULL;
        }
    }
    return batch;
}

void weir_batch_destroy(weir_batch *batch) {
    if (batch == NULL)
        return;
    weir_memory *memory = batch->memory;
    for (uint32_t i = 0; i < batch->column_count; i++)
        weir_column_unref(batch->columns[i]);
    weir_memory_free(memory, batch->columns, batch->column_count * sizeof(weir_column *));
    weir_memory_free(memory, batch->kinds, batch->kinds_capacity);
    weir_memory_free(memory, batch->selection, batch->selection_capacity * sizeof(uint32_t));
    weir_memory_free(memory, batch->marks, batch->mark_capacity * sizeof(weir_mark));
    weir_memory_free(memory, batch, sizeof(weir_batch));
}

static bool header_copy(weir_batch *to, const weir_batch *from) {
    to->rows = from->rows;
    to->selected = from->selected;
    if (from->kinds != NULL) {
        if (weir_batch_open_kinds(to, from->rows) == NULL)
            return false;
        memcpy(to->kinds, from->kinds, from->rows);
    }
    if (from->selection != NULL) {
        if (weir_batch_open_selection(to, from->selected) == NULL)
            return false;
        memcpy(to->selection, from->selection, from->selected * sizeof(uint32_t));
    }
    for (uint32_t i = 0; i < from->mark_count; i++)
        if (!weir_batch_add_mark(to, from->marks[i].row, from->marks[i].watermark_ms))
            return false;
    return true;
}

weir_batch *weir_batch_share(const weir_batch *batch) {
    weir_batch *shared = weir_batch_create(batch->memory, batch->column_count);
    if (shared == NULL)
        return NULL;
    for (uint32_t i = 0; i < batch->column_count; i++)
        shared->columns[i] = batch->columns[i] == NULL ? NULL : weir_column_ref(batch->columns[i]);
    if (!header_copy(shared, batch)) {
        weir_batch_destroy(shared);
        return NULL;
    }
    return shared;
}

weir_batch *weir_batch_pick(weir_memory *memory, const weir_batch *batch, const uint32_t *indexes, uint32_t count) {
    weir_batch *picked = weir_batch_create(memory, count);
    if (picked == NULL)
        return NULL;
    for (uint32_t i = 0; i < count; i++)
        picked->columns[i] = weir_column_ref(batch->columns[indexes[i]]);
    if (!header_copy(picked, batch)) {
        weir_batch_destroy(picked);
        return NULL;
    }
    return picked;
}

uint8_t *weir_batch_open_kinds(weir_batch *batch, uint32_t capacity) {
    if (batch->kinds == NULL || batch->kinds_capacity < capacity) {
        uint8_t *kinds = weir_memory_alloc(batch->memory, capacity);
        if (kinds == NULL)
            return NULL;
        weir_memory_free(batch->memory, batch->kinds, batch->kinds_capacity);
        batch->kinds = kinds;
        batch->kinds_capacity = capacity;
    }
    memset(batch->kinds, WEIR_INSERT, batch->kinds_capacity);
    return batch->kinds;
}

/* A selection that is there already keeps its entries, so that it can be narrowed in place. */
uint32_t *weir_batch_open_selection(weir_batch *batch, uint32_t capacity) {
    if (batch->selection == NULL || batch->selection_capacity < capacity) {
        uint32_t *selection =
            weir_memory_realloc(batch->memory, batch->selection, batch->selection_capacity * sizeof(uint32_t), capacity * sizeof(uint32_t));
        if (selection == NULL)
            return NULL;
        batch->selection = selection;
        batch->selection_capacity = capacity;
    }
    return batch->selection;
}

bool weir_batch_add_mark(weir_batch *batch, uint32_t row, int64_t watermark_ms) {
    assert(batch->mark_count == 0 || batch->marks[batch->mark_count - 1].row <= row);
    size_t capacity = batch->mark_capacity;
    if (!weir_memory_grow(batch->memory, (void **)&batch->marks, &capacity, (size_t)batch->mark_count + 1, sizeof(weir_mark)))
        return false;
    batch->mark_capacity = (uint32_t)capacity;
    batch->marks[batch->mark_count++] = (weir_mark){row, watermark_ms};
    return true;
}

void weir_batch_set_column(weir_batch *batch, uint32_t index, weir_column *column) {
    assert(index < batch->column_count);
    weir_column_unref(batch->columns[index]);
    batch->columns[index] = column;
}

/* A mark before physical row r comes to stand before the first selected row that is not before r. */
static bool marks_compact(weir_batch *to, const weir_batch *from) {
    uint32_t at = 0;
    for (uint32_t i = 0; i < from->mark_count; i++) {
        while (at < from->selected && from->selection[at] < from->marks[i].row)
            at++;
        if (!weir_batch_add_mark(to, at, from->marks[i].watermark_ms))
            return false;
    }
    return true;
}

static bool rows_compact(weir_batch *to, const weir_batch *from) {
    to->rows = from->selected;
    to->selected = from->selected;
    for (uint32_t i = 0; i < from->column_count; i++) {
        to->columns[i] = weir_column_take(from->memory, from->columns[i], from->selection, from->selected);
        if (to->columns[i] == NULL)
            return false;
    }
    if (from->kinds == NULL)
        return true;
    if (weir_batch_open_kinds(to, from->selected) == NULL)
        return false;
    for (uint32_t k = 0; k < from->selected; k++)
        to->kinds[k] = from->kinds[from->selection[k]];
    return true;
}

weir_batch *weir_batch_compact(weir_batch *batch) {
    if (batch->selection == NULL)
        return batch;
    weir_batch *dense = weir_batch_create(batch->memory, batch->column_count);
    if (dense != NULL && !(rows_compact(dense, batch) && marks_compact(dense, batch))) {
        weir_batch_destroy(dense);
        dense = NULL;
    }
    weir_batch_destroy(batch);
    return dense;
}
