/* Connectors: where tables' rows come from and go to. One folder per connector; `weir_connectors` lists them.
 *
 * A source is opened for a projection; it is read by one thread (it may decode ahead on threads of its own, but hands out batches in its
 * defined order: chunk order within a file, files in path order). A sink gets batches and commits at the end or at a checkpoint; nothing is
 * visible before a commit.
 */
#ifndef WEIR_CONNECT_CONNECTOR_H
#define WEIR_CONNECT_CONNECTOR_H

#include "catalog/table.h"
#include "column/batch.h"
#include "format/format.h"
#include "os/clock.h"
#include "os/file.h"

typedef struct weir_source weir_source;
typedef struct weir_sink weir_sink;

/* What sources and sinks share with the job that runs them. */
typedef struct weir_connect_context {
    weir_arena *arena; /* job arena */
    weir_memory *memory;
    const weir_files *files;
    const weir_clock *clock;
    const weir_zone *zone;
    bool batch_mode;
    uint32_t parallelism; /* threads a source may use for decoding */
    const _Atomic bool *cancelled;
    /* `print` writes here; whole lines; may be called from any thread. NULL: stdout / stderr. */
    void (*print)(void *context, bool to_stderr, const char *data, size_t size);
    void *print_context;
    /* A remark for the user (unknown option with the nearest known name, ...); said once. */
    void (*warn)(void *context, const char *message);
    void *warn_context;
    /* Names the job across restarts (letters, digits, '-'); size 0: it is not restarted. With it a sink's commit(epoch) also finishes what
     * an earlier life of the job had prepared for that epoch, and clears away what it had not. */
    weir_text job_id;
} weir_connect_context;

typedef enum weir_source_state { WEIR_SOURCE_BATCH, WEIR_SOURCE_IDLE, WEIR_SOURCE_DONE } weir_source_state;

typedef struct weir_source_progress {
    uint64_t bytes_read;
    uint64_t bytes_total; /* 0: not known */
    uint64_t rows;
    uint64_t skipped; /* malformed rows skipped by option */
} weir_source_progress;

/* What the plan wants of a scan. */
typedef struct weir_scan_spec {
    const weir_table *table;
    weir_read_spec read;        /* physical columns wanted, in the batch's order; partition columns count as physical */
    uint32_t metadata_count;    /* connector metadata wanted (file.name, file.path, file.size, file.modification-time), appended after the
                                   columns of `read` */
    const weir_field *metadata; /* name = metadata key; type = the connector's own, but for nullability */
} weir_scan_spec;

typedef struct weir_source_vtable {
    /* Start a read. */
    weir_status (*open)(const weir_connect_context *context, const weir_scan_spec *spec, weir_source **out, weir_error *error);
    /* BATCH: *batch is the caller's. IDLE: nothing now; *wake_ms = clock time to ask again. DONE: the end. */
    weir_status (*next)(weir_source *source, weir_batch **batch, weir_source_state *state, int64_t *wake_ms, weir_error *error);
    void (*progress)(const weir_source *source, weir_source_progress *out);
    void (*close)(weir_source *source);
} weir_source_vtable;

typedef struct weir_sink_spec {
    const weir_table *table;
    weir_schema schema;    /* physical columns in table order */
    bool overwrite;        /* INSERT OVERWRITE */
    uint32_t static_count; /* PARTITION (p = 'x'): these columns hold constants already, but overwrite only clears such partitions */
    const weir_option *static_partitions;
} weir_sink_spec;

typedef struct weir_sink_vtable {
    weir_status (*open)(const weir_connect_context *context, const weir_sink_spec *spec, weir_sink **out, weir_error *error);
    weir_status (*write)(weir_sink *sink, const weir_batch *batch, weir_error *error); /* batch stays the caller's */
    /* Two phases: after prepare, commit must succeed or be repeatable; `epoch` numbers checkpoints (the end of a bounded job is the last).
     */
    weir_status (*prepare)(weir_sink *sink, uint64_t epoch, weir_error *error);
    weir_status (*commit)(weir_sink *sink, uint64_t epoch, weir_error *error);
    void (*abort)(weir_sink *sink); /* leave nothing half-visible */
    void (*close)(weir_sink *sink);
} weir_sink_vtable;

typedef struct weir_connector {
    const char *name; /* "filesystem" */
    const char *summary;
    const char *const *required_options; /* ended by NULL */
    const char *const
        *optional_options; /* exact names or "fields.#.kind" with # for any part; ended by NULL. Format options are added by the format. */
    bool strict_options; /* an unknown option is an error (as Flink's factory would do) rather than a warning; unknown options of the format
                            are remarks */
    bool uses_format;
    const weir_source_vtable *source; /* NULL: cannot be read: "Connector 'blackhole' can only be used as a sink..." */
    const weir_sink_vtable *sink;     /* NULL: cannot be written */
    /* Is the table bounded (ends by itself)? */
    bool (*bounded)(const weir_table *table);
    /* Which changes rows may carry: from the format for filesystem. */
    bool (*changelog)(const weir_table *table);
    bool (*takes_changes)(const weir_table *table); /* as a sink */
    /* Metadata that can be read: keys and types; ended by a NULL name. NULL: none but what the format has. */
    const weir_field *(*metadata)(const weir_table *table, uint32_t *count);
    /* Full check of the options when the table is first used. */
    weir_status (*check)(const weir_table *table, bool writing, weir_error *error);
} weir_connector;

extern const weir_connector *const weir_connectors[]; /* ended by NULL */
const weir_connector *weir_connector_find(weir_text name);
/* Metadata columns, checked in Flink's words. Reading: *type = what the connector or its format gives for the key of column `column`; the
 * column's own type is one that this can be cast to. Writing: no connector here takes metadata, so a table must have none but VIRTUAL
 * columns of it. */
weir_status weir_connector_metadata_type(const weir_connector *connector, const weir_table *table, uint32_t column, const weir_type **type,
                                         weir_error *error) WEIR_MUST_USE;
weir_status weir_connector_metadata_written(const weir_connector *connector, const weir_table *table, weir_error *error) WEIR_MUST_USE;
/* Say what is odd about the table's options but no error (unknown format options, with the nearest known name). */
void weir_connector_remarks(const weir_connect_context *context, const weir_table *table);
/* The format of a table whose connector uses one (option 'format'); WEIR_VALIDATE when there is none or it is unknown. */
weir_status weir_connector_format(const weir_table *table, const weir_format **out, weir_error *error) WEIR_MUST_USE;
/* The connector of a table; the errors are Flink's ("Could not find any factory for identifier 'x' ..."; missing 'connector'; missing
 * required options; unknown options), format checked too. */
weir_status weir_connector_of(const weir_table *table, bool writing, const weir_connector **out, weir_error *error) WEIR_MUST_USE;

#endif
