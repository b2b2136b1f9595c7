/* Tables from outside: an Arrow stream becomes a temporary table of the connector "arrow". */
#include "api/api_int.h"

/* Nothing in the catalog points at it any more; a result may still be reading it. */
static void retire(weir *self, const weir_arrow_table *table) {
    for (api_table *at = self->tables; at != NULL && table != NULL; at = at->next)
        at->retired = at->retired || at->table == table;
}

void api_tables_purge(weir *self) {
    weir_job_progress running;
    if (self->tables == NULL || atomic_load(&self->results) > 0 || weir_session_progress(self->session, &running))
        return;
    for (api_table **at = &self->tables; *at != NULL;) {
        api_table *table = *at;
        if (!table->retired) {
            at = &table->next;
            continue;
        }
        *at = table->next;
        weir_arrow_table_destroy(table->table);
        weir_memory_free(&self->account->memory, table, sizeof *table);
    }
}

/* The table behind a name, NULL when it is not one of ours. */
static const weir_arrow_table *registered(weir *self, weir_object_path path) {
    const weir_table *known = weir_catalog_find(weir_session_catalog(self->session), path);
    const bool ours = known != NULL && known->temporary && known->registered != NULL;
    return ours ? known->registered : NULL;
}

static weir_status define(weir *self, weir_text name, const weir_arrow_table *table, weir_error *error) {
    const weir_schema *schema = weir_arrow_table_schema(table);
    weir_catalog *catalog = weir_session_catalog(self->session);
    weir_arena arena;
    weir_object_path path;
    WEIR_TRY(weir_catalog_path(catalog, &name, 1, &path, error));
    weir_arena_init(&arena, &self->account->memory);
    weir_table_column *columns = WEIR_ARENA_ARRAY(&arena, weir_table_column, schema->count);
    weir_status status = WEIR_OK;
    if (columns == NULL)
        status = weir_fail_memory(error, "a table", schema->count * sizeof *columns);
    for (uint32_t i = 0; columns != NULL && i < schema->count; i++) {
        columns[i] = (weir_table_column){.kind = WEIR_COLUMN_PHYSICAL, .name = schema->fields[i].name, .type = schema->fields[i].type};
        for (uint32_t k = 0; k < i && status == WEIR_OK; k++)
            if (weir_text_equal(columns[k].name, columns[i].name))
                status = weir_fail(error, WEIR_VALIDATE, "The stream has two columns called '%.*s'.", WEIR_TEXT_ARGS(columns[i].name));
    }
    const weir_option connector = {.key = WEIR_TEXT("connector"), .value = WEIR_TEXT("arrow")};
    weir_table definition = {.kind = WEIR_TABLE,
                             .temporary = true,
                             .catalog = path.catalog,
                             .database = path.database,
                             .name = path.name,
                             .column_count = schema->count,
                             .columns = columns,
                             .option_count = 1,
                             .options = &connector,
                             .registered = (void *)table};
    const weir_arrow_table *before = registered(self, path);
    if (status == WEIR_OK)
        status = weir_catalog_drop(catalog, path, WEIR_TABLE, true, true, error);
    if (status == WEIR_OK)
        retire(self, before);
    if (status == WEIR_OK)
        status = weir_catalog_add(catalog, &definition, WEIR_CREATE_NEW, NULL, error);
    weir_arena_deinit(&arena);
    return status;
}

/* A stream of the session's own keeps the session alive: read it now, so that it is gone. */
static weir_status read_all(weir_arrow_table *table, weir_error *error) {
    const weir_batch *batch = NULL;
    size_t index = 0;
    do
        WEIR_TRY(weir_arrow_table_batch(table, index++, &batch, error));
    while (batch != NULL);
    return WEIR_OK;
}

static weir_status register_stream(weir *self, const char *name, struct ArrowArrayStream *stream, weir_error *error) {
    if (name == NULL || name[0] == '\0') {
        if (stream->release != NULL)
            stream->release(stream);
        return weir_fail(error, WEIR_USAGE, "weir_register_stream: the table needs a name");
    }
    api_table *kept = weir_memory_zalloc(&self->account->memory, sizeof *kept);
    if (kept == NULL) {
        if (stream->release != NULL)
            stream->release(stream);
        return weir_fail_memory(error, "a table", sizeof *kept);
    }
    bool own = api_stream_is_own(self, stream);
    weir_status status = weir_arrow_table_create(&self->account->memory, stream, &kept->table, error);
    if (status == WEIR_OK && own)
        status = read_all(kept->table, error);
    if (status == WEIR_OK)
        status = define(self, weir_text_of(name), kept->table, error);
    if (status != WEIR_OK) {
        weir_arrow_table_destroy(kept->table);
        weir_memory_free(&self->account->memory, kept, sizeof *kept);
        return status;
    }
    kept->next = self->tables;
    self->tables = kept;
    api_tables_purge(self);
    return WEIR_OK;
}

int weir_register_stream(weir *session, const char *name, struct ArrowArrayStream *stream) {
    weir_error error = {0};
    api_begin(session);
    weir_status status = register_stream(session, name, stream, &error);
    int code = status == WEIR_OK ? WEIR_CODE_OK : api_fail(session, (weir_text){0}, &error);
    api_unlock(session);
    return code;
}

static weir_status unregister(weir *self, weir_text name, weir_error *error) {
    weir_catalog *catalog = weir_session_catalog(self->session);
    weir_object_path path;
    WEIR_TRY(weir_catalog_path(catalog, &name, 1, &path, error));
    const weir_arrow_table *table = registered(self, path);
    if (table == NULL)
        return weir_fail(error, WEIR_VALIDATE, "No table is registered under the name '%.*s'.", WEIR_TEXT_ARGS(name));
    WEIR_TRY(weir_catalog_drop(catalog, path, WEIR_TABLE, true, false, error));
    retire(self, table);
    return WEIR_OK;
}

int weir_unregister(weir *session, const char *name) {
    weir_error error = {0};
    api_begin(session);
    weir_status status = name == NULL ? weir_fail(&error, WEIR_USAGE, "weir_unregister: the table's name is needed")
                                      : unregister(session, weir_text_of(name), &error);
    int code = status == WEIR_OK ? WEIR_CODE_OK : api_fail(session, (weir_text){0}, &error);
    api_tables_purge(session);
    api_unlock(session);
    return code;
}
