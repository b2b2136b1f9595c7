/* Event-time temporal join: each left row meets the version of the right side that is valid at its time; see join.h.
 *
 * State: a table by key; an entry holds the left rows that wait, by (time, sequence), and the right side's versions by time; of two changes
 * with one time the later one counts, and a deletion is a version that matches nothing. When the combined watermark has passed a left row,
 * it leaves, in order of arrival among those of its key. Versions older than the one valid at the watermark are forgotten. As in Flink
 * nothing is dropped as late: a late row meets the version that is still known.
 *
 * Time to live, as in Flink's BaseTwoInputStreamOperatorWithStateRetention: each row puts the end of its key off to one and a half times
 * the time to live from now, unless it is as far as one time to live away already; then all of the key goes, rows that wait included.
 */
#include <stdlib.h>
#include <string.h>

#include "op/join_match.h"
#include "state/expiry.h"
#include "state/sorted.h"
#include "state/timers.h"

enum { LEFT_KEY_BYTES = 16, VERSION_KEY_BYTES = 8 };

typedef struct temporal_value {
    weir_ref left;     /* (time, sequence) -> kept_row */
    weir_ref versions; /* time -> kept_row */
    int64_t sequence;
    int64_t timer_ms;
    uint32_t has_timer;
    uint32_t no_match; /* a key is NULL */
    int64_t end_ms;    /* by the clock: when the key is forgotten; 0: not set */
    uint64_t emptied;  /* stands in `empties` */
} temporal_value;

typedef struct kept_row {
    uint64_t kind;
    char bytes[];
} kept_row;

/* A left row that is due. */
typedef struct due_row {
    weir_sorted_entry *entry;
    int64_t sequence;
} due_row;

typedef struct temporal_operator {
    weir_stage stage; /* first */
    const weir_temporal_join_spec *spec;
    weir_state *state;
    weir_keyed *keyed;
    weir_timers *timers;
    weir_join_matcher matcher;
    weir_row_scratch scratch;
    uint32_t *selection;
    uint32_t selection_capacity;
    due_row *due; /* all of the key at hand, by arrival; [due_at, due_at + piece) are decoded */
    size_t due_count, due_at, due_capacity;
    uint32_t piece;
    temporal_value **empties;
    size_t empty_count, empty_capacity;
    weir_expiry expiry;
    int64_t now_ms;
    weir_batch *left_rows;    /* the due ones, decoded; the queue points to them */
    temporal_value *cleaning; /* versions of this key may go, once the queue is drained */
} temporal_operator;

static weir_status no_memory(temporal_operator *self, size_t size, weir_error *error) {
    return weir_stage_no_memory(self->stage.base.context, size, error);
}
static int64_t entry_ms(const weir_sorted_entry *entry) { return weir_sorted_get_i64(weir_sorted_key(entry).data); }

static weir_status begin(weir_stage *stage, weir_error *error) {
    temporal_operator *self = (temporal_operator *)stage;
    const weir_batch *batch = stage->batch;
    const weir_join_keys *on = &self->spec->on;
    WEIR_TRY(weir_row_scratch_reserve(&self->scratch, stage->base.context, batch->rows, error));
    if (batch->rows > self->selection_capacity) {
        weir_memory_free(stage->base.context->memory, self->selection, self->selection_capacity * sizeof(uint32_t));
        self->selection_capacity = 0;
        self->selection = weir_memory_alloc(stage->base.context->memory, batch->rows * sizeof(uint32_t));
        if (self->selection == NULL)
            return no_memory(self, batch->rows * sizeof(uint32_t), error);
        self->selection_capacity = batch->rows;
    }
    if (self->expiry.ttl_ms > 0)
        self->now_ms = weir_clock_wall_ms(stage->base.context->evaluation->clock);
    if (batch->selected == 0)
        return WEIR_OK;
    weir_rows rows = weir_batch_rows(batch);
    WEIR_TRY(weir_keyed_upsert(self->keyed, batch->columns, weir_join_side_of(on, stage->input)->keys, &rows, self->scratch.values, NULL,
                               error));
    /* Rows with a NULL key share an entry that matches nothing. */
    uint32_t count = weir_join_rows_with_keys(on, stage->input, batch, self->selection);
    uint32_t with_keys = 0;
    for (uint32_t k = 0; k < rows.count; k++) {
        uint32_t row = rows.index == NULL ? k : rows.index[k];
        if (with_keys < count && self->selection[with_keys] == row)
            with_keys++;
        else
            ((temporal_value *)self->scratch.values[row])->no_match = 1;
    }
    return WEIR_OK;
}

/* An entry without rows goes when no row of the batch points to it. */
static weir_status empty_note(temporal_operator *self, temporal_value *value, weir_error *error) {
    if (value->left != 0 || value->versions != 0 || value->emptied)
        return WEIR_OK;
    if (!weir_memory_grow(self->stage.base.context->memory, (void **)&self->empties, &self->empty_capacity, self->empty_count + 1,
                          sizeof(temporal_value *)))
        return no_memory(self, sizeof(temporal_value *), error);
    value->emptied = 1;
    self->empties[self->empty_count++] = value;
    return WEIR_OK;
}

static void end_put_off(temporal_operator *self, temporal_value *value) {
    int64_t ttl_ms = self->expiry.ttl_ms;
    if (ttl_ms > 0 && (value->end_ms == 0 || self->now_ms + ttl_ms > value->end_ms))
        value->end_ms = self->now_ms + ttl_ms + ttl_ms / 2;
}

/* Forget the key when its end has come. */
static bool value_expire(void *owner, void *value_, int64_t now_ms) {
    temporal_operator *self = owner;
    temporal_value *value = value_;
    if (value->end_ms == 0 || value->end_ms > now_ms)
        return false;
    if (value->has_timer)
        weir_timers_remove(self->timers, value->timer_ms, weir_keyed_ref(self->keyed, value));
    weir_sorted_clear(self->state, &value->left);
    weir_sorted_clear(self->state, &value->versions);
    value->has_timer = 0;
    value->end_ms = 0;
    return true;
}

static weir_status timer_set(temporal_operator *self, temporal_value *value, int64_t time_ms, weir_error *error) {
    if (value->has_timer && value->timer_ms <= time_ms)
        return WEIR_OK;
    weir_ref ref = weir_keyed_ref(self->keyed, value);
    if (!weir_timers_add(self->timers, time_ms, ref))
        return no_memory(self, sizeof ref, error);
    if (value->has_timer)
        weir_timers_remove(self->timers, value->timer_ms, ref);
    value->has_timer = 1;
    value->timer_ms = time_ms;
    return WEIR_OK;
}

static weir_status row_keep(temporal_operator *self, temporal_value *value, uint32_t row, int64_t time_ms, weir_error *error) {
    uint32_t side = self->stage.input;
    char key[LEFT_KEY_BYTES];
    bool created;
    weir_ref *root = side == 0 ? &value->left : &value->versions;
    size_t key_bytes = side == 0 ? LEFT_KEY_BYTES : VERSION_KEY_BYTES;
    size_t size = sizeof(kept_row) + weir_codec_size(self->matcher.rows[side], self->stage.batch->columns, row);
    weir_sorted_i64(time_ms, key);
    weir_sorted_i64(value->sequence, key + 8);
    if (side == 1) {
        weir_sorted_entry *same = weir_sorted_find(self->state, *root, key, key_bytes);
        if (same != NULL)
            weir_sorted_remove(self->state, root, same);
    }
    weir_sorted_entry *entry = weir_sorted_put(self->state, root, key, key_bytes, size, &created);
    if (entry == NULL)
        return no_memory(self, size, error);
    value->sequence += side == 0;
    kept_row *kept = weir_sorted_payload(entry);
    kept->kind = weir_batch_kind(self->stage.batch, row);
    weir_codec_write(self->matcher.rows[side], self->stage.batch->columns, row, kept->bytes);
    return timer_set(self, value, time_ms, error);
}

static weir_status rows_handle(weir_stage *stage, const weir_rows *rows, uint32_t *at, weir_error *error) {
    temporal_operator *self = (temporal_operator *)stage;
    const weir_column *time = stage->batch->columns[stage->input == 0 ? self->spec->left_time : self->spec->right_time];
    for (; *at < rows->count; ++*at) {
        uint32_t row = rows->index == NULL ? *at : rows->index[*at];
        if (!weir_column_is_valid(time, row))
            return weir_stage_no_time(stage->base.context, error);
        temporal_value *value = self->scratch.values[row];
        (void)value_expire(self, value, self->now_ms);
        if (stage->input == 1 && value->no_match) {
            WEIR_TRY(empty_note(self, value, error));
            continue;
        }
        WEIR_TRY(row_keep(self, value, row, weir_stage_time_ms(time, row), error));
        end_put_off(self, value);
    }
    return WEIR_OK;
}

/* ---- due rows ---- */

static int due_compare(const void *a_, const void *b_) {
    const due_row *a = a_, *b = b_;
    return (a->sequence > b->sequence) - (a->sequence < b->sequence);
}

/* All left rows of the key up to the watermark, in order of arrival. */
static weir_status due_collect(temporal_operator *self, temporal_value *value, int64_t watermark_ms, weir_error *error) {
    self->due_count = self->due_at = 0;
    weir_sorted_entry *entry = weir_sorted_first(self->state, value->left);
    for (; entry != NULL && entry_ms(entry) <= watermark_ms; entry = weir_sorted_next(self->state, entry)) {
        if (!weir_memory_grow(self->stage.base.context->memory, (void **)&self->due, &self->due_capacity, self->due_count + 1,
                              sizeof(due_row)))
            return no_memory(self, self->due_count * sizeof(due_row), error);
        self->due[self->due_count++] = (due_row){entry, weir_sorted_get_i64(weir_sorted_key(entry).data + 8)};
    }
    qsort(self->due, self->due_count, sizeof(due_row), due_compare);
    return WEIR_OK;
}

/* The next of them, as a batch. */
static weir_status due_load(temporal_operator *self, weir_error *error) {
    const weir_join_side *left = &self->spec->on.left;
    size_t rest = self->due_count - self->due_at;
    self->piece = rest < WEIR_BATCH_ROWS ? (uint32_t)rest : WEIR_BATCH_ROWS;
    weir_batch_destroy(self->left_rows);
    self->left_rows =
        weir_batch_create_typed(self->stage.base.context->memory, left->types, left->column_count, self->piece == 0 ? 1 : self->piece);
    if (self->left_rows == NULL)
        return no_memory(self, self->piece, error);
    const due_row *due = self->due + self->due_at;
    for (uint32_t k = 0; k < self->piece; k++)
        weir_codec_read(self->matcher.rows[0], ((kept_row *)weir_sorted_payload(due[k].entry))->bytes, self->left_rows->columns, k);
    for (uint32_t i = 0; i < left->column_count; i++)
        if (self->left_rows->columns[i]->failed)
            return no_memory(self, self->piece, error);
    self->stage.queue.batches[0] = self->left_rows;
    return WEIR_OK;
}

/* The version valid at a time; NULL: none, or the key was deleted then. */
static kept_row *version_at(temporal_operator *self, const temporal_value *value, int64_t time_ms) {
    char key[VERSION_KEY_BYTES];
    weir_sorted_i64(time_ms, key);
    weir_sorted_entry *after = weir_sorted_seek(self->state, value->versions, key, sizeof key, true);
    weir_sorted_entry *entry = after == NULL ? weir_sorted_last(self->state, value->versions) : weir_sorted_previous(self->state, after);
    if (entry == NULL || value->no_match)
        return NULL;
    kept_row *kept = weir_sorted_payload(entry);
    return weir_change_adds((uint8_t)kept->kind) ? kept : NULL;
}

static weir_status due_leave(temporal_operator *self, temporal_value *value, weir_error *error) {
    const due_row *due = self->due + self->due_at;
    self->matcher.count = 0;
    for (uint32_t k = 0; k < self->piece; k++) {
        kept_row *version = version_at(self, value, entry_ms(due[k].entry));
        if (version != NULL && !weir_join_matcher_add(&self->matcher, k, 0, version->bytes, version))
            return no_memory(self, sizeof(weir_join_pair), error);
    }
    WEIR_TRY(weir_join_matcher_filter(&self->matcher, 0, self->left_rows->columns, 0, error));
    size_t pair = 0;
    for (uint32_t k = 0; k < self->piece; k++) {
        bool matched = pair < self->matcher.count && self->matcher.pairs[pair].row == k;
        uint8_t kind = (uint8_t)((kept_row *)weir_sorted_payload(due[k].entry))->kind;
        weir_row_place right = matched ? weir_row_of_state(self->matcher.pairs[pair].bytes) : weir_row_nulls();
        pair += matched;
        if ((matched || self->spec->on.type == WEIR_JOIN_LEFT) &&
            !weir_row_queue_add(&self->stage.queue, kind, weir_row_of_batch(k), right, 0))
            return no_memory(self, sizeof(weir_queued_row), error);
    }
    for (uint32_t k = 0; k < self->piece; k++)
        weir_sorted_remove(self->state, &value->left, due[k].entry);
    self->due_at += self->piece;
    return WEIR_OK;
}

/* Versions before the one that is valid at the watermark. */
static void versions_forget(temporal_operator *self, temporal_value *value, int64_t watermark_ms) {
    for (;;) {
        weir_sorted_entry *first = weir_sorted_first(self->state, value->versions),
                          *second = first == NULL ? NULL : weir_sorted_next(self->state, first);
        if (second == NULL || entry_ms(second) > watermark_ms)
            return;
        weir_sorted_remove(self->state, &value->versions, first);
    }
}

/* The next time at which something of the key is due. */
static weir_status timer_renew(temporal_operator *self, temporal_value *value, int64_t watermark_ms, weir_error *error) {
    weir_sorted_entry *left = weir_sorted_first(self->state, value->left);
    char key[VERSION_KEY_BYTES];
    weir_sorted_i64(watermark_ms, key);
    weir_sorted_entry *version = weir_sorted_seek(self->state, value->versions, key, sizeof key, true);
    if (left != NULL)
        WEIR_TRY(timer_set(self, value, entry_ms(left), error));
    return version == NULL ? WEIR_OK : timer_set(self, value, entry_ms(version), error);
}

/* What of the key can no longer be asked for, once its rows have left. Rows that wait or versions put its end off, as in Flink. */
static weir_status key_clean(temporal_operator *self, temporal_value *value, int64_t watermark_ms, weir_error *error) {
    versions_forget(self, value, watermark_ms);
    WEIR_TRY(timer_renew(self, value, watermark_ms, error));
    if (value->left != 0 || value->versions != 0)
        end_put_off(self, value);
    return empty_note(self, value, error);
}

/* One key. Its versions go at the next call, when the queue no longer points to them. */
static weir_status fire(weir_stage *stage, int64_t watermark_ms, bool *more, weir_error *error) {
    temporal_operator *self = (temporal_operator *)stage;
    if (self->cleaning != NULL && self->due_at == self->due_count) {
        WEIR_TRY(key_clean(self, self->cleaning, watermark_ms, error));
        self->cleaning = NULL;
    }
    if (self->cleaning == NULL) {
        int64_t time_ms;
        weir_ref ref;
        if (!weir_timers_pop(self->timers, watermark_ms, &time_ms, &ref))
            return WEIR_OK;
        self->cleaning = weir_keyed_value(self->keyed, ref);
        self->cleaning->has_timer = 0;
        (void)value_expire(self, self->cleaning, self->now_ms);
        WEIR_TRY(due_collect(self, self->cleaning, watermark_ms, error));
    }
    *more = true;
    WEIR_TRY(due_load(self, error));
    return due_leave(self, self->cleaning, error);
}

static void end(weir_stage *stage) {
    temporal_operator *self = (temporal_operator *)stage;
    weir_batch_destroy(self->left_rows);
    self->left_rows = NULL;
    for (size_t i = 0; i < self->empty_count; i++) {
        temporal_value *value = self->empties[i];
        value->emptied = 0;
        if (value->left == 0 && value->versions == 0)
            weir_keyed_remove(self->keyed, value);
    }
    self->empty_count = 0;
    weir_expiry_sweep(&self->expiry, self->keyed, self->now_ms, value_expire, self);
    atomic_store_explicit(&stage->base.context->metrics->state_bytes, weir_state_bytes(self->state), memory_order_relaxed);
}

static const weir_stage_hooks hooks = {.begin = begin, .rows = rows_handle, .fire = fire, .end = end};

static void temporal_close(weir_operator *operator) {
    temporal_operator *self = (temporal_operator *)operator;
    weir_memory *memory = operator->context->memory;
    weir_stage_deinit(&self->stage);
    weir_join_matcher_deinit(&self->matcher);
    weir_row_scratch_free(&self->scratch, operator->context);
    weir_memory_free(memory, self->selection, self->selection_capacity * sizeof(uint32_t));
    weir_memory_free(memory, self->due, self->due_capacity * sizeof(due_row));
    weir_memory_free(memory, self->empties, self->empty_capacity * sizeof(temporal_value *));
    weir_batch_destroy(self->left_rows);
    if (self->timers != NULL)
        weir_timers_destroy(self->timers);
    if (self->keyed != NULL)
        weir_keyed_destroy(self->keyed);
    weir_state_destroy(self->state);
    weir_memory_free(memory, self, sizeof *self);
}

static weir_status prepare(temporal_operator *self, weir_error *error) {
    const weir_operator_context *context = self->stage.base.context;
    const weir_join_keys *on = &self->spec->on;
    self->stage.drain_before_fire = true;
    self->expiry.ttl_ms = context->settings->state_ttl_ms;
    WEIR_TRY(weir_row_queue_init(&self->stage.queue, context, on->output_types, on->left.column_count, on->right.column_count, false,
                                 on->left.retracts, error));
    WEIR_TRY(weir_join_matcher_init(&self->matcher, context, on, error));
    self->stage.queue.parts[0].codec = self->matcher.rows[0];
    self->stage.queue.parts[1].codec = self->matcher.rows[1];
    const weir_type **key_types = weir_stage_types_of(context->arena, on->left.types, on->left.keys, on->key_count);
    self->state = weir_state_create(context->memory, context->name, context->settings->key_groups);
    if (key_types == NULL || self->state == NULL)
        return no_memory(self, 0, error);
    self->keyed = weir_keyed_create(self->state, context->arena, "rows", key_types, on->key_count, sizeof(temporal_value));
    self->timers = weir_timers_create(self->state, context->arena, "event-time");
    return self->keyed != NULL && self->timers != NULL ? WEIR_OK : no_memory(self, 0, error);
}

static weir_status temporal_open(const void *spec_, const weir_operator_context *context, weir_operator **out, weir_error *error) {
    const weir_temporal_join_spec *spec = spec_;
    if (spec->on.type != WEIR_JOIN_INNER && spec->on.type != WEIR_JOIN_LEFT)
        return weir_fail(error, WEIR_UNSUPPORTED, "Temporal table join currently only support INNER JOIN and LEFT JOIN");
    temporal_operator *self = weir_memory_zalloc(context->memory, sizeof *self);
    if (self == NULL)
        return weir_stage_no_memory(context, sizeof *self, error);
    weir_stage_init(&self->stage, &weir_temporal_join_operator, context, &hooks);
    self->spec = spec;
    weir_status status = prepare(self, error);
    if (status != WEIR_OK) {
        temporal_close(&self->stage.base);
        return status;
    }
    *out = &self->stage.base;
    return WEIR_OK;
}

const weir_operator_vtable weir_temporal_join_operator = {.name = "TemporalJoin",
                                                          .input_count = 2,
                                                          .open = temporal_open,
                                                          .process = weir_stage_process,
                                                          .resume = weir_stage_resume,
                                                          .close = temporal_close};
