/* One vertex at run time: opening and closing, one step with what is queued, sources, and how batches travel to the consumers. */
#include <string.h>

#include "runtime/job_int.h"

bool job_queue_put(weir_job *job, job_queue *queue, weir_batch *batch) {
    if (queue->count == queue->capacity) {
        uint32_t capacity = queue->capacity == 0 ? 8 : queue->capacity * 2;
        weir_batch **ring = weir_memory_alloc(&job->memory, capacity * sizeof *ring);
        if (ring == NULL) {
            weir_batch_destroy(batch);
            return false;
        }
        for (uint32_t i = 0; i < queue->count; i++)
            ring[i] = queue->batches[(queue->head + i) % queue->capacity];
        weir_memory_free(&job->memory, queue->batches, queue->capacity * sizeof *ring);
        queue->batches = ring;
        queue->head = 0;
        queue->capacity = capacity;
    }
    queue->batches[(queue->head + queue->count++) % queue->capacity] = batch;
    return true;
}

weir_batch *job_queue_take(job_queue *queue) {
    if (queue->count == 0)
        return NULL;
    weir_batch *batch = queue->batches[queue->head];
    queue->head = (queue->head + 1) % queue->capacity;
    queue->count--;
    return batch;
}

static weir_status operator_open(weir_job *job, job_vertex *vertex, weir_error *error) {
    vertex->context = (weir_operator_context){.arena = &job->arena,
                                              .memory = &vertex->memory,
                                              .evaluation = &job->evaluation,
                                              .settings = &job->settings,
                                              .name = vertex->plan->name,
                                              .metrics = &vertex->metrics};
    WEIR_TRY(vertex->plan->as.op.vtable->open(vertex->plan->as.op.spec, &vertex->context, &vertex->op, error));
    if (vertex->op->vtable->next_tick_ms != NULL)
        job->has_ticks = true;
    return WEIR_OK;
}

weir_status job_vertex_open(weir_job *job, job_vertex *vertex, weir_error *error) {
    weir_memory_init(&vertex->memory, &job->memory, vertex->plan->name, SIZE_MAX);
    atomic_init(&vertex->metrics.watermark_ms, WEIR_WATERMARK_NONE);
    switch (vertex->plan->kind) {
    case WEIR_VERTEX_OPERATOR: return operator_open(job, vertex, error);
    case WEIR_VERTEX_SOURCE:
        return vertex->plan->as.source.connector->source->open(&job->connect, vertex->plan->as.source.spec, &vertex->source, error);
    case WEIR_VERTEX_SINK:
        return vertex->plan->as.sink.connector->sink->open(&job->connect, vertex->plan->as.sink.spec, &vertex->sink, error);
    case WEIR_VERTEX_VALUES:
    case WEIR_VERTEX_COLLECT: return WEIR_OK;
    }
    return weir_fail(error, WEIR_INTERNAL, "vertex of unknown kind");
}

static void queue_clear(weir_job *job, job_queue *queue) {
    weir_batch *batch;
    while ((batch = job_queue_take(queue)) != NULL)
        weir_batch_destroy(batch);
    weir_memory_free(&job->memory, queue->batches, queue->capacity * sizeof *queue->batches);
    queue->batches = NULL;
    queue->capacity = 0;
}

void job_vertex_close(weir_job *job, job_vertex *vertex) {
    for (uint32_t i = 0; i < vertex->output.count; i++)
        weir_batch_destroy(vertex->output.batches[i]);
    vertex->output.count = 0;
    for (uint32_t i = 0; i < vertex->input_count; i++)
        queue_clear(job, &vertex->inputs[i]);
    if (vertex->op != NULL)
        vertex->op->vtable->close(vertex->op);
    if (vertex->source != NULL)
        vertex->plan->as.source.connector->source->close(vertex->source);
    if (vertex->sink != NULL)
        vertex->plan->as.sink.connector->sink->close(vertex->sink);
    vertex->op = NULL;
    vertex->source = NULL;
    vertex->sink = NULL;
}

static void count_out(job_vertex *vertex, const weir_batch *batch) {
    atomic_fetch_add_explicit(&vertex->metrics.rows_out, batch->selected, memory_order_relaxed);
    if (batch->mark_count > 0)
        atomic_store_explicit(&vertex->metrics.watermark_ms, batch->marks[batch->mark_count - 1].watermark_ms, memory_order_relaxed);
}

/* Hand a batch to every consumer that still wants it; the last one gets the batch itself, the others share its columns. */
static weir_status batch_send(weir_job *job, job_vertex *vertex, weir_batch *batch, weir_error *error) {
    count_out(vertex, batch);
    if (batch->mark_count > 0 && batch->marks[batch->mark_count - 1].watermark_ms == WEIR_WATERMARK_END)
        vertex->sent_end_mark = true;
    uint32_t last = UINT32_MAX;
    for (uint32_t i = 0; i < vertex->consumer_count; i++)
        if (!job->vertices[vertex->consumers[i]].inputs[vertex->consumer_inputs[i]].unwanted)
            last = i;
    for (uint32_t i = 0; i < vertex->consumer_count; i++) {
        job_queue *queue = &job->vertices[vertex->consumers[i]].inputs[vertex->consumer_inputs[i]];
        if (queue->unwanted)
            continue;
        weir_batch *copy = i == last ? batch : weir_batch_share(batch);
        if (copy == NULL || !job_queue_put(job, queue, copy)) {
            if (i != last)
                weir_batch_destroy(batch);
            return weir_fail_memory(error, "a queue between operators", sizeof *batch);
        }
    }
    if (last == UINT32_MAX)
        weir_batch_destroy(batch);
    return WEIR_OK;
}

static weir_status output_drain(weir_job *job, job_vertex *vertex, weir_error *error) {
    weir_status status = WEIR_OK;
    for (uint32_t i = 0; i < vertex->output.count; i++) {
        if (status == WEIR_OK)
            status = batch_send(job, vertex, vertex->output.batches[i], error);
        else
            weir_batch_destroy(vertex->output.batches[i]);
    }
    vertex->output.count = 0;
    return status;
}

/* Nobody downstream wants more: stop reading, and say so upstream. */
static bool all_unwanted(const weir_job *job, const job_vertex *vertex) {
    for (uint32_t i = 0; i < vertex->consumer_count; i++)
        if (!job->vertices[vertex->consumers[i]].inputs[vertex->consumer_inputs[i]].unwanted)
            return false;
    return vertex->consumer_count > 0;
}

static void stop_upstream(weir_job *job, job_vertex *vertex) {
    for (uint32_t i = 0; i < vertex->input_count; i++) {
        job_queue *queue = &vertex->inputs[i];
        queue->unwanted = true;
        weir_batch *batch;
        while ((batch = job_queue_take(queue)) != NULL)
            weir_batch_destroy(batch);
        job_vertex *from = &job->vertices[vertex->plan->inputs[i].from];
        if (!from->done && all_unwanted(job, from)) {
            from->done = true;
            stop_upstream(job, from);
        }
    }
}

/* The vertex has said all it has to say: the END mark when it has not been sent, then the end itself. */
static weir_status vertex_finish(weir_job *job, job_vertex *vertex, weir_error *error) {
    if (!vertex->sent_end_mark && vertex->consumer_count > 0) {
        weir_batch *end = weir_batch_create(&job->memory, 0);
        if (end == NULL || !weir_batch_add_mark(end, 0, WEIR_WATERMARK_END)) {
            weir_batch_destroy(end);
            return weir_fail_memory(error, "the end of a stream", sizeof *end);
        }
        WEIR_TRY(batch_send(job, vertex, end, error));
    }
    vertex->done = true;
    for (uint32_t i = 0; i < vertex->consumer_count; i++)
        job->vertices[vertex->consumers[i]].inputs[vertex->consumer_inputs[i]].ended = true;
    return WEIR_OK;
}

static weir_status after_step(weir_job *job, job_vertex *vertex, weir_step step, weir_error *error) {
    WEIR_TRY(output_drain(job, vertex, error));
    vertex->blocked = step == WEIR_STEP_BLOCKED;
    vertex->resumes = step == WEIR_STEP_MORE_OUTPUT || vertex->blocked;
    if (step != WEIR_STEP_DONE)
        return WEIR_OK;
    stop_upstream(job, vertex);
    return vertex_finish(job, vertex, error);
}

static void count_in(job_vertex *vertex, uint32_t input, const weir_batch *batch) {
    atomic_fetch_add_explicit(&vertex->metrics.rows_in, batch->selected, memory_order_relaxed);
    vertex->inputs[input].rows += batch->selected;
    if (batch->mark_count > 0)
        vertex->inputs[input].watermark_ms = batch->marks[batch->mark_count - 1].watermark_ms;
}

/* Which queue to take from now; UINT32_MAX: nothing to take. */
static uint32_t ready_input(const job_vertex *vertex) {
    if (vertex->plan->kind == WEIR_VERTEX_OPERATOR && vertex->op->vtable->input_count == 2) {
        uint32_t preferred = job_preferred_input(vertex);
        return vertex->inputs[preferred].count > 0 ? preferred : UINT32_MAX;
    }
    for (uint32_t i = 0; i < vertex->input_count; i++)
        if (vertex->inputs[i].count > 0)
            return i;
    return UINT32_MAX;
}

/* How many rows of each kind a sink or the collector has taken. */
static void count_kinds(job_vertex *vertex, const weir_batch *batch) {
    uint64_t counts[4] = {0};
    weir_rows rows = weir_batch_rows(batch);
    if (batch->kinds == NULL)
        counts[WEIR_INSERT] = rows.count;
    else
        WEIR_FOR_ROWS(&rows, row, { counts[batch->kinds[row] & 3]++; });
    for (int kind = 0; kind < 4; kind++)
        if (counts[kind] > 0)
            atomic_fetch_add_explicit(&vertex->metrics.kinds[kind], counts[kind], memory_order_relaxed);
}

static weir_status collect_batch(weir_job *job, uint32_t number, weir_batch *batch, weir_error *error) {
    count_out(&job->vertices[number], batch);
    count_kinds(&job->vertices[number], batch);
    if (batch->selected == 0) {
        weir_batch_destroy(batch);
        return WEIR_OK;
    }
    return job_queue_put(job, &job->results, batch) ? WEIR_OK : weir_fail_memory(error, "a result", sizeof *batch);
}

static weir_status sink_batch(job_vertex *vertex, weir_batch *batch, weir_error *error) {
    count_out(vertex, batch);
    count_kinds(vertex, batch);
    weir_status status = batch->selected == 0 ? WEIR_OK : vertex->plan->as.sink.connector->sink->write(vertex->sink, batch, error);
    weir_batch_destroy(batch);
    return status;
}

/* What came out before the failing row still goes on its way. */
static weir_status drain_if_failed(weir_job *job, job_vertex *vertex, weir_status status) {
    if (status == WEIR_OK)
        return WEIR_OK;
    weir_error ignored = {0};
    vertex->done = true;
    return output_drain(job, vertex, &ignored) == WEIR_MEMORY ? WEIR_MEMORY : status;
}

static weir_status consume(weir_job *job, uint32_t number, uint32_t input, weir_error *error) {
    job_vertex *vertex = &job->vertices[number];
    weir_batch *batch = job_queue_take(&vertex->inputs[input]);
    count_in(vertex, input, batch);
    if (vertex->plan->kind == WEIR_VERTEX_COLLECT)
        return collect_batch(job, number, batch, error);
    if (vertex->plan->kind == WEIR_VERTEX_SINK)
        return sink_batch(vertex, batch, error);
    weir_step step = WEIR_STEP_MORE_INPUT;
    WEIR_TRY(drain_if_failed(job, vertex, vertex->op->vtable->process(vertex->op, input, batch, &vertex->output, &step, error)));
    return after_step(job, vertex, step, error);
}

/* An input is empty and has ended: tell the operator once; when all have, the vertex is finished. */
static weir_status end_inputs(weir_job *job, uint32_t number, bool *worked, weir_error *error) {
    job_vertex *vertex = &job->vertices[number];
    for (uint32_t i = 0; i < vertex->input_count; i++) {
        job_queue *queue = &vertex->inputs[i];
        if (!queue->ended || queue->count > 0 || queue->delivered_end)
            continue;
        queue->delivered_end = true;
        *worked = true;
        if (vertex->op == NULL || vertex->op->vtable->end_input == NULL)
            continue;
        weir_step step = WEIR_STEP_MORE_INPUT;
        WEIR_TRY(drain_if_failed(job, vertex, vertex->op->vtable->end_input(vertex->op, i, &vertex->output, &step, error)));
        return after_step(job, vertex, step, error);
    }
    for (uint32_t i = 0; i < vertex->input_count; i++)
        if (!vertex->inputs[i].delivered_end)
            return WEIR_OK;
    *worked = true;
    return vertex_finish(job, vertex, error);
}

weir_status job_vertex_step(weir_job *job, uint32_t number, bool *worked, weir_error *error) {
    job_vertex *vertex = &job->vertices[number];
    *worked = false;
    if (vertex->done || vertex->input_count == 0)
        return WEIR_OK;
    if (vertex->resumes) {
        weir_step step = WEIR_STEP_MORE_INPUT;
        WEIR_TRY(drain_if_failed(job, vertex, vertex->op->vtable->resume(vertex->op, &vertex->output, &step, error)));
        *worked = step != WEIR_STEP_BLOCKED || vertex->output.count > 0;
        return after_step(job, vertex, step, error);
    }
    uint32_t input = ready_input(vertex);
    if (input != UINT32_MAX) {
        *worked = true;
        return consume(job, number, input, error);
    }
    return end_inputs(job, number, worked, error);
}

weir_status job_vertex_tick(weir_job *job, uint32_t number, int64_t now_ms, bool *worked, weir_error *error) {
    job_vertex *vertex = &job->vertices[number];
    if (vertex->done || vertex->resumes || vertex->op == NULL || vertex->op->vtable->next_tick_ms == NULL ||
        vertex->op->vtable->next_tick_ms(vertex->op) > now_ms)
        return WEIR_OK;
    *worked = true;
    weir_step step = WEIR_STEP_MORE_INPUT;
    WEIR_TRY(drain_if_failed(job, vertex, vertex->op->vtable->tick(vertex->op, now_ms, &vertex->output, &step, error)));
    return after_step(job, vertex, step, error);
}

/* The next rows of a VALUES vertex as a batch. */
static weir_status values_step(weir_job *job, job_vertex *vertex, weir_error *error) {
    const weir_vertex *plan = vertex->plan;
    uint32_t left = plan->as.values.row_count - vertex->values_at;
    uint32_t rows = left < job->settings.batch_rows ? left : job->settings.batch_rows;
    if (rows == 0)
        return vertex_finish(job, vertex, error);
    weir_batch *batch = weir_batch_create_typed(&job->memory, plan->types, plan->column_count, rows);
    if (batch == NULL)
        return weir_fail_memory(error, "VALUES", rows);
    bool failed = false;
    for (uint32_t c = 0; c < plan->column_count; c++) {
        for (uint32_t r = 0; r < rows; r++)
            weir_column_put_value(batch->columns[c], r, &plan->as.values.values[(size_t)(vertex->values_at + r) * plan->column_count + c]);
        failed |= batch->columns[c]->failed;
    }
    if (failed) {
        weir_batch_destroy(batch);
        return weir_fail_memory(error, "VALUES", rows);
    }
    batch->rows = batch->selected = rows;
    vertex->values_at += rows;
    WEIR_TRY(batch_send(job, vertex, batch, error));
    return vertex->values_at == plan->as.values.row_count ? vertex_finish(job, vertex, error) : WEIR_OK;
}

weir_status job_source_step(weir_job *job, uint32_t number, bool *idle, weir_error *error) {
    job_vertex *vertex = &job->vertices[number];
    *idle = false;
    if (vertex->plan->kind == WEIR_VERTEX_VALUES)
        return values_step(job, vertex, error);
    weir_batch *batch = NULL;
    weir_source_state state = WEIR_SOURCE_BATCH;
    int64_t wake_ms = 0;
    WEIR_TRY(vertex->plan->as.source.connector->source->next(vertex->source, &batch, &state, &wake_ms, error));
    switch (state) {
    case WEIR_SOURCE_BATCH: vertex->wake_ms = 0; return batch_send(job, vertex, batch, error);
    case WEIR_SOURCE_IDLE:
        vertex->wake_ms = wake_ms;
        *idle = true;
        return WEIR_OK;
    case WEIR_SOURCE_DONE: return vertex_finish(job, vertex, error);
    }
    return weir_fail(error, WEIR_INTERNAL, "source in unknown state");
}
