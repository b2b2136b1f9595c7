/* The hash set against a plain list: random puts and removals, short and long strings, memory failing at every step. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "state/hashed.h"

enum { STRINGS = 700, STEPS = 60000 };

/* The i-th string; every third is longer than a slot holds, the others often share their beginning. */
static size_t string_of(uint32_t i, char *out) {
    return (size_t)snprintf(out, 64, i % 3 == 0 ? "a longer string with number %u" : "s%u", i);
}

static void test_random(void **unused) {
    (void)unused;
    weir_memory memory;
    weir_memory_init(&memory, NULL, "test", SIZE_MAX);
    weir_state *state = weir_state_create(&memory, "test", 128);
    assert_non_null(state);
    weir_hashed set = {0};
    static int64_t expected[STRINGS];
    memset(expected, 0, sizeof expected);
    uint32_t random = 12345, present = 0;
    for (int step = 0; step < STEPS; step++) {
        random = random * 1664525u + 1013904223u;
        uint32_t i = (random >> 8) % STRINGS;
        char bytes[64];
        size_t size = string_of(i, bytes);
        if (random >> 31) {
            bool created;
            weir_hashed_slot *slot = weir_hashed_put(state, &set, bytes, size, &created);
            assert_non_null(slot);
            assert_int_equal(created, expected[i] == 0);
            present += created;
            assert_int_equal(++slot->count, ++expected[i]);
        } else {
            weir_hashed_slot *slot = weir_hashed_find(state, &set, bytes, size);
            assert_int_equal(slot != NULL, expected[i] > 0);
            if (slot != NULL && (expected[i] = --slot->count) == 0) {
                weir_hashed_remove(state, &set, slot);
                present--;
            }
        }
        assert_int_equal(set.count, present);
    }
    uint32_t cursor = 0, walked = 0;
    for (const weir_hashed_slot *slot; (slot = weir_hashed_next(state, &set, &cursor)) != NULL; walked++) {
        weir_text text = weir_hashed_bytes(state, slot);
        bool known = false;
        for (uint32_t i = 0; i < STRINGS && !known; i++) {
            char bytes[64];
            size_t size = string_of(i, bytes);
            known = expected[i] == slot->count && weir_text_equal(text, (weir_text){bytes, size});
        }
        assert_true(known);
    }
    assert_int_equal(walked, present);
    weir_hashed_clear(state, &set);
    assert_int_equal(set.count, 0);
    assert_int_equal(weir_state_bytes(state), 0);
    weir_state_destroy(state);
    weir_memory_deinit(&memory);
}

static void test_no_memory(void **unused) {
    (void)unused;
    for (uint64_t failing = 1; failing < 40; failing++) {
        weir_memory memory;
        weir_memory_init(&memory, NULL, "test", SIZE_MAX);
        weir_state *state = weir_state_create(&memory, "test", 128);
        assert_non_null(state);
        weir_hashed set = {0};
        weir_memory_fail_after(failing, false);
        uint32_t kept = 0;
        for (uint32_t i = 0; i < 2000; i++) {
            char bytes[64];
            size_t size = string_of(i, bytes);
            bool created;
            weir_hashed_slot *slot = weir_hashed_put(state, &set, bytes, size, &created);
            kept += slot != NULL;
            assert_int_equal(set.count, kept);
            assert_int_equal(weir_hashed_find(state, &set, bytes, size) != NULL, slot != NULL);
        }
        weir_memory_fail_after(0, false);
        assert_in_range(kept, 1900, 2000);
        weir_hashed_clear(state, &set);
        assert_int_equal(weir_state_bytes(state), 0);
        weir_state_destroy(state);
        weir_memory_deinit(&memory);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_random), cmocka_unit_test(test_no_memory)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
