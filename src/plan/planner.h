/* The planner: bound plan -> optimised plan -> job graph.
 *
 *   weir_plan_optimize   rewrite rules (rules.h), one file each; the plan stays a plan and can be printed
 *   weir_plan_physical   chooses operators, derives which changes flow where, and refuses what cannot be done, by name, before anything
 * runs
 *
 * Everything is made in the arena given, which must outlive the job. Threads: one.
 */
#ifndef WEIR_PLAN_PLANNER_H
#define WEIR_PLAN_PLANNER_H

#include "plan/node.h"
#include "runtime/graph.h"

typedef struct weir_plan_settings {
    bool batch_mode;
    const weir_evaluation *evaluation;
    weir_operator_settings operators; /* handed to the job as they are */
    uint32_t parallelism;
    int64_t auto_watermark_interval_ms; /* pipeline.auto-watermark-interval: 200 */
    int64_t idle_timeout_ms;            /* table.exec.source.idle-timeout: 0 = off */
    bool optimizer_off;                 /* tests: only the rules without which nothing runs */
} weir_plan_settings;

weir_status weir_plan_optimize(weir_arena *arena, const weir_plan *bound, const weir_plan_settings *settings, weir_plan *out,
                               weir_error *error) WEIR_MUST_USE;
weir_status weir_plan_physical(weir_arena *arena, const weir_plan *optimized, const weir_plan_settings *settings, weir_job_graph *out,
                               weir_error *error) WEIR_MUST_USE;

/* Does every source of the plan end by itself? */
bool weir_plan_is_bounded(const weir_plan *plan);
/* After the optimizer: no row that the roots give or write is ever taken away or changed. */
bool weir_plan_only_inserts(const weir_plan *plan);

/* For EXPLAIN: indented trees, roots one after the other; a node that is used twice is printed once and then named. */
void weir_plan_print(weir_arena *arena, const weir_plan *plan, weir_builder *out);
/* "Rules: filter_merge 2, join_keys 1": what the optimizer did; nothing when it did nothing. */
void weir_plan_print_rules(const weir_plan *plan, weir_builder *out);
void weir_graph_print(weir_arena *arena, const weir_job_graph *graph, weir_builder *out);

#endif
