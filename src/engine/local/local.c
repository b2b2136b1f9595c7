/* The engine "local": the runtime in this process. Bound plan -> rewrite rules -> job graph -> job, driven by the caller's thread. */
#include "engine/engines_int.h"

typedef struct local_job {
    weir_engine_job base;
    weir_job_graph graph;
    weir_job *job;
} local_job;

static weir_status plan_graph(const weir_engine_request *request, weir_job_graph *graph, bool *inserts, weir_error *error) {
    weir_plan optimized;
    weir_status status = weir_plan_optimize(request->arena, request->plan, request->settings, &optimized, error);
    if (status == WEIR_OK)
        status = weir_plan_physical(request->arena, &optimized, request->settings, graph, error);
    if (status != WEIR_OK)
        weir_error_stage(error, "plan");
    else
        *inserts = weir_plan_only_inserts(&optimized);
    return status;
}

static weir_status local_check(const weir_engine_request *request, weir_error *error) {
    weir_job_graph graph;
    bool inserts;
    return plan_graph(request, &graph, &inserts, error);
}

static weir_status local_submit(const weir_engine_request *request, weir_engine_job **out, weir_error *error) {
    local_job *self = WEIR_ARENA_NEW(request->arena, local_job);
    if (self == NULL)
        return weir_fail_memory(error, "a job", sizeof *self);
    self->base.engine = &weir_engine_local;
    WEIR_TRY(plan_graph(request, &self->graph, &self->base.only_inserts, error));
    WEIR_TRY(weir_job_create(&self->graph, request->environment, &self->job, error));
    self->base.memory = weir_job_memory(self->job);
    *out = &self->base;
    return WEIR_OK;
}

static weir_status local_explain(const weir_engine_request *request, weir_engine_stage stage, weir_builder *out, weir_error *error) {
    weir_plan optimized;
    weir_status status = weir_plan_optimize(request->arena, request->plan, request->settings, &optimized, error);
    if (status == WEIR_OK && stage == WEIR_STAGE_OPTIMIZED) {
        weir_plan_print(request->arena, &optimized, out);
        weir_plan_print_rules(&optimized, out);
        return WEIR_OK;
    }
    weir_job_graph graph;
    if (status == WEIR_OK)
        status = weir_plan_physical(request->arena, &optimized, request->settings, &graph, error);
    if (status != WEIR_OK) {
        weir_error_stage(error, "plan");
        return status;
    }
    weir_graph_print(request->arena, &graph, out);
    return WEIR_OK;
}

static weir_status local_next(weir_engine_job *job, int64_t patience_ms, weir_batch **batch, bool *pending, weir_error *error) {
    return weir_job_next_within(((local_job *)job)->job, patience_ms, batch, pending, error);
}

static weir_job_state local_state(const weir_engine_job *job) { return weir_job_state_of(((const local_job *)job)->job); }

static void local_progress(const weir_engine_job *job, weir_job_progress *out) { weir_job_progress_of(((const local_job *)job)->job, out); }

static bool local_figure(const weir_engine_job *job, uint32_t index, weir_engine_figure *out) {
    const local_job *self = (const local_job *)job;
    if (index >= self->graph.count)
        return false;
    const weir_vertex *vertex = &self->graph.vertices[index];
    const weir_operator_metrics *metrics = weir_job_metrics(self->job, index);
    *out = (weir_engine_figure){.name = vertex->name,
                                .is_source = vertex->kind == WEIR_VERTEX_SOURCE || vertex->kind == WEIR_VERTEX_VALUES,
                                .is_sink = vertex->kind == WEIR_VERTEX_SINK,
                                .is_collector = vertex->kind == WEIR_VERTEX_COLLECT,
                                .rows_in = atomic_load_explicit(&metrics->rows_in, memory_order_relaxed),
                                .rows_out = atomic_load_explicit(&metrics->rows_out, memory_order_relaxed),
                                .late_rows_dropped = atomic_load_explicit(&metrics->late_rows_dropped, memory_order_relaxed),
                                .state_bytes = atomic_load_explicit(&metrics->state_bytes, memory_order_relaxed),
                                .watermark_ms = atomic_load_explicit(&metrics->watermark_ms, memory_order_relaxed)};
    for (int kind = 0; kind < 4; kind++)
        out->kinds[kind] = atomic_load_explicit(&metrics->kinds[kind], memory_order_relaxed);
    return true;
}

static void local_cancel(weir_engine_job *job) { weir_job_cancel(((local_job *)job)->job); }

static void local_close(weir_engine_job *job) {
    local_job *self = (local_job *)job;
    weir_job_destroy(self->job);
    self->job = NULL;
}

const weir_engine weir_engine_local = {
    .name = "local",
    .summary = "this process",
    .check = local_check,
    .submit = local_submit,
    .explain = local_explain,
    .next = local_next,
    .state = local_state,
    .progress = local_progress,
    .figure = local_figure,
    .cancel = local_cancel,
    .close = local_close,
};
