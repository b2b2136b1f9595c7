/* Chunked columns; see row_store.h. Chunks hold 16,384 rows; the only chunk of a small store starts with 256 and is replaced by larger ones
 * until it has that size. */
#include "op/row_store.h"

#include <string.h>

void weir_row_store_init(weir_row_store *store, weir_memory *memory, const char *owner, const weir_type *const *types,
                         uint32_t column_count) {
    *store = (weir_row_store){.memory = memory, .owner = owner, .column_count = column_count, .types = types};
}

void weir_row_store_deinit(weir_row_store *store) {
    for (size_t i = 0; i < store->slot_count; i++)
        weir_column_unref(store->chunks[i]);
    weir_memory_free(store->memory, store->chunks, store->slot_capacity * sizeof(weir_column *));
    store->chunks = NULL;
    store->slot_count = store->slot_capacity = 0;
    store->rows = store->last_capacity = 0;
}

/* Text keeps its bytes in the target: long values are copied, so that the source's buffers are not kept. */
static void copy_text(weir_column *target, uint32_t target_row, const weir_column *source, uint32_t source_row) {
    const weir_view *view = &WEIR_VALUES(source, weir_view)[source_row];
    if (view->size <= WEIR_VIEW_INLINE_BYTES)
        WEIR_VALUES(target, weir_view)[target_row] = *view;
    else
        weir_column_put_text(target, target_row, weir_view_text(view));
}

/* Nested values and all they hold: rows and spans by recursion, text by bytes. */
static void copy_deep(weir_column *target, uint32_t target_row, const weir_column *source, uint32_t source_row) {
    if (!weir_column_is_valid(source, source_row)) {
        weir_column_set_null(target, target_row);
        return;
    }
    if (target->valid != NULL && target->type->kind != WEIR_KIND_NULL)
        target->valid[target_row] = 1;
    switch (target->layout) {
    case WEIR_LAYOUT_VIEW: copy_text(target, target_row, source, source_row); return;
    case WEIR_LAYOUT_SPAN: {
        weir_span span = WEIR_VALUES(source, weir_span)[source_row];
        uint32_t start = weir_column_span_add(target, target_row, span.count);
        if (start == UINT32_MAX)
            return;
        for (uint32_t i = 0; i < target->child_count; i++) {
            for (uint32_t k = 0; k < span.count; k++)
                copy_deep(target->children[i], start + k, source->children[i], span.start + k);
            target->failed |= target->children[i]->failed;
        }
        return;
    }
    case WEIR_LAYOUT_NONE:
        for (uint32_t i = 0; i < target->child_count; i++) {
            copy_deep(target->children[i], target_row, source->children[i], source_row);
            target->failed |= target->children[i]->failed;
        }
        return;
    default: {
        uint32_t bytes = weir_layout_bytes(target->layout);
        memcpy((char *)target->values + (size_t)target_row * bytes, (const char *)source->values + (size_t)source_row * bytes, bytes);
        return;
    }
    }
}

#define APPEND(c_type)                                               \
    do {                                                             \
        const c_type *restrict in = source->values;                  \
        c_type *restrict out = (c_type *)target->values + target_at; \
        if (index == NULL)                                           \
            memcpy(out, in + from, count * sizeof(c_type));          \
        else                                                         \
            for (uint32_t k = 0; k < count; k++)                     \
                out[k] = in[index[k]];                               \
    } while (0)

/* target[target_at + k] = source[index[k]], or source[from + k] without index. */
static void append_column(weir_column *target, uint32_t target_at, const weir_column *source, const uint32_t *index, uint32_t from,
                          uint32_t count) {
    if (target->layout == WEIR_LAYOUT_SPAN || target->layout == WEIR_LAYOUT_NONE) {
        for (uint32_t k = 0; k < count; k++)
            copy_deep(target, target_at + k, source, index == NULL ? from + k : index[k]);
        return;
    }
    if (source->valid != NULL) {
        uint8_t *valid = weir_column_open_valid(target);
        for (uint32_t k = 0; k < count; k++)
            valid[target_at + k] = source->valid[index == NULL ? from + k : index[k]];
    }
    switch (weir_layout_bytes(target->layout)) {
    case 1: APPEND(uint8_t); return;
    case 2: APPEND(uint16_t); return;
    case 4: APPEND(uint32_t); return;
    case 8: APPEND(uint64_t); return;
    default: break;
    }
    if (target->layout != WEIR_LAYOUT_VIEW) {
        APPEND(weir_timestamp_ns);
        return;
    }
    for (uint32_t k = 0; k < count; k++)
        copy_text(target, target_at + k, source, index == NULL ? from + k : index[k]);
}

/* New columns of `capacity` rows for the chunk, with the first `rows` of the old ones. Fills slots; false: no memory, nothing changed. */
static bool chunk_make(weir_row_store *store, weir_column **slots, uint32_t capacity, uint32_t rows, weir_column **made) {
    for (uint32_t i = 0; i < store->column_count; i++) {
        made[i] = weir_column_create(store->memory, store->types[i], capacity);
        if (made[i] != NULL && rows > 0)
            append_column(made[i], 0, slots[i], NULL, 0, rows);
        if (made[i] == NULL || made[i]->failed) {
            for (uint32_t k = 0; k <= i; k++)
                weir_column_unref(made[k]);
            return false;
        }
    }
    return true;
}

/* Room for at least one more row. */
static bool chunk_room(weir_row_store *store, uint32_t wanted) {
    uint32_t within = weir_row_store_at(store->rows);
    bool first_partial = store->slot_count > 0 && store->last_capacity < WEIR_STORE_CHUNK;
    if (store->slot_count > 0 && within > 0 && within < store->last_capacity)
        return true;
    if (store->slot_count > 0 && store->rows == 0)
        return true;
    uint32_t capacity = WEIR_STORE_CHUNK;
    if (store->slot_count == 0 || first_partial) {
        capacity = store->slot_count == 0 ? WEIR_STORE_FIRST : store->last_capacity * 2;
        while (capacity < WEIR_STORE_CHUNK && capacity < within + wanted)
            capacity *= 2;
    }
    size_t start = first_partial ? store->slot_count - store->column_count : store->slot_count;
    uint32_t columns = store->column_count;
    if (!weir_memory_grow(store->memory, (void **)&store->chunks, &store->slot_capacity, start + 2 * (size_t)columns,
                          sizeof(weir_column *)))
        return false;
    weir_column **made = &store->chunks[start + columns]; /* behind the old ones */
    if (!chunk_make(store, &store->chunks[start], capacity, first_partial ? within : 0, made))
        return false;
    if (first_partial)
        for (uint32_t i = 0; i < columns; i++)
            weir_column_unref(store->chunks[start + i]);
    memmove(&store->chunks[start], made, columns * sizeof(weir_column *));
    store->slot_count = start + columns;
    store->last_capacity = capacity;
    return true;
}

weir_status weir_row_store_append(weir_row_store *store, weir_column *const *columns, const weir_rows *rows, weir_error *error) {
    if ((uint64_t)store->rows + rows->count >= UINT32_MAX)
        return weir_fail(error, WEIR_MEMORY, "%s: more than 4,294,967,294 rows to keep", store->owner);
    if (store->column_count == 0) {
        store->rows += rows->count;
        return WEIR_OK;
    }
    for (uint32_t done = 0; done < rows->count;) {
        if (!chunk_room(store, rows->count - done))
            return weir_fail_memory(error, store->owner, (size_t)WEIR_STORE_CHUNK * store->column_count * 8);
        uint32_t within = weir_row_store_at(store->rows), count = store->last_capacity - within;
        if (count > rows->count - done)
            count = rows->count - done;
        weir_column **slots = &store->chunks[store->slot_count - store->column_count];
        for (uint32_t i = 0; i < store->column_count; i++) {
            append_column(slots[i], within, columns[i], rows->index == NULL ? NULL : rows->index + done, done, count);
            if (slots[i]->failed)
                return weir_fail_memory(error, store->owner, WEIR_STORE_CHUNK);
        }
        store->rows += count;
        done += count;
    }
    return WEIR_OK;
}

/* Rows lie far apart: their places are fetched a while before they are read. */
enum { GATHER_AHEAD = 24 };

#define GATHER_PLACE(c_type, k) (WEIR_VALUES(weir_row_store_column(store, column, index[k]), c_type) + weir_row_store_at(index[k]))
#define GATHER(c_type)                                                            \
    for (uint32_t k = 0; k < count; k++) {                                        \
        if (k + GATHER_AHEAD < count && index[k + GATHER_AHEAD] != UINT32_MAX)    \
            __builtin_prefetch(GATHER_PLACE(c_type, k + GATHER_AHEAD));           \
        if (index[k] != UINT32_MAX)                                               \
            ((c_type *)target->values)[target_at + k] = *GATHER_PLACE(c_type, k); \
    }

/* Is every row of the column, and of the index, there? Then validity need not be looked at row by row. */
static bool all_valid(const weir_row_store *store, uint32_t column, const uint32_t *index, uint32_t count) {
    for (size_t slot = column; slot < store->slot_count; slot += store->column_count)
        if (store->chunks[slot]->valid != NULL)
            return false;
    uint32_t most = 0;
    for (uint32_t k = 0; k < count; k++)
        most = index[k] > most ? index[k] : most;
    return most != UINT32_MAX;
}

static void gather_valid(const weir_row_store *store, uint32_t column, weir_column *target, uint32_t target_at, const uint32_t *index,
                         uint32_t count) {
    if (target->valid == NULL && all_valid(store, column, index, count))
        return;
    for (uint32_t k = 0; k < count; k++) {
        bool valid =
            index[k] != UINT32_MAX && weir_column_is_valid(weir_row_store_column(store, column, index[k]), weir_row_store_at(index[k]));
        if (!valid)
            weir_column_set_null(target, target_at + k);
        else if (target->valid != NULL)
            target->valid[target_at + k] = 1;
    }
}

#define GATHER_NEAR(c_type)                                                       \
    do {                                                                          \
        const c_type *restrict from = WEIR_VALUES(store->chunks[column], c_type); \
        c_type *restrict to = (c_type *)target->values + target_at;               \
        for (uint32_t k = 0; k < count; k++)                                      \
            to[k] = from[index[k]];                                               \
    } while (0)

/* All rows lie in one chunk, and every one is meant: small tables that many rows are joined with. */
static bool gather_near(const weir_row_store *store, uint32_t column, weir_column *target, uint32_t target_at, const uint32_t *index,
                        uint32_t count) {
    if (store->slot_count != store->column_count || target->valid != NULL || !all_valid(store, column, index, count))
        return false;
    switch (weir_layout_bytes(target->layout)) {
    case 1: GATHER_NEAR(uint8_t); return true;
    case 2: GATHER_NEAR(uint16_t); return true;
    case 4: GATHER_NEAR(uint32_t); return true;
    case 8: GATHER_NEAR(uint64_t); return true;
    default: break;
    }
    if (target->layout != WEIR_LAYOUT_VIEW || !weir_column_keep_from(target, store->chunks[column])) /* without memory: one by one */
        return false;
    GATHER_NEAR(weir_view);
    return true;
}

void weir_row_store_gather(const weir_row_store *store, uint32_t column, weir_column *target, uint32_t target_at, const uint32_t *index,
                           uint32_t count) {
    if (target->layout == WEIR_LAYOUT_SPAN || target->layout == WEIR_LAYOUT_NONE) {
        for (uint32_t k = 0; k < count; k++) {
            if (index[k] == UINT32_MAX)
                weir_column_set_null(target, target_at + k);
            else
                copy_deep(target, target_at + k, weir_row_store_column(store, column, index[k]), weir_row_store_at(index[k]));
        }
        return;
    }
    if (gather_near(store, column, target, target_at, index, count))
        return;
    gather_valid(store, column, target, target_at, index, count);
    switch (weir_layout_bytes(target->layout)) {
    case 1: GATHER(uint8_t); return;
    case 2: GATHER(uint16_t); return;
    case 4: GATHER(uint32_t); return;
    case 8: GATHER(uint64_t); return;
    default: break;
    }
    if (target->layout != WEIR_LAYOUT_VIEW) {
        GATHER(weir_timestamp_ns);
        return;
    }
    for (uint32_t k = 0; k < count; k++) {
        if (k + GATHER_AHEAD < count && index[k + GATHER_AHEAD] != UINT32_MAX)
            __builtin_prefetch(GATHER_PLACE(weir_view, k + GATHER_AHEAD));
        if (index[k] != UINT32_MAX)
            copy_text(target, target_at + k, weir_row_store_column(store, column, index[k]), weir_row_store_at(index[k]));
    }
}

weir_column *weir_row_store_take(const weir_row_store *store, uint32_t column, const uint32_t *index, uint32_t count) {
    weir_column *taken = weir_column_create(store->memory, store->types[column], count == 0 ? 1 : count);
    if (taken == NULL)
        return NULL;
    weir_row_store_gather(store, column, taken, 0, index, count);
    if (taken->failed) {
        weir_column_unref(taken);
        return NULL;
    }
    return taken;
}

weir_batch *weir_row_store_batch(const weir_row_store *store, const uint32_t *index, uint32_t count, uint32_t extra_count) {
    weir_batch *batch = weir_batch_create(store->memory, store->column_count + extra_count);
    if (batch == NULL)
        return NULL;
    for (uint32_t i = 0; i < store->column_count; i++) {
        batch->columns[i] = weir_row_store_take(store, i, index, count);
        if (batch->columns[i] == NULL) {
            weir_batch_destroy(batch);
            return NULL;
        }
    }
    batch->rows = batch->selected = count;
    return batch;
}

weir_status weir_row_store_keep(weir_row_store *store, const uint32_t *index, uint32_t count, weir_error *error) {
    weir_row_store kept;
    weir_row_store_init(&kept, store->memory, store->owner, store->types, store->column_count);
    for (uint32_t done = 0; done < count;) {
        uint32_t step = count - done < WEIR_BATCH_ROWS ? count - done : WEIR_BATCH_ROWS;
        weir_batch *batch = weir_row_store_batch(store, index + done, step, 0);
        weir_status status = batch == NULL ? weir_fail_memory(error, store->owner, step)
                                           : weir_row_store_append(&kept, batch->columns, &(weir_rows){NULL, step}, error);
        weir_batch_destroy(batch);
        if (status != WEIR_OK) {
            weir_row_store_deinit(&kept);
            return status;
        }
        done += step;
    }
    weir_row_store_deinit(store);
    *store = kept;
    return WEIR_OK;
}
