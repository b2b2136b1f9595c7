/* See hashed.h. */
#include "state/hashed.h"

#include <string.h>

#include "base/hash.h"

enum { CAPACITY_FIRST = 4 };

static uint32_t hash_of(const char *bytes, size_t size) {
    uint32_t hash = (uint32_t)(weir_hash_bytes(bytes, size) >> 32);
    return hash == 0 ? 1 : hash;
}

static weir_hashed_slot *slots_of(weir_state *state, const weir_hashed *set) { return weir_state_write(state, set->slots); }

weir_text weir_hashed_bytes(const weir_state *state, const weir_hashed_slot *slot) {
    const char *bytes = slot->size <= WEIR_HASHED_INLINE_BYTES ? slot->as.inlined : weir_state_read(state, slot->as.block);
    return (weir_text){bytes, slot->size};
}

static bool slot_equals(const weir_state *state, const weir_hashed_slot *slot, uint32_t hash, const char *bytes, size_t size) {
    return slot->hash == hash && slot->size == size && memcmp(weir_hashed_bytes(state, slot).data, bytes, size) == 0;
}

/* Where the string is, or the free slot where it would go. */
static weir_hashed_slot *probe(const weir_state *state, weir_hashed_slot *slots, uint32_t capacity, uint32_t hash, const char *bytes,
                               size_t size) {
    uint32_t mask = capacity - 1;
    for (uint32_t at = hash & mask;; at = (at + 1) & mask)
        if (slots[at].hash == 0 || slot_equals(state, &slots[at], hash, bytes, size))
            return &slots[at];
}

static bool grow(weir_state *state, weir_hashed *set) {
    uint32_t capacity = set->capacity == 0 ? CAPACITY_FIRST : set->capacity * 2;
    weir_ref block = weir_state_alloc(state, (size_t)capacity * sizeof(weir_hashed_slot));
    if (block == 0)
        return false;
    weir_hashed_slot *slots = weir_state_write(state, block);
    uint32_t mask = capacity - 1;
    const weir_hashed_slot *old = set->capacity == 0 ? NULL : weir_state_read(state, set->slots);
    for (uint32_t i = 0; i < set->capacity; i++) {
        if (old[i].hash == 0)
            continue;
        uint32_t at = old[i].hash & mask;
        while (slots[at].hash != 0)
            at = (at + 1) & mask;
        slots[at] = old[i];
    }
    weir_state_free(state, set->slots, (size_t)set->capacity * sizeof(weir_hashed_slot));
    set->slots = block;
    set->capacity = capacity;
    return true;
}

static bool fill(weir_state *state, weir_hashed_slot *slot, uint32_t hash, const char *bytes, size_t size) {
    *slot = (weir_hashed_slot){.size = (uint32_t)size};
    if (size <= WEIR_HASHED_INLINE_BYTES) {
        memcpy(slot->as.inlined, bytes, size);
    } else {
        weir_ref block = weir_state_alloc(state, size);
        if (block == 0)
            return false;
        memcpy(weir_state_write(state, block), bytes, size);
        slot->as.block = block;
    }
    slot->hash = hash;
    return true;
}

weir_hashed_slot *weir_hashed_put(weir_state *state, weir_hashed *set, const char *bytes, size_t size, bool *created) {
    uint32_t hash = hash_of(bytes, size);
    *created = false;
    if (set->capacity > 0) {
        weir_hashed_slot *slot = probe(state, slots_of(state, set), set->capacity, hash, bytes, size);
        if (slot->hash != 0)
            return slot;
    }
    if (set->count + 1 > set->capacity / 4 * 3 && !grow(state, set))
        return NULL;
    weir_hashed_slot *slot = probe(state, slots_of(state, set), set->capacity, hash, bytes, size);
    if (!fill(state, slot, hash, bytes, size))
        return NULL;
    set->count++;
    *created = true;
    return slot;
}

weir_hashed_slot *weir_hashed_find(weir_state *state, const weir_hashed *set, const char *bytes, size_t size) {
    if (set->capacity == 0)
        return NULL;
    weir_hashed_slot *slot = probe(state, slots_of(state, set), set->capacity, hash_of(bytes, size), bytes, size);
    return slot->hash == 0 ? NULL : slot;
}

void weir_hashed_remove(weir_state *state, weir_hashed *set, weir_hashed_slot *slot) {
    weir_hashed_slot *slots = slots_of(state, set);
    uint32_t mask = set->capacity - 1, hole = (uint32_t)(slot - slots);
    if (slot->size > WEIR_HASHED_INLINE_BYTES)
        weir_state_free(state, slot->as.block, slot->size);
    for (uint32_t at = (hole + 1) & mask; slots[at].hash != 0; at = (at + 1) & mask) {
        uint32_t home = slots[at].hash & mask;
        /* It may fill the hole unless its home lies between the hole and its place. */
        if (((at - home) & mask) < ((at - hole) & mask))
            continue;
        slots[hole] = slots[at];
        hole = at;
    }
    memset(&slots[hole], 0, sizeof slots[hole]);
    set->count--;
}

void weir_hashed_clear(weir_state *state, weir_hashed *set) {
    if (set->capacity == 0)
        return;
    weir_hashed_slot *slots = slots_of(state, set);
    for (uint32_t i = 0; i < set->capacity; i++)
        if (slots[i].hash != 0 && slots[i].size > WEIR_HASHED_INLINE_BYTES)
            weir_state_free(state, slots[i].as.block, slots[i].size);
    weir_state_free(state, set->slots, (size_t)set->capacity * sizeof(weir_hashed_slot));
    *set = (weir_hashed){0};
}

const weir_hashed_slot *weir_hashed_next(const weir_state *state, const weir_hashed *set, uint32_t *cursor) {
    const weir_hashed_slot *slots = set->capacity == 0 ? NULL : weir_state_read(state, set->slots);
    while (*cursor < set->capacity) {
        const weir_hashed_slot *slot = &slots[(*cursor)++];
        if (slot->hash != 0)
            return slot;
    }
    return NULL;
}
