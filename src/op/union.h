/* UNION ALL: rows of all inputs as they come; the watermark is the least of all. Any number of inputs. */
#ifndef WEIR_OP_UNION_H
#define WEIR_OP_UNION_H

#include "op/operator.h"

typedef struct weir_union_spec {
    uint32_t input_count;
} weir_union_spec;
extern const weir_operator_vtable weir_union_operator;

#endif
