/* VAR_POP, VAR_SAMP, STDDEV_POP, STDDEV_SAMP and their synonyms. Results have the argument's type: over integers they are cut, over DECIMAL
 * they are DECIMAL(38, 6). Computed as Flink's planner rewrites them, from the sums of values and of squares: (sum of squares - sum * sum /
 * n) / n. */
#include <math.h>
#include <stdio.h>

#include "agg/agg_int.h"
#include "types/decimal.h"

typedef struct moments {
    int64_t count;
    int64_t unused; /* keeps the long doubles aligned */
    long double sum;
    long double squares;
} moments;

typedef struct variance {
    bool sample, root;
} variance;

static weir_status infer_variance(weir_signature *signature, const char *name, weir_error *error) {
    WEIR_TRY(aggregate_count(signature, name, 1, 1, error));
    const weir_type *type = signature->arguments[0].type;
    if (!weir_kind_is_numeric(type->kind)) {
        char forms[64];
        snprintf(forms, sizeof forms, "'%s(<NUMERIC>)'", name);
        return aggregate_refuse(signature, name, forms, error);
    }
    /* A sample of one has no variance: NULL. */
    bool nullable = type->nullable || strstr(name, "POP") == NULL;
    if (type->kind == WEIR_KIND_DECIMAL)
        return aggregate_result(signature, weir_type_decimal(signature->arena, 38, 6, nullable), error);
    return aggregate_result(signature, weir_type_with_nullable(signature->arena, type, nullable), error);
}

static long double value_at(const weir_column *column, uint32_t row) {
    switch (column->layout) {
    case WEIR_LAYOUT_I8: return WEIR_VALUES(column, int8_t)[row];
    case WEIR_LAYOUT_I16: return WEIR_VALUES(column, int16_t)[row];
    case WEIR_LAYOUT_I32: return WEIR_VALUES(column, int32_t)[row];
    case WEIR_LAYOUT_I64: return (long double)WEIR_VALUES(column, int64_t)[row];
    case WEIR_LAYOUT_F32: return WEIR_VALUES(column, float)[row];
    case WEIR_LAYOUT_F64: return WEIR_VALUES(column, double)[row];
    default: return (long double)WEIR_VALUES(column, weir_i128)[row] / (long double)weir_pow10[column->type->scale];
    }
}

static weir_status update_variance(weir_accumulator *self, void *const *states, uint32_t offset, const weir_rows *rows,
                                   const uint8_t *kinds, weir_column *const *arguments, weir_error *error) {
    (void)self, (void)error;
    WEIR_FOR_ROWS(rows, row, {
        int sign = aggregate_sign(kinds, row);
        if (sign == 0 || !weir_column_is_valid(arguments[0], row))
            continue;
        moments state;
        memcpy(&state, AGGREGATE_STATE(char, row), sizeof state);
        long double value = value_at(arguments[0], row);
        state.count += sign;
        state.sum += sign * value;
        state.squares += sign * value * value;
        memcpy(AGGREGATE_STATE(char, row), &state, sizeof state);
    });
    return WEIR_OK;
}

static bool result_of(const variance *mine, const moments *state, long double *out) {
    int64_t divisor = state->count - mine->sample;
    if (state->count <= 0 || divisor <= 0)
        return false;
    long double spread = (state->squares - state->sum * state->sum / (long double)state->count) / (long double)divisor;
    if (spread < 0)
        spread = 0;
    *out = mine->root ? sqrtl(spread) : spread;
    return true;
}

static bool put_result(weir_column *out, uint32_t row, long double value) {
    switch (out->layout) {
    case WEIR_LAYOUT_I8: WEIR_VALUES(out, int8_t)[row] = (int8_t)(int64_t)value; return true;
    case WEIR_LAYOUT_I16: WEIR_VALUES(out, int16_t)[row] = (int16_t)(int64_t)value; return true;
    case WEIR_LAYOUT_I32: WEIR_VALUES(out, int32_t)[row] = (int32_t)(int64_t)value; return true;
    case WEIR_LAYOUT_I64: WEIR_VALUES(out, int64_t)[row] = (int64_t)value; return true;
    case WEIR_LAYOUT_F32: WEIR_VALUES(out, float)[row] = (float)value; return true;
    case WEIR_LAYOUT_F64: WEIR_VALUES(out, double)[row] = (double)value; return true;
    default: {
        long double scaled = roundl(value * 1000000.0L);
        if (scaled >= 1e37L)
            return false;
        WEIR_VALUES(out, weir_i128)[row] = (weir_i128)scaled;
        return true;
    }
    }
}

static weir_status emit_variance(weir_accumulator *self, void *const *states, uint32_t offset, const weir_rows *rows, weir_column *out,
                                 weir_error *error) {
    (void)error;
    WEIR_FOR_ROWS(rows, row, {
        moments state;
        long double value = 0;
        memcpy(&state, AGGREGATE_STATE(char, row), sizeof state);
        if (!result_of(self->private_data, &state, &value) || !put_result(out, row, value))
            weir_column_set_null(out, row);
        else if (out->valid != NULL)
            out->valid[row] = 1;
    });
    return WEIR_OK;
}

static weir_status merge_variance(weir_accumulator *self, void *into, void *from, weir_error *error) {
    (void)self, (void)error;
    moments to, other;
    memcpy(&to, into, sizeof to);
    memcpy(&other, from, sizeof other);
    to.count += other.count;
    to.sum += other.sum;
    to.squares += other.squares;
    memcpy(into, &to, sizeof to);
    memset(from, 0, sizeof other);
    return WEIR_OK;
}

static weir_status bind_variance(weir_accumulator *self, weir_error *error) {
    variance *mine = WEIR_ARENA_NEW(self->arena, variance);
    if (mine == NULL)
        return weir_fail_memory(error, "an aggregate", sizeof *mine);
    mine->sample = strstr(self->call->aggregate->name, "POP") == NULL;
    mine->root = strncmp(self->call->aggregate->name, "STDDEV", 6) == 0;
    self->private_data = mine;
    self->state_bytes = sizeof(moments);
    self->update = update_variance;
    self->emit = emit_variance;
    self->merge = merge_variance;
    return WEIR_OK;
}

enum { FLAGS = WEIR_AGGREGATE_MERGES | WEIR_AGGREGATE_RETRACTS };
#define EXAMPLE(name) "SELECT " name "(CAST(v AS DOUBLE)) FROM (VALUES (1), (3)) AS t(v)"

const weir_aggregate weir_aggregates_variance[] = {
    {"VAR_POP", FLAGS, infer_variance, bind_variance, "aggregate", "VAR_POP(value NUMERIC) -> type of value", "The variance of all values.",
     EXAMPLE("VAR_POP"), "1.0"},
    {"VAR_SAMP", FLAGS, infer_variance, bind_variance, "aggregate", "VAR_SAMP(value NUMERIC) -> type of value",
     "The variance estimated from a sample; NULL for one value.", EXAMPLE("VAR_SAMP"), "2.0"},
    {"VARIANCE", FLAGS, infer_variance, bind_variance, "aggregate", "VARIANCE(value NUMERIC) -> type of value", "The same as VAR_SAMP.",
     EXAMPLE("VARIANCE"), "2.0"},
    {"STDDEV_POP", FLAGS, infer_variance, bind_variance, "aggregate", "STDDEV_POP(value NUMERIC) -> type of value",
     "The standard deviation of all values.", EXAMPLE("STDDEV_POP"), "1.0"},
    {"STDDEV_SAMP", FLAGS, infer_variance, bind_variance, "aggregate", "STDDEV_SAMP(value NUMERIC) -> type of value",
     "The standard deviation estimated from a sample; NULL for one value.", EXAMPLE("STDDEV_SAMP"), "1.4142135623730951"},
    {"STDDEV", FLAGS, infer_variance, bind_variance, "aggregate", "STDDEV(value NUMERIC) -> type of value", "The same as STDDEV_SAMP.",
     EXAMPLE("STDDEV"), "1.4142135623730951"},
    {0},
};
