/* CSV fields into values: Integer.parseInt, Timestamp.valueOf and the like, as Flink's converters call them. */
#include "format/csv_int.h"

#include "types/decimal.h"

bool weir_csv_node_init(weir_arena *arena, weir_csv_node *node, const weir_type *type, bool in_array) {
    static const int64_t units_us[7] = {1000000, 100000, 10000, 1000, 100, 10, 1};
    node->type = type;
    node->layout = weir_type_layout(type);
    node->in_array = in_array;
    switch (type->kind) {
    case WEIR_KIND_TINYINT: node->least = INT8_MIN, node->most = INT8_MAX; break;
    case WEIR_KIND_SMALLINT: node->least = INT16_MIN, node->most = INT16_MAX; break;
    case WEIR_KIND_INT: node->least = INT32_MIN, node->most = INT32_MAX; break;
    case WEIR_KIND_BIGINT: node->least = INT64_MIN, node->most = INT64_MAX; break;
    case WEIR_KIND_TIMESTAMP:
    case WEIR_KIND_TIMESTAMP_LTZ: node->unit_us = units_us[type->precision > 6 ? 6 : type->precision]; break;
    default: break;
    }
    node->fast = weir_kind_is_integer(type->kind)                                  ? WEIR_CSV_FAST_INTEGER
                 : type->kind == WEIR_KIND_DOUBLE                                  ? WEIR_CSV_FAST_DOUBLE
                 : type->kind == WEIR_KIND_DECIMAL                                 ? WEIR_CSV_FAST_DECIMAL
                 : type->kind == WEIR_KIND_TIMESTAMP && type->precision <= 6       ? WEIR_CSV_FAST_TIMESTAMP
                 : type->kind == WEIR_KIND_VARCHAR || type->kind == WEIR_KIND_CHAR ? WEIR_CSV_FAST_TEXT
                                                                                   : WEIR_CSV_SLOW;
    node->child_count = type->kind == WEIR_KIND_ARRAY ? 1 : type->kind == WEIR_KIND_ROW ? type->field_count : 0;
    node->children = WEIR_ARENA_ARRAY(arena, weir_csv_node, node->child_count);
    if (node->children == NULL)
        return false;
    for (uint32_t i = 0; i < node->child_count; i++)
        if (!weir_csv_node_init(arena, &node->children[i], type->kind == WEIR_KIND_ARRAY ? type->children[0] : type->fields[i].type,
                                in_array || type->kind == WEIR_KIND_ARRAY))
            return false;
    return true;
}

void weir_csv_bind(weir_csv_node *node, weir_column *column, uint32_t from) {
    node->column = column;
    node->values = column->values;
    node->valid = weir_column_open_valid(column);
    if (!node->in_array)
        memset(node->valid + from, 0, column->capacity - from);
    for (uint32_t i = 0; i < node->child_count; i++)
        weir_csv_bind(&node->children[i], column->children[i], from);
}

void weir_csv_finish(weir_csv_node *node, uint32_t rows) {
    if (memchr(node->valid, 0, rows) == NULL)
        node->column->valid = NULL;
    for (uint32_t i = 0; i < node->child_count; i++)
        weir_csv_finish(&node->children[i], node->type->kind == WEIR_KIND_ARRAY ? node->column->child_rows : rows);
}

void weir_csv_reset_row(weir_csv_node *node, uint32_t row) {
    uint32_t bytes = weir_layout_bytes(node->column->layout);
    node->valid[row] = 0;
    if (bytes > 0)
        memset((char *)node->values + (size_t)row * bytes, 0, bytes);
    if (node->type->kind == WEIR_KIND_ROW)
        for (uint32_t i = 0; i < node->child_count; i++)
            weir_csv_reset_row(&node->children[i], row);
}

static bool store_integer(weir_csv_node *node, uint32_t row, weir_text text) {
    int64_t value = 0;
    if (!weir_java_integer_parse(text, node->least, node->most, &value))
        return false;
    switch (node->column->layout) {
    case WEIR_LAYOUT_I8: ((int8_t *)node->values)[row] = (int8_t)value; break;
    case WEIR_LAYOUT_I16: ((int16_t *)node->values)[row] = (int16_t)value; break;
    case WEIR_LAYOUT_I32: ((int32_t *)node->values)[row] = (int32_t)value; break;
    default: ((int64_t *)node->values)[row] = value; break;
    }
    return true;
}

static bool store_timestamp(weir_csv_node *node, uint32_t row, weir_text text) {
    static const int32_t units_ns[10] = {1, 1, 1, 1, 1, 1, 1, 100, 10, 1};
    static const weir_iso_form zulu = {.separator = ' ', .smart = true, .zulu = true};
    weir_timestamp_ns value;
    if (node->type->kind == WEIR_KIND_TIMESTAMP_LTZ ? !weir_iso_timestamp_parse(text, zulu, &value)
                                                    : !weir_jdbc_timestamp_parse(text, &value))
        return false;
    if (node->type->precision > 6) {
        value.nanoseconds -= value.nanoseconds % units_ns[node->type->precision];
        ((weir_timestamp_ns *)node->values)[row] = value;
        return true;
    }
    int64_t us = weir_timestamp_ns_to_us(value);
    ((int64_t *)node->values)[row] = us - weir_floor_mod(us, node->unit_us);
    return true;
}

static bool store_time(weir_csv_node *node, uint32_t row, weir_text text) {
    static const int32_t units_ms[4] = {1000, 100, 10, 1};
    int64_t nanoseconds;
    if (!weir_iso_time_parse(text, false, true, &nanoseconds))
        return false;
    int32_t milliseconds = (int32_t)(nanoseconds / 1000000);
    ((int32_t *)node->values)[row] = milliseconds - milliseconds % units_ms[node->type->precision];
    return true;
}

/* A short decimal without exponent: [-]digits[.digits], 18 digits at most. */
static bool short_decimal(weir_text text, int32_t scale, weir_i128 *out) {
    size_t at = text.size > 0 && text.data[0] == '-';
    int64_t digits = 0;
    int32_t fraction = -1;
    if (at == text.size || text.size - at > 18)
        return false;
    for (size_t i = at; i < text.size; i++) {
        char c = text.data[i];
        if (c == '.' && fraction < 0) {
            fraction = 0;
            continue;
        }
        if (c < '0' || c > '9')
            return false;
        digits = digits * 10 + (c - '0');
        fraction += fraction >= 0;
    }
    fraction = fraction < 0 ? 0 : fraction;
    if (fraction > scale || scale - fraction > 20 || text.data[text.size - 1] == '.')
        return false;
    *out = (weir_i128)(at ? -digits : digits) * (weir_i128)weir_pow10[scale - fraction];
    return true;
}

static weir_csv_result store_decimal(weir_csv_node *node, uint32_t row, weir_text text) {
    weir_i128 *value = &((weir_i128 *)node->values)[row];
    bool fits = true;
    if (!(short_decimal(text, node->type->scale, value) && weir_decimal_fits(*value, node->type->precision)) &&
        !weir_java_decimal_parse(text, node->type->precision, node->type->scale, value, &fits))
        return WEIR_CSV_BAD;
    node->valid[row] = fits; /* too wide is NULL */
    return WEIR_CSV_OK;
}

static weir_csv_result store_text(weir_csv_node *node, uint32_t row, weir_csv_field field, bool views) {
    if (field.size <= WEIR_VIEW_INLINE_BYTES || (views && !field.copied))
        WEIR_VALUES(node->column, weir_view)[row] = weir_view_over(field.data, (uint32_t)field.size);
    else
        weir_column_put_text(node->column, row, (weir_text){field.data, field.size});
    node->valid[row] = 1;
    return node->column->failed ? WEIR_CSV_MEMORY : WEIR_CSV_OK;
}

static weir_csv_result store_bytes(weir_csv_node *node, uint32_t row, weir_text text) {
    char *room = weir_column_text_room(node->column, text.size / 4 * 3 + 3);
    size_t size;
    if (room == NULL)
        return WEIR_CSV_MEMORY;
    if (!weir_base64_decode(text, room, &size))
        return WEIR_CSV_BAD;
    weir_column_set_view(node->column, row, room, size);
    node->valid[row] = 1;
    return WEIR_CSV_OK;
}

/* The next element of an array's text; its end is where the delimiter stands, or SIZE_MAX for the last one. */
static weir_text next_element(weir_text text, size_t *at, weir_text delimiter) {
    const char *start = text.data + *at;
    const char *found = *at < text.size ? memmem(start, text.size - *at, delimiter.data, delimiter.size) : NULL;
    weir_text element = {start, found == NULL ? text.size - *at : (size_t)(found - start)};
    *at = found == NULL ? SIZE_MAX : *at + element.size + delimiter.size;
    return element;
}

static uint32_t count_elements(weir_text text, weir_text delimiter) {
    uint32_t count = 0;
    if (weir_text_trim(text).size == 0)
        return 0;
    for (size_t at = 0; at != SIZE_MAX; count++)
        next_element(text, &at, delimiter);
    return count;
}

/* Elements may be the null literal. A bad element spoils the field, unless errors are ignored. */
static weir_csv_result store_element(const weir_csv_options *options, weir_csv_node *node, uint32_t row, weir_text element, bool copied,
                                     bool views) {
    if (options->null_literal.data != NULL && weir_text_equal(element, options->null_literal)) {
        node->valid[row] = 0;
        return WEIR_CSV_OK;
    }
    weir_csv_result result = weir_csv_store(options, node, row, (weir_csv_field){element.data, element.size, copied}, views);
    if (result != WEIR_CSV_BAD || !options->ignore_parse_errors)
        return result;
    weir_csv_reset_row(node, row);
    return WEIR_CSV_OK;
}

static weir_csv_result store_array(const weir_csv_options *options, weir_csv_node *node, uint32_t row, weir_csv_field field, bool views) {
    weir_text text = {field.data, field.size};
    uint32_t count = count_elements(text, options->array_delimiter);
    uint32_t start = weir_column_span_add(node->column, row, count);
    if (start == UINT32_MAX)
        return WEIR_CSV_MEMORY;
    weir_csv_node *element = &node->children[0];
    weir_csv_bind(element, element->column, 0); /* it may have grown */
    size_t at = 0;
    for (uint32_t i = 0; i < count; i++) {
        weir_csv_result result =
            store_element(options, element, start + i, next_element(text, &at, options->array_delimiter), field.copied, views);
        if (result != WEIR_CSV_OK)
            return result;
    }
    node->valid[row] = 1;
    return WEIR_CSV_OK;
}

static weir_csv_result store_row(const weir_csv_options *options, weir_csv_node *node, uint32_t row, weir_csv_field field, bool views) {
    weir_text text = {field.data, field.size};
    uint32_t count = count_elements(text, options->array_delimiter);
    if (count == 0)
        return WEIR_CSV_OK; /* NULL */
    if (count < node->child_count && !options->ignore_parse_errors)
        return WEIR_CSV_BAD;
    size_t at = 0;
    for (uint32_t i = 0; i < node->child_count && i < count; i++) {
        weir_csv_result result =
            store_element(options, &node->children[i], row, next_element(text, &at, options->array_delimiter), field.copied, views);
        if (result != WEIR_CSV_OK)
            return result;
    }
    node->valid[row] = 1;
    return WEIR_CSV_OK;
}

weir_csv_result weir_csv_store(const weir_csv_options *options, weir_csv_node *node, uint32_t row, weir_csv_field field, bool views) {
    weir_text text = {field.data, field.size};
    bool good = false;
    switch (node->type->kind) {
    case WEIR_KIND_CHAR:
    case WEIR_KIND_VARCHAR: return store_text(node, row, field, views);
    case WEIR_KIND_TINYINT:
    case WEIR_KIND_SMALLINT:
    case WEIR_KIND_INT:
    case WEIR_KIND_BIGINT: good = store_integer(node, row, weir_text_trim(text)); break;
    case WEIR_KIND_BOOLEAN:
        ((uint8_t *)node->values)[row] = weir_text_equal_nocase_c(weir_text_trim(text), "true");
        good = true;
        break;
    case WEIR_KIND_FLOAT: good = weir_java_float_parse(weir_text_trim(text), &((float *)node->values)[row]); break;
    case WEIR_KIND_DOUBLE: good = weir_java_double_parse(weir_text_trim(text), &((double *)node->values)[row]); break;
    case WEIR_KIND_DECIMAL: return store_decimal(node, row, weir_text_trim(text));
    case WEIR_KIND_BINARY:
    case WEIR_KIND_VARBINARY: return store_bytes(node, row, text);
    case WEIR_KIND_DATE: good = weir_jdbc_date_parse(text, &((int32_t *)node->values)[row]); break;
    case WEIR_KIND_TIME: good = store_time(node, row, text); break;
    case WEIR_KIND_TIMESTAMP:
    case WEIR_KIND_TIMESTAMP_LTZ: good = store_timestamp(node, row, text); break;
    case WEIR_KIND_ARRAY: return store_array(options, node, row, field, views);
    case WEIR_KIND_ROW: return store_row(options, node, row, field, views);
    case WEIR_KIND_NULL: return WEIR_CSV_OK;
    default: break;
    }
    if (!good)
        return WEIR_CSV_BAD;
    node->valid[row] = 1;
    return WEIR_CSV_OK;
}
