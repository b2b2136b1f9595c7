/* Function calls: which function a name means, the special syntaxes, and the order of arguments that the library wants. Aggregates and OVER
 * calls become marks. */
#include <string.h>

#include "bind/bind_int.h"

static weir_status no_match(bind_scope *scope, const weir_ast_call *call, weir_position position, weir_error *error) {
    weir_text name = call->name.parts[call->name.count - 1].text;
    weir_builder types;
    weir_builder_init(&types, scope->context->arena->memory, 4096);
    for (size_t i = 0; i < call->args.count; i++) {
        const weir_expr *argument;
        weir_error ignored = {0};
        weir_builder_c(&types, i == 0 ? "<" : ", <");
        if (bind_expr(scope, call->args.items[i], &argument, &ignored) == WEIR_OK)
            weir_type_print_short(argument->type, &types);
        else
            weir_builder_c(&types, "UNKNOWN");
        weir_builder_char(&types, '>');
    }
    weir_status status = weir_fail_at(error, WEIR_VALIDATE, position, "No match found for function signature %.*s(%s)",
                                      WEIR_TEXT_ARGS(name), weir_builder_view(&types).data);
    weir_builder_deinit(&types);
    const weir_function *scalar = weir_function_nearest(name);
    const weir_aggregate *aggregate = scalar == NULL ? weir_aggregate_nearest(name) : NULL;
    if (scalar != NULL || aggregate != NULL)
        weir_error_hint(error, "did you mean %s?", scalar != NULL ? scalar->usage : aggregate->usage);
    return status;
}

/* ---- group windows' auxiliary functions ---- */

static bool property_function(weir_text name, weir_window_kind *kind, weir_window_property *property) {
    static const struct {
        const char *name;
        weir_window_kind kind;
        weir_window_property property;
    } functions[] = {
        {"TUMBLE_START", WEIR_WINDOW_TUMBLE, WEIR_WINDOW_PROPERTY_START},
        {"TUMBLE_END", WEIR_WINDOW_TUMBLE, WEIR_WINDOW_PROPERTY_END},
        {"TUMBLE_ROWTIME", WEIR_WINDOW_TUMBLE, WEIR_WINDOW_PROPERTY_TIME},
        {"TUMBLE_PROCTIME", WEIR_WINDOW_TUMBLE, WEIR_WINDOW_PROPERTY_PROCTIME},
        {"HOP_START", WEIR_WINDOW_HOP, WEIR_WINDOW_PROPERTY_START},
        {"HOP_END", WEIR_WINDOW_HOP, WEIR_WINDOW_PROPERTY_END},
        {"HOP_ROWTIME", WEIR_WINDOW_HOP, WEIR_WINDOW_PROPERTY_TIME},
        {"HOP_PROCTIME", WEIR_WINDOW_HOP, WEIR_WINDOW_PROPERTY_PROCTIME},
        {"SESSION_START", WEIR_WINDOW_SESSION, WEIR_WINDOW_PROPERTY_START},
        {"SESSION_END", WEIR_WINDOW_SESSION, WEIR_WINDOW_PROPERTY_END},
        {"SESSION_ROWTIME", WEIR_WINDOW_SESSION, WEIR_WINDOW_PROPERTY_TIME},
        {"SESSION_PROCTIME", WEIR_WINDOW_SESSION, WEIR_WINDOW_PROPERTY_PROCTIME},
    };
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        if (weir_text_equal_nocase_c(name, functions[i].name)) {
            *kind = functions[i].kind;
            *property = functions[i].property;
            return true;
        }
    return false;
}

/* ---- special syntax ---- */

static weir_text behavior_word(weir_ast_json_behavior behavior) {
    switch (behavior) {
    case WEIR_AST_JSON_NOT_WRITTEN: return (weir_text){0};
    case WEIR_AST_JSON_NULL: return WEIR_TEXT("NULL");
    case WEIR_AST_JSON_ERROR: return WEIR_TEXT("ERROR");
    case WEIR_AST_JSON_DEFAULT: return WEIR_TEXT("DEFAULT");
    case WEIR_AST_JSON_TRUE: return WEIR_TEXT("TRUE");
    case WEIR_AST_JSON_FALSE: return WEIR_TEXT("FALSE");
    case WEIR_AST_JSON_UNKNOWN: return WEIR_TEXT("UNKNOWN");
    case WEIR_AST_JSON_EMPTY_ARRAY: return WEIR_TEXT("EMPTY ARRAY");
    case WEIR_AST_JSON_EMPTY_OBJECT: return WEIR_TEXT("EMPTY OBJECT");
    }
    return (weir_text){0};
}

static bool add(bind_scope *scope, weir_list *arguments, const weir_expr *argument) {
    return argument != NULL && weir_list_add(scope->context->arena, arguments, (void *)(uintptr_t)argument);
}

static weir_status no_memory(weir_error *error) { return weir_fail_memory(error, "a call", sizeof(weir_expr)); }

static weir_status json_default(bind_scope *scope, const weir_ast_expr *ast, weir_list *arguments, weir_error *error) {
    const weir_expr *value;
    if (ast == NULL)
        value = weir_expr_null(scope->context->arena, weir_type_simple(WEIR_KIND_NULL, true));
    else
        WEIR_TRY(bind_expr(scope, ast, &value, error));
    return add(scope, arguments, value) ? WEIR_OK : no_memory(error);
}

/* The trailing arguments by which the clauses reach the library: see the comment at the top of func/json.c. */
static weir_status json_clauses(bind_scope *scope, weir_text name, const weir_ast_json_clauses *json, weir_position position,
                                weir_list *arguments, weir_error *error) {
    weir_arena *arena = scope->context->arena;
    bool is_value = weir_text_equal_nocase_c(name, "JSON_VALUE");
    if (is_value || weir_text_equal_nocase_c(name, "JSON_QUERY")) {
        const weir_type *returning = weir_type_string(true);
        if (json->returning != NULL)
            WEIR_TRY(weir_bind_type(scope->context, json->returning, &returning, error));
        if (!add(scope, arguments, weir_expr_null(arena, returning)))
            return no_memory(error);
        if (!is_value) {
            static const char *const wrappers[] = {"WITHOUT", "WITHOUT", "CONDITIONAL", "UNCONDITIONAL"};
            if (!add(scope, arguments, bind_symbol(scope, weir_text_of(wrappers[json->wrapper]), position)))
                return no_memory(error);
        }
        weir_text words[2] = {behavior_word(json->on_empty), behavior_word(json->on_error)};
        const weir_ast_expr *defaults[2] = {json->default_on_empty, json->default_on_error};
        for (int i = 0; i < 2; i++) {
            if (!add(scope, arguments, bind_symbol(scope, words[i].size == 0 ? WEIR_TEXT("NULL") : words[i], position)))
                return no_memory(error);
            if (is_value)
                WEIR_TRY(json_default(scope, defaults[i], arguments, error));
        }
        return WEIR_OK;
    }
    if (weir_text_equal_nocase_c(name, "JSON_EXISTS")) {
        weir_text word = behavior_word(json->on_error);
        return add(scope, arguments, bind_symbol(scope, word.size == 0 ? WEIR_TEXT("FALSE") : word, position)) ? WEIR_OK : no_memory(error);
    }
    bool keep = weir_text_starts(name, WEIR_TEXT("JSON_OBJECT")) ? json->nulls != WEIR_AST_JSON_NULLS_ABSENT
                                                                 : json->nulls == WEIR_AST_JSON_NULLS_KEEP;
    const weir_expr *symbol = bind_symbol(scope, keep ? WEIR_TEXT("NULL") : WEIR_TEXT("ABSENT"), position);
    if (symbol == NULL)
        return no_memory(error);
    /* First, so that the variable part can follow. */
    if (!add(scope, arguments, symbol))
        return no_memory(error);
    for (size_t i = arguments->count - 1; i > 0; i--)
        arguments->items[i] = arguments->items[i - 1];
    arguments->items[0] = (void *)(uintptr_t)symbol;
    return WEIR_OK;
}

/* The library's name for a special syntax. */
static weir_text function_name(const weir_ast_call *call) {
    weir_text name = call->name.parts[call->name.count - 1].text;
    if (call->syntax == WEIR_AST_CALL_TO_UNIT)
        return weir_text_equal_nocase_c(name, "FLOOR") ? WEIR_TEXT("FLOOR_TO") : WEIR_TEXT("CEIL_TO");
    return name;
}

/* Text against a date or a timestamp: the text is read for the comparison, the result stays text. */
static bool compares_as_another(const weir_expr *value, const weir_expr *other) {
    return weir_kind_is_text(value->type->kind) &&
           (other->type->kind == WEIR_KIND_DATE || other->type->kind == WEIR_KIND_TIME || weir_kind_is_timestamp(other->type->kind));
}

static weir_status nullif_as_case(bind_scope *scope, const weir_expr *value, const weir_expr *other, weir_position position,
                                  const weir_expr **out, weir_error *error) {
    const weir_expr *arguments[3] = {value, other, value};
    WEIR_TRY(bind_build(scope, "=", arguments, 2, position, &arguments[0], error));
    arguments[1] = weir_expr_null(scope->context->arena, weir_type_with_nullable(scope->context->arena, value->type, true));
    return arguments[1] == NULL ? no_memory(error) : bind_build(scope, "CASE", arguments, 3, position, out, error);
}

static weir_status scalar_call(bind_scope *scope, const weir_function *function, const weir_ast_expr *ast, const weir_expr **out,
                               weir_error *error) {
    const weir_ast_call *call = ast->as.call;
    weir_list arguments = {0};
    for (size_t i = 0; i < call->args.count; i++) {
        const weir_expr *argument;
        WEIR_TRY(bind_expr(scope, call->args.items[i], &argument, error));
        if (!add(scope, &arguments, argument))
            return no_memory(error);
    }
    if (call->json != NULL)
        WEIR_TRY(json_clauses(scope, function_name(call), call->json, ast->position, &arguments, error));
    if (arguments.count == 2 && strcmp(function->name, "NULLIF") == 0 && compares_as_another(arguments.items[0], arguments.items[1]))
        return nullif_as_case(scope, arguments.items[0], arguments.items[1], ast->position, out, error);
    return weir_expr_build(scope->context->arena, scope->context->evaluation, function, (const weir_expr *const *)arguments.items,
                           (uint32_t)arguments.count, ast->position, out, error);
}

static weir_status aggregate_call(bind_scope *scope, const weir_aggregate *aggregate, const weir_ast_expr *ast, const weir_expr **out,
                                  weir_error *error) {
    const weir_ast_call *call = ast->as.call;
    if (call->over != NULL)
        return bind_over_mark(scope, aggregate, ast, out, error);
    if (aggregate->flags & WEIR_AGGREGATE_WINDOW_ONLY)
        return weir_fail_at(error, WEIR_VALIDATE, ast->position, "OVER clause is necessary for window functions");
    return bind_aggregate_mark(scope, aggregate, ast, out, error);
}

static bool is_grouping(weir_text name) {
    return weir_text_equal_nocase_c(name, "GROUPING") || weir_text_equal_nocase_c(name, "GROUPING_ID") ||
           weir_text_equal_nocase_c(name, "GROUP_ID");
}

static weir_status user_function(bind_scope *scope, const weir_ast_expr *ast, bool *found, weir_error *error) {
    const weir_ast_call *call = ast->as.call;
    weir_object_path path;
    WEIR_TRY(weir_bind_path(scope->context, &call->name, &path, error));
    const weir_catalog_function *function = weir_catalog_find_function(scope->context->catalog, path);
    *found = function != NULL;
    if (function == NULL)
        return WEIR_OK;
    return weir_fail_at(error, WEIR_UNSUPPORTED, ast->position,
                        "the user-defined function '%.*s' (%.*s) cannot run here: functions in %.*s are not supported",
                        WEIR_TEXT_ARGS(function->name), WEIR_TEXT_ARGS(function->class_name),
                        WEIR_TEXT_ARGS(function->language.size == 0 ? WEIR_TEXT("JAVA") : function->language));
}

weir_status bind_call(bind_scope *scope, const weir_ast_expr *ast, const weir_expr **out, weir_error *error) {
    const weir_ast_call *call = ast->as.call;
    weir_text name = function_name(call);
    weir_window_kind kind;
    weir_window_property property;
    if (call->name.count == 1) {
        if (is_grouping(name))
            return bind_grouping_mark(scope, ast, out, error);
        if (property_function(name, &kind, &property))
            return bind_property_mark(scope, ast, kind, property, out, error);
        const weir_aggregate *aggregate = weir_aggregate_find(name, true);
        if (aggregate != NULL)
            return aggregate_call(scope, aggregate, ast, out, error);
        if (call->over != NULL || call->filter != NULL || call->distinct)
            return weir_fail_at(error, WEIR_VALIDATE, ast->position, "%s: '%.*s' is no aggregate function",
                                call->over != NULL     ? "OVER must be applied to aggregate function"
                                : call->filter != NULL ? "FILTER must be applied to aggregate function"
                                                       : "DISTINCT/ALL not allowed here",
                                WEIR_TEXT_ARGS(name));
        bool special = call->syntax == WEIR_AST_CALL_TO_UNIT;
        const weir_function *function = weir_function_find(name, special);
        if (function != NULL)
            return scalar_call(scope, function, ast, out, error);
    }
    bool found;
    WEIR_TRY(user_function(scope, ast, &found, error));
    return no_match(scope, call, ast->position, error);
}

const weir_expr *bind_mark(bind_scope *scope, uint32_t level, weir_list *list, void *record, const weir_type *type,
                           weir_position position) {
    weir_expr *mark = WEIR_ARENA_NEW(scope->context->arena, weir_expr);
    if (mark == NULL || type == NULL || !weir_list_add(scope->context->arena, list, record))
        return NULL;
    *mark = (weir_expr){.kind = WEIR_EXPR_OUTER, .type = type, .position = position, .as.outer = {level, (uint32_t)list->count - 1}};
    return mark;
}
