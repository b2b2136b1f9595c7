/* Where seeds come from when nobody gives one; see random.h. */
#include "os/random.h"

#include <sys/random.h>
#include <time.h>
#include <unistd.h>

uint64_t weir_random_seed(void) {
    uint64_t seed;
    if (getrandom(&seed, sizeof(seed), GRND_NONBLOCK) == (ssize_t)sizeof(seed))
        return seed;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    seed = (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec + ((uint64_t)getpid() << 32);
    return weir_random_mix(&seed);
}
