/* Decimal arithmetic on weir_i128 with powers of ten. Values are scaled integers; |value| < 10^38.
 * Every function that can leave 38 digits returns false then. Rounding is HALF_UP (away from zero). */
#ifndef WEIR_TYPES_DECIMAL_H
#define WEIR_TYPES_DECIMAL_H

#include "types/type.h"

extern const weir_u128 weir_pow10[39]; /* 10^0 .. 10^38 */

/* Fits in `precision` digits? */
static inline bool weir_decimal_fits(weir_i128 value, int32_t precision) {
    weir_u128 size = value < 0 ? -(weir_u128)value : (weir_u128)value;
    return size < weir_pow10[precision];
}
bool weir_decimal_rescale(weir_i128 value, int32_t from_scale, int32_t to_scale, weir_i128 *out) WEIR_MUST_USE;      /* HALF_UP */
bool weir_decimal_rescale_down(weir_i128 value, int32_t from_scale, int32_t to_scale, weir_i128 *out) WEIR_MUST_USE; /* truncates */
bool weir_decimal_add(weir_i128 a, int32_t a_scale, weir_i128 b, int32_t b_scale, int32_t out_scale, weir_i128 *out) WEIR_MUST_USE;
bool weir_decimal_subtract(weir_i128 a, int32_t a_scale, weir_i128 b, int32_t b_scale, int32_t out_scale, weir_i128 *out) WEIR_MUST_USE;
bool weir_decimal_multiply(weir_i128 a, int32_t a_scale, weir_i128 b, int32_t b_scale, int32_t out_scale,
                           weir_i128 *out) WEIR_MUST_USE; /* through 256 bits */
bool weir_decimal_divide(weir_i128 a, int32_t a_scale, weir_i128 b, int32_t b_scale, int32_t out_scale,
                         weir_i128 *out) WEIR_MUST_USE; /* b is not 0 */
/* False also when the integral quotient has more than 38 significant digits (Java: "Division impossible"). */
bool weir_decimal_remainder(weir_i128 a, int32_t a_scale, weir_i128 b, int32_t b_scale, int32_t out_scale, weir_i128 *out) WEIR_MUST_USE;
int weir_decimal_compare(weir_i128 a, int32_t a_scale, weir_i128 b, int32_t b_scale);
double weir_decimal_to_double(weir_i128 value, int32_t scale); /* the nearest double */
bool weir_decimal_from_double(double value, int32_t precision, int32_t scale,
                              weir_i128 *out) WEIR_MUST_USE;                          /* through its text, as Java's BigDecimal.valueOf */
bool weir_decimal_to_i64(weir_i128 value, int32_t scale, int64_t *out) WEIR_MUST_USE; /* truncates; false outside int64 */

#endif
