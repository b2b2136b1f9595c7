/* Queries: which columns come out, with their names, types and time attributes. The answers are those of the real engine, but for
 * `NOT NULL` inside of nested types. Every plan is checked for soundness besides. */
#include "tests/unit/bind/bind_check.h"

typedef struct expectation {
    const char *sql, *columns;
} expectation;

static void all(void **state, const expectation *list, size_t count) {
    for (size_t i = 0; i < count; i++)
        for (int batch = 0; batch < 2; batch++) {
            ((ground *)*state)->batch = batch;
            has_columns(*state, list[i].sql, list[i].columns);
        }
}
#define ALL(list) all(state, (list), sizeof(list) / sizeof *(list))

static void literals(void **state) {
    static const expectation list[] = {
        {"SELECT -2147483648 AS a, -2147483649 AS b, 2147483648 AS c, -9223372036854775808 AS d",
         "a INT NOT NULL, b BIGINT NOT NULL, c BIGINT NOT NULL, d BIGINT NOT NULL"},
        {"SELECT 5. AS a, .5 AS b, 1.50 AS c, 007.10 AS d, 1e2 AS e",
         "a INT NOT NULL, b DECIMAL(1, 1) NOT NULL, c DECIMAL(3, 2) NOT NULL, d DECIMAL(5, 2) NOT NULL, e DOUBLE NOT NULL"},
        {"SELECT 'abc' AS a, '' AS b, '\xF0\x9F\x98\x80x' AS c, X'0aFF' AS d",
         "a CHAR(3) NOT NULL, b CHAR(0) NOT NULL, c CHAR(3) NOT NULL, d BINARY(2) NOT NULL"},
        {"SELECT DATE '2024-1-5' AS a, TIME '12:34:56.789' AS b, TIMESTAMP '2024-01-05 12:34:56.1' AS c, TIMESTAMP '2024-01-05' AS d",
         "a DATE NOT NULL, b TIME(3) NOT NULL, c TIMESTAMP(1) NOT NULL, d TIMESTAMP(0) NOT NULL"},
        {"SELECT INTERVAL '1-2' YEAR TO MONTH AS a, INTERVAL '1 2:3:4.567' DAY TO SECOND AS b, UNKNOWN AS c, TRUE AS d",
         "a INTERVAL MONTH NOT NULL, b INTERVAL SECOND(3) NOT NULL, c BOOLEAN, d BOOLEAN NOT NULL"},
        {"SELECT PI AS a, pi() AS b, CAST(NULL AS INT) AS c", "a DOUBLE NOT NULL, b DOUBLE NOT NULL, c INT"},
    };
    ALL(list);
}

static void names(void **state) {
    static const expectation list[] = {
        {"SELECT 1, 'a', 2 AS x", "EXPR$0 INT NOT NULL, EXPR$1 CHAR(1) NOT NULL, x INT NOT NULL"},
        {"SELECT eid, eid FROM emp", "eid INT, eid0 INT"},
        {"SELECT eid, eid AS eid0, did AS eid FROM emp", "eid INT, eid0 INT, eid1 INT"},
        {"SELECT emp.eid, default_database.emp.ename, default_catalog.default_database.emp.sal FROM emp",
         "eid INT, ename STRING, sal DECIMAL(8, 2)"},
        {"SELECT default_database.emp.* FROM emp", "eid INT, ename STRING, did INT, sal DECIMAL(8, 2), hired DATE, mgr INT"},
        {"SELECT e.*, dname FROM emp e, dept", "eid INT, ename STRING, did INT, sal DECIMAL(8, 2), hired DATE, mgr INT, dname STRING"},
        {"SELECT r.x, r.y.z, nest.r.y, t.id FROM nest, (SELECT id FROM nest) t", "x INT, z STRING, y ROW<`z` STRING NOT NULL>, id INT"},
        {"SELECT r.* FROM nest", "x INT, y ROW<`z` STRING NOT NULL>"},
        {"SELECT x.a, x.b FROM (SELECT eid, ename FROM emp) AS x(a, b)", "a INT, b STRING"},
        {"SELECT EXPR$0.x FROM (SELECT 1 AS x)", "x INT NOT NULL"},
        {"WITH a (z) AS (SELECT eid FROM emp), b AS (SELECT z + 1 AS y FROM a) SELECT a.z, y FROM a, b", "z INT, y INT"},
        {"WITH emp AS (SELECT 1 AS q) SELECT * FROM emp", "q INT NOT NULL"},
    };
    ALL(list);
}

static void using_and_natural(void **state) {
    static const expectation list[] = {
        {"SELECT * FROM emp JOIN dept USING (did)",
         "did INT NOT NULL, eid INT, ename STRING, sal DECIMAL(8, 2), hired DATE, mgr INT, dname STRING, city STRING"},
        {"SELECT * FROM emp NATURAL LEFT JOIN dept",
         "did INT, eid INT, ename STRING, sal DECIMAL(8, 2), hired DATE, mgr INT, dname STRING, city STRING"},
        {"SELECT did, dname FROM emp RIGHT JOIN dept USING (did)", "did INT NOT NULL, dname STRING"},
        {"SELECT did, emp.did, dept.did FROM emp FULL JOIN dept USING (did)", "did INT, did0 INT, did1 INT"},
        {"SELECT * FROM (VALUES (1, 2, 3)) a(x, y, q) JOIN (VALUES (2, 1, 5)) b(y, x, r) USING (y, x)",
         "y INT NOT NULL, x INT NOT NULL, q INT NOT NULL, r INT NOT NULL"},
        {"SELECT * FROM (VALUES (1, 2)) a(x, y) JOIN (VALUES (1, 5)) b(x, r) USING (x) JOIN (VALUES (1, 9)) c(x, s) USING (x)",
         "x INT NOT NULL, y INT NOT NULL, r INT NOT NULL, s INT NOT NULL"},
        {"SELECT * FROM (VALUES (1, 2)) a(x, y) NATURAL JOIN (VALUES (3, 4)) b(z, w)",
         "x INT NOT NULL, y INT NOT NULL, z INT NOT NULL, w INT NOT NULL"},
    };
    ALL(list);
}

static void groups(void **state) {
    static const expectation list[] = {
        {"SELECT did, COUNT(*) AS n, SUM(sal) AS s, MAX(eid) AS m FROM emp GROUP BY did",
         "did INT, n BIGINT NOT NULL, s DECIMAL(38, 2), m INT"},
        {"SELECT MAX(did) AS m, COUNT(did) AS n FROM dept", "m INT, n BIGINT NOT NULL"},
        {"SELECT city, MAX(did) AS m, MAX(did) FILTER (WHERE did > 1) AS f FROM dept GROUP BY city", "city STRING, m INT NOT NULL, f INT"},
        {"SELECT did + 1 + 1 AS k FROM emp GROUP BY did + 1 HAVING COUNT(*) > 1", "k INT"},
        {"SELECT did, mgr, GROUPING(did) AS g, GROUPING_ID(did, mgr) AS h FROM emp GROUP BY CUBE (did, mgr)",
         "did INT, mgr INT, g BIGINT NOT NULL, h BIGINT NOT NULL"},
        {"SELECT dept.did, COUNT(*) AS n FROM dept GROUP BY GROUPING SETS ((did), ())", "did INT, n BIGINT NOT NULL"},
        {"SELECT DISTINCT did, dname FROM dept", "did INT NOT NULL, dname STRING"},
        {"SELECT COUNT(*) AS n FROM emp GROUP BY ()", "n BIGINT NOT NULL"},
        {"SELECT did FROM emp GROUP BY did ORDER BY MAX(sal) DESC LIMIT 1", "did INT"},
        {"SELECT did, SUM(SUM(sal)) OVER (ORDER BY did) AS r FROM emp GROUP BY did", "did INT, r DECIMAL(38, 2)"},
    };
    ALL(list);
}

static void overs(void **state) {
    static const expectation list[] = {
        {"SELECT eid, ROW_NUMBER() OVER (PARTITION BY did ORDER BY sal DESC) AS rn FROM emp", "eid INT, rn BIGINT NOT NULL"},
        {"SELECT eid, SUM(sal) OVER w AS s, LAG(eid) OVER w AS l FROM emp WINDOW w AS (PARTITION BY did ORDER BY hired)",
         "eid INT, s DECIMAL(38, 2), l INT"},
        {"SELECT eid, SUM(sal) OVER (w ORDER BY hired) AS s FROM emp WINDOW w AS (PARTITION BY did)", "eid INT, s DECIMAL(38, 2)"},
        {"SELECT did, ename, ROW_NUMBER() OVER (PARTITION BY did ORDER BY sal) AS rn FROM emp QUALIFY rn = 1",
         "did INT, ename STRING, rn BIGINT NOT NULL"},
        {"SELECT COUNT(*) OVER () AS n FROM emp", "n BIGINT NOT NULL"},
    };
    ALL(list);
}

static void sets_and_values(void **state) {
    static const expectation list[] = {
        {"SELECT did, 1 AS x FROM emp UNION ALL SELECT 2.5, 3 FROM dept", "did DECIMAL(11, 1), x INT NOT NULL"},
        {"SELECT 'a' AS s UNION SELECT 'bcd'", "s VARCHAR(3) NOT NULL"},
        {"SELECT did FROM emp INTERSECT SELECT did FROM dept", "did INT"},
        {"(SELECT did FROM emp ORDER BY sal LIMIT 1) EXCEPT ALL SELECT did FROM dept", "did INT"},
        {"VALUES (1, 'a'), (2, 'bcd')", "EXPR$0 INT NOT NULL, EXPR$1 VARCHAR(3) NOT NULL"},
        {"SELECT * FROM (VALUES (1, CAST(NULL AS STRING)), (2, 'x')) t(a, b)", "a INT NOT NULL, b STRING"},
        {"SELECT v FROM (VALUES (RAND()), (1)) t(v)", "v DOUBLE NOT NULL"},
        {"TABLE dept", "did INT NOT NULL, dname STRING, city STRING"},
        {"SELECT ename, -sal AS sal FROM emp ORDER BY sal + 1 LIMIT 2", "ename STRING, sal DECIMAL(8, 2)"},
    };
    ALL(list);
}

static void subqueries(void **state) {
    static const expectation list[] = {
        {"SELECT ename, did IN (SELECT did FROM dept) AS x, did NOT IN (SELECT did FROM dept) AS y FROM emp",
         "ename STRING, x BOOLEAN, y BOOLEAN"},
        {"SELECT did IN (SELECT d.did FROM dept d) AS x, EXISTS (SELECT 1 FROM emp WHERE emp.did = dept.did) AS y FROM dept",
         "x BOOLEAN NOT NULL, y BOOLEAN NOT NULL"},
        {"SELECT dname, (SELECT COUNT(*) FROM emp WHERE emp.did = dept.did) AS n FROM dept", "dname STRING, n BIGINT"},
        {"SELECT dname, (SELECT COALESCE(SUM(sal), 0) FROM emp WHERE emp.did < dept.did) AS n FROM dept", "dname STRING, n DECIMAL(38, 2)"},
        {"SELECT dname, (SELECT dept.did + 1) AS n FROM dept", "dname STRING, n INT"},
        {"SELECT dname, (SELECT ename FROM emp e WHERE e.did = d.did ORDER BY sal DESC LIMIT 1) AS b FROM dept d",
         "dname STRING, b STRING"},
        {"SELECT sal > ANY (SELECT sal FROM emp WHERE did = 1) AS x, eid = ALL (SELECT eid FROM emp) AS y FROM emp",
         "x BOOLEAN, y BOOLEAN"},
        {"SELECT ename FROM emp WHERE (did, eid) IN (SELECT did, 1 FROM dept) OR eid = 3", "ename STRING"},
        {"SELECT dname FROM dept d WHERE EXISTS (SELECT 1 FROM emp e WHERE e.did = d.did AND EXISTS (SELECT 1 FROM emp m WHERE m.mgr = "
         "e.eid AND m.did = d.did))",
         "dname STRING"},
        {"SELECT dname FROM dept d WHERE d.did NOT IN (SELECT e.did FROM emp e WHERE e.sal > 4 AND e.eid <= d.did)", "dname STRING"},
        {"SELECT e.ename, x.n FROM emp e, LATERAL (SELECT e.eid AS n UNION ALL SELECT e.mgr) x", "ename STRING, n INT"},
        {"SELECT d.dname, x.r FROM dept d, LATERAL (SELECT ROW_NUMBER() OVER (ORDER BY sal DESC) AS r FROM emp e WHERE e.did = d.did) x",
         "dname STRING, r BIGINT NOT NULL"},
        {"SELECT d.dname, x.c FROM dept d LEFT JOIN LATERAL (SELECT COUNT(*) AS c FROM emp WHERE emp.did = d.did) x ON TRUE",
         "dname STRING, c BIGINT"},
        {"SELECT did, SUM(sal) AS s FROM emp e GROUP BY did HAVING SUM(sal) > (SELECT AVG(x.sal) FROM emp x WHERE x.did = e.did)",
         "did INT, s DECIMAL(38, 2)"},
        {"SELECT SUM(CASE WHEN did IN (SELECT did FROM dept) THEN 1 ELSE 0 END) AS n FROM emp", "n INT"},
        {"SELECT d.dname, (SELECT MAX(q) FROM (SELECT e.eid + d.did AS q FROM emp e LEFT JOIN dept x ON x.did = e.did AND x.city = "
         "d.city)) AS "
         "m FROM dept d",
         "dname STRING, m INT"},
        {"SELECT id, (SELECT COUNT(*) FROM UNNEST(nest.arr) AS u(v) WHERE v > id) AS n FROM nest", "id INT, n BIGINT"},
        {"SELECT dname, (SELECT COUNT(*) FROM (SELECT did FROM emp WHERE did = d.did EXCEPT SELECT d.did + 1)) AS n FROM dept d",
         "dname STRING, n BIGINT"},
    };
    ALL(list);
}

static void unnest(void **state) {
    static const expectation list[] = {
        {"SELECT id, v FROM nest CROSS JOIN UNNEST(arr) AS u(v)", "id INT, v INT"},
        {"SELECT id, a, b FROM nest LEFT JOIN UNNEST(items) ON TRUE", "id INT, a INT, b STRING"},
        {"SELECT k, v, o FROM nest, UNNEST(m) WITH ORDINALITY AS u(k, v, o)", "k STRING, v DOUBLE, o INT NOT NULL"},
        {"SELECT * FROM UNNEST(ARRAY[1, 2]) AS u(v)", "v INT NOT NULL"},
    };
    ALL(list);
}

static void windows(void **state) {
    ground *g = *state;
    static const expectation list[] = {
        {"SELECT window_start, window_end, window_time, auction FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(ts), INTERVAL '10' MINUTE))",
         "window_start TIMESTAMP(3) NOT NULL, window_end TIMESTAMP(3) NOT NULL, window_time TIMESTAMP(3) NOT NULL *ROWTIME*, auction "
         "BIGINT"},
        {"SELECT window_start, SUM(price) AS s FROM TUMBLE(DATA => (SELECT * FROM bids WHERE price > 1), TIMECOL => DESCRIPTOR(ts), SIZE "
         "=> "
         "INTERVAL '10' MINUTE) GROUP BY window_start, window_end",
         "window_start TIMESTAMP(3) NOT NULL, s DECIMAL(38, 2)"},
        {"SELECT w FROM TABLE(HOP(TABLE bids, DESCRIPTOR(ts), INTERVAL '5' MINUTE, INTERVAL '10' MINUTE)) AS x(a, b, c, d, e, w, f, g)",
         "w TIMESTAMP(3) NOT NULL"},
        {"SELECT TUMBLE_START(ts, INTERVAL '1' HOUR) AS s, TUMBLE_ROWTIME(ts, INTERVAL '1' HOUR) AS r, COUNT(*) AS n FROM bids GROUP BY "
         "TUMBLE(ts, INTERVAL '1' HOUR)",
         "s TIMESTAMP(3) NOT NULL, r TIMESTAMP(3) *ROWTIME*, n BIGINT NOT NULL"},
        {"SELECT ts, pt, ts + INTERVAL '1' SECOND AS later FROM bids",
         "ts TIMESTAMP(3) *ROWTIME*, pt TIMESTAMP_LTZ(3) NOT NULL *PROCTIME*, later TIMESTAMP(3)"},
        {"SELECT window_start, auction FROM TABLE(SESSION(TABLE bids PARTITION BY auction, DESCRIPTOR(ts), INTERVAL '2' MINUTE))",
         "window_start TIMESTAMP(3) NOT NULL, auction BIGINT"},
    };
    for (size_t i = 0; i < sizeof list / sizeof *list; i++)
        has_columns(g, list[i].sql, list[i].columns);
}

/* x = x is TRUE, or NULL where x is; what is not deterministic is compared. */
static void equal_sides_fold(void **state) {
    ground *g = *state;
    const struct {
        const char *condition, *text;
    } list[] = {
        {"did = did", "true"},
        {"did <> did", "false"},
        {"did <= did AND did IS NOT DISTINCT FROM did", "true"},
        {"did < did", "false"},
        {"dname = dname", "OR(null, IS NOT NULL($1))"},
        {"dname <> dname", "AND(null, IS NULL($1))"},
        {"dname IS DISTINCT FROM dname", "false"},
        {"RAND() = RAND()", "=(RAND(), RAND())"},
    };
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        char sql[256];
        snprintf(sql, sizeof sql, "SELECT %s AS x FROM dept", list[i].condition);
        runs(g, sql);
        weir_builder text;
        weir_builder_init(&text, &g->memory, 4096);
        weir_expr_print(g->plan.roots[0]->inputs[0]->as.project.expressions[0], NULL, &text);
        assert_string_equal(text.data, list[i].text);
        weir_builder_deinit(&text);
        weir_arena_reset(&g->arena);
    }
}

/* A table that a statement names twice is scanned once. */
static void scans_are_shared(void **state) {
    ground *g = *state;
    runs(g, "SELECT a.eid, b.ename FROM emp a JOIN emp b ON a.eid = b.mgr");
    const weir_node *join = g->plan.roots[0]->inputs[0]->inputs[0];
    assert_int_equal(join->kind, WEIR_NODE_JOIN);
    assert_ptr_equal(join->inputs[0], join->inputs[1]);
    weir_arena_reset(&g->arena);
}

static void hints(void **state) {
    ground *g = *state;
    runs(g, "SELECT * FROM emp /*+ OPTIONS('csv.ignore-parse-errors' = 'true', 'path' = '/elsewhere') */");
    const weir_node *scan = g->plan.roots[0];
    while (scan->kind != WEIR_NODE_SCAN)
        scan = scan->inputs[0];
    option_is(scan->as.scan.table, "path", "/elsewhere");
    option_is(scan->as.scan.table, "csv.ignore-parse-errors", "true");
    weir_arena_reset(&g->arena);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, ground_open, ground_close)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(literals),
        TEST(names),
        TEST(using_and_natural),
        TEST(groups),
        TEST(overs),
        TEST(sets_and_values),
        TEST(subqueries),
        TEST(unnest),
        TEST(windows),
        TEST(equal_sides_fold),
        TEST(scans_are_shared),
        TEST(hints),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
