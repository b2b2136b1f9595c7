/* + - * / % of decimals. A result that has no room in the result type is NULL, as in Flink. Where both scales are the result's and the
 * digits are known to suffice, + and - are plain 128-bit loops. */
#include "func/func_int.h"
#include "types/decimal.h"

typedef struct decimal_state {
    int32_t a_scale;
    int32_t b_scale;
    int32_t scale;
    int32_t precision;
} decimal_state;

static void store(weir_column *out, uint32_t row, bool fits, weir_i128 value, const decimal_state *state) {
    if (fits && weir_decimal_fits(value, state->precision))
        WEIR_VALUES(out, weir_i128)[row] = value;
    else
        weir_column_set_null(out, row);
}

#define SAME_SCALE_KERNEL(name_, operator_)                                                                                     \
    static void name_(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {                \
        (void)call;                                                                                                             \
        const weir_i128 *restrict a = WEIR_VALUES(arguments[0], weir_i128), *restrict b = WEIR_VALUES(arguments[1], weir_i128); \
        weir_i128 *restrict r = WEIR_VALUES(out, weir_i128);                                                                    \
        WEIR_FOR_ROWS(rows, i, { r[i] = a[i] operator_ b[i]; });                                                                \
    }

SAME_SCALE_KERNEL(add_same_scale, +)
SAME_SCALE_KERNEL(subtract_same_scale, -)

#define DECIMAL_KERNEL(name_, function_)                                                                         \
    static void name_(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) { \
        const decimal_state *state = call->state;                                                                \
        const weir_i128 *a = WEIR_VALUES(arguments[0], weir_i128), *b = WEIR_VALUES(arguments[1], weir_i128);    \
        WEIR_FOR_ROWS(rows, i, {                                                                                 \
            weir_i128 value = 0;                                                                                 \
            bool fits = function_(a[i], state->a_scale, b[i], state->b_scale, state->scale, &value);             \
            store(out, i, fits, value, state);                                                                   \
        });                                                                                                      \
    }

DECIMAL_KERNEL(add, weir_decimal_add)
DECIMAL_KERNEL(subtract, weir_decimal_subtract)
DECIMAL_KERNEL(multiply, weir_decimal_multiply)

/* Products of up to 38 digits whose scale is the sum of both scales: no rounding, no overflow. */
static void multiply_exact(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    (void)call;
    const weir_i128 *restrict a = WEIR_VALUES(arguments[0], weir_i128), *restrict b = WEIR_VALUES(arguments[1], weir_i128);
    weir_i128 *restrict r = WEIR_VALUES(out, weir_i128);
    WEIR_FOR_ROWS(rows, i, { r[i] = a[i] * b[i]; });
}

#define DIVIDING_KERNEL(name_, function_)                                                                        \
    static void name_(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) { \
        const decimal_state *state = call->state;                                                                \
        const weir_i128 *a = WEIR_VALUES(arguments[0], weir_i128), *b = WEIR_VALUES(arguments[1], weir_i128);    \
        WEIR_FOR_ROWS(rows, i, {                                                                                 \
            if (b[i] == 0) {                                                                                     \
                weir_call_fail(call, i, "Division by zero");                                                     \
                continue;                                                                                        \
            }                                                                                                    \
            weir_i128 value = 0;                                                                                 \
            bool fits = function_(a[i], state->a_scale, b[i], state->b_scale, state->scale, &value);             \
            store(out, i, fits, value, state);                                                                   \
        });                                                                                                      \
    }

DIVIDING_KERNEL(divide, weir_decimal_divide)
DIVIDING_KERNEL(take_remainder, weir_decimal_remainder)

weir_status weir_decimal_arithmetic_bind(weir_call *call, char operation, weir_error *error) {
    const weir_type *a = call->argument_types[0], *b = call->argument_types[1];
    decimal_state *state = WEIR_CALL_STATE(call, decimal_state);
    if (state == NULL)
        return weir_fail_memory(error, "decimal arithmetic", sizeof(decimal_state));
    *state = (decimal_state){a->scale, b->scale, call->result->scale, call->result->precision};
    call->state = state;
    bool same = a->scale == b->scale && a->scale == state->scale;
    int32_t whole = a->precision > b->precision ? a->precision : b->precision;
    switch (operation) {
    case '+': call->kernel = same && whole < state->precision ? add_same_scale : add; break;
    case '-': call->kernel = same && whole < state->precision ? subtract_same_scale : subtract; break;
    case '*': {
        bool exact = a->precision + b->precision <= state->precision && a->scale + b->scale == state->scale;
        call->kernel = exact ? multiply_exact : multiply;
        break;
    }
    case '/': call->kernel = divide; break;
    default: call->kernel = take_remainder; break;
    }
    return WEIR_OK;
}
