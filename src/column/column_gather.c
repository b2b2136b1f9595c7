/* Copying rows between columns: one, a range, or by an index list. Fixed-width values move in loops per layout, nested ones recurse
 * into their children; text is never copied, its views are, while the target keeps the source's buffers alive. */
#include <assert.h>

#include "column/column_int.h"

/* Spans get fresh child rows in the target; UINT32_MAX growth failures leave the row an empty span and `failed` set. */
static void copy_span(weir_column *target, uint32_t target_row, const weir_column *source, uint32_t source_row) {
    weir_span span = weir_column_span(source, source_row);
    uint32_t start = weir_column_span_add(target, target_row, span.count);
    if (start == UINT32_MAX)
        return;
    for (uint32_t i = 0; i < target->child_count; i++)
        weir_column_copy_range(target->children[i], start, source->children[i], span.start, span.count);
    for (uint32_t i = 0; i < target->child_count; i++)
        target->failed |= target->children[i]->failed;
}

static void copy_valid_range(weir_column *target, uint32_t target_at, const weir_column *source, uint32_t source_at, uint32_t count) {
    if (source->valid != NULL)
        memcpy(weir_column_open_valid(target) + target_at, source->valid + source_at, count);
    else if (target->valid != NULL && target->type->kind != WEIR_KIND_NULL)
        memset(target->valid + target_at, 1, count);
}

void weir_column_copy_range(weir_column *target, uint32_t target_at, const weir_column *source, uint32_t source_at, uint32_t count) {
    assert(target->layout == source->layout);
    if (count == 0)
        return;
    copy_valid_range(target, target_at, source, source_at, count);
    if (target->layout == WEIR_LAYOUT_SPAN) {
        for (uint32_t k = 0; k < count; k++)
            if (weir_column_is_valid(source, source_at + k))
                copy_span(target, target_at + k, source, source_at + k);
        return;
    }
    if (target->layout == WEIR_LAYOUT_NONE) {
        for (uint32_t i = 0; i < target->child_count; i++) {
            weir_column_copy_range(target->children[i], target_at, source->children[i], source_at, count);
            target->failed |= target->children[i]->failed;
        }
        return;
    }
    size_t bytes = weir_layout_bytes(target->layout);
    memcpy((char *)target->values + target_at * bytes, (const char *)source->values + source_at * bytes, count * bytes);
}

void weir_column_copy_row(weir_column *target, uint32_t target_row, const weir_column *source, uint32_t source_row) {
    if (!weir_column_keep_from(target, source))
        return;
    weir_column_copy_range(target, target_row, source, source_row, 1);
}

/* The validity of gathered rows; `missing` says that some index is UINT32_MAX. */
static void gather_valid(weir_column *target, uint32_t target_at, const weir_column *source, const uint32_t *index, uint32_t count,
                         bool missing) {
    if (source->valid == NULL && !missing) {
        if (target->valid != NULL && target->type->kind != WEIR_KIND_NULL)
            memset(target->valid + target_at, 1, count);
        return;
    }
    uint8_t *restrict out = weir_column_open_valid(target) + target_at;
    const uint8_t *valid = source->valid;
    if (!missing) {
        for (uint32_t k = 0; k < count; k++)
            out[k] = valid[index[k]];
    } else if (valid == NULL) {
        for (uint32_t k = 0; k < count; k++)
            out[k] = index[k] != UINT32_MAX;
    } else {
        for (uint32_t k = 0; k < count; k++)
            out[k] = index[k] != UINT32_MAX && valid[index[k]];
    }
}

#define GATHER(c_type)                                                        \
    do {                                                                      \
        c_type *restrict out = WEIR_VALUES(target, c_type) + target_at;       \
        const c_type *in = WEIR_VALUES(source, c_type);                       \
        if (!missing) {                                                       \
            for (uint32_t k = 0; k < count; k++)                              \
                out[k] = in[index[k]];                                        \
        } else {                                                              \
            for (uint32_t k = 0; k < count; k++)                              \
                out[k] = index[k] == UINT32_MAX ? (c_type){0} : in[index[k]]; \
        }                                                                     \
    } while (0)

static void gather_values(weir_column *target, uint32_t target_at, const weir_column *source, const uint32_t *index, uint32_t count,
                          bool missing) {
    switch (weir_layout_bytes(target->layout)) {
    case 1: GATHER(uint8_t); break;
    case 2: GATHER(uint16_t); break;
    case 4: GATHER(uint32_t); break;
    case 8: GATHER(uint64_t); break;
    default: GATHER(weir_timestamp_ns); break; /* any 16 bytes */
    }
}

static void gather(weir_column *target, uint32_t target_at, const weir_column *source, const uint32_t *index, uint32_t count,
                   bool missing) {
    assert(target->layout == source->layout);
    gather_valid(target, target_at, source, index, count, missing);
    if (target->layout == WEIR_LAYOUT_SPAN) {
        for (uint32_t k = 0; k < count; k++)
            if (index[k] != UINT32_MAX && weir_column_is_valid(source, index[k]))
                copy_span(target, target_at + k, source, index[k]);
    } else if (target->layout == WEIR_LAYOUT_NONE) {
        for (uint32_t i = 0; i < target->child_count; i++) {
            gather(target->children[i], target_at, source->children[i], index, count, missing);
            target->failed |= target->children[i]->failed;
        }
    } else {
        gather_values(target, target_at, source, index, count, missing);
    }
}

void weir_column_gather(weir_column *target, uint32_t target_at, const weir_column *source, const uint32_t *index, uint32_t count) {
    if (count == 0 || !weir_column_keep_from(target, source))
        return;
    assert((uint64_t)target_at + count <= target->capacity);
    if (index == NULL) {
        weir_column_copy_range(target, target_at, source, 0, count);
        return;
    }
    uint32_t most = 0; /* UINT32_MAX in there shows in the maximum */
    for (uint32_t k = 0; k < count; k++)
        most = index[k] > most ? index[k] : most;
    gather(target, target_at, source, index, count, most == UINT32_MAX);
}

weir_column *weir_column_take(weir_memory *memory, const weir_column *source, const uint32_t *index, uint32_t count) {
    weir_column *column = weir_column_create(memory, source->type, count);
    if (column == NULL)
        return NULL;
    weir_column_gather(column, 0, source, index, count);
    if (column->failed) {
        weir_column_unref(column);
        return NULL;
    }
    return column;
}
