/* Ordered collections against a sorted array: every operation, in random order. */
#include "state/sorted.h"
#include "tests/unit/state/state_test.h"

enum { KEYS = 400, STEPS = 20000 };

static size_t key_make(uint32_t number, char out[16]) { return (size_t)snprintf(out, 16, number % 2 ? "%03u" : "%03ux", number); }

static void check_against(bench *b, weir_ref root, const uint8_t *there) {
    uint32_t rank = 0;
    weir_sorted_entry *at = weir_sorted_first(b->state, root), *before = NULL;
    for (uint32_t number = 0; number < KEYS; number++) {
        char key[16];
        size_t size = key_make(number, key);
        weir_sorted_entry *found = weir_sorted_find(b->state, root, key, size);
        assert_int_equal(found != NULL, there[number]);
        assert_ptr_equal(weir_sorted_seek(b->state, root, key, size, false), at);
        if (found != NULL) {
            assert_ptr_equal(found, at);
            assert_int_equal(weir_sorted_rank(b->state, root, found), rank++);
            assert_ptr_equal(weir_sorted_previous(b->state, found), before);
            assert_int_equal(*(uint32_t *)weir_sorted_payload(found), number);
            weir_text text = weir_sorted_key(found);
            assert_int_equal(text.size, size);
            assert_memory_equal(text.data, key, size);
            before = at;
            at = weir_sorted_next(b->state, at);
        }
        assert_ptr_equal(weir_sorted_seek(b->state, root, key, size, true), at);
    }
    assert_null(at);
    assert_ptr_equal(weir_sorted_last(b->state, root), before);
    assert_int_equal(weir_sorted_count(b->state, root), rank);
}

static void as_a_sorted_array(void **unused) {
    (void)unused;
    bench b;
    bench_open(&b);
    uint8_t there[KEYS] = {0};
    weir_ref root = 0;
    check_against(&b, root, there);
    for (uint32_t step = 0; step < STEPS; step++) {
        uint32_t number = (uint32_t)(bench_random(&b) % KEYS);
        char key[16];
        size_t size = key_make(number, key);
        bool created = false;
        if (there[number] && step % 3 != 0) {
            weir_sorted_remove(b.state, &root, weir_sorted_find(b.state, root, key, size));
            there[number] = 0;
        } else {
            weir_sorted_entry *entry = weir_sorted_put(b.state, &root, key, size, 12, &created);
            assert_non_null(entry);
            assert_int_equal(created, !there[number]);
            assert_int_equal(weir_sorted_payload_bytes(entry), 12);
            *(uint32_t *)weir_sorted_payload(entry) = number;
            there[number] = 1;
        }
        if (step % 500 == 0)
            check_against(&b, root, there);
    }
    check_against(&b, root, there);
    weir_sorted_clear(b.state, &root);
    assert_true(root == 0);
    assert_int_equal(weir_state_bytes(b.state), 0);
    bench_close(&b);
}

static void entries_stay_where_they_are(void **unused) {
    (void)unused;
    bench b;
    bench_open(&b);
    weir_ref root = 0;
    weir_sorted_entry *entries[1000];
    for (int64_t i = 0; i < 1000; i++) {
        char key[8];
        weir_sorted_i64(i - 500, key);
        assert_int_equal(weir_sorted_get_i64(key), i - 500);
        entries[i] = weir_sorted_put(b.state, &root, key, 8, 0, NULL);
        assert_non_null(entries[i]);
    }
    for (int64_t i = 0; i < 1000; i += 2)
        weir_sorted_remove(b.state, &root, entries[i]);
    weir_sorted_entry *at = weir_sorted_first(b.state, root);
    for (int64_t i = 1; i < 1000; i += 2, at = weir_sorted_next(b.state, at)) {
        assert_ptr_equal(at, entries[i]);
        assert_int_equal(weir_sorted_get_i64(weir_sorted_key(at).data), i - 500);
    }
    bench_close(&b);
}

static void without_memory_nothing_changes(void **unused) {
    (void)unused;
    bench b;
    bench_open(&b);
    weir_ref root = 0;
    uint32_t count = 0;
    weir_memory_fail_after(3, true);
    for (char key[16]; weir_sorted_put(b.state, &root, key, key_make(count % KEYS, key), 1000, NULL) != NULL; count++)
        ;
    weir_memory_fail_after(0, false);
    assert_int_equal(weir_sorted_count(b.state, root), count);
    bench_close(&b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_a_sorted_array),
        cmocka_unit_test(entries_stay_where_they_are),
        cmocka_unit_test(without_memory_nothing_changes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
