/* CAST and TRY_CAST: the matrix, with the values that Flink gives. */
#include "func_check.h"

static const weir_type *sized(weir_kind kind, int32_t precision) { return weir_type_sized(&check_arena, kind, precision, true); }
static const weir_type *decimal(int32_t precision, int32_t scale) { return weir_type_decimal(&check_arena, precision, scale, true); }
static const weir_type *simple(weir_kind kind) { return weir_type_simple(kind, true); }

static void numbers(void **state) {
    (void)state;
    CASTS("44", num(300), simple(WEIR_KIND_TINYINT));
    CASTS("1410065408", big(10000000000), simple(WEIR_KIND_INT));
    CASTS("2147483647", real(1e10), simple(WEIR_KIND_INT));
    CASTS("-1", real(1e10), simple(WEIR_KIND_TINYINT));
    CASTS("0", real(-1e10), simple(WEIR_KIND_SMALLINT));
    CASTS("0", real(__builtin_nan("")), simple(WEIR_KIND_BIGINT));
    CASTS("9223372036854775807", real(1e30), simple(WEIR_KIND_BIGINT));
    CASTS("-1294967296", dec("3000000000.7", 11, 1), simple(WEIR_KIND_INT));
    CASTS("-1", dec("-1.9", 3, 1), simple(WEIR_KIND_BIGINT));
    CASTS("12.35", dec("12.345", 5, 3), decimal(5, 2));
    CASTS("NULL", num(123456), decimal(5, 2));
    CASTS("NULL", dec("999.995", 6, 3), decimal(5, 2));
    CASTS("1000.00", num(1000), decimal(12, 2));
    CASTS("NULL", tiny(100), decimal(4, 2));
    CASTS("99.00", tiny(99), decimal(4, 2));
    CASTS("1.50000", real(1.5), decimal(30, 5));
    CASTS("NULL", real(1e10), decimal(5, 2));
    CASTS("!Character N is neither", real(__builtin_nan("")), decimal(5, 2));
    CASTS("1.00", truth(true), decimal(5, 2));
    CASTS("1", truth(true), simple(WEIR_KIND_TINYINT));
    CASTS("TRUE", num(2), simple(WEIR_KIND_BOOLEAN));
    CASTS("TRUE", dec("0.5", 2, 1), simple(WEIR_KIND_BOOLEAN));
    CASTS("FALSE", real(0), simple(WEIR_KIND_BOOLEAN));
    CASTS("!Cast function cannot convert", span_ms(5), simple(WEIR_KIND_BIGINT));
    CASTS("1.5E9", big(1500000000), simple(WEIR_KIND_FLOAT));
    CASTS("NULL", null(WEIR_KIND_INT), simple(WEIR_KIND_BIGINT));
}

static void from_text(void **state) {
    (void)state;
    CASTS("12", text(" 12.5 "), simple(WEIR_KIND_INT));
    CASTS("!For input string: 'abc'. Invalid character found.", text("abc"), simple(WEIR_KIND_INT));
    CASTS("!For input string: '300'. Overflow.", text("300"), simple(WEIR_KIND_TINYINT));
    TRIES("NULL", text("abc"), simple(WEIR_KIND_INT));
    CASTS("Infinity", text("1e400"), simple(WEIR_KIND_DOUBLE));
    CASTS("!For input string: \"abc\"", text("abc"), simple(WEIR_KIND_DOUBLE));
    CASTS("!For input string: '123456'. Overflow.", text("123456"), decimal(5, 2));
    TRIES("100.00", text("99.995"), decimal(5, 2));
    CASTS("TRUE", text("T"), simple(WEIR_KIND_BOOLEAN));
    CASTS("!Cannot parse '  true ' as BOOLEAN.", text("  true "), simple(WEIR_KIND_BOOLEAN));
    CASTS("2024-02-09", text("2024-2-9"), simple(WEIR_KIND_DATE));
    CASTS("!For input string: 'abc'.", text("abc"), simple(WEIR_KIND_DATE));
    CASTS("12:30:00", text("12:30"), simple(WEIR_KIND_TIME));
    CASTS("10:00:00.5", text("10:00:00.5"), sized(WEIR_KIND_TIME, 3));
    CASTS("10:00:00", text("10:00:00.5"), simple(WEIR_KIND_TIME));
    CASTS("!Invalid time format: 'abc'", text("abc"), simple(WEIR_KIND_TIME));
    CASTS("2023-02-28 00:00:00.000", text("2023-02-29"), sized(WEIR_KIND_TIMESTAMP, 3));
    CASTS("2024-01-01 12:30:00.123456789", text("2024-01-01 12:30:00.123456789"), sized(WEIR_KIND_TIMESTAMP, 9));
    CASTS("!could not be parsed", text("2024-01-01 12:30"), sized(WEIR_KIND_TIMESTAMP, 3));
}

static void to_text(void **state) {
    (void)state;
    CASTS("TRUE  ", truth(true), sized(WEIR_KIND_CHAR, 6));
    CASTS("2147", num(2147483647), sized(WEIR_KIND_VARCHAR, 4));
    CASTS("1.0E7", real(1e7), weir_type_string(true));
    CASTS("-0.05", dec("-0.05", 10, 2), weir_type_string(true));
    CASTS("äö", text("äöü ßx"), sized(WEIR_KIND_VARCHAR, 2));
    CASTS("äöü ßx  ", text("äöü ßx"), sized(WEIR_KIND_CHAR, 8));
    CASTS("a text of more than", text("a text of more than twelve bytes"), sized(WEIR_KIND_VARCHAR, 19));
    CASTS("2020-01-01", stamp("2020-01-01 10:20:30.123456", 6), sized(WEIR_KIND_VARCHAR, 10));
    CASTS("+1-02", span_months(14), weir_type_string(true));
    CASTS("-1 02:03:04.500", span_ms(-93784500), weir_type_string(true));
    CASTS("abc", bytes("abc", 3), weir_type_string(true));
    CASTS("\xEF\xBF\xBD", bytes("\xFF", 1), weir_type_string(true));
    CASTS("[3, NULL, 2]", list_of((weir_value[]){num(3), null(WEIR_KIND_INT), num(2)}, 3), weir_type_string(true));
    CASTS("(1, a, NULL)", row_of((weir_value[]){num(1), chars("a"), null(WEIR_KIND_DATE)}, 3), weir_type_string(true));
}

static void binary(void **state) {
    (void)state;
    weir_value value = text("abc");
    weir_column *column = weir_column_of_value(&check_memory, &value, CHECK_ROWS), *out;
    weir_error error;
    assert_int_equal(run_cast("CAST", column, sized(WEIR_KIND_BINARY, 5), &out, &error), WEIR_OK);
    assert_true(weir_text_equal(weir_column_text(out, 0), (weir_text){"abc\0\0", 5}));
    weir_column_unref(out);
    assert_int_equal(run_cast("CAST", column, sized(WEIR_KIND_VARBINARY, 2), &out, &error), WEIR_OK);
    assert_true(weir_text_equal(weir_column_text(out, 0), WEIR_TEXT("ab")));
    weir_column_unref(out);
    weir_column_unref(column);
}

static void times(void **state) {
    (void)state;
    CASTS("2020-01-01 00:00:00.000", date("2020-01-01"), sized(WEIR_KIND_TIMESTAMP, 3));
    CASTS("1970-01-01 10:00:00.000", clock_time("10:00:00", 0), sized(WEIR_KIND_TIMESTAMP, 3));
    CASTS("10:20:30.123", stamp("2020-01-01 10:20:30.123456", 6), sized(WEIR_KIND_TIME, 3));
    CASTS("10:20:30", stamp("2020-01-01 10:20:30.123456", 6), simple(WEIR_KIND_TIME));
    CASTS("2020-01-01 10:20:30.123", stamp("2020-01-01 10:20:30.123456", 6), sized(WEIR_KIND_TIMESTAMP, 3));
    CASTS("1970-01-01 00:00:00", stamp("1969-12-31 23:59:59.9", 6), sized(WEIR_KIND_TIMESTAMP, 0)); /* toward 1970, as in Flink */
    CASTS("1969-07-21", stamp("1969-07-20 20:17:00", 0), simple(WEIR_KIND_DATE));
    CASTS("!Invalid time format", stamp("1969-07-20 20:17:00", 0), simple(WEIR_KIND_TIME));
    CASTS("2020-01-01 10:20:30.123456000", stamp("2020-01-01 10:20:30.123456", 6), sized(WEIR_KIND_TIMESTAMP, 9));
    CASTS("!Cast function cannot convert value of type DATE to type TIME(0)", date("2020-01-01"), simple(WEIR_KIND_TIME));
    CASTS("!UNIX_TIMESTAMP", stamp("2020-01-01 10:20:30", 0), simple(WEIR_KIND_INT));
    CASTS("!The cast from NUMERIC type to TIMESTAMP_LTZ type is not allowed", num(5), sized(WEIR_KIND_TIMESTAMP_LTZ, 3));
}

static void nested(void **state) {
    (void)state;
    const weir_type *ints = weir_type_array(&check_arena, simple(WEIR_KIND_INT), true),
                    *texts = weir_type_array(&check_arena, weir_type_string(true), true);
    CASTS("[1, NULL, 2]", list_of((weir_value[]){text("1"), null_text(), text("2")}, 3), ints);
    CASTS("[5, 7]", list_of((weir_value[]){num(5), num(7)}, 2), texts);
    CASTS("!For input string: 'a'", list_of((weir_value[]){text("1"), text("a")}, 2), ints);
    TRIES("NULL", list_of((weir_value[]){text("1"), text("a")}, 2), ints);
    weir_value inner[] = {list_of((weir_value[]){num(1), num(2)}, 2), list_of((weir_value[]){num(3), null(WEIR_KIND_INT)}, 2)};
    CASTS("[[1, 2], [3, NULL]]", list_of(inner, 2), weir_type_array(&check_arena, texts, true));
    weir_field fields[] = {{.name = WEIR_TEXT("x"), .type = simple(WEIR_KIND_BIGINT)}, {.name = WEIR_TEXT("y"), .type = ints}};
    weir_value items[] = {num(3), list_of((weir_value[]){text("4")}, 1)};
    CASTS("(3, [4])", row_of(items, 2), weir_type_row(&check_arena, fields, 2, true));
    CASTS("!Cast function cannot convert value of type INTEGER ARRAY to type INTEGER", list_of((weir_value[]){num(5)}, 1),
          simple(WEIR_KIND_INT));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers), cmocka_unit_test(from_text), cmocka_unit_test(to_text),
        cmocka_unit_test(binary),  cmocka_unit_test(times),     cmocka_unit_test(nested),
    };
    return cmocka_run_group_tests(tests, check_setup, check_teardown);
}
