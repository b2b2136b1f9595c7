/* Tables and views: adding, replacing, renaming, dropping, finding. Temporary ones stand in one list of the session, in front of all
 * catalogs; they need no database to exist, as in Flink. */
#include "catalog/catalog_int.h"

#include <string.h>

static bool same_path(const weir_table *table, const weir_object_path *path) {
    return weir_text_equal(table->name, path->name) && weir_text_equal(table->database, path->database) &&
           weir_text_equal(table->catalog, path->catalog);
}

static size_t index_of(const weir_list *list, const weir_object_path *path) {
    for (size_t i = 0; i < list->count; i++)
        if (same_path(list->items[i], path))
            return i;
    return SIZE_MAX;
}

static const weir_table *find_in_list(const weir_list *list, const weir_object_path *path) {
    size_t index = index_of(list, path);
    return index == SIZE_MAX ? NULL : list->items[index];
}

const weir_table *weir_catalog_find_permanent(const weir_catalog *catalog, weir_object_path path) {
    path = weir_catalog_qualify(catalog, path);
    database *in = weir_catalog_database_find(catalog, path.catalog, path.database);
    return in == NULL ? NULL : find_in_list(&in->tables, &path);
}

const weir_table *weir_catalog_find(const weir_catalog *catalog, weir_object_path path) {
    path = weir_catalog_qualify(catalog, path);
    const weir_table *temporary = find_in_list(&catalog->temporary_tables, &path);
    return temporary != NULL ? temporary : weir_catalog_find_permanent(catalog, path);
}

enum { HINT_NAMES_MAX = 256 };

/* The tables that could have been meant: those of the same database. */
static void hint_tables(const weir_catalog *catalog, const weir_object_path *path, weir_error *error) {
    weir_text names[HINT_NAMES_MAX];
    size_t count = 0;
    database *in = weir_catalog_database_find(catalog, path->catalog, path->database);
    for (size_t i = 0; in != NULL && i < in->tables.count && count < HINT_NAMES_MAX; i++)
        names[count++] = ((const weir_table *)in->tables.items[i])->name;
    for (size_t i = 0; i < catalog->temporary_tables.count && count < HINT_NAMES_MAX; i++)
        names[count++] = ((const weir_table *)catalog->temporary_tables.items[i])->name;
    for (size_t i = 0; i < count; i++)
        if (weir_text_equal_nocase(names[i], path->name)) {
            weir_error_hint(error, "there is '%.*s': names are case-sensitive", WEIR_TEXT_ARGS(names[i]));
            return;
        }
    weir_catalog_hint(error, path->name, names, count);
}

weir_status weir_catalog_resolve(const weir_catalog *catalog, weir_object_path written, const weir_table **out, weir_error *error) {
    weir_object_path path = weir_catalog_qualify(catalog, written);
    *out = weir_catalog_find(catalog, path);
    if (*out != NULL)
        return WEIR_OK;
    if (written.database.size == 0)
        weir_fail(error, WEIR_VALIDATE, "Object '%.*s' not found", WEIR_TEXT_ARGS(path.name));
    else if (!weir_catalog_has_catalog(catalog, path.catalog))
        weir_fail(error, WEIR_VALIDATE, "Object '%.*s' not found", WEIR_TEXT_ARGS(path.catalog));
    else if (!weir_catalog_has_database(catalog, path.catalog, path.database))
        weir_fail(error, WEIR_VALIDATE, "Object '%.*s' not found within '%.*s'", WEIR_TEXT_ARGS(path.database),
                  WEIR_TEXT_ARGS(path.catalog));
    else
        weir_fail(error, WEIR_VALIDATE, "Object '%.*s' not found within '%.*s.%.*s'", WEIR_TEXT_ARGS(path.name),
                  WEIR_TEXT_ARGS(path.catalog), WEIR_TEXT_ARGS(path.database));
    hint_tables(catalog, &path, error);
    return WEIR_VALIDATE;
}

weir_status weir_catalog_resolve_sink(const weir_catalog *catalog, weir_object_path path, const weir_table **out, weir_error *error) {
    path = weir_catalog_qualify(catalog, path);
    *out = weir_catalog_find(catalog, path);
    if (*out != NULL)
        return WEIR_OK;
    char names[512];
    size_t used = 0;
    for (size_t i = 0; i < catalog->catalogs.count; i++) {
        weir_text name = ((const catalog_entry *)catalog->catalogs.items[i])->name;
        if (used + name.size + 2 >= sizeof names)
            break;
        if (used > 0) {
            memcpy(names + used, ", ", 2);
            used += 2;
        }
        memcpy(names + used, name.data, name.size);
        used += name.size;
    }
    weir_fail(error, WEIR_VALIDATE, "Cannot find table '`%.*s`.`%.*s`.`%.*s`' in any of the catalogs [%.*s], nor as a temporary table.",
              WEIR_TEXT_ARGS(path.catalog), WEIR_TEXT_ARGS(path.database), WEIR_TEXT_ARGS(path.name), (int)used, names);
    hint_tables(catalog, &path, error);
    return WEIR_VALIDATE;
}

weir_status weir_catalog_resolve_alter(const weir_catalog *catalog, weir_object_path path, weir_table_kind kind, const weir_table **out,
                                       weir_error *error) {
    path = weir_catalog_qualify(catalog, path);
    *out = weir_catalog_find_permanent(catalog, path);
    if (*out == NULL) {
        weir_fail(error, WEIR_VALIDATE, "%s `%.*s`.`%.*s`.`%.*s` doesn't exist or is a temporary %s.", kind == WEIR_VIEW ? "View" : "Table",
                  WEIR_TEXT_ARGS(path.catalog), WEIR_TEXT_ARGS(path.database), WEIR_TEXT_ARGS(path.name),
                  kind == WEIR_VIEW ? "view" : "table");
        hint_tables(catalog, &path, error);
        return WEIR_VALIDATE;
    }
    if ((*out)->kind == kind)
        return WEIR_OK;
    return weir_fail(error, WEIR_VALIDATE,
                     kind == WEIR_VIEW ? "ALTER VIEW for a table is not allowed" : "ALTER TABLE for a view is not allowed");
}

static weir_status append(weir_catalog *catalog, weir_list *list, size_t replace_at, const weir_table *table, const weir_table **stored,
                          weir_error *error) {
    weir_table *copy = weir_table_copy(&catalog->arena, table);
    if (copy == NULL)
        return weir_fail_memory(error, "a table definition", sizeof *copy);
    if (replace_at != SIZE_MAX)
        list->items[replace_at] = copy;
    else if (!weir_list_add(&catalog->arena, list, copy))
        return weir_fail_memory(error, "a table definition", sizeof *copy);
    if (stored != NULL)
        *stored = copy;
    return WEIR_OK;
}

weir_status weir_catalog_add(weir_catalog *catalog, const weir_table *table, weir_create_mode mode, const weir_table **stored,
                             weir_error *error) {
    weir_object_path path = {table->catalog, table->database, table->name};
    weir_list *list = &catalog->temporary_tables;
    if (!table->temporary) {
        database *in;
        WEIR_TRY(weir_catalog_database_get(catalog, path.catalog, path.database, &in, error));
        list = &in->tables;
    }
    size_t there = index_of(list, &path);
    if (there != SIZE_MAX && mode == WEIR_CREATE_IF_NOT_EXISTS) {
        if (stored != NULL)
            *stored = list->items[there];
        return WEIR_OK;
    }
    if (there != SIZE_MAX && mode == WEIR_CREATE_NEW) {
        if (table->temporary)
            return weir_fail(error, WEIR_VALIDATE, "Temporary table '`%.*s`.`%.*s`.`%.*s`' already exists.", WEIR_TEXT_ARGS(path.catalog),
                             WEIR_TEXT_ARGS(path.database), WEIR_TEXT_ARGS(path.name));
        return weir_fail(error, WEIR_VALIDATE, "Table (or view) %.*s.%.*s already exists in Catalog %.*s.", WEIR_TEXT_ARGS(path.database),
                         WEIR_TEXT_ARGS(path.name), WEIR_TEXT_ARGS(path.catalog));
    }
    return append(catalog, list, there, table, stored, error);
}

weir_status weir_catalog_replace(weir_catalog *catalog, const weir_table *table, const weir_table **stored, weir_error *error) {
    weir_object_path path = {table->catalog, table->database, table->name};
    const weir_table *old;
    WEIR_TRY(weir_catalog_resolve_alter(catalog, path, table->kind, &old, error));
    database *in = weir_catalog_database_find(catalog, path.catalog, path.database);
    return append(catalog, &in->tables, index_of(&in->tables, &path), table, stored, error);
}

weir_status weir_catalog_rename(weir_catalog *catalog, weir_object_path path, weir_text new_name, bool if_exists, weir_error *error) {
    path = weir_catalog_qualify(catalog, path);
    const weir_table *old = weir_catalog_find_permanent(catalog, path);
    if (old == NULL && if_exists)
        return WEIR_OK;
    if (old == NULL)
        return weir_catalog_resolve_alter(catalog, path, WEIR_TABLE, &old, error);
    weir_object_path target = {path.catalog, path.database, new_name};
    database *in = weir_catalog_database_find(catalog, path.catalog, path.database);
    if (index_of(&in->tables, &target) != SIZE_MAX)
        return weir_fail(error, WEIR_VALIDATE, "Table (or view) %.*s.%.*s already exists in Catalog %.*s.", WEIR_TEXT_ARGS(path.database),
                         WEIR_TEXT_ARGS(new_name), WEIR_TEXT_ARGS(path.catalog));
    weir_table renamed = *old;
    renamed.name = new_name;
    return append(catalog, &in->tables, index_of(&in->tables, &path), &renamed, NULL, error);
}

weir_status weir_catalog_drop(weir_catalog *catalog, weir_object_path path, weir_table_kind kind, bool temporary, bool if_exists,
                              weir_error *error) {
    path = weir_catalog_qualify(catalog, path);
    const char *what = kind == WEIR_VIEW ? "view" : "table";
    const char *title = kind == WEIR_VIEW ? "View" : "Table";
    size_t in_front = index_of(&catalog->temporary_tables, &path);
    if (in_front != SIZE_MAX && ((const weir_table *)catalog->temporary_tables.items[in_front])->kind != kind)
        in_front = SIZE_MAX;
    if (temporary) {
        if (in_front != SIZE_MAX)
            weir_catalog_list_remove(&catalog->temporary_tables, in_front);
        else if (!if_exists)
            return weir_fail(error, WEIR_VALIDATE, "Temporary %s with identifier '%.*s.%.*s.%.*s' does not exist.", what,
                             WEIR_TEXT_ARGS(path.catalog), WEIR_TEXT_ARGS(path.database), WEIR_TEXT_ARGS(path.name));
        return WEIR_OK;
    }
    database *in = weir_catalog_database_find(catalog, path.catalog, path.database);
    size_t there = in == NULL ? SIZE_MAX : index_of(&in->tables, &path);
    if (there != SIZE_MAX && ((const weir_table *)in->tables.items[there])->kind != kind)
        there = SIZE_MAX;
    if (in_front != SIZE_MAX)
        return weir_fail(error, WEIR_VALIDATE,
                         "Temporary %s with identifier '`%.*s`.`%.*s`.`%.*s`' exists. Drop it first before removing the permanent %s.",
                         what, WEIR_TEXT_ARGS(path.catalog), WEIR_TEXT_ARGS(path.database), WEIR_TEXT_ARGS(path.name), what);
    if (there == SIZE_MAX) {
        if (if_exists)
            return WEIR_OK;
        weir_fail(error, WEIR_VALIDATE, "%s with identifier '%.*s.%.*s.%.*s' does not exist.", title, WEIR_TEXT_ARGS(path.catalog),
                  WEIR_TEXT_ARGS(path.database), WEIR_TEXT_ARGS(path.name));
        hint_tables(catalog, &path, error);
        return WEIR_VALIDATE;
    }
    weir_catalog_list_remove(&in->tables, there);
    return WEIR_OK;
}

weir_status weir_catalog_list_tables(const weir_catalog *catalog, weir_arena *arena, weir_text in_catalog, weir_text database_name,
                                     bool views_only, weir_text **names, size_t *count, weir_error *error) {
    database *in;
    WEIR_TRY(weir_catalog_database_get(catalog, in_catalog, database_name, &in, error));
    weir_text catalog_name = in_catalog.size == 0 ? catalog->current->name : in_catalog;
    *names = WEIR_ARENA_ARRAY(arena, weir_text, in->tables.count + catalog->temporary_tables.count);
    if (*names == NULL)
        return weir_fail_memory(error, "a list of tables", 0);
    size_t found = 0;
    for (size_t i = 0; i < in->tables.count; i++) {
        const weir_table *table = in->tables.items[i];
        if (!views_only || table->kind == WEIR_VIEW)
            (*names)[found++] = table->name;
    }
    for (size_t i = 0; i < catalog->temporary_tables.count; i++) {
        const weir_table *table = catalog->temporary_tables.items[i];
        if ((!views_only || table->kind == WEIR_VIEW) && weir_text_equal(table->database, in->name) &&
            weir_text_equal(table->catalog, catalog_name))
            (*names)[found++] = table->name;
    }
    *count = weir_catalog_sort_names(*names, found);
    return WEIR_OK;
}
