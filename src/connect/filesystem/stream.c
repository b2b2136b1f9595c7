/* The bytes of a file, through the codec that its extension asks for (none: as they are). */
#include "connect/filesystem/stream.h"
#include "connect/filesystem/codec.h"

enum { COMPRESSED_BYTES = 1 << 16 };

struct weir_fs_stream {
    weir_memory *memory;
    weir_file *file;
    weir_text path;
    _Atomic uint64_t *bytes_read;
    bool raw_end; /* the file itself has ended */
    /* compressed */
    const weir_fs_codec *codec; /* NULL: it is not */
    void *state;
    bool in_member; /* a compressed file has begun and not ended */
    weir_fs_flow flow;
    unsigned char *input; /* COMPRESSED_BYTES */
};

static weir_status open_codec(weir_fs_stream *stream, weir_error *error) {
    const char *extension;
    const weir_fs_codec *codec = weir_fs_codec_of(stream->path, &extension);
    if (codec == NULL)
        return WEIR_OK;
    if (codec->library != NULL)
        return weir_fail(error, WEIR_UNSUPPORTED, "'%.*s': files compressed as %s are not read, because weir was built without %s.",
                         WEIR_TEXT_ARGS(stream->path), extension, codec->library);
    stream->input = weir_memory_alloc(stream->memory, COMPRESSED_BYTES);
    stream->state = stream->input == NULL ? NULL : codec->open(stream->memory);
    if (stream->state == NULL)
        return weir_fail_memory(error, "reading a compressed file", COMPRESSED_BYTES);
    stream->codec = codec;
    return WEIR_OK;
}

weir_status weir_fs_stream_open(weir_memory *memory, const weir_files *files, weir_text path, _Atomic uint64_t *bytes_read,
                                weir_fs_stream **out, weir_error *error) {
    weir_fs_stream *stream = weir_memory_zalloc(memory, sizeof *stream);
    if (stream == NULL)
        return weir_fail_memory(error, "reading a file", sizeof *stream);
    stream->memory = memory;
    stream->path = path;
    stream->bytes_read = bytes_read;
    weir_status status = open_codec(stream, error);
    if (status == WEIR_OK)
        status = weir_files_open(files, memory, path.data, WEIR_FILE_READ, &stream->file, error);
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

static weir_status broken(const weir_fs_stream *stream, const char *why, weir_error *error) {
    return weir_fail(error, WEIR_RUNTIME, "'%.*s' is not a whole %s file: %s.", WEIR_TEXT_ARGS(stream->path), stream->codec->name, why);
}

static weir_status read_compressed(weir_fs_stream *stream, char *data, size_t size, size_t *got, weir_error *error) {
    weir_fs_flow *flow = &stream->flow;
    *got = 0;
    flow->out = (unsigned char *)data;
    flow->out_size = size;
    while (flow->out_size == size) {
        if (flow->in_size == 0 && !stream->raw_end) {
            WEIR_TRY(read_raw(stream, stream->input, COMPRESSED_BYTES, &flow->in_size, error));
            flow->in = stream->input;
        }
        if (flow->in_size == 0 && stream->raw_end && !stream->in_member)
            return WEIR_OK;
        /* A codec may have taken all bytes and still hold rows back; so it is asked until nothing moves. */
        const size_t before = flow->in_size;
        const char *why = NULL;
        const weir_fs_step step = stream->codec->step(stream->state, flow, &why);
        if (step == WEIR_FS_STEP_BROKEN)
            return broken(stream, why, error);
        if (step == WEIR_FS_STEP_MEMORY)
            return weir_fail_memory(error, "reading a compressed file", 0);
        stream->in_member = step == WEIR_FS_STEP_MORE;
        if (step == WEIR_FS_STEP_MORE && flow->in_size == before && flow->out_size == size && (before > 0 || stream->raw_end))
            return broken(stream, "it ends too early", error);
    }
    *got = size - flow->out_size;
    return WEIR_OK;
}

weir_status weir_fs_stream_read(weir_fs_stream *stream, char *data, size_t size, size_t *got, weir_error *error) {
    *got = 0;
    if (size == 0)
        return WEIR_OK;
    return stream->codec != NULL ? read_compressed(stream, data, size, got, error) : read_raw(stream, data, size, got, error);
}

void weir_fs_stream_close(weir_fs_stream *stream) {
    if (stream == NULL)
        return;
    if (stream->codec != NULL)
        stream->codec->close(stream->state);
    if (stream->input != NULL)
        weir_memory_free(stream->memory, stream->input, COMPRESSED_BYTES);
    if (stream->file != NULL && weir_file_close(stream->file, NULL) != WEIR_OK) {
        /* nothing was written: nothing is lost */
    }
    weir_memory_free(stream->memory, stream, sizeof *stream);
}
