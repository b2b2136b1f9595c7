/* The memory account: every byte that a job keeps is reserved here before it is used.
 *
 * Accounts form a tree (process, job, operator). A reservation counts against the account and all its ancestors; the first
 * one whose limit would be passed refuses it. Allocation itself is glibc's malloc, in 64-byte-aligned blocks.
 * Threads: all functions may be called from any thread; the counters are atomic.
 * Tests make the n-th allocation fail with weir_memory_fail_after.
 */
#ifndef WEIR_BASE_MEMORY_H
#define WEIR_BASE_MEMORY_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

typedef struct weir_memory {
    struct weir_memory *parent; /* NULL for the root */
    const char *owner;          /* static or longer-lived text, for messages: "GroupAggregate[3]" */
    size_t limit_bytes;         /* SIZE_MAX: no limit of its own */
    _Atomic size_t used_bytes;
    _Atomic size_t peak_bytes;
} weir_memory;

void weir_memory_init(weir_memory *memory, weir_memory *parent, const char *owner, size_t limit_bytes);
/* Asserts in debug builds that everything was given back. */
void weir_memory_deinit(weir_memory *memory);

/* Count bytes that were allocated elsewhere. False: the limit was reached, nothing is counted. */
bool weir_memory_reserve(weir_memory *memory, size_t size_bytes) WEIR_MUST_USE;
void weir_memory_release(weir_memory *memory, size_t size_bytes);

/* NULL when there is no more. The contents are undefined (alloc), zero (zalloc). Size 0 gives a valid, unique block. */
void *weir_memory_alloc(weir_memory *memory, size_t size_bytes) WEIR_MUST_USE;
void *weir_memory_zalloc(weir_memory *memory, size_t size_bytes) WEIR_MUST_USE;
/* The old block stays valid when NULL is returned. `block` may be NULL with old_bytes 0. */
void *weir_memory_realloc(weir_memory *memory, void *block, size_t old_bytes, size_t new_bytes) WEIR_MUST_USE;
void weir_memory_free(weir_memory *memory, void *block, size_t size_bytes);

/* Fault injection: the count-th allocation from now on (1 = the next) and, with `sticky`, all later ones fail. 0 switches it off. */
void weir_memory_fail_after(uint64_t count, bool sticky);
/* Allocations tried since weir_memory_fail_after was last called. */
uint64_t weir_memory_tries(void);

/* Grow an array of `*capacity` items (item_bytes each) to hold at least `wanted`; at least doubles. False: no memory, nothing changed. */
bool weir_memory_grow(weir_memory *memory, void **items, size_t *capacity, size_t wanted, size_t item_bytes) WEIR_MUST_USE;

#endif
