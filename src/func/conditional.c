/* GREATEST LEAST IS_ALPHA IS_DIGIT IS_DECIMAL TYPEOF CURRENT_DATABASE: choosing, and asking what a value is. */
#include <unicode/uchar.h>

#include "func/string_int.h"
#include "types/convert.h"

/* ---- GREATEST, LEAST ---- */

typedef struct extreme_state {
    bool greatest;
} extreme_state;

static bool comparable(weir_kind kind) {
    return weir_kind_is_numeric(kind) || weir_kind_is_text(kind) || weir_kind_is_datetime(kind) || weir_kind_is_interval(kind) ||
           kind == WEIR_KIND_BOOLEAN;
}

static weir_status infer_extreme(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_check(signature, "*+", error));
    const weir_type *common = signature->arguments[0].type;
    for (uint32_t i = 1; i < signature->count; i++) {
        const weir_type *next = signature->arguments[i].type, *merged = weir_signature_merge(signature->arena, common, next);
        if (merged == NULL && signature->arena->failed)
            return weir_fail_memory(error, "a type", sizeof(weir_type));
        if (merged == NULL) {
            weir_builder names;
            weir_builder_init(&names, signature->arena->memory, 400);
            weir_type_print(common, &names);
            weir_builder_c(&names, " with ");
            weir_type_print(next, &names);
            weir_text text = weir_builder_view(&names);
            weir_fail(error, WEIR_VALIDATE,
                      "Invalid input arguments. All types in a comparison should support both 'EQUALS' and 'ORDER' comparison with each "
                      "other. Can not compare %.*s",
                      WEIR_TEXT_ARGS(text));
            weir_builder_deinit(&names);
            return WEIR_VALIDATE;
        }
        common = merged;
    }
    if (!comparable(common->kind))
        return weir_signature_refuse(signature, error);
    for (uint32_t i = 0; i < signature->count; i++)
        WEIR_TRY(weir_signature_want(signature, i, common, error));
    return weir_signature_result(
        signature, weir_type_with_nullable(signature->arena, common, common->nullable || weir_signature_nullable(signature)), error);
}

/* Column by column: the result so far against the next argument. NaN is the greatest, as in Java's compareTo. */
#define FOLD(c_type_, greater_)                                             \
    do {                                                                    \
        const c_type_ *first = WEIR_VALUES(arguments[0], c_type_);          \
        c_type_ *restrict r = WEIR_VALUES(out, c_type_);                    \
        WEIR_FOR_ROWS(rows, i, { r[i] = first[i]; });                       \
        for (uint32_t k = 1; k < call->argument_count; k++) {               \
            const c_type_ *restrict a = WEIR_VALUES(arguments[k], c_type_); \
            if (greatest)                                                   \
                WEIR_FOR_ROWS(rows, i, {                                    \
                    c_type_ x = a[i], y = r[i];                             \
                    r[i] = (greater_) ? x : y;                              \
                });                                                         \
            else                                                            \
                WEIR_FOR_ROWS(rows, i, {                                    \
                    c_type_ y = a[i], x = r[i];                             \
                    r[i] = (greater_) ? y : x;                              \
                });                                                         \
        }                                                                   \
    } while (0)

static bool ns_greater(weir_timestamp_ns x, weir_timestamp_ns y) {
    return x.milliseconds > y.milliseconds || (x.milliseconds == y.milliseconds && x.nanoseconds > y.nanoseconds);
}

static void run_extreme(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    const bool greatest = ((const extreme_state *)call->state)->greatest;
    switch (out->layout) {
    case WEIR_LAYOUT_U8: FOLD(uint8_t, x > y); break;
    case WEIR_LAYOUT_I8: FOLD(int8_t, x > y); break;
    case WEIR_LAYOUT_I16: FOLD(int16_t, x > y); break;
    case WEIR_LAYOUT_I32: FOLD(int32_t, x > y); break;
    case WEIR_LAYOUT_I64: FOLD(int64_t, x > y); break;
    case WEIR_LAYOUT_F32: FOLD(float, x > y || (x != x && y == y)); break;
    case WEIR_LAYOUT_F64: FOLD(double, x > y || (x != x && y == y)); break;
    case WEIR_LAYOUT_I128: FOLD(weir_i128, x > y); break;
    case WEIR_LAYOUT_TIMESTAMP_NS: FOLD(weir_timestamp_ns, ns_greater(x, y)); break;
    default:
        for (uint32_t k = 0; k < call->argument_count; k++)
            if (!weir_column_keep_from(out, arguments[k]))
                return;
        FOLD(weir_view, weir_view_compare(&x, &y) > 0);
        break;
    }
}

static weir_status bind_extreme(weir_call *call, bool greatest, weir_error *error) {
    extreme_state *state = WEIR_CALL_STATE(call, extreme_state);
    if (state == NULL)
        return weir_fail_memory(error, "a comparison", sizeof(extreme_state));
    state->greatest = greatest;
    call->state = state;
    call->kernel = run_extreme;
    return WEIR_OK;
}

static weir_status bind_greatest(weir_call *call, weir_error *error) { return bind_extreme(call, true, error); }
static weir_status bind_least(weir_call *call, weir_error *error) { return bind_extreme(call, false, error); }

/* ---- IS_ALPHA, IS_DIGIT, IS_DECIMAL ---- */

static weir_status infer_is(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_check(signature, "!*", error));
    weir_kind kind = signature->arguments[0].type->kind;
    if (!weir_kind_is_text(kind) && !weir_kind_is_numeric(kind))
        return weir_signature_refuse(signature, error);
    return weir_signature_result(signature, weir_type_simple(WEIR_KIND_BOOLEAN, false), error);
}

static bool all_alpha(weir_text text) {
    for (size_t at = 0; at < text.size;)
        if (!u_isalpha((UChar32)weir_utf8_next(text.data, text.size, &at)))
            return false;
    return text.size > 0;
}

static bool all_digits(weir_text text) {
    for (size_t at = 0; at < text.size;)
        if (!u_isdigit((UChar32)weir_utf8_next(text.data, text.size, &at)))
            return false;
    return text.size > 0;
}

static bool is_number(weir_text text) {
    double value;
    return text.size > 0 && weir_cast_text_to_double(text, &value);
}

/* Of numbers the answer depends on the type alone, even for NULL. */
#define IS_KERNEL(name_, of_text_, of_kind_)                                                                                      \
    static void run_##name_(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {            \
        const weir_kind kind = call->argument_types[0]->kind;                                                                     \
        uint8_t *r = WEIR_VALUES(out, uint8_t);                                                                                   \
        if (!weir_kind_is_text(kind)) {                                                                                           \
            WEIR_FOR_ROWS(rows, i, { r[i] = (of_kind_); });                                                                       \
            return;                                                                                                               \
        }                                                                                                                         \
        WEIR_FOR_ROWS(rows, i, { r[i] = weir_column_is_valid(arguments[0], i) && of_text_(weir_column_text(arguments[0], i)); }); \
    }                                                                                                                             \
    static weir_status bind_##name_(weir_call *call, weir_error *error) {                                                         \
        (void)error;                                                                                                              \
        call->kernel = run_##name_;                                                                                               \
        return WEIR_OK;                                                                                                           \
    }

IS_KERNEL(is_alpha, all_alpha, false)
IS_KERNEL(is_digit, all_digits, weir_kind_is_integer(kind))
IS_KERNEL(is_decimal, is_number, weir_kind_is_integer(kind) || weir_kind_is_approx(kind))

/* ---- TYPEOF, CURRENT_DATABASE ---- */

typedef struct constant_state {
    weir_text text;
} constant_state;

static void run_constant(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    (void)arguments;
    const constant_state *state = call->state;
    char *copy = weir_column_text_room(out, state->text.size);
    if (copy == NULL)
        return;
    if (state->text.size > 0)
        memcpy(copy, state->text.data, state->text.size);
    const weir_view view = weir_view_over(copy, (uint32_t)state->text.size);
    WEIR_FOR_ROWS(rows, i, { WEIR_VALUES(out, weir_view)[i] = view; });
}

static weir_status bind_constant(weir_call *call, weir_text text, weir_error *error) {
    constant_state *state = WEIR_CALL_STATE(call, constant_state);
    if (state == NULL)
        return weir_fail_memory(error, "a text", sizeof(constant_state));
    state->text = weir_arena_text(call->arena, text);
    if (state->text.data == NULL)
        return weir_fail_memory(error, "a text", text.size);
    call->state = state;
    call->kernel = run_constant;
    return WEIR_OK;
}

static weir_status infer_typeof(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_check(signature, "*?b", error));
    if (signature->count == 2 && signature->arguments[1].literal == NULL)
        return weir_fail(error, WEIR_VALIDATE, "Invalid input arguments. TYPEOF needs TRUE or FALSE as its second argument.");
    return weir_signature_result(signature, weir_type_string(true), error);
}

static weir_status bind_typeof(weir_call *call, weir_error *error) {
    const weir_value *full = weir_call_literal(call, 1);
    weir_builder name;
    weir_builder_init(&name, call->memory, 1 << 20);
    if (full != NULL && !full->is_null && full->as.boolean)
        weir_type_print(call->argument_types[0], &name);
    else
        weir_type_print_short(call->argument_types[0], &name);
    weir_status status =
        name.failed ? weir_fail_memory(error, "a type's name", name.size) : bind_constant(call, weir_builder_view(&name), error);
    weir_builder_deinit(&name);
    return status;
}

static weir_status infer_current_database(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_count(signature, 0, 0, error));
    return weir_signature_result(signature, weir_type_string(false), error);
}

static weir_status bind_current_database(weir_call *call, weir_error *error) {
    return bind_constant(call, call->evaluation == NULL ? WEIR_TEXT("") : call->evaluation->current_database, error);
}

#define STRICT WEIR_FUNCTION_STRICT
const weir_function weir_functions_conditional[] = {
    {"GREATEST", STRICT, infer_extreme, bind_greatest, "conditional", "GREATEST(value ANY, ...) -> common type",
     "The greatest argument; NULL when one is NULL.", "GREATEST(1, 2.5, 2)", "2.5"},
    {"LEAST", STRICT, infer_extreme, bind_least, "conditional", "LEAST(value ANY, ...) -> common type",
     "The least argument; NULL when one is NULL.", "LEAST('b', 'a')", "a"},
    {"IS_ALPHA", 0, infer_is, bind_is_alpha, "conditional", "IS_ALPHA(text STRING) -> BOOLEAN", "Whether all characters are letters.",
     "IS_ALPHA('Wehr')", "TRUE"},
    {"IS_DIGIT", 0, infer_is, bind_is_digit, "conditional", "IS_DIGIT(text STRING) -> BOOLEAN", "Whether all characters are digits.",
     "IS_DIGIT('12.5')", "FALSE"},
    {"IS_DECIMAL", 0, infer_is, bind_is_decimal, "conditional", "IS_DECIMAL(text STRING) -> BOOLEAN", "Whether the text is a number.",
     "IS_DECIMAL('12.5')", "TRUE"},
    {"TYPEOF", 0, infer_typeof, bind_typeof, "conditional", "TYPEOF(value ANY[, full BOOLEAN]) -> STRING", "The name of the value's type.",
     "TYPEOF(1.5)", "DECIMAL(2, 1) NOT NULL"},
    {"CURRENT_DATABASE", 0, infer_current_database, bind_current_database, "conditional", "CURRENT_DATABASE() -> STRING",
     "The name of the current database.", "CURRENT_DATABASE()", NULL},
    {NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL},
};
