/* What conditions mean and when they are computed: long lists, constants that fail, DOUBLE against DECIMAL, NULL under NOT NULL, aggregates
 * over nothing. What is expected here is what real Flink answered. */
#include "tests/unit/session/session_help.h"

#define ROWS                                                                                                                             \
    "CREATE TEMPORARY VIEW t AS SELECT * FROM (VALUES (1, 'a'), (2, 'b'), (3, 'c'), (CAST(NULL AS INT), CAST(NULL AS STRING))) AS t(i, " \
    "s);"
#define BATCH "SET 'execution.runtime-mode' = 'batch';"

static void long_lists(void **state) {
    fixture f;
    (void)state;
    fixture_open(&f);
    expect_rows(&f, ROWS "SELECT i FROM t WHERE i IN (9, 8, 7, 6, 5, 4, 3, 2, 2, -1)", "+I(2)+I(3)");
    expect_rows(&f, "SELECT i FROM t WHERE i NOT IN (9, 8, 7, 6, 5, 4, 3, 2, 2, -1)", "+I(1)");
    expect_rows(&f, "SELECT i, i IN (9, 8, 7, 6, 5, 4, 3, 2) FROM t", "+I(1|false)+I(2|true)+I(3|true)+I(null|null)");
    expect_rows(&f, "SELECT i FROM t WHERE CAST(i AS BIGINT) IN (1, 11, 12, 13, 14, 15, 16, 17, 18)", "+I(1)");
    expect_rows(&f, "SELECT s FROM t WHERE s IN ('c', 'cc', 'a longer text than fits', 'd', 'e', 'f', 'g', 'h', 'a')", "+I(a)+I(c)");
    /* Other parts stay, also between the values. */
    expect_rows(&f, "SELECT i FROM t WHERE i = 11 OR i = 12 OR i = 13 OR s = 'b' OR i = 14 OR i = 15 OR i = 16 OR i = 17 OR i = 3",
                "+I(2)+I(3)");
    expect_rows(&f, "SELECT i FROM t WHERE i IS NULL OR i IN (11, 12, 13, 14, 15, 16, 17, 1)", "+I(1)+I(null)");
    expect_rows(
        &f,
        "SELECT i FROM t WHERE DATE '2024-01-01' + i * INTERVAL '1' DAY IN (DATE '2024-01-02', DATE '2024-02-02', DATE '2024-02-03',"
        " DATE '2024-02-04', DATE '2024-02-05', DATE '2024-02-06', DATE '2024-02-07', DATE '2024-01-04')",
        "+I(1)+I(3)");
    fixture_close(&f);
}

static void constants_that_fail(void **state) {
    fixture f;
    (void)state;
    fixture_open(&f);
    expect_rows(&f, ROWS "SELECT i FROM t WHERE i > 0 OR s IS NULL OR 1 / 0 = 1", "+I(1)+I(2)+I(3)+I(null)");
    expect_rows(&f, "SELECT i FROM t WHERE FALSE AND 1 / 0 = 1", "");
    expect_rows(&f, "SELECT i FROM t WHERE i > 9 AND 1 / 0 = 1", "");
    expect_rows(&f, "SELECT CASE WHEN TRUE THEN i ELSE 1 / 0 END FROM t WHERE i = 1", "+I(1)");
    expect_error(&f, "SELECT i FROM t WHERE i > 2 OR 1 / 0 = 1", WEIR_RUNTIME, "/ by zero");
    expect_error(&f, "SELECT i, 1 / 0 FROM t WHERE i > 9", WEIR_RUNTIME, "Division by zero");
    expect_error(&f, "SELECT COALESCE(i, 1 / 0) FROM t", WEIR_RUNTIME, "Division by zero");
    expect_error(&f, "SELECT SUM(1 / 0) FROM t WHERE i > 9", WEIR_RUNTIME, "Division by zero");
    fixture_close(&f);
}

static void double_against_decimal(void **state) {
    fixture f;
    (void)state;
    fixture_open(&f);
    expect_rows(&f,
                "CREATE TEMPORARY VIEW d AS SELECT a, CAST(x AS DOUBLE) AS x FROM (VALUES (1, '0.0'), (2, '-0.0'), (3, 'NaN'), (4, '1.0')) "
                "AS d(a, x);"
                "SELECT a FROM d WHERE x > 0.5",
                "+I(3)+I(4)");
    expect_rows(&f, "SELECT a FROM d WHERE x >= 0.0", "+I(1)+I(3)+I(4)");
    expect_rows(&f, "SELECT a FROM d WHERE 0.0 > x", "+I(2)");
    expect_rows(&f, "SELECT a FROM d WHERE x = 0.0", "+I(1)+I(2)");
    expect_rows(&f, "SELECT a FROM d WHERE x > CAST(0.5 AS DOUBLE)", "+I(4)");
    fixture_close(&f);
}

static void null_under_not_null(void **state) {
    fixture f;
    (void)state;
    fixture_open(&f);
    const char *words = "is NOT NULL, however, a null value is being written into it";
    expect_error(&f, "SELECT CAST(9.999 * x AS DECIMAL(2, 1)) FROM (VALUES (1)) AS t(x)", WEIR_RUNTIME, words);
    expect_error(&f,
                 "CREATE TABLE s (a DECIMAL(2, 1) NOT NULL) WITH ('connector' = 'print');"
                 "INSERT INTO s SELECT CAST(9.999 * x AS DECIMAL(2, 1)) FROM (VALUES (1)) AS t(x)",
                 WEIR_RUNTIME, words);
    assert_string_equal(f.printed, "");
    expect_rows(&f, "SET 'table.exec.sink.not-null-enforcer' = 'DROP'; SELECT CAST(y AS DECIMAL(2, 1)) FROM (VALUES (1.5), (99.5)) AS t(y)",
                "+I(1.5)");
    fixture_close(&f);
}

static void aggregates_over_nothing(void **state) {
    fixture f;
    (void)state;
    fixture_open(&f);
    expect_rows(&f, ROWS "SELECT COUNT(*), SUM(i) FROM t WHERE i > 9", "");      /* a stream that brings no row */
    expect_rows(&f, "SELECT COUNT(*), SUM(i) FROM t WHERE FALSE", "+I(0|null)"); /* known when planned */
    expect_rows(&f, "SELECT COUNT(*) FROM (SELECT i, COUNT(*) FROM t WHERE 1 = 2 GROUP BY i)", "+I(0)");
    expect_rows(&f, "SELECT i, (SELECT MAX(i) FROM t WHERE i > 9) FROM t WHERE i = 1", "+I(1|null)");
    expect_rows(&f, BATCH "SELECT COUNT(*), SUM(i) FROM t WHERE i > 9", "+I(0|null)");
    fixture_close(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(long_lists),          cmocka_unit_test(constants_that_fail),     cmocka_unit_test(double_against_decimal),
        cmocka_unit_test(null_under_not_null), cmocka_unit_test(aggregates_over_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
