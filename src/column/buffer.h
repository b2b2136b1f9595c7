/* A reference-counted, immutable-after-filling run of bytes, charged to a memory account until its last reference goes. Thread-safe. */
#ifndef WEIR_COLUMN_BUFFER_H
#define WEIR_COLUMN_BUFFER_H

#include <stdatomic.h>

#include "base/memory.h"

typedef struct weir_buffer {
    _Atomic uint32_t references;
    weir_memory *memory;
    size_t size_bytes;              /* usable bytes at data */
    void (*release)(void *context); /* NULL: data lies behind this header; else borrowed from outside (Arrow import) */
    void *context;
    uint8_t *data; /* 64-byte aligned when ours */
} weir_buffer;

weir_buffer *weir_buffer_create(weir_memory *memory, size_t size_bytes) WEIR_MUST_USE; /* not zeroed; NULL: no memory */
/* Wrap foreign bytes; `release(context)` runs when the last reference goes. */
weir_buffer *weir_buffer_wrap(weir_memory *memory, const void *data, size_t size_bytes, void (*release)(void *),
                              void *context) WEIR_MUST_USE;
weir_buffer *weir_buffer_ref(weir_buffer *buffer);
void weir_buffer_unref(weir_buffer *buffer); /* NULL is fine */

#endif
