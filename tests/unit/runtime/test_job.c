/* A job from its sources to its sinks: what arrives, in which order inputs are read, who is told to stop, when sinks commit. */
#include "tests/unit/runtime/job_check.h"

#define STEPS(array) .steps = (array), .step_count = sizeof(array) / sizeof *(array)

static void values_come_in_batches(void **state) {
    (void)state;
    bench b;
    bench_open(&b);
    weir_value values[10];
    for (int i = 0; i < 10; i++)
        values[i] = (weir_value){.type = row_types()[0], .as.integer = i, .is_null = i == 3};
    weir_vertex *vertex = vertex_add(&b, WEIR_VERTEX_VALUES, "Values", NULL, 0);
    vertex->as.values.row_count = 10;
    vertex->as.values.values = values;
    add_collect(&b, 0);
    job_open(&b);
    const uint32_t sizes[] = {4, 4, 2};
    for (int i = 0; i < 3; i++) {
        weir_batch *batch;
        assert_int_equal(weir_job_next(b.job, &batch, NULL), WEIR_OK);
        assert_int_equal(batch->selected, sizes[i]);
        assert_int_equal(weir_column_is_valid(batch->columns[0], 3), i != 0);
        weir_batch_destroy(batch);
    }
    job_gives(&b, "");
    job_gives(&b, ""); /* an ended job has nothing more to say */
    bench_close(&b);
}

static void no_rows_at_all(void **state) {
    (void)state;
    bench b;
    bench_open(&b);
    source_spec source = {.name = "s"};
    op_spec pass = {.name = "a"};
    sink_spec sink = {.name = "k"};
    uint32_t from = add_op(&b, &pass, add_source(&b, &source));
    add_sink(&b, &sink, from);
    add_collect(&b, from);
    job_open(&b);
    job_gives(&b, "");
    assert_string_equal(b.log, "s a-end0 prepare:k commit:k");
    assert_true(pass.last_mark_ms == WEIR_WATERMARK_END);
    bench_close(&b);
    assert_int_equal(source.closed, 1);
    assert_int_equal(pass.closed, 1);
    assert_int_equal(sink.closed, 1);
    assert_int_equal(sink.aborted, 0);
}

/* The consumer works before the source is asked again; the end mark comes once, even when the source sends one itself. */
static void consumers_go_first(void **state) {
    (void)state;
    bench b;
    bench_open(&b);
    const source_step steps[] = {{.first = 1, .rows = 2}, {.first = 3, .rows = 1, .watermark_ms = WEIR_WATERMARK_END}};
    source_spec source = {.name = "s", STEPS(steps)};
    op_spec first = {.name = "a"}, second = {.name = "b"};
    add_collect(&b, add_op(&b, &second, add_op(&b, &first, add_source(&b, &source))));
    job_open(&b);
    job_gives(&b, "1 2 3");
    assert_string_equal(b.log, "s a:1 a:2 b:1 b:2 s a:3 b:3 s a-end0 b-end0");
    bench_close(&b);
}

/* Of two inputs the one with the lower watermark is read, on a tie the one that has given fewer rows, then the left one. */
static void the_input_that_is_behind_is_read(void **state) {
    (void)state;
    bench b;
    bench_open(&b);
    const source_step left[] = {{.first = 10, .rows = 2, .watermark_ms = 1000}, {.first = 12, .rows = 1, .watermark_ms = 5000}};
    const source_step right[] = {{.first = 20, .rows = 1, .watermark_ms = 900},
                                 {.first = 21, .rows = 1, .watermark_ms = 1000},
                                 {.first = 22, .rows = 1, .watermark_ms = 6000}};
    source_spec l = {.name = "L", STEPS(left)}, r = {.name = "R", STEPS(right)};
    op_spec merge = {.name = "m"};
    uint32_t from_left = add_source(&b, &l), from_right = add_source(&b, &r);
    add_collect(&b, add_merge(&b, &merge, from_left, from_right));
    job_open(&b);
    /* tie, no rows: left; then right is behind, twice; then both stand at 1000 with two rows: left; then right */
    job_gives(&b, "10 11 20 21 12 22");
    assert_string_equal(b.log, "L m:10 m:11 R m/1:20 R m/1:21 L m:12 R m/1:22 L m-end0 R m-end1");
    bench_close(&b);
}

static void a_union_reads_what_is_behind(void **state) {
    (void)state;
    bench b;
    bench_open(&b);
    const source_step slow[] = {{.first = 1, .rows = 1, .watermark_ms = 10}, {.first = 2, .rows = 1, .watermark_ms = 20}};
    const source_step fast[] = {{.first = 11, .rows = 1, .watermark_ms = 100}, {.first = 12, .rows = 1, .watermark_ms = 200}};
    const source_step none[] = {{.first = 21, .rows = 1}, {.first = 22, .rows = 1}};
    source_spec a = {.name = "A", STEPS(slow)}, c = {.name = "B", STEPS(fast)}, d = {.name = "C", STEPS(none)};
    op_spec all = {.name = "u"};
    uint32_t inputs[3] = {add_source(&b, &a), add_source(&b, &c), add_source(&b, &d)};
    add_collect(&b, add_union(&b, &all, inputs, 3));
    job_open(&b);
    /* no watermark is the lowest: C is read to its end once each has been asked */
    job_gives(&b, "1 11 21 22 2 12");
    assert_int_equal(all.ends, 3);
    bench_close(&b);
}

static void one_source_feeds_many(void **state) {
    (void)state;
    bench b;
    bench_open(&b);
    const source_step steps[] = {{.first = 1, .rows = 3}, {.first = 4, .rows = 2}};
    source_spec source = {.name = "s", STEPS(steps)};
    sink_spec one = {.name = "one"}, two = {.name = "two"};
    uint32_t from = add_source(&b, &source);
    add_sink(&b, &one, from);
    add_sink(&b, &two, from);
    add_collect(&b, from);
    job_open(&b);
    job_gives(&b, "1 2 3 4 5");
    assert_int_equal(source.asked, 3);
    assert_int_equal(one.sum, 15);
    assert_int_equal(two.sum, 15);
    /* all have prepared before the first commits */
    assert_string_equal(b.log, "s s s prepare:one prepare:two commit:one commit:two");
    bench_close(&b);
}

/* The same vertex may stand at both inputs. */
static void a_self_join(void **state) {
    (void)state;
    bench b;
    bench_open(&b);
    const source_step steps[] = {{.first = 1, .rows = 1}, {.first = 2, .rows = 1}};
    source_spec source = {.name = "s", STEPS(steps)};
    op_spec merge = {.name = "m", .quiet = true};
    uint32_t from = add_source(&b, &source);
    add_collect(&b, add_merge(&b, &merge, from, from));
    job_open(&b);
    job_gives(&b, "1 1 2 2");
    assert_int_equal(merge.ends, 2);
    bench_close(&b);
}

static void limit_stops_the_source(void **state) {
    (void)state;
    bench b;
    bench_open(&b);
    const source_step steps[] = {{.first = 1, .rows = 3}, {.first = 4, .rows = 3}, {.first = 7, .rows = 3}, {.fails = true}};
    source_spec source = {.name = "s", STEPS(steps)};
    op_spec pass = {.name = "a", .quiet = true}, limit = {.name = "l", .limit = 4, .quiet = true};
    add_collect(&b, add_op(&b, &limit, add_op(&b, &pass, add_source(&b, &source))));
    job_open(&b);
    job_gives(&b, "1 2 3 4");
    assert_int_equal(source.asked, 2);
    assert_int_equal(pass.ends, 0); /* it was told nothing, only closed */
    bench_close(&b);
    assert_int_equal(pass.closed, 1);
}

static void limit_stops_only_its_own_branch(void **state) {
    (void)state;
    bench b;
    bench_open(&b);
    const source_step steps[] = {{.first = 1, .rows = 3}, {.first = 4, .rows = 3}, {.first = 7, .rows = 3}};
    source_spec source = {.name = "s", STEPS(steps)};
    op_spec limit = {.name = "l", .limit = 2, .quiet = true};
    sink_spec all = {.name = "k"};
    uint32_t from = add_source(&b, &source);
    uint32_t limited = add_op(&b, &limit, from);
    add_sink(&b, &all, from);
    add_collect(&b, limited);
    job_open(&b);
    job_gives(&b, "1 2");
    assert_int_equal(all.rows, 9);
    assert_int_equal(all.committed, 1);
    bench_close(&b);
}

/* A two-input operator that has enough stops both sides. */
static void a_merge_that_is_done_stops_both(void **state) {
    (void)state;
    bench b;
    bench_open(&b);
    const source_step steps[] = {{.first = 1, .rows = 2}, {.first = 3, .rows = 2}, {.first = 5, .rows = 2}};
    source_spec l = {.name = "L", STEPS(steps), .quiet = true}, r = {.name = "R", STEPS(steps), .quiet = true};
    op_spec merge = {.name = "m", .limit = 3, .quiet = true};
    uint32_t from_left = add_source(&b, &l), from_right = add_source(&b, &r);
    add_collect(&b, add_merge(&b, &merge, from_left, from_right));
    job_open(&b);
    job_gives(&b, "1 2 1");
    assert_int_equal(l.asked, 1);
    assert_int_equal(r.asked, 1);
    bench_close(&b);
}

/* More output than fits is fetched piece by piece, in order, before further input. */
static void more_output_is_fetched(void **state) {
    (void)state;
    bench b;
    bench_open(&b);
    const source_step steps[] = {{.first = 1, .rows = 3}, {.first = 4, .rows = 1}};
    source_spec source = {.name = "s", STEPS(steps), .quiet = true};
    op_spec many = {.name = "x", .copies = 50, .quiet = true};
    sink_spec sink = {.name = "k"};
    add_sink(&b, &sink, add_op(&b, &many, add_source(&b, &source)));
    job_open(&b);
    job_gives(&b, "");
    assert_int_equal(sink.rows, 200);
    assert_int_equal(sink.sum, 50 * (1 + 2 + 3 + 4));
    bench_close(&b);
}

static void figures_are_kept(void **state) {
    (void)state;
    bench b;
    bench_open(&b);
    const source_step steps[] = {{.first = 1, .rows = 3, .watermark_ms = 77}, {.first = 4, .rows = 2}};
    source_spec source = {.name = "s", STEPS(steps), .quiet = true};
    op_spec pass = {.name = "a", .quiet = true};
    sink_spec sink = {.name = "k"};
    add_sink(&b, &sink, add_op(&b, &pass, add_source(&b, &source)));
    job_open(&b);
    weir_job_progress progress;
    weir_job_progress_of(b.job, &progress);
    assert_int_equal(progress.rows_read, 0);
    assert_int_equal(progress.bytes_total, 20);
    assert_true(progress.watermark_ms == WEIR_WATERMARK_NONE);
    job_gives(&b, "");
    weir_job_progress_of(b.job, &progress);
    assert_int_equal(progress.rows_read, 5);
    assert_int_equal(progress.rows_written, 5);
    assert_int_equal(progress.bytes_read, 20);
    assert_true(progress.memory_peak_bytes > 0);
    const weir_operator_metrics *metrics = weir_job_metrics(b.job, 1);
    assert_int_equal(metrics->rows_in, 5);
    assert_int_equal(metrics->rows_out, 5);
    assert_int_equal(weir_job_metrics(b.job, 2)->kinds[WEIR_INSERT], 5);
    bench_close(&b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_come_in_batches),
        cmocka_unit_test(no_rows_at_all),
        cmocka_unit_test(consumers_go_first),
        cmocka_unit_test(the_input_that_is_behind_is_read),
        cmocka_unit_test(a_union_reads_what_is_behind),
        cmocka_unit_test(one_source_feeds_many),
        cmocka_unit_test(a_self_join),
        cmocka_unit_test(limit_stops_the_source),
        cmocka_unit_test(limit_stops_only_its_own_branch),
        cmocka_unit_test(a_merge_that_is_done_stops_both),
        cmocka_unit_test(more_output_is_fetched),
        cmocka_unit_test(figures_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
