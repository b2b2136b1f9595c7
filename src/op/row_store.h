/* Rows kept by blocking (batch) operators: columns in chunks, addressed by a row number. Append, gather in any order, compact.
 *
 * A copy, charged to the operator: long text moves into the store, and out of it again, so that neither side pins the other's buffers. Not
 * part of keyed state: batch mode takes no snapshots. Private to op/. Threads: one.
 */
#ifndef WEIR_OP_ROW_STORE_H
#define WEIR_OP_ROW_STORE_H

#include "column/batch.h"

enum { WEIR_STORE_SHIFT = 14, WEIR_STORE_CHUNK = 1 << WEIR_STORE_SHIFT, WEIR_STORE_FIRST = 256 };

typedef struct weir_row_store {
    weir_memory *memory;
    const char *owner; /* for messages */
    uint32_t column_count;
    const weir_type *const *types;
    weir_column **chunks; /* [chunk * column_count + column] */
    size_t slot_count;    /* used entries of chunks */
    size_t slot_capacity;
    uint32_t last_capacity; /* rows in the last chunk's columns */
    uint32_t rows;
} weir_row_store;

void weir_row_store_init(weir_row_store *store, weir_memory *memory, const char *owner, const weir_type *const *types,
                         uint32_t column_count);
void weir_row_store_deinit(weir_row_store *store);
/* Copies of the rows; their numbers are store->rows on entry and up. */
weir_status weir_row_store_append(weir_row_store *store, weir_column *const *columns, const weir_rows *rows,
                                  weir_error *error) WEIR_MUST_USE;
/* target[target_at + k] = column `column` of row index[k]; UINT32_MAX: NULL. Memory failures stick to the target. */
void weir_row_store_gather(const weir_row_store *store, uint32_t column, weir_column *target, uint32_t target_at, const uint32_t *index,
                           uint32_t count);
/* A new batch of the rows (all columns); extra_count further empty column slots. NULL: no memory. */
weir_batch *weir_row_store_batch(const weir_row_store *store, const uint32_t *index, uint32_t count, uint32_t extra_count) WEIR_MUST_USE;
/* One column of some rows; NULL: no memory. */
weir_column *weir_row_store_take(const weir_row_store *store, uint32_t column, const uint32_t *index, uint32_t count) WEIR_MUST_USE;
/* Keep only these rows, in this order. */
weir_status weir_row_store_keep(weir_row_store *store, const uint32_t *index, uint32_t count, weir_error *error) WEIR_MUST_USE;

static inline weir_column *weir_row_store_column(const weir_row_store *store, uint32_t column, uint32_t row) {
    return store->chunks[(size_t)(row >> WEIR_STORE_SHIFT) * store->column_count + column];
}
static inline uint32_t weir_row_store_at(uint32_t row) { return row & (WEIR_STORE_CHUNK - 1); }

#endif
