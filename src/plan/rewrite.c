/* Helpers of the rewrite rules: making nodes, looking at expressions. */
#include <string.h>

#include "expr/program.h"
#include "plan/rules.h"

weir_status rewrite_no_memory(weir_error *error) { return weir_fail_memory(error, "a plan", sizeof(weir_node)); }

/* ---- maps ---- */

static size_t slot_of(const node_map *map, const weir_node *node) {
    size_t at = (size_t)(((uintptr_t)node >> 4) * 0x9E3779B97F4A7C15ull) & (map->capacity - 1);
    while (map->keys[at] != NULL && map->keys[at] != node)
        at = (at + 1) & (map->capacity - 1);
    return at;
}

const void *node_map_get(const node_map *map, const weir_node *node) { return map->capacity == 0 ? NULL : map->values[slot_of(map, node)]; }

static bool map_grow(weir_arena *arena, node_map *map) {
    node_map bigger = {.capacity = map->capacity == 0 ? 64 : map->capacity * 2};
    bigger.keys = WEIR_ARENA_ARRAY(arena, const weir_node *, bigger.capacity);
    bigger.values = WEIR_ARENA_ARRAY(arena, const void *, bigger.capacity);
    if (bigger.keys == NULL || bigger.values == NULL)
        return false;
    for (size_t i = 0; i < map->capacity; i++)
        if (map->keys[i] != NULL) {
            size_t at = slot_of(&bigger, map->keys[i]);
            bigger.keys[at] = map->keys[i];
            bigger.values[at] = map->values[i];
        }
    bigger.count = map->count;
    *map = bigger;
    return true;
}

bool node_map_put(weir_arena *arena, node_map *map, const weir_node *node, const void *value) {
    if (map->count * 2 >= map->capacity && !map_grow(arena, map))
        return false;
    size_t at = slot_of(map, node);
    map->count += map->keys[at] == NULL;
    map->keys[at] = node;
    map->values[at] = value;
    return true;
}

bool rewrite_is_shared(const rewrite *self, const weir_node *node) { return node_map_get(&self->shared, node) != NULL; }

weir_status rewrite_pass(rewrite *self, const weir_node *node, weir_error *error) {
    if (!rewrite_is_shared(self, node))
        return WEIR_OK;
    for (uint32_t i = 0; i < node->input_count; i++)
        if (!node_map_put(self->arena, &self->shared, node->inputs[i], node->inputs[i]))
            return rewrite_no_memory(error);
    return WEIR_OK;
}

/* ---- nodes ---- */

weir_node *rewrite_copy(weir_arena *arena, const weir_node *node) {
    weir_node *copy = weir_node_create(arena, node->kind, node->position, node->inputs, node->input_count, node->field_count);
    if (copy == NULL)
        return NULL;
    if (node->field_count > 0)
        memcpy(weir_node_fields(copy), node->fields, node->field_count * sizeof *node->fields);
    copy->traits = node->traits;
    copy->as = node->as;
    return copy;
}

weir_status rewrite_inputs(weir_arena *arena, const weir_node *node, const weir_node *const *inputs, const weir_node **out,
                           weir_error *error) {
    bool same = true;
    for (uint32_t i = 0; i < node->input_count; i++)
        same &= inputs[i] == node->inputs[i];
    if (same) {
        *out = node;
        return WEIR_OK;
    }
    /* `out` may be where the input stands: it is set last. */
    weir_node *copy = rewrite_copy(arena, node);
    if (copy == NULL)
        return rewrite_no_memory(error);
    memcpy((const weir_node **)(uintptr_t)copy->inputs, inputs, node->input_count * sizeof *inputs);
    *out = copy;
    return WEIR_OK;
}

weir_status rewrite_filter(weir_arena *arena, const weir_node *input, const weir_expr *condition, weir_position position,
                           const weir_node **out, weir_error *error) {
    *out = input;
    if (condition == NULL)
        return WEIR_OK;
    weir_node *node = weir_node_create(arena, WEIR_NODE_FILTER, position, &input, 1, input->field_count);
    if (node == NULL)
        return rewrite_no_memory(error);
    if (input->field_count > 0)
        memcpy(weir_node_fields(node), input->fields, input->field_count * sizeof *input->fields);
    node->as.filter.condition = condition;
    *out = node;
    return WEIR_OK;
}

static weir_time_attribute time_of(const weir_node *input, const weir_expr *expr) {
    if (expr->kind == WEIR_EXPR_COLUMN)
        return input->fields[expr->as.column].time;
    return weir_expr_is_call(expr, "PROCTIME") ? WEIR_TIME_PROCTIME : WEIR_TIME_NONE;
}

weir_status rewrite_project(weir_arena *arena, const weir_node *input, const weir_expr *const *exprs, const weir_plan_field *fields,
                            uint32_t count, weir_position position, const weir_node **out, weir_error *error) {
    weir_node *node = weir_node_create(arena, WEIR_NODE_PROJECT, position, &input, 1, count);
    const weir_expr **copy = WEIR_ARENA_ARRAY(arena, const weir_expr *, count);
    if (node == NULL || copy == NULL)
        return rewrite_no_memory(error);
    for (uint32_t i = 0; i < count; i++) {
        if (exprs[i] == NULL)
            return rewrite_no_memory(error);
        weir_plan_field *field = &weir_node_fields(node)[i];
        copy[i] = exprs[i];
        if (fields != NULL)
            *field = fields[i];
        else {
            field->name =
                exprs[i]->kind == WEIR_EXPR_COLUMN ? input->fields[exprs[i]->as.column].name : weir_arena_format(arena, "$f%u", i);
            field->type = exprs[i]->type;
        }
        field->time = time_of(input, exprs[i]);
    }
    node->as.project.expressions = copy;
    *out = node;
    return WEIR_OK;
}

const weir_expr *rewrite_column(weir_arena *arena, const weir_node *node, uint32_t column) {
    return weir_expr_column(arena, column, node->fields[column].type, node->position);
}

weir_status rewrite_columns(weir_arena *arena, const weir_node *input, const uint32_t *columns, const weir_plan_field *fields,
                            uint32_t count, weir_position position, const weir_node **out, weir_error *error) {
    const weir_expr **exprs = WEIR_ARENA_ARRAY(arena, const weir_expr *, count);
    if (exprs == NULL)
        return rewrite_no_memory(error);
    for (uint32_t i = 0; i < count; i++)
        exprs[i] = rewrite_column(arena, input, columns[i]);
    return rewrite_project(arena, input, exprs, fields, count, position, out, error);
}

weir_status rewrite_empty(weir_arena *arena, const weir_node *node, const weir_node **out, weir_error *error) {
    weir_node *empty = weir_node_create(arena, WEIR_NODE_VALUES, node->position, NULL, 0, node->field_count);
    if (empty == NULL)
        return rewrite_no_memory(error);
    if (node->field_count > 0)
        memcpy(weir_node_fields(empty), node->fields, node->field_count * sizeof *node->fields);
    *out = empty;
    return WEIR_OK;
}

weir_status rewrite_join(weir_arena *arena, weir_join_type type, const weir_node *left, const weir_node *right, const weir_expr *condition,
                         weir_position position, const weir_node **out, weir_error *error) {
    bool half = type == WEIR_JOIN_SEMI || type == WEIR_JOIN_ANTI;
    const weir_node *inputs[2] = {left, right};
    uint32_t count = left->field_count + (half ? 0 : right->field_count);
    weir_node *node = weir_node_create(arena, WEIR_NODE_JOIN, position, inputs, 2, count);
    if (node == NULL)
        return rewrite_no_memory(error);
    weir_plan_field *fields = weir_node_fields(node);
    for (uint32_t i = 0; i < count; i++) {
        bool from_left = i < left->field_count;
        fields[i] = from_left ? left->fields[i] : right->fields[i - left->field_count];
        bool padded = from_left ? type == WEIR_JOIN_RIGHT || type == WEIR_JOIN_FULL : type == WEIR_JOIN_LEFT || type == WEIR_JOIN_FULL;
        if (padded && !fields[i].type->nullable)
            fields[i].type = weir_type_with_nullable(arena, fields[i].type, true);
        if (fields[i].type == NULL)
            return rewrite_no_memory(error);
    }
    node->as.join.type = type;
    node->as.join.condition = condition;
    *out = node;
    return WEIR_OK;
}

/* ---- time attributes ---- */

static weir_time_attribute union_time(const weir_node *node, uint32_t field) {
    if (node->as.set.kind != WEIR_SET_UNION || !node->as.set.all)
        return WEIR_TIME_NONE;
    weir_time_attribute time = node->inputs[0]->fields[field].time;
    for (uint32_t i = 1; i < node->input_count; i++)
        if (node->inputs[i]->fields[field].time != time)
            return WEIR_TIME_NONE;
    return time;
}

/* A regular join gives the rows of one time at another: it destroys time attributes. */
static weir_time_attribute joined_time(const weir_node *node, uint32_t field) {
    if (node->kind == WEIR_NODE_JOIN)
        return WEIR_TIME_NONE;
    uint32_t left = node->inputs[0]->field_count;
    if (field < left)
        return node->inputs[0]->fields[field].time;
    return node->kind == WEIR_NODE_TEMPORAL_JOIN ? WEIR_TIME_NONE : node->inputs[1]->fields[field - left].time;
}

/* The time attribute of a field as its node's inputs have it. */
static weir_time_attribute field_time(const weir_node *node, uint32_t field) {
    const weir_node *input = node->input_count > 0 ? node->inputs[0] : NULL;
    switch (node->kind) {
    case WEIR_NODE_PROJECT: return time_of(input, node->as.project.expressions[field]);
    case WEIR_NODE_WATERMARK: return field == node->as.watermark.rowtime ? WEIR_TIME_ROWTIME : input->fields[field].time;
    case WEIR_NODE_WINDOW_TABLE:
        if (field < input->field_count)
            return input->fields[field].time;
        return field < input->field_count + 2 ? WEIR_TIME_NONE : input->fields[node->as.window_table.window.time_column].time;
    case WEIR_NODE_AGGREGATE:
        return node->as.aggregate.window.present && field >= node->as.aggregate.key_count + node->as.aggregate.call_count
                   ? node->fields[field].time
                   : WEIR_TIME_NONE;
    case WEIR_NODE_SET: return union_time(node, field);
    case WEIR_NODE_JOIN:
    case WEIR_NODE_INTERVAL_JOIN:
    case WEIR_NODE_WINDOW_JOIN:
    case WEIR_NODE_TEMPORAL_JOIN: return joined_time(node, field);
    case WEIR_NODE_SCAN:
    case WEIR_NODE_VALUES:
    case WEIR_NODE_WINDOW_AGGREGATE:
    case WEIR_NODE_MATCH:
    case WEIR_NODE_EXPAND: return node->fields[field].time;
    default: return field < input->field_count ? input->fields[field].time : WEIR_TIME_NONE;
    }
}

weir_status rewrite_times(weir_arena *arena, const weir_node *node, const weir_node **out, weir_error *error) {
    *out = node;
    weir_node *copy = NULL;
    for (uint32_t i = 0; i < node->field_count; i++) {
        weir_time_attribute time = field_time(node, i);
        if (time == node->fields[i].time)
            continue;
        if (copy == NULL && (copy = rewrite_copy(arena, node)) == NULL)
            return rewrite_no_memory(error);
        weir_node_fields(copy)[i].time = time;
    }
    if (copy != NULL)
        *out = copy;
    return WEIR_OK;
}

/* ---- expressions ---- */

bool rewrite_reads_only(const weir_expr *expr, uint32_t from, uint32_t to) {
    if (expr->kind == WEIR_EXPR_COLUMN)
        return expr->as.column >= from && expr->as.column < to;
    if (expr->kind == WEIR_EXPR_CALL)
        for (uint32_t i = 0; i < expr->as.call.count; i++)
            if (!rewrite_reads_only(expr->as.call.arguments[i], from, to))
                return false;
    return true;
}

bool rewrite_reads_any(const weir_expr *expr, uint32_t from, uint32_t to) {
    if (expr->kind == WEIR_EXPR_COLUMN)
        return expr->as.column >= from && expr->as.column < to;
    if (expr->kind == WEIR_EXPR_CALL)
        for (uint32_t i = 0; i < expr->as.call.count; i++)
            if (rewrite_reads_any(expr->as.call.arguments[i], from, to))
                return true;
    return false;
}

size_t rewrite_size(const weir_expr *expr) {
    size_t size = 1;
    if (expr->kind == WEIR_EXPR_CALL)
        for (uint32_t i = 0; i < expr->as.call.count; i++)
            size += rewrite_size(expr->as.call.arguments[i]);
    return size;
}

const weir_expr *rewrite_shift(weir_arena *arena, const weir_expr *expr, uint32_t columns, int64_t by) {
    uint32_t *map = WEIR_ARENA_ARRAY(arena, uint32_t, columns);
    if (map == NULL)
        return NULL;
    for (uint32_t i = 0; i < columns; i++)
        map[i] = (uint32_t)((int64_t)i + by);
    return weir_expr_renumber(arena, expr, map);
}

bool rewrite_integer(rewrite *self, const weir_expr *expr, int64_t *out) {
    weir_value value;
    if (!weir_kind_is_integer(expr->type->kind) || !weir_expr_is_constant(expr))
        return false;
    if (weir_expr_constant(self->arena, self->arena->memory, self->settings->evaluation, expr, &value, NULL) != WEIR_OK || value.is_null)
        return false;
    *out = value.as.integer;
    return true;
}

weir_status rewrite_split(weir_arena *arena, const weir_expr *condition, rewrite_choice choice, void *context, const weir_expr **taken,
                          const weir_expr **rest, weir_error *error) {
    weir_list parts = {0};
    *taken = *rest = NULL;
    if (!weir_expr_conjuncts(arena, condition, &parts))
        return rewrite_no_memory(error);
    for (size_t i = 0; i < parts.count; i++) {
        const weir_expr **to = choice(context, parts.items[i]) ? taken : rest;
        *to = weir_expr_and(arena, *to, parts.items[i]);
        if (*to == NULL)
            return rewrite_no_memory(error);
    }
    return WEIR_OK;
}
