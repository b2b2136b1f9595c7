/* ORDER BY lists and windows: OVER (PARTITION BY ... ORDER BY ... ROWS ...). */
#include "sql/parser_int.h"

weir_status weir_parse_order_items(weir_parser *p, bool only_one, weir_ast_order_list *out) {
    weir_vector items = {0};
    do {
        weir_ast_order_item *item = weir_parser_push(p, &items, sizeof *item);
        weir_position start = weir_parser_start(p);
        if (!item)
            return weir_parser_memory(p);
        weir_ast_order_item read = {0};
        WEIR_TRY(weir_parse_expr(p, &read.expr));
        if (!weir_parser_accept_word(p, WEIR_KW_ASC))
            read.descending = weir_parser_accept_word(p, WEIR_KW_DESC);
        if (weir_parser_accept_words(p, WEIR_KW_NULLS, WEIR_KW_FIRST))
            read.null_order = WEIR_AST_NULLS_FIRST;
        else if (weir_parser_accept_words(p, WEIR_KW_NULLS, WEIR_KW_LAST))
            read.null_order = WEIR_AST_NULLS_LAST;
        read.position = weir_parser_span(p, start);
        *item = read;
    } while (!only_one && weir_parser_accept(p, WEIR_TOKEN_COMMA));
    *out = (weir_ast_order_list){.items = items.items, .count = items.count};
    return WEIR_OK;
}

/* UNBOUNDED PRECEDING, CURRENT ROW, expr FOLLOWING, ... */
static weir_status parse_bound(weir_parser *p, weir_ast_bound *out) {
    weir_position start = weir_parser_start(p);
    *out = (weir_ast_bound){.position = start};
    if (weir_parser_accept_words(p, WEIR_KW_CURRENT, WEIR_KW_ROW)) {
        out->kind = WEIR_AST_BOUND_CURRENT_ROW;
    } else if (weir_parser_accept_words(p, WEIR_KW_UNBOUNDED, WEIR_KW_PRECEDING)) {
        out->kind = WEIR_AST_BOUND_UNBOUNDED_PRECEDING;
    } else if (weir_parser_accept_words(p, WEIR_KW_UNBOUNDED, WEIR_KW_FOLLOWING)) {
        out->kind = WEIR_AST_BOUND_UNBOUNDED_FOLLOWING;
    } else {
        WEIR_TRY(weir_parse_expr(p, &out->expr));
        out->kind = WEIR_AST_BOUND_PRECEDING;
        if (!weir_parser_accept_word(p, WEIR_KW_PRECEDING)) {
            WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_FOLLOWING));
            out->kind = WEIR_AST_BOUND_FOLLOWING;
        }
    }
    out->position = weir_parser_span(p, start);
    return WEIR_OK;
}

static weir_status parse_frame(weir_parser *p, weir_ast_window *window) {
    if (weir_parser_sees_word(p, 0, WEIR_KW_GROUPS))
        return weir_parser_fail(p, WEIR_UNSUPPORTED, weir_parser_start(p), "GROUPS frames are not supported; write ROWS or RANGE");
    window->frame_position = weir_parser_start(p);
    if (weir_parser_accept_word(p, WEIR_KW_ROWS))
        window->frame = WEIR_AST_FRAME_ROWS;
    else if (weir_parser_accept_word(p, WEIR_KW_RANGE))
        window->frame = WEIR_AST_FRAME_RANGE;
    else
        return WEIR_OK;
    bool between = weir_parser_accept_word(p, WEIR_KW_BETWEEN);
    WEIR_TRY(parse_bound(p, &window->lower));
    if (between) {
        WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_AND));
        WEIR_TRY(parse_bound(p, &window->upper));
    } else {
        window->upper = (weir_ast_bound){.kind = WEIR_AST_BOUND_CURRENT_ROW, .position = window->lower.position};
    }
    if (weir_parser_sees_word(p, 0, WEIR_KW_EXCLUDE)) {
        weir_parser_take(p);
        if (weir_parser_accept_words(p, WEIR_KW_NO, WEIR_KW_OTHERS))
            return WEIR_OK;
        return weir_parser_fail(p, WEIR_UNSUPPORTED, weir_parser_start(p), "EXCLUDE is not supported in a window frame");
    }
    return WEIR_OK;
}

weir_status weir_parse_window_spec(weir_parser *p, const weir_ast_window **out) {
    weir_position start = weir_parser_start(p);
    weir_ast_window *window = WEIR_ARENA_NEW(p->arena, weir_ast_window);
    if (!window)
        return weir_parser_memory(p);
    WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_LEFT_PAREN));
    if (weir_parser_sees_name(p, 0))
        WEIR_TRY(weir_parse_ident(p, &window->base));
    if (weir_parser_accept_word(p, WEIR_KW_PARTITION)) {
        WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_BY));
        WEIR_TRY(weir_parse_expr_items(p, &window->partition_by));
    }
    if (weir_parser_accept_word(p, WEIR_KW_ORDER)) {
        WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_BY));
        WEIR_TRY(weir_parse_order_items(p, false, &window->order_by));
    }
    WEIR_TRY(parse_frame(p, window));
    if (weir_parser_sees_word(p, 0, WEIR_KW_ALLOW) || weir_parser_sees_word(p, 0, WEIR_KW_DISALLOW))
        return weir_parser_fail(p, WEIR_UNSUPPORTED, weir_parser_start(p), "ALLOW PARTIAL and DISALLOW PARTIAL are not supported");
    WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_RIGHT_PAREN));
    window->position = weir_parser_span(p, start);
    *out = window;
    return WEIR_OK;
}

weir_status weir_parse_over(weir_parser *p, const weir_ast_window **out) {
    if (!weir_parser_at_name(p))
        return weir_parse_window_spec(p, out);
    weir_ast_window *window = WEIR_ARENA_NEW(p->arena, weir_ast_window);
    if (!window)
        return weir_parser_memory(p);
    WEIR_TRY(weir_parse_ident(p, &window->base));
    window->reference = true;
    window->position = window->base.position;
    *out = window;
    return WEIR_OK;
}
