/* Common subplans: nodes that do the same to the same inputs become one, inputs first, so that whole equal subqueries are computed once.
 * Nodes with expressions that give something else each time stay apart, as do those that end a plan.
 */
#include "base/hash.h"
#include "plan/rules.h"

typedef struct share_entry {
    uint64_t hash;
    const weir_node *node;
} share_entry;

typedef struct share {
    weir_arena *arena;
    node_map done; /* node -> the one that stands for it */
    share_entry *entries;
    size_t capacity, count; /* open addressing */
} share;

/* ---- equal parts ---- */

static bool columns_equal(const uint32_t *a, const uint32_t *b, uint32_t count) {
    for (uint32_t i = 0; i < count; i++)
        if (a[i] != b[i])
            return false;
    return true;
}

static bool order_equal(const weir_sort_key *a, const weir_sort_key *b, uint32_t count) {
    for (uint32_t i = 0; i < count; i++)
        if (a[i].column != b[i].column || a[i].descending != b[i].descending || a[i].nulls_last != b[i].nulls_last)
            return false;
    return true;
}

static bool optional_equal(const weir_expr *a, const weir_expr *b) { return a == b || (a != NULL && b != NULL && weir_expr_equal(a, b)); }

static bool exprs_equal(const weir_expr *const *a, const weir_expr *const *b, uint32_t count) {
    for (uint32_t i = 0; i < count; i++)
        if (!weir_expr_equal(a[i], b[i]))
            return false;
    return true;
}

static bool literal_equal(const weir_value *a, const weir_value *b) { return a == b || (a != NULL && b != NULL && weir_value_equal(a, b)); }

static bool call_equal(const weir_aggregate_call *a, const weir_aggregate_call *b) {
    if (a->aggregate != b->aggregate || a->argument_count != b->argument_count || a->distinct != b->distinct ||
        a->ignore_nulls != b->ignore_nulls || a->filter != b->filter || a->order_count != b->order_count ||
        !weir_type_equal(a->result, b->result, false))
        return false;
    for (uint32_t i = 0; i < a->argument_count; i++)
        if (!literal_equal(a->literals[i], b->literals[i]) || !weir_type_equal(a->argument_types[i], b->argument_types[i], false))
            return false;
    return columns_equal(a->arguments, b->arguments, a->argument_count) && order_equal(a->order, b->order, a->order_count);
}

static bool calls_equal(const weir_aggregate_call *a, const weir_aggregate_call *b, uint32_t count) {
    for (uint32_t i = 0; i < count; i++)
        if (!call_equal(&a[i], &b[i]))
            return false;
    return true;
}

static bool window_equal(const weir_window *a, const weir_window *b) { return plan_window_equal(a, b) && a->time_column == b->time_column; }

/* ---- equal nodes ---- */

static bool scan_equal(const weir_node *a, const weir_node *b) {
    return a->as.scan.table == b->as.scan.table && a->as.scan.connector == b->as.scan.connector &&
           a->as.scan.physical_count == b->as.scan.physical_count && a->as.scan.metadata_count == b->as.scan.metadata_count &&
           a->as.scan.used_children == NULL && b->as.scan.used_children == NULL &&
           columns_equal(a->as.scan.physical, b->as.scan.physical, a->as.scan.physical_count) &&
           columns_equal(a->as.scan.metadata, b->as.scan.metadata, a->as.scan.metadata_count);
}

static bool values_equal(const weir_node *a, const weir_node *b) {
    if (a->as.values.row_count != b->as.values.row_count)
        return false;
    for (size_t i = 0; i < (size_t)a->as.values.row_count * a->field_count; i++)
        if (!weir_value_equal(&a->as.values.values[i], &b->as.values.values[i]))
            return false;
    return true;
}

/* Windows of GROUP BY TUMBLE(...) and grouping sets are left apart: rare. */
static bool aggregate_equal(const weir_node *a, const weir_node *b) {
    return !a->as.aggregate.window.present && !b->as.aggregate.window.present && a->as.aggregate.set_count == 0 &&
           b->as.aggregate.set_count == 0 && a->as.aggregate.key_count == b->as.aggregate.key_count &&
           a->as.aggregate.call_count == b->as.aggregate.call_count && a->as.aggregate.grouping_count == b->as.aggregate.grouping_count &&
           columns_equal(a->as.aggregate.keys, b->as.aggregate.keys, a->as.aggregate.key_count) &&
           calls_equal(a->as.aggregate.calls, b->as.aggregate.calls, a->as.aggregate.call_count);
}

static bool window_aggregate_equal(const weir_node *a, const weir_node *b) {
    const weir_window_aggregate_spec *x = &a->as.window_aggregate.spec, *y = &b->as.window_aggregate.spec;
    if (x->attached != y->attached || x->key_count != y->key_count || x->call_count != y->call_count ||
        x->property_count != y->property_count)
        return false;
    bool windows = x->attached
                       ? plan_window_equal(&x->window, &y->window) && x->start_column == y->start_column && x->end_column == y->end_column
                       : window_equal(&x->window, &y->window);
    for (uint32_t i = 0; windows && i < x->property_count; i++)
        windows = x->properties[i] == y->properties[i];
    return windows && columns_equal(x->keys, y->keys, x->key_count) && calls_equal(x->calls, y->calls, x->call_count);
}

static bool join_equal(const weir_node *a, const weir_node *b) {
    uint32_t count = a->as.join.equal_count;
    if (a->as.join.type != b->as.join.type || count != b->as.join.equal_count || a->as.join.null_aware_anti != b->as.join.null_aware_anti ||
        a->as.join.lower_ms != b->as.join.lower_ms || a->as.join.upper_ms != b->as.join.upper_ms ||
        a->as.join.left_time != b->as.join.left_time || a->as.join.right_time != b->as.join.right_time ||
        a->as.join.processing_time != b->as.join.processing_time)
        return false;
    for (uint32_t i = 0; i < count; i++)
        if (a->as.join.null_safe[i] != b->as.join.null_safe[i])
            return false;
    return columns_equal(a->as.join.left_keys, b->as.join.left_keys, count) &&
           columns_equal(a->as.join.right_keys, b->as.join.right_keys, count) &&
           optional_equal(a->as.join.condition, b->as.join.condition) && optional_equal(a->as.join.residual, b->as.join.residual);
}

static bool over_equal(const weir_node *a, const weir_node *b) {
    if (a->as.over.key_count != b->as.over.key_count || a->as.over.order_count != b->as.over.order_count ||
        a->as.over.call_count != b->as.over.call_count)
        return false;
    for (uint32_t i = 0; i < a->as.over.call_count; i++)
        if (!call_equal(&a->as.over.calls[i].call, &b->as.over.calls[i].call) ||
            !weir_frame_equal(&a->as.over.calls[i].frame, &b->as.over.calls[i].frame))
            return false;
    return columns_equal(a->as.over.keys, b->as.over.keys, a->as.over.key_count) &&
           order_equal(a->as.over.order, b->as.over.order, a->as.over.order_count);
}

static bool rank_equal(const weir_node *a, const weir_node *b) {
    const weir_rank_spec *x = &a->as.rank, *y = &b->as.rank;
    return x->function == y->function && x->from_rank == y->from_rank && x->to_rank == y->to_rank &&
           x->to_rank_column == y->to_rank_column && x->emit_rank == y->emit_rank && x->key_count == y->key_count &&
           x->order_count == y->order_count && columns_equal(x->keys, y->keys, x->key_count) &&
           order_equal(x->order, y->order, x->order_count);
}

static bool window_rank_equal(const weir_node *a, const weir_node *b) {
    const weir_window_rank_spec *x = &a->as.window_rank, *y = &b->as.window_rank;
    return x->end_column == y->end_column && x->end_is_ltz == y->end_is_ltz && x->from_rank == y->from_rank && x->to_rank == y->to_rank &&
           x->emit_rank == y->emit_rank && x->last_of_ties == y->last_of_ties && x->key_count == y->key_count &&
           x->order_count == y->order_count && columns_equal(x->keys, y->keys, x->key_count) &&
           order_equal(x->order, y->order, x->order_count);
}

static bool deduplicate_equal(const weir_node *a, const weir_node *b) {
    const weir_deduplicate_spec *x = &a->as.deduplicate, *y = &b->as.deduplicate;
    return x->keep_last == y->keep_last && x->by_rowtime == y->by_rowtime && x->time_column == y->time_column &&
           x->key_count == y->key_count && columns_equal(x->keys, y->keys, x->key_count);
}

static bool expand_equal(const weir_node *a, const weir_node *b) {
    if (a->as.expand.set_count != b->as.expand.set_count)
        return false;
    for (uint32_t s = 0; s < a->as.expand.set_count; s++)
        if (!exprs_equal(a->as.expand.projections[s], b->as.expand.projections[s], a->field_count))
            return false;
    return true;
}

static bool details_equal(const weir_node *a, const weir_node *b) {
    switch (a->kind) {
    case WEIR_NODE_SCAN: return scan_equal(a, b);
    case WEIR_NODE_VALUES: return values_equal(a, b);
    case WEIR_NODE_WATERMARK:
        return a->as.watermark.rowtime == b->as.watermark.rowtime &&
               weir_expr_equal(a->as.watermark.expression, b->as.watermark.expression);
    case WEIR_NODE_PROJECT: return exprs_equal(a->as.project.expressions, b->as.project.expressions, a->field_count);
    case WEIR_NODE_FILTER: return weir_expr_equal(a->as.filter.condition, b->as.filter.condition);
    case WEIR_NODE_AGGREGATE: return aggregate_equal(a, b);
    case WEIR_NODE_WINDOW_AGGREGATE: return window_aggregate_equal(a, b);
    case WEIR_NODE_WINDOW_TABLE:
        return window_equal(&a->as.window_table.window, &b->as.window_table.window) &&
               a->as.window_table.key_count == b->as.window_table.key_count &&
               columns_equal(a->as.window_table.keys, b->as.window_table.keys, a->as.window_table.key_count);
    case WEIR_NODE_JOIN:
    case WEIR_NODE_WINDOW_JOIN:
    case WEIR_NODE_INTERVAL_JOIN:
    case WEIR_NODE_TEMPORAL_JOIN: return join_equal(a, b);
    case WEIR_NODE_OVER: return over_equal(a, b);
    case WEIR_NODE_SORT:
        return a->as.sort.offset == b->as.sort.offset && a->as.sort.fetch == b->as.sort.fetch &&
               a->as.sort.order_count == b->as.sort.order_count && order_equal(a->as.sort.order, b->as.sort.order, a->as.sort.order_count);
    case WEIR_NODE_SET: return a->as.set.kind == b->as.set.kind && a->as.set.all == b->as.set.all;
    case WEIR_NODE_UNNEST:
        return a->as.unnest.ordinality == b->as.unnest.ordinality && a->as.unnest.keep_empty == b->as.unnest.keep_empty &&
               weir_expr_equal(a->as.unnest.collection, b->as.unnest.collection);
    case WEIR_NODE_RANK: return rank_equal(a, b);
    case WEIR_NODE_WINDOW_RANK: return window_rank_equal(a, b);
    case WEIR_NODE_DEDUPLICATE: return deduplicate_equal(a, b);
    case WEIR_NODE_EXPAND: return expand_equal(a, b);
    case WEIR_NODE_REPLICATE:
        return a->as.replicate.count_column == b->as.replicate.count_column && a->as.replicate.output_count == b->as.replicate.output_count;
    case WEIR_NODE_DROP_UPDATE_BEFORE: return true;
    default: return false;
    }
}

static bool nodes_equal(const weir_node *a, const weir_node *b) {
    if (a->kind != b->kind || a->field_count != b->field_count || a->input_count != b->input_count)
        return false;
    for (uint32_t i = 0; i < a->input_count; i++)
        if (a->inputs[i] != b->inputs[i])
            return false;
    for (uint32_t i = 0; i < a->field_count; i++)
        if (a->fields[i].time != b->fields[i].time || !weir_type_equal(a->fields[i].type, b->fields[i].type, false))
            return false;
    return details_equal(a, b);
}

static bool all_deterministic(const weir_expr *const *exprs, uint32_t count) {
    for (uint32_t i = 0; i < count; i++)
        if (!weir_expr_is_deterministic(exprs[i]))
            return false;
    return true;
}

/* Does the node give the same rows each time? */
static bool repeats(const weir_node *node) {
    switch (node->kind) {
    case WEIR_NODE_PROJECT: return all_deterministic(node->as.project.expressions, node->field_count);
    case WEIR_NODE_FILTER: return weir_expr_is_deterministic(node->as.filter.condition);
    case WEIR_NODE_JOIN: return node->as.join.condition == NULL || weir_expr_is_deterministic(node->as.join.condition);
    case WEIR_NODE_UNNEST: return weir_expr_is_deterministic(node->as.unnest.collection);
    default: return true;
    }
}

/* ---- the table of nodes ---- */

static uint64_t expr_hash(uint64_t hash, const weir_expr *expr) {
    hash = weir_hash_combine(hash, (uint64_t)expr->kind);
    if (expr->kind == WEIR_EXPR_COLUMN)
        return weir_hash_combine(hash, expr->as.column);
    if (expr->kind != WEIR_EXPR_CALL)
        return weir_hash_combine(hash, (uint64_t)expr->type->kind);
    hash = weir_hash_combine(hash, (uint64_t)(uintptr_t)expr->as.call.function);
    for (uint32_t i = 0; i < expr->as.call.count; i++)
        hash = expr_hash(hash, expr->as.call.arguments[i]);
    return hash;
}

static uint64_t node_hash(const weir_node *node) {
    uint64_t hash = weir_hash_combine((uint64_t)node->kind, node->field_count);
    for (uint32_t i = 0; i < node->input_count; i++)
        hash = weir_hash_combine(hash, (uint64_t)(uintptr_t)node->inputs[i]);
    if (node->kind == WEIR_NODE_PROJECT)
        for (uint32_t i = 0; i < node->field_count; i++)
            hash = expr_hash(hash, node->as.project.expressions[i]);
    if (node->kind == WEIR_NODE_FILTER)
        hash = expr_hash(hash, node->as.filter.condition);
    return hash;
}

static bool table_grow(share *self) {
    share bigger = {.arena = self->arena, .capacity = self->capacity == 0 ? 64 : self->capacity * 2};
    bigger.entries = WEIR_ARENA_ARRAY(self->arena, share_entry, bigger.capacity);
    if (bigger.entries == NULL)
        return false;
    for (size_t i = 0; i < self->capacity; i++) {
        if (self->entries[i].node == NULL)
            continue;
        size_t at = self->entries[i].hash & (bigger.capacity - 1);
        while (bigger.entries[at].node != NULL)
            at = (at + 1) & (bigger.capacity - 1);
        bigger.entries[at] = self->entries[i];
    }
    self->entries = bigger.entries;
    self->capacity = bigger.capacity;
    return true;
}

/* The node that stands for all that are equal to `node`; NULL: no memory. */
static const weir_node *representative(share *self, const weir_node *node) {
    if (self->count * 2 >= self->capacity && !table_grow(self))
        return NULL;
    uint64_t hash = node_hash(node);
    size_t at = hash & (self->capacity - 1);
    for (; self->entries[at].node != NULL; at = (at + 1) & (self->capacity - 1))
        if (self->entries[at].hash == hash && nodes_equal(self->entries[at].node, node))
            return self->entries[at].node;
    self->entries[at] = (share_entry){hash, node};
    self->count++;
    return node;
}

static weir_status share_node(share *self, const weir_node *node, const weir_node **out, weir_error *error) {
    *out = node_map_get(&self->done, node);
    if (*out != NULL)
        return WEIR_OK;
    const weir_node **inputs = WEIR_ARENA_ARRAY(self->arena, const weir_node *, node->input_count);
    if (inputs == NULL)
        return rewrite_no_memory(error);
    for (uint32_t i = 0; i < node->input_count; i++)
        WEIR_TRY(share_node(self, node->inputs[i], &inputs[i], error));
    const weir_node *at;
    WEIR_TRY(rewrite_inputs(self->arena, node, inputs, &at, error));
    *out = repeats(at) ? representative(self, at) : at;
    if (*out == NULL || !node_map_put(self->arena, &self->done, node, *out))
        return rewrite_no_memory(error);
    return WEIR_OK;
}

weir_status weir_plan_share(weir_arena *arena, weir_plan *plan, weir_error *error) {
    share self = {.arena = arena};
    const weir_node **roots = WEIR_ARENA_ARRAY(arena, const weir_node *, plan->root_count);
    if (roots == NULL)
        return rewrite_no_memory(error);
    for (uint32_t i = 0; i < plan->root_count; i++)
        WEIR_TRY(share_node(&self, plan->roots[i], &roots[i], error));
    plan->roots = roots;
    return WEIR_OK;
}
