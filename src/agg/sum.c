/* SUM, AVG and SUM0. A sum has the argument's type (DECIMAL: 38 digits) and wraps; an average of integers is cut toward zero. */
#include <stdio.h>

#include "agg/agg_int.h"
#include "types/decimal.h"

typedef struct sum_i64 {
    int64_t sum;
    int64_t count; /* of values that are not NULL */
} sum_i64;
typedef struct sum_f64 {
    double sum;
    int64_t count;
} sum_f64;
typedef struct sum_i128 {
    aggregate_i128 sum;
    int64_t count;
    int64_t overflowed; /* the sum has left 38 digits: NULL, until the next value begins a new one, as in Flink */
} sum_i128;

static weir_status infer_sum(weir_signature *signature, const char *name, weir_error *error) {
    WEIR_TRY(aggregate_count(signature, name, 1, 1, error));
    const weir_type *type = signature->arguments[0].type;
    WEIR_TRY(aggregate_no_null(signature, error));
    if (!weir_kind_is_numeric(type->kind)) {
        char forms[64];
        snprintf(forms, sizeof forms, "'%s(<NUMERIC>)'", name);
        return aggregate_refuse(signature, name, forms, error);
    }
    if (type->kind != WEIR_KIND_DECIMAL)
        return aggregate_result(signature, type, error);
    bool average = name[0] == 'A';
    int32_t scale = average && type->scale < 6 ? 6 : type->scale;
    return aggregate_result(signature, weir_type_decimal(signature->arena, WEIR_DECIMAL_DIGITS_MAX, scale, type->nullable), error);
}

/* ---- reading values ---- */

#define READ_I64(name, c_type) \
    static inline int64_t name(const weir_column *column, uint32_t row) { return WEIR_VALUES(column, c_type)[row]; }
READ_I64(read_i8, int8_t)
READ_I64(read_i16, int16_t)
READ_I64(read_i32, int32_t)
READ_I64(read_i64, int64_t)
static inline double read_f32(const weir_column *column, uint32_t row) { return WEIR_VALUES(column, float)[row]; }
static inline double read_f64(const weir_column *column, uint32_t row) { return WEIR_VALUES(column, double)[row]; }

static inline void add_i64(sum_i64 *state, int64_t value, int sign) {
    state->sum = (int64_t)((uint64_t)state->sum + (sign < 0 ? 0 - (uint64_t)value : (uint64_t)value));
    state->count += sign;
}
static inline void add_f64(sum_f64 *state, double value, int sign) {
    state->sum += sign * value;
    state->count += sign;
}
/* FLOAT adds in float, as Flink's generated code does. */
static inline void add_f32(sum_f64 *state, double value, int sign) {
    state->sum = (float)((float)state->sum + (float)sign * (float)value);
    state->count += sign;
}
static inline void add_i128(sum_i128 *state, weir_i128 value, int sign) {
    /* Two values of 38 digits may leave 128 bits: what wraps around is too large as well. */
    weir_i128 sum = (weir_i128)((weir_u128)(state->overflowed ? 0 : state->sum) + (weir_u128)(sign < 0 ? -value : value));
    state->sum = sum;
    state->count += sign;
    state->overflowed = !weir_decimal_fits(sum, WEIR_DECIMAL_DIGITS_MAX);
}
static inline weir_i128 read_i128(const weir_column *column, uint32_t row) { return WEIR_VALUES(column, weir_i128)[row]; }

/* ---- writing results; average: an argument of AVG ---- */

static inline void put_i64(const weir_accumulator *self, const sum_i64 *state, weir_column *out, uint32_t row) {
    if (state->count == 0) {
        weir_column_set_null(out, row);
        return;
    }
    /* SUM wraps in the argument's type as it is stored; the sum that AVG divides is a BIGINT: AVG of TINYINT 100 and 120 is 110. */
    int64_t value = state->sum;
    if (self->private_data != NULL)
        value = state->count == -1 ? (int64_t)(0 - (uint64_t)value) : value / state->count;
    if (out->valid != NULL)
        out->valid[row] = 1;
    switch (out->layout) {
    case WEIR_LAYOUT_I8: WEIR_VALUES(out, int8_t)[row] = (int8_t)value; break;
    case WEIR_LAYOUT_I16: WEIR_VALUES(out, int16_t)[row] = (int16_t)value; break;
    case WEIR_LAYOUT_I32: WEIR_VALUES(out, int32_t)[row] = (int32_t)value; break;
    default: WEIR_VALUES(out, int64_t)[row] = value; break;
    }
}

static inline void put_f64(const weir_accumulator *self, const sum_f64 *state, weir_column *out, uint32_t row) {
    if (state->count == 0) {
        weir_column_set_null(out, row);
        return;
    }
    double value = self->private_data != NULL ? state->sum / (double)state->count : state->sum;
    if (out->valid != NULL)
        out->valid[row] = 1;
    if (out->layout == WEIR_LAYOUT_F32)
        WEIR_VALUES(out, float)[row] = (float)value;
    else
        WEIR_VALUES(out, double)[row] = value;
}

static inline void put_i128(const weir_accumulator *self, const sum_i128 *state, weir_column *out, uint32_t row) {
    weir_i128 value = state->sum;
    bool known = state->count != 0 && !state->overflowed;
    if (known && self->private_data != NULL)
        known = weir_decimal_divide(state->sum, self->call->argument_types[0]->scale, state->count, 0, self->call->result->scale, &value);
    if (!known || !weir_decimal_fits(value, WEIR_DECIMAL_DIGITS_MAX)) {
        weir_column_set_null(out, row);
        return;
    }
    if (out->valid != NULL)
        out->valid[row] = 1;
    WEIR_VALUES(out, weir_i128)[row] = value;
}

/* ---- one update, emit, replay and merge per layout ---- */

#define SUM_FUNCTIONS(suffix, state_type, read, add, put)                                                                            \
    static weir_status update_##suffix(weir_accumulator *self, void *const *states, uint32_t offset, const weir_rows *rows,          \
                                       const uint8_t *kinds, weir_column *const *arguments, weir_error *error) {                     \
        (void)self, (void)error;                                                                                                     \
        const weir_column *column = arguments[0];                                                                                    \
        if (column->valid == NULL && kinds == NULL) {                                                                                \
            WEIR_FOR_ROWS(rows, row, { add(AGGREGATE_STATE(state_type, row), read(column, row), 1); });                              \
            return WEIR_OK;                                                                                                          \
        }                                                                                                                            \
        WEIR_FOR_ROWS(rows, row, {                                                                                                   \
            int sign = aggregate_sign(kinds, row);                                                                                   \
            if (sign != 0 && weir_column_is_valid(column, row))                                                                      \
                add(AGGREGATE_STATE(state_type, row), read(column, row), sign);                                                      \
        });                                                                                                                          \
        return WEIR_OK;                                                                                                              \
    }                                                                                                                                \
    static weir_status emit_##suffix(weir_accumulator *self, void *const *states, uint32_t offset, const weir_rows *rows,            \
                                     weir_column *out, weir_error *error) {                                                          \
        (void)error;                                                                                                                 \
        WEIR_FOR_ROWS(rows, row, { put(self, AGGREGATE_STATE(state_type, row), out, row); });                                        \
        return WEIR_OK;                                                                                                              \
    }                                                                                                                                \
    static weir_status replay_##suffix(weir_accumulator *self, void *const *states, uint32_t offset, const weir_rows *rows,          \
                                       const uint8_t *kinds, weir_column *const *arguments, weir_column *before, weir_column *after, \
                                       weir_error *error) {                                                                          \
        (void)error;                                                                                                                 \
        const weir_column *column = arguments[0];                                                                                    \
        WEIR_FOR_ROWS(rows, row, {                                                                                                   \
            state_type *state = AGGREGATE_STATE(state_type, row);                                                                    \
            put(self, state, before, row);                                                                                           \
            int sign = aggregate_sign(kinds, row);                                                                                   \
            if (sign != 0 && weir_column_is_valid(column, row))                                                                      \
                add(state, read(column, row), sign);                                                                                 \
            put(self, state, after, row);                                                                                            \
        });                                                                                                                          \
        return WEIR_OK;                                                                                                              \
    }

SUM_FUNCTIONS(i8, sum_i64, read_i8, add_i64, put_i64)
SUM_FUNCTIONS(i16, sum_i64, read_i16, add_i64, put_i64)
SUM_FUNCTIONS(i32, sum_i64, read_i32, add_i64, put_i64)
SUM_FUNCTIONS(i64, sum_i64, read_i64, add_i64, put_i64)
SUM_FUNCTIONS(f32, sum_f64, read_f32, add_f32, put_f64)
SUM_FUNCTIONS(f32_wide, sum_f64, read_f32, add_f64, put_f64)
SUM_FUNCTIONS(f64, sum_f64, read_f64, add_f64, put_f64)
SUM_FUNCTIONS(i128, sum_i128, read_i128, add_i128, put_i128)

static weir_status merge_i64(weir_accumulator *self, void *into, void *from, weir_error *error) {
    (void)self, (void)error;
    sum_i64 *to = into, *other = from;
    to->sum = (int64_t)((uint64_t)to->sum + (uint64_t)other->sum);
    to->count += other->count;
    *other = (sum_i64){0};
    return WEIR_OK;
}

static weir_status merge_f64(weir_accumulator *self, void *into, void *from, weir_error *error) {
    (void)self, (void)error;
    sum_f64 *to = into, *other = from;
    to->sum += other->sum;
    to->count += other->count;
    *other = (sum_f64){0};
    return WEIR_OK;
}

static weir_status merge_i128(weir_accumulator *self, void *into, void *from, weir_error *error) {
    (void)self, (void)error;
    sum_i128 *to = into, *other = from;
    int64_t count = to->count + other->count;
    if (!other->overflowed && other->count != 0)
        add_i128(to, other->sum, 1);
    to->count = count;
    *other = (sum_i128){0};
    return WEIR_OK;
}

#define USE(suffix, state_type, merge_function) \
    do {                                        \
        self->state_bytes = sizeof(state_type); \
        self->update = update_##suffix;         \
        self->emit = emit_##suffix;             \
        self->replay = replay_##suffix;         \
        self->merge = merge_function;           \
    } while (0)

static weir_status bind_sum(weir_accumulator *self, weir_error *error) {
    switch (weir_type_layout(self->call->argument_types[0])) {
    case WEIR_LAYOUT_I8: USE(i8, sum_i64, merge_i64); break;
    case WEIR_LAYOUT_I16: USE(i16, sum_i64, merge_i64); break;
    case WEIR_LAYOUT_I32: USE(i32, sum_i64, merge_i64); break;
    case WEIR_LAYOUT_I64: USE(i64, sum_i64, merge_i64); break;
    case WEIR_LAYOUT_F32: USE(f32, sum_f64, merge_f64); break;
    case WEIR_LAYOUT_F64: USE(f64, sum_f64, merge_f64); break;
    case WEIR_LAYOUT_I128: USE(i128, sum_i128, merge_i128); break;
    default: return weir_fail(error, WEIR_INTERNAL, "SUM over a type that is no number");
    }
    return WEIR_OK;
}

static weir_status bind_average(weir_accumulator *self, weir_error *error) {
    WEIR_TRY(bind_sum(self, error));
    self->private_data = self; /* not NULL: divide by the count */
    if (weir_type_layout(self->call->argument_types[0]) == WEIR_LAYOUT_F32)
        USE(f32_wide, sum_f64, merge_f64); /* the average of FLOATs is summed in double */
    return WEIR_OK;
}

enum { FLAGS = WEIR_AGGREGATE_MERGES | WEIR_AGGREGATE_RETRACTS };

const weir_aggregate weir_aggregates_sum[] = {
    {"SUM", FLAGS, infer_sum, bind_sum, "aggregate", "SUM([DISTINCT] value NUMERIC) -> type of value",
     "The sum of the values that are not NULL; integers wrap.", "SELECT SUM(v) FROM (VALUES (1), (2), (3)) AS t(v)", "6"},
    {"AVG", FLAGS, infer_sum, bind_average, "aggregate", "AVG([DISTINCT] value NUMERIC) -> type of value",
     "The mean of the values that are not NULL; of integers it is cut toward zero.", "SELECT AVG(v) FROM (VALUES (1), (2), (4)) AS t(v)",
     "2"},
    {0},
};
