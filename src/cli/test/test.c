/* `weir test`: the tests of files, one after another; what failed is shown row by row. */
#include <string.h>

#include "cli/test/test_int.h"

enum { TEST_FILE_BYTES_MAX = 64 << 20, REPORT_BYTES_MAX = 256 << 20 };

const cli_option cli_test_options[] = {
    {"--filter", 'f', "TEXT", NULL, "only tests whose names contain TEXT", false},
    {"--update", 'u', NULL, NULL, "write what came into the file, in the place of what was expected", false},
    {"--json", 0, NULL, NULL, "one JSON object a test", false},
    {"--junit", 0, "FILE", NULL, "write a report in JUnit's XML to FILE", false},
    {"--quiet", 'q', NULL, NULL, "only what failed, and the count", false},
    {NULL, 0, NULL, NULL, NULL, false},
};

typedef struct tester {
    cli *self;
    const cli_arguments *arguments;
    cli_signals signals;
    weir_builder junit;
    uint64_t passed, failed;
    cli_script script; /* the file being tested, for messages */
} tester;

static weir_status run_one(tester *self, weir_arena *arena, const test_file *file, const test_case *test, weir_list *outcomes,
                           weir_error *error) {
    const char *filter = cli_argument(self->arguments, "--filter");
    if (filter != NULL && memmem(test->name.data, test->name.size, filter, strlen(filter)) == NULL)
        return WEIR_OK;
    test_outcome *outcome = WEIR_ARENA_NEW(arena, test_outcome);
    if (outcome == NULL || !weir_list_add(arena, outcomes, outcome))
        return weir_fail_memory(error, "a test", sizeof *outcome);
    WEIR_TRY(test_run(self->self, &self->signals, arena, file, test, outcome, error));
    self->passed += outcome->passed;
    self->failed += !outcome->passed;
    if (cli_flag(self->arguments, "--json"))
        test_report_json(self->self, file, outcome);
    else
        test_report_text(self->self, file, outcome, cli_flag(self->arguments, "--quiet"));
    cli_out_flush(&self->self->out);
    return WEIR_OK;
}

static weir_status run_file(tester *self, weir_arena *arena, const char *path, weir_error *error) {
    test_file file = {.path = path};
    weir_list outcomes = {0};
    cli_script *script = &self->script;
    weir_status status = weir_files_read_all(weir_files_real(), &self->self->memory, path, TEST_FILE_BYTES_MAX, &script->data,
                                             &script->size, &script->capacity, error);
    script->name = path;
    WEIR_TRY(status);
    weir_text text = script->data == NULL ? WEIR_TEXT("") : (weir_text){script->data, script->size};
    WEIR_TRY(test_file_parse(arena, text, &file, error));
    for (size_t i = 0; i < file.cases.count; i++)
        WEIR_TRY(run_one(self, arena, &file, file.cases.items[i], &outcomes, error));
    test_report_junit(&self->junit, &file, &outcomes);
    bool changed;
    if (!cli_flag(self->arguments, "--update"))
        return WEIR_OK;
    WEIR_TRY(test_update(self->self, &file, &outcomes, &changed, error));
    if (changed)
        cli_out_format(&self->self->err, "%s has been rewritten with what came\n", path);
    return WEIR_OK;
}

static weir_status write_junit(tester *self, weir_error *error) {
    const char *path = cli_argument(self->arguments, "--junit");
    if (path == NULL)
        return WEIR_OK;
    weir_builder_c(&self->junit, "</testsuites>\n");
    if (self->junit.failed)
        return weir_fail_memory(error, "the report", self->junit.size);
    return weir_files_write_atomic(weir_files_real(), &self->self->memory, path, self->junit.data, self->junit.size, error);
}

static int tell(tester *self, weir_error *error) {
    cli_out_flush(&self->self->out);
    cli_error_tell(self->self, &self->script, error);
    return cli_exit_of(error->status);
}

int cli_test(cli *self, const cli_arguments *arguments) {
    if (arguments->operand_count == 0)
        return cli_usage(self, "test: which file? `weir test --help` shows what one looks like");
    tester all = {.self = self, .arguments = arguments};
    weir_error error = {0};
    int64_t started_ns = weir_clock_monotonic_ns(self->clock);
    weir_builder_init(&all.junit, &self->memory, REPORT_BYTES_MAX);
    weir_builder_c(&all.junit, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
    weir_status status = cli_signals_start(&all.signals, &error);
    for (size_t i = 0; i < arguments->operand_count && status == WEIR_OK; i++) {
        weir_arena arena;
        weir_arena_init(&arena, &self->memory);
        cli_script_free(self, &all.script);
        status = run_file(&all, &arena, arguments->operands[i], &error);
        weir_arena_deinit(&arena);
    }
    if (status == WEIR_OK)
        status = write_junit(&all, &error);
    int exit_status = status != WEIR_OK ? tell(&all, &error) : all.failed > 0 ? CLI_FAILED : CLI_GOOD;
    if (status == WEIR_OK && !cli_flag(arguments, "--json"))
        cli_out_format(&self->out, "%llu passed, %llu failed (%.2f seconds)\n", (unsigned long long)all.passed,
                       (unsigned long long)all.failed, (double)(weir_clock_monotonic_ns(self->clock) - started_ns) / 1e9);
    if (status == WEIR_OK && all.passed + all.failed == 0 && !cli_flag(arguments, "--json"))
        cli_out_text(&self->err, "no test was run\n");
    cli_out_flush(&self->out);
    cli_script_free(self, &all.script);
    weir_builder_deinit(&all.junit);
    cli_signals_stop(&all.signals);
    return exit_status;
}
