/* Files cut into chunks of whole records, each in a padded buffer of its own; what is left over goes to the front of the next one. */
#include "connect/filesystem/filesystem_int.h"

#include <string.h>

enum { RECORD_BYTES_MAX = 1 << 30 };

static size_t whole_records(weir_fs_chunker *chunker, const char *data, size_t size) {
    if (chunker->format->records == WEIR_RECORDS_QUOTED)
        return chunker->format->cut(chunker->reader, data, size);
    const char *last = size == 0 ? NULL : memrchr(data, '\n', size);
    return last == NULL ? 0 : (size_t)(last - data) + 1;
}

/* A buffer with room for `size` and the padding, `kept` bytes copied to its front. NULL: no memory. */
static weir_buffer *padded_buffer(weir_memory *memory, size_t size, const void *kept, size_t kept_size) {
    weir_buffer *buffer = weir_buffer_create(memory, size + 1 + WEIR_FS_PADDING_BYTES);
    if (buffer != NULL && kept_size > 0)
        memcpy(buffer->data, kept, kept_size);
    return buffer;
}

/* Fill the buffer up to `room`; *end: the file has no more. */
static weir_status fill(weir_fs_chunker *chunker, weir_buffer *buffer, size_t *size, size_t room, bool *end, weir_error *error) {
    while (*size < room) {
        size_t got;
        if (chunker->cancelled != NULL && atomic_load_explicit(chunker->cancelled, memory_order_relaxed))
            return weir_fail(error, WEIR_CANCELLED, "cancelled while reading '%.*s'", WEIR_TEXT_ARGS(chunker->file->entry.path));
        WEIR_TRY(weir_fs_stream_read(chunker->stream, (char *)buffer->data + *size, room - *size, &got, error));
        *size += got;
        if (got == 0) {
            *end = true;
            return WEIR_OK;
        }
    }
    return WEIR_OK;
}

static weir_status read_chunk(weir_fs_chunker *chunker, weir_fs_chunk *out, weir_error *error) {
    size_t size = chunker->rest_size, room = size + WEIR_FS_CHUNK_BYTES;
    weir_buffer *buffer =
        padded_buffer(chunker->memory, room, chunker->rest_of == NULL ? NULL : chunker->rest_of->data + chunker->rest_at, size);
    weir_buffer_unref(chunker->rest_of);
    chunker->rest_of = NULL;
    chunker->rest_size = 0;
    if (buffer == NULL)
        return weir_fail_memory(error, "reading a file", room);
    bool end = false;
    size_t whole = 0;
    for (;;) {
        weir_status status = fill(chunker, buffer, &size, room, &end, error);
        if (status != WEIR_OK) {
            weir_buffer_unref(buffer);
            return status;
        }
        whole = end ? size : whole_records(chunker, (const char *)buffer->data, size);
        if (whole > 0 || end)
            break;
        /* One record is larger than the chunk. */
        weir_buffer *larger = room > RECORD_BYTES_MAX ? NULL : padded_buffer(chunker->memory, room * 2, buffer->data, size);
        weir_buffer_unref(buffer);
        if (larger == NULL && room > RECORD_BYTES_MAX)
            return weir_fail(error, WEIR_RUNTIME, "'%.*s' has a record of more than %d bytes (at byte %llu); is it in the format '%s'?",
                             WEIR_TEXT_ARGS(chunker->file->entry.path), RECORD_BYTES_MAX, (unsigned long long)chunker->offset_bytes,
                             chunker->format->name);
        if (larger == NULL)
            return weir_fail_memory(error, "reading a file", room * 2);
        buffer = larger;
        room *= 2;
    }
    if (end && whole > 0 && buffer->data[whole - 1] != '\n')
        buffer->data[whole++] = '\n';
    memset(buffer->data + (end ? whole : size), '\n', WEIR_FS_PADDING_BYTES);
    *out = (weir_fs_chunk){.file = chunker->file, .buffer = buffer, .size = whole, .offset_bytes = chunker->offset_bytes, .final = end};
    chunker->offset_bytes += whole;
    if (end) {
        weir_fs_stream_close(chunker->stream);
        chunker->stream = NULL;
    } else if (whole < size) {
        chunker->rest_of = weir_buffer_ref(buffer);
        chunker->rest_at = whole;
        chunker->rest_size = size - whole;
    }
    return WEIR_OK;
}

weir_status weir_fs_chunk_next(weir_fs_chunker *chunker, weir_fs_chunk *out, bool *more, weir_error *error) {
    for (;;) {
        if (chunker->stream == NULL) {
            *more = chunker->next < chunker->count;
            if (!*more)
                return WEIR_OK;
            chunker->file = chunker->list[chunker->next++];
            chunker->offset_bytes = 0;
            if (chunker->format->records == WEIR_RECORDS_FILE) { /* the format opens it itself */
                *out = (weir_fs_chunk){.file = chunker->file, .size = 1, .final = true};
                atomic_fetch_add_explicit(&chunker->bytes_read, chunker->file->entry.info.size_bytes, memory_order_relaxed);
                return WEIR_OK;
            }
            WEIR_TRY(weir_fs_stream_open(chunker->memory, chunker->files, chunker->file->entry.path, &chunker->bytes_read, &chunker->stream,
                                         error));
        }
        WEIR_TRY(read_chunk(chunker, out, error));
        *more = true;
        if (out->size > 0)
            return WEIR_OK;
        weir_fs_chunk_release(out); /* an empty file */
    }
}

void weir_fs_chunk_release(weir_fs_chunk *chunk) {
    weir_buffer_unref(chunk->buffer);
    chunk->buffer = NULL;
}

void weir_fs_chunker_close(weir_fs_chunker *chunker) {
    weir_fs_stream_close(chunker->stream);
    chunker->stream = NULL;
    weir_buffer_unref(chunker->rest_of);
    chunker->rest_of = NULL;
}

weir_status weir_fs_count_lines(weir_memory *memory, const weir_files *files, weir_text path, uint64_t size_bytes, uint64_t *lines,
                                weir_error *error) {
    enum { BLOCK_BYTES = 1 << 16 };
    weir_fs_stream *stream;
    char *block = weir_memory_alloc(memory, BLOCK_BYTES);
    if (block == NULL)
        return weir_fail_memory(error, "counting lines", BLOCK_BYTES);
    *lines = 0;
    weir_status status = weir_fs_stream_open(memory, files, path, NULL, &stream, error);
    if (status != WEIR_OK) {
        weir_memory_free(memory, block, BLOCK_BYTES);
        return status;
    }
    while (size_bytes > 0) {
        size_t got;
        status = weir_fs_stream_read(stream, block, size_bytes < BLOCK_BYTES ? (size_t)size_bytes : BLOCK_BYTES, &got, error);
        if (status != WEIR_OK || got == 0)
            break;
        for (size_t i = 0; i < got; i++)
            *lines += block[i] == '\n';
        size_bytes -= got;
    }
    weir_fs_stream_close(stream);
    weir_memory_free(memory, block, BLOCK_BYTES);
    return status;
}
