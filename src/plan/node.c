/* Making plan nodes; see node.h. */
#include "plan/node.h"

#include <string.h>

weir_node *weir_node_create(weir_arena *arena, weir_node_kind kind, weir_position position, const weir_node *const *inputs,
                            uint32_t input_count, uint32_t field_count) {
    weir_node *node = WEIR_ARENA_NEW(arena, weir_node);
    weir_plan_field *fields = WEIR_ARENA_ARRAY(arena, weir_plan_field, field_count);
    const weir_node **copy = WEIR_ARENA_ARRAY(arena, const weir_node *, input_count);
    if (node == NULL || fields == NULL || copy == NULL)
        return NULL;
    if (input_count > 0)
        memcpy(copy, inputs, input_count * sizeof *copy);
    node->kind = kind;
    node->position = position;
    node->field_count = field_count;
    node->fields = fields;
    node->input_count = input_count;
    node->inputs = copy;
    return node;
}

weir_plan_field *weir_node_fields(weir_node *node) { return (weir_plan_field *)(uintptr_t)node->fields; }

const weir_type *const *weir_node_types(weir_arena *arena, const weir_node *node) {
    const weir_type **types = WEIR_ARENA_ARRAY(arena, const weir_type *, node->field_count);
    for (uint32_t i = 0; types != NULL && i < node->field_count; i++)
        types[i] = node->fields[i].type;
    return types;
}

const char *weir_node_kind_name(weir_node_kind kind) {
    static const char *const names[] = {
        [WEIR_NODE_SCAN] = "TableSourceScan",
        [WEIR_NODE_VALUES] = "Values",
        [WEIR_NODE_WATERMARK] = "WatermarkAssigner",
        [WEIR_NODE_PROJECT] = "Project",
        [WEIR_NODE_FILTER] = "Filter",
        [WEIR_NODE_AGGREGATE] = "GroupAggregate",
        [WEIR_NODE_WINDOW_TABLE] = "WindowTableFunction",
        [WEIR_NODE_JOIN] = "Join",
        [WEIR_NODE_SNAPSHOT] = "Snapshot",
        [WEIR_NODE_OVER] = "OverAggregate",
        [WEIR_NODE_SORT] = "Sort",
        [WEIR_NODE_SET] = "SetOperation",
        [WEIR_NODE_UNNEST] = "Correlate",
        [WEIR_NODE_MATCH] = "Match",
        [WEIR_NODE_SINK] = "Sink",
        [WEIR_NODE_COLLECT] = "Collect",
        [WEIR_NODE_WINDOW_AGGREGATE] = "WindowAggregate",
        [WEIR_NODE_WINDOW_RANK] = "WindowRank",
        [WEIR_NODE_WINDOW_JOIN] = "WindowJoin",
        [WEIR_NODE_INTERVAL_JOIN] = "IntervalJoin",
        [WEIR_NODE_TEMPORAL_JOIN] = "TemporalJoin",
        [WEIR_NODE_RANK] = "Rank",
        [WEIR_NODE_DEDUPLICATE] = "Deduplicate",
        [WEIR_NODE_EXPAND] = "Expand",
        [WEIR_NODE_CHANGELOG_NORMALIZE] = "ChangelogNormalize",
        [WEIR_NODE_DROP_UPDATE_BEFORE] = "DropUpdateBefore",
        [WEIR_NODE_REPLICATE] = "ReplicateRows",
        [WEIR_NODE_NOT_NULL] = "ConstraintEnforcer",
    };
    _Static_assert(sizeof names / sizeof *names == WEIR_NODE_COUNT, "add the new node kind here");
    return names[kind];
}
