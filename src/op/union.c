/* UNION ALL; see union.h. Batches pass as they are; of their marks only those stay that raise the least watermark of all inputs, with that
 * value. */
#include "op/union.h"

typedef struct union_all {
    weir_operator base;
    uint32_t input_count;
    int64_t combined_ms;
    int64_t inputs_ms[];
} union_all;

static size_t union_bytes(uint32_t input_count) { return sizeof(union_all) + input_count * sizeof(int64_t); }

static void union_close(weir_operator *self) {
    weir_memory_free(self->context->memory, self, union_bytes(((union_all *)self)->input_count));
}

static weir_status union_open(const void *given, const weir_operator_context *context, weir_operator **out, weir_error *error) {
    const weir_union_spec *spec = given;
    union_all *self = weir_memory_zalloc(context->memory, union_bytes(spec->input_count));
    if (self == NULL)
        return weir_fail_memory(error, context->name, union_bytes(spec->input_count));
    self->base = (weir_operator){&weir_union_operator, context};
    self->input_count = spec->input_count;
    self->combined_ms = WEIR_WATERMARK_NONE;
    for (uint32_t i = 0; i < spec->input_count; i++)
        self->inputs_ms[i] = WEIR_WATERMARK_NONE;
    *out = &self->base;
    return WEIR_OK;
}

static int64_t least(const union_all *self) {
    int64_t ms = WEIR_WATERMARK_END;
    for (uint32_t i = 0; i < self->input_count; i++)
        ms = self->inputs_ms[i] < ms ? self->inputs_ms[i] : ms;
    return ms;
}

static weir_status union_process(weir_operator *base, uint32_t input, weir_batch *batch, weir_output *output, weir_step *step,
                                 weir_error *error) {
    union_all *self = (union_all *)base;
    (void)error;
    *step = WEIR_STEP_MORE_INPUT;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < batch->mark_count; i++) {
        if (batch->marks[i].watermark_ms > self->inputs_ms[input])
            self->inputs_ms[input] = batch->marks[i].watermark_ms;
        int64_t now = least(self);
        if (now <= self->combined_ms)
            continue;
        self->combined_ms = now;
        batch->marks[kept++] = (weir_mark){batch->marks[i].row, now};
    }
    batch->mark_count = kept;
    weir_output_push(output, batch);
    return WEIR_OK;
}

const weir_operator_vtable weir_union_operator = {
    .name = "Union",
    .input_count = UINT32_MAX,
    .open = union_open,
    .process = union_process,
    .close = union_close,
};
