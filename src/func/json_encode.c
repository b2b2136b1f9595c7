/* From columns to JSON text. */
#include "func/json_encode.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "func/json_document.h"
#include "types/convert.h"
#include "types/timestamp.h"

struct weir_json_encoder {
    const weir_type *type;
    uint32_t count;
    const weir_json_encoder **children; /* ARRAY: element; MAP: value; ROW: fields */
    uint32_t *order;                    /* ROW: fields by name */
};

static const weir_type json_text[2] = {
    {.kind = WEIR_KIND_VARCHAR, .nullable = false, .precision = WEIR_LENGTH_MAX, .scale = 1},
    {.kind = WEIR_KIND_VARCHAR, .nullable = true, .precision = WEIR_LENGTH_MAX, .scale = 1},
};

const weir_type *weir_json_text_type(bool nullable) { return &json_text[nullable]; }
bool weir_json_type_is_text(const weir_type *type) { return type->kind == WEIR_KIND_VARCHAR && type->scale == 1; }

static weir_status no_form(weir_arena *arena, const weir_type *type, const char *why, weir_error *error) {
    weir_builder shown;
    weir_builder_init(&shown, arena->memory, 400);
    weir_type_print(type, &shown);
    weir_text text = weir_builder_view(&shown);
    weir_fail(error, WEIR_UNSUPPORTED, "Type '%.*s' %s", WEIR_TEXT_ARGS(text), why);
    weir_error_hint(error, "Cast the value to STRING first");
    weir_builder_deinit(&shown);
    return WEIR_UNSUPPORTED;
}

static int order_fields(const void *a, const void *b, void *fields) {
    const weir_field *of = fields;
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    int order = weir_text_compare(of[x].name, of[y].name);
    return order != 0 ? order : (x > y) - (x < y);
}

static weir_status make_children(weir_arena *arena, weir_json_encoder *encoder, weir_error *error) {
    const weir_type *type = encoder->type;
    bool row = type->kind == WEIR_KIND_ROW;
    encoder->count = row ? type->field_count : 1;
    encoder->children = WEIR_ARENA_ARRAY(arena, const weir_json_encoder *, encoder->count);
    encoder->order = WEIR_ARENA_ARRAY(arena, uint32_t, encoder->count);
    if (encoder->children == NULL || encoder->order == NULL)
        return weir_fail_memory(error, "JSON", encoder->count * sizeof(void *));
    for (uint32_t i = 0; i < encoder->count; i++) {
        const weir_type *child = row                             ? type->fields[i].type
                                 : type->kind == WEIR_KIND_ARRAY ? type->children[0]
                                 : type->kind == WEIR_KIND_MAP   ? type->children[1]
                                                                 : weir_type_simple(WEIR_KIND_INT, false);
        WEIR_TRY(weir_json_encoder_create(arena, child, &encoder->children[i], error));
        encoder->order[i] = i;
    }
    if (row)
        qsort_r(encoder->order, encoder->count, sizeof(uint32_t), order_fields, (void *)(uintptr_t)type->fields);
    return WEIR_OK;
}

weir_status weir_json_encoder_create(weir_arena *arena, const weir_type *type, const weir_json_encoder **out, weir_error *error) {
    weir_json_encoder *encoder = WEIR_ARENA_NEW(arena, weir_json_encoder);
    if (encoder == NULL)
        return weir_fail_memory(error, "JSON", sizeof(weir_json_encoder));
    encoder->type = type;
    *out = encoder;
    switch (type->kind) {
    case WEIR_KIND_DATE:
    case WEIR_KIND_TIME:
    case WEIR_KIND_INTERVAL_MONTH:
    case WEIR_KIND_INTERVAL_SECOND:
    case WEIR_KIND_BITMAP:
    case WEIR_KIND_SYMBOL: return no_form(arena, type, "is not scalar or cannot be converted into JSON.", error);
    case WEIR_KIND_MAP:
    case WEIR_KIND_MULTISET:
        if (!weir_kind_is_text(type->children[0]->kind))
            return no_form(arena, type->children[0], "is not supported for JSON conversion. The key type must be a character string.",
                           error);
        return make_children(arena, encoder, error);
    case WEIR_KIND_ARRAY:
    case WEIR_KIND_ROW: return make_children(arena, encoder, error);
    default: return WEIR_OK;
    }
}

static void put_decimal(weir_i128 value, int32_t scale, weir_builder *out) {
    char digits[48];
    size_t at = sizeof(digits);
    weir_u128 rest = value < 0 ? -(weir_u128)value : (weir_u128)value;
    do {
        digits[--at] = (char)('0' + (int)(rest % 10));
        rest /= 10;
    } while (rest > 0);
    weir_json_write_decimal(value < 0, (weir_text){digits + at, sizeof(digits) - at}, scale, out);
}

static void put_real(double value, weir_builder *out) {
    char text[WEIR_PRINT_BYTES_MAX];
    size_t size = weir_print_double(value, text);
    if (isfinite(value)) {
        weir_json_write_number((weir_text){text, size}, out);
        return;
    }
    weir_builder_char(out, '"');
    weir_builder_add(out, text, size);
    weir_builder_char(out, '"');
}

static void put_base64(weir_text bytes, weir_builder *out) {
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    weir_builder_char(out, '"');
    for (size_t i = 0; i < bytes.size; i += 3) {
        uint32_t have = bytes.size - i < 3 ? (uint32_t)(bytes.size - i) : 3, word = 0;
        for (uint32_t k = 0; k < 3; k++)
            word = word << 8 | (k < have ? (uint8_t)bytes.data[i + k] : 0);
        char four[4] = {letters[word >> 18], letters[word >> 12 & 63], have > 1 ? letters[word >> 6 & 63] : '=',
                        have > 2 ? letters[word & 63] : '='};
        weir_builder_add(out, four, 4);
    }
    weir_builder_char(out, '"');
}

/* "2024-01-02T03:04:05.12", zeros at the end cut. */
static void put_timestamp(const weir_type *type, const weir_column *column, uint32_t row, weir_builder *out) {
    char text[WEIR_PRINT_BYTES_MAX + 3] = "\"";
    size_t size = column->layout == WEIR_LAYOUT_TIMESTAMP_NS
                      ? weir_print_timestamp_ns(WEIR_VALUES(column, weir_timestamp_ns)[row], 9, text + 1)
                      : weir_print_timestamp(WEIR_VALUES(column, int64_t)[row], 6, text + 1);
    size++;
    while (text[size - 1] == '0' && memchr(text, '.', size) != NULL)
        size--;
    if (text[size - 1] == '.')
        size--;
    char *blank = memchr(text, ' ', size);
    if (blank != NULL)
        *blank = 'T';
    if (type->kind == WEIR_KIND_TIMESTAMP_LTZ)
        text[size++] = 'Z';
    text[size++] = '"';
    weir_builder_add(out, text, size);
}

static int order_keys(const void *a, const void *b, void *keys) {
    return weir_text_compare(weir_column_text(keys, *(const uint32_t *)a), weir_column_text(keys, *(const uint32_t *)b));
}

static bool put_map(const weir_json_encoder *encoder, const weir_column *column, uint32_t row, weir_builder *out) {
    weir_span span = WEIR_VALUES(column, weir_span)[row];
    const weir_column *keys = column->children[0];
    uint32_t *order = weir_memory_alloc(out->memory, span.count * sizeof(uint32_t));
    bool fine = true;
    if (order == NULL) {
        out->failed = true;
        return true;
    }
    for (uint32_t i = 0; i < span.count; i++) {
        order[i] = span.start + i;
        fine = fine && weir_column_is_valid(keys, span.start + i);
    }
    if (fine)
        qsort_r(order, span.count, sizeof(uint32_t), order_keys, (void *)(uintptr_t)keys);
    weir_builder_char(out, '{');
    for (uint32_t i = 0; i < span.count && fine; i++) {
        if (i > 0)
            weir_builder_char(out, ',');
        weir_json_write_string(weir_column_text(keys, order[i]), out);
        weir_builder_char(out, ':');
        fine = weir_json_encode(encoder->children[0], column->children[1], order[i], out);
    }
    weir_builder_char(out, '}');
    weir_memory_free(out->memory, order, span.count * sizeof(uint32_t));
    return fine;
}

static bool put_row(const weir_json_encoder *encoder, const weir_column *column, uint32_t row, weir_builder *out) {
    bool fine = true;
    weir_builder_char(out, '{');
    for (uint32_t i = 0; i < encoder->count && fine; i++) {
        uint32_t field = encoder->order[i];
        if (i > 0)
            weir_builder_char(out, ',');
        weir_json_write_string(encoder->type->fields[field].name, out);
        weir_builder_char(out, ':');
        fine = weir_json_encode(encoder->children[field], column->children[field], row, out);
    }
    weir_builder_char(out, '}');
    return fine;
}

static bool put_array(const weir_json_encoder *encoder, const weir_column *column, uint32_t row, weir_builder *out) {
    weir_span span = WEIR_VALUES(column, weir_span)[row];
    bool fine = true;
    weir_builder_char(out, '[');
    for (uint32_t i = 0; i < span.count && fine; i++) {
        if (i > 0)
            weir_builder_char(out, ',');
        fine = weir_json_encode(encoder->children[0], column->children[0], span.start + i, out);
    }
    weir_builder_char(out, ']');
    return fine;
}

/* Recursion as deep as the type. */
bool weir_json_encode(const weir_json_encoder *encoder, const weir_column *column, uint32_t row, weir_builder *out) {
    const weir_type *type = encoder->type;
    char digits[WEIR_PRINT_BYTES_MAX];
    if (!weir_column_is_valid(column, row)) {
        weir_builder_c(out, "null");
        return true;
    }
    switch (type->kind) {
    case WEIR_KIND_BOOLEAN: weir_builder_c(out, WEIR_VALUES(column, uint8_t)[row] ? "true" : "false"); return true;
    case WEIR_KIND_TINYINT: weir_builder_add(out, digits, weir_print_i64(WEIR_VALUES(column, int8_t)[row], digits)); return true;
    case WEIR_KIND_SMALLINT: weir_builder_add(out, digits, weir_print_i64(WEIR_VALUES(column, int16_t)[row], digits)); return true;
    case WEIR_KIND_INT: weir_builder_add(out, digits, weir_print_i64(WEIR_VALUES(column, int32_t)[row], digits)); return true;
    case WEIR_KIND_BIGINT: weir_builder_add(out, digits, weir_print_i64(WEIR_VALUES(column, int64_t)[row], digits)); return true;
    case WEIR_KIND_FLOAT: put_real((double)WEIR_VALUES(column, float)[row], out); return true;
    case WEIR_KIND_DOUBLE: put_real(WEIR_VALUES(column, double)[row], out); return true;
    case WEIR_KIND_DECIMAL: put_decimal(WEIR_VALUES(column, weir_i128)[row], type->scale, out); return true;
    case WEIR_KIND_CHAR:
    case WEIR_KIND_VARCHAR:
        if (weir_json_type_is_text(type))
            weir_builder_text(out, weir_column_text(column, row));
        else
            weir_json_write_string(weir_column_text(column, row), out);
        return true;
    case WEIR_KIND_VARIANT: weir_builder_text(out, weir_column_text(column, row)); return true;
    case WEIR_KIND_BINARY:
    case WEIR_KIND_VARBINARY: put_base64(weir_column_text(column, row), out); return true;
    case WEIR_KIND_TIMESTAMP:
    case WEIR_KIND_TIMESTAMP_LTZ: put_timestamp(type, column, row, out); return true;
    case WEIR_KIND_ARRAY: return put_array(encoder, column, row, out);
    case WEIR_KIND_MAP:
    case WEIR_KIND_MULTISET: return put_map(encoder, column, row, out);
    case WEIR_KIND_ROW: return put_row(encoder, column, row, out);
    default: weir_builder_c(out, "null"); return true;
    }
}
