/* What a time window is; shared by the window operators. Times in milliseconds. Windows align to the epoch plus offset in the wall time of
 * `zone` for LTZ columns (NULL: UTC).
 * Assignment of a time t: the windows [start, end) with start = offset + k * slide that hold t. */
#ifndef WEIR_OP_WINDOW_H
#define WEIR_OP_WINDOW_H

#include "agg/aggregate.h"
#include "op/operator.h"

typedef enum weir_window_kind { WEIR_WINDOW_TUMBLE, WEIR_WINDOW_HOP, WEIR_WINDOW_CUMULATE, WEIR_WINDOW_SESSION } weir_window_kind;

typedef struct weir_window {
    weir_window_kind kind;
    int64_t size_ms;   /* SESSION: the gap */
    int64_t slide_ms;  /* HOP's slide, CUMULATE's step; else = size */
    int64_t offset_ms;
    uint32_t time_column; /* TIMESTAMP(<=3) or LTZ: rowtime; or proctime */
    bool processing_time;
    bool time_is_ltz;     /* window_start / end are wall time of the session zone */
} weir_window;

/* The window table function as such: input columns + window_start, window_end (TIMESTAMP(3) NOT NULL), window_time. A row is repeated once
 * per window (HOP, CUMULATE).
 * SESSION needs keys and waits until its windows close. Batch mode: no late rows. In streaming mode late rows are dropped only by what
 * stands behind, not here. */
typedef struct weir_window_table_spec {
    weir_window window;
    uint32_t key_count; /* SESSION: PARTITION BY */
    const uint32_t *keys;
    uint32_t input_count;
    const weir_type *const *input_types;
    const weir_type *const *output_types; /* input_count + 3 */
} weir_window_table_spec;
extern const weir_operator_vtable weir_window_table_operator;

/* GROUP BY window_start, window_end, keys: results when the watermark passes window_end - 1. Takes either raw rows and assigns them (window
 * given), or rows with window bounds from
 * upstream (attached: start and end columns; the window fires by its end column and is late by it). Also legacy TUMBLE/HOP/SESSION groups.
 * Output: keys, calls, then the properties asked for, in the order given. Late rows are dropped and counted. Insert-only input unless
 * input_retracts. */
typedef enum weir_window_property { WEIR_WINDOW_PROPERTY_START, WEIR_WINDOW_PROPERTY_END, WEIR_WINDOW_PROPERTY_TIME /* end - 1 ms */ ,
                                   WEIR_WINDOW_PROPERTY_PROCTIME } weir_window_property;

typedef struct weir_window_aggregate_spec {
    weir_window window;
    bool attached;
    uint32_t start_column, end_column; /* attached */
    uint32_t input_count;
    const weir_type *const *input_types;
    uint32_t key_count;
    const uint32_t *keys;
    uint32_t call_count;
    const weir_aggregate_call *calls;
    bool input_retracts;
    uint32_t property_count;
    const weir_window_property *properties;
    const weir_type *const *output_types; /* keys, calls, properties */
} weir_window_aggregate_spec;
extern const weir_operator_vtable weir_window_aggregate_operator;

/* ROW_NUMBER over (PARTITION BY window_start, window_end, keys ORDER BY ...) <= n: emitted when the window closes. Also window
 * deduplication (n = 1 by time). Bounds are columns of the input. */
typedef struct weir_window_rank_spec {
    uint32_t end_column;
    bool end_is_ltz;
    uint32_t key_count; /* window columns not among them */
    const uint32_t *keys;
    uint32_t order_count;
    const weir_sort_key *order;
    int64_t from_rank, to_rank; /* 1-based, inclusive */
    bool emit_rank;             /* append the rank, BIGINT */
    /* deduplication keeping the last row (ORDER BY the time attribute DESC, n = 1): of equal times the later arrival counts */
    bool last_of_ties;
    uint32_t input_count;
    const weir_type *const *input_types;
    const weir_type *const *output_types;
} weir_window_rank_spec;
extern const weir_operator_vtable weir_window_rank_operator;

#endif
