/* Session windows per key: which session takes a row, and which have ended. Shared by the session aggregate and the SESSION table function.
 * Private to op/.
 *
 * A row at time t opens the window [t, t + gap]; windows that touch or overlap are one session. A key's sessions hang in a list, latest
 * first, each a block of its own with its bounds and what the
 * operator keeps; since they never overlap, the search for those that a row touches ends soon.
 *
 * Each session has one timer, set for the end it had when the timer was set; if it has grown when the timer fires, the timer is set anew.
 * So rows that only prolong a session touch no timer.
 */
#ifndef WEIR_OP_SESSIONS_H
#define WEIR_OP_SESSIONS_H

#include "op/window_assign.h"
#include "state/keyed.h"
#include "state/timers.h"

/* In front of what the operator keeps of a session. */
typedef struct weir_session {
    weir_ref next; /* the one before in time */
    int64_t start_ms, end_ms;
    int64_t timer_ms; /* what its timer is set for */
    int64_t count;    /* records; the operator's */
} weir_session;

typedef struct weir_session_key {
    weir_ref sessions;
    uint32_t listed; /* on the list of keys that may have no session left */
    uint32_t zero;
} weir_session_key;

typedef struct weir_sessions {
    const weir_operator_context *context;
    weir_state *state;
    weir_keyed *keyed;   /* values: weir_session_key */
    weir_timers *timers;
    weir_window_shift shift;
    int64_t gap_ms;
    uint32_t block_bytes; /* of a session */
    int64_t watermark_ms; /* NONE: nothing is late */
    weir_ref *idle;
    size_t idle_count, idle_capacity;
    /* `into` becomes one with `other`, which lies before it in time: take over what it keeps (bounds and count are done by the caller). */
    weir_status (*absorb)(void *owner, weir_session *into, weir_session *other, weir_error *error);
    void *owner;
} weir_sessions;

weir_status weir_sessions_init(weir_sessions *sessions, const weir_operator_context *context, weir_state *state,
                               const weir_type *const *input_types, const uint32_t *keys, uint32_t key_count, const weir_window *window,
                               uint32_t block_bytes, weir_error *error) WEIR_MUST_USE;
void weir_sessions_deinit(weir_sessions *sessions);
/* The session that takes a row of this time; *out NULL: the row is late. */
weir_status weir_sessions_take(weir_sessions *sessions, weir_session_key *key, int64_t time_ms, weir_session **out,
                               weir_error *error) WEIR_MUST_USE;
/* The next session that has ended by `now_ms` (watermark or clock), out of its key's list; *out NULL: none. Give it back when it has been
 * read. */
weir_status weir_sessions_pop(weir_sessions *sessions, int64_t now_ms, weir_session_key **key, weir_session **out, weir_ref *ref,
                              weir_error *error) WEIR_MUST_USE;
weir_status weir_sessions_give_back(weir_sessions *sessions, weir_session_key *key, weir_ref ref, weir_error *error) WEIR_MUST_USE;
/* The key may have no session left: look at it in the next sweep. */
weir_status weir_sessions_key_idle(weir_sessions *sessions, weir_session_key *key, weir_error *error) WEIR_MUST_USE;
/* Between batches: keys without sessions leave the table. */
void weir_sessions_sweep(weir_sessions *sessions);
static inline bool weir_sessions_due(const weir_sessions *sessions, int64_t now_ms) {
    int64_t next = weir_timers_next_ms(sessions->timers);
    return next != INT64_MAX && next <= now_ms;
}

#endif
