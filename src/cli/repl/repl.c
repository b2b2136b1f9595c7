/* `weir sql`: an interactive shell over one session. Lines are gathered until a statement is complete; results go through the pager or,
 * when a query has no end, become a live table. Ctrl-C ends the query in front and never the shell; INSERTs without an end run behind it.
 * When standard input is no terminal, it is `weir run -`. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "cli/repl/repl_int.h"
#include "sql/parser.h"

enum { LATE_BYTES_MAX = 1 << 20, STATEMENT_BYTES_MAX = 256 << 20, FILES_DEPTH_MAX = 16, EXPANDED_SCREENS = 8 };

const cli_option cli_sql_options[] = {
    {"--output", 'o', "FORMAT", "table|changelog|json|csv|vertical",
     "how results are shown: table, changelog, json, csv or vertical (table)", false},
    {"--set", 's', "KEY=VALUE", NULL, "an option of the session, as SET 'KEY' = 'VALUE'; `weir options` lists them", false},
    {"--param", 'p', "NAME=VALUE", NULL, "fills ${NAME} in the files", false},
    {"--parallelism", 'j', "N", NULL, "threads of a job (the processors there are)", false},
    {"--memory", 'm', "SIZE", NULL, "what a job may use, for instance 2gb (three quarters of the machine's)", false},
    {"--stats", 0, "FORMAT", "text|json", "figures of every job on standard error: text or json", false},
    {"--quiet", 'q', NULL, NULL, "no remarks, no progress, no summaries", false},
    {NULL, 0, NULL, NULL, NULL, false},
};

/* ---- answers ---- */

/* Rows that are many times as wide as the screen are easier to read one column a line. */
static bool is_expanded(const repl *self, const weir_answer *answer) {
    uint32_t height, width;
    const weir_schema *schema = weir_answer_schema(answer);
    if (self->expanded != REPL_EXPANDED_AUTO)
        return self->expanded == REPL_EXPANDED_ON && weir_answer_is_query(answer);
    cli_out_screen(&self->self->out, &height, &width);
    uint64_t cells = 1;
    for (uint32_t i = 0; i < schema->count; i++) {
        uint32_t name = cli_width(schema->fields[i].name);
        cells += (name > 4 ? name : 4) + 3;
    }
    return cells > (uint64_t)EXPANDED_SCREENS * width;
}

static weir_status show_rows(repl *self, weir_answer *answer, weir_error *error) {
    cli_runner *runner = &self->runner;
    const cli_output *output = cli_runner_output(runner, answer);
    if (output == &cli_output_live && self->to_file < 0)
        return repl_live(self, answer, error);
    if (output == &cli_output_live)
        output = &cli_output_changelog;
    if ((output == &cli_output_table || output == &cli_output_rows) && is_expanded(self, answer))
        output = &cli_output_vertical;
    if (!weir_answer_is_bounded(answer) && self->to_file < 0)
        return cli_runner_rows(runner, answer, output, error); /* a changelog: as it comes */
    repl_page page;
    repl_page_begin(&page, self);
    weir_status status = cli_runner_rows(runner, answer, output, error);
    bool left = page.left;
    repl_page_end(&page);
    return status == WEIR_CANCELLED && left ? WEIR_OK : status;
}

static void say_done(repl *self, const weir_answer *answer) {
    const char *name = weir_answer_statement(answer);
    if (name == NULL || self->runner.quiet)
        return;
    if (strcmp(name, "HELP") == 0)
        repl_help(self);
    else if (strcmp(name, "CLEAR") == 0)
        cli_out_text(&self->self->out, "\033[H\033[2J");
    else
        cli_out_format(&self->self->out, "%s\n", name);
}

static weir_status show(cli_runner *runner, weir_answer *answer, weir_error *error) {
    repl *self = (repl *)((char *)runner - offsetof(repl, runner));
    switch (weir_answer_kind_of(answer)) {
    case WEIR_ANSWER_ROWS: return show_rows(self, answer, error);
    case WEIR_ANSWER_AFFECTED: return cli_runner_await(runner, answer, error);
    case WEIR_ANSWER_SUBMITTED:
        cli_out_format(&self->self->out, "Job %s runs behind; SHOW JOBS lists it, STOP JOB '...' ends it.\n", weir_answer_job_id(answer));
        break;
    case WEIR_ANSWER_QUIT: self->quit = true; break;
    case WEIR_ANSWER_DONE: say_done(self, answer); break;
    }
    return WEIR_OK;
}

/* ---- texts of statements ---- */

/* SOURCE 'file'; is no statement of the grammar. */
static bool run_source(repl *self, weir_text text, bool *good) {
    weir_lexer lexer;
    weir_token word, file, end;
    weir_lexer_init(&lexer, text);
    weir_lexer_start(&lexer, true);
    weir_lexer_next(&lexer, &word);
    if (word.kind != WEIR_TOKEN_WORD || !weir_text_equal_nocase_c(word.text, "SOURCE"))
        return false;
    weir_lexer_next(&lexer, &file);
    weir_lexer_next(&lexer, &end);
    if (file.kind != WEIR_TOKEN_STRING || (end.kind != WEIR_TOKEN_SEMICOLON && end.kind != WEIR_TOKEN_END))
        return false;
    weir_arena arena;
    weir_arena_init(&arena, &self->self->memory);
    weir_text path = weir_arena_text(&arena, (weir_text){file.text.data + 1, file.text.size - 2});
    *good = path.data != NULL && repl_run_file(self, path.data);
    weir_arena_deinit(&arena);
    return true;
}

static void say_time(repl *self, int64_t started_ns) {
    double seconds = (double)(weir_clock_monotonic_ns(self->self->clock) - started_ns) / 1e9;
    if (self->timing && seconds < 1)
        cli_out_format(&self->self->out, "Time: %.1f ms\n", seconds * 1000);
    else if (self->timing)
        cli_out_format(&self->self->out, "Time: %.3f s\n", seconds);
}

/* runner->script is what is being run, for messages; files within files bring theirs. */
static bool run_script(repl *self, cli_script script) {
    cli_runner *runner = &self->runner;
    cli_script outer = runner->script;
    weir_error error = {0};
    int64_t started_ns = weir_clock_monotonic_ns(self->self->clock);
    atomic_store(&runner->signals.seen, false);
    runner->script = script;
    weir_status status = cli_runner_script(runner, WEIR_EXPLAIN_OFF, show, &error);
    cli_out_flush(&self->self->out);
    if (status != WEIR_OK)
        cli_runner_fail(runner, &error);
    cli_out_write(&self->self->out, self->late.data, self->late.size);
    weir_builder_clear(&self->late);
    say_time(self, started_ns);
    cli_out_flush(&self->self->out);
    cli_out_flush(&self->self->err);
    runner->script = outer;
    atomic_store(&runner->signals.seen, false); /* Ctrl-C was meant for what has just ended */
    return status == WEIR_OK;
}

bool repl_run(repl *self, const char *name, weir_text text) {
    bool good = true;
    if (run_source(self, text, &good))
        return good;
    return run_script(self, (cli_script){.name = name, .data = (char *)text.data, .size = text.size});
}

bool repl_run_file(repl *self, const char *path) {
    cli_script script;
    weir_error error = {0};
    if (self->depth >= FILES_DEPTH_MAX) {
        cli_out_format(&self->self->err, "'%s': files include each other more than %d deep\n", path, FILES_DEPTH_MAX);
        return false;
    }
    if (cli_script_read(self->self, self->runner.arguments, path, &script, &error) != WEIR_OK) {
        cli_error_tell(self->self, &script, &error);
        cli_script_free(self->self, &script);
        return false;
    }
    self->depth++;
    bool good = run_script(self, script);
    self->depth--;
    cli_script_free(self->self, &script);
    return good;
}

/* ---- lines ---- */

/* Flink's client wants the semicolon; a word that can mean nothing else does without. */
static bool is_plain_command(weir_text line, const char *const *words) {
    line = weir_text_trim(line);
    for (; *words != NULL; words++)
        if (weir_text_equal_nocase_c(line, *words))
            return true;
    return false;
}

static void take_line(repl *self, weir_text line) {
    static const char *const commands[] = {"quit", "exit", "help", "clear", NULL};
    weir_builder *statement = &self->statement;
    bool first = weir_text_trim(weir_builder_view(statement)).size == 0;
    weir_text bare = weir_text_trim(line);
    if (first && bare.size == 0)
        return;
    if (first && bare.data[0] == '\\') {
        repl_history_add(self, line);
        repl_meta_run(self, line);
        return;
    }
    if (first)
        weir_builder_clear(statement);
    weir_builder_text(statement, line);
    if (first && is_plain_command(line, commands))
        weir_builder_char(statement, ';');
    weir_builder_char(statement, '\n');
    weir_text text = weir_builder_view(statement);
    if (statement->failed) {
        cli_out_text(&self->self->err, "The statement is too long.\n");
        cli_out_flush(&self->self->err);
        weir_builder_deinit(statement);
        weir_builder_init(statement, &self->self->memory, STATEMENT_BYTES_MAX);
        return;
    }
    if (!weir_sql_complete(text))
        return;
    repl_history_add(self, text);
    weir_builder_clear(&self->last);
    weir_builder_text(&self->last, weir_text_trim(text));
    weir_builder_clear(statement);
    repl_run(self, "the statement", weir_builder_view(&self->last));
}

/* What `print` tables and remarks say while a line is being read stands above it; while the pager or a live table has the screen, it waits.
 */
static bool print_hook(void *context, bool to_stderr, const char *data, size_t size) {
    repl *self = context;
    (void)to_stderr;
    if (self->screen_taken) {
        if (self->late.size + size < LATE_BYTES_MAX)
            weir_builder_add(&self->late, data, size);
        if (size > 0 && data[size - 1] != '\n')
            weir_builder_char(&self->late, '\n');
        return true;
    }
    if (self->prompting && !self->prompt_spoiled)
        cli_out_text(&self->self->out, "\r\033[K");
    self->prompt_spoiled = self->prompting;
    return false;
}

/* With jobs behind it, the shell asks to be told twice. */
static bool may_leave(repl *self) {
    uint32_t running = weir_session_jobs_running(self->runner.session);
    if (running == 0 || self->warned)
        return true;
    self->warned = true;
    self->quit = false;
    cli_out_format(&self->self->out, "%u %s still behind and will end with the shell. Once more to leave.\n", running,
                   running == 1 ? "job runs" : "jobs run");
    return false;
}

static void loop(repl *self) {
    for (;;) {
        bool first = self->statement.size == 0;
        weir_text line;
        cli_out_flush(&self->self->out);
        cli_out_flush(&self->self->err);
        self->prompting = true;
        repl_line_end end = repl_line_read(self, first ? "weir> " : "   -> ", &line);
        self->prompting = false;
        if (atomic_load(&self->runner.signals.terminated))
            return;
        if (end == REPL_LINE_INTERRUPTED) {
            cli_out_text(&self->self->out, "^C\n");
            weir_builder_clear(&self->statement);
            continue;
        }
        if (end == REPL_LINE_CLOSED) {
            cli_out_text(&self->self->out, "\n");
            self->quit = true;
        } else {
            take_line(self, line);
        }
        if (self->quit && may_leave(self))
            return;
        self->warned = self->warned && end == REPL_LINE_CLOSED;
    }
}

/* The files of the command line, before the first prompt. */
static bool run_files(repl *self) {
    const cli_arguments *arguments = self->runner.arguments;
    for (size_t i = 0; i < arguments->operand_count; i++)
        if (!repl_run_file(self, arguments->operands[i]))
            return false;
    return true;
}

static int as_script(cli *self, const cli_arguments *arguments) {
    cli_arguments copy = *arguments;
    copy.operands = WEIR_ARENA_ARRAY((weir_arena *)&arguments->arena, const char *, arguments->operand_count + 1);
    if (copy.operands == NULL)
        return CLI_RUNTIME;
    for (size_t i = 0; i < arguments->operand_count; i++)
        copy.operands[i] = arguments->operands[i];
    copy.operands[copy.operand_count++] = "-";
    return cli_run(self, &copy);
}

int cli_sql(cli *self, const cli_arguments *arguments) {
    if (isatty(STDIN_FILENO) == 0)
        return as_script(self, arguments);
    repl shell = {.self = self, .to_file = -1};
    weir_error error = {0};
    weir_builder_init(&shell.statement, &self->memory, STATEMENT_BYTES_MAX);
    weir_builder_init(&shell.last, &self->memory, STATEMENT_BYTES_MAX);
    weir_builder_init(&shell.late, &self->memory, LATE_BYTES_MAX * 2);
    weir_status status = cli_runner_open(&shell.runner, self, arguments, &error);
    atomic_store(&shell.runner.signals.interactive, true);
    shell.runner.print = print_hook;
    shell.runner.print_context = &shell;
    if (status == WEIR_OK)
        status = repl_line_open(&shell, &error);
    if (status == WEIR_OK) {
        repl_history_load(&shell);
        if (!shell.runner.quiet)
            cli_out_text(&self->out, "Weir: Flink SQL in this process. \\? helps, Ctrl-D leaves; a statement ends with a semicolon.\n");
        run_files(&shell);
        if (!shell.quit)
            loop(&shell);
    }
    int exit_status = status == WEIR_OK ? CLI_GOOD : cli_runner_fail(&shell.runner, &error);
    repl_line_close(&shell);
    if (shell.to_file >= 0)
        close(shell.to_file);
    weir_builder_deinit(&shell.statement);
    weir_builder_deinit(&shell.last);
    weir_builder_deinit(&shell.late);
    cli_runner_close(&shell.runner);
    return exit_status;
}
