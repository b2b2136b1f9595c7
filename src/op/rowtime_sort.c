/* Streaming ORDER BY whose first key is the rowtime, ascending: rows wait until the watermark passes them. See sort.h.
 *
 * State: one ordered collection, (time, further keys, sequence) -> row. As in Flink a row is late when it is not newer than the last time
 * that was emitted, not when it is behind the watermark.
 */
#include <string.h>

#include "op/sort.h"
#include "op/stage.h"
#include "state/keyed.h"
#include "state/sorted.h"

typedef struct rowtime_sort_value {
    weir_ref rows;
    int64_t sequence;
    int64_t last_ms;
    int64_t has_last;
} rowtime_sort_value;

typedef struct rowtime_sort_operator {
    weir_stage stage; /* first */
    const weir_sort_spec *spec;
    weir_state *state;
    weir_keyed *keyed; /* no key: one entry */
    rowtime_sort_value *value;
    weir_codec *rest; /* the keys behind the time, ordered; NULL: none */
    weir_codec *row;
    weir_builder keys; /* of the batch */
    weir_builder key;
    weir_row_scratch scratch;
} rowtime_sort_operator;

static weir_status sort_begin(weir_stage *stage, weir_error *error) {
    rowtime_sort_operator *self = (rowtime_sort_operator *)stage;
    if (self->rest == NULL)
        return WEIR_OK;
    WEIR_TRY(weir_row_scratch_reserve(&self->scratch, stage->base.context, stage->batch->rows, error));
    weir_rows rows = weir_batch_rows(stage->batch);
    return weir_codec_write_rows(self->rest, stage->batch->columns, &rows, &self->keys, self->scratch.offsets, self->scratch.sizes, error);
}

static weir_status row_keep(rowtime_sort_operator *self, uint32_t row, int64_t time_ms, weir_error *error) {
    weir_column *const *columns = self->stage.batch->columns;
    size_t rest = self->rest == NULL ? 0 : self->scratch.sizes[row], size = weir_codec_size(self->row, columns, row);
    weir_builder_clear(&self->key);
    char *key = weir_builder_room(&self->key, rest + 16);
    if (key == NULL)
        return weir_stage_no_memory(self->stage.base.context, rest, error);
    weir_sorted_i64(time_ms, key);
    if (rest > 0)
        memcpy(key + 8, self->keys.data + self->scratch.offsets[row], rest);
    weir_sorted_i64(self->value->sequence, key + 8 + rest);
    bool created;
    weir_sorted_entry *entry = weir_sorted_put(self->state, &self->value->rows, key, rest + 16, size, &created);
    if (entry == NULL)
        return weir_stage_no_memory(self->stage.base.context, size, error);
    self->value->sequence++;
    weir_codec_write(self->row, columns, row, weir_sorted_payload(entry));
    return WEIR_OK;
}

static weir_status sort_rows(weir_stage *stage, const weir_rows *rows, uint32_t *at, weir_error *error) {
    rowtime_sort_operator *self = (rowtime_sort_operator *)stage;
    const weir_column *time = stage->batch->columns[self->spec->order[0].column];
    for (; *at < rows->count; (*at)++) {
        uint32_t row = rows->index == NULL ? *at : rows->index[*at];
        if (!weir_column_is_valid(time, row))
            return weir_stage_no_time(stage->base.context, error);
        int64_t time_ms = weir_stage_time_ms(time, row);
        if (self->value->has_last && time_ms <= self->value->last_ms)
            atomic_fetch_add_explicit(&stage->base.context->metrics->late_rows_dropped, 1, memory_order_relaxed);
        else
            WEIR_TRY(row_keep(self, row, time_ms, error));
    }
    return WEIR_OK;
}

static weir_status sort_fire(weir_stage *stage, int64_t watermark_ms, bool *more, weir_error *error) {
    rowtime_sort_operator *self = (rowtime_sort_operator *)stage;
    for (uint32_t count = 0; count < WEIR_BATCH_ROWS; count++) {
        weir_sorted_entry *entry = weir_sorted_first(self->state, self->value->rows);
        if (entry == NULL)
            return WEIR_OK;
        int64_t time_ms = weir_sorted_get_i64(weir_sorted_key(entry).data);
        if (time_ms > watermark_ms)
            return WEIR_OK;
        weir_row_place place;
        if (!weir_row_queue_copy(&stage->queue, weir_sorted_payload(entry), weir_sorted_payload_bytes(entry), &place) ||
            !weir_row_queue_add(&stage->queue, WEIR_INSERT, place, weir_row_nulls(), 0))
            return weir_stage_no_memory(stage->base.context, weir_sorted_payload_bytes(entry), error);
        self->value->last_ms = time_ms;
        self->value->has_last = 1;
        weir_sorted_remove(self->state, &self->value->rows, entry);
    }
    *more = true;
    return WEIR_OK;
}

static const weir_stage_hooks sort_hooks = {.begin = sort_begin, .rows = sort_rows, .fire = sort_fire};

static void sort_close(weir_operator *operator) {
    rowtime_sort_operator *self = (rowtime_sort_operator *)operator;
    weir_stage_deinit(&self->stage);
    weir_row_scratch_free(&self->scratch, operator->context);
    weir_builder_deinit(&self->keys);
    weir_builder_deinit(&self->key);
    if (self->keyed != NULL)
        weir_keyed_destroy(self->keyed);
    weir_state_destroy(self->state);
    weir_memory_free(operator->context->memory, self, sizeof *self);
}

static weir_status sort_prepare(rowtime_sort_operator *self, weir_error *error) {
    const weir_operator_context *context = self->stage.base.context;
    const weir_sort_spec *spec = self->spec;
    WEIR_TRY(weir_row_queue_init(&self->stage.queue, context, spec->input_types, spec->input_count, 0, false, false, error));
    weir_builder_init(&self->keys, context->memory, UINT32_MAX);
    weir_builder_init(&self->key, context->memory, UINT32_MAX);
    self->state = weir_state_create(context->memory, context->name, context->settings->key_groups);
    if (self->state == NULL)
        return weir_stage_no_memory(context, 0, error);
    self->keyed = weir_keyed_create(self->state, context->arena, "rows", NULL, 0, sizeof(rowtime_sort_value));
    self->row = weir_codec_create(context->arena, spec->input_types, NULL, spec->input_count);
    if (self->keyed == NULL || self->row == NULL)
        return weir_stage_no_memory(context, 0, error);
    self->stage.queue.parts[0].codec = self->row;
    if (spec->order_count > 1) {
        const weir_type **types = WEIR_ARENA_ARRAY(context->arena, const weir_type *, spec->order_count - 1);
        for (uint32_t i = 1; types != NULL && i < spec->order_count; i++)
            types[i - 1] = spec->input_types[spec->order[i].column];
        self->rest = types == NULL ? NULL : weir_codec_create_ordered(context->arena, types, spec->order + 1, spec->order_count - 1);
        if (self->rest == NULL)
            return weir_stage_no_memory(context, 0, error);
    }
    bool created;
    self->value = weir_keyed_upsert_bytes(self->keyed, "", 0, &created);
    return self->value != NULL ? WEIR_OK : weir_stage_no_memory(context, sizeof(rowtime_sort_value), error);
}

static weir_status sort_open(const void *spec, const weir_operator_context *context, weir_operator **out, weir_error *error) {
    rowtime_sort_operator *self = weir_memory_zalloc(context->memory, sizeof *self);
    if (self == NULL)
        return weir_stage_no_memory(context, sizeof *self, error);
    weir_stage_init(&self->stage, &weir_rowtime_sort_operator, context, &sort_hooks);
    self->spec = spec;
    weir_status status = sort_prepare(self, error);
    if (status != WEIR_OK) {
        sort_close(&self->stage.base);
        return status;
    }
    *out = &self->stage.base;
    return WEIR_OK;
}

const weir_operator_vtable weir_rowtime_sort_operator = {.name = "RowtimeSort",
                                                         .input_count = 1,
                                                         .open = sort_open,
                                                         .process = weir_stage_process,
                                                         .resume = weir_stage_resume,
                                                         .close = sort_close};
