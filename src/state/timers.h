/* Timers of an operator: (time, key reference) pairs, unique, fired in order of time, then of the reference (about the order in which keys
 * were made). */
#ifndef WEIR_STATE_TIMERS_H
#define WEIR_STATE_TIMERS_H

#include "state/state.h"

typedef struct weir_timers weir_timers;

weir_timers *weir_timers_create(weir_state *state, weir_arena *arena, const char *name) WEIR_MUST_USE; /* "event-time", "processing-time" */
void weir_timers_destroy(weir_timers *timers);
/* Registering an existing pair again does nothing. False: no memory. */
bool weir_timers_add(weir_timers *timers, int64_t time_ms, weir_ref key) WEIR_MUST_USE;
void weir_timers_remove(weir_timers *timers, int64_t time_ms, weir_ref key);
int64_t weir_timers_next_ms(const weir_timers *timers); /* INT64_MAX: none */
/* Take the earliest timer whose time is <= now. False: none. */
bool weir_timers_pop(weir_timers *timers, int64_t now_ms, int64_t *time_ms, weir_ref *key);

#endif
