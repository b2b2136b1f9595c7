/* Literals: numbers, text, bytes, dates and times, intervals. Digits are kept by the parser; what fits is decided here. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bind/bind_int.h"
#include "types/convert.h"

static weir_status literal_make(bind_scope *scope, const weir_value *value, weir_position position, const weir_expr **out,
                                weir_error *error) {
    *out = value->type == NULL ? NULL : weir_expr_literal(scope->context->arena, value, position);
    return *out == NULL ? weir_fail_memory(error, "a literal", sizeof(weir_expr)) : WEIR_OK;
}

const weir_expr *bind_symbol(bind_scope *scope, weir_text word, weir_position position) {
    weir_value value = {.type = weir_type_simple(WEIR_KIND_SYMBOL, false), .as.text = word};
    return weir_expr_literal(scope->context->arena, &value, position);
}

/* ---- numbers ---- */

static weir_status out_of_range(weir_text digits, bool negative, weir_position position, weir_error *error) {
    return weir_fail_at(error, WEIR_VALIDATE, position, "Numeric literal '%s%.*s' out of range", negative ? "-" : "",
                        WEIR_TEXT_ARGS(digits));
}

/* INT when it fits, else BIGINT. The smallest values have no positive counterpart, so the sign comes along. */
static weir_status integer_literal(bind_scope *scope, weir_text digits, bool negative, weir_position position, const weir_expr **out,
                                   weir_error *error) {
    uint64_t size = 0;
    for (size_t i = 0; i < digits.size; i++)
        if (__builtin_mul_overflow(size, 10u, &size) || __builtin_add_overflow(size, (uint64_t)(digits.data[i] - '0'), &size))
            return out_of_range(digits, negative, position, error);
    if (size > (uint64_t)INT64_MAX + (negative ? 1 : 0))
        return out_of_range(digits, negative, position, error);
    int64_t integer = negative ? (int64_t)(0 - size) : (int64_t)size;
    weir_kind kind = size <= (uint64_t)INT32_MAX + negative ? WEIR_KIND_INT : WEIR_KIND_BIGINT;
    weir_value value = {.type = weir_type_simple(kind, false), .as.integer = integer};
    return literal_make(scope, &value, position, out, error);
}

/* DECIMAL(p, s): as many digits as were written, 0.5 has two. All digits together must fit in 64 bits: a rule of Calcite's validator, from
 * when a DECIMAL was a scaled long. */
static weir_status decimal_literal(bind_scope *scope, weir_text digits, bool negative, weir_position position, const weir_expr **out,
                                   weir_error *error) {
    const char *point = memchr(digits.data, '.', digits.size);
    int32_t scale = point == NULL ? 0 : (int32_t)(digits.data + digits.size - point - 1);
    int32_t precision = (int32_t)digits.size - (point != NULL);
    if (scale == 0 && point != NULL)
        return integer_literal(scope, (weir_text){digits.data, digits.size - 1}, negative, position, out, error);
    weir_value value = {0};
    if (precision > WEIR_DECIMAL_DIGITS_MAX || !weir_parse_decimal(digits, WEIR_DECIMAL_DIGITS_MAX, scale, &value.as.decimal))
        return out_of_range(digits, negative, position, error);
    if (negative)
        value.as.decimal = -value.as.decimal;
    if (value.as.decimal > INT64_MAX || value.as.decimal < INT64_MIN)
        return out_of_range(digits, negative, position, error);
    value.type = weir_type_decimal(scope->context->arena, precision, scale, false);
    return literal_make(scope, &value, position, out, error);
}

static weir_status number_literal(bind_scope *scope, const weir_ast_literal *literal, bool negative, weir_position position,
                                  const weir_expr **out, weir_error *error) {
    if (literal->kind == WEIR_AST_LITERAL_INTEGER)
        return integer_literal(scope, literal->text, negative, position, out, error);
    if (literal->kind == WEIR_AST_LITERAL_DECIMAL)
        return decimal_literal(scope, literal->text, negative, position, out, error);
    double real;
    if (!weir_parse_double(literal->text, &real) || isinf(real))
        return out_of_range(literal->text, negative, position, error);
    /* Flink folds the sign through BigDecimal, which has no negative zero. */
    weir_value value = {.type = weir_type_simple(WEIR_KIND_DOUBLE, false), .as.real = negative && real != 0 ? -real : real};
    return literal_make(scope, &value, position, out, error);
}

weir_status bind_negative_literal(bind_scope *scope, const weir_ast_expr *number, weir_position position, const weir_expr **out,
                                  weir_error *error) {
    return number_literal(scope, number->as.literal, true, position, out, error);
}

/* ---- text and bytes ---- */

/* As Java counts: a code point beyond U+FFFF is two. */
static int32_t utf16_length(weir_text text) {
    int32_t length = 0;
    for (size_t at = 0; at < text.size;)
        length += weir_utf8_next(text.data, text.size, &at) > 0xFFFF ? 2 : 1;
    return length;
}

static weir_status string_literal(bind_scope *scope, weir_text text, weir_position position, const weir_expr **out, weir_error *error) {
    int32_t length = utf16_length(text);
    weir_value value = {.type = weir_type_sized(scope->context->arena, WEIR_KIND_CHAR, length, false), .as.text = text};
    return literal_make(scope, &value, position, out, error);
}

static int hex_digit(char c) {
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static weir_status binary_literal(bind_scope *scope, weir_text hex, weir_position position, const weir_expr **out, weir_error *error) {
    if (hex.size % 2 != 0)
        return weir_fail_at(error, WEIR_VALIDATE, position, "Binary literal X'%.*s' must have an even number of hex digits",
                            WEIR_TEXT_ARGS(hex));
    char *bytes = weir_arena_alloc(scope->context->arena, hex.size / 2);
    if (bytes == NULL)
        return weir_fail_memory(error, "a literal", hex.size);
    for (size_t i = 0; i < hex.size / 2; i++) {
        int high = hex_digit(hex.data[2 * i]), low = hex_digit(hex.data[2 * i + 1]);
        if (high < 0 || low < 0)
            return weir_fail_at(error, WEIR_VALIDATE, position, "Binary literal X'%.*s' holds something else than hex digits",
                                WEIR_TEXT_ARGS(hex));
        bytes[i] = (char)(high << 4 | low);
    }
    weir_value value = {.type = weir_type_sized(scope->context->arena, WEIR_KIND_BINARY, (int32_t)(hex.size / 2), false),
                        .as.text = {bytes, hex.size / 2}};
    return literal_make(scope, &value, position, out, error);
}

/* ---- dates and times ---- */

static weir_status illegal(const char *what, weir_text text, const char *form, weir_position position, weir_error *error) {
    return weir_fail_at(error, WEIR_VALIDATE, position, "Illegal %s literal '%.*s': not in format '%s'", what, WEIR_TEXT_ARGS(text), form);
}

static int32_t fraction_digits(weir_text text) {
    const char *point = memchr(text.data, '.', text.size);
    return point == NULL ? 0 : (int32_t)(text.data + text.size - point - 1);
}

/* A literal's digits may be fewer than the format's (2024-1-5 1:2:3), and the time may be missing. False: it is no timestamp. */
static bool read_timestamp(weir_text text, weir_timestamp_ns *out) {
    char copy[64], whole[80];
    int year, month, day, hour = 0, minute = 0, second = 0, used = 0;
    if (text.size >= sizeof copy)
        return false;
    memcpy(copy, text.data, text.size);
    copy[text.size] = '\0';
    for (size_t i = 0; i < text.size; i++)
        if (strchr("0123456789-: .", copy[i]) == NULL)
            return false;
    int fields = sscanf(copy, "%4d-%2d-%2d%n %2d:%2d:%2d%n", &year, &month, &day, &used, &hour, &minute, &second, &used);
    if (fields != 6 && (fields != 3 || used != (int)text.size))
        return false;
    int size = snprintf(whole, sizeof whole, "%04d-%02d-%02d %02d:%02d:%02d%s", year, month, day, hour, minute, second, copy + used);
    return size > 0 && (size_t)size < sizeof whole && weir_parse_timestamp_ns((weir_text){whole, (size_t)size}, ' ', out);
}

static weir_status timestamp_literal(bind_scope *scope, const weir_ast_literal *literal, weir_position position, const weir_expr **out,
                                     weir_error *error) {
    bool local = literal->kind == WEIR_AST_LITERAL_TIMESTAMP_LTZ;
    int32_t precision = fraction_digits(literal->text);
    weir_timestamp_ns nanos;
    if (precision > 9 || !read_timestamp(literal->text, &nanos))
        return illegal("TIMESTAMP", literal->text, "yyyy-MM-dd HH:mm:ss", position, error);
    if (local) {
        int64_t us = weir_zone_to_utc_us(scope->context->evaluation->zone, weir_timestamp_ns_to_us(nanos));
        int32_t below = nanos.nanoseconds % 1000;
        nanos = weir_timestamp_ns_from_us(us);
        nanos.nanoseconds += below;
    }
    weir_value value = {
        .type = weir_type_sized(scope->context->arena, local ? WEIR_KIND_TIMESTAMP_LTZ : WEIR_KIND_TIMESTAMP, precision, false)};
    if (precision <= 6)
        value.as.integer = weir_timestamp_ns_to_us(nanos);
    else
        value.as.nanos = nanos;
    return literal_make(scope, &value, position, out, error);
}

static weir_status date_literal(bind_scope *scope, weir_text text, weir_position position, const weir_expr **out, weir_error *error) {
    int32_t days;
    if (!weir_parse_date(text, &days))
        return illegal("DATE", text, "yyyy-MM-dd", position, error);
    weir_value value = {.type = weir_type_simple(WEIR_KIND_DATE, false), .as.integer = days};
    return literal_make(scope, &value, position, out, error);
}

static weir_status time_literal(bind_scope *scope, weir_text text, weir_position position, const weir_expr **out, weir_error *error) {
    int32_t milliseconds, colons = 0;
    for (size_t i = 0; i < text.size; i++)
        colons += text.data[i] == ':';
    if (colons != 2 || !weir_cast_text_to_time(text, &milliseconds)) /* CAST is content with less */
        return illegal("TIME", text, "HH:mm:ss", position, error);
    int32_t precision = fraction_digits(text);
    weir_value value = {.type = weir_type_sized(scope->context->arena, WEIR_KIND_TIME, precision > 9 ? 9 : precision, false),
                        .as.integer = milliseconds};
    return literal_make(scope, &value, position, out, error);
}

weir_status bind_literal(bind_scope *scope, const weir_ast_expr *ast, const weir_expr **out, weir_error *error) {
    const weir_ast_literal *literal = ast->as.literal;
    weir_value value = {0};
    switch (literal->kind) {
    case WEIR_AST_LITERAL_NULL:
        value.type = weir_type_simple(WEIR_KIND_NULL, true);
        value.is_null = true;
        break;
    case WEIR_AST_LITERAL_UNKNOWN:
        value.type = weir_type_simple(WEIR_KIND_BOOLEAN, true);
        value.is_null = true;
        break;
    case WEIR_AST_LITERAL_TRUE:
    case WEIR_AST_LITERAL_FALSE:
        value.type = weir_type_simple(WEIR_KIND_BOOLEAN, false);
        value.as.boolean = literal->kind == WEIR_AST_LITERAL_TRUE;
        break;
    case WEIR_AST_LITERAL_INTEGER:
    case WEIR_AST_LITERAL_DECIMAL:
    case WEIR_AST_LITERAL_APPROXIMATE: return number_literal(scope, literal, false, ast->position, out, error);
    case WEIR_AST_LITERAL_STRING: return string_literal(scope, literal->text, ast->position, out, error);
    case WEIR_AST_LITERAL_BINARY: return binary_literal(scope, literal->text, ast->position, out, error);
    case WEIR_AST_LITERAL_DATE: return date_literal(scope, literal->text, ast->position, out, error);
    case WEIR_AST_LITERAL_TIME: return time_literal(scope, literal->text, ast->position, out, error);
    case WEIR_AST_LITERAL_TIMESTAMP:
    case WEIR_AST_LITERAL_TIMESTAMP_LTZ: return timestamp_literal(scope, literal, ast->position, out, error);
    case WEIR_AST_LITERAL_INTERVAL: return bind_interval(scope, ast, out, error);
    }
    return literal_make(scope, &value, ast->position, out, error);
}
