/* CAST among numbers and BOOLEAN, and of integers to intervals. Integers keep their low bits; FLOAT and DOUBLE saturate (through INT for
 * the two small ones, whose low bits then remain, as in Java); DECIMAL cuts toward zero; what has no room in a DECIMAL is NULL. */
#include <math.h>

#include "func/cast_int.h"
#include "types/decimal.h"

#define CONVERT(from_type_, to_type_, expression_)                    \
    do {                                                              \
        const from_type_ *restrict a = WEIR_VALUES(from, from_type_); \
        to_type_ *restrict r = WEIR_VALUES(out, to_type_);            \
        WEIR_FOR_ROWS(rows, i, { r[i] = (to_type_)(expression_); });  \
    } while (0)

static void put_decimal(weir_column *out, uint32_t row, bool fits, weir_i128 value) {
    if (fits && weir_decimal_fits(value, out->type->precision))
        WEIR_VALUES(out, weir_i128)[row] = value;
    else
        weir_column_set_null(out, row);
}

#define INTEGER_TO_DECIMAL(from_type_)                                                      \
    do {                                                                                    \
        const from_type_ *a = WEIR_VALUES(from, from_type_);                                \
        if (plan->to->precision - plan->to->scale >= (int32_t)sizeof(from_type_) * 5 / 2) { \
            const weir_i128 factor = (weir_i128)weir_pow10[plan->to->scale];                \
            weir_i128 *r = WEIR_VALUES(out, weir_i128);                                     \
            WEIR_FOR_ROWS(rows, i, { r[i] = (weir_i128)a[i] * factor; });                   \
        } else {                                                                            \
            WEIR_FOR_ROWS(rows, i, {                                                        \
                weir_i128 value = 0;                                                        \
                bool fits = weir_decimal_rescale(a[i], 0, plan->to->scale, &value);         \
                put_decimal(out, i, fits, value);                                           \
            });                                                                             \
        }                                                                                   \
    } while (0)
/* 5/2 digits per byte cover the three larger integers: 5, 10 and 20 (of 19). */

#define INTEGER_STEP(name_, from_type_)                                                                                         \
    static void name_(const cast_plan *plan, cast_run *run, const weir_rows *rows, const weir_column *from, weir_column *out) { \
        (void)run;                                                                                                              \
        switch (weir_type_layout(plan->to)) {                                                                                   \
        case WEIR_LAYOUT_U8: CONVERT(from_type_, uint8_t, a[i] != 0); break;                                                    \
        case WEIR_LAYOUT_I8: CONVERT(from_type_, int8_t, a[i]); break;                                                          \
        case WEIR_LAYOUT_I16: CONVERT(from_type_, int16_t, a[i]); break;                                                        \
        case WEIR_LAYOUT_I32: CONVERT(from_type_, int32_t, a[i]); break;                                                        \
        case WEIR_LAYOUT_I64: CONVERT(from_type_, int64_t, a[i]); break;                                                        \
        case WEIR_LAYOUT_F32: CONVERT(from_type_, float, a[i]); break;                                                          \
        case WEIR_LAYOUT_F64: CONVERT(from_type_, double, a[i]); break;                                                         \
        default: INTEGER_TO_DECIMAL(from_type_); break;                                                                         \
        }                                                                                                                       \
    }

INTEGER_STEP(step_i16, int16_t)
INTEGER_STEP(step_i32, int32_t)
INTEGER_STEP(step_i64, int64_t)

/* BOOLEAN has one digit, TINYINT three: their rule for DECIMAL is the checked one. */
static void small_to_decimal(const cast_plan *plan, const weir_rows *rows, const weir_column *from, weir_column *out) {
    const int8_t *a = WEIR_VALUES(from, int8_t); /* a BOOLEAN's 0 and 1 are the same bytes */
    WEIR_FOR_ROWS(rows, i, {
        weir_i128 value = 0;
        bool fits = weir_decimal_rescale(a[i], 0, plan->to->scale, &value);
        put_decimal(out, i, fits, value);
    });
}

static void step_i8(const cast_plan *plan, cast_run *run, const weir_rows *rows, const weir_column *from, weir_column *out) {
    (void)run;
    switch (weir_type_layout(plan->to)) {
    case WEIR_LAYOUT_U8: CONVERT(int8_t, uint8_t, a[i] != 0); break;
    case WEIR_LAYOUT_I8: CONVERT(int8_t, int8_t, a[i]); break;
    case WEIR_LAYOUT_I16: CONVERT(int8_t, int16_t, a[i]); break;
    case WEIR_LAYOUT_I32: CONVERT(int8_t, int32_t, a[i]); break;
    case WEIR_LAYOUT_I64: CONVERT(int8_t, int64_t, a[i]); break;
    case WEIR_LAYOUT_F32: CONVERT(int8_t, float, a[i]); break;
    case WEIR_LAYOUT_F64: CONVERT(int8_t, double, a[i]); break;
    default: small_to_decimal(plan, rows, from, out); break;
    }
}

/* Java's (int) and (long) of a double. */
static inline int32_t saturate_i32(double value) {
    if (value != value)
        return 0;
    if (value >= 2147483647.0)
        return INT32_MAX;
    return value <= -2147483648.0 ? INT32_MIN : (int32_t)value;
}

static inline int64_t saturate_i64(double value) {
    if (value != value)
        return 0;
    if (value >= 9223372036854775808.0)
        return INT64_MAX;
    return value <= -9223372036854775808.0 ? INT64_MIN : (int64_t)value;
}

static void real_to_decimal(const cast_plan *plan, cast_run *run, const weir_rows *rows, const weir_column *from, weir_column *out) {
    WEIR_FOR_ROWS(rows, i, {
        double real = from->layout == WEIR_LAYOUT_F32 ? (double)WEIR_VALUES(from, float)[i] : WEIR_VALUES(from, double)[i];
        if (!isfinite(real)) {
            /* TRY_CAST fails as well: Flink holds that this cast cannot fail. */
            weir_call_fail(run->call, i,
                           "Character %s is neither a decimal digit number, decimal point, nor \"e\" notation exponential mark.",
                           real != real ? "N" : "I");
            continue;
        }
        weir_i128 value = 0;
        bool fits = weir_decimal_from_double(real, plan->to->precision, plan->to->scale, &value);
        put_decimal(out, i, fits, value);
    });
}

#define REAL_STEP(name_, from_type_)                                                                                            \
    static void name_(const cast_plan *plan, cast_run *run, const weir_rows *rows, const weir_column *from, weir_column *out) { \
        switch (weir_type_layout(plan->to)) {                                                                                   \
        case WEIR_LAYOUT_U8: CONVERT(from_type_, uint8_t, a[i] != 0); break;                                                    \
        case WEIR_LAYOUT_I8: CONVERT(from_type_, int8_t, saturate_i32((double)a[i])); break;                                    \
        case WEIR_LAYOUT_I16: CONVERT(from_type_, int16_t, saturate_i32((double)a[i])); break;                                  \
        case WEIR_LAYOUT_I32: CONVERT(from_type_, int32_t, saturate_i32((double)a[i])); break;                                  \
        case WEIR_LAYOUT_I64: CONVERT(from_type_, int64_t, saturate_i64((double)a[i])); break;                                  \
        case WEIR_LAYOUT_F32: CONVERT(from_type_, float, a[i]); break;                                                          \
        case WEIR_LAYOUT_F64: CONVERT(from_type_, double, a[i]); break;                                                         \
        default: real_to_decimal(plan, run, rows, from, out); break;                                                            \
        }                                                                                                                       \
    }

REAL_STEP(step_f32, float)
REAL_STEP(step_f64, double)

static void step_boolean(const cast_plan *plan, cast_run *run, const weir_rows *rows, const weir_column *from, weir_column *out) {
    (void)run;
    switch (weir_type_layout(plan->to)) {
    case WEIR_LAYOUT_I8: CONVERT(uint8_t, int8_t, a[i]); break;
    case WEIR_LAYOUT_I16: CONVERT(uint8_t, int16_t, a[i]); break;
    case WEIR_LAYOUT_I32: CONVERT(uint8_t, int32_t, a[i]); break;
    case WEIR_LAYOUT_I64: CONVERT(uint8_t, int64_t, a[i]); break;
    case WEIR_LAYOUT_F32: CONVERT(uint8_t, float, a[i]); break;
    case WEIR_LAYOUT_F64: CONVERT(uint8_t, double, a[i]); break;
    default: small_to_decimal(plan, rows, from, out); break;
    }
}

static void decimal_to_decimal(const cast_plan *plan, const weir_rows *rows, const weir_column *from, weir_column *out) {
    const weir_i128 *a = WEIR_VALUES(from, weir_i128);
    int32_t up = plan->to->scale - plan->from->scale;
    if (up >= 0 && plan->to->precision - plan->to->scale >= plan->from->precision - plan->from->scale) {
        const weir_i128 factor = (weir_i128)weir_pow10[up];
        weir_i128 *r = WEIR_VALUES(out, weir_i128);
        WEIR_FOR_ROWS(rows, i, { r[i] = a[i] * factor; });
        return;
    }
    WEIR_FOR_ROWS(rows, i, {
        weir_i128 value = 0;
        bool fits = weir_decimal_rescale(a[i], plan->from->scale, plan->to->scale, &value);
        put_decimal(out, i, fits, value);
    });
}

static void step_decimal(const cast_plan *plan, cast_run *run, const weir_rows *rows, const weir_column *from, weir_column *out) {
    (void)run;
    const int32_t scale = plan->from->scale;
    const weir_i128 divisor = (weir_i128)weir_pow10[scale];
    switch (weir_type_layout(plan->to)) {
    case WEIR_LAYOUT_U8: CONVERT(weir_i128, uint8_t, a[i] != 0); break;
    case WEIR_LAYOUT_I8: CONVERT(weir_i128, int8_t, (int64_t)(a[i] / divisor)); break;
    case WEIR_LAYOUT_I16: CONVERT(weir_i128, int16_t, (int64_t)(a[i] / divisor)); break;
    case WEIR_LAYOUT_I32: CONVERT(weir_i128, int32_t, (int64_t)(a[i] / divisor)); break;
    case WEIR_LAYOUT_I64: CONVERT(weir_i128, int64_t, a[i] / divisor); break;
    case WEIR_LAYOUT_F32: CONVERT(weir_i128, float, weir_decimal_to_double(a[i], scale)); break;
    case WEIR_LAYOUT_F64: CONVERT(weir_i128, double, weir_decimal_to_double(a[i], scale)); break;
    default: decimal_to_decimal(plan, rows, from, out); break;
    }
}

cast_step weir_cast_step_number(const weir_type *from, const weir_type *to) {
    bool number = weir_kind_is_numeric(to->kind) || to->kind == WEIR_KIND_BOOLEAN;
    bool interval = weir_kind_is_interval(to->kind) || weir_kind_is_interval(from->kind);
    if (interval && !(weir_kind_is_integer(from->kind) || weir_kind_is_integer(to->kind)))
        return NULL;
    if (!number && !interval)
        return NULL;
    switch (from->kind) {
    case WEIR_KIND_BOOLEAN: return step_boolean;
    case WEIR_KIND_TINYINT: return step_i8;
    case WEIR_KIND_SMALLINT: return step_i16;
    case WEIR_KIND_INT:
    case WEIR_KIND_INTERVAL_MONTH: return step_i32;
    case WEIR_KIND_BIGINT:
    case WEIR_KIND_INTERVAL_SECOND: return step_i64;
    case WEIR_KIND_FLOAT: return step_f32;
    case WEIR_KIND_DOUBLE: return step_f64;
    case WEIR_KIND_DECIMAL: return step_decimal;
    default: return NULL;
    }
}
