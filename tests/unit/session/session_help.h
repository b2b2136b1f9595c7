/* A session with a virtual clock for the tests: run a script, get the last result as text, or the error. */
#ifndef TESTS_UNIT_SESSION_SESSION_HELP_H
#define TESTS_UNIT_SESSION_SESSION_HELP_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "connect/java_text.h"
#include "session/session.h"

typedef struct fixture {
    weir_memory memory;
    weir_clock_virtual clock;
    weir_session *session;
    char said[4096];    /* remarks, one a line */
    char printed[4096]; /* what `print` wrote */
    uint32_t jobs;      /* that ended */
    weir_job_progress last;
} fixture;

static inline void help_append(char *text, size_t size, const char *data, size_t data_size) {
    size_t at = strlen(text);
    if (at + data_size + 1 < size) {
        memcpy(text + at, data, data_size);
        text[at + data_size] = '\0';
    }
}

static inline void help_warn(void *context, const char *message) {
    fixture *f = context;
    help_append(f->said, sizeof f->said, message, strlen(message));
    help_append(f->said, sizeof f->said, "\n", 1);
}

static inline void help_print(void *context, bool to_stderr, const char *data, size_t size) {
    fixture *f = context;
    (void)to_stderr;
    help_append(f->printed, sizeof f->printed, data, size);
}

static inline void help_ended(void *context, const weir_job_report *report) {
    fixture *f = context;
    f->jobs++;
    f->last = report->progress;
}

static inline void fixture_open(fixture *f) {
    memset(f, 0, sizeof *f);
    weir_memory_init(&f->memory, NULL, "test", SIZE_MAX);
    weir_clock_virtual_init(&f->clock, 1700000000000000000);
    weir_session_environment environment = {.memory = &f->memory,
                                            .memory_limit_bytes = SIZE_MAX,
                                            .clock = &f->clock.clock,
                                            .print = help_print,
                                            .print_context = f,
                                            .warn = help_warn,
                                            .warn_context = f,
                                            .job_ended = help_ended,
                                            .job_ended_context = f};
    weir_error error = {0};
    assert_int_equal(weir_session_create(&environment, &f->session, &error), WEIR_OK);
}

static inline void fixture_close(fixture *f) {
    weir_session_destroy(f->session);
    assert_int_equal(f->memory.used_bytes, 0);
    weir_memory_deinit(&f->memory);
}

static inline weir_status help_draw(weir_answer *answer, weir_builder *out, weir_error *error) {
    for (;;) {
        weir_batch *batch = NULL;
        bool pending = false;
        WEIR_TRY(weir_answer_next(answer, 1000, &batch, &pending, error));
        if (batch == NULL && !pending)
            return WEIR_OK;
        if (batch == NULL)
            continue;
        weir_rows rows = weir_batch_rows(batch);
        WEIR_FOR_ROWS(&rows, row, {
            weir_builder_c(out, weir_change_name(weir_batch_kind(batch, row)));
            for (uint32_t i = 0; i < batch->column_count; i++) {
                weir_builder_char(out, i == 0 ? '(' : '|');
                weir_java_text_print(batch->columns[i], row, out);
            }
            weir_builder_c(out, ")");
        });
        weir_batch_destroy(batch);
    }
}

/* The rows of the last statement that gave rows: "+I(1|a)+I(2|b)"; *status and *error say how it ended. */
static inline const char *help_try(fixture *f, const char *sql, weir_status *status, weir_error *error) {
    static char result[65536]; /* tidy: a test prints one result at a time */
    weir_script *script = NULL;
    weir_builder out;
    weir_builder_init(&out, &f->memory, 1 << 20);
    weir_error_clear(error);
    *status = weir_script_open(f->session, weir_text_of(sql), &script, error);
    while (*status == WEIR_OK) {
        weir_answer *answer = NULL;
        *status = weir_script_next(script, &answer, error);
        if (*status != WEIR_OK || answer == NULL)
            break;
        if (weir_answer_kind_of(answer) == WEIR_ANSWER_ROWS)
            weir_builder_clear(&out);
        *status = help_draw(answer, &out, error);
        weir_answer_close(answer);
    }
    weir_script_close(script);
    snprintf(result, sizeof result, "%.*s", (int)out.size, out.data == NULL ? "" : out.data);
    weir_builder_deinit(&out);
    return result;
}

static inline const char *help_run(fixture *f, const char *sql) {
    weir_status status;
    weir_error error;
    const char *rows = help_try(f, sql, &status, &error);
    if (status != WEIR_OK)
        fail_msg("%s: %s", sql, error.message);
    return rows;
}

static inline void expect_rows(fixture *f, const char *sql, const char *rows) { assert_string_equal(help_run(f, sql), rows); }

static inline void expect_error(fixture *f, const char *sql, weir_status wanted, const char *words) {
    weir_status status;
    weir_error error;
    help_try(f, sql, &status, &error);
    if (status != wanted || strstr(error.message, words) == NULL)
        fail_msg("%s: status %s, message '%s'; wanted %s with '%s'", sql, weir_status_name(status), error.message, weir_status_name(wanted),
                 words);
    assert_non_null(error.stage);
}

#endif
