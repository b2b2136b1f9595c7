/* Rows to JSON lines, as Jackson prints the trees that Flink makes of them: decimals without trailing zeros, doubles in Java's form (NaN in
 * quotes), bytes as base64, timestamps with as many fractional digits as they need.
 */
#include "format/json_write_int.h"

#include <math.h>
#include <string.h>

#include "types/convert.h"

weir_status weir_json_write_options_read(const weir_table *table, const char *format, weir_json_write_options *out, weir_error *error) {
    static const char *const standards[] = {"SQL", "ISO-8601", NULL};
    static const char *const modes[] = {"FAIL", "DROP", "LITERAL", NULL};
    int standard, mode;
    WEIR_TRY(weir_format_option_word(table, format, "timestamp-format.standard", standards, 0, &standard, error));
    WEIR_TRY(weir_format_option_word(table, format, "map-null-key.mode", modes, 0, &mode, error));
    WEIR_TRY(weir_format_option_bool(table, format, "encode.decimal-as-plain-number", false, &out->plain_decimals, error));
    WEIR_TRY(weir_format_option_bool(table, format, "encode.ignore-null-fields", false, &out->ignore_null_fields, error));
    out->iso_timestamps = standard == 1;
    out->null_keys = (weir_json_null_keys)mode;
    out->null_key_literal = weir_format_option(table, format, "map-null-key.literal");
    if (out->null_key_literal.data == NULL)
        out->null_key_literal = WEIR_TEXT("null");
    return WEIR_OK;
}

/* ---- text ---- */

/* 0: as it is; 'u': \u00XX; else the letter behind the backslash. */
static const char escapes[256] = {'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'b', 't', 'n', 'u', 'f', 'r', 'u', 'u',         'u',
                                  'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', ['"'] = '"', ['\\'] = '\\'};

void weir_json_escape(weir_builder *out, weir_text text) {
    size_t start = 0;
    for (size_t i = 0; i < text.size; i++) {
        unsigned char c = (unsigned char)text.data[i];
        char letter = escapes[c];
        if (letter == 0)
            continue;
        weir_builder_add(out, text.data + start, i - start);
        char escape[6] = {'\\', letter, '0', '0', "0123456789ABCDEF"[c >> 4], "0123456789ABCDEF"[c & 15]};
        weir_builder_add(out, escape, letter == 'u' ? 6 : 2);
        start = i + 1;
    }
    if (text.size > start)
        weir_builder_add(out, text.data + start, text.size - start);
}

static void quoted(weir_builder *out, weir_text text) {
    weir_builder_char(out, '"');
    weir_json_escape(out, text);
    weir_builder_char(out, '"');
}

/* ---- shapes ---- */

static bool shape_init(weir_arena *arena, weir_json_shape *shape, const weir_type *type) {
    shape->type = type;
    const bool row = type->kind == WEIR_KIND_ROW;
    uint32_t count = row ? type->field_count : type->kind == WEIR_KIND_MULTISET ? 2 : type->child_count;
    shape->children = WEIR_ARENA_ARRAY(arena, weir_json_shape, count);
    shape->names = WEIR_ARENA_ARRAY(arena, weir_text, row ? count : 0);
    if (shape->children == NULL || shape->names == NULL)
        return false;
    for (uint32_t i = 0; i < count; i++) {
        const weir_type *child = row                                          ? type->fields[i].type
                                 : type->kind == WEIR_KIND_MULTISET && i == 1 ? weir_type_simple(WEIR_KIND_INT, false)
                                                                              : type->children[i];
        if (!shape_init(arena, &shape->children[i], child))
            return false;
        if (!row)
            continue;
        weir_builder name;
        weir_builder_init(&name, arena->memory, SIZE_MAX);
        quoted(&name, type->fields[i].name);
        weir_builder_char(&name, ':');
        shape->names[i] = weir_arena_text(arena, weir_builder_view(&name));
        bool failed = name.failed || shape->names[i].data == NULL;
        weir_builder_deinit(&name);
        if (failed)
            return false;
    }
    return true;
}

weir_json_shape *weir_json_shape_create(weir_arena *arena, const weir_type *type) {
    weir_json_shape *shape = WEIR_ARENA_NEW(arena, weir_json_shape);
    return shape != NULL && shape_init(arena, shape, type) ? shape : NULL;
}

/* ---- values ---- */

static weir_status write_value(weir_builder *out, const weir_json_write_options *options, const weir_json_shape *shape,
                               const weir_column *column, uint32_t row, weir_error *error);

static void write_bytes(weir_builder *out, weir_text bytes) {
    size_t size = weir_base64_encoded_bytes(bytes.size);
    weir_builder_char(out, '"');
    char *room = weir_builder_room(out, size);
    if (room != NULL) {
        weir_base64_encode(bytes.data, bytes.size, room);
        out->size += size;
    }
    weir_builder_char(out, '"');
}

static weir_status write_map(weir_builder *out, const weir_json_write_options *options, const weir_json_shape *shape,
                             const weir_column *column, uint32_t row, weir_error *error) {
    const weir_span span = WEIR_VALUES(column, weir_span)[row];
    bool first = true;
    weir_builder_char(out, '{');
    for (uint32_t i = span.start; i < span.start + span.count; i++) {
        weir_text key;
        if (weir_column_is_valid(column->children[0], i)) {
            key = weir_column_text(column->children[0], i);
        } else if (options->null_keys == WEIR_JSON_NULL_KEY_DROP) {
            continue;
        } else if (options->null_keys == WEIR_JSON_NULL_KEY_LITERAL) {
            key = options->null_key_literal;
        } else {
            weir_status status = weir_fail(error, WEIR_RUNTIME,
                                           "JSON format doesn't support to serialize map data with null keys. You can drop null key "
                                           "entries or encode null in literals by "
                                           "specifying map-null-key.mode option.");
            return status;
        }
        if (!first)
            weir_builder_char(out, ',');
        first = false;
        quoted(out, key);
        weir_builder_char(out, ':');
        WEIR_TRY(write_value(out, options, &shape->children[1], column->children[1], i, error));
    }
    weir_builder_char(out, '}');
    return WEIR_OK;
}

static weir_status write_array(weir_builder *out, const weir_json_write_options *options, const weir_json_shape *shape,
                               const weir_column *column, uint32_t row, weir_error *error) {
    const weir_span span = WEIR_VALUES(column, weir_span)[row];
    weir_builder_char(out, '[');
    for (uint32_t i = 0; i < span.count; i++) {
        if (i > 0)
            weir_builder_char(out, ',');
        WEIR_TRY(write_value(out, options, &shape->children[0], column->children[0], span.start + i, error));
    }
    weir_builder_char(out, ']');
    return WEIR_OK;
}

/* Scalars that are printed without quotes and never fail; 0: not one of them. */
static size_t print_number(const weir_json_write_options *options, const weir_type *type, const weir_column *column, uint32_t row,
                           char *out) {
    switch (column->layout) {
    case WEIR_LAYOUT_I8: return weir_print_i64(WEIR_VALUES(column, int8_t)[row], out);
    case WEIR_LAYOUT_I16: return weir_print_i64(WEIR_VALUES(column, int16_t)[row], out);
    case WEIR_LAYOUT_I32: return weir_print_i64(WEIR_VALUES(column, int32_t)[row], out);
    case WEIR_LAYOUT_I64: return weir_print_i64(WEIR_VALUES(column, int64_t)[row], out);
    case WEIR_LAYOUT_I128: return weir_java_decimal_print(WEIR_VALUES(column, weir_i128)[row], type->scale, options->plain_decimals, out);
    default: return 0;
    }
}

static size_t print_real(const weir_column *column, uint32_t row, char *out) {
    bool single = column->layout == WEIR_LAYOUT_F32;
    double value = single ? (double)WEIR_VALUES(column, float)[row] : WEIR_VALUES(column, double)[row];
    if (isfinite(value))
        return single ? weir_print_float(WEIR_VALUES(column, float)[row], out) : weir_print_double(value, out);
    out[0] = '"';
    size_t size = weir_print_double(value, out + 1);
    out[size + 1] = '"';
    return size + 2;
}

static size_t print_time(const weir_json_write_options *options, const weir_type *type, const weir_column *column, uint32_t row,
                         char *out) {
    out[0] = '"';
    size_t size = 1;
    if (type->kind == WEIR_KIND_DATE) {
        size += weir_iso_date_print(WEIR_VALUES(column, int32_t)[row], out + size);
    } else if (type->kind == WEIR_KIND_TIME) {
        size += weir_iso_time_print(WEIR_VALUES(column, int32_t)[row], out + size);
    } else {
        weir_timestamp_ns value = column->layout == WEIR_LAYOUT_TIMESTAMP_NS ? WEIR_VALUES(column, weir_timestamp_ns)[row]
                                                                             : weir_timestamp_ns_from_us(WEIR_VALUES(column, int64_t)[row]);
        size += weir_iso_timestamp_print(value, options->iso_timestamps ? 'T' : ' ', type->kind == WEIR_KIND_TIMESTAMP_LTZ, out + size);
    }
    out[size] = '"';
    return size + 1;
}

static weir_status write_value(weir_builder *out, const weir_json_write_options *options, const weir_json_shape *shape,
                               const weir_column *column, uint32_t row, weir_error *error) {
    const weir_type *type = shape->type;
    char text[WEIR_PRINT_BYTES_MAX + 4];
    if (!weir_column_is_valid(column, row)) {
        weir_builder_add(out, "null", 4);
        return WEIR_OK;
    }
    switch (type->kind) {
    case WEIR_KIND_BOOLEAN: weir_builder_c(out, WEIR_VALUES(column, uint8_t)[row] ? "true" : "false"); return WEIR_OK;
    case WEIR_KIND_FLOAT:
    case WEIR_KIND_DOUBLE: weir_builder_add(out, text, print_real(column, row, text)); return WEIR_OK;
    case WEIR_KIND_CHAR:
    case WEIR_KIND_VARCHAR: quoted(out, weir_column_text(column, row)); return WEIR_OK;
    case WEIR_KIND_BINARY:
    case WEIR_KIND_VARBINARY: write_bytes(out, weir_column_text(column, row)); return WEIR_OK;
    case WEIR_KIND_DATE:
    case WEIR_KIND_TIME:
    case WEIR_KIND_TIMESTAMP:
    case WEIR_KIND_TIMESTAMP_LTZ: weir_builder_add(out, text, print_time(options, type, column, row, text)); return WEIR_OK;
    case WEIR_KIND_ARRAY: return write_array(out, options, shape, column, row, error);
    case WEIR_KIND_MAP:
    case WEIR_KIND_MULTISET: return write_map(out, options, shape, column, row, error);
    case WEIR_KIND_ROW: return weir_json_write_row(out, options, shape, column->children, row, error);
    case WEIR_KIND_NULL: weir_builder_add(out, "null", 4); return WEIR_OK;
    default: weir_builder_add(out, text, print_number(options, type, column, row, text)); return WEIR_OK;
    }
}

weir_status weir_json_write_row(weir_builder *out, const weir_json_write_options *options, const weir_json_shape *row_shape,
                                weir_column *const *columns, uint32_t row, weir_error *error) {
    bool first = true;
    weir_builder_char(out, '{');
    for (uint32_t i = 0; i < row_shape->type->field_count; i++) {
        if (options->ignore_null_fields && !weir_column_is_valid(columns[i], row))
            continue;
        if (!first)
            weir_builder_char(out, ',');
        first = false;
        weir_builder_text(out, row_shape->names[i]);
        WEIR_TRY(write_value(out, options, &row_shape->children[i], columns[i], row, error));
    }
    weir_builder_char(out, '}');
    return WEIR_OK;
}

/* ---- the writer ---- */

typedef struct json_writer {
    weir_json_write_options options;
    weir_json_shape *shape;
} json_writer;

weir_status weir_json_writer_create(weir_arena *arena, weir_memory *memory, const weir_table *table, const weir_schema *schema,
                                    weir_writer **out, weir_error *error) {
    (void)memory;
    json_writer *writer = WEIR_ARENA_NEW(arena, json_writer);
    const weir_type *row = weir_type_row(arena, schema->fields, schema->count, false);
    if (writer == NULL || row == NULL || (writer->shape = weir_json_shape_create(arena, row)) == NULL)
        return weir_fail_memory(error, "a JSON writer", 0);
    WEIR_TRY(weir_json_write_options_read(table, "json", &writer->options, error));
    *out = (weir_writer *)writer;
    return WEIR_OK;
}

weir_status weir_json_write(weir_writer *base, const weir_batch *batch, weir_builder *out, weir_error *error) {
    const json_writer *writer = (const json_writer *)base;
    const weir_rows rows = weir_batch_rows(batch);
    for (uint32_t k = 0; k < rows.count; k++) {
        WEIR_TRY(weir_json_write_row(out, &writer->options, writer->shape, batch->columns, rows.index == NULL ? k : rows.index[k], error));
        weir_builder_char(out, '\n');
        if (out->failed)
            return weir_fail_memory(error, "writing JSON", out->size);
    }
    return WEIR_OK;
}

void weir_json_writer_close(weir_writer *writer) { (void)writer; }
