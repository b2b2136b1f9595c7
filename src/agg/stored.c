/* See stored.h. */
#include "agg/stored.h"

weir_status stored_set(weir_state *state, stored_value *stored, const char *bytes, size_t size, weir_error *error) {
    bool fits_inline = size <= STORED_INLINE_BYTES;
    if (stored->capacity > 0 && (fits_inline || size > stored->capacity))
        stored_clear(state, stored);
    if (fits_inline) {
        memcpy(stored->as.inlined, bytes, size);
        stored->size = (uint32_t)size;
        return WEIR_OK;
    }
    if (stored->capacity == 0) {
        size_t capacity = (size + 15) & ~(size_t)15;
        weir_ref block = weir_state_alloc(state, capacity);
        if (block == 0)
            return weir_fail_memory(error, "an aggregate", capacity);
        stored->as.block = block;
        stored->capacity = (uint32_t)capacity;
    }
    memcpy(weir_state_write(state, stored->as.block), bytes, size);
    stored->size = (uint32_t)size;
    return WEIR_OK;
}

const char *stored_bytes(const weir_state *state, const stored_value *stored) {
    return stored->capacity == 0 ? stored->as.inlined : weir_state_read(state, stored->as.block);
}

void stored_clear(weir_state *state, stored_value *stored) {
    if (stored->capacity > 0)
        weir_state_free(state, stored->as.block, stored->capacity);
    *stored = (stored_value){0};
}

weir_status stored_encode(const weir_codec *codec, weir_column *const *columns, uint32_t row, weir_builder *scratch, weir_error *error) {
    weir_builder_clear(scratch);
    size_t size = weir_codec_size(codec, columns, row);
    char *room = weir_builder_room(scratch, size);
    if (room == NULL)
        return weir_fail_memory(error, "an aggregate", size);
    weir_codec_write(codec, columns, row, room);
    scratch->size = size;
    return WEIR_OK;
}

void stored_put(const weir_codec *codec, const char *bytes, size_t size, weir_column *out, uint32_t row) {
    if (size == 0) {
        weir_column_set_null(out, row);
        return;
    }
    if (out->valid != NULL)
        out->valid[row] = 1;
    weir_codec_read(codec, bytes, &out, row);
}
