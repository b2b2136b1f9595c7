/* Expressions: precedence, every kind of node, and the way back to SQL. */
#include "sql_test.h"

static void test_precedence(void **state) {
    (void)state;
    sql_expr("a+b*c", "`a` + `b` * `c`");
    sql_expr("(a+b)*c", "(`a` + `b`) * `c`");
    sql_expr("a-(b-c)", "`a` - (`b` - `c`)");
    sql_expr("a-b-c", "`a` - `b` - `c`");
    sql_expr("a + b || c", "`a` + `b` || `c`");
    sql_expr("(a + b) || c", "(`a` + `b`) || `c`");
    sql_expr("a or b and not c = d", "`a` OR `b` AND NOT `c` = `d`");
    sql_expr("(a or b) and c", "(`a` OR `b`) AND `c`");
    sql_expr("not (a and b)", "NOT (`a` AND `b`)");
    sql_expr("not a is null", "NOT `a` IS NULL");
    sql_expr("a = b is null", "`a` = `b` IS NULL");
    sql_expr("a = (b is null)", "`a` = (`b` IS NULL)");
    sql_expr("a = b in (1)", "`a` = `b` IN (1)");
    sql_expr("-a * b", "- `a` * `b`");
    sql_expr("-(a * b)", "- (`a` * `b`)");
    sql_expr("- -1", "- -1");
    sql_expr("+1 % 2 / 3", "+1 % 2 / 3");
    sql_expr("a < b and c >= d or e <> f", "`a` < `b` AND `c` >= `d` OR `e` <> `f`");
    sql_expr("a between 1 and 2 and b", "`a` BETWEEN ASYMMETRIC 1 AND 2 AND `b`");
}

static void test_literals(void **state) {
    (void)state;
    sql_expr("007", "007");
    sql_expr("1.50", "1.50");
    sql_expr("1E3", "1E3");
    sql_expr("true", "TRUE");
    sql_expr("unknown", "UNKNOWN");
    sql_expr("null", "NULL");
    sql_expr("'it''s'", "'it''s'");
    sql_expr("'a'\n'b' -- c\n 'd'", "'abd'");
    sql_expr("U&'caf\\00e9\\\\'", "'caf\xC3\xA9\\'");
    sql_expr("U&'!D83D!DE00' UESCAPE '!'", "'\xF0\x9F\x98\x80'");
    sql_expr("U&'\\+01F600'", "'\xF0\x9F\x98\x80'");
    sql_expr("E'a\\tb\\x41\\101\\'\\u00e9'", "'a\tbAA''\xC3\xA9'");
    sql_expr("_UTF8'x'", "_UTF8'x'");
    sql_expr("N'x'", "'x'");
    sql_expr("x'0aFF'", "X'0aFF'");
    sql_expr("date '2024-01-01'", "DATE '2024-01-01'");
    sql_expr("time '1:2:3'", "TIME '1:2:3'");
    sql_expr("timestamp '2024-01-01 00:00:00'", "TIMESTAMP '2024-01-01 00:00:00'");
    sql_expr("timestamp with local time zone '2024-01-01 00:00:00'", "TIMESTAMP WITH LOCAL TIME ZONE '2024-01-01 00:00:00'");
    sql_expr("{d '2024-01-01'}", "DATE '2024-01-01'");
    sql_expr("{fn upper('a')}", "UPPER('a')");
    sql_expr("interval '5' seconds", "INTERVAL '5' SECOND");
    sql_expr("interval -'1:02' hour(3) to minute", "INTERVAL -'1:02' HOUR(3) TO MINUTE");
    sql_expr("interval '1' second(2, 6)", "INTERVAL '1' SECOND(2, 6)");
    sql_expr("interval '1 2' day to second(3)", "INTERVAL '1 2' DAY TO SECOND(3)");
    sql_expr("interval '1-2' year to month", "INTERVAL '1-2' YEAR TO MONTH");
    sql_expr("interval a.b day", "INTERVAL (`a`.`b`) DAY");
    sql_expr("interval 3 weeks", "INTERVAL (3) WEEK");
    sql_expr("decimal ' 1.5 '", "1.5");
}

static void test_predicates(void **state) {
    (void)state;
    sql_expr("a not between symmetric b and c", "`a` NOT BETWEEN SYMMETRIC `b` AND `c`");
    sql_expr("a not in (1, 2)", "`a` NOT IN (1, 2)");
    sql_expr("(a, b) in ((1, 2), (3, 4))", "(`a`, `b`) IN ((1, 2), (3, 4))");
    sql_expr("a in (select 1)", "`a` IN (SELECT 1)");
    sql_expr("a in ((select 1))", "`a` IN (SELECT 1)");
    sql_expr("a in ((select 1) union (select 2))", "`a` IN (SELECT 1\nUNION\nSELECT 2)");
    sql_expr("a like 'x%' escape '!'", "`a` LIKE 'x%' ESCAPE '!'");
    sql_expr("a not similar to 'x'", "`a` NOT SIMILAR TO 'x'");
    sql_expr("a is not distinct from b + 1", "`a` IS NOT DISTINCT FROM `b` + 1");
    sql_expr("a is not unknown", "`a` IS NOT UNKNOWN");
    sql_expr("a is json", "`a` IS JSON VALUE");
    sql_expr("a is not json object", "`a` IS NOT JSON OBJECT");
    sql_expr("a is json scalar", "`a` IS JSON SCALAR");
    sql_expr("exists (select 1)", "EXISTS (SELECT 1)");
    sql_expr("a = some (select 1)", "`a` = SOME (SELECT 1)");
    sql_expr("a > all (1, 2)", "`a` > ALL (1, 2)");
    sql_expr("(a, b) overlaps (c, d)", "(`a`, `b`) OVERLAPS (`c`, `d`)");
}

static void test_constructors(void **state) {
    (void)state;
    sql_expr("case when a then 1 else 2 end", "CASE WHEN `a` THEN 1 ELSE 2 END");
    sql_expr("case a when 1, 2 then 'x' when 3 then 'y' end", "CASE `a` WHEN 1 THEN 'x' WHEN 2 THEN 'x' WHEN 3 THEN 'y' END");
    sql_expr("row(1, 'a')", "ROW(1, 'a')");
    sql_expr("(1, 2)", "(1, 2)");
    sql_expr("array[1, 2]", "ARRAY[1, 2]");
    sql_expr("array[]", "ARRAY[]");
    sql_expr("array(select 1)", "ARRAY(SELECT 1)");
    sql_expr("array(1, 2)", "ARRAY(1, 2)");
    sql_expr("map['a', 1]", "MAP['a', 1]");
    sql_expr("map", "`map`");
    sql_expr("multiset[1]", "MULTISET[1]");
    sql_expr("a[1].b[2]", "`a`[1].`b`[2]");
    sql_expr("f(x).a.b", "F(`x`).`a`.`b`");
    sql_expr("(a).b", "(`a`).`b`");
    sql_expr("m['k']", "`m`['k']");
    sql_expr("(select 1)", "(SELECT 1)");
    sql_expr("((select 1) + 1)", "(SELECT 1) + 1");
    sql_expr("((select 1) union all (select 2))", "(SELECT 1\nUNION ALL\nSELECT 2)");
    sql_expr("(a - b) day", "(`a` - `b`) DAY");
    sql_expr("(a - b) second(3)", "(`a` - `b`) SECOND(3)");
}

static void test_functions(void **state) {
    (void)state;
    sql_expr("count(*)", "COUNT(*)");
    sql_expr("count(distinct a)", "COUNT(DISTINCT `a`)");
    sql_expr("cat.db.f(1)", "`cat`.`db`.`f`(1)");
    sql_expr("f()", "F()");
    sql_expr("current_date", "CURRENT_DATE");
    sql_expr("localtimestamp", "LOCALTIMESTAMP");
    sql_expr("left(a, 1)", "LEFT(`a`, 1)");
    sql_expr("cast(a as decimal(10, 2))", "CAST(`a` AS DECIMAL(10, 2))");
    sql_expr("try_cast(a as int array)", "TRY_CAST(`a` AS ARRAY<INT>)");
    sql_expr("cast(a as interval day to second(3))", "CAST(`a` AS INTERVAL DAY TO SECOND(3))");
    sql_expr("extract(year from a)", "EXTRACT(YEAR FROM `a`)");
    sql_expr("floor(a to day)", "FLOOR(`a` TO DAY)");
    sql_expr("ceiling(a)", "CEIL(`a`)");
    sql_expr("substring(a from 1 for 2)", "SUBSTRING(`a` FROM 1 FOR 2)");
    sql_expr("substring(a, 1)", "SUBSTRING(`a`, 1)");
    sql_expr("trim(a)", "TRIM(`a`)");
    sql_expr("trim('x' from a)", "TRIM(BOTH 'x' FROM `a`)");
    sql_expr("trim(leading from a)", "TRIM(LEADING ' ' FROM `a`)");
    sql_expr("trim(trailing 'x' from a)", "TRIM(TRAILING 'x' FROM `a`)");
    sql_expr("trim(both a)", "TRIM(BOTH ' ' FROM `a`)");
    sql_expr("position('a' in b)", "POSITION('a' IN `b`)");
    sql_expr("position(a || b in c from 2)", "POSITION((`a` || `b`) IN `c` FROM 2)");
    sql_expr("overlay(a placing b from 1 for 2)", "OVERLAY(`a` PLACING `b` FROM 1 FOR 2)");
    sql_expr("timestampadd(sql_tsi_day, 1, t)", "TIMESTAMPADD(DAY, 1, `t`)");
    sql_expr("timestampdiff(month, a, b)", "TIMESTAMPDIFF(MONTH, `a`, `b`)");
    sql_expr("sum(a) filter (where b > 1)", "SUM(`a`) FILTER (WHERE `b` > 1)");
    sql_expr("listagg(a, ',') within group (order by b desc nulls last)",
        "LISTAGG(`a`, ',') WITHIN GROUP (ORDER BY `b` DESC NULLS LAST)");
    sql_expr("first_value(a) ignore nulls over w", "FIRST_VALUE(`a`) IGNORE NULLS OVER `w`");
    sql_expr("array_agg(a ignore nulls)", "ARRAY_AGG(`a`) IGNORE NULLS");
    sql_expr("sum(a) over (partition by b order by c rows between 2 preceding and current row)",
        "SUM(`a`) OVER (PARTITION BY `b` ORDER BY `c` ROWS BETWEEN 2 PRECEDING AND CURRENT ROW)");
    sql_expr("sum(a) over (order by c range interval '1' hour preceding)",
        "SUM(`a`) OVER (ORDER BY `c` RANGE BETWEEN INTERVAL '1' HOUR PRECEDING AND CURRENT ROW)");
    sql_expr("sum(a) over (rows between unbounded preceding and unbounded following)",
        "SUM(`a`) OVER (ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)");
    sql_expr("f(a => 1, b => default)", "F(`a` => 1, `b` => DEFAULT)");
    sql_expr("f(table t partition by (a, b) order by c, descriptor(x))",
        "F(TABLE `t` PARTITION BY (`a`, `b`) ORDER BY (`c`), DESCRIPTOR(`x`))");
    sql_expr("f(data => table t, model m)", "F(`data` => TABLE `t`, MODEL `m`)");
    sql_expr("last(a.x, 1)", "LAST(`a`.`x`, 1)");
    sql_expr("final last(a.x)", "FINAL LAST(`a`.`x`)");
    sql_expr("final", "`final`");
}

static void test_json(void **state) {
    (void)state;
    sql_expr("json_value(a, '$.b')", "JSON_VALUE(`a`, '$.b')");
    sql_expr("json_value(a, 'lax $.b' returning int default 1 on empty error on error)",
        "JSON_VALUE(`a`, 'lax $.b' RETURNING INT DEFAULT 1 ON EMPTY ERROR ON ERROR)");
    sql_expr("json_query(a, '$' with wrapper null on empty empty array on error)",
        "JSON_QUERY(`a`, '$' WITH UNCONDITIONAL ARRAY WRAPPER NULL ON EMPTY EMPTY ARRAY ON ERROR)");
    sql_expr("json_query(a, '$' without array wrapper)", "JSON_QUERY(`a`, '$' WITHOUT ARRAY WRAPPER)");
    sql_expr("json_exists(a, '$' true on error)", "JSON_EXISTS(`a`, '$' TRUE ON ERROR)");
    sql_expr("json_object()", "JSON_OBJECT()");
    sql_expr("json_object('a' value 1, key 'b' value 2, 'c' : 3 absent on null)",
        "JSON_OBJECT(KEY 'a' VALUE 1, KEY 'b' VALUE 2, KEY 'c' VALUE 3 ABSENT ON NULL)");
    sql_fails("SELECT JSON_OBJECT('a', 1)", WEIR_PARSE, "Encountered \",\"", NULL);
    sql_expr("json_array()", "JSON_ARRAY()");
    sql_expr("json_array(null, 1 null on null)", "JSON_ARRAY(NULL, 1 NULL ON NULL)");
    sql_expr("json_array(null on null)", "JSON_ARRAY(NULL ON NULL)");
    sql_expr("json_objectagg(k value v null on null)", "JSON_OBJECTAGG(KEY `k` VALUE `v` NULL ON NULL)");
    sql_expr("json_arrayagg(a order by b absent on null)", "JSON_ARRAYAGG(`a` ORDER BY `b` ABSENT ON NULL)");
}

static void test_names(void **state) {
    (void)state;
    sql_expr("a.`b c`.d", "`a`.`b c`.`d`");
    sql_expr("`a``b`", "`a``b`");
    sql_expr("key", "`key`");
    sql_expr("if", "`if`");
    sql_expr("if(a, 1, 2)", "IF(`a`, 1, 2)");
    sql_expr("hop(a, b)", "HOP(`a`, `b`)");
}

static void type(const char *text, const char *expected) {
    sql_fixture *f = sql_begin(SIZE_MAX);
    const weir_ast_type *parsed = NULL;
    if (weir_sql_parse_type(&f->arena, weir_text_of(text), &parsed, &f->error) != WEIR_OK)
        fail_msg("%s: %s", text, f->error.message);
    weir_sql_unparse_type(&f->builder, parsed);
    assert_string_equal(sql_built(f), expected);
    sql_end(f);
}

static void test_types(void **state) {
    (void)state;
    type("integer", "INT");
    type("dec(5)", "DECIMAL(5)");
    type("numeric(5, 1) not null", "DECIMAL(5, 1) NOT NULL");
    type("double precision", "DOUBLE");
    type("char varying(3)", "VARCHAR(3)");
    type("binary varying(3)", "VARBINARY(3)");
    type("timestamp(3) with local time zone", "TIMESTAMP(3) WITH LOCAL TIME ZONE");
    type("timestamp_ltz(3)", "TIMESTAMP(3) WITH LOCAL TIME ZONE");
    type("timestamp without time zone", "TIMESTAMP");
    type("time(0)", "TIME(0)");
    type("array<map<string, row<a int 'c', b string not null>>>", "ARRAY<MAP<STRING, ROW<`a` INT 'c', `b` STRING NOT NULL>>>");
    type("row(a int, b row<>)", "ROW<`a` INT, `b` ROW<>>");
    type("int not null array multiset not null", "MULTISET<ARRAY<INT NOT NULL>> NOT NULL");
    type("interval day", "INTERVAL DAY");
    type("my_type", "`my_type`");
    type("structured<'c', a int>", "STRUCTURED<'c', `a` INT>");
}

static void test_positions(void **state) {
    (void)state;
    sql_fixture *f = sql_begin(SIZE_MAX);
    weir_ast_expr *expr = NULL;
    assert_int_equal(weir_sql_parse_expression(&f->arena, WEIR_TEXT("  aa +\n f(b, 'c')"), &expr, &f->error), WEIR_OK);
    assert_int_equal(expr->position.line, 1);
    assert_int_equal(expr->position.column, 1); /* counted from the first token */
    assert_int_equal(expr->position.offset_bytes, 2);
    assert_int_equal(expr->position.length_bytes, 15);
    assert_int_equal(expr->as.binary.right->position.line, 2);
    assert_int_equal(expr->as.binary.right->position.column, 2);
    assert_int_equal(expr->as.binary.right->position.length_bytes, 9);
    assert_int_equal(expr->as.binary.op_position.column, 4);
    sql_end(f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_precedence),
        cmocka_unit_test(test_literals),
        cmocka_unit_test(test_predicates),
        cmocka_unit_test(test_constructors),
        cmocka_unit_test(test_functions),
        cmocka_unit_test(test_json),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_types),
        cmocka_unit_test(test_positions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
