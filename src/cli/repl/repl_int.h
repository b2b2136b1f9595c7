/* What the files of the interactive shell share.
 *
 * One `repl` lives on the stack of cli_sql for as long as the shell. Everything happens on the main thread; the thread of cli_signals only
 * interrupts what the session runs.
 */
#ifndef WEIR_CLI_REPL_REPL_INT_H
#define WEIR_CLI_REPL_REPL_INT_H

#include "cli/run_int.h"

typedef struct repl_line repl_line;

typedef enum repl_expanded { REPL_EXPANDED_AUTO, REPL_EXPANDED_ON, REPL_EXPANDED_OFF } repl_expanded;

typedef struct repl {
    cli *self;
    cli_runner runner;
    repl_line *line;
    weir_builder statement; /* read so far, not complete */
    weir_builder last;      /* the statement before: \e, \p */
    bool timing, quit, warned;
    repl_expanded expanded;
    uint32_t depth;      /* of files within files */
    int to_file;         /* \o: descriptor; -1: the terminal */
    bool prompting;      /* the reader waits for a line: what comes meanwhile must not spoil it */
    bool prompt_spoiled; /* something was written over it */
    bool screen_taken;   /* by the pager or a live table */
    weir_builder late;   /* what was printed meanwhile */
} repl;

/* ---- repl.c ---- */
/* Carry out a text of statements; errors are told. False: one failed. `name` is for messages. */
bool repl_run(repl *self, const char *name, weir_text text);
bool repl_run_file(repl *self, const char *path);

/* ---- meta.c: lines that begin with a backslash ---- */
typedef struct repl_meta {
    const char *name;      /* "\\timing" */
    const char *arguments; /* "[on|off]" */
    const char *help;
    void (*run)(repl *self, weir_text argument);
} repl_meta;
extern const repl_meta repl_metas[]; /* ended by a NULL name */
void repl_meta_run(repl *self, weir_text line);
void repl_help(repl *self); /* HELP */

/* ---- page.c: what is longer than the screen goes through a pager ---- */
typedef struct repl_page {
    repl *self;
    weir_builder kept; /* until it is known to be longer than the screen */
    uint32_t lines, height, width, column;
    bool wide;
    bool passing; /* no pager: straight to the terminal */
    int pipe;     /* to the pager; -1: not started */
    int process;  /* its id */
    bool left;    /* it has ended before us */
} repl_page;
/* From here to the end, standard output goes through the page. */
void repl_page_begin(repl_page *page, repl *self);
void repl_page_end(repl_page *page); /* waits until the reader has left the pager */
/* Run a shell command on the terminal and wait; its exit status, -1: could not be started. */
int repl_shell(const char *command);

/* ---- live.c ---- */
/* An unbounded query as a table that is redrawn in place, until it ends or the user ends it (q, Ctrl-C). */
weir_status repl_live(repl *self, weir_answer *answer, weir_error *error) WEIR_MUST_USE;

/* ---- line.c: the line editor ---- */
typedef enum repl_line_end { REPL_LINE_TEXT, REPL_LINE_INTERRUPTED, REPL_LINE_CLOSED } repl_line_end;
weir_status repl_line_open(repl *self, weir_error *error) WEIR_MUST_USE;
void repl_line_close(repl *self);
/* *text is valid until the next call; without the line's end. */
repl_line_end repl_line_read(repl *self, const char *prompt, weir_text *text);
void repl_line_remember(repl *self, weir_text entry); /* for the arrow keys */

/* ---- wait.c: the prompt's patience ---- */
/* The next byte of standard input, working on what runs behind meanwhile; -1: the end, -2: interrupted. `resized` is called when the screen
 * has changed its size. */
int repl_wait_byte(repl *self, void (*resized)(repl *self), void (*spoiled)(repl *self));

/* ---- history.c: the file of former statements ---- */
void repl_history_load(repl *self);
void repl_history_add(repl *self, weir_text entry);
/* One line of the file: backslashes and line ends are written \\ and \n. */
void repl_history_write(weir_builder *out, weir_text entry);
void repl_history_read(weir_builder *out, weir_text line);

/* ---- complete.c ---- */
typedef struct repl_completion {
    weir_arena arena;
    weir_list words; /* char *, sorted, no word twice */
    size_t start;    /* where the word that is being completed begins */
    bool in_string;
} repl_completion;
/* What may follow `before` (all of the statement up to the cursor); `after` is the rest of it. Give back with deinit. */
void repl_complete(weir_session *session, weir_memory *memory, weir_text before, weir_text after, repl_completion *out);
void repl_completion_deinit(repl_completion *completion);
/* How many bytes all words have in common. */
size_t repl_completion_common(const repl_completion *completion);

#endif
