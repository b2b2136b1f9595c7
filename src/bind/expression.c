/* Expressions: operators, CASE, IN, BETWEEN, LIKE, IS, casts, constructors. Types are checked by the functions' own rules
 * (weir_expr_build); calls are in call.c. */
#include <string.h>

#include "bind/bind_int.h"

weir_status bind_build(bind_scope *scope, const char *function, const weir_expr *const *arguments, uint32_t count, weir_position position,
                       const weir_expr **out, weir_error *error) {
    const weir_function *found = weir_function_find(weir_text_of(function), true);
    if (found == NULL)
        return weir_fail_at(error, WEIR_UNSUPPORTED, position, "'%s' is not supported", function);
    return weir_expr_build(scope->context->arena, scope->context->evaluation, found, arguments, count, position, out, error);
}

static weir_status build1(bind_scope *scope, const char *function, const weir_expr *a, weir_position position, const weir_expr **out,
                          weir_error *error) {
    return bind_build(scope, function, &a, 1, position, out, error);
}

static weir_status build2(bind_scope *scope, const char *function, const weir_expr *a, const weir_expr *b, weir_position position,
                          const weir_expr **out, weir_error *error) {
    const weir_expr *both[2] = {a, b};
    return bind_build(scope, function, both, 2, position, out, error);
}

weir_status bind_exprs(bind_scope *scope, const weir_ast_expr_list *list, const weir_expr ***out, weir_error *error) {
    const weir_expr **exprs = WEIR_ARENA_ARRAY(scope->context->arena, const weir_expr *, list->count);
    if (exprs == NULL)
        return weir_fail_memory(error, "an expression list", list->count * sizeof *exprs);
    for (size_t i = 0; i < list->count; i++)
        WEIR_TRY(bind_expr(scope, list->items[i], &exprs[i], error));
    *out = exprs;
    return WEIR_OK;
}

weir_status bind_condition(bind_scope *scope, const weir_ast_expr *ast, const char *clause, const weir_expr **out, weir_error *error) {
    WEIR_TRY(bind_expr(scope, ast, out, error));
    if ((*out)->type->kind == WEIR_KIND_BOOLEAN)
        return WEIR_OK;
    if ((*out)->type->kind == WEIR_KIND_NULL) {
        *out = weir_expr_null(scope->context->arena, weir_type_simple(WEIR_KIND_BOOLEAN, true));
        return *out == NULL ? weir_fail_memory(error, "a condition", sizeof(weir_expr)) : WEIR_OK;
    }
    return weir_fail_at(error, WEIR_VALIDATE, ast->position, "%s clause must be a condition", clause);
}

/* ---- AND, OR: chains are flattened, so that a long one is one form ---- */

static weir_status gather_chain(bind_scope *scope, const weir_ast_expr *ast, weir_ast_binary_op op, weir_list *parts, weir_error *error) {
    if (ast->kind == WEIR_AST_EXPR_BINARY && ast->as.binary.op == op) {
        WEIR_TRY(gather_chain(scope, ast->as.binary.left, op, parts, error));
        return gather_chain(scope, ast->as.binary.right, op, parts, error);
    }
    const weir_expr *expr;
    WEIR_TRY(bind_expr(scope, ast, &expr, error));
    return weir_list_add(scope->context->arena, parts, (void *)(uintptr_t)expr) ? WEIR_OK
                                                                                : weir_fail_memory(error, "a condition", sizeof *expr);
}

static weir_status bind_connective(bind_scope *scope, const weir_ast_expr *ast, const weir_expr **out, weir_error *error) {
    weir_list parts = {0};
    WEIR_TRY(gather_chain(scope, ast, ast->as.binary.op, &parts, error));
    return bind_build(scope, weir_ast_binary_text(ast->as.binary.op), (const weir_expr *const *)parts.items, (uint32_t)parts.count,
                      ast->position, out, error);
}

static weir_status join_all(bind_scope *scope, const char *connective, const weir_expr *const *parts, uint32_t count,
                            weir_position position, const weir_expr **out, weir_error *error) {
    if (count == 1) {
        *out = parts[0];
        return WEIR_OK;
    }
    return bind_build(scope, connective, parts, count, position, out, error);
}

/* ---- comparisons ---- */

static const weir_expr *const *row_items(const weir_expr *expr) { return weir_expr_is_call(expr, "ROW") ? expr->as.call.arguments : NULL; }

/* (a, b) = (c, d) field by field. */
static weir_status compare_rows(bind_scope *scope, const char *function, const weir_expr *left, const weir_expr *right,
                                weir_position position, const weir_expr **out, weir_error *error) {
    uint32_t count = left->as.call.count;
    const weir_expr **parts = WEIR_ARENA_ARRAY(scope->context->arena, const weir_expr *, count);
    if (parts == NULL)
        return weir_fail_memory(error, "a comparison", count * sizeof *parts);
    for (uint32_t i = 0; i < count; i++)
        WEIR_TRY(bind_compare(scope, "=", row_items(left)[i], row_items(right)[i], position, &parts[i], error));
    WEIR_TRY(join_all(scope, "AND", parts, count, position, out, error));
    return strcmp(function, "=") == 0 ? WEIR_OK : build1(scope, "NOT", *out, position, out, error);
}

/* x = x is TRUE or NULL, x <> x is FALSE or NULL, whatever x holds, NaN too: Calcite's simplification, seen in results. */
static weir_status compare_same(bind_scope *scope, const char *function, const weir_expr *same, weir_position position,
                                const weir_expr **out, weir_error *error) {
    weir_arena *arena = scope->context->arena;
    bool holds = strchr(function, '=') != NULL;
    const weir_expr *parts[2] = {weir_expr_null(arena, weir_type_simple(WEIR_KIND_BOOLEAN, true)), NULL};
    *out = weir_expr_bool(arena, holds);
    if (*out == NULL || parts[0] == NULL)
        return weir_fail_memory(error, "a comparison", sizeof **out);
    if (!same->type->nullable)
        return WEIR_OK;
    WEIR_TRY(build1(scope, holds ? "IS NOT NULL" : "IS NULL", same, position, &parts[1], error));
    return bind_build(scope, holds ? "OR" : "AND", parts, 2, position, out, error);
}

static bool folds_to_truth(const weir_expr *left, const weir_expr *right) {
    return left->kind != WEIR_EXPR_LITERAL && weir_expr_equal(left, right) && weir_expr_is_deterministic(left);
}

weir_status bind_compare(bind_scope *scope, const char *function, const weir_expr *left, const weir_expr *right, weir_position position,
                         const weir_expr **out, weir_error *error) {
    bool equality = strcmp(function, "=") == 0 || strcmp(function, "<>") == 0;
    if (equality && row_items(left) != NULL && row_items(right) != NULL && left->as.call.count == right->as.call.count)
        return compare_rows(scope, function, left, right, position, out, error);
    WEIR_TRY(build2(scope, function, left, right, position, out, error)); /* also checks the types */
    return folds_to_truth(left, right) ? compare_same(scope, function, left, position, out, error) : WEIR_OK;
}

static bool is_number_literal(const weir_ast_expr *ast) {
    if (ast->kind != WEIR_AST_EXPR_LITERAL)
        return false;
    weir_ast_literal_kind kind = ast->as.literal->kind;
    return kind == WEIR_AST_LITERAL_INTEGER || kind == WEIR_AST_LITERAL_DECIMAL || kind == WEIR_AST_LITERAL_APPROXIMATE;
}

static weir_status bind_unary(bind_scope *scope, const weir_ast_expr *ast, const weir_expr **out, weir_error *error) {
    const weir_ast_expr *operand = ast->as.unary.operand;
    if (ast->as.unary.op == WEIR_AST_NEGATE && is_number_literal(operand))
        return bind_negative_literal(scope, operand, ast->position, out, error);
    const weir_expr *value;
    WEIR_TRY(bind_expr(scope, operand, &value, error));
    static const char *const functions[] = {[WEIR_AST_NOT] = "NOT", [WEIR_AST_NEGATE] = "-u", [WEIR_AST_POSITIVE] = "+u"};
    return build1(scope, functions[ast->as.unary.op], value, ast->position, out, error);
}

/* (a, b) OVERLAPS (c, d): four arguments. */
static weir_status bind_overlaps(bind_scope *scope, const weir_ast_expr *ast, const weir_expr **out, weir_error *error) {
    const weir_ast_expr *left = ast->as.binary.left, *right = ast->as.binary.right;
    const weir_expr **a, **b;
    WEIR_TRY(bind_exprs(scope, &left->as.row.items, &a, error));
    WEIR_TRY(bind_exprs(scope, &right->as.row.items, &b, error));
    const weir_expr *four[4] = {a[0], a[1], b[0], b[1]};
    return bind_build(scope, "OVERLAPS", four, 4, ast->position, out, error);
}

static weir_status bind_binary(bind_scope *scope, const weir_ast_expr *ast, const weir_expr **out, weir_error *error) {
    weir_ast_binary_op op = ast->as.binary.op;
    if (op == WEIR_AST_AND || op == WEIR_AST_OR)
        return bind_connective(scope, ast, out, error);
    if (op == WEIR_AST_OVERLAPS)
        return bind_overlaps(scope, ast, out, error);
    const weir_expr *left, *right;
    WEIR_TRY(bind_expr(scope, ast->as.binary.left, &left, error));
    WEIR_TRY(bind_expr(scope, ast->as.binary.right, &right, error));
    if (op >= WEIR_AST_EQUAL && op <= WEIR_AST_GREATER_EQUAL)
        return bind_compare(scope, weir_ast_binary_text(op), left, right, ast->position, out, error);
    return build2(scope, weir_ast_binary_text(op), left, right, ast->position, out, error);
}

/* ---- BETWEEN, IN, LIKE, IS, quantified lists ---- */

static weir_status between(bind_scope *scope, const weir_expr *value, const weir_expr *low, const weir_expr *high, weir_position position,
                           const weir_expr **out, weir_error *error) {
    const weir_expr *parts[2];
    WEIR_TRY(bind_compare(scope, ">=", value, low, position, &parts[0], error));
    WEIR_TRY(bind_compare(scope, "<=", value, high, position, &parts[1], error));
    return bind_build(scope, "AND", parts, 2, position, out, error);
}

static weir_status bind_between(bind_scope *scope, const weir_ast_expr *ast, const weir_expr **out, weir_error *error) {
    const weir_expr *value, *low, *high;
    WEIR_TRY(bind_expr(scope, ast->as.between.operand, &value, error));
    WEIR_TRY(bind_expr(scope, ast->as.between.low, &low, error));
    WEIR_TRY(bind_expr(scope, ast->as.between.high, &high, error));
    WEIR_TRY(between(scope, value, low, high, ast->position, out, error));
    if (ast->as.between.symmetric) {
        const weir_expr *either[2] = {*out, NULL};
        WEIR_TRY(between(scope, value, high, low, ast->position, &either[1], error));
        WEIR_TRY(bind_build(scope, "OR", either, 2, ast->position, out, error));
    }
    return ast->as.between.negated ? build1(scope, "NOT", *out, ast->position, out, error) : WEIR_OK;
}

/* The type to which an item of an IN list is cast before it is compared, NULL: none. Flink's IN is stricter than its =: numbers lose their
 * fraction for an integer, text becomes a number or a BOOLEAN, numbers become text. */
static const weir_type *in_item_type(bind_scope *scope, const weir_type *value, const weir_type *item) {
    weir_arena *arena = scope->context->arena;
    bool text_item = weir_kind_is_text(item->kind);
    bool to_value = (text_item && (weir_kind_is_numeric(value->kind) || value->kind == WEIR_KIND_BOOLEAN)) ||
                    (weir_kind_is_integer(value->kind) && weir_kind_is_numeric(item->kind) && !weir_kind_is_integer(item->kind));
    if (to_value)
        return weir_type_with_nullable(arena, value, item->nullable);
    return weir_kind_is_text(value->kind) && weir_kind_is_numeric(item->kind) ? weir_type_string(item->nullable) : item;
}

static weir_status in_item(bind_scope *scope, const weir_expr *value, const weir_expr *item, weir_position position, const weir_expr **out,
                           weir_error *error) {
    weir_arena *arena = scope->context->arena;
    if (row_items(value) != NULL && row_items(item) != NULL && value->as.call.count == item->as.call.count) {
        uint32_t count = value->as.call.count;
        const weir_expr **parts = WEIR_ARENA_ARRAY(arena, const weir_expr *, count);
        if (parts == NULL)
            return weir_fail_memory(error, "an IN list", count * sizeof *parts);
        for (uint32_t i = 0; i < count; i++)
            WEIR_TRY(in_item(scope, row_items(value)[i], row_items(item)[i], position, &parts[i], error));
        return join_all(scope, "AND", parts, count, position, out, error);
    }
    const weir_type *type = in_item_type(scope, value->type, item->type);
    item = type == NULL ? NULL : type == item->type ? item : weir_expr_cast(arena, item, type);
    if (item == NULL)
        return weir_fail_memory(error, "an IN list", sizeof *item);
    return bind_compare(scope, "=", value, item, position, out, error);
}

/* All items are of one family. */
static weir_status check_in_list(bind_scope *scope, const weir_ast_expr_list *list, const weir_expr *const *items, weir_error *error) {
    const weir_type *common = items[0]->type;
    for (size_t i = 1; i < list->count && common != NULL; i++)
        common = weir_type_common(scope->context->arena, common, items[i]->type);
    if (common != NULL)
        return WEIR_OK;
    if (scope->context->arena->failed)
        return weir_fail_memory(error, "an IN list", sizeof *common);
    weir_position position = list->items[0]->position, last = list->items[list->count - 1]->position;
    position.length_bytes = last.offset_bytes + last.length_bytes - position.offset_bytes;
    return weir_fail_at(error, WEIR_VALIDATE, position, "Values in expression list must have compatible types");
}

static weir_status bind_in(bind_scope *scope, const weir_ast_expr *ast, const weir_expr **out, weir_error *error) {
    if (ast->as.in.query != NULL)
        return bind_subquery_mark(scope, ast, out, error);
    const weir_expr *value, **parts;
    uint32_t count = (uint32_t)ast->as.in.list.count;
    WEIR_TRY(bind_expr(scope, ast->as.in.operand, &value, error));
    WEIR_TRY(bind_exprs(scope, &ast->as.in.list, &parts, error));
    WEIR_TRY(check_in_list(scope, &ast->as.in.list, parts, error));
    for (uint32_t i = 0; i < count; i++)
        WEIR_TRY(in_item(scope, value, parts[i], ast->as.in.list.items[i]->position, &parts[i], error));
    WEIR_TRY(join_all(scope, "OR", parts, count, ast->position, out, error));
    return ast->as.in.negated ? build1(scope, "NOT", *out, ast->position, out, error) : WEIR_OK;
}

static weir_status bind_quantified(bind_scope *scope, const weir_ast_expr *ast, const weir_expr **out, weir_error *error) {
    if (ast->as.quantified.query != NULL)
        return bind_subquery_mark(scope, ast, out, error);
    const weir_expr *value;
    WEIR_TRY(bind_expr(scope, ast->as.quantified.operand, &value, error));
    uint32_t count = (uint32_t)ast->as.quantified.list.count;
    const weir_expr **parts = WEIR_ARENA_ARRAY(scope->context->arena, const weir_expr *, count);
    if (parts == NULL)
        return weir_fail_memory(error, "a list", count * sizeof *parts);
    for (uint32_t i = 0; i < count; i++) {
        const weir_expr *item;
        WEIR_TRY(bind_expr(scope, ast->as.quantified.list.items[i], &item, error));
        WEIR_TRY(bind_compare(scope, weir_ast_binary_text(ast->as.quantified.op), value, item, ast->position, &parts[i], error));
    }
    return join_all(scope, ast->as.quantified.quantifier == WEIR_AST_ALL ? "AND" : "OR", parts, count, ast->position, out, error);
}

static weir_status bind_like(bind_scope *scope, const weir_ast_expr *ast, const weir_expr **out, weir_error *error) {
    const weir_expr *arguments[3];
    uint32_t count = 2;
    WEIR_TRY(bind_expr(scope, ast->as.like.operand, &arguments[0], error));
    WEIR_TRY(bind_expr(scope, ast->as.like.pattern, &arguments[1], error));
    if (ast->as.like.escape != NULL) {
        WEIR_TRY(bind_expr(scope, ast->as.like.escape, &arguments[2], error));
        count = 3;
    }
    WEIR_TRY(bind_build(scope, ast->as.like.similar ? "SIMILAR TO" : "LIKE", arguments, count, ast->position, out, error));
    return ast->as.like.negated ? build1(scope, "NOT", *out, ast->position, out, error) : WEIR_OK;
}

static weir_status bind_is(bind_scope *scope, const weir_ast_expr *ast, const weir_expr **out, weir_error *error) {
    static const char *const names[][2] = {
        [WEIR_AST_IS_NULL] = {"IS NULL", "IS NOT NULL"},
        [WEIR_AST_IS_TRUE] = {"IS TRUE", "IS NOT TRUE"},
        [WEIR_AST_IS_FALSE] = {"IS FALSE", "IS NOT FALSE"},
        [WEIR_AST_IS_UNKNOWN] = {"IS UNKNOWN", "IS NOT UNKNOWN"},
        [WEIR_AST_IS_DISTINCT_FROM] = {"IS DISTINCT FROM", "IS NOT DISTINCT FROM"},
        [WEIR_AST_IS_JSON_VALUE] = {"IS JSON VALUE", "IS NOT JSON VALUE"},
        [WEIR_AST_IS_JSON_OBJECT] = {"IS JSON OBJECT", "IS NOT JSON OBJECT"},
        [WEIR_AST_IS_JSON_ARRAY] = {"IS JSON ARRAY", "IS NOT JSON ARRAY"},
        [WEIR_AST_IS_JSON_SCALAR] = {"IS JSON SCALAR", "IS NOT JSON SCALAR"},
    };
    const weir_expr *arguments[2];
    WEIR_TRY(bind_expr(scope, ast->as.is.operand, &arguments[0], error));
    if (ast->as.is.what == WEIR_AST_IS_DISTINCT_FROM)
        WEIR_TRY(bind_expr(scope, ast->as.is.right, &arguments[1], error));
    WEIR_TRY(bind_build(scope, names[ast->as.is.what][ast->as.is.negated], arguments, ast->as.is.what == WEIR_AST_IS_DISTINCT_FROM ? 2 : 1,
                        ast->position, out, error));
    if (ast->as.is.what != WEIR_AST_IS_DISTINCT_FROM || !folds_to_truth(arguments[0], arguments[1]))
        return WEIR_OK;
    *out = weir_expr_bool(scope->context->arena, ast->as.is.negated);
    return *out == NULL ? weir_fail_memory(error, "a comparison", sizeof **out) : WEIR_OK;
}

/* ---- CASE ---- */

static weir_status bind_case(bind_scope *scope, const weir_ast_expr *ast, const weir_expr **out, weir_error *error) {
    size_t whens = ast->as.case_.when_count;
    const weir_expr **arguments = WEIR_ARENA_ARRAY(scope->context->arena, const weir_expr *, 2 * whens + 1);
    if (arguments == NULL)
        return weir_fail_memory(error, "a CASE", whens * sizeof *arguments);
    const weir_expr *operand = NULL;
    if (ast->as.case_.operand != NULL)
        WEIR_TRY(bind_expr(scope, ast->as.case_.operand, &operand, error));
    for (size_t i = 0; i < whens; i++) {
        const weir_ast_when *when = &ast->as.case_.whens[i];
        WEIR_TRY(bind_expr(scope, when->when, &arguments[2 * i], error));
        if (operand != NULL)
            WEIR_TRY(bind_compare(scope, "=", operand, arguments[2 * i], when->when->position, &arguments[2 * i], error));
        WEIR_TRY(bind_expr(scope, when->then, &arguments[2 * i + 1], error));
    }
    if (ast->as.case_.otherwise != NULL)
        WEIR_TRY(bind_expr(scope, ast->as.case_.otherwise, &arguments[2 * whens], error));
    else
        arguments[2 * whens] = weir_expr_null(scope->context->arena, weir_type_simple(WEIR_KIND_NULL, true));
    return bind_build(scope, "CASE", arguments, (uint32_t)(2 * whens + 1), ast->position, out, error);
}

/* ---- casts ---- */

static weir_status bind_cast(bind_scope *scope, const weir_ast_expr *ast, const weir_expr **out, weir_error *error) {
    weir_arena *arena = scope->context->arena;
    const weir_expr *operand;
    const weir_type *type;
    WEIR_TRY(bind_expr(scope, ast->as.cast.operand, &operand, error));
    /* A CAST takes the most digits that there are when more are asked for; a column's type does not. */
    weir_ast_type target = *ast->as.cast.type;
    if (target.kind == WEIR_AST_TYPE_TIMESTAMP && target.precision > 9)
        target.precision = 9;
    if (weir_text_equal_nocase_c(target.name, "DECIMAL") && target.precision > 38)
        target.precision = 38;
    WEIR_TRY(weir_bind_type(scope->context, &target, &type, error));
    bool nullable = operand->type->nullable || ast->as.cast.try_cast;
    type = weir_type_with_nullable(arena, type, nullable);
    if (type == NULL)
        return weir_fail_memory(error, "a type", sizeof *type);
    if (operand->type->kind == WEIR_KIND_NULL) {
        *out = weir_expr_null(arena, type);
        return *out == NULL ? weir_fail_memory(error, "a cast", sizeof(weir_expr)) : WEIR_OK;
    }
    weir_status status = weir_cast_check(arena->memory, operand->type, type, error);
    if (status != WEIR_OK) {
        weir_error_locate(error, ast->position);
        return status;
    }
    /* A cast to its own type makes a plain timestamp of a time attribute: it stays, so that one sees it. */
    bool idle = weir_type_equal(operand->type, type, true) && bind_time_of(scope, operand) == WEIR_TIME_NONE;
    const weir_expr *cast = idle && !ast->as.cast.try_cast
                                ? weir_expr_cast(arena, operand, type)
                                : weir_expr_call(arena, ast->as.cast.try_cast ? "TRY_CAST" : "CAST", type, &operand, 1, ast->position);
    if (cast == NULL)
        return weir_fail_memory(error, "a cast", sizeof *cast);
    *out = cast;
    if (operand->kind != WEIR_EXPR_LITERAL || cast->kind == WEIR_EXPR_LITERAL)
        return WEIR_OK;
    weir_value value;
    status = weir_expr_constant(arena, arena->memory, scope->context->evaluation, cast, &value, error);
    if (status == WEIR_RUNTIME || (status == WEIR_OK && value.is_null && !type->nullable)) {
        weir_error_clear(error); /* it fails, or is NULL where it may not, when it is run */
        return WEIR_OK;
    }
    WEIR_TRY(status);
    value.type = type;
    *out = weir_expr_literal(arena, &value, ast->position);
    return *out == NULL ? weir_fail_memory(error, "a cast", sizeof(weir_expr)) : WEIR_OK;
}

/* ---- constructors and access ---- */

static weir_status bind_items(bind_scope *scope, const char *function, const weir_ast_expr *ast, const weir_ast_expr_list *list,
                              const weir_expr **out, weir_error *error) {
    const weir_expr **items;
    WEIR_TRY(bind_exprs(scope, list, &items, error));
    return bind_build(scope, function, items, (uint32_t)list->count, ast->position, out, error);
}

static weir_status bind_element(bind_scope *scope, const weir_ast_expr *ast, const weir_expr **out, weir_error *error) {
    const weir_expr *collection, *index;
    WEIR_TRY(bind_expr(scope, ast->as.element.collection, &collection, error));
    WEIR_TRY(bind_expr(scope, ast->as.element.index, &index, error));
    return build2(scope, "ITEM", collection, index, ast->position, out, error);
}

static weir_status bind_dot(bind_scope *scope, const weir_ast_expr *ast, const weir_expr **out, weir_error *error) {
    const weir_expr *operand;
    WEIR_TRY(bind_expr(scope, ast->as.field.operand, &operand, error));
    if (ast->as.field.field.text.data == NULL)
        return weir_fail_at(error, WEIR_VALIDATE, ast->position, ".* can only stand in a select list");
    return bind_field(scope, operand, &ast->as.field.field, out, error);
}

/* (t1 - t2) HOUR */
static weir_status bind_difference(bind_scope *scope, const weir_ast_expr *ast, const weir_expr **out, weir_error *error) {
    const weir_expr *arguments[3];
    WEIR_TRY(bind_expr(scope, ast->as.difference.left, &arguments[0], error));
    WEIR_TRY(bind_expr(scope, ast->as.difference.right, &arguments[1], error));
    bool months = bind_interval_type(&ast->as.difference.qualifier, false)->kind == WEIR_KIND_INTERVAL_MONTH;
    arguments[2] = bind_symbol(scope, months ? WEIR_TEXT("MONTH") : WEIR_TEXT("SECOND"), ast->position);
    if (arguments[2] == NULL)
        return weir_fail_memory(error, "an interval", sizeof(weir_expr));
    return bind_build(scope, "DATETIME_DIFFERENCE", arguments, 3, ast->position, out, error);
}

static weir_status refuse(const weir_ast_expr *ast, const char *what, weir_error *error) {
    return weir_fail_at(error, WEIR_UNSUPPORTED, ast->position, "%s is not supported", what);
}

weir_status bind_expr(bind_scope *scope, const weir_ast_expr *ast, const weir_expr **out, weir_error *error) {
    if (scope->match != NULL) {
        bool handled;
        weir_status status = bind_match_expr(scope, ast, &handled, out, error);
        if (handled || status != WEIR_OK)
            return status;
    }
    switch (ast->kind) {
    case WEIR_AST_EXPR_LITERAL: return bind_literal(scope, ast, out, error);
    case WEIR_AST_EXPR_NAME: return bind_name(scope, &ast->as.name, out, error);
    case WEIR_AST_EXPR_STAR: return weir_fail_at(error, WEIR_VALIDATE, ast->position, "* can only stand in a select list or in COUNT(*)");
    case WEIR_AST_EXPR_CALL: return bind_call(scope, ast, out, error);
    case WEIR_AST_EXPR_CAST: return bind_cast(scope, ast, out, error);
    case WEIR_AST_EXPR_UNARY: return bind_unary(scope, ast, out, error);
    case WEIR_AST_EXPR_BINARY: return bind_binary(scope, ast, out, error);
    case WEIR_AST_EXPR_BETWEEN: return bind_between(scope, ast, out, error);
    case WEIR_AST_EXPR_IN: return bind_in(scope, ast, out, error);
    case WEIR_AST_EXPR_LIKE: return bind_like(scope, ast, out, error);
    case WEIR_AST_EXPR_IS: return bind_is(scope, ast, out, error);
    case WEIR_AST_EXPR_CASE: return bind_case(scope, ast, out, error);
    case WEIR_AST_EXPR_SUBQUERY:
    case WEIR_AST_EXPR_EXISTS: return bind_subquery_mark(scope, ast, out, error);
    case WEIR_AST_EXPR_QUANTIFIED: return bind_quantified(scope, ast, out, error);
    case WEIR_AST_EXPR_ROW: return bind_items(scope, "ROW", ast, &ast->as.row.items, out, error);
    case WEIR_AST_EXPR_ARRAY:
        if (ast->as.items.count == 0)
            return weir_fail_at(error, WEIR_VALIDATE, ast->position, "Require at least 1 argument");
        return bind_items(scope, "ARRAY", ast, &ast->as.items, out, error);
    case WEIR_AST_EXPR_MAP: return bind_items(scope, "MAP", ast, &ast->as.items, out, error);
    case WEIR_AST_EXPR_ELEMENT: return bind_element(scope, ast, out, error);
    case WEIR_AST_EXPR_FIELD: return bind_dot(scope, ast, out, error);
    case WEIR_AST_EXPR_INTERVAL: return bind_interval(scope, ast, out, error);
    case WEIR_AST_EXPR_INTERVAL_DIFFERENCE: return bind_difference(scope, ast, out, error);
    case WEIR_AST_EXPR_ARRAY_QUERY: return refuse(ast, "ARRAY(query)", error);
    case WEIR_AST_EXPR_MAP_QUERY: return refuse(ast, "MAP(query)", error);
    case WEIR_AST_EXPR_MULTISET: return refuse(ast, "MULTISET[...]", error);
    case WEIR_AST_EXPR_MULTISET_QUERY: return refuse(ast, "MULTISET(query)", error);
    case WEIR_AST_EXPR_NAMED_ARGUMENT: return refuse(ast, "a named argument here", error);
    case WEIR_AST_EXPR_UNIT:
        return (*out = bind_symbol(scope,
                                   ast->as.unit.unit == WEIR_AST_UNIT_OTHER ? ast->as.unit.text
                                                                            : weir_text_of(weir_ast_unit_name(ast->as.unit.unit)),
                                   ast->position)) == NULL
                   ? weir_fail_memory(error, "a unit", sizeof(weir_expr))
                   : WEIR_OK;
    case WEIR_AST_EXPR_KEYWORD:
        return (*out = bind_symbol(scope, ast->as.keyword, ast->position)) == NULL ? weir_fail_memory(error, "a keyword", sizeof(weir_expr))
                                                                                   : WEIR_OK;
    case WEIR_AST_EXPR_DESCRIPTOR: return refuse(ast, "DESCRIPTOR outside a table function", error);
    case WEIR_AST_EXPR_TABLE_ARGUMENT: return refuse(ast, "TABLE outside a table function", error);
    case WEIR_AST_EXPR_MODEL: return refuse(ast, "MODEL", error);
    case WEIR_AST_EXPR_DEFAULT: return refuse(ast, "DEFAULT", error);
    case WEIR_AST_EXPR_RUNNING: return refuse(ast, "RUNNING or FINAL outside MATCH_RECOGNIZE", error);
    }
    return weir_fail_at(error, WEIR_INTERNAL, ast->position, "unknown expression");
}

/* The branches that can be reached: those of a CASE up to one whose condition is TRUE, of COALESCE up to what is never NULL. */
static uint32_t reachable(const weir_expr *call) {
    const weir_expr *const *arguments = call->as.call.arguments;
    uint32_t count = call->as.call.count;
    if (weir_expr_is_call(call, "CASE"))
        for (uint32_t i = 0; i + 1 < count; i += 2)
            if (arguments[i]->kind == WEIR_EXPR_LITERAL && !arguments[i]->as.literal.is_null && arguments[i]->as.literal.as.boolean)
                return i + 2;
    if (weir_expr_is_call(call, "COALESCE"))
        for (uint32_t i = 0; i < count; i++)
            if (!arguments[i]->type->nullable)
                return i + 1;
    return count;
}

weir_status bind_refuse_division(const weir_expr *expr, weir_error *error) {
    if (expr->kind != WEIR_EXPR_CALL)
        return WEIR_OK;
    if (weir_expr_is_call(expr, "/") && expr->as.call.arguments[0]->kind == WEIR_EXPR_LITERAL &&
        weir_expr_is_zero(expr->as.call.arguments[1]))
        return weir_fail_at(error, WEIR_RUNTIME, expr->position, "Division by zero");
    for (uint32_t i = 0, count = reachable(expr); i < count; i++)
        WEIR_TRY(bind_refuse_division(expr->as.call.arguments[i], error));
    return WEIR_OK;
}
