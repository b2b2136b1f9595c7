/* The frame of resumable operators; see stage.h. */
#include "op/stage.h"

#include <string.h>

void weir_stage_init(weir_stage *stage, const weir_operator_vtable *vtable, const weir_operator_context *context,
                     const weir_stage_hooks *hooks) {
    stage->base = (weir_operator){.vtable = vtable, .context = context};
    stage->hooks = hooks;
    stage->input_count = vtable->input_count;
    stage->watermark_ms = WEIR_WATERMARK_NONE;
    weir_watermarks_init(&stage->watermarks);
}

void weir_stage_deinit(weir_stage *stage) {
    weir_batch_destroy(stage->batch);
    weir_batch_destroy(stage->block);
    weir_row_queue_deinit(&stage->queue);
}

void weir_stage_put_block(weir_stage *stage, weir_batch *block) {
    stage->block = block;
    stage->block_at = 0;
}

weir_status weir_stage_no_time(const weir_operator_context *context, weir_error *error) {
    return weir_fail(error, WEIR_RUNTIME, "%s: RowTime field should not be null, please convert it to a non-null long value.",
                     context->name);
}

weir_status weir_stage_no_memory(const weir_operator_context *context, size_t size_bytes, weir_error *error) {
    return weir_fail_memory(error, context->name, size_bytes);
}

/* The next rows of the block as a batch of its own. */
static weir_batch *block_slice(weir_stage *stage, uint32_t count) {
    weir_batch *block = stage->block;
    weir_memory *memory = stage->base.context->memory;
    weir_batch *slice = weir_batch_create(memory, block->column_count);
    uint32_t *index = weir_memory_alloc(memory, count * sizeof(uint32_t));
    bool done = slice != NULL && index != NULL;
    for (uint32_t k = 0; done && k < count; k++)
        index[k] = stage->block_at + k;
    for (uint32_t i = 0; done && i < block->column_count; i++) {
        slice->columns[i] = weir_column_take(memory, block->columns[i], index, count);
        done = slice->columns[i] != NULL;
    }
    if (done && block->kinds != NULL) {
        uint8_t *kinds = weir_batch_open_kinds(slice, count);
        done = kinds != NULL;
        if (done)
            memcpy(kinds, block->kinds + stage->block_at, count);
    }
    if (index != NULL)
        weir_memory_free(memory, index, count * sizeof(uint32_t));
    if (!done) {
        weir_batch_destroy(slice);
        return NULL;
    }
    slice->rows = slice->selected = count;
    return slice;
}

static weir_status block_drain(weir_stage *stage, weir_output *output, weir_error *error) {
    if (stage->block == NULL)
        return WEIR_OK;
    WEIR_TRY(weir_emitter_flush(&stage->queue.emitter, output, error));
    uint32_t most = stage->base.context->settings->batch_rows;
    while (stage->block != NULL && !weir_output_full(output)) {
        uint32_t left = stage->block->rows - stage->block_at;
        if (stage->block_at == 0 && left <= most) {
            weir_output_push(output, stage->block);
            stage->block = NULL;
            return WEIR_OK;
        }
        weir_batch *slice = block_slice(stage, left < most ? left : most);
        if (slice == NULL)
            return weir_stage_no_memory(stage->base.context, left, error);
        stage->block_at += slice->rows;
        weir_output_push(output, slice);
        if (stage->block_at == stage->block->rows) {
            weir_batch_destroy(stage->block);
            stage->block = NULL;
        }
    }
    return WEIR_OK;
}

static weir_status drain(weir_stage *stage, weir_output *output, weir_error *error) {
    if (!weir_row_queue_empty(&stage->queue))
        WEIR_TRY(weir_row_queue_drain(&stage->queue, output, error));
    return weir_row_queue_empty(&stage->queue) ? block_drain(stage, output, error) : WEIR_OK;
}

/* The mark of the finished segment: does it move the combined watermark? */
static bool mark_advances(weir_stage *stage) {
    if (!stage->segments.has_mark)
        return false;
    int64_t watermark_ms = stage->segments.watermark_ms;
    if (stage->input_count == 2) {
        if (!weir_watermarks_advance(&stage->watermarks, stage->input, watermark_ms))
            return false;
        watermark_ms = stage->watermarks.combined;
    } else if (watermark_ms <= stage->watermark_ms) {
        return false;
    }
    stage->watermark_ms = watermark_ms;
    atomic_store_explicit(&stage->base.context->metrics->watermark_ms, watermark_ms, memory_order_relaxed);
    return true;
}

static weir_status mark_leave(weir_stage *stage, weir_error *error) {
    int64_t watermark_ms = stage->watermark_ms;
    if (watermark_ms != WEIR_WATERMARK_END) {
        if (stage->hold_marks)
            return WEIR_OK;
        watermark_ms = watermark_ms < INT64_MIN + stage->delay_ms ? INT64_MIN : watermark_ms - stage->delay_ms;
    }
    return weir_row_queue_mark(&stage->queue, watermark_ms) ? WEIR_OK
                                                            : weir_stage_no_memory(stage->base.context, sizeof(weir_queued_row), error);
}

static void batch_done(weir_stage *stage) {
    if (stage->hooks->end != NULL)
        stage->hooks->end(stage);
    weir_batch_destroy(stage->batch);
    stage->batch = NULL;
    stage->queue.batches[0] = stage->queue.batches[1] = NULL;
    stage->phase = WEIR_STAGE_IDLE;
}

/* One piece of work; the queue and the block are empty. */
static weir_status advance(weir_stage *stage, weir_error *error) {
    bool more = false;
    switch (stage->phase) {
    case WEIR_STAGE_IDLE: return WEIR_OK;
    case WEIR_STAGE_ROWS:
        if (stage->at < stage->segments.rows.count)
            return stage->hooks->rows(stage, &stage->segments.rows, &stage->at, error);
        stage->phase = mark_advances(stage) ? WEIR_STAGE_FIRE : WEIR_STAGE_NEXT;
        return WEIR_OK;
    case WEIR_STAGE_FIRE:
        if (stage->hooks->fire != NULL)
            WEIR_TRY(stage->hooks->fire(stage, stage->watermark_ms, &more, error));
        if (more)
            return WEIR_OK;
        stage->phase = WEIR_STAGE_NEXT;
        return mark_leave(stage, error);
    case WEIR_STAGE_NEXT:
        if (weir_segments_next(&stage->segments)) {
            stage->at = 0;
            stage->phase = WEIR_STAGE_ROWS;
        } else {
            stage->phase = WEIR_STAGE_END;
        }
        return WEIR_OK;
    case WEIR_STAGE_END: batch_done(stage); return WEIR_OK;
    case WEIR_STAGE_TICK:
        WEIR_TRY(stage->hooks->tick(stage, stage->now_ms, &more, error));
        if (!more)
            stage->phase = WEIR_STAGE_IDLE;
        return WEIR_OK;
    }
    return WEIR_OK;
}

static bool goes_on(const weir_stage *stage) {
    if (stage->block != NULL || weir_row_queue_waiting(&stage->queue) >= WEIR_BATCH_ROWS)
        return false;
    switch (stage->phase) {
    case WEIR_STAGE_IDLE:
    case WEIR_STAGE_END: return false;
    case WEIR_STAGE_FIRE:
    case WEIR_STAGE_TICK: return !stage->drain_before_fire || weir_row_queue_empty(&stage->queue);
    default: return true;
    }
}

weir_status weir_stage_resume(weir_operator *self, weir_output *output, weir_step *step, weir_error *error) {
    weir_stage *stage = (weir_stage *)self;
    for (;;) {
        WEIR_TRY(drain(stage, output, error));
        if (!weir_row_queue_empty(&stage->queue) || stage->block != NULL || (weir_output_full(output) && stage->phase != WEIR_STAGE_IDLE)) {
            *step = WEIR_STEP_MORE_OUTPUT;
            return WEIR_OK;
        }
        if (stage->phase == WEIR_STAGE_IDLE)
            break;
        WEIR_TRY(advance(stage, error));
        /* Small pieces collect in the queue, so that rows are written out many at a time. */
        while (goes_on(stage))
            WEIR_TRY(advance(stage, error));
    }
    WEIR_TRY(weir_emitter_flush(&stage->queue.emitter, output, error));
    *step = WEIR_STEP_MORE_INPUT;
    return WEIR_OK;
}

weir_status weir_stage_process(weir_operator *self, uint32_t input, weir_batch *batch, weir_output *output, weir_step *step,
                               weir_error *error) {
    weir_stage *stage = (weir_stage *)self;
    stage->batch = batch;
    stage->input = input;
    stage->at = 0;
    stage->segments = weir_segments_of(batch);
    stage->phase = WEIR_STAGE_NEXT;
    if (stage->hooks->begin != NULL)
        WEIR_TRY(stage->hooks->begin(stage, error));
    return weir_stage_resume(self, output, step, error);
}

weir_status weir_stage_tick(weir_operator *self, int64_t now_ms, weir_output *output, weir_step *step, weir_error *error) {
    weir_stage *stage = (weir_stage *)self;
    stage->now_ms = now_ms;
    stage->phase = WEIR_STAGE_TICK;
    return weir_stage_resume(self, output, step, error);
}

weir_status weir_row_scratch_reserve(weir_row_scratch *scratch, const weir_operator_context *context, uint32_t rows, weir_error *error) {
    if (rows <= scratch->capacity)
        return WEIR_OK;
    weir_row_scratch_free(scratch, context);
    weir_memory *memory = context->memory;
    scratch->capacity = rows;
    scratch->values = weir_memory_alloc(memory, rows * sizeof(void *));
    scratch->created = weir_memory_alloc(memory, rows);
    scratch->offsets = weir_memory_alloc(memory, rows * sizeof(uint32_t));
    scratch->sizes = weir_memory_alloc(memory, rows * sizeof(uint32_t));
    if (scratch->values != NULL && scratch->created != NULL && scratch->offsets != NULL && scratch->sizes != NULL)
        return WEIR_OK;
    weir_row_scratch_free(scratch, context);
    return weir_stage_no_memory(context, rows * sizeof(void *), error);
}

void weir_row_scratch_free(weir_row_scratch *scratch, const weir_operator_context *context) {
    weir_memory *memory = context->memory;
    weir_memory_free(memory, scratch->values, scratch->capacity * sizeof(void *));
    weir_memory_free(memory, scratch->created, scratch->capacity);
    weir_memory_free(memory, scratch->offsets, scratch->capacity * sizeof(uint32_t));
    weir_memory_free(memory, scratch->sizes, scratch->capacity * sizeof(uint32_t));
    *scratch = (weir_row_scratch){0};
}

const weir_type **weir_stage_types_of(weir_arena *arena, const weir_type *const *types, const uint32_t *columns, uint32_t count) {
    const weir_type **out = WEIR_ARENA_ARRAY(arena, const weir_type *, count == 0 ? 1 : count);
    for (uint32_t i = 0; out != NULL && i < count; i++)
        out[i] = types[columns[i]];
    return out;
}
