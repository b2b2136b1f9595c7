/* Short byte strings as words. memcpy and memcmp of a length that is not known are calls, and loading at once what was just stored in
 * pieces stalls the processor; for keys and texts of a few bytes that was half of the time. Little-endian machines only.
 */
#ifndef WEIR_BASE_WORD_H
#define WEIR_BASE_WORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "words are made of bytes from the low end");

static inline uint64_t weir_word_load(const char *data) {
    uint64_t word;
    memcpy(&word, data, sizeof word);
    return word;
}

static inline uint32_t weir_word_load_u32(const char *data) {
    uint32_t word;
    memcpy(&word, data, sizeof word);
    return word;
}

/* 1 to 8 bytes, zeros above them; reads no byte beside them. */
static inline uint64_t weir_word_load_tail(const char *data, size_t size) {
    if (size >= 4)
        return weir_word_load_u32(data) | (uint64_t)weir_word_load_u32(data + size - 4) << (8 * (size - 4));
    const uint8_t *byte = (const uint8_t *)data;
    return byte[0] | (uint64_t)byte[size / 2] << (8 * (size / 2)) | (uint64_t)byte[size - 1] << (8 * (size - 1));
}

static inline void weir_bytes_copy(char *to, const char *from, size_t size) {
    if (size > 16) {
        memcpy(to, from, size);
    } else if (size >= 8) {
        uint64_t first = weir_word_load(from), last = weir_word_load(from + size - 8);
        memcpy(to, &first, 8);
        memcpy(to + size - 8, &last, 8);
    } else if (size >= 4) {
        uint32_t first = weir_word_load_u32(from), last = weir_word_load_u32(from + size - 4);
        memcpy(to, &first, 4);
        memcpy(to + size - 4, &last, 4);
    } else if (size > 0) {
        char first = from[0], middle = from[size / 2], last = from[size - 1];
        to[0] = first;
        to[size / 2] = middle;
        to[size - 1] = last;
    }
}

static inline bool weir_bytes_equal(const char *a, const char *b, size_t size) {
    if (size > 16)
        return memcmp(a, b, size) == 0;
    if (size >= 8)
        return weir_word_load(a) == weir_word_load(b) && weir_word_load(a + size - 8) == weir_word_load(b + size - 8);
    if (size >= 4)
        return weir_word_load_u32(a) == weir_word_load_u32(b) && weir_word_load_u32(a + size - 4) == weir_word_load_u32(b + size - 4);
    return size == 0 || (a[0] == b[0] && a[size / 2] == b[size / 2] && a[size - 1] == b[size - 1]);
}

#endif
