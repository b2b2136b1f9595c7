/* Engines: where a job runs. One folder per engine; `weir_engines` lists them. Today there is one, this process.
 *
 * A session hands an engine a bound plan; the engine checks it, starts it and gives results, figures and progress back. Nothing is started
 * when `check` or `submit` refuse. Threads: a job belongs to the thread that submitted it, except cancel, progress and state, which may be
 * called from any.
 */
#ifndef WEIR_ENGINE_ENGINE_H
#define WEIR_ENGINE_ENGINE_H

#include "plan/planner.h"
#include "runtime/job.h"

typedef struct weir_engine weir_engine;

/* A job that was handed over. Implementations embed it as their first member. */
typedef struct weir_engine_job {
    const weir_engine *engine;
    bool only_inserts;   /* of a query: no row of its result is ever taken away or changed */
    weir_memory *memory; /* the job's account, within its limit; until `close` */
} weir_engine_job;

/* What is handed over; everything outlives the job. */
typedef struct weir_engine_request {
    weir_arena *arena;
    const weir_plan *plan; /* bound */
    const weir_plan_settings *settings;
    const weir_job_environment *environment;
} weir_engine_request;

typedef enum weir_engine_stage { WEIR_STAGE_OPTIMIZED, WEIR_STAGE_PHYSICAL } weir_engine_stage;

/* The figures of one step of a running or ended job. */
typedef struct weir_engine_figure {
    const char *name; /* "GroupAggregate[3]" */
    bool is_source, is_sink, is_collector;
    uint64_t rows_in, rows_out, late_rows_dropped, state_bytes;
    int64_t watermark_ms;
    uint64_t kinds[4]; /* of a sink or collector: rows taken, by weir_change */
} weir_engine_figure;

struct weir_engine {
    const char *name; /* "local" */
    const char *summary;
    /* Can it run this? WEIR_UNSUPPORTED names what it cannot. Starts nothing. */
    weir_status (*check)(const weir_engine_request *request, weir_error *error);
    weir_status (*submit)(const weir_engine_request *request, weir_engine_job **out, weir_error *error);
    /* The engine's own view of the plan, as text. */
    weir_status (*explain)(const weir_engine_request *request, weir_engine_stage stage, weir_builder *out, weir_error *error);
    /* Work on the job until there is a result, it has ended (*batch NULL), or `patience_ms` have passed (*batch NULL, *pending). A batch is
     * the caller's and must be gone before the job is closed. */
    weir_status (*next)(weir_engine_job *job, int64_t patience_ms, weir_batch **batch, bool *pending, weir_error *error);
    weir_job_state (*state)(const weir_engine_job *job);
    void (*progress)(const weir_engine_job *job, weir_job_progress *out);
    bool (*figure)(const weir_engine_job *job, uint32_t index, weir_engine_figure *out); /* false: there are no more */
    void (*cancel)(weir_engine_job *job);
    void (*close)(weir_engine_job *job); /* a job that still runs is cancelled */
};

extern const weir_engine *const weir_engines[];      /* ended by NULL */
const weir_engine *weir_engine_find(weir_text name); /* NULL: none */

#endif
