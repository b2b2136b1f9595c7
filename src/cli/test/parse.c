/* The format of tests: lines that begin with a word, indented blocks of SQL, and rows between bars.
 *
 *     # a comment
 *     job clicks.sql                          the statements under test
 *     test clicks are counted by user         begins a test; what stands before the first one belongs to all
 *       given clicks                          rows of a source, in the order of their arrival
 *         | user | ts                  |
 *         | ann  | 2024-01-01 00:00:01 |
 *       advance 10 s                          the clock goes on
 *       expect counts                         what a sink holds then
 *         | user | n |
 *         | ann  | 1 |
 *
 * Nothing is run here: cells stay texts. */
#include <string.h>

#include "cli/test/test_int.h"

typedef struct parser {
    weir_arena *arena;
    weir_text text;
    size_t at;     /* the next line's first byte */
    uint32_t line; /* its number */
    test_file *file;
    weir_list *steps; /* those of the test, or the header's */
} parser;

/* The line at the parser's place, without its end. */
static weir_text line_here(const parser *self) {
    const char *data = self->text.data + self->at;
    size_t left = self->text.size - self->at;
    const char *end = memchr(data, '\n', left);
    size_t size = end == NULL ? left : (size_t)(end - data);
    if (size > 0 && data[size - 1] == '\r')
        size--;
    return (weir_text){data, size};
}

static void line_pass(parser *self) {
    const char *end = memchr(self->text.data + self->at, '\n', self->text.size - self->at);
    self->at = end == NULL ? self->text.size : (size_t)(end - self->text.data) + 1;
    self->line++;
}

static uint32_t indent_of(weir_text line) {
    uint32_t indent = 0;
    while (indent < line.size && (line.data[indent] == ' ' || line.data[indent] == '\t'))
        indent++;
    return indent;
}

static weir_status fail_here(const parser *self, weir_text at, weir_error *error, const char *message) {
    weir_position position = {
        .offset_bytes = (uint32_t)(at.data - self->text.data), .length_bytes = (uint32_t)at.size, .line = self->line, .column = 1};
    return weir_fail_at(error, WEIR_PARSE, position, "%s", message);
}

/* ---- rows ---- */

static weir_status parse_cells(parser *self, weir_text line, test_row *row, weir_error *error) {
    weir_list cells = {0};
    size_t start = 1;
    bool quoted = false;
    for (size_t i = 1; i < line.size; i++) {
        if (line.data[i] == '\'')
            quoted = !quoted;
        if (line.data[i] != '|' || quoted)
            continue;
        weir_text *cell = WEIR_ARENA_NEW(self->arena, weir_text);
        if (cell == NULL || !weir_list_add(self->arena, &cells, cell))
            return weir_fail_memory(error, "a test", sizeof *cell);
        *cell = weir_text_trim((weir_text){line.data + start, i - start});
        start = i + 1;
    }
    if (quoted)
        return fail_here(self, line, error, "A quote in this row is not closed; a text with an apostrophe is written 'it''s'");
    if (weir_text_trim((weir_text){line.data + start, line.size - start}).size > 0)
        return fail_here(self, line, error, "A row ends with a bar: | a | b |");
    row->count = (uint32_t)cells.count;
    row->line = self->line;
    row->cells = WEIR_ARENA_ARRAY(self->arena, weir_text, cells.count + 1);
    if (row->cells == NULL)
        return weir_fail_memory(error, "a test", cells.count);
    for (size_t i = 0; i < cells.count; i++)
        row->cells[i] = *(weir_text *)cells.items[i];
    return cells.count == 0 ? fail_here(self, line, error, "A row has at least one cell: | a |") : WEIR_OK;
}

static bool is_blank(weir_text trimmed) { return trimmed.size == 0 || trimmed.data[0] == '#'; }

static weir_status parse_rows(parser *self, test_step *step, weir_error *error) {
    step->table_start = step->table_end = self->at;
    while (self->at < self->text.size) {
        weir_text line = weir_text_trim(line_here(self));
        if (line.size == 0 || line.data[0] != '|') {
            if (!is_blank(line))
                return WEIR_OK;
            line_pass(self);
            continue;
        }
        test_row *row = WEIR_ARENA_NEW(self->arena, test_row);
        if (row == NULL)
            return weir_fail_memory(error, "a test", sizeof *row);
        WEIR_TRY(parse_cells(self, line, row, error));
        if (step->header.count == 0) {
            step->header = *row;
            step->table_start = self->at;
        } else if (row->count != step->header.count) {
            return fail_here(self, line, error, "This row has not as many cells as the line of names above it");
        } else if (!weir_list_add(self->arena, &step->rows, row)) {
            return weir_fail_memory(error, "a test", sizeof *row);
        }
        line_pass(self);
        step->table_end = self->at;
    }
    return WEIR_OK;
}

/* ---- indented text ---- */

static weir_status parse_text(parser *self, test_step *step, weir_error *error) {
    size_t start = self->at, end = self->at;
    step->text_offset = start;
    step->text_line = self->line;
    while (self->at < self->text.size) {
        weir_text line = line_here(self);
        bool blank = weir_text_trim(line).size == 0;
        if (!blank && indent_of(line) <= step->indent)
            break;
        line_pass(self);
        end = blank ? end : self->at;
    }
    step->value = (weir_text){self->text.data + start, end - start};
    if (weir_text_trim(step->value).size == 0)
        return fail_here(self, (weir_text){self->text.data + start, 0}, error,
                         "SQL is expected here, further to the right than the word above");
    return WEIR_OK;
}

/* ---- words ---- */

static weir_text word_take(weir_text *rest) {
    weir_text text = weir_text_trim(*rest);
    size_t end = 0;
    while (end < text.size && text.data[end] != ' ' && text.data[end] != '\t')
        end++;
    *rest = weir_text_trim((weir_text){text.data + end, text.size - end});
    return (weir_text){text.data, end};
}

static weir_status parse_name(parser *self, test_step *step, weir_text rest, weir_error *error) {
    step->name = rest;
    return rest.size > 0 ? WEIR_OK : fail_here(self, rest, error, "A name is expected behind this word");
}

static weir_status parse_pair(parser *self, test_step *step, weir_text rest, weir_error *error) {
    const char *equal = rest.size == 0 ? NULL : memchr(rest.data, '=', rest.size);
    if (equal == NULL)
        return fail_here(self, rest, error, "KEY = VALUE is expected here");
    step->name = weir_text_trim((weir_text){rest.data, (size_t)(equal - rest.data)});
    step->value = weir_text_trim((weir_text){equal + 1, rest.size - (size_t)(equal + 1 - rest.data)});
    return WEIR_OK;
}

static weir_status parse_value(parser *self, test_step *step, weir_text rest, weir_error *error) {
    step->value = rest;
    return rest.size > 0 ? WEIR_OK : fail_here(self, rest, error, "A value is expected behind this word");
}

static weir_status parse_nothing(parser *self, test_step *step, weir_text rest, weir_error *error) {
    (void)step;
    return rest.size == 0 ? WEIR_OK : fail_here(self, rest, error, "Nothing is expected behind this word");
}

static weir_status parse_given(parser *self, test_step *step, weir_text rest, weir_error *error) {
    WEIR_TRY(parse_name(self, step, rest, error));
    line_pass(self);
    return parse_rows(self, step, error);
}

static weir_status parse_query(parser *self, test_step *step, weir_text rest, weir_error *error) {
    step->name = rest.size > 0 ? rest : WEIR_TEXT("result");
    line_pass(self);
    return parse_text(self, step, error);
}

static weir_status parse_expect(parser *self, test_step *step, weir_text rest, weir_error *error) {
    step->name = word_take(&rest);
    if (step->name.size == 0)
        return fail_here(self, rest, error, "`expect` is followed by the name of a sink or a query, or by `error`");
    if (weir_text_equal_c(step->name, "error")) {
        step->kind = TEST_STEP_ERROR;
        step->value = rest;
        line_pass(self);
        return WEIR_OK;
    }
    bool any_order = false;
    for (weir_text word = word_take(&rest); word.size > 0; word = word_take(&rest)) {
        if (weir_text_equal_c(word, "changes")) {
            step->changes = true;
        } else if (weir_text_equal_c(word, "in") && (weir_text_equal_c(rest, "order") || weir_text_equal_c(rest, "any order"))) {
            step->in_order = rest.size == 5;
            any_order = rest.size != 5;
            break;
        } else {
            return fail_here(self, word, error, "After the name stands `changes`, `in order` or `in any order`");
        }
    }
    step->in_order = step->in_order || (step->changes && !any_order);
    line_pass(self);
    return parse_rows(self, step, error);
}

typedef struct step_word {
    const char *name;
    test_step_kind kind;
    weir_status (*parse)(parser *self, test_step *step, weir_text rest, weir_error *error);
    bool passes; /* `parse` goes on to the next line itself */
    bool only_in_test;
} step_word;

static const step_word words[] = {
    {"job", TEST_STEP_JOB, parse_name, false, false},
    {"sql", TEST_STEP_SQL, parse_query, true, false},
    {"query", TEST_STEP_QUERY, parse_query, true, false},
    {"set", TEST_STEP_SET, parse_pair, false, false},
    {"param", TEST_STEP_PARAM, parse_pair, false, false},
    {"clock", TEST_STEP_CLOCK, parse_value, false, false},
    {"endless", TEST_STEP_ENDLESS, parse_nothing, false, false},
    {"keep", TEST_STEP_KEEP, parse_name, false, false},
    {"given", TEST_STEP_GIVEN, parse_given, true, false},
    {"advance", TEST_STEP_ADVANCE, parse_value, false, false},
    {"expect", TEST_STEP_EXPECT, parse_expect, true, true},
};

static weir_status unknown_word(const parser *self, weir_text name, weir_error *error) {
    weir_text names[16] = {WEIR_TEXT("test")};
    size_t count = 1;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        names[count++] = weir_text_of(words[i].name);
    weir_status status = fail_here(
        self, name, error, "A line begins with one of: test, job, sql, query, set, param, clock, endless, keep, given, advance, expect");
    int nearest = weir_text_nearest(name, names, count);
    if (nearest >= 0)
        weir_error_hint(error, "did you mean '%.*s'?", WEIR_TEXT_ARGS(names[nearest]));
    else if (name.size > 0 && name.data[0] == '|')
        weir_error_hint(error, "rows stand below `given` or `expect`");
    return status;
}

static weir_status parse_test(parser *self, weir_text rest, weir_error *error) {
    test_case *test = WEIR_ARENA_NEW(self->arena, test_case);
    if (test == NULL || !weir_list_add(self->arena, &self->file->cases, test))
        return weir_fail_memory(error, "a test", sizeof *test);
    *test = (test_case){.name = rest, .line = self->line};
    self->steps = &test->steps;
    if (rest.size == 0)
        return fail_here(self, rest, error, "A test has a name: test late clicks are dropped");
    line_pass(self);
    return WEIR_OK;
}

static weir_status parse_step(parser *self, const step_word *word, uint32_t indent, weir_text rest, weir_error *error) {
    test_step *step = WEIR_ARENA_NEW(self->arena, test_step);
    if (step == NULL || !weir_list_add(self->arena, self->steps, step))
        return weir_fail_memory(error, "a test", sizeof *step);
    *step = (test_step){.kind = word->kind, .line = self->line, .indent = indent};
    if (word->only_in_test && self->steps == &self->file->header)
        return fail_here(self, rest, error, "`expect` belongs into a test: begin one with `test NAME`");
    WEIR_TRY(word->parse(self, step, rest, error));
    if (!word->passes)
        line_pass(self);
    return WEIR_OK;
}

static weir_status parse_line(parser *self, weir_error *error) {
    weir_text line = line_here(self), rest = line;
    if (is_blank(weir_text_trim(line))) {
        line_pass(self);
        return WEIR_OK;
    }
    weir_text name = word_take(&rest);
    if (weir_text_equal_c(name, "test"))
        return parse_test(self, rest, error);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (weir_text_equal_c(name, words[i].name))
            return parse_step(self, &words[i], indent_of(line), rest, error);
    return unknown_word(self, name, error);
}

weir_status test_file_parse(weir_arena *arena, weir_text text, test_file *out, weir_error *error) {
    parser self = {.arena = arena, .text = text, .line = 1, .file = out, .steps = &out->header};
    size_t bad_at;
    out->text = text;
    if (text.size > UINT32_MAX || !weir_utf8_valid(text, &bad_at) || (text.size > 0 && memchr(text.data, '\0', text.size) != NULL))
        return weir_fail(error, WEIR_PARSE, "A file of tests is UTF-8 text");
    while (self.at < text.size)
        WEIR_TRY(parse_line(&self, error));
    return WEIR_OK;
}
