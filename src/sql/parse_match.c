/* MATCH_RECOGNIZE (...): its clauses in the order in which they must stand, and the pattern. */
#include "sql/parser_int.h"

static weir_status parse_alternation(weir_parser *p, weir_ast_pattern **out);

static weir_ast_pattern *new_pattern(weir_parser *p, weir_ast_pattern_kind kind, weir_position position) {
    weir_ast_pattern *pattern = WEIR_ARENA_NEW(p->arena, weir_ast_pattern);
    if (pattern) {
        pattern->kind = kind;
        pattern->position = position;
    }
    return pattern;
}

static weir_status push_pattern(weir_parser *p, weir_vector *items, weir_ast_pattern *pattern) {
    weir_ast_pattern **place = weir_parser_push(p, items, sizeof *place);
    if (!place)
        return weir_parser_memory(p);
    *place = pattern;
    return WEIR_OK;
}

/* A single inner pattern. */
static weir_status wrap(weir_parser *p, weir_ast_pattern_kind kind, weir_position start, weir_ast_pattern *inner, weir_ast_pattern **out) {
    weir_vector items = {0};
    weir_ast_pattern *pattern = new_pattern(p, kind, start);
    if (!pattern)
        return weir_parser_memory(p);
    WEIR_TRY(push_pattern(p, &items, inner));
    pattern->items = items.items;
    pattern->item_count = 1;
    *out = pattern;
    return weir_parser_grow(p);
}

/* PERMUTE(A, B) */
static weir_status parse_permute(weir_parser *p, weir_position start, weir_ast_pattern **out) {
    weir_vector items = {0};
    weir_ast_pattern *inner;
    weir_ast_pattern *pattern = new_pattern(p, WEIR_AST_PATTERN_PERMUTE, start);
    if (!pattern)
        return weir_parser_memory(p);
    WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_LEFT_PAREN));
    do {
        WEIR_TRY(parse_alternation(p, &inner));
        WEIR_TRY(push_pattern(p, &items, inner));
    } while (weir_parser_accept(p, WEIR_TOKEN_COMMA));
    WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_RIGHT_PAREN));
    pattern->items = items.items;
    pattern->item_count = items.count;
    pattern->position = weir_parser_span(p, start);
    *out = pattern;
    return WEIR_OK;
}

static weir_status parse_atom(weir_parser *p, weir_ast_pattern **out) {
    weir_position start = weir_parser_start(p);
    if (weir_parser_accept_word(p, WEIR_KW_PERMUTE))
        return parse_permute(p, start, out);
    if (weir_parser_accept(p, WEIR_TOKEN_LEFT_PAREN)) {
        if (weir_parser_accept(p, WEIR_TOKEN_RIGHT_PAREN)) {
            *out = new_pattern(p, WEIR_AST_PATTERN_EMPTY, weir_parser_span(p, start));
            return *out ? WEIR_OK : weir_parser_memory(p);
        }
        WEIR_TRY(parse_alternation(p, out));
        return weir_parser_expect(p, WEIR_TOKEN_RIGHT_PAREN);
    }
    if (weir_parser_accept(p, WEIR_TOKEN_LEFT_BRACE)) {
        weir_ast_pattern *inner;
        WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_MINUS));
        WEIR_TRY(parse_alternation(p, &inner));
        WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_MINUS));
        WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_RIGHT_BRACE));
        return wrap(p, WEIR_AST_PATTERN_EXCLUDE, weir_parser_span(p, start), inner, out);
    }
    weir_ast_pattern *variable = new_pattern(p, WEIR_AST_PATTERN_VARIABLE, start);
    if (!variable)
        return weir_parser_memory(p);
    *out = variable;
    return weir_parse_ident(p, &variable->variable);
}

/* {n}, {n,}, {n,m}, {,m} behind `{`. */
static weir_status parse_counts(weir_parser *p, weir_ast_pattern *pattern) {
    pattern->minimum = -1;
    if (!weir_parser_sees(p, 0, WEIR_TOKEN_COMMA)) {
        WEIR_TRY(weir_parse_unsigned_int(p, &pattern->minimum));
        pattern->maximum = pattern->minimum;
    }
    if (weir_parser_accept(p, WEIR_TOKEN_COMMA)) {
        pattern->maximum = -1;
        if (pattern->minimum < 0 || !weir_parser_at(p, WEIR_TOKEN_RIGHT_BRACE))
            WEIR_TRY(weir_parse_unsigned_int(p, &pattern->maximum));
    }
    return weir_parser_expect(p, WEIR_TOKEN_RIGHT_BRACE);
}

/* An atom and its quantifier. */
static weir_status parse_factor(weir_parser *p, weir_ast_pattern **out) {
    weir_position start = weir_parser_start(p);
    int64_t minimum, maximum;
    WEIR_TRY(parse_atom(p, out));
    bool counts = weir_parser_sees(p, 0, WEIR_TOKEN_LEFT_BRACE) && !weir_parser_sees(p, 1, WEIR_TOKEN_MINUS);
    if (weir_parser_accept(p, WEIR_TOKEN_STAR)) {
        minimum = 0;
        maximum = -1;
    } else if (weir_parser_accept(p, WEIR_TOKEN_PLUS)) {
        minimum = 1;
        maximum = -1;
    } else if (weir_parser_accept(p, WEIR_TOKEN_QUESTION)) {
        minimum = 0;
        maximum = 1;
    } else if (counts) {
        minimum = maximum = 0;
    } else {
        return WEIR_OK;
    }
    weir_ast_pattern *repeat;
    WEIR_TRY(wrap(p, WEIR_AST_PATTERN_REPEAT, start, *out, &repeat));
    repeat->minimum = minimum;
    repeat->maximum = maximum;
    if (counts) {
        weir_parser_take(p);
        WEIR_TRY(parse_counts(p, repeat));
    }
    repeat->reluctant = weir_parser_accept(p, WEIR_TOKEN_QUESTION);
    repeat->position = weir_parser_span(p, start);
    *out = repeat;
    return WEIR_OK;
}

static bool sees_factor(weir_parser *p) {
    return weir_parser_sees_name(p, 0) || weir_parser_sees(p, 0, WEIR_TOKEN_LEFT_PAREN) || weir_parser_sees_word(p, 0, WEIR_KW_PERMUTE) ||
        (weir_parser_sees(p, 0, WEIR_TOKEN_LEFT_BRACE) && weir_parser_sees(p, 1, WEIR_TOKEN_MINUS));
}

static weir_status parse_sequence(weir_parser *p, weir_ast_pattern **out) {
    weir_position start = weir_parser_start(p);
    weir_vector items = {0};
    weir_ast_pattern *item;
    do {
        WEIR_TRY(parse_factor(p, &item));
        WEIR_TRY(push_pattern(p, &items, item));
    } while (sees_factor(p));
    *out = item;
    if (items.count == 1)
        return WEIR_OK;
    weir_ast_pattern *sequence = new_pattern(p, WEIR_AST_PATTERN_SEQUENCE, weir_parser_span(p, start));
    if (!sequence)
        return weir_parser_memory(p);
    sequence->items = items.items;
    sequence->item_count = items.count;
    *out = sequence;
    return weir_parser_grow(p);
}

static weir_status parse_alternation(weir_parser *p, weir_ast_pattern **out) {
    unsigned outer;
    weir_position start = weir_parser_start(p);
    weir_vector items = {0};
    weir_ast_pattern *item;
    WEIR_TRY(weir_parser_enter(p, &outer));
    do {
        WEIR_TRY(parse_sequence(p, &item));
        WEIR_TRY(push_pattern(p, &items, item));
    } while (weir_parser_accept(p, WEIR_TOKEN_BAR));
    *out = item;
    if (items.count > 1) {
        weir_ast_pattern *alternation = new_pattern(p, WEIR_AST_PATTERN_ALTERNATION, weir_parser_span(p, start));
        if (!alternation)
            return weir_parser_memory(p);
        alternation->items = items.items;
        alternation->item_count = items.count;
        *out = alternation;
        WEIR_TRY(weir_parser_grow(p));
    }
    weir_parser_leave(p, outer);
    return WEIR_OK;
}

/* ---- clauses ---- */

static weir_status parse_measures(weir_parser *p, weir_ast_match *match) {
    weir_vector measures = {0};
    do {
        weir_ast_measure measure = {0};
        WEIR_TRY(weir_parse_expr(p, &measure.expr));
        WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_AS));
        WEIR_TRY(weir_parse_ident(p, &measure.alias));
        weir_ast_measure *place = weir_parser_push(p, &measures, sizeof *place);
        if (!place)
            return weir_parser_memory(p);
        *place = measure;
    } while (weir_parser_accept(p, WEIR_TOKEN_COMMA));
    match->measures = measures.items;
    match->measure_count = measures.count;
    return WEIR_OK;
}

/* ONE ROW PER MATCH, ALL ROWS PER MATCH */
static weir_status parse_rows(weir_parser *p, weir_ast_match *match) {
    weir_position start = weir_parser_start(p);
    if (weir_parser_accept_words(p, WEIR_KW_ONE, WEIR_KW_ROW))
        match->rows = WEIR_AST_ONE_ROW_PER_MATCH;
    else if (weir_parser_accept_words(p, WEIR_KW_ALL, WEIR_KW_ROWS))
        match->rows = WEIR_AST_ALL_ROWS_PER_MATCH;
    else
        return WEIR_OK;
    WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_PER));
    WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_MATCH));
    if (match->rows == WEIR_AST_ALL_ROWS_PER_MATCH &&
        (weir_parser_sees_word(p, 0, WEIR_KW_WITH) || weir_parser_sees_word(p, 0, WEIR_KW_SHOW) ||
            weir_parser_sees_word(p, 0, WEIR_KW_OMIT)))
        return weir_parser_fail(p, WEIR_UNSUPPORTED, start, "ALL ROWS PER MATCH is not supported");
    return WEIR_OK;
}

/* AFTER MATCH SKIP ... */
static weir_status parse_skip(weir_parser *p, weir_ast_match *match) {
    if (!weir_parser_accept_word(p, WEIR_KW_AFTER))
        return WEIR_OK;
    WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_MATCH));
    WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_SKIP));
    if (weir_parser_accept_word(p, WEIR_KW_PAST)) {
        match->skip = WEIR_AST_SKIP_PAST_LAST_ROW;
        WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_LAST));
        return weir_parser_expect_word(p, WEIR_KW_ROW);
    }
    WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_TO));
    if (weir_parser_accept_words(p, WEIR_KW_NEXT, WEIR_KW_ROW)) {
        match->skip = WEIR_AST_SKIP_NEXT_ROW;
        return WEIR_OK;
    }
    match->skip = WEIR_AST_SKIP_TO_LAST;
    if (weir_parser_sees_name(p, 1)) {
        if (weir_parser_accept_word(p, WEIR_KW_FIRST))
            match->skip = WEIR_AST_SKIP_TO_FIRST;
        else
            (void)weir_parser_accept_word(p, WEIR_KW_LAST);
    }
    return weir_parse_ident(p, &match->skip_variable);
}

static weir_status parse_pattern(weir_parser *p, weir_ast_match *match) {
    WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_PATTERN));
    WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_LEFT_PAREN));
    match->anchored_start = weir_parser_accept(p, WEIR_TOKEN_CARET);
    WEIR_TRY(parse_alternation(p, &match->pattern));
    match->anchored_end = weir_parser_accept(p, WEIR_TOKEN_DOLLAR);
    WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_RIGHT_PAREN));
    if (weir_parser_accept_word(p, WEIR_KW_WITHIN))
        WEIR_TRY(weir_parse_literal(p, &match->within));
    return WEIR_OK;
}

/* SUBSET u = (A, B), ... */
static weir_status parse_subsets(weir_parser *p, weir_ast_match *match) {
    weir_vector subsets = {0};
    if (!weir_parser_accept_word(p, WEIR_KW_SUBSET))
        return WEIR_OK;
    do {
        weir_ast_subset subset = {0};
        WEIR_TRY(weir_parse_ident(p, &subset.name));
        WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_EQUAL));
        WEIR_TRY(weir_parse_ident_list(p, &subset.variables, &subset.variable_count));
        weir_ast_subset *place = weir_parser_push(p, &subsets, sizeof *place);
        if (!place)
            return weir_parser_memory(p);
        *place = subset;
    } while (weir_parser_accept(p, WEIR_TOKEN_COMMA));
    match->subsets = subsets.items;
    match->subset_count = subsets.count;
    return WEIR_OK;
}

static weir_status parse_definitions(weir_parser *p, weir_ast_match *match) {
    weir_vector definitions = {0};
    WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_DEFINE));
    do {
        weir_ast_definition definition = {0};
        WEIR_TRY(weir_parse_ident(p, &definition.variable));
        WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_AS));
        WEIR_TRY(weir_parse_expr(p, &definition.condition));
        weir_ast_definition *place = weir_parser_push(p, &definitions, sizeof *place);
        if (!place)
            return weir_parser_memory(p);
        *place = definition;
    } while (weir_parser_accept(p, WEIR_TOKEN_COMMA));
    match->definitions = definitions.items;
    match->definition_count = definitions.count;
    return WEIR_OK;
}

weir_status weir_parse_match(weir_parser *p, const weir_ast_match **out) {
    weir_position start = weir_parser_start(p);
    weir_ast_match *match = WEIR_ARENA_NEW(p->arena, weir_ast_match);
    if (!match)
        return weir_parser_memory(p);
    WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_LEFT_PAREN));
    if (weir_parser_accept_word(p, WEIR_KW_PARTITION)) {
        WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_BY));
        WEIR_TRY(weir_parse_expr_items(p, &match->partition_by));
    }
    if (weir_parser_accept_word(p, WEIR_KW_ORDER)) {
        WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_BY));
        WEIR_TRY(weir_parse_order_items(p, false, &match->order_by));
    }
    if (weir_parser_accept_word(p, WEIR_KW_MEASURES))
        WEIR_TRY(parse_measures(p, match));
    WEIR_TRY(parse_rows(p, match));
    WEIR_TRY(parse_skip(p, match));
    WEIR_TRY(parse_pattern(p, match));
    WEIR_TRY(parse_subsets(p, match));
    WEIR_TRY(parse_definitions(p, match));
    WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_RIGHT_PAREN));
    match->position = weir_parser_span(p, start);
    *out = match;
    return WEIR_OK;
}
