/* Random numbers that a seed determines: xoshiro256**, seeded through splitmix64 (both by Blackman and Vigna). Not for secrets.
 * Threads: a generator belongs to one thread. */
#ifndef WEIR_OS_RANDOM_H
#define WEIR_OS_RANDOM_H

#include <stdint.h>

typedef struct weir_random {
    uint64_t state[4];
} weir_random;

static inline uint64_t weir_random_mix(uint64_t *state) {
    uint64_t z = *state += 0x9E3779B97F4A7C15ull;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return z ^ (z >> 31);
}

static inline void weir_random_init(weir_random *random, uint64_t seed) {
    for (int i = 0; i < 4; i++)
        random->state[i] = weir_random_mix(&seed);
}

static inline uint64_t weir_random_rotate(uint64_t x, int by) { return (x << by) | (x >> (64 - by)); }

static inline uint64_t weir_random_u64(weir_random *random) {
    uint64_t *s = random->state;
    uint64_t result = weir_random_rotate(s[1] * 5, 7) * 9;
    uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = weir_random_rotate(s[3], 45);
    return result;
}

/* Uniform in [0, limit), limit > 0, without bias (Lemire's multiply and reject). */
static inline uint64_t weir_random_below(weir_random *random, uint64_t limit) {
    unsigned __int128 product = (unsigned __int128)weir_random_u64(random) * limit;
    if ((uint64_t)product < limit) {
        uint64_t least = (0 - limit) % limit;
        while ((uint64_t)product < least)
            product = (unsigned __int128)weir_random_u64(random) * limit;
    }
    return (uint64_t)(product >> 64);
}

/* Uniform in [0, 1) with 53 bits. */
static inline double weir_random_double(weir_random *random) { return (double)(weir_random_u64(random) >> 11) * 0x1.0p-53; }

/* A seed that differs from call to call, from the system. */
uint64_t weir_random_seed(void);

#endif
