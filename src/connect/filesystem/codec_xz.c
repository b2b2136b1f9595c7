/* .xz, through liblzma. The window is as large as whoever wrote the file chose (xz -9: 64 MiB); more than MEMORY_MAX is refused. */
#include "connect/filesystem/codec.h"

static const char *const extensions[] = {".xz", NULL};

#ifdef WEIR_HAVE_LZMA
#include <lzma.h>

static const uint64_t MEMORY_MAX = 256 << 20;

typedef struct xz_state {
    weir_memory *memory;
    lzma_allocator allocator;
    lzma_stream stream;
    bool running; /* inside of a member */
} xz_state;

static void *allocate(void *memory, size_t items, size_t size) { return weir_fs_codec_alloc(memory, items * size); }
static void release(void *memory, void *block) { weir_fs_codec_free(memory, block); }

static void *open_state(weir_memory *memory) {
    xz_state *self = weir_memory_zalloc(memory, sizeof *self);
    if (self == NULL)
        return NULL;
    self->memory = memory;
    self->allocator = (lzma_allocator){.alloc = allocate, .free = release, .opaque = memory};
    self->stream = (lzma_stream)LZMA_STREAM_INIT;
    self->stream.allocator = &self->allocator;
    return self;
}

static weir_fs_step answer(xz_state *self, lzma_ret result, const char **why) {
    switch (result) {
    case LZMA_OK:
    case LZMA_BUF_ERROR: return WEIR_FS_STEP_MORE;
    case LZMA_STREAM_END: self->running = false; return WEIR_FS_STEP_MEMBER_END;
    case LZMA_MEM_ERROR: return WEIR_FS_STEP_MEMORY;
    case LZMA_MEMLIMIT_ERROR: *why = "it needs more than 256 MiB of memory"; return WEIR_FS_STEP_BROKEN;
    case LZMA_FORMAT_ERROR: *why = "it does not begin as one"; return WEIR_FS_STEP_BROKEN;
    case LZMA_OPTIONS_ERROR: *why = "it uses a filter that is not known here"; return WEIR_FS_STEP_BROKEN;
    default: *why = "its bytes are damaged"; return WEIR_FS_STEP_BROKEN;
    }
}

static weir_fs_step step(void *state, weir_fs_flow *flow, const char **why) {
    xz_state *self = state;
    if (!self->running) {
        /* Members may be padded with zeros. */
        while (flow->in_size > 0 && *flow->in == 0) {
            flow->in++;
            flow->in_size--;
        }
        if (flow->in_size == 0)
            return WEIR_FS_STEP_MEMBER_END;
        const lzma_ret begun = lzma_stream_decoder(&self->stream, MEMORY_MAX, 0);
        if (begun != LZMA_OK)
            return answer(self, begun, why);
        self->running = true;
    }
    lzma_stream *stream = &self->stream;
    stream->next_in = flow->in;
    stream->avail_in = flow->in_size;
    stream->next_out = flow->out;
    stream->avail_out = flow->out_size;
    const lzma_ret result = lzma_code(stream, LZMA_RUN);
    *flow = (weir_fs_flow){stream->next_in, stream->avail_in, stream->next_out, stream->avail_out};
    return answer(self, result, why);
}

static void close_state(void *state) {
    xz_state *self = state;
    lzma_end(&self->stream);
    weir_memory_free(self->memory, self, sizeof *self);
}

const weir_fs_codec weir_fs_codec_xz = {"xz", extensions, NULL, open_state, step, close_state};
#else
const weir_fs_codec weir_fs_codec_xz = {"xz", extensions, "liblzma", NULL, NULL, NULL};
#endif
