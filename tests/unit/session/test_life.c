/* Settings, what runs behind a script, cancel, and memory that fails. */
#include "tests/unit/session/session_help.h"

#define ENDLESS                                                                             \
    "CREATE TABLE g (id BIGINT) WITH ('connector' = 'datagen', 'rows-per-second' = '100');" \
    "CREATE TABLE s (id BIGINT) WITH ('connector' = 'blackhole');"

static void settings_are_checked(void **state) {
    fixture f;
    (void)state;
    fixture_open(&f);
    expect_error(&f, "SET 'execution.runtime-mode' = 'fast'", WEIR_VALIDATE, "execution.runtime-mode");
    expect_error(&f, "SET 'execution.runtime-mode' = 'automatic'", WEIR_VALIDATE, "AUTOMATIC");
    expect_error(&f, "SET 'table.exec.state.ttl' = 'soon'", WEIR_VALIDATE, "table.exec.state.ttl");
    expect_error(&f, "SET 'table.exec.mini-batch.enabled' = 'perhaps'", WEIR_VALIDATE, "true or false");
    expect_error(&f, "SET 'weir.batch-size' = '0'", WEIR_VALIDATE, "1 to 4096");
    expect_error(&f, "SET 'weir.batch-size' = '4097'", WEIR_VALIDATE, "1 to 4096");
    expect_error(&f, "SET 'weir.bach-size' = '1'", WEIR_VALIDATE, "weir.bach-size");
    expect_error(&f, "SET 'table.local-time-zone' = 'Nowhere/City'", WEIR_VALIDATE, "Nowhere/City");
    expect_error(&f,
                 "CREATE TABLE s (a CHAR(2)) WITH ('connector' = 'blackhole'); SET 'table.exec.sink.type-length-enforcer' = 'ERROR';"
                 "INSERT INTO s VALUES ('a')",
                 WEIR_UNSUPPORTED, "type-length-enforcer");
    help_run(&f, "SET 'table.exec.sink.type-length-enforcer' = 'IGNORE'");
    expect_error(&f, "SET 'table.exec.mini-batch.enabled' = 'true'; SELECT 1", WEIR_VALIDATE, "allow-latency");
    assert_string_equal(f.said, "");
    fixture_close(&f);
}

static void remarks_are_made_once(void **state) {
    fixture f;
    (void)state;
    fixture_open(&f);
    help_run(&f, "SET 'pipeline.max-parallelism' = '4'; SET 'pipeline.max-parallelism' = '4'");
    assert_non_null(strstr(f.said, "pipeline.max-parallelism"));
    assert_ptr_equal(strstr(f.said, "\n"), f.said + strlen(f.said) - 1);
    f.said[0] = '\0';
    help_run(&f, "SET 'table.exec.state.tll' = '1 h'");
    assert_non_null(strstr(f.said, "did you mean 'table.exec.state.ttl'"));
    fixture_close(&f);
}

static void set_and_reset(void **state) {
    fixture f;
    (void)state;
    fixture_open(&f);
    expect_rows(&f, "SET 'table.exec.state.ttl' = '1 h'; SET", "+I(table.exec.state.ttl|1 h)");
    expect_rows(&f, "SET 'table.exec.state.ttl' = '2 h'; SET", "+I(table.exec.state.ttl|2 h)");
    expect_rows(&f, "RESET 'table.exec.state.ttl'; SET", "");
    expect_rows(&f, "SET 'weir.batch-size' = '7'; SET 'parallelism.default' = '2'; RESET; SET", "");
    assert_true(weir_text_equal_c(weir_session_setting(f.session, "execution.runtime-mode"), "streaming"));
    fixture_close(&f);
}

static void the_zone_counts(void **state) {
    fixture f;
    (void)state;
    fixture_open(&f);
    expect_rows(
        &f, "SET 'table.local-time-zone' = 'Asia/Tokyo'; SELECT CAST(CAST(TIMESTAMP '2024-01-01 09:00:00' AS TIMESTAMP_LTZ(3)) AS STRING)",
        "+I(2024-01-01 09:00:00.000)");
    expect_rows(&f, "SELECT UNIX_TIMESTAMP('1970-01-01 09:00:10')", "+I(10)");
    fixture_close(&f);
}

static void batches_of_one_row(void **state) {
    fixture f;
    (void)state;
    fixture_open(&f);
    expect_rows(&f, "SET 'weir.batch-size' = '1'; SELECT a FROM (VALUES (1), (2), (3)) AS t(a) WHERE a <> 2", "+I(1)+I(3)");
    fixture_close(&f);
}

static void inserts_without_an_end_run_behind(void **state) {
    fixture f;
    weir_error error = {0};
    weir_job_progress figures;
    bool pending = false;
    (void)state;
    fixture_open(&f);
    expect_rows(&f, ENDLESS "INSERT INTO s SELECT id FROM g; INSERT INTO s SELECT id FROM g; SELECT 1", "+I(1)");
    assert_int_equal(f.jobs, 1); /* the SELECT */
    assert_int_equal(weir_session_wait(f.session, 2000, &pending, &error), WEIR_OK);
    assert_true(pending);
    assert_true(weir_session_progress(f.session, &figures));
    assert_true(figures.rows_written > 0);
    weir_session_cancel(f.session);
    assert_int_equal(weir_session_wait(f.session, 2000, &pending, &error), WEIR_CANCELLED);
    fixture_close(&f);
}

static void dml_sync_forces(void **state) {
    fixture f;
    weir_error error = {0};
    bool pending = true;
    (void)state;
    fixture_open(&f);
    help_run(&f, "CREATE TABLE p (a INT) WITH ('connector' = 'print'); SET 'table.dml-sync' = 'false'; INSERT INTO p SELECT 1");
    assert_string_equal(f.printed, "");
    assert_int_equal(weir_session_wait(f.session, 2000, &pending, &error), WEIR_OK);
    assert_false(pending);
    assert_string_equal(f.printed, "+I[1]\n");
    fixture_close(&f);
}

static void cancel_ends_a_query(void **state) {
    fixture f;
    weir_script *script;
    weir_answer *answer;
    weir_batch *batch;
    weir_error error = {0};
    bool pending;
    (void)state;
    fixture_open(&f);
    help_run(&f, ENDLESS);
    assert_int_equal(weir_script_open(f.session, WEIR_TEXT("SELECT id FROM g WHERE id IS NULL; SELECT 2"), &script, &error), WEIR_OK);
    assert_int_equal(weir_script_next(script, &answer, &error), WEIR_OK);
    assert_false(weir_answer_is_bounded(answer));
    assert_int_equal(weir_answer_next(answer, 50, &batch, &pending, &error), WEIR_OK);
    assert_true(pending);
    weir_session_cancel(f.session);
    assert_int_equal(weir_answer_next(answer, 50, &batch, &pending, &error), WEIR_CANCELLED);
    weir_answer_close(answer);
    assert_int_equal(weir_script_next(script, &answer, &error), WEIR_CANCELLED);
    weir_script_close(script);
    expect_rows(&f, "SELECT 3", "+I(3)");
    fixture_close(&f);
}

static void answers_may_be_left_unread(void **state) {
    fixture f;
    weir_script *script;
    weir_answer *answer;
    weir_error error = {0};
    (void)state;
    fixture_open(&f);
    assert_int_equal(weir_script_open(f.session, WEIR_TEXT("SHOW TABLES; SELECT 1; BEGIN STATEMENT SET;"), &script, &error), WEIR_OK);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(weir_script_next(script, &answer, &error), WEIR_OK);
        weir_answer_close(answer);
    }
    weir_script_close(script); /* with an open set */
    fixture_close(&f);
}

/* A session over scripts of many kinds, with the n-th allocation failing, for all n: an error, and nothing left behind. */
static void memory_fails_at_every_step(void **state) {
    static const char script[] =
        "SET 'table.exec.state.ttl' = '1 h'; CREATE TABLE s (a INT, b STRING) WITH ('connector' = 'blackhole');"
        "CREATE VIEW v AS SELECT a, b FROM (VALUES (1, 'x'), (2, 'y')) AS t(a, b);"
        "INSERT INTO s SELECT * FROM v; SHOW CREATE TABLE s; DESCRIBE v; SELECT a, COUNT(*) FROM v GROUP BY a; EXPLAIN SELECT * FROM v";
    weir_clock_virtual clock;
    (void)state;
    weir_clock_virtual_init(&clock, 0);
    for (uint64_t n = 1, failed = 1; failed > 0; n += n < 200 ? 1 : 7) {
        assert_true(n < 100000);
        weir_memory memory;
        weir_memory_init(&memory, NULL, "test", SIZE_MAX);
        weir_session_environment environment = {.memory = &memory, .memory_limit_bytes = SIZE_MAX, .clock = &clock.clock};
        fixture f = {.session = NULL};
        weir_memory_init(&f.memory, NULL, "texts", SIZE_MAX);
        weir_error error = {0};
        weir_memory_fail_after(n, false);
        weir_status status = weir_session_create(&environment, &f.session, &error);
        if (status == WEIR_OK)
            help_try(&f, script, &status, &error);
        failed = weir_memory_tries() >= n;
        weir_memory_fail_after(0, false);
        if (status != WEIR_OK)
            assert_int_equal(status, WEIR_MEMORY);
        weir_session_destroy(f.session);
        assert_int_equal(memory.used_bytes, 0);
        assert_int_equal(f.memory.used_bytes, 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(settings_are_checked),
        cmocka_unit_test(remarks_are_made_once),
        cmocka_unit_test(set_and_reset),
        cmocka_unit_test(the_zone_counts),
        cmocka_unit_test(batches_of_one_row),
        cmocka_unit_test(inserts_without_an_end_run_behind),
        cmocka_unit_test(dml_sync_forces),
        cmocka_unit_test(cancel_ends_a_query),
        cmocka_unit_test(answers_may_be_left_unread),
        cmocka_unit_test(memory_fails_at_every_step),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
