/* The structures behind the handles of include/weir/weir.h.
 *
 * Three lives: the account counts the bytes of exported arrays and is freed with the last array or the session; the session lives until it
 * is closed and the last result and stream are gone; a result lives until its handle and its stream are gone. All counts are atomic: arrays
 * and streams may be released on any thread.
 */
#ifndef WEIR_API_API_INT_H
#define WEIR_API_API_INT_H

#include "column/arrow.h"
#include "connect/arrow_table.h"
#include "os/thread.h"
#include "session/collapse.h"
#include "weir/weir.h"

typedef struct api_account {
    weir_memory memory;          /* pays for all handles and arrays */
    _Atomic uint64_t references; /* the session, and every exported array */
} api_account;
void api_account_ref(api_account *account);
void api_account_unref(api_account *account);

typedef struct api_table {
    struct api_table *next;
    weir_arrow_table *table;
    bool retired; /* in no catalog any more */
} api_table;

struct weir {
    api_account *account;
    weir_session *session;
    weir_mutex mutex; /* one call at a time; see api_lock */
    _Atomic pthread_t locker;
    _Atomic bool locked;
    uint32_t lock_depth;
    _Atomic uint64_t references; /* the handle, every result and stream */
    _Atomic uint64_t results;    /* open ones: they may still read a retired table */
    api_table *tables;
    void (*warn)(void *context, const char *message);
    void *warn_context;
    weir_error error;
    uint32_t error_line, error_column; /* in the script */
    weir_builder text;                 /* handed out by weir_get */
};
/* The thread that has the lock may take it again: a stream that it reads may, through somebody's wrapper, be one of the session's own. */
void api_lock(weir *self);
void api_unlock(weir *self);
void api_ref(weir *self);
void api_unref(weir *self);

struct weir_result {
    weir *owner;
    _Atomic uint64_t references; /* the handle, the stream */
    char *text;                  /* the script */
    size_t text_bytes;
    weir_script *script;
    weir_arena texts; /* of what follows */
    const char **names, **types;
    const char *statement;
    weir_answer *answer; /* with rows; NULL: none */
    bool streamed;       /* a stream was opened; the first one decides: */
    bool keeps;          /* all that was read is in `batches` */
    bool collapsed;      /* read as a table, which is the only batch */
    bool insert_only;
    bool ended;
    weir_error failure; /* reading failed: everybody is told */
    weir_list batches;  /* weir_batch, listed in `texts` */
    weir_collapse *collapse;
    uint64_t affected;
};
void api_result_unref(weir_result *result);

/* ---- rows.c ---- */
/* What is known about a result that has rows: names, types, whether they change. */
weir_status api_result_describe(weir_result *result, weir_error *error) WEIR_MUST_USE;
/* The index-th batch, borrowed until the next call; *out NULL after the last. A result that does not keep its rows is read forwards only.
 */
weir_status api_result_batch(weir_result *result, size_t index, weir_batch **out, weir_error *error) WEIR_MUST_USE;
void api_result_forget(weir_result *result); /* batches and texts; before the answer goes */

/* ---- register.c ---- */
void api_tables_purge(weir *self); /* retired ones that nobody can be reading */
/* Is this one of the session's own results? */
bool api_stream_is_own(const weir *self, const struct ArrowArrayStream *stream);

/* Take the lock and forget what went wrong before. */
void api_begin(weir *self);
/* Keep what went wrong, with its place in the script; returns the public code. */
int api_fail(weir *self, weir_text script, const weir_error *error);

#endif
