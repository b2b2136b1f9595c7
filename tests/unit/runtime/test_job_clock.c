/* A job and the clock: idle sources, ticks of processing time, patience, operators that wait for something outside. The clock is a virtual
 * one that moves when the job sleeps. */
#include "tests/unit/runtime/job_check.h"

#define STEPS(array) .steps = (array), .step_count = sizeof(array) / sizeof *(array)

static int64_t elapsed_ms(const bench *b) { return weir_clock_wall_ms(&b->clock.clock) - 1000000; }

static void an_idle_source_is_waited_for(void **state) {
    (void)state;
    bench b;
    bench_open(&b);
    const source_step steps[] = {{.first = 1, .rows = 1}, {.first = 2, .rows = 1, .idle_ms = 300}};
    source_spec source = {.name = "s", STEPS(steps), .quiet = true};
    add_collect(&b, add_source(&b, &source));
    job_open(&b);
    job_gives(&b, "1 2");
    assert_in_range(elapsed_ms(&b), 300, 400);
    assert_in_range(source.asked, 4, 5); /* it is not asked before it is time */
    bench_close(&b);
}

/* While the input that should be read is idle, the other one goes ahead. */
static void the_other_source_goes_ahead(void **state) {
    (void)state;
    bench b;
    bench_open(&b);
    const source_step left[] = {{.first = 1, .rows = 1, .idle_ms = 500}};
    const source_step right[] = {{.first = 11, .rows = 1}, {.first = 12, .rows = 1}};
    source_spec l = {.name = "L", STEPS(left), .quiet = true}, r = {.name = "R", STEPS(right), .quiet = true};
    op_spec all = {.name = "u", .quiet = true};
    uint32_t inputs[2] = {add_source(&b, &l), add_source(&b, &r)};
    add_collect(&b, add_union(&b, &all, inputs, 2));
    job_open(&b);
    job_gives(&b, "11 12 1");
    bench_close(&b);
}

static void ticks_come_in_time(void **state) {
    (void)state;
    bench b;
    bench_open(&b);
    const source_step steps[] = {{.first = 1, .rows = 1}, {.first = 2, .rows = 1, .idle_ms = 1000}};
    source_spec source = {.name = "s", STEPS(steps), .quiet = true};
    op_spec clockwork = {.name = "t", .tick_ms = 300, .quiet = true};
    add_collect(&b, add_op(&b, &clockwork, add_source(&b, &source)));
    job_open(&b);
    job_gives(&b, "1 -1 -1 -1 2");
    assert_int_equal(clockwork.ticks, 3);
    bench_close(&b);
}

static void patience_ends(void **state) {
    (void)state;
    bench b;
    bench_open(&b);
    const source_step steps[] = {{.first = 1, .rows = 1, .idle_ms = 1000}};
    source_spec source = {.name = "s", STEPS(steps), .quiet = true};
    add_collect(&b, add_source(&b, &source));
    job_open(&b);
    weir_batch *batch;
    bool pending;
    assert_int_equal(weir_job_next_within(b.job, 200, &batch, &pending, NULL), WEIR_OK);
    assert_null(batch);
    assert_true(pending);
    assert_in_range(elapsed_ms(&b), 200, 300);
    assert_int_equal(weir_job_state_of(b.job), WEIR_JOB_RUNNING);
    assert_int_equal(weir_job_next_within(b.job, 2000, &batch, &pending, NULL), WEIR_OK);
    assert_non_null(batch);
    assert_false(pending);
    weir_batch_destroy(batch);
    assert_int_equal(weir_job_next_within(b.job, 0, &batch, &pending, NULL), WEIR_OK);
    assert_null(batch);
    job_gives(&b, "");
    bench_close(&b);
}

static void a_cancel_is_seen_while_waiting(void **state) {
    (void)state;
    bench b;
    bench_open(&b);
    const source_step steps[] = {{.first = 1, .rows = 1, .idle_ms = 1000000}};
    source_spec source = {.name = "s", STEPS(steps), .quiet = true};
    add_collect(&b, add_source(&b, &source));
    job_open(&b);
    weir_batch *batch;
    bool pending;
    assert_int_equal(weir_job_next_within(b.job, 100, &batch, &pending, NULL), WEIR_OK);
    weir_job_cancel(b.job);
    assert_int_equal(weir_job_next_within(b.job, INT64_MAX, &batch, &pending, NULL), WEIR_CANCELLED);
    assert_true(elapsed_ms(&b) < 1000);
    bench_close(&b);
}

/* An operator that waits for something outside is asked again, not in a hurry; others work meanwhile. */
static void a_blocked_operator_is_resumed(void **state) {
    (void)state;
    bench b;
    bench_open(&b);
    const source_step steps[] = {{.first = 1, .rows = 2}, {.first = 3, .rows = 1}};
    const source_step others[] = {{.first = 11, .rows = 1}, {.first = 12, .rows = 1}, {.first = 13, .rows = 1}};
    source_spec source = {.name = "s", STEPS(steps), .quiet = true}, other = {.name = "o", STEPS(others), .quiet = true};
    op_spec waits = {.name = "w", .blocked = 5, .quiet = true};
    sink_spec sink = {.name = "k"};
    uint32_t blocked = add_op(&b, &waits, add_source(&b, &source));
    add_sink(&b, &sink, add_source(&b, &other));
    add_collect(&b, blocked);
    job_open(&b);
    weir_batch *batch;
    assert_int_equal(weir_job_next(b.job, &batch, NULL), WEIR_OK);
    assert_int_equal(batch->selected, 2);
    assert_int_equal(sink.rows, 3);
    weir_batch_destroy(batch);
    job_gives(&b, "3");
    assert_in_range(elapsed_ms(&b), 2, 100);
    bench_close(&b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_idle_source_is_waited_for),
        cmocka_unit_test(the_other_source_goes_ahead),
        cmocka_unit_test(ticks_come_in_time),
        cmocka_unit_test(patience_ends),
        cmocka_unit_test(a_cancel_is_seen_while_waiting),
        cmocka_unit_test(a_blocked_operator_is_resumed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
