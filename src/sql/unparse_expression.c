/* Expressions, types and windows as SQL. Parentheses are written where the precedence needs them, not where they were. */
#include "sql/unparse_int.h"

/* As in parse_expression.c, with PRIMARY above all. */
enum {
    LEVEL_ANY,
    LEVEL_OR,
    LEVEL_AND,
    LEVEL_NOT,
    LEVEL_IS,
    LEVEL_COMPARISON,
    LEVEL_IN,
    LEVEL_SUM,
    LEVEL_PRODUCT,
    LEVEL_SIGN,
    LEVEL_PRIMARY,
};

static void write_expr(weir_builder *out, const weir_ast_expr *expr, int minimum);

/* ---- names, strings, types ---- */

void weir_sql_quote_name(weir_builder *out, weir_text name) {
    weir_builder_char(out, '`');
    for (size_t i = 0; i < name.size; i++) {
        if (name.data[i] == '`')
            weir_builder_char(out, '`');
        weir_builder_char(out, name.data[i]);
    }
    weir_builder_char(out, '`');
}

void weir_sql_quote_string(weir_builder *out, weir_text text) {
    weir_builder_char(out, '\'');
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] == '\'')
            weir_builder_char(out, '\'');
        weir_builder_char(out, text.data[i]);
    }
    weir_builder_char(out, '\'');
}

void weir_sql_unparse_name(weir_builder *out, const weir_ast_name *name) {
    for (size_t i = 0; i < name->count; i++) {
        if (i)
            weir_builder_char(out, '.');
        weir_sql_quote_name(out, name->parts[i].text);
    }
}

void weir_unparse_idents(weir_builder *out, const weir_ast_ident *idents, size_t count) {
    weir_builder_char(out, '(');
    for (size_t i = 0; i < count; i++) {
        if (i)
            weir_builder_c(out, ", ");
        weir_sql_quote_name(out, idents[i].text);
    }
    weir_builder_char(out, ')');
}

void weir_unparse_qualifier(weir_builder *out, const weir_ast_interval_qualifier *qualifier) {
    weir_builder_c(out, weir_ast_unit_name(qualifier->start));
    if (qualifier->leading_precision >= 0 && qualifier->fractional_precision >= 0 && qualifier->end == WEIR_AST_UNIT_NONE)
        weir_builder_format(out, "(%d, %d)", qualifier->leading_precision, qualifier->fractional_precision);
    else if (qualifier->leading_precision >= 0)
        weir_builder_format(out, "(%d)", qualifier->leading_precision);
    if (qualifier->end == WEIR_AST_UNIT_NONE)
        return;
    weir_builder_format(out, " TO %s", weir_ast_unit_name(qualifier->end));
    if (qualifier->fractional_precision >= 0)
        weir_builder_format(out, "(%d)", qualifier->fractional_precision);
}

static void write_fields(weir_builder *out, const weir_ast_type *type, bool first) {
    for (size_t i = 0; i < type->field_count; i++) {
        if (i || !first)
            weir_builder_c(out, ", ");
        weir_sql_quote_name(out, type->fields[i].name.text);
        weir_builder_char(out, ' ');
        weir_sql_unparse_type(out, type->fields[i].type);
        if (type->fields[i].comment.data) {
            weir_builder_char(out, ' ');
            weir_sql_quote_string(out, type->fields[i].comment);
        }
    }
}

static void write_row_type(weir_builder *out, const weir_ast_type *type) {
    weir_builder_text(out, type->name);
    weir_builder_char(out, '<');
    if (type->class_name.data)
        weir_sql_quote_string(out, type->class_name);
    write_fields(out, type, !type->class_name.data);
    weir_builder_char(out, '>');
}

void weir_sql_unparse_type(weir_builder *out, const weir_ast_type *type) {
    switch (type->kind) {
    case WEIR_AST_TYPE_NAMED:
        if (type->user_name.count)
            weir_sql_unparse_name(out, &type->user_name);
        else
            weir_builder_text(out, type->name);
        if (type->precision >= 0 && type->scale >= 0)
            weir_builder_format(out, "(%lld, %lld)", (long long)type->precision, (long long)type->scale);
        else if (type->precision >= 0)
            weir_builder_format(out, "(%lld)", (long long)type->precision);
        break;
    case WEIR_AST_TYPE_TIME: case WEIR_AST_TYPE_TIMESTAMP:
        weir_builder_text(out, type->name);
        if (type->precision >= 0)
            weir_builder_format(out, "(%lld)", (long long)type->precision);
        if (type->zone != WEIR_AST_ZONE_NONE)
            weir_builder_c(out, type->zone == WEIR_AST_ZONE_LOCAL ? " WITH LOCAL TIME ZONE" : " WITH TIME ZONE");
        break;
    case WEIR_AST_TYPE_INTERVAL:
        weir_builder_c(out, "INTERVAL ");
        weir_unparse_qualifier(out, &type->qualifier);
        break;
    case WEIR_AST_TYPE_ARRAY: case WEIR_AST_TYPE_MULTISET: case WEIR_AST_TYPE_MAP:
        weir_builder_text(out, type->name);
        weir_builder_char(out, '<');
        if (type->kind == WEIR_AST_TYPE_MAP) {
            weir_sql_unparse_type(out, type->key);
            weir_builder_c(out, ", ");
        }
        weir_sql_unparse_type(out, type->element);
        weir_builder_char(out, '>');
        break;
    case WEIR_AST_TYPE_ROW: write_row_type(out, type); break;
    }
    if (type->not_null)
        weir_builder_c(out, " NOT NULL");
}

/* ---- literals ---- */

static void write_literal(weir_builder *out, const weir_ast_literal *literal) {
    static const char *const words[] = {[WEIR_AST_LITERAL_NULL] = "NULL", [WEIR_AST_LITERAL_TRUE] = "TRUE",
        [WEIR_AST_LITERAL_FALSE] = "FALSE", [WEIR_AST_LITERAL_UNKNOWN] = "UNKNOWN"};
    switch (literal->kind) {
    case WEIR_AST_LITERAL_NULL: case WEIR_AST_LITERAL_TRUE: case WEIR_AST_LITERAL_FALSE: case WEIR_AST_LITERAL_UNKNOWN:
        weir_builder_c(out, words[literal->kind]);
        return;
    case WEIR_AST_LITERAL_INTEGER: case WEIR_AST_LITERAL_DECIMAL: case WEIR_AST_LITERAL_APPROXIMATE:
        weir_builder_text(out, literal->text);
        return;
    case WEIR_AST_LITERAL_BINARY: weir_builder_char(out, 'X'); break;
    case WEIR_AST_LITERAL_DATE: weir_builder_c(out, "DATE "); break;
    case WEIR_AST_LITERAL_TIME: weir_builder_c(out, "TIME "); break;
    case WEIR_AST_LITERAL_TIMESTAMP: weir_builder_c(out, "TIMESTAMP "); break;
    case WEIR_AST_LITERAL_TIMESTAMP_LTZ: weir_builder_c(out, "TIMESTAMP WITH LOCAL TIME ZONE "); break;
    case WEIR_AST_LITERAL_INTERVAL: weir_builder_c(out, literal->negative ? "INTERVAL -" : "INTERVAL "); break;
    case WEIR_AST_LITERAL_STRING:
        if (literal->charset.size > 1) /* N is the national one, which is UTF-8 anyway */
            weir_builder_format(out, "_%.*s", WEIR_TEXT_ARGS(literal->charset));
        break;
    }
    weir_sql_quote_string(out, literal->text);
    if (literal->kind == WEIR_AST_LITERAL_INTERVAL) {
        weir_builder_char(out, ' ');
        weir_unparse_qualifier(out, &literal->interval);
    }
}

/* ---- lists and windows ---- */

void weir_unparse_expr_list(weir_builder *out, weir_ast_expr_list list) {
    for (size_t i = 0; i < list.count; i++) {
        if (i)
            weir_builder_c(out, ", ");
        write_expr(out, list.items[i], LEVEL_ANY);
    }
}

void weir_unparse_order(weir_builder *out, weir_ast_order_list list) {
    for (size_t i = 0; i < list.count; i++) {
        if (i)
            weir_builder_c(out, ", ");
        write_expr(out, list.items[i].expr, LEVEL_ANY);
        if (list.items[i].descending)
            weir_builder_c(out, " DESC");
        if (list.items[i].null_order != WEIR_AST_NULLS_DEFAULT)
            weir_builder_c(out, list.items[i].null_order == WEIR_AST_NULLS_FIRST ? " NULLS FIRST" : " NULLS LAST");
    }
}

static void write_bound(weir_builder *out, const weir_ast_bound *bound) {
    if (bound->expr)
        write_expr(out, bound->expr, LEVEL_ANY);
    switch (bound->kind) {
    case WEIR_AST_BOUND_UNBOUNDED_PRECEDING: weir_builder_c(out, "UNBOUNDED PRECEDING"); break;
    case WEIR_AST_BOUND_PRECEDING: weir_builder_c(out, " PRECEDING"); break;
    case WEIR_AST_BOUND_CURRENT_ROW: weir_builder_c(out, "CURRENT ROW"); break;
    case WEIR_AST_BOUND_FOLLOWING: weir_builder_c(out, " FOLLOWING"); break;
    case WEIR_AST_BOUND_UNBOUNDED_FOLLOWING: weir_builder_c(out, "UNBOUNDED FOLLOWING"); break;
    }
}

void weir_unparse_window(weir_builder *out, const weir_ast_window *window) {
    const char *blank = "";
    if (window->reference) {
        weir_sql_quote_name(out, window->base.text);
        return;
    }
    weir_builder_char(out, '(');
    if (window->base.text.data) {
        weir_sql_quote_name(out, window->base.text);
        blank = " ";
    }
    if (window->partition_by.count) {
        weir_builder_format(out, "%sPARTITION BY ", blank);
        weir_unparse_expr_list(out, window->partition_by);
        blank = " ";
    }
    if (window->order_by.count) {
        weir_builder_format(out, "%sORDER BY ", blank);
        weir_unparse_order(out, window->order_by);
        blank = " ";
    }
    if (window->frame != WEIR_AST_FRAME_NONE) {
        weir_builder_format(out, "%s%s BETWEEN ", blank, window->frame == WEIR_AST_FRAME_ROWS ? "ROWS" : "RANGE");
        write_bound(out, &window->lower);
        weir_builder_c(out, " AND ");
        write_bound(out, &window->upper);
    }
    weir_builder_char(out, ')');
}

/* ---- operators ---- */

static int level_of(const weir_ast_expr *expr) {
    switch (expr->kind) {
    case WEIR_AST_EXPR_UNARY: return expr->as.unary.op == WEIR_AST_NOT ? LEVEL_NOT : LEVEL_SIGN;
    case WEIR_AST_EXPR_BETWEEN: case WEIR_AST_EXPR_IN: case WEIR_AST_EXPR_LIKE: return LEVEL_IN;
    case WEIR_AST_EXPR_QUANTIFIED: return LEVEL_COMPARISON;
    case WEIR_AST_EXPR_IS: return LEVEL_IS;
    case WEIR_AST_EXPR_BINARY: break;
    default: return LEVEL_PRIMARY;
    }
    switch (expr->as.binary.op) {
    case WEIR_AST_OR: return LEVEL_OR;
    case WEIR_AST_AND: return LEVEL_AND;
    case WEIR_AST_PLUS: case WEIR_AST_MINUS: return LEVEL_SUM;
    case WEIR_AST_TIMES: case WEIR_AST_DIVIDE: case WEIR_AST_MODULO: case WEIR_AST_CONCAT: return LEVEL_PRODUCT;
    default: return LEVEL_COMPARISON;
    }
}

static void write_binary(weir_builder *out, const weir_ast_expr *expr) {
    int level = level_of(expr);
    /* AND and OR are balanced by the parser: their right sides need no parentheses. */
    bool associative = expr->as.binary.op == WEIR_AST_AND || expr->as.binary.op == WEIR_AST_OR;
    write_expr(out, expr->as.binary.left, level);
    weir_builder_format(out, " %s ", weir_ast_binary_text(expr->as.binary.op));
    write_expr(out, expr->as.binary.right, associative ? level : level + 1);
}

static void write_is(weir_builder *out, const weir_ast_expr *expr) {
    static const char *const words[] = {
        [WEIR_AST_IS_NULL] = "NULL",
        [WEIR_AST_IS_TRUE] = "TRUE",
        [WEIR_AST_IS_FALSE] = "FALSE",
        [WEIR_AST_IS_UNKNOWN] = "UNKNOWN",
        [WEIR_AST_IS_DISTINCT_FROM] = "DISTINCT FROM ",
        [WEIR_AST_IS_JSON_VALUE] = "JSON VALUE",
        [WEIR_AST_IS_JSON_OBJECT] = "JSON OBJECT",
        [WEIR_AST_IS_JSON_ARRAY] = "JSON ARRAY",
        [WEIR_AST_IS_JSON_SCALAR] = "JSON SCALAR",
    };
    write_expr(out, expr->as.is.operand, LEVEL_IS);
    weir_builder_format(out, " IS %s%s", expr->as.is.negated ? "NOT " : "", words[expr->as.is.what]);
    if (expr->as.is.right)
        write_expr(out, expr->as.is.right, LEVEL_IN);
}

static void write_list_or_query(weir_builder *out, weir_ast_expr_list list, const weir_ast_query *query) {
    weir_builder_char(out, '(');
    if (query)
        weir_sql_unparse_query(out, query);
    else
        weir_unparse_expr_list(out, list);
    weir_builder_char(out, ')');
}

static void write_predicate(weir_builder *out, const weir_ast_expr *expr) {
    switch (expr->kind) {
    case WEIR_AST_EXPR_BETWEEN:
        write_expr(out, expr->as.between.operand, LEVEL_IN);
        weir_builder_format(out, " %sBETWEEN %s ", expr->as.between.negated ? "NOT " : "",
            expr->as.between.symmetric ? "SYMMETRIC" : "ASYMMETRIC");
        write_expr(out, expr->as.between.low, LEVEL_SUM);
        weir_builder_c(out, " AND ");
        write_expr(out, expr->as.between.high, LEVEL_SUM);
        return;
    case WEIR_AST_EXPR_IN:
        write_expr(out, expr->as.in.operand, LEVEL_IN);
        weir_builder_format(out, " %sIN ", expr->as.in.negated ? "NOT " : "");
        write_list_or_query(out, expr->as.in.list, expr->as.in.query);
        return;
    case WEIR_AST_EXPR_QUANTIFIED:
        write_expr(out, expr->as.quantified.operand, LEVEL_COMPARISON);
        weir_builder_format(out, " %s %s ", weir_ast_binary_text(expr->as.quantified.op),
            expr->as.quantified.quantifier == WEIR_AST_ALL ? "ALL" : "SOME");
        write_list_or_query(out, expr->as.quantified.list, expr->as.quantified.query);
        return;
    default:
        write_expr(out, expr->as.like.operand, LEVEL_IN);
        weir_builder_format(out, " %s%s ", expr->as.like.negated ? "NOT " : "", expr->as.like.similar ? "SIMILAR TO" : "LIKE");
        write_expr(out, expr->as.like.pattern, LEVEL_SUM);
        if (expr->as.like.escape) {
            weir_builder_c(out, " ESCAPE ");
            write_expr(out, expr->as.like.escape, LEVEL_SUM);
        }
    }
}

static void write_unary(weir_builder *out, const weir_ast_expr *expr) {
    const weir_ast_expr *operand = expr->as.unary.operand;
    if (expr->as.unary.op == WEIR_AST_NOT) {
        weir_builder_c(out, "NOT ");
        write_expr(out, operand, LEVEL_NOT);
        return;
    }
    bool number = operand->kind == WEIR_AST_EXPR_LITERAL;
    weir_builder_char(out, expr->as.unary.op == WEIR_AST_NEGATE ? '-' : '+');
    if (!number)
        weir_builder_char(out, ' ');
    write_expr(out, operand, LEVEL_SIGN);
}

/* ---- the rest ---- */

static void write_case(weir_builder *out, const weir_ast_expr *expr) {
    weir_builder_c(out, "CASE");
    if (expr->as.case_.operand) {
        weir_builder_char(out, ' ');
        write_expr(out, expr->as.case_.operand, LEVEL_ANY);
    }
    for (size_t i = 0; i < expr->as.case_.when_count; i++) {
        weir_builder_c(out, " WHEN ");
        write_expr(out, expr->as.case_.whens[i].when, LEVEL_ANY);
        weir_builder_c(out, " THEN ");
        write_expr(out, expr->as.case_.whens[i].then, LEVEL_ANY);
    }
    if (expr->as.case_.otherwise) {
        weir_builder_c(out, " ELSE ");
        write_expr(out, expr->as.case_.otherwise, LEVEL_ANY);
    }
    weir_builder_c(out, " END");
}

static void write_table_argument(weir_builder *out, const weir_ast_expr *expr) {
    const weir_ast_table_ref *table = expr->as.table_argument.table;
    if (table->kind == WEIR_AST_TABLE_NAMED)
        weir_builder_c(out, "TABLE ");
    weir_unparse_table(out, table);
    if (expr->as.table_argument.partition_by.count) {
        weir_builder_c(out, " PARTITION BY (");
        weir_unparse_expr_list(out, expr->as.table_argument.partition_by);
        weir_builder_char(out, ')');
    }
    if (expr->as.table_argument.order_by.count) {
        weir_builder_c(out, " ORDER BY (");
        weir_unparse_order(out, expr->as.table_argument.order_by);
        weir_builder_char(out, ')');
    }
}

static void write_items(weir_builder *out, const char *before, weir_ast_expr_list items, char after) {
    weir_builder_c(out, before);
    weir_unparse_expr_list(out, items);
    weir_builder_char(out, after);
}

static void write_subquery(weir_builder *out, const char *word, const weir_ast_query *query) {
    weir_builder_c(out, word);
    weir_builder_char(out, '(');
    weir_sql_unparse_query(out, query);
    weir_builder_char(out, ')');
}

/* What stands only in calls. */
static void write_argument(weir_builder *out, const weir_ast_expr *expr) {
    switch (expr->kind) {
    case WEIR_AST_EXPR_NAMED_ARGUMENT:
        weir_sql_quote_name(out, expr->as.named.name.text);
        weir_builder_c(out, " => ");
        write_expr(out, expr->as.named.value, LEVEL_ANY);
        return;
    case WEIR_AST_EXPR_UNIT:
        if (expr->as.unit.unit == WEIR_AST_UNIT_OTHER)
            weir_sql_quote_name(out, expr->as.unit.text);
        else
            weir_builder_c(out, weir_ast_unit_name(expr->as.unit.unit));
        return;
    case WEIR_AST_EXPR_KEYWORD: weir_builder_text(out, expr->as.keyword); return;
    case WEIR_AST_EXPR_DESCRIPTOR:
        weir_builder_c(out, "DESCRIPTOR(");
        for (size_t i = 0; i < expr->as.descriptor.count; i++) {
            if (i)
                weir_builder_c(out, ", ");
            weir_sql_unparse_name(out, &expr->as.descriptor.names[i]);
        }
        weir_builder_char(out, ')');
        return;
    case WEIR_AST_EXPR_TABLE_ARGUMENT: write_table_argument(out, expr); return;
    case WEIR_AST_EXPR_MODEL:
        weir_builder_c(out, "MODEL ");
        weir_sql_unparse_name(out, &expr->as.name);
        return;
    default: weir_builder_c(out, "DEFAULT"); return;
    }
}

static void write_access(weir_builder *out, const weir_ast_expr *expr) {
    const weir_ast_expr *operand = expr->kind == WEIR_AST_EXPR_ELEMENT ? expr->as.element.collection : expr->as.field.operand;
    /* A plain name before .field needs parentheses, lest the field become a part of it. */
    bool paren = level_of(operand) < LEVEL_PRIMARY || (expr->kind == WEIR_AST_EXPR_FIELD && operand->kind == WEIR_AST_EXPR_NAME);
    if (paren)
        weir_builder_char(out, '(');
    write_expr(out, operand, LEVEL_ANY);
    if (paren)
        weir_builder_char(out, ')');
    if (expr->kind == WEIR_AST_EXPR_ELEMENT) {
        weir_builder_char(out, '[');
        write_expr(out, expr->as.element.index, LEVEL_ANY);
        weir_builder_char(out, ']');
    } else if (expr->as.field.field.text.data) {
        weir_builder_char(out, '.');
        weir_sql_quote_name(out, expr->as.field.field.text);
    } else {
        weir_builder_c(out, ".*");
    }
}

static void write_interval(weir_builder *out, const weir_ast_expr *expr) {
    if (expr->kind == WEIR_AST_EXPR_INTERVAL) {
        weir_builder_c(out, expr->as.interval.negative ? "INTERVAL - (" : "INTERVAL (");
        write_expr(out, expr->as.interval.operand, LEVEL_ANY);
        weir_builder_c(out, ") ");
        weir_unparse_qualifier(out, &expr->as.interval.qualifier);
        return;
    }
    weir_builder_char(out, '(');
    write_expr(out, expr->as.difference.left, LEVEL_SUM);
    weir_builder_c(out, " - ");
    write_expr(out, expr->as.difference.right, LEVEL_PRODUCT);
    weir_builder_c(out, ") ");
    weir_unparse_qualifier(out, &expr->as.difference.qualifier);
}

static void write_bare(weir_builder *out, const weir_ast_expr *expr) {
    switch (expr->kind) {
    case WEIR_AST_EXPR_LITERAL: write_literal(out, expr->as.literal); return;
    case WEIR_AST_EXPR_NAME: weir_sql_unparse_name(out, &expr->as.name); return;
    case WEIR_AST_EXPR_STAR:
        weir_sql_unparse_name(out, &expr->as.star.qualifier);
        weir_builder_c(out, expr->as.star.qualifier.count ? ".*" : "*");
        return;
    case WEIR_AST_EXPR_CALL: weir_unparse_call(out, expr->as.call); return;
    case WEIR_AST_EXPR_CAST:
        weir_builder_c(out, expr->as.cast.try_cast ? "TRY_CAST(" : "CAST(");
        write_expr(out, expr->as.cast.operand, LEVEL_ANY);
        weir_builder_c(out, " AS ");
        weir_sql_unparse_type(out, expr->as.cast.type);
        weir_builder_char(out, ')');
        return;
    case WEIR_AST_EXPR_UNARY: write_unary(out, expr); return;
    case WEIR_AST_EXPR_BINARY: write_binary(out, expr); return;
    case WEIR_AST_EXPR_BETWEEN: case WEIR_AST_EXPR_IN: case WEIR_AST_EXPR_LIKE: case WEIR_AST_EXPR_QUANTIFIED:
        write_predicate(out, expr);
        return;
    case WEIR_AST_EXPR_IS: write_is(out, expr); return;
    case WEIR_AST_EXPR_CASE: write_case(out, expr); return;
    case WEIR_AST_EXPR_SUBQUERY: write_subquery(out, "", expr->as.subquery); return;
    case WEIR_AST_EXPR_EXISTS: write_subquery(out, "EXISTS ", expr->as.subquery); return;
    case WEIR_AST_EXPR_ROW: write_items(out, expr->as.row.explicit_row ? "ROW(" : "(", expr->as.row.items, ')'); return;
    case WEIR_AST_EXPR_ARRAY: write_items(out, "ARRAY[", expr->as.items, ']'); return;
    case WEIR_AST_EXPR_MAP: write_items(out, "MAP[", expr->as.items, ']'); return;
    case WEIR_AST_EXPR_MULTISET: write_items(out, "MULTISET[", expr->as.items, ']'); return;
    case WEIR_AST_EXPR_ARRAY_QUERY: write_subquery(out, "ARRAY", expr->as.subquery); return;
    case WEIR_AST_EXPR_MAP_QUERY: write_subquery(out, "MAP", expr->as.subquery); return;
    case WEIR_AST_EXPR_MULTISET_QUERY: write_subquery(out, "MULTISET", expr->as.subquery); return;
    case WEIR_AST_EXPR_ELEMENT: case WEIR_AST_EXPR_FIELD: write_access(out, expr); return;
    case WEIR_AST_EXPR_INTERVAL: case WEIR_AST_EXPR_INTERVAL_DIFFERENCE: write_interval(out, expr); return;
    case WEIR_AST_EXPR_RUNNING:
        weir_builder_c(out, expr->as.semantics.final ? "FINAL " : "RUNNING ");
        write_expr(out, expr->as.semantics.operand, LEVEL_PRIMARY);
        return;
    case WEIR_AST_EXPR_NAMED_ARGUMENT: case WEIR_AST_EXPR_UNIT: case WEIR_AST_EXPR_KEYWORD: case WEIR_AST_EXPR_DESCRIPTOR:
    case WEIR_AST_EXPR_TABLE_ARGUMENT: case WEIR_AST_EXPR_MODEL: case WEIR_AST_EXPR_DEFAULT:
        write_argument(out, expr);
        return;
    }
}

static void write_expr(weir_builder *out, const weir_ast_expr *expr, int minimum) {
    bool paren = level_of(expr) < minimum;
    if (paren)
        weir_builder_char(out, '(');
    write_bare(out, expr);
    if (paren)
        weir_builder_char(out, ')');
}

void weir_sql_unparse_expression(weir_builder *out, const weir_ast_expr *expr) {
    write_expr(out, expr, LEVEL_ANY);
}
