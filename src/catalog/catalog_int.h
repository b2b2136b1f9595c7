/* The catalog manager's structures; shared by catalog.c (catalogs and databases), objects.c (tables and views) and functions.c. */
#ifndef WEIR_CATALOG_CATALOG_INT_H
#define WEIR_CATALOG_CATALOG_INT_H

#include "catalog/catalog.h"

/* Lists of pointers; a removed item is taken out of the list, its memory stays. */
typedef struct database {
    weir_text name;
    weir_text comment;
    const weir_option *options;
    size_t option_count;
    weir_list tables;    /* weir_table */
    weir_list functions; /* weir_catalog_function */
} database;

typedef struct catalog_entry {
    weir_text name;
    weir_text comment;
    weir_text default_database;
    const weir_option *options;
    size_t option_count;
    weir_list databases; /* database */
} catalog_entry;

struct weir_catalog {
    weir_memory *memory;
    weir_arena arena;
    weir_list catalogs;            /* catalog_entry */
    weir_list temporary_tables;    /* weir_table */
    weir_list temporary_functions; /* weir_catalog_function, of both temporary places */
    catalog_entry *current;
    weir_text current_database;
};

catalog_entry *weir_catalog_entry_find(const weir_catalog *catalog, weir_text name); /* size 0: the current one; NULL: none */
database *weir_catalog_database_find(const weir_catalog *catalog, weir_text in_catalog, weir_text name);
/* As these, with an error. */
weir_status weir_catalog_entry_get(const weir_catalog *catalog, weir_text name, catalog_entry **out, weir_error *error) WEIR_MUST_USE;
weir_status weir_catalog_database_get(const weir_catalog *catalog, weir_text in_catalog, weir_text name, database **out,
                                      weir_error *error) WEIR_MUST_USE;
void weir_catalog_list_remove(weir_list *list, size_t index);
/* "did you mean 'x'?" as the error's hint. */
void weir_catalog_hint(weir_error *error, weir_text word, const weir_text *names, size_t count);
const weir_option *weir_catalog_copy_options(weir_arena *arena, const weir_option *options, size_t count);
/* Names sorted and without repeats, in place; returns how many are left. */
size_t weir_catalog_sort_names(weir_text *names, size_t count);

#endif
