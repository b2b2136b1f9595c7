/* Results of windows that fire, a chunk of rows at a time. Cells are removed when the chunk that shows them has been written. See
 * window_aggregate_int.h. */
#include "op/window_aggregate_int.h"

void window_chunk_free(window_aggregate *self) {
    weir_memory *memory = self->base.context->memory;
    window_chunk *chunk = &self->chunk;
    weir_memory_free(memory, chunk->values, chunk->capacity * sizeof(void *));
    weir_memory_free(memory, chunk->keys, chunk->capacity * sizeof(void *));
    weir_memory_free(memory, chunk->removals, chunk->capacity * sizeof(void *));
    weir_memory_free(memory, chunk->starts, chunk->capacity * sizeof(int64_t));
    weir_memory_free(memory, chunk->ends, chunk->capacity * sizeof(int64_t));
    *chunk = (window_chunk){0};
}

static weir_status chunk_room(window_aggregate *self, weir_error *error) {
    window_chunk *chunk = &self->chunk;
    if (chunk->capacity > 0)
        return self->mode == WINDOW_RING ? window_ring_chunk_room(self, error) : WEIR_OK;
    weir_memory *memory = self->base.context->memory;
    uint32_t rows = self->base.context->settings->batch_rows;
    chunk->capacity = rows;
    chunk->values = weir_memory_alloc(memory, rows * sizeof(void *));
    chunk->keys = weir_memory_alloc(memory, rows * sizeof(void *));
    chunk->removals = weir_memory_alloc(memory, rows * sizeof(void *));
    chunk->starts = weir_memory_alloc(memory, rows * sizeof(int64_t));
    chunk->ends = weir_memory_alloc(memory, rows * sizeof(int64_t));
    if (chunk->values != NULL && chunk->keys != NULL && chunk->removals != NULL && chunk->starts != NULL && chunk->ends != NULL)
        return self->mode == WINDOW_RING ? window_ring_chunk_room(self, error) : WEIR_OK;
    window_chunk_free(self);
    return weir_fail_memory(error, self->base.context->name, rows * sizeof(void *));
}

/* The keys lie in front of the number (and start) in the cell's key. */
static weir_status keys_write(const window_aggregate *self, weir_batch *out, weir_error *error) {
    const weir_cells *cells = self->mode == WINDOW_DIRECT ? &self->cells : &self->folded;
    const weir_operator_context *context = self->base.context;
    uint32_t key_count = self->spec->key_count, count = self->chunk.count;
    if (self->mode == WINDOW_RING) {
        for (uint32_t k = 0; k < count; k++)
            weir_keyed_read_key(self->ring.keyed, self->chunk.keys[k], out->columns, k);
        return WEIR_OK;
    }
    weir_column *number = weir_column_create(context->memory, weir_type_simple(WEIR_KIND_BIGINT, false), count);
    weir_column **columns = weir_memory_alloc(context->memory, (key_count + 2) * sizeof(weir_column *));
    if (number != NULL && columns != NULL) {
        for (uint32_t i = 0; i < key_count; i++)
            columns[i] = out->columns[i];
        columns[key_count] = columns[key_count + 1] = number;
        for (uint32_t k = 0; k < count; k++)
            weir_keyed_read_key(cells->keyed, self->chunk.values[k], columns, k);
    }
    bool done = number != NULL && columns != NULL;
    weir_column_unref(number);
    weir_memory_free(context->memory, columns, (key_count + 2) * sizeof(weir_column *));
    return done ? WEIR_OK : weir_fail_memory(error, context->name, count * 8);
}

static weir_status rows_write(window_aggregate *self, weir_batch *out, weir_error *error) {
    const weir_window_aggregate_spec *spec = self->spec;
    window_chunk *chunk = &self->chunk;
    if (spec->key_count > 0)
        WEIR_TRY(keys_write(self, out, error));
    weir_rows rows = {NULL, chunk->count};
    WEIR_TRY(weir_agg_calls_emit(&self->calls, chunk->values, &rows, out->columns + spec->key_count, error));
    uint32_t at = spec->key_count + spec->call_count;
    for (uint32_t i = 0; i < spec->property_count; i++)
        weir_window_property_write(spec->properties[i], &self->shift, self->base.context, chunk->starts, chunk->ends, chunk->count,
                                   out->columns[at + i]);
    for (uint32_t i = 0; i < out->column_count; i++)
        if (out->columns[i]->failed)
            return weir_fail_memory(error, self->base.context->name, chunk->count * 16);
    out->rows = out->selected = chunk->count;
    return WEIR_OK;
}

weir_status window_chunk_write(window_aggregate *self, weir_output *output, weir_error *error) {
    const weir_operator_context *context = self->base.context;
    const weir_window_aggregate_spec *spec = self->spec;
    window_chunk *chunk = &self->chunk;
    if (chunk->count > 0) {
        uint32_t columns = spec->key_count + spec->call_count + spec->property_count;
        weir_batch *out = weir_batch_create_typed(context->memory, spec->output_types, columns, chunk->count);
        weir_status status = out == NULL ? weir_fail_memory(error, context->name, chunk->count * 16) : rows_write(self, out, error);
        if (status != WEIR_OK) {
            weir_batch_destroy(out);
            return status;
        }
        weir_output_push(output, out);
    }
    weir_cells *cells = self->mode == WINDOW_DIRECT ? &self->cells : &self->folded;
    if (self->mode == WINDOW_RING)
        window_ring_release(self);
    else
        window_cells_remove(self, cells, chunk->removals, chunk->removal_count);
    chunk->count = chunk->removal_count = 0;
    return WEIR_OK;
}

/* Cells of the open window into the chunk, until it is full or the window has been read. */
static void cells_take(window_aggregate *self) {
    window_chunk *chunk = &self->chunk;
    const weir_window *window = &self->spec->window;
    weir_cells *cells = self->mode == WINDOW_DIRECT ? &self->cells : &self->folded;
    int64_t start_ms = self->spec->attached ? 0 : weir_window_start_of(window, self->open_end_ms);
    bool keep = self->mode == WINDOW_CUMULATE && self->open_end_ms < start_ms + window->size_ms;
    while (self->open_next != 0 && chunk->count < chunk->capacity && chunk->removal_count < chunk->capacity) {
        weir_cell *cell = weir_cells_at(cells, self->open_next);
        self->open_next = cell->next;
        if (cell->count > 0) {
            chunk->values[chunk->count] = cell;
            chunk->starts[chunk->count] = self->spec->attached ? cell->start_ms : start_ms;
            chunk->ends[chunk->count++] = self->open_end_ms;
        }
        if (!keep)
            chunk->removals[chunk->removal_count++] = cell;
    }
}

weir_status window_fire(window_aggregate *self, weir_output *output, bool *done, weir_error *error) {
    window_chunk *chunk = &self->chunk;
    *done = false;
    WEIR_TRY(chunk_room(self, error));
    while (!weir_output_full(output)) {
        if (chunk->count == chunk->capacity || chunk->removal_count == chunk->capacity) {
            WEIR_TRY(window_chunk_write(self, output, error));
            continue;
        }
        if (self->open) {
            bool read = true;
            if (self->mode == WINDOW_RING) {
                WEIR_TRY(window_ring_take(self, &read, error));
            } else {
                cells_take(self);
                read = self->open_next == 0;
            }
            if (read)
                window_close_results(self);
            continue;
        }
        int64_t end_ms = window_next_end_ms(self);
        if (end_ms == INT64_MAX || !window_fired(self, end_ms, self->fire_ms)) {
            *done = true;
            return window_chunk_write(self, output, error);
        }
        /* A step of CUMULATE changes the states that the chunk would show. */
        if (self->mode == WINDOW_CUMULATE && chunk->count > 0)
            WEIR_TRY(window_chunk_write(self, output, error));
        WEIR_TRY(window_open_results(self, end_ms, error));
    }
    return WEIR_OK;
}
