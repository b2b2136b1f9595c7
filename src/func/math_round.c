/* ROUND (HALF_UP, away from zero) and TRUNCATE (toward zero) to a number of digits behind the point, negative: before it.
 *
 * Floats are rounded on their shortest decimal text, as Java's BigDecimal.valueOf does: 2.675 to two digits is 2.68. TRUNCATE takes them
 * through DECIMAL(38, 18), as Flink does. A DECIMAL's result type follows the digits when they are constant, else it is the argument's. */
#include <math.h>

#include "func/func_int.h"
#include "types/decimal.h"

enum { TRUNCATE_SCALE = 18 };

typedef struct round_state {
    bool truncates;
    int32_t from_scale;
} round_state;

static const weir_type *decimal_result(weir_arena *arena, const weir_type *type, int64_t digits) {
    if (digits >= type->scale)
        return type;
    int32_t kept = digits < 0 ? 0 : (int32_t)digits;
    int32_t precision = type->precision - type->scale + kept + 1;
    return weir_type_decimal(arena, precision > WEIR_DECIMAL_DIGITS_MAX ? WEIR_DECIMAL_DIGITS_MAX : precision, kept, type->nullable);
}

static weir_status infer_round(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_check(signature, "!n?i", error));
    const weir_type *type = signature->arguments[0].type;
    const weir_value *digits = signature->count > 1 ? signature->arguments[1].literal : NULL;
    bool known = signature->count == 1 || (digits != NULL && !digits->is_null);
    if (type->kind == WEIR_KIND_DECIMAL && known)
        type = decimal_result(signature->arena, type, signature->count == 1 ? 0 : digits->as.integer);
    return weir_signature_result(signature, weir_type_with_nullable(signature->arena, type, weir_signature_nullable(signature)), error);
}

/* value / unit, rounded or cut. */
static weir_i128 divided(weir_i128 value, weir_i128 unit, bool truncates) {
    weir_i128 quotient = value / unit, rest = value % unit;
    if (!truncates && (rest < 0 ? -rest : rest) >= unit - (rest < 0 ? -rest : rest))
        quotient += value < 0 ? -1 : 1;
    return quotient;
}

/* A scaled integer rounded to `digits`, still at its scale. */
static weir_i128 rounded(weir_i128 value, int32_t scale, int64_t digits, bool truncates) {
    if (digits >= scale)
        return value;
    if (scale - digits > WEIR_DECIMAL_DIGITS_MAX)
        return 0;
    weir_i128 unit = (weir_i128)weir_pow10[scale - digits];
    return divided(value, unit, truncates) * unit;
}

static void round_decimal(weir_call *call, const weir_rows *rows, weir_column *const *arguments, const int64_t *digits, weir_column *out) {
    const round_state *state = call->state;
    const weir_i128 *a = WEIR_VALUES(arguments[0], weir_i128);
    const int32_t precision = out->type->precision, scale = out->type->scale;
    WEIR_FOR_ROWS(rows, i, {
        int64_t wanted = digits == NULL ? 0 : digits[i];
        weir_i128 value = 0;
        bool fits = true;
        if (wanted >= state->from_scale) {
            fits = weir_decimal_rescale(a[i], state->from_scale, scale, &value);
        } else if (state->from_scale - wanted <= WEIR_DECIMAL_DIGITS_MAX) {
            /* At scale `wanted` first: the rounded number may not fit at the old scale. */
            value = divided(a[i], (weir_i128)weir_pow10[state->from_scale - wanted], state->truncates);
            int64_t up = scale - wanted;
            fits = up <= WEIR_DECIMAL_DIGITS_MAX && !__builtin_mul_overflow(value, (weir_i128)weir_pow10[up > 0 ? up : 0], &value);
        }
        if (fits && weir_decimal_fits(value, precision))
            WEIR_VALUES(out, weir_i128)[i] = value;
        else
            weir_column_set_null(out, i);
    });
}

/* By powers of ten where a decimal of 38 digits does not reach. */
static double round_large(double value, int64_t digits, bool truncates) {
    if (digits >= 0)
        return value; /* beyond 10^20 there is nothing behind the point */
    if (digits < -309)
        return 0.0;
    double unit = pow(10.0, (double)-digits);
    return (truncates ? trunc(value / unit) : round(value / unit)) * unit;
}

/* False: `value` has no decimal text (NaN, infinities), or TRUNCATE has no room for it. */
static bool round_real(double value, int64_t digits, bool truncates, double *out) {
    if (!isfinite(value))
        return false;
    weir_i128 decimal;
    int64_t scale = truncates || digits < TRUNCATE_SCALE ? TRUNCATE_SCALE : digits;
    if (!truncates && digits >= TRUNCATE_SCALE &&
        (digits > WEIR_DECIMAL_DIGITS_MAX || !weir_decimal_from_double(value, WEIR_DECIMAL_DIGITS_MAX, (int32_t)scale, &decimal))) {
        *out = value; /* more digits than a double has */
        return true;
    }
    /* With fewer digits: to that scale at once, so that rounding happens on the text itself. */
    if (!truncates && digits >= 0)
        scale = digits;
    if (!weir_decimal_from_double(value, WEIR_DECIMAL_DIGITS_MAX, (int32_t)scale, &decimal)) {
        *out = truncates ? 0 : round_large(value, digits, truncates);
        return !truncates;
    }
    *out = weir_decimal_to_double(rounded(decimal, (int32_t)scale, digits, truncates), (int32_t)scale);
    return true;
}

static void round_reals(weir_call *call, const weir_rows *rows, weir_column *const *arguments, const int64_t *digits, weir_column *out) {
    const round_state *state = call->state;
    const bool single = out->layout == WEIR_LAYOUT_F32;
    WEIR_FOR_ROWS(rows, i, {
        double value = single ? (double)WEIR_VALUES(arguments[0], float)[i] : WEIR_VALUES(arguments[0], double)[i], result = 0;
        if (!round_real(value, digits == NULL ? 0 : digits[i], state->truncates, &result)) {
            if (isfinite(value))
                weir_call_fail(call, i, "TRUNCATE has no room for %g: it goes through DECIMAL(38, 18)", value);
            else
                weir_call_fail(call, i,
                               "Character %c is neither a decimal digit number, decimal point, nor \"e\" notation exponential mark.",
                               value != value ? 'N' : 'I');
        }
        if (single)
            WEIR_VALUES(out, float)[i] = (float)result;
        else
            WEIR_VALUES(out, double)[i] = result;
    });
}

#define ROUND_INTEGERS(c_type_)                                                                                              \
    WEIR_FOR_ROWS(rows, i, {                                                                                                 \
        int64_t wanted = digits == NULL ? 0 : digits[i];                                                                     \
        WEIR_VALUES(out, c_type_)[i] = (c_type_)rounded(WEIR_VALUES(arguments[0], c_type_)[i], 0, wanted, state->truncates); \
    })

static void run_round(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    const round_state *state = call->state;
    const int64_t *digits = call->argument_count > 1 ? WEIR_VALUES(arguments[1], int64_t) : NULL;
    switch (out->layout) {
    case WEIR_LAYOUT_I8: ROUND_INTEGERS(int8_t); break;
    case WEIR_LAYOUT_I16: ROUND_INTEGERS(int16_t); break;
    case WEIR_LAYOUT_I32: ROUND_INTEGERS(int32_t); break;
    case WEIR_LAYOUT_I64: ROUND_INTEGERS(int64_t); break;
    case WEIR_LAYOUT_F32:
    case WEIR_LAYOUT_F64: round_reals(call, rows, arguments, digits, out); break;
    default: round_decimal(call, rows, arguments, digits, out); break;
    }
}

static weir_status bind_any(weir_call *call, bool truncates, weir_error *error) {
    round_state *state = WEIR_CALL_STATE(call, round_state);
    if (state == NULL)
        return weir_fail_memory(error, "a rounding", sizeof(round_state));
    *state = (round_state){truncates, call->argument_types[0]->scale};
    call->state = state;
    call->kernel = run_round;
    return WEIR_OK;
}

static weir_status bind_round(weir_call *call, weir_error *error) { return bind_any(call, false, error); }
static weir_status bind_truncate(weir_call *call, weir_error *error) { return bind_any(call, true, error); }

const weir_function weir_functions_math_round[] = {
    {"ROUND", WEIR_FUNCTION_STRICT, infer_round, bind_round, "math", "ROUND(number NUMERIC[, digits INT]) -> its type",
     "Rounded half up to digits behind the point.", "ROUND(2.675, 2)", "2.68"},
    {"TRUNCATE", WEIR_FUNCTION_STRICT, infer_round, bind_truncate, "math", "TRUNCATE(number NUMERIC[, digits INT]) -> its type",
     "Cut to digits behind the point.", "TRUNCATE(-1.999, 1)", "-1.9"},
    {NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL},
};
