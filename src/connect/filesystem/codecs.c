/* The table of codecs, and what they share. */
#include "connect/filesystem/codec.h"

#include <stdint.h>

/* The size stands in front of the block; 16 bytes keep its alignment. */
enum { HEAD_BYTES = 16 };

const weir_fs_codec *const weir_fs_codecs[] = {
    &weir_fs_codec_gzip, &weir_fs_codec_deflate, &weir_fs_codec_bzip2, &weir_fs_codec_xz, &weir_fs_codec_zstd, NULL,
};

const weir_fs_codec *weir_fs_codec_of(weir_text path, const char **extension) {
    for (size_t i = 0; weir_fs_codecs[i] != NULL; i++)
        for (const char *const *one = weir_fs_codecs[i]->extensions; *one != NULL; one++) {
            weir_text end = weir_text_of(*one);
            if (path.size < end.size || !weir_text_equal_nocase((weir_text){path.data + path.size - end.size, end.size}, end))
                continue;
            if (extension != NULL)
                *extension = *one;
            return weir_fs_codecs[i];
        }
    return NULL;
}

void weir_fs_flow_move(weir_fs_flow *flow, size_t taken, size_t given) {
    flow->in += taken;
    flow->in_size -= taken;
    flow->out += given;
    flow->out_size -= given;
}

void *weir_fs_codec_alloc(weir_memory *memory, size_t size_bytes) {
    if (size_bytes > SIZE_MAX - HEAD_BYTES)
        return NULL;
    unsigned char *block = weir_memory_alloc(memory, size_bytes + HEAD_BYTES);
    if (block == NULL)
        return NULL;
    *(size_t *)(void *)block = size_bytes + HEAD_BYTES;
    return block + HEAD_BYTES;
}

void weir_fs_codec_free(weir_memory *memory, void *block) {
    if (block == NULL)
        return;
    unsigned char *whole = (unsigned char *)block - HEAD_BYTES;
    weir_memory_free(memory, whole, *(size_t *)(void *)whole);
}
