/* ALTER of tables, views, databases and catalogs. */
#include "session/session_int.h"

static weir_status path_of(session_statement *statement, const weir_ast_name *name, weir_object_path *path, weir_error *error) {
    weir_bind_context context;
    session_bind_context(statement, &context);
    return weir_bind_path(&context, name, path, error);
}

static weir_status located(weir_status status, const weir_ast_name *name, weir_error *error) {
    if (status != WEIR_OK)
        weir_error_locate(error, name->position);
    return status;
}

static weir_status alter_object(session_statement *statement, const weir_ast_alter *alter, weir_table_kind kind, weir_error *error) {
    weir_catalog *catalog = statement->session->catalog;
    weir_object_path path;
    WEIR_TRY(path_of(statement, &alter->name, &path, error));
    if (alter->kind == WEIR_AST_ALTER_RENAME) {
        weir_text new_name = alter->new_name.parts[alter->new_name.count - 1].text;
        return located(weir_catalog_rename(catalog, path, new_name, alter->if_exists, error), &alter->name, error);
    }
    if (alter->if_exists && weir_catalog_find_permanent(catalog, path) == NULL)
        return WEIR_OK;
    if (alter->kind == WEIR_AST_ALTER_ADD_PARTITIONS || alter->kind == WEIR_AST_ALTER_DROP_PARTITIONS ||
        alter->kind == WEIR_AST_ALTER_COMPACT)
        return weir_fail_at(error, WEIR_UNSUPPORTED, statement->ast->position,
                            "ALTER TABLE %s is not supported: partitions are the folders that are there",
                            alter->kind == WEIR_AST_ALTER_ADD_PARTITIONS    ? "ADD PARTITION"
                            : alter->kind == WEIR_AST_ALTER_DROP_PARTITIONS ? "DROP PARTITION"
                                                                            : "COMPACT");
    const weir_table *old;
    WEIR_TRY(located(weir_catalog_resolve_alter(catalog, path, kind, &old, error), &alter->name, error));
    weir_bind_context context;
    weir_table changed;
    WEIR_TRY(session_prepare(statement, error));
    session_bind_context(statement, &context);
    if (alter->kind == WEIR_AST_ALTER_AS)
        WEIR_TRY(weir_bind_alter_view(&context, alter, old, statement->script->text, &changed, error));
    else if (kind == WEIR_VIEW)
        return weir_fail_at(error, WEIR_UNSUPPORTED, statement->ast->position, "ALTER VIEW knows RENAME TO and AS only");
    else
        WEIR_TRY(weir_bind_alter_table(&context, alter, old, &changed, error));
    return located(weir_catalog_replace(catalog, &changed, NULL, error), &alter->name, error);
}

static weir_status alter_space(session_statement *statement, const weir_ast_alter *alter, weir_error *error) {
    weir_catalog *catalog = statement->session->catalog;
    const weir_ast_name *name = &alter->name;
    bool is_catalog = alter->object == WEIR_AST_OBJECT_CATALOG;
    if (is_catalog && alter->kind == WEIR_AST_ALTER_COMMENT)
        return located(weir_catalog_comment_catalog(catalog, name->parts[0].text, alter->comment, error), name, error);
    if (alter->kind != WEIR_AST_ALTER_SET && alter->kind != WEIR_AST_ALTER_RESET)
        return weir_fail_at(error, WEIR_UNSUPPORTED, statement->ast->position, "ALTER %s knows SET, RESET and COMMENT only",
                            weir_ast_object_name(alter->object));
    weir_option *options = WEIR_ARENA_ARRAY(statement->arena, weir_option, alter->options.count);
    if (options == NULL)
        return weir_fail_memory(error, "options", alter->options.count * sizeof *options);
    for (size_t i = 0; i < alter->options.count; i++) {
        const weir_ast_option *option = &alter->options.items[i];
        options[i] = (weir_option){.key = option->key, .position = option->key_position};
        if (alter->kind == WEIR_AST_ALTER_SET)
            options[i].value = option->value;
    }
    if (is_catalog)
        return located(weir_catalog_alter_catalog(catalog, name->parts[0].text, options, alter->options.count, error), name, error);
    weir_text in_catalog = name->count >= 2 ? name->parts[0].text : (weir_text){0};
    return located(
        weir_catalog_alter_database(catalog, in_catalog, name->parts[name->count - 1].text, options, alter->options.count, error), name,
        error);
}

weir_status statement_alter(session_statement *statement, weir_error *error) {
    const weir_ast_alter *alter = statement->ast->as.alter;
    switch (alter->object) {
    case WEIR_AST_OBJECT_TABLE: return alter_object(statement, alter, WEIR_TABLE, error);
    case WEIR_AST_OBJECT_VIEW: return alter_object(statement, alter, WEIR_VIEW, error);
    case WEIR_AST_OBJECT_DATABASE:
    case WEIR_AST_OBJECT_CATALOG: return alter_space(statement, alter, error);
    case WEIR_AST_OBJECT_FUNCTION:
    case WEIR_AST_OBJECT_MODEL:
    case WEIR_AST_OBJECT_MATERIALIZED_TABLE:
    case WEIR_AST_OBJECT_CONNECTION: break;
    }
    return weir_fail_at(error, WEIR_UNSUPPORTED, statement->ast->position, "ALTER %s is not supported",
                        weir_ast_object_name(alter->object));
}
