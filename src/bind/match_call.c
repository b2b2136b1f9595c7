/* What only expressions of MATCH_RECOGNIZE have: FIRST and LAST, aggregates over the rows of a variable, MATCH_ROWTIME(), RUNNING and
 * FINAL. */
#include <stdio.h>

#include "bind/match_int.h"
#include "sql/unparse.h"

/* "Multiple pattern variables in 'SUM(`A`.`x` * `B`.`x`)'" */
static weir_status fail_with(const bind_match *self, const weir_ast_expr *ast, const char *format, weir_error *error) {
    weir_builder text;
    weir_builder_init(&text, self->context->arena->memory, 4096);
    weir_sql_unparse_expression(&text, ast);
    weir_builder_char(&text, '\0');
    char message[512];
    snprintf(message, sizeof message, format, text.failed ? "..." : text.data);
    weir_builder_deinit(&text);
    return weir_fail_at(error, WEIR_VALIDATE, ast->position, "%s", message);
}

static uint32_t variable_of(const bind_match *self, uint32_t column) {
    uint32_t variable = column / self->column_count;
    return variable == self->variable_count ? WEIR_MATCH_ANY : variable;
}

static bool find_variables(const bind_match *self, const weir_expr *expr, int64_t *variable) {
    int64_t found = MATCH_NO_VARIABLE;
    if (expr->kind == WEIR_EXPR_COLUMN)
        found = variable_of(self, expr->as.column);
    else if (bind_is_mark(expr, MATCH_MARK_NAVIGATION))
        found = ((const match_navigation *)self->navigations.items[expr->as.outer.column])->variable;
    if (found != MATCH_NO_VARIABLE) {
        bool fits = *variable == MATCH_NO_VARIABLE || *variable == found;
        *variable = found;
        return fits;
    }
    for (uint32_t i = 0; expr->kind == WEIR_EXPR_CALL && i < expr->as.call.count; i++)
        if (!find_variables(self, expr->as.call.arguments[i], variable))
            return false;
    return true;
}

weir_status bind_match_one_variable(const bind_match *self, const weir_expr *expr, const weir_ast_expr *ast, int64_t *variable,
                                    weir_error *error) {
    return find_variables(self, expr, variable) ? WEIR_OK : fail_with(self, ast, "Multiple pattern variables in '%s'", error);
}

/* ---- FIRST, LAST, PREV, NEXT ---- */

typedef struct navigation_change {
    bind_match *match;
    bool first;
    uint32_t offset;
} navigation_change;

static weir_status navigate(void *context, const weir_expr *expr, const weir_expr **replacement, weir_error *error) {
    navigation_change *change = context;
    bind_match *self = change->match;
    if (expr->kind != WEIR_EXPR_COLUMN)
        return WEIR_OK;
    match_navigation *record = WEIR_ARENA_NEW(self->context->arena, match_navigation);
    if (record == NULL)
        return bind_match_no_memory(error);
    *record = (match_navigation){.first = change->first,
                                 .variable = variable_of(self, expr->as.column),
                                 .column = expr->as.column % self->column_count,
                                 .offset = change->offset};
    *replacement = bind_mark(&self->scope, MATCH_MARK_NAVIGATION, &self->navigations, record, expr->type, expr->position);
    return *replacement == NULL ? bind_match_no_memory(error) : WEIR_OK;
}

/* The second argument of FIRST(x, n) and the like. */
static weir_status bind_offset(bind_scope *scope, const weir_ast_expr *ast, uint32_t otherwise, uint32_t *offset, weir_error *error) {
    const weir_ast_call *call = ast->as.call;
    weir_text name = call->name.parts[0].text;
    if (call->args.count < 1 || call->args.count > 2 || call->star || call->distinct)
        return weir_fail_at(error, WEIR_VALIDATE, ast->position,
                            "Invalid number of arguments to function '%.*s'. Was expecting 1 or 2 arguments", WEIR_TEXT_ARGS(name));
    *offset = otherwise;
    if (call->args.count == 1)
        return WEIR_OK;
    weir_value value;
    WEIR_TRY(weir_bind_constant(scope->context, call->args.items[1], &value, error));
    if (value.is_null || !weir_kind_is_integer(value.type->kind) || value.as.integer < 0 || value.as.integer > INT32_MAX)
        return weir_fail_at(error, WEIR_VALIDATE, call->args.items[1]->position, "the offset of %.*s must be a number of rows from 0 on",
                            WEIR_TEXT_ARGS(name));
    *offset = (uint32_t)value.as.integer;
    return WEIR_OK;
}

static weir_status bind_inside(bind_scope *scope, const weir_ast_expr *ast, const weir_expr **out, weir_error *error) {
    bind_match *self = scope->match;
    self->in_navigation = true;
    weir_status status = bind_expr(scope, ast, out, error);
    self->in_navigation = false;
    return status;
}

static weir_status bind_first_last(bind_scope *scope, const weir_ast_expr *ast, bool first, const weir_expr **out, weir_error *error) {
    bind_match *self = scope->match;
    if (self->in_navigation)
        return fail_with(self, ast, "Cannot nest PREV/NEXT under LAST/FIRST '%s'", error);
    if (scope->in_aggregate)
        return fail_with(self, ast, "Cannot use FIRST/LAST in an aggregate: '%s'", error);
    navigation_change change = {.match = self, .first = first};
    const weir_expr *inner;
    int64_t variable = MATCH_NO_VARIABLE;
    WEIR_TRY(bind_offset(scope, ast, 0, &change.offset, error));
    WEIR_TRY(bind_inside(scope, ast->as.call->args.items[0], &inner, error));
    WEIR_TRY(bind_match_one_variable(self, inner, ast, &variable, error));
    return bind_rewrite(self->context->arena, inner, navigate, &change, out, error);
}

/* PREV(x, 0) is x. */
static weir_status bind_previous_next(bind_scope *scope, const weir_ast_expr *ast, const weir_expr **out, weir_error *error) {
    bind_match *self = scope->match;
    uint32_t offset;
    if (self->in_measures)
        return fail_with(self, ast, "Cannot use PREV/NEXT in MEASURE '%s'", error);
    if (self->in_navigation)
        return fail_with(self, ast, "Cannot nest PREV/NEXT under LAST/FIRST '%s'", error);
    WEIR_TRY(bind_offset(scope, ast, 1, &offset, error));
    if (offset > 0)
        return weir_fail_at(error, WEIR_UNSUPPORTED, ast->position,
                            "Flink does not support physical offsets within partition. LAST(A.x, 1) looks back within a variable");
    return bind_expr(scope, ast->as.call->args.items[0], out, error);
}

/* ---- MATCH_ROWTIME, MATCH_PROCTIME ---- */

static weir_status time_type(bind_scope *scope, const weir_ast_expr *ast, const weir_type **out, weir_error *error) {
    const weir_ast_call *call = ast->as.call;
    if (call->args.count == 0) {
        *out = weir_type_sized(scope->context->arena, WEIR_KIND_TIMESTAMP, 3, false);
        return *out == NULL ? bind_match_no_memory(error) : WEIR_OK;
    }
    const weir_expr *column;
    if (call->args.count > 1)
        return weir_fail_at(error, WEIR_VALIDATE, ast->position,
                            "Invalid number of arguments to function 'MATCH_ROWTIME'. Was expecting 0 or 1 arguments");
    WEIR_TRY(bind_expr(scope, call->args.items[0], &column, error));
    if (column->kind != WEIR_EXPR_COLUMN || scope->columns[column->as.column].time != WEIR_TIME_ROWTIME)
        return weir_fail_at(error, WEIR_VALIDATE, ast->position,
                            "The function MATCH_ROWTIME requires argument to be a row time attribute type");
    *out = column->type;
    return WEIR_OK;
}

static weir_status bind_rowtime(bind_scope *scope, const weir_ast_expr *ast, const weir_expr **out, weir_error *error) {
    bind_match *self = scope->match;
    const weir_type *type;
    WEIR_TRY(time_type(scope, ast, &type, error));
    *out = bind_mark(scope, MATCH_MARK_TIME, &self->times, (void *)(uintptr_t)type, type, ast->position);
    return *out == NULL ? bind_match_no_memory(error) : WEIR_OK;
}

/* ---- aggregates ---- */

static weir_status check_aggregate(const bind_match *self, const bind_scope *scope, const weir_aggregate *function,
                                   const weir_ast_expr *ast, weir_error *error) {
    const weir_ast_call *call = ast->as.call;
    if (scope->in_aggregate)
        return weir_fail_at(error, WEIR_VALIDATE, ast->position, "Aggregate expressions cannot be nested");
    if (self->in_navigation)
        return fail_with(self, ast, "Cannot nest an aggregate under LAST/FIRST '%s'", error);
    if (call->distinct || call->all)
        return fail_with(self, ast, "DISTINCT/ALL not allowed with %s function", error);
    if (call->over != NULL || (function->flags & WEIR_AGGREGATE_WINDOW_ONLY) != 0)
        return fail_with(self, ast, "OVER is not allowed in MATCH_RECOGNIZE: '%s'", error);
    if (call->filter != NULL || call->within_group.count > 0 || call->argument_order.count > 0)
        return weir_fail_at(error, WEIR_UNSUPPORTED, ast->position,
                            "FILTER and ORDER BY of an aggregate are not supported in MATCH_RECOGNIZE");
    return WEIR_OK;
}

static weir_status bind_match_aggregate(bind_scope *scope, const weir_aggregate *function, const weir_ast_expr *ast, const weir_expr **out,
                                        weir_error *error) {
    bind_match *self = scope->match;
    match_aggregate *record = WEIR_ARENA_NEW(self->context->arena, match_aggregate);
    if (record == NULL)
        return bind_match_no_memory(error);
    WEIR_TRY(check_aggregate(self, scope, function, ast, error));
    scope->in_aggregate = true;
    weir_status status = bind_aggregate_fill(scope, function, ast, &record->call, error);
    scope->in_aggregate = false;
    if (status != WEIR_OK)
        return status;
    int64_t variable = ast->as.call->star ? (int64_t)WEIR_MATCH_ANY : MATCH_NO_VARIABLE;
    for (uint32_t i = 0; i < record->call.argument_count; i++)
        WEIR_TRY(bind_match_one_variable(self, record->call.arguments[i], ast, &variable, error));
    if (variable == MATCH_NO_VARIABLE)
        return weir_fail_at(error, WEIR_UNSUPPORTED, ast->position, "No pattern variable specified in aggregate");
    record->variable = (uint32_t)variable;
    *out = bind_mark(scope, MATCH_MARK_AGGREGATE, &self->aggregates, record, record->call.result, ast->position);
    return *out == NULL ? bind_match_no_memory(error) : WEIR_OK;
}

/* ---- the hook ---- */

static weir_status bind_match_call(bind_scope *scope, const weir_ast_expr *ast, bool *handled, const weir_expr **out, weir_error *error) {
    const weir_ast_call *call = ast->as.call;
    *handled = false;
    if (call->name.count != 1)
        return WEIR_OK;
    weir_text name = call->name.parts[0].text;
    *handled = true;
    if (weir_text_equal_nocase_c(name, "FIRST") || weir_text_equal_nocase_c(name, "LAST"))
        return bind_first_last(scope, ast, weir_text_equal_nocase_c(name, "FIRST"), out, error);
    if (weir_text_equal_nocase_c(name, "PREV") || weir_text_equal_nocase_c(name, "NEXT"))
        return bind_previous_next(scope, ast, out, error);
    if (weir_text_equal_nocase_c(name, "MATCH_ROWTIME"))
        return bind_rowtime(scope, ast, out, error);
    if (weir_text_equal_nocase_c(name, "MATCH_PROCTIME") && call->args.count == 0)
        return bind_build(scope, "PROCTIME", NULL, 0, ast->position, out, error);
    if (weir_text_equal_nocase_c(name, "CLASSIFIER") || weir_text_equal_nocase_c(name, "MATCH_NUMBER"))
        return weir_fail_at(error, WEIR_UNSUPPORTED, ast->position, "Unsupported call: %.*s()", WEIR_TEXT_ARGS(name));
    const weir_aggregate *aggregate = weir_aggregate_find(name, true);
    if (aggregate != NULL)
        return bind_match_aggregate(scope, aggregate, ast, out, error);
    *handled = false;
    return WEIR_OK;
}

weir_status bind_match_expr(bind_scope *scope, const weir_ast_expr *ast, bool *handled, const weir_expr **out, weir_error *error) {
    *handled = ast->kind == WEIR_AST_EXPR_RUNNING;
    if (ast->kind == WEIR_AST_EXPR_CALL)
        return bind_match_call(scope, ast, handled, out, error);
    if (!*handled)
        return WEIR_OK;
    if (!ast->as.semantics.final)
        return weir_fail_at(error, WEIR_UNSUPPORTED, ast->position, "Unsupported call: RUNNING");
    return bind_expr(scope, ast->as.semantics.operand, out, error);
}
