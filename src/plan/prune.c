/* Which columns of each node somebody reads, consumers before inputs. Of ROW columns that are only read field by field it is known which
 * fields. */
#include "plan/prune_int.h"

#include <string.h>

/* ---- marking ---- */

static bool mark_child(weir_arena *arena, column_use *use, const weir_type *type, uint32_t child) {
    if (use->children == NULL && (use->children = WEIR_ARENA_ARRAY(arena, bool, type->field_count)) == NULL)
        return false;
    if (child < type->field_count)
        use->children[child] = true;
    return true;
}

/* FIELD(column, n): the column and n. */
static bool is_field_of_column(const weir_expr *expr, uint32_t *child) {
    if (!weir_expr_is_call(expr, "FIELD") || expr->as.call.count != 2)
        return false;
    const weir_expr *row = expr->as.call.arguments[0], *number = expr->as.call.arguments[1];
    if (row->kind != WEIR_EXPR_COLUMN || row->type->kind != WEIR_KIND_ROW || number->kind != WEIR_EXPR_LITERAL ||
        number->as.literal.is_null)
        return false;
    *child = (uint32_t)number->as.literal.as.integer;
    return *child < row->type->field_count;
}

static bool mark_expr(weir_arena *arena, const weir_expr *expr, column_use *below) {
    uint32_t child;
    if (expr->kind == WEIR_EXPR_COLUMN) {
        below[expr->as.column].whole = true;
        return true;
    }
    if (is_field_of_column(expr, &child)) {
        const weir_expr *row = expr->as.call.arguments[0];
        return mark_child(arena, &below[row->as.column], row->type, child);
    }
    if (expr->kind == WEIR_EXPR_CALL)
        for (uint32_t i = 0; i < expr->as.call.count; i++)
            if (!mark_expr(arena, expr->as.call.arguments[i], below))
                return false;
    return true;
}

/* A column handed on is read as the one above it. */
static bool mark_pass(weir_arena *arena, const column_use *use, const weir_type *type, column_use *below) {
    below->whole |= use->whole;
    for (uint32_t i = 0; use->children != NULL && type->kind == WEIR_KIND_ROW && i < type->field_count; i++)
        if (use->children[i] && !mark_child(arena, below, type, i))
            return false;
    return true;
}

static bool pass_all(weir_arena *arena, const weir_node *input, const column_use *use, column_use *below) {
    for (uint32_t i = 0; i < input->field_count; i++)
        if (!mark_pass(arena, &use[i], input->fields[i].type, &below[i]))
            return false;
    return true;
}

static void mark_columns(const uint32_t *columns, uint32_t count, column_use *below) {
    for (uint32_t i = 0; i < count; i++)
        below[columns[i]].whole = true;
}

static void mark_order(const weir_sort_key *order, uint32_t count, column_use *below) {
    for (uint32_t i = 0; i < count; i++)
        below[order[i].column].whole = true;
}

static void mark_call(const weir_aggregate_call *call, column_use *below) {
    mark_columns(call->arguments, call->argument_count, below);
    mark_order(call->order, call->order_count, below);
    if (call->filter >= 0)
        below[call->filter].whole = true;
}

static void mark_whole(const weir_node *input, column_use *below) {
    for (uint32_t i = 0; i < input->field_count; i++)
        below[i].whole = true;
}

/* ---- by kind of node ---- */

static bool project_needs(weir_arena *arena, const weir_node *node, const column_use *use, column_use *below) {
    for (uint32_t i = 0; i < node->field_count; i++) {
        const weir_expr *expr = node->as.project.expressions[i];
        if (!column_is_used(&use[i]))
            continue;
        bool passed = expr->kind == WEIR_EXPR_COLUMN;
        if (passed ? !mark_pass(arena, &use[i], expr->type, &below[expr->as.column]) : !mark_expr(arena, expr, below))
            return false;
    }
    return true;
}

static void aggregate_needs(const weir_node *node, const column_use *use, column_use *below) {
    uint32_t keys = node->as.aggregate.key_count;
    mark_columns(node->as.aggregate.keys, keys, below);
    for (uint32_t c = 0; c < node->as.aggregate.call_count; c++)
        if (column_is_used(&use[keys + c]))
            mark_call(&node->as.aggregate.calls[c], below);
    if (node->as.aggregate.window.present)
        below[node->as.aggregate.window.window.time_column].whole = true;
}

static void window_aggregate_needs(const weir_node *node, const column_use *use, column_use *below) {
    const weir_window_aggregate_spec *spec = &node->as.window_aggregate.spec;
    mark_columns(spec->keys, spec->key_count, below);
    for (uint32_t c = 0; c < spec->call_count; c++)
        if (column_is_used(&use[spec->key_count + c]))
            mark_call(&spec->calls[c], below);
    if (spec->attached)
        below[spec->start_column].whole = below[spec->end_column].whole = true;
    else
        below[spec->window.time_column].whole = true;
}

/* `side`: 0 left, 1 right. */
static bool join_needs(weir_arena *arena, const weir_node *node, const column_use *use, uint32_t side, column_use *below) {
    uint32_t left = node->inputs[0]->field_count, total = left + node->inputs[1]->field_count;
    column_use *both = WEIR_ARENA_ARRAY(arena, column_use, total);
    if (both == NULL)
        return false;
    for (uint32_t i = 0; i < node->field_count; i++)
        both[i] = use[i].children == NULL ? use[i] : (column_use){.whole = true};
    if (node->as.join.condition != NULL && !mark_expr(arena, node->as.join.condition, both))
        return false;
    if (node->as.join.residual != NULL && !mark_expr(arena, node->as.join.residual, both))
        return false;
    const weir_node *input = node->inputs[side];
    for (uint32_t i = 0; i < input->field_count; i++)
        below[i].whole |= column_is_used(&both[side == 0 ? i : left + i]);
    mark_columns(side == 0 ? node->as.join.left_keys : node->as.join.right_keys, node->as.join.equal_count, below);
    if (node->kind != WEIR_NODE_JOIN)
        below[side == 0 ? node->as.join.left_time : node->as.join.right_time].whole = true;
    return true;
}

static bool over_needs(weir_arena *arena, const weir_node *node, const column_use *use, column_use *below) {
    const weir_node *input = node->inputs[0];
    mark_columns(node->as.over.keys, node->as.over.key_count, below);
    mark_order(node->as.over.order, node->as.over.order_count, below);
    for (uint32_t c = 0; c < node->as.over.call_count; c++)
        if (column_is_used(&use[input->field_count + c]))
            mark_call(&node->as.over.calls[c].call, below);
    return pass_all(arena, input, use, below);
}

static bool expand_needs(weir_arena *arena, const weir_node *node, const column_use *use, column_use *below) {
    for (uint32_t s = 0; s < node->as.expand.set_count; s++)
        for (uint32_t i = 0; i < node->field_count; i++)
            if (column_is_used(&use[i]) && !mark_expr(arena, node->as.expand.projections[s][i], below))
                return false;
    return true;
}

static bool rank_needs(weir_arena *arena, const weir_node *node, const column_use *use, column_use *below) {
    const weir_node *input = node->inputs[0];
    if (node->kind == WEIR_NODE_RANK) {
        mark_columns(node->as.rank.keys, node->as.rank.key_count, below);
        mark_order(node->as.rank.order, node->as.rank.order_count, below);
        if (node->as.rank.to_rank_column >= 0)
            below[node->as.rank.to_rank_column].whole = true;
    } else if (node->kind == WEIR_NODE_WINDOW_RANK) {
        mark_columns(node->as.window_rank.keys, node->as.window_rank.key_count, below);
        mark_order(node->as.window_rank.order, node->as.window_rank.order_count, below);
        below[node->as.window_rank.end_column].whole = true;
    } else {
        mark_columns(node->as.deduplicate.keys, node->as.deduplicate.key_count, below);
        below[node->as.deduplicate.time_column].whole |= node->as.deduplicate.by_rowtime;
    }
    return pass_all(arena, input, use, below);
}

bool prune_needs(weir_arena *arena, const weir_node *node, const column_use *use, uint32_t input, column_use *below) {
    const weir_node *from = node->inputs[input];
    switch (node->kind) {
    case WEIR_NODE_PROJECT: return project_needs(arena, node, use, below);
    case WEIR_NODE_FILTER: return mark_expr(arena, node->as.filter.condition, below) && pass_all(arena, from, use, below);
    case WEIR_NODE_WATERMARK:
        below[node->as.watermark.rowtime].whole = true;
        return mark_expr(arena, node->as.watermark.expression, below) && pass_all(arena, from, use, below);
    case WEIR_NODE_AGGREGATE: aggregate_needs(node, use, below); return true;
    case WEIR_NODE_WINDOW_AGGREGATE: window_aggregate_needs(node, use, below); return true;
    case WEIR_NODE_WINDOW_TABLE:
        below[node->as.window_table.window.time_column].whole = true;
        mark_columns(node->as.window_table.keys, node->as.window_table.key_count, below);
        return pass_all(arena, from, use, below);
    case WEIR_NODE_JOIN:
    case WEIR_NODE_WINDOW_JOIN:
    case WEIR_NODE_INTERVAL_JOIN:
    case WEIR_NODE_TEMPORAL_JOIN: return join_needs(arena, node, use, input, below);
    case WEIR_NODE_OVER: return over_needs(arena, node, use, below);
    case WEIR_NODE_SORT: mark_order(node->as.sort.order, node->as.sort.order_count, below); return pass_all(arena, from, use, below);
    case WEIR_NODE_UNNEST: return mark_expr(arena, node->as.unnest.collection, below) && pass_all(arena, from, use, below);
    case WEIR_NODE_RANK:
    case WEIR_NODE_WINDOW_RANK:
    case WEIR_NODE_DEDUPLICATE: return rank_needs(arena, node, use, below);
    case WEIR_NODE_EXPAND: return expand_needs(arena, node, use, below);
    case WEIR_NODE_SET:
        if (node->as.set.kind == WEIR_SET_UNION && node->as.set.all)
            return pass_all(arena, from, use, below);
        break;
    case WEIR_NODE_DROP_UPDATE_BEFORE: return pass_all(arena, from, use, below);
    default: break;
    }
    mark_whole(from, below);
    return true;
}

/* ---- the walk ---- */

/* Inputs before consumers. */
static bool collect(prune *self, const weir_node *node, weir_list *order) {
    if (node_map_get(&self->uses, node) != NULL)
        return true;
    column_use *use = WEIR_ARENA_ARRAY(self->arena, column_use, node->field_count);
    if (use == NULL || !node_map_put(self->arena, &self->uses, node, use))
        return false;
    for (uint32_t i = 0; i < node->input_count; i++)
        if (!collect(self, node->inputs[i], order))
            return false;
    return weir_list_add(self->arena, order, (void *)(uintptr_t)node);
}

/* A batch has at least one column: an aggregate that would be left with none keeps a call. */
static void keep_one(const weir_node *node, column_use *use) {
    if (node->kind != WEIR_NODE_AGGREGATE || node->field_count != node->as.aggregate.call_count || node->field_count == 0)
        return;
    for (uint32_t i = 0; i < node->field_count; i++)
        if (column_is_used(&use[i]))
            return;
    use[0].whole = true;
}

static bool find_uses(prune *self, const weir_plan *plan) {
    weir_list order = {0};
    for (uint32_t i = 0; i < plan->root_count; i++)
        if (!collect(self, plan->roots[i], &order))
            return false;
    for (size_t n = order.count; n-- > 0;) {
        const weir_node *node = order.items[n];
        column_use *use = (column_use *)(uintptr_t)node_map_get(&self->uses, node);
        keep_one(node, use);
        for (uint32_t i = 0; i < node->input_count; i++) {
            column_use *below = (column_use *)(uintptr_t)node_map_get(&self->uses, node->inputs[i]);
            if (!prune_needs(self->arena, node, use, i, below))
                return false;
        }
    }
    return true;
}

weir_status weir_plan_prune(weir_arena *arena, weir_plan *plan, weir_error *error) {
    prune self = {.arena = arena};
    const weir_node **roots = WEIR_ARENA_ARRAY(arena, const weir_node *, plan->root_count);
    if (roots == NULL || !find_uses(&self, plan))
        return rewrite_no_memory(error);
    for (uint32_t i = 0; i < plan->root_count; i++) {
        pruned_node *root = NULL;
        WEIR_TRY(prune_rebuild(&self, plan->roots[i], &root, error));
        roots[i] = root->node;
    }
    plan->roots = roots;
    return WEIR_OK;
}
