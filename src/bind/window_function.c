/* Time windows: the table functions TUMBLE, HOP, CUMULATE, SESSION in FROM, and the older functions of the same names in GROUP BY with
 * their auxiliary TUMBLE_START and so on. */
#include <inttypes.h>
#include <string.h>

#include "bind/bind_int.h"

static weir_status no_memory(weir_error *error) { return weir_fail_memory(error, "a window", sizeof(weir_node)); }

static bool window_kind(weir_text name, weir_window_kind *out) {
    static const struct {
        const char *name;
        weir_window_kind kind;
    } kinds[] = {
        {"TUMBLE", WEIR_WINDOW_TUMBLE}, {"HOP", WEIR_WINDOW_HOP}, {"CUMULATE", WEIR_WINDOW_CUMULATE}, {"SESSION", WEIR_WINDOW_SESSION}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (weir_text_equal_nocase_c(name, kinds[i].name)) {
            *out = kinds[i].kind;
            return true;
        }
    return false;
}

static weir_status interval_ms(weir_bind_context *context, const weir_ast_expr *ast, const char *what, int64_t *out, weir_error *error) {
    weir_value value;
    WEIR_TRY(weir_bind_constant(context, ast, &value, error));
    if (value.is_null || value.type->kind != WEIR_KIND_INTERVAL_SECOND)
        return weir_fail_at(error, WEIR_VALIDATE, ast->position,
                            "the %s of a window must be an interval of days, hours, minutes or seconds", what);
    *out = value.as.integer;
    return WEIR_OK;
}

/* ---- the arguments of a table function, by place or by name ---- */

typedef struct window_arguments {
    const weir_ast_expr *data, *time;
    const weir_ast_expr *intervals[3]; /* in the order of the function's signature; the last one is the offset */
} window_arguments;

/* Names of the intervals by function; NULL ends. HOP and CUMULATE name the small one first. */
static const char *const interval_names[][4] = {
    [WEIR_WINDOW_TUMBLE] = {"SIZE", "OFFSET", NULL},
    [WEIR_WINDOW_HOP] = {"SLIDE", "SIZE", "OFFSET", NULL},
    [WEIR_WINDOW_CUMULATE] = {"STEP", "SIZE", "OFFSET", NULL},
    [WEIR_WINDOW_SESSION] = {"GAP", NULL},
};

static int interval_place(weir_window_kind kind, weir_text name) {
    for (int i = 0; interval_names[kind][i] != NULL; i++)
        if (weir_text_equal_nocase_c(name, interval_names[kind][i]))
            return i;
    return -1;
}

static weir_status named_argument(weir_window_kind kind, const weir_ast_expr *ast, window_arguments *out, weir_error *error) {
    weir_text name = ast->as.named.name.text;
    if (weir_text_equal_nocase_c(name, "DATA"))
        out->data = ast->as.named.value;
    else if (weir_text_equal_nocase_c(name, "TIMECOL"))
        out->time = ast->as.named.value;
    else {
        int place = interval_place(kind, name);
        if (place < 0)
            return weir_fail_at(error, WEIR_VALIDATE, ast->as.named.name.position, "the window function has no parameter '%.*s'",
                                WEIR_TEXT_ARGS(name));
        out->intervals[place] = ast->as.named.value;
    }
    return WEIR_OK;
}

static weir_status arguments_of(weir_window_kind kind, const weir_ast_expr *ast, window_arguments *out, weir_error *error) {
    const weir_ast_call *call = ast->as.call;
    *out = (window_arguments){0};
    for (size_t i = 0; i < call->args.count; i++) {
        const weir_ast_expr *argument = call->args.items[i];
        if (argument->kind == WEIR_AST_EXPR_NAMED_ARGUMENT)
            WEIR_TRY(named_argument(kind, argument, out, error));
        else if (i == 0)
            out->data = argument;
        else if (i == 1)
            out->time = argument;
        else if (i - 2 < 3 && interval_names[kind][i - 2] != NULL)
            out->intervals[i - 2] = argument;
        else
            return weir_fail_at(error, WEIR_VALIDATE, argument->position, "Invalid number of arguments to function '%.*s'",
                                WEIR_TEXT_ARGS(call->name.parts[0].text));
    }
    bool complete = out->data != NULL && out->time != NULL && out->intervals[0] != NULL &&
                    (kind == WEIR_WINDOW_TUMBLE || kind == WEIR_WINDOW_SESSION || out->intervals[1] != NULL);
    if (!complete)
        return weir_fail_at(error, WEIR_VALIDATE, ast->position, "Invalid number of arguments to function '%.*s'",
                            WEIR_TEXT_ARGS(call->name.parts[0].text));
    return WEIR_OK;
}

static weir_status check_sizes(const weir_window *window, weir_position position, weir_error *error) {
    if (window->size_ms <= 0 || (window->kind != WEIR_WINDOW_SESSION && window->slide_ms <= 0))
        return weir_fail_at(error, WEIR_VALIDATE, position, "the size of a window must be larger than 0");
    if (window->kind == WEIR_WINDOW_HOP && window->size_ms % window->slide_ms != 0)
        return weir_fail_at(error, WEIR_UNSUPPORTED, position,
                            "HOP table function based aggregate requires size must be an integral multiple of slide, but got size %" PRId64
                            " ms and slide %" PRId64 " ms",
                            window->size_ms, window->slide_ms);
    if (window->kind == WEIR_WINDOW_CUMULATE && window->size_ms % window->slide_ms != 0)
        return weir_fail_at(
            error, WEIR_VALIDATE, position,
            "CUMULATE table function based aggregate requires maxSize must be an integral multiple of step, but got maxSize %" PRId64
            " ms and step %" PRId64 " ms",
            window->size_ms, window->slide_ms);
    return WEIR_OK;
}

static weir_status fill_window(weir_bind_context *context, weir_window_kind kind, const window_arguments *arguments, weir_position position,
                               weir_window *out, weir_error *error) {
    *out = (weir_window){.kind = kind};
    bool has_slide = kind == WEIR_WINDOW_HOP || kind == WEIR_WINDOW_CUMULATE;
    if (has_slide)
        WEIR_TRY(interval_ms(context, arguments->intervals[0], "slide", &out->slide_ms, error));
    WEIR_TRY(interval_ms(context, arguments->intervals[has_slide], "size", &out->size_ms, error));
    if (!has_slide)
        out->slide_ms = out->size_ms;
    const weir_ast_expr *offset = kind == WEIR_WINDOW_SESSION ? NULL : arguments->intervals[has_slide + 1];
    if (offset != NULL)
        WEIR_TRY(interval_ms(context, offset, "offset", &out->offset_ms, error));
    return check_sizes(out, position, error);
}

/* A time attribute; in batch mode any timestamp. */
static weir_status check_time(weir_bind_context *context, const weir_plan_field *field, const char *function, weir_position position,
                              weir_error *error) {
    bool timestamp = weir_kind_is_timestamp(field->type->kind);
    if (field->time != WEIR_TIME_NONE || (timestamp && context->batch_mode))
        return WEIR_OK;
    weir_builder text;
    weir_builder_init(&text, context->arena->memory, 1024);
    weir_type_print_short(field->type, &text);
    const char *type = text.data == NULL ? "" : text.data;
    weir_status status;
    if (timestamp) {
        status = weir_fail_at(error, WEIR_VALIDATE, position,
                              "The window function requires the timecol is a time attribute type, but is %s.", type);
        weir_error_hint(error, "declare WATERMARK FOR %.*s AS ... in the table, or use a PROCTIME() column", WEIR_TEXT_ARGS(field->name));
    } else {
        status = weir_fail_at(error, WEIR_VALIDATE, position,
                              "The window function %s(TABLE table_name, DESCRIPTOR(timecol), ...) requires the timecol to be TIMESTAMP or "
                              "TIMESTAMP_LTZ, but is %s.",
                              function, type);
    }
    weir_builder_deinit(&text);
    return status;
}

static weir_status time_column(weir_bind_context *context, const weir_node *node, const weir_ast_expr *descriptor, const char *function,
                               weir_window *window, weir_error *error) {
    if (descriptor->kind != WEIR_AST_EXPR_DESCRIPTOR || descriptor->as.descriptor.count != 1)
        return weir_fail_at(error, WEIR_VALIDATE, descriptor->position, "%s takes DESCRIPTOR(column) with one column", function);
    const weir_ast_name *name = &descriptor->as.descriptor.names[0];
    weir_text wanted = name->parts[name->count - 1].text;
    uint32_t column = 0;
    while (column < node->field_count && !weir_text_equal(node->fields[column].name, wanted))
        column++;
    if (column == node->field_count)
        return weir_fail_at(error, WEIR_VALIDATE, name->position, "Unknown identifier '%.*s'", WEIR_TEXT_ARGS(wanted));
    const weir_plan_field *field = &node->fields[column];
    WEIR_TRY(check_time(context, field, function, name->position, error));
    window->time_column = column;
    window->processing_time = field->time == WEIR_TIME_PROCTIME;
    window->time_is_ltz = field->type->kind == WEIR_KIND_TIMESTAMP_LTZ;
    return WEIR_OK;
}

/* TABLE t [PARTITION BY k], or a query in parentheses. */
static weir_status data_node(weir_bind_context *context, bind_scope *outer, bind_cte *ctes, const weir_ast_expr *data,
                             const weir_node **out, weir_error *error) {
    if (data->kind == WEIR_AST_EXPR_SUBQUERY)
        return bind_query(context, outer, ctes, data->as.subquery, out, error);
    if (data->kind != WEIR_AST_EXPR_TABLE_ARGUMENT)
        return weir_fail_at(error, WEIR_VALIDATE, data->position, "a window function takes TABLE t or a query as its first argument");
    const weir_ast_table_ref *table = data->as.table_argument.table;
    if (table->kind == WEIR_AST_TABLE_SUBQUERY)
        return bind_query(context, outer, ctes, table->as.subquery, out, error);
    return bind_named(context, ctes, &table->as.named.name, &table->hints, out, error);
}

static weir_status session_keys(weir_bind_context *context, const weir_node *node, const weir_ast_expr *data, uint32_t **keys,
                                uint32_t *count, weir_error *error) {
    static const weir_ast_expr_list none = {0};
    const weir_ast_expr_list *list = data->kind == WEIR_AST_EXPR_TABLE_ARGUMENT ? &data->as.table_argument.partition_by : &none;
    *keys = WEIR_ARENA_ARRAY(context->arena, uint32_t, list->count);
    const bind_column *columns = bind_columns_of(context, node, (weir_text){0}, NULL, 0);
    if (*keys == NULL || columns == NULL)
        return no_memory(error);
    bind_scope scope = {.context = context, .column_count = node->field_count, .columns = columns, .clause = BIND_CLAUSE_GROUP};
    for (size_t i = 0; i < list->count; i++) {
        const weir_expr *key;
        WEIR_TRY(bind_expr(&scope, list->items[i], &key, error));
        if (key->kind != WEIR_EXPR_COLUMN)
            return weir_fail_at(error, WEIR_VALIDATE, list->items[i]->position, "PARTITION BY of a table argument takes columns");
        (*keys)[i] = key->as.column;
    }
    *count = (uint32_t)list->count;
    return WEIR_OK;
}

weir_status bind_window_function(weir_bind_context *context, bind_scope *outer, bind_cte *ctes, const weir_ast_table_ref *ref,
                                 const weir_node **out, weir_error *error) {
    const weir_ast_expr *ast = ref->as.function.call;
    const weir_ast_call *call = ast->as.call;
    weir_text name = call->name.parts[call->name.count - 1].text;
    weir_window_kind kind;
    if (call->name.count != 1 || !window_kind(name, &kind)) {
        weir_status status =
            weir_fail_at(error, WEIR_VALIDATE, ast->position,
                         "No match found for function signature %.*s: there is no table function of this name", WEIR_TEXT_ARGS(name));
        weir_error_hint(error, "table functions are TUMBLE, HOP, CUMULATE and SESSION");
        return status;
    }
    window_arguments arguments;
    WEIR_TRY(arguments_of(kind, ast, &arguments, error));
    const weir_node *input;
    WEIR_TRY(data_node(context, outer, ctes, arguments.data, &input, error));
    weir_node *node = weir_node_create(context->arena, WEIR_NODE_WINDOW_TABLE, ast->position, &input, 1, input->field_count + 3);
    if (node == NULL)
        return no_memory(error);
    WEIR_TRY(fill_window(context, kind, &arguments, ast->position, &node->as.window_table.window, error));
    WEIR_TRY(time_column(context, input, arguments.time, weir_arena_text(context->arena, name).data, &node->as.window_table.window, error));
    if (kind == WEIR_WINDOW_SESSION && context->batch_mode)
        return weir_fail_at(error, WEIR_UNSUPPORTED, ast->position, "Unaligned windows like session are not supported in batch mode yet.");
    uint32_t *keys;
    WEIR_TRY(session_keys(context, input, arguments.data, &keys, &node->as.window_table.key_count, error));
    node->as.window_table.keys = keys;
    const weir_type *bound = weir_type_sized(context->arena, WEIR_KIND_TIMESTAMP, 3, false);
    const weir_plan_field *time = &input->fields[node->as.window_table.window.time_column];
    const weir_type *window_time = weir_type_with_nullable(context->arena, time->type, false);
    if (bound == NULL || window_time == NULL)
        return no_memory(error);
    weir_plan_field *fields = weir_node_fields(node);
    memcpy(fields, input->fields, input->field_count * sizeof *fields);
    fields[input->field_count] = (weir_plan_field){.name = WEIR_TEXT("window_start"), .type = bound};
    fields[input->field_count + 1] = (weir_plan_field){.name = WEIR_TEXT("window_end"), .type = bound};
    fields[input->field_count + 2] = (weir_plan_field){.name = WEIR_TEXT("window_time"), .type = window_time, .time = time->time};
    *out = node;
    return WEIR_OK;
}

/* ---- GROUP BY TUMBLE(ts, INTERVAL ...) ---- */

/* The arguments of TUMBLE, HOP, SESSION in GROUP BY, and of their auxiliary functions: time, intervals. */
static weir_status group_arguments(bind_scope *scope, weir_window_kind kind, const weir_ast_expr *ast, weir_window *window,
                                   const weir_expr **time, weir_error *error) {
    const weir_ast_call *call = ast->as.call;
    size_t least = kind == WEIR_WINDOW_HOP ? 3 : 2, most = kind == WEIR_WINDOW_SESSION ? 2 : least + 1;
    if (call->args.count < least || call->args.count > most)
        return weir_fail_at(error, WEIR_VALIDATE, ast->position,
                            "Invalid number of arguments to function '%.*s'. Was expecting %zu arguments",
                            WEIR_TEXT_ARGS(call->name.parts[0].text), least);
    window_arguments arguments = {.time = call->args.items[0]};
    for (size_t i = 1; i < call->args.count; i++)
        arguments.intervals[i - 1] = call->args.items[i];
    WEIR_TRY(fill_window(scope->context, kind, &arguments, ast->position, window, error));
    WEIR_TRY(bind_expr(scope, arguments.time, time, error));
    window->time_is_ltz = (*time)->type->kind == WEIR_KIND_TIMESTAMP_LTZ;
    return WEIR_OK;
}

weir_status bind_group_window(bind_scope *scope, const weir_ast_expr *item, bool *is_window, weir_window *window, const weir_expr **time,
                              weir_error *error) {
    *is_window = false;
    weir_window_kind kind;
    if (item->kind != WEIR_AST_EXPR_CALL || item->as.call->name.count != 1 || !window_kind(item->as.call->name.parts[0].text, &kind) ||
        kind == WEIR_WINDOW_CUMULATE)
        return WEIR_OK;
    *is_window = true;
    WEIR_TRY(group_arguments(scope, kind, item, window, time, error));
    weir_time_attribute attribute = bind_time_of(scope, *time);
    bool batch_time = scope->context->batch_mode && weir_kind_is_timestamp((*time)->type->kind);
    if (attribute == WEIR_TIME_NONE && !batch_time)
        return weir_fail_at(error, WEIR_VALIDATE, item->as.call->args.items[0]->position,
                            "Window aggregate can only be defined over a time attribute column, but TIMESTAMP(%d) encountered.",
                            (*time)->type->precision);
    if (kind == WEIR_WINDOW_SESSION && scope->context->batch_mode)
        return weir_fail_at(error, WEIR_UNSUPPORTED, item->position, "SESSION windows are not supported in batch mode");
    window->processing_time = attribute == WEIR_TIME_PROCTIME;
    return WEIR_OK;
}

bool bind_same_window(const weir_window *a, const weir_window *b) {
    return a->kind == b->kind && a->size_ms == b->size_ms && a->slide_ms == b->slide_ms && a->offset_ms == b->offset_ms;
}

/* The type of a property: bounds are wall time, the time attributes keep the type of the time column. */
static const weir_type *property_type(bind_scope *scope, weir_window_property property, const weir_expr *time) {
    weir_arena *arena = scope->context->arena;
    switch (property) {
    case WEIR_WINDOW_PROPERTY_START:
    case WEIR_WINDOW_PROPERTY_END: return weir_type_sized(arena, WEIR_KIND_TIMESTAMP, 3, false);
    case WEIR_WINDOW_PROPERTY_TIME: return weir_type_sized(arena, time->type->kind, 3, time->type->nullable);
    case WEIR_WINDOW_PROPERTY_PROCTIME: break;
    }
    return weir_type_sized(arena, WEIR_KIND_TIMESTAMP_LTZ, 3, false);
}

weir_status bind_property_mark(bind_scope *scope, const weir_ast_expr *ast, weir_window_kind kind, weir_window_property property,
                               const weir_expr **out, weir_error *error) {
    weir_text name = ast->as.call->name.parts[0].text;
    if (scope->marks == NULL || scope->in_aggregate)
        return weir_fail_at(error, WEIR_VALIDATE, ast->position,
                            "Call to auxiliary group function '%.*s' must have matching call to group function in GROUP BY clause",
                            WEIR_TEXT_ARGS(name));
    bind_property *record = WEIR_ARENA_NEW(scope->context->arena, bind_property);
    if (record == NULL)
        return no_memory(error);
    *record = (bind_property){.property = property, .position = ast->position, .name = name};
    WEIR_TRY(group_arguments(scope, kind, ast, &record->window, &record->time, error));
    const weir_type *type = property_type(scope, property, record->time);
    *out = bind_mark(scope, BIND_MARK_PROPERTY, &scope->marks->properties, record, type, ast->position);
    return *out == NULL ? no_memory(error) : WEIR_OK;
}
