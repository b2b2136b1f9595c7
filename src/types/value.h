/* One value, boxed: literals, defaults, results on their way to text. Never used per row in an operator.
 * Ownership: text and items are borrowed; make them in the arena that the value shall live in. */
#ifndef WEIR_TYPES_VALUE_H
#define WEIR_TYPES_VALUE_H

#include "types/type.h"

typedef struct weir_value {
    const weir_type *type;
    bool is_null;
    union {
        bool boolean;
        int64_t integer; /* integers, DATE, TIME, TIMESTAMP p <= 6, intervals: in the units of types/type.h */
        double real;     /* FLOAT, DOUBLE */
        weir_i128 decimal;
        weir_timestamp_ns nanos; /* TIMESTAMP p > 6 */
        weir_text text;          /* text, binary, SYMBOL */
        struct {
            const struct weir_value *items; /* ARRAY elements; ROW fields; MAP, MULTISET: key, value, key, value, ... */
            uint32_t count;                 /* of items */
        } nested;
    } as;
} weir_value;

bool weir_value_equal(const weir_value *a, const weir_value *b);

#endif
