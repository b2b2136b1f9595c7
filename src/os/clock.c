/* The machine's clock and the virtual one; see clock.h. */
#include "os/clock.h"

#include <errno.h>
#include <time.h>

static int64_t read_ns(clockid_t id) {
    struct timespec now;
    clock_gettime(id, &now); /* cannot fail for the two clocks asked for */
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static int64_t real_wall_ns(const weir_clock *clock) {
    (void)clock;
    return read_ns(CLOCK_REALTIME);
}

static int64_t real_monotonic_ns(const weir_clock *clock) {
    (void)clock;
    return read_ns(CLOCK_MONOTONIC);
}

static void real_sleep_ns(const weir_clock *clock, int64_t nanoseconds) {
    (void)clock;
    if (nanoseconds <= 0)
        return;
    struct timespec left = {.tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000};
    while (clock_nanosleep(CLOCK_MONOTONIC, 0, &left, &left) == EINTR)
        ;
}

const weir_clock *weir_clock_real(void) {
    static const weir_clock clock = {.wall_ns = real_wall_ns, .monotonic_ns = real_monotonic_ns, .sleep_ns = real_sleep_ns};
    return &clock;
}

static weir_clock_virtual *virtual_of(const weir_clock *clock) { return clock->context; }

static int64_t virtual_now_ns(const weir_clock *clock) { return atomic_load(&virtual_of(clock)->now_ns); }

static void virtual_sleep_ns(const weir_clock *clock, int64_t nanoseconds) {
    if (nanoseconds > 0)
        weir_clock_virtual_advance_ns(virtual_of(clock), nanoseconds);
}

void weir_clock_virtual_init(weir_clock_virtual *virtual_clock, int64_t wall_ns) {
    virtual_clock->clock =
        (weir_clock){.wall_ns = virtual_now_ns, .monotonic_ns = virtual_now_ns, .sleep_ns = virtual_sleep_ns, .context = virtual_clock};
    atomic_init(&virtual_clock->now_ns, wall_ns);
}

void weir_clock_virtual_advance_ns(weir_clock_virtual *virtual_clock, int64_t nanoseconds) {
    atomic_fetch_add(&virtual_clock->now_ns, nanoseconds);
}
void weir_clock_virtual_set_ns(weir_clock_virtual *virtual_clock, int64_t wall_ns) { atomic_store(&virtual_clock->now_ns, wall_ns); }
