/* Time to live of a keyed table: entries that nobody has touched for so long are looked for, a piece with each batch, so that a key space
 * that moves on does not fill the memory. Operators treat an entry past its time as gone when they meet it, whether it has been swept or
 * not: sweeping changes what is held, never a result.
 *
 * A round over the table begins every half time to live, so that an entry is held for one and a half of it at most.
 */
#ifndef WEIR_STATE_EXPIRY_H
#define WEIR_STATE_EXPIRY_H

#include "state/keyed.h"

typedef struct weir_expiry {
    int64_t ttl_ms;   /* 0: state lives for ever */
    int64_t round_ms; /* when the next round begins */
    bool in_round;
} weir_expiry;

/* Give back what the entry holds that is past its time. True: nothing is left of it, the entry goes, too. */
typedef bool (*weir_expiry_look)(void *owner, void *value, int64_t now_ms);

/* Once per batch, while nobody points to an entry. */
void weir_expiry_sweep(weir_expiry *expiry, weir_keyed *keyed, int64_t now_ms, weir_expiry_look look, void *owner);

/* Is what was written or touched at `stamp_ms` past its time? */
static inline bool weir_expiry_due(const weir_expiry *expiry, int64_t stamp_ms, int64_t now_ms) {
    return expiry->ttl_ms > 0 && (stamp_ms > INT64_MAX - expiry->ttl_ms ? INT64_MAX : stamp_ms + expiry->ttl_ms) <= now_ms;
}

#endif
