/* Values by (keys, number) in lists by number, in order of creation: the cells of window operators, where the number is a window's (or
 * slice's) end. Private to op/.
 *
 * Every value starts with a weir_cell. The lists lie in the state, sorted by number, so that the earliest window is at hand.
 */
#ifndef WEIR_OP_WINDOW_CELLS_H
#define WEIR_OP_WINDOW_CELLS_H

#include "op/operator.h"
#include "state/keyed.h"
#include "state/sorted.h"

typedef struct weir_cell {
    int64_t count; /* records */
    weir_ref next; /* in its list */
    int64_t start_ms; /* attached windows */
} weir_cell;

typedef struct weir_cell_list {
    weir_ref first, last;
} weir_cell_list;

typedef struct weir_cells {
    const weir_operator_context *context;
    weir_state *state;
    weir_keyed *keyed;      /* keys, number (BIGINT), and with `starts` the start (BIGINT) */
    uint32_t key_count;
    bool starts;
    weir_ref root;          /* block with the root of the sorted lists */
    uint32_t input_count;
    weir_column **columns;  /* [input_count + 2]: those of the batch, then number and start */
    uint32_t *key_columns;  /* [key_count + 2] */
    weir_column *numbers, *start_column; /* scratch */
    uint32_t scratch_rows;
    int64_t cached_number;  /* the list used last */
    weir_cell_list *cached;
    bool (*list_made)(void *owner, int64_t number); /* a list was begun; false: no memory. NULL: nobody asks */
    void *owner;
} weir_cells;

weir_status weir_cells_init(weir_cells *cells, const weir_operator_context *context, weir_state *state, const char *name,
                            const weir_type *const *input_types, uint32_t input_count, const uint32_t *keys, uint32_t key_count,
                                bool starts,
                            uint32_t value_bytes, weir_error *error) WEIR_MUST_USE;
void weir_cells_deinit(weir_cells *cells);
/* values[row] = the cell of the row's keys and numbers[row] (and starts[row]). */
weir_status weir_cells_upsert(weir_cells *cells, const weir_batch *batch, const weir_rows *rows, const int64_t *numbers,
                              const int64_t *starts,
                              void **values, weir_error *error) WEIR_MUST_USE;
/* out[k] = the cell with the keys of likes[k] (cells of a table with the same keys, not `starts`) and another number. At most
 * WEIR_CELLS_AT_ONCE. */
enum { WEIR_CELLS_AT_ONCE = 32 };
weir_status weir_cells_like(weir_cells *cells, const weir_cells *other, weir_cell *const *likes, uint32_t count, int64_t number,
                            weir_cell **out, weir_error *error) WEIR_MUST_USE;
/* The smallest number that has a list; INT64_MAX: none. */
int64_t weir_cells_first_number(const weir_cells *cells);
weir_cell_list *weir_cells_list(weir_cells *cells, int64_t number); /* NULL: none */
/* Forget the list; its cells must have been (or be) removed by the caller. */
void weir_cells_list_drop(weir_cells *cells, int64_t number);
static inline weir_cell *weir_cells_at(const weir_cells *cells,
                                       weir_ref ref) { return ref == 0 ? NULL : weir_keyed_value(cells->keyed, ref); }

#endif
