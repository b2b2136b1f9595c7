/* The connector "weir-test": stands in for a job's own connectors in `weir test`. A CREATE TABLE cannot make such a table. */
#include "connect/connectors_int.h"
#include "connect/test_table.h"

struct weir_source {
    const weir_connect_context *context;
    const weir_scan_spec *spec;
    const weir_test_table *table;
    uint32_t next;
    weir_source_progress progress;
};

static weir_status open_source(const weir_connect_context *context, const weir_scan_spec *spec, weir_source **out, weir_error *error) {
    weir_source *source = WEIR_ARENA_NEW(context->arena, weir_source);
    if (source == NULL)
        return weir_fail_memory(error, "a source", sizeof *source);
    *source = (weir_source){.context = context, .spec = spec, .table = spec->table->registered};
    *out = source;
    return WEIR_OK;
}

static weir_status next_batch(weir_source *source, weir_batch **batch, weir_source_state *state, int64_t *wake_ms, weir_error *error) {
    const weir_test_table *table = source->table;
    int64_t now_ms = weir_clock_wall_ms(source->context->clock);
    if (source->next < table->arrival_count) {
        const weir_test_arrival *arrival = &table->arrivals[source->next];
        *state = arrival->at_ms <= now_ms ? WEIR_SOURCE_BATCH : WEIR_SOURCE_IDLE;
        *wake_ms = arrival->at_ms;
        if (*state == WEIR_SOURCE_IDLE)
            return WEIR_OK;
        source->next++;
        source->progress.rows += arrival->batch->rows;
        const weir_read_spec *read = &source->spec->read;
        *batch = weir_batch_pick(source->context->memory, arrival->batch, read->total_index, read->count);
        return *batch == NULL ? weir_fail_memory(error, "a batch", read->count) : WEIR_OK;
    }
    *state = !table->endless && table->end_ms <= now_ms ? WEIR_SOURCE_DONE : WEIR_SOURCE_IDLE;
    *wake_ms = table->endless ? INT64_MAX : table->end_ms;
    return WEIR_OK;
}

static void progress_of(const weir_source *source, weir_source_progress *out) { *out = source->progress; }
static void close_source(weir_source *source) { (void)source; }

/* ---- writing ---- */

struct weir_sink {
    const weir_sink_spec *spec;
    const weir_test_table *table;
};

static weir_status open_sink(const weir_connect_context *context, const weir_sink_spec *spec, weir_sink **out, weir_error *error) {
    weir_sink *sink = WEIR_ARENA_NEW(context->arena, weir_sink);
    if (sink == NULL)
        return weir_fail_memory(error, "a sink", sizeof *sink);
    *sink = (weir_sink){spec, spec->table->registered};
    *out = sink;
    return WEIR_OK;
}

static weir_status write_batch(weir_sink *sink, const weir_batch *batch, weir_error *error) {
    return sink->table->take(sink->table->context, &sink->spec->schema, batch, error);
}

static weir_status no_phase(weir_sink *sink, uint64_t epoch, weir_error *error) {
    (void)sink, (void)epoch, (void)error;
    return WEIR_OK;
}

static void no_end(weir_sink *sink) { (void)sink; }

/* ---- what the planner asks ---- */

static bool is_bounded(const weir_table *table) {
    const weir_test_table *test = table->registered;
    return test == NULL || !test->endless;
}

static bool has_changes(const weir_table *table) {
    const weir_test_table *test = table->registered;
    return test != NULL && test->changes;
}

static bool takes_changes(const weir_table *table) {
    const weir_test_table *test = table->registered;
    return test != NULL && test->takes_changes;
}

static weir_status check_table(const weir_table *table, bool writing, weir_error *error) {
    const weir_test_table *test = table->registered;
    if (test == NULL)
        return weir_fail(error, WEIR_VALIDATE,
                         "A table of the connector 'weir-test' is made by `weir test`; CREATE TABLE cannot make one.");
    if (writing || test->is_given)
        return WEIR_OK;
    weir_fail(error, WEIR_VALIDATE, "The test gives no rows for table '%.*s', which the job reads.", WEIR_TEXT_ARGS(table->name));
    weir_error_hint(error, "add `given %.*s` (without rows, when it shall be empty), or `keep %.*s` to read the real one",
                    WEIR_TEXT_ARGS(table->name), WEIR_TEXT_ARGS(table->name));
    return WEIR_VALIDATE;
}

static const weir_source_vtable source_vtable = {open_source, next_batch, progress_of, close_source};
static const weir_sink_vtable sink_vtable = {open_sink, write_batch, no_phase, no_phase, no_end, no_end};

const weir_connector weir_connector_test = {
    .name = "weir-test",
    .summary = "a table of `weir test`: rows from the test and to it",
    .strict_options = false,
    .source = &source_vtable,
    .sink = &sink_vtable,
    .bounded = is_bounded,
    .changelog = has_changes,
    .takes_changes = takes_changes,
    .check = check_table,
};
