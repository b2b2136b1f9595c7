/* The lexer: SQL text into tokens, one at a time, without memory of its own.
 *
 * Tokens keep their text as written (quotes included); strings are unescaped by the parser. White space and comments
 * ("--", "//", block comments) are skipped; a hint comment gives the tokens HINT and HINT_END. Bytes that cannot begin a
 * token, and text that is not UTF-8, give an ERROR token whose message the lexer holds; it repeats from then on.
 */
#ifndef WEIR_SQL_LEXER_H
#define WEIR_SQL_LEXER_H

#include "base/status.h"
#include "base/text.h"
#include "sql/keyword.h"

typedef enum weir_token_kind {
    WEIR_TOKEN_END, /* end of the script */
    WEIR_TOKEN_ERROR,
    WEIR_TOKEN_WORD,         /* name or keyword: see `keyword` */
    WEIR_TOKEN_QUOTED_NAME,  /* `name` */
    WEIR_TOKEN_INTEGER,      /* 12 */
    WEIR_TOKEN_DECIMAL,      /* 1.2  .5  1. */
    WEIR_TOKEN_APPROXIMATE,  /* 1.2e-3 */
    WEIR_TOKEN_STRING,       /* 'it''s' */
    WEIR_TOKEN_CHARSET_STRING, /* _UTF8'..'  N'..' */
    WEIR_TOKEN_UNICODE_STRING, /* U&'..' */
    WEIR_TOKEN_C_STRING,     /* E'..' with backslash escapes */
    WEIR_TOKEN_BINARY_STRING, /* X'..' */
    WEIR_TOKEN_QUOTE,        /* ' with no end: an unclosed string */
    WEIR_TOKEN_DOUBLE_QUOTE, /* " : never allowed */
    WEIR_TOKEN_LEFT_PAREN, WEIR_TOKEN_RIGHT_PAREN, WEIR_TOKEN_LEFT_BRACE, WEIR_TOKEN_RIGHT_BRACE, WEIR_TOKEN_LEFT_BRACKET,
    WEIR_TOKEN_RIGHT_BRACKET, WEIR_TOKEN_SEMICOLON, WEIR_TOKEN_DOT, WEIR_TOKEN_DOUBLE_DOT, WEIR_TOKEN_COMMA, WEIR_TOKEN_EQUAL,
    WEIR_TOKEN_GREATER, WEIR_TOKEN_LESS, WEIR_TOKEN_QUESTION, WEIR_TOKEN_COLON, WEIR_TOKEN_LESS_EQUAL, WEIR_TOKEN_GREATER_EQUAL,
    WEIR_TOKEN_NOT_EQUAL, WEIR_TOKEN_BANG_EQUAL, WEIR_TOKEN_PLUS, WEIR_TOKEN_MINUS, WEIR_TOKEN_LAMBDA, WEIR_TOKEN_STAR,
    WEIR_TOKEN_SLASH, WEIR_TOKEN_PERCENT, WEIR_TOKEN_CONCAT, WEIR_TOKEN_NAMED, WEIR_TOKEN_BAR, WEIR_TOKEN_CARET, WEIR_TOKEN_DOLLAR,
    WEIR_TOKEN_HINT,     /* the opening of a hint */
    WEIR_TOKEN_HINT_END, /* its closing */
    WEIR_TOKEN_KIND_COUNT,
} weir_token_kind;

typedef struct weir_token {
    weir_token_kind kind;
    weir_keyword keyword; /* of a WORD */
    weir_position position;
    weir_text text;
} weir_token;

enum { WEIR_LEXER_MESSAGE_BYTES = 256 };

typedef struct weir_lexer {
    weir_text script;
    size_t offset;
    uint32_t line, column; /* of `offset` */
    bool failed;
    weir_position failed_position;
    char message[WEIR_LEXER_MESSAGE_BYTES]; /* set when `failed` */
} weir_lexer;

/* `script` is borrowed; at most 4 GiB of it are read. */
void weir_lexer_init(weir_lexer *lexer, weir_text script);
/* Skip white space, comments and (when asked) semicolons, then count lines and columns from 1 again: a statement begins. */
void weir_lexer_start(weir_lexer *lexer, bool skip_semicolons);
void weir_lexer_next(weir_lexer *lexer, weir_token *token);

/* How messages call the kind: "<IDENTIFIER>", "\",\"", "<EOF>", ... */
const char *weir_token_kind_name(weir_token_kind kind);

/* Line and column of a byte in a whole script, counted from 1; for showing a place in the file. */
weir_position weir_sql_locate(weir_text script, size_t offset_bytes);

#endif
