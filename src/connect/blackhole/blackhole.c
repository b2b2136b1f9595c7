/* The connector "blackhole": a sink that swallows everything. */
#include "connect/connectors_int.h"

static weir_status open_sink(const weir_connect_context *context, const weir_sink_spec *spec, weir_sink **out, weir_error *error) {
    (void)spec;
    *out = weir_arena_alloc(context->arena, 1);
    return *out == NULL ? weir_fail_memory(error, "the blackhole sink", 1) : WEIR_OK;
}
static weir_status write_batch(weir_sink *sink, const weir_batch *batch, weir_error *error) {
    (void)sink, (void)batch, (void)error;
    return WEIR_OK;
}
static weir_status nothing_to_commit(weir_sink *sink, uint64_t epoch, weir_error *error) {
    (void)sink, (void)epoch, (void)error;
    return WEIR_OK;
}
static void nothing(weir_sink *sink) { (void)sink; }
static bool takes_changes(const weir_table *table) {
    (void)table;
    return true;
}

static const weir_sink_vtable sink_vtable = {open_sink, write_batch, nothing_to_commit, nothing_to_commit, nothing, nothing};

const weir_connector weir_connector_blackhole = {
    .name = "blackhole",
    .summary = "swallows all rows",
    .strict_options = true,
    .sink = &sink_vtable,
    .takes_changes = takes_changes,
};
