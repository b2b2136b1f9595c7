/* Timers fire in order of time, then of the key; a pair is registered once. */
#include "state/timers.h"
#include "tests/unit/state/state_test.h"

static void fire_in_order(void **unused) {
    (void)unused;
    bench b;
    bench_open(&b);
    weir_timers *timers = weir_timers_create(b.state, &b.arena, "event-time");
    assert_non_null(timers);
    assert_true(weir_timers_next_ms(timers) == INT64_MAX);
    const int64_t times[] = {50, -10, 50, 20, 50, INT64_MIN + 1, 20};
    const weir_ref keys[] = {9, 8, 7, 6, 9, 5, 4};
    for (uint32_t i = 0; i < 7; i++)
        assert_true(weir_timers_add(timers, times[i], keys[i]));
    assert_true(weir_timers_next_ms(timers) == INT64_MIN + 1);
    weir_timers_remove(timers, 20, 6);
    weir_timers_remove(timers, 20, 77);
    int64_t time = 0;
    weir_ref key = 0;
    const int64_t fired_times[] = {INT64_MIN + 1, -10, 20, 50, 50};
    const weir_ref fired_keys[] = {5, 8, 4, 7, 9};
    for (uint32_t i = 0; i < 5; i++) {
        assert_int_equal(weir_timers_next_ms(timers), fired_times[i]);
        assert_false(weir_timers_pop(timers, fired_times[i] - 1, &time, &key));
        assert_true(weir_timers_pop(timers, fired_times[i], &time, &key));
        assert_int_equal(time, fired_times[i]);
        assert_int_equal(key, fired_keys[i]);
    }
    assert_false(weir_timers_pop(timers, INT64_MAX, &time, &key));
    assert_true(weir_timers_add(timers, 50, 9)); /* may be registered again once it has fired */
    assert_true(weir_timers_pop(timers, INT64_MAX, &time, &key));
    weir_timers_destroy(timers);
    bench_close(&b);
}

/* Random additions and removals against a plain list. */
static void as_a_list(void **unused) {
    (void)unused;
    enum { TIMES = 40, KEYS = 5, STEPS = 20000 };
    bench b;
    bench_open(&b);
    weir_timers *timers = weir_timers_create(b.state, &b.arena, "t");
    bool there[TIMES][KEYS] = {{false}};
    for (uint32_t step = 0; step < STEPS; step++) {
        uint32_t time = (uint32_t)(bench_random(&b) % TIMES), key = (uint32_t)(bench_random(&b) % KEYS),
            what = (uint32_t)(bench_random(&b) % 8);
        if (what < 4) {
            assert_true(weir_timers_add(timers, time, key + 1));
            there[time][key] = true;
        } else if (what < 7) {
            weir_timers_remove(timers, time, key + 1);
            there[time][key] = false;
        }
        uint32_t first = 0;
        while (first < TIMES * KEYS && !there[first / KEYS][first % KEYS])
            first++;
        assert_int_equal(weir_timers_next_ms(timers), first == TIMES * KEYS ? INT64_MAX : first / KEYS);
        int64_t popped_ms;
        weir_ref popped;
        if (what == 7) {
            assert_int_equal(weir_timers_pop(timers, INT64_MAX, &popped_ms, &popped), first < TIMES * KEYS);
            if (first < TIMES * KEYS) {
                assert_int_equal(popped_ms, first / KEYS);
                assert_int_equal(popped, first % KEYS + 1);
                there[first / KEYS][first % KEYS] = false;
            }
        }
    }
    weir_timers_destroy(timers);
    bench_close(&b);
}

static void no_memory_anywhere(void **unused) {
    (void)unused;
    bench b;
    bench_open(&b);
    bool done = false;
    for (uint64_t nth = 1; !done; nth++) {
        weir_memory_fail_after(nth, true);
        weir_state *state = weir_state_create(&b.memory, "Test[2]", 0);
        weir_timers *timers = state == NULL ? NULL : weir_timers_create(state, &b.arena, "t");
        uint32_t added = 0;
        while (timers != NULL && added < 200 && weir_timers_add(timers, added % 17, added))
            added++;
        done = weir_memory_tries() < nth;
        weir_memory_fail_after(0, false);
        assert_int_equal(done, added == 200);
        int64_t time;
        weir_ref key;
        while (timers != NULL && weir_timers_pop(timers, 100, &time, &key))
            added--;
        assert_int_equal(added, 0);
        weir_timers_destroy(timers);
        weir_state_destroy(state);
    }
    bench_close(&b);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(fire_in_order), cmocka_unit_test(as_a_list), cmocka_unit_test(no_memory_anywhere)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
