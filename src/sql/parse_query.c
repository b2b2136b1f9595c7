/* Queries: WITH, SELECT, VALUES, set operations, ORDER BY, LIMIT.
 *
 * UNION and EXCEPT have one precedence, INTERSECT a higher one; all are left-associative.
 */
#include "sql/parser_int.h"

enum { SET_LOOSE = 1, SET_TIGHT = 2 }; /* UNION and EXCEPT, INTERSECT */

static weir_status parse_body(weir_parser *p, int minimum, weir_ast_query **out);

bool weir_parser_sees_query(weir_parser *p, size_t ahead) {
    return weir_parser_sees_word(p, ahead, WEIR_KW_SELECT) || weir_parser_sees_word(p, ahead, WEIR_KW_WITH) ||
        weir_parser_sees_word(p, ahead, WEIR_KW_VALUES) ||
        (weir_parser_sees_word(p, ahead, WEIR_KW_TABLE) && weir_parser_sees_name(p, ahead + 1));
}

bool weir_parser_sees_query_tail(weir_parser *p) {
    static const weir_keyword words[] = {WEIR_KW_UNION, WEIR_KW_INTERSECT, WEIR_KW_EXCEPT, WEIR_KW_MINUS, WEIR_KW_ORDER, WEIR_KW_LIMIT,
        WEIR_KW_OFFSET, WEIR_KW_FETCH};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (weir_parser_sees_word(p, 0, words[i]))
            return true;
    return false;
}

/* ---- SELECT ---- */

static weir_status parse_select_item(weir_parser *p, weir_ast_select_item *out) {
    weir_position start = weir_parser_start(p);
    if (weir_parser_sees(p, 0, WEIR_TOKEN_STAR)) {
        weir_parser_take(p);
        out->expr = weir_parser_node(p, WEIR_AST_EXPR_STAR, start);
        if (!out->expr)
            return weir_parser_memory(p);
        out->position = start;
        return WEIR_OK;
    }
    WEIR_TRY(weir_parse_expr(p, &out->expr));
    WEIR_TRY(weir_parse_optional_alias(p, &out->alias));
    out->position = weir_parser_span(p, start);
    return WEIR_OK;
}

static weir_status parse_select_list(weir_parser *p, weir_ast_select *select) {
    weir_vector items = {0};
    do {
        weir_ast_select_item item = {0};
        WEIR_TRY(parse_select_item(p, &item));
        weir_ast_select_item *place = weir_parser_push(p, &items, sizeof *place);
        if (!place)
            return weir_parser_memory(p);
        *place = item;
    } while (weir_parser_accept(p, WEIR_TOKEN_COMMA));
    select->items = items.items;
    select->item_count = items.count;
    return WEIR_OK;
}

static weir_status parse_group_items(weir_parser *p, weir_vector *items);

/* GROUPING SETS (...), ROLLUP (...), CUBE (...): the list. */
static weir_status parse_group_list(weir_parser *p, weir_ast_group_item *out) {
    weir_vector items = {0};
    WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_LEFT_PAREN));
    WEIR_TRY(parse_group_items(p, &items));
    out->items = items.items;
    out->item_count = items.count;
    return weir_parser_expect(p, WEIR_TOKEN_RIGHT_PAREN);
}

static weir_status parse_group_item(weir_parser *p, weir_ast_group_item *out) {
    weir_position start = weir_parser_start(p);
    if (weir_parser_accept_words(p, WEIR_KW_GROUPING, WEIR_KW_SETS)) {
        out->kind = WEIR_AST_GROUP_GROUPING_SETS;
        WEIR_TRY(parse_group_list(p, out));
    } else if (weir_parser_accept_word(p, WEIR_KW_ROLLUP)) {
        out->kind = WEIR_AST_GROUP_ROLLUP;
        WEIR_TRY(parse_group_list(p, out));
    } else if (weir_parser_accept_word(p, WEIR_KW_CUBE)) {
        out->kind = WEIR_AST_GROUP_CUBE;
        WEIR_TRY(parse_group_list(p, out));
    } else if (weir_parser_sees(p, 0, WEIR_TOKEN_LEFT_PAREN) && weir_parser_sees(p, 1, WEIR_TOKEN_RIGHT_PAREN)) {
        weir_parser_take(p);
        weir_parser_take(p);
        out->kind = WEIR_AST_GROUP_EMPTY;
    } else {
        weir_ast_expr *expr;
        weir_vector list = {0};
        WEIR_TRY(weir_parse_expr(p, &expr));
        out->kind = WEIR_AST_GROUP_EXPRESSION;
        if (expr->kind == WEIR_AST_EXPR_ROW && !expr->as.row.explicit_row) {
            out->exprs = expr->as.row.items;
        } else {
            WEIR_TRY(weir_parser_push_expr(p, &list, expr));
            out->exprs = weir_parser_expr_list(&list);
        }
    }
    out->position = weir_parser_span(p, start);
    return WEIR_OK;
}

static weir_status parse_group_items(weir_parser *p, weir_vector *items) {
    unsigned outer;
    WEIR_TRY(weir_parser_enter(p, &outer));
    do {
        weir_ast_group_item item = {0};
        WEIR_TRY(parse_group_item(p, &item));
        weir_ast_group_item *place = weir_parser_push(p, items, sizeof *place);
        if (!place)
            return weir_parser_memory(p);
        *place = item;
    } while (weir_parser_accept(p, WEIR_TOKEN_COMMA));
    WEIR_TRY(weir_parser_grow(p));
    weir_parser_leave(p, outer);
    return WEIR_OK;
}

static weir_status parse_group_by(weir_parser *p, weir_ast_select *select) {
    weir_vector items = {0};
    WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_BY));
    select->grouped = true;
    select->group_distinct = weir_parser_accept_word(p, WEIR_KW_DISTINCT);
    if (!select->group_distinct)
        (void)weir_parser_accept_word(p, WEIR_KW_ALL);
    WEIR_TRY(parse_group_items(p, &items));
    select->groups = items.items;
    select->group_count = items.count;
    return WEIR_OK;
}

/* WINDOW w AS (...), ... */
static weir_status parse_named_windows(weir_parser *p, weir_ast_select *select) {
    weir_vector windows = {0};
    do {
        weir_ast_named_window window = {0};
        WEIR_TRY(weir_parse_ident(p, &window.name));
        WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_AS));
        WEIR_TRY(weir_parse_window_spec(p, &window.window));
        weir_ast_named_window *place = weir_parser_push(p, &windows, sizeof *place);
        if (!place)
            return weir_parser_memory(p);
        *place = window;
    } while (weir_parser_accept(p, WEIR_TOKEN_COMMA));
    select->windows = windows.items;
    select->window_count = windows.count;
    return WEIR_OK;
}

static weir_status parse_select_clauses(weir_parser *p, weir_ast_select *select) {
    if (!weir_parser_accept_word(p, WEIR_KW_FROM))
        return WEIR_OK;
    WEIR_TRY(weir_parse_from(p, &select->from));
    if (weir_parser_accept_word(p, WEIR_KW_WHERE))
        WEIR_TRY(weir_parse_expr(p, &select->where));
    if (weir_parser_accept_word(p, WEIR_KW_GROUP))
        WEIR_TRY(parse_group_by(p, select));
    if (weir_parser_accept_word(p, WEIR_KW_HAVING))
        WEIR_TRY(weir_parse_expr(p, &select->having));
    if (weir_parser_accept_word(p, WEIR_KW_WINDOW))
        WEIR_TRY(parse_named_windows(p, select));
    if (weir_parser_accept_word(p, WEIR_KW_QUALIFY))
        WEIR_TRY(weir_parse_expr(p, &select->qualify));
    return WEIR_OK;
}

static weir_status parse_select(weir_parser *p, const weir_ast_select **out) {
    weir_position start = weir_parser_take(p)->position;
    weir_ast_select *select = WEIR_ARENA_NEW(p->arena, weir_ast_select);
    if (!select)
        return weir_parser_memory(p);
    WEIR_TRY(weir_parse_hints(p, &select->hints));
    select->stream = weir_parser_accept_word(p, WEIR_KW_STREAM);
    select->distinct = weir_parser_accept_word(p, WEIR_KW_DISTINCT);
    if (!select->distinct)
        (void)weir_parser_accept_word(p, WEIR_KW_ALL);
    WEIR_TRY(parse_select_list(p, select));
    WEIR_TRY(parse_select_clauses(p, select));
    select->position = weir_parser_span(p, start);
    *out = select;
    return WEIR_OK;
}

/* ---- VALUES, TABLE, parentheses ---- */

/* VALUES (1, 'a'), (2, 'b'), ROW(3, 'c'), 4: every row becomes a ROW node. */
static weir_status parse_values(weir_parser *p, weir_ast_expr_list *out) {
    weir_vector rows = {0};
    weir_parser_take(p);
    do {
        weir_ast_expr *row;
        WEIR_TRY(weir_parse_expr(p, &row));
        if (row->kind != WEIR_AST_EXPR_ROW) {
            weir_ast_expr *wrapped = weir_parser_node(p, WEIR_AST_EXPR_ROW, row->position);
            weir_vector item = {0};
            if (!wrapped)
                return weir_parser_memory(p);
            WEIR_TRY(weir_parser_push_expr(p, &item, row));
            wrapped->as.row.items = weir_parser_expr_list(&item);
            row = wrapped;
        }
        WEIR_TRY(weir_parser_push_expr(p, &rows, row));
    } while (weir_parser_accept(p, WEIR_TOKEN_COMMA));
    *out = weir_parser_expr_list(&rows);
    return WEIR_OK;
}

static weir_status parse_paren_query(weir_parser *p, weir_position start, weir_ast_query **out) {
    const weir_ast_query *inner = NULL;
    weir_parser_take(p);
    WEIR_TRY(weir_parse_query(p, &inner));
    WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_RIGHT_PAREN));
    weir_ast_query *query = WEIR_ARENA_NEW(p->arena, weir_ast_query);
    if (!query)
        return weir_parser_memory(p);
    *query = *inner; /* the same query, known to be in parentheses */
    query->parenthesized = true;
    query->position = weir_parser_span(p, start);
    *out = query;
    return WEIR_OK;
}

/* Could an expression begin here? Then Flink's complaint is that an expression is no query. */
static bool sees_expression(weir_parser *p) {
    const weir_token *token = weir_parser_peek(p, 0);
    switch (token->kind) {
    case WEIR_TOKEN_QUOTED_NAME: case WEIR_TOKEN_INTEGER: case WEIR_TOKEN_DECIMAL: case WEIR_TOKEN_APPROXIMATE: case WEIR_TOKEN_STRING:
    case WEIR_TOKEN_BINARY_STRING: case WEIR_TOKEN_MINUS: case WEIR_TOKEN_PLUS:
        return true;
    case WEIR_TOKEN_WORD:
        return weir_parser_sees_name(p, 0) || token->keyword == WEIR_KW_CASE || token->keyword == WEIR_KW_CAST ||
            token->keyword == WEIR_KW_NOT || token->keyword == WEIR_KW_NULL || token->keyword == WEIR_KW_TRUE ||
            token->keyword == WEIR_KW_FALSE || (weir_keyword_function(token->keyword) && weir_parser_sees(p, 1, WEIR_TOKEN_LEFT_PAREN));
    default:
        return false;
    }
}

static weir_status fail_no_query(weir_parser *p) {
    static const weir_text words[] = {{"SELECT", 6}, {"INSERT", 6}, {"CREATE", 6}, {"DROP", 4}, {"ALTER", 5}, {"SHOW", 4},
        {"DESCRIBE", 8}, {"EXPLAIN", 7}, {"EXECUTE", 7}, {"VALUES", 6}, {"WITH", 4}, {"USE", 3}, {"SET", 3}, {"RESET", 5},
        {"BEGIN", 5}, {"DELETE", 6}, {"UPDATE", 6}, {"TRUNCATE", 8}, {"CALL", 4}};
    const weir_token *token = weir_parser_peek(p, 0);
    (void)weir_parser_at_word(p, WEIR_KW_SELECT);
    (void)weir_parser_at_word(p, WEIR_KW_VALUES);
    (void)weir_parser_at_word(p, WEIR_KW_WITH);
    (void)weir_parser_at_word(p, WEIR_KW_TABLE);
    (void)weir_parser_at(p, WEIR_TOKEN_LEFT_PAREN);
    if (!sees_expression(p))
        return weir_parser_unexpected(p);
    weir_status status = weir_parser_fail(p, WEIR_PARSE, token->position, "Non-query expression encountered in illegal context");
    int nearest = token->kind == WEIR_TOKEN_WORD ? weir_text_nearest(token->text, words, sizeof words / sizeof words[0]) : -1;
    if (nearest >= 0)
        weir_error_hint(p->error, "Did you mean %.*s?", WEIR_TEXT_ARGS(words[nearest]));
    else
        weir_error_hint(p->error, "A query begins with SELECT, VALUES or WITH.");
    return status;
}

static weir_status parse_term(weir_parser *p, weir_ast_query **out) {
    weir_position start = weir_parser_start(p);
    if (weir_parser_sees(p, 0, WEIR_TOKEN_LEFT_PAREN))
        return parse_paren_query(p, start, out);
    if (!weir_parser_sees_query(p, 0) || weir_parser_sees_word(p, 0, WEIR_KW_WITH))
        return fail_no_query(p);
    weir_ast_query *query = WEIR_ARENA_NEW(p->arena, weir_ast_query);
    if (!query)
        return weir_parser_memory(p);
    if (weir_parser_sees_word(p, 0, WEIR_KW_SELECT)) {
        query->kind = WEIR_AST_QUERY_SELECT;
        WEIR_TRY(parse_select(p, &query->as.select));
    } else if (weir_parser_sees_word(p, 0, WEIR_KW_VALUES)) {
        query->kind = WEIR_AST_QUERY_VALUES;
        WEIR_TRY(parse_values(p, &query->as.rows));
    } else {
        weir_parser_take(p);
        query->kind = WEIR_AST_QUERY_TABLE;
        WEIR_TRY(weir_parse_name(p, &query->as.table));
    }
    query->position = weir_parser_span(p, start);
    *out = query;
    return weir_parser_grow(p);
}

/* ---- set operations ---- */

static bool accept_set_operator(weir_parser *p, int minimum, weir_ast_set_op *op, int *precedence) {
    *precedence = SET_LOOSE;
    if (minimum <= SET_LOOSE && weir_parser_accept_word(p, WEIR_KW_UNION)) {
        *op = WEIR_AST_UNION;
        return true;
    }
    if (minimum <= SET_LOOSE && (weir_parser_accept_word(p, WEIR_KW_EXCEPT) || weir_parser_accept_word(p, WEIR_KW_MINUS))) {
        *op = WEIR_AST_EXCEPT;
        return true;
    }
    *precedence = SET_TIGHT;
    *op = WEIR_AST_INTERSECT;
    return weir_parser_accept_word(p, WEIR_KW_INTERSECT);
}

/* Set operations behind *out that bind at least as tightly as `minimum`. */
static weir_status parse_set_tail(weir_parser *p, int minimum, weir_ast_query **out) {
    weir_ast_set_op op;
    int precedence;
    while (accept_set_operator(p, minimum, &op, &precedence)) {
        weir_position op_position = p->tokens[p->at - 1].position;
        bool all = weir_parser_accept_word(p, WEIR_KW_ALL);
        if (!all)
            (void)weir_parser_accept_word(p, WEIR_KW_DISTINCT);
        weir_ast_query *right;
        WEIR_TRY(parse_body(p, precedence + 1, &right));
        weir_ast_query *query = WEIR_ARENA_NEW(p->arena, weir_ast_query);
        if (!query)
            return weir_parser_memory(p);
        query->kind = WEIR_AST_QUERY_SET;
        query->as.set.op = op;
        query->as.set.all = all;
        query->as.set.left = *out;
        query->as.set.right = right;
        query->as.set.op_position = op_position;
        query->position = weir_parser_join((*out)->position, right->position);
        *out = query;
        WEIR_TRY(weir_parser_grow(p));
    }
    return WEIR_OK;
}

static weir_status parse_body(weir_parser *p, int minimum, weir_ast_query **out) {
    unsigned outer;
    WEIR_TRY(weir_parser_enter(p, &outer));
    WEIR_TRY(parse_term(p, out));
    WEIR_TRY(parse_set_tail(p, minimum, out));
    weir_parser_leave(p, outer);
    return WEIR_OK;
}

/* ---- WITH, ORDER BY, LIMIT ---- */

static weir_status parse_with(weir_parser *p, bool *recursive, weir_vector *items) {
    *recursive = weir_parser_accept_word(p, WEIR_KW_RECURSIVE);
    do {
        weir_position start = weir_parser_start(p);
        weir_ast_with_item item = {0};
        WEIR_TRY(weir_parse_ident(p, &item.name));
        if (weir_parser_at(p, WEIR_TOKEN_LEFT_PAREN))
            WEIR_TRY(weir_parse_ident_list(p, &item.columns, &item.column_count));
        WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_AS));
        WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_LEFT_PAREN));
        WEIR_TRY(weir_parse_query(p, &item.query));
        WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_RIGHT_PAREN));
        item.position = weir_parser_span(p, start);
        weir_ast_with_item *place = weir_parser_push(p, items, sizeof *place);
        if (!place)
            return weir_parser_memory(p);
        *place = item;
    } while (weir_parser_accept(p, WEIR_TOKEN_COMMA));
    return WEIR_OK;
}

typedef struct query_end {
    weir_ast_order_list order_by;
    weir_ast_expr *offset, *limit;
    bool written;
} query_end;

static weir_status parse_limit(weir_parser *p, query_end *end) {
    weir_position start = weir_parser_start(p);
    if (end->offset)
        return weir_parser_fail(p, WEIR_PARSE, start, "'OFFSET start LIMIT count' is not allowed under the current SQL conformance level");
    if (weir_parser_accept_word(p, WEIR_KW_ALL))
        return WEIR_OK;
    WEIR_TRY(weir_parse_unsigned_number(p, &end->limit));
    if (weir_parser_sees(p, 0, WEIR_TOKEN_COMMA))
        return weir_parser_fail(p, WEIR_PARSE, start, "'LIMIT start, count' is not allowed under the current SQL conformance level");
    return WEIR_OK;
}

/* FETCH { FIRST | NEXT } n { ROW | ROWS } ONLY */
static weir_status parse_fetch(weir_parser *p, query_end *end) {
    if (!weir_parser_accept_word(p, WEIR_KW_FIRST))
        WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_NEXT));
    WEIR_TRY(weir_parse_unsigned_number(p, &end->limit));
    if (!weir_parser_accept_word(p, WEIR_KW_ROW))
        WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_ROWS));
    return weir_parser_expect_word(p, WEIR_KW_ONLY);
}

static weir_status parse_end(weir_parser *p, query_end *end) {
    if (weir_parser_accept_word(p, WEIR_KW_ORDER)) {
        end->written = true;
        WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_BY));
        WEIR_TRY(weir_parse_order_items(p, false, &end->order_by));
    }
    if (weir_parser_accept_word(p, WEIR_KW_LIMIT)) {
        end->written = true;
        WEIR_TRY(parse_limit(p, end));
    }
    if (weir_parser_accept_word(p, WEIR_KW_OFFSET)) {
        end->written = true;
        WEIR_TRY(weir_parse_unsigned_number(p, &end->offset));
        if (!weir_parser_accept_word(p, WEIR_KW_ROW))
            (void)weir_parser_accept_word(p, WEIR_KW_ROWS);
        if (!end->limit && weir_parser_accept_word(p, WEIR_KW_LIMIT))
            return parse_limit(p, end);
    }
    if (!end->limit && weir_parser_accept_word(p, WEIR_KW_FETCH)) {
        end->written = true;
        return parse_fetch(p, end);
    }
    return WEIR_OK;
}

/* Put WITH and the end onto a query; one in parentheses is nested first, for it may have the same of its own. */
static weir_status attach(
    weir_parser *p, weir_position start, weir_vector *with, bool recursive, const query_end *end, weir_ast_query **query) {
    if (!with->count && !end->written)
        return WEIR_OK;
    if ((*query)->parenthesized) {
        weir_ast_query *outer = WEIR_ARENA_NEW(p->arena, weir_ast_query);
        if (!outer)
            return weir_parser_memory(p);
        outer->kind = WEIR_AST_QUERY_NESTED;
        outer->as.nested = *query;
        *query = outer;
        WEIR_TRY(weir_parser_grow(p));
    }
    (*query)->with = with->items;
    (*query)->with_count = with->count;
    (*query)->recursive = recursive;
    (*query)->order_by = end->order_by;
    (*query)->offset = end->offset;
    (*query)->limit = end->limit;
    (*query)->position = weir_parser_span(p, start);
    return WEIR_OK;
}

weir_status weir_parse_query(weir_parser *p, const weir_ast_query **out) {
    unsigned outer;
    weir_position start = weir_parser_start(p);
    weir_vector with = {0};
    bool recursive = false;
    query_end end = {0};
    weir_ast_query *query = NULL;
    *out = NULL;
    WEIR_TRY(weir_parser_enter(p, &outer));
    if (weir_parser_sees_word(p, 0, WEIR_KW_WITH)) {
        weir_parser_take(p);
        WEIR_TRY(parse_with(p, &recursive, &with));
    }
    WEIR_TRY(parse_body(p, 0, &query));
    WEIR_TRY(parse_end(p, &end));
    WEIR_TRY(attach(p, start, &with, recursive, &end, &query));
    WEIR_TRY(weir_parser_grow(p));
    weir_parser_leave(p, outer);
    *out = query;
    return WEIR_OK;
}

weir_status weir_parse_query_tail(weir_parser *p, const weir_ast_query *first, const weir_ast_query **out) {
    weir_vector with = {0};
    query_end end = {0};
    weir_ast_query *query = WEIR_ARENA_NEW(p->arena, weir_ast_query);
    if (!query)
        return weir_parser_memory(p);
    *query = *first;
    query->parenthesized = true;
    weir_position start = first->position;
    WEIR_TRY(parse_set_tail(p, 0, &query));
    WEIR_TRY(parse_end(p, &end));
    WEIR_TRY(attach(p, start, &with, false, &end, &query));
    *out = query;
    return WEIR_OK;
}
