/* CREATE and DROP. What is created is checked by the binder and kept by the catalog. */
#include "session/session_int.h"

weir_status statement_find_table(session_statement *statement, const weir_ast_name *name, const weir_table **out, weir_error *error) {
    weir_bind_context context;
    session_bind_context(statement, &context);
    weir_object_path path;
    WEIR_TRY(weir_bind_path(&context, name, &path, error));
    *out = weir_catalog_find(statement->session->catalog, path);
    if (*out == NULL)
        return weir_fail_at(error, WEIR_VALIDATE, name->position, "Table `%.*s`.`%.*s`.`%.*s` doesn't exist.", WEIR_TEXT_ARGS(path.catalog),
                            WEIR_TEXT_ARGS(path.database), WEIR_TEXT_ARGS(path.name));
    return WEIR_OK;
}

static weir_create_mode mode_of(bool or_replace, bool if_not_exists) {
    return or_replace ? WEIR_CREATE_OR_REPLACE : if_not_exists ? WEIR_CREATE_IF_NOT_EXISTS : WEIR_CREATE_NEW;
}

/* What goes wrong in the catalog is about this name. */
static weir_status located(weir_status status, const weir_ast_name *name, weir_error *error) {
    if (status != WEIR_OK)
        weir_error_locate(error, name->position);
    return status;
}

/* The columns that the query fills, when the table has others as well. */
static weir_status query_idents(session_statement *statement, weir_bind_context *context, const weir_ast_create_table *create,
                                weir_ast_insert *insert, weir_error *error) {
    const weir_node *node;
    WEIR_TRY(weir_bind_query(context, create->query, &node, error));
    weir_ast_ident *idents = WEIR_ARENA_ARRAY(statement->arena, weir_ast_ident, node->field_count);
    if (idents == NULL)
        return weir_fail_memory(error, "a table", node->field_count * sizeof *idents);
    for (uint32_t i = 0; i < node->field_count; i++)
        idents[i] = (weir_ast_ident){.text = node->fields[i].name, .position = create->query->position};
    insert->columns = idents;
    insert->column_count = node->field_count;
    return WEIR_OK;
}

/* CREATE TABLE ... AS: the table, then an INSERT of its query. A fresh table goes away again when the INSERT cannot start. */
static weir_status fill_table(session_statement *statement, weir_bind_context *context, const weir_ast_create_table *create,
                              const weir_table *table, bool fresh, weir_error *error) {
    weir_ast_insert *insert = WEIR_ARENA_NEW(statement->arena, weir_ast_insert);
    if (insert == NULL)
        return weir_fail_memory(error, "a table", sizeof *insert);
    *insert = (weir_ast_insert){.target = create->name, .query = create->query};
    weir_status status = WEIR_OK;
    if (create->column_count > 0)
        status = query_idents(statement, context, create, insert, error);
    const weir_ast_insert *const inserts[] = {insert};
    if (status == WEIR_OK)
        status = statement_inserts(statement, inserts, 1, error);
    if (status != WEIR_OK && fresh) {
        weir_object_path path = {table->catalog, table->database, table->name};
        weir_status dropped = weir_catalog_drop(statement->session->catalog, path, WEIR_TABLE, table->temporary, true, NULL);
        (void)dropped;
    }
    return status;
}

weir_status statement_create_table(session_statement *statement, weir_error *error) {
    const weir_ast_create_table *create = statement->ast->as.create_table;
    weir_bind_context context;
    weir_table table;
    WEIR_TRY(session_prepare(statement, error));
    session_bind_context(statement, &context);
    weir_catalog *catalog = statement->session->catalog;
    weir_object_path path;
    WEIR_TRY(weir_bind_path(&context, &create->name, &path, error));
    const weir_table *stored = weir_catalog_find(catalog, path);
    if (create->if_not_exists && stored != NULL) /* the rows of AS go into the table that is there, as in Flink */
        return create->query == NULL ? WEIR_OK : fill_table(statement, &context, create, stored, false, error);
    if (create->replace_only && stored == NULL)
        return weir_fail_at(error, WEIR_UNSUPPORTED, create->name.position,
                            "The table `%.*s`.`%.*s`.`%.*s` to be replaced doesn't exist. You can try to use CREATE TABLE AS statement or "
                            "CREATE OR REPLACE TABLE AS statement.",
                            WEIR_TEXT_ARGS(path.catalog), WEIR_TEXT_ARGS(path.database), WEIR_TEXT_ARGS(path.name));
    WEIR_TRY(weir_bind_create_table(&context, create, &table, error));
    const weir_session_environment *environment = &statement->session->environment;
    if (environment->adapt_table != NULL)
        WEIR_TRY(environment->adapt_table(environment->adapt_table_context, statement->arena, &table, error));
    weir_create_mode mode = mode_of(create->or_replace, create->if_not_exists);
    WEIR_TRY(located(weir_catalog_add(catalog, &table, mode, &stored, error), &create->name, error));
    return create->query == NULL ? WEIR_OK : fill_table(statement, &context, create, stored, true, error);
}

weir_status statement_create_view(session_statement *statement, weir_error *error) {
    const weir_ast_create_view *create = statement->ast->as.create_view;
    weir_bind_context context;
    weir_table view;
    WEIR_TRY(session_prepare(statement, error));
    session_bind_context(statement, &context);
    WEIR_TRY(weir_bind_create_view(&context, create, statement->script->text, &view, error));
    weir_create_mode mode = mode_of(create->or_replace, create->if_not_exists);
    return located(weir_catalog_add(statement->session->catalog, &view, mode, NULL, error), &create->name, error);
}

/* ---- databases and catalogs ---- */

static weir_status options_of(session_statement *statement, const weir_ast_options *options, const weir_option **out, weir_error *error) {
    weir_option *copy = WEIR_ARENA_ARRAY(statement->arena, weir_option, options->count);
    if (copy == NULL)
        return weir_fail_memory(error, "options", options->count * sizeof *copy);
    for (size_t i = 0; i < options->count; i++)
        copy[i] =
            (weir_option){.key = options->items[i].key, .value = options->items[i].value, .position = options->items[i].value_position};
    *out = copy;
    return WEIR_OK;
}

/* [catalog.]database */
static weir_status database_path(const weir_ast_name *name, weir_text *catalog, weir_text *database, weir_error *error) {
    if (name->count < 1 || name->count > 2)
        return weir_fail_at(error, WEIR_VALIDATE, name->position, "a database is called [catalog.]database");
    *catalog = name->count == 2 ? name->parts[0].text : (weir_text){0};
    *database = name->parts[name->count - 1].text;
    return WEIR_OK;
}

weir_status statement_create_database(session_statement *statement, weir_error *error) {
    const weir_ast_create_space *create = &statement->ast->as.create_space;
    weir_text in_catalog, database;
    const weir_option *options;
    WEIR_TRY(database_path(&create->name, &in_catalog, &database, error));
    WEIR_TRY(options_of(statement, &create->options, &options, error));
    weir_text comment = create->has_comment ? create->comment : (weir_text){0};
    return located(weir_catalog_create_database(statement->session->catalog, in_catalog, database, create->if_not_exists, options,
                                                create->options.count, comment, error),
                   &create->name, error);
}

weir_status statement_create_catalog(session_statement *statement, weir_error *error) {
    const weir_ast_create_space *create = &statement->ast->as.create_space;
    const weir_option *options;
    WEIR_TRY(options_of(statement, &create->options, &options, error));
    weir_text comment = create->has_comment ? create->comment : (weir_text){0};
    return located(weir_catalog_create_catalog(statement->session->catalog, create->name.parts[0].text, create->if_not_exists, options,
                                               create->options.count, comment, error),
                   &create->name, error);
}

weir_status statement_create_function(session_statement *statement, weir_error *error) {
    const weir_ast_create_function *create = &statement->ast->as.create_function;
    weir_fail_at(error, WEIR_UNSUPPORTED, create->name.position,
                 "CREATE FUNCTION is not supported: '%.*s' cannot be run here, there is no Java or Python machine",
                 WEIR_TEXT_ARGS(create->class_name));
    weir_error_hint(error, "`weir functions` lists what is built in");
    return WEIR_UNSUPPORTED;
}

/* ---- DROP ---- */

static weir_status drop_function(session_statement *statement, const weir_ast_drop *drop, weir_error *error) {
    weir_bind_context context;
    session_bind_context(statement, &context);
    weir_object_path path;
    WEIR_TRY(weir_bind_path(&context, &drop->name, &path, error));
    weir_catalog_function_place place = drop->system      ? WEIR_FUNCTION_TEMPORARY_SYSTEM
                                        : drop->temporary ? WEIR_FUNCTION_TEMPORARY
                                                          : WEIR_FUNCTION_PERMANENT;
    return located(weir_catalog_drop_function(statement->session->catalog, path, place, drop->if_exists, error), &drop->name, error);
}

weir_status statement_drop(session_statement *statement, weir_error *error) {
    const weir_ast_drop *drop = &statement->ast->as.drop;
    weir_catalog *catalog = statement->session->catalog;
    weir_text in_catalog, database;
    weir_bind_context context;
    weir_object_path path;
    switch (drop->object) {
    case WEIR_AST_OBJECT_TABLE:
    case WEIR_AST_OBJECT_VIEW:
        session_bind_context(statement, &context);
        WEIR_TRY(weir_bind_path(&context, &drop->name, &path, error));
        return located(weir_catalog_drop(catalog, path, drop->object == WEIR_AST_OBJECT_VIEW ? WEIR_VIEW : WEIR_TABLE, drop->temporary,
                                         drop->if_exists, error),
                       &drop->name, error);
    case WEIR_AST_OBJECT_DATABASE:
        WEIR_TRY(database_path(&drop->name, &in_catalog, &database, error));
        return located(weir_catalog_drop_database(catalog, in_catalog, database, drop->if_exists, drop->cascade, error), &drop->name,
                       error);
    case WEIR_AST_OBJECT_CATALOG:
        return located(weir_catalog_drop_catalog(catalog, drop->name.parts[0].text, drop->if_exists, error), &drop->name, error);
    case WEIR_AST_OBJECT_FUNCTION: return drop_function(statement, drop, error);
    case WEIR_AST_OBJECT_MODEL:
    case WEIR_AST_OBJECT_MATERIALIZED_TABLE:
    case WEIR_AST_OBJECT_CONNECTION: break;
    }
    return weir_fail_at(error, WEIR_UNSUPPORTED, statement->ast->position, "DROP %s is not supported", weir_ast_object_name(drop->object));
}
