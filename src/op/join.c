/* Regular streaming join, all six types; see join.h. The changelog is that of Flink's StreamingJoinOperator and
 * StreamingSemiAntiJoinOperator:
 *
 *   outer sides count the matches of each row; a row's first match takes its NULL-padded form back (-D) before the pairs come (+I), its
 * last one brings it again; pairs of inner sides keep the kind of the row that came in.
 *
 * State: one table by join key; an entry holds the list of rows of either side. A batch probes the table once; the other side does not
 * change while rows of one side are handled, so the pairs of many rows are made and filtered together, and then each row is played in its
 * turn. Rows with a NULL key match nothing and are not kept. NOT IN (null_aware_anti): a NULL key is compatible with every key; such rows
 * have a list of their own, beside the table.
 */
#include <string.h>

#include "op/join_match.h"
#include "op/join_rows.h"
#include "state/expiry.h"

enum { PAIRS_AT_ONCE = WEIR_BATCH_ROWS };

typedef struct join_value {
    weir_join_list sides[2];
    uint64_t emptied; /* stands in `empties` */
} join_value;

typedef struct join_operator {
    weir_stage stage; /* first */
    const weir_join_spec *spec;
    weir_join_type type;
    bool outer[2]; /* counts matches */
    weir_state *state;
    weir_keyed *keyed;
    weir_keyed *nulls; /* null-aware: the one entry of rows with a NULL key */
    weir_join_matcher matcher;
    weir_row_scratch scratch;
    uint32_t *with_keys;
    uint32_t with_keys_capacity;
    weir_builder row_bytes;
    join_value **empties;
    size_t empty_count, empty_capacity;
    weir_expiry expiry;
    int64_t now_ms;
} join_operator;

static weir_status no_memory(join_operator *self, size_t size, weir_error *error) {
    return weir_stage_no_memory(self->stage.base.context, size, error);
}

static weir_status join_begin(weir_stage *stage, weir_error *error) {
    join_operator *self = (join_operator *)stage;
    const weir_operator_context *context = stage->base.context;
    const weir_batch *batch = stage->batch;
    stage->queue.batches[stage->input] = batch;
    WEIR_TRY(weir_row_scratch_reserve(&self->scratch, context, batch->rows, error));
    if (batch->rows > self->with_keys_capacity) {
        weir_memory_free(context->memory, self->with_keys, self->with_keys_capacity * sizeof(uint32_t));
        self->with_keys_capacity = 0;
        self->with_keys = weir_memory_alloc(context->memory, batch->rows * sizeof(uint32_t));
        if (self->with_keys == NULL)
            return no_memory(self, batch->rows * sizeof(uint32_t), error);
        self->with_keys_capacity = batch->rows;
    }
    if (self->expiry.ttl_ms > 0)
        self->now_ms = weir_clock_wall_ms(context->evaluation->clock);
    for (uint32_t row = 0; row < batch->rows; row++)
        self->scratch.values[row] = NULL;
    if (batch->selected == 0)
        return WEIR_OK;
    const weir_join_keys *on = &self->spec->on;
    weir_rows rows = {self->with_keys, weir_join_rows_with_keys(on, stage->input, batch, self->with_keys)};
    return weir_keyed_upsert(self->keyed, batch->columns, weir_join_side_of(on, stage->input)->keys, &rows, self->scratch.values, NULL,
                             error);
}

static bool row_expired(const join_operator *self, const weir_join_row *row) {
    return weir_expiry_due(&self->expiry, row->stamp_ms, self->now_ms);
}

static bool is_empty(const join_value *value) { return value->sides[0].count + value->sides[1].count == 0; }

/* An entry without rows (its last one has left, or none was kept) goes when the batch is done: until then its rows point to it. */
static weir_status empty_note(join_operator *self, join_value *value, weir_error *error) {
    if (value == NULL || value->emptied || !is_empty(value))
        return WEIR_OK;
    if (!weir_memory_grow(self->stage.base.context->memory, (void **)&self->empties, &self->empty_capacity, self->empty_count + 1,
                          sizeof(join_value *)))
        return no_memory(self, sizeof(join_value *), error);
    value->emptied = 1;
    self->empties[self->empty_count++] = value;
    return WEIR_OK;
}

/* All rows of a list as candidates for `row`; rows past their time to live leave. */
static weir_status list_pairs(join_operator *self, weir_join_list *list, uint32_t row, weir_error *error) {
    for (weir_join_row *kept = weir_join_row_at(self->state, list->first); kept != NULL;) {
        weir_join_row *next = weir_join_row_at(self->state, kept->next);
        if (row_expired(self, kept))
            weir_join_list_remove(self->state, list, kept);
        else if (!weir_join_matcher_add(&self->matcher, row, 0, kept->bytes, kept))
            return no_memory(self, sizeof(weir_join_pair), error);
        kept = next;
    }
    return WEIR_OK;
}

static join_value *nulls_value(join_operator *self) { return weir_keyed_find_bytes(self->nulls, "", 0); }

/* NOT IN: a row with a NULL key meets every row of the other side, any other row those with its key and those with a NULL. */
static weir_status null_aware_pairs(join_operator *self, uint32_t row, weir_error *error) {
    uint32_t other = 1 - self->stage.input;
    join_value *value = self->scratch.values[row];
    WEIR_TRY(list_pairs(self, &nulls_value(self)->sides[other], row, error));
    if (value != NULL)
        return list_pairs(self, &value->sides[other], row, error);
    uint64_t cursor = 0;
    while ((value = weir_keyed_next(self->keyed, &cursor)) != NULL) {
        WEIR_TRY(list_pairs(self, &value->sides[other], row, error));
        WEIR_TRY(empty_note(self, value, error));
    }
    return WEIR_OK;
}

static weir_status row_pairs(join_operator *self, uint32_t row, weir_error *error) {
    if (self->nulls != NULL)
        return null_aware_pairs(self, row, error);
    join_value *value = self->scratch.values[row];
    return value == NULL ? WEIR_OK : list_pairs(self, &value->sides[1 - self->stage.input], row, error);
}

/* The list where rows of the input with this row's key are kept; NULL: nowhere. */
static join_value *own_value(join_operator *self, uint32_t row) {
    join_value *value = self->scratch.values[row];
    return value == NULL && self->nulls != NULL ? nulls_value(self) : value;
}

static weir_status row_encode(join_operator *self, uint32_t row, weir_error *error) {
    weir_codec *codec = self->matcher.rows[self->stage.input];
    size_t size = weir_codec_size(codec, self->stage.batch->columns, row);
    weir_builder_clear(&self->row_bytes);
    char *room = weir_builder_room(&self->row_bytes, size + 1);
    if (room == NULL)
        return no_memory(self, size, error);
    self->row_bytes.size = weir_codec_write(codec, self->stage.batch->columns, row, room);
    return WEIR_OK;
}

static weir_status row_keep(join_operator *self, uint32_t row, uint32_t matches, weir_error *error) {
    join_value *value = own_value(self, row);
    if (value == NULL)
        return WEIR_OK;
    WEIR_TRY(row_encode(self, row, error));
    weir_join_list *list = &value->sides[self->stage.input];
    return weir_join_list_add(self->state, list, self->row_bytes.data, self->row_bytes.size, matches, self->now_ms) != NULL
               ? WEIR_OK
               : no_memory(self, self->row_bytes.size, error);
}

/* Take an equal row out. One that is not there (expired, or never seen) is no error, as in Flink. */
static weir_status row_forget(join_operator *self, uint32_t row, weir_error *error) {
    join_value *value = own_value(self, row);
    if (value == NULL)
        return WEIR_OK;
    WEIR_TRY(row_encode(self, row, error));
    weir_join_list *list = &value->sides[self->stage.input];
    weir_join_row *kept = weir_join_list_find(self->state, list, self->row_bytes.data, self->row_bytes.size);
    if (kept != NULL)
        weir_join_list_remove(self->state, list, kept);
    return empty_note(self, self->scratch.values[row], error);
}

static void list_expire(join_operator *self, weir_join_list *list) {
    /* Rows stand in order of arrival; where matches count, each of them is a touch. */
    bool in_order = !self->outer[0] && !self->outer[1] && !weir_join_is_half(self->type);
    for (weir_join_row *kept = weir_join_row_at(self->state, list->first); kept != NULL;) {
        weir_join_row *next = weir_join_row_at(self->state, kept->next);
        if (row_expired(self, kept))
            weir_join_list_remove(self->state, list, kept);
        else if (in_order)
            return;
        kept = next;
    }
}

static bool value_expire(void *owner, void *value_, int64_t now_ms) {
    join_operator *self = owner;
    join_value *value = value_;
    (void)now_ms;
    list_expire(self, &value->sides[0]);
    list_expire(self, &value->sides[1]);
    return is_empty(value);
}

static void expired_sweep(join_operator *self) {
    bool begins = self->nulls != NULL && !self->expiry.in_round;
    weir_expiry_sweep(&self->expiry, self->keyed, self->now_ms, value_expire, self);
    if (begins && self->expiry.ttl_ms > 0)
        (void)value_expire(self, nulls_value(self), self->now_ms);
}

/* Entries that stayed empty leave the table. */
static void join_end(weir_stage *stage) {
    join_operator *self = (join_operator *)stage;
    for (size_t i = 0; i < self->empty_count; i++) {
        join_value *value = self->empties[i];
        value->emptied = 0;
        if (is_empty(value))
            weir_keyed_remove(self->keyed, value);
    }
    self->empty_count = 0;
    expired_sweep(self);
    atomic_store_explicit(&stage->base.context->metrics->state_bytes, weir_state_bytes(self->state), memory_order_relaxed);
}

/* A row that leaves: the input's row beside a kept one; either may be missing. */
static weir_status leave(join_operator *self, uint8_t kind, uint32_t row, const weir_join_row *kept, weir_error *error) {
    weir_row_place own = row == UINT32_MAX ? weir_row_nulls() : weir_row_of_batch(row);
    weir_row_place other = kept == NULL ? weir_row_nulls() : weir_row_of_state(kept->bytes);
    bool left = self->stage.input == 0;
    return weir_row_queue_add(&self->stage.queue, kind, left ? own : other, left ? other : own, 0)
               ? WEIR_OK
               : no_memory(self, sizeof(weir_queued_row), error);
}

static void matches_add(join_operator *self, weir_join_row *kept, int32_t change) {
    kept->matches = (uint32_t)((int64_t)kept->matches + change);
    kept->stamp_ms = self->now_ms;
}

static weir_status row_added(join_operator *self, uint32_t row, uint8_t kind, const weir_join_pair *pairs, size_t count,
                             weir_error *error) {
    uint32_t own = self->stage.input;
    if (count == 0) {
        if (self->outer[own])
            WEIR_TRY(leave(self, WEIR_INSERT, row, NULL, error));
        return row_keep(self, row, 0, error);
    }
    for (size_t i = 0; i < count && self->outer[1 - own]; i++) {
        weir_join_row *kept = pairs[i].kept;
        if (kept->matches == 0)
            WEIR_TRY(leave(self, WEIR_DELETE, UINT32_MAX, kept, error));
        matches_add(self, kept, 1);
    }
    if (self->outer[0] || self->outer[1])
        kind = WEIR_INSERT;
    for (size_t i = 0; i < count; i++)
        WEIR_TRY(leave(self, kind, row, pairs[i].kept, error));
    return row_keep(self, row, (uint32_t)count, error);
}

static weir_status row_removed(join_operator *self, uint32_t row, uint8_t kind, const weir_join_pair *pairs, size_t count,
                               weir_error *error) {
    uint32_t own = self->stage.input;
    WEIR_TRY(row_forget(self, row, error));
    if (count == 0)
        return self->outer[own] ? leave(self, WEIR_DELETE, row, NULL, error) : WEIR_OK;
    if (self->outer[own])
        kind = WEIR_DELETE;
    for (size_t i = 0; i < count; i++)
        WEIR_TRY(leave(self, kind, row, pairs[i].kept, error));
    for (size_t i = 0; i < count && self->outer[1 - own]; i++) {
        weir_join_row *kept = pairs[i].kept;
        if (kept->matches == 1)
            WEIR_TRY(leave(self, WEIR_INSERT, UINT32_MAX, kept, error));
        matches_add(self, kept, -1);
    }
    return WEIR_OK;
}

/* SEMI and ANTI, a row of the left. */
static weir_status half_left(join_operator *self, uint32_t row, uint8_t kind, size_t count, weir_error *error) {
    if ((count > 0) == (self->type == WEIR_JOIN_SEMI))
        WEIR_TRY(leave(self, kind, row, NULL, error));
    return weir_change_adds(kind) ? row_keep(self, row, (uint32_t)count, error) : row_forget(self, row, error);
}

/* SEMI and ANTI, a row of the right: left rows that get their first match, or lose their last one. */
static weir_status half_right(join_operator *self, uint32_t row, uint8_t kind, const weir_join_pair *pairs, size_t count,
                              weir_error *error) {
    bool adds = weir_change_adds(kind), semi = self->type == WEIR_JOIN_SEMI;
    if (adds)
        WEIR_TRY(row_keep(self, row, 0, error));
    else
        WEIR_TRY(row_forget(self, row, error));
    for (size_t i = 0; i < count; i++) {
        weir_join_row *kept = pairs[i].kept;
        if (kept->matches == (adds ? 0 : 1))
            WEIR_TRY(leave(self, semi ? kind : adds ? WEIR_DELETE : WEIR_INSERT, UINT32_MAX, kept, error));
        matches_add(self, kept, adds ? 1 : -1);
    }
    return WEIR_OK;
}

static weir_status row_play(join_operator *self, uint32_t row, const weir_join_pair *pairs, size_t count, weir_error *error) {
    uint8_t kind = weir_batch_kind(self->stage.batch, row);
    if (weir_join_is_half(self->type))
        return self->stage.input == 0 ? half_left(self, row, kind, count, error) : half_right(self, row, kind, pairs, count, error);
    return weir_change_adds(kind) ? row_added(self, row, kind, pairs, count, error) : row_removed(self, row, kind, pairs, count, error);
}

static weir_status join_rows(weir_stage *stage, const weir_rows *rows, uint32_t *at, weir_error *error) {
    join_operator *self = (join_operator *)stage;
    uint32_t end = *at;
    self->matcher.count = 0;
    for (; end < rows->count && self->matcher.count < PAIRS_AT_ONCE; end++)
        WEIR_TRY(row_pairs(self, rows->index == NULL ? end : rows->index[end], error));
    WEIR_TRY(weir_join_matcher_filter(&self->matcher, stage->input, stage->batch->columns, 0, error));
    size_t from = 0;
    for (; *at < end; (*at)++) {
        uint32_t row = rows->index == NULL ? *at : rows->index[*at];
        size_t to = from;
        while (to < self->matcher.count && self->matcher.pairs[to].row == row)
            to++;
        WEIR_TRY(row_play(self, row, self->matcher.pairs + from, to - from, error));
        from = to;
    }
    return WEIR_OK;
}

static const weir_stage_hooks join_hooks = {.begin = join_begin, .rows = join_rows, .end = join_end};

static void join_close(weir_operator *operator) {
    join_operator *self = (join_operator *)operator;
    weir_memory *memory = operator->context->memory;
    weir_stage_deinit(&self->stage);
    weir_join_matcher_deinit(&self->matcher);
    weir_row_scratch_free(&self->scratch, operator->context);
    weir_memory_free(memory, self->with_keys, self->with_keys_capacity * sizeof(uint32_t));
    weir_memory_free(memory, self->empties, self->empty_capacity * sizeof(join_value *));
    weir_builder_deinit(&self->row_bytes);
    if (self->keyed != NULL)
        weir_keyed_destroy(self->keyed);
    if (self->nulls != NULL)
        weir_keyed_destroy(self->nulls);
    weir_state_destroy(self->state);
    weir_memory_free(memory, self, sizeof *self);
}

static weir_status tables_create(join_operator *self, weir_error *error) {
    const weir_operator_context *context = self->stage.base.context;
    const weir_join_keys *on = &self->spec->on;
    const weir_type **key_types = weir_stage_types_of(context->arena, on->left.types, on->left.keys, on->key_count);
    self->state = weir_state_create(context->memory, context->name, context->settings->key_groups);
    if (key_types == NULL || self->state == NULL)
        return no_memory(self, 0, error);
    self->keyed = weir_keyed_create(self->state, context->arena, "rows", key_types, on->key_count, sizeof(join_value));
    if (self->keyed == NULL)
        return no_memory(self, 0, error);
    if (!self->spec->null_aware_anti || on->key_count == 0)
        return WEIR_OK;
    bool created;
    self->nulls = weir_keyed_create(self->state, context->arena, "null-rows", NULL, 0, sizeof(join_value));
    if (self->nulls == NULL || weir_keyed_upsert_bytes(self->nulls, "", 0, &created) == NULL)
        return no_memory(self, sizeof(join_value), error);
    self->matcher.check_keys = on->key_count > 1;
    return WEIR_OK;
}

static weir_status join_prepare(join_operator *self, weir_error *error) {
    const weir_operator_context *context = self->stage.base.context;
    const weir_join_keys *on = &self->spec->on;
    bool half = weir_join_is_half(on->type);
    self->type = on->type;
    self->outer[0] = on->type == WEIR_JOIN_LEFT || on->type == WEIR_JOIN_FULL;
    self->outer[1] = on->type == WEIR_JOIN_RIGHT || on->type == WEIR_JOIN_FULL;
    self->expiry.ttl_ms = context->settings->state_ttl_ms;
    bool kinds = on->left.retracts || on->right.retracts || on->type != WEIR_JOIN_INNER;
    weir_builder_init(&self->row_bytes, context->memory, UINT32_MAX);
    WEIR_TRY(weir_row_queue_init(&self->stage.queue, context, on->output_types, on->left.column_count, half ? 0 : on->right.column_count,
                                 false, kinds, error));
    WEIR_TRY(weir_join_matcher_init(&self->matcher, context, on, error));
    self->stage.queue.parts[0].codec = self->matcher.rows[0];
    self->stage.queue.parts[1].codec = self->matcher.rows[1];
    return tables_create(self, error);
}

static weir_status join_open(const void *spec, const weir_operator_context *context, weir_operator **out, weir_error *error) {
    join_operator *self = weir_memory_zalloc(context->memory, sizeof *self);
    if (self == NULL)
        return weir_stage_no_memory(context, sizeof *self, error);
    weir_stage_init(&self->stage, &weir_join_operator, context, &join_hooks);
    self->spec = spec;
    weir_status status = join_prepare(self, error);
    if (status != WEIR_OK) {
        join_close(&self->stage.base);
        return status;
    }
    *out = &self->stage.base;
    return WEIR_OK;
}

const weir_operator_vtable weir_join_operator = {
    .name = "Join", .input_count = 2, .open = join_open, .process = weir_stage_process, .resume = weir_stage_resume, .close = join_close};
