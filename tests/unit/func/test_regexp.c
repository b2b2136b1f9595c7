/* LIKE, SIMILAR TO and regular expressions in Java's syntax, with the answers of real Flink 2.3. */
#include <math.h>

#include "func_check.h"

static void str_to_map_to_regexp_instr(void **state) {
    (void)state;
    GIVES_TYPED("{a=1, b=2}", "MAP<VARCHAR(2147483647), VARCHAR(2147483647)>", "STR_TO_MAP", chars("a=1,b=2"));
    GIVES_TYPED("{a=1, b=2}", "MAP<VARCHAR(2147483647), VARCHAR(2147483647)>", "STR_TO_MAP", chars("a:1;b:2"), chars(";"), chars(":"));
    GIVES_TYPED("{=NULL, a=1, b=NULL}", "MAP<VARCHAR(2147483647), VARCHAR(2147483647)>", "STR_TO_MAP", chars("a=1,,b"));
    GIVES_TYPED("{}", "MAP<VARCHAR(2147483647), VARCHAR(2147483647)>", "STR_TO_MAP", chars(""));
    GIVES_TYPED("{|=NULL, a=NULL, b=NULL}", "MAP<VARCHAR(2147483647), VARCHAR(2147483647)>", "STR_TO_MAP", chars("a|b"), chars("|"),
                chars("="));
    GIVES_TYPED("{a=, ==, 1=}", "MAP<VARCHAR(2147483647), VARCHAR(2147483647)>", "STR_TO_MAP", chars("a=1"), chars(""), chars(""));
    GIVES_TYPED("{zz=4, aa=5, a=2, b=1, c=3, k1=6, k2=7}", "MAP<VARCHAR(2147483647), VARCHAR(2147483647)>", "STR_TO_MAP",
                chars("b=1,a=2,c=3,zz=4,aa=5,k1=6,k2=7"));
    GIVES_TYPED("{a=1=2, b=NULL}", "MAP<VARCHAR(2147483647), VARCHAR(2147483647)>", "STR_TO_MAP", chars("a=1=2,b"));
    GIVES_TYPED("{a=1, b=2}", "MAP<VARCHAR(2147483647), VARCHAR(2147483647)>", "STR_TO_MAP", chars("a=1,b=2,,"));
    GIVES_TYPED("{a=1, b=2}", "MAP<VARCHAR(2147483647), VARCHAR(2147483647)>", "STR_TO_MAP", chars("a.1,b.2"), chars(","), chars("\\."));
    GIVES_TYPED("{=.2}", "MAP<VARCHAR(2147483647), VARCHAR(2147483647)>", "STR_TO_MAP", chars("a.1,b.2"), chars(","), chars("."));
    GIVES_TYPED("{a=NULL, b=NULL}", "MAP<VARCHAR(2147483647), VARCHAR(2147483647)>", "STR_TO_MAP", chars("a1b"), chars("[0-9]"),
                chars("="));
    GIVES_TYPED("[12, 34]", "ARRAY<VARCHAR(2147483647)>", "REGEXP_EXTRACT_ALL", chars("Ab12Cd34"), chars("[0-9]+"), num(0));
    GIVES_TYPED("[NULL, NULL, NULL]", "ARRAY<VARCHAR(2147483647)>", "REGEXP_EXTRACT_ALL", chars("ab"), chars("(x)?"), num(1));
    GIVES_TYPED("[, , , ]", "ARRAY<VARCHAR(2147483647)>", "REGEXP_EXTRACT_ALL", chars("abc"), chars(""), num(0));
    GIVES_TYPED("NULL", "ARRAY<VARCHAR(2147483647)>", "REGEXP_EXTRACT_ALL", chars("Ab12Cd34"), chars("[0-9]+"));
    GIVES_TYPED("[b, d]", "ARRAY<VARCHAR(2147483647)>", "REGEXP_EXTRACT_ALL", chars("Ab12Cd34"), chars("([A-Z])([a-z])"), num(2));
    GIVES_TYPED("[A, C]", "ARRAY<VARCHAR(2147483647)>", "REGEXP_EXTRACT_ALL", chars("Ab12Cd34"), chars("([A-Z])([a-z])"));
    GIVES_TYPED("[Ab, Cd]", "ARRAY<VARCHAR(2147483647)>", "REGEXP_EXTRACT_ALL", chars("Ab12Cd34"), chars("([A-Z])([a-z])"), num(0));
    GIVES_TYPED("NULL", "ARRAY<VARCHAR(2147483647)>", "REGEXP_EXTRACT_ALL", chars("Ab12Cd34"), chars("([A-Z])([a-z])"), num(3));
    GIVES_TYPED("NULL", "ARRAY<VARCHAR(2147483647)>", "REGEXP_EXTRACT_ALL", chars("Ab12Cd34"), chars("([A-Z])([a-z])"), num(-1));
    GIVES_TYPED("NULL", "ARRAY<VARCHAR(2147483647)>", "REGEXP_EXTRACT_ALL", chars("abc"), chars("("));
    GIVES_TYPED("NULL", "ARRAY<VARCHAR(2147483647)>", "REGEXP_EXTRACT_ALL", chars("abc"), chars("x"));
    GIVES_TYPED("1", "INT", "REGEXP_COUNT", chars("aaa"), chars("aa"));
    GIVES_TYPED("2", "INT", "REGEXP_COUNT", chars("abcabc"), chars("b"));
    GIVES_TYPED("4", "INT", "REGEXP_COUNT", chars("abc"), chars(""));
    GIVES_TYPED("NULL", "INT", "REGEXP_COUNT", chars("abc"), chars("("));
    GIVES_TYPED("4", "INT", "REGEXP_INSTR", chars("a😀b"), chars("b"));
    GIVES_TYPED("3", "INT", "REGEXP_INSTR", chars("abcabc"), chars("c"));
    GIVES_TYPED("3", "INT", "REGEXP_INSTR", chars("äbc"), chars("c"));
    GIVES_TYPED("0", "INT", "REGEXP_INSTR", chars("abc"), chars("x"));
    GIVES_TYPED("NULL", "INT", "REGEXP_INSTR", chars("abc"), chars("("));
}

static void regexp_replace_to_regexp_extract(void **state) {
    (void)state;
    GIVES_TYPED("-----", "VARCHAR(2147483647) NOT NULL", "REGEXP_REPLACE", chars("a.b.c"), chars("."), chars("-"));
    GIVES_TYPED("xx", "VARCHAR(2147483647) NOT NULL", "REGEXP_REPLACE", chars("aaa"), chars("a*"), chars("x"));
    GIVES_TYPED("fb", "VARCHAR(2147483647) NOT NULL", "REGEXP_REPLACE", chars("foobar"), chars("oo|ar"), chars(""));
    GIVES_TYPED("f$1xbar", "VARCHAR(2147483647) NOT NULL", "REGEXP_REPLACE", chars("foobar"), chars("(o+)"), chars("$1x"));
    GIVES("NULL", "REGEXP_REPLACE", chars("foobar"), chars("("), chars("x"));
    GIVES_TYPED("-f-o-o-b-a-r-", "VARCHAR(2147483647) NOT NULL", "REGEXP_REPLACE", chars("foobar"), chars(""), chars("-"));
    GIVES_TYPED("a-b-", "VARCHAR(2147483647) NOT NULL", "REGEXP_REPLACE", chars("aXbX"), chars("(?i)x"), chars("-"));
    GIVES_TYPED("a\\\\b", "VARCHAR(2147483647) NOT NULL", "REGEXP_REPLACE", chars("a b"), chars("\\s+"), chars("\\\\"));
    GIVES_TYPED("1", "VARCHAR(2147483647)", "REGEXP_EXTRACT", chars("x1y22"), chars("([a-z])(\\d+)"), big(2));
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "REGEXP_EXTRACT", chars("foo"), chars("(?P<n>o)"));
    GIVES_TYPED("aa", "VARCHAR(2147483647)", "REGEXP_EXTRACT", chars("aa"), chars("(a)\\1"));
    GIVES_TYPED("ab", "VARCHAR(2147483647)", "REGEXP_EXTRACT", chars("ab"), chars("(?x) a b # c"));
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "REGEXP_EXTRACT", chars("a&b"), chars("[&&]"));
    GIVES_TYPED("abc", "VARCHAR(2147483647)", "REGEXP_EXTRACT", chars("abc"), chars("[a[bc]]+"));
    GIVES_TYPED("a", "VARCHAR(2147483647)", "REGEXP_EXTRACT", chars("abcd"), chars("[a-d&&[^bc]]+"));
    GIVES_TYPED("x", "VARCHAR(2147483647)", "REGEXP_EXTRACT", chars("x-y"), chars("[^-]+"));
    GIVES_TYPED(" ", "VARCHAR(2147483647)", "REGEXP_EXTRACT", chars(" x"), chars("\\h"));
    GIVES_TYPED("2024", "VARCHAR(2147483647)", "REGEXP_EXTRACT", chars("2024-01-02"), chars("(\\d{4})-(\\d{2})"), num(1));
    GIVES_TYPED("X", "VARCHAR(2147483647)", "REGEXP_EXTRACT", chars("aXb"), chars("\\p{Lu}"));
    GIVES_TYPED("X", "VARCHAR(2147483647)", "REGEXP_EXTRACT", chars("aXb"), chars("\\p{javaUpperCase}"));
    GIVES_TYPED("λ", "VARCHAR(2147483647)", "REGEXP_EXTRACT", chars("λ"), chars("\\p{IsGreek}"));
    GIVES_TYPED("λ", "VARCHAR(2147483647)", "REGEXP_EXTRACT", chars("λ"), chars("\\p{InGreek}"));
    GIVES_TYPED("ab", "VARCHAR(2147483647)", "REGEXP_EXTRACT", chars("ab"), chars("\\Aab\\z"));
    GIVES_TYPED("ab", "VARCHAR(2147483647)", "REGEXP_EXTRACT", chars("abcdef"), chars("(?:a|ab)(?=c)"));
    GIVES_TYPED("bar", "VARCHAR(2147483647)", "REGEXP_EXTRACT", chars("foothebar"), chars("foo(.*?)(bar)"), num(2));
    GIVES_TYPED("foothebar", "VARCHAR(2147483647)", "REGEXP_EXTRACT", chars("foothebar"), chars("foo(.*?)(bar)"));
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "REGEXP_EXTRACT", chars("foothebar"), chars("x"), num(0));
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "REGEXP_EXTRACT", chars("foothebar"), chars("foo(.*?)(bar)"), num(5));
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "REGEXP_EXTRACT", chars("foothebar"), chars("foo(x)?"), num(1));
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "REGEXP_EXTRACT", chars("foothebar"), chars("("), num(1));
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "REGEXP_EXTRACT", chars("foothebar"), chars("foo(.*?)(bar)"), num(-1));
    GIVES_TYPED("1", "VARCHAR(2147483647)", "REGEXP_EXTRACT", chars("a1"), chars("\\d"));
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "REGEXP_EXTRACT", chars("é"), chars("\\w"));
    GIVES_TYPED("bc", "VARCHAR(2147483647)", "REGEXP_EXTRACT", chars("abc"), chars("[a-z&&[^a]]+"));
    GIVES_TYPED("aäb", "VARCHAR(2147483647)", "REGEXP_EXTRACT", chars("aäb"), chars("\\p{L}+"));
    GIVES_TYPED("b", "VARCHAR(2147483647)", "REGEXP_EXTRACT", chars("abc"), chars("(?<x>b)"), num(1));
    GIVES_TYPED(".", "VARCHAR(2147483647)", "REGEXP_EXTRACT", chars("a.b"), chars("\\Q.\\E"));
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "REGEXP_EXTRACT", chars("ÄÖ"), chars("(?i)äö"));
    GIVES_TYPED("b", "VARCHAR(2147483647)", "REGEXP_EXTRACT", chars("abc"), chars("\\x62"));
    GIVES_TYPED("b", "VARCHAR(2147483647)", "REGEXP_EXTRACT", chars("abc"), chars("\\u0062"));
    GIVES_TYPED("]", "VARCHAR(2147483647)", "REGEXP_EXTRACT", chars("a]b"), chars("[]]"));
    GIVES_TYPED("a-b", "VARCHAR(2147483647)", "REGEXP_EXTRACT", chars("a-b"), chars("[\\w-]+"));
    GIVES_TYPED("tel", "VARCHAR(2147483647)", "REGEXP_EXTRACT", chars("tel"), chars("\\p{Alpha}+"));
    GIVES_TYPED("el", "VARCHAR(2147483647)", "REGEXP_EXTRACT", chars("Tel"), chars("\\p{Lower}+"));
    GIVES_TYPED("tel", "VARCHAR(2147483647)", "REGEXP_EXTRACT", chars("tel"), chars("\\p{IsAlphabetic}+"));
    GIVES_TYPED("aab", "VARCHAR(2147483647)", "REGEXP_EXTRACT", chars("aab"), chars("a++b"));
    GIVES_TYPED("bar", "VARCHAR(2147483647)", "REGEXP_EXTRACT", chars("foobar"), chars("(?<=foo)bar"));
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "REGEXP_EXTRACT", chars("a{b"), chars("a{"));
}

static void similar_to_to_like(void **state) {
    (void)state;
    GIVES_TYPED("TRUE", "BOOLEAN NOT NULL", "SIMILAR TO", chars("a^b"), chars("a!^b"), chars("!"));
    GIVES("!", "SIMILAR TO", chars("ab"), chars("a!b"), chars("!"));
    GIVES_TYPED("TRUE", "BOOLEAN NOT NULL", "SIMILAR TO", chars("a-b"), chars("[a-z-]+"));
    GIVES("!", "SIMILAR TO", chars("a"), chars("[[:FOO:]]"));
    GIVES("!", "SIMILAR TO", chars("a"), chars("]"));
    GIVES("!", "SIMILAR TO", chars("a"), chars("[a"));
    GIVES_TYPED("FALSE", "BOOLEAN NOT NULL", "SIMILAR TO", chars("ab"), chars(""));
    GIVES_TYPED("TRUE", "BOOLEAN NOT NULL", "SIMILAR TO", chars("abc"), chars("a(b|x)c"));
    GIVES_TYPED("TRUE", "BOOLEAN NOT NULL", "SIMILAR TO", chars("abc"), chars("[a-c]{3}"));
    GIVES_TYPED("TRUE", "BOOLEAN NOT NULL", "SIMILAR TO", chars("abc"), chars("%b%"));
    GIVES_TYPED("TRUE", "BOOLEAN NOT NULL", "SIMILAR TO", chars("a%c"), chars("a!%c"), chars("!"));
    GIVES_TYPED("TRUE", "BOOLEAN NOT NULL", "SIMILAR TO", chars("abc"), chars("a.c"));
    GIVES_TYPED("TRUE", "BOOLEAN NOT NULL", "SIMILAR TO", chars("abc"), chars("[[:ALPHA:]]+"));
    GIVES_TYPED("TRUE", "BOOLEAN NOT NULL", "SIMILAR TO", chars("ab1"), chars("[[:ALNUM:]]+"));
    GIVES_TYPED("TRUE", "BOOLEAN NOT NULL", "SIMILAR TO", chars("abc"), chars("[^x]*"));
    GIVES_TYPED("TRUE", "BOOLEAN NOT NULL", "SIMILAR TO", chars("abc"), chars("a|abc"));
    GIVES_TYPED("TRUE", "BOOLEAN NOT NULL", "SIMILAR TO", chars("abc"), chars("ab?c+"));
    GIVES("!", "SIMILAR TO", chars("abc"), chars("("));
    GIVES_TYPED("FALSE", "BOOLEAN NOT NULL", "SIMILAR TO", chars("a.c"), chars("a\\.c"));
    GIVES_TYPED("FALSE", "BOOLEAN NOT NULL", "SIMILAR TO", chars("a^"), chars("a^"));
    GIVES_TYPED("TRUE", "BOOLEAN NOT NULL", "SIMILAR TO", chars("a$"), chars("a$"));
    GIVES_TYPED("TRUE", "BOOLEAN NOT NULL", "LIKE", chars("a"), chars("a"), chars("%"));
    GIVES_TYPED("TRUE", "BOOLEAN NOT NULL", "LIKE", chars("a_b"), chars("a__b"), chars("_"));
    GIVES("!", "LIKE", chars("a%"), chars("%%%"), chars("%"));
    GIVES_TYPED("TRUE", "BOOLEAN NOT NULL", "LIKE", chars("abc"), chars("a%"));
    GIVES_TYPED("TRUE", "BOOLEAN NOT NULL", "LIKE", chars("abc"), chars("a_c"));
    GIVES("!", "LIKE", chars("abc"), null(WEIR_KIND_NULL));
    GIVES_TYPED("TRUE", "BOOLEAN NOT NULL", "LIKE", chars("a%c"), chars("a!%c"), chars("!"));
    GIVES("!", "LIKE", chars("abc"), chars("a!bc"), chars("!"));
    GIVES("!", "LIKE", chars("abc"), chars("abc!"), chars("!"));
    GIVES("!", "LIKE", chars("abc"), chars("abc"), chars("xx"));
    GIVES_TYPED("TRUE", "BOOLEAN NOT NULL", "LIKE", chars("abc"), chars("abc"), chars(""));
    GIVES_TYPED("TRUE", "BOOLEAN NOT NULL", "LIKE", chars("😀"), chars("_"));
    GIVES_TYPED("FALSE", "BOOLEAN NOT NULL", "LIKE", chars("ab"), chars(""));
    GIVES_TYPED("TRUE", "BOOLEAN NOT NULL", "LIKE", chars(""), chars("%"));
    GIVES("!", "LIKE", num(5), chars("5"));
}

static void regexp_to_regexp_substr(void **state) {
    (void)state;
    GIVES_TYPED("TRUE", "BOOLEAN NOT NULL", "REGEXP", chars("abc"), chars("b"));
    GIVES_TYPED("FALSE", "BOOLEAN NOT NULL", "REGEXP", chars("abc"), chars(""));
    GIVES_TYPED("FALSE", "BOOLEAN NOT NULL", "REGEXP", chars("abc"), chars("("));
    GIVES_TYPED("123", "VARCHAR(2147483647)", "REGEXP_SUBSTR", chars("abc123"), chars("[0-9]+"));
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "REGEXP_SUBSTR", chars("abc"), chars("x"));
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "REGEXP_SUBSTR", chars("abc"), chars("("));
}

static void texts_of_more_lines(void **state) {
    (void)state;
    GIVES("FALSE", "LIKE", text("a\nb"), text("a_b"));
    GIVES("TRUE", "LIKE", text("a\nb"), text("a%b"));
    GIVES("TRUE", "LIKE", text("a text with many pieces in it"), text("%text%piec%in%"));
    GIVES("FALSE", "LIKE", text("a text with many pieces in it"), text("%text%piec%at%"));
    GIVES("TRUE", "LIKE", text("aaaab"), text("%a_b"));
    GIVES("FALSE", "LIKE", text("ab"), text("ab%b"));
    GIVES("FALSE", "REGEXP", text("abc\ndef"), text("^def"));
    GIVES("TRUE", "REGEXP", text("abc\ndef"), text("(?m)^def"));
    GIVES("FALSE", "REGEXP", text("a\nb"), text("a.b"));
    GIVES("TRUE", "REGEXP", text("a\nb"), text("(?s)a.b"));
    GIVES("NULL", "REGEXP_EXTRACT", text("wörter"), text("\\brter"));
    GIVES("Ä", "REGEXP_EXTRACT", text("xÄ"), text("(?iu)ä"));
    GIVES("b", "REGEXP_EXTRACT", text("abc"), text("[^ac[d-f]]"));
    GIVES("x", "REGEXP_EXTRACT", text("a1x"), text("[a-z&&[^a-m]]"));
    GIVES("10", "REGEXP_EXTRACT", text("n=10"), text("(?<==)\\d++"));
    GIVES("!not supported", "REGEXP_EXTRACT", text("aab"), text("(?<=a{1,3})b"));
    GIVES("\x01", "REGEXP_EXTRACT", text("a\001b"), text("\\01"));
    GIVES("!STR_TO_MAP: a delimiter is no regular expression", "STR_TO_MAP", text("a=1"), text("("), text("="));
    GIVES("!Invalid escape character 'ab'", "LIKE", text("a"), text("a"), text("ab"));
}

/* A pattern that changes with every row, many more than the cache holds. */
static void patterns_by_row(void **state) {
    (void)state;
    for (int i = 0; i < 100; i++) {
        char pattern[32];
        snprintf(pattern, sizeof(pattern), "^x%dy", i);
        GIVES(i == 7 ? "TRUE" : "FALSE", "REGEXP", text("x7yz"), text(pattern));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(str_to_map_to_regexp_instr), cmocka_unit_test(regexp_replace_to_regexp_extract),
        cmocka_unit_test(similar_to_to_like),         cmocka_unit_test(regexp_to_regexp_substr),
        cmocka_unit_test(texts_of_more_lines),        cmocka_unit_test(patterns_by_row),
    };
    return cmocka_run_group_tests(tests, check_setup, check_teardown);
}
