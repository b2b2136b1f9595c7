/* MATCH_RECOGNIZE: patterns of rows in the order of time, ONE ROW PER MATCH.
 *
 * The pattern is a sequence of stages, one variable each, with a quantifier; each row of a partition is tried in the order of time. Output:
 * the partition columns, then the measures.
 *
 * Conditions and measures are expressions over a *view* of a match: each source is one row of it (FIRST and LAST of a variable), whose
 * columns are the operator's input columns; results of aggregates over a variable's rows stand behind them.
 *
 * By rowtime rows wait until the watermark has passed them, and late ones are dropped; by processing time they are tried as they come.
 */
#ifndef WEIR_OP_MATCH_H
#define WEIR_OP_MATCH_H

#include "agg/aggregate.h"
#include "op/operator.h"
#include "state/codec.h"

/* The rows of all variables. */
#define WEIR_MATCH_ANY UINT32_MAX
/* As maximum of a stage: no limit. */
#define WEIR_MATCH_UNBOUNDED UINT32_MAX
enum { WEIR_MATCH_STAGES_MAX = 64, WEIR_MATCH_ROWS_MAX = 100000 };

typedef enum weir_match_source_kind {
    WEIR_MATCH_CURRENT, /* conditions only: the row that is tried; always source 0 of a condition */
    WEIR_MATCH_FIRST,   /* the row `offset` behind the first of the variable; in the condition of a variable, its rows and those of
                           WEIR_MATCH_ANY end with the row that is tried */
    WEIR_MATCH_LAST,    /* the row `offset` before the last of the variable */
} weir_match_source_kind;

/* A row of the match. Missing: its columns are NULL, also those that by their type cannot be; a measure whose type has no NULL is then -1,
 * FALSE or empty, as in Flink. */
typedef struct weir_match_source {
    weir_match_source_kind kind;
    uint32_t variable; /* number of its stage; WEIR_MATCH_ANY; any other number: it has no rows */
    uint32_t offset;
} weir_match_source;

typedef struct weir_match_aggregate {
    uint32_t variable; /* over its rows, in the condition of the variable with the row that is tried */
    uint32_t argument_count;
    const weir_expr *const *arguments; /* over the input columns */
    weir_aggregate_call call;          /* its arguments are 0, 1, ...: those above */
} weir_match_aggregate;

/* What the columns of an expression are: input_count columns for every source, then the aggregates, then the time of the match as
 * TIMESTAMP(3) or TIMESTAMP_LTZ(3). */
typedef struct weir_match_view {
    uint32_t source_count;
    const weir_match_source *sources;
    uint32_t aggregate_count;
    const weir_match_aggregate *aggregates;
    uint32_t time_count;
    const weir_type *const *time_types;
} weir_match_view;

typedef struct weir_match_stage {
    weir_text name;
    uint32_t minimum, maximum;
    bool greedy;                /* a row that fits stays in the stage; else both ways are tried */
    const weir_expr *condition; /* over the view; NULL: TRUE */
    weir_match_view view;
} weir_match_stage;

typedef enum weir_match_skip {
    WEIR_MATCH_SKIP_PAST_LAST,
    WEIR_MATCH_SKIP_TO_NEXT,
    WEIR_MATCH_SKIP_TO_FIRST, /* of skip_stage */
    WEIR_MATCH_SKIP_TO_LAST,
} weir_match_skip;

typedef struct weir_match_spec {
    uint32_t input_count;
    const weir_type *const *input_types;
    uint32_t key_count;
    const uint32_t *keys;
    uint32_t order_count;
    const weir_sort_key *order; /* order[0]: the time, ascending */
    bool processing_time;
    uint32_t stage_count;
    const weir_match_stage *stages;
    weir_match_skip skip;
    uint32_t skip_stage;
    int64_t within_ms; /* 0: no limit; a match spans less than this */
    uint32_t measure_count;
    const weir_expr *const *measures; /* over `view` */
    weir_match_view view;
    const weir_type *const *output_types; /* key_count + measure_count */
} weir_match_spec;
extern const weir_operator_vtable weir_match_operator;

#endif
