/* GROUP BY: every row's changes, mini-batches, final results; by hand, against a naive recomputation, with batches of all sizes, and
 * without memory. */
#include "tests/unit/op/op_rows.h"

#include "op/group_aggregate.h"
#include "tests/unit/op/op_aggregates.h"

/* Input: k STRING, v BIGINT. Output: k, COUNTER, ADDER(v), GREATEST(v). */
typedef struct setting {
    bool global, retracts, upserts, final_only, no_calls, empty_gives_row;
    uint32_t batch_rows, input_rows;
    int64_t mini_batch, ttl_ms;
} setting;

static void open_bench(op_bench *bench, setting with) {
    bench_init(bench, with.batch_rows == 0 ? 4 : with.batch_rows, with.input_rows == 0 ? 4 : with.input_rows);
    bench->settings.mini_batch = with.mini_batch > 0;
    bench->settings.mini_batch_size = with.mini_batch;
    bench->settings.state_ttl_ms = with.ttl_ms;
    weir_arena *arena = &bench->arena;
    const weir_type **types = WEIR_ARENA_ARRAY(arena, const weir_type *, 2);
    types[0] = weir_type_string(true);
    types[1] = weir_type_simple(WEIR_KIND_BIGINT, true);
    bench->input_types[0] = types;
    bench->input_counts[0] = 2;
    weir_group_aggregate_spec *spec = WEIR_ARENA_NEW(arena, weir_group_aggregate_spec);
    weir_aggregate_call *calls = WEIR_ARENA_ARRAY(arena, weir_aggregate_call, 3);
    calls[0] = call_of(arena, &counter_function, UINT32_MAX);
    calls[1] = call_of(arena, &adder_function, 1);
    calls[2] = call_of(arena, &greatest_function, 1);
    const weir_type **out = WEIR_ARENA_ARRAY(arena, const weir_type *, 4);
    uint32_t at = 0;
    if (!with.global)
        out[at++] = types[0];
    for (uint32_t i = 0; i < 3; i++)
        out[at++] = types[1];
    static const uint32_t key = 0;
    *spec = (weir_group_aggregate_spec){.input_count = 2,
                                        .input_types = types,
                                        .key_count = with.global ? 0 : 1,
                                        .keys = &key,
                                        .call_count = with.no_calls ? 0 : 3,
                                        .calls = calls,
                                        .input_retracts = with.retracts,
                                        .emit_update_before = !with.upserts,
                                        .final_only = with.final_only,
                                        .empty_gives_row = with.empty_gives_row,
                                        .output_types = out};
    assert_int_equal(bench_open(bench, &weir_group_aggregate_operator, spec), WEIR_OK);
}

static void expect(setting with, const char *in, const char *out) {
    static const uint32_t sizes[] = {1, 2, 3, 64};
    for (uint32_t i = 0; i < 16; i++) {
        op_bench bench;
        with.batch_rows = sizes[i / 4];
        with.input_rows = sizes[i % 4];
        open_bench(&bench, with);
        bench.show_marks = true;
        bench_feed(&bench, in);
        assert_int_equal(bench.status, WEIR_OK);
        assert_string_equal(bench_out(&bench), out);
        bench_close(&bench);
    }
}

static void changes_of_every_row(void **unused) {
    (void)unused;
    expect((setting){0}, "+I,a,5\n+I,b,1\n+I,a,NULL\nW,10\n+I,a,7\n+I,NULL,2\n+I,NULL,2\nW,20\nW,END\n",
           "+I,a,1,5,5\n+I,b,1,1,1\n-U,a,1,5,5\n+U,a,2,5,5\nW,10\n-U,a,2,5,5\n+U,a,3,12,7\n+I,NULL,1,2,2\n-U,NULL,1,2,2\n+U,NULL,2,4,2\n"
           "W,20\nW,END\n");
    expect((setting){.no_calls = true}, "+I,a,5\n+I,b,1\n+I,a,NULL\nW,END\n", "+I,a\n+I,b\nW,END\n");
    expect((setting){.upserts = true}, "+I,a,5\n+I,a,1\nW,END\n", "+I,a,1,5,5\n+U,a,2,6,5\nW,END\n");
}

static void retractions(void **unused) {
    (void)unused;
    /* A group dies and comes back; a retraction for nothing is dropped; an update that changes nothing is not sent. */
    expect((setting){.retracts = true}, "-D,a,1\n+I,a,5\n-U,a,5\n+U,a,6\n+I,a,2\n-D,a,6\n-U,a,2\n+U,b,9\n+I,a,1\n-D,b,9\n-D,b,9\nW,END\n",
           "+I,a,1,5,5\n-D,a,1,5,5\n+I,a,1,6,6\n-U,a,1,6,6\n+U,a,2,8,6\n-U,a,2,8,6\n+U,a,1,2,2\n-D,a,1,2,2\n+I,b,1,9,9\n+I,a,1,1,1\n"
           "-D,b,1,9,9\nW,END\n");
    expect((setting){.retracts = true, .no_calls = true}, "+I,a,1\n+I,a,2\n-D,a,1\n-D,a,2\n-D,a,2\n+I,a,3\nW,END\n",
           "+I,a\n-D,a\n+I,a\nW,END\n");
}

static void without_keys(void **unused) {
    (void)unused;
    setting with = {.global = true, .retracts = true, .empty_gives_row = true};
    expect(with, "W,END\n", "+I,0,NULL,NULL\nW,END\n");
    expect(with, "+I,x,4\n-D,x,4\nW,5\nW,END\n", "+I,1,4,4\n-D,1,4,4\nW,5\n+I,0,NULL,NULL\nW,END\n");
    expect(with, "+I,x,4\nW,END\n", "+I,1,4,4\nW,END\n");
    with.empty_gives_row = false;
    expect(with, "W,END\n", "W,END\n");
    with.empty_gives_row = with.final_only = true;
    expect(with, "W,END\n", "+I,0,NULL,NULL\nW,END\n");
    expect(with, "+I,x,4\n+I,y,5\nW,END\n", "+I,2,9,5\nW,END\n");
    with.final_only = false;
    with.mini_batch = 1;
    expect(with, "W,END\n", "+I,0,NULL,NULL\nW,END\n");
}

static void final_results(void **unused) {
    (void)unused;
    expect((setting){.final_only = true, .retracts = true}, "+I,b,5\n+I,a,1\n+I,b,2\nW,4\n-D,a,1\n+I,c,NULL\n+I,d,1\nW,END\n",
           "+I,b,2,7,5\n+I,c,1,NULL,NULL\n+I,d,1,1,1\nW,END\n");
}

static void mini_batches(void **unused) {
    (void)unused;
    op_bench bench;
    open_bench(&bench, (setting){.mini_batch = 4, .input_rows = 2, .retracts = true});
    bench.show_marks = true;
    bench_feed(&bench, "+I,a,5\n-D,z,1\nW,7\n+I,b,1\n+I,a,2\n");
    assert_string_equal(bench_out(&bench), "+I,a,2,7,5\n+I,b,1,1,1\nW,7\n");
    bench_feed(&bench, "+I,a,1\n-D,b,1\n+I,c,1\n-D,c,1\n");
    assert_string_equal(bench_out(&bench), "+I,a,2,7,5\n+I,b,1,1,1\nW,7\n-U,a,2,7,5\n+U,a,3,8,5\n-D,b,1,1,1\n");
    bench_feed(&bench, "+I,a,9\n-D,a,9\n");
    weir_output output = {.count = 0};
    assert_int_equal(bench.op->vtable->barrier(bench.op, 1, &output, &bench.error), WEIR_OK);
    assert_int_equal(output.count, 0); /* nothing differs */
    bench_feed(&bench, "-D,a,1\nW,8\n");
    assert_int_equal(bench.op->vtable->barrier(bench.op, 2, &output, &bench.error), WEIR_OK);
    bench_take(&bench, &output);
    bench_feed(&bench, "+I,d,1\nW,END\n");
    assert_string_equal(bench_out(&bench), "+I,a,2,7,5\n+I,b,1,1,1\nW,7\n-U,a,2,7,5\n+U,a,3,8,5\n-D,b,1,1,1\n-U,a,3,8,5\n+U,a,2,7,5\nW,8\n"
                                           "+I,d,1,1,1\nW,END\n");
    bench_close(&bench);
}

/* A bundle ends with the row that fills it, in the midst of a batch, too; groups that come and go in between are looked up anew. */
static void bundles_of_any_size(void **unused) {
    (void)unused;
    const char *in = "+I,a,5\n+I,b,1\n+I,a,2\nW,7\n-D,a,5\n-D,a,2\n+I,c,1\n+I,a,3\n+I,a,4\nW,9\nW,END\n";
    static const struct {
        int64_t size;
        const char *out;
    } cases[] = {{1, "+I,a,1,5,5\n+I,b,1,1,1\n-U,a,1,5,5\n+U,a,2,7,5\n-U,a,2,7,5\n+U,a,1,2,2\n-D,a,1,2,2\n+I,c,1,1,1\n+I,a,1,3,3\n"
                     "-U,a,1,3,3\n+U,a,2,7,4\n"},
                 {3, "+I,a,2,7,5\n+I,b,1,1,1\n-D,a,2,7,5\n+I,c,1,1,1\n+I,a,2,7,4\n"}};
    for (uint32_t i = 0; i < 16; i++) {
        op_bench bench;
        open_bench(&bench, (setting){.mini_batch = cases[i / 8].size, .retracts = true, .input_rows = i % 8 + 1});
        bench_feed(&bench, in);
        assert_string_equal(bench_out(&bench), cases[i / 8].out);
        bench_close(&bench);
    }
    /* More groups than the columns have room for at first, and not one row leaves before the last has come. */
    op_bench bench;
    open_bench(&bench, (setting){.mini_batch = 30000, .batch_rows = 4096, .input_rows = 4096});
    for (int i = 0; i < 29999; i++) {
        char text[64];
        sprintf(text, "+I,k%d,%d\n", i % 20000, i);
        bench_line(&bench, text, strlen(text) - 1);
    }
    bench_flush(&bench);
    assert_int_equal(bench.out_rows, 0);
    bench_feed(&bench, "+I,k0,1\n");
    assert_int_equal(bench.out_rows, 20000);
    assert_true(strncmp(bench_out(&bench), "+I,k0,3,20001,20000\n+I,k1,2,20002,20001\n", 39) == 0);
    bench_close(&bench);
}

static void latency_ends_a_bundle(void **unused) {
    (void)unused;
    op_bench bench;
    open_bench(&bench, (setting){.mini_batch = 100});
    bench.settings.mini_batch_latency_ms = 500;
    assert_true(bench.op->vtable->next_tick_ms(bench.op) == INT64_MAX);
    bench_feed(&bench, "+I,a,5\n");
    int64_t due = bench.op->vtable->next_tick_ms(bench.op);
    assert_int_equal(due, 1000 + 500);
    assert_string_equal(bench_out(&bench), "");
    bench_tick(&bench, due);
    assert_string_equal(bench_out(&bench), "+I,a,1,5,5\n");
    assert_true(bench.op->vtable->next_tick_ms(bench.op) == INT64_MAX);
    bench_close(&bench);
}

static void time_to_live(void **unused) {
    (void)unused;
    for (uint32_t mini = 0; mini < 2; mini++) {
        op_bench bench;
        open_bench(&bench, (setting){.ttl_ms = 1000, .mini_batch = mini, .input_rows = 1});
        bench_feed(&bench, "+I,a,5\n+I,b,5\n");
        weir_clock_virtual_advance_ns(&bench.clock, 600 * INT64_C(1000000));
        bench_feed(&bench, "+I,a,NULL\n");
        weir_clock_virtual_advance_ns(&bench.clock, 600 * INT64_C(1000000));
        bench_feed(&bench, "+I,a,1\n+I,b,1\n");
        assert_string_equal(bench_out(&bench), "+I,a,1,5,5\n+I,b,1,5,5\n-U,a,1,5,5\n+U,a,2,5,5\n-U,a,2,5,5\n+U,a,3,6,5\n+I,b,1,1,1\n");
        weir_clock_virtual_advance_ns(&bench.clock, 5000 * INT64_C(1000000));
        bench_feed(&bench, "+I,c,1\n");
        weir_clock_virtual_advance_ns(&bench.clock, 5000 * INT64_C(1000000));
        bench_feed(&bench, "+I,c,1\nW,END\n"); /* the others have been swept out */
        assert_true(atomic_load(&bench.metrics.state_bytes) < 700);
        bench_close(&bench);
    }
}

/* Random changes of a multiset of rows; the result must be what a recomputation over what is left gives. */
enum { KEYS = 6, VALUES = 5, STEPS = 600 };

static char *random_changes(uint64_t seed, bool retracts, int counts[KEYS][VALUES]) {
    char *text = malloc(STEPS * 16 + 16);
    assert_non_null(text);
    size_t at = 0;
    memset(counts, 0, sizeof(int) * KEYS * VALUES);
    for (uint32_t step = 0; step < STEPS; step++) {
        uint32_t k = bench_random(&seed, KEYS), v = bench_random(&seed, VALUES);
        bool remove = retracts && bench_random(&seed, 100) < 48 && counts[k][v] > 0;
        counts[k][v] += remove ? -1 : 1;
        at += (size_t)sprintf(text + at, "%s,%c,%u\n", remove ? (step % 2 ? "-D" : "-U") : (step % 3 ? "+I" : "+U"), 'a' + (int)k, v);
        if (step % 50 == 0)
            at += (size_t)sprintf(text + at, "W,%u\n", step);
    }
    sprintf(text + at, "W,END\n");
    return text;
}

static char *recompute(int counts[KEYS][VALUES]) {
    char *text = malloc(KEYS * 32 + 1);
    size_t at = 0;
    text[0] = '\0';
    for (uint32_t k = 0; k < KEYS; k++) {
        int count = 0, sum = 0, most = 0;
        for (int v = 0; v < VALUES; v++) {
            count += counts[k][v];
            sum += counts[k][v] * v;
            most = counts[k][v] > 0 ? v : most;
        }
        if (count > 0)
            at += (size_t)sprintf(text + at, "%c,%d,%d,%d\n", 'a' + (int)k, count, sum, most);
    }
    return text;
}

static void as_recomputed(void **unused) {
    (void)unused;
    static const setting forms[] = {{0},
                                    {.retracts = true},
                                    {.retracts = true, .mini_batch = 7},
                                    {.retracts = true, .mini_batch = 100000},
                                    {.mini_batch = 50},
                                    {.retracts = true, .final_only = true}};
    for (uint32_t f = 0; f < sizeof forms / sizeof forms[0]; f++) {
        for (uint64_t seed = 1; seed < 6; seed++) {
            static const uint32_t sizes[] = {1, 3, 100, 700, 33};
            int counts[KEYS][VALUES];
            char *in = random_changes(seed, forms[f].retracts, counts), *expected = recompute(counts);
            setting with = forms[f];
            with.batch_rows = sizes[seed - 1];
            with.input_rows = sizes[5 - seed];
            op_bench bench;
            open_bench(&bench, with);
            bench_feed(&bench, in);
            assert_int_equal(bench.status, WEIR_OK);
            char *got = bench_collapse(bench_out(&bench));
            assert_string_equal(got, expected);
            free(got);
            free(in);
            free(expected);
            bench_close(&bench);
        }
    }
}

static void no_memory_anywhere(void **unused) {
    (void)unused;
    static const setting forms[] = {
        {.retracts = true}, {.mini_batch = 3, .retracts = true}, {.final_only = true}, {.global = true, .empty_gives_row = true}};
    for (uint32_t f = 0; f < 4; f++) {
        bool done = false;
        for (uint64_t nth = 1; !done; nth++) {
            op_bench bench;
            open_bench(&bench, forms[f]);
            weir_memory_fail_after(nth, nth % 2 == 0);
            bench_feed(&bench, "+I,a,5\n+I,b,1\n-D,a,5\n+I,a,2\nW,3\n+I,a,3\n-D,b,1\nW,END\n");
            done = weir_memory_tries() < nth;
            weir_memory_fail_after(0, false);
            assert_int_equal(bench.status, done ? WEIR_OK : WEIR_MEMORY);
            bench_close(&bench);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(changes_of_every_row),  cmocka_unit_test(retractions),  cmocka_unit_test(without_keys),
        cmocka_unit_test(final_results),         cmocka_unit_test(mini_batches), cmocka_unit_test(bundles_of_any_size),
        cmocka_unit_test(latency_ends_a_bundle), cmocka_unit_test(time_to_live), cmocka_unit_test(as_recomputed),
        cmocka_unit_test(no_memory_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
