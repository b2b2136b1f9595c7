/* Sort, limit and rowtime sort: order, ties, NULLs, OFFSET/FETCH, late rows; against qsort on random rows; and every allocation failing in
 * turn. */
#include "op_rows.h"

#include "op/sort.h"

static const weir_type *types[3];

static void make_types(op_bench *bench) {
    types[0] = weir_type_simple(WEIR_KIND_INT, true);
    types[1] = weir_type_string(true);
    types[2] = weir_type_sized(&bench->arena, WEIR_KIND_TIMESTAMP, 3, true);
    bench->input_types[0] = types;
    bench->input_counts[0] = 3;
}

static char *run_sort(const weir_operator_vtable *vtable, const weir_sort_key *order, uint32_t order_count, int64_t offset, int64_t fetch,
                      const char *lines, uint32_t batch_rows, uint32_t input_rows) {
    op_bench bench;
    bench_init(&bench, batch_rows, input_rows);
    make_types(&bench);
    weir_sort_spec spec = {3, types, order_count, order, offset, fetch};
    assert_int_equal(bench_open(&bench, vtable, &spec), WEIR_OK);
    bench_feed(&bench, lines);
    assert_int_equal(bench.status, WEIR_OK);
    char *out = strdup(bench_out(&bench));
    bench_close(&bench);
    return out;
}

static void check(const weir_operator_vtable *vtable, const weir_sort_key *order, uint32_t order_count, int64_t offset, int64_t fetch,
                  const char *lines, const char *expected) {
    static const uint32_t sizes[] = {1, 2, 3, 4096};
    for (int i = 0; i < 4; i++) {
        for (int k = 0; k < 4; k++) {
            char *out = run_sort(vtable, order, order_count, offset, fetch, lines, sizes[i], sizes[k]);
            assert_string_equal(out, expected);
            free(out);
        }
    }
}

static const char *const rows_text = "+I,3,bb,1\n+I,1,a,2\n+I,NULL,zz,3\n+I,3,aa,4\n+I,2,NULL,5\n+I,3,bb,6\n+I,-7,a long text of many "
                                     "octets,7\n+I,-7,a long text of many octetz,8\nW,END\n";

static void sorts(void **state) {
    (void)state;
    weir_sort_key up[] = {{0, false, false}, {1, false, false}};
    check(&weir_sort_operator, up, 2, 0, -1, rows_text,
          "+I,NULL,zz,3\n+I,-7,a long text of many octets,7\n+I,-7,a long text of many "
          "octetz,8\n+I,1,a,2\n+I,2,NULL,5\n+I,3,aa,4\n+I,3,bb,1\n+I,3,bb,6\n");
    weir_sort_key down[] = {{0, true, true}, {1, true, false}};
    check(&weir_sort_operator, down, 2, 0, -1, rows_text,
          "+I,3,bb,1\n+I,3,bb,6\n+I,3,aa,4\n+I,2,NULL,5\n+I,1,a,2\n+I,-7,a long text of many octetz,8\n+I,-7,a long text of many "
          "octets,7\n+I,NULL,zz,3\n");
    check(&weir_sort_operator, up, 2, 1, 2, rows_text, "+I,-7,a long text of many octets,7\n+I,-7,a long text of many octetz,8\n");
    check(&weir_sort_operator, up, 2, 0, 0, rows_text, "");
    check(&weir_sort_operator, up, 2, 100, -1, rows_text, "");
    check(&weir_sort_operator, up, 0, 1, 2, rows_text, "+I,1,a,2\n+I,NULL,zz,3\n");
    check(&weir_sort_operator, up, 2, 0, -1, "W,END\n", "");
}

static void limits(void **state) {
    (void)state;
    check(&weir_limit_operator, NULL, 0, 0, 3, rows_text, "+I,3,bb,1\n+I,1,a,2\n+I,NULL,zz,3\n");
    check(&weir_limit_operator, NULL, 0, 2, 2, rows_text, "+I,NULL,zz,3\n+I,3,aa,4\n");
    check(&weir_limit_operator, NULL, 0, 6, -1, rows_text, "+I,-7,a long text of many octets,7\n+I,-7,a long text of many octetz,8\n");
    check(&weir_limit_operator, NULL, 0, 0, 0, rows_text, "");
}

static void sorts_by_rowtime(void **state) {
    (void)state;
    weir_sort_key order[] = {{2, false, false}, {0, true, false}};
    /* 400 is behind the watermark but newer than what was emitted: it stays. 300 is late. */
    check(&weir_rowtime_sort_operator, order, 2, 0, -1,
          "+I,1,a,300\n+I,2,b,100\n+I,3,c,300\n+I,9,x,900\nW,500\n+I,4,d,400\n+I,5,e,300\n+I,6,f,700\nW,800\n+I,7,g,1000\nW,END\n",
          "+I,2,b,100\n+I,3,c,300\n+I,1,a,300\n+I,4,d,400\n+I,6,f,700\n+I,9,x,900\n+I,7,g,1000\n");
}

typedef struct plain_row {
    int number; /* INT_MIN: NULL */
    char text[16];
    int sequence;
} plain_row;

static int plain_compare(const void *a_, const void *b_) {
    const plain_row *a = a_, *b = b_;
    if (a->number != b->number)
        return a->number < b->number ? 1 : -1; /* descending, NULL as the least: last */
    int order = strcmp(a->text, b->text);
    return order != 0 ? order : a->sequence - b->sequence;
}

static void sorts_many(void **state) {
    (void)state;
    enum { COUNT = 60000 };
    plain_row *rows = malloc(COUNT * sizeof *rows);
    char *lines = malloc(COUNT * 40 + 16), *expected = malloc(COUNT * 40 + 16);
    assert_true(rows != NULL && lines != NULL && expected != NULL);
    uint64_t seed = 7;
    size_t at = 0;
    for (int i = 0; i < COUNT; i++) {
        rows[i].sequence = i;
        rows[i].number = bench_random(&seed, 50) == 0 ? INT32_MIN : (int)bench_random(&seed, 700) - 350;
        sprintf(rows[i].text, "%.*s%u", (int)bench_random(&seed, 9), "aaaaaaaaaa", bench_random(&seed, 3));
        if (rows[i].number == INT32_MIN)
            at += (size_t)sprintf(lines + at, "+I,NULL,%s,%d\n", rows[i].text, i);
        else
            at += (size_t)sprintf(lines + at, "+I,%d,%s,%d\n", rows[i].number, rows[i].text, i);
    }
    strcpy(lines + at, "W,END\n");
    qsort(rows, COUNT, sizeof *rows, plain_compare);
    weir_sort_key order[] = {{0, true, true}, {1, false, false}};
    int64_t fetches[] = {-1, 100, 30000};
    for (int k = 0; k < 3; k++) {
        int64_t end = fetches[k] < 0 ? COUNT : 5 + fetches[k];
        at = 0;
        for (int64_t i = 5; i < end; i++)
            at += (size_t)(rows[i].number == INT32_MIN
                               ? sprintf(expected + at, "+I,NULL,%s,%d\n", rows[i].text, rows[i].sequence)
                               : sprintf(expected + at, "+I,%d,%s,%d\n", rows[i].number, rows[i].text, rows[i].sequence));
        expected[at] = '\0';
        char *out = run_sort(&weir_sort_operator, order, 2, 5, fetches[k], lines, 4096, 1000);
        assert_true(strcmp(out, expected) == 0);
        free(out);
    }
    free(rows);
    free(lines);
    free(expected);
}

static void survives_no_memory(void **state) {
    (void)state;
    const weir_operator_vtable *vtables[] = {&weir_sort_operator, &weir_rowtime_sort_operator, &weir_limit_operator};
    for (int v = 0; v < 3; v++) {
        bool done = false;
        for (uint64_t nth = 1; !done; nth++) {
            op_bench bench;
            bench_init(&bench, 2, 3);
            make_types(&bench);
            weir_sort_key order[] = {{2, false, false}, {1, false, false}};
            weir_sort_spec spec = {3, types, 2, order, 0, v == 2 ? 5 : -1};
            weir_memory_fail_after(nth, false);
            if (bench_open(&bench, vtables[v], &spec) == WEIR_OK)
                bench_feed(&bench, rows_text);
            done = weir_memory_tries() < nth;
            weir_memory_fail_after(0, false);
            if (done)
                assert_int_equal(bench.status, WEIR_OK);
            bench_close(&bench);
            assert_true(nth < 10000);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sorts),
        cmocka_unit_test(limits),
        cmocka_unit_test(sorts_by_rowtime),
        cmocka_unit_test(sorts_many),
        cmocka_unit_test(survives_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
