/* What stands in FROM: tables, subqueries, table functions, UNNEST, joins; and hints. */
#include "sql/parser_int.h"

static weir_status parse_joined(weir_parser *p, weir_ast_table_ref **out);

/* ---- hints ---- */

/* A key or an argument: a name, or a literal's text. */
static weir_status parse_hint_word(weir_parser *p, weir_ast_ident *out) {
    weir_position start = weir_parser_start(p);
    if (weir_parser_sees_name(p, 0))
        return weir_parse_ident(p, out);
    if (weir_parser_at_string(p)) {
        WEIR_TRY(weir_parse_string(p, &out->text));
    } else {
        weir_ast_expr *number;
        WEIR_TRY(weir_parse_unsigned_number(p, &number));
        out->text = number->as.literal->text;
    }
    out->position = weir_parser_span(p, start);
    return WEIR_OK;
}

/* The parentheses of one hint: key = value pairs, or words. */
static weir_status parse_hint_arguments(weir_parser *p, weir_ast_hint *hint) {
    weir_vector options = {0}, arguments = {0};
    weir_position start = weir_parser_start(p);
    if (!weir_parser_accept(p, WEIR_TOKEN_LEFT_PAREN))
        return WEIR_OK;
    while (!weir_parser_at(p, WEIR_TOKEN_RIGHT_PAREN)) {
        weir_ast_ident word = {0}, value = {0};
        WEIR_TRY(parse_hint_word(p, &word));
        if (!arguments.count && weir_parser_accept(p, WEIR_TOKEN_EQUAL)) {
            WEIR_TRY(parse_hint_word(p, &value));
            weir_ast_option *option = weir_parser_push(p, &options, sizeof *option);
            if (!option)
                return weir_parser_memory(p);
            *option = (weir_ast_option){word.text, value.text, word.position, value.position};
        } else if (options.count) {
            return weir_parser_unexpected(p);
        } else {
            weir_ast_ident *argument = weir_parser_push(p, &arguments, sizeof *argument);
            if (!argument)
                return weir_parser_memory(p);
            *argument = word;
        }
        if (!weir_parser_accept(p, WEIR_TOKEN_COMMA))
            break;
    }
    WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_RIGHT_PAREN));
    hint->options = (weir_ast_options){.items = options.items, .count = options.count, .position = weir_parser_span(p, start)};
    hint->arguments = arguments.items;
    hint->argument_count = arguments.count;
    return WEIR_OK;
}

weir_status weir_parse_hints(weir_parser *p, weir_ast_hints *out) {
    weir_vector hints = {0};
    if (!weir_parser_sees(p, 0, WEIR_TOKEN_HINT))
        return WEIR_OK;
    weir_parser_take(p);
    do {
        weir_ast_hint hint = {0};
        weir_position start = weir_parser_start(p);
        WEIR_TRY(weir_parse_ident(p, &hint.name));
        WEIR_TRY(parse_hint_arguments(p, &hint));
        hint.position = weir_parser_span(p, start);
        weir_ast_hint *place = weir_parser_push(p, &hints, sizeof *place);
        if (!place)
            return weir_parser_memory(p);
        *place = hint;
    } while (weir_parser_accept(p, WEIR_TOKEN_COMMA));
    WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_HINT_END));
    *out = (weir_ast_hints){.items = hints.items, .count = hints.count};
    return WEIR_OK;
}

/* ---- what may follow a table ---- */

static weir_status parse_system_time(weir_parser *p, weir_ast_table_ref *table) {
    if (!weir_parser_sees_word(p, 1, WEIR_KW_SYSTEM_TIME) || !weir_parser_accept_word(p, WEIR_KW_FOR))
        return WEIR_OK;
    weir_parser_take(p);
    WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_AS));
    WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_OF));
    return weir_parse_expr(p, &table->system_time);
}

/* TABLESAMPLE { BERNOULLI | SYSTEM } (percentage) [REPEATABLE (seed)] */
static weir_status parse_sample(weir_parser *p, weir_ast_table_ref *table) {
    weir_ast_expr *number;
    weir_position start = weir_parser_start(p);
    if (!weir_parser_accept_word(p, WEIR_KW_TABLESAMPLE))
        return WEIR_OK;
    table->sample.present = true;
    table->sample.bernoulli = weir_parser_accept_word(p, WEIR_KW_BERNOULLI);
    if (!table->sample.bernoulli)
        WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_SYSTEM));
    WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_LEFT_PAREN));
    WEIR_TRY(weir_parse_unsigned_number(p, &number));
    table->sample.percentage = number->as.literal->text;
    WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_RIGHT_PAREN));
    if (weir_parser_accept_word(p, WEIR_KW_REPEATABLE)) {
        table->sample.repeatable = true;
        WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_LEFT_PAREN));
        WEIR_TRY(weir_parse_unsigned_number(p, &number));
        table->sample.seed = number->as.literal->text;
        WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_RIGHT_PAREN));
    }
    table->sample.position = weir_parser_span(p, start);
    return WEIR_OK;
}

static bool sees_pivot(weir_parser *p) {
    return (weir_parser_sees_word(p, 0, WEIR_KW_PIVOT) || weir_parser_sees_word(p, 0, WEIR_KW_UNPIVOT)) &&
        (weir_parser_sees(p, 1, WEIR_TOKEN_LEFT_PAREN) || weir_parser_sees_word(p, 1, WEIR_KW_INCLUDE) ||
            weir_parser_sees_word(p, 1, WEIR_KW_EXCLUDE));
}

/* input MATCH_RECOGNIZE (...): wraps *table. */
static weir_status parse_match(weir_parser *p, weir_position start, weir_ast_table_ref **table) {
    if (!weir_parser_accept_word(p, WEIR_KW_MATCH_RECOGNIZE))
        return WEIR_OK;
    weir_ast_table_ref *match = WEIR_ARENA_NEW(p->arena, weir_ast_table_ref);
    if (!match)
        return weir_parser_memory(p);
    match->kind = WEIR_AST_TABLE_MATCH;
    match->as.match.input = *table;
    WEIR_TRY(weir_parse_match(p, &match->as.match.match));
    match->position = weir_parser_span(p, start);
    *table = match;
    return weir_parser_grow(p);
}

/* ASOF is a name, unless JOIN stands behind it. */
static bool sees_alias(weir_parser *p) {
    return !(weir_parser_sees_word(p, 0, WEIR_KW_ASOF) && weir_parser_sees_word(p, 1, WEIR_KW_JOIN));
}

static weir_status parse_alias(weir_parser *p, weir_ast_table_ref *table) {
    if (!sees_alias(p))
        return WEIR_OK;
    WEIR_TRY(weir_parse_optional_alias(p, &table->alias));
    if (table->alias.text.data && weir_parser_at(p, WEIR_TOKEN_LEFT_PAREN))
        WEIR_TRY(weir_parse_ident_list(p, &table->columns, &table->column_count));
    return WEIR_OK;
}

static weir_status parse_table_tail(weir_parser *p, weir_position start, weir_ast_table_ref **out) {
    WEIR_TRY(parse_system_time(p, *out));
    WEIR_TRY(parse_match(p, start, out));
    if (sees_pivot(p))
        return weir_parser_fail(p, WEIR_UNSUPPORTED, weir_parser_start(p), "%s is not supported",
            weir_keyword_name(weir_parser_peek(p, 0)->keyword));
    WEIR_TRY(parse_alias(p, *out));
    if ((*out)->kind != WEIR_AST_TABLE_MATCH && weir_parser_sees_word(p, 0, WEIR_KW_MATCH_RECOGNIZE)) {
        /* t AS a MATCH_RECOGNIZE (...) AS m */
        (*out)->position = weir_parser_span(p, start);
        WEIR_TRY(parse_match(p, start, out));
        WEIR_TRY(parse_alias(p, *out));
    }
    weir_ast_table_ref *table = *out;
    WEIR_TRY(parse_sample(p, table));
    table->position = weir_parser_span(p, start);
    return WEIR_OK;
}

/* ---- tables ---- */

/* UNNEST(a) [WITH ORDINALITY] */
static weir_status parse_unnest(weir_parser *p, weir_ast_table_ref *table) {
    weir_parser_take(p);
    table->kind = WEIR_AST_TABLE_UNNEST;
    WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_LEFT_PAREN));
    if (weir_parser_sees_query(p, 0)) { /* UNNEST(SELECT ...) */
        weir_vector items = {0};
        weir_ast_expr *query = weir_parser_node(p, WEIR_AST_EXPR_SUBQUERY, weir_parser_start(p));
        if (!query)
            return weir_parser_memory(p);
        WEIR_TRY(weir_parse_query(p, &query->as.subquery));
        WEIR_TRY(weir_parser_push_expr(p, &items, query));
        table->as.unnest.collections = weir_parser_expr_list(&items);
    } else {
        WEIR_TRY(weir_parse_expr_items(p, &table->as.unnest.collections));
    }
    WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_RIGHT_PAREN));
    if (weir_parser_accept_word(p, WEIR_KW_WITH)) {
        WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_ORDINALITY));
        table->as.unnest.with_ordinality = true;
    }
    return WEIR_OK;
}

/* TABLE(f(...)) */
static weir_status parse_table_function(weir_parser *p, weir_ast_table_ref *table) {
    weir_parser_take(p);
    table->kind = WEIR_AST_TABLE_FUNCTION;
    WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_LEFT_PAREN));
    WEIR_TRY(weir_parse_call(p, &table->as.function.call));
    return weir_parser_expect(p, WEIR_TOKEN_RIGHT_PAREN);
}

/* t [hints], or f(...) */
static weir_status parse_named(weir_parser *p, weir_ast_table_ref *table) {
    size_t ahead = 0;
    while (weir_parser_sees_name(p, ahead) && weir_parser_sees(p, ahead + 1, WEIR_TOKEN_DOT))
        ahead += 2;
    if (weir_parser_sees_name(p, ahead) && weir_parser_sees(p, ahead + 1, WEIR_TOKEN_LEFT_PAREN)) {
        table->kind = WEIR_AST_TABLE_FUNCTION;
        return weir_parse_call(p, &table->as.function.call);
    }
    table->kind = WEIR_AST_TABLE_NAMED;
    WEIR_TRY(weir_parse_name(p, &table->as.named.name));
    return weir_parse_hints(p, &table->hints);
}

/* A query in parentheses. */
static weir_status parse_subquery(weir_parser *p, weir_ast_table_ref *table) {
    table->kind = WEIR_AST_TABLE_SUBQUERY;
    WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_LEFT_PAREN));
    WEIR_TRY(weir_parse_query(p, &table->as.subquery));
    return weir_parser_expect(p, WEIR_TOKEN_RIGHT_PAREN);
}

static bool is_bare_subquery(const weir_ast_table_ref *table) {
    return table->kind == WEIR_AST_TABLE_SUBQUERY && !table->alias.text.data && !table->lateral && !table->system_time &&
        !table->sample.present;
}

/* Two parentheses or more: a join in parentheses, or a query whose first part has some of its own. */
static weir_status parse_nested(weir_parser *p, weir_position start, weir_ast_table_ref **out) {
    weir_parser_take(p);
    WEIR_TRY(parse_joined(p, out));
    bool bare = is_bare_subquery(*out);
    if (bare && weir_parser_sees_query_tail(p))
        WEIR_TRY(weir_parse_query_tail(p, (*out)->as.subquery, &(*out)->as.subquery));
    WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_RIGHT_PAREN));
    return bare ? parse_table_tail(p, start, out) : WEIR_OK;
}

static weir_status parse_table(weir_parser *p, weir_ast_table_ref **out) {
    weir_position start = weir_parser_start(p);
    if (weir_parser_sees(p, 0, WEIR_TOKEN_LEFT_PAREN) && !weir_parser_sees_query(p, 1)) {
        unsigned outer;
        WEIR_TRY(weir_parser_enter(p, &outer));
        WEIR_TRY(parse_nested(p, start, out));
        weir_parser_leave(p, outer);
        return WEIR_OK;
    }
    weir_ast_table_ref *table = WEIR_ARENA_NEW(p->arena, weir_ast_table_ref);
    if (!table)
        return weir_parser_memory(p);
    table->lateral = weir_parser_accept_word(p, WEIR_KW_LATERAL);
    *out = table;
    if (weir_parser_sees_word(p, 0, WEIR_KW_UNNEST))
        WEIR_TRY(parse_unnest(p, table));
    else if (weir_parser_sees_word(p, 0, WEIR_KW_TABLE))
        WEIR_TRY(parse_table_function(p, table));
    else if (weir_parser_sees(p, 0, WEIR_TOKEN_LEFT_PAREN))
        WEIR_TRY(parse_subquery(p, table));
    else if (weir_parser_at_name(p))
        WEIR_TRY(parse_named(p, table));
    else {
        (void)weir_parser_at(p, WEIR_TOKEN_LEFT_PAREN);
        (void)weir_parser_at_word(p, WEIR_KW_LATERAL);
        (void)weir_parser_at_word(p, WEIR_KW_TABLE);
        (void)weir_parser_at_word(p, WEIR_KW_UNNEST);
        return weir_parser_unexpected(p);
    }
    return parse_table_tail(p, start, out);
}

/* ---- joins ---- */

/* The words before and including JOIN; *found is false when no join follows. */
static weir_status parse_join_words(weir_parser *p, weir_ast_table_ref *join, bool *found) {
    *found = true;
    join->as.join.natural = weir_parser_accept_word(p, WEIR_KW_NATURAL);
    join->as.join.kind = WEIR_AST_JOIN_INNER;
    bool outer = true;
    if (weir_parser_sees_word(p, 0, WEIR_KW_ASOF) && weir_parser_sees_word(p, 1, WEIR_KW_JOIN))
        return weir_parser_fail(p, WEIR_UNSUPPORTED, weir_parser_start(p), "ASOF JOIN is not supported; see FOR SYSTEM_TIME AS OF");
    if (weir_parser_accept_word(p, WEIR_KW_LEFT)) {
        join->as.join.kind = WEIR_AST_JOIN_LEFT;
    } else if (weir_parser_accept_word(p, WEIR_KW_RIGHT)) {
        join->as.join.kind = WEIR_AST_JOIN_RIGHT;
    } else if (weir_parser_accept_word(p, WEIR_KW_FULL)) {
        join->as.join.kind = WEIR_AST_JOIN_FULL;
    } else {
        outer = false;
        if (weir_parser_accept_word(p, WEIR_KW_CROSS))
            join->as.join.kind = WEIR_AST_JOIN_CROSS;
        else if (!weir_parser_accept_word(p, WEIR_KW_INNER) && !join->as.join.natural && !weir_parser_at_word(p, WEIR_KW_JOIN))
            *found = false;
    }
    if (!*found)
        return WEIR_OK;
    if (outer)
        (void)weir_parser_accept_word(p, WEIR_KW_OUTER);
    join->as.join.keyword_position = weir_parser_start(p);
    return weir_parser_expect_word(p, WEIR_KW_JOIN);
}

static weir_status parse_join_condition(weir_parser *p, weir_ast_table_ref *join) {
    if (weir_parser_accept_word(p, WEIR_KW_ON))
        return weir_parse_expr(p, &join->as.join.condition);
    if (weir_parser_accept_word(p, WEIR_KW_USING))
        return weir_parse_ident_list(p, &join->as.join.using_columns, &join->as.join.using_count);
    return WEIR_OK;
}

/* a JOIN b ON ... JOIN c ..., without commas. */
static weir_status parse_join_chain(weir_parser *p, weir_ast_table_ref **out) {
    WEIR_TRY(parse_table(p, out));
    for (;;) {
        weir_ast_table_ref *join = WEIR_ARENA_NEW(p->arena, weir_ast_table_ref);
        weir_ast_table_ref *right;
        bool found;
        if (!join)
            return weir_parser_memory(p);
        WEIR_TRY(parse_join_words(p, join, &found));
        if (!found)
            return WEIR_OK;
        WEIR_TRY(parse_table(p, &right));
        join->kind = WEIR_AST_TABLE_JOIN;
        join->as.join.left = *out;
        join->as.join.right = right;
        WEIR_TRY(parse_join_condition(p, join));
        join->position = weir_parser_span(p, (*out)->position);
        *out = join;
        WEIR_TRY(weir_parser_grow(p));
    }
}

static weir_status parse_joined(weir_parser *p, weir_ast_table_ref **out) {
    unsigned outer;
    WEIR_TRY(weir_parser_enter(p, &outer));
    WEIR_TRY(parse_join_chain(p, out));
    while (weir_parser_accept(p, WEIR_TOKEN_COMMA)) {
        weir_position comma = p->tokens[p->at - 1].position;
        weir_ast_table_ref *right;
        WEIR_TRY(parse_join_chain(p, &right));
        weir_ast_table_ref *join = WEIR_ARENA_NEW(p->arena, weir_ast_table_ref);
        if (!join)
            return weir_parser_memory(p);
        join->kind = WEIR_AST_TABLE_JOIN;
        join->as.join.kind = WEIR_AST_JOIN_COMMA;
        join->as.join.left = *out;
        join->as.join.right = right;
        join->as.join.keyword_position = comma;
        join->position = weir_parser_join((*out)->position, right->position);
        *out = join;
        WEIR_TRY(weir_parser_grow(p));
    }
    WEIR_TRY(weir_parser_grow(p));
    weir_parser_leave(p, outer);
    return WEIR_OK;
}

weir_status weir_parse_from(weir_parser *p, const weir_ast_table_ref **out) {
    weir_ast_table_ref *table = NULL;
    WEIR_TRY(parse_joined(p, &table));
    *out = table;
    return WEIR_OK;
}
