/* See expiry.h. */
#include "state/expiry.h"

/* More entries than a batch can make, so that a round comes to its end; few enough to be no pause. */
enum { ENTRIES_AT_ONCE = 4 * WEIR_BATCH_ROWS };

void weir_expiry_sweep(weir_expiry *expiry, weir_keyed *keyed, int64_t now_ms, weir_expiry_look look, void *owner) {
    if (expiry->ttl_ms <= 0 || (!expiry->in_round && now_ms < expiry->round_ms))
        return;
    if (!expiry->in_round) {
        int64_t pause_ms = expiry->ttl_ms - expiry->ttl_ms / 2;
        expiry->round_ms = now_ms > INT64_MAX - pause_ms ? INT64_MAX : now_ms + pause_ms;
        expiry->in_round = true;
    }
    for (uint32_t k = 0; k < ENTRIES_AT_ONCE; k++) {
        void *value = weir_keyed_sweep(keyed);
        if (value == NULL) {
            expiry->in_round = false;
            return;
        }
        if (look(owner, value, now_ms))
            weir_keyed_remove(keyed, value);
    }
}
