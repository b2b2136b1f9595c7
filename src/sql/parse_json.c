/* The JSON functions and their clauses: RETURNING, ON EMPTY, ON ERROR, WRAPPER, KEY ... VALUE, NULL/ABSENT ON NULL.
 *
 * FORMAT JSON behind an argument says that its text is JSON, which it is taken for anyway. PASSING is refused, since nothing reads
 * its variables.
 */
#include "sql/parser_int.h"

static weir_status accept_format(weir_parser *p) {
    if (!weir_parser_sees_word(p, 1, WEIR_KW_JSON) || !weir_parser_accept_word(p, WEIR_KW_FORMAT))
        return WEIR_OK;
    weir_parser_take(p);
    if (!weir_parser_accept_word(p, WEIR_KW_ENCODING) || weir_parser_accept_word(p, WEIR_KW_UTF8))
        return WEIR_OK;
    return weir_parser_fail(p, WEIR_UNSUPPORTED, weir_parser_start(p), "The only supported encoding of JSON is UTF8");
}

static weir_status push_value(weir_parser *p, weir_vector *items) {
    weir_ast_expr *item;
    WEIR_TRY(weir_parse_expr(p, &item));
    WEIR_TRY(accept_format(p));
    return weir_parser_push_expr(p, items, item);
}

/* input, path */
static weir_status parse_input_and_path(weir_parser *p, weir_vector *items) {
    WEIR_TRY(push_value(p, items));
    WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_COMMA));
    WEIR_TRY(push_value(p, items));
    if (weir_parser_sees_word(p, 0, WEIR_KW_PASSING))
        return weir_parser_fail(p, WEIR_UNSUPPORTED, weir_parser_start(p), "PASSING is not supported in JSON functions");
    return WEIR_OK;
}

static weir_status parse_returning(weir_parser *p, weir_ast_json_clauses *clauses) {
    if (!weir_parser_accept_word(p, WEIR_KW_RETURNING))
        return WEIR_OK;
    WEIR_TRY(weir_parse_type(p, false, true, &clauses->returning));
    return accept_format(p);
}

/* Behaviour ON EMPTY / ON ERROR, as often as it is written; the last one counts. *found is false when there is none. */
static weir_status parse_behavior(weir_parser *p, bool query, weir_ast_json_clauses *clauses, bool *found) {
    weir_ast_json_behavior behavior;
    weir_ast_expr *value = NULL;
    *found = true;
    if (weir_parser_accept_word(p, WEIR_KW_ERROR)) {
        behavior = WEIR_AST_JSON_ERROR;
    } else if (weir_parser_accept_word(p, WEIR_KW_NULL)) {
        behavior = WEIR_AST_JSON_NULL;
    } else if (!query && weir_parser_accept_word(p, WEIR_KW_DEFAULT)) {
        behavior = WEIR_AST_JSON_DEFAULT;
        WEIR_TRY(weir_parse_expr(p, &value));
    } else if (query && weir_parser_accept_words(p, WEIR_KW_EMPTY, WEIR_KW_ARRAY)) {
        behavior = WEIR_AST_JSON_EMPTY_ARRAY;
    } else if (query && weir_parser_accept_words(p, WEIR_KW_EMPTY, WEIR_KW_OBJECT)) {
        behavior = WEIR_AST_JSON_EMPTY_OBJECT;
    } else {
        *found = false;
        return WEIR_OK;
    }
    WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_ON));
    if (weir_parser_accept_word(p, WEIR_KW_EMPTY)) {
        clauses->on_empty = behavior;
        clauses->default_on_empty = value;
        return WEIR_OK;
    }
    clauses->on_error = behavior;
    clauses->default_on_error = value;
    return weir_parser_expect_word(p, WEIR_KW_ERROR);
}

static weir_status parse_behaviors(weir_parser *p, bool query, weir_ast_json_clauses *clauses) {
    bool found = true;
    while (found)
        WEIR_TRY(parse_behavior(p, query, clauses, &found));
    return WEIR_OK;
}

/* WITHOUT [ARRAY] WRAPPER, WITH [CONDITIONAL | UNCONDITIONAL] [ARRAY] WRAPPER */
static weir_status parse_wrapper(weir_parser *p, weir_ast_json_clauses *clauses) {
    if (weir_parser_accept_word(p, WEIR_KW_WITHOUT)) {
        clauses->wrapper = WEIR_AST_WRAPPER_WITHOUT;
    } else if (weir_parser_accept_word(p, WEIR_KW_WITH)) {
        clauses->wrapper = WEIR_AST_WRAPPER_UNCONDITIONAL;
        if (weir_parser_accept_word(p, WEIR_KW_CONDITIONAL))
            clauses->wrapper = WEIR_AST_WRAPPER_CONDITIONAL;
        else
            (void)weir_parser_accept_word(p, WEIR_KW_UNCONDITIONAL);
    } else {
        return WEIR_OK;
    }
    (void)weir_parser_accept_word(p, WEIR_KW_ARRAY);
    return weir_parser_expect_word(p, WEIR_KW_WRAPPER);
}

static weir_status parse_value(weir_parser *p, weir_vector *items, weir_ast_json_clauses *clauses, weir_ast_call *call) {
    (void)call;
    WEIR_TRY(parse_input_and_path(p, items));
    WEIR_TRY(parse_returning(p, clauses));
    return parse_behaviors(p, false, clauses);
}

static weir_status parse_query(weir_parser *p, weir_vector *items, weir_ast_json_clauses *clauses, weir_ast_call *call) {
    (void)call;
    WEIR_TRY(parse_input_and_path(p, items));
    WEIR_TRY(parse_returning(p, clauses));
    WEIR_TRY(parse_wrapper(p, clauses));
    return parse_behaviors(p, true, clauses);
}

static weir_status parse_exists(weir_parser *p, weir_vector *items, weir_ast_json_clauses *clauses, weir_ast_call *call) {
    (void)call;
    WEIR_TRY(parse_input_and_path(p, items));
    clauses->on_error = weir_parser_accept_word(p, WEIR_KW_TRUE) ? WEIR_AST_JSON_TRUE
        : weir_parser_accept_word(p, WEIR_KW_FALSE)              ? WEIR_AST_JSON_FALSE
        : weir_parser_accept_word(p, WEIR_KW_UNKNOWN)            ? WEIR_AST_JSON_UNKNOWN
        : weir_parser_accept_word(p, WEIR_KW_ERROR)              ? WEIR_AST_JSON_ERROR
                                                                 : WEIR_AST_JSON_NOT_WRITTEN;
    if (clauses->on_error == WEIR_AST_JSON_NOT_WRITTEN)
        return WEIR_OK;
    WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_ON));
    return weir_parser_expect_word(p, WEIR_KW_ERROR);
}

/* [KEY] name VALUE value, name : value */
static weir_status parse_pair(weir_parser *p, weir_vector *items) {
    bool key = weir_parser_sees_word(p, 0, WEIR_KW_KEY) && !weir_parser_sees(p, 1, WEIR_TOKEN_COMMA) &&
        !weir_parser_sees(p, 1, WEIR_TOKEN_COLON) && !weir_parser_sees(p, 1, WEIR_TOKEN_DOT) && !weir_parser_sees_word(p, 1, WEIR_KW_VALUE);
    if (key)
        weir_parser_take(p);
    WEIR_TRY(push_value(p, items));
    bool separated = weir_parser_accept_word(p, WEIR_KW_VALUE) || (!key && weir_parser_accept(p, WEIR_TOKEN_COLON));
    if (!separated)
        return weir_parser_unexpected(p);
    return push_value(p, items);
}

/* NULL ON NULL, ABSENT ON NULL: seen before the list of values, too, since NULL is a value. */
static bool sees_nulls(weir_parser *p) {
    return (weir_parser_sees_word(p, 0, WEIR_KW_NULL) || weir_parser_sees_word(p, 0, WEIR_KW_ABSENT)) &&
        weir_parser_sees_word(p, 1, WEIR_KW_ON);
}

static weir_status parse_nulls(weir_parser *p, weir_ast_json_clauses *clauses) {
    if (!sees_nulls(p))
        return WEIR_OK;
    clauses->nulls = weir_parser_take(p)->keyword == WEIR_KW_NULL ? WEIR_AST_JSON_NULLS_KEEP : WEIR_AST_JSON_NULLS_ABSENT;
    weir_parser_take(p);
    return weir_parser_expect_word(p, WEIR_KW_NULL);
}

static weir_status parse_object(weir_parser *p, weir_vector *items, weir_ast_json_clauses *clauses, weir_ast_call *call) {
    (void)call;
    if (!weir_parser_sees(p, 0, WEIR_TOKEN_RIGHT_PAREN) && !sees_nulls(p)) {
        do {
            WEIR_TRY(parse_pair(p, items));
        } while (weir_parser_accept(p, WEIR_TOKEN_COMMA));
    }
    return parse_nulls(p, clauses);
}

static weir_status parse_object_aggregate(weir_parser *p, weir_vector *items, weir_ast_json_clauses *clauses, weir_ast_call *call) {
    (void)call;
    WEIR_TRY(parse_pair(p, items));
    return parse_nulls(p, clauses);
}

static weir_status parse_array(weir_parser *p, weir_vector *items, weir_ast_json_clauses *clauses, weir_ast_call *call) {
    (void)call;
    if (!weir_parser_sees(p, 0, WEIR_TOKEN_RIGHT_PAREN) && !sees_nulls(p)) {
        do {
            WEIR_TRY(push_value(p, items));
        } while (weir_parser_accept(p, WEIR_TOKEN_COMMA));
    }
    return parse_nulls(p, clauses);
}

static weir_status parse_array_aggregate(weir_parser *p, weir_vector *items, weir_ast_json_clauses *clauses, weir_ast_call *call) {
    WEIR_TRY(push_value(p, items));
    if (weir_parser_accept_words(p, WEIR_KW_ORDER, WEIR_KW_BY))
        WEIR_TRY(weir_parse_order_items(p, false, &call->argument_order));
    return parse_nulls(p, clauses);
}

static const struct {
    weir_keyword word;
    weir_status (*parse)(weir_parser *p, weir_vector *items, weir_ast_json_clauses *clauses, weir_ast_call *call);
} functions[] = {
    {WEIR_KW_JSON_VALUE, parse_value},
    {WEIR_KW_JSON_QUERY, parse_query},
    {WEIR_KW_JSON_EXISTS, parse_exists},
    {WEIR_KW_JSON_OBJECT, parse_object},
    {WEIR_KW_JSON_OBJECTAGG, parse_object_aggregate},
    {WEIR_KW_JSON_ARRAY, parse_array},
    {WEIR_KW_JSON_ARRAYAGG, parse_array_aggregate},
};

weir_status weir_parse_json_function(weir_parser *p, weir_ast_expr **out) {
    const weir_token *token = weir_parser_peek(p, 0);
    *out = NULL;
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        if (functions[i].word != token->keyword)
            continue;
        weir_vector items = {0};
        weir_ast_json_clauses *clauses = WEIR_ARENA_NEW(p->arena, weir_ast_json_clauses);
        weir_ast_call *call = weir_parser_new_call(p, weir_keyword_name(token->keyword), WEIR_AST_CALL_JSON);
        if (!clauses || !call)
            return weir_parser_memory(p);
        weir_parser_take(p);
        WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_LEFT_PAREN));
        WEIR_TRY(functions[i].parse(p, &items, clauses, call));
        WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_RIGHT_PAREN));
        call->args = weir_parser_expr_list(&items);
        call->json = clauses;
        WEIR_TRY(weir_parse_call_tail(p, call));
        return weir_parser_call_node(p, call, token->position, out);
    }
    return WEIR_OK;
}
