/* Tables handed in as an Arrow stream: what weir_table.registered points at, for the connector "arrow".
 *
 * The stream is read when a query first wants its rows; batches are kept, so that every scan sees all of them from the beginning.
 * Threads: one at a time, as the session that owns it.
 */
#ifndef WEIR_CONNECT_ARROW_TABLE_H
#define WEIR_CONNECT_ARROW_TABLE_H

#include "column/arrow.h"

typedef struct weir_arrow_table weir_arrow_table;

/* Takes the stream over, also on failure (its release is NULL then). `memory` must outlive the table. */
weir_status weir_arrow_table_create(weir_memory *memory, struct ArrowArrayStream *stream, weir_arrow_table **out,
                                    weir_error *error) WEIR_MUST_USE;
const weir_schema *weir_arrow_table_schema(const weir_arrow_table *table);
/* No scan may be open. NULL is fine. */
void weir_arrow_table_destroy(weir_arrow_table *table);

/* The index-th batch (borrowed), or *out NULL after the last. */
weir_status weir_arrow_table_batch(weir_arrow_table *table, size_t index, const weir_batch **out, weir_error *error) WEIR_MUST_USE;

#endif
