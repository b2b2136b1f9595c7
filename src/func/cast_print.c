/* CAST to text (of anything, nested values included), between texts, and between text and binary.
 *
 * CHAR(n) pads with blanks and cuts, VARCHAR(n) cuts, both by code points; BINARY(n) pads with zero bytes and cuts, VARBINARY(n) cuts, by
 * bytes. Text that is only shortened or handed on shares the source's memory. Inside nested values NULL prints as NULL and text without
 * quotes. */
#include <string.h>

#include "func/bitmap_int.h"
#include "func/cast_int.h"
#include "types/convert.h"

static const weir_zone *zone_of(const cast_run *run) {
    const weir_evaluation *evaluation = run->call->evaluation;
    return evaluation == NULL || evaluation->zone == NULL ? weir_zone_utc() : evaluation->zone;
}

static size_t print_timestamp(const weir_column *column, uint32_t row, const weir_zone *zone, char *out) {
    bool instant = column->type->kind == WEIR_KIND_TIMESTAMP_LTZ;
    int32_t precision = column->type->precision;
    if (column->layout == WEIR_LAYOUT_TIMESTAMP_NS) {
        weir_timestamp_ns value = WEIR_VALUES(column, weir_timestamp_ns)[row];
        if (instant)
            value.milliseconds = weir_floor_div(weir_zone_to_local_us(zone, value.milliseconds * 1000), 1000);
        return weir_print_timestamp_ns(value, precision, out);
    }
    int64_t value = WEIR_VALUES(column, int64_t)[row];
    return weir_print_timestamp(instant ? weir_zone_to_local_us(zone, value) : value, precision, out);
}

/* A TIME's fraction is printed without trailing zeros, up to its precision. */
static size_t print_time(int32_t milliseconds, int32_t precision, char *out) {
    size_t size = weir_print_time(milliseconds, precision > 3 ? 3 : precision, out);
    if (precision > 0) {
        while (size > 8 && out[size - 1] == '0')
            size--;
        if (size > 0 && out[size - 1] == '.')
            size--;
    }
    return size;
}

/* One scalar that is not text or binary. */
static size_t print_scalar(const weir_column *column, uint32_t row, const weir_zone *zone, char *out) {
    switch (column->type->kind) {
    case WEIR_KIND_BOOLEAN: {
        bool yes = WEIR_VALUES(column, uint8_t)[row];
        memcpy(out, yes ? "TRUE" : "FALSE", yes ? 4 : 5);
        return yes ? 4 : 5;
    }
    case WEIR_KIND_TINYINT: return weir_print_i64(WEIR_VALUES(column, int8_t)[row], out);
    case WEIR_KIND_SMALLINT: return weir_print_i64(WEIR_VALUES(column, int16_t)[row], out);
    case WEIR_KIND_INT: return weir_print_i64(WEIR_VALUES(column, int32_t)[row], out);
    case WEIR_KIND_BIGINT: return weir_print_i64(WEIR_VALUES(column, int64_t)[row], out);
    case WEIR_KIND_FLOAT: return weir_print_float(WEIR_VALUES(column, float)[row], out);
    case WEIR_KIND_DOUBLE: return weir_print_double(WEIR_VALUES(column, double)[row], out);
    case WEIR_KIND_DECIMAL: return weir_print_decimal(WEIR_VALUES(column, weir_i128)[row], column->type->scale, out);
    case WEIR_KIND_DATE: return weir_print_date(WEIR_VALUES(column, int32_t)[row], out);
    case WEIR_KIND_TIME: return print_time(WEIR_VALUES(column, int32_t)[row], column->type->precision, out);
    case WEIR_KIND_TIMESTAMP:
    case WEIR_KIND_TIMESTAMP_LTZ: return print_timestamp(column, row, zone, out);
    case WEIR_KIND_INTERVAL_MONTH: return weir_print_interval_month(WEIR_VALUES(column, int32_t)[row], out);
    case WEIR_KIND_INTERVAL_SECOND: return weir_print_interval_second(WEIR_VALUES(column, int64_t)[row], out);
    default: return 0;
    }
}

/* ---- lengths ---- */

/* Bytes of the first `count` code points. */
static size_t prefix_bytes(weir_text text, int64_t count) {
    size_t at = 0;
    while (count > 0 && at < text.size) {
        at++;
        while (at < text.size && ((unsigned char)text.data[at] & 0xC0) == 0x80)
            at++;
        count--;
    }
    return at;
}

/* Write text of foreign memory as `type` wants it. */
static void put_sized(weir_column *out, uint32_t row, weir_text text, const weir_type *type) {
    if (text.size > (size_t)type->precision)
        text.size = prefix_bytes(text, type->precision);
    if (type->kind != WEIR_KIND_CHAR) {
        weir_column_put_text(out, row, text);
        return;
    }
    size_t blanks = (size_t)type->precision - weir_utf8_length(text);
    char *room = weir_column_text_room(out, text.size + blanks);
    if (room == NULL)
        return;
    if (text.size > 0)
        memcpy(room, text.data, text.size);
    memset(room + text.size, ' ', blanks);
    weir_column_set_view(out, row, room, text.size + blanks);
}

static void step_scalar(const cast_plan *plan, cast_run *run, const weir_rows *rows, const weir_column *from, weir_column *out) {
    const weir_zone *zone = zone_of(run);
    char buffer[WEIR_PRINT_BYTES_MAX];
    WEIR_FOR_ROWS(rows, i, {
        size_t size = print_scalar(from, i, zone, buffer);
        put_sized(out, i, (weir_text){buffer, size}, plan->to);
    });
}

static void step_text(const cast_plan *plan, cast_run *run, const weir_rows *rows, const weir_column *from, weir_column *out) {
    (void)run;
    const int32_t length = plan->to->precision;
    const bool pads = plan->to->kind == WEIR_KIND_CHAR;
    const weir_view *a = WEIR_VALUES(from, weir_view);
    weir_view *r = WEIR_VALUES(out, weir_view);
    if (!weir_column_keep_from(out, from))
        return;
    WEIR_FOR_ROWS(rows, i, {
        if (!pads && a[i].size <= (uint32_t)length) {
            r[i] = a[i];
            continue;
        }
        weir_text text = weir_view_text(&a[i]);
        size_t points = weir_utf8_length(text);
        if (points > (size_t)length)
            r[i] = weir_view_over(text.data, (uint32_t)prefix_bytes(text, length));
        else if (points == (size_t)length || !pads)
            r[i] = a[i];
        else
            put_sized(out, i, text, plan->to);
    });
}

/* Bytes that are no UTF-8 become U+FFFD, as Java decodes them. */
static void put_decoded(weir_column *out, uint32_t row, weir_text bytes, const weir_type *type) {
    weir_builder decoded;
    weir_builder_init(&decoded, out->memory, SIZE_MAX);
    for (size_t at = 0; at < bytes.size;) {
        char point[4];
        size_t size = weir_utf8_put(weir_utf8_next(bytes.data, bytes.size, &at), point);
        weir_builder_add(&decoded, point, size);
    }
    if (decoded.failed)
        out->failed = true;
    else
        put_sized(out, row, weir_builder_view(&decoded), type);
    weir_builder_deinit(&decoded);
}

static void step_binary_to_text(const cast_plan *plan, cast_run *run, const weir_rows *rows, const weir_column *from, weir_column *out) {
    (void)run;
    if (!weir_column_keep_from(out, from))
        return;
    WEIR_FOR_ROWS(rows, i, {
        weir_text bytes = weir_column_text(from, i);
        if (!weir_utf8_valid(bytes, NULL))
            put_decoded(out, i, bytes, plan->to);
        else if (plan->to->kind == WEIR_KIND_VARCHAR && bytes.size <= (size_t)plan->to->precision)
            WEIR_VALUES(out, weir_view)[i] = WEIR_VALUES(from, weir_view)[i];
        else
            put_sized(out, i, bytes, plan->to);
    });
}

static void step_to_binary(const cast_plan *plan, cast_run *run, const weir_rows *rows, const weir_column *from, weir_column *out) {
    (void)run;
    const uint32_t length = (uint32_t)plan->to->precision;
    const bool pads = plan->to->kind == WEIR_KIND_BINARY;
    const weir_view *a = WEIR_VALUES(from, weir_view);
    weir_view *r = WEIR_VALUES(out, weir_view);
    if (!weir_column_keep_from(out, from))
        return;
    WEIR_FOR_ROWS(rows, i, {
        if (a[i].size == length || (a[i].size < length && !pads)) {
            r[i] = a[i];
        } else if (a[i].size > length) {
            r[i] = weir_view_over(weir_view_text(&a[i]).data, length);
        } else {
            weir_text bytes = weir_view_text(&a[i]);
            char *room = weir_column_text_room(out, length);
            if (room == NULL)
                continue;
            memset(room, 0, length);
            memcpy(room, bytes.data, bytes.size);
            weir_column_set_view(out, i, room, length);
        }
    });
}

/* ---- nested values ---- */

static void print_value(weir_builder *builder, const weir_column *column, uint32_t row, const weir_zone *zone);

static void print_span(weir_builder *builder, const weir_column *column, uint32_t row, const weir_zone *zone) {
    bool pairs = column->type->kind != WEIR_KIND_ARRAY;
    weir_span span = WEIR_VALUES(column, weir_span)[row];
    weir_builder_char(builder, pairs ? '{' : '[');
    for (uint32_t k = 0; k < span.count; k++) {
        if (k > 0)
            weir_builder_c(builder, ", ");
        print_value(builder, column->children[0], span.start + k, zone);
        if (pairs) {
            weir_builder_char(builder, '=');
            print_value(builder, column->children[1], span.start + k, zone);
        }
    }
    weir_builder_char(builder, pairs ? '}' : ']');
}

static void print_row(weir_builder *builder, const weir_column *column, uint32_t row, const weir_zone *zone) {
    weir_builder_char(builder, '(');
    for (uint32_t field = 0; field < column->child_count; field++) {
        if (field > 0)
            weir_builder_c(builder, ", ");
        print_value(builder, column->children[field], row, zone);
    }
    weir_builder_char(builder, ')');
}

static void print_value(weir_builder *builder, const weir_column *column, uint32_t row, const weir_zone *zone) {
    if (!weir_column_is_valid(column, row)) {
        weir_builder_c(builder, "NULL");
    } else if (column->type->kind == WEIR_KIND_ROW) {
        print_row(builder, column, row, zone);
    } else if (column->layout == WEIR_LAYOUT_SPAN) {
        print_span(builder, column, row, zone);
    } else if (column->type->kind == WEIR_KIND_BITMAP) {
        weir_bitmap_print(weir_column_text(column, row), builder);
    } else if (column->layout == WEIR_LAYOUT_VIEW) {
        weir_builder_text(builder, weir_column_text(column, row));
    } else {
        char buffer[WEIR_PRINT_BYTES_MAX];
        weir_builder_add(builder, buffer, print_scalar(column, row, zone, buffer));
    }
}

static void step_nested(const cast_plan *plan, cast_run *run, const weir_rows *rows, const weir_column *from, weir_column *out) {
    const weir_zone *zone = zone_of(run);
    weir_builder builder;
    weir_builder_init(&builder, out->memory, SIZE_MAX);
    WEIR_FOR_ROWS(rows, i, {
        weir_builder_clear(&builder);
        print_value(&builder, from, i, zone);
        put_sized(out, i, weir_builder_view(&builder), plan->to);
    });
    if (builder.failed)
        out->failed = true;
    weir_builder_deinit(&builder);
}

cast_step weir_cast_step_print(const weir_type *from, const weir_type *to) {
    bool text = weir_kind_is_text(from->kind), binary = weir_kind_is_binary(from->kind);
    if (weir_kind_is_binary(to->kind))
        return text || binary ? step_to_binary : NULL;
    if (!weir_kind_is_text(to->kind))
        return NULL;
    if (text)
        return step_text;
    if (binary)
        return step_binary_to_text;
    return weir_type_layout(from) == WEIR_LAYOUT_SPAN || from->kind == WEIR_KIND_ROW || from->kind == WEIR_KIND_BITMAP ? step_nested
                                                                                                                       : step_scalar;
}
