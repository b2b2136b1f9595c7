/* Names, aliases, lists of names, and 'key' = 'value' options. */
#include "sql/parser_int.h"

#include <string.h>

/* `a``b` without its quotes. */
static bool unquote_name(weir_parser *p, weir_text quoted, weir_text *out) {
    weir_text inner = {quoted.data + 1, quoted.size - 2};
    if (!memchr(inner.data, '`', inner.size)) {
        *out = inner;
        return true;
    }
    char *data = weir_arena_alloc(p->arena, inner.size + 1);
    if (!data)
        return false;
    size_t size = 0;
    for (size_t i = 0; i < inner.size; i++) {
        data[size++] = inner.data[i];
        if (inner.data[i] == '`')
            i++; /* the second of two */
    }
    *out = (weir_text){data, size};
    return true;
}

weir_status weir_parse_ident(weir_parser *p, weir_ast_ident *out) {
    if (!weir_parser_at_name(p))
        return weir_parser_unexpected(p);
    const weir_token *token = weir_parser_take(p);
    out->position = token->position;
    out->quoted = token->kind == WEIR_TOKEN_QUOTED_NAME;
    out->text = token->text;
    if (out->quoted && !unquote_name(p, token->text, &out->text))
        return weir_parser_memory(p);
    return WEIR_OK;
}

weir_status weir_parse_name(weir_parser *p, weir_ast_name *out) {
    weir_position start = weir_parser_start(p);
    weir_vector parts = {0};
    do {
        weir_ast_ident *part = weir_parser_push(p, &parts, sizeof *part);
        if (!part)
            return weir_parser_memory(p);
        WEIR_TRY(weir_parse_ident(p, part));
    } while (weir_parser_sees(p, 0, WEIR_TOKEN_DOT) && !weir_parser_sees(p, 1, WEIR_TOKEN_STAR) && weir_parser_accept(p, WEIR_TOKEN_DOT));
    *out = (weir_ast_name){.parts = parts.items, .count = parts.count, .position = weir_parser_span(p, start)};
    return WEIR_OK;
}

weir_status weir_parse_ident_list(weir_parser *p, const weir_ast_ident **out, size_t *count) {
    weir_vector idents = {0};
    WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_LEFT_PAREN));
    do {
        weir_ast_ident *ident = weir_parser_push(p, &idents, sizeof *ident);
        if (!ident)
            return weir_parser_memory(p);
        WEIR_TRY(weir_parse_ident(p, ident));
    } while (weir_parser_accept(p, WEIR_TOKEN_COMMA));
    WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_RIGHT_PAREN));
    *out = idents.items;
    *count = idents.count;
    return WEIR_OK;
}

weir_status weir_parse_optional_alias(weir_parser *p, weir_ast_ident *out) {
    bool as = weir_parser_accept_word(p, WEIR_KW_AS);
    if (weir_parser_sees(p, 0, WEIR_TOKEN_STRING) && as)
        return weir_parser_fail(p, WEIR_PARSE, weir_parser_start(p), "Expecting alias, found character literal");
    if (!as && !weir_parser_at_name(p))
        return WEIR_OK;
    return weir_parse_ident(p, out);
}

static weir_status parse_option_string(weir_parser *p, weir_text *text, weir_position *position) {
    *position = weir_parser_start(p);
    if (!weir_parser_at_string(p))
        return weir_parser_unexpected(p);
    WEIR_TRY(weir_parse_string(p, text));
    *position = weir_parser_span(p, *position);
    return WEIR_OK;
}

static weir_status parse_option_list(weir_parser *p, bool values, weir_ast_options *out) {
    weir_position start = weir_parser_start(p);
    weir_vector options = {0};
    WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_LEFT_PAREN));
    if (!weir_parser_accept(p, WEIR_TOKEN_RIGHT_PAREN)) {
        do {
            weir_ast_option *option = weir_parser_push(p, &options, sizeof *option);
            if (!option)
                return weir_parser_memory(p);
            WEIR_TRY(parse_option_string(p, &option->key, &option->key_position));
            if (values) {
                WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_EQUAL));
                WEIR_TRY(parse_option_string(p, &option->value, &option->value_position));
            }
        } while (weir_parser_accept(p, WEIR_TOKEN_COMMA));
        WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_RIGHT_PAREN));
    }
    *out = (weir_ast_options){.items = options.items, .count = options.count, .position = weir_parser_span(p, start)};
    return WEIR_OK;
}

weir_status weir_parse_options(weir_parser *p, weir_ast_options *out) {
    return parse_option_list(p, true, out);
}

weir_status weir_parse_option_keys(weir_parser *p, weir_ast_options *out) {
    return parse_option_list(p, false, out);
}

weir_status weir_parse_comment(weir_parser *p, bool *has_comment, weir_text *comment) {
    if (!weir_parser_accept_word(p, WEIR_KW_COMMENT))
        return WEIR_OK;
    if (!weir_parser_at_string(p))
        return weir_parser_unexpected(p);
    *has_comment = true;
    return weir_parse_string(p, comment);
}

bool weir_parser_accept_if_exists(weir_parser *p) {
    return weir_parser_accept_words(p, WEIR_KW_IF, WEIR_KW_EXISTS);
}

bool weir_parser_accept_if_not_exists(weir_parser *p) {
    if (!weir_parser_sees_word(p, 2, WEIR_KW_EXISTS) || !weir_parser_accept_words(p, WEIR_KW_IF, WEIR_KW_NOT))
        return false;
    weir_parser_take(p);
    return true;
}

weir_status weir_parse_partition(weir_parser *p, bool values_needed, weir_ast_partition *out) {
    weir_position start = weir_parser_start(p);
    weir_vector names = {0}, values = {0};
    WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_LEFT_PAREN));
    do {
        weir_ast_ident *name = weir_parser_push(p, &names, sizeof *name);
        if (!name)
            return weir_parser_memory(p);
        WEIR_TRY(weir_parse_ident(p, name));
        weir_ast_expr *value = NULL;
        bool equal = weir_parser_accept(p, WEIR_TOKEN_EQUAL);
        if (!equal && values_needed)
            return weir_parser_unexpected(p);
        if (equal)
            WEIR_TRY(weir_parse_literal(p, &value));
        WEIR_TRY(weir_parser_push_expr(p, &values, value));
    } while (weir_parser_accept(p, WEIR_TOKEN_COMMA));
    WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_RIGHT_PAREN));
    out->names = names.items;
    out->values = values.items;
    out->count = names.count;
    out->position = weir_parser_span(p, start);
    return WEIR_OK;
}
