/* DESCRIBE of tables, views, catalogs, databases and functions; the same rows serve SHOW COLUMNS. */
#include <string.h>

#include "agg/aggregate.h"
#include "session/session_int.h"
#include "sql/unparse.h"

static const weir_text none = {0};

static weir_text type_text(weir_arena *arena, const weir_type *type, weir_time_attribute time) {
    weir_builder text;
    weir_builder_init(&text, arena->memory, 1 << 20);
    const weir_type *shown = weir_type_with_nullable(arena, type, true);
    if (shown != NULL)
        weir_type_print_short(shown, &text);
    if (time != WEIR_TIME_NONE)
        weir_builder_c(&text, time == WEIR_TIME_ROWTIME ? " *ROWTIME*" : " *PROCTIME*");
    weir_text copy = shown == NULL || text.failed ? none : weir_arena_text(arena, weir_builder_view(&text));
    weir_builder_deinit(&text);
    return copy;
}

/* Batch mode knows no event time attributes: there the column is an ordinary one. */
static weir_time_attribute time_shown(const session_statement *statement, weir_time_attribute time) {
    return time == WEIR_TIME_ROWTIME && statement->answer->batch_mode ? WEIR_TIME_NONE : time;
}

/* "PRI(a, b)" for the columns of the key. */
static weir_text key_text(weir_arena *arena, const weir_table *table, uint32_t column) {
    bool is_key = false;
    weir_text list = none;
    for (uint32_t i = 0; i < table->key_count; i++) {
        is_key |= table->key[i] == column;
        weir_text name = table->columns[table->key[i]].name;
        list = i == 0 ? weir_arena_format(arena, "PRI(%.*s", WEIR_TEXT_ARGS(name))
                      : weir_arena_format(arena, "%.*s, %.*s", WEIR_TEXT_ARGS(list), WEIR_TEXT_ARGS(name));
    }
    return is_key ? weir_arena_format(arena, "%.*s)", WEIR_TEXT_ARGS(list)) : none;
}

static weir_text extras_text(weir_arena *arena, const weir_table_column *column) {
    if (column->kind == WEIR_COLUMN_COMPUTED)
        return weir_arena_format(arena, "AS %.*s", WEIR_TEXT_ARGS(column->expression));
    if (column->kind != WEIR_COLUMN_METADATA)
        return none;
    bool renamed = !weir_text_equal(column->metadata_key, column->name);
    return weir_arena_format(arena, "METADATA%s%.*s%s%s", renamed ? " FROM '" : "", renamed ? (int)column->metadata_key.size : 0,
                             renamed ? column->metadata_key.data : "", renamed ? "'" : "", column->is_virtual ? " VIRTUAL" : "");
}

static bool has_comments(const weir_table *table) {
    for (uint32_t i = 0; i < table->column_count; i++)
        if (table->columns[i].comment.data != NULL)
            return true;
    return false;
}

weir_status describe_columns(session_statement *statement, const weir_ast_name *name, const weir_ast_show *like, weir_error *error) {
    static const char *const names[] = {"name", "type", "?null", "key", "extras", "watermark", "comment", NULL};
    static const char *const without_comment[] = {"name", "type", "?null", "key", "extras", "watermark", NULL};
    weir_arena *arena = statement->arena;
    const weir_table *table;
    WEIR_TRY(session_prepare(statement, error));
    WEIR_TRY(statement_find_table(statement, name, &table, error));
    weir_bind_context context;
    session_bind_context(statement, &context);
    const weir_plan_field *fields;
    uint32_t field_count;
    weir_status status = weir_bind_table_fields(&context, table, &fields, &field_count, error);
    if (status != WEIR_OK) {
        weir_error_locate(error, name->position);
        return status;
    }
    rows_builder rows;
    WEIR_TRY(rows_begin(&rows, statement->answer, has_comments(table) ? names : without_comment, error));
    for (uint32_t i = 0; i < field_count && i < table->column_count; i++) {
        const weir_table_column *column = &table->columns[i];
        if (!show_matches(like, fields[i].name))
            continue;
        bool marked = table->watermark.present && weir_text_equal(table->watermark.column, column->name);
        weir_text row[] = {fields[i].name,
                           type_text(arena, fields[i].type, time_shown(statement, fields[i].time)),
                           fields[i].type->nullable ? WEIR_TEXT("true") : WEIR_TEXT("false"),
                           key_text(arena, table, i),
                           extras_text(arena, column),
                           marked ? table->watermark.expression : none,
                           column->comment};
        WEIR_TRY(rows_add(&rows, row, error));
    }
    return rows_end(&rows, error);
}

/* ---- pairs of "info name" and "info value" ---- */

static weir_status pairs_begin(session_statement *statement, rows_builder *rows, weir_error *error) {
    return rows_begin(rows, statement->answer, (const char *const[]){"info name", "info value", NULL}, error);
}

static weir_status pair(rows_builder *rows, const char *name, weir_text value, weir_error *error) {
    return rows_add(rows, (weir_text[]){weir_text_of(name), value}, error);
}

static weir_text option_named(const weir_space_info *info, const char *key) {
    for (size_t i = 0; i < info->option_count; i++)
        if (weir_text_equal_c(info->options[i].key, key))
            return info->options[i].value;
    return none;
}

/* The type of a catalog is told before. */
static weir_status option_pairs(session_statement *statement, rows_builder *rows, const weir_space_info *info, bool without_type,
                                weir_error *error) {
    for (size_t i = 0; i < info->option_count; i++) {
        if (without_type && weir_text_equal_c(info->options[i].key, "type"))
            continue;
        weir_text name = weir_arena_format(statement->arena, "option:%.*s", WEIR_TEXT_ARGS(info->options[i].key));
        WEIR_TRY(rows_add(rows, (weir_text[]){name, info->options[i].value}, error));
    }
    return WEIR_OK;
}

static weir_status describe_space(session_statement *statement, weir_error *error) {
    const weir_ast_describe *describe = &statement->ast->as.describe;
    const weir_ast_name *name = &describe->name;
    bool is_catalog = describe->kind == WEIR_AST_DESCRIBE_CATALOG;
    weir_text in_catalog = name->count >= 2 ? name->parts[0].text : none, last = name->parts[name->count - 1].text;
    weir_space_info info;
    weir_status status = is_catalog ? weir_catalog_describe_catalog(statement->session->catalog, last, &info, error)
                                    : weir_catalog_describe_database(statement->session->catalog, in_catalog, last, &info, error);
    if (status != WEIR_OK) {
        weir_error_locate(error, name->position);
        return status;
    }
    rows_builder rows;
    WEIR_TRY(pairs_begin(statement, &rows, error));
    WEIR_TRY(pair(&rows, "name", info.name, error));
    if (is_catalog) {
        weir_text type = option_named(&info, "type");
        WEIR_TRY(pair(&rows, "type", type.data == NULL ? WEIR_TEXT("generic_in_memory") : type, error));
    }
    WEIR_TRY(pair(&rows, "comment", info.comment, error));
    if (describe->extended)
        WEIR_TRY(option_pairs(statement, &rows, &info, is_catalog, error));
    return rows_end(&rows, error);
}

static weir_status describe_function(session_statement *statement, weir_error *error) {
    const weir_ast_name *name = &statement->ast->as.describe.name;
    weir_text last = name->parts[name->count - 1].text;
    const weir_function *function = name->count == 1 ? weir_function_find(last, false) : NULL;
    const weir_aggregate *aggregate = function == NULL && name->count == 1 ? weir_aggregate_find(last, false) : NULL;
    if (function == NULL && aggregate == NULL) {
        weir_fail_at(error, WEIR_VALIDATE, name->position, "Function with the identifier '%.*s' doesn't exist.", WEIR_TEXT_ARGS(last));
        const weir_function *nearest = weir_function_nearest(last);
        if (nearest != NULL)
            weir_error_hint(error, "did you mean %s?", nearest->name);
        return WEIR_VALIDATE;
    }
    bool dynamic = function != NULL && (function->flags & WEIR_FUNCTION_DYNAMIC) != 0;
    rows_builder rows;
    WEIR_TRY(pairs_begin(statement, &rows, error));
    WEIR_TRY(pair(&rows, "is system function", WEIR_TEXT("true"), error));
    WEIR_TRY(pair(&rows, "is temporary", WEIR_TEXT("false"), error));
    if (statement->ast->as.describe.extended) {
        WEIR_TRY(pair(&rows, "kind", function != NULL ? WEIR_TEXT("SCALAR") : WEIR_TEXT("AGGREGATE"), error));
        WEIR_TRY(pair(&rows, "is deterministic", dynamic ? WEIR_TEXT("false") : WEIR_TEXT("true"), error));
        WEIR_TRY(pair(&rows, "supports constant folding", dynamic || function == NULL ? WEIR_TEXT("false") : WEIR_TEXT("true"), error));
        WEIR_TRY(pair(&rows, "signature", weir_text_of(function != NULL ? function->usage : aggregate->usage), error));
    }
    return rows_end(&rows, error);
}

weir_status statement_describe(session_statement *statement, weir_error *error) {
    const weir_ast_describe *describe = &statement->ast->as.describe;
    switch (describe->kind) {
    case WEIR_AST_DESCRIBE_TABLE: return describe_columns(statement, &describe->name, NULL, error);
    case WEIR_AST_DESCRIBE_CATALOG:
    case WEIR_AST_DESCRIBE_DATABASE: return describe_space(statement, error);
    case WEIR_AST_DESCRIBE_FUNCTION: return describe_function(statement, error);
    case WEIR_AST_DESCRIBE_JOB: return statement_describe_job(statement, error);
    case WEIR_AST_DESCRIBE_MODEL: break;
    }
    return weir_fail_at(error, WEIR_UNSUPPORTED, statement->ast->position, "%s is not supported", weir_ast_statement_name(statement->ast));
}
