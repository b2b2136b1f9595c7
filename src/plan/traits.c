/* What is known of the rows of a node: the windows that they lie in, whether they change, what makes them unique. */
#include <string.h>

#include "plan/rules.h"

/* ---- windows ---- */

bool plan_window_equal(const weir_window *a, const weir_window *b) {
    return a->kind == b->kind && a->size_ms == b->size_ms && a->slide_ms == b->slide_ms && a->offset_ms == b->offset_ms &&
           a->processing_time == b->processing_time && a->time_is_ltz == b->time_is_ltz;
}

static uint32_t projected(const weir_node *project, uint32_t column) {
    for (uint32_t i = 0; column != UINT32_MAX && i < project->field_count; i++) {
        const weir_expr *expr = project->as.project.expressions[i];
        if (expr->kind == WEIR_EXPR_COLUMN && expr->as.column == column)
            return i;
    }
    return UINT32_MAX;
}

static bool project_window(const weir_node *node, plan_window *out) {
    if (!plan_window_of(node->inputs[0], out))
        return false;
    out->start = projected(node, out->start);
    out->end = projected(node, out->end);
    out->time = projected(node, out->time);
    return out->start != UINT32_MAX || out->end != UINT32_MAX;
}

static bool aggregate_window(const weir_node *node, plan_window *out) {
    const weir_window_aggregate_spec *spec = &node->as.window_aggregate.spec;
    *out = (plan_window){.window = spec->window, .start = UINT32_MAX, .end = UINT32_MAX, .time = UINT32_MAX};
    for (uint32_t i = 0; i < spec->property_count; i++) {
        uint32_t column = spec->key_count + spec->call_count + i;
        switch (spec->properties[i]) {
        case WEIR_WINDOW_PROPERTY_START: out->start = column; break;
        case WEIR_WINDOW_PROPERTY_END: out->end = column; break;
        case WEIR_WINDOW_PROPERTY_TIME:
        case WEIR_WINDOW_PROPERTY_PROCTIME: out->time = column; break;
        }
    }
    return out->start != UINT32_MAX || out->end != UINT32_MAX;
}

/* UNION ALL of rows in the same windows. */
static bool union_window(const weir_node *node, plan_window *out) {
    if (node->as.set.kind != WEIR_SET_UNION || !node->as.set.all || !plan_window_of(node->inputs[0], out))
        return false;
    for (uint32_t i = 1; i < node->input_count; i++) {
        plan_window other;
        if (!plan_window_of(node->inputs[i], &other) || !plan_window_equal(&out->window, &other.window) || out->start != other.start ||
            out->end != other.end)
            return false;
        if (out->time != other.time)
            out->time = UINT32_MAX;
    }
    return true;
}

bool plan_window_of(const weir_node *node, plan_window *out) {
    switch (node->kind) {
    case WEIR_NODE_WINDOW_TABLE: {
        uint32_t first = node->inputs[0]->field_count;
        *out = (plan_window){node->as.window_table.window, first, first + 1, first + 2};
        return true;
    }
    case WEIR_NODE_PROJECT: return project_window(node, out);
    case WEIR_NODE_WINDOW_AGGREGATE: return aggregate_window(node, out);
    case WEIR_NODE_SET: return union_window(node, out);
    case WEIR_NODE_FILTER:
    case WEIR_NODE_UNNEST:
    case WEIR_NODE_WINDOW_RANK:
    case WEIR_NODE_WINDOW_JOIN: return plan_window_of(node->inputs[0], out);
    case WEIR_NODE_JOIN: return rewrite_join_is_half(node) && plan_window_of(node->inputs[0], out);
    default: return false;
    }
}

/* ---- changes ---- */

static bool inputs_insert_only(const weir_node *node) {
    for (uint32_t i = 0; i < node->input_count; i++)
        if (!plan_insert_only(node->inputs[i]))
            return false;
    return true;
}

/* See counts_as_first_row in physical_order.c. */
static bool rank_insert_only(const weir_node *node) {
    const weir_rank_spec *spec = &node->as.rank;
    return !spec->emit_rank && spec->function == WEIR_RANK_ROW_NUMBER && spec->from_rank == 1 && spec->to_rank == 1 &&
           spec->to_rank_column < 0 && !(spec->order_count == 1 && spec->order[0].descending) && inputs_insert_only(node);
}

bool plan_insert_only(const weir_node *node) {
    switch (node->kind) {
    case WEIR_NODE_SCAN:
        return node->as.scan.connector == NULL || node->as.scan.connector->changelog == NULL ||
               !node->as.scan.connector->changelog(node->as.scan.table);
    case WEIR_NODE_WINDOW_AGGREGATE:
    case WEIR_NODE_WINDOW_RANK:
    case WEIR_NODE_WINDOW_JOIN:
    case WEIR_NODE_INTERVAL_JOIN:
    case WEIR_NODE_TEMPORAL_JOIN: return true;
    case WEIR_NODE_RANK: return rank_insert_only(node);
    case WEIR_NODE_CHANGELOG_NORMALIZE:
    case WEIR_NODE_REPLICATE: return false;
    case WEIR_NODE_AGGREGATE:
        return node->as.aggregate.window.present ||
               (node->as.aggregate.call_count == 0 && node->as.aggregate.set_count == 0 && inputs_insert_only(node));
    case WEIR_NODE_DEDUPLICATE: return !node->as.deduplicate.keep_last && inputs_insert_only(node);
    case WEIR_NODE_OVER:
        return node->as.over.order_count > 0 && node->inputs[0]->fields[node->as.over.order[0].column].time != WEIR_TIME_NONE;
    case WEIR_NODE_JOIN: return (node->as.join.type == WEIR_JOIN_INNER || node->as.join.type == WEIR_JOIN_SEMI) && inputs_insert_only(node);
    case WEIR_NODE_SORT:
        return inputs_insert_only(node) && (node->as.sort.order_count == 0 || (node->as.sort.fetch < 0 && node->as.sort.offset == 0));
    default: return inputs_insert_only(node);
    }
}

/* ---- rows at all ---- */

static bool all_empty(const weir_node *node) {
    for (uint32_t i = 0; i < node->input_count; i++)
        if (!plan_is_empty(node->inputs[i]))
            return false;
    return true;
}

static bool join_is_empty(const weir_node *node) {
    bool left = plan_is_empty(node->inputs[0]), right = plan_is_empty(node->inputs[1]);
    switch (node->as.join.type) {
    case WEIR_JOIN_INNER:
    case WEIR_JOIN_SEMI: return left || right;
    case WEIR_JOIN_LEFT:
    case WEIR_JOIN_ANTI: return left;
    case WEIR_JOIN_RIGHT: return right;
    case WEIR_JOIN_FULL: return left && right;
    default: return false;
    }
}

bool plan_is_empty(const weir_node *node) {
    switch (node->kind) {
    case WEIR_NODE_VALUES: return node->as.values.row_count == 0;
    case WEIR_NODE_SCAN: return false;
    case WEIR_NODE_AGGREGATE: return (node->as.aggregate.key_count > 0 || node->as.aggregate.set_count > 0) && all_empty(node);
    case WEIR_NODE_JOIN: return join_is_empty(node);
    case WEIR_NODE_SORT: return node->as.sort.fetch == 0 || all_empty(node);
    case WEIR_NODE_PROJECT:
    case WEIR_NODE_FILTER:
    case WEIR_NODE_SET:
    case WEIR_NODE_RANK:
    case WEIR_NODE_DEDUPLICATE: return all_empty(node);
    default: return false;
    }
}

/* ---- unique keys ---- */

static bool scan_key(const weir_node *node, uint32_t *columns, uint32_t *count) {
    const weir_table *table = node->as.scan.table;
    *count = 0;
    for (uint32_t k = 0; k < table->key_count; k++) {
        uint32_t column = 0;
        while (column < node->as.scan.physical_count && node->as.scan.physical[column] != table->key[k])
            column++;
        if (column == node->as.scan.physical_count || *count == PLAN_KEY_MAX)
            return false;
        columns[(*count)++] = column;
    }
    return *count > 0;
}

static bool first_key(const uint32_t *keys, uint32_t key_count, uint32_t *columns, uint32_t *count) {
    if (key_count > PLAN_KEY_MAX)
        return false;
    for (uint32_t i = 0; i < key_count; i++)
        columns[i] = keys == NULL ? i : keys[i];
    *count = key_count;
    return key_count > 0;
}

static bool project_key(const weir_node *node, uint32_t *columns, uint32_t *count) {
    if (!plan_unique_key(node->inputs[0], columns, count))
        return false;
    for (uint32_t i = 0; i < *count; i++)
        if ((columns[i] = projected(node, columns[i])) == UINT32_MAX)
            return false;
    return true;
}

bool plan_unique_key(const weir_node *node, uint32_t *columns, uint32_t *count) {
    switch (node->kind) {
    case WEIR_NODE_SCAN: return scan_key(node, columns, count);
    case WEIR_NODE_PROJECT: return project_key(node, columns, count);
    case WEIR_NODE_AGGREGATE:
        return node->as.aggregate.set_count == 0 && !node->as.aggregate.window.present &&
               first_key(NULL, node->as.aggregate.key_count, columns, count);
    case WEIR_NODE_DEDUPLICATE: return first_key(node->as.deduplicate.keys, node->as.deduplicate.key_count, columns, count);
    case WEIR_NODE_RANK:
        return node->as.rank.from_rank == node->as.rank.to_rank && node->as.rank.function == WEIR_RANK_ROW_NUMBER &&
               first_key(node->as.rank.keys, node->as.rank.key_count, columns, count);
    case WEIR_NODE_CHANGELOG_NORMALIZE: return first_key(node->as.normalize.keys, node->as.normalize.key_count, columns, count);
    case WEIR_NODE_JOIN: return rewrite_join_is_half(node) && plan_unique_key(node->inputs[0], columns, count);
    case WEIR_NODE_FILTER:
    case WEIR_NODE_WATERMARK:
    case WEIR_NODE_SORT:
    case WEIR_NODE_SNAPSHOT:
    case WEIR_NODE_NOT_NULL:
    case WEIR_NODE_DROP_UPDATE_BEFORE: return plan_unique_key(node->inputs[0], columns, count);
    default: return false;
    }
}

/* ---- values that only move one way ---- */

/* Updates of this column of a node go up (1), down (-1), there are none (0), or nothing is known (2). */
static int column_direction(const weir_node *node, uint32_t column) {
    for (; node->kind == WEIR_NODE_PROJECT; node = node->inputs[0]) {
        const weir_expr *expr = node->as.project.expressions[column];
        if (expr->kind != WEIR_EXPR_COLUMN)
            return 2;
        column = expr->as.column;
    }
    if (node->kind != WEIR_NODE_AGGREGATE || node->as.aggregate.window.present || node->as.aggregate.set_count > 0 ||
        !plan_insert_only(node->inputs[0]))
        return 2;
    if (column < node->as.aggregate.key_count)
        return 0;
    if (column - node->as.aggregate.key_count >= node->as.aggregate.call_count)
        return 2;
    const char *name = node->as.aggregate.calls[column - node->as.aggregate.key_count].aggregate->name;
    if (strcmp(name, "COUNT") == 0 || strcmp(name, "MAX") == 0)
        return 1;
    return strcmp(name, "MIN") == 0 ? -1 : 2;
}

bool plan_rows_improve(const weir_node *node, const weir_sort_key *order, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        int direction = column_direction(node, order[i].column);
        if (direction != 0 && direction != (order[i].descending ? 1 : -1))
            return false;
    }
    return count > 0;
}

bool weir_plan_only_inserts(const weir_plan *plan) {
    for (uint32_t i = 0; i < plan->root_count; i++)
        if (!inputs_insert_only(plan->roots[i]))
            return false;
    return true;
}
