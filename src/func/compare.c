/* Comparison: = <> < <= > >=, IS [NOT] DISTINCT FROM, IS [NOT] NULL, IS [NOT] TRUE / FALSE / UNKNOWN, for all types.
 *
 * Operands are brought to one type before they are compared (weir_compare_types), where Flink compares them at all: numbers among
 * each other, text with dates and times (the text is cast), TIMESTAMP with TIMESTAMP_LTZ. Numbers against text are refused.
 * NaN is not equal to itself here (Flink compares as Java's operators do); GROUP BY has its own rule in column/. Only the order of a DOUBLE
 * and a DECIMAL is that of Java's Double.compare in Flink: NaN is above everything, -0.0 below 0.0. */
#include <math.h>

#include "func/func_int.h"
#include "types/decimal.h"

typedef enum comparison { EQUAL, NOT_EQUAL, LESS, LESS_EQUAL, GREATER, GREATER_EQUAL, DISTINCT, NOT_DISTINCT } comparison;

typedef struct compare_state {
    comparison operation;
    comparison inner;   /* what the values are compared by: EQUAL or NOT_EQUAL under DISTINCT */
    weir_kernel values; /* compares values, blind to validity */
    int32_t left_scale; /* DECIMAL */
    int32_t right_scale;
} compare_state;

/* ---- types ---- */

static const weir_type *numeric_common(weir_arena *arena, const weir_type *a, const weir_type *b) {
    bool a_approx = weir_kind_is_approx(a->kind), b_approx = weir_kind_is_approx(b->kind);
    if (a_approx && b_approx) /* as Java's == between float and double */
        return weir_type_simple(a->kind == b->kind ? a->kind : WEIR_KIND_DOUBLE, true);
    return weir_type_common(arena, a, b);
}

static weir_status want_both(weir_signature *signature, uint32_t left, uint32_t right, const weir_type *type, weir_error *error) {
    if (type == NULL)
        return weir_fail_memory(error, "a type", sizeof(weir_type));
    WEIR_TRY(weir_signature_want(signature, left, type, error));
    return weir_signature_want(signature, right, type, error);
}

/* < <= > >= */
static bool is_order(const weir_function *function) {
    return function->name[0] == '>' || (function->name[0] == '<' && function->name[1] != '>');
}

static weir_status want_numbers(weir_signature *signature, uint32_t left, uint32_t right, weir_error *error) {
    const weir_type *a = signature->arguments[left].type, *b = signature->arguments[right].type;
    if (is_order(signature->function) && (a->kind == WEIR_KIND_DECIMAL) != (b->kind == WEIR_KIND_DECIMAL) &&
        (weir_kind_is_approx(a->kind) || weir_kind_is_approx(b->kind)))
        return weir_signature_want(signature, weir_kind_is_approx(a->kind) ? left : right, weir_type_simple(WEIR_KIND_DOUBLE, true), error);
    bool exact = weir_kind_is_exact(a->kind) && weir_kind_is_exact(b->kind);
    if (!exact || (a->kind != WEIR_KIND_DECIMAL && b->kind != WEIR_KIND_DECIMAL))
        return want_both(signature, left, right, numeric_common(signature->arena, a, b), error);
    /* Decimals keep their own scales: a common one might not have room for all digits. */
    const weir_type *x = weir_type_as_decimal(signature->arena, a), *y = weir_type_as_decimal(signature->arena, b);
    if (x == NULL || y == NULL)
        return weir_fail_memory(error, "a type", sizeof(weir_type));
    WEIR_TRY(weir_signature_want(signature, left, x, error));
    return weir_signature_want(signature, right, y, error);
}

static weir_status want_timestamps(weir_signature *signature, uint32_t left, uint32_t right, weir_error *error) {
    const weir_type *a = signature->arguments[left].type, *b = signature->arguments[right].type;
    if (a->kind == b->kind && weir_type_layout(a) == weir_type_layout(b))
        return WEIR_OK;
    weir_kind kind = a->kind == b->kind ? a->kind : WEIR_KIND_TIMESTAMP_LTZ;
    int32_t precision = a->precision > b->precision ? a->precision : b->precision;
    return want_both(signature, left, right, weir_type_sized(signature->arena, kind, precision, true), error);
}

/* < <= > >=: Flink converts a text to the other side's number or BOOLEAN for them, integers to BIGINT; = and <> do not (they refuse
 * numbers, and make a text of the BOOLEAN). */
static weir_status want_read_text(weir_signature *signature, uint32_t text, uint32_t other, weir_error *error) {
    const weir_type *type = signature->arguments[other].type;
    if (weir_kind_is_integer(type->kind))
        return want_both(signature, text, other, weir_type_simple(WEIR_KIND_BIGINT, true), error);
    return weir_signature_want(signature, text, type, error);
}

static weir_status refuse_compare(weir_signature *signature, uint32_t left, uint32_t right, weir_error *error) {
    const weir_type *a = signature->arguments[left].type, *b = signature->arguments[right].type;
    bool mixed =
        (weir_kind_is_text(a->kind) && weir_kind_is_numeric(b->kind)) || (weir_kind_is_text(b->kind) && weir_kind_is_numeric(a->kind));
    if (mixed)
        return weir_signature_refuse_mix(a, b, error);
    weir_builder forms;
    weir_builder_init(&forms, signature->arena->memory, 200);
    const char *name = weir_function_shown_name(signature->function);
    weir_builder_format(&forms, "'<COMPARABLE_TYPE> %s <COMPARABLE_TYPE>'", name);
    weir_status status = weir_signature_refuse_forms(signature, forms.failed ? "two types that can be compared" : forms.data, error);
    weir_builder_deinit(&forms);
    return status;
}

weir_status weir_compare_types(weir_signature *signature, uint32_t left, uint32_t right, weir_error *error) {
    const weir_type *a = signature->arguments[left].type, *b = signature->arguments[right].type;
    if (a->kind == WEIR_KIND_NULL && b->kind == WEIR_KIND_NULL)
        return want_both(signature, left, right, weir_type_simple(WEIR_KIND_BOOLEAN, true), error);
    if (a->kind == WEIR_KIND_NULL)
        return weir_signature_want(signature, left, b, error);
    if (b->kind == WEIR_KIND_NULL)
        return weir_signature_want(signature, right, a, error);
    if (weir_kind_is_numeric(a->kind) && weir_kind_is_numeric(b->kind))
        return want_numbers(signature, left, right, error);
    if (weir_kind_is_timestamp(a->kind) && weir_kind_is_timestamp(b->kind))
        return want_timestamps(signature, left, right, error);
    if ((weir_kind_is_text(a->kind) && weir_kind_is_text(b->kind)) || (weir_kind_is_binary(a->kind) && weir_kind_is_binary(b->kind)))
        return WEIR_OK;
    if (weir_kind_is_text(a->kind) && weir_kind_is_datetime(b->kind))
        return weir_signature_want(signature, left, b, error);
    if (weir_kind_is_text(b->kind) && weir_kind_is_datetime(a->kind))
        return weir_signature_want(signature, right, a, error);
    if (is_order(signature->function)) {
        if (weir_kind_is_text(a->kind) && (weir_kind_is_numeric(b->kind) || b->kind == WEIR_KIND_BOOLEAN))
            return want_read_text(signature, left, right, error);
        if (weir_kind_is_text(b->kind) && (weir_kind_is_numeric(a->kind) || a->kind == WEIR_KIND_BOOLEAN))
            return want_read_text(signature, right, left, error);
    }
    if (a->kind == WEIR_KIND_BOOLEAN && weir_kind_is_text(b->kind))
        return weir_signature_want(signature, left, weir_type_string(true), error);
    if (b->kind == WEIR_KIND_BOOLEAN && weir_kind_is_text(a->kind))
        return weir_signature_want(signature, right, weir_type_string(true), error);
    const weir_type *common = a->kind == b->kind ? weir_type_common(signature->arena, a, b) : NULL;
    if (common != NULL)
        return want_both(signature, left, right, common, error);
    return signature->arena->failed ? weir_fail_memory(error, "a type", sizeof(weir_type)) : refuse_compare(signature, left, right, error);
}

/* Whether = between rows can stay open: a field may be NULL. */
static bool row_may_be_open(const weir_type *type) {
    for (uint32_t i = 0; i < type->field_count; i++)
        if (type->fields[i].type->nullable)
            return true;
    return false;
}

/* VARIANT and BITMAP are equal or not; there is no order between two of them. */
static weir_status check_order(const weir_signature *signature, weir_error *error) {
    const weir_type *type = signature->arguments[0].type;
    if ((type->kind != WEIR_KIND_VARIANT && type->kind != WEIR_KIND_BITMAP) || !is_order(signature->function))
        return WEIR_OK;
    return weir_fail(error, WEIR_UNSUPPORTED, "Comparable type expected, but was '%s%s'.",
                     type->kind == WEIR_KIND_VARIANT ? "VARIANT" : "BITMAP", type->nullable ? "" : " NOT NULL");
}

static weir_status infer_compare(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_count(signature, 2, 2, error));
    WEIR_TRY(check_order(signature, error));
    WEIR_TRY(weir_compare_types(signature, 0, 1, error));
    bool nullable = weir_signature_nullable(signature) || signature->arguments[0].type->kind == WEIR_KIND_NULL ||
                    signature->arguments[1].type->kind == WEIR_KIND_NULL || row_may_be_open(signature->arguments[0].type) ||
                    row_may_be_open(signature->arguments[1].type);
    return weir_signature_result(signature, weir_type_simple(WEIR_KIND_BOOLEAN, nullable), error);
}

static weir_status infer_distinct(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_count(signature, 2, 2, error));
    WEIR_TRY(weir_compare_types(signature, 0, 1, error));
    return weir_signature_result(signature, weir_type_simple(WEIR_KIND_BOOLEAN, false), error);
}

/* ---- kernels ---- */

#define COMPARE_LOOP(operator_)                                         \
    WEIR_FOR_ROWS(rows, i, { r[i] = (uint8_t)(a[i] operator_ b[i]); }); \
    break

#define COMPARE_FIXED(name_, c_type_)                                                                                     \
    static void name_(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {          \
        const c_type_ *restrict a = WEIR_VALUES(arguments[0], c_type_), *restrict b = WEIR_VALUES(arguments[1], c_type_); \
        uint8_t *restrict r = WEIR_VALUES(out, uint8_t);                                                                  \
        switch (((const compare_state *)call->state)->inner) {                                                            \
        case NOT_EQUAL: COMPARE_LOOP(!=);                                                                                 \
        case LESS: COMPARE_LOOP(<);                                                                                       \
        case LESS_EQUAL: COMPARE_LOOP(<=);                                                                                \
        case GREATER: COMPARE_LOOP(>);                                                                                    \
        case GREATER_EQUAL: COMPARE_LOOP(>=);                                                                             \
        default: COMPARE_LOOP(==);                                                                                        \
        }                                                                                                                 \
    }

COMPARE_FIXED(compare_u8, uint8_t)
COMPARE_FIXED(compare_i8, int8_t)
COMPARE_FIXED(compare_i16, int16_t)
COMPARE_FIXED(compare_i32, int32_t)
COMPARE_FIXED(compare_i64, int64_t)
COMPARE_FIXED(compare_f32, float)
COMPARE_FIXED(compare_f64, double)
COMPARE_FIXED(compare_i128, weir_i128)

static inline uint8_t decided(comparison operation, int order) {
    switch (operation) {
    case NOT_EQUAL: return order != 0;
    case LESS: return order < 0;
    case LESS_EQUAL: return order <= 0;
    case GREATER: return order > 0;
    case GREATER_EQUAL: return order >= 0;
    default: return order == 0;
    }
}

static void compare_decimal(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    const compare_state *state = call->state;
    const weir_i128 *a = WEIR_VALUES(arguments[0], weir_i128), *b = WEIR_VALUES(arguments[1], weir_i128);
    uint8_t *r = WEIR_VALUES(out, uint8_t);
    WEIR_FOR_ROWS(rows, i, { r[i] = decided(state->inner, weir_decimal_compare(a[i], state->left_scale, b[i], state->right_scale)); });
}

/* As Java's Double.compare. */
static inline int double_order(double a, double b) {
    if (a < b)
        return -1;
    if (a > b)
        return 1;
    if (a == b && a != 0)
        return 0;
    int a_rank = isnan(a) ? 1 : signbit(a) ? -1 : 0, b_rank = isnan(b) ? 1 : signbit(b) ? -1 : 0;
    return (a_rank > b_rank) - (a_rank < b_rank);
}

static inline double as_double(const weir_column *column, int32_t scale, uint32_t row) {
    return column->layout == WEIR_LAYOUT_F64 ? WEIR_VALUES(column, double)[row]
                                             : weir_decimal_to_double(WEIR_VALUES(column, weir_i128)[row], scale);
}

/* DOUBLE against DECIMAL. */
static void compare_mixed(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    const compare_state *state = call->state;
    uint8_t *r = WEIR_VALUES(out, uint8_t);
    WEIR_FOR_ROWS(rows, i, {
        double a = as_double(arguments[0], state->left_scale, i), b = as_double(arguments[1], state->right_scale, i);
        r[i] = decided(state->inner, double_order(a, b));
    });
}

static void compare_ns(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    const compare_state *state = call->state;
    const weir_timestamp_ns *a = WEIR_VALUES(arguments[0], weir_timestamp_ns), *b = WEIR_VALUES(arguments[1], weir_timestamp_ns);
    uint8_t *r = WEIR_VALUES(out, uint8_t);
    WEIR_FOR_ROWS(rows, i, {
        int order = (a[i].milliseconds > b[i].milliseconds) - (a[i].milliseconds < b[i].milliseconds);
        if (order == 0)
            order = (a[i].nanoseconds > b[i].nanoseconds) - (a[i].nanoseconds < b[i].nanoseconds);
        r[i] = decided(state->inner, order);
    });
}

static void compare_view(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    const compare_state *state = call->state;
    const weir_view *a = WEIR_VALUES(arguments[0], weir_view), *b = WEIR_VALUES(arguments[1], weir_view);
    uint8_t *r = WEIR_VALUES(out, uint8_t);
    if (state->inner == EQUAL || state->inner == NOT_EQUAL) {
        uint8_t equal = state->inner == EQUAL;
        WEIR_FOR_ROWS(rows, i, { r[i] = weir_view_equal(&a[i], &b[i]) ? equal : !equal; });
        return;
    }
    WEIR_FOR_ROWS(rows, i, { r[i] = decided(state->inner, weir_view_compare(&a[i], &b[i])); });
}

static void compare_nested(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    const compare_state *state = call->state;
    uint8_t *r = WEIR_VALUES(out, uint8_t);
    if (state->inner == EQUAL || state->inner == NOT_EQUAL) {
        uint8_t equal = state->inner == EQUAL;
        WEIR_FOR_ROWS(rows, i, { r[i] = weir_column_rows_equal(arguments[0], i, arguments[1], i) ? equal : !equal; });
        return;
    }
    WEIR_FOR_ROWS(rows, i, { r[i] = decided(state->inner, weir_column_rows_compare(arguments[0], i, arguments[1], i)); });
}

/* Rows compare field by field: a NULL field leaves the answer open unless another field differs. */
static void compare_rows_equal(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    const compare_state *state = call->state;
    uint8_t *r = WEIR_VALUES(out, uint8_t);
    const weir_column *a = arguments[0], *b = arguments[1];
    WEIR_FOR_ROWS(rows, i, {
        bool open = false, differs = false;
        for (uint32_t f = 0; f < a->child_count && !differs; f++) {
            if (!weir_column_is_valid(a->children[f], i) || !weir_column_is_valid(b->children[f], i))
                open = true;
            else
                differs = !weir_column_rows_equal(a->children[f], i, b->children[f], i);
        }
        if (open && !differs && weir_column_is_valid(a, i) && weir_column_is_valid(b, i))
            weir_column_set_null(out, i);
        r[i] = (uint8_t)(differs == (state->inner == NOT_EQUAL));
    });
}

/* NULL is a value like others: equal to NULL only. */
static void run_distinct(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    const compare_state *state = call->state;
    state->values(call, rows, arguments, out);
    const weir_column *a = arguments[0], *b = arguments[1];
    if (a->valid == NULL && b->valid == NULL)
        return;
    uint8_t *r = WEIR_VALUES(out, uint8_t);
    uint8_t same = state->operation == NOT_DISTINCT;
    WEIR_FOR_ROWS(rows, i, {
        bool a_valid = weir_column_is_valid(a, i), b_valid = weir_column_is_valid(b, i);
        if (!a_valid || !b_valid)
            r[i] = a_valid == b_valid ? same : !same;
    });
}

static weir_kernel values_kernel(const weir_call *call, const compare_state *state) {
    const weir_type *type = call->argument_types[0];
    if ((type->kind == WEIR_KIND_DECIMAL) != (call->argument_types[1]->kind == WEIR_KIND_DECIMAL))
        return compare_mixed;
    switch (weir_type_layout(type)) {
    case WEIR_LAYOUT_U8: return compare_u8;
    case WEIR_LAYOUT_I8: return compare_i8;
    case WEIR_LAYOUT_I16: return compare_i16;
    case WEIR_LAYOUT_I32: return compare_i32;
    case WEIR_LAYOUT_I64: return compare_i64;
    case WEIR_LAYOUT_F32: return compare_f32;
    case WEIR_LAYOUT_F64: return compare_f64;
    case WEIR_LAYOUT_I128: return state->left_scale == state->right_scale ? compare_i128 : compare_decimal;
    case WEIR_LAYOUT_TIMESTAMP_NS: return compare_ns;
    case WEIR_LAYOUT_VIEW: return compare_view;
    default: break;
    }
    bool row_equality = type->kind == WEIR_KIND_ROW && (state->operation == EQUAL || state->operation == NOT_EQUAL);
    return row_equality ? compare_rows_equal : compare_nested;
}

static weir_status bind_operation(weir_call *call, comparison operation, weir_error *error) {
    compare_state *state = WEIR_CALL_STATE(call, compare_state);
    if (state == NULL)
        return weir_fail_memory(error, "a comparison", sizeof(compare_state));
    state->operation = operation;
    state->inner = operation == DISTINCT ? NOT_EQUAL : operation == NOT_DISTINCT ? EQUAL : operation;
    state->left_scale = call->argument_types[0]->scale;
    state->right_scale = call->argument_types[1]->scale;
    state->values = values_kernel(call, state);
    call->state = state;
    call->kernel = operation >= DISTINCT ? run_distinct : state->values;
    return WEIR_OK;
}

static weir_status bind_equal(weir_call *call, weir_error *error) { return bind_operation(call, EQUAL, error); }
static weir_status bind_not_equal(weir_call *call, weir_error *error) { return bind_operation(call, NOT_EQUAL, error); }
static weir_status bind_less(weir_call *call, weir_error *error) { return bind_operation(call, LESS, error); }
static weir_status bind_less_equal(weir_call *call, weir_error *error) { return bind_operation(call, LESS_EQUAL, error); }
static weir_status bind_greater(weir_call *call, weir_error *error) { return bind_operation(call, GREATER, error); }
static weir_status bind_greater_equal(weir_call *call, weir_error *error) { return bind_operation(call, GREATER_EQUAL, error); }
static weir_status bind_distinct(weir_call *call, weir_error *error) { return bind_operation(call, DISTINCT, error); }
static weir_status bind_not_distinct(weir_call *call, weir_error *error) { return bind_operation(call, NOT_DISTINCT, error); }

/* ---- IS ... ---- */

static weir_status infer_is_null(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_count(signature, 1, 1, error));
    return weir_signature_result(signature, weir_type_simple(WEIR_KIND_BOOLEAN, false), error);
}

static weir_status infer_is_truth(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_count(signature, 1, 1, error));
    WEIR_TRY(weir_signature_no_null(signature, error));
    if (signature->arguments[0].type->kind != WEIR_KIND_BOOLEAN)
        return weir_signature_refuse(signature, error);
    return weir_signature_result(signature, weir_type_simple(WEIR_KIND_BOOLEAN, false), error);
}

/* r = answer for NULL, or for the value: a two-bit truth table per operator. */
typedef struct truth_state {
    uint8_t of_null;
    uint8_t of_false;
    uint8_t of_true;
} truth_state;

static void run_is_null(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    uint8_t of_null = ((const truth_state *)call->state)->of_null;
    const uint8_t *valid = arguments[0]->valid;
    uint8_t *restrict r = WEIR_VALUES(out, uint8_t);
    if (valid == NULL) {
        WEIR_FOR_ROWS(rows, i, { r[i] = !of_null; });
        return;
    }
    WEIR_FOR_ROWS(rows, i, { r[i] = (uint8_t)((valid[i] == 0) == of_null); });
}

static void run_is_truth(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    const truth_state state = *(const truth_state *)call->state;
    const weir_column *argument = arguments[0];
    const uint8_t *a = WEIR_VALUES(argument, uint8_t);
    uint8_t *r = WEIR_VALUES(out, uint8_t);
    WEIR_FOR_ROWS(rows, i, { r[i] = !weir_column_is_valid(argument, i) ? state.of_null : a[i] ? state.of_true : state.of_false; });
}

static weir_status bind_truth(weir_call *call, weir_kernel kernel, truth_state table, weir_error *error) {
    truth_state *state = WEIR_CALL_STATE(call, truth_state);
    if (state == NULL)
        return weir_fail_memory(error, "a comparison", sizeof(truth_state));
    *state = table;
    call->state = state;
    call->kernel = kernel;
    return WEIR_OK;
}

static weir_status bind_is_null(weir_call *call, weir_error *error) { return bind_truth(call, run_is_null, (truth_state){1, 0, 0}, error); }
static weir_status bind_is_not_null(weir_call *call, weir_error *error) {
    return bind_truth(call, run_is_null, (truth_state){0, 1, 1}, error);
}
static weir_status bind_is_true(weir_call *call, weir_error *error) {
    return bind_truth(call, run_is_truth, (truth_state){0, 0, 1}, error);
}
static weir_status bind_is_not_true(weir_call *call, weir_error *error) {
    return bind_truth(call, run_is_truth, (truth_state){1, 1, 0}, error);
}
static weir_status bind_is_false(weir_call *call, weir_error *error) {
    return bind_truth(call, run_is_truth, (truth_state){0, 1, 0}, error);
}
static weir_status bind_is_not_false(weir_call *call, weir_error *error) {
    return bind_truth(call, run_is_truth, (truth_state){1, 0, 1}, error);
}

#define COMPARING (WEIR_FUNCTION_STRICT | WEIR_FUNCTION_TOTAL | WEIR_FUNCTION_HIDDEN)
#define ASKING WEIR_FUNCTION_HIDDEN
const weir_function weir_functions_compare[] = {
    {"=", COMPARING, infer_compare, bind_equal, "compare", "'<COMPARABLE_TYPE> = <COMPARABLE_TYPE>'", "True when both are equal.", NULL,
     NULL},
    {"<>", COMPARING, infer_compare, bind_not_equal, "compare", "'<COMPARABLE_TYPE> <> <COMPARABLE_TYPE>'", "True when both differ.", NULL,
     NULL},
    {"<", COMPARING, infer_compare, bind_less, "compare", "'<COMPARABLE_TYPE> < <COMPARABLE_TYPE>'", "True when the first is smaller.",
     NULL, NULL},
    {"<=", COMPARING, infer_compare, bind_less_equal, "compare", "'<COMPARABLE_TYPE> <= <COMPARABLE_TYPE>'",
     "True when the first is not larger.", NULL, NULL},
    {">", COMPARING, infer_compare, bind_greater, "compare", "'<COMPARABLE_TYPE> > <COMPARABLE_TYPE>'", "True when the first is larger.",
     NULL, NULL},
    {">=", COMPARING, infer_compare, bind_greater_equal, "compare", "'<COMPARABLE_TYPE> >= <COMPARABLE_TYPE>'",
     "True when the first is not smaller.", NULL, NULL},
    {"IS DISTINCT FROM", ASKING, infer_distinct, bind_distinct, "compare", "value IS DISTINCT FROM value", "As <>, with NULL as a value.",
     NULL, NULL},
    {"IS NOT DISTINCT FROM", ASKING, infer_distinct, bind_not_distinct, "compare", "value IS NOT DISTINCT FROM value",
     "As =, with NULL as a value.", NULL, NULL},
    {"IS NULL", ASKING, infer_is_null, bind_is_null, "compare", "'<ANY> IS NULL'", "True for NULL.", NULL, NULL},
    {"IS NOT NULL", ASKING, infer_is_null, bind_is_not_null, "compare", "'<ANY> IS NOT NULL'", "True for all but NULL.", NULL, NULL},
    {"IS TRUE", ASKING, infer_is_truth, bind_is_true, "compare", "'<BOOLEAN> IS TRUE'", "True for true only.", NULL, NULL},
    {"IS NOT TRUE", ASKING, infer_is_truth, bind_is_not_true, "compare", "'<BOOLEAN> IS NOT TRUE'", "True for false and NULL.", NULL, NULL},
    {"IS FALSE", ASKING, infer_is_truth, bind_is_false, "compare", "'<BOOLEAN> IS FALSE'", "True for false only.", NULL, NULL},
    {"IS NOT FALSE", ASKING, infer_is_truth, bind_is_not_false, "compare", "'<BOOLEAN> IS NOT FALSE'", "True for true and NULL.", NULL,
     NULL},
    {"IS UNKNOWN", ASKING, infer_is_truth, bind_is_null, "compare", "'<BOOLEAN> IS UNKNOWN'", "True for NULL.", NULL, NULL},
    {"IS NOT UNKNOWN", ASKING, infer_is_truth, bind_is_not_null, "compare", "'<BOOLEAN> IS NOT UNKNOWN'", "True for true and false.", NULL,
     NULL},
    {NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL},
};
