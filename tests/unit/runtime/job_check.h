/* A bench for jobs: sources that follow a script, operators and sinks made by hand that note what happens to them.
 *
 * Every row is one BIGINT. A source's script is a list of steps; a row's value is what the step says, rising by one. The log tells in which
 * order things happened: "s0" a source was asked, "a:7" an operator met the row 7, and so on.
 */
#ifndef WEIR_TESTS_RUNTIME_JOB_CHECK_H
#define WEIR_TESTS_RUNTIME_JOB_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "os/clock.h"
#include "runtime/job.h"

typedef struct bench {
    weir_memory memory;
    weir_clock_virtual clock;
    weir_job_environment environment;
    weir_vertex vertices[16];
    weir_edge edges[16][4];
    weir_job_graph graph;
    weir_job *job;
    char log[4096];
} bench;

static bench *on_bench; /* the log of the test that runs; tests run one after another */

static inline void note(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    size_t size = strlen(on_bench->log);
    if (size > 0 && size + 1 < sizeof on_bench->log)
        on_bench->log[size++] = ' ';
    vsnprintf(on_bench->log + size, sizeof on_bench->log - size, format, arguments);
    va_end(arguments);
}

static const weir_type *const *row_types(void) {
    static const weir_type *types[1];
    types[0] = weir_type_simple(WEIR_KIND_BIGINT, true);
    return types;
}

/* ---- sources ---- */

typedef struct source_step {
    int64_t first;
    uint32_t rows;
    int64_t watermark_ms; /* after the rows; 0: none */
    int64_t idle_ms;      /* > 0: nothing until so long from now */
    bool fails;
} source_step;

typedef struct source_spec {
    weir_scan_spec base;
    const char *name;
    const source_step *steps;
    uint32_t step_count;
    bool quiet;             /* not in the log */
    uint32_t asked, closed; /* what happened */
} source_spec;

struct weir_source {
    const weir_connect_context *context;
    source_spec *spec;
    uint32_t at;
    int64_t idle_until_ms;
};

static weir_status source_open(const weir_connect_context *context, const weir_scan_spec *spec, weir_source **out, weir_error *error) {
    weir_source *source = weir_memory_zalloc(context->memory, sizeof *source);
    if (source == NULL)
        return weir_fail_memory(error, "a source", sizeof *source);
    source->context = context;
    source->spec = (source_spec *)(uintptr_t)spec;
    *out = source;
    return WEIR_OK;
}

static weir_batch *rows_make(weir_memory *memory, int64_t first, uint32_t rows) {
    weir_batch *batch = weir_batch_create_typed(memory, row_types(), 1, rows);
    if (batch == NULL)
        return NULL;
    for (uint32_t i = 0; i < rows; i++)
        WEIR_VALUES(batch->columns[0], int64_t)[i] = first + i;
    batch->rows = batch->selected = rows;
    return batch;
}

static weir_status source_next(weir_source *source, weir_batch **batch, weir_source_state *state, int64_t *wake_ms, weir_error *error) {
    source_spec *spec = source->spec;
    spec->asked++;
    if (!spec->quiet)
        note("%s", spec->name);
    int64_t now_ms = weir_clock_wall_ms(source->context->clock);
    if (source->at == spec->step_count) {
        *state = WEIR_SOURCE_DONE;
        return WEIR_OK;
    }
    const source_step *step = &spec->steps[source->at];
    if (step->fails)
        return weir_fail(error, WEIR_RUNTIME, "%s cannot read on", spec->name);
    if (step->idle_ms > 0) {
        if (source->idle_until_ms == 0)
            source->idle_until_ms = now_ms + step->idle_ms;
        if (now_ms < source->idle_until_ms) {
            *state = WEIR_SOURCE_IDLE;
            *wake_ms = source->idle_until_ms;
            return WEIR_OK;
        }
        source->idle_until_ms = 0;
    }
    *batch = rows_make(source->context->memory, step->first, step->rows);
    if (*batch == NULL || (step->watermark_ms != 0 && !weir_batch_add_mark(*batch, step->rows, step->watermark_ms))) {
        weir_batch_destroy(*batch);
        return weir_fail_memory(error, "rows", step->rows);
    }
    source->at++;
    *state = WEIR_SOURCE_BATCH;
    return WEIR_OK;
}

static void source_progress(const weir_source *source, weir_source_progress *out) {
    *out = (weir_source_progress){.bytes_read = 10 * source->at, .bytes_total = 10 * source->spec->step_count};
    for (uint32_t i = 0; i < source->at; i++)
        out->rows += source->spec->steps[i].rows;
}

static void source_close(weir_source *source) {
    source->spec->closed++;
    weir_memory_free(source->context->memory, source, sizeof *source);
}

static const weir_source_vtable source_vtable = {source_open, source_next, source_progress, source_close};

/* ---- sinks ---- */

typedef struct sink_spec {
    weir_sink_spec base;
    const char *name;
    bool write_fails, prepare_fails, commit_fails;
    uint64_t rows;
    int64_t sum;
    uint32_t prepared, committed, aborted, closed;
} sink_spec;

struct weir_sink {
    const weir_connect_context *context;
    sink_spec *spec;
};

static weir_status sink_open(const weir_connect_context *context, const weir_sink_spec *spec, weir_sink **out, weir_error *error) {
    weir_sink *sink = weir_memory_zalloc(context->memory, sizeof *sink);
    if (sink == NULL)
        return weir_fail_memory(error, "a sink", sizeof *sink);
    *sink = (weir_sink){context, (sink_spec *)(uintptr_t)spec};
    *out = sink;
    return WEIR_OK;
}

static weir_status sink_write(weir_sink *sink, const weir_batch *batch, weir_error *error) {
    if (sink->spec->write_fails)
        return weir_fail(error, WEIR_RUNTIME, "%s is full", sink->spec->name);
    weir_rows rows = weir_batch_rows(batch);
    sink->spec->rows += rows.count;
    WEIR_FOR_ROWS(&rows, row, { sink->spec->sum += WEIR_VALUES(batch->columns[0], int64_t)[row]; });
    return WEIR_OK;
}

static weir_status sink_prepare(weir_sink *sink, uint64_t epoch, weir_error *error) {
    (void)epoch;
    note("prepare:%s", sink->spec->name);
    sink->spec->prepared++;
    return sink->spec->prepare_fails ? weir_fail(error, WEIR_RUNTIME, "%s cannot prepare", sink->spec->name) : WEIR_OK;
}

static weir_status sink_commit(weir_sink *sink, uint64_t epoch, weir_error *error) {
    (void)epoch;
    note("commit:%s", sink->spec->name);
    sink->spec->committed++;
    return sink->spec->commit_fails ? weir_fail(error, WEIR_RUNTIME, "%s cannot commit", sink->spec->name) : WEIR_OK;
}

static void sink_abort(weir_sink *sink) { sink->spec->aborted++; }

static void sink_close(weir_sink *sink) {
    sink->spec->closed++;
    weir_memory_free(sink->context->memory, sink, sizeof *sink);
}

static const weir_sink_vtable sink_vtable = {sink_open, sink_write, sink_prepare, sink_commit, sink_abort, sink_close};
static const weir_connector connector = {.name = "test", .source = &source_vtable, .sink = &sink_vtable};

/* ---- operators: one kind with many switches ---- */

typedef struct op_spec {
    const char *name;
    int64_t limit;     /* > 0: DONE after so many rows */
    int64_t fails_at;  /* > 0: at the row of this value; the rows before it leave */
    bool fails_at_end; /* in end_input */
    uint32_t copies;   /* > 0: every row as so many batches of one row */
    uint32_t blocked;  /* says BLOCKED so often before each batch leaves */
    int64_t tick_ms;   /* > 0: ticks at this distance, each giving a row -1 */
    bool quiet;        /* rows are not in the log */
    bool no_memory;    /* refuses to open */
    uint32_t ends, ticks, closed;
    int64_t last_mark_ms;
} op_spec;

typedef struct op {
    weir_operator base;
    op_spec *spec;
    weir_batch *kept; /* MORE_OUTPUT, BLOCKED */
    uint32_t at, copy, blocked;
    int64_t seen, next_tick_ms;
} op;

static weir_status op_open(const void *spec, const weir_operator_context *context, weir_operator **out, weir_error *error);

static weir_status op_copies(op *self, weir_output *output, weir_step *step, weir_error *error) {
    while (self->at < self->kept->rows) {
        weir_batch *batch = rows_make(self->base.context->memory, WEIR_VALUES(self->kept->columns[0], int64_t)[self->at], 1);
        if (batch == NULL)
            return weir_fail_memory(error, "a row", 1);
        weir_output_push(output, batch);
        if (++self->copy == self->spec->copies) {
            self->copy = 0;
            self->at++;
        }
        if (weir_output_full(output) && self->at < self->kept->rows) {
            *step = WEIR_STEP_MORE_OUTPUT;
            return WEIR_OK;
        }
    }
    weir_batch_destroy(self->kept);
    self->kept = NULL;
    return WEIR_OK;
}

static weir_status op_resume(weir_operator *base, weir_output *output, weir_step *step, weir_error *error) {
    op *self = (op *)base;
    if (self->spec->copies > 0)
        return op_copies(self, output, step, error);
    if (self->blocked-- > 0) {
        *step = WEIR_STEP_BLOCKED;
        return WEIR_OK;
    }
    weir_output_push(output, self->kept);
    self->kept = NULL;
    return WEIR_OK;
}

/* The batch cut before the first row that fails or is beyond the limit. */
static weir_status op_look(op *self, uint32_t input, weir_batch *batch, bool *done, weir_error *error) {
    op_spec *spec = self->spec;
    for (uint32_t row = 0; row < batch->rows; row++) {
        int64_t value = WEIR_VALUES(batch->columns[0], int64_t)[row];
        if (!spec->quiet)
            note(input == 0 ? "%s:%lld" : "%s/1:%lld", spec->name, (long long)value);
        bool fails = spec->fails_at > 0 && value == spec->fails_at;
        if (fails || (spec->limit > 0 && self->seen == spec->limit)) {
            batch->rows = batch->selected = row;
            *done = !fails;
            return fails ? weir_fail(error, WEIR_RUNTIME, "%s does not like %lld", spec->name, (long long)value) : WEIR_OK;
        }
        self->seen++;
    }
    *done = spec->limit > 0 && self->seen == spec->limit;
    return WEIR_OK;
}

static weir_status op_process(weir_operator *base, uint32_t input, weir_batch *batch, weir_output *output, weir_step *step,
                              weir_error *error) {
    op *self = (op *)base;
    bool done = false;
    if (batch->mark_count > 0)
        self->spec->last_mark_ms = batch->marks[batch->mark_count - 1].watermark_ms;
    weir_status status = op_look(self, input, batch, &done, error);
    if (self->spec->copies > 0 && batch->rows > 0) {
        self->kept = batch;
        self->at = self->copy = 0;
        return op_copies(self, output, step, error);
    }
    if (self->spec->blocked > 0 && batch->rows > 0) {
        self->kept = batch;
        self->blocked = self->spec->blocked;
        *step = WEIR_STEP_BLOCKED;
        return WEIR_OK;
    }
    weir_output_push(output, batch);
    *step = done ? WEIR_STEP_DONE : WEIR_STEP_MORE_INPUT;
    return status;
}

static weir_status op_end_input(weir_operator *base, uint32_t input, weir_output *output, weir_step *step, weir_error *error) {
    op *self = (op *)base;
    (void)output, (void)step;
    note("%s-end%u", self->spec->name, input);
    self->spec->ends++;
    return self->spec->fails_at_end ? weir_fail(error, WEIR_RUNTIME, "%s cannot end", self->spec->name) : WEIR_OK;
}

static int64_t op_next_tick(const weir_operator *base) { return ((const op *)base)->next_tick_ms; }

static weir_status op_tick(weir_operator *base, int64_t now_ms, weir_output *output, weir_step *step, weir_error *error) {
    op *self = (op *)base;
    (void)step;
    self->next_tick_ms = now_ms + self->spec->tick_ms;
    self->spec->ticks++;
    weir_batch *batch = rows_make(self->base.context->memory, -1, 1);
    if (batch == NULL)
        return weir_fail_memory(error, "a row", 1);
    weir_output_push(output, batch);
    return WEIR_OK;
}

static void op_close(weir_operator *base) {
    op *self = (op *)base;
    self->spec->closed++;
    weir_batch_destroy(self->kept);
}

static const weir_operator_vtable one_input = {.name = "One",
                                               .input_count = 1,
                                               .open = op_open,
                                               .process = op_process,
                                               .resume = op_resume,
                                               .end_input = op_end_input,
                                               .close = op_close};
static const weir_operator_vtable two_inputs = {.name = "Two",
                                                .input_count = 2,
                                                .open = op_open,
                                                .process = op_process,
                                                .resume = op_resume,
                                                .end_input = op_end_input,
                                                .close = op_close};
static const weir_operator_vtable ticking = {.name = "Ticking",
                                             .input_count = 1,
                                             .open = op_open,
                                             .process = op_process,
                                             .resume = op_resume,
                                             .end_input = op_end_input,
                                             .next_tick_ms = op_next_tick,
                                             .tick = op_tick,
                                             .close = op_close};
static const weir_operator_vtable any_inputs = {.name = "Union",
                                                .input_count = UINT32_MAX,
                                                .open = op_open,
                                                .process = op_process,
                                                .resume = op_resume,
                                                .end_input = op_end_input,
                                                .close = op_close};

static weir_status op_open(const void *spec, const weir_operator_context *context, weir_operator **out, weir_error *error) {
    op *self = WEIR_ARENA_NEW(context->arena, op);
    op_spec *own = (op_spec *)(uintptr_t)spec;
    if (self == NULL || own->no_memory)
        return weir_fail_memory(error, "an operator", sizeof *self);
    *self = (op){.base = {own->tick_ms > 0 ? &ticking : &one_input, context}, .spec = own};
    self->next_tick_ms = weir_clock_wall_ms(context->evaluation->clock) + own->tick_ms;
    own->last_mark_ms = WEIR_WATERMARK_NONE;
    *out = &self->base;
    return WEIR_OK;
}

static weir_status op_open_as(const weir_operator_vtable *vtable, const void *spec, const weir_operator_context *context,
                              weir_operator **out, weir_error *error) {
    WEIR_TRY(op_open(spec, context, out, error));
    (*out)->vtable = vtable;
    return WEIR_OK;
}
static weir_status two_open(const void *spec, const weir_operator_context *context, weir_operator **out, weir_error *error) {
    return op_open_as(&two_inputs, spec, context, out, error);
}
static weir_status any_open(const void *spec, const weir_operator_context *context, weir_operator **out, weir_error *error) {
    return op_open_as(&any_inputs, spec, context, out, error);
}
static const weir_operator_vtable two_opener = {.name = "Two", .input_count = 2, .open = two_open};
static const weir_operator_vtable any_opener = {.name = "Union", .input_count = UINT32_MAX, .open = any_open};

/* ---- graphs ---- */

static inline void bench_open(bench *self) {
    *self = (bench){0};
    on_bench = self;
    weir_memory_init(&self->memory, NULL, "test", SIZE_MAX);
    weir_clock_virtual_init(&self->clock, 1000000000000);
    self->environment = (weir_job_environment){.memory = &self->memory,
                                               .memory_limit_bytes = SIZE_MAX,
                                               .files = weir_files_real(),
                                               .clock = &self->clock.clock,
                                               .evaluation = {.zone = weir_zone_utc(), .clock = &self->clock.clock}};
    self->graph = (weir_job_graph){.vertices = self->vertices, .settings = {.batch_rows = 4, .key_groups = 128}, .parallelism = 1};
}

static inline weir_vertex *vertex_add(bench *self, weir_vertex_kind kind, const char *name, const uint32_t *from, uint32_t count) {
    uint32_t number = self->graph.count++;
    weir_vertex *vertex = &self->vertices[number];
    for (uint32_t i = 0; i < count; i++)
        self->edges[number][i] = (weir_edge){.from = from[i]};
    *vertex = (weir_vertex){
        .kind = kind, .name = name, .input_count = count, .inputs = self->edges[number], .column_count = 1, .types = row_types()};
    return vertex;
}

/* Each gives the new vertex's number. */
static inline uint32_t add_source(bench *self, source_spec *spec) {
    weir_vertex *vertex = vertex_add(self, WEIR_VERTEX_SOURCE, spec->name, NULL, 0);
    vertex->as.source.connector = &connector;
    vertex->as.source.spec = &spec->base;
    return self->graph.count - 1;
}

static inline uint32_t add_op(bench *self, op_spec *spec, uint32_t from) {
    weir_vertex *vertex = vertex_add(self, WEIR_VERTEX_OPERATOR, spec->name, &from, 1);
    vertex->as.op.vtable = spec->tick_ms > 0 ? &ticking : &one_input;
    vertex->as.op.spec = spec;
    return self->graph.count - 1;
}

static inline uint32_t add_merge(bench *self, op_spec *spec, uint32_t left, uint32_t right) {
    weir_vertex *vertex = vertex_add(self, WEIR_VERTEX_OPERATOR, spec->name, (uint32_t[]){left, right}, 2);
    vertex->as.op.vtable = &two_opener;
    vertex->as.op.spec = spec;
    return self->graph.count - 1;
}

static inline uint32_t add_union(bench *self, op_spec *spec, const uint32_t *from, uint32_t count) {
    weir_vertex *vertex = vertex_add(self, WEIR_VERTEX_OPERATOR, spec->name, from, count);
    vertex->as.op.vtable = &any_opener;
    vertex->as.op.spec = spec;
    return self->graph.count - 1;
}

static inline uint32_t add_sink(bench *self, sink_spec *spec, uint32_t from) {
    weir_vertex *vertex = vertex_add(self, WEIR_VERTEX_SINK, spec->name, &from, 1);
    vertex->as.sink.connector = &connector;
    vertex->as.sink.spec = &spec->base;
    return self->graph.count - 1;
}

static inline uint32_t add_collect(bench *self, uint32_t from) {
    vertex_add(self, WEIR_VERTEX_COLLECT, "Collect", &from, 1);
    return self->graph.count - 1;
}

static inline void job_open(bench *self) {
    weir_error error = {0};
    assert_int_equal(weir_job_create(&self->graph, &self->environment, &self->job, &error), WEIR_OK);
}

/* Everything that comes out, as "1 2 3"; the status that ended it. */
static inline weir_status job_drain(bench *self, char *out, size_t out_bytes, weir_error *error) {
    out[0] = '\0';
    for (;;) {
        weir_batch *batch = NULL;
        weir_status status = weir_job_next(self->job, &batch, error);
        if (status != WEIR_OK || batch == NULL)
            return status;
        weir_rows rows = weir_batch_rows(batch);
        WEIR_FOR_ROWS(&rows, row, {
            size_t size = strlen(out);
            snprintf(out + size, out_bytes - size, size > 0 ? " %lld" : "%lld", (long long)WEIR_VALUES(batch->columns[0], int64_t)[row]);
        });
        weir_batch_destroy(batch);
    }
}

static inline void job_gives(bench *self, const char *expected) {
    char out[4096];
    weir_error error = {0};
    assert_int_equal(job_drain(self, out, sizeof out, &error), WEIR_OK);
    assert_string_equal(out, expected);
    assert_int_equal(weir_job_state_of(self->job), WEIR_JOB_FINISHED);
}

static inline void job_fails(bench *self, const char *expected, weir_status status, const char *message) {
    char out[4096];
    weir_error error = {0};
    assert_int_equal(job_drain(self, out, sizeof out, &error), status);
    assert_string_equal(out, expected);
    assert_non_null(strstr(error.message, message));
}

static inline void job_close(bench *self) {
    weir_job_destroy(self->job);
    self->job = NULL;
}

/* Asserts that everything was given back. */
static inline void bench_close(bench *self) {
    job_close(self);
    weir_memory_deinit(&self->memory);
}

#endif
