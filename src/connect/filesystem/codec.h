/* Decompression of files, one codec per compression, chosen by the file's extension as in Flink. A codec is fed with what was read and
 * gives what comes out of it, so that memory is bounded by its window and not by the file. For one thread at a time. */
#ifndef WEIR_CONNECT_FILESYSTEM_CODEC_H
#define WEIR_CONNECT_FILESYSTEM_CODEC_H

#include <stddef.h>

#include "base/memory.h"
#include "base/status.h"
#include "base/text.h"

/* What goes in and what comes out; a step moves both on. */
typedef struct weir_fs_flow {
    const unsigned char *in;
    size_t in_size;
    unsigned char *out;
    size_t out_size;
} weir_fs_flow;

/* Move on by what a step has taken and given. */
void weir_fs_flow_move(weir_fs_flow *flow, size_t taken, size_t given);

typedef enum weir_fs_step {
    WEIR_FS_STEP_MORE,       /* it needs more input, or more room */
    WEIR_FS_STEP_MEMBER_END, /* a whole compressed file has ended; another may follow, as in `cat a.gz b.gz` */
    WEIR_FS_STEP_BROKEN,     /* *why says what is wrong with the bytes */
    WEIR_FS_STEP_MEMORY,
} weir_fs_step;

typedef struct weir_fs_codec {
    const char *name;
    const char *const *extensions;      /* with the dot, in small letters; ended by NULL */
    const char *library;                /* that Weir was built without; NULL: it is there, and only then are the calls */
    void *(*open)(weir_memory *memory); /* NULL: no memory */
    weir_fs_step (*step)(void *state, weir_fs_flow *flow, const char **why);
    void (*close)(void *state);
} weir_fs_codec;

extern const weir_fs_codec *const weir_fs_codecs[]; /* ended by NULL */
extern const weir_fs_codec weir_fs_codec_gzip, weir_fs_codec_deflate, weir_fs_codec_bzip2, weir_fs_codec_xz, weir_fs_codec_zstd;
/* NULL: the path's extension is that of no codec. *extension (may be NULL) is what was found. */
const weir_fs_codec *weir_fs_codec_of(weir_text path, const char **extension);

/* The libraries' allocations, counted: they give back blocks without saying how large they are. */
void *weir_fs_codec_alloc(weir_memory *memory, size_t size_bytes) WEIR_MUST_USE;
void weir_fs_codec_free(weir_memory *memory, void *block); /* NULL is fine */

#endif
