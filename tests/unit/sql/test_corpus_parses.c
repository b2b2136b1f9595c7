/* Every script of the acceptance corpus parses, except those whose answer is "kind: parse": they must not, and the words which
 * the answer asks for must be in the message. Scripts whose answer is another error may fail to parse only with that kind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "sql/dump.h"
#include "sql/parser.h"
#include "sql/unparse.h"

static const char corpus[] = "tests/corpus";
static int scripts, complaints;

/* A query written as SQL must parse and be written as the same SQL again. */
static void check_round_trip(const char *path, const weir_ast_query *query) {
    weir_memory memory;
    weir_arena arena;
    weir_builder first, second;
    weir_error error;
    const weir_ast_query *again = NULL;
    weir_memory_init(&memory, NULL, "test", SIZE_MAX);
    weir_arena_init(&arena, &memory);
    weir_builder_init(&first, &memory, 1 << 20);
    weir_builder_init(&second, &memory, 1 << 20);
    weir_error_clear(&error);
    weir_sql_unparse_query(&first, query);
    if (weir_sql_parse_query(&arena, weir_builder_view(&first), &again, &error) != WEIR_OK) {
        printf("%s: what was written does not parse: %s\n%s\n", path, error.message, first.data);
        complaints++;
    } else {
        weir_sql_unparse_query(&second, again);
        if (first.failed || second.failed || strcmp(first.data, second.data) != 0) {
            printf("%s: written differently the second time:\n%s\n---\n%s\n", path, first.data, second.data);
            complaints++;
        }
    }
    weir_builder_deinit(&first);
    weir_builder_deinit(&second);
    weir_arena_deinit(&arena);
    weir_memory_deinit(&memory);
}

static void check_tree(const char *path, const weir_ast_script *tree, weir_memory *memory) {
    weir_builder builder;
    weir_builder_init(&builder, memory, 1 << 22);
    for (size_t i = 0; i < tree->statement_count; i++) {
        const weir_ast_statement *statement = tree->statements[i];
        weir_sql_dump_statement(&builder, statement);
        if (statement->kind == WEIR_AST_STATEMENT_QUERY)
            check_round_trip(path, statement->as.query);
        else if (statement->kind == WEIR_AST_STATEMENT_INSERT)
            check_round_trip(path, statement->as.insert.query);
        else if (statement->kind == WEIR_AST_STATEMENT_CREATE_VIEW)
            check_round_trip(path, statement->as.create_view->query);
    }
    if (builder.failed || builder.size == 0) {
        printf("%s: cannot be dumped\n", path);
        complaints++;
    }
    weir_builder_deinit(&builder);
}

/* Scripts cut off, and with a byte changed: any answer is right that comes back. (A sanitizer build makes this worth more.) */
static void check_damaged(const char *script, size_t size) {
    char *copy = malloc(size);
    for (size_t at = size % 13; at < size; at += 13) {
        weir_memory memory;
        weir_arena arena;
        weir_ast_script *tree = NULL;
        weir_memory_init(&memory, NULL, "test", SIZE_MAX);
        weir_arena_init(&arena, &memory);
        memcpy(copy, script, size);
        weir_status status = weir_sql_parse_script(&arena, (weir_text){copy, at}, &tree, NULL);
        assert_true(status == WEIR_OK || status == WEIR_PARSE || status == WEIR_VALIDATE || status == WEIR_UNSUPPORTED);
        copy[at] = "'`\"(,;)*.\xff -1aX/"[at % 17];
        status = weir_sql_parse_script(&arena, (weir_text){copy, size}, &tree, NULL);
        assert_true(status == WEIR_OK || status == WEIR_PARSE || status == WEIR_VALIDATE || status == WEIR_UNSUPPORTED);
        weir_arena_deinit(&arena);
        weir_memory_deinit(&memory);
    }
    free(copy);
}

static char *read_file(const char *path, size_t *size) {
    FILE *file = fopen(path, "rb");
    if (!file)
        return NULL;
    char *data = malloc(1 << 20);
    *size = data ? fread(data, 1, (1 << 20) - 1, file) : 0;
    fclose(file);
    if (data)
        data[*size] = 0;
    return data;
}

/* Does the .err file (NULL: there is none) allow this status? */
static int allowed(const char *answer, weir_status status) {
    char line[64];
    if (!answer)
        return 0;
    snprintf(line, sizeof line, "kind: %s", weir_status_name(status));
    return strncmp(answer, line, strlen(line)) == 0;
}

static int words_present(const char *path, const char *answer, const char *message) {
    int good = 1;
    for (const char *at = answer; (at = strstr(at, "word: ")) != NULL; at += 6) {
        char word[256];
        size_t length = strcspn(at + 6, "\n");
        snprintf(word, sizeof word, "%.*s", (int)length, at + 6);
        if (!strcasestr(message, word)) {
            printf("%s: the message lacks \"%s\": %s\n", path, word, message);
            good = 0;
        }
    }
    return good;
}

static void check_script(const char *path) {
    char answer_path[1024];
    size_t size = 0, answer_size = 0;
    char *script = read_file(path, &size);
    assert_non_null(script);
    snprintf(answer_path, sizeof answer_path, "%.*s.err", (int)(strlen(path) - 4), path);
    char *answer = read_file(answer_path, &answer_size);
    weir_memory memory;
    weir_arena arena;
    weir_error error;
    weir_ast_script *tree = NULL;
    weir_memory_init(&memory, NULL, "test", SIZE_MAX);
    weir_arena_init(&arena, &memory);
    weir_error_clear(&error);
    weir_status status = weir_sql_parse_script(&arena, (weir_text){script, size}, &tree, &error);
    scripts++;
    if (status == WEIR_OK && answer && strncmp(answer, "kind: parse", 11) == 0) {
        printf("%s: parses, but must not\n", path);
        complaints++;
    } else if (status != WEIR_OK && !allowed(answer, status)) {
        printf("%s: %s: %s\n", path, weir_status_name(status), error.message);
        complaints++;
    } else if (status != WEIR_OK && !words_present(path, answer, error.message)) {
        complaints++;
    }
    if (status == WEIR_OK)
        check_tree(path, tree, &memory);
    check_damaged(script, size);
    if (status != WEIR_OK && getenv("SHOW"))
        printf("%s\n  %s\n  hint: %s\n", path, error.message, error.hint);
    weir_arena_deinit(&arena);
    weir_memory_deinit(&memory);
    free(script);
    free(answer);
}

static void check_folder(const char *folder) {
    DIR *directory = opendir(folder);
    struct dirent *entry;
    if (!directory)
        return;
    while ((entry = readdir(directory)) != NULL) {
        char path[1024];
        size_t length = strlen(entry->d_name);
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (length > 4 && strcmp(entry->d_name + length - 4, ".sql") == 0)
            check_script(path);
        else if (entry->d_type == DT_DIR)
            check_folder(path);
    }
    closedir(directory);
}

static void test_corpus(void **state) {
    (void)state;
    check_folder(corpus);
    if (scripts == 0) {
        printf("SKIPPED: %s is not here, run from the root of the project\n", corpus);
        skip();
    }
    printf("%d scripts, %d complaints\n", scripts, complaints);
    assert_int_equal(complaints, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_corpus)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
