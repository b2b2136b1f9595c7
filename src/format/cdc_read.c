/* Reading change envelopes. A record is scanned for the fields of its envelope first (where their values start); then the rows are decoded
 * from there straight into the batch: an insert or delete makes one row, an update two (before, after).
 *
 * Canal and Maxwell give only the columns that changed in `old`: the others are copied from the new row. (Maxwell tells an old NULL from an
 * unchanged column by the key being there; Canal cannot.) Of duplicate keys the last one wins, as in the tree that Flink makes here.
 */
#include "format/cdc_int.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdio.h>

enum { FIELD_BEFORE, FIELD_AFTER, FIELD_OPERATION, FIELD_DATABASE, FIELD_TABLE, FIELDS_FIXED };

typedef struct metadata_column {
    const weir_cdc_metadata *what;
    weir_json_node *node; /* of WEIR_CDC_DIRECT ones */
    const weir_type *type;
    uint32_t field; /* index in reader->names */
} metadata_column;

typedef struct cdc_reader {
    const weir_cdc_dialect *dialect;
    weir_json_options options;
    weir_json_scan scan;
    weir_reader_counts counts;
    weir_memory *memory;
    weir_json_node *root; /* the row */
    bool schema_include;
    uint32_t field_count; /* of the envelope */
    weir_text *names;
    const char **values; /* where each field's value starts; NULL: not there */
    weir_text *columns;  /* names of the row's columns, for Maxwell's `old` */
    const char **old_values;
    uint32_t metadata_count;
    metadata_column *metadata;
    const char *schema_value;
    pcre2_code *database, *table;
    uint32_t element; /* of a list: those before are in batches handed out already */
    weir_json_lines lines;
    char failure[64];
} cdc_reader;

/* ---- the envelope ---- */

/* Where the values of the object's fields start; p is behind '{'. *end: behind the object. */
static weir_json_result scan_fields(weir_json_scan *scan, const char *p, const weir_text *names, const char **values, uint32_t count,
                                    const char **end) {
    memset(values, 0, count * sizeof *values);
    p = weir_json_blanks(p);
    if (*p == '}') {
        *end = p + 1;
        return WEIR_JSON_OK;
    }
    for (;;) {
        weir_json_token key;
        if (*p != '"')
            return weir_json_fail(scan, p, WEIR_JSON_SYNTAX, "a field name in double quotes was expected");
        weir_json_result result = weir_json_token_read(scan, p, &key);
        if (result != WEIR_JSON_OK)
            return result;
        p = weir_json_blanks(key.end);
        if (*p != ':')
            return weir_json_fail(scan, p, WEIR_JSON_SYNTAX, "a colon was expected after the field name");
        p = weir_json_blanks(p + 1);
        for (uint32_t i = 0; i < count; i++)
            if (weir_text_equal(names[i], key.text))
                values[i] = p;
        p = weir_json_skip(scan, p);
        if (p == NULL)
            return WEIR_JSON_SYNTAX;
        p = weir_json_blanks(p);
        if (*p == '}') {
            *end = p + 1;
            return WEIR_JSON_OK;
        }
        if (*p != ',')
            return weir_json_fail(scan, p, WEIR_JSON_SYNTAX, "a comma or '}' was expected");
        p = weir_json_blanks(p + 1);
    }
}

static bool is_null(const char *value) { return value == NULL || memcmp(value, "null", 4) == 0; }

static weir_json_result scan_record(cdc_reader *reader, weir_json_scan *scan, const char **end) {
    const char *p = scan->at;
    if (*p != '{')
        return weir_json_fail(scan, p, WEIR_JSON_BAD, "an object was expected");
    reader->schema_value = NULL;
    if (!reader->schema_include)
        return scan_fields(scan, p + 1, reader->names, reader->values, reader->field_count, end);
    static const weir_text outer[] = {{"payload", 7}, {"schema", 6}};
    const char *values[2], *inner_end;
    weir_json_result result = scan_fields(scan, p + 1, outer, values, 2, end);
    if (result != WEIR_JSON_OK)
        return result;
    reader->schema_value = values[1];
    if (values[0] == NULL || *values[0] != '{')
        return weir_json_fail(scan, p, WEIR_JSON_BAD, "the field \"payload\" is missing (schema-include is true)");
    return scan_fields(scan, values[0] + 1, reader->names, reader->values, reader->field_count, &inner_end);
}

/* ---- rows ---- */

static weir_json_result decode_row(cdc_reader *reader, weir_json_scan *scan, const char *value, uint32_t row) {
    value = weir_json_blanks(value);
    if (*value != '{')
        return weir_json_fail(scan, value, WEIR_JSON_BAD, "a row (an object) was expected");
    scan->at = value + 1;
    return weir_json_decode_object(scan, reader->root, row);
}

static weir_json_result put_time(cdc_reader *reader, weir_json_scan *scan, const metadata_column *column, weir_column *out,
                                 const char *value, uint32_t row) {
    weir_json_token token;
    int64_t time;
    (void)reader;
    weir_json_result result = weir_json_token_read(scan, value, &token);
    if (result != WEIR_JSON_OK)
        return result;
    if (!weir_java_integer_parse(weir_text_trim(token.text), INT64_MIN / 1000000, INT64_MAX / 1000000, &time))
        return weir_json_fail(scan, value, WEIR_JSON_BAD, "the field \"%s\" is no time", column->what->field);
    int64_t us = time * (column->what->meaning == WEIR_CDC_SECONDS ? 1000000 : 1000);
    if (out->layout == WEIR_LAYOUT_TIMESTAMP_NS)
        WEIR_VALUES(out, weir_timestamp_ns)[row] = weir_timestamp_ns_from_us(us);
    else
        WEIR_VALUES(out, int64_t)[row] = weir_timestamp_cut_us(us, out->type->precision);
    weir_column_open_valid(out)[row] = 1;
    return WEIR_JSON_OK;
}

static weir_json_result put_metadata(cdc_reader *reader, weir_json_scan *scan, weir_batch *batch, uint32_t row) {
    for (uint32_t i = 0; i < reader->metadata_count; i++) {
        const metadata_column *column = &reader->metadata[i];
        weir_column *out = batch->columns[reader->root->child_count + i];
        const char *value = column->what->in_root ? reader->schema_value : reader->values[column->field];
        if (!is_null(value) && column->what->inner != NULL) {
            const weir_text inner = weir_text_of(column->what->inner);
            const char *found, *end;
            if (*value != '{')
                return weir_json_fail(scan, value, WEIR_JSON_BAD, "the field \"%s\" is no object", column->what->field);
            weir_json_result result = scan_fields(scan, value + 1, &inner, &found, 1, &end);
            if (result != WEIR_JSON_OK)
                return result;
            value = found;
        }
        if (is_null(value))
            continue;
        scan->at = value;
        weir_json_result result =
            column->node != NULL ? weir_json_decode(scan, column->node, row) : put_time(reader, scan, column, out, value, row);
        if (result != WEIR_JSON_OK)
            return result;
    }
    return WEIR_JSON_OK;
}

static weir_json_result add_row(cdc_reader *reader, weir_json_scan *scan, weir_batch *batch, weir_change kind) {
    weir_json_result result = put_metadata(reader, scan, batch, batch->rows);
    batch->kinds[batch->rows] = kind;
    batch->rows += result == WEIR_JSON_OK;
    return result;
}

static weir_json_result one_row(cdc_reader *reader, weir_json_scan *scan, weir_batch *batch, const char *value, weir_change kind) {
    weir_json_result result = decode_row(reader, scan, value, batch->rows);
    return result == WEIR_JSON_OK ? add_row(reader, scan, batch, kind) : result;
}

/* What did not change stands only in the new row. */
static weir_json_result fill_unchanged(cdc_reader *reader, weir_json_scan *scan, const char *old, uint32_t before, uint32_t after) {
    const uint32_t count = reader->root->child_count;
    const bool by_key = !reader->dialect->lists;
    const char *end;
    if (by_key) {
        weir_json_result result = scan_fields(scan, weir_json_blanks(old) + 1, reader->columns, reader->old_values, count, &end);
        if (result != WEIR_JSON_OK)
            return result;
    }
    for (uint32_t i = 0; i < count; i++) {
        weir_json_node *node = reader->root->children[i];
        if (node->valid[before] == 0 && !(by_key && reader->old_values[i] != NULL))
            weir_column_copy_row(node->column, before, node->column, after);
    }
    return WEIR_JSON_OK;
}

static weir_json_result update(cdc_reader *reader, weir_json_scan *scan, weir_batch *batch, const char *old, const char *new) {
    const uint32_t before = batch->rows;
    weir_json_result result = decode_row(reader, scan, old, before);
    if (result == WEIR_JSON_OK)
        result = decode_row(reader, scan, new, before + 1);
    if (result == WEIR_JSON_OK && reader->dialect->rows == WEIR_CDC_DATA_OLD)
        result = fill_unchanged(reader, scan, old, before, before + 1);
    if (result == WEIR_JSON_OK)
        result = add_row(reader, scan, batch, WEIR_UPDATE_BEFORE);
    return result == WEIR_JSON_OK ? add_row(reader, scan, batch, WEIR_UPDATE_AFTER) : result;
}

/* The next element of a list; *p is behind '[' or ','. NULL in *element: the list is over. */
static weir_json_result next_element(weir_json_scan *scan, const char **p, const char **element) {
    const char *at = weir_json_blanks(*p);
    *element = NULL;
    if (*at == ']')
        return WEIR_JSON_OK;
    *element = at;
    at = weir_json_skip(scan, at);
    if (at == NULL)
        return WEIR_JSON_SYNTAX;
    at = weir_json_blanks(at);
    if (*at != ',' && *at != ']')
        return weir_json_fail(scan, at, WEIR_JSON_SYNTAX, "a comma or ']' was expected");
    *p = *at == ',' ? at + 1 : at;
    return WEIR_JSON_OK;
}

/* Canal's lists of rows: data[i] belongs to old[i]. */
static weir_json_result list_rows(cdc_reader *reader, weir_json_scan *scan, weir_batch *batch, weir_change kind, const char *record,
                                  const char **resume) {
    const char *data = reader->values[FIELD_AFTER], *old = reader->values[FIELD_BEFORE];
    const bool updates = kind == WEIR_UPDATE_AFTER;
    if (is_null(data) || *data != '[' || (updates && (is_null(old) || *old != '[')))
        return weir_json_fail(scan, record, WEIR_JSON_BAD, "the field \"%s\" is no list of rows",
                              is_null(data) || *data != '[' ? reader->dialect->after : reader->dialect->before);
    data++;
    old = updates ? old + 1 : NULL;
    for (uint32_t i = 0;; i++) {
        const char *row, *old_row = NULL;
        weir_json_result result = next_element(scan, &data, &row);
        if (result == WEIR_JSON_OK && updates && row != NULL)
            result = next_element(scan, &old, &old_row);
        if (result != WEIR_JSON_OK)
            return result;
        if (row == NULL)
            break;
        if (updates && old_row == NULL)
            return weir_json_fail(scan, record, WEIR_JSON_BAD, "the list \"%s\" is shorter than \"%s\"", reader->dialect->before,
                                  reader->dialect->after);
        if (i < reader->element)
            continue;
        if (batch->rows + 2 > reader->lines.capacity) { /* go on here with the next batch */
            reader->element = i;
            *resume = record;
            return WEIR_JSON_OK;
        }
        result = updates ? update(reader, scan, batch, old_row, row) : one_row(reader, scan, batch, row, kind);
        if (result != WEIR_JSON_OK)
            return result;
    }
    reader->element = 0;
    return WEIR_JSON_OK;
}

/* ---- records ---- */

static bool in_words(weir_text word, const char *const *words) {
    for (; *words != NULL; words++)
        if (weir_text_equal_c(word, *words))
            return true;
    return false;
}

static weir_json_result matches(weir_json_scan *scan, const pcre2_code *pattern, weir_text text, const char *record, bool *passes) {
    pcre2_match_data *match = pcre2_match_data_create(1, NULL);
    int result = match == NULL ? PCRE2_ERROR_NOMEMORY
                               : pcre2_match(pattern, (PCRE2_SPTR)text.data, text.size, 0, PCRE2_ANCHORED | PCRE2_ENDANCHORED, match, NULL);
    pcre2_match_data_free(match);
    *passes = result >= 0;
    if (result >= 0 || result == PCRE2_ERROR_NOMATCH)
        return WEIR_JSON_OK;
    if (result == PCRE2_ERROR_NOMEMORY)
        return WEIR_JSON_MEMORY;
    char reason[120];
    pcre2_get_error_message(result, (PCRE2_UCHAR *)reason, sizeof reason);
    return weir_json_fail(scan, record, WEIR_JSON_BAD, "whether '%.*s' matches the pattern cannot be found out: %s", WEIR_TEXT_ARGS(text),
                          reason);
}

static weir_json_result filtered(cdc_reader *reader, weir_json_scan *scan, const pcre2_code *pattern, uint32_t field, const char *record,
                                 bool *passes) {
    weir_json_token token;
    if (pattern == NULL || !*passes)
        return WEIR_JSON_OK;
    if (reader->values[field] == NULL)
        return weir_json_fail(scan, record, WEIR_JSON_BAD, "the field \"%.*s\" is missing", WEIR_TEXT_ARGS(reader->names[field]));
    weir_json_result result = weir_json_token_read(scan, reader->values[field], &token);
    if (result == WEIR_JSON_OK)
        result = matches(scan, pattern, token.text, record, passes);
    return result;
}

static weir_json_result apply(cdc_reader *reader, weir_json_scan *scan, weir_batch *batch, weir_change kind, const char *record,
                              const char **resume) {
    const weir_cdc_dialect *dialect = reader->dialect;
    const char *before = reader->values[FIELD_BEFORE], *after = reader->values[FIELD_AFTER];
    if (dialect->lists)
        return list_rows(reader, scan, batch, kind, record, resume);
    const bool whole = dialect->rows == WEIR_CDC_BEFORE_AFTER;
    const bool needs_before = kind == WEIR_UPDATE_AFTER || (kind == WEIR_DELETE && whole), needs_after = kind != WEIR_DELETE || !whole;
    if (needs_before && is_null(before) && dialect->connector != NULL)
        return weir_json_fail(scan, record, WEIR_JSON_BAD,
                              "The \"%s\" field of %s message is null, if you are using %s Postgres Connector, please check the Postgres "
                              "table has been set REPLICA IDENTITY to FULL level.",
                              dialect->before, kind == WEIR_DELETE ? "DELETE" : "UPDATE", dialect->connector);
    if ((needs_before && is_null(before)) || (needs_after && is_null(after)))
        return weir_json_fail(scan, record, WEIR_JSON_BAD, "the field \"%s\" is missing or null",
                              needs_before && is_null(before) ? dialect->before : dialect->after);
    if (kind == WEIR_UPDATE_AFTER)
        return update(reader, scan, batch, before, after);
    return one_row(reader, scan, batch, kind == WEIR_DELETE && whole ? before : after, kind);
}

static weir_json_result record(void *context, weir_json_scan *scan, weir_batch *batch, const char **resume) {
    cdc_reader *reader = context;
    const weir_cdc_dialect *dialect = reader->dialect;
    const char *start = scan->at, *end = start;
    weir_json_token operation;
    weir_json_result result = scan_record(reader, scan, &end);
    bool passes = true;
    if (result == WEIR_JSON_OK)
        result = filtered(reader, scan, reader->database, FIELD_DATABASE, start, &passes);
    if (result == WEIR_JSON_OK)
        result = filtered(reader, scan, reader->table, FIELD_TABLE, start, &passes);
    if (result != WEIR_JSON_OK)
        return result;
    scan->at = end;
    if (!passes)
        return WEIR_JSON_OK;
    if (is_null(reader->values[FIELD_OPERATION]))
        return weir_json_fail(scan, start, WEIR_JSON_BAD, "the field \"%s\" is missing or null", dialect->operation);
    result = weir_json_token_read(scan, reader->values[FIELD_OPERATION], &operation);
    if (result != WEIR_JSON_OK)
        return result;
    if (in_words(operation.text, dialect->inserts))
        result = apply(reader, scan, batch, WEIR_INSERT, start, resume);
    else if (in_words(operation.text, dialect->updates))
        result = apply(reader, scan, batch, WEIR_UPDATE_AFTER, start, resume);
    else if (in_words(operation.text, dialect->deletes))
        result = apply(reader, scan, batch, WEIR_DELETE, start, resume);
    else if (!in_words(operation.text, dialect->ignored))
        return weir_json_fail(scan, reader->values[FIELD_OPERATION], WEIR_JSON_BAD, "Unknown \"%s\" value \"%.*s\".", dialect->operation,
                              operation.text.size > 40 ? 40 : (int)operation.text.size, operation.text.data);
    scan->at = end;
    return result;
}

static void undo(void *context, weir_batch *batch, uint32_t from_rows) {
    cdc_reader *reader = context;
    reader->element = 0;
    for (uint32_t row = from_rows; row < batch->rows + 2 && row < reader->lines.capacity; row++) {
        for (uint32_t i = 0; i < reader->root->child_count; i++)
            weir_json_reset_row(reader->root->children[i], row);
        batch->kinds[row] = WEIR_INSERT;
    }
    batch->rows = from_rows;
}

static bool keep(void *context, weir_buffer *owner) {
    const cdc_reader *reader = context;
    for (uint32_t i = 0; i < reader->root->child_count; i++)
        if (!weir_format_keep(reader->root->children[i]->column, owner))
            return false;
    for (uint32_t i = 0; i < reader->metadata_count; i++)
        if (reader->metadata[i].node != NULL && !weir_format_keep(reader->metadata[i].node->column, owner))
            return false;
    return true;
}

static bool bind_metadata(cdc_reader *reader, weir_batch *batch) {
    for (uint32_t i = 0; i < reader->metadata_count; i++) {
        weir_column *column = batch->columns[reader->root->child_count + i];
        if (reader->metadata[i].node != NULL) {
            if (!weir_json_bind(reader->metadata[i].node, column, batch->rows, NULL))
                return false;
        } else {
            memset(weir_column_open_valid(column) + batch->rows, 0, column->capacity - batch->rows);
        }
    }
    return true;
}

weir_status weir_cdc_read(weir_reader *base, const weir_format_place *place, weir_buffer *owner, const char *data, size_t size, bool final,
                          weir_batch *batch, size_t *used, weir_error *error) {
    cdc_reader *reader = (cdc_reader *)base;
    weir_json_node *root = reader->root;
    reader->lines.capacity =
        batch->column_count == 0 || root->child_count + reader->metadata_count == 0 ? WEIR_BATCH_ROWS : batch->columns[0]->capacity;
    bool bound = batch->kinds != NULL || weir_batch_open_kinds(batch, reader->lines.capacity) != NULL;
    for (uint32_t i = 0; i < root->child_count && bound; i++)
        bound = weir_json_bind(root->children[i], batch->columns[i], batch->rows, NULL);
    if (!bound || !bind_metadata(reader, batch))
        return weir_fail_memory(error, "decoding JSON", 0);
    weir_status status =
        weir_json_lines_read(&reader->lines, &reader->scan, &reader->counts, place, owner, data, size, final, batch, used, error);
    for (uint32_t i = 0; i < root->child_count; i++)
        weir_json_finish(root->children[i], batch->rows);
    for (uint32_t i = 0; i < reader->metadata_count; i++)
        if (reader->metadata[i].node != NULL)
            weir_json_finish(reader->metadata[i].node, batch->rows);
    batch->selected = batch->rows;
    return status;
}

/* ---- making a reader ---- */

static weir_status compile(const weir_table *table, const char *format, const char *key, pcre2_code **out, weir_error *error) {
    weir_text text = weir_format_option(table, format, key);
    int code;
    PCRE2_SIZE at;
    if (text.data == NULL)
        return WEIR_OK;
    *out = pcre2_compile((PCRE2_SPTR)text.data, text.size, PCRE2_UTF, &code, &at, NULL);
    return *out != NULL ? WEIR_OK
                        : weir_fail(error, WEIR_VALIDATE, "Option '%s.%s' is no regular expression: '%.*s' (at character %zu).", format,
                                    key, WEIR_TEXT_ARGS(text), (size_t)at);
}

weir_status weir_cdc_check(const weir_cdc_dialect *dialect, const weir_table *table, const weir_read_spec *spec, bool writing,
                           weir_error *error) {
    weir_json_options options;
    weir_json_write_options write_options;
    bool schema;
    WEIR_TRY(weir_json_options_read(table, dialect->name, &options, error));
    WEIR_TRY(weir_json_write_options_read(table, dialect->name, &write_options, error));
    WEIR_TRY(weir_format_option_bool(table, dialect->name, "schema-include", false, &schema, error));
    if (writing && dialect->may_have_schema && schema)
        return weir_fail(error, WEIR_VALIDATE, "Debezium JSON serialization doesn't support '%s.schema-include' option been set to true.",
                         dialect->name);
    for (uint32_t i = 0; spec != NULL && i < spec->total_count; i++)
        WEIR_TRY(weir_json_check_type(spec->total_fields[i].type, error));
    return WEIR_OK;
}

static weir_status add_metadata(cdc_reader *reader, weir_arena *arena, const weir_read_spec *spec, weir_error *error) {
    for (uint32_t i = 0; i < spec->metadata_count; i++) {
        const weir_cdc_metadata *what = reader->dialect->metadata;
        while (what->column.name.data != NULL && !weir_text_equal(spec->metadata[i].name, what->column.name))
            what++;
        if (what->column.name.data == NULL)
            return weir_fail(error, WEIR_VALIDATE, "Invalid metadata key '%.*s': the format '%s' does not have it.",
                             WEIR_TEXT_ARGS(spec->metadata[i].name), reader->dialect->name);
        metadata_column *column = &reader->metadata[reader->metadata_count++];
        column->what = what;
        column->type = spec->metadata[i].type;
        column->field = reader->field_count;
        reader->names[reader->field_count++] = weir_text_of(what->field);
        if (what->meaning == WEIR_CDC_DIRECT) {
            WEIR_TRY(weir_json_check_type(column->type, error));
            column->node = weir_json_node_create(arena, column->type, NULL, false, &reader->options);
            if (column->node == NULL)
                return weir_fail_memory(error, "a reader of changes", 0);
        } else if (column->type->kind != WEIR_KIND_TIMESTAMP_LTZ && column->type->kind != WEIR_KIND_TIMESTAMP) {
            return weir_fail(error, WEIR_VALIDATE, "The metadata column '%.*s' is a TIMESTAMP_LTZ(3).", WEIR_TEXT_ARGS(what->column.name));
        }
    }
    return WEIR_OK;
}

static weir_status reader_init(cdc_reader *reader, weir_arena *arena, const weir_table *table, const weir_read_spec *spec,
                               weir_error *error) {
    const weir_cdc_dialect *dialect = reader->dialect;
    WEIR_TRY(weir_cdc_check(dialect, table, spec, false, error));
    WEIR_TRY(weir_json_options_read(table, dialect->name, &reader->options, error));
    reader->options.last_wins = true;
    WEIR_TRY(weir_format_option_bool(table, dialect->name, "schema-include", false, &reader->schema_include, error));
    reader->schema_include = reader->schema_include && dialect->may_have_schema;
    if (dialect->filters) {
        WEIR_TRY(compile(table, dialect->name, "database.include", &reader->database, error));
        WEIR_TRY(compile(table, dialect->name, "table.include", &reader->table, error));
    }
    reader->root = weir_json_row_node(arena, spec->fields, spec->count, spec->used_children, &reader->options);
    const uint32_t fields_max = FIELDS_FIXED + spec->metadata_count;
    reader->names = WEIR_ARENA_ARRAY(arena, weir_text, fields_max);
    reader->values = WEIR_ARENA_ARRAY(arena, const char *, fields_max);
    reader->columns = WEIR_ARENA_ARRAY(arena, weir_text, spec->count);
    reader->old_values = WEIR_ARENA_ARRAY(arena, const char *, spec->count);
    reader->metadata = WEIR_ARENA_ARRAY(arena, metadata_column, spec->metadata_count);
    if (reader->root == NULL || arena->failed)
        return weir_fail_memory(error, "a reader of changes", 0);
    reader->names[FIELD_BEFORE] = weir_text_of(dialect->before);
    reader->names[FIELD_AFTER] = weir_text_of(dialect->after);
    reader->names[FIELD_OPERATION] = weir_text_of(dialect->operation);
    reader->names[FIELD_DATABASE] = WEIR_TEXT("database");
    reader->names[FIELD_TABLE] = WEIR_TEXT("table");
    reader->field_count = FIELDS_FIXED;
    for (uint32_t i = 0; i < spec->count; i++)
        reader->columns[i] = spec->fields[i].name;
    return add_metadata(reader, arena, spec, error);
}

weir_status weir_cdc_reader_create(const weir_cdc_dialect *dialect, weir_arena *arena, weir_memory *memory, const weir_table *table,
                                   const weir_read_spec *spec, weir_reader **out, weir_error *error) {
    cdc_reader *reader = WEIR_ARENA_NEW(arena, cdc_reader);
    if (reader == NULL)
        return weir_fail_memory(error, "a reader of changes", sizeof *reader);
    reader->dialect = dialect;
    reader->memory = memory;
    weir_status status = reader_init(reader, arena, table, spec, error);
    if (status != WEIR_OK) {
        pcre2_code_free(reader->database);
        pcre2_code_free(reader->table);
        return status;
    }
    weir_json_scan_init(&reader->scan, memory, &reader->options);
    snprintf(reader->failure, sizeof reader->failure, "Corrupt %s JSON message", dialect->title);
    reader->lines = (weir_json_lines){record, reader, undo, reader->failure, keep, WEIR_BATCH_ROWS, 2};
    *out = (weir_reader *)reader;
    return WEIR_OK;
}

const weir_reader_counts *weir_cdc_counts(const weir_reader *base) { return &((const cdc_reader *)base)->counts; }

void weir_cdc_reader_close(weir_reader *base) {
    cdc_reader *reader = (cdc_reader *)base;
    weir_json_scan_deinit(&reader->scan);
    pcre2_code_free(reader->database);
    pcre2_code_free(reader->table);
}
