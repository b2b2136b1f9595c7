/* .zst, through libzstd. The library's own limit holds: windows of at most 128 MiB (what zstd reads without --long=28 and more). */
#include "connect/filesystem/codec.h"

static const char *const extensions[] = {".zst", ".zstd", NULL};

#ifdef WEIR_HAVE_ZSTD
#define ZSTD_STATIC_LINKING_ONLY /* to count its memory; the call is in the shared library */
#include <zstd.h>
#include <zstd_errors.h>

typedef struct zstd_state {
    weir_memory *memory;
    ZSTD_DCtx *context;
} zstd_state;

static void *allocate(void *memory, size_t size) { return weir_fs_codec_alloc(memory, size); }
static void release(void *memory, void *block) { weir_fs_codec_free(memory, block); }

static void *open_state(weir_memory *memory) {
    zstd_state *self = weir_memory_zalloc(memory, sizeof *self);
    if (self == NULL)
        return NULL;
    self->memory = memory;
    self->context = ZSTD_createDCtx_advanced((ZSTD_customMem){allocate, release, memory});
    if (self->context == NULL) {
        weir_memory_free(memory, self, sizeof *self);
        return NULL;
    }
    return self;
}

static weir_fs_step step(void *state, weir_fs_flow *flow, const char **why) {
    zstd_state *self = state;
    ZSTD_inBuffer in = {flow->in, flow->in_size, 0};
    ZSTD_outBuffer out = {flow->out, flow->out_size, 0};
    const size_t result = ZSTD_decompressStream(self->context, &out, &in);
    weir_fs_flow_move(flow, in.pos, out.pos);
    if (!ZSTD_isError(result))
        return result == 0 ? WEIR_FS_STEP_MEMBER_END : WEIR_FS_STEP_MORE;
    if (ZSTD_getErrorCode(result) == ZSTD_error_memory_allocation)
        return WEIR_FS_STEP_MEMORY;
    *why = ZSTD_getErrorName(result);
    return WEIR_FS_STEP_BROKEN;
}

static void close_state(void *state) {
    zstd_state *self = state;
    ZSTD_freeDCtx(self->context);
    weir_memory_free(self->memory, self, sizeof *self);
}

const weir_fs_codec weir_fs_codec_zstd = {"zstd", extensions, NULL, open_state, step, close_state};
#else
const weir_fs_codec weir_fs_codec_zstd = {"zstd", extensions, "libzstd", NULL, NULL, NULL};
#endif
