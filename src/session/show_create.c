/* SHOW CREATE TABLE, VIEW and CATALOG: the statement that would make it again, laid out as Flink lays it out. */
#include <stdlib.h>

#include "session/session_int.h"
#include "sql/unparse.h"

static void put_path(weir_builder *out, const weir_table *table) {
    weir_sql_quote_name(out, table->catalog);
    weir_builder_char(out, '.');
    weir_sql_quote_name(out, table->database);
    weir_builder_char(out, '.');
    weir_sql_quote_name(out, table->name);
}

static void put_comment(weir_builder *out, weir_text comment) {
    weir_builder_c(out, "COMMENT ");
    weir_sql_quote_string(out, comment);
}

static void put_column(weir_builder *out, const weir_table_column *column) {
    weir_builder_c(out, "  ");
    weir_sql_quote_name(out, column->name);
    weir_builder_char(out, ' ');
    if (column->kind == WEIR_COLUMN_COMPUTED) {
        weir_builder_c(out, "AS ");
        weir_builder_text(out, column->expression);
    } else {
        weir_type_print(column->type, out);
        if (column->kind == WEIR_COLUMN_METADATA) {
            weir_builder_c(out, " METADATA");
            if (!weir_text_equal(column->metadata_key, column->name)) {
                weir_builder_c(out, " FROM ");
                weir_sql_quote_string(out, column->metadata_key);
            }
            if (column->is_virtual)
                weir_builder_c(out, " VIRTUAL");
        }
    }
    if (column->comment.size > 0) {
        weir_builder_char(out, ' ');
        put_comment(out, column->comment);
    }
}

static void put_column_names(weir_builder *out, const weir_table *table, const uint32_t *columns, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        weir_builder_c(out, i > 0 ? ", " : "");
        weir_sql_quote_name(out, table->columns[columns[i]].name);
    }
}

static int by_key(const void *a, const void *b) {
    return weir_text_compare((*(const weir_option *const *)a)->key, (*(const weir_option *const *)b)->key);
}

static weir_status put_options(weir_arena *arena, weir_builder *out, const weir_option *options, size_t count, weir_error *error) {
    if (count == 0)
        return WEIR_OK;
    const weir_option **sorted = WEIR_ARENA_ARRAY(arena, const weir_option *, count);
    if (sorted == NULL)
        return weir_fail_memory(error, "SHOW CREATE", count * sizeof *sorted);
    for (size_t i = 0; i < count; i++)
        sorted[i] = &options[i];
    qsort(sorted, count, sizeof *sorted, by_key);
    weir_builder_c(out, "WITH (\n");
    for (size_t i = 0; i < count; i++) {
        weir_builder_c(out, i > 0 ? ",\n  " : "  ");
        weir_sql_quote_string(out, sorted[i]->key);
        weir_builder_c(out, " = ");
        weir_sql_quote_string(out, sorted[i]->value);
    }
    weir_builder_c(out, "\n)\n");
    return WEIR_OK;
}

static weir_status put_table(weir_arena *arena, weir_builder *out, const weir_table *table, weir_error *error) {
    weir_builder_c(out, table->temporary ? "CREATE TEMPORARY TABLE " : "CREATE TABLE ");
    put_path(out, table);
    weir_builder_c(out, " (\n");
    for (uint32_t i = 0; i < table->column_count; i++) {
        weir_builder_c(out, i > 0 ? ",\n" : "");
        put_column(out, &table->columns[i]);
    }
    if (table->watermark.present) {
        weir_builder_c(out, ",\n  WATERMARK FOR ");
        weir_sql_quote_name(out, table->watermark.column);
        weir_builder_c(out, " AS ");
        weir_builder_text(out, table->watermark.expression);
    }
    if (table->key_count > 0) {
        weir_builder_c(out, ",\n  CONSTRAINT ");
        weir_sql_quote_name(out, table->key_name);
        weir_builder_c(out, " PRIMARY KEY (");
        put_column_names(out, table, table->key, table->key_count);
        weir_builder_c(out, ") NOT ENFORCED");
    }
    weir_builder_c(out, "\n)\n");
    if (table->comment.size > 0) {
        put_comment(out, table->comment);
        weir_builder_char(out, '\n');
    }
    if (table->distribution.size > 0) {
        weir_builder_text(out, table->distribution);
        weir_builder_char(out, '\n');
    }
    if (table->partition_count > 0) {
        weir_builder_c(out, "PARTITIONED BY (");
        put_column_names(out, table, table->partitions, table->partition_count);
        weir_builder_c(out, ")\n");
    }
    return put_options(arena, out, table->options, table->option_count, error);
}

static void put_view(weir_builder *out, const weir_table *view) {
    weir_builder_c(out, view->temporary ? "CREATE TEMPORARY VIEW " : "CREATE VIEW ");
    put_path(out, view);
    weir_builder_c(out, " (\n");
    for (uint32_t i = 0; i < view->column_count; i++) {
        weir_builder_c(out, i > 0 ? ",\n  " : "  ");
        weir_sql_quote_name(out, view->columns[i].name);
    }
    weir_builder_c(out, "\n)\n");
    if (view->comment.size > 0) {
        put_comment(out, view->comment);
        weir_builder_char(out, '\n');
    }
    weir_builder_c(out, "AS ");
    weir_builder_text(out, view->view_query);
    weir_builder_char(out, '\n');
}

static weir_status put_catalog(session_statement *statement, weir_builder *out, const weir_ast_name *name, weir_error *error) {
    weir_space_info info;
    weir_status status = weir_catalog_describe_catalog(statement->session->catalog, name->parts[0].text, &info, error);
    if (status != WEIR_OK) {
        weir_error_locate(error, name->position);
        return status;
    }
    weir_builder_c(out, "CREATE CATALOG ");
    weir_sql_quote_name(out, info.name);
    weir_builder_char(out, '\n');
    if (info.comment.size > 0) {
        put_comment(out, info.comment);
        weir_builder_char(out, '\n');
    }
    return put_options(statement->arena, out, info.options, info.option_count, error);
}

static weir_status put_object(session_statement *statement, weir_builder *out, weir_error *error) {
    const weir_ast_show *show = &statement->ast->as.show;
    if (show->object == WEIR_AST_OBJECT_CATALOG)
        return put_catalog(statement, out, &show->from, error);
    if (show->object != WEIR_AST_OBJECT_TABLE && show->object != WEIR_AST_OBJECT_VIEW)
        return weir_fail_at(error, WEIR_UNSUPPORTED, statement->ast->position, "SHOW CREATE %s is not supported",
                            weir_ast_object_name(show->object));
    const weir_table *table;
    WEIR_TRY(statement_find_table(statement, &show->from, &table, error));
    bool want_view = show->object == WEIR_AST_OBJECT_VIEW;
    if ((table->kind == WEIR_VIEW) != want_view)
        return weir_fail_at(
            error, WEIR_UNSUPPORTED, show->from.position,
            "SHOW CREATE %s is only supported for %ss, but `%.*s`.`%.*s`.`%.*s` is a %s. Please use SHOW CREATE %s instead.",
            want_view ? "VIEW" : "TABLE", want_view ? "view" : "table", WEIR_TEXT_ARGS(table->catalog), WEIR_TEXT_ARGS(table->database),
            WEIR_TEXT_ARGS(table->name), want_view ? "table" : "view", want_view ? "TABLE" : "VIEW");
    if (!want_view)
        return put_table(statement->arena, out, table, error);
    put_view(out, table);
    return WEIR_OK;
}

weir_status statement_show_create(session_statement *statement, weir_error *error) {
    weir_builder out;
    weir_builder_init(&out, &statement->session->memory, 16 << 20);
    weir_status status = put_object(statement, &out, error);
    if (status == WEIR_OK) {
        weir_text text = out.failed ? (weir_text){0} : weir_arena_text(statement->arena, weir_builder_view(&out));
        status =
            text.data == NULL ? weir_fail_memory(error, "SHOW CREATE", out.size) : rows_single(statement->answer, "result", text, error);
    }
    weir_builder_deinit(&out);
    return status;
}
