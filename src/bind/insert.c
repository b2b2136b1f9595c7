/* INSERT INTO / OVERWRITE: the query's columns brought into the order and the types of the sink, and the check that they fit. */
#include <string.h>

#include "bind/bind_int.h"

static weir_status no_memory(weir_error *error) { return weir_fail_memory(error, "an INSERT", sizeof(weir_node)); }

typedef struct insert_state {
    weir_bind_context *context;
    const weir_ast_insert *ast;
    const weir_table *table;
    uint32_t count; /* columns that are written: physical ones; metadata that is not VIRTUAL would be, but no connector takes it */
    uint32_t *columns;
    const weir_expr **exprs; /* per written column; NULL: not given yet */
    uint32_t *targets;       /* per query column: the written column */
    uint32_t target_count;
} insert_state;

static weir_status sink_columns(insert_state *state, weir_error *error) {
    state->columns = WEIR_ARENA_ARRAY(state->context->arena, uint32_t, state->table->column_count);
    state->exprs = WEIR_ARENA_ARRAY(state->context->arena, const weir_expr *, state->table->column_count);
    state->targets = WEIR_ARENA_ARRAY(state->context->arena, uint32_t, state->table->column_count);
    if (state->columns == NULL || state->exprs == NULL || state->targets == NULL)
        return no_memory(error);
    for (uint32_t c = 0; c < state->table->column_count; c++) {
        const weir_table_column *column = &state->table->columns[c];
        if (column->kind == WEIR_COLUMN_PHYSICAL || (column->kind == WEIR_COLUMN_METADATA && !column->is_virtual))
            state->columns[state->count++] = c;
    }
    return WEIR_OK;
}

static const weir_table_column *written(const insert_state *state, uint32_t index) { return &state->table->columns[state->columns[index]]; }

static uint32_t written_named(const insert_state *state, weir_text name) {
    for (uint32_t i = 0; i < state->count; i++)
        if (weir_text_equal(written(state, i)->name, name))
            return i;
    return UINT32_MAX;
}

static bool is_partition_column(const insert_state *state, uint32_t index) {
    for (uint32_t i = 0; i < state->table->partition_count; i++)
        if (state->table->partitions[i] == state->columns[index])
            return true;
    return false;
}

/* PARTITION (p = 'x'): a constant; PARTITION (p) says nothing. */
static weir_status static_partitions(insert_state *state, weir_sink_spec *spec, weir_error *error) {
    const weir_ast_partition *partition = state->ast->partition;
    if (partition == NULL)
        return WEIR_OK;
    weir_option *options = WEIR_ARENA_ARRAY(state->context->arena, weir_option, partition->count);
    if (options == NULL)
        return no_memory(error);
    for (size_t i = 0; i < partition->count; i++) {
        uint32_t column = written_named(state, partition->names[i].text);
        if (column == UINT32_MAX)
            return weir_fail_at(error, WEIR_VALIDATE, partition->names[i].position, "Partition column '%.*s' not found in table '%.*s'",
                                WEIR_TEXT_ARGS(partition->names[i].text), WEIR_TEXT_ARGS(state->table->name));
        if (!is_partition_column(state, column))
            return weir_fail_at(error, WEIR_VALIDATE, partition->names[i].position,
                                "Static partition column '%.*s' should be in the partition keys list of table '%.*s.%.*s.%.*s'",
                                WEIR_TEXT_ARGS(partition->names[i].text), WEIR_TEXT_ARGS(state->table->catalog),
                                WEIR_TEXT_ARGS(state->table->database), WEIR_TEXT_ARGS(state->table->name));
        if (partition->values[i] == NULL)
            continue;
        weir_value value;
        WEIR_TRY(weir_bind_constant(state->context, partition->values[i], &value, error));
        const weir_expr *literal = weir_expr_literal(state->context->arena, &value, partition->values[i]->position);
        const weir_expr *cast = literal == NULL ? NULL : weir_expr_cast(state->context->arena, literal, written(state, column)->type);
        if (cast == NULL)
            return no_memory(error);
        WEIR_TRY(weir_expr_constant(state->context->arena, state->context->arena->memory, state->context->evaluation, cast, &value, error));
        value.type = written(state, column)->type;
        state->exprs[column] = weir_expr_literal(state->context->arena, &value, partition->values[i]->position);
        const weir_expr *text =
            state->exprs[column] == NULL ? NULL : weir_expr_cast(state->context->arena, state->exprs[column], weir_type_string(true));
        if (text == NULL)
            return no_memory(error);
        WEIR_TRY(weir_expr_constant(state->context->arena, state->context->arena->memory, state->context->evaluation, text, &value, error));
        options[spec->static_count++] =
            (weir_option){.key = partition->names[i].text, .value = value.is_null ? (weir_text){0} : value.as.text};
    }
    spec->static_partitions = options;
    return WEIR_OK;
}

/* Where the query's columns go: the list that was written, or all columns that are not static. */
static weir_status target_columns(insert_state *state, weir_error *error) {
    for (size_t i = 0; i < state->ast->column_count; i++) {
        const weir_ast_ident *name = &state->ast->columns[i];
        uint32_t column = written_named(state, name->text);
        if (column == UINT32_MAX) {
            weir_text *names = WEIR_ARENA_ARRAY(state->context->arena, weir_text, state->count);
            for (uint32_t k = 0; names != NULL && k < state->count; k++)
                names[k] = written(state, k)->name;
            weir_status status =
                weir_fail_at(error, WEIR_VALIDATE, name->position, "Unknown target column '%.*s'", WEIR_TEXT_ARGS(name->text));
            int nearest = names == NULL ? -1 : weir_text_nearest(name->text, names, state->count);
            if (nearest >= 0)
                weir_error_hint(error, "did you mean '%.*s'?", WEIR_TEXT_ARGS(names[nearest]));
            return status;
        }
        for (uint32_t k = 0; k < state->target_count; k++)
            if (state->targets[k] == column)
                return weir_fail_at(error, WEIR_VALIDATE, name->position, "Target column '%.*s' is assigned more than once",
                                    WEIR_TEXT_ARGS(name->text));
        if (state->exprs[column] != NULL)
            return weir_fail_at(error, WEIR_VALIDATE, name->position, "Column '%.*s' is given by PARTITION already",
                                WEIR_TEXT_ARGS(name->text));
        state->targets[state->target_count++] = column;
    }
    for (uint32_t i = 0; state->ast->column_count == 0 && i < state->count; i++)
        if (state->exprs[i] == NULL)
            state->targets[state->target_count++] = i;
    return WEIR_OK;
}

/* ---- does it fit ---- */

static void print_fields(weir_builder *out, const weir_text *names, const weir_type *const *types, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        if (i > 0)
            weir_builder_c(out, ", ");
        weir_builder_text(out, names[i]);
        weir_builder_c(out, ": ");
        weir_type_print_short(types[i], out);
    }
}

static weir_status mismatch(insert_state *state, const weir_node *query, const char *cause, weir_error *error) {
    weir_arena *arena = state->context->arena;
    uint32_t most = query->field_count > state->count ? query->field_count : state->count;
    weir_text *names = WEIR_ARENA_ARRAY(arena, weir_text, most);
    const weir_type **types = WEIR_ARENA_ARRAY(arena, const weir_type *, most);
    if (names == NULL || types == NULL)
        return no_memory(error);
    weir_builder text;
    weir_builder_init(&text, arena->memory, WEIR_ERROR_MESSAGE_BYTES);
    weir_builder_format(&text, "Column types of query result and sink for '%.*s.%.*s.%.*s' do not match.\nCause: %s\n\nQuery schema: [",
                        WEIR_TEXT_ARGS(state->table->catalog), WEIR_TEXT_ARGS(state->table->database), WEIR_TEXT_ARGS(state->table->name),
                        cause);
    for (uint32_t i = 0; i < query->field_count; i++) {
        names[i] = query->fields[i].name;
        types[i] = query->fields[i].type;
    }
    print_fields(&text, names, types, query->field_count);
    weir_builder_c(&text, "]\nSink schema:  [");
    for (uint32_t i = 0; i < state->count; i++) {
        names[i] = written(state, i)->name;
        types[i] = written(state, i)->type;
    }
    print_fields(&text, names, types, state->count);
    weir_builder_c(&text, "]");
    weir_status status = weir_fail_at(error, WEIR_VALIDATE, state->ast->target.position, "%s", weir_builder_view(&text).data);
    weir_builder_deinit(&text);
    return status;
}

typedef enum length_rule { LENGTHS_AS_THEY_ARE, LENGTHS_TRIM_PAD } length_rule;

static weir_status length_rule_of(const insert_state *state, length_rule *out, weir_error *error) {
    static const char key[] = "table.exec.sink.type-length-enforcer";
    weir_bind_context *context = state->context;
    weir_text rule = context->setting == NULL ? (weir_text){0} : context->setting(context->setting_context, key);
    *out = weir_text_equal_nocase_c(rule, "TRIM_PAD") ? LENGTHS_TRIM_PAD : LENGTHS_AS_THEY_ARE;
    if (!weir_text_equal_nocase_c(rule, "ERROR"))
        return WEIR_OK;
    return weir_fail_at(error, WEIR_UNSUPPORTED, state->ast->target.position, "'%s' = 'ERROR' is not supported; TRIM_PAD and IGNORE are",
                        key);
}

static bool has_length(const weir_type *type) {
    return (weir_kind_is_text(type->kind) || weir_kind_is_binary(type->kind)) && type->precision < WEIR_LENGTH_MAX;
}

static weir_status assign(insert_state *state, const weir_node *query, weir_error *error) {
    weir_arena *arena = state->context->arena;
    length_rule lengths;
    WEIR_TRY(length_rule_of(state, &lengths, error));
    if (query->field_count != state->target_count)
        return mismatch(state, query, "Different number of columns.", error);
    for (uint32_t i = 0; i < query->field_count; i++) {
        const weir_table_column *column = written(state, state->targets[i]);
        const weir_type *from = query->fields[i].type;
        if (!weir_type_equal(from, column->type, true) && !weir_type_can_coerce(from, column->type)) {
            weir_text cause =
                weir_arena_format(arena, "Incompatible types for sink column '%.*s' at position %u.", WEIR_TEXT_ARGS(column->name), i);
            return cause.data == NULL ? no_memory(error) : mismatch(state, query, cause.data, error);
        }
        const weir_type *to = weir_type_with_nullable(arena, column->type, from->nullable || column->type->nullable);
        const weir_expr *value = weir_expr_column(arena, i, from, state->ast->query->position);
        const weir_expr *fitted = to == NULL ? NULL : weir_type_equal(from, to, true) ? value : weir_expr_cast(arena, value, to);
        if (fitted == value && lengths == LENGTHS_TRIM_PAD && has_length(to)) /* values of CHAR(n) may be shorter or longer */
            fitted = weir_expr_call(arena, "CAST", to, &value, 1, value->position);
        state->exprs[state->targets[i]] = fitted;
        if (state->exprs[state->targets[i]] == NULL)
            return no_memory(error);
    }
    for (uint32_t i = 0; i < state->count; i++) {
        if (state->exprs[i] != NULL)
            continue;
        const weir_table_column *column = written(state, i);
        if (!column->type->nullable)
            return weir_fail_at(error, WEIR_VALIDATE, state->ast->target.position,
                                "Column '%.*s' has no default value and does not allow NULLs", WEIR_TEXT_ARGS(column->name));
        state->exprs[i] = weir_expr_null(arena, column->type);
        if (state->exprs[i] == NULL)
            return no_memory(error);
    }
    return WEIR_OK;
}

/* ---- the nodes ---- */

static weir_status enforce_not_null(insert_state *state, const weir_node **node, weir_error *error) {
    weir_arena *arena = state->context->arena;
    uint32_t *columns = WEIR_ARENA_ARRAY(arena, uint32_t, state->count);
    weir_text *names = WEIR_ARENA_ARRAY(arena, weir_text, state->count);
    if (columns == NULL || names == NULL)
        return no_memory(error);
    uint32_t count = 0;
    for (uint32_t i = 0; i < state->count; i++)
        if (!written(state, i)->type->nullable) { /* whatever the type of the query says: what did not fit comes out NULL */
            columns[count] = i;
            names[count++] = written(state, i)->name;
        }
    if (count == 0)
        return WEIR_OK;
    weir_node *made = weir_node_create(arena, WEIR_NODE_NOT_NULL, state->ast->target.position, node, 1, (*node)->field_count);
    if (made == NULL)
        return no_memory(error);
    memcpy(weir_node_fields(made), (*node)->fields, (*node)->field_count * sizeof *(*node)->fields);
    made->as.not_null = (weir_not_null_spec){.count = count, .columns = columns, .names = names};
    *node = made;
    return WEIR_OK;
}

static weir_status sink_node(insert_state *state, weir_sink_spec *spec, const weir_connector *connector, const weir_node *query,
                             const weir_node **out, weir_error *error) {
    weir_arena *arena = state->context->arena;
    weir_text *names = WEIR_ARENA_ARRAY(arena, weir_text, state->count);
    weir_field *fields = WEIR_ARENA_ARRAY(arena, weir_field, state->count);
    if (names == NULL || fields == NULL)
        return no_memory(error);
    for (uint32_t i = 0; i < state->count; i++) {
        names[i] = written(state, i)->name;
        fields[i] = (weir_field){.name = names[i], .type = written(state, i)->type};
    }
    const weir_node *node;
    WEIR_TRY(bind_project(state->context, query, state->exprs, names, state->count, state->ast->target.position, &node, error));
    WEIR_TRY(enforce_not_null(state, &node, error));
    weir_node *sink = weir_node_create(arena, WEIR_NODE_SINK, state->ast->target.position, &node, 1, node->field_count);
    if (sink == NULL)
        return no_memory(error);
    memcpy(weir_node_fields(sink), node->fields, node->field_count * sizeof *node->fields);
    spec->table = state->table;
    spec->schema = (weir_schema){.count = state->count, .fields = fields};
    spec->overwrite = state->ast->overwrite;
    sink->as.sink.table = state->table;
    sink->as.sink.connector = connector;
    sink->as.sink.spec = *spec;
    *out = sink;
    return WEIR_OK;
}

static weir_status bind_insert(weir_bind_context *context, const weir_ast_insert *ast, const weir_node **out, weir_error *error) {
    insert_state state = {.context = context, .ast = ast};
    weir_object_path path;
    if (ast->upsert)
        return weir_fail_at(error, WEIR_UNSUPPORTED, ast->target.position, "UPSERT INTO is not supported");
    if (ast->on_conflict.size > 0)
        return weir_fail_at(error, WEIR_UNSUPPORTED, ast->target.position, "ON CONFLICT is not supported");
    WEIR_TRY(weir_bind_path(context, &ast->target, &path, error));
    weir_status status = weir_catalog_resolve_sink(context->catalog, path, &state.table, error);
    if (status != WEIR_OK) {
        weir_error_locate(error, ast->target.position);
        return status;
    }
    if (state.table->kind == WEIR_VIEW)
        return weir_fail_at(error, WEIR_VALIDATE, ast->target.position, "'%.*s' is a view; a view cannot be inserted into",
                            WEIR_TEXT_ARGS(state.table->name));
    if (state.table->distribution.size > 0)
        return weir_fail_at(error, WEIR_UNSUPPORTED, ast->target.position,
                            "Table '%.*s.%.*s.%.*s' is distributed into buckets, but no connector here has buckets "
                            "(implements the SupportsBucketing interface)",
                            WEIR_TEXT_ARGS(path.catalog), WEIR_TEXT_ARGS(path.database), WEIR_TEXT_ARGS(path.name));
    WEIR_TRY(sink_columns(&state, error));
    const weir_node *query;
    WEIR_TRY(bind_query(context, NULL, NULL, ast->query, &query, error));
    weir_sink_spec spec = {0};
    WEIR_TRY(static_partitions(&state, &spec, error));
    WEIR_TRY(target_columns(&state, error));
    WEIR_TRY(assign(&state, query, error));
    const weir_connector *connector;
    status = weir_connector_of(state.table, true, &connector, error);
    if (status == WEIR_OK)
        status = weir_connector_metadata_written(connector, state.table, error);
    if (status != WEIR_OK) {
        weir_error_locate(error, ast->target.position);
        return status;
    }
    if (ast->overwrite && !context->batch_mode)
        return weir_fail_at(error, WEIR_UNSUPPORTED, ast->target.position, "Streaming mode not support overwrite.");
    return sink_node(&state, &spec, connector, query, out, error);
}

weir_status weir_bind_inserts(weir_bind_context *context, const weir_ast_insert *const *inserts, size_t count, weir_plan *out,
                              weir_error *error) {
    const weir_node **roots = WEIR_ARENA_ARRAY(context->arena, const weir_node *, count);
    if (roots == NULL)
        return no_memory(error);
    for (size_t i = 0; i < count; i++) {
        weir_status status = bind_insert(context, inserts[i], &roots[i], error);
        if (status != WEIR_OK) {
            weir_error_stage(error, "bind");
            return status;
        }
    }
    *out = (weir_plan){.root_count = (uint32_t)count, .roots = roots, .batch_mode = context->batch_mode};
    return WEIR_OK;
}
