/* Numbers, digests and the questions about values, with the answers of real Flink 2.3. */
#include <math.h>

#include "func_check.h"

static void is_alpha_to_hash_code(void **state) {
    (void)state;
    GIVES_TYPED("TRUE", "BOOLEAN NOT NULL", "IS_ALPHA", chars("abc"));
    GIVES_TYPED("FALSE", "BOOLEAN NOT NULL", "IS_ALPHA", chars("a1"));
    GIVES_TYPED("FALSE", "BOOLEAN NOT NULL", "IS_ALPHA", chars(""));
    GIVES_TYPED("TRUE", "BOOLEAN NOT NULL", "IS_ALPHA", chars("é"));
    GIVES_TYPED("FALSE", "BOOLEAN NOT NULL", "IS_ALPHA", num(5));
    GIVES_TYPED("FALSE", "BOOLEAN NOT NULL", "IS_ALPHA", null_text());
    GIVES_TYPED("TRUE", "BOOLEAN NOT NULL", "IS_DIGIT", chars("12"));
    GIVES_TYPED("FALSE", "BOOLEAN NOT NULL", "IS_DIGIT", chars("1.2"));
    GIVES_TYPED("TRUE", "BOOLEAN NOT NULL", "IS_DIGIT", num(5));
    GIVES_TYPED("FALSE", "BOOLEAN NOT NULL", "IS_DIGIT", dec("5.5", 2, 1));
    GIVES_TYPED("TRUE", "BOOLEAN NOT NULL", "IS_DIGIT", chars("٣"));
    GIVES_TYPED("FALSE", "BOOLEAN NOT NULL", "IS_DIGIT", null_text());
    GIVES_TYPED("TRUE", "BOOLEAN NOT NULL", "IS_DECIMAL", chars("1.5"));
    GIVES_TYPED("TRUE", "BOOLEAN NOT NULL", "IS_DECIMAL", chars("-1e5"));
    GIVES_TYPED("TRUE", "BOOLEAN NOT NULL", "IS_DECIMAL", chars(" 5 "));
    GIVES_TYPED("FALSE", "BOOLEAN NOT NULL", "IS_DECIMAL", chars("x"));
    GIVES_TYPED("TRUE", "BOOLEAN NOT NULL", "IS_DECIMAL", num(5));
    GIVES_TYPED("FALSE", "BOOLEAN NOT NULL", "IS_DECIMAL", dec("5.5", 2, 1));
    GIVES_TYPED("TRUE", "BOOLEAN NOT NULL", "IS_DECIMAL", chars("NaN"));
    GIVES_TYPED("TRUE", "BOOLEAN NOT NULL", "IS_DECIMAL", chars("1f"));
    GIVES_TYPED("FALSE", "BOOLEAN NOT NULL", "IS_DECIMAL", null_text());
    GIVES_TYPED("TRUE", "BOOLEAN NOT NULL", "IS_DECIMAL", null(WEIR_KIND_INT));
    GIVES_TYPED("0cc175b9c0f1b6a831c399e269772661", "CHAR(32) NOT NULL", "MD5", chars("a"));
    GIVES_TYPED("0cc175b9c0f1b6a831c399e269772661", "CHAR(32) NOT NULL", "MD5", bytes("\x61", 1));
    GIVES_TYPED("abd37534c7d9a2efb9465de931cd7055ffdb8879563ae98078d6d6d5", "VARCHAR(128) NOT NULL", "SHA2", chars("a"), num(224));
    GIVES("!", "SHA2", chars("a"), num(300));
    GIVES("!", "SHA2", chars("a"), num(0));
    GIVES_TYPED("NULL", "VARCHAR(128)", "SHA2", chars("a"), null(WEIR_KIND_INT));
    GIVES_TYPED("54a59b9f22b0b80880d8427e548b7c23abd873486e1f035dce9cd697e85175033caa88e6d57bc35efae0b5afd3145f31", "VARCHAR(128) NOT NULL",
                "SHA2", chars("a"), num(384));
    GIVES_TYPED("96354", "INT NOT NULL", "HASH_CODE", chars("abc"));
    GIVES_TYPED("5", "INT NOT NULL", "HASH_CODE", num(5));
    GIVES_TYPED("1231", "INT NOT NULL", "HASH_CODE", truth(true));
    GIVES_TYPED("822365570", "INT NOT NULL", "HASH_CODE", chars("a negative hash maybe zzzz"));
    GIVES_TYPED("466", "INT NOT NULL", "HASH_CODE", dec("1.5", 2, 1));
    GIVES_TYPED("1073217536", "INT NOT NULL", "HASH_CODE", real(1.5e0));
    GIVES_TYPED("705032705", "INT NOT NULL", "HASH_CODE", big(5000000000));
    GIVES_TYPED("18262", "INT NOT NULL", "HASH_CODE", date("2020-01-01"));
    GIVES_TYPED("1853244529", "INT NOT NULL", "HASH_CODE", stamp("2020-01-01 00:00:00", 0));
    GIVES_TYPED("NULL", "INT", "HASH_CODE", null_text());
    GIVES_TYPED("1069547520", "INT NOT NULL", "HASH_CODE", single(1.5));
    GIVES_TYPED("36000000", "INT NOT NULL", "HASH_CODE", clock_time("10:00:00", 0));
    GIVES_TYPED("1237", "INT NOT NULL", "HASH_CODE", truth(false));
}

static void abs_to_truncate(void **state) {
    (void)state;
    GIVES_TYPED("5", "INT NOT NULL", "ABS", num(-5));
    GIVES_TYPED("2.5", "DECIMAL(2, 1) NOT NULL", "ABS", dec("-2.5", 2, 1));
    GIVES_TYPED("2.5", "DOUBLE NOT NULL", "ABS", real(-2.5e0));
    GIVES_TYPED("5", "TINYINT NOT NULL", "ABS", tiny(-5));
    GIVES_TYPED("3", "DECIMAL(2, 0) NOT NULL", "CEIL", dec("2.5", 2, 1));
    GIVES_TYPED("5", "INT NOT NULL", "CEIL", num(5));
    GIVES_TYPED("3.0", "DOUBLE NOT NULL", "CEIL", real(2.5e0));
    GIVES_TYPED("3.0", "FLOAT NOT NULL", "CEIL", single(2.5));
    GIVES_TYPED("3", "DECIMAL(2, 0) NOT NULL", "CEILING", dec("2.5", 2, 1));
    GIVES_TYPED("-3", "DECIMAL(2, 0) NOT NULL", "FLOOR", dec("-2.5", 2, 1));
    GIVES_TYPED("5", "INT NOT NULL", "FLOOR", num(5));
    GIVES_TYPED("5", "INT NOT NULL", "ROUND", num(5));
    GIVES_TYPED("20", "INT NOT NULL", "ROUND", num(15), num(-1));
    GIVES_TYPED("-126", "TINYINT NOT NULL", "ROUND", tiny(125), num(-1));
    GIVES_TYPED("3", "DECIMAL(2, 0) NOT NULL", "ROUND", dec("2.5", 2, 1));
    GIVES_TYPED("2.57", "DECIMAL(4, 2) NOT NULL", "ROUND", dec("2.567", 4, 3), num(2));
    GIVES_TYPED("2.567", "DECIMAL(4, 3) NOT NULL", "ROUND", dec("2.567", 4, 3), num(5));
    GIVES_TYPED("0", "DECIMAL(2, 0) NOT NULL", "ROUND", dec("2.567", 4, 3), num(-1));
    GIVES_TYPED("3.0", "DOUBLE NOT NULL", "ROUND", real(2.5e0));
    GIVES_TYPED("2.57", "FLOAT NOT NULL", "ROUND", single(2.567), num(2));
    GIVES_TYPED("2.57", "DOUBLE NOT NULL", "ROUND", real(2.567e0), num(2));
    GIVES_TYPED("1235000.0", "DOUBLE NOT NULL", "ROUND", real(1234567.5e0), num(-3));
    GIVES("!", "ROUND", real(NAN), num(2));
    GIVES("!", "ROUND", real(INFINITY));
    GIVES_TYPED("100.0", "DECIMAL(4, 1) NOT NULL", "ROUND", dec("99.99", 4, 2), num(1));
    GIVES_TYPED("2.6", "DECIMAL(37, 1) NOT NULL", "ROUND", dec("2.567", 38, 3), num(1));
    GIVES_TYPED("NULL", "DECIMAL(4, 3)", "ROUND", dec("2.567", 4, 3), null(WEIR_KIND_INT));
    GIVES_TYPED("2.56", "DECIMAL(4, 2) NOT NULL", "TRUNCATE", dec("2.567", 4, 3), num(2));
    GIVES_TYPED("2", "DECIMAL(2, 0) NOT NULL", "TRUNCATE", dec("2.567", 4, 3));
    GIVES_TYPED("5", "INT NOT NULL", "TRUNCATE", num(5));
    GIVES_TYPED("10", "INT NOT NULL", "TRUNCATE", num(15), num(-1));
    GIVES_TYPED("2.56", "DOUBLE NOT NULL", "TRUNCATE", real(2.567e0), num(2));
    GIVES_TYPED("-2.0", "DOUBLE NOT NULL", "TRUNCATE", real(-2.567e0));
    GIVES_TYPED("2.56", "FLOAT NOT NULL", "TRUNCATE", single(2.567), num(2));
    GIVES_TYPED("1.0", "DOUBLE NOT NULL", "TRUNCATE", real(1.005e0), num(2));
    GIVES("!", "TRUNCATE", real(1e30), num(2));
    GIVES_TYPED("2.567", "DECIMAL(4, 3) NOT NULL", "TRUNCATE", dec("2.567", 4, 3), num(5));
}

static void mod_to_greatest(void **state) {
    (void)state;
    GIVES_TYPED("1", "INT NOT NULL", "MOD", num(7), num(2));
    GIVES_TYPED("-1.5", "DECIMAL(2, 1) NOT NULL", "MOD", dec("-7.5", 2, 1), num(2));
    GIVES_TYPED("1.4142135623730951", "DOUBLE NOT NULL", "POWER", num(2), dec("0.5", 2, 1));
    GIVES_TYPED("2.0", "DOUBLE NOT NULL", "SQRT", num(4));
    GIVES_TYPED("1.5", "DOUBLE NOT NULL", "SQRT", dec("2.25", 3, 2));
    GIVES_TYPED("2.302585092994046", "DOUBLE NOT NULL", "LN", num(10));
    GIVES_TYPED("NaN", "DOUBLE NOT NULL", "LN", num(-1));
    GIVES_TYPED("2.302585092994046", "DOUBLE NOT NULL", "LOG", num(10));
    GIVES_TYPED("3.0", "DOUBLE NOT NULL", "LOG", num(2), num(8));
    GIVES_TYPED("Infinity", "DOUBLE NOT NULL", "LOG", num(1), num(8));
    GIVES_TYPED("-Infinity", "DOUBLE NOT NULL", "LOG", num(0));
    GIVES_TYPED("3.0", "DOUBLE NOT NULL", "LOG2", num(8));
    GIVES_TYPED("3.0", "DOUBLE NOT NULL", "LOG10", num(1000));
    GIVES_TYPED("2.718281828459045", "DOUBLE NOT NULL", "EXP", num(1));
    GIVES_TYPED("0.8414709848078965", "DOUBLE NOT NULL", "SIN", num(1));
    GIVES_TYPED("Infinity", "DOUBLE NOT NULL", "COT", num(0));
    GIVES_TYPED("0.07091484430265245", "DOUBLE NOT NULL", "COT", dec("1.5", 2, 1));
    GIVES_TYPED("0.5235987755982989", "DOUBLE NOT NULL", "ASIN", dec("0.5", 2, 1));
    GIVES_TYPED("0.4636476090008061", "DOUBLE NOT NULL", "ATAN2", num(1), num(2));
    GIVES_TYPED("179.9998479605043", "DOUBLE NOT NULL", "DEGREES", dec("3.14159", 6, 5));
    GIVES_TYPED("3.141592653589793", "DOUBLE NOT NULL", "RADIANS", num(180));
    GIVES_TYPED("-1", "INT NOT NULL", "SIGN", num(-5));
    GIVES_TYPED("-1.0", "DOUBLE NOT NULL", "SIGN", real(-5.5e0));
    GIVES_TYPED("NaN", "DOUBLE NOT NULL", "SIGN", real(NAN));
    GIVES_TYPED("-1.0", "DECIMAL(2, 1) NOT NULL", "SIGN", dec("-2.5", 2, 1));
    GIVES_TYPED("1.0", "DECIMAL(11, 1) NOT NULL", "LEAST", num(1), dec("2.5", 2, 1));
    GIVES_TYPED("a", "CHAR(1) NOT NULL", "LEAST", chars("b"), chars("a"), chars("c"));
    GIVES_TYPED("1.0", "DOUBLE NOT NULL", "LEAST", real(NAN), real(1e0));
    GIVES_TYPED("NULL", "INT", "GREATEST", num(1), null(WEIR_KIND_INT));
    GIVES_TYPED("2020-01-01 00:00:00.123", "TIMESTAMP(3) NOT NULL", "GREATEST", stamp("2020-01-01 00:00:00", 0),
                stamp("2020-01-01 00:00:00.123", 3));
    GIVES_TYPED("3", "BIGINT NOT NULL", "GREATEST", num(1), num(2), big(3));
    GIVES_TYPED("NaN", "DOUBLE NOT NULL", "GREATEST", real(NAN), real(1e0));
    GIVES_TYPED("2.0", "DOUBLE NOT NULL", "GREATEST", num(1), real(2e0));
}

static void typeof_to_tanh(void **state) {
    (void)state;
    GIVES_TYPED("INT NOT NULL", "VARCHAR(2147483647)", "TYPEOF", num(1));
    GIVES_TYPED("CHAR(1) NOT NULL", "VARCHAR(2147483647)", "TYPEOF", chars("a"));
    GIVES_TYPED("DECIMAL(2, 1) NOT NULL", "VARCHAR(2147483647)", "TYPEOF", dec("1.5", 2, 1));
    GIVES_TYPED("INT", "VARCHAR(2147483647)", "TYPEOF", null(WEIR_KIND_INT));
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "TYPEOF", null(WEIR_KIND_NULL));
    GIVES_TYPED("INT NOT NULL", "VARCHAR(2147483647)", "TYPEOF", num(1), truth(true));
    GIVES_TYPED("CHAR(1) NOT NULL", "VARCHAR(2147483647)", "TYPEOF", chars("a"), truth(true));
    GIVES_TYPED("STRING NOT NULL", "VARCHAR(2147483647)", "TYPEOF", text("a"));
    GIVES_TYPED("VARCHAR(2147483647) NOT NULL", "VARCHAR(2147483647)", "TYPEOF", text("a"), truth(true));
    GIVES_TYPED("INT NOT NULL", "VARCHAR(2147483647)", "TYPEOF", num(1), truth(false));
    GIVES_TYPED("TIMESTAMP(0) NOT NULL", "VARCHAR(2147483647)", "TYPEOF", stamp("2020-01-01 00:00:00", 0));
    GIVES_TYPED("1.1752011936438014", "DOUBLE NOT NULL", "SINH", num(1));
    GIVES_TYPED("2.352409615243247", "DOUBLE NOT NULL", "COSH", dec("1.5", 2, 1));
    GIVES_TYPED("0.7615941559557649", "DOUBLE NOT NULL", "TANH", num(1));
}

static void chance(void **state) {
    (void)state;
    checked done = evaluate("RAND", ARGUMENTS(num(5)));
    assert_true(WEIR_VALUES(done.column, double)[0] > 0.730519863614470 &&
                WEIR_VALUES(done.column, double)[0] < 0.730519863614472); /* java.util.Random */
    weir_column_unref(done.column);
    done = evaluate("RAND_INTEGER", ARGUMENTS(num(5), num(10)));
    assert_int_equal(WEIR_VALUES(done.column, int32_t)[0], 7);
    weir_column_unref(done.column);
    done = evaluate("UUID", NULL, 0);
    weir_text first = weir_column_text(done.column, 0), second = weir_column_text(done.column, 1);
    assert_true(first.size == 36 && first.data[14] == '4' && first.data[8] == '-');
    assert_false(weir_text_equal(first, second));
    weir_column_unref(done.column);
    GIVES("!bound must be positive", "RAND_INTEGER", num(0));
}

static void edges(void **state) {
    (void)state;
    GIVES("-2147483648", "ABS", num(INT32_MIN));
    GIVES("-128", "ABS", tiny(-128));
    GIVES("Infinity", "SQRT", real(-INFINITY));
    GIVES("NaN", "POWER", real(1), real(NAN));
    GIVES("1.0", "POWER", real(0), real(0));
    GIVES("-0.0", "CEIL", real(-0.5));
    GIVES("2.68", "ROUND", real(2.675), num(2));
    GIVES("1.0E25", "ROUND", real(1e25), num(2));
    GIVES("0.0", "ROUND", real(1234.5), num(-7));
    GIVES("1.0E30", "ROUND", real(1.2e30), num(-30));
    GIVES("0.1", "ROUND", real(0.1), num(30));
    GIVES("100000000.000", "ROUND", dec("99999999.9999", 12, 4), num(3));
    GIVES("9223372036854775800", "TRUNCATE", big(INT64_MAX), num(-2));
    GIVES("0", "ROUND", big(INT64_MAX), num(-40));
    GIVES("NaN", "GREATEST", real(1), real(NAN));
    GIVES("1.0", "LEAST", real(1), real(NAN));
    GIVES("NULL", "GREATEST", num(1), null(WEIR_KIND_INT));
    GIVES("default_database", "CONCAT", text("default"), text("_"), text("database"));
    GIVES("!Cannot apply 'ABS' to arguments of type 'ABS(<CHAR(1)>)'", "ABS", chars("a"));
    GIVES("!Invalid number of arguments to function 'UPPER'. Was expecting 1 arguments", "UPPER", chars("a"), num(2));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_alpha_to_hash_code), cmocka_unit_test(abs_to_truncate), cmocka_unit_test(mod_to_greatest),
        cmocka_unit_test(typeof_to_tanh),        cmocka_unit_test(chance),          cmocka_unit_test(edges),
    };
    return cmocka_run_group_tests(tests, check_setup, check_teardown);
}
