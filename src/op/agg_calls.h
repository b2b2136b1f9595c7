/* The bound aggregate calls of an operator, laid out one behind the other in a keyed value. Private to op/. */
#ifndef WEIR_OP_AGG_CALLS_H
#define WEIR_OP_AGG_CALLS_H

#include "agg/aggregate.h"
#include "op/operator.h"
#include "state/keyed.h"

typedef struct weir_agg_calls {
    const weir_operator_context *context;
    uint32_t count;
    weir_accumulator *items; /* [count], in the arena */
    uint32_t *offsets;       /* [count], from the start of the value */
    uint32_t end;            /* bytes of the value: head and all states */
    bool merges;             /* every call can merge */
} weir_agg_calls;

/* Bind `calls` behind `head_bytes` (a multiple of 8) of the operator's own. */
weir_status weir_agg_calls_bind(weir_agg_calls *self, const weir_operator_context *context, weir_state *state,
                                const weir_aggregate_call *calls,
                                uint32_t count, bool retracts, uint32_t head_bytes, weir_error *error) WEIR_MUST_USE;
weir_status weir_agg_calls_update(weir_agg_calls *self, void *const *values, const weir_rows *rows, const uint8_t *kinds,
                                  weir_column *const *columns, weir_error *error) WEIR_MUST_USE;
/* before[i][row], after[i][row]: results of call i around each row. */
weir_status weir_agg_calls_replay(weir_agg_calls *self, void *const *values, const weir_rows *rows, const uint8_t *kinds,
                                  weir_column *const *columns, weir_column **before, weir_column **after, weir_error *error) WEIR_MUST_USE;
weir_status weir_agg_calls_emit(weir_agg_calls *self, void *const *values, const weir_rows *rows, weir_column **out,
                                weir_error *error) WEIR_MUST_USE;
/* Fold `from` into `into`; `from` is cleared. */
weir_status weir_agg_calls_merge(weir_agg_calls *self, void *into, void *from, weir_error *error) WEIR_MUST_USE;
/* Give back what the states own and zero them; the head stays. */
void weir_agg_calls_clear(weir_agg_calls *self, void *value);

/* Fresh columns for the results of all calls. On failure none is left. */
weir_status weir_agg_calls_columns(const weir_agg_calls *self, uint32_t rows, weir_column **out, weir_error *error) WEIR_MUST_USE;
void weir_columns_drop(weir_column **columns, uint32_t count); /* unref and forget; NULLs are fine */
/* differs[row] |= the rows of a and b are different, as GROUP BY sees it. */
void weir_columns_differ(const weir_column *a, const weir_column *b, const weir_rows *rows, uint8_t *differs);

#endif
