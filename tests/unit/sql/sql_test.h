/* What the tests of sql/ share: an arena, and comparisons of a text with what becomes of it. */
#ifndef WEIR_TESTS_SQL_TEST_H
#define WEIR_TESTS_SQL_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sql/dump.h"
#include "sql/lexer.h"
#include "sql/parser.h"
#include "sql/unparse.h"

typedef struct sql_fixture {
    weir_memory memory;
    weir_arena arena;
    weir_builder builder;
    weir_error error;
} sql_fixture;

static inline sql_fixture *sql_begin(size_t limit_bytes) {
    sql_fixture *f = calloc(1, sizeof *f);
    weir_memory_init(&f->memory, NULL, "test", limit_bytes);
    weir_arena_init(&f->arena, &f->memory);
    weir_builder_init(&f->builder, &f->memory, SIZE_MAX / 2);
    weir_error_clear(&f->error);
    return f;
}

static inline void sql_end(sql_fixture *f) {
    weir_builder_deinit(&f->builder);
    weir_arena_deinit(&f->arena);
    weir_memory_deinit(&f->memory);
    free(f);
}

/* The text of the builder, after the check that it did not fail. */
static inline const char *sql_built(sql_fixture *f) {
    assert_false(f->builder.failed);
    return f->builder.data ? f->builder.data : "";
}

/* `text` must parse as an expression and be shown as `expected`, which must be shown as itself. */
static inline void sql_expr(const char *text, const char *expected) {
    const char *source = text;
    for (int round = 0; round < 2; round++) {
        sql_fixture *f = sql_begin(SIZE_MAX);
        weir_ast_expr *expr = NULL;
        if (weir_sql_parse_expression(&f->arena, weir_text_of(source), &expr, &f->error) != WEIR_OK)
            fail_msg("%s: %s", source, f->error.message);
        weir_sql_unparse_expression(&f->builder, expr);
        assert_string_equal(sql_built(f), expected);
        sql_end(f);
        source = expected;
    }
}

static inline void sql_query(const char *text, const char *expected) {
    const char *source = text;
    for (int round = 0; round < 2; round++) {
        sql_fixture *f = sql_begin(SIZE_MAX);
        const weir_ast_query *query = NULL;
        if (weir_sql_parse_query(&f->arena, weir_text_of(source), &query, &f->error) != WEIR_OK)
            fail_msg("%s: %s", source, f->error.message);
        weir_sql_unparse_query(&f->builder, query);
        assert_string_equal(sql_built(f), expected);
        sql_end(f);
        source = expected;
    }
}

/* The script must fail with this status, and the message must hold `word` (and the hint `hint`, unless NULL). */
static inline void sql_fails(const char *text, weir_status expected, const char *word, const char *hint) {
    sql_fixture *f = sql_begin(SIZE_MAX);
    weir_ast_script *script = NULL;
    weir_status status = weir_sql_parse_script(&f->arena, weir_text_of(text), &script, &f->error);
    if (status != expected || !strstr(f->error.message, word) || (hint && !strstr(f->error.hint, hint)))
        fail_msg("%s: %s: %s (%s), not %s: %s (%s)", text, weir_status_name(status), f->error.message, f->error.hint,
            weir_status_name(expected), word, hint ? hint : "");
    assert_string_equal(f->error.stage, "parse");
    assert_true(f->error.position.line > 0);
    sql_end(f);
}

/* The script parses; the dump of all its statements is `expected`, when that is not NULL. */
static inline void sql_parses(const char *text, const char *expected) {
    sql_fixture *f = sql_begin(SIZE_MAX);
    weir_ast_script *script = NULL;
    if (weir_sql_parse_script(&f->arena, weir_text_of(text), &script, &f->error) != WEIR_OK)
        fail_msg("%s: %s", text, f->error.message);
    for (size_t i = 0; i < script->statement_count; i++)
        weir_sql_dump_statement(&f->builder, script->statements[i]);
    if (expected)
        assert_string_equal(sql_built(f), expected);
    sql_end(f);
}

#endif
