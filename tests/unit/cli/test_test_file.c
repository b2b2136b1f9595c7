/* The format of `weir test`: what is read, what is refused and where. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cli/test/test_int.h"

typedef struct fixture {
    weir_memory memory;
    weir_arena arena;
    test_file file;
    weir_error error;
} fixture;

static weir_status read_text(fixture *f, const char *text) {
    memset(f, 0, sizeof *f);
    weir_memory_init(&f->memory, NULL, "test", SIZE_MAX);
    weir_arena_init(&f->arena, &f->memory);
    return test_file_parse(&f->arena, weir_text_of(text), &f->file, &f->error);
}

static void close_file(fixture *f) {
    weir_arena_deinit(&f->arena);
    weir_memory_deinit(&f->memory);
}

static void assert_text(weir_text text, const char *wanted) {
    if (!weir_text_equal_c(text, wanted))
        fail_msg("'%.*s', wanted '%s'", WEIR_TEXT_ARGS(text), wanted);
}

static void whole_file(void **state) {
    fixture f;
    (void)state;
    assert_int_equal(
        read_text(
            &f,
            "# a comment\njob a.sql\nset k.v = 1 h\nparam P=x\nsql\n  CREATE TABLE t (a INT);\n\n  SELECT 1;\n"
            "test one\n  clock 2024-01-01 00:00:00\n  endless\n  keep dim\n  given t\n    | a | b |\n    # between\n    | 1 | 'x|y' |\n"
            "  advance 10 s\n  expect t changes in any order\n    | op | a |\n    | +I |   |\ntest two\n  expect error no such thing\n"),
        WEIR_OK);
    assert_int_equal(f.file.header.count, 4);
    assert_int_equal(f.file.cases.count, 2);
    const test_step *sql = f.file.header.items[3];
    assert_text(sql->value, "  CREATE TABLE t (a INT);\n\n  SELECT 1;\n");
    assert_int_equal(sql->text_line, 6);
    const test_step *set = f.file.header.items[1];
    assert_text(set->name, "k.v");
    assert_text(set->value, "1 h");
    const test_case *one = f.file.cases.items[0], *two = f.file.cases.items[1];
    assert_text(one->name, "one");
    assert_int_equal(one->line, 9);
    assert_int_equal(one->steps.count, 6);
    const test_step *given = one->steps.items[3];
    assert_int_equal(given->header.count, 2);
    assert_int_equal(given->rows.count, 1);
    const test_row *row = given->rows.items[0];
    assert_text(row->cells[1], "'x|y'");
    assert_int_equal(row->line, 16);
    const test_step *expect = one->steps.items[5];
    assert_true(expect->changes);
    assert_false(expect->in_order);
    assert_text(((const test_row *)expect->rows.items[0])->cells[1], "");
    assert_memory_equal(f.file.text.data + expect->table_start, "    | op | a |", 14);
    assert_memory_equal(f.file.text.data + expect->table_end, "test two", 8);
    const test_step *error = two->steps.items[0];
    assert_int_equal(error->kind, TEST_STEP_ERROR);
    assert_text(error->value, "no such thing");
    close_file(&f);
}

static void orders(void **state) {
    fixture f;
    (void)state;
    assert_int_equal(read_text(&f, "test t\nexpect a\nexpect a in order\nexpect a changes\nexpect a in any order\r\n"), WEIR_OK);
    const test_case *test = f.file.cases.items[0];
    static const bool in_order[] = {false, true, true, false};
    assert_int_equal(test->steps.count, 4);
    for (size_t i = 0; i < 4; i++) {
        const test_step *step = test->steps.items[i];
        assert_int_equal(step->in_order, in_order[i]);
        assert_int_equal(step->table_start, step->table_end);
    }
    close_file(&f);
}

static void refused(void **state) {
    static const struct {
        const char *text, *words;
        uint32_t line;
    } cases[] = {
        {"tset x\n", "A line begins with one of", 1},
        {"\n  | a |\n", "A line begins with one of", 2},
        {"expect a\n", "belongs into a test", 1},
        {"test\n", "has a name", 1},
        {"test a\n  given\n", "A name is expected", 2},
        {"test a\n  given t\n    | a\n", "ends with a bar", 3},
        {"test a\n  given t\n    |\n", "at least one cell", 3},
        {"test a\n  given t\n    | a | b |\n    | 1 |\n", "not as many cells", 4},
        {"test a\n  given t\n    | 'a |\n", "not closed", 3},
        {"test a\n  query\n  expect result\n", "SQL is expected", 3},
        {"set a\n", "KEY = VALUE", 1},
        {"endless now\n", "Nothing is expected", 1},
        {"test a\n  expect t sorted\n", "After the name", 2},
        {"test a\n  expect\n", "followed by the name", 2},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        fixture f;
        assert_int_equal(read_text(&f, cases[i].text), WEIR_PARSE);
        if (strstr(f.error.message, cases[i].words) == NULL || f.error.position.line != cases[i].line)
            fail_msg("%s: line %u: %s", cases[i].text, f.error.position.line, f.error.message);
        close_file(&f);
    }
    fixture f;
    assert_int_equal(read_text(&f, "gven t\n"), WEIR_PARSE);
    assert_string_equal(f.error.hint, "did you mean 'given'?");
    close_file(&f);
    assert_int_equal(read_text(&f, "test \xff\n"), WEIR_PARSE);
    close_file(&f);
}

static void memory_fails(void **state) {
    (void)state;
    for (uint64_t n = 1;; n++) {
        fixture f;
        weir_memory_fail_after(n, true);
        weir_status status = read_text(&f, "job a\ntest b\n  given c\n    | d |\n    | e |\n");
        bool reached = weir_memory_tries() >= n;
        weir_memory_fail_after(0, false);
        close_file(&f);
        assert_int_equal(status, reached ? WEIR_MEMORY : WEIR_OK);
        if (!reached)
            return;
    }
}

static void cells_written(void **state) {
    static const char *const cells[][2] = {{"a", "a"},          {"", "''"},     {"null", "'null'"},   {"a|b", "'a|b'"},
                                           {"it's", "'it''s'"}, {" a", "' a'"}, {"a\nb", "E'a\\nb'"}, {"x'0a'", "x'0a'"}};
    weir_memory memory;
    weir_arena arena;
    (void)state;
    weir_memory_init(&memory, NULL, "test", SIZE_MAX);
    weir_arena_init(&arena, &memory);
    for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++)
        assert_text(test_cell_write(&arena, weir_text_of(cells[i][0])), cells[i][1]);
    assert_text(test_cell_write(&arena, (weir_text){0}), "NULL");
    weir_arena_deinit(&arena);
    weir_memory_deinit(&memory);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_file),   cmocka_unit_test(orders),        cmocka_unit_test(refused),
        cmocka_unit_test(memory_fails), cmocka_unit_test(cells_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
