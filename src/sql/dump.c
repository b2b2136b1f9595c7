/* Tokens as text, and the lines of which the dumps of trees are made. */
#include "sql/dump_int.h"

#include <stdarg.h>
#include <stdio.h>

#include "sql/lexer.h"
#include "sql/unparse.h"

void weir_sql_dump_tokens(weir_builder *out, weir_text script) {
    weir_lexer lexer;
    weir_token token;
    weir_lexer_init(&lexer, script);
    do {
        weir_lexer_next(&lexer, &token);
        weir_builder_format(out, "%u:%u ", token.position.line, token.position.column);
        if (token.kind == WEIR_TOKEN_ERROR)
            weir_builder_format(out, "ERROR %s\n", lexer.message);
        else if (token.kind == WEIR_TOKEN_END)
            weir_builder_c(out, "<EOF>\n");
        else if (token.kind == WEIR_TOKEN_WORD && token.keyword != WEIR_KEYWORD_NONE)
            weir_builder_format(
                out, "%s %.*s\n", weir_keyword_reserved(token.keyword) ? "RESERVED" : "KEYWORD", WEIR_TEXT_ARGS(token.text));
        else if (token.kind == WEIR_TOKEN_WORD)
            weir_builder_format(out, "NAME %.*s\n", WEIR_TEXT_ARGS(token.text));
        else if (token.kind == WEIR_TOKEN_QUOTED_NAME || (token.kind >= WEIR_TOKEN_INTEGER && token.kind <= WEIR_TOKEN_BINARY_STRING))
            weir_builder_format(out, "%s %.*s\n", weir_token_kind_name(token.kind), WEIR_TEXT_ARGS(token.text));
        else
            weir_builder_format(out, "%s\n", weir_token_kind_name(token.kind));
    } while (token.kind != WEIR_TOKEN_END && token.kind != WEIR_TOKEN_ERROR && !out->failed);
}

static void begin_line(weir_dump *d, const char *label) {
    for (unsigned i = 0; i < d->depth; i++)
        weir_builder_c(d->out, "  ");
    if (label)
        weir_builder_format(d->out, "%s: ", label);
}

void weir_dump_line(weir_dump *d, const char *label, weir_position position, const char *format, ...) {
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    begin_line(d, label);
    weir_builder_c(d->out, text);
    if (position.line)
        weir_builder_format(d->out, " @%u:%u", position.line, position.column);
    weir_builder_char(d->out, '\n');
}

void weir_dump_text(weir_dump *d, const char *label, weir_text text) {
    begin_line(d, label);
    weir_sql_quote_string(d->out, text);
    weir_builder_char(d->out, '\n');
}

void weir_dump_name(weir_dump *d, const char *label, const weir_ast_name *name) {
    if (!name->count)
        return;
    begin_line(d, label);
    weir_sql_unparse_name(d->out, name);
    weir_builder_format(d->out, " @%u:%u\n", name->position.line, name->position.column);
}

void weir_dump_ident(weir_dump *d, const char *label, weir_ast_ident ident) {
    if (ident.text.data)
        weir_dump_name(d, label, &(weir_ast_name){.parts = &ident, .count = 1, .position = ident.position});
}

void weir_dump_idents(weir_dump *d, const char *label, const weir_ast_ident *idents, size_t count) {
    for (size_t i = 0; i < count; i++)
        weir_dump_ident(d, label, idents[i]);
}

void weir_dump_flag(weir_dump *d, const char *label, bool set) {
    if (set)
        weir_dump_line(d, NULL, (weir_position){0}, "%s", label);
}

void weir_dump_options(weir_dump *d, const char *label, weir_ast_options options) {
    for (size_t i = 0; i < options.count; i++) {
        begin_line(d, label);
        weir_sql_quote_string(d->out, options.items[i].key);
        if (options.items[i].value.data) {
            weir_builder_c(d->out, " = ");
            weir_sql_quote_string(d->out, options.items[i].value);
        }
        weir_builder_format(d->out, " @%u:%u\n", options.items[i].key_position.line, options.items[i].key_position.column);
    }
}

void weir_dump_type(weir_dump *d, const char *label, const weir_ast_type *type) {
    if (!type)
        return;
    begin_line(d, label);
    weir_sql_unparse_type(d->out, type);
    weir_builder_format(d->out, " @%u:%u\n", type->position.line, type->position.column);
}

void weir_sql_dump_statement(weir_builder *out, const weir_ast_statement *statement) {
    weir_dump_statement(&(weir_dump){.out = out}, NULL, statement);
}

void weir_sql_dump_query(weir_builder *out, const weir_ast_query *query) {
    weir_dump_query(&(weir_dump){.out = out}, NULL, query);
}

void weir_sql_dump_expression(weir_builder *out, const weir_ast_expr *expr) {
    weir_dump_expr(&(weir_dump){.out = out}, NULL, expr);
}
