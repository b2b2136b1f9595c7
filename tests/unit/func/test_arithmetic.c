/* Arithmetic and comparison: result types, wrapping, decimals, dates and intervals. */
#include "func_check.h"

static void integers_keep_their_width(void **state) {
    (void)state;
    GIVES_TYPED("16", "TINYINT NOT NULL", "*", tiny(100), tiny(100));
    GIVES_TYPED("-32768", "SMALLINT NOT NULL", "+", small(32767), tiny(1));
    GIVES_TYPED("-2147483648", "INT NOT NULL", "+", num(2147483647), num(1));
    GIVES_TYPED("-9223372036854775808", "BIGINT NOT NULL", "+", big(INT64_MAX), num(1));
    GIVES("-2147483648", "-u", num(INT32_MIN));
    GIVES("-2147483648", "/", num(INT32_MIN), num(-1));
    GIVES("-9223372036854775808", "/", big(INT64_MIN), big(-1));
    GIVES("-3", "/", num(-7), num(2));
    GIVES("-1", "%", num(-7), num(2));
    GIVES("0", "%", big(INT64_MIN), big(-1));
    GIVES_TYPED("2", "SMALLINT NOT NULL", "%", num(5), small(3));
    GIVES_TYPED("2", "INT NOT NULL", "MOD", big(5), num(3));
    GIVES("!/ by zero", "/", num(1), num(0));
    GIVES("!/ by zero", "%", num(1), num(0));
    GIVES("NULL", "+", null(WEIR_KIND_INT), num(1));
    GIVES("!Illegal use of 'NULL'", "+", null(WEIR_KIND_NULL), num(1));
}

static void floats_meet_in_the_first(void **state) {
    (void)state;
    GIVES_TYPED("3.0", "FLOAT NOT NULL", "+", single(1), real(2));
    GIVES_TYPED("3.0", "DOUBLE NOT NULL", "+", real(1), single(2));
    GIVES_TYPED("3.0", "FLOAT NOT NULL", "+", big(1), single(2));
    GIVES_TYPED("2.0", "DOUBLE NOT NULL", "*", single(1), dec("2", 5, 2));
    GIVES("!Cannot apply '%' to arguments of type '<DOUBLE> % <INTEGER>'. Supported form(s): '<EXACT_NUMERIC> % <EXACT_NUMERIC>'", "%",
          real(5), num(2));
    GIVES("!Cannot apply '+' to arguments of type '<INTEGER> + <CHAR(1)>'", "+", num(1), chars("a"));
    GIVES("!'-<CHAR(1)>'", "-u", chars("a"));
}

static void decimals_follow_their_digits(void **state) {
    (void)state;
    GIVES_TYPED("15.840", "DECIMAL(12, 3) NOT NULL", "+", dec("12.34", 10, 2), dec("3.5", 7, 3));
    GIVES_TYPED("13.34", "DECIMAL(13, 2) NOT NULL", "+", dec("12.34", 10, 2), num(1));
    GIVES_TYPED("43.19000", "DECIMAL(18, 5) NOT NULL", "*", dec("12.34", 10, 2), dec("3.5", 7, 3));
    GIVES_TYPED("0.333333", "DECIMAL(17, 6) NOT NULL", "/", num(1), dec("3.0", 2, 1));
    GIVES_TYPED("-1.77", "DECIMAL(8, 2) NOT NULL", "%", dec("-7.77", 8, 2), num(3));
    GIVES("!Division by zero", "%", dec("5.0", 2, 1), num(0));
    GIVES("99", "-u", dec("-99", 2, 0));
    GIVES("NULL", "*", dec("99999999999999999999999999999999999999", 38, 0), dec("99999999999999999999", 20, 0));
    GIVES("NULL", "+", dec("99999999999999999999999999999999999999", 38, 0), dec("1", 38, 0));
}

static void dates_and_intervals(void **state) {
    (void)state;
    const int64_t hour = 3600000, day = 24 * hour;
    GIVES_TYPED("2020-01-02", "DATE NOT NULL", "+", date("2020-01-01"), span_ms(25 * hour));
    GIVES("2020-02-29", "+", date("2020-01-31"), span_months(1));
    GIVES("2020-01-01", "-", date("2020-01-01"), span_ms(hour));
    GIVES("2020-01-02", "+", span_ms(day), date("2020-01-01"));
    GIVES("01:00:00", "+", clock_time("23:00:00", 0), span_ms(2 * hour));
    GIVES("23:00:00", "-", clock_time("01:00:00", 0), span_ms(2 * hour));
    GIVES("10:00:00", "+", clock_time("10:00:00", 0), span_months(1));
    GIVES_TYPED("2020-02-29 00:00:00.123456789", "TIMESTAMP(9) NOT NULL", "+", stamp("2020-01-31 00:00:00.123456789", 9), span_months(1));
    GIVES_TYPED("2019-12-31 23:59:59", "TIMESTAMP(0) NOT NULL", "-", stamp("2020-01-01 00:00:00", 0), span_ms(1000));
    GIVES("1969-12-31 23:00:00.000", "-", stamp("1970-01-31 23:00:00", 3), span_months(1));
    GIVES("+1 02:00:00.000", "+", span_ms(day), span_ms(2 * hour));
    GIVES("+3 00:00:00.000", "*", num(3), span_ms(day));
    GIVES("+0-03", "*", span_months(1), tiny(3));
    GIVES("-1 00:00:00.000", "-u", span_ms(day));
    GIVES("!<INTERVAL MONTH> + <INTERVAL SECOND>", "+", span_months(1), span_ms(1));
    GIVES("!Cannot apply '-'", "-", span_ms(1), date("2020-01-01"));
    GIVES("!Cannot apply '-'", "-", stamp("2020-01-01 00:00:00", 3), stamp("2020-01-01 00:00:00", 3));
    GIVES("+0-01", "DATETIME_DIFFERENCE", stamp("2020-03-31 10:00:00", 0), stamp("2020-02-29 11:00:00", 0), word("MONTH"));
    GIVES("-0-02", "DATETIME_DIFFERENCE", stamp("2020-02-29 10:00:00", 0), stamp("2020-03-31 11:00:00", 0), word("MONTH"));
    GIVES("+1-01", "DATETIME_DIFFERENCE", stamp("2021-03-31 10:00:00", 0), stamp("2020-02-29 11:00:00", 0), word("YEAR"));
    GIVES("+61 00:00:00.000", "DATETIME_DIFFERENCE", date("2020-03-02"), date("2020-01-01"), word("DAY"));
    GIVES("+0 01:30:00.000", "DATETIME_DIFFERENCE", clock_time("10:00:00", 0), clock_time("08:30:00", 0), word("HOUR"));
    GIVES("!same type", "DATETIME_DIFFERENCE", stamp("2020-03-31 10:00:00", 0), date("2020-01-01"), word("DAY"));
}

static void comparisons(void **state) {
    (void)state;
    GIVES_TYPED("TRUE", "BOOLEAN NOT NULL", "=", num(5), big(5));
    GIVES("TRUE", "<", num(5), dec("5.1", 3, 1));
    GIVES("TRUE", "=", dec("1.10", 4, 2), dec("1.1", 3, 1));
    GIVES("FALSE", ">", dec("-1.10", 4, 2), dec("1.1", 3, 1));
    GIVES("FALSE", "=", real(__builtin_nan("")), real(__builtin_nan("")));
    GIVES("TRUE", "<>", real(__builtin_nan("")), real(__builtin_nan("")));
    GIVES("TRUE", "=", real(0.0), real(-0.0));
    GIVES("TRUE", "<", text("ab"), text("abc"));
    GIVES("TRUE", ">", text("a long text, second"), text("a long text, first"));
    GIVES("FALSE", "=", text("ab "), text("ab"));
    GIVES("TRUE", ">", truth(true), truth(false));
    GIVES("TRUE", "=", date("2024-02-29"), text("2024-02-29"));
    GIVES("!For input string: 'garbage'", "=", date("2024-02-29"), text("garbage"));
    GIVES("TRUE", "=", stamp("2020-01-01 00:00:00", 9), stamp("2020-01-01 00:00:00", 3));
    GIVES("!implicit type conversion between CHAR and INTEGER is not supported now", "=", chars("a"), num(1));
    GIVES("!Cannot apply '>' to arguments of type '<DATE> > <INTEGER>'. Supported form(s): '<COMPARABLE_TYPE> > <COMPARABLE_TYPE>'", ">",
          date("2020-01-01"), num(5));
    GIVES("NULL", "=", num(1), null(WEIR_KIND_NULL));
    GIVES("NULL", "=", null(WEIR_KIND_NULL), null(WEIR_KIND_NULL));
    GIVES("FALSE", "IS DISTINCT FROM", null(WEIR_KIND_INT), null(WEIR_KIND_INT));
    GIVES("TRUE", "IS DISTINCT FROM", null(WEIR_KIND_INT), num(1));
    GIVES("TRUE", "IS NOT DISTINCT FROM", num(1), num(1));
    GIVES("TRUE", "=", list_of((weir_value[]){num(1), num(2)}, 2), list_of((weir_value[]){big(1), big(2)}, 2));
    GIVES("NULL", "=", row_of((weir_value[]){num(1), null(WEIR_KIND_INT)}, 2), row_of((weir_value[]){num(1), null(WEIR_KIND_INT)}, 2));
    GIVES("FALSE", "=", row_of((weir_value[]){num(1), null(WEIR_KIND_INT)}, 2), row_of((weir_value[]){num(2), null(WEIR_KIND_INT)}, 2));
    GIVES("TRUE", "IS NULL", null(WEIR_KIND_INT));
    GIVES("FALSE", "IS NOT NULL", null(WEIR_KIND_INT));
    GIVES("FALSE", "IS TRUE", null(WEIR_KIND_BOOLEAN));
    GIVES("TRUE", "IS NOT FALSE", null(WEIR_KIND_BOOLEAN));
    GIVES("TRUE", "IS NOT TRUE", truth(false));
    GIVES("TRUE", "IS FALSE", truth(false));
    GIVES("TRUE", "IS UNKNOWN", null(WEIR_KIND_BOOLEAN));
    GIVES("!Cannot apply 'IS TRUE' to arguments of type '<INTEGER> IS TRUE'", "IS TRUE", num(1));
}

static void logic(void **state) {
    (void)state;
    GIVES("FALSE", "NOT", truth(true));
    GIVES("!Cannot apply 'NOT' to arguments of type 'NOT<INTEGER>'", "NOT", num(1));
    GIVES_TYPED("1", "INT", "NULLIF", num(1), dec("1.5", 2, 1));
    GIVES_TYPED("NULL", "INT", "NULLIF", num(1), num(1));
    GIVES("NULL", "NULLIF", num(1), dec("1.0", 2, 1));
    GIVES("a", "NULLIF", chars("a"), text("b"));
    GIVES("1", "NULLIF", num(1), null(WEIR_KIND_INT));
    GIVES("!implicit type conversion", "NULLIF", num(1), chars("b"));
    GIVES_TYPED("2.5", "DECIMAL(11, 1) NOT NULL", "IFNULL", null(WEIR_KIND_INT), dec("2.5", 2, 1));
    GIVES_TYPED("ab", "CHAR(2) NOT NULL", "IFNULL", chars("ab"), chars("a"));
    GIVES_TYPED("1", "BIGINT NOT NULL", "IFNULL", num(1), big(2));
    GIVES("!Invalid", "IFNULL", num(1), chars("a"));
}

static void forms_are_typed(const char *name, const char *expected, const weir_value *values, uint32_t count) {
    weir_argument given[8];
    const weir_type *wanted[8];
    for (uint32_t i = 0; i < count; i++) {
        given[i] = (weir_argument){values[i].type, &values[i]};
        wanted[i] = values[i].type;
    }
    weir_signature signature = {.arena = &check_arena,
                                .function = weir_function_find(weir_text_of(name), true),
                                .count = count,
                                .arguments = given,
                                .wanted = wanted};
    weir_error error = {0};
    weir_builder shown;
    weir_builder_init(&shown, &check_memory, 4096);
    if (signature.function->infer(&signature, &error) == WEIR_OK)
        weir_type_print(signature.result, &shown);
    else
        weir_builder_format(&shown, "!%s", error.message);
    bool same = strstr(shown.data, expected) != NULL;
    if (!same)
        print_error("%s is %s, not %s\n", name, shown.data, expected);
    weir_builder_deinit(&shown);
    assert_true(same);
}

static void form_types(void **state) {
    (void)state;
    forms_are_typed("CASE", "DECIMAL(11, 1) NOT NULL", ARGUMENTS(truth(true), num(1), dec("2.5", 2, 1)));
    forms_are_typed("CASE", "INT", ARGUMENTS(truth(true), null(WEIR_KIND_NULL), num(1)));
    forms_are_typed("CASE", "FLOAT NOT NULL", ARGUMENTS(truth(true), single(1), real(1)));
    forms_are_typed("CASE", "!Illegal mixing of types", ARGUMENTS(truth(true), num(1), chars("a")));
    forms_are_typed("CASE", "must be non-NULL", ARGUMENTS(truth(true), null(WEIR_KIND_NULL), null(WEIR_KIND_NULL)));
    forms_are_typed("CASE", "!Expected a boolean", ARGUMENTS(num(1), num(1), num(1)));
    forms_are_typed("COALESCE", "DOUBLE NOT NULL", ARGUMENTS(null(WEIR_KIND_FLOAT), real(2)));
    forms_are_typed("COALESCE", "VARCHAR(3) NOT NULL", ARGUMENTS(chars("a"), chars("abc")));
    forms_are_typed("COALESCE", "!Illegal use of 'NULL'", ARGUMENTS(null(WEIR_KIND_NULL), null(WEIR_KIND_NULL)));
    forms_are_typed("IF", "VARCHAR(3)", ARGUMENTS(null(WEIR_KIND_BOOLEAN), chars("yes"), chars("n")));
    forms_are_typed("IF", "!Cannot apply 'IF'", ARGUMENTS(truth(true), num(1), chars("n")));
    forms_are_typed("IF", "TIMESTAMP(0) NOT NULL",
                    ARGUMENTS(truth(true), stamp("2020-01-01 00:00:00", 0), stamp("2020-01-01 00:00:00", 3)));
    forms_are_typed("AND", "'<BOOLEAN> AND <INTEGER>'", ARGUMENTS(truth(true), num(1)));
}

static void names(void **state) {
    (void)state;
    assert_non_null(weir_function_find(WEIR_TEXT("coalesce"), false));
    assert_null(weir_function_find(WEIR_TEXT("cast"), false));
    assert_non_null(weir_function_find(WEIR_TEXT("cast"), true));
    assert_null(weir_function_find(WEIR_TEXT("nothing_of_the_sort"), true));
    assert_string_equal(weir_function_nearest(WEIR_TEXT("COALESE"))->name, "COALESCE");
    for (size_t family = 0; weir_function_family(family) != NULL; family++) {
        for (const weir_function *function = weir_function_family(family); function->name != NULL; function++) {
            assert_non_null(function->infer);
            assert_true((function->flags & WEIR_FUNCTION_FORM) || function->bind != NULL);
            if (!(function->flags & WEIR_FUNCTION_HIDDEN)) {
                assert_non_null(function->usage);
                assert_non_null(function->summary);
            }
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers_keep_their_width),
        cmocka_unit_test(floats_meet_in_the_first),
        cmocka_unit_test(decimals_follow_their_digits),
        cmocka_unit_test(dates_and_intervals),
        cmocka_unit_test(comparisons),
        cmocka_unit_test(logic),
        cmocka_unit_test(form_types),
        cmocka_unit_test(names),
    };
    return cmocka_run_group_tests(tests, check_setup, check_teardown);
}
