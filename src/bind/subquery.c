/* Subqueries in expressions. As a conjunct of a condition, IN and EXISTS become SEMI and ANTI joins; everywhere else a subquery is joined
 * to the node below (LEFT) and its mark becomes an expression over the joined columns (subquery_value.c). Correlated conditions are pulled
 * up first (decorrelate.c), or the subquery is computed for every combination of the outer columns it reads (domain.c). */
#include <string.h>

#include "bind/subquery_int.h"

static weir_status no_memory(weir_error *error) { return weir_fail_memory(error, "a subquery", sizeof(weir_node)); }

/* ---- marks ---- */

static weir_status bind_operands(bind_scope *scope, const weir_ast_expr *operand, bind_subquery *record, weir_error *error) {
    const weir_expr **operands;
    weir_ast_expr_list one = {.items = (weir_ast_expr *const *)&operand, .count = 1};
    const weir_ast_expr_list *list = operand->kind == WEIR_AST_EXPR_ROW ? &operand->as.row.items : &one;
    WEIR_TRY(bind_exprs(scope, list, &operands, error));
    record->operands = operands;
    record->operand_count = (uint32_t)list->count;
    return WEIR_OK;
}

static weir_status record_fill(bind_scope *scope, const weir_ast_expr *ast, bind_subquery *record, const weir_ast_query **query,
                               weir_error *error) {
    *record = (bind_subquery){.position = ast->position};
    switch (ast->kind) {
    case WEIR_AST_EXPR_IN:
        record->kind = BIND_SUBQUERY_IN;
        record->negated = ast->as.in.negated;
        *query = ast->as.in.query;
        return bind_operands(scope, ast->as.in.operand, record, error);
    case WEIR_AST_EXPR_QUANTIFIED: {
        bool in = ast->as.quantified.op == WEIR_AST_EQUAL && ast->as.quantified.quantifier == WEIR_AST_ANY;
        bool not_in = ast->as.quantified.op == WEIR_AST_NOT_EQUAL && ast->as.quantified.quantifier == WEIR_AST_ALL;
        record->kind = in || not_in ? BIND_SUBQUERY_IN : BIND_SUBQUERY_QUANTIFIED;
        record->negated = not_in;
        record->compare = weir_ast_binary_text(ast->as.quantified.op);
        record->all = ast->as.quantified.quantifier == WEIR_AST_ALL;
        *query = ast->as.quantified.query;
        return bind_operands(scope, ast->as.quantified.operand, record, error);
    }
    case WEIR_AST_EXPR_EXISTS: record->kind = BIND_SUBQUERY_EXISTS; break;
    default: record->kind = BIND_SUBQUERY_SCALAR; break;
    }
    *query = ast->as.subquery;
    return WEIR_OK;
}

static weir_status record_type(bind_scope *scope, bind_subquery *record, weir_error *error) {
    uint32_t columns = record->query->field_count;
    if (record->kind == BIND_SUBQUERY_EXISTS) {
        record->type = weir_type_simple(WEIR_KIND_BOOLEAN, false);
    } else if (record->kind == BIND_SUBQUERY_SCALAR) {
        if (columns != 1)
            return weir_fail_at(error, WEIR_VALIDATE, record->position,
                                "Cannot apply '$SCALAR_QUERY': the subquery has %u columns, it must have one", columns);
        record->type = weir_type_with_nullable(scope->context->arena, record->query->fields[0].type, true);
    } else {
        if (columns != record->operand_count)
            return weir_fail_at(error, WEIR_VALIDATE, record->position,
                                "Values passed to IN operator must have compatible types: %u on the left, %u columns in the subquery",
                                record->operand_count, columns);
        bool nullable = false;
        for (uint32_t i = 0; i < columns; i++)
            nullable |= record->operands[i]->type->nullable || record->query->fields[i].type->nullable;
        record->type = weir_type_simple(WEIR_KIND_BOOLEAN, nullable);
    }
    return record->type == NULL ? no_memory(error) : WEIR_OK;
}

weir_status bind_subquery_mark(bind_scope *scope, const weir_ast_expr *ast, const weir_expr **out, weir_error *error) {
    if (scope->marks == NULL)
        return weir_fail_at(error, WEIR_UNSUPPORTED, ast->position, "a subquery is not supported here");
    bind_subquery *record = WEIR_ARENA_NEW(scope->context->arena, bind_subquery);
    if (record == NULL)
        return no_memory(error);
    const weir_ast_query *query = NULL;
    WEIR_TRY(record_fill(scope, ast, record, &query, error));
    WEIR_TRY(bind_query(scope->context, scope, scope->ctes, query, &record->query, error));
    WEIR_TRY(record_type(scope, record, error));
    *out = bind_mark(scope, BIND_MARK_SUBQUERY, &scope->marks->subqueries, record, record->type, ast->position);
    return *out == NULL ? no_memory(error) : WEIR_OK;
}

/* ---- from the subquery's columns to those of the join ---- */

typedef struct to_join {
    weir_bind_context *context;
    const bind_subquery *subquery;
    uint32_t left_count;
} to_join;

/* Inner columns move behind the left ones; outer ones of this level are left columns, of further levels one level nearer. */
static weir_status join_change(void *change_context, const weir_expr *expr, const weir_expr **out, weir_error *error) {
    const to_join *to = change_context;
    weir_arena *arena = to->context->arena;
    if (expr->kind == WEIR_EXPR_COLUMN) {
        *out = weir_expr_column(arena, to->left_count + expr->as.column, expr->type, expr->position);
        return *out == NULL ? no_memory(error) : WEIR_OK;
    }
    if (expr->kind != WEIR_EXPR_OUTER || expr->as.outer.level >= BIND_MARK_AGGREGATE)
        return WEIR_OK;
    if (expr->as.outer.level > 1) {
        weir_expr *nearer = WEIR_ARENA_NEW(arena, weir_expr);
        if (nearer == NULL)
            return no_memory(error);
        *nearer = *expr;
        nearer->as.outer.level--;
        *out = nearer;
        return WEIR_OK;
    }
    uint32_t column = expr->as.outer.column;
    if (to->subquery->outer_map != NULL)
        column = to->subquery->outer_map[column];
    if (column == UINT32_MAX)
        return weir_fail_at(error, WEIR_VALIDATE, expr->position, "the outer column that this subquery reads is not being grouped");
    *out = weir_expr_column(arena, column, expr->type, expr->position);
    return *out == NULL ? no_memory(error) : WEIR_OK;
}

weir_status bind_to_join(weir_bind_context *context, const bind_subquery *subquery, const weir_expr *expr, uint32_t left_count,
                         const weir_expr **out, weir_error *error) {
    to_join to = {context, subquery, left_count};
    return bind_rewrite(context->arena, expr, join_change, &to, out, error);
}

static weir_status by_domain(weir_bind_context *context, const bind_subquery *subquery, const weir_node *left, const weir_node *query,
                             bind_decorrelated *out, weir_error *error) {
    out->pulled = (weir_list){0};
    out->by_domain = true;
    return bind_domain(context, left, query, subquery->outer_map, subquery->position, &out->right, &out->pulled, error);
}

static bool reads_inner(const weir_expr *expr) {
    if (expr->kind == WEIR_EXPR_COLUMN)
        return true;
    if (expr->kind == WEIR_EXPR_CALL)
        for (uint32_t i = 0; i < expr->as.call.count; i++)
            if (reads_inner(expr->as.call.arguments[i]))
                return true;
    return false;
}

weir_status bind_decorrelate(weir_bind_context *context, const bind_subquery *subquery, const weir_node *left, const weir_node *query,
                             bind_decorrelated *out, weir_error *error) {
    *out = (bind_decorrelated){.right = query, .correlated = bind_node_reads_outer(query)};
    if (!out->correlated)
        return WEIR_OK;
    weir_error first = {0};
    weir_status status = bind_pull_up(context, query, &out->right, &out->pulled, &first);
    if (status == WEIR_OK && !bind_node_reads_outer(out->right))
        return WEIR_OK;
    if (status != WEIR_OK && status != WEIR_UNSUPPORTED) {
        if (error != NULL)
            *error = first;
        return status;
    }
    return by_domain(context, subquery, left, query, out, error);
}

/* A column of the subquery, equal to something of the outer row. */
static bool ties_column(const weir_expr *condition) {
    if (!weir_expr_is_call(condition, "=") && !weir_expr_is_call(condition, "IS NOT DISTINCT FROM"))
        return false;
    for (uint32_t i = 0; i < 2; i++)
        if (condition->as.call.arguments[i]->kind == WEIR_EXPR_COLUMN && !reads_inner(condition->as.call.arguments[1 - i]))
            return true;
    return false;
}

weir_status bind_decorrelate_grouped(weir_bind_context *context, const bind_subquery *subquery, const weir_node *left,
                                     const weir_node *query, bind_decorrelated *out, weir_error *error) {
    WEIR_TRY(bind_decorrelate(context, subquery, left, query, out, error));
    for (size_t i = 0; i < out->pulled.count; i++)
        if (!ties_column(out->pulled.items[i]))
            return by_domain(context, subquery, left, query, out, error);
    return WEIR_OK;
}

/* All pulled conditions over (left, right). */
weir_status bind_correlation(weir_bind_context *context, const bind_subquery *subquery, const weir_list *pulled, uint32_t left_count,
                             const weir_expr **out, weir_error *error) {
    *out = NULL;
    for (size_t i = 0; i < pulled->count; i++) {
        const weir_expr *condition;
        WEIR_TRY(bind_to_join(context, subquery, pulled->items[i], left_count, &condition, error));
        *out = weir_expr_and(context->arena, *out, condition);
        if (*out == NULL)
            return no_memory(error);
    }
    return WEIR_OK;
}

/* operand[i] = right column i, all of them. */
weir_status bind_membership(bind_scope *scope, const bind_subquery *subquery, const weir_node *right, uint32_t left_count,
                            const weir_expr **out, weir_error *error) {
    *out = NULL;
    for (uint32_t i = 0; i < subquery->operand_count; i++) {
        const weir_expr *equal;
        const weir_expr *column = weir_expr_column(scope->context->arena, left_count + i, right->fields[i].type, right->position);
        if (column == NULL)
            return no_memory(error);
        WEIR_TRY(bind_compare(scope, "=", subquery->operands[i], column, subquery->position, &equal, error));
        *out = weir_expr_and(scope->context->arena, *out, equal);
        if (*out == NULL)
            return no_memory(error);
    }
    return WEIR_OK;
}

/* ---- SEMI and ANTI joins ---- */

/* EXISTS over a query that always has a row. */
static weir_status keep_all_or_none(bind_scope *scope, bool all, weir_position position, const weir_node **node, weir_error *error) {
    const weir_expr *never = weir_expr_bool(scope->context->arena, false);
    if (never == NULL)
        return no_memory(error);
    return all ? WEIR_OK : bind_filter_node(scope->context, *node, never, position, node, error);
}

static weir_status semi_or_anti(bind_scope *scope, const bind_subquery *subquery, bool negated, const weir_node **node, weir_error *error) {
    weir_bind_context *context = scope->context;
    bool anti = negated != subquery->negated, null_aware = false;
    if (subquery->kind == BIND_SUBQUERY_EXISTS && bind_gives_one_row(subquery->query))
        return keep_all_or_none(scope, !anti, subquery->position, node, error);
    bind_decorrelated inner;
    WEIR_TRY(bind_decorrelate(context, subquery, *node, subquery->query, &inner, error));
    uint32_t left_count = (*node)->field_count;
    const weir_expr *condition, *member = NULL;
    WEIR_TRY(bind_correlation(context, subquery, &inner.pulled, left_count, &condition, error));
    if (subquery->kind == BIND_SUBQUERY_IN) {
        WEIR_TRY(bind_membership(scope, subquery, inner.right, left_count, &member, error));
        null_aware = anti && subquery->type->nullable;
        if (null_aware && condition != NULL) {
            /* Per outer row: a row of the subquery that is equal, or could be, excludes it. */
            const weir_expr *maybe;
            WEIR_TRY(bind_build(scope, "IS NOT FALSE", &member, 1, subquery->position, &maybe, error));
            member = maybe;
            null_aware = false;
        }
        condition = weir_expr_and(context->arena, condition, member);
        if (condition == NULL)
            return no_memory(error);
    }
    const weir_node *joined;
    WEIR_TRY(
        bind_join_node(context, anti ? WEIR_JOIN_ANTI : WEIR_JOIN_SEMI, *node, inner.right, condition, subquery->position, &joined, error));
    ((weir_node *)(uintptr_t)joined)->as.join.null_aware_anti = null_aware;
    *node = joined;
    return WEIR_OK;
}

/* ---- replacing marks ---- */

typedef struct replace_marks {
    bind_scope *scope;
    const weir_node **node;
    const weir_expr **values; /* per mark; NULL: not joined yet */
} replace_marks;

static weir_status mark_change(void *change_context, const weir_expr *expr, const weir_expr **out, weir_error *error) {
    replace_marks *to = change_context;
    if (!bind_is_mark(expr, BIND_MARK_SUBQUERY))
        return WEIR_OK;
    uint32_t number = expr->as.outer.column;
    if (to->values[number] == NULL) {
        const bind_subquery *subquery = to->scope->marks->subqueries.items[number];
        WEIR_TRY(bind_subquery_value(to->scope, subquery, to->node, &to->values[number], error));
    }
    *out = to->values[number];
    return WEIR_OK;
}

weir_status bind_apply_subqueries(bind_scope *scope, bind_exprs_list *exprs, const weir_node **node, weir_error *error) {
    uint32_t count = scope->marks == NULL ? 0 : (uint32_t)scope->marks->subqueries.count;
    if (count == 0)
        return WEIR_OK;
    replace_marks to = {scope, node, WEIR_ARENA_ARRAY(scope->context->arena, const weir_expr *, count)};
    if (to.values == NULL)
        return no_memory(error);
    for (uint32_t i = 0; i < exprs->count; i++)
        WEIR_TRY(bind_rewrite(scope->context->arena, exprs->items[i], mark_change, &to, &exprs->items[i], error));
    return WEIR_OK;
}

static const bind_subquery *direct_subquery(const bind_scope *scope, const weir_expr *expr, bool *negated) {
    *negated = false;
    while (weir_expr_is_call(expr, "NOT")) {
        *negated = !*negated;
        expr = expr->as.call.arguments[0];
    }
    if (!bind_is_mark(expr, BIND_MARK_SUBQUERY))
        return NULL;
    const bind_subquery *subquery = scope->marks->subqueries.items[expr->as.outer.column];
    if (subquery->kind == BIND_SUBQUERY_IN && bind_gives_one_row(subquery->query) && bind_node_reads_outer(subquery->query))
        return NULL; /* a comparison with one value; where nothing was aggregated, the join would not find it */
    return subquery->kind == BIND_SUBQUERY_IN || subquery->kind == BIND_SUBQUERY_EXISTS ? subquery : NULL;
}

weir_status bind_apply_condition(bind_scope *scope, const weir_expr *condition, weir_position position, const weir_node **node,
                                 weir_error *error) {
    weir_bind_context *context = scope->context;
    weir_list parts = {0};
    if (!weir_expr_conjuncts(context->arena, condition, &parts))
        return no_memory(error);
    uint32_t columns = (*node)->field_count;
    const weir_expr *rest = NULL;
    for (size_t i = 0; i < parts.count; i++) {
        bool negated;
        const bind_subquery *subquery = direct_subquery(scope, parts.items[i], &negated);
        if (subquery != NULL)
            continue;
        rest = weir_expr_and(context->arena, rest, parts.items[i]);
        if (rest == NULL)
            return no_memory(error);
    }
    if (rest != NULL) {
        bind_exprs_list list = {&rest, 1};
        WEIR_TRY(bind_apply_subqueries(scope, &list, node, error));
        WEIR_TRY(bind_filter_node(context, *node, rest, position, node, error));
        WEIR_TRY(bind_project_first(context, *node, columns, node, error));
    }
    for (size_t i = 0; i < parts.count; i++) {
        bool negated;
        const bind_subquery *subquery = direct_subquery(scope, parts.items[i], &negated);
        if (subquery != NULL)
            WEIR_TRY(semi_or_anti(scope, subquery, negated, node, error));
    }
    return WEIR_OK;
}

/* LEFT JOIN LATERAL (SELECT COUNT(*) ...) ON TRUE: a value, as in a select list. */
static weir_status lateral_value(weir_bind_context *context, const bind_subquery *subquery, const weir_node *left, const weir_node **out,
                                 weir_error *error) {
    bind_scope scope = {.context = context};
    const weir_expr *value;
    const weir_node *node = left;
    WEIR_TRY(bind_subquery_value(&scope, subquery, &node, &value, error));
    uint32_t columns = left->field_count;
    const weir_expr **exprs = WEIR_ARENA_ARRAY(context->arena, const weir_expr *, columns + 1);
    weir_text *names = WEIR_ARENA_ARRAY(context->arena, weir_text, columns + 1);
    if (exprs == NULL || names == NULL)
        return no_memory(error);
    for (uint32_t i = 0; i < columns; i++) {
        exprs[i] = weir_expr_column(context->arena, i, left->fields[i].type, subquery->position);
        names[i] = left->fields[i].name;
        if (exprs[i] == NULL)
            return no_memory(error);
    }
    exprs[columns] = value;
    names[columns] = subquery->query->fields[0].name;
    return bind_project(context, node, exprs, names, columns + 1, subquery->position, out, error);
}

/* LATERAL (SELECT ...): the conditions that read the left side become the join's. */
weir_status bind_lateral_join(weir_bind_context *context, weir_join_type type, const weir_node *left, const weir_node *right,
                              const weir_expr *condition, weir_position position, const weir_node **out, weir_error *error) {
    bind_subquery whole = {.position = position, .kind = BIND_SUBQUERY_SCALAR, .query = right};
    bool always =
        condition == NULL || (condition->kind == WEIR_EXPR_LITERAL && !condition->as.literal.is_null && condition->as.literal.as.boolean);
    if (type == WEIR_JOIN_LEFT && always && right->field_count == 1 && bind_gives_one_row(right)) {
        whole.type = weir_type_with_nullable(context->arena, right->fields[0].type, true);
        return whole.type == NULL ? no_memory(error) : lateral_value(context, &whole, left, out, error);
    }
    bind_decorrelated inner;
    WEIR_TRY(bind_decorrelate(context, &whole, left, right, &inner, error));
    const weir_expr *correlated;
    WEIR_TRY(bind_correlation(context, &whole, &inner.pulled, left->field_count, &correlated, error));
    if (condition != NULL || correlated != NULL) {
        condition = weir_expr_and(context->arena, condition, correlated);
        if (condition == NULL)
            return no_memory(error);
    }
    WEIR_TRY(bind_join_node(context, type, left, inner.right, condition, position, out, error));
    return bind_project_first(context, *out, left->field_count + right->field_count, out, error);
}
