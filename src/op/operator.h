/* Operators: what the runtime runs. One file per operator; its specification (immutable, made by the planner) stands in its own header.
 *
 * An operator is driven by one thread. It is handed batches (rows with change kinds and watermark marks) one at a time and emits any number
 * of batches through its output. If its output fills up in the
 * middle of a batch, it keeps its place, returns WEIR_STEP_MORE_OUTPUT, and is resumed before it gets more input. It never blocks.
 * Everything that it keeps across batches lives in its weir_state.
 *
 * Marks: an operator acts at each mark, between the rows before and after it (timers fire there), and passes a mark on at the matching
 * place of its output. A two-input operator's watermark is the least of its inputs'.
 * The last batch of every input carries the mark WEIR_WATERMARK_END; after it comes end_input.
 */
#ifndef WEIR_OP_OPERATOR_H
#define WEIR_OP_OPERATOR_H

#include "column/batch.h"
#include "expr/program.h"
#include "state/state.h"

typedef enum weir_step {
    WEIR_STEP_MORE_INPUT,  /* done with the batch */
    WEIR_STEP_MORE_OUTPUT, /* call resume */
    WEIR_STEP_BLOCKED,     /* waits for something outside (a look-up, a worker); call resume later */
    WEIR_STEP_DONE,        /* wants no more input: LIMIT is reached */
} weir_step;

/* Figures that every operator keeps; read by other threads. */
typedef struct weir_operator_metrics {
    _Atomic uint64_t rows_in;
    _Atomic uint64_t rows_out;
    _Atomic uint64_t late_rows_dropped;
    _Atomic uint64_t state_bytes;
    _Atomic int64_t watermark_ms;
    _Atomic uint64_t kinds[4]; /* of a sink or collector: rows taken, by weir_change */
} weir_operator_metrics;

/* Job settings that operators read. */
typedef struct weir_operator_settings {
    bool batch_mode;
    bool mini_batch;             /* table.exec.mini-batch.enabled */
    int64_t mini_batch_size;
    int64_t mini_batch_latency_ms; /* table.exec.mini-batch.allow-latency; 0: bundles end by their size only */
    int64_t state_ttl_ms;        /* 0: none */
    uint32_t batch_rows;         /* rows per emitted batch, 1 .. WEIR_BATCH_ROWS; tests run with 1 */
    uint32_t key_groups;
    bool fail_on_not_null;       /* table.exec.sink.not-null-enforcer: ERROR (else DROP) */
} weir_operator_settings;

typedef struct weir_operator_context {
    weir_arena *arena;     /* job arena */
    weir_memory *memory;   /* the operator's own account */
    const weir_evaluation *evaluation;
    const weir_operator_settings *settings;
    const char *name;      /* "GroupAggregate[3]" */
    weir_operator_metrics *metrics;
} weir_operator_context;

/* Where an operator puts its batches: a short queue that the runtime drains. */
typedef struct weir_output {
    weir_batch *batches[64];
    uint32_t count;
} weir_output;
/* True: stop at the next good place and return MORE_OUTPUT. */
static inline bool weir_output_full(const weir_output *output) { return output->count >= 32; }
/* Takes the batch over. Batches with neither rows nor marks are destroyed. The queue has room as long as an operator stops within 32
 * batches after weir_output_full. */
void weir_output_push(weir_output *output, weir_batch *batch);

typedef struct weir_operator weir_operator;

typedef struct weir_operator_vtable {
    const char *name;
    uint32_t input_count; /* 1 or 2; UINT32_MAX: any number (union) */
    /* Make the operator for `spec` (the struct of the operator's header). */
    weir_status (*open)(const void *spec, const weir_operator_context *context, weir_operator **out, weir_error *error);
    /* Takes `batch` over, also on failure. */
    weir_status (*process)(weir_operator *self, uint32_t input, weir_batch *batch, weir_output *output, weir_step *step, weir_error *error);
    /* Go on after MORE_OUTPUT or BLOCKED; NULL when process and end_input never return those. */
    weir_status (*resume)(weir_operator *self, weir_output *output, weir_step *step, weir_error *error);
    /* Input `input` has ended (its END mark was processed). NULL: nothing to do. */
    weir_status (*end_input)(weir_operator *self, uint32_t input, weir_output *output, weir_step *step, weir_error *error);
    /* Processing time: the clock time at which `tick` wants to be called, INT64_MAX never. NULL: never. */
    int64_t (*next_tick_ms)(const weir_operator *self);
    weir_status (*tick)(weir_operator *self, int64_t now_ms, weir_output *output, weir_step *step, weir_error *error);
    /* A barrier has arrived on all inputs: everything that is not in the state must be emitted now (partial mini-batches). NULL: nothing.
     * */
    weir_status (*barrier)(weir_operator *self, uint64_t epoch, weir_output *output, weir_error *error);
    void (*close)(weir_operator *self);
    /* Two inputs: which one should be read next, when both have data? NULL: the documented default (the one with the lower watermark; the
     * left on a tie). */
    uint32_t (*prefer)(const weir_operator *self);
} weir_operator_vtable;

struct weir_operator {
    const weir_operator_vtable *vtable;
    const weir_operator_context *context;
};

/* Watermarks of several inputs: the least counts. */
typedef struct weir_watermarks {
    int64_t inputs[2];
    int64_t combined;
} weir_watermarks;
void weir_watermarks_init(weir_watermarks *watermarks);
/* True: the combined watermark has risen to watermarks->combined. */
bool weir_watermarks_advance(weir_watermarks *watermarks, uint32_t input, int64_t watermark_ms);

/* Builds output batches of at most settings->batch_rows rows with fresh columns. */
typedef struct weir_emitter {
    const weir_operator_context *context;
    const weir_type *const *types;
    uint32_t column_count;
    bool with_kinds;    /* allocate kinds */
    weir_batch *batch;  /* being filled; NULL between */
    uint32_t capacity;      /* of `batch` */
    uint32_t next_capacity; /* grows while batches fill up, so that small outputs stay small */
} weir_emitter;
void weir_emitter_init(weir_emitter *emitter, const weir_operator_context *context, const weir_type *const *types, uint32_t column_count,
                       bool with_kinds);
/* The batch to write the next row into, at batch->rows; then call weir_emitter_row. NULL: no memory (error filled in). */
weir_batch *weir_emitter_room(weir_emitter *emitter, weir_output *output, weir_error *error);
static inline void weir_emitter_row(weir_emitter *emitter, uint8_t kind) {
    weir_batch *batch = emitter->batch;
    if (emitter->with_kinds)
        batch->kinds[batch->rows] = kind;
    batch->rows++;
    batch->selected = batch->rows;
}
weir_status weir_emitter_mark(weir_emitter *emitter, weir_output *output, int64_t watermark_ms, weir_error *error) WEIR_MUST_USE;
/* Push what there is. Fails when a column ran out of memory. */
weir_status weir_emitter_flush(weir_emitter *emitter, weir_output *output, weir_error *error) WEIR_MUST_USE;
void weir_emitter_deinit(weir_emitter *emitter);

/* Walk a batch in segments between marks: for (weir_segments s = weir_segments_of(batch); weir_segments_next(&s);) { rows s.rows ...; then,
 * if s.has_mark, watermark s.watermark_ms }.
 * The rows of a segment keep their physical numbers; segments without rows but with a mark occur. */
typedef struct weir_segments {
    const weir_batch *batch;
    uint32_t next_mark;
    uint32_t at;        /* position in the selection, or physical row when there is none */
    uint32_t physical;  /* first physical row not yet handed out */
    /* index NULL when batch has no selection AND the segment starts at row 0; else indexes from `scratch` or the selection */
    weir_rows rows;
    uint32_t *scratch;  /* 0,1,2,... shared by all */
    bool has_mark;
    int64_t watermark_ms;
} weir_segments;
weir_segments weir_segments_of(const weir_batch *batch);
bool weir_segments_next(weir_segments *segments);

#endif
