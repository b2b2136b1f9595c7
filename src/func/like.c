/* LIKE and SIMILAR TO.
 *
 * LIKE patterns are taken apart into pieces between %; a constant one once. Without _ the pieces are compared as bytes: a prefix, a suffix,
 * and in between each piece at its first place. _ stands for one character, but not for a line end, as in Flink. There is no escape
 * character unless ESCAPE names one. SIMILAR TO becomes a regular expression by the rules of Calcite. */
#include "func/regexp_int.h"
#include "func/string_int.h"

/* ---- taking a pattern apart ---- */

/* The pattern without its escapes: bytes, and what each one is. */
typedef enum mark { MARK_BYTE, MARK_ANY, MARK_ONE } mark;

typedef struct like_pattern {
    char *bytes;
    uint8_t *marks;
    size_t size;
    size_t capacity;
    bool has_one;
} like_pattern;

typedef struct like_state {
    bool constant;
    weir_memory *memory;
    like_pattern pattern;
} like_state;

static bool pattern_reserve(weir_memory *memory, like_pattern *pattern, size_t size) {
    if (pattern->capacity >= size)
        return true;
    size_t capacity = size < 64 ? 64 : size * 2;
    char *bytes = weir_memory_realloc(memory, pattern->bytes, pattern->capacity, capacity);
    if (bytes == NULL)
        return false;
    pattern->bytes = bytes;
    uint8_t *marks = weir_memory_realloc(memory, pattern->marks, pattern->capacity, capacity);
    if (marks == NULL) {
        /* Shrink again, so that both blocks have the size that is on record. */
        char *back = weir_memory_realloc(memory, pattern->bytes, capacity, pattern->capacity);
        pattern->bytes = back != NULL ? back : pattern->bytes;
        return false;
    }
    pattern->marks = marks;
    pattern->capacity = capacity;
    return true;
}

static void pattern_done(weir_memory *memory, like_pattern *pattern) {
    if (pattern->bytes != NULL)
        weir_memory_free(memory, pattern->bytes, pattern->capacity);
    if (pattern->marks != NULL)
        weir_memory_free(memory, pattern->marks, pattern->capacity);
    *pattern = (like_pattern){0};
}

typedef enum taken { TAKEN, BAD_ESCAPE, NO_MEMORY } taken;

/* *bad: the code point number of the broken escape, for the message. */
static taken pattern_take(weir_memory *memory, weir_text text, weir_text escape, like_pattern *pattern, size_t *bad) {
    if (!pattern_reserve(memory, pattern, text.size + 1))
        return NO_MEMORY;
    pattern->size = 0;
    pattern->has_one = false;
    for (size_t at = 0; at < text.size;) {
        size_t next = string_forward(text, at, 1);
        uint8_t kind = next - at > 1 ? MARK_BYTE : text.data[at] == '%' ? MARK_ANY : text.data[at] == '_' ? MARK_ONE : MARK_BYTE;
        if (escape.size > 0 && next - at == escape.size && memcmp(text.data + at, escape.data, escape.size) == 0) {
            size_t behind = next;
            *bad = weir_utf8_length((weir_text){text.data, at});
            if (behind >= text.size)
                return BAD_ESCAPE;
            next = string_forward(text, behind, 1);
            bool same = next - behind == escape.size && memcmp(text.data + behind, escape.data, escape.size) == 0;
            if (!same && text.data[behind] != '%' && text.data[behind] != '_')
                return BAD_ESCAPE;
            at = behind;
            kind = MARK_BYTE;
        }
        for (; at < next; at++) {
            pattern->bytes[pattern->size] = text.data[at];
            pattern->marks[pattern->size++] = kind;
        }
        pattern->has_one |= kind == MARK_ONE;
    }
    return TAKEN;
}

/* ---- matching ---- */

static size_t piece_end(const like_pattern *pattern, size_t from) {
    while (from < pattern->size && pattern->marks[from] != MARK_ANY)
        from++;
    return from;
}

/* No _ in the pattern. */
static bool match_bytes(const like_pattern *pattern, weir_text text) {
    size_t end = piece_end(pattern, 0);
    if (end == pattern->size)
        return weir_text_equal(text, (weir_text){pattern->bytes, end});
    if (text.size < end || memcmp(text.data, pattern->bytes, end) != 0)
        return false;
    size_t at = end;
    for (;;) {
        size_t start = end + 1;
        end = piece_end(pattern, start);
        weir_text piece = {pattern->bytes + start, end - start};
        if (end == pattern->size)
            return text.size - at >= piece.size && memcmp(text.data + (text.size - piece.size), piece.data, piece.size) == 0;
        if (piece.size == 0)
            continue;
        size_t found = string_find(text, piece, at);
        if (found == SIZE_MAX)
            return false;
        at = found + piece.size;
    }
}

static bool ends_line(weir_text text, size_t at, size_t next) {
    if (next - at == 1)
        return text.data[at] == '\n' || text.data[at] == '\r';
    uint32_t point = weir_utf8_next(text.data, text.size, &at);
    return point == 0x85 || point == 0x2028 || point == 0x2029;
}

/* With _: a greedy match that goes back to the last % only. */
static bool match_general(const like_pattern *pattern, weir_text text) {
    size_t at = 0, p = 0, star = SIZE_MAX, star_at = 0;
    while (at < text.size) {
        if (p < pattern->size && pattern->marks[p] == MARK_ANY) {
            star = ++p;
            star_at = at;
            continue;
        }
        size_t next = string_forward(text, at, 1);
        if (p < pattern->size && pattern->marks[p] == MARK_ONE && !ends_line(text, at, next)) {
            p++;
            at = next;
        } else if (p < pattern->size && pattern->marks[p] == MARK_BYTE && pattern->bytes[p] == text.data[at]) {
            p++;
            at++;
        } else if (star != SIZE_MAX) {
            p = star;
            star_at = string_forward(text, star_at, 1);
            at = star_at;
        } else {
            return false;
        }
    }
    while (p < pattern->size && pattern->marks[p] == MARK_ANY)
        p++;
    return p == pattern->size;
}

static bool matches(const like_pattern *pattern, weir_text text) {
    return pattern->has_one ? match_general(pattern, text) : match_bytes(pattern, text);
}

static weir_status infer_like(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_count(signature, 2, 3, error));
    for (uint32_t i = 0; i < signature->count; i++)
        if (!weir_kind_is_text(signature->arguments[i].type->kind))
            return weir_signature_refuse(signature, error);
    return weir_signature_result(signature, weir_type_simple(WEIR_KIND_BOOLEAN, weir_signature_nullable(signature)), error);
}

static void run_constant(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    const like_pattern *pattern = &((const like_state *)call->state)->pattern;
    uint8_t *r = WEIR_VALUES(out, uint8_t);
    WEIR_FOR_ROWS(rows, i, { r[i] = matches(pattern, weir_column_text(arguments[0], i)); });
}

static void run_like(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    like_state *state = call->state;
    uint8_t *r = WEIR_VALUES(out, uint8_t);
    WEIR_FOR_ROWS(rows, i, {
        weir_text text = weir_column_text(arguments[1], i);
        weir_text escape = call->argument_count > 2 ? weir_column_text(arguments[2], i) : WEIR_TEXT("");
        size_t bad = 0;
        taken outcome = pattern_take(state->memory, text, escape, &state->pattern, &bad);
        if (weir_utf8_length(escape) > 1)
            weir_call_fail(call, i, "Invalid escape character '%.*s'", WEIR_TEXT_ARGS(escape));
        else if (outcome == BAD_ESCAPE)
            weir_call_fail(call, i, "Invalid escape sequence '%.*s', %zu", WEIR_TEXT_ARGS(text), bad);
        else if (outcome == NO_MEMORY)
            out->failed = true;
        else
            r[i] = matches(&state->pattern, weir_column_text(arguments[0], i));
    });
}

static void like_release(void *data) {
    like_state *state = data;
    pattern_done(state->memory, &state->pattern);
}

static weir_status bind_like(weir_call *call, weir_error *error) {
    like_state *state = WEIR_CALL_STATE(call, like_state);
    if (state == NULL || !weir_arena_on_reset(call->arena, like_release, state))
        return weir_fail_memory(error, "a pattern", sizeof(like_state));
    state->memory = call->memory;
    call->state = state;
    const weir_value *pattern = weir_call_literal(call, 1), *escape = weir_call_literal(call, 2);
    bool constant = pattern != NULL && !pattern->is_null && (call->argument_count < 3 || (escape != NULL && !escape->is_null));
    call->kernel = constant ? run_constant : run_like;
    if (!constant)
        return WEIR_OK;
    weir_text escape_mark = escape == NULL ? WEIR_TEXT("") : escape->as.text;
    size_t bad = 0;
    if (weir_utf8_length(escape_mark) > 1)
        return weir_fail(error, WEIR_VALIDATE, "Invalid escape character '%.*s'", WEIR_TEXT_ARGS(escape_mark));
    switch (pattern_take(call->memory, pattern->as.text, escape_mark, &state->pattern, &bad)) {
    case BAD_ESCAPE: return weir_fail(error, WEIR_VALIDATE, "Invalid escape sequence '%.*s', %zu", WEIR_TEXT_ARGS(pattern->as.text), bad);
    case NO_MEMORY: return weir_fail_memory(error, "a pattern", pattern->as.text.size);
    default: return WEIR_OK;
    }
}

/* ---- SIMILAR TO ---- */

typedef struct similar_state {
    regexp_cache *cache;
    weir_builder regexp; /* of the last pattern */
} similar_state;

static const struct {
    const char *name;
    const char *regexp;
} similar_sets[] = {{"[:ALPHA:]", "\\p{Alpha}"}, {"[:UPPER:]", "\\p{Upper}"}, {"[:LOWER:]", "\\p{Lower}"}, {"[:DIGIT:]", "\\d"},
                    {"[:SPACE:]", " "},          {"[:WHITESPACE:]", "\\s"},   {"[:ALNUM:]", "\\p{Alnum}"}};

typedef enum similar_fault { SIMILAR_FINE, SIMILAR_ESCAPE, SIMILAR_SYNTAX } similar_fault;

static bool is_special(char c) { return c != '\0' && strchr("[]()|^-+*_%?{}", c) != NULL; }

/* The character behind an escape, in or outside of brackets. */
static similar_fault similar_escaped(weir_builder *out, char c, char escape) {
    if (is_special(c)) {
        if (c != '_' && c != '%')
            weir_builder_char(out, '\\');
        weir_builder_char(out, c);
        return SIMILAR_FINE;
    }
    if (c != escape)
        return SIMILAR_ESCAPE;
    if (strchr("$\\.", c) != NULL)
        weir_builder_char(out, '\\');
    weir_builder_char(out, c);
    return SIMILAR_FINE;
}

/* Behind "[": copies up to the bracket that closes; *at is left on it. */
static similar_fault similar_enumeration(weir_builder *out, weir_text text, size_t *at, char escape) {
    for (size_t i = *at; i < text.size; i++) {
        char c = text.data[i];
        if (c == ']') {
            *at = i;
            return SIMILAR_FINE;
        }
        if (c == escape && escape != '\0') {
            if (++i >= text.size || similar_escaped(out, text.data[i], escape) != SIMILAR_FINE)
                return SIMILAR_SYNTAX;
        } else if (c == '-' || c == '^') {
            weir_builder_char(out, c);
        } else if (c == '[' && i + 1 < text.size && text.data[i + 1] == ':') {
            bool found = false;
            for (size_t k = 0; k < sizeof(similar_sets) / sizeof(similar_sets[0]) && !found; k++) {
                size_t size = strlen(similar_sets[k].name);
                if (size <= text.size - i &&
                    weir_text_equal_nocase((weir_text){text.data + i, size}, (weir_text){similar_sets[k].name, size})) {
                    weir_builder_c(out, similar_sets[k].regexp);
                    i += size - 1;
                    found = true;
                }
            }
            if (!found)
                return SIMILAR_SYNTAX;
        } else if (is_special(c)) {
            return SIMILAR_SYNTAX;
        } else {
            if (c == '\\' || c == '&')
                weir_builder_char(out, '\\');
            weir_builder_char(out, c);
        }
    }
    return SIMILAR_SYNTAX;
}

/* *bad: where the fault is. */
static similar_fault similar_rewrite(weir_builder *out, weir_text text, char escape, size_t *bad) {
    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        similar_fault fault = SIMILAR_FINE;
        *bad = i;
        if (c == escape && escape != '\0') {
            if (++i >= text.size)
                return SIMILAR_ESCAPE;
            fault = similar_escaped(out, text.data[i], escape);
        } else if (c == '_') {
            weir_builder_char(out, '.');
        } else if (c == '%') {
            weir_builder_c(out, "(?s:.*)");
        } else if (c == '[') {
            weir_builder_char(out, '[');
            i++;
            fault = similar_enumeration(out, text, &i, escape);
            weir_builder_char(out, ']');
        } else if (c == ']') {
            fault = SIMILAR_SYNTAX;
        } else {
            if (c == '\\' || c == '$')
                weir_builder_char(out, '\\');
            weir_builder_char(out, c);
        }
        if (fault != SIMILAR_FINE)
            return fault;
    }
    return SIMILAR_FINE;
}

static void run_similar(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    similar_state *state = call->state;
    uint8_t *r = WEIR_VALUES(out, uint8_t);
    WEIR_FOR_ROWS(rows, i, {
        weir_text pattern = weir_column_text(arguments[1], i);
        weir_text escape = call->argument_count > 2 ? weir_column_text(arguments[2], i) : WEIR_TEXT("");
        size_t bad = 0;
        if (escape.size > 1) {
            weir_call_fail(call, i, "Invalid escape character '%.*s'", WEIR_TEXT_ARGS(escape));
            continue;
        }
        weir_builder_clear(&state->regexp);
        similar_fault fault = similar_rewrite(&state->regexp, pattern, escape.size == 0 ? '\0' : escape.data[0], &bad);
        if (fault == SIMILAR_ESCAPE) {
            weir_call_fail(call, i, "Invalid escape sequence '%.*s', %zu", WEIR_TEXT_ARGS(pattern), bad);
            continue;
        }
        bool broken = fault == SIMILAR_SYNTAX;
        weir_text rewritten = state->regexp.size == 0 ? WEIR_TEXT("") : weir_builder_view(&state->regexp);
        const regexp *expression = broken ? NULL : weir_regexp_for_row(state->cache, call, i, rewritten, out, &broken);
        if (broken)
            weir_call_fail(call, i, "Invalid regular expression '%.*s'", WEIR_TEXT_ARGS(pattern));
        regexp_match match;
        int found = expression == NULL ? 0 : weir_regexp_find(state->cache, expression, weir_column_text(arguments[0], i), 0, &match);
        if (found == REGEXP_NO_MEMORY)
            out->failed = true;
        else if (found < 0)
            weir_call_fail(call, i, "SIMILAR TO gave up: matching this text takes too many steps");
        r[i] = found > 0;
    });
    if (state->regexp.failed)
        out->failed = true;
}

static void similar_release(void *data) { weir_builder_deinit(&((similar_state *)data)->regexp); }

static weir_status bind_similar(weir_call *call, weir_error *error) {
    similar_state *state = WEIR_CALL_STATE(call, similar_state);
    if (state == NULL)
        return weir_fail_memory(error, "a pattern", sizeof(similar_state));
    weir_builder_init(&state->regexp, call->memory, 1 << 22);
    if (!weir_arena_on_reset(call->arena, similar_release, state))
        return weir_fail_memory(error, "a pattern", sizeof(similar_state));
    WEIR_TRY(weir_regexp_cache_create(call, true, &state->cache, error));
    call->state = state;
    call->kernel = run_similar;
    return WEIR_OK;
}

#define FLAGS (WEIR_FUNCTION_STRICT | WEIR_FUNCTION_HIDDEN)
const weir_function weir_functions_like[] = {
    {"LIKE", FLAGS, infer_like, bind_like, "string", "'LIKE(<STRING>, <STRING>, <STRING>)'",
     "Whether the text has this form: % any text, _ one character.", NULL, NULL},
    {"SIMILAR TO", FLAGS, infer_like, bind_similar, "string", "'SIMILAR TO(<STRING>, <STRING>, <STRING>)'",
     "Whether the text matches an SQL regular expression.", NULL, NULL},
    {NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL},
};
