/* The bytes of a file. gzip and deflate by the file's extension, as Flink does; other compressions are refused by their names. */
#include "connect/filesystem/filesystem_int.h"

#include <string.h>
#include <zlib.h>

enum { COMPRESSED_BYTES = 1 << 16 };

struct weir_fs_stream {
    weir_memory *memory;
    weir_file *file;
    weir_text path;
    _Atomic uint64_t *bytes_read;
    bool compressed;
    bool raw_end;   /* the file itself has ended */
    bool in_member; /* inside a gzip member */
    z_stream inflate;
    unsigned char *input; /* COMPRESSED_BYTES */
};

static bool ends_with(weir_text text, const char *end) {
    weir_text tail = weir_text_of(end);
    return text.size >= tail.size && weir_text_equal_nocase((weir_text){text.data + text.size - tail.size, tail.size}, tail);
}

static weir_status refuse_unknown(weir_text path, weir_error *error) {
    static const char *const refused[] = {".bz2", ".xz", ".zst", ".zstd", NULL};
    for (size_t i = 0; refused[i] != NULL; i++)
        if (ends_with(path, refused[i]))
            return weir_fail(error, WEIR_UNSUPPORTED, "'%.*s': files compressed as %s are not read; gzip (.gz) and deflate are.",
                             WEIR_TEXT_ARGS(path), refused[i]);
    return WEIR_OK;
}

weir_status weir_fs_stream_open(weir_memory *memory, const weir_files *files, weir_text path, _Atomic uint64_t *bytes_read,
                                weir_fs_stream **out, weir_error *error) {
    WEIR_TRY(refuse_unknown(path, error));
    weir_fs_stream *stream = weir_memory_zalloc(memory, sizeof *stream);
    if (stream == NULL)
        return weir_fail_memory(error, "reading a file", sizeof *stream);
    stream->memory = memory;
    stream->path = path;
    stream->bytes_read = bytes_read;
    const bool deflated = ends_with(path, ".deflate");
    if (deflated || ends_with(path, ".gz") || ends_with(path, ".gzip")) {
        stream->input = weir_memory_alloc(memory, COMPRESSED_BYTES);
        /* 15 + 16: gzip only; 15: zlib's own header */
        if (stream->input == NULL || inflateInit2(&stream->inflate, deflated ? 15 : 31) != Z_OK) {
            weir_fs_stream_close(stream);
            return weir_fail_memory(error, "reading a file", COMPRESSED_BYTES);
        }
        stream->compressed = true;
    }
    weir_status status = weir_files_open(files, memory, path.data, WEIR_FILE_READ, &stream->file, error);
    if (status != WEIR_OK) {
        weir_fs_stream_close(stream);
        return status;
    }
    *out = stream;
    return WEIR_OK;
}

static weir_status read_raw(weir_fs_stream *stream, void *data, size_t size, size_t *got, weir_error *error) {
    WEIR_TRY(weir_file_read(stream->file, data, size, got, error));
    stream->raw_end = *got == 0;
    if (stream->bytes_read != NULL)
        atomic_fetch_add_explicit(stream->bytes_read, *got, memory_order_relaxed);
    return WEIR_OK;
}

static weir_status broken(const weir_fs_stream *stream, weir_error *error) {
    return weir_fail(error, WEIR_RUNTIME, "'%.*s' is not a whole %s file: %s", WEIR_TEXT_ARGS(stream->path),
                     ends_with(stream->path, ".deflate") ? "deflate" : "gzip",
                     stream->inflate.msg == NULL ? "it ends too early" : stream->inflate.msg);
}

static weir_status read_compressed(weir_fs_stream *stream, char *data, size_t size, size_t *got, weir_error *error) {
    z_stream *inflater = &stream->inflate;
    *got = 0;
    inflater->next_out = (unsigned char *)data;
    inflater->avail_out = size > UINT32_MAX ? UINT32_MAX : (unsigned)size;
    const unsigned room = inflater->avail_out;
    while (inflater->avail_out == room) {
        if (inflater->avail_in == 0 && !stream->raw_end) {
            size_t raw;
            WEIR_TRY(read_raw(stream, stream->input, COMPRESSED_BYTES, &raw, error));
            inflater->next_in = stream->input;
            inflater->avail_in = (unsigned)raw;
        }
        if (inflater->avail_in == 0 && stream->raw_end)
            return stream->in_member ? broken(stream, error) : WEIR_OK;
        stream->in_member = true;
        int result = inflate(inflater, Z_NO_FLUSH);
        if (result == Z_STREAM_END) { /* another member may follow */
            stream->in_member = false;
            if (inflateReset(inflater) != Z_OK)
                return broken(stream, error);
        } else if (result != Z_OK && result != Z_BUF_ERROR) {
            return broken(stream, error);
        }
    }
    *got = room - inflater->avail_out;
    return WEIR_OK;
}

weir_status weir_fs_stream_read(weir_fs_stream *stream, char *data, size_t size, size_t *got, weir_error *error) {
    return stream->compressed ? read_compressed(stream, data, size, got, error) : read_raw(stream, data, size, got, error);
}

void weir_fs_stream_close(weir_fs_stream *stream) {
    if (stream == NULL)
        return;
    if (stream->compressed)
        inflateEnd(&stream->inflate);
    if (stream->input != NULL)
        weir_memory_free(stream->memory, stream->input, COMPRESSED_BYTES);
    if (stream->file != NULL && weir_file_close(stream->file, NULL) != WEIR_OK) {
        /* nothing was written: nothing is lost */
    }
    weir_memory_free(stream->memory, stream, sizeof *stream);
}
