/* What the parser says when it does not understand, its limits, and that running out of memory is an error like any other. */
#include "sql_test.h"

static void test_messages(void **state) {
    (void)state;
    sql_fails("SELECT 1, , 2", WEIR_PARSE, "Encountered \",\" at line 1, column 11.", NULL);
    sql_fails("SELECT a FROM t GROUP a", WEIR_PARSE, "Encountered \"a\" at line 1, column 23.\nWas expecting: \"BY\" ...", NULL);
    sql_fails("SELECT (1 + 2;", WEIR_PARSE, "Encountered \"<EOF>\" at line 1, column 13.", NULL);
    sql_fails("SELECT a\nFROM t\nWHERE a >\n;", WEIR_PARSE, "Encountered \"<EOF>\" at line 3, column 9.", NULL);
    sql_fails("SELECT 1 SELECT 2", WEIR_PARSE, "Encountered \"SELECT\" at line 1, column 10.", "semicolons");
    sql_fails("SELEC 1", WEIR_PARSE, "Non-query expression encountered in illegal context at line 1, column 1", "Did you mean SELECT?");
    sql_fails("SELECT * FORM t", WEIR_PARSE, "Encountered \"FORM\"", "Did you mean FROM?");
    sql_fails("SELECT a FROM t WHER a = 1", WEIR_PARSE, "Encountered \"a\"", NULL); /* WHER is an alias */
    sql_fails("SELECT a FROM t x WHER a = 1", WEIR_PARSE, "Encountered \"WHER\"", "Did you mean WHERE?");
    sql_fails("CREATE TABL t (a INT)", WEIR_PARSE, "Encountered \"TABL\"", "Did you mean TABLE?");
    sql_fails("SHOW TABELS", WEIR_PARSE, "Encountered \"TABELS\"", "Did you mean TABLES?");
    sql_fails("SELECT 'abc", WEIR_PARSE, "Encountered \"\\'\" at line 1, column 8.", "no closing quote");
    sql_fails("SELECT \"a\" FROM t", WEIR_PARSE, "Encountered \"\\\"\" at line 1, column 8.", "backticks");
    sql_fails("SELECT a FROM t WHERE a != 1", WEIR_PARSE, "Bang equal '!=' is not allowed", "<>");
    sql_fails("SELECT a AS value FROM t", WEIR_PARSE, "Encountered \"value\"",
        "VALUE is a reserved word; to use it as a name, write `value`");
    sql_fails("SELECT a day FROM t", WEIR_PARSE, "Encountered \"day\"", "DAY is a reserved word");
    sql_fails("SELECT offset FROM t", WEIR_PARSE, "Encountered \"offset\"", "OFFSET is a reserved word");
    sql_fails("CREATE TABLE t (user STRING)", WEIR_PARSE, "Encountered \"user\"", "reserved");
    sql_fails("CREATE TABLE t (order INT)", WEIR_PARSE, "Encountered \"order\"", "ORDER is a reserved word");
    sql_fails("SELECT a FROM t WHERE a == 1", WEIR_PARSE, "Encountered \"=\" at line 1, column 26", "one =");
    sql_fails("SELECT a FROM t #", WEIR_PARSE, "Lexical error at line 1, column 17.  Encountered: \"#\" (35)", NULL);
    sql_fails("SELECT 1 /* oh", WEIR_PARSE, "not closed", NULL);
    sql_fails("SET a b = c", WEIR_PARSE, "Encountered \"b\"", "SET 'key' = 'value'");
    sql_fails("SET 'a' = 1", WEIR_PARSE, "Encountered \"1\"", "SET 'key' = 'value'");
    sql_fails("SELECT 1 AS 'x'", WEIR_PARSE, "Expecting alias, found character literal", NULL);
    sql_fails("SELECT a FROM t LIMIT 1, 2", WEIR_PARSE, "'LIMIT start, count' is not allowed", NULL);
    sql_fails("SELECT a FROM t OFFSET 1 LIMIT 2", WEIR_PARSE, "'OFFSET start LIMIT count' is not allowed", NULL);
    sql_fails("SELECT 1 WHERE TRUE", WEIR_PARSE, "Encountered \"WHERE\"", NULL);
    sql_fails("SELECT a FROM t ORDER BY a UNION SELECT 1", WEIR_PARSE, "Encountered \"UNION\"", NULL);
    sql_fails("CREATE TABLE t (a, b INT)", WEIR_PARSE, "Encountered \"INT\"", NULL);
    sql_fails("CREATE TABLE t (a, b) WITH ('a' = 'b')", WEIR_PARSE, "Columns identifiers without types", NULL);
    sql_fails("CREATE TABLE t (a INT, WATERMARK FOR a AS a, WATERMARK FOR a AS a)", WEIR_PARSE, "Multiple WATERMARK", NULL);
    sql_fails("CREATE VIEW v AS 5", WEIR_PARSE, "Non-query expression", NULL);
    sql_fails("EXPLAIN CREATE TABLE t (a INT)", WEIR_PARSE, "Unsupported CREATE OR REPLACE statement for EXPLAIN", NULL);
    sql_fails("STOP JOB 'x' WITH DRAIN", WEIR_PARSE, "WITH DRAIN could only be used after WITH SAVEPOINT", NULL);
    sql_fails("CREATE TABLE t (a INTERVAL DAY)", WEIR_PARSE, "Encountered \"INTERVAL\"", NULL);
    sql_fails("SELECT CAST(a AS VARCHAR(99999999999)) FROM t", WEIR_PARSE, "Invalid literal '99999999999'", NULL);
    sql_fails("SELECT U&'\\zz'", WEIR_PARSE, "Unicode escape", NULL);
    sql_fails("SELECT U&'\\D800'", WEIR_PARSE, "surrogate", NULL);
    sql_fails("SELECT X'0g'", WEIR_PARSE, "Illegal binary string", NULL);
    sql_fails("SELECT TRIM(FROM a) FROM t", WEIR_PARSE, "'FROM' without operands", NULL);
    sql_fails("BEGIN", WEIR_PARSE, "Encountered \"<EOF>\"", NULL);
    sql_fails("EXECUTE STATEMENT SET BEGIN INSERT INTO a SELECT 1 END", WEIR_PARSE, "Encountered \"END\"", NULL);
}

/* Found while reading, but mistakes of meaning for Flink. */
static void test_validation(void **state) {
    (void)state;
    sql_fails("SELECT X'ABC'", WEIR_VALIDATE, "even number of hexits", NULL);
    sql_fails("SELECT 'a' 'b'", WEIR_VALIDATE, "String literal continued on same line", NULL);
    sql_fails("SELECT MAP['a']", WEIR_VALIDATE, "even number of arguments", NULL);
}

static void test_unsupported(void **state) {
    (void)state;
    sql_fails("SELECT ?", WEIR_UNSUPPORTED, "Dynamic parameters", NULL);
    sql_fails("SELECT a ILIKE 'x' FROM t", WEIR_UNSUPPORTED, "ILIKE", "LOWER");
    sql_fails("SELECT a MEMBER OF b FROM t", WEIR_UNSUPPORTED, "MEMBER", NULL);
    sql_fails("SELECT * FROM t PIVOT (SUM(a) FOR b IN (1))", WEIR_UNSUPPORTED, "PIVOT", NULL);
    sql_fails("SELECT * FROM a ASOF JOIN b ON c", WEIR_UNSUPPORTED, "ASOF JOIN", NULL);
    sql_fails("SELECT SUM(a) OVER (ORDER BY b GROUPS 1 PRECEDING) FROM t", WEIR_UNSUPPORTED, "GROUPS", NULL);
    sql_fails("SELECT SUM(a) OVER (ORDER BY b ROWS 1 PRECEDING EXCLUDE TIES) FROM t", WEIR_UNSUPPORTED, "EXCLUDE", NULL);
    sql_fails("SELECT f(x -> x) FROM t", WEIR_UNSUPPORTED, "Lambda", NULL);
    sql_fails("SELECT NEXT VALUE FOR s", WEIR_UNSUPPORTED, "Sequences", NULL);
    sql_fails("SELECT TRANSLATE(a USING utf8) FROM t", WEIR_UNSUPPORTED, "character sets", NULL);
    sql_fails("REPLACE TABLE t (a INT)", WEIR_PARSE, "Encountered", NULL);
    sql_fails("MERGE INTO t USING s ON a", WEIR_UNSUPPORTED, "MERGE", NULL);
    sql_fails("SELECT TIMESTAMP WITH TIME ZONE '2020-01-01 00:00:00'", WEIR_UNSUPPORTED, "WITH TIME ZONE", NULL);
}

/* `open` n times, `middle`, `close` n times. */
static char *nested(const char *start, const char *open, const char *middle, const char *close, size_t n) {
    size_t size = strlen(start) + strlen(middle) + n * (strlen(open) + strlen(close)) + 1;
    char *text = malloc(size), *at = text;
    at += sprintf(at, "%s", start);
    for (size_t i = 0; i < n; i++)
        at += sprintf(at, "%s", open);
    at += sprintf(at, "%s", middle);
    for (size_t i = 0; i < n; i++)
        at += sprintf(at, "%s", close);
    return text;
}

/* Works with `few`, is refused with `many`; in both cases without trouble. */
static void limit(
    const char *start, const char *open, const char *middle, const char *close, size_t few, size_t many, const char *word) {
    char *good = nested(start, open, middle, close, few);
    char *bad = nested(start, open, middle, close, many);
    sql_parses(good, NULL);
    sql_fails(bad, WEIR_PARSE, word, NULL);
    free(good);
    free(bad);
}

static void test_depth(void **state) {
    (void)state;
    limit("SELECT ", "(", "1", ")", 400, 10000, "nested too deeply");
    limit("SELECT ", "- ", "1", "", 300, 10000, "too");
    limit("SELECT ", "NOT ", "TRUE", "", 300, 10000, "too");
    limit("SELECT ", "f(", "1", ")", 300, 10000, "nested too deeply");
    limit("SELECT ", "(SELECT ", "1", ")", 150, 10000, "nested too deeply");
    limit("", "SELECT * FROM (", "SELECT 1", ")", 150, 10000, "nested too deeply");
    limit("SELECT * FROM ", "(", "t", ")", 300, 10000, "nested too deeply");
    limit("SELECT ", "CASE WHEN TRUE THEN ", "1", " END", 300, 10000, "nested too deeply");
    char *types = nested("SELECT CAST(1 AS ", "ARRAY<", "INT", ">", 10000);
    sql_fails(types, WEIR_PARSE, "nested too deeply", NULL);
    free(types);
    limit("SELECT ", "RUNNING ", "LAST(a)", "", 300, 10000, "nested too deeply");
    char *pattern = nested("SELECT * FROM t MATCH_RECOGNIZE (PATTERN (", "(", "a", ")", 10000);
    sql_fails(pattern, WEIR_PARSE, "nested too deeply", NULL);
    free(pattern);
    limit("SELECT 1 FROM t GROUP BY ", "GROUPING SETS (", "a", ")", 300, 10000, "nested too deeply");
    limit("", "(", "SELECT 1", ")", 300, 10000, "nested too deeply");
    limit("SELECT ", "a[", "1", "]", 300, 10000, "nested too deeply");
}

static void test_chains(void **state) {
    (void)state;
    limit("SELECT 1", " + 1", "", "", 900, 100000, "too long");
    limit("SELECT 1", "", "", " || 'a'", 900, 100000, "too long");
    limit("SELECT a", "[1]", "", "", 900, 100000, "too long");
    limit("SELECT f(a)", ".b", "", "", 900, 100000, "too long");
    limit("SELECT 1", " UNION SELECT 1", "", "", 900, 100000, "too long");
    limit("SELECT * FROM t", ", t", "", "", 900, 100000, "too long");
    limit("SELECT * FROM t", " JOIN t ON TRUE", "", "", 900, 100000, "too long");
    limit("SELECT a", " IS NULL", "", "", 900, 100000, "too long");
    char *arrays = nested("SELECT CAST(1 AS INT", " ARRAY", ")", "", 100000);
    sql_fails(arrays, WEIR_PARSE, "too long", NULL);
    free(arrays);
}

/* Long, but flat: no limit. */
static void test_wide(void **state) {
    (void)state;
    static const char *const parts[][2] = {{"SELECT a", " OR a"}, {"SELECT a = 1", " AND a = 1"}, {"SELECT 1", ", 1"},
        {"VALUES 1", ", (1)"}, {"SELECT a IN (1", ", 1"}, {"SELECT 1;", "SELECT 1;"}};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        char *text = nested(parts[i][0], parts[i][1], i == 4 ? ")" : "", "", 100000);
        sql_fixture *f = sql_begin(SIZE_MAX);
        weir_ast_script *script = NULL;
        assert_int_equal(weir_sql_parse_script(&f->arena, weir_text_of(text), &script, &f->error), WEIR_OK);
        if (i < 2) {
            weir_sql_unparse_query(&f->builder, script->statements[0]->as.query); /* the tree is not deep */
            assert_true(f->builder.size > 500000);
        }
        sql_end(f);
        free(text);
    }
}

/* With every limit of memory up to "enough": an error that says so, and nothing lost. */
static void test_memory(void **state) {
    (void)state;
    static const char script[] = "CREATE TABLE t (a INT COMMENT 'x''y', ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '1' SECOND) "
                                 "WITH ('a' = 'b'); WITH x AS (SELECT a, SUM(b) OVER (PARTITION BY c) FROM t) SELECT * FROM x JOIN y "
                                 "ON a = b WHERE CASE WHEN a THEN JSON_OBJECT('a' VALUE 1) END = 'a' GROUP BY ROLLUP (a) "
                                 "UNION VALUES (1, 2); "
                                 "SELECT * FROM t MATCH_RECOGNIZE (PATTERN (a b+) DEFINE a AS TRUE); ALTER TABLE t ADD (x INT FIRST);";
    bool enough = false;
    int refused = 0;
    for (size_t limit_bytes = 0; !enough && limit_bytes < (1u << 22); limit_bytes += 1024) {
        sql_fixture *f = sql_begin(limit_bytes);
        weir_ast_script *tree = NULL;
        weir_status status = weir_sql_parse_script(&f->arena, WEIR_TEXT(script), &tree, &f->error);
        enough = status == WEIR_OK;
        if (!enough) {
            assert_int_equal(status, WEIR_MEMORY);
            assert_null(tree);
            refused++;
        }
        sql_end(f);
    }
    assert_true(enough);
    assert_true(refused > 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_messages),
        cmocka_unit_test(test_validation),
        cmocka_unit_test(test_unsupported),
        cmocka_unit_test(test_depth),
        cmocka_unit_test(test_chains),
        cmocka_unit_test(test_wide),
        cmocka_unit_test(test_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
