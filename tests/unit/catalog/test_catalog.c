/* The catalog manager: names, shadowing, errors' words, and what happens when memory runs out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "catalog/catalog.h"

static weir_memory memory;
static weir_catalog *catalog;
static weir_error error;

static int setup(void **state) {
    (void)state;
    weir_memory_init(&memory, NULL, "test", SIZE_MAX);
    memset(&error, 0, sizeof error);
    return weir_catalog_create(&memory, &catalog, &error) == WEIR_OK ? 0 : -1;
}
static int teardown(void **state) {
    (void)state;
    weir_catalog_destroy(catalog);
    catalog = NULL;
    int left = memory.used_bytes != 0;
    weir_memory_deinit(&memory);
    return left;
}

static weir_object_path path(const char *database, const char *name) {
    return weir_catalog_qualify(catalog, (weir_object_path){{NULL, 0}, weir_text_of(database), weir_text_of(name)});
}

static weir_table table_named(const char *database, const char *name, bool temporary, weir_table_kind kind) {
    weir_object_path p = path(database, name);
    static weir_table_column column;
    column = (weir_table_column){.kind = WEIR_COLUMN_PHYSICAL, .name = WEIR_TEXT("a")};
    column.type = weir_type_simple(WEIR_KIND_INT, true);
    return (weir_table){.kind = kind,
                        .temporary = temporary,
                        .catalog = p.catalog,
                        .database = p.database,
                        .name = p.name,
                        .column_count = 1,
                        .columns = &column};
}
static weir_status add(const char *database, const char *name, bool temporary, weir_create_mode mode) {
    weir_table table = table_named(database, name, temporary, WEIR_TABLE);
    return weir_catalog_add(catalog, &table, mode, NULL, &error);
}
#define ASSERT_SAYS(words) assert_non_null(strstr(error.message, (words)))

static void tables_by_name(void **state) {
    (void)state;
    assert_int_equal(add(NULL, "t", false, WEIR_CREATE_NEW), WEIR_OK);
    assert_int_equal(add(NULL, "t", false, WEIR_CREATE_NEW), WEIR_VALIDATE);
    ASSERT_SAYS("already exists");
    assert_int_equal(add(NULL, "t", false, WEIR_CREATE_IF_NOT_EXISTS), WEIR_OK);
    const weir_table *before = weir_catalog_find(catalog, path(NULL, "t"));
    assert_int_equal(add(NULL, "t", false, WEIR_CREATE_OR_REPLACE), WEIR_OK);
    assert_ptr_not_equal(before, weir_catalog_find(catalog, path(NULL, "t")));
    assert_true(weir_text_equal_c(before->name, "t")); /* the old one is still readable */
    const weir_table *found;
    assert_int_equal(weir_catalog_resolve(catalog, (weir_object_path){.name = WEIR_TEXT("T")}, &found, &error), WEIR_VALIDATE);
    ASSERT_SAYS("Object 'T' not found");
    assert_non_null(strstr(error.hint, "'t'"));
    assert_int_equal(weir_catalog_resolve_sink(catalog, (weir_object_path){.name = WEIR_TEXT("nosink")}, &found, &error), WEIR_VALIDATE);
    ASSERT_SAYS("`default_catalog`.`default_database`.`nosink`");
    assert_int_equal(weir_catalog_drop(catalog, path(NULL, "t"), WEIR_VIEW, false, false, &error), WEIR_VALIDATE);
    ASSERT_SAYS("View with identifier 'default_catalog.default_database.t' does not exist");
    assert_int_equal(weir_catalog_drop(catalog, path(NULL, "t"), WEIR_TABLE, false, false, &error), WEIR_OK);
    assert_int_equal(weir_catalog_drop(catalog, path(NULL, "t"), WEIR_TABLE, false, false, &error), WEIR_VALIDATE);
    assert_int_equal(weir_catalog_drop(catalog, path(NULL, "t"), WEIR_TABLE, false, true, &error), WEIR_OK);
}

static void temporary_hides(void **state) {
    (void)state;
    assert_int_equal(add(NULL, "t", false, WEIR_CREATE_NEW), WEIR_OK);
    assert_int_equal(add(NULL, "t", true, WEIR_CREATE_NEW), WEIR_OK);
    assert_true(weir_catalog_find(catalog, path(NULL, "t"))->temporary);
    assert_false(weir_catalog_find_permanent(catalog, path(NULL, "t"))->temporary);
    assert_int_equal(weir_catalog_drop(catalog, path(NULL, "t"), WEIR_TABLE, false, false, &error), WEIR_VALIDATE);
    ASSERT_SAYS("Drop it first");
    assert_int_equal(weir_catalog_drop(catalog, path(NULL, "t"), WEIR_TABLE, true, false, &error), WEIR_OK);
    assert_false(weir_catalog_find(catalog, path(NULL, "t"))->temporary);
    assert_int_equal(weir_catalog_drop(catalog, path(NULL, "t"), WEIR_TABLE, true, false, &error), WEIR_VALIDATE);
    weir_arena arena;
    weir_arena_init(&arena, &memory);
    weir_table view = table_named(NULL, "aview", true, WEIR_VIEW);
    assert_int_equal(weir_catalog_add(catalog, &view, WEIR_CREATE_NEW, NULL, &error), WEIR_OK);
    weir_text *names;
    size_t count;
    assert_int_equal(weir_catalog_list_tables(catalog, &arena, (weir_text){NULL, 0}, (weir_text){NULL, 0}, false, &names, &count, &error),
                     WEIR_OK);
    assert_int_equal(count, 2);
    assert_true(weir_text_equal_c(names[0], "aview"));
    assert_int_equal(weir_catalog_list_tables(catalog, &arena, (weir_text){NULL, 0}, (weir_text){NULL, 0}, true, &names, &count, &error),
                     WEIR_OK);
    assert_int_equal(count, 1);
    weir_arena_deinit(&arena);
}

static void databases_and_catalogs(void **state) {
    (void)state;
    weir_text none = {NULL, 0}, d = WEIR_TEXT("d"), mem = WEIR_TEXT("mem");
    assert_int_equal(weir_catalog_create_database(catalog, none, d, false, NULL, 0, none, &error), WEIR_OK);
    assert_int_equal(weir_catalog_create_database(catalog, none, d, false, NULL, 0, none, &error), WEIR_VALIDATE);
    ASSERT_SAYS("Database d already exists in Catalog default_catalog.");
    assert_int_equal(weir_catalog_create_database(catalog, none, d, true, NULL, 0, none, &error), WEIR_OK);
    assert_int_equal(add("d", "t", false, WEIR_CREATE_NEW), WEIR_OK);
    assert_int_equal(weir_catalog_drop_database(catalog, none, d, false, false, &error), WEIR_VALIDATE);
    ASSERT_SAYS("not empty");
    assert_int_equal(weir_catalog_use_database(catalog, none, d, &error), WEIR_OK);
    assert_int_equal(weir_catalog_drop_database(catalog, none, d, false, true, &error), WEIR_VALIDATE);
    ASSERT_SAYS("currently in use");
    assert_non_null(weir_catalog_find(catalog, (weir_object_path){.name = WEIR_TEXT("t")}));
    assert_int_equal(weir_catalog_use_database(catalog, none, WEIR_TEXT("default_databas"), &error), WEIR_VALIDATE);
    ASSERT_SAYS("A database with name [default_databas] does not exist");
    assert_non_null(strstr(error.hint, "default_database"));
    assert_int_equal(weir_catalog_use_database(catalog, none, WEIR_TEXT("default_database"), &error), WEIR_OK);
    assert_int_equal(weir_catalog_drop_database(catalog, none, d, false, true, &error), WEIR_OK);
    assert_int_equal(weir_catalog_use(catalog, mem, &error), WEIR_VALIDATE);
    ASSERT_SAYS("[mem]");
    weir_option options[] = {{WEIR_TEXT("type"), WEIR_TEXT("generic_in_memory"), {0}},
                             {WEIR_TEXT("default-database"), WEIR_TEXT("d0"), {0}}};
    assert_int_equal(weir_catalog_create_catalog(catalog, mem, false, options, 0, none, &error), WEIR_VALIDATE);
    assert_int_equal(weir_catalog_create_catalog(catalog, mem, false, options, 2, none, &error), WEIR_OK);
    assert_int_equal(weir_catalog_use(catalog, mem, &error), WEIR_OK);
    assert_true(weir_text_equal_c(weir_catalog_current_database(catalog), "d0"));
    assert_int_equal(weir_catalog_drop_catalog(catalog, mem, false, &error), WEIR_VALIDATE);
    assert_int_equal(weir_catalog_use(catalog, WEIR_TEXT("default_catalog"), &error), WEIR_OK);
    assert_int_equal(weir_catalog_drop_catalog(catalog, mem, false, &error), WEIR_OK);
    weir_option hive = {WEIR_TEXT("type"), WEIR_TEXT("hive"), {0}};
    assert_int_equal(weir_catalog_create_catalog(catalog, mem, false, &hive, 1, none, &error), WEIR_VALIDATE);
    ASSERT_SAYS("identifier 'hive'");
}

static void renames_and_replaces(void **state) {
    (void)state;
    assert_int_equal(add(NULL, "t", false, WEIR_CREATE_NEW), WEIR_OK);
    assert_int_equal(add(NULL, "u", false, WEIR_CREATE_NEW), WEIR_OK);
    assert_int_equal(weir_catalog_rename(catalog, path(NULL, "t"), WEIR_TEXT("u"), false, &error), WEIR_VALIDATE);
    assert_int_equal(weir_catalog_rename(catalog, path(NULL, "t"), WEIR_TEXT("v"), false, &error), WEIR_OK);
    assert_null(weir_catalog_find(catalog, path(NULL, "t")));
    assert_int_equal(weir_catalog_rename(catalog, path(NULL, "t"), WEIR_TEXT("w"), false, &error), WEIR_VALIDATE);
    ASSERT_SAYS("doesn't exist or is a temporary table");
    weir_table changed = table_named(NULL, "v", false, WEIR_TABLE);
    changed.comment = WEIR_TEXT("new");
    const weir_table *stored;
    assert_int_equal(weir_catalog_replace(catalog, &changed, &stored, &error), WEIR_OK);
    assert_true(weir_text_equal_c(weir_catalog_find(catalog, path(NULL, "v"))->comment, "new"));
    changed.kind = WEIR_VIEW;
    assert_int_equal(weir_catalog_replace(catalog, &changed, &stored, &error), WEIR_VALIDATE);
    ASSERT_SAYS("ALTER VIEW for a table is not allowed");
}

static void functions(void **state) {
    (void)state;
    weir_catalog_function f = {
        .place = WEIR_FUNCTION_TEMPORARY, .name = WEIR_TEXT("f"), .class_name = WEIR_TEXT("m.f"), .language = WEIR_TEXT("PYTHON")};
    assert_int_equal(weir_catalog_add_function(catalog, &f, false, &error), WEIR_OK);
    assert_int_equal(weir_catalog_add_function(catalog, &f, false, &error), WEIR_VALIDATE);
    const weir_catalog_function *found = weir_catalog_find_function(catalog, (weir_object_path){.name = WEIR_TEXT("F")});
    assert_non_null(found);
    assert_true(weir_text_equal_c(found->class_name, "m.f"));
    f.place = WEIR_FUNCTION_TEMPORARY_SYSTEM;
    assert_int_equal(weir_catalog_add_function(catalog, &f, false, &error), WEIR_OK);
    assert_int_equal(weir_catalog_find_function(catalog, (weir_object_path){.name = WEIR_TEXT("f")})->place,
                     WEIR_FUNCTION_TEMPORARY_SYSTEM);
    assert_int_equal(weir_catalog_find_function(catalog, path(NULL, "f"))->place, WEIR_FUNCTION_TEMPORARY);
    assert_int_equal(weir_catalog_drop_function(catalog, path(NULL, "f"), WEIR_FUNCTION_PERMANENT, false, &error), WEIR_VALIDATE);
    assert_int_equal(weir_catalog_drop_function(catalog, path(NULL, "f"), WEIR_FUNCTION_TEMPORARY, false, &error), WEIR_OK);
    assert_null(weir_catalog_find_function(catalog, path(NULL, "f")));
}

static void option_values(void **state) {
    (void)state;
    struct {
        const char *text;
        int64_t ms;
    } durations[] = {{"10 s", 10000},   {"1min", 60000},    {"500", 500},        {"PT1H2.5S", 3602500},
                     {"P1D", 86400000}, {"3 d", 259200000}, {"2 Hours", 7200000}};
    for (size_t i = 0; i < sizeof durations / sizeof *durations; i++) {
        int64_t ms = -1;
        assert_true(weir_option_parse_duration_ms(weir_text_of(durations[i].text), &ms));
        assert_int_equal(ms, durations[i].ms);
    }
    static const char *const bad[] = {"", "s", "10 parsecs", "-5 s", "P", "PT", "P1S", "99999999999999999999 s", "1.5 s"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        int64_t ms;
        assert_false(weir_option_parse_duration_ms(weir_text_of(bad[i]), &ms));
    }
    uint64_t bytes;
    assert_true(weir_option_parse_size_bytes(WEIR_TEXT("128 MB"), &bytes));
    assert_int_equal(bytes, 128 << 20);
    weir_option option = {WEIR_TEXT("csv.ignore-parse-errors"), WEIR_TEXT("perhaps"), {0}};
    weir_table table = {.option_count = 1, .options = &option};
    bool flag;
    assert_int_equal(weir_table_option_bool(&table, "csv.ignore-parse-errors", false, &flag, &error), WEIR_VALIDATE);
    ASSERT_SAYS("csv.ignore-parse-errors");
    int64_t number;
    option = (weir_option){WEIR_TEXT("n"), WEIR_TEXT("-9223372036854775808"), {0}};
    assert_int_equal(weir_table_option_i64(&table, "n", INT64_MIN, INT64_MAX, 0, &number, &error), WEIR_OK);
    assert_true(number == INT64_MIN);
    assert_int_equal(weir_table_option_i64(&table, "n", 0, 10, 0, &number, &error), WEIR_VALIDATE);
}

/* Every allocation of a life of a catalog fails once: an error, nothing leaked (teardown looks), and what was there before stays usable. */
static void without_memory(void **state) {
    (void)state;
    for (uint64_t n = 1; n < 60; n++) {
        weir_memory_fail_after(n, false);
        weir_catalog *other = NULL;
        weir_status status = weir_catalog_create(&memory, &other, &error);
        weir_text none = {NULL, 0};
        if (status == WEIR_OK)
            status = weir_catalog_create_database(other, none, WEIR_TEXT("d"), false, NULL, 0, none, &error);
        if (status == WEIR_OK) {
            char name[8192];
            memset(name, 'x', sizeof name);
            weir_table table = table_named("d", "t", false, WEIR_TABLE);
            for (size_t i = 0; i < 40 && status == WEIR_OK; i++) {
                table.name = (weir_text){name, 100 * (i + 1)};
                status = weir_catalog_add(other, &table, WEIR_CREATE_NEW, NULL, &error);
            }
        }
        weir_memory_fail_after(0, false);
        weir_catalog_destroy(other);
        if (status != WEIR_OK)
            assert_int_equal(status, WEIR_MEMORY);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(tables_by_name, setup, teardown),
        cmocka_unit_test_setup_teardown(temporary_hides, setup, teardown),
        cmocka_unit_test_setup_teardown(databases_and_catalogs, setup, teardown),
        cmocka_unit_test_setup_teardown(renames_and_replaces, setup, teardown),
        cmocka_unit_test_setup_teardown(functions, setup, teardown),
        cmocka_unit_test_setup_teardown(option_values, setup, teardown),
        cmocka_unit_test_setup_teardown(without_memory, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
