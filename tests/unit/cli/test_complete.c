/* What Tab offers, and how former statements are kept. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "cli/repl/repl_int.h"

typedef struct fixture {
    weir_memory memory;
    weir_session *session;
} fixture;

static void run(fixture *f, const char *sql) {
    weir_script *script;
    weir_answer *answer;
    weir_error error = {0};
    assert_int_equal(weir_script_open(f->session, weir_text_of(sql), &script, &error), WEIR_OK);
    do {
        assert_int_equal(weir_script_next(script, &answer, &error), WEIR_OK);
        weir_answer_close(answer);
    } while (answer != NULL);
    weir_script_close(script);
}

static int set_up(void **state) {
    static fixture f; /* tidy: one fixture for the group */
    weir_error error = {0};
    weir_memory_init(&f.memory, NULL, "test", SIZE_MAX);
    weir_session_environment environment = {.memory = &f.memory, .memory_limit_bytes = SIZE_MAX};
    *state = &f;
    if (weir_session_create(&environment, &f.session, &error) != WEIR_OK)
        return 1;
    run(&f, "CREATE TABLE orders (order_id INT, price DOUBLE, `select` INT) WITH ('connector' = 'datagen');"
            "CREATE TABLE other (x INT) WITH ('connector' = 'datagen'); CREATE DATABASE shop");
    return 0;
}

static int tear_down(void **state) {
    fixture *f = *state;
    weir_session_destroy(f->session);
    weir_memory_deinit(&f->memory);
    return 0;
}

static bool offered(const repl_completion *completion, const char *word) {
    for (size_t i = 0; i < completion->words.count; i++)
        if (strcmp(completion->words.items[i], word) == 0)
            return true;
    return false;
}

/* `wanted` is offered behind `before`, `unwanted` (NULL: nothing) is not. */
static void expect_word(void **state, const char *before, const char *after, const char *wanted, const char *unwanted) {
    fixture *f = *state;
    repl_completion completion;
    repl_complete(f->session, &f->memory, weir_text_of(before), weir_text_of(after), &completion);
    if (!offered(&completion, wanted))
        fail_msg("'%s': no '%s' among %zu words", before, wanted, completion.words.count);
    if (unwanted != NULL && offered(&completion, unwanted))
        fail_msg("'%s': '%s' is offered", before, unwanted);
    repl_completion_deinit(&completion);
}

static void statements(void **state) {
    expect_word(state, "", "", "SELECT", "TABLE");
    expect_word(state, "sel", "", "select", "SELECT");
    expect_word(state, "SELECT 1; SH", "", "SHOW", NULL);
    expect_word(state, "SHOW ", "", "JOBS", "SELECT");
    expect_word(state, "create ", "", "TABLE", NULL);
    expect_word(state, "SELECT order_id FROM orders WH", "", "WHERE", NULL);
}

static void names(void **state) {
    expect_word(state, "SELECT * FROM or", "", "orders", "other");
    expect_word(state, "SELECT * FROM ", "", "shop", NULL);
    expect_word(state, "SELECT pr", " FROM orders", "price", NULL);
    expect_word(state, "SELECT * FROM orders AS o WHERE o.", "", "order_id", "x");
    expect_word(state, "SELECT sel", " FROM orders", "`select`", NULL);
    expect_word(state, "SELECT COU", "", "COUNT(", NULL);
    expect_word(state, "SELECT lpa", "", "lpad(", NULL);
    expect_word(state, "USE sh", "", "shop", NULL);
    expect_word(state, "\\d or", "", "orders", NULL);
    expect_word(state, "\\tim", "", "\\timing", NULL);
}

static void strings(void **state) {
    expect_word(state, "SET 'table.exec.state", "", "table.exec.state.ttl", NULL);
    expect_word(state, "SET 'execution.runtime-mode' = '", "", "batch", NULL);
    expect_word(state, "CREATE TABLE t (a INT) WITH ('conn", "", "connector", NULL);
    expect_word(state, "CREATE TABLE t (a INT) WITH ('connector' = 'data", "", "datagen", "print");
    expect_word(state, "CREATE TABLE t (a INT) WITH ('connector' = 'filesystem', 'format' = '", "", "json", NULL);
    expect_word(state, "CREATE TABLE t (a INT) WITH ('connector' = 'datagen', 'rows", "", "rows-per-second", NULL);
}

/* Any prefix of a text is fine, also broken ones. */
static void every_place(void **state) {
    static const char text[] = "SELECT 'a\xc3\xa4', `x`, \" o.y FROM orders AS o, other /* c */ -- d\nWHERE x = '";
    fixture *f = *state;
    for (size_t size = 0; size < sizeof text; size++) {
        repl_completion completion;
        repl_complete(f->session, &f->memory, (weir_text){text, size}, WEIR_TEXT(""), &completion);
        assert_true(completion.start <= size);
        repl_completion_deinit(&completion);
    }
}

static void common_start(void **state) {
    fixture *f = *state;
    repl_completion completion;
    repl_complete(f->session, &f->memory, WEIR_TEXT("SELECT * FROM o"), WEIR_TEXT(""), &completion);
    assert_int_equal(completion.words.count, 2);
    assert_int_equal(repl_completion_common(&completion), 1);
    repl_completion_deinit(&completion);
    assert_int_equal(repl_completion_common(&(repl_completion){0}), 0);
}

static void history_lines(void **state) {
    static const char *const entries[] = {"SELECT 1;", "SELECT\n  'a\\nb'\n;", "\\d t", "a\\", ""};
    fixture *f = *state;
    for (size_t i = 0; i < sizeof entries / sizeof entries[0]; i++) {
        weir_builder line, back;
        weir_builder_init(&line, &f->memory, 1000);
        weir_builder_init(&back, &f->memory, 1000);
        repl_history_write(&line, weir_text_of(entries[i]));
        assert_int_equal(line.data[line.size - 1], '\n');
        assert_null(memchr(line.data, '\n', line.size - 1));
        repl_history_read(&back, (weir_text){line.data, line.size - 1});
        assert_true(weir_text_equal_c(weir_builder_view(&back), entries[i]));
        weir_builder_deinit(&line);
        weir_builder_deinit(&back);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(statements),  cmocka_unit_test(names),        cmocka_unit_test(strings),
        cmocka_unit_test(every_place), cmocka_unit_test(common_start), cmocka_unit_test(history_lines),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
