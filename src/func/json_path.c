/* Compiling JSON paths. The grammar, quirks included, is Jayway JsonPath's: "a.b" means $.a.b, a name in a dotted path may hold anything
 * but blanks, dots and brackets. */
#include <stdio.h>
#include <string.h>

#include "func/json_path_int.h"

void weir_path_skip_blanks(weir_path_reader *reader) {
    while (reader->at < reader->size &&
           (reader->data[reader->at] == ' ' || reader->data[reader->at] == '\t' || reader->data[reader->at] == '\n'))
        reader->at++;
}

static bool fail(weir_path_reader *reader, const char *problem) {
    if (reader->problem[0] == '\0')
        snprintf(reader->problem, WEIR_JSON_PROBLEM_BYTES, "Invalid JSON path: %s at position %zu", problem, reader->at);
    return false;
}

static bool peek(const weir_path_reader *reader, char c) { return reader->at < reader->size && reader->data[reader->at] == c; }

bool weir_path_read_quoted(weir_path_reader *reader, weir_text *out) {
    char quote = reader->data[reader->at++];
    char *text = weir_arena_alloc(reader->arena, reader->size - reader->at + 1);
    size_t size = 0;
    if (text == NULL)
        return fail(reader, "no memory");
    for (; reader->at < reader->size; reader->at++) {
        char c = reader->data[reader->at];
        if (c == quote) {
            reader->at++;
            *out = (weir_text){text, size};
            return true;
        }
        if (c == '\\' && reader->at + 1 < reader->size)
            c = reader->data[++reader->at];
        text[size++] = c;
    }
    return fail(reader, "a quoted name is not closed");
}

/* ['a', "b"] after the bracket. */
static bool read_bracket_names(weir_path_reader *reader, weir_path_step *step) {
    weir_list names = {0};
    for (;;) {
        weir_text *name = WEIR_ARENA_NEW(reader->arena, weir_text);
        if (name == NULL || !weir_list_add(reader->arena, &names, name))
            return fail(reader, "no memory");
        weir_path_skip_blanks(reader);
        if (!peek(reader, '\'') && !peek(reader, '"'))
            return fail(reader, "a quoted name was expected");
        if (!weir_path_read_quoted(reader, name))
            return false;
        weir_path_skip_blanks(reader);
        if (!peek(reader, ','))
            break;
        reader->at++;
    }
    if (!peek(reader, ']'))
        return fail(reader, "']' was expected");
    reader->at++;
    weir_text *flat = WEIR_ARENA_ARRAY(reader->arena, weir_text, names.count);
    if (flat == NULL)
        return fail(reader, "no memory");
    for (size_t i = 0; i < names.count; i++)
        flat[i] = *(weir_text *)names.items[i];
    *step = (weir_path_step){.kind = WEIR_PATH_MEMBER, .definite = names.count == 1, .count = (uint32_t)names.count, .names = flat};
    return true;
}

static bool read_integer(weir_path_reader *reader, int64_t *out) {
    bool negative = peek(reader, '-');
    reader->at += negative;
    size_t start = reader->at;
    int64_t value = 0;
    while (reader->at < reader->size && reader->data[reader->at] >= '0' && reader->data[reader->at] <= '9' && value < INT32_MAX)
        value = value * 10 + (reader->data[reader->at++] - '0');
    *out = negative ? -value : value;
    return reader->at > start;
}

/* [0], [0, 2], [1:3], [:2], [-1:] after the bracket. */
static bool read_bracket_numbers(weir_path_reader *reader, weir_path_step *step) {
    enum { INDEXES_MAX = 64 };
    int64_t values[INDEXES_MAX];
    uint32_t count = 0;
    *step = (weir_path_step){.kind = WEIR_PATH_INDEX};
    weir_path_skip_blanks(reader);
    step->has_from = !peek(reader, ':');
    if (step->has_from && !read_integer(reader, &values[count]))
        return fail(reader, "an index was expected");
    count++;
    weir_path_skip_blanks(reader);
    if (peek(reader, ':')) {
        reader->at++;
        weir_path_skip_blanks(reader);
        step->kind = WEIR_PATH_SLICE;
        step->has_to = !peek(reader, ']');
        if (step->has_to && !read_integer(reader, &values[1]))
            return fail(reader, "an index was expected");
        if (!step->has_from && !step->has_to)
            return fail(reader, "a slice needs a bound");
        count = 2;
    }
    for (weir_path_skip_blanks(reader); step->kind == WEIR_PATH_INDEX && peek(reader, ','); weir_path_skip_blanks(reader)) {
        reader->at++;
        weir_path_skip_blanks(reader);
        if (count == INDEXES_MAX || !read_integer(reader, &values[count++]))
            return fail(reader, "an index was expected");
    }
    if (!peek(reader, ']'))
        return fail(reader, "']' was expected");
    reader->at++;
    int64_t *copy = WEIR_ARENA_ARRAY(reader->arena, int64_t, count);
    if (copy == NULL)
        return fail(reader, "no memory");
    for (uint32_t i = 0; i < count; i++)
        copy[i] = (i == 0 && !step->has_from) || (step->kind == WEIR_PATH_SLICE && i == 1 && !step->has_to) ? 0 : values[i];
    step->indexes = copy;
    step->count = count;
    step->definite = step->kind == WEIR_PATH_INDEX && count == 1;
    return true;
}

static bool read_bracket(weir_path_reader *reader, weir_path_step *step) {
    reader->at++;
    weir_path_skip_blanks(reader);
    if (reader->at >= reader->size)
        return fail(reader, "the bracket is not closed");
    char c = reader->data[reader->at];
    if (c == '\'' || c == '"')
        return read_bracket_names(reader, step);
    if (c == '*' || c == '?') {
        *step = (weir_path_step){.kind = WEIR_PATH_WILDCARD};
        if (c == '*') {
            reader->at++;
        } else {
            step->kind = WEIR_PATH_FILTER;
            step->test = weir_path_read_filter(reader);
            if (step->test == NULL)
                return fail(reader, "this filter is not understood");
        }
        weir_path_skip_blanks(reader);
        if (!peek(reader, ']'))
            return fail(reader, "']' was expected");
        reader->at++;
        return true;
    }
    if ((c >= '0' && c <= '9') || c == '-' || c == ':')
        return read_bracket_numbers(reader, step);
    return fail(reader, "a name in quotes, an index, '*' or a filter was expected");
}

static bool read_function(weir_path_reader *reader, weir_text name, weir_path_step *step) {
    static const struct {
        const char *name;
        weir_path_function function;
    } functions[] = {{"length", WEIR_PATH_LENGTH}, {"size", WEIR_PATH_LENGTH},  {"keys", WEIR_PATH_KEYS}, {"first", WEIR_PATH_FIRST},
                     {"last", WEIR_PATH_LAST},     {"min", WEIR_PATH_MIN},      {"max", WEIR_PATH_MAX},   {"sum", WEIR_PATH_SUM},
                     {"avg", WEIR_PATH_AVG},       {"stddev", WEIR_PATH_STDDEV}};
    reader->at++;
    weir_path_skip_blanks(reader);
    if (!peek(reader, ')'))
        return fail(reader, "functions with arguments are not supported");
    reader->at++;
    for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
        if (!weir_text_equal_c(name, functions[i].name))
            continue;
        *step = (weir_path_step){.kind = WEIR_PATH_FUNCTION, .definite = true, .function = functions[i].function};
        return true;
    }
    return fail(reader, "there is no such function");
}

static bool ends_name(char c, bool in_filter) {
    return c == '.' || c == '[' || c == '(' || c == ' ' || (in_filter && strchr(")=!<>&|,", c) != NULL);
}

static bool read_name(weir_path_reader *reader, bool in_filter, weir_path_step *step) {
    size_t start = reader->at;
    while (reader->at < reader->size && !ends_name(reader->data[reader->at], in_filter))
        reader->at++;
    weir_text name = {reader->data + start, reader->at - start};
    if (name.size == 0)
        return fail(reader, "a name was expected");
    if (peek(reader, '('))
        return read_function(reader, name, step);
    if (!in_filter && peek(reader, ' '))
        return fail(reader, "Use bracket notion ['my prop'] if your property contains blank characters");
    weir_text *copy = WEIR_ARENA_NEW(reader->arena, weir_text);
    if (copy == NULL)
        return fail(reader, "no memory");
    *copy = weir_arena_text(reader->arena, name);
    *step = (weir_path_step){.kind = WEIR_PATH_MEMBER, .definite = true, .count = 1, .names = copy};
    return copy->data != NULL;
}

/* One step; a dot before it belongs to it. */
static bool read_step(weir_path_reader *reader, bool in_filter, weir_path_step *step) {
    if (peek(reader, '.')) {
        reader->at++;
        if (peek(reader, '.')) {
            reader->at++;
            if (reader->at >= reader->size || peek(reader, '.'))
                return fail(reader, "a step was expected after '..'");
            *step = (weir_path_step){.kind = WEIR_PATH_SCAN};
            return true;
        }
        if (reader->at >= reader->size)
            return fail(reader, "Path must not end with a '.' or '..'");
    }
    if (peek(reader, '['))
        return read_bracket(reader, step);
    if (peek(reader, '*')) {
        reader->at++;
        *step = (weir_path_step){.kind = WEIR_PATH_WILDCARD};
        return true;
    }
    return read_name(reader, in_filter, step);
}

/* Does another step begin here? After '..' one must. */
static bool goes_on(const weir_path_reader *reader, bool in_filter, bool after_scan) {
    if (reader->at >= reader->size)
        return false;
    return !in_filter || after_scan || peek(reader, '.') || peek(reader, '[');
}

/* The list Jayway makes of ['a','b'] counts as definite when it is the last step. */
static bool finish(weir_path_reader *reader, weir_path_step *steps, weir_json_path *path) {
    path->definite = true;
    for (uint32_t i = 0; i < path->count; i++) {
        bool last = i + 1 == path->count;
        if (steps[i].kind == WEIR_PATH_SCAN && last)
            return fail(reader, "Path must not end with a '.' or '..'");
        if (steps[i].kind == WEIR_PATH_FUNCTION && (!last || !path->definite))
            return fail(reader, "a function is supported only at the end of a path that names one value");
        if (steps[i].kind == WEIR_PATH_MEMBER && last)
            steps[i].definite = true;
        path->definite = path->definite && steps[i].definite;
    }
    return true;
}

const weir_json_path *weir_path_read(weir_path_reader *reader, bool in_filter) {
    weir_json_path *path = WEIR_ARENA_NEW(reader->arena, weir_json_path);
    weir_path_step *steps = WEIR_ARENA_ARRAY(reader->arena, weir_path_step, WEIR_PATH_STEPS_MAX);
    uint32_t scans = 0;
    bool after_scan = false;
    if (path == NULL || steps == NULL) {
        fail(reader, "no memory");
        return NULL;
    }
    while (goes_on(reader, in_filter, after_scan)) {
        if (path->count == WEIR_PATH_STEPS_MAX || scans > WEIR_PATH_SCANS_MAX) {
            fail(reader, "the path has too many steps");
            return NULL;
        }
        weir_path_step *step = &steps[path->count];
        if (!read_step(reader, in_filter, step))
            return NULL;
        after_scan = step->kind == WEIR_PATH_SCAN;
        scans += after_scan;
        path->count++;
    }
    path->steps = steps;
    return finish(reader, steps, path) ? path : NULL;
}

/* "lax $.a": the mode and the rest. Without a word the path is strict. */
static weir_text split_mode(weir_text text, bool *lax) {
    static const char *const words[] = {"strict", "lax"};
    weir_text trimmed = weir_text_trim(text);
    *lax = false;
    for (int i = 0; i < 2; i++) {
        size_t size = strlen(words[i]);
        bool found = trimmed.size > size && weir_text_equal_nocase_c((weir_text){trimmed.data, size}, words[i]) &&
                     strchr(" \t\r\n", trimmed.data[size]) != NULL;
        if (!found)
            continue;
        *lax = i == 1;
        return weir_text_trim((weir_text){trimmed.data + size, trimmed.size - size});
    }
    return trimmed;
}

const weir_json_path *weir_json_path_compile(weir_arena *arena, weir_text text, char problem[WEIR_JSON_PROBLEM_BYTES]) {
    bool lax;
    weir_text rest = split_mode(text, &lax);
    problem[0] = '\0';
    if (rest.size == 0) {
        snprintf(problem, WEIR_JSON_PROBLEM_BYTES, "json string can not be null or empty: the JSON path is empty");
        return NULL;
    }
    weir_path_reader reader = {.arena = arena, .data = rest.data, .size = rest.size, .problem = problem};
    if (rest.data[0] == '$' || rest.data[0] == '@') {
        reader.at = 1;
        if (rest.size > 1 && rest.data[1] != '.' && rest.data[1] != '[') {
            fail(&reader, "Illegal character, expected '.' or '['");
            return NULL;
        }
    }
    weir_json_path *path = (weir_json_path *)(uintptr_t)weir_path_read(&reader, false);
    if (path == NULL)
        return NULL;
    path->lax = lax;
    path->from_root = true;
    return path;
}

bool weir_json_path_is_lax(const weir_json_path *path) { return path->lax; }
bool weir_json_path_is_definite(const weir_json_path *path) { return path->definite; }
