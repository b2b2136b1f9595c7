/* The connector "arrow": reads a table that was handed in through the C API. It cannot be written, and a CREATE TABLE cannot make one. */
#include "connect/arrow_table.h"
#include "connect/connectors_int.h"

struct weir_source {
    const weir_connect_context *context;
    const weir_scan_spec *spec;
    weir_arrow_table *table;
    size_t next;
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
    const weir_batch *whole;
    (void)wake_ms;
    WEIR_TRY(weir_arrow_table_batch(source->table, source->next, &whole, error));
    *state = whole == NULL ? WEIR_SOURCE_DONE : WEIR_SOURCE_BATCH;
    if (whole == NULL)
        return WEIR_OK;
    source->next++;
    const weir_read_spec *read = &source->spec->read;
    *batch = weir_batch_pick(source->context->memory, whole, read->total_index, read->count);
    if (*batch == NULL)
        return weir_fail_memory(error, "a batch", read->count);
    source->progress.rows += whole->rows;
    return WEIR_OK;
}

static void progress_of(const weir_source *source, weir_source_progress *out) { *out = source->progress; }
static void close_source(weir_source *source) { (void)source; }

static bool always(const weir_table *table) {
    (void)table;
    return true;
}

static weir_status check_table(const weir_table *table, bool writing, weir_error *error) {
    (void)writing;
    if (table->registered != NULL)
        return WEIR_OK;
    return weir_fail(error, WEIR_VALIDATE,
                     "A table of the connector 'arrow' is registered through the C API; CREATE TABLE cannot make one.");
}

static const weir_source_vtable source_vtable = {open_source, next_batch, progress_of, close_source};

const weir_connector weir_connector_arrow = {
    .name = "arrow",
    .summary = "a table handed in through the C API",
    .strict_options = true,
    .source = &source_vtable,
    .bounded = always,
    .check = check_table,
};
