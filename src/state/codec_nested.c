/* Nested values of the compact codec. A value within is [valid, 1 byte] and, when valid, its bytes:
 *
 *     scalar:  as in codec.c
 *     ROW:     the fields in order
 *     ARRAY:   [count, 4 bytes] the elements
 *     MAP, MULTISET: [count, 4 bytes] key, value, key, value ... in rising order of the keys, so that equal maps have equal bytes
 */
#include <assert.h>

#include "state/codec_int.h"

static weir_span span_at(const weir_column *column, uint32_t row) { return WEIR_VALUES(column, weir_span)[row]; }

static uint32_t scalar_bytes(weir_layout layout) { return layout == WEIR_LAYOUT_TIMESTAMP_NS ? 12 : weir_layout_bytes(layout); }

static size_t item_size(const weir_column *column, uint32_t row) {
    if (!weir_column_is_valid(column, row))
        return 1;
    switch (column->layout) {
    case WEIR_LAYOUT_VIEW: return 1 + 4 + (size_t)WEIR_VALUES(column, weir_view)[row].size;
    case WEIR_LAYOUT_SPAN:
    case WEIR_LAYOUT_NONE: return 1 + codec_nested_size(column, row);
    default: return 1 + scalar_bytes(column->layout);
    }
}

size_t codec_nested_size(const weir_column *column, uint32_t row) {
    size_t size = 0;
    if (column->layout == WEIR_LAYOUT_NONE) {
        for (uint32_t i = 0; i < column->child_count; i++)
            size += item_size(column->children[i], row);
        return size;
    }
    weir_span span = span_at(column, row);
    for (uint32_t k = 0; k < span.count; k++)
        for (uint32_t i = 0; i < column->child_count; i++)
            size += item_size(column->children[i], span.start + k);
    return 4 + size;
}

static size_t item_write(const weir_column *column, uint32_t row, char *out) {
    out[0] = weir_column_is_valid(column, row);
    if (!out[0])
        return 1;
    switch (column->layout) {
    case WEIR_LAYOUT_VIEW: {
        weir_text text = weir_column_text(column, row);
        uint32_t size = (uint32_t)text.size;
        memcpy(out + 1, &size, 4);
        if (size > 0)
            memcpy(out + 5, text.data, size);
        return 5 + text.size;
    }
    case WEIR_LAYOUT_F64: {
        uint64_t bits = codec_f64_bits(WEIR_VALUES(column, double)[row]);
        memcpy(out + 1, &bits, 8);
        return 9;
    }
    case WEIR_LAYOUT_F32: {
        uint32_t bits = codec_f32_bits(WEIR_VALUES(column, float)[row]);
        memcpy(out + 1, &bits, 4);
        return 5;
    }
    case WEIR_LAYOUT_SPAN:
    case WEIR_LAYOUT_NONE: return 1 + codec_nested_write(column, row, out + 1);
    default: break;
    }
    uint32_t bytes = scalar_bytes(column->layout);
    memcpy(out + 1, (const char *)column->values + (size_t)row * weir_layout_bytes(column->layout), bytes);
    return 1 + bytes;
}

/* The entry of the span that follows `previous` in order of the keys (UINT32_MAX: the first). Quadratic in all, without memory of its own;
 * maps in keys are small. */
static uint32_t entry_after(const weir_column *keys, weir_span span, uint32_t previous) {
    uint32_t best = UINT32_MAX;
    for (uint32_t row = span.start; row < span.start + span.count; row++) {
        if (previous != UINT32_MAX) {
            int order = weir_column_rows_compare(keys, row, keys, previous);
            if (order < 0 || (order == 0 && row <= previous))
                continue;
        }
        if (best == UINT32_MAX || weir_column_rows_compare(keys, row, keys, best) < 0)
            best = row;
    }
    return best;
}

size_t codec_nested_write(const weir_column *column, uint32_t row, char *out) {
    size_t at = 0;
    if (column->layout == WEIR_LAYOUT_NONE) {
        for (uint32_t i = 0; i < column->child_count; i++)
            at += item_write(column->children[i], row, out + at);
        return at;
    }
    weir_span span = span_at(column, row);
    memcpy(out, &span.count, 4);
    at = 4;
    if (column->child_count == 1) {
        for (uint32_t k = 0; k < span.count; k++)
            at += item_write(column->children[0], span.start + k, out + at);
        return at;
    }
    for (uint32_t k = 0, entry = UINT32_MAX; k < span.count; k++) {
        entry = entry_after(column->children[0], span, entry);
        assert(entry != UINT32_MAX);
        at += item_write(column->children[0], entry, out + at);
        at += item_write(column->children[1], entry, out + at);
    }
    return at;
}

static size_t item_read(const weir_type *type, const char *bytes, weir_column *column, uint32_t row) {
    if (!bytes[0]) {
        if (column != NULL)
            weir_column_set_null(column, row);
        return 1;
    }
    if (column != NULL && column->valid != NULL && type->kind != WEIR_KIND_NULL)
        column->valid[row] = 1;
    weir_layout layout = weir_type_layout(type);
    switch (layout) {
    case WEIR_LAYOUT_VIEW: {
        uint32_t size;
        memcpy(&size, bytes + 1, 4);
        if (column != NULL)
            weir_column_put_text(column, row, (weir_text){bytes + 5, size});
        return 5 + (size_t)size;
    }
    case WEIR_LAYOUT_SPAN:
    case WEIR_LAYOUT_NONE: return 1 + codec_nested_read(type, bytes + 1, column, row);
    default: break;
    }
    uint32_t size = scalar_bytes(layout), stride = weir_layout_bytes(layout);
    if (column != NULL) {
        char *to = (char *)column->values + (size_t)row * stride;
        memset(to, 0, stride);
        memcpy(to, bytes + 1, size);
    }
    return 1 + size;
}

size_t codec_nested_read(const weir_type *type, const char *bytes, weir_column *column, uint32_t row) {
    size_t at = 0;
    if (type->kind == WEIR_KIND_ROW) {
        for (uint32_t i = 0; i < type->field_count; i++) {
            at += item_read(type->fields[i].type, bytes + at, column == NULL ? NULL : column->children[i], row);
            if (column != NULL)
                column->failed |= column->children[i]->failed;
        }
        return at;
    }
    if (type->kind == WEIR_KIND_NULL || type->kind == WEIR_KIND_SYMBOL)
        return 0;
    uint32_t count;
    memcpy(&count, bytes, 4);
    at = 4;
    uint32_t start = column == NULL ? UINT32_MAX : weir_column_span_add(column, row, count);
    const weir_type *types[2] = {type->children[0], type->kind == WEIR_KIND_MAP ? type->children[1]
                                 : weir_type_simple(WEIR_KIND_INT, false)};
    uint32_t width = type->kind == WEIR_KIND_ARRAY ? 1 : 2;
    for (uint32_t k = 0; k < count; k++)
        for (uint32_t i = 0; i < width; i++)
            at += item_read(types[i], bytes + at, start == UINT32_MAX ? NULL : column->children[i], start == UINT32_MAX ? 0 : start + k);
    for (uint32_t i = 0; start != UINT32_MAX && i < width; i++)
        column->failed |= column->children[i]->failed;
    return at;
}
