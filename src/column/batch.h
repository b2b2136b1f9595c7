/* A batch: columns of equal length, with changelog kinds, a selection and watermark marks.
 *
 * Columns are shared by reference; the header (kinds, selection, marks) belongs to the batch alone and has one owner at a time.
 * A batch that holds no rows but marks is legal. Positions in marks count physical rows, whatever the selection is: a mark at row r takes
 * effect after rows 0..r-1 and before row r (r == rows: after all).
 */
#ifndef WEIR_COLUMN_BATCH_H
#define WEIR_COLUMN_BATCH_H

#include "column/column.h"

typedef enum weir_change {
    WEIR_INSERT = 0,        /* +I */
    WEIR_UPDATE_BEFORE = 1, /* -U */
    WEIR_UPDATE_AFTER = 2,  /* +U */
    WEIR_DELETE = 3,        /* -D */
} weir_change;

static inline bool weir_change_adds(uint8_t kind) { return kind == WEIR_INSERT || kind == WEIR_UPDATE_AFTER; }
const char *weir_change_name(uint8_t kind); /* "+I" ... */

#define WEIR_WATERMARK_NONE INT64_MIN /* no watermark yet */
#define WEIR_WATERMARK_END INT64_MAX  /* the input has ended */

typedef struct weir_mark {
    uint32_t row;
    int64_t watermark_ms;
} weir_mark;

/* The rows that a loop shall visit: index[0..count) in rising order, or 0..count-1 when index is NULL. */
typedef struct weir_rows {
    const uint32_t *index;
    uint32_t count;
} weir_rows;

/* Run `body` for every row; two loops, so that the dense one vectorises. `body` may use `continue` but not `break`.
 *     WEIR_FOR_ROWS(rows, i, { out[i] = a[i] + b[i]; });
 */
#define WEIR_FOR_ROWS(rows, row, ...)                                      \
    do {                                                                   \
        if ((rows)->index == NULL) {                                       \
            const uint32_t weir_count_ = (rows)->count;                    \
            for (uint32_t row = 0; row < weir_count_; row++)               \
                __VA_ARGS__                                                \
        } else {                                                           \
            const uint32_t weir_count_ = (rows)->count;                    \
            const uint32_t *const weir_index_ = (rows)->index;             \
            for (uint32_t weir_k_ = 0; weir_k_ < weir_count_; weir_k_++) { \
                const uint32_t row = weir_index_[weir_k_];                 \
                __VA_ARGS__                                                \
            }                                                              \
        }                                                                  \
    } while (0)

typedef struct weir_batch {
    weir_memory *memory;
    uint32_t rows; /* physical */
    uint32_t column_count;
    weir_column **columns; /* owned references */
    uint8_t *kinds;        /* weir_change per physical row; NULL: all +I */
    uint32_t *selection;   /* rising physical rows; NULL: all */
    uint32_t selected;     /* == rows when selection is NULL */
    weir_mark *marks;      /* rows rising, watermarks rising */
    uint32_t mark_count;
    uint32_t mark_capacity;
    uint32_t kinds_capacity; /* allocated sizes, for giving back */
    uint32_t selection_capacity;
} weir_batch;

/* A batch without rows and with empty column slots; NULL: no memory. */
weir_batch *weir_batch_create(weir_memory *memory, uint32_t column_count) WEIR_MUST_USE;
/* A batch with fresh columns of these types, room for `capacity` rows, rows = 0. */
weir_batch *weir_batch_create_typed(weir_memory *memory, const weir_type *const *types, uint32_t column_count,
                                    uint32_t capacity) WEIR_MUST_USE;
void weir_batch_destroy(weir_batch *batch); /* NULL is fine */
/* Same rows, columns shared, header copied. */
weir_batch *weir_batch_share(const weir_batch *batch) WEIR_MUST_USE;
/* The same of these columns only, on an account of its own. */
weir_batch *weir_batch_pick(weir_memory *memory, const weir_batch *batch, const uint32_t *indexes, uint32_t count) WEIR_MUST_USE;
/* Give the batch kinds / a selection of its own, to be filled by the caller: kinds all +I. NULL: no memory. */
uint8_t *weir_batch_open_kinds(weir_batch *batch, uint32_t capacity) WEIR_MUST_USE;
uint32_t *weir_batch_open_selection(weir_batch *batch, uint32_t capacity) WEIR_MUST_USE;
bool weir_batch_add_mark(weir_batch *batch, uint32_t row, int64_t watermark_ms) WEIR_MUST_USE; /* false: no memory */
/* Put `column` (a reference is taken over) in slot `index`. */
void weir_batch_set_column(weir_batch *batch, uint32_t index, weir_column *column);
/* The same rows without a selection (dense), marks moved along. Returns the batch itself when it is dense already; takes `batch` over.
 * NULL: no memory (batch destroyed). */
weir_batch *weir_batch_compact(weir_batch *batch) WEIR_MUST_USE;

static inline weir_rows weir_batch_rows(const weir_batch *batch) { return (weir_rows){batch->selection, batch->selected}; }
static inline uint8_t weir_batch_kind(const weir_batch *batch, uint32_t row) {
    return batch->kinds == NULL ? WEIR_INSERT : batch->kinds[row];
}

/* A schema: names and types of a batch's columns. */
typedef struct weir_schema {
    uint32_t count;
    const weir_field *fields;
} weir_schema;

#endif
