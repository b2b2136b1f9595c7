/* FROM: named tables, WITH names, subqueries, table functions, UNNEST, joins. */
#include <string.h>

#include "bind/qualify_int.h"
#include "func/function.h"

static weir_status no_memory(weir_error *error) { return weir_fail_memory(error, "a FROM clause", sizeof(weir_node)); }

typedef struct from_state {
    weir_bind_context *context;
    bind_scope *outer;
    bind_cte *ctes;
} from_state;

/* What an item of FROM gives. */
typedef struct from_item {
    const weir_node *node;
    const bind_column *columns;
    uint32_t count;
    const uint32_t *star; /* columns in the order of * */
    uint32_t star_count;
} from_item;

static weir_status bind_ref(from_state *state, const weir_ast_table_ref *ref, const from_item *left, from_item *out, weir_error *error);

static weir_status check_aliases(const weir_ast_table_ref *ref, const weir_node *node, weir_error *error) {
    if (ref->column_count > 0 && ref->column_count != node->field_count)
        return weir_fail_at(
            error, WEIR_VALIDATE, ref->position,
            "List of column aliases must have same degree as table; table has %u columns, whereas alias list has %zu columns",
            node->field_count, ref->column_count);
    for (size_t i = 0; i < ref->column_count; i++)
        for (size_t k = 0; k < i; k++)
            if (weir_text_equal(ref->columns[i].text, ref->columns[k].text))
                return weir_fail_at(error, WEIR_VALIDATE, ref->columns[i].position, "Duplicate name '%.*s' in column alias list",
                                    WEIR_TEXT_ARGS(ref->columns[i].text));
    return WEIR_OK;
}

/* The columns of an item that stands alone, in order. */
static weir_status star_make(from_state *state, from_item *item, uint32_t shown, weir_error *error) {
    uint32_t *star = WEIR_ARENA_ARRAY(state->context->arena, uint32_t, shown);
    if (star == NULL)
        return no_memory(error);
    for (uint32_t i = 0; i < shown; i++)
        star[i] = i;
    item->star = star;
    item->star_count = shown;
    return WEIR_OK;
}

/* The written alias, else `otherwise`, else one made for it: it qualifies the columns. */
static weir_status alias_of(from_state *state, const weir_ast_table_ref *ref, weir_text otherwise, weir_text *out, weir_error *error) {
    *out = ref->alias.text.data != NULL ? ref->alias.text : otherwise;
    if (out->data == NULL)
        *out = weir_arena_format(state->context->arena, "EXPR$%u", state->context->generated_aliases++);
    if (out->data == NULL)
        return no_memory(error);
    bind_record_alias(state->context, ref, *out);
    return WEIR_OK;
}

static weir_status item_make(from_state *state, const weir_ast_table_ref *ref, const weir_node *node, weir_text alias, from_item *out,
                             weir_error *error) {
    WEIR_TRY(check_aliases(ref, node, error));
    WEIR_TRY(alias_of(state, ref, alias, &alias, error));
    *out = (from_item){
        .node = node, .columns = bind_columns_of(state->context, node, alias, ref->columns, ref->column_count), .count = node->field_count};
    return out->columns == NULL ? no_memory(error) : star_make(state, out, node->field_count, error);
}

static bind_cte *cte_named(bind_cte *ctes, const weir_ast_name *name) {
    for (bind_cte *at = name->count == 1 ? ctes : NULL; at != NULL; at = at->older)
        if (weir_text_equal(at->item->name.text, name->parts[0].text))
            return at;
    return NULL;
}

weir_status bind_named(weir_bind_context *context, bind_cte *ctes, const weir_ast_name *name, const weir_ast_hints *hints,
                       const weir_node **out, weir_error *error) {
    bind_cte *cte = cte_named(ctes, name);
    if (cte != NULL)
        return bind_cte_query(context, cte, out, error);
    WEIR_TRY(bind_table(context, name, hints, out, error));
    if (context->recorder == NULL)
        return WEIR_OK;
    weir_object_path path;
    WEIR_TRY(weir_bind_path(context, name, &path, error));
    bind_record_table(context, name, path);
    return WEIR_OK;
}

/* A table or WITH name, by its own name or an alias. */
static weir_status bind_named_ref(from_state *state, const weir_ast_table_ref *ref, from_item *out, weir_error *error) {
    const weir_ast_name *name = &ref->as.named.name;
    const weir_node *node;
    WEIR_TRY(bind_named(state->context, state->ctes, name, &ref->hints, &node, error));
    WEIR_TRY(item_make(state, ref, node, name->parts[name->count - 1].text, out, error));
    if (ref->alias.text.data != NULL || cte_named(state->ctes, name) != NULL)
        return WEIR_OK;
    weir_object_path *path = WEIR_ARENA_NEW(state->context->arena, weir_object_path);
    if (path == NULL)
        return no_memory(error);
    WEIR_TRY(weir_bind_path(state->context, name, path, error));
    for (uint32_t i = 0; i < out->count; i++)
        ((bind_column *)(uintptr_t)&out->columns[i])->path = path;
    return WEIR_OK;
}

static weir_status refuse_extras(const weir_ast_table_ref *ref, weir_error *error) {
    if (ref->sample.present)
        return weir_fail_at(error, WEIR_UNSUPPORTED, ref->sample.position, "TABLESAMPLE is not supported");
    if (ref->system_time != NULL && ref->kind != WEIR_AST_TABLE_NAMED)
        return weir_fail_at(error, WEIR_UNSUPPORTED, ref->position,
                            "FOR SYSTEM_TIME AS OF is supported behind the name of a table or view only");
    return WEIR_OK;
}

/* ---- UNNEST over the left side ---- */

static uint32_t element_fields(const weir_type *collection, weir_plan_field *fields) {
    if (collection->kind == WEIR_KIND_MAP) {
        fields[0] = (weir_plan_field){.name = WEIR_TEXT("KEY"), .type = collection->children[0]};
        fields[1] = (weir_plan_field){.name = WEIR_TEXT("VALUE"), .type = collection->children[1]};
        return 2;
    }
    const weir_type *element = collection->children[0];
    if (element->kind != WEIR_KIND_ROW) {
        fields[0] = (weir_plan_field){.name = WEIR_TEXT("EXPR$0"), .type = element};
        return 1;
    }
    for (uint32_t i = 0; i < element->field_count; i++)
        fields[i] = (weir_plan_field){.name = element->fields[i].name, .type = element->fields[i].type};
    return element->field_count;
}

static uint32_t element_count(const weir_type *collection) {
    if (collection->kind == WEIR_KIND_MAP)
        return 2;
    return collection->children[0]->kind == WEIR_KIND_ROW ? collection->children[0]->field_count : 1;
}

/* A ROW element that may be NULL has fields that may be. */
static weir_status fields_nullable(from_state *state, weir_plan_field *fields, uint32_t count, weir_error *error) {
    for (uint32_t i = 0; i < count; i++) {
        fields[i].type = weir_type_with_nullable(state->context->arena, fields[i].type, true);
        if (fields[i].type == NULL)
            return no_memory(error);
    }
    return WEIR_OK;
}

static weir_status no_collection(weir_bind_context *context, const weir_type *type, weir_position position, weir_error *error) {
    weir_builder text;
    weir_builder_init(&text, context->arena->memory, 4096);
    weir_type_print_calcite(type, &text);
    weir_status status =
        weir_fail_at(error, WEIR_VALIDATE, position,
                     "Cannot apply 'UNNEST' to arguments of type 'UNNEST(<%.*s>)'. Supported form(s): 'UNNEST(<MULTISET>)', "
                     "'UNNEST(<ARRAY>)', 'UNNEST(<MAP>)'",
                     (int)weir_builder_view(&text).size, weir_builder_view(&text).data);
    weir_builder_deinit(&text);
    return status;
}

static weir_status bind_unnest(from_state *state, const weir_ast_table_ref *ref, const from_item *left, bool keep_empty, from_item *out,
                               weir_error *error) {
    if (ref->as.unnest.collections.count != 1)
        return weir_fail_at(error, WEIR_UNSUPPORTED, ref->position, "UNNEST takes one collection");
    bind_scope scope = {.context = state->context,
                        .outer = state->outer,
                        .column_count = left->count,
                        .columns = left->columns,
                        .clause = BIND_CLAUSE_ON,
                        .ctes = state->ctes};
    const weir_expr *collection;
    WEIR_TRY(bind_expr(&scope, ref->as.unnest.collections.items[0], &collection, error));
    weir_kind kind = collection->type->kind;
    if (kind != WEIR_KIND_ARRAY && kind != WEIR_KIND_MAP && kind != WEIR_KIND_MULTISET)
        return no_collection(state->context, collection->type, ref->position, error);
    uint32_t elements = element_count(collection->type), more = elements + ref->as.unnest.with_ordinality;
    weir_node *node = weir_node_create(state->context->arena, WEIR_NODE_UNNEST, ref->position, &left->node, 1, left->count + more);
    bind_column *columns = WEIR_ARENA_ARRAY(state->context->arena, bind_column, left->count + more);
    if (node == NULL || columns == NULL)
        return no_memory(error);
    if (ref->column_count > 0 && ref->column_count != more)
        return weir_fail_at(
            error, WEIR_VALIDATE, ref->position,
            "List of column aliases must have same degree as table; table has %u columns, whereas alias list has %zu columns", more,
            ref->column_count);
    weir_plan_field *fields = weir_node_fields(node);
    memcpy(fields, left->node->fields, left->count * sizeof *fields);
    element_fields(collection->type, fields + left->count);
    const weir_type *element = collection->type->children[0];
    if (keep_empty || (kind != WEIR_KIND_MAP && element->kind == WEIR_KIND_ROW && element->nullable))
        WEIR_TRY(fields_nullable(state, fields + left->count, elements, error));
    if (ref->as.unnest.with_ordinality)
        fields[left->count + elements] =
            (weir_plan_field){.name = WEIR_TEXT("ORDINALITY"), .type = weir_type_simple(WEIR_KIND_INT, keep_empty)};
    node->as.unnest.collection = collection;
    node->as.unnest.ordinality = ref->as.unnest.with_ordinality;
    node->as.unnest.keep_empty = keep_empty;
    node->as.unnest.element_count = elements;
    memcpy(columns, left->columns, left->count * sizeof *columns);
    weir_text alias;
    WEIR_TRY(alias_of(state, ref, (weir_text){0}, &alias, error));
    for (uint32_t i = 0; i < more; i++)
        columns[left->count + i] = (bind_column){.table = alias,
                                                 .owner = ref,
                                                 .name = i < ref->column_count ? ref->columns[i].text : fields[left->count + i].name,
                                                 .type = fields[left->count + i].type};
    uint32_t *star = WEIR_ARENA_ARRAY(state->context->arena, uint32_t, left->star_count + more);
    if (star == NULL)
        return no_memory(error);
    if (left->star_count > 0)
        memcpy(star, left->star, left->star_count * sizeof *star);
    for (uint32_t i = 0; i < more; i++)
        star[left->star_count + i] = left->count + i;
    *out = (from_item){node, columns, left->count + more, star, left->star_count + more};
    return WEIR_OK;
}

/* UNNEST without a left side: over one row of nothing. */
static weir_status unnest_alone(from_state *state, const weir_ast_table_ref *ref, from_item *out, weir_error *error) {
    weir_node *one = weir_node_create(state->context->arena, WEIR_NODE_VALUES, ref->position, NULL, 0, 1);
    weir_value *zero = WEIR_ARENA_NEW(state->context->arena, weir_value);
    if (one == NULL || zero == NULL)
        return no_memory(error);
    *zero = (weir_value){.type = weir_type_simple(WEIR_KIND_INT, false)};
    weir_node_fields(one)[0] = (weir_plan_field){.name = WEIR_TEXT("ZERO"), .type = zero->type};
    one->as.values.row_count = 1;
    one->as.values.values = zero;
    bind_column *column = WEIR_ARENA_NEW(state->context->arena, bind_column);
    if (column == NULL)
        return no_memory(error);
    *column = (bind_column){.table = WEIR_TEXT("$one"), .name = WEIR_TEXT("ZERO"), .type = zero->type, .hidden = true};
    from_item left = {.node = one, .columns = column, .count = 1};
    return bind_unnest(state, ref, &left, false, out, error);
}

/* ---- joins ---- */

static weir_join_type join_type(weir_ast_join_kind kind) {
    switch (kind) {
    case WEIR_AST_JOIN_LEFT: return WEIR_JOIN_LEFT;
    case WEIR_AST_JOIN_RIGHT: return WEIR_JOIN_RIGHT;
    case WEIR_AST_JOIN_FULL: return WEIR_JOIN_FULL;
    case WEIR_AST_JOIN_INNER:
    case WEIR_AST_JOIN_CROSS:
    case WEIR_AST_JOIN_COMMA: break;
    }
    return WEIR_JOIN_INNER;
}

weir_status bind_join_node(weir_bind_context *context, weir_join_type type, const weir_node *left, const weir_node *right,
                           const weir_expr *condition, weir_position position, const weir_node **out, weir_error *error) {
    bool left_only = type == WEIR_JOIN_SEMI || type == WEIR_JOIN_ANTI;
    const weir_node *inputs[2] = {left, right};
    uint32_t count = left->field_count + (left_only ? 0 : right->field_count);
    weir_node *node = weir_node_create(context->arena, WEIR_NODE_JOIN, position, inputs, 2, count);
    if (node == NULL)
        return no_memory(error);
    weir_plan_field *fields = weir_node_fields(node);
    for (uint32_t i = 0; i < count; i++) {
        bool from_left = i < left->field_count;
        fields[i] = from_left ? left->fields[i] : right->fields[i - left->field_count];
        bool padded = from_left ? type == WEIR_JOIN_RIGHT || type == WEIR_JOIN_FULL : type == WEIR_JOIN_LEFT || type == WEIR_JOIN_FULL;
        if (padded)
            fields[i].type = weir_type_with_nullable(context->arena, fields[i].type, true);
        if (fields[i].type == NULL)
            return no_memory(error);
    }
    node->as.join.type = type;
    node->as.join.condition = condition;
    *out = node;
    return WEIR_OK;
}

static weir_status join_columns(from_state *state, const from_item *left, const from_item *right, bind_column **out, weir_error *error) {
    bind_column *columns = WEIR_ARENA_ARRAY(state->context->arena, bind_column, left->count + right->count);
    if (columns == NULL)
        return no_memory(error);
    for (uint32_t i = 0; i < left->count + right->count; i++) {
        columns[i] = i < left->count ? left->columns[i] : right->columns[i - left->count];
        if (i >= left->count && columns[i].merged != 0)
            columns[i].merged += left->count;
    }
    *out = columns;
    return WEIR_OK;
}

/* left.name = right.name; the left column becomes the one that the plain name means. */
static weir_status using_pair(from_state *state, const from_item *left, const from_item *right, bind_column *columns, weir_text name,
                              weir_position position, uint32_t *star, uint32_t *star_count, const weir_expr **condition,
                              weir_error *error) {
    uint32_t found[2] = {UINT32_MAX, UINT32_MAX};
    for (uint32_t i = 0; i < left->count + right->count; i++)
        if (weir_text_equal(columns[i].name, name) && !columns[i].hidden) {
            uint32_t *side = &found[i >= left->count];
            if (*side != UINT32_MAX)
                return weir_fail_at(error, WEIR_VALIDATE, position,
                                    "Column name '%.*s' in NATURAL join or USING clause is not unique on one side of join",
                                    WEIR_TEXT_ARGS(name));
            *side = i;
        }
    if (found[0] == UINT32_MAX || found[1] == UINT32_MAX)
        return weir_fail_at(error, WEIR_VALIDATE, position, "Column '%.*s' not found in any table", WEIR_TEXT_ARGS(name));
    bind_scope scope = {.context = state->context};
    const weir_expr *a, *b, *equal;
    WEIR_TRY(bind_column_value(&scope, columns, 0, found[0], position, &a, error));
    WEIR_TRY(bind_column_value(&scope, columns, 0, found[1], position, &b, error));
    WEIR_TRY(bind_compare(&scope, "=", a, b, position, &equal, error));
    *condition = weir_expr_and(state->context->arena, *condition, equal);
    uint32_t last = found[0];
    while (columns[last].merged != 0)
        last = columns[last].merged - 1;
    columns[last].merged = found[1] + 1;
    columns[found[1]].hidden = true;
    star[(*star_count)++] = found[0];
    return *condition == NULL ? no_memory(error) : WEIR_OK;
}

static bool star_has(const uint32_t *star, uint32_t count, uint32_t column) {
    for (uint32_t i = 0; i < count; i++)
        if (star[i] == column)
            return true;
    return false;
}

/* The condition of USING or NATURAL, and the order of *: common columns, the left side's others, the right side's others. */
static weir_status using_condition(from_state *state, const weir_ast_table_ref *ref, const from_item *left, const from_item *right,
                                   bind_column *columns, const weir_expr **condition, from_item *out, weir_error *error) {
    uint32_t *star = WEIR_ARENA_ARRAY(state->context->arena, uint32_t, left->star_count + right->star_count), count = 0;
    if (star == NULL)
        return no_memory(error);
    for (size_t i = 0; i < ref->as.join.using_count; i++)
        WEIR_TRY(using_pair(state, left, right, columns, ref->as.join.using_columns[i].text, ref->as.join.using_columns[i].position, star,
                            &count, condition, error));
    for (uint32_t i = 0; ref->as.join.natural && i < left->star_count; i++)
        for (uint32_t k = 0; k < right->star_count; k++)
            if (weir_text_equal(left->columns[left->star[i]].name, right->columns[right->star[k]].name)) {
                WEIR_TRY(using_pair(state, left, right, columns, left->columns[left->star[i]].name, ref->position, star, &count, condition,
                                    error));
                break;
            }
    uint32_t common = count;
    for (uint32_t i = 0; i < left->star_count; i++)
        if (!star_has(star, common, left->star[i]))
            star[count++] = left->star[i];
    for (uint32_t i = 0; i < right->star_count; i++)
        if (!columns[left->count + right->star[i]].hidden)
            star[count++] = left->count + right->star[i];
    out->star = star;
    out->star_count = count;
    return WEIR_OK;
}

/* Two items of one name cannot be told apart. */
static weir_status check_relations(const from_item *left, const from_item *right, const weir_ast_table_ref *ref, weir_error *error) {
    const void *last = NULL;
    for (uint32_t r = 0; r < right->count; r++) {
        const bind_column *column = &right->columns[r];
        if (column->table.size == 0 || column->owner == last)
            continue;
        last = column->owner;
        for (uint32_t l = 0; l < left->count; l++)
            if (weir_text_equal(left->columns[l].table, column->table))
                return weir_fail_at(error, WEIR_VALIDATE, ref->as.join.right->position, "Duplicate relation name '%.*s' in FROM clause",
                                    WEIR_TEXT_ARGS(column->table));
    }
    return WEIR_OK;
}

static bool is_true(const weir_ast_expr *ast) {
    return ast == NULL || (ast->kind == WEIR_AST_EXPR_LITERAL && ast->as.literal->kind == WEIR_AST_LITERAL_TRUE);
}

static weir_status bind_join(from_state *state, const weir_ast_table_ref *ref, from_item *out, weir_error *error) {
    const weir_ast_table_ref *right_ref = ref->as.join.right;
    weir_join_type type = join_type(ref->as.join.kind);
    from_item left, right;
    WEIR_TRY(bind_ref(state, ref->as.join.left, NULL, &left, error));
    if (right_ref->kind == WEIR_AST_TABLE_UNNEST) {
        if ((type != WEIR_JOIN_INNER && type != WEIR_JOIN_LEFT) || !is_true(ref->as.join.condition))
            return weir_fail_at(error, WEIR_UNSUPPORTED, ref->position, "UNNEST takes CROSS JOIN, or LEFT JOIN ... ON TRUE");
        return bind_unnest(state, right_ref, &left, type == WEIR_JOIN_LEFT, out, error);
    }
    WEIR_TRY(bind_ref(state, right_ref, &left, &right, error));
    bind_column *columns = NULL;
    const weir_expr *condition = NULL;
    WEIR_TRY(check_relations(&left, &right, ref, error));
    WEIR_TRY(join_columns(state, &left, &right, &columns, error));
    if (ref->as.join.condition != NULL) {
        bind_scope scope = {.context = state->context,
                            .outer = state->outer,
                            .column_count = left.count + right.count,
                            .columns = columns,
                            .clause = BIND_CLAUSE_ON,
                            .ctes = state->ctes};
        WEIR_TRY(bind_condition(&scope, ref->as.join.condition, "ON", &condition, error));
    }
    WEIR_TRY(using_condition(state, ref, &left, &right, columns, &condition, out, error));
    const weir_node *node;
    if (right_ref->lateral && right_ref->kind == WEIR_AST_TABLE_SUBQUERY)
        WEIR_TRY(bind_lateral_join(state->context, type, left.node, right.node, condition, ref->position, &node, error));
    else
        WEIR_TRY(bind_join_node(state->context, type, left.node, right.node, condition, ref->position, &node, error));
    for (uint32_t i = 0; i < left.count + right.count; i++) {
        columns[i].type = node->fields[i].type;
        columns[i].time = node->fields[i].time;
    }
    out->node = node;
    out->columns = columns;
    out->count = left.count + right.count;
    return WEIR_OK;
}

/* ---- one reference ---- */

/* FOR SYSTEM_TIME AS OF: the time is an expression over the left side of the join. */
static weir_status snapshot(from_state *state, const weir_ast_table_ref *ref, const from_item *left, from_item *item, weir_error *error) {
    if (ref->system_time == NULL)
        return WEIR_OK;
    if (left == NULL)
        return weir_fail_at(error, WEIR_UNSUPPORTED, ref->position, "FOR SYSTEM_TIME AS OF is supported on the right side of a join only");
    bind_scope scope = {.context = state->context,
                        .outer = state->outer,
                        .column_count = left->count,
                        .columns = left->columns,
                        .clause = BIND_CLAUSE_ON,
                        .ctes = state->ctes};
    const weir_expr *time;
    WEIR_TRY(bind_expr(&scope, ref->system_time, &time, error));
    weir_node *node = weir_node_create(state->context->arena, WEIR_NODE_SNAPSHOT, ref->position, &item->node, 1, item->node->field_count);
    if (node == NULL)
        return no_memory(error);
    memcpy(weir_node_fields(node), item->node->fields, item->node->field_count * sizeof *item->node->fields);
    node->as.snapshot.time = time;
    item->node = node;
    return WEIR_OK;
}

static weir_status bind_subquery_ref(from_state *state, const weir_ast_table_ref *ref, const from_item *left, from_item *out,
                                     weir_error *error) {
    const weir_node *node;
    if (ref->lateral && left != NULL) {
        bind_scope around = {.context = state->context,
                             .outer = state->outer,
                             .column_count = left->count,
                             .columns = left->columns,
                             .clause = BIND_CLAUSE_ON,
                             .ctes = state->ctes};
        WEIR_TRY(bind_query(state->context, &around, state->ctes, ref->as.subquery, &node, error));
    } else {
        WEIR_TRY(bind_query(state->context, state->outer, state->ctes, ref->as.subquery, &node, error));
    }
    return item_make(state, ref, node, (weir_text){0}, out, error);
}

static weir_status bind_ref(from_state *state, const weir_ast_table_ref *ref, const from_item *left, from_item *out, weir_error *error) {
    const weir_node *node;
    WEIR_TRY(refuse_extras(ref, error));
    switch (ref->kind) {
    case WEIR_AST_TABLE_NAMED: WEIR_TRY(bind_named_ref(state, ref, out, error)); return snapshot(state, ref, left, out, error);
    case WEIR_AST_TABLE_SUBQUERY: return bind_subquery_ref(state, ref, left, out, error);
    case WEIR_AST_TABLE_FUNCTION:
        WEIR_TRY(bind_window_function(state->context, state->outer, state->ctes, ref, &node, error));
        return item_make(state, ref, node, (weir_text){0}, out, error);
    case WEIR_AST_TABLE_UNNEST: return unnest_alone(state, ref, out, error);
    case WEIR_AST_TABLE_MATCH:
        WEIR_TRY(bind_match_node(state->context, state->outer, state->ctes, ref, &node, error));
        return item_make(state, ref, node, (weir_text){0}, out, error);
    case WEIR_AST_TABLE_JOIN: return bind_join(state, ref, out, error);
    }
    return weir_fail_at(error, WEIR_INTERNAL, ref->position, "unknown table reference");
}

weir_status bind_from(bind_scope *scope, const weir_ast_table_ref *from, const weir_node **node, weir_error *error) {
    from_state state = {scope->context, scope->outer, scope->ctes};
    from_item item;
    WEIR_TRY(bind_ref(&state, from, NULL, &item, error));
    *node = item.node;
    scope->columns = item.columns;
    scope->column_count = item.count;
    scope->star = item.star;
    scope->star_count = item.star_count;
    return WEIR_OK;
}
