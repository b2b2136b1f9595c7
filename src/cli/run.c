/* `weir run`: scripts carried out in one session; results through an output format, everything else on standard error. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli_int.h"
#include "cli/run_int.h"
#include "sql/lexer.h"

const cli_option cli_run_options[] = {
    {"--execute", 'e', "SQL", NULL, "run this text, after the files when there are any", false},
    {"--output", 'o', "FORMAT", "table|changelog|json|csv|vertical",
     "how results are written: table, changelog, json, csv or vertical (table)", false},
    {"--set", 's', "KEY=VALUE", NULL, "an option of the session, as SET 'KEY' = 'VALUE' before the script; `weir options` lists them",
     false},
    {"--param", 'p', "NAME=VALUE", NULL, "fills ${NAME} in the script", false},
    {"--parallelism", 'j', "N", NULL, "threads of a job (the processors there are)", false},
    {"--memory", 'm', "SIZE", NULL, "what a job may use, for instance 2gb (three quarters of the machine's)", false},
    {"--stats", 0, "FORMAT", "text|json", "figures of every job on standard error: text or json", false},
    {"--quiet", 'q', NULL, NULL, "no remarks, no progress, no summaries", false},
    {NULL, 0, NULL, NULL, NULL, false},
};

/* ---- what the session calls ---- */

static void print_hook(void *context, bool to_stderr, const char *data, size_t size) {
    cli_runner *runner = context;
    if (runner->print != NULL && runner->print(runner->print_context, to_stderr, data, size))
        return;
    cli_out_write(to_stderr ? &runner->self->err : &runner->self->out, data, size);
}

static void warn_hook(void *context, const char *message) {
    cli_runner *runner = context;
    if (runner->quiet)
        return;
    cli_progress_clear(&runner->progress);
    if (runner->print != NULL && runner->print(runner->print_context, true, message, strlen(message)))
        return;
    cli_out_flush(&runner->self->out);
    cli_remark(runner->self, message);
}

static void ended_hook(void *context, const weir_job_report *report) {
    cli_runner *runner = context;
    cli_progress_clear(&runner->progress);
    if (runner->stats[0] == '\0')
        return;
    weir_text script = {runner->script.data, runner->script.size};
    uint32_t line = script.data == NULL ? 0 : weir_sql_locate(script, report->position.offset_bytes).line;
    if (strcmp(runner->stats, "json") == 0)
        cli_stats_json(runner->self, report, line);
    else
        cli_stats_text(runner->self, report, line);
}

/* ---- the session ---- */

static weir_status whole_number(const char *command, const char *option, const char *text, int64_t most, int64_t *out, weir_error *error) {
    if (!weir_option_parse_i64(weir_text_of(text), out) || *out < 1 || *out > most)
        return weir_fail(error, WEIR_USAGE, "%s: %s takes a number from 1 to %lld, not '%s'", command, option, (long long)most, text);
    return WEIR_OK;
}

static weir_status memory_limit(const char *command, const char *text, size_t *out, weir_error *error) {
    uint64_t size;
    if (text == NULL) {
        long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
        *out = pages > 0 && page > 0 ? (size_t)pages / 4 * 3 * (size_t)page : SIZE_MAX;
        return WEIR_OK;
    }
    if (!weir_option_parse_size_bytes(weir_text_of(text), &size) || size < 1 << 20)
        return weir_fail(error, WEIR_USAGE, "%s: --memory takes a size of at least 1mb, such as 512mb or 2gb, not '%s'", command, text);
    *out = size;
    return WEIR_OK;
}

/* TZ, else where the machine's /etc/localtime points, else UTC: as the Java machine under Flink chooses its zone. */
static weir_text default_zone(char *space, size_t size) {
    const char *name = getenv("TZ");
    weir_text zone = {0};
    if (name != NULL && name[0] != '\0') {
        zone = weir_text_of(name[0] == ':' ? name + 1 : name);
    } else {
        ssize_t got = readlink("/etc/localtime", space, size - 1);
        if (got > 0) {
            space[got] = '\0';
            const char *at = strstr(space, "zoneinfo/");
            zone = at == NULL ? (weir_text){0} : weir_text_of(at + strlen("zoneinfo/"));
        }
    }
    return weir_text_equal_c(zone, "Etc/UTC") ? (weir_text){0} : zone;
}

/* A zone that cannot be read must not stop a script that never asks for it. */
static weir_text usable_zone(cli *self, weir_text zone) {
    weir_arena arena;
    const weir_zone *opened;
    weir_arena_init(&arena, &self->memory);
    if (zone.size > 0 && weir_zone_open(&arena, zone, &opened, NULL) != WEIR_OK)
        zone = (weir_text){0};
    weir_arena_deinit(&arena);
    return zone;
}

static weir_status apply_settings(cli_runner *runner, weir_error *error) {
    for (size_t i = 0; i < runner->arguments->given_count; i++) {
        const cli_given *given = &runner->arguments->given[i];
        bool is_param = strcmp(given->option->name, "--param") == 0;
        if (!is_param && strcmp(given->option->name, "--set") != 0)
            continue;
        const char *equal = strchr(given->value, '=');
        if (equal == NULL || equal == given->value)
            return weir_fail(error, WEIR_USAGE, "%s: %s takes %s, not '%s'", runner->arguments->command, given->option->name,
                             given->option->value, given->value);
        if (!is_param)
            WEIR_TRY(weir_session_set(runner->session, (weir_text){given->value, (size_t)(equal - given->value)}, weir_text_of(equal + 1),
                                      error));
    }
    return WEIR_OK;
}

weir_status cli_runner_open(cli_runner *runner, cli *self, const cli_arguments *arguments, weir_error *error) {
    char zone[4096];
    const char *parallelism = cli_argument(arguments, "--parallelism");
    int64_t threads = weir_thread_cpu_count();
    size_t limit;
    *runner = (cli_runner){.self = self, .arguments = arguments, .quiet = cli_flag(arguments, "--quiet")};
    runner->output_name = cli_argument(arguments, "--output");
    runner->stats = cli_argument(arguments, "--stats");
    if (runner->stats == NULL)
        runner->stats = "";
    if (parallelism != NULL)
        WEIR_TRY(whole_number(arguments->command, "--parallelism", parallelism, 1024, &threads, error));
    WEIR_TRY(memory_limit(arguments->command, cli_argument(arguments, "--memory"), &limit, error));
    weir_session_environment environment = {.memory = &self->memory,
                                            .memory_limit_bytes = limit,
                                            .default_zone = usable_zone(self, default_zone(zone, sizeof zone)),
                                            .parallelism = (uint32_t)threads,
                                            .print = print_hook,
                                            .print_context = runner,
                                            .warn = warn_hook,
                                            .warn_context = runner,
                                            .job_ended = ended_hook,
                                            .job_ended_context = runner};
    WEIR_TRY(cli_signals_start(&runner->signals, error));
    WEIR_TRY(weir_session_create(&environment, &runner->session, error));
    cli_signals_watch(&runner->signals, runner->session);
    return apply_settings(runner, error);
}

void cli_runner_close(cli_runner *runner) {
    cli_progress_clear(&runner->progress);
    if (runner->signals.running) {
        cli_signals_watch(&runner->signals, NULL);
        weir_session_destroy(runner->session);
        cli_signals_stop(&runner->signals);
    }
    cli_script_free(runner->self, &runner->script);
}

int cli_runner_fail(cli_runner *runner, weir_error *error) {
    cli_progress_clear(&runner->progress);
    if (runner->self->out.failed == EPIPE)
        return CLI_GOOD;
    bool json = runner->output_name != NULL && strcmp(runner->output_name, "json") == 0;
    if (json)
        cli_error_json(runner->self, &runner->script, error);
    cli_out_flush(&runner->self->out);
    cli_error_tell(runner->self, &runner->script, error);
    return cli_exit_of(error->status);
}

/* ---- results ---- */

const cli_output *cli_runner_output(const cli_runner *runner, const weir_answer *answer) {
    const char *name = runner->output_name;
    weir_text mode = weir_session_setting(runner->session, "sql-client.execution.result-mode");
    if (name == NULL && mode.data != NULL && weir_text_equal_nocase_c(mode, "changelog"))
        name = "changelog";
    if (name == NULL)
        name = "table";
    if (strcmp(name, "table") == 0 && weir_answer_is_query(answer) && !weir_answer_is_bounded(answer))
        return runner->self->out.terminal ? &cli_output_live : &cli_output_changelog;
    if (strcmp(name, "table") == 0 && weir_answer_is_query(answer) && cli_answer_streams(answer))
        return &cli_output_rows;
    return cli_output_find(name);
}

uint32_t cli_runner_width_max(const cli_runner *runner) {
    int64_t width;
    weir_text older = weir_session_setting(runner->session, "sql-client.display.max-column-width");
    weir_text text = older.data != NULL ? older : weir_session_setting(runner->session, "table.display.max-column-width");
    if (!weir_option_parse_i64(text, &width) || width < 4)
        width = 4;
    return width > 100000 ? 100000 : (uint32_t)width;
}

static weir_status output_failed(const cli_runner *runner, weir_error *error) {
    if (runner->self->out.failed == 0)
        return WEIR_OK;
    runner->self->out.told = true;
    return runner->self->out.failed == EPIPE
               ? weir_fail(error, WEIR_CANCELLED, "the reader of standard output left")
               : weir_fail(error, WEIR_RUNTIME, "standard output cannot be written: %s", strerrordesc_np(runner->self->out.failed));
}

static weir_status draw(cli_runner *runner, weir_answer *answer, const cli_output *output, cli_show *show, weir_error *error) {
    for (;;) {
        weir_batch *batch = NULL;
        bool pending = false;
        WEIR_TRY(weir_answer_next(answer, 100, &batch, &pending, error));
        if (batch == NULL && !pending)
            break;
        weir_status status = WEIR_OK;
        if (batch != NULL) {
            if (runner->self->out.terminal && output != &cli_output_table)
                cli_progress_clear(&runner->progress);
            status = output->batch(show, batch, error);
            weir_batch_destroy(batch);
        } else if (output->pending != NULL) {
            status = output->pending(show, error);
        }
        WEIR_TRY(status);
        WEIR_TRY(output_failed(runner, error));
        if (output != &cli_output_live)
            cli_progress_show(&runner->progress, runner->session);
    }
    cli_progress_clear(&runner->progress);
    WEIR_TRY(output->end(show, error));
    return output_failed(runner, error);
}

weir_status cli_runner_rows(cli_runner *runner, weir_answer *answer, const cli_output *output, weir_error *error) {
    cli_show show = {.self = runner->self,
                     .answer = answer,
                     .schema = weir_answer_schema(answer),
                     .started_ns = weir_clock_monotonic_ns(runner->self->clock),
                     .width_max = cli_runner_width_max(runner),
                     .quiet = runner->quiet,
                     .progress = &runner->progress};
    weir_builder_init(&show.line, &runner->self->memory, SIZE_MAX);
    cli_progress_begin(&runner->progress, runner->self, !runner->quiet);
    weir_status status = output->begin(&show, error);
    if (status == WEIR_OK)
        status = draw(runner, answer, output, &show, error);
    else
        cli_progress_clear(&runner->progress);
    for (size_t i = 0; i < show.held_count; i++)
        weir_batch_destroy(show.held[i]);
    weir_memory_free(&runner->self->memory, show.held, show.held_capacity * sizeof show.held[0]);
    cli_texts_deinit(&show.texts);
    weir_collapse_destroy(show.collapse);
    weir_builder_deinit(&show.line);
    return status;
}

weir_status cli_runner_await(cli_runner *runner, weir_answer *answer, weir_error *error) {
    int64_t started_ns = weir_clock_monotonic_ns(runner->self->clock);
    cli_progress_begin(&runner->progress, runner->self, !runner->quiet);
    for (;;) {
        weir_batch *batch = NULL;
        bool pending = false;
        WEIR_TRY(weir_answer_next(answer, 100, &batch, &pending, error));
        weir_batch_destroy(batch);
        if (batch == NULL && !pending)
            break;
        cli_progress_show(&runner->progress, runner->session);
        cli_out_flush(&runner->self->out);
        WEIR_TRY(output_failed(runner, error));
    }
    cli_progress_clear(&runner->progress);
    if (!runner->quiet && (runner->output_name == NULL || strcmp(runner->output_name, "table") == 0)) {
        char rows[32];
        cli_group_digits(weir_answer_affected(answer), rows);
        cli_out_flush(&runner->self->out);
        cli_out_format(&runner->self->err, "%s: %s rows written (%.2f seconds)\n", weir_answer_statement(answer), rows,
                       (double)(weir_clock_monotonic_ns(runner->self->clock) - started_ns) / 1e9);
        cli_out_flush(&runner->self->err);
    }
    return WEIR_OK;
}

static weir_status show(cli_runner *runner, weir_answer *answer, weir_error *error) {
    switch (weir_answer_kind_of(answer)) {
    case WEIR_ANSWER_ROWS: return cli_runner_rows(runner, answer, cli_runner_output(runner, answer), error);
    case WEIR_ANSWER_AFFECTED: return cli_runner_await(runner, answer, error);
    case WEIR_ANSWER_DONE:
    case WEIR_ANSWER_SUBMITTED:
    case WEIR_ANSWER_QUIT: break;
    }
    return WEIR_OK;
}

weir_status cli_runner_script(cli_runner *runner, weir_explain_stage explain,
                              weir_status (*each)(cli_runner *, weir_answer *, weir_error *), weir_error *error) {
    weir_script *script;
    WEIR_TRY(weir_script_open(runner->session, (weir_text){runner->script.data, runner->script.size}, &script, error));
    if (atomic_load(&runner->signals.seen)) /* it came between two scripts */
        weir_session_cancel(runner->session);
    weir_script_explain(script, explain);
    weir_status status = WEIR_OK;
    while (status == WEIR_OK) {
        weir_answer *answer = NULL;
        status = weir_script_next(script, &answer, error);
        if (status != WEIR_OK || answer == NULL)
            break;
        status = each(runner, answer, error);
        weir_answer_close(answer);
    }
    weir_script_close(script);
    return status;
}

/* INSERTs without an end: until they have ended all the same, or somebody cancels. */
static weir_status wait_behind(cli_runner *runner, weir_error *error) {
    bool pending = true;
    cli_progress_begin(&runner->progress, runner->self, !runner->quiet);
    while (pending) {
        WEIR_TRY(weir_session_wait(runner->session, 100, &pending, error));
        cli_out_flush(&runner->self->out);
        WEIR_TRY(output_failed(runner, error));
        if (pending)
            cli_progress_show(&runner->progress, runner->session);
    }
    cli_progress_clear(&runner->progress);
    return WEIR_OK;
}

/* Files first, so that a question can be put to the tables of a script: weir run tables.sql -e "SELECT ..." */
weir_status cli_runner_each(cli_runner *runner, weir_status (*one)(cli_runner *, weir_error *), weir_error *error) {
    const cli_arguments *arguments = runner->arguments;
    size_t count = 0;
    for (size_t i = 0; i < arguments->operand_count; i++) {
        count++;
        cli_script_free(runner->self, &runner->script);
        WEIR_TRY(cli_script_read(runner->self, arguments, arguments->operands[i], &runner->script, error));
        WEIR_TRY(one(runner, error));
    }
    for (size_t i = 0; i < arguments->given_count; i++) {
        if (strcmp(arguments->given[i].option->name, "--execute") != 0)
            continue;
        count++;
        cli_script_free(runner->self, &runner->script);
        WEIR_TRY(cli_script_text(runner->self, arguments, arguments->given[i].value, &runner->script, error));
        WEIR_TRY(one(runner, error));
    }
    if (count == 0) {
        weir_fail(error, WEIR_USAGE, "which script? Give a file, `-` for standard input, or -e SQL");
        return WEIR_USAGE;
    }
    return WEIR_OK;
}

static weir_status run_script(cli_runner *runner, weir_error *error) { return cli_runner_script(runner, WEIR_EXPLAIN_OFF, show, error); }

int cli_run(cli *self, const cli_arguments *arguments) {
    cli_runner runner;
    weir_error error = {0};
    weir_status status = cli_runner_open(&runner, self, arguments, &error);
    if (status == WEIR_OK)
        status = cli_runner_each(&runner, run_script, &error);
    if (status == WEIR_OK)
        status = wait_behind(&runner, &error);
    int exit_status = status == WEIR_OK ? CLI_GOOD : cli_runner_fail(&runner, &error);
    cli_runner_close(&runner);
    return exit_status;
}
