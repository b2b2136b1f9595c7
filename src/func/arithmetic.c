/* + - * / % and the signs, for numbers. Integers wrap at their own width (no promotion: TINYINT 100 * 100 = 16); floats follow IEEE;
 * decimals are in arithmetic_decimal.c, dates and intervals in time_arithmetic.c. Result types are Flink's: the wider integer, FLOAT with
 * any integer FLOAT, the first of FLOAT and DOUBLE, DOUBLE for DECIMAL with FLOAT or DOUBLE; % has the type of its second operand. */
#include "func/func_int.h"

static const char *const binary_forms[] = {['+'] = "'<NUMERIC> + <NUMERIC>'",
                                           ['-'] = "'<NUMERIC> - <NUMERIC>'",
                                           ['*'] = "'<NUMERIC> * <NUMERIC>'",
                                           ['/'] = "'<NUMERIC> / <NUMERIC>'"};

static weir_status infer_decimal(weir_signature *signature, char operation, weir_error *error) {
    const weir_type *a = signature->arguments[0].type, *b = signature->arguments[1].type;
    const weir_type *x = weir_type_as_decimal(signature->arena, a), *y = weir_type_as_decimal(signature->arena, b);
    if (x == NULL || y == NULL)
        return weir_fail_memory(error, "a type", sizeof(weir_type));
    WEIR_TRY(weir_signature_want(signature, 0, x, error));
    WEIR_TRY(weir_signature_want(signature, 1, y, error));
    return weir_signature_result(signature, weir_type_decimal_result(signature->arena, operation, a, b), error);
}

static weir_status infer_numbers(weir_signature *signature, char operation, weir_error *error) {
    const weir_type *a = signature->arguments[0].type, *b = signature->arguments[1].type;
    bool exact = weir_kind_is_exact(a->kind) && weir_kind_is_exact(b->kind);
    if (exact && (a->kind == WEIR_KIND_DECIMAL || b->kind == WEIR_KIND_DECIMAL))
        return infer_decimal(signature, operation, error);
    const weir_type *common = weir_type_common(signature->arena, a, b);
    if (common == NULL)
        return weir_fail_memory(error, "a type", sizeof(weir_type));
    WEIR_TRY(weir_signature_want(signature, 0, common, error));
    WEIR_TRY(weir_signature_want(signature, 1, common, error));
    return weir_signature_result(signature, common, error);
}

static weir_status infer_binary(weir_signature *signature, char operation, weir_error *error) {
    WEIR_TRY(weir_signature_count(signature, 2, 2, error));
    WEIR_TRY(weir_signature_no_null(signature, error));
    if (weir_time_arithmetic_applies(signature))
        return weir_time_arithmetic_infer(signature, error);
    if (!weir_kind_is_numeric(signature->arguments[0].type->kind) || !weir_kind_is_numeric(signature->arguments[1].type->kind))
        return weir_signature_refuse_forms(signature, binary_forms[(unsigned char)operation], error);
    return infer_numbers(signature, operation, error);
}

static weir_status infer_plus(weir_signature *signature, weir_error *error) { return infer_binary(signature, '+', error); }
static weir_status infer_minus(weir_signature *signature, weir_error *error) { return infer_binary(signature, '-', error); }
static weir_status infer_times(weir_signature *signature, weir_error *error) { return infer_binary(signature, '*', error); }
static weir_status infer_divide(weir_signature *signature, weir_error *error) { return infer_binary(signature, '/', error); }

static weir_status infer_remainder(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_count(signature, 2, 2, error));
    WEIR_TRY(weir_signature_no_null(signature, error));
    const weir_type *a = signature->arguments[0].type, *b = signature->arguments[1].type;
    bool is_operator = signature->function->name[0] == '%';
    if (!weir_kind_is_exact(a->kind) || !weir_kind_is_exact(b->kind))
        return weir_signature_refuse_forms(
            signature, is_operator ? "'<EXACT_NUMERIC> % <EXACT_NUMERIC>'" : "'MOD(<EXACT_NUMERIC>, <EXACT_NUMERIC>)'", error);
    if (a->kind == WEIR_KIND_DECIMAL || b->kind == WEIR_KIND_DECIMAL)
        return infer_decimal(signature, '%', error);
    WEIR_TRY(infer_numbers(signature, '%', error));
    return weir_signature_result(signature, weir_type_with_nullable(signature->arena, b, weir_signature_nullable(signature)), error);
}

static weir_status infer_sign(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_count(signature, 1, 1, error));
    WEIR_TRY(weir_signature_no_null(signature, error));
    const weir_type *type = signature->arguments[0].type;
    if (!weir_kind_is_numeric(type->kind) && !weir_kind_is_interval(type->kind))
        return weir_signature_refuse_forms(signature, signature->function->name[0] == '-' ? "'-<NUMERIC>'" : "'+<NUMERIC>'", error);
    return weir_signature_result(signature, type, error);
}

/* ---- kernels ---- */

/* `wide_` is the unsigned type the operation is done in, so that wrapping is defined. */
#define BINARY_KERNEL(name_, c_type_, wide_, operator_)                                                                   \
    static void name_(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {          \
        (void)call;                                                                                                       \
        const c_type_ *restrict a = WEIR_VALUES(arguments[0], c_type_), *restrict b = WEIR_VALUES(arguments[1], c_type_); \
        c_type_ *restrict r = WEIR_VALUES(out, c_type_);                                                                  \
        WEIR_FOR_ROWS(rows, i, { r[i] = (c_type_)((wide_)a[i] operator_(wide_) b[i]); });                                 \
    }

#define BINARY_KERNELS(suffix_, c_type_, wide_)          \
    BINARY_KERNEL(add_##suffix_, c_type_, wide_, +)      \
    BINARY_KERNEL(subtract_##suffix_, c_type_, wide_, -) \
    BINARY_KERNEL(multiply_##suffix_, c_type_, wide_, *)

BINARY_KERNELS(i8, int8_t, uint32_t)
BINARY_KERNELS(i16, int16_t, uint32_t)
BINARY_KERNELS(i32, int32_t, uint32_t)
BINARY_KERNELS(i64, int64_t, uint64_t)
BINARY_KERNELS(f32, float, float)
BINARY_KERNELS(f64, double, double)
BINARY_KERNEL(divide_f32, float, float, /)
BINARY_KERNEL(divide_f64, double, double, /)

/* The smallest integer divided by -1 wraps to itself; C leaves it undefined. */
#define DIVIDE_KERNEL(name_, c_type_, wide_)                                                                              \
    static void name_(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {          \
        const c_type_ *restrict a = WEIR_VALUES(arguments[0], c_type_), *restrict b = WEIR_VALUES(arguments[1], c_type_); \
        c_type_ *restrict r = WEIR_VALUES(out, c_type_);                                                                  \
        WEIR_FOR_ROWS(rows, i, {                                                                                          \
            if (b[i] == 0)                                                                                                \
                weir_call_fail(call, i, "/ by zero");                                                                     \
            else                                                                                                          \
                r[i] = b[i] == -1 ? (c_type_)(0 - (wide_)a[i]) : (c_type_)(a[i] / b[i]);                                  \
        });                                                                                                               \
    }

DIVIDE_KERNEL(divide_i8, int8_t, uint32_t)
DIVIDE_KERNEL(divide_i16, int16_t, uint32_t)
DIVIDE_KERNEL(divide_i32, int32_t, uint32_t)
DIVIDE_KERNEL(divide_i64, int64_t, uint64_t)

/* The result has the type of the second operand and always fits in it. */
#define REMAINDER_LOOP(in_type_, out_type_)                                                                                  \
    do {                                                                                                                     \
        const in_type_ *restrict a = WEIR_VALUES(arguments[0], in_type_), *restrict b = WEIR_VALUES(arguments[1], in_type_); \
        out_type_ *restrict r = WEIR_VALUES(out, out_type_);                                                                 \
        WEIR_FOR_ROWS(rows, i, {                                                                                             \
            if (b[i] == 0)                                                                                                   \
                weir_call_fail(call, i, "/ by zero");                                                                        \
            else                                                                                                             \
                r[i] = b[i] == -1 ? 0 : (out_type_)(a[i] % b[i]);                                                            \
        });                                                                                                                  \
    } while (0)

#define REMAINDER_KERNEL(name_, in_type_)                                                                        \
    static void name_(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) { \
        switch (out->layout) {                                                                                   \
        case WEIR_LAYOUT_I8: REMAINDER_LOOP(in_type_, int8_t); break;                                            \
        case WEIR_LAYOUT_I16: REMAINDER_LOOP(in_type_, int16_t); break;                                          \
        case WEIR_LAYOUT_I32: REMAINDER_LOOP(in_type_, int32_t); break;                                          \
        default: REMAINDER_LOOP(in_type_, int64_t); break;                                                       \
        }                                                                                                        \
    }

REMAINDER_KERNEL(remainder_i8, int8_t)
REMAINDER_KERNEL(remainder_i16, int16_t)
REMAINDER_KERNEL(remainder_i32, int32_t)
REMAINDER_KERNEL(remainder_i64, int64_t)

#define NEGATE_KERNEL(name_, c_type_, wide_, negated_)                                                           \
    static void name_(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) { \
        (void)call;                                                                                              \
        const c_type_ *restrict a = WEIR_VALUES(arguments[0], c_type_);                                          \
        c_type_ *restrict r = WEIR_VALUES(out, c_type_);                                                         \
        WEIR_FOR_ROWS(rows, i, { r[i] = (c_type_)(negated_); });                                                 \
    }

NEGATE_KERNEL(negate_i8, int8_t, uint32_t, 0 - (uint32_t)a[i])
NEGATE_KERNEL(negate_i16, int16_t, uint32_t, 0 - (uint32_t)a[i])
NEGATE_KERNEL(negate_i32, int32_t, uint32_t, 0 - (uint32_t)a[i])
NEGATE_KERNEL(negate_i64, int64_t, uint64_t, 0 - (uint64_t)a[i])
NEGATE_KERNEL(negate_i128, weir_i128, weir_u128, 0 - (weir_u128)a[i])
NEGATE_KERNEL(negate_f32, float, float, -a[i])
NEGATE_KERNEL(negate_f64, double, double, -a[i])

static void run_same(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    (void)call;
    WEIR_FOR_ROWS(rows, i, { weir_column_copy_row(out, i, arguments[0], i); });
}

/* By layout: I8 I16 I32 I64 F32 F64. */
typedef weir_kernel kernel_row[6];
static const kernel_row add_kernels = {add_i8, add_i16, add_i32, add_i64, add_f32, add_f64};
static const kernel_row subtract_kernels = {subtract_i8, subtract_i16, subtract_i32, subtract_i64, subtract_f32, subtract_f64};
static const kernel_row multiply_kernels = {multiply_i8, multiply_i16, multiply_i32, multiply_i64, multiply_f32, multiply_f64};
static const kernel_row divide_kernels = {divide_i8, divide_i16, divide_i32, divide_i64, divide_f32, divide_f64};
static const kernel_row remainder_kernels = {remainder_i8, remainder_i16, remainder_i32, remainder_i64, NULL, NULL};
static const kernel_row negate_kernels = {negate_i8, negate_i16, negate_i32, negate_i64, negate_f32, negate_f64};

static weir_status bind_row(weir_call *call, const kernel_row kernels, weir_error *error) {
    weir_layout layout = weir_type_layout(call->argument_types[0]);
    if (layout < WEIR_LAYOUT_I8 || layout > WEIR_LAYOUT_F64 || kernels[layout - WEIR_LAYOUT_I8] == NULL)
        return weir_fail(error, WEIR_INTERNAL, "'%s' has no kernel for its operands", weir_function_shown_name(call->function));
    call->kernel = kernels[layout - WEIR_LAYOUT_I8];
    return WEIR_OK;
}
_Static_assert(WEIR_LAYOUT_F64 - WEIR_LAYOUT_I8 == 5, "the kernel rows follow the order of the layouts");

static weir_status bind_binary(weir_call *call, char operation, const kernel_row kernels, weir_error *error) {
    if (call->argument_types[0]->kind == WEIR_KIND_DECIMAL && call->argument_types[1]->kind == WEIR_KIND_DECIMAL)
        return weir_decimal_arithmetic_bind(call, operation, error);
    if (!weir_kind_is_numeric(call->argument_types[0]->kind) || !weir_kind_is_numeric(call->argument_types[1]->kind))
        return weir_time_arithmetic_bind(call, error);
    return bind_row(call, kernels, error);
}

static weir_status bind_plus(weir_call *call, weir_error *error) { return bind_binary(call, '+', add_kernels, error); }
static weir_status bind_minus(weir_call *call, weir_error *error) { return bind_binary(call, '-', subtract_kernels, error); }
static weir_status bind_times(weir_call *call, weir_error *error) { return bind_binary(call, '*', multiply_kernels, error); }
static weir_status bind_divide(weir_call *call, weir_error *error) { return bind_binary(call, '/', divide_kernels, error); }
static weir_status bind_remainder(weir_call *call, weir_error *error) { return bind_binary(call, '%', remainder_kernels, error); }

static weir_status bind_negate(weir_call *call, weir_error *error) {
    if (call->argument_types[0]->kind == WEIR_KIND_DECIMAL) {
        call->kernel = negate_i128;
        return WEIR_OK;
    }
    return bind_row(call, negate_kernels, error);
}

static weir_status bind_same(weir_call *call, weir_error *error) {
    (void)error;
    call->kernel = run_same;
    return WEIR_OK;
}

#define TOTAL (WEIR_FUNCTION_STRICT | WEIR_FUNCTION_TOTAL | WEIR_FUNCTION_HIDDEN)
#define FAILING (WEIR_FUNCTION_STRICT | WEIR_FUNCTION_HIDDEN)
const weir_function weir_functions_arithmetic[] = {
    {"+", TOTAL, infer_plus, bind_plus, "arithmetic", "'<NUMERIC> + <NUMERIC>'", "The sum; also a date or time plus an interval.", NULL,
     NULL},
    {"-", TOTAL, infer_minus, bind_minus, "arithmetic", "'<NUMERIC> - <NUMERIC>'", "The difference; also a date or time minus an interval.",
     NULL, NULL},
    {"*", TOTAL, infer_times, bind_times, "arithmetic", "'<NUMERIC> * <NUMERIC>'", "The product; also an interval times an integer.", NULL,
     NULL},
    {"/", FAILING, infer_divide, bind_divide, "arithmetic", "'<NUMERIC> / <NUMERIC>'", "The quotient; between integers cut toward zero.",
     NULL, NULL},
    {"%", FAILING, infer_remainder, bind_remainder, "arithmetic", "'<EXACT_NUMERIC> % <EXACT_NUMERIC>'",
     "What a division leaves, with the sign of the dividend.", NULL, NULL},
    {"-u", TOTAL, infer_sign, bind_negate, "arithmetic", "'-<NUMERIC>'", "The number with the other sign.", NULL, NULL},
    {"+u", TOTAL, infer_sign, bind_same, "arithmetic", "'+<NUMERIC>'", "The number as it is.", NULL, NULL},
    {"MOD", WEIR_FUNCTION_STRICT, infer_remainder, bind_remainder, "math", "MOD(dividend NUMERIC, divisor NUMERIC) -> type of divisor",
     "What a division leaves, with the sign of the dividend.", "MOD(-7, 3)", "-1"},
    {NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL},
};
