/* Rows on their way out of an operator that keeps its rows as bytes: joins, Top-N, OVER, deduplication.
 *
 * An operator says which rows leave, in order, as small items: a kind and, for each of up to two parts of the row, where its values are: in
 * a row of the input batch, in compact bytes that stay put (a state block), in compact bytes copied here, or nowhere (NULLs). The queue
 * turns runs of items into batches a column at a time, and stops when the output is full; so an operator can be as lavish as it likes
 * within one step, and still be resumed in the middle. Private to op/.
 *
 * Lifetimes: the input batch and the state bytes must live until the queue is drained. Threads: one.
 */
#ifndef WEIR_OP_ROW_QUEUE_H
#define WEIR_OP_ROW_QUEUE_H

#include "op/operator.h"
#include "state/codec.h"

typedef enum weir_row_source { WEIR_ROW_NULLS, WEIR_ROW_BATCH, WEIR_ROW_STATE, WEIR_ROW_COPY } weir_row_source;

/* Where the values of one part are. */
typedef struct weir_row_place {
    weir_row_source source;
    uint64_t at; /* BATCH: the physical row; STATE: the address; COPY: an offset into `copies` */
} weir_row_place;

static inline weir_row_place weir_row_nulls(void) { return (weir_row_place){WEIR_ROW_NULLS, 0}; }
static inline weir_row_place weir_row_of_batch(uint32_t row) { return (weir_row_place){WEIR_ROW_BATCH, row}; }
static inline weir_row_place weir_row_of_state(const void *bytes) { return (weir_row_place){WEIR_ROW_STATE, (uint64_t)(uintptr_t)bytes}; }

typedef struct weir_queued_row {
    uint64_t at[2];
    int64_t number; /* the trailing BIGINT column, or the watermark of a mark */
    uint8_t source[2];
    uint8_t kind; /* weir_change, or WEIR_QUEUE_MARK */
} weir_queued_row;
enum { WEIR_QUEUE_MARK = 0xFF };

typedef struct weir_row_part {
    const weir_codec *codec; /* of its bytes; NULL: the part is never bytes */
    uint32_t first, count;   /* columns of the output */
} weir_row_part;

typedef struct weir_row_queue {
    const weir_operator_context *context;
    weir_emitter emitter;
    uint32_t part_count;
    weir_row_part parts[2];
    const weir_batch *batches[2]; /* where BATCH rows of a part lie */
    int32_t number_column;        /* the trailing BIGINT; -1: none */
    weir_queued_row *items;
    size_t count, capacity, at;
    weir_builder copies;
    uint32_t *index; /* scratch of index_count */
    uint32_t index_count;
} weir_row_queue;

/* The output has the columns of part 0, of part 1 (second_count may be 0), and the number when `numbered`. */
weir_status weir_row_queue_init(weir_row_queue *queue, const weir_operator_context *context, const weir_type *const *types,
                                uint32_t first_count, uint32_t second_count, bool numbered, bool with_kinds,
                                weir_error *error) WEIR_MUST_USE;
void weir_row_queue_deinit(weir_row_queue *queue);

/* False: no memory. */
bool weir_row_queue_add(weir_row_queue *queue, uint8_t kind, weir_row_place first, weir_row_place second, int64_t number) WEIR_MUST_USE;
bool weir_row_queue_mark(weir_row_queue *queue, int64_t watermark_ms) WEIR_MUST_USE;
/* A place for bytes that are copied now. False: no memory. */
bool weir_row_queue_copy(weir_row_queue *queue, const char *bytes, size_t size, weir_row_place *out) WEIR_MUST_USE;
/* Write items out until there are none or the output is full. */
weir_status weir_row_queue_drain(weir_row_queue *queue, weir_output *output, weir_error *error) WEIR_MUST_USE;
static inline bool weir_row_queue_empty(const weir_row_queue *queue) { return queue->at == queue->count; }
static inline size_t weir_row_queue_waiting(const weir_row_queue *queue) { return queue->count - queue->at; }

#endif
