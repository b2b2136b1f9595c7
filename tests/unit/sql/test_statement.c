/* Statements: every form is read, the parts of the important ones are where they belong, scripts are taken one by one. */
#include "sql_test.h"

static void test_create_table(void **state) {
    (void)state;
    sql_parses("create temporary table if not exists a.t (id int not null primary key not enforced comment 'the id', "
               "m string metadata from 'k' virtual, c as id + 1, ts timestamp(3), watermark for ts as ts - interval '5' second, "
               "constraint pk unique (id) enforced) comment 'x' distributed by hash(id) into 4 buckets partitioned by (id) "
               "with ('connector' = 'print')",
        "CREATE TABLE @1:1\n"
        "  name: `a`.`t` @1:38\n"
        "  temporary\n"
        "  if not exists\n"
        "  column @1:43\n"
        "    name: `id` @1:43\n"
        "    type: INT NOT NULL @1:46\n"
        "    comment: 'the id'\n"
        "  metadata column @1:102\n"
        "    name: `m` @1:102\n"
        "    type: STRING @1:104\n"
        "    key: 'k'\n"
        "    virtual\n"
        "  computed column @1:138\n"
        "    name: `c` @1:138\n"
        "    as: binary + @1:143\n"
        "      name: `id` @1:143\n"
        "      literal integer @1:148\n"
        "        '1'\n"
        "  column @1:151\n"
        "    name: `ts` @1:151\n"
        "    type: TIMESTAMP(3) @1:154\n"
        "  primary key inline NOT ENFORCED @1:59\n"
        "    column: `id` @1:43\n"
        "  unique ENFORCED @1:214\n"
        "    name: `pk` @1:225\n"
        "    column: `id` @1:236\n"
        "  watermark @1:168\n"
        "    for: `ts` @1:182\n"
        "    as: binary - @1:188\n"
        "      name: `ts` @1:188\n"
        "      interval SECOND(-1)(-1) @1:193\n"
        "        '5'\n"
        "  comment: 'x'\n"
        "  distribution HASH 4 @1:274\n"
        "    column: `id` @1:282\n"
        "  partitioned by: `id` @1:317\n"
        "  option: 'connector' = 'print' @1:327\n");
    sql_parses("create or replace table t with ('a' = 'b') as select 1", NULL);
    sql_parses("create table t (a, b) as select 1, 2", NULL);
    sql_parses("create table t (a int) with ()", NULL);
    sql_parses("create table t like s (including all excluding options overwriting watermarks)", NULL);
    sql_parses("create table t (`date` date, `key` row<a int, b array<string>>, map map<int, int>)", NULL);
}

static void test_ddl(void **state) {
    (void)state;
    static const char *const good[] = {
        "create view v as select 1", "create temporary view if not exists a.v (x, y) comment 'c' as select 1, 2",
        "create or replace view v as table t", "create database if not exists d comment 'c' with ('a' = 'b')",
        "create catalog c with ('type' = 'x')", "create catalog if not exists c comment 'x'",
        "create function f as 'a.b' language java using jar 'x', jar 'y'",
        "create temporary system function if not exists f as 'm.f' language python", "create model m input (a int) with ('p' = 'q')",
        "create materialized table m freshness = interval '1' minute as select 1", "create or alter materialized table m as select 1",
        "drop table if exists t", "drop temporary view v", "drop database d cascade", "drop database if exists d restrict",
        "drop catalog c", "drop temporary system function if exists f", "drop function f", "drop model m", "drop materialized table m",
        "alter table t rename to u", "alter table if exists t rename a.b to c", "alter table t set ('a' = 'b')",
        "alter table t reset ('a', 'b')", "alter table t add c int comment 'x' first", "alter table t add (a int after b, c as a + 1)",
        "alter table t add constraint p primary key (a) not enforced", "alter table t add watermark for ts as ts",
        "alter table t add distribution by (a) into 3 buckets", "alter table t modify a bigint", "alter table t drop a",
        "alter table t drop (a, b.c)", "alter table t drop primary key", "alter table t drop constraint p",
        "alter table t drop watermark", "alter table t drop distribution",
        "alter table t add if not exists partition (a = 1) partition (a = 2)",
        "alter table t drop if exists partition (a = 1), partition (a = 'x')", "alter table t partition (a = 1) compact",
        "alter view v rename to w", "alter view v as select 1", "alter database d set ('a' = 'b')", "alter catalog c set ('a' = 'b')",
        "alter catalog c reset ('a')", "alter catalog c comment 'x'", "alter function if exists f as 'g' language scala",
        "alter temporary system function f as 'g'", "alter model m set ('a' = 'b')", "alter materialized table m suspend",
    };
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        sql_parses(good[i], NULL);
    sql_parses("alter table t add (a int after b)", "ALTER @1:1\n  TABLE ADD\n  name: `t` @1:13\n  column @1:20\n    name: `a` @1:20\n"
        "    type: INT @1:22\n    after: `b` @1:32\n");
}

static void test_others(void **state) {
    (void)state;
    static const char *const good[] = {
        "show tables", "show tables from a.b not like 'x%'", "show views in d like 'v'", "show columns from t like 'a%'",
        "show columns in t", "show databases from c ilike 'x'", "show catalogs not ilike 'x'", "show functions", "show user functions",
        "show functions in d like 'f'", "show procedures", "show models", "show modules", "show full modules",
        "show partitions t partition (a = 1)", "show current catalog", "show current database", "show create table t",
        "show create view a.b.c", "show create catalog c", "show create model m", "show create materialized table m", "show jobs",
        "show jars", "show materialized tables", "describe t", "desc extended a.t", "describe catalog c", "desc catalog extended c",
        "describe database d", "describe function extended f", "describe job 'id'", "describe job", "describe catalog",
        "explain select 1", "explain plan for insert into t select 1", "explain estimated_cost, changelog_mode values 1",
        "explain json_execution_plan statement set begin insert into a select 1; insert into b select 2; end",
        "explain create table t as select 1", "explain plan_advice execute select 1",
        "insert into t values (1)", "insert overwrite a.t partition (p = 'x', q) (a, b) select 1, 2",
        "insert into t /*+ options('a' = 'b') */ (a) (select 1)", "insert into t (select 1)",
        "insert into t select 1 on conflict do nothing", "upsert into t values (1)",
        "execute statement set begin insert into a select 1; end", "statement set begin insert into a select 1; end",
        "begin statement set", "end", "execute select 1", "execute insert into a select 1", "execute plan 'f'",
        "compile plan 'f' if not exists for insert into a select 1", "compile and execute plan 'f' for insert into a select 1",
        "set", "set 'a' = 'b'", "reset", "reset 'a'", "use d", "use catalog c", "use `catalog`",
        "set a.b-c = d/e", "set a = 'b'", "reset a.b", "use modules a, b",
        "update t set a = 1, b = 2 where c",
        "update t as x set a = 1", "delete from t where a", "delete from t", "truncate table t",
        "analyze table t partition (a, b = 1) compute statistics for columns x, y", "analyze table t compute statistics for all columns",
        "call a.f(1, x => 2)", "load module m with ('a' = 'b')", "unload module m", "add jar 'x'", "remove jar 'x'",
        "stop job 'id' with savepoint with drain", "help", "clear", "quit", "exit", "(select 1) union (select 2)",
        "with a as (select 1) table a",
    };
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        sql_parses(good[i], NULL);
}

static void test_insert(void **state) {
    (void)state;
    sql_parses("insert overwrite t partition (p = 'x') (a) values (1)",
        "INSERT @1:1\n  overwrite\n  into: `t` @1:18\n  partition @1:30\n    key: `p` @1:31\n    value: literal string @1:35\n      'x'\n"
        "  column: `a` @1:41\n  values @1:44\n    row @1:51\n      literal integer @1:51\n        '1'\n");
}

/* Earlier statements of a script are there although a later one is wrong, and reading goes on behind the wrong one. */
static void test_cursor(void **state) {
    (void)state;
    sql_fixture *f = sql_begin(SIZE_MAX);
    weir_text script = WEIR_TEXT("-- first\nSELECT 1; ; SELEC 2; SELECT /* a;b */ ';';\n\n  SELECT\n  3");
    weir_sql_cursor cursor;
    const weir_ast_statement *statement = NULL;
    weir_sql_cursor_init(&cursor, script);
    assert_int_equal(weir_sql_next_statement(&cursor, &f->arena, &statement, &f->error), WEIR_OK);
    assert_int_equal(statement->position.offset_bytes, 9);
    assert_int_equal(statement->position.length_bytes, 8);
    assert_int_equal(statement->position.line, 1);
    assert_int_equal(weir_sql_next_statement(&cursor, &f->arena, &statement, &f->error), WEIR_PARSE);
    assert_null(statement);
    assert_int_equal(f->error.position.offset_bytes, 21);
    assert_int_equal(f->error.position.line, 1);
    assert_int_equal(f->error.position.column, 1);
    assert_int_equal(weir_sql_next_statement(&cursor, &f->arena, &statement, &f->error), WEIR_OK);
    assert_int_equal(statement->position.offset_bytes, 30);
    assert_int_equal(weir_sql_next_statement(&cursor, &f->arena, &statement, &f->error), WEIR_OK);
    assert_int_equal(statement->as.query->as.select->items[0].position.line, 2);
    assert_int_equal(statement->as.query->as.select->items[0].position.column, 3);
    assert_int_equal(weir_sql_next_statement(&cursor, &f->arena, &statement, &f->error), WEIR_OK);
    assert_null(statement);
    assert_int_equal(weir_sql_next_statement(&cursor, &f->arena, &statement, &f->error), WEIR_OK);
    assert_null(statement);
    sql_end(f);
}

static void test_empty(void **state) {
    (void)state;
    sql_parses("", "");
    sql_parses(" ;; -- nothing\n ; /* at all */", "");
    sql_parses("\xEF\xBB\xBFSELECT 1;", "SELECT @1:1\n  select @1:1\n    item @1:8\n      literal integer @1:8\n        '1'\n");
}

static void test_complete(void **state) {
    (void)state;
    assert_true(weir_sql_complete(WEIR_TEXT("")));
    assert_true(weir_sql_complete(WEIR_TEXT("select 1;")));
    assert_true(weir_sql_complete(WEIR_TEXT("select 1; -- done\n")));
    assert_false(weir_sql_complete(WEIR_TEXT("select 1")));
    assert_false(weir_sql_complete(WEIR_TEXT("select ';")));
    assert_false(weir_sql_complete(WEIR_TEXT("select 1; /* ")));
    assert_true(weir_sql_complete(WEIR_TEXT("select # ")));
    assert_false(weir_sql_complete(WEIR_TEXT("execute statement set begin insert into a select 1;")));
    assert_true(weir_sql_complete(WEIR_TEXT("execute statement set begin insert into a select 1; end;")));
    assert_true(weir_sql_complete(WEIR_TEXT("begin statement set;")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_create_table),
        cmocka_unit_test(test_ddl),
        cmocka_unit_test(test_others),
        cmocka_unit_test(test_insert),
        cmocka_unit_test(test_cursor),
        cmocka_unit_test(test_empty),
        cmocka_unit_test(test_complete),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
