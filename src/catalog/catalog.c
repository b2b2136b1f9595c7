/* Catalogs and databases: creating, dropping, choosing and listing them. Only in-memory catalogs exist; hive, jdbc and the like are
 * refused. */
#include "catalog/catalog_int.h"

#include <stdlib.h>
#include <string.h>

void weir_catalog_list_remove(weir_list *list, size_t index) {
    memmove(&list->items[index], &list->items[index + 1], (list->count - index - 1) * sizeof *list->items);
    list->count--;
}

void weir_catalog_hint(weir_error *error, weir_text word, const weir_text *names, size_t count) {
    int nearest = count == 0 ? -1 : weir_text_nearest(word, names, count);
    if (nearest >= 0)
        weir_error_hint(error, "did you mean '%.*s'?", WEIR_TEXT_ARGS(names[nearest]));
}

const weir_option *weir_catalog_copy_options(weir_arena *arena, const weir_option *options, size_t count) {
    weir_option *copy = WEIR_ARENA_ARRAY(arena, weir_option, count);
    for (size_t i = 0; copy != NULL && i < count; i++)
        copy[i] = (weir_option){weir_arena_text(arena, options[i].key), weir_arena_text(arena, options[i].value), options[i].position};
    return copy;
}

static int by_name(const void *a, const void *b) { return weir_text_compare(*(const weir_text *)a, *(const weir_text *)b); }

size_t weir_catalog_sort_names(weir_text *names, size_t count) {
    size_t kept = 0;
    if (count > 1)
        qsort(names, count, sizeof *names, by_name);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || !weir_text_equal(names[kept - 1], names[i]))
            names[kept++] = names[i];
    return kept;
}

static weir_status no_memory(weir_error *error) { return weir_fail_memory(error, "the catalog", 0); }

catalog_entry *weir_catalog_entry_find(const weir_catalog *catalog, weir_text name) {
    if (name.size == 0)
        return catalog->current;
    for (size_t i = 0; i < catalog->catalogs.count; i++) {
        catalog_entry *entry = catalog->catalogs.items[i];
        if (weir_text_equal(entry->name, name))
            return entry;
    }
    return NULL;
}

static database *find_in(const catalog_entry *entry, weir_text name) {
    for (size_t i = 0; i < entry->databases.count; i++) {
        database *found = entry->databases.items[i];
        if (weir_text_equal(found->name, name))
            return found;
    }
    return NULL;
}

database *weir_catalog_database_find(const weir_catalog *catalog, weir_text in_catalog, weir_text name) {
    catalog_entry *entry = weir_catalog_entry_find(catalog, in_catalog);
    return entry == NULL ? NULL : find_in(entry, name.size == 0 ? catalog->current_database : name);
}

weir_status weir_catalog_entry_get(const weir_catalog *catalog, weir_text name, catalog_entry **out, weir_error *error) {
    *out = weir_catalog_entry_find(catalog, name);
    if (*out != NULL)
        return WEIR_OK;
    weir_status status = weir_fail(error, WEIR_VALIDATE, "A catalog with name [%.*s] does not exist.", WEIR_TEXT_ARGS(name));
    weir_text names[32];
    size_t count = 0;
    for (; count < catalog->catalogs.count && count < 32; count++)
        names[count] = ((const catalog_entry *)catalog->catalogs.items[count])->name;
    weir_catalog_hint(error, name, names, count);
    return status;
}

weir_status weir_catalog_database_get(const weir_catalog *catalog, weir_text in_catalog, weir_text name, database **out,
                                      weir_error *error) {
    catalog_entry *entry;
    WEIR_TRY(weir_catalog_entry_get(catalog, in_catalog, &entry, error));
    *out = find_in(entry, name.size == 0 ? catalog->current_database : name);
    if (*out != NULL)
        return WEIR_OK;
    weir_status status =
        weir_fail(error, WEIR_VALIDATE, "Database %.*s does not exist in Catalog %.*s.", WEIR_TEXT_ARGS(name), WEIR_TEXT_ARGS(entry->name));
    weir_text names[64];
    size_t count = 0;
    for (; count < entry->databases.count && count < 64; count++)
        names[count] = ((const database *)entry->databases.items[count])->name;
    weir_catalog_hint(error, name, names, count);
    return status;
}

/* A database of this name with these options in `entry`; NULL without memory. */
static database *add_database(weir_catalog *catalog, catalog_entry *entry, weir_text name, const weir_option *options, size_t option_count,
                              weir_text comment) {
    database *made = WEIR_ARENA_NEW(&catalog->arena, database);
    if (made == NULL)
        return NULL;
    made->name = weir_arena_text(&catalog->arena, name);
    made->comment = comment.data == NULL ? comment : weir_arena_text(&catalog->arena, comment);
    made->options = weir_catalog_copy_options(&catalog->arena, options, option_count);
    made->option_count = option_count;
    if (catalog->arena.failed || !weir_list_add(&catalog->arena, &entry->databases, made))
        return NULL;
    return made;
}

/* The entry joins the list last, so that a failure leaves nothing half made. */
static catalog_entry *add_catalog(weir_catalog *catalog, weir_text name, weir_text default_database, const weir_option *options,
                                  size_t option_count, weir_text comment) {
    catalog_entry *entry = WEIR_ARENA_NEW(&catalog->arena, catalog_entry);
    if (entry == NULL)
        return NULL;
    entry->name = weir_arena_text(&catalog->arena, name);
    entry->default_database = weir_arena_text(&catalog->arena, default_database);
    entry->comment = comment.data == NULL ? comment : weir_arena_text(&catalog->arena, comment);
    entry->options = weir_catalog_copy_options(&catalog->arena, options, option_count);
    entry->option_count = option_count;
    if (add_database(catalog, entry, default_database, NULL, 0, (weir_text){NULL, 0}) == NULL ||
        !weir_list_add(&catalog->arena, &catalog->catalogs, entry))
        return NULL;
    return entry;
}

weir_status weir_catalog_create(weir_memory *memory, weir_catalog **out, weir_error *error) {
    weir_catalog *catalog = weir_memory_zalloc(memory, sizeof *catalog);
    if (catalog == NULL)
        return no_memory(error);
    catalog->memory = memory;
    weir_arena_init(&catalog->arena, memory);
    catalog->current = add_catalog(catalog, WEIR_TEXT("default_catalog"), WEIR_TEXT("default_database"), NULL, 0, (weir_text){NULL, 0});
    if (catalog->current == NULL) {
        weir_catalog_destroy(catalog);
        return no_memory(error);
    }
    catalog->current_database = catalog->current->default_database;
    *out = catalog;
    return WEIR_OK;
}

void weir_catalog_destroy(weir_catalog *catalog) {
    if (catalog == NULL)
        return;
    weir_arena_deinit(&catalog->arena);
    weir_memory_free(catalog->memory, catalog, sizeof *catalog);
}

weir_object_path weir_catalog_qualify(const weir_catalog *catalog, weir_object_path path) {
    if (path.catalog.size == 0)
        path.catalog = catalog->current->name;
    if (path.database.size == 0)
        path.database = catalog->current_database;
    return path;
}

weir_status weir_catalog_path(const weir_catalog *catalog, const weir_text *parts, size_t count, weir_object_path *out, weir_error *error) {
    weir_object_path path = {{NULL, 0}, {NULL, 0}, {NULL, 0}};
    if (count < 1 || count > 3)
        return weir_fail(error, WEIR_VALIDATE, "A name has one to three parts (catalog.database.object), this one has %zu.", count);
    for (size_t i = 0; i < count; i++)
        if (parts[i].size == 0)
            return weir_fail(error, WEIR_VALIDATE, "A part of the object's name is empty.");
    path.name = parts[count - 1];
    if (count > 1)
        path.database = parts[count - 2];
    if (count > 2)
        path.catalog = parts[0];
    *out = weir_catalog_qualify(catalog, path);
    return WEIR_OK;
}

weir_text weir_catalog_current(const weir_catalog *catalog) { return catalog->current->name; }
weir_text weir_catalog_current_database(const weir_catalog *catalog) { return catalog->current_database; }

weir_status weir_catalog_use(weir_catalog *catalog, weir_text name, weir_error *error) {
    catalog_entry *entry;
    WEIR_TRY(weir_catalog_entry_get(catalog, name, &entry, error));
    if (entry == catalog->current)
        return WEIR_OK; /* Flink keeps the database, too */
    catalog->current = entry;
    catalog->current_database = entry->default_database;
    return WEIR_OK;
}

weir_status weir_catalog_use_database(weir_catalog *catalog, weir_text in_catalog, weir_text name, weir_error *error) {
    catalog_entry *entry;
    WEIR_TRY(weir_catalog_entry_get(catalog, in_catalog, &entry, error));
    database *found = find_in(entry, name);
    if (found == NULL) {
        weir_status status = weir_catalog_database_get(catalog, in_catalog, name, &found, error); /* for its hint */
        char hint[WEIR_ERROR_HINT_BYTES] = "";
        if (error != NULL)
            memcpy(hint, error->hint, sizeof hint);
        weir_fail(error, status, "A database with name [%.*s] does not exist in the catalog: [%.*s].", WEIR_TEXT_ARGS(name),
                  WEIR_TEXT_ARGS(entry->name));
        if (hint[0] != 0)
            weir_error_hint(error, "%s", hint);
        return status;
    }
    catalog->current = entry;
    catalog->current_database = found->name;
    return WEIR_OK;
}

static weir_text option_of(const weir_option *options, size_t count, const char *key) {
    for (size_t i = 0; i < count; i++)
        if (weir_text_equal_c(options[i].key, key))
            return options[i].value;
    return (weir_text){NULL, 0};
}

static weir_status check_catalog_options(const weir_option *options, size_t count, weir_error *error) {
    weir_text type = option_of(options, count, "type");
    if (type.data == NULL) {
        weir_status status =
            weir_fail(error, WEIR_VALIDATE, "Catalog options do not contain an option key 'type' for discovering a catalog.");
        weir_error_hint(error, "'type' = 'generic_in_memory' is the one kind of catalog there is");
        return status;
    }
    if (!weir_text_equal_c(type, "generic_in_memory")) {
        weir_status status = weir_fail(error, WEIR_VALIDATE,
                                       "Could not find any factory for identifier '%.*s' that implements "
                                       "'org.apache.flink.table.factories.CatalogFactory' in the classpath. "
                                       "Available factory identifiers are: generic_in_memory",
                                       WEIR_TEXT_ARGS(type));
        weir_error_hint(error, "use 'type' = 'generic_in_memory', or run the job on an engine that has this catalog");
        return status;
    }
    for (size_t i = 0; i < count; i++)
        if (!weir_text_equal_c(options[i].key, "type") && !weir_text_equal_c(options[i].key, "default-database"))
            return weir_fail_at(
                error, WEIR_VALIDATE, options[i].position,
                "Unsupported options found for 'generic_in_memory'. Unsupported options: %.*s. Supported options: default-database, type",
                WEIR_TEXT_ARGS(options[i].key));
    return WEIR_OK;
}

weir_status weir_catalog_create_catalog(weir_catalog *catalog, weir_text name, bool if_not_exists, const weir_option *options,
                                        size_t option_count, weir_text comment, weir_error *error) {
    if (name.size == 0)
        return weir_fail(error, WEIR_VALIDATE, "Catalog name cannot be null or empty.");
    if (weir_catalog_entry_find(catalog, name) != NULL)
        return if_not_exists ? WEIR_OK : weir_fail(error, WEIR_VALIDATE, "Catalog %.*s already exists.", WEIR_TEXT_ARGS(name));
    WEIR_TRY(check_catalog_options(options, option_count, error));
    weir_text first = option_of(options, option_count, "default-database");
    if (first.data == NULL || first.size == 0)
        first = WEIR_TEXT("default");
    return add_catalog(catalog, name, first, options, option_count, comment) == NULL ? no_memory(error) : WEIR_OK;
}

weir_status weir_catalog_drop_catalog(weir_catalog *catalog, weir_text name, bool if_exists, weir_error *error) {
    for (size_t i = 0; i < catalog->catalogs.count; i++) {
        catalog_entry *entry = catalog->catalogs.items[i];
        if (!weir_text_equal(entry->name, name))
            continue;
        if (entry == catalog->current)
            return weir_fail(error, WEIR_VALIDATE, "Cannot drop a catalog which is currently in use.");
        weir_catalog_list_remove(&catalog->catalogs, i);
        return WEIR_OK;
    }
    return if_exists ? WEIR_OK : weir_fail(error, WEIR_VALIDATE, "Catalog %.*s does not exist.", WEIR_TEXT_ARGS(name));
}

weir_status weir_catalog_create_database(weir_catalog *catalog, weir_text in_catalog, weir_text name, bool if_not_exists,
                                         const weir_option *options, size_t option_count, weir_text comment, weir_error *error) {
    catalog_entry *entry;
    WEIR_TRY(weir_catalog_entry_get(catalog, in_catalog, &entry, error));
    if (name.size == 0)
        return weir_fail(error, WEIR_VALIDATE, "Database name cannot be null or empty.");
    if (find_in(entry, name) != NULL)
        return if_not_exists ? WEIR_OK
                             : weir_fail(error, WEIR_VALIDATE, "Database %.*s already exists in Catalog %.*s.", WEIR_TEXT_ARGS(name),
                                         WEIR_TEXT_ARGS(entry->name));
    return add_database(catalog, entry, name, options, option_count, comment) == NULL ? no_memory(error) : WEIR_OK;
}

weir_status weir_catalog_drop_database(weir_catalog *catalog, weir_text in_catalog, weir_text name, bool if_exists, bool cascade,
                                       weir_error *error) {
    catalog_entry *entry = weir_catalog_entry_find(catalog, in_catalog);
    database *found = entry == NULL ? NULL : find_in(entry, name);
    if (found == NULL)
        return if_exists && entry != NULL ? WEIR_OK : weir_catalog_database_get(catalog, in_catalog, name, &found, error);
    if (entry == catalog->current && weir_text_equal(name, catalog->current_database))
        return weir_fail(error, WEIR_VALIDATE, "Cannot drop a database which is currently in use.");
    if (!cascade && (found->tables.count > 0 || found->functions.count > 0)) {
        weir_status status = weir_fail(error, WEIR_VALIDATE, "Database %.*s in catalog %.*s is not empty.", WEIR_TEXT_ARGS(name),
                                       WEIR_TEXT_ARGS(entry->name));
        weir_error_hint(error, "DROP DATABASE ... CASCADE drops its tables with it");
        return status;
    }
    for (size_t i = 0; i < entry->databases.count; i++)
        if (entry->databases.items[i] == found)
            weir_catalog_list_remove(&entry->databases, i);
    return WEIR_OK;
}

/* `old` with `changes` applied, in the arena. */
static weir_status merge_options(weir_arena *arena, const weir_option **options, size_t *count, const weir_option *changes,
                                 size_t change_count, weir_error *error) {
    weir_option *merged = WEIR_ARENA_ARRAY(arena, weir_option, *count + change_count);
    if (merged == NULL)
        return no_memory(error);
    size_t kept = 0;
    for (size_t i = 0; i < *count; i++) {
        bool changed = false;
        for (size_t k = 0; k < change_count; k++)
            changed = changed || weir_text_equal((*options)[i].key, changes[k].key);
        if (!changed)
            merged[kept++] = (*options)[i];
    }
    for (size_t k = 0; k < change_count; k++)
        if (changes[k].value.data != NULL)
            merged[kept++] =
                (weir_option){weir_arena_text(arena, changes[k].key), weir_arena_text(arena, changes[k].value), changes[k].position};
    if (arena->failed)
        return no_memory(error);
    *options = merged;
    *count = kept;
    return WEIR_OK;
}

weir_status weir_catalog_alter_database(weir_catalog *catalog, weir_text in_catalog, weir_text name, const weir_option *options,
                                        size_t option_count, weir_error *error) {
    database *found;
    WEIR_TRY(weir_catalog_database_get(catalog, in_catalog, name, &found, error));
    return merge_options(&catalog->arena, &found->options, &found->option_count, options, option_count, error);
}

weir_status weir_catalog_alter_catalog(weir_catalog *catalog, weir_text name, const weir_option *options, size_t option_count,
                                       weir_error *error) {
    catalog_entry *entry;
    WEIR_TRY(weir_catalog_entry_get(catalog, name, &entry, error));
    if (entry->option_count == 0) /* made by no statement */
        return weir_fail(error, WEIR_VALIDATE, "Catalog %.*s does not exist in the catalog store.", WEIR_TEXT_ARGS(name));
    for (size_t i = 0; i < option_count; i++)
        if (!weir_text_equal_c(options[i].key, "type") && !weir_text_equal_c(options[i].key, "default-database"))
            return weir_fail_at(error, WEIR_VALIDATE, options[i].position,
                                "Unsupported options found for 'generic_in_memory'.\n\nUnsupported options:\n\n%.*s",
                                WEIR_TEXT_ARGS(options[i].key));
    for (size_t i = 0; i < option_count; i++)
        if (weir_text_equal_c(options[i].key, "type"))
            return weir_fail_at(error, WEIR_VALIDATE, options[i].position, "ALTER CATALOG does not support changing 'type'.");
    return merge_options(&catalog->arena, &entry->options, &entry->option_count, options, option_count, error);
}

weir_status weir_catalog_comment_catalog(weir_catalog *catalog, weir_text name, weir_text comment, weir_error *error) {
    catalog_entry *entry;
    WEIR_TRY(weir_catalog_entry_get(catalog, name, &entry, error));
    weir_text copy = weir_arena_text(&catalog->arena, comment);
    if (copy.data == NULL)
        return no_memory(error);
    entry->comment = copy;
    return WEIR_OK;
}

bool weir_catalog_has_catalog(const weir_catalog *catalog, weir_text name) { return weir_catalog_entry_find(catalog, name) != NULL; }
bool weir_catalog_has_database(const weir_catalog *catalog, weir_text in_catalog, weir_text name) {
    return weir_catalog_database_find(catalog, in_catalog, name) != NULL;
}

weir_status weir_catalog_describe_catalog(const weir_catalog *catalog, weir_text name, weir_space_info *out, weir_error *error) {
    catalog_entry *entry;
    WEIR_TRY(weir_catalog_entry_get(catalog, name, &entry, error));
    if (entry->option_count == 0) /* made by no statement */
        return weir_fail(error, WEIR_VALIDATE, "Cannot obtain metadata information from Catalog %.*s.", WEIR_TEXT_ARGS(name));
    *out = (weir_space_info){entry->name, entry->comment, entry->options, entry->option_count};
    return WEIR_OK;
}

weir_status weir_catalog_describe_database(const weir_catalog *catalog, weir_text in_catalog, weir_text name, weir_space_info *out,
                                           weir_error *error) {
    database *found;
    WEIR_TRY(weir_catalog_database_get(catalog, in_catalog, name, &found, error));
    *out = (weir_space_info){found->name, found->comment, found->options, found->option_count};
    return WEIR_OK;
}

weir_status weir_catalog_list_catalogs(const weir_catalog *catalog, weir_arena *arena, weir_text **names, size_t *count,
                                       weir_error *error) {
    *names = WEIR_ARENA_ARRAY(arena, weir_text, catalog->catalogs.count);
    if (*names == NULL)
        return no_memory(error);
    for (size_t i = 0; i < catalog->catalogs.count; i++)
        (*names)[i] = ((const catalog_entry *)catalog->catalogs.items[i])->name;
    *count = weir_catalog_sort_names(*names, catalog->catalogs.count);
    return WEIR_OK;
}

weir_status weir_catalog_list_databases(const weir_catalog *catalog, weir_arena *arena, weir_text in_catalog, weir_text **names,
                                        size_t *count, weir_error *error) {
    catalog_entry *entry;
    WEIR_TRY(weir_catalog_entry_get(catalog, in_catalog, &entry, error));
    *names = WEIR_ARENA_ARRAY(arena, weir_text, entry->databases.count);
    if (*names == NULL)
        return no_memory(error);
    for (size_t i = 0; i < entry->databases.count; i++)
        (*names)[i] = ((const database *)entry->databases.items[i])->name;
    *count = weir_catalog_sort_names(*names, entry->databases.count);
    return WEIR_OK;
}
