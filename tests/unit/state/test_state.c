/* Blocks of all sizes, reuse, roots, and running out of memory at every allocation. */
#include "tests/unit/state/state_test.h"

enum { BLOCKS = 3000 };

static size_t size_of(uint32_t i) { return i % 97 == 0 ? 40000 + i : i % 13 == 0 ? 600 + i * 7 : i % 200 + 1; }

static void blocks_do_not_overlap_and_are_zeroed(void **unused) {
    (void)unused;
    bench b;
    bench_open(&b);
    weir_ref *blocks = weir_memory_zalloc(&b.memory, BLOCKS * sizeof(weir_ref));
    for (uint32_t round = 0; round < 3; round++) {
        for (uint32_t i = round % 2; i < BLOCKS; i += 1 + round % 2) {
            weir_state_free(b.state, blocks[i], size_of(i));
            blocks[i] = weir_state_alloc(b.state, size_of(i));
            assert_true(blocks[i] != 0);
            unsigned char *bytes = weir_state_write(b.state, blocks[i]);
            assert_int_equal((uintptr_t)bytes % 8, 0);
            for (size_t k = 0; k < size_of(i); k++)
                assert_int_equal(bytes[k], 0);
            memset(bytes, (int)(i % 251 + 1), size_of(i));
        }
    }
    for (uint32_t i = 0; i < BLOCKS; i++) {
        const unsigned char *bytes = weir_state_read(b.state, blocks[i]);
        for (size_t k = 0; k < size_of(i); k++)
            assert_int_equal(bytes[k], i % 251 + 1);
        weir_state_free(b.state, blocks[i], size_of(i));
    }
    assert_int_equal(weir_state_bytes(b.state), 0);
    assert_null(weir_state_read(b.state, 0));
    weir_memory_free(&b.memory, blocks, BLOCKS * sizeof(weir_ref));
    bench_close(&b);
}

static void freed_blocks_are_used_again(void **unused) {
    (void)unused;
    bench b;
    bench_open(&b);
    for (uint32_t i = 0; i < 100000; i++) {
        weir_ref block = weir_state_alloc(b.state, 48 + i % 3 * 8);
        assert_true(block != 0);
        weir_state_free(b.state, block, 48 + i % 3 * 8);
    }
    assert_true(atomic_load(&b.memory.used_bytes) < 65536);
    bench_close(&b);
}

static void a_root_is_found_by_its_name(void **unused) {
    (void)unused;
    bench b;
    bench_open(&b);
    weir_ref first = weir_state_root(b.state, "first", 24), second = weir_state_root(b.state, "second", 24);
    assert_true(first != 0 && second != 0 && first != second);
    assert_true(weir_state_root(b.state, "first", 24) == first);
    bench_close(&b);
}

static void no_memory_is_reported_and_nothing_leaks(void **unused) {
    (void)unused;
    for (uint64_t nth = 1; nth < 12; nth++) {
        bench b;
        bench_open(&b);
        weir_memory_fail_after(nth, true);
        bool failed = false;
        for (uint32_t i = 0; i < 4000 && !failed; i++)
            failed = weir_state_alloc(b.state, size_of(i)) == 0;
        failed = failed || weir_state_root(b.state, "root", 8) == 0;
        weir_memory_fail_after(0, false);
        assert_true(failed);
        assert_true(weir_state_alloc(b.state, 64) != 0);
        bench_close(&b);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_do_not_overlap_and_are_zeroed),
        cmocka_unit_test(freed_blocks_are_used_again),
        cmocka_unit_test(a_root_is_found_by_its_name),
        cmocka_unit_test(no_memory_is_reported_and_nothing_leaks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
