/* A running job: the run state of a job graph.
 *
 * The caller's thread drives it: weir_job_next works until a result batch is there or the job has ended. Sources may decode on threads of
 * their own. Every choice that the scheduler makes depends only on the data: the consumers nearest the sinks run first; a two-input
 * operator reads the input with the lower watermark, on a tie the one that has delivered fewer rows, then the left; so the same job over
 * the same files gives the same rows in the same order.
 *
 * When something fails, what came out before the failing row still goes its way to the caller and the sinks (which are aborted then); the
 * error comes after it. Memory running out, and a cancel, end the job at once.
 *
 * Threads: weir_job_cancel, weir_job_state_of, weir_job_progress_of, weir_job_metrics may be called from any thread; all else from one.
 */
#ifndef WEIR_RUNTIME_JOB_H
#define WEIR_RUNTIME_JOB_H

#include "runtime/graph.h"

typedef struct weir_job weir_job;

/* What a job needs from the process around it; texts and pointers outlive the job. */
typedef struct weir_job_environment {
    weir_memory *memory;       /* the process's or session's account */
    size_t memory_limit_bytes; /* --memory; SIZE_MAX: none */
    const weir_files *files;
    const weir_clock *clock;
    weir_evaluation evaluation; /* `cancelled` is set by the job */
    void (*print)(void *context, bool to_stderr, const char *data, size_t size);
    void *print_context;
    void (*warn)(void *context, const char *message);
    void *warn_context;
} weir_job_environment;

typedef enum weir_job_state { WEIR_JOB_RUNNING, WEIR_JOB_FINISHED, WEIR_JOB_FAILED, WEIR_JOB_CANCELLED } weir_job_state;

/* A snapshot of the figures, cheap enough to take ten times a second. */
typedef struct weir_job_progress {
    uint64_t rows_read;    /* from sources */
    uint64_t rows_skipped; /* malformed, skipped by option */
    uint64_t bytes_read;
    uint64_t bytes_total;  /* 0: not known */
    uint64_t rows_written; /* by sinks and the collector */
    uint64_t late_rows_dropped;
    int64_t watermark_ms; /* least of the sources that have one; WEIR_WATERMARK_NONE */
    uint64_t memory_bytes, memory_peak_bytes;
} weir_job_progress;

/* Opens all operators, sources and sinks; nothing has been read or written yet. The graph must outlive the job. */
weir_status weir_job_create(const weir_job_graph *graph, const weir_job_environment *environment, weir_job **out,
                            weir_error *error) WEIR_MUST_USE;
/* The next batch of a COLLECT vertex (the caller's, to be destroyed before the job), or *batch NULL when the job has ended (sinks are
 * committed then). After an error or a cancel (WEIR_CANCELLED) the sinks have been aborted; asked again, an ended job gives *batch NULL. */
weir_status weir_job_next(weir_job *job, weir_batch **batch, weir_error *error) WEIR_MUST_USE;
/* As weir_job_next, but returns with *batch NULL and *pending true when `patience_ms` have passed without a result. */
weir_status weir_job_next_within(weir_job *job, int64_t patience_ms, weir_batch **batch, bool *pending, weir_error *error) WEIR_MUST_USE;
/* The account that everything of the job is charged to, within its limit; until the job is destroyed. */
weir_memory *weir_job_memory(weir_job *job);
void weir_job_cancel(weir_job *job);
weir_job_state weir_job_state_of(const weir_job *job);
void weir_job_progress_of(const weir_job *job, weir_job_progress *out);
/* Figures of one vertex, for --stats and the running plan. */
const weir_operator_metrics *weir_job_metrics(const weir_job *job, uint32_t vertex);
void weir_job_destroy(weir_job *job);

#endif
