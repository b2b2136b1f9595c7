/* What the files of OVER share: over.c (opening, what each call is), over_batch.c (batch driver) with over_compute.c (one call over sorted
 * rows) and over_frame.c (frame bounds), over_stream.c (by time, as the watermark or the clock goes on), over_change.c (by any column,
 * changing). */
#ifndef WEIR_OP_OVER_INT_H
#define WEIR_OP_OVER_INT_H

#include "op/over.h"
#include "op/stage.h"

typedef enum over_function {
    OVER_AGGREGATE,
    OVER_ROW_NUMBER,
    OVER_RANK,
    OVER_DENSE_RANK,
    OVER_PERCENT_RANK,
    OVER_CUME_DIST,
    OVER_NTILE,
    OVER_LAG,
    OVER_LEAD,
} over_function;

/* A call bound to the operator. */
typedef struct over_call {
    const weir_over_call *spec;
    over_function function;
    weir_accumulator accumulator; /* OVER_AGGREGATE */
    bool retracts;                /* the accumulator is bound to take rows back */
    uint32_t offset;              /* of its state in the operator's value (streaming) */
    int64_t distance;             /* LAG, LEAD: rows, backwards positive; NTILE: buckets */
    bool no_distance;             /* the distance is NULL: the result is */
    const uint32_t *needed;       /* input columns that it reads: arguments, filter, order within the group */
    uint32_t needed_count;
    weir_column **columns; /* scratch: [input_count] slots, all NULL between uses */
} over_call;

const char *over_function_name(over_function function);
over_function over_function_of(const weir_over_call *call);
/* Binds the calls. `retracts` asks which accumulators must take rows back. */
weir_status over_calls_bind(const weir_over_spec *spec, const weir_operator_context *context, weir_state *state,
                            bool (*retracts)(const weir_over_call *call), over_call **out, weir_error *error) WEIR_MUST_USE;
/* Write a whole number into a column of any integer type. */
void over_put_integer(weir_column *column, uint32_t row, int64_t value);
int64_t over_get_integer(const weir_column *column, uint32_t row); /* what over_put_integer has written */

/* ---- batch: sorted rows at hand ---- */

typedef struct over_rows {
    uint32_t count;
    const uint32_t *starts; /* partitions: [partition_count + 1], within the rows */
    uint32_t partition_count;
    const uint8_t *new_peer; /* 1: differs in the order from the row before it, or begins a partition */
    weir_column **columns;   /* the operator's input columns that anybody reads, dense; else NULL */
} over_rows;

/* frame_from[i], frame_to[i]: the rows [from, to) of row i's frame. Both rise within a partition. */
weir_status over_frames(const weir_over_spec *spec, const weir_frame *frame, const over_rows *rows, uint32_t *frame_from,
                        uint32_t *frame_to, const weir_operator_context *context, weir_error *error) WEIR_MUST_USE;
/* The call's results for all rows. */
weir_status over_compute(const weir_over_spec *spec, over_call *call, const over_rows *rows, const weir_operator_context *context,
                         weir_column **out, weir_error *error) WEIR_MUST_USE;
/* Over the frames given: a call that is an accumulator. */
weir_status over_compute_frames(over_call *call, const over_rows *rows, const uint32_t *frame_from, const uint32_t *frame_to,
                                const weir_operator_context *context, weir_column *out, weir_error *error) WEIR_MUST_USE;
/* Must a frame's rows be taken back, that is, is its lower bound not fixed? */
static inline bool over_frame_slides(const weir_frame *frame) { return frame->lower != WEIR_BOUND_UNBOUNDED_PRECEDING; }

weir_status over_open_batch(const weir_over_spec *spec, const weir_operator_context *context, weir_operator **out, weir_error *error);
weir_status over_open_stream(const weir_over_spec *spec, const weir_operator_context *context, weir_operator **out, weir_error *error);
weir_status over_open_change(const weir_over_spec *spec, const weir_operator_context *context, weir_operator **out, weir_error *error);

#endif
