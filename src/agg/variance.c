/* VAR_POP, VAR_SAMP, STDDEV_POP, STDDEV_SAMP and their synonyms. Computed in DOUBLE with Welford's method (mean and sum of squared
 * distances, one value at a time), as Flink does; the result is then cast to the argument's type: cut for integers, DECIMAL(38, 6) for
 * DECIMAL. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "agg/agg_int.h"
#include "types/decimal.h"

typedef struct moments {
    int64_t count;
    double mean;
    double squares; /* sum of (value - mean)^2 */
} moments;

typedef struct variance {
    bool sample, root;
} variance;

static weir_status infer_variance(weir_signature *signature, const char *name, weir_error *error) {
    WEIR_TRY(aggregate_count(signature, name, 1, 1, error));
    WEIR_TRY(aggregate_no_null(signature, error));
    const weir_type *type = signature->arguments[0].type;
    if (!weir_kind_is_numeric(type->kind)) {
        char forms[64];
        snprintf(forms, sizeof forms, "'%s(<NUMERIC>)'", name);
        return aggregate_refuse(signature, name, forms, error);
    }
    /* A sample of one has no variance: NULL, whatever the type says. */
    if (type->kind == WEIR_KIND_DECIMAL)
        return aggregate_result(signature, weir_type_decimal(signature->arena, 38, 6, type->nullable), error);
    return aggregate_result(signature, type, error);
}

static double value_at(const weir_column *column, uint32_t row) {
    switch (column->layout) {
    case WEIR_LAYOUT_I8: return WEIR_VALUES(column, int8_t)[row];
    case WEIR_LAYOUT_I16: return WEIR_VALUES(column, int16_t)[row];
    case WEIR_LAYOUT_I32: return WEIR_VALUES(column, int32_t)[row];
    case WEIR_LAYOUT_I64: return (double)WEIR_VALUES(column, int64_t)[row];
    case WEIR_LAYOUT_F32: return WEIR_VALUES(column, float)[row];
    case WEIR_LAYOUT_F64: return WEIR_VALUES(column, double)[row];
    default: return weir_decimal_to_double(WEIR_VALUES(column, weir_i128)[row], column->type->scale);
    }
}

static inline void add(moments *state, double value) {
    double distance = value - state->mean;
    state->count++;
    state->mean += distance / (double)state->count;
    state->squares += distance * (value - state->mean);
}

static inline void take_back(moments *state, double value) {
    double distance = value - state->mean;
    if (--state->count == 0) {
        *state = (moments){0};
        return;
    }
    state->mean -= distance / (double)state->count;
    state->squares -= distance * (value - state->mean);
}

static weir_status update_variance(weir_accumulator *self, void *const *states, uint32_t offset, const weir_rows *rows,
                                   const uint8_t *kinds, weir_column *const *arguments, weir_error *error) {
    (void)self, (void)error;
    WEIR_FOR_ROWS(rows, row, {
        int sign = aggregate_sign(kinds, row);
        if (sign == 0 || !weir_column_is_valid(arguments[0], row))
            continue;
        if (sign > 0)
            add(AGGREGATE_STATE(moments, row), value_at(arguments[0], row));
        else
            take_back(AGGREGATE_STATE(moments, row), value_at(arguments[0], row));
    });
    return WEIR_OK;
}

static bool result_of(const variance *mine, const moments *state, double *out) {
    int64_t divisor = state->count - mine->sample;
    if (state->count <= 0 || divisor <= 0)
        return false;
    double spread = state->squares / (double)divisor;
    *out = mine->root ? sqrt(spread) : spread;
    return true;
}

/* Java's (int): NaN is 0, the ends saturate; narrower types then keep the low bits. */
static int64_t whole(double value, double least, double most, int64_t least_whole, int64_t most_whole) {
    if (value != value)
        return 0;
    return value <= least ? least_whole : value >= most ? most_whole : (int64_t)value;
}

static bool put_result(weir_column *out, uint32_t row, double value) {
    int32_t narrow = (int32_t)whole(value, INT32_MIN, INT32_MAX, INT32_MIN, INT32_MAX);
    switch (out->layout) {
    case WEIR_LAYOUT_I8: WEIR_VALUES(out, int8_t)[row] = (int8_t)narrow; return true;
    case WEIR_LAYOUT_I16: WEIR_VALUES(out, int16_t)[row] = (int16_t)narrow; return true;
    case WEIR_LAYOUT_I32: WEIR_VALUES(out, int32_t)[row] = narrow; return true;
    case WEIR_LAYOUT_I64: WEIR_VALUES(out, int64_t)[row] = whole(value, -0x1p63, 0x1p63, INT64_MIN, INT64_MAX); return true;
    case WEIR_LAYOUT_F32: WEIR_VALUES(out, float)[row] = (float)value; return true;
    case WEIR_LAYOUT_F64: WEIR_VALUES(out, double)[row] = value; return true;
    default:
        return isfinite(value) &&
               weir_decimal_from_double(value, out->type->precision, out->type->scale, &WEIR_VALUES(out, weir_i128)[row]);
    }
}

static weir_status emit_variance(weir_accumulator *self, void *const *states, uint32_t offset, const weir_rows *rows, weir_column *out,
                                 weir_error *error) {
    (void)error;
    WEIR_FOR_ROWS(rows, row, {
        double value = 0;
        if (result_of(self->private_data, AGGREGATE_STATE(moments, row), &value) && put_result(out, row, value)) {
            if (out->valid != NULL)
                out->valid[row] = 1;
        } else if (out->type->nullable) {
            weir_column_set_null(out, row);
        } else { /* one row of a NOT NULL argument */
            (void)weir_column_put_default(out, row);
        }
    });
    return WEIR_OK;
}

/* Chan, Golub, LeVeque: the distances of both plus that of the two means. */
static weir_status merge_variance(weir_accumulator *self, void *into, void *from, weir_error *error) {
    (void)self, (void)error;
    moments *to = into, *other = from;
    if (to->count == 0) {
        *to = *other;
    } else if (other->count != 0) {
        double a = (double)to->count, b = (double)other->count, distance = other->mean - to->mean;
        to->squares += other->squares + distance * distance * a * b / (a + b);
        to->mean += distance * b / (a + b);
        to->count += other->count;
    }
    *other = (moments){0};
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
#define VARIANCE(name, summary, gives) \
    { name, FLAGS, infer_variance, bind_variance, "aggregate", name "(value NUMERIC) -> type of value", summary, EXAMPLE(name), gives }

const weir_aggregate weir_aggregates_variance[] = {
    VARIANCE("VAR_POP", "The variance of all values.", "1.0"),
    VARIANCE("VAR_SAMP", "The variance estimated from a sample; NULL for one value.", "2.0"),
    VARIANCE("VARIANCE", "The same as VAR_SAMP.", "2.0"),
    VARIANCE("STDDEV_POP", "The standard deviation of all values.", "1.0"),
    VARIANCE("STDDEV_SAMP", "The standard deviation estimated from a sample; NULL for one value.", "1.4142135623730951"),
    VARIANCE("STDDEV", "The same as STDDEV_SAMP.", "1.4142135623730951"),
    {0},
};
