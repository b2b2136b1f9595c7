/* What operators stand between: literals, names, calls, CASE, CAST, parentheses, rows, arrays, maps, subqueries, and the accesses
 * a[i] and f(x).b behind them. */
#include "sql/parser_int.h"

weir_ast_expr *weir_parser_node(weir_parser *p, weir_ast_expr_kind kind, weir_position position) {
    weir_ast_expr *node = WEIR_ARENA_NEW(p->arena, weir_ast_expr);
    if (node) {
        node->kind = kind;
        node->position = position;
    }
    return node;
}

weir_ast_expr *weir_parser_keyword_node(weir_parser *p, const char *keyword, weir_position position) {
    weir_ast_expr *node = weir_parser_node(p, WEIR_AST_EXPR_KEYWORD, position);
    if (node)
        node->as.keyword = weir_text_of(keyword);
    return node;
}

/* a, t.a, t.* */
static weir_status parse_column(weir_parser *p, weir_ast_expr **out) {
    weir_position start = weir_parser_start(p);
    weir_ast_name name;
    WEIR_TRY(weir_parse_name(p, &name));
    bool star = weir_parser_sees(p, 0, WEIR_TOKEN_DOT) && weir_parser_sees(p, 1, WEIR_TOKEN_STAR);
    if (star) {
        weir_parser_take(p);
        weir_parser_take(p);
    }
    weir_ast_expr *node = weir_parser_node(p, star ? WEIR_AST_EXPR_STAR : WEIR_AST_EXPR_NAME, weir_parser_span(p, start));
    if (!node)
        return weir_parser_memory(p);
    if (star)
        node->as.star.qualifier = name;
    else
        node->as.name = name;
    *out = node;
    return WEIR_OK;
}

/* CASE [operand] WHEN ... THEN ... [ELSE ...] END */
static weir_status parse_case(weir_parser *p, weir_ast_expr **out) {
    weir_position start = weir_parser_take(p)->position;
    weir_ast_expr *node = weir_parser_node(p, WEIR_AST_EXPR_CASE, start);
    weir_vector whens = {0};
    if (!node)
        return weir_parser_memory(p);
    if (!weir_parser_at_word(p, WEIR_KW_WHEN))
        WEIR_TRY(weir_parse_expr(p, &node->as.case_.operand));
    if (!weir_parser_at_word(p, WEIR_KW_WHEN))
        return weir_parser_unexpected(p);
    while (weir_parser_accept_word(p, WEIR_KW_WHEN)) {
        weir_ast_expr_list conditions;
        weir_ast_expr *then;
        WEIR_TRY(weir_parse_expr_items(p, &conditions));
        WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_THEN));
        WEIR_TRY(weir_parse_expr(p, &then));
        for (size_t i = 0; i < conditions.count; i++) {
            weir_ast_when *when = weir_parser_push(p, &whens, sizeof *when);
            if (!when)
                return weir_parser_memory(p);
            *when = (weir_ast_when){.when = conditions.items[i], .then = then};
        }
    }
    if (weir_parser_accept_word(p, WEIR_KW_ELSE))
        WEIR_TRY(weir_parse_expr(p, &node->as.case_.otherwise));
    WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_END));
    node->as.case_.whens = whens.items;
    node->as.case_.when_count = whens.count;
    node->position = weir_parser_span(p, start);
    *out = node;
    return weir_parser_grow(p);
}

/* CAST(x AS type), TRY_CAST(x AS type) */
static weir_status parse_cast(weir_parser *p, weir_ast_expr **out) {
    const weir_token *word = weir_parser_take(p);
    weir_ast_expr *node = weir_parser_node(p, WEIR_AST_EXPR_CAST, word->position);
    if (!node)
        return weir_parser_memory(p);
    node->as.cast.try_cast = word->keyword == WEIR_KW_TRY_CAST;
    WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_LEFT_PAREN));
    WEIR_TRY(weir_parse_expr(p, &node->as.cast.operand));
    WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_AS));
    WEIR_TRY(weir_parse_type(p, false, true, &node->as.cast.type));
    WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_RIGHT_PAREN));
    node->position = weir_parser_span(p, word->position);
    *out = node;
    return weir_parser_grow(p);
}

/* A query in parentheses, as the subquery of a node of this kind. `(` was not taken yet. */
static weir_status parse_subquery(weir_parser *p, weir_ast_expr_kind kind, weir_position start, weir_ast_expr **out) {
    weir_ast_expr *node = weir_parser_node(p, kind, start);
    if (!node)
        return weir_parser_memory(p);
    WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_LEFT_PAREN));
    WEIR_TRY(weir_parse_query(p, &node->as.subquery));
    WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_RIGHT_PAREN));
    node->position = weir_parser_span(p, start);
    *out = node;
    return weir_parser_grow(p);
}

static weir_status parse_row(weir_parser *p, weir_ast_expr **out) {
    weir_position start = weir_parser_take(p)->position;
    weir_ast_expr *node = weir_parser_node(p, WEIR_AST_EXPR_ROW, start);
    if (!node)
        return weir_parser_memory(p);
    node->as.row.explicit_row = true;
    WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_LEFT_PAREN));
    if (weir_parser_at(p, WEIR_TOKEN_RIGHT_PAREN)) /* a row has at least one field */
        return weir_parser_unexpected(p);
    WEIR_TRY(weir_parse_expr_items(p, &node->as.row.items));
    WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_RIGHT_PAREN));
    node->position = weir_parser_span(p, start);
    *out = node;
    return weir_parser_grow(p);
}

/* ARRAY[a, b], MAP[k, v], MULTISET[a], or the same words with a query in parentheses. */
static weir_status parse_collection(weir_parser *p, weir_ast_expr **out) {
    const weir_token *word = weir_parser_take(p);
    weir_keyword keyword = word->keyword;
    weir_position start = word->position;
    if (weir_parser_sees(p, 0, WEIR_TOKEN_LEFT_PAREN))
        return parse_subquery(p, keyword == WEIR_KW_ARRAY ? WEIR_AST_EXPR_ARRAY_QUERY
            : keyword == WEIR_KW_MAP ? WEIR_AST_EXPR_MAP_QUERY : WEIR_AST_EXPR_MULTISET_QUERY, start, out);
    weir_ast_expr *node = weir_parser_node(p, keyword == WEIR_KW_ARRAY ? WEIR_AST_EXPR_ARRAY
        : keyword == WEIR_KW_MAP ? WEIR_AST_EXPR_MAP : WEIR_AST_EXPR_MULTISET, start);
    if (!node)
        return weir_parser_memory(p);
    WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_LEFT_BRACKET));
    if (!weir_parser_accept(p, WEIR_TOKEN_RIGHT_BRACKET)) {
        WEIR_TRY(weir_parse_expr_items(p, &node->as.items));
        WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_RIGHT_BRACKET));
    }
    node->position = weir_parser_span(p, start);
    if (keyword == WEIR_KW_MAP && node->as.items.count % 2)
        return weir_parser_fail(p, WEIR_VALIDATE, node->position, "Map requires an even number of arguments");
    *out = node;
    return weir_parser_grow(p);
}

/* (t1 - t2) HOUR */
static weir_status parse_difference(weir_parser *p, weir_ast_expr *minus, weir_position start, weir_ast_expr **out) {
    weir_ast_expr *node = weir_parser_node(p, WEIR_AST_EXPR_INTERVAL_DIFFERENCE, start);
    if (!node)
        return weir_parser_memory(p);
    node->as.difference.left = minus->as.binary.left;
    node->as.difference.right = minus->as.binary.right;
    WEIR_TRY(weir_parse_interval_qualifier(p, false, &node->as.difference.qualifier));
    node->position = weir_parser_span(p, start);
    *out = node;
    return WEIR_OK;
}

/* Behind `(` and a subquery that was read as a value: ((SELECT 1) UNION (SELECT 2)) goes on as a query. */
static weir_status parse_query_behind(weir_parser *p, weir_position start, weir_ast_expr *first, weir_ast_expr **out) {
    weir_ast_expr *node = weir_parser_node(p, WEIR_AST_EXPR_SUBQUERY, start);
    if (!node)
        return weir_parser_memory(p);
    WEIR_TRY(weir_parse_query_tail(p, first->as.subquery, &node->as.subquery));
    WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_RIGHT_PAREN));
    node->position = weir_parser_span(p, start);
    *out = node;
    return weir_parser_grow(p);
}

/* (query), (a), (a, b) */
static weir_status parse_paren(weir_parser *p, weir_ast_expr **out) {
    weir_position start = weir_parser_start(p);
    if (weir_parser_sees_query(p, 1))
        return parse_subquery(p, WEIR_AST_EXPR_SUBQUERY, start, out);
    weir_parser_take(p);
    weir_ast_expr *first;
    WEIR_TRY(weir_parse_expr(p, &first));
    if (first->kind == WEIR_AST_EXPR_SUBQUERY && weir_parser_sees_query_tail(p))
        return parse_query_behind(p, start, first, out);
    if (weir_parser_at(p, WEIR_TOKEN_COMMA)) {
        weir_ast_expr *node = weir_parser_node(p, WEIR_AST_EXPR_ROW, start);
        weir_vector items = {0};
        if (!node)
            return weir_parser_memory(p);
        WEIR_TRY(weir_parser_push_expr(p, &items, first));
        while (weir_parser_accept(p, WEIR_TOKEN_COMMA)) {
            weir_ast_expr *item;
            WEIR_TRY(weir_parse_expr(p, &item));
            WEIR_TRY(weir_parser_push_expr(p, &items, item));
        }
        WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_RIGHT_PAREN));
        node->as.row.items = weir_parser_expr_list(&items);
        node->position = weir_parser_span(p, start);
        *out = node;
        return weir_parser_grow(p);
    }
    WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_RIGHT_PAREN));
    bool minus = first->kind == WEIR_AST_EXPR_BINARY && first->as.binary.op == WEIR_AST_MINUS && !first->parenthesized;
    if (minus && weir_parser_sees_interval_unit(p))
        return parse_difference(p, first, start, out);
    first->parenthesized = true;
    first->position = weir_parser_span(p, start);
    *out = first;
    return WEIR_OK;
}

/* {d '2020-01-01'}, {t ...}, {ts ...}, {fn f(x)}: the escapes of JDBC. */
static weir_status parse_braces(weir_parser *p, weir_ast_expr **out) {
    weir_position start = weir_parser_take(p)->position;
    weir_text word = weir_parser_peek(p, 0)->text;
    bool date = weir_text_equal_nocase_c(word, "d"), time = weir_text_equal_nocase_c(word, "t");
    bool timestamp = weir_text_equal_nocase_c(word, "ts"), function = weir_text_equal_nocase_c(word, "fn");
    if (!(date || time || timestamp || function) || !weir_parser_sees(p, 0, WEIR_TOKEN_WORD))
        return weir_parser_unexpected(p);
    weir_parser_take(p);
    if (function) {
        WEIR_TRY(weir_parse_special_function(p, out));
        if (!*out)
            WEIR_TRY(weir_parse_call(p, out));
        return weir_parser_expect(p, WEIR_TOKEN_RIGHT_BRACE);
    }
    weir_text text;
    if (!weir_parser_at(p, WEIR_TOKEN_STRING))
        return weir_parser_unexpected(p);
    WEIR_TRY(weir_parse_string(p, &text));
    WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_RIGHT_BRACE));
    *out = weir_parser_literal_node(p, date ? WEIR_AST_LITERAL_DATE : time ? WEIR_AST_LITERAL_TIME : WEIR_AST_LITERAL_TIMESTAMP, text,
        weir_parser_span(p, start));
    return *out ? WEIR_OK : weir_parser_memory(p);
}

/* Words of the grammar that lead to things which cannot be run. */
static weir_status refuse_primary(weir_parser *p, const weir_token *token, bool *refused) {
    *refused = true;
    if (token->kind == WEIR_TOKEN_QUESTION)
        return weir_parser_fail(p, WEIR_UNSUPPORTED, token->position, "Dynamic parameters (?) are not supported");
    if (token->kind == WEIR_TOKEN_WORD) {
        switch (token->keyword) {
        case WEIR_KW_CURSOR: case WEIR_KW_NEW: case WEIR_KW_PERIOD: case WEIR_KW_UNIQUE: case WEIR_KW_SPECIFIC:
            return weir_parser_fail(
                p, WEIR_UNSUPPORTED, token->position, "%s expressions are not supported", weir_keyword_name(token->keyword));
        case WEIR_KW_NEXT: case WEIR_KW_CURRENT:
            if (weir_parser_sees_word(p, 1, WEIR_KW_VALUE))
                return weir_parser_fail(p, WEIR_UNSUPPORTED, token->position, "Sequences (%s VALUE FOR) are not supported",
                    weir_keyword_name(token->keyword));
            break;
        default: break;
        }
    }
    *refused = false;
    return WEIR_OK;
}

static weir_status parse_niladic(weir_parser *p, weir_ast_expr **out) {
    const weir_token *token = weir_parser_take(p);
    weir_ast_call *call = weir_parser_new_call(p, weir_keyword_name(token->keyword), WEIR_AST_CALL_NILADIC);
    if (!call)
        return weir_parser_memory(p);
    call->name.position = token->position;
    return weir_parser_call_node(p, call, token->position, out);
}

/* Does a function's name with a parenthesis behind it begin here? Names may have several parts. */
static bool sees_call(weir_parser *p) {
    const weir_token *token = weir_parser_peek(p, 0);
    if (token->kind == WEIR_TOKEN_WORD && weir_keyword_reserved(token->keyword))
        return weir_keyword_function(token->keyword) && weir_parser_sees(p, 1, WEIR_TOKEN_LEFT_PAREN);
    size_t ahead = 0;
    while (weir_parser_sees_name(p, ahead)) {
        if (weir_parser_sees(p, ahead + 1, WEIR_TOKEN_LEFT_PAREN))
            return true;
        if (!weir_parser_sees(p, ahead + 1, WEIR_TOKEN_DOT))
            return false;
        ahead += 2;
    }
    return false;
}

/* What begins with one of the grammar's own words; *out stays NULL when the word is none of them. */
static weir_status parse_word(weir_parser *p, const weir_token *token, weir_ast_expr **out) {
    bool paren = weir_parser_sees(p, 1, WEIR_TOKEN_LEFT_PAREN), bracket = weir_parser_sees(p, 1, WEIR_TOKEN_LEFT_BRACKET);
    bool query = paren && weir_parser_sees_query(p, 2);
    switch (token->keyword) {
    case WEIR_KW_CASE: return parse_case(p, out);
    case WEIR_KW_CAST: return parse_cast(p, out);
    case WEIR_KW_TRY_CAST: return paren ? parse_cast(p, out) : WEIR_OK;
    case WEIR_KW_EXISTS: weir_parser_take(p); return parse_subquery(p, WEIR_AST_EXPR_EXISTS, token->position, out);
    case WEIR_KW_ROW: return parse_row(p, out);
    case WEIR_KW_ARRAY:
        if (paren && !query)
            return weir_parse_call(p, out);
        return parse_collection(p, out);
    case WEIR_KW_MULTISET: return parse_collection(p, out);
    case WEIR_KW_MAP: return bracket || query ? parse_collection(p, out) : WEIR_OK;
    case WEIR_KW_DEFAULT:
        weir_parser_take(p);
        *out = weir_parser_node(p, WEIR_AST_EXPR_DEFAULT, token->position);
        return *out ? WEIR_OK : weir_parser_memory(p);
    case WEIR_KW_RUNNING: case WEIR_KW_FINAL: {
        if (token->keyword == WEIR_KW_FINAL && !weir_parser_sees(p, 2, WEIR_TOKEN_LEFT_PAREN))
            return WEIR_OK; /* a column of that name */
        weir_ast_expr *node = weir_parser_node(p, WEIR_AST_EXPR_RUNNING, token->position);
        if (!node)
            return weir_parser_memory(p);
        weir_parser_take(p);
        node->as.semantics.final = token->keyword == WEIR_KW_FINAL;
        WEIR_TRY(weir_parse_primary(p, &node->as.semantics.operand));
        node->position = weir_parser_span(p, token->position);
        *out = node;
        return weir_parser_grow(p);
    }
    default: return WEIR_OK;
    }
}

static weir_status parse_base(weir_parser *p, weir_ast_expr **out) {
    const weir_token *token = weir_parser_peek(p, 0);
    bool refused;
    *out = NULL;
    WEIR_TRY(refuse_primary(p, token, &refused));
    if (weir_parser_sees_literal(p))
        return weir_parse_literal(p, out);
    if (token->kind == WEIR_TOKEN_LEFT_PAREN)
        return parse_paren(p, out);
    if (token->kind == WEIR_TOKEN_LEFT_BRACE)
        return parse_braces(p, out);
    if (token->kind == WEIR_TOKEN_WORD) {
        WEIR_TRY(parse_word(p, token, out));
        if (!*out)
            WEIR_TRY(weir_parse_special_function(p, out));
        if (*out)
            return WEIR_OK;
    }
    if (sees_call(p))
        return weir_parse_call(p, out);
    if (token->kind == WEIR_TOKEN_WORD && weir_keyword_niladic(token->keyword))
        return parse_niladic(p, out);
    if (weir_parser_at_name(p))
        return parse_column(p, out);
    (void)weir_parser_at(p, WEIR_TOKEN_INTEGER);
    (void)weir_parser_at(p, WEIR_TOKEN_STRING);
    (void)weir_parser_at(p, WEIR_TOKEN_LEFT_PAREN);
    (void)weir_parser_at(p, WEIR_TOKEN_MINUS);
    (void)weir_parser_at_word(p, WEIR_KW_CASE);
    (void)weir_parser_at_word(p, WEIR_KW_CAST);
    (void)weir_parser_at_word(p, WEIR_KW_EXISTS);
    (void)weir_parser_at_word(p, WEIR_KW_INTERVAL);
    (void)weir_parser_at_word(p, WEIR_KW_NOT);
    (void)weir_parser_at_word(p, WEIR_KW_NULL);
    return weir_parser_unexpected(p);
}

/* a[i] and .field, behind anything but a plain name (whose dots belong to it). */
static weir_status parse_access(weir_parser *p, weir_position start, weir_ast_expr **out, bool *more) {
    *more = true;
    if (weir_parser_accept(p, WEIR_TOKEN_LEFT_BRACKET)) {
        weir_ast_expr *node = weir_parser_node(p, WEIR_AST_EXPR_ELEMENT, start);
        if (!node)
            return weir_parser_memory(p);
        node->as.element.collection = *out;
        WEIR_TRY(weir_parse_expr(p, &node->as.element.index));
        WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_RIGHT_BRACKET));
        node->position = weir_parser_span(p, start);
        *out = node;
        return weir_parser_grow(p);
    }
    bool field = (*out)->kind != WEIR_AST_EXPR_LITERAL && (*out)->kind != WEIR_AST_EXPR_STAR && (*out)->kind != WEIR_AST_EXPR_DEFAULT;
    if (!field || !weir_parser_sees(p, 0, WEIR_TOKEN_DOT)) {
        *more = false;
        return WEIR_OK;
    }
    weir_parser_take(p);
    weir_ast_expr *node = weir_parser_node(p, WEIR_AST_EXPR_FIELD, start);
    if (!node)
        return weir_parser_memory(p);
    node->as.field.operand = *out;
    if (!weir_parser_accept(p, WEIR_TOKEN_STAR))
        WEIR_TRY(weir_parse_ident(p, &node->as.field.field));
    node->position = weir_parser_span(p, start);
    *out = node;
    return weir_parser_grow(p);
}

weir_status weir_parse_primary(weir_parser *p, weir_ast_expr **out) {
    weir_position start = weir_parser_start(p);
    unsigned outer;
    bool more = true;
    WEIR_TRY(weir_parser_enter(p, &outer));
    WEIR_TRY(parse_base(p, out));
    while (more)
        WEIR_TRY(parse_access(p, start, out, &more));
    weir_parser_leave(p, outer);
    return WEIR_OK;
}
