/* A value kept in state: its compact bytes in a block of their own, or inline when they are few. For MIN, MAX, FIRST_VALUE and the like. */
#ifndef WEIR_AGG_STORED_H
#define WEIR_AGG_STORED_H

#include "agg/agg_int.h"

enum { STORED_INLINE_BYTES = 16 };

typedef struct stored_value {
    uint32_t size;     /* bytes; 0: nothing stored (a value has at least its validity) */
    uint32_t capacity; /* of the block; 0: inline */
    union {
        char inlined[STORED_INLINE_BYTES];
        weir_ref block;
    } as;
} stored_value;

/* Replace what is stored. */
weir_status stored_set(weir_state *state, stored_value *stored, const char *bytes, size_t size, weir_error *error) WEIR_MUST_USE;
const char *stored_bytes(const weir_state *state, const stored_value *stored);
void stored_clear(weir_state *state, stored_value *stored);

/* Encode row `row` of `columns` into `scratch` (cleared first). */
weir_status stored_encode(const weir_codec *codec, weir_column *const *columns, uint32_t row, weir_builder *scratch,
                          weir_error *error) WEIR_MUST_USE;
/* Write one encoded value to out[row]; empty bytes make it NULL. */
void stored_put(const weir_codec *codec, const char *bytes, size_t size, weir_column *out, uint32_t row);

#endif
