/* See grown.h. Capacity doubles, so that a value is copied a constant number of times on average. */
#include "agg/grown.h"

#include <string.h>

enum { CAPACITY_BYTES_FIRST = 32 };

char *grown_room(weir_state *state, grown *self, size_t size) {
    size_t needed = self->size + size;
    if (needed > UINT32_MAX / 2)
        return NULL;
    if (needed > self->capacity) {
        size_t capacity = self->capacity == 0 ? CAPACITY_BYTES_FIRST : self->capacity;
        while (capacity < needed)
            capacity *= 2;
        weir_ref block = weir_state_alloc(state, capacity);
        if (block == 0)
            return NULL;
        if (self->size > 0)
            memcpy(weir_state_write(state, block), weir_state_read(state, self->block), self->size);
        weir_state_free(state, self->block, self->capacity);
        self->block = block;
        self->capacity = (uint32_t)capacity;
    }
    char *room = (char *)weir_state_write(state, self->block) + self->size;
    self->size = (uint32_t)needed;
    return room;
}

weir_status grown_add(weir_state *state, grown *self, weir_text bytes, weir_error *error) {
    if (bytes.size == 0)
        return WEIR_OK;
    char *room = grown_room(state, self, bytes.size);
    if (room == NULL)
        return weir_fail_memory(error, "an aggregate", bytes.size);
    memcpy(room, bytes.data, bytes.size);
    return WEIR_OK;
}

weir_text grown_bytes(const weir_state *state, const grown *self) {
    return self->size == 0 ? (weir_text){"", 0} : (weir_text){weir_state_read(state, self->block), self->size};
}

void grown_clear(weir_state *state, grown *self) {
    weir_state_free(state, self->block, self->capacity);
    *self = (grown){0};
}
