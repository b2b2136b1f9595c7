/* Calls as SQL, each in the syntax in which it was written. */
#include "sql/unparse_int.h"

static void write_name(weir_builder *out, const weir_ast_name *name) {
    if (name->count == 1 && !name->parts[0].quoted) { /* functions of one word are shown in capitals */
        weir_text text = name->parts[0].text;
        for (size_t i = 0; i < text.size; i++)
            weir_builder_char(out, text.data[i] >= 'a' && text.data[i] <= 'z' ? (char)(text.data[i] - 'a' + 'A') : text.data[i]);
        return;
    }
    weir_sql_unparse_name(out, name);
}

/* The words between the arguments of the special syntaxes; NULL ends the list, which is as long as the arguments may be. */
static const char *separator(weir_ast_call_syntax syntax, size_t before) {
    switch (syntax) {
    case WEIR_AST_CALL_EXTRACT: return " FROM ";
    case WEIR_AST_CALL_TO_UNIT: return " TO ";
    case WEIR_AST_CALL_SUBSTRING: return before == 1 ? " FROM " : " FOR ";
    case WEIR_AST_CALL_TRIM: return before == 1 ? " " : " FROM ";
    case WEIR_AST_CALL_POSITION: return before == 1 ? " IN " : " FROM ";
    case WEIR_AST_CALL_OVERLAY: return before == 1 ? " PLACING " : before == 2 ? " FROM " : " FOR ";
    default: return ", ";
    }
}

/* POSITION(a IN b) takes no comparison before IN, so such an argument is put in parentheses. */
static void write_argument(weir_builder *out, const weir_ast_expr *expr, bool protect) {
    bool paren = protect &&
        (expr->kind == WEIR_AST_EXPR_BINARY || expr->kind == WEIR_AST_EXPR_IN || expr->kind == WEIR_AST_EXPR_IS ||
            expr->kind == WEIR_AST_EXPR_LIKE || expr->kind == WEIR_AST_EXPR_BETWEEN || expr->kind == WEIR_AST_EXPR_UNARY);
    if (paren)
        weir_builder_char(out, '(');
    weir_sql_unparse_expression(out, expr);
    if (paren)
        weir_builder_char(out, ')');
}

static void write_behavior(weir_builder *out, weir_ast_json_behavior behavior, const weir_ast_expr *value, const char *on) {
    static const char *const words[] = {
        [WEIR_AST_JSON_NOT_WRITTEN] = "",
        [WEIR_AST_JSON_NULL] = "NULL",
        [WEIR_AST_JSON_ERROR] = "ERROR",
        [WEIR_AST_JSON_DEFAULT] = "DEFAULT ",
        [WEIR_AST_JSON_TRUE] = "TRUE",
        [WEIR_AST_JSON_FALSE] = "FALSE",
        [WEIR_AST_JSON_UNKNOWN] = "UNKNOWN",
        [WEIR_AST_JSON_EMPTY_ARRAY] = "EMPTY ARRAY",
        [WEIR_AST_JSON_EMPTY_OBJECT] = "EMPTY OBJECT",
    };
    if (behavior == WEIR_AST_JSON_NOT_WRITTEN)
        return;
    weir_builder_format(out, " %s", words[behavior]);
    if (value)
        weir_sql_unparse_expression(out, value);
    weir_builder_format(out, " ON %s", on);
}

static void write_json_clauses(weir_builder *out, const weir_ast_json_clauses *json, bool arguments) {
    static const char *const wrappers[] = {
        [WEIR_AST_WRAPPER_NOT_WRITTEN] = "",
        [WEIR_AST_WRAPPER_WITHOUT] = " WITHOUT ARRAY WRAPPER",
        [WEIR_AST_WRAPPER_CONDITIONAL] = " WITH CONDITIONAL ARRAY WRAPPER",
        [WEIR_AST_WRAPPER_UNCONDITIONAL] = " WITH UNCONDITIONAL ARRAY WRAPPER",
    };
    if (json->returning) {
        weir_builder_c(out, " RETURNING ");
        weir_sql_unparse_type(out, json->returning);
    }
    weir_builder_c(out, wrappers[json->wrapper]);
    write_behavior(out, json->on_empty, json->default_on_empty, "EMPTY");
    write_behavior(out, json->on_error, json->default_on_error, "ERROR");
    if (json->nulls != WEIR_AST_JSON_NULLS_NOT_WRITTEN)
        weir_builder_format(out, "%s%s ON NULL", arguments ? " " : "", json->nulls == WEIR_AST_JSON_NULLS_KEEP ? "NULL" : "ABSENT");
}

static bool is_json_object(const weir_ast_call *call) {
    return call->json && (weir_text_equal_c(call->name.parts[0].text, "JSON_OBJECT") ||
        weir_text_equal_c(call->name.parts[0].text, "JSON_OBJECTAGG"));
}

static void write_arguments(weir_builder *out, const weir_ast_call *call) {
    bool object = is_json_object(call);
    if (call->star)
        weir_builder_char(out, '*');
    if (call->distinct)
        weir_builder_c(out, "DISTINCT ");
    for (size_t i = 0; i < call->args.count; i++) {
        if (object && i % 2)
            weir_builder_c(out, " VALUE ");
        else if (i)
            weir_builder_c(out, separator(call->syntax, i));
        if (object && i % 2 == 0)
            weir_builder_c(out, "KEY ");
        write_argument(out, call->args.items[i], call->syntax == WEIR_AST_CALL_POSITION && i == 0);
    }
    if (call->argument_order.count) {
        weir_builder_c(out, " ORDER BY ");
        weir_unparse_order(out, call->argument_order);
    }
    if (call->json)
        write_json_clauses(out, call->json, call->args.count > 0);
}

void weir_unparse_call(weir_builder *out, const weir_ast_call *call) {
    write_name(out, &call->name);
    if (call->syntax != WEIR_AST_CALL_NILADIC) {
        weir_builder_char(out, '(');
        write_arguments(out, call);
        weir_builder_char(out, ')');
    }
    if (call->null_treatment != WEIR_AST_NULL_TREATMENT_NONE)
        weir_builder_c(out, call->null_treatment == WEIR_AST_IGNORE_NULLS ? " IGNORE NULLS" : " RESPECT NULLS");
    if (call->within_group.count) {
        weir_builder_c(out, " WITHIN GROUP (ORDER BY ");
        weir_unparse_order(out, call->within_group);
        weir_builder_char(out, ')');
    }
    if (call->filter) {
        weir_builder_c(out, " FILTER (WHERE ");
        weir_sql_unparse_expression(out, call->filter);
        weir_builder_char(out, ')');
    }
    if (call->over) {
        weir_builder_c(out, " OVER ");
        weir_unparse_window(out, call->over);
    }
}
