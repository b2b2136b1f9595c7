/* CAST from text to BOOLEAN and numbers, with the leniencies of Flink's runtime, odd ones included: they are what jobs rely on. */
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "types/number_int.h"

enum { HEX_BYTES_MAX = 1000, COMPACT_DIGITS = 18, EXPONENT_CAP = 40 };

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* Blanks only, as the runtime's trim does. */
static weir_text trim_blanks(weir_text text) {
    while (text.size > 0 && text.data[0] == ' ') {
        text.data++;
        text.size--;
    }
    while (text.size > 0 && text.data[text.size - 1] == ' ')
        text.size--;
    return text;
}

/* As Java's String.trim: everything up to the blank. */
static weir_text trim_controls(weir_text text) {
    while (text.size > 0 && (unsigned char)text.data[0] <= ' ') {
        text.data++;
        text.size--;
    }
    while (text.size > 0 && (unsigned char)text.data[text.size - 1] <= ' ')
        text.size--;
    return text;
}

bool weir_cast_text_to_boolean(weir_text text, bool *out) {
    static const char *const words[2][5] = {{"f", "false", "n", "no", "0"}, {"t", "true", "y", "yes", "1"}};
    for (int truth = 0; truth < 2; truth++) {
        for (int i = 0; i < 5; i++) {
            if (weir_text_equal_nocase_c(text, words[truth][i])) {
                *out = truth != 0;
                return true;
            }
        }
    }
    return false;
}

bool weir_cast_text_to_i64(weir_text text, int64_t least, int64_t most, int64_t *out) {
    text = trim_blanks(text);
    const char *at = text.data, *end = text.data + text.size;
    if (at == end)
        return false;
    bool negative = *at == '-';
    at += *at == '-' || *at == '+';
    if (at == end)
        return false;
    uint64_t size = 0;
    for (; at < end && *at != '.'; at++)
        if (!is_digit(*at) || __builtin_mul_overflow(size, 10u, &size) || __builtin_add_overflow(size, (uint64_t)(*at - '0'), &size))
            return false;
    /* A fraction is cut off, but must be one. */
    for (at += at < end; at < end; at++)
        if (!is_digit(*at))
            return false;
    if (size > (uint64_t)INT64_MAX + negative)
        return false;
    *out = (int64_t)(negative ? 0 - size : size);
    return *out >= least && *out <= most;
}

/* 0x1.8p3: the exponent is not optional. */
static bool hexadecimal(weir_text text) {
    const char *at = text.data, *end = text.data + text.size;
    at += at < end && (*at == '-' || *at == '+');
    if (end - at < 2 || at[0] != '0' || (at[1] != 'x' && at[1] != 'X'))
        return false;
    int digits = 0, points = 0;
    for (at += 2; at < end && *at != 'p' && *at != 'P'; at++) {
        char lower = (char)(*at | 0x20);
        bool digit = is_digit(*at) || (lower >= 'a' && lower <= 'f');
        digits += digit;
        points += *at == '.';
        if (!digit && *at != '.')
            return false;
    }
    if (at == end || digits == 0 || points > 1)
        return false;
    at++;
    at += at < end && (*at == '-' || *at == '+');
    if (at == end)
        return false;
    while (at < end && is_digit(*at))
        at++;
    return at == end;
}

static bool read_hexadecimal(weir_text text, bool single, double *as_double, float *as_float) {
    char copy[HEX_BYTES_MAX];
    if (text.size >= sizeof(copy) || !hexadecimal(text))
        return false;
    memcpy(copy, text.data, text.size);
    copy[text.size] = 0;
    locale_t c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (single)
        *as_float = strtof_l(copy, NULL, c_locale);
    else
        *as_double = strtod_l(copy, NULL, c_locale);
    freelocale(c_locale);
    return true;
}

/* Java's literals may end in a type letter: 1.5d, 2F. */
static weir_text without_suffix(weir_text text) {
    if (text.size > 0 && strchr("dDfF", text.data[text.size - 1]) != NULL && text.data[text.size - 1] != 0)
        text.size--;
    return text;
}

bool weir_cast_text_to_double(weir_text text, double *out) {
    text = trim_controls(text);
    if (weir_parse_double(text, out))
        return true;
    weir_number_text number;
    text = without_suffix(text);
    if (weir_number_take_apart(text, &number)) {
        *out = weir_number_to_double(&number);
        return true;
    }
    return read_hexadecimal(text, false, out, NULL);
}

bool weir_cast_text_to_float(weir_text text, float *out) {
    text = trim_controls(text);
    weir_number_text number;
    if (weir_number_take_apart(text, &number) || weir_number_take_apart(without_suffix(text), &number)) {
        *out = weir_number_to_float(&number);
        return true;
    }
    double special;
    if (weir_parse_double(text, &special)) {
        *out = (float)special;
        return true;
    }
    return read_hexadecimal(without_suffix(text), true, NULL, out);
}

static bool is_space(char c) { return c == ' ' || c == '\n' || c == '\t'; }

typedef struct compact {
    int64_t value;
    int32_t digits; /* leading zeros included */
    int32_t point;  /* digits before the point */
    char last;      /* the character read last, which ended the digits when it is no digit */
    bool valid;
} compact;

static compact take_compact(const char **at, const char *end) {
    compact result = {.point = -1, .valid = true};
    while (*at < end) {
        result.last = *(*at)++;
        if (is_digit(result.last)) {
            result.value = result.value * 10 + (result.last - '0');
            result.digits++;
        } else if (result.last == '.') {
            if (result.point >= 0)
                result.valid = false;
            if (!result.valid)
                break;
            result.point = result.digits;
        } else {
            break;
        }
    }
    if (result.point < 0)
        result.point = result.digits;
    return result;
}

/* Like the digits, it ends with a character that is swallowed, whatever it is. */
static bool take_compact_exponent(const char **at, const char *end, int32_t *exponent) {
    bool negative = **at == '-';
    if (**at == '-' || **at == '+') {
        if (++*at == end)
            return false;
    }
    int32_t value = 0;
    while (*at < end) {
        char c = *(*at)++;
        if (!is_digit(c))
            break;
        if (value < EXPONENT_CAP)
            value = value * 10 + (c - '0');
    }
    *exponent = negative ? -value : value;
    return true;
}

/* Up to 18 bytes of text for up to 18 digits of precision. Two oddities of Flink's reader are kept: leading zeros count against the
 * precision, and the first character that is no digit is swallowed ("12x" is 12). */
static bool cast_compact(weir_text text, int32_t precision, int32_t scale, weir_i128 *out) {
    const char *at = text.data, *end = text.data + text.size;
    while (at < end && is_space(*at))
        at++;
    if (at == end)
        return false;
    bool negative = *at == '-';
    if (*at == '-' || *at == '+') {
        if (++at == end)
            return false;
    }
    compact number = take_compact(&at, end);
    int32_t exponent = 0;
    if (!number.valid)
        return false;
    if ((number.last == 'e' || number.last == 'E') && at < end && !take_compact_exponent(&at, end, &exponent))
        return false;
    for (; at < end; at++)
        if (!is_space(*at))
            return false;
    int32_t shift = exponent - (number.digits - number.point) + scale;
    if (number.digits + shift > precision || shift > COMPACT_DIGITS || shift < -COMPACT_DIGITS)
        return false;
    weir_i128 value = number.value;
    if (shift >= 0)
        value *= (weir_i128)weir_pow10[shift];
    else
        value = (value + 5 * (weir_i128)weir_pow10[-shift - 1]) / (weir_i128)weir_pow10[-shift];
    *out = negative ? -value : value;
    return true;
}

bool weir_cast_text_to_decimal(weir_text text, int32_t precision, int32_t scale, weir_i128 *out) {
    if (precision <= COMPACT_DIGITS && text.size <= COMPACT_DIGITS)
        return cast_compact(text, precision, scale, out);
    while (text.size > 0 && is_space(text.data[0])) {
        text.data++;
        text.size--;
    }
    while (text.size > 0 && is_space(text.data[text.size - 1]))
        text.size--;
    return weir_parse_decimal(text, precision, scale, out);
}
