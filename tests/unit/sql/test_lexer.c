/* The lexer: kinds, positions, comments, strings, and what is no token. */
#include "sql_test.h"

static void tokens(const char *text, const char *expected) {
    sql_fixture *f = sql_begin(SIZE_MAX);
    weir_sql_dump_tokens(&f->builder, weir_text_of(text));
    assert_string_equal(sql_built(f), expected);
    sql_end(f);
}

static void test_words(void **state) {
    (void)state;
    tokens("select Foo_1 `a``b` é", "1:1 RESERVED select\n1:8 NAME Foo_1\n1:14 <BACK_QUOTED_IDENTIFIER> `a``b`\n"
        "1:21 NAME \xC3\xA9\n1:22 <EOF>\n");
    tokens("KEY EXPR$0 $", "1:1 KEYWORD KEY\n1:5 NAME EXPR$0\n1:12 \"$\"\n1:13 <EOF>\n");
}

static void test_numbers(void **state) {
    (void)state;
    tokens("12 1.5 .5 1. 1e3 1.5E-2 1e", "1:1 <UNSIGNED_INTEGER_LITERAL> 12\n1:4 <DECIMAL_NUMERIC_LITERAL> 1.5\n"
        "1:8 <DECIMAL_NUMERIC_LITERAL> .5\n1:11 <DECIMAL_NUMERIC_LITERAL> 1.\n1:14 <APPROX_NUMERIC_LITERAL> 1e3\n"
        "1:18 <APPROX_NUMERIC_LITERAL> 1.5E-2\n1:25 <UNSIGNED_INTEGER_LITERAL> 1\n1:26 NAME e\n1:27 <EOF>\n");
}

static void test_strings(void **state) {
    (void)state;
    tokens("'it''s' X'0a' N'x' _UTF8'y' U&'\\00e9' E'a\\'b'",
        "1:1 <QUOTED_STRING> 'it''s'\n1:9 <BINARY_STRING_LITERAL> X'0a'\n1:15 <PREFIXED_STRING_LITERAL> N'x'\n"
        "1:20 <PREFIXED_STRING_LITERAL> _UTF8'y'\n1:29 <UNICODE_STRING_LITERAL> U&'\\00e9'\n"
        "1:39 <C_STYLE_ESCAPED_STRING_LITERAL> E'a\\'b'\n1:46 <EOF>\n");
    tokens("'ab", "1:1 \"\\'\"\n1:2 NAME ab\n1:4 <EOF>\n");
    tokens("\"a\"", "1:1 \"\\\"\"\n1:2 KEYWORD a\n1:3 \"\\\"\"\n1:4 <EOF>\n");
}

static void test_comments_and_lines(void **state) {
    (void)state;
    tokens("-- a\n/* b\n */ c // d\r\n\te", "3:5 KEYWORD c\n4:2 NAME e\n4:3 <EOF>\n");
    tokens("/*+ a */", "1:1 \"/*+\"\n1:5 KEYWORD a\n1:7 \"*/\"\n1:9 <EOF>\n");
    tokens("a/**/b/***/c", "1:1 KEYWORD a\n1:6 NAME b\n1:12 KEYWORD c\n1:13 <EOF>\n");
}

static void test_operators(void **state) {
    (void)state;
    tokens("<= >= <> != => -> || .. ( ) { } [ ] ; . , = > < ? : + - * / % | ^",
        "1:1 \"<=\"\n1:4 \">=\"\n1:7 \"<>\"\n1:10 \"!=\"\n1:13 \"=>\"\n1:16 \"->\"\n1:19 \"||\"\n1:22 \"..\"\n"
        "1:25 \"(\"\n1:27 \")\"\n1:29 \"{\"\n"
        "1:31 \"}\"\n1:33 \"[\"\n1:35 \"]\"\n1:37 \";\"\n1:39 \".\"\n1:41 \",\"\n1:43 \"=\"\n1:45 \">\"\n1:47 \"<\"\n"
        "1:49 \"?\"\n1:51 \":\"\n1:53 \"+\"\n"
        "1:55 \"-\"\n1:57 \"*\"\n1:59 \"/\"\n1:61 \"%\"\n1:63 \"|\"\n1:65 \"^\"\n1:66 <EOF>\n");
}

static void test_errors(void **state) {
    (void)state;
    tokens("a #", "1:1 KEYWORD a\n1:3 ERROR Lexical error at line 1, column 3.  Encountered: \"#\" (35), after : \"\"\n");
    tokens("`a", "1:1 ERROR Lexical error at line 1, column 1.  Encountered: \"`\" (96), after : \"\"\n");
    tokens("``", "1:1 ERROR Lexical error at line 1, column 1.  Encountered: \"`\" (96), after : \"\"\n");
    tokens("1 /* x", "1:1 <UNSIGNED_INTEGER_LITERAL> 1\n1:3 ERROR Lexical error at line 1, column 3.  Encountered: <EOF> after : \"/*\": "
        "the comment that begins here is not closed with */\n");
    tokens("'\xFF'", "1:2 ERROR Lexical error at line 1, column 2.  Encountered: the byte 0xFF, which is not valid UTF-8\n");
    tokens("\xC3(", "1:1 ERROR Lexical error at line 1, column 1.  Encountered: the byte 0xC3, which is not valid UTF-8\n");
}

static void test_nul(void **state) {
    (void)state;
    weir_lexer lexer;
    weir_token token;
    weir_lexer_init(&lexer, (weir_text){"a\0b", 3});
    weir_lexer_next(&lexer, &token);
    weir_lexer_next(&lexer, &token);
    assert_int_equal(token.kind, WEIR_TOKEN_ERROR);
    assert_non_null(strstr(lexer.message, "NUL"));
    weir_lexer_init(&lexer, (weir_text){"'a\0b'", 5});
    weir_lexer_next(&lexer, &token);
    assert_int_equal(token.kind, WEIR_TOKEN_ERROR);
    assert_int_equal(token.position.column, 3);
}

static void test_locate(void **state) {
    (void)state;
    weir_text script = WEIR_TEXT("a\n\xC3\xA9 b\r\nc");
    weir_position position = weir_sql_locate(script, 5);
    assert_int_equal(position.line, 2);
    assert_int_equal(position.column, 3);
    position = weir_sql_locate(script, 1000);
    assert_int_equal(position.line, 3);
    assert_int_equal(position.column, 2);
    assert_int_equal(weir_sql_locate((weir_text){"", 0}, 0).line, 1);
}

static void test_keywords(void **state) {
    (void)state;
    /* The table is sorted: every keyword finds itself. */
    for (int i = 1; i < WEIR_KEYWORD_LIMIT; i++)
        assert_int_equal(weir_keyword_find(weir_text_of(weir_keyword_name((weir_keyword)i))), i);
    assert_int_equal(weir_keyword_find(WEIR_TEXT("sElEcT")), WEIR_KW_SELECT);
    assert_int_equal(weir_keyword_find(WEIR_TEXT("SELECTS")), WEIR_KEYWORD_NONE);
    assert_int_equal(weir_keyword_find((weir_text){"", 0}), WEIR_KEYWORD_NONE);
    static const weir_keyword reserved[] = {WEIR_KW_VALUE, WEIR_KW_GROUPS, WEIR_KW_ONE, WEIR_KW_ROW, WEIR_KW_TIMESTAMP, WEIR_KW_USER,
        WEIR_KW_DAY, WEIR_KW_OFFSET};
    for (size_t i = 0; i < sizeof reserved / sizeof reserved[0]; i++)
        assert_true(weir_keyword_reserved(reserved[i]));
    assert_false(weir_keyword_reserved(WEIR_KW_KEY));
    assert_false(weir_keyword_reserved(WEIR_KEYWORD_NONE));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_strings),
        cmocka_unit_test(test_comments_and_lines),
        cmocka_unit_test(test_operators),
        cmocka_unit_test(test_errors),
        cmocka_unit_test(test_nul),
        cmocka_unit_test(test_locate),
        cmocka_unit_test(test_keywords),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
