/* See window_cells.h. */
#include "op/window_cells.h"

#include <string.h>

weir_status weir_cells_init(weir_cells *cells, const weir_operator_context *context, weir_state *state, const char *name,
                            const weir_type *const *input_types, uint32_t input_count, const uint32_t *keys, uint32_t key_count,
                                bool starts,
                            uint32_t value_bytes, weir_error *error) {
    weir_arena *arena = context->arena;
    *cells = (weir_cells){.context = context, .state = state, .key_count = key_count, .starts = starts, .input_count = input_count};
    const weir_type **types = WEIR_ARENA_ARRAY(arena, const weir_type *, key_count + 2);
    cells->columns = WEIR_ARENA_ARRAY(arena, weir_column *, input_count + 2);
    cells->key_columns = WEIR_ARENA_ARRAY(arena, uint32_t, key_count + 2);
    weir_text root_name = weir_arena_format(arena, "%s/lists", name);
    if (types == NULL || cells->columns == NULL || cells->key_columns == NULL || root_name.data == NULL)
        return weir_fail_memory(error, context->name, sizeof(weir_cells));
    for (uint32_t i = 0; i < key_count; i++) {
        types[i] = input_types[keys[i]];
        cells->key_columns[i] = keys[i];
    }
    types[key_count] = types[key_count + 1] = weir_type_simple(WEIR_KIND_BIGINT, false);
    cells->key_columns[key_count] = input_count;
    cells->key_columns[key_count + 1] = input_count + 1;
    cells->root = weir_state_root(state, root_name.data, sizeof(weir_ref));
    cells->keyed = cells->root == 0 ? NULL : weir_keyed_create(state, arena, name, types, key_count + 1 + starts, value_bytes);
    return cells->keyed != NULL ? WEIR_OK : weir_fail_memory(error, context->name, value_bytes);
}

void weir_cells_deinit(weir_cells *cells) {
    weir_column_unref(cells->numbers);
    weir_column_unref(cells->start_column);
    weir_keyed_destroy(cells->keyed);
    cells->numbers = cells->start_column = NULL;
    cells->keyed = NULL;
}

static weir_status scratch_room(weir_cells *cells, uint32_t rows, weir_error *error) {
    if (rows <= cells->scratch_rows)
        return WEIR_OK;
    weir_column_unref(cells->numbers);
    weir_column_unref(cells->start_column);
    const weir_type *type = weir_type_simple(WEIR_KIND_BIGINT, false);
    cells->numbers = weir_column_create(cells->context->memory, type, rows);
    cells->start_column = cells->starts ? weir_column_create(cells->context->memory, type, rows) : NULL;
    cells->scratch_rows = 0;
    if (cells->numbers == NULL || (cells->starts && cells->start_column == NULL))
        return weir_fail_memory(error, cells->context->name, rows * sizeof(int64_t));
    cells->scratch_rows = rows;
    cells->columns[cells->input_count] = cells->numbers;
    cells->columns[cells->input_count + 1] = cells->start_column;
    return WEIR_OK;
}

static weir_ref *lists_root(const weir_cells *cells) { return weir_state_write(cells->state, cells->root); }

static weir_cell_list *list_make(weir_cells *cells, int64_t number) {
    if (cells->cached != NULL && cells->cached_number == number)
        return cells->cached;
    char key[8];
    bool created = false;
    weir_sorted_i64(number, key);
    weir_sorted_entry *entry = weir_sorted_put(cells->state, lists_root(cells), key, sizeof key, sizeof(weir_cell_list), &created);
    if (entry == NULL || (created && cells->list_made != NULL && !cells->list_made(cells->owner, number)))
        return NULL;
    cells->cached_number = number;
    cells->cached = weir_sorted_payload(entry);
    return cells->cached;
}

static bool list_append(weir_cells *cells, int64_t number, weir_cell *cell) {
    weir_cell_list *list = list_make(cells, number);
    if (list == NULL)
        return false;
    weir_ref ref = weir_keyed_ref(cells->keyed, cell);
    if (list->last != 0)
        weir_cells_at(cells, list->last)->next = ref;
    else
        list->first = ref;
    list->last = ref;
    return true;
}

weir_status weir_cells_upsert(weir_cells *cells, const weir_batch *batch, const weir_rows *rows, const int64_t *numbers,
                              const int64_t *starts,
                              void **values, weir_error *error) {
    WEIR_TRY(scratch_room(cells, batch->rows, error));
    memcpy(cells->columns, batch->columns, cells->input_count * sizeof(weir_column *));
    int64_t *into = cells->numbers->values;
    WEIR_FOR_ROWS(rows, row, { into[row] = numbers[row]; });
    if (cells->starts) {
        int64_t *also = cells->start_column->values;
        WEIR_FOR_ROWS(rows, row, { also[row] = starts[row]; });
    }
    uint8_t created[WEIR_BATCH_ROWS];
    uint8_t *fresh = batch->rows <= WEIR_BATCH_ROWS ? created : weir_memory_alloc(cells->context->memory, batch->rows);
    if (fresh == NULL)
        return weir_fail_memory(error, cells->context->name, batch->rows);
    weir_status status = weir_keyed_upsert(cells->keyed, cells->columns, cells->key_columns, rows, values, fresh, error);
    for (uint32_t k = 0; status == WEIR_OK && k < rows->count; k++) {
        uint32_t row = rows->index == NULL ? k : rows->index[k];
        if (!fresh[row])
            continue;
        weir_cell *cell = values[row];
        cell->start_ms = cells->starts ? starts[row] : 0;
        if (!list_append(cells, numbers[row], cell))
            status = weir_fail_memory(error, cells->context->name, sizeof(weir_cell_list));
    }
    if (fresh != created)
        weir_memory_free(cells->context->memory, fresh, batch->rows);
    return status;
}

static weir_status like_one(weir_cells *cells, const char *key, size_t size, int64_t number, weir_cell **out, weir_error *error) {
    bool created = false;
    *out = weir_keyed_upsert_bytes(cells->keyed, key, size, &created);
    if (*out != NULL && (!created || list_append(cells, number, *out)))
        return WEIR_OK;
    return weir_fail_memory(error, cells->context->name, size);
}

/* The number is the last part of the key's compact bytes. All keys first, so that their slots are on the way when they are looked up. */
weir_status weir_cells_like(weir_cells *cells, const weir_cells *other, weir_cell *const *likes, uint32_t count, int64_t number,
                            weir_cell **out, weir_error *error) {
    enum { KEY_BYTES = 64 };
    char keys[WEIR_CELLS_AT_ONCE][KEY_BYTES];
    weir_text texts[WEIR_CELLS_AT_ONCE];
    for (uint32_t k = 0; k < count; k++) {
        texts[k] = weir_keyed_key(other->keyed, likes[k]);
        if (texts[k].size > KEY_BYTES)
            continue;
        memcpy(keys[k], texts[k].data, texts[k].size);
        memcpy(keys[k] + texts[k].size - sizeof number, &number, sizeof number);
        weir_keyed_expect_bytes(cells->keyed, keys[k], texts[k].size);
    }
    weir_status status = WEIR_OK;
    for (uint32_t k = 0; k < count && status == WEIR_OK; k++) {
        size_t size = texts[k].size;
        if (size <= KEY_BYTES) {
            status = like_one(cells, keys[k], size, number, &out[k], error);
            continue;
        }
        char *key = weir_memory_alloc(cells->context->memory, size);
        if (key == NULL)
            return weir_fail_memory(error, cells->context->name, size);
        memcpy(key, texts[k].data, size);
        memcpy(key + size - sizeof number, &number, sizeof number);
        status = like_one(cells, key, size, number, &out[k], error);
        weir_memory_free(cells->context->memory, key, size);
    }
    return status;
}

int64_t weir_cells_first_number(const weir_cells *cells) {
    weir_sorted_entry *first = weir_sorted_first(cells->state, *lists_root(cells));
    return first == NULL ? INT64_MAX : weir_sorted_get_i64(weir_sorted_key(first).data);
}

static weir_sorted_entry *list_entry(const weir_cells *cells, int64_t number) {
    char key[8];
    weir_sorted_i64(number, key);
    return weir_sorted_find(cells->state, *lists_root(cells), key, sizeof key);
}

weir_cell_list *weir_cells_list(weir_cells *cells, int64_t number) {
    weir_sorted_entry *entry = list_entry(cells, number);
    return entry == NULL ? NULL : weir_sorted_payload(entry);
}

void weir_cells_list_drop(weir_cells *cells, int64_t number) {
    weir_sorted_entry *entry = list_entry(cells, number);
    if (entry == NULL)
        return;
    if (cells->cached_number == number)
        cells->cached = NULL;
    weir_sorted_remove(cells->state, lists_root(cells), entry);
}
