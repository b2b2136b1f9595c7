/* MATCH_RECOGNIZE: output columns, what conditions and measures read, and what is refused in which words: those of the real engine. Then
 * every allocation fails in turn. */
#include "plan/planner.h"
#include "tests/unit/bind/bind_check.h"

#define OVER_BIDS(rest) "SELECT * FROM bids MATCH_RECOGNIZE (PARTITION BY auction ORDER BY ts " rest ") AS m"

static void gives_columns(void **state) {
    ground *g = *state;
    has_columns(g, OVER_BIDS("MEASURES A.price AS p, LAST(B.item, 1) AS i, COUNT(*) AS n PATTERN (A B+ C) DEFINE A AS A.price > 1"),
                "auction BIGINT, p DECIMAL(10, 2), i STRING NOT NULL, n BIGINT NOT NULL");
    has_columns(g,
                OVER_BIDS("MEASURES MATCH_ROWTIME() AS r, MATCH_ROWTIME(ts) AS q, MATCH_PROCTIME() AS p, A.ts AS t, B.pt IS NULL AS u "
                          "PATTERN (A B) DEFINE B AS TRUE"),
                "auction BIGINT, r TIMESTAMP(3) NOT NULL *ROWTIME*, q TIMESTAMP(3) *ROWTIME*, p TIMESTAMP_LTZ(3) NOT NULL *PROCTIME*, t "
                "TIMESTAMP(3), u BOOLEAN NOT NULL");
    has_columns(g,
                OVER_BIDS("MEASURES SUM(A.price * 2) AS s, AVG(price) AS a, LAST(A.price + 1, 2) AS l, FINAL LAST(item) AS f "
                          "PATTERN (A B) DEFINE B AS TRUE"),
                "auction BIGINT, s DECIMAL(38, 2), a DECIMAL(38, 6), l DECIMAL(13, 2), f STRING NOT NULL");
    has_columns(g,
                "SELECT n, z.n FROM bids AS b MATCH_RECOGNIZE (ORDER BY b.ts MEASURES FIRST(A.item) AS n PATTERN (^ A (B C) $) SUBSET U = "
                "(A, B) DEFINE A AS U.price IS NULL, Q AS TRUE) AS z",
                "n STRING NOT NULL, n0 STRING NOT NULL");
    has_columns(g,
                "SELECT x, y FROM bids MATCH_RECOGNIZE (PARTITION BY item ORDER BY ts MEASURES 1 AS o PATTERN (A B) DEFINE A AS TRUE) AS "
                "m(x, y)",
                "x STRING NOT NULL, y INT NOT NULL");
}

/* The plan as EXPLAIN shows it has these words. */
static void shows(ground *g, const char *sql, const char *const *words) {
    runs(g, sql);
    weir_builder text;
    weir_builder_init(&text, &g->memory, 1 << 16);
    weir_plan_print(&g->arena, &g->plan, &text);
    for (; *words != NULL; words++)
        if (strstr(weir_builder_view(&text).data, *words) == NULL)
            fail_msg("'%s' is not in\n%s", *words, weir_builder_view(&text).data);
    weir_builder_deinit(&text);
    weir_arena_reset(&g->arena);
}

static void reads_rows(void **state) {
    static const char *const words[] = {
        "partitionBy=[auction], orderBy=[ts ASC, price DESC]",
        "measures=[SUM(*(A.price, 2)) AS s, LAST(*.item, 0) AS i, FIRST(C.price, 0) AS f]",
        "after=[SKIP TO FIRST B], pattern=[A+? B{2,3}? C* D], within=[60000 ms]",
        /* Its own row is the one that is tried; LAST(x, 1) is the one before it; a name alone is the current row. */
        "define=[A AS >(A.price, LAST(A.price, 1)), B AS AND(>(B.price, LAST(A.price, 0)), <(B.price, FIRST(B.price, 0))), C AS "
        ">(MIN(C.price), "
        "LAST(*.price, 1))]",
        /* Only what is read goes in. */
        "Project(select=[auction, price, item, ts])",
        NULL,
    };
    shows(*state,
          "SELECT * FROM bids MATCH_RECOGNIZE (PARTITION BY auction ORDER BY ts, price DESC MEASURES SUM(A.price * 2) AS s, item AS i, "
          "FIRST(C.price) AS f AFTER MATCH SKIP TO FIRST B PATTERN (A+? B{2,3}? C* D) WITHIN INTERVAL '1' MINUTE DEFINE A AS A.price > "
          "LAST(A.price, 1), B AS PREV(B.price, 0) > A.price AND price < FIRST(B.price), C AS MIN(C.price) > LAST(price, 1))",
          words);
}

typedef struct refusal {
    const char *sql;
    weir_status status;
    const char *words;
} refusal;

static void refuses_all(void **state, const refusal *list, size_t count) {
    for (size_t i = 0; i < count; i++)
        refuses(*state, list[i].sql, list[i].status, list[i].words);
}

#define MEASURED(pattern) OVER_BIDS("MEASURES A.price AS p PATTERN (" pattern ") DEFINE A AS A.price > 1")

static void refuses_patterns(void **state) {
    static const refusal list[] = {
        {MEASURED("A | B"), WEIR_UNSUPPORTED, "Currently, CEP doesn't support branching patterns"},
        {MEASURED("PERMUTE(A, B)"), WEIR_UNSUPPORTED, "Currently, CEP doesn't support PERMUTE patterns"},
        {MEASURED("A {- B -} C"), WEIR_UNSUPPORTED, "Currently, CEP doesn't support '{-' '-}' patterns"},
        {MEASURED("(A B)+ C"), WEIR_UNSUPPORTED, "Group patterns are not supported yet"},
        {MEASURED("A B A"), WEIR_UNSUPPORTED, "Pattern variables must be unique"},
        {MEASURED("A B+"), WEIR_UNSUPPORTED, "Greedy quantifiers are not allowed as the last element of a Pattern yet"},
        {MEASURED("A B{2,3}"), WEIR_UNSUPPORTED, "Greedy quantifiers are not allowed as the last element of a Pattern yet"},
        {MEASURED("A*?"), WEIR_UNSUPPORTED, "Patterns that can produce empty matches are not supported"},
        {MEASURED("A B?? C"), WEIR_UNSUPPORTED, "Reluctant optional variables are not supported yet"},
        {MEASURED("A+ B* C"), WEIR_UNSUPPORTED, "Optional pattern cannot be preceded by greedy pattern"},
        {MEASURED("A+ B? C"), WEIR_UNSUPPORTED, "Optional pattern cannot be preceded by greedy pattern"},
        {MEASURED("A B{,2} C"), WEIR_UNSUPPORTED, "The from should be a positive number greater than 0"},
        {MEASURED("A B{0} C"), WEIR_UNSUPPORTED, "The to should be a number greater than or equal to from: 1"},
        {MEASURED("A B{3,2} C"), WEIR_UNSUPPORTED, "The to should be a number greater than or equal to from: 3"},
        {MEASURED("A B{2000000} C"), WEIR_UNSUPPORTED, "not supported"},
        {OVER_BIDS("MEASURES A.price AS p ALL ROWS PER MATCH PATTERN (A B) DEFINE A AS TRUE"), WEIR_UNSUPPORTED, "ALL ROWS PER MATCH"},
        {OVER_BIDS("MEASURES A.price AS p AFTER MATCH SKIP TO FIRST Z PATTERN (A B) DEFINE A AS TRUE"), WEIR_VALIDATE,
         "Unknown pattern 'Z'"},
        {OVER_BIDS("MEASURES A.price AS p PATTERN (A B) WITHIN INTERVAL '1' MONTH DEFINE A AS TRUE"), WEIR_UNSUPPORTED,
         "Only constant intervals with millisecond resolution"},
        {OVER_BIDS("MEASURES A.price AS p PATTERN (A B) WITHIN INTERVAL -'1' SECOND DEFINE A AS TRUE"), WEIR_VALIDATE,
         "Interval must be non-negative"},
    };
    refuses_all(state, list, sizeof list / sizeof *list);
}

#define MEASURE(measure) OVER_BIDS("MEASURES " measure " AS p PATTERN (A B+ C) DEFINE A AS A.price > 1")
#define DEFINE(condition) OVER_BIDS("MEASURES A.price AS p PATTERN (A B+ C) DEFINE B AS " condition)

static void refuses_expressions(void **state) {
    static const refusal list[] = {
        {MEASURE("Z.price"), WEIR_VALIDATE, "Table 'Z' not found"},
        {MEASURE("a.price"), WEIR_VALIDATE, "Table 'a' not found"},
        {MEASURE("A.prices"), WEIR_VALIDATE, "Column 'prices' not found in table 'A'"},
        {MEASURE("prices"), WEIR_VALIDATE, "Column 'prices' not found in any table"},
        {MEASURE("COUNT(DISTINCT A.price)"), WEIR_VALIDATE, "DISTINCT/ALL not allowed with COUNT(DISTINCT `A`.`price`) function"},
        {MEASURE("SUM(A.price * B.price)"), WEIR_VALIDATE, "Multiple pattern variables in 'SUM(`A`.`price` * `B`.`price`)'"},
        {MEASURE("LAST(A.price + B.price)"), WEIR_VALIDATE, "Multiple pattern variables in"},
        {MEASURE("SUM(1)"), WEIR_UNSUPPORTED, "No pattern variable specified in aggregate"},
        {MEASURE("SUM(MAX(A.price))"), WEIR_VALIDATE, "Aggregate expressions cannot be nested"},
        {MEASURE("SUM(LAST(A.price))"), WEIR_VALIDATE, "Cannot use FIRST/LAST in an aggregate"},
        {MEASURE("SUM(A.price) FILTER (WHERE A.price > 1)"), WEIR_UNSUPPORTED, "FILTER"},
        {MEASURE("SUM(A.price) OVER ()"), WEIR_VALIDATE, "OVER is not allowed"},
        {MEASURE("LAST(FIRST(A.price))"), WEIR_VALIDATE, "Cannot nest PREV/NEXT under LAST/FIRST"},
        {MEASURE("LAST(SUM(A.price))"), WEIR_VALIDATE, "Cannot nest"},
        {MEASURE("LAST(A.price, -1)"), WEIR_VALIDATE, "the offset of LAST"},
        {MEASURE("LAST(A.price, 1, 2)"), WEIR_VALIDATE, "Invalid number of arguments"},
        {MEASURE("PREV(A.price)"), WEIR_VALIDATE, "Cannot use PREV/NEXT in MEASURE"},
        {MEASURE("RUNNING LAST(A.price)"), WEIR_UNSUPPORTED, "RUNNING"},
        {MEASURE("CLASSIFIER()"), WEIR_UNSUPPORTED, "CLASSIFIER"},
        {MEASURE("MATCH_ROWTIME(price)"), WEIR_VALIDATE, "requires argument to be a row time attribute"},
        {MEASURE("NULL"), WEIR_VALIDATE, "Illegal use of 'NULL'"},
        {DEFINE("B.price"), WEIR_VALIDATE, "DEFINE clause must be a condition"},
        {DEFINE("B.price > PREV(B.price)"), WEIR_UNSUPPORTED, "Flink does not support physical offsets within partition."},
        {DEFINE("B.price > NEXT(B.price, 1)"), WEIR_UNSUPPORTED, "Flink does not support physical offsets within partition."},
        {DEFINE("B.price IN (SELECT 1)"), WEIR_UNSUPPORTED, "a subquery is not supported here"},
        {DEFINE("TRUE, B AS FALSE"), WEIR_VALIDATE, "Pattern variable 'B' has already been defined"},
        {OVER_BIDS("PATTERN (A B) DEFINE A AS TRUE"), WEIR_VALIDATE, "Columns ambiguously defined: {}"},
        {OVER_BIDS("MEASURES A.price AS x, B.price AS x PATTERN (A B) DEFINE A AS TRUE"), WEIR_VALIDATE,
         "Columns ambiguously defined: {x}"},
        {OVER_BIDS("MEASURES A.price AS auction PATTERN (A B) DEFINE A AS TRUE"), WEIR_VALIDATE, "Columns ambiguously defined: {auction}"},
        {"SELECT * FROM bids MATCH_RECOGNIZE (PARTITION BY UPPER(item) ORDER BY ts MEASURES A.price AS p PATTERN (A B) DEFINE A AS TRUE)",
         WEIR_VALIDATE, "PARTITION BY of MATCH_RECOGNIZE takes columns"},
        {"SELECT * FROM nest MATCH_RECOGNIZE (ORDER BY arr MEASURES A.id AS p PATTERN (A B) DEFINE A AS TRUE)", WEIR_UNSUPPORTED,
         "ORDER BY a collection"},
    };
    refuses_all(state, list, sizeof list / sizeof *list);
}

static void survives_no_memory(void **state) {
    ground *g = *state;
    const char *sql =
        "SELECT * FROM bids MATCH_RECOGNIZE (PARTITION BY auction ORDER BY ts, item MEASURES SUM(A.price * 2) AS s, LAST(B.item, 1) AS "
        "i, MATCH_ROWTIME() AS r AFTER MATCH SKIP TO LAST B PATTERN (A+ B{2,3}? C) WITHIN INTERVAL '1' MINUTE DEFINE A AS "
        "MIN(A.price) > LAST(A.price, 1), B AS B.price > FIRST(A.price, 2))";
    bool done = false;
    for (uint64_t nth = 1; !done; nth++) {
        weir_memory_fail_after(nth, true);
        weir_status status = run(g, sql);
        done = weir_memory_tries() < nth;
        weir_memory_fail_after(0, false);
        assert_int_equal(status, done ? WEIR_OK : WEIR_MEMORY);
        weir_arena_reset(&g->arena);
        assert_true(nth < 10000);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, ground_open, ground_close)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(gives_columns), TEST(reads_rows), TEST(refuses_patterns), TEST(refuses_expressions), TEST(survives_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
