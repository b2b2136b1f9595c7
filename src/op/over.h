/* OVER aggregates: the input columns, then one column per call. All calls of one operator share PARTITION BY and ORDER BY; each has its own
 * frame. Streaming by rowtime: rows are kept until the watermark passes them, then processed in time order; late rows are dropped (ROWS:
 * time <= watermark; RANGE: not newer than the last emitted time of the key). Streaming by proctime: at once. Streaming by a non-time
 * column: every change re-emits what changed (retracting). Batch: partitions sorted at the end. */
#ifndef WEIR_OP_OVER_H
#define WEIR_OP_OVER_H

#include "agg/aggregate.h"
#include "op/operator.h"
#include "state/codec.h"

typedef enum weir_bound_kind {
    WEIR_BOUND_UNBOUNDED_PRECEDING,
    WEIR_BOUND_PRECEDING,
    WEIR_BOUND_CURRENT,
    WEIR_BOUND_FOLLOWING,
    WEIR_BOUND_UNBOUNDED_FOLLOWING
} weir_bound_kind;

typedef struct weir_frame {
    bool rows; /* else RANGE */
    weir_bound_kind lower, upper;
    int64_t lower_offset, upper_offset;  /* ROWS: rows; RANGE over time: milliseconds; RANGE over numbers: see the values below */
    weir_value lower_value, upper_value; /* RANGE over a non-time column */
} weir_frame;
bool weir_frame_equal(const weir_frame *a, const weir_frame *b);

typedef struct weir_over_call {
    weir_aggregate_call call; /* ROW_NUMBER, RANK, LAG, ... included: recognised by call.aggregate->name */
    weir_frame frame;
} weir_over_call;

typedef enum weir_over_order { WEIR_OVER_BY_ROWTIME, WEIR_OVER_BY_PROCTIME, WEIR_OVER_BY_COLUMN } weir_over_order;

typedef struct weir_over_spec {
    weir_over_order by;
    uint32_t input_count;
    const weir_type *const *input_types;
    uint32_t key_count;
    const uint32_t *keys;
    uint32_t order_count;
    const weir_sort_key *order; /* by rowtime: order[0] is the time column, ascending */
    uint32_t call_count;
    const weir_over_call *calls;
    bool input_retracts;
    bool final_only; /* batch */
    const weir_type *const *output_types;
} weir_over_spec;
extern const weir_operator_vtable weir_over_operator;

#endif
