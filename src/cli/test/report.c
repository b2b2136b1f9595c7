/* What became of tests: for people, as lines of JSON, as JUnit's XML; and the file rewritten with what came (--update). */
#include <string.h>

#include "cli/test/test_int.h"

enum { REPORT_BYTES_MAX = 256 << 20, SHOWN_MAX = 40 };

static char mark_of(test_mark mark) { return " -+~"[mark]; }

/* The cells of a difference: a changed one shows both. */
static bool cells_of(weir_arena *arena, const test_problem *problem, const test_difference *difference, weir_text **out) {
    weir_text *cells = WEIR_ARENA_ARRAY(arena, weir_text, problem->column_count);
    for (uint32_t i = 0; cells != NULL && i < problem->column_count; i++) {
        weir_text *one = difference->got != NULL ? difference->got : difference->expected;
        cells[i] = test_cell_write(arena, one[i]);
        if (difference->mark != TEST_CHANGED)
            continue;
        weir_text want = test_cell_write(arena, difference->expected[i]);
        if (!weir_text_equal(want, cells[i]))
            cells[i] = weir_arena_format(arena, "%.*s => %.*s", WEIR_TEXT_ARGS(want), WEIR_TEXT_ARGS(cells[i]));
    }
    *out = cells;
    return cells != NULL;
}

static void put_problem(weir_builder *out, const test_problem *problem) {
    weir_arena arena;
    weir_arena_init(&arena, out->memory);
    if (problem->step != NULL)
        weir_builder_format(out, "  line %u: ", problem->step->line);
    else
        weir_builder_c(out, "  ");
    weir_builder_text(out, problem->message);
    weir_builder_char(out, '\n');
    if (problem->detail.size > 0)
        weir_builder_text(out, problem->detail);
    size_t count = problem->differences.count < SHOWN_MAX ? problem->differences.count : SHOWN_MAX;
    weir_text **rows = WEIR_ARENA_ARRAY(&arena, weir_text *, count + 1);
    char *marks = WEIR_ARENA_ARRAY(&arena, char, count + 1);
    bool good = rows != NULL && marks != NULL;
    for (size_t i = 0; good && i < count; i++) {
        const test_difference *difference = problem->differences.items[i];
        marks[i] = mark_of(difference->mark);
        good = cells_of(&arena, problem, difference, &rows[i]);
    }
    if (good && count > 0) {
        test_table_write(out, 4, problem->columns, problem->right, problem->column_count, rows, count, marks);
        weir_builder_c(out, "    (- expected and missing, + not expected, ~ changed: expected => what came)\n");
    }
    if (count < problem->differences.count)
        weir_builder_format(out, "    ... and %zu more\n", problem->differences.count - count);
    weir_arena_deinit(&arena);
}

void test_report_text(cli *self, const test_file *file, const test_outcome *outcome, bool quiet) {
    if (outcome->passed && quiet)
        return;
    weir_builder out;
    weir_builder_init(&out, &self->memory, REPORT_BYTES_MAX);
    weir_builder_format(&out, "%s  %.*s", outcome->passed ? "ok  " : "FAIL", WEIR_TEXT_ARGS(outcome->test->name));
    if (!outcome->passed)
        weir_builder_format(&out, " (%s:%u)", file->path, outcome->test->line);
    weir_builder_char(&out, '\n');
    for (size_t i = 0; i < outcome->problems.count; i++)
        put_problem(&out, outcome->problems.items[i]);
    cli_out_write(&self->out, out.data, out.size);
    weir_builder_deinit(&out);
}

static void put_json_cells(weir_builder *out, const char *name, const weir_text *cells, uint32_t count) {
    weir_builder_format(out, ",\"%s\":[", name);
    for (uint32_t i = 0; i < count; i++) {
        weir_builder_c(out, i > 0 ? "," : "");
        if (cells[i].data == NULL)
            weir_builder_c(out, "null");
        else
            cli_json_string(out, cells[i]);
    }
    weir_builder_char(out, ']');
}

static void put_json_problem(weir_builder *out, const test_problem *problem) {
    static const char *const marks[] = {"same", "missing", "unexpected", "changed"};
    weir_builder_format(out, "{\"line\":%u,\"message\":", problem->step == NULL ? 0 : problem->step->line);
    cli_json_string(out, problem->message);
    if (problem->column_count > 0)
        put_json_cells(out, "columns", problem->columns, problem->column_count);
    weir_builder_c(out, ",\"rows\":[");
    for (size_t i = 0; i < problem->differences.count; i++) {
        const test_difference *difference = problem->differences.items[i];
        weir_builder_format(out, "%s{\"is\":\"%s\"", i > 0 ? "," : "", marks[difference->mark]);
        if (difference->expected != NULL)
            put_json_cells(out, "expected", difference->expected, problem->column_count);
        if (difference->got != NULL)
            put_json_cells(out, "got", difference->got, problem->column_count);
        weir_builder_char(out, '}');
    }
    weir_builder_c(out, "]}");
}

void test_report_json(cli *self, const test_file *file, const test_outcome *outcome) {
    weir_builder out;
    weir_builder_init(&out, &self->memory, REPORT_BYTES_MAX);
    weir_builder_c(&out, "{\"file\":");
    cli_json_string(&out, weir_text_of(file->path));
    weir_builder_c(&out, ",\"test\":");
    cli_json_string(&out, outcome->test->name);
    weir_builder_format(&out, ",\"line\":%u,\"passed\":%s,\"seconds\":%.3f,\"problems\":[", outcome->test->line,
                        outcome->passed ? "true" : "false", outcome->seconds);
    for (size_t i = 0; i < outcome->problems.count; i++) {
        weir_builder_c(&out, i > 0 ? "," : "");
        put_json_problem(&out, outcome->problems.items[i]);
    }
    weir_builder_c(&out, "]}\n");
    cli_out_write(&self->out, out.data, out.size);
    weir_builder_deinit(&out);
}

static void put_xml(weir_builder *out, weir_text text) {
    for (size_t i = 0; i < text.size; i++) {
        unsigned char c = (unsigned char)text.data[i];
        switch (c) {
        case '<': weir_builder_c(out, "&lt;"); break;
        case '>': weir_builder_c(out, "&gt;"); break;
        case '&': weir_builder_c(out, "&amp;"); break;
        case '"': weir_builder_c(out, "&quot;"); break;
        default: weir_builder_char(out, c < 32 && c != '\n' && c != '\t' ? '?' : (char)c);
        }
    }
}

void test_report_junit(weir_builder *out, const test_file *file, const weir_list *outcomes) {
    size_t failed = 0;
    double seconds = 0;
    for (size_t i = 0; i < outcomes->count; i++) {
        const test_outcome *outcome = outcomes->items[i];
        failed += !outcome->passed;
        seconds += outcome->seconds;
    }
    weir_builder_c(out, "  <testsuite name=\"");
    put_xml(out, weir_text_of(file->path));
    weir_builder_format(out, "\" tests=\"%zu\" failures=\"%zu\" errors=\"0\" time=\"%.3f\">\n", outcomes->count, failed, seconds);
    for (size_t i = 0; i < outcomes->count; i++) {
        const test_outcome *outcome = outcomes->items[i];
        weir_builder_c(out, "    <testcase classname=\"");
        put_xml(out, weir_text_of(file->path));
        weir_builder_c(out, "\" name=\"");
        put_xml(out, outcome->test->name);
        weir_builder_format(out, "\" line=\"%u\" time=\"%.3f\"%s>\n", outcome->test->line, outcome->seconds, outcome->passed ? "/" : "");
        if (outcome->passed)
            continue;
        const test_problem *first = outcome->problems.items[0];
        weir_builder text;
        weir_builder_init(&text, out->memory, REPORT_BYTES_MAX);
        for (size_t k = 0; k < outcome->problems.count; k++)
            put_problem(&text, outcome->problems.items[k]);
        weir_builder_c(out, "      <failure message=\"");
        put_xml(out, first->message);
        weir_builder_c(out, "\">");
        put_xml(out, weir_builder_view(&text));
        weir_builder_c(out, "</failure>\n    </testcase>\n");
        weir_builder_deinit(&text);
    }
    weir_builder_c(out, "  </testsuite>\n");
}

/* ---- --update ---- */

static bool put_actual(weir_builder *out, const test_problem *problem) {
    weir_arena arena;
    weir_arena_init(&arena, out->memory);
    size_t count = problem->actual.count;
    weir_text **rows = WEIR_ARENA_ARRAY(&arena, weir_text *, count + 1);
    bool good = rows != NULL;
    for (size_t r = 0; good && r < count; r++) {
        const weir_text *row = problem->actual.items[r];
        rows[r] = WEIR_ARENA_ARRAY(&arena, weir_text, problem->column_count);
        good = rows[r] != NULL;
        for (uint32_t i = 0; good && i < problem->column_count; i++)
            rows[r][i] = test_cell_write(&arena, row[i]);
    }
    if (good && count > 0)
        test_table_write(out, problem->step->indent + 2, problem->columns, problem->right, problem->column_count, rows, count, NULL);
    weir_arena_deinit(&arena);
    return good;
}

weir_status test_update(cli *self, const test_file *file, const weir_list *outcomes, bool *changed, weir_error *error) {
    weir_builder out;
    size_t copied = 0;
    bool good = true;
    weir_builder_init(&out, &self->memory, REPORT_BYTES_MAX);
    *changed = false;
    for (size_t i = 0; i < outcomes->count; i++) {
        const test_outcome *outcome = outcomes->items[i];
        for (size_t k = 0; k < outcome->problems.count && good; k++) {
            const test_problem *problem = outcome->problems.items[k];
            if (problem->step == NULL || problem->column_count == 0)
                continue;
            weir_builder_add(&out, file->text.data + copied, problem->step->table_start - copied);
            if (out.size > 0 && out.data[out.size - 1] != '\n')
                weir_builder_char(&out, '\n');
            good = put_actual(&out, problem);
            copied = problem->step->table_end;
            *changed = true;
        }
    }
    weir_builder_add(&out, file->text.data + copied, file->text.size - copied);
    weir_status status = WEIR_OK;
    if (!good || out.failed)
        status = weir_fail(error, WEIR_MEMORY, "no memory for the tests of '%s'", file->path);
    else if (*changed)
        status = weir_files_write_atomic(weir_files_real(), &self->memory, file->path, out.data, out.size, error);
    weir_builder_deinit(&out);
    return status;
}
