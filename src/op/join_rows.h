/* The rows that one side of a streaming join keeps under one key: a list in order of arrival, each row with the number of its matches
 * (outer, semi and anti sides). A list that has grown long gets an index by the hash of the row, so that a retraction finds its row
 * quickly. All in state pages. Private to op/. */
#ifndef WEIR_OP_JOIN_ROWS_H
#define WEIR_OP_JOIN_ROWS_H

#include "state/state.h"

typedef struct weir_join_row {
    weir_ref self, next, previous;
    int64_t stamp_ms; /* last write, for the state's time to live */
    uint64_t hash;
    uint32_t size;
    uint32_t matches;
    char bytes[];
} weir_join_row;

typedef struct weir_join_list {
    weir_ref first, last;
    weir_ref index; /* ordered by (hash, reference); 0: none yet */
    uint64_t count;
} weir_join_list;

/* NULL: no memory. */
weir_join_row *weir_join_list_add(weir_state *state, weir_join_list *list, const char *bytes, size_t size, uint32_t matches,
                                  int64_t stamp_ms) WEIR_MUST_USE;
/* A row with equal bytes, NULL: there is none. */
weir_join_row *weir_join_list_find(weir_state *state, const weir_join_list *list, const char *bytes, size_t size);
void weir_join_list_remove(weir_state *state, weir_join_list *list, weir_join_row *row);

static inline weir_join_row *weir_join_row_at(weir_state *state, weir_ref ref) { return ref == 0 ? NULL : weir_state_write(state, ref); }

#endif
