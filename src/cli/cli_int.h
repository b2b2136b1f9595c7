/* What the files of the command line share.
 *
 * Exit statuses: 0 good, 1 a test failed (or a bug of ours), 2 wrong usage, 3 an error in the SQL (parse, names, types, not supported),
 * 4 an error at run time (data, files, memory), 130 cancelled. A reader of standard output that leaves early ends the command quietly,
 * with 0.
 */
#ifndef WEIR_CLI_CLI_INT_H
#define WEIR_CLI_CLI_INT_H

#include "expr/program.h"
#include "os/thread.h"
#include "session/collapse.h"

typedef enum cli_exit {
    CLI_GOOD = 0,
    CLI_INTERNAL = 1,
    CLI_FAILED = 1,
    CLI_USAGE = 2,
    CLI_SQL = 3,
    CLI_RUNTIME = 4,
    CLI_CANCELLED = 130
} cli_exit;

/* A standard stream with a buffer; whole lines from any thread. */
typedef struct cli_out {
    int fd;
    bool terminal;
    int failed; /* errno of the first write that failed; EPIPE: the reader left */
    bool told;  /* an error speaks of it */
    weir_builder buffer;
    weir_mutex mutex;
    /* Takes the bytes instead of the descriptor; false: its reader left. NULL: none. */
    bool (*divert)(void *context, const char *data, size_t size);
    void *divert_context;
} cli_out;
void cli_out_init(cli_out *out, weir_memory *memory, int fd);
void cli_out_deinit(cli_out *out);
void cli_out_write(cli_out *out, const char *data, size_t size);
void cli_out_text(cli_out *out, const char *text);
void cli_out_format(cli_out *out, const char *format, ...) WEIR_PRINTF(2, 3);
void cli_out_flush(cli_out *out);
/* The terminal's size; 24 and 80 where it is not known. */
void cli_out_screen(const cli_out *out, uint32_t *height, uint32_t *width);

typedef struct cli {
    weir_memory memory;
    cli_out out, err;
    const weir_clock *clock;
    bool colour; /* on standard error */
} cli;

/* ---- arguments (arguments.c) ---- */

/* One option of a command: feeds parsing, --help, the manual page and the completion. */
typedef struct cli_option {
    const char *name;  /* "--output" */
    char letter;       /* 'o' for -o; 0: none */
    const char *value; /* "FORMAT"; NULL: a flag */
    const char *words; /* "table|json": what is allowed; NULL: anything */
    const char *help;
    bool hidden;
} cli_option;

typedef struct cli_given {
    const cli_option *option;
    const char *value; /* NULL for a flag */
} cli_given;

typedef struct cli_arguments {
    const char *command; /* its name */
    weir_arena arena;
    cli_given *given;
    size_t given_count;
    const char **operands;
    size_t operand_count;
} cli_arguments;

const char *cli_argument(const cli_arguments *arguments, const char *name); /* the last value given; NULL: none */
bool cli_flag(const cli_arguments *arguments, const char *name);

/* ---- commands (commands.c lists them) ---- */

typedef struct cli_command {
    const char *name;
    const char *operands; /* "FILE... | - | -e SQL" */
    const char *summary;
    const char *text;            /* more about it; may be NULL */
    const char *const *examples; /* ended by NULL: a comment line "# ...", then the command line, ... */
    const cli_option *options;   /* ended by a NULL name */
    int (*run)(cli *self, const cli_arguments *arguments);
} cli_command;
extern const cli_command cli_commands[]; /* ended by a NULL name */
const cli_command *cli_command_find(const char *name);

int cli_run(cli *self, const cli_arguments *arguments);
extern const cli_option cli_run_options[];
int cli_sql(cli *self, const cli_arguments *arguments);
extern const cli_option cli_sql_options[];
int cli_test(cli *self, const cli_arguments *arguments);
extern const cli_option cli_test_options[];
int cli_explain(cli *self, const cli_arguments *arguments);
extern const cli_option cli_explain_options[];
int cli_schema(cli *self, const cli_arguments *arguments);
extern const cli_option cli_schema_options[];
int cli_functions(cli *self, const cli_arguments *arguments);
extern const cli_option cli_functions_options[];
int cli_options(cli *self, const cli_arguments *arguments);
extern const cli_option cli_options_options[];
int cli_version(cli *self, const cli_arguments *arguments);
int cli_help(cli *self, const cli_arguments *arguments);
extern const cli_option cli_help_options[];
void cli_help_command(cli *self, const cli_command *command);
/* `weir help --man` and --completion: the manual page and the shell completions, made from the same tables. */
void cli_manual(cli *self);
void cli_completion_bash(cli *self);
void cli_completion_zsh(cli *self);

/* Parse argv for the command; complains about what is wrong and returns false (then *status is the exit status, which is 0 after --help).
 */
bool cli_arguments_parse(cli *self, const cli_command *command, int argc, char **argv, cli_arguments *out, int *status);
int cli_usage(cli *self, const char *format, ...) WEIR_PRINTF(2, 3);

/* The whole program: everything but main's own business with the process. */
int cli_main(cli *self, int argc, char **argv);

/* ---- scripts (script.c) ---- */

typedef struct cli_script {
    const char *name; /* for messages: the path, "-e", "standard input" */
    char *data;
    size_t size, capacity;
} cli_script;
/* Read it (path "-": standard input) and fill in ${NAME} from the --param values. */
weir_status cli_script_read(cli *self, const cli_arguments *arguments, const char *path, cli_script *out, weir_error *error) WEIR_MUST_USE;
weir_status cli_script_text(cli *self, const cli_arguments *arguments, const char *text, cli_script *out, weir_error *error) WEIR_MUST_USE;
void cli_script_free(cli *self, cli_script *script);

/* ---- errors (errors.c) ---- */
int cli_exit_of(weir_status status);
/* On standard error: stage, message, place with a caret, hint. `script` may be NULL. */
void cli_error_tell(cli *self, const cli_script *script, const weir_error *error);
/* The line for --output json, on standard output. */
void cli_error_json(cli *self, const cli_script *script, const weir_error *error);
void cli_remark(cli *self, const char *message);

/* ---- signals (signals.c): SIGINT, SIGTERM and SIGHUP cancel the session once, then end the process ---- */
typedef struct cli_signals {
    weir_thread thread;
    weir_mutex mutex;
    weir_session *session; /* guarded */
    _Atomic bool stop;
    _Atomic bool seen;
    _Atomic bool interactive; /* a shell: Ctrl-C ends what stands in front and nothing else */
    _Atomic bool terminated;  /* SIGTERM or SIGHUP came */
    bool running;
} cli_signals;
weir_status cli_signals_start(cli_signals *signals, weir_error *error) WEIR_MUST_USE;
void cli_signals_watch(cli_signals *signals, weir_session *session); /* NULL: none any more */
void cli_signals_stop(cli_signals *signals);

/* ---- progress (progress.c): one line on a terminal ---- */
typedef struct cli_progress {
    cli *self;
    bool enabled, shown;
    int64_t started_ns, shown_ns;
    int64_t first_watermark_ms;
} cli_progress;
void cli_progress_begin(cli_progress *progress, cli *self, bool enabled);
void cli_progress_show(cli_progress *progress, weir_session *session); /* at most ten times a second */
void cli_progress_clear(cli_progress *progress);

/* ---- figures (stats.c): --stats ---- */
/* `line`: of the statement in its script, 0: not known. */
void cli_stats_text(cli *self, const weir_job_report *report, uint32_t line);
void cli_stats_json(cli *self, const weir_job_report *report, uint32_t line);

/* ---- values as text ---- */
/* As one JSON value, in the form of the acceptance corpus. */
void cli_json_value(weir_builder *out, const weir_column *column, uint32_t row);
void cli_json_string(weir_builder *out, weir_text text); /* with quotes */

/* Columns as CAST(... AS STRING) shows them; NULL stays NULL. */
typedef struct cli_texts {
    weir_arena arena;
    weir_memory *memory;
    weir_program *program;
    uint32_t count;
    const weir_schema *schema;
    weir_column **columns; /* of the last batch */
} cli_texts;
weir_status cli_texts_init(cli_texts *texts, weir_memory *memory, const weir_schema *schema, const weir_evaluation *evaluation,
                           weir_error *error) WEIR_MUST_USE;
weir_status cli_texts_fill(cli_texts *texts, const weir_batch *batch, weir_error *error) WEIR_MUST_USE;
weir_text cli_texts_cell(const cli_texts *texts, uint32_t column, uint32_t row, weir_text null_text);
void cli_texts_clear(cli_texts *texts); /* let go of the last batch's columns */
void cli_texts_deinit(cli_texts *texts);

/* ---- output formats (outputs.c lists them; one file each) ---- */

/* A result on its way out. */
typedef struct cli_show {
    cli *self;
    weir_answer *answer;
    const weir_schema *schema;
    int64_t started_ns;
    uint32_t width_max; /* of a table's column */
    bool quiet;
    cli_progress *progress;
    weir_builder line;
    cli_texts texts;
    weir_collapse *collapse;
    uint64_t rows;
    uint32_t *widths;
    weir_batch **held; /* the first rows, while the widths are not known; from the memory of `self` */
    size_t held_count, held_capacity;
    bool streaming;
    uint32_t live_lines;   /* of the live table on the screen */
    uint32_t screen_cells; /* lines are cut to this width; 0: they are not */
    int64_t live_ns;
} cli_show;

typedef struct cli_output {
    const char *name;
    const char *summary;
    weir_status (*begin)(cli_show *show, weir_error *error);
    weir_status (*batch)(cli_show *show, const weir_batch *batch, weir_error *error);
    weir_status (*pending)(cli_show *show, weir_error *error); /* nothing for the moment; may be NULL */
    weir_status (*end)(cli_show *show, weir_error *error);
    void (*close)(cli_show *show); /* after `end` or an error; may be NULL */
} cli_output;
extern const cli_output *const cli_outputs[]; /* ended by NULL */
const cli_output *cli_output_find(const char *name);
/* The rows can go out as they come: none is taken back, and no order is left to be made. */
bool cli_answer_streams(const weir_answer *answer);
extern const cli_output cli_output_json, cli_output_table, cli_output_rows, cli_output_live, cli_output_changelog, cli_output_csv,
    cli_output_vertical;

/* One table (output_table.c): its columns' widths, from their names, from batches whose texts are filled in, cut in the end to what a cell
 * may have; a line of it, or the one of the names (`rows` NULL); how many rows it had, and how long it took. */
void cli_table_widths_begin(cli_show *show);
void cli_table_widths_add(cli_show *show, const weir_batch *batch);
void cli_table_widths_end(cli_show *show);
void cli_table_row(cli_show *show, const weir_batch *rows, uint32_t row);
void cli_table_summary(cli_show *show, uint64_t rows);

/* Tables: display width and cutting. */
uint32_t cli_width(weir_text text);
bool cli_aligns_right(const weir_type *type);
void cli_put_cell(weir_builder *out, weir_text text, uint32_t width, bool right);
/* What breaks lines or moves the cursor is shown as a blank. */
void cli_put_clean(weir_builder *out, weir_text text);
void cli_put_rule(weir_builder *out, const uint32_t *widths, uint32_t count);
void cli_group_digits(uint64_t value, char out[32]); /* 1,234,567 */

#endif
