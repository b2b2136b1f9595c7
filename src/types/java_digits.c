/* The digits of a double or float as Java prints them up to version 18.
 *
 * Flink's results carry them in every CAST of a FLOAT or DOUBLE to text (and to DECIMAL, which Java makes out of the text), and jobs
 * compare such texts; so the digits are reproduced where they are not the shortest ones. They differ in four places:
 *   - whole numbers up to 2^63 print all of their digits, less those that lie surely below the value's precision;
 *   - at powers of two, where the neighbour below is nearer than the one above, the nearer distance is taken for both;
 *   - a candidate exactly half way to a neighbour counts or not, depending on the size of the intermediate numbers;
 *   - around 10^25 some intermediate sums overflow, and the last digit is cut where it should be rounded.
 * Everywhere else the shortest decimal is the answer, and comes from shortest.c, which is some ten times faster.
 *
 * The way of the original: the value is B / S * 10^e with integers B and S, half the distance to the neighbour is M / S. Digits are divided
 * off B until what is left is smaller than M (stop: "low") or reaches S within M (stop and round up: "high"). In scientific notation at
 * least two digits are made. The numbers are 32 or 64 bits wide when they surely fit, and wrap around as Java's do when the guess was
 * wrong. */
#include <math.h>
#include <string.h>

#include "types/decimal.h"
#include "types/number_int.h"

enum { BIG_WORDS = 48, DOUBLE_BITS = 53, FLOAT_BITS = 24, POW5_KNOWN = 27, WHOLE_EXPONENT_MAX = 62 };

/* Bits of 5^i; the 0 for 5^0 is the original's. */
static const uint8_t pow5_bits[POW5_KNOWN] = {0,  3,  5,  7,  10, 12, 14, 17, 19, 21, 24, 26, 28, 31,
                                              33, 35, 38, 40, 42, 45, 47, 49, 52, 54, 56, 59, 61};

static uint64_t pow5(int32_t exponent) {
    uint64_t power = 1;
    while (exponent-- > 0)
        power *= 5;
    return power;
}

/* The value is fraction * 2^(exponent - 52), fraction having 53 bits, of which `significant` are given; `used` is without its trailing
 * zeros. */
typedef struct parts {
    uint64_t fraction;
    int32_t exponent;
    int32_t significant;
    int32_t used;
    int32_t tail; /* trailing zero bits of `fraction` */
} parts;

static parts parts_of(uint64_t fraction, int32_t exponent, int32_t significant) {
    int32_t tail = __builtin_ctzll(fraction);
    return (parts){fraction, exponent, significant, DOUBLE_BITS - tail, tail};
}

static weir_shortest digits_of(const char *digits, int count, int32_t exponent) {
    while (count > 1 && digits[count - 1] == 0)
        count--;
    weir_shortest result = {0, exponent - count + 1};
    for (int i = 0; i < count; i++)
        result.digits = result.digits * 10 + (uint64_t)digits[i];
    return result;
}

static weir_shortest whole_digits(const parts *p) {
    uint64_t value =
        p->exponent >= DOUBLE_BITS - 1 ? p->fraction << (p->exponent - (DOUBLE_BITS - 1)) : p->fraction >> (DOUBLE_BITS - 1 - p->exponent);
    int32_t surplus = p->exponent - p->significant - 1; /* bits that say nothing */
    int32_t exponent = 0;
    if (p->exponent > p->significant && surplus > 1) {
        exponent = (int32_t)(surplus * INT64_C(30103) / 100000);
        uint64_t unit = (uint64_t)weir_pow10[exponent];
        uint64_t rest = value % unit;
        value = value / unit + (rest >= unit / 2 && exponent > 0);
    }
    while (value % 10 == 0) {
        value /= 10;
        exponent++;
    }
    return (weir_shortest){value, exponent};
}

/* What the loops share: powers of 2 and 5 in B, S and M, and the decimal exponent. */
typedef struct scales {
    int32_t b2, b5, s2, s5, m2, m5;
    int32_t decimal;
} scales;

/* A straight line through log10 on [1, 2): never too small, at most one too large. */
static int32_t decimal_guess(const parts *p) {
    double normal = (double)p->fraction * 0x1p-52;
    return (int32_t)floor((normal - 1.5) * 0.289529654 + 0.176091259 + (double)p->exponent * 0.301029995663981);
}

static scales scales_of(const parts *p) {
    int32_t tiny = p->used - p->exponent - 1 > 0 ? p->used - p->exponent - 1 : 0; /* bits behind the point */
    scales s = {.decimal = decimal_guess(p)};
    s.b5 = s.decimal < 0 ? -s.decimal : 0;
    s.b2 = s.b5 + tiny + p->exponent;
    s.s5 = s.decimal > 0 ? s.decimal : 0;
    s.s2 = s.s5 + tiny;
    s.m5 = s.b5;
    s.m2 = s.b2 - p->significant;
    s.b2 -= p->used - 1;
    int32_t common = s.b2 < s.s2 ? s.b2 : s.s2;
    s.b2 -= common;
    s.s2 -= common;
    s.m2 -= common;
    if (p->used == 1)
        s.m2 -= 1;
    if (s.m2 < 0) {
        s.b2 -= s.m2;
        s.s2 -= s.m2;
        s.m2 = 0;
    }
    return s;
}

/* The last digit is rounded up, with carries. */
static void round_up(char *digits, int count, int32_t *decimal) {
    int i = count - 1;
    while (digits[i] == 9 && i > 0)
        digits[i--] = 0;
    if (digits[i] == 9) {
        digits[i] = 1;
        ++*decimal;
    } else {
        digits[i]++;
    }
}

static weir_shortest rounded(char *digits, int count, int32_t decimal, bool low, bool high, int64_t to_middle) {
    bool up = high && (!low || to_middle > 0 || (to_middle == 0 && (digits[count - 1] & 1) != 0));
    if (up)
        round_up(digits, count, &decimal);
    return digits_of(digits, count, decimal);
}

static bool scientific(int32_t decimal) { return decimal < -3 || decimal >= 8; }

static int64_t wrapped(uint64_t value, bool narrow) { return narrow ? (int32_t)(uint32_t)value : (int64_t)value; }

/* 32 (narrow) or 64 bits. */
static weir_shortest small_digits(const parts *p, scales s, bool narrow) {
    char digits[32];
    int count = 0;
    int64_t b = wrapped((p->fraction >> p->tail) * pow5(s.b5) << s.b2, narrow);
    int64_t unit = wrapped(pow5(s.s5) << s.s2, narrow);
    int64_t m = wrapped(pow5(s.m5) << s.m2, narrow);
    int64_t tens = wrapped((uint64_t)unit * 10, narrow);
    bool low = false, high = false;
    for (bool first = true; first || (!low && !high); first = false) {
        int64_t q = b / unit;
        b = wrapped((uint64_t)(b % unit) * 10, narrow);
        m = wrapped((uint64_t)m * 10, narrow);
        if (m > 0 || first) {
            low = b < m;
            high = wrapped((uint64_t)b + (uint64_t)m, narrow) > tens;
        } else {
            low = high = true; /* m has wrapped around: it is larger than all others */
        }
        if (first && q == 0 && !high)
            s.decimal--;
        else if (count < (int)sizeof(digits))
            digits[count++] = (char)q;
        if (first && scientific(s.decimal))
            low = high = false;
    }
    return rounded(digits, count, s.decimal, low, high, wrapped(((uint64_t)b << 1) - (uint64_t)tens, narrow));
}

/* Unsigned, least significant word first; `count` words are in use. */
typedef struct big {
    uint32_t word[BIG_WORDS];
    int count;
} big;

static void big_multiply(big *a, uint32_t factor) {
    uint64_t carry = 0;
    for (int i = 0; i < a->count; i++) {
        carry += (uint64_t)a->word[i] * factor;
        a->word[i] = (uint32_t)carry;
        carry >>= 32;
    }
    if (carry != 0 && a->count < BIG_WORDS)
        a->word[a->count++] = (uint32_t)carry;
}

/* value * 5^five * 2^two */
static big big_of(uint64_t value, int32_t five, int32_t two) {
    big a = {.word = {(uint32_t)value, (uint32_t)(value >> 32)}, .count = value >> 32 != 0 ? 2 : 1};
    for (; five >= 13; five -= 13)
        big_multiply(&a, 1220703125); /* 5^13 */
    big_multiply(&a, (uint32_t)pow5(five));
    int32_t words = two / 32;
    big_multiply(&a, UINT32_C(1) << (two % 32));
    if (words > 0 && a.count + words <= BIG_WORDS) {
        memmove(a.word + words, a.word, (size_t)a.count * sizeof(uint32_t));
        memset(a.word, 0, (size_t)words * sizeof(uint32_t));
        a.count += words;
    }
    return a;
}

static int big_compare(const big *a, const big *b) {
    if (a->count != b->count)
        return a->count < b->count ? -1 : 1;
    for (int i = a->count - 1; i >= 0; i--)
        if (a->word[i] != b->word[i])
            return a->word[i] < b->word[i] ? -1 : 1;
    return 0;
}

static void big_trim(big *a) {
    while (a->count > 1 && a->word[a->count - 1] == 0)
        a->count--;
}

static void big_add(big *a, const big *b) {
    uint64_t carry = 0;
    int count = a->count > b->count ? a->count : b->count;
    for (int i = 0; i < count; i++) {
        carry += (i < a->count ? a->word[i] : 0) + (uint64_t)(i < b->count ? b->word[i] : 0);
        a->word[i] = (uint32_t)carry;
        carry >>= 32;
    }
    a->count = count;
    if (carry != 0 && count < BIG_WORDS)
        a->word[a->count++] = (uint32_t)carry;
}

static void big_subtract(big *a, const big *b) {
    int64_t borrow = 0;
    for (int i = 0; i < a->count; i++) {
        borrow += (int64_t)a->word[i] - (i < b->count ? b->word[i] : 0);
        a->word[i] = (uint32_t)borrow;
        borrow >>= 32;
    }
    big_trim(a);
}

/* The quotient, a digit; *a becomes ten times the remainder. */
static char big_digit(big *a, const big *unit) {
    char digit = 0;
    while (big_compare(a, unit) >= 0) {
        big_subtract(a, unit);
        digit++;
    }
    big_multiply(a, 10);
    return digit;
}

static bool reaches(const big *b, const big *m, const big *tens) {
    big sum = *b;
    big_add(&sum, m);
    return big_compare(tens, &sum) <= 0;
}

static weir_shortest big_digits(const parts *p, scales s) {
    char digits[32];
    int count = 0;
    big b = big_of(p->fraction >> p->tail, s.b5, s.b2);
    big unit = big_of(1, s.s5, s.s2), tens = big_of(10, s.s5, s.s2), m = big_of(10, s.m5, s.m2);
    bool low = false, high = false;
    for (bool first = true; first || (!low && !high); first = false) {
        char q = big_digit(&b, &unit);
        if (!first)
            big_multiply(&m, 10);
        low = big_compare(&b, &m) < 0;
        high = reaches(&b, &m, &tens);
        if (first && q == 0 && !high)
            s.decimal--;
        else if (count < (int)sizeof(digits))
            digits[count++] = q;
        if (first && scientific(s.decimal))
            low = high = false;
    }
    big_multiply(&b, 2);
    return rounded(digits, count, s.decimal, low, high, big_compare(&b, &tens));
}

typedef enum word_size { NARROW, LONG, BIG } word_size;

static int32_t tens_bits_of(const scales *s) { return s->s2 + 1 + (s->s5 + 1 < POW5_KNOWN ? pow5_bits[s->s5 + 1] : (s->s5 + 1) * 3); }

static word_size word_size_of(const parts *p, const scales *s) {
    int32_t b_bits = p->used + s->b2 + (s->b5 < POW5_KNOWN ? pow5_bits[s->b5] : s->b5 * 3);
    int32_t tens_bits = tens_bits_of(s);
    return b_bits < 32 && tens_bits < 32 ? NARROW : b_bits < 64 && tens_bits < 64 ? LONG : BIG;
}

static weir_shortest careful_digits(const parts *p) {
    scales s = scales_of(p);
    word_size size = word_size_of(p, &s);
    return size == BIG ? big_digits(p, s) : small_digits(p, s, size == NARROW);
}

/* B + M stays below eleven times ten S; when that may not fit, sums wrap around and a digit can come out wrong. */
static bool may_wrap(const parts *p) {
    scales s = scales_of(p);
    word_size size = word_size_of(p, &s);
    return size != BIG && tens_bits_of(&s) > (size == NARROW ? 27 : 59);
}

static bool whole(const parts *p) { return p->exponent <= WHOLE_EXPONENT_MAX && p->used - p->exponent - 1 <= 0; }

/* Prices, percentages, counts: up to four digits behind the point and fifteen in all. A decimal of at most fifteen digits that reads back
 * as the value is the only one; and n / 10^4 is how it reads, since both are exact. */
static bool short_digits(double value, weir_shortest *out) {
    if (!(value >= 1e-3 && value < 1e10))
        return false;
    int64_t n = (int64_t)(value * 1e4 + 0.5);
    if ((double)n / 1e4 != value)
        return false;
    *out = (weir_shortest){(uint64_t)n, -4};
    while (out->digits % 10 == 0) {
        out->digits /= 10;
        out->exponent++;
    }
    return true;
}

weir_shortest weir_java_digits_of_double(double value) {
    weir_shortest quick;
    if (short_digits(value, &quick))
        return quick;
    uint64_t bits;
    memcpy(&bits, &value, sizeof(bits));
    uint64_t fraction = bits & ((UINT64_C(1) << 52) - 1);
    int32_t biased = (int32_t)(bits >> 52);
    if (biased == 0) {
        int32_t shift = __builtin_clzll(fraction) - 11;
        parts tiny = parts_of(fraction << shift, 1 - shift - 1023, DOUBLE_BITS - shift);
        return careful_digits(&tiny);
    }
    parts p = parts_of(fraction | UINT64_C(1) << 52, biased - 1023, DOUBLE_BITS);
    if (whole(&p))
        return whole_digits(&p);
    if (p.used > 1) {
        bool tie;
        weir_shortest shortest = weir_shortest_of_double(value, &tie);
        if (!tie && !may_wrap(&p))
            return shortest;
    }
    return careful_digits(&p);
}

weir_shortest weir_java_digits_of_float(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof(bits));
    uint64_t fraction = bits & ((UINT32_C(1) << 23) - 1);
    int32_t biased = (int32_t)(bits >> 23);
    if (biased == 0) {
        int32_t shift = __builtin_clzll(fraction) - 40;
        parts tiny = parts_of(fraction << shift << (DOUBLE_BITS - FLOAT_BITS), 1 - shift - 127, FLOAT_BITS - shift);
        return careful_digits(&tiny);
    }
    parts p = parts_of((fraction | UINT32_C(1) << 23) << (DOUBLE_BITS - FLOAT_BITS), biased - 127, FLOAT_BITS);
    if (whole(&p))
        return whole_digits(&p);
    if (p.used > 1) {
        bool tie;
        weir_shortest shortest = weir_shortest_of_float(value, &tie);
        if (!tie && !may_wrap(&p))
            return shortest;
    }
    return careful_digits(&p);
}
