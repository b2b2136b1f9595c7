/* GROUP BY window_start, window_end [, window_time] [, keys] over rows that lie in windows becomes a window aggregate, which emits a result
 * when a window closes and forgets it.
 *
 * When the windows come straight from a table function and nothing between looks at their bounds, the function goes into the aggregate
 * ("unattached"): rows are not multiplied, HOP shares slices. Else the rows bring their bounds with them ("attached"). Grouping sets are
 * expanded below.
 */
#include <string.h>

#include "plan/rules.h"

/* ---- the time column of table functions ---- */

weir_status rule_window_time(rewrite *self, const weir_node *node, const weir_node **out, weir_error *error) {
    *out = node;
    if (self->settings->batch_mode)
        return WEIR_OK;
    const weir_plan_field *field = &node->inputs[0]->fields[node->as.window_table.window.time_column];
    if (field->time != WEIR_TIME_NONE)
        return WEIR_OK;
    weir_builder text;
    weir_builder_init(&text, self->arena->memory, 256);
    weir_type_print_short(field->type, &text);
    weir_status status =
        weir_fail_at(error, WEIR_VALIDATE, node->position, "The window function requires the timecol is a time attribute type, but is %s.",
                     text.data == NULL ? "" : text.data);
    weir_error_hint(error, "a join, GROUP BY or computation below destroys time attributes; apply the window before it");
    weir_builder_deinit(&text);
    return status;
}

/* ---- what is grouped ---- */

typedef struct grouping {
    rewrite *self;
    const weir_node *node;  /* the AGGREGATE */
    plan_window window;     /* of its input */
    const weir_node *input; /* of the new aggregate */
    weir_window_aggregate_spec spec;
    bool plain;      /* no window aggregate after all */
    uint32_t *place; /* output column of the AGGREGATE -> column of the new one; UINT32_MAX: a GROUPING() that is 0 */
} grouping;

static bool is_bound(const plan_window *window, uint32_t column) {
    return column == window->start || column == window->end || column == window->time;
}

static bool set_keeps_windows(const grouping *group, const bool *kept) {
    bool start = false, end = false;
    for (uint32_t k = 0; k < group->node->as.aggregate.key_count; k++) {
        uint32_t column = group->node->as.aggregate.keys[k];
        if (is_bound(&group->window, column) && kept != NULL && !kept[k])
            return false;
        start |= column == group->window.start;
        end |= column == group->window.end;
    }
    return start && end;
}

/* Both bounds must be grouped by, in every grouping set. */
static bool groups_by_window(grouping *group) {
    if (!plan_window_of(group->node->inputs[0], &group->window) || group->window.start == UINT32_MAX || group->window.end == UINT32_MAX)
        return false;
    if (group->node->as.aggregate.set_count == 0)
        return set_keeps_windows(group, NULL);
    for (uint32_t s = 0; s < group->node->as.aggregate.set_count; s++)
        if (!set_keeps_windows(group, group->node->as.aggregate.sets[s]))
            return false;
    return true;
}

/* ---- unattached: the table function goes in ---- */

typedef struct below_chain {
    const weir_node *table;     /* WINDOW_TABLE */
    const weir_expr **exprs;    /* columns of the AGGREGATE's input over the table's output */
    const weir_expr *condition; /* over the table's output */
} below_chain;

static weir_status chain_step(rewrite *self, below_chain *chain, uint32_t count, const weir_node *at, bool *follow, weir_error *error) {
    if (at->kind == WEIR_NODE_FILTER) {
        chain->condition = weir_expr_and(self->arena, at->as.filter.condition, chain->condition);
        return chain->condition == NULL ? rewrite_no_memory(error) : WEIR_OK;
    }
    for (uint32_t i = 0; i < at->field_count; i++)
        *follow &= weir_expr_is_deterministic(at->as.project.expressions[i]);
    for (uint32_t i = 0; *follow && i < count; i++)
        if ((chain->exprs[i] = weir_expr_replace(self->arena, chain->exprs[i], at->as.project.expressions)) == NULL)
            return rewrite_no_memory(error);
    if (*follow && chain->condition != NULL) {
        chain->condition = weir_expr_replace(self->arena, chain->condition, at->as.project.expressions);
        return chain->condition == NULL ? rewrite_no_memory(error) : WEIR_OK;
    }
    return WEIR_OK;
}

/* *found: from the AGGREGATE's input down to the table function there is nothing but projections and filters. */
static weir_status chain_of(const grouping *group, below_chain *chain, bool *found, weir_error *error) {
    weir_arena *arena = group->self->arena;
    const weir_node *at = group->node->inputs[0];
    uint32_t count = at->field_count;
    *chain = (below_chain){.exprs = WEIR_ARENA_ARRAY(arena, const weir_expr *, count)};
    if (chain->exprs == NULL)
        return rewrite_no_memory(error);
    for (uint32_t i = 0; i < count; i++)
        if ((chain->exprs[i] = rewrite_column(arena, at, i)) == NULL)
            return rewrite_no_memory(error);
    *found = true;
    for (; *found && (at->kind == WEIR_NODE_PROJECT || at->kind == WEIR_NODE_FILTER); at = at->inputs[0])
        WEIR_TRY(chain_step(group->self, chain, count, at, found, error));
    chain->table = at;
    *found &= at->kind == WEIR_NODE_WINDOW_TABLE;
    return WEIR_OK;
}

/* Columns of the AGGREGATE's input that its calls read. */
static void call_columns(const weir_node *node, bool *read) {
    for (uint32_t c = 0; c < node->as.aggregate.call_count; c++) {
        const weir_aggregate_call *call = &node->as.aggregate.calls[c];
        for (uint32_t a = 0; a < call->argument_count; a++)
            read[call->arguments[a]] = true;
        for (uint32_t o = 0; o < call->order_count; o++)
            read[call->order[o].column] = true;
        if (call->filter >= 0)
            read[call->filter] = true;
    }
}

/* SESSION: the function's own PARTITION BY must be the keys. Conditions between go below it, as in Flink: sessions are made of the rows
 * that they keep. */
static bool session_fits(const grouping *group, const below_chain *chain) {
    const weir_node *table = chain->table, *node = group->node;
    if (table->as.window_table.window.kind != WEIR_WINDOW_SESSION)
        return true;
    uint32_t keys = 0;
    for (uint32_t k = 0; k < node->as.aggregate.key_count; k++) {
        if (is_bound(&group->window, node->as.aggregate.keys[k]))
            continue;
        const weir_expr *expr = chain->exprs[node->as.aggregate.keys[k]];
        bool found = false;
        for (uint32_t p = 0; expr->kind == WEIR_EXPR_COLUMN && p < table->as.window_table.key_count; p++)
            found |= table->as.window_table.keys[p] == expr->as.column;
        if (!found)
            return false;
        keys++;
    }
    return keys == table->as.window_table.key_count;
}

static bool can_go_in(const grouping *group, const below_chain *chain, const bool *read) {
    uint32_t rows = chain->table->inputs[0]->field_count;
    if (chain->condition != NULL && rewrite_reads_any(chain->condition, rows, rows + 3))
        return false;
    for (uint32_t i = 0; i < group->node->inputs[0]->field_count; i++)
        if (read[i] && rewrite_reads_any(chain->exprs[i], rows, rows + 3))
            return false;
    return group->node->as.aggregate.set_count == 0 && session_fits(group, chain);
}

/* The AGGREGATE's input again, over the rows without windows: its columns as far as they are read, NULL in the place of the bounds, the
 * time column behind. */
static weir_status input_without_windows(grouping *group, const below_chain *chain, const bool *read, weir_error *error) {
    weir_arena *arena = group->self->arena;
    const weir_node *rows = chain->table->inputs[0], *at = group->node->inputs[0];
    uint32_t count = at->field_count;
    const weir_expr **exprs = WEIR_ARENA_ARRAY(arena, const weir_expr *, count + 1);
    if (exprs == NULL)
        return rewrite_no_memory(error);
    for (uint32_t i = 0; i < count; i++)
        exprs[i] = read[i] ? chain->exprs[i] : weir_expr_null(arena, at->fields[i].type);
    exprs[count] = rewrite_column(arena, rows, chain->table->as.window_table.window.time_column);
    const weir_node *kept;
    WEIR_TRY(rewrite_filter(arena, rows, chain->condition, at->position, &kept, error));
    WEIR_TRY(rewrite_project(arena, kept, exprs, NULL, count + 1, at->position, &group->input, error));
    group->spec.window = chain->table->as.window_table.window;
    group->spec.window.time_column = count;
    return WEIR_OK;
}

static weir_status find_input(grouping *group, weir_error *error) {
    const weir_node *below = group->node->inputs[0];
    bool *read = WEIR_ARENA_ARRAY(group->self->arena, bool, below->field_count);
    below_chain chain;
    bool found;
    if (read == NULL)
        return rewrite_no_memory(error);
    for (uint32_t k = 0; k < group->node->as.aggregate.key_count; k++)
        read[group->node->as.aggregate.keys[k]] = !is_bound(&group->window, group->node->as.aggregate.keys[k]);
    call_columns(group->node, read);
    WEIR_TRY(chain_of(group, &chain, &found, error));
    if (found && can_go_in(group, &chain, read))
        return input_without_windows(group, &chain, read, error);
    /* Sessions of other keys are columns like any other: the groups are updated as their rows come. */
    group->plain = found && !session_fits(group, &chain);
    group->input = below;
    group->spec.window = group->window.window;
    group->spec.attached = true;
    group->spec.start_column = group->window.start;
    group->spec.end_column = group->window.end;
    return WEIR_OK;
}

/* ---- grouping sets ---- */

static const weir_expr *bigint_literal(weir_arena *arena, int64_t number) {
    weir_value value = {.type = weir_type_simple(WEIR_KIND_BIGINT, false), .as.integer = number};
    return weir_expr_literal(arena, &value, (weir_position){0});
}

/* GROUPING(a, b): a bit for each, the first one highest; 1: the set leaves it out. */
static int64_t grouping_bits(const weir_node *node, uint32_t set, uint32_t number) {
    int64_t bits = 0;
    for (uint32_t i = 0; i < node->as.aggregate.grouping_sizes[number]; i++)
        bits = bits << 1 | !node->as.aggregate.sets[set][node->as.aggregate.grouping_keys[number][i]];
    return bits;
}

/* Input columns, then the keys (NULL where the set leaves them out), GROUPING() values, the number of the set. */
static weir_status expanded_row(const grouping *group, uint32_t set, const weir_expr ***out, weir_error *error) {
    weir_arena *arena = group->self->arena;
    const weir_node *node = group->node, *below = node->inputs[0];
    uint32_t keys = node->as.aggregate.key_count, groupings = node->as.aggregate.grouping_count, first = below->field_count;
    const weir_expr **exprs = WEIR_ARENA_ARRAY(arena, const weir_expr *, first + keys + groupings + 1);
    if (exprs == NULL)
        return rewrite_no_memory(error);
    for (uint32_t i = 0; i < first; i++)
        exprs[i] = rewrite_column(arena, below, i);
    for (uint32_t k = 0; k < keys; k++) {
        uint32_t column = node->as.aggregate.keys[k];
        exprs[first + k] = node->as.aggregate.sets[set][k] ? weir_expr_column(arena, column, node->fields[k].type, node->position)
                                                           : weir_expr_null(arena, node->fields[k].type);
    }
    for (uint32_t g = 0; g < groupings; g++)
        exprs[first + keys + g] = bigint_literal(arena, grouping_bits(node, set, g));
    exprs[first + keys + groupings] = bigint_literal(arena, set);
    for (uint32_t i = 0; i < first + keys + groupings + 1; i++)
        if (exprs[i] == NULL)
            return rewrite_no_memory(error);
    *out = exprs;
    return WEIR_OK;
}

static weir_status expand(grouping *group, weir_error *error) {
    weir_arena *arena = group->self->arena;
    const weir_node *node = group->node, *below = node->inputs[0];
    uint32_t keys = node->as.aggregate.key_count, sets = node->as.aggregate.set_count;
    uint32_t first = below->field_count, count = first + keys + node->as.aggregate.grouping_count + 1;
    weir_node *made = weir_node_create(arena, WEIR_NODE_EXPAND, node->position, &below, 1, count);
    const weir_expr *const **projections = WEIR_ARENA_ARRAY(arena, const weir_expr *const *, sets);
    if (made == NULL || projections == NULL)
        return rewrite_no_memory(error);
    for (uint32_t s = 0; s < sets; s++) {
        const weir_expr **exprs = NULL;
        WEIR_TRY(expanded_row(group, s, &exprs, error));
        projections[s] = exprs;
    }
    for (uint32_t i = 0; i < count; i++) {
        weir_plan_field *field = &weir_node_fields(made)[i];
        if (i < first)
            *field = below->fields[i];
        else if (i < first + keys)
            *field = (weir_plan_field){.name = node->fields[i - first].name, .type = node->fields[i - first].type};
        else
            *field = (weir_plan_field){.name = weir_arena_format(arena, "$e%u", i - first - keys), .type = projections[0][i]->type};
    }
    made->as.expand.set_count = sets;
    made->as.expand.projections = projections;
    group->input = made;
    return WEIR_OK;
}

/* ---- the window aggregate ---- */

static uint32_t key_total(const grouping *group) {
    uint32_t keys = group->node->as.aggregate.key_count;
    return group->node->as.aggregate.set_count == 0 ? keys : keys + group->node->as.aggregate.grouping_count + 1;
}

/* Keys and properties; place[] says where the AGGREGATE's columns went. */
static weir_status fill_keys(grouping *group, weir_error *error) {
    const weir_node *node = group->node;
    bool sets = node->as.aggregate.set_count > 0;
    uint32_t keys = node->as.aggregate.key_count, total = key_total(group), below = node->inputs[0]->field_count;
    uint32_t calls = node->as.aggregate.call_count;
    uint32_t *columns = WEIR_ARENA_ARRAY(group->self->arena, uint32_t, total);
    weir_window_property *properties = WEIR_ARENA_ARRAY(group->self->arena, weir_window_property, keys);
    group->place = WEIR_ARENA_ARRAY(group->self->arena, uint32_t, node->field_count);
    if (columns == NULL || properties == NULL || group->place == NULL)
        return rewrite_no_memory(error);
    uint32_t key_count = 0, property_count = 0, groupings = node->as.aggregate.grouping_count;
    for (uint32_t k = 0; k < total; k++)
        if (k >= keys || !is_bound(&group->window, node->as.aggregate.keys[k])) {
            if (k < keys)
                group->place[k] = key_count;
            else if (k - keys < groupings)
                group->place[keys + calls + k - keys] = key_count;
            columns[key_count++] = sets ? below + k : node->as.aggregate.keys[k];
        }
    for (uint32_t k = 0; k < keys; k++) {
        uint32_t column = node->as.aggregate.keys[k];
        if (!is_bound(&group->window, column))
            continue;
        weir_window_property time = group->window.window.processing_time ? WEIR_WINDOW_PROPERTY_PROCTIME : WEIR_WINDOW_PROPERTY_TIME;
        group->place[k] = key_count + calls + property_count;
        properties[property_count++] = column == group->window.start ? WEIR_WINDOW_PROPERTY_START
                                       : column == group->window.end ? WEIR_WINDOW_PROPERTY_END
                                                                     : time;
    }
    for (uint32_t c = 0; c < calls; c++)
        group->place[keys + c] = key_count + c;
    for (uint32_t g = 0; !sets && g < groupings; g++)
        group->place[keys + calls + g] = UINT32_MAX;
    group->spec.key_count = key_count;
    group->spec.keys = columns;
    group->spec.property_count = property_count;
    group->spec.properties = properties;
    return WEIR_OK;
}

static weir_status window_node(grouping *group, const weir_node **out, weir_error *error) {
    const weir_node *node = group->node;
    weir_window_aggregate_spec *spec = &group->spec;
    uint32_t count = spec->key_count + node->as.aggregate.call_count + spec->property_count;
    weir_node *made = weir_node_create(group->self->arena, WEIR_NODE_WINDOW_AGGREGATE, node->position, &group->input, 1, count);
    if (made == NULL)
        return rewrite_no_memory(error);
    for (uint32_t k = 0; k < spec->key_count; k++) {
        weir_node_fields(made)[k] = group->input->fields[spec->keys[k]];
        weir_node_fields(made)[k].time = WEIR_TIME_NONE;
    }
    for (uint32_t i = 0; i < node->field_count; i++)
        if (group->place[i] != UINT32_MAX) {
            weir_plan_field *field = &weir_node_fields(made)[group->place[i]];
            *field = node->fields[i];
            field->time = WEIR_TIME_NONE;
            if (i < node->as.aggregate.key_count && node->as.aggregate.keys[i] == group->window.time)
                field->time = group->window.window.processing_time ? WEIR_TIME_PROCTIME : WEIR_TIME_ROWTIME;
        }
    spec->call_count = node->as.aggregate.call_count;
    spec->calls = node->as.aggregate.calls;
    made->as.window_aggregate.spec = *spec;
    *out = made;
    return WEIR_OK;
}

/* The columns in the AGGREGATE's order. */
static weir_status in_order(const grouping *group, const weir_node *made, const weir_node **out, weir_error *error) {
    const weir_node *node = group->node;
    const weir_expr **exprs = WEIR_ARENA_ARRAY(group->self->arena, const weir_expr *, node->field_count);
    if (exprs == NULL)
        return rewrite_no_memory(error);
    for (uint32_t i = 0; i < node->field_count; i++)
        exprs[i] = group->place[i] == UINT32_MAX ? bigint_literal(group->self->arena, 0)
                                                 : rewrite_column(group->self->arena, made, group->place[i]);
    return rewrite_project(group->self->arena, made, exprs, node->fields, node->field_count, node->position, out, error);
}

weir_status rule_window_aggregate(rewrite *self, const weir_node *node, const weir_node **out, weir_error *error) {
    *out = node;
    grouping group = {.self = self, .node = node};
    if (node->as.aggregate.window.present || !groups_by_window(&group))
        return WEIR_OK;
    WEIR_TRY(find_input(&group, error));
    if (group.plain)
        return WEIR_OK;
    if (node->as.aggregate.set_count > 0)
        WEIR_TRY(expand(&group, error));
    WEIR_TRY(fill_keys(&group, error));
    const weir_node *made = NULL;
    WEIR_TRY(window_node(&group, &made, error));
    return in_order(&group, made, out, error);
}
