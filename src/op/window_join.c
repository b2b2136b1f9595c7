/* Window join: rows of both sides with equal keys in the same window, when the window closes; all six types. See join.h.
 *
 * State: a table by (keys, window end); an entry holds the rows of either side as lists. When the watermark reaches the window's last
 * millisecond, its left rows are decoded a batch at a time and paired with the right ones, as in the regular join. Rows that come for a
 * window that has closed are dropped and counted.
 */
#include <string.h>

#include "op/join_match.h"
#include "op/join_rows.h"
#include "state/keyed.h"
#include "state/timers.h"

enum { PAIRS_AT_ONCE = WEIR_BATCH_ROWS };

typedef struct window_value {
    weir_join_list sides[2];
    uint64_t has_timer;
    uint64_t no_match; /* a key is NULL: the rows match nothing */
} window_value;

typedef struct window_join_operator {
    weir_stage stage; /* first */
    const weir_window_join_spec *spec;
    uint32_t *key_columns[2]; /* keys, window end */
    weir_state *state;
    weir_keyed *keyed;
    weir_timers *timers;
    weir_join_matcher matcher;
    weir_row_scratch scratch;
    weir_builder row_bytes;
    uint8_t *has_keys; /* by row of the batch */
    uint32_t *selection;
    uint32_t has_keys_capacity;
    /* the window that is closing */
    window_value *closing;
    bool right_phase;      /* the left rows are done: right ones without partner */
    weir_ref next_row;     /* of the list at hand */
    weir_batch *left_rows; /* decoded; rows [left_at, rows) are still to be paired */
    uint32_t left_at;
} window_join_operator;

static weir_status no_memory(window_join_operator *self, size_t size, weir_error *error) {
    return weir_stage_no_memory(self->stage.base.context, size, error);
}

static bool is_outer(weir_join_type type, uint32_t side) {
    return type == WEIR_JOIN_FULL || (side == 0 ? type == WEIR_JOIN_LEFT || type == WEIR_JOIN_ANTI : type == WEIR_JOIN_RIGHT);
}

static weir_status begin(weir_stage *stage, weir_error *error) {
    window_join_operator *self = (window_join_operator *)stage;
    const weir_batch *batch = stage->batch;
    weir_memory *memory = stage->base.context->memory;
    WEIR_TRY(weir_row_scratch_reserve(&self->scratch, stage->base.context, batch->rows, error));
    if (batch->rows > self->has_keys_capacity) {
        weir_memory_free(memory, self->has_keys, self->has_keys_capacity);
        weir_memory_free(memory, self->selection, self->has_keys_capacity * sizeof(uint32_t));
        self->has_keys_capacity = batch->rows;
        self->has_keys = weir_memory_alloc(memory, batch->rows);
        self->selection = weir_memory_alloc(memory, batch->rows * sizeof(uint32_t));
        if (self->has_keys == NULL || self->selection == NULL)
            return no_memory(self, batch->rows, error);
    }
    if (batch->selected == 0)
        return WEIR_OK;
    memset(self->has_keys, 0, batch->rows);
    uint32_t count = weir_join_rows_with_keys(&self->spec->on, stage->input, batch, self->selection);
    for (uint32_t k = 0; k < count; k++)
        self->has_keys[self->selection[k]] = 1;
    return WEIR_OK;
}

/* The watermark that closes the window ending at `end_us` of wall time. */
static int64_t close_ms(const window_join_operator *self, int64_t end_ms) {
    if (!self->spec->end_is_ltz)
        return end_ms - 1;
    return weir_zone_to_utc_us(self->stage.base.context->evaluation->zone, (end_ms - 1) * 1000) / 1000;
}

static weir_status row_keep(window_join_operator *self, window_value *value, uint32_t row, int64_t at_ms, weir_error *error) {
    uint32_t side = self->stage.input;
    weir_codec *codec = self->matcher.rows[side];
    size_t size = weir_codec_size(codec, self->stage.batch->columns, row);
    weir_builder_clear(&self->row_bytes);
    char *room = weir_builder_room(&self->row_bytes, size + 1);
    if (room == NULL)
        return no_memory(self, size, error);
    weir_codec_write(codec, self->stage.batch->columns, row, room);
    if (weir_join_list_add(self->state, &value->sides[side], room, size, 0, 0) == NULL)
        return no_memory(self, size, error);
    value->no_match |= !self->has_keys[row];
    if (value->has_timer)
        return WEIR_OK;
    value->has_timer = 1;
    return weir_timers_add(self->timers, at_ms, weir_keyed_ref(self->keyed, value)) ? WEIR_OK : no_memory(self, sizeof at_ms, error);
}

/* The table is probed after the late rows have been left out: they must not make entries. */
static weir_status rows_handle(weir_stage *stage, const weir_rows *rows, uint32_t *at, weir_error *error) {
    window_join_operator *self = (window_join_operator *)stage;
    uint32_t side = stage->input, kept = 0;
    const weir_column *end = stage->batch->columns[side == 0 ? self->spec->left_end : self->spec->right_end];
    for (; *at < rows->count; ++*at) {
        uint32_t row = rows->index == NULL ? *at : rows->index[*at];
        if (!weir_column_is_valid(end, row))
            return weir_stage_no_time(stage->base.context, error);
        if (close_ms(self, weir_stage_time_ms(end, row)) <= stage->watermark_ms) {
            atomic_fetch_add_explicit(&stage->base.context->metrics->late_rows_dropped, 1, memory_order_relaxed);
            continue;
        }
        self->selection[kept] = row;
        kept += self->has_keys[row] || is_outer(self->spec->on.type, side);
    }
    if (kept == 0)
        return WEIR_OK;
    weir_rows wanted = {self->selection, kept};
    WEIR_TRY(weir_keyed_upsert(self->keyed, stage->batch->columns, self->key_columns[side], &wanted, self->scratch.values, NULL, error));
    for (uint32_t k = 0; k < kept; k++) {
        uint32_t row = self->selection[k];
        WEIR_TRY(row_keep(self, self->scratch.values[row], row, close_ms(self, weir_stage_time_ms(end, row)), error));
    }
    return WEIR_OK;
}

/* ---- closing a window ---- */

static void list_clear(window_join_operator *self, weir_join_list *list) {
    while (list->first != 0)
        weir_join_list_remove(self->state, list, weir_join_row_at(self->state, list->first));
}

static void closing_done(window_join_operator *self) {
    list_clear(self, &self->closing->sides[0]);
    list_clear(self, &self->closing->sides[1]);
    weir_keyed_remove(self->keyed, self->closing);
    self->closing = NULL;
}

static weir_status leave(window_join_operator *self, weir_row_place left, weir_row_place right, weir_error *error) {
    return weir_row_queue_add(&self->stage.queue, WEIR_INSERT, left, right, 0) ? WEIR_OK : no_memory(self, sizeof(weir_queued_row), error);
}

/* The next left rows of the window as a batch. */
static weir_status left_load(window_join_operator *self, weir_error *error) {
    const weir_join_side *left = &self->spec->on.left;
    weir_batch_destroy(self->left_rows);
    self->left_at = 0;
    uint64_t count = self->closing->sides[0].count;
    self->left_rows = weir_batch_create_typed(self->stage.base.context->memory, left->types, left->column_count,
                                              count < WEIR_BATCH_ROWS ? (uint32_t)count : WEIR_BATCH_ROWS);
    if (self->left_rows == NULL)
        return no_memory(self, count, error);
    uint32_t rows = 0;
    for (weir_join_row *row; rows < WEIR_BATCH_ROWS && (row = weir_join_row_at(self->state, self->next_row)) != NULL; rows++) {
        weir_codec_read(self->matcher.rows[0], row->bytes, self->left_rows->columns, rows);
        self->next_row = row->next;
    }
    self->left_rows->rows = self->left_rows->selected = rows;
    for (uint32_t i = 0; i < left->column_count; i++)
        if (self->left_rows->columns[i]->failed)
            return no_memory(self, rows, error);
    self->stage.queue.batches[0] = self->left_rows;
    return WEIR_OK;
}

static weir_status left_play(window_join_operator *self, uint32_t row, const weir_join_pair *pairs, size_t count, weir_error *error) {
    weir_join_type type = self->spec->on.type;
    if (weir_join_is_half(type))
        return (count > 0) == (type == WEIR_JOIN_SEMI) ? leave(self, weir_row_of_batch(row), weir_row_nulls(), error) : WEIR_OK;
    for (size_t i = 0; i < count; i++) {
        weir_join_row *kept = pairs[i].kept;
        kept->matches = 1;
        WEIR_TRY(leave(self, weir_row_of_batch(row), weir_row_of_state(kept->bytes), error));
    }
    return count == 0 && is_outer(type, 0) ? leave(self, weir_row_of_batch(row), weir_row_nulls(), error) : WEIR_OK;
}

/* Pair some of the decoded left rows. */
static weir_status left_step(window_join_operator *self, weir_error *error) {
    uint32_t end = self->left_at;
    self->matcher.count = 0;
    for (; end < self->left_rows->rows && self->matcher.count < PAIRS_AT_ONCE; end++) {
        weir_join_row *kept = self->closing->no_match ? NULL : weir_join_row_at(self->state, self->closing->sides[1].first);
        for (; kept != NULL; kept = weir_join_row_at(self->state, kept->next))
            if (!weir_join_matcher_add(&self->matcher, end, 0, kept->bytes, kept))
                return no_memory(self, sizeof(weir_join_pair), error);
    }
    WEIR_TRY(weir_join_matcher_filter(&self->matcher, 0, self->left_rows->columns, 0, error));
    size_t from = 0;
    for (; self->left_at < end; self->left_at++) {
        size_t to = from;
        while (to < self->matcher.count && self->matcher.pairs[to].row == self->left_at)
            to++;
        WEIR_TRY(left_play(self, self->left_at, self->matcher.pairs + from, to - from, error));
        from = to;
    }
    return WEIR_OK;
}

static weir_status right_step(window_join_operator *self, weir_error *error) {
    for (weir_join_row *row;
         weir_row_queue_waiting(&self->stage.queue) < WEIR_BATCH_ROWS && (row = weir_join_row_at(self->state, self->next_row)) != NULL;
         self->next_row = row->next)
        if (row->matches == 0)
            WEIR_TRY(leave(self, weir_row_nulls(), weir_row_of_state(row->bytes), error));
    return WEIR_OK;
}

/* One piece of the window at hand; it is done with at the call after the last, when the queue no longer points to its rows. */
static weir_status fire(weir_stage *stage, int64_t watermark_ms, bool *more, weir_error *error) {
    window_join_operator *self = (window_join_operator *)stage;
    *more = true;
    if (self->closing == NULL) {
        int64_t time_ms;
        weir_ref ref;
        *more = weir_timers_pop(self->timers, watermark_ms, &time_ms, &ref);
        if (!*more)
            return WEIR_OK;
        self->closing = weir_keyed_value(self->keyed, ref);
        self->right_phase = false;
        self->next_row = self->closing->sides[0].first;
        return left_load(self, error);
    }
    if (!self->right_phase) {
        if (self->left_at < self->left_rows->rows)
            return left_step(self, error);
        if (self->next_row != 0)
            return left_load(self, error);
        self->right_phase = true;
        self->next_row = is_outer(self->spec->on.type, 1) ? self->closing->sides[1].first : 0;
    }
    if (self->next_row != 0)
        return right_step(self, error);
    closing_done(self);
    return WEIR_OK;
}

static void end(weir_stage *stage) {
    window_join_operator *self = (window_join_operator *)stage;
    weir_batch_destroy(self->left_rows);
    self->left_rows = NULL;
    atomic_store_explicit(&stage->base.context->metrics->state_bytes, weir_state_bytes(self->state), memory_order_relaxed);
}

static const weir_stage_hooks hooks = {.begin = begin, .rows = rows_handle, .fire = fire, .end = end};

static void window_join_close(weir_operator *operator) {
    window_join_operator *self = (window_join_operator *)operator;
    weir_memory *memory = operator->context->memory;
    weir_stage_deinit(&self->stage);
    weir_join_matcher_deinit(&self->matcher);
    weir_row_scratch_free(&self->scratch, operator->context);
    weir_builder_deinit(&self->row_bytes);
    weir_memory_free(memory, self->has_keys, self->has_keys_capacity);
    weir_memory_free(memory, self->selection, self->has_keys_capacity * sizeof(uint32_t));
    weir_batch_destroy(self->left_rows);
    if (self->timers != NULL)
        weir_timers_destroy(self->timers);
    if (self->keyed != NULL)
        weir_keyed_destroy(self->keyed);
    weir_state_destroy(self->state);
    weir_memory_free(memory, self, sizeof *self);
}

static weir_status keys_prepare(window_join_operator *self, weir_error *error) {
    const weir_operator_context *context = self->stage.base.context;
    const weir_join_keys *on = &self->spec->on;
    for (uint32_t side = 0; side < 2; side++) {
        self->key_columns[side] = WEIR_ARENA_ARRAY(context->arena, uint32_t, on->key_count + 1);
        if (self->key_columns[side] == NULL)
            return no_memory(self, 0, error);
        for (uint32_t i = 0; i < on->key_count; i++)
            self->key_columns[side][i] = weir_join_side_of(on, side)->keys[i];
        self->key_columns[side][on->key_count] = side == 0 ? self->spec->left_end : self->spec->right_end;
    }
    const weir_type **key_types = weir_stage_types_of(context->arena, on->left.types, self->key_columns[0], on->key_count + 1);
    self->state = weir_state_create(context->memory, context->name, context->settings->key_groups);
    if (key_types == NULL || self->state == NULL)
        return no_memory(self, 0, error);
    self->keyed = weir_keyed_create(self->state, context->arena, "windows", key_types, on->key_count + 1, sizeof(window_value));
    self->timers = weir_timers_create(self->state, context->arena, "event-time");
    return self->keyed != NULL && self->timers != NULL ? WEIR_OK : no_memory(self, 0, error);
}

static weir_status prepare(window_join_operator *self, weir_error *error) {
    const weir_operator_context *context = self->stage.base.context;
    const weir_join_keys *on = &self->spec->on;
    self->stage.drain_before_fire = true;
    weir_builder_init(&self->row_bytes, context->memory, UINT32_MAX);
    WEIR_TRY(weir_row_queue_init(&self->stage.queue, context, on->output_types, on->left.column_count,
                                 weir_join_is_half(on->type) ? 0 : on->right.column_count, false, false, error));
    WEIR_TRY(weir_join_matcher_init(&self->matcher, context, on, error));
    self->stage.queue.parts[0].codec = self->matcher.rows[0];
    self->stage.queue.parts[1].codec = self->matcher.rows[1];
    return keys_prepare(self, error);
}

static weir_status window_join_open(const void *spec_, const weir_operator_context *context, weir_operator **out, weir_error *error) {
    const weir_window_join_spec *spec = spec_;
    if (spec->on.left.retracts || spec->on.right.retracts)
        return weir_fail(error, WEIR_UNSUPPORTED, "WindowJoin doesn't support consuming update and delete changes");
    window_join_operator *self = weir_memory_zalloc(context->memory, sizeof *self);
    if (self == NULL)
        return weir_stage_no_memory(context, sizeof *self, error);
    weir_stage_init(&self->stage, &weir_window_join_operator, context, &hooks);
    self->spec = spec;
    weir_status status = prepare(self, error);
    if (status != WEIR_OK) {
        window_join_close(&self->stage.base);
        return status;
    }
    *out = &self->stage.base;
    return WEIR_OK;
}

const weir_operator_vtable weir_window_join_operator = {.name = "WindowJoin",
                                                        .input_count = 2,
                                                        .open = window_join_open,
                                                        .process = weir_stage_process,
                                                        .resume = weir_stage_resume,
                                                        .close = window_join_close};
