/* Columns: filling, nesting, copying, comparing, boxed values, and running out of memory at every step. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "column/batch.h"
#include "os/random.h"

static weir_memory memory;
static weir_arena types;

static int open_all(void **state) {
    (void)state;
    weir_memory_init(&memory, NULL, "test", SIZE_MAX);
    weir_arena_init(&types, &memory);
    return 0;
}

static int close_all(void **state) {
    (void)state;
    weir_arena_deinit(&types);
    assert_int_equal(memory.used_bytes, 0);
    weir_memory_deinit(&memory);
    return 0;
}

static const weir_type *int_type(void) { return weir_type_simple(WEIR_KIND_INT, true); }

static const weir_type *row_type(void) {
    weir_field fields[2] = {{.name = WEIR_TEXT("n"), .type = int_type()}, {.name = WEIR_TEXT("s"), .type = weir_type_string(true)}};
    return weir_type_row(&types, fields, 2, true);
}

static void put(weir_column *column, uint32_t row, const char *text) { weir_column_put_text(column, row, weir_text_of(text)); }

static void test_fresh_column(void **state) {
    (void)state;
    weir_column *column = weir_column_create(&memory, int_type(), 100);
    assert_non_null(column);
    assert_null(column->valid);
    for (uint32_t i = 0; i < 100; i++)
        assert_int_equal(WEIR_VALUES(column, int32_t)[i], 0);
    assert_int_equal((uintptr_t)column->values % 64, 0);
    weir_column_set_null(column, 7);
    assert_true(weir_column_is_valid(column, 6));
    assert_false(weir_column_is_valid(column, 7));
    assert_true(weir_column_is_valid(column, 99));
    weir_column *shared = weir_column_ref(column);
    weir_column_unref(column);
    assert_false(weir_column_is_valid(shared, 7));
    weir_column_unref(shared);
    weir_column_unref(NULL);
    weir_column *nothing = weir_column_create(&memory, weir_type_simple(WEIR_KIND_NULL, true), 5);
    assert_false(weir_column_is_valid(nothing, 0));
    weir_column_unref(nothing);
    weir_column *empty = weir_column_create(&memory, weir_type_string(true), 0);
    assert_non_null(empty);
    weir_column_unref(empty);
}

static void test_text(void **state) {
    (void)state;
    weir_column *column = weir_column_create(&memory, weir_type_string(true), 3000);
    char text[64];
    for (uint32_t i = 0; i < 3000; i++) {
        snprintf(text, sizeof(text), "%.*s%u", (int)(i % 40), "abcdefghijklmnopqrstuvwxyzabcdefghijklmnop", i);
        put(column, i, text);
    }
    for (uint32_t i = 0; i < 3000; i++) {
        snprintf(text, sizeof(text), "%.*s%u", (int)(i % 40), "abcdefghijklmnopqrstuvwxyzabcdefghijklmnop", i);
        assert_true(weir_text_equal_c(weir_column_text(column, i), text));
    }
    /* A text larger than any block. */
    size_t huge = 3000000;
    char *room = weir_column_text_room(column, huge);
    assert_non_null(room);
    memset(room, 'x', huge);
    weir_column_set_view(column, 0, room, huge);
    assert_int_equal(weir_column_text(column, 0).size, huge);
    put(column, 1, "");
    assert_int_equal(weir_column_text(column, 1).size, 0);
    assert_false(column->failed);
    weir_column_unref(column);
}

static void test_views(void **state) {
    (void)state;
    static const char *const texts[] = {
        "",    "\0",       "a",    "abc",           "abcd", "abcde", "abcdefghijkl", "abcdefghijklm", "abcdefghijklz",
        "abd", "\xC3\xA4", "zzzz", "abcdefghijklm0"};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        for (size_t j = 0; j < sizeof(texts) / sizeof(texts[0]); j++) {
            weir_text a = weir_text_of(texts[i]), b = weir_text_of(texts[j]);
            weir_view x = weir_view_over(a.data, (uint32_t)a.size), y = weir_view_over(b.data, (uint32_t)b.size);
            int order = weir_view_compare(&x, &y), wanted = weir_text_compare(a, b);
            assert_int_equal((order > 0) - (order < 0), (wanted > 0) - (wanted < 0));
            assert_int_equal(weir_view_equal(&x, &y), wanted == 0);
        }
    }
    /* A text that goes on where the other ends, with zero bytes. */
    weir_view shorter = weir_view_over("ab", 2), longer = weir_view_over("ab\0", 3);
    assert_true(weir_view_compare(&shorter, &longer) < 0);
    assert_false(weir_view_equal(&shorter, &longer));
}

static weir_column *arrays(void) {
    weir_column *column = weir_column_create(&memory, weir_type_array(&types, weir_type_string(true), true), 4);
    uint32_t at = weir_column_span_add(column, 0, 3);
    put(column->children[0], at, "one");
    weir_column_set_null(column->children[0], at + 1);
    put(column->children[0], at + 2, "a text that is too long to be inline");
    (void)weir_column_span_add(column, 1, 0);
    weir_column_set_null(column, 2);
    at = weir_column_span_add(column, 3, 50); /* grows */
    assert_int_equal(at, 3);
    put(column->children[0], at + 49, "the last one of all these elements");
    return column;
}

static void test_nested(void **state) {
    (void)state;
    weir_column *column = arrays();
    assert_false(column->failed);
    const weir_span *spans = WEIR_VALUES(column, weir_span);
    assert_int_equal(spans[0].count, 3);
    assert_int_equal(spans[3].start, 3);
    assert_int_equal(spans[3].count, 50);
    weir_column *child = column->children[0];
    assert_true(weir_text_equal_c(weir_column_text(child, 0), "one"));
    assert_false(weir_column_is_valid(child, 1));
    assert_true(weir_column_is_valid(child, 52)); /* validity grew along */
    assert_true(weir_text_equal_c(weir_column_text(child, 52), "the last one of all these elements"));

    const uint32_t index[] = {3, UINT32_MAX, 0, 2, 0};
    weir_column *taken = weir_column_take(&memory, column, index, 5);
    weir_column_unref(column); /* the texts live on */
    assert_int_equal(WEIR_VALUES(taken, weir_span)[0].count, 50);
    assert_false(weir_column_is_valid(taken, 1));
    assert_false(weir_column_is_valid(taken, 3));
    weir_span span = WEIR_VALUES(taken, weir_span)[4];
    assert_int_equal(span.count, 3);
    assert_true(weir_text_equal_c(weir_column_text(taken->children[0], span.start + 2), "a text that is too long to be inline"));
    assert_true(weir_column_rows_equal(taken, 2, taken, 4));
    assert_false(weir_column_rows_equal(taken, 0, taken, 4));
    assert_true(weir_column_rows_equal(taken, 1, taken, 3));
    /* A child may be handed out alone and keeps what it needs. */
    weir_column *alone = weir_column_ref(taken->children[0]);
    weir_column_unref(taken);
    assert_true(weir_text_equal_c(weir_column_text(alone, 49), "the last one of all these elements"));
    weir_column_unref(alone);
}

static void test_rows_and_array_elements(void **state) {
    (void)state;
    const weir_type *row = row_type();
    weir_column *array = weir_column_create(&memory, weir_type_array(&types, row, true), 1);
    uint32_t at = weir_column_span_add(array, 0, 2);
    WEIR_VALUES(array->children[0]->children[0], int32_t)[at + 1] = 42;
    put(array->children[0]->children[1], at + 1, "the text of the second element");
    /* The element, as ITEM(array, 2) would take it: from the child, keeping what the array keeps. */
    weir_column *element = weir_column_create(&memory, row, 1);
    assert_true(weir_column_keep_from(element, array));
    weir_column_copy_row(element, 0, array->children[0], at + 1);
    weir_column_unref(array);
    weir_column *field = weir_column_ref(element->children[1]);
    assert_int_equal(WEIR_VALUES(element->children[0], int32_t)[0], 42);
    weir_column_unref(element);
    assert_true(weir_text_equal_c(weir_column_text(field, 0), "the text of the second element"));
    weir_column_unref(field);
}

static void test_gather_fixed(void **state) {
    (void)state;
    static const weir_kind kinds[] = {WEIR_KIND_BOOLEAN, WEIR_KIND_TINYINT, WEIR_KIND_SMALLINT, WEIR_KIND_INT,
                                      WEIR_KIND_BIGINT,  WEIR_KIND_FLOAT,   WEIR_KIND_DOUBLE};
    enum { N = 100 };
    uint32_t index[N];
    weir_random random;
    weir_random_init(&random, 3);
    for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]) + 2; k++) {
        const weir_type *type = k < 7    ? weir_type_simple(kinds[k], true)
                                : k == 7 ? weir_type_decimal(&types, 38, 2, true)
                                         : weir_type_sized(&types, WEIR_KIND_TIMESTAMP, 9, true);
        for (int with_missing = 0; with_missing < 2; with_missing++) {
            weir_column *source = weir_column_create(&memory, type, N);
            size_t bytes = weir_layout_bytes(source->layout);
            for (size_t i = 0; i < N * bytes; i++)
                ((unsigned char *)source->values)[i] =
                    (unsigned char)(kinds[k % 7] == WEIR_KIND_BOOLEAN ? i & 1 : weir_random_u64(&random));
            weir_column_set_null(source, 3);
            for (uint32_t i = 0; i < N; i++)
                index[i] = with_missing && i % 7 == 0 ? UINT32_MAX : (uint32_t)weir_random_below(&random, N);
            weir_column *taken = weir_column_take(&memory, source, index, N);
            for (uint32_t i = 0; i < N; i++) {
                bool valid = index[i] != UINT32_MAX && index[i] != 3;
                assert_int_equal(weir_column_is_valid(taken, i), valid);
                if (index[i] != UINT32_MAX)
                    assert_memory_equal((char *)taken->values + i * bytes, (char *)source->values + index[i] * bytes, bytes);
            }
            /* The same in place, behind other rows; and a plain copy. */
            weir_column *target = weir_column_create(&memory, type, 2 * N);
            weir_column_gather(target, 0, source, NULL, N);
            weir_column_gather(target, N, source, index, N);
            for (uint32_t i = 0; i < N; i++) {
                assert_true(weir_column_rows_equal(target, i, source, i));
                assert_true(weir_column_rows_equal(target, N + i, taken, i));
            }
            weir_column_unref(target);
            weir_column_unref(taken);
            weir_column_unref(source);
        }
    }
}

static void test_compare(void **state) {
    (void)state;
    weir_column *column = weir_column_create(&memory, weir_type_simple(WEIR_KIND_DOUBLE, true), 6);
    double *values = column->values;
    values[0] = -1;
    values[1] = -0.0;
    values[2] = 0.0;
    values[3] = __builtin_nan("");
    values[4] = -__builtin_nan("");
    weir_column_set_null(column, 5);
    assert_true(weir_column_rows_equal(column, 1, column, 2));
    assert_int_equal(weir_column_rows_compare(column, 1, column, 2), 0);
    assert_true(weir_column_rows_equal(column, 3, column, 4));
    assert_true(weir_column_rows_compare(column, 3, column, 0) > 0);
    assert_true(weir_column_rows_compare(column, 5, column, 0) < 0);
    assert_int_equal(weir_column_rows_compare(column, 5, column, 5), 0);
    assert_false(weir_column_rows_equal(column, 5, column, 2));
    weir_column_unref(column);
    column = weir_column_create(&memory, weir_type_simple(WEIR_KIND_BIGINT, true), 2);
    WEIR_VALUES(column, int64_t)[0] = INT64_MIN;
    WEIR_VALUES(column, int64_t)[1] = INT64_MAX;
    assert_true(weir_column_rows_compare(column, 0, column, 1) < 0);
    weir_column_unref(column);
}

static weir_value int_value(int64_t value) { return (weir_value){.type = int_type(), .as.integer = value}; }
static weir_value text_value(const char *text) { return (weir_value){.type = weir_type_string(true), .as.text = weir_text_of(text)}; }

static void test_values(void **state) {
    (void)state;
    weir_arena arena;
    weir_arena_init(&arena, &memory);
    weir_value fields[2] = {int_value(5), text_value("a text that does not fit inline")};
    weir_value row = {.type = row_type(), .as.nested = {fields, 2}};
    weir_value null_row = {.type = row.type, .is_null = true};
    weir_value items[2] = {row, null_row};
    weir_value array = {.type = weir_type_array(&types, row.type, true), .as.nested = {items, 2}};
    weir_value entries[4] = {text_value("k1"), int_value(1), text_value("k2"), {.type = int_type(), .is_null = true}};
    weir_value map = {.type = weir_type_map(&types, weir_type_string(true), int_type(), true), .as.nested = {entries, 4}};
    const weir_value *all[] = {&row, &null_row, &array, &map, &fields[0], &fields[1]};
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        weir_column *column = weir_column_of_value(&memory, all[i], 3);
        assert_non_null(column);
        for (uint32_t k = 0; k < 3; k++) {
            weir_value back;
            assert_int_equal(weir_column_get_value(column, k, &arena, &back), WEIR_OK);
            assert_true(weir_value_equal(&back, all[i]));
            assert_true(weir_column_rows_equal(column, 0, column, k));
        }
        weir_column_put_value(column, 1, &(weir_value){.type = column->type, .is_null = true});
        assert_false(weir_column_is_valid(column, 1));
        weir_column_put_value(column, 1, all[i]);
        assert_true(weir_column_rows_equal(column, 0, column, 1));
        weir_column_unref(column);
    }
    /* The same map in another order is the same map. */
    weir_value swapped[4] = {entries[2], entries[3], entries[0], entries[1]};
    weir_value other = {.type = map.type, .as.nested = {swapped, 4}};
    weir_column *a = weir_column_of_value(&memory, &map, 1), *b = weir_column_of_value(&memory, &other, 1);
    assert_true(weir_column_rows_equal(a, 0, b, 0));
    weir_column_unref(a);
    weir_column_unref(b);
    /* A short timestamp goes into a long column and back. */
    weir_value at = {.type = weir_type_sized(&types, WEIR_KIND_TIMESTAMP, 3, true), .as.integer = -1};
    weir_column *column = weir_column_create(&memory, weir_type_sized(&types, WEIR_KIND_TIMESTAMP, 9, true), 1);
    weir_column_put_value(column, 0, &at);
    assert_int_equal(WEIR_VALUES(column, weir_timestamp_ns)[0].milliseconds, -1);
    assert_int_equal(WEIR_VALUES(column, weir_timestamp_ns)[0].nanoseconds, 999000);
    weir_column_unref(column);
    weir_arena_deinit(&arena);
}

/* One story with all the moves, for the tests of failing memory. True: it went well. */
static bool story(void) {
    bool done = false;
    weir_column *column = weir_column_create(&memory, weir_type_array(&types, row_type(), true), 2);
    weir_column *taken = NULL, *valued = NULL;
    weir_arena arena;
    weir_arena_init(&arena, &memory);
    if (column == NULL)
        goto out;
    uint32_t at = weir_column_span_add(column, 0, 20);
    if (at == UINT32_MAX)
        goto out;
    for (uint32_t i = 0; i < 20; i++)
        weir_column_put_text(column->children[0]->children[1], at + i, WEIR_TEXT("some text that is longer than twelve bytes"));
    if (column->failed || column->children[0]->children[1]->failed)
        goto out;
    const uint32_t index[] = {0, 0, UINT32_MAX};
    taken = weir_column_take(&memory, column, index, 3);
    weir_value value;
    if (taken == NULL || weir_column_get_value(taken, 1, &arena, &value) != WEIR_OK)
        goto out;
    valued = weir_column_of_value(&memory, &value, 2);
    done = valued != NULL && weir_column_rows_equal(valued, 1, column, 0);
out:
    weir_arena_deinit(&arena);
    weir_column_unref(valued);
    weir_column_unref(taken);
    weir_column_unref(column);
    return done;
}

/* Whatever allocation fails, nothing is lost; the story goes well again once none does. */
static void test_no_memory(void **state) {
    (void)state;
    bool failed_once = false;
    for (uint64_t n = 1;; n++) {
        assert_true(n < 1000);
        weir_arena_reset(&types);
        /* The arena's first block is there before counting begins, so that only the columns' allocations fail. */
        assert_non_null(row_type());
        weir_memory_fail_after(n, true);
        bool done = story();
        bool reached = weir_memory_tries() >= n;
        weir_memory_fail_after(0, false);
        weir_arena_reset(&types);
        assert_int_equal(memory.used_bytes, 0);
        failed_once |= !done;
        if (!reached) {
            assert_true(done);
            break;
        }
    }
    assert_true(failed_once);
}

static void test_batches(void **state) {
    (void)state;
    const weir_type *column_types[2] = {int_type(), weir_type_string(true)};
    weir_batch *batch = weir_batch_create_typed(&memory, column_types, 2, 10);
    batch->rows = batch->selected = 10;
    for (uint32_t i = 0; i < 10; i++) {
        WEIR_VALUES(batch->columns[0], int32_t)[i] = (int32_t)i;
        put(batch->columns[1], i, "row text beyond the inline bytes");
    }
    uint8_t *kinds = weir_batch_open_kinds(batch, 10);
    kinds[4] = WEIR_DELETE;
    assert_true(weir_batch_add_mark(batch, 0, 100));
    assert_true(weir_batch_add_mark(batch, 5, 200));
    assert_true(weir_batch_add_mark(batch, 10, 300));
    assert_ptr_equal(weir_batch_compact(batch), batch); /* dense already */
    uint32_t *selection = weir_batch_open_selection(batch, 10);
    selection[0] = 1;
    selection[1] = 4;
    selection[2] = 5;
    batch->selected = 3;
    weir_batch *shared = weir_batch_share(batch);
    assert_ptr_equal(shared->columns[0], batch->columns[0]);
    assert_int_equal(shared->selection[2], 5);
    assert_int_equal(shared->mark_count, 3);
    weir_batch *picked = weir_batch_pick(&memory, batch, (const uint32_t[]){1}, 1);
    assert_int_equal(picked->column_count, 1);
    assert_ptr_equal(picked->columns[0], batch->columns[1]);
    assert_int_equal(picked->selected, 3);
    assert_int_equal(picked->selection[1], 4);
    assert_int_equal(weir_batch_kind(picked, 4), WEIR_DELETE);
    assert_int_equal(picked->mark_count, 3);
    weir_batch_destroy(picked);
    weir_batch *dense = weir_batch_compact(batch);
    assert_null(dense->selection);
    assert_int_equal(dense->rows, 3);
    assert_int_equal(WEIR_VALUES(dense->columns[0], int32_t)[1], 4);
    assert_int_equal(weir_batch_kind(dense, 1), WEIR_DELETE);
    assert_int_equal(dense->marks[0].row, 0);
    assert_int_equal(dense->marks[1].row, 2); /* before physical row 5, which is the third left */
    assert_int_equal(dense->marks[2].row, 3);
    int64_t sum = 0;
    weir_rows rows = weir_batch_rows(shared);
    WEIR_FOR_ROWS(&rows, i, { sum += WEIR_VALUES(shared->columns[0], int32_t)[i]; });
    assert_int_equal(sum, 10);
    rows = weir_batch_rows(dense);
    WEIR_FOR_ROWS(&rows, i, { sum += WEIR_VALUES(dense->columns[0], int32_t)[i]; });
    assert_int_equal(sum, 20);
    weir_batch_set_column(dense, 0, weir_column_ref(dense->columns[1]));
    assert_ptr_equal(dense->columns[0], dense->columns[1]);
    weir_batch_destroy(dense);
    weir_batch_destroy(shared);
    weir_batch_destroy(NULL);
    assert_string_equal(weir_change_name(WEIR_UPDATE_BEFORE), "-U");
    assert_true(weir_change_adds(WEIR_UPDATE_AFTER) && !weir_change_adds(WEIR_DELETE));
}

static bool batch_story(void) {
    const weir_type *column_types[2] = {int_type(), weir_type_string(true)};
    weir_batch *batch = weir_batch_create_typed(&memory, column_types, 2, 4);
    if (batch == NULL)
        return false;
    batch->rows = batch->selected = 4;
    uint32_t *selection = weir_batch_open_selection(batch, 4);
    bool ready = selection != NULL && weir_batch_open_kinds(batch, 4) != NULL && weir_batch_add_mark(batch, 4, 1);
    if (!ready) {
        weir_batch_destroy(batch);
        return false;
    }
    selection[0] = 2;
    batch->selected = 1;
    weir_batch *shared = weir_batch_share(batch);
    weir_batch *picked = weir_batch_pick(&memory, batch, (const uint32_t[]){1, 0}, 2);
    batch = weir_batch_compact(batch); /* destroyed when it fails */
    bool done = shared != NULL && picked != NULL && batch != NULL;
    weir_batch_destroy(shared);
    weir_batch_destroy(picked);
    weir_batch_destroy(batch);
    return done;
}

static void test_batches_without_memory(void **state) {
    (void)state;
    size_t used = memory.used_bytes;
    bool done = false;
    for (uint64_t n = 1; !done && n < 200; n++) {
        weir_memory_fail_after(n, true);
        done = batch_story();
        weir_memory_fail_after(0, false);
        assert_int_equal(memory.used_bytes, used);
    }
    assert_true(done);
}

static int released;
static void release(void *context) { released += *(int *)context; }

static void test_buffers(void **state) {
    (void)state;
    size_t used = memory.used_bytes;
    for (size_t size = 0; size < 1000; size += 37) {
        weir_buffer *buffer = weir_buffer_create(&memory, size);
        assert_int_equal((uintptr_t)buffer->data % 64, 0);
        memset(buffer->data, 0xAB, size);
        weir_buffer_unref(buffer);
    }
    assert_null(weir_buffer_create(&memory, SIZE_MAX - 3));
    int one = 1;
    static const char bytes[] = "outside";
    weir_buffer *wrapped = weir_buffer_wrap(&memory, bytes, sizeof(bytes), release, &one);
    weir_column *column = weir_column_create(&memory, weir_type_string(true), 1);
    assert_true(weir_column_keep(column, wrapped));
    assert_true(weir_column_keep(column, wrapped)); /* once is enough */
    assert_int_equal(column->kept_count, 1);
    weir_buffer_unref(wrapped);
    assert_int_equal(released, 0);
    weir_column_unref(column);
    assert_int_equal(released, 1);
    assert_int_equal(memory.used_bytes, used);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fresh_column),
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_views),
        cmocka_unit_test(test_nested),
        cmocka_unit_test(test_rows_and_array_elements),
        cmocka_unit_test(test_gather_fixed),
        cmocka_unit_test(test_compare),
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_no_memory),
        cmocka_unit_test(test_batches),
        cmocka_unit_test(test_batches_without_memory),
        cmocka_unit_test(test_buffers),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
