/* Numbers as text; see convert.h. */
#include <string.h>

#include "types/number_int.h"

/* "00" "01" ... "99" */
static const char pairs[201] = "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748495051525"
                               "354555657585960616263646566676869"
                               "707172737475767778798081828384858687888990919293949596979899";

enum { U64_DIGITS_MAX = 20, CHUNK_DIGITS = 19 };
static const uint64_t CHUNK = UINT64_C(10000000000000000000); /* 10^19 */

/* The digits of `value`, right-aligned to end at `end`; returns where they begin. At least one digit. */
static char *digits_before(uint64_t value, char *end) {
    while (value >= 100) {
        end -= 2;
        memcpy(end, pairs + value % 100 * 2, 2);
        value /= 100;
    }
    if (value >= 10) {
        end -= 2;
        memcpy(end, pairs + value * 2, 2);
    } else {
        *--end = (char)('0' + value);
    }
    return end;
}

static size_t put_u64(uint64_t value, char *out) {
    char digits[U64_DIGITS_MAX];
    char *end = digits + sizeof(digits);
    char *first = digits_before(value, end);
    memcpy(out, first, (size_t)(end - first));
    return (size_t)(end - first);
}

size_t weir_print_i64(int64_t value, char *out) {
    if (value >= 0)
        return put_u64((uint64_t)value, out);
    out[0] = '-';
    return 1 + put_u64(0 - (uint64_t)value, out + 1);
}

static size_t put_zeros(char *out, int32_t count) {
    memset(out, '0', (size_t)count);
    return (size_t)count;
}

/* Java's layout: plain from 10^-3 up to 10^7, else one digit before the point and an exponent; always a digit after the point. */
static size_t put_shortest(weir_shortest shortest, char *out) {
    char digits[U64_DIGITS_MAX];
    int32_t count = (int32_t)put_u64(shortest.digits, digits);
    int32_t point = count + shortest.exponent; /* the value is 0.digits * 10^point */
    char *at = out;
    if (point > 0 && point <= 7) {
        int32_t whole = count < point ? count : point;
        memcpy(at, digits, (size_t)whole);
        at += whole;
        at += put_zeros(at, point - whole);
        *at++ = '.';
        if (count > point) {
            memcpy(at, digits + point, (size_t)(count - point));
            at += count - point;
        } else {
            *at++ = '0';
        }
    } else if (point <= 0 && point > -3) {
        *at++ = '0';
        *at++ = '.';
        at += put_zeros(at, -point);
        memcpy(at, digits, (size_t)count);
        at += count;
    } else {
        *at++ = digits[0];
        *at++ = '.';
        memcpy(at, digits + 1, (size_t)(count - 1));
        at += count - 1;
        if (count == 1)
            *at++ = '0';
        *at++ = 'E';
        at += weir_print_i64(point - 1, at);
    }
    return (size_t)(at - out);
}

static size_t put_literal(const char *text, char *out) {
    size_t size = strlen(text);
    memcpy(out, text, size);
    return size;
}

size_t weir_print_double(double value, char *out) {
    if (value != value)
        return put_literal("NaN", out);
    size_t sign = __builtin_signbit(value) != 0;
    if (sign) {
        *out++ = '-';
        value = -value;
    }
    if (value == 0)
        return sign + put_literal("0.0", out);
    if (__builtin_isinf(value))
        return sign + put_literal("Infinity", out);
    return sign + put_shortest(weir_java_digits_of_double(value), out);
}

size_t weir_print_float(float value, char *out) {
    if (value != value)
        return put_literal("NaN", out);
    size_t sign = __builtin_signbit(value) != 0;
    if (sign) {
        *out++ = '-';
        value = -value;
    }
    if (value == 0)
        return sign + put_literal("0.0", out);
    if (__builtin_isinf(value))
        return sign + put_literal("Infinity", out);
    return sign + put_shortest(weir_java_digits_of_float(value), out);
}

/* The digits of a 128-bit magnitude, right-aligned; lower chunks with their leading zeros. */
static char *wide_digits_before(weir_u128 value, char *end) {
    while (value > UINT64_MAX) {
        char *chunk_end = end;
        end = digits_before((uint64_t)(value % CHUNK), end);
        while (chunk_end - end < CHUNK_DIGITS)
            *--end = '0';
        value /= CHUNK;
    }
    return digits_before((uint64_t)value, end);
}

size_t weir_print_decimal(weir_i128 value, int32_t scale, char *out) {
    char digits[48];
    char *end = digits + sizeof(digits);
    weir_u128 magnitude = value < 0 ? -(weir_u128)value : (weir_u128)value;
    char *first = wide_digits_before(magnitude, end);
    while (end - first <= scale) /* a digit before the point */
        *--first = '0';
    char *at = out;
    if (value < 0)
        *at++ = '-';
    size_t whole = (size_t)(end - first - scale);
    memcpy(at, first, whole);
    at += whole;
    if (scale > 0) {
        *at++ = '.';
        memcpy(at, first + whole, (size_t)scale);
        at += scale;
    }
    return (size_t)(at - out);
}

size_t weir_print_decimal_plain(weir_i128 value, int32_t scale, char *out) {
    size_t size = weir_print_decimal(value, scale, out);
    if (scale == 0)
        return size;
    while (out[size - 1] == '0')
        size--;
    return out[size - 1] == '.' ? size - 1 : size;
}
