/* An arena: memory that is given back all at once (session, statement, job, batch).
 *
 * Blocks grow from 4 KiB to 256 KiB; larger requests get a block of their own. A failed allocation returns NULL and sets
 * `failed`, which stays set, so that a builder may check once at its end. Clean-up hooks run in reverse order on reset.
 * Threads: one at a time.
 */
#ifndef WEIR_BASE_ARENA_H
#define WEIR_BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

#include "base/memory.h"
#include "base/text.h"

typedef struct weir_arena_block weir_arena_block;
typedef struct weir_arena_hook weir_arena_hook;

typedef struct weir_arena {
    weir_memory *memory;
    weir_arena_block *blocks; /* newest first */
    weir_arena_hook *hooks;   /* newest first */
    bool failed;
} weir_arena;

void weir_arena_init(weir_arena *arena, weir_memory *memory);
/* Run the hooks, give everything back; the arena can be used again. */
void weir_arena_reset(weir_arena *arena);
void weir_arena_deinit(weir_arena *arena);

/* Zeroed, aligned to 16 bytes; NULL (and `failed`) without memory. */
void *weir_arena_alloc(weir_arena *arena, size_t size_bytes) WEIR_MUST_USE;
#define WEIR_ARENA_NEW(arena, type) ((type *)weir_arena_alloc((arena), sizeof(type)))
#define WEIR_ARENA_ARRAY(arena, type, count) ((type *)weir_arena_alloc_array((arena), (count), sizeof(type)))
void *weir_arena_alloc_array(weir_arena *arena, size_t count, size_t item_bytes) WEIR_MUST_USE;

/* Copies end in a NUL that is not counted, so that `.data` is a C string when the text holds no NUL. Empty on failure (data NULL). */
weir_text weir_arena_text(weir_arena *arena, weir_text text);
weir_text weir_arena_format(weir_arena *arena, const char *format, ...) WEIR_PRINTF(2, 3);

/* Call `run(data)` when the arena is reset. */
bool weir_arena_on_reset(weir_arena *arena, void (*run)(void *data), void *data) WEIR_MUST_USE;

/* A growing array of pointers in an arena, for lists whose length is not known beforehand. Start with {0}. */
typedef struct weir_list {
    void **items;
    size_t count;
    size_t capacity;
} weir_list;
bool weir_list_add(weir_arena *arena, weir_list *list, void *item); /* false: no memory (the arena remembers) */

#endif
