/* CROSS / LEFT JOIN UNNEST(expression): each row once per element of an ARRAY, MULTISET (repeated by count) or MAP (key, value). An array
 * of ROWs spreads its fields.
 * Output: input columns, the element's column(s), and with `ordinality` an INT NOT NULL from 1. */
#ifndef WEIR_OP_UNNEST_H
#define WEIR_OP_UNNEST_H

#include "op/operator.h"

typedef struct weir_unnest_spec {
    uint32_t input_count;
    const weir_expr *collection;
    bool ordinality;
    bool keep_empty; /* LEFT JOIN ... ON TRUE: NULL or [] gives one row of NULLs */
    uint32_t output_count;
    const weir_type *const *output_types;
} weir_unnest_spec;
extern const weir_operator_vtable weir_unnest_operator;

#endif
