/* Top-N and deduplication: the changelogs that Flink prints for the acceptance corpus, a naive recomputation on random changelogs, and
 * every allocation failing in turn. */
#include "op_rows.h"

#include "op/rank.h"

static const weir_type *types[4]; /* group text, value INT, id INT, and the rank */

static void make_types(op_bench *bench) {
    types[0] = weir_type_string(true);
    types[1] = weir_type_simple(WEIR_KIND_INT, true);
    types[2] = weir_type_simple(WEIR_KIND_INT, true);
    types[3] = weir_type_simple(WEIR_KIND_BIGINT, false);
    bench->input_types[0] = types;
    bench->input_counts[0] = 3;
}

static const uint32_t group_key[] = {0};
static const uint32_t id_key[] = {2};
static const weir_sort_key best_first[] = {{1, true, true}, {2, false, false}};
static const weir_sort_key value_only[] = {{1, true, true}};

static weir_rank_spec spec_of(int64_t to, bool emit_rank) {
    return (weir_rank_spec){.function = WEIR_RANK_ROW_NUMBER,
                            .input_count = 3,
                            .input_types = types,
                            .key_count = 1,
                            .keys = group_key,
                            .order_count = 2,
                            .order = best_first,
                            .from_rank = 1,
                            .to_rank = to,
                            .to_rank_column = -1,
                            .emit_rank = emit_rank,
                            .emit_update_before = true,
                            .output_types = types};
}

static char *run(const weir_operator_vtable *vtable, const void *spec, const char *lines, uint32_t batch_rows, uint32_t input_rows) {
    op_bench bench;
    bench_init(&bench, batch_rows, input_rows);
    make_types(&bench);
    assert_int_equal(bench_open(&bench, vtable, spec), WEIR_OK);
    bench_feed(&bench, lines);
    assert_int_equal(bench.status, WEIR_OK);
    char *out = strdup(bench_out(&bench));
    bench_close(&bench);
    return out;
}

static void check(const weir_rank_spec *spec, const char *lines, const char *expected) {
    static const uint32_t sizes[] = {1, 3, 4096};
    for (int i = 0; i < 3; i++) {
        for (int k = 0; k < 3; k++) {
            char *out = run(&weir_rank_operator, spec, lines, sizes[i], sizes[k]);
            assert_string_equal(out, expected);
            free(out);
        }
    }
}

static void appends(void **state) {
    (void)state;
    op_bench bench;
    bench_init(&bench, 1, 1);
    make_types(&bench);
    weir_rank_spec spec = spec_of(2, false);
    const char *rows = "+I,c,10,0\n+I,c,12,1\n+I,g,7,2\n+I,g,20,3\n+I,c,12,4\n+I,g,3,5\n+I,c,15,6\n+I,g,25,7\nW,END\n";
    check(&spec, rows, "+I,c,10,0\n+I,c,12,1\n+I,g,7,2\n+I,g,20,3\n-D,c,10,0\n+I,c,12,4\n-D,c,12,4\n+I,c,15,6\n-D,g,7,2\n+I,g,25,7\n");
    spec = spec_of(1, false);
    check(&spec, rows, "+I,c,10,0\n-U,c,10,0\n+U,c,12,1\n+I,g,7,2\n-U,g,7,2\n+U,g,20,3\n-U,c,12,1\n+U,c,15,6\n-U,g,20,3\n+U,g,25,7\n");
    spec.emit_update_before = false;
    check(&spec, rows, "+I,c,10,0\n+U,c,12,1\n+I,g,7,2\n+U,g,20,3\n+U,c,15,6\n+U,g,25,7\n");
    spec = spec_of(2, true);
    spec.key_count = 0;
    check(&spec, "+I,a,1,1\n+I,a,5,2\n+I,a,5,3\n+I,a,0,4\n+I,a,NULL,5\nW,END\n",
          "+I,a,1,1,1\n-U,a,1,1,1\n+U,a,5,2,1\n+I,a,1,1,2\n-U,a,1,1,2\n+U,a,5,3,2\n");
    /* An offset makes ranks visible without emitting them. */
    spec = spec_of(2, false);
    spec.from_rank = 2;
    check(&spec, "+I,a,1,1\n+I,a,5,2\n+I,a,7,3\nW,END\n", "+I,a,1,1\n-U,a,1,1\n+U,a,5,2\n");
}

static void retracts(void **state) {
    (void)state;
    weir_rank_spec spec = spec_of(3, true);
    spec.input_retracts = true;
    spec.key_count = 0;
    /* over/topn_on_agg of the corpus */
    check(&spec, "+I,kim,10,0\n+I,lee,12,0\n+I,max,7,0\n-U,kim,10,0\n+U,kim,30,0\n+I,ned,12,0\n-U,lee,12,0\n+U,lee,15,0\nW,END\n",
          "+I,kim,10,0,1\n-U,kim,10,0,1\n+U,lee,12,0,1\n+I,kim,10,0,2\n+I,max,7,0,3\n-U,kim,10,0,2\n+U,max,7,0,2\n-D,max,7,0,3\n-U,lee,12,"
          "0,1\n+U,kim,30,0,1\n-U,max,7,0,2\n+U,lee,12,0,2\n+I,max,7,0,3\n"
          "-U,max,7,0,3\n+U,ned,12,0,3\n-U,lee,12,0,2\n+U,ned,12,0,2\n-U,ned,12,0,3\n+U,max,7,0,3\n-U,ned,12,0,2\n+U,lee,15,0,2\n-U,max,7,"
          "0,3\n+U,ned,12,0,3\n");
    /* changelog/topn_of_agg_cdc */
    spec = spec_of(2, false);
    spec.input_retracts = true;
    spec.key_count = 0;
    check(&spec, "+I,n,10,0\n+I,s,20,0\n-U,n,10,0\n+U,n,40,0\n+I,w,5,0\n-D,s,20,0\nW,END\n",
          "+I,n,10,0\n+I,s,20,0\n-D,n,10,0\n+I,n,40,0\n-D,s,20,0\n+I,w,5,0\n");
}

static void updates(void **state) {
    (void)state;
    weir_rank_spec spec = spec_of(2, false);
    static const uint32_t upsert[] = {0, 2};
    spec.upsert_key_count = 2;
    spec.upsert_key = upsert;
    /* over/topn_on_agg_norank: group, maximum, player */
    check(&spec, "+I,c,10,1\n+I,c,12,2\n+I,g,7,3\n+I,g,20,1\n+I,c,12,4\n+I,g,3,2\n+U,c,15,1\n+U,g,25,3\n+U,c,30,2\nW,END\n",
          "+I,c,10,1\n+I,c,12,2\n+I,g,7,3\n+I,g,20,1\n-D,c,10,1\n+I,c,12,4\n-D,c,12,4\n+I,c,15,1\n-U,g,7,3\n+U,g,25,3\n-U,c,12,2\n+U,c,30,"
          "2\n");
    spec = spec_of(3, true);
    spec.upsert_key_count = 2;
    spec.upsert_key = upsert;
    check(&spec, "+I,c,10,1\n+I,c,12,2\n+I,c,7,3\n+U,c,20,3\n+U,c,21,3\nW,END\n",
          "+I,c,10,1,1\n-U,c,10,1,1\n+U,c,12,2,1\n+I,c,10,1,2\n+I,c,7,3,3\n-U,c,12,2,1\n+U,c,20,3,1\n-U,c,10,1,2\n+U,c,12,2,2\n-U,c,7,3,"
          "3\n+U,c,10,1,3\n-U,c,20,3,1\n+U,c,21,3,1\n");
}

static void ranks_in_batch(void **state) {
    (void)state;
    const char *rows = "+I,a,5,1\n+I,b,9,2\n+I,a,7,3\n+I,a,5,4\n+I,a,3,5\n+I,a,7,6\n+I,NULL,1,7\nW,END\n";
    weir_rank_spec spec = spec_of(INT64_MAX, true);
    spec.final_only = true;
    spec.order = value_only;
    spec.order_count = 1;
    check(&spec, rows, "+I,a,7,3,1\n+I,a,7,6,2\n+I,a,5,1,3\n+I,a,5,4,4\n+I,a,3,5,5\n+I,b,9,2,1\n+I,NULL,1,7,1\n");
    spec.function = WEIR_RANK_RANK;
    check(&spec, rows, "+I,a,7,3,1\n+I,a,7,6,1\n+I,a,5,1,3\n+I,a,5,4,3\n+I,a,3,5,5\n+I,b,9,2,1\n+I,NULL,1,7,1\n");
    spec.function = WEIR_RANK_DENSE_RANK;
    spec.from_rank = 2;
    spec.to_rank = 2;
    check(&spec, rows, "+I,a,5,1,2\n+I,a,5,4,2\n");
    spec = spec_of(2, false);
    spec.final_only = true;
    check(&spec, rows, "+I,a,7,3\n+I,a,7,6\n+I,b,9,2\n+I,NULL,1,7\n");
}

static void deduplicates(void **state) {
    (void)state;
    op_bench bench;
    bench_init(&bench, 1, 1);
    make_types(&bench);
    types[1] = weir_type_sized(&bench.arena, WEIR_KIND_TIMESTAMP, 3, true);
    static const uint32_t sizes[] = {1, 3, 4096};
    const char *rows = "+I,x,1000,1\n+I,y,2000,2\n+I,x,3000,3\n+I,x,2000,4\n+I,z,5000,5\n+I,y,2000,6\nW,4000\n+I,w,3000,7\n+I,y,9000,8\n+I,"
                       "z,4500,9\nW,END\n";
    struct {
        weir_deduplicate_spec spec;
        const char *expected;
    } cases[] = {
        {{.keep_last = true, .by_rowtime = true, .time_column = 1, .emit_update_before = true},
         "+I,x,1000,1\n+I,y,2000,2\n-U,x,1000,1\n+U,x,3000,3\n+I,z,5000,5\n-U,y,2000,2\n+U,y,2000,6\n+I,w,3000,7\n-U,y,2000,6\n+U,y,9000,"
         "8\n"},
        {{.keep_last = false, .by_rowtime = true, .time_column = 1}, "+I,x,1000,1\n+I,y,2000,2\n+I,z,4500,9\n"},
        {{.keep_last = false}, "+I,x,1000,1\n+I,y,2000,2\n+I,z,5000,5\n+I,w,3000,7\n"},
    };
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        for (int i = 0; i < 9; i++) {
            op_bench one;
            bench_init(&one, sizes[i / 3], sizes[i % 3]);
            one.input_types[0] = types;
            one.input_counts[0] = 3;
            weir_deduplicate_spec spec = cases[c].spec;
            spec.input_count = 3;
            spec.input_types = types;
            spec.key_count = 1;
            spec.keys = group_key;
            assert_int_equal(bench_open(&one, &weir_deduplicate_operator, &spec), WEIR_OK);
            bench_feed(&one, rows);
            assert_string_equal(bench_out(&one), cases[c].expected);
            bench_close(&one);
        }
    }
    bench_close(&bench);
    weir_deduplicate_spec last = {.input_count = 3,
                                  .input_types = types,
                                  .key_count = 1,
                                  .keys = group_key,
                                  .keep_last = true,
                                  .input_retracts = true,
                                  .emit_update_before = true};
    char *out = run(&weir_deduplicate_operator, &last, "+I,x,1,1\n+I,x,1,1\n+U,x,1,2\n-U,x,1,2\n-D,x,1,2\n+I,x,5,2\nW,END\n", 2, 2);
    assert_string_equal(out, "+I,x,1,1\n-U,x,1,1\n+U,x,1,2\n-D,x,1,2\n+I,x,5,2\n");
    free(out);
}

typedef struct plain_row {
    int group, value, id, sequence;
} plain_row;

static int plain_compare(const void *a_, const void *b_) {
    const plain_row *a = a_, *b = b_;
    if (a->group != b->group)
        return a->group - b->group;
    return a->value != b->value ? b->value - a->value : a->sequence - b->sequence;
}

/* Random rows come and go; what is left of the changelog must be the first n of each group, recomputed. Ties are broken by arrival. */
static void agrees_with_recomputation(void **state) {
    (void)state;
    for (uint64_t round = 0; round < 60; round++) {
        uint64_t seed = round + 1;
        plain_row rows[300];
        int count = 0, to = 1 + (int)bench_random(&seed, 4), from = bench_random(&seed, 3) == 0 && to > 1 ? 2 : 1;
        bool numbered = bench_random(&seed, 2) == 0, retracting = round % 3 != 0;
        char *lines = malloc(300 * 40), *expected = malloc(300 * 40);
        size_t at = 0;
        for (int i = 0; i < 250; i++) {
            if (retracting && count > 0 && bench_random(&seed, 3) == 0) {
                int k = (int)bench_random(&seed, (uint32_t)count);
                at += (size_t)sprintf(lines + at, "-D,g%d,%d,%d\n", rows[k].group, rows[k].value, rows[k].id);
                memmove(&rows[k], &rows[k + 1], (size_t)(count - k - 1) * sizeof rows[0]);
                count--;
                continue;
            }
            rows[count] = (plain_row){(int)bench_random(&seed, 3), (int)bench_random(&seed, 9), i, i};
            at += (size_t)sprintf(lines + at, "+I,g%d,%d,%d\n", rows[count].group, rows[count].value, rows[count].id);
            count++;
        }
        strcpy(lines + at, "W,END\n");
        qsort(rows, (size_t)count, sizeof rows[0], plain_compare);
        at = 0;
        expected[0] = '\0';
        for (int i = 0, rank = 1; i < count; i++, rank++) {
            if (i == 0 || rows[i].group != rows[i - 1].group)
                rank = 1;
            if (rank >= from && rank <= to)
                at += (size_t)(numbered ? sprintf(expected + at, "+Ig%d,%d,%d,%d\n", rows[i].group, rows[i].value, rows[i].id, rank)
                                        : sprintf(expected + at, "+Ig%d,%d,%d\n", rows[i].group, rows[i].value, rows[i].id));
        }
        weir_rank_spec spec = spec_of(to, numbered);
        spec.from_rank = from;
        spec.order = value_only;
        spec.order_count = 1;
        spec.input_retracts = retracting;
        char *out = run(&weir_rank_operator, &spec, lines, (uint32_t)(1 + round % 7), (uint32_t)(1 + round % 11));
        char *left = bench_collapse(out), *plain = malloc(strlen(expected) + 1);
        size_t size = 0;
        for (char *line = strtok(expected, "\n"); line != NULL; line = strtok(NULL, "\n"))
            size += (size_t)sprintf(plain + size, "%s\n", line + 2);
        plain[size] = '\0';
        char *sorted = bench_sorted(plain);
        assert_string_equal(left, sorted);
        free(out), free(left), free(plain), free(sorted), free(lines), free(expected);
    }
}

static void expired_state_is_given_back(void **state) {
    (void)state;
    for (int c = 0; c < 7; c++) {
        op_bench bench;
        bench_init(&bench, 4, 3);
        make_types(&bench);
        bench.settings.state_ttl_ms = 1000;
        if (c >= 5)
            types[1] = weir_type_sized(&bench.arena, WEIR_KIND_TIMESTAMP, 3, true);
        weir_rank_spec rank = spec_of(c == 0 ? 1 : 3, c == 1);
        rank.input_retracts = c == 2;
        if (c == 3) {
            rank.upsert_key_count = 1;
            rank.upsert_key = id_key;
        }
        weir_deduplicate_spec one = {.input_count = 3,
                                     .input_types = types,
                                     .key_count = 1,
                                     .keys = group_key,
                                     .by_rowtime = c >= 5,
                                     .time_column = 1,
                                     .keep_last = c == 5,
                                     .emit_update_before = true};
        if (c < 4)
            assert_int_equal(bench_open(&bench, &weir_rank_operator, &rank), WEIR_OK);
        else
            assert_int_equal(bench_open(&bench, &weir_deduplicate_operator, &one), WEIR_OK);
        bench_expect_expiry(&bench, c == 6 ? "+I,key%d,%1$d,7\nW,%1$d\n" : "+I,key%d,50,7\n+I,key%1$d,40,8\n");
        bench_close(&bench);
    }
}

static void survives_no_memory(void **state) {
    (void)state;
    for (int v = 0; v < 6; v++) {
        bool done = false;
        for (uint64_t nth = 1; !done; nth++) {
            op_bench bench;
            bench_init(&bench, 2, 3);
            make_types(&bench);
            weir_rank_spec spec = spec_of(2, v % 2 == 0);
            spec.input_retracts = v < 2;
            spec.final_only = v == 3;
            spec.function = v == 3 ? WEIR_RANK_RANK : WEIR_RANK_ROW_NUMBER;
            spec.upsert_key_count = v == 4;
            spec.upsert_key = id_key;
            weir_deduplicate_spec last = {
                .input_count = 3, .input_types = types, .key_count = 1, .keys = group_key, .keep_last = true, .emit_update_before = true};
            weir_memory_fail_after(nth, false);
            if (bench_open(&bench, v == 5 ? &weir_deduplicate_operator : &weir_rank_operator, v == 5 ? (const void *)&last : &spec) ==
                WEIR_OK)
                bench_feed(&bench, "+I,a,5,1\n+I,b,9,2\n+I,a,7,3\n+I,a,5,4\n+I,a long group name of many letters,3,5\n+I,a,7,6\nW,END\n");
            done = weir_memory_tries() < nth;
            weir_memory_fail_after(0, false);
            assert_int_equal(bench.status, done ? WEIR_OK : WEIR_MEMORY);
            bench_close(&bench);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(appends),
        cmocka_unit_test(retracts),
        cmocka_unit_test(updates),
        cmocka_unit_test(ranks_in_batch),
        cmocka_unit_test(deduplicates),
        cmocka_unit_test(agrees_with_recomputation),
        cmocka_unit_test(expired_state_is_given_back),
        cmocka_unit_test(survives_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
