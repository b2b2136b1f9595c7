/* Expressions as text, for EXPLAIN and messages: =($0, 1), names where they are known. */
#include <inttypes.h>

#include "expr/expr.h"
#include "types/convert.h"

static void print_scalar(const weir_value *value, weir_builder *out) {
    char text[WEIR_PRINT_BYTES_MAX];
    size_t size = 0;
    switch (value->type->kind) {
    case WEIR_KIND_BOOLEAN: weir_builder_c(out, value->as.boolean ? "true" : "false"); return;
    case WEIR_KIND_FLOAT: size = weir_print_float((float)value->as.real, text); break;
    case WEIR_KIND_DOUBLE: size = weir_print_double(value->as.real, text); break;
    case WEIR_KIND_DECIMAL: size = weir_print_decimal(value->as.decimal, value->type->scale, text); break;
    case WEIR_KIND_DATE: size = weir_print_date((int32_t)value->as.integer, text); break;
    case WEIR_KIND_TIME: size = weir_print_time((int32_t)value->as.integer, value->type->precision, text); break;
    case WEIR_KIND_TIMESTAMP:
    case WEIR_KIND_TIMESTAMP_LTZ:
        size = value->type->precision <= 6 ? weir_print_timestamp(value->as.integer, value->type->precision, text)
                                           : weir_print_timestamp_ns(value->as.nanos, value->type->precision, text);
        break;
    default: weir_builder_format(out, "%" PRId64, value->as.integer); return;
    }
    weir_builder_add(out, text, size);
}

static void print_value(const weir_value *value, weir_builder *out) {
    if (value->is_null) {
        weir_builder_c(out, "null");
        return;
    }
    switch (value->type->kind) {
    case WEIR_KIND_CHAR:
    case WEIR_KIND_VARCHAR:
        weir_builder_char(out, '\'');
        for (size_t i = 0; i < value->as.text.size; i++) {
            if (value->as.text.data[i] == '\'')
                weir_builder_char(out, '\'');
            weir_builder_char(out, value->as.text.data[i]);
        }
        weir_builder_char(out, '\'');
        return;
    case WEIR_KIND_BINARY:
    case WEIR_KIND_VARBINARY:
        weir_builder_c(out, "X'");
        for (size_t i = 0; i < value->as.text.size; i++)
            weir_builder_format(out, "%02X", (unsigned char)value->as.text.data[i]);
        weir_builder_char(out, '\'');
        return;
    case WEIR_KIND_SYMBOL: weir_builder_text(out, value->as.text); return;
    case WEIR_KIND_ARRAY:
    case WEIR_KIND_MAP:
    case WEIR_KIND_MULTISET:
    case WEIR_KIND_ROW:
        weir_builder_char(out, '[');
        for (uint32_t i = 0; i < value->as.nested.count; i++) {
            if (i > 0)
                weir_builder_c(out, ", ");
            print_value(&value->as.nested.items[i], out);
        }
        weir_builder_char(out, ']');
        return;
    default: print_scalar(value, out);
    }
}

static void print_call(const weir_expr *expr, const weir_schema *names, weir_builder *out) {
    const char *name = expr->as.call.function->name;
    weir_builder_c(out, name);
    weir_builder_char(out, '(');
    for (uint32_t i = 0; i < expr->as.call.count; i++) {
        if (i > 0)
            weir_builder_c(out, ", ");
        weir_expr_print(expr->as.call.arguments[i], names, out);
    }
    if (weir_expr_is_call(expr, "CAST") || weir_expr_is_call(expr, "TRY_CAST")) {
        weir_builder_c(out, " AS ");
        weir_type_print_short(expr->type, out);
    }
    weir_builder_char(out, ')');
}

void weir_expr_print(const weir_expr *expr, const weir_schema *names, weir_builder *out) {
    switch (expr->kind) {
    case WEIR_EXPR_COLUMN:
        if (names != NULL && expr->as.column < names->count)
            weir_builder_text(out, names->fields[expr->as.column].name);
        else
            weir_builder_format(out, "$%u", expr->as.column);
        return;
    case WEIR_EXPR_OUTER: weir_builder_format(out, "outer%u$%u", expr->as.outer.level, expr->as.outer.column); return;
    case WEIR_EXPR_LITERAL: print_value(&expr->as.literal, out); return;
    case WEIR_EXPR_CALL: print_call(expr, names, out); return;
    }
}
