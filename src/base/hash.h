/* Hashing of keys: multiply-and-fold for words, a folded-multiply loop for bytes (the construction of wyhash).
 *
 * Two uses, kept apart: weir_hash_* may change between releases (tables in memory); the map from a key to its key group uses
 * weir_hash_frozen, whose values must never change, because savepoints depend on them.
 */
#ifndef WEIR_BASE_HASH_H
#define WEIR_BASE_HASH_H

#include "base/word.h"

static inline uint64_t weir_hash_fold(uint64_t a, uint64_t b) {
    unsigned __int128 product = (unsigned __int128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline uint64_t weir_hash_u64(uint64_t value) { return weir_hash_fold(value ^ 0x9E3779B97F4A7C15ull, 0xD1B54A32D192ED03ull); }
static inline uint64_t weir_hash_combine(uint64_t hash, uint64_t value) {
    return weir_hash_fold(hash ^ value ^ 0xA0761D6478BD642Full, 0xE7037ED1A0B428DBull);
}

static inline uint64_t weir_hash_bytes(const void *bytes, size_t size) {
    const char *data = bytes;
    uint64_t hash = 0x2D358DCCAA6C78A5ull ^ size;
    size_t left = size;
    for (; left >= 16; left -= 16, data += 16)
        hash = weir_hash_fold(hash ^ weir_word_load(data), 0x8BB84B93962EACC9ull ^ weir_word_load(data + 8));
    if (left >= 8)
        hash = weir_hash_fold(hash ^ weir_word_load(data), 0x4B33A62ED433D4A3ull ^ weir_word_load(data + left - 8));
    else if (left > 0)
        hash = weir_hash_fold(hash ^ weir_word_load_tail(data, left), 0x4D5A2DA51DE1AA47ull);
    return weir_hash_u64(hash);
}

/* FROZEN: the key-group hash. 64-bit FNV-1a with a final mix (splitmix64's); see the test that pins its values. */
uint64_t weir_hash_frozen(const void *bytes, size_t size);

#endif
