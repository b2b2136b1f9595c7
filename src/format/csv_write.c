/* Rows to CSV lines, as Jackson's generator writes them: a text is quoted when it is long (24 characters), or holds a character below the
 * delimiter and the quote in the ASCII table (so also for a blank), or the escape character. */
#include "format/csv_int.h"

#include <math.h>

#include "types/convert.h"

enum { QUOTE_CHECK_CHARS_MAX = 24 };

typedef struct csv_writer {
    weir_csv_options options;
    weir_schema schema;
    unsigned char least_safe; /* characters below it make quotes */
    bool header_due;
    weir_builder nested; /* an array's elements, joined */
} csv_writer;

weir_status weir_csv_writer_create(weir_arena *arena, weir_memory *memory, const weir_table *table, const weir_schema *schema,
                                   weir_writer **out, weir_error *error) {
    csv_writer *writer = WEIR_ARENA_NEW(arena, csv_writer);
    if (writer == NULL)
        return weir_fail_memory(error, "a CSV writer", sizeof *writer);
    WEIR_TRY(weir_csv_options_read(table, &writer->options, error));
    for (uint32_t i = 0; i < schema->count; i++)
        WEIR_TRY(weir_csv_check_type(&schema->fields[i], error));
    writer->schema = *schema;
    unsigned char delimiter = (unsigned char)writer->options.delimiter, quote = (unsigned char)writer->options.quote;
    writer->least_safe = (unsigned char)((delimiter > quote ? delimiter : quote) + 1);
    writer->header_due = writer->options.header_line;
    weir_builder_init(&writer->nested, memory, SIZE_MAX);
    *out = (weir_writer *)writer;
    return WEIR_OK;
}

void weir_csv_writer_close(weir_writer *base) { weir_builder_deinit(&((csv_writer *)base)->nested); }

static bool needs_quotes(const csv_writer *writer, weir_text text) {
    const char mark = writer->options.escape != 0 ? writer->options.escape : writer->options.quote;
    if (text.size > QUOTE_CHECK_CHARS_MAX && weir_utf8_length(text) > QUOTE_CHECK_CHARS_MAX)
        return true;
    for (size_t i = 0; i < text.size; i++)
        if ((unsigned char)text.data[i] < writer->least_safe || text.data[i] == mark)
            return true;
    return false;
}

static void write_text(const csv_writer *writer, weir_builder *out, weir_text text) {
    const char quote = writer->options.quote, escape = writer->options.escape;
    if (quote == 0 || !needs_quotes(writer, text)) {
        if (text.size > 0)
            weir_builder_text(out, text);
        return;
    }
    weir_builder_char(out, quote);
    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        if (c == quote)
            weir_builder_char(out, escape != 0 ? escape : quote);
        else if (escape != 0 && c == escape)
            weir_builder_char(out, escape);
        weir_builder_char(out, c);
    }
    weir_builder_char(out, quote);
}

static void write_base64(weir_builder *out, weir_text bytes) {
    size_t size = weir_base64_encoded_bytes(bytes.size);
    char *room = weir_builder_room(out, size);
    if (room == NULL)
        return;
    weir_base64_encode(bytes.data, bytes.size, room);
    out->size += size;
}

/* Scalars but text and bytes; *quotable: it is text to Jackson and may need quotes. */
static size_t print_scalar(const csv_writer *writer, const weir_column *column, uint32_t row, char *out, bool *quotable) {
    const weir_type *type = column->type;
    *quotable = false;
    switch (type->kind) {
    case WEIR_KIND_BOOLEAN:
        memcpy(out, WEIR_VALUES(column, uint8_t)[row] ? "true" : "false", 5);
        return WEIR_VALUES(column, uint8_t)[row] ? 4 : 5;
    case WEIR_KIND_TINYINT: return weir_print_i64(WEIR_VALUES(column, int8_t)[row], out);
    case WEIR_KIND_SMALLINT: return weir_print_i64(WEIR_VALUES(column, int16_t)[row], out);
    case WEIR_KIND_INT: return weir_print_i64(WEIR_VALUES(column, int32_t)[row], out);
    case WEIR_KIND_BIGINT: return weir_print_i64(WEIR_VALUES(column, int64_t)[row], out);
    case WEIR_KIND_FLOAT: return weir_print_float(WEIR_VALUES(column, float)[row], out);
    case WEIR_KIND_DOUBLE: return weir_print_double(WEIR_VALUES(column, double)[row], out);
    case WEIR_KIND_DECIMAL:
        return weir_java_decimal_print(WEIR_VALUES(column, weir_i128)[row], type->scale, !writer->options.scientific_decimals, out);
    default: break;
    }
    *quotable = true;
    switch (type->kind) {
    case WEIR_KIND_DATE: return weir_iso_date_print(WEIR_VALUES(column, int32_t)[row], out);
    case WEIR_KIND_TIME: return weir_iso_time_print(WEIR_VALUES(column, int32_t)[row], out);
    case WEIR_KIND_TIMESTAMP:
    case WEIR_KIND_TIMESTAMP_LTZ:
        return weir_iso_timestamp_print(column->layout == WEIR_LAYOUT_TIMESTAMP_NS
                                            ? WEIR_VALUES(column, weir_timestamp_ns)[row]
                                            : weir_timestamp_ns_from_us(WEIR_VALUES(column, int64_t)[row]),
                                        ' ', type->kind == WEIR_KIND_TIMESTAMP_LTZ, out);
    default: return 0;
    }
}

/* An element of an array or row: as it is, without quotes of its own. */
static void write_element(csv_writer *writer, const weir_column *column, uint32_t row) {
    char text[WEIR_PRINT_BYTES_MAX];
    bool quotable;
    weir_builder *out = &writer->nested;
    if (!weir_column_is_valid(column, row)) {
        if (writer->options.null_literal.data != NULL)
            weir_builder_text(out, writer->options.null_literal);
    } else if (weir_kind_is_text(column->type->kind)) {
        weir_builder_text(out, weir_column_text(column, row));
    } else if (weir_kind_is_binary(column->type->kind)) {
        write_base64(out, weir_column_text(column, row));
    } else {
        weir_builder_add(out, text, print_scalar(writer, column, row, text, &quotable));
    }
}

static void write_nested(csv_writer *writer, const weir_column *column, uint32_t row) {
    weir_builder_clear(&writer->nested);
    const bool array = column->type->kind == WEIR_KIND_ARRAY;
    const weir_span span = array ? WEIR_VALUES(column, weir_span)[row] : (weir_span){0, column->child_count};
    for (uint32_t i = 0; i < span.count; i++) {
        if (i > 0)
            weir_builder_text(&writer->nested, writer->options.array_delimiter);
        write_element(writer, array ? column->children[0] : column->children[i], array ? span.start + i : row);
    }
}

static void write_value(csv_writer *writer, weir_builder *out, const weir_column *column, uint32_t row) {
    char text[WEIR_PRINT_BYTES_MAX];
    bool quotable;
    if (!weir_column_is_valid(column, row)) {
        if (writer->options.null_literal.data != NULL)
            weir_builder_text(out, writer->options.null_literal);
        return;
    }
    if (weir_kind_is_text(column->type->kind)) {
        write_text(writer, out, weir_column_text(column, row));
        return;
    }
    if (column->type->kind == WEIR_KIND_ARRAY || column->type->kind == WEIR_KIND_ROW) {
        write_nested(writer, column, row);
        write_text(writer, out, weir_builder_view(&writer->nested));
        return;
    }
    if (weir_kind_is_binary(column->type->kind)) {
        weir_builder_clear(&writer->nested);
        write_base64(&writer->nested, weir_column_text(column, row));
        write_text(writer, out, weir_builder_view(&writer->nested));
        return;
    }
    size_t size = print_scalar(writer, column, row, text, &quotable);
    if (quotable)
        write_text(writer, out, (weir_text){text, size});
    else
        weir_builder_add(out, text, size);
}

weir_status weir_csv_write(weir_writer *base, const weir_batch *batch, weir_builder *out, weir_error *error) {
    csv_writer *writer = (csv_writer *)base;
    const weir_rows rows = weir_batch_rows(batch);
    if (writer->header_due) {
        for (uint32_t i = 0; i < writer->schema.count; i++) {
            if (i > 0)
                weir_builder_char(out, writer->options.delimiter);
            write_text(writer, out, writer->schema.fields[i].name);
        }
        weir_builder_char(out, '\n');
        writer->header_due = false;
    }
    for (uint32_t k = 0; k < rows.count; k++) {
        const uint32_t row = rows.index == NULL ? k : rows.index[k];
        for (uint32_t i = 0; i < batch->column_count; i++) {
            if (i > 0)
                weir_builder_char(out, writer->options.delimiter);
            write_value(writer, out, batch->columns[i], row);
        }
        weir_builder_char(out, '\n');
    }
    return out->failed || writer->nested.failed ? weir_fail_memory(error, "writing CSV", out->size) : WEIR_OK;
}
