/* The C API from C: lives of handles in every order, streams in both directions, memory that fails at every step. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "weir/weir.h"

static weir *session_open(void) {
    weir *session = NULL;
    assert_int_equal(weir_open(NULL, &session), WEIR_CODE_OK);
    assert_int_equal(weir_set(session, "execution.runtime-mode", "batch"), WEIR_CODE_OK);
    return session;
}

static void open_stream(weir *session, const char *sql, struct ArrowArrayStream *stream) {
    weir_result *result;
    assert_int_equal(weir_execute(session, sql, &result), WEIR_CODE_OK);
    assert_int_equal(weir_result_stream(result, 0, stream), WEIR_CODE_OK);
    weir_result_close(result);
}

static void rows_through_arrow(void **state) {
    struct ArrowArrayStream stream;
    struct ArrowSchema schema;
    struct ArrowArray array, end;
    (void)state;
    weir *session = session_open();
    open_stream(session, "SELECT a, b FROM (VALUES (1, 'x'), (2, CAST(NULL AS STRING))) AS t(a, b)", &stream);
    weir_close(session); /* the stream keeps it */
    assert_int_equal(stream.get_schema(&stream, &schema), 0);
    assert_string_equal(schema.format, "+s");
    assert_int_equal(schema.n_children, 2);
    assert_string_equal(schema.children[1]->name, "b");
    assert_int_equal(stream.get_next(&stream, &array), 0);
    assert_int_equal(array.length, 2);
    assert_int_equal(array.children[1]->null_count, 1);
    assert_int_equal(stream.get_next(&stream, &end), 0);
    assert_null(end.release);
    schema.release(&schema);
    stream.release(&stream); /* now the session ends; the array lives on */
    assert_int_equal(((const int32_t *)array.children[0]->buffers[1])[1], 2);
    array.release(&array);
}

static void a_stream_as_a_table(void **state) {
    struct ArrowArrayStream stream;
    struct ArrowArray array;
    (void)state;
    weir *from = session_open(), *to = session_open();
    open_stream(from, "SELECT k, v FROM (VALUES ('a', 1), ('b', 2), ('a', 3)) AS t(k, v)", &stream);
    assert_int_equal(weir_register_stream(to, "t", &stream), WEIR_CODE_OK);
    assert_null(stream.release);
    weir_close(from);
    for (int round = 0; round < 2; round++) {
        open_stream(to, "SELECT l.k, SUM(r.v) AS s FROM t AS l JOIN t AS r ON l.k = r.k GROUP BY l.k ORDER BY s", &stream);
        assert_int_equal(stream.get_next(&stream, &array), 0);
        assert_int_equal(array.length, 2);
        assert_int_equal(((const int32_t *)array.children[1]->buffers[1])[1], 8);
        array.release(&array);
        stream.release(&stream);
    }
    open_stream(to, "SELECT 1 AS a", &stream); /* another table of the same name takes the place of the first */
    assert_int_equal(weir_register_stream(to, "t", &stream), WEIR_CODE_OK);
    open_stream(to, "SELECT a FROM t", &stream);
    assert_int_equal(stream.get_next(&stream, &array), 0);
    assert_int_equal(array.length, 1);
    array.release(&array);
    stream.release(&stream);
    assert_int_equal(weir_execute(to, "INSERT INTO t SELECT 1", NULL), WEIR_CODE_VALIDATE);
    assert_int_equal(weir_execute(to, "CREATE TABLE u (a INT) WITH ('connector' = 'arrow'); SELECT * FROM u", NULL), WEIR_CODE_VALIDATE);
    weir_close(to);
}

static void results_left_alone(void **state) {
    weir_result *result;
    struct ArrowArrayStream stream;
    (void)state;
    weir *session = session_open();
    assert_int_equal(weir_execute(session, "SELECT 1; SELECT 2", &result), WEIR_CODE_OK);
    assert_int_equal(weir_result_has_rows(result), 1);
    weir_result_close(result); /* never streamed */
    open_stream(session, "SELECT 3", &stream);
    stream.release(&stream); /* never read */
    assert_int_equal(weir_execute(session, "SELECT 4", &result), WEIR_CODE_OK);
    assert_int_equal(weir_result_stream(result, 0, &stream), WEIR_CODE_OK);
    struct ArrowArrayStream second;
    assert_int_equal(weir_result_stream(result, 0, &second), WEIR_CODE_USAGE);
    assert_null(second.release);
    weir_close(session);
    stream.release(&stream);
    weir_result_close(result); /* the last of them */
    weir_close(NULL);
    weir_result_close(NULL);
}

static void errors_are_kept(void **state) {
    (void)state;
    weir *session = session_open();
    assert_string_equal(weir_last_message(session), "");
    assert_int_equal(weir_execute(session, "SELECT 1;\n\n  SELECT nam FROM (VALUES (1)) AS t(name)", NULL), WEIR_CODE_VALIDATE);
    assert_int_equal(weir_last_code(session), WEIR_CODE_VALIDATE);
    assert_int_equal(weir_last_line(session), 3);
    assert_int_equal(weir_last_column(session), 10);
    assert_non_null(strstr(weir_last_message(session), "nam"));
    assert_non_null(strstr(weir_last_hint(session), "name"));
    assert_int_equal(weir_execute(session, "SELECT 1", NULL), WEIR_CODE_OK);
    assert_int_equal(weir_last_code(session), WEIR_CODE_OK);
    assert_int_equal(weir_set(session, "weir.nothing", "1"), WEIR_CODE_VALIDATE);
    assert_int_equal(weir_open(NULL, NULL), WEIR_CODE_USAGE);
    weir_close(session);
}

static void remember(void *context, const char *message) { snprintf(context, 256, "%s", message); }

static void options_count(void **state) {
    char said[256] = "";
    struct ArrowArrayStream stream;
    struct ArrowArray array;
    weir *session;
    (void)state;
    weir_options options = {.struct_size = sizeof options, .time_zone = "Asia/Tokyo", .warn = remember, .warn_context = said};
    assert_int_equal(weir_open(&options, &session), WEIR_CODE_OK);
    assert_int_equal(weir_set(session, "pipeline.object-reuse", "true"), WEIR_CODE_OK);
    assert_non_null(strstr(said, "pipeline.object-reuse"));
    open_stream(session, "SELECT UNIX_TIMESTAMP('1970-01-01 09:00:07') AS s", &stream);
    assert_int_equal(stream.get_next(&stream, &array), 0);
    assert_int_equal(((const int64_t *)array.children[0]->buffers[1])[0], 7);
    array.release(&array);
    stream.release(&stream);
    weir_close(session);
}

static const char updating[] = "SELECT k, COUNT(*) AS n FROM (VALUES ('a'), ('a'), ('b')) AS t(k) GROUP BY k";

static weir_result *query(weir *session, const char *sql) {
    weir_result *result;
    assert_int_equal(weir_execute(session, sql, &result), WEIR_CODE_OK);
    return result;
}

static int64_t count_rows(weir_result *result, int flags) {
    struct ArrowArrayStream stream;
    struct ArrowArray array;
    int64_t count = 0;
    assert_int_equal(weir_result_stream(result, flags, &stream), WEIR_CODE_OK);
    for (;;) {
        assert_int_equal(stream.get_next(&stream, &array), 0);
        if (array.release == NULL)
            break;
        count += array.length;
        array.release(&array);
    }
    assert_int_equal(stream.get_next(&stream, &array), 0); /* the end stays the end */
    assert_null(array.release);
    stream.release(&stream);
    return count;
}

static void a_result_is_described(void **state) {
    (void)state;
    weir *session = session_open();
    weir_result *result =
        query(session, "SET 'table.local-time-zone' = 'UTC';\n  SELECT 1.50 AS price, CAST(NULL AS STRING) AS `the name`");
    assert_int_equal(weir_result_column_count(result), 2);
    assert_string_equal(weir_result_column_name(result, 1), "the name");
    assert_string_equal(weir_result_column_type(result, 0), "DECIMAL(3, 2) NOT NULL");
    assert_string_equal(weir_result_column_type(result, 1), "STRING");
    assert_null(weir_result_column_name(result, 2));
    assert_null(weir_result_column_type(result, 2));
    assert_int_equal(strncmp(weir_result_statement(result), "SELECT 1.50", 11), 0);
    assert_true(weir_result_is_bounded(result) && weir_result_is_insert_only(result));
    weir_result_close(result);
    result = query(session, "SET 'execution.runtime-mode' = 'streaming'");
    assert_int_equal(weir_result_column_count(result), 0);
    assert_null(weir_result_statement(result));
    assert_true(weir_result_is_bounded(result) && weir_result_is_insert_only(result));
    weir_result_close(result);
    result = query(session, updating);
    assert_false(weir_result_is_insert_only(result));
    weir_result_close(result);
    result = query(session, "CREATE TABLE g (id BIGINT) WITH ('connector' = 'datagen'); SELECT id FROM g");
    assert_false(weir_result_is_bounded(result));
    assert_true(weir_result_is_insert_only(result));
    weir_result_close(result);
    weir_close(session);
}

/* The newest row of each key: the plan as it was written only adds rows, the one that is run takes the older ones back. */
static void the_newest_row_changes(void **state) {
    (void)state;
    weir *session = session_open();
    assert_int_equal(weir_set(session, "execution.runtime-mode", "streaming"), WEIR_CODE_OK);
    weir_result *result = query(session, "CREATE TABLE g (k INT, p AS PROCTIME()) WITH ('connector' = 'datagen', 'number-of-rows' = '50', "
                                         "'fields.k.min' = '1', 'fields.k.max' = '3');"
                                         "SELECT k FROM (SELECT k, ROW_NUMBER() OVER (PARTITION BY k ORDER BY p DESC) AS n FROM g) "
                                         "WHERE n = 1");
    assert_false(weir_result_is_insert_only(result));
    assert_int_equal(count_rows(result, WEIR_STREAM_TABLE), 3);
    weir_result_close(result);
    weir_close(session);
}

static void changes_or_the_table(void **state) {
    struct ArrowArrayStream stream;
    struct ArrowArray array;
    (void)state;
    weir *session = session_open();
    assert_int_equal(weir_set(session, "execution.runtime-mode", "streaming"), WEIR_CODE_OK);
    weir_result *result = query(session, updating);
    assert_int_equal(weir_result_stream(result, WEIR_STREAM_CHANGES | WEIR_STREAM_TABLE, &stream), WEIR_CODE_USAGE);
    assert_int_equal(weir_result_stream(result, 64, &stream), WEIR_CODE_USAGE);
    assert_int_equal(count_rows(result, WEIR_STREAM_TABLE), 2);
    assert_int_equal(weir_result_stream(result, WEIR_STREAM_TABLE, &stream), WEIR_CODE_USAGE); /* it was not kept */
    assert_non_null(strstr(weir_last_message(session), "streamed already"));
    weir_result_close(result);
    result = query(session, updating);
    assert_int_equal(count_rows(result, WEIR_STREAM_TABLE | WEIR_STREAM_KEEP), 2);
    assert_int_equal(count_rows(result, WEIR_STREAM_TABLE), 2);
    assert_int_equal(weir_result_stream(result, WEIR_STREAM_CHANGES, &stream), WEIR_CODE_USAGE);
    assert_non_null(strstr(weir_last_message(session), "as a table"));
    weir_result_close(result);
    result = query(session, updating);
    assert_int_equal(count_rows(result, WEIR_STREAM_CHANGES | WEIR_STREAM_KEEP), 4);
    assert_int_equal(count_rows(result, WEIR_STREAM_CHANGES), 4);
    assert_int_equal(weir_result_stream(result, WEIR_STREAM_TABLE, &stream), WEIR_CODE_USAGE);
    weir_result_close(result);
    result = query(session, updating);
    assert_int_equal(weir_result_stream(result, 0, &stream), WEIR_CODE_OK);
    assert_int_not_equal(stream.get_next(&stream, &array), 0);
    assert_non_null(strstr(stream.get_last_error(&stream), "changes"));
    stream.release(&stream);
    weir_result_close(result);
    weir_close(session);
}

/* Two streams side by side over what is kept, of a result that is larger than one array of its table. */
static void what_is_kept_is_read_again(void **state) {
    static const char many[] =
        "CREATE TABLE g (id BIGINT) WITH ('connector' = 'datagen', 'fields.id.kind' = 'sequence', 'fields.id.start' = '1',"
        " 'fields.id.end' = '150000');\n";
    struct ArrowArrayStream first, second;
    struct ArrowArray one, two;
    char sql[512];
    (void)state;
    weir *session = session_open();
    assert_int_equal(weir_set(session, "execution.runtime-mode", "streaming"), WEIR_CODE_OK);
    snprintf(sql, sizeof sql, "%sSELECT id FROM g", many);
    weir_result *result = query(session, sql);
    assert_int_equal(weir_result_stream(result, WEIR_STREAM_KEEP, &first), WEIR_CODE_OK);
    assert_int_equal(first.get_next(&first, &one), 0);
    one.release(&one);
    assert_int_equal(weir_result_stream(result, WEIR_STREAM_TABLE, &second), WEIR_CODE_OK);
    for (int round = 0; round < 3; round++) {
        assert_int_equal(second.get_next(&second, &two), 0);
        two.release(&two);
    }
    assert_int_equal(first.get_next(&first, &one), 0);
    one.release(&one);
    second.release(&second);
    first.release(&first);
    assert_int_equal(count_rows(result, WEIR_STREAM_CHANGES), 150000);
    weir_result_close(result);
    result = query(session, "SELECT id, COUNT(*) AS n FROM g GROUP BY id");
    assert_int_equal(count_rows(result, WEIR_STREAM_TABLE | WEIR_STREAM_KEEP), 150000);
    assert_int_equal(count_rows(result, WEIR_STREAM_TABLE), 150000);
    weir_result_close(result);
    weir_close(session);
}

static void a_failure_stays(void **state) {
    struct ArrowArrayStream stream;
    struct ArrowArray array;
    (void)state;
    weir *session = session_open();
    weir_result *result = query(session, "SELECT 1 / (a - 2) AS x FROM (VALUES (1), (2)) AS t(a)");
    for (int round = 0; round < 2; round++) {
        assert_int_equal(weir_result_stream(result, WEIR_STREAM_TABLE | WEIR_STREAM_KEEP, &stream), WEIR_CODE_OK);
        assert_int_equal(stream.get_next(&stream, &array), 0); /* the row before it */
        array.release(&array);
        assert_int_not_equal(stream.get_next(&stream, &array), 0);
        assert_int_equal(weir_last_code(session), WEIR_CODE_RUNTIME);
        assert_string_equal(weir_last_stage(session), "run");
        stream.release(&stream);
    }
    weir_result_close(result);
    assert_int_equal(weir_execute(session, "SELECT 1", NULL), WEIR_CODE_OK);
    assert_string_equal(weir_last_stage(session), "");
    weir_close(session);
}

static void settings_are_told(void **state) {
    const char *value;
    (void)state;
    weir *session = session_open();
    assert_int_equal(weir_get(session, "execution.runtime-mode", &value), WEIR_CODE_OK);
    assert_string_equal(value, "batch");
    assert_int_equal(weir_get(session, "no.such.key", &value), WEIR_CODE_OK);
    assert_null(value);
    assert_int_equal(weir_get(session, NULL, &value), WEIR_CODE_USAGE);
    weir_close(session);
}

static void tables_are_dropped(void **state) {
    struct ArrowArrayStream stream;
    struct ArrowArray array;
    (void)state;
    weir *session = session_open();
    assert_int_equal(weir_unregister(session, "t"), WEIR_CODE_VALIDATE);
    assert_int_equal(weir_unregister(session, NULL), WEIR_CODE_USAGE);
    open_stream(session, "SELECT a FROM (VALUES (1), (2)) AS v(a)", &stream);
    assert_int_equal(weir_register_stream(session, "t", &stream), WEIR_CODE_OK);
    open_stream(session, "SELECT a FROM t", &stream);
    assert_int_equal(weir_unregister(session, "t"), WEIR_CODE_OK); /* the stream reads on */
    assert_int_equal(weir_execute(session, "SELECT a FROM t", NULL), WEIR_CODE_VALIDATE);
    assert_int_equal(stream.get_next(&stream, &array), 0);
    assert_int_equal(array.length, 2);
    array.release(&array);
    stream.release(&stream);
    assert_int_equal(weir_execute(session, "CREATE TEMPORARY TABLE b (a INT) WITH ('connector' = 'blackhole')", NULL), WEIR_CODE_OK);
    assert_int_equal(weir_unregister(session, "b"), WEIR_CODE_VALIDATE); /* not one of ours */
    weir_close(session);
}

static int use_everything(void) {
    weir *session;
    weir_result *result;
    struct ArrowArrayStream stream;
    struct ArrowArray array;
    int code = weir_open(NULL, &session);
    if (code != WEIR_CODE_OK)
        return code;
    code = weir_execute(session, "SELECT 1 AS a, 'x' AS b", &result);
    if (code == WEIR_CODE_OK) {
        code = weir_result_stream(result, 1, &stream);
        if (code == WEIR_CODE_OK)
            code = weir_register_stream(session, "t", &stream);
        weir_result_close(result);
    }
    if (code == WEIR_CODE_OK)
        code = weir_execute(session, "SELECT a, b, COUNT(*) AS n FROM t GROUP BY a, b", &result);
    if (code == WEIR_CODE_OK) {
        code = weir_result_stream(result, WEIR_STREAM_TABLE | WEIR_STREAM_KEEP, &stream);
        if (code == WEIR_CODE_OK) {
            code = stream.get_next(&stream, &array) == 0 ? WEIR_CODE_OK : weir_last_code(session);
            if (code == WEIR_CODE_OK)
                array.release(&array);
            stream.release(&stream);
        }
        weir_result_close(result);
    }
    if (code == WEIR_CODE_OK)
        code = weir_unregister(session, "t");
    weir_close(session);
    return code;
}

static void memory_fails_at_every_step(void **state) {
    (void)state;
    for (uint64_t n = 1, failed = 1; failed > 0; n++) {
        assert_true(n < 100000);
        weir_memory_fail_after(n, false);
        int code = use_everything();
        failed = weir_memory_tries() >= n;
        weir_memory_fail_after(0, false);
        /* An imported stream that fails says so as a failure of the stream. */
        assert_true(code == WEIR_CODE_OK || code == WEIR_CODE_MEMORY || code == WEIR_CODE_RUNTIME);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_through_arrow),
        cmocka_unit_test(a_stream_as_a_table),
        cmocka_unit_test(results_left_alone),
        cmocka_unit_test(errors_are_kept),
        cmocka_unit_test(options_count),
        cmocka_unit_test(a_result_is_described),
        cmocka_unit_test(the_newest_row_changes),
        cmocka_unit_test(changes_or_the_table),
        cmocka_unit_test(what_is_kept_is_read_again),
        cmocka_unit_test(a_failure_stays),
        cmocka_unit_test(settings_are_told),
        cmocka_unit_test(tables_are_dropped),
        cmocka_unit_test(memory_fails_at_every_step),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
