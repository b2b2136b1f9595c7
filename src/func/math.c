/* Functions of numbers: powers, logarithms, angles (all DOUBLE), ABS, SIGN, CEIL, FLOOR. Out of their domain they give NaN or an infinity,
 * never an error. Rounding is in math_round.c, chance in random.c, MOD in arithmetic.c. */
#include <math.h>

#include "func/func_int.h"
#include "types/decimal.h"

static weir_status want_double(weir_signature *signature, weir_error *error) {
    for (uint32_t i = 0; i < signature->count; i++)
        WEIR_TRY(weir_signature_want(signature, i, weir_type_simple(WEIR_KIND_DOUBLE, true), error));
    return weir_signature_result(signature, weir_type_simple(WEIR_KIND_DOUBLE, weir_signature_nullable(signature)), error);
}

static weir_status infer_one(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_match(signature, "n", error));
    WEIR_TRY(weir_signature_no_null(signature, error));
    return want_double(signature, error);
}

static weir_status infer_two(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_match(signature, "nn", error));
    WEIR_TRY(weir_signature_no_null(signature, error));
    return want_double(signature, error);
}

static weir_status infer_one_or_two(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_match(signature, "n?n", error));
    WEIR_TRY(weir_signature_no_null(signature, error));
    return want_double(signature, error);
}

static weir_status infer_constant(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_count(signature, 0, 0, error));
    return weir_signature_result(signature, weir_type_simple(WEIR_KIND_DOUBLE, false), error);
}

/* A kernel and its bind for one argument `x`. */
#define ONE(name_, expression_)                                                                                        \
    static void run_##name_(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) { \
        (void)call;                                                                                                    \
        const double *restrict a = WEIR_VALUES(arguments[0], double);                                                  \
        double *restrict r = WEIR_VALUES(out, double);                                                                 \
        WEIR_FOR_ROWS(rows, i, {                                                                                       \
            double x = a[i];                                                                                           \
            r[i] = (expression_);                                                                                      \
        });                                                                                                            \
    }                                                                                                                  \
    static weir_status bind_##name_(weir_call *call, weir_error *error) {                                              \
        (void)error;                                                                                                   \
        call->kernel = run_##name_;                                                                                    \
        return WEIR_OK;                                                                                                \
    }

#define TWO(name_, expression_)                                                                                        \
    static void run_##name_(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) { \
        (void)call;                                                                                                    \
        const double *restrict a = WEIR_VALUES(arguments[0], double), *restrict b = WEIR_VALUES(arguments[1], double); \
        double *restrict r = WEIR_VALUES(out, double);                                                                 \
        WEIR_FOR_ROWS(rows, i, {                                                                                       \
            double x = a[i], y = b[i];                                                                                 \
            r[i] = (expression_);                                                                                      \
        });                                                                                                            \
    }

#define RADIANS_IN_DEGREES 57.29577951308232
#define DEGREES_IN_RADIANS 0.017453292519943295

/* Flink's SQRT is POWER(x, 0.5): of minus infinity it is infinity. */
ONE(sqrt, isinf(x) ? HUGE_VAL : sqrt(x))
ONE(ln, log(x))
ONE(log2, log(x) / log(2.0))
ONE(log10, log10(x))
ONE(exp, exp(x))
ONE(sin, sin(x))
ONE(cos, cos(x))
ONE(tan, tan(x))
ONE(cot, 1.0 / tan(x))
ONE(asin, asin(x))
ONE(acos, acos(x))
ONE(atan, atan(x))
ONE(sinh, sinh(x))
ONE(cosh, cosh(x))
ONE(tanh, tanh(x))
ONE(degrees, x *RADIANS_IN_DEGREES)
ONE(radians, x *DEGREES_IN_RADIANS)

/* Java's pow has no value where C's is 1: pow(1, NaN) and pow(1 or -1, infinity). */
static double power(double base, double exponent) {
    if (exponent != exponent || (isinf(exponent) && fabs(base) == 1.0))
        return NAN;
    return pow(base, exponent);
}

TWO(power, power(x, y))
TWO(atan2, atan2(x, y))
TWO(log_base, log(y) / log(x))

static weir_status bind_power(weir_call *call, weir_error *error) {
    (void)error;
    call->kernel = run_power;
    return WEIR_OK;
}

static weir_status bind_atan2(weir_call *call, weir_error *error) {
    (void)error;
    call->kernel = run_atan2;
    return WEIR_OK;
}

static weir_status bind_log(weir_call *call, weir_error *error) {
    (void)error;
    call->kernel = call->argument_count == 2 ? run_log_base : run_ln;
    return WEIR_OK;
}

static void run_pi(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    (void)call, (void)arguments;
    double *r = WEIR_VALUES(out, double);
    WEIR_FOR_ROWS(rows, i, { r[i] = M_PI; });
}

static void run_e(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    (void)call, (void)arguments;
    double *r = WEIR_VALUES(out, double);
    WEIR_FOR_ROWS(rows, i, { r[i] = M_E; });
}

static weir_status bind_pi(weir_call *call, weir_error *error) {
    (void)error;
    call->kernel = run_pi;
    return WEIR_OK;
}

static weir_status bind_e(weir_call *call, weir_error *error) {
    (void)error;
    call->kernel = run_e;
    return WEIR_OK;
}

/* ---- ABS, SIGN, CEIL, FLOOR: the argument's own type ---- */

static weir_status infer_same(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_match(signature, "n", error));
    WEIR_TRY(weir_signature_no_null(signature, error));
    return weir_signature_result(signature, signature->arguments[0].type, error);
}

static weir_status infer_whole(weir_signature *signature, weir_error *error) {
    WEIR_TRY(infer_same(signature, error));
    const weir_type *type = signature->result;
    if (type->kind == WEIR_KIND_DECIMAL)
        type = weir_type_decimal(signature->arena, type->precision, 0, type->nullable);
    return weir_signature_result(signature, type, error);
}

#define OF_LAYOUT(c_type_, expression_)                                 \
    do {                                                                \
        const c_type_ *restrict a = WEIR_VALUES(arguments[0], c_type_); \
        c_type_ *restrict r = WEIR_VALUES(out, c_type_);                \
        WEIR_FOR_ROWS(rows, i, { r[i] = (c_type_)(expression_); });     \
    } while (0)

static void run_abs(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    (void)call;
    switch (out->layout) {
    case WEIR_LAYOUT_I8: OF_LAYOUT(int8_t, a[i] < 0 ? -a[i] : a[i]); break;
    case WEIR_LAYOUT_I16: OF_LAYOUT(int16_t, a[i] < 0 ? -a[i] : a[i]); break;
    case WEIR_LAYOUT_I32: OF_LAYOUT(int32_t, a[i] < 0 ? 0 - (uint32_t)a[i] : (uint32_t)a[i]); break;
    case WEIR_LAYOUT_I64: OF_LAYOUT(int64_t, a[i] < 0 ? 0 - (uint64_t)a[i] : (uint64_t)a[i]); break;
    case WEIR_LAYOUT_F32: OF_LAYOUT(float, fabsf(a[i])); break;
    case WEIR_LAYOUT_F64: OF_LAYOUT(double, fabs(a[i])); break;
    default: OF_LAYOUT(weir_i128, a[i] < 0 ? -a[i] : a[i]); break;
    }
}

static inline double sign_of(double x) { return x > 0 ? 1.0 : x < 0 ? -1.0 : x; }

static void run_sign(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    (void)call;
    const weir_i128 one = (weir_i128)weir_pow10[out->type->scale];
    switch (out->layout) {
    case WEIR_LAYOUT_I8: OF_LAYOUT(int8_t, (a[i] > 0) - (a[i] < 0)); break;
    case WEIR_LAYOUT_I16: OF_LAYOUT(int16_t, (a[i] > 0) - (a[i] < 0)); break;
    case WEIR_LAYOUT_I32: OF_LAYOUT(int32_t, (a[i] > 0) - (a[i] < 0)); break;
    case WEIR_LAYOUT_I64: OF_LAYOUT(int64_t, (a[i] > 0) - (a[i] < 0)); break;
    case WEIR_LAYOUT_F32: OF_LAYOUT(float, sign_of((double)a[i])); break;
    case WEIR_LAYOUT_F64: OF_LAYOUT(double, sign_of(a[i])); break;
    default: /* 1 needs a digit before the point */
        if (out->type->precision == out->type->scale) {
            WEIR_FOR_ROWS(rows, i, {
                if (WEIR_VALUES(arguments[0], weir_i128)[i] != 0)
                    weir_column_set_null(out, i);
            });
        } else {
            OF_LAYOUT(weir_i128, a[i] > 0 ? one : a[i] < 0 ? -one : 0);
        }
        break;
    }
}

static inline weir_i128 floor_decimal(weir_i128 value, weir_i128 unit) { return value / unit - (value % unit < 0); }
static inline weir_i128 ceil_decimal(weir_i128 value, weir_i128 unit) { return value / unit + (value % unit > 0); }

static void run_floor(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    const weir_i128 unit = (weir_i128)weir_pow10[call->argument_types[0]->scale];
    switch (out->layout) {
    case WEIR_LAYOUT_I8: OF_LAYOUT(int8_t, a[i]); break;
    case WEIR_LAYOUT_I16: OF_LAYOUT(int16_t, a[i]); break;
    case WEIR_LAYOUT_I32: OF_LAYOUT(int32_t, a[i]); break;
    case WEIR_LAYOUT_I64: OF_LAYOUT(int64_t, a[i]); break;
    case WEIR_LAYOUT_F32: OF_LAYOUT(float, floorf(a[i])); break;
    case WEIR_LAYOUT_F64: OF_LAYOUT(double, floor(a[i])); break;
    default: OF_LAYOUT(weir_i128, floor_decimal(a[i], unit)); break;
    }
}

static void run_ceil(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    const weir_i128 unit = (weir_i128)weir_pow10[call->argument_types[0]->scale];
    switch (out->layout) {
    case WEIR_LAYOUT_F32: OF_LAYOUT(float, ceilf(a[i])); break;
    case WEIR_LAYOUT_F64: OF_LAYOUT(double, ceil(a[i])); break;
    case WEIR_LAYOUT_I128: OF_LAYOUT(weir_i128, ceil_decimal(a[i], unit)); break;
    default: run_floor(call, rows, arguments, out); break; /* integers stay */
    }
}

#define BIND(name_)                                                       \
    static weir_status bind_##name_(weir_call *call, weir_error *error) { \
        (void)error;                                                      \
        call->kernel = run_##name_;                                       \
        return WEIR_OK;                                                   \
    }
BIND(abs)
BIND(sign)
BIND(floor)
BIND(ceil)

#define STRICT WEIR_FUNCTION_STRICT
#define TOTAL (WEIR_FUNCTION_STRICT | WEIR_FUNCTION_TOTAL)
const weir_function weir_functions_math[] = {
    {"ABS", TOTAL, infer_same, bind_abs, "math", "ABS(number NUMERIC) -> its type", "The number without its sign.", "ABS(-2.5)", "2.5"},
    {"SIGN", STRICT, infer_same, bind_sign, "math", "SIGN(number NUMERIC) -> its type", "-1, 0 or 1.", "SIGN(-23)", "-1"},
    {"CEIL", TOTAL, infer_whole, bind_ceil, "math", "CEIL(number NUMERIC) -> its type", "The smallest whole number that is not less.",
     "CEIL(2.1)", "3"},
    {"CEILING", TOTAL, infer_whole, bind_ceil, "math", "CEILING(number NUMERIC) -> its type", "The smallest whole number that is not less.",
     "CEILING(-2.1)", "-2"},
    {"FLOOR", TOTAL, infer_whole, bind_floor, "math", "FLOOR(number NUMERIC) -> its type", "The largest whole number that is not more.",
     "FLOOR(-2.1)", "-3"},
    {"POWER", STRICT, infer_two, bind_power, "math", "POWER(base NUMERIC, exponent NUMERIC) -> DOUBLE",
     "The base to the power of the exponent.", "POWER(2, 10)", "1024.0"},
    {"SQRT", STRICT, infer_one, bind_sqrt, "math", "SQRT(number NUMERIC) -> DOUBLE", "The square root; NaN of negative numbers.",
     "SQRT(2.25)", "1.5"},
    {"LN", STRICT, infer_one, bind_ln, "math", "LN(number NUMERIC) -> DOUBLE", "The natural logarithm.", "LN(1)", "0.0"},
    {"LOG", STRICT, infer_one_or_two, bind_log, "math", "LOG([base NUMERIC,] number NUMERIC) -> DOUBLE",
     "The logarithm to a base, or the natural one.", "LOG(2, 8)", "3.0"},
    {"LOG2", STRICT, infer_one, bind_log2, "math", "LOG2(number NUMERIC) -> DOUBLE", "The logarithm to base 2.", "LOG2(8)", "3.0"},
    {"LOG10", STRICT, infer_one, bind_log10, "math", "LOG10(number NUMERIC) -> DOUBLE", "The logarithm to base 10.", "LOG10(1000)", "3.0"},
    {"EXP", STRICT, infer_one, bind_exp, "math", "EXP(number NUMERIC) -> DOUBLE", "e to the power of the number.", "EXP(0)", "1.0"},
    {"SIN", STRICT, infer_one, bind_sin, "math", "SIN(angle NUMERIC) -> DOUBLE", "The sine of an angle in radians.", "SIN(0)", "0.0"},
    {"COS", STRICT, infer_one, bind_cos, "math", "COS(angle NUMERIC) -> DOUBLE", "The cosine of an angle in radians.", "COS(0)", "1.0"},
    {"TAN", STRICT, infer_one, bind_tan, "math", "TAN(angle NUMERIC) -> DOUBLE", "The tangent of an angle in radians.", "TAN(0)", "0.0"},
    {"COT", STRICT, infer_one, bind_cot, "math", "COT(angle NUMERIC) -> DOUBLE", "The cotangent of an angle in radians.", "COT(0)",
     "Infinity"},
    {"ASIN", STRICT, infer_one, bind_asin, "math", "ASIN(number NUMERIC) -> DOUBLE", "The angle with this sine.", "ASIN(0)", "0.0"},
    {"ACOS", STRICT, infer_one, bind_acos, "math", "ACOS(number NUMERIC) -> DOUBLE", "The angle with this cosine.", "ACOS(1)", "0.0"},
    {"ATAN", STRICT, infer_one, bind_atan, "math", "ATAN(number NUMERIC) -> DOUBLE", "The angle with this tangent.", "ATAN(0)", "0.0"},
    {"ATAN2", STRICT, infer_two, bind_atan2, "math", "ATAN2(y NUMERIC, x NUMERIC) -> DOUBLE", "The angle of the point (x, y).",
     "ATAN2(0, 1)", "0.0"},
    {"SINH", STRICT, infer_one, bind_sinh, "math", "SINH(number NUMERIC) -> DOUBLE", "The hyperbolic sine.", "SINH(0)", "0.0"},
    {"COSH", STRICT, infer_one, bind_cosh, "math", "COSH(number NUMERIC) -> DOUBLE", "The hyperbolic cosine.", "COSH(0)", "1.0"},
    {"TANH", STRICT, infer_one, bind_tanh, "math", "TANH(number NUMERIC) -> DOUBLE", "The hyperbolic tangent.", "TANH(0)", "0.0"},
    {"DEGREES", STRICT, infer_one, bind_degrees, "math", "DEGREES(radians NUMERIC) -> DOUBLE", "An angle in degrees.", "DEGREES(0)", "0.0"},
    {"RADIANS", STRICT, infer_one, bind_radians, "math", "RADIANS(degrees NUMERIC) -> DOUBLE", "An angle in radians.", "RADIANS(180)",
     "3.141592653589793"},
    {"PI", STRICT, infer_constant, bind_pi, "math", "PI() -> DOUBLE", "The ratio of a circle's circumference to its diameter.", "PI()",
     "3.141592653589793"},
    {"E", STRICT, infer_constant, bind_e, "math", "E() -> DOUBLE", "The base of the natural logarithm.", "E()", "2.718281828459045"},
    {NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL},
};
