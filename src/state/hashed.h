/* A hash set of byte strings with a count each, inside a keyed value: pointer-free, its root is a weir_hashed of 16 bytes. For DISTINCT:
 * what was seen, and how often.
 *
 * Open addressing over slots of 32 bytes; a string of up to 16 bytes lies in its slot, a longer one in a block of its own. Slots move when
 * the set grows or a string is removed, so a slot is good until the next put or remove only. Sizes double at three quarters full; removal
 * shifts the followers back, so no tombstones gather (Knuth, TAOCP 3, 6.4, algorithm R).
 */
#ifndef WEIR_STATE_HASHED_H
#define WEIR_STATE_HASHED_H

#include "state/state.h"

enum { WEIR_HASHED_INLINE_BYTES = 16 };

typedef struct weir_hashed {
    weir_ref slots;    /* 0: empty */
    uint32_t capacity; /* slots, a power of two */
    uint32_t count;
} weir_hashed;

typedef struct weir_hashed_slot {
    uint32_t hash; /* never 0 in a slot that is taken */
    uint32_t size; /* bytes */
    int64_t count; /* the caller's; 0 when new */
    union {
        char inlined[WEIR_HASHED_INLINE_BYTES];
        weir_ref block;
    } as;
} weir_hashed_slot;
_Static_assert(sizeof(weir_hashed_slot) == 32, "two slots a cache line");

/* Find or make the slot of a string. NULL: no memory, nothing changed. */
weir_hashed_slot *weir_hashed_put(weir_state *state, weir_hashed *set, const char *bytes, size_t size, bool *created) WEIR_MUST_USE;
/* NULL: not there. */
weir_hashed_slot *weir_hashed_find(weir_state *state, const weir_hashed *set, const char *bytes, size_t size);
void weir_hashed_remove(weir_state *state, weir_hashed *set, weir_hashed_slot *slot);
void weir_hashed_clear(weir_state *state, weir_hashed *set);
/* All slots in no particular order: start with *cursor = 0; NULL at the end. The set must not change meanwhile. */
const weir_hashed_slot *weir_hashed_next(const weir_state *state, const weir_hashed *set, uint32_t *cursor);
weir_text weir_hashed_bytes(const weir_state *state, const weir_hashed_slot *slot);

#endif
