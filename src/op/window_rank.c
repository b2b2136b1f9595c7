/* Top-N of each window and key, written when the window closes; see window.h. A cell per key and window holds the rows that may still
 * count, as bytes in an ordered collection by
 * (ORDER BY, arrival); what falls behind the last rank is dropped at once. */
#include <string.h>

#include "op/window.h"
#include "op/window_assign.h"
#include "op/window_cells.h"

typedef struct rank_cell {
    weir_cell base; /* count: rows that came; they get their number of arrival from it */
    weir_ref tree;  /* (order bytes, arrival) -> the row's compact bytes */
} rank_cell;

typedef struct window_rank {
    weir_operator base;
    const weir_window_rank_spec *spec;
    weir_state *state;
    weir_cells cells;
    weir_window_shift shift;
    const weir_codec *row_codec, *order_codec;
    weir_emitter emitter;
    weir_builder key;
    int64_t watermark_ms;
    weir_batch *batch;
    uint32_t at, next_mark, row_capacity, run_count;
    int64_t *ends;
    void **values;
    uint32_t *run;
    int64_t run_first_ms;
    int64_t mark_ms;
    /* firing */
    bool firing;
    int64_t fire_ms;
    bool open; /* a window is being read */
    int64_t open_end_ms;
    rank_cell *cell;
    weir_ref next_cell;
    weir_sorted_entry *entry; /* next row of the cell */
    int64_t rank;             /* of that row */
} window_rank;

static void rows_free(window_rank *self) {
    weir_memory *memory = self->base.context->memory;
    weir_memory_free(memory, self->ends, self->row_capacity * sizeof(int64_t));
    weir_memory_free(memory, self->values, self->row_capacity * sizeof(void *));
    weir_memory_free(memory, self->run, self->row_capacity * sizeof(uint32_t));
    self->ends = NULL;
    self->values = NULL;
    self->run = NULL;
    self->row_capacity = 0;
}

static weir_status rows_room(window_rank *self, uint32_t rows, weir_error *error) {
    if (rows <= self->row_capacity)
        return WEIR_OK;
    weir_memory *memory = self->base.context->memory;
    rows_free(self);
    self->row_capacity = rows;
    self->ends = weir_memory_alloc(memory, rows * sizeof(int64_t));
    self->values = weir_memory_alloc(memory, rows * sizeof(void *));
    self->run = weir_memory_alloc(memory, rows * sizeof(uint32_t));
    if (self->ends != NULL && self->values != NULL && self->run != NULL)
        return WEIR_OK;
    rows_free(self);
    return weir_fail_memory(error, self->base.context->name, rows * sizeof(int64_t));
}

static void rank_close(weir_operator *base) {
    window_rank *self = (window_rank *)base;
    weir_batch_destroy(self->batch);
    rows_free(self);
    weir_builder_deinit(&self->key);
    weir_emitter_deinit(&self->emitter);
    weir_cells_deinit(&self->cells);
    weir_state_destroy(self->state);
    weir_memory_free(base->context->memory, self, sizeof(window_rank));
}

static weir_status rank_make(window_rank *self, weir_error *error) {
    const weir_operator_context *context = self->base.context;
    const weir_window_rank_spec *spec = self->spec;
    const weir_type **types = WEIR_ARENA_ARRAY(context->arena, const weir_type *, spec->order_count + 1);
    self->state = weir_state_create(context->memory, context->name, context->settings->key_groups);
    if (types == NULL || self->state == NULL)
        return weir_fail_memory(error, context->name, sizeof(window_rank));
    for (uint32_t i = 0; i < spec->order_count; i++)
        types[i] = spec->input_types[spec->order[i].column];
    self->row_codec = weir_codec_create(context->arena, spec->input_types, NULL, spec->input_count);
    self->order_codec = weir_codec_create_ordered(context->arena, types, spec->order, spec->order_count);
    if (self->row_codec == NULL || self->order_codec == NULL)
        return weir_fail_memory(error, context->name, sizeof(window_rank));
    return weir_cells_init(&self->cells, context, self->state, "cells", spec->input_types, spec->input_count, spec->keys, spec->key_count,
                           false, sizeof(rank_cell), error);
}

static weir_status rank_open(const void *given, const weir_operator_context *context, weir_operator **out, weir_error *error) {
    const weir_window_rank_spec *spec = given;
    window_rank *self = weir_memory_zalloc(context->memory, sizeof(window_rank));
    if (self == NULL)
        return weir_fail_memory(error, context->name, sizeof(window_rank));
    self->base = (weir_operator){&weir_window_rank_operator, context};
    self->spec = spec;
    self->shift = weir_window_shift_of(context, spec->end_is_ltz);
    self->watermark_ms = self->mark_ms = WEIR_WATERMARK_NONE;
    self->run_first_ms = INT64_MAX;
    weir_emitter_init(&self->emitter, context, spec->output_types, spec->input_count + spec->emit_rank, false);
    weir_builder_init(&self->key, context->memory, UINT32_MAX);
    weir_status status = rank_make(self, error);
    if (status != WEIR_OK) {
        rank_close(&self->base);
        return status;
    }
    *out = &self->base;
    return WEIR_OK;
}

/* ---- rows in ---- */

static bool fired(const window_rank *self, int64_t end_ms, int64_t watermark_ms) {
    return watermark_ms != WEIR_WATERMARK_NONE && weir_window_trigger_ms(&self->shift, end_ms) <= watermark_ms;
}

static weir_status key_make(window_rank *self, const rank_cell *cell, uint32_t row, weir_error *error) {
    size_t size = weir_codec_size(self->order_codec, self->batch->columns, row);
    weir_builder_clear(&self->key);
    char *room = weir_builder_room(&self->key, size + 8);
    if (room == NULL)
        return weir_fail_memory(error, self->base.context->name, size);
    weir_codec_write(self->order_codec, self->batch->columns, row, room);
    weir_sorted_i64(self->spec->last_of_ties ? -cell->base.count : cell->base.count, room + size);
    self->key.size = size + 8;
    return WEIR_OK;
}

static weir_status row_keep(window_rank *self, rank_cell *cell, uint32_t row, weir_error *error) {
    WEIR_TRY(key_make(self, cell, row, error));
    cell->base.count++;
    weir_text key = weir_builder_view(&self->key);
    bool full = weir_sorted_count(self->state, cell->tree) >= (uint64_t)self->spec->to_rank;
    weir_sorted_entry *last = full ? weir_sorted_last(self->state, cell->tree) : NULL;
    if (last != NULL && weir_text_compare(key, weir_sorted_key(last)) > 0)
        return WEIR_OK;
    size_t size = weir_codec_size(self->row_codec, self->batch->columns, row);
    weir_sorted_entry *entry = weir_sorted_put(self->state, &cell->tree, key.data, key.size, size, NULL);
    if (entry == NULL)
        return weir_fail_memory(error, self->base.context->name, size);
    weir_codec_write(self->row_codec, self->batch->columns, row, weir_sorted_payload(entry));
    if (last != NULL)
        weir_sorted_remove(self->state, &cell->tree, last);
    return WEIR_OK;
}

static weir_status run_keep(window_rank *self, weir_error *error) {
    if (self->run_count == 0)
        return WEIR_OK;
    weir_rows rows = {self->run, self->run_count};
    WEIR_TRY(weir_cells_upsert(&self->cells, self->batch, &rows, self->ends, NULL, self->values, error));
    for (uint32_t k = 0; k < rows.count; k++)
        WEIR_TRY(row_keep(self, self->values[rows.index[k]], rows.index[k], error));
    self->run_count = 0;
    self->run_first_ms = INT64_MAX;
    return WEIR_OK;
}

static void row_take(window_rank *self, uint32_t row) {
    const weir_column *column = self->batch->columns[self->spec->end_column];
    if (!weir_column_is_valid(column, row))
        return;
    int64_t end_ms = weir_window_column_ms(column, row);
    if (fired(self, end_ms, self->watermark_ms)) {
        atomic_fetch_add_explicit(&self->base.context->metrics->late_rows_dropped, 1, memory_order_relaxed);
        return;
    }
    self->ends[row] = end_ms;
    self->run_first_ms = end_ms < self->run_first_ms ? end_ms : self->run_first_ms;
    self->run[self->run_count++] = row;
}

/* ---- rows out ---- */

static weir_status entry_emit(window_rank *self, weir_output *output, weir_error *error) {
    const weir_window_rank_spec *spec = self->spec;
    weir_batch *out = weir_emitter_room(&self->emitter, output, error);
    if (out == NULL)
        return WEIR_MEMORY;
    weir_codec_read(self->row_codec, weir_sorted_payload(self->entry), out->columns, out->rows);
    if (spec->emit_rank)
        WEIR_VALUES(out->columns[spec->input_count], int64_t)[out->rows] = self->rank;
    weir_emitter_row(&self->emitter, WEIR_INSERT);
    return WEIR_OK;
}

static void cell_begin(window_rank *self) {
    self->cell = (rank_cell *)weir_cells_at(&self->cells, self->next_cell);
    self->next_cell = self->cell->base.next;
    self->entry = weir_sorted_first(self->state, self->cell->tree);
    self->rank = 1;
}

static void cell_end(window_rank *self) {
    weir_sorted_clear(self->state, &self->cell->tree);
    weir_keyed_remove(self->cells.keyed, self->cell);
    self->cell = NULL;
}

static weir_status fire(window_rank *self, weir_output *output, bool *done, weir_error *error) {
    *done = false;
    while (!weir_output_full(output)) {
        if (self->cell != NULL && self->entry != NULL) {
            if (self->rank >= self->spec->from_rank && self->rank <= self->spec->to_rank)
                WEIR_TRY(entry_emit(self, output, error));
            self->rank++;
            self->entry = weir_sorted_next(self->state, self->entry);
        } else if (self->cell != NULL) {
            cell_end(self);
        } else if (self->open && self->next_cell != 0) {
            cell_begin(self);
        } else if (self->open) {
            self->open = false;
            weir_cells_list_drop(&self->cells, self->open_end_ms);
        } else {
            int64_t end_ms = weir_cells_first_number(&self->cells);
            if (end_ms == INT64_MAX || !fired(self, end_ms, self->fire_ms)) {
                *done = true;
                return WEIR_OK;
            }
            self->open = true;
            self->open_end_ms = end_ms;
            self->next_cell = weir_cells_list(&self->cells, end_ms)->first;
        }
    }
    return WEIR_OK;
}

/* ---- steps ---- */

static weir_status mark_send(window_rank *self, weir_output *output, weir_error *error) {
    if (self->mark_ms != WEIR_WATERMARK_NONE)
        WEIR_TRY(weir_emitter_mark(&self->emitter, output, self->mark_ms, error));
    self->mark_ms = WEIR_WATERMARK_NONE;
    return WEIR_OK;
}

static weir_status mark_take(window_rank *self, int64_t watermark_ms, weir_error *error) {
    if (self->base.context->settings->batch_mode && watermark_ms != WEIR_WATERMARK_END)
        return WEIR_OK;
    self->mark_ms = watermark_ms;
    int64_t next = weir_cells_first_number(&self->cells);
    next = self->run_first_ms < next ? self->run_first_ms : next;
    if (next != INT64_MAX && fired(self, next, watermark_ms)) {
        WEIR_TRY(run_keep(self, error));
        self->firing = true;
        self->fire_ms = watermark_ms;
    }
    self->watermark_ms = watermark_ms;
    return WEIR_OK;
}

static weir_status batch_walk(window_rank *self, bool *done, weir_error *error) {
    const weir_batch *batch = self->batch;
    *done = false;
    while (!self->firing) {
        uint32_t row = self->at == batch->selected ? UINT32_MAX : batch->selection == NULL ? self->at : batch->selection[self->at];
        if (self->next_mark < batch->mark_count && batch->marks[self->next_mark].row <= row) {
            WEIR_TRY(mark_take(self, batch->marks[self->next_mark++].watermark_ms, error));
            continue;
        }
        if (row == UINT32_MAX) {
            *done = true;
            return run_keep(self, error);
        }
        row_take(self, row);
        self->at++;
    }
    return WEIR_OK;
}

static weir_status rank_resume(weir_operator *base, weir_output *output, weir_step *step, weir_error *error) {
    window_rank *self = (window_rank *)base;
    bool done = false;
    *step = WEIR_STEP_MORE_OUTPUT;
    while (self->batch != NULL) {
        if (self->firing) {
            WEIR_TRY(fire(self, output, &done, error));
            if (!done)
                return WEIR_OK;
            self->firing = false;
            WEIR_TRY(mark_send(self, output, error));
        }
        if (weir_output_full(output))
            return WEIR_OK;
        WEIR_TRY(batch_walk(self, &done, error));
        if (!done)
            continue;
        WEIR_TRY(mark_send(self, output, error));
        weir_batch_destroy(self->batch);
        self->batch = NULL;
    }
    atomic_store_explicit(&base->context->metrics->state_bytes, weir_state_bytes(self->state), memory_order_relaxed);
    *step = WEIR_STEP_MORE_INPUT;
    return weir_emitter_flush(&self->emitter, output, error);
}

static weir_status rank_process(weir_operator *base, uint32_t input, weir_batch *batch, weir_output *output, weir_step *step,
                                weir_error *error) {
    window_rank *self = (window_rank *)base;
    (void)input;
    self->batch = batch;
    self->at = self->next_mark = 0;
    WEIR_TRY(rows_room(self, batch->rows, error));
    return rank_resume(base, output, step, error);
}

const weir_operator_vtable weir_window_rank_operator = {
    .name = "WindowRank",
    .input_count = 1,
    .open = rank_open,
    .process = rank_process,
    .resume = rank_resume,
    .close = rank_close,
};
