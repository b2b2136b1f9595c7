/* A table whose rows come from a test and go to it: what weir_table.registered points at for the connector "weir-test".
 *
 * Rows arrive by the clock of the job (a virtual one), each batch at its time; the input ends at `end_ms`, or never. What is written is
 * handed to `take` as it comes. Everything is borrowed and outlives the session. Threads: one at a time, as the session.
 */
#ifndef WEIR_CONNECT_TEST_TABLE_H
#define WEIR_CONNECT_TEST_TABLE_H

#include "column/batch.h"

typedef struct weir_test_arrival {
    int64_t at_ms;
    const weir_batch *batch; /* all physical columns of the table, in their order */
} weir_test_arrival;

typedef struct weir_test_table {
    bool is_given; /* it may be read */
    bool endless;  /* the input does not end */
    bool changes;  /* rows carry kinds other than +I */
    bool takes_changes;
    const weir_test_arrival *arrivals; /* times rising */
    uint32_t arrival_count;
    int64_t end_ms;
    /* A batch was written; borrowed for the call. */
    weir_status (*take)(void *context, const weir_schema *schema, const weir_batch *batch, weir_error *error);
    void *context;
} weir_test_table;

#endif
