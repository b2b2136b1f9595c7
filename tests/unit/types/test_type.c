/* Types: layouts, makers, text, the rules between two types. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "types/type.h"
#include "types/value.h"

typedef struct world {
    weir_memory memory;
    weir_arena arena;
} world;

static int world_open(void **state) {
    world *w = calloc(1, sizeof(world));
    weir_memory_init(&w->memory, NULL, "test", SIZE_MAX);
    weir_arena_init(&w->arena, &w->memory);
    *state = w;
    return 0;
}

static int world_close(void **state) {
    world *w = *state;
    weir_arena_deinit(&w->arena);
    weir_memory_deinit(&w->memory);
    free(w);
    return 0;
}

static void expect_text(world *w, const weir_type *type, const char *full, const char *brief) {
    weir_builder builder;
    weir_builder_init(&builder, &w->memory, 4096);
    weir_type_print(type, &builder);
    assert_string_equal(builder.data, full);
    weir_builder_clear(&builder);
    weir_type_print_short(type, &builder);
    assert_string_equal(builder.data, brief);
    weir_builder_deinit(&builder);
}

static void test_layouts(void **state) {
    world *w = *state;
    assert_int_equal(weir_type_layout(weir_type_simple(WEIR_KIND_BIGINT, true)), WEIR_LAYOUT_I64);
    assert_int_equal(weir_type_layout(weir_type_sized(&w->arena, WEIR_KIND_TIMESTAMP, 6, true)), WEIR_LAYOUT_I64);
    assert_int_equal(weir_type_layout(weir_type_sized(&w->arena, WEIR_KIND_TIMESTAMP, 7, true)), WEIR_LAYOUT_TIMESTAMP_NS);
    assert_int_equal(weir_type_layout(weir_type_sized(&w->arena, WEIR_KIND_TIMESTAMP_LTZ, 9, true)), WEIR_LAYOUT_TIMESTAMP_NS);
    assert_int_equal(weir_type_layout(weir_type_string(true)), WEIR_LAYOUT_VIEW);
    assert_int_equal(weir_layout_bytes(WEIR_LAYOUT_I128), 16);
    assert_int_equal(weir_layout_bytes(WEIR_LAYOUT_NONE), 0);
    /* Static types are the same object each time. */
    assert_ptr_equal(weir_type_simple(WEIR_KIND_INT, true), weir_type_simple(WEIR_KIND_INT, true));
    assert_ptr_equal(weir_type_sized(&w->arena, WEIR_KIND_VARCHAR, WEIR_LENGTH_MAX, false), weir_type_string(false));
    assert_ptr_equal(weir_type_with_nullable(&w->arena, weir_type_string(false), true), weir_type_string(true));
}

static const weir_type *row_xy(world *w, const weir_type *x, const weir_type *y, bool nullable) {
    weir_field fields[2] = {{.name = WEIR_TEXT("x"), .type = x}, {.name = WEIR_TEXT("y"), .type = y}};
    return weir_type_row(&w->arena, fields, 2, nullable);
}

static void test_text(void **state) {
    world *w = *state;
    weir_arena *a = &w->arena;
    expect_text(w, weir_type_simple(WEIR_KIND_INT, false), "INT NOT NULL", "INT NOT NULL");
    expect_text(w, weir_type_string(true), "VARCHAR(2147483647)", "STRING");
    expect_text(w, weir_type_bytes(false), "VARBINARY(2147483647) NOT NULL", "BYTES NOT NULL");
    expect_text(w, weir_type_sized(a, WEIR_KIND_CHAR, 3, true), "CHAR(3)", "CHAR(3)");
    expect_text(w, weir_type_decimal(a, 10, 2, true), "DECIMAL(10, 2)", "DECIMAL(10, 2)");
    expect_text(w, weir_type_sized(a, WEIR_KIND_TIMESTAMP_LTZ, 3, true), "TIMESTAMP(3) WITH LOCAL TIME ZONE", "TIMESTAMP_LTZ(3)");
    expect_text(w, weir_type_sized(a, WEIR_KIND_TIME, 0, true), "TIME(0)", "TIME(0)");
    expect_text(w, weir_type_simple(WEIR_KIND_INTERVAL_SECOND, false), "INTERVAL SECOND(3) NOT NULL", "INTERVAL SECOND(3) NOT NULL");
    expect_text(w, weir_type_simple(WEIR_KIND_INTERVAL_MONTH, true), "INTERVAL MONTH", "INTERVAL MONTH");
    expect_text(w, weir_type_simple(WEIR_KIND_NULL, true), "NULL", "NULL");
    const weir_type *row = row_xy(w, weir_type_simple(WEIR_KIND_BIGINT, true), weir_type_string(true), false);
    expect_text(w, row, "ROW<`x` BIGINT, `y` VARCHAR(2147483647)> NOT NULL", "ROW<`x` BIGINT, `y` STRING> NOT NULL");
    expect_text(w, weir_type_array(a, row, true), "ARRAY<ROW<`x` BIGINT, `y` VARCHAR(2147483647)> NOT NULL>",
                "ARRAY<ROW<`x` BIGINT, `y` STRING> NOT NULL>");
    expect_text(w, weir_type_map(a, weir_type_string(false), weir_type_simple(WEIR_KIND_INT, true), true),
                "MAP<VARCHAR(2147483647) NOT NULL, INT>", "MAP<STRING NOT NULL, INT>");
    expect_text(w, weir_type_multiset(a, weir_type_string(true), false), "MULTISET<VARCHAR(2147483647)> NOT NULL",
                "MULTISET<STRING> NOT NULL");
    weir_field odd = {.name = WEIR_TEXT("a`b"), .type = weir_type_simple(WEIR_KIND_INT, true), .comment = WEIR_TEXT("it's")};
    expect_text(w, weir_type_row(a, &odd, 1, true), "ROW<`a``b` INT 'it''s'>", "ROW<`a``b` INT 'it''s'>");
}

static void test_equal_and_copy(void **state) {
    world *w = *state;
    const weir_type *a =
        row_xy(w, weir_type_simple(WEIR_KIND_INT, true), weir_type_array(&w->arena, weir_type_decimal(&w->arena, 5, 1, true), false), true);
    const weir_type *b = row_xy(w, weir_type_simple(WEIR_KIND_INT, false),
                                weir_type_array(&w->arena, weir_type_decimal(&w->arena, 5, 1, false), true), true);
    assert_false(weir_type_equal(a, b, false));
    assert_true(weir_type_equal(a, b, true));
    weir_arena other;
    weir_arena_init(&other, &w->memory);
    const weir_type *copy = weir_type_copy(&other, a);
    assert_true(weir_type_equal(a, copy, false));
    assert_ptr_not_equal(copy->fields[0].name.data, a->fields[0].name.data);
    weir_arena_deinit(&other);
    assert_false(weir_type_equal(weir_type_decimal(&w->arena, 5, 1, true), weir_type_decimal(&w->arena, 5, 2, true), true));
}

/* Pairs and what real Flink's planner finds for them ("-": nothing). */
static void expect_common(world *w, const weir_type *a, const weir_type *b, const char *text) {
    const weir_type *common = weir_type_common(&w->arena, a, b);
    if (text[0] == '-') {
        assert_null(common);
        return;
    }
    assert_non_null(common);
    expect_text(w, common, text, text);
}

static void test_common(void **state) {
    world *w = *state;
    weir_arena *a = &w->arena;
#define SIMPLE(kind) weir_type_simple(WEIR_KIND_##kind, true)
#define SIZED(kind, size) weir_type_sized(a, WEIR_KIND_##kind, size, true)
    expect_common(w, SIMPLE(TINYINT), SIMPLE(BIGINT), "BIGINT");
    expect_common(w, SIMPLE(INT), weir_type_decimal(a, 10, 2, true), "DECIMAL(12, 2)");
    expect_common(w, weir_type_decimal(a, 20, 15, true), SIMPLE(BIGINT), "DECIMAL(34, 15)");
    expect_common(w, weir_type_decimal(a, 38, 18, true), SIMPLE(BIGINT), "DECIMAL(38, 18)");
    expect_common(w, weir_type_decimal(a, 10, 2, true), SIMPLE(FLOAT), "DOUBLE");
    expect_common(w, SIMPLE(FLOAT), SIMPLE(DOUBLE), "FLOAT"); /* the first one wins */
    expect_common(w, SIMPLE(DOUBLE), SIMPLE(FLOAT), "DOUBLE");
    expect_common(w, SIMPLE(BIGINT), SIMPLE(FLOAT), "FLOAT");
    expect_common(w, SIZED(CHAR, 3), SIZED(CHAR, 3), "CHAR(3)");
    expect_common(w, SIZED(CHAR, 3), SIZED(CHAR, 5), "VARCHAR(5)");
    expect_common(w, SIZED(CHAR, 9), SIZED(VARCHAR, 5), "VARCHAR(9)");
    expect_common(w, SIZED(BINARY, 3), SIZED(BINARY, 4), "VARBINARY(4)");
    expect_common(w, SIZED(TIMESTAMP, 3), SIZED(TIMESTAMP, 6), "TIMESTAMP(6)");
    expect_common(w, SIZED(TIMESTAMP, 3), SIZED(TIMESTAMP_LTZ, 3), "TIMESTAMP(3)");
    expect_common(w, SIZED(TIME, 0), SIZED(TIME, 3), "TIME(3)");
    expect_common(w, SIMPLE(DATE), SIZED(TIMESTAMP, 3), "-");
    expect_common(w, SIMPLE(INT), weir_type_string(true), "-");
    expect_common(w, SIMPLE(BOOLEAN), SIMPLE(INT), "-");
    expect_common(w, SIMPLE(INT), SIMPLE(DATE), "-");
    expect_common(w, weir_type_array(a, SIMPLE(INT), true), weir_type_array(a, weir_type_simple(WEIR_KIND_BIGINT, false), true),
                  "ARRAY<BIGINT>");
    expect_common(w, weir_type_array(a, SIMPLE(INT), true), weir_type_multiset(a, SIMPLE(INT), true), "-");
    expect_common(w, row_xy(w, SIMPLE(INT), SIZED(VARCHAR, 5), true), row_xy(w, SIMPLE(BIGINT), SIZED(CHAR, 3), true),
                  "ROW<`x` BIGINT, `y` VARCHAR(5)>");
    expect_common(w, weir_type_map(a, SIMPLE(INT), SIMPLE(INT), true), weir_type_map(a, SIMPLE(BIGINT), weir_type_string(true), true), "-");
    /* NULL gives way, and makes nullable. */
    expect_common(w, SIMPLE(NULL), weir_type_simple(WEIR_KIND_INT, false), "INT");
    expect_common(w, weir_type_simple(WEIR_KIND_INT, false), weir_type_simple(WEIR_KIND_INT, false), "INT NOT NULL");
    expect_common(w, weir_type_simple(WEIR_KIND_INT, false), SIMPLE(INT), "INT");
}

static void expect_decimal(world *w, char operation, int p1, int s1, int p2, int s2, int p, int s) {
    const weir_type *type = weir_type_decimal_result(&w->arena, operation, weir_type_decimal(&w->arena, p1, s1, true),
                                                     weir_type_decimal(&w->arena, p2, s2, false));
    assert_non_null(type);
    assert_int_equal(type->precision, p);
    assert_int_equal(type->scale, s);
    assert_true(type->nullable);
}

static void test_decimal_results(void **state) {
    world *w = *state;
    expect_decimal(w, '+', 10, 2, 7, 3, 12, 3);
    expect_decimal(w, '*', 10, 2, 7, 3, 18, 5);
    expect_decimal(w, '/', 10, 2, 7, 3, 21, 10);
    expect_decimal(w, '%', 10, 2, 7, 3, 7, 3);
    expect_decimal(w, '+', 38, 18, 38, 18, 38, 17);
    expect_decimal(w, '*', 38, 18, 38, 18, 38, 6);
    expect_decimal(w, '/', 38, 18, 38, 18, 38, 6);
    const weir_type *mixed =
        weir_type_decimal_result(&w->arena, '+', weir_type_simple(WEIR_KIND_INT, false), weir_type_decimal(&w->arena, 2, 1, false));
    assert_int_equal(mixed->precision, 12);
    assert_int_equal(mixed->scale, 1);
    assert_false(mixed->nullable);
    assert_null(
        weir_type_decimal_result(&w->arena, '+', weir_type_simple(WEIR_KIND_DOUBLE, true), weir_type_decimal(&w->arena, 2, 1, true)));
    assert_int_equal(weir_type_as_decimal(&w->arena, weir_type_simple(WEIR_KIND_BIGINT, true))->precision, 19);
    assert_null(weir_type_as_decimal(&w->arena, weir_type_simple(WEIR_KIND_FLOAT, true)));
}

static void test_casts(void **state) {
    world *w = *state;
    weir_arena *a = &w->arena;
    const weir_type *array = weir_type_array(a, SIMPLE(INT), true), *strings = weir_type_array(a, weir_type_string(true), true);
    assert_true(weir_type_can_cast(SIMPLE(INT), SIMPLE(BOOLEAN)));
    assert_true(weir_type_can_cast(SIMPLE(INT), SIMPLE(INTERVAL_SECOND)));
    assert_true(weir_type_can_cast(SIMPLE(DOUBLE), SIMPLE(BOOLEAN)));
    assert_false(weir_type_can_cast(SIMPLE(INTERVAL_SECOND), SIMPLE(BIGINT)));
    assert_false(weir_type_can_cast(SIZED(TIMESTAMP, 3), SIMPLE(INT)));
    assert_false(weir_type_can_cast(SIMPLE(BIGINT), SIZED(TIMESTAMP, 3)));
    assert_false(weir_type_can_cast(array, SIMPLE(INT)));
    assert_true(weir_type_can_cast(array, weir_type_string(true)));
    assert_true(weir_type_can_cast(array, strings));
    assert_true(weir_type_can_cast(SIMPLE(NULL), array));
    assert_false(weir_type_can_cast(SIMPLE(DATE), SIZED(TIME, 0)));
    assert_true(weir_type_can_coerce(SIMPLE(INT), SIMPLE(BIGINT)));
    assert_false(weir_type_can_coerce(SIMPLE(BIGINT), SIMPLE(INT)));
    assert_false(weir_type_can_coerce(weir_type_string(true), SIMPLE(INT)));
    assert_true(weir_type_can_coerce(SIZED(TIMESTAMP, 3), SIMPLE(DATE)));
    assert_false(weir_type_can_coerce(SIMPLE(DATE), SIZED(TIMESTAMP, 3)));
    assert_true(weir_type_can_coerce(SIZED(CHAR, 3), weir_type_string(true)));
    assert_false(weir_type_can_coerce(weir_type_string(true), SIZED(CHAR, 3)));
    assert_false(weir_type_can_coerce(array, strings));
    assert_false(weir_type_can_cast(row_xy(w, SIMPLE(INT), SIMPLE(INT), true), weir_type_row(a, NULL, 0, true)));
}

static void test_values(void **state) {
    (void)state;
    weir_value nan_a = {.type = SIMPLE(DOUBLE), .as.real = __builtin_nan("")}, nan_b = nan_a, one = {.type = SIMPLE(DOUBLE), .as.real = 1};
    assert_true(weir_value_equal(&nan_a, &nan_b));
    assert_false(weir_value_equal(&nan_a, &one));
    weir_value null = {.type = SIMPLE(DOUBLE), .is_null = true}, null_int = {.type = SIMPLE(INT), .is_null = true};
    assert_true(weir_value_equal(&null, &null_int));
    assert_false(weir_value_equal(&null, &one));
    weir_value text = {.type = weir_type_string(true), .as.text = WEIR_TEXT("abc")},
               other = {.type = weir_type_string(false), .as.text = WEIR_TEXT("abd")};
    assert_true(weir_value_equal(&text, &text));
    assert_false(weir_value_equal(&text, &other));
}

/* Every allocation of the makers can fail: NULL, and nothing is lost. */
static void test_no_memory(void **state) {
    (void)state;
    bool finished = false;
    for (uint64_t n = 1; !finished && n < 100; n++) {
        weir_memory memory;
        weir_arena arena;
        weir_memory_init(&memory, NULL, "test", SIZE_MAX);
        weir_arena_init(&arena, &memory);
        weir_memory_fail_after(n, true);
        weir_field field = {.name = WEIR_TEXT("f"), .type = weir_type_array(&arena, weir_type_decimal(&arena, 9, 2, true), true)};
        const weir_type *row = field.type == NULL ? NULL : weir_type_row(&arena, &field, 1, true);
        const weir_type *copy = row == NULL ? NULL : weir_type_copy(&arena, row);
        const weir_type *common =
            copy == NULL ? NULL : weir_type_common(&arena, copy, weir_type_with_nullable(&arena, row, false) == NULL ? copy : row);
        finished = common != NULL && !arena.failed;
        weir_memory_fail_after(0, false);
        weir_arena_deinit(&arena);
        weir_memory_deinit(&memory);
    }
    assert_true(finished);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_layouts, world_open, world_close),
        cmocka_unit_test_setup_teardown(test_text, world_open, world_close),
        cmocka_unit_test_setup_teardown(test_equal_and_copy, world_open, world_close),
        cmocka_unit_test_setup_teardown(test_common, world_open, world_close),
        cmocka_unit_test_setup_teardown(test_decimal_results, world_open, world_close),
        cmocka_unit_test_setup_teardown(test_casts, world_open, world_close),
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
