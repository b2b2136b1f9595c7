/* Rows as bytes. Two codecs over a list of column types:
 *   - compact: canonical, pointer-free; equal rows (NULL = NULL, NaN = NaN) have equal bytes: keys, stored rows, multisets; -0.0 is not
 * 0.0;
 *   - ordered: memcmp of two encodings orders the rows as ORDER BY does (-0.0 = 0.0), with per-column direction and NULL placement: sort
 *     keys, trees.
 * Nested types are allowed in the compact codec, only scalars in the ordered one. Immutable after creation; may be shared by threads.
 */
#ifndef WEIR_STATE_CODEC_H
#define WEIR_STATE_CODEC_H

#include "column/batch.h"

typedef struct weir_codec weir_codec;

typedef struct weir_sort_key {
    uint32_t column;
    bool descending;
    bool nulls_last;
} weir_sort_key;

/* The i-th type belongs to columns[column[i]] of the batches that are encoded (column NULL: i itself). Lives in the arena;
 * NULL: no memory. */
weir_codec *weir_codec_create(weir_arena *arena, const weir_type *const *types, const uint32_t *columns, uint32_t count) WEIR_MUST_USE;
weir_codec *weir_codec_create_ordered(weir_arena *arena, const weir_type *const *types /* of the keys, in order */,
                                      const weir_sort_key *keys, uint32_t count) WEIR_MUST_USE;

/* Bytes of a row; writing exactly that many. */
size_t weir_codec_size(const weir_codec *codec, weir_column *const *columns, uint32_t row);
size_t weir_codec_write(const weir_codec *codec, weir_column *const *columns, uint32_t row, char *out);
/* Encode all rows at once into a buffer: `out` is cleared first; offsets[row] and sizes[row] are set for the
 * rows visited. */
weir_status weir_codec_write_rows(const weir_codec *codec, weir_column *const *columns, const weir_rows *rows, weir_builder *out,
                                  uint32_t *offsets, uint32_t *sizes, weir_error *error) WEIR_MUST_USE;
/* Decode a compact row: value i goes to out[i] at `row` (text is copied into the column). Returns the bytes read. Failures stick to the
 * columns. */
size_t weir_codec_read(const weir_codec *codec, const char *bytes, weir_column *const *out, uint32_t row);
uint32_t weir_codec_count(const weir_codec *codec);

#endif
