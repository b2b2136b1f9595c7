/* Aggregate functions of the tests' own, small enough to be right at a glance: they show what operators do with accumulators.
 * COUNTER: COUNT(*). ADDER: SUM(BIGINT), NULL over nothing. GREATEST: MAX(BIGINT) with retraction: keeps every value in a weir_sorted, so
 * that states own blocks. */
#ifndef WEIR_TESTS_OP_AGGREGATES_H
#define WEIR_TESTS_OP_AGGREGATES_H

#include "agg/aggregate.h"
#include "state/sorted.h"

#define STATE(c_type, row) ((c_type *)((char *)states[row] + offset))

static inline int sign_of(const uint8_t *kinds, uint32_t row) { return kinds == NULL || weir_change_adds(kinds[row]) ? 1 : -1; }

static weir_status counter_update(weir_accumulator *self, void *const *states, uint32_t offset, const weir_rows *rows, const uint8_t *kinds,
                                  weir_column *const *arguments, weir_error *error) {
    (void)self, (void)arguments, (void)error;
    WEIR_FOR_ROWS(rows, row, { *STATE(int64_t, row) += sign_of(kinds, row); });
    return WEIR_OK;
}

static weir_status counter_emit(weir_accumulator *self, void *const *states, uint32_t offset, const weir_rows *rows, weir_column *out,
                                weir_error *error) {
    (void)self, (void)error;
    WEIR_FOR_ROWS(rows, row, { WEIR_VALUES(out, int64_t)[row] = *STATE(int64_t, row); });
    return WEIR_OK;
}

static weir_status counter_merge(weir_accumulator *self, void *into, void *from, weir_error *error) {
    (void)self, (void)error;
    *(int64_t *)into += *(int64_t *)from;
    *(int64_t *)from = 0;
    return WEIR_OK;
}

static weir_status counter_bind(weir_accumulator *self, weir_error *error) {
    (void)error;
    self->state_bytes = 8;
    self->update = counter_update;
    self->emit = counter_emit;
    self->merge = counter_merge;
    return WEIR_OK;
}

static weir_status adder_update(weir_accumulator *self, void *const *states, uint32_t offset, const weir_rows *rows, const uint8_t *kinds,
                                weir_column *const *arguments, weir_error *error) {
    (void)self, (void)error;
    WEIR_FOR_ROWS(rows, row, {
        if (weir_column_is_valid(arguments[0], row)) {
            STATE(int64_t, row)[0] += sign_of(kinds, row) * WEIR_VALUES(arguments[0], int64_t)[row];
            STATE(int64_t, row)[1] += sign_of(kinds, row);
        }
    });
    return WEIR_OK;
}

static void put_or_null(weir_column *out, uint32_t row, bool valid, int64_t value) {
    if (valid)
        WEIR_VALUES(out, int64_t)[row] = value;
    else
        weir_column_set_null(out, row);
}

static weir_status adder_emit(weir_accumulator *self, void *const *states, uint32_t offset, const weir_rows *rows, weir_column *out,
                              weir_error *error) {
    (void)self, (void)error;
    WEIR_FOR_ROWS(rows, row, { put_or_null(out, row, STATE(int64_t, row)[1] != 0, STATE(int64_t, row)[0]); });
    return WEIR_OK;
}

static weir_status adder_merge(weir_accumulator *self, void *into, void *from, weir_error *error) {
    (void)self, (void)error;
    for (int i = 0; i < 2; i++)
        ((int64_t *)into)[i] += ((int64_t *)from)[i];
    memset(from, 0, 16);
    return WEIR_OK;
}

static weir_status adder_bind(weir_accumulator *self, weir_error *error) {
    (void)error;
    self->state_bytes = 16;
    self->update = adder_update;
    self->emit = adder_emit;
    self->merge = adder_merge;
    return WEIR_OK;
}

static weir_status greatest_add(weir_accumulator *self, weir_ref *root, int64_t value, int64_t times, weir_error *error) {
    char key[8];
    weir_sorted_i64(value, key);
    weir_sorted_entry *entry = weir_sorted_put(self->state, root, key, 8, 8, NULL);
    if (entry == NULL)
        return weir_fail_memory(error, "greatest", 8);
    int64_t *count = weir_sorted_payload(entry);
    *count += times;
    if (*count == 0)
        weir_sorted_remove(self->state, root, entry);
    return WEIR_OK;
}

static weir_status greatest_update(weir_accumulator *self, void *const *states, uint32_t offset, const weir_rows *rows,
                                   const uint8_t *kinds,
                                   weir_column *const *arguments, weir_error *error) {
    for (uint32_t k = 0; k < rows->count; k++) {
        uint32_t row = rows->index == NULL ? k : rows->index[k];
        if (weir_column_is_valid(arguments[0], row))
            WEIR_TRY(greatest_add(self, STATE(weir_ref, row), WEIR_VALUES(arguments[0], int64_t)[row], sign_of(kinds, row), error));
    }
    return WEIR_OK;
}

static weir_status greatest_emit(weir_accumulator *self, void *const *states, uint32_t offset, const weir_rows *rows, weir_column *out,
                                 weir_error *error) {
    (void)error;
    WEIR_FOR_ROWS(rows, row, {
        weir_sorted_entry *last = weir_sorted_last(self->state, *STATE(weir_ref, row));
        put_or_null(out, row, last != NULL, last == NULL ? 0 : weir_sorted_get_i64(weir_sorted_key(last).data));
    });
    return WEIR_OK;
}

static weir_status greatest_merge(weir_accumulator *self, void *into, void *from, weir_error *error) {
    for (weir_sorted_entry *at = weir_sorted_first(self->state, *(weir_ref *)from); at != NULL; at = weir_sorted_next(self->state, at))
        WEIR_TRY(greatest_add(self, into, weir_sorted_get_i64(weir_sorted_key(at).data), *(int64_t *)weir_sorted_payload(at), error));
    weir_sorted_clear(self->state, from);
    return WEIR_OK;
}

static void greatest_clear(weir_accumulator *self, void *state) { weir_sorted_clear(self->state, state); }

static weir_status greatest_bind(weir_accumulator *self, weir_error *error) {
    (void)error;
    self->state_bytes = 8;
    self->update = greatest_update;
    self->emit = greatest_emit;
    self->merge = greatest_merge;
    self->clear = greatest_clear;
    return WEIR_OK;
}

static const weir_aggregate counter_function = {.name = "COUNTER", .flags = WEIR_AGGREGATE_RETRACTS | WEIR_AGGREGATE_MERGES,
                                                .bind = counter_bind};
static const weir_aggregate adder_function = {.name = "ADDER", .flags = WEIR_AGGREGATE_RETRACTS | WEIR_AGGREGATE_MERGES,
                                              .bind = adder_bind};
static const weir_aggregate greatest_function = {.name = "GREATEST", .flags = WEIR_AGGREGATE_RETRACTS | WEIR_AGGREGATE_MERGES,
                                                 .bind = greatest_bind};

/* A call of one of them over one column (UINT32_MAX: none), made in the arena. */
static inline weir_aggregate_call call_of(weir_arena *arena, const weir_aggregate *function, uint32_t column) {
    uint32_t *arguments = WEIR_ARENA_ARRAY(arena, uint32_t, 1);
    const weir_type **types = WEIR_ARENA_ARRAY(arena, const weir_type *, 1);
    const weir_value **literals = WEIR_ARENA_ARRAY(arena, const weir_value *, 1);
    assert_true(arguments != NULL && types != NULL && literals != NULL);
    arguments[0] = column;
    types[0] = weir_type_simple(WEIR_KIND_BIGINT, true);
    return (weir_aggregate_call){.aggregate = function,
                                 .result = types[0],
                                 .argument_count = column == UINT32_MAX ? 0 : 1,
                                 .arguments = arguments,
                                 .argument_types = types,
                                 .literals = literals,
                                 .filter = -1};
}

#endif
