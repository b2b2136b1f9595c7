/* A catalog with a few tables, and SQL bound against it: output columns as text, mistakes with their places. */
#ifndef TESTS_UNIT_BIND_BIND_CHECK_H
#define TESTS_UNIT_BIND_BIND_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "bind/bind.h"
#include "sql/parser.h"
#include "tests/unit/bind/plan_check.h"

#define FILE_OF(format) "WITH ('connector' = 'filesystem', 'path' = '/nowhere', 'format' = '" format "')"

static const char *const definitions[] = {
    "CREATE TABLE emp (eid INT, ename STRING, did INT, sal DECIMAL(8, 2), hired DATE, mgr INT) " FILE_OF("csv"),
    "CREATE TABLE dept (did INT NOT NULL, dname STRING, city STRING) " FILE_OF("csv"),
    "CREATE TABLE bids (auction BIGINT, price DECIMAL(10, 2), item STRING NOT NULL, ts TIMESTAMP(3), pt AS PROCTIME(), WATERMARK FOR ts AS "
    "ts - INTERVAL '1' SECOND) " FILE_OF("json"),
    "CREATE TABLE nest (id INT, r ROW<x INT, y ROW<z STRING NOT NULL>>, arr ARRAY<INT>, m MAP<STRING, DOUBLE>, items ARRAY<ROW<a INT, b "
    "STRING>>) " FILE_OF("json"),
    "CREATE TABLE part (a INT, b VARCHAR(3), p STRING) PARTITIONED BY (p) " FILE_OF("json"),
    "CREATE TABLE keyed (k INT, v STRING NOT NULL, PRIMARY KEY (k) NOT ENFORCED) " FILE_OF("debezium-json"),
};

typedef struct ground {
    weir_memory memory;
    weir_catalog *catalog;
    weir_evaluation evaluation;
    weir_arena arena; /* of the statement */
    bool batch;
    weir_plan plan;
    weir_error error;
    const char *enforcer; /* table.exec.sink.type-length-enforcer */
} ground;

static inline weir_text setting_of(void *context, const char *key) {
    const ground *g = context;
    bool asked = strcmp(key, "table.exec.sink.type-length-enforcer") == 0;
    return asked && g->enforcer != NULL ? weir_text_of(g->enforcer) : (weir_text){0};
}

static inline weir_bind_context context_of(ground *g) {
    return (weir_bind_context){.arena = &g->arena,
                               .catalog = g->catalog,
                               .evaluation = &g->evaluation,
                               .batch_mode = g->batch,
                               .setting = setting_of,
                               .setting_context = g};
}

/* Carry out one statement as far as the binder goes. */
static inline weir_status run(ground *g, const char *sql) {
    weir_sql_cursor cursor;
    const weir_ast_statement *statement = NULL;
    weir_table table = {0};
    weir_bind_context context = context_of(g);
    weir_error_clear(&g->error);
    g->plan = (weir_plan){0};
    g->evaluation.current_database = weir_catalog_current_database(g->catalog);
    weir_sql_cursor_init(&cursor, weir_text_of(sql));
    WEIR_TRY(weir_sql_next_statement(&cursor, &g->arena, &statement, &g->error));
    switch (statement->kind) {
    case WEIR_AST_STATEMENT_QUERY: return weir_bind_select(&context, statement->as.query, &g->plan, &g->error);
    case WEIR_AST_STATEMENT_INSERT: {
        const weir_ast_insert *insert = &statement->as.insert;
        return weir_bind_inserts(&context, &insert, 1, &g->plan, &g->error);
    }
    case WEIR_AST_STATEMENT_CREATE_TABLE:
        WEIR_TRY(weir_bind_create_table(&context, statement->as.create_table, &table, &g->error));
        return weir_catalog_add(g->catalog, &table, WEIR_CREATE_NEW, NULL, &g->error);
    case WEIR_AST_STATEMENT_CREATE_VIEW:
        WEIR_TRY(weir_bind_create_view(&context, statement->as.create_view, weir_text_of(sql), &table, &g->error));
        return weir_catalog_add(g->catalog, &table, WEIR_CREATE_NEW, NULL, &g->error);
    case WEIR_AST_STATEMENT_ALTER: {
        const weir_table *old;
        weir_object_path path;
        WEIR_TRY(weir_bind_path(&context, &statement->as.alter->name, &path, &g->error));
        WEIR_TRY(weir_catalog_resolve(g->catalog, path, &old, &g->error));
        if (statement->as.alter->kind == WEIR_AST_ALTER_AS)
            WEIR_TRY(weir_bind_alter_view(&context, statement->as.alter, old, weir_text_of(sql), &table, &g->error));
        else
            WEIR_TRY(weir_bind_alter_table(&context, statement->as.alter, old, &table, &g->error));
        return weir_catalog_replace(g->catalog, &table, NULL, &g->error);
    }
    default: fail_msg("a statement that this test cannot run: %s", sql);
    }
    return WEIR_INTERNAL;
}

static inline void check_sound(const char *sql, const weir_plan *plan) {
    plan_check check = check_plan(plan);
    if (check.what != NULL)
        fail_msg("%s: in %s: %s", sql, weir_node_kind_name(check.node->kind), check.what);
}

static inline void runs(ground *g, const char *sql) {
    if (run(g, sql) != WEIR_OK)
        fail_msg("%s: %s", sql, g->error.message);
    check_sound(sql, &g->plan);
    if (g->plan.root_count == 0)
        weir_arena_reset(&g->arena);
}

static inline int ground_open(void **state) {
    static ground g; /* one test at a time */
    memset(&g, 0, sizeof g);
    weir_memory_init(&g.memory, NULL, "bind", SIZE_MAX);
    weir_arena_init(&g.arena, &g.memory);
    assert_int_equal(weir_catalog_create(&g.memory, &g.catalog, &g.error), WEIR_OK);
    g.evaluation = (weir_evaluation){.zone = weir_zone_utc(), .clock = weir_clock_real(), .random_seed = 1};
    for (size_t i = 0; i < sizeof definitions / sizeof *definitions; i++)
        runs(&g, definitions[i]);
    *state = &g;
    return 0;
}

static inline int ground_close(void **state) {
    ground *g = *state;
    weir_arena_deinit(&g->arena);
    weir_catalog_destroy(g->catalog);
    assert_int_equal(g->memory.used_bytes, 0);
    weir_memory_deinit(&g->memory);
    return 0;
}

static inline void option_is(const weir_table *table, const char *key, const char *expected) {
    const weir_option *option = weir_table_option(table, key);
    if (expected == NULL)
        assert_null(option);
    else if (option == NULL || !weir_text_equal_c(option->value, expected))
        fail_msg("the option '%s' is not '%s'", key, expected);
}

/* "did INT, n BIGINT NOT NULL"; time attributes as *ROWTIME*, *PROCTIME*. */
static inline const char *fields_text(ground *g, const weir_plan_field *fields, uint32_t count) {
    static char out[4096];
    weir_builder text;
    weir_builder_init(&text, &g->memory, sizeof out);
    for (uint32_t i = 0; i < count; i++) {
        weir_builder_format(&text, "%s%.*s ", i > 0 ? ", " : "", WEIR_TEXT_ARGS(fields[i].name));
        weir_type_print_short(fields[i].type, &text);
        if (fields[i].time != WEIR_TIME_NONE)
            weir_builder_c(&text, fields[i].time == WEIR_TIME_ROWTIME ? " *ROWTIME*" : " *PROCTIME*");
    }
    snprintf(out, sizeof out, "%.*s", WEIR_TEXT_ARGS(weir_builder_view(&text)));
    weir_builder_deinit(&text);
    return out;
}

/* The query is sound and has these columns. */
static inline void has_columns(ground *g, const char *sql, const char *expected) {
    runs(g, sql);
    const char *found = fields_text(g, g->plan.roots[0]->fields, g->plan.roots[0]->field_count);
    if (strcmp(found, expected) != 0)
        fail_msg("%s\n  has      %s\n  expected %s", sql, found, expected);
    weir_arena_reset(&g->arena);
}

/* It is refused with this status, and all the words (separated by '|') are in the message. */
static inline void refuses(ground *g, const char *sql, weir_status status, const char *words) {
    weir_status found = run(g, sql);
    if (found != status)
        fail_msg("%s: %s rather than %s: %s", sql, weir_status_name(found), weir_status_name(status), g->error.message);
    char copy[512];
    snprintf(copy, sizeof copy, "%s", words);
    for (char *word = strtok(copy, "|"); word != NULL; word = strtok(NULL, "|"))
        if (strstr(g->error.message, word) == NULL)
            fail_msg("%s: '%s' is not in: %s", sql, word, g->error.message);
    weir_arena_reset(&g->arena);
}

/* ... at this place. */
static inline void refuses_at(ground *g, const char *sql, uint32_t line, uint32_t column, uint32_t length, const char *words) {
    refuses(g, sql, WEIR_VALIDATE, words);
    weir_position at = g->error.position;
    if (at.line != line || at.column != column || at.length_bytes != length)
        fail_msg("%s: line %u, column %u, %u bytes rather than line %u, column %u, %u bytes: %s", sql, at.line, at.column, at.length_bytes,
                 line, column, length, g->error.message);
}

#endif
