/* OVER: every kind of frame and function in batch, by rowtime and by a changing column, against a recomputation row by row; Flink's
 * changelog for rows that shift; lateness; and every allocation failing in turn. */
#include "op_rows.h"

#include "op/over.h"

static const weir_type *types[12]; /* key INT, order INT or time, value BIGINT, sequence BIGINT; then results */
static const uint32_t key_columns[] = {0};
static const uint32_t value_argument[] = {2};
static const uint32_t lag_arguments[] = {2, 2, 3};
static const weir_sort_key by_order[] = {{1, false, false}};
static const weir_sort_key by_order_down[] = {{1, true, true}};

typedef struct test_call {
    const char *name;
    weir_frame frame;
    int64_t distance;
} test_call;

static void bench_prepare(op_bench *bench, bool by_time) {
    for (int i = 0; i < 12; i++)
        types[i] = weir_type_simple(WEIR_KIND_BIGINT, true);
    types[0] = weir_type_simple(WEIR_KIND_INT, true);
    types[1] = by_time ? weir_type_sized(&bench->arena, WEIR_KIND_TIMESTAMP, 3, true) : weir_type_simple(WEIR_KIND_INT, true);
    bench->input_types[0] = types;
    bench->input_counts[0] = 4;
}

static weir_over_call call_of(op_bench *bench, test_call test) {
    weir_value *distance = WEIR_ARENA_NEW(&bench->arena, weir_value);
    const weir_value **literals = WEIR_ARENA_ARRAY(&bench->arena, const weir_value *, 3);
    weir_over_call call = {.frame = test.frame};
    call.call.aggregate = weir_aggregate_find(weir_text_of(test.name), false);
    assert_non_null(call.call.aggregate);
    call.call.result = weir_type_simple(
        strcmp(test.name, "PERCENT_RANK") == 0 || strcmp(test.name, "CUME_DIST") == 0 ? WEIR_KIND_DOUBLE : WEIR_KIND_BIGINT, true);
    call.call.filter = -1;
    bool counts = strcmp(test.name, "COUNT") == 0 || strcmp(test.name, "SUM") == 0,
         shifts = strcmp(test.name, "LAG") == 0 || strcmp(test.name, "LEAD") == 0;
    const weir_type **argument_types = WEIR_ARENA_ARRAY(&bench->arena, const weir_type *, 3);
    for (int i = 0; i < 3; i++)
        argument_types[i] = types[2];
    call.call.argument_types = argument_types;
    if (counts) {
        call.call.argument_count = 1;
        call.call.arguments = value_argument;
        call.call.literals = literals;
    } else if (shifts || strcmp(test.name, "NTILE") == 0) {
        *distance = (weir_value){.type = weir_type_simple(WEIR_KIND_INT, false), .as.integer = test.distance};
        literals[shifts ? 1 : 0] = distance;
        call.call.argument_count = shifts ? 3 : 1;
        call.call.arguments = lag_arguments;
        call.call.literals = literals;
    }
    return call;
}

static char *run(const test_call *tests, uint32_t count, weir_over_order by, bool batch, const weir_sort_key *order, const char *lines,
                 uint32_t batch_rows, uint32_t input_rows, bool retracts) {
    op_bench bench;
    bench_init(&bench, batch_rows, input_rows);
    bench_prepare(&bench, by == WEIR_OVER_BY_ROWTIME);
    weir_over_call calls[8];
    for (uint32_t i = 0; i < count; i++) {
        calls[i] = call_of(&bench, tests[i]);
        types[4 + i] = calls[i].call.result;
    }
    weir_over_spec spec = {by, 4, types, 1, key_columns, 1, order, count, calls, retracts, batch, types};
    if (bench_open(&bench, &weir_over_operator, &spec) != WEIR_OK)
        fail_msg("%s", bench.error.message);
    bench_feed(&bench, lines);
    assert_int_equal(bench.status, WEIR_OK);
    char *out = strdup(bench_out(&bench));
    bench_close(&bench);
    return out;
}

/* ---- the reference ---- */

typedef struct plain_row {
    int key, order, value, sequence; /* -1: NULL, for order and value */
} plain_row;

static bool order_down;

static int plain_compare(const void *a_, const void *b_) {
    const plain_row *a = a_, *b = b_;
    if (a->key != b->key)
        return a->key - b->key;
    if (a->order != b->order)
        return order_down ? b->order - a->order : a->order - b->order;
    return a->sequence - b->sequence;
}

static bool in_frame(const plain_row *rows, int start, int end, int i, int k, const weir_frame *frame) {
    if (k < start || k >= end)
        return false;
    int64_t distance = frame->rows ? k - i : 0, unit = frame->rows ? 1 : 0;
    if (!frame->rows) {
        bool peers = rows[i].order == rows[k].order;
        if (rows[i].order < 0 || rows[k].order < 0) { /* NULLs: peers, or where the unbounded side lies */
            bool before = k < i && !peers, after = k > i && !peers;
            return peers || (before && frame->lower == WEIR_BOUND_UNBOUNDED_PRECEDING) ||
                   (after && frame->upper == WEIR_BOUND_UNBOUNDED_FOLLOWING);
        }
        distance = order_down ? rows[i].order - rows[k].order : rows[k].order - rows[i].order;
    }
    (void)unit;
    bool low =
        frame->lower == WEIR_BOUND_UNBOUNDED_PRECEDING || (frame->lower == WEIR_BOUND_PRECEDING && distance >= -frame->lower_offset) ||
        (frame->lower == WEIR_BOUND_CURRENT && distance >= 0) || (frame->lower == WEIR_BOUND_FOLLOWING && distance >= frame->lower_offset);
    bool high =
        frame->upper == WEIR_BOUND_UNBOUNDED_FOLLOWING || (frame->upper == WEIR_BOUND_PRECEDING && distance <= -frame->upper_offset) ||
        (frame->upper == WEIR_BOUND_CURRENT && distance <= 0) || (frame->upper == WEIR_BOUND_FOLLOWING && distance <= frame->upper_offset);
    return low && high;
}

static bool lag_of_peers; /* by time: LAG is that of the last peer, as in Flink */

static size_t plain_result(char *out, const plain_row *rows, int start, int end, int i, const test_call *test) {
    int before = 0, distinct = 0;
    int64_t sum = 0, count = 0;
    for (int k = start; k < end; k++) {
        bool peer = rows[k].order == rows[i].order;
        bool new_peer = k == start || rows[k].order != rows[k - 1].order;
        before += k < i && !peer;
        distinct += new_peer && k <= i;
        if (in_frame(rows, start, end, i, k, &test->frame) && rows[k].value >= 0) {
            sum += rows[k].value;
            count++;
        }
    }
    int64_t size = end - start, at = i - start;
    if (strcmp(test->name, "COUNT") == 0)
        return (size_t)sprintf(out, ",%lld", (long long)count);
    if (strcmp(test->name, "SUM") == 0)
        return (size_t)(count == 0 ? sprintf(out, ",NULL") : sprintf(out, ",%lld", (long long)sum));
    if (strcmp(test->name, "ROW_NUMBER") == 0)
        return (size_t)sprintf(out, ",%lld", (long long)at + 1);
    if (strcmp(test->name, "RANK") == 0)
        return (size_t)sprintf(out, ",%d", before + 1);
    if (strcmp(test->name, "DENSE_RANK") == 0)
        return (size_t)sprintf(out, ",%d", distinct);
    if (strcmp(test->name, "PERCENT_RANK") == 0)
        return (size_t)sprintf(out, ",%g", size == 1 ? 0.0 : (double)before / (double)(size - 1));
    if (strcmp(test->name, "CUME_DIST") == 0)
        return (size_t)sprintf(out, ",%g", (double)(at + 1) / (double)size);
    if (strcmp(test->name, "NTILE") == 0) {
        int64_t bucket = 0, filled = 0;
        for (int64_t k = 0; k <= at; k++) {
            if (filled == 0) {
                bucket++;
                filled = size / test->distance + (bucket <= size % test->distance);
                if (filled == 0)
                    filled = 1;
            }
            filled--;
        }
        return (size_t)sprintf(out, ",%lld", (long long)bucket);
    }
    for (int k = i + 1; lag_of_peers && k < end && rows[k].order == rows[i].order; k++)
        at++;
    int64_t from = strcmp(test->name, "LAG") == 0 ? at - test->distance : at + test->distance;
    if (from < 0 || from >= size)
        return (size_t)sprintf(out, ",%d", rows[i].sequence); /* the default */
    return (size_t)(rows[start + from].value < 0 ? sprintf(out, ",NULL") : sprintf(out, ",%d", rows[start + from].value));
}

static char *reference(plain_row *rows, int count, const test_call *tests, uint32_t call_count) {
    char *out = malloc((size_t)count * 160 + 16);
    size_t at = 0;
    qsort(rows, (size_t)count, sizeof *rows, plain_compare);
    out[0] = '\0';
    for (int start = 0; start < count;) {
        int end = start;
        while (end < count && rows[end].key == rows[start].key)
            end++;
        for (int i = start; i < end; i++) {
            char texts[2][16] = {"NULL", "NULL"};
            if (rows[i].order >= 0)
                sprintf(texts[0], "%d", rows[i].order);
            if (rows[i].value >= 0)
                sprintf(texts[1], "%d", rows[i].value);
            at += (size_t)sprintf(out + at, "%d,%s,%s,%d", rows[i].key, texts[0], texts[1], rows[i].sequence);
            for (uint32_t c = 0; c < call_count; c++)
                at += plain_result(out + at, rows, start, end, i, &tests[c]);
            at += (size_t)sprintf(out + at, "\n");
        }
        start = end;
    }
    char *sorted = bench_sorted(out);
    free(out);
    return sorted;
}

static size_t line(char *out, const char *kind, const plain_row *row) {
    char texts[2][16] = {"NULL", "NULL"};
    if (row->order >= 0)
        sprintf(texts[0], "%d", row->order);
    if (row->value >= 0)
        sprintf(texts[1], "%d", row->value);
    return (size_t)sprintf(out, "%s,%d,%s,%s,%d\n", kind, row->key, texts[0], texts[1], row->sequence);
}

static weir_frame random_frame(uint64_t *seed) {
    weir_frame frame = {.rows = bench_random(seed, 2) == 0};
    do {
        frame.lower = (weir_bound_kind)bench_random(seed, 4);
        frame.upper = (weir_bound_kind)(1 + bench_random(seed, 4));
        frame.lower_offset = 1 + bench_random(seed, bench_random(seed, 3) == 0 ? 60 : 5);
        frame.upper_offset = 1 + bench_random(seed, bench_random(seed, 3) == 0 ? 60 : 5);
    } while (frame.lower > frame.upper);
    frame.lower_value = (weir_value){.type = weir_type_simple(WEIR_KIND_INT, false), .as.integer = frame.lower_offset};
    frame.upper_value = (weir_value){.type = weir_type_simple(WEIR_KIND_INT, false), .as.integer = frame.upper_offset};
    return frame;
}

static void batch_agrees(void **state) {
    (void)state;
    for (int round = 0; round < 150; round++) {
        uint64_t seed = (uint64_t)round + 3;
        int count = round % 10 == 0 ? 5000 : 1 + (int)bench_random(&seed, 200),
            keys = round % 10 == 0 ? 60 : 1 + (int)bench_random(&seed, 5);
        plain_row *rows = malloc((size_t)count * sizeof *rows);
        char *lines = malloc((size_t)count * 60 + 16);
        size_t at = 0;
        for (int i = 0; i < count; i++) {
            rows[i] = (plain_row){(int)bench_random(&seed, (uint32_t)keys), bench_random(&seed, 9) == 0 ? -1 : (int)bench_random(&seed, 40),
                                  bench_random(&seed, 7) == 0 ? -1 : (int)bench_random(&seed, 100), i};
            at += line(lines + at, "+I", &rows[i]);
        }
        strcpy(lines + at, "W,END\n");
        order_down = bench_random(&seed, 2) == 0;
        test_call tests[] = {{"SUM", random_frame(&seed), 0},
                             {"COUNT", random_frame(&seed), 0},
                             {"RANK", {0}, 0},
                             {"CUME_DIST", {0}, 0},
                             {bench_random(&seed, 2) ? "NTILE" : "PERCENT_RANK", {0}, 1 + (int64_t)bench_random(&seed, 5)},
                             {"DENSE_RANK", {0}, 0},
                             {"ROW_NUMBER", {0}, 0},
                             {bench_random(&seed, 2) ? "LAG" : "LEAD", {0}, (int64_t)bench_random(&seed, 4)}};
        char *out = run(tests, 8, WEIR_OVER_BY_COLUMN, true, order_down ? by_order_down : by_order, lines,
                        1 + bench_random(&seed, round % 3 == 0 ? 4096 : 7), 1 + bench_random(&seed, 50), false);
        char *left = round % 10 == 0 ? NULL : bench_collapse(out), *expected = reference(rows, count, tests, 8);
        if (left == NULL) { /* inserts only: strip the kinds */
            left = malloc(strlen(out) + 1);
            size_t size = 0;
            for (char *p = strtok(out, "\n"); p != NULL; p = strtok(NULL, "\n"))
                size += (size_t)sprintf(left + size, "%s\n", p + 3);
            char *sorted = bench_sorted(left);
            free(left);
            left = sorted;
        }
        assert_string_equal(left, expected);
        free(out), free(left), free(expected), free(lines), free(rows);
    }
}

static void rowtime_agrees(void **state) {
    (void)state;
    order_down = false;
    for (int round = 0; round < 150; round++) {
        uint64_t seed = (uint64_t)round + 11;
        int count = 1 + (int)bench_random(&seed, 200), time = 1;
        plain_row rows[200];
        char *lines = malloc((size_t)count * 90 + 16);
        size_t at = 0;
        for (int i = 0; i < count; i++) {
            time += (int)bench_random(&seed, 6);
            rows[i] = (plain_row){(int)bench_random(&seed, 3), time + (int)bench_random(&seed, 5),
                                  bench_random(&seed, 7) == 0 ? -1 : (int)bench_random(&seed, 100), i};
            at += line(lines + at, "+I", &rows[i]);
            if (bench_random(&seed, 3) == 0)
                at += (size_t)sprintf(lines + at, "W,%d\n", time - 1);
        }
        strcpy(lines + at, "W,END\n");
        test_call tests[] = {{"SUM", random_frame(&seed), 0},
                             {"COUNT", random_frame(&seed), 0},
                             {"RANK", {0}, 0},
                             {"ROW_NUMBER", {0}, 0},
                             {"DENSE_RANK", {0}, 0},
                             {"LAG", {0}, 1 + (int64_t)bench_random(&seed, 4)}};
        for (int i = 0; i < 2; i++) {
            tests[i].frame.upper = WEIR_BOUND_CURRENT;
            if (tests[i].frame.lower > WEIR_BOUND_CURRENT)
                tests[i].frame.lower = WEIR_BOUND_PRECEDING;
        }
        uint32_t call_count = round % 2 == 0 ? 6 : 2;
        lag_of_peers = true;
        char *out = run(tests, call_count, WEIR_OVER_BY_ROWTIME, false, by_order, lines, 1 + bench_random(&seed, 9),
                        1 + bench_random(&seed, 20), false);
        char *left = bench_collapse(out), *expected = reference(rows, count, tests, call_count);
        assert_string_equal(left, expected);
        free(out), free(left), free(expected), free(lines);
    }
    lag_of_peers = false;
}

static void change_agrees(void **state) {
    (void)state;
    for (int round = 0; round < 120; round++) {
        uint64_t seed = (uint64_t)round + 23;
        plain_row rows[200];
        int count = 0;
        char *lines = malloc(200 * 60 + 16);
        size_t at = 0;
        for (int i = 0; i < 120; i++) {
            if (count > 0 && bench_random(&seed, 3) == 0) {
                int k = (int)bench_random(&seed, (uint32_t)count);
                at += line(lines + at, bench_random(&seed, 2) ? "-D" : "-U", &rows[k]);
                rows[k] = rows[--count];
                continue;
            }
            rows[count] = (plain_row){(int)bench_random(&seed, 2), bench_random(&seed, 9) == 0 ? -1 : (int)bench_random(&seed, 9),
                                      bench_random(&seed, 7) == 0 ? -1 : (int)bench_random(&seed, 9), i};
            at += line(lines + at, "+I", &rows[count++]);
        }
        strcpy(lines + at, "W,END\n");
        order_down = bench_random(&seed, 2) == 0;
        weir_frame running = {.rows = bench_random(&seed, 2) == 0, .lower = WEIR_BOUND_UNBOUNDED_PRECEDING, .upper = WEIR_BOUND_CURRENT};
        test_call tests[] = {{"SUM", running, 0},
                             {"RANK", {0}, 0},
                             {"ROW_NUMBER", {0}, 0},
                             {"DENSE_RANK", {0}, 0},
                             {"LAG", {0}, 1 + (int64_t)bench_random(&seed, 3)}};
        uint32_t from = round % 3 == 0 ? 1 : 0;
        char *out = run(tests + from, 5 - from, WEIR_OVER_BY_COLUMN, false, order_down ? by_order_down : by_order, lines,
                        1 + bench_random(&seed, 9), 1 + bench_random(&seed, 20), true);
        char *left = bench_collapse(out), *expected = reference(rows, count, tests + from, 5 - from);
        assert_string_equal(left, expected);
        free(out), free(left), free(expected), free(lines);
    }
}

/* over/row_number_all_stream of the corpus; and RANGE shows peers the new result before the new row. */
static void changes_as_flink(void **state) {
    (void)state;
    test_call numbers[] = {{"ROW_NUMBER", {0}, 0}};
    char *out =
        run(numbers, 1, WEIR_OVER_BY_COLUMN, false, by_order, "+I,2,180,0,0\n+I,2,185,0,1\n+I,2,177,0,2\n-D,2,180,0,0\n", 3, 2, true);
    assert_string_equal(out, "+I,2,180,0,0,1\n+I,2,185,0,1,2\n+I,2,177,0,2,1\n-U,2,180,0,0,1\n+U,2,180,0,0,2\n-U,2,185,0,1,2\n+U,2,185,0,1,"
                             "3\n-D,2,180,0,0,2\n-U,2,185,0,1,3\n+U,2,185,0,1,2\n");
    free(out);
    weir_frame range = {.lower = WEIR_BOUND_UNBOUNDED_PRECEDING, .upper = WEIR_BOUND_CURRENT};
    test_call sums[] = {{"SUM", range, 0}};
    out = run(sums, 1, WEIR_OVER_BY_COLUMN, false, by_order, "+I,1,5,10,0\n+I,1,7,1,1\n+U,1,5,3,2\n-U,1,5,10,0\n", 3, 2, true);
    assert_string_equal(out, "+I,1,5,10,0,10\n+I,1,7,1,1,11\n-U,1,5,10,0,10\n+U,1,5,10,0,13\n+U,1,5,3,2,13\n-U,1,7,1,1,11\n+U,1,7,1,1,14\n-"
                             "D,1,5,10,0,13\n-U,1,5,3,2,13\n+U,1,5,3,2,3\n-U,1,7,1,1,14\n+U,1,7,1,1,4\n");
    free(out);
}

static void late_rows(void **state) {
    (void)state;
    const char *lines = "+I,1,100,1,0\n+I,1,300,1,1\nW,200\n+I,1,150,1,2\n+I,1,200,1,3\n+I,1,90,1,4\n+I,1,250,1,5\nW,END\n";
    weir_frame all = {.rows = true, .lower = WEIR_BOUND_UNBOUNDED_PRECEDING, .upper = WEIR_BOUND_CURRENT};
    weir_frame bounded = {.lower = WEIR_BOUND_PRECEDING, .lower_offset = 50, .upper = WEIR_BOUND_CURRENT};
    test_call unbounded_sum[] = {{"SUM", all, 0}}, bounded_sum[] = {{"SUM", bounded, 0}};
    char *out = run(unbounded_sum, 1, WEIR_OVER_BY_ROWTIME, false, by_order, lines, 8, 1, false);
    assert_string_equal(out, "+I,1,100,1,0,1\n+I,1,250,1,5,2\n+I,1,300,1,1,3\n");
    free(out);
    out = run(bounded_sum, 1, WEIR_OVER_BY_ROWTIME, false, by_order, lines, 8, 1, false);
    /* the timer that would have forgotten the key at 176 has moved the bound past 150 */
    assert_string_equal(out, "+I,1,100,1,0,1\n+I,1,200,1,3,1\n+I,1,250,1,5,2\n+I,1,300,1,1,2\n");
    free(out);
    /* key 1 is forgotten at 176 and begins again, with a row older than the one that it had; a key with rows of one watermark, too */
    lines = "+I,1,100,1,0\nW,170\n+I,1,100,1,1\nW,180\n+I,1,90,1,2\n+I,1,80,1,3\n+I,2,120,1,4\nW,190\n+I,1,90,1,5\n+I,1,400,1,6\nW,END\n";
    out = run(bounded_sum, 1, WEIR_OVER_BY_ROWTIME, false, by_order, lines, 8, 1, false);
    assert_string_equal(out, "+I,1,100,1,0,1\n+I,1,80,1,3,1\n+I,1,90,1,2,2\n+I,2,120,1,4,1\n+I,1,90,1,5,1\n+I,1,400,1,6,1\n");
    free(out);
}

static void processing_time(void **state) {
    (void)state;
    weir_frame last_two = {.rows = true, .lower = WEIR_BOUND_PRECEDING, .lower_offset = 1, .upper = WEIR_BOUND_CURRENT};
    test_call tests[] = {{"SUM", last_two, 0}, {"ROW_NUMBER", {0}, 0}};
    char *out =
        run(tests, 2, WEIR_OVER_BY_PROCTIME, false, by_order, "+I,1,0,1,0\n+I,2,0,5,1\n+I,1,0,2,2\n+I,1,0,4,3\n+I,2,0,6,4\n", 3, 5, false);
    assert_string_equal(out, "+I,1,0,1,0,1,1\n+I,2,0,5,1,5,1\n+I,1,0,2,2,3,2\n+I,1,0,4,3,6,3\n+I,2,0,6,4,11,2\n");
    free(out);
}

static void expired_state_is_given_back(void **state) {
    (void)state;
    static const weir_over_order orders[] = {WEIR_OVER_BY_COLUMN, WEIR_OVER_BY_PROCTIME, WEIR_OVER_BY_ROWTIME, WEIR_OVER_BY_ROWTIME};
    for (int c = 0; c < 4; c++) {
        op_bench bench;
        bench_init(&bench, 4, 3);
        bench_prepare(&bench, orders[c] == WEIR_OVER_BY_ROWTIME);
        bench.settings.state_ttl_ms = 1000;
        weir_frame frame = {.rows = c < 3, .lower = WEIR_BOUND_UNBOUNDED_PRECEDING, .upper = WEIR_BOUND_CURRENT};
        if (c == 3) /* keys are forgotten by the watermark, too */
            frame = (weir_frame){.lower = WEIR_BOUND_PRECEDING, .lower_offset = 4, .upper = WEIR_BOUND_CURRENT};
        weir_over_call calls[] = {call_of(&bench, (test_call){"SUM", frame, 0}), call_of(&bench, (test_call){"ROW_NUMBER", {0}, 0})};
        types[4] = calls[0].call.result;
        types[5] = calls[1].call.result;
        weir_over_spec spec = {orders[c], 4, types, 1, key_columns, 1, by_order, c == 3 ? 1 : 2, calls, false, false, types};
        assert_int_equal(bench_open(&bench, &weir_over_operator, &spec), WEIR_OK);
        if (c == 3) {
            bench_feed_keys(&bench, "+I,%d,%1$d,5,0\nW,%1$d\n", 1, 400);
            weir_clock_virtual_advance_ns(&bench.clock, INT64_C(3000000000));
            bench_feed(&bench, "+I,1,1000,5,0\nW,1000\n");
            assert_true(bench_state_bytes(&bench) < 1000);
        } else {
            bench_expect_expiry(&bench, "+I,%d,%1$d,5,0\n+I,%1$d,%1$d,6,1\nW,%1$d\n");
        }
        bench_close(&bench);
    }
}

/* RANK, DENSE_RANK and sums where the new row is the last of many peers, the first, or in the midst. */
static void peers_keep_their_results(void **state) {
    (void)state;
    weir_frame rows = {.rows = true, .lower = WEIR_BOUND_UNBOUNDED_PRECEDING, .upper = WEIR_BOUND_CURRENT};
    test_call tests[] = {{"SUM", rows, 0}, {"RANK", {0}, 0}, {"DENSE_RANK", {0}, 0}, {"LAG", {0}, 1}};
    char *out = run(tests, 4, WEIR_OVER_BY_COLUMN, false, by_order,
                    "+I,1,5,1,0\n+I,1,5,2,1\n+I,1,5,4,2\n+I,1,9,8,3\n+I,1,5,16,4\n-D,1,5,2,1\n", 3, 2, true);
    assert_string_equal(out, "+I,1,5,1,0,1,1,1,0\n+I,1,5,2,1,3,1,1,1\n+I,1,5,4,2,7,1,1,2\n+I,1,9,8,3,15,4,2,4\n"
                             "+I,1,5,16,4,23,1,1,4\n-U,1,9,8,3,15,4,2,4\n+U,1,9,8,3,31,5,2,16\n"
                             "-D,1,5,2,1,3,1,1,1\n-U,1,5,4,2,7,1,1,2\n+U,1,5,4,2,5,1,1,1\n-U,1,5,16,4,23,1,1,4\n+U,1,5,16,4,21,1,1,4\n"
                             "-U,1,9,8,3,31,5,2,16\n+U,1,9,8,3,29,4,2,16\n");
    free(out);
}

static void survives_no_memory(void **state) {
    (void)state;
    for (int v = 0; v < 4; v++) {
        bool done = false;
        for (uint64_t nth = 1; !done; nth++) {
            op_bench bench;
            bench_init(&bench, 2, 3);
            bench_prepare(&bench, v == 1 || v == 3);
            weir_frame frame = {.rows = v % 2 == 0,
                                .lower = v == 2 ? WEIR_BOUND_UNBOUNDED_PRECEDING : WEIR_BOUND_PRECEDING,
                                .lower_offset = v == 3 ? 100 : 1,
                                .upper = WEIR_BOUND_CURRENT};
            frame.lower_value = (weir_value){.type = weir_type_simple(WEIR_KIND_INT, false), .as.integer = 1};
            weir_over_call calls[] = {call_of(&bench, (test_call){"SUM", frame, 0}), call_of(&bench, (test_call){"LAG", {0}, 1}),
                                      call_of(&bench, (test_call){"RANK", {0}, 0})};
            for (int i = 0; i < 3; i++)
                types[4 + i] = calls[i].call.result;
            weir_over_spec spec = {v == 1 || v == 3 ? WEIR_OVER_BY_ROWTIME : WEIR_OVER_BY_COLUMN,
                                   4,
                                   types,
                                   1,
                                   key_columns,
                                   1,
                                   by_order,
                                   3,
                                   calls,
                                   v == 2,
                                   v == 0,
                                   types};
            weir_memory_fail_after(nth, false);
            if (bench_open(&bench, &weir_over_operator, &spec) == WEIR_OK)
                bench_feed(&bench, "+I,1,5,10,0\n+I,1,7,1,1\n+I,1,6,3,2\n+I,2,5,10,3\nW,6\n+I,1,9,9,4\nW,END\n");
            done = weir_memory_tries() < nth;
            weir_memory_fail_after(0, false);
            assert_int_equal(bench.status, done ? WEIR_OK : WEIR_MEMORY);
            bench_close(&bench);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(batch_agrees),
        cmocka_unit_test(rowtime_agrees),
        cmocka_unit_test(change_agrees),
        cmocka_unit_test(changes_as_flink),
        cmocka_unit_test(late_rows),
        cmocka_unit_test(processing_time),
        cmocka_unit_test(expired_state_is_given_back),
        cmocka_unit_test(peers_keep_their_results),
        cmocka_unit_test(survives_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
