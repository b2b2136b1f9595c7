/* Values as Java's toString prints them; see java_text.h. */
#include "connect/java_text.h"

#include "types/convert.h"
#include "types/timestamp.h"

static void put_two(weir_builder *out, int64_t value) {
    weir_builder_char(out, (char)('0' + value / 10));
    weir_builder_char(out, (char)('0' + value % 10));
}

/* HH:mm[:ss[.fff[fff[fff]]]]; an Instant always has its seconds. */
static void put_time(weir_builder *out, int64_t nanoseconds_of_day, bool always_seconds) {
    int64_t seconds = nanoseconds_of_day / 1000000000, fraction = nanoseconds_of_day % 1000000000;
    put_two(out, seconds / 3600);
    weir_builder_char(out, ':');
    put_two(out, seconds / 60 % 60);
    if (seconds % 60 == 0 && fraction == 0 && !always_seconds)
        return;
    weir_builder_char(out, ':');
    put_two(out, seconds % 60);
    if (fraction == 0)
        return;
    if (fraction % 1000000 == 0)
        weir_builder_format(out, ".%03d", (int)(fraction / 1000000));
    else if (fraction % 1000 == 0)
        weir_builder_format(out, ".%06d", (int)(fraction / 1000));
    else
        weir_builder_format(out, ".%09d", (int)fraction);
}

static void put_timestamp(weir_builder *out, weir_timestamp_ns value, bool instant) {
    char text[WEIR_PRINT_BYTES_MAX];
    int64_t days = weir_floor_div(value.milliseconds, WEIR_MS_PER_DAY);
    weir_builder_add(out, text, weir_print_date((int32_t)days, text));
    weir_builder_char(out, 'T');
    put_time(out, (value.milliseconds - days * WEIR_MS_PER_DAY) * 1000000 + value.nanoseconds, instant);
    if (instant)
        weir_builder_char(out, 'Z');
}

/* java.time.Period of months, java.time.Duration of milliseconds. */
static void put_interval(weir_builder *out, const weir_type *type, int64_t value) {
    if (type->kind == WEIR_KIND_INTERVAL_MONTH) {
        weir_builder_char(out, 'P');
        if (value / 12 != 0)
            weir_builder_format(out, "%lldY", (long long)(value / 12));
        if (value % 12 != 0)
            weir_builder_format(out, "%lldM", (long long)(value % 12));
        if (value == 0)
            weir_builder_c(out, "0D");
        return;
    }
    int64_t seconds = value / 1000, rest = value % 1000;
    weir_builder_c(out, "PT");
    if (value == 0)
        weir_builder_c(out, "0S");
    if (seconds / 3600 != 0)
        weir_builder_format(out, "%lldH", (long long)(seconds / 3600));
    if (seconds / 60 % 60 != 0)
        weir_builder_format(out, "%lldM", (long long)(seconds / 60 % 60));
    if (seconds % 60 == 0 && rest == 0)
        return;
    if (value < 0 && seconds % 60 == 0)
        weir_builder_char(out, '-');
    weir_builder_format(out, "%lld", (long long)(seconds % 60));
    if (rest != 0) {
        char digits[8];
        int size = 0, left = (int)(rest < 0 ? -rest : rest);
        for (int unit = 100; left > 0; unit /= 10) {
            digits[size++] = (char)('0' + left / unit);
            left %= unit;
        }
        weir_builder_char(out, '.');
        weir_builder_add(out, digits, (size_t)size);
    }
    weir_builder_char(out, 'S');
}

static void put_binary(weir_builder *out, weir_text bytes) {
    weir_builder_char(out, '[');
    for (size_t i = 0; i < bytes.size; i++)
        weir_builder_format(out, i == 0 ? "%d" : ", %d", (int)(signed char)bytes.data[i]);
    weir_builder_char(out, ']');
}

static void put_span(weir_builder *out, const weir_column *column, uint32_t row) {
    const weir_span span = WEIR_VALUES(column, weir_span)[row];
    const bool pairs = column->type->kind != WEIR_KIND_ARRAY;
    weir_builder_char(out, pairs ? '{' : '[');
    for (uint32_t i = 0; i < span.count; i++) {
        if (i > 0)
            weir_builder_c(out, ", ");
        weir_java_text_print(column->children[0], span.start + i, out);
        if (!pairs)
            continue;
        weir_builder_char(out, '=');
        weir_java_text_print(column->children[1], span.start + i, out);
    }
    weir_builder_char(out, pairs ? '}' : ']');
}

void weir_java_text_print(const weir_column *column, uint32_t row, weir_builder *out) {
    char text[WEIR_PRINT_BYTES_MAX];
    const weir_type *type = column->type;
    if (!weir_column_is_valid(column, row)) {
        weir_builder_c(out, "null");
        return;
    }
    switch (type->kind) {
    case WEIR_KIND_BOOLEAN: weir_builder_c(out, WEIR_VALUES(column, uint8_t)[row] ? "true" : "false"); return;
    case WEIR_KIND_TINYINT: weir_builder_add(out, text, weir_print_i64(WEIR_VALUES(column, int8_t)[row], text)); return;
    case WEIR_KIND_SMALLINT: weir_builder_add(out, text, weir_print_i64(WEIR_VALUES(column, int16_t)[row], text)); return;
    case WEIR_KIND_INT: weir_builder_add(out, text, weir_print_i64(WEIR_VALUES(column, int32_t)[row], text)); return;
    case WEIR_KIND_BIGINT: weir_builder_add(out, text, weir_print_i64(WEIR_VALUES(column, int64_t)[row], text)); return;
    case WEIR_KIND_FLOAT: weir_builder_add(out, text, weir_print_float(WEIR_VALUES(column, float)[row], text)); return;
    case WEIR_KIND_DOUBLE: weir_builder_add(out, text, weir_print_double(WEIR_VALUES(column, double)[row], text)); return;
    case WEIR_KIND_DECIMAL: weir_builder_add(out, text, weir_print_decimal(WEIR_VALUES(column, weir_i128)[row], type->scale, text)); return;
    case WEIR_KIND_CHAR:
    case WEIR_KIND_VARCHAR:
    case WEIR_KIND_VARIANT: weir_builder_text(out, weir_column_text(column, row)); return;
    case WEIR_KIND_BINARY:
    case WEIR_KIND_VARBINARY:
    case WEIR_KIND_BITMAP: put_binary(out, weir_column_text(column, row)); return;
    case WEIR_KIND_DATE: weir_builder_add(out, text, weir_print_date(WEIR_VALUES(column, int32_t)[row], text)); return;
    case WEIR_KIND_TIME: put_time(out, (int64_t)WEIR_VALUES(column, int32_t)[row] * 1000000, false); return;
    case WEIR_KIND_TIMESTAMP:
    case WEIR_KIND_TIMESTAMP_LTZ:
        put_timestamp(out,
                      type->precision > 6 ? WEIR_VALUES(column, weir_timestamp_ns)[row]
                                          : weir_timestamp_ns_from_us(WEIR_VALUES(column, int64_t)[row]),
                      type->kind == WEIR_KIND_TIMESTAMP_LTZ);
        return;
    case WEIR_KIND_INTERVAL_MONTH: put_interval(out, type, WEIR_VALUES(column, int32_t)[row]); return;
    case WEIR_KIND_INTERVAL_SECOND: put_interval(out, type, WEIR_VALUES(column, int64_t)[row]); return;
    case WEIR_KIND_ARRAY:
    case WEIR_KIND_MULTISET:
    case WEIR_KIND_MAP: put_span(out, column, row); return;
    case WEIR_KIND_ROW:
        weir_builder_c(out, "+I[");
        for (uint32_t i = 0; i < column->child_count; i++) {
            if (i > 0)
                weir_builder_c(out, ", ");
            weir_java_text_print(column->children[i], row, out);
        }
        weir_builder_char(out, ']');
        return;
    case WEIR_KIND_NULL:
    case WEIR_KIND_SYMBOL:
    case WEIR_KIND_COUNT: weir_builder_c(out, "null"); return;
    }
}
