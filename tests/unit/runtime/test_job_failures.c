/* A job that fails, is cancelled, or runs out of memory: what came out before goes on its way, sinks are aborted, nothing leaks. */
#include "tests/unit/runtime/job_check.h"

#define STEPS(array) .steps = (array), .step_count = sizeof(array) / sizeof *(array)

static void rows_before_the_failing_one_arrive(void **state) {
    (void)state;
    bench b;
    bench_open(&b);
    const source_step steps[] = {{.first = 1, .rows = 3}, {.first = 4, .rows = 3}};
    source_spec source = {.name = "s", STEPS(steps), .quiet = true};
    op_spec fails = {.name = "f", .fails_at = 5, .quiet = true}, behind = {.name = "a", .quiet = true};
    sink_spec sink = {.name = "k"};
    uint32_t from = add_op(&b, &behind, add_op(&b, &fails, add_source(&b, &source)));
    add_sink(&b, &sink, from);
    add_collect(&b, from);
    job_open(&b);
    job_fails(&b, "1 2 3 4", WEIR_RUNTIME, "f does not like 5");
    assert_int_equal(weir_job_state_of(b.job), WEIR_JOB_FAILED);
    assert_int_equal(behind.ends, 0); /* its input has not ended */
    assert_int_equal(sink.rows, 4);
    assert_int_equal(sink.aborted, 1);
    assert_int_equal(sink.prepared + sink.committed, 0);
    job_fails(&b, "", WEIR_OK, ""); /* told once */
    bench_close(&b);
    assert_int_equal(sink.aborted, 1);
    assert_int_equal(fails.closed, 1);
}

/* The later operator fails over an earlier row: that is the error to tell. */
static void the_earlier_row_is_the_error(void **state) {
    (void)state;
    bench b;
    bench_open(&b);
    const source_step steps[] = {{.first = 1, .rows = 4}};
    source_spec source = {.name = "s", STEPS(steps), .quiet = true};
    op_spec first = {.name = "f", .fails_at = 3, .quiet = true}, second = {.name = "g", .fails_at = 2, .quiet = true};
    add_collect(&b, add_op(&b, &second, add_op(&b, &first, add_source(&b, &source))));
    job_open(&b);
    job_fails(&b, "1", WEIR_RUNTIME, "g does not like 2");
    bench_close(&b);
}

static void sources_fail(void **state) {
    (void)state;
    bench b;
    bench_open(&b);
    const source_step steps[] = {{.first = 1, .rows = 2}, {.fails = true}};
    source_spec source = {.name = "s", STEPS(steps), .quiet = true};
    op_spec pass = {.name = "a", .quiet = true};
    add_collect(&b, add_op(&b, &pass, add_source(&b, &source)));
    job_open(&b);
    job_fails(&b, "1 2", WEIR_RUNTIME, "s cannot read on");
    bench_close(&b);
}

static void the_end_fails(void **state) {
    (void)state;
    bench b;
    bench_open(&b);
    const source_step steps[] = {{.first = 1, .rows = 2}};
    source_spec source = {.name = "s", STEPS(steps), .quiet = true};
    op_spec pass = {.name = "a", .quiet = true, .fails_at_end = true};
    sink_spec sink = {.name = "k"};
    add_sink(&b, &sink, add_op(&b, &pass, add_source(&b, &source)));
    job_open(&b);
    job_fails(&b, "", WEIR_RUNTIME, "a cannot end");
    assert_int_equal(sink.rows, 2);
    assert_int_equal(sink.aborted, 1);
    bench_close(&b);
}

static void sinks_fail(void **state) {
    (void)state;
    for (int what = 0; what < 3; what++) {
        bench b;
        bench_open(&b);
        const source_step steps[] = {{.first = 1, .rows = 2}};
        source_spec source = {.name = "s", STEPS(steps), .quiet = true};
        sink_spec good = {.name = "good"};
        sink_spec bad = {.name = "bad", .write_fails = what == 0, .prepare_fails = what == 1, .commit_fails = what == 2};
        uint32_t from = add_source(&b, &source);
        add_sink(&b, &good, from);
        add_sink(&b, &bad, from);
        job_open(&b);
        job_fails(&b, "", WEIR_RUNTIME, what == 0 ? "bad is full" : what == 1 ? "bad cannot prepare" : "bad cannot commit");
        assert_int_equal(good.committed, what == 2); /* none commits before all have prepared */
        assert_int_equal(good.aborted, 1);
        assert_int_equal(bad.aborted, 1);
        bench_close(&b);
    }
}

static void cancelled(void **state) {
    (void)state;
    bench b;
    bench_open(&b);
    const source_step steps[] = {{.first = 1, .rows = 2}, {.first = 3, .rows = 2}, {.first = 5, .rows = 2}};
    source_spec source = {.name = "s", STEPS(steps), .quiet = true};
    sink_spec sink = {.name = "k"};
    uint32_t from = add_source(&b, &source);
    add_sink(&b, &sink, from);
    add_collect(&b, from);
    job_open(&b);
    weir_batch *batch;
    assert_int_equal(weir_job_next(b.job, &batch, NULL), WEIR_OK);
    weir_batch_destroy(batch);
    weir_job_cancel(b.job);
    job_fails(&b, "", WEIR_CANCELLED, "cancelled");
    assert_int_equal(weir_job_state_of(b.job), WEIR_JOB_CANCELLED);
    assert_int_equal(sink.aborted, 1);
    assert_int_equal(sink.committed, 0);
    assert_true(source.asked < 3);
    bench_close(&b);
}

/* A cancel after the end changes nothing. */
static void cancelled_too_late(void **state) {
    (void)state;
    bench b;
    bench_open(&b);
    source_spec source = {.name = "s", .quiet = true};
    sink_spec sink = {.name = "k"};
    add_sink(&b, &sink, add_source(&b, &source));
    job_open(&b);
    job_gives(&b, "");
    weir_job_cancel(b.job);
    job_gives(&b, "");
    assert_int_equal(sink.aborted, 0);
    bench_close(&b);
}

/* Destroyed in the middle: sinks are aborted, queued batches given back. */
static void left_alone(void **state) {
    (void)state;
    bench b;
    bench_open(&b);
    const source_step steps[] = {{.first = 1, .rows = 2}, {.first = 3, .rows = 2}};
    source_spec source = {.name = "s", STEPS(steps), .quiet = true};
    op_spec many = {.name = "x", .copies = 50, .quiet = true};
    sink_spec sink = {.name = "k"};
    uint32_t from = add_op(&b, &many, add_source(&b, &source));
    add_sink(&b, &sink, from);
    add_collect(&b, from);
    job_open(&b);
    weir_batch *batch;
    assert_int_equal(weir_job_next(b.job, &batch, NULL), WEIR_OK);
    weir_batch_destroy(batch);
    bench_close(&b);
    assert_int_equal(sink.aborted, 1);
    assert_int_equal(sink.closed, 1);
}

/* What was opened before the one that fails is closed again. */
static void opening_fails(void **state) {
    (void)state;
    bench b;
    bench_open(&b);
    source_spec source = {.name = "s"};
    op_spec first = {.name = "a"}, second = {.name = "b", .no_memory = true};
    add_collect(&b, add_op(&b, &second, add_op(&b, &first, add_source(&b, &source))));
    weir_error error = {0};
    assert_int_equal(weir_job_create(&b.graph, &b.environment, &b.job, &error), WEIR_MEMORY);
    assert_string_equal(error.stage, "run");
    b.job = NULL;
    bench_close(&b);
    assert_int_equal(source.closed, 1);
    assert_int_equal(first.closed, 1);
    assert_int_equal(second.closed, 0);
}

/* The job's own limit. */
static void the_limit_is_told(void **state) {
    (void)state;
    bench b;
    bench_open(&b);
    const source_step steps[] = {{.first = 1, .rows = 1000}};
    source_spec source = {.name = "s", STEPS(steps), .quiet = true};
    add_collect(&b, add_source(&b, &source));
    b.environment.memory_limit_bytes = 9000;
    job_open(&b);
    job_fails(&b, "", WEIR_MEMORY, "memory");
    bench_close(&b);
}

/* One run of a graph with everything in it, while allocation number `count` (and all behind it) fails. True: it was never reached. */
static bool run_without_memory(uint64_t count, bool sticky) {
    bench b;
    bench_open(&b);
    const source_step left[] = {{.first = 1, .rows = 5, .watermark_ms = 10}, {.first = 6, .rows = 5, .watermark_ms = 20}};
    const source_step right[] = {{.first = 101, .rows = 5, .watermark_ms = 15}};
    source_spec l = {.name = "L", STEPS(left), .quiet = true}, r = {.name = "R", STEPS(right), .quiet = true};
    op_spec merge = {.name = "m", .quiet = true}, many = {.name = "x", .copies = 3, .quiet = true};
    sink_spec sink = {.name = "k"};
    weir_value values[6];
    for (int i = 0; i < 6; i++)
        values[i] = (weir_value){.type = row_types()[0], .as.integer = i};
    uint32_t from_left = add_source(&b, &l), from_right = add_source(&b, &r);
    uint32_t merged = add_merge(&b, &merge, from_left, from_right);
    weir_vertex *vertex = vertex_add(&b, WEIR_VERTEX_VALUES, "Values", NULL, 0);
    vertex->as.values.row_count = 6;
    vertex->as.values.values = values;
    uint32_t both = add_union(&b, &(op_spec){.name = "u", .quiet = true}, (uint32_t[]){merged, b.graph.count - 1}, 2);
    add_sink(&b, &sink, both);
    add_collect(&b, add_op(&b, &many, both));
    weir_error error = {0};
    char out[4096];
    weir_memory_fail_after(count, sticky);
    weir_status status = weir_job_create(&b.graph, &b.environment, &b.job, &error);
    bool created = status == WEIR_OK;
    if (created)
        status = job_drain(&b, out, sizeof out, &error);
    bool reached = weir_memory_tries() >= count;
    weir_memory_fail_after(0, false);
    if (reached) {
        assert_int_equal(status, WEIR_MEMORY);
        assert_int_equal(sink.committed, 0);
    } else {
        assert_int_equal(status, WEIR_OK);
        assert_int_equal(sink.rows, 21);
    }
    if (!created)
        b.job = NULL;
    bench_close(&b);
    assert_int_equal(sink.aborted, reached && (created || sink.closed > 0));
    return !reached;
}

static void every_allocation_fails_in_turn(void **state) {
    (void)state;
    for (int sticky = 0; sticky < 2; sticky++) {
        uint64_t count = 1;
        while (!run_without_memory(count, sticky))
            count++;
        assert_true(count > 50);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_before_the_failing_one_arrive),
        cmocka_unit_test(the_earlier_row_is_the_error),
        cmocka_unit_test(sources_fail),
        cmocka_unit_test(the_end_fails),
        cmocka_unit_test(sinks_fail),
        cmocka_unit_test(cancelled),
        cmocka_unit_test(cancelled_too_late),
        cmocka_unit_test(left_alone),
        cmocka_unit_test(opening_fails),
        cmocka_unit_test(the_limit_is_told),
        cmocka_unit_test(every_allocation_fails_in_turn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
