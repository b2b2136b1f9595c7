/* What the parser's files share. The error record is in the parser, so it is not passed on; every function that returns a status
 * has filled it in when it fails. Parse functions stand on the first token of their thing and leave behind its last. */
#ifndef WEIR_SQL_PARSER_INT_H
#define WEIR_SQL_PARSER_INT_H

#include "sql/parser.h"

enum { WEIR_PARSER_EXPECTED_MAX = 96 };

typedef struct weir_parser {
    weir_arena *arena;
    weir_lexer *lexer;
    weir_error *error;
    weir_token *tokens; /* of this statement, as far as they were looked at */
    size_t token_count, token_capacity;
    size_t at;
    weir_token no_memory; /* what peek gives when tokens cannot be kept */
    /* What was asked for at the furthest token, for "Was expecting one of". */
    size_t expected_at;
    size_t expected_count;
    struct {
        weir_token_kind kind;
        weir_keyword keyword;
    } expected[WEIR_PARSER_EXPECTED_MAX];
    unsigned depth;  /* of the parse functions inside each other */
    unsigned height; /* of the tallest tree made since the enclosing weir_parser_enter */
} weir_parser;

void weir_parser_init(weir_parser *p, weir_arena *arena, weir_lexer *lexer, weir_error *error);

/* ---- tokens ---- */

const weir_token *weir_parser_peek(weir_parser *p, size_t ahead); /* never NULL */
const weir_token *weir_parser_take(weir_parser *p);
/* Is the current token this? If not, it is noted as expected. accept() also moves on; expect() fails otherwise. */
bool weir_parser_at(weir_parser *p, weir_token_kind kind);
bool weir_parser_at_word(weir_parser *p, weir_keyword keyword);
bool weir_parser_at_name(weir_parser *p); /* a word that is not reserved, or one in backticks */
bool weir_parser_accept(weir_parser *p, weir_token_kind kind);
bool weir_parser_accept_word(weir_parser *p, weir_keyword keyword);
bool weir_parser_accept_words(weir_parser *p, weir_keyword first, weir_keyword second); /* both or none */
weir_status weir_parser_expect(weir_parser *p, weir_token_kind kind) WEIR_MUST_USE;
weir_status weir_parser_expect_word(weir_parser *p, weir_keyword keyword) WEIR_MUST_USE;
/* Looking ahead without noting anything. */
bool weir_parser_sees(weir_parser *p, size_t ahead, weir_token_kind kind);
bool weir_parser_sees_word(weir_parser *p, size_t ahead, weir_keyword keyword);
bool weir_parser_sees_name(weir_parser *p, size_t ahead);
bool weir_parser_at_end(weir_parser *p); /* of the statement */

/* ---- positions ---- */

weir_position weir_parser_start(weir_parser *p);                             /* of the current token */
weir_position weir_parser_span(weir_parser *p, weir_position start);         /* from start to the end of the last token taken */
weir_position weir_parser_join(weir_position from, weir_position to);

/* ---- errors and limits ---- */

weir_status weir_parser_unexpected(weir_parser *p); /* the current token is wrong */
weir_status weir_parser_fail(weir_parser *p, weir_status status, weir_position position, const char *format, ...) WEIR_PRINTF(4, 5);
weir_status weir_parser_memory(weir_parser *p);
/* Around everything that may nest: enter notes the depth and sets the height to 0, leave brings the outer height back. */
weir_status weir_parser_enter(weir_parser *p, unsigned *outer_height) WEIR_MUST_USE;
void weir_parser_leave(weir_parser *p, unsigned outer_height);
weir_status weir_parser_grow(weir_parser *p) WEIR_MUST_USE; /* a node above what was made: one higher */

/* ---- arrays ---- */

typedef struct weir_vector {
    void *items;
    size_t count, capacity;
} weir_vector;
void *weir_parser_push(weir_parser *p, weir_vector *vector, size_t item_bytes); /* a zeroed place, or NULL without memory */
weir_status weir_parser_push_expr(weir_parser *p, weir_vector *vector, weir_ast_expr *expr) WEIR_MUST_USE;
weir_ast_expr_list weir_parser_expr_list(const weir_vector *vector);

/* ---- names, literals (parse_name.c, parse_literal.c) ---- */

weir_status weir_parse_ident(weir_parser *p, weir_ast_ident *out) WEIR_MUST_USE;
weir_status weir_parse_name(weir_parser *p, weir_ast_name *out) WEIR_MUST_USE;
weir_status weir_parse_ident_list(weir_parser *p, const weir_ast_ident **out, size_t *count) WEIR_MUST_USE; /* (a, b) */
weir_status weir_parse_optional_alias(weir_parser *p, weir_ast_ident *out) WEIR_MUST_USE; /* [AS] name */
weir_status weir_parse_options(weir_parser *p, weir_ast_options *out) WEIR_MUST_USE;      /* ('k' = 'v', ...) */
weir_status weir_parse_option_keys(weir_parser *p, weir_ast_options *out) WEIR_MUST_USE;  /* ('k', ...) */
/* A string of any kind, unescaped; pieces on following lines are joined. */
weir_status weir_parse_string(weir_parser *p, weir_text *out) WEIR_MUST_USE;
bool weir_parser_at_string(weir_parser *p);
weir_status weir_parse_comment(weir_parser *p, bool *has_comment, weir_text *comment) WEIR_MUST_USE; /* [COMMENT 'text'] */
/* True when the current token begins a literal: number, string, DATE '..', INTERVAL, TRUE, NULL, ... */
bool weir_parser_sees_literal(weir_parser *p);
weir_status weir_parse_literal(weir_parser *p, weir_ast_expr **out) WEIR_MUST_USE;
weir_status weir_parse_unsigned_number(weir_parser *p, weir_ast_expr **out) WEIR_MUST_USE;
weir_status weir_parse_interval_qualifier(weir_parser *p, bool single, weir_ast_interval_qualifier *out) WEIR_MUST_USE;
bool weir_parser_sees_interval_unit(weir_parser *p);
weir_status weir_parse_unit(weir_parser *p, weir_ast_expr **out) WEIR_MUST_USE; /* a UNIT node */
weir_status weir_parse_unsigned_int(weir_parser *p, int64_t *out) WEIR_MUST_USE;

/* ---- types ---- */

/* `nullability`: NULL and NOT NULL may follow; `interval`: INTERVAL is a type here. */
weir_status weir_parse_type(weir_parser *p, bool nullability, bool interval, const weir_ast_type **out) WEIR_MUST_USE;

/* ---- expressions ---- */

weir_status weir_parse_expr(weir_parser *p, weir_ast_expr **out) WEIR_MUST_USE;
weir_status weir_parse_operand(weir_parser *p, weir_ast_expr **out) WEIR_MUST_USE; /* no comparison, AND, OR, NOT, IS outside () */
weir_status weir_parse_primary(weir_parser *p, weir_ast_expr **out) WEIR_MUST_USE; /* without operators */
weir_status weir_parse_expr_items(weir_parser *p, weir_ast_expr_list *out) WEIR_MUST_USE; /* a, b, c */
weir_ast_expr *weir_parser_node(weir_parser *p, weir_ast_expr_kind kind, weir_position position); /* NULL without memory */
weir_ast_expr *weir_parser_keyword_node(weir_parser *p, const char *keyword, weir_position position);
weir_ast_expr *weir_parser_literal_node(weir_parser *p, weir_ast_literal_kind kind, weir_text text, weir_position position);
/* Functions (parse_function.c, parse_json.c). */
weir_status weir_parse_special_function(weir_parser *p, weir_ast_expr **out) WEIR_MUST_USE; /* *out NULL: it is none */
weir_status weir_parse_call(weir_parser *p, weir_ast_expr **out) WEIR_MUST_USE;             /* name(...) and what follows */
weir_status weir_parse_call_tail(weir_parser *p, weir_ast_call *call) WEIR_MUST_USE;        /* FILTER, OVER, ... */
weir_status weir_parse_json_function(weir_parser *p, weir_ast_expr **out) WEIR_MUST_USE;
weir_status weir_parser_call_node(weir_parser *p, weir_ast_call *call, weir_position start, weir_ast_expr **out) WEIR_MUST_USE;
weir_ast_call *weir_parser_new_call(weir_parser *p, const char *name, weir_ast_call_syntax syntax); /* NULL without memory */
/* Windows (parse_window.c). */
weir_status weir_parse_over(weir_parser *p, const weir_ast_window **out) WEIR_MUST_USE; /* behind OVER */
weir_status weir_parse_window_spec(weir_parser *p, const weir_ast_window **out) WEIR_MUST_USE; /* ( ... ) */
weir_status weir_parse_order_items(weir_parser *p, bool only_one, weir_ast_order_list *out) WEIR_MUST_USE; /* behind ORDER BY */

/* ---- queries ---- */

bool weir_parser_sees_query(weir_parser *p, size_t ahead); /* SELECT, WITH, VALUES, TABLE name */
bool weir_parser_sees_query_tail(weir_parser *p);          /* UNION, ..., ORDER, LIMIT: what may follow a parenthesised query */
weir_status weir_parse_query(weir_parser *p, const weir_ast_query **out) WEIR_MUST_USE;
/* Go on behind a query that was read in parentheses: set operations, ORDER BY, LIMIT. */
weir_status weir_parse_query_tail(weir_parser *p, const weir_ast_query *first, const weir_ast_query **out) WEIR_MUST_USE;
weir_status weir_parse_hints(weir_parser *p, weir_ast_hints *out) WEIR_MUST_USE; /* nothing when there are none */
weir_status weir_parse_from(weir_parser *p, const weir_ast_table_ref **out) WEIR_MUST_USE; /* behind FROM */
weir_status weir_parse_match(weir_parser *p, const weir_ast_match **out) WEIR_MUST_USE;    /* behind MATCH_RECOGNIZE */

/* ---- statements ---- */

weir_status weir_parse_statement(weir_parser *p, const weir_ast_statement **out) WEIR_MUST_USE;
weir_status weir_parse_insert(weir_parser *p, weir_ast_statement *out) WEIR_MUST_USE;
weir_status weir_parse_create(weir_parser *p, weir_ast_statement *out) WEIR_MUST_USE;
weir_status weir_parse_replace(weir_parser *p, weir_ast_statement *out) WEIR_MUST_USE; /* at REPLACE TABLE */
weir_status weir_parse_drop(weir_parser *p, weir_ast_statement *out) WEIR_MUST_USE;
weir_status weir_parse_alter(weir_parser *p, weir_ast_statement *out) WEIR_MUST_USE;
weir_status weir_parse_show(weir_parser *p, weir_ast_statement *out) WEIR_MUST_USE;
weir_status weir_parse_describe(weir_parser *p, weir_ast_statement *out) WEIR_MUST_USE;
bool weir_parser_accept_if_exists(weir_parser *p);
bool weir_parser_accept_if_not_exists(weir_parser *p);
weir_status weir_parse_partition(weir_parser *p, bool values_needed, weir_ast_partition *out) WEIR_MUST_USE; /* (k = v, ...) */

/* The parts of a table in CREATE and ALTER (parse_column.c). */
typedef struct weir_table_parts {
    weir_vector columns;     /* weir_ast_column */
    weir_vector constraints; /* weir_ast_constraint */
    const weir_ast_watermark *watermark;
    weir_ast_distribution distribution;
} weir_table_parts;
/* One column, constraint or watermark (and, for ALTER, DISTRIBUTION, FIRST and AFTER). */
weir_status weir_parse_table_part(weir_parser *p, bool alter, weir_table_parts *parts) WEIR_MUST_USE;
weir_status weir_parse_distribution(weir_parser *p, weir_ast_distribution *out) WEIR_MUST_USE; /* behind DISTRIBUTED */

#endif
