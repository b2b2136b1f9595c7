/* `weir explain`: a script at one of its stages, from the tokens to the plan of operators. */
#include <string.h>

#include "cli/run_int.h"
#include "sql/dump.h"
#include "sql/parser.h"

const cli_option cli_explain_options[] = {
    {"--execute", 'e', "SQL", NULL, "explain this text, after the files when there are any", false},
    {"--stage", 0, "STAGE", "tokens|ast|bound|optimized|physical", "tokens, ast, bound, optimized or physical (physical)", false},
    {"--set", 's', "KEY=VALUE", NULL, "an option of the session", false},
    {"--param", 'p', "NAME=VALUE", NULL, "fills ${NAME} in the script", false},
    {"--quiet", 'q', NULL, NULL, "no remarks", false},
    {NULL, 0, NULL, NULL, NULL, false},
};

enum { DUMP_BYTES_MAX = 1 << 30 };

static weir_status dump_out(cli_runner *runner, weir_builder *dump, weir_error *error) {
    if (!dump->failed)
        cli_out_write(&runner->self->out, dump->data, dump->size);
    bool failed = dump->failed;
    weir_builder_deinit(dump);
    return failed ? weir_fail(error, WEIR_MEMORY, "no memory for the listing") : WEIR_OK;
}

static weir_status show_tokens(cli_runner *runner, weir_error *error) {
    weir_builder dump;
    weir_builder_init(&dump, &runner->self->memory, DUMP_BYTES_MAX);
    weir_sql_dump_tokens(&dump, (weir_text){runner->script.data, runner->script.size});
    return dump_out(runner, &dump, error);
}

static weir_status dump_trees(cli_runner *runner, weir_arena *arena, weir_builder *dump, weir_error *error) {
    weir_sql_cursor cursor;
    weir_sql_cursor_init(&cursor, (weir_text){runner->script.data, runner->script.size});
    for (;;) {
        const weir_ast_statement *statement;
        WEIR_TRY(weir_sql_next_statement(&cursor, arena, &statement, error));
        if (statement == NULL)
            return WEIR_OK;
        weir_sql_dump_statement(dump, statement);
    }
}

static weir_status show_trees(cli_runner *runner, weir_error *error) {
    weir_arena arena;
    weir_builder dump;
    weir_arena_init(&arena, &runner->self->memory);
    weir_builder_init(&dump, &runner->self->memory, DUMP_BYTES_MAX);
    weir_status status = dump_trees(runner, &arena, &dump, error);
    weir_status shown = dump_out(runner, &dump, status == WEIR_OK ? error : NULL);
    weir_arena_deinit(&arena);
    return status == WEIR_OK ? shown : status;
}

/* Only plans are shown: what SHOW and the like give is left out. */
static bool is_plan(const weir_answer *answer) {
    return weir_answer_kind_of(answer) == WEIR_ANSWER_ROWS && strncmp(weir_answer_statement(answer), "SHOW", 4) != 0 &&
           weir_text_equal_c(weir_answer_schema(answer)->fields[0].name, "result");
}

static weir_status show_plan(cli_runner *runner, weir_answer *answer, weir_error *error) {
    weir_position at = weir_answer_position(answer);
    while (is_plan(answer)) {
        weir_batch *batch = NULL;
        bool pending;
        WEIR_TRY(weir_answer_next(answer, 100, &batch, &pending, error));
        if (batch == NULL)
            break;
        weir_position place = weir_sql_locate((weir_text){runner->script.data, runner->script.size}, at.offset_bytes);
        cli_out_format(&runner->self->out, "-- %s, line %u\n", weir_answer_statement(answer), place.line);
        weir_text text = weir_column_text(batch->columns[0], 0);
        cli_out_write(&runner->self->out, text.data, text.size);
        cli_out_text(&runner->self->out, text.size > 0 && text.data[text.size - 1] == '\n' ? "\n" : "\n\n");
        weir_batch_destroy(batch);
    }
    return WEIR_OK;
}

static weir_status show_bound(cli_runner *runner, weir_error *error) {
    return cli_runner_script(runner, WEIR_EXPLAIN_BOUND, show_plan, error);
}
static weir_status show_optimized(cli_runner *runner, weir_error *error) {
    return cli_runner_script(runner, WEIR_EXPLAIN_OPTIMIZED, show_plan, error);
}
static weir_status show_physical(cli_runner *runner, weir_error *error) {
    return cli_runner_script(runner, WEIR_EXPLAIN_PHYSICAL, show_plan, error);
}

static const struct {
    const char *name;
    weir_status (*show)(cli_runner *runner, weir_error *error);
} stages[] = {
    {"tokens", show_tokens}, {"ast", show_trees}, {"bound", show_bound}, {"optimized", show_optimized}, {"physical", show_physical}};

int cli_explain(cli *self, const cli_arguments *arguments) {
    cli_runner runner;
    weir_error error = {0};
    const char *stage = cli_argument(arguments, "--stage");
    weir_status status = cli_runner_open(&runner, self, arguments, &error);
    for (size_t i = 0; i < sizeof stages / sizeof *stages && status == WEIR_OK; i++)
        if (strcmp(stages[i].name, stage == NULL ? "physical" : stage) == 0)
            status = cli_runner_each(&runner, stages[i].show, &error);
    int exit_status = status == WEIR_OK ? CLI_GOOD : cli_runner_fail(&runner, &error);
    cli_runner_close(&runner);
    return exit_status;
}
