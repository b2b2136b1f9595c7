/* The dump of expressions: the kind and what identifies it, then the parts one step further in. */
#include "sql/dump_int.h"

#include "sql/unparse.h"

void weir_dump_exprs(weir_dump *d, const char *label, weir_ast_expr_list list) {
    for (size_t i = 0; i < list.count; i++)
        weir_dump_expr(d, label, list.items[i]);
}

void weir_dump_order(weir_dump *d, const char *label, weir_ast_order_list list) {
    static const char *const nulls[] = {"", " NULLS FIRST", " NULLS LAST"};
    for (size_t i = 0; i < list.count; i++) {
        weir_dump_line(d, label, list.items[i].position, "%s%s", list.items[i].descending ? "DESC" : "ASC",
            nulls[list.items[i].null_order]);
        d->depth++;
        weir_dump_expr(d, NULL, list.items[i].expr);
        d->depth--;
    }
}

static void dump_bound(weir_dump *d, const char *label, const weir_ast_bound *bound) {
    static const char *const words[] = {"UNBOUNDED PRECEDING", "PRECEDING", "CURRENT ROW", "FOLLOWING", "UNBOUNDED FOLLOWING"};
    weir_dump_line(d, label, bound->position, "%s", words[bound->kind]);
    d->depth++;
    weir_dump_expr(d, NULL, bound->expr);
    d->depth--;
}

void weir_dump_window(weir_dump *d, const char *label, const weir_ast_window *window) {
    if (!window)
        return;
    weir_dump_line(d, label, window->position, "%s", window->reference ? "window reference" : "window");
    d->depth++;
    weir_dump_ident(d, "name", window->base);
    weir_dump_exprs(d, "partition by", window->partition_by);
    weir_dump_order(d, "order by", window->order_by);
    if (window->frame != WEIR_AST_FRAME_NONE) {
        weir_dump_line(d, "frame", (weir_position){0}, "%s", window->frame == WEIR_AST_FRAME_ROWS ? "ROWS" : "RANGE");
        dump_bound(d, "from", &window->lower);
        dump_bound(d, "to", &window->upper);
    }
    d->depth--;
}

static void dump_json(weir_dump *d, const weir_ast_json_clauses *json) {
    static const char *const behaviors[] = {"", "NULL", "ERROR", "DEFAULT", "TRUE", "FALSE", "UNKNOWN", "EMPTY ARRAY", "EMPTY OBJECT"};
    static const char *const wrappers[] = {"", "WITHOUT", "CONDITIONAL", "UNCONDITIONAL"};
    if (!json)
        return;
    weir_dump_type(d, "returning", json->returning);
    if (json->wrapper)
        weir_dump_line(d, "wrapper", (weir_position){0}, "%s", wrappers[json->wrapper]);
    if (json->on_empty)
        weir_dump_line(d, "on empty", (weir_position){0}, "%s", behaviors[json->on_empty]);
    weir_dump_expr(d, "default on empty", json->default_on_empty);
    if (json->on_error)
        weir_dump_line(d, "on error", (weir_position){0}, "%s", behaviors[json->on_error]);
    weir_dump_expr(d, "default on error", json->default_on_error);
    if (json->nulls)
        weir_dump_line(d, "on null", (weir_position){0}, "%s", json->nulls == WEIR_AST_JSON_NULLS_KEEP ? "NULL" : "ABSENT");
}

static void dump_call(weir_dump *d, const char *label, const weir_ast_expr *expr) {
    static const char *const syntaxes[] = {"", " niladic", " FROM", " TO", " FROM FOR", " trim", " IN", " PLACING", " unit", " json"};
    const weir_ast_call *call = expr->as.call;
    weir_dump_line(d, label, expr->position, "call%s", syntaxes[call->syntax]);
    d->depth++;
    weir_dump_name(d, "function", &call->name);
    weir_dump_flag(d, "distinct", call->distinct);
    weir_dump_flag(d, "all", call->all);
    weir_dump_flag(d, "star", call->star);
    weir_dump_exprs(d, NULL, call->args);
    weir_dump_order(d, "order by", call->argument_order);
    dump_json(d, call->json);
    weir_dump_flag(d, "ignore nulls", call->null_treatment == WEIR_AST_IGNORE_NULLS);
    weir_dump_flag(d, "respect nulls", call->null_treatment == WEIR_AST_RESPECT_NULLS);
    weir_dump_order(d, "within group", call->within_group);
    weir_dump_expr(d, "filter", call->filter);
    weir_dump_window(d, "over", call->over);
    d->depth--;
}

static void dump_qualified(weir_dump *d, const char *label, weir_position position, const char *what, bool negative,
    const weir_ast_interval_qualifier *q) {
    weir_dump_line(d, label, position, "%s%s %s(%d)%s%s(%d)", what, negative ? " negative" : "", weir_ast_unit_name(q->start),
        q->leading_precision, q->end ? " TO " : "", weir_ast_unit_name(q->end), q->fractional_precision);
}

static void dump_literal(weir_dump *d, const char *label, const weir_ast_expr *expr) {
    static const char *const kinds[] = {"NULL", "TRUE", "FALSE", "UNKNOWN", "integer", "decimal", "approximate", "string", "binary",
        "date", "time", "timestamp", "timestamp_ltz", "interval"};
    const weir_ast_literal *literal = expr->as.literal;
    if (literal->kind == WEIR_AST_LITERAL_INTERVAL)
        dump_qualified(d, label, expr->position, "interval", literal->negative, &literal->interval);
    else
        weir_dump_line(d, label, expr->position, "literal %s", kinds[literal->kind]);
    d->depth++;
    if (literal->text.data)
        weir_dump_text(d, NULL, literal->text);
    if (literal->charset.data)
        weir_dump_text(d, "charset", literal->charset);
    d->depth--;
}

static void dump_case(weir_dump *d, const weir_ast_expr *expr) {
    weir_dump_expr(d, "operand", expr->as.case_.operand);
    for (size_t i = 0; i < expr->as.case_.when_count; i++) {
        weir_dump_expr(d, "when", expr->as.case_.whens[i].when);
        weir_dump_expr(d, "then", expr->as.case_.whens[i].then);
    }
    weir_dump_expr(d, "else", expr->as.case_.otherwise);
}

/* The first line of those kinds that have one word for it. */
static void dump_head(weir_dump *d, const char *label, const weir_ast_expr *expr) {
    static const char *const unary[] = {"NOT", "negate", "positive"};
    static const char *const is[] = {"NULL", "TRUE", "FALSE", "UNKNOWN", "DISTINCT FROM", "JSON VALUE", "JSON OBJECT", "JSON ARRAY",
        "JSON SCALAR"};
    static const char *const words[] = {
        [WEIR_AST_EXPR_CASE] = "case", [WEIR_AST_EXPR_SUBQUERY] = "subquery", [WEIR_AST_EXPR_EXISTS] = "exists",
        [WEIR_AST_EXPR_ARRAY] = "array", [WEIR_AST_EXPR_ARRAY_QUERY] = "array query", [WEIR_AST_EXPR_MAP] = "map",
        [WEIR_AST_EXPR_MAP_QUERY] = "map query", [WEIR_AST_EXPR_MULTISET] = "multiset",
        [WEIR_AST_EXPR_MULTISET_QUERY] = "multiset query", [WEIR_AST_EXPR_ELEMENT] = "element", [WEIR_AST_EXPR_FIELD] = "field",
        [WEIR_AST_EXPR_NAMED_ARGUMENT] = "named argument", [WEIR_AST_EXPR_DESCRIPTOR] = "descriptor",
        [WEIR_AST_EXPR_TABLE_ARGUMENT] = "table argument", [WEIR_AST_EXPR_DEFAULT] = "default", [WEIR_AST_EXPR_STAR] = "star",
        [WEIR_AST_EXPR_RUNNING] = "running"};
    weir_position at = expr->position;
    switch (expr->kind) {
    case WEIR_AST_EXPR_CAST: weir_dump_line(d, label, at, "%s", expr->as.cast.try_cast ? "try_cast" : "cast"); return;
    case WEIR_AST_EXPR_UNARY: weir_dump_line(d, label, at, "unary %s", unary[expr->as.unary.op]); return;
    case WEIR_AST_EXPR_BINARY: weir_dump_line(d, label, at, "binary %s", weir_ast_binary_text(expr->as.binary.op)); return;
    case WEIR_AST_EXPR_BETWEEN:
        weir_dump_line(d, label, at, "%sbetween%s", expr->as.between.negated ? "not " : "", expr->as.between.symmetric ? " symmetric" : "");
        return;
    case WEIR_AST_EXPR_IN: weir_dump_line(d, label, at, "%sin", expr->as.in.negated ? "not " : ""); return;
    case WEIR_AST_EXPR_LIKE:
        weir_dump_line(d, label, at, "%s%s", expr->as.like.negated ? "not " : "", expr->as.like.similar ? "similar to" : "like");
        return;
    case WEIR_AST_EXPR_IS: weir_dump_line(d, label, at, "is %s%s", expr->as.is.negated ? "NOT " : "", is[expr->as.is.what]); return;
    case WEIR_AST_EXPR_QUANTIFIED:
        weir_dump_line(d, label, at, "quantified %s %s", weir_ast_binary_text(expr->as.quantified.op),
            expr->as.quantified.quantifier == WEIR_AST_ALL ? "ALL" : "ANY");
        return;
    case WEIR_AST_EXPR_ROW: weir_dump_line(d, label, at, "%s", expr->as.row.explicit_row ? "row explicit" : "row"); return;
    case WEIR_AST_EXPR_UNIT:
        weir_dump_line(d, label, at, "unit %s", expr->as.unit.unit == WEIR_AST_UNIT_OTHER ? "?" : weir_ast_unit_name(expr->as.unit.unit));
        return;
    case WEIR_AST_EXPR_KEYWORD: weir_dump_line(d, label, at, "keyword %.*s", WEIR_TEXT_ARGS(expr->as.keyword)); return;
    default: weir_dump_line(d, label, at, "%s", words[expr->kind]); return;
    }
}

static void dump_parts(weir_dump *d, const weir_ast_expr *expr) {
    switch (expr->kind) {
    case WEIR_AST_EXPR_STAR: weir_dump_name(d, "of", &expr->as.star.qualifier); return;
    case WEIR_AST_EXPR_CAST:
        weir_dump_expr(d, NULL, expr->as.cast.operand);
        weir_dump_type(d, "as", expr->as.cast.type);
        return;
    case WEIR_AST_EXPR_UNARY: weir_dump_expr(d, NULL, expr->as.unary.operand); return;
    case WEIR_AST_EXPR_BINARY:
        weir_dump_expr(d, NULL, expr->as.binary.left);
        weir_dump_expr(d, NULL, expr->as.binary.right);
        return;
    case WEIR_AST_EXPR_BETWEEN:
        weir_dump_expr(d, NULL, expr->as.between.operand);
        weir_dump_expr(d, "low", expr->as.between.low);
        weir_dump_expr(d, "high", expr->as.between.high);
        return;
    case WEIR_AST_EXPR_IN:
        weir_dump_expr(d, NULL, expr->as.in.operand);
        weir_dump_exprs(d, "item", expr->as.in.list);
        weir_dump_query(d, "query", expr->as.in.query);
        return;
    case WEIR_AST_EXPR_LIKE:
        weir_dump_expr(d, NULL, expr->as.like.operand);
        weir_dump_expr(d, "pattern", expr->as.like.pattern);
        weir_dump_expr(d, "escape", expr->as.like.escape);
        return;
    case WEIR_AST_EXPR_IS:
        weir_dump_expr(d, NULL, expr->as.is.operand);
        weir_dump_expr(d, NULL, expr->as.is.right);
        return;
    case WEIR_AST_EXPR_CASE: dump_case(d, expr); return;
    case WEIR_AST_EXPR_SUBQUERY: case WEIR_AST_EXPR_EXISTS: case WEIR_AST_EXPR_ARRAY_QUERY: case WEIR_AST_EXPR_MAP_QUERY:
    case WEIR_AST_EXPR_MULTISET_QUERY:
        weir_dump_query(d, NULL, expr->as.subquery);
        return;
    case WEIR_AST_EXPR_QUANTIFIED:
        weir_dump_expr(d, NULL, expr->as.quantified.operand);
        weir_dump_exprs(d, "item", expr->as.quantified.list);
        weir_dump_query(d, "query", expr->as.quantified.query);
        return;
    case WEIR_AST_EXPR_ROW: weir_dump_exprs(d, NULL, expr->as.row.items); return;
    case WEIR_AST_EXPR_ARRAY: case WEIR_AST_EXPR_MAP: case WEIR_AST_EXPR_MULTISET: weir_dump_exprs(d, NULL, expr->as.items); return;
    case WEIR_AST_EXPR_ELEMENT:
        weir_dump_expr(d, NULL, expr->as.element.collection);
        weir_dump_expr(d, "index", expr->as.element.index);
        return;
    case WEIR_AST_EXPR_FIELD:
        weir_dump_expr(d, NULL, expr->as.field.operand);
        weir_dump_ident(d, "field", expr->as.field.field);
        return;
    case WEIR_AST_EXPR_NAMED_ARGUMENT:
        weir_dump_ident(d, "name", expr->as.named.name);
        weir_dump_expr(d, NULL, expr->as.named.value);
        return;
    case WEIR_AST_EXPR_DESCRIPTOR:
        for (size_t i = 0; i < expr->as.descriptor.count; i++)
            weir_dump_name(d, "column", &expr->as.descriptor.names[i]);
        return;
    case WEIR_AST_EXPR_TABLE_ARGUMENT:
        weir_dump_table(d, NULL, expr->as.table_argument.table);
        weir_dump_exprs(d, "partition by", expr->as.table_argument.partition_by);
        weir_dump_order(d, "order by", expr->as.table_argument.order_by);
        return;
    case WEIR_AST_EXPR_RUNNING:
        weir_dump_flag(d, "final", expr->as.semantics.final);
        weir_dump_expr(d, NULL, expr->as.semantics.operand);
        return;
    default: return;
    }
}

void weir_dump_expr(weir_dump *d, const char *label, const weir_ast_expr *expr) {
    if (!expr)
        return;
    switch (expr->kind) {
    case WEIR_AST_EXPR_LITERAL: dump_literal(d, label, expr); return;
    case WEIR_AST_EXPR_NAME: weir_dump_name(d, label ? label : "name", &expr->as.name); return;
    case WEIR_AST_EXPR_MODEL: weir_dump_name(d, "model", &expr->as.name); return;
    case WEIR_AST_EXPR_CALL: dump_call(d, label, expr); return;
    case WEIR_AST_EXPR_INTERVAL:
        dump_qualified(d, label, expr->position, "interval of", expr->as.interval.negative, &expr->as.interval.qualifier);
        d->depth++;
        weir_dump_expr(d, NULL, expr->as.interval.operand);
        break;
    case WEIR_AST_EXPR_INTERVAL_DIFFERENCE:
        dump_qualified(d, label, expr->position, "difference", false, &expr->as.difference.qualifier);
        d->depth++;
        weir_dump_expr(d, NULL, expr->as.difference.left);
        weir_dump_expr(d, NULL, expr->as.difference.right);
        break;
    default:
        dump_head(d, label, expr);
        d->depth++;
        dump_parts(d, expr);
        break;
    }
    d->depth--;
}
