/* INSERTs that run behind a script: listed, stopped, interrupted or not, and what is remembered of them. */
#include "tests/unit/session/session_help.h"

#define TABLES                                                                                                           \
    "CREATE TABLE endless (id BIGINT) WITH ('connector' = 'datagen', 'rows-per-second' = '10');"                         \
    "CREATE TABLE three (id BIGINT) WITH ('connector' = 'datagen', 'number-of-rows' = '3', 'rows-per-second' = '1000');" \
    "CREATE TABLE away (id BIGINT) WITH ('connector' = 'blackhole');"

/* The id of the newest job: its row is "+I(id|name|...". */
static void newest(fixture *f, char id[33]) {
    const char *rows = help_run(f, "SHOW JOBS");
    assert_memory_equal(rows, "+I(", 3);
    memcpy(id, rows + 3, 32);
    id[32] = '\0';
}

static void listed_and_stopped(void **state) {
    fixture f;
    char id[33], sql[128];
    (void)state;
    fixture_open(&f);
    expect_rows(&f, "SHOW JOBS", "");
    help_run(&f, TABLES "INSERT INTO away SELECT id FROM endless;");
    assert_int_equal(weir_session_jobs_running(f.session), 1);
    assert_non_null(
        strstr(help_run(&f, "SHOW JOBS"), "|insert-into_default_catalog.default_database.away|RUNNING|2023-11-14 22:13:20.000)"));
    newest(&f, id);
    snprintf(sql, sizeof sql, "DESCRIBE JOB '%s'", id);
    assert_non_null(strstr(help_run(&f, sql), "RUNNING"));
    snprintf(sql, sizeof sql, "STOP JOB '%s'", id);
    help_run(&f, sql);
    assert_int_equal(weir_session_jobs_running(f.session), 0);
    assert_non_null(strstr(help_run(&f, "SHOW JOBS"), "|CANCELED|"));
    expect_error(&f, sql, WEIR_VALIDATE, "has ended already: it is CANCELED");
    fixture_close(&f);
}

static void unknown_and_refused(void **state) {
    fixture f;
    (void)state;
    fixture_open(&f);
    expect_error(&f, "STOP JOB 'x'", WEIR_VALIDATE, "There is no job 'x'");
    expect_error(&f, "DESCRIBE JOB 'x'", WEIR_VALIDATE, "There is no job 'x'");
    expect_error(&f, "STOP JOB 'x' WITH SAVEPOINT", WEIR_UNSUPPORTED, "WITH SAVEPOINT");
    fixture_close(&f);
}

static void ends_by_itself(void **state) {
    fixture f;
    bool pending;
    weir_error error = {0};
    (void)state;
    fixture_open(&f);
    help_run(&f, TABLES "SET 'table.dml-sync' = 'false'; SET 'pipeline.name' = 'mine'; INSERT INTO away SELECT id FROM three;");
    assert_int_equal(weir_session_wait(f.session, 100000, &pending, &error), WEIR_OK);
    assert_false(pending);
    assert_non_null(strstr(help_run(&f, "SHOW JOBS"), "|mine|FINISHED|"));
    fixture_close(&f);
}

/* What stands in front is cancelled, what runs behind goes on. */
static void interrupt_spares_what_is_behind(void **state) {
    fixture f;
    weir_script *script;
    weir_answer *answer;
    weir_batch *batch;
    bool pending;
    weir_error error = {0};
    (void)state;
    fixture_open(&f);
    help_run(&f, TABLES "INSERT INTO away SELECT id FROM endless;");
    assert_int_equal(weir_script_open(f.session, weir_text_of("SELECT * FROM endless"), &script, &error), WEIR_OK);
    assert_int_equal(weir_script_next(script, &answer, &error), WEIR_OK);
    assert_true(weir_answer_only_inserts(answer));
    weir_session_interrupt(f.session);
    assert_int_equal(weir_answer_next(answer, 10, &batch, &pending, &error), WEIR_CANCELLED);
    weir_answer_close(answer);
    weir_script_close(script);
    assert_int_equal(weir_session_jobs_running(f.session), 1);
    assert_int_equal(weir_session_wait(f.session, 10, &pending, &error), WEIR_OK);
    assert_true(pending);
    weir_session_cancel(f.session);
    assert_int_equal(weir_session_wait(f.session, 10, &pending, &error), WEIR_CANCELLED);
    assert_non_null(strstr(help_run(&f, "SHOW JOBS"), "|CANCELED|"));
    fixture_close(&f);
}

static bool only_inserts(fixture *f, const char *sql) {
    weir_script *script;
    weir_answer *answer;
    weir_error error = {0};
    assert_int_equal(weir_script_open(f->session, weir_text_of(sql), &script, &error), WEIR_OK);
    assert_int_equal(weir_script_next(script, &answer, &error), WEIR_OK);
    bool only = weir_answer_only_inserts(answer);
    weir_answer_close(answer);
    weir_script_close(script);
    return only;
}

static void which_only_insert(void **state) {
    fixture f;
    (void)state;
    fixture_open(&f);
    help_run(&f, TABLES);
    assert_true(only_inserts(&f, "SELECT id + 1 FROM three"));
    assert_true(only_inserts(&f, "SELECT id FROM three UNION ALL SELECT id FROM endless"));
    assert_false(only_inserts(&f, "SELECT COUNT(*) FROM three"));
    assert_false(only_inserts(&f, "SELECT a.id FROM three a LEFT JOIN three b ON a.id = b.id"));
    assert_true(only_inserts(&f, "SHOW TABLES"));
    help_run(&f, "SET 'execution.runtime-mode' = 'batch'");
    assert_true(only_inserts(&f, "SELECT COUNT(*) FROM three"));
    fixture_close(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(listed_and_stopped), cmocka_unit_test(unknown_and_refused),
        cmocka_unit_test(ends_by_itself),     cmocka_unit_test(interrupt_spares_what_is_behind),
        cmocka_unit_test(which_only_insert),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
