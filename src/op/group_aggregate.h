/* GROUP BY without windows, streaming (each row's -U/+U) and batch (results at the end).
 * Output: the keys, then one column per call. Streaming rules: flink_semantics "Changelogs"; without keys one row exists from the start
 * (emitted at end of input, when nothing came). */
#ifndef WEIR_OP_GROUP_AGGREGATE_H
#define WEIR_OP_GROUP_AGGREGATE_H

#include "agg/aggregate.h"
#include "op/operator.h"

typedef struct weir_group_aggregate_spec {
    uint32_t input_count;
    const weir_type *const *input_types;
    uint32_t key_count;
    const uint32_t *keys;
    uint32_t call_count;
    const weir_aggregate_call *calls;
    bool input_retracts;   /* the input carries -U / -D */
    bool emit_update_before; /* false: the consumer takes upserts: only +U */
    bool final_only;       /* batch, or a trait says that only the last value is seen: emit once per key at the end (+I) */
    bool empty_gives_row;  /* no keys: a row for empty input */
    const weir_type *const *output_types;
} weir_group_aggregate_spec;

extern const weir_operator_vtable weir_group_aggregate_operator;

#endif
