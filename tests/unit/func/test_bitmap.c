/* Bitmaps between bytes and numbers: every shape of container comes back as it was, and bytes that are none are refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "func/bitmap_int.h"

static void init(weir_memory *memory) { weir_memory_init(memory, NULL, "test", SIZE_MAX); }

static void round_trip(const uint32_t *numbers, size_t count) {
    weir_memory memory;
    init(&memory);
    weir_numbers in = {.memory = &memory}, out = {.memory = &memory};
    for (size_t i = 0; i < count; i++)
        weir_numbers_add(&in, numbers[i]);
    weir_builder bytes;
    weir_builder_init(&bytes, &memory, WEIR_LENGTH_MAX);
    weir_bitmap_pack(&in, &bytes);
    assert_false(bytes.failed);
    weir_text text = weir_builder_view(&bytes);
    assert_true(weir_bitmap_unpack(text, &out));
    assert_int_equal(out.count, count);
    if (count > 0)
        assert_memory_equal(out.numbers, numbers, count * sizeof(*numbers));
    /* Cut anywhere it is no bitmap, and read no further than its end (a copy of just that size, for the sanitizers). */
    for (size_t size = 0; size < text.size && size < 300; size++) {
        char *cut = malloc(size + 1);
        assert_non_null(cut);
        memcpy(cut, text.data, size);
        out.count = 0;
        assert_false(weir_bitmap_unpack((weir_text){cut, size}, &out));
        free(cut);
    }
    weir_builder_deinit(&bytes);
    weir_numbers_release(&in);
    weir_numbers_release(&out);
    weir_memory_deinit(&memory);
}

static void shapes(void **state) {
    (void)state;
    static uint32_t many[70000];
    round_trip(many, 0);
    for (uint32_t i = 0; i < 70000; i++)
        many[i] = i; /* runs */
    round_trip(many, 70000);
    for (uint32_t i = 0; i < 10000; i++)
        many[i] = i * 3; /* bits */
    round_trip(many, 10000);
    for (uint32_t i = 0; i < 300; i++)
        many[i] = i * 14000000u; /* an array in each of many containers, the largest numbers among them */
    round_trip(many, 300);
    const uint32_t few[] = {1, 2, 3, 4, 5, 6, 7, 65536 * 2, 65536 * 4 + 9, 65536 * 7u, 4294967295u};
    round_trip(few, sizeof few / sizeof few[0]); /* runs beside arrays, with offsets */
}

static void refuses(void **state) {
    (void)state;
    weir_memory memory;
    init(&memory);
    weir_numbers out = {.memory = &memory};
    static const char *const bad[] = {
        "\x01\x02\x03\x04\x05\x06\x07\x08",                                             /* no cookie */
        "\x3B\x30\x00\x00\x01\x00\x00\x01\x00\x02\x00\x05\x00\x05\x00\x03\x00\x00\x00", /* a run that goes back */
        "\x3B\x30\x00\x00\x01\x00\x00\x01\x00\x01\x00\xFF\xFF\x05\x00\x00\x00\x00\x00", /* a run over the container's end */
        "\x3A\x30\x00\x00\xFF\xFF\xFF\xFF\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00", /* more containers than there are */
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(weir_bitmap_unpack((weir_text){bad[i], i == 0 ? 8 : 19}, &out));
    weir_numbers_release(&out);
    weir_memory_deinit(&memory);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(shapes), cmocka_unit_test(refuses)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
