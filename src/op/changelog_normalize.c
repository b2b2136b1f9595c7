/* A full changelog from an upsert one; see changelog.h. Rules are those of Flink's ChangelogNormalize:
 *
 *   +I or +U, no row of the key yet   +I
 *   +I or +U, an equal row is there   nothing (with a TTL it is sent, to keep the consumer's state alive)
 *   +I or +U, another row is there    -U of that row (unless the consumer takes upserts), +U
 *   -D or -U, a row is there          -D of that row: the incoming one may hold the key only
 *   -D or -U, no row                  nothing
 */
#include <string.h>

#include "op/changelog.h"
#include "op/stage.h"
#include "state/expiry.h"

typedef struct last_row {
    weir_ref bytes; /* 0: none */
    uint64_t size;
    int64_t stamp_ms;
    uint64_t listed; /* among the keys to be removed */
} last_row;

typedef struct normalize {
    weir_stage stage; /* first */
    const weir_changelog_normalize_spec *spec;
    weir_state *state;
    weir_keyed *keyed;
    weir_codec *codec;
    weir_row_scratch scratch;
    weir_builder encoded;
    weir_expiry expiry;
    int64_t now_ms;
} normalize;

static weir_status no_memory(const normalize *self, size_t size, weir_error *error) {
    return weir_stage_no_memory(self->stage.base.context, size, error);
}

static weir_status begin(weir_stage *stage, weir_error *error) {
    normalize *self = (normalize *)stage;
    const weir_batch *batch = stage->batch;
    weir_rows rows = weir_batch_rows(batch);
    stage->queue.batches[0] = batch;
    if (self->expiry.ttl_ms > 0)
        self->now_ms = weir_clock_wall_ms(stage->base.context->evaluation->clock);
    if (rows.count == 0)
        return WEIR_OK;
    WEIR_TRY(weir_row_scratch_reserve(&self->scratch, stage->base.context, batch->rows, error));
    WEIR_TRY(weir_keyed_upsert(self->keyed, batch->columns, self->spec->keys, &rows, self->scratch.values, NULL, error));
    return weir_codec_write_rows(self->codec, batch->columns, &rows, &self->encoded, self->scratch.offsets, self->scratch.sizes, error);
}

static void forget(normalize *self, last_row *last) {
    weir_state_free(self->state, last->bytes, last->size);
    last->bytes = 0;
    last->size = 0;
}

/* The old row's bytes are about to change: what is sent of them is a copy. */
static weir_status send_old(normalize *self, const last_row *last, uint8_t kind, weir_error *error) {
    weir_row_place place;
    if (weir_row_queue_copy(&self->stage.queue, weir_state_read(self->state, last->bytes), last->size, &place) &&
        weir_row_queue_add(&self->stage.queue, kind, place, weir_row_nulls(), 0))
        return WEIR_OK;
    return no_memory(self, last->size, error);
}

static weir_status remember(normalize *self, last_row *last, const char *bytes, size_t size, weir_error *error) {
    if (last->bytes == 0 || last->size != size) {
        weir_ref block = weir_state_alloc(self->state, size);
        if (block == 0)
            return no_memory(self, size, error);
        weir_state_free(self->state, last->bytes, last->size);
        last->bytes = block;
        last->size = size;
    }
    memcpy(weir_state_write(self->state, last->bytes), bytes, size);
    last->stamp_ms = self->now_ms;
    return WEIR_OK;
}

static weir_status row_apply(normalize *self, uint32_t row, weir_error *error) {
    last_row *last = self->scratch.values[row];
    const char *bytes = self->encoded.data + self->scratch.offsets[row];
    size_t size = self->scratch.sizes[row];
    if (last->bytes != 0 && weir_expiry_due(&self->expiry, last->stamp_ms, self->now_ms))
        forget(self, last);
    if (!weir_change_adds(weir_batch_kind(self->stage.batch, row))) {
        if (last->bytes == 0)
            return WEIR_OK;
        WEIR_TRY(send_old(self, last, WEIR_DELETE, error));
        forget(self, last);
        return WEIR_OK;
    }
    uint8_t kind = last->bytes == 0 ? WEIR_INSERT : WEIR_UPDATE_AFTER;
    if (kind == WEIR_UPDATE_AFTER) {
        bool equal = last->size == size && memcmp(weir_state_read(self->state, last->bytes), bytes, size) == 0;
        if (equal && self->expiry.ttl_ms == 0)
            return WEIR_OK;
        if (self->spec->emit_update_before)
            WEIR_TRY(send_old(self, last, WEIR_UPDATE_BEFORE, error));
    }
    WEIR_TRY(remember(self, last, bytes, size, error));
    return weir_row_queue_add(&self->stage.queue, kind, weir_row_of_batch(row), weir_row_nulls(), 0) ? WEIR_OK
                                                                                                     : no_memory(self, size, error);
}

static weir_status apply(weir_stage *stage, const weir_rows *rows, uint32_t *at, weir_error *error) {
    normalize *self = (normalize *)stage;
    uint32_t end = rows->count - *at > 1024 ? *at + 1024 : rows->count;
    for (; *at < end; ++*at)
        WEIR_TRY(row_apply(self, rows->index == NULL ? *at : rows->index[*at], error));
    return WEIR_OK;
}

static bool last_expire(void *owner, void *value, int64_t now_ms) {
    normalize *self = owner;
    last_row *last = value;
    if (last->bytes != 0 && weir_expiry_due(&self->expiry, last->stamp_ms, now_ms))
        forget(self, last);
    return last->bytes == 0;
}

/* Keys without a row leave the table. */
static void end(weir_stage *stage) {
    normalize *self = (normalize *)stage;
    weir_rows rows = weir_batch_rows(stage->batch);
    void **values = self->scratch.values;
    uint32_t count = 0;
    for (uint32_t k = 0; k < rows.count; k++) {
        last_row *last = values[rows.index == NULL ? k : rows.index[k]];
        if (last->bytes != 0 || last->listed)
            continue;
        last->listed = 1;
        values[count++] = last; /* never ahead of the row being read */
    }
    for (uint32_t i = 0; i < count; i++)
        weir_keyed_remove(self->keyed, values[i]);
    weir_expiry_sweep(&self->expiry, self->keyed, self->now_ms, last_expire, self);
    atomic_store_explicit(&stage->base.context->metrics->state_bytes, weir_state_bytes(self->state), memory_order_relaxed);
}

static void normalize_close(weir_operator *base) {
    normalize *self = (normalize *)base;
    const weir_operator_context *context = base->context;
    weir_stage_deinit(&self->stage);
    weir_row_scratch_free(&self->scratch, context);
    weir_builder_deinit(&self->encoded);
    weir_keyed_destroy(self->keyed);
    weir_state_destroy(self->state);
    weir_memory_free(context->memory, self, sizeof(normalize));
}

static const weir_stage_hooks hooks = {.begin = begin, .rows = apply, .end = end};

static weir_status normalize_make(normalize *self, weir_error *error) {
    const weir_operator_context *context = self->stage.base.context;
    const weir_changelog_normalize_spec *spec = self->spec;
    WEIR_TRY(weir_row_queue_init(&self->stage.queue, context, spec->input_types, spec->input_count, 0, false, true, error));
    weir_builder_init(&self->encoded, context->memory, UINT32_MAX);
    self->expiry.ttl_ms = context->settings->state_ttl_ms;
    const weir_type **key_types = weir_stage_types_of(context->arena, spec->input_types, spec->keys, spec->key_count);
    self->state = weir_state_create(context->memory, context->name, context->settings->key_groups);
    if (key_types == NULL || self->state == NULL)
        return no_memory(self, 0, error);
    self->keyed = weir_keyed_create(self->state, context->arena, "rows", key_types, spec->key_count, sizeof(last_row));
    self->codec = weir_codec_create(context->arena, spec->input_types, NULL, spec->input_count);
    if (self->keyed == NULL || self->codec == NULL)
        return no_memory(self, 0, error);
    self->stage.queue.parts[0].codec = self->codec;
    return WEIR_OK;
}

static weir_status normalize_open(const void *spec, const weir_operator_context *context, weir_operator **out, weir_error *error) {
    normalize *self = weir_memory_zalloc(context->memory, sizeof(normalize));
    if (self == NULL)
        return weir_stage_no_memory(context, sizeof(normalize), error);
    weir_stage_init(&self->stage, &weir_changelog_normalize_operator, context, &hooks);
    self->spec = spec;
    weir_status status = normalize_make(self, error);
    if (status != WEIR_OK) {
        normalize_close(&self->stage.base);
        return status;
    }
    *out = &self->stage.base;
    return WEIR_OK;
}

const weir_operator_vtable weir_changelog_normalize_operator = {
    .name = "ChangelogNormalize",
    .input_count = 1,
    .open = normalize_open,
    .process = weir_stage_process,
    .resume = weir_stage_resume,
    .close = normalize_close,
};
