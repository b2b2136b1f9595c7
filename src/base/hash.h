/* Hashing of keys: multiply-and-fold for words, a folded-multiply loop for bytes (the construction of wyhash).
 *
 * Two uses, kept apart: weir_hash_* may change between releases (tables in memory); the map from a key to its key group uses
 * weir_hash_frozen, whose values must never change, because savepoints depend on them.
 */
#ifndef WEIR_BASE_HASH_H
#define WEIR_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline uint64_t weir_hash_fold(uint64_t a, uint64_t b) {
    unsigned __int128 product = (unsigned __int128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline uint64_t weir_hash_u64(uint64_t value) { return weir_hash_fold(value ^ 0x9E3779B97F4A7C15ull, 0xD1B54A32D192ED03ull); }
static inline uint64_t weir_hash_combine(uint64_t hash, uint64_t value) {
    return weir_hash_fold(hash ^ value ^ 0xA0761D6478BD642Full, 0xE7037ED1A0B428DBull);
}

static inline uint64_t weir_hash_load_word(const char *data) {
    uint64_t word;
    memcpy(&word, data, sizeof word);
    return word;
}

/* The 1 to 7 bytes as a number of 8, without a copy whose length is not known: a load of what was just stored in pieces stalls, which was
 * half of the time of hashing short texts. */
static inline uint64_t weir_hash_load_tail(const char *data, size_t size) {
    if (size >= 4) {
        uint32_t first, last;
        memcpy(&first, data, 4);
        memcpy(&last, data + size - 4, 4);
        return first | (uint64_t)last << (8 * (size - 4));
    }
    const uint8_t *byte = (const uint8_t *)data;
    return byte[0] | (uint64_t)byte[size / 2] << (8 * (size / 2)) | (uint64_t)byte[size - 1] << (8 * (size - 1));
}

static inline uint64_t weir_hash_bytes(const void *bytes, size_t size) {
    const char *data = bytes;
    uint64_t hash = 0x2D358DCCAA6C78A5ull ^ size;
    size_t left = size;
    for (; left >= 16; left -= 16, data += 16)
        hash = weir_hash_fold(hash ^ weir_hash_load_word(data), 0x8BB84B93962EACC9ull ^ weir_hash_load_word(data + 8));
    if (left >= 8)
        hash = weir_hash_fold(hash ^ weir_hash_load_word(data), 0x4B33A62ED433D4A3ull ^ weir_hash_load_word(data + left - 8));
    else if (left > 0)
        hash = weir_hash_fold(hash ^ weir_hash_load_tail(data, left), 0x4D5A2DA51DE1AA47ull);
    return weir_hash_u64(hash);
}

/* FROZEN: the key-group hash. 64-bit FNV-1a with a final mix (splitmix64's); see the test that pins its values. */
uint64_t weir_hash_frozen(const void *bytes, size_t size);

#endif
