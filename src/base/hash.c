/* The frozen hash from keys to key groups; see hash.h. */
#include "base/hash.h"

uint64_t weir_hash_frozen(const void *bytes, size_t size) {
    const unsigned char *data = bytes;
    uint64_t hash = 0xCBF29CE484222325ull;
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ data[i]) * 0x100000001B3ull;
    hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9ull;
    hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EBull;
    return hash ^ (hash >> 31);
}
