/* What the files of the room share: the page table, so that references resolve without a call. */
#ifndef WEIR_STATE_STATE_INT_H
#define WEIR_STATE_STATE_INT_H

#include "state/state.h"

typedef struct state_page {
    char *data; /* NULL: the slot is free */
    uint32_t size_bytes;
    uint32_t epoch; /* the epoch in which it was last written */
} state_page;

typedef struct state_root {
    const char *name;
    weir_ref block;
    size_t size_bytes;
} state_root;

/* Sizes up to SMALL_BYTES have a class for every 8 bytes, those up to SHARED_BYTES four classes per doubling; larger blocks have pages of
 * their own. */
enum {
    STATE_SMALL_BYTES = 512,
    STATE_SMALL_CLASSES = STATE_SMALL_BYTES / 8 + 1,
    STATE_SHARED_BYTES = 32768,
    STATE_CLASSES = STATE_SMALL_CLASSES + 4 * 6,
    STATE_PAGE_BYTES_FIRST = 4096,
    STATE_PAGE_BYTES_MAX = 262144,
};

struct weir_state {
    weir_memory *memory;
    const char *name;
    uint32_t key_groups;
    uint32_t epoch;
    size_t bytes;      /* of blocks in use */
    state_page *pages; /* slot 0 is never used: a reference is not 0 */
    size_t page_count;
    size_t page_capacity;
    uint32_t free_slot; /* chain of free slots through size_bytes; 0: none */
    weir_ref bump;      /* free space of the newest shared page */
    uint32_t bump_left;
    uint32_t next_page_bytes;
    /* Chains through the first 8 bytes of free blocks, first freed first used: what is freed in order of age is used again in that order,
     * and lies in memory in that order. */
    weir_ref free_first[STATE_CLASSES], free_last[STATE_CLASSES];
    state_root *roots;
    size_t root_count;
    size_t root_capacity;
};

static inline void *state_at(const weir_state *state, weir_ref block) { return state->pages[block >> 32].data + (uint32_t)block; }
static inline void state_touch(weir_state *state, weir_ref block) { state->pages[block >> 32].epoch = state->epoch; }

#endif
