/* The relational plan: what the binder makes of a query, what the rewrite rules change, and what the physical planner turns into operators.
 *
 * Immutable nodes in an arena; a rule makes new nodes. Expressions number the columns of their node's input (for joins: left columns, then
 * right ones). One set of node kinds serves all stages: the binder makes those above the line, rules and the physical planner also those
 * below it.
 */
#ifndef WEIR_PLAN_NODE_H
#define WEIR_PLAN_NODE_H

#include "catalog/table.h"
#include "connect/connector.h"
#include "expr/expr.h"
#include "op/changelog.h"
#include "op/join.h"
#include "op/match.h"
#include "op/over.h"
#include "op/rank.h"
#include "op/sort.h"
#include "op/window.h"

typedef enum weir_time_attribute {
    WEIR_TIME_NONE,
    WEIR_TIME_ROWTIME, /* event time: a watermark is defined on it, and nothing has destroyed that */
    WEIR_TIME_PROCTIME,
} weir_time_attribute;

/* An output column of a node. */
typedef struct weir_plan_field {
    weir_text name;
    const weir_type *type;
    weir_time_attribute time;
} weir_plan_field;

typedef enum weir_node_kind {
    /* made by the binder */
    WEIR_NODE_SCAN, /* physical + metadata columns of a table; computed columns are a PROJECT above, the watermark a WATERMARK above that */
    WEIR_NODE_VALUES, /* rows of literals */
    WEIR_NODE_WATERMARK,
    WEIR_NODE_PROJECT,
    WEIR_NODE_FILTER,
    WEIR_NODE_AGGREGATE,    /* GROUP BY, DISTINCT (no calls), grouping sets; legacy group windows */
    WEIR_NODE_WINDOW_TABLE, /* TUMBLE, HOP, CUMULATE, SESSION as table functions */
    WEIR_NODE_JOIN,         /* with a whole condition; SEMI, ANTI from subqueries */
    WEIR_NODE_SNAPSHOT,     /* FOR SYSTEM_TIME AS OF: right input of a JOIN */
    WEIR_NODE_OVER,
    WEIR_NODE_SORT, /* ORDER BY, OFFSET, FETCH */
    WEIR_NODE_SET,  /* UNION, INTERSECT, EXCEPT, [ALL] */
    WEIR_NODE_UNNEST,
    WEIR_NODE_MATCH,   /* MATCH_RECOGNIZE over the columns that it reads */
    WEIR_NODE_SINK,    /* INSERT INTO */
    WEIR_NODE_COLLECT, /* the rows of a SELECT */
    /* ---- made by rules and the physical planner ---- */
    WEIR_NODE_WINDOW_AGGREGATE,
    WEIR_NODE_WINDOW_RANK,
    WEIR_NODE_WINDOW_JOIN,
    WEIR_NODE_INTERVAL_JOIN,
    WEIR_NODE_TEMPORAL_JOIN,
    WEIR_NODE_RANK,
    WEIR_NODE_DEDUPLICATE,
    WEIR_NODE_EXPAND,
    WEIR_NODE_CHANGELOG_NORMALIZE,
    WEIR_NODE_DROP_UPDATE_BEFORE,
    WEIR_NODE_REPLICATE,
    WEIR_NODE_NOT_NULL,
    WEIR_NODE_COUNT,
} weir_node_kind;

typedef struct weir_node weir_node;

/* A legacy group window of an AGGREGATE: TUMBLE(ts, ...), HOP, SESSION in GROUP BY; properties are TUMBLE_START and the like, in output
 * order behind the calls. */
typedef struct weir_group_window {
    bool present;
    weir_window window;
    uint32_t property_count;
    const weir_window_property *properties;
} weir_group_window;

typedef enum weir_set_kind { WEIR_SET_UNION, WEIR_SET_INTERSECT, WEIR_SET_EXCEPT } weir_set_kind;

/* Which changes flow out of a node: filled in by the changelog pass of the planner. */
typedef struct weir_node_traits {
    bool updates;              /* -U/+U or +U occur */
    bool deletes;              /* -D occurs */
    bool update_before;        /* updates come with -U (as the consumer wants) */
    bool bounded;              /* ends by itself */
    uint32_t upsert_key_count; /* 0: none known */
    const uint32_t *upsert_key;
} weir_node_traits;

struct weir_node {
    weir_node_kind kind;
    weir_position position; /* of the clause in the script, for errors; line 0: made by a rule */
    uint32_t field_count;
    const weir_plan_field *fields; /* output */
    uint32_t input_count;
    const weir_node *const *inputs;
    weir_node_traits traits;
    union {
        struct {
            const weir_table *table; /* effective options: hints are merged in */
            const weir_connector *connector;
            uint32_t physical_count; /* the first fields: columns of the table, by their index there ... */
            const uint32_t *physical;
            uint32_t metadata_count; /* ... then metadata columns (index into table->columns) */
            const uint32_t *metadata;
            const bool *const *used_children; /* nested projection; NULL */
        } scan;
        struct {
            uint32_t row_count;
            const weir_value *values; /* row_count * field_count */
        } values;
        struct {
            uint32_t rowtime; /* column */
            const weir_expr *expression;
        } watermark;
        struct {
            const weir_expr *const *expressions; /* field_count */
        } project;
        struct {
            const weir_expr *condition;
        } filter;
        struct {
            uint32_t key_count;
            const uint32_t *keys;    /* input columns; output: keys, then calls, then window properties */
            uint32_t set_count;      /* 0: plain GROUP BY; else grouping sets */
            const bool *const *sets; /* [set_count][key_count]: key is kept */
            uint32_t grouping_count; /* GROUPING / GROUPING_ID columns, behind the calls: each a list of key indexes */
            const uint32_t *const *grouping_keys;
            const uint32_t *grouping_sizes;
            uint32_t call_count;
            const weir_aggregate_call *calls;
            weir_group_window window;
        } aggregate; /* also WINDOW_AGGREGATE: see attached below */
        struct {
            weir_window window;
            uint32_t key_count; /* SESSION */
            const uint32_t *keys;
        } window_table;
        struct {
            weir_window_aggregate_spec spec;
        } window_aggregate;
        struct {
            weir_join_type type;
            const weir_expr *condition; /* whole, over left then right; NULL: TRUE */
            bool null_aware_anti;       /* NOT IN */
            uint32_t equal_count;       /* found by a rule: left[i] = right[i] */
            const uint32_t *left_keys, *right_keys;
            const bool *null_safe;
            const weir_expr *residual;
            int64_t lower_ms, upper_ms;     /* INTERVAL_JOIN */
            uint32_t left_time, right_time; /* INTERVAL, TEMPORAL: columns of each side; WINDOW_JOIN: window_end columns */
            bool processing_time;
        } join; /* JOIN, WINDOW_JOIN, INTERVAL_JOIN, TEMPORAL_JOIN */
        struct {
            const weir_expr *time; /* over the left input of the join */
        } snapshot;
        struct {
            uint32_t key_count;
            const uint32_t *keys;
            uint32_t order_count;
            const weir_sort_key *order;
            uint32_t call_count;
            const weir_over_call *calls; /* output: input columns, then calls */
        } over;
        struct {
            uint32_t order_count;
            const weir_sort_key *order;
            int64_t offset;
            int64_t fetch; /* -1: all */
        } sort;
        struct {
            weir_set_kind kind;
            bool all;
        } set;
        struct {
            const weir_expr *collection;
            bool ordinality;
            bool keep_empty;
            uint32_t element_count; /* output: input columns, elements, ordinality */
        } unnest;
        weir_match_spec match; /* but for the types */
        struct {
            const weir_table *table;
            const weir_connector *connector;
            weir_sink_spec spec;
        } sink;
        weir_rank_spec rank;
        weir_deduplicate_spec deduplicate;
        weir_window_rank_spec window_rank;
        struct {
            uint32_t set_count;
            const weir_expr *const *const *projections;
        } expand;
        weir_changelog_normalize_spec normalize;
        weir_replicate_spec replicate;
        weir_not_null_spec not_null;
    } as;
};

weir_node *weir_node_create(weir_arena *arena, weir_node_kind kind, weir_position position, const weir_node *const *inputs,
                            uint32_t input_count, uint32_t field_count); /* fields writable through weir_node_fields */
weir_plan_field *weir_node_fields(weir_node *node);
const weir_type *const *weir_node_types(weir_arena *arena, const weir_node *node); /* array of the fields' types */
const char *weir_node_kind_name(weir_node_kind kind);

/* A whole statement's plan: several sinks for a STATEMENT SET, one COLLECT for a SELECT. Common inputs are the same node: the plan is a
 * DAG. */
typedef struct weir_plan {
    uint32_t root_count;
    const weir_node *const *roots; /* SINK or COLLECT */
    bool batch_mode;
    const uint32_t *rule_counts; /* after the optimizer: how often each of its rules has changed something; NULL before it */
} weir_plan;

#endif
