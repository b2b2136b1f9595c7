/* The time, behind a vtable: the machine's clock, or a virtual one that tests and the simulator move by hand.
 *
 * Wall time counts from 1970-01-01 UTC and may jump; monotonic time only measures distances. Nobody else in the house asks the
 * operating system for the time. Threads: all functions may be called from any thread.
 */
#ifndef WEIR_OS_CLOCK_H
#define WEIR_OS_CLOCK_H

#include <stdatomic.h>
#include <stdint.h>

typedef struct weir_clock {
    int64_t (*wall_ns)(const struct weir_clock *clock);
    int64_t (*monotonic_ns)(const struct weir_clock *clock);
    /* Return after `nanoseconds`; a virtual clock moves itself forward instead of waiting. */
    void (*sleep_ns)(const struct weir_clock *clock, int64_t nanoseconds);
    void *context;
} weir_clock;

const weir_clock *weir_clock_real(void);

static inline int64_t weir_clock_wall_ns(const weir_clock *clock) { return clock->wall_ns(clock); }
static inline int64_t weir_clock_wall_us(const weir_clock *clock) { return clock->wall_ns(clock) / 1000; }
static inline int64_t weir_clock_wall_ms(const weir_clock *clock) { return clock->wall_ns(clock) / 1000000; }
static inline int64_t weir_clock_monotonic_ns(const weir_clock *clock) { return clock->monotonic_ns(clock); }
static inline int64_t weir_clock_monotonic_us(const weir_clock *clock) { return clock->monotonic_ns(clock) / 1000; }
static inline int64_t weir_clock_monotonic_ms(const weir_clock *clock) { return clock->monotonic_ns(clock) / 1000000; }
static inline void weir_clock_sleep_ms(const weir_clock *clock, int64_t milliseconds) { clock->sleep_ns(clock, milliseconds * 1000000); }

/* A clock that stands still until it is moved. Lives where the caller puts it; hand out `&virtual_clock.clock`, do not copy it. */
typedef struct weir_clock_virtual {
    weir_clock clock;
    _Atomic int64_t now_ns;
} weir_clock_virtual;

void weir_clock_virtual_init(weir_clock_virtual *virtual_clock, int64_t wall_ns);
void weir_clock_virtual_advance_ns(weir_clock_virtual *virtual_clock, int64_t nanoseconds);
void weir_clock_virtual_set_ns(weir_clock_virtual *virtual_clock, int64_t wall_ns);

#endif
