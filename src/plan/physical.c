/* The physical planner: walks the plan from its roots, inputs first, and makes one vertex or a few for every node. Chains of PROJECT and
 * FILTER become one calc. */
#include <string.h>

#include "op/calc.h"
#include "op/unnest.h"
#include "op/watermark_assigner.h"
#include "plan/physical_int.h"

enum { FUSED_SIZE_MAX = 2000 };

weir_status physical_no_memory(weir_error *error) { return weir_fail_memory(error, "a physical plan", sizeof(weir_vertex)); }

static weir_vertex *vertex_at(const physical *self, uint32_t vertex) { return self->vertices.items[vertex]; }
physical_changes physical_changes_of(const physical *self, uint32_t vertex) {
    return *(const physical_changes *)self->changes.items[vertex];
}
const weir_type *const *physical_types(const physical *self, uint32_t vertex) { return vertex_at(self, vertex)->types; }
uint32_t physical_columns(const physical *self, uint32_t vertex) { return vertex_at(self, vertex)->column_count; }
const char *physical_name(const physical *self, uint32_t vertex) { return vertex_at(self, vertex)->name; }

weir_status physical_vertex(physical *self, weir_vertex_kind kind, const char *name, const uint32_t *inputs, uint32_t input_count,
                            const weir_type *const *types, uint32_t columns, physical_changes changes, weir_vertex **vertex, uint32_t *out,
                            weir_error *error) {
    weir_vertex *made = WEIR_ARENA_NEW(self->arena, weir_vertex);
    weir_edge *edges = WEIR_ARENA_ARRAY(self->arena, weir_edge, input_count);
    physical_changes *kept = WEIR_ARENA_NEW(self->arena, physical_changes);
    uint32_t number = (uint32_t)self->vertices.count;
    weir_text full = weir_arena_format(self->arena, "%s[%u]", name, number + 1);
    if (made == NULL || edges == NULL || kept == NULL || types == NULL || full.data == NULL ||
        !weir_list_add(self->arena, &self->vertices, made) || !weir_list_add(self->arena, &self->changes, kept))
        return physical_no_memory(error);
    for (uint32_t i = 0; i < input_count; i++)
        edges[i] = (weir_edge){.from = inputs[i], .exchange = WEIR_EXCHANGE_FORWARD};
    *made = (weir_vertex){
        .kind = kind, .name = full.data, .input_count = input_count, .inputs = edges, .column_count = columns, .types = types};
    *kept = changes;
    *vertex = made;
    *out = number;
    return WEIR_OK;
}

weir_status physical_operator(physical *self, const weir_operator_vtable *vtable, const void *spec, const uint32_t *inputs,
                              uint32_t input_count, const weir_type *const *types, uint32_t columns, physical_changes changes,
                              weir_vertex **vertex, uint32_t *out, weir_error *error) {
    WEIR_TRY(physical_vertex(self, WEIR_VERTEX_OPERATOR, vtable->name, inputs, input_count, types, columns, changes, vertex, out, error));
    (*vertex)->as.op.vtable = vtable;
    (*vertex)->as.op.spec = spec;
    return WEIR_OK;
}

void physical_keyed(weir_vertex *vertex, uint32_t edge, const uint32_t *keys, uint32_t count) {
    weir_edge *at = (weir_edge *)(uintptr_t)&vertex->inputs[edge];
    at->exchange = count == 0 ? WEIR_EXCHANGE_SINGLE : WEIR_EXCHANGE_HASH;
    at->keys = keys;
    at->key_count = count;
}

weir_status physical_insert_only(const physical *self, uint32_t input, const char *consumer, weir_position position, weir_error *error) {
    physical_changes changes = physical_changes_of(self, input);
    if (!physical_retracts(changes))
        return WEIR_OK;
    return weir_fail_at(error, WEIR_UNSUPPORTED, position, "%s doesn't support consuming %s%s%s changes which is produced by node %s",
                        consumer, changes.updates ? "update" : "", changes.updates && changes.deletes ? " and " : "",
                        changes.deletes ? "delete" : "", physical_name(self, input));
}

/* ---- calc ---- */

static const weir_expr *identity(physical *self, const weir_node *node, uint32_t column) {
    return weir_expr_column(self->arena, column, node->fields[column].type, node->position);
}

static size_t expr_size(const weir_expr *expr) {
    size_t size = 1;
    if (expr->kind == WEIR_EXPR_CALL)
        for (uint32_t i = 0; i < expr->as.call.count && size <= FUSED_SIZE_MAX; i++)
            size += expr_size(expr->as.call.arguments[i]);
    return size;
}

bool physical_is_shared(const physical *self, const weir_node *node) {
    for (size_t i = 0; i < self->shared.count; i++)
        if (self->shared.items[i] == node)
            return true;
    return false;
}

typedef struct calc_chain {
    const weir_expr **projections;
    uint32_t count;
    const weir_expr *condition;
} calc_chain;

/* May the expressions of this PROJECT be put in the place of the columns that stand for them? */
static bool can_substitute(const calc_chain *chain, const weir_node *node) {
    size_t size = 0;
    for (uint32_t i = 0; i < node->field_count; i++)
        if (!weir_expr_is_deterministic(node->as.project.expressions[i]))
            return false;
    for (uint32_t i = 0; i < chain->count; i++)
        size += expr_size(chain->projections[i]);
    for (uint32_t i = 0; i < node->field_count; i++)
        size += expr_size(node->as.project.expressions[i]);
    return size <= FUSED_SIZE_MAX;
}

static weir_status chain_project(physical *self, calc_chain *chain, const weir_node *node, weir_error *error) {
    const weir_expr *const *map = node->as.project.expressions;
    for (uint32_t i = 0; i < chain->count; i++)
        if ((chain->projections[i] = weir_expr_replace(self->arena, chain->projections[i], map)) == NULL)
            return physical_no_memory(error);
    if (chain->condition != NULL && (chain->condition = weir_expr_replace(self->arena, chain->condition, map)) == NULL)
        return physical_no_memory(error);
    return WEIR_OK;
}

static bool is_identity(const calc_chain *chain, const physical *self, uint32_t input) {
    if (chain->condition != NULL || chain->count != physical_columns(self, input))
        return false;
    for (uint32_t i = 0; i < chain->count; i++)
        if (chain->projections[i]->kind != WEIR_EXPR_COLUMN || chain->projections[i]->as.column != i)
            return false;
    return true;
}

weir_status physical_calc(physical *self, uint32_t input, const weir_expr *condition, const weir_expr *const *projections, uint32_t count,
                          uint32_t *out, weir_error *error) {
    weir_calc_spec *spec = WEIR_ARENA_NEW(self->arena, weir_calc_spec);
    const weir_type **types = WEIR_ARENA_ARRAY(self->arena, const weir_type *, count);
    if (spec == NULL || types == NULL)
        return physical_no_memory(error);
    for (uint32_t i = 0; i < count; i++)
        types[i] = projections[i]->type;
    *spec = (weir_calc_spec){.condition = condition, .count = count, .projections = projections};
    weir_vertex *vertex;
    return physical_operator(self, &weir_calc_operator, spec, &input, 1, types, count, physical_changes_of(self, input), &vertex, out,
                             error);
}

static weir_status calc_node(physical *self, const weir_node *node, uint32_t *out, weir_error *error) {
    calc_chain chain = {.projections = WEIR_ARENA_ARRAY(self->arena, const weir_expr *, node->field_count), .count = node->field_count};
    if (chain.projections == NULL)
        return physical_no_memory(error);
    for (uint32_t i = 0; i < chain.count; i++)
        if ((chain.projections[i] = identity(self, node, i)) == NULL)
            return physical_no_memory(error);
    const weir_node *at = node;
    while ((at->kind == WEIR_NODE_PROJECT || at->kind == WEIR_NODE_FILTER) && (at == node || !physical_is_shared(self, at))) {
        if (at->kind == WEIR_NODE_PROJECT) {
            if (at != node && !can_substitute(&chain, at))
                break;
            WEIR_TRY(chain_project(self, &chain, at, error));
        } else {
            chain.condition = weir_expr_and(self->arena, at->as.filter.condition, chain.condition);
            if (chain.condition == NULL)
                return physical_no_memory(error);
        }
        at = at->inputs[0];
    }
    uint32_t input;
    WEIR_TRY(physical_node(self, at, &input, error));
    if (is_identity(&chain, self, input)) {
        *out = input;
        return WEIR_OK;
    }
    return physical_calc(self, input, chain.condition, chain.projections, chain.count, out, error);
}

/* ---- small nodes ---- */

static weir_status values_node(physical *self, const weir_node *node, uint32_t *out, weir_error *error) {
    weir_vertex *vertex;
    WEIR_TRY(physical_vertex(self, WEIR_VERTEX_VALUES, "Values", NULL, 0, weir_node_types(self->arena, node), node->field_count,
                             (physical_changes){0}, &vertex, out, error));
    vertex->as.values.row_count = node->as.values.row_count;
    vertex->as.values.values = node->as.values.values;
    return WEIR_OK;
}

static weir_status watermark_node(physical *self, const weir_node *node, uint32_t *out, weir_error *error) {
    uint32_t input;
    WEIR_TRY(physical_node(self, node->inputs[0], &input, error));
    if (self->settings->batch_mode) {
        *out = input;
        return WEIR_OK;
    }
    weir_watermark_assigner_spec *spec = WEIR_ARENA_NEW(self->arena, weir_watermark_assigner_spec);
    if (spec == NULL)
        return physical_no_memory(error);
    *spec = (weir_watermark_assigner_spec){.rowtime = node->as.watermark.rowtime,
                                           .expression = node->as.watermark.expression,
                                           .interval_ms = self->settings->auto_watermark_interval_ms,
                                           .idle_timeout_ms = self->settings->idle_timeout_ms};
    weir_vertex *vertex;
    return physical_operator(self, &weir_watermark_assigner_operator, spec, &input, 1, physical_types(self, input), node->field_count,
                             physical_changes_of(self, input), &vertex, out, error);
}

static weir_status unnest_node(physical *self, const weir_node *node, uint32_t *out, weir_error *error) {
    uint32_t input;
    WEIR_TRY(physical_node(self, node->inputs[0], &input, error));
    weir_unnest_spec *spec = WEIR_ARENA_NEW(self->arena, weir_unnest_spec);
    const weir_type *const *types = weir_node_types(self->arena, node);
    if (spec == NULL || types == NULL)
        return physical_no_memory(error);
    *spec = (weir_unnest_spec){.input_count = node->inputs[0]->field_count,
                               .collection = node->as.unnest.collection,
                               .ordinality = node->as.unnest.ordinality,
                               .keep_empty = node->as.unnest.keep_empty,
                               .output_count = node->field_count,
                               .output_types = types};
    weir_vertex *vertex;
    return physical_operator(self, &weir_unnest_operator, spec, &input, 1, types, node->field_count, physical_changes_of(self, input),
                             &vertex, out, error);
}

static weir_status collect_node(physical *self, const weir_node *node, uint32_t *out, weir_error *error) {
    uint32_t input;
    WEIR_TRY(physical_node(self, node->inputs[0], &input, error));
    WEIR_TRY(physical_not_null(self, node, &input, error));
    weir_vertex *vertex;
    WEIR_TRY(physical_vertex(self, WEIR_VERTEX_COLLECT, "Collect", &input, 1, physical_types(self, input), node->field_count,
                             physical_changes_of(self, input), &vertex, out, error));
    physical_keyed(vertex, 0, NULL, 0);
    return WEIR_OK;
}

static weir_status node_dispatch(physical *self, const weir_node *node, uint32_t *out, weir_error *error) {
    switch (node->kind) {
    case WEIR_NODE_SCAN: return physical_scan(self, node, out, error);
    case WEIR_NODE_VALUES: return values_node(self, node, out, error);
    case WEIR_NODE_WATERMARK: return watermark_node(self, node, out, error);
    case WEIR_NODE_PROJECT:
    case WEIR_NODE_FILTER: return calc_node(self, node, out, error);
    case WEIR_NODE_AGGREGATE: return physical_aggregate(self, node, out, error);
    case WEIR_NODE_WINDOW_TABLE:
    case WEIR_NODE_WINDOW_AGGREGATE:
    case WEIR_NODE_WINDOW_RANK: return physical_window(self, node, out, error);
    case WEIR_NODE_JOIN:
    case WEIR_NODE_WINDOW_JOIN:
    case WEIR_NODE_INTERVAL_JOIN:
    case WEIR_NODE_TEMPORAL_JOIN: return physical_join(self, node, out, error);
    case WEIR_NODE_OVER: return physical_over(self, node, out, error);
    case WEIR_NODE_SORT: return physical_sort(self, node, out, error);
    case WEIR_NODE_RANK:
    case WEIR_NODE_DEDUPLICATE: return physical_rank(self, node, out, error);
    case WEIR_NODE_SET:
    case WEIR_NODE_REPLICATE:
    case WEIR_NODE_CHANGELOG_NORMALIZE:
    case WEIR_NODE_EXPAND:
    case WEIR_NODE_DROP_UPDATE_BEFORE: return physical_set(self, node, out, error);
    case WEIR_NODE_UNNEST: return unnest_node(self, node, out, error);
    case WEIR_NODE_MATCH: return physical_match(self, node, out, error);
    case WEIR_NODE_SINK:
    case WEIR_NODE_NOT_NULL: return physical_sink(self, node, out, error);
    case WEIR_NODE_COLLECT: return collect_node(self, node, out, error);
    case WEIR_NODE_SNAPSHOT:
        return weir_fail_at(
            error, WEIR_UNSUPPORTED, node->position,
            "FOR SYSTEM_TIME AS OF is supported on the right side of a join on the primary key of a table with a watermark only");
    case WEIR_NODE_COUNT: break;
    }
    return weir_fail_at(error, WEIR_INTERNAL, node->position, "no physical form of %s", weir_node_kind_name(node->kind));
}

weir_status physical_node(physical *self, const weir_node *node, uint32_t *out, weir_error *error) {
    for (size_t i = 0; i < self->done.count; i++) {
        const physical_done *done = self->done.items[i];
        if (done->node == node) {
            *out = done->vertex;
            return WEIR_OK;
        }
    }
    WEIR_TRY(node_dispatch(self, node, out, error));
    physical_done *done = WEIR_ARENA_NEW(self->arena, physical_done);
    if (done == NULL || !weir_list_add(self->arena, &self->done, done))
        return physical_no_memory(error);
    *done = (physical_done){node, *out};
    return WEIR_OK;
}

/* Nodes that several others read. */
static weir_status find_shared(physical *self, const weir_node *node, weir_list *seen, weir_error *error) {
    for (size_t i = 0; i < seen->count; i++)
        if (seen->items[i] == node)
            return weir_list_add(self->arena, &self->shared, (void *)(uintptr_t)node) ? WEIR_OK : physical_no_memory(error);
    if (!weir_list_add(self->arena, seen, (void *)(uintptr_t)node))
        return physical_no_memory(error);
    for (uint32_t i = 0; i < node->input_count; i++)
        WEIR_TRY(find_shared(self, node->inputs[i], seen, error));
    return WEIR_OK;
}

weir_status weir_plan_physical(weir_arena *arena, const weir_plan *optimized, const weir_plan_settings *settings, weir_job_graph *out,
                               weir_error *error) {
    physical self = {.arena = arena, .settings = settings};
    weir_list seen = {0};
    for (uint32_t i = 0; i < optimized->root_count; i++)
        WEIR_TRY(find_shared(&self, optimized->roots[i], &seen, error));
    for (uint32_t i = 0; i < optimized->root_count; i++) {
        uint32_t vertex;
        weir_status status = physical_node(&self, optimized->roots[i], &vertex, error);
        if (status != WEIR_OK) {
            weir_error_stage(error, "plan");
            return status;
        }
    }
    weir_vertex *vertices = WEIR_ARENA_ARRAY(arena, weir_vertex, self.vertices.count);
    if (vertices == NULL)
        return physical_no_memory(error);
    for (size_t i = 0; i < self.vertices.count; i++)
        vertices[i] = *(const weir_vertex *)self.vertices.items[i];
    *out = (weir_job_graph){.count = (uint32_t)self.vertices.count,
                            .vertices = vertices,
                            .settings = settings->operators,
                            .parallelism = settings->parallelism};
    return WEIR_OK;
}

static bool node_is_bounded(const weir_node *node) {
    if (node->kind == WEIR_NODE_SCAN)
        return node->as.scan.connector == NULL || node->as.scan.connector->bounded == NULL ||
               node->as.scan.connector->bounded(node->as.scan.table);
    for (uint32_t i = 0; i < node->input_count; i++)
        if (!node_is_bounded(node->inputs[i]))
            return false;
    return true;
}

bool weir_plan_is_bounded(const weir_plan *plan) {
    for (uint32_t i = 0; i < plan->root_count; i++)
        if (!node_is_bounded(plan->roots[i]))
            return false;
    return true;
}
