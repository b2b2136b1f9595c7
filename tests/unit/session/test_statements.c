/* Statements through the whole house: what each family answers, and in which words it refuses. */
#include "tests/unit/session/session_help.h"

#define TABLE_T                                                                                                                    \
    "CREATE TABLE t (id INT NOT NULL, name STRING COMMENT 'who', p AS id + 1, PRIMARY KEY (id) NOT ENFORCED) WITH ('connector' = " \
    "'blackhole');"

static void queries_and_inserts(void **state) {
    fixture f;
    (void)state;
    fixture_open(&f);
    expect_rows(&f, "SELECT 1, 'a'", "+I(1|a)");
    expect_rows(&f, "SELECT k, COUNT(*) FROM (VALUES (1), (1)) AS t(k) GROUP BY k", "+I(1|1)-U(1|1)+U(1|2)");
    expect_rows(&f, "SET 'execution.runtime-mode' = 'batch'; SELECT k, COUNT(*) FROM (VALUES (1), (1)) AS t(k) GROUP BY k", "+I(1|2)");
    expect_rows(&f, "CREATE TABLE s (a INT) WITH ('connector' = 'print'); INSERT INTO s VALUES (1), (2); SELECT 3", "+I(3)");
    assert_string_equal(f.printed, "+I[1]\n+I[2]\n");
    assert_int_equal(f.jobs, 5);
    expect_rows(&f, "SELECT * FROM (VALUES (1)) AS t(a) WHERE a > 1", "");
    expect_rows(&f, "-- nothing\n;;/* at all */;", "");
    expect_rows(&f, "SELECT 1; QUIT; SELECT 2", "+I(1)");
    fixture_close(&f);
}

static void statement_sets(void **state) {
    fixture f;
    (void)state;
    fixture_open(&f);
    help_run(&f, "CREATE TABLE a (x INT) WITH ('connector' = 'print', 'print-identifier' = 'a');"
                 "CREATE TABLE b (x INT) WITH ('connector' = 'print', 'print-identifier' = 'b');"
                 "EXECUTE STATEMENT SET BEGIN INSERT INTO a SELECT 1; INSERT INTO b SELECT 2; END;");
    assert_int_equal(f.jobs, 1);
    assert_int_equal(f.last.rows_written, 2);
    help_run(&f, "BEGIN STATEMENT SET; INSERT INTO a SELECT 3; INSERT INTO b SELECT 4; END; INSERT INTO a SELECT 5");
    assert_int_equal(f.jobs, 3);
    assert_non_null(strstr(f.printed, "a> +I[3]"));
    assert_non_null(strstr(f.printed, "b> +I[4]"));
    expect_error(&f, "BEGIN STATEMENT SET; SELECT 1; END", WEIR_VALIDATE, "Only INSERT statement");
    expect_error(&f, "BEGIN STATEMENT SET; END", WEIR_VALIDATE, "NO statements");
    expect_error(&f, "BEGIN STATEMENT SET; INSERT INTO a SELECT 1", WEIR_PARSE, "END");
    expect_error(&f, "END", WEIR_VALIDATE, "BEGIN STATEMENT SET");
    assert_int_equal(f.jobs, 3);
    fixture_close(&f);
}

static void definitions(void **state) {
    fixture f;
    (void)state;
    fixture_open(&f);
    help_run(&f, TABLE_T);
    expect_rows(&f, "DESCRIBE t",
                "+I(id|INT|false|PRI(id)|null|null|null)+I(name|STRING|true|null|null|null|who)+I(p|INT|false|null|AS `id` + 1|null|null)");
    expect_rows(&f, "SHOW COLUMNS FROM t LIKE 'n%'", "+I(name|STRING|true|null|null|null|who)");
    expect_rows(&f, "SHOW COLUMNS FROM t NOT LIKE '%a_e'",
                "+I(id|INT|false|PRI(id)|null|null|null)+I(p|INT|false|null|AS `id` + 1|null|null)");
    expect_rows(&f, "CREATE TABLE IF NOT EXISTS t (other INT); SHOW COLUMNS FROM t LIKE 'other'", "");
    expect_error(&f, "CREATE TABLE t (a INT)", WEIR_VALIDATE, "already exists");
    expect_rows(&f, "CREATE VIEW v (a, b) COMMENT 'it''s' AS SELECT 1, 'x'; SHOW VIEWS", "+I(v)");
    expect_rows(&f, "SHOW CREATE VIEW v",
                "+I(CREATE VIEW `default_catalog`.`default_database`.`v` (\n  `a`,\n  `b`\n)\nCOMMENT 'it''s'\nAS SELECT 1, 'x'\n)");
    expect_error(&f, "SHOW CREATE TABLE v", WEIR_UNSUPPORTED, "Please use SHOW CREATE VIEW instead");
    expect_rows(&f, "ALTER VIEW v AS SELECT 2 AS z; SELECT * FROM v", "+I(2)");
    expect_rows(&f, "ALTER TABLE t RENAME TO u; SHOW TABLES", "+I(u)+I(v)");
    expect_rows(&f, "DROP TABLE u; DROP VIEW v; DROP TABLE IF EXISTS u; SHOW TABLES", "");
    expect_error(&f, "DROP TABLE u", WEIR_VALIDATE, "does not exist");
    expect_error(&f, "DESCRIBE nothing", WEIR_VALIDATE, "nothing");
    fixture_close(&f);
}

static void show_create_says_everything(void **state) {
    fixture f;
    (void)state;
    fixture_open(&f);
    help_run(&f, "CREATE TEMPORARY TABLE `odd ``name` (a INT NOT NULL COMMENT 'a''s', m STRING METADATA FROM 'k' VIRTUAL, ts TIMESTAMP(3), "
                 "d AS a + 1, g STRING, "
                 "WATERMARK FOR ts AS ts - INTERVAL '1' SECOND, PRIMARY KEY (a) NOT ENFORCED) COMMENT 'c' PARTITIONED BY (g) WITH "
                 "('connector' = 'print', 'a' = 'b''')");
    expect_rows(
        &f, "SHOW CREATE TABLE `odd ``name`",
        "+I(CREATE TEMPORARY TABLE `default_catalog`.`default_database`.`odd ``name` (\n  `a` INT NOT NULL COMMENT 'a''s',\n"
        "  `m` VARCHAR(2147483647) METADATA FROM 'k' VIRTUAL,\n  `ts` TIMESTAMP(3),\n  `d` AS `a` + 1,\n  `g` VARCHAR(2147483647),\n"
        "  WATERMARK FOR `ts` AS `ts` - INTERVAL '1' SECOND,\n  CONSTRAINT `PK_a` PRIMARY KEY (`a`) NOT ENFORCED\n)\nCOMMENT 'c'\n"
        "PARTITIONED BY (`g`)\nWITH (\n  'a' = 'b''',\n  'connector' = 'print'\n)\n)");
    expect_rows(&f, "SHOW PARTITIONS `odd ``name`", "");
    fixture_close(&f);
}

static void time_attributes_are_described(void **state) {
    fixture f;
    (void)state;
    fixture_open(&f);
    help_run(&f, "CREATE TABLE e (ts TIMESTAMP(3), pt AS PROCTIME(), WATERMARK FOR ts AS ts) WITH ('connector' = 'datagen')");
    assert_non_null(strstr(help_run(&f, "DESCRIBE e"), "TIMESTAMP(3) *ROWTIME*"));
    assert_non_null(strstr(help_run(&f, "DESCRIBE e"), "TIMESTAMP_LTZ(3) *PROCTIME*"));
    assert_null(strstr(help_run(&f, "SET 'execution.runtime-mode' = 'batch'; DESCRIBE e"), "ROWTIME"));
    fixture_close(&f);
}

static void catalogs_and_databases(void **state) {
    fixture f;
    (void)state;
    fixture_open(&f);
    expect_rows(&f, "SHOW CURRENT CATALOG", "+I(default_catalog)");
    expect_rows(&f, "SHOW CURRENT DATABASE", "+I(default_database)");
    expect_rows(&f, "CREATE DATABASE shop COMMENT 'goods' WITH ('k' = 'v'); USE shop; SHOW CURRENT DATABASE", "+I(shop)");
    expect_rows(&f, "DESCRIBE DATABASE EXTENDED shop", "+I(name|shop)+I(comment|goods)+I(option:k|v)");
    expect_rows(&f, "ALTER DATABASE shop SET ('k' = 'w'); DESCRIBE DATABASE EXTENDED shop", "+I(name|shop)+I(comment|goods)+I(option:k|w)");
    expect_rows(&f, "CREATE CATALOG mem WITH ('type' = 'generic_in_memory'); SHOW CATALOGS", "+I(default_catalog)+I(mem)");
    expect_rows(&f, "USE CATALOG mem; SHOW DATABASES", "+I(default)");
    expect_error(&f, "USE CATALOG nowhere", WEIR_VALIDATE, "nowhere");
    expect_error(&f, "USE nothing", WEIR_VALIDATE, "does not exist");
    expect_rows(&f, "USE CATALOG default_catalog; DROP DATABASE shop; SHOW DATABASES LIKE 'sh%'", "");
    expect_rows(&f, "SHOW MODULES", "+I(core)");
    expect_rows(&f, "SHOW FULL MODULES", "+I(core|true)");
    expect_error(&f, "USE MODULES hive", WEIR_VALIDATE, "hive");
    fixture_close(&f);
}

static void functions_are_listed(void **state) {
    fixture f;
    (void)state;
    fixture_open(&f);
    expect_rows(&f, "SHOW FUNCTIONS LIKE 'lpad'", "+I(lpad)");
    expect_rows(&f, "SHOW FUNCTIONS ILIKE 'COUNT'", "+I(count)");
    expect_rows(&f, "SHOW FUNCTIONS LIKE 'LPAD'", "");
    expect_rows(&f, "SHOW USER FUNCTIONS", "");
    assert_non_null(strstr(help_run(&f, "DESCRIBE FUNCTION EXTENDED `sum`"), "AGGREGATE"));
    expect_error(&f, "DESCRIBE FUNCTION lpda", WEIR_VALIDATE, "lpda");
    expect_error(&f, "CREATE FUNCTION f AS 'com.example.F'", WEIR_UNSUPPORTED, "com.example.F");
    fixture_close(&f);
}

static void create_as(void **state) {
    fixture f;
    (void)state;
    fixture_open(&f);
    help_run(&f, "CREATE TABLE c WITH ('connector' = 'print') AS SELECT 1 AS a, 'x' AS b");
    assert_string_equal(f.printed, "+I[1, x]\n");
    expect_error(&f, "CREATE TABLE d WITH ('connector' = 'nowhere') AS SELECT 1 AS a", WEIR_VALIDATE, "nowhere");
    expect_rows(&f, "SHOW TABLES", "+I(c)");
    fixture_close(&f);
}

static void explain_shows_stages(void **state) {
    fixture f;
    (void)state;
    fixture_open(&f);
    const char *plan = help_run(&f, "EXPLAIN SELECT 1 AS a");
    assert_non_null(strstr(plan, "== Abstract Syntax Tree =="));
    assert_non_null(strstr(plan, "== Optimized Physical Plan =="));
    assert_non_null(strstr(plan, "== Optimized Execution Plan =="));
    assert_int_equal(f.jobs, 0);
    help_run(&f, TABLE_T "EXPLAIN INSERT INTO t (id, name) SELECT 1, 'a'");
    help_run(&f, "EXPLAIN STATEMENT SET BEGIN INSERT INTO t (id, name) SELECT 1, 'a'; INSERT INTO t (id, name) SELECT 2, 'b'; END");
    assert_int_equal(f.jobs, 0);
    fixture_close(&f);
}

static void refusals_name_what_they_refuse(void **state) {
    fixture f;
    (void)state;
    fixture_open(&f);
    help_run(&f, TABLE_T);
    expect_error(&f, "UPDATE t SET name = 'x'", WEIR_UNSUPPORTED, "UPDATE");
    expect_error(&f, "DELETE FROM t WHERE id = 1", WEIR_UNSUPPORTED, "DELETE");
    expect_error(&f, "TRUNCATE TABLE t", WEIR_UNSUPPORTED, "TRUNCATE");
    expect_error(&f, "ADD JAR 'x.jar'", WEIR_UNSUPPORTED, "JAR");
    expect_error(&f, "CALL p()", WEIR_UNSUPPORTED, "CALL");
    expect_error(&f, "CREATE MODEL m WITH ('a' = 'b')", WEIR_UNSUPPORTED, "MODEL");
    expect_error(&f, "SELECT 1 +", WEIR_PARSE, "<EOF>");
    expect_error(&f, "SELECT nope FROM (VALUES (1)) AS t(a)", WEIR_VALIDATE, "'nope'");
    fixture_close(&f);
}

static void bad_bytes(void **state) {
    fixture f;
    weir_script *script;
    weir_error error = {0};
    (void)state;
    fixture_open(&f);
    assert_int_equal(weir_script_open(f.session, (weir_text){"SELECT 1\n\0", 10}, &script, &error), WEIR_PARSE);
    assert_non_null(strstr(error.message, "line 2, column 1"));
    assert_int_equal(weir_script_open(f.session, WEIR_TEXT("SELECT '\xff'"), &script, &error), WEIR_PARSE);
    assert_non_null(strstr(error.message, "UTF-8"));
    fixture_close(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(queries_and_inserts),
        cmocka_unit_test(statement_sets),
        cmocka_unit_test(definitions),
        cmocka_unit_test(show_create_says_everything),
        cmocka_unit_test(time_attributes_are_described),
        cmocka_unit_test(catalogs_and_databases),
        cmocka_unit_test(functions_are_listed),
        cmocka_unit_test(create_as),
        cmocka_unit_test(explain_shows_stages),
        cmocka_unit_test(refusals_name_what_they_refuse),
        cmocka_unit_test(bad_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
