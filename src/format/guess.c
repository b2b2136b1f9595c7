/* Guessing names and types: shapes seen in the records are merged, the widest wins. */
#include "format/guess.h"

#include <string.h>

#include "format/json_int.h"

enum { RECORDS_MAX = 2000, COLUMNS_MAX = 1000, DEPTH_MAX = 32 };

typedef enum seen {
    SEEN_NOTHING,
    SEEN_BOOLEAN,
    SEEN_INTEGER,
    SEEN_REAL,
    SEEN_DATE,
    SEEN_TIMESTAMP,
    SEEN_ISO_TIMESTAMP,
    SEEN_TEXT,
    SEEN_ARRAY,
    SEEN_ROW
} seen;

typedef struct shape {
    seen kind;
    weir_text name;
    weir_list fields;      /* ROW: shape */
    struct shape *element; /* ARRAY */
} shape;

static seen widen(seen a, seen b) {
    if (a == b || b == SEEN_NOTHING)
        return a;
    if (a == SEEN_NOTHING)
        return b;
    if ((a == SEEN_INTEGER && b == SEEN_REAL) || (a == SEEN_REAL && b == SEEN_INTEGER))
        return SEEN_REAL;
    return SEEN_TEXT;
}

static seen text_kind(weir_text text) {
    weir_timestamp_ns time;
    int32_t days;
    if (weir_iso_timestamp_parse(text, (weir_iso_form){.separator = ' ', .smart = true}, &time))
        return SEEN_TIMESTAMP;
    if (weir_iso_timestamp_parse(text, (weir_iso_form){.separator = 'T', .smart = true}, &time))
        return SEEN_ISO_TIMESTAMP;
    return weir_iso_date_parse(text, false, &days) ? SEEN_DATE : SEEN_TEXT;
}

static const weir_type *type_of(weir_arena *arena, const shape *s) {
    switch (s->kind) {
    case SEEN_BOOLEAN: return weir_type_simple(WEIR_KIND_BOOLEAN, true);
    case SEEN_INTEGER: return weir_type_simple(WEIR_KIND_BIGINT, true);
    case SEEN_REAL: return weir_type_simple(WEIR_KIND_DOUBLE, true);
    case SEEN_DATE: return weir_type_simple(WEIR_KIND_DATE, true);
    case SEEN_TIMESTAMP:
    case SEEN_ISO_TIMESTAMP: return weir_type_sized(arena, WEIR_KIND_TIMESTAMP, 3, true);
    case SEEN_ARRAY: {
        const weir_type *element = type_of(arena, s->element);
        return element == NULL ? NULL : weir_type_array(arena, element, true);
    }
    case SEEN_ROW: {
        weir_field *fields = WEIR_ARENA_ARRAY(arena, weir_field, s->fields.count);
        if (s->fields.count == 0)
            return weir_type_string(true);
        for (size_t i = 0; fields != NULL && i < s->fields.count; i++) {
            const shape *child = s->fields.items[i];
            fields[i] = (weir_field){child->name, type_of(arena, child), {NULL, 0}};
            if (fields[i].type == NULL)
                return NULL;
        }
        return fields == NULL ? NULL : weir_type_row(arena, fields, (uint32_t)s->fields.count, true);
    }
    case SEEN_NOTHING:
    case SEEN_TEXT: break;
    }
    return weir_type_string(true);
}

/* ---- json ---- */

typedef struct json_guess {
    weir_arena *arena;
    weir_json_scan scan;
    bool plain_times, iso_times;
} json_guess;

static bool see(json_guess *guess, shape *s, const char *p, const char **end, unsigned depth);

static shape *field_named(json_guess *guess, shape *row, weir_text name) {
    for (size_t i = 0; i < row->fields.count; i++) {
        shape *field = row->fields.items[i];
        if (weir_text_equal(field->name, name))
            return field;
    }
    shape *field = row->fields.count >= COLUMNS_MAX ? NULL : WEIR_ARENA_NEW(guess->arena, shape);
    if (field == NULL)
        return NULL;
    field->name = weir_arena_text(guess->arena, name);
    return weir_list_add(guess->arena, &row->fields, field) ? field : NULL;
}

/* p is at the bracket. */
static bool see_nested(json_guess *guess, shape *s, const char *p, const char **end, unsigned depth) {
    const bool row = *p == '{';
    const char shut = row ? '}' : ']';
    s->kind = s->kind == SEEN_NOTHING || s->kind == (row ? SEEN_ROW : SEEN_ARRAY) ? (row ? SEEN_ROW : SEEN_ARRAY) : SEEN_TEXT;
    if (!row && s->element == NULL && (s->element = WEIR_ARENA_NEW(guess->arena, shape)) == NULL)
        return false;
    p = weir_json_blanks(p + 1);
    for (bool first = true; *p != shut; first = false) {
        if (!first && *p++ != ',')
            return false;
        shape *child = s->element;
        p = weir_json_blanks(p);
        if (row) {
            weir_json_token key;
            if (*p != '"' || weir_json_token_read(&guess->scan, p, &key) != WEIR_JSON_OK)
                return false;
            child = field_named(guess, s, key.text);
            p = weir_json_blanks(key.end);
            if (*p++ != ':')
                return false;
        }
        if (child == NULL || !see(guess, child, weir_json_blanks(p), &p, depth + 1))
            return false;
        p = weir_json_blanks(p);
    }
    *end = p + 1;
    return true;
}

static bool see(json_guess *guess, shape *s, const char *p, const char **end, unsigned depth) {
    weir_json_token token;
    if (depth > DEPTH_MAX)
        return false;
    if (*p == '{' || *p == '[')
        return see_nested(guess, s, p, end, depth);
    if (weir_json_token_read(&guess->scan, p, &token) != WEIR_JSON_OK)
        return false;
    *end = token.end;
    seen kind = token.first == 'n'                         ? SEEN_NOTHING
                : token.first == 't' || token.first == 'f' ? SEEN_BOOLEAN
                : token.first != '"'                       ? (token.is_float ? SEEN_REAL : SEEN_INTEGER)
                                                           : text_kind(token.text);
    guess->plain_times = guess->plain_times || kind == SEEN_TIMESTAMP;
    guess->iso_times = guess->iso_times || kind == SEEN_ISO_TIMESTAMP;
    int64_t value;
    if (kind == SEEN_INTEGER && !weir_java_integer_parse(token.text, INT64_MIN, INT64_MAX, &value))
        kind = SEEN_TEXT;
    s->kind = widen(s->kind, kind);
    return true;
}

static bool see_records(json_guess *guess, shape *root, const char *p, const char *end, uint64_t *records) {
    for (; p < end && *records < RECORDS_MAX; p++) {
        const char *line = memchr(p, '\n', (size_t)(end - p)), *stop;
        p = weir_json_blanks(p);
        if (line == NULL)
            return true;
        if (*p == '[') { /* one record per element */
            shape list = {.kind = SEEN_ARRAY, .element = root};
            if (!see_nested(guess, &list, p, &stop, 0) || root->kind != SEEN_ROW)
                return false;
            ++*records;
        } else if (*p == '{') {
            if (!see(guess, root, p, &stop, 0))
                return false;
            ++*records;
        } else if (*p != '\n') {
            return false;
        }
        p = line;
    }
    return true;
}

/* Both kinds of timestamps in one file: only one standard can be set, so the others stay text. */
static void drop_iso(shape *s) {
    if (s->kind == SEEN_ISO_TIMESTAMP)
        s->kind = SEEN_TEXT;
    for (size_t i = 0; i < s->fields.count; i++)
        drop_iso(s->fields.items[i]);
    if (s->element != NULL)
        drop_iso(s->element);
}

/* A copy that ends in a line end and padding; with a partial last line cut off. */
static char *padded_copy(weir_arena *arena, weir_text text, bool whole, size_t *size) {
    const char *last = text.size == 0 ? NULL : memrchr(text.data, '\n', text.size);
    *size = whole || last == NULL ? text.size : (size_t)(last - text.data) + 1;
    char *copy = weir_arena_alloc(arena, *size + 1 + WEIR_READ_PADDING);
    if (copy == NULL)
        return NULL;
    if (*size > 0)
        memcpy(copy, text.data, *size);
    memset(copy + *size, '\n', 1 + WEIR_READ_PADDING);
    ++*size;
    return copy;
}

weir_status weir_guess_json(weir_arena *arena, weir_text text, bool whole, weir_guess *out, weir_error *error) {
    static const weir_json_options plain = {0};
    json_guess guess = {.arena = arena};
    shape root = {0};
    size_t size;
    memset(out, 0, sizeof *out);
    char *copy = padded_copy(arena, text, whole, &size);
    if (copy == NULL)
        return weir_fail_memory(error, "a guess", text.size);
    weir_json_scan_init(&guess.scan, arena->memory, &plain);
    bool good = see_records(&guess, &root, copy, copy + size, &out->records);
    weir_json_scan_deinit(&guess.scan);
    if (arena->failed)
        return weir_fail_memory(error, "a guess", text.size);
    if (!good || root.kind != SEEN_ROW || root.fields.count == 0)
        return weir_fail(error, WEIR_RUNTIME, "The file does not hold one JSON object a line (record %llu). %s",
                         (unsigned long long)(out->records + 1), guess.scan.cause);
    out->iso_timestamps = guess.iso_times && !guess.plain_times;
    if (!out->iso_timestamps)
        drop_iso(&root);
    out->count = (uint32_t)root.fields.count;
    out->fields = WEIR_ARENA_ARRAY(arena, weir_field, out->count);
    for (uint32_t i = 0; out->fields != NULL && i < out->count; i++) {
        const shape *field = root.fields.items[i];
        out->fields[i] = (weir_field){field->name, type_of(arena, field), {NULL, 0}};
    }
    return arena->failed ? weir_fail_memory(error, "a guess", 0) : WEIR_OK;
}

bool weir_guess_is_json(weir_text text) {
    text = weir_text_trim(text);
    if (text.size > 3 && memcmp(text.data, "\xEF\xBB\xBF", 3) == 0)
        text = (weir_text){text.data + 3, text.size - 3};
    return text.size > 1 &&
           (text.data[0] == '{' || (text.data[0] == '[' && weir_text_trim((weir_text){text.data + 1, text.size - 1}).data[0] == '{'));
}

/* ---- csv ---- */

typedef struct csv_cursor {
    const char *at, *end;
    char delimiter;
} csv_cursor;

/* The next field of the record; *last: it ends the record. Quotes are undone in place, so the text must be our own copy. */
static weir_text next_field(csv_cursor *cursor, bool *last, bool *quoted) {
    char *start = (char *)(uintptr_t)cursor->at, *to = start;
    const char *p = cursor->at;
    *quoted = p < cursor->end && *p == '"';
    if (*quoted) {
        for (p++; p < cursor->end; p++) {
            if (*p == '"' && !(p + 1 < cursor->end && p[1] == '"'))
                break;
            p += *p == '"';
            *to++ = *p;
        }
        p += p < cursor->end;
    }
    while (p < cursor->end && *p != cursor->delimiter && *p != '\n') {
        if (!*quoted)
            *to++ = *p;
        p++;
    }
    *last = p >= cursor->end || *p == '\n';
    cursor->at = p < cursor->end ? p + 1 : p;
    if (*last && to > start && to[-1] == '\r')
        to--;
    return (weir_text){start, (size_t)(to - start)};
}

/* The character that cuts the first lines into most fields, the same number in each. */
static char sniff_delimiter(const char *data, size_t size) {
    static const char candidates[] = {',', '\t', ';', '|'};
    char best = ',';
    size_t best_count = 0;
    for (size_t c = 0; c < sizeof candidates; c++) {
        size_t line = 0, first = 0, count = 0;
        bool quoted = false, same = true;
        for (size_t i = 0; i < size && line < 20 && same; i++) {
            quoted ^= data[i] == '"';
            count += !quoted && data[i] == candidates[c];
            if (quoted || data[i] != '\n')
                continue;
            same = line == 0 || count == first || (i > 0 && data[i - 1] == '\n');
            first = line == 0 ? count : first;
            count = 0;
            line++;
        }
        if (same && first > best_count) {
            best = candidates[c];
            best_count = first;
        }
    }
    return best;
}

/* Digits that a number would not give back: a leading zero, a plus sign. They are codes: postal, telephone. */
static bool is_code(weir_text text) {
    size_t at = text.size > 0 && (text.data[0] == '-' || text.data[0] == '+');
    return at < text.size && (text.data[0] == '+' || (text.data[at] == '0' && at + 1 < text.size && text.data[at + 1] != '.'));
}

static seen field_kind(weir_text text, bool quoted) {
    int64_t integer;
    double real;
    weir_text trimmed = weir_text_trim(text);
    if (text.size == 0 && !quoted)
        return SEEN_NOTHING;
    if (weir_java_integer_parse(trimmed, INT64_MIN, INT64_MAX, &integer))
        return is_code(trimmed) ? SEEN_TEXT : SEEN_INTEGER;
    if (weir_text_equal_nocase_c(trimmed, "true") || weir_text_equal_nocase_c(trimmed, "false"))
        return SEEN_BOOLEAN;
    if (weir_java_double_parse(trimmed, &real))
        return SEEN_REAL;
    seen kind = text_kind(text);
    return kind == SEEN_ISO_TIMESTAMP ? SEEN_TEXT : kind;
}

typedef struct csv_column {
    weir_text first; /* what the first record holds */
    seen first_kind;
    seen kind; /* of the later records */
    bool empty;
} csv_column;

static bool is_name(weir_text text) {
    return text.size > 0 && text.size <= 100 && weir_utf8_valid(text, NULL) && memchr(text.data, '\n', text.size) == NULL;
}

/* As programs name columns: letters, digits, '_', no digit first. */
static bool is_identifier(weir_text text) {
    for (size_t k = 0; k < text.size; k++) {
        char c = text.data[k];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9' && k > 0) || c == '_'))
            return false;
    }
    return text.size > 0;
}

/* A header: texts (some may be missing or stand there twice) over columns that are not all text. Over nothing but text: different
 * identifiers. */
static bool has_header(const csv_column *columns, uint32_t count, uint64_t records) {
    bool differs = false, identifiers = true;
    for (uint32_t i = 0; i < count; i++) {
        const csv_column *column = &columns[i];
        identifiers = identifiers && is_identifier(column->first);
        for (uint32_t k = 0; identifiers && k < i; k++)
            identifiers = !weir_text_equal(columns[k].first, column->first);
        if (column->first.size == 0)
            continue;
        if (!is_name(column->first) || column->first_kind != SEEN_TEXT)
            return false;
        differs = differs || (column->kind != SEEN_TEXT && column->kind != SEEN_NOTHING);
    }
    return differs || (records >= 2 && identifiers);
}

static bool name_taken(const weir_field *fields, uint32_t count, const csv_column *columns, uint32_t column_count, weir_text name) {
    for (uint32_t i = 0; i < count; i++)
        if (weir_text_equal(fields[i].name, name))
            return true;
    for (uint32_t i = count + 1; i < column_count; i++)
        if (weir_text_equal(columns[i].first, name))
            return true;
    return false;
}

/* The header's name, c3 where it has none, and a number behind one that was there before. `fields` are those before it. */
static weir_text column_name(weir_arena *arena, const weir_guess *guess, const csv_column *columns, uint32_t index) {
    weir_text name = columns[index].first;
    bool again = !guess->header_line || name.size == 0;
    if (again)
        name = weir_arena_format(arena, "c%u", index + 1);
    if (!guess->header_line)
        return name;
    for (uint32_t i = 0; i < index && !again; i++)
        again = weir_text_equal(guess->fields[i].name, name);
    weir_text base = name;
    for (uint32_t number = 2; again && name.data != NULL && name_taken(guess->fields, index, columns, guess->count, name); number++)
        name = weir_arena_format(arena, "%.*s_%u", WEIR_TEXT_ARGS(base), number);
    return name;
}

static uint64_t see_lines(csv_cursor *cursor, csv_column *columns, uint32_t *count) {
    uint64_t records = 0;
    while (cursor->at < cursor->end && records < RECORDS_MAX) {
        if (*cursor->at == '\n') {
            cursor->at++;
            continue;
        }
        bool last = false, quoted;
        for (uint32_t i = 0; !last; i++) {
            weir_text text = next_field(cursor, &last, &quoted);
            if (i >= COLUMNS_MAX)
                continue;
            csv_column *column = &columns[i];
            seen kind = field_kind(text, quoted);
            if (records == 0) {
                column->first = text;
                column->first_kind = kind;
                *count = i + 1;
            } else {
                column->kind = widen(column->kind, kind);
                column->empty = column->empty || text.size == 0;
            }
        }
        records++;
    }
    return records;
}

weir_status weir_guess_csv(weir_arena *arena, weir_text text, bool whole, weir_guess *out, weir_error *error) {
    size_t size;
    memset(out, 0, sizeof *out);
    char *copy = padded_copy(arena, text, whole, &size);
    csv_column *columns = WEIR_ARENA_ARRAY(arena, csv_column, COLUMNS_MAX);
    if (copy == NULL || columns == NULL)
        return weir_fail_memory(error, "a guess", text.size);
    if (size > 3 && memcmp(copy, "\xEF\xBB\xBF", 3) == 0) {
        copy += 3;
        size -= 3;
    }
    out->delimiter = sniff_delimiter(copy, size);
    csv_cursor cursor = {copy, copy + size, out->delimiter};
    out->records = see_lines(&cursor, columns, &out->count);
    if (out->records == 0)
        return weir_fail(error, WEIR_RUNTIME, "The file is empty: there is nothing to guess from.");
    out->header_line = has_header(columns, out->count, out->records);
    out->fields = WEIR_ARENA_ARRAY(arena, weir_field, out->count);
    for (uint32_t i = 0; out->fields != NULL && i < out->count; i++) {
        csv_column *column = &columns[i];
        shape s = {.kind = out->header_line ? column->kind : widen(column->kind, column->first_kind)};
        const bool empty = column->empty || (!out->header_line && column->first.size == 0);
        out->empty_is_null = out->empty_is_null || (empty && s.kind != SEEN_TEXT && s.kind != SEEN_NOTHING);
        out->fields[i].name = column_name(arena, out, columns, i);
        out->fields[i].type = type_of(arena, &s);
    }
    return arena->failed ? weir_fail_memory(error, "a guess", 0) : WEIR_OK;
}
