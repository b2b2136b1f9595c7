/* Binary floating point to the shortest decimal that reads back as the same value: the Schubfach algorithm (Raffaello Giulietti, "The
 * Schubfach way to render doubles", 2020), in the variant that never looks for fewer than two digits, as Java does since 19. What Java did
 * before, and Flink's answers show, is in java_digits.c, which asks here first.
 *
 * A value c * 2^q and the two halfway points to its neighbours are scaled by a power of ten, 10^-k, chosen so that an interval of the
 * value's width holds one or two integers; the product with the power's leading 126 bits, rounded to odd, decides exactly. */
#include <string.h>

#include "types/number_int.h"

/* floor(log10(2^q)) and floor(log10(3/4 * 2^q)). */
static int32_t floor_log10_pow2(int32_t q) { return (int32_t)((q * INT64_C(661971961083)) >> 41); }
static int32_t floor_log10_three_quarters_pow2(int32_t q) { return (int32_t)((q * INT64_C(661971961083) - INT64_C(274743187321)) >> 41); }

/* g * factor / 2^127 rounded to odd: the lowest bit says whether something was cut off. `high`, `low` are the 126 bits of g. */
static uint64_t product_to_odd(uint64_t high, uint64_t low, uint64_t factor) {
    weir_u128 sum = (weir_u128)high * factor + (uint64_t)(((weir_u128)low * factor) >> 64);
    uint64_t rest = (uint64_t)sum & (UINT64_MAX >> 1);
    return (uint64_t)(sum >> 63) | (rest != 0);
}

static weir_shortest trimmed(uint64_t digits, int32_t exponent) {
    if (digits % 100000000 == 0 && digits != 0) {
        digits /= 100000000;
        exponent += 8;
    }
    if (digits % 10000 == 0 && digits != 0) {
        digits /= 10000;
        exponent += 4;
    }
    while (digits % 10 == 0 && digits != 0) {
        digits /= 10;
        exponent++;
    }
    return (weir_shortest){digits, exponent};
}

/* c * 2^q; `irregular` when the neighbour below is nearer than the one above; the result's exponent is moved by `shift`. */
static weir_shortest shortest(uint64_t c, int32_t q, bool irregular, int32_t shift, bool *tie) {
    uint64_t odd = c & 1; /* the halfway points themselves read back as the value only when c is even */
    uint64_t middle = c << 2, above = middle + 2, below = middle - (irregular ? 1 : 2);
    int32_t k = irregular ? floor_log10_three_quarters_pow2(q) : floor_log10_pow2(q);
    int32_t h = q + weir_floor_log2_pow10(-k) + 2;
    const uint64_t *bits = weir_pow10_bits[-k - WEIR_POW10_LEAST];
    /* 126 bits, rounded up. */
    weir_u128 g = (((weir_u128)bits[0] << 64 | bits[1]) >> 2) + 1;
    uint64_t high = (uint64_t)(g >> 64), low = (uint64_t)g;
    uint64_t v = product_to_odd(high, low, middle << h);
    uint64_t v_below = product_to_odd(high, low, below << h);
    uint64_t v_above = product_to_odd(high, low, above << h);
    *tie = (v_below & 3) == 0 || (v_above & 3) == 0; /* a halfway point is itself a candidate */
    v_below += odd;
    v_above -= odd;
    uint64_t s = v >> 2;
    if (s >= 100) {
        /* One digit fewer, when exactly one such candidate lies inside. */
        uint64_t tens = s / 10 * 10;
        bool low_in = v_below <= tens << 2, high_in = (tens + 10) << 2 <= v_above;
        if (low_in != high_in)
            return trimmed(low_in ? tens : tens + 10, k + shift);
    }
    bool low_in = v_below <= s << 2, high_in = (s + 1) << 2 <= v_above;
    if (low_in != high_in)
        return trimmed(low_in ? s : s + 1, k + shift);
    int64_t side = (int64_t)(v - ((s + s + 1) << 1)); /* which of the two is nearer */
    return trimmed(side < 0 || (side == 0 && (s & 1) == 0) ? s : s + 1, k + shift);
}

weir_shortest weir_shortest_of_double(double value, bool *tie) {
    uint64_t bits;
    *tie = false;
    memcpy(&bits, &value, sizeof(bits));
    uint64_t fraction = bits & ((UINT64_C(1) << 52) - 1);
    int32_t biased = (int32_t)(bits >> 52 & 0x7FF);
    if (biased == 0) /* subnormal; the two least would leave one digit, so they are taken ten times as large */
        return fraction < 3 ? shortest(10 * fraction, -1074, false, -1, tie) : shortest(fraction, -1074, false, 0, tie);
    uint64_t c = fraction | UINT64_C(1) << 52;
    int32_t q = biased - 1075;
    if (q < 0 && q > -53 && (c & ((UINT64_C(1) << -q) - 1)) == 0) /* an integer below 2^53 is its own shortest text */
        return trimmed(c >> -q, 0);
    return shortest(c, q, fraction == 0 && biased > 1, 0, tie);
}

weir_shortest weir_shortest_of_float(float value, bool *tie) {
    uint32_t bits;
    *tie = false;
    memcpy(&bits, &value, sizeof(bits));
    uint32_t fraction = bits & ((UINT32_C(1) << 23) - 1);
    int32_t biased = (int32_t)(bits >> 23 & 0xFF);
    if (biased == 0)
        return fraction < 8 ? shortest(10 * (uint64_t)fraction, -149, false, -1, tie) : shortest(fraction, -149, false, 0, tie);
    uint32_t c = fraction | UINT32_C(1) << 23;
    int32_t q = biased - 150;
    if (q < 0 && q > -24 && (c & ((UINT32_C(1) << -q) - 1)) == 0)
        return trimmed(c >> -q, 0);
    return shortest(c, q, fraction == 0 && biased > 1, 0, tie);
}
