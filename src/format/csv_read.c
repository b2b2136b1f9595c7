/* CSV records into fields, as Jackson's parser cuts them: a quote counts only as the first character of a field, is doubled inside, and
 * nothing but blanks may follow the closing one; an empty line is a record with one empty field; one empty field too many is forgiven.
 *
 * Input ends in '\n' and is padded, so that the scan for a field's end needs no bound; only quoted fields, which may hold line ends, look
 * for it.
 */
#include <stdio.h>

#include "format/csv_int.h"
#include "types/decimal.h"

typedef enum end_kind { END_FIELD, END_RECORD, END_BROKEN, END_INCOMPLETE, END_MEMORY } end_kind;

static void note(weir_csv_reader *reader, const char *at, const char *format, ...) WEIR_PRINTF(3, 4);
static void note(weir_csv_reader *reader, const char *at, const char *format, ...) {
    if (reader->bad_at != NULL)
        return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reader->cause, sizeof reader->cause, format, arguments);
    va_end(arguments);
    reader->bad_at = at;
}

/* Behind a field's last character: the delimiter or a line end. */
static inline end_kind after_field(const weir_csv_reader *reader, const char **p) {
    const char *at = *p;
    if (*at == reader->options.delimiter) {
        *p = at + 1;
        return END_FIELD;
    }
    *p = at + (at[0] == '\r' && at[1] == '\n' ? 2 : 1);
    return END_RECORD;
}

static char unescaped(char c) { return c == 'n' ? '\n' : c == 'r' ? '\r' : c == 't' ? '\t' : c == '0' ? '\0' : c; }

/* An unquoted field with an escape character in it; *p is at the escape. */
static end_kind escaped_field(weir_csv_reader *reader, const char *start, const char **p, const char *end, weir_csv_field *field) {
    const weir_csv_options *options = &reader->options;
    weir_builder_clear(&reader->scratch);
    weir_builder_add(&reader->scratch, start, (size_t)(*p - start));
    const char *at = *p;
    while (*at != options->delimiter && *at != '\n' && *at != '\r') {
        if (*at == options->escape) {
            if (++at >= end)
                return END_INCOMPLETE;
            weir_builder_char(&reader->scratch, unescaped(*at));
        } else {
            weir_builder_char(&reader->scratch, *at);
        }
        at++;
        if (at >= end)
            return END_INCOMPLETE;
    }
    *p = at;
    *field = (weir_csv_field){reader->scratch.size == 0 ? "" : reader->scratch.data, reader->scratch.size, true};
    return reader->scratch.failed ? END_MEMORY : after_field(reader, p);
}

/* Behind the opening quote. */
static end_kind quoted_field(weir_csv_reader *reader, const char **p, const char *end, weir_csv_field *field) {
    const weir_csv_options *options = &reader->options;
    const char *start = *p, *at = start;
    bool copied = false;
    for (;;) {
        at = weir_find_any3(at, options->quote, options->escape == 0 ? options->quote : options->escape, '\n');
        if (at >= end - 1 && *at != options->quote)
            return END_INCOMPLETE;
        if (*at == '\n') {
            at++;
            continue;
        }
        const bool doubled = *at == options->quote && at[1] == options->quote;
        if (*at == options->quote && !doubled)
            break;
        if (!copied)
            weir_builder_clear(&reader->scratch);
        copied = true;
        weir_builder_add(&reader->scratch, start, (size_t)(at - start));
        weir_builder_char(&reader->scratch, doubled ? options->quote : unescaped(at[1]));
        at += 2;
        start = at;
        if (at >= end)
            return END_INCOMPLETE;
    }
    if (copied) {
        weir_builder_add(&reader->scratch, start, (size_t)(at - start));
        *field = (weir_csv_field){reader->scratch.size == 0 ? "" : reader->scratch.data, reader->scratch.size, true};
        if (reader->scratch.failed)
            return END_MEMORY;
    } else {
        *field = (weir_csv_field){start, (size_t)(at - start), false};
    }
    for (at++; *at != options->delimiter && *at != '\n' && *at != '\r'; at++) {
        if ((unsigned char)*at > ' ') {
            note(reader, at, "Unexpected character ('%c' (code %d)): Expected column separator character ('%c' (code %d)) or end-of-line",
                 *at, (unsigned char)*at, options->delimiter, options->delimiter);
            *p = at;
            return END_BROKEN;
        }
    }
    *p = at;
    return after_field(reader, p);
}

static inline end_kind next_field(weir_csv_reader *reader, const char **p, const char *end, weir_csv_field *field) {
    const char *start = *p;
    if (WEIR_UNLIKELY(reader->options.quote != 0 && *start == reader->options.quote)) {
        *p = start + 1;
        return quoted_field(reader, p, end, field);
    }
    if (WEIR_UNLIKELY(reader->options.escape != 0)) {
        const char *at = start;
        while (*at != reader->options.delimiter && *at != '\n' && *at != '\r' && *at != reader->options.escape)
            at++;
        *p = at;
        if (*at == reader->options.escape)
            return escaped_field(reader, start, p, end, field);
    } else {
        *p = weir_find_any3(start, reader->options.delimiter, '\n', '\r');
    }
    *field = (weir_csv_field){start, (size_t)(*p - start), false};
    return after_field(reader, p);
}

/* Too many fields; one more that is blank is a trailing delimiter and forgiven. */
static end_kind extra_fields(weir_csv_reader *reader, const char **p, const char *end) {
    weir_csv_field field;
    const char *start = *p;
    end_kind kind = next_field(reader, p, end, &field);
    if (kind == END_INCOMPLETE || kind == END_MEMORY || kind == END_BROKEN)
        return kind;
    if (kind == END_RECORD && weir_text_trim((weir_text){field.data, field.size}).size == 0)
        return END_RECORD;
    note(reader, start, "Too many entries: expected at most %u (value #%u (%zu chars) \"%.*s\")", reader->total_count, reader->total_count,
         weir_utf8_length((weir_text){field.data, field.size}), field.size > 60 ? 60 : (int)field.size, field.data);
    return END_BROKEN;
}

/* The scalar did not parse: with ignore-parse-errors it is NULL, else the record is bad. */
static bool tolerate(weir_csv_reader *reader, weir_csv_node *node, uint32_t row, uint32_t position, weir_csv_field field, const char *at) {
    if (reader->options.ignore_parse_errors) {
        weir_csv_reset_row(node, row);
        return true;
    }
    char type_text[80] = "";
    weir_builder type;
    weir_builder_init(&type, reader->memory, sizeof type_text - 1);
    weir_type_print_short(node->type, &type);
    if (type.data != NULL)
        snprintf(type_text, sizeof type_text, "%s", type.data);
    weir_builder_deinit(&type);
    weir_text name = reader->total_fields[position].name;
    note(reader, at, "Field '%.*s': \"%.*s\" is no %s", name.size > 60 ? 60 : (int)name.size, name.data,
         field.size > 60 ? 60 : (int)field.size, field.data, type_text);
    return false;
}

static inline bool ends_field(const weir_csv_reader *reader, char c) { return c == reader->options.delimiter || c == '\n' || c == '\r'; }

static inline bool fast_integer(const weir_csv_reader *reader, weir_csv_node *node, uint32_t row, const char **p) {
    const char *start = *p + (**p == '-');
    uint64_t size;
    const char *end = weir_scan_digits(start, &size);
    int64_t value = (int64_t)(**p == '-' ? 0 - size : size);
    if (end == start || end - start > 18 || !ends_field(reader, *end) || value < node->least || value > node->most)
        return false;
    switch (node->layout) {
    case WEIR_LAYOUT_I64: ((int64_t *)node->values)[row] = value; break;
    case WEIR_LAYOUT_I32: ((int32_t *)node->values)[row] = (int32_t)value; break;
    case WEIR_LAYOUT_I16: ((int16_t *)node->values)[row] = (int16_t)value; break;
    default: ((int8_t *)node->values)[row] = (int8_t)value; break;
    }
    *p = end;
    return true;
}

static inline bool fast_decimal(const weir_csv_reader *reader, weir_csv_node *node, uint32_t row, const char **p) {
    weir_fast_number number = weir_fast_plain(*p);
    int32_t shift = node->type->scale - (int32_t)number.fraction;
    if (number.end == NULL || !ends_field(reader, *number.end) || shift < 0 || shift > 20)
        return false;
    weir_i128 value = (weir_i128)number.digits * (weir_i128)weir_pow10[shift];
    if (!weir_decimal_fits(value, node->type->precision))
        return false;
    ((weir_i128 *)node->values)[row] = number.negative ? -value : value;
    *p = number.end;
    return true;
}

/* The field at *p when it has the usual form of its type and no quotes; *p: at what ends it. */
static inline bool fast_field(weir_csv_reader *reader, weir_csv_node *node, uint32_t row, const char **p, bool views) {
    int64_t us;
    const char *end;
    switch (node->fast) {
    case WEIR_CSV_FAST_INTEGER: return fast_integer(reader, node, row, p);
    case WEIR_CSV_FAST_DECIMAL: return fast_decimal(reader, node, row, p);
    case WEIR_CSV_FAST_DOUBLE: {
        weir_fast_number number = weir_fast_plain(*p);
        if (number.end == NULL || !ends_field(reader, *number.end) || number.digits > WEIR_FAST_DOUBLE_MAX)
            return false;
        ((double *)node->values)[row] = weir_fast_double(&number);
        *p = number.end;
        return true;
    }
    case WEIR_CSV_FAST_TIMESTAMP:
        end = weir_fast_timestamp(&reader->date, *p, ' ', &us);
        if (end == NULL || !ends_field(reader, *end))
            return false;
        ((int64_t *)node->values)[row] = node->unit_us > 1 ? us - weir_floor_mod(us, node->unit_us) : us;
        *p = end;
        return true;
    case WEIR_CSV_FAST_TEXT:
        if (!views || reader->options.escape != 0 || **p == reader->options.quote)
            return false;
        end = weir_find_any3(*p, reader->options.delimiter, '\n', '\r');
        if (end == *p && reader->options.null_literal.data != NULL)
            return false;
        ((weir_view *)node->values)[row] = weir_fast_view(*p, (size_t)(end - *p));
        *p = end;
        return true;
    case WEIR_CSV_SLOW: break;
    }
    return false;
}

/* One record at *p into row `row`. END_RECORD: done. */
static end_kind read_record(weir_csv_reader *reader, const char **p, const char *end, uint32_t row, bool views) {
    const weir_csv_options *options = &reader->options;
    bool bad = false;
    for (uint32_t i = 0; i < reader->total_count; i++) {
        weir_csv_field field;
        const char *start = *p;
        weir_csv_node *node = reader->by_position[i];
        end_kind kind;
        if (node != NULL && reader->fast && fast_field(reader, node, row, p, views)) {
            node->valid[row] = 1;
            kind = after_field(reader, p);
            node = NULL;
        } else {
            kind = next_field(reader, p, end, &field);
            if (WEIR_UNLIKELY(kind > END_RECORD))
                return kind;
        }
        if (node != NULL) {
            /* Arrays and rows are looked at before the null literal: an empty one is empty, not NULL. */
            bool null = options->null_literal.data != NULL && field.size == options->null_literal.size && node->child_count == 0 &&
                        memcmp(field.data, options->null_literal.data, field.size) == 0;
            weir_csv_result result = null ? WEIR_CSV_OK : weir_csv_store(options, node, row, field, views);
            if (WEIR_UNLIKELY(result == WEIR_CSV_MEMORY))
                return END_MEMORY;
            if (WEIR_UNLIKELY(result == WEIR_CSV_BAD))
                bad = !tolerate(reader, node, row, i, field, start) || bad;
        }
        if (kind == END_RECORD) {
            if (i + 1 < reader->count && !options->ignore_parse_errors) {
                note(reader, start, "Row length mismatch. %u fields expected but was %u.", reader->count, i + 1);
                bad = true;
            }
            return bad ? END_BROKEN : END_RECORD;
        }
    }
    end_kind kind = extra_fields(reader, p, end);
    return kind == END_RECORD && bad ? END_BROKEN : kind;
}

static weir_status fail_record(weir_csv_reader *reader, const weir_format_place *place, const char *data, size_t offset, const char *start,
                               const char *record, const char *end, weir_error *error) {
    const char *record_end = memchr(record, '\n', (size_t)(end - record));
    bool cut;
    if (record_end == NULL)
        record_end = end;
    while (record_end > record && record_end[-1] == '\r')
        record_end--;
    weir_text excerpt = weir_format_excerpt((weir_text){record, (size_t)(record_end - record)}, &cut);
    weir_fail(error, WEIR_RUNTIME, "Failed to deserialize CSV row '%.*s%s'. %s", WEIR_TEXT_ARGS(excerpt), cut ? "..." : "", reader->cause);
    const char *bad = reader->bad_at >= record && reader->bad_at <= record_end ? reader->bad_at : record;
    weir_format_locate(error, place, data, offset + (size_t)(record - start), offset + (size_t)(bad - start));
    return WEIR_RUNTIME;
}

/* A record that could not be read: onward from the next line. */
static const char *next_line(const char *p, const char *end) {
    const char *line = memchr(p, '\n', (size_t)(end - p));
    return line == NULL ? end : line + 1;
}

typedef struct csv_run {
    const weir_format_place *place;
    const char *data; /* the caller's, for messages */
    size_t offset;    /* of start in it */
    const char *start, *end;
    bool views;
    bool last; /* nothing follows: an open quote is a mistake */
} csv_run;

/* Records of the run until it ends, the batch is full, or a record is not whole; *stop is where. */
static weir_status run(weir_csv_reader *reader, const csv_run *at, weir_batch *batch, uint32_t capacity, const char **stop,
                       weir_error *error) {
    const char *p = at->start;
    while (p < at->end && batch->rows < capacity) {
        const char *record = p;
        if (WEIR_UNLIKELY(reader->options.allow_comments && *p == '#')) {
            p = next_line(p, at->end);
            continue;
        }
        reader->bad_at = NULL;
        end_kind kind = read_record(reader, &p, at->end, batch->rows, at->views);
        if (WEIR_LIKELY(kind == END_RECORD)) {
            batch->rows++;
            reader->counts.records++;
            continue;
        }
        if (kind == END_MEMORY)
            return weir_fail_memory(error, "decoding CSV", 0);
        for (uint32_t i = 0; i < reader->count; i++)
            weir_csv_reset_row(&reader->nodes[i], batch->rows);
        if (kind == END_INCOMPLETE && !at->last) {
            p = record;
            break;
        }
        if (kind == END_INCOMPLETE)
            note(reader, record, "Missing closing quote for value");
        if (!reader->options.ignore_parse_errors)
            return fail_record(reader, at->place, at->data, at->offset, at->start, record, at->end, error);
        reader->counts.skipped++;
        p = next_line(p > record && p[-1] == '\n' ? p - 1 : p, at->end);
    }
    *stop = p;
    return WEIR_OK;
}

/* The first line of a file: the columns' names, in their order. */
static weir_status read_header(weir_csv_reader *reader, const csv_run *at, const char **p, weir_error *error) {
    for (uint32_t i = 0;; i++) {
        weir_csv_field field;
        const char *start = *p;
        end_kind kind = next_field(reader, p, at->end, &field);
        if (kind > END_RECORD)
            return weir_fail(error, WEIR_RUNTIME, "The header line of '%.*s' cannot be read.", WEIR_TEXT_ARGS(at->place->path));
        weir_text name = weir_text_trim((weir_text){field.data, field.size});
        if (i == 0 && weir_text_starts(name, WEIR_TEXT("\xEF\xBB\xBF"))) {
            name.data += 3;
            name.size -= 3;
        }
        if (i >= reader->total_count || !weir_text_equal_nocase(name, reader->total_fields[i].name)) {
            reader->bad_at = start;
            if (i >= reader->total_count)
                snprintf(reader->cause, sizeof reader->cause, "The header line has more columns than the table: %u", reader->total_count);
            else
                snprintf(reader->cause, sizeof reader->cause, "The header line has '%.*s' where the table's column '%.*s' was expected",
                         name.size > 60 ? 60 : (int)name.size, name.data,
                         reader->total_fields[i].name.size > 60 ? 60 : (int)reader->total_fields[i].name.size,
                         reader->total_fields[i].name.data);
            return fail_record(reader, at->place, at->data, at->offset, at->start, at->start, at->end, error);
        }
        if (kind == END_FIELD)
            continue;
        if (i + 1 < reader->total_count) {
            reader->bad_at = start;
            snprintf(reader->cause, sizeof reader->cause, "The header line has %u columns, the table %u", i + 1, reader->total_count);
            return fail_record(reader, at->place, at->data, at->offset, at->start, at->start, at->end, error);
        }
        return WEIR_OK;
    }
}

static weir_status run_copy(weir_csv_reader *reader, const weir_format_place *place, const char *data, size_t from, size_t size, bool final,
                            weir_batch *batch, uint32_t capacity, bool header, size_t *used, weir_error *error) {
    const size_t left = size - from;
    char *copy = weir_memory_alloc(reader->memory, left + 1 + WEIR_READ_PADDING);
    if (copy == NULL)
        return weir_fail_memory(error, "decoding CSV", left);
    memcpy(copy, data + from, left);
    memset(copy + left, '\n', 1 + WEIR_READ_PADDING);
    const char *p = copy;
    csv_run at = {place, data, from, copy, copy + left + (copy[left - 1] != '\n'), false, final};
    weir_status status = header ? read_header(reader, &at, &p, error) : WEIR_OK;
    if (status == WEIR_OK) {
        at.offset += (size_t)(p - copy);
        at.start = p;
        status = run(reader, &at, batch, capacity, &p, error);
    }
    if (status == WEIR_OK)
        *used = from + ((size_t)(p - copy) > left ? left : (size_t)(p - copy));
    weir_memory_free(reader->memory, copy, left + 1 + WEIR_READ_PADDING);
    return status;
}

static size_t whole_lines(const char *data, size_t size) {
    const char *last = size == 0 ? NULL : memrchr(data, '\n', size);
    return last == NULL ? 0 : (size_t)(last - data) + 1;
}

static weir_status read_data(weir_csv_reader *reader, const weir_format_place *place, weir_buffer *owner, const char *data, size_t size,
                             bool final, weir_batch *batch, uint32_t capacity, size_t *used, weir_error *error) {
    bool header = reader->options.header_line && place->offset_bytes == 0;
    const bool padded = owner != NULL && (const uint8_t *)data >= owner->data &&
                        (const uint8_t *)data + size + WEIR_READ_PADDING <= owner->data + owner->size_bytes;
    const size_t direct = padded ? whole_lines(data, size) : size > WEIR_READ_PADDING ? whole_lines(data, size - WEIR_READ_PADDING) : 0;
    *used = 0;
    if (direct > 0) {
        const char *p = data;
        csv_run at = {place, data, 0, data, data + direct, owner != NULL, final && direct == size};
        if (header)
            WEIR_TRY(read_header(reader, &at, &p, error));
        header = false;
        at.offset = (size_t)(p - data);
        at.start = p;
        WEIR_TRY(run(reader, &at, batch, capacity, &p, error));
        *used = (size_t)(p - data);
    }
    /* What is left: records behind the last padded line end, or one whose quotes span it. */
    const size_t from = *used, rest = final ? size - from : whole_lines(data + from, size - from);
    if (rest == 0 || batch->rows == capacity || (direct == size && !final))
        return WEIR_OK;
    return run_copy(reader, place, data, from, from + rest, final, batch, capacity, header, used, error);
}

/* ---- encoding ---- */

static bool is_ascii(const char *data, size_t size) {
    unsigned char bits = 0;
    for (size_t i = 0; i < size; i++)
        bits |= (unsigned char)data[i];
    return bits < 128;
}

/* Where the first byte stands that belongs to no character; SIZE_MAX: nowhere. */
static size_t first_malformed(const char *data, size_t size) {
    enum { STEP = 4096 };
    for (size_t at = 0; at < size;) {
        const size_t step = size - at < STEP ? size - at : STEP;
        if (is_ascii(data + at, step)) {
            at += step;
            continue;
        }
        for (const size_t stop = at + step; at < stop;) {
            size_t end = at, bad;
            for (; at < stop && (unsigned char)data[at] < 128; at++)
                ;
            for (end = at; end < size && (unsigned char)data[end] >= 128; end++)
                ;
            if (!weir_utf8_valid((weir_text){data + at, end - at}, &bad))
                return at + bad;
            at = end;
        }
    }
    return SIZE_MAX;
}

/* All that was read is text, whether the query wants it or not; Jackson, which reads it for Flink, has no mercy either. */
static weir_status check_encoding(weir_csv_reader *reader, const weir_format_place *place, const char *data, size_t size,
                                  weir_error *error) {
    const size_t bad = first_malformed(data, size);
    if (bad == SIZE_MAX)
        return WEIR_OK;
    reader->bad_at = NULL;
    const unsigned char start = (unsigned char)data[bad];
    const bool starts = start >= 0xC2 && start <= 0xF4;
    size_t next = bad, record = bad;
    weir_utf8_next(data, size, &next);
    while (record > 0 && data[record - 1] != '\n')
        record--;
    if (starts && next >= size)
        note(reader, data + bad, "Unexpected end in the middle of a UTF-8 character");
    else
        note(reader, data + bad, "Invalid UTF-8 %s byte 0x%02x: check content encoding, does not look like UTF-8",
             starts ? "middle" : "start", starts ? (unsigned char)data[next] : start);
    weir_status status = fail_record(reader, place, data, 0, data, data + record, data + size, error);
    weir_error_hint(error, "csv is read as UTF-8; `iconv -f LATIN1 -t UTF-8` and the like turn a file of another encoding into it");
    return status;
}

weir_status weir_csv_read(weir_reader *base, const weir_format_place *place, weir_buffer *owner, const char *data, size_t size, bool final,
                          weir_batch *batch, size_t *used, weir_error *error) {
    weir_csv_reader *reader = (weir_csv_reader *)base;
    const uint32_t capacity = reader->count == 0 ? WEIR_BATCH_ROWS : batch->columns[0]->capacity;
    for (uint32_t i = 0; i < reader->count; i++) {
        weir_csv_bind(&reader->nodes[i], batch->columns[i], batch->rows);
        if (owner != NULL && !weir_format_keep(batch->columns[i], owner))
            return weir_fail_memory(error, "decoding CSV", 0);
    }
    weir_status status = read_data(reader, place, owner, data, size, final, batch, capacity, used, error);
    if (status == WEIR_OK && (status = check_encoding(reader, place, data, *used, error)) != WEIR_OK)
        batch->rows = 0; /* which of them stand before the bad one is not known any more */
    for (uint32_t i = 0; i < reader->count; i++)
        weir_csv_finish(&reader->nodes[i], batch->rows);
    batch->selected = batch->rows;
    return status;
}

/* ---- cutting ---- */

/* Behind the record at p; NULL when it is not whole before `end`. */
static const char *skip_record(weir_csv_reader *reader, const char *p, const char *end) {
    const char quote = reader->options.quote, escape = reader->options.escape, delimiter = reader->options.delimiter;
    while (p < end) {
        if (quote != 0 && *p == quote) {
            for (p++; p < end && !(*p == quote && (p + 1 >= end || p[1] != quote)); p++)
                if (*p == quote || (escape != 0 && *p == escape))
                    p++;
            if (p + 1 >= end)
                return NULL; /* whether the quote closes shows only with the next byte */
            p++;
        }
        while (p < end && *p != delimiter && *p != '\n') {
            if (escape != 0 && *p == escape)
                p++;
            p++;
        }
        if (p >= end)
            return NULL;
        if (*p++ == '\n')
            return p;
    }
    return NULL;
}

size_t weir_csv_cut(weir_reader *base, const char *data, size_t size) {
    weir_csv_reader *reader = (weir_csv_reader *)base;
    const char quote = reader->options.quote, *end = data + size, *p = data;
    const bool escapes = reader->options.escape != 0;
    if (!escapes && (quote == 0 || memchr(data, quote, size) == NULL))
        return whole_lines(data, size);
    while (p < end) {
        const char *line = memchr(p, '\n', (size_t)(end - p));
        if (line == NULL)
            break;
        if (!escapes && memchr(p, quote, (size_t)(line - p)) == NULL) {
            p = line + 1;
            continue;
        }
        const char *next = skip_record(reader, p, end);
        if (next == NULL)
            break;
        p = next;
    }
    return (size_t)(p - data);
}
