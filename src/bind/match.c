/* MATCH_RECOGNIZE: its clauses, and the node. Under the node stands a projection to the columns that are read. See match_int.h. */
#include <string.h>

#include "bind/match_int.h"

weir_status bind_match_no_memory(weir_error *error) { return weir_fail_memory(error, "MATCH_RECOGNIZE", sizeof(bind_match)); }

/* ---- PARTITION BY, ORDER BY ---- */

static weir_status input_column(bind_scope *scope, const weir_ast_expr *ast, const char *clause, uint32_t *out, weir_error *error) {
    const weir_expr *expr;
    WEIR_TRY(bind_expr(scope, ast, &expr, error));
    if (expr->kind != WEIR_EXPR_COLUMN)
        return weir_fail_at(error, WEIR_VALIDATE, ast->position,
                            "%s of MATCH_RECOGNIZE takes columns; compute them in a subquery before it", clause);
    *out = expr->as.column;
    return WEIR_OK;
}

static weir_status bind_partition(bind_match *self, bind_scope *scope, weir_match_spec *spec, weir_error *error) {
    const weir_ast_expr_list *list = &self->ast->partition_by;
    uint32_t *keys = WEIR_ARENA_ARRAY(self->context->arena, uint32_t, list->count);
    if (keys == NULL)
        return bind_match_no_memory(error);
    for (size_t i = 0; i < list->count; i++)
        WEIR_TRY(input_column(scope, list->items[i], "PARTITION BY", &keys[i], error));
    spec->keys = keys;
    spec->key_count = (uint32_t)list->count;
    return WEIR_OK;
}

static bool is_nested(weir_kind kind) {
    return kind == WEIR_KIND_ARRAY || kind == WEIR_KIND_MAP || kind == WEIR_KIND_MULTISET || kind == WEIR_KIND_ROW;
}

static weir_status bind_order(bind_match *self, bind_scope *scope, weir_match_spec *spec, weir_error *error) {
    const weir_ast_order_list *list = &self->ast->order_by;
    weir_sort_key *order = WEIR_ARENA_ARRAY(self->context->arena, weir_sort_key, list->count);
    if (order == NULL)
        return bind_match_no_memory(error);
    for (size_t i = 0; i < list->count; i++) {
        uint32_t column;
        WEIR_TRY(input_column(scope, list->items[i].expr, "ORDER BY", &column, error));
        if (is_nested(self->columns[column].type->kind))
            return weir_fail_at(error, WEIR_UNSUPPORTED, list->items[i].position, "ORDER BY a collection or a ROW is not supported");
        order[i] = bind_sort_key(&list->items[i], column);
    }
    spec->order = order;
    spec->order_count = (uint32_t)list->count;
    return WEIR_OK;
}

/* ---- variables and their scope ---- */

int bind_match_variable(const bind_match *self, weir_text name) {
    for (uint32_t i = 0; i < self->variable_count; i++)
        if (weir_text_equal(self->variables[i], name))
            return (int)i;
    return -1;
}

static weir_status collect_variables(bind_match *self, weir_error *error) {
    const weir_ast_match *ast = self->ast;
    self->variables = WEIR_ARENA_ARRAY(self->context->arena, weir_text, self->stage_count + ast->subset_count + ast->definition_count);
    if (self->variables == NULL)
        return bind_match_no_memory(error);
    for (uint32_t i = 0; i < self->stage_count; i++)
        self->variables[self->variable_count++] = self->stages[i].name;
    for (size_t i = 0; i < ast->subset_count; i++)
        if (bind_match_variable(self, ast->subsets[i].name.text) < 0)
            self->variables[self->variable_count++] = ast->subsets[i].name.text;
    for (size_t i = 0; i < ast->definition_count; i++) {
        weir_text name = ast->definitions[i].variable.text;
        for (size_t k = 0; k < i; k++)
            if (weir_text_equal(ast->definitions[k].variable.text, name))
                return weir_fail_at(error, WEIR_VALIDATE, ast->definitions[i].variable.position,
                                    "Pattern variable '%.*s' has already been defined", WEIR_TEXT_ARGS(name));
        if (bind_match_variable(self, name) < 0)
            self->variables[self->variable_count++] = name;
    }
    return WEIR_OK;
}

static weir_status make_scope(bind_match *self, bind_cte *ctes, weir_error *error) {
    uint32_t count = (self->variable_count + 1) * self->column_count;
    bind_column *columns = WEIR_ARENA_ARRAY(self->context->arena, bind_column, count);
    if (columns == NULL)
        return bind_match_no_memory(error);
    for (uint32_t v = 0; v <= self->variable_count; v++)
        for (uint32_t c = 0; c < self->column_count; c++) {
            bind_column *column = &columns[v * self->column_count + c];
            *column = self->columns[c];
            column->table = v < self->variable_count ? self->variables[v] : (weir_text){0};
            column->hidden |= v < self->variable_count;
        }
    self->scope = (bind_scope){
        .context = self->context, .column_count = count, .columns = columns, .clause = BIND_CLAUSE_SELECT, .ctes = ctes, .match = self};
    return WEIR_OK;
}

/* ---- MEASURES, DEFINE ---- */

static weir_status bind_measures(bind_match *self, const weir_expr **measures, weir_error *error) {
    self->in_measures = true;
    for (size_t i = 0; i < self->ast->measure_count; i++) {
        WEIR_TRY(bind_expr(&self->scope, self->ast->measures[i].expr, &measures[i], error));
        if (measures[i]->type->kind == WEIR_KIND_NULL)
            return weir_fail_at(error, WEIR_VALIDATE, self->ast->measures[i].expr->position, "Illegal use of 'NULL'");
    }
    self->in_measures = false;
    return WEIR_OK;
}

static weir_status bind_definitions(bind_match *self, weir_error *error) {
    for (size_t i = 0; i < self->ast->definition_count; i++) {
        const weir_ast_definition *definition = &self->ast->definitions[i];
        const weir_expr *condition;
        WEIR_TRY(bind_condition(&self->scope, definition->condition, "DEFINE", &condition, error));
        int stage = bind_match_variable(self, definition->variable.text);
        if (stage >= 0 && (uint32_t)stage < self->stage_count)
            self->stages[stage].condition = condition;
    }
    return WEIR_OK;
}

/* Output columns have different names. */
static weir_status check_names(const bind_match *self, const weir_match_spec *spec, weir_error *error) {
    const weir_ast_match *ast = self->ast;
    if (ast->measure_count == 0)
        return weir_fail_at(error, WEIR_VALIDATE, ast->position, "Columns ambiguously defined: {}: MATCH_RECOGNIZE needs MEASURES");
    for (size_t i = 0; i < ast->measure_count; i++) {
        weir_text name = ast->measures[i].alias.text;
        bool taken = false;
        for (size_t k = 0; k < i; k++)
            taken |= weir_text_equal(ast->measures[k].alias.text, name);
        for (uint32_t k = 0; k < spec->key_count; k++)
            taken |= weir_text_equal(self->columns[spec->keys[k]].name, name);
        if (taken)
            return weir_fail_at(error, WEIR_VALIDATE, ast->measures[i].alias.position, "Columns ambiguously defined: {%.*s}",
                                WEIR_TEXT_ARGS(name));
    }
    return WEIR_OK;
}

/* ---- WITHIN, AFTER MATCH SKIP ---- */

static weir_status bind_within(bind_match *self, weir_match_spec *spec, weir_error *error) {
    if (self->ast->within == NULL)
        return WEIR_OK;
    weir_position position = self->ast->within->position;
    weir_value value;
    WEIR_TRY(weir_bind_constant(self->context, self->ast->within, &value, error));
    if (value.is_null || value.type->kind != WEIR_KIND_INTERVAL_SECOND)
        return weir_fail_at(error, WEIR_UNSUPPORTED, position,
                            "Only constant intervals with millisecond resolution are supported as time constraints of patterns.");
    if (value.as.integer < 0)
        return weir_fail_at(error, WEIR_VALIDATE, position, "Interval must be non-negative");
    spec->within_ms = value.as.integer;
    return WEIR_OK;
}

static weir_status bind_skip(bind_match *self, weir_match_spec *spec, weir_error *error) {
    static const weir_match_skip skips[] = {
        [WEIR_AST_SKIP_NOT_WRITTEN] = WEIR_MATCH_SKIP_TO_NEXT,     [WEIR_AST_SKIP_NEXT_ROW] = WEIR_MATCH_SKIP_TO_NEXT,
        [WEIR_AST_SKIP_PAST_LAST_ROW] = WEIR_MATCH_SKIP_PAST_LAST, [WEIR_AST_SKIP_TO_FIRST] = WEIR_MATCH_SKIP_TO_FIRST,
        [WEIR_AST_SKIP_TO_LAST] = WEIR_MATCH_SKIP_TO_LAST,
    };
    spec->skip = skips[self->ast->skip];
    if (spec->skip == WEIR_MATCH_SKIP_PAST_LAST || spec->skip == WEIR_MATCH_SKIP_TO_NEXT)
        return WEIR_OK;
    const weir_ast_ident *name = &self->ast->skip_variable;
    for (uint32_t i = 0; i < self->stage_count; i++)
        if (weir_text_equal(self->stages[i].name, name->text)) {
            spec->skip_stage = i;
            return WEIR_OK;
        }
    return weir_fail_at(error, WEIR_VALIDATE, name->position, "Unknown pattern '%.*s'", WEIR_TEXT_ARGS(name->text));
}

/* ---- the node ---- */

/* Only the columns that somebody reads, numbered anew. */
static weir_status project_input(bind_match *self, const weir_match_spec *spec, const weir_expr *const *measures, const weir_node **out,
                                 weir_error *error) {
    weir_arena *arena = self->context->arena;
    bool *needs = WEIR_ARENA_ARRAY(arena, bool, self->column_count);
    const weir_expr **exprs = WEIR_ARENA_ARRAY(arena, const weir_expr *, self->column_count);
    weir_text *names = WEIR_ARENA_ARRAY(arena, weir_text, self->column_count);
    self->map = WEIR_ARENA_ARRAY(arena, uint32_t, self->column_count);
    if (needs == NULL || exprs == NULL || names == NULL || self->map == NULL)
        return bind_match_no_memory(error);
    for (uint32_t i = 0; i < spec->key_count; i++)
        needs[spec->keys[i]] = true;
    for (uint32_t i = 0; i < spec->order_count; i++)
        needs[spec->order[i].column] = true;
    for (size_t i = 0; i < self->ast->measure_count; i++)
        bind_match_mark_needs(self, measures[i], needs);
    for (uint32_t i = 0; i < self->stage_count; i++)
        if (self->stages[i].condition != NULL)
            bind_match_mark_needs(self, self->stages[i].condition, needs);
    if (spec->key_count == 0 && spec->order_count == 0)
        needs[0] = true; /* a batch has a column; the missing ORDER BY is told later, in the words of the mode */
    uint32_t count = 0;
    for (uint32_t c = 0; c < self->column_count; c++) {
        self->map[c] = needs[c] ? count : UINT32_MAX;
        if (!needs[c])
            continue;
        names[count] = self->input->fields[c].name;
        exprs[count] = weir_expr_column(arena, c, self->input->fields[c].type, self->ast->position);
        if (exprs[count++] == NULL)
            return bind_match_no_memory(error);
    }
    if (count == self->column_count) {
        *out = self->input;
        return WEIR_OK;
    }
    return bind_project(self->context, self->input, exprs, names, count, self->ast->position, out, error);
}

static void renumber(const bind_match *self, weir_match_spec *spec) {
    uint32_t *keys = (uint32_t *)(uintptr_t)spec->keys;
    weir_sort_key *order = (weir_sort_key *)(uintptr_t)spec->order;
    for (uint32_t i = 0; i < spec->key_count; i++)
        keys[i] = self->map[keys[i]];
    for (uint32_t i = 0; i < spec->order_count; i++)
        order[i].column = self->map[order[i].column];
}

static weir_time_attribute measure_time(const weir_expr *measure) {
    if (bind_is_mark(measure, MATCH_MARK_TIME))
        return WEIR_TIME_ROWTIME;
    return weir_expr_is_call(measure, "PROCTIME") ? WEIR_TIME_PROCTIME : WEIR_TIME_NONE;
}

static weir_status make_node(bind_match *self, weir_match_spec *spec, const weir_expr **measures, const weir_node **out,
                             weir_error *error) {
    const weir_node *input;
    uint32_t count = (uint32_t)self->ast->measure_count;
    WEIR_TRY(project_input(self, spec, measures, &input, error));
    weir_node *node = weir_node_create(self->context->arena, WEIR_NODE_MATCH, self->ast->position, &input, 1, spec->key_count + count);
    if (node == NULL)
        return bind_match_no_memory(error);
    weir_plan_field *fields = weir_node_fields(node);
    for (uint32_t i = 0; i < spec->key_count; i++)
        fields[i] = (weir_plan_field){.name = self->columns[spec->keys[i]].name, .type = self->columns[spec->keys[i]].type};
    for (uint32_t i = 0; i < count; i++)
        fields[spec->key_count + i] =
            (weir_plan_field){.name = self->ast->measures[i].alias.text, .type = measures[i]->type, .time = measure_time(measures[i])};
    renumber(self, spec);
    for (uint32_t i = 0; i < self->stage_count; i++)
        if (self->stages[i].condition != NULL)
            WEIR_TRY(bind_match_view(self, &self->stages[i].condition, 1, i, &self->stages[i].view, error));
    WEIR_TRY(bind_match_view(self, measures, count, UINT32_MAX, &spec->view, error));
    spec->measure_count = count;
    spec->measures = measures;
    spec->stage_count = self->stage_count;
    spec->stages = self->stages;
    node->as.match = *spec;
    *out = node;
    return WEIR_OK;
}

weir_status bind_match_node(weir_bind_context *context, bind_scope *outer, bind_cte *ctes, const weir_ast_table_ref *ref,
                            const weir_node **out, weir_error *error) {
    bind_match *self = WEIR_ARENA_NEW(context->arena, bind_match);
    weir_match_spec spec = {0};
    if (self == NULL)
        return bind_match_no_memory(error);
    self->context = context;
    self->ast = ref->as.match.match;
    bind_scope rows = {.context = context, .outer = outer, .clause = BIND_CLAUSE_ORDER, .ctes = ctes};
    WEIR_TRY(bind_from(&rows, ref->as.match.input, &self->input, error));
    self->columns = rows.columns;
    self->column_count = rows.column_count;
    rows.outer = NULL;
    WEIR_TRY(bind_partition(self, &rows, &spec, error));
    WEIR_TRY(bind_order(self, &rows, &spec, error));
    if (self->ast->rows == WEIR_AST_ALL_ROWS_PER_MATCH)
        return weir_fail_at(error, WEIR_UNSUPPORTED, self->ast->position,
                            "All rows per match mode is not supported yet: ALL ROWS PER MATCH");
    WEIR_TRY(bind_match_pattern(self, error));
    WEIR_TRY(collect_variables(self, error));
    WEIR_TRY(make_scope(self, ctes, error));
    const weir_expr **measures = WEIR_ARENA_ARRAY(context->arena, const weir_expr *, self->ast->measure_count);
    if (measures == NULL)
        return bind_match_no_memory(error);
    WEIR_TRY(bind_measures(self, measures, error));
    WEIR_TRY(bind_definitions(self, error));
    WEIR_TRY(bind_skip(self, &spec, error));
    WEIR_TRY(bind_within(self, &spec, error));
    WEIR_TRY(check_names(self, &spec, error));
    return make_node(self, &spec, measures, out, error);
}
