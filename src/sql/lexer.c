/* The lexer. The longest token wins, as in Flink: "1a" is the number 1 and the name a, ".5" is a number even behind a name.
 *
 * Left out: double-quoted and bracketed names and dollar-quoted strings, which Flink does not have either.
 */
#include "sql/lexer.h"

#include <stdio.h>
#include <string.h>

static const char *const kind_names[WEIR_TOKEN_KIND_COUNT] = {
    [WEIR_TOKEN_END] = "<EOF>",
    [WEIR_TOKEN_ERROR] = "<ERROR>",
    [WEIR_TOKEN_WORD] = "<IDENTIFIER>",
    [WEIR_TOKEN_QUOTED_NAME] = "<BACK_QUOTED_IDENTIFIER>",
    [WEIR_TOKEN_INTEGER] = "<UNSIGNED_INTEGER_LITERAL>",
    [WEIR_TOKEN_DECIMAL] = "<DECIMAL_NUMERIC_LITERAL>",
    [WEIR_TOKEN_APPROXIMATE] = "<APPROX_NUMERIC_LITERAL>",
    [WEIR_TOKEN_STRING] = "<QUOTED_STRING>",
    [WEIR_TOKEN_CHARSET_STRING] = "<PREFIXED_STRING_LITERAL>",
    [WEIR_TOKEN_UNICODE_STRING] = "<UNICODE_STRING_LITERAL>",
    [WEIR_TOKEN_C_STRING] = "<C_STYLE_ESCAPED_STRING_LITERAL>",
    [WEIR_TOKEN_BINARY_STRING] = "<BINARY_STRING_LITERAL>",
    [WEIR_TOKEN_QUOTE] = "\"\\'\"",
    [WEIR_TOKEN_DOUBLE_QUOTE] = "\"\\\"\"",
    [WEIR_TOKEN_LEFT_PAREN] = "\"(\"",
    [WEIR_TOKEN_RIGHT_PAREN] = "\")\"",
    [WEIR_TOKEN_LEFT_BRACE] = "\"{\"",
    [WEIR_TOKEN_RIGHT_BRACE] = "\"}\"",
    [WEIR_TOKEN_LEFT_BRACKET] = "\"[\"",
    [WEIR_TOKEN_RIGHT_BRACKET] = "\"]\"",
    [WEIR_TOKEN_SEMICOLON] = "\";\"",
    [WEIR_TOKEN_DOT] = "\".\"",
    [WEIR_TOKEN_DOUBLE_DOT] = "\"..\"",
    [WEIR_TOKEN_COMMA] = "\",\"",
    [WEIR_TOKEN_EQUAL] = "\"=\"",
    [WEIR_TOKEN_GREATER] = "\">\"",
    [WEIR_TOKEN_LESS] = "\"<\"",
    [WEIR_TOKEN_QUESTION] = "\"?\"",
    [WEIR_TOKEN_COLON] = "\":\"",
    [WEIR_TOKEN_LESS_EQUAL] = "\"<=\"",
    [WEIR_TOKEN_GREATER_EQUAL] = "\">=\"",
    [WEIR_TOKEN_NOT_EQUAL] = "\"<>\"",
    [WEIR_TOKEN_BANG_EQUAL] = "\"!=\"",
    [WEIR_TOKEN_PLUS] = "\"+\"",
    [WEIR_TOKEN_MINUS] = "\"-\"",
    [WEIR_TOKEN_LAMBDA] = "\"->\"",
    [WEIR_TOKEN_STAR] = "\"*\"",
    [WEIR_TOKEN_SLASH] = "\"/\"",
    [WEIR_TOKEN_PERCENT] = "\"%\"",
    [WEIR_TOKEN_CONCAT] = "\"||\"",
    [WEIR_TOKEN_NAMED] = "\"=>\"",
    [WEIR_TOKEN_BAR] = "\"|\"",
    [WEIR_TOKEN_CARET] = "\"^\"",
    [WEIR_TOKEN_DOLLAR] = "\"$\"",
    [WEIR_TOKEN_HINT] = "\"/*+\"",
    [WEIR_TOKEN_HINT_END] = "\"*/\"",
};

const char *weir_token_kind_name(weir_token_kind kind) {
    return (unsigned)kind < WEIR_TOKEN_KIND_COUNT ? kind_names[kind] : "<ERROR>";
}

void weir_lexer_init(weir_lexer *lexer, weir_text script) {
    *lexer = (weir_lexer){.script = script, .line = 1, .column = 1};
    if (script.size > UINT32_MAX - 1)
        lexer->script.size = UINT32_MAX - 1;
    if (script.size >= 3 && memcmp(script.data, "\xEF\xBB\xBF", 3) == 0)
        lexer->offset = 3; /* a byte order mark */
}

/* The byte at offset + ahead, 0 at the end. */
static unsigned char byte_at(const weir_lexer *lexer, size_t ahead) {
    size_t at = lexer->offset + ahead;
    return at < lexer->script.size ? (unsigned char)lexer->script.data[at] : 0;
}

/* Move to `offset`, counting lines ("\n", "\r" and "\r\n" end one) and columns (code points). */
static void advance(weir_lexer *lexer, size_t offset) {
    const char *data = lexer->script.data;
    for (size_t i = lexer->offset; i < offset; i++) {
        unsigned char c = (unsigned char)data[i];
        if (c == '\n' || (c == '\r' && (i + 1 >= lexer->script.size || data[i + 1] != '\n'))) {
            lexer->line++;
            lexer->column = 1;
        } else if ((c & 0xC0) != 0x80 && c != '\r') {
            lexer->column++;
        }
    }
    lexer->offset = offset;
}

static weir_position here(const weir_lexer *lexer) {
    return (weir_position){.offset_bytes = (uint32_t)lexer->offset, .line = lexer->line, .column = lexer->column};
}

static void fail(weir_lexer *lexer, weir_position position, const char *message) {
    if (lexer->failed)
        return;
    lexer->failed = true;
    lexer->failed_position = position;
    snprintf(lexer->message, sizeof lexer->message, "Lexical error at line %u, column %u.  %s", position.line, position.column, message);
}

static void fail_character(weir_lexer *lexer) {
    size_t at = lexer->offset;
    size_t start = at;
    uint32_t code_point = weir_utf8_next(lexer->script.data, lexer->script.size, &at);
    char message[128];
    if (code_point == 0)
        snprintf(message, sizeof message, "Encountered: a NUL byte (0); SQL text cannot hold it");
    else if (code_point == 0xFFFD && at - start == 1)
        snprintf(message, sizeof message, "Encountered: the byte 0x%02X, which is not valid UTF-8",
            (unsigned char)lexer->script.data[start]);
    else if (code_point < 0x20)
        snprintf(message, sizeof message, "Encountered: a control character (%u)", code_point);
    else
        snprintf(message, sizeof message, "Encountered: \"%.*s\" (%u), after : \"\"", (int)(at - start), lexer->script.data + start,
            code_point);
    fail(lexer, here(lexer), message);
}

/* Past white space and comments; an unclosed comment fails. */
static void skip_blank(weir_lexer *lexer) {
    const char *data = lexer->script.data;
    size_t size = lexer->script.size;
    while (lexer->offset < size && !lexer->failed) {
        size_t i = lexer->offset;
        unsigned char c = byte_at(lexer, 0), next = byte_at(lexer, 1);
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f') {
            advance(lexer, i + 1);
        } else if ((c == '-' && next == '-') || (c == '/' && next == '/')) {
            while (i < size && data[i] != '\n' && data[i] != '\r')
                i++;
            advance(lexer, i);
        } else if (c == '/' && next == '*' && byte_at(lexer, 2) != '+') {
            const char *end = size - i > 2 ? memmem(data + i + 2, size - i - 2, "*/", 2) : NULL;
            if (!end) {
                fail(lexer, here(lexer), "Encountered: <EOF> after : \"/*\": the comment that begins here is not closed with */");
                return;
            }
            advance(lexer, (size_t)(end - data) + 2);
        } else {
            return;
        }
    }
}

void weir_lexer_start(weir_lexer *lexer, bool skip_semicolons) {
    lexer->line = lexer->column = 1;
    skip_blank(lexer);
    while (skip_semicolons && !lexer->failed && byte_at(lexer, 0) == ';' && lexer->offset < lexer->script.size) {
        lexer->offset++;
        skip_blank(lexer);
    }
    if (!lexer->failed)
        lexer->line = lexer->column = 1;
}

static bool is_digit(unsigned char c) {
    return c >= '0' && c <= '9';
}

static bool is_ascii_letter(unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
}

/* The code points beyond ASCII that may stand in a name: those of Flink's lexer, which knows the plane of the usual scripts. */
static bool is_wide_letter(uint32_t c) {
    static const struct {
        uint32_t from, to;
    } ranges[] = {{0xC0, 0xD6}, {0xD8, 0xF6}, {0xF8, 0x1FFF}, {0x3040, 0x318F}, {0x3300, 0x337F}, {0x3400, 0x3D2D},
        {0x4E00, 0x9FFF}, {0xAC00, 0xD7A3}, {0xF900, 0xFAFF}};
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
        if (c >= ranges[i].from && c <= ranges[i].to)
            return true;
    return false;
}

/* The end of the name that begins (or goes on) at `at`. */
static size_t scan_name(const weir_lexer *lexer, size_t at) {
    const char *data = lexer->script.data;
    while (at < lexer->script.size) {
        unsigned char c = (unsigned char)data[at];
        if (c < 0x80) {
            if (!is_ascii_letter(c) && !is_digit(c))
                break;
            at++;
        } else {
            size_t next = at;
            uint32_t code_point = weir_utf8_next(data, lexer->script.size, &next);
            if (next - at == 1 || !is_wide_letter(code_point))
                break;
            at = next;
        }
    }
    return at;
}

static size_t scan_digits(const weir_lexer *lexer, size_t at) {
    while (at < lexer->script.size && is_digit((unsigned char)lexer->script.data[at]))
        at++;
    return at;
}

static size_t scan_number(const weir_lexer *lexer, weir_token_kind *kind) {
    const char *data = lexer->script.data;
    size_t size = lexer->script.size;
    size_t at = scan_digits(lexer, lexer->offset);
    *kind = WEIR_TOKEN_INTEGER;
    if (at < size && data[at] == '.') {
        *kind = WEIR_TOKEN_DECIMAL;
        at = scan_digits(lexer, at + 1);
    }
    if (at < size && (data[at] == 'e' || data[at] == 'E')) {
        size_t exponent = at + 1;
        if (exponent < size && (data[exponent] == '+' || data[exponent] == '-'))
            exponent++;
        size_t end = scan_digits(lexer, exponent);
        if (end > exponent) {
            *kind = WEIR_TOKEN_APPROXIMATE;
            at = end;
        }
    }
    return at;
}

/* The end of a quoted run whose opening quote is at `at`; 0 when it is not closed. The quote is escaped by doubling it, and by a
 * backslash where `backslash` is set. */
static size_t scan_quoted(const weir_lexer *lexer, size_t at, char quote, bool backslash, bool one_line) {
    const char *data = lexer->script.data;
    size_t size = lexer->script.size;
    for (at++; at < size; at++) {
        if (data[at] == quote) {
            if (at + 1 >= size || data[at + 1] != quote)
                return at + 1;
            at++;
        } else if (backslash && data[at] == '\\') {
            at++;
        } else if (one_line && (data[at] == '\n' || data[at] == '\r')) {
            return 0;
        }
    }
    return 0;
}

/* A string with a prefix before its quote: where the quote is, and the kind; false when there is no such string here. */
static bool scan_prefix(const weir_lexer *lexer, size_t *quote_at, weir_token_kind *kind) {
    unsigned char c = byte_at(lexer, 0), next = byte_at(lexer, 1);
    if ((c == 'x' || c == 'X') && next == '\'') {
        *kind = WEIR_TOKEN_BINARY_STRING;
        *quote_at = lexer->offset + 1;
        return true;
    }
    if ((c == 'n' || c == 'N') && next == '\'') {
        *kind = WEIR_TOKEN_CHARSET_STRING;
        *quote_at = lexer->offset + 1;
        return true;
    }
    if ((c == 'e' || c == 'E') && next == '\'') {
        *kind = WEIR_TOKEN_C_STRING;
        *quote_at = lexer->offset + 1;
        return true;
    }
    if ((c == 'u' || c == 'U') && next == '&' && byte_at(lexer, 2) == '\'') {
        *kind = WEIR_TOKEN_UNICODE_STRING;
        *quote_at = lexer->offset + 2;
        return true;
    }
    if (c == '_') {
        size_t i = 1;
        while (is_digit(byte_at(lexer, i)) || (is_ascii_letter(byte_at(lexer, i)) && byte_at(lexer, i) != '$') ||
            (i > 1 && byte_at(lexer, i) && strchr(":.-", byte_at(lexer, i))))
            i++;
        if (i > 1 && byte_at(lexer, i) == '\'') {
            *kind = WEIR_TOKEN_CHARSET_STRING;
            *quote_at = lexer->offset + i;
            return true;
        }
    }
    return false;
}

static size_t scan_operator(const weir_lexer *lexer, weir_token_kind *kind) {
    unsigned char c = byte_at(lexer, 0), next = byte_at(lexer, 1);
    size_t one = lexer->offset + 1, two = lexer->offset + 2;
#define SINGLE(character, token) case character: *kind = token; return one
    switch (c) {
        SINGLE('(', WEIR_TOKEN_LEFT_PAREN);
        SINGLE(')', WEIR_TOKEN_RIGHT_PAREN);
        SINGLE('{', WEIR_TOKEN_LEFT_BRACE);
        SINGLE('}', WEIR_TOKEN_RIGHT_BRACE);
        SINGLE('[', WEIR_TOKEN_LEFT_BRACKET);
        SINGLE(']', WEIR_TOKEN_RIGHT_BRACKET);
        SINGLE(';', WEIR_TOKEN_SEMICOLON);
        SINGLE(',', WEIR_TOKEN_COMMA);
        SINGLE('?', WEIR_TOKEN_QUESTION);
        SINGLE(':', WEIR_TOKEN_COLON);
        SINGLE('+', WEIR_TOKEN_PLUS);
        SINGLE('%', WEIR_TOKEN_PERCENT);
        SINGLE('^', WEIR_TOKEN_CARET);
        SINGLE('"', WEIR_TOKEN_DOUBLE_QUOTE);
#undef SINGLE
    case '.': *kind = next == '.' ? WEIR_TOKEN_DOUBLE_DOT : WEIR_TOKEN_DOT; return next == '.' ? two : one;
    case '=': *kind = next == '>' ? WEIR_TOKEN_NAMED : WEIR_TOKEN_EQUAL; return next == '>' ? two : one;
    case '>': *kind = next == '=' ? WEIR_TOKEN_GREATER_EQUAL : WEIR_TOKEN_GREATER; return next == '=' ? two : one;
    case '<':
        *kind = next == '=' ? WEIR_TOKEN_LESS_EQUAL : next == '>' ? WEIR_TOKEN_NOT_EQUAL : WEIR_TOKEN_LESS;
        return next == '=' || next == '>' ? two : one;
    case '-': *kind = next == '>' ? WEIR_TOKEN_LAMBDA : WEIR_TOKEN_MINUS; return next == '>' ? two : one;
    case '|': *kind = next == '|' ? WEIR_TOKEN_CONCAT : WEIR_TOKEN_BAR; return next == '|' ? two : one;
    case '*': *kind = next == '/' ? WEIR_TOKEN_HINT_END : WEIR_TOKEN_STAR; return next == '/' ? two : one;
    case '/':
        *kind = next == '*' ? WEIR_TOKEN_HINT : WEIR_TOKEN_SLASH;
        return next == '*' ? lexer->offset + 3 : one; /* skip_blank took every other comment */
    case '!':
        *kind = WEIR_TOKEN_BANG_EQUAL;
        return next == '=' ? two : 0;
    default: return 0;
    }
}

/* A quoted token must be valid UTF-8 without NUL. */
static bool check_text(weir_lexer *lexer, size_t end) {
    weir_text text = {lexer->script.data + lexer->offset, end - lexer->offset};
    size_t bad = 0;
    const char *nul = memchr(text.data, 0, text.size);
    if (weir_utf8_valid(text, &bad) && !nul)
        return true;
    advance(lexer, nul ? (size_t)(nul - lexer->script.data) : lexer->offset + bad);
    fail_character(lexer);
    return false;
}

/* Find the token at the offset: its kind and its end, or 0. */
static size_t scan_token(weir_lexer *lexer, weir_token_kind *kind) {
    unsigned char c = byte_at(lexer, 0);
    size_t quote_at = lexer->offset;
    if (c == '\'' || scan_prefix(lexer, &quote_at, kind)) {
        if (c == '\'')
            *kind = WEIR_TOKEN_STRING;
        size_t end = scan_quoted(lexer, quote_at, '\'', *kind == WEIR_TOKEN_C_STRING, false);
        if (end)
            return check_text(lexer, end) ? end : 0;
        if (c == '\'') {
            *kind = WEIR_TOKEN_QUOTE;
            return lexer->offset + 1;
        }
    }
    if (c == '`') {
        *kind = WEIR_TOKEN_QUOTED_NAME;
        size_t end = scan_quoted(lexer, lexer->offset, '`', false, true);
        if (end > lexer->offset + 2)
            return check_text(lexer, end) ? end : 0;
        return 0;
    }
    if (is_digit(c) || (c == '.' && is_digit(byte_at(lexer, 1))))
        return scan_number(lexer, kind);
    size_t end = scan_name(lexer, lexer->offset);
    if (end > lexer->offset) {
        *kind = c == '$' && end == lexer->offset + 1 ? WEIR_TOKEN_DOLLAR : WEIR_TOKEN_WORD;
        return end;
    }
    return scan_operator(lexer, kind);
}

void weir_lexer_next(weir_lexer *lexer, weir_token *token) {
    skip_blank(lexer);
    *token = (weir_token){.position = here(lexer), .text = {lexer->script.data + lexer->offset, 0}};
    size_t end = 0;
    if (!lexer->failed && lexer->offset >= lexer->script.size) {
        token->kind = WEIR_TOKEN_END;
        return;
    }
    if (!lexer->failed) {
        end = scan_token(lexer, &token->kind);
        if (!end && !lexer->failed)
            fail_character(lexer);
    }
    if (lexer->failed) {
        token->kind = WEIR_TOKEN_ERROR;
        token->position = lexer->failed_position;
        return;
    }
    token->text.size = end - lexer->offset;
    token->position.length_bytes = (uint32_t)token->text.size;
    if (token->kind == WEIR_TOKEN_WORD)
        token->keyword = weir_keyword_find(token->text);
    advance(lexer, end);
}

weir_position weir_sql_locate(weir_text script, size_t offset_bytes) {
    weir_lexer lexer = {.script = script, .line = 1, .column = 1};
    if (script.size >= 3 && memcmp(script.data, "\xEF\xBB\xBF", 3) == 0)
        lexer.offset = 3;
    advance(&lexer, offset_bytes < script.size ? offset_bytes : script.size);
    return here(&lexer);
}
