/* A column's life: creation, growth while filling, text memory, references. Copying is in column_gather.c, boxed values in
 * column_value.c, equality and order in column_compare.c. */
#include "column/column.h"

#include <assert.h>

#include "column/column_int.h"

enum { TEXT_BLOCK_BYTES_MIN = 1024, TEXT_BLOCK_BYTES_FIRST_MAX = 65536, TEXT_BLOCK_BYTES_MAX = 1048576, TEXT_BYTES_PER_ROW_GUESS = 16 };

static uint32_t child_count_of(const weir_type *type) {
    switch (type->kind) {
    case WEIR_KIND_ARRAY: return 1;
    case WEIR_KIND_MULTISET:
    case WEIR_KIND_MAP: return 2;
    case WEIR_KIND_ROW: return type->field_count;
    default: return 0;
    }
}

static const weir_type *child_type_of(const weir_type *type, uint32_t index) {
    if (type->kind == WEIR_KIND_ROW)
        return type->fields[index].type;
    if (type->kind == WEIR_KIND_MULTISET && index == 1)
        return weir_type_simple(WEIR_KIND_INT, false);
    return type->children[index];
}

/* One block: the values, then a validity byte per row. */
static weir_buffer *block_create(weir_memory *memory, weir_layout layout, uint32_t capacity) {
    size_t value_bytes = (size_t)capacity * weir_layout_bytes(layout);
    weir_buffer *block = weir_buffer_create(memory, value_bytes + capacity);
    if (block != NULL)
        memset(block->data, 0, value_bytes);
    return block;
}

static void block_attach(weir_column *column, weir_buffer *block, uint32_t capacity) {
    column->block = block;
    column->capacity = capacity;
    column->values = column->layout == WEIR_LAYOUT_NONE ? NULL : block->data;
    column->valid_storage = block->data + (size_t)capacity * weir_layout_bytes(column->layout);
}

static bool children_create(weir_column *column, uint32_t capacity) {
    uint32_t count = child_count_of(column->type);
    if (count == 0)
        return true;
    column->children = weir_memory_zalloc(column->memory, count * sizeof(weir_column *));
    if (column->children == NULL)
        return false;
    column->child_count = count;
    for (uint32_t i = 0; i < count; i++) {
        column->children[i] = weir_column_create(column->memory, child_type_of(column->type, i), capacity);
        if (column->children[i] == NULL)
            return false;
    }
    return true;
}

weir_column *weir_column_create(weir_memory *memory, const weir_type *type, uint32_t capacity) {
    weir_column *column = weir_memory_zalloc(memory, sizeof(weir_column));
    if (column == NULL)
        return NULL;
    atomic_init(&column->references, 1);
    column->memory = memory;
    column->type = type;
    column->layout = weir_type_layout(type);
    weir_buffer *block = block_create(memory, column->layout, capacity);
    if (block == NULL) {
        weir_column_unref(column);
        return NULL;
    }
    block_attach(column, block, capacity);
    if (type->kind == WEIR_KIND_NULL) {
        column->valid = column->valid_storage;
        memset(column->valid, 0, capacity);
    }
    if (!children_create(column, capacity)) {
        weir_column_unref(column);
        return NULL;
    }
    return column;
}

weir_column *weir_column_ref(weir_column *column) {
    uint32_t before = atomic_fetch_add_explicit(&column->references, 1, memory_order_relaxed);
    assert(before > 0);
    (void)before;
    return column;
}

void weir_column_unref(weir_column *column) {
    if (column == NULL)
        return;
    uint32_t before = atomic_fetch_sub_explicit(&column->references, 1, memory_order_acq_rel);
    assert(before > 0);
    if (before != 1)
        return;
    weir_memory *memory = column->memory;
    weir_buffer_unref(column->block);
    for (uint32_t i = 0; i < column->kept_count; i++)
        weir_buffer_unref(column->kept[i]);
    weir_memory_free(memory, column->kept, column->kept_capacity * sizeof(weir_buffer *));
    for (uint32_t i = 0; i < column->child_count; i++)
        weir_column_unref(column->children[i]);
    weir_memory_free(memory, column->children, column->child_count * sizeof(weir_column *));
    weir_memory_free(memory, column, sizeof(weir_column));
}

bool weir_column_grow(weir_column *column, uint32_t capacity) {
    if (capacity <= column->capacity)
        return true;
    assert(atomic_load(&column->references) == 1);
    uint64_t doubled = (uint64_t)column->capacity * 2;
    uint32_t next = doubled > UINT32_MAX ? UINT32_MAX : (uint32_t)doubled;
    if (next < capacity)
        next = capacity;
    weir_buffer *block = block_create(column->memory, column->layout, next);
    if (block == NULL) {
        column->failed = true;
        return false;
    }
    /* The children of a row have its rows; those of an array have their own count and grow in weir_column_span_add. */
    if (column->type->kind == WEIR_KIND_ROW) {
        for (uint32_t i = 0; i < column->child_count; i++) {
            if (!weir_column_grow(column->children[i], next)) {
                weir_buffer_unref(block);
                column->failed = true;
                return false;
            }
        }
    }
    uint32_t old = column->capacity;
    weir_buffer *old_block = column->block;
    const uint8_t *old_valid = column->valid;
    if (old > 0)
        memcpy(block->data, old_block->data, (size_t)old * weir_layout_bytes(column->layout));
    block_attach(column, block, next);
    if (old_valid != NULL) {
        column->valid = column->valid_storage;
        memcpy(column->valid, old_valid, old);
        memset(column->valid + old, column->type->kind == WEIR_KIND_NULL ? 0 : 1, next - old);
    }
    weir_buffer_unref(old_block);
    return true;
}

static bool kept_add(weir_column *column, weir_buffer *owned) {
    size_t capacity = column->kept_capacity;
    if (!weir_memory_grow(column->memory, (void **)&column->kept, &capacity, (size_t)column->kept_count + 1, sizeof(weir_buffer *))) {
        column->failed = true;
        return false;
    }
    column->kept_capacity = (uint32_t)capacity;
    column->kept[column->kept_count++] = owned;
    return true;
}

bool weir_column_keep(weir_column *column, weir_buffer *buffer) {
    /* From the end: the buffer that was kept last is the one that is asked for again and again. */
    for (uint32_t i = column->kept_count; i > 0; i--)
        if (column->kept[i - 1] == buffer)
            return true;
    if (!kept_add(column, buffer))
        return false;
    weir_buffer_ref(buffer);
    return true;
}

/* Every buffer of `source` and below is kept by every text column in `column` and below. */
static bool keep_all_in_all(weir_column *column, const weir_column *source) {
    bool done = true;
    if (column->layout == WEIR_LAYOUT_VIEW)
        for (uint32_t i = 0; i < source->kept_count; i++)
            done = weir_column_keep(column, source->kept[i]) && done;
    for (uint32_t i = 0; i < source->child_count; i++)
        done = keep_all_in_all(column, source->children[i]) && done;
    for (uint32_t i = 0; i < column->child_count; i++)
        done = keep_all_in_all(column->children[i], source) && done;
    if (!done)
        column->failed = true;
    return done;
}

bool weir_column_keep_from(weir_column *column, const weir_column *source) {
    if (column->child_count == 0 && source->child_count == 0) {
        for (uint32_t i = 0; i < source->kept_count; i++)
            if (!weir_column_keep(column, source->kept[i]))
                return false;
        return true;
    }
    if (column->type->kind != source->type->kind || column->child_count != source->child_count)
        return keep_all_in_all(column, source);
    for (uint32_t i = 0; i < column->child_count; i++) {
        if (!weir_column_keep_from(column->children[i], source->children[i])) {
            column->failed = true;
            return false;
        }
    }
    return true;
}

/* A new text block becomes the one that is filled, unless the text is so large that it takes a block of its own. */
static char *text_block_add(weir_column *column, size_t size) {
    size_t next = (size_t)column->capacity * TEXT_BYTES_PER_ROW_GUESS;
    if (next < TEXT_BLOCK_BYTES_MIN)
        next = TEXT_BLOCK_BYTES_MIN;
    if (next > TEXT_BLOCK_BYTES_FIRST_MAX)
        next = TEXT_BLOCK_BYTES_FIRST_MAX;
    for (uint32_t i = 0; i < column->kept_count && next < TEXT_BLOCK_BYTES_MAX; i++)
        next *= 2;
    bool own = size > next / 4;
    weir_buffer *buffer = weir_buffer_create(column->memory, own ? size : next);
    if (buffer == NULL || !kept_add(column, buffer)) {
        weir_buffer_unref(buffer);
        column->failed = true;
        return NULL;
    }
    if (!own) {
        column->text_at = (char *)buffer->data + size;
        column->text_end = (char *)buffer->data + next;
    }
    return (char *)buffer->data;
}

char *weir_column_text_room(weir_column *column, size_t size) {
    assert(column->layout == WEIR_LAYOUT_VIEW);
    if (size > UINT32_MAX) {
        column->failed = true;
        return NULL;
    }
    if (size > (size_t)(column->text_end - column->text_at) || column->text_at == NULL)
        return text_block_add(column, size);
    char *room = column->text_at;
    column->text_at += size;
    return room;
}

void weir_column_put_text(weir_column *column, uint32_t row, weir_text text) {
    if (text.size <= WEIR_VIEW_INLINE_BYTES) {
        WEIR_VALUES(column, weir_view)[row] = weir_view_over(text.data, (uint32_t)text.size);
        return;
    }
    char *room = weir_column_text_room(column, text.size);
    if (room == NULL)
        return;
    memcpy(room, text.data, text.size);
    weir_column_set_view(column, row, room, text.size);
}

uint32_t weir_column_span_add(weir_column *column, uint32_t row, uint32_t count) {
    assert(column->layout == WEIR_LAYOUT_SPAN);
    uint32_t start = column->child_rows;
    uint64_t needed = (uint64_t)start + count;
    if (needed >= UINT32_MAX) {
        column->failed = true;
        return UINT32_MAX;
    }
    for (uint32_t i = 0; i < column->child_count; i++) {
        if (!weir_column_grow(column->children[i], (uint32_t)needed)) {
            column->failed = true;
            return UINT32_MAX;
        }
    }
    WEIR_VALUES(column, weir_span)[row] = (weir_span){start, count};
    column->child_rows = (uint32_t)needed;
    return start;
}
