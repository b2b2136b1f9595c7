/* Every row once per projection: GROUPING SETS, ROLLUP, CUBE (excluded keys become NULL literals, the set's id is a column). */
#ifndef WEIR_OP_EXPAND_H
#define WEIR_OP_EXPAND_H

#include "op/operator.h"

typedef struct weir_expand_spec {
    uint32_t set_count;
    uint32_t count; /* columns out */
    const weir_expr *const *const *projections; /* [set_count][count] */
    const weir_type *const *output_types;
} weir_expand_spec;

extern const weir_operator_vtable weir_expand_operator;

#endif
