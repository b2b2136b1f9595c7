/* Interval, window and temporal joins: when rows leave, padding, expiry, versions; random inputs against naive joins; and every allocation
 * failing in turn. */
#include "op_rows.h"

#include "op/join.h"

static const weir_type *types[6]; /* key INT, value INT, time | key INT, value INT, time */
static const uint32_t key_columns[] = {0};
static const bool null_safe_no[] = {false};

static void bench_prepare(op_bench *bench) {
    for (int i = 0; i < 6; i++)
        types[i] = i % 3 == 2 ? weir_type_sized(&bench->arena, WEIR_KIND_TIMESTAMP, 3, true) : weir_type_simple(WEIR_KIND_INT, true);
    bench->input_types[0] = bench->input_types[1] = types;
    bench->input_counts[0] = bench->input_counts[1] = 3;
}

static weir_join_keys keys_of(op_bench *bench, weir_join_type type, bool with_residual) {
    const weir_expr *residual = NULL;
    if (with_residual) {
        const weir_expr *arguments[] = {weir_expr_column(&bench->arena, 1, types[1], (weir_position){0}),
                                        weir_expr_column(&bench->arena, 4, types[4], (weir_position){0})};
        residual = weir_expr_call(&bench->arena, "<", weir_type_simple(WEIR_KIND_BOOLEAN, true), arguments, 2, (weir_position){0});
    }
    weir_join_side side = {3, types, key_columns, false};
    return (weir_join_keys){type, 1, null_safe_no, side, side, residual, types};
}

typedef enum join_kind { INTERVAL, WINDOW, TEMPORAL } join_kind;
static const weir_operator_vtable *const vtables[] = {&weir_interval_join_operator, &weir_window_join_operator,
                                                      &weir_temporal_join_operator};

typedef union join_specs {
    weir_interval_join_spec interval;
    weir_window_join_spec window;
    weir_temporal_join_spec temporal;
} join_specs;

static join_specs spec_of(op_bench *bench, join_kind kind, weir_join_type type, bool residual) {
    join_specs spec;
    weir_join_keys keys = keys_of(bench, type, residual);
    if (kind == INTERVAL)
        spec.interval = (weir_interval_join_spec){keys, 2, 2, -10, 20, false};
    else if (kind == WINDOW)
        spec.window = (weir_window_join_spec){keys, 2, 2, false};
    else
        spec.temporal = (weir_temporal_join_spec){keys, 2, 2};
    return spec;
}

static char *run(join_kind kind, weir_join_type type, bool residual, const char *lines, uint32_t batch_rows, uint32_t input_rows,
                 bool marks) {
    op_bench bench;
    bench_init(&bench, batch_rows, input_rows);
    bench_prepare(&bench);
    bench.show_marks = marks;
    join_specs spec = spec_of(&bench, kind, type, residual);
    assert_int_equal(bench_open(&bench, vtables[kind], &spec), WEIR_OK);
    bench_feed(&bench, lines);
    assert_int_equal(bench.status, WEIR_OK);
    char *out = strdup(bench_out(&bench));
    bench_close(&bench);
    return out;
}

static void check(join_kind kind, weir_join_type type, const char *lines, const char *expected, bool marks) {
    static const uint32_t sizes[] = {1, 3, 4096};
    for (int i = 0; i < 9; i++) {
        char *out = run(kind, type, false, lines, sizes[i / 3], sizes[i % 3], marks);
        assert_string_equal(out, expected);
        free(out);
    }
}

static void intervals(void **state) {
    (void)state;
    const char *lines = "0 +I,1,1,100\n1 +I,1,2,89\n1 +I,1,3,90\n1 +I,1,4,120\n1 +I,1,5,121\n0 +I,2,6,100\n0 W,110\n1 W,110\n0 W,121\n1 "
                        "W,121\n0 +I,NULL,7,130\n0 W,END\n1 W,END\n";
    check(INTERVAL, WEIR_JOIN_INNER, lines, "+I,1,1,100,1,3,90\n+I,1,1,100,1,4,120\nW,90\nW,101\nW,END\n", true);
    check(INTERVAL, WEIR_JOIN_LEFT, lines,
          "+I,1,1,100,1,3,90\n+I,1,1,100,1,4,120\nW,90\n+I,2,6,100,NULL,NULL,NULL\nW,101\n+I,NULL,7,130,NULL,NULL,NULL\nW,END\n", true);
    check(INTERVAL, WEIR_JOIN_RIGHT, lines, "+I,1,1,100,1,3,90\n+I,1,1,100,1,4,120\n+I,NULL,NULL,NULL,1,2,89\n+I,NULL,NULL,NULL,1,5,121\n",
          false);
    /* A row whose partners cannot come any more is not kept. */
    check(INTERVAL, WEIR_JOIN_LEFT, "0 W,500\n1 W,500\n0 +I,1,1,100\n1 +I,1,2,100\n", "+I,1,1,100,NULL,NULL,NULL\n", false);
}

static void windows(void **state) {
    (void)state;
    const char *lines = "0 +I,1,1,100\n0 +I,1,2,200\n1 +I,1,3,100\n1 +I,2,4,100\n0 +I,NULL,5,100\n1 +I,NULL,6,100\n0 W,99\n1 W,98\n1 "
                        "W,99\n1 +I,1,7,100\n1 +I,1,8,200\n0 W,END\n1 W,END\n";
    check(WINDOW, WEIR_JOIN_INNER, lines, "W,98\n+I,1,1,100,1,3,100\nW,99\n+I,1,2,200,1,8,200\nW,END\n", true);
}

static void windows_all_types(void **state) {
    (void)state;
    const char *lines = "0 +I,1,1,100\n0 +I,1,2,200\n1 +I,1,3,100\n1 +I,2,4,100\n0 +I,NULL,5,100\n1 +I,NULL,6,100\n0 W,99\n1 W,98\n1 "
                        "W,99\n1 +I,1,7,100\n1 +I,1,8,200\n0 W,END\n1 W,END\n";
    static const char *const expected[] = {
        "1,1,100,1,3,100\n1,2,200,1,8,200\n",
        "1,1,100,1,3,100\n1,2,200,1,8,200\nNULL,5,100,NULL,NULL,NULL\n",
        "1,1,100,1,3,100\n1,2,200,1,8,200\nNULL,NULL,NULL,2,4,100\nNULL,NULL,NULL,NULL,6,100\n",
        "1,1,100,1,3,100\n1,2,200,1,8,200\nNULL,5,100,NULL,NULL,NULL\nNULL,NULL,NULL,2,4,100\nNULL,NULL,NULL,NULL,6,100\n",
        "1,1,100\n1,2,200\n",
        "NULL,5,100\n",
    };
    for (int type = 0; type < 6; type++) {
        for (uint32_t size = 1; size < 6; size++) {
            char *out = run(WINDOW, (weir_join_type)type, false, lines, size, 6 - size, false), *left = bench_collapse(out);
            assert_string_equal(left, expected[type]);
            free(out), free(left);
        }
    }
}

static void versions(void **state) {
    (void)state;
    const char *lines =
        "1 +I,1,10,100\n1 +U,1,11,200\n1 -D,1,11,300\n0 +I,1,1,250\n0 +I,1,2,100\n0 +I,1,3,99\n0 +I,2,4,150\n0 +I,1,5,300\n0 W,150\n1 "
        "W,400\n0 W,400\n1 +I,1,12,350\n0 +I,1,6,600\n1 -U,1,12,500\n1 +U,1,13,500\n0 +I,NULL,7,600\n0 W,END\n1 W,END\n";
    check(TEMPORAL, WEIR_JOIN_LEFT, lines,
          "+I,1,2,100,1,10,100\n+I,1,3,99,NULL,NULL,NULL\n+I,2,4,150,NULL,NULL,NULL\nW,150\n+I,1,1,250,1,11,200\n+I,1,5,300,NULL,NULL,"
          "NULL\nW,400\n+I,1,6,600,1,13,500\n+I,NULL,7,600,NULL,NULL,NULL\nW,END\n",
          true);
    check(TEMPORAL, WEIR_JOIN_INNER, lines, "+I,1,2,100,1,10,100\n+I,1,1,250,1,11,200\n+I,1,6,600,1,13,500\n", false);
}

typedef struct plain_row {
    int key, value, time;
} plain_row;

static size_t say(char *out, const plain_row *left, const plain_row *right, bool half) {
    char texts[2][48] = {"NULL,NULL,NULL", "NULL,NULL,NULL"};
    const plain_row *rows[] = {left, right};
    for (int i = 0; i < 2; i++)
        if (rows[i] != NULL)
            sprintf(texts[i], "%d,%d,%d", rows[i]->key, rows[i]->value, rows[i]->time);
    return (size_t)(half ? sprintf(out, "%s\n", texts[0]) : sprintf(out, "%s,%s\n", texts[0], texts[1]));
}

static bool matches(join_kind kind, bool residual, const plain_row *left, const plain_row *right) {
    if (left->key != right->key || (residual && !(left->value < right->value)))
        return false;
    return kind == INTERVAL ? right->time >= left->time - 10 && right->time <= left->time + 20 : left->time == right->time;
}

static char *naive(join_kind kind, weir_join_type type, bool residual, const plain_row *left, int left_count, const plain_row *right,
                   int right_count) {
    char *out = malloc((size_t)(left_count + 1) * (size_t)(right_count + 1) * 40 + 100);
    bool found[400] = {false};
    size_t at = 0;
    out[0] = '\0';
    for (int i = 0; i < left_count; i++) {
        bool any = false;
        for (int k = 0; k < right_count; k++) {
            if (!matches(kind, residual, &left[i], &right[k]))
                continue;
            any = found[k] = true;
            if (type < WEIR_JOIN_SEMI)
                at += say(out + at, &left[i], &right[k], false);
        }
        if (type == WEIR_JOIN_SEMI ? any : type == WEIR_JOIN_ANTI && !any)
            at += say(out + at, &left[i], NULL, true);
        if (!any && (type == WEIR_JOIN_LEFT || type == WEIR_JOIN_FULL))
            at += say(out + at, &left[i], NULL, false);
    }
    for (int k = 0; k < right_count && (type == WEIR_JOIN_RIGHT || type == WEIR_JOIN_FULL); k++)
        if (!found[k])
            at += say(out + at, NULL, &right[k], false);
    char *sorted = bench_sorted(out);
    free(out);
    return sorted;
}

/* Both sides come in time order, with watermarks just behind their newest row. */
static void agrees_with_naive(void **state) {
    (void)state;
    for (int round = 0; round < 200; round++) {
        uint64_t seed = (uint64_t)round + 5;
        join_kind kind = round % 2 == 0 ? INTERVAL : WINDOW;
        weir_join_type type = (weir_join_type)bench_random(&seed, kind == INTERVAL ? 4 : 6);
        bool residual = bench_random(&seed, 2) == 0;
        plain_row rows[2][200];
        int counts[2] = {0, 0}, times[2] = {0, 0};
        char *lines = malloc(400 * 60);
        size_t at = 0;
        for (int i = 0; i < 150; i++) {
            int side = (int)bench_random(&seed, 2);
            times[side] += (int)bench_random(&seed, 8);
            int time = kind == WINDOW ? (times[side] / 25 + 1) * 25 : times[side];
            plain_row row = {(int)bench_random(&seed, 3), (int)bench_random(&seed, 6), time};
            at += (size_t)sprintf(lines + at, "%d +I,%d,%d,%d\n", side, row.key, row.value, row.time);
            rows[side][counts[side]++] = row;
            if (bench_random(&seed, 3) == 0)
                at += (size_t)sprintf(lines + at, "%d W,%d\n", side, times[side] - 1);
        }
        sprintf(lines + at, "0 W,END\n1 W,END\n");
        char *out = run(kind, type, residual, lines, 1 + bench_random(&seed, 9), 1 + bench_random(&seed, 20), false);
        char *left = bench_collapse(out), *expected = naive(kind, type, residual, rows[0], counts[0], rows[1], counts[1]);
        assert_string_equal(left, expected);
        free(out), free(left), free(expected), free(lines);
    }
}

static void processing_time(void **state) {
    (void)state;
    op_bench bench;
    bench_init(&bench, 3, 3);
    bench_prepare(&bench);
    weir_interval_join_spec spec = spec_of(&bench, INTERVAL, WEIR_JOIN_LEFT, false).interval;
    spec.processing_time = true;
    weir_clock_virtual_set_ns(&bench.clock, INT64_C(1000) * 1000000);
    assert_int_equal(bench_open(&bench, &weir_interval_join_operator, &spec), WEIR_OK);
    bench_feed(&bench, "0 +I,1,1,0\n0 +I,2,2,0\n");
    assert_int_equal(bench.op->vtable->next_tick_ms(bench.op), 1021);
    weir_clock_virtual_set_ns(&bench.clock, INT64_C(1020) * 1000000);
    bench_feed(&bench, "1 +I,1,9,0\n");
    bench_tick(&bench, 1021);
    assert_string_equal(bench_out(&bench), "+I,1,1,0,1,9,0\n+I,2,2,0,NULL,NULL,NULL\n");
    bench_close(&bench);
}

/* Rows that came too late to be kept; versions nobody has. */
static void late_rows_leave_nothing(void **state) {
    (void)state;
    for (int kind = 0; kind < 3; kind += 2) {
        op_bench bench;
        bench_init(&bench, 3, 3);
        bench_prepare(&bench);
        join_specs spec = spec_of(&bench, (join_kind)kind, WEIR_JOIN_LEFT, false);
        assert_int_equal(bench_open(&bench, vtables[kind], &spec), WEIR_OK);
        bench_feed(&bench, "0 W,500\n1 W,500\n0 +I,0,1,100\n0 W,501\n1 W,501\n");
        size_t before = bench_state_bytes(&bench);
        bench_feed_keys(&bench, kind == TEMPORAL ? "0 +I,%d,1,100\n0 W,%1$d000\n1 W,%1$d000\n" : "0 +I,%d,1,100\n1 +I,%1$d,2,100\n", 1,
                        100);
        assert_int_equal(bench.status, WEIR_OK);
        assert_int_equal(bench_state_bytes(&bench), before);
        bench_close(&bench);
    }
}

/* As in Flink: a key lives for one and a half times the time to live, and a row puts its end off only within the last time to live. */
static void versions_expire(void **state) {
    (void)state;
    op_bench bench;
    bench_init(&bench, 3, 3);
    bench_prepare(&bench);
    bench.settings.state_ttl_ms = 1000;
    join_specs spec = spec_of(&bench, TEMPORAL, WEIR_JOIN_LEFT, false);
    assert_int_equal(bench_open(&bench, &weir_temporal_join_operator, &spec), WEIR_OK);
    bench_feed(&bench, "1 +I,1,10,100\n1 W,200\n"); /* until 1500 */
    weir_clock_virtual_advance_ns(&bench.clock, INT64_C(400000000));
    bench_feed(&bench, "0 +I,1,1,150\n"); /* no later: 1400 < 1500 */
    bench_feed(&bench, "0 W,160\n");
    weir_clock_virtual_advance_ns(&bench.clock, INT64_C(1099000000));
    bench_feed(&bench, "0 +I,1,2,170\n0 W,180\n"); /* 1499: until 2999 */
    weir_clock_virtual_advance_ns(&bench.clock, INT64_C(1499000000));
    bench_feed(&bench, "0 +I,1,3,190\n"); /* 2998: until 4498 */
    weir_clock_virtual_advance_ns(&bench.clock, INT64_C(1500000000));
    bench_feed(&bench, "0 W,200\n1 W,300\n0 +I,1,4,210\n0 W,300\n"); /* the row of 190 went with its key */
    assert_string_equal(bench_out(&bench), "+I,1,1,150,1,10,100\n+I,1,2,170,1,10,100\n+I,1,4,210,NULL,NULL,NULL\n");
    bench_close(&bench);
    bench_init(&bench, 3, 3);
    bench_prepare(&bench);
    bench.settings.state_ttl_ms = 1000;
    spec = spec_of(&bench, TEMPORAL, WEIR_JOIN_LEFT, false);
    assert_int_equal(bench_open(&bench, &weir_temporal_join_operator, &spec), WEIR_OK);
    bench_expect_expiry(&bench, "1 +I,%d,10,%1$d\n0 +I,%1$d,10,%1$d\n0 W,%1$d\n1 W,%1$d\n");
    bench_close(&bench);
}

/* More rows of one key than a piece, all due at once: they leave in order of arrival. */
static void many_due_rows(void **state) {
    (void)state;
    enum { ROWS = 3 * WEIR_BATCH_ROWS + 5 };
    op_bench bench;
    bench_init(&bench, 4096, 4096);
    bench_prepare(&bench);
    join_specs spec = spec_of(&bench, TEMPORAL, WEIR_JOIN_LEFT, false);
    assert_int_equal(bench_open(&bench, &weir_temporal_join_operator, &spec), WEIR_OK);
    bench_feed(&bench, "1 +I,1,7,1\n");
    bench_feed_keys(&bench, "0 +I,1,%d,5\n", 0, 10);
    for (int i = 10; i < ROWS; i++) {
        char text[64];
        sprintf(text, "0 +I,1,%d,%d\n", i, 5 + (i * 7919) % 1000);
        bench_feed(&bench, text);
    }
    bench_feed(&bench, "0 W,END\n1 W,END\n");
    assert_int_equal(bench.status, WEIR_OK);
    assert_int_equal(bench.out_rows, ROWS);
    const char *at = bench_out(&bench);
    for (int i = 0; i < ROWS; i++, at = strchr(at, '\n') + 1)
        assert_int_equal(atoi(at + strlen("+I,1,")), i);
    bench_close(&bench);
}

static void survives_no_memory(void **state) {
    (void)state;
    for (int kind = 0; kind < 3; kind++) {
        bool done = false;
        for (uint64_t nth = 1; !done; nth++) {
            op_bench bench;
            bench_init(&bench, 2, 3);
            bench_prepare(&bench);
            join_specs spec = spec_of(&bench, (join_kind)kind, WEIR_JOIN_LEFT, true);
            weir_memory_fail_after(nth, false);
            if (bench_open(&bench, vtables[kind], &spec) == WEIR_OK)
                bench_feed(&bench, "1 +I,1,5,100\n1 +I,2,6,100\n0 +I,1,2,100\n0 +I,1,6,100\n0 W,150\n1 W,150\n1 +I,1,7,200\n0 "
                                   "+I,9,9,200\n0 W,END\n1 W,END\n");
            done = weir_memory_tries() < nth;
            weir_memory_fail_after(0, false);
            assert_int_equal(bench.status, done ? WEIR_OK : WEIR_MEMORY);
            bench_close(&bench);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(intervals),
        cmocka_unit_test(windows),
        cmocka_unit_test(windows_all_types),
        cmocka_unit_test(versions),
        cmocka_unit_test(agrees_with_naive),
        cmocka_unit_test(processing_time),
        cmocka_unit_test(late_rows_leave_nothing),
        cmocka_unit_test(versions_expire),
        cmocka_unit_test(many_due_rows),
        cmocka_unit_test(survives_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
