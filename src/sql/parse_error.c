/* How the parser complains: Flink's "Encountered ... Was expecting one of ...", and hints for people. */
#include "sql/parser_int.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

weir_status weir_parser_memory(weir_parser *p) {
    return weir_fail_memory(p->error, "parsing", 0);
}

weir_status weir_parser_fail(weir_parser *p, weir_status status, weir_position position, const char *format, ...) {
    char text[WEIR_ERROR_MESSAGE_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    weir_status result = weir_fail_at(p->error, status, position, "%s at line %u, column %u", text, position.line, position.column);
    weir_error_stage(p->error, "parse");
    return result;
}

/* The names in the list of expectations: capitals in quotes for words, JavaCC's names for kinds. */
static size_t add_expected(weir_parser *p, char *text, size_t size) {
    size_t used = 0;
    text[0] = 0;
    for (size_t i = 0; i < p->expected_count; i++) {
        weir_token_kind kind = p->expected[i].kind;
        weir_keyword keyword = p->expected[i].keyword;
        int written;
        if (kind == WEIR_TOKEN_SEMICOLON)
            continue;
        if (kind == WEIR_TOKEN_WORD && keyword != WEIR_KEYWORD_NONE)
            written = snprintf(text + used, size - used, " \"%s\" ...", weir_keyword_name(keyword));
        else
            written = snprintf(text + used, size - used, " %s ...", weir_token_kind_name(kind));
        if (written < 0 || used + (size_t)written + 8 >= size)
            break;
        used += (size_t)written;
    }
    return used;
}

static bool expects(const weir_parser *p, weir_token_kind kind) {
    for (size_t i = 0; i < p->expected_count; i++)
        if (p->expected[i].kind == kind && p->expected[i].keyword == WEIR_KEYWORD_NONE)
            return true;
    return false;
}

static bool expects_word(const weir_parser *p, weir_keyword keyword) {
    for (size_t i = 0; i < p->expected_count; i++)
        if (p->expected[i].keyword == keyword && p->expected[i].kind == WEIR_TOKEN_WORD)
            return true;
    return false;
}

/* A misspelt keyword: the nearest of the expected ones. Very short ones are near to everything, so they are not offered. */
static bool hint_nearest(weir_parser *p, const weir_token *token) {
    weir_text candidates[WEIR_PARSER_EXPECTED_MAX];
    size_t count = 0;
    for (size_t i = 0; i < p->expected_count; i++) {
        const char *name = p->expected[i].kind == WEIR_TOKEN_WORD ? weir_keyword_name(p->expected[i].keyword) : "";
        if (strlen(name) >= 3)
            candidates[count++] = weir_text_of(name);
    }
    int nearest = count && token->text.size >= 3 ? weir_text_nearest(token->text, candidates, count) : -1;
    if (nearest < 0)
        return false;
    weir_error_hint(p->error, "Did you mean %.*s?", WEIR_TEXT_ARGS(candidates[nearest]));
    return true;
}

/* Words that nobody means as a name. */
static bool is_structural(weir_keyword keyword) {
    static const weir_keyword words[] = {WEIR_KW_SELECT, WEIR_KW_FROM, WEIR_KW_WHERE, WEIR_KW_HAVING, WEIR_KW_UNION, WEIR_KW_JOIN,
        WEIR_KW_ON, WEIR_KW_AS, WEIR_KW_AND, WEIR_KW_OR, WEIR_KW_NOT, WEIR_KW_WITH, WEIR_KW_INSERT, WEIR_KW_CREATE, WEIR_KW_WHEN,
        WEIR_KW_THEN, WEIR_KW_ELSE};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (words[i] == keyword)
            return true;
    return false;
}

static void add_hint(weir_parser *p, const weir_token *token) {
    if (token->kind == WEIR_TOKEN_QUOTE) {
        weir_error_hint(p->error, "The string that begins here has no closing quote; a quote inside a string is written twice ('').");
    } else if (token->kind == WEIR_TOKEN_EQUAL && p->at > 0 && p->tokens[p->at - 1].kind == WEIR_TOKEN_EQUAL) {
        weir_error_hint(p->error, "Equality is written with one =.");
    } else if (token->kind == WEIR_TOKEN_DOUBLE_QUOTE) {
        weir_error_hint(p->error, "Names are quoted with backticks (`name`), strings with single quotes ('text').");
    } else if (token->kind == WEIR_TOKEN_WORD && expects(p, WEIR_TOKEN_WORD) && weir_keyword_reserved(token->keyword) &&
        !expects_word(p, token->keyword) && !is_structural(token->keyword)) {
        weir_error_hint(p->error, "%s is a reserved word; to use it as a name, write `%.*s` in backticks.",
            weir_keyword_name(token->keyword), WEIR_TEXT_ARGS(token->text));
    } else if (token->kind == WEIR_TOKEN_WORD && token->keyword == WEIR_KEYWORD_NONE) {
        hint_nearest(p, token);
    } else if (token->kind == WEIR_TOKEN_WORD && token->keyword == WEIR_KW_SELECT && expects(p, WEIR_TOKEN_SEMICOLON)) {
        weir_error_hint(p->error, "Statements are separated by semicolons.");
    }
}

/* The end of the statement is where its last character is, as in Flink. */
static weir_position end_position(weir_parser *p, weir_position position) {
    if (p->at == 0)
        return position;
    weir_position last = p->tokens[p->at - 1].position;
    const char *data = p->lexer->script.data;
    weir_text text = {data + last.offset_bytes, last.length_bytes};
    for (size_t i = 0; i + 1 < text.size;) {
        size_t next = i;
        weir_utf8_next(text.data, text.size, &next);
        if (next >= text.size)
            break;
        if (text.data[i] == '\n') {
            last.line++;
            last.column = 1;
        } else {
            last.column++;
        }
        i = next;
    }
    last.offset_bytes = last.offset_bytes + last.length_bytes;
    last.length_bytes = 0;
    return last;
}

static void shown_text(weir_parser *p, const weir_token *token, char *out, size_t size) {
    (void)p;
    size_t shown = token->text.size < 60 ? token->text.size : 60;
    while (shown < token->text.size && shown > 0 && ((unsigned char)token->text.data[shown] & 0xC0) == 0x80)
        shown--;
    if (token->kind == WEIR_TOKEN_QUOTE)
        snprintf(out, size, "\\'");
    else if (token->kind == WEIR_TOKEN_DOUBLE_QUOTE)
        snprintf(out, size, "\\\"");
    else
        snprintf(out, size, "%.*s%s", (int)shown, token->text.data, shown < token->text.size ? "..." : "");
}

weir_status weir_parser_unexpected(weir_parser *p) {
    const weir_token *token = weir_parser_peek(p, 0);
    if (p->arena->failed)
        return weir_parser_memory(p);
    weir_status status;
    weir_position position = token->position;
    if (token->kind == WEIR_TOKEN_ERROR) {
        status = weir_fail_at(p->error, WEIR_PARSE, position, "%s", p->lexer->message);
        weir_error_stage(p->error, "parse");
        return status;
    }
    if (token->kind == WEIR_TOKEN_BANG_EQUAL) {
        status = weir_parser_fail(p, WEIR_PARSE, position, "Bang equal '!=' is not allowed under the current SQL conformance level");
        weir_error_hint(p->error, "Write <> for \"not equal\".");
        return status;
    }
    char shown[80];
    if (token->kind == WEIR_TOKEN_END || token->kind == WEIR_TOKEN_SEMICOLON) {
        position = end_position(p, position);
        snprintf(shown, sizeof shown, "<EOF>");
    } else {
        shown_text(p, token, shown, sizeof shown);
    }
    if (p->expected_at != p->at)
        p->expected_count = 0;
    char expected[1200];
    size_t used = add_expected(p, expected, sizeof expected);
    const char *introduction = used == 0 ? "" : p->expected_count == 1 ? "\nWas expecting:" : "\nWas expecting one of:";
    status = weir_fail_at(p->error, WEIR_PARSE, position, "Encountered \"%s\" at line %u, column %u.%s%s", shown, position.line,
        position.column, introduction, expected);
    weir_error_stage(p->error, "parse");
    add_hint(p, token);
    return status;
}
