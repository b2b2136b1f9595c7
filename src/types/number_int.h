/* What the number readers and printers share. */
#ifndef WEIR_TYPES_NUMBER_INT_H
#define WEIR_TYPES_NUMBER_INT_H

#include "types/convert.h"

enum { WEIR_POW10_LEAST = -342, WEIR_POW10_MOST = 324 };
/* The leading 128 bits of 10^k, rounded down: [k - WEIR_POW10_LEAST][0] is the high half. */
extern const uint64_t weir_pow10_bits[WEIR_POW10_MOST - WEIR_POW10_LEAST + 1][2];

/* floor(log2(10^e)); exact for |e| <= 5456721. */
static inline int32_t weir_floor_log2_pow10(int32_t e) { return (int32_t)((e * INT64_C(913124641741)) >> 38); }

/* digits * 10^exponent; the digits end in no zero unless they are 0. */
typedef struct weir_shortest {
    uint64_t digits;
    int32_t exponent;
} weir_shortest;
/* The shortest decimal that reads back as the value (of those with two digits or more the nearest). For finite, positive values. `tie` is
 * set when the choice hung on whether a halfway point to a neighbour belongs to the value. */
weir_shortest weir_shortest_of_double(double value, bool *tie);
weir_shortest weir_shortest_of_float(float value, bool *tie);
/* The decimal that Java prints up to version 18, which is not always the shortest. For finite, positive values. */
weir_shortest weir_java_digits_of_double(double value);
weir_shortest weir_java_digits_of_float(float value);

/* A number's text taken apart: +-digits * 10^exponent. */
typedef struct weir_number_text {
    bool negative;
    bool more;         /* there were more than 19 significant digits: `digits` holds the first 19, the rest is cut off and not all zero */
    uint64_t digits;   /* up to 19 significant digits */
    int32_t exponent;  /* of the last digit in `digits`; within +-100000 */
    const char *first; /* first character of the digits, for exact reading */
    const char *end;   /* after the last digit (before the 'e') */
} weir_number_text;
/* [+-] digits [. digits] [e [+-] digits], at least one digit before the 'e'. Reads all of the text. */
bool weir_number_take_apart(weir_text text, weir_number_text *out) WEIR_MUST_USE;
double weir_number_to_double(const weir_number_text *number); /* the nearest, ties to even; +-Infinity beyond */
float weir_number_to_float(const weir_number_text *number);

#endif
