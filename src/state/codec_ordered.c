/* The ordered codec: memcmp of two encodings orders the rows. For each key:
 *
 *     [marker] NULLs before or behind all values, whatever the direction
 *     [value]  integers big end first with the sign turned; doubles likewise, -0.0 as 0.0, NaN above all; text with 00 written as 00 FF
 *              and ended by 00 00;
 *              every byte turned over when descending
 *
 * Only scalars can be compared; nested values are ordered by their compact bytes, which at least keeps equal ones together.
 */
#include "state/codec_int.h"

static void put_be32(uint32_t value, char *out) {
    value = __builtin_bswap32(value);
    memcpy(out, &value, 4);
}

static void put_be64(uint64_t value, char *out) {
    value = __builtin_bswap64(value);
    memcpy(out, &value, 8);
}

static uint32_t turn_f32(uint32_t bits) { return bits >> 31 ? ~bits : bits | UINT32_C(1) << 31; }
static uint64_t turn_f64(uint64_t bits) { return bits >> 63 ? ~bits : bits | UINT64_C(1) << 63; }

static size_t escaped_size(weir_text text) {
    size_t size = text.size + 2;
    const char *at = text.data, *end = text.data + text.size;
    while (at < end && (at = memchr(at, 0, (size_t)(end - at))) != NULL) {
        size++;
        at++;
    }
    return size;
}

static size_t escaped_write(weir_text text, char *out) {
    size_t at = 0;
    if (text.size > 0 && memchr(text.data, 0, text.size) == NULL) {
        memcpy(out, text.data, text.size);
        at = text.size;
    } else {
        for (size_t i = 0; i < text.size; i++) {
            out[at++] = text.data[i];
            if (text.data[i] == 0)
                out[at++] = (char)0xFF;
        }
    }
    out[at++] = 0;
    out[at++] = 0;
    return at;
}

static size_t value_write(const codec_part *part, const weir_column *column, uint32_t row, char *out) {
    switch (part->layout) {
    case WEIR_LAYOUT_U8: out[0] = (char)WEIR_VALUES(column, uint8_t)[row]; return 1;
    case WEIR_LAYOUT_I8: out[0] = (char)(WEIR_VALUES(column, uint8_t)[row] ^ 0x80); return 1;
    case WEIR_LAYOUT_I16: {
        uint16_t value = WEIR_VALUES(column, uint16_t)[row] ^ 0x8000;
        out[0] = (char)(value >> 8);
        out[1] = (char)value;
        return 2;
    }
    case WEIR_LAYOUT_I32: put_be32(WEIR_VALUES(column, uint32_t)[row] ^ UINT32_C(1) << 31, out); return 4;
    case WEIR_LAYOUT_I64: put_be64(WEIR_VALUES(column, uint64_t)[row] ^ UINT64_C(1) << 63, out); return 8;
    /* + 0.0: -0.0 becomes 0.0 */
    case WEIR_LAYOUT_F32: put_be32(turn_f32(codec_f32_bits(WEIR_VALUES(column, float)[row] + 0.0f)), out); return 4;
    case WEIR_LAYOUT_F64: put_be64(turn_f64(codec_f64_bits(WEIR_VALUES(column, double)[row] + 0.0)), out); return 8;
    case WEIR_LAYOUT_I128: {
        weir_u128 value = WEIR_VALUES(column, weir_u128)[row];
        put_be64((uint64_t)(value >> 64) ^ UINT64_C(1) << 63, out);
        put_be64((uint64_t)value, out + 8);
        return 16;
    }
    case WEIR_LAYOUT_TIMESTAMP_NS: {
        weir_timestamp_ns value = WEIR_VALUES(column, weir_timestamp_ns)[row];
        put_be64((uint64_t)value.milliseconds ^ UINT64_C(1) << 63, out);
        put_be32((uint32_t)value.nanoseconds, out + 8);
        return 12;
    }
    case WEIR_LAYOUT_VIEW: return escaped_write(weir_column_text(column, row), out);
    default: return codec_nested_write(column, row, out);
    }
}

size_t codec_ordered_size(const weir_codec *codec, weir_column *const *columns, uint32_t row) {
    size_t size = codec->count;
    for (uint32_t i = 0; i < codec->count; i++) {
        const codec_part *part = &codec->parts[i];
        const weir_column *column = columns[part->column];
        if (!weir_column_is_valid(column, row))
            continue;
        if (part->fixed_bytes > 0)
            size += part->fixed_bytes;
        else
            size += part->layout == WEIR_LAYOUT_VIEW ? escaped_size(weir_column_text(column, row)) : codec_nested_size(column, row);
    }
    return size;
}

size_t codec_ordered_write(const weir_codec *codec, weir_column *const *columns, uint32_t row, char *out) {
    size_t at = 0;
    for (uint32_t i = 0; i < codec->count; i++) {
        const codec_part *part = &codec->parts[i];
        const weir_column *column = columns[part->column];
        bool valid = weir_column_is_valid(column, row);
        out[at++] = valid != part->nulls_last; /* NULLS LAST: 1 for NULL; else 0 for NULL */
        if (!valid)
            continue;
        size_t bytes = value_write(part, column, row, out + at);
        for (size_t k = 0; part->descending && k < bytes; k++)
            out[at + k] = (char)~out[at + k];
        at += bytes;
    }
    return at;
}
