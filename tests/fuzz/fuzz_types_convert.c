/* Fuzzing text -> value -> text, and the reader of time zone files. Build with clang -fsanitize=fuzzer,address,undefined.
 *
 * The text is handed over without a byte behind it, so that reading too far is seen. What a strict reader accepts must print as a text that
 * it accepts again with the same value; what a strict reader of numbers accepts, the lenient cast accepts with the same value.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "types/convert.h"
#include "types/zone_int.h" /* tidy: the reader of zone files has no public door, and is what needs fuzzing */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MEMORY_LIMIT_BYTES = 16 << 20 };

static void try_numbers(weir_text text) {
    char out[WEIR_PRINT_BYTES_MAX];
    int64_t integer, integer_back;
    double real, real_back;
    float single, single_back;
    if (weir_parse_i64(text, &integer)) {
        size_t size = weir_print_i64(integer, out);
        assert(weir_parse_i64((weir_text){out, size}, &integer_back) && integer_back == integer);
        assert(weir_cast_text_to_i64(text, INT64_MIN, INT64_MAX, &integer_back) && integer_back == integer);
    }
    if (weir_parse_double(text, &real)) {
        size_t size = weir_print_double(real, out);
        assert(weir_parse_double((weir_text){out, size}, &real_back) && (real_back == real || real != real));
        assert(weir_cast_text_to_double(text, &real_back) && (real_back == real || real != real));
    }
    if (weir_cast_text_to_float(text, &single)) {
        size_t size = weir_print_float(single, out);
        assert(weir_cast_text_to_float((weir_text){out, size}, &single_back) && (single_back == single || single != single));
    }
    (void)!weir_cast_text_to_i64(text, -128, 127, &integer);
    (void)!weir_cast_text_to_double(text, &real);
    bool truth;
    (void)!weir_cast_text_to_boolean(text, &truth);
}

static void try_decimals(weir_text text) {
    static const int32_t shapes[][2] = {{1, 0}, {5, 2}, {18, 18}, {20, 4}, {38, 0}, {38, 18}, {38, 38}};
    char out[WEIR_PRINT_BYTES_MAX];
    for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
        int32_t precision = shapes[i][0], scale = shapes[i][1];
        weir_i128 value, back;
        if (weir_read_decimal(text, precision, scale, &value) == WEIR_READ_OK) {
            assert(weir_decimal_fits(value, precision));
            size_t size = weir_print_decimal(value, scale, out);
            assert(size <= WEIR_PRINT_BYTES_MAX);
            assert(weir_parse_decimal((weir_text){out, size}, precision, scale, &back) && back == value);
            size = weir_print_decimal_plain(value, scale, out);
            assert(weir_parse_decimal((weir_text){out, size}, precision, scale, &back) && back == value);
            /* Out and home again through a double, as far as that carries. */
            (void)!weir_decimal_from_double(weir_decimal_to_double(value, scale), precision, scale, &back);
        }
        (void)!weir_cast_text_to_decimal(text, precision, scale, &value);
    }
}

static void try_times(weir_text text) {
    char out[WEIR_PRINT_BYTES_MAX];
    int32_t days, milliseconds, back;
    int64_t us, us_back;
    weir_timestamp_ns ns, ns_back;
    if (weir_parse_date(text, &days)) {
        size_t size = weir_print_date(days, out);
        assert(weir_parse_date((weir_text){out, size}, &back) && back == days);
        assert(weir_cast_text_to_date(text, &back) && back == days);
    }
    if (weir_parse_time(text, &milliseconds)) {
        size_t size = weir_print_time(milliseconds, 3, out);
        assert(weir_parse_time((weir_text){out, size}, &back) && back == milliseconds);
    }
    if (weir_parse_timestamp(text, 0, &us)) {
        size_t size = weir_print_timestamp(us, 6, out);
        assert(weir_parse_timestamp((weir_text){out, size}, ' ', &us_back) && us_back == us);
    }
    if (weir_parse_timestamp_ns(text, 0, &ns)) {
        size_t size = weir_print_timestamp_ns(ns, 9, out);
        assert(weir_parse_timestamp_ns((weir_text){out, size}, ' ', &ns_back));
        assert(ns_back.milliseconds == ns.milliseconds && ns_back.nanoseconds == ns.nanoseconds);
    }
    if (weir_cast_text_to_date(text, &days))
        (void)weir_print_date(days, out);
    if (weir_cast_text_to_time(text, &milliseconds))
        (void)weir_print_time_cast(milliseconds, 3, out);
    if (weir_cast_text_to_timestamp(text, &ns))
        (void)weir_print_timestamp_ns(ns, 9, out);
}

static void try_zone(const uint8_t *data, size_t size) {
    weir_memory memory;
    weir_arena arena;
    weir_memory_init(&memory, NULL, "fuzz", MEMORY_LIMIT_BYTES);
    weir_arena_init(&arena, &memory);
    weir_zone zone = {0};
    weir_zone_rule rule;
    if (weir_zone_rule_parse((weir_text){(const char *)data, size}, &rule) && rule.has_daylight) {
        int64_t begin, end;
        weir_zone_rule_changes(&rule, 2024, &begin, &end);
    }
    if (weir_zone_read(&arena, (const char *)data, size, &zone)) {
        static const int64_t times[] = {INT64_MIN / 1000000, -1, 0, 1700000000, 99999999999, INT64_MAX / 1000000};
        for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++)
            (void)weir_zone_offset_seconds(&zone, times[i]);
        (void)weir_zone_to_utc_us(&zone, weir_zone_to_local_us(&zone, 1700000000000000));
    }
    weir_arena_deinit(&arena);
    weir_memory_deinit(&memory);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *exact = malloc(size == 0 ? 1 : size);
    if (exact == NULL)
        return 0;
    if (size > 0)
        memcpy(exact, data, size);
    weir_text text = {exact, size};
    try_numbers(text);
    try_decimals(text);
    try_times(text);
    try_zone((const uint8_t *)exact, size);
    free(exact);
    return 0;
}
