/* Queries: clauses, FROM, set operations and their precedence, MATCH_RECOGNIZE, hints. */
#include "sql_test.h"

static void test_select(void **state) {
    (void)state;
    sql_query("select 1", "SELECT 1");
    sql_query("select all a, b as c, t.*, * from t", "SELECT `a`, `b` AS `c`, `t`.*, *\nFROM `t`");
    sql_query("select distinct a b from x.y.z as t (c, d)", "SELECT DISTINCT `a` AS `b`\nFROM `x`.`y`.`z` AS `t` (`c`, `d`)");
    sql_query("select a from t where b group by a, (b, c), () having d qualify e = 1",
        "SELECT `a`\nFROM `t`\nWHERE `b`\nGROUP BY `a`, (`b`, `c`), ()\nHAVING `d`\nQUALIFY `e` = 1");
    sql_query("select a from t group by grouping sets ((a, b), a, ()), rollup(a, b), cube((a, b), c)",
        "SELECT `a`\nFROM `t`\nGROUP BY GROUPING SETS((`a`, `b`), `a`, ()), ROLLUP(`a`, `b`), CUBE((`a`, `b`), `c`)");
    sql_query("select sum(a) over w from t window w as (partition by b), v as (w order by c)",
        "SELECT SUM(`a`) OVER `w`\nFROM `t`\nWINDOW `w` AS (PARTITION BY `b`), `v` AS (`w` ORDER BY `c`)");
    sql_query("select a from t order by 1 desc, b nulls first limit 10 offset 5 rows",
        "SELECT `a`\nFROM `t`\nORDER BY 1 DESC, `b` NULLS FIRST\nOFFSET 5 ROWS\nFETCH NEXT 10 ROWS ONLY");
    sql_query("select a from t limit all", "SELECT `a`\nFROM `t`");
    sql_query("select a from t offset 1 row fetch first 2 rows only", "SELECT `a`\nFROM `t`\nOFFSET 1 ROWS\nFETCH NEXT 2 ROWS ONLY");
}

static void test_from(void **state) {
    (void)state;
    sql_query("select * from a, b join c on x left outer join d using (y, z)",
        "SELECT *\nFROM `a`,\n`b`\nINNER JOIN `c` ON `x`\nLEFT JOIN `d` USING (`y`, `z`)");
    sql_query("select * from a cross join b natural full join c right join d on e",
        "SELECT *\nFROM `a`\nCROSS JOIN `b`\nNATURAL FULL JOIN `c`\nRIGHT JOIN `d` ON `e`");
    sql_query("select * from a join (b join c on x) on y", "SELECT *\nFROM `a`\nINNER JOIN (`b`\nINNER JOIN `c` ON `x`) ON `y`");
    sql_query("select * from (select 1) t", "SELECT *\nFROM (SELECT 1) AS `t`");
    sql_query("select * from ((select 1) union (select 2)) t", "SELECT *\nFROM (SELECT 1\nUNION\nSELECT 2) AS `t`");
    sql_query("select * from (values (1, 'a'), (2, 'b')) as t (x, y)", "SELECT *\nFROM (VALUES (1, 'a'), (2, 'b')) AS `t` (`x`, `y`)");
    sql_query("select * from a, lateral table(f(a.x)) as t(y)", "SELECT *\nFROM `a`,\nLATERAL TABLE(F(`a`.`x`)) AS `t` (`y`)");
    sql_query("select * from a, lateral (select * from b)", "SELECT *\nFROM `a`,\nLATERAL (SELECT *\nFROM `b`)");
    sql_query("select * from f(1)", "SELECT *\nFROM TABLE(F(1))");
    sql_query("select * from a cross join unnest(a.b) with ordinality as t (c, d)",
        "SELECT *\nFROM `a`\nCROSS JOIN UNNEST(`a`.`b`) WITH ORDINALITY AS `t` (`c`, `d`)");
    sql_query("select * from table(tumble(table t, descriptor(ts), interval '1' minute))",
        "SELECT *\nFROM TABLE(TUMBLE(TABLE `t`, DESCRIPTOR(`ts`), INTERVAL '1' MINUTE))");
    sql_query("select * from table(hop(data => table t, timecol => descriptor(ts), slide => interval '1' minute))",
        "SELECT *\nFROM TABLE(HOP(`data` => TABLE `t`, `timecol` => DESCRIPTOR(`ts`), `slide` => INTERVAL '1' MINUTE))");
    sql_query("select * from a join r for system_time as of a.t as b on a.k = b.k",
        "SELECT *\nFROM `a`\nINNER JOIN `r` FOR SYSTEM_TIME AS OF `a`.`t` AS `b` ON `a`.`k` = `b`.`k`");
    sql_query("select * from t tablesample bernoulli(10) repeatable (5)", "SELECT *\nFROM `t` TABLESAMPLE BERNOULLI(10) REPEATABLE(5)");
    sql_query("select * from t /*+ options('a' = 'b') */ as x", "SELECT *\nFROM `t` /*+ `options`('a' = 'b') */ AS `x`");
    sql_query("select /*+ broadcast(a, b), state_ttl('a' = '1d') */ 1 from a",
        "SELECT /*+ `broadcast`('a', 'b'), `state_ttl`('a' = '1d') */ 1\nFROM `a`");
}

static void test_set_operations(void **state) {
    (void)state;
    sql_query("select 1 union select 2 intersect select 3", "SELECT 1\nUNION\nSELECT 2\nINTERSECT\nSELECT 3");
    sql_query("(select 1 union select 2) intersect select 3", "(SELECT 1\nUNION\nSELECT 2)\nINTERSECT\nSELECT 3");
    sql_query("select 1 except (select 2 union all select 3)", "SELECT 1\nEXCEPT\n(SELECT 2\nUNION ALL\nSELECT 3)");
    sql_query("select 1 minus distinct select 2", "SELECT 1\nEXCEPT\nSELECT 2");
    sql_query("select a from t union all select b from u order by 1 limit 2",
        "SELECT `a`\nFROM `t`\nUNION ALL\nSELECT `b`\nFROM `u`\nORDER BY 1\nFETCH NEXT 2 ROWS ONLY");
    sql_query("(select 1 order by 1) union (select 2 limit 1)", "(SELECT 1\nORDER BY 1)\nUNION\n(SELECT 2\nFETCH NEXT 1 ROWS ONLY)");
    sql_query("(select 1 limit 1) limit 2", "(SELECT 1\nFETCH NEXT 1 ROWS ONLY)\nFETCH NEXT 2 ROWS ONLY");
}

static void test_with(void **state) {
    (void)state;
    sql_query("with a as (select 1), b (x) as (select 2) select * from a, b",
        "WITH `a` AS (SELECT 1), `b` (`x`) AS (SELECT 2)\nSELECT *\nFROM `a`,\n`b`");
    sql_query("values 1, (2), row(3)", "VALUES (1), (2), ROW(3)");
    sql_query("table a.b", "TABLE `a`.`b`");
    sql_query("with a as (select 1) (select 2) order by 1", "WITH `a` AS (SELECT 1)\n(SELECT 2)\nORDER BY 1");
}

static void test_match(void **state) {
    (void)state;
    sql_query("select * from t match_recognize (partition by s order by ts measures last(a.p) as lp, final last(b.x) as y "
              "one row per match after match skip to last a pattern (^ s a* b+? (c | d){2,3} e{4} f{5,} g? $) within interval '1' hour "
              "subset u = (a, b) define a as a.p > prev(a.p, 1), b as true) as m",
        "SELECT *\nFROM `t` MATCH_RECOGNIZE(\nPARTITION BY `s`\nORDER BY `ts`\nMEASURES LAST(`a`.`p`) AS `lp`, FINAL LAST(`b`.`x`) AS `y`"
        "\nONE ROW PER MATCH\nAFTER MATCH SKIP TO LAST `a`\nPATTERN (^ `s` `a`* `b`+? (`c` | `d`){2,3} `e`{4} `f`{5,} `g`? $)"
        " WITHIN INTERVAL '1' HOUR\nSUBSET `u` = (`a`, `b`)\nDEFINE `a` AS `a`.`p` > PREV(`a`.`p`, 1), `b` AS TRUE) AS `m`");
    sql_query("select * from t match_recognize (all rows per match after match skip past last row "
              "pattern (permute(a, b) {- c -} () (a b)+ a{,3}) define a as true)",
        "SELECT *\nFROM `t` MATCH_RECOGNIZE(\nALL ROWS PER MATCH\nAFTER MATCH SKIP PAST LAST ROW"
        "\nPATTERN (PERMUTE(`a`, `b`) {- `c` -} () (`a` `b`)+ `a`{,3})\nDEFINE `a` AS TRUE)");
    sql_query("select * from t match_recognize (after match skip to next row pattern (a | b c) define a as true)",
        "SELECT *\nFROM `t` MATCH_RECOGNIZE(\nAFTER MATCH SKIP TO NEXT ROW\nPATTERN (`a` | `b` `c`)\nDEFINE `a` AS TRUE)");
}

static void test_dump(void **state) {
    (void)state;
    sql_parses("select a, count(*) n from t where b > 'x' group by a",
        "SELECT @1:1\n"
        "  select @1:1\n"
        "    item @1:8\n"
        "      name: `a` @1:8\n"
        "    item @1:11\n"
        "      call @1:11\n"
        "        function: `count` @1:11\n"
        "        star\n"
        "      alias: `n` @1:20\n"
        "    from: table @1:27\n"
        "      name: `t` @1:27\n"
        "    where: binary > @1:35\n"
        "      name: `b` @1:35\n"
        "      literal string @1:39\n"
        "        'x'\n"
        "    group by: expression @1:52\n"
        "      name: `a` @1:52\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_select),
        cmocka_unit_test(test_from),
        cmocka_unit_test(test_set_operations),
        cmocka_unit_test(test_with),
        cmocka_unit_test(test_match),
        cmocka_unit_test(test_dump),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
