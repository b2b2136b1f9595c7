/* An Arrow stream as a table: read on demand, kept in batches. */
#include "connect/arrow_table.h"

#include <string.h>

struct weir_arrow_table {
    weir_memory *parent;
    weir_memory memory;
    weir_arena arena;
    struct ArrowArrayStream stream;
    struct ArrowSchema foreign;
    weir_schema schema;
    struct ArrowArray array; /* the one being cut into batches; release NULL: none */
    int64_t array_at;
    weir_list batches;
    bool ended;
};

static weir_status stream_failed(weir_arrow_table *self, int code, weir_error *error) {
    const char *why = self->stream.get_last_error == NULL ? NULL : self->stream.get_last_error(&self->stream);
    return weir_fail(error, WEIR_RUNTIME, "The Arrow stream failed (%d): %s", code, why == NULL ? "it does not say why" : why);
}

weir_status weir_arrow_table_create(weir_memory *memory, struct ArrowArrayStream *stream, weir_arrow_table **out, weir_error *error) {
    if (stream->release == NULL)
        return weir_fail(error, WEIR_USAGE, "The Arrow stream has been released already.");
    weir_arrow_table *self = weir_memory_zalloc(memory, sizeof *self);
    if (self == NULL) {
        stream->release(stream);
        return weir_fail_memory(error, "an Arrow table", sizeof *self);
    }
    self->parent = memory;
    weir_memory_init(&self->memory, memory, "Arrow table", SIZE_MAX);
    weir_arena_init(&self->arena, &self->memory);
    self->stream = *stream;
    stream->release = NULL;
    int code = self->stream.get_schema(&self->stream, &self->foreign);
    weir_status status =
        code == 0 ? weir_arrow_import_schema(&self->arena, &self->foreign, &self->schema, error) : stream_failed(self, code, error);
    if (status == WEIR_OK && self->schema.count == 0)
        status = weir_fail(error, WEIR_VALIDATE, "The Arrow stream has no columns.");
    if (status != WEIR_OK) {
        weir_arrow_table_destroy(self);
        return status;
    }
    *out = self;
    return WEIR_OK;
}

const weir_schema *weir_arrow_table_schema(const weir_arrow_table *table) { return &table->schema; }

void weir_arrow_table_destroy(weir_arrow_table *self) {
    if (self == NULL)
        return;
    for (size_t i = 0; i < self->batches.count; i++)
        weir_batch_destroy(self->batches.items[i]);
    if (self->array.release != NULL)
        self->array.release(&self->array);
    if (self->foreign.release != NULL)
        self->foreign.release(&self->foreign);
    if (self->stream.release != NULL)
        self->stream.release(&self->stream);
    weir_arena_deinit(&self->arena);
    weir_memory_deinit(&self->memory);
    weir_memory_free(self->parent, self, sizeof *self);
}

/* The next array with rows; ended when there is none. */
static weir_status array_next(weir_arrow_table *self, weir_error *error) {
    while (!self->ended && (self->array.release == NULL || self->array_at >= self->array.length)) {
        if (self->array.release != NULL)
            self->array.release(&self->array);
        memset(&self->array, 0, sizeof self->array);
        self->array_at = 0;
        int code = self->stream.get_next(&self->stream, &self->array);
        if (code != 0)
            return stream_failed(self, code, error);
        self->ended = self->array.release == NULL;
        if (self->ended)
            self->stream.release(&self->stream); /* whatever stands behind it can go */
    }
    return WEIR_OK;
}

weir_status weir_arrow_table_batch(weir_arrow_table *self, size_t index, const weir_batch **out, weir_error *error) {
    *out = NULL;
    while (index >= self->batches.count) {
        WEIR_TRY(array_next(self, error));
        if (self->ended)
            return WEIR_OK;
        int64_t left = self->array.length - self->array_at;
        uint32_t count = left < WEIR_BATCH_ROWS ? (uint32_t)left : WEIR_BATCH_ROWS;
        weir_batch *batch;
        WEIR_TRY(weir_arrow_import_batch(&self->memory, &self->foreign, &self->array, &self->schema, self->array_at, count, &batch, error));
        if (!weir_list_add(&self->arena, &self->batches, batch)) {
            weir_batch_destroy(batch);
            return weir_fail_memory(error, "an Arrow table", sizeof *batch);
        }
        self->array_at += count;
    }
    *out = self->batches.items[index];
    return WEIR_OK;
}
