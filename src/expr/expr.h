/* Typed expressions: what the binder makes, the planner rewrites and expr/program.h compiles. Immutable; arena-allocated. */
#ifndef WEIR_EXPR_EXPR_H
#define WEIR_EXPR_EXPR_H

#include "func/function.h"

typedef enum weir_expr_kind {
    WEIR_EXPR_COLUMN, /* a column of the input */
    WEIR_EXPR_LITERAL,
    WEIR_EXPR_CALL,
    WEIR_EXPR_OUTER, /* a column of an enclosing query; gone after decorrelation */
} weir_expr_kind;

typedef struct weir_expr {
    weir_expr_kind kind;
    const weir_type *type;
    weir_position position; /* in the script; line 0 when made by a rule */
    union {
        uint32_t column;
        weir_value literal;
        struct {
            const weir_function *function;
            uint32_t count;
            const struct weir_expr *const *arguments;
        } call;
        struct {
            uint32_t level; /* 1 = the query just around */
            uint32_t column;
        } outer;
    } as;
} weir_expr;

/* Makers; NULL without memory. */
const weir_expr *weir_expr_column(weir_arena *arena, uint32_t column, const weir_type *type, weir_position position);
const weir_expr *weir_expr_literal(weir_arena *arena, const weir_value *value, weir_position position); /* value copied shallowly */
const weir_expr *weir_expr_bool(weir_arena *arena, bool value);
const weir_expr *weir_expr_int(weir_arena *arena, int32_t value);
const weir_expr *weir_expr_null(weir_arena *arena, const weir_type *type);
/* A call whose types are known already: no checks. `function_name` must exist (operators included). */
const weir_expr *weir_expr_call(weir_arena *arena, const char *function_name, const weir_type *type, const weir_expr *const *arguments,
                                uint32_t count, weir_position position);
/* CAST to `type`; the expression itself when the types are equal up to nullability that only widens. */
const weir_expr *weir_expr_cast(weir_arena *arena, const weir_expr *expr, const weir_type *type);
const weir_expr *weir_expr_and(weir_arena *arena, const weir_expr *a, const weir_expr *b); /* either may be NULL: the other */
/* Check the argument types by function->infer, cast where it wants, make the call. Folds constants when all arguments are literals and the
 * function is not DYNAMIC (a folding failure such as 1/0 is reported as the error). */
weir_status weir_expr_build(weir_arena *arena, const weir_evaluation *evaluation, const weir_function *function,
                            const weir_expr *const *arguments, uint32_t count, weir_position position, const weir_expr **out,
                            weir_error *error) WEIR_MUST_USE;

bool weir_expr_equal(const weir_expr *a, const weir_expr *b); /* structurally; positions do not count */
bool weir_expr_is_constant(const weir_expr *expr);            /* no columns, nothing DYNAMIC */
bool weir_expr_is_deterministic(const weir_expr *expr);
bool weir_expr_is_zero(const weir_expr *expr); /* the literal 0 of any numeric type */
bool weir_expr_is_call(const weir_expr *expr, const char *function_name);
/* Mark used[column] for every column read; `count` bounds the array. */
void weir_expr_columns(const weir_expr *expr, bool *used, uint32_t count);
/* A copy with column c replaced by map[c] (an expression); NULL without memory. */
const weir_expr *weir_expr_replace(weir_arena *arena, const weir_expr *expr, const weir_expr *const *map);
/* A copy with column numbers changed: c -> map[c]. */
const weir_expr *weir_expr_renumber(weir_arena *arena, const weir_expr *expr, const uint32_t *map);
/* Split by AND; appends (const weir_expr *) items to the list. */
bool weir_expr_conjuncts(weir_arena *arena, const weir_expr *expr, weir_list *out);
/* "(a#0 + 1)"; names may be NULL. */
void weir_expr_print(const weir_expr *expr, const weir_schema *names, weir_builder *out);

#endif
