/* Calls: plain ones with everything that may stand in and behind their parentheses, and the functions that have a syntax of their
 * own (EXTRACT(unit FROM x), TRIM(BOTH c FROM s), ...), which become calls in the order of plain arguments. */
#include "sql/parser_int.h"

weir_ast_call *weir_parser_new_call(weir_parser *p, const char *name, weir_ast_call_syntax syntax) {
    weir_ast_call *call = WEIR_ARENA_NEW(p->arena, weir_ast_call);
    weir_ast_ident *part = WEIR_ARENA_NEW(p->arena, weir_ast_ident);
    if (!call || !part)
        return NULL;
    part->text = weir_text_of(name);
    part->position = weir_parser_start(p);
    call->name = (weir_ast_name){.parts = part, .count = 1, .position = part->position};
    call->syntax = syntax;
    return call;
}

weir_status weir_parser_call_node(weir_parser *p, weir_ast_call *call, weir_position start, weir_ast_expr **out) {
    weir_ast_expr *node = weir_parser_node(p, WEIR_AST_EXPR_CALL, weir_parser_span(p, start));
    if (!node)
        return weir_parser_memory(p);
    node->as.call = call;
    *out = node;
    return weir_parser_grow(p);
}

/* ---- arguments ---- */

/* a, (a, b): behind PARTITION BY of a table argument, where a comma ends the argument. */
static weir_status parse_partition_keys(weir_parser *p, weir_ast_expr_list *out) {
    weir_vector items = {0};
    weir_ast_expr *key;
    WEIR_TRY(weir_parse_expr(p, &key));
    if (key->kind == WEIR_AST_EXPR_ROW && !key->as.row.explicit_row) {
        *out = key->as.row.items;
        return WEIR_OK;
    }
    WEIR_TRY(weir_parser_push_expr(p, &items, key));
    *out = weir_parser_expr_list(&items);
    return WEIR_OK;
}

static weir_status parse_order_keys(weir_parser *p, weir_ast_order_list *out) {
    bool paren = weir_parser_sees(p, 0, WEIR_TOKEN_LEFT_PAREN);
    if (!paren)
        return weir_parse_order_items(p, true, out);
    weir_parser_take(p);
    WEIR_TRY(weir_parse_order_items(p, false, out));
    return weir_parser_expect(p, WEIR_TOKEN_RIGHT_PAREN);
}

static weir_status parse_table_argument_tail(weir_parser *p, weir_ast_expr *node, weir_position start) {
    if (weir_parser_accept_word(p, WEIR_KW_PARTITION)) {
        WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_BY));
        WEIR_TRY(parse_partition_keys(p, &node->as.table_argument.partition_by));
    }
    if (weir_parser_accept_word(p, WEIR_KW_ORDER)) {
        WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_BY));
        WEIR_TRY(parse_order_keys(p, &node->as.table_argument.order_by));
    }
    node->position = weir_parser_span(p, start);
    return weir_parser_grow(p);
}

/* TABLE t [PARTITION BY ...] [ORDER BY ...]; also a query, bare or in parentheses. */
static weir_status parse_table_argument(weir_parser *p, weir_ast_expr **out) {
    weir_position start = weir_parser_start(p);
    weir_ast_expr *node = weir_parser_node(p, WEIR_AST_EXPR_TABLE_ARGUMENT, start);
    weir_ast_table_ref *table = WEIR_ARENA_NEW(p->arena, weir_ast_table_ref);
    if (!node || !table)
        return weir_parser_memory(p);
    node->as.table_argument.table = table;
    bool word = weir_parser_accept_word(p, WEIR_KW_TABLE);
    table->position = weir_parser_start(p);
    if (word && !weir_parser_sees(p, 0, WEIR_TOKEN_LEFT_PAREN)) {
        table->kind = WEIR_AST_TABLE_NAMED;
        WEIR_TRY(weir_parse_name(p, &table->as.named.name));
        WEIR_TRY(weir_parse_hints(p, &table->hints));
    } else {
        table->kind = WEIR_AST_TABLE_SUBQUERY;
        bool paren = weir_parser_accept(p, WEIR_TOKEN_LEFT_PAREN);
        WEIR_TRY(weir_parse_query(p, &table->as.subquery));
        if (paren)
            WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_RIGHT_PAREN));
    }
    table->position = weir_parser_span(p, table->position);
    *out = node;
    return parse_table_argument_tail(p, node, start);
}

/* A subquery argument with PARTITION BY or ORDER BY behind it is a table. */
static weir_status parse_subquery_argument(weir_parser *p, weir_ast_expr *subquery, weir_ast_expr **out) {
    weir_ast_expr *node = weir_parser_node(p, WEIR_AST_EXPR_TABLE_ARGUMENT, subquery->position);
    weir_ast_table_ref *table = WEIR_ARENA_NEW(p->arena, weir_ast_table_ref);
    if (!node || !table)
        return weir_parser_memory(p);
    table->kind = WEIR_AST_TABLE_SUBQUERY;
    table->position = subquery->position;
    table->as.subquery = subquery->as.subquery;
    node->as.table_argument.table = table;
    *out = node;
    return parse_table_argument_tail(p, node, subquery->position);
}

static weir_status parse_argument_value(weir_parser *p, weir_ast_expr **out) {
    if (weir_parser_sees_word(p, 0, WEIR_KW_TABLE) || weir_parser_sees_query(p, 0))
        return parse_table_argument(p, out);
    if (weir_parser_sees_word(p, 0, WEIR_KW_MODEL) && weir_parser_sees_name(p, 1)) {
        weir_position start = weir_parser_take(p)->position;
        *out = weir_parser_node(p, WEIR_AST_EXPR_MODEL, start);
        if (!*out)
            return weir_parser_memory(p);
        WEIR_TRY(weir_parse_name(p, &(*out)->as.name));
        (*out)->position = weir_parser_span(p, start);
        return WEIR_OK;
    }
    if (weir_parser_sees_name(p, 0) && weir_parser_sees(p, 1, WEIR_TOKEN_LAMBDA))
        return weir_parser_fail(p, WEIR_UNSUPPORTED, weir_parser_start(p), "Lambda expressions (x -> ...) are not supported");
    WEIR_TRY(weir_parse_expr(p, out));
    bool more = (*out)->kind == WEIR_AST_EXPR_SUBQUERY &&
        (weir_parser_sees_word(p, 0, WEIR_KW_PARTITION) || weir_parser_sees_word(p, 0, WEIR_KW_ORDER));
    return more ? parse_subquery_argument(p, *out, out) : WEIR_OK;
}

static weir_status parse_argument(weir_parser *p, weir_ast_expr **out) {
    bool named = weir_parser_sees_name(p, 0) && weir_parser_sees(p, 1, WEIR_TOKEN_NAMED);
    if (!named)
        return parse_argument_value(p, out);
    weir_position start = weir_parser_start(p);
    weir_ast_expr *node = weir_parser_node(p, WEIR_AST_EXPR_NAMED_ARGUMENT, start);
    if (!node)
        return weir_parser_memory(p);
    WEIR_TRY(weir_parse_ident(p, &node->as.named.name));
    WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_NAMED));
    WEIR_TRY(parse_argument_value(p, &node->as.named.value));
    node->position = weir_parser_span(p, start);
    *out = node;
    return WEIR_OK;
}

static void accept_null_treatment(weir_parser *p, weir_ast_call *call) {
    if (weir_parser_accept_words(p, WEIR_KW_IGNORE, WEIR_KW_NULLS))
        call->null_treatment = WEIR_AST_IGNORE_NULLS;
    else if (weir_parser_accept_words(p, WEIR_KW_RESPECT, WEIR_KW_NULLS))
        call->null_treatment = WEIR_AST_RESPECT_NULLS;
}

/* Everything between the parentheses of a plain call. */
static weir_status parse_arguments(weir_parser *p, weir_ast_call *call) {
    weir_vector items = {0};
    WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_LEFT_PAREN));
    if (weir_parser_accept(p, WEIR_TOKEN_RIGHT_PAREN))
        return WEIR_OK;
    if (weir_parser_accept(p, WEIR_TOKEN_STAR)) {
        call->star = true;
        return weir_parser_expect(p, WEIR_TOKEN_RIGHT_PAREN);
    }
    call->distinct = weir_parser_accept_word(p, WEIR_KW_DISTINCT);
    call->all = !call->distinct && weir_parser_accept_word(p, WEIR_KW_ALL);
    do {
        weir_ast_expr *item;
        WEIR_TRY(parse_argument(p, &item));
        WEIR_TRY(weir_parser_push_expr(p, &items, item));
    } while (weir_parser_accept(p, WEIR_TOKEN_COMMA));
    call->args = weir_parser_expr_list(&items);
    accept_null_treatment(p, call);
    if (weir_parser_accept_words(p, WEIR_KW_ORDER, WEIR_KW_BY))
        WEIR_TRY(weir_parse_order_items(p, false, &call->argument_order));
    if (weir_parser_sees_word(p, 0, WEIR_KW_SEPARATOR))
        return weir_parser_fail(p, WEIR_UNSUPPORTED, weir_parser_start(p), "SEPARATOR is not supported; give it as an argument");
    return weir_parser_expect(p, WEIR_TOKEN_RIGHT_PAREN);
}

/* [IGNORE NULLS] [WITHIN GROUP (...)] [FILTER (WHERE ...)] [OVER ...] */
weir_status weir_parse_call_tail(weir_parser *p, weir_ast_call *call) {
    accept_null_treatment(p, call);
    if (weir_parser_accept_word(p, WEIR_KW_WITHIN)) {
        if (weir_parser_sees_word(p, 0, WEIR_KW_DISTINCT))
            return weir_parser_fail(p, WEIR_UNSUPPORTED, weir_parser_start(p), "WITHIN DISTINCT is not supported");
        WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_GROUP));
        WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_LEFT_PAREN));
        WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_ORDER));
        WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_BY));
        WEIR_TRY(weir_parse_order_items(p, false, &call->within_group));
        WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_RIGHT_PAREN));
    }
    if (weir_parser_accept_word(p, WEIR_KW_FILTER)) {
        WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_LEFT_PAREN));
        WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_WHERE));
        WEIR_TRY(weir_parse_expr(p, &call->filter));
        WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_RIGHT_PAREN));
    }
    if (weir_parser_accept_word(p, WEIR_KW_OVER))
        return weir_parse_over(p, &call->over);
    return WEIR_OK;
}

/* The name of a function: with one word it may be a reserved one. */
static weir_status parse_function_name(weir_parser *p, weir_ast_name *out) {
    const weir_token *token = weir_parser_peek(p, 0);
    if (weir_parser_sees_name(p, 0))
        return weir_parse_name(p, out);
    bool word = token->kind == WEIR_TOKEN_WORD && (weir_keyword_function(token->keyword) || token->keyword == WEIR_KW_ARRAY);
    if (!word) {
        (void)weir_parser_at_name(p);
        return weir_parser_unexpected(p);
    }
    weir_ast_ident *part = WEIR_ARENA_NEW(p->arena, weir_ast_ident);
    if (!part)
        return weir_parser_memory(p);
    weir_parser_take(p);
    *part = (weir_ast_ident){.text = token->text, .position = token->position};
    *out = (weir_ast_name){.parts = part, .count = 1, .position = token->position};
    return WEIR_OK;
}

weir_status weir_parse_call(weir_parser *p, weir_ast_expr **out) {
    weir_position start = weir_parser_start(p);
    weir_ast_call *call = WEIR_ARENA_NEW(p->arena, weir_ast_call);
    if (!call)
        return weir_parser_memory(p);
    WEIR_TRY(parse_function_name(p, &call->name));
    WEIR_TRY(parse_arguments(p, call));
    WEIR_TRY(weir_parse_call_tail(p, call));
    return weir_parser_call_node(p, call, start, out);
}

/* ---- functions with a syntax of their own ---- */

/* Add an expression that may be preceded by nothing but must be there. */
static weir_status push_next(weir_parser *p, weir_vector *items) {
    weir_ast_expr *item;
    WEIR_TRY(weir_parse_expr(p, &item));
    return weir_parser_push_expr(p, items, item);
}

static weir_status push_unit(weir_parser *p, weir_vector *items) {
    weir_ast_expr *unit;
    WEIR_TRY(weir_parse_unit(p, &unit));
    return weir_parser_push_expr(p, items, unit);
}

/* EXTRACT(unit FROM x) */
static weir_status parse_extract(weir_parser *p, weir_ast_call *call, weir_vector *items) {
    call->syntax = WEIR_AST_CALL_EXTRACT;
    WEIR_TRY(push_unit(p, items));
    WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_FROM));
    return push_next(p, items);
}

/* FLOOR(x), FLOOR(x TO unit) */
static weir_status parse_floor(weir_parser *p, weir_ast_call *call, weir_vector *items) {
    WEIR_TRY(push_next(p, items));
    if (weir_parser_accept_word(p, WEIR_KW_TO)) {
        call->syntax = WEIR_AST_CALL_TO_UNIT;
        return push_unit(p, items);
    }
    while (weir_parser_accept(p, WEIR_TOKEN_COMMA))
        WEIR_TRY(push_next(p, items));
    return WEIR_OK;
}

/* SUBSTRING(x FROM a [FOR b]), SUBSTRING(x, a [, b]) */
static weir_status parse_substring(weir_parser *p, weir_ast_call *call, weir_vector *items) {
    WEIR_TRY(push_next(p, items));
    bool from = weir_parser_accept_word(p, WEIR_KW_FROM);
    if (!from)
        WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_COMMA));
    call->syntax = from ? WEIR_AST_CALL_SUBSTRING : WEIR_AST_CALL_PLAIN;
    WEIR_TRY(push_next(p, items));
    if (weir_parser_accept_word(p, WEIR_KW_FOR) || weir_parser_accept(p, WEIR_TOKEN_COMMA))
        return push_next(p, items);
    return WEIR_OK;
}

/* TRIM(s), TRIM(c FROM s), TRIM(BOTH [c] FROM s) */
static weir_status parse_trim(weir_parser *p, weir_ast_call *call, weir_vector *items) {
    weir_position start = weir_parser_start(p);
    const char *flag = weir_parser_accept_word(p, WEIR_KW_BOTH) ? "BOTH"
        : weir_parser_accept_word(p, WEIR_KW_LEADING)           ? "LEADING"
        : weir_parser_accept_word(p, WEIR_KW_TRAILING)          ? "TRAILING"
                                                                : NULL;
    weir_ast_expr *characters = NULL, *text = NULL;
    if (!weir_parser_at_word(p, WEIR_KW_FROM))
        WEIR_TRY(weir_parse_expr(p, &characters));
    bool from = weir_parser_at_word(p, WEIR_KW_FROM);
    if (from && !flag && !characters)
        return weir_parser_fail(p, WEIR_PARSE, start, "'FROM' without operands preceding it is illegal");
    if (!from && !flag)
        return weir_parser_push_expr(p, items, characters); /* TRIM(s): a plain call */
    if (from) {
        weir_parser_take(p);
        WEIR_TRY(weir_parse_expr(p, &text));
    } else { /* TRIM(LEADING s) */
        text = characters;
        characters = NULL;
    }
    call->syntax = WEIR_AST_CALL_TRIM;
    weir_ast_expr *keyword = weir_parser_keyword_node(p, flag ? flag : "BOTH", start);
    if (!characters)
        characters = weir_parser_literal_node(p, WEIR_AST_LITERAL_STRING, WEIR_TEXT(" "), start);
    if (!keyword || !characters)
        return weir_parser_memory(p);
    WEIR_TRY(weir_parser_push_expr(p, items, keyword));
    WEIR_TRY(weir_parser_push_expr(p, items, characters));
    return weir_parser_push_expr(p, items, text);
}

/* POSITION(a IN b [FROM n]) */
static weir_status parse_position(weir_parser *p, weir_ast_call *call, weir_vector *items) {
    weir_ast_expr *needle;
    call->syntax = WEIR_AST_CALL_POSITION;
    WEIR_TRY(weir_parse_operand(p, &needle));
    WEIR_TRY(weir_parser_push_expr(p, items, needle));
    WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_IN));
    WEIR_TRY(push_next(p, items));
    return weir_parser_accept_word(p, WEIR_KW_FROM) ? push_next(p, items) : WEIR_OK;
}

/* OVERLAY(s PLACING r FROM a [FOR n]) */
static weir_status parse_overlay(weir_parser *p, weir_ast_call *call, weir_vector *items) {
    call->syntax = WEIR_AST_CALL_OVERLAY;
    WEIR_TRY(push_next(p, items));
    WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_PLACING));
    WEIR_TRY(push_next(p, items));
    WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_FROM));
    WEIR_TRY(push_next(p, items));
    return weir_parser_accept_word(p, WEIR_KW_FOR) ? push_next(p, items) : WEIR_OK;
}

/* TIMESTAMPADD(unit, n, t), TIMESTAMPDIFF(unit, a, b) */
static weir_status parse_timestamp_function(weir_parser *p, weir_ast_call *call, weir_vector *items) {
    call->syntax = WEIR_AST_CALL_TIMESTAMP;
    WEIR_TRY(push_unit(p, items));
    WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_COMMA));
    WEIR_TRY(push_next(p, items));
    WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_COMMA));
    return push_next(p, items);
}

/* CONVERT and TRANSLATE: plain calls, unless USING makes them conversions between character sets. */
static weir_status parse_translate(weir_parser *p, weir_ast_call *call, weir_vector *items) {
    (void)call;
    WEIR_TRY(push_next(p, items));
    if (weir_parser_sees_word(p, 0, WEIR_KW_USING))
        return weir_parser_fail(p, WEIR_UNSUPPORTED, weir_parser_start(p), "Conversion between character sets (USING) is not supported");
    while (weir_parser_accept(p, WEIR_TOKEN_COMMA))
        WEIR_TRY(push_next(p, items));
    return WEIR_OK;
}

static const struct {
    weir_keyword word;
    const char *name;
    weir_status (*parse)(weir_parser *p, weir_ast_call *call, weir_vector *items);
} special_functions[] = {
    {WEIR_KW_EXTRACT, "EXTRACT", parse_extract},
    {WEIR_KW_FLOOR, "FLOOR", parse_floor},
    {WEIR_KW_CEIL, "CEIL", parse_floor},
    {WEIR_KW_CEILING, "CEIL", parse_floor},
    {WEIR_KW_SUBSTRING, "SUBSTRING", parse_substring},
    {WEIR_KW_TRIM, "TRIM", parse_trim},
    {WEIR_KW_POSITION, "POSITION", parse_position},
    {WEIR_KW_OVERLAY, "OVERLAY", parse_overlay},
    {WEIR_KW_TIMESTAMPADD, "TIMESTAMPADD", parse_timestamp_function},
    {WEIR_KW_TIMESTAMPDIFF, "TIMESTAMPDIFF", parse_timestamp_function},
    {WEIR_KW_TRANSLATE, "TRANSLATE", parse_translate},
    {WEIR_KW_CONVERT, "CONVERT", parse_translate},
};

/* DESCRIPTOR(a, b.c) */
static weir_status parse_descriptor(weir_parser *p, weir_ast_expr **out) {
    weir_position start = weir_parser_take(p)->position;
    weir_ast_expr *node = weir_parser_node(p, WEIR_AST_EXPR_DESCRIPTOR, start);
    weir_vector names = {0};
    if (!node)
        return weir_parser_memory(p);
    WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_LEFT_PAREN));
    do {
        weir_ast_name *name = weir_parser_push(p, &names, sizeof *name);
        if (!name)
            return weir_parser_memory(p);
        WEIR_TRY(weir_parse_name(p, name));
    } while (weir_parser_accept(p, WEIR_TOKEN_COMMA));
    WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_RIGHT_PAREN));
    node->as.descriptor.names = names.items;
    node->as.descriptor.count = names.count;
    node->position = weir_parser_span(p, start);
    *out = node;
    return WEIR_OK;
}

weir_status weir_parse_special_function(weir_parser *p, weir_ast_expr **out) {
    const weir_token *token = weir_parser_peek(p, 0);
    weir_position start = token->position;
    *out = NULL;
    if (token->kind != WEIR_TOKEN_WORD || !weir_parser_sees(p, 1, WEIR_TOKEN_LEFT_PAREN))
        return WEIR_OK;
    if (token->keyword == WEIR_KW_DESCRIPTOR)
        return parse_descriptor(p, out);
    WEIR_TRY(weir_parse_json_function(p, out));
    if (*out)
        return WEIR_OK;
    for (size_t i = 0; i < sizeof special_functions / sizeof special_functions[0]; i++) {
        if (special_functions[i].word != token->keyword)
            continue;
        weir_vector items = {0};
        weir_ast_call *call = weir_parser_new_call(p, special_functions[i].name, WEIR_AST_CALL_PLAIN);
        if (!call)
            return weir_parser_memory(p);
        weir_parser_take(p);
        WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_LEFT_PAREN));
        WEIR_TRY(special_functions[i].parse(p, call, &items));
        WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_RIGHT_PAREN));
        call->args = weir_parser_expr_list(&items);
        WEIR_TRY(weir_parse_call_tail(p, call));
        return weir_parser_call_node(p, call, start, out);
    }
    return WEIR_OK;
}
