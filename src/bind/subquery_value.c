/* Subqueries as values: (SELECT ...), EXISTS and IN outside of plain conditions, = ALL and < ANY. Each is joined to the node below, and the
 * value is an expression over the joined columns.
 *
 * Where nothing is aggregated for an outer row, a correlated COUNT is 0: the expressions over a global aggregate are computed above the
 * join, so that they see that. ANY and ALL are decided by the least and the greatest value, as Calcite does it.
 */
#include <string.h>

#include "bind/subquery_int.h"

static weir_status no_memory(weir_error *error) { return weir_fail_memory(error, "a subquery", sizeof(weir_node)); }

static const weir_type *boolean(bool nullable) { return weir_type_simple(WEIR_KIND_BOOLEAN, nullable); }

static bool is_global(const weir_node *node) {
    return node->kind == WEIR_NODE_AGGREGATE && node->as.aggregate.key_count == 0 && !node->as.aggregate.window.present;
}

static const weir_node *below_projects(const weir_node *node) {
    while (node->kind == WEIR_NODE_PROJECT)
        node = node->inputs[0];
    return node;
}

bool bind_gives_one_row(const weir_node *node) {
    const weir_node *at = below_projects(node);
    return is_global(at) || (at->kind == WEIR_NODE_VALUES && at->as.values.row_count == 1);
}

/* The same expression with another nullability: the value of a subquery has the type that its mark had. */
static weir_status with_type(weir_bind_context *context, const weir_expr *expr, const weir_type *type, const weir_expr **out,
                             weir_error *error) {
    weir_expr *copy = WEIR_ARENA_NEW(context->arena, weir_expr);
    if (copy == NULL)
        return no_memory(error);
    *copy = *expr;
    copy->type = type;
    *out = copy;
    return WEIR_OK;
}

weir_status bind_count_or_zero(weir_bind_context *context, const weir_node *aggregate, uint32_t field, uint32_t column,
                               const weir_type *joined, const weir_expr **out, weir_error *error) {
    *out = weir_expr_column(context->arena, column, joined, aggregate->position);
    if (*out == NULL)
        return no_memory(error);
    uint32_t first = aggregate->as.aggregate.key_count;
    if (field < first || field >= first + aggregate->as.aggregate.call_count)
        return WEIR_OK;
    const weir_aggregate_call *call = &aggregate->as.aggregate.calls[field - first];
    if (!(call->aggregate->flags & WEIR_AGGREGATE_NEVER_NULL) || call->result->kind != WEIR_KIND_BIGINT)
        return WEIR_OK;
    weir_value zero = {.type = weir_type_simple(WEIR_KIND_BIGINT, false)};
    const weir_expr *arguments[2] = {*out, weir_expr_literal(context->arena, &zero, aggregate->position)};
    *out = weir_expr_call(context->arena, "COALESCE", zero.type, arguments, 2, aggregate->position);
    return *out == NULL ? no_memory(error) : WEIR_OK;
}

static weir_status left_join(bind_scope *scope, const bind_subquery *subquery, const weir_node *right, const weir_expr *condition,
                             const weir_node **node, weir_error *error) {
    return bind_join_node(scope->context, WEIR_JOIN_LEFT, *node, right, condition, subquery->position, node, error);
}

/* ---- aggregates made here ---- */

typedef struct made_call {
    const char *function;
    bool of_column; /* over column 0, else without argument */
    const weir_type *result;
} made_call;

/* AGGREGATE by `keys`. */
static weir_status aggregate_node(weir_bind_context *context, const weir_node *input, const uint32_t *keys, uint32_t key_count,
                                  const made_call *made, uint32_t call_count, const weir_node **out, weir_error *error) {
    weir_arena *arena = context->arena;
    weir_node *node = weir_node_create(arena, WEIR_NODE_AGGREGATE, input->position, &input, 1, key_count + call_count);
    weir_aggregate_call *calls = WEIR_ARENA_ARRAY(arena, weir_aggregate_call, call_count);
    uint32_t *zero = WEIR_ARENA_ARRAY(arena, uint32_t, 1);
    const weir_type **types = WEIR_ARENA_ARRAY(arena, const weir_type *, 1);
    const weir_value **literals = WEIR_ARENA_ARRAY(arena, const weir_value *, 1);
    if (node == NULL || calls == NULL || zero == NULL || types == NULL || literals == NULL)
        return no_memory(error);
    types[0] = input->field_count > 0 ? input->fields[0].type : NULL;
    weir_plan_field *fields = weir_node_fields(node);
    for (uint32_t k = 0; k < key_count; k++) {
        fields[k] = input->fields[keys[k]];
        fields[k].time = WEIR_TIME_NONE;
    }
    for (uint32_t c = 0; c < call_count; c++) {
        calls[c] = (weir_aggregate_call){.aggregate = weir_aggregate_find(weir_text_of(made[c].function), true),
                                         .result = made[c].result,
                                         .argument_count = made[c].of_column,
                                         .arguments = zero,
                                         .argument_types = types,
                                         .literals = literals,
                                         .filter = -1,
                                         .name = weir_text_of(made[c].function)};
        if (calls[c].aggregate == NULL)
            return weir_fail(error, WEIR_INTERNAL, "there is no aggregate %s", made[c].function);
        fields[key_count + c] = (weir_plan_field){.name = weir_arena_format(arena, "EXPR$%u", c), .type = made[c].result};
    }
    node->as.aggregate.key_count = key_count;
    node->as.aggregate.keys = keys;
    node->as.aggregate.call_count = call_count;
    node->as.aggregate.calls = calls;
    *out = node;
    return WEIR_OK;
}

/* Join a global aggregate; columns[i] is its i-th value for the row of *node. A scalar subquery is joined LEFT; the counts that IN, ANY and
 * ALL compare with INNER where nothing ties them to the outer row, as Calcite does: one shows in the changes that come out. */
static weir_status join_aggregate(bind_scope *scope, const bind_subquery *subquery, const weir_node *aggregate, const weir_node **node,
                                  const weir_expr **columns, weir_error *error) {
    weir_bind_context *context = scope->context;
    bind_decorrelated inner;
    WEIR_TRY(bind_decorrelate(context, subquery, *node, aggregate, &inner, error));
    uint32_t left_count = (*node)->field_count;
    const weir_expr *condition;
    WEIR_TRY(bind_correlation(context, subquery, &inner.pulled, left_count, &condition, error));
    weir_join_type type = inner.correlated || subquery->kind == BIND_SUBQUERY_SCALAR ? WEIR_JOIN_LEFT : WEIR_JOIN_INNER;
    WEIR_TRY(bind_join_node(context, type, *node, inner.right, condition, subquery->position, node, error));
    for (uint32_t i = 0; i < aggregate->field_count; i++) {
        const weir_type *joined = (*node)->fields[left_count + i].type;
        if (inner.correlated && !inner.by_domain) {
            WEIR_TRY(bind_count_or_zero(context, aggregate, i, left_count + i, joined, &columns[i], error));
            continue;
        }
        columns[i] = weir_expr_column(context->arena, left_count + i, joined, subquery->position);
        if (columns[i] == NULL)
            return no_memory(error);
    }
    return WEIR_OK;
}

/* ---- (SELECT ...) ---- */

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

static weir_status renumber_pulled(weir_bind_context *context, weir_list *pulled, const uint32_t *columns, uint32_t count, uint32_t first,
                                   uint32_t total, weir_error *error) {
    uint32_t *map = WEIR_ARENA_ARRAY(context->arena, uint32_t, total);
    if (map == NULL)
        return no_memory(error);
    for (uint32_t i = 0; i < count; i++)
        map[columns[i]] = first + i;
    for (size_t i = 0; i < pulled->count; i++) {
        const weir_expr *changed = weir_expr_renumber(context->arena, pulled->items[i], map);
        if (changed == NULL)
            return no_memory(error);
        pulled->items[i] = (void *)(uintptr_t)changed;
    }
    return WEIR_OK;
}

/* At most one row for each outer row: SINGLE_VALUE fails when there are more. */
static weir_status single_value(bind_scope *scope, const bind_subquery *subquery, const weir_node **node, const weir_expr **out,
                                weir_error *error) {
    weir_bind_context *context = scope->context;
    bind_decorrelated inner;
    WEIR_TRY(bind_decorrelate_grouped(context, subquery, *node, subquery->query, &inner, error));
    uint32_t *keys, key_count, total = inner.right->field_count, left_count = (*node)->field_count;
    WEIR_TRY(pulled_columns(context, inner.right, &inner.pulled, &keys, &key_count, error));
    made_call call = {"SINGLE_VALUE", true, subquery->type};
    const weir_node *right;
    WEIR_TRY(aggregate_node(context, inner.right, keys, key_count, &call, 1, &right, error));
    WEIR_TRY(renumber_pulled(context, &inner.pulled, keys, key_count, 0, total, error));
    const weir_expr *condition;
    WEIR_TRY(bind_correlation(context, subquery, &inner.pulled, left_count, &condition, error));
    WEIR_TRY(left_join(scope, subquery, right, condition, node, error));
    *out = weir_expr_column(context->arena, left_count + key_count, subquery->type, subquery->position);
    return *out == NULL ? no_memory(error) : WEIR_OK;
}

typedef struct column_values {
    weir_bind_context *context;
    const bind_subquery *subquery;
    const weir_expr *const *values;
} column_values;

static weir_status value_change(void *context, const weir_expr *expr, const weir_expr **out, weir_error *error) {
    const column_values *to = context;
    if (expr->kind == WEIR_EXPR_COLUMN)
        *out = to->values[expr->as.column];
    if (expr->kind == WEIR_EXPR_OUTER)
        return bind_to_join(to->context, to->subquery, expr, 0, out, error);
    return WEIR_OK;
}

/* Projections over a global aggregate, or over one row of literals: computed above the join. */
static weir_status one_row_value(bind_scope *scope, const bind_subquery *subquery, const weir_node **node, const weir_expr **out,
                                 weir_error *error) {
    weir_arena *arena = scope->context->arena;
    const weir_node *at = subquery->query;
    const weir_expr *value = weir_expr_column(arena, 0, at->fields[0].type, subquery->position);
    for (; value != NULL && at->kind == WEIR_NODE_PROJECT; at = at->inputs[0])
        value = weir_expr_replace(arena, value, at->as.project.expressions);
    const weir_expr **columns = WEIR_ARENA_ARRAY(arena, const weir_expr *, at->field_count);
    if (value == NULL || columns == NULL)
        return no_memory(error);
    if (at->kind == WEIR_NODE_AGGREGATE)
        WEIR_TRY(join_aggregate(scope, subquery, at, node, columns, error));
    for (uint32_t c = 0; at->kind == WEIR_NODE_VALUES && c < at->field_count; c++)
        if ((columns[c] = weir_expr_literal(arena, &at->as.values.values[c], subquery->position)) == NULL)
            return no_memory(error);
    column_values to = {scope->context, subquery, columns};
    WEIR_TRY(bind_rewrite(arena, value, value_change, &to, &value, error));
    return with_type(scope->context, value, subquery->type, out, error);
}

static weir_status scalar_value(bind_scope *scope, const bind_subquery *subquery, const weir_node **node, const weir_expr **out,
                                weir_error *error) {
    return bind_gives_one_row(subquery->query) ? one_row_value(scope, subquery, node, out, error)
                                               : single_value(scope, subquery, node, out, error);
}

/* ---- EXISTS, IN ---- */

/* The right side once per distinct combination of the columns that the join compares, with a TRUE to tell a match by. */
static weir_status distinct_with_marker(bind_scope *scope, const bind_subquery *subquery, bind_decorrelated *inner, uint32_t *marker,
                                        weir_error *error) {
    weir_bind_context *context = scope->context;
    const weir_node *right = inner->right;
    uint32_t *columns, count, members = subquery->kind == BIND_SUBQUERY_IN ? subquery->operand_count : 0;
    WEIR_TRY(pulled_columns(context, right, &inner->pulled, &columns, &count, error));
    const weir_expr **exprs = WEIR_ARENA_ARRAY(context->arena, const weir_expr *, members + count + 1);
    weir_text *names = WEIR_ARENA_ARRAY(context->arena, weir_text, members + count + 1);
    if (exprs == NULL || names == NULL)
        return no_memory(error);
    for (uint32_t i = 0; i < members + count; i++) {
        uint32_t column = i < members ? i : columns[i - members];
        exprs[i] = weir_expr_column(context->arena, column, right->fields[column].type, subquery->position);
        if (exprs[i] == NULL)
            return no_memory(error);
    }
    exprs[members + count] = weir_expr_bool(context->arena, true);
    if (exprs[members + count] == NULL)
        return no_memory(error);
    WEIR_TRY(renumber_pulled(context, &inner->pulled, columns, count, members, right->field_count, error));
    *marker = members + count;
    WEIR_TRY(bind_project(context, right, exprs, names, members + count + 1, subquery->position, &right, error));
    return bind_distinct_node(context, right, subquery->position, &inner->right, error);
}

/* CASE WHEN total = 0 THEN FALSE WHEN operand IS NULL THEN NULL WHEN found THEN TRUE WHEN values < total THEN NULL ELSE FALSE END */
static weir_status in_with_nulls(bind_scope *scope, const bind_subquery *subquery, const weir_expr *found, const weir_node **node,
                                 const weir_expr **out, weir_error *error) {
    weir_arena *arena = scope->context->arena;
    weir_position position = subquery->position;
    const weir_type *bigint = weir_type_simple(WEIR_KIND_BIGINT, false);
    const made_call counts[2] = {{"COUNT", false, bigint}, {"COUNT", true, bigint}};
    const weir_node *aggregate;
    const weir_expr *counted[2], *zero = weir_expr_int(arena, 0);
    WEIR_TRY(aggregate_node(scope->context, subquery->query, NULL, 0, counts, 2, &aggregate, error));
    WEIR_TRY(join_aggregate(scope, subquery, aggregate, node, counted, error));
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
    WEIR_TRY(bind_compare(scope, "=", counted[0], zero, position, &arguments[0], error));
    WEIR_TRY(bind_build(scope, "IS NULL", &subquery->operands[0], 1, position, &arguments[2], error));
    WEIR_TRY(bind_compare(scope, "<", counted[1], counted[0], position, &arguments[6], error));
    return bind_build(scope, "CASE", arguments, 9, position, out, error);
}

/* IN over a query of one row is a comparison with its value. */
static weir_status in_one_row(bind_scope *scope, const bind_subquery *subquery, const weir_node **node, const weir_expr **out,
                              weir_error *error) {
    bind_subquery scalar = *subquery;
    const weir_expr *value;
    scalar.type = weir_type_with_nullable(scope->context->arena, subquery->query->fields[0].type, true);
    if (scalar.type == NULL)
        return no_memory(error);
    WEIR_TRY(scalar_value(scope, &scalar, node, &value, error));
    return bind_compare(scope, "=", subquery->operands[0], value, subquery->position, out, error);
}

static weir_status is_found(bind_scope *scope, const bind_subquery *subquery, const weir_node **node, const weir_expr **out,
                            weir_error *error) {
    weir_bind_context *context = scope->context;
    bind_decorrelated inner;
    uint32_t marker = 0, left_count = (*node)->field_count;
    WEIR_TRY(bind_decorrelate_grouped(context, subquery, *node, subquery->query, &inner, error));
    WEIR_TRY(distinct_with_marker(scope, subquery, &inner, &marker, error));
    const weir_expr *condition, *member = NULL, *column;
    WEIR_TRY(bind_correlation(context, subquery, &inner.pulled, left_count, &condition, error));
    if (subquery->kind == BIND_SUBQUERY_IN) {
        WEIR_TRY(bind_membership(scope, subquery, inner.right, left_count, &member, error));
        condition = weir_expr_and(context->arena, condition, member);
        if (condition == NULL)
            return no_memory(error);
    }
    WEIR_TRY(left_join(scope, subquery, inner.right, condition, node, error));
    column = weir_expr_column(context->arena, left_count + marker, boolean(true), subquery->position);
    if (column == NULL)
        return no_memory(error);
    return bind_build(scope, "IS NOT NULL", &column, 1, subquery->position, out, error);
}

static weir_status truth_value(bind_scope *scope, const bind_subquery *subquery, const weir_node **node, const weir_expr **out,
                               weir_error *error) {
    bool one_row = bind_gives_one_row(subquery->query);
    if (subquery->kind == BIND_SUBQUERY_EXISTS && one_row) {
        *out = weir_expr_bool(scope->context->arena, true);
        if (*out == NULL)
            return no_memory(error);
    } else if (one_row && subquery->operand_count == 1) {
        WEIR_TRY(in_one_row(scope, subquery, node, out, error));
    } else {
        const weir_expr *found;
        WEIR_TRY(is_found(scope, subquery, node, &found, error));
        *out = found;
        if (subquery->kind == BIND_SUBQUERY_IN && subquery->type->nullable && subquery->operand_count == 1)
            WEIR_TRY(in_with_nulls(scope, subquery, found, node, out, error));
    }
    if (subquery->negated)
        WEIR_TRY(bind_build(scope, "NOT", out, 1, subquery->position, out, error));
    return with_type(scope->context, *out, subquery->type, out, error);
}

/* ---- ANY, ALL ---- */

static const char *opposite(const char *compare) {
    static const char *const pairs[][2] = {{"=", "<>"}, {"<>", "="}, {"<", ">="}, {">=", "<"}, {">", "<="}, {"<=", ">"}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (strcmp(pairs[i][0], compare) == 0)
            return pairs[i][1];
    return compare;
}

/* operand `compare` some value, by the least (values[0]) and the greatest (values[1]): x > ANY when x > the least; x <> ANY unless both are
 * x. */
static weir_status compare_extremes(bind_scope *scope, const bind_subquery *subquery, const char *compare, const weir_expr *const *values,
                                    const weir_expr **out, weir_error *error) {
    const weir_expr *operand = subquery->operands[0], *parts[2];
    if (strcmp(compare, "<>") != 0)
        return bind_compare(scope, compare, operand, values[compare[0] == '<'], subquery->position, out, error);
    WEIR_TRY(bind_compare(scope, compare, operand, values[0], subquery->position, &parts[0], error));
    WEIR_TRY(bind_compare(scope, compare, operand, values[1], subquery->position, &parts[1], error));
    return bind_build(scope, "OR", parts, 2, subquery->position, out, error);
}

/* CASE WHEN total = 0 THEN FALSE WHEN test IS TRUE THEN TRUE WHEN values < total THEN NULL ELSE test END; ALL is NOT (opposite ANY). */
static weir_status quantified_value(bind_scope *scope, const bind_subquery *subquery, const weir_node **node, const weir_expr **out,
                                    weir_error *error) {
    weir_arena *arena = scope->context->arena;
    weir_position position = subquery->position;
    if (subquery->operand_count != 1)
        return weir_fail_at(error, WEIR_UNSUPPORTED, position, "%s %s of several columns is not supported", subquery->compare,
                            subquery->all ? "ALL" : "ANY");
    const weir_type *value = weir_type_with_nullable(arena, subquery->query->fields[0].type, true);
    const weir_type *bigint = weir_type_simple(WEIR_KIND_BIGINT, false);
    if (value == NULL)
        return no_memory(error);
    const made_call calls[4] = {{"MIN", true, value}, {"MAX", true, value}, {"COUNT", false, bigint}, {"COUNT", true, bigint}};
    const weir_node *aggregate;
    const weir_expr *columns[4], *test, *zero = weir_expr_int(arena, 0);
    WEIR_TRY(aggregate_node(scope->context, subquery->query, NULL, 0, calls, 4, &aggregate, error));
    WEIR_TRY(join_aggregate(scope, subquery, aggregate, node, columns, error));
    WEIR_TRY(compare_extremes(scope, subquery, subquery->all ? opposite(subquery->compare) : subquery->compare, columns, &test, error));
    const weir_expr *arguments[7] = {NULL, weir_expr_bool(arena, false),         NULL, weir_expr_bool(arena, true),
                                     NULL, weir_expr_null(arena, boolean(true)), test};
    if (zero == NULL || arguments[1] == NULL || arguments[3] == NULL || arguments[5] == NULL)
        return no_memory(error);
    WEIR_TRY(bind_compare(scope, "=", columns[2], zero, position, &arguments[0], error));
    WEIR_TRY(bind_build(scope, "IS TRUE", &test, 1, position, &arguments[2], error));
    WEIR_TRY(bind_compare(scope, "<", columns[3], columns[2], position, &arguments[4], error));
    WEIR_TRY(bind_build(scope, "CASE", arguments, 7, position, out, error));
    if (subquery->all)
        WEIR_TRY(bind_build(scope, "NOT", out, 1, position, out, error));
    return with_type(scope->context, *out, subquery->type, out, error);
}

weir_status bind_subquery_value(bind_scope *scope, const bind_subquery *subquery, const weir_node **node, const weir_expr **out,
                                weir_error *error) {
    switch (subquery->kind) {
    case BIND_SUBQUERY_SCALAR: return scalar_value(scope, subquery, node, out, error);
    case BIND_SUBQUERY_IN:
    case BIND_SUBQUERY_EXISTS: return truth_value(scope, subquery, node, out, error);
    case BIND_SUBQUERY_QUANTIFIED: break;
    }
    return quantified_value(scope, subquery, node, out, error);
}
