/* The table of commands, and the program as a whole: find the command, parse its arguments, run it. */
#include <stdio.h>
#include <string.h>

#include "cli/cli_int.h"

static const char *const run_examples[] = {
    "# a file of statements; the result as a table",
    "weir run report.sql",
    "# a query given on the command line",
    "weir run -e \"SELECT 1 + 1 AS two\"",
    "# a script that names a folder as ${DATA}",
    "weir run --param DATA=/data report.sql",
    "# for another program: one JSON object a line",
    "weir run --output json report.sql | jq .row",
    "# what it cost",
    "weir run --stats text report.sql",
    NULL,
};
static const char *const sql_examples[] = {
    "# a shell; its statements end with a semicolon",
    "weir sql",
    "# with the tables of a file",
    "weir sql tables.sql",
    "# without a terminal it reads a script, as `weir run -`",
    "echo 'SELECT 1 + 1 AS two;' | weir sql",
    NULL,
};
static const char *const test_examples[] = {
    "# all tests of a file",
    "weir test clicks.test",
    "# those whose names contain a word, with a report for a build server",
    "weir test --filter late --junit report.xml clicks.test",
    "# take what came as what is expected from now on",
    "weir test --update clicks.test",
    NULL,
};
static const char *const explain_examples[] = {
    "# how the queries of a script will be run",
    "weir explain report.sql",
    "# what the parser made of them",
    "weir explain --stage ast report.sql",
    NULL,
};
static const char *const schema_examples[] = {
    "# a CREATE TABLE for a file, to begin a script with",
    "weir schema flights.csv > flights.sql",
    NULL,
};
static const char *const functions_examples[] = {
    "# all functions, by family",
    "weir functions",
    "# one of them, with its example",
    "weir functions lpad",
    "# for another program",
    "weir functions --json",
    NULL,
};
static const char *const options_examples[] = {
    "# the options that SET and --set know", "weir options", "# those of one kind", "weir options mini-batch", NULL,
};
static const char *const help_examples[] = {"# about one command", "weir help run", NULL};

static const char run_text[] = "Carries out the statements of the scripts, one after another. An INSERT that has an end is finished before "
                               "the next statement begins; those\n"
                               "without an end run side by side, and the command ends when all have ended (Ctrl-C ends them earlier). `-` "
                               "reads the script from standard input.\n"
                               "\n"
                               "Results go to standard output, everything else to standard error. `table` shows what a query's changes add "
                               "up to, `changelog` each change as it\n"
                               "comes; an unbounded query is a live table on a terminal and a changelog in a pipe.\n"
                               "\n"
                               "Exit status: 0 good; 2 wrong usage; 3 an error in the SQL; 4 an error while it ran; 130 cancelled.";

static const char sql_text[] =
    "An interactive shell over one session. The files are carried out first.\n"
    "\n"
    "    weir> CREATE TABLE clicks (id BIGINT) WITH ('connector' = 'datagen', 'rows-per-second' = '5');\n"
    "    weir> SELECT MOD(id, 3) AS k, COUNT(*) AS n FROM clicks GROUP BY 1;\n"
    "\n"
    "A query without an end is a table that is redrawn in place, until q or Ctrl-C ends it; the shell goes on. An "
    "INSERT without an end runs behind\n"
    "(SHOW JOBS, STOP JOB 'id'). Results longer or wider than the screen go through $PAGER, else less -S.\n"
    "\n"
    "Tab completes keywords, tables, columns, functions and options; the arrow keys bring back former statements, "
    "also those of former shells\n"
    "($XDG_STATE_HOME/weir/history; a statement that begins with a blank is not kept). \\? lists the commands that "
    "begin with a backslash: \\d, \\e, \\i,\n"
    "\\o, \\timing, \\x and others.";

static const char test_text[] =
    "Runs a job against given rows and a virtual clock, and compares what its sinks and queries get. docs/testing.md "
    "explains the format:\n"
    "\n"
    "    job clicks.sql\n"
    "    test clicks are counted by user\n"
    "      given clicks\n"
    "        | user | ts                  |\n"
    "        | ann  | 2024-01-01 00:00:01 |\n"
    "      advance 10 s\n"
    "      expect counts\n"
    "        | user | n |\n"
    "        | ann  | 1 |\n"
    "\n"
    "The job's own connectors are not touched: its sources give the rows of the test, its sinks hand theirs to it.\n"
    "\n"
    "Exit status: 0 all passed; 1 a test failed; 2 wrong usage; 3 a file is not in the format; 4 it cannot be read.";

const cli_command cli_commands[] = {
    {"run", "FILE... | - | -e SQL", "run scripts of Flink SQL in this process", run_text, run_examples, cli_run_options, cli_run},
    {"sql", "[FILE...]", "an interactive shell", sql_text, sql_examples, cli_sql_options, cli_sql},
    {"test", "FILE...", "test jobs: given rows, a virtual clock, expected rows", test_text, test_examples, cli_test_options, cli_test},
    {"explain", "FILE... | - | -e SQL", "show how the queries of a script would be run",
     "SET and CREATE statements are carried out, queries and INSERTs are shown instead of being run.", explain_examples,
     cli_explain_options, cli_explain},
    {"schema", "FILE", "guess the CREATE TABLE of a csv, json or parquet file",
     "A folder or a pattern is guessed from its first file, which is named; all must be of one kind. Columns that the first line of a csv\n"
     "file gives no name are called c1, c2, ...; a name that stands there twice gets a number. Digits with leading zeros stay texts.",
     schema_examples, cli_schema_options, cli_schema},
    {"functions", "[NAME]", "list the functions, or explain one", NULL, functions_examples, cli_functions_options, cli_functions},
    {"options", "[WORD]", "list the options that SET and --set know", NULL, options_examples, cli_options_options, cli_options},
    {"version", "", "say which version this is", NULL, NULL, NULL, cli_version},
    {"help", "[COMMAND]", "explain the commands", NULL, help_examples, cli_help_options, cli_help},
    {NULL, NULL, NULL, NULL, NULL, NULL, NULL},
};

const cli_command *cli_command_find(const char *name) {
    for (const cli_command *command = cli_commands; command->name != NULL; command++)
        if (strcmp(command->name, name) == 0)
            return command;
    return NULL;
}

static int unknown_command(cli *self, const char *name) {
    weir_text names[16];
    size_t count = 0;
    for (const cli_command *command = cli_commands; command->name != NULL && count < 16; command++)
        names[count++] = weir_text_of(command->name);
    int nearest = weir_text_nearest(weir_text_of(name), names, count);
    if (strchr(name, '.') != NULL)
        return cli_usage(self, "there is no command '%s'; to run a script: weir run %s", name, name);
    if (nearest >= 0)
        return cli_usage(self, "there is no command '%s'; did you mean `weir %s`?", name, names[nearest].data);
    return cli_usage(self, "there is no command '%s'; the commands are run, sql, test, explain, schema, functions, options, version, help",
                     name);
}

int cli_main(cli *self, int argc, char **argv) {
    if (argc < 2) {
        cli_help(self, &(cli_arguments){0});
        return CLI_USAGE;
    }
    const char *name = argv[1];
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
        name = "help";
    else if (strcmp(name, "--version") == 0)
        name = "version";
    const cli_command *command = cli_command_find(name);
    if (command == NULL)
        return unknown_command(self, name);
    cli_arguments arguments;
    int status;
    if (cli_arguments_parse(self, command, argc - 2, argv + 2, &arguments, &status))
        status = command->run(self, &arguments);
    weir_arena_deinit(&arguments.arena);
    return status;
}
