/* Operators, by precedence climbing. From loose to tight:
 *
 *   OR | AND | NOT | IS ... | = <> < <= > >= OVERLAPS IS DISTINCT FROM | IN BETWEEN LIKE SIMILAR TO | + - | * / % || | -x +x
 *
 * which is Flink's order: || binds like a product. All are left-associative. Chains of AND and OR become balanced trees, so that
 * a condition of ten thousand terms is no deeper than one of twenty.
 */
#include "sql/parser_int.h"

enum {
    PRECEDENCE_OR = 1,
    PRECEDENCE_AND,
    PRECEDENCE_NOT,
    PRECEDENCE_IS,
    PRECEDENCE_COMPARISON,
    PRECEDENCE_IN,
    PRECEDENCE_SUM,
    PRECEDENCE_PRODUCT,
    PRECEDENCE_SIGN,
};

/* A chain longer than this is balanced; a shorter one keeps the shape in which it was written. */
enum { CHAIN_BALANCED = 64 };

static weir_status parse_binary(weir_parser *p, int minimum, weir_ast_expr **out);

static weir_status new_binary(
    weir_parser *p, weir_ast_binary_op op, weir_position op_position, weir_ast_expr *left, weir_ast_expr *right, weir_ast_expr **out) {
    weir_ast_expr *node = weir_parser_node(p, WEIR_AST_EXPR_BINARY, weir_parser_join(left->position, right->position));
    if (!node)
        return weir_parser_memory(p);
    node->as.binary.op = op;
    node->as.binary.left = left;
    node->as.binary.right = right;
    node->as.binary.op_position = op_position;
    *out = node;
    return weir_parser_grow(p);
}

static bool binary_operator(const weir_token *token, weir_ast_binary_op *op, int *precedence) {
    switch (token->kind) {
    case WEIR_TOKEN_EQUAL: *op = WEIR_AST_EQUAL; *precedence = PRECEDENCE_COMPARISON; return true;
    case WEIR_TOKEN_NOT_EQUAL: *op = WEIR_AST_NOT_EQUAL; *precedence = PRECEDENCE_COMPARISON; return true;
    case WEIR_TOKEN_LESS: *op = WEIR_AST_LESS; *precedence = PRECEDENCE_COMPARISON; return true;
    case WEIR_TOKEN_LESS_EQUAL: *op = WEIR_AST_LESS_EQUAL; *precedence = PRECEDENCE_COMPARISON; return true;
    case WEIR_TOKEN_GREATER: *op = WEIR_AST_GREATER; *precedence = PRECEDENCE_COMPARISON; return true;
    case WEIR_TOKEN_GREATER_EQUAL: *op = WEIR_AST_GREATER_EQUAL; *precedence = PRECEDENCE_COMPARISON; return true;
    case WEIR_TOKEN_PLUS: *op = WEIR_AST_PLUS; *precedence = PRECEDENCE_SUM; return true;
    case WEIR_TOKEN_MINUS: *op = WEIR_AST_MINUS; *precedence = PRECEDENCE_SUM; return true;
    case WEIR_TOKEN_STAR: *op = WEIR_AST_TIMES; *precedence = PRECEDENCE_PRODUCT; return true;
    case WEIR_TOKEN_SLASH: *op = WEIR_AST_DIVIDE; *precedence = PRECEDENCE_PRODUCT; return true;
    case WEIR_TOKEN_PERCENT: *op = WEIR_AST_MODULO; *precedence = PRECEDENCE_PRODUCT; return true;
    case WEIR_TOKEN_CONCAT: *op = WEIR_AST_CONCAT; *precedence = PRECEDENCE_PRODUCT; return true;
    case WEIR_TOKEN_WORD: break;
    default: return false;
    }
    switch (token->keyword) {
    case WEIR_KW_OR: *op = WEIR_AST_OR; *precedence = PRECEDENCE_OR; return true;
    case WEIR_KW_AND: *op = WEIR_AST_AND; *precedence = PRECEDENCE_AND; return true;
    case WEIR_KW_OVERLAPS: *op = WEIR_AST_OVERLAPS; *precedence = PRECEDENCE_COMPARISON; return true;
    default: return false;
    }
}

/* Operators that Flink's grammar knows and nobody can run. */
static weir_status refuse_operator(weir_parser *p, bool *refused) {
    const weir_token *token = weir_parser_peek(p, 0);
    *refused = true;
    switch (token->kind == WEIR_TOKEN_WORD ? token->keyword : WEIR_KEYWORD_NONE) {
    case WEIR_KW_CONTAINS: case WEIR_KW_EQUALS: case WEIR_KW_PRECEDES: case WEIR_KW_SUCCEEDS: case WEIR_KW_SUBMULTISET:
    case WEIR_KW_MULTISET: case WEIR_KW_MEMBER: case WEIR_KW_COLLATE:
        return weir_parser_fail(
            p, WEIR_UNSUPPORTED, token->position, "The operator %s is not supported", weir_keyword_name(token->keyword));
    case WEIR_KW_ILIKE: case WEIR_KW_RLIKE: {
        const weir_token *next = weir_parser_peek(p, 1);
        if (next->kind != WEIR_TOKEN_STRING && next->kind != WEIR_TOKEN_QUOTED_NAME && next->kind != WEIR_TOKEN_LEFT_PAREN)
            break;
        weir_status status = weir_parser_fail(
            p, WEIR_UNSUPPORTED, token->position, "The operator %s is not supported", weir_keyword_name(token->keyword));
        weir_error_hint(p->error, token->keyword == WEIR_KW_ILIKE ? "Write LOWER(a) LIKE LOWER(b)." : "Write REGEXP(text, pattern).");
        return status;
    }
    default: break;
    }
    *refused = false;
    return WEIR_OK;
}

/* ---- AND and OR ---- */

static weir_status balance(
    weir_parser *p, weir_ast_binary_op op, weir_ast_expr *const *items, const weir_position *ops, size_t count, weir_ast_expr **out) {
    if (count == 1) {
        *out = items[0];
        return WEIR_OK;
    }
    size_t half = count / 2;
    weir_ast_expr *left, *right;
    WEIR_TRY(balance(p, op, items, ops, half, &left));
    WEIR_TRY(balance(p, op, items + half, ops + half, count - half, &right));
    weir_ast_expr *node = weir_parser_node(p, WEIR_AST_EXPR_BINARY, weir_parser_join(left->position, right->position));
    if (!node)
        return weir_parser_memory(p);
    node->as.binary.op = op;
    node->as.binary.left = left;
    node->as.binary.right = right;
    node->as.binary.op_position = ops[half - 1];
    *out = node;
    return WEIR_OK;
}

/* A run of the same connective behind `left`. */
static weir_status parse_chain(weir_parser *p, weir_ast_binary_op op, int precedence, weir_ast_expr *left, weir_ast_expr **out) {
    weir_vector items = {0}, ops = {0};
    weir_keyword word = op == WEIR_AST_OR ? WEIR_KW_OR : WEIR_KW_AND;
    WEIR_TRY(weir_parser_push_expr(p, &items, left));
    while (weir_parser_accept_word(p, word)) {
        weir_position *place = weir_parser_push(p, &ops, sizeof *place);
        if (!place)
            return weir_parser_memory(p);
        *place = p->tokens[p->at - 1].position;
        weir_ast_expr *right;
        WEIR_TRY(parse_binary(p, precedence + 1, &right));
        WEIR_TRY(weir_parser_push_expr(p, &items, right));
    }
    weir_ast_expr **terms = items.items;
    weir_position *places = ops.items;
    if (items.count > CHAIN_BALANCED) {
        for (size_t n = items.count; n > 0; n /= 2)
            WEIR_TRY(weir_parser_grow(p));
        return balance(p, op, terms, places, items.count, out);
    }
    *out = terms[0];
    for (size_t i = 1; i < items.count; i++)
        WEIR_TRY(new_binary(p, op, places[i - 1], *out, terms[i], out));
    return WEIR_OK;
}

/* ---- the operators that are no plain binary ones ---- */

static weir_status parse_is(weir_parser *p, weir_ast_expr *operand, weir_ast_expr **out) {
    weir_parser_take(p);
    weir_ast_expr *node = weir_parser_node(p, WEIR_AST_EXPR_IS, operand->position);
    if (!node)
        return weir_parser_memory(p);
    node->as.is.operand = operand;
    node->as.is.negated = weir_parser_accept_word(p, WEIR_KW_NOT);
    if (weir_parser_accept_word(p, WEIR_KW_NULL)) {
        node->as.is.what = WEIR_AST_IS_NULL;
    } else if (weir_parser_accept_word(p, WEIR_KW_TRUE)) {
        node->as.is.what = WEIR_AST_IS_TRUE;
    } else if (weir_parser_accept_word(p, WEIR_KW_FALSE)) {
        node->as.is.what = WEIR_AST_IS_FALSE;
    } else if (weir_parser_accept_word(p, WEIR_KW_UNKNOWN)) {
        node->as.is.what = WEIR_AST_IS_UNKNOWN;
    } else if (weir_parser_accept_word(p, WEIR_KW_DISTINCT)) {
        WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_FROM));
        node->as.is.what = WEIR_AST_IS_DISTINCT_FROM;
        WEIR_TRY(parse_binary(p, PRECEDENCE_IN, &node->as.is.right));
    } else if (weir_parser_accept_word(p, WEIR_KW_JSON)) {
        node->as.is.what = weir_parser_accept_word(p, WEIR_KW_OBJECT) ? WEIR_AST_IS_JSON_OBJECT
            : weir_parser_accept_word(p, WEIR_KW_ARRAY)               ? WEIR_AST_IS_JSON_ARRAY
            : weir_parser_accept_word(p, WEIR_KW_SCALAR)              ? WEIR_AST_IS_JSON_SCALAR
                                                                      : WEIR_AST_IS_JSON_VALUE;
        if (node->as.is.what == WEIR_AST_IS_JSON_VALUE)
            (void)weir_parser_accept_word(p, WEIR_KW_VALUE);
    } else {
        return weir_parser_unexpected(p);
    }
    node->position = weir_parser_span(p, operand->position);
    *out = node;
    return weir_parser_grow(p);
}

/* A list or a query in parentheses; `(` was not taken yet. */
static weir_status parse_list_or_query(weir_parser *p, weir_ast_expr_list *list, const weir_ast_query **query) {
    WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_LEFT_PAREN));
    if (weir_parser_sees_query(p, 0)) {
        WEIR_TRY(weir_parse_query(p, query));
    } else {
        WEIR_TRY(weir_parse_expr_items(p, list));
        if (list->count == 1 && list->items[0]->kind == WEIR_AST_EXPR_SUBQUERY) { /* ((SELECT ...)) */
            *query = list->items[0]->as.subquery;
            if (weir_parser_sees_query_tail(p))
                WEIR_TRY(weir_parse_query_tail(p, *query, query));
            *list = (weir_ast_expr_list){0};
        }
    }
    return weir_parser_expect(p, WEIR_TOKEN_RIGHT_PAREN);
}

static weir_status parse_in(weir_parser *p, weir_ast_expr *operand, bool negated, weir_ast_expr **out) {
    weir_parser_take(p);
    weir_ast_expr *node = weir_parser_node(p, WEIR_AST_EXPR_IN, operand->position);
    if (!node)
        return weir_parser_memory(p);
    node->as.in.operand = operand;
    node->as.in.negated = negated;
    WEIR_TRY(parse_list_or_query(p, &node->as.in.list, &node->as.in.query));
    node->position = weir_parser_span(p, operand->position);
    *out = node;
    return weir_parser_grow(p);
}

static weir_status parse_between(weir_parser *p, weir_ast_expr *operand, bool negated, weir_ast_expr **out) {
    weir_parser_take(p);
    weir_ast_expr *node = weir_parser_node(p, WEIR_AST_EXPR_BETWEEN, operand->position);
    if (!node)
        return weir_parser_memory(p);
    node->as.between.operand = operand;
    node->as.between.negated = negated;
    node->as.between.symmetric = weir_parser_accept_word(p, WEIR_KW_SYMMETRIC);
    if (!node->as.between.symmetric)
        (void)weir_parser_accept_word(p, WEIR_KW_ASYMMETRIC);
    WEIR_TRY(parse_binary(p, PRECEDENCE_SUM, &node->as.between.low));
    WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_AND));
    WEIR_TRY(parse_binary(p, PRECEDENCE_SUM, &node->as.between.high));
    node->position = weir_parser_span(p, operand->position);
    *out = node;
    return weir_parser_grow(p);
}

static weir_status parse_like(weir_parser *p, weir_ast_expr *operand, bool negated, weir_ast_expr **out) {
    bool similar = weir_parser_take(p)->keyword == WEIR_KW_SIMILAR;
    weir_ast_expr *node = weir_parser_node(p, WEIR_AST_EXPR_LIKE, operand->position);
    if (!node)
        return weir_parser_memory(p);
    node->as.like.operand = operand;
    node->as.like.negated = negated;
    node->as.like.similar = similar;
    if (similar)
        WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_TO));
    WEIR_TRY(parse_binary(p, PRECEDENCE_SUM, &node->as.like.pattern));
    if (weir_parser_accept_word(p, WEIR_KW_ESCAPE))
        WEIR_TRY(parse_binary(p, PRECEDENCE_SUM, &node->as.like.escape));
    node->position = weir_parser_span(p, operand->position);
    *out = node;
    return weir_parser_grow(p);
}

/* operand = ANY (...); stands on ANY, SOME or ALL. */
static weir_status parse_quantified(weir_parser *p, weir_ast_binary_op op, weir_ast_expr *operand, weir_ast_expr **out) {
    weir_ast_expr *node = weir_parser_node(p, WEIR_AST_EXPR_QUANTIFIED, operand->position);
    if (!node)
        return weir_parser_memory(p);
    node->as.quantified.op = op;
    node->as.quantified.operand = operand;
    node->as.quantified.quantifier = weir_parser_take(p)->keyword == WEIR_KW_ALL ? WEIR_AST_ALL : WEIR_AST_ANY;
    WEIR_TRY(parse_list_or_query(p, &node->as.quantified.list, &node->as.quantified.query));
    node->position = weir_parser_span(p, operand->position);
    *out = node;
    return weir_parser_grow(p);
}

/* IN, BETWEEN, LIKE and SIMILAR, each with a NOT before it or not. *found is false when none of them stands here. */
static weir_status parse_predicate(weir_parser *p, weir_ast_expr *operand, bool *found, weir_ast_expr **out) {
    bool negated = weir_parser_sees_word(p, 0, WEIR_KW_NOT);
    *found = true;
    const weir_token *token = weir_parser_peek(p, negated);
    if (token->kind != WEIR_TOKEN_WORD) {
        *found = false;
        return WEIR_OK;
    }
    switch (token->keyword) {
    case WEIR_KW_IN: case WEIR_KW_BETWEEN: case WEIR_KW_LIKE: case WEIR_KW_SIMILAR: break;
    default: *found = false; return WEIR_OK;
    }
    if (negated)
        weir_parser_take(p);
    switch (token->keyword) {
    case WEIR_KW_IN: return parse_in(p, operand, negated, out);
    case WEIR_KW_BETWEEN: return parse_between(p, operand, negated, out);
    default: return parse_like(p, operand, negated, out);
    }
}

/* ---- climbing ---- */

static weir_status parse_sign(weir_parser *p, weir_ast_unary_op op, int precedence, weir_ast_expr **out) {
    weir_position start = weir_parser_take(p)->position;
    weir_ast_expr *node = weir_parser_node(p, WEIR_AST_EXPR_UNARY, start);
    if (!node)
        return weir_parser_memory(p);
    node->as.unary.op = op;
    WEIR_TRY(parse_binary(p, precedence, &node->as.unary.operand));
    node->position = weir_parser_span(p, start);
    *out = node;
    return weir_parser_grow(p);
}

static weir_status parse_prefix(weir_parser *p, weir_ast_expr **out) {
    if (weir_parser_sees(p, 0, WEIR_TOKEN_MINUS))
        return parse_sign(p, WEIR_AST_NEGATE, PRECEDENCE_SIGN, out);
    if (weir_parser_sees(p, 0, WEIR_TOKEN_PLUS))
        return parse_sign(p, WEIR_AST_POSITIVE, PRECEDENCE_SIGN, out);
    if (weir_parser_sees_word(p, 0, WEIR_KW_NOT))
        return parse_sign(p, WEIR_AST_NOT, PRECEDENCE_IS, out);
    return weir_parse_primary(p, out);
}

/* One step: an operator that binds at least as tightly as `minimum`, and its right side. *more is false when there is none. */
static weir_status parse_step(weir_parser *p, int minimum, weir_ast_expr **left, bool *more) {
    *more = true;
    if (minimum <= PRECEDENCE_IN) {
        bool found;
        WEIR_TRY(parse_predicate(p, *left, &found, left));
        if (found)
            return WEIR_OK;
    }
    if (minimum <= PRECEDENCE_IS && weir_parser_sees_word(p, 0, WEIR_KW_IS))
        return parse_is(p, *left, left);
    bool refused;
    WEIR_TRY(refuse_operator(p, &refused));
    weir_ast_binary_op op;
    int precedence;
    const weir_token *token = weir_parser_peek(p, 0);
    if (token->kind == WEIR_TOKEN_BANG_EQUAL)
        return weir_parser_unexpected(p);
    if (!binary_operator(token, &op, &precedence) || precedence < minimum) {
        *more = false;
        return WEIR_OK;
    }
    if (op == WEIR_AST_OR || op == WEIR_AST_AND)
        return parse_chain(p, op, precedence, *left, left);
    weir_parser_take(p);
    bool quantified = precedence == PRECEDENCE_COMPARISON && op != WEIR_AST_OVERLAPS &&
        (weir_parser_sees_word(p, 0, WEIR_KW_ANY) || weir_parser_sees_word(p, 0, WEIR_KW_SOME) || weir_parser_sees_word(p, 0, WEIR_KW_ALL));
    if (quantified)
        return parse_quantified(p, op, *left, left);
    weir_ast_expr *right;
    WEIR_TRY(parse_binary(p, precedence + 1, &right));
    if (op == WEIR_AST_OVERLAPS && ((*left)->kind != WEIR_AST_EXPR_ROW || right->kind != WEIR_AST_EXPR_ROW))
        return weir_parser_fail(p, WEIR_PARSE, token->position, "Illegal overlaps expression: write (start, end) OVERLAPS (start, end)");
    return new_binary(p, op, token->position, *left, right, left);
}

static weir_status parse_binary(weir_parser *p, int minimum, weir_ast_expr **out) {
    unsigned outer;
    bool more = true;
    WEIR_TRY(weir_parser_enter(p, &outer));
    WEIR_TRY(parse_prefix(p, out));
    while (more)
        WEIR_TRY(parse_step(p, minimum, out, &more));
    weir_parser_leave(p, outer);
    return WEIR_OK;
}

weir_status weir_parse_expr(weir_parser *p, weir_ast_expr **out) {
    *out = NULL;
    return parse_binary(p, 0, out);
}

weir_status weir_parse_operand(weir_parser *p, weir_ast_expr **out) {
    *out = NULL;
    return parse_binary(p, PRECEDENCE_SUM, out);
}

weir_status weir_parse_expr_items(weir_parser *p, weir_ast_expr_list *out) {
    weir_vector items = {0};
    do {
        weir_ast_expr *item;
        WEIR_TRY(weir_parse_expr(p, &item));
        WEIR_TRY(weir_parser_push_expr(p, &items, item));
    } while (weir_parser_accept(p, WEIR_TOKEN_COMMA));
    *out = weir_parser_expr_list(&items);
    return WEIR_OK;
}
