/* Binding while memory runs out at every allocation in turn: the error is WEIR_MEMORY, nothing leaks, and the next try succeeds. */
#include "tests/unit/bind/bind_check.h"

static const char *const statements[] = {
    "SELECT did, COUNT(*) AS n, SUM(sal) FILTER (WHERE eid > 1) AS s FROM emp e LEFT JOIN dept USING (did) WHERE hired > DATE '2020-01-01' "
    "AND "
    "ename LIKE 'A%' GROUP BY CUBE (did, city) HAVING COUNT(*) > 1 ORDER BY n + 1 DESC LIMIT 3",
    "SELECT dname, (SELECT COUNT(*) + 1 FROM emp WHERE emp.did < d.did) AS n, sal > ALL (SELECT sal FROM emp) AS x FROM dept d, emp WHERE "
    "EXISTS (SELECT 1 FROM emp e WHERE e.did = d.did AND e.eid NOT IN (SELECT mgr FROM emp WHERE did = d.did))",
    "SELECT ename, RANK() OVER w AS r, LAG(sal, 2) OVER w AS l FROM emp WINDOW w AS (PARTITION BY did ORDER BY sal) QUALIFY r < 3",
    "SELECT window_start, x.item, SUM(price) AS s FROM TABLE(HOP(TABLE bids, DESCRIPTOR(ts), INTERVAL '5' MINUTE, INTERVAL '10' MINUTE)) "
    "AS x "
    "GROUP BY window_start, window_end, x.item",
    "SELECT id, r.y.z, v FROM nest CROSS JOIN UNNEST(arr) AS u(v) UNION ALL SELECT 1, 'a', CASE WHEN TRUE THEN 2 END FROM (VALUES (1), "
    "(2)) t",
    "INSERT INTO part PARTITION (p = 'x') SELECT eid, SUBSTRING(ename FROM 1 FOR 3) FROM emp",
    "CREATE VIEW v AS SELECT d.*, e.ename AS who FROM dept d JOIN emp e USING (did) WHERE e.sal > (SELECT AVG(sal) FROM emp)",
    "CREATE TABLE made (a INT, b AS a + 1, ts TIMESTAMP(3), PRIMARY KEY (a) NOT ENFORCED, WATERMARK FOR ts AS ts) " FILE_OF("json"),
    "ALTER TABLE dept ADD (q INT AFTER did)",
};

/* True: the allocation was never reached. */
static bool run_without_memory(const char *sql, uint64_t count) {
    ground *g;
    void *state;
    ground_open(&state);
    g = state;
    weir_memory_fail_after(count, true);
    weir_status status = run(g, sql);
    bool reached = weir_memory_tries() >= count;
    weir_memory_fail_after(0, false);
    if (status != (reached ? WEIR_MEMORY : WEIR_OK))
        fail_msg("%s: allocation %llu: %s: %s", sql, (unsigned long long)count, weir_status_name(status), g->error.message);
    weir_arena_reset(&g->arena);
    if (reached)
        runs(g, sql);
    ground_close(&state);
    return !reached;
}

static void every_allocation_fails_in_turn(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof statements / sizeof *statements; i++) {
        uint64_t count = 1;
        while (!run_without_memory(statements[i], count))
            count++;
        assert_true(count > 1);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_allocation_fails_in_turn)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
