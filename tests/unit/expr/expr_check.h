/* Expressions for tests: columns from small tables of text, calls by name, results as text. */
#ifndef WEIR_TESTS_EXPR_EXPR_CHECK_H
#define WEIR_TESTS_EXPR_EXPR_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "expr/program.h"
#include "types/convert.h"

typedef struct ground {
    weir_memory memory;
    weir_arena arena;
    weir_evaluation evaluation;
    weir_error error;
} ground;

static inline void ground_open(ground *g) {
    *g = (ground){0};
    weir_memory_init(&g->memory, NULL, "test", SIZE_MAX);
    weir_arena_init(&g->arena, &g->memory);
    g->evaluation = (weir_evaluation){.zone = weir_zone_utc(), .clock = weir_clock_real(), .random_seed = 1};
}

static inline void ground_close(ground *g) {
    weir_arena_deinit(&g->arena);
    weir_memory_deinit(&g->memory);
}

static inline const weir_type *int_type(bool nullable) { return weir_type_simple(WEIR_KIND_INT, nullable); }
static inline const weir_type *boolean_type(bool nullable) { return weir_type_simple(WEIR_KIND_BOOLEAN, nullable); }

/* A column of a nullable type: "1,2,NULL,4". Booleans are 0 and 1; texts stand as they are. */
static inline weir_column *column_of(ground *g, const weir_type *type, const char *values) {
    uint32_t rows = 1;
    for (const char *at = values; *at != '\0'; at++)
        rows += *at == ',';
    weir_column *column = weir_column_create(&g->memory, type, rows);
    assert_non_null(column);
    for (uint32_t row = 0; row < rows; row++) {
        size_t size = strcspn(values, ",");
        if (size == 4 && strncmp(values, "NULL", 4) == 0)
            weir_column_set_null(column, row);
        else if (type->kind == WEIR_KIND_BOOLEAN)
            WEIR_VALUES(column, uint8_t)[row] = values[0] == '1';
        else if (type->kind == WEIR_KIND_INT)
            WEIR_VALUES(column, int32_t)[row] = atoi(values);
        else if (type->kind == WEIR_KIND_DOUBLE)
            WEIR_VALUES(column, double)[row] = atof(values);
        else
            weir_column_put_text(column, row, (weir_text){values, size});
        values += size + (values[size] == ',');
    }
    return column;
}

static inline const weir_expr *col(ground *g, uint32_t number, const weir_type *type) {
    return weir_expr_column(&g->arena, number, type, (weir_position){0});
}
static inline const weir_expr *num(ground *g, int32_t value) { return weir_expr_int(&g->arena, value); }
static inline const weir_expr *text(ground *g, const char *value) {
    weir_text bytes = weir_text_of(value);
    weir_value boxed = {.type = weir_type_sized(&g->arena, WEIR_KIND_CHAR, (int32_t)bytes.size, false), .as.text = bytes};
    return weir_expr_literal(&g->arena, &boxed, (weir_position){0});
}

static inline weir_status try_build(ground *g, const char *function, const weir_expr *const *arguments, uint32_t count,
                                    const weir_expr **out) {
    const weir_function *found = weir_function_find(weir_text_of(function), true);
    assert_non_null(found);
    weir_position position = {.line = 7, .column = 3};
    return weir_expr_build(&g->arena, &g->evaluation, found, arguments, count, position, out, &g->error);
}

static inline const weir_expr *build(ground *g, const char *function, const weir_expr *const *arguments, uint32_t count) {
    const weir_expr *out = NULL;
    weir_status status = try_build(g, function, arguments, count, &out);
    if (status != WEIR_OK)
        print_error("%s: %s\n", function, g->error.message);
    assert_int_equal(status, WEIR_OK);
    return out;
}
#define CALL(ground, function, ...)                                      \
    build((ground), (function), (const weir_expr *const[]){__VA_ARGS__}, \
          sizeof((const weir_expr *const[]){__VA_ARGS__}) / sizeof(const weir_expr *))

/* Rows as text: "1,NULL,x". */
static inline const char *shown(const weir_column *column, const weir_rows *rows) {
    static char out[4096];
    size_t size = 0;
    out[0] = '\0';
    WEIR_FOR_ROWS(rows, row, {
        char value[64] = "NULL";
        if (weir_column_is_valid(column, row))
            switch (column->type->kind) {
            case WEIR_KIND_BOOLEAN: snprintf(value, sizeof value, "%d", WEIR_VALUES(column, uint8_t)[row]); break;
            case WEIR_KIND_INT: snprintf(value, sizeof value, "%d", WEIR_VALUES(column, int32_t)[row]); break;
            case WEIR_KIND_BIGINT: snprintf(value, sizeof value, "%lld", (long long)WEIR_VALUES(column, int64_t)[row]); break;
            case WEIR_KIND_DOUBLE: snprintf(value, sizeof value, "%g", WEIR_VALUES(column, double)[row]); break;
            default: snprintf(value, sizeof value, "%.*s", WEIR_TEXT_ARGS(weir_column_text(column, row))); break;
            }
        size += (size_t)snprintf(out + size, sizeof out - size, size > 0 ? ",%s" : "%s", value);
    });
    return out;
}

static inline weir_program *compiled(ground *g, const weir_expr *const *exprs, uint32_t count) {
    weir_program *program = NULL;
    assert_int_equal(weir_program_compile(&g->arena, &g->memory, &g->evaluation, exprs, count, &program, &g->error), WEIR_OK);
    return program;
}

/* One expression over all rows of the columns. */
static inline void gives(ground *g, const weir_expr *expr, weir_column *const *columns, uint32_t rows, const char *expected) {
    weir_program *program = compiled(g, &expr, 1);
    weir_column *out = NULL;
    uint32_t failed_row = 0;
    weir_rows all = {NULL, rows};
    weir_status status = weir_program_run(program, columns, rows, &all, &out, &failed_row, &g->error);
    if (status != WEIR_OK)
        print_error("%s\n", g->error.message);
    assert_int_equal(status, WEIR_OK);
    assert_int_equal(failed_row, UINT32_MAX);
    assert_string_equal(shown(out, &all), expected);
    weir_column_unref(out);
}

#endif
