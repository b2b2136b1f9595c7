/* MATCH_RECOGNIZE, the operator: see match.h for what it does and match_int.h for its parts.
 *
 * Conditions that read nothing but the row are decided when it comes, for the whole batch at once; their results wait with it. The others
 * need what the partial matches have taken before. So when the watermark rises, the partitions whose time has come go forward together, a
 * row each in every round: the conditions that any of their partial matches asks for are gathered and decided in one run per variable.
 *
 * Matches leave partition by partition, in the order in which the partitions' timers fire; by processing time in the order of the rows.
 */
#include <stdlib.h>
#include <string.h>

#include "op/match_int.h"

enum { ACTIVE_MAX = 1024, ROWS_AT_ONCE = 1024, STEPS_AT_ONCE = 4096, FLAG_ALIGN = 8 };

weir_status match_no_memory(const match_operator *self, size_t size_bytes, weir_error *error) {
    return weir_stage_no_memory(self->stage.base.context, size_bytes, error);
}

static weir_status grow(match_operator *self, void **items, size_t *capacity, size_t wanted, size_t item_bytes, weir_error *error) {
    if (wanted <= *capacity || weir_memory_grow(self->stage.base.context->memory, items, capacity, wanted, item_bytes))
        return WEIR_OK;
    return match_no_memory(self, wanted * item_bytes, error);
}

/* ---- partitions with nothing to keep ---- */

static bool is_idle(const match_operator *self, const match_key *value) {
    return value->partials.count == 0 && value->completed.count == 0 && !value->has_timer && !value->is_active &&
           weir_sorted_first(self->state, value->waiting) == NULL;
}

/* Addresses of partitions are at hand while a batch is worked on: they go when it is done. */
static weir_status idle_note(match_operator *self, weir_ref key, match_key *value, weir_error *error) {
    if (value->is_idle || !is_idle(self, value))
        return WEIR_OK;
    WEIR_TRY(grow(self, (void **)&self->idle, &self->idle_capacity, self->idle_count + 1, sizeof *self->idle, error));
    value->is_idle = 1;
    self->idle[self->idle_count++] = key;
    return WEIR_OK;
}

static void idle_remove(match_operator *self) {
    for (size_t i = 0; i < self->idle_count; i++) {
        match_key *value = weir_keyed_value(self->keyed, self->idle[i]);
        value->is_idle = 0;
        if (!is_idle(self, value))
            continue;
        weir_state_free(self->state, value->partials.block, value->partials.capacity * sizeof(match_partial));
        weir_state_free(self->state, value->completed.block, value->completed.capacity * sizeof(match_partial));
        weir_keyed_remove(self->keyed, value);
    }
    self->idle_count = 0;
}

/* ---- rows come ---- */

static weir_status flags_decide(match_operator *self, weir_error *error) {
    const weir_batch *batch = self->stage.batch;
    const weir_operator_context *context = self->stage.base.context;
    if (self->flag_count == 0)
        return WEIR_OK;
    if (batch->rows > self->flag_capacity) {
        weir_memory_free(context->memory, self->flags, (size_t)self->flag_count * self->flag_capacity);
        self->flag_capacity = 0;
        self->flags = weir_memory_alloc(context->memory, (size_t)self->flag_count * batch->rows);
        if (self->flags == NULL)
            return match_no_memory(self, (size_t)self->flag_count * batch->rows, error);
        self->flag_capacity = batch->rows;
    }
    weir_rows rows = weir_batch_rows(batch);
    for (uint32_t stage = 0; stage < self->spec->stage_count; stage++)
        if (self->row_only >> stage & 1)
            WEIR_TRY(match_lens_decide_rows(&self->conditions[stage], batch->columns, batch->rows, &rows,
                                            self->flags + (size_t)self->flag_of[stage] * self->flag_capacity, error));
    return WEIR_OK;
}

static weir_status match_begin(weir_stage *stage, weir_error *error) {
    match_operator *self = (match_operator *)stage;
    const weir_batch *batch = stage->batch;
    idle_remove(self);
    weir_rows rows = weir_batch_rows(batch);
    if (rows.count == 0)
        return WEIR_OK;
    WEIR_TRY(weir_row_scratch_reserve(&self->scratch, stage->base.context, batch->rows, error));
    WEIR_TRY(weir_keyed_upsert(self->keyed, batch->columns, self->spec->keys, &rows, self->scratch.values, NULL, error));
    if (self->rest != NULL)
        WEIR_TRY(weir_codec_write_rows(self->rest, batch->columns, &rows, &self->keys, self->scratch.offsets, self->scratch.sizes, error));
    return flags_decide(self, error);
}

/* (time, further keys, arrival) -> results of row-only conditions, row */
static weir_status row_wait(match_operator *self, match_key *value, uint32_t row, int64_t time_ms, weir_error *error) {
    weir_column *const *columns = self->stage.batch->columns;
    size_t rest = self->rest == NULL ? 0 : self->scratch.sizes[row], size = weir_codec_size(self->row, columns, row);
    int64_t *arrivals = weir_state_write(self->state, self->arrivals);
    weir_builder_clear(&self->key);
    char *key = weir_builder_room(&self->key, rest + 16);
    if (key == NULL)
        return match_no_memory(self, rest, error);
    weir_sorted_i64(time_ms, key);
    if (rest > 0)
        memcpy(key + 8, self->keys.data + self->scratch.offsets[row], rest);
    weir_sorted_i64((*arrivals)++, key + 8 + rest);
    bool created;
    weir_sorted_entry *entry = weir_sorted_put(self->state, &value->waiting, key, rest + 16, self->flag_bytes + size, &created);
    if (entry == NULL)
        return match_no_memory(self, size, error);
    char *payload = weir_sorted_payload(entry);
    for (uint32_t i = 0; i < self->flag_count; i++)
        payload[i] = (char)self->flags[(size_t)i * self->flag_capacity + row];
    weir_codec_write(self->row, columns, row, payload + self->flag_bytes);
    return WEIR_OK;
}

static int64_t entry_time_ms(weir_sorted_entry *entry) { return weir_sorted_get_i64(weir_sorted_key(entry).data); }
static int64_t entry_arrival(weir_sorted_entry *entry) {
    weir_text key = weir_sorted_key(entry);
    return weir_sorted_get_i64(key.data + key.size - 8);
}

/* ---- timers ---- */

static weir_status timer_set(match_operator *self, weir_ref key, match_key *value, int64_t time_ms, weir_error *error) {
    if (value->has_timer && value->timer_ms <= time_ms)
        return WEIR_OK;
    if (!weir_timers_add(self->timers, time_ms, key))
        return match_no_memory(self, sizeof key, error);
    if (value->has_timer)
        weir_timers_remove(self->timers, value->timer_ms, key);
    value->has_timer = 1;
    value->timer_ms = time_ms;
    return WEIR_OK;
}

/* The next time at which the partition has something to do: a row waits, or its earliest partial match ends. */
static weir_status timer_next(match_operator *self, weir_ref key, match_key *value, weir_error *error) {
    int64_t next_ms = INT64_MAX, end_ms;
    bool any = false;
    weir_sorted_entry *entry = weir_sorted_first(self->state, value->waiting);
    if (entry != NULL && !self->spec->processing_time) {
        next_ms = entry_time_ms(entry);
        any = true;
    }
    uint32_t count;
    const match_partial *first = match_partials(self, value, &count);
    if (self->spec->within_ms > 0 && first->start != INT64_MAX &&
        !__builtin_add_overflow(first->start_ms, self->spec->within_ms, &end_ms)) {
        next_ms = !any || end_ms < next_ms ? end_ms : next_ms;
        any = true;
    }
    return any ? timer_set(self, key, value, next_ms, error) : WEIR_OK;
}

/* ---- rounds ---- */

static weir_status activate(match_operator *self, weir_ref key, match_key *value, weir_error *error) {
    if (value->is_active)
        return WEIR_OK;
    WEIR_TRY(grow(self, (void **)&self->active, &self->active_capacity, self->active_count + 1, sizeof *self->active, error));
    value->is_active = 1;
    self->active[self->active_count] = (match_active){.key = key, .value = value, .order = (int64_t)self->active_count};
    self->active_count++;
    return WEIR_OK;
}

static weir_status active_end(match_operator *self, match_active *at, int64_t limit_ms, weir_error *error) {
    WEIR_TRY(match_advance(self, at, limit_ms, error));
    at->done = true;
    at->value->is_active = 0;
    WEIR_TRY(timer_next(self, at->key, at->value, error));
    return idle_note(self, at->key, at->value, error);
}

/* What the partial matches of a partition will ask of this round's row, as far as it is not known yet. */
static weir_status requests_add(match_operator *self, match_active *at, weir_error *error) {
    uint32_t count, stages = self->spec->stage_count;
    const match_partial *partials = match_partials(self, at->value, &count);
    at->results = self->results_count;
    self->results_count += (size_t)count * stages;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t state = partials[i].start == INT64_MAX ? self->automaton.start : partials[i].state;
        for (uint64_t left = self->automaton.states[state].needs & self->gathered; left != 0; left &= left - 1) {
            uint32_t stage = (uint32_t)__builtin_ctzll(left);
            match_requests *to = &self->requests[stage];
            WEIR_TRY(grow(self, (void **)&to->items, &to->capacity, to->count + 1, sizeof *to->items, error));
            to->items[to->count++] = (match_request){
                .node = partials[i].node, .current = match_waiting_row(self, at->entry), .place = at->results + (size_t)i * stages + stage};
        }
    }
    return WEIR_OK;
}

static weir_status requests_decide(match_operator *self, weir_error *error) {
    WEIR_TRY(grow(self, (void **)&self->results, &self->results_capacity, self->results_count, 1, error));
    for (uint32_t stage = 0; stage < self->spec->stage_count; stage++) {
        match_requests *of = &self->requests[stage];
        for (size_t i = 0; i < of->count; i++)
            of->items[i].result = &self->results[of->items[i].place];
        for (size_t i = 0; i < of->count; i += WEIR_BATCH_ROWS) {
            size_t count = of->count - i < WEIR_BATCH_ROWS ? of->count - i : WEIR_BATCH_ROWS;
            WEIR_TRY(match_lens_decide(&self->conditions[stage], of->items + i, (uint32_t)count, false, error));
        }
        of->count = 0;
    }
    return WEIR_OK;
}

static weir_status fresh_follow(match_operator *self, weir_error *error) {
    weir_status status = WEIR_OK;
    for (uint32_t stage = 0; stage < self->spec->stage_count && status == WEIR_OK; stage++)
        if (self->conditions[stage].follows)
            status = match_lens_follow(&self->conditions[stage], self->fresh, self->fresh_count, error);
    for (size_t i = 0; i < self->fresh_count; i++)
        match_node_release(&self->chains, self->fresh[i]);
    self->fresh_count = 0;
    return status;
}

/* One row of every active partition. *steps: rows tried; 0: all are done. */
static weir_status round_run(match_operator *self, int64_t limit_ms, size_t *steps, weir_error *error) {
    *steps = self->results_count = 0;
    for (size_t i = 0; i < self->active_count; i++) {
        match_active *at = &self->active[i];
        if (at->done)
            continue;
        at->entry = weir_sorted_first(self->state, at->value->waiting);
        if (at->entry == NULL || entry_time_ms(at->entry) > limit_ms) {
            WEIR_TRY(active_end(self, at, limit_ms, error));
            continue;
        }
        if (self->spec->processing_time)
            at->order = entry_arrival(at->entry);
        WEIR_TRY(match_advance(self, at, entry_time_ms(at->entry), error));
        WEIR_TRY(requests_add(self, at, error));
        ++*steps;
    }
    if (*steps == 0)
        return WEIR_OK;
    WEIR_TRY(requests_decide(self, error));
    for (size_t i = 0; i < self->active_count; i++) {
        match_active *at = &self->active[i];
        if (at->done)
            continue;
        WEIR_TRY(match_step(self, at, entry_time_ms(at->entry), error));
        weir_sorted_remove(self->state, &at->value->waiting, at->entry);
    }
    return self->fresh_count > 0 ? fresh_follow(self, error) : WEIR_OK;
}

static int output_compare(const void *a_, const void *b_) {
    const match_output *a = a_, *b = b_;
    if (a->order != b->order)
        return a->order < b->order ? -1 : 1;
    return a->number < b->number ? -1 : a->number > b->number;
}

/* Some rounds; when no partition is active any more, what they have found can leave. */
static weir_status rounds_run(match_operator *self, int64_t limit_ms, weir_error *error) {
    for (size_t total = 0; total < STEPS_AT_ONCE;) {
        size_t steps;
        WEIR_TRY(round_run(self, limit_ms, &steps, error));
        total += steps;
        if (steps > 0)
            continue;
        self->active_count = 0;
        if (self->output_count > 1)
            qsort(self->outputs, self->output_count, sizeof *self->outputs, output_compare);
        self->leaving = self->output_count > 0;
        break;
    }
    return WEIR_OK;
}

/* ---- matches leave ---- */

static weir_status block_fill(match_operator *self, weir_batch *block, uint32_t count, weir_error *error) {
    const weir_match_spec *spec = self->spec;
    match_requests *requests = &self->measured;
    WEIR_TRY(grow(self, (void **)&requests->items, &requests->capacity, count, sizeof *requests->items, error));
    for (uint32_t i = 0; i < spec->key_count; i++)
        if ((block->columns[i] = weir_column_create(self->stage.base.context->memory, spec->output_types[i], count)) == NULL)
            return match_no_memory(self, count, error);
    for (uint32_t r = 0; r < count; r++) {
        const match_output *output = &self->outputs[self->output_at + r];
        requests->items[r] = (match_request){.node = output->node, .time_ms = output->time_ms};
        if (spec->key_count > 0)
            weir_keyed_read_key(self->keyed, weir_keyed_value(self->keyed, output->key), block->columns, r);
    }
    for (uint32_t i = 0; i < spec->key_count; i++)
        if (block->columns[i]->failed)
            return match_no_memory(self, count, error);
    WEIR_TRY(match_lens_measure(&self->measures, requests->items, count, block->columns + spec->key_count, error));
    block->rows = block->selected = count;
    return WEIR_OK;
}

static weir_status outputs_leave(match_operator *self, weir_error *error) {
    const weir_operator_context *context = self->stage.base.context;
    size_t left = self->output_count - self->output_at;
    uint32_t count = left < WEIR_BATCH_ROWS ? (uint32_t)left : WEIR_BATCH_ROWS;
    weir_batch *block = weir_batch_create(context->memory, self->spec->key_count + self->spec->measure_count);
    if (block == NULL)
        return match_no_memory(self, sizeof *block, error);
    weir_status status = block_fill(self, block, count, error);
    if (status != WEIR_OK) {
        weir_batch_destroy(block);
        return status;
    }
    for (uint32_t r = 0; r < count; r++)
        match_node_release(&self->chains, self->outputs[self->output_at + r].node);
    self->output_at += count;
    if (self->output_at == self->output_count) {
        self->output_count = self->output_at = 0;
        self->leaving = false;
    }
    weir_stage_put_block(&self->stage, block);
    return WEIR_OK;
}

/* ---- hooks ---- */

static weir_status rows_by_rowtime(match_operator *self, const weir_rows *rows, uint32_t *at, weir_error *error) {
    const weir_column *time = self->stage.batch->columns[self->spec->order[0].column];
    for (; *at < rows->count; ++*at) {
        uint32_t row = rows->index == NULL ? *at : rows->index[*at];
        match_key *value = self->scratch.values[row];
        if (!weir_column_is_valid(time, row))
            return weir_stage_no_time(self->stage.base.context, error);
        int64_t time_ms = weir_stage_time_ms(time, row);
        if (time_ms <= self->stage.watermark_ms) {
            atomic_fetch_add_explicit(&self->stage.base.context->metrics->late_rows_dropped, 1, memory_order_relaxed);
            WEIR_TRY(idle_note(self, weir_keyed_ref(self->keyed, value), value, error));
            continue;
        }
        WEIR_TRY(row_wait(self, value, row, time_ms, error));
        WEIR_TRY(timer_set(self, weir_keyed_ref(self->keyed, value), value, time_ms, error));
    }
    return WEIR_OK;
}

/* Rows are tried as they come; *at moves on when what they have found is on its way. */
static weir_status rows_by_proctime(match_operator *self, const weir_rows *rows, uint32_t *at, weir_error *error) {
    if (!self->waves && !self->leaving) {
        self->now_ms = weir_clock_wall_ms(self->stage.base.context->evaluation->clock);
        uint32_t end = rows->count - *at > ROWS_AT_ONCE ? *at + ROWS_AT_ONCE : rows->count;
        for (uint32_t i = *at; i < end; i++) {
            uint32_t row = rows->index == NULL ? i : rows->index[i];
            match_key *value = self->scratch.values[row];
            WEIR_TRY(row_wait(self, value, row, self->now_ms, error));
            WEIR_TRY(activate(self, weir_keyed_ref(self->keyed, value), value, error));
        }
        self->rows_next = end;
        self->waves = true;
    }
    if (self->waves) {
        WEIR_TRY(rounds_run(self, self->now_ms, error));
        self->waves = self->active_count > 0;
        if (self->waves)
            return WEIR_OK;
    }
    if (self->leaving)
        WEIR_TRY(outputs_leave(self, error));
    if (!self->leaving)
        *at = self->rows_next;
    return WEIR_OK;
}

static weir_status match_rows(weir_stage *stage, const weir_rows *rows, uint32_t *at, weir_error *error) {
    match_operator *self = (match_operator *)stage;
    return self->spec->processing_time ? rows_by_proctime(self, rows, at, error) : rows_by_rowtime(self, rows, at, error);
}

/* One piece of what is due at `limit_ms`. */
static weir_status due_run(match_operator *self, int64_t limit_ms, bool *more, weir_error *error) {
    *more = true;
    if (self->leaving)
        return outputs_leave(self, error);
    if (self->active_count == 0) {
        int64_t time_ms;
        weir_ref key;
        while (self->active_count < ACTIVE_MAX && weir_timers_pop(self->timers, limit_ms, &time_ms, &key)) {
            match_key *value = weir_keyed_value(self->keyed, key);
            value->has_timer = 0;
            WEIR_TRY(activate(self, key, value, error));
        }
        if (self->active_count == 0) {
            *more = false;
            return WEIR_OK;
        }
    }
    return rounds_run(self, limit_ms, error);
}

static weir_status match_fire(weir_stage *stage, int64_t watermark_ms, bool *more, weir_error *error) {
    match_operator *self = (match_operator *)stage;
    return self->spec->processing_time ? WEIR_OK : due_run(self, watermark_ms, more, error);
}

static weir_status match_tick(weir_stage *stage, int64_t now_ms, bool *more, weir_error *error) {
    return due_run((match_operator *)stage, now_ms, more, error);
}

static int64_t match_next_tick(const weir_operator *operator) {
    const match_operator *self = (const match_operator *)operator;
    return self->spec->processing_time ? weir_timers_next_ms(self->timers) : INT64_MAX;
}

static void match_end(weir_stage *stage) {
    match_operator *self = (match_operator *)stage;
    idle_remove(self);
    atomic_store_explicit(&stage->base.context->metrics->state_bytes, weir_state_bytes(self->state), memory_order_relaxed);
}

static const weir_stage_hooks match_hooks = {
    .begin = match_begin, .rows = match_rows, .fire = match_fire, .tick = match_tick, .end = match_end};

/* ---- opening and closing ---- */

static void heap_free(weir_memory *memory, match_heap *heap) {
    weir_memory_free(memory, heap->items, heap->capacity * sizeof *heap->items);
}

static void match_close(weir_operator *operator) {
    match_operator *self = (match_operator *)operator;
    weir_memory *memory = operator->context->memory;
    weir_stage_deinit(&self->stage);
    weir_row_scratch_free(&self->scratch, operator->context);
    weir_builder_deinit(&self->keys);
    weir_builder_deinit(&self->key);
    for (uint32_t i = 0; self->conditions != NULL && i < self->spec->stage_count; i++)
        match_lens_close(&self->conditions[i]);
    match_lens_close(&self->measures);
    for (uint32_t i = 0; self->requests != NULL && i < self->spec->stage_count; i++)
        weir_memory_free(memory, self->requests[i].items, self->requests[i].capacity * sizeof(match_request));
    weir_memory_free(memory, self->measured.items, self->measured.capacity * sizeof(match_request));
    heap_free(memory, &self->old);
    heap_free(memory, &self->next);
    heap_free(memory, &self->found);
    heap_free(memory, &self->completed);
    weir_memory_free(memory, self->flags, (size_t)self->flag_count * self->flag_capacity);
    weir_memory_free(memory, self->active, self->active_capacity * sizeof *self->active);
    weir_memory_free(memory, self->results, self->results_capacity);
    weir_memory_free(memory, self->outputs, self->output_capacity * sizeof *self->outputs);
    weir_memory_free(memory, self->fresh, self->fresh_capacity * sizeof *self->fresh);
    weir_memory_free(memory, self->idle, self->idle_capacity * sizeof *self->idle);
    if (self->timers != NULL)
        weir_timers_destroy(self->timers);
    if (self->keyed != NULL)
        weir_keyed_destroy(self->keyed);
    weir_state_destroy(self->state);
    weir_memory_free(memory, self, sizeof *self);
}

static weir_status lenses_open(match_operator *self, weir_error *error) {
    const weir_operator_context *context = self->stage.base.context;
    const weir_match_spec *spec = self->spec;
    self->conditions = WEIR_ARENA_ARRAY(context->arena, match_lens, spec->stage_count);
    self->requests = WEIR_ARENA_ARRAY(context->arena, match_requests, spec->stage_count);
    self->flag_of = WEIR_ARENA_ARRAY(context->arena, uint32_t, spec->stage_count);
    if (self->conditions == NULL || self->requests == NULL || self->flag_of == NULL)
        return match_no_memory(self, sizeof(match_lens), error);
    for (uint32_t i = 0; i < spec->stage_count; i++) {
        const weir_match_stage *stage = &spec->stages[i];
        if (stage->condition == NULL)
            continue;
        WEIR_TRY(
            match_lens_open(&self->conditions[i], context, spec, self->state, self->row, &stage->view, &stage->condition, 1, i, error));
        if (self->conditions[i].row_only) {
            self->row_only |= (uint64_t)1 << i;
            self->flag_of[i] = self->flag_count++;
        } else {
            self->gathered |= (uint64_t)1 << i;
        }
        match_lens_place(&self->conditions[i], &self->chains.node_bytes);
    }
    self->flag_bytes = (self->flag_count + FLAG_ALIGN - 1) / FLAG_ALIGN * FLAG_ALIGN;
    return match_lens_open(&self->measures, context, spec, self->state, self->row, &spec->view, spec->measures, spec->measure_count,
                           UINT32_MAX, error);
}

static weir_status prepare(match_operator *self, weir_error *error) {
    const weir_operator_context *context = self->stage.base.context;
    const weir_match_spec *spec = self->spec;
    weir_builder_init(&self->keys, context->memory, UINT32_MAX);
    weir_builder_init(&self->key, context->memory, UINT32_MAX);
    WEIR_TRY(weir_row_queue_init(&self->stage.queue, context, spec->output_types, spec->key_count + spec->measure_count, 0, false, false,
                                 error));
    WEIR_TRY(match_automaton_make(context->arena, spec, &self->automaton, error));
    self->state = weir_state_create(context->memory, context->name, context->settings->key_groups);
    if (self->state == NULL)
        return match_no_memory(self, 0, error);
    self->chains = (match_chains){self->state, sizeof(match_node)};
    const weir_type **key_types = weir_stage_types_of(context->arena, spec->input_types, spec->keys, spec->key_count);
    if (key_types == NULL)
        return match_no_memory(self, 0, error);
    self->keyed = weir_keyed_create(self->state, context->arena, "partitions", key_types, spec->key_count, sizeof(match_key));
    self->timers = weir_timers_create(self->state, context->arena, spec->processing_time ? "processing-time" : "event-time");
    self->arrivals = weir_state_root(self->state, "arrivals", sizeof(int64_t));
    self->row = weir_codec_create(context->arena, spec->input_types, NULL, spec->input_count);
    if (self->keyed == NULL || self->timers == NULL || self->arrivals == 0 || self->row == NULL)
        return match_no_memory(self, sizeof(match_key), error);
    if (spec->order_count > 1) {
        const weir_type **types = WEIR_ARENA_ARRAY(context->arena, const weir_type *, spec->order_count - 1);
        for (uint32_t i = 1; types != NULL && i < spec->order_count; i++)
            types[i - 1] = spec->input_types[spec->order[i].column];
        self->rest = types == NULL ? NULL : weir_codec_create_ordered(context->arena, types, spec->order + 1, spec->order_count - 1);
        if (self->rest == NULL)
            return match_no_memory(self, 0, error);
    }
    return lenses_open(self, error);
}

static weir_status match_open(const void *spec, const weir_operator_context *context, weir_operator **out, weir_error *error) {
    match_operator *self = weir_memory_zalloc(context->memory, sizeof *self);
    if (self == NULL)
        return weir_stage_no_memory(context, sizeof *self, error);
    weir_stage_init(&self->stage, &weir_match_operator, context, &match_hooks);
    self->spec = spec;
    weir_status status = prepare(self, error);
    if (status != WEIR_OK) {
        match_close(&self->stage.base);
        return status;
    }
    *out = &self->stage.base;
    return WEIR_OK;
}

const weir_operator_vtable weir_match_operator = {.name = "Match",
                                                  .input_count = 1,
                                                  .open = match_open,
                                                  .process = weir_stage_process,
                                                  .resume = weir_stage_resume,
                                                  .next_tick_ms = match_next_tick,
                                                  .tick = weir_stage_tick,
                                                  .close = match_close};
