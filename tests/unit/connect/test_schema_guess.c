/* Guessing a CREATE TABLE from files of several kinds. */
#include "connect_help.h"

#include "connect/schema_guess.h"

static const char *guess(const char *name) {
    weir_text statement;
    weir_status status = weir_schema_guess(&arena, &memory, context.files, weir_text_of(path_of(name)), (weir_text){NULL, 0},
                                           (weir_text){NULL, 0}, &statement, &error);
    return status == WEIR_OK ? statement.data : NULL;
}

static void assert_guess(const char *name, const char *columns, const char *more) {
    const char *got = guess(name);
    if (got == NULL)
        fail_msg("%s", error.message);
    const char *format = strstr(more, "'json") != NULL || strstr(name, "json") != NULL || strstr(name, "plain") != NULL ? "json" : "csv";
    const char *wanted =
        weir_arena_format(&arena, "%s) WITH (\n    'connector' = 'filesystem',\n    'path' = '%s',\n    'format' = '%s'%s\n);\n", columns,
                          path_of(name), format, more)
            .data;
    assert_string_equal(got, wanted);
}

static void json_files(void **state) {
    (void)state;
    put_file("Orders 2024.json", "{\"id\":1,\"price\":2,\"when\":\"2024-01-02 "
                                 "03:04:05.678\",\"tags\":[\"a\"],\"pos\":{\"lat\":1.5},\"x\":null}\n\n{\"id\":2,\"price\":2.5,\"ok\":true,"
                                 "\"day\":\"2024-01-02\",\"pos\":{\"lat\":2,\"name\":\"n\"}}");
    assert_guess("Orders 2024.json",
                 "CREATE TABLE `orders_2024` (\n    `id` BIGINT,\n    `price` DOUBLE,\n    `when` TIMESTAMP(3),\n    `tags` "
                 "ARRAY<STRING>,\n    `pos` ROW<`lat` DOUBLE, `name` STRING>,\n"
                 "    `x` STRING,\n    `ok` BOOLEAN,\n    `day` DATE\n",
                 "");
    put_file("iso.jsonl", "{\"t\":\"2024-01-02T03:04:05\",\"mixed\":1}\n{\"mixed\":\"a\"}\n");
    assert_guess("iso.jsonl", "CREATE TABLE `iso` (\n    `t` TIMESTAMP(3),\n    `mixed` STRING\n",
                 ",\n    'json.timestamp-format.standard' = 'ISO-8601'");
    put_file("plain", "[{\"a\":1},{\"a\":2}]\n");
    assert_guess("plain", "CREATE TABLE `plain` (\n    `a` BIGINT\n", "");
    put_file("bad.json", "{\"a\":1}\nno\n");
    assert_null(guess("bad.json"));
    assert_non_null(strstr(error.message, "record 2"));
}

static void csv_files(void **state) {
    (void)state;
    put_file("emp.csv",
             "eid,ename,sal,hired,\"at\"\r\n1,Ann,10.5,2024-01-02,2024-01-02 03:04:05\r\n2,\"Bob, the \"\"B\"\"\",,2024-01-03,\r\n");
    assert_guess(
        "emp.csv",
        "CREATE TABLE `emp` (\n    `eid` BIGINT,\n    `ename` STRING,\n    `sal` DOUBLE,\n    `hired` DATE,\n    `at` TIMESTAMP(3)\n",
        ",\n    'csv.header' = 'true',\n    'csv.null-literal' = ''");
    /* Columns without a name, a name that stands there twice, one with quotes; codes keep their zeros. */
    put_file("pandas.csv", ",a,a,c1,\n0,1,x,4,00123\n1,2,y,5,00124\n");
    assert_guess("pandas.csv",
                 "CREATE TABLE `pandas` (\n    `c1_2` BIGINT,\n    `a` BIGINT,\n    `a_2` STRING,\n    `c1` BIGINT,\n    `c5` STRING\n",
                 ",\n    'csv.header' = 'true'");
    put_file("odd.csv", "1st,weird \"q\"\n1,+49\n-5,0\n");
    assert_guess("odd.csv", "CREATE TABLE `odd` (\n    `1st` BIGINT,\n    `weird \"q\"` STRING\n", ",\n    'csv.header' = 'true'");
    put_file("rows.csv", "x,,y\nz,,y\n");
    assert_guess("rows.csv", "CREATE TABLE `rows` (\n    `c1` STRING,\n    `c2` STRING,\n    `c3` STRING\n", "");
    put_file("real.csv", "a\n0.5\n-0\n");
    assert_guess("real.csv", "CREATE TABLE `real` (\n    `a` DOUBLE\n", ",\n    'csv.header' = 'true'");
    put_file("x.tsv", "1\ta;b\ttrue\n2\tc\tfalse\n");
    assert_guess("x.tsv", "CREATE TABLE `x` (\n    `c1` BIGINT,\n    `c2` STRING,\n    `c3` BOOLEAN\n",
                 ",\n    'csv.field-delimiter' = '\\t'");
    put_file("empty.csv", "");
    assert_null(guess("empty.csv"));
    assert_null(guess("nothere.csv"));
}

/* What is proposed can be read: the guessed options are those that the reader knows. */
static void folder_first_file(void **state) {
    (void)state;
    put_file("d/_skipped.csv", "zzz");
    put_file("d/part-1.csv", "k|v\na|1\n");
    const char *got = guess("d");
    assert_non_null(got);
    assert_non_null(strstr(got, "`k` STRING,\n    `v` BIGINT\n"));
    assert_non_null(strstr(got, "'csv.field-delimiter' = '|'"));
    const weir_table_column columns[] = {COLUMN("k", STRING), COLUMN("v", T(BIGINT))};
    assert_string_equal(read_table(make_table(columns, 2, "connector", "filesystem", "path", "@/d", "format", "csv", "csv.field-delimiter",
                                              "|", "csv.header", "true", NULL)),
                        "{\"k\":\"a\",\"v\":1}\n");
}

/* One file speaks for a folder only when all are of one kind, and it is said which. */
static void what_is_refused(void **state) {
    (void)state;
    put_file("d/a.csv", "k,v\na,1\n");
    put_file("d/b.csv.gz", "z");
    const char *got = guess("d");
    assert_non_null(got);
    assert_non_null(strstr(got, "-- guessed from a.csv, the first of 2 files\nCREATE TABLE `d` ("));
    put_file("d/c.json", "{\"k\":1}\n");
    assert_null(guess("d"));
    assert_non_null(strstr(error.message, "'a.csv' and 'c.json'"));
    assert_non_null(strstr(error.hint, "/d/*.csv'"));
    put_file("latin.csv", "name,n\nJos\xe9 Gonz\xe1lez,1\n");
    assert_non_null(guess("latin.csv"));
    put_file("noise.csv", "\xff\xfe\x81,\x90\xa1\n\xf1\xc3,9\n");
    assert_null(guess("noise.csv"));
    assert_non_null(strstr(error.message, "no text"));
    char *line = weir_arena_alloc(&arena, 600 << 10);
    memset(line, ' ', 600 << 10);
    line[0] = '{';
    line[(600 << 10) - 1] = '\0';
    put_file("long.json", line);
    assert_null(guess("long.json"));
    assert_non_null(strstr(error.message, "longer than the 256 KB"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(json_files, setup, teardown),
        cmocka_unit_test_setup_teardown(csv_files, setup, teardown),
        cmocka_unit_test_setup_teardown(folder_first_file, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_refused, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
