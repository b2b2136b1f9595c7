/* See agg_calls.h. */
#include "op/agg_calls.h"

#include <string.h>

weir_status weir_agg_calls_bind(weir_agg_calls *self, const weir_operator_context *context, weir_state *state,
                                const weir_aggregate_call *calls,
                                uint32_t count, bool retracts, uint32_t head_bytes, weir_error *error) {
    *self = (weir_agg_calls){.context = context, .count = count, .end = head_bytes, .merges = true};
    self->items = WEIR_ARENA_ARRAY(context->arena, weir_accumulator, count + 1);
    self->offsets = WEIR_ARENA_ARRAY(context->arena, uint32_t, count + 1);
    if (self->items == NULL || self->offsets == NULL)
        return weir_fail_memory(error, context->name, count * sizeof(weir_accumulator));
    for (uint32_t i = 0; i < count; i++) {
        weir_accumulator *item = &self->items[i];
        *item = (weir_accumulator){.call = &calls[i],
                                   .arena = context->arena,
                                   .memory = context->memory,
                                   .state = state,
                                   .evaluation = context->evaluation,
                                   .retracts = retracts};
        WEIR_TRY(weir_accumulator_bind(item, error));
        self->offsets[i] = self->end;
        self->end += (item->state_bytes + 7) & ~UINT32_C(7);
        self->merges &= item->merge != NULL;
    }
    return WEIR_OK;
}

weir_status weir_agg_calls_update(weir_agg_calls *self, void *const *values, const weir_rows *rows, const uint8_t *kinds,
                                  weir_column *const *columns, weir_error *error) {
    for (uint32_t i = 0; i < self->count && rows->count > 0; i++)
        WEIR_TRY(weir_accumulator_update(&self->items[i], values, self->offsets[i], rows, kinds, columns, error));
    return WEIR_OK;
}

weir_status weir_agg_calls_replay(weir_agg_calls *self, void *const *values, const weir_rows *rows, const uint8_t *kinds,
                                  weir_column *const *columns, weir_column **before, weir_column **after, weir_error *error) {
    for (uint32_t i = 0; i < self->count && rows->count > 0; i++)
        WEIR_TRY(weir_accumulator_replay(&self->items[i], values, self->offsets[i], rows, kinds, columns, before[i], after[i], error));
    return WEIR_OK;
}

weir_status weir_agg_calls_emit(weir_agg_calls *self, void *const *values, const weir_rows *rows, weir_column **out, weir_error *error) {
    for (uint32_t i = 0; i < self->count && rows->count > 0; i++)
        WEIR_TRY(weir_accumulator_emit(&self->items[i], values, self->offsets[i], rows, out[i], error));
    return WEIR_OK;
}

weir_status weir_agg_calls_merge(weir_agg_calls *self, void *into, void *from, weir_error *error) {
    for (uint32_t i = 0; i < self->count; i++)
        WEIR_TRY(weir_accumulator_merge(&self->items[i], (char *)into + self->offsets[i], (char *)from + self->offsets[i], error));
    return WEIR_OK;
}

void weir_agg_calls_clear(weir_agg_calls *self, void *value) {
    for (uint32_t i = 0; i < self->count; i++)
        weir_accumulator_clear(&self->items[i], (char *)value + self->offsets[i]);
}

void weir_columns_drop(weir_column **columns, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        weir_column_unref(columns[i]);
        columns[i] = NULL;
    }
}

weir_status weir_agg_calls_columns(const weir_agg_calls *self, uint32_t rows, weir_column **out, weir_error *error) {
    for (uint32_t i = 0; i < self->count; i++) {
        out[i] = weir_column_create(self->context->memory, self->items[i].call->result, rows);
        if (out[i] == NULL) {
            weir_columns_drop(out, i);
            return weir_fail_memory(error, self->context->name, (size_t)rows * 16);
        }
    }
    return WEIR_OK;
}

#define DIFFER(c_type)                                                                              \
    do {                                                                                            \
        const c_type *x = a->values, *y = b->values;                                                \
        if (a->valid == NULL && b->valid == NULL)                                                   \
            WEIR_FOR_ROWS(rows, row, { differs[row] |= x[row] != y[row]; });                        \
        else                                                                                        \
            WEIR_FOR_ROWS(rows, row, {                                                              \
                uint8_t p = a->valid == NULL || a->valid[row], q = b->valid == NULL || b->valid[row]; \
                differs[row] |= p != q || (p && x[row] != y[row]);                                  \
            });                                                                                     \
    } while (0)

void weir_columns_differ(const weir_column *a, const weir_column *b, const weir_rows *rows, uint8_t *differs) {
    switch (a->layout) {
    case WEIR_LAYOUT_U8:
    case WEIR_LAYOUT_I8: DIFFER(uint8_t); break;
    case WEIR_LAYOUT_I16: DIFFER(uint16_t); break;
    case WEIR_LAYOUT_I32: DIFFER(uint32_t); break;
    case WEIR_LAYOUT_I64: DIFFER(uint64_t); break;
    case WEIR_LAYOUT_I128: DIFFER(weir_u128); break;
    default: WEIR_FOR_ROWS(rows, row, { differs[row] |= !weir_column_rows_equal(a, row, b, row); }); break;
    }
}
