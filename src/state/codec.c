/* The compact codec: rows as canonical bytes.
 *
 *     row:    [bitmap, bit i set: value i is NULL] [value 0] [value 1] ...
 *     fixed:  the bytes of the layout, little end first; zero when NULL
 *     text:   [size, 4 bytes] [bytes]; size 0 when NULL
 *     nested: nothing when NULL; else see codec_nested.c
 *
 * The ordered codec is in codec_ordered.c; both share creation and the entry points here.
 */
#include <assert.h>
#include <string.h>

#include "base/word.h"
#include "state/codec.h"
#include "state/codec_int.h"

static uint32_t fixed_bytes_of(weir_layout layout) {
    switch (layout) {
    case WEIR_LAYOUT_VIEW:
    case WEIR_LAYOUT_SPAN:
    case WEIR_LAYOUT_NONE: return 0;
    case WEIR_LAYOUT_TIMESTAMP_NS: return 12;
    default: return weir_layout_bytes(layout);
    }
}

static weir_codec *codec_new(weir_arena *arena, const weir_type *const *types, uint32_t count) {
    weir_codec *codec = WEIR_ARENA_NEW(arena, weir_codec);
    codec_part *parts = WEIR_ARENA_ARRAY(arena, codec_part, count);
    if (codec == NULL || parts == NULL)
        return NULL;
    *codec = (weir_codec){.count = count, .parts = parts, .all_fixed = true, .bitmap_bytes = (count + 7) / 8};
    codec->fixed_bytes = codec->bitmap_bytes;
    for (uint32_t i = 0; i < count; i++) {
        parts[i] = (codec_part){.type = types[i], .column = i, .layout = weir_type_layout(types[i])};
        parts[i].fixed_bytes = fixed_bytes_of(parts[i].layout);
        codec->all_fixed &= parts[i].fixed_bytes > 0 || types[i]->kind == WEIR_KIND_NULL;
        codec->fixed_bytes += parts[i].layout == WEIR_LAYOUT_VIEW ? 4 : parts[i].fixed_bytes;
    }
    return codec;
}

weir_codec *weir_codec_create(weir_arena *arena, const weir_type *const *types, const uint32_t *columns, uint32_t count) {
    weir_codec *codec = codec_new(arena, types, count);
    for (uint32_t i = 0; codec != NULL && columns != NULL && i < count; i++)
        codec->parts[i].column = columns[i];
    return codec;
}

weir_codec *weir_codec_create_ordered(weir_arena *arena, const weir_type *const *types, const weir_sort_key *keys, uint32_t count) {
    weir_codec *codec = codec_new(arena, types, count);
    if (codec == NULL)
        return NULL;
    codec->ordered = true;
    for (uint32_t i = 0; i < count; i++) {
        codec->parts[i].column = keys[i].column;
        codec->parts[i].descending = keys[i].descending;
        codec->parts[i].nulls_last = keys[i].nulls_last;
    }
    return codec;
}

uint32_t weir_codec_count(const weir_codec *codec) { return codec->count; }

/* Bytes of a variable part beyond what fixed_bytes of the codec counts. */
static size_t variable_size(const codec_part *part, const weir_column *column, uint32_t row) {
    if (!weir_column_is_valid(column, row))
        return 0;
    return part->layout == WEIR_LAYOUT_VIEW ? WEIR_VALUES(column, weir_view)[row].size : codec_nested_size(column, row);
}

size_t weir_codec_size(const weir_codec *codec, weir_column *const *columns, uint32_t row) {
    if (codec->ordered)
        return codec_ordered_size(codec, columns, row);
    size_t size = codec->fixed_bytes;
    for (uint32_t i = 0; i < codec->count && !codec->all_fixed; i++) {
        const codec_part *part = &codec->parts[i];
        if (part->fixed_bytes == 0)
            size += variable_size(part, columns[part->column], row);
    }
    return size;
}

static size_t fixed_write(weir_layout layout, const weir_column *column, uint32_t row, char *out) {
    switch (layout) {
    case WEIR_LAYOUT_U8:
    case WEIR_LAYOUT_I8: memcpy(out, WEIR_VALUES(column, uint8_t) + row, 1); return 1;
    case WEIR_LAYOUT_I16: memcpy(out, WEIR_VALUES(column, uint16_t) + row, 2); return 2;
    case WEIR_LAYOUT_I32: memcpy(out, WEIR_VALUES(column, uint32_t) + row, 4); return 4;
    case WEIR_LAYOUT_I64: memcpy(out, WEIR_VALUES(column, uint64_t) + row, 8); return 8;
    case WEIR_LAYOUT_F32: {
        uint32_t bits = codec_f32_bits(WEIR_VALUES(column, float)[row]);
        memcpy(out, &bits, 4);
        return 4;
    }
    case WEIR_LAYOUT_F64: {
        uint64_t bits = codec_f64_bits(WEIR_VALUES(column, double)[row]);
        memcpy(out, &bits, 8);
        return 8;
    }
    case WEIR_LAYOUT_I128: memcpy(out, WEIR_VALUES(column, weir_i128) + row, 16); return 16;
    case WEIR_LAYOUT_TIMESTAMP_NS: memcpy(out, WEIR_VALUES(column, weir_timestamp_ns) + row, 12); return 12;
    default: return 0;
    }
}

/* One value of the row at `out`; sets its bit in `bitmap` when NULL. */
static size_t part_write(const codec_part *part, uint32_t index, const weir_column *column, uint32_t row, char *bitmap, char *out) {
    if (!weir_column_is_valid(column, row)) {
        bitmap[index / 8] |= (char)(1u << index % 8);
        size_t bytes = part->layout == WEIR_LAYOUT_VIEW ? 4 : part->fixed_bytes;
        memset(out, 0, bytes);
        return bytes;
    }
    if (part->layout == WEIR_LAYOUT_VIEW) {
        weir_text text = weir_column_text(column, row);
        uint32_t size = (uint32_t)text.size;
        memcpy(out, &size, 4);
        weir_bytes_copy(out + 4, text.data, size);
        return 4 + text.size;
    }
    return part->fixed_bytes > 0 ? fixed_write(part->layout, column, row, out) : codec_nested_write(column, row, out);
}

size_t weir_codec_write(const weir_codec *codec, weir_column *const *columns, uint32_t row, char *out) {
    if (codec->ordered)
        return codec_ordered_write(codec, columns, row, out);
    memset(out, 0, codec->bitmap_bytes);
    size_t at = codec->bitmap_bytes;
    for (uint32_t i = 0; i < codec->count; i++) {
        const codec_part *part = &codec->parts[i];
        at += part_write(part, i, columns[part->column], row, out, out + at);
    }
    return at;
}

/* sizes[row] of all rows; returns their sum. */
static size_t rows_size(const weir_codec *codec, weir_column *const *columns, const weir_rows *rows, uint32_t *sizes) {
    if (codec->ordered) {
        size_t sum = 0;
        WEIR_FOR_ROWS(rows, row, {
            sizes[row] = (uint32_t)codec_ordered_size(codec, columns, row);
            sum += sizes[row];
        });
        return sum;
    }
    size_t sum = (size_t)codec->fixed_bytes * rows->count;
    WEIR_FOR_ROWS(rows, row, { sizes[row] = codec->fixed_bytes; });
    for (uint32_t i = 0; i < codec->count && !codec->all_fixed; i++) {
        const codec_part *part = &codec->parts[i];
        if (part->fixed_bytes > 0)
            continue;
        const weir_column *column = columns[part->column];
        WEIR_FOR_ROWS(rows, row, {
            size_t more = variable_size(part, column, row);
            sizes[row] += (uint32_t)more;
            sum += more;
        });
    }
    return sum;
}

#define WRITE_FIXED(c_type)                                                                \
    WEIR_FOR_ROWS(rows, row, {                                                             \
        c_type value = valid == NULL || valid[row] ? WEIR_VALUES(column, c_type)[row] : 0; \
        memcpy(data + offsets[row] + sizes[row], &value, sizeof(c_type));                  \
        sizes[row] += (uint32_t)sizeof(c_type);                                            \
    })

/* A column at a time: sizes[row] is the place within the row and moves on. */
static void column_write(const codec_part *part, uint32_t index, const weir_column *column, const weir_rows *rows, char *data,
                         const uint32_t *offsets, uint32_t *sizes) {
    const uint8_t *valid = column->valid;
    switch (part->layout) {
    case WEIR_LAYOUT_U8:
    case WEIR_LAYOUT_I8: WRITE_FIXED(uint8_t); break;
    case WEIR_LAYOUT_I16: WRITE_FIXED(uint16_t); break;
    case WEIR_LAYOUT_I32: WRITE_FIXED(uint32_t); break;
    case WEIR_LAYOUT_I64: WRITE_FIXED(uint64_t); break;
    case WEIR_LAYOUT_I128: WRITE_FIXED(weir_u128); break;
    default:
        WEIR_FOR_ROWS(rows, row, {
            char *at = data + offsets[row];
            sizes[row] += (uint32_t)part_write(part, index, column, row, at, at + sizes[row]);
        });
        return;
    }
    if (valid == NULL)
        return;
    WEIR_FOR_ROWS(rows, row, {
        if (!valid[row])
            data[offsets[row] + index / 8] |= (char)(1u << index % 8);
    });
}

weir_status weir_codec_write_rows(const weir_codec *codec, weir_column *const *columns, const weir_rows *rows, weir_builder *out,
                                  uint32_t *offsets, uint32_t *sizes, weir_error *error) {
    size_t sum = rows_size(codec, columns, rows, sizes);
    weir_builder_clear(out);
    char *data = sum > UINT32_MAX ? NULL : weir_builder_room(out, sum);
    if (data == NULL)
        return weir_fail_memory(error, "keys of a batch", sum);
    out->size = sum;
    uint32_t at = 0;
    WEIR_FOR_ROWS(rows, row, {
        offsets[row] = at;
        at += sizes[row];
    });
    if (codec->ordered) {
        WEIR_FOR_ROWS(rows, row, { codec_ordered_write(codec, columns, row, data + offsets[row]); });
        return WEIR_OK;
    }
    WEIR_FOR_ROWS(rows, row, {
        for (uint32_t i = 0; i < codec->bitmap_bytes; i++)
            data[offsets[row] + i] = 0;
        sizes[row] = codec->bitmap_bytes;
    });
    for (uint32_t i = 0; i < codec->count; i++)
        column_write(&codec->parts[i], i, columns[codec->parts[i].column], rows, data, offsets, sizes);
    return WEIR_OK;
}

static size_t value_read(const codec_part *part, const char *bytes, weir_column *column, uint32_t row) {
    switch (part->layout) {
    case WEIR_LAYOUT_VIEW: {
        uint32_t size;
        memcpy(&size, bytes, 4);
        weir_column_put_text(column, row, (weir_text){bytes + 4, size});
        return 4 + (size_t)size;
    }
    case WEIR_LAYOUT_TIMESTAMP_NS: {
        weir_timestamp_ns value = {0};
        memcpy(&value, bytes, 12);
        WEIR_VALUES(column, weir_timestamp_ns)[row] = value;
        return 12;
    }
    case WEIR_LAYOUT_SPAN:
    case WEIR_LAYOUT_NONE: return codec_nested_read(part->type, bytes, column, row);
    default: memcpy((char *)column->values + (size_t)row * part->fixed_bytes, bytes, part->fixed_bytes); return part->fixed_bytes;
    }
}

size_t weir_codec_read(const weir_codec *codec, const char *bytes, weir_column *const *out, uint32_t row) {
    assert(!codec->ordered);
    size_t at = codec->bitmap_bytes;
    for (uint32_t i = 0; i < codec->count; i++) {
        const codec_part *part = &codec->parts[i];
        if (bytes[i / 8] >> i % 8 & 1) {
            weir_column_set_null(out[i], row);
            at += part->layout == WEIR_LAYOUT_VIEW ? 4 : part->fixed_bytes;
            continue;
        }
        if (out[i]->valid != NULL && part->type->kind != WEIR_KIND_NULL)
            out[i]->valid[row] = 1;
        at += value_read(part, bytes + at, out[i], row);
    }
    return at;
}
