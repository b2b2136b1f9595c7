/* SET, RESET and USE: what the session itself remembers. */
#include <string.h>

#include "session/session_int.h"

static weir_status list_settings(session_statement *statement, weir_error *error) {
    const weir_session *session = statement->session;
    rows_builder rows;
    WEIR_TRY(rows_begin(&rows, statement->answer, (const char *const[]){"key", "value", NULL}, error));
    for (size_t i = 0; i < session->settings.count; i++) {
        const session_setting *setting = session->settings.items[i];
        WEIR_TRY(rows_add(&rows, (weir_text[]){setting->key, setting->value}, error));
    }
    return rows_end(&rows, error);
}

static weir_status show_setting(session_statement *statement, weir_text key, weir_error *error) {
    char name[256];
    rows_builder rows;
    WEIR_TRY(rows_begin(&rows, statement->answer, (const char *const[]){"key", "value", NULL}, error));
    if (key.size >= sizeof name)
        return weir_fail(error, WEIR_VALIDATE, "there is no option of so long a name");
    memcpy(name, key.data, key.size);
    name[key.size] = '\0';
    WEIR_TRY(rows_add(&rows, (weir_text[]){key, weir_session_setting(statement->session, name)}, error));
    return rows_end(&rows, error);
}

weir_status statement_set(session_statement *statement, weir_error *error) {
    const weir_ast_option *option = &statement->ast->as.option;
    if (option->key.data == NULL)
        return list_settings(statement, error);
    if (option->value.data == NULL)
        return show_setting(statement, option->key, error);
    weir_status status = session_setting_put(statement->session, option->key, option->value, error);
    if (status != WEIR_OK)
        weir_error_locate(error, option->value_position);
    return status;
}

weir_status statement_reset(session_statement *statement, weir_error *error) {
    return session_setting_reset(statement->session, statement->ast->as.option.key, error);
}

weir_status statement_use(session_statement *statement, weir_error *error) {
    const weir_ast_name *name = &statement->ast->as.use.name;
    weir_catalog *catalog = statement->session->catalog;
    if (name->count > 2)
        return weir_fail_at(error, WEIR_VALIDATE, name->position, "USE takes a database: [catalog.]database");
    weir_text in_catalog = name->count == 2 ? name->parts[0].text : (weir_text){0};
    weir_status status = weir_catalog_use_database(catalog, in_catalog, name->parts[name->count - 1].text, error);
    if (status != WEIR_OK)
        weir_error_locate(error, name->position);
    return status;
}

weir_status statement_use_catalog(session_statement *statement, weir_error *error) {
    const weir_ast_name *name = &statement->ast->as.use.name;
    weir_status status = weir_catalog_use(statement->session->catalog, name->parts[0].text, error);
    if (status != WEIR_OK)
        weir_error_locate(error, name->position);
    return status;
}

weir_status statement_use_modules(session_statement *statement, weir_error *error) {
    for (size_t i = 0; i < statement->ast->as.use.module_count; i++) {
        const weir_ast_ident *module = &statement->ast->as.use.modules[i];
        if (!weir_text_equal_c(module->text, "core"))
            return weir_fail_at(error, WEIR_VALIDATE, module->position, "No module with name '%.*s' exists", WEIR_TEXT_ARGS(module->text));
    }
    return WEIR_OK;
}
