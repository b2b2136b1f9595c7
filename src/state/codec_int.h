/* What the codec's files share. */
#ifndef WEIR_STATE_CODEC_INT_H
#define WEIR_STATE_CODEC_INT_H

#include "state/codec.h"

typedef struct codec_part {
    const weir_type *type;
    uint32_t column; /* of the batches that are encoded */
    weir_layout layout;
    uint32_t fixed_bytes; /* of the value; 0: variable */
    bool descending;
    bool nulls_last;
} codec_part;

struct weir_codec {
    uint32_t count;
    bool ordered;
    bool all_fixed;
    uint32_t bitmap_bytes; /* compact only */
    uint32_t fixed_bytes;  /* of a row whose variable parts are empty */
    codec_part *parts;
};

/* Every NaN becomes the same NaN. -0.0 stays what it is: as in Flink, whose keys and rows are bytes too, it is no equal of 0.0, and a row
 * that is kept comes out as it went in. */
static inline uint64_t codec_f64_bits(double value) {
    if (value != value)
        return UINT64_C(0x7FF8000000000000);
    uint64_t bits;
    memcpy(&bits, &value, 8);
    return bits;
}
static inline uint32_t codec_f32_bits(float value) {
    if (value != value)
        return UINT32_C(0x7FC00000);
    uint32_t bits;
    memcpy(&bits, &value, 4);
    return bits;
}

size_t codec_ordered_size(const weir_codec *codec, weir_column *const *columns, uint32_t row);
size_t codec_ordered_write(const weir_codec *codec, weir_column *const *columns, uint32_t row, char *out);
/* Nested values: what stands behind the validity that the caller has written. */
size_t codec_nested_size(const weir_column *column, uint32_t row);
size_t codec_nested_write(const weir_column *column, uint32_t row, char *out);
/* `column` NULL: only skip. */
size_t codec_nested_read(const weir_type *type, const char *bytes, weir_column *column, uint32_t row);

#endif
