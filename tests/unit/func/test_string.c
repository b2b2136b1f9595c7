/* Text functions: values, result types and refusals as real Flink 2.3 gives them. */
#include <math.h>

#include "func_check.h"

static void joining_to_replace(void **state) {
    (void)state;
    GIVES_TYPED("abc", "CHAR(3) NOT NULL", "||", chars("a"), chars("bc"));
    GIVES_TYPED("ab", "VARCHAR(2147483647) NOT NULL", "||", text("a"), chars("b"));
    GIVES("!", "||", bytes("\x01", 1), bytes("\x02", 1));
    GIVES_TYPED("a", "VARCHAR(2147483647) NOT NULL", "CONCAT", chars("a"));
    GIVES_TYPED("a,b", "VARCHAR(2147483647) NOT NULL", "CONCAT_WS", chars(","), chars("a"), chars("b"));
    GIVES_TYPED("", "VARCHAR(2147483647) NOT NULL", "CONCAT_WS", chars(","));
    GIVES_TYPED("ABC", "CHAR(3) NOT NULL", "UPPER", chars("abc"));
    GIVES_TYPED("SS", "VARCHAR(2147483647) NOT NULL", "UPPER", text("ß"));
    GIVES_TYPED("abc", "CHAR(3) NOT NULL", "LOWER", chars("ABC"));
    GIVES_TYPED("Hello World Foo-Bar X2y", "CHAR(23) NOT NULL", "INITCAP", chars("hello wORLD foo-bar x2y"));
    GIVES_TYPED("ÄB éA", "CHAR(5) NOT NULL", "INITCAP", chars("ÄB éa"));
    GIVES_TYPED("a", "VARCHAR(4) NOT NULL", "TRIM", chars("  a "));
    GIVES_TYPED("c", "VARCHAR(5) NOT NULL", "TRIM", word("BOTH"), chars("ab"), chars("abcab"));
    GIVES_TYPED("b", "VARCHAR(3) NOT NULL", "TRIM", word("LEADING"), chars("a"), chars("aab"));
    GIVES_TYPED("a", "VARCHAR(1) NOT NULL", "TRIM", word("BOTH"), chars(""), chars("a"));
    GIVES_TYPED("a", "VARCHAR(4) NOT NULL", "TRIM", word("BOTH"), chars("äb"), chars("äbaä"));
    GIVES_TYPED("a ", "VARCHAR(4) NOT NULL", "LTRIM", chars("  a "));
    GIVES_TYPED("cab", "VARCHAR(5) NOT NULL", "LTRIM", chars("abcab"), chars("ab"));
    GIVES_TYPED("abc", "VARCHAR(3) NOT NULL", "LTRIM", chars("abc"), chars(""));
    GIVES_TYPED("NULL", "VARCHAR(3)", "LTRIM", chars("xxa"), null_text());
    GIVES_TYPED("abc", "VARCHAR(5) NOT NULL", "RTRIM", chars("abcab"), chars("ab"));
    GIVES_TYPED("c", "VARCHAR(2147483647) NOT NULL", "BTRIM", chars("abcab"), chars("ab"));
    GIVES_TYPED("a", "VARCHAR(2147483647) NOT NULL", "BTRIM", chars(" a "));
    GIVES_TYPED("abc", "VARCHAR(2147483647) NOT NULL", "BTRIM", chars("abc"), chars(""));
    GIVES_TYPED("a", "VARCHAR(2147483647) NOT NULL", "BTRIM", chars("  a"), chars(" "));
    GIVES_TYPED("a", "VARCHAR(2147483647) NOT NULL", "BTRIM", chars("äaä"), chars("ä"));
    GIVES_TYPED("abab", "VARCHAR(2147483647) NOT NULL", "REPEAT", chars("ab"), num(2));
    GIVES_TYPED("", "VARCHAR(2147483647) NOT NULL", "REPEAT", chars("ab"), num(0));
    GIVES_TYPED("aXYcaXYc", "VARCHAR(2147483647) NOT NULL", "REPLACE", chars("abcabc"), chars("b"), chars("XY"));
    GIVES_TYPED("xaxbxcx", "VARCHAR(2147483647) NOT NULL", "REPLACE", chars("abc"), chars(""), chars("x"));
    GIVES_TYPED("x", "VARCHAR(2147483647) NOT NULL", "REPLACE", chars(""), chars(""), chars("x"));
    GIVES_TYPED("xäxöx", "VARCHAR(2147483647) NOT NULL", "REPLACE", chars("äö"), chars(""), chars("x"));
}

static void substring_to_instr(void **state) {
    (void)state;
    GIVES_TYPED("ello", "VARCHAR(5)", "SUBSTRING", chars("hello"), num(2));
    GIVES_TYPED("llo", "VARCHAR(5)", "SUBSTRING", chars("hello"), num(-3));
    GIVES_TYPED("ll", "VARCHAR(5)", "SUBSTRING", chars("hello"), num(-3), num(2));
    GIVES_TYPED("", "VARCHAR(5)", "SUBSTRING", chars("hello"), num(-10));
    GIVES_TYPED("", "VARCHAR(5)", "SUBSTRING", chars("hello"), num(10));
    GIVES_TYPED("hello", "VARCHAR(5)", "SUBSTRING", chars("hello"), num(0));
    GIVES_TYPED("he", "VARCHAR(5)", "SUBSTRING", chars("hello"), num(0), num(2));
    GIVES_TYPED("", "VARCHAR(5)", "SUBSTRING", chars("hello"), num(1), num(0));
    GIVES_TYPED("NULL", "VARCHAR(5)", "SUBSTRING", chars("hello"), num(1), num(-1));
    GIVES_TYPED("l", "VARCHAR(5)", "SUBSTR", chars("hello"), num(-2), num(1));
    GIVES_TYPED("", "VARCHAR(5)", "SUBSTR", chars("hello"), num(2147483647));
    GIVES_TYPED("he", "VARCHAR(5)", "LEFT", chars("hello"), num(2));
    GIVES_TYPED("", "VARCHAR(5)", "LEFT", chars("hello"), num(-1));
    GIVES_TYPED("", "VARCHAR(5)", "LEFT", chars("hello"), num(0));
    GIVES_TYPED("hello", "VARCHAR(5)", "LEFT", chars("hello"), num(100));
    GIVES_TYPED("lo", "VARCHAR(5)", "RIGHT", chars("hello"), num(2));
    GIVES_TYPED("", "VARCHAR(5)", "RIGHT", chars("hello"), num(-1));
    GIVES_TYPED("hello", "VARCHAR(5)", "RIGHT", chars("hello"), num(100));
    GIVES_TYPED("3", "INT NOT NULL", "POSITION", chars("l"), chars("hello"));
    GIVES_TYPED("4", "INT NOT NULL", "POSITION", chars("l"), chars("hello"), num(4));
    GIVES_TYPED("3", "INT NOT NULL", "LOCATE", chars("l"), chars("hello"));
    GIVES_TYPED("4", "INT NOT NULL", "LOCATE", chars("l"), chars("hello"), num(4));
    GIVES_TYPED("3", "INT NOT NULL", "LOCATE", chars("l"), chars("hello"), num(0));
    GIVES_TYPED("3", "INT NOT NULL", "LOCATE", chars("l"), chars("hello"), num(-1));
    GIVES_TYPED("1", "INT NOT NULL", "LOCATE", chars(""), chars("hello"));
    GIVES_TYPED("1", "INT NOT NULL", "LOCATE", chars(""), chars("hello"), num(3));
    GIVES_TYPED("1", "INT NOT NULL", "LOCATE", chars(""), chars(""));
    GIVES_TYPED("1", "INT NOT NULL", "LOCATE", chars(""), chars("abc"), num(10));
    GIVES_TYPED("3", "INT NOT NULL", "INSTR", chars("hello"), chars("l"));
    GIVES_TYPED("4", "INT NOT NULL", "INSTR", chars("hello"), chars("l"), num(1), num(2));
    GIVES_TYPED("4", "INT NOT NULL", "INSTR", chars("hello"), chars("l"), num(-1));
    GIVES_TYPED("3", "INT NOT NULL", "INSTR", chars("hello"), chars("l"), num(-1), num(2));
    GIVES_TYPED("0", "INT NOT NULL", "INSTR", chars("hello"), chars("l"), num(0));
    GIVES("!", "INSTR", chars("hello"), chars("l"), num(1), num(0));
    GIVES_TYPED("1", "INT NOT NULL", "INSTR", chars("hello"), chars(""));
}

static void overlay_to_split_index(void **state) {
    (void)state;
    GIVES_TYPED("xxxxxxxxx", "VARCHAR(13) NOT NULL", "OVERLAY", chars("xxxxxtest"), chars("xxxx"), num(6));
    GIVES_TYPED("xxxxxxxxxst", "VARCHAR(13) NOT NULL", "OVERLAY", chars("xxxxxtest"), chars("xxxx"), num(6), num(2));
    GIVES_TYPED("abc", "VARCHAR(4) NOT NULL", "OVERLAY", chars("abc"), chars("X"), num(0));
    GIVES_TYPED("abc", "VARCHAR(4) NOT NULL", "OVERLAY", chars("abc"), chars("X"), num(10));
    GIVES_TYPED("aX", "VARCHAR(4) NOT NULL", "OVERLAY", chars("abc"), chars("X"), num(2), num(-1));
    GIVES_TYPED("abXY", "VARCHAR(5) NOT NULL", "OVERLAY", chars("abc"), chars("XY"), num(3));
    GIVES_TYPED("abXY", "VARCHAR(2147483647) NOT NULL", "OVERLAY", text("abc"), chars("XY"), num(3));
    GIVES_TYPED("?Xbc", "VARCHAR(4) NOT NULL", "OVERLAY", chars("😀bc"), chars("X"), num(2));
    GIVES_TYPED("😀Xc", "VARCHAR(4) NOT NULL", "OVERLAY", chars("😀bc"), chars("X"), num(3));
    GIVES_TYPED("?\?hi", "VARCHAR(2147483647) NOT NULL", "LPAD", chars("hi"), num(4), chars("?\?"));
    GIVES_TYPED("h", "VARCHAR(2147483647) NOT NULL", "LPAD", chars("hi"), num(1), chars("?\?"));
    GIVES("NULL", "LPAD", chars("hi"), num(4), chars(""));
    GIVES_TYPED("😀?ab", "VARCHAR(2147483647) NOT NULL", "LPAD", chars("ab"), num(5), chars("😀"));
    GIVES_TYPED("😀", "VARCHAR(2147483647) NOT NULL", "LPAD", chars("😀x"), num(2), chars("y"));
    GIVES("NULL", "RPAD", chars("hi"), num(4), chars(""));
    GIVES_TYPED("hiabcab", "VARCHAR(2147483647) NOT NULL", "RPAD", chars("hi"), num(7), chars("abc"));
    GIVES_TYPED("ab😀?", "VARCHAR(2147483647) NOT NULL", "RPAD", chars("ab"), num(5), chars("😀"));
    GIVES_TYPED("olleh", "VARCHAR(2147483647)", "REVERSE", chars("hello"));
    GIVES_TYPED("b😀a", "VARCHAR(2147483647)", "REVERSE", chars("a😀b"));
    GIVES_TYPED("b", "VARCHAR(2147483647)", "SPLIT_INDEX", chars("a,b,c"), chars(","), num(1));
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "SPLIT_INDEX", chars("a,b,c"), chars(","), num(-1));
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "SPLIT_INDEX", chars("a,b,c"), chars(","), num(5));
    GIVES_TYPED("b", "VARCHAR(2147483647)", "SPLIT_INDEX", chars("a--b--c"), chars("--"), num(1));
    GIVES_TYPED("b", "VARCHAR(2147483647)", "SPLIT_INDEX", chars("a,b"), num(44), num(1));
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "SPLIT_INDEX", chars("a,b"), num(300), num(1));
    GIVES_TYPED("b", "VARCHAR(2147483647)", "SPLIT_INDEX", chars("a b  c"), chars(""), num(1));
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "SPLIT_INDEX", chars(""), chars(","), num(0));
    GIVES_TYPED("", "VARCHAR(2147483647)", "SPLIT_INDEX", chars(","), chars(","), num(0));
    GIVES_TYPED("", "VARCHAR(2147483647)", "SPLIT_INDEX", chars("a,"), chars(","), num(1));
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "SPLIT_INDEX", null_text(), chars(","), num(0));
    GIVES_TYPED("c", "VARCHAR(2147483647)", "SPLIT_INDEX", chars("a b\tc"), chars(""), num(2));
}

static void split_to_parse_url(void **state) {
    (void)state;
    GIVES_TYPED("[a, b, c]", "ARRAY<VARCHAR(2147483647)> NOT NULL", "SPLIT", chars("a,b,c"), chars(","));
    GIVES_TYPED("[a, b, c]", "ARRAY<VARCHAR(2147483647)> NOT NULL", "SPLIT", chars("abc"), chars(""));
    GIVES_TYPED("[]", "ARRAY<VARCHAR(2147483647)> NOT NULL", "SPLIT", chars(""), chars(","));
    GIVES_TYPED("[a, ]", "ARRAY<VARCHAR(2147483647)> NOT NULL", "SPLIT", chars("a,"), chars(","));
    GIVES_TYPED("[a, b]", "ARRAY<VARCHAR(2147483647)> NOT NULL", "SPLIT", chars("a--b"), chars("--"));
    GIVES_TYPED("NULL", "ARRAY<VARCHAR(2147483647)>", "SPLIT", null_text(), chars(","));
    GIVES_TYPED("NULL", "ARRAY<VARCHAR(2147483647)>", "SPLIT", chars("a,b"), null_text());
    GIVES_TYPED("facebook.com", "VARCHAR(2147483647)", "PARSE_URL", chars("http://facebook.com/path1/p.php?k1=v1&k2=v2#Ref1"),
                chars("HOST"));
    GIVES_TYPED("v1", "VARCHAR(2147483647)", "PARSE_URL", chars("http://facebook.com/path1/p.php?k1=v1&k2=v2#Ref1"), chars("QUERY"),
                chars("k1"));
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "PARSE_URL", chars("http://facebook.com/path1/p.php?k1=v1&k2=v2#Ref1"), chars("QUERY"),
                chars("k3"));
    GIVES_TYPED("k1=v1&k2=v2", "VARCHAR(2147483647)", "PARSE_URL", chars("http://facebook.com/path1/p.php?k1=v1&k2=v2#Ref1"),
                chars("QUERY"));
    GIVES_TYPED("/path1/p.php", "VARCHAR(2147483647)", "PARSE_URL", chars("http://facebook.com/path1/p.php?k1=v1&k2=v2#Ref1"),
                chars("PATH"));
    GIVES_TYPED("Ref1", "VARCHAR(2147483647)", "PARSE_URL", chars("http://facebook.com/path1/p.php?k1=v1&k2=v2#Ref1"), chars("REF"));
    GIVES_TYPED("http", "VARCHAR(2147483647)", "PARSE_URL", chars("http://facebook.com/path1/p.php?k1=v1&k2=v2#Ref1"), chars("PROTOCOL"));
    GIVES_TYPED("/path1/p.php?k1=v1&k2=v2", "VARCHAR(2147483647)", "PARSE_URL", chars("http://facebook.com/path1/p.php?k1=v1&k2=v2#Ref1"),
                chars("FILE"));
    GIVES_TYPED("u:p@facebook.com:80", "VARCHAR(2147483647)", "PARSE_URL", chars("http://u:p@facebook.com:80/path1/p.php?k1=v1&k2=v2#Ref1"),
                chars("AUTHORITY"));
    GIVES_TYPED("u:p", "VARCHAR(2147483647)", "PARSE_URL", chars("http://u:p@facebook.com:80/path1/p.php?k1=v1&k2=v2#Ref1"),
                chars("USERINFO"));
    GIVES_TYPED("", "VARCHAR(2147483647)", "PARSE_URL", chars("http://u:p@facebook.com:80"), chars("PATH"));
    GIVES_TYPED("", "VARCHAR(2147483647)", "PARSE_URL", chars("http://facebook.com?a=b"), chars("PATH"));
    GIVES_TYPED("?a=b", "VARCHAR(2147483647)", "PARSE_URL", chars("http://facebook.com?a=b"), chars("FILE"));
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "PARSE_URL", chars("nourl"), chars("HOST"));
    GIVES_TYPED("a b", "VARCHAR(2147483647)", "PARSE_URL", chars("http://a b/c"), chars("HOST"));
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "PARSE_URL", chars("foo://a/b"), chars("HOST"));
    GIVES_TYPED("a@b.c", "VARCHAR(2147483647)", "PARSE_URL", chars("mailto:a@b.c"), chars("PATH"));
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "PARSE_URL", chars("http://a/b"), chars("USERINFO"));
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "PARSE_URL", chars("http://a/b"), chars("host"));
    GIVES_TYPED("", "VARCHAR(2147483647)", "PARSE_URL", chars("http:///b"), chars("HOST"));
    GIVES_TYPED("http", "VARCHAR(2147483647)", "PARSE_URL", chars("HTTP://A/b"), chars("PROTOCOL"));
    GIVES_TYPED("[::1]", "VARCHAR(2147483647)", "PARSE_URL", chars("http://[::1]:80/b"), chars("HOST"));
    GIVES_TYPED("file:/a!/b", "VARCHAR(2147483647)", "PARSE_URL", chars("jar:file:/a!/b"), chars("PATH"));
    GIVES_TYPED("", "VARCHAR(2147483647)", "PARSE_URL", chars("file:///a/b"), chars("HOST"));
}

static void url_encode_to_to_base64(void **state) {
    (void)state;
    GIVES_TYPED("a+b%26c%3D%C3%A4%2F%7E*-._", "VARCHAR(2147483647)", "URL_ENCODE", chars("a b&c=ä/~*-._"));
    GIVES_TYPED("", "VARCHAR(2147483647)", "URL_ENCODE", chars(""));
    GIVES_TYPED("%F0%9F%98%80", "VARCHAR(2147483647)", "URL_ENCODE", chars("😀"));
    GIVES_TYPED("a b&c=ä", "VARCHAR(2147483647)", "URL_DECODE", chars("a+b%26c%3D%C3%A4"));
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "URL_DECODE", chars("a%"));
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "URL_DECODE", chars("a%zz"));
    GIVES_TYPED("http://x", "VARCHAR(2147483647)", "URL_DECODE", chars("http%3A%2F%2Fx"));
    GIVES_TYPED("�", "VARCHAR(2147483647)", "URL_DECODE", chars("%C3"));
    GIVES_TYPED("", "VARCHAR(2147483647)", "URL_DECODE", chars(""));
    GIVES_TYPED("97", "INT NOT NULL", "ASCII", chars("abc"));
    GIVES_TYPED("0", "INT NOT NULL", "ASCII", chars(""));
    GIVES_TYPED("-61", "INT NOT NULL", "ASCII", chars("é"));
    GIVES_TYPED("a", "VARCHAR(2147483647)", "CHR", num(97));
    GIVES_TYPED("a", "VARCHAR(2147483647)", "CHR", num(353));
    GIVES_TYPED("", "VARCHAR(2147483647)", "CHR", num(-1));
    GIVES_TYPED("\000", "VARCHAR(2147483647)", "CHR", num(0));
    GIVES_TYPED("\000", "VARCHAR(2147483647)", "CHR", num(256));
    GIVES_TYPED("é", "VARCHAR(2147483647)", "CHR", num(233));
    GIVES("!", "ENCODE", chars("é"), chars("NOPE"));
    GIVES_TYPED("NULL", "VARBINARY(2147483647)", "ENCODE", chars("a"), null_text());
    GIVES_TYPED("é", "VARCHAR(2147483647) NOT NULL", "DECODE", bytes("\xC3\xA9", 2), chars("UTF-8"));
    GIVES_TYPED("é", "VARCHAR(2147483647) NOT NULL", "DECODE", bytes("\xE9", 1), chars("ISO-8859-1"));
    GIVES_TYPED("", "VARCHAR(2147483647) NOT NULL", "DECODE", bytes("\xFF\xFE", 2), chars("UTF-16"));
    GIVES_TYPED("é", "VARCHAR(2147483647) NOT NULL", "DECODE", bytes("\x00\xE9", 2), chars("UTF-16BE"));
    GIVES_TYPED("�", "VARCHAR(2147483647) NOT NULL", "DECODE", bytes("\xE9", 1), chars("UTF-8"));
    GIVES("!", "DECODE", bytes("\xE9", 1), chars("NOPE"));
    GIVES_TYPED("�", "VARCHAR(2147483647) NOT NULL", "DECODE", bytes("\x00", 1), chars("UTF-16"));
    GIVES_TYPED("�", "VARCHAR(2147483647) NOT NULL", "DECODE", bytes("\x80", 1), chars("US-ASCII"));
    GIVES_TYPED("�", "VARCHAR(2147483647) NOT NULL", "DECODE", bytes("\xE9", 1), chars("ASCII"));
    GIVES_TYPED("aGVsbG8=", "VARCHAR(2147483647) NOT NULL", "TO_BASE64", chars("hello"));
    GIVES_TYPED("AQ==", "VARCHAR(2147483647) NOT NULL", "TO_BASE64", bytes("\x01", 1));
    GIVES_TYPED("", "VARCHAR(2147483647) NOT NULL", "TO_BASE64", chars(""));
}

static void from_base64_to_translate(void **state) {
    (void)state;
    GIVES_TYPED("hello", "VARCHAR(2147483647) NOT NULL", "FROM_BASE64", chars("aGVsbG8="));
    GIVES("!", "FROM_BASE64", chars("a$$"));
    GIVES_TYPED("hello", "VARCHAR(2147483647) NOT NULL", "FROM_BASE64", chars("aGVsbG8"));
    GIVES("!", "FROM_BASE64", chars("aGVs bG8="));
    GIVES("!", "FROM_BASE64", chars("a"));
    GIVES("!", "FROM_BASE64", chars("aG="));
    GIVES_TYPED("", "VARCHAR(2147483647) NOT NULL", "FROM_BASE64", chars(""));
    GIVES_TYPED("�", "VARCHAR(2147483647) NOT NULL", "FROM_BASE64", chars("/+=="));
    GIVES_TYPED("14", "VARCHAR(2147483647) NOT NULL", "HEX", num(20));
    GIVES_TYPED("FFFFFFFFFFFFFFFF", "VARCHAR(2147483647) NOT NULL", "HEX", num(-1));
    GIVES_TYPED("68656C6C6F", "VARCHAR(2147483647) NOT NULL", "HEX", chars("hello"));
    GIVES_TYPED("5", "VARCHAR(2147483647) NOT NULL", "HEX", big(5));
    GIVES("!", "HEX", bytes("\x01\xFF", 2));
    GIVES_TYPED("NULL", "VARBINARY(2147483647)", "UNHEX", chars("GG"));
    GIVES_TYPED("100", "VARCHAR(2147483647) NOT NULL", "BIN", num(4));
    GIVES_TYPED("1111111111111111111111111111111111111111111111111111111111111111", "VARCHAR(2147483647) NOT NULL", "BIN", num(-1));
    GIVES_TYPED("1111111111111111111111111111111111111111111111111111111111111111", "VARCHAR(2147483647) NOT NULL", "BIN", tiny(-1));
    GIVES_TYPED("0", "VARCHAR(2147483647) NOT NULL", "BIN", num(0));
    GIVES_TYPED("TRUE", "BOOLEAN NOT NULL", "STARTSWITH", chars("abc"), chars("a"));
    GIVES_TYPED("TRUE", "BOOLEAN NOT NULL", "STARTSWITH", chars("abc"), chars(""));
    GIVES_TYPED("TRUE", "BOOLEAN NOT NULL", "STARTSWITH", bytes("\x01\x02", 2), bytes("\x01", 1));
    GIVES_TYPED("TRUE", "BOOLEAN NOT NULL", "ENDSWITH", chars("abc"), chars("bc"));
    GIVES_TYPED("bcd", "VARCHAR(3)", "ELT", num(2), chars("a"), chars("bcd"));
    GIVES_TYPED("NULL", "CHAR(1)", "ELT", num(0), chars("a"), chars("b"));
    GIVES_TYPED("NULL", "CHAR(1)", "ELT", num(3), chars("a"), chars("b"));
    GIVES("!", "ELT", num(-1), chars("a"));
    GIVES_TYPED("xcxc", "VARCHAR(2147483647) NOT NULL", "TRANSLATE", chars("abcabc"), chars("ab"), chars("x"));
    GIVES_TYPED("xyz", "VARCHAR(2147483647) NOT NULL", "TRANSLATE", chars("abc"), chars("abc"), chars("xyzw"));
    GIVES_TYPED("abc", "VARCHAR(2147483647) NOT NULL", "TRANSLATE", chars("abc"), chars(""), chars("x"));
    GIVES_TYPED("xx", "VARCHAR(2147483647) NOT NULL", "TRANSLATE", chars("aa"), chars("aa"), chars("xy"));
    GIVES_TYPED("abc", "VARCHAR(2147483647) NOT NULL", "TRANSLATE", chars("abc"), null_text(), chars("x"));
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "TRANSLATE", null_text(), chars("a"), chars("x"));
    GIVES_TYPED("c", "VARCHAR(2147483647) NOT NULL", "TRANSLATE", chars("abc"), chars("ab"), null_text());
    GIVES_TYPED("c", "VARCHAR(2147483647) NOT NULL", "TRANSLATE", chars("abc"), chars("ab"), chars(""));
}

static void printf_formats(void **state) {
    (void)state;
    GIVES_TYPED("5", "VARCHAR(2147483647)", "PRINTF", chars("%d"), num(5));
    GIVES_TYPED("a-00005", "VARCHAR(2147483647)", "PRINTF", chars("%s-%05d"), chars("a"), num(5));
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "PRINTF", chars("%d"), chars("a"));
    GIVES_TYPED("3.14", "VARCHAR(2147483647)", "PRINTF", chars("%.2f"), real(3.14159e0));
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "PRINTF", chars("%.2f"), dec("3.14159", 6, 5));
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "PRINTF", chars("%s %s"), chars("a"));
    GIVES_TYPED("Hello World 100 days", "VARCHAR(2147483647)", "PRINTF", chars("Hello World %d %s"), num(100), chars("days"));
    GIVES_TYPED("ff 10 FF A true \n%", "VARCHAR(2147483647)", "PRINTF", chars("%x %o %X %c %b %n%%"), num(255), num(8), num(255), num(65),
                truth(true));
    GIVES_TYPED("1,234,567 +5 (5)  5", "VARCHAR(2147483647)", "PRINTF", chars("%,d %+d %(d % d"), num(1234567), num(5), num(-5), num(5));
    GIVES_TYPED("1.234568e+04 0.000100000", "VARCHAR(2147483647)", "PRINTF", chars("%e %g"), real(12345.678e0), real(0.0001e0));
    GIVES_TYPED("        ab|ab        |ab", "VARCHAR(2147483647)", "PRINTF", chars("%10s|%-10s|%.2s"), chars("ab"), chars("ab"),
                chars("abc"));
    GIVES_TYPED("b a", "VARCHAR(2147483647)", "PRINTF", chars("%2$s %1$s"), chars("a"), chars("b"));
    GIVES_TYPED("plain", "VARCHAR(2147483647)", "PRINTF", chars("plain"));
    GIVES_TYPED("null", "VARCHAR(2147483647)", "PRINTF", chars("%s"), null_text());
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "PRINTF", null_text(), num(1));
    GIVES_TYPED("18262", "VARCHAR(2147483647)", "PRINTF", chars("%s"), date("2020-01-01"));
    GIVES_TYPED("1.50", "VARCHAR(2147483647)", "PRINTF", chars("%s"), dec("1.50", 3, 2));
    GIVES_TYPED("true", "VARCHAR(2147483647)", "PRINTF", chars("%s"), truth(true));
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "PRINTF", chars("%q"), num(1));
    GIVES_TYPED("2020-01-01T00:00", "VARCHAR(2147483647)", "PRINTF", chars("%s"), stamp("2020-01-01 00:00:00", 0));
    GIVES_TYPED("2020-01-01T10:20:30.500", "VARCHAR(2147483647)", "PRINTF", chars("%s"), stamp("2020-01-01 10:20:30.5", 1));
    GIVES_TYPED("1.5", "VARCHAR(2147483647)", "PRINTF", chars("%s"), real(1.5e0));
    GIVES_TYPED("1.0E10", "VARCHAR(2147483647)", "PRINTF", chars("%s"), real(1e10));
    GIVES_TYPED("5", "VARCHAR(2147483647)", "PRINTF", chars("%d"), big(5));
    GIVES_TYPED("0.3", "VARCHAR(2147483647)", "PRINTF", chars("%.1f"), real(0.25e0));
    GIVES_TYPED("0.4", "VARCHAR(2147483647)", "PRINTF", chars("%.1f"), real(0.35e0));
    GIVES_TYPED("3", "VARCHAR(2147483647)", "PRINTF", chars("%.0f"), real(2.5e0));
    GIVES_TYPED("   1.500|1.500   |-0001.50", "VARCHAR(2147483647)", "PRINTF", chars("%8.3f|%-8.3f|%08.2f"), real(1.5e0), real(1.5e0),
                real(-1.5e0));
    GIVES_TYPED("NaN", "VARCHAR(2147483647)", "PRINTF", chars("%f"), real(NAN));
    GIVES_TYPED("Infinity", "VARCHAR(2147483647)", "PRINTF", chars("%f"), real(INFINITY));
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "PRINTF", chars("%c"), chars("a"));
    GIVES_TYPED("A", "VARCHAR(2147483647)", "PRINTF", chars("%c"), num(65));
    GIVES_TYPED("true", "VARCHAR(2147483647)", "PRINTF", chars("%b"), chars("a"));
    GIVES_TYPED("ABC", "VARCHAR(2147483647)", "PRINTF", chars("%S"), chars("abc"));
    GIVES_TYPED("ffffffff", "VARCHAR(2147483647)", "PRINTF", chars("%x"), num(-1));
    GIVES_TYPED("ffffffffffffffff", "VARCHAR(2147483647)", "PRINTF", chars("%x"), big(-1));
    GIVES_TYPED("0xff 010", "VARCHAR(2147483647)", "PRINTF", chars("%#x %#o"), num(255), num(8));
    GIVES("!PRINTF does not support", "PRINTF", chars("%h"), chars("abc"));
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "PRINTF", chars("%d"), real(1.5e0));
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "PRINTF", chars("%f"), num(5));
    GIVES_TYPED("5%", "VARCHAR(2147483647)", "PRINTF", chars("%d%%"), num(5));
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "PRINTF", chars("%d"), truth(true));
    GIVES_TYPED("   42|42   |", "VARCHAR(2147483647)", "PRINTF", chars("%5d|%-5d|"), num(42), num(42));
    GIVES_TYPED("a a", "VARCHAR(2147483647)", "PRINTF", chars("%s %<s"), chars("a"));
    GIVES_TYPED("1,234,567.89", "VARCHAR(2147483647)", "PRINTF", chars("%,.2f"), real(1234567.891e0));
    GIVES_TYPED("1.5", "VARCHAR(2147483647)", "PRINTF", chars("%s"), single(1.5));
    GIVES_TYPED("0.000000e+00", "VARCHAR(2147483647)", "PRINTF", chars("%e"), real(0e0));
    GIVES_TYPED("1.23457e+08", "VARCHAR(2147483647)", "PRINTF", chars("%g"), real(123456789e0));
    GIVES("!PRINTF does not support", "PRINTF", chars("%a"), real(1e0));
    GIVES_TYPED("    %|", "VARCHAR(2147483647)", "PRINTF", chars("%5%|"));
    GIVES_TYPED("true |", "VARCHAR(2147483647)", "PRINTF", chars("%-5b|"), truth(true));
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "PRINTF", chars("%"), num(1));
    GIVES_TYPED("36000000", "VARCHAR(2147483647)", "PRINTF", chars("%s"), clock_time("10:00:00", 0));
}

static void inet_aton_to_inet_ntoa(void **state) {
    (void)state;
    GIVES_TYPED("2130706433", "BIGINT", "INET_ATON", chars("127.0.0.1"));
    GIVES_TYPED("NULL", "BIGINT", "INET_ATON", chars("256.0.0.1"));
    GIVES_TYPED("16777218", "BIGINT", "INET_ATON", chars("1.2"));
    GIVES_TYPED("16908291", "BIGINT", "INET_ATON", chars("1.2.3"));
    GIVES_TYPED("1", "BIGINT", "INET_ATON", chars("1"));
    GIVES_TYPED("NULL", "BIGINT", "INET_ATON", chars("1.256"));
    GIVES_TYPED("NULL", "BIGINT", "INET_ATON", chars("1.2.65535"));
    GIVES_TYPED("NULL", "BIGINT", "INET_ATON", chars("1.2.65536"));
    GIVES_TYPED("NULL", "BIGINT", "INET_ATON", chars("1.2.3.4.5"));
    GIVES_TYPED("NULL", "BIGINT", "INET_ATON", chars(" 1.2.3.4"));
    GIVES_TYPED("NULL", "BIGINT", "INET_ATON", chars(""));
    GIVES_TYPED("NULL", "BIGINT", "INET_ATON", chars("1..2"));
    GIVES_TYPED("16909060", "BIGINT", "INET_ATON", chars("01.2.3.4"));
    GIVES_TYPED("NULL", "BIGINT", "INET_ATON", chars("4294967295"));
    GIVES_TYPED("NULL", "BIGINT", "INET_ATON", chars("1.16777216"));
    GIVES_TYPED("127.0.0.1", "VARCHAR(2147483647)", "INET_NTOA", num(2130706433));
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "INET_NTOA", num(-1));
    GIVES_TYPED("255.255.255.255", "VARCHAR(2147483647)", "INET_NTOA", big(4294967295));
    GIVES_TYPED("0.0.0.0", "VARCHAR(2147483647)", "INET_NTOA", num(0));
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "INET_NTOA", big(4294967296));
}

static void check_bytes(const char *hex, const char *name, const weir_value *values, uint32_t count) {
    checked done = evaluate(name, values, count);
    char shown[256] = "";
    assert_int_equal(done.status, WEIR_OK);
    weir_text found = weir_column_text(done.column, 0);
    for (size_t i = 0; i < found.size; i++)
        snprintf(shown + 2 * i, 3, "%02X", (unsigned char)found.data[i]);
    assert_string_equal(shown, hex);
    weir_column_unref(done.column);
}

static void bytes_come_out(void **state) {
    (void)state;
    check_bytes("C3A9", "ENCODE", ARGUMENTS(text("é"), text("UTF-8")));
    check_bytes("FEFF00E9", "ENCODE", ARGUMENTS(text("é"), text("UTF-16")));
    check_bytes("E900", "ENCODE", ARGUMENTS(text("é"), text("utf-16le")));
    check_bytes("3F", "ENCODE", ARGUMENTS(text("é"), text("US-ASCII")));
    check_bytes("E9", "ENCODE", ARGUMENTS(text("é"), text("latin1")));
    check_bytes("D83DDE00", "ENCODE", ARGUMENTS(text("😀"), text("UTF-16BE")));
    check_bytes("3F", "ENCODE", ARGUMENTS(text("😀"), text("ISO-8859-1")));
    check_bytes("466C696E6B", "UNHEX", ARGUMENTS(text("466c696E6B")));
    check_bytes("00BC", "UNHEX", ARGUMENTS(text("ABC")));
    check_bytes("", "UNHEX", ARGUMENTS(text("")));
}

static void long_texts(void **state) {
    (void)state;
    GIVES("A TEXT OF MORE THAN TWELVE BYTES", "UPPER", text("a text of more than twelve bytes"));
    GIVES("text of more than twelve", "SUBSTRING", text("a text of more than twelve bytes"), num(3), num(24));
    GIVES("a text of more than twelve bytes", "BTRIM", text("xxa text of more than twelve bytesxx"), text("x"));
    GIVES("GROẞE WÖRTER", "UPPER", text("groẞe wörter"));
    GIVES("STRASSE UND NOCH MEHR", "UPPER", text("straße und noch mehr"));
    GIVES("!longer than", "REPEAT", text("0123456789"), num(2000000000));
    GIVES("", "LPAD", text("äöü"), num(0), text("x"));
    GIVES("!would be", "LPAD", text("a"), num(2000000000), text("b"));
    GIVES("!Unsupported encoding: NOPE", "ENCODE", text("a"), text("NOPE"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(joining_to_replace), cmocka_unit_test(substring_to_instr),      cmocka_unit_test(overlay_to_split_index),
        cmocka_unit_test(split_to_parse_url), cmocka_unit_test(url_encode_to_to_base64), cmocka_unit_test(from_base64_to_translate),
        cmocka_unit_test(printf_formats),     cmocka_unit_test(inet_aton_to_inet_ntoa),  cmocka_unit_test(bytes_come_out),
        cmocka_unit_test(long_texts),
    };
    return cmocka_run_group_tests(tests, check_setup, check_teardown);
}
