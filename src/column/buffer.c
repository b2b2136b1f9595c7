/* Reference-counted bytes; see buffer.h. Header and data share one allocation, the data 64 bytes behind the header. */
#include "column/buffer.h"

#include <assert.h>

/* The allocator aligns to 64 bytes from 256 on, so smaller requests are rounded up to that. */
enum { HEADER_BYTES = 64, BLOCK_BYTES_MIN = 256 };
_Static_assert(sizeof(weir_buffer) <= HEADER_BYTES, "the header fits before the data");

static size_t block_bytes(size_t size_bytes) {
    size_t total = size_bytes + HEADER_BYTES;
    return total < BLOCK_BYTES_MIN ? BLOCK_BYTES_MIN : total;
}

weir_buffer *weir_buffer_create(weir_memory *memory, size_t size_bytes) {
    if (size_bytes > SIZE_MAX - HEADER_BYTES)
        return NULL;
    weir_buffer *buffer = weir_memory_alloc(memory, block_bytes(size_bytes));
    if (buffer == NULL)
        return NULL;
    *buffer = (weir_buffer){.memory = memory, .size_bytes = size_bytes, .data = (uint8_t *)buffer + HEADER_BYTES};
    atomic_init(&buffer->references, 1);
    return buffer;
}

weir_buffer *weir_buffer_wrap(weir_memory *memory, const void *data, size_t size_bytes, void (*release)(void *), void *context) {
    assert(release != NULL);
    weir_buffer *buffer = weir_memory_alloc(memory, sizeof(weir_buffer));
    if (buffer == NULL)
        return NULL;
    /* The bytes are immutable by contract; `data` is writable only for whoever creates its own. */
    *buffer = (weir_buffer){
        .memory = memory, .size_bytes = size_bytes, .release = release, .context = context, .data = (uint8_t *)(uintptr_t)data};
    atomic_init(&buffer->references, 1);
    return buffer;
}

weir_buffer *weir_buffer_ref(weir_buffer *buffer) {
    uint32_t before = atomic_fetch_add_explicit(&buffer->references, 1, memory_order_relaxed);
    assert(before > 0);
    (void)before;
    return buffer;
}

void weir_buffer_unref(weir_buffer *buffer) {
    if (buffer == NULL)
        return;
    uint32_t before = atomic_fetch_sub_explicit(&buffer->references, 1, memory_order_acq_rel);
    assert(before > 0);
    if (before != 1)
        return;
    if (buffer->release != NULL) {
        buffer->release(buffer->context);
        weir_memory_free(buffer->memory, buffer, sizeof(weir_buffer));
    } else {
        weir_memory_free(buffer->memory, buffer, block_bytes(buffer->size_bytes));
    }
}
