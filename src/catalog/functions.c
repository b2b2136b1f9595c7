/* User-defined functions by name. What runs them is not known here: a definition is only kept and found. */
#include "catalog/catalog_int.h"

static bool matches(const weir_catalog_function *function, weir_catalog_function_place place, const weir_object_path *path) {
    if (function->place != place || !weir_text_equal_nocase(function->name, path->name))
        return false;
    return place == WEIR_FUNCTION_TEMPORARY_SYSTEM ||
           (weir_text_equal(function->database, path->database) && weir_text_equal(function->catalog, path->catalog));
}

static size_t index_of(const weir_list *list, weir_catalog_function_place place, const weir_object_path *path) {
    for (size_t i = 0; i < list->count; i++)
        if (matches(list->items[i], place, path))
            return i;
    return SIZE_MAX;
}

/* The list that functions of this place live in; NULL: no such database. */
static weir_list *list_of(weir_catalog *catalog, weir_catalog_function_place place, const weir_object_path *path) {
    if (place != WEIR_FUNCTION_PERMANENT)
        return &catalog->temporary_functions;
    database *in = weir_catalog_database_find(catalog, path->catalog, path->database);
    return in == NULL ? NULL : &in->functions;
}

const weir_catalog_function *weir_catalog_find_function(const weir_catalog *catalog, weir_object_path path) {
    bool plain = path.database.size == 0;
    path = weir_catalog_qualify(catalog, path);
    const weir_list *list = &catalog->temporary_functions;
    size_t index = plain ? index_of(list, WEIR_FUNCTION_TEMPORARY_SYSTEM, &path) : SIZE_MAX;
    if (index == SIZE_MAX)
        index = index_of(list, WEIR_FUNCTION_TEMPORARY, &path);
    if (index != SIZE_MAX)
        return list->items[index];
    database *in = weir_catalog_database_find(catalog, path.catalog, path.database);
    index = in == NULL ? SIZE_MAX : index_of(&in->functions, WEIR_FUNCTION_PERMANENT, &path);
    return index == SIZE_MAX ? NULL : in->functions.items[index];
}

static weir_catalog_function *copy_of(weir_catalog *catalog, const weir_catalog_function *function, const weir_object_path *path) {
    weir_arena *arena = &catalog->arena;
    weir_catalog_function *copy = WEIR_ARENA_NEW(arena, weir_catalog_function);
    weir_text *resources = WEIR_ARENA_ARRAY(arena, weir_text, function->resource_count);
    if (copy == NULL || resources == NULL)
        return NULL;
    *copy = *function;
    bool system = function->place == WEIR_FUNCTION_TEMPORARY_SYSTEM;
    copy->catalog = system ? (weir_text){NULL, 0} : weir_arena_text(arena, path->catalog);
    copy->database = system ? (weir_text){NULL, 0} : weir_arena_text(arena, path->database);
    copy->name = weir_arena_text(arena, path->name);
    copy->class_name = weir_arena_text(arena, function->class_name);
    copy->language = weir_arena_text(arena, function->language);
    for (uint32_t i = 0; i < function->resource_count; i++)
        resources[i] = weir_arena_text(arena, function->resources[i]);
    copy->resources = resources;
    copy->options = weir_catalog_copy_options(arena, function->options, function->option_count);
    return arena->failed ? NULL : copy;
}

static weir_object_path path_of(const weir_catalog *catalog, const weir_catalog_function *function) {
    return weir_catalog_qualify(catalog, (weir_object_path){function->catalog, function->database, function->name});
}

weir_status weir_catalog_add_function(weir_catalog *catalog, const weir_catalog_function *function, bool if_not_exists, weir_error *error) {
    weir_object_path path = path_of(catalog, function);
    if (function->place == WEIR_FUNCTION_PERMANENT) {
        database *in;
        WEIR_TRY(weir_catalog_database_get(catalog, path.catalog, path.database, &in, error));
    }
    weir_list *list = list_of(catalog, function->place, &path);
    if (index_of(list, function->place, &path) != SIZE_MAX) {
        if (if_not_exists)
            return WEIR_OK;
        if (function->place == WEIR_FUNCTION_TEMPORARY_SYSTEM)
            return weir_fail(error, WEIR_VALIDATE,
                             "Could not register temporary system function. A function named '%.*s' does already exist.",
                             WEIR_TEXT_ARGS(path.name));
        if (function->place == WEIR_FUNCTION_TEMPORARY)
            return weir_fail(error, WEIR_VALIDATE,
                             "Could not register temporary catalog function. A function '%.*s.%.*s.%.*s' does already exist.",
                             WEIR_TEXT_ARGS(path.catalog), WEIR_TEXT_ARGS(path.database), WEIR_TEXT_ARGS(path.name));
        return weir_fail(error, WEIR_VALIDATE, "Function %.*s.%.*s already exists in Catalog %.*s.", WEIR_TEXT_ARGS(path.database),
                         WEIR_TEXT_ARGS(path.name), WEIR_TEXT_ARGS(path.catalog));
    }
    weir_catalog_function *copy = copy_of(catalog, function, &path);
    if (copy == NULL || !weir_list_add(&catalog->arena, list, copy))
        return weir_fail_memory(error, "a function definition", sizeof *copy);
    return WEIR_OK;
}

static weir_status not_there(weir_catalog_function_place place, const weir_object_path *path, weir_error *error) {
    if (place == WEIR_FUNCTION_TEMPORARY_SYSTEM)
        return weir_fail(error, WEIR_VALIDATE, "Temporary system function '%.*s' doesn't exist", WEIR_TEXT_ARGS(path->name));
    if (place == WEIR_FUNCTION_TEMPORARY)
        return weir_fail(error, WEIR_VALIDATE, "Temporary catalog function '%.*s.%.*s.%.*s' doesn't exist", WEIR_TEXT_ARGS(path->catalog),
                         WEIR_TEXT_ARGS(path->database), WEIR_TEXT_ARGS(path->name));
    return weir_fail(error, WEIR_VALIDATE, "Function %.*s.%.*s does not exist in Catalog %.*s.", WEIR_TEXT_ARGS(path->database),
                     WEIR_TEXT_ARGS(path->name), WEIR_TEXT_ARGS(path->catalog));
}

weir_status weir_catalog_alter_function(weir_catalog *catalog, const weir_catalog_function *function, bool if_exists, weir_error *error) {
    weir_object_path path = path_of(catalog, function);
    weir_list *list = list_of(catalog, function->place, &path);
    size_t index = list == NULL ? SIZE_MAX : index_of(list, function->place, &path);
    if (index == SIZE_MAX)
        return if_exists ? WEIR_OK : not_there(function->place, &path, error);
    weir_catalog_function *copy = copy_of(catalog, function, &path);
    if (copy == NULL)
        return weir_fail_memory(error, "a function definition", sizeof *copy);
    list->items[index] = copy;
    return WEIR_OK;
}

weir_status weir_catalog_drop_function(weir_catalog *catalog, weir_object_path path, weir_catalog_function_place place, bool if_exists,
                                       weir_error *error) {
    path = weir_catalog_qualify(catalog, path);
    weir_list *list = list_of(catalog, place, &path);
    size_t index = list == NULL ? SIZE_MAX : index_of(list, place, &path);
    if (index == SIZE_MAX)
        return if_exists ? WEIR_OK : not_there(place, &path, error);
    weir_catalog_list_remove(list, index);
    return WEIR_OK;
}

weir_status weir_catalog_list_functions(const weir_catalog *catalog, weir_arena *arena, weir_text in_catalog, weir_text database_name,
                                        weir_text **names, size_t *count, weir_error *error) {
    database *in;
    WEIR_TRY(weir_catalog_database_get(catalog, in_catalog, database_name, &in, error));
    weir_text catalog_name = in_catalog.size == 0 ? catalog->current->name : in_catalog;
    *names = WEIR_ARENA_ARRAY(arena, weir_text, in->functions.count + catalog->temporary_functions.count);
    if (*names == NULL)
        return weir_fail_memory(error, "a list of functions", 0);
    size_t found = 0;
    for (size_t i = 0; i < in->functions.count; i++)
        (*names)[found++] = ((const weir_catalog_function *)in->functions.items[i])->name;
    for (size_t i = 0; i < catalog->temporary_functions.count; i++) {
        const weir_catalog_function *function = catalog->temporary_functions.items[i];
        if (function->place == WEIR_FUNCTION_TEMPORARY_SYSTEM ||
            (weir_text_equal(function->database, in->name) && weir_text_equal(function->catalog, catalog_name)))
            (*names)[found++] = function->name;
    }
    *count = weir_catalog_sort_names(*names, found);
    return WEIR_OK;
}
