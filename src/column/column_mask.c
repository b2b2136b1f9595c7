/* The same values under a narrower validity: a ROW's field where the ROW itself may be NULL. Nothing but the validity bytes is copied. */
#include "column/column.h"

weir_column *weir_column_mask(weir_memory *memory, const weir_column *source, const uint8_t *also_valid, uint32_t rows) {
    weir_column *masked = weir_memory_zalloc(memory, sizeof(weir_column));
    weir_buffer *valid = weir_buffer_create(memory, rows);
    if (masked == NULL || valid == NULL) {
        weir_memory_free(memory, masked, sizeof(weir_column));
        weir_buffer_unref(valid);
        return NULL;
    }
    atomic_init(&masked->references, 1);
    masked->memory = memory;
    masked->type = source->type;
    masked->layout = source->layout;
    masked->capacity = source->capacity;
    masked->values = source->values;
    masked->child_rows = source->child_rows;
    masked->block = weir_buffer_ref(source->block);
    masked->valid = masked->valid_storage = valid->data;
    for (uint32_t row = 0; row < rows; row++)
        valid->data[row] = source->valid == NULL ? also_valid[row] : (uint8_t)(also_valid[row] & source->valid[row]);
    bool kept = weir_column_keep(masked, valid);
    weir_buffer_unref(valid);
    for (uint32_t i = 0; kept && i < source->kept_count; i++)
        kept = weir_column_keep(masked, source->kept[i]);
    if (kept && source->child_count > 0) {
        masked->children = weir_memory_zalloc(memory, source->child_count * sizeof(weir_column *));
        kept = masked->children != NULL;
        masked->child_count = kept ? source->child_count : 0;
        for (uint32_t i = 0; i < masked->child_count; i++)
            masked->children[i] = weir_column_ref(source->children[i]);
    }
    if (!kept) {
        weir_column_unref(masked);
        return NULL;
    }
    return masked;
}
