/* Pages of pointer-free bytes and the blocks in them; see state.h.
 *
 * Small blocks come from size classes: a chain of freed blocks per class, else the free end of the newest page. Blocks of more than 32 KiB
 * have a page of their own, which goes back to the account
 * when they are freed; shared pages stay until the state ends. Left out: spilling; a snapshot has all it needs (pages, epochs, roots by
 * name), but is not taken here.
 */
#include "state/state.h"

#include <assert.h>
#include <string.h>

#include "state/state_int.h"

static uint32_t class_of(size_t size) {
    if (size <= STATE_SMALL_BYTES)
        return (uint32_t)((size + 7) / 8);
    uint32_t doubling = 63 - (uint32_t)__builtin_clzll(size - 1); /* 9 for 513..1024 */
    uint32_t quarter = (uint32_t)((size - 1) >> (doubling - 2)) & 3;
    return STATE_SMALL_CLASSES + (doubling - 9) * 4 + quarter;
}

static uint32_t class_bytes(uint32_t class) {
    if (class < STATE_SMALL_CLASSES)
        return class * 8;
    uint32_t doubling = (class - STATE_SMALL_CLASSES) / 4 + 9, quarter = (class - STATE_SMALL_CLASSES) % 4;
    return (1u << doubling) + ((quarter + 1) << (doubling - 2));
}

weir_state *weir_state_create(weir_memory *memory, const char *name, uint32_t key_groups) {
    weir_state *state = weir_memory_zalloc(memory, sizeof(weir_state));
    if (state == NULL)
        return NULL;
    state->memory = memory;
    state->name = name;
    state->key_groups = key_groups == 0 ? WEIR_KEY_GROUPS_DEFAULT : key_groups;
    state->epoch = 1;
    state->page_count = 1;
    state->next_page_bytes = STATE_PAGE_BYTES_FIRST;
    return state;
}

void weir_state_destroy(weir_state *state) {
    if (state == NULL)
        return;
    for (size_t i = 1; i < state->page_count; i++)
        if (state->pages[i].data != NULL)
            weir_memory_free(state->memory, state->pages[i].data, state->pages[i].size_bytes);
    weir_memory_free(state->memory, state->pages, state->page_capacity * sizeof(state_page));
    weir_memory_free(state->memory, state->roots, state->root_capacity * sizeof(state_root));
    weir_memory_free(state->memory, state, sizeof(weir_state));
}

weir_memory *weir_state_memory(weir_state *state) { return state->memory; }
uint32_t weir_state_key_groups(const weir_state *state) { return state->key_groups; }
size_t weir_state_bytes(const weir_state *state) { return state->bytes; }

/* A reference to the start of a new page; 0: no memory. */
static weir_ref page_add(weir_state *state, uint32_t size_bytes) {
    uint32_t slot = state->free_slot;
    if (slot == 0) {
        if (state->page_count > UINT32_MAX ||
            !weir_memory_grow(state->memory, (void **)&state->pages, &state->page_capacity, state->page_count + 1, sizeof(state_page)))
            return 0;
        slot = (uint32_t)state->page_count;
    }
    char *data = weir_memory_alloc(state->memory, size_bytes);
    if (data == NULL)
        return 0;
    if (slot == state->free_slot)
        state->free_slot = state->pages[slot].size_bytes;
    else
        state->page_count++;
    state->pages[slot] = (state_page){.data = data, .size_bytes = size_bytes, .epoch = state->epoch};
    return (weir_ref)slot << 32;
}

static weir_ref large_alloc(weir_state *state, size_t size_bytes) {
    if (size_bytes > UINT32_MAX - 8)
        return 0;
    weir_ref block = page_add(state, (uint32_t)size_bytes);
    if (block == 0)
        return 0;
    memset(state_at(state, block), 0, size_bytes);
    state->bytes += size_bytes;
    return block;
}

static void chain_append(weir_state *state, uint32_t class, weir_ref block) {
    static const weir_ref none = 0;
    memcpy(state_at(state, block), &none, sizeof none);
    state_touch(state, block);
    if (state->free_last[class] != 0)
        memcpy(state_at(state, state->free_last[class]), &block, sizeof block);
    else
        state->free_first[class] = block;
    state->free_last[class] = block;
}

static weir_ref chain_take(weir_state *state, uint32_t class) {
    weir_ref block = state->free_first[class];
    if (block == 0)
        return 0;
    memcpy(&state->free_first[class], state_at(state, block), sizeof(weir_ref));
    if (state->free_first[class] == 0)
        state->free_last[class] = 0;
    state_touch(state, block);
    return block;
}

/* The free end of a page that is given up goes to the chains, largest classes first, so that nothing is lost. */
static void bump_abandon(weir_state *state) {
    while (state->bump_left >= 8) {
        uint32_t take = state->bump_left < STATE_SMALL_BYTES ? state->bump_left : STATE_SMALL_BYTES;
        chain_append(state, take / 8, state->bump);
        state->bump += take;
        state->bump_left -= take;
    }
}

static weir_ref bump_alloc(weir_state *state, uint32_t bytes) {
    if (state->bump_left < bytes) {
        uint32_t page_bytes = state->next_page_bytes < bytes ? bytes : state->next_page_bytes;
        weir_ref page = page_add(state, page_bytes);
        if (page == 0)
            return 0;
        bump_abandon(state);
        state->bump = page;
        state->bump_left = page_bytes;
        if (state->next_page_bytes < STATE_PAGE_BYTES_MAX)
            state->next_page_bytes *= 2;
    }
    weir_ref block = state->bump;
    state->bump += bytes;
    state->bump_left -= bytes;
    return block;
}

weir_ref weir_state_alloc(weir_state *state, size_t size_bytes) {
    if (size_bytes > STATE_SHARED_BYTES)
        return large_alloc(state, size_bytes);
    uint32_t class = class_of(size_bytes == 0 ? 1 : size_bytes);
    uint32_t bytes = class_bytes(class);
    weir_ref block = chain_take(state, class);
    if (block == 0)
        block = bump_alloc(state, bytes);
    if (block == 0)
        return 0;
    memset(state_at(state, block), 0, bytes);
    state->bytes += bytes;
    return block;
}

void weir_state_free(weir_state *state, weir_ref block, size_t size_bytes) {
    if (block == 0)
        return;
    if (size_bytes > STATE_SHARED_BYTES) {
        state_page *page = &state->pages[block >> 32];
        assert((uint32_t)block == 0 && page->size_bytes == size_bytes);
        weir_memory_free(state->memory, page->data, page->size_bytes);
        *page = (state_page){.size_bytes = state->free_slot};
        state->free_slot = (uint32_t)(block >> 32);
        state->bytes -= size_bytes;
        return;
    }
    uint32_t class = class_of(size_bytes == 0 ? 1 : size_bytes);
    chain_append(state, class, block);
    state->bytes -= class_bytes(class);
}

const void *weir_state_read(const weir_state *state, weir_ref block) { return block == 0 ? NULL : state_at(state, block); }

void *weir_state_write(weir_state *state, weir_ref block) {
    if (block == 0)
        return NULL;
    state_touch(state, block);
    return state_at(state, block);
}

weir_ref weir_state_root(weir_state *state, const char *name, size_t size_bytes) {
    for (size_t i = 0; i < state->root_count; i++) {
        if (strcmp(state->roots[i].name, name) == 0) {
            assert(state->roots[i].size_bytes == size_bytes);
            return state->roots[i].block;
        }
    }
    if (!weir_memory_grow(state->memory, (void **)&state->roots, &state->root_capacity, state->root_count + 1, sizeof(state_root)))
        return 0;
    weir_ref block = weir_state_alloc(state, size_bytes);
    if (block != 0)
        state->roots[state->root_count++] = (state_root){name, block, size_bytes};
    return block;
}
