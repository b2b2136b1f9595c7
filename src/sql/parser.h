/* The parser: SQL text into the tree of sql/ast_statement.h, statement by statement.
 *
 * Errors are WEIR_PARSE in Flink's words ("Encountered "FROM" at line 1, column 34. Was expecting one of: ..."), WEIR_UNSUPPORTED
 * for syntax that Flink's grammar knows but nobody can run, or WEIR_MEMORY. The position's offset counts from the start of the
 * script, its line and column from the start of the statement. Trees live in `arena`; texts in them may point into `script`.
 * Threads: a cursor and an arena belong to one thread at a time; there is no other state.
 */
#ifndef WEIR_SQL_PARSER_H
#define WEIR_SQL_PARSER_H

#include "base/arena.h"
#include "base/status.h"
#include "sql/ast_statement.h"
#include "sql/lexer.h"

/* Limits that keep every recursion over a tree small: parentheses, subqueries and types inside each other, and the height of a
 * tree, to which a long chain such as 1 + 1 + ... adds one for each operator (chains of AND and OR are balanced, so they may be
 * as long as memory allows). */
enum { WEIR_SQL_DEPTH_MAX = 1000 };

/* A place in a script between two statements. */
typedef struct weir_sql_cursor {
    weir_lexer lexer;
} weir_sql_cursor;

void weir_sql_cursor_init(weir_sql_cursor *cursor, weir_text script);
/* Parse the next statement; *out is NULL at the end of the script. After an error the cursor stands behind the next semicolon. */
weir_status weir_sql_next_statement(
    weir_sql_cursor *cursor, weir_arena *arena, const weir_ast_statement **out, weir_error *error) WEIR_MUST_USE;

/* The whole script; fails when any statement does. */
weir_status weir_sql_parse_script(weir_arena *arena, weir_text script, weir_ast_script **out, weir_error *error) WEIR_MUST_USE;

/* A text that is nothing but an expression, a query or a type (with NOT NULL, INTERVAL, ...). */
weir_status weir_sql_parse_expression(weir_arena *arena, weir_text text, weir_ast_expr **out, weir_error *error) WEIR_MUST_USE;
weir_status weir_sql_parse_query(weir_arena *arena, weir_text text, const weir_ast_query **out, weir_error *error) WEIR_MUST_USE;
weir_status weir_sql_parse_type(weir_arena *arena, weir_text text, const weir_ast_type **out, weir_error *error) WEIR_MUST_USE;

/* True when `text` ends behind a semicolon that ends a statement (a statement set needs its END;), or holds nothing at all; an
 * interactive client reads on until it does. */
bool weir_sql_complete(weir_text text);

#endif
