/* One test: a session of its own with a virtual clock, the job's statements carried out one after another, and then what was expected of
 * its tables and queries. Every INSERT and query sees the whole time line from its beginning: the clock is put back before each.
 *
 * Time: rows of a `given` arrive at once; those of another table than before a millisecond later, so that the order of arrival holds
 * between tables, too. `advance` moves on. What follows an `expect` comes at least a millisecond after it. The input ends when all has been
 * done, unless the test is `endless`: then the job is stopped there, as it would stand beside a source that has nothing more for the
 * moment. */
#include <string.h>

#include "cli/test/run_int.h"
#include "sql/lexer.h"
#include "types/convert.h"

enum { PATIENCE_MS = 20 };

/* ---- the time line ---- */

static weir_status step_fail(const test_step *step, const char *message, weir_error *error) {
    weir_position position = {.line = step->line, .column = 1};
    return weir_fail_at(error, WEIR_VALIDATE, position, "line %u: %s", step->line, message);
}

static bool merge_steps(run *self) {
    const weir_list *lists[] = {&self->file->header, &self->test->steps};
    self->step_count = lists[0]->count + lists[1]->count;
    self->steps = WEIR_ARENA_ARRAY(self->arena, test_step *, self->step_count + 1);
    self->at_ms = WEIR_ARENA_ARRAY(self->arena, int64_t, self->step_count + 1);
    for (size_t i = 0; self->steps != NULL && self->at_ms != NULL && i < self->step_count; i++)
        self->steps[i] = i < lists[0]->count ? lists[0]->items[i] : lists[1]->items[i - lists[0]->count];
    return self->steps != NULL && self->at_ms != NULL;
}

static weir_status lay_out(run *self, weir_error *error) {
    const test_step *given = NULL;
    bool expected = false;
    int64_t us = 1704067200000000, at_ms, duration_ms; /* 2024-01-01 */
    for (size_t i = 0; i < self->step_count; i++)
        if (self->steps[i]->kind == TEST_STEP_CLOCK && !weir_parse_timestamp(self->steps[i]->value, 0, &us))
            return step_fail(self->steps[i], "the clock is set to a time such as 2024-01-01 00:00:00", error);
    self->start_ms = at_ms = us / 1000;
    for (size_t i = 0; i < self->step_count; i++) {
        const test_step *step = self->steps[i];
        self->endless = self->endless || step->kind == TEST_STEP_ENDLESS;
        if (step->kind == TEST_STEP_GIVEN) {
            at_ms += expected || (given != NULL && !weir_text_equal(given->name, step->name));
            given = step;
            expected = false;
        } else if (step->kind == TEST_STEP_ADVANCE) {
            if (!weir_option_parse_duration_ms(step->value, &duration_ms) || duration_ms < 0)
                return step_fail(step, "the clock advances by a duration such as 500 ms, 10 s, 5 min, 1 h or 2 d", error);
            at_ms += duration_ms + (expected && duration_ms == 0);
            expected = false;
        } else if (step->kind == TEST_STEP_EXPECT) {
            expected = true;
        }
        self->at_ms[i] = at_ms;
    }
    self->end_ms = at_ms;
    return WEIR_OK;
}

/* ---- statements ---- */

static weir_status query_row(void *context, uint8_t kind, weir_text *cells, weir_error *error) {
    run_table *sink = context;
    return run_capture_add(sink->run, &sink->capture, kind, cells, error);
}

static bool past_end(const run *self) { return weir_clock_wall_ms(&self->clock.clock) > self->end_ms; }

static weir_status drive(run *self, weir_answer *answer, run_table *sink, weir_error *error) {
    for (;;) {
        weir_batch *batch = NULL;
        bool pending = false;
        WEIR_TRY(weir_answer_next(answer, PATIENCE_MS, &batch, &pending, error));
        if (batch == NULL && (!pending || past_end(self)))
            return WEIR_OK;
        weir_status status = batch == NULL || sink == NULL ? WEIR_OK : run_texts(self, &sink->texts, batch, query_row, sink, error);
        weir_batch_destroy(batch);
        WEIR_TRY(status);
    }
}

static weir_status drive_query(run *self, weir_answer *answer, weir_text name, weir_error *error) {
    const weir_schema *schema = weir_answer_schema(answer);
    run_table *sink = WEIR_ARENA_NEW(self->arena, run_table);
    weir_field *fields = WEIR_ARENA_ARRAY(self->arena, weir_field, schema->count + 1);
    if (sink == NULL || fields == NULL || !weir_list_add(self->arena, &self->captures, &sink->capture))
        return weir_fail_memory(error, "a test", schema->count);
    for (uint32_t i = 0; i < schema->count; i++) {
        fields[i].name = weir_arena_text(self->arena, schema->fields[i].name);
        fields[i].type = weir_type_copy(self->arena, schema->fields[i].type);
    }
    *sink = (run_table){.run = self, .capture = {.name = name, .schema = {schema->count, fields}}};
    WEIR_TRY(cli_texts_init(&sink->texts, &self->self->memory, schema, weir_answer_evaluation(answer), error));
    weir_status status = drive(self, answer, sink, error);
    cli_texts_deinit(&sink->texts);
    return status;
}

static weir_status drive_behind(run *self, weir_error *error) {
    bool pending = true;
    while (pending && !past_end(self))
        WEIR_TRY(weir_session_wait(self->session, PATIENCE_MS, &pending, error));
    return WEIR_OK;
}

static weir_status run_statements(run *self, weir_text text, weir_text name, weir_error *error) {
    weir_script *script;
    WEIR_TRY(weir_script_open(self->session, text, &script, error));
    weir_status status = WEIR_OK;
    while (status == WEIR_OK) {
        weir_answer *answer = NULL;
        if (weir_session_jobs_running(self->session) == 0)
            weir_clock_virtual_set_ns(&self->clock, self->start_ms * 1000000);
        status = weir_script_next(script, &answer, error);
        if (status != WEIR_OK || answer == NULL)
            break;
        switch (weir_answer_kind_of(answer)) {
        case WEIR_ANSWER_ROWS:
            if (weir_answer_is_query(answer))
                status = drive_query(self, answer, name, error);
            break;
        case WEIR_ANSWER_AFFECTED: status = drive(self, answer, NULL, error); break;
        case WEIR_ANSWER_SUBMITTED: status = drive_behind(self, error); break;
        case WEIR_ANSWER_DONE:
        case WEIR_ANSWER_QUIT: break;
        }
        weir_answer_close(answer);
    }
    weir_script_close(script);
    return status;
}

/* Where it happened, as lines for the report. */
static weir_text place_of(run *self, const char *name, weir_text text, uint32_t line_before, const weir_error *error) {
    weir_text hint = error->hint[0] == '\0' ? WEIR_TEXT("") : weir_arena_format(self->arena, "    hint: %s\n", error->hint);
    if (error->position.line == 0 || error->position.offset_bytes >= text.size)
        return hint;
    weir_position at = weir_sql_locate(text, error->position.offset_bytes);
    size_t start = error->position.offset_bytes, end = start;
    while (start > 0 && text.data[start - 1] != '\n')
        start--;
    while (end < text.size && text.data[end] != '\n')
        end++;
    uint32_t caret = cli_width((weir_text){text.data + start, error->position.offset_bytes - start});
    return weir_arena_format(self->arena, "    --> %s:%u:%u\n    %.*s\n    %*s^\n%.*s", name, at.line + line_before, at.column,
                             (int)(end - start), text.data + start, (int)caret, "", WEIR_TEXT_ARGS(hint));
}

static weir_status problem_add(run *self, const test_step *step, weir_text message, weir_text detail, weir_error *error) {
    test_problem *problem = WEIR_ARENA_NEW(self->arena, test_problem);
    if (problem == NULL || message.data == NULL || !weir_list_add(self->arena, &self->out->problems, problem))
        return weir_fail_memory(error, "a test", sizeof *problem);
    *problem = (test_problem){.step = step, .message = message, .detail = detail};
    return WEIR_OK;
}

static weir_status tell_failure(run *self, const test_step *expected, weir_text place, const weir_error *failure, weir_error *error) {
    const char *what = self->own_fault ? "" : expected == NULL ? "the job failed: " : "the job failed with another error: ";
    return problem_add(self, expected, weir_arena_format(self->arena, "%s%s", what, failure->message), place, error);
}

/* The script of a step with its parameters filled in, copied into the arena. */
static weir_status script_of(run *self, const test_step *step, cli_script *script, const char **name, weir_text *text, weir_error *error) {
    weir_status status;
    if (step->kind == TEST_STEP_JOB) {
        const char *slash = strrchr(self->file->path, '/');
        bool relative = slash != NULL && step->name.data[0] != '/';
        weir_text path = weir_arena_format(self->arena, "%.*s%.*s", relative ? (int)(slash - self->file->path) + 1 : 0, self->file->path,
                                           WEIR_TEXT_ARGS(step->name));
        if (path.data == NULL)
            return weir_fail_memory(error, "a test", step->name.size);
        *name = path.data;
        status = cli_script_read(self->self, &self->params, path.data, script, error);
    } else {
        weir_text copy = weir_arena_text(self->arena, step->value);
        if (copy.data == NULL)
            return weir_fail_memory(error, "a test", step->value.size);
        *name = self->file->path;
        status = cli_script_text(self->self, &self->params, copy.data, script, error);
    }
    *text = (weir_text){script->data, script->size};
    return status;
}

/* *failed: the job has failed, which is a problem of the test unless it expects that. */
static weir_status run_step(run *self, const test_step *step, weir_error *failure, bool *failed, weir_error *error) {
    cli_script script = {0};
    const char *name = "";
    weir_text text = {0};
    weir_status status = script_of(self, step, &script, &name, &text, failure);
    if (status == WEIR_OK)
        status = run_statements(self, text, step->kind == TEST_STEP_QUERY ? step->name : WEIR_TEXT("result"), failure);
    weir_status result = WEIR_OK;
    *failed = status != WEIR_OK;
    if (status == WEIR_CANCELLED || status == WEIR_MEMORY) {
        *error = *failure;
        result = status;
    } else if (*failed) {
        const test_step *expected = NULL;
        for (size_t i = 0; i < self->step_count; i++)
            if (self->steps[i]->kind == TEST_STEP_ERROR)
                expected = self->steps[i];
        bool wanted = !self->own_fault && expected != NULL &&
                      (expected->value.size == 0 ||
                       memmem(failure->message, strlen(failure->message), expected->value.data, expected->value.size) != NULL);
        uint32_t before = step->kind == TEST_STEP_JOB ? 0 : step->text_line - 1;
        if (!wanted)
            result =
                tell_failure(self, expected, place_of(self, name, self->own_fault ? WEIR_TEXT("") : text, before, failure), failure, error);
    }
    cli_script_free(self->self, &script);
    return result;
}

/* ---- what was expected ---- */

static test_capture *capture_find(const run *self, weir_text name) {
    const char *dot = name.size == 0 ? NULL : memrchr(name.data, '.', name.size);
    weir_text last = dot == NULL ? name : (weir_text){dot + 1, name.size - (size_t)(dot + 1 - name.data)};
    for (size_t i = self->captures.count; i-- > 0;) {
        test_capture *capture = self->captures.items[i];
        if (weir_text_equal(capture->name, name) || weir_text_equal(capture->name, last))
            return capture;
    }
    return NULL;
}

typedef struct expected_rows {
    run *run;
    const test_step *step;
    const weir_field *fields;
    uint32_t count;
    weir_list rows; /* weir_text *, the kind in front where changes are expected */
} expected_rows;

static weir_status expected_row(void *context, uint8_t kind, weir_text *cells, weir_error *error) {
    expected_rows *self = context;
    const test_row *written = self->step->rows.items[self->rows.count];
    uint32_t extra = self->step->changes;
    (void)kind;
    weir_text *row = WEIR_ARENA_ARRAY(self->run->arena, weir_text, self->count + 1);
    if (row == NULL || !weir_list_add(self->run->arena, &self->rows, row))
        return weir_fail_memory(error, "a test", self->count);
    if (extra > 0) {
        uint8_t op;
        WEIR_TRY(run_kind(written, &op, error));
        row[0] = weir_text_of(weir_change_name(op));
    }
    for (uint32_t i = 0; i < self->count; i++)
        row[i + extra] = run_is_printed(self->fields[i].type, written->cells[i + extra]) ? written->cells[i + extra] : cells[i];
    return WEIR_OK;
}

/* The step's rows as texts, read by their columns' types. */
static weir_status expected_read(run *self, expected_rows *expected, weir_error *error) {
    const test_step *step = expected->step;
    uint32_t *cell_of = WEIR_ARENA_ARRAY(self->arena, uint32_t, expected->count + 1);
    weir_list batches;
    cli_texts texts;
    if (cell_of == NULL)
        return weir_fail_memory(error, "a test", expected->count);
    for (uint32_t i = 0; i < expected->count; i++)
        cell_of[i] = i + step->changes;
    run_values values = {.columns = expected->fields,
                         .column_count = expected->count,
                         .rows = (const test_row *const *)step->rows.items,
                         .row_count = step->rows.count,
                         .cell_of = cell_of,
                         .printed = true};
    WEIR_TRY(run_values_read(self, &values, &batches, error));
    weir_schema schema = {expected->count, expected->fields};
    weir_status status = cli_texts_init(&texts, &self->self->memory, &schema, &self->evaluation, error);
    for (size_t i = 0; i < batches.count && status == WEIR_OK; i++)
        status = run_texts(self, &texts, batches.items[i], expected_row, expected, error);
    cli_texts_deinit(&texts);
    return status;
}

static weir_status check(run *self, const test_step *step, int64_t at_ms, weir_error *error) {
    test_capture *capture = capture_find(self, step->name);
    bool has_op;
    if (capture == NULL)
        return weir_fail(error, WEIR_VALIDATE, "the job made no table or query of this name");
    uint32_t *picked = WEIR_ARENA_ARRAY(self->arena, uint32_t, capture->schema.count + step->header.count + 1);
    weir_field *fields = WEIR_ARENA_ARRAY(self->arena, weir_field, capture->schema.count + step->header.count + 1);
    if (picked == NULL || fields == NULL)
        return weir_fail_memory(error, "a test", capture->schema.count);
    WEIR_TRY(run_header(step, capture->schema.fields, capture->schema.count, step->changes, picked, &has_op, error));
    uint32_t count = step->header.count - (step->header.count > 0 && step->changes);
    if (step->header.count == 0)
        for (count = 0; count < capture->schema.count; count++)
            picked[count] = count;
    for (uint32_t i = 0; i < count; i++)
        fields[i] = capture->schema.fields[picked[i]];
    expected_rows expected = {.run = self, .step = step, .fields = fields, .count = count};
    WEIR_TRY(expected_read(self, &expected, error));
    test_problem *problem;
    WEIR_TRY(test_compare(self->arena, capture, step, at_ms, picked, count, &expected.rows, &problem, error));
    if (problem != NULL && !weir_list_add(self->arena, &self->out->problems, problem))
        return weir_fail_memory(error, "a test", sizeof *problem);
    return WEIR_OK;
}

static weir_status check_all(run *self, weir_error *error) {
    WEIR_TRY(run_evaluation(self, error));
    for (size_t i = 0; i < self->step_count; i++) {
        const test_step *step = self->steps[i];
        weir_error failure = {0};
        weir_status status = WEIR_OK;
        if (step->kind == TEST_STEP_ERROR)
            status = weir_fail(&failure, WEIR_VALIDATE, "the job was expected to fail and did not");
        else if (step->kind == TEST_STEP_EXPECT)
            status = check(self, step, self->at_ms[i], &failure);
        if (status == WEIR_MEMORY || status == WEIR_CANCELLED) {
            *error = failure;
            return status;
        }
        if (status != WEIR_OK)
            WEIR_TRY(problem_add(self, step, weir_arena_format(self->arena, "%.*s: %s", WEIR_TEXT_ARGS(step->name), failure.message),
                                 place_of(self, "", WEIR_TEXT(""), 0, &failure), error));
    }
    return WEIR_OK;
}

/* ---- all together ---- */

static void print_nothing(void *context, bool to_stderr, const char *data, size_t size) {
    (void)context, (void)to_stderr, (void)data, (void)size;
}

static weir_status open_session(run *self, weir_error *error) {
    static const cli_option param = {"--param", 'p', "NAME=VALUE", NULL, "", false};
    weir_clock_virtual_init(&self->clock, self->start_ms * 1000000);
    weir_session_environment environment = {.memory = &self->self->memory,
                                            .memory_limit_bytes = SIZE_MAX,
                                            .clock = &self->clock.clock,
                                            .parallelism = 1,
                                            .print = print_nothing,
                                            .adapt_table = run_adapt_table,
                                            .adapt_table_context = self};
    WEIR_TRY(weir_session_create(&environment, &self->session, error));
    WEIR_TRY(weir_session_set(self->session, WEIR_TEXT("table.dml-sync"), WEIR_TEXT("true"), error));
    self->params.given = WEIR_ARENA_ARRAY(self->arena, cli_given, self->step_count + 1);
    if (self->params.given == NULL)
        return weir_fail_memory(error, "a test", self->step_count);
    for (size_t i = 0; i < self->step_count; i++) {
        const test_step *step = self->steps[i];
        if (step->kind == TEST_STEP_SET)
            WEIR_TRY(weir_session_set(self->session, step->name, step->value, error));
        if (step->kind != TEST_STEP_PARAM)
            continue;
        weir_text pair = weir_arena_format(self->arena, "%.*s=%.*s", WEIR_TEXT_ARGS(step->name), WEIR_TEXT_ARGS(step->value));
        self->params.given[self->params.given_count++] = (cli_given){&param, pair.data == NULL ? "=" : pair.data};
    }
    return WEIR_OK;
}

static weir_status run_all(run *self, weir_error *error) {
    bool failed = false;
    for (size_t i = 0; i < self->step_count && !failed; i++) {
        test_step_kind kind = self->steps[i]->kind;
        weir_error failure = {0};
        if (kind == TEST_STEP_JOB || kind == TEST_STEP_SQL || kind == TEST_STEP_QUERY)
            WEIR_TRY(run_step(self, self->steps[i], &failure, &failed, error));
    }
    return failed ? WEIR_OK : check_all(self, error);
}

static void close_all(run *self) {
    for (size_t i = 0; i < self->tables.count; i++)
        cli_texts_deinit(&((run_table *)self->tables.items[i])->texts);
    for (size_t i = self->open.count; i-- > 0;) {
        run_open *open = self->open.items[i];
        for (size_t k = 0; k < open->batches.count; k++)
            weir_batch_destroy(open->batches.items[k]);
        weir_answer_close(open->answer);
        weir_script_close(open->script);
    }
    weir_session_destroy(self->session);
}

weir_status test_run(cli *self, cli_signals *signals, weir_arena *arena, const test_file *file, const test_case *test, test_outcome *out,
                     weir_error *error) {
    run one = {.self = self, .arena = arena, .file = file, .test = test, .out = out};
    int64_t started_ns = weir_clock_monotonic_ns(self->clock);
    *out = (test_outcome){.test = test};
    if (!merge_steps(&one))
        return weir_fail_memory(error, "a test", one.step_count);
    weir_error failure = {0};
    weir_status status = lay_out(&one, &failure);
    if (status == WEIR_OK)
        status = open_session(&one, &failure);
    if (status == WEIR_OK) {
        cli_signals_watch(signals, one.session);
        status = run_all(&one, error);
        cli_signals_watch(signals, NULL);
    } else if (status == WEIR_MEMORY) {
        *error = failure;
    } else {
        status =
            problem_add(&one, NULL, weir_arena_format(arena, "%s", failure.message), place_of(&one, "", WEIR_TEXT(""), 0, &failure), error);
    }
    close_all(&one);
    out->passed = status == WEIR_OK && out->problems.count == 0;
    out->seconds = (double)(weir_clock_monotonic_ns(self->clock) - started_ns) / 1e9;
    return status;
}
