/* What the files of the window aggregate share. */
#ifndef WEIR_OP_WINDOW_AGGREGATE_INT_H
#define WEIR_OP_WINDOW_AGGREGATE_INT_H

#include "op/agg_calls.h"
#include "op/window.h"
#include "op/window_assign.h"
#include "op/window_cells.h"

/* How rows find their results.
 *   DIRECT:  a cell per key and window; a row is added to every window it belongs to. Always possible.
 *   RING:    a few slots per key for the slices that are alive (window_ring.c). Streaming TUMBLE, and HOP of not too many slices.
 *   HOP:     a cell per key and slice; a window folds copies of its slices' cells when it fires. For calls that merge and whose states own
 * nothing.
 *   CUMULATE: a cell per key and step; a step's cells are folded into those of the whole window when it fires. For calls that merge. */
typedef enum window_mode { WINDOW_DIRECT, WINDOW_RING, WINDOW_HOP, WINDOW_CUMULATE } window_mode;

/* Results on their way into one batch. */
typedef struct window_chunk {
    void **values; /* [capacity] cells (RING: slots) with a result */
    void **keys;   /* [capacity] RING: the keys they belong to */
    int64_t *starts, *ends;
    void **removals; /* [capacity] cells to remove when the chunk has been written */
    uint32_t capacity, count, removal_count;
} window_chunk;

typedef struct ring_key {
    weir_ref overflow; /* tree: slice number -> slot */
    int64_t base;      /* slice number of the ring's first slot */
    uint64_t mask;     /* used slots */
    uint32_t listed;   /* times that it stands in the chunk's removals */
    uint32_t zero;
} ring_key;

typedef struct window_ring {
    weir_keyed *keyed; /* values: ring_key, then the slots */
    uint32_t slots, slot_bytes;
    uint64_t cursor;  /* in the window being read */
    int64_t noted_ms; /* a slice whose windows are known to wait */
    char *folds;      /* [chunk capacity] slots */
    int64_t *bounds;  /* [chunk capacity] beside removals: the last slice that expires */
    void *scratch;    /* one slot, in the arena */
} window_ring;

typedef struct window_aggregate window_aggregate;

struct window_aggregate {
    weir_operator base;
    const weir_window_aggregate_spec *spec;
    weir_state *state;
    weir_agg_calls calls;
    weir_window_shift shift;
    window_mode mode;
    bool owns;            /* some state owns blocks */
    int64_t watermark_ms; /* NONE in batch mode until the end */
    weir_cells cells;
    weir_cells folded; /* HOP, CUMULATE */
    window_ring ring;
    weir_ref pending; /* not DIRECT: block with the root of the ends of windows that have not fired */
    /* the batch in hand */
    weir_batch *batch;
    uint32_t at; /* position in its selection */
    uint32_t next_mark;
    uint32_t row_capacity;
    int64_t *times;                  /* by physical row: local time, then ... */
    int64_t *next_ends, *final_ends; /* ... the end of the next window that takes the row, and of the final one */
    int64_t *row_starts;             /* attached */
    void **values;
    uint32_t *run;  /* rows that wait to be folded, and ... */
    uint32_t *pass; /* ... those of one pass over their windows */
    uint32_t run_count;
    int64_t run_first_ms;                 /* end of the earliest window that they will open; INT64_MAX */
    int64_t cached_from_ms, cached_to_ms; /* times with the same windows as the last row's, until a mark comes */
    weir_window_ends cached_ends;
    bool cached_late;
    uint32_t bad_row; /* the first row without a time; UINT32_MAX: none */
    int64_t mark_ms;  /* newest mark not sent yet; NONE */
    /* firing */
    bool firing;
    int64_t fire_ms; /* watermark or clock */
    bool open;       /* a window is being read */
    int64_t open_end_ms;
    weir_ref open_next;
    window_chunk chunk;
};

int64_t window_next_end_ms(const window_aggregate *self); /* the next window to fire; INT64_MAX */
static inline bool window_fired(const window_aggregate *self, int64_t end_ms, int64_t watermark_ms) {
    return watermark_ms != WEIR_WATERMARK_NONE && weir_window_trigger_ms(&self->shift, end_ms) <= watermark_ms;
}
/* Remove cells with what their states own. */
void window_cells_remove(window_aggregate *self, weir_cells *cells, void *const *removals, uint32_t count);
/* Note the windows of a new slice (not DIRECT). */
bool window_slice_made(void *self, int64_t slice_end_ms);
/* Begin to read the results of the window that ends at end_ms: folds slices, sets open_next. */
weir_status window_open_results(window_aggregate *self, int64_t end_ms, weir_error *error) WEIR_MUST_USE;
/* It has been read: drop what no other window needs. */
void window_close_results(window_aggregate *self);
/* Fire what is due at self->fire_ms, into the output. *done: all has left. */
weir_status window_fire(window_aggregate *self, weir_output *output, bool *done, weir_error *error) WEIR_MUST_USE;
weir_status window_chunk_write(window_aggregate *self, weir_output *output, weir_error *error) WEIR_MUST_USE;

uint32_t window_ring_slots(const weir_window *window); /* 0: too many */
weir_status window_ring_init(window_aggregate *self, weir_error *error) WEIR_MUST_USE;
void window_ring_deinit(window_aggregate *self);
weir_status window_ring_chunk_room(window_aggregate *self, weir_error *error) WEIR_MUST_USE;
weir_status window_ring_fold(window_aggregate *self, const weir_rows *rows, weir_error *error) WEIR_MUST_USE;
/* Read a window: open, take until *read, and release what the written chunk has shown for the last time. */
void window_ring_open(window_aggregate *self);
weir_status window_ring_take(window_aggregate *self, bool *read, weir_error *error) WEIR_MUST_USE;
void window_ring_release(window_aggregate *self);
void window_chunk_free(window_aggregate *self);

#endif
