/* Filter and project in one step: rows for which `condition` is TRUE, with the projections. Keeps marks and kinds; makes no copies: the
 * selection narrows. */
#ifndef WEIR_OP_CALC_H
#define WEIR_OP_CALC_H

#include "op/operator.h"

typedef struct weir_calc_spec {
    const weir_expr *condition; /* NULL: all rows */
    uint32_t count;
    const weir_expr *const *projections; /* NULL: the input's columns as they are */
} weir_calc_spec;

extern const weir_operator_vtable weir_calc_operator;

#endif
