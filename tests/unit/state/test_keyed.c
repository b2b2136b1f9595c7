/* The table against a plain search, for every mode of keys, with removals, many entries, and no memory. */
#include "state/keyed.h"
#include "tests/unit/state/state_test.h"

enum { ROWS = 400 };

/* The value of each row's entry counts the rows; a quadratic search says what the count must be. */
static void check_counts(bench *b, const weir_type *const *types, uint32_t count) {
    weir_column *columns[3] = {NULL};
    uint32_t keys[3] = {0, 1, 2}, odd[ROWS / 2];
    for (uint32_t i = 0; i < count; i++)
        columns[i] = random_column(b, types[i], ROWS);
    for (uint32_t k = 0; k < ROWS / 2; k++)
        odd[k] = 2 * k + 1;
    weir_keyed *keyed =
        weir_keyed_create(b->state, &b->arena, weir_arena_format(&b->arena, "t%llu", (unsigned long long)b->seed).data, types, count, 8);
    assert_non_null(keyed);
    void *values[ROWS] = {NULL};
    uint8_t created[ROWS] = {0};
    weir_rows parts[2] = {{odd, ROWS / 2}, {NULL, ROWS}};
    for (uint32_t p = 0; p < 2; p++) {
        assert_int_equal(weir_keyed_upsert(keyed, columns, keys, &parts[p], values, created, NULL), WEIR_OK);
        WEIR_FOR_ROWS(&parts[p], row, { ++*(uint64_t *)values[row]; });
    }
    size_t distinct = 0;
    for (uint32_t row = 0; row < ROWS; row++) {
        uint64_t expected = 0;
        bool first = true;
        for (uint32_t other = 0; other < ROWS; other++) {
            bool equal = true;
            for (uint32_t i = 0; i < count; i++)
                equal &= same_values(columns[i], row, columns[i], other);
            expected += equal ? 1 + other % 2 : 0;
            first &= !(equal && other < row);
            assert_int_equal(equal, values[row] == values[other]);
        }
        distinct += first;
        assert_int_equal(*(uint64_t *)values[row], expected);
        weir_text key = weir_keyed_key(keyed, values[row]);
        assert_ptr_equal(weir_keyed_find_bytes(keyed, key.data, key.size), values[row]);
        assert_ptr_equal(weir_keyed_value(keyed, weir_keyed_ref(keyed, values[row])), values[row]);
        assert_true(weir_keyed_group(keyed, values[row]) < WEIR_KEY_GROUPS_DEFAULT);
        weir_column *back[3];
        for (uint32_t i = 0; i < count; i++)
            back[i] = weir_column_create(&b->memory, types[i], 1);
        weir_keyed_read_key(keyed, values[row], back, 0);
        for (uint32_t i = 0; i < count; i++) {
            assert_true(same_values(columns[i], row, back[i], 0));
            weir_column_unref(back[i]);
        }
    }
    assert_int_equal(weir_keyed_count(keyed), distinct);
    uint64_t cursor = 0;
    while (weir_keyed_next(keyed, &cursor) != NULL)
        distinct--;
    assert_int_equal(distinct, 0);
    assert_int_equal(weir_keyed_find(keyed, columns, keys, &parts[1], (void **)values, NULL), WEIR_OK);
    cursor = 0;
    for (void *value; (value = weir_keyed_next(keyed, &cursor)) != NULL;)
        weir_keyed_remove(keyed, value);
    assert_int_equal(weir_keyed_count(keyed), 0);
    assert_int_equal(weir_keyed_find(keyed, columns, keys, &parts[1], (void **)values, NULL), WEIR_OK);
    for (uint32_t row = 0; row < ROWS; row++)
        assert_null(values[row]);
    weir_keyed_destroy(keyed);
    for (uint32_t i = 0; i < count; i++)
        weir_column_unref(columns[i]);
}

static void equal_keys_share_an_entry(void **unused) {
    (void)unused;
    bench b;
    bench_open(&b);
    const weir_type *types[] = {
        weir_type_simple(WEIR_KIND_BOOLEAN, true),
        weir_type_simple(WEIR_KIND_TINYINT, true),
        weir_type_simple(WEIR_KIND_SMALLINT, true),
        weir_type_simple(WEIR_KIND_INT, true),
        weir_type_simple(WEIR_KIND_BIGINT, true),
        weir_type_simple(WEIR_KIND_FLOAT, true),
        weir_type_simple(WEIR_KIND_DOUBLE, true),
        weir_type_string(true),
        weir_type_decimal(&b.arena, 20, 2, true),
        weir_type_sized(&b.arena, WEIR_KIND_TIMESTAMP, 9, true),
        weir_type_array(&b.arena, weir_type_string(true), true),
    };
    enum { COUNT = sizeof types / sizeof types[0] };
    for (uint32_t i = 0; i < COUNT; i++) {
        const weir_type *several[3] = {types[i], types[(i + 3) % COUNT], types[(i + 7) % COUNT]};
        check_counts(&b, several, 1);
        check_counts(&b, several, 2);
        check_counts(&b, several, 3);
    }
    check_counts(&b, types, 0);
    bench_close(&b);
}

/* Random additions and removals over a range of keys, so that segments fill, split and are emptied. */
static void many_entries(void **unused) {
    (void)unused;
    bench b;
    bench_open(&b);
    enum { KEYS = 50000, STEPS = 300000 };
    const weir_type *type = weir_type_simple(WEIR_KIND_BIGINT, false);
    weir_keyed *keyed = weir_keyed_create(b.state, &b.arena, "many", &type, 1, 8);
    uint8_t *there = weir_memory_zalloc(&b.memory, KEYS);
    size_t count = 0;
    for (uint32_t step = 0; step < STEPS; step++) {
        int64_t key = (int64_t)(bench_random(&b) % KEYS);
        char bytes[9] = {0};
        memcpy(bytes + 1, &key, 8);
        int64_t *value = weir_keyed_find_bytes(keyed, bytes, 9);
        assert_int_equal(value != NULL, there[key]);
        if (value != NULL && (step / 50000 % 2 == 1 || step % 3 == 0)) {
            assert_int_equal(*value, key);
            weir_keyed_remove(keyed, value);
            there[key] = 0;
            count--;
        } else if (value == NULL) {
            bool created = false;
            value = weir_keyed_upsert_bytes(keyed, bytes, 9, &created);
            assert_true(created);
            *value = key;
            there[key] = 1;
            count++;
        }
        assert_int_equal(weir_keyed_count(keyed), count);
    }
    weir_memory_free(&b.memory, there, KEYS);
    weir_keyed_destroy(keyed);
    bench_close(&b);
}

static void order_is_that_of_creation(void **unused) {
    (void)unused;
    bench b;
    bench_open(&b);
    const weir_type *type = weir_type_string(true);
    weir_keyed *keyed = weir_keyed_create(b.state, &b.arena, "order", &type, 1, 4);
    weir_column *column = weir_column_create(&b.memory, type, 5);
    static const char *const words[] = {"delta", "alpha", "delta", "charlie, a longer one", "bravo"};
    for (uint32_t row = 0; row < 5; row++)
        weir_column_put_text(column, row, weir_text_of(words[row]));
    void *values[5];
    uint8_t created[5];
    uint32_t key = 0;
    weir_rows rows = {NULL, 5};
    assert_int_equal(weir_keyed_upsert(keyed, &column, &key, &rows, values, created, NULL), WEIR_OK);
    const uint8_t expected[5] = {1, 1, 0, 1, 1};
    assert_memory_equal(created, expected, 5);
    uint64_t cursor = 0;
    assert_ptr_equal(weir_keyed_next(keyed, &cursor), values[0]);
    assert_ptr_equal(weir_keyed_next(keyed, &cursor), values[1]);
    weir_keyed_remove(keyed, values[3]); /* not yet returned: the cursor stands on it */
    cursor = 0;
    assert_ptr_equal(weir_keyed_next(keyed, &cursor), values[0]);
    assert_ptr_equal(weir_keyed_next(keyed, &cursor), values[1]);
    assert_ptr_equal(weir_keyed_next(keyed, &cursor), values[4]);
    assert_null(weir_keyed_next(keyed, &cursor));
    assert_null(weir_keyed_next(keyed, &cursor));
    weir_keyed_destroy(keyed);
    /* The entries are still in the state: a table of the same name finds them again. */
    keyed = weir_keyed_create(b.state, &b.arena, "order", &type, 1, 4);
    assert_int_equal(weir_keyed_count(keyed), 3);
    assert_int_equal(weir_keyed_find(keyed, &column, &key, &rows, values, NULL), WEIR_OK);
    assert_non_null(values[0]);
    assert_null(values[3]);
    weir_keyed_destroy(keyed);
    weir_column_unref(column);
    bench_close(&b);
}

static void no_memory_anywhere(void **unused) {
    (void)unused;
    bench b;
    bench_open(&b);
    const weir_type *types[2] = {weir_type_string(true), weir_type_simple(WEIR_KIND_BIGINT, true)};
    weir_column *columns[2] = {random_column(&b, types[0], ROWS), weir_column_create(&b.memory, types[1], ROWS)};
    for (uint32_t row = 0; row < ROWS; row++)
        WEIR_VALUES(columns[1], int64_t)[row] = row * INT64_C(977);
    uint32_t keys[2] = {0, 1};
    weir_rows rows = {NULL, ROWS};
    bool done = false;
    for (uint64_t nth = 1; !done; nth++) {
        void *values[ROWS];
        weir_memory_fail_after(nth, nth % 2 == 0);
        weir_state *state = weir_state_create(&b.memory, "Test[2]", 8);
        weir_keyed *keyed = state == NULL ? NULL : weir_keyed_create(state, &b.arena, "table", types, 2, 16);
        weir_error error = {0};
        weir_status status = keyed == NULL ? WEIR_MEMORY : weir_keyed_upsert(keyed, columns, keys, &rows, values, NULL, &error);
        done = weir_memory_tries() < nth;
        weir_memory_fail_after(0, false);
        assert_int_equal(status, done ? WEIR_OK : WEIR_MEMORY);
        weir_keyed_destroy(keyed);
        weir_state_destroy(state);
        assert_true(nth < 1000);
    }
    weir_column_unref(columns[0]);
    weir_column_unref(columns[1]);
    bench_close(&b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_keys_share_an_entry),
        cmocka_unit_test(many_entries),
        cmocka_unit_test(order_is_that_of_creation),
        cmocka_unit_test(no_memory_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
