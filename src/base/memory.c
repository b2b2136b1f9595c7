/* The memory account over malloc; see memory.h. */
#include "base/memory.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_ALIGN_BYTES = 64 };

/* Fault injection counts over the whole process, whatever account asks. */
static _Atomic uint64_t tries;   /* tidy: tests only */
static _Atomic uint64_t fail_at; /* tidy: tests only */
static _Atomic bool fail_sticky; /* tidy: tests only */

void weir_memory_fail_after(uint64_t count, bool sticky) {
    atomic_store(&tries, 0);
    atomic_store(&fail_sticky, sticky);
    atomic_store(&fail_at, count);
}

uint64_t weir_memory_tries(void) { return atomic_load(&tries); }

static bool fault_due(void) {
    uint64_t at = atomic_load_explicit(&fail_at, memory_order_relaxed);
    if (__builtin_expect(at == 0, 1))
        return false;
    uint64_t now = atomic_fetch_add(&tries, 1) + 1;
    return now == at || (now > at && atomic_load(&fail_sticky));
}

void weir_memory_init(weir_memory *memory, weir_memory *parent, const char *owner, size_t limit_bytes) {
    memory->parent = parent;
    memory->owner = owner;
    memory->limit_bytes = limit_bytes;
    atomic_init(&memory->used_bytes, 0);
    atomic_init(&memory->peak_bytes, 0);
}

void weir_memory_deinit(weir_memory *memory) {
    assert(atomic_load(&memory->used_bytes) == 0);
    (void)memory;
}

static bool reserve_one(weir_memory *memory, size_t size_bytes) {
    size_t now = atomic_fetch_add_explicit(&memory->used_bytes, size_bytes, memory_order_relaxed) + size_bytes;
    if (now > memory->limit_bytes || now < size_bytes) {
        atomic_fetch_sub_explicit(&memory->used_bytes, size_bytes, memory_order_relaxed);
        return false;
    }
    size_t peak = atomic_load_explicit(&memory->peak_bytes, memory_order_relaxed);
    while (now > peak &&
           !atomic_compare_exchange_weak_explicit(&memory->peak_bytes, &peak, now, memory_order_relaxed, memory_order_relaxed))
        ;
    return true;
}

bool weir_memory_reserve(weir_memory *memory, size_t size_bytes) {
    for (weir_memory *at = memory; at != NULL; at = at->parent) {
        if (reserve_one(at, size_bytes))
            continue;
        for (weir_memory *undo = memory; undo != at; undo = undo->parent)
            atomic_fetch_sub_explicit(&undo->used_bytes, size_bytes, memory_order_relaxed);
        return false;
    }
    return true;
}

void weir_memory_release(weir_memory *memory, size_t size_bytes) {
    for (weir_memory *at = memory; at != NULL; at = at->parent) {
        size_t before = atomic_fetch_sub_explicit(&at->used_bytes, size_bytes, memory_order_relaxed);
        assert(before >= size_bytes);
        (void)before;
    }
}

/* aligned_alloc wants a multiple of the alignment; small control blocks do without alignment beyond malloc's own. */
static void *block_new(size_t size_bytes) {
    if (size_bytes < 4 * BLOCK_ALIGN_BYTES)
        return malloc(size_bytes == 0 ? 1 : size_bytes);
    size_t rounded = (size_bytes + BLOCK_ALIGN_BYTES - 1) & ~(size_t)(BLOCK_ALIGN_BYTES - 1);
    return rounded < size_bytes ? NULL : aligned_alloc(BLOCK_ALIGN_BYTES, rounded);
}

void *weir_memory_alloc(weir_memory *memory, size_t size_bytes) {
    if (fault_due() || !weir_memory_reserve(memory, size_bytes))
        return NULL;
    void *block = block_new(size_bytes);
    if (block == NULL)
        weir_memory_release(memory, size_bytes);
    return block;
}

void *weir_memory_zalloc(weir_memory *memory, size_t size_bytes) {
    void *block = weir_memory_alloc(memory, size_bytes);
    if (block != NULL)
        memset(block, 0, size_bytes);
    return block;
}

void *weir_memory_realloc(weir_memory *memory, void *block, size_t old_bytes, size_t new_bytes) {
    void *moved = weir_memory_alloc(memory, new_bytes);
    if (moved == NULL)
        return NULL;
    if (block != NULL) {
        memcpy(moved, block, old_bytes < new_bytes ? old_bytes : new_bytes);
        weir_memory_free(memory, block, old_bytes);
    }
    return moved;
}

void weir_memory_free(weir_memory *memory, void *block, size_t size_bytes) {
    if (block == NULL)
        return;
    free(block);
    weir_memory_release(memory, size_bytes);
}

bool weir_memory_grow(weir_memory *memory, void **items, size_t *capacity, size_t wanted, size_t item_bytes) {
    if (wanted <= *capacity)
        return true;
    size_t next = *capacity < 8 ? 8 : *capacity * 2;
    if (next < wanted)
        next = wanted;
    if (next > SIZE_MAX / item_bytes)
        return false;
    void *moved = weir_memory_realloc(memory, *items, *capacity * item_bytes, next * item_bytes);
    if (moved == NULL)
        return false;
    *items = moved;
    *capacity = next;
    return true;
}
