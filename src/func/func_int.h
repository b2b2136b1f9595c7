/* Private to func/: the family tables, and what the families share when they check types and bind. */
#ifndef WEIR_FUNC_FUNC_INT_H
#define WEIR_FUNC_FUNC_INT_H

#include "func/function.h"

/* One table per family; registry.c lists them. */
extern const weir_function weir_functions_compare[];
extern const weir_function weir_functions_arithmetic[];
extern const weir_function weir_functions_time_arithmetic[];
extern const weir_function weir_functions_logic[];
extern const weir_function weir_functions_cast[];
extern const weir_function weir_functions_string_case[];
extern const weir_function weir_functions_string_concat[];
extern const weir_function weir_functions_string_trim[];
extern const weir_function weir_functions_string_part[];
extern const weir_function weir_functions_string_search[];
extern const weir_function weir_functions_string_edit[];
extern const weir_function weir_functions_string_encode[];
extern const weir_function weir_functions_string_url[];
extern const weir_function weir_functions_regexp[];
extern const weir_function weir_functions_like[];
extern const weir_function weir_functions_string_printf[];
extern const weir_function weir_functions_hash[];
extern const weir_function weir_functions_math[];
extern const weir_function weir_functions_math_round[];
extern const weir_function weir_functions_random[];
extern const weir_function weir_functions_conditional[];
extern const weir_function weir_functions_variant[];
extern const weir_function weir_functions_bitmap[];

/* The name as messages show it: '-' for "-u". */
const char *weir_function_shown_name(const weir_function *function);

/* ---- infer ---- */

/* As weir_signature_refuse, with the supported forms given by the caller: "'<NUMERIC> + <NUMERIC>'". */
weir_status weir_signature_refuse_forms(const weir_signature *signature, const char *forms, weir_error *error);
/* "implicit type conversion between CHAR and INTEGER is not supported now" */
weir_status weir_signature_refuse_mix(const weir_type *a, const weir_type *b, weir_error *error);
/* "Illegal use of 'NULL'" when an argument is a bare NULL: Flink's older functions and its operators do not take one. */
weir_status weir_signature_no_null(const weir_signature *signature, weir_error *error) WEIR_MUST_USE;
/* As weir_signature_match; a '!' before the pattern refuses bare NULLs, and integers (letter i) are wanted as BIGINT. */
weir_status weir_signature_check(weir_signature *signature, const char *pattern, weir_error *error) WEIR_MUST_USE;
/* Set the result (NULL: there was no memory for the type). */
weir_status weir_signature_result(weir_signature *signature, const weir_type *type, weir_error *error) WEIR_MUST_USE;
/* Want `type`'s kind for argument `index`, as nullable as the argument is. */
weir_status weir_signature_want(weir_signature *signature, uint32_t index, const weir_type *type, weir_error *error) WEIR_MUST_USE;
/* The common type under the rules of Flink's own functions (COALESCE, GREATEST, ...): as weir_type_common, but FLOAT with DOUBLE is DOUBLE.
 */
const weir_type *weir_signature_merge(weir_arena *arena, const weir_type *a, const weir_type *b);

/* The type both sides of a comparison are cast to, into *left and *right (possibly the types they have). WEIR_OK, or why they cannot be
 * compared. */
weir_status weir_compare_types(weir_signature *signature, uint32_t left, uint32_t right, weir_error *error) WEIR_MUST_USE;

/* ---- bind ---- */

/* State of `type` in the call's arena. */
#define WEIR_CALL_STATE(call, type) ((type *)weir_arena_alloc((call)->arena, sizeof(type)))

/* The constant value of an argument, or NULL (not constant). */
static inline const weir_value *weir_call_literal(const weir_call *call, uint32_t index) {
    return index < call->argument_count && call->literals != NULL ? call->literals[index] : NULL;
}

/* ---- pieces of + and -, in time_arithmetic.c ---- */

bool weir_time_arithmetic_applies(const weir_signature *signature);
weir_status weir_time_arithmetic_infer(weir_signature *signature, weir_error *error) WEIR_MUST_USE;
weir_status weir_time_arithmetic_bind(weir_call *call, weir_error *error) WEIR_MUST_USE;
/* + - * / % of decimals, in arithmetic_decimal.c. Both operands are DECIMAL. */
weir_status weir_decimal_arithmetic_bind(weir_call *call, char operation, weir_error *error) WEIR_MUST_USE;

#endif
