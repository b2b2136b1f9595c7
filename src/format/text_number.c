/* Numbers as Java reads and writes them: BigDecimal's two forms, Integer.parseInt, Double.parseDouble. */
#include <string.h>

#include "format/text.h"
#include "types/convert.h"
#include "types/decimal.h"

/* The digits of `size` without leading zeros; "0" for 0. */
static size_t put_digits(weir_u128 size, char *out) {
    char reversed[40];
    size_t count = 0;
    do {
        reversed[count++] = (char)('0' + (int)(size % 10));
        size /= 10;
    } while (size > 0);
    for (size_t i = 0; i < count; i++)
        out[i] = reversed[count - 1 - i];
    return count;
}

static size_t put_scientific(const char *digits, size_t count, int32_t adjusted, char *out) {
    size_t at = 0;
    out[at++] = digits[0];
    if (count > 1) {
        out[at++] = '.';
        memcpy(out + at, digits + 1, count - 1);
        at += count - 1;
    }
    out[at++] = 'E';
    out[at++] = adjusted < 0 ? '-' : '+';
    return at + put_digits((weir_u128)(adjusted < 0 ? -adjusted : adjusted), out + at);
}

size_t weir_java_decimal_print(weir_i128 value, int32_t scale, bool plain, char *out) {
    if (value == 0) {
        out[0] = '0';
        return 1;
    }
    size_t at = 0;
    weir_u128 size = value < 0 ? -(weir_u128)value : (weir_u128)value;
    if (value < 0)
        out[at++] = '-';
    while (size % 10 == 0) {
        size /= 10;
        scale--;
    }
    char digits[40];
    size_t count = put_digits(size, digits);
    int32_t adjusted = (int32_t)count - 1 - scale;
    if (!plain && (scale < 0 || adjusted < -6))
        return at + put_scientific(digits, count, adjusted, out + at);
    int32_t whole = (int32_t)count - scale; /* digits before the point */
    if (whole <= 0)
        out[at++] = '0';
    for (int32_t i = 0; i < whole; i++)
        out[at++] = i < (int32_t)count ? digits[i] : '0';
    if (scale > 0) {
        out[at++] = '.';
        for (int32_t i = whole; i < 0; i++)
            out[at++] = '0';
        for (int32_t i = whole < 0 ? 0 : whole; i < (int32_t)count; i++)
            out[at++] = digits[i];
    }
    return at;
}

/* The text cut into sign, digits and exponent: value = 0.digits * 10^point. */
typedef struct decimal_text {
    bool negative;
    const char *digits; /* with at most one '.' in it */
    size_t size;
    int64_t exponent;
} decimal_text;

static bool split_decimal(weir_text text, decimal_text *out) {
    size_t at = 0;
    out->negative = text.size > 0 && text.data[0] == '-';
    if (text.size > 0 && (text.data[0] == '-' || text.data[0] == '+'))
        at++;
    out->digits = text.data + at;
    size_t digits = 0, points = 0, start = at;
    for (; at < text.size; at++) {
        if (text.data[at] == '.')
            points++;
        else if (text.data[at] >= '0' && text.data[at] <= '9')
            digits++;
        else
            break;
    }
    out->size = at - start;
    out->exponent = 0;
    if (digits == 0 || points > 1)
        return false;
    if (at < text.size && (text.data[at] == 'e' || text.data[at] == 'E')) {
        int64_t exponent;
        if (!weir_java_integer_parse((weir_text){text.data + at + 1, text.size - at - 1}, INT32_MIN, INT32_MAX, &exponent))
            return false;
        out->exponent = exponent;
        at = text.size;
    }
    return at == text.size;
}

bool weir_java_decimal_parse(weir_text text, int32_t precision, int32_t scale, weir_i128 *out, bool *fits) {
    decimal_text parts;
    if (!split_decimal(text, &parts))
        return false;
    const char *point = memchr(parts.digits, '.', parts.size);
    int64_t whole =
        (point == NULL ? (int64_t)parts.size : point - parts.digits) + parts.exponent; /* digits before the point after the exponent */
    weir_u128 value = 0;
    int64_t place = 0;              /* of the next digit, counted from the left */
    int64_t wanted = whole + scale; /* so many digits are kept; the next one rounds */
    bool round_up = false, overflow = false;
    for (size_t i = 0; i < parts.size; i++) {
        if (parts.digits[i] == '.')
            continue;
        unsigned digit = (unsigned)(parts.digits[i] - '0');
        if (place < wanted) {
            if (value >= weir_pow10[37] * 10)
                overflow = true;
            else
                value = value * 10 + digit;
        } else if (place == wanted) {
            round_up = digit >= 5;
        }
        place++;
    }
    for (; place < wanted && value != 0 && !overflow; place++) {
        if (value >= weir_pow10[37] * 10)
            overflow = true;
        else
            value *= 10;
    }
    if (round_up)
        value++;
    *fits = !overflow && value < weir_pow10[precision];
    *out = *fits ? (parts.negative ? -(weir_i128)value : (weir_i128)value) : 0;
    return true;
}

bool weir_java_integer_parse(weir_text text, int64_t least, int64_t most, int64_t *out) {
    size_t at = 0;
    bool negative = text.size > 0 && text.data[0] == '-';
    if (text.size > 0 && (text.data[0] == '-' || text.data[0] == '+'))
        at++;
    if (at == text.size)
        return false;
    uint64_t value = 0;
    for (; at < text.size; at++) {
        char c = text.data[at];
        if (c < '0' || c > '9' || __builtin_mul_overflow(value, 10u, &value) || __builtin_add_overflow(value, (uint64_t)(c - '0'), &value))
            return false;
    }
    if (value > (uint64_t)INT64_MAX + (negative ? 1 : 0))
        return false;
    int64_t signed_value = negative ? (int64_t)(0 - value) : (int64_t)value;
    if (signed_value < least || signed_value > most)
        return false;
    *out = signed_value;
    return true;
}

/* Java allows a type letter at the end: 1.5d, 2F. */
static weir_text without_suffix(weir_text text) {
    if (text.size > 1) {
        char last = text.data[text.size - 1], before = text.data[text.size - 2];
        if ((last == 'd' || last == 'D' || last == 'f' || last == 'F') && ((before >= '0' && before <= '9') || before == '.'))
            text.size--;
    }
    return text;
}

bool weir_java_double_parse(weir_text text, double *out) { return weir_parse_double(without_suffix(text), out); }

bool weir_java_float_parse(weir_text text, float *out) {
    text = without_suffix(text);
    double wide; /* only for the check: the lenient cast takes blanks and more */
    return weir_parse_double(text, &wide) && weir_cast_text_to_float(text, out);
}
