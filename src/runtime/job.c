/* A job's life and the loop that drives it; the rules are in job.h. */
#include "runtime/job.h"

#include <string.h>

#include "runtime/job_int.h"

enum { IDLE_NAP_MS_MAX = 50 };

static weir_status vertices_create(weir_job *job, weir_error *error) {
    const weir_job_graph *graph = job->graph;
    job->vertices = WEIR_ARENA_ARRAY(&job->arena, job_vertex, graph->count);
    if (job->vertices == NULL)
        return weir_fail_memory(error, "a job", graph->count * sizeof *job->vertices);
    job->vertex_count = graph->count;
    for (uint32_t v = 0; v < graph->count; v++) {
        job_vertex *vertex = &job->vertices[v];
        vertex->plan = &graph->vertices[v];
        vertex->input_count = vertex->plan->input_count;
        vertex->inputs = WEIR_ARENA_ARRAY(&job->arena, job_queue, vertex->input_count);
        vertex->consumers = WEIR_ARENA_ARRAY(&job->arena, uint32_t, graph->count * 2);
        vertex->consumer_inputs = WEIR_ARENA_ARRAY(&job->arena, uint32_t, graph->count * 2);
        if (vertex->inputs == NULL || vertex->consumers == NULL || vertex->consumer_inputs == NULL)
            return weir_fail_memory(error, "a job", graph->count);
        for (uint32_t i = 0; i < vertex->input_count; i++) {
            vertex->inputs[i].watermark_ms = WEIR_WATERMARK_NONE;
            job_vertex *from = &job->vertices[vertex->plan->inputs[i].from];
            from->consumers[from->consumer_count] = v;
            from->consumer_inputs[from->consumer_count++] = i;
        }
    }
    return WEIR_OK;
}

static weir_status vertices_open(weir_job *job, weir_error *error) {
    for (uint32_t v = 0; v < job->vertex_count; v++)
        WEIR_TRY(job_vertex_open(job, &job->vertices[v], error));
    return WEIR_OK;
}

weir_status weir_job_create(const weir_job_graph *graph, const weir_job_environment *environment, weir_job **out, weir_error *error) {
    weir_job *job = weir_memory_zalloc(environment->memory, sizeof *job);
    if (job == NULL)
        return weir_fail_memory(error, "a job", sizeof *job);
    job->graph = graph;
    job->environment = *environment;
    job->evaluation = environment->evaluation;
    job->evaluation.cancelled = &job->cancelled;
    job->settings = graph->settings;
    weir_memory_init(&job->memory, environment->memory, "job", environment->memory_limit_bytes);
    weir_arena_init(&job->arena, &job->memory);
    job->connect = (weir_connect_context){.arena = &job->arena,
                                          .memory = &job->memory,
                                          .files = environment->files,
                                          .clock = environment->clock,
                                          .zone = job->evaluation.zone,
                                          .batch_mode = job->settings.batch_mode,
                                          .parallelism = graph->parallelism,
                                          .cancelled = &job->cancelled,
                                          .print = environment->print,
                                          .print_context = environment->print_context,
                                          .warn = environment->warn,
                                          .warn_context = environment->warn_context};
    weir_status status = vertices_create(job, error);
    if (status == WEIR_OK)
        status = vertices_open(job, error);
    if (status != WEIR_OK) {
        weir_error_stage(error, "run");
        weir_job_destroy(job);
        return status;
    }
    *out = job;
    return WEIR_OK;
}

static bool all_done(const weir_job *job) {
    for (uint32_t v = 0; v < job->vertex_count; v++)
        if (job->vertices[v].consumer_count == 0 && !job->vertices[v].done)
            return false;
    return true;
}

/* All sinks have everything: first every one prepares, then every one commits. */
static weir_status sinks_commit(weir_job *job, weir_error *error) {
    for (int phase = 0; phase < 2; phase++)
        for (uint32_t v = 0; v < job->vertex_count; v++) {
            job_vertex *vertex = &job->vertices[v];
            if (vertex->sink == NULL)
                continue;
            const weir_sink_vtable *sink = vertex->plan->as.sink.connector->sink;
            WEIR_TRY(phase == 0 ? sink->prepare(vertex->sink, 1, error) : sink->commit(vertex->sink, 1, error));
        }
    return WEIR_OK;
}

static void sinks_abort(weir_job *job) {
    for (uint32_t v = 0; v < job->vertex_count; v++)
        if (job->vertices[v].sink != NULL)
            job->vertices[v].plan->as.sink.connector->sink->abort(job->vertices[v].sink);
}

static weir_status ticks(weir_job *job, int64_t now_ms, bool *worked, weir_error *error) {
    if (job->has_ticks)
        for (uint32_t v = 0; v < job->vertex_count; v++) {
            job->current = v;
            WEIR_TRY(job_vertex_tick(job, v, now_ms, worked, error));
        }
    return WEIR_OK;
}

/* The clock time at which some operator wants to be ticked. */
static int64_t next_tick_ms(const weir_job *job) {
    int64_t next = INT64_MAX;
    if (job->has_ticks)
        for (uint32_t v = 0; v < job->vertex_count; v++) {
            const job_vertex *vertex = &job->vertices[v];
            if (vertex->done || vertex->op == NULL || vertex->op->vtable->next_tick_ms == NULL)
                continue;
            int64_t at = vertex->op->vtable->next_tick_ms(vertex->op);
            next = at < next ? at : next;
        }
    return next;
}

/* One step of the consumer nearest the sinks that has something to do. */
static weir_status consumers_step(weir_job *job, uint32_t first, bool *worked, weir_error *error) {
    *worked = false;
    for (uint32_t v = job->vertex_count; v-- > first && !*worked;) {
        job->current = v;
        WEIR_TRY(job_vertex_step(job, v, worked, error));
    }
    return WEIR_OK;
}

static bool any_blocked(const weir_job *job) {
    for (uint32_t v = 0; v < job->vertex_count; v++)
        if (job->vertices[v].blocked && !job->vertices[v].done)
            return true;
    return false;
}

/* One round: the consumers nearest the sinks first; when none has work, the source that is waited for. *nap_ms > 0: nothing to do for so
 * long. */
static weir_status round_run(weir_job *job, int64_t *nap_ms, weir_error *error) {
    *nap_ms = 0;
    bool worked = false;
    WEIR_TRY(consumers_step(job, 0, &worked, error));
    if (worked)
        return WEIR_OK;
    int64_t now_ms = weir_clock_wall_ms(job->environment.clock);
    WEIR_TRY(ticks(job, now_ms, &worked, error));
    if (worked)
        return WEIR_OK;
    int64_t wake_ms;
    uint32_t source = job_demanded_source(job, now_ms, &wake_ms);
    if (source != UINT32_MAX) {
        bool idle;
        job->current = source;
        return job_source_step(job, source, &idle, error);
    }
    int64_t tick_ms = next_tick_ms(job);
    wake_ms = tick_ms < wake_ms ? tick_ms : wake_ms;
    *nap_ms = wake_ms == INT64_MAX ? IDLE_NAP_MS_MAX : wake_ms - now_ms;
    if (*nap_ms < 1 || any_blocked(job))
        *nap_ms = 1;
    return WEIR_OK;
}

static weir_status job_stop(weir_job *job, weir_job_state state, weir_status status, weir_error *error) {
    sinks_abort(job);
    atomic_store(&job->state, state);
    weir_error_stage(error, "run");
    return status;
}

/* Something has failed: the first error counts, unless a vertex behind it fails over an earlier row. */
static weir_status failure_note(weir_job *job, weir_status status, weir_error *error) {
    if (status == WEIR_MEMORY || status == WEIR_CANCELLED)
        return job_stop(job, status == WEIR_CANCELLED ? WEIR_JOB_CANCELLED : WEIR_JOB_FAILED, status, error);
    job->failed = status;
    job->failed_vertex = job->current;
    job->failure = error == NULL ? (weir_error){.status = status} : *error;
    weir_error_clear(error);
    return WEIR_OK;
}

/* Move on what came out before the failure; when there is no more, the job stops. */
static weir_status failure_drain(weir_job *job, weir_error *error) {
    bool worked;
    weir_status status = consumers_step(job, job->failed_vertex + 1, &worked, error);
    if (status != WEIR_OK)
        return failure_note(job, status, error);
    if (worked)
        return WEIR_OK;
    if (error != NULL)
        *error = job->failure;
    return job_stop(job, WEIR_JOB_FAILED, job->failed, error);
}

weir_status weir_job_next_within(weir_job *job, int64_t patience_ms, weir_batch **batch, bool *pending, weir_error *error) {
    *batch = NULL;
    *pending = false;
    int64_t deadline_ms = patience_ms == INT64_MAX ? INT64_MAX : weir_clock_monotonic_ms(job->environment.clock) + patience_ms;
    for (;;) {
        if (atomic_load_explicit(&job->cancelled, memory_order_relaxed) && job->state == WEIR_JOB_RUNNING)
            return job_stop(job, WEIR_JOB_CANCELLED, weir_fail(error, WEIR_CANCELLED, "the job was cancelled"), error);
        *batch = job_queue_take(&job->results);
        if (*batch != NULL || job->state != WEIR_JOB_RUNNING)
            return WEIR_OK;
        if (job->failed != WEIR_OK) {
            WEIR_TRY(failure_drain(job, error));
            continue;
        }
        if (all_done(job)) {
            weir_status status = sinks_commit(job, error);
            if (status != WEIR_OK)
                return job_stop(job, WEIR_JOB_FAILED, status, error);
            atomic_store(&job->state, WEIR_JOB_FINISHED);
            return WEIR_OK;
        }
        int64_t nap_ms;
        weir_status status = round_run(job, &nap_ms, error);
        if (status != WEIR_OK) {
            WEIR_TRY(failure_note(job, status, error));
            continue;
        }
        if (nap_ms == 0 && (++job->steps & 15) != 0)
            continue;
        if (deadline_ms != INT64_MAX && weir_clock_monotonic_ms(job->environment.clock) >= deadline_ms && job->results.count == 0) {
            *pending = true;
            return WEIR_OK;
        }
        if (nap_ms > 0)
            weir_clock_sleep_ms(job->environment.clock, nap_ms < IDLE_NAP_MS_MAX ? nap_ms : IDLE_NAP_MS_MAX);
    }
}

weir_status weir_job_next(weir_job *job, weir_batch **batch, weir_error *error) {
    bool pending;
    return weir_job_next_within(job, INT64_MAX, batch, &pending, error);
}

weir_memory *weir_job_memory(weir_job *job) { return &job->memory; }

void weir_job_cancel(weir_job *job) { atomic_store(&job->cancelled, true); }

weir_job_state weir_job_state_of(const weir_job *job) { return (weir_job_state)atomic_load(&job->state); }

void weir_job_progress_of(const weir_job *job, weir_job_progress *out) {
    *out = (weir_job_progress){.watermark_ms = WEIR_WATERMARK_NONE};
    bool total_known = true;
    for (uint32_t v = 0; v < job->vertex_count; v++) {
        const job_vertex *vertex = &job->vertices[v];
        out->late_rows_dropped += atomic_load_explicit(&vertex->metrics.late_rows_dropped, memory_order_relaxed);
        uint64_t rows = atomic_load_explicit(&vertex->metrics.rows_out, memory_order_relaxed);
        if (vertex->plan->kind == WEIR_VERTEX_SINK || vertex->plan->kind == WEIR_VERTEX_COLLECT)
            out->rows_written += rows;
        int64_t watermark = atomic_load_explicit(&vertex->metrics.watermark_ms, memory_order_relaxed);
        if (watermark > out->watermark_ms && watermark != WEIR_WATERMARK_END)
            out->watermark_ms = watermark;
        if (vertex->source == NULL)
            continue;
        weir_source_progress progress = {0};
        vertex->plan->as.source.connector->source->progress(vertex->source, &progress);
        out->rows_read += progress.rows;
        out->rows_skipped += progress.skipped;
        out->bytes_read += progress.bytes_read;
        out->bytes_total += progress.bytes_total;
        total_known = total_known && progress.bytes_total > 0;
    }
    if (!total_known)
        out->bytes_total = 0;
    out->memory_bytes = atomic_load_explicit(&job->memory.used_bytes, memory_order_relaxed);
    out->memory_peak_bytes = atomic_load_explicit(&job->memory.peak_bytes, memory_order_relaxed);
}

const weir_operator_metrics *weir_job_metrics(const weir_job *job, uint32_t vertex) { return &job->vertices[vertex].metrics; }

void weir_job_destroy(weir_job *job) {
    if (job == NULL)
        return;
    weir_memory *memory = job->environment.memory;
    if (weir_job_state_of(job) == WEIR_JOB_RUNNING)
        sinks_abort(job);
    for (uint32_t v = 0; v < job->vertex_count; v++)
        job_vertex_close(job, &job->vertices[v]);
    weir_batch *batch;
    while ((batch = job_queue_take(&job->results)) != NULL)
        weir_batch_destroy(batch);
    weir_memory_free(&job->memory, job->results.batches, job->results.capacity * sizeof *job->results.batches);
    weir_arena_deinit(&job->arena);
    weir_memory_free(memory, job, sizeof *job);
}
