/* CREATE TABLE and CREATE VIEW: the definition as the catalog keeps it. Columns, computed expressions, keys, watermark and partitions are
 * checked here; the connector and its options when the table is first used, as in Flink. */
#include <string.h>

#include "bind/qualify_int.h"
#include "bind/table_int.h"
#include "sql/unparse.h"

static weir_status no_memory(weir_error *error) { return weir_fail_memory(error, "a table", sizeof(weir_table)); }

static weir_text expression_text(weir_arena *arena, const weir_ast_expr *expr) {
    weir_builder text;
    weir_builder_init(&text, arena->memory, 1 << 20);
    weir_sql_unparse_expression(&text, expr);
    weir_text copy = text.failed ? (weir_text){0} : weir_arena_text(arena, weir_builder_view(&text));
    weir_builder_deinit(&text);
    return copy;
}

uint32_t bind_table_column_named(const table_state *state, weir_text name) {
    for (uint32_t i = 0; i < state->count; i++)
        if (weir_text_equal(state->columns[i].name, name))
            return i;
    return UINT32_MAX;
}

/* The physical and metadata columns as a scope for computed ones. */
static weir_status bind_over_columns(table_state *state, bool with_computed, const weir_ast_expr *ast, const weir_expr **out,
                                     weir_error *error) {
    bind_column *columns = WEIR_ARENA_ARRAY(state->context->arena, bind_column, state->count);
    if (columns == NULL)
        return no_memory(error);
    uint32_t count = 0;
    for (uint32_t i = 0; i < state->count; i++)
        if (with_computed || state->columns[i].kind != WEIR_COLUMN_COMPUTED)
            columns[count++] = (bind_column){.name = state->columns[i].name, .type = state->columns[i].type};
    bind_scope scope = {.context = state->context, .column_count = count, .columns = columns, .clause = BIND_CLAUSE_DDL};
    return bind_expr(&scope, ast, out, error);
}

static weir_status metadata_key_once(const table_state *state, const weir_table_column *column, weir_position position, weir_error *error) {
    for (uint32_t i = 0; i < state->count; i++)
        if (state->columns[i].kind == WEIR_COLUMN_METADATA && weir_text_equal(state->columns[i].metadata_key, column->metadata_key))
            return weir_fail_at(error, WEIR_VALIDATE, position,
                                "The column `%.*s` and `%.*s` in the table are both from the same metadata key '%.*s'. Please specify "
                                "one of the columns as the metadata column and use the computed column syntax to specify the others.",
                                WEIR_TEXT_ARGS(state->columns[i].name), WEIR_TEXT_ARGS(column->name), WEIR_TEXT_ARGS(column->metadata_key));
    return WEIR_OK;
}

weir_status bind_table_column_add(table_state *state, const weir_ast_column *ast, weir_error *error) {
    weir_arena *arena = state->context->arena;
    weir_text name = ast->name.parts[0].text;
    if (bind_table_column_named(state, name) != UINT32_MAX)
        return weir_fail_at(error, WEIR_VALIDATE, ast->position, "A column named '%.*s' already exists in the table.",
                            WEIR_TEXT_ARGS(name));
    weir_table_column *column = &state->columns[state->count];
    *column = (weir_table_column){.name = name, .is_virtual = ast->is_virtual};
    if (ast->has_comment)
        column->comment = ast->comment;
    switch (ast->kind) {
    case WEIR_AST_COLUMN_PHYSICAL: column->kind = WEIR_COLUMN_PHYSICAL; break;
    case WEIR_AST_COLUMN_METADATA:
        column->kind = WEIR_COLUMN_METADATA;
        column->metadata_key = ast->metadata_key_written ? ast->metadata_key : name;
        WEIR_TRY(metadata_key_once(state, column, ast->position, error));
        break;
    case WEIR_AST_COLUMN_COMPUTED: column->kind = WEIR_COLUMN_COMPUTED; break;
    }
    if (column->kind == WEIR_COLUMN_COMPUTED) {
        column->expression = expression_text(arena, ast->expr);
        if (column->expression.data == NULL)
            return no_memory(error);
    } else {
        if (ast->type == NULL)
            return weir_fail_at(error, WEIR_VALIDATE, ast->position, "Column '%.*s' has no type", WEIR_TEXT_ARGS(name));
        WEIR_TRY(weir_bind_type(state->context, ast->type, &column->type, error));
    }
    state->count++;
    return WEIR_OK;
}

/* Computed columns see every physical column, also those written behind them. */
weir_status bind_table_computed_types(table_state *state, const weir_ast_column *asts, size_t count, weir_error *error) {
    for (size_t i = 0; i < count; i++) {
        if (asts[i].kind != WEIR_AST_COLUMN_COMPUTED)
            continue;
        const weir_expr *expr;
        WEIR_TRY(bind_over_columns(state, false, asts[i].expr, &expr, error));
        state->columns[bind_table_column_named(state, asts[i].name.parts[0].text)].type = expr->type;
    }
    return WEIR_OK;
}

weir_status bind_table_set_key(table_state *state, const weir_ast_constraint *constraint, weir_error *error) {
    weir_arena *arena = state->context->arena;
    if (constraint->unique)
        return weir_fail_at(error, WEIR_UNSUPPORTED, constraint->position, "UNIQUE constraint is not supported yet");
    if (constraint->enforcement != WEIR_AST_NOT_ENFORCED)
        return weir_fail_at(error, WEIR_VALIDATE, constraint->position,
                            "Flink doesn't support ENFORCED mode for PRIMARY KEY constraint. ENFORCED/NOT ENFORCED controls if the "
                            "constraint checks are performed on the incoming/outgoing data. Flink does not own the "
                            "data therefore the only supported mode is the NOT ENFORCED mode");
    if (state->table->key_count > 0)
        return weir_fail_at(error, WEIR_VALIDATE, constraint->position, "Duplicate primary key definition");
    uint32_t *key = WEIR_ARENA_ARRAY(arena, uint32_t, constraint->column_count);
    if (key == NULL)
        return no_memory(error);
    weir_builder name;
    weir_builder_init(&name, arena->memory, 4096);
    weir_builder_c(&name, "PK");
    for (size_t i = 0; i < constraint->column_count; i++) {
        weir_text column = constraint->columns[i].text;
        key[i] = bind_table_column_named(state, column);
        weir_builder_format(&name, "_%.*s", WEIR_TEXT_ARGS(column));
        if (key[i] == UINT32_MAX || state->columns[key[i]].kind != WEIR_COLUMN_PHYSICAL) {
            weir_builder_deinit(&name);
            return weir_fail_at(error, WEIR_VALIDATE, constraint->columns[i].position,
                                "Primary key column '%.*s' is not defined in the schema%s", WEIR_TEXT_ARGS(column),
                                key[i] == UINT32_MAX ? "" : " as a physical column");
        }
        weir_table_column *at = &state->columns[key[i]];
        at->type = weir_type_with_nullable(arena, at->type, false);
    }
    state->table->key = key;
    state->table->key_count = (uint32_t)constraint->column_count;
    state->table->key_name = constraint->name.text.data != NULL ? constraint->name.text : weir_arena_text(arena, weir_builder_view(&name));
    weir_builder_deinit(&name);
    return WEIR_OK;
}

weir_status bind_table_set_watermark(table_state *state, const weir_ast_watermark *watermark, weir_error *error) {
    weir_text name = watermark->column.parts[0].text;
    uint32_t column = bind_table_column_named(state, name);
    if (watermark->column.count > 1)
        return weir_fail_at(error, WEIR_UNSUPPORTED, watermark->column.position,
                            "a watermark on a nested field is not supported; make it a computed column");
    if (column == UINT32_MAX)
        return weir_fail_at(error, WEIR_VALIDATE, watermark->column.position,
                            "The rowtime attribute field '%.*s' is not defined in the table schema, at line %u, column %u",
                            WEIR_TEXT_ARGS(name), watermark->column.position.line, watermark->column.position.column);
    const weir_expr *expr;
    WEIR_TRY(bind_over_columns(state, true, watermark->expr, &expr, error));
    if (!weir_kind_is_timestamp(expr->type->kind))
        return weir_fail_at(
            error, WEIR_VALIDATE, watermark->position,
            "Invalid data type of expression for watermark definition. The field must be of type TIMESTAMP(p) or TIMESTAMP_LTZ(p)");
    state->table->watermark = (weir_watermark_spec){
        .present = true, .column = name, .expression = expression_text(state->context->arena, watermark->expr), .type = expr->type};
    return state->table->watermark.expression.data == NULL ? no_memory(error) : WEIR_OK;
}

static weir_status set_partitions(table_state *state, const weir_ast_ident *partitions, size_t count, weir_error *error) {
    uint32_t *columns = WEIR_ARENA_ARRAY(state->context->arena, uint32_t, count);
    if (columns == NULL)
        return no_memory(error);
    for (size_t i = 0; i < count; i++) {
        columns[i] = bind_table_column_named(state, partitions[i].text);
        if (columns[i] == UINT32_MAX)
            return weir_fail_at(error, WEIR_VALIDATE, partitions[i].position, "Partition column '%.*s' not defined in the table schema",
                                WEIR_TEXT_ARGS(partitions[i].text));
    }
    state->table->partitions = columns;
    state->table->partition_count = (uint32_t)count;
    return WEIR_OK;
}

/* Buckets are only told again: no connector here has any, so nothing can be written into the table. */
static weir_status set_distribution(table_state *state, const weir_ast_distribution *distribution, weir_error *error) {
    weir_arena *arena = state->context->arena;
    weir_builder text;
    weir_builder_init(&text, arena->memory, 1 << 16);
    weir_builder_c(&text, "DISTRIBUTED");
    if (distribution->column_count > 0)
        weir_builder_format(&text, " BY %.*s(", WEIR_TEXT_ARGS(distribution->kind));
    for (size_t i = 0; i < distribution->column_count; i++) {
        weir_text name = distribution->columns[i].text;
        uint32_t column = bind_table_column_named(state, name);
        if (column == UINT32_MAX || state->columns[column].kind != WEIR_COLUMN_PHYSICAL) {
            weir_builder_deinit(&text);
            return weir_fail_at(
                error, WEIR_VALIDATE, distribution->columns[i].position,
                "Invalid bucket key '%.*s'. A bucket key for a distribution must reference a physical column in the schema.",
                WEIR_TEXT_ARGS(name));
        }
        weir_builder_c(&text, i > 0 ? ", " : "");
        weir_sql_quote_name(&text, name);
    }
    weir_builder_c(&text, distribution->column_count > 0 ? ")" : "");
    if (distribution->bucket_count.size > 0)
        weir_builder_format(&text, " INTO %.*s BUCKETS", WEIR_TEXT_ARGS(distribution->bucket_count));
    state->table->distribution = text.failed ? (weir_text){0} : weir_arena_text(arena, weir_builder_view(&text));
    weir_builder_deinit(&text);
    return state->table->distribution.data == NULL ? no_memory(error) : WEIR_OK;
}

/* Later values of a key win. */
weir_status bind_table_options_merge(table_state *state, const weir_ast_options *options, weir_error *error) {
    weir_table *table = state->table;
    weir_option *merged = WEIR_ARENA_ARRAY(state->context->arena, weir_option, table->option_count + options->count);
    if (merged == NULL)
        return no_memory(error);
    uint32_t count = table->option_count;
    if (count > 0)
        memcpy(merged, table->options, count * sizeof *merged);
    for (size_t i = 0; i < options->count; i++) {
        uint32_t at = 0;
        while (at < count && !weir_text_equal(merged[at].key, options->items[i].key))
            at++;
        merged[at] = (weir_option){options->items[i].key, options->items[i].value, options->items[i].key_position};
        count += at == count;
    }
    table->options = merged;
    table->option_count = count;
    return WEIR_OK;
}

/* ---- LIKE ---- */

static weir_ast_like_merge like_rule(const weir_ast_like_clause *like, weir_ast_like_feature feature, weir_ast_like_merge without) {
    weir_ast_like_merge rule = without;
    for (size_t i = 0; i < like->option_count; i++)
        if (like->options[i].feature == WEIR_AST_LIKE_ALL)
            rule = like->options[i].merge;
    for (size_t i = 0; i < like->option_count; i++)
        if (like->options[i].feature == feature)
            rule = like->options[i].merge;
    return rule;
}

static bool like_takes_column(const weir_ast_like_clause *like, weir_table_column_kind kind) {
    if (kind == WEIR_COLUMN_COMPUTED)
        return like_rule(like, WEIR_AST_LIKE_GENERATED, WEIR_AST_LIKE_INCLUDING) != WEIR_AST_LIKE_EXCLUDING;
    if (kind == WEIR_COLUMN_METADATA)
        return like_rule(like, WEIR_AST_LIKE_METADATA, WEIR_AST_LIKE_INCLUDING) != WEIR_AST_LIKE_EXCLUDING;
    return true;
}

static uint32_t *remap(table_state *state, const weir_table *source, const uint32_t *columns, uint32_t count) {
    uint32_t *mapped = WEIR_ARENA_ARRAY(state->context->arena, uint32_t, count);
    for (uint32_t i = 0; mapped != NULL && i < count; i++)
        mapped[i] = bind_table_column_named(state, source->columns[columns[i]].name);
    return mapped;
}

/* The part of the source that goes before the new columns; keys, watermark and partitions are taken over when the table has none of its
 * own. */
static weir_status like_columns(table_state *state, const weir_ast_create_table *create, const weir_table *source, weir_error *error) {
    for (uint32_t i = 0; i < source->column_count; i++) {
        if (!like_takes_column(create->like, source->columns[i].kind))
            continue;
        for (size_t k = 0; k < create->column_count; k++) {
            if (!weir_text_equal(create->columns[k].name.parts[0].text, source->columns[i].name))
                continue;
            bool overwrites = source->columns[i].kind == WEIR_COLUMN_COMPUTED &&
                              like_rule(create->like, WEIR_AST_LIKE_GENERATED, WEIR_AST_LIKE_INCLUDING) == WEIR_AST_LIKE_OVERWRITING;
            overwrites |= source->columns[i].kind == WEIR_COLUMN_METADATA &&
                          like_rule(create->like, WEIR_AST_LIKE_METADATA, WEIR_AST_LIKE_INCLUDING) == WEIR_AST_LIKE_OVERWRITING;
            if (!overwrites)
                return weir_fail_at(error, WEIR_VALIDATE, create->columns[k].position,
                                    "A column named '%.*s' already exists in the base table.", WEIR_TEXT_ARGS(source->columns[i].name));
            goto next;
        }
        state->columns[state->count++] = source->columns[i];
    next:;
    }
    return WEIR_OK;
}

static weir_status like_rest(table_state *state, const weir_ast_create_table *create, const weir_table *source, weir_error *error) {
    const weir_ast_like_clause *like = create->like;
    weir_table *table = state->table;
    if (like_rule(like, WEIR_AST_LIKE_CONSTRAINTS, WEIR_AST_LIKE_INCLUDING) == WEIR_AST_LIKE_INCLUDING && source->key_count > 0) {
        if (create->constraint_count > 0)
            return weir_fail_at(error, WEIR_VALIDATE, create->constraints[0].position,
                                "The base table already has a primary key. You might want to specify EXCLUDING CONSTRAINTS.");
        table->key = remap(state, source, source->key, source->key_count);
        table->key_count = source->key_count;
        table->key_name = source->key_name;
    }
    weir_ast_like_merge watermarks = like_rule(like, WEIR_AST_LIKE_WATERMARKS, WEIR_AST_LIKE_INCLUDING);
    if (watermarks != WEIR_AST_LIKE_EXCLUDING && source->watermark.present) {
        if (create->watermark != NULL && watermarks == WEIR_AST_LIKE_INCLUDING)
            return weir_fail_at(error, WEIR_VALIDATE, create->watermark->position,
                                "There already exists a watermark spec for column '%.*s' in the base table. You might want to specify "
                                "EXCLUDING WATERMARKS or OVERWRITING WATERMARKS.",
                                WEIR_TEXT_ARGS(source->watermark.column));
        table->watermark = source->watermark;
    }
    /* EXCLUDING PARTITIONS only lets the new table have others; without any it keeps those of its source, as in Flink. */
    if (source->partition_count > 0) {
        if (create->partition_count > 0 && like_rule(like, WEIR_AST_LIKE_PARTITIONS, WEIR_AST_LIKE_INCLUDING) != WEIR_AST_LIKE_EXCLUDING)
            return weir_fail_at(error, WEIR_VALIDATE, create->partitions[0].position,
                                "The base table already has partitions defined. You might want to specify EXCLUDING PARTITIONS.");
        table->partitions = remap(state, source, source->partitions, source->partition_count);
        table->partition_count = source->partition_count;
    }
    if (source->distribution.size > 0 && like_rule(like, WEIR_AST_LIKE_DISTRIBUTION, WEIR_AST_LIKE_INCLUDING) != WEIR_AST_LIKE_EXCLUDING) {
        if (create->distribution.present)
            return weir_fail_at(error, WEIR_VALIDATE, create->distribution.position,
                                "The base table already has a distribution defined. You might want to specify EXCLUDING DISTRIBUTION.");
        table->distribution = source->distribution;
    }
    weir_ast_like_merge options = like_rule(like, WEIR_AST_LIKE_OPTIONS, WEIR_AST_LIKE_OVERWRITING);
    if (options != WEIR_AST_LIKE_EXCLUDING) {
        table->options = source->options;
        table->option_count = source->option_count;
    }
    for (size_t i = 0; options == WEIR_AST_LIKE_INCLUDING && i < create->options.count; i++)
        if (weir_table_option(source, weir_arena_text(state->context->arena, create->options.items[i].key).data) != NULL)
            return weir_fail_at(error, WEIR_VALIDATE, create->options.items[i].key_position,
                                "There already exists an option ['%.*s' -> ...]  in the base table. You might want to specify EXCLUDING "
                                "OPTIONS or OVERWRITING OPTIONS.",
                                WEIR_TEXT_ARGS(create->options.items[i].key));
    return WEIR_OK;
}

/* ---- AS query ---- */

/* (b, a) without types: the columns of the query in another order. */
static weir_status bare_columns(table_state *state, const weir_ast_create_table *create, weir_error *error) {
    const weir_node *node;
    WEIR_TRY(weir_bind_query(state->context, create->query, &node, error));
    if (node->field_count != create->column_count)
        return weir_fail_at(error, WEIR_VALIDATE, create->columns[0].position,
                            "The number of columns in the column list must match the number of columns in the source schema.");
    for (size_t i = 0; i < create->column_count; i++) {
        weir_text name = create->columns[i].name.parts[0].text;
        uint32_t at = 0;
        while (at < node->field_count && !weir_text_equal(node->fields[at].name, name))
            at++;
        if (at == node->field_count)
            return weir_fail_at(error, WEIR_VALIDATE, create->columns[i].position, "Column '%.*s' not found in the source schema.",
                                WEIR_TEXT_ARGS(name));
        if (bind_table_column_named(state, name) != UINT32_MAX)
            return weir_fail_at(error, WEIR_VALIDATE, create->columns[i].position, "A column named '%.*s' already exists in the table.",
                                WEIR_TEXT_ARGS(name));
        state->columns[state->count++] = (weir_table_column){.kind = WEIR_COLUMN_PHYSICAL, .name = name, .type = node->fields[at].type};
    }
    return WEIR_OK;
}

static weir_status query_columns(table_state *state, const weir_ast_query *query, weir_error *error) {
    const weir_node *node;
    WEIR_TRY(weir_bind_query(state->context, query, &node, error));
    for (uint32_t i = 0; i < node->field_count; i++) {
        uint32_t at = bind_table_column_named(state, node->fields[i].name);
        if (at != UINT32_MAX)
            continue;
        state->columns[state->count++] =
            (weir_table_column){.kind = WEIR_COLUMN_PHYSICAL, .name = node->fields[i].name, .type = node->fields[i].type};
    }
    return WEIR_OK;
}

static weir_status source_of(weir_bind_context *context, const weir_ast_create_table *create, const weir_table **out, weir_error *error) {
    *out = NULL;
    if (create->like == NULL)
        return WEIR_OK;
    weir_object_path path;
    WEIR_TRY(weir_bind_path(context, &create->like->source, &path, error));
    *out = weir_catalog_find(context->catalog, path);
    if (*out == NULL)
        return weir_fail_at(error, WEIR_VALIDATE, create->like->source.position,
                            "Source table '`%.*s`.`%.*s`.`%.*s`' of the LIKE clause not found in the catalog, at line %u, column %u",
                            WEIR_TEXT_ARGS(path.catalog), WEIR_TEXT_ARGS(path.database), WEIR_TEXT_ARGS(path.name),
                            create->like->source.position.line, create->like->source.position.column);
    if ((*out)->kind == WEIR_VIEW)
        return weir_fail_at(error, WEIR_VALIDATE, create->like->source.position,
                            "Source table '`%.*s`.`%.*s`.`%.*s`' of the LIKE clause can not be a VIEW, at line %u, column %u",
                            WEIR_TEXT_ARGS(path.catalog), WEIR_TEXT_ARGS(path.database), WEIR_TEXT_ARGS(path.name),
                            create->like->source.position.line, create->like->source.position.column);
    return WEIR_OK;
}

enum { QUERY_COLUMNS_MAX = 4096 };

weir_status weir_bind_create_table(weir_bind_context *context, const weir_ast_create_table *create, weir_table *out, weir_error *error) {
    weir_object_path path;
    const weir_table *source;
    WEIR_TRY(weir_bind_path(context, &create->name, &path, error));
    WEIR_TRY(source_of(context, create, &source, error));
    *out = (weir_table){
        .kind = WEIR_TABLE, .temporary = create->temporary, .catalog = path.catalog, .database = path.database, .name = path.name};
    if (create->has_comment)
        out->comment = create->comment;
    table_state state = {.context = context, .table = out};
    state.capacity =
        (uint32_t)create->column_count + (source == NULL ? 0 : source->column_count) + (create->query == NULL ? 0 : QUERY_COLUMNS_MAX);
    state.columns = WEIR_ARENA_ARRAY(context->arena, weir_table_column, state.capacity);
    if (state.columns == NULL)
        return no_memory(error);
    if (source != NULL)
        WEIR_TRY(like_columns(&state, create, source, error));
    bool bare = create->query != NULL && create->column_count > 0 && create->columns[0].kind == WEIR_AST_COLUMN_PHYSICAL &&
                create->columns[0].type == NULL;
    if (bare)
        WEIR_TRY(bare_columns(&state, create, error));
    for (size_t i = 0; i < create->column_count && !bare; i++)
        WEIR_TRY(bind_table_column_add(&state, &create->columns[i], error));
    if (create->query != NULL)
        WEIR_TRY(query_columns(&state, create->query, error));
    WEIR_TRY(bind_table_computed_types(&state, create->columns, create->column_count, error));
    if (source != NULL)
        WEIR_TRY(like_rest(&state, create, source, error));
    for (size_t i = 0; i < create->constraint_count; i++)
        WEIR_TRY(bind_table_set_key(&state, &create->constraints[i], error));
    if (create->watermark != NULL)
        WEIR_TRY(bind_table_set_watermark(&state, create->watermark, error));
    if (create->partition_count > 0)
        WEIR_TRY(set_partitions(&state, create->partitions, create->partition_count, error));
    if (create->distribution.present)
        WEIR_TRY(set_distribution(&state, &create->distribution, error));
    WEIR_TRY(bind_table_options_merge(&state, &create->options, error));
    out->columns = state.columns;
    out->column_count = state.count;
    return WEIR_OK;
}

/* ---- views ---- */

/* Two columns that the query names alike are a mistake; those that come out of a * get a number. */
static weir_status check_view_names(const weir_ast_query *query, const weir_table_column *columns, uint32_t column, weir_error *error) {
    const weir_ast_select *select = query->kind == WEIR_AST_QUERY_SELECT ? query->as.select : NULL;
    for (size_t i = 0; select != NULL && i < select->item_count; i++)
        if (select->items[i].expr->kind == WEIR_AST_EXPR_STAR)
            return WEIR_OK;
    for (uint32_t k = 0; k < column; k++) {
        if (!weir_text_equal(columns[k].name, columns[column].name))
            continue;
        weir_position place = select != NULL && k < select->item_count ? select->items[k].position : query->position;
        return weir_fail_at(error, WEIR_VALIDATE, query->position,
                            "A column with the same name `%.*s` has been defined at line %u, column %u.",
                            WEIR_TEXT_ARGS(columns[column].name), place.line, place.column);
    }
    return WEIR_OK;
}

static weir_status view_fill(weir_bind_context *context, const weir_ast_query *query, const weir_ast_ident *names, size_t name_count,
                             weir_text script, weir_table *out, weir_error *error) {
    const weir_node *node;
    WEIR_TRY(weir_bind_query(context, query, &node, error));
    if (name_count > 0 && name_count != node->field_count)
        return weir_fail_at(error, WEIR_VALIDATE, names[0].position,
                            "VIEW definition and input fields not match:\n\tDef fields: %zu.\n\tInput fields: %u.", name_count,
                            node->field_count);
    weir_table_column *columns = WEIR_ARENA_ARRAY(context->arena, weir_table_column, node->field_count);
    weir_plan_field *fields = WEIR_ARENA_ARRAY(context->arena, weir_plan_field, node->field_count);
    if (columns == NULL || fields == NULL)
        return no_memory(error);
    memcpy(fields, node->fields, node->field_count * sizeof *fields);
    WEIR_TRY(bind_distinct_names(context, fields, node->field_count, error));
    for (uint32_t i = 0; i < node->field_count; i++) {
        columns[i] = (weir_table_column){.kind = WEIR_COLUMN_PHYSICAL, .name = node->fields[i].name, .type = node->fields[i].type};
        if (name_count > 0)
            columns[i].name = names[i].text;
        else
            WEIR_TRY(check_view_names(query, columns, i, error));
    }
    for (uint32_t i = 0; name_count == 0 && i < node->field_count; i++)
        columns[i].name = fields[i].name;
    out->columns = columns;
    out->column_count = node->field_count;
    if (query->position.offset_bytes + (size_t)query->position.length_bytes <= script.size)
        out->view_original = (weir_text){script.data + query->position.offset_bytes, query->position.length_bytes};
    return bind_qualified_text(context, query, &out->view_query, error);
}

weir_status weir_bind_create_view(weir_bind_context *context, const weir_ast_create_view *create, weir_text script, weir_table *out,
                                  weir_error *error) {
    weir_object_path path;
    WEIR_TRY(weir_bind_path(context, &create->name, &path, error));
    *out = (weir_table){
        .kind = WEIR_VIEW, .temporary = create->temporary, .catalog = path.catalog, .database = path.database, .name = path.name};
    if (create->has_comment)
        out->comment = create->comment;
    return view_fill(context, create->query, create->columns, create->column_count, script, out, error);
}

weir_status weir_bind_alter_view(weir_bind_context *context, const weir_ast_alter *alter, const weir_table *old, weir_text script,
                                 weir_table *out, weir_error *error) {
    *out = *old;
    return view_fill(context, alter->query, NULL, 0, script, out, error);
}
