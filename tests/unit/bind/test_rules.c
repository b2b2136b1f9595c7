/* The rewrite rules, driven by SQL: what each makes of a query, what it must leave alone, that every plan stays sound, with and without the
 * optimizer, and with memory failing at every step. */
#include "plan/planner.h"
#include "tests/unit/bind/bind_check.h"

static const char *const tables[] = {
    "CREATE TABLE t (a INT, b BIGINT NOT NULL, s STRING, d DECIMAL(10, 2), ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '5' "
    "SECOND) " FILE_OF("json"),
    "CREATE TABLE u (a INT, k BIGINT, v STRING, ts TIMESTAMP(3), pt AS PROCTIME(), WATERMARK FOR ts AS ts) " FILE_OF("json"),
    "CREATE TABLE n (id INT, r ROW<x INT, y STRING, z ROW<w INT, q INT>>, other ROW<x INT>, items ARRAY<INT>) " FILE_OF("json"),
    "CREATE TABLE rates (cur STRING, rate INT, ts TIMESTAMP(3), PRIMARY KEY (cur) NOT ENFORCED, WATERMARK FOR ts AS ts) " FILE_OF("json"),
    "CREATE TABLE cdc (id INT, v INT, w INT, PRIMARY KEY (id) NOT ENFORCED) " FILE_OF("debezium-json"),
    "CREATE VIEW sorted AS SELECT a, b, ts FROM t ORDER BY ts",
};

static char plan_text[16384]; /* of the query that was planned last */

static int rules_open(void **state) {
    ground_open(state);
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        runs(*state, tables[i]);
    return 0;
}

/* ---- from SQL to a plan as text ---- */

static void bind_sql(ground *g, const char *sql, bool batch) {
    weir_arena_reset(&g->arena);
    g->batch = batch;
    runs(g, sql);
}

static weir_plan_settings settings_of(const ground *g, bool batch, bool off) {
    return (weir_plan_settings){.batch_mode = batch,
                                .evaluation = &g->evaluation,
                                .operators = {.batch_mode = batch, .batch_rows = 4096, .key_groups = 128},
                                .parallelism = 1,
                                .auto_watermark_interval_ms = 200,
                                .optimizer_off = off};
}

/* Without the indentation: the line below a node is its first input. */
static void print_plan(ground *g, const weir_plan *plan) {
    weir_builder out;
    weir_builder_init(&out, &g->memory, 1 << 20);
    weir_plan_print(&g->arena, plan, &out);
    size_t size = 0;
    for (size_t i = 0; i < out.size && size + 1 < sizeof plan_text; i++)
        if (out.data[i] != ' ' || (size > 0 && plan_text[size - 1] != '\n'))
            plan_text[size++] = out.data[i];
    plan_text[size] = '\0';
    weir_builder_deinit(&out);
}

static weir_status optimize(ground *g, const char *sql, bool batch, bool off, weir_error *error) {
    weir_plan_settings settings = settings_of(g, batch, off);
    weir_job_graph graph;
    weir_plan plan;
    bind_sql(g, sql, batch);
    WEIR_TRY(weir_plan_optimize(&g->arena, &g->plan, &settings, &plan, error));
    check_sound(sql, &plan);
    print_plan(g, &plan);
    return weir_plan_physical(&g->arena, &plan, &settings, &graph, error);
}

static const char *plan_of(ground *g, const char *sql, bool batch) {
    weir_error error = {0};
    weir_status status = optimize(g, sql, batch, true, &error);
    if (status != WEIR_OK)
        fail_msg("%s, optimizer off: %s", sql, error.message);
    status = optimize(g, sql, batch, false, &error);
    if (status != WEIR_OK)
        fail_msg("%s: %s", sql, error.message);
    return plan_text;
}

static void want(ground *g, const char *sql, const char *part) {
    if (strstr(plan_of(g, sql, false), part) == NULL)
        fail_msg("%s\nlacks: %s\n%s", sql, part, plan_text);
}

static void want_not(ground *g, const char *sql, const char *part) {
    if (strstr(plan_of(g, sql, false), part) != NULL)
        fail_msg("%s\nhas: %s\n%s", sql, part, plan_text);
}

static void want_batch(ground *g, const char *sql, const char *part) {
    if (strstr(plan_of(g, sql, true), part) == NULL)
        fail_msg("%s\nlacks: %s\n%s", sql, part, plan_text);
}

static void want_error(ground *g, const char *sql, bool batch, const char *words) {
    weir_error error = {0};
    weir_status status = optimize(g, sql, batch, false, &error);
    if (status == WEIR_OK || strstr(error.message, words) == NULL)
        fail_msg("%s\nsaid: %s\ninstead of: %s", sql, status == WEIR_OK ? plan_text : error.message, words);
    assert_string_equal(error.stage, "plan");
}

/* ---- conditions ---- */

static void constant_filters(void **state) {
    ground *g = *state;
    want(g, "SELECT a FROM t WHERE FALSE", "Values(rows=[0])");
    want(g, "SELECT a FROM t WHERE a = 1 AND 1 = 2", "Values(rows=[0])");
    want_not(g, "SELECT a FROM t WHERE TRUE", "Filter");
    want(g, "SELECT a FROM t WHERE a = 1 AND 1 = 1", "Filter(where=[=(a, 1)])");
    want(g, "SELECT COUNT(*) FROM t WHERE FALSE", "Values(rows=[0])");
}

static void filters_move_down(void **state) {
    ground *g = *state;
    want(g, "SELECT c FROM (SELECT a + 1 AS c FROM t) WHERE c > 5", "Filter(where=[>(+(a, 1), 5)])");
    want(g, "SELECT * FROM (SELECT a, RAND() AS x FROM t) WHERE x > 0.5 AND a = 3", "Filter(where=[=(a, 3)])");
    want(g, "SELECT * FROM (SELECT a, COUNT(*) AS c FROM t GROUP BY a) WHERE a = 7 AND c > 1", "+- Filter(where=[=(a, 7)])\n");
    want(g, "SELECT a FROM t WHERE a > 1 UNION ALL SELECT a FROM u", "SetOperation(UNION ALL)");
    want(g, "SELECT * FROM (SELECT a FROM t UNION ALL SELECT a FROM u) WHERE a = 9", "Project(select=[a])\n+- Filter(where=[=(a, 9)])");
    /* Grouping sets make NULLs of a key, a limit counts rows, a session depends on all of its rows. */
    want_not(g, "SELECT * FROM (SELECT a, s, COUNT(*) AS c FROM t GROUP BY GROUPING SETS ((a), (s))) WHERE a = 1",
             "GroupAggregate(groupBy=[a, s], groupingSets=[2], select=[COUNT(*)])\n+- Filter");
    want(g, "SELECT * FROM (SELECT a, ts FROM t LIMIT 3) WHERE a = 1", "Filter(where=[=(a, 1)])\n+- Sort(");
    want(g, "SELECT a, window_start FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) WHERE a = 1",
         "WindowTableFunction(window=[TUMBLE(size=60000 ms)])\n+- Filter(where=[=(a, 1)])");
    want(g, "SELECT a, window_start FROM TABLE(SESSION(TABLE t PARTITION BY s, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) WHERE a = 1",
         "Filter(where=[=(a, 1)])\n+- WindowTableFunction");
    want(g, "SELECT a FROM t WHERE a = 1", "Filter(where=[=(a, 1)])\n+- WatermarkAssigner");
}

static void filters_and_joins(void **state) {
    ground *g = *state;
    want(g, "SELECT t.a FROM t, u WHERE t.a = u.a AND t.b > 3 AND u.v = 'x'", "joinType=[InnerJoin], on=[a = a]");
    want(g, "SELECT t.a FROM t, u WHERE t.a = u.a AND t.b > 3", "Filter(where=[>(b, 3)])");
    /* the padded side of an outer join is not filtered below it, the other one is */
    want(g, "SELECT t.a, u.v FROM t LEFT JOIN u ON t.a = u.a WHERE t.b = 1 AND u.v IS NULL",
         "Filter(where=[IS NULL(v)])\n+- Join(joinType=[LeftOuterJoin]");
    want(g, "SELECT t.a, u.v FROM t LEFT JOIN u ON t.a = u.a WHERE u.v = 'x'", "joinType=[InnerJoin]");
    want(g, "SELECT t.a, u.v FROM t FULL JOIN u ON t.a = u.a WHERE u.v = 'x'", "joinType=[RightOuterJoin]");
    want(g, "SELECT t.a, u.v FROM t FULL JOIN u ON t.a = u.a WHERE t.b = 1 AND u.v = 'x'", "joinType=[InnerJoin]");
    want(g, "SELECT t.a, u.v FROM t FULL JOIN u ON t.a = u.a WHERE COALESCE(u.v, 'x') = 'x'", "joinType=[FullOuterJoin]");
    want(g, "SELECT t.a, u.v FROM t LEFT JOIN u ON t.a = u.a WHERE u.v = 'x' OR t.b = 1", "joinType=[LeftOuterJoin]");
    /* ON: what reads one side goes there unless rows of that side must stay */
    want(g, "SELECT t.a, u.v FROM t LEFT JOIN u ON t.a = u.a AND u.v = 'x' AND t.b = 1", "where=[=(b, 1)]");
    want(g, "SELECT t.a, u.v FROM t LEFT JOIN u ON t.a = u.a AND u.v = 'x' AND t.b = 1", "Filter(where=[=(v, 'x')])");
    want(g, "SELECT t.a, u.v FROM t FULL JOIN u ON t.a = u.a AND u.v = 'x'", "where=[=(v, 'x')]");
}

static void orders_nobody_sees(void **state) {
    ground *g = *state;
    want(g, "SELECT a FROM t ORDER BY ts", "Sort(orderBy=[ts ASC])");
    want(g, "(SELECT a FROM t ORDER BY ts)", "Sort(orderBy=[ts ASC])");
    want(g, "SELECT a FROM sorted", "Sort(orderBy=[ts ASC])");
    want_not(g, "SELECT COUNT(*) FROM sorted", "Sort(");
    want_not(g, "SELECT l.a FROM sorted AS l JOIN u ON l.a = u.a", "Sort(");
    want_not(g, "SELECT a FROM sorted UNION ALL SELECT a FROM u", "Sort(");
    want_not(g, "SELECT a FROM (SELECT a, b FROM t ORDER BY b)", "Sort(");
    want_not(g, "WITH w AS (SELECT a, b FROM t ORDER BY b) SELECT a FROM w", "Sort(");
    want_not(g, "SELECT a FROM t WHERE a IN (SELECT a FROM u ORDER BY v)", "Sort(");
    want(g, "SELECT a FROM (SELECT a, b FROM t ORDER BY b LIMIT 2)", "Sort(orderBy=[b ASC], fetch=[2])");
    want(g, "SELECT COUNT(*) FROM (SELECT a FROM sorted LIMIT 2)", "Sort(orderBy=[], fetch=[2])");
}

/* ---- joins ---- */

static void join_keys(void **state) {
    ground *g = *state;
    want(g, "SELECT t.s, u.v FROM t JOIN u ON t.a + 1 = u.a", "on=[$f5 = a]");
    want(g, "SELECT t.s, u.v FROM t JOIN u ON t.a = u.k", "on=[$f5 = k]");
    want(g, "SELECT t.s, u.v FROM t JOIN u ON t.a IS NOT DISTINCT FROM u.a", "on=[a IS NOT DISTINCT FROM a]");
    want(g, "SELECT t.s, u.v FROM t JOIN u ON t.a = u.a AND t.b < u.k", "on=[a = a], where=[<(b, k)]");
    want(g, "SELECT t.s, u.v FROM t JOIN u ON t.a < u.a", "where=[<(a, a)]");
    want(g, "SELECT t.s, u.v FROM t JOIN u ON t.a = u.a OR t.b = u.k", "where=[OR(");
    want(g, "SELECT s FROM t WHERE a NOT IN (SELECT a FROM u)", "joinType=[LeftAntiJoin], on=[a = a], nullAware=[true]");
    want(g, "SELECT s FROM t WHERE 5 NOT IN (SELECT a FROM u)", "IS NOT FALSE(");
    want(g, "SELECT s FROM t WHERE a IN (SELECT a FROM u WHERE u.k > t.b)", "joinType=[LeftSemiJoin], on=[a = a], where=[>(k, b)]");
    want_batch(g, "SELECT t.s, u.v FROM t JOIN u ON t.ts = u.ts", "Join(joinType=[InnerJoin], on=[ts = ts])");
}

static void interval_joins(void **state) {
    ground *g = *state;
#define TU "SELECT t.s, u.v FROM t JOIN u ON t.a = u.a AND "
    want(g, TU "u.ts BETWEEN t.ts - INTERVAL '1' MINUTE AND t.ts + INTERVAL '2' MINUTE", "interval=[-60000 ms, 120000 ms]");
    want(g, TU "t.ts >= u.ts - INTERVAL '1' MINUTE AND u.ts > t.ts", "interval=[1 ms, 60000 ms]");
    want(g, TU "t.ts + INTERVAL '1' SECOND < u.ts AND u.ts - INTERVAL '1' MINUTE <= t.ts + INTERVAL '1' SECOND",
         "interval=[1001 ms, 61000 ms]");
    want(g, TU "t.ts = u.ts", "IntervalJoin(joinType=[InnerJoin], on=[a = a, ts = ts], interval=[0 ms, 0 ms]");
    want(g, TU "u.ts > t.ts", " Join(joinType=[InnerJoin], on=[a = a], where=[>(ts, ts)])");
    want(g, TU "u.ts BETWEEN t.ts AND t.ts + INTERVAL '1' MINUTE AND t.b < u.k", "where=[<(b, k)], interval=[0 ms, 60000 ms]");
    want(g, "SELECT t.s FROM t, u WHERE u.ts BETWEEN t.ts AND t.ts + INTERVAL '1' MINUTE",
         "IntervalJoin(joinType=[InnerJoin], where=[true], interval");
    want(g, "SELECT t.s FROM t LEFT JOIN u ON t.a = u.a AND u.ts BETWEEN t.ts AND t.ts + INTERVAL '1' MINUTE",
         "IntervalJoin(joinType=[LeftOuterJoin]");
    want_batch(g, TU "u.ts BETWEEN t.ts AND t.ts + INTERVAL '1' MINUTE", " Join(joinType=[InnerJoin], on=[a = a], where=[AND(");
    /* after it time goes on; after a regular join it does not */
    want(g,
         "SELECT window_end, COUNT(*) FROM TABLE(TUMBLE((SELECT t.ts FROM t JOIN u ON t.a = u.a AND u.ts BETWEEN t.ts AND t.ts + INTERVAL "
         "'1' "
         "MINUTE), DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end",
         "WindowAggregate(");
    want_error(g,
               "SELECT window_end, COUNT(*) FROM TABLE(TUMBLE((SELECT t.ts FROM t JOIN u ON t.a = u.a), DESCRIPTOR(ts), INTERVAL '1' "
               "MINUTE)) GROUP BY "
               "window_start, window_end",
               false, "requires the timecol is a time attribute type");
}

static void temporal_joins(void **state) {
    ground *g = *state;
#define RATES "rates FOR SYSTEM_TIME AS OF t.ts AS r ON "
    want(g, "SELECT t.s, r.rate FROM t JOIN " RATES "t.s = r.cur", "TemporalJoin(joinType=[InnerJoin], on=[s = cur], time=[ts, ts])");
    want(g, "SELECT t.s, r.rate FROM t LEFT JOIN " RATES "UPPER(t.s) = r.cur AND r.rate > 1",
         "TemporalJoin(joinType=[LeftOuterJoin], on=[$f5 = cur], where=[>(rate, 1)]");
    want(g, "SELECT t.s, r.rate FROM t JOIN " RATES "t.s = r.cur WHERE r.rate > 1 AND t.a = 1",
         "Filter(where=[>(rate, 1)])\n+- TemporalJoin");
    want(g,
         "WITH w AS (SELECT * FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY v ORDER BY ts DESC) AS n FROM u) WHERE n = 1) "
         "SELECT t.s, r.v FROM t JOIN w FOR SYSTEM_TIME AS OF t.ts AS r ON t.s = r.v",
         "DropUpdateBefore(");
    want_error(g, "SELECT t.s FROM t JOIN " RATES "t.a = r.rate", false, "Temporal table's primary key must be included");
    want_error(g, "SELECT t.s FROM t RIGHT JOIN " RATES "t.s = r.cur", false, "INNER and LEFT joins only");
    want_error(g, "SELECT t.s FROM t JOIN u FOR SYSTEM_TIME AS OF t.ts AS r ON t.s = r.v", false, "requires primary key");
    want_error(g, "SELECT u.v FROM u JOIN rates FOR SYSTEM_TIME AS OF u.pt AS r ON u.v = r.cur", false,
               "Processing-time temporal join is not supported yet");
    want_error(g, "SELECT t.s FROM t JOIN " RATES "t.s = r.cur", true, "batch mode");
}

/* ---- windows ---- */

#define TUMBLE_T "TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '1' MINUTE))"

static void window_aggregates(void **state) {
    ground *g = *state;
    want(g, "SELECT window_start, a, COUNT(*) FROM " TUMBLE_T " WHERE b > 1 GROUP BY window_start, window_end, a",
         "WindowAggregate(groupBy=[a], window=[TUMBLE(size=60000 ms)], time=[ts], select=[COUNT(*)])");
    want_not(g, "SELECT window_start, a, COUNT(*) FROM " TUMBLE_T " GROUP BY window_start, window_end, a", "WindowTableFunction");
    want(g, "SELECT window_start, MAX(window_end) FROM " TUMBLE_T " GROUP BY window_start, window_end",
         "bounds=[window_start, window_end]");
    want(g, "SELECT window_end, COUNT(*) FROM " TUMBLE_T " GROUP BY window_end", "GroupAggregate(groupBy=[window_end]");
    want(g, "SELECT window_time, COUNT(*) FROM " TUMBLE_T " GROUP BY window_start, window_end, window_time", "WindowAggregate(");
    want(g,
         "SELECT window_start, s, a, COUNT(*), GROUPING(s) FROM " TUMBLE_T " GROUP BY window_start, window_end, GROUPING SETS ((s), (a))",
         "bounds=[window_start, window_end], select=[COUNT(*)])\n+- Expand(sets=[2])");
    want(g, "SELECT s, a, COUNT(*) FROM " TUMBLE_T " GROUP BY GROUPING SETS ((s, window_start, window_end), (a))", "GroupAggregate(");
    /* windows of windows */
    want(g,
         "SELECT window_start, MAX(c) FROM (SELECT window_start, window_end, a, COUNT(*) AS c FROM " TUMBLE_T
         " GROUP BY window_start, window_end, a) GROUP BY window_start, window_end",
         "bounds=[window_start, window_end], select=[MAX(c)])");
    want(g,
         "SELECT window_start, COUNT(*) FROM TABLE(SESSION(TABLE t PARTITION BY a, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY "
         "window_start, window_end, a",
         "WindowAggregate(groupBy=[a], window=[SESSION(gap=60000 ms)], time=[ts]");
    want(g,
         "SELECT window_start, COUNT(*) FROM TABLE(SESSION(TABLE t PARTITION BY a, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY "
         "window_start, window_end, s",
         "GroupAggregate(groupBy=[window_start, window_end, s], select=[COUNT(*)])"); /* no window aggregate: other keys */
    want(g, "SELECT TUMBLE_START(ts, INTERVAL '1' MINUTE), COUNT(*) FROM t GROUP BY TUMBLE(ts, INTERVAL '1' MINUTE)",
         "GroupAggregate(groupBy=[], window=[TUMBLE");
}

static void window_joins(void **state) {
    ground *g = *state;
#define WINDOWS(size) "(SELECT * FROM TABLE(TUMBLE(TABLE u, DESCRIPTOR(ts), INTERVAL '" size "' MINUTE)))"
#define EQUAL " ON l.window_start = r.window_start AND l.window_end = r.window_end"
    want(g, "SELECT l.v FROM " WINDOWS("5") " l JOIN " WINDOWS("5") " r" EQUAL " AND l.a = r.a",
         "WindowJoin(joinType=[InnerJoin], on=[a = a], time=[window_end, window_end])");
    want(g, "SELECT l.v FROM " WINDOWS("5") " l LEFT JOIN " WINDOWS("5") " r" EQUAL, "WindowJoin(joinType=[LeftOuterJoin]");
    want(g, "SELECT l.v FROM " WINDOWS("5") " l JOIN " WINDOWS("10") " r" EQUAL, " Join(");
    want(g, "SELECT l.v FROM " WINDOWS("5") " l JOIN " WINDOWS("5") " r ON l.window_start = r.window_start", " Join(");
    want_batch(g, "SELECT l.v FROM " WINDOWS("5") " l JOIN " WINDOWS("5") " r" EQUAL, " Join(");
    want_error(g,
               "SELECT l.v FROM (SELECT * FROM TABLE(TUMBLE(TABLE u, DESCRIPTOR(pt), INTERVAL '5' MINUTE))) l JOIN (SELECT * FROM "
               "TABLE(TUMBLE(TABLE u, "
               "DESCRIPTOR(pt), INTERVAL '5' MINUTE))) r" EQUAL,
               false, "Processing time Window Join is not supported yet.");
}

/* ---- Top-N ---- */

#define NUMBERED(function, partition, order) "(SELECT *, " function "() OVER (PARTITION BY " partition " ORDER BY " order ") AS n FROM t)"

static void top_n(void **state) {
    ground *g = *state;
    want(g, "SELECT a, b, n FROM " NUMBERED("ROW_NUMBER", "a", "b DESC") " WHERE n <= 3",
         "Rank(function=[ROW_NUMBER], range=[1 to 3], partitionBy=[a], orderBy=[b DESC], number=[true])");
    want(g, "SELECT a, b FROM " NUMBERED("ROW_NUMBER", "a", "b DESC") " WHERE 3 >= n AND n > 1",
         "range=[2 to 3], partitionBy=[a], orderBy=[b DESC])");
    want(g, "SELECT a, b FROM " NUMBERED("ROW_NUMBER", "a", "b") " WHERE n BETWEEN 2 AND 5 AND s = 'x'",
         "Filter(where=[=(s, 'x')])\n+- Rank(");
    want(g, "SELECT a, b FROM " NUMBERED("ROW_NUMBER", "a", "b") " WHERE n < 3 AND a = 5", "Filter(where=[=(a, 5)])\n+- WatermarkAssigner");
    want(g, "SELECT a, b FROM " NUMBERED("ROW_NUMBER", "a", "b") " WHERE n <= a", "range=[1 to a]");
    want(g, "SELECT a, n FROM " NUMBERED("ROW_NUMBER", "a", "b") " WHERE n = 2", "select=[a, 2 AS n]");
    want(g, "SELECT a, n FROM " NUMBERED("ROW_NUMBER", "a", "b") " WHERE n <> 2", "OverAggregate(");
    want(g, "SELECT a, n FROM " NUMBERED("ROW_NUMBER", "a", "b") " WHERE n <= 2 OR a = 1", "OverAggregate(");
    want(g, "SELECT a, n FROM " NUMBERED("ROW_NUMBER", "a", "b") " WHERE n >= 3 AND n <= 2", "Values(rows=[0])");
    want(g, "SELECT a, n FROM " NUMBERED("ROW_NUMBER", "a", "b") " WHERE n <= b", "range=[1 to b]");
    want_batch(g, "SELECT a, n FROM " NUMBERED("ROW_NUMBER", "a", "b") " WHERE n <= b", "OverAggregate(");
    want_batch(g, "SELECT a, n FROM " NUMBERED("ROW_NUMBER", "a", "b") " WHERE n > 2", "OverAggregate(");
    want_error(g, "SELECT a, n FROM " NUMBERED("ROW_NUMBER", "a", "b") " WHERE n > 2", false, "Rank end is not specified");
    want_error(g, "SELECT a, n FROM " NUMBERED("ROW_NUMBER", "a", "b") " WHERE n <= 0", false,
               "Rank end should not less than zero, but now is 0");
    want_error(g, "SELECT a, n FROM " NUMBERED("RANK", "a", "b") " WHERE n <= 2", false,
               "RANK() on streaming table is not supported currently");
    want_batch(g, "SELECT a, n FROM " NUMBERED("DENSE_RANK", "a", "b") " WHERE n <= 2", "Rank(function=[DENSE_RANK], range=[1 to 2]");
    want_batch(
        g,
        "SELECT * FROM (SELECT a, ROW_NUMBER() OVER (PARTITION BY a ORDER BY b) AS n, COUNT(*) OVER (PARTITION BY s ORDER BY b) AS c FROM "
        "t) WHERE n <= 2",
        "OverAggregate(partitionBy=[a]");
}

static void deduplication(void **state) {
    ground *g = *state;
    want(g, "SELECT a, b FROM " NUMBERED("ROW_NUMBER", "a", "ts") " WHERE n = 1", "Deduplicate(keep=[FirstRow], key=[a], order=[ROWTIME])");
    want(g, "SELECT a, b, n FROM " NUMBERED("ROW_NUMBER", "a", "ts DESC") " WHERE n <= 1",
         "Deduplicate(keep=[LastRow], key=[a], order=[ROWTIME])");
    want(g, "SELECT a, v FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY a ORDER BY pt) AS n FROM u) WHERE n = 1",
         "Deduplicate(keep=[FirstRow], key=[a], order=[PROCTIME])");
    want(g, "SELECT a, b FROM " NUMBERED("ROW_NUMBER", "a", "ts, b") " WHERE n = 1", "Rank(");
    want(g, "SELECT a, b FROM " NUMBERED("ROW_NUMBER", "a", "ts") " WHERE n <= 2", "Rank(");
    want_batch(g, "SELECT a, b FROM " NUMBERED("ROW_NUMBER", "a", "ts") " WHERE n = 1", "Rank(");
    want(g, "SELECT id, v FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY v ORDER BY id) AS n FROM cdc) WHERE n = 1", "Rank(");
}

static void window_top_n(void **state) {
    ground *g = *state;
#define WINDOWED(function, more) "(SELECT *, " function "() OVER (PARTITION BY window_start, window_end" more ") AS n FROM " TUMBLE_T ")"
    want(g, "SELECT a, n FROM " WINDOWED("ROW_NUMBER", ", a ORDER BY b") " WHERE n <= 2",
         "WindowRank(range=[1 to 2], windowEnd=[window_end], partitionBy=[a], orderBy=[b ASC])");
    want(g, "SELECT a, n FROM " WINDOWED("ROW_NUMBER", " ORDER BY b") " WHERE n <= 2", "partitionBy=[], orderBy=[b ASC])");
    want(g, "SELECT a FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY window_start ORDER BY b) AS n FROM " TUMBLE_T ") WHERE n <= 2",
         " Rank(");
    want_batch(g, "SELECT a, n FROM " WINDOWED("ROW_NUMBER", " ORDER BY b") " WHERE n <= 2", " Rank(");
    want_error(g, "SELECT a FROM " WINDOWED("RANK", " ORDER BY b") " WHERE n <= 2", false,
               "RANK() function is not supported on Window TopN currently");
}

/* ---- set operations ---- */

static void set_operations(void **state) {
    ground *g = *state;
    want(g, "SELECT a FROM t INTERSECT SELECT a FROM u",
         "GroupAggregate(groupBy=[a], select=[])\n+- Join(joinType=[LeftSemiJoin], on=[a IS NOT DISTINCT FROM a])");
    want(g, "SELECT a FROM t EXCEPT SELECT a FROM u", "Join(joinType=[LeftAntiJoin], on=[a IS NOT DISTINCT FROM a])");
    want(g, "SELECT a FROM t INTERSECT ALL SELECT a FROM u", "ReplicateRows(");
    want(g, "SELECT a FROM t EXCEPT ALL SELECT a FROM u", "select=[SUM(");
    want(g, "SELECT a, s FROM t UNION SELECT a, v FROM u", "SetOperation(UNION)");
}

/* ---- columns ---- */

static void columns_pruned(void **state) {
    ground *g = *state;
    want(g, "SELECT s FROM t", "fields=[s, ts])");
    want(g, "SELECT COUNT(*) FROM t", "fields=[ts])");
    want(g, "SELECT COUNT(*) FROM cdc", "fields=[id])");
    want(g, "SELECT id FROM n", "fields=[id])");
    want(g, "SELECT t.s FROM t JOIN u ON t.a = u.a WHERE u.k > 1", "fields=[a, k, ts])");
    want(g, "SELECT s FROM (SELECT s, a, COUNT(*) AS c, SUM(b) AS x FROM t GROUP BY s, a)", "select=[])");
    want(g, "SELECT x FROM (SELECT s, COUNT(*) AS c, SUM(b) AS x FROM t GROUP BY s)", "select=[SUM(b)])");
    want(g, "SELECT 1 FROM (SELECT COUNT(*) AS c, SUM(b) AS x FROM t)", "select=[COUNT(*)])");
    want_not(g, "SELECT a FROM (SELECT a, SUM(b) OVER (PARTITION BY a ORDER BY ts) AS x FROM t)", "OverAggregate");
    want(g, "SELECT x FROM (SELECT a, SUM(b) OVER (ORDER BY ts) AS x, COUNT(*) OVER (ORDER BY ts) AS c FROM t)", "select=[SUM(b)])");
    want(g, "SELECT a FROM t UNION ALL SELECT a FROM u", "fields=[a, ts])");
    want(g, "SELECT a FROM t UNION SELECT a FROM u", "SetOperation(UNION)");
    want_batch(g, "SELECT a FROM (VALUES (1, 'x'), (2, 'y')) AS v(a, b)", "Values(rows=[2])");
}

static void nested_columns_pruned(void **state) {
    ground *g = *state;
    want(g, "SELECT r.x FROM n", "fields=[r], r=[x])");
    want(g, "SELECT r.x, r.z.q FROM n WHERE r.y = 'a'", "fields=[r], r=[x, y, z])");
    want(g, "SELECT q.x FROM (SELECT r AS q, id FROM n WHERE id > 1) AS p", "fields=[id, r], r=[x])");
    want_not(g, "SELECT r.x, r FROM n", "r=[");
    want_not(g, "SELECT r.x FROM n WHERE r IS NOT NULL", "r=[");
    want(g, "SELECT r.x, other.x FROM n", "fields=[r, other], r=[x], other=[x])");
    want(g, "SELECT id, e FROM n CROSS JOIN UNNEST(items) AS i(e)", "fields=[id, items])");
    want_not(g, "SELECT p.r.x FROM n AS p JOIN n AS q ON p.r = q.r", "r=[x]");
    want(g, "SELECT COUNT(*) FROM (SELECT r.x, r.y FROM n)", "TableSourceScan(");
}

/* What several consumers read stays one node: the scan gives what all of them need. */
static void sharing(void **state) {
    ground *g = *state;
    want(g, "SELECT x.a, y.s FROM t AS x JOIN t AS y ON x.a = y.a", "see #1");
    want(g, "WITH c AS (SELECT a, COUNT(*) AS n FROM t GROUP BY a) SELECT p.n FROM c AS p JOIN c AS q ON p.a = q.a WHERE p.a = 1", "see #");
    assert_non_null(strstr(plan_text, "GroupAggregate(groupBy=[a], select=[COUNT(*)]) #1"));
    assert_non_null(strstr(plan_text, "GroupAggregate(groupBy=[a], select=[COUNT(*)]) see #1"));
    /* equal subqueries are one, but for what gives something else each time; so are windows of them */
    want(g,
         "SELECT p.n FROM (SELECT a, COUNT(*) AS n FROM t GROUP BY a) AS p JOIN (SELECT a, COUNT(*) AS n FROM t GROUP BY a) AS q ON p.a = "
         "q.n",
         "GroupAggregate(groupBy=[a], select=[COUNT(*)]) see #1");
    want_not(g,
             "SELECT p.n FROM (SELECT a, COUNT(*) AS n FROM t GROUP BY a) AS p JOIN (SELECT a, COUNT(DISTINCT a) AS n FROM t GROUP BY a) "
             "AS q ON p.a = q.n",
             ")]) see #");
    want(g, "SELECT p.x FROM (SELECT a, RAND() AS x FROM t) AS p JOIN (SELECT a, RAND() AS x FROM t) AS q ON p.a = q.a",
         "Project(select=[a])");
    want(g,
         "SELECT l.c FROM (SELECT window_end, COUNT(*) AS c FROM " TUMBLE_T
         " GROUP BY window_start, window_end) AS l JOIN (SELECT window_end, COUNT(*) "
         "AS c FROM " TUMBLE_T " GROUP BY window_start, window_end) AS r ON l.c = r.c",
         "Project(select=[EXPR$0 AS c]) see #1");
    /* A long chain of doublings is walked once for each node, not once for each path. */
    weir_builder sql;
    weir_builder_init(&sql, &g->memory, 1 << 16);
    weir_builder_c(&sql, "WITH c0 AS (SELECT a FROM t)");
    for (int i = 1; i <= 18; i++)
        weir_builder_format(&sql, ", c%d AS (SELECT a FROM c%d UNION ALL SELECT a FROM c%d)", i, i - 1, i - 1);
    weir_builder_c(&sql, " SELECT COUNT(*) FROM c18");
    want(g, sql.data, "see #1");
    weir_builder_deinit(&sql);
}

/* ---- memory ---- */

static void memory_fails(void **state) {
    static const char *const queries[] = {
        "SELECT t.s, u.v FROM t JOIN u ON t.a + 1 = u.k WHERE t.b > 1 AND u.v = 'x'",
        "SELECT window_start, a, COUNT(*) FROM " TUMBLE_T " GROUP BY window_start, window_end, a",
        "SELECT a, n FROM " NUMBERED("ROW_NUMBER", "a", "b") " WHERE n <= 2",
        "SELECT a FROM t INTERSECT ALL SELECT a FROM u",
        "SELECT r.x FROM n WHERE r.y = 'a'",
    };
    ground *g = *state;
    for (size_t q = 0; q < sizeof queries / sizeof *queries; q++) {
        weir_plan_settings settings = settings_of(g, false, false);
        weir_error error;
        bind_sql(g, queries[q], false);
        for (uint64_t nth = 1;; nth++) {
            weir_arena arena;
            weir_plan plan;
            weir_arena_init(&arena, &g->memory);
            weir_memory_fail_after(nth, true);
            weir_status status = weir_plan_optimize(&arena, &g->plan, &settings, &plan, &error);
            bool reached = weir_memory_tries() >= nth;
            weir_memory_fail_after(0, false);
            weir_arena_deinit(&arena);
            assert_int_equal(status, reached ? WEIR_MEMORY : WEIR_OK);
            if (!reached)
                break;
            assert_true(nth < 1000);
        }
    }
}

int main(void) {
#define RULE_TEST(test) cmocka_unit_test_setup_teardown(test, rules_open, ground_close)
    const struct CMUnitTest tests[] = {
        RULE_TEST(constant_filters),
        RULE_TEST(filters_move_down),
        RULE_TEST(filters_and_joins),
        RULE_TEST(orders_nobody_sees),
        RULE_TEST(join_keys),
        RULE_TEST(interval_joins),
        RULE_TEST(temporal_joins),
        RULE_TEST(window_aggregates),
        RULE_TEST(window_joins),
        RULE_TEST(top_n),
        RULE_TEST(deduplication),
        RULE_TEST(window_top_n),
        RULE_TEST(set_operations),
        RULE_TEST(columns_pruned),
        RULE_TEST(nested_columns_pruned),
        RULE_TEST(sharing),
        RULE_TEST(memory_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
