/* The optimizer: the table of rules and the walk that applies them; see rules.h. What rules cannot say, because it goes from the consumers
 * down, is prune.c. */
#include <string.h>

#include "plan/rules.h"

const weir_rule weir_rules[] = {
    {RULE_PHASE_SHAPE, true, WEIR_NODE_SET, "set_operation", "INTERSECT and EXCEPT become joins and aggregates", rule_set_operation},
    {RULE_PHASE_SHAPE, true, WEIR_NODE_AGGREGATE, "inner_order", "nobody sees the order of rows below", rule_inner_order},
    {RULE_PHASE_SHAPE, true, WEIR_NODE_JOIN, "inner_order", "nobody sees the order of rows below", rule_inner_order},
    {RULE_PHASE_SHAPE, true, WEIR_NODE_SET, "inner_order", "nobody sees the order of rows below", rule_inner_order},
    {RULE_PHASE_SHAPE, false, WEIR_NODE_FILTER, "constant_filter", "WHERE TRUE goes away, WHERE FALSE leaves no rows",
     rule_constant_filter},
    {RULE_PHASE_SHAPE, true, WEIR_NODE_FILTER, "filter_merge", "a filter of a filter is one filter", rule_filter_merge},
    {RULE_PHASE_SHAPE, true, WEIR_NODE_FILTER, "filter_project", "a filter goes below a projection", rule_filter_project},
    {RULE_PHASE_SHAPE, false, WEIR_NODE_FILTER, "outer_join", "an outer join whose padded rows a filter drops is none", rule_outer_join},
    {RULE_PHASE_SHAPE, true, WEIR_NODE_FILTER, "filter_join", "a filter of a join goes to the join and its inputs", rule_filter_join},
    {RULE_PHASE_SHAPE, false, WEIR_NODE_FILTER, "filter_below", "a filter goes below what keeps rows or groups whole", rule_filter_below},
    {RULE_PHASE_SHAPE, false, WEIR_NODE_JOIN, "join_condition", "a join condition on one side goes to that side", rule_join_condition},
    {RULE_PHASE_SHAPE, false, WEIR_NODE_PROJECT, "project_merge", "a projection of a projection is one projection", rule_project_merge},
    {RULE_PHASE_DETECT, true, WEIR_NODE_JOIN, "join_keys", "equalities of a join become its keys", rule_join_keys},
    {RULE_PHASE_DETECT, true, WEIR_NODE_JOIN, "temporal_join", "FOR SYSTEM_TIME AS OF becomes a temporal join", rule_temporal_join},
    {RULE_PHASE_DETECT, true, WEIR_NODE_JOIN, "window_join", "a join of equal windows becomes a window join", rule_window_join},
    {RULE_PHASE_DETECT, true, WEIR_NODE_JOIN, "interval_join", "a join of near times becomes an interval join", rule_interval_join},
    {RULE_PHASE_DETECT, true, WEIR_NODE_WINDOW_TABLE, "window_time", "a window needs a time attribute", rule_window_time},
    {RULE_PHASE_DETECT, true, WEIR_NODE_AGGREGATE, "window_aggregate", "GROUP BY of window bounds becomes a window aggregate",
     rule_window_aggregate},
    {RULE_PHASE_DETECT, true, WEIR_NODE_FILTER, "rank", "a filter on ROW_NUMBER() becomes a Top-N or a deduplication", rule_rank},
    {RULE_PHASE_DETECT, false, WEIR_NODE_PROJECT, "project_merge", "a projection of a projection is one projection", rule_project_merge},
    {RULE_PHASE_TIDY, false, WEIR_NODE_PROJECT, "project_merge", "a projection of a projection is one projection", rule_project_merge},
    {RULE_PHASE_TIDY, false, WEIR_NODE_PROJECT, "project_identity", "a projection of all columns as they are is none",
     rule_project_identity},
    {0},
};

static bool applies(const rewrite *self, const weir_rule *rule, rule_phase phase, const weir_node *node) {
    return rule->phase == phase && rule->on == node->kind && (rule->needed || !self->settings->optimizer_off);
}

static weir_status walk(rewrite *self, rule_phase phase, const weir_node *node, const weir_node **out, weir_error *error);

static weir_status walk_inputs(rewrite *self, rule_phase phase, const weir_node *node, const weir_node **out, weir_error *error) {
    const weir_node **inputs = WEIR_ARENA_ARRAY(self->arena, const weir_node *, node->input_count);
    if (inputs == NULL)
        return rewrite_no_memory(error);
    for (uint32_t i = 0; i < node->input_count; i++)
        WEIR_TRY(walk(self, phase, node->inputs[i], &inputs[i], error));
    WEIR_TRY(rewrite_inputs(self->arena, node, inputs, out, error));
    return self->times_follow ? rewrite_times(self->arena, *out, out, error) : WEIR_OK;
}

static weir_status remember(rewrite *self, const weir_node *node, const weir_node *result, weir_error *error) {
    bool kept = node_map_put(self->arena, &self->memo, node, result) && node_map_put(self->arena, &self->memo, result, result);
    if (kept && rewrite_is_shared(self, node))
        kept = node_map_put(self->arena, &self->shared, result, result);
    return kept ? WEIR_OK : rewrite_no_memory(error);
}

static weir_status walk(rewrite *self, rule_phase phase, const weir_node *node, const weir_node **out, weir_error *error) {
    *out = node_map_get(&self->memo, node);
    if (*out != NULL)
        return WEIR_OK;
    const weir_node *at;
    WEIR_TRY(walk_inputs(self, phase, node, &at, error));
    if (rewrite_is_shared(self, node) && !node_map_put(self->arena, &self->shared, at, at))
        return rewrite_no_memory(error);
    const weir_node *changed = at;
    for (const weir_rule *rule = weir_rules; rule->name != NULL && changed == at; rule++)
        if (applies(self, rule, phase, at)) {
            WEIR_TRY(rule->apply(self, at, &changed, error));
            self->rule_counts[rule - weir_rules] += changed != at;
        }
    if (changed != at)
        WEIR_TRY(walk(self, phase, changed, &changed, error));
    *out = changed;
    return remember(self, node, changed, error);
}

/* Nodes that are read more than once. */
static weir_status find_shared(rewrite *self, node_map *seen, const weir_node *node, weir_error *error) {
    if (node_map_get(seen, node) != NULL)
        return node_map_put(self->arena, &self->shared, node, node) ? WEIR_OK : rewrite_no_memory(error);
    if (!node_map_put(self->arena, seen, node, node))
        return rewrite_no_memory(error);
    for (uint32_t i = 0; i < node->input_count; i++)
        WEIR_TRY(find_shared(self, seen, node->inputs[i], error));
    return WEIR_OK;
}

static weir_status run_phase(weir_arena *arena, const weir_plan_settings *settings, rule_phase phase, weir_plan *plan,
                             uint32_t *rule_counts, weir_error *error) {
    rewrite self = {.arena = arena, .settings = settings, .rule_counts = rule_counts, .times_follow = phase != RULE_PHASE_SHAPE};
    node_map seen = {0};
    const weir_node **roots = WEIR_ARENA_ARRAY(arena, const weir_node *, plan->root_count);
    if (roots == NULL)
        return rewrite_no_memory(error);
    for (uint32_t i = 0; i < plan->root_count; i++)
        WEIR_TRY(find_shared(&self, &seen, plan->roots[i], error));
    for (uint32_t i = 0; i < plan->root_count; i++)
        WEIR_TRY(walk(&self, phase, plan->roots[i], &roots[i], error));
    plan->roots = roots;
    return WEIR_OK;
}

static weir_status optimize(weir_arena *arena, const weir_plan_settings *settings, weir_plan *plan, weir_error *error) {
    uint32_t *rule_counts = WEIR_ARENA_ARRAY(arena, uint32_t, sizeof weir_rules / sizeof *weir_rules);
    if (rule_counts == NULL)
        return rewrite_no_memory(error);
    plan->rule_counts = rule_counts;
    for (rule_phase phase = 0; phase < RULE_PHASE_TIDY; phase++)
        WEIR_TRY(run_phase(arena, settings, phase, plan, rule_counts, error));
    if (!settings->optimizer_off) {
        WEIR_TRY(weir_plan_share(arena, plan, error));
        WEIR_TRY(weir_plan_prune(arena, plan, error));
    }
    return run_phase(arena, settings, RULE_PHASE_TIDY, plan, rule_counts, error);
}

weir_status weir_plan_optimize(weir_arena *arena, const weir_plan *bound, const weir_plan_settings *settings, weir_plan *out,
                               weir_error *error) {
    *out = *bound;
    weir_status status = optimize(arena, settings, out, error);
    if (status != WEIR_OK)
        weir_error_stage(error, "plan");
    return status;
}

/* A rule may stand in the table for several kinds of nodes: its lines are added up. */
void weir_plan_print_rules(const weir_plan *plan, weir_builder *out) {
    const char *before = "Rules: ";
    for (const weir_rule *rule = weir_rules; rule->name != NULL && plan->rule_counts != NULL; rule++) {
        uint32_t count = 0;
        bool seen = false;
        for (const weir_rule *other = weir_rules; other->name != NULL; other++)
            if (strcmp(other->name, rule->name) == 0) {
                seen |= other < rule;
                count += plan->rule_counts[other - weir_rules];
            }
        if (count == 0 || seen)
            continue;
        weir_builder_format(out, "%s%s %u", before, rule->name, count);
        before = ", ";
    }
    if (strcmp(before, ", ") == 0)
        weir_builder_c(out, "\n");
}
