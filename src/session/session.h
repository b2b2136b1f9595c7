/* A session: settings, a catalog, and what runs for them. It carries statements through the rooms: parse, bind, plan, run.
 *
 *   weir_session_create -> weir_script_open -> weir_script_next ... -> weir_answer_next ... -> weir_answer_close -> weir_script_close ->
 * weir_session_wait
 *
 * A script's statements are carried out one after another, each by a call of weir_script_next. What a statement gives back is an answer:
 * rows to be drawn from it, an INSERT to be driven to its end, or nothing. Every answer owns an arena in which its statement's tree, plan
 * and job live.
 *
 * Threads: one at a time, except weir_session_cancel and weir_session_progress, which may be called from any thread while another works.
 * Errors carry the stage ("parse", "bind", "plan", "run") and a position in the script where there is one.
 */
#ifndef WEIR_SESSION_SESSION_H
#define WEIR_SESSION_SESSION_H

#include "catalog/catalog.h"
#include "column/batch.h"
#include "engine/engine.h"
#include "os/clock.h"
#include "os/file.h"

typedef struct weir_session weir_session;
typedef struct weir_script weir_script;
typedef struct weir_answer weir_answer;

/* What ran, when it has ended; borrowed for the call. */
typedef struct weir_job_report {
    const char *statement;  /* "INSERT", "SELECT", "STATEMENT SET" */
    weir_position position; /* of the statement in its script */
    weir_job_state state;
    int64_t wall_ns;
    weir_job_progress progress;
    const weir_engine_job *job; /* for job->engine->figure */
} weir_job_report;

/* What a session needs from around it. Copied; what it points at outlives the session. */
typedef struct weir_session_environment {
    weir_memory *memory;                                                         /* the parent account */
    size_t memory_limit_bytes;                                                   /* for each job; SIZE_MAX: none */
    const weir_files *files;                                                     /* NULL: the machine's */
    const weir_clock *clock;                                                     /* NULL: the machine's */
    weir_text default_zone;                                                      /* table.local-time-zone = default; empty: UTC */
    uint32_t parallelism;                                                        /* where no setting says it; 0: 1 */
    const weir_engine *engine;                                                   /* NULL: local */
    void (*print)(void *context, bool to_stderr, const char *data, size_t size); /* the connector `print`; NULL: stdout, stderr */
    void *print_context;
    void (*warn)(void *context, const char *message); /* a remark for the user, each text once; may be NULL */
    void *warn_context;
    void (*job_ended)(void *context, const weir_job_report *report); /* may be NULL */
    void *job_ended_context;
    /* A CREATE TABLE is about to be carried out: its definition may be changed (`weir test` puts its own connector in). May be NULL. */
    weir_status (*adapt_table)(void *context, weir_arena *arena, weir_table *table, weir_error *error);
    void *adapt_table_context;
} weir_session_environment;

weir_status weir_session_create(const weir_session_environment *environment, weir_session **out, weir_error *error) WEIR_MUST_USE;
/* Cancels what runs. All answers and scripts must be closed before. NULL is fine. */
void weir_session_destroy(weir_session *session);

/* As SET 'key' = 'value'. */
weir_status weir_session_set(weir_session *session, weir_text key, weir_text value, weir_error *error) WEIR_MUST_USE;
/* The value that counts: set, else the default; data NULL: neither. */
weir_text weir_session_setting(const weir_session *session, const char *key);
weir_catalog *weir_session_catalog(weir_session *session);

/* INSERTs without an end run on behind the script: work on them for up to `patience_ms`. *pending: some still run. */
weir_status weir_session_wait(weir_session *session, int64_t patience_ms, bool *pending, weir_error *error) WEIR_MUST_USE;
/* Stop what runs; calls return WEIR_CANCELLED from now on until the next script is opened. Any thread. */
void weir_session_cancel(weir_session *session);
/* As weir_session_cancel, but what runs behind the script goes on. Any thread. */
void weir_session_interrupt(weir_session *session);
/* How many INSERTs run behind the scripts; SHOW JOBS lists them. */
uint32_t weir_session_jobs_running(const weir_session *session);
/* The figures of everything that runs, added up. False: nothing runs. Any thread. */
bool weir_session_progress(weir_session *session, weir_job_progress *out);

/* ---- scripts ---- */

/* `text` must live until the script is closed. Checks that it is UTF-8 without NUL. */
weir_status weir_script_open(weir_session *session, weir_text text, weir_script **out, weir_error *error) WEIR_MUST_USE;
void weir_script_close(weir_script *script); /* NULL is fine */
/* Carry out the next statement. *out NULL: the script is done. After an error the script may be continued with the next statement. */
weir_status weir_script_next(weir_script *script, weir_answer **out, weir_error *error) WEIR_MUST_USE;

/* Nothing but white space and comments follows. */
bool weir_script_is_done(const weir_script *script);
/* The place of the statement that weir_script_next met last (failed or not). */
weir_position weir_script_position(const weir_script *script);

/* Instead of running queries and INSERTs, answer with their plan of this stage; all other statements are carried out as ever. */
typedef enum weir_explain_stage { WEIR_EXPLAIN_OFF, WEIR_EXPLAIN_BOUND, WEIR_EXPLAIN_OPTIMIZED, WEIR_EXPLAIN_PHYSICAL } weir_explain_stage;
void weir_script_explain(weir_script *script, weir_explain_stage stage);

/* ---- answers ---- */

typedef enum weir_answer_kind {
    WEIR_ANSWER_DONE,      /* carried out; nothing to show */
    WEIR_ANSWER_ROWS,      /* a result set */
    WEIR_ANSWER_AFFECTED,  /* an INSERT: drive it with weir_answer_next until it has ended */
    WEIR_ANSWER_SUBMITTED, /* an INSERT that runs on behind the script: see weir_session_wait */
    WEIR_ANSWER_QUIT,      /* QUIT; the script ends */
} weir_answer_kind;

weir_answer_kind weir_answer_kind_of(const weir_answer *answer);
const char *weir_answer_statement(const weir_answer *answer); /* "CREATE TABLE" */
weir_position weir_answer_position(const weir_answer *answer);
const weir_schema *weir_answer_schema(const weir_answer *answer); /* of ROWS */
bool weir_answer_is_query(const weir_answer *answer);             /* SELECT, rather than SHOW and the like */
bool weir_answer_is_bounded(const weir_answer *answer);           /* it ends by itself */
bool weir_answer_is_batch(const weir_answer *answer);             /* batch mode: only +I */
bool weir_answer_only_inserts(const weir_answer *answer);         /* no row is ever taken away or changed */
const char *weir_answer_job_id(const weir_answer *answer);        /* of SUBMITTED; NULL: it has ended already */
/* Work until there are rows, the end (*batch NULL), or `patience_ms` (INT64_MAX: any) have passed (*batch NULL, *pending). A batch is the
 * caller's, and must be destroyed before the answer is closed. INSERTs behind the script are worked on in between. */
weir_status weir_answer_next(weir_answer *answer, int64_t patience_ms, weir_batch **batch, bool *pending, weir_error *error) WEIR_MUST_USE;
/* The order that the query asked for at its outermost level, as columns of the result; 0: none, or not by such columns. */
uint32_t weir_answer_order(const weir_answer *answer, const weir_sort_key **keys);
/* Who keeps rows of the answer charges them here, so that they count within the job's limit; until the answer is closed. */
weir_memory *weir_answer_memory(const weir_answer *answer);
const weir_evaluation *weir_answer_evaluation(const weir_answer *answer); /* of a query: its zone and the like */
uint64_t weir_answer_affected(const weir_answer *answer);                 /* rows written so far */
void weir_answer_close(weir_answer *answer);                              /* NULL is fine; a job that still runs is cancelled */

/* ---- options ---- */

typedef enum weir_setting_status {
    WEIR_SETTING_HONOURED,
    WEIR_SETTING_MEANINGLESS, /* Flink knows it; here it changes nothing: said once */
    WEIR_SETTING_REFUSED,     /* any value but the default would change results, and is not there */
} weir_setting_status;
typedef enum weir_setting_type {
    WEIR_SETTING_TEXT,
    WEIR_SETTING_BOOL,
    WEIR_SETTING_INT,
    WEIR_SETTING_DURATION,
    WEIR_SETTING_SIZE,
    WEIR_SETTING_WORD,
} weir_setting_type;
typedef struct weir_setting_info {
    const char *key; /* ends in '*': every key that begins so */
    weir_setting_type type;
    const char *fallback; /* NULL: none */
    const char *words;    /* WORD: "streaming|batch" */
    weir_setting_status status;
    const char *summary; /* what it does, or why it does nothing */
} weir_setting_info;
extern const weir_setting_info weir_settings[]; /* ended by a NULL key */

#endif
