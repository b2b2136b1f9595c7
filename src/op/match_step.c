/* One row against the partial matches of its partition, and what follows when matches are complete: the earliest one is reported, and the
 * others that the skip strategy rules out are let go. A complete match waits as long as a partial one that began earlier is alive. See
 * match_int.h. */
#include <string.h>

#include "op/match_int.h"

static const match_partial nothing_yet = {.start = INT64_MAX};

/* ---- heaps in the state ---- */

const match_partial *match_partials(const match_operator *self, const match_key *value, uint32_t *count) {
    *count = value->partials.count == 0 ? 1 : value->partials.count;
    return value->partials.count == 0 ? &nothing_yet : weir_state_read(self->state, value->partials.block);
}

static weir_status heap_reserve(match_operator *self, match_heap *heap, size_t count, weir_error *error) {
    if (count <= heap->capacity ||
        weir_memory_grow(self->stage.base.context->memory, (void **)&heap->items, &heap->capacity, count, sizeof *heap->items))
        return WEIR_OK;
    return match_no_memory(self, count * sizeof *heap->items, error);
}

static weir_status heap_load(match_operator *self, match_heap *heap, const match_partial *items, size_t count, weir_error *error) {
    WEIR_TRY(heap_reserve(self, heap, count, error));
    if (count > 0)
        memcpy(heap->items, items, count * sizeof *items);
    heap->count = count;
    return WEIR_OK;
}

static weir_status partials_load(match_operator *self, const match_key *value, weir_error *error) {
    uint32_t count;
    const match_partial *items = match_partials(self, value, &count);
    return heap_load(self, &self->old, items, count, error);
}

static weir_status completed_load(match_operator *self, const match_key *value, weir_error *error) {
    uint32_t count = value->completed.count;
    return heap_load(self, &self->completed, count == 0 ? NULL : weir_state_read(self->state, value->completed.block), count, error);
}

static weir_status list_store(match_operator *self, match_list *list, const match_heap *heap, weir_error *error) {
    if (heap->count > list->capacity) {
        uint32_t capacity = list->capacity == 0 ? 4 : list->capacity;
        while (capacity < heap->count)
            capacity *= 2;
        weir_ref block = weir_state_alloc(self->state, capacity * sizeof(match_partial));
        if (block == 0)
            return match_no_memory(self, capacity * sizeof(match_partial), error);
        weir_state_free(self->state, list->block, list->capacity * sizeof(match_partial));
        list->block = block;
        list->capacity = capacity;
    }
    if (heap->count > 0)
        memcpy(weir_state_write(self->state, list->block), heap->items, heap->count * sizeof(match_partial));
    list->count = (uint32_t)heap->count;
    return WEIR_OK;
}

static weir_status lists_store(match_operator *self, match_key *value, weir_error *error) {
    if (self->next.count == 1 && self->next.items[0].start == INT64_MAX)
        value->partials.count = 0;
    else
        WEIR_TRY(list_store(self, &value->partials, &self->next, error));
    return list_store(self, &value->completed, &self->completed, error);
}

static weir_status add(match_operator *self, match_heap *heap, match_partial item, weir_error *error) {
    return match_heap_add(heap, self->stage.base.context->memory, item) ? WEIR_OK : match_no_memory(self, sizeof item, error);
}

/* ---- complete matches ---- */

/* What begins before *end is let go. */
static weir_status skip_end(const match_operator *self, const match_partial *match, int64_t *end, weir_error *error) {
    const weir_match_spec *spec = self->spec;
    const match_node *last = match_node_last(self->state, match->node, WEIR_MATCH_ANY);
    if (spec->skip == WEIR_MATCH_SKIP_PAST_LAST || spec->skip == WEIR_MATCH_SKIP_TO_NEXT) {
        *end = (spec->skip == WEIR_MATCH_SKIP_PAST_LAST ? match_node_sequence(self->state, last) : match->start) + 1;
        return WEIR_OK;
    }
    const match_node *target = match_node_last(self->state, match->node, spec->skip_stage);
    if (target == NULL)
        return weir_fail(error, WEIR_RUNTIME, "Could not skip to %.*s. No such element in the found match: the variable has no rows in it",
                         WEIR_TEXT_ARGS(spec->stages[spec->skip_stage].name));
    *end =
        spec->skip == WEIR_MATCH_SKIP_TO_FIRST ? match_node_first_sequence(self->state, target) : match_node_sequence(self->state, target);
    if (*end == match->start)
        return weir_fail(error, WEIR_RUNTIME, "Could not skip to first element of a match. AFTER MATCH SKIP TO %.*s would find it again",
                         WEIR_TEXT_ARGS(spec->stages[spec->skip_stage].name));
    return WEIR_OK;
}

static weir_status report(match_operator *self, const match_active *at, weir_ref node, int64_t time_ms, weir_error *error) {
    if (self->output_count == self->output_capacity &&
        !weir_memory_grow(self->stage.base.context->memory, (void **)&self->outputs, &self->output_capacity, self->output_count + 1,
                          sizeof *self->outputs))
        return match_no_memory(self, sizeof *self->outputs, error);
    self->outputs[self->output_count] =
        (match_output){.key = at->key, .node = node, .time_ms = time_ms, .order = at->order, .number = self->output_count};
    self->output_count++;
    return WEIR_OK;
}

/* Report what no earlier partial match holds back. */
static weir_status complete(match_operator *self, const match_active *at, int64_t time_ms, weir_error *error) {
    while (self->completed.count > 0 && self->completed.items[0].start <= self->next.items[0].start) {
        match_partial match = match_heap_take(&self->completed);
        int64_t end;
        WEIR_TRY(skip_end(self, &match, &end, error));
        match_heap_prune(&self->next, &self->chains, end);
        match_heap_prune(&self->completed, &self->chains, end);
        WEIR_TRY(report(self, at, match.node, time_ms, error));
    }
    return WEIR_OK;
}

/* ---- time ---- */

static bool has_expired(const match_operator *self, const match_partial *partial, int64_t time_ms) {
    return partial->start != INT64_MAX && time_ms >= partial->start_ms &&
           (uint64_t)time_ms - (uint64_t)partial->start_ms >= (uint64_t)self->spec->within_ms;
}

weir_status match_advance(match_operator *self, match_active *at, int64_t time_ms, weir_error *error) {
    uint32_t count;
    const match_partial *first = match_partials(self, at->value, &count);
    if (self->spec->within_ms == 0 || !has_expired(self, first, time_ms))
        return WEIR_OK;
    WEIR_TRY(partials_load(self, at->value, error));
    WEIR_TRY(completed_load(self, at->value, error));
    self->next.count = 0;
    for (size_t i = 0; i < self->old.count; i++) {
        if (has_expired(self, &self->old.items[i], time_ms))
            match_node_release(&self->chains, self->old.items[i].node);
        else
            WEIR_TRY(add(self, &self->next, self->old.items[i], error));
    }
    WEIR_TRY(complete(self, at, time_ms, error));
    return lists_store(self, at->value, error);
}

/* ---- a row ---- */

typedef struct row_step {
    match_operator *self;
    const match_active *at;
    const match_partial *partial;
    const uint8_t *results; /* of the partial match, by stage */
    const uint8_t *flags;
    const char *bytes;
    size_t size;
    weir_ref row; /* 0: not kept yet */
    int64_t sequence;
    int64_t time_ms;
} row_step;

/* The condition has failed, and now somebody asks for it: run it again for the message. */
static weir_status condition_fail(row_step *step, uint32_t stage, weir_error *error) {
    uint8_t result;
    match_request request = {.node = step->partial->node, .current = step->bytes, .time_ms = step->time_ms, .result = &result};
    WEIR_TRY(match_lens_decide(&step->self->conditions[stage], &request, 1, true, error));
    return weir_fail(error, WEIR_RUNTIME, "the condition of %.*s failed", WEIR_TEXT_ARGS(step->self->spec->stages[stage].name));
}

static weir_status condition_holds(row_step *step, uint32_t stage, bool *holds, weir_error *error) {
    const match_operator *self = step->self;
    *holds = true;
    if (self->spec->stages[stage].condition == NULL)
        return WEIR_OK;
    uint8_t result = self->row_only >> stage & 1 ? step->flags[self->flag_of[stage]] : step->results[stage];
    *holds = result == MATCH_TRUE;
    return result == MATCH_FAILED ? condition_fail(step, stage, error) : WEIR_OK;
}

static weir_status edge_holds(row_step *step, const match_edge *edge, bool *holds, weir_error *error) {
    *holds = true;
    if (edge->take)
        WEIR_TRY(condition_holds(step, edge->stage, holds, error));
    for (uint64_t left = edge->excluded; *holds && left != 0; left &= left - 1) {
        bool taken;
        WEIR_TRY(condition_holds(step, (uint32_t)__builtin_ctzll(left), &taken, error));
        *holds = !taken;
    }
    return WEIR_OK;
}

/* Can the pattern end in `state` without a further row? */
static weir_status reaches_end(row_step *step, uint32_t state, bool *ends, weir_error *error) {
    *ends = false;
    for (bool goes_on = true; goes_on && !*ends;) {
        const match_state *from = &step->self->automaton.states[state];
        goes_on = false;
        for (uint32_t i = 0; i < from->edge_count; i++) {
            const match_edge *edge = &from->edges[i];
            if (edge->take)
                continue;
            WEIR_TRY(edge_holds(step, edge, &goes_on, error));
            *ends = goes_on && edge->target == MATCH_FINAL;
            state = edge->target;
        }
    }
    return WEIR_OK;
}

/* The node may be let go again in this very step, but its states are computed at the end of the round. */
static weir_status node_follow(match_operator *self, weir_ref node, weir_error *error) {
    if (self->chains.node_bytes == sizeof(match_node))
        return WEIR_OK;
    if (self->fresh_count == self->fresh_capacity && !weir_memory_grow(self->stage.base.context->memory, (void **)&self->fresh,
                                                                       &self->fresh_capacity, self->fresh_count + 1, sizeof *self->fresh))
        return match_no_memory(self, sizeof *self->fresh, error);
    match_node_hold(&self->chains, node);
    self->fresh[self->fresh_count++] = node;
    return WEIR_OK;
}

static weir_status row_take(row_step *step, const match_edge *edge, weir_error *error) {
    match_operator *self = step->self;
    if (step->row == 0) {
        step->row = match_row_keep(self->state, step->bytes, step->size, step->sequence);
        if (step->row == 0)
            return match_no_memory(self, step->size, error);
    }
    match_partial taken = {.start = step->partial->start, .start_ms = step->partial->start_ms, .state = edge->target};
    if (taken.start == INT64_MAX) {
        taken.start = step->sequence;
        taken.start_ms = step->time_ms;
    }
    taken.node = match_node_add(&self->chains, step->partial->node, edge->stage, step->row);
    if (taken.node == 0)
        return match_no_memory(self, sizeof(match_node), error);
    if (edge->target == MATCH_FINAL)
        return add(self, &self->found, taken, error);
    WEIR_TRY(add(self, &self->next, taken, error));
    WEIR_TRY(node_follow(self, taken.node, error));
    bool ends;
    WEIR_TRY(reaches_end(step, edge->target, &ends, error));
    if (!ends)
        return WEIR_OK;
    match_node_hold(&self->chains, taken.node);
    taken.state = MATCH_FINAL;
    return add(self, &self->found, taken, error);
}

/* Every state that is reached without a row may take this one. */
static weir_status partial_step(row_step *step, weir_error *error) {
    match_operator *self = step->self;
    bool is_start = step->partial->start == INT64_MAX;
    uint32_t state = is_start ? self->automaton.start : step->partial->state;
    for (bool goes_on = true; goes_on;) {
        const match_state *from = &self->automaton.states[state];
        goes_on = false;
        for (uint32_t i = 0; i < from->edge_count; i++) {
            const match_edge *edge = &from->edges[i];
            bool holds;
            WEIR_TRY(edge_holds(step, edge, &holds, error));
            if (!holds)
                continue;
            if (edge->take) {
                WEIR_TRY(row_take(step, edge, error));
            } else {
                goes_on = true;
                state = edge->target;
            }
        }
    }
    return is_start ? add(self, &self->next, nothing_yet, error) : WEIR_OK;
}

weir_status match_step(match_operator *self, match_active *at, int64_t time_ms, weir_error *error) {
    WEIR_TRY(partials_load(self, at->value, error));
    WEIR_TRY(completed_load(self, at->value, error));
    self->next.count = self->found.count = 0;
    row_step step = {.self = self,
                     .at = at,
                     .flags = weir_sorted_payload(at->entry),
                     .bytes = match_waiting_row(self, at->entry),
                     .size = weir_sorted_payload_bytes(at->entry) - self->flag_bytes,
                     .sequence = at->value->rows++,
                     .time_ms = time_ms};
    weir_status status = WEIR_OK;
    for (size_t i = 0; i < self->old.count && status == WEIR_OK; i++) {
        step.partial = &self->old.items[i];
        step.results = self->results + at->results + i * self->spec->stage_count;
        status = partial_step(&step, error);
        match_node_release(&self->chains, step.partial->node);
    }
    match_row_release(self->state, step.row);
    WEIR_TRY(status);
    for (size_t i = 0; i < self->found.count; i++)
        WEIR_TRY(add(self, &self->completed, self->found.items[i], error));
    WEIR_TRY(complete(self, at, time_ms, error));
    return lists_store(self, at->value, error);
}
