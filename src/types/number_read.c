/* Decimal text to binary floating point, correctly rounded.
 *
 * Three ways, the fast ones first: exact arithmetic when digits and power of ten are both representable (Clinger); the product of the
 * digits with the power's leading 128 bits, when the cut-off rest cannot matter (Eisel and Lemire); else the C library, on a copy of at
 * most 800 digits (more cannot decide a rounding, only whether they are zero). */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "types/number_int.h"

enum { EXPONENT_MAX = 100000, DIGITS_KEPT = 19, SLOW_DIGITS_MAX = 800 };

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* Significant digits into `out`, which may already hold some; *dropped counts digits that no longer fit. */
static const char *take_digits(const char *at, const char *end, weir_number_text *out, int *kept, int64_t *dropped) {
    for (; at < end && is_digit(*at); at++) {
        int digit = *at - '0';
        if (*kept < DIGITS_KEPT) {
            out->digits = out->digits * 10 + (uint64_t)digit;
            *kept += *kept > 0 || digit > 0;
        } else {
            out->more |= digit > 0;
            ++*dropped;
        }
    }
    return at;
}

static bool take_exponent(const char *at, const char *end, int32_t *exponent) {
    bool negative = at < end && *at == '-';
    at += at < end && (*at == '-' || *at == '+');
    if (at == end)
        return false;
    int32_t value = 0;
    for (; at < end; at++) {
        if (!is_digit(*at))
            return false;
        if (value < EXPONENT_MAX)
            value = value * 10 + (*at - '0');
    }
    *exponent = negative ? -value : value;
    return true;
}

bool weir_number_take_apart(weir_text text, weir_number_text *out) {
    const char *at = text.data, *end = text.data + text.size;
    *out = (weir_number_text){0};
    if (at < end && (*at == '-' || *at == '+'))
        out->negative = *at++ == '-';
    out->first = at;
    int kept = 0;
    int64_t dropped = 0, after = 0;
    int32_t exponent = 0;
    const char *whole_end = take_digits(at, end, out, &kept, &dropped);
    ptrdiff_t digits = whole_end - at;
    at = whole_end;
    if (at < end && *at == '.') {
        int64_t dropped_before = dropped;
        const char *fraction = ++at;
        at = take_digits(at, end, out, &kept, &dropped);
        digits += at - fraction;
        /* Every digit after the point that was kept, or was a leading zero, moves the point. */
        after = (at - fraction) - (dropped - dropped_before);
        dropped = dropped_before;
    }
    out->end = at;
    if (digits == 0)
        return false;
    if (at < end && (*at == 'e' || *at == 'E')) {
        if (!take_exponent(at + 1, end, &exponent))
            return false;
        at = end;
    }
    int64_t total = exponent + dropped - after;
    out->exponent = total > EXPONENT_MAX ? EXPONENT_MAX : total < -EXPONENT_MAX ? -EXPONENT_MAX : (int32_t)total;
    return at == end;
}

/* glibc hands out one static object for the "C" locale, so this costs nothing and the host's locale does not matter. */
static double slow_read(const weir_number_text *number, bool single, float *as_float) {
    char copy[SLOW_DIGITS_MAX + 32];
    size_t size = 0, kept = 0;
    int32_t exponent = number->exponent;
    /* The digits again, from the text; `exponent` stands for the DIGITS_KEPT-th, so each further one lowers it. */
    const char *at = number->first;
    while (at < number->end && (*at == '0' || *at == '.'))
        at++;
    bool rest = false;
    for (; at < number->end; at++) {
        if (*at == '.')
            continue;
        if (kept < SLOW_DIGITS_MAX) {
            copy[size++] = *at;
            exponent -= ++kept > DIGITS_KEPT;
        } else {
            rest |= *at != '0';
        }
    }
    if (kept == 0)
        copy[size++] = '0';
    if (rest) {
        copy[size++] = '1';
        exponent--;
    }
    snprintf(copy + size, sizeof(copy) - size, "e%d", exponent);
    locale_t c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    double value = 0;
    if (single)
        *as_float = strtof_l(copy, NULL, c_locale);
    else
        value = strtod_l(copy, NULL, c_locale);
    freelocale(c_locale);
    return value;
}

static const double exact_pow10[23] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                       1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

/* False: not decided. `digits` is not 0. */
static bool product_read(uint64_t digits, int32_t exponent, double *out) {
    if (exponent < WEIR_POW10_LEAST || exponent > 308)
        return false;
    const uint64_t *power = weir_pow10_bits[exponent - WEIR_POW10_LEAST];
    int zeros = __builtin_clzll(digits);
    digits <<= zeros;
    weir_u128 product = (weir_u128)digits * power[0];
    uint64_t high = (uint64_t)(product >> 64), low = (uint64_t)product;
    /* 55 bits are wanted; the 9 below them being all ones means that a carry from the power's lower half could ripple up. */
    if ((high & 0x1FF) == 0x1FF && low + digits < low) {
        weir_u128 wider = (weir_u128)digits * power[1];
        uint64_t carry = (uint64_t)(wider >> 64);
        weir_u128 merged = product + carry;
        high = (uint64_t)(merged >> 64);
        low = (uint64_t)merged;
        if ((high & 0x1FF) == 0x1FF && low == UINT64_MAX && (uint64_t)wider + digits < digits)
            return false;
    }
    int top = (int)(high >> 63);
    uint64_t mantissa = high >> (top + 9); /* 54 bits */
    if (low == 0 && (high & 0x1FF) == 0 && (mantissa & 3) == 1)
        return false; /* maybe exactly half way */
    int32_t binary = weir_floor_log2_pow10(exponent) + 64 + 1023 - zeros - (top ^ 1);
    mantissa = (mantissa + (mantissa & 1)) >> 1;
    if (mantissa >> 53) {
        mantissa >>= 1;
        binary++;
    }
    if (binary < 1 || binary > 2046)
        return false; /* subnormal or infinite: rare enough for the slow way */
    uint64_t bits = (uint64_t)binary << 52 | (mantissa & ((UINT64_C(1) << 52) - 1));
    memcpy(out, &bits, sizeof(bits));
    return true;
}

static double magnitude(const weir_number_text *number) {
    uint64_t digits = number->digits;
    int32_t exponent = number->exponent;
    if (digits == 0)
        return 0;
    if (!number->more && digits <= UINT64_C(1) << 53 && exponent >= -22 && exponent <= 22)
        return exponent < 0 ? (double)digits / exact_pow10[-exponent] : (double)digits * exact_pow10[exponent];
    double value, upper;
    if (product_read(digits, exponent, &value)) {
        /* With digits cut off the truth lies between `digits` and `digits` + 1. */
        if (!number->more || (product_read(digits + 1, exponent, &upper) && upper == value))
            return value;
    }
    return slow_read(number, false, NULL);
}

double weir_number_to_double(const weir_number_text *number) {
    double value = magnitude(number);
    return number->negative ? -value : value;
}

float weir_number_to_float(const weir_number_text *number) {
    double value = magnitude(number);
    uint64_t bits;
    memcpy(&bits, &value, sizeof(bits));
    float result = (float)value;
    /* Rounding twice goes wrong only when the first rounding landed half way between two floats; those below the normal ones are further
     * apart. */
    bool halfway = (bits & 0x1FFFFFFF) == 0x10000000;
    if (value != 0 && (halfway || value < 0x1p-125))
        slow_read(number, true, &result);
    return number->negative ? -result : result;
}
