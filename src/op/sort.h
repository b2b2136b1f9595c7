/* ORDER BY and LIMIT. */
#ifndef WEIR_OP_SORT_H
#define WEIR_OP_SORT_H

#include "op/operator.h"
#include "state/codec.h"

/* Full sort at the end of the input (batch), with OFFSET / FETCH; a heap when fetch is small. Ties keep arrival order. */
typedef struct weir_sort_spec {
    uint32_t input_count;
    const weir_type *const *input_types;
    uint32_t order_count; /* 0: only OFFSET / FETCH */
    const weir_sort_key *order;
    int64_t offset; /* rows skipped */
    int64_t fetch;  /* -1: all */
} weir_sort_spec;
extern const weir_operator_vtable weir_sort_operator;

/* Streaming: order[0] is the rowtime, ascending: rows are kept until the watermark passes them; late rows (not newer than the last emitted
 * time) are dropped. */
extern const weir_operator_vtable weir_rowtime_sort_operator; /* spec: weir_sort_spec without fetch */

/* Streaming LIMIT without ORDER BY: the first rows pass; returns DONE when enough. With retracting input it is planned as a rank. */
extern const weir_operator_vtable weir_limit_operator; /* spec: weir_sort_spec */

#endif
