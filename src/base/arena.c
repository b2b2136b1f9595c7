/* Arenas over the memory account; see arena.h. */
#include "base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { ALIGN_BYTES = 16, FIRST_BLOCK_BYTES = 4096, LAST_BLOCK_BYTES = 256 * 1024 };

struct weir_arena_block {
    weir_arena_block *older;
    size_t size_bytes; /* of the whole block, header included */
    size_t used_bytes; /* header included */
};

struct weir_arena_hook {
    weir_arena_hook *older;
    void (*run)(void *data);
    void *data;
};

static size_t align_up(size_t size_bytes) { return (size_bytes + ALIGN_BYTES - 1) & ~(size_t)(ALIGN_BYTES - 1); }

void weir_arena_init(weir_arena *arena, weir_memory *memory) { *arena = (weir_arena){.memory = memory}; }

void weir_arena_reset(weir_arena *arena) {
    while (arena->hooks != NULL) {
        weir_arena_hook *hook = arena->hooks;
        arena->hooks = hook->older;
        hook->run(hook->data);
    }
    while (arena->blocks != NULL) {
        weir_arena_block *block = arena->blocks;
        arena->blocks = block->older;
        weir_memory_free(arena->memory, block, block->size_bytes);
    }
    arena->failed = false;
}

void weir_arena_deinit(weir_arena *arena) { weir_arena_reset(arena); }

static weir_arena_block *block_add(weir_arena *arena, size_t payload_bytes) {
    size_t header = align_up(sizeof(weir_arena_block));
    size_t size = arena->blocks == NULL ? FIRST_BLOCK_BYTES : arena->blocks->size_bytes * 2;
    if (size > LAST_BLOCK_BYTES)
        size = LAST_BLOCK_BYTES;
    if (size < header + payload_bytes)
        size = header + payload_bytes;
    weir_arena_block *block = weir_memory_alloc(arena->memory, size);
    if (block == NULL)
        return NULL;
    *block = (weir_arena_block){.older = arena->blocks, .size_bytes = size, .used_bytes = header};
    arena->blocks = block;
    return block;
}

void *weir_arena_alloc(weir_arena *arena, size_t size_bytes) {
    if (size_bytes > SIZE_MAX / 2) {
        arena->failed = true;
        return NULL;
    }
    size_t size = align_up(size_bytes == 0 ? 1 : size_bytes);
    weir_arena_block *block = arena->blocks;
    if (block == NULL || block->size_bytes - block->used_bytes < size)
        block = block_add(arena, size);
    if (block == NULL) {
        arena->failed = true;
        return NULL;
    }
    void *result = (char *)block + block->used_bytes;
    block->used_bytes += size;
    memset(result, 0, size);
    return result;
}

void *weir_arena_alloc_array(weir_arena *arena, size_t count, size_t item_bytes) {
    if (item_bytes != 0 && count > SIZE_MAX / 2 / item_bytes) {
        arena->failed = true;
        return NULL;
    }
    return weir_arena_alloc(arena, count * item_bytes);
}

weir_text weir_arena_text(weir_arena *arena, weir_text text) {
    char *copy = weir_arena_alloc(arena, text.size + 1);
    if (copy == NULL)
        return (weir_text){0};
    if (text.size > 0)
        memcpy(copy, text.data, text.size);
    return (weir_text){copy, text.size};
}

weir_text weir_arena_format(weir_arena *arena, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    va_list again;
    va_copy(again, arguments);
    int size = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *copy = size < 0 ? NULL : weir_arena_alloc(arena, (size_t)size + 1);
    if (copy != NULL)
        vsnprintf(copy, (size_t)size + 1, format, again);
    va_end(again);
    return copy == NULL ? (weir_text){0} : (weir_text){copy, (size_t)size};
}

bool weir_arena_on_reset(weir_arena *arena, void (*run)(void *data), void *data) {
    weir_arena_hook *hook = WEIR_ARENA_NEW(arena, weir_arena_hook);
    if (hook == NULL)
        return false;
    *hook = (weir_arena_hook){.older = arena->hooks, .run = run, .data = data};
    arena->hooks = hook;
    return true;
}

bool weir_list_add(weir_arena *arena, weir_list *list, void *item) {
    if (list->count == list->capacity) {
        size_t next = list->capacity == 0 ? 8 : list->capacity * 2;
        void **items = WEIR_ARENA_ARRAY(arena, void *, next);
        if (items == NULL)
            return false;
        if (list->count > 0)
            memcpy(items, list->items, list->count * sizeof *items);
        list->items = items;
        list->capacity = next;
    }
    list->items[list->count++] = item;
    return true;
}
