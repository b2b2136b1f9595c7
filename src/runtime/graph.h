/* The job graph: what the planner hands to the runtime. Immutable; lives in the job's arena.
 *
 * Vertices stand in topological order: inputs before their consumers. A vertex may feed several consumers. Edges say how rows travel when a
 * vertex runs as several tasks: FORWARD keeps the task, HASH sends a row to the task that owns the key group of its key columns, SINGLE
 * gathers all in one task.
 */
#ifndef WEIR_RUNTIME_GRAPH_H
#define WEIR_RUNTIME_GRAPH_H

#include "connect/connector.h"
#include "op/operator.h"

typedef enum weir_vertex_kind {
    WEIR_VERTEX_SOURCE, /* a connector's table */
    WEIR_VERTEX_VALUES, /* literal rows */
    WEIR_VERTEX_OPERATOR,
    WEIR_VERTEX_SINK,    /* a connector's table */
    WEIR_VERTEX_COLLECT, /* the rows of a SELECT, for the caller */
} weir_vertex_kind;

typedef enum weir_exchange { WEIR_EXCHANGE_FORWARD, WEIR_EXCHANGE_HASH, WEIR_EXCHANGE_SINGLE } weir_exchange;

typedef struct weir_edge {
    uint32_t from; /* vertex */
    weir_exchange exchange;
    uint32_t key_count; /* HASH: columns of the rows on this edge */
    const uint32_t *keys;
} weir_edge;

typedef struct weir_vertex {
    weir_vertex_kind kind;
    const char *name;    /* "GroupAggregate[3]": operator and position in the graph; for figures and messages */
    const char *details; /* "groupBy=[a], select=[a, COUNT(*) AS n]": for EXPLAIN; may be NULL */
    uint32_t input_count;
    const weir_edge *inputs;
    uint32_t column_count; /* of the output */
    const weir_type *const *types;
    union {
        struct {
            const weir_connector *connector;
            const weir_scan_spec *spec;
        } source;
        struct {
            uint32_t row_count;
            const weir_value *values; /* row_count * column_count */
        } values;
        struct {
            const weir_operator_vtable *vtable;
            const void *spec;
        } op;
        struct {
            const weir_connector *connector;
            const weir_sink_spec *spec;
        } sink;
    } as;
} weir_vertex;

typedef struct weir_job_graph {
    uint32_t count;
    const weir_vertex *vertices;
    weir_operator_settings settings;
    uint32_t parallelism;
} weir_job_graph;

#endif
