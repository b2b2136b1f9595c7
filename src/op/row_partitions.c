/* Rows by partition; see row_partitions.h. Partitions are numbered in order of appearance; the rows are dealt to them by counting, which
 * keeps their order, and each partition is sorted alone. */
#include "op/row_partitions.h"

typedef struct partition_value {
    uint64_t number; /* from 1 */
} partition_value;

weir_status weir_row_partitions_init(weir_row_partitions *partitions, const weir_operator_context *context, const weir_type *const *types,
                                     uint32_t column_count, const uint32_t *keys, uint32_t key_count, const weir_sort_key *order,
                                     uint32_t order_count, weir_error *error) {
    *partitions =
        (weir_row_partitions){.context = context, .keys = keys, .key_count = key_count, .order = order, .order_count = order_count};
    weir_row_store_init(&partitions->store, context->memory, context->name, types, column_count);
    if (!weir_row_sort_able(types, order, order_count))
        return weir_fail(error, WEIR_UNSUPPORTED, "ORDER BY of an ARRAY, MAP, MULTISET or ROW is not supported");
    if (key_count == 0)
        return WEIR_OK;
    const weir_type **key_types = weir_stage_types_of(context->arena, types, keys, key_count);
    partitions->state = weir_state_create(context->memory, context->name, context->settings->key_groups);
    if (key_types != NULL && partitions->state != NULL)
        partitions->keyed =
            weir_keyed_create(partitions->state, context->arena, "partitions", key_types, key_count, sizeof(partition_value));
    return partitions->keyed != NULL ? WEIR_OK : weir_stage_no_memory(context, 0, error);
}

static void sorted_free(weir_row_partitions *partitions) {
    weir_memory *memory = partitions->context->memory;
    weir_memory_free(memory, partitions->entries, (size_t)partitions->store.rows * sizeof(weir_sort_entry));
    weir_memory_free(memory, partitions->starts, ((size_t)partitions->count + 1) * sizeof(uint32_t));
    partitions->entries = NULL;
    partitions->starts = NULL;
}

void weir_row_partitions_deinit(weir_row_partitions *partitions) {
    if (partitions->context == NULL)
        return;
    sorted_free(partitions);
    weir_row_scratch_free(&partitions->scratch, partitions->context);
    weir_memory_free(partitions->context->memory, partitions->numbers, partitions->number_capacity * sizeof(uint32_t));
    weir_row_store_deinit(&partitions->store);
    if (partitions->keyed != NULL)
        weir_keyed_destroy(partitions->keyed);
    weir_state_destroy(partitions->state);
    partitions->context = NULL;
}

weir_status weir_row_partitions_append(weir_row_partitions *partitions, weir_batch *batch, const weir_rows *rows, weir_error *error) {
    uint32_t at = partitions->store.rows;
    if (partitions->key_count > 0) {
        if (!weir_memory_grow(partitions->context->memory, (void **)&partitions->numbers, &partitions->number_capacity,
                              (size_t)at + rows->count, sizeof(uint32_t)))
            return weir_stage_no_memory(partitions->context, (size_t)at * sizeof(uint32_t), error);
        WEIR_TRY(weir_row_scratch_reserve(&partitions->scratch, partitions->context, batch->rows, error));
        void **values = partitions->scratch.values;
        WEIR_TRY(weir_keyed_upsert(partitions->keyed, batch->columns, partitions->keys, rows, values, NULL, error));
        uint32_t *numbers = partitions->numbers;
        WEIR_FOR_ROWS(rows, row, {
            partition_value *value = values[row];
            if (value->number == 0)
                value->number = ++partitions->count;
            numbers[at++] = (uint32_t)value->number - 1;
        });
    } else {
        partitions->count = 1;
    }
    return weir_row_store_append(&partitions->store, batch->columns, rows, error);
}

/* entries = the rows, by partition; starts = where each begins. */
static void deal(weir_row_partitions *partitions) {
    uint32_t rows = partitions->store.rows, count = partitions->count, *starts = partitions->starts;
    for (uint32_t p = 0; p <= count; p++)
        starts[p] = 0;
    if (partitions->key_count == 0) {
        for (uint32_t k = 0; k < rows; k++)
            partitions->entries[k].row = k;
        if (count > 0)
            starts[count] = rows;
        return;
    }
    const uint32_t *numbers = partitions->numbers;
    for (uint32_t k = 0; k < rows; k++)
        starts[numbers[k] + 1]++;
    for (uint32_t p = 0; p < count; p++)
        starts[p + 1] += starts[p];
    for (uint32_t k = 0; k < rows; k++)
        partitions->entries[starts[numbers[k]]++].row = k;
    for (uint32_t p = count; p > 0; p--) /* each start has moved to its end, which is the next one's start */
        starts[p] = starts[p - 1];
    starts[0] = 0;
}

weir_status weir_row_partitions_finish(weir_row_partitions *partitions, weir_error *error) {
    weir_memory *memory = partitions->context->memory;
    uint32_t rows = partitions->store.rows, largest = 0;
    partitions->entries = weir_memory_alloc(memory, (size_t)rows * sizeof(weir_sort_entry));
    partitions->starts = weir_memory_alloc(memory, ((size_t)partitions->count + 1) * sizeof(uint32_t));
    if (partitions->entries == NULL || partitions->starts == NULL)
        return weir_stage_no_memory(partitions->context, (size_t)rows * sizeof(weir_sort_entry), error);
    deal(partitions);
    for (uint32_t p = 0; p < partitions->count; p++) {
        uint32_t size = partitions->starts[p + 1] - partitions->starts[p];
        largest = size > largest ? size : largest;
    }
    weir_sort_entry *scratch = weir_memory_alloc(memory, (size_t)largest * sizeof(weir_sort_entry));
    if (scratch == NULL)
        return weir_stage_no_memory(partitions->context, (size_t)largest * sizeof(weir_sort_entry), error);
    weir_row_sorter sorter = {&partitions->store, partitions->order, partitions->order_count, scratch};
    for (uint32_t p = 0; p < partitions->count; p++)
        weir_row_sort(&sorter, partitions->entries + partitions->starts[p], partitions->starts[p + 1] - partitions->starts[p]);
    weir_memory_free(memory, scratch, (size_t)largest * sizeof(weir_sort_entry));
    return WEIR_OK;
}
