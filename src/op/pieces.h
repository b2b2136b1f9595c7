/* Small pieces that the operators which pass rows through share: headers of batches that move on, and rows that are repeated. Private to
 * op/. */
#ifndef WEIR_OP_PIECES_H
#define WEIR_OP_PIECES_H

#include "op/operator.h"

/* A batch with the marks of `batch` and nothing else; takes `batch` over, also on failure. NULL: no memory. */
weir_batch *weir_batch_marks_only(weir_batch *batch) WEIR_MUST_USE;
/* `to` gets the rows, kinds, selection and marks of `from`, which keeps its columns and loses the rest. `to` is fresh: its columns are set
 * by the
 * caller and have the physical rows of `from`. */
void weir_batch_move_header(weir_batch *to, weir_batch *from);
/* Keep only the selected rows before physical row `end`, and the marks up to there. */
void weir_batch_cut(weir_batch *batch, uint32_t end);
/* Keep the rows that `keep` says, by physical row. False: no memory. */
bool weir_batch_keep_rows(weir_batch *batch, const uint8_t *keep) WEIR_MUST_USE;

/* out[k] = sources[which[k]][index[k]] for k < count: rows of several columns of one layout woven into one. Failures stick to `out`. */
void weir_column_pick(weir_column *out, weir_column *const *sources, uint32_t source_count, const uint32_t *which, const uint32_t *index,
                      uint32_t count);

/* Every selected row of a batch some number of times (0 is fine), in chunks of bounded size, with the marks at their places. */
typedef struct weir_repeat {
    weir_batch *batch;       /* owned; NULL between batches */
    const uint32_t *counts;  /* by physical row; NULL: `each` times. Not owned */
    uint32_t each;
    uint32_t at;             /* position in the selection */
    uint32_t within;         /* times done of that row */
    uint32_t next_mark;
    uint32_t *source;        /* [capacity] physical row ... */
    uint32_t *ordinal;       /* ... and which time, from 0, of each row of the chunk */
    uint32_t capacity;
    uint32_t count;          /* rows of the chunk */
} weir_repeat;

weir_status weir_repeat_init(weir_repeat *repeat, const weir_operator_context *context, weir_error *error) WEIR_MUST_USE;
void weir_repeat_deinit(weir_repeat *repeat, const weir_operator_context *context);
/* Takes the batch over. */
void weir_repeat_start(weir_repeat *repeat, weir_batch *batch, const uint32_t *counts, uint32_t each);
/* The next chunk: `count` rows in source[] and ordinal[], and a batch of `columns` empty slots with the kinds and marks that belong to it.
 * *out NULL: the batch is done. */
weir_status weir_repeat_next(weir_repeat *repeat, const weir_operator_context *context, uint32_t columns, weir_batch **out,
                             weir_error *error) WEIR_MUST_USE;

#endif
