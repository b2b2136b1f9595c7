/* Queries: SELECT, VALUES, TABLE t, set operations; WITH, ORDER BY, OFFSET and FETCH around them. */
#include <string.h>

#include "bind/bind_int.h"

enum { QUERY_DEPTH_MAX = 200 };

static weir_status no_memory(weir_error *error) { return weir_fail_memory(error, "a query", sizeof(weir_node)); }

static weir_status bind_count(weir_bind_context *context, const weir_ast_expr *ast, const char *what, int64_t *out, weir_error *error) {
    if (ast == NULL)
        return WEIR_OK;
    weir_value value;
    WEIR_TRY(weir_bind_constant(context, ast, &value, error));
    if (value.is_null || !weir_kind_is_integer(value.type->kind) || value.as.integer < 0)
        return weir_fail_at(error, WEIR_VALIDATE, ast->position, "%s takes a number of rows", what);
    *out = value.as.integer;
    return WEIR_OK;
}

static weir_status rename_fields(weir_bind_context *context, const weir_node *input, const weir_ast_ident *names, size_t count,
                                 weir_position position, const weir_node **out, weir_error *error) {
    *out = input;
    if (count == 0)
        return WEIR_OK;
    if (count != input->field_count)
        return weir_fail_at(
            error, WEIR_VALIDATE, position,
            "List of column aliases must have same degree as table; table has %u columns, whereas alias list has %zu columns",
            input->field_count, count);
    const weir_expr **exprs = WEIR_ARENA_ARRAY(context->arena, const weir_expr *, count);
    weir_text *texts = WEIR_ARENA_ARRAY(context->arena, weir_text, count);
    if (exprs == NULL || texts == NULL)
        return no_memory(error);
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < i; k++)
            if (weir_text_equal(names[i].text, names[k].text))
                return weir_fail_at(error, WEIR_VALIDATE, names[i].position, "Duplicate name '%.*s' in column alias list",
                                    WEIR_TEXT_ARGS(names[i].text));
        texts[i] = names[i].text;
        exprs[i] = weir_expr_column(context->arena, (uint32_t)i, input->fields[i].type, names[i].position);
        if (exprs[i] == NULL)
            return no_memory(error);
    }
    return bind_project(context, input, exprs, texts, (uint32_t)count, position, out, error);
}

/* Names of a result are different ones: a, a0, a1, as Calcite makes them. */
weir_status bind_distinct_names(weir_bind_context *context, weir_plan_field *fields, uint32_t count, weir_error *error) {
    for (uint32_t i = 0; i < count; i++) {
        weir_text base = fields[i].name;
        bool taken = true;
        for (uint32_t attempt = 0; taken; attempt++) {
            taken = false;
            for (uint32_t k = 0; k < i && !taken; k++)
                taken = weir_text_equal(fields[k].name, fields[i].name);
            if (taken)
                fields[i].name = weir_arena_format(context->arena, "%.*s%u", WEIR_TEXT_ARGS(base), attempt);
            if (fields[i].name.data == NULL)
                return no_memory(error);
        }
    }
    return WEIR_OK;
}

weir_status bind_cte_query(weir_bind_context *context, bind_cte *cte, const weir_node **out, weir_error *error) {
    if (cte->node == NULL) {
        const weir_node *node;
        WEIR_TRY(bind_query(context, NULL, cte->older, cte->item->query, &node, error));
        WEIR_TRY(rename_fields(context, node, cte->item->columns, cte->item->column_count, cte->item->position, &cte->node, error));
    }
    *out = cte->node;
    return WEIR_OK;
}

/* ---- VALUES ---- */

static weir_status values_exprs(weir_bind_context *context, bind_scope *scope, const weir_ast_expr_list *rows, uint32_t *columns,
                                const weir_expr ***out, weir_error *error) {
    const weir_expr **exprs = NULL;
    for (size_t r = 0; r < rows->count; r++) {
        const weir_ast_expr *row = rows->items[r];
        bool is_row = row->kind == WEIR_AST_EXPR_ROW;
        uint32_t width = is_row ? (uint32_t)row->as.row.items.count : 1;
        if (r == 0) {
            *columns = width;
            exprs = WEIR_ARENA_ARRAY(context->arena, const weir_expr *, rows->count *width);
            if (exprs == NULL)
                return no_memory(error);
        }
        if (width != *columns)
            return weir_fail_at(error, WEIR_VALIDATE, row->position, "Unequal number of entries in ROW constructor");
        for (uint32_t c = 0; c < width; c++) {
            const weir_ast_expr *item = is_row ? row->as.row.items.items[c] : row;
            WEIR_TRY(bind_expr(scope, item, &exprs[r * width + c], error));
            WEIR_TRY(bind_refuse_division(exprs[r * width + c], error));
            if (exprs[r * width + c]->type->kind == WEIR_KIND_NULL)
                return weir_fail_at(error, WEIR_VALIDATE, item->position, "Illegal use of 'NULL'");
        }
    }
    *out = exprs;
    return WEIR_OK;
}

/* Text literals of different length become VARCHAR of the longest. */
static weir_status values_type(weir_bind_context *context, const weir_expr *const *exprs, size_t rows, uint32_t columns, uint32_t column,
                               weir_position position, const weir_type **out, weir_error *error) {
    const weir_type *common = exprs[column]->type;
    for (size_t r = 1; r < rows && common != NULL; r++)
        common = weir_type_common(context->arena, common, exprs[r * columns + column]->type);
    if (common == NULL)
        return context->arena->failed
                   ? no_memory(error)
                   : weir_fail_at(error, WEIR_VALIDATE, position, "Values passed to VALUES operator must have compatible types");
    *out = common;
    return WEIR_OK;
}

/* All rows are constants: one VALUES node. */
static weir_status values_node(weir_bind_context *context, const weir_expr *const *exprs, size_t rows, uint32_t columns,
                               weir_position position, const weir_node **out, weir_error *error) {
    weir_node *node = weir_node_create(context->arena, WEIR_NODE_VALUES, position, NULL, 0, columns);
    weir_value *values = WEIR_ARENA_ARRAY(context->arena, weir_value, rows * columns);
    if (node == NULL || values == NULL)
        return no_memory(error);
    for (uint32_t c = 0; c < columns; c++) {
        const weir_type *type = NULL;
        WEIR_TRY(values_type(context, exprs, rows, columns, c, position, &type, error));
        weir_node_fields(node)[c] = (weir_plan_field){.name = weir_arena_format(context->arena, "EXPR$%u", c), .type = type};
        for (size_t r = 0; r < rows; r++) {
            const weir_expr *cast = weir_expr_cast(context->arena, exprs[r * columns + c], type);
            if (cast == NULL)
                return no_memory(error);
            weir_value *value = &values[r * columns + c];
            WEIR_TRY(weir_expr_constant(context->arena, context->arena->memory, context->evaluation, cast, value, error));
            value->type = type;
        }
    }
    node->as.values.row_count = (uint32_t)rows;
    node->as.values.values = values;
    *out = node;
    return WEIR_OK;
}

/* Rows that must be computed each time (RAND(), CURRENT_TIMESTAMP, subqueries, a failing constant): a SELECT per row, and UNION ALL of
 * them. */
static weir_status values_select(weir_bind_context *context, bind_scope *scope, const weir_expr *const *exprs, uint32_t columns,
                                 weir_position position, const weir_node **out, weir_error *error) {
    weir_value zero = {.type = weir_type_simple(WEIR_KIND_INT, false)};
    weir_node *one = weir_node_create(context->arena, WEIR_NODE_VALUES, position, NULL, 0, 1);
    weir_value *value = WEIR_ARENA_NEW(context->arena, weir_value);
    const weir_expr **row = WEIR_ARENA_ARRAY(context->arena, const weir_expr *, columns);
    weir_text *names = WEIR_ARENA_ARRAY(context->arena, weir_text, columns);
    if (one == NULL || value == NULL || row == NULL || names == NULL)
        return no_memory(error);
    *value = zero;
    weir_node_fields(one)[0] = (weir_plan_field){.name = WEIR_TEXT("ZERO"), .type = zero.type};
    one->as.values.row_count = 1;
    one->as.values.values = value;
    memcpy(row, exprs, columns * sizeof *row);
    const weir_node *node = one;
    bind_exprs_list list = {row, columns};
    WEIR_TRY(bind_apply_subqueries(scope, &list, &node, error));
    return bind_project(context, node, row, names, columns, position, out, error);
}

static weir_status set_node(weir_bind_context *context, weir_set_kind kind, bool all, const weir_node *left, const weir_node *right,
                            weir_position position, const weir_node **out, weir_error *error);

static weir_status bind_values(weir_bind_context *context, bind_scope *outer, bind_cte *ctes, const weir_ast_query *query,
                               const weir_node **out, weir_error *error) {
    bind_marks marks = {0};
    bind_scope scope = {.context = context, .outer = outer, .marks = &marks, .clause = BIND_CLAUSE_VALUES, .ctes = ctes};
    uint32_t columns = 0;
    const weir_expr **exprs = NULL;
    size_t rows = query->as.rows.count;
    WEIR_TRY(values_exprs(context, &scope, &query->as.rows, &columns, &exprs, error));
    bool constant = true;
    for (size_t i = 0; i < rows * columns; i++)
        constant &= weir_expr_is_constant(exprs[i]);
    if (constant) {
        weir_error ignored = {0};
        weir_status status = values_node(context, exprs, rows, columns, query->position, out, &ignored);
        if (status != WEIR_RUNTIME) {
            if (status != WEIR_OK && error != NULL)
                *error = ignored;
            return status;
        }
    }
    for (size_t r = 0; r < rows; r++) {
        const weir_node *row;
        WEIR_TRY(values_select(context, &scope, exprs + r * columns, columns, query->position, &row, error));
        if (r == 0)
            *out = row;
        else
            WEIR_TRY(set_node(context, WEIR_SET_UNION, true, *out, row, query->position, out, error));
    }
    return WEIR_OK;
}

/* ---- set operations ---- */

static weir_status cast_fields(weir_bind_context *context, const weir_node *input, const weir_type *const *types, const weir_node **out,
                               weir_error *error) {
    uint32_t count = input->field_count;
    bool same = true;
    const weir_expr **exprs = WEIR_ARENA_ARRAY(context->arena, const weir_expr *, count);
    weir_text *names = WEIR_ARENA_ARRAY(context->arena, weir_text, count);
    if (exprs == NULL || names == NULL)
        return no_memory(error);
    for (uint32_t i = 0; i < count; i++) {
        const weir_expr *column = weir_expr_column(context->arena, i, input->fields[i].type, input->position);
        exprs[i] = weir_expr_cast(context->arena, column, types[i]);
        names[i] = input->fields[i].name;
        if (exprs[i] == NULL)
            return no_memory(error);
        same &= exprs[i] == column;
    }
    if (same) {
        *out = input;
        return WEIR_OK;
    }
    return bind_project(context, input, exprs, names, count, input->position, out, error);
}

static weir_status set_node(weir_bind_context *context, weir_set_kind kind, bool all, const weir_node *left, const weir_node *right,
                            weir_position position, const weir_node **out, weir_error *error) {
    static const char *const names[] = {[WEIR_SET_UNION] = "UNION", [WEIR_SET_INTERSECT] = "INTERSECT", [WEIR_SET_EXCEPT] = "EXCEPT"};
    if (left->field_count != right->field_count)
        return weir_fail_at(error, WEIR_VALIDATE, position, "Column count mismatch in %s%s", names[kind], all ? " ALL" : "");
    const weir_type **types = WEIR_ARENA_ARRAY(context->arena, const weir_type *, left->field_count);
    if (types == NULL)
        return no_memory(error);
    for (uint32_t i = 0; i < left->field_count; i++) {
        types[i] = weir_type_common(context->arena, left->fields[i].type, right->fields[i].type);
        if (types[i] == NULL)
            return context->arena->failed ? no_memory(error)
                                          : weir_fail_at(error, WEIR_VALIDATE, position, "Type mismatch in column %u of %s%s", i + 1,
                                                         names[kind], all ? " ALL" : "");
    }
    const weir_node *inputs[2];
    WEIR_TRY(cast_fields(context, left, types, &inputs[0], error));
    WEIR_TRY(cast_fields(context, right, types, &inputs[1], error));
    weir_node *node = weir_node_create(context->arena, WEIR_NODE_SET, position, inputs, 2, left->field_count);
    if (node == NULL)
        return no_memory(error);
    for (uint32_t i = 0; i < left->field_count; i++) {
        weir_time_attribute time = left->fields[i].time == right->fields[i].time ? left->fields[i].time : WEIR_TIME_NONE;
        weir_node_fields(node)[i] = (weir_plan_field){
            .name = left->fields[i].name, .type = types[i], .time = kind == WEIR_SET_UNION && all ? time : WEIR_TIME_NONE};
    }
    node->as.set.kind = kind;
    node->as.set.all = all;
    *out = node;
    return WEIR_OK;
}

static weir_status bind_set(weir_bind_context *context, bind_scope *outer, bind_cte *ctes, const weir_ast_query *query,
                            const weir_node **out, weir_error *error) {
    static const weir_set_kind kinds[] = {
        [WEIR_AST_UNION] = WEIR_SET_UNION, [WEIR_AST_INTERSECT] = WEIR_SET_INTERSECT, [WEIR_AST_EXCEPT] = WEIR_SET_EXCEPT};
    const weir_node *left, *right;
    WEIR_TRY(bind_query(context, outer, ctes, query->as.set.left, &left, error));
    WEIR_TRY(bind_query(context, outer, ctes, query->as.set.right, &right, error));
    return set_node(context, kinds[query->as.set.op], query->as.set.all, left, right, query->position, out, error);
}

/* ---- ORDER BY on a query that is no SELECT: only names and ordinals of its columns, and expressions over them ---- */

static weir_status sort_query(weir_bind_context *context, bind_scope *outer, bind_cte *ctes, const weir_ast_query *query, int64_t offset,
                              int64_t fetch, const weir_node **node, weir_error *error) {
    const weir_ast_order_list *order = &query->order_by;
    if (order->count == 0 && offset == 0 && fetch < 0)
        return WEIR_OK;
    const bind_column *columns = bind_columns_of(context, *node, (weir_text){0}, NULL, 0);
    weir_sort_key *keys = WEIR_ARENA_ARRAY(context->arena, weir_sort_key, order->count);
    const weir_expr **extra = WEIR_ARENA_ARRAY(context->arena, const weir_expr *, order->count);
    if (columns == NULL || keys == NULL || extra == NULL)
        return no_memory(error);
    bind_scope scope = {.context = context,
                        .outer = outer,
                        .column_count = (*node)->field_count,
                        .columns = columns,
                        .clause = BIND_CLAUSE_ORDER,
                        .ctes = ctes};
    uint32_t visible = (*node)->field_count, extra_count = 0;
    for (size_t i = 0; i < order->count; i++) {
        const weir_ast_order_item *item = &order->items[i];
        const weir_expr *expr;
        WEIR_TRY(bind_expr(&scope, item->expr, &expr, error));
        uint32_t column = visible + extra_count;
        if (expr->kind == WEIR_EXPR_COLUMN)
            column = expr->as.column;
        else if (expr->kind == WEIR_EXPR_LITERAL && weir_kind_is_integer(expr->type->kind)) {
            if (expr->as.literal.as.integer < 1 || expr->as.literal.as.integer > visible)
                return weir_fail_at(error, WEIR_VALIDATE, item->position, "Ordinal out of range");
            column = (uint32_t)expr->as.literal.as.integer - 1;
        } else
            extra[extra_count++] = expr;
        keys[i] = bind_sort_key(item, column);
    }
    WEIR_TRY(bind_project_more(context, *node, extra, extra_count, query->position, node, error));
    WEIR_TRY(bind_sort_node(context, *node, keys, (uint32_t)order->count, offset, fetch, query->position, node, error));
    return bind_project_first(context, *node, visible, node, error);
}

static weir_status bind_with(weir_bind_context *context, const weir_ast_query *query, bind_cte **ctes, weir_error *error) {
    if (query->recursive)
        return weir_fail_at(error, WEIR_UNSUPPORTED, query->position, "WITH RECURSIVE is not supported");
    for (size_t i = 0; i < query->with_count; i++) {
        bind_cte *cte = WEIR_ARENA_NEW(context->arena, bind_cte);
        if (cte == NULL)
            return no_memory(error);
        *cte = (bind_cte){.older = *ctes, .item = &query->with[i]};
        *ctes = cte;
        /* Bound at once, so that a mistake in one that nobody uses is told, too. */
        const weir_node *ignored;
        WEIR_TRY(bind_cte_query(context, cte, &ignored, error));
    }
    return WEIR_OK;
}

static weir_status query_body(weir_bind_context *context, bind_scope *outer, bind_cte *ctes, const weir_ast_query *query,
                              const weir_node **out, weir_error *error) {
    int64_t offset = 0, fetch = -1;
    WEIR_TRY(bind_with(context, query, &ctes, error));
    WEIR_TRY(bind_count(context, query->offset, "OFFSET", &offset, error));
    WEIR_TRY(bind_count(context, query->limit, "LIMIT", &fetch, error));
    weir_ast_hints hints = {0};
    switch (query->kind) {
    case WEIR_AST_QUERY_SELECT:
        return bind_select_core(context, outer, ctes, query->as.select, &query->order_by, offset, fetch, out, error);
    case WEIR_AST_QUERY_SET: WEIR_TRY(bind_set(context, outer, ctes, query, out, error)); break;
    case WEIR_AST_QUERY_VALUES: WEIR_TRY(bind_values(context, outer, ctes, query, out, error)); break;
    case WEIR_AST_QUERY_NESTED: WEIR_TRY(bind_query(context, outer, ctes, query->as.nested, out, error)); break;
    case WEIR_AST_QUERY_TABLE: WEIR_TRY(bind_named(context, ctes, &query->as.table, &hints, out, error)); break;
    }
    return sort_query(context, outer, ctes, query, offset, fetch, out, error);
}

/* ORDER BY without a limit in a subquery orders nothing: the sort goes away, as in Flink. */
static weir_status without_order(weir_bind_context *context, const weir_node **node, weir_error *error) {
    const weir_node *project = (*node)->kind == WEIR_NODE_PROJECT ? *node : NULL;
    const weir_node *sort = project == NULL ? *node : project->inputs[0];
    if (sort->kind != WEIR_NODE_SORT || sort->as.sort.fetch >= 0 || sort->as.sort.offset > 0)
        return WEIR_OK;
    const weir_node *below = sort->inputs[0];
    if (project == NULL) {
        *node = below;
        return WEIR_OK;
    }
    weir_text *names = WEIR_ARENA_ARRAY(context->arena, weir_text, project->field_count);
    if (names == NULL)
        return no_memory(error);
    for (uint32_t i = 0; i < project->field_count; i++)
        names[i] = project->fields[i].name;
    return bind_project(context, below, project->as.project.expressions, names, project->field_count, project->position, node, error);
}

static bool is_top(const weir_bind_context *context) { return context->query_depth == context->top_depth + 1; }

weir_status bind_query(weir_bind_context *context, bind_scope *outer, bind_cte *ctes, const weir_ast_query *query, const weir_node **out,
                       weir_error *error) {
    if (context->query_depth >= QUERY_DEPTH_MAX)
        return weir_fail_at(error, WEIR_UNSUPPORTED, query->position, "queries and views are nested more than %d deep", QUERY_DEPTH_MAX);
    context->query_depth++;
    uint32_t top_depth = context->top_depth;
    bool top = is_top(context), ordered = query->order_by.count > 0;
    if (top && query->kind == WEIR_AST_QUERY_NESTED && !ordered)
        context->top_depth++; /* parentheses around the whole */
    weir_status status = query_body(context, outer, ctes, query, out, error);
    context->top_depth = top_depth;
    context->query_depth--;
    if (status == WEIR_OK && !top && ordered)
        status = without_order(context, out, error);
    return status;
}

weir_status weir_bind_query(weir_bind_context *context, const weir_ast_query *query, const weir_node **out, weir_error *error) {
    weir_status status = bind_query(context, NULL, NULL, query, out, error);
    if (status != WEIR_OK)
        weir_error_stage(error, "bind");
    return status;
}

weir_status weir_bind_select(weir_bind_context *context, const weir_ast_query *query, weir_plan *out, weir_error *error) {
    const weir_node *node;
    WEIR_TRY(weir_bind_query(context, query, &node, error));
    weir_node *collect = weir_node_create(context->arena, WEIR_NODE_COLLECT, query->position, &node, 1, node->field_count);
    const weir_node **roots = WEIR_ARENA_ARRAY(context->arena, const weir_node *, 1);
    if (collect == NULL || roots == NULL)
        return no_memory(error);
    if (node->field_count > 0)
        memcpy(weir_node_fields(collect), node->fields, node->field_count * sizeof *node->fields);
    WEIR_TRY(bind_distinct_names(context, weir_node_fields(collect), node->field_count, error));
    roots[0] = collect;
    *out = (weir_plan){.root_count = 1, .roots = roots, .batch_mode = context->batch_mode};
    return WEIR_OK;
}
