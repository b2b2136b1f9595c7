/* Top-N per group and deduplication. Output: input columns, then the rank (BIGINT) when emit_rank. */
#ifndef WEIR_OP_RANK_H
#define WEIR_OP_RANK_H

#include "op/operator.h"
#include "state/codec.h"

typedef enum weir_rank_function { WEIR_RANK_ROW_NUMBER, WEIR_RANK_RANK, WEIR_RANK_DENSE_RANK } weir_rank_function;

typedef struct weir_rank_spec {
    weir_rank_function function;
    uint32_t input_count;
    const weir_type *const *input_types;
    uint32_t key_count;
    const uint32_t *keys;
    uint32_t order_count;
    const weir_sort_key *order;
    int64_t from_rank, to_rank; /* 1-based, inclusive; to_rank INT64_MAX: unbounded */
    int32_t to_rank_column;     /* variable bound: a column, -1 none */
    bool emit_rank;
    bool input_retracts;
    uint32_t upsert_key_count; /* of the input when it updates by key without -U; 0: whole rows */
    const uint32_t *upsert_key;
    bool emit_update_before;
    bool final_only; /* batch: sort each group at the end, emit +I in rank order */
    const weir_type *const *output_types;
} weir_rank_spec;
extern const weir_operator_vtable weir_rank_operator;

/* ROW_NUMBER() ... = 1 ordered by a time attribute: keep the first or the last row of each key. Keeping the first is insert-only: by
 * rowtime it leaves when the watermark reaches it, and rows behind the watermark are dropped as late. Streaming only: batch plans a rank.
 */
typedef struct weir_deduplicate_spec {
    uint32_t input_count;
    const weir_type *const *input_types;
    uint32_t key_count;
    const uint32_t *keys;
    bool keep_last;
    bool by_rowtime;      /* else by arrival (processing time) */
    uint32_t time_column; /* by_rowtime */
    bool input_retracts;
    bool emit_update_before;
} weir_deduplicate_spec;
extern const weir_operator_vtable weir_deduplicate_operator;

#endif
