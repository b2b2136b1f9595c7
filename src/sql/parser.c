/* The parser's ground: tokens with lookahead, positions, errors, limits; and the entry points.
 *
 * Recursive descent, with precedence climbing for operators (parse_expression.c). Every question "is the next token X?" that is
 * answered no is noted, so that an error can say what would have been right.
 */
#include "sql/parser_int.h"

#include <stdio.h>
#include <string.h>

void weir_parser_init(weir_parser *p, weir_arena *arena, weir_lexer *lexer, weir_error *error) {
    memset(p, 0, sizeof *p);
    p->arena = arena;
    p->lexer = lexer;
    p->error = error;
    p->no_memory.kind = WEIR_TOKEN_ERROR;
}

/* ---- tokens ---- */

static bool read_token(weir_parser *p) {
    if (p->token_count == p->token_capacity) {
        size_t capacity = p->token_capacity ? p->token_capacity * 2 : 128;
        weir_token *grown = WEIR_ARENA_ARRAY(p->arena, weir_token, capacity);
        if (!grown)
            return false;
        if (p->token_count)
            memcpy(grown, p->tokens, p->token_count * sizeof *grown);
        p->tokens = grown;
        p->token_capacity = capacity;
    }
    weir_lexer_next(p->lexer, &p->tokens[p->token_count]);
    p->token_count++;
    return true;
}

const weir_token *weir_parser_peek(weir_parser *p, size_t ahead) {
    while (p->at + ahead >= p->token_count) {
        if (p->token_count) { /* nothing is read beyond the end */
            const weir_token *last = &p->tokens[p->token_count - 1];
            if (last->kind == WEIR_TOKEN_END || last->kind == WEIR_TOKEN_ERROR)
                return last;
        }
        if (!read_token(p))
            return &p->no_memory;
    }
    return &p->tokens[p->at + ahead];
}

const weir_token *weir_parser_take(weir_parser *p) {
    const weir_token *token = weir_parser_peek(p, 0);
    if (token->kind != WEIR_TOKEN_END && token->kind != WEIR_TOKEN_ERROR)
        p->at++;
    return token;
}

static void note_expected(weir_parser *p, weir_token_kind kind, weir_keyword keyword) {
    if (p->expected_at != p->at || p->expected_count == 0) {
        p->expected_at = p->at;
        p->expected_count = 0;
    }
    for (size_t i = 0; i < p->expected_count; i++)
        if (p->expected[i].kind == kind && p->expected[i].keyword == keyword)
            return;
    if (p->expected_count < WEIR_PARSER_EXPECTED_MAX) {
        p->expected[p->expected_count].kind = kind;
        p->expected[p->expected_count++].keyword = keyword;
    }
}

bool weir_parser_sees(weir_parser *p, size_t ahead, weir_token_kind kind) {
    return weir_parser_peek(p, ahead)->kind == kind;
}

bool weir_parser_sees_word(weir_parser *p, size_t ahead, weir_keyword keyword) {
    const weir_token *token = weir_parser_peek(p, ahead);
    return token->kind == WEIR_TOKEN_WORD && token->keyword == keyword;
}

bool weir_parser_sees_name(weir_parser *p, size_t ahead) {
    const weir_token *token = weir_parser_peek(p, ahead);
    return token->kind == WEIR_TOKEN_QUOTED_NAME || (token->kind == WEIR_TOKEN_WORD && !weir_keyword_reserved(token->keyword));
}

bool weir_parser_at(weir_parser *p, weir_token_kind kind) {
    if (weir_parser_sees(p, 0, kind))
        return true;
    note_expected(p, kind, WEIR_KEYWORD_NONE);
    return false;
}

bool weir_parser_at_word(weir_parser *p, weir_keyword keyword) {
    if (weir_parser_sees_word(p, 0, keyword))
        return true;
    note_expected(p, WEIR_TOKEN_WORD, keyword);
    return false;
}

bool weir_parser_at_name(weir_parser *p) {
    if (weir_parser_sees_name(p, 0))
        return true;
    note_expected(p, WEIR_TOKEN_WORD, WEIR_KEYWORD_NONE);
    note_expected(p, WEIR_TOKEN_QUOTED_NAME, WEIR_KEYWORD_NONE);
    return false;
}

bool weir_parser_accept(weir_parser *p, weir_token_kind kind) {
    if (!weir_parser_at(p, kind))
        return false;
    weir_parser_take(p);
    return true;
}

bool weir_parser_accept_word(weir_parser *p, weir_keyword keyword) {
    if (!weir_parser_at_word(p, keyword))
        return false;
    weir_parser_take(p);
    return true;
}

bool weir_parser_accept_words(weir_parser *p, weir_keyword first, weir_keyword second) {
    if (!weir_parser_at_word(p, first) || !weir_parser_sees_word(p, 1, second))
        return false;
    weir_parser_take(p);
    weir_parser_take(p);
    return true;
}

weir_status weir_parser_expect(weir_parser *p, weir_token_kind kind) {
    return weir_parser_accept(p, kind) ? WEIR_OK : weir_parser_unexpected(p);
}

weir_status weir_parser_expect_word(weir_parser *p, weir_keyword keyword) {
    return weir_parser_accept_word(p, keyword) ? WEIR_OK : weir_parser_unexpected(p);
}

bool weir_parser_at_end(weir_parser *p) {
    return weir_parser_at(p, WEIR_TOKEN_END) || weir_parser_at(p, WEIR_TOKEN_SEMICOLON);
}

/* ---- positions ---- */

weir_position weir_parser_start(weir_parser *p) {
    return weir_parser_peek(p, 0)->position;
}

weir_position weir_parser_join(weir_position from, weir_position to) {
    uint32_t end = to.offset_bytes + to.length_bytes;
    if (end > from.offset_bytes)
        from.length_bytes = end - from.offset_bytes;
    return from;
}

weir_position weir_parser_span(weir_parser *p, weir_position start) {
    return p->at > 0 ? weir_parser_join(start, p->tokens[p->at - 1].position) : start;
}

/* ---- limits and arrays ---- */

weir_status weir_parser_enter(weir_parser *p, unsigned *outer_height) {
    if (++p->depth > WEIR_SQL_DEPTH_MAX)
        return weir_parser_fail(p, WEIR_PARSE, weir_parser_start(p),
            "The statement is nested too deeply: more than %d parentheses, subqueries or types inside each other", WEIR_SQL_DEPTH_MAX);
    *outer_height = p->height;
    p->height = 0;
    return WEIR_OK;
}

void weir_parser_leave(weir_parser *p, unsigned outer_height) {
    p->depth--;
    if (p->height < outer_height)
        p->height = outer_height;
}

weir_status weir_parser_grow(weir_parser *p) {
    if (++p->height > WEIR_SQL_DEPTH_MAX)
        return weir_parser_fail(p, WEIR_PARSE, weir_parser_start(p),
            "The expression is too long: more than %d operators in one chain or inside each other", WEIR_SQL_DEPTH_MAX);
    return WEIR_OK;
}

void *weir_parser_push(weir_parser *p, weir_vector *vector, size_t item_bytes) {
    if (vector->count == vector->capacity) {
        size_t capacity = vector->capacity ? vector->capacity * 2 : 4;
        char *grown = weir_arena_alloc_array(p->arena, capacity, item_bytes);
        if (!grown)
            return NULL;
        if (vector->count)
            memcpy(grown, vector->items, vector->count * item_bytes);
        vector->items = grown;
        vector->capacity = capacity;
    }
    return (char *)vector->items + item_bytes * vector->count++;
}

weir_status weir_parser_push_expr(weir_parser *p, weir_vector *vector, weir_ast_expr *expr) {
    weir_ast_expr **place = weir_parser_push(p, vector, sizeof *place);
    if (!place)
        return weir_parser_memory(p);
    *place = expr;
    return WEIR_OK;
}

weir_ast_expr_list weir_parser_expr_list(const weir_vector *vector) {
    return (weir_ast_expr_list){.items = vector->items, .count = vector->count};
}

/* ---- entry points ---- */

void weir_sql_cursor_init(weir_sql_cursor *cursor, weir_text script) {
    weir_lexer_init(&cursor->lexer, script);
}

/* Put the lexer behind `token`, forgetting what was read beyond it. */
static void rewind_behind(weir_lexer *lexer, const weir_token *token) {
    lexer->offset = token->position.offset_bytes + token->position.length_bytes;
    lexer->failed = false;
}

/* After an error: behind the next semicolon, or to the end. */
static void skip_statement(weir_parser *p) {
    for (;;) {
        const weir_token *token = weir_parser_take(p);
        if (token->kind == WEIR_TOKEN_SEMICOLON) {
            rewind_behind(p->lexer, token);
            return;
        }
        if (token->kind == WEIR_TOKEN_END || token->kind == WEIR_TOKEN_ERROR) {
            p->lexer->offset = p->lexer->script.size;
            p->lexer->failed = false;
            return;
        }
    }
}

weir_status weir_sql_next_statement(weir_sql_cursor *cursor, weir_arena *arena, const weir_ast_statement **out, weir_error *error) {
    *out = NULL;
    weir_parser parser, *p = &parser;
    weir_lexer_start(&cursor->lexer, true);
    weir_parser_init(p, arena, &cursor->lexer, error);
    if (weir_parser_sees(p, 0, WEIR_TOKEN_END))
        return WEIR_OK;
    weir_status status = weir_parse_statement(p, out);
    if (status == WEIR_OK && !weir_parser_at_end(p))
        status = weir_parser_unexpected(p);
    if (status != WEIR_OK) {
        *out = NULL;
        skip_statement(p);
        return status;
    }
    if (weir_parser_sees(p, 0, WEIR_TOKEN_SEMICOLON))
        rewind_behind(p->lexer, weir_parser_take(p));
    return WEIR_OK;
}

weir_status weir_sql_parse_script(weir_arena *arena, weir_text script, weir_ast_script **out, weir_error *error) {
    *out = NULL;
    weir_ast_script *result = WEIR_ARENA_NEW(arena, weir_ast_script);
    weir_list statements = {0};
    weir_sql_cursor cursor;
    weir_sql_cursor_init(&cursor, script);
    for (;;) {
        const weir_ast_statement *statement = NULL;
        WEIR_TRY(weir_sql_next_statement(&cursor, arena, &statement, error));
        if (!statement)
            break;
        if (!weir_list_add(arena, &statements, (void *)(uintptr_t)statement))
            return weir_fail_memory(error, "the statements of a script", sizeof(void *));
    }
    if (!result)
        return weir_fail_memory(error, "a script", sizeof *result);
    result->statements = (const weir_ast_statement *const *)statements.items;
    result->statement_count = statements.count;
    *out = result;
    return WEIR_OK;
}

/* Begin on a text that holds one thing only. */
static void begin_text(weir_parser *p, weir_lexer *lexer, weir_arena *arena, weir_text text, weir_error *error) {
    weir_lexer_init(lexer, text);
    weir_lexer_start(lexer, false);
    weir_parser_init(p, arena, lexer, error);
}

weir_status weir_sql_parse_expression(weir_arena *arena, weir_text text, weir_ast_expr **out, weir_error *error) {
    weir_parser parser;
    weir_lexer lexer;
    begin_text(&parser, &lexer, arena, text, error);
    WEIR_TRY(weir_parse_expr(&parser, out));
    return weir_parser_at(&parser, WEIR_TOKEN_END) ? WEIR_OK : weir_parser_unexpected(&parser);
}

weir_status weir_sql_parse_query(weir_arena *arena, weir_text text, const weir_ast_query **out, weir_error *error) {
    weir_parser parser;
    weir_lexer lexer;
    begin_text(&parser, &lexer, arena, text, error);
    WEIR_TRY(weir_parse_query(&parser, out));
    return weir_parser_at_end(&parser) ? WEIR_OK : weir_parser_unexpected(&parser);
}

weir_status weir_sql_parse_type(weir_arena *arena, weir_text text, const weir_ast_type **out, weir_error *error) {
    weir_parser parser;
    weir_lexer lexer;
    begin_text(&parser, &lexer, arena, text, error);
    WEIR_TRY(weir_parse_type(&parser, true, true, out));
    return weir_parser_at(&parser, WEIR_TOKEN_END) ? WEIR_OK : weir_parser_unexpected(&parser);
}

bool weir_sql_complete(weir_text text) {
    weir_lexer lexer;
    weir_lexer_init(&lexer, text);
    weir_token token;
    weir_keyword previous[2] = {WEIR_KEYWORD_NONE, WEIR_KEYWORD_NONE};
    bool in_set = false, ended = true, last_was_end = false;
    for (;;) {
        weir_lexer_next(&lexer, &token);
        if (token.kind == WEIR_TOKEN_END)
            return ended;
        if (token.kind == WEIR_TOKEN_ERROR)
            return !strstr(lexer.message, "<EOF>"); /* an open comment needs more text; other errors are told at once */
        if (token.kind == WEIR_TOKEN_QUOTE)
            return false;
        if (token.kind == WEIR_TOKEN_SEMICOLON) {
            if (last_was_end)
                in_set = false;
            ended = !in_set;
            previous[0] = previous[1] = WEIR_KEYWORD_NONE;
        } else {
            weir_keyword word = token.kind == WEIR_TOKEN_WORD ? token.keyword : WEIR_KEYWORD_NONE;
            if (word == WEIR_KW_BEGIN && previous[0] == WEIR_KW_STATEMENT && previous[1] == WEIR_KW_SET)
                in_set = true;
            last_was_end = word == WEIR_KW_END && in_set;
            previous[0] = previous[1];
            previous[1] = word;
            ended = false;
        }
    }
}
