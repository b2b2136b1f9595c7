/* Fuzzing the lexer, the parser, the dump and the way back to SQL. Build with clang -fsanitize=fuzzer,address,undefined.
 *
 * The first byte chooses what is tried, so that one corpus serves all: a script, an expression, a type. Whatever parses must be
 * written as SQL that parses again and is then written as the same.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sql/dump.h"
#include "sql/parser.h"
#include "sql/unparse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MEMORY_LIMIT_BYTES = 64 << 20, TEXT_LIMIT_BYTES = 16 << 20 };

static void try_tokens(weir_memory *memory, weir_text text) {
    weir_builder builder;
    weir_builder_init(&builder, memory, TEXT_LIMIT_BYTES);
    weir_sql_dump_tokens(&builder, text);
    weir_builder_deinit(&builder);
}

static void try_script(weir_arena *arena, weir_memory *memory, weir_text text) {
    weir_sql_cursor cursor;
    weir_error error;
    weir_error_clear(&error);
    weir_sql_cursor_init(&cursor, text);
    for (;;) {
        const weir_ast_statement *statement = NULL;
        size_t before = cursor.lexer.offset;
        weir_status status = weir_sql_next_statement(&cursor, arena, &statement, &error);
        if (status == WEIR_MEMORY || (status == WEIR_OK && !statement))
            return;
        if (status != WEIR_OK) {
            assert(error.message[0] && cursor.lexer.offset > before);
            continue;
        }
        weir_builder builder;
        weir_builder_init(&builder, memory, TEXT_LIMIT_BYTES);
        weir_sql_dump_statement(&builder, statement);
        weir_builder_deinit(&builder);
    }
}

static void try_expression(weir_arena *arena, weir_memory *memory, weir_text text) {
    weir_ast_expr *expr = NULL, *again = NULL;
    weir_builder first, second;
    if (weir_sql_parse_expression(arena, text, &expr, NULL) != WEIR_OK)
        return;
    weir_builder_init(&first, memory, TEXT_LIMIT_BYTES);
    weir_builder_init(&second, memory, TEXT_LIMIT_BYTES);
    weir_sql_unparse_expression(&first, expr);
    if (!first.failed && weir_sql_parse_expression(arena, weir_builder_view(&first), &again, NULL) == WEIR_OK) {
        weir_sql_unparse_expression(&second, again);
        assert(second.failed || (first.size == second.size && memcmp(first.data, second.data, first.size) == 0));
    } else {
        assert(first.failed || arena->failed);
    }
    weir_builder_deinit(&first);
    weir_builder_deinit(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    weir_memory memory;
    weir_arena arena;
    if (size == 0)
        return 0;
    weir_text text = {(const char *)data + 1, size - 1};
    weir_memory_init(&memory, NULL, "fuzz", MEMORY_LIMIT_BYTES);
    weir_arena_init(&arena, &memory);
    if (data[0] % 4 == 0) {
        try_tokens(&memory, text);
        (void)weir_sql_complete(text);
    } else if (data[0] % 4 == 1) {
        try_expression(&arena, &memory, text);
    } else if (data[0] % 4 == 2) {
        const weir_ast_type *type = NULL;
        (void)!weir_sql_parse_type(&arena, text, &type, NULL);
    } else {
        try_script(&arena, &memory, text);
    }
    weir_arena_deinit(&arena);
    weir_memory_deinit(&memory);
    return 0;
}
