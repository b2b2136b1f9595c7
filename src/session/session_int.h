/* What the files of the session share. */
#ifndef WEIR_SESSION_SESSION_INT_H
#define WEIR_SESSION_SESSION_INT_H

#include "bind/bind.h"
#include "os/random.h"
#include "os/thread.h"
#include "session/session.h"
#include "sql/parser.h"

typedef struct session_setting {
    weir_text key, value;
} session_setting;

/* A job that runs, or ran, behind the script. */
typedef struct session_job {
    char id[33];
    weir_text name;
    int64_t started_ms;
    weir_job_state state;
    weir_answer *answer; /* NULL: it has ended */
} session_job;

struct weir_session {
    weir_session_environment environment;
    weir_memory memory;
    weir_arena arena;
    weir_catalog *catalog;
    weir_list settings;    /* session_setting, in the order of SET */
    weir_list said;        /* remarks made already, NUL-terminated */
    const weir_zone *zone; /* of the setting `zone_name` */
    weir_text zone_name;
    weir_mutex mutex;     /* guards `running`, `behind` */
    weir_answer *running; /* answers with a job, newest first */
    bool has_behind;      /* some of them run behind the script */
    weir_list jobs;       /* session_job, the oldest first */
    _Atomic bool cancelled;
};

struct weir_script {
    weir_session *session;
    weir_text text;
    weir_sql_cursor cursor;
    weir_explain_stage explain;
    weir_answer *set;       /* BEGIN STATEMENT SET was read: the answer that END will run */
    weir_list set_inserts;  /* weir_ast_insert, in its arena */
    weir_position position; /* of the statement last met */
    bool quit;
};

struct weir_answer {
    weir_session *session;
    weir_answer *next_running;
    bool is_running; /* stands in session->running */
    bool behind;
    weir_answer_kind kind;
    const char *statement;
    weir_position position;
    bool is_query, bounded, batch_mode;
    weir_arena arena;
    weir_schema schema;
    uint32_t order_count;
    const weir_sort_key *order;
    /* rows that are there already: SHOW and the like */
    weir_batch *ready;
    weir_memory ready_memory;
    /* a job */
    weir_evaluation evaluation;
    weir_plan plan;
    weir_plan_settings plan_settings;
    weir_job_environment job_environment;
    weir_engine_request request;
    weir_engine_job *job;
    bool ended;
    session_job *record; /* of one that runs behind */
    int64_t started_ns;
};

/* One statement on its way through. */
typedef struct session_statement {
    weir_session *session;
    weir_script *script;
    weir_answer *answer;
    weir_arena *arena; /* the answer's */
    const weir_ast_statement *ast;
} session_statement;

/* ---- session.c ---- */
void session_warn(weir_session *session, const char *message); /* once */
void session_warn_hook(void *session, const char *message);
void session_running_add(weir_session *session, weir_answer *answer);
void session_running_remove(weir_session *session, weir_answer *answer);
/* Work on everything behind the script for about `patience_ms`. */
weir_status session_work_behind(weir_session *session, int64_t patience_ms, weir_error *error) WEIR_MUST_USE;
weir_status session_check_cancelled(const weir_session *session, weir_error *error) WEIR_MUST_USE;

/* ---- setting.c ---- */
const session_setting *session_setting_find(const weir_session *session, weir_text key);
bool session_setting_bool(const weir_session *session, const char *key);
int64_t session_setting_int(const weir_session *session, const char *key);
int64_t session_setting_duration_ms(const weir_session *session, const char *key);
bool session_setting_is(const weir_session *session, const char *key, const char *word);
weir_status session_setting_put(weir_session *session, weir_text key, weir_text value, weir_error *error) WEIR_MUST_USE;
weir_status session_setting_reset(weir_session *session, weir_text key, weir_error *error) WEIR_MUST_USE;
/* What the settings mean for a statement that starts now. */
weir_status session_evaluation(weir_session *session, weir_evaluation *out, weir_error *error) WEIR_MUST_USE;
void session_plan_settings(const weir_session *session, const weir_evaluation *evaluation, weir_plan_settings *out);

/* ---- answer.c ---- */
weir_status answer_create(weir_session *session, weir_answer **out, weir_error *error) WEIR_MUST_USE;
/* Start the job of answer->plan. */
weir_status answer_start(weir_answer *answer, weir_error *error) WEIR_MUST_USE;

/* ---- jobs.c ---- */
weir_status session_job_add(weir_answer *answer, weir_error *error) WEIR_MUST_USE;
void session_job_ended(weir_answer *answer, weir_job_state state);
weir_status statement_show_jobs(session_statement *statement, weir_error *error) WEIR_MUST_USE;
weir_status statement_describe_job(session_statement *statement, weir_error *error) WEIR_MUST_USE;
weir_status statement_stop_job(session_statement *statement, weir_error *error) WEIR_MUST_USE;

/* ---- rows.c: result sets that the session makes itself ---- */
typedef struct rows_builder {
    weir_answer *answer;
    uint32_t column_count;
    weir_list rows; /* weir_value[column_count] */
} rows_builder;
/* `names` ended by NULL; a name that begins with '?' is a BOOLEAN column called by the rest. */
weir_status rows_begin(rows_builder *rows, weir_answer *answer, const char *const *names, weir_error *error) WEIR_MUST_USE;
/* Texts in the order of the text columns; data NULL is NULL. For BOOLEAN columns: "true" or not. */
weir_status rows_add(rows_builder *rows, const weir_text *texts, weir_error *error) WEIR_MUST_USE;
weir_status rows_end(rows_builder *rows, weir_error *error) WEIR_MUST_USE;
weir_status rows_single(weir_answer *answer, const char *name, weir_text text, weir_error *error) WEIR_MUST_USE;

/* ---- one file per family of statements ---- */
void session_bind_context(session_statement *statement, weir_bind_context *out); /* query.c */
weir_status session_prepare(session_statement *statement,
                            weir_error *error) WEIR_MUST_USE; /* evaluation and settings of the answer; query.c */
weir_status statement_query(session_statement *statement, const weir_ast_query *query, weir_error *error) WEIR_MUST_USE;
weir_status statement_inserts(session_statement *statement, const weir_ast_insert *const *inserts, size_t count,
                              weir_error *error) WEIR_MUST_USE;                                 /* insert.c */
weir_status statement_set_block(session_statement *statement, weir_error *error) WEIR_MUST_USE; /* statement_set.c */
weir_status statement_set_begin(session_statement *statement, weir_error *error) WEIR_MUST_USE;
weir_status statement_set_add(session_statement *statement, weir_error *error) WEIR_MUST_USE;
weir_status statement_explain(session_statement *statement, weir_error *error) WEIR_MUST_USE; /* explain.c */
/* The plan of this stage as the answer's rows; answer->plan is bound. */
weir_status statement_explain_stage(session_statement *statement, weir_error *error) WEIR_MUST_USE;
weir_status statement_create_table(session_statement *statement, weir_error *error) WEIR_MUST_USE; /* ddl.c */
weir_status statement_create_view(session_statement *statement, weir_error *error) WEIR_MUST_USE;
weir_status statement_create_database(session_statement *statement, weir_error *error) WEIR_MUST_USE;
weir_status statement_create_catalog(session_statement *statement, weir_error *error) WEIR_MUST_USE;
weir_status statement_create_function(session_statement *statement, weir_error *error) WEIR_MUST_USE;
weir_status statement_drop(session_statement *statement, weir_error *error) WEIR_MUST_USE;
weir_status statement_alter(session_statement *statement, weir_error *error) WEIR_MUST_USE; /* alter.c */
weir_status statement_set(session_statement *statement, weir_error *error) WEIR_MUST_USE;   /* set.c */
weir_status statement_reset(session_statement *statement, weir_error *error) WEIR_MUST_USE;
weir_status statement_use(session_statement *statement, weir_error *error) WEIR_MUST_USE;
weir_status statement_use_catalog(session_statement *statement, weir_error *error) WEIR_MUST_USE;
weir_status statement_use_modules(session_statement *statement, weir_error *error) WEIR_MUST_USE;
weir_status statement_show(session_statement *statement, weir_error *error) WEIR_MUST_USE;        /* show.c */
weir_status statement_show_create(session_statement *statement, weir_error *error) WEIR_MUST_USE; /* show_create.c */
weir_status statement_describe(session_statement *statement, weir_error *error) WEIR_MUST_USE;    /* describe.c */
/* The rows that DESCRIBE and SHOW COLUMNS have in common; `keep` may be NULL. */
weir_status describe_columns(session_statement *statement, const weir_ast_name *name, const weir_ast_show *like,
                             weir_error *error) WEIR_MUST_USE;
bool show_matches(const weir_ast_show *show, weir_text name);
/* A table or view by name, or Flink's error with its position. */
weir_status statement_find_table(session_statement *statement, const weir_ast_name *name, const weir_table **out,
                                 weir_error *error) WEIR_MUST_USE;

#endif
