/* The format "json": one JSON value a line; an object is a row, an array a row per element. Reading is json_decode.c's, writing
 * json_write.c's. */
#include "format/json_int.h"

#include "format/formats_int.h"
#include "format/json_write_int.h"

const char *const weir_json_option_names[] = {"fail-on-missing-field",     "ignore-parse-errors",        "timestamp-format.standard",
                                              "map-null-key.mode",         "map-null-key.literal",       "encode.decimal-as-plain-number",
                                              "encode.ignore-null-fields", "decode.json-parser.enabled", NULL};

static bool has_decimal(const weir_type *type) {
    if (type->kind == WEIR_KIND_DECIMAL)
        return true;
    for (uint32_t i = 0; i < type->child_count; i++)
        if (has_decimal(type->children[i]))
            return true;
    for (uint32_t i = 0; i < type->field_count; i++)
        if (has_decimal(type->fields[i].type))
            return true;
    return false;
}

weir_status weir_json_options_read(const weir_table *table, const char *format, weir_json_options *out, weir_error *error) {
    static const char *const standards[] = {"SQL", "ISO-8601", NULL};
    bool streaming_parser;
    int standard;
    WEIR_TRY(weir_format_option_bool(table, format, "fail-on-missing-field", false, &out->fail_on_missing_field, error));
    WEIR_TRY(weir_format_option_bool(table, format, "ignore-parse-errors", false, &out->ignore_parse_errors, error));
    WEIR_TRY(weir_format_option_word(table, format, "timestamp-format.standard", standards, 0, &standard, error));
    WEIR_TRY(weir_format_option_bool(table, format, "decode.json-parser.enabled", true, &streaming_parser, error));
    if (out->fail_on_missing_field && out->ignore_parse_errors)
        return weir_fail(error, WEIR_VALIDATE, "fail-on-missing-field and ignore-parse-errors shouldn't both be true.");
    out->iso_timestamps = standard == 1;
    out->last_wins = !streaming_parser;
    out->exact_decimals = false;
    return WEIR_OK;
}

typedef struct json_reader {
    weir_json_options options;
    weir_json_scan scan;
    weir_reader_counts counts;
    weir_json_node *root;
    uint32_t column_count;
    bool in_array; /* the last batch was full before the top-level array ended: the next call goes on inside it */
} json_reader;

static weir_status check(const weir_table *table, const weir_read_spec *spec, bool writing, weir_error *error) {
    weir_json_options options;
    weir_json_write_options write_options;
    WEIR_TRY(weir_json_options_read(table, "json", &options, error));
    WEIR_TRY(weir_json_write_options_read(table, "json", &write_options, error));
    (void)writing;
    for (uint32_t i = 0; spec != NULL && i < spec->total_count; i++)
        WEIR_TRY(weir_json_check_type(spec->total_fields[i].type, error));
    return WEIR_OK;
}

static weir_status reader_create(weir_arena *arena, weir_memory *memory, const weir_table *table, const weir_read_spec *spec,
                                 weir_reader **out, weir_error *error) {
    json_reader *reader = WEIR_ARENA_NEW(arena, json_reader);
    if (reader == NULL)
        return weir_fail_memory(error, "a JSON reader", sizeof *reader);
    WEIR_TRY(weir_json_options_read(table, "json", &reader->options, error));
    for (uint32_t i = 0; i < spec->count; i++) {
        WEIR_TRY(weir_json_check_type(spec->fields[i].type, error));
        reader->options.exact_decimals = reader->options.exact_decimals || has_decimal(spec->fields[i].type);
    }
    if (spec->metadata_count > 0)
        return weir_fail(error, WEIR_VALIDATE, "The format 'json' has no metadata columns; '%.*s' is none.",
                         WEIR_TEXT_ARGS(spec->metadata[0].name));
    reader->root = weir_json_row_node(arena, spec->fields, spec->count, spec->used_children, &reader->options);
    if (reader->root == NULL)
        return weir_fail_memory(error, "a JSON reader", 0);
    reader->column_count = spec->count;
    weir_json_scan_init(&reader->scan, memory, &reader->options);
    *out = (weir_reader *)reader;
    return WEIR_OK;
}

static weir_json_result element(json_reader *reader, weir_json_scan *scan, weir_batch *batch) {
    weir_json_result result;
    const char *p = scan->at;
    if (*p == '{') {
        scan->at = p + 1;
        result = weir_json_decode_object(scan, reader->root, batch->rows);
        batch->rows += result == WEIR_JSON_OK;
        return result;
    }
    const char *end = weir_json_skip(scan, p);
    if (end == NULL)
        return WEIR_JSON_SYNTAX;
    scan->at = end;
    if (*p == 'n') /* null is no row */
        return WEIR_JSON_OK;
    return weir_json_fail(scan, p, WEIR_JSON_BAD, "Illegal JSON object data...");
}

static void undo(void *context, weir_batch *batch, uint32_t from_rows) {
    const json_reader *reader = context;
    for (uint32_t row = from_rows; row <= batch->rows && row < WEIR_BATCH_ROWS; row++)
        for (uint32_t i = 0; i < reader->root->child_count; i++)
            if (row < reader->root->children[i]->capacity)
                weir_json_reset_row(reader->root->children[i], row);
    batch->rows = from_rows;
}

/* Elements of a top-level array; scan->at is behind '[' or a ','. With ignore-parse-errors a bad element is skipped alone. */
static weir_json_result elements(json_reader *reader, weir_json_scan *scan, weir_batch *batch, uint32_t capacity, const char **resume) {
    const char *p = weir_json_blanks(scan->at);
    if (*p == ']') {
        scan->at = p + 1;
        return WEIR_JSON_OK;
    }
    for (;;) {
        if (batch->rows == capacity) {
            reader->in_array = true;
            *resume = scan->at;
            return WEIR_JSON_OK;
        }
        scan->at = weir_json_blanks(scan->at);
        weir_json_result result = element(reader, scan, batch);
        if (result == WEIR_JSON_BAD && reader->options.ignore_parse_errors) {
            undo(reader, batch, batch->rows);
            scan->bad_at = NULL;
            result = WEIR_JSON_OK;
        }
        if (result != WEIR_JSON_OK)
            return result;
        p = weir_json_blanks(scan->at);
        scan->at = p + 1;
        if (*p == ']')
            return WEIR_JSON_OK;
        if (*p != ',')
            return weir_json_fail(scan, p, WEIR_JSON_SYNTAX, "a comma or ']' was expected");
    }
}

static weir_json_result record(void *context, weir_json_scan *scan, weir_batch *batch, const char **resume) {
    json_reader *reader = context;
    const uint32_t capacity = reader->column_count == 0 ? WEIR_BATCH_ROWS : batch->columns[0]->capacity;
    if (WEIR_UNLIKELY(reader->in_array)) {
        reader->in_array = false;
        return elements(reader, scan, batch, capacity, resume);
    }
    const char *p = scan->at;
    if (WEIR_LIKELY(*p == '{')) {
        scan->at = p + 1;
        weir_json_result result = weir_json_decode_object(scan, reader->root, batch->rows);
        batch->rows += result == WEIR_JSON_OK;
        return result;
    }
    if (*p == '[') {
        scan->at = p + 1;
        return elements(reader, scan, batch, capacity, resume);
    }
    if (memcmp(p, "\xEF\xBB\xBF", 3) == 0) { /* a byte order mark */
        scan->at = weir_json_blanks(p + 3);
        return *scan->at == '\n' ? WEIR_JSON_OK : element(reader, scan, batch);
    }
    const char *null_end = *p == 'n' ? weir_json_skip(scan, p) : NULL;
    if (null_end != NULL) {
        scan->at = null_end;
        return weir_json_fail(scan, p, WEIR_JSON_BAD, "No content to map due to end-of-input");
    }
    return element(reader, scan, batch);
}

static bool keep(void *context, weir_buffer *owner) {
    const json_reader *reader = context;
    for (uint32_t i = 0; i < reader->root->child_count; i++)
        if (!weir_format_keep(reader->root->children[i]->column, owner))
            return false;
    return true;
}

static weir_status read_records(weir_reader *base, const weir_format_place *place, weir_buffer *owner, const char *data, size_t size,
                                bool final, weir_batch *batch, size_t *used, weir_error *error) {
    json_reader *reader = (json_reader *)base;
    weir_json_node *root = reader->root;
    for (uint32_t i = 0; i < root->child_count; i++)
        if (!weir_json_bind(root->children[i], batch->columns[i], batch->rows, NULL))
            return weir_fail_memory(error, "decoding JSON", 0);
    weir_json_lines lines = {
        record, reader, undo, "Failed to deserialize JSON", keep, reader->column_count == 0 ? WEIR_BATCH_ROWS : batch->columns[0]->capacity,
        1};
    weir_status status = weir_json_lines_read(&lines, &reader->scan, &reader->counts, place, owner, data, size, final, batch, used, error);
    for (uint32_t i = 0; i < root->child_count; i++)
        weir_json_finish(root->children[i], batch->rows);
    batch->selected = batch->rows;
    return status;
}

static const weir_reader_counts *counts(const weir_reader *base) { return &((const json_reader *)base)->counts; }
static void reader_close(weir_reader *base) { weir_json_scan_deinit(&((json_reader *)base)->scan); }

const weir_format weir_format_json = {
    .name = "json",
    .records = WEIR_RECORDS_LINES,
    .option_names = weir_json_option_names,
    .check = check,
    .reader_create = reader_create,
    .read = read_records,
    .counts = counts,
    .reader_close = reader_close,
    .writer_create = weir_json_writer_create,
    .write = weir_json_write,
    .writer_close = weir_json_writer_close,
};
