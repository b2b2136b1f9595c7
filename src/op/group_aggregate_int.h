/* What the files of the group aggregate share: its run state, the head of a key's value, and the output in the making. */
#ifndef WEIR_OP_GROUP_AGGREGATE_INT_H
#define WEIR_OP_GROUP_AGGREGATE_INT_H

#include "op/agg_calls.h"
#include "op/group_aggregate.h"
#include "state/expiry.h"

/* In front of the calls' states. */
typedef struct group_head {
    int64_t count;    /* records in the group (1 for append-only input); 0: the group is not there */
    int64_t stamp_ms; /* processing time of the last row, for TTL */
    uint32_t slot;    /* mini-batch: 1 + its place in the bundle, 0: untouched */
    uint8_t listed;   /* on the list of groups to look at when the batch is done */
    uint8_t cleared;  /* its last record was retracted in this run: states are cleared before the next row of the key */
    uint16_t zero;
} group_head;

/* Rows on their way out, as indexes into columns that stay until all have left. */
typedef struct group_output {
    uint32_t *source; /* row of keys, before, after */
    uint32_t *which;  /* 0: before, 1: after */
    uint8_t *kinds;
    uint32_t capacity, count, at;
    uint32_t chunk_rows; /* rows a batch */
    weir_mark *marks;    /* rows count output rows */
    size_t mark_count, mark_capacity, mark_at;
} group_output;

typedef struct group_aggregate group_aggregate;

struct group_aggregate {
    weir_operator base;
    const weir_group_aggregate_spec *spec;
    weir_state *state;
    weir_keyed *keyed;
    weir_agg_calls calls;
    weir_expiry expiry;
    bool mini_batch;
    /* the batch in hand, and what by physical row is known of it */
    weir_batch *batch;
    uint32_t row_capacity;
    void **values;
    uint8_t *created, *first, *gone, *differs;
    uint32_t *live;  /* indexes of the rows of a run */
    uint32_t *piece; /* mini-batch: indexes of the rows folded at once */
    void **listed;   /* groups to look at when the batch is done */
    uint32_t listed_count;
    weir_column **keys;            /* [key_count], borrowed from the batch, or own (bundle) */
    weir_column **before, **after; /* [call_count] */
    group_output out;
    /* mini-batch */
    void **bundle; /* [bundle_capacity] groups touched, in order */
    uint8_t *bundle_first;
    uint32_t bundle_capacity, bundle_count;
    uint32_t fold_at; /* rows of the batch in hand that are folded */
    int64_t bundle_rows, bundle_deadline_ms;
    int64_t held_mark_ms; /* newest mark not sent yet; WEIR_WATERMARK_NONE: none */
    bool bundle_leaving;
    /* end of input */
    bool ending;     /* the END mark has come: what is left leaves */
    uint64_t cursor; /* final: next group */
    bool end_sent;
};

static inline bool group_retracts(const group_aggregate *self, uint32_t row) {
    return self->batch->kinds != NULL && !weir_change_adds(self->batch->kinds[row]);
}

weir_status group_rows_room(group_aggregate *self, uint32_t rows, weir_error *error) WEIR_MUST_USE;
weir_status group_out_room(group_aggregate *self, uint32_t rows, weir_error *error) WEIR_MUST_USE;
static inline void group_out_row(group_output *out, uint32_t source, uint32_t which, uint8_t kind) {
    out->source[out->count] = source;
    out->which[out->count] = which;
    out->kinds[out->count++] = kind;
}
bool group_out_mark(group_aggregate *self, int64_t watermark_ms) WEIR_MUST_USE;
/* Chunks of the output until it has all left (*done) or the queue is full. */
weir_status group_out_drain(group_aggregate *self, weir_output *output, bool *done, weir_error *error) WEIR_MUST_USE;
/* Take groups without records out of the table. */
void group_listed_sweep(group_aggregate *self);
void group_list(group_aggregate *self, group_head *head);
/* TTL: the states of an expired group are cleared. */
void group_expire(group_aggregate *self, group_head *head, int64_t now_ms);
/* The one group of an aggregate without keys, made when it is not there. */
group_head *group_global(group_aggregate *self, weir_error *error);

/* Each row's changes (group_aggregate_stream.c): fills self->out from self->batch. */
weir_status group_stream_batch(group_aggregate *self, weir_error *error) WEIR_MUST_USE;
/* Mini-batch (group_aggregate_bundle.c): fold in rows of the batch, as many as the bundle still takes; what the bundle has changed goes to
 * self->out. */
weir_status group_bundle_fold(group_aggregate *self, weir_error *error) WEIR_MUST_USE;
weir_status group_bundle_leave(group_aggregate *self, weir_error *error) WEIR_MUST_USE;
bool group_bundle_full(const group_aggregate *self);
/* Batch (group_aggregate_final.c): fold; then groups in order of creation, a chunk at a time; *done after the last. */
weir_status group_final_fold(group_aggregate *self, weir_error *error) WEIR_MUST_USE;
weir_status group_final_emit(group_aggregate *self, weir_output *output, bool *done, weir_error *error) WEIR_MUST_USE;

#endif
