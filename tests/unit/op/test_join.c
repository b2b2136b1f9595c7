/* Streaming and batch joins: changelogs as Flink's operators make them; all six types, with and without residual and keys, NOT IN, against
 * a naive join of what is left after random changes; and every allocation failing in turn. */
#include "op_rows.h"

#include "op/join.h"

static const weir_type *types[4];       /* key INT, value INT | key INT, value INT */
static const weir_type *keyed_types[6]; /* key, key2, value each */
static const uint32_t key_columns[] = {0};
static const bool null_safe_no[] = {false, false};

typedef struct join_case {
    weir_join_type type;
    bool residual, keys, null_aware, null_safe;
} join_case;

static void bench_prepare(op_bench *bench) {
    for (int i = 0; i < 4; i++)
        types[i] = weir_type_simple(WEIR_KIND_INT, true);
    bench->input_types[0] = bench->input_types[1] = types;
    bench->input_counts[0] = bench->input_counts[1] = 2;
}

static weir_join_spec spec_of(op_bench *bench, join_case c) {
    static const bool safe[] = {true};
    const weir_expr *residual = NULL;
    if (c.residual) {
        const weir_expr *arguments[] = {weir_expr_column(&bench->arena, 1, types[1], (weir_position){0}),
                                        weir_expr_column(&bench->arena, 3, types[3], (weir_position){0})};
        residual = weir_expr_call(&bench->arena, "<", weir_type_simple(WEIR_KIND_BOOLEAN, true), arguments, 2, (weir_position){0});
        assert_non_null(residual);
    }
    weir_join_side side = {2, types, key_columns, true};
    return (weir_join_spec){.on = {c.type, c.keys, c.null_safe ? safe : null_safe_no, side, side, residual, types},
                            .null_aware_anti = c.null_aware};
}

static char *run(const weir_operator_vtable *vtable, join_case c, const char *lines, uint32_t batch_rows, uint32_t input_rows) {
    op_bench bench;
    bench_init(&bench, batch_rows, input_rows);
    bench_prepare(&bench);
    weir_join_spec spec = spec_of(&bench, c);
    assert_int_equal(bench_open(&bench, vtable, &spec), WEIR_OK);
    bench_feed(&bench, lines);
    assert_int_equal(bench.status, WEIR_OK);
    char *out = strdup(bench_out(&bench));
    bench_close(&bench);
    return out;
}

static void check(join_case c, const char *lines, const char *expected) {
    static const uint32_t sizes[] = {1, 3, 4096};
    for (int i = 0; i < 9; i++) {
        char *out = run(&weir_join_operator, c, lines, sizes[i / 3], sizes[i % 3]);
        assert_string_equal(out, expected);
        free(out);
    }
}

static void inner_changelog(void **state) {
    (void)state;
    check((join_case){WEIR_JOIN_INNER, .keys = true},
          "0 +I,1,10\n1 +I,1,20\n1 +U,1,21\n0 +I,NULL,5\n1 +I,NULL,5\n0 -U,1,10\n0 +U,1,11\n1 -D,1,20\n0 W,END\n1 W,END\n",
          "+I,1,10,1,20\n+U,1,10,1,21\n-U,1,10,1,20\n-U,1,10,1,21\n+U,1,11,1,20\n+U,1,11,1,21\n-D,1,11,1,20\n");
}

static void outer_changelog(void **state) {
    (void)state;
    check((join_case){WEIR_JOIN_LEFT, .keys = true},
          "0 +I,1,10\n1 +I,1,20\n1 +I,1,21\n1 -D,1,20\n1 -D,1,21\n0 -D,1,10\n0 +I,NULL,3\n0 -U,NULL,3\n",
          "+I,1,10,NULL,NULL\n-D,1,10,NULL,NULL\n+I,1,10,1,20\n+I,1,10,1,21\n-D,1,10,1,20\n-D,1,10,1,21\n+I,1,10,NULL,NULL\n-D,1,10,NULL,"
          "NULL\n+I,NULL,3,NULL,NULL\n-D,NULL,3,NULL,NULL\n");
    check((join_case){WEIR_JOIN_FULL, .keys = true}, "0 +I,1,10\n1 +U,1,20\n0 -U,1,10\n0 +I,2,1\n1 +I,3,1\n",
          "+I,1,10,NULL,NULL\n-D,1,10,NULL,NULL\n+I,1,10,1,20\n-D,1,10,1,20\n+I,NULL,NULL,1,20\n+I,2,1,NULL,NULL\n+I,NULL,NULL,3,1\n");
    check((join_case){WEIR_JOIN_RIGHT, .keys = true, .residual = true}, "1 +I,1,20\n0 +U,1,30\n0 +U,1,3\n0 -U,1,3\n",
          "+I,NULL,NULL,1,20\n-D,NULL,NULL,1,20\n+I,1,3,1,20\n-U,1,3,1,20\n+I,NULL,NULL,1,20\n");
}

static void half_changelog(void **state) {
    (void)state;
    check((join_case){WEIR_JOIN_SEMI, .keys = true}, "0 +I,1,10\n1 +U,1,1\n1 +I,1,2\n0 +U,1,11\n1 -D,1,1\n1 -U,1,2\n",
          "+U,1,10\n+U,1,11\n-U,1,10\n-U,1,11\n");
    check((join_case){WEIR_JOIN_ANTI, .keys = true}, "0 +I,1,10\n1 +I,1,1\n0 +I,1,11\n1 -D,1,1\n0 -D,1,10\n0 +I,NULL,1\n",
          "+I,1,10\n-D,1,10\n+I,1,10\n+I,1,11\n-D,1,10\n+I,NULL,1\n");
}

static void null_safe_keys(void **state) {
    (void)state;
    check((join_case){WEIR_JOIN_INNER, .keys = true, .null_safe = true}, "0 +I,NULL,10\n1 +I,NULL,20\n1 +I,1,20\n", "+I,NULL,10,NULL,20\n");
}

typedef struct plain_row {
    int key, value; /* key -1: NULL */
} plain_row;

static bool pair_matches(join_case c, plain_row left, plain_row right) {
    if (c.residual && !(left.value < right.value))
        return false;
    if (!c.keys)
        return true;
    if (c.null_aware && (left.key < 0 || right.key < 0))
        return true;
    return left.key == right.key && (left.key >= 0 || c.null_safe);
}

static size_t say(char *out, const plain_row *left, const plain_row *right, bool half) {
    char texts[4][16] = {"NULL", "NULL", "NULL", "NULL"};
    if (left != NULL) {
        if (left->key >= 0)
            sprintf(texts[0], "%d", left->key);
        sprintf(texts[1], "%d", left->value);
    }
    if (right != NULL) {
        if (right->key >= 0)
            sprintf(texts[2], "%d", right->key);
        sprintf(texts[3], "%d", right->value);
    }
    if (half)
        return (size_t)sprintf(out, "%s,%s\n", texts[0], texts[1]);
    return (size_t)sprintf(out, "%s,%s,%s,%s\n", texts[0], texts[1], texts[2], texts[3]);
}

static char *naive(join_case c, const plain_row *left, int left_count, const plain_row *right, int right_count) {
    char *out = malloc((size_t)(left_count + 1) * (size_t)(right_count + 1) * 32 + 64);
    bool right_matched[512] = {false};
    size_t at = 0;
    out[0] = '\0';
    for (int i = 0; i < left_count; i++) {
        bool matched = false;
        for (int k = 0; k < right_count; k++) {
            if (!pair_matches(c, left[i], right[k]))
                continue;
            matched = right_matched[k] = true;
            if (c.type < WEIR_JOIN_SEMI)
                at += say(out + at, &left[i], &right[k], false);
        }
        if (c.type == WEIR_JOIN_SEMI ? matched : c.type == WEIR_JOIN_ANTI && !matched)
            at += say(out + at, &left[i], NULL, true);
        if (!matched && (c.type == WEIR_JOIN_LEFT || c.type == WEIR_JOIN_FULL))
            at += say(out + at, &left[i], NULL, false);
    }
    for (int k = 0; k < right_count && (c.type == WEIR_JOIN_RIGHT || c.type == WEIR_JOIN_FULL); k++)
        if (!right_matched[k])
            at += say(out + at, NULL, &right[k], false);
    char *sorted = bench_sorted(out);
    free(out);
    return sorted;
}

static join_case random_case(uint64_t *seed, int round) {
    join_case c = {.type = (weir_join_type)(round % 6),
                   .residual = bench_random(seed, 2) == 0,
                   .keys = bench_random(seed, 4) != 0,
                   .null_safe = bench_random(seed, 4) == 0};
    if (c.type == WEIR_JOIN_ANTI && bench_random(seed, 2) == 0) {
        c.null_aware = c.keys = true;
        c.null_safe = false;
    }
    return c;
}

static size_t line(char *out, int side, const char *kind, plain_row row) {
    return row.key < 0 ? (size_t)sprintf(out, "%d %s,NULL,%d\n", side, kind, row.value)
                       : (size_t)sprintf(out, "%d %s,%d,%d\n", side, kind, row.key, row.value);
}

static void streaming_agrees_with_naive(void **state) {
    (void)state;
    for (int round = 0; round < 240; round++) {
        uint64_t seed = (uint64_t)round + 17;
        join_case c = random_case(&seed, round);
        plain_row rows[2][200];
        int counts[2] = {0, 0}, keys = 1 + (int)bench_random(&seed, 6);
        char *lines = malloc(200 * 40);
        size_t at = 0;
        for (int i = 0; i < 160; i++) {
            int side = (int)bench_random(&seed, 2);
            if (counts[side] > 0 && bench_random(&seed, 3) == 0) {
                int k = (int)bench_random(&seed, (uint32_t)counts[side]);
                at += line(lines + at, side, bench_random(&seed, 2) ? "-D" : "-U", rows[side][k]);
                rows[side][k] = rows[side][--counts[side]];
                continue;
            }
            plain_row row = {bench_random(&seed, 8) == 0 ? -1 : (int)bench_random(&seed, (uint32_t)keys), (int)bench_random(&seed, 5)};
            at += line(lines + at, side, bench_random(&seed, 2) ? "+I" : "+U", row);
            rows[side][counts[side]++] = row;
        }
        char *out = run(&weir_join_operator, c, lines, 1 + bench_random(&seed, 9), 1 + bench_random(&seed, 20));
        char *left = bench_collapse(out), *expected = naive(c, rows[0], counts[0], rows[1], counts[1]);
        assert_string_equal(left, expected);
        free(out), free(left), free(expected), free(lines);
    }
}

static void batch_agrees_with_naive(void **state) {
    (void)state;
    for (int round = 0; round < 240; round++) {
        uint64_t seed = (uint64_t)round + 99;
        join_case c = random_case(&seed, round);
        plain_row rows[2][200];
        int keys = 1 + (int)bench_random(&seed, 6),
            counts[2] = {(int)bench_random(&seed, 100), bench_random(&seed, 6) == 0 ? 0 : (int)bench_random(&seed, 150)};
        char *lines = malloc(260 * 40);
        size_t at = 0;
        for (int side = 1; side >= 0; side--) {
            for (int i = 0; i < counts[side]; i++) {
                rows[side][i] = (plain_row){bench_random(&seed, c.null_aware ? 40 : 8) == 0 ? -1 : (int)bench_random(&seed, (uint32_t)keys),
                                            (int)bench_random(&seed, 5)};
                at += line(lines + at, side, "+I", rows[side][i]);
            }
            at += (size_t)sprintf(lines + at, "%d W,END\n", side);
        }
        char *out = run(&weir_hash_join_operator, c, lines, 1 + bench_random(&seed, 9), 1 + bench_random(&seed, 20));
        char *left = bench_collapse(out), *expected = naive(c, rows[0], counts[0], rows[1], counts[1]);
        assert_string_equal(left, expected);
        free(out), free(left), free(expected), free(lines);
    }
}

/* More candidates for one row than fit in one piece of work. */
static void explodes_in_pieces(void **state) {
    (void)state;
    enum { RIGHT = 9000 };
    char *lines = malloc(RIGHT * 20 + 100);
    size_t at = 0;
    for (int i = 0; i < RIGHT; i++)
        at += (size_t)sprintf(lines + at, "1 +I,1,%d\n", i);
    sprintf(lines + at, "1 W,END\n0 +I,1,4499\n0 +I,1,20000\n0 W,END\n");
    for (int type = 0; type < 6; type++) {
        for (int streaming = 0; streaming < 2; streaming++) {
            join_case c = {.type = (weir_join_type)type, .keys = true, .residual = true};
            char *out = run(streaming ? &weir_join_operator : &weir_hash_join_operator, c, lines, 1000, 1000), *left = bench_collapse(out);
            size_t count = 0;
            for (const char *p = left; *p != '\0'; p++)
                count += *p == '\n';
            static const size_t expected[] = {4500, 4501, 9000, 9001, 1, 1};
            assert_int_equal(count, expected[type]);
            free(out), free(left);
        }
    }
    free(lines);
}

/* NOT IN over two columns: (1, NULL) on the right is incompatible with (2, x) only. */
static void not_in_two_columns(void **state) {
    (void)state;
    for (int streaming = 0; streaming < 2; streaming++) {
        op_bench bench;
        bench_init(&bench, 2, 2);
        for (int i = 0; i < 6; i++)
            keyed_types[i] = weir_type_simple(WEIR_KIND_INT, true);
        bench.input_types[0] = bench.input_types[1] = keyed_types;
        bench.input_counts[0] = bench.input_counts[1] = 3;
        static const uint32_t two[] = {0, 1};
        weir_join_side side = {3, keyed_types, two, false};
        weir_join_spec spec = {.on = {WEIR_JOIN_ANTI, 2, null_safe_no, side, side, NULL, keyed_types}, .null_aware_anti = true};
        assert_int_equal(bench_open(&bench, streaming ? &weir_join_operator : &weir_hash_join_operator, &spec), WEIR_OK);
        bench_feed(&bench, "1 +I,1,NULL,0\n1 +I,3,3,0\n1 W,END\n0 +I,1,5,1\n0 +I,2,5,2\n0 +I,3,3,3\n0 +I,NULL,9,4\n0 +I,NULL,3,5\n0 "
                           "+I,4,NULL,6\n0 +I,3,NULL,7\n0 W,END\n");
        char *left = bench_collapse(bench_out(&bench));
        assert_string_equal(left, "2,5,2\n4,NULL,6\n");
        free(left);
        bench_close(&bench);
    }
}

static void state_expires(void **state) {
    (void)state;
    op_bench bench;
    bench_init(&bench, 8, 1);
    bench_prepare(&bench);
    bench.settings.state_ttl_ms = 1000;
    weir_join_spec spec = spec_of(&bench, (join_case){WEIR_JOIN_INNER, .keys = true});
    assert_int_equal(bench_open(&bench, &weir_join_operator, &spec), WEIR_OK);
    bench_feed(&bench, "0 +I,1,10\n");
    weir_clock_virtual_advance_ns(&bench.clock, 600000000);
    bench_feed(&bench, "0 +I,1,11\n");
    weir_clock_virtual_advance_ns(&bench.clock, 600000000);
    bench_feed(&bench, "1 +I,1,20\n");
    assert_string_equal(bench_out(&bench), "+I,1,11,1,20\n");
    bench_close(&bench);
}

static void expired_state_is_given_back(void **state) {
    (void)state;
    static const join_case cases[] = {{WEIR_JOIN_INNER, .keys = true},
                                      {WEIR_JOIN_FULL, .keys = true},
                                      {WEIR_JOIN_SEMI, .keys = true},
                                      {WEIR_JOIN_ANTI, .keys = true, .null_aware = true}};
    for (int i = 0; i < 8; i++) {
        op_bench bench;
        bench_init(&bench, 8, 1);
        bench_prepare(&bench);
        bench.settings.state_ttl_ms = 1000;
        weir_join_spec spec = spec_of(&bench, cases[i / 2]);
        assert_int_equal(bench_open(&bench, &weir_join_operator, &spec), WEIR_OK);
        bench_expect_expiry(&bench, i % 2 ? "0 +I,%d,1\n" : "1 +I,%d,1\n0 +I,%1$d,1\n0 +I,%1$d,2\n");
        bench_close(&bench);
    }
}

/* Retractions that find nothing, and rows that left again. */
static void unknown_keys_leave_nothing(void **state) {
    (void)state;
    static const join_case cases[] = {{WEIR_JOIN_INNER, .keys = true},
                                      {WEIR_JOIN_FULL, .keys = true},
                                      {WEIR_JOIN_SEMI, .keys = true},
                                      {WEIR_JOIN_ANTI, .keys = true, .null_aware = true}};
    for (int i = 0; i < 4; i++) {
        op_bench bench;
        bench_init(&bench, 8, 2);
        bench_prepare(&bench);
        weir_join_spec spec = spec_of(&bench, cases[i]);
        assert_int_equal(bench_open(&bench, &weir_join_operator, &spec), WEIR_OK);
        bench_feed(&bench, "0 -D,0,1\n1 -D,0,2\n");
        size_t before = bench_state_bytes(&bench);
        bench_feed_keys(&bench, "0 -D,%d,1\n0 -D,%1$d,2\n1 -U,%1$d,2\n0 +I,%1$d,1\n0 -D,%1$d,1\n", 1, 50);
        assert_int_equal(bench.status, WEIR_OK);
        assert_int_equal(bench_state_bytes(&bench), before);
        bench_close(&bench);
    }
}

static void survives_no_memory(void **state) {
    (void)state;
    for (int v = 0; v < 8; v++) {
        bool done = false;
        for (uint64_t nth = 1; !done; nth++) {
            op_bench bench;
            bench_init(&bench, 2, 3);
            bench_prepare(&bench);
            join_case c = {.type = v % 4 == 0   ? WEIR_JOIN_FULL
                                   : v % 4 == 1 ? WEIR_JOIN_ANTI
                                                : WEIR_JOIN_LEFT,
                           .keys = true,
                           .residual = v % 4 == 2,
                           .null_aware = v % 4 == 1};
            weir_join_spec spec = spec_of(&bench, c);
            weir_memory_fail_after(nth, false);
            if (bench_open(&bench, v < 4 ? &weir_join_operator : &weir_hash_join_operator, &spec) == WEIR_OK)
                bench_feed(&bench,
                           "1 +I,1,5\n1 +I,2,6\n1 +I,1,7\n1 +I,NULL,7\n1 W,END\n0 +I,1,2\n0 +I,1,6\n0 +I,9,9\n0 +I,NULL,1\n0 W,END\n");
            done = weir_memory_tries() < nth;
            weir_memory_fail_after(0, false);
            assert_int_equal(bench.status, done ? WEIR_OK : WEIR_MEMORY);
            bench_close(&bench);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(inner_changelog),
        cmocka_unit_test(outer_changelog),
        cmocka_unit_test(half_changelog),
        cmocka_unit_test(null_safe_keys),
        cmocka_unit_test(streaming_agrees_with_naive),
        cmocka_unit_test(batch_agrees_with_naive),
        cmocka_unit_test(explodes_in_pieces),
        cmocka_unit_test(not_in_two_columns),
        cmocka_unit_test(state_expires),
        cmocka_unit_test(expired_state_is_given_back),
        cmocka_unit_test(unknown_keys_leave_nothing),
        cmocka_unit_test(survives_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
