/* Values kept in the order of their arrival, some of which may go again: (number of arrival) -> bytes, in a sorted collection; and beside
 * it an index (length, bytes, number), so that the first of equal values is found without a walk. */
#ifndef WEIR_AGG_ARRIVALS_H
#define WEIR_AGG_ARRIVALS_H

#include "agg/agg_int.h"
#include "state/sorted.h"

typedef struct arrivals {
    weir_ref root;
    weir_ref index;
    int64_t next;
} arrivals;

weir_status arrivals_add(weir_state *state, arrivals *self, weir_text bytes, weir_error *error) WEIR_MUST_USE;
/* The first arrival of equal bytes goes; none: nothing happens. */
weir_status arrivals_remove(weir_state *state, arrivals *self, weir_text bytes, weir_error *error) WEIR_MUST_USE;
/* Append all of `from`, which is emptied. */
weir_status arrivals_merge(weir_state *state, arrivals *into, arrivals *from, weir_error *error) WEIR_MUST_USE;
void arrivals_clear(weir_state *state, arrivals *self);

static inline weir_text arrival_bytes(weir_sorted_entry *entry) {
    return (weir_text){weir_sorted_payload(entry), weir_sorted_payload_bytes(entry)};
}

#endif
