/* Values as JSON in the form that the acceptance corpus documents: decimals, dates and times as strings, LTZ in UTC with a Z, binary as
 * "0x..." in capitals, maps as pairs, rows as arrays. */
#include <math.h>
#include <stdio.h>

#include "cli/cli_int.h"
#include "types/convert.h"

void cli_json_string(weir_builder *out, weir_text text) {
    weir_builder_char(out, '"');
    size_t plain = 0;
    bool high = false;
    while (plain < text.size && (unsigned char)text.data[plain] >= 32 && text.data[plain] != '"' && text.data[plain] != '\\')
        high |= (unsigned char)text.data[plain++] >= 128;
    if (plain == text.size && (!high || weir_utf8_valid(text, NULL)))
        weir_builder_text(out, text);
    else
        weir_builder_json(out, text);
    weir_builder_char(out, '"');
}

static void put_quoted(weir_builder *out, const char *text, size_t size, const char *suffix) {
    weir_builder_char(out, '"');
    weir_builder_add(out, text, size);
    weir_builder_c(out, suffix);
    weir_builder_char(out, '"');
}

static void put_integer(weir_builder *out, int64_t value) {
    char text[WEIR_PRINT_BYTES_MAX];
    weir_builder_add(out, text, weir_print_i64(value, text));
}

static void put_real(weir_builder *out, const weir_column *column, uint32_t row) {
    char text[WEIR_PRINT_BYTES_MAX];
    bool is_float = column->type->kind == WEIR_KIND_FLOAT;
    double value = is_float ? (double)WEIR_VALUES(column, float)[row] : WEIR_VALUES(column, double)[row];
    size_t size = is_float ? weir_print_float(WEIR_VALUES(column, float)[row], text) : weir_print_double(value, text);
    if (isfinite(value))
        weir_builder_add(out, text, size);
    else
        put_quoted(out, text, size, "");
}

static void put_binary(weir_builder *out, weir_text bytes) {
    static const char digits[] = "0123456789ABCDEF";
    weir_builder_c(out, "\"0x");
    char *room = weir_builder_room(out, bytes.size * 2);
    if (room == NULL)
        return;
    for (size_t i = 0; i < bytes.size; i++) {
        room[2 * i] = digits[(unsigned char)bytes.data[i] >> 4];
        room[2 * i + 1] = digits[(unsigned char)bytes.data[i] & 15];
    }
    out->size += bytes.size * 2;
    weir_builder_char(out, '"');
}

static void put_timestamp(weir_builder *out, const weir_column *column, uint32_t row, const char *suffix) {
    char text[WEIR_PRINT_BYTES_MAX];
    int32_t precision = column->type->precision;
    size_t size = column->layout == WEIR_LAYOUT_TIMESTAMP_NS
                      ? weir_print_timestamp_ns(WEIR_VALUES(column, weir_timestamp_ns)[row], precision, text)
                      : weir_print_timestamp(WEIR_VALUES(column, int64_t)[row], precision, text);
    put_quoted(out, text, size, suffix);
}

static void put_elements(weir_builder *out, const weir_column *column, uint32_t row) {
    weir_span span = WEIR_VALUES(column, weir_span)[row];
    bool pairs = column->child_count == 2; /* MAP, MULTISET */
    weir_builder_char(out, '[');
    for (uint32_t i = 0; i < span.count; i++) {
        weir_builder_c(out, i > 0 ? "," : "");
        weir_builder_c(out, pairs ? "[" : "");
        cli_json_value(out, column->children[0], span.start + i);
        if (pairs) {
            weir_builder_char(out, ',');
            cli_json_value(out, column->children[1], span.start + i);
        }
        weir_builder_c(out, pairs ? "]" : "");
    }
    weir_builder_char(out, ']');
}

static void put_fields(weir_builder *out, const weir_column *column, uint32_t row) {
    weir_builder_char(out, '[');
    for (uint32_t i = 0; i < column->child_count; i++) {
        weir_builder_c(out, i > 0 ? "," : "");
        cli_json_value(out, column->children[i], row);
    }
    weir_builder_char(out, ']');
}

void cli_json_value(weir_builder *out, const weir_column *column, uint32_t row) {
    char text[WEIR_PRINT_BYTES_MAX];
    if (!weir_column_is_valid(column, row) || column->type->kind == WEIR_KIND_NULL) {
        weir_builder_c(out, "null");
        return;
    }
    switch (column->type->kind) {
    case WEIR_KIND_BOOLEAN: weir_builder_c(out, WEIR_VALUES(column, uint8_t)[row] != 0 ? "true" : "false"); break;
    case WEIR_KIND_TINYINT: put_integer(out, WEIR_VALUES(column, int8_t)[row]); break;
    case WEIR_KIND_SMALLINT: put_integer(out, WEIR_VALUES(column, int16_t)[row]); break;
    case WEIR_KIND_INT:
    case WEIR_KIND_INTERVAL_MONTH: put_integer(out, WEIR_VALUES(column, int32_t)[row]); break;
    case WEIR_KIND_BIGINT:
    case WEIR_KIND_INTERVAL_SECOND: put_integer(out, WEIR_VALUES(column, int64_t)[row]); break;
    case WEIR_KIND_FLOAT:
    case WEIR_KIND_DOUBLE: put_real(out, column, row); break;
    case WEIR_KIND_DECIMAL:
        put_quoted(out, text, weir_print_decimal(WEIR_VALUES(column, weir_i128)[row], column->type->scale, text), "");
        break;
    case WEIR_KIND_CHAR:
    case WEIR_KIND_VARCHAR:
    case WEIR_KIND_VARIANT: cli_json_string(out, weir_column_text(column, row)); break;
    case WEIR_KIND_BINARY:
    case WEIR_KIND_VARBINARY:
    case WEIR_KIND_BITMAP: put_binary(out, weir_column_text(column, row)); break;
    case WEIR_KIND_DATE: put_quoted(out, text, weir_print_date(WEIR_VALUES(column, int32_t)[row], text), ""); break;
    case WEIR_KIND_TIME:
        put_quoted(out, text, weir_print_time(WEIR_VALUES(column, int32_t)[row], column->type->precision, text), "");
        break;
    case WEIR_KIND_TIMESTAMP: put_timestamp(out, column, row, ""); break;
    case WEIR_KIND_TIMESTAMP_LTZ: put_timestamp(out, column, row, "Z"); break;
    case WEIR_KIND_ARRAY:
    case WEIR_KIND_MULTISET:
    case WEIR_KIND_MAP: put_elements(out, column, row); break;
    case WEIR_KIND_ROW: put_fields(out, column, row); break;
    case WEIR_KIND_NULL:
    case WEIR_KIND_SYMBOL:
    case WEIR_KIND_COUNT: weir_builder_c(out, "null"); break;
    }
}
