/* Windows as table functions, and the Top-N of windows. */
#include "tests/unit/op/op_rows.h"

#include "op/window.h"

/* Input: k STRING, t TIMESTAMP(3). Output: those, window_start, window_end, window_time. */
static void open_table(op_bench *bench, weir_window window, const char *zone, uint32_t batch_rows, uint32_t input_rows) {
    bench_init(bench, batch_rows, input_rows);
    weir_arena *arena = &bench->arena;
    if (zone != NULL)
        assert_int_equal(weir_zone_open(arena, weir_text_of(zone), &bench->evaluation.zone, NULL), WEIR_OK);
    const weir_type **types = WEIR_ARENA_ARRAY(arena, const weir_type *, 5);
    types[0] = weir_type_string(true);
    for (uint32_t i = 1; i < 5; i++)
        types[i] = weir_type_sized(arena, WEIR_KIND_TIMESTAMP, 3, true);
    bench->input_types[0] = types;
    bench->input_counts[0] = 2;
    window.time_column = 1;
    static const uint32_t key = 0;
    weir_window_table_spec *spec = WEIR_ARENA_NEW(arena, weir_window_table_spec);
    *spec = (weir_window_table_spec){
        .window = window, .key_count = 1, .keys = &key, .input_count = 2, .input_types = types, .output_types = types};
    assert_int_equal(bench_open(bench, &weir_window_table_operator, spec), WEIR_OK);
}

static void expect_table(weir_window window, const char *zone, const char *in, const char *out) {
    static const uint32_t sizes[] = {1, 2, 3, 64};
    for (uint32_t i = 0; i < 16; i++) {
        op_bench bench;
        open_table(&bench, window, zone, sizes[i / 4], sizes[i % 4]);
        bench.show_marks = true;
        bench_feed(&bench, in);
        assert_int_equal(bench.status, WEIR_OK);
        assert_string_equal(bench_out(&bench), out);
        bench_close(&bench);
    }
}

static const weir_window tumble = {.kind = WEIR_WINDOW_TUMBLE, .size_ms = 10, .slide_ms = 10};
static const weir_window hop = {.kind = WEIR_WINDOW_HOP, .size_ms = 20, .slide_ms = 10};
static const weir_window cumulate = {.kind = WEIR_WINDOW_CUMULATE, .size_ms = 30, .slide_ms = 10};
static const weir_window session = {.kind = WEIR_WINDOW_SESSION, .size_ms = 10};

static void rows_with_their_windows(void **unused) {
    (void)unused;
    const char *in = "+I,a,3\nW,5\n-D,b,12\n+I,c,NULL\n+I,d,-1\nW,END\n";
    expect_table(tumble, NULL, in, "+I,a,3,0,10,9\nW,5\n-D,b,12,10,20,19\n+I,d,-1,-10,0,-1\nW,END\n");
    expect_table(tumble, NULL, "+I,a,3\nW,5\n+I,b,12\nW,END\n", "+I,a,3,0,10,9\nW,5\n+I,b,12,10,20,19\nW,END\n");
    expect_table(hop, NULL, in,
                 "+I,a,3,0,20,19\n+I,a,3,-10,10,9\nW,5\n-D,b,12,10,30,29\n-D,b,12,0,20,19\n+I,d,-1,-10,10,9\n+I,d,-1,-20,0,-1\nW,END\n");
    expect_table(cumulate, NULL, "+I,a,3\n+I,b,12\nW,5\n+I,c,25\nW,END\n",
                 "+I,a,3,0,10,9\n+I,a,3,0,20,19\n+I,a,3,0,30,29\n+I,b,12,0,20,19\n+I,b,12,0,30,29\nW,5\n+I,c,25,0,30,29\nW,END\n");
}

static void bounds_are_wall_time(void **unused) {
    (void)unused;
    weir_window hour = {.kind = WEIR_WINDOW_TUMBLE, .size_ms = 7200000, .slide_ms = 7200000, .time_is_ltz = true};
    /* 1970-01-01 in Tokyo is 9 hours ahead; window_time goes back to UTC. */
    expect_table(hour, "Asia/Tokyo", "+I,a,0\nW,END\n", "+I,a,0,28800000,36000000,3599999\nW,END\n");
}

static void sessions_leave_when_they_end(void **unused) {
    (void)unused;
    expect_table(session, NULL, "+I,a,1\n+I,b,2\n+I,a,30\n+I,a,9\nW,18\n+I,a,22\n+I,b,1\nW,END\n",
                 "+I,b,2,2,12,11\n+I,a,1,1,19,18\n+I,a,9,1,19,18\nW,18\n+I,a,30,22,40,39\n+I,a,22,22,40,39\nW,END\n");
    expect_table(session, NULL, "+I,a,1\n+I,a,21\n+I,a,11\nW,END\n", "+I,a,1,1,31,30\n+I,a,21,1,31,30\n+I,a,11,1,31,30\nW,END\n");
}

/* Input: k STRING, v BIGINT, e TIMESTAMP(3). */
typedef struct rank_setting {
    int64_t from, to;
    bool descending, last_of_ties, emit_rank, batch_mode;
} rank_setting;

static void open_rank(op_bench *bench, rank_setting with, uint32_t batch_rows, uint32_t input_rows) {
    bench_init(bench, batch_rows, input_rows);
    bench->settings.batch_mode = with.batch_mode;
    weir_arena *arena = &bench->arena;
    const weir_type **types = WEIR_ARENA_ARRAY(arena, const weir_type *, 4);
    types[0] = weir_type_string(true);
    types[1] = types[3] = weir_type_simple(WEIR_KIND_BIGINT, true);
    types[2] = weir_type_sized(arena, WEIR_KIND_TIMESTAMP, 3, true);
    bench->input_types[0] = types;
    bench->input_counts[0] = 3;
    static const uint32_t key = 0;
    weir_sort_key *order = WEIR_ARENA_NEW(arena, weir_sort_key);
    *order = (weir_sort_key){.column = 1, .descending = with.descending, .nulls_last = with.descending};
    weir_window_rank_spec *spec = WEIR_ARENA_NEW(arena, weir_window_rank_spec);
    *spec = (weir_window_rank_spec){.end_column = 2,
                                    .key_count = 1,
                                    .keys = &key,
                                    .order_count = 1,
                                    .order = order,
                                    .from_rank = with.from,
                                    .to_rank = with.to,
                                    .emit_rank = with.emit_rank,
                                    .last_of_ties = with.last_of_ties,
                                    .input_count = 3,
                                    .input_types = types,
                                    .output_types = types};
    assert_int_equal(bench_open(bench, &weir_window_rank_operator, spec), WEIR_OK);
}

static void expect_rank(rank_setting with, const char *in, const char *out, uint64_t late) {
    static const uint32_t sizes[] = {1, 2, 3, 64};
    for (uint32_t i = 0; i < 16; i++) {
        op_bench bench;
        open_rank(&bench, with, sizes[i / 4], sizes[i % 4]);
        bench_feed(&bench, in);
        assert_int_equal(bench.status, WEIR_OK);
        assert_string_equal(bench_out(&bench), out);
        assert_int_equal(atomic_load(&bench.metrics.late_rows_dropped), late);
        bench_close(&bench);
    }
}

static void the_first_of_each_window(void **unused) {
    (void)unused;
    const char *in =
        "+I,a,5,20\n+I,b,1,10\n+I,a,3,10\n+I,a,9,10\n+I,a,NULL,10\n+I,b,2,10\nW,8\n+I,a,7,10\nW,9\n+I,a,7,10\n+I,a,6,20\nW,END\n";
    expect_rank((rank_setting){.from = 1, .to = 2, .descending = true, .emit_rank = true}, in,
                "+I,b,2,10,1\n+I,b,1,10,2\n+I,a,9,10,1\n+I,a,7,10,2\n+I,a,6,20,1\n+I,a,5,20,2\n", 1);
    expect_rank((rank_setting){.from = 2, .to = 2}, in, "+I,b,2,10\n+I,a,3,10\n+I,a,6,20\n", 1);
    expect_rank((rank_setting){.from = 1, .to = 1, .batch_mode = true}, in, "+I,b,1,10\n+I,a,NULL,10\n+I,a,5,20\n", 0);
}

/* Columns: the key says which arrival it was; all have the same key column only when the key is not read: so ties are told by the second
 * key. */
static void ties(void **unused) {
    (void)unused;
    op_bench bench;
    for (uint32_t last = 0; last < 2; last++) {
        open_rank(&bench, (rank_setting){.from = 1, .to = 1, .descending = true, .last_of_ties = last}, 4, 4);
        weir_window_rank_spec global; /* without keys */
        bench.op->vtable->close(bench.op);
        bench.op = NULL;
        static const weir_sort_key order = {.column = 1, .descending = true, .nulls_last = true};
        global = (weir_window_rank_spec){.end_column = 2,
                                         .order_count = 1,
                                         .order = &order,
                                         .from_rank = 1,
                                         .to_rank = 1,
                                         .last_of_ties = last,
                                         .input_count = 3,
                                         .input_types = bench.input_types[0],
                                         .output_types = bench.input_types[0]};
        assert_int_equal(bench_open(&bench, &weir_window_rank_operator, &global), WEIR_OK);
        bench_feed(&bench, "+I,first,5,10\n+I,second,5,10\n+I,third,4,10\nW,END\n");
        assert_string_equal(bench_out(&bench), last ? "+I,second,5,10\n" : "+I,first,5,10\n");
        bench_close(&bench);
    }
}

static void no_memory_anywhere(void **unused) {
    (void)unused;
    for (uint32_t f = 0; f < 4; f++) {
        bool done = false;
        for (uint64_t nth = 1; !done; nth++) {
            op_bench bench;
            const char *in = "+I,a,5\n+I,b,1\nW,20\n+I,a,21\n+I,a,14\nW,END\n";
            if (f == 3) {
                in = "+I,a,5,20\n+I,b,1,10\n+I,a,3,10\nW,10\n+I,a,9,20\nW,END\n";
                open_rank(&bench, (rank_setting){.from = 1, .to = 2}, 2, 2);
            } else {
                open_table(&bench, f == 0 ? tumble : f == 1 ? hop : session, NULL, 2, 2);
            }
            weir_memory_fail_after(nth, nth % 2 == 0);
            bench_feed(&bench, in);
            done = weir_memory_tries() < nth;
            weir_memory_fail_after(0, false);
            assert_int_equal(bench.status, done ? WEIR_OK : WEIR_MEMORY);
            bench_close(&bench);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_with_their_windows),
        cmocka_unit_test(bounds_are_wall_time),
        cmocka_unit_test(sessions_leave_when_they_end),
        cmocka_unit_test(the_first_of_each_window),
        cmocka_unit_test(ties),
        cmocka_unit_test(no_memory_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
