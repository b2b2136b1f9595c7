/* Building a checked call: type inference through the function's own rule, the casts that it wants, and folding of constants. */
#include "expr/expr.h"
#include "expr/program.h"

static weir_status call_types(weir_arena *arena, const weir_evaluation *evaluation, const weir_function *function,
                              const weir_expr *const *arguments, uint32_t count, weir_signature *signature, weir_error *error) {
    weir_argument *described = WEIR_ARENA_ARRAY(arena, weir_argument, count);
    const weir_type **wanted = WEIR_ARENA_ARRAY(arena, const weir_type *, count);
    if (described == NULL || wanted == NULL)
        return weir_fail_memory(error, "an expression", count * sizeof *described);
    for (uint32_t i = 0; i < count; i++) {
        described[i].type = wanted[i] = arguments[i]->type;
        described[i].literal = arguments[i]->kind == WEIR_EXPR_LITERAL ? &arguments[i]->as.literal : NULL;
    }
    *signature = (weir_signature){
        .arena = arena, .function = function, .evaluation = evaluation, .count = count, .arguments = described, .wanted = wanted};
    WEIR_TRY(function->infer(signature, error));
    if (signature->result == NULL)
        return weir_fail_memory(error, "a type", sizeof(weir_type));
    return WEIR_OK;
}

/* A constant that cannot be computed stays a call, to fail when a row needs it: WHERE a > 0 OR 1 / 0 = 1 may never do. */
static weir_status fold(weir_arena *arena, const weir_evaluation *evaluation, const weir_expr *call, weir_value *value, bool *folded,
                        weir_error *error) {
    weir_status status = weir_expr_constant(arena, arena->memory, evaluation, call, value, error);
    *folded = status == WEIR_OK;
    if (status == WEIR_RUNTIME)
        weir_error_clear(error);
    return status == WEIR_RUNTIME ? WEIR_OK : status;
}

/* Dividing one literal by another that is zero is never folded, not even to an infinity: the binder refuses it in a select list. */
static bool divides_by_zero(const weir_expr *call) { return weir_expr_is_call(call, "/") && weir_expr_is_zero(call->as.call.arguments[1]); }

static bool all_literals(const weir_expr *const *arguments, uint32_t count) {
    for (uint32_t i = 0; i < count; i++)
        if (arguments[i]->kind != WEIR_EXPR_LITERAL)
            return false;
    return true;
}

weir_status weir_expr_build(weir_arena *arena, const weir_evaluation *evaluation, const weir_function *function,
                            const weir_expr *const *arguments, uint32_t count, weir_position position, const weir_expr **out,
                            weir_error *error) {
    weir_signature signature;
    weir_status status = call_types(arena, evaluation, function, arguments, count, &signature, error);
    if (status != WEIR_OK) {
        weir_error_locate(error, position);
        return status;
    }
    const weir_expr **cast = WEIR_ARENA_ARRAY(arena, const weir_expr *, count);
    if (cast == NULL)
        return weir_fail_memory(error, "an expression", count * sizeof *cast);
    for (uint32_t i = 0; i < count; i++) {
        cast[i] = signature.wanted[i] == arguments[i]->type ? arguments[i] : weir_expr_cast(arena, arguments[i], signature.wanted[i]);
        if (cast[i] == NULL)
            return weir_fail_memory(error, "an expression", sizeof(weir_expr));
        /* A cast that was put around a literal is folded too, so that the function sees a literal. */
        if (cast[i] != arguments[i] && cast[i]->kind == WEIR_EXPR_CALL && arguments[i]->kind == WEIR_EXPR_LITERAL) {
            weir_value value;
            bool folded;
            WEIR_TRY(fold(arena, evaluation, cast[i], &value, &folded, error));
            if (folded && (cast[i] = weir_expr_literal(arena, &value, arguments[i]->position)) == NULL)
                return weir_fail_memory(error, "an expression", sizeof(weir_expr));
        }
    }
    const weir_expr *call = weir_expr_call(arena, function->name, signature.result, cast, count, position);
    if (call == NULL)
        return weir_fail_memory(error, "an expression", sizeof(weir_expr));
    ((weir_expr *)(uintptr_t)call)->as.call.function = function; /* the very entry, also where a hidden one has the same name */
    *out = call;
    if (count == 0 || (function->flags & WEIR_FUNCTION_DYNAMIC) || !all_literals(cast, count) || evaluation == NULL ||
        divides_by_zero(call))
        return WEIR_OK;
    weir_value value;
    bool folded;
    status = fold(arena, evaluation, call, &value, &folded, error);
    if (status != WEIR_OK) {
        weir_error_locate(error, position);
        return status;
    }
    if (!folded)
        return WEIR_OK;
    /* A constant keeps the type that the call has: a NOT NULL result that came out NULL stays a call, to fail where it is used. */
    if (value.is_null && !signature.result->nullable)
        return WEIR_OK;
    value.type = signature.result;
    const weir_expr *literal = weir_expr_literal(arena, &value, position);
    if (literal == NULL)
        return weir_fail_memory(error, "an expression", sizeof(weir_expr));
    *out = literal;
    return WEIR_OK;
}
