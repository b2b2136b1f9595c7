/* Joins. Output: left columns then right columns (SEMI, ANTI: left columns only). NULL keys never match unless the key's null_safe flag is
 * set (IS NOT DISTINCT FROM). `residual` is evaluated over the concatenated row; no keys at all: a nested loop over everything (allowed).
 */
#ifndef WEIR_OP_JOIN_H
#define WEIR_OP_JOIN_H

#include "op/operator.h"
#include "state/codec.h"

typedef enum weir_join_type {
    WEIR_JOIN_INNER,
    WEIR_JOIN_LEFT,
    WEIR_JOIN_RIGHT,
    WEIR_JOIN_FULL,
    WEIR_JOIN_SEMI,
    WEIR_JOIN_ANTI
} weir_join_type;

typedef struct weir_join_side {
    uint32_t column_count;
    const weir_type *const *types;
    const uint32_t *keys; /* [key_count] columns */
    bool retracts;        /* carries -U / -D */
} weir_join_side;

typedef struct weir_join_keys {
    weir_join_type type;
    uint32_t key_count;
    const bool *null_safe; /* [key_count] */
    weir_join_side left, right;
    const weir_expr *residual; /* NULL: none */
    const weir_type *const *output_types;
} weir_join_keys;

/* Regular streaming join: both sides are kept (multisets of rows per key, with the number of matches on outer sides); changelog as Flink's
 * StreamingJoinOperator / StreamingSemiAntiJoinOperator. */
typedef struct weir_join_spec {
    weir_join_keys on;
    bool null_aware_anti; /* NOT IN: a NULL on the right (or left) means no rows. The keys are the columns of NOT IN; a correlation of the
                             subquery is part of the residual */
} weir_join_spec;
extern const weir_operator_vtable weir_join_operator;

/* Batch hash join: reads the right (build) side first, then streams the left; all types; with null_aware_anti. */
extern const weir_operator_vtable weir_hash_join_operator; /* spec: weir_join_spec */

/* Interval join on time columns: right_time between left_time + lower and left_time + upper. INNER, LEFT, RIGHT, FULL. Insert-only. Rows
 * leave the state when the watermark passes them; outer rows without match are emitted then. */
typedef struct weir_interval_join_spec {
    weir_join_keys on;
    uint32_t left_time, right_time; /* columns within each side */
    int64_t lower_ms, upper_ms;
    bool processing_time;
} weir_interval_join_spec;
extern const weir_operator_vtable weir_interval_join_operator;

/* Window join: rows of both sides with equal keys in the same window, when it closes. All six types. */
typedef struct weir_window_join_spec {
    weir_join_keys on;
    uint32_t left_end, right_end; /* window_end columns within each side */
    bool end_is_ltz;
} weir_window_join_spec;
extern const weir_operator_vtable weir_window_join_operator;

/* Event-time temporal join: FOR SYSTEM_TIME AS OF left.rowtime against the versions of the right side (a changelog or append stream with
 * primary key = keys). INNER and LEFT. A left row is emitted when the combined watermark passes its time. */
typedef struct weir_temporal_join_spec {
    weir_join_keys on;
    uint32_t left_time, right_time;
} weir_temporal_join_spec;
extern const weir_operator_vtable weir_temporal_join_operator;

#endif
