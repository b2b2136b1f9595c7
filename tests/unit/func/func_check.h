/* Evaluating one function on boxed values, as the binder and expr/ would: infer, cast the arguments to what it wants, bind, run over a few
 * equal rows, and show the result as CAST(... AS STRING) prints it. */
#ifndef WEIR_TESTS_FUNC_CHECK_H
#define WEIR_TESTS_FUNC_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "func/function.h"
#include "types/convert.h"

#define UNUSED __attribute__((unused))
enum { CHECK_ROWS = 3 };

static weir_memory check_memory;
static weir_arena check_arena;
static weir_evaluation check_evaluation;

static inline int check_setup(void **state) {
    (void)state;
    weir_memory_init(&check_memory, NULL, "test", SIZE_MAX);
    weir_arena_init(&check_arena, &check_memory);
    check_evaluation = (weir_evaluation){
        .zone = weir_zone_utc(), .clock = weir_clock_real(), .random_seed = 42, .current_database = WEIR_TEXT("default_database")};
    return 0;
}

static inline int check_teardown(void **state) {
    (void)state;
    weir_arena_deinit(&check_arena);
    weir_memory_deinit(&check_memory);
    return 0;
}

/* ---- values ---- */

static inline weir_value of_int(weir_kind kind, int64_t value) {
    return (weir_value){.type = weir_type_simple(kind, false), .as.integer = value};
}
static UNUSED weir_value tiny(int64_t value) { return of_int(WEIR_KIND_TINYINT, value); }
static UNUSED weir_value small(int64_t value) { return of_int(WEIR_KIND_SMALLINT, value); }
static UNUSED weir_value num(int64_t value) { return of_int(WEIR_KIND_INT, value); }
static UNUSED weir_value big(int64_t value) { return of_int(WEIR_KIND_BIGINT, value); }
static UNUSED weir_value real(double value) { return (weir_value){.type = weir_type_simple(WEIR_KIND_DOUBLE, false), .as.real = value}; }
static UNUSED weir_value single(double value) { return (weir_value){.type = weir_type_simple(WEIR_KIND_FLOAT, false), .as.real = value}; }
static UNUSED weir_value truth(bool value) { return (weir_value){.type = weir_type_simple(WEIR_KIND_BOOLEAN, false), .as.boolean = value}; }
static UNUSED weir_value text(const char *value) { return (weir_value){.type = weir_type_string(false), .as.text = weir_text_of(value)}; }
static UNUSED weir_value chars(const char *value) {
    weir_text content = weir_text_of(value);
    size_t length = weir_utf8_length(content);
    return (weir_value){.type = weir_type_sized(&check_arena, WEIR_KIND_CHAR, length > 0 ? (int32_t)length : 1, false), .as.text = content};
}
static UNUSED weir_value bytes(const char *value, size_t size) {
    return (weir_value){.type = weir_type_bytes(false), .as.text = {value, size}};
}
static UNUSED weir_value word(const char *value) {
    return (weir_value){.type = weir_type_simple(WEIR_KIND_SYMBOL, false), .as.text = weir_text_of(value)};
}
static UNUSED weir_value null(weir_kind kind) { return (weir_value){.type = weir_type_simple(kind, true), .is_null = true}; }
static UNUSED weir_value null_text(void) { return (weir_value){.type = weir_type_string(true), .is_null = true}; }
static UNUSED weir_value dec(const char *value, int32_t precision, int32_t scale) {
    weir_value made = {.type = weir_type_decimal(&check_arena, precision, scale, false)};
    assert_true(weir_parse_decimal(weir_text_of(value), precision, scale, &made.as.decimal));
    return made;
}
static UNUSED weir_value date(const char *value) {
    int32_t days;
    assert_true(weir_parse_date(weir_text_of(value), &days));
    return of_int(WEIR_KIND_DATE, days);
}
static UNUSED weir_value stamp(const char *value, int32_t precision) {
    weir_timestamp_ns moment;
    assert_true(weir_parse_timestamp_ns(weir_text_of(value), 0, &moment));
    weir_value made = {.type = weir_type_sized(&check_arena, WEIR_KIND_TIMESTAMP, precision, false)};
    if (precision > 6)
        made.as.nanos = moment;
    else
        made.as.integer = weir_timestamp_ns_to_us(moment);
    return made;
}
static UNUSED weir_value clock_time(const char *value, int32_t precision) {
    int32_t milliseconds;
    assert_true(weir_parse_time(weir_text_of(value), &milliseconds));
    return (weir_value){.type = weir_type_sized(&check_arena, WEIR_KIND_TIME, precision, false), .as.integer = milliseconds};
}
static UNUSED weir_value span_ms(int64_t value) { return of_int(WEIR_KIND_INTERVAL_SECOND, value); }
static UNUSED weir_value span_months(int64_t value) { return of_int(WEIR_KIND_INTERVAL_MONTH, value); }
static UNUSED weir_value list_of(const weir_value *items, uint32_t count) {
    weir_value *copy = WEIR_ARENA_ARRAY(&check_arena, weir_value, count);
    memcpy(copy, items, count * sizeof(*items));
    const weir_type *element = items[0].type;
    for (uint32_t i = 1; i < count; i++)
        element = weir_type_common(&check_arena, element, items[i].type);
    return (weir_value){.type = weir_type_array(&check_arena, element, false), .as.nested = {copy, count}};
}
static UNUSED weir_value row_of(const weir_value *items, uint32_t count) {
    weir_value *copy = WEIR_ARENA_ARRAY(&check_arena, weir_value, count);
    memcpy(copy, items, count * sizeof(*items));
    weir_field fields[8] = {0};
    for (uint32_t i = 0; i < count; i++)
        fields[i] = (weir_field){.name = weir_arena_format(&check_arena, "f%u", i), .type = items[i].type};
    return (weir_value){.type = weir_type_row(&check_arena, fields, count, false), .as.nested = {copy, count}};
}

/* ---- running ---- */

typedef struct checked {
    weir_status status;
    weir_error error;
    const weir_type *type;
    weir_column *column; /* NULL when it failed */
} checked;

static inline weir_status run_call(const weir_function *function, const weir_type *result, uint32_t count, const weir_type *const *types,
                                   const weir_value *const *literals, weir_column *const *arguments, weir_column **out, weir_error *error) {
    weir_call call = {.function = function,
                      .arena = &check_arena,
                      .memory = &check_memory,
                      .evaluation = &check_evaluation,
                      .result = result,
                      .argument_count = count,
                      .argument_types = types,
                      .literals = literals,
                      .failed_row = UINT32_MAX};
    *out = NULL;
    WEIR_TRY(function->bind(&call, error));
    weir_column *column = weir_column_create(&check_memory, result, CHECK_ROWS);
    if (column == NULL)
        return WEIR_MEMORY;
    uint32_t index[CHECK_ROWS];
    weir_rows rows = {NULL, CHECK_ROWS};
    if (function->flags & WEIR_FUNCTION_STRICT) {
        rows = (weir_rows){index, 0};
        for (uint32_t row = 0; row < CHECK_ROWS; row++) {
            bool valid = true;
            for (uint32_t i = 0; i < count; i++)
                valid = valid && weir_column_is_valid(arguments[i], row);
            if (valid)
                index[rows.count++] = row;
            else
                weir_column_set_null(column, row);
        }
    }
    call.kernel(&call, &rows, arguments, column);
    if (column->failed) {
        weir_column_unref(column);
        return WEIR_MEMORY;
    }
    if (call.failed_row != UINT32_MAX) {
        assert_int_equal(call.failed_row, 0);
        weir_column_unref(column);
        *error = call.failure;
        return WEIR_RUNTIME;
    }
    *out = column;
    return WEIR_OK;
}

static inline weir_status run_cast(const char *name, weir_column *from, const weir_type *to, weir_column **out, weir_error *error) {
    const weir_function *cast = weir_function_find(weir_text_of(name), true);
    const weir_value *literal = NULL;
    WEIR_TRY(weir_cast_check(&check_memory, from->type, to, error));
    return run_call(cast, to, 1, &from->type, &literal, &from, out, error);
}

static inline checked evaluate(const char *name, const weir_value *values, uint32_t count) {
    checked done = {0};
    const weir_function *function = weir_function_find(weir_text_of(name), true);
    if (function == NULL)
        fail_msg("no function %s", name);
    weir_argument given[16] = {0};
    const weir_type *wanted[16] = {0};
    for (uint32_t i = 0; i < count; i++) {
        given[i] = (weir_argument){values[i].type, &values[i]};
        wanted[i] = values[i].type;
    }
    weir_signature signature = {
        .arena = &check_arena, .function = function, .evaluation = &check_evaluation, .count = count, .arguments = given, .wanted = wanted};
    done.status = function->infer(&signature, &done.error);
    if (done.status != WEIR_OK)
        return done;
    assert_non_null(signature.result);
    done.type = signature.result;
    weir_column *columns[16] = {0};
    weir_value boxed[16];
    const weir_value *literals[16] = {0};
    for (uint32_t i = 0; i < count && done.status == WEIR_OK; i++) {
        columns[i] = weir_column_of_value(&check_memory, &values[i], CHECK_ROWS);
        if (columns[i] == NULL) {
            done.status = WEIR_MEMORY;
            break;
        }
        literals[i] = &values[i];
        if (weir_type_equal(wanted[i], values[i].type, true))
            continue;
        weir_column *cast;
        done.status = run_cast("CAST", columns[i], wanted[i], &cast, &done.error);
        if (done.status != WEIR_OK)
            break;
        weir_column_unref(columns[i]);
        columns[i] = cast;
        done.status = weir_column_get_value(cast, 0, &check_arena, &boxed[i]);
        literals[i] = &boxed[i];
    }
    if (done.status == WEIR_OK)
        done.status = run_call(function, signature.result, count, wanted, literals, columns, &done.column, &done.error);
    for (uint32_t i = 0; i < count; i++)
        weir_column_unref(columns[i]);
    return done;
}

static inline void shown_as_text(weir_column *column, char *out, size_t out_bytes) {
    weir_column *printed = NULL;
    weir_error error;
    if (!weir_column_is_valid(column, 1)) {
        snprintf(out, out_bytes, "NULL");
        return;
    }
    assert_int_equal(run_cast("CAST", column, weir_type_string(true), &printed, &error), WEIR_OK);
    weir_text value = weir_column_text(printed, 1);
    snprintf(out, out_bytes, "%.*s", WEIR_TEXT_ARGS(value));
    weir_column_unref(printed);
}

static inline void check_values(const char *file, int line, const char *gives, const char *type, const char *name, const weir_value *values,
                                uint32_t count) {
    checked done = evaluate(name, values, count);
    char shown[WEIR_ERROR_MESSAGE_BYTES + 8];
    if (done.status != WEIR_OK)
        snprintf(shown, sizeof(shown), "!%s", done.error.message);
    else
        shown_as_text(done.column, shown, sizeof(shown));
    bool same = gives[0] == '!' ? shown[0] == '!' && strstr(shown + 1, gives + 1) != NULL : strcmp(shown, gives) == 0;
    if (!same)
        print_error("%s:%d: %s gives [%s], not [%s]\n", file, line, name, shown, gives);
    if (same && type != NULL && done.type != NULL) {
        weir_builder builder;
        weir_builder_init(&builder, &check_memory, 4096);
        weir_type_print(done.type, &builder);
        same = weir_text_equal_c(weir_builder_view(&builder), type);
        if (!same)
            print_error("%s:%d: %s is %.*s, not %s\n", file, line, name, WEIR_TEXT_ARGS(weir_builder_view(&builder)), type);
        weir_builder_deinit(&builder);
    }
    weir_column_unref(done.column);
    assert_true(same);
}

#define ARGUMENTS(...) (const weir_value[]){__VA_ARGS__}, sizeof((const weir_value[]){__VA_ARGS__}) / sizeof(weir_value)
/* GIVES("3", "+", num(1), num(2)); "!..." : fails with these words; "NULL": no value. */
#define GIVES(gives_, name_, ...) check_values(__FILE__, __LINE__, gives_, NULL, name_, ARGUMENTS(__VA_ARGS__))
#define GIVES_TYPED(gives_, type_, name_, ...) check_values(__FILE__, __LINE__, gives_, type_, name_, ARGUMENTS(__VA_ARGS__))

static inline void check_cast(const char *file, int line, const char *gives, const char *name, weir_value value, const weir_type *to) {
    weir_column *column = weir_column_of_value(&check_memory, &value, CHECK_ROWS), *out = NULL;
    weir_error error = {0};
    char shown[WEIR_ERROR_MESSAGE_BYTES + 8];
    if (run_cast(name, column, to, &out, &error) != WEIR_OK)
        snprintf(shown, sizeof(shown), "!%s", error.message);
    else
        shown_as_text(out, shown, sizeof(shown));
    bool same = gives[0] == '!' ? shown[0] == '!' && strstr(shown + 1, gives + 1) != NULL : strcmp(shown, gives) == 0;
    if (!same)
        print_error("%s:%d: the cast gives [%s], not [%s]\n", file, line, shown, gives);
    weir_column_unref(column);
    weir_column_unref(out);
    assert_true(same);
}
#define CASTS(gives_, value_, to_) check_cast(__FILE__, __LINE__, gives_, "CAST", value_, to_)
#define TRIES(gives_, value_, to_) check_cast(__FILE__, __LINE__, gives_, "TRY_CAST", value_, to_)

#endif
