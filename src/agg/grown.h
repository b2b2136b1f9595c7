/* Bytes that only grow, in one block of the state: what LISTAGG, ARRAY_AGG and JSON_ARRAYAGG keep over rows that never go. */
#ifndef WEIR_AGG_GROWN_H
#define WEIR_AGG_GROWN_H

#include "agg/agg_int.h"

typedef struct grown {
    weir_ref block;
    uint32_t size, capacity; /* bytes */
    int64_t count;           /* of values */
} grown;

/* Room for `size` more bytes at the end; the caller fills it and counts. NULL: no memory. */
char *grown_room(weir_state *state, grown *self, size_t size) WEIR_MUST_USE;
weir_status grown_add(weir_state *state, grown *self, weir_text bytes, weir_error *error) WEIR_MUST_USE;
weir_text grown_bytes(const weir_state *state, const grown *self);
void grown_clear(weir_state *state, grown *self);

#endif
