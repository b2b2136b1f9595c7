/* The collapsed result: the multiset of rows that the changes of a query add up to.
 *
 * Batches of changes go in; the rows that are left come out as one batch, whenever it is asked for. Memory follows the result, not the
 * number of changes. Threads: one at a time.
 */
#ifndef WEIR_SESSION_COLLAPSE_H
#define WEIR_SESSION_COLLAPSE_H

#include "session/session.h"

typedef struct weir_collapse weir_collapse;

/* `changes`: rows may be taken away again; else every row keeps its own place. `memory` and `schema` must outlive it. */
weir_status weir_collapse_create(weir_memory *memory, const weir_schema *schema, bool changes, weir_collapse **out,
                                 weir_error *error) WEIR_MUST_USE;
/* Updated rows (-U, then +U) keep their places instead of moving to the end; for a table that is being watched. */
void weir_collapse_keep_places(weir_collapse *collapse);
weir_status weir_collapse_apply(weir_collapse *collapse, const weir_batch *batch, weir_error *error) WEIR_MUST_USE;
uint64_t weir_collapse_count(const weir_collapse *collapse);
/* The first `most` rows, in the order of the keys (none: as they came), as one batch; NULL: no memory. It goes before the collapse. */
weir_status weir_collapse_rows(weir_collapse *collapse, const weir_sort_key *keys, uint32_t key_count, uint32_t most, weir_batch **out,
                               weir_error *error) WEIR_MUST_USE;
void weir_collapse_destroy(weir_collapse *collapse); /* NULL is fine */

#endif
