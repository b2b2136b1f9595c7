/* .gz, .gzip and .deflate (with zlib's header), through zlib. */
#include <limits.h>
#include <zlib.h>

#include "connect/filesystem/codec.h"

/* zlib's own codes: the window of 32 KiB with zlib's header, and with gzip's. */
enum { BITS_ZLIB = 15, BITS_GZIP = 15 + 16 };

typedef struct zlib_state {
    weir_memory *memory;
    z_stream stream;
} zlib_state;

static void *allocate(void *memory, unsigned items, unsigned size) { return weir_fs_codec_alloc(memory, (size_t)items * size); }
static void release(void *memory, void *block) { weir_fs_codec_free(memory, block); }

static void *open_with(weir_memory *memory, int bits) {
    zlib_state *self = weir_memory_zalloc(memory, sizeof *self);
    if (self == NULL)
        return NULL;
    self->memory = memory;
    self->stream = (z_stream){.zalloc = allocate, .zfree = release, .opaque = memory};
    if (inflateInit2(&self->stream, bits) != Z_OK) {
        weir_memory_free(memory, self, sizeof *self);
        return NULL;
    }
    return self;
}

static void *open_gzip(weir_memory *memory) { return open_with(memory, BITS_GZIP); }
static void *open_deflate(weir_memory *memory) { return open_with(memory, BITS_ZLIB); }

static weir_fs_step step(void *state, weir_fs_flow *flow, const char **why) {
    z_stream *stream = &((zlib_state *)state)->stream;
    const unsigned in_size = flow->in_size > UINT_MAX ? UINT_MAX : (unsigned)flow->in_size;
    const unsigned out_size = flow->out_size > UINT_MAX ? UINT_MAX : (unsigned)flow->out_size;
    stream->next_in = (unsigned char *)(uintptr_t)flow->in;
    stream->avail_in = in_size;
    stream->next_out = flow->out;
    stream->avail_out = out_size;
    const int result = inflate(stream, Z_NO_FLUSH);
    weir_fs_flow_move(flow, in_size - stream->avail_in, out_size - stream->avail_out);
    switch (result) {
    case Z_OK:
    case Z_BUF_ERROR: return WEIR_FS_STEP_MORE;
    case Z_STREAM_END: return inflateReset(stream) == Z_OK ? WEIR_FS_STEP_MEMBER_END : WEIR_FS_STEP_MEMORY;
    case Z_MEM_ERROR: return WEIR_FS_STEP_MEMORY;
    default: *why = stream->msg == NULL ? "its bytes are damaged" : stream->msg; return WEIR_FS_STEP_BROKEN;
    }
}

static void close_state(void *state) {
    zlib_state *self = state;
    inflateEnd(&self->stream);
    weir_memory_free(self->memory, self, sizeof *self);
}

static const char *const gzip_extensions[] = {".gz", ".gzip", NULL};
const weir_fs_codec weir_fs_codec_gzip = {"gzip", gzip_extensions, NULL, open_gzip, step, close_state};
static const char *const deflate_extensions[] = {".deflate", NULL};
const weir_fs_codec weir_fs_codec_deflate = {"deflate", deflate_extensions, NULL, open_deflate, step, close_state};
