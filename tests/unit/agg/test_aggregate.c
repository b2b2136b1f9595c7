/* Aggregate functions by the answers of the real engine: rows are fed one by one through replay, all at once through update, and in two
 * halves through merge. */
#include "state/state.h"
#include "tests/unit/func/func_check.h"

#include "agg/aggregate.h"

enum { ROWS_MAX = 16, ARGUMENTS_MOST = 3 };

typedef struct fed {
    uint8_t kind;
    weir_value values[ARGUMENTS_MOST];
} fed;

typedef struct setup {
    const char *name;
    uint32_t argument_count;
    bool distinct, ignore_nulls, retracts;
} setup;

typedef struct bench {
    weir_aggregate_call call;
    weir_accumulator accumulator;
    const weir_type *types[ARGUMENTS_MOST];
    const weir_value *literals[ARGUMENTS_MOST];
    uint32_t numbers[ARGUMENTS_MOST];
    weir_column *columns[ARGUMENTS_MOST];
    uint8_t kinds[ROWS_MAX];
    weir_state *state;
    uint32_t rows;
} bench;

static const weir_type *nullable(const weir_type *type) {
    return type->kind == WEIR_KIND_SYMBOL ? type : weir_type_with_nullable(&check_arena, type, true);
}

static weir_status bench_open(bench *self, const setup *of, const fed *rows, uint32_t count, weir_error *error) {
    const weir_aggregate *aggregate = weir_aggregate_find(weir_text_of(of->name), true);
    assert_non_null(aggregate);
    weir_argument arguments[ARGUMENTS_MOST] = {0};
    const weir_type *wanted[ARGUMENTS_MOST] = {0};
    *self = (bench){.rows = count};
    for (uint32_t i = 0; i < of->argument_count; i++) {
        self->literals[i] = i == 0 ? NULL : &rows[0].values[i];
        arguments[i] = (weir_argument){nullable(rows[0].values[i].type), self->literals[i]};
        wanted[i] = arguments[i].type;
        self->numbers[i] = i;
    }
    weir_signature signature = {
        .arena = &check_arena, .evaluation = &check_evaluation, .count = of->argument_count, .arguments = arguments, .wanted = wanted};
    WEIR_TRY(aggregate->infer(&signature, aggregate->name, error));
    for (uint32_t i = 0; i < of->argument_count; i++) {
        weir_column *given = weir_column_create(&check_memory, arguments[i].type, ROWS_MAX), *cast = NULL;
        for (uint32_t row = 0; row < count; row++)
            weir_column_put_value(given, row, &rows[row].values[i]);
        self->types[i] = wanted[i];
        if (weir_type_equal(wanted[i], arguments[i].type, true)) {
            self->columns[i] = given;
            continue;
        }
        cast = weir_column_create(&check_memory, wanted[i], ROWS_MAX);
        for (uint32_t row = 0; row < count; row++) {
            weir_column *one = weir_column_of_value(&check_memory, &rows[row].values[i], CHECK_ROWS), *made = NULL;
            assert_int_equal(run_cast("CAST", one, wanted[i], &made, error), WEIR_OK);
            weir_column_copy_row(cast, row, made, 0);
            weir_column_unref(made);
            weir_column_unref(one);
        }
        weir_column_unref(given);
        self->columns[i] = cast;
    }
    for (uint32_t row = 0; row < count; row++)
        self->kinds[row] = rows[row].kind;
    self->call = (weir_aggregate_call){.aggregate = aggregate,
                                       .result = signature.result,
                                       .argument_count = of->argument_count,
                                       .arguments = self->numbers,
                                       .argument_types = self->types,
                                       .literals = self->literals,
                                       .distinct = of->distinct,
                                       .ignore_nulls = of->ignore_nulls,
                                       .filter = -1};
    self->state = weir_state_create(&check_memory, "test", WEIR_KEY_GROUPS_DEFAULT);
    self->accumulator = (weir_accumulator){.call = &self->call,
                                           .arena = &check_arena,
                                           .memory = &check_memory,
                                           .state = self->state,
                                           .evaluation = &check_evaluation,
                                           .retracts = of->retracts};
    return weir_accumulator_bind(&self->accumulator, error);
}

static void bench_close(bench *self) {
    for (uint32_t i = 0; i < ARGUMENTS_MOST; i++)
        weir_column_unref(self->columns[i]);
    if (self->state != NULL)
        weir_state_destroy(self->state);
}

static void shown_row(weir_column *column, uint32_t row, char *out, size_t size) {
    uint32_t index[CHECK_ROWS] = {row, row, row};
    weir_column *rows = weir_column_take(&check_memory, column, index, CHECK_ROWS);
    shown_as_text(rows, out, size);
    weir_column_unref(rows);
}

static bool expect_row(const char *file, int line, const char *what, weir_column *column, uint32_t row, const char *expected) {
    char shown[1000];
    shown_row(column, row, shown, sizeof shown);
    if (strcmp(shown, expected) == 0)
        return true;
    print_error("%s:%d: %s of row %u gives [%s], not [%s]\n", file, line, what, row, shown, expected);
    return false;
}

/* A zeroed state for each of the rows: all the same one. */
static void *fresh(const bench *self, void **states, uint32_t rows) {
    void *state = test_calloc(1, self->accumulator.state_bytes + 8);
    for (uint32_t row = 0; row < rows; row++)
        states[row] = state;
    return state;
}

static weir_status in_halves(bench *self, weir_column *out, weir_error *error) {
    void *first[ROWS_MAX], *second[ROWS_MAX];
    void *a = fresh(self, first, self->rows), *b = fresh(self, second, self->rows);
    uint32_t index[ROWS_MAX], half = self->rows / 2;
    for (uint32_t row = 0; row < self->rows; row++)
        index[row] = row;
    weir_status status = weir_accumulator_update(&self->accumulator, first, 0, &(weir_rows){index, half}, NULL, self->columns, error);
    if (status == WEIR_OK)
        status = weir_accumulator_update(&self->accumulator, second, 0, &(weir_rows){index + half, self->rows - half}, NULL, self->columns,
                                         error);
    if (status == WEIR_OK)
        status = weir_accumulator_merge(&self->accumulator, a, b, error);
    if (status == WEIR_OK)
        status = weir_accumulator_emit(&self->accumulator, first, 0, &(weir_rows){NULL, 1}, out, error);
    weir_accumulator_clear(&self->accumulator, a);
    weir_accumulator_clear(&self->accumulator, b);
    test_free(a);
    test_free(b);
    return status;
}

static void check_rows(const char *file, int line, const setup *of, const char *type, const fed *rows, uint32_t count,
                       const char *const *after) {
    bench self;
    weir_error error = {0};
    weir_status status = bench_open(&self, of, rows, count, &error);
    if (status != WEIR_OK) {
        if (after[0][0] != '!' || strstr(error.message, after[0] + 1) == NULL)
            fail_msg("%s:%d: %s: %s", file, line, of->name, error.message);
        bench_close(&self);
        return;
    }
    if (type != NULL) {
        weir_builder shown;
        weir_builder_init(&shown, &check_memory, 400);
        weir_type_print(self.call.result, &shown);
        if (!weir_text_equal_c(weir_builder_view(&shown), type))
            fail_msg("%s:%d: %s is %s, not %s", file, line, of->name, shown.data, type);
        weir_builder_deinit(&shown);
    }
    void *states[ROWS_MAX];
    void *state = fresh(&self, states, count);
    weir_column *before = weir_column_create(&check_memory, nullable(self.call.result), ROWS_MAX),
                *now = weir_column_create(&check_memory, nullable(self.call.result), ROWS_MAX);
    weir_rows all = {NULL, count};
    status =
        weir_accumulator_replay(&self.accumulator, states, 0, &all, of->retracts ? self.kinds : NULL, self.columns, before, now, &error);
    bool same = status == WEIR_OK || after[0][0] == '!';
    if (status == WEIR_OK) {
        for (uint32_t row = 0; row < count; row++)
            same = expect_row(file, line, of->name, now, row, after[row]) && same;
        for (uint32_t row = 1; row < count; row++)
            same = expect_row(file, line, "the result before", before, row, after[row - 1]) && same;
    } else if (after[0][0] != '!' || strstr(error.message, after[0] + 1) == NULL) {
        print_error("%s:%d: %s: %s\n", file, line, of->name, error.message);
        same = false;
    }
    weir_accumulator_clear(&self.accumulator, state);
    for (uint32_t i = 0; i < self.accumulator.state_bytes; i++)
        same = same && ((const char *)state)[i] == 0;
    weir_column_unref(before);
    weir_column_unref(now);
    if (after[0][0] != '!') {
        weir_column *out = weir_column_create(&check_memory, nullable(self.call.result), 1);
        assert_int_equal(
            weir_accumulator_update(&self.accumulator, states, 0, &all, of->retracts ? self.kinds : NULL, self.columns, &error), WEIR_OK);
        assert_int_equal(weir_accumulator_emit(&self.accumulator, states, 0, &(weir_rows){NULL, 1}, out, &error), WEIR_OK);
        same = expect_row(file, line, "update", out, 0, after[count - 1]) && same;
        weir_accumulator_clear(&self.accumulator, state);
        weir_column_unref(out);
        if (!of->retracts && !of->distinct && (self.call.aggregate->flags & WEIR_AGGREGATE_MERGES)) {
            out = weir_column_create(&check_memory, nullable(self.call.result), 1);
            assert_int_equal(in_halves(&self, out, &error), WEIR_OK);
            same = expect_row(file, line, "merge", out, 0, after[count - 1]) && same;
            weir_column_unref(out);
        }
    }
    test_free(state);
    bench_close(&self);
    assert_true(same);
}

#define ROWS(...) (const fed[]){__VA_ARGS__}, sizeof((const fed[]){__VA_ARGS__}) / sizeof(fed)
#define AFTER(...) \
    (const char *const[]) { __VA_ARGS__ }
#define IN(...)                      \
    {                                \
        WEIR_INSERT, { __VA_ARGS__ } \
    }
#define OUT(...)                     \
    {                                \
        WEIR_DELETE, { __VA_ARGS__ } \
    }
#define ADDS(name, arguments, type, rows, after) \
    check_rows(__FILE__, __LINE__, &(setup){name, arguments, false, false, false}, type, rows, after)
#define CHANGES(name, arguments, rows, after) \
    check_rows(__FILE__, __LINE__, &(setup){name, arguments, false, false, true}, NULL, rows, after)
#define DIFFERENT(name, arguments, retracts, rows, after) \
    check_rows(__FILE__, __LINE__, &(setup){name, arguments, true, false, retracts}, NULL, rows, after)
#define NONE null(WEIR_KIND_INT)

static void sums(void **state) {
    (void)state;
    ADDS("SUM", 1, "INT", ROWS(IN(num(1)), IN(NONE), IN(num(2147483647))), AFTER("1", "1", "-2147483648"));
    ADDS("SUM", 1, "TINYINT", ROWS(IN(tiny(100)), IN(tiny(120))), AFTER("100", "-36"));
    ADDS("AVG", 1, "TINYINT", ROWS(IN(tiny(100)), IN(tiny(120))), AFTER("100", "110"));
    ADDS("AVG", 1, "INT", ROWS(IN(num(-1)), IN(num(-2))), AFTER("-1", "-1"));
    ADDS("AVG", 1, "BIGINT", ROWS(IN(big(INT64_MAX)), IN(big(INT64_MAX))), AFTER("9223372036854775807", "-1"));
    ADDS("AVG", 1, "DECIMAL(38, 6)", ROWS(IN(dec("1.0", 2, 1)), IN(dec("1.0", 2, 1)), IN(dec("0.0", 2, 1))),
         AFTER("1.000000", "1.000000", "0.666667"));
    ADDS("AVG", 1, "DECIMAL(38, 10)", ROWS(IN(dec("1", 20, 10)), IN(dec("1", 20, 10)), IN(dec("0", 20, 10))),
         AFTER("1.0000000000", "1.0000000000", "0.6666666667"));
    ADDS("SUM", 1, "DOUBLE", ROWS(IN(real(0.1)), IN(real(0.2)), IN(real(0.4))), AFTER("0.1", "0.30000000000000004", "0.7000000000000001"));
    CHANGES("SUM", 1, ROWS(IN(num(5)), IN(NONE), OUT(num(5)), IN(num(7))), AFTER("5", "5", "NULL", "7"));
    CHANGES("AVG", 1, ROWS(IN(num(1)), IN(num(5)), OUT(num(1))), AFTER("1", "3", "5"));
    DIFFERENT("SUM", 1, true, ROWS(IN(num(2)), IN(num(2)), OUT(num(2)), OUT(num(2))), AFTER("2", "2", "2", "NULL"));
    ADDS("SUM", 1, NULL, ROWS(IN(text("a"))), AFTER("!Cannot apply 'SUM'"));
    ADDS("COUNT", 1, "BIGINT NOT NULL", ROWS(IN(num(1)), IN(NONE), IN(num(1))), AFTER("1", "1", "2"));
    DIFFERENT("COUNT", 1, false, ROWS(IN(num(1)), IN(NONE), IN(num(1)), IN(num(2))), AFTER("1", "1", "1", "2"));
    ADDS("COUNT", 2, NULL, ROWS(IN(num(1), num(2))), AFTER("!only support the count of one field"));
}

/* A decimal sum that leaves 38 digits is NULL; the next value begins a new one. */
static void overflow(void **state) {
    (void)state;
    const char *large = "90000000000000000000000000000000000000";
    weir_value rows[] = {dec(large, 38, 0), dec(large, 38, 0), dec("5", 38, 0)};
    bench self;
    weir_error error = {0};
    fed fed_rows[] = {IN(rows[0]), IN(rows[1]), IN(rows[2])};
    assert_int_equal(bench_open(&self, &(setup){"SUM", 1, false, false, false}, fed_rows, 3, &error), WEIR_OK);
    void *states[ROWS_MAX];
    void *one = fresh(&self, states, 3);
    weir_column *before = weir_column_create(&check_memory, self.call.result, 3),
                *now = weir_column_create(&check_memory, self.call.result, 3);
    assert_int_equal(weir_accumulator_replay(&self.accumulator, states, 0, &(weir_rows){NULL, 3}, NULL, self.columns, before, now, &error),
                     WEIR_OK);
    assert_true(expect_row(__FILE__, __LINE__, "SUM", now, 0, large));
    assert_true(expect_row(__FILE__, __LINE__, "SUM", now, 1, "NULL"));
    assert_true(expect_row(__FILE__, __LINE__, "SUM", now, 2, "5"));
    weir_column_unref(before);
    weir_column_unref(now);
    test_free(one);
    bench_close(&self);
}

static void extremes(void **state) {
    (void)state;
    ADDS("MIN", 1, "INT", ROWS(IN(num(3)), IN(NONE), IN(num(-1)), IN(num(2))), AFTER("3", "3", "-1", "-1"));
    ADDS("MAX", 1, "VARCHAR(2147483647)", ROWS(IN(text("")), IN(text("a long text beyond the view")), IN(text("a"))),
         AFTER("", "a long text beyond the view", "a long text beyond the view"));
    ADDS("MAX", 1, "DECIMAL(5, 2)", ROWS(IN(dec("-1.00", 5, 2)), IN(dec("2.50", 5, 2))), AFTER("-1.00", "2.50"));
    ADDS("MAX", 1, "BOOLEAN", ROWS(IN(truth(false)), IN(truth(true))), AFTER("FALSE", "TRUE"));
    ADDS("MIN", 1, NULL, ROWS(IN(real(__builtin_nan(""))), IN(real(1))), AFTER("NaN", "NaN"));
    CHANGES("MIN", 1, ROWS(IN(num(3)), IN(num(1)), OUT(num(1)), OUT(num(3)), IN(NONE)), AFTER("3", "1", "3", "NULL", "NULL"));
    CHANGES("MAX", 1, ROWS(IN(text("b")), IN(text("b")), OUT(text("b")), IN(text("a"))), AFTER("b", "b", "b", "b"));
    ADDS("MIN", 1, NULL, ROWS(IN(bytes("x", 1))), AFTER("!Min aggregate function does not support type"));
    ADDS("MAX", 1, NULL, ROWS(IN(span_ms(5))), AFTER("!Max aggregate function does not support type"));
}

static void variances(void **state) {
    (void)state;
    ADDS("VAR_POP", 1, "DOUBLE", ROWS(IN(real(1)), IN(real(2)), IN(real(6))), AFTER("0.0", "0.25", "4.666666666666667"));
    ADDS("VAR_SAMP", 1, "INT", ROWS(IN(num(1)), IN(num(2)), IN(num(5))), AFTER("NULL", "0", "4"));
    ADDS("STDDEV_SAMP", 1, "INT", ROWS(IN(num(1)), IN(num(2)), IN(num(5))), AFTER("NULL", "0", "2"));
    ADDS("VARIANCE", 1, "TINYINT", ROWS(IN(tiny(100)), IN(tiny(120))), AFTER("NULL", "-56"));
    ADDS("STDDEV_POP", 1, "DECIMAL(38, 6)", ROWS(IN(dec("10.01", 4, 2)), IN(dec("12.02", 4, 2)), IN(dec("17.77", 4, 2))),
         AFTER("0.000000", "1.005000", "3.288367"));
    ADDS("STDDEV", 1, "FLOAT", ROWS(IN(single(1.1f)), IN(single(2.3f))), AFTER("NULL", "0.8485281"));
    CHANGES("VAR_POP", 1, ROWS(IN(real(1e8)), IN(real(1e8 + 1)), IN(real(1e8 + 3)), OUT(real(1e8 + 1)), IN(real(1e8 + 7.7))),
            AFTER("0.0", "0.25", "1.555555559694767", "2.2500000074505806", "10.042222245666716"));
}

static void first_and_last(void **state) {
    (void)state;
    ADDS("FIRST_VALUE", 1, "INT", ROWS(IN(NONE), IN(num(4)), IN(num(5))), AFTER("NULL", "4", "4"));
    ADDS("LAST_VALUE", 1, "INT", ROWS(IN(num(4)), IN(NONE), IN(num(5))), AFTER("4", "4", "5"));
    CHANGES("FIRST_VALUE", 1, ROWS(IN(num(1)), IN(num(3)), OUT(num(1)), IN(num(1)), OUT(num(3))), AFTER("1", "1", "3", "3", "1"));
    CHANGES("LAST_VALUE", 1, ROWS(IN(num(1)), IN(num(3)), OUT(num(1)), IN(num(1)), OUT(num(1))), AFTER("1", "3", "3", "1", "3"));
    ADDS("SINGLE_VALUE", 1, NULL, ROWS(IN(num(1)), IN(num(2))), AFTER("!received more than one element"));
}

static void lists(void **state) {
    (void)state;
    ADDS("ARRAY_AGG", 1, "ARRAY<INT>", ROWS(IN(num(1)), IN(NONE), IN(num(2))), AFTER("[1]", "[1, NULL]", "[1, NULL, 2]"));
    check_rows(__FILE__, __LINE__, &(setup){"ARRAY_AGG", 1, false, true, false}, NULL, ROWS(IN(NONE), IN(num(2))), AFTER("NULL", "[2]"));
    CHANGES("ARRAY_AGG", 1, ROWS(IN(num(1)), OUT(num(1)), IN(NONE), IN(num(4)), OUT(num(4)), OUT(NONE), IN(num(7))),
            AFTER("[1]", "NULL", "[NULL]", "[NULL, 4]", "[NULL]", "NULL", "[7]"));
    DIFFERENT("ARRAY_AGG", 1, false, ROWS(IN(num(1)), IN(num(2)), IN(num(2))), AFTER("[1]", "[1, 2]", "[1, 2]"));
    ADDS("LISTAGG", 1, "VARCHAR(2147483647)", ROWS(IN(null_text()), IN(text("a")), IN(text("")), IN(text("b"))),
         AFTER("NULL", "a", "a,", "a,,b"));
    ADDS("LISTAGG", 2, NULL, ROWS(IN(text("x"), text(" | ")), IN(text("a text that is longer than a view"), text(" | "))),
         AFTER("x", "x | a text that is longer than a view"));
    CHANGES("LISTAGG", 1, ROWS(IN(text("1")), IN(text("3")), OUT(text("1")), IN(text("1")), OUT(text("3")), OUT(text("1"))),
            AFTER("1", "1,3", "3", "3,1", "1", "NULL"));
    DIFFERENT("LISTAGG", 1, true, ROWS(IN(text("a")), IN(text("b")), OUT(text("a")), IN(text("b")), OUT(text("b")), IN(text("c"))),
              AFTER("a", "a,b", "b", "b", "b", "b,c"));
    ADDS("COLLECT", 1, "MULTISET<INT> NOT NULL", ROWS(IN(NONE), IN(num(5)), IN(num(5))), AFTER("{}", "{5=1}", "{5=2}"));
    CHANGES("COLLECT", 1, ROWS(IN(num(1)), OUT(num(1)), IN(num(2))), AFTER("{1=1}", "{}", "{2=1}"));
    ADDS("LISTAGG", 1, NULL, ROWS(IN(num(1))), AFTER("!Cannot apply 'LISTAGG'"));
    ADDS("LISTAGG", 2, NULL, ROWS(IN(text("a"), null_text())), AFTER("!must not be NULL"));
}

static void json(void **state) {
    (void)state;
    ADDS("JSON_ARRAYAGG", 1, "VARCHAR(2000) NOT NULL", ROWS(IN(num(1)), IN(NONE), IN(num(3))), AFTER("[1]", "[1]", "[1,3]"));
    ADDS("JSON_ARRAYAGG", 2, NULL, ROWS(IN(NONE, word("NULL")), IN(num(3), word("NULL"))), AFTER("[null]", "[null,3]"));
    ADDS("JSON_ARRAYAGG", 1, NULL, ROWS(IN(dec("1.50", 3, 2)), IN(dec("2.25", 3, 2))), AFTER("[1.50]", "[1.50,2.25]"));
    ADDS("JSON_ARRAYAGG", 1, NULL, ROWS(IN(date("2024-01-01"))), AFTER("!cannot be converted into JSON"));
    CHANGES("JSON_ARRAYAGG", 2, ROWS(IN(NONE, word("NULL")), IN(num(4), word("NULL")), OUT(NONE, word("NULL"))),
            AFTER("[null]", "[null,4]", "[4]"));
    ADDS("JSON_OBJECTAGG", 2, "VARCHAR(2000) NOT NULL", ROWS(IN(text("b"), num(1)), IN(text("a"), NONE)),
         AFTER("{\"b\":1}", "{\"a\":null,\"b\":1}"));
    ADDS("JSON_OBJECTAGG", 3, NULL, ROWS(IN(text("b"), num(1), word("ABSENT")), IN(text("a"), NONE, word("ABSENT"))),
         AFTER("{\"b\":1}", "{\"b\":1}"));
    ADDS("JSON_OBJECTAGG", 2, NULL, ROWS(IN(text("a"), num(1)), IN(text("a"), num(2))), AFTER("!Key 'a' is already present"));
    ADDS("JSON_OBJECTAGG", 2, NULL, ROWS(IN(null_text(), num(1))), AFTER("!is NULL"));
    CHANGES("JSON_OBJECTAGG", 2, ROWS(IN(text("1"), num(1)), OUT(text("1"), num(1)), IN(text("1"), num(7))),
            AFTER("{\"1\":1}", "{}", "{\"1\":7}"));
}

static void percentiles(void **state) {
    (void)state;
    weir_value shares[] = {real(0.25), real(0.75)};
    ADDS("PERCENTILE", 2, "DOUBLE", ROWS(IN(num(1), real(0.5)), IN(num(2), real(0.5)), IN(num(3), real(0.5)), IN(num(10), real(0.5))),
         AFTER("1.0", "1.5", "2.0", "2.5"));
    ADDS("PERCENTILE", 2, "ARRAY<DOUBLE>", ROWS(IN(num(1), list_of(shares, 2)), IN(num(2), list_of(shares, 2))),
         AFTER("[1.0, 1.0]", "[1.25, 1.75]"));
    ADDS("PERCENTILE", 3, NULL,
         ROWS(IN(num(1), dec("0.5", 2, 1), num(2)), IN(num(5), dec("0.5", 2, 1), num(-1)), IN(num(7), dec("0.5", 2, 1), num(2))),
         AFTER("1.0", "1.0", "4.0"));
    ADDS("PERCENTILE", 2, NULL, ROWS(IN(NONE, real(0)), IN(real(-2.5), real(0)), IN(real(-7), real(0))), AFTER("NULL", "-2.5", "-7.0"));
    CHANGES("PERCENTILE", 2, ROWS(IN(num(1), real(0.5)), OUT(num(1), real(0.5)), IN(num(4), real(0.5))), AFTER("1.0", "NULL", "4.0"));
    ADDS("PERCENTILE", 2, NULL, ROWS(IN(num(1), real(1.5))), AFTER("!Invalid input arguments"));
    ADDS("PERCENTILE", 2, NULL, ROWS(IN(text("a"), real(0.5))), AFTER("!Invalid input arguments"));
}

static void approximate(void **state) {
    (void)state;
    ADDS("APPROX_COUNT_DISTINCT", 1, NULL, ROWS(IN(num(1))), AFTER("!does not support yet for streaming"));
    check_evaluation.batch_mode = true;
    ADDS("APPROX_COUNT_DISTINCT", 1, "BIGINT NOT NULL", ROWS(IN(num(1)), IN(NONE), IN(num(1)), IN(num(2))), AFTER("1", "1", "1", "2"));
    ADDS("APPROX_COUNT_DISTINCT", 1, NULL, ROWS(IN(truth(true))), AFTER("!does not support type"));
    /* Many values: within three standard errors. */
    enum { MANY = 50000, BATCH = 1000 };
    bench self;
    weir_error error = {0};
    fed first[] = {IN(big(0))};
    assert_int_equal(bench_open(&self, &(setup){"APPROX_COUNT_DISTINCT", 1, false, false, false}, first, 1, &error), WEIR_OK);
    void *states[BATCH];
    void *one = test_calloc(1, self.accumulator.state_bytes + 8);
    weir_column *values = weir_column_create(&check_memory, weir_type_simple(WEIR_KIND_BIGINT, true), BATCH),
                *out = weir_column_create(&check_memory, self.call.result, 1);
    for (int64_t at = 0; at < MANY; at += BATCH) {
        for (uint32_t row = 0; row < BATCH; row++) {
            states[row] = one;
            WEIR_VALUES(values, int64_t)[row] = at + row;
        }
        assert_int_equal(weir_accumulator_update(&self.accumulator, states, 0, &(weir_rows){NULL, BATCH}, NULL, &values, &error), WEIR_OK);
    }
    assert_int_equal(weir_accumulator_emit(&self.accumulator, states, 0, &(weir_rows){NULL, 1}, out, &error), WEIR_OK);
    assert_in_range(WEIR_VALUES(out, int64_t)[0], MANY * 97 / 100, MANY * 103 / 100);
    weir_accumulator_clear(&self.accumulator, one);
    weir_column_unref(values);
    weir_column_unref(out);
    test_free(one);
    bench_close(&self);
}

/* Every allocation of an update fails once: an error comes back, and nothing is lost. */
static void without_memory(void **state) {
    (void)state;
    static const char *const names[] = {"ARRAY_AGG", "LISTAGG", "COLLECT", "JSON_ARRAYAGG", "FIRST_VALUE", "MIN", "MAX"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        for (int retracts = 0; retracts < 2; retracts++) {
            for (uint64_t n = 1;; n++) {
                bench self;
                weir_error error = {0};
                fed rows[] = {IN(text("a text that does not fit into a view")), IN(text("another text that does not fit into a view")),
                              IN(text("b"))};
                assert_int_equal(bench_open(&self, &(setup){names[i], 1, false, false, retracts}, rows, 3, &error), WEIR_OK);
                void *states[ROWS_MAX];
                void *one = fresh(&self, states, 3);
                weir_column *out = weir_column_create(&check_memory, nullable(self.call.result), 1);
                weir_memory_fail_after(n, false);
                weir_status status =
                    weir_accumulator_update(&self.accumulator, states, 0, &(weir_rows){NULL, 3}, NULL, self.columns, &error);
                if (status == WEIR_OK)
                    status = weir_accumulator_emit(&self.accumulator, states, 0, &(weir_rows){NULL, 1}, out, &error);
                bool failed = status != WEIR_OK || out->failed;
                bool reached = weir_memory_tries() >= n;
                weir_memory_fail_after(0, false);
                assert_true(failed == reached);
                weir_accumulator_clear(&self.accumulator, one);
                weir_column_unref(out);
                test_free(one);
                bench_close(&self);
                if (!reached)
                    break;
            }
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(sums, check_setup, check_teardown),
        cmocka_unit_test_setup_teardown(overflow, check_setup, check_teardown),
        cmocka_unit_test_setup_teardown(extremes, check_setup, check_teardown),
        cmocka_unit_test_setup_teardown(variances, check_setup, check_teardown),
        cmocka_unit_test_setup_teardown(first_and_last, check_setup, check_teardown),
        cmocka_unit_test_setup_teardown(lists, check_setup, check_teardown),
        cmocka_unit_test_setup_teardown(json, check_setup, check_teardown),
        cmocka_unit_test_setup_teardown(percentiles, check_setup, check_teardown),
        cmocka_unit_test_setup_teardown(approximate, check_setup, check_teardown),
        cmocka_unit_test_setup_teardown(without_memory, check_setup, check_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
