/* Queries that are refused: the place, and the words in which the real engine says it. */
#include "tests/unit/bind/bind_check.h"

typedef struct refusal {
    const char *sql;
    uint32_t column, length; /* in line 1 */
    const char *words;
} refusal;

static void at(void **state, const refusal *list, size_t count) {
    for (size_t i = 0; i < count; i++)
        refuses_at(*state, list[i].sql, 1, list[i].column, list[i].length, list[i].words);
}
#define AT(list) at(state, (list), sizeof(list) / sizeof *(list))

static void names(void **state) {
    static const refusal list[] = {
        {"SELECT nope FROM emp", 8, 4, "Column 'nope' not found in any table"},
        {"SELECT ENAME FROM emp", 8, 5, "Column 'ENAME' not found in any table|did you mean 'ename'?"},
        {"SELECT e.nope FROM emp e", 8, 6, "Column 'nope' not found in table 'e'"},
        {"SELECT x.ename FROM emp", 8, 1, "Table 'x' not found"},
        {"SELECT db.x.ename FROM emp", 8, 4, "Table 'db.x' not found"},
        {"SELECT emp.ename FROM emp e", 8, 3, "Table 'emp' not found"},
        {"SELECT did FROM emp, dept", 8, 3, "Column 'did' is ambiguous"},
        {"SELECT x.* FROM emp", 8, 3, "Unknown identifier 'x'"},
        {"SELECT r.nope FROM nest", 8, 6, "Column 'r.nope' not found in any table"},
        {"SELECT r.y.nope FROM nest", 8, 8, "Column 'r.y.nope' not found in any table"},
        {"SELECT * FROM nope", 15, 4, "Object 'nope' not found"},
        {"SELECT * FROM EMP", 15, 3, "Object 'EMP' not found"},
        {"SELECT * FROM emp, emp", 20, 3, "Duplicate relation name 'emp' in FROM clause"},
        {"SELECT * FROM (SELECT eid, eid FROM emp)", 8, 1, "Column 'eid' is ambiguous"},
        {"SELECT * FROM emp JOIN dept USING (nope)", 36, 4, "Column 'nope' not found in any table"},
        {"SELECT a FROM (SELECT eid FROM emp) AS x(a, b)", 15, 32, "List of column aliases must have same degree as table"},
        {"SELECT a FROM (SELECT eid, did FROM emp) AS x(a, a)", 50, 1, "Duplicate name 'a' in column alias list"},
        {"WITH a AS (SELECT x FROM b), b AS (SELECT 1 AS x) SELECT x FROM a", 26, 1, "Object 'b' not found"},
    };
    AT(list);
}

static void types(void **state) {
    static const refusal list[] = {
        {"SELECT NULL", 8, 4, "Illegal use of 'NULL'"},
        {"SELECT a FROM (SELECT NULL AS a)", 23, 4, "Illegal use of 'NULL'"},
        {"SELECT ename + 1 FROM emp", 8, 9, "Cannot apply '+'"},
        {"SELECT 1 FROM emp WHERE ename", 25, 5, "WHERE clause must be a condition"},
        {"SELECT 1 FROM emp JOIN dept ON 1", 32, 1, "ON clause must be a condition"},
        {"SELECT CAST(ename AS NOPE) FROM emp", 22, 4, "Unknown identifier|NOPE"},
        {"SELECT UPPER(1, 2)", 8, 11, "Invalid number of arguments to function 'UPPER'"},
        {"SELECT nope(1, 'a')", 8, 12, "No match found for function signature nope(<INT NOT NULL>, <CHAR(1) NOT NULL>)"},
        {"SELECT 9223372036854775808", 8, 19, "Numeric literal '9223372036854775808' out of range"},
        {"SELECT 12345678901234567890.5", 8, 22, "Numeric literal '12345678901234567890.5' out of range"},
        {"SELECT 1E400", 8, 5, "Numeric literal '1E400' out of range"},
        {"SELECT DATE '2024-13-01'", 8, 17, "Illegal DATE literal '2024-13-01'"},
        {"SELECT TIMESTAMP '2024-02-30 00:00:00'", 8, 31, "Illegal TIMESTAMP literal"},
        {"SELECT INTERVAL '100' DAY", 8, 18, "Interval field value 100 exceeds precision of DAY(2) field"},
        {"SELECT ARRAY[]", 8, 7, "Require at least 1 argument"},
        {"SELECT eid FROM emp UNION ALL SELECT dname FROM dept", 1, 52, "Type mismatch in column 1 of UNION ALL"},
        {"SELECT eid FROM emp UNION SELECT did, dname FROM dept", 1, 53, "Column count mismatch in UNION"},
        {"VALUES (1, 'a'), (2)", 18, 3, "Unequal number of entries in ROW constructor"},
    };
    AT(list);
}

static void aggregates(void **state) {
    static const refusal list[] = {
        {"SELECT ename FROM emp GROUP BY did", 8, 5, "Expression 'ename' is not being grouped"},
        {"SELECT did + 2 FROM emp GROUP BY did + 1", 8, 3, "Expression 'did' is not being grouped"},
        {"SELECT ename FROM emp HAVING COUNT(*) > 2", 8, 5, "Expression 'ename' is not being grouped"},
        {"SELECT did FROM emp GROUP BY did ORDER BY sal", 43, 3, "Expression 'sal' is not being grouped"},
        {"SELECT SUM(COUNT(*)) FROM emp", 12, 8, "Aggregate expressions cannot be nested"},
        {"SELECT 1 FROM emp WHERE SUM(sal) > 1", 25, 8, "Aggregate expression is illegal in WHERE clause"},
        {"SELECT 1 FROM emp GROUP BY SUM(sal)", 28, 8, "Aggregate expression is illegal in GROUP BY clause"},
        {"SELECT 1 FROM emp e JOIN dept d ON SUM(e.sal) > 1", 36, 10, "Aggregate expression is illegal in ON clause"},
        {"SELECT GROUPING(ename) FROM emp GROUP BY did", 17, 5, "Argument to GROUPING operator must be a grouped expression"},
        {"SELECT RANK() FROM emp", 8, 6, "OVER clause is necessary for window functions"},
        {"SELECT UPPER(ename) OVER () FROM emp", 8, 20, "OVER must be applied to aggregate function"},
        {"SELECT SUM(sal) OVER w FROM emp", 22, 1, "Window 'w' not found"},
        {"SELECT DISTINCT did FROM emp ORDER BY sal", 39, 3, "Expression in ORDER BY is not in the select clause"},
        {"SELECT ename FROM emp ORDER BY 2", 32, 1, "Ordinal out of range"},
    };
    AT(list);
}

static void window_functions(void **state) {
    static const refusal list[] = {
        {"SELECT 1 FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(nope), INTERVAL '1' MINUTE))", 51, 4, "Unknown identifier 'nope'"},
        {"SELECT 1 FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(price), INTERVAL '1' MINUTE))", 51, 5,
         "requires the timecol to be TIMESTAMP or TIMESTAMP_LTZ"},
        {"SELECT 1 FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(ts), INTERVAL '1' MONTH))", 56, 18, "must be an interval of days"},
        {"SELECT 1 FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(ts)))", 21, 34, "Invalid number of arguments to function 'TUMBLE'"},
        {"SELECT 1 FROM TABLE(NOPE(TABLE bids))", 21, 16, "No match found for function signature NOPE"},
        {"SELECT TUMBLE_START(ts, INTERVAL '5' MINUTE) FROM bids GROUP BY TUMBLE(ts, INTERVAL '10' MINUTE)", 8, 37,
         "'TUMBLE_START' must have matching call to group function"},
        {"SELECT TUMBLE_START(ts, INTERVAL '5' MINUTE) FROM bids", 8, 37, "'TUMBLE_START' must have matching call to group function"},
    };
    AT(list);
}

static void subqueries(void **state) {
    static const refusal list[] = {
        {"SELECT (SELECT did, dname FROM dept)", 8, 29, "it must have one"},
        {"SELECT 1 FROM emp WHERE did IN (SELECT did, dname FROM dept)", 25, 36, "IN operator must have compatible types"},
        {"SELECT 1 FROM emp WHERE did IN (SELECT nope FROM dept)", 40, 4, "Column 'nope' not found in any table"},
    };
    AT(list);
    refuses(*state, "SELECT 1 FROM emp WHERE (eid, did) > ANY (SELECT 1, 2)", WEIR_UNSUPPORTED, "ANY of several columns");
}

static void what_is_not_there(void **state) {
    static const struct {
        const char *sql, *words;
    } list[] = {
        {"SELECT STREAM eid FROM emp", "STREAM"},
        {"SELECT eid FROM emp TABLESAMPLE BERNOULLI (10)", "TABLESAMPLE"},
        {"SELECT 1 FROM emp AS e JOIN (SELECT * FROM dept) FOR SYSTEM_TIME AS OF e.hired AS d ON e.did = d.did", "FOR SYSTEM_TIME AS OF"},
        {"WITH RECURSIVE a AS (SELECT 1) SELECT * FROM a", "WITH RECURSIVE"},
        {"SELECT ARRAY(SELECT eid FROM emp)", "ARRAY(query)"},
        {"SELECT MULTISET[1, 2]", "MULTISET"},
        {"SELECT COUNT(DISTINCT eid, did) FROM emp", "COUNT(DISTINCT a, b)"},
    };
    for (size_t i = 0; i < sizeof list / sizeof *list; i++)
        refuses(*state, list[i].sql, WEIR_UNSUPPORTED, list[i].words);
}

/* A mistake in the third line of a statement is told there. */
static void lines(void **state) { refuses_at(*state, "SELECT eid,\n       ename,\n       nope\nFROM emp", 3, 8, 4, "Column 'nope'"); }

static void hints_say_what_was_meant(void **state) {
    ground *g = *state;
    runs(g, "CREATE TABLE plain (ts TIMESTAMP(3)) " FILE_OF("json"));
    refuses(g, "SELECT enam FROM emp", WEIR_VALIDATE, "Column 'enam'");
    assert_non_null(strstr(g->error.hint, "ename"));
    refuses(g, "SELECT UPER(ename) FROM emp", WEIR_VALIDATE, "No match found");
    assert_non_null(strstr(g->error.hint, "UPPER"));
    refuses(g, "SELECT 1 FROM TABLE(TUMBLE(TABLE plain, DESCRIPTOR(ts), INTERVAL '1' MINUTE))", WEIR_VALIDATE, "time attribute");
    assert_non_null(strstr(g->error.hint, "WATERMARK FOR ts"));
}

/* Queries inside of queries have an end; so have names of windows that refer to each other. */
static void depth_is_bounded(void **state) {
    ground *g = *state;
    char sql[8192] = "";
    for (int i = 0; i < 250; i++)
        strcat(sql, "SELECT * FROM (");
    strcat(sql, "SELECT 1");
    for (int i = 0; i < 250; i++)
        strcat(sql, ")");
    refuses(g, sql, WEIR_UNSUPPORTED, "nested more than");
    refuses(g, "SELECT SUM(sal) OVER a FROM emp WINDOW a AS (b), b AS (a)", WEIR_VALIDATE, "Window");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, ground_open, ground_close)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(names),
        TEST(types),
        TEST(aggregates),
        TEST(window_functions),
        TEST(subqueries),
        TEST(what_is_not_there),
        TEST(lines),
        TEST(hints_say_what_was_meant),
        TEST(depth_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
