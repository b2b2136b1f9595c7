/* The connector "print": every change as a line, +I[1, a], to standard output or error (or to whoever the context names). Rows are seen at
 * once: printing cannot be taken back, so there is nothing to commit. */
#include <stdio.h>

#include "connect/connectors_int.h"
#include "connect/java_text.h"

typedef struct print_sink {
    const weir_connect_context *context;
    weir_text identifier;
    bool to_stderr;
    weir_builder lines;
} print_sink;

static weir_status open_sink(const weir_connect_context *context, const weir_sink_spec *spec, weir_sink **out, weir_error *error) {
    print_sink *sink = WEIR_ARENA_NEW(context->arena, print_sink);
    if (sink == NULL)
        return weir_fail_memory(error, "the print sink", sizeof *sink);
    sink->context = context;
    sink->identifier = weir_table_option_text(spec->table, "print-identifier");
    WEIR_TRY(weir_table_option_bool(spec->table, "standard-error", false, &sink->to_stderr, error));
    weir_builder_init(&sink->lines, context->memory, SIZE_MAX);
    *out = (weir_sink *)sink;
    return WEIR_OK;
}

static void flush(print_sink *sink) {
    if (sink->lines.size == 0)
        return;
    if (sink->context->print != NULL) {
        sink->context->print(sink->context->print_context, sink->to_stderr, sink->lines.data, sink->lines.size);
    } else {
        FILE *file = sink->to_stderr ? stderr : stdout;
        fwrite(sink->lines.data, 1, sink->lines.size, file);
        fflush(file);
    }
    weir_builder_clear(&sink->lines);
}

static weir_status write_batch(weir_sink *base, const weir_batch *batch, weir_error *error) {
    print_sink *sink = (print_sink *)base;
    weir_builder *lines = &sink->lines;
    const weir_rows rows = weir_batch_rows(batch);
    for (uint32_t k = 0; k < rows.count; k++) {
        const uint32_t row = rows.index == NULL ? k : rows.index[k];
        if (sink->identifier.size > 0) {
            weir_builder_text(lines, sink->identifier);
            weir_builder_c(lines, "> ");
        }
        weir_builder_c(lines, weir_change_name(weir_batch_kind(batch, row)));
        weir_builder_char(lines, '[');
        for (uint32_t i = 0; i < batch->column_count; i++) {
            if (i > 0)
                weir_builder_c(lines, ", ");
            weir_java_text_print(batch->columns[i], row, lines);
        }
        weir_builder_c(lines, "]\n");
    }
    if (lines->failed)
        return weir_fail_memory(error, "the print sink", lines->size);
    flush(sink);
    return WEIR_OK;
}

static weir_status nothing_to_commit(weir_sink *sink, uint64_t epoch, weir_error *error) {
    (void)sink, (void)epoch, (void)error;
    return WEIR_OK;
}
static void nothing_to_abort(weir_sink *sink) { (void)sink; }
static void close_sink(weir_sink *base) { weir_builder_deinit(&((print_sink *)base)->lines); }

static bool takes_changes(const weir_table *table) {
    (void)table;
    return true;
}

static weir_status check(const weir_table *table, bool writing, weir_error *error) {
    bool to_stderr;
    (void)writing;
    return weir_table_option_bool(table, "standard-error", false, &to_stderr, error);
}

static const weir_sink_vtable sink_vtable = {open_sink, write_batch, nothing_to_commit, nothing_to_commit, nothing_to_abort, close_sink};
static const char *const optional_options[] = {"print-identifier", "standard-error", NULL};

const weir_connector weir_connector_print = {
    .name = "print",
    .summary = "writes every change as a line to standard output or error",
    .optional_options = optional_options,
    .strict_options = true,
    .sink = &sink_vtable,
    .takes_changes = takes_changes,
    .check = check,
};
