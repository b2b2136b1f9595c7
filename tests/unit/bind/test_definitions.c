/* CREATE TABLE, LIKE, views, ALTER TABLE, INSERT: what the catalog keeps, and what does not fit. */
#include "tests/unit/bind/bind_check.h"

static const weir_table *table_named(ground *g, const char *name) {
    weir_object_path path = weir_catalog_qualify(g->catalog, (weir_object_path){.name = weir_text_of(name)});
    const weir_table *table = weir_catalog_find(g->catalog, path);
    assert_non_null(table);
    return table;
}

/* All columns as a query sees them. */
static void table_has(ground *g, const char *name, const char *expected) {
    weir_bind_context context = context_of(g);
    const weir_plan_field *fields;
    uint32_t count;
    assert_int_equal(weir_bind_table_fields(&context, table_named(g, name), &fields, &count, &g->error), WEIR_OK);
    assert_string_equal(fields_text(g, fields, count), expected);
    weir_arena_reset(&g->arena);
}

static void view_text_is(ground *g, const char *name, const char *expected) {
    char text[2048];
    snprintf(text, sizeof text, "%.*s", WEIR_TEXT_ARGS(table_named(g, name)->view_query));
    for (char *at = text; *at != '\0'; at++)
        *at = *at == '\n' ? ' ' : *at;
    assert_string_equal(text, expected);
}

static void tables(void **state) {
    ground *g = *state;
    runs(g, "CREATE TABLE t (a INT, b AS a + c, c BIGINT NOT NULL, d STRING METADATA FROM 'file.name' VIRTUAL, ts TIMESTAMP(3), e AS "
            "PROCTIME(), PRIMARY KEY (a) NOT ENFORCED, WATERMARK FOR ts AS ts - INTERVAL '5' SECOND) PARTITIONED BY (c) " FILE_OF("json"));
    table_has(g, "t",
              "a INT NOT NULL, b BIGINT NOT NULL, c BIGINT NOT NULL, d STRING, ts TIMESTAMP(3) *ROWTIME*, e TIMESTAMP_LTZ(3) NOT NULL "
              "*PROCTIME*");
    const weir_table *table = table_named(g, "t");
    assert_int_equal(table->key_count, 1);
    assert_int_equal(table->partition_count, 1);
    assert_int_equal(table->partitions[0], 2);
    assert_true(weir_text_equal_c(table->key_name, "PK_a"));
    refuses(g, "CREATE TABLE x (a INT, a STRING) " FILE_OF("json"), WEIR_VALIDATE, "A column named 'a' already exists");
    refuses(g, "CREATE TABLE x (a INT, PRIMARY KEY (b) NOT ENFORCED) " FILE_OF("json"), WEIR_VALIDATE, "Primary key column 'b'");
    refuses(g, "CREATE TABLE x (a INT, PRIMARY KEY (a)) " FILE_OF("json"), WEIR_VALIDATE, "ENFORCED mode");
    refuses(g, "CREATE TABLE x (a INT, WATERMARK FOR b AS b) " FILE_OF("json"), WEIR_VALIDATE, "rowtime attribute field 'b'");
    refuses(g, "CREATE TABLE x (a INT, WATERMARK FOR a AS a) " FILE_OF("json"), WEIR_VALIDATE, "TIMESTAMP");
    refuses(g, "CREATE TABLE x (a INT, b AS nope) " FILE_OF("json"), WEIR_VALIDATE, "Column 'nope'");
    refuses(g, "CREATE TABLE x (a INT) PARTITIONED BY (b) " FILE_OF("json"), WEIR_VALIDATE, "Partition column 'b'");
    refuses(g, "CREATE TABLE x (a DECIMAL(40, 2)) " FILE_OF("json"), WEIR_VALIDATE, "precision must be between 1 and 38");
    refuses(g, "CREATE TABLE x (a DECIMAL(5, 6)) " FILE_OF("json"), WEIR_VALIDATE, "scale");
    refuses(g, "CREATE TABLE x (a TIMESTAMP(10)) " FILE_OF("json"), WEIR_VALIDATE, "between 0 and 9");
    refuses(g, "CREATE TABLE x (a INT) DISTRIBUTED BY (b) INTO 3 BUCKETS " FILE_OF("json"), WEIR_VALIDATE, "Invalid bucket key 'b'");
}

static void like(void **state) {
    ground *g = *state;
    runs(g, "CREATE TABLE l (extra INT) WITH ('path' = '/other') LIKE bids");
    table_has(g, "l",
              "auction BIGINT, price DECIMAL(10, 2), item STRING NOT NULL, ts TIMESTAMP(3) *ROWTIME*, pt TIMESTAMP_LTZ(3) NOT NULL "
              "*PROCTIME*, extra INT");
    option_is(table_named(g, "l"), "path", "/other");
    option_is(table_named(g, "l"), "format", "json");
    runs(g, "CREATE TABLE m " FILE_OF("csv") " LIKE bids (EXCLUDING ALL)");
    table_has(g, "m", "auction BIGINT, price DECIMAL(10, 2), item STRING NOT NULL, ts TIMESTAMP(3)");
    refuses(g, "CREATE TABLE x (price INT) LIKE bids", WEIR_VALIDATE, "A column named 'price' already exists in the base table.");
    refuses(g, "CREATE TABLE x (WATERMARK FOR ts AS ts) LIKE bids", WEIR_VALIDATE, "EXCLUDING WATERMARKS");
    refuses(g, "CREATE TABLE x WITH ('path' = 'y') LIKE bids (INCLUDING OPTIONS)", WEIR_VALIDATE, "OVERWRITING OPTIONS");
    refuses(g, "CREATE TABLE x LIKE nope", WEIR_VALIDATE, "of the LIKE clause not found");
    runs(g, "CREATE TABLE q " FILE_OF("json") " AS SELECT eid + 1 AS n, COUNT(*) AS c FROM emp GROUP BY eid");
    table_has(g, "q", "n INT, c BIGINT NOT NULL");
}

/* The text has whole names: it means the same from another database, and after its tables got more columns. */
static void views_keep_their_meaning(void **state) {
    ground *g = *state;
    runs(g, "CREATE VIEW v AS SELECT *, did * 2 AS twice FROM dept WHERE city LIKE 'A%' ORDER BY dname");
    view_text_is(g, "v",
                 "SELECT `dept`.`did`, `dept`.`dname`, `dept`.`city`, `dept`.`did` * 2 AS `twice` FROM "
                 "`default_catalog`.`default_database`.`dept` AS `dept` WHERE `dept`.`city` LIKE 'A%' ORDER BY `dname`");
    runs(g, "CREATE VIEW w AS SELECT x FROM (SELECT v.twice AS x FROM v WHERE EXISTS (SELECT 1 FROM emp WHERE emp.did = v.did))");
    view_text_is(g, "w",
                 "SELECT `EXPR$0`.`x` FROM (SELECT `v`.`twice` AS `x` FROM `default_catalog`.`default_database`.`v` AS `v` WHERE EXISTS "
                 "(SELECT 1 FROM `default_catalog`.`default_database`.`emp` AS `emp` WHERE `emp`.`did` = `v`.`did`)) AS `EXPR$0`");
    runs(g, "ALTER TABLE dept ADD more INT FIRST");
    assert_int_equal(
        weir_catalog_create_database(g->catalog, (weir_text){0}, WEIR_TEXT("other"), false, NULL, 0, (weir_text){0}, &g->error), WEIR_OK);
    assert_int_equal(weir_catalog_use_database(g->catalog, (weir_text){0}, WEIR_TEXT("other"), &g->error), WEIR_OK);
    has_columns(g, "SELECT * FROM default_catalog.default_database.v", "did INT NOT NULL, dname STRING, city STRING, twice INT NOT NULL");
    has_columns(g, "SELECT x FROM default_database.w", "x INT NOT NULL");
    refuses(g, "SELECT * FROM v", WEIR_VALIDATE, "Object 'v' not found");
}

static void views(void **state) {
    ground *g = *state;
    runs(g, "CREATE VIEW v (a, b) AS SELECT did, COUNT(*) FROM emp GROUP BY did");
    has_columns(g, "SELECT b, a FROM v", "b BIGINT NOT NULL, a INT");
    runs(g, "CREATE VIEW pairs AS SELECT * FROM emp JOIN dept ON emp.did = dept.did");
    has_columns(g, "SELECT did, did0 FROM pairs", "did INT, did0 INT NOT NULL");
    runs(g, "CREATE VIEW timed AS SELECT ts, price FROM bids");
    has_columns(g, "SELECT ts FROM timed", "ts TIMESTAMP(3) *ROWTIME*");
    runs(g, "ALTER VIEW v AS SELECT dname FROM dept");
    has_columns(g, "SELECT * FROM v", "dname STRING");
    refuses(g, "CREATE VIEW x AS SELECT did, did FROM emp", WEIR_VALIDATE,
            "A column with the same name `did` has been defined at line 1, column 25");
    refuses(g, "CREATE VIEW x (a) AS SELECT did, eid FROM emp", WEIR_VALIDATE, "VIEW definition and input fields not match");
    refuses(g, "CREATE VIEW x AS SELECT nope FROM emp", WEIR_VALIDATE, "Column 'nope'");
    /* a mistake inside of a view, made later, is told at the view's name */
    runs(g, "ALTER TABLE dept DROP dname");
    refuses_at(g, "SELECT 1 FROM emp, v", 1, 20, 1, "Column 'dname' not found");
    refuses(g, "INSERT INTO pairs SELECT * FROM pairs", WEIR_VALIDATE, "is a view");
}

static void a_view_in_itself(void **state) {
    ground *g = *state;
    runs(g, "CREATE VIEW v AS SELECT 1 AS x");
    runs(g, "CREATE VIEW w AS SELECT x FROM v");
    runs(g, "ALTER VIEW v AS SELECT x FROM w");
    refuses(g, "SELECT * FROM w", WEIR_VALIDATE, "refers to itself");
}

static void alter(void **state) {
    ground *g = *state;
    runs(g, "ALTER TABLE emp ADD (bonus INT AFTER sal, total AS sal + 1)");
    table_has(g, "emp", "eid INT, ename STRING, did INT, sal DECIMAL(8, 2), bonus INT, hired DATE, mgr INT, total DECIMAL(13, 2)");
    runs(g, "ALTER TABLE emp MODIFY (eid BIGINT NOT NULL, ename VARCHAR(5) FIRST)");
    runs(g, "ALTER TABLE emp DROP (hired, total)");
    runs(g, "ALTER TABLE emp RENAME mgr TO boss");
    table_has(g, "emp", "ename VARCHAR(5), eid BIGINT NOT NULL, did INT, sal DECIMAL(8, 2), bonus INT, boss INT");
    runs(g, "ALTER TABLE emp ADD PRIMARY KEY (eid) NOT ENFORCED");
    assert_int_equal(table_named(g, "emp")->key[0], 1);
    refuses(g, "ALTER TABLE emp ADD PRIMARY KEY (did) NOT ENFORCED", WEIR_VALIDATE, "already defined the primary key");
    refuses(g, "ALTER TABLE emp DROP eid", WEIR_VALIDATE, "primary key");
    runs(g, "ALTER TABLE emp DROP PRIMARY KEY");
    refuses(g, "ALTER TABLE emp DROP PRIMARY KEY", WEIR_VALIDATE, "does not define any primary key");
    runs(g, "ALTER TABLE emp SET ('path' = '/a', 'format' = 'json')");
    runs(g, "ALTER TABLE emp RESET ('format')");
    option_is(table_named(g, "emp"), "path", "/a");
    option_is(table_named(g, "emp"), "format", NULL);
    runs(g, "ALTER TABLE bids DROP WATERMARK");
    table_has(g, "bids",
              "auction BIGINT, price DECIMAL(10, 2), item STRING NOT NULL, ts TIMESTAMP(3), pt TIMESTAMP_LTZ(3) NOT NULL *PROCTIME*");
    refuses(g, "ALTER TABLE emp ADD did INT", WEIR_VALIDATE, "which already exists in the table");
    refuses(g, "ALTER TABLE emp DROP nope", WEIR_VALIDATE, "The column `nope` does not exist");
    refuses(g, "ALTER TABLE emp RENAME nope TO x", WEIR_VALIDATE, "The column `nope` does not exist");
    refuses(g, "ALTER TABLE emp RENAME did TO sal", WEIR_VALIDATE, "already existed");
    refuses(g, "ALTER TABLE part DROP p", WEIR_VALIDATE, "partition");
}

static void inserts(void **state) {
    ground *g = *state;
    runs(g, "INSERT INTO dept SELECT eid, ename, 'x' FROM emp");
    const weir_node *sink = g->plan.roots[0];
    assert_int_equal(sink->kind, WEIR_NODE_SINK);
    assert_int_equal(sink->inputs[0]->kind, WEIR_NODE_NOT_NULL); /* did is NOT NULL, eid is not */
    weir_arena_reset(&g->arena);
    runs(g, "INSERT INTO dept (city, did) VALUES ('Oslo', 3)");
    weir_arena_reset(&g->arena);
    runs(g, "INSERT INTO part PARTITION (p = 5) (a) SELECT eid FROM emp");
    assert_int_equal(g->plan.roots[0]->as.sink.spec.static_count, 1);
    assert_true(weir_text_equal_c(g->plan.roots[0]->as.sink.spec.static_partitions[0].value, "5"));
    weir_arena_reset(&g->arena);
    refuses(g, "INSERT INTO dept SELECT 1, 'a'", WEIR_VALIDATE,
            "Different number of columns|Query schema: [EXPR$0: INT NOT NULL|Sink schema:  [did: INT");
    refuses(g, "INSERT INTO dept SELECT 'x', 'a', 'b'", WEIR_VALIDATE, "Incompatible types for sink column 'did' at position 0");
    refuses(g, "INSERT INTO dept (nope) SELECT 1", WEIR_VALIDATE, "Unknown target column 'nope'");
    refuses(g, "INSERT INTO dept (did, did) SELECT 1, 2", WEIR_VALIDATE, "'did' is assigned more than once");
    refuses(g, "INSERT INTO dept (dname) SELECT 'a'", WEIR_VALIDATE, "Column 'did' has no default value and does not allow NULLs");
    refuses(g, "INSERT INTO part PARTITION (a = 1) SELECT 'a', 'b'", WEIR_VALIDATE, "should be in the partition keys");
    refuses(g, "INSERT INTO part PARTITION (nope = 1) SELECT 'a', 'b'", WEIR_VALIDATE, "Partition column 'nope' not found");
    refuses(g, "INSERT INTO part PARTITION (p = 'x') (a, p) SELECT 1, 'y'", WEIR_VALIDATE, "given by PARTITION already");
    refuses(g, "INSERT INTO nope SELECT 1", WEIR_VALIDATE, "nope");
    refuses(g, "INSERT OVERWRITE part SELECT 1, 'a', 'b'", WEIR_UNSUPPORTED, "Streaming mode not support overwrite.");
    g->batch = true;
    runs(g, "INSERT OVERWRITE part SELECT 1, 'a', 'b'");
    weir_arena_reset(&g->arena);
}

/* TRIM_PAD: a text goes through a CAST though its type is the column's already. */
static void lengths_are_enforced(void **state) {
    ground *g = *state;
    const char *const insert = "INSERT INTO part SELECT 1, CAST('abcdef' AS VARCHAR(3)), b FROM part";
    for (int i = 0; i < 2; i++) {
        g->enforcer = i == 0 ? "IGNORE" : "TRIM_PAD";
        runs(g, "INSERT INTO part SELECT a, b, p FROM part");
        const weir_node *project = g->plan.roots[0]->inputs[0];
        assert_int_equal(project->kind, WEIR_NODE_PROJECT);
        assert_int_equal(weir_expr_is_call(project->as.project.expressions[1], "CAST"), i);
        assert_false(weir_expr_is_call(project->as.project.expressions[2], "CAST")); /* STRING has no length */
        weir_arena_reset(&g->arena);
        runs(g, insert);
        weir_arena_reset(&g->arena);
    }
    g->enforcer = "ERROR";
    refuses(g, insert, WEIR_UNSUPPORTED, "ERROR");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, ground_open, ground_close)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(tables), TEST(like),    TEST(views_keep_their_meaning), TEST(views), TEST(a_view_in_itself),
        TEST(alter),  TEST(inserts), TEST(lengths_are_enforced),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
