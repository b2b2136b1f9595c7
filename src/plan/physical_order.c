/* OVER, ORDER BY and LIMIT, Top-N and deduplication. */
#include "plan/physical_int.h"
#include "plan/rules.h"

/* ---- OVER ---- */

static weir_over_order over_order(const physical *self, const weir_node *node) {
    if (self->settings->batch_mode || node->as.over.order_count == 0)
        return WEIR_OVER_BY_COLUMN;
    switch (node->inputs[0]->fields[node->as.over.order[0].column].time) {
    case WEIR_TIME_ROWTIME: return WEIR_OVER_BY_ROWTIME;
    case WEIR_TIME_PROCTIME: return WEIR_OVER_BY_PROCTIME;
    case WEIR_TIME_NONE: break;
    }
    return WEIR_OVER_BY_COLUMN;
}

static weir_status check_over(const physical *self, const weir_node *node, weir_error *error) {
    if (self->settings->batch_mode)
        return WEIR_OK;
    if (node->as.over.order_count != 1)
        return weir_fail_at(error, WEIR_UNSUPPORTED, node->position, "The window can only be ordered by a single time column.");
    if (node->as.over.order[0].descending)
        return weir_fail_at(error, WEIR_UNSUPPORTED, node->position, "The window can only be ordered in ASCENDING mode.");
    return WEIR_OK;
}

weir_status physical_over(physical *self, const weir_node *node, uint32_t *out, weir_error *error) {
    uint32_t input;
    WEIR_TRY(physical_node(self, node->inputs[0], &input, error));
    weir_over_order by = over_order(self, node);
    WEIR_TRY(check_over(self, node, error));
    physical_changes in = physical_changes_of(self, input);
    if (by != WEIR_OVER_BY_COLUMN)
        WEIR_TRY(physical_insert_only(self, input, "StreamPhysicalOverAggregate", node->position, error));
    weir_over_spec *spec = WEIR_ARENA_NEW(self->arena, weir_over_spec);
    const weir_type *const *types = weir_node_types(self->arena, node);
    if (spec == NULL || types == NULL)
        return physical_no_memory(error);
    *spec = (weir_over_spec){.by = by,
                             .input_count = physical_columns(self, input),
                             .input_types = physical_types(self, input),
                             .key_count = node->as.over.key_count,
                             .keys = node->as.over.keys,
                             .order_count = node->as.over.order_count,
                             .order = node->as.over.order,
                             .call_count = node->as.over.call_count,
                             .calls = node->as.over.calls,
                             .input_retracts = physical_retracts(in),
                             .final_only = self->settings->batch_mode,
                             .output_types = types};
    bool changing = !self->settings->batch_mode && by == WEIR_OVER_BY_COLUMN;
    weir_vertex *vertex;
    WEIR_TRY(physical_operator(self, &weir_over_operator, spec, &input, 1, types, node->field_count,
                               (physical_changes){changing, changing && in.deletes}, &vertex, out, error));
    physical_keyed(vertex, 0, spec->keys, spec->key_count);
    return WEIR_OK;
}

/* ---- Top-N ---- */

/* Flink takes a Top-1 without number over rows that only come for a deduplication that keeps the first row, however it is ordered (but by
 * one descending column), and counts its output as inserts: consumers see +U without -U and add them up. The rows are Flink's, so are the
 * sums above them. */
static bool counts_as_first_row(const physical *self, const weir_rank_spec *spec) {
    return !self->settings->batch_mode && !self->settings->operators.mini_batch && !spec->input_retracts && !spec->emit_rank &&
           spec->function == WEIR_RANK_ROW_NUMBER && spec->from_rank == 1 && spec->to_rank == 1 && spec->to_rank_column < 0 &&
           !(spec->order_count == 1 && spec->order[0].descending);
}

static bool contains_all(const uint32_t *columns, uint32_t count, const uint32_t *wanted, uint32_t wanted_count) {
    for (uint32_t i = 0; i < wanted_count; i++) {
        uint32_t at = 0;
        while (at < count && columns[at] != wanted[i])
            at++;
        if (at == count)
            return false;
    }
    return true;
}

/* Flink's UpdateFastStrategy: rows that a key within the group identifies and whose updates only move them forward. Then the n best rows
 * are enough, and an update is taken by its key; else all rows are kept and the old forms are taken back. */
static weir_status updates_by_key(physical *self, const weir_node *from, physical_changes in, weir_rank_spec *spec, weir_error *error) {
    if (self->settings->batch_mode || !in.updates || in.deletes || !plan_rows_improve(from, spec->order, spec->order_count))
        return WEIR_OK;
    uint32_t *key = WEIR_ARENA_ARRAY(self->arena, uint32_t, PLAN_KEY_MAX), count = 0;
    if (key == NULL)
        return physical_no_memory(error);
    if (!plan_unique_key(from, key, &count) || !contains_all(key, count, spec->keys, spec->key_count))
        return WEIR_OK;
    spec->upsert_key = key;
    spec->upsert_key_count = count;
    spec->input_retracts = false;
    return WEIR_OK;
}

static weir_status rank_vertex(physical *self, const weir_node *from, uint32_t input, weir_rank_spec *spec, const weir_type *const *types,
                               uint32_t columns, bool sorts, uint32_t *out, weir_error *error) {
    physical_changes in = physical_changes_of(self, input);
    bool batch = self->settings->batch_mode;
    spec->input_count = physical_columns(self, input);
    spec->input_types = physical_types(self, input);
    spec->input_retracts = physical_retracts(in);
    bool first_row = !sorts && counts_as_first_row(self, spec);
    WEIR_TRY(updates_by_key(self, from, in, spec, error));
    spec->emit_update_before = !first_row;
    spec->final_only = batch;
    spec->output_types = types;
    physical_changes changes = {!batch && !first_row, !batch && !first_row};
    weir_vertex *vertex;
    WEIR_TRY(physical_operator(self, &weir_rank_operator, spec, &input, 1, types, columns, changes, &vertex, out, error));
    physical_keyed(vertex, 0, spec->keys, spec->key_count);
    return WEIR_OK;
}

static weir_status check_rank(const physical *self, const weir_node *node, weir_error *error) {
    if (self->settings->batch_mode || node->as.rank.function == WEIR_RANK_ROW_NUMBER)
        return WEIR_OK;
    return weir_fail_at(error, WEIR_UNSUPPORTED, node->position, "%s() on streaming table is not supported currently",
                        node->as.rank.function == WEIR_RANK_RANK ? "RANK" : "DENSE_RANK");
}

static weir_status deduplicate(physical *self, const weir_node *node, uint32_t input, uint32_t *out, weir_error *error) {
    weir_deduplicate_spec *spec = WEIR_ARENA_NEW(self->arena, weir_deduplicate_spec);
    const weir_type *const *types = weir_node_types(self->arena, node);
    if (spec == NULL || types == NULL)
        return physical_no_memory(error);
    physical_changes in = physical_changes_of(self, input);
    *spec = node->as.deduplicate;
    spec->input_count = physical_columns(self, input);
    spec->input_types = physical_types(self, input);
    spec->input_retracts = physical_retracts(in);
    spec->emit_update_before = true;
    /* The first row by arrival never changes; by event time an earlier one may come. */
    bool changes = spec->keep_last || spec->by_rowtime || physical_retracts(in);
    weir_vertex *vertex;
    WEIR_TRY(physical_operator(self, &weir_deduplicate_operator, spec, &input, 1, types, node->field_count,
                               (physical_changes){changes, in.deletes}, &vertex, out, error));
    physical_keyed(vertex, 0, spec->keys, spec->key_count);
    return WEIR_OK;
}

weir_status physical_rank(physical *self, const weir_node *node, uint32_t *out, weir_error *error) {
    uint32_t input;
    WEIR_TRY(physical_node(self, node->inputs[0], &input, error));
    if (node->kind == WEIR_NODE_DEDUPLICATE)
        return deduplicate(self, node, input, out, error);
    WEIR_TRY(check_rank(self, node, error));
    weir_rank_spec *spec = WEIR_ARENA_NEW(self->arena, weir_rank_spec);
    const weir_type *const *types = weir_node_types(self->arena, node);
    if (spec == NULL || types == NULL)
        return physical_no_memory(error);
    *spec = node->as.rank;
    return rank_vertex(self, node->inputs[0], input, spec, types, node->field_count, false, out, error);
}

/* ---- ORDER BY, LIMIT ---- */

static weir_status sort_vertex(physical *self, const weir_node *node, uint32_t input, const weir_operator_vtable *vtable, uint32_t *out,
                               weir_error *error) {
    weir_sort_spec *spec = WEIR_ARENA_NEW(self->arena, weir_sort_spec);
    if (spec == NULL)
        return physical_no_memory(error);
    *spec = (weir_sort_spec){.input_count = physical_columns(self, input),
                             .input_types = physical_types(self, input),
                             .order_count = node->as.sort.order_count,
                             .order = node->as.sort.order,
                             .offset = node->as.sort.offset,
                             .fetch = node->as.sort.fetch};
    weir_vertex *vertex;
    WEIR_TRY(physical_operator(self, vtable, spec, &input, 1, physical_types(self, input), node->field_count,
                               physical_changes_of(self, input), &vertex, out, error));
    physical_keyed(vertex, 0, NULL, 0);
    return WEIR_OK;
}

static weir_status global_rank(physical *self, const weir_node *node, uint32_t input, uint32_t *out, weir_error *error) {
    weir_rank_spec *spec = WEIR_ARENA_NEW(self->arena, weir_rank_spec);
    if (spec == NULL)
        return physical_no_memory(error);
    int64_t to = node->as.sort.fetch < 0 || node->as.sort.fetch > INT64_MAX - node->as.sort.offset
                     ? INT64_MAX
                     : node->as.sort.offset + node->as.sort.fetch;
    *spec = (weir_rank_spec){.function = WEIR_RANK_ROW_NUMBER,
                             .order_count = node->as.sort.order_count,
                             .order = node->as.sort.order,
                             .from_rank = node->as.sort.offset + 1,
                             .to_rank = to,
                             .to_rank_column = -1};
    return rank_vertex(self, node->inputs[0], input, spec, physical_types(self, input), node->field_count, true, out, error);
}

static bool reads_table(const physical *self, const weir_node *node) {
    while (node->kind == WEIR_NODE_PROJECT && !physical_is_shared(self, node))
        node = node->inputs[0];
    return node->kind == WEIR_NODE_SCAN && !physical_is_shared(self, node);
}

/* A LIMIT right above a table that changes: Flink's source reads so many changes and no more, then the limit looks at them. */
static weir_status limit_changes(physical *self, const weir_node *node, uint32_t *input, weir_error *error) {
    int64_t offset = node->as.sort.offset, fetch = node->as.sort.fetch;
    if (fetch < 0 || fetch > INT64_MAX - offset || !reads_table(self, node->inputs[0]))
        return WEIR_OK;
    weir_node whole = *node;
    whole.as.sort.offset = 0;
    whole.as.sort.fetch = offset + fetch;
    return sort_vertex(self, &whole, *input, &weir_limit_operator, input, error);
}

/* What Flink's planner has no operator for: OFFSET without FETCH, in batch mode only under ORDER BY. */
static weir_status check_fetch(const physical *self, const weir_node *node, weir_error *error) {
    if (node->as.sort.fetch >= 0 || node->as.sort.offset == 0 || (self->settings->batch_mode && node->as.sort.order_count == 0))
        return WEIR_OK;
    if (self->settings->batch_mode)
        return weir_fail_at(error, WEIR_UNSUPPORTED, node->position,
                            "Not support limitEnd is max value now! ORDER BY with OFFSET needs LIMIT or FETCH");
    return weir_fail_at(error, WEIR_UNSUPPORTED, node->position,
                        "FETCH is missed, which on streaming table is not supported currently. OFFSET needs LIMIT or FETCH");
}

weir_status physical_sort(physical *self, const weir_node *node, uint32_t *out, weir_error *error) {
    uint32_t input;
    WEIR_TRY(check_fetch(self, node, error));
    WEIR_TRY(physical_node(self, node->inputs[0], &input, error));
    if (self->settings->batch_mode)
        return sort_vertex(self, node, input, &weir_sort_operator, out, error);
    bool changing = physical_retracts(physical_changes_of(self, input));
    bool limited = node->as.sort.fetch >= 0 || node->as.sort.offset > 0;
    if (node->as.sort.order_count == 0 && !changing)
        return sort_vertex(self, node, input, &weir_limit_operator, out, error);
    if (node->as.sort.order_count == 0) {
        WEIR_TRY(limit_changes(self, node, &input, error));
        return global_rank(self, node, input, out, error);
    }
    if (limited)
        return global_rank(self, node, input, out, error);
    const weir_sort_key *first = &node->as.sort.order[0];
    weir_time_attribute time = node->inputs[0]->fields[first->column].time;
    if ((time != WEIR_TIME_ROWTIME && time != WEIR_TIME_PROCTIME) || first->descending)
        return weir_fail_at(error, WEIR_UNSUPPORTED, node->position, "Sort on a non-time-attribute field is not supported.");
    WEIR_TRY(physical_insert_only(self, input, "StreamPhysicalTemporalSort", node->position, error));
    if (time == WEIR_TIME_PROCTIME) {
        *out = input; /* rows arrive in this order; further columns would order those of one millisecond */
        return WEIR_OK;
    }
    return sort_vertex(self, node, input, &weir_rowtime_sort_operator, out, error);
}
