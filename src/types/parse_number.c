/* Strict readers of numbers; see convert.h. */
#include <string.h>

#include "types/number_int.h"

bool weir_parse_i64(weir_text text, int64_t *out) {
    const char *at = text.data, *end = text.data + text.size;
    bool negative = at < end && *at == '-';
    at += at < end && (*at == '-' || *at == '+');
    if (at == end)
        return false;
    /* Eighteen digits cannot overflow; the rest is checked. */
    const char *safe = end - at > 18 ? at + 18 : end;
    uint64_t size = 0;
    for (; at < safe; at++) {
        uint32_t digit = (uint32_t)(unsigned char)*at - '0';
        if (digit > 9)
            return false;
        size = size * 10 + digit;
    }
    for (; at < end; at++) {
        uint32_t digit = (uint32_t)(unsigned char)*at - '0';
        if (digit > 9 || __builtin_mul_overflow(size, 10u, &size) || __builtin_add_overflow(size, digit, &size))
            return false;
    }
    if (size > (uint64_t)INT64_MAX + negative)
        return false;
    *out = (int64_t)(negative ? 0 - size : size);
    return true;
}

static bool parse_special(weir_text text, double *out) {
    bool negative = text.size > 0 && text.data[0] == '-';
    if (text.size > 0 && (text.data[0] == '-' || text.data[0] == '+')) {
        text.data++;
        text.size--;
    }
    double value;
    if (weir_text_equal_c(text, "NaN"))
        value = __builtin_nan("");
    else if (weir_text_equal_c(text, "Infinity"))
        value = __builtin_inf();
    else
        return false;
    *out = negative ? -value : value;
    return true;
}

bool weir_parse_double(weir_text text, double *out) {
    weir_number_text number;
    if (!weir_number_take_apart(text, &number))
        return parse_special(text, out);
    *out = weir_number_to_double(&number);
    return true;
}

/* The significant digits of a number whose `digits` were not enough: the first `count` of them (count <= 39), and the next one. */
static weir_u128 read_digits(const weir_number_text *number, int64_t count, int *next) {
    weir_u128 value = 0;
    const char *at = number->first;
    while (at < number->end && (*at == '0' || *at == '.'))
        at++;
    *next = 0;
    for (; at < number->end; at++) {
        if (*at == '.')
            continue;
        if (count-- == 0) {
            *next = *at - '0';
            break;
        }
        value = value * 10 + (weir_u128)(*at - '0');
    }
    return value;
}

/* Digits from the first that is not zero to the last, the point not counted. */
static int64_t count_digits(const weir_number_text *number) {
    const char *at = number->first;
    while (at < number->end && (*at == '0' || *at == '.'))
        at++;
    int64_t count = 0;
    for (; at < number->end; at++)
        count += *at != '.';
    return count;
}

weir_reading weir_read_decimal(weir_text text, int32_t precision, int32_t scale, weir_i128 *out) {
    weir_number_text number;
    if (!weir_number_take_apart(text, &number))
        return WEIR_READ_BAD;
    *out = 0;
    if (number.digits == 0)
        return WEIR_READ_OK;
    weir_u128 size;
    if (!number.more && number.exponent <= 0 && number.exponent >= -scale && number.exponent + scale <= 19) {
        size = number.digits * weir_pow10[number.exponent + scale]; /* at most 19 + 19 digits */
    } else {
        /* `exponent` belongs to the last of the first 19 digits. */
        int64_t digits = count_digits(&number);
        int64_t exponent = number.exponent - (digits > 19 ? digits - 19 : 0);
        int64_t kept = digits + exponent + scale; /* digits of the result */
        if (kept > precision)
            return WEIR_READ_TOO_WIDE;
        if (kept < 0)
            return WEIR_READ_OK;
        int next;
        size = read_digits(&number, kept, &next);
        if (kept > digits)
            size *= weir_pow10[kept - digits];
        size += next >= 5;
    }
    if (size >= weir_pow10[precision])
        return WEIR_READ_TOO_WIDE;
    *out = number.negative ? -(weir_i128)size : (weir_i128)size;
    return WEIR_READ_OK;
}

bool weir_parse_decimal(weir_text text, int32_t precision, int32_t scale, weir_i128 *out) {
    return weir_read_decimal(text, precision, scale, out) == WEIR_READ_OK;
}
