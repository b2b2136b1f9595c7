/* The session behind `run` and `explain`. */
#ifndef WEIR_CLI_RUN_INT_H
#define WEIR_CLI_RUN_INT_H

#include "cli/cli_int.h"

typedef struct cli_runner {
    cli *self;
    const cli_arguments *arguments;
    weir_session *session;
    cli_signals signals;
    cli_progress progress;
    cli_script script;       /* the one being run; kept for messages */
    const char *output_name; /* NULL: not said */
    const char *stats;       /* "", "text", "json" */
    bool quiet;
    /* What `print` tables and remarks are about to write; true: it has been taken. May be NULL. */
    bool (*print)(void *context, bool to_stderr, const char *data, size_t size);
    void *print_context;
} cli_runner;

/* Close it even when opening fails. */
weir_status cli_runner_open(cli_runner *runner, cli *self, const cli_arguments *arguments, weir_error *error) WEIR_MUST_USE;
void cli_runner_close(cli_runner *runner);
/* Call `one` for every script of the command line, with runner->script set. */
weir_status cli_runner_each(cli_runner *runner, weir_status (*one)(cli_runner *, weir_error *), weir_error *error) WEIR_MUST_USE;
/* Carry out runner->script and call `each` for every answer. */
weir_status cli_runner_script(cli_runner *runner, weir_explain_stage explain,
                              weir_status (*each)(cli_runner *, weir_answer *, weir_error *), weir_error *error) WEIR_MUST_USE;
/* A result through one output format; an INSERT to its end. */
weir_status cli_runner_rows(cli_runner *runner, weir_answer *answer, const cli_output *output, weir_error *error) WEIR_MUST_USE;
weir_status cli_runner_await(cli_runner *runner, weir_answer *answer, weir_error *error) WEIR_MUST_USE;
/* The format that --output and the session's settings ask for. */
const cli_output *cli_runner_output(const cli_runner *runner, const weir_answer *answer);
uint32_t cli_runner_width_max(const cli_runner *runner);
/* Tell the error; returns the exit status. */
int cli_runner_fail(cli_runner *runner, weir_error *error);

#endif
