/* What the aggregate functions share: checking types, walking rows, and the family tables. */
#ifndef WEIR_AGG_AGG_INT_H
#define WEIR_AGG_AGG_INT_H

#include "agg/aggregate.h"

extern const weir_aggregate weir_aggregates_count[];
extern const weir_aggregate weir_aggregates_sum[];
extern const weir_aggregate weir_aggregates_extreme[];
extern const weir_aggregate weir_aggregates_order[];
extern const weir_aggregate weir_aggregates_variance[];
extern const weir_aggregate weir_aggregates_list[];
extern const weir_aggregate weir_aggregates_json[];
extern const weir_aggregate weir_aggregates_percentile[];
extern const weir_aggregate weir_aggregates_approximate[];
extern const weir_aggregate weir_aggregates_window[];

/* In a replay, a row that neither adds nor retracts: FILTER or DISTINCT keeps it away, the result before and after is the same. */
enum { AGGREGATE_SKIP = 4 };

/* +1, -1, or 0 for a row to skip. */
static inline int aggregate_sign(const uint8_t *kinds, uint32_t row) {
    if (kinds == NULL)
        return 1;
    return kinds[row] == AGGREGATE_SKIP ? 0 : weir_change_adds(kinds[row]) ? 1 : -1;
}

/* States are aligned to 8 bytes, a decimal by itself would want 16. */
typedef weir_i128 aggregate_i128 __attribute__((aligned(8)));

#define AGGREGATE_STATE(type, row) ((type *)(void *)((char *)states[row] + offset))

/* ---- infer ---- */
weir_status aggregate_count(const weir_signature *signature, const char *name, uint32_t least, uint32_t most,
                            weir_error *error) WEIR_MUST_USE;
/* "Cannot apply 'SUM' to arguments of type 'SUM(<VARCHAR(3)>)'. Supported form(s): 'SUM(<NUMERIC>)'" */
weir_status aggregate_refuse(const weir_signature *signature, const char *name, const char *forms, weir_error *error);
/* "Illegal use of 'NULL'": a bare NULL as argument. */
weir_status aggregate_no_null(const weir_signature *signature, weir_error *error) WEIR_MUST_USE;
/* "Max aggregate function does not support type: 'BINARY(2)'." */
weir_status aggregate_no_support(const weir_signature *signature, const char *shown, weir_error *error);
/* As Flink's newer functions say it: "Invalid input arguments. Expected signatures are: ...". */
weir_status aggregate_invalid(const weir_signature *signature, const char *name, const char *usage, weir_error *error);
weir_status aggregate_result(weir_signature *signature, const weir_type *type, weir_error *error) WEIR_MUST_USE;

#endif
