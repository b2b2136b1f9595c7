/* Weir as a library: Flink SQL, streaming and batch, in this process.
 *
 *   weir *session;
 *   weir_result *result;
 *   struct ArrowArrayStream rows;
 *   if (weir_open(NULL, &session) == WEIR_CODE_OK && weir_execute(session, "SELECT 1 AS a", &result) == WEIR_CODE_OK) {
 *       weir_result_stream(result, WEIR_STREAM_TABLE, &rows);     // Arrow's C stream interface: hand it to pyarrow, polars, DuckDB, ...
 *       ...
 *       rows.release(&rows);
 *       weir_result_close(result);
 *   }
 *   weir_close(session);
 *
 * Ownership. What a call gives out through a pointer belongs to the caller, who gives it back with the function named beside it. Texts
 * handed in are copied; texts handed out live until the next call with the same handle. Results and streams may be closed in any order,
 * also after weir_close: the session ends when the last of them is gone. Arrow arrays are copies of their own and may be released later
 * still, from any thread.
 *
 * Threads. A session may be used from several threads; calls wait for each other. weir_cancel and weir_progress do not wait: they may be
 * called while another thread is inside weir_execute or is reading a stream. Sessions share nothing and run side by side.
 *
 * Errors. Every call that can fail returns a code; the session keeps what went wrong until its next call (weir_last_*). Nothing ends the
 * process.
 */
#ifndef WEIR_WEIR_H
#define WEIR_WEIR_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define WEIR_API __attribute__((visibility("default")))

typedef struct weir weir;               /* a session: settings, a catalog, what runs */
typedef struct weir_result weir_result; /* what a script gave */

enum {
    WEIR_CODE_OK = 0,
    WEIR_CODE_PARSE = 1,       /* the text is not in the grammar */
    WEIR_CODE_VALIDATE = 2,    /* names, types or options are wrong */
    WEIR_CODE_UNSUPPORTED = 3, /* correct SQL that cannot be run here */
    WEIR_CODE_RUNTIME = 4,     /* failed while running: bad data, a missing file */
    WEIR_CODE_MEMORY = 5,
    WEIR_CODE_CANCELLED = 6,
    WEIR_CODE_USAGE = 7,   /* a call was made wrongly */
    WEIR_CODE_INTERNAL = 8 /* a bug of Weir's */
};

/* Arrow's C data and stream interface, as its specification has them: three structs, nothing to link. */
#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE
#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4
struct ArrowSchema {
    const char *format;
    const char *name;
    const char *metadata;
    int64_t flags;
    int64_t n_children;
    struct ArrowSchema **children;
    struct ArrowSchema *dictionary;
    void (*release)(struct ArrowSchema *);
    void *private_data;
};
struct ArrowArray {
    int64_t length;
    int64_t null_count;
    int64_t offset;
    int64_t n_buffers;
    int64_t n_children;
    const void **buffers;
    struct ArrowArray **children;
    struct ArrowArray *dictionary;
    void (*release)(struct ArrowArray *);
    void *private_data;
};
#endif
#ifndef ARROW_C_STREAM_INTERFACE
#define ARROW_C_STREAM_INTERFACE
struct ArrowArrayStream {
    int (*get_schema)(struct ArrowArrayStream *, struct ArrowSchema *out);
    int (*get_next)(struct ArrowArrayStream *, struct ArrowArray *out);
    const char *(*get_last_error)(struct ArrowArrayStream *);
    void (*release)(struct ArrowArrayStream *);
    void *private_data;
};
#endif

/* "0.1.0" */
WEIR_API const char *weir_version(void);

/* ---- sessions ---- */

/* How to open a session. Set struct_size to sizeof(weir_options) and leave the rest zero for the defaults. */
typedef struct weir_options {
    size_t struct_size;
    uint64_t memory_limit_bytes;                      /* of each job; 0: none */
    uint32_t parallelism;                             /* threads of a job; 0: 1 */
    const char *time_zone;                            /* table.local-time-zone = default; NULL: UTC */
    void (*warn)(void *context, const char *message); /* remarks, each once, on the calling thread; NULL: nobody hears them */
    void *warn_context;
} weir_options;

/* `options` may be NULL. *session is to be closed with weir_close. Without memory *session is NULL. */
WEIR_API int weir_open(const weir_options *options, weir **session);
/* Streams that are still open may be read on; INSERTs that still run end with the session. NULL is fine. */
WEIR_API void weir_close(weir *session);
/* As SET 'key' = 'value'. */
WEIR_API int weir_set(weir *session, const char *key, const char *value);
/* The value that counts: set, else the default; *value is NULL where there is neither. */
WEIR_API int weir_get(weir *session, const char *key, const char **value);

/* ---- statements ---- */

/* Carry out a script: statements with semicolons between them. INSERTs that have an end are finished when this returns, those without one
 * run on whenever the session is used (see weir_wait). The result is that of the last statement; rows of earlier ones are dropped. A SELECT
 * runs while its stream is read. `result` may be NULL: then the last statement runs to its end, too. */
WEIR_API int weir_execute(weir *session, const char *sql, weir_result **result);
/* Does the result have rows (SELECT, SHOW, ...)? */
WEIR_API int weir_result_has_rows(const weir_result *result);
/* Does the query end by itself? 1 for a result without rows. */
WEIR_API int weir_result_is_bounded(const weir_result *result);
/* Is it known that rows are only ever added? 0 where updates may come. 1 for a result without rows. */
WEIR_API int weir_result_is_insert_only(const weir_result *result);
/* The columns, without "op": 0 for a result without rows. Names and types ("DECIMAL(10, 2) NOT NULL", as DESCRIBE would say it) live as
 * long as the result; NULL for an index that is not there. */
WEIR_API uint32_t weir_result_column_count(const weir_result *result);
WEIR_API const char *weir_result_column_name(const weir_result *result, uint32_t index);
WEIR_API const char *weir_result_column_type(const weir_result *result, uint32_t index);
/* The script from the statement whose rows these are to its end; NULL for a result without rows. Lives as long as the result. */
WEIR_API const char *weir_result_statement(const weir_result *result);
/* Rows written by the INSERTs of the script. */
WEIR_API uint64_t weir_result_affected(const weir_result *result);

enum {
    WEIR_STREAM_CHANGES = 1, /* every change, its kind in a last column "op" (int8: 0 insert, 1 update before, 2 update after, 3 delete) */
    WEIR_STREAM_TABLE = 2,   /* what the changes add up to: known when the query has ended, unless rows are only ever added */
    WEIR_STREAM_KEEP = 4     /* keep what is read, so that the result can be streamed again and again */
};
/* The rows as a stream of struct arrays, one child for each column. `flags` are zero or those above; CHANGES and TABLE exclude each other,
 * and with neither a query whose result changes (a streaming query with updates) fails at the first change that is not an insert.
 * Rows can be streamed once, unless the first stream had KEEP; what had updates and was kept as a table cannot be streamed as changes, nor
 * the other way round. get_next returns 0 or an errno; get_last_error says why; the same error is kept by the session. */
WEIR_API int weir_result_stream(weir_result *result, int flags, struct ArrowArrayStream *out);
WEIR_API void weir_result_close(weir_result *result); /* NULL is fine */

/* Work for up to `patience_ms` on INSERTs without an end. Returns OK; *running says whether any still run. */
WEIR_API int weir_wait(weir *session, int64_t patience_ms, int *running);

/* ---- tables from outside ---- */

/* Make `stream` the temporary table `name` (one plain identifier; an earlier table registered under it is replaced). The stream is moved:
 * its release becomes NULL, also when the call fails. It is read when a query first needs it; what was read is kept, so that the table can
 * be read again and again. */
WEIR_API int weir_register_stream(weir *session, const char *name, struct ArrowArrayStream *stream);
/* Drop a table that was registered. Its rows go when no result of the session is open any more and nothing runs (as do those of a table
 * whose place another one took). */
WEIR_API int weir_unregister(weir *session, const char *name);

/* ---- from any thread ---- */

typedef struct weir_figures {
    uint64_t rows_read;
    uint64_t rows_skipped; /* malformed, skipped by option */
    uint64_t bytes_read;
    uint64_t bytes_total; /* 0: not known */
    uint64_t rows_written;
    uint64_t late_rows_dropped;
    int64_t watermark_ms; /* INT64_MIN: none */
    uint64_t memory_bytes;
} weir_figures;

/* The figures of what runs, added up. Returns 1 when anything runs, else 0 (and zeros). */
WEIR_API int weir_progress(weir *session, weir_figures *figures);
/* Stop what runs, within moments: the calls that drive it return WEIR_CODE_CANCELLED. The session can be used further. */
WEIR_API void weir_cancel(weir *session);

/* ---- the last error of a session ---- */

WEIR_API int weir_last_code(const weir *session);
WEIR_API const char *weir_last_message(const weir *session); /* "" when there was none */
WEIR_API const char *weir_last_hint(const weir *session);    /* what to do about it; "" when nothing is known */
WEIR_API const char *weir_last_stage(const weir *session);   /* "parse", "bind", "plan", "run"; "" when it is not known */
WEIR_API uint32_t weir_last_line(const weir *session);       /* in the script, from 1; 0: nowhere in particular */
WEIR_API uint32_t weir_last_column(const weir *session);

#ifdef __cplusplus
}
#endif

#endif
