/* A table by name: SCAN, computed columns as a PROJECT above it, the watermark above that; or a view, bound from its text. */
#include <string.h>

#include "bind/bind_int.h"
#include "sql/parser.h"

static weir_status no_memory(weir_error *error) { return weir_fail_memory(error, "a table", sizeof(weir_node)); }

weir_status weir_bind_path(weir_bind_context *context, const weir_ast_name *name, weir_object_path *out, weir_error *error) {
    weir_text parts[4];
    size_t count = name->count < 4 ? name->count : 4;
    for (size_t i = 0; i < count; i++)
        parts[i] = name->parts[i].text;
    weir_status status = weir_catalog_path(context->catalog, parts, count, out, error);
    if (status != WEIR_OK)
        weir_error_locate(error, name->position);
    return status;
}

/* ---- OPTIONS('k'='v') hints ---- */

static weir_status apply_hints(weir_bind_context *context, const weir_table *table, const weir_ast_hints *hints, const weir_table **out,
                               weir_error *error) {
    *out = table;
    for (size_t h = 0; hints != NULL && h < hints->count; h++) {
        const weir_ast_hint *hint = &hints->items[h];
        if (!weir_text_equal_nocase_c(hint->name.text, "OPTIONS"))
            continue;
        weir_table *changed = WEIR_ARENA_NEW(context->arena, weir_table);
        weir_option *options = WEIR_ARENA_ARRAY(context->arena, weir_option, table->option_count + hint->options.count);
        if (changed == NULL || options == NULL)
            return no_memory(error);
        *changed = *table;
        uint32_t count = table->option_count;
        if (count > 0)
            memcpy(options, table->options, count * sizeof *options);
        for (size_t i = 0; i < hint->options.count; i++) {
            const weir_ast_option *option = &hint->options.items[i];
            uint32_t at = 0;
            while (at < count && !weir_text_equal(options[at].key, option->key))
                at++;
            options[at] = (weir_option){.key = option->key, .value = option->value, .position = option->key_position};
            count += at == count;
        }
        changed->options = options;
        changed->option_count = count;
        table = *out = changed;
    }
    return WEIR_OK;
}

/* ---- SCAN ---- */

static uint32_t count_kind(const weir_table *table, weir_table_column_kind kind) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < table->column_count; i++)
        count += table->columns[i].kind == kind;
    return count;
}

/* What the scan gives: the column's own type when it is the connector's but for nullability. */
static weir_status metadata_type(const weir_connector *connector, const weir_table *table, uint32_t column, weir_position position,
                                 const weir_type **type, weir_error *error) {
    const weir_type *given;
    weir_status status = weir_connector_metadata_type(connector, table, column, &given, error);
    if (status != WEIR_OK)
        weir_error_locate(error, position);
    else if (!weir_type_equal(given, *type, true))
        *type = given;
    return status;
}

/* Metadata as the columns are declared; what the scan gives may be of another type. */
static weir_status metadata_casts(weir_bind_context *context, const weir_table *table, const weir_node *scan, const uint32_t *place,
                                  weir_position position, const weir_node **out, weir_error *error) {
    const weir_expr **exprs = WEIR_ARENA_ARRAY(context->arena, const weir_expr *, scan->field_count);
    weir_text *names = WEIR_ARENA_ARRAY(context->arena, weir_text, scan->field_count);
    if (exprs == NULL || names == NULL)
        return no_memory(error);
    bool same = true;
    for (uint32_t c = 0; c < table->column_count; c++) {
        const weir_table_column *column = &table->columns[c];
        if (column->kind == WEIR_COLUMN_COMPUTED)
            continue;
        const weir_type *given = scan->fields[place[c]].type;
        const weir_expr *expr = weir_expr_column(context->arena, place[c], given, position);
        exprs[place[c]] = expr == NULL || given == column->type ? expr : weir_expr_cast(context->arena, expr, column->type);
        names[place[c]] = column->name;
        if (exprs[place[c]] == NULL)
            return no_memory(error);
        same = same && given == column->type;
    }
    *out = scan;
    return same ? WEIR_OK : bind_project(context, scan, exprs, names, scan->field_count, position, out, error);
}

/* Physical columns first, then metadata columns; place[c] is where column c of the table went. */
static weir_status scan_node(weir_bind_context *context, const weir_table *table, const weir_connector *connector, weir_position position,
                             uint32_t *place, const weir_node **out, weir_error *error) {
    uint32_t physical = count_kind(table, WEIR_COLUMN_PHYSICAL), metadata = count_kind(table, WEIR_COLUMN_METADATA);
    weir_node *node = weir_node_create(context->arena, WEIR_NODE_SCAN, position, NULL, 0, physical + metadata);
    uint32_t *physical_columns = WEIR_ARENA_ARRAY(context->arena, uint32_t, physical);
    uint32_t *metadata_columns = WEIR_ARENA_ARRAY(context->arena, uint32_t, metadata);
    if (node == NULL || physical_columns == NULL || metadata_columns == NULL)
        return no_memory(error);
    uint32_t next[2] = {0, physical};
    for (uint32_t c = 0; c < table->column_count; c++) {
        const weir_table_column *column = &table->columns[c];
        if (column->kind == WEIR_COLUMN_COMPUTED)
            continue;
        bool is_metadata = column->kind == WEIR_COLUMN_METADATA;
        place[c] = next[is_metadata]++;
        const weir_type *type = column->type;
        if (is_metadata)
            metadata_columns[place[c] - physical] = c;
        else
            physical_columns[place[c]] = c;
        if (is_metadata && connector != NULL)
            WEIR_TRY(metadata_type(connector, table, c, position, &type, error));
        weir_node_fields(node)[place[c]] = (weir_plan_field){.name = column->name, .type = type};
    }
    node->as.scan.table = table;
    node->as.scan.connector = connector;
    node->as.scan.physical_count = physical;
    node->as.scan.physical = physical_columns;
    node->as.scan.metadata_count = metadata;
    node->as.scan.metadata = metadata_columns;
    *out = node;
    return WEIR_OK;
}

weir_status bind_text_expression(weir_bind_context *context, const weir_node *node, weir_text text, const weir_expr **out,
                                 weir_error *error) {
    weir_ast_expr *ast;
    WEIR_TRY(weir_sql_parse_expression(context->arena, text, &ast, error));
    const bind_column *columns = bind_columns_of(context, node, (weir_text){0}, NULL, 0);
    if (columns == NULL)
        return no_memory(error);
    bind_scope scope = {.context = context, .column_count = node->field_count, .columns = columns, .clause = BIND_CLAUSE_DDL};
    return bind_expr(&scope, ast, out, error);
}

/* Columns in the order of the table; computed ones are bound over the scan. */
static weir_status table_project(weir_bind_context *context, const weir_table *table, const weir_node *scan, const uint32_t *place,
                                 weir_position position, const weir_node **out, weir_error *error) {
    const weir_expr **exprs = WEIR_ARENA_ARRAY(context->arena, const weir_expr *, table->column_count);
    weir_text *names = WEIR_ARENA_ARRAY(context->arena, weir_text, table->column_count);
    if (exprs == NULL || names == NULL)
        return no_memory(error);
    bool identity = true;
    for (uint32_t c = 0; c < table->column_count; c++) {
        const weir_table_column *column = &table->columns[c];
        names[c] = column->name;
        if (column->kind == WEIR_COLUMN_COMPUTED)
            WEIR_TRY(bind_text_expression(context, scan, column->expression, &exprs[c], error));
        else
            exprs[c] = weir_expr_column(context->arena, place[c], column->type, position);
        if (exprs[c] == NULL)
            return no_memory(error);
        identity = identity && column->kind != WEIR_COLUMN_COMPUTED && place[c] == c;
    }
    if (identity) {
        *out = scan;
        return WEIR_OK;
    }
    return bind_project(context, scan, exprs, names, table->column_count, position, out, error);
}

static weir_status table_watermark(weir_bind_context *context, const weir_table *table, const weir_node *input, weir_position position,
                                   const weir_node **out, weir_error *error) {
    *out = input;
    if (!table->watermark.present)
        return WEIR_OK;
    uint32_t column = 0;
    while (column < input->field_count && !weir_text_equal(input->fields[column].name, table->watermark.column))
        column++;
    if (column == input->field_count)
        return weir_fail_at(error, WEIR_VALIDATE, position, "The rowtime attribute field '%.*s' is not defined in the table schema",
                            WEIR_TEXT_ARGS(table->watermark.column));
    const weir_type *type = input->fields[column].type;
    if (!weir_kind_is_timestamp(type->kind) || type->precision > 3) {
        weir_builder text;
        weir_builder_init(&text, context->arena->memory, 1024);
        weir_type_print_short(type, &text);
        weir_status status = weir_fail_at(error, WEIR_VALIDATE, position,
                                          "Invalid data type of time field for watermark definition. The field must be of type "
                                          "TIMESTAMP(p) or TIMESTAMP_LTZ(p), the supported precision 'p' is from 0 to 3, but the "
                                          "time field type is %s",
                                          weir_builder_view(&text).data);
        weir_builder_deinit(&text);
        return status;
    }
    const weir_expr *expression;
    WEIR_TRY(bind_text_expression(context, input, table->watermark.expression, &expression, error));
    weir_node *node = weir_node_create(context->arena, WEIR_NODE_WATERMARK, position, &input, 1, input->field_count);
    if (node == NULL)
        return no_memory(error);
    memcpy(weir_node_fields(node), input->fields, input->field_count * sizeof *input->fields);
    weir_node_fields(node)[column].time = WEIR_TIME_ROWTIME;
    node->as.watermark.rowtime = column;
    node->as.watermark.expression = expression;
    *out = node;
    return WEIR_OK;
}

/* ---- views ---- */

static weir_status view_node(weir_bind_context *context, const weir_table *view, weir_position position, const weir_node **out,
                             weir_error *error) {
    for (size_t i = 0; i < context->views_open.count; i++)
        if (context->views_open.items[i] == view)
            return weir_fail_at(error, WEIR_VALIDATE, position, "View '%.*s' refers to itself", WEIR_TEXT_ARGS(view->name));
    if (!weir_list_add(context->arena, &context->views_open, (void *)(uintptr_t)view))
        return no_memory(error);
    const weir_ast_query *query;
    const weir_node *node = NULL;
    weir_status status = weir_sql_parse_query(context->arena, view->view_query, &query, error);
    uint32_t top_depth = context->top_depth;
    context->top_depth = context->query_depth;
    if (status == WEIR_OK)
        status = bind_query(context, NULL, NULL, query, &node, error);
    context->top_depth = top_depth;
    context->views_open.count--;
    if (status != WEIR_OK) {
        if (error != NULL)
            error->position = position; /* places inside of the view's text would point anywhere in the script */
        return status;
    }
    const weir_expr **exprs = WEIR_ARENA_ARRAY(context->arena, const weir_expr *, node->field_count);
    weir_text *names = WEIR_ARENA_ARRAY(context->arena, weir_text, node->field_count);
    if (exprs == NULL || names == NULL)
        return no_memory(error);
    for (uint32_t i = 0; i < node->field_count; i++) {
        exprs[i] = weir_expr_column(context->arena, i, node->fields[i].type, position);
        names[i] = i < view->column_count ? view->columns[i].name : node->fields[i].name;
        if (exprs[i] == NULL)
            return no_memory(error);
    }
    return bind_project(context, node, exprs, names, node->field_count, position, out, error);
}

/* ---- by name ---- */

typedef struct scan_entry {
    const weir_table *table;
    const weir_node *node;
} scan_entry;

weir_status bind_table_node(weir_bind_context *context, const weir_table *table, const weir_connector *connector, weir_position position,
                            const weir_node **out, weir_error *error) {
    uint32_t *place = WEIR_ARENA_ARRAY(context->arena, uint32_t, table->column_count);
    if (place == NULL)
        return no_memory(error);
    const weir_node *node;
    WEIR_TRY(scan_node(context, table, connector, position, place, &node, error));
    WEIR_TRY(metadata_casts(context, table, node, place, position, &node, error));
    WEIR_TRY(table_project(context, table, node, place, position, &node, error));
    return table_watermark(context, table, node, position, out, error);
}

weir_status bind_table(weir_bind_context *context, const weir_ast_name *name, const weir_ast_hints *hints, const weir_node **out,
                       weir_error *error) {
    weir_object_path path;
    WEIR_TRY(weir_bind_path(context, name, &path, error));
    const weir_table *table;
    weir_status status = weir_catalog_resolve(context->catalog, path, &table, error);
    if (status != WEIR_OK) {
        weir_error_locate(error, name->position);
        return status;
    }
    if (table->kind == WEIR_VIEW)
        return view_node(context, table, name->position, out, error);
    WEIR_TRY(apply_hints(context, table, hints, &table, error));
    for (size_t i = 0; i < context->scans.count; i++) {
        const scan_entry *entry = context->scans.items[i];
        if (entry->table == table) {
            *out = entry->node;
            return WEIR_OK;
        }
    }
    const weir_connector *connector;
    status = weir_connector_of(table, false, &connector, error);
    if (status != WEIR_OK) {
        weir_error_locate(error, name->position);
        return status;
    }
    WEIR_TRY(bind_table_node(context, table, connector, name->position, out, error));
    scan_entry *entry = WEIR_ARENA_NEW(context->arena, scan_entry);
    if (entry == NULL || !weir_list_add(context->arena, &context->scans, entry))
        return no_memory(error);
    *entry = (scan_entry){table, *out};
    return WEIR_OK;
}

weir_status weir_bind_table_fields(weir_bind_context *context, const weir_table *table, const weir_plan_field **fields, uint32_t *count,
                                   weir_error *error) {
    const weir_node *node;
    if (table->kind == WEIR_VIEW)
        WEIR_TRY(view_node(context, table, (weir_position){0}, &node, error));
    else
        WEIR_TRY(bind_table_node(context, table, NULL, (weir_position){0}, &node, error));
    *fields = node->fields;
    *count = node->field_count;
    return WEIR_OK;
}

weir_status weir_bind_constant(weir_bind_context *context, const weir_ast_expr *expr, weir_value *out, weir_error *error) {
    bind_scope scope = {.context = context, .clause = BIND_CLAUSE_VALUES};
    const weir_expr *bound;
    WEIR_TRY(bind_expr(&scope, expr, &bound, error));
    if (!weir_expr_is_constant(bound))
        return weir_fail_at(error, WEIR_VALIDATE, expr->position, "a constant was expected here");
    return weir_expr_constant(context->arena, context->arena->memory, context->evaluation, bound, out, error);
}
