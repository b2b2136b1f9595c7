/* The shell's own commands: lines that begin with a backslash. One table; \? prints it. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/repl/repl_int.h"

enum { EDITED_BYTES_MAX = 64 << 20 };

static void quit(repl *self, weir_text argument) {
    (void)argument;
    self->quit = true;
}

static void run_format(repl *self, const char *format, weir_text argument) {
    weir_arena arena;
    weir_arena_init(&arena, &self->self->memory);
    weir_text sql = weir_arena_format(&arena, format, WEIR_TEXT_ARGS(argument));
    if (sql.data != NULL)
        repl_run(self, "the command", sql);
    weir_arena_deinit(&arena);
}

static void describe(repl *self, weir_text argument) {
    if (argument.size == 0)
        repl_run(self, "\\d", WEIR_TEXT("SHOW TABLES"));
    else
        run_format(self, "DESCRIBE %.*s", argument);
}

static void tables(repl *self, weir_text argument) {
    if (argument.size == 0)
        repl_run(self, "\\dt", WEIR_TEXT("SHOW TABLES"));
    else
        run_format(self, "SHOW TABLES LIKE '%%%.*s%%'", argument);
}

static void views(repl *self, weir_text argument) {
    (void)argument;
    repl_run(self, "\\dv", WEIR_TEXT("SHOW VIEWS"));
}

static void functions(repl *self, weir_text argument) {
    char name[128];
    const char *operand = name;
    if (argument.size >= sizeof name)
        return;
    memcpy(name, argument.data, argument.size);
    name[argument.size] = '\0';
    repl_page page;
    repl_page_begin(&page, self);
    cli_functions(self->self, &(cli_arguments){.operands = &operand, .operand_count = argument.size > 0});
    repl_page_end(&page);
    cli_out_flush(&self->self->err);
}

static void jobs(repl *self, weir_text argument) {
    (void)argument;
    repl_run(self, "\\jobs", WEIR_TEXT("SHOW JOBS"));
}

static void timing(repl *self, weir_text argument) {
    self->timing = argument.size == 0 ? !self->timing : weir_text_equal_nocase_c(argument, "on");
    cli_out_format(&self->self->out, "Timing is %s.\n", self->timing ? "on" : "off");
}

static void expanded(repl *self, weir_text argument) {
    static const char *const says[] = {"automatic: for rows that are much wider than the screen", "on", "off"};
    if (weir_text_equal_nocase_c(argument, "auto"))
        self->expanded = REPL_EXPANDED_AUTO;
    else if (argument.size == 0)
        self->expanded = self->expanded == REPL_EXPANDED_ON ? REPL_EXPANDED_OFF : REPL_EXPANDED_ON;
    else
        self->expanded = weir_text_equal_nocase_c(argument, "on") ? REPL_EXPANDED_ON : REPL_EXPANDED_OFF;
    cli_out_format(&self->self->out, "One line a column is %s.\n", says[self->expanded]);
}

static void include(repl *self, weir_text argument) {
    weir_arena arena;
    if (argument.size == 0) {
        cli_out_text(&self->self->err, "\\i needs a file: \\i job.sql\n");
        return;
    }
    weir_arena_init(&arena, &self->self->memory);
    weir_text path = weir_arena_text(&arena, argument);
    if (path.data != NULL)
        repl_run_file(self, path.data);
    weir_arena_deinit(&arena);
}

static void output(repl *self, weir_text argument) {
    if (self->to_file >= 0)
        close(self->to_file);
    self->to_file = -1;
    if (argument.size == 0)
        return;
    weir_arena arena;
    weir_arena_init(&arena, &self->self->memory);
    weir_text path = weir_arena_text(&arena, argument);
    if (path.data != NULL)
        self->to_file = open(path.data, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (self->to_file < 0)
        cli_out_format(&self->self->err, "'%.*s' cannot be written: %s\n", WEIR_TEXT_ARGS(argument), strerrordesc_np(errno));
    weir_arena_deinit(&arena);
}

static void print_last(repl *self, weir_text argument) {
    (void)argument;
    cli_out_format(&self->self->out, "%.*s\n", (int)self->last.size, self->last.size > 0 ? self->last.data : "");
}

/* ---- \e ---- */

static const char *editor(void) {
    static const char *const names[] = {"VISUAL", "EDITOR"};
    for (size_t i = 0; i < 2; i++) {
        const char *value = getenv(names[i]); /* tidy: the editor is chosen by the environment everywhere */
        if (value != NULL && value[0] != '\0')
            return value;
    }
    return "vi";
}

/* The text as the editor left it; false: told. */
static bool edit_text(repl *self, weir_text text, cli_script *out) {
    char path[] = "/tmp/weir-XXXXXX.sql", command[512];
    int fd = mkstemps(path, 4);
    bool good = fd >= 0 && (text.size == 0 || write(fd, text.data, text.size) == (ssize_t)text.size);
    if (fd >= 0)
        close(fd);
    weir_builder line;
    weir_builder_init(&line, &self->self->memory, sizeof command);
    weir_builder_format(&line, "%s %s", editor(), path);
    weir_error error = {0};
    if (!good || line.failed || repl_shell(line.data) != 0) {
        cli_out_format(&self->self->err, "The editor '%s' did not end well; set EDITOR to another.\n", editor());
        good = false;
    } else if (weir_files_read_all(weir_files_real(), &self->self->memory, path, EDITED_BYTES_MAX, &out->data, &out->size, &out->capacity,
                                   &error) != WEIR_OK) {
        cli_error_tell(self->self, NULL, &error);
        good = false;
    }
    if (fd >= 0)
        unlink(path);
    weir_builder_deinit(&line);
    return good;
}

static void edit(repl *self, weir_text argument) {
    if (argument.size > 0) {
        char command[4096];
        weir_builder line;
        weir_builder_init(&line, &self->self->memory, sizeof command);
        weir_builder_format(&line, "%s '%.*s'", editor(), WEIR_TEXT_ARGS(argument));
        if (memchr(argument.data, '\'', argument.size) == NULL && !line.failed && repl_shell(line.data) == 0)
            include(self, argument);
        weir_builder_deinit(&line);
        return;
    }
    cli_script edited = {.name = "the editor"};
    if (!edit_text(self, weir_builder_view(&self->last), &edited))
        return;
    weir_text text = weir_text_trim((weir_text){edited.data, edited.size});
    if (text.size > 0) {
        cli_out_format(&self->self->out, "%.*s\n", WEIR_TEXT_ARGS(text));
        repl_history_add(self, text);
        weir_builder_clear(&self->last);
        weir_builder_text(&self->last, text);
        repl_run(self, "the editor", text);
    }
    cli_script_free(self->self, &edited);
}

static void help(repl *self, weir_text argument);

const repl_meta repl_metas[] = {
    {"\\?", "", "this list", help},
    {"\\d", "[TABLE]", "the tables and views, or the columns of one", describe},
    {"\\dt", "[TEXT]", "the tables and views whose names contain TEXT", tables},
    {"\\dv", "", "the views", views},
    {"\\df", "[NAME]", "the functions, or one of them explained", functions},
    {"\\e", "[FILE]", "edit the last statement (or a file) in $EDITOR, then run it", edit},
    {"\\i", "FILE", "run the statements of a file", include},
    {"\\jobs", "", "the INSERTs that run behind (SHOW JOBS; STOP JOB 'id' ends one)", jobs},
    {"\\o", "[FILE]", "results go to this file; without one: to the screen again", output},
    {"\\p", "", "print the last statement", print_last},
    {"\\q", "", "leave (as Ctrl-D, QUIT; and EXIT;)", quit},
    {"\\timing", "[on|off]", "say how long each statement took", timing},
    {"\\x", "[on|off|auto]", "one line a column", expanded},
    {NULL, NULL, NULL, NULL},
};

static void help(repl *self, weir_text argument) {
    (void)argument;
    for (const repl_meta *meta = repl_metas; meta->name != NULL; meta++)
        cli_out_format(&self->self->out, "  %-8s %-14s %s\n", meta->name, meta->arguments, meta->help);
    cli_out_text(&self->self->out, "  A statement ends with a semicolon. Tab completes, the arrow keys bring back former statements,\n"
                                   "  Ctrl-R searches them. Ctrl-C throws a line away and ends a query, Ctrl-D leaves.\n");
}

/* In the words of Flink's client. */
void repl_help(repl *self) {
    static const char *const lines[][2] = {
        {"HELP;", "prints this list"},
        {"QUIT; EXIT;", "leave"},
        {"CLEAR;", "clears the screen"},
        {"SET 'key' = 'value';", "sets an option; SET; lists those that are set"},
        {"RESET 'key';", "an option to its default; RESET; all of them"},
        {"SELECT ...", "runs a query; one without an end is a live table"},
        {"INSERT INTO ...", "writes; one without an end runs behind"},
        {"SHOW JOBS; STOP JOB 'id';", "what runs behind, and its end"},
        {"CREATE, ALTER, DROP, USE", "tables, views, databases, catalogs"},
        {"SHOW, DESCRIBE, EXPLAIN", "what there is, and how a query would be run"},
        {"SOURCE 'file';", "runs the statements of a file"},
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        cli_out_format(&self->self->out, "  %-28s %s\n", lines[i][0], lines[i][1]);
    cli_out_text(&self->self->out, "  \\? lists the commands that begin with a backslash.\n");
}

void repl_meta_run(repl *self, weir_text line) {
    line = weir_text_trim(line);
    while (line.size > 1 && line.data[line.size - 1] == ';')
        line.size--;
    size_t end = 0;
    while (end < line.size && line.data[end] != ' ' && line.data[end] != '\t')
        end++;
    weir_text name = {line.data, end}, names[32];
    size_t count = 0;
    for (const repl_meta *meta = repl_metas; meta->name != NULL; meta++) {
        if (weir_text_equal_c(name, meta->name)) {
            meta->run(self, weir_text_trim((weir_text){line.data + end, line.size - end}));
            cli_out_flush(&self->self->out);
            cli_out_flush(&self->self->err);
            return;
        }
        names[count++] = weir_text_of(meta->name);
    }
    int nearest = weir_text_nearest(name, names, count);
    cli_out_format(&self->self->err, "There is no command %.*s%s%s; \\? lists them.\n", WEIR_TEXT_ARGS(name),
                   nearest >= 0 ? "; did you mean " : "", nearest >= 0 ? names[nearest].data : "");
    cli_out_flush(&self->self->err);
}
