/* All rows of a blocking operator by partition, each partition in order: what batch OVER and batch ranking stand on. Rows are appended as
 * they come; finish sorts them. Private to op/. */
#ifndef WEIR_OP_ROW_PARTITIONS_H
#define WEIR_OP_ROW_PARTITIONS_H

#include "op/row_sort.h"
#include "op/stage.h"
#include "state/keyed.h"

typedef struct weir_row_partitions {
    const weir_operator_context *context;
    weir_row_store store;
    uint32_t key_count;
    const uint32_t *keys;
    uint32_t order_count;
    const weir_sort_key *order;
    weir_state *state;
    weir_keyed *keyed; /* partition key -> number */
    weir_row_scratch scratch;
    uint32_t *numbers; /* of each row's partition */
    size_t number_capacity;
    uint32_t count; /* partitions */
    /* after finish: */
    weir_sort_entry *entries; /* store.rows of them; `group` 1 where a row is no peer of the one before */
    uint32_t *starts;         /* [count + 1] */
} weir_row_partitions;

weir_status weir_row_partitions_init(weir_row_partitions *partitions, const weir_operator_context *context, const weir_type *const *types,
                                     uint32_t column_count, const uint32_t *keys, uint32_t key_count, const weir_sort_key *order,
                                     uint32_t order_count, weir_error *error) WEIR_MUST_USE;
void weir_row_partitions_deinit(weir_row_partitions *partitions);
weir_status weir_row_partitions_append(weir_row_partitions *partitions, weir_batch *batch, const weir_rows *rows,
                                       weir_error *error) WEIR_MUST_USE;
weir_status weir_row_partitions_finish(weir_row_partitions *partitions, weir_error *error) WEIR_MUST_USE;

#endif
