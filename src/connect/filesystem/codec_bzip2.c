/* .bz2, through libbz2: blocks of at most 900 kB, so about 4 MB of memory. */
#include "connect/filesystem/codec.h"

static const char *const extensions[] = {".bz2", NULL};

#ifdef WEIR_HAVE_BZIP2
#include <bzlib.h>
#include <limits.h>

typedef struct bzip2_state {
    weir_memory *memory;
    bz_stream stream;
    bool running; /* inside of a member */
} bzip2_state;

static void *allocate(void *memory, int items, int size) { return weir_fs_codec_alloc(memory, (size_t)items * (size_t)size); }
static void release(void *memory, void *block) { weir_fs_codec_free(memory, block); }

static void *open_state(weir_memory *memory) {
    bzip2_state *self = weir_memory_zalloc(memory, sizeof *self);
    if (self != NULL)
        self->memory = memory;
    return self;
}

static weir_fs_step step(void *state, weir_fs_flow *flow, const char **why) {
    bzip2_state *self = state;
    bz_stream *stream = &self->stream;
    if (!self->running) {
        *stream = (bz_stream){.bzalloc = allocate, .bzfree = release, .opaque = self->memory};
        if (BZ2_bzDecompressInit(stream, 0, 0) != BZ_OK)
            return WEIR_FS_STEP_MEMORY;
        self->running = true;
    }
    const unsigned in_size = flow->in_size > UINT_MAX ? UINT_MAX : (unsigned)flow->in_size;
    const unsigned out_size = flow->out_size > UINT_MAX ? UINT_MAX : (unsigned)flow->out_size;
    stream->next_in = (char *)(uintptr_t)flow->in;
    stream->avail_in = in_size;
    stream->next_out = (char *)flow->out;
    stream->avail_out = out_size;
    const int result = BZ2_bzDecompress(stream);
    weir_fs_flow_move(flow, in_size - stream->avail_in, out_size - stream->avail_out);
    switch (result) {
    case BZ_OK: return WEIR_FS_STEP_MORE;
    case BZ_STREAM_END:
        BZ2_bzDecompressEnd(stream);
        self->running = false;
        return WEIR_FS_STEP_MEMBER_END;
    case BZ_MEM_ERROR: return WEIR_FS_STEP_MEMORY;
    case BZ_DATA_ERROR_MAGIC: *why = "it does not begin as one"; return WEIR_FS_STEP_BROKEN;
    default: *why = "its bytes are damaged"; return WEIR_FS_STEP_BROKEN;
    }
}

static void close_state(void *state) {
    bzip2_state *self = state;
    if (self->running)
        BZ2_bzDecompressEnd(&self->stream);
    weir_memory_free(self->memory, self, sizeof *self);
}

const weir_fs_codec weir_fs_codec_bzip2 = {"bzip2", extensions, NULL, open_state, step, close_state};
#else
const weir_fs_codec weir_fs_codec_bzip2 = {"bzip2", extensions, "libbz2", NULL, NULL, NULL};
#endif
