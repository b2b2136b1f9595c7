/* Which source runs next: start at an unfinished root and walk to the input that it waits for. The rule is the one in job.h; it looks at
 * nothing but the data. */
#include "runtime/job_int.h"

static bool input_open(const job_queue *queue) { return !(queue->ended && queue->count == 0); }

uint32_t job_preferred_input(const job_vertex *vertex) {
    const job_queue *left = &vertex->inputs[0];
    const job_queue *right = &vertex->inputs[1];
    if (!input_open(left) || !input_open(right))
        return input_open(left) ? 0 : 1;
    if (vertex->op->vtable->prefer != NULL)
        return vertex->op->vtable->prefer(vertex->op);
    if (left->watermark_ms != right->watermark_ms)
        return left->watermark_ms < right->watermark_ms ? 0 : 1;
    return left->rows <= right->rows ? 0 : 1;
}

/* The input of any vertex that is to be fed: of a union, the one that is behind. UINT32_MAX: all have ended. */
static uint32_t starving_input(const job_vertex *vertex) {
    if (vertex->plan->kind == WEIR_VERTEX_OPERATOR && vertex->input_count == 2 && vertex->op->vtable->input_count == 2) {
        uint32_t preferred = job_preferred_input(vertex);
        return vertex->inputs[preferred].ended ? UINT32_MAX : preferred;
    }
    uint32_t best = UINT32_MAX;
    for (uint32_t i = 0; i < vertex->input_count; i++) {
        const job_queue *queue = &vertex->inputs[i];
        if (queue->ended)
            continue;
        if (best == UINT32_MAX || queue->watermark_ms < vertex->inputs[best].watermark_ms ||
            (queue->watermark_ms == vertex->inputs[best].watermark_ms && queue->rows < vertex->inputs[best].rows))
            best = i;
    }
    return best;
}

static uint32_t source_for(const weir_job *job, uint32_t number) {
    for (;;) {
        const job_vertex *vertex = &job->vertices[number];
        if (vertex->input_count == 0)
            return vertex->done ? UINT32_MAX : number;
        if (vertex->blocked)
            return UINT32_MAX;
        uint32_t input = starving_input(vertex);
        if (input == UINT32_MAX)
            return UINT32_MAX;
        number = vertex->plan->inputs[input].from;
    }
}

static bool source_ready(const job_vertex *vertex, int64_t now_ms) { return !vertex->done && vertex->wake_ms <= now_ms; }

uint32_t job_demanded_source(weir_job *job, int64_t now_ms, int64_t *wake_ms) {
    *wake_ms = INT64_MAX;
    for (uint32_t k = 0; k < job->vertex_count; k++) {
        uint32_t root = (job->next_root + k) % job->vertex_count;
        const job_vertex *vertex = &job->vertices[root];
        if (vertex->consumer_count > 0 || vertex->done || vertex->input_count == 0)
            continue;
        uint32_t source = source_for(job, root);
        if (source != UINT32_MAX && source_ready(&job->vertices[source], now_ms)) {
            job->next_root = root + 1;
            return source;
        }
    }
    /* What the roots wait for is idle: any other source that has something may go ahead. */
    for (uint32_t i = 0; i < job->vertex_count; i++) {
        const job_vertex *vertex = &job->vertices[i];
        if (vertex->input_count > 0 || vertex->done)
            continue;
        if (source_ready(vertex, now_ms))
            return i;
        if (vertex->wake_ms < *wake_ms)
            *wake_ms = vertex->wake_ms;
    }
    return UINT32_MAX;
}
