/* Decimal arithmetic: against arithmetic in wider pieces, and at the edges of 38 digits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "os/random.h"
#include "types/convert.h"
#include "types/decimal.h"

static weir_i128 number(const char *text) {
    weir_i128 value;
    assert_true(weir_parse_decimal(weir_text_of(text), 38, 0, &value));
    return value;
}

static void expect(bool done, const weir_i128 *value, const char *text) {
    char printed[WEIR_PRINT_BYTES_MAX + 1];
    if (text == NULL) {
        assert_false(done);
        return;
    }
    assert_true(done);
    printed[weir_print_decimal(*value, 0, printed)] = 0;
    assert_string_equal(printed, text);
}

#define NINES "99999999999999999999999999999999999999" /* 38 */

static void test_powers(void **state) {
    (void)state;
    weir_u128 power = 1;
    for (int i = 0; i < 39; i++, power *= 10)
        assert_true(weir_pow10[i] == power);
    assert_true(weir_decimal_fits(number(NINES), 38));
    assert_false(weir_decimal_fits(1000, 3));
    assert_true(weir_decimal_fits(-999, 3));
}

static void test_rescale(void **state) {
    (void)state;
    weir_i128 out;
    expect(weir_decimal_rescale(25, 1, 0, &out), &out, "3");
    expect(weir_decimal_rescale(-25, 1, 0, &out), &out, "-3");
    expect(weir_decimal_rescale(24, 1, 0, &out), &out, "2");
    expect(weir_decimal_rescale(1, 0, 37, &out), &out, "10000000000000000000000000000000000000");
    expect(weir_decimal_rescale(10, 0, 37, &out), &out, NULL);
    expect(weir_decimal_rescale(0, 0, 90, &out), &out, "0");
    expect(weir_decimal_rescale(number(NINES), 90, 0, &out), &out, "0");
    expect(weir_decimal_rescale_down(-29, 1, 0, &out), &out, "-2");
}

static void test_add_and_compare(void **state) {
    (void)state;
    weir_i128 out;
    expect(weir_decimal_add(125, 2, 5, 1, 2, &out), &out, "175");
    expect(weir_decimal_add(125, 2, 5, 1, 1, &out), &out, "18");
    expect(weir_decimal_subtract(125, 2, 5, 1, 2, &out), &out, "75");
    expect(weir_decimal_add(number(NINES), 0, 1, 0, 0, &out), &out, NULL);
    expect(weir_decimal_add(number(NINES), 0, -1, 38, 0, &out), &out, NINES); /* through 256 bits */
    expect(weir_decimal_subtract(number(NINES), 38, number(NINES), 0, 0, &out), &out,
           "-99999999999999999999999999999999999998"); /* 0.99.. - 99.. */
    expect(weir_decimal_add(-number(NINES), 20, number(NINES), 0, 0, &out), &out,
           "99999999999999999998999999999999999999"); /* 10^18 - a hair is taken off and rounds away */
    assert_int_equal(weir_decimal_compare(10, 1, 1, 0), 0);
    assert_int_equal(weir_decimal_compare(number(NINES), 0, 1, 38), 1);
    assert_int_equal(weir_decimal_compare(-number(NINES), 0, -1, 38), -1);
    assert_int_equal(weir_decimal_compare(-1, 0, number(NINES), 38), -1);
}

static void test_multiply(void **state) {
    (void)state;
    weir_i128 out;
    expect(weir_decimal_multiply(15, 1, 15, 1, 1, &out), &out, "23");
    expect(weir_decimal_multiply(number(NINES), 38, number(NINES), 38, 37, &out), &out, "10000000000000000000000000000000000000");
    expect(weir_decimal_multiply(number("12345678901234567890"), 0, number("-98765432109876543210"), 10, 0, &out), &out,
           "-121932631137021795223746380111");
    expect(weir_decimal_multiply(number(NINES), 0, 2, 0, 0, &out), &out, NULL);
}

static void test_divide(void **state) {
    (void)state;
    weir_i128 out;
    expect(weir_decimal_divide(1, 0, 3, 0, 6, &out), &out, "333333");
    expect(weir_decimal_divide(2, 0, 3, 0, 6, &out), &out, "666667");
    expect(weir_decimal_divide(-1, 0, 8, 0, 2, &out), &out, "-13");
    expect(weir_decimal_divide(1, 0, 3, 0, 38, &out), &out, "33333333333333333333333333333333333333");
    expect(weir_decimal_divide(1, 0, number(NINES), 38, 38, &out), &out, NULL); /* 1.00..1 */
    expect(weir_decimal_divide(1, 38, number(NINES), 0, 6, &out), &out, "0");
    expect(weir_decimal_divide(number(NINES), 38, 7, 0, 2, &out), &out, "14");
    /* First to 38 digits, then to the scale: 1461821312803471638162691111219451224.49.. goes up. */
    expect(weir_decimal_divide(number("9999999999999999999"), 2, number("68407813680196408211378191009"), 38, 10, &out), &out,
           "1461821312803471638162691111219451225");
}

static void test_remainder(void **state) {
    (void)state;
    weir_i128 out;
    expect(weir_decimal_remainder(-75, 1, 2, 0, 1, &out), &out, "-15");
    expect(weir_decimal_remainder(75, 1, -2, 0, 1, &out), &out, "15");
    expect(weir_decimal_remainder(5, 0, 3, 38, 38, &out), &out, NULL); /* the quotient has 39 digits */
    expect(weir_decimal_remainder(6, 0, 3, 38, 38, &out), &out, "0");  /* 2 and zeros */
}

static void test_doubles(void **state) {
    (void)state;
    weir_i128 out;
    assert_true(weir_decimal_to_double(12345, 2) == 123.45);
    assert_true(weir_decimal_to_double(number(NINES), 0) == 1e38);
    assert_true(weir_decimal_to_double(number("9007199254740993"), 0) == 9007199254740992.0);
    expect(weir_decimal_from_double(0.1 + 0.2, 38, 18, &out), &out, "300000000000000040");
    expect(weir_decimal_from_double(-2.5, 2, 0, &out), &out, "-3");
    expect(weir_decimal_from_double(1e10, 5, 2, &out), &out, NULL);
    expect(weir_decimal_from_double(__builtin_nan(""), 5, 2, &out), &out, NULL);
    expect(weir_decimal_from_double(4.9e-324, 38, 38, &out), &out, "0");
    expect(weir_decimal_from_double(1e300, 38, 0, &out), &out, NULL);
    int64_t integer;
    assert_true(weir_decimal_to_i64(-12999, 3, &integer) && integer == -12);
    assert_false(weir_decimal_to_i64(number(NINES), 0, &integer));
    assert_true(weir_decimal_to_i64(number("-9223372036854775808"), 0, &integer) && integer == INT64_MIN);
}

/* (a / b) * b + a % b = a, in whole numbers of any size. */
static void test_laws(void **state) {
    (void)state;
    weir_random random;
    weir_random_init(&random, 5);
    for (int i = 0; i < 20000; i++) {
        weir_i128 a = (weir_i128)((weir_u128)weir_random_u64(&random) << 64 | weir_random_u64(&random)) >> weir_random_below(&random, 120);
        weir_i128 b = (weir_i128)((weir_u128)weir_random_u64(&random) << 64 | weir_random_u64(&random)) >> weir_random_below(&random, 120);
        a %= (weir_i128)weir_pow10[38];
        b %= (weir_i128)weir_pow10[38];
        weir_i128 sum, back, product, rest;
        if (weir_decimal_add(a, 3, b, 5, 5, &sum) && weir_decimal_subtract(sum, 5, b, 5, 3, &back))
            assert_true(back == a);
        if (b == 0)
            continue;
        assert_true(weir_decimal_remainder(a, 0, b, 0, 0, &rest));
        assert_true(rest == a % b);
        if (weir_decimal_multiply(a / b, 0, b, 0, 0, &product))
            assert_true(product + rest == a);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_powers),   cmocka_unit_test(test_rescale), cmocka_unit_test(test_add_and_compare),
        cmocka_unit_test(test_multiply), cmocka_unit_test(test_divide),  cmocka_unit_test(test_remainder),
        cmocka_unit_test(test_doubles),  cmocka_unit_test(test_laws),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
