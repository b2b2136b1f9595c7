/* The frame that resumable operators of this room share: it owns the input batch, walks its segments and marks, keeps the watermark of one
 * or two inputs, drains the row queue, and remembers its place when the output is full. An operator fills in the hooks, each of which does
 * one bounded piece of work and queues rows. Private to op/.
 *
 * Order within a batch: the rows of a segment, then for its mark every `fire` that is due, then the mark itself.
 */
#ifndef WEIR_OP_STAGE_H
#define WEIR_OP_STAGE_H

#include "op/row_queue.h"

typedef struct weir_stage weir_stage;

typedef struct weir_stage_hooks {
    /* A new batch has come in: stage->batch, stage->input. NULL: nothing to prepare. */
    weir_status (*begin)(weir_stage *stage, weir_error *error);
    /* Handle rows of the segment from *at on, as many as are good for one step, and move *at. */
    weir_status (*rows)(weir_stage *stage, const weir_rows *rows, uint32_t *at, weir_error *error);
    /* The combined watermark is now `watermark_ms`: do one piece of what is due; *more = false when nothing was left to do. NULL: nothing
     * ever. */
    weir_status (*fire)(weir_stage *stage, int64_t watermark_ms, bool *more, weir_error *error);
    /* As fire, for the clock. */
    weir_status (*tick)(weir_stage *stage, int64_t now_ms, bool *more, weir_error *error);
    /* The batch is done with. NULL: nothing. */
    void (*end)(weir_stage *stage);
} weir_stage_hooks;

typedef enum weir_stage_phase {
    WEIR_STAGE_IDLE,
    WEIR_STAGE_ROWS,
    WEIR_STAGE_FIRE,
    WEIR_STAGE_NEXT,
    WEIR_STAGE_END,
    WEIR_STAGE_TICK
} weir_stage_phase;

struct weir_stage {
    weir_operator base; /* first */
    const weir_stage_hooks *hooks;
    weir_row_queue queue;
    weir_batch *batch;
    uint32_t input;
    weir_segments segments;
    uint32_t at;
    weir_stage_phase phase;
    uint32_t input_count;
    weir_watermarks watermarks; /* two inputs */
    int64_t watermark_ms;       /* combined; what timers have seen */
    int64_t delay_ms;           /* marks leave this much earlier */
    bool hold_marks;            /* only the END mark leaves (blocking operators) */
    bool drain_before_fire;     /* `fire` frees state that queued rows point to: it is called with an empty queue */
    int64_t now_ms;             /* of a tick */
    /* Columns that are ready to leave after the queue is empty: `block` (owned), rows [block_at, block_rows). */
    weir_batch *block;
    uint32_t block_at;
};

void weir_stage_init(weir_stage *stage, const weir_operator_vtable *vtable, const weir_operator_context *context,
                     const weir_stage_hooks *hooks);
void weir_stage_deinit(weir_stage *stage);
/* Leave `block` (taken over, dense, without marks) after what is queued. Not while another one waits. */
void weir_stage_put_block(weir_stage *stage, weir_batch *block);

/* For the vtables. */
weir_status weir_stage_process(weir_operator *self, uint32_t input, weir_batch *batch, weir_output *output, weir_step *step,
                               weir_error *error);
weir_status weir_stage_resume(weir_operator *self, weir_output *output, weir_step *step, weir_error *error);
weir_status weir_stage_tick(weir_operator *self, int64_t now_ms, weir_output *output, weir_step *step, weir_error *error);

/* Milliseconds of a rowtime value; the caller knows that it is valid. */
static inline int64_t weir_stage_time_ms(const weir_column *column, uint32_t row) {
    if (column->layout == WEIR_LAYOUT_TIMESTAMP_NS)
        return WEIR_VALUES(column, weir_timestamp_ns)[row].milliseconds;
    int64_t us = WEIR_VALUES(column, int64_t)[row];
    return us / 1000 - (us % 1000 < 0);
}
/* "RowTime field should not be null" for a row without time. */
weir_status weir_stage_no_time(const weir_operator_context *context, weir_error *error);
weir_status weir_stage_no_memory(const weir_operator_context *context, size_t size_bytes, weir_error *error);

/* Scratch arrays by physical row that grow with the batches. */
typedef struct weir_row_scratch {
    void **values;
    uint8_t *created;
    uint32_t *offsets, *sizes;
    uint32_t capacity;
} weir_row_scratch;
weir_status weir_row_scratch_reserve(weir_row_scratch *scratch, const weir_operator_context *context, uint32_t rows,
                                     weir_error *error) WEIR_MUST_USE;
void weir_row_scratch_free(weir_row_scratch *scratch, const weir_operator_context *context);

/* The types of some columns, in the arena. NULL: no memory. */
const weir_type **weir_stage_types_of(weir_arena *arena, const weir_type *const *types, const uint32_t *columns, uint32_t count);

#endif
