/* The plan again, without the columns that nobody reads; see prune_int.h. Columns keep their order. Operators that store rows get a
 * projection below when their input has more columns, because others read it too or a filter did.
 */
#include <string.h>

#include "plan/prune_int.h"

typedef struct rebuild {
    prune *self;
    const weir_node *node; /* as it was */
    const column_use *use; /* of its columns */
    pruned_node in[2];     /* inputs as they are now, with maps from their old columns */
    pruned_node *out;
} rebuild;

static weir_status no_memory(weir_error *error) { return rewrite_no_memory(error); }

/* ---- inputs ---- */

static weir_status narrowed(rebuild *at, uint32_t input, pruned_node *from, weir_error *error) {
    weir_arena *arena = at->self->arena;
    const weir_node *old = at->node->inputs[input];
    column_use *need = WEIR_ARENA_ARRAY(arena, column_use, old->field_count);
    uint32_t *columns = WEIR_ARENA_ARRAY(arena, uint32_t, from->node->field_count), count = 0;
    uint32_t *map = WEIR_ARENA_ARRAY(arena, uint32_t, old->field_count);
    if (need == NULL || columns == NULL || map == NULL || !prune_needs(arena, at->node, at->use, input, need))
        return no_memory(error);
    for (uint32_t i = 0; i < old->field_count; i++) {
        map[i] = UINT32_MAX;
        if (from->map[i] != UINT32_MAX && column_is_used(&need[i])) {
            map[i] = count;
            columns[count++] = from->map[i];
        }
    }
    if (count == 0 || count == from->node->field_count)
        return WEIR_OK;
    WEIR_TRY(rewrite_columns(arena, from->node, columns, NULL, count, at->node->position, &from->node, error));
    from->map = map;
    return WEIR_OK;
}

static bool stores_rows(const weir_node *node) {
    switch (node->kind) {
    case WEIR_NODE_JOIN:
    case WEIR_NODE_WINDOW_JOIN:
    case WEIR_NODE_INTERVAL_JOIN:
    case WEIR_NODE_TEMPORAL_JOIN:
    case WEIR_NODE_OVER:
    case WEIR_NODE_SORT:
    case WEIR_NODE_RANK:
    case WEIR_NODE_WINDOW_RANK:
    case WEIR_NODE_DEDUPLICATE:
    case WEIR_NODE_UNNEST: return true;
    case WEIR_NODE_WINDOW_TABLE: return node->as.window_table.window.kind == WEIR_WINDOW_SESSION;
    default: return false;
    }
}

static weir_status rebuild_inputs(rebuild *at, weir_error *error) {
    for (uint32_t i = 0; i < at->node->input_count && i < 2; i++) {
        pruned_node *in;
        WEIR_TRY(prune_rebuild(at->self, at->node->inputs[i], &in, error));
        at->in[i] = *in;
        if (stores_rows(at->node))
            WEIR_TRY(narrowed(at, i, &at->in[i], error));
    }
    return WEIR_OK;
}

/* ---- helpers ---- */

/* The same kind of node over the new inputs; the fields are still to be written. */
static weir_node *node_again(rebuild *at, uint32_t field_count) {
    const weir_node *inputs[2] = {at->in[0].node, at->in[1].node};
    weir_node *made = weir_node_create(at->self->arena, at->node->kind, at->node->position, inputs, at->node->input_count, field_count);
    if (made != NULL)
        made->as = at->node->as;
    at->out->node = made;
    return made;
}

static void put_field(rebuild *at, weir_node *made, uint32_t old, uint32_t place) {
    at->out->map[old] = place;
    weir_node_fields(made)[place] = at->node->fields[old];
}

/* The first fields are those of the input. */
static weir_node *node_over_input(rebuild *at, uint32_t more) {
    uint32_t kept = at->in[0].node->field_count;
    weir_node *made = node_again(at, kept + more);
    for (uint32_t i = 0; made != NULL && i < at->node->inputs[0]->field_count; i++)
        if (at->in[0].map[i] != UINT32_MAX)
            put_field(at, made, i, at->in[0].map[i]);
    return made;
}

static const uint32_t *moved(rebuild *at, const uint32_t *columns, uint32_t count, uint32_t input) {
    uint32_t *now = WEIR_ARENA_ARRAY(at->self->arena, uint32_t, count);
    for (uint32_t i = 0; now != NULL && i < count; i++)
        now[i] = at->in[input].map[columns[i]];
    return now;
}

static const weir_sort_key *moved_order(rebuild *at, const weir_sort_key *order, uint32_t count) {
    weir_sort_key *now = WEIR_ARENA_ARRAY(at->self->arena, weir_sort_key, count);
    for (uint32_t i = 0; now != NULL && i < count; i++) {
        now[i] = order[i];
        now[i].column = at->in[0].map[order[i].column];
    }
    return now;
}

static bool move_call(rebuild *at, weir_aggregate_call *call) {
    call->arguments = moved(at, call->arguments, call->argument_count, 0);
    call->order = moved_order(at, call->order, call->order_count);
    if (call->filter >= 0)
        call->filter = (int32_t)at->in[0].map[call->filter];
    return call->arguments != NULL && call->order != NULL;
}

/* The calls whose column is used. */
static const weir_aggregate_call *used_calls(rebuild *at, const weir_aggregate_call *calls, uint32_t *count, uint32_t first, bool *kept) {
    weir_aggregate_call *now = WEIR_ARENA_ARRAY(at->self->arena, weir_aggregate_call, *count);
    uint32_t used = 0;
    for (uint32_t c = 0; now != NULL && c < *count; c++) {
        kept[c] = column_is_used(&at->use[first + c]);
        if (!kept[c])
            continue;
        now[used] = calls[c];
        if (!move_call(at, &now[used++]))
            return NULL;
    }
    *count = used;
    return now;
}

/* ---- sources ---- */

/* What is read of a table nobody reads a column of: a narrow one. */
static uint32_t cheapest(const weir_node *node) {
    uint32_t best = 0, least = UINT32_MAX;
    for (uint32_t i = 0; i < node->field_count; i++) {
        uint32_t bytes = weir_layout_bytes(weir_type_layout(node->fields[i].type));
        uint32_t cost = bytes == 0 ? 1000 : bytes;
        if (cost < least) {
            least = cost;
            best = i;
        }
    }
    return best;
}

/* Columns kept, in order; at least one. */
static uint32_t *kept_columns(rebuild *at, uint32_t *count) {
    uint32_t *columns = WEIR_ARENA_ARRAY(at->self->arena, uint32_t, at->node->field_count);
    *count = 0;
    for (uint32_t i = 0; columns != NULL && i < at->node->field_count; i++)
        if (column_is_used(&at->use[i]))
            columns[(*count)++] = i;
    if (columns != NULL && *count == 0 && at->node->field_count > 0)
        columns[(*count)++] = cheapest(at->node);
    return columns;
}

static weir_status scan(rebuild *at, weir_error *error) {
    weir_arena *arena = at->self->arena;
    uint32_t count = 0, physical = 0;
    uint32_t *columns = kept_columns(at, &count);
    if (columns == NULL)
        return no_memory(error);
    weir_node *made = node_again(at, count);
    uint32_t *table_columns = WEIR_ARENA_ARRAY(arena, uint32_t, count);
    const bool **children = WEIR_ARENA_ARRAY(arena, const bool *, count);
    if (made == NULL || table_columns == NULL || children == NULL)
        return no_memory(error);
    bool nested = false;
    for (uint32_t i = 0; i < count; i++) {
        put_field(at, made, columns[i], i);
        bool is_physical = columns[i] < at->node->as.scan.physical_count;
        table_columns[i] = is_physical ? at->node->as.scan.physical[columns[i]]
                                       : at->node->as.scan.metadata[columns[i] - at->node->as.scan.physical_count];
        physical += is_physical;
        if (is_physical && !at->use[columns[i]].whole && at->use[columns[i]].children != NULL) {
            children[i] = at->use[columns[i]].children;
            nested = true;
        }
    }
    made->as.scan.physical_count = physical;
    made->as.scan.physical = table_columns;
    made->as.scan.metadata_count = count - physical;
    made->as.scan.metadata = table_columns + physical;
    made->as.scan.used_children = nested ? children : NULL;
    return WEIR_OK;
}

static weir_status values(rebuild *at, weir_error *error) {
    uint32_t count = 0, rows = at->node->as.values.row_count, old = at->node->field_count;
    uint32_t *columns = kept_columns(at, &count);
    weir_value *kept = WEIR_ARENA_ARRAY(at->self->arena, weir_value, (size_t)rows * count);
    if (columns == NULL || kept == NULL)
        return no_memory(error);
    weir_node *made = node_again(at, count);
    if (made == NULL)
        return no_memory(error);
    for (uint32_t i = 0; i < count; i++) {
        put_field(at, made, columns[i], i);
        for (uint32_t r = 0; r < rows; r++)
            kept[(size_t)r * count + i] = at->node->as.values.values[(size_t)r * old + columns[i]];
    }
    made->as.values.values = kept;
    return WEIR_OK;
}

/* ---- rows by rows ---- */

static weir_status project(rebuild *at, weir_error *error) {
    uint32_t count = 0;
    uint32_t *columns = kept_columns(at, &count);
    const weir_expr **exprs = WEIR_ARENA_ARRAY(at->self->arena, const weir_expr *, count);
    if (columns == NULL || exprs == NULL)
        return no_memory(error);
    weir_node *made = node_again(at, count);
    if (made == NULL)
        return no_memory(error);
    for (uint32_t i = 0; i < count; i++) {
        const weir_expr *expr = at->node->as.project.expressions[columns[i]];
        put_field(at, made, columns[i], i);
        /* Of a projection that nobody reads a column of, what the one kept would read may be gone. */
        exprs[i] = column_is_used(&at->use[columns[i]]) ? weir_expr_renumber(at->self->arena, expr, at->in[0].map)
                                                        : weir_expr_null(at->self->arena, expr->type);
        if (exprs[i] == NULL)
            return no_memory(error);
        if (!column_is_used(&at->use[columns[i]]))
            weir_node_fields(made)[i].type = exprs[i]->type;
    }
    made->as.project.expressions = exprs;
    return WEIR_OK;
}

static weir_status filter(rebuild *at, weir_error *error) {
    weir_node *made = node_over_input(at, 0);
    if (made == NULL || (made->as.filter.condition = weir_expr_renumber(at->self->arena, made->as.filter.condition, at->in[0].map)) == NULL)
        return no_memory(error);
    return WEIR_OK;
}

static weir_status watermark(rebuild *at, weir_error *error) {
    weir_node *made = node_over_input(at, 0);
    if (made == NULL ||
        (made->as.watermark.expression = weir_expr_renumber(at->self->arena, made->as.watermark.expression, at->in[0].map)) == NULL)
        return no_memory(error);
    made->as.watermark.rowtime = at->in[0].map[made->as.watermark.rowtime];
    return WEIR_OK;
}

static weir_status window_table(rebuild *at, weir_error *error) {
    uint32_t old = at->node->inputs[0]->field_count, now = at->in[0].node->field_count;
    weir_node *made = node_over_input(at, 3);
    if (made == NULL)
        return no_memory(error);
    for (uint32_t i = 0; i < 3; i++)
        put_field(at, made, old + i, now + i);
    made->as.window_table.window.time_column = at->in[0].map[made->as.window_table.window.time_column];
    made->as.window_table.keys = moved(at, made->as.window_table.keys, made->as.window_table.key_count, 0);
    return made->as.window_table.keys == NULL ? no_memory(error) : WEIR_OK;
}

static weir_status unnest(rebuild *at, weir_error *error) {
    uint32_t old = at->node->inputs[0]->field_count, now = at->in[0].node->field_count, more = at->node->field_count - old;
    weir_node *made = node_over_input(at, more);
    if (made == NULL)
        return no_memory(error);
    for (uint32_t i = 0; i < more; i++)
        put_field(at, made, old + i, now + i);
    made->as.unnest.collection = weir_expr_renumber(at->self->arena, made->as.unnest.collection, at->in[0].map);
    return made->as.unnest.collection == NULL ? no_memory(error) : WEIR_OK;
}

static weir_status expand(rebuild *at, weir_error *error) {
    weir_arena *arena = at->self->arena;
    uint32_t count = 0, sets = at->node->as.expand.set_count;
    uint32_t *columns = kept_columns(at, &count);
    const weir_expr *const **projections = WEIR_ARENA_ARRAY(arena, const weir_expr *const *, sets);
    if (columns == NULL || projections == NULL)
        return no_memory(error);
    weir_node *made = node_again(at, count);
    if (made == NULL)
        return no_memory(error);
    for (uint32_t s = 0; s < sets; s++) {
        const weir_expr **exprs = WEIR_ARENA_ARRAY(arena, const weir_expr *, count);
        for (uint32_t i = 0; exprs != NULL && i < count; i++)
            if ((exprs[i] = weir_expr_renumber(arena, at->node->as.expand.projections[s][columns[i]], at->in[0].map)) == NULL)
                return no_memory(error);
        if (exprs == NULL)
            return no_memory(error);
        projections[s] = exprs;
    }
    for (uint32_t i = 0; i < count; i++)
        put_field(at, made, columns[i], i);
    made->as.expand.projections = projections;
    return WEIR_OK;
}

/* ---- groups ---- */

static weir_status aggregate(rebuild *at, weir_error *error) {
    const weir_node *node = at->node;
    uint32_t keys = node->as.aggregate.key_count, calls = node->as.aggregate.call_count, rest = node->field_count - keys - calls;
    bool *kept = WEIR_ARENA_ARRAY(at->self->arena, bool, calls);
    const uint32_t *now_keys = moved(at, node->as.aggregate.keys, keys, 0);
    const weir_aggregate_call *now_calls = kept == NULL ? NULL : used_calls(at, node->as.aggregate.calls, &calls, keys, kept);
    if (now_keys == NULL || now_calls == NULL)
        return no_memory(error);
    weir_node *made = node_again(at, keys + calls + rest);
    if (made == NULL)
        return no_memory(error);
    uint32_t place = 0;
    for (uint32_t i = 0; i < node->field_count; i++)
        if (i < keys || i >= keys + node->as.aggregate.call_count || kept[i - keys])
            put_field(at, made, i, place++);
    made->as.aggregate.keys = now_keys;
    made->as.aggregate.calls = now_calls;
    made->as.aggregate.call_count = calls;
    if (node->as.aggregate.window.present)
        made->as.aggregate.window.window.time_column = at->in[0].map[node->as.aggregate.window.window.time_column];
    return WEIR_OK;
}

static weir_status window_aggregate(rebuild *at, weir_error *error) {
    weir_window_aggregate_spec spec = at->node->as.window_aggregate.spec;
    uint32_t calls = spec.call_count;
    bool *kept = WEIR_ARENA_ARRAY(at->self->arena, bool, calls);
    spec.keys = moved(at, spec.keys, spec.key_count, 0);
    spec.calls = kept == NULL ? NULL : used_calls(at, spec.calls, &spec.call_count, spec.key_count, kept);
    if (spec.keys == NULL || spec.calls == NULL)
        return no_memory(error);
    weir_node *made = node_again(at, spec.key_count + spec.call_count + spec.property_count);
    if (made == NULL)
        return no_memory(error);
    uint32_t place = 0;
    for (uint32_t i = 0; i < at->node->field_count; i++)
        if (i < spec.key_count || i >= spec.key_count + calls || kept[i - spec.key_count])
            put_field(at, made, i, place++);
    if (spec.attached) {
        spec.start_column = at->in[0].map[spec.start_column];
        spec.end_column = at->in[0].map[spec.end_column];
    } else {
        spec.window.time_column = at->in[0].map[spec.window.time_column];
    }
    made->as.window_aggregate.spec = spec;
    return WEIR_OK;
}

static weir_status over(rebuild *at, weir_error *error) {
    const weir_node *node = at->node;
    uint32_t old = node->inputs[0]->field_count, used = 0;
    for (uint32_t c = 0; c < node->as.over.call_count; c++)
        used += column_is_used(&at->use[old + c]);
    if (used == 0) {
        at->out->node = at->in[0].node;
        memcpy(at->out->map, at->in[0].map, old * sizeof *at->out->map);
        return WEIR_OK;
    }
    weir_node *made = node_over_input(at, used);
    weir_over_call *calls = WEIR_ARENA_ARRAY(at->self->arena, weir_over_call, used);
    if (made == NULL || calls == NULL)
        return no_memory(error);
    uint32_t next = 0, now = at->in[0].node->field_count;
    for (uint32_t c = 0; c < node->as.over.call_count; c++) {
        if (!column_is_used(&at->use[old + c]))
            continue;
        calls[next] = node->as.over.calls[c];
        if (!move_call(at, &calls[next].call))
            return no_memory(error);
        put_field(at, made, old + c, now + next++);
    }
    made->as.over.call_count = used;
    made->as.over.calls = calls;
    made->as.over.keys = moved(at, node->as.over.keys, node->as.over.key_count, 0);
    made->as.over.order = moved_order(at, node->as.over.order, node->as.over.order_count);
    return made->as.over.keys == NULL || made->as.over.order == NULL ? no_memory(error) : WEIR_OK;
}

static weir_status sort(rebuild *at, weir_error *error) {
    weir_node *made = node_over_input(at, 0);
    if (made == NULL || (made->as.sort.order = moved_order(at, made->as.sort.order, made->as.sort.order_count)) == NULL)
        return no_memory(error);
    return WEIR_OK;
}

/* RANK and WINDOW_RANK: the number goes when nobody reads it. */
static weir_status rank(rebuild *at, weir_error *error) {
    bool windowed = at->node->kind == WEIR_NODE_WINDOW_RANK;
    uint32_t old = at->node->inputs[0]->field_count;
    bool number = (windowed ? at->node->as.window_rank.emit_rank : at->node->as.rank.emit_rank) && column_is_used(&at->use[old]);
    weir_node *made = node_over_input(at, number);
    if (made == NULL)
        return no_memory(error);
    if (number)
        put_field(at, made, old, at->in[0].node->field_count);
    if (windowed) {
        weir_window_rank_spec *spec = &made->as.window_rank;
        spec->emit_rank = number;
        spec->keys = moved(at, spec->keys, spec->key_count, 0);
        spec->order = moved_order(at, spec->order, spec->order_count);
        spec->end_column = at->in[0].map[spec->end_column];
        return spec->keys == NULL || spec->order == NULL ? no_memory(error) : WEIR_OK;
    }
    weir_rank_spec *spec = &made->as.rank;
    spec->emit_rank = number;
    spec->keys = moved(at, spec->keys, spec->key_count, 0);
    spec->order = moved_order(at, spec->order, spec->order_count);
    if (spec->to_rank_column >= 0)
        spec->to_rank_column = (int32_t)at->in[0].map[spec->to_rank_column];
    return spec->keys == NULL || spec->order == NULL ? no_memory(error) : WEIR_OK;
}

static weir_status deduplicate(rebuild *at, weir_error *error) {
    weir_node *made = node_over_input(at, 0);
    if (made == NULL)
        return no_memory(error);
    weir_deduplicate_spec *spec = &made->as.deduplicate;
    spec->keys = moved(at, spec->keys, spec->key_count, 0);
    if (spec->by_rowtime)
        spec->time_column = at->in[0].map[spec->time_column];
    return spec->keys == NULL ? no_memory(error) : WEIR_OK;
}

/* ---- two inputs and more ---- */

static weir_status join(rebuild *at, weir_error *error) {
    const weir_node *node = at->node;
    uint32_t old_left = node->inputs[0]->field_count, old_right = node->inputs[1]->field_count, now_left = at->in[0].node->field_count;
    bool half = rewrite_join_is_half(node);
    uint32_t *map = WEIR_ARENA_ARRAY(at->self->arena, uint32_t, old_left + old_right);
    weir_node *made = node_again(at, now_left + (half ? 0 : at->in[1].node->field_count));
    if (map == NULL || made == NULL)
        return no_memory(error);
    for (uint32_t i = 0; i < old_left + old_right; i++) {
        uint32_t side = i >= old_left, now = at->in[side].map[side == 0 ? i : i - old_left];
        map[i] = now == UINT32_MAX || side == 0 ? now : now_left + now;
        if (i < node->field_count && map[i] != UINT32_MAX)
            put_field(at, made, i, map[i]);
    }
    const weir_expr **conditions[2] = {&made->as.join.condition, &made->as.join.residual};
    for (int i = 0; i < 2; i++)
        if (*conditions[i] != NULL && (*conditions[i] = weir_expr_renumber(at->self->arena, *conditions[i], map)) == NULL)
            return no_memory(error);
    made->as.join.left_keys = moved(at, node->as.join.left_keys, node->as.join.equal_count, 0);
    made->as.join.right_keys = moved(at, node->as.join.right_keys, node->as.join.equal_count, 1);
    if (node->kind != WEIR_NODE_JOIN) {
        made->as.join.left_time = at->in[0].map[node->as.join.left_time];
        made->as.join.right_time = at->in[1].map[node->as.join.right_time];
    }
    return made->as.join.left_keys == NULL || made->as.join.right_keys == NULL ? no_memory(error) : WEIR_OK;
}

/* UNION ALL: every input gives just the columns kept. */
static weir_status union_all(rebuild *at, weir_error *error) {
    weir_arena *arena = at->self->arena;
    uint32_t count = 0;
    uint32_t *columns = kept_columns(at, &count), *now = WEIR_ARENA_ARRAY(arena, uint32_t, count);
    const weir_node **inputs = WEIR_ARENA_ARRAY(arena, const weir_node *, at->node->input_count);
    if (columns == NULL || now == NULL || inputs == NULL)
        return no_memory(error);
    for (uint32_t i = 0; i < at->node->input_count; i++) {
        pruned_node *in;
        WEIR_TRY(prune_rebuild(at->self, at->node->inputs[i], &in, error));
        bool same = in->node->field_count == count;
        for (uint32_t c = 0; c < count; c++) {
            now[c] = in->map[columns[c]] == UINT32_MAX ? 0 : in->map[columns[c]];
            same &= now[c] == c;
        }
        inputs[i] = in->node;
        if (!same)
            WEIR_TRY(rewrite_columns(arena, in->node, now, NULL, count, at->node->position, &inputs[i], error));
    }
    weir_node *made = weir_node_create(arena, WEIR_NODE_SET, at->node->position, inputs, at->node->input_count, count);
    if (made == NULL)
        return no_memory(error);
    made->as = at->node->as;
    at->out->node = made;
    for (uint32_t c = 0; c < count; c++)
        put_field(at, made, columns[c], c);
    return WEIR_OK;
}

/* All columns are read: nothing moves. */
static weir_status unchanged(rebuild *at, weir_error *error) {
    const weir_node **inputs = WEIR_ARENA_ARRAY(at->self->arena, const weir_node *, at->node->input_count);
    if (inputs == NULL)
        return no_memory(error);
    for (uint32_t i = 0; i < at->node->input_count; i++) {
        pruned_node *in;
        WEIR_TRY(prune_rebuild(at->self, at->node->inputs[i], &in, error));
        inputs[i] = in->node;
    }
    for (uint32_t i = 0; i < at->node->field_count; i++)
        at->out->map[i] = i;
    return rewrite_inputs(at->self->arena, at->node, inputs, &at->out->node, error);
}

static bool is_union_all(const weir_node *node) {
    return node->kind == WEIR_NODE_SET && node->as.set.kind == WEIR_SET_UNION && node->as.set.all;
}

static weir_status rebuild_kind(rebuild *at, weir_error *error) {
    switch (at->node->kind) {
    case WEIR_NODE_SCAN: return scan(at, error);
    case WEIR_NODE_VALUES: return values(at, error);
    case WEIR_NODE_PROJECT: return project(at, error);
    case WEIR_NODE_FILTER: return filter(at, error);
    case WEIR_NODE_WATERMARK: return watermark(at, error);
    case WEIR_NODE_AGGREGATE: return aggregate(at, error);
    case WEIR_NODE_WINDOW_AGGREGATE: return window_aggregate(at, error);
    case WEIR_NODE_WINDOW_TABLE: return window_table(at, error);
    case WEIR_NODE_JOIN:
    case WEIR_NODE_WINDOW_JOIN:
    case WEIR_NODE_INTERVAL_JOIN:
    case WEIR_NODE_TEMPORAL_JOIN: return join(at, error);
    case WEIR_NODE_OVER: return over(at, error);
    case WEIR_NODE_SORT: return sort(at, error);
    case WEIR_NODE_UNNEST: return unnest(at, error);
    case WEIR_NODE_RANK:
    case WEIR_NODE_WINDOW_RANK: return rank(at, error);
    case WEIR_NODE_DEDUPLICATE: return deduplicate(at, error);
    case WEIR_NODE_EXPAND: return expand(at, error);
    case WEIR_NODE_DROP_UPDATE_BEFORE: return node_over_input(at, 0) == NULL ? no_memory(error) : WEIR_OK;
    case WEIR_NODE_SET:
    case WEIR_NODE_SNAPSHOT:
    case WEIR_NODE_MATCH:
    case WEIR_NODE_SINK:
    case WEIR_NODE_COLLECT:
    case WEIR_NODE_CHANGELOG_NORMALIZE:
    case WEIR_NODE_REPLICATE:
    case WEIR_NODE_NOT_NULL:
    case WEIR_NODE_COUNT: break;
    }
    return unchanged(at, error);
}

weir_status prune_rebuild(prune *self, const weir_node *node, pruned_node **out, weir_error *error) {
    *out = (pruned_node *)(uintptr_t)node_map_get(&self->done, node);
    if (*out != NULL)
        return WEIR_OK;
    rebuild at = {.self = self, .node = node, .use = node_map_get(&self->uses, node), .out = WEIR_ARENA_NEW(self->arena, pruned_node)};
    uint32_t *map = WEIR_ARENA_ARRAY(self->arena, uint32_t, node->field_count);
    if (at.out == NULL || map == NULL)
        return no_memory(error);
    for (uint32_t i = 0; i < node->field_count; i++)
        map[i] = UINT32_MAX;
    at.out->map = map;
    if (is_union_all(node)) {
        WEIR_TRY(union_all(&at, error));
    } else {
        WEIR_TRY(rebuild_inputs(&at, error));
        WEIR_TRY(rebuild_kind(&at, error));
    }
    *out = at.out;
    return node_map_put(self->arena, &self->done, node, at.out) ? WEIR_OK : no_memory(error);
}
