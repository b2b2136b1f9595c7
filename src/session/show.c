/* SHOW: listings of names. The columns are called as Flink calls them; LIKE and ILIKE choose among the names. */
#include <stdlib.h>
#include <string.h>

#include "agg/aggregate.h"
#include "session/session_int.h"

/* ---- LIKE: % any run, _ one character, \ makes the next one plain ---- */

static uint32_t fold(uint32_t c, bool blind) { return blind && c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c; }

static bool like_matches(weir_text text, weir_text pattern, bool blind) {
    size_t t = 0, p = 0, star_p = SIZE_MAX, star_t = 0;
    while (t < text.size) {
        size_t next_p = p, next_t = t;
        uint32_t want = p < pattern.size ? weir_utf8_next(pattern.data, pattern.size, &next_p) : 0;
        if (p < pattern.size && want == '%') {
            star_p = p = next_p;
            star_t = t;
            continue;
        }
        bool any = want == '_';
        if (want == '\\' && next_p < pattern.size)
            want = weir_utf8_next(pattern.data, pattern.size, &next_p);
        uint32_t have = weir_utf8_next(text.data, text.size, &next_t);
        if (p < pattern.size && (any || fold(have, blind) == fold(want, blind))) {
            p = next_p;
            t = next_t;
        } else if (star_p != SIZE_MAX) {
            p = star_p;
            weir_utf8_next(text.data, text.size, &star_t);
            t = star_t;
        } else {
            return false;
        }
    }
    while (p < pattern.size && pattern.data[p] == '%')
        p++;
    return p == pattern.size;
}

bool show_matches(const weir_ast_show *show, weir_text name) {
    if (show == NULL || show->like == WEIR_AST_SHOW_ALL)
        return true;
    return like_matches(name, show->pattern, show->like == WEIR_AST_SHOW_ILIKE) != show->not_like;
}

static weir_status list_names(session_statement *statement, const char *column, const weir_text *names, size_t count, weir_error *error) {
    rows_builder rows;
    WEIR_TRY(rows_begin(&rows, statement->answer, (const char *const[]){column, NULL}, error));
    for (size_t i = 0; i < count; i++)
        if (show_matches(&statement->ast->as.show, names[i]))
            WEIR_TRY(rows_add(&rows, &names[i], error));
    return rows_end(&rows, error);
}

/* FROM [catalog.]database */
static weir_status place_of(const weir_ast_show *show, weir_text *catalog, weir_text *database, weir_error *error) {
    *catalog = *database = (weir_text){0};
    if (show->from.count > 2)
        return weir_fail_at(error, WEIR_VALIDATE, show->from.position, "SHOW ... FROM takes [catalog.]database");
    if (show->from.count > 0)
        *database = show->from.parts[show->from.count - 1].text;
    if (show->from.count == 2)
        *catalog = show->from.parts[0].text;
    return WEIR_OK;
}

static weir_status show_objects(session_statement *statement, weir_error *error) {
    const weir_ast_show *show = &statement->ast->as.show;
    bool views = show->kind == WEIR_AST_SHOW_VIEWS;
    weir_text catalog, database, *names;
    size_t count;
    if (show->temporary)
        return weir_fail_at(error, WEIR_UNSUPPORTED, statement->ast->position,
                            "SHOW TEMPORARY is not supported: SHOW %s lists temporary ones too", views ? "VIEWS" : "TABLES");
    WEIR_TRY(place_of(show, &catalog, &database, error));
    weir_status status =
        weir_catalog_list_tables(statement->session->catalog, statement->arena, catalog, database, views, &names, &count, error);
    if (status != WEIR_OK) {
        weir_error_locate(error, show->from.position);
        return status;
    }
    return list_names(statement, views ? "view name" : "table name", names, count, error);
}

static weir_status show_databases(session_statement *statement, weir_error *error) {
    const weir_ast_show *show = &statement->ast->as.show;
    weir_text *names, catalog = show->from.count > 0 ? show->from.parts[0].text : (weir_text){0};
    size_t count;
    weir_status status = weir_catalog_list_databases(statement->session->catalog, statement->arena, catalog, &names, &count, error);
    if (status != WEIR_OK) {
        weir_error_locate(error, show->from.position);
        return status;
    }
    return list_names(statement, "database name", names, count, error);
}

static weir_status show_catalogs(session_statement *statement, weir_error *error) {
    weir_text *names;
    size_t count;
    WEIR_TRY(weir_catalog_list_catalogs(statement->session->catalog, statement->arena, &names, &count, error));
    return list_names(statement, "catalog name", names, count, error);
}

/* ---- functions ---- */

static int by_text(const void *a, const void *b) { return weir_text_compare(*(const weir_text *)a, *(const weir_text *)b); }

static weir_status add_lower(weir_arena *arena, weir_text *names, size_t *count, const char *name) {
    weir_text copy = weir_arena_text(arena, weir_text_of(name));
    if (copy.data == NULL)
        return WEIR_MEMORY;
    for (size_t i = 0; i < copy.size; i++)
        ((char *)copy.data)[i] = (char)fold((unsigned char)copy.data[i], true);
    names[(*count)++] = copy;
    return WEIR_OK;
}

static weir_status built_in_names(weir_arena *arena, weir_text *names, size_t room, size_t *count) {
    const weir_function *function;
    for (size_t f = 0; (function = weir_function_family(f)) != NULL; f++)
        for (; function->name != NULL; function++)
            if ((function->flags & WEIR_FUNCTION_HIDDEN) == 0 && *count < room)
                WEIR_TRY(add_lower(arena, names, count, function->name));
    const weir_aggregate *aggregate;
    for (size_t f = 0; (aggregate = weir_aggregate_family(f)) != NULL; f++)
        for (; aggregate->name != NULL; aggregate++)
            if ((aggregate->flags & WEIR_AGGREGATE_HIDDEN) == 0 && *count < room)
                WEIR_TRY(add_lower(arena, names, count, aggregate->name));
    return WEIR_OK;
}

static weir_status show_functions(session_statement *statement, weir_error *error) {
    enum { NAMES_MAX = 2048 };
    const weir_ast_show *show = &statement->ast->as.show;
    weir_text catalog, database, *own;
    size_t own_count, count = 0;
    WEIR_TRY(place_of(show, &catalog, &database, error));
    WEIR_TRY(weir_catalog_list_functions(statement->session->catalog, statement->arena, catalog, database, &own, &own_count, error));
    weir_text *names = WEIR_ARENA_ARRAY(statement->arena, weir_text, NAMES_MAX + own_count);
    if (names == NULL)
        return weir_fail_memory(error, "SHOW FUNCTIONS", NAMES_MAX * sizeof *names);
    if (!show->user_only && built_in_names(statement->arena, names, NAMES_MAX, &count) != WEIR_OK)
        return weir_fail_memory(error, "SHOW FUNCTIONS", NAMES_MAX);
    if (own_count > 0)
        memcpy(names + count, own, own_count * sizeof *own);
    count += own_count;
    qsort(names, count, sizeof *names, by_text);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (i == 0 || !weir_text_equal(names[i], names[i - 1]))
            names[kept++] = names[i];
    return list_names(statement, "function name", names, kept, error);
}

static weir_status show_modules(session_statement *statement, weir_error *error) {
    static const weir_text core[] = {{"core", 4}, {"true", 4}};
    if (!statement->ast->as.show.full)
        return list_names(statement, "module name", core, 1, error);
    rows_builder rows;
    WEIR_TRY(rows_begin(&rows, statement->answer, (const char *const[]){"module name", "?used", NULL}, error));
    WEIR_TRY(rows_add(&rows, core, error));
    return rows_end(&rows, error);
}

static weir_status show_partitions(session_statement *statement, weir_error *error) {
    const weir_ast_show *show = &statement->ast->as.show;
    const weir_table *table;
    WEIR_TRY(statement_find_table(statement, &show->from, &table, error));
    if (table->partition_count == 0)
        return weir_fail_at(error, WEIR_UNSUPPORTED, show->from.position, "Table %.*s.%.*s in catalog %.*s is not partitioned.",
                            WEIR_TEXT_ARGS(table->database), WEIR_TEXT_ARGS(table->name), WEIR_TEXT_ARGS(table->catalog));
    /* As in Flink's catalog in memory: it knows only partitions that were added by hand. */
    return list_names(statement, "partition name", NULL, 0, error);
}

weir_status statement_show(session_statement *statement, weir_error *error) {
    const weir_catalog *catalog = statement->session->catalog;
    weir_text name;
    switch (statement->ast->as.show.kind) {
    case WEIR_AST_SHOW_TABLES:
    case WEIR_AST_SHOW_VIEWS: return show_objects(statement, error);
    case WEIR_AST_SHOW_COLUMNS: return describe_columns(statement, &statement->ast->as.show.from, &statement->ast->as.show, error);
    case WEIR_AST_SHOW_DATABASES: return show_databases(statement, error);
    case WEIR_AST_SHOW_CATALOGS: return show_catalogs(statement, error);
    case WEIR_AST_SHOW_FUNCTIONS: return show_functions(statement, error);
    case WEIR_AST_SHOW_MODULES: return show_modules(statement, error);
    case WEIR_AST_SHOW_PARTITIONS: return show_partitions(statement, error);
    case WEIR_AST_SHOW_CURRENT_CATALOG:
        name = weir_catalog_current(catalog);
        return list_names(statement, "current catalog name", &name, 1, error);
    case WEIR_AST_SHOW_CURRENT_DATABASE:
        name = weir_catalog_current_database(catalog);
        return list_names(statement, "current database name", &name, 1, error);
    case WEIR_AST_SHOW_CREATE: return statement_show_create(statement, error);
    case WEIR_AST_SHOW_JOBS: return statement_show_jobs(statement, error);
    case WEIR_AST_SHOW_JARS: return list_names(statement, "jars", NULL, 0, error);
    case WEIR_AST_SHOW_PROCEDURES: return list_names(statement, "procedure name", NULL, 0, error);
    case WEIR_AST_SHOW_MODELS: return list_names(statement, "model name", NULL, 0, error);
    case WEIR_AST_SHOW_MATERIALIZED_TABLES: return list_names(statement, "materialized table", NULL, 0, error);
    case WEIR_AST_SHOW_CONNECTIONS: return list_names(statement, "connection name", NULL, 0, error);
    }
    return weir_fail(error, WEIR_INTERNAL, "a SHOW of unknown kind");
}
