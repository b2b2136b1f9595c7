/* COUNT(*) and COUNT(value). */
#include "agg/agg_int.h"

static weir_status infer_count(weir_signature *signature, const char *name, weir_error *error) {
    (void)name;
    WEIR_TRY(aggregate_no_null(signature, error));
    bool nullable = false;
    for (uint32_t i = 0; i < signature->count; i++)
        nullable |= signature->arguments[i].type->nullable;
    if (signature->count > 1 && nullable) /* of values that are never NULL it is COUNT(*) */
        return weir_fail(error, WEIR_UNSUPPORTED, "We now only support the count of one field.");
    return aggregate_result(signature, weir_type_simple(WEIR_KIND_BIGINT, false), error);
}

/* NULL when every row counts. */
static const uint8_t *validity(const weir_accumulator *self, weir_column *const *arguments) {
    return self->call->argument_count == 0 ? NULL : arguments[0]->valid;
}

static inline int64_t step_of(const uint8_t *valid, const uint8_t *kinds, uint32_t row) {
    return valid == NULL || valid[row] ? aggregate_sign(kinds, row) : 0;
}

static weir_status update_count(weir_accumulator *self, void *const *states, uint32_t offset, const weir_rows *rows, const uint8_t *kinds,
                                weir_column *const *arguments, weir_error *error) {
    (void)error;
    const uint8_t *valid = validity(self, arguments);
    if (valid == NULL && kinds == NULL) {
        WEIR_FOR_ROWS(rows, row, { ++*AGGREGATE_STATE(int64_t, row); });
        return WEIR_OK;
    }
    WEIR_FOR_ROWS(rows, row, { *AGGREGATE_STATE(int64_t, row) += step_of(valid, kinds, row); });
    return WEIR_OK;
}

static weir_status emit_count(weir_accumulator *self, void *const *states, uint32_t offset, const weir_rows *rows, weir_column *out,
                              weir_error *error) {
    (void)self, (void)error;
    int64_t *values = out->values;
    WEIR_FOR_ROWS(rows, row, { values[row] = *AGGREGATE_STATE(int64_t, row); });
    return WEIR_OK;
}

static weir_status replay_count(weir_accumulator *self, void *const *states, uint32_t offset, const weir_rows *rows, const uint8_t *kinds,
                                weir_column *const *arguments, weir_column *before, weir_column *after, weir_error *error) {
    (void)error;
    const uint8_t *valid = validity(self, arguments);
    int64_t *old = before->values, *now = after->values;
    WEIR_FOR_ROWS(rows, row, {
        int64_t *count = AGGREGATE_STATE(int64_t, row);
        old[row] = *count;
        *count += step_of(valid, kinds, row);
        now[row] = *count;
    });
    return WEIR_OK;
}

static weir_status merge_count(weir_accumulator *self, void *into, void *from, weir_error *error) {
    (void)self, (void)error;
    *(int64_t *)into += *(int64_t *)from;
    *(int64_t *)from = 0;
    return WEIR_OK;
}

static weir_status bind_count(weir_accumulator *self, weir_error *error) {
    (void)error;
    self->state_bytes = sizeof(int64_t);
    self->update = update_count;
    self->emit = emit_count;
    self->replay = replay_count;
    self->merge = merge_count;
    return WEIR_OK;
}

const weir_aggregate weir_aggregates_count[] = {
    {"COUNT", WEIR_AGGREGATE_STAR | WEIR_AGGREGATE_MERGES | WEIR_AGGREGATE_RETRACTS | WEIR_AGGREGATE_NEVER_NULL, infer_count, bind_count,
     "aggregate", "COUNT(* | [DISTINCT] value ANY) -> BIGINT", "The number of rows, or of rows whose value is not NULL.",
     "SELECT COUNT(v) FROM (VALUES (1), (CAST(NULL AS INT)), (3)) AS t(v)", "2"},
    {0},
};
