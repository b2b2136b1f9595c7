/* The run state of a job, shared by job.c (life, driving), vertex.c (one step of one vertex) and demand.c (which source runs next). */
#ifndef WEIR_RUNTIME_JOB_INT_H
#define WEIR_RUNTIME_JOB_INT_H

#include "runtime/job.h"

/* Batches waiting on one edge, in order. Grows as needed: an edge whose consumer waits for a sibling may exceed any bound. */
typedef struct job_queue {
    weir_batch **batches; /* ring */
    uint32_t head;
    uint32_t count;
    uint32_t capacity;
    bool ended;           /* nothing follows what is queued */
    bool delivered_end;   /* the consumer's end_input has been called */
    bool unwanted;        /* the consumer wants no more */
    uint64_t rows;        /* delivered so far, for the choice between inputs */
    int64_t watermark_ms; /* newest mark handed to the consumer */
} job_queue;

typedef struct job_vertex {
    const weir_vertex *plan;
    weir_memory memory;
    weir_operator_context context; /* lives here: the operator keeps a pointer to it */
    weir_operator_metrics metrics;
    uint32_t input_count;
    job_queue *inputs;
    uint32_t consumer_count;
    uint32_t *consumers;       /* vertex numbers ... */
    uint32_t *consumer_inputs; /* ... and which of their inputs */
    weir_operator *op;
    weir_source *source;
    weir_sink *sink;
    uint32_t values_at; /* VALUES: next row */
    int64_t wake_ms;    /* SOURCE: idle until then; 0: ready */
    bool resumes;       /* the operator asked to be resumed ... */
    bool blocked;       /* ... and had nothing to do the last time */
    bool done;          /* consumers have been told */
    bool sent_end_mark;
    weir_output output;
} job_vertex;

struct weir_job {
    const weir_job_graph *graph;
    weir_job_environment environment;
    weir_evaluation evaluation;
    weir_operator_settings settings;
    weir_memory memory;
    weir_arena arena;
    weir_connect_context connect;
    job_vertex *vertices;
    uint32_t vertex_count;
    _Atomic bool cancelled;
    _Atomic int state;  /* weir_job_state */
    uint32_t next_root; /* round robin of demand */
    uint64_t steps;
    bool has_ticks;
    uint32_t current; /* the vertex that is at work */
    /* what has failed, while the rows before it still move on */
    weir_status failed;
    uint32_t failed_vertex;
    weir_error failure;
    /* results: a ring of batches of collectors */
    job_queue results;
};

bool job_queue_put(weir_job *job, job_queue *queue, weir_batch *batch) WEIR_MUST_USE; /* takes the batch over, also on failure */
weir_batch *job_queue_take(job_queue *queue);                                         /* NULL: empty */

weir_status job_vertex_open(weir_job *job, job_vertex *vertex, weir_error *error) WEIR_MUST_USE;
void job_vertex_close(weir_job *job, job_vertex *vertex);
/* Do one step with what is queued: *worked says whether there was anything to do. */
weir_status job_vertex_step(weir_job *job, uint32_t number, bool *worked, weir_error *error) WEIR_MUST_USE;
/* Read one batch from a source. *idle: nothing yet. */
weir_status job_source_step(weir_job *job, uint32_t number, bool *idle, weir_error *error) WEIR_MUST_USE;
/* Processing-time work that is due. */
weir_status job_vertex_tick(weir_job *job, uint32_t number, int64_t now_ms, bool *worked, weir_error *error) WEIR_MUST_USE;

/* Which input a two-input vertex reads next (0 or 1). */
uint32_t job_preferred_input(const job_vertex *vertex);
/* The source that some unfinished root is waiting for; UINT32_MAX: none is ready, all idle until *wake_ms. */
uint32_t job_demanded_source(weir_job *job, int64_t now_ms, int64_t *wake_ms);

#endif
