/* Keyed state: all that an operator keeps from one batch to the next.
 *
 * A weir_state belongs to one operator instance. It owns pages of pointer-free bytes (references inside are weir_ref, not addresses),
 * tables by (key group, key),
 * ordered collections, and timers. Pages never move, so an address got from a reference stays good until the block is freed. Every page
 * carries an epoch, and bytes are
 * changed only through weir_state_write, so that a snapshot can be taken by copying a page when it is first written after the barrier.
 * The key group of a key is weir_hash_frozen(key bytes) % key_groups; it is the unit of spill, rescale and restore.
 *
 * Threads: one. Errors: WEIR_MEMORY when the account is exhausted (names the operator).
 */
#ifndef WEIR_STATE_STATE_H
#define WEIR_STATE_STATE_H

#include "base/arena.h"
#include "base/memory.h"

typedef uint64_t weir_ref; /* page number in the high 32 bits, offset in the low; 0: nothing */

enum { WEIR_KEY_GROUPS_DEFAULT = 128 };

typedef struct weir_state weir_state;

/* `name` for messages and figures: the operator's; text outlives the state. */
weir_state *weir_state_create(weir_memory *memory, const char *name, uint32_t key_groups) WEIR_MUST_USE; /* NULL: no memory */
void weir_state_destroy(weir_state *state);
weir_memory *weir_state_memory(weir_state *state);
uint32_t weir_state_key_groups(const weir_state *state);
size_t weir_state_bytes(const weir_state *state); /* in use, for figures */

/* A block of the state's own under a name, zeroed when it is made: where a table keeps what it must find again (head, count). The same name
 * gives the same block.
 * `name` outlives the state. 0: no memory. */
weir_ref weir_state_root(weir_state *state, const char *name, size_t size_bytes) WEIR_MUST_USE;

/* Blocks: zeroed, 8-byte aligned, any size. 0: no memory. Sizes are given back by the caller (nothing is stored beside the block). */
weir_ref weir_state_alloc(weir_state *state, size_t size_bytes) WEIR_MUST_USE;
void weir_state_free(weir_state *state, weir_ref block, size_t size_bytes); /* 0 is fine */
const void *weir_state_read(const weir_state *state, weir_ref block);
void *weir_state_write(weir_state *state, weir_ref block);

#endif
