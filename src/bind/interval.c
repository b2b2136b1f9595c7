/* INTERVAL literals: INTERVAL '1 02:03' DAY TO MINUTE, and INTERVAL expr DAY. Values are months or milliseconds; fractions of a millisecond
 * are cut. */
#include "bind/bind_int.h"
#include "types/timestamp.h"

static bool is_month_unit(weir_ast_unit unit) {
    return unit == WEIR_AST_UNIT_YEAR || unit == WEIR_AST_UNIT_QUARTER || unit == WEIR_AST_UNIT_MONTH;
}

/* Months or milliseconds in one unit; 0: no unit of intervals. */
static int64_t unit_size(weir_ast_unit unit) {
    switch (unit) {
    case WEIR_AST_UNIT_YEAR: return 12;
    case WEIR_AST_UNIT_QUARTER: return 3;
    case WEIR_AST_UNIT_MONTH: return 1;
    case WEIR_AST_UNIT_WEEK: return 7 * WEIR_MS_PER_DAY;
    case WEIR_AST_UNIT_DAY: return WEIR_MS_PER_DAY;
    case WEIR_AST_UNIT_HOUR: return 3600000;
    case WEIR_AST_UNIT_MINUTE: return 60000;
    case WEIR_AST_UNIT_SECOND: return 1000;
    case WEIR_AST_UNIT_MILLISECOND: return 1;
    default: return 0;
    }
}

const weir_type *bind_interval_type(const weir_ast_interval_qualifier *qualifier, bool nullable) {
    return weir_type_simple(is_month_unit(qualifier->start) ? WEIR_KIND_INTERVAL_MONTH : WEIR_KIND_INTERVAL_SECOND, nullable);
}

static weir_ast_unit next_unit(weir_ast_unit unit) {
    switch (unit) {
    case WEIR_AST_UNIT_YEAR: return WEIR_AST_UNIT_MONTH;
    case WEIR_AST_UNIT_DAY: return WEIR_AST_UNIT_HOUR;
    case WEIR_AST_UNIT_HOUR: return WEIR_AST_UNIT_MINUTE;
    case WEIR_AST_UNIT_MINUTE: return WEIR_AST_UNIT_SECOND;
    default: return WEIR_AST_UNIT_NONE;
    }
}

/* The largest value of a field that is not the first. */
static int64_t field_limit(weir_ast_unit unit) {
    switch (unit) {
    case WEIR_AST_UNIT_MONTH: return 11;
    case WEIR_AST_UNIT_HOUR: return 23;
    default: return 59;
    }
}

static bool read_digits(weir_text text, size_t *at, int64_t *out, size_t *digits) {
    size_t from = *at;
    int64_t value = 0;
    while (*at < text.size && text.data[*at] >= '0' && text.data[*at] <= '9') {
        if (value > INT64_MAX / 100)
            return false;
        value = value * 10 + (text.data[(*at)++] - '0');
    }
    *digits = *at - from;
    *out = value;
    return *digits > 0;
}

/* ".5" behind seconds: milliseconds, further digits cut. */
static int64_t read_fraction(weir_text text, size_t *at) {
    if (*at >= text.size || text.data[*at] != '.')
        return 0;
    ++*at;
    int64_t milliseconds = 0, weight = 100;
    while (*at < text.size && text.data[*at] >= '0' && text.data[*at] <= '9') {
        milliseconds += weight * (text.data[(*at)++] - '0');
        weight /= 10;
    }
    return milliseconds;
}

static char separator_before(weir_ast_unit unit) { return unit == WEIR_AST_UNIT_HOUR ? ' ' : unit == WEIR_AST_UNIT_MONTH ? '-' : ':'; }

static bool interval_parse(weir_text text, const weir_ast_interval_qualifier *qualifier, int64_t *out, size_t *leading_digits) {
    size_t at = 0;
    bool negative = text.size > 0 && text.data[0] == '-';
    if (text.size > 0 && (text.data[0] == '-' || text.data[0] == '+'))
        at++;
    weir_ast_unit unit = qualifier->start;
    weir_ast_unit last = qualifier->end == WEIR_AST_UNIT_NONE ? qualifier->start : qualifier->end;
    int64_t total = 0;
    for (bool first = true;; first = false) {
        int64_t value;
        size_t digits;
        if (!read_digits(text, &at, &value, &digits) || (!first && value > field_limit(unit)))
            return false;
        if (first)
            *leading_digits = digits;
        total += value * unit_size(unit);
        if (unit == WEIR_AST_UNIT_SECOND)
            total += read_fraction(text, &at);
        if (unit == last)
            break;
        unit = next_unit(unit);
        if (unit == WEIR_AST_UNIT_NONE || at >= text.size || text.data[at++] != separator_before(unit))
            return false;
    }
    *out = negative ? -total : total;
    return at == text.size;
}

static weir_status interval_literal(bind_scope *scope, const weir_ast_expr *ast, const weir_expr **out, weir_error *error) {
    const weir_ast_literal *literal = ast->as.literal;
    const weir_ast_interval_qualifier *qualifier = &literal->interval;
    if (unit_size(qualifier->start) == 0)
        return weir_fail_at(error, WEIR_VALIDATE, qualifier->position, "%s is no unit of an interval",
                            weir_ast_unit_name(qualifier->start));
    int64_t value;
    size_t digits = 0;
    weir_text text = weir_text_trim(literal->text);
    if (!interval_parse(text, qualifier, &value, &digits))
        return weir_fail_at(error, WEIR_VALIDATE, ast->position, "Illegal interval literal format '%.*s' for INTERVAL %s%s%s",
                            WEIR_TEXT_ARGS(literal->text), weir_ast_unit_name(qualifier->start),
                            qualifier->end == WEIR_AST_UNIT_NONE ? "" : " TO ",
                            qualifier->end == WEIR_AST_UNIT_NONE ? "" : weir_ast_unit_name(qualifier->end));
    size_t allowed = qualifier->leading_precision < 0 ? 2 : (size_t)qualifier->leading_precision;
    if (digits > allowed) {
        weir_status status =
            weir_fail_at(error, WEIR_VALIDATE, ast->position, "Interval field value %.*s exceeds precision of %s(%zu) field",
                         WEIR_TEXT_ARGS(text), weir_ast_unit_name(qualifier->start), allowed);
        weir_error_hint(error, "write %s(%zu)", weir_ast_unit_name(qualifier->start), digits);
        return status;
    }
    weir_value boxed = {.type = bind_interval_type(qualifier, false), .as.integer = literal->negative ? -value : value};
    *out = weir_expr_literal(scope->context->arena, &boxed, ast->position);
    return *out == NULL ? weir_fail_memory(error, "a literal", sizeof(weir_expr)) : WEIR_OK;
}

/* INTERVAL expr DAY is expr times an interval of one day. */
static weir_status interval_expression(bind_scope *scope, const weir_ast_expr *ast, const weir_expr **out, weir_error *error) {
    const weir_ast_interval_qualifier *qualifier = &ast->as.interval.qualifier;
    const weir_expr *count;
    WEIR_TRY(bind_expr(scope, ast->as.interval.operand, &count, error));
    int64_t size = unit_size(qualifier->start);
    if (size == 0 || qualifier->end != WEIR_AST_UNIT_NONE || !weir_kind_is_exact(count->type->kind))
        return weir_fail_at(error, WEIR_VALIDATE, ast->position, "INTERVAL with an expression takes an exact number and one unit");
    weir_value one = {.type = bind_interval_type(qualifier, false), .as.integer = ast->as.interval.negative ? -size : size};
    const weir_expr *arguments[2] = {weir_expr_literal(scope->context->arena, &one, ast->position), count};
    if (arguments[0] == NULL)
        return weir_fail_memory(error, "a literal", sizeof(weir_expr));
    return bind_build(scope, "*", arguments, 2, ast->position, out, error);
}

weir_status bind_interval(bind_scope *scope, const weir_ast_expr *ast, const weir_expr **out, weir_error *error) {
    return ast->kind == WEIR_AST_EXPR_LITERAL ? interval_literal(scope, ast, out, error) : interval_expression(scope, ast, out, error);
}
