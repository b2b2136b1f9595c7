/* Small operators on the kinds and counts of rows: dropping -U, repeating rows by a count, refusing NULLs before a sink. See changelog.h;
 * the normalising one is in changelog_normalize.c. */
#include "op/changelog.h"

#include "op/pieces.h"

/* ---- drop -U ---- */

typedef struct drop {
    weir_operator base;
} drop;

static void drop_close(weir_operator *self) { weir_memory_free(self->context->memory, self, sizeof(drop)); }

static weir_status drop_open(const void *spec, const weir_operator_context *context, weir_operator **out, weir_error *error) {
    (void)spec;
    drop *self = weir_memory_zalloc(context->memory, sizeof(drop));
    if (self == NULL)
        return weir_fail_memory(error, context->name, sizeof(drop));
    self->base = (weir_operator){&weir_drop_update_before_operator, context};
    *out = &self->base;
    return WEIR_OK;
}

static bool has_kind(const weir_batch *batch, uint8_t kind) {
    for (uint32_t row = 0; batch->kinds != NULL && row < batch->rows; row++)
        if (batch->kinds[row] == kind)
            return true;
    return false;
}

static weir_status drop_process(weir_operator *self, uint32_t input, weir_batch *batch, weir_output *output, weir_step *step,
                                weir_error *error) {
    (void)input;
    *step = WEIR_STEP_MORE_INPUT;
    if (batch->selected > 0 && has_kind(batch, WEIR_UPDATE_BEFORE)) {
        uint8_t *keep = weir_memory_alloc(self->context->memory, batch->rows);
        uint32_t rows = batch->rows;
        for (uint32_t row = 0; keep != NULL && row < rows; row++)
            keep[row] = batch->kinds[row] != WEIR_UPDATE_BEFORE;
        bool kept = keep != NULL && weir_batch_keep_rows(batch, keep);
        weir_memory_free(self->context->memory, keep, rows);
        if (!kept) {
            weir_batch_destroy(batch);
            return weir_fail_memory(error, self->context->name, rows);
        }
    }
    weir_output_push(output, batch);
    return WEIR_OK;
}

const weir_operator_vtable weir_drop_update_before_operator = {
    .name = "DropUpdateBefore",
    .input_count = 1,
    .open = drop_open,
    .process = drop_process,
    .close = drop_close,
};

/* ---- replicate ---- */

typedef struct replicate {
    weir_operator base;
    const weir_replicate_spec *spec;
    uint32_t *counts;
    size_t count_capacity;
    weir_repeat repeat;
} replicate;

static void replicate_close(weir_operator *base) {
    replicate *self = (replicate *)base;
    weir_memory_free(base->context->memory, self->counts, self->count_capacity * sizeof(uint32_t));
    weir_repeat_deinit(&self->repeat, base->context);
    weir_memory_free(base->context->memory, self, sizeof(replicate));
}

static weir_status replicate_open(const void *spec, const weir_operator_context *context, weir_operator **out, weir_error *error) {
    replicate *self = weir_memory_zalloc(context->memory, sizeof(replicate));
    if (self == NULL)
        return weir_fail_memory(error, context->name, sizeof(replicate));
    self->base = (weir_operator){&weir_replicate_operator, context};
    self->spec = spec;
    weir_status status = weir_repeat_init(&self->repeat, context, error);
    if (status != WEIR_OK) {
        replicate_close(&self->base);
        return status;
    }
    *out = &self->base;
    return WEIR_OK;
}

static weir_status replicate_resume(weir_operator *base, weir_output *output, weir_step *step, weir_error *error) {
    replicate *self = (replicate *)base;
    const weir_repeat *repeat = &self->repeat;
    while (!weir_output_full(output)) {
        weir_batch *chunk = NULL;
        WEIR_TRY(weir_repeat_next(&self->repeat, base->context, self->spec->output_count, &chunk, error));
        if (chunk == NULL) {
            *step = WEIR_STEP_MORE_INPUT;
            return WEIR_OK;
        }
        for (uint32_t c = 0; c < self->spec->output_count && chunk->rows > 0; c++) {
            chunk->columns[c] = weir_column_take(base->context->memory, repeat->batch->columns[c], repeat->source, repeat->count);
            if (chunk->columns[c] == NULL) {
                weir_batch_destroy(chunk);
                return weir_fail_memory(error, base->context->name, repeat->count * 16);
            }
        }
        if (chunk->rows == 0 && (chunk = weir_batch_marks_only(chunk)) == NULL)
            return weir_fail_memory(error, base->context->name, sizeof(weir_batch));
        weir_output_push(output, chunk);
    }
    *step = WEIR_STEP_MORE_OUTPUT;
    return WEIR_OK;
}

static weir_status replicate_process(weir_operator *base, uint32_t input, weir_batch *batch, weir_output *output, weir_step *step,
                                     weir_error *error) {
    replicate *self = (replicate *)base;
    (void)input;
    weir_repeat_start(&self->repeat, batch, NULL, 0);
    if (batch->selected > 0) {
        if (!weir_memory_grow(base->context->memory, (void **)&self->counts, &self->count_capacity, batch->rows, sizeof(uint32_t)))
            return weir_fail_memory(error, base->context->name, batch->rows * sizeof(uint32_t));
        const weir_column *column = batch->columns[self->spec->count_column];
        weir_rows rows = weir_batch_rows(batch);
        WEIR_FOR_ROWS(&rows, row, {
            int64_t count = weir_column_is_valid(column, row) ? WEIR_VALUES(column, int64_t)[row] : 0;
            self->counts[row] = count <= 0 ? 0 : count > UINT32_MAX ? UINT32_MAX : (uint32_t)count;
        });
        self->repeat.counts = self->counts;
    }
    return replicate_resume(base, output, step, error);
}

const weir_operator_vtable weir_replicate_operator = {
    .name = "Replicate",
    .input_count = 1,
    .open = replicate_open,
    .process = replicate_process,
    .resume = replicate_resume,
    .close = replicate_close,
};

/* ---- NOT NULL ---- */

typedef struct not_null {
    weir_operator base;
    const weir_not_null_spec *spec;
} not_null;

static void not_null_close(weir_operator *self) { weir_memory_free(self->context->memory, self, sizeof(not_null)); }

static weir_status not_null_open(const void *spec, const weir_operator_context *context, weir_operator **out, weir_error *error) {
    not_null *self = weir_memory_zalloc(context->memory, sizeof(not_null));
    if (self == NULL)
        return weir_fail_memory(error, context->name, sizeof(not_null));
    self->base = (weir_operator){&weir_not_null_operator, context};
    self->spec = spec;
    *out = &self->base;
    return WEIR_OK;
}

/* The first row with a NULL (UINT32_MAX: none) and the column's place in the specification. */
static uint32_t first_null(const weir_not_null_spec *spec, const weir_batch *batch, uint32_t *which) {
    uint32_t first = UINT32_MAX;
    for (uint32_t i = 0; i < spec->count; i++) {
        const uint8_t *valid = batch->columns[spec->columns[i]]->valid;
        for (uint32_t k = 0; valid != NULL && k < batch->selected; k++) {
            uint32_t row = batch->selection == NULL ? k : batch->selection[k];
            if (row >= first)
                break;
            if (!valid[row]) {
                first = row;
                *which = i;
                break;
            }
        }
    }
    return first;
}

static weir_status nulls_drop(const not_null *self, weir_batch *batch, weir_error *error) {
    weir_memory *memory = self->base.context->memory;
    uint32_t rows = batch->rows;
    uint8_t *keep = weir_memory_alloc(memory, rows);
    for (uint32_t row = 0; keep != NULL && row < rows; row++) {
        keep[row] = 1;
        for (uint32_t i = 0; i < self->spec->count; i++)
            keep[row] &= weir_column_is_valid(batch->columns[self->spec->columns[i]], row);
    }
    bool kept = keep != NULL && weir_batch_keep_rows(batch, keep);
    weir_memory_free(memory, keep, rows);
    return kept ? WEIR_OK : weir_fail_memory(error, self->base.context->name, rows);
}

static weir_status not_null_process(weir_operator *base, uint32_t input, weir_batch *batch, weir_output *output, weir_step *step,
                                    weir_error *error) {
    const not_null *self = (const not_null *)base;
    (void)input;
    *step = WEIR_STEP_MORE_INPUT;
    uint32_t which = 0, row = batch->selected > 0 ? first_null(self->spec, batch, &which) : UINT32_MAX;
    weir_status status = WEIR_OK;
    if (row != UINT32_MAX && base->context->settings->fail_on_not_null) {
        weir_batch_cut(batch, row);
        status = weir_fail(error, WEIR_RUNTIME,
                           "Column '%.*s' is NOT NULL, however, a null value is being written into it. You can set job configuration "
                           "'table.exec.sink.not-null-enforcer'='DROP' to suppress this exception and drop such records silently.",
                           WEIR_TEXT_ARGS(self->spec->names[which]));
    } else if (row != UINT32_MAX) {
        weir_status dropped = nulls_drop(self, batch, error);
        if (dropped != WEIR_OK) {
            weir_batch_destroy(batch);
            return dropped;
        }
    }
    weir_output_push(output, batch);
    return status;
}

const weir_operator_vtable weir_not_null_operator = {
    .name = "NotNullEnforcer",
    .input_count = 1,
    .open = not_null_open,
    .process = not_null_process,
    .close = not_null_close,
};
