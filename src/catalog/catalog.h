/* The catalog manager of a session: catalogs -> databases -> tables, views and functions; temporary objects in front of them; and which
 * catalog and database are current.
 *
 * Starts with `default_catalog`.`default_database`. Names are case-sensitive. Everything lives in the manager's arena: definitions that
 * were dropped or replaced stay until it is destroyed, so that a plan may go on pointing at the `const weir_table` it was made for. Errors
 * are WEIR_VALIDATE in Flink's words, with the nearest name as hint; they carry no position (use weir_error_locate). Threads: one at a
 * time.
 */
#ifndef WEIR_CATALOG_CATALOG_H
#define WEIR_CATALOG_CATALOG_H

#include "catalog/table.h"

typedef struct weir_catalog weir_catalog;

/* A name as written. Parts that were not written have size 0: then the current catalog and database are meant.
 * A catalog without a database is not a name. */
typedef struct weir_object_path {
    weir_text catalog;
    weir_text database;
    weir_text name;
} weir_object_path;

typedef enum weir_create_mode { WEIR_CREATE_NEW, WEIR_CREATE_IF_NOT_EXISTS, WEIR_CREATE_OR_REPLACE } weir_create_mode;

weir_status weir_catalog_create(weir_memory *memory, weir_catalog **out, weir_error *error) WEIR_MUST_USE;
void weir_catalog_destroy(weir_catalog *catalog); /* NULL is fine */

/* Fill in what was not written. */
weir_object_path weir_catalog_qualify(const weir_catalog *catalog, weir_object_path path);
/* From 1 to 3 parts; more or none give WEIR_VALIDATE. The result is qualified. */
weir_status weir_catalog_path(const weir_catalog *catalog, const weir_text *parts, size_t count, weir_object_path *out,
                              weir_error *error) WEIR_MUST_USE;

/* ---- current ---- */
weir_text weir_catalog_current(const weir_catalog *catalog);
weir_text weir_catalog_current_database(const weir_catalog *catalog);
weir_status weir_catalog_use(weir_catalog *catalog, weir_text name, weir_error *error) WEIR_MUST_USE; /* and its default database */
/* `in_catalog` of size 0: the current one; else it becomes current, too. */
weir_status weir_catalog_use_database(weir_catalog *catalog, weir_text in_catalog, weir_text database, weir_error *error) WEIR_MUST_USE;

/* ---- catalogs and databases; `options` are copied ---- */
/* 'type' must be generic_in_memory ('default-database' names its first one); another type is WEIR_VALIDATE in the words of Flink's factory
 * search. */
weir_status weir_catalog_create_catalog(weir_catalog *catalog, weir_text name, bool if_not_exists, const weir_option *options,
                                        size_t option_count, weir_text comment, weir_error *error) WEIR_MUST_USE;
weir_status weir_catalog_drop_catalog(weir_catalog *catalog, weir_text name, bool if_exists, weir_error *error) WEIR_MUST_USE;
weir_status weir_catalog_create_database(weir_catalog *catalog, weir_text in_catalog, weir_text name, bool if_not_exists,
                                         const weir_option *options, size_t option_count, weir_text comment,
                                         weir_error *error) WEIR_MUST_USE;
weir_status weir_catalog_drop_database(weir_catalog *catalog, weir_text in_catalog, weir_text name, bool if_exists, bool cascade,
                                       weir_error *error) WEIR_MUST_USE;
/* Set the options given; those with value.data NULL are removed. */
weir_status weir_catalog_alter_database(weir_catalog *catalog, weir_text in_catalog, weir_text name, const weir_option *options,
                                        size_t option_count, weir_error *error) WEIR_MUST_USE;
weir_status weir_catalog_alter_catalog(weir_catalog *catalog, weir_text name, const weir_option *options, size_t option_count,
                                       weir_error *error) WEIR_MUST_USE;
weir_status weir_catalog_comment_catalog(weir_catalog *catalog, weir_text name, weir_text comment, weir_error *error) WEIR_MUST_USE;
bool weir_catalog_has_catalog(const weir_catalog *catalog, weir_text name);
bool weir_catalog_has_database(const weir_catalog *catalog, weir_text in_catalog, weir_text name);

typedef struct weir_space_info {
    weir_text name;
    weir_text comment; /* data NULL: none */
    const weir_option *options;
    size_t option_count;
} weir_space_info;
weir_status weir_catalog_describe_catalog(const weir_catalog *catalog, weir_text name, weir_space_info *out,
                                          weir_error *error) WEIR_MUST_USE;
weir_status weir_catalog_describe_database(const weir_catalog *catalog, weir_text in_catalog, weir_text name, weir_space_info *out,
                                           weir_error *error) WEIR_MUST_USE;

/* ---- tables and views ---- */
/* NULL: none. A temporary one hides the permanent one. The path need not be qualified. */
const weir_table *weir_catalog_find(const weir_catalog *catalog, weir_object_path path);
const weir_table *weir_catalog_find_permanent(const weir_catalog *catalog, weir_object_path path);
/* As find, but "Object 'X' not found" [within 'catalog.database', when those were written]. */
weir_status weir_catalog_resolve(const weir_catalog *catalog, weir_object_path path, const weir_table **out,
                                 weir_error *error) WEIR_MUST_USE;
/* For INSERT INTO: "Cannot find table '...' in any of the catalogs [...], nor as a temporary table." */
weir_status weir_catalog_resolve_sink(const weir_catalog *catalog, weir_object_path path, const weir_table **out,
                                      weir_error *error) WEIR_MUST_USE;
/* For ALTER TABLE / VIEW: permanent ones of this kind only. */
weir_status weir_catalog_resolve_alter(const weir_catalog *catalog, weir_object_path path, weir_table_kind kind, const weir_table **out,
                                       weir_error *error) WEIR_MUST_USE;

/* Add a copy of `table` (its catalog, database and name must be filled; `temporary` says where it goes). *stored, when not NULL, is the
 * copy, or what was there already with IF_NOT_EXISTS. */
weir_status weir_catalog_add(weir_catalog *catalog, const weir_table *table, weir_create_mode mode, const weir_table **stored,
                             weir_error *error) WEIR_MUST_USE;
/* ALTER: put a copy in the place of the permanent table of the same path. */
weir_status weir_catalog_replace(weir_catalog *catalog, const weir_table *table, const weir_table **stored,
                                 weir_error *error) WEIR_MUST_USE;
weir_status weir_catalog_rename(weir_catalog *catalog, weir_object_path path, weir_text new_name, bool if_exists,
                                weir_error *error) WEIR_MUST_USE;
weir_status weir_catalog_drop(weir_catalog *catalog, weir_object_path path, weir_table_kind kind, bool temporary, bool if_exists,
                              weir_error *error) WEIR_MUST_USE;

/* ---- functions ---- */
typedef enum weir_catalog_function_place {
    WEIR_FUNCTION_PERMANENT,
    WEIR_FUNCTION_TEMPORARY,
    WEIR_FUNCTION_TEMPORARY_SYSTEM
} weir_catalog_function_place;
typedef struct weir_catalog_function {
    weir_catalog_function_place place;
    weir_text catalog, database; /* empty for system functions */
    weir_text name;
    weir_text class_name; /* AS '...' */
    weir_text language;   /* upper case, empty when not written */
    uint32_t resource_count;
    const weir_text *resources;
    uint32_t option_count;
    const weir_option *options;
} weir_catalog_function;
/* Function names are case-insensitive. Order: temporary system, temporary, permanent. NULL: none. */
const weir_catalog_function *weir_catalog_find_function(const weir_catalog *catalog, weir_object_path path);
weir_status weir_catalog_add_function(weir_catalog *catalog, const weir_catalog_function *function, bool if_not_exists,
                                      weir_error *error) WEIR_MUST_USE;
weir_status weir_catalog_alter_function(weir_catalog *catalog, const weir_catalog_function *function, bool if_exists,
                                        weir_error *error) WEIR_MUST_USE;
weir_status weir_catalog_drop_function(weir_catalog *catalog, weir_object_path path, weir_catalog_function_place place, bool if_exists,
                                       weir_error *error) WEIR_MUST_USE;

/* ---- listings: names in byte order, made in `arena`; a NULL array only without memory ---- */
weir_status weir_catalog_list_catalogs(const weir_catalog *catalog, weir_arena *arena, weir_text **names, size_t *count,
                                       weir_error *error) WEIR_MUST_USE;
weir_status weir_catalog_list_databases(const weir_catalog *catalog, weir_arena *arena, weir_text in_catalog, weir_text **names,
                                        size_t *count, weir_error *error) WEIR_MUST_USE;
/* Tables and views, temporary ones too; `views_only` for SHOW VIEWS. */
weir_status weir_catalog_list_tables(const weir_catalog *catalog, weir_arena *arena, weir_text in_catalog, weir_text database,
                                     bool views_only, weir_text **names, size_t *count, weir_error *error) WEIR_MUST_USE;
weir_status weir_catalog_list_functions(const weir_catalog *catalog, weir_arena *arena, weir_text in_catalog, weir_text database,
                                        weir_text **names, size_t *count, weir_error *error) WEIR_MUST_USE;

#endif
