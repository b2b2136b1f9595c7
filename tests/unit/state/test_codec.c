/* Both codecs against the column room's own equality and order, over every type; only that -0.0 is no 0.0 in compact bytes. */
#include "tests/unit/state/state_test.h"

enum { ROWS = 300, TYPES = 16 };

static uint32_t all_types(bench *b, const weir_type **types) {
    uint32_t count = 0;
    types[count++] = weir_type_simple(WEIR_KIND_BOOLEAN, true);
    types[count++] = weir_type_simple(WEIR_KIND_TINYINT, true);
    types[count++] = weir_type_simple(WEIR_KIND_SMALLINT, true);
    types[count++] = weir_type_simple(WEIR_KIND_INT, true);
    types[count++] = weir_type_simple(WEIR_KIND_BIGINT, true);
    types[count++] = weir_type_simple(WEIR_KIND_FLOAT, true);
    types[count++] = weir_type_simple(WEIR_KIND_DOUBLE, true);
    types[count++] = weir_type_decimal(&b->arena, 30, 4, true);
    types[count++] = weir_type_string(true);
    types[count++] = weir_type_sized(&b->arena, WEIR_KIND_TIMESTAMP, 3, true);
    types[count++] = weir_type_sized(&b->arena, WEIR_KIND_TIMESTAMP_LTZ, 9, true);
    uint32_t scalars = count;
    const weir_type *number = weir_type_simple(WEIR_KIND_INT, true);
    types[count++] = weir_type_array(&b->arena, weir_type_string(true), true);
    types[count++] = weir_type_map(&b->arena, number, weir_type_simple(WEIR_KIND_DOUBLE, true), true);
    weir_field fields[2] = {{.name = WEIR_TEXT("x"), .type = number}, {.name = WEIR_TEXT("y"), .type = types[scalars]}};
    types[count++] = weir_type_row(&b->arena, fields, 2, true);
    types[count++] = weir_type_array(&b->arena, types[scalars + 2], true);
    types[count++] = weir_type_simple(WEIR_KIND_NULL, true);
    assert_int_equal(count, TYPES);
    return scalars;
}

static void equal_rows_have_equal_bytes_and_come_back(void **unused) {
    (void)unused;
    bench b;
    bench_open(&b);
    const weir_type *types[TYPES];
    all_types(&b, types);
    for (uint32_t t = 0; t < TYPES; t++) {
        const weir_type *pair[2] = {types[t], types[(t * 5 + 3) % TYPES]};
        weir_column *columns[2] = {random_column(&b, pair[0], ROWS), random_column(&b, pair[1], ROWS)};
        uint32_t which[2] = {1, 0};
        const weir_type *swapped[2] = {pair[1], pair[0]};
        weir_codec *codec = weir_codec_create(&b.arena, swapped, which, 2);
        assert_non_null(codec);
        char *bytes[ROWS];
        size_t sizes[ROWS];
        weir_column *back[2] = {weir_column_create(&b.memory, pair[1], ROWS), weir_column_create(&b.memory, pair[0], ROWS)};
        for (uint32_t row = 0; row < ROWS; row++) {
            sizes[row] = weir_codec_size(codec, columns, row);
            bytes[row] = weir_arena_alloc(&b.arena, sizes[row] + 1);
            assert_int_equal(weir_codec_write(codec, columns, row, bytes[row]), sizes[row]);
            assert_int_equal(weir_codec_read(codec, bytes[row], back, row), sizes[row]);
            assert_true(same_values(columns[1], row, back[0], row));
            assert_true(same_values(columns[0], row, back[1], row));
            for (uint32_t other = 0; other <= row; other++) {
                bool equal = same_values(columns[0], row, columns[0], other) && same_values(columns[1], row, columns[1], other);
                assert_int_equal(equal, sizes[row] == sizes[other] && memcmp(bytes[row], bytes[other], sizes[row]) == 0);
            }
        }
        assert_false(back[0]->failed || back[1]->failed);
        for (uint32_t i = 0; i < 2; i++) {
            weir_column_unref(columns[i]);
            weir_column_unref(back[i]);
        }
    }
    bench_close(&b);
}

static void rows_at_once_as_one_by_one(void **unused) {
    (void)unused;
    bench b;
    bench_open(&b);
    const weir_type *types[TYPES];
    uint32_t scalars = all_types(&b, types);
    weir_column *columns[TYPES];
    for (uint32_t t = 0; t < TYPES; t++)
        columns[t] = random_column(&b, types[t], ROWS);
    uint32_t odd[ROWS / 2], offsets[ROWS], sizes[ROWS];
    for (uint32_t k = 0; k < ROWS / 2; k++)
        odd[k] = 2 * k + 1;
    weir_sort_key keys[TYPES];
    for (uint32_t t = 0; t < TYPES; t++)
        keys[t] = (weir_sort_key){.column = t, .descending = t % 2, .nulls_last = t % 3 == 0};
    weir_codec *codecs[4] = {weir_codec_create(&b.arena, types, NULL, TYPES), weir_codec_create(&b.arena, types, NULL, 3),
                             weir_codec_create(&b.arena, types, NULL, 0), weir_codec_create_ordered(&b.arena, types, keys, scalars)};
    weir_builder builder;
    weir_builder_init(&builder, &b.memory, SIZE_MAX);
    for (uint32_t c = 0; c < 4; c++) {
        for (uint32_t dense = 0; dense < 2; dense++) {
            weir_rows rows = dense ? (weir_rows){NULL, ROWS} : (weir_rows){odd, ROWS / 2};
            assert_int_equal(weir_codec_write_rows(codecs[c], columns, &rows, &builder, offsets, sizes, NULL), WEIR_OK);
            WEIR_FOR_ROWS(&rows, row, {
                char *one = weir_arena_alloc(&b.arena, weir_codec_size(codecs[c], columns, row) + 1);
                assert_int_equal(weir_codec_write(codecs[c], columns, row, one), sizes[row]);
                assert_memory_equal(one, builder.data + offsets[row], sizes[row]);
            });
        }
    }
    weir_rows all = {NULL, ROWS};
    weir_builder tight;
    weir_builder_init(&tight, &b.memory, 100);
    assert_int_equal(weir_codec_write_rows(codecs[0], columns, &all, &tight, offsets, sizes, NULL), WEIR_MEMORY);
    weir_builder_deinit(&tight);
    weir_builder_deinit(&builder);
    for (uint32_t t = 0; t < TYPES; t++)
        weir_column_unref(columns[t]);
    bench_close(&b);
}

static int key_order(weir_column *column, const weir_sort_key *key, uint32_t a, uint32_t b) {
    bool a_valid = weir_column_is_valid(column, a), b_valid = weir_column_is_valid(column, b);
    if (!a_valid || !b_valid)
        return key->nulls_last ? (int)b_valid - (int)a_valid : (int)a_valid - (int)b_valid;
    int order = weir_column_rows_compare(column, a, column, b);
    return key->descending ? -order : order;
}

static int sign(int value) { return (value > 0) - (value < 0); }

static int bytes_order(weir_text a, weir_text b) { return sign(weir_text_compare(a, b)); }

static void ordered_bytes_order_rows(void **unused) {
    (void)unused;
    bench b;
    bench_open(&b);
    const weir_type *types[TYPES];
    uint32_t scalars = all_types(&b, types);
    for (uint32_t t = 0; t < scalars; t++) {
        for (uint32_t form = 0; form < 4; form++) {
            const weir_type *pair[2] = {types[t], types[(t + 8) % scalars]};
            weir_sort_key keys[2] = {{.column = 0, .descending = form & 1, .nulls_last = form >> 1}, {.column = 1}};
            weir_column *columns[2] = {random_column(&b, pair[0], 100), random_column(&b, pair[1], 100)};
            weir_codec *codec = weir_codec_create_ordered(&b.arena, pair, keys, 2);
            weir_text encoded[100];
            for (uint32_t row = 0; row < 100; row++) {
                size_t size = weir_codec_size(codec, columns, row);
                char *bytes = weir_arena_alloc(&b.arena, size + 1);
                assert_int_equal(weir_codec_write(codec, columns, row, bytes), size);
                encoded[row] = (weir_text){bytes, size};
                for (uint32_t other = 0; other <= row; other++) {
                    int order = key_order(columns[0], &keys[0], row, other);
                    if (order == 0)
                        order = key_order(columns[1], &keys[1], row, other);
                    assert_int_equal(sign(order), bytes_order(encoded[row], encoded[other]));
                }
            }
            weir_column_unref(columns[0]);
            weir_column_unref(columns[1]);
        }
    }
    bench_close(&b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_rows_have_equal_bytes_and_come_back),
        cmocka_unit_test(rows_at_once_as_one_by_one),
        cmocka_unit_test(ordered_bytes_order_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
