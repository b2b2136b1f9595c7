/* Text to value and back. The expectations were read off real Flink 2.3 (on Java 17), or follow from exact arithmetic. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "os/random.h"
#include "types/convert.h"
#include "types/number_int.h"

static char printed[WEIR_PRINT_BYTES_MAX + 1];

static const char *ended(size_t size) {
    assert_true(size <= WEIR_PRINT_BYTES_MAX);
    printed[size] = 0;
    return printed;
}

#define PRINTED(call) ended(call)

static void test_print_doubles(void **state) {
    (void)state;
    static const struct {
        double value;
        const char *text;
    } cases[] = {
        {1, "1.0"},
        {1e7, "1.0E7"},
        {9999999, "9999999.0"},
        {1e-3, "0.001"},
        {1e-4, "1.0E-4"},
        {0.1, "0.1"},
        {-0.0, "-0.0"},
        {123456789.125, "1.23456789125E8"},
        {1e21, "1.0E21"},
        {1e23, "9.999999999999999E22"},
        {2e-3, "0.002"},
        {4.9e-324, "4.9E-324"},
        {2.2250738585072014e-308, "2.2250738585072014E-308"},
        {1.7976931348623157e308, "1.7976931348623157E308"},
        {9007199254740993.0, "9.007199254740992E15"},
        {0x1p-44, "5.6843418860808015E-14"},
        {-7.9206780426716272e16, "-7.9206780426716272E16"}, /* one digit more than needed, as Java 17 has it */
        {36900000000000002e9, "3.6900000000000002E25"},
        {__builtin_inf(), "Infinity"},
        {-__builtin_inf(), "-Infinity"},
        {__builtin_nan(""), "NaN"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_string_equal(PRINTED(weir_print_double(cases[i].value, printed)), cases[i].text);
    static const struct {
        float value;
        const char *text;
    } floats[] = {
        {1.5f, "1.5"}, {123456792.0f, "1.23456792E8"}, {3.4028235e38f, "3.4028235E38"}, {1.4e-45f, "1.4E-45"},
        {0.1f, "0.1"}, {0x1p-5f, "0.03125"},           {4.7974013e25f, "4.7974013E25"}, {33554432.0f, "3.3554432E7"},
    };
    for (size_t i = 0; i < sizeof(floats) / sizeof(floats[0]); i++)
        assert_string_equal(PRINTED(weir_print_float(floats[i].value, printed)), floats[i].text);
}

/* The shortest text by trying. */
static size_t slow_digits(double value) {
    char text[40];
    size_t digits = 1;
    for (; digits <= 17; digits++) {
        snprintf(text, sizeof(text), "%.*e", (int)digits - 1, value);
        if (strtod(text, NULL) == value)
            break;
    }
    return digits;
}

static size_t count_digits(uint64_t digits) {
    size_t count = 0;
    for (; digits > 0; digits /= 10)
        count++;
    return count;
}

static double random_double(weir_random *random) {
    double value;
    uint64_t bits = weir_random_u64(random) >> 1;
    switch (weir_random_below(random, 3)) {
    case 0: memcpy(&value, &bits, sizeof(value)); return value;
    case 1: return (double)weir_random_below(random, 100000000) / 10000;
    default: return (double)(bits >> weir_random_below(random, 63)) * 1e-9;
    }
}

static void test_shortest_is_shortest(void **state) {
    (void)state;
    weir_random random;
    weir_random_init(&random, 20240229);
    for (int i = 0; i < 100000; i++) {
        double value = random_double(&random);
        if (!(value > 0) || value > 1e308)
            continue;
        bool tie;
        weir_shortest shortest = weir_shortest_of_double(value, &tie);
        char text[48];
        snprintf(text, sizeof(text), "%llue%d", (unsigned long long)shortest.digits, shortest.exponent);
        assert_true(strtod(text, NULL) == value);
        assert_true(count_digits(shortest.digits) <= slow_digits(value) || value < 1e-300);
        assert_true(shortest.digits % 10 != 0);
    }
}

static void test_doubles_round_trip(void **state) {
    (void)state;
    weir_random random;
    weir_random_init(&random, 7);
    for (int i = 0; i < 300000; i++) {
        double value = random_double(&random), back;
        if (value != value)
            continue;
        size_t size = weir_print_double(value, printed);
        assert_true(weir_parse_double((weir_text){printed, size}, &back));
        assert_true(back == value);
        uint32_t bits = (uint32_t)weir_random_u64(&random) & 0x7FFFFFFF;
        float single, single_back;
        memcpy(&single, &bits, sizeof(single));
        if (single != single)
            continue;
        size = weir_print_float(single, printed);
        assert_true(weir_cast_text_to_float((weir_text){printed, size}, &single_back));
        assert_true(single_back == single);
    }
}

/* Against the C library, on texts that are near halfway points and on long ones. */
static void test_parse_doubles_correctly_rounded(void **state) {
    (void)state;
    static const char *const texts[] = {
        "9007199254740993",
        "9007199254740992.9999999999999999999999999",
        "9007199254740993.0000000000000000000000000000000000001",
        "2.4703282292062327e-324",
        "2.4703282292062328e-324",
        "1.7976931348623159e308",
        "1.7976931348623158e308",
        "179769313486231580793e289",
        "0.000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001",
        "1e400",
        "1e-400",
        "0e99999999999",
        "8.988465674311580e307",
        "1.00000000000000011102230246251565404236316680908203125",
        "1.00000000000000011102230246251565404236316680908203124",
        "1.00000000000000011102230246251565404236316680908203126",
        "7.2057594037927933e16",
        "5e-324",
        "123456789012345678901234567890e-20",
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        double value;
        assert_true(weir_parse_double(weir_text_of(texts[i]), &value));
        assert_true(value == strtod(texts[i], NULL));
    }
    weir_random random;
    weir_random_init(&random, 99);
    char text[80];
    for (int i = 0; i < 200000; i++) {
        int size = snprintf(
            text, sizeof(text), "%llu.%llue%d", (unsigned long long)(weir_random_u64(&random) >> weir_random_below(&random, 64)),
            (unsigned long long)(weir_random_u64(&random) >> weir_random_below(&random, 64)), (int)weir_random_below(&random, 660) - 340);
        double value;
        float single;
        assert_true(weir_parse_double((weir_text){text, (size_t)size}, &value));
        assert_true(value == strtod(text, NULL));
        assert_true(weir_cast_text_to_float((weir_text){text, (size_t)size}, &single));
        assert_true(single == strtof(text, NULL));
    }
    /* 2000 digits: the last one decides. */
    char *long_text = malloc(2100);
    memset(long_text, '0', 2100);
    memcpy(long_text, "9007199254740993.", 17);
    double value;
    assert_true(weir_parse_double((weir_text){long_text, 2000}, &value));
    assert_true(value == 9007199254740992.0);
    long_text[1999] = '1';
    assert_true(weir_parse_double((weir_text){long_text, 2000}, &value));
    assert_true(value == 9007199254740994.0);
    free(long_text);
}

static void test_parse_rejects(void **state) {
    (void)state;
    static const char *const texts[] = {"",   " ",  "+",    "-",     ".",   "1e",  "1e+", "1.2.3", "abc",
                                        "1 ", " 1", "0x10", "1,000", "--1", "nan", "inf", "1d"};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        double value;
        assert_false(weir_parse_double(weir_text_of(texts[i]), &value));
    }
    int64_t integer;
    assert_true(weir_parse_i64(WEIR_TEXT("-9223372036854775808"), &integer) && integer == INT64_MIN);
    assert_true(weir_parse_i64(WEIR_TEXT("9223372036854775807"), &integer) && integer == INT64_MAX);
    assert_true(weir_parse_i64(WEIR_TEXT("+0000000000000000000000012"), &integer) && integer == 12);
    assert_false(weir_parse_i64(WEIR_TEXT("9223372036854775808"), &integer));
    assert_false(weir_parse_i64(WEIR_TEXT("-9223372036854775809"), &integer));
    assert_false(weir_parse_i64(WEIR_TEXT("99999999999999999999"), &integer));
    assert_false(weir_parse_i64(WEIR_TEXT("1.0"), &integer));
    assert_false(weir_parse_i64(WEIR_TEXT(""), &integer));
}

static void expect_decimal(const char *text, int precision, int scale, const char *expected) {
    weir_i128 value;
    weir_reading reading = weir_read_decimal(weir_text_of(text), precision, scale, &value);
    if (expected == NULL)
        assert_int_equal(reading, WEIR_READ_TOO_WIDE);
    else if (expected[0] == '?')
        assert_int_equal(reading, WEIR_READ_BAD);
    else {
        assert_int_equal(reading, WEIR_READ_OK);
        assert_string_equal(PRINTED(weir_print_decimal(value, scale, printed)), expected);
    }
}

static void test_decimals(void **state) {
    (void)state;
    expect_decimal("12.345", 5, 2, "12.35");
    expect_decimal("-12.345", 5, 2, "-12.35");
    expect_decimal("-.5", 5, 2, "-0.50");
    expect_decimal("5.", 5, 2, "5.00");
    expect_decimal("1e2", 5, 2, "100.00");
    expect_decimal("1e3", 5, 2, NULL);
    expect_decimal("999.995", 5, 2, NULL);
    expect_decimal("999.994", 5, 2, "999.99");
    expect_decimal("0012", 5, 2, "12.00");
    expect_decimal("0.00000000000000000000000000000000000000000000049", 5, 2, "0.00");
    expect_decimal("99999999999999999999999999999999999999", 38, 0, "99999999999999999999999999999999999999");
    expect_decimal("99999999999999999999999999999999999999.4", 38, 0, "99999999999999999999999999999999999999");
    expect_decimal("99999999999999999999999999999999999999.5", 38, 0, NULL);
    expect_decimal("1.234567890123456789012345678901234567895", 38, 37, "1.2345678901234567890123456789012345679");
    expect_decimal("0", 1, 0, "0");
    expect_decimal("-0.00", 3, 2, "0.00");
    expect_decimal("1e-50", 10, 2, "0.00");
    expect_decimal("0e500", 10, 2, "0.00");
    expect_decimal("", 5, 2, "?");
    expect_decimal("1x", 5, 2, "?");
    assert_string_equal(PRINTED(weir_print_decimal_plain(15000, 4, printed)), "1.5");
    assert_string_equal(PRINTED(weir_print_decimal_plain(-10000, 4, printed)), "-1");
    assert_string_equal(PRINTED(weir_print_decimal_plain(100, 0, printed)), "100");
    assert_string_equal(PRINTED(weir_print_decimal(-5, 2, printed)), "-0.05");
    assert_string_equal(PRINTED(weir_print_i64(INT64_MIN, printed)), "-9223372036854775808");
}

static void test_casts_of_numbers(void **state) {
    (void)state;
    int64_t integer;
    assert_true(weir_cast_text_to_i64(WEIR_TEXT(" 12.5 "), INT32_MIN, INT32_MAX, &integer) && integer == 12);
    assert_true(weir_cast_text_to_i64(WEIR_TEXT("+7"), INT32_MIN, INT32_MAX, &integer) && integer == 7);
    assert_true(weir_cast_text_to_i64(WEIR_TEXT("0012"), INT32_MIN, INT32_MAX, &integer) && integer == 12);
    assert_true(weir_cast_text_to_i64(WEIR_TEXT("-.5"), INT32_MIN, INT32_MAX, &integer) && integer == 0);
    assert_false(weir_cast_text_to_i64(WEIR_TEXT("1e3"), INT32_MIN, INT32_MAX, &integer));
    assert_false(weir_cast_text_to_i64(WEIR_TEXT("1,000"), INT32_MIN, INT32_MAX, &integer));
    assert_false(weir_cast_text_to_i64(WEIR_TEXT("12.5x"), INT32_MIN, INT32_MAX, &integer));
    assert_false(weir_cast_text_to_i64(WEIR_TEXT("\t7"), INT32_MIN, INT32_MAX, &integer));
    assert_false(weir_cast_text_to_i64(WEIR_TEXT("128"), -128, 127, &integer));
    assert_false(weir_cast_text_to_i64(WEIR_TEXT(""), INT32_MIN, INT32_MAX, &integer));
    double real;
    assert_true(weir_cast_text_to_double(WEIR_TEXT(" 1e3\t"), &real) && real == 1000);
    assert_true(weir_cast_text_to_double(WEIR_TEXT("1.5d"), &real) && real == 1.5);
    assert_true(weir_cast_text_to_double(WEIR_TEXT("0x1.8p3"), &real) && real == 12);
    assert_true(weir_cast_text_to_double(WEIR_TEXT("+NaN"), &real) && real != real);
    assert_false(weir_cast_text_to_double(WEIR_TEXT("0x10"), &real));
    assert_false(weir_cast_text_to_double(WEIR_TEXT("inf"), &real));
    bool truth = false;
    assert_true(weir_cast_text_to_boolean(WEIR_TEXT("YES"), &truth) && truth);
    assert_true(weir_cast_text_to_boolean(WEIR_TEXT("0"), &truth) && !truth);
    assert_false(weir_cast_text_to_boolean(WEIR_TEXT(" true"), &truth));
    assert_false(weir_cast_text_to_boolean(WEIR_TEXT("on"), &truth));
    weir_i128 decimal;
    assert_true(weir_cast_text_to_decimal(WEIR_TEXT(" 7 "), 5, 2, &decimal) && decimal == 700);
    assert_true(weir_cast_text_to_decimal(WEIR_TEXT("99.995"), 5, 2, &decimal) && decimal == 10000);
    assert_false(weir_cast_text_to_decimal(WEIR_TEXT("0012"), 5, 2, &decimal)); /* leading zeros count */
    assert_false(weir_cast_text_to_decimal(WEIR_TEXT("--1"), 5, 2, &decimal));
    assert_true(weir_cast_text_to_decimal(WEIR_TEXT("12x"), 5, 2, &decimal) && decimal == 1200); /* the real one's oddity */
    assert_true(weir_cast_text_to_decimal(WEIR_TEXT("00000000000000000000000000000001.5"), 5, 2, &decimal) && decimal == 150);
    assert_false(weir_cast_text_to_decimal(WEIR_TEXT("   "), 38, 2, &decimal));
}

static void test_print_times(void **state) {
    (void)state;
    assert_string_equal(PRINTED(weir_print_date(19782, printed)), "2024-02-29");
    assert_string_equal(PRINTED(weir_print_date(-719528, printed)), "0000-01-01");
    assert_string_equal(PRINTED(weir_print_date(-719529, printed)), "-0001-12-31");
    assert_string_equal(PRINTED(weir_print_date(2932897, printed)), "10000-01-01");
    (void)PRINTED(weir_print_date(INT32_MAX, printed));
    (void)PRINTED(weir_print_date(INT32_MIN, printed));
    assert_string_equal(PRINTED(weir_print_time(45296789, 3, printed)), "12:34:56.789");
    assert_string_equal(PRINTED(weir_print_time(45296789, 0, printed)), "12:34:56");
    assert_string_equal(PRINTED(weir_print_time(-1, 3, printed)), "23:59:59.999");
    assert_string_equal(PRINTED(weir_print_time_cast(45296000, 3, printed)), "12:34:56.0");
    assert_string_equal(PRINTED(weir_print_time_cast(45296120, 3, printed)), "12:34:56.12");
    assert_string_equal(PRINTED(weir_print_time_cast(45296120, 1, printed)), "12:34:56.1");
    assert_string_equal(PRINTED(weir_print_timestamp(-1, 6, printed)), "1969-12-31 23:59:59.999999");
    assert_string_equal(PRINTED(weir_print_timestamp(0, 0, printed)), "1970-01-01 00:00:00");
    (void)PRINTED(weir_print_timestamp(INT64_MAX, 6, printed));
    (void)PRINTED(weir_print_timestamp(INT64_MIN, 6, printed));
    weir_timestamp_ns long_one = {-1, 999999, 0};
    assert_string_equal(PRINTED(weir_print_timestamp_ns(long_one, 9, printed)), "1969-12-31 23:59:59.999999999");
    assert_string_equal(PRINTED(weir_print_interval_month(14, printed)), "+1-02");
    assert_string_equal(PRINTED(weir_print_interval_month(INT32_MIN, printed)), "-178956970-08");
    assert_string_equal(PRINTED(weir_print_interval_second(93784500, printed)), "+1 02:03:04.500");
    assert_string_equal(PRINTED(weir_print_interval_second(-1, printed)), "-0 00:00:00.001");
    (void)PRINTED(weir_print_interval_second(INT64_MIN, printed));
}

static void test_parse_times(void **state) {
    (void)state;
    int32_t days, ms;
    int64_t us;
    weir_timestamp_ns ns;
    assert_true(weir_parse_date(WEIR_TEXT("2024-02-29"), &days) && days == 19782);
    assert_true(weir_parse_date(WEIR_TEXT("2024-2-9"), &days) && days == 19762);
    assert_false(weir_parse_date(WEIR_TEXT("2023-02-29"), &days));
    assert_false(weir_parse_date(WEIR_TEXT("2024-13-01"), &days));
    assert_false(weir_parse_date(WEIR_TEXT("2024-01-01 "), &days));
    assert_false(weir_parse_date(WEIR_TEXT("24-01-01"), &days));
    assert_false(weir_parse_date(WEIR_TEXT(""), &days));
    assert_true(weir_parse_time(WEIR_TEXT("12:34:56.7"), &ms) && ms == 45296700);
    assert_false(weir_parse_time(WEIR_TEXT("24:00:00"), &ms));
    assert_false(weir_parse_time(WEIR_TEXT("12:34"), &ms));
    assert_true(weir_parse_timestamp(WEIR_TEXT("1969-12-31 23:59:59.9999999"), ' ', &us) && us == -1);
    assert_true(weir_parse_timestamp(WEIR_TEXT("2024-01-02T03:04"), 'T', &us) && us == 1704164640000000);
    assert_true(weir_parse_timestamp(WEIR_TEXT("2024-01-02T03:04:05"), 0, &us));
    assert_true(weir_parse_timestamp(WEIR_TEXT("2024-01-02 03:04:05"), 0, &us));
    assert_false(weir_parse_timestamp(WEIR_TEXT("2024-01-02T03:04:05"), ' ', &us));
    assert_false(weir_parse_timestamp(WEIR_TEXT("2024-01-02 03:04:05"), 'T', &us));
    assert_false(weir_parse_timestamp(WEIR_TEXT("2024-01-02 03:04"), ' ', &us));
    assert_false(weir_parse_timestamp(WEIR_TEXT("2024-01-02 03:04:05.1234567890"), ' ', &us));
    assert_false(weir_parse_timestamp(WEIR_TEXT("2024-01-02"), ' ', &us));
    assert_true(weir_parse_timestamp_ns(WEIR_TEXT("1969-12-31 23:59:59.999999999"), ' ', &ns) && ns.milliseconds == -1 &&
                ns.nanoseconds == 999999);
}

static void test_casts_of_times(void **state) {
    (void)state;
    int32_t days, ms;
    weir_timestamp_ns at;
    assert_true(weir_cast_text_to_date(WEIR_TEXT(" 2024-01-05 "), &days) && days == 19727);
    assert_true(weir_cast_text_to_date(WEIR_TEXT("2024"), &days) && days == 19723);
    assert_true(weir_cast_text_to_date(WEIR_TEXT("2024-06"), &days) && days == 19875);
    assert_true(weir_cast_text_to_date(WEIR_TEXT("2024-01-01 10:20:30"), &days) && days == 19723);
    assert_false(weir_cast_text_to_date(WEIR_TEXT("2023-02-29"), &days));
    assert_false(weir_cast_text_to_date(WEIR_TEXT("20240101"), &days));
    assert_true(weir_cast_text_to_time(WEIR_TEXT("12:34:56.7895"), &ms) && ms == 45296790);
    assert_true(weir_cast_text_to_time(WEIR_TEXT("12"), &ms) && ms == 43200000);
    assert_true(weir_cast_text_to_time(WEIR_TEXT("12:00:00+01:30"), &ms) && ms == 48600000);
    assert_false(weir_cast_text_to_time(WEIR_TEXT("24:00:00"), &ms));
    assert_true(weir_cast_text_to_timestamp(WEIR_TEXT("2023-02-29 12:00:00"), &at) &&
                at.milliseconds == INT64_C(1677585600000)); /* the 28th */
    assert_true(weir_cast_text_to_timestamp(WEIR_TEXT("2024-1-2 3:4:5"), &at) && at.milliseconds == INT64_C(1704164645000));
    assert_true(weir_cast_text_to_timestamp(WEIR_TEXT("2024-01-01 24:00:00"), &at) && at.milliseconds == INT64_C(1704153600000));
    assert_true(weir_cast_text_to_timestamp(WEIR_TEXT("1969-12-31 23:59:59.999999999"), &at) && at.milliseconds == -1 &&
                at.nanoseconds == 999999);
    assert_false(weir_cast_text_to_timestamp(WEIR_TEXT("2024-01-02T03:04:05"), &at));
    assert_false(weir_cast_text_to_timestamp(WEIR_TEXT("2024-01-02 03:04"), &at));
    assert_false(weir_cast_text_to_timestamp(WEIR_TEXT("2024-01-02 03:04:05 "), &at));
    assert_false(weir_cast_text_to_timestamp(WEIR_TEXT("2024"), &at));
    assert_false(weir_cast_text_to_timestamp(WEIR_TEXT("0000-01-01"), &at));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_print_doubles),      cmocka_unit_test(test_shortest_is_shortest),
        cmocka_unit_test(test_doubles_round_trip), cmocka_unit_test(test_parse_doubles_correctly_rounded),
        cmocka_unit_test(test_parse_rejects),      cmocka_unit_test(test_decimals),
        cmocka_unit_test(test_casts_of_numbers),   cmocka_unit_test(test_print_times),
        cmocka_unit_test(test_parse_times),        cmocka_unit_test(test_casts_of_times),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
