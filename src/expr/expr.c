/* Making, comparing, rewriting expression trees; see expr.h. Folding constants is in build.c, printing in print.c. */
#include "expr/expr.h"

#include <string.h>

static weir_expr *expr_new(weir_arena *arena, weir_expr_kind kind, const weir_type *type, weir_position position) {
    weir_expr *expr = WEIR_ARENA_NEW(arena, weir_expr);
    if (expr == NULL)
        return NULL;
    expr->kind = kind;
    expr->type = type;
    expr->position = position;
    return expr;
}

const weir_expr *weir_expr_column(weir_arena *arena, uint32_t column, const weir_type *type, weir_position position) {
    weir_expr *expr = expr_new(arena, WEIR_EXPR_COLUMN, type, position);
    if (expr != NULL)
        expr->as.column = column;
    return expr;
}

const weir_expr *weir_expr_literal(weir_arena *arena, const weir_value *value, weir_position position) {
    weir_expr *expr = expr_new(arena, WEIR_EXPR_LITERAL, value->type, position);
    if (expr != NULL)
        expr->as.literal = *value;
    return expr;
}

const weir_expr *weir_expr_bool(weir_arena *arena, bool value) {
    weir_value boxed = {.type = weir_type_simple(WEIR_KIND_BOOLEAN, false), .as.boolean = value};
    return weir_expr_literal(arena, &boxed, (weir_position){0});
}

const weir_expr *weir_expr_int(weir_arena *arena, int32_t value) {
    weir_value boxed = {.type = weir_type_simple(WEIR_KIND_INT, false), .as.integer = value};
    return weir_expr_literal(arena, &boxed, (weir_position){0});
}

const weir_expr *weir_expr_null(weir_arena *arena, const weir_type *type) {
    weir_value boxed = {.type = type->nullable ? type : weir_type_with_nullable(arena, type, true), .is_null = true};
    return boxed.type == NULL ? NULL : weir_expr_literal(arena, &boxed, (weir_position){0});
}

static const weir_expr *call_new(weir_arena *arena, const weir_function *function, const weir_type *type, const weir_expr *const *arguments,
                                 uint32_t count, weir_position position) {
    weir_expr *expr = expr_new(arena, WEIR_EXPR_CALL, type, position);
    const weir_expr **copy = WEIR_ARENA_ARRAY(arena, const weir_expr *, count);
    if (expr == NULL || copy == NULL)
        return NULL;
    for (uint32_t i = 0; i < count; i++) {
        if (arguments[i] == NULL)
            return NULL;
        copy[i] = arguments[i];
    }
    expr->as.call.function = function;
    expr->as.call.count = count;
    expr->as.call.arguments = copy;
    return expr;
}

const weir_expr *weir_expr_call(weir_arena *arena, const char *function_name, const weir_type *type, const weir_expr *const *arguments,
                                uint32_t count, weir_position position) {
    const weir_function *function = weir_function_find(weir_text_of(function_name), true);
    if (count == 1 && arguments[0] != NULL && arguments[0]->kind == WEIR_EXPR_CALL && arguments[0]->type->kind == WEIR_KIND_DECIMAL &&
        !arguments[0]->type->nullable && strcmp(function_name, "CAST") == 0)
        function = weir_function_cast_of_exact();
    return function == NULL ? NULL : call_new(arena, function, type, arguments, count, position);
}

/* Only wider nullability differs: then a cast would do nothing. */
static bool cast_is_idle(const weir_type *from, const weir_type *to) {
    if (!weir_type_equal(from, to, true))
        return false;

    return to->nullable || !from->nullable;
}

const weir_expr *weir_expr_cast(weir_arena *arena, const weir_expr *expr, const weir_type *type) {
    if (expr == NULL || type == NULL)
        return NULL;
    if (cast_is_idle(expr->type, type))
        return expr;
    if (expr->kind == WEIR_EXPR_LITERAL && expr->as.literal.is_null) {
        weir_value null = {.type = weir_type_with_nullable(arena, type, true), .is_null = true};
        return null.type == NULL ? NULL : weir_expr_literal(arena, &null, expr->position);
    }
    return weir_expr_call(arena, "CAST", type, &expr, 1, expr->position);
}

const weir_expr *weir_expr_and(weir_arena *arena, const weir_expr *a, const weir_expr *b) {
    if (a == NULL || b == NULL)
        return a == NULL ? b : a;
    const weir_expr *both[2] = {a, b};
    return weir_expr_call(arena, "AND", weir_type_simple(WEIR_KIND_BOOLEAN, a->type->nullable || b->type->nullable), both, 2, a->position);
}

bool weir_expr_equal(const weir_expr *a, const weir_expr *b) {
    if (a == b)
        return true;
    if (a->kind != b->kind || !weir_type_equal(a->type, b->type, true))
        return false;
    switch (a->kind) {
    case WEIR_EXPR_COLUMN: return a->as.column == b->as.column;
    case WEIR_EXPR_OUTER: return a->as.outer.level == b->as.outer.level && a->as.outer.column == b->as.outer.column;
    case WEIR_EXPR_LITERAL: return weir_value_equal(&a->as.literal, &b->as.literal);
    case WEIR_EXPR_CALL: break;
    }
    if (a->as.call.function != b->as.call.function || a->as.call.count != b->as.call.count)
        return false;
    for (uint32_t i = 0; i < a->as.call.count; i++)
        if (!weir_expr_equal(a->as.call.arguments[i], b->as.call.arguments[i]))
            return false;
    return true;
}

bool weir_expr_is_deterministic(const weir_expr *expr) {
    if (expr->kind != WEIR_EXPR_CALL)
        return true;
    if (expr->as.call.function->flags & WEIR_FUNCTION_DYNAMIC)
        return false;
    for (uint32_t i = 0; i < expr->as.call.count; i++)
        if (!weir_expr_is_deterministic(expr->as.call.arguments[i]))
            return false;
    return true;
}

static bool reads_columns(const weir_expr *expr) {
    if (expr->kind == WEIR_EXPR_COLUMN || expr->kind == WEIR_EXPR_OUTER)
        return true;
    if (expr->kind == WEIR_EXPR_CALL)
        for (uint32_t i = 0; i < expr->as.call.count; i++)
            if (reads_columns(expr->as.call.arguments[i]))
                return true;
    return false;
}

bool weir_expr_is_constant(const weir_expr *expr) { return !reads_columns(expr) && weir_expr_is_deterministic(expr); }

bool weir_expr_is_zero(const weir_expr *expr) {
    if (expr->kind != WEIR_EXPR_LITERAL || expr->as.literal.is_null || !weir_kind_is_numeric(expr->type->kind))
        return false;
    const weir_value *value = &expr->as.literal;
    if (expr->type->kind == WEIR_KIND_DECIMAL)
        return value->as.decimal == 0;
    return weir_kind_is_approx(expr->type->kind) ? value->as.real == 0 : value->as.integer == 0;
}

bool weir_expr_is_call(const weir_expr *expr, const char *function_name) {
    return expr->kind == WEIR_EXPR_CALL && strcmp(expr->as.call.function->name, function_name) == 0;
}

void weir_expr_columns(const weir_expr *expr, bool *used, uint32_t count) {
    if (expr->kind == WEIR_EXPR_COLUMN && expr->as.column < count)
        used[expr->as.column] = true;
    if (expr->kind == WEIR_EXPR_CALL)
        for (uint32_t i = 0; i < expr->as.call.count; i++)
            weir_expr_columns(expr->as.call.arguments[i], used, count);
}

/* Copy a call with its arguments passed through `change`; shares what did not change. */
typedef const weir_expr *(*expr_change)(weir_arena *arena, const weir_expr *column, const void *context);

static const weir_expr *rewrite(weir_arena *arena, const weir_expr *expr, expr_change change, const void *context) {
    if (expr->kind == WEIR_EXPR_COLUMN)
        return change(arena, expr, context);
    if (expr->kind != WEIR_EXPR_CALL || expr->as.call.count == 0)
        return expr;
    const weir_expr **arguments = WEIR_ARENA_ARRAY(arena, const weir_expr *, expr->as.call.count);
    if (arguments == NULL)
        return NULL;
    bool changed = false;
    for (uint32_t i = 0; i < expr->as.call.count; i++) {
        arguments[i] = rewrite(arena, expr->as.call.arguments[i], change, context);
        if (arguments[i] == NULL)
            return NULL;
        changed |= arguments[i] != expr->as.call.arguments[i];
    }
    return changed ? call_new(arena, expr->as.call.function, expr->type, arguments, expr->as.call.count, expr->position) : expr;
}

static const weir_expr *by_expression(weir_arena *arena, const weir_expr *column, const void *context) {
    (void)arena;
    return ((const weir_expr *const *)context)[column->as.column];
}

const weir_expr *weir_expr_replace(weir_arena *arena, const weir_expr *expr, const weir_expr *const *map) {
    return rewrite(arena, expr, by_expression, map);
}

static const weir_expr *by_number(weir_arena *arena, const weir_expr *column, const void *context) {
    uint32_t now = ((const uint32_t *)context)[column->as.column];
    return now == column->as.column ? column : weir_expr_column(arena, now, column->type, column->position);
}

const weir_expr *weir_expr_renumber(weir_arena *arena, const weir_expr *expr, const uint32_t *map) {
    return rewrite(arena, expr, by_number, map);
}

bool weir_expr_conjuncts(weir_arena *arena, const weir_expr *expr, weir_list *out) {
    if (!weir_expr_is_call(expr, "AND"))
        return weir_list_add(arena, out, (void *)(uintptr_t)expr);
    for (uint32_t i = 0; i < expr->as.call.count; i++)
        if (!weir_expr_conjuncts(arena, expr->as.call.arguments[i], out))
            return false;
    return true;
}
