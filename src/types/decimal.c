/* Decimal arithmetic; see decimal.h. Each operation first tries 128 bits (almost always enough) and falls back to 256. */
#include "types/decimal.h"

#include "types/number_int.h"

#define TEN_POW_19 ((weir_u128)UINT64_C(10000000000000000000))
#define P(low, high_factor) ((weir_u128)(low) * (high_factor))
const weir_u128 weir_pow10[39] = {
    1ull,
    10ull,
    100ull,
    1000ull,
    10000ull,
    100000ull,
    1000000ull,
    10000000ull,
    100000000ull,
    1000000000ull,
    10000000000ull,
    100000000000ull,
    1000000000000ull,
    10000000000000ull,
    100000000000000ull,
    1000000000000000ull,
    10000000000000000ull,
    100000000000000000ull,
    1000000000000000000ull,
    10000000000000000000ull,
    P(10ull, TEN_POW_19),
    P(100ull, TEN_POW_19),
    P(1000ull, TEN_POW_19),
    P(10000ull, TEN_POW_19),
    P(100000ull, TEN_POW_19),
    P(1000000ull, TEN_POW_19),
    P(10000000ull, TEN_POW_19),
    P(100000000ull, TEN_POW_19),
    P(1000000000ull, TEN_POW_19),
    P(10000000000ull, TEN_POW_19),
    P(100000000000ull, TEN_POW_19),
    P(1000000000000ull, TEN_POW_19),
    P(10000000000000ull, TEN_POW_19),
    P(100000000000000ull, TEN_POW_19),
    P(1000000000000000ull, TEN_POW_19),
    P(10000000000000000ull, TEN_POW_19),
    P(100000000000000000ull, TEN_POW_19),
    P(1000000000000000000ull, TEN_POW_19),
    P(10000000000000000000ull, TEN_POW_19),
};
#undef P
#undef TEN_POW_19

/* 256 bits, unsigned, least significant word first. */
typedef struct wide {
    uint64_t word[4];
} wide;

static weir_u128 magnitude(weir_i128 value) { return value < 0 ? -(weir_u128)value : (weir_u128)value; }
static weir_i128 with_sign(weir_u128 size, bool negative) { return negative ? -(weir_i128)size : (weir_i128)size; }

/* The signed value, when it has at most 38 digits. */
static bool finish(weir_u128 size, bool negative, weir_i128 *out) {
    if (size >= weir_pow10[WEIR_DECIMAL_DIGITS_MAX])
        return false;
    *out = with_sign(size, negative);
    return true;
}

static wide wide_of(weir_u128 value) { return (wide){{(uint64_t)value, (uint64_t)(value >> 64), 0, 0}}; }
static bool wide_fits_128(const wide *a) { return (a->word[2] | a->word[3]) == 0; }
static weir_u128 wide_low(const wide *a) { return (weir_u128)a->word[1] << 64 | a->word[0]; }

static wide wide_multiply(weir_u128 a, weir_u128 b) {
    uint64_t x[2] = {(uint64_t)a, (uint64_t)(a >> 64)}, y[2] = {(uint64_t)b, (uint64_t)(b >> 64)};
    wide result = {{0}};
    for (int i = 0; i < 2; i++) {
        uint64_t carry = 0;
        for (int j = 0; j < 2; j++) {
            weir_u128 sum = (weir_u128)x[i] * y[j] + result.word[i + j] + carry;
            result.word[i + j] = (uint64_t)sum;
            carry = (uint64_t)(sum >> 64);
        }
        result.word[i + 2] = carry;
    }
    return result;
}

static int wide_compare(const wide *a, const wide *b) {
    for (int i = 3; i >= 0; i--)
        if (a->word[i] != b->word[i])
            return a->word[i] < b->word[i] ? -1 : 1;
    return 0;
}

static void wide_add(wide *a, const wide *b) {
    uint64_t carry = 0;
    for (int i = 0; i < 4; i++) {
        weir_u128 sum = (weir_u128)a->word[i] + b->word[i] + carry;
        a->word[i] = (uint64_t)sum;
        carry = (uint64_t)(sum >> 64);
    }
}

/* a >= b. */
static void wide_subtract(wide *a, const wide *b) {
    uint64_t borrow = 0;
    for (int i = 0; i < 4; i++) {
        weir_u128 difference = (weir_u128)a->word[i] - b->word[i] - borrow;
        a->word[i] = (uint64_t)difference;
        borrow = (uint64_t)(difference >> 64) & 1;
    }
}

/* *a becomes the quotient; returns the remainder. Bit by bit: only reached with more than 38 digits in play. */
static wide wide_divide(wide *a, const wide *b) {
    wide quotient = {{0}}, rest = {{0}};
    for (int bit = 255; bit >= 0; bit--) {
        for (int i = 3; i > 0; i--)
            rest.word[i] = rest.word[i] << 1 | rest.word[i - 1] >> 63;
        rest.word[0] = rest.word[0] << 1 | (a->word[bit / 64] >> (bit % 64) & 1);
        if (wide_compare(&rest, b) >= 0) {
            wide_subtract(&rest, b);
            quotient.word[bit / 64] |= UINT64_C(1) << (bit % 64);
        }
    }
    *a = quotient;
    return rest;
}

/* Division by one word, the common case in scaling: powers of ten up to 10^19. */
static void wide_divide_word(wide *a, uint64_t b) {
    uint64_t rest = 0;
    for (int i = 3; i >= 0; i--) {
        weir_u128 now = (weir_u128)rest << 64 | a->word[i];
        a->word[i] = (uint64_t)(now / b);
        rest = (uint64_t)(now % b);
    }
}

static weir_u128 divide_half_up(weir_u128 value, weir_u128 divisor) {
    weir_u128 quotient = value / divisor, rest = value - quotient * divisor;
    return quotient + (rest >= divisor - rest);
}

/* Whether quotient + rest / divisor rounds up, after it has been rounded to 38 significant digits, as Flink does first: a remainder just
 * below one half may become one half by that. */
static bool quotient_rounds_up(weir_u128 quotient, weir_u128 rest, weir_u128 divisor) {
    if (rest >= divisor - rest)
        return true;
    weir_u128 missing = divisor - rest - rest;
    if (missing > divisor >> 3)
        return false;
    int32_t spare = WEIR_DECIMAL_DIGITS_MAX; /* digits behind the quotient's last that the first rounding keeps */
    while (spare > 0 && quotient >= weir_pow10[WEIR_DECIMAL_DIGITS_MAX - spare])
        spare--;
    return spare > 0 && missing <= divisor / weir_pow10[spare];
}

/* Drop `digits` decimal digits, HALF_UP. Only the first dropped digit decides, so the others can be cut before. False: beyond 128 bits. */
static bool wide_drop_digits(wide *a, int32_t digits, weir_u128 *out) {
    for (int32_t left = digits - 1; left > 0; left -= 19)
        wide_divide_word(a, (uint64_t)weir_pow10[left < 19 ? left : 19]);
    if (digits > 0) {
        wide five = wide_of(5);
        wide_add(a, &five);
        wide_divide_word(a, 10);
    }
    *out = wide_low(a);
    return wide_fits_128(a);
}

static bool scale_up(weir_u128 size, int32_t digits, weir_u128 *out) {
    if (size == 0) {
        *out = 0;
        return true;
    }
    return digits <= WEIR_DECIMAL_DIGITS_MAX && !__builtin_mul_overflow(size, weir_pow10[digits], out);
}

bool weir_decimal_rescale(weir_i128 value, int32_t from_scale, int32_t to_scale, weir_i128 *out) {
    weir_u128 size = magnitude(value);
    if (to_scale >= from_scale)
        return scale_up(size, to_scale - from_scale, &size) && finish(size, value < 0, out);
    int32_t drop = from_scale - to_scale;
    size = drop > WEIR_DECIMAL_DIGITS_MAX ? 0 : divide_half_up(size, weir_pow10[drop]);
    return finish(size, value < 0, out);
}

bool weir_decimal_rescale_down(weir_i128 value, int32_t from_scale, int32_t to_scale, weir_i128 *out) {
    if (to_scale >= from_scale)
        return weir_decimal_rescale(value, from_scale, to_scale, out);
    int32_t drop = from_scale - to_scale;
    *out = drop > WEIR_DECIMAL_DIGITS_MAX ? 0 : value / (weir_i128)weir_pow10[drop];
    return true;
}

/* |value| * 10^digits, digits <= 38: at most 76 digits, which 256 bits hold. */
static wide wide_scaled(weir_i128 value, int32_t digits) { return wide_multiply(magnitude(value), weir_pow10[digits]); }

static bool wide_finish(wide *size, bool negative, int32_t scale, int32_t out_scale, weir_i128 *out) {
    weir_u128 rounded;
    if (scale >= out_scale)
        return wide_drop_digits(size, scale - out_scale, &rounded) && finish(rounded, negative, out);
    rounded = wide_low(size);
    return wide_fits_128(size) && scale_up(rounded, out_scale - scale, &rounded) && finish(rounded, negative, out);
}

bool weir_decimal_add(weir_i128 a, int32_t a_scale, weir_i128 b, int32_t b_scale, int32_t out_scale, weir_i128 *out) {
    int32_t scale = a_scale > b_scale ? a_scale : b_scale;
    weir_i128 x, y, sum;
    if (!__builtin_mul_overflow(a, (weir_i128)weir_pow10[scale - a_scale], &x) &&
        !__builtin_mul_overflow(b, (weir_i128)weir_pow10[scale - b_scale], &y) && !__builtin_add_overflow(x, y, &sum)) {
        if (scale == out_scale)
            return finish(magnitude(sum), sum < 0, out);
        return weir_decimal_rescale(sum, scale, out_scale, out);
    }
    wide u = wide_scaled(a, scale - a_scale), v = wide_scaled(b, scale - b_scale);
    bool negative = a < 0;
    if ((a < 0) == (b < 0)) {
        wide_add(&u, &v);
    } else if (wide_compare(&u, &v) >= 0) {
        wide_subtract(&u, &v);
    } else {
        wide_subtract(&v, &u);
        u = v;
        negative = b < 0;
    }
    return wide_finish(&u, negative, scale, out_scale, out);
}

bool weir_decimal_subtract(weir_i128 a, int32_t a_scale, weir_i128 b, int32_t b_scale, int32_t out_scale, weir_i128 *out) {
    return weir_decimal_add(a, a_scale, -b, b_scale, out_scale, out);
}

bool weir_decimal_multiply(weir_i128 a, int32_t a_scale, weir_i128 b, int32_t b_scale, int32_t out_scale, weir_i128 *out) {
    int32_t scale = a_scale + b_scale;
    weir_i128 product;
    if (!__builtin_mul_overflow(a, b, &product)) {
        if (scale == out_scale)
            return finish(magnitude(product), product < 0, out);
        return weir_decimal_rescale(product, scale, out_scale, out);
    }
    wide size = wide_multiply(magnitude(a), magnitude(b));
    return wide_finish(&size, (a < 0) != (b < 0), scale, out_scale, out);
}

/* More digits of a / b than fit at once: chunk by chunk from the remainder, as in long division. */
static bool divide_long(weir_u128 x, weir_u128 y, int32_t digits, weir_u128 *out) {
    weir_u128 quotient = x / y, rest = x % y;
    while (digits > 0) {
        int32_t step = digits < WEIR_DECIMAL_DIGITS_MAX ? digits : WEIR_DECIMAL_DIGITS_MAX;
        if (!scale_up(quotient, step, &quotient) || quotient >= weir_pow10[WEIR_DECIMAL_DIGITS_MAX])
            return false;
        wide scaled = wide_multiply(rest, weir_pow10[step]), divisor = wide_of(y);
        wide left = wide_divide(&scaled, &divisor);
        quotient += wide_low(&scaled); /* below 10^step, since rest < y */
        rest = wide_low(&left);
        digits -= step;
    }
    *out = quotient + quotient_rounds_up(quotient, rest, y);
    return true;
}

bool weir_decimal_divide(weir_i128 a, int32_t a_scale, weir_i128 b, int32_t b_scale, int32_t out_scale, weir_i128 *out) {
    weir_u128 x = magnitude(a), y = magnitude(b), scaled, result;
    bool negative = (a < 0) != (b < 0);
    int32_t digits = out_scale + b_scale - a_scale; /* a / b must be scaled by this power of ten */
    if (digits < 0) {
        /* The first dropped digit of the integral quotient decides; what the integral division cut lies below it. */
        int32_t drop = -digits;
        result = drop > WEIR_DECIMAL_DIGITS_MAX ? 0 : divide_half_up(x / y, weir_pow10[drop]);
        return finish(result, negative, out);
    }
    if (scale_up(x, digits, &scaled)) {
        result = scaled / y;
        return finish(result + quotient_rounds_up(result, scaled - result * y, y), negative, out);
    }
    return divide_long(x, y, digits, &result) && finish(result, negative, out);
}

/* Whether an integral quotient can be held in 38 significant digits. */
static bool quotient_possible(wide quotient) {
    while (!wide_fits_128(&quotient) || wide_low(&quotient) >= weir_pow10[WEIR_DECIMAL_DIGITS_MAX]) {
        wide tenth = quotient, ten = wide_of(10);
        wide rest = wide_divide(&tenth, &ten);
        if (wide_low(&rest) != 0)
            return false;
        quotient = tenth;
    }
    return true;
}

bool weir_decimal_remainder(weir_i128 a, int32_t a_scale, weir_i128 b, int32_t b_scale, int32_t out_scale, weir_i128 *out) {
    int32_t scale = a_scale > b_scale ? a_scale : b_scale;
    weir_i128 x, y;
    if (!__builtin_mul_overflow(a, (weir_i128)weir_pow10[scale - a_scale], &x) &&
        !__builtin_mul_overflow(b, (weir_i128)weir_pow10[scale - b_scale], &y)) {
        weir_i128 quotient = x / y;
        return quotient_possible(wide_of(magnitude(quotient))) && weir_decimal_rescale(x - quotient * y, scale, out_scale, out);
    }
    wide u = wide_scaled(a, scale - a_scale), v = wide_scaled(b, scale - b_scale);
    wide rest = wide_divide(&u, &v);
    return quotient_possible(u) && wide_finish(&rest, a < 0, scale, out_scale, out);
}

int weir_decimal_compare(weir_i128 a, int32_t a_scale, weir_i128 b, int32_t b_scale) {
    if (a_scale == b_scale || (a < 0) != (b < 0))
        return (a > b) - (a < b);
    int32_t scale = a_scale > b_scale ? a_scale : b_scale;
    weir_i128 x, y;
    if (!__builtin_mul_overflow(a, (weir_i128)weir_pow10[scale - a_scale], &x) &&
        !__builtin_mul_overflow(b, (weir_i128)weir_pow10[scale - b_scale], &y))
        return (x > y) - (x < y);
    wide u = wide_scaled(a, scale - a_scale), v = wide_scaled(b, scale - b_scale);
    return a < 0 ? wide_compare(&v, &u) : wide_compare(&u, &v);
}

double weir_decimal_to_double(weir_i128 value, int32_t scale) {
    static const double exact[23] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                     1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    if (magnitude(value) <= (weir_u128)1 << 53 && scale <= 22)
        return (double)value / exact[scale];
    char text[WEIR_PRINT_BYTES_MAX];
    size_t size = weir_print_decimal(value, scale, text);
    weir_number_text number;
    return weir_number_take_apart((weir_text){text, size}, &number) ? weir_number_to_double(&number) : 0;
}

bool weir_decimal_from_double(double value, int32_t precision, int32_t scale, weir_i128 *out) {
    if (__builtin_isnan(value) || __builtin_isinf(value))
        return false;
    if (value == 0) {
        *out = 0;
        return true;
    }
    weir_shortest shortest = weir_java_digits_of_double(__builtin_fabs(value));
    weir_i128 digits = with_sign(shortest.digits, value < 0);
    /* digits * 10^exponent: a negative scale, where rescale wants one of at least 0. */
    if (shortest.exponent > 0)
        return weir_decimal_rescale(digits, 0, shortest.exponent, &digits) && weir_decimal_rescale(digits, 0, scale, out) &&
               weir_decimal_fits(*out, precision);
    return weir_decimal_rescale(digits, -shortest.exponent, scale, out) && weir_decimal_fits(*out, precision);
}

bool weir_decimal_to_i64(weir_i128 value, int32_t scale, int64_t *out) {
    weir_i128 whole = value / (weir_i128)weir_pow10[scale];
    *out = (int64_t)whole;
    return whole >= INT64_MIN && whole <= INT64_MAX;
}
