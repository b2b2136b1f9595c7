/* Subqueries in expressions. As a conjunct of a condition, IN and EXISTS become SEMI and ANTI joins; everywhere else a subquery is joined
 * to the node below (LEFT) and its mark becomes an expression over the joined columns. Correlated conditions are pulled up first
 * (decorrelate.c). */
#include <string.h>

#include "bind/bind_int.h"

static weir_status no_memory(weir_error *error) { return weir_fail_memory(error, "a subquery", sizeof(weir_node)); }

static const weir_type *boolean(bool nullable) { return weir_type_simple(WEIR_KIND_BOOLEAN, nullable); }

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
        if (!in && !not_in)
            return weir_fail_at(error, WEIR_UNSUPPORTED, ast->position, "%s %s (query) is not supported; = ANY and <> ALL are",
                                weir_ast_binary_text(ast->as.quantified.op), ast->as.quantified.quantifier == WEIR_AST_ANY ? "ANY" : "ALL");
        record->kind = BIND_SUBQUERY_IN;
        record->negated = not_in;
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
        record->type = boolean(false);
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
        record->type = boolean(nullable);
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

/* All pulled conditions over (left, right). */
static weir_status correlation(weir_bind_context *context, const bind_subquery *subquery, const weir_list *pulled, uint32_t left_count,
                               const weir_expr **out, weir_error *error) {
    to_join to = {context, subquery, left_count};
    *out = NULL;
    for (size_t i = 0; i < pulled->count; i++) {
        const weir_expr *condition;
        WEIR_TRY(bind_rewrite(context->arena, pulled->items[i], join_change, &to, &condition, error));
        *out = weir_expr_and(context->arena, *out, condition);
        if (*out == NULL)
            return no_memory(error);
    }
    return WEIR_OK;
}

static weir_status column_at(weir_bind_context *context, const weir_node *right, uint32_t left_count, uint32_t column,
                             const weir_expr **out, weir_error *error) {
    *out = weir_expr_column(context->arena, left_count + column, right->fields[column].type, right->position);
    return *out == NULL ? no_memory(error) : WEIR_OK;
}

/* operand[i] = right column i, all of them. */
static weir_status membership(bind_scope *scope, const bind_subquery *subquery, const weir_node *right, uint32_t left_count,
                              const weir_expr **out, weir_error *error) {
    *out = NULL;
    for (uint32_t i = 0; i < subquery->operand_count; i++) {
        const weir_expr *column, *equal;
        WEIR_TRY(column_at(scope->context, right, left_count, i, &column, error));
        WEIR_TRY(bind_compare(scope, "=", subquery->operands[i], column, subquery->position, &equal, error));
        *out = weir_expr_and(scope->context->arena, *out, equal);
        if (*out == NULL)
            return no_memory(error);
    }
    return WEIR_OK;
}

/* ---- SEMI and ANTI joins ---- */

static bool may_be_null(const bind_subquery *subquery) { return subquery->type->nullable; }

static weir_status semi_or_anti(bind_scope *scope, const bind_subquery *subquery, bool negated, const weir_node **node, weir_error *error) {
    weir_bind_context *context = scope->context;
    const weir_node *right;
    weir_list pulled = {0};
    WEIR_TRY(bind_pull_up(context, subquery->query, &right, &pulled, error));
    uint32_t left_count = (*node)->field_count;
    const weir_expr *condition, *member = NULL;
    WEIR_TRY(correlation(context, subquery, &pulled, left_count, &condition, error));
    bool anti = negated != subquery->negated, null_aware = false;
    if (subquery->kind == BIND_SUBQUERY_IN) {
        WEIR_TRY(membership(scope, subquery, right, left_count, &member, error));
        null_aware = anti && may_be_null(subquery);
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
    WEIR_TRY(bind_join_node(context, anti ? WEIR_JOIN_ANTI : WEIR_JOIN_SEMI, *node, right, condition, subquery->position, &joined, error));
    ((weir_node *)(uintptr_t)joined)->as.join.null_aware_anti = null_aware;
    *node = joined;
    return WEIR_OK;
}

/* ---- subqueries as values ---- */

static const weir_node *below_projects(const weir_node *node) {
    while (node->kind == WEIR_NODE_PROJECT)
        node = node->inputs[0];
    return node;
}

static bool gives_one_row(const weir_node *node) {
    const weir_node *at = below_projects(node);
    return (at->kind == WEIR_NODE_AGGREGATE && at->as.aggregate.key_count == 0) ||
           (at->kind == WEIR_NODE_VALUES && at->as.values.row_count == 1);
}

/* AGGREGATE by `keys` of one call over column `argument` (UINT32_MAX: no argument). */
static weir_status aggregate_node(weir_bind_context *context, const weir_node *input, const uint32_t *keys, uint32_t key_count,
                                  const char *function, uint32_t argument, const weir_type *result, const weir_node **out,
                                  weir_error *error) {
    weir_node *node = weir_node_create(context->arena, WEIR_NODE_AGGREGATE, input->position, &input, 1, key_count + 1);
    weir_aggregate_call *call = WEIR_ARENA_NEW(context->arena, weir_aggregate_call);
    uint32_t *arguments = WEIR_ARENA_ARRAY(context->arena, uint32_t, 1);
    const weir_type **types = WEIR_ARENA_ARRAY(context->arena, const weir_type *, 1);
    const weir_value **literals = WEIR_ARENA_ARRAY(context->arena, const weir_value *, 1);
    const weir_aggregate *found = weir_aggregate_find(weir_text_of(function), true);
    if (node == NULL || call == NULL || arguments == NULL || types == NULL || literals == NULL)
        return no_memory(error);
    if (found == NULL)
        return weir_fail(error, WEIR_INTERNAL, "there is no aggregate %s", function);
    bool has_argument = argument != UINT32_MAX;
    arguments[0] = argument;
    types[0] = has_argument ? input->fields[argument].type : NULL;
    *call = (weir_aggregate_call){.aggregate = found,
                                  .result = result,
                                  .argument_count = has_argument,
                                  .arguments = arguments,
                                  .argument_types = types,
                                  .literals = literals,
                                  .filter = -1,
                                  .name = weir_text_of(function)};
    weir_plan_field *fields = weir_node_fields(node);
    for (uint32_t k = 0; k < key_count; k++)
        fields[k] = input->fields[keys[k]];
    fields[key_count] = (weir_plan_field){.name = WEIR_TEXT("EXPR$0"), .type = result};
    node->as.aggregate.key_count = key_count;
    node->as.aggregate.keys = keys;
    node->as.aggregate.call_count = 1;
    node->as.aggregate.calls = call;
    *out = node;
    return WEIR_OK;
}

/* Which columns of `right` the pulled conditions read. */
static weir_status pulled_columns(weir_bind_context *context, const weir_node *right, const weir_list *pulled, uint32_t **columns,
                                  uint32_t *count, weir_error *error) {
    bool *used = WEIR_ARENA_ARRAY(context->arena, bool, right->field_count);
    *columns = WEIR_ARENA_ARRAY(context->arena, uint32_t, right->field_count);
    if (used == NULL || *columns == NULL)
        return no_memory(error);
    for (size_t i = 0; i < pulled->count; i++)
        weir_expr_columns(pulled->items[i], used, right->field_count);
    *count = 0;
    for (uint32_t c = 0; c < right->field_count; c++)
        if (used[c])
            (*columns)[(*count)++] = c;
    return WEIR_OK;
}

static weir_status renumber_pulled(weir_bind_context *context, weir_list *pulled, const uint32_t *columns, uint32_t count, uint32_t total,
                                   weir_error *error) {
    uint32_t *map = WEIR_ARENA_ARRAY(context->arena, uint32_t, total);
    if (map == NULL)
        return no_memory(error);
    for (uint32_t i = 0; i < count; i++)
        map[columns[i]] = i;
    for (size_t i = 0; i < pulled->count; i++) {
        const weir_expr *changed = weir_expr_renumber(context->arena, pulled->items[i], map);
        if (changed == NULL)
            return no_memory(error);
        pulled->items[i] = (void *)(uintptr_t)changed;
    }
    return WEIR_OK;
}

/* COUNT over no rows is 0, not NULL: what was counted below a correlated aggregate is put right after the join. */
static bool is_count_column(const weir_node *node, uint32_t column) {
    while (node->kind == WEIR_NODE_PROJECT) {
        const weir_expr *expr = node->as.project.expressions[column];
        if (expr->kind != WEIR_EXPR_COLUMN)
            return false;
        column = expr->as.column;
        node = node->inputs[0];
    }
    if (node->kind != WEIR_NODE_AGGREGATE || column < node->as.aggregate.key_count ||
        column >= node->as.aggregate.key_count + node->as.aggregate.call_count)
        return false;
    return (node->as.aggregate.calls[column - node->as.aggregate.key_count].aggregate->flags & WEIR_AGGREGATE_NEVER_NULL) != 0;
}

static weir_status left_join(bind_scope *scope, const bind_subquery *subquery, const weir_node *right, const weir_expr *condition,
                             const weir_node **node, weir_error *error) {
    return bind_join_node(scope->context, WEIR_JOIN_LEFT, *node, right, condition, subquery->position, node, error);
}

static weir_status scalar_value(bind_scope *scope, const bind_subquery *subquery, const weir_node **node, const weir_expr **out,
                                weir_error *error) {
    weir_bind_context *context = scope->context;
    const weir_node *right;
    weir_list pulled = {0};
    bool one_row = gives_one_row(subquery->query), counted = one_row && is_count_column(subquery->query, 0);
    WEIR_TRY(bind_pull_up(context, subquery->query, &right, &pulled, error));
    uint32_t value_column = 0;
    if (!one_row) {
        uint32_t *keys, key_count;
        WEIR_TRY(pulled_columns(context, right, &pulled, &keys, &key_count, error));
        uint32_t total = right->field_count;
        WEIR_TRY(aggregate_node(context, right, keys, key_count, "SINGLE_VALUE", 0, subquery->type, &right, error));
        WEIR_TRY(renumber_pulled(context, &pulled, keys, key_count, total, error));
        value_column = key_count;
    }
    uint32_t left_count = (*node)->field_count;
    const weir_expr *condition;
    WEIR_TRY(correlation(context, subquery, &pulled, left_count, &condition, error));
    WEIR_TRY(left_join(scope, subquery, right, condition, node, error));
    WEIR_TRY(column_at(context, right, left_count, value_column, out, error));
    *out = weir_expr_column(context->arena, (*out)->as.column, subquery->type, subquery->position);
    if (*out == NULL)
        return no_memory(error);
    if (!counted || pulled.count == 0)
        return WEIR_OK;
    weir_value zero = {.type = weir_type_simple(WEIR_KIND_BIGINT, false)};
    const weir_expr *arguments[2] = {*out, weir_expr_literal(context->arena, &zero, subquery->position)};
    if (arguments[1] == NULL)
        return no_memory(error);
    *out = weir_expr_call(context->arena, "COALESCE", subquery->type, arguments, 2, subquery->position); /* the type stays nullable */
    return *out == NULL ? no_memory(error) : WEIR_OK;
}

/* The right side once per distinct combination of the columns that the join compares, with a TRUE to tell a match by. */
static weir_status distinct_with_marker(bind_scope *scope, const bind_subquery *subquery, weir_list *pulled, const weir_node **right,
                                        uint32_t *marker, weir_error *error) {
    weir_bind_context *context = scope->context;
    uint32_t *columns, count, members = subquery->kind == BIND_SUBQUERY_IN ? subquery->operand_count : 0;
    WEIR_TRY(pulled_columns(context, *right, pulled, &columns, &count, error));
    const weir_expr **exprs = WEIR_ARENA_ARRAY(context->arena, const weir_expr *, members + count + 1);
    weir_text *names = WEIR_ARENA_ARRAY(context->arena, weir_text, members + count + 1);
    uint32_t *map = WEIR_ARENA_ARRAY(context->arena, uint32_t, (*right)->field_count);
    if (exprs == NULL || names == NULL || map == NULL)
        return no_memory(error);
    for (uint32_t i = 0; i < members + count; i++) {
        uint32_t column = i < members ? i : columns[i - members];
        if (i >= members)
            map[column] = i;
        exprs[i] = weir_expr_column(context->arena, column, (*right)->fields[column].type, subquery->position);
        if (exprs[i] == NULL)
            return no_memory(error);
    }
    exprs[members + count] = weir_expr_bool(context->arena, true);
    if (exprs[members + count] == NULL)
        return no_memory(error);
    for (size_t i = 0; i < pulled->count; i++) {
        const weir_expr *changed = weir_expr_renumber(context->arena, pulled->items[i], map);
        if (changed == NULL)
            return no_memory(error);
        pulled->items[i] = (void *)(uintptr_t)changed;
    }
    *marker = members + count;
    WEIR_TRY(bind_project(context, *right, exprs, names, members + count + 1, subquery->position, right, error));
    return bind_distinct_node(context, *right, subquery->position, right, error);
}

/* Total and non-NULL rows of an uncorrelated IN subquery, joined to every row. */
static weir_status join_count(bind_scope *scope, const bind_subquery *subquery, bool of_values, const weir_node **node,
                              const weir_expr **out, weir_error *error) {
    const weir_type *bigint = weir_type_simple(WEIR_KIND_BIGINT, false);
    const weir_node *count;
    uint32_t left_count = (*node)->field_count;
    WEIR_TRY(aggregate_node(scope->context, subquery->query, NULL, 0, "COUNT", of_values ? 0 : UINT32_MAX, bigint, &count, error));
    WEIR_TRY(left_join(scope, subquery, count, NULL, node, error));
    *out = weir_expr_column(scope->context->arena, left_count, weir_type_simple(WEIR_KIND_BIGINT, true), subquery->position);
    return *out == NULL ? no_memory(error) : WEIR_OK;
}

/* CASE WHEN total = 0 THEN FALSE WHEN operand IS NULL THEN NULL WHEN found THEN TRUE WHEN values < total THEN NULL ELSE FALSE END */
static weir_status in_with_nulls(bind_scope *scope, const bind_subquery *subquery, const weir_expr *found, const weir_node **node,
                                 const weir_expr **out, weir_error *error) {
    weir_arena *arena = scope->context->arena;
    weir_position position = subquery->position;
    const weir_expr *total, *values, *zero = weir_expr_int(arena, 0);
    WEIR_TRY(join_count(scope, subquery, false, node, &total, error));
    WEIR_TRY(join_count(scope, subquery, true, node, &values, error));
    const weir_expr *arguments[9] = {NULL,
                                     weir_expr_bool(arena, false),
                                     NULL,
                                     weir_expr_null(arena, boolean(true)),
                                     found,
                                     weir_expr_bool(arena, true),
                                     NULL,
                                     weir_expr_null(arena, boolean(true)),
                                     weir_expr_bool(arena, false)};
    if (zero == NULL || arguments[1] == NULL || arguments[3] == NULL || arguments[5] == NULL || arguments[7] == NULL ||
        arguments[8] == NULL)
        return no_memory(error);
    WEIR_TRY(bind_compare(scope, "=", total, zero, position, &arguments[0], error));
    WEIR_TRY(bind_build(scope, "IS NULL", &subquery->operands[0], 1, position, &arguments[2], error));
    WEIR_TRY(bind_compare(scope, "<", values, total, position, &arguments[6], error));
    return bind_build(scope, "CASE", arguments, 9, position, out, error);
}

static weir_status truth_value(bind_scope *scope, const bind_subquery *subquery, const weir_node **node, const weir_expr **out,
                               weir_error *error) {
    weir_bind_context *context = scope->context;
    const weir_node *right;
    weir_list pulled = {0};
    WEIR_TRY(bind_pull_up(context, subquery->query, &right, &pulled, error));
    bool correlated = pulled.count > 0;
    uint32_t marker = 0, left_count = (*node)->field_count;
    WEIR_TRY(distinct_with_marker(scope, subquery, &pulled, &right, &marker, error));
    const weir_expr *condition, *member = NULL, *column, *found;
    WEIR_TRY(correlation(context, subquery, &pulled, left_count, &condition, error));
    if (subquery->kind == BIND_SUBQUERY_IN) {
        WEIR_TRY(membership(scope, subquery, right, left_count, &member, error));
        condition = weir_expr_and(context->arena, condition, member);
        if (condition == NULL)
            return no_memory(error);
    }
    WEIR_TRY(left_join(scope, subquery, right, condition, node, error));
    column = weir_expr_column(context->arena, left_count + marker, boolean(true), subquery->position);
    if (column == NULL)
        return no_memory(error);
    WEIR_TRY(bind_build(scope, "IS NOT NULL", &column, 1, subquery->position, &found, error));
    *out = found;
    if (subquery->kind == BIND_SUBQUERY_IN && may_be_null(subquery) && !correlated && subquery->operand_count == 1)
        WEIR_TRY(in_with_nulls(scope, subquery, found, node, out, error));
    return subquery->negated ? bind_build(scope, "NOT", out, 1, subquery->position, out, error) : WEIR_OK;
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
        if (subquery->kind == BIND_SUBQUERY_SCALAR)
            WEIR_TRY(scalar_value(to->scope, subquery, to->node, &to->values[number], error));
        else
            WEIR_TRY(truth_value(to->scope, subquery, to->node, &to->values[number], error));
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
    return subquery->kind == BIND_SUBQUERY_SCALAR ? NULL : subquery;
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

/* LATERAL (SELECT ...): the conditions that read the left side become the join's. */
weir_status bind_lateral_join(weir_bind_context *context, weir_join_type type, const weir_node *left, const weir_node *right,
                              const weir_expr *condition, weir_position position, const weir_node **out, weir_error *error) {
    bind_subquery whole = {.position = position};
    weir_list pulled = {0};
    const weir_node *inner;
    uint32_t visible = left->field_count + right->field_count;
    WEIR_TRY(bind_pull_up(context, right, &inner, &pulled, error));
    const weir_expr *correlated;
    WEIR_TRY(correlation(context, &whole, &pulled, left->field_count, &correlated, error));
    if (condition != NULL || correlated != NULL) {
        condition = weir_expr_and(context->arena, condition, correlated);
        if (condition == NULL)
            return no_memory(error);
    }
    WEIR_TRY(bind_join_node(context, type, left, inner, condition, position, out, error));
    return bind_project_first(context, *out, visible, out, error);
}
