/* Windows made of slices: which windows wait, and folding slices into the window that fires. See window_aggregate_int.h. */
#include <string.h>

#include "op/window_aggregate_int.h"

static weir_ref *pending_root(const window_aggregate *self) { return weir_state_write(self->state, self->pending); }

int64_t window_next_end_ms(const window_aggregate *self) {
    if (self->mode == WINDOW_DIRECT)
        return weir_cells_first_number(&self->cells);
    weir_sorted_entry *first = weir_sorted_first(self->state, *pending_root(self));
    return first == NULL ? INT64_MAX : weir_sorted_get_i64(weir_sorted_key(first).data);
}

bool window_slice_made(void *owner, int64_t slice_end_ms) {
    window_aggregate *self = owner;
    const weir_window *window = &self->spec->window;
    int64_t step = window->kind == WEIR_WINDOW_TUMBLE ? window->size_ms : window->slide_ms;
    int64_t last = self->mode == WINDOW_CUMULATE ? weir_window_start_of(window, slice_end_ms) + window->size_ms
                                                 : slice_end_ms + window->size_ms - step;
    for (int64_t end = slice_end_ms; end <= last; end += step) {
        char key[8];
        if (window_fired(self, end, self->watermark_ms))
            continue;
        weir_sorted_i64(end, key);
        if (weir_sorted_put(self->state, pending_root(self), key, sizeof key, 0, NULL) == NULL)
            return false;
    }
    return true;
}

static void pending_drop(window_aggregate *self, int64_t end_ms) {
    char key[8];
    weir_sorted_i64(end_ms, key);
    weir_sorted_entry *entry = weir_sorted_find(self->state, *pending_root(self), key, sizeof key);
    if (entry != NULL)
        weir_sorted_remove(self->state, pending_root(self), entry);
}

void window_cells_remove(window_aggregate *self, weir_cells *cells, void *const *removals, uint32_t count) {
    enum { AHEAD = 8 };
    for (uint32_t i = 0; i < count && i < AHEAD; i++)
        weir_keyed_expect(cells->keyed, removals[i]);
    for (uint32_t i = 0; i < count; i++) {
        if (i + AHEAD < count)
            weir_keyed_expect(cells->keyed, removals[i + AHEAD]);
        if (self->owns)
            weir_agg_calls_clear(&self->calls, removals[i]);
        weir_keyed_remove(cells->keyed, removals[i]);
    }
}

/* Cells of the list from *next on, as many as are looked up at once. */
static uint32_t cells_read(const weir_cells *cells, weir_ref *next, weir_cell **out) {
    uint32_t count = 0;
    while (*next != 0 && count < WEIR_CELLS_AT_ONCE) {
        out[count] = weir_cells_at(cells, *next);
        *next = out[count++]->next;
    }
    return count;
}

static void slice_drop(window_aggregate *self, int64_t slice_end_ms) {
    weir_cell_list *list = weir_cells_list(&self->cells, slice_end_ms);
    weir_ref next = list == NULL ? 0 : list->first;
    while (next != 0) {
        weir_cell *gone[WEIR_CELLS_AT_ONCE];
        uint32_t count = cells_read(&self->cells, &next, gone);
        window_cells_remove(self, &self->cells, (void *const *)gone, count);
    }
    weir_cells_list_drop(&self->cells, slice_end_ms);
}

/* States that own nothing may be copied as bytes (to `scratch`): the slice stays for the windows to come. Without scratch it is used up. */
static weir_status slice_fold(window_aggregate *self, int64_t slice_end_ms, int64_t number, void *scratch, weir_error *error) {
    weir_cell_list *list = weir_cells_list(&self->cells, slice_end_ms);
    weir_ref next = list == NULL ? 0 : list->first;
    while (next != 0) {
        weir_cell *from[WEIR_CELLS_AT_ONCE], *into[WEIR_CELLS_AT_ONCE];
        uint32_t count = cells_read(&self->cells, &next, from);
        WEIR_TRY(weir_cells_like(&self->folded, &self->cells, from, count, number, into, error));
        for (uint32_t k = 0; k < count; k++) {
            into[k]->count += from[k]->count;
            if (scratch != NULL)
                memcpy(scratch, from[k], self->calls.end);
            WEIR_TRY(weir_agg_calls_merge(&self->calls, into[k], scratch != NULL ? scratch : from[k], error));
        }
    }
    return WEIR_OK;
}

static weir_status hop_fold(window_aggregate *self, int64_t end_ms, weir_error *error) {
    const weir_window *window = &self->spec->window;
    weir_memory *memory = self->base.context->memory;
    void *scratch = weir_memory_alloc(memory, self->calls.end);
    weir_status status = scratch == NULL ? weir_fail_memory(error, self->base.context->name, self->calls.end) : WEIR_OK;
    int64_t oldest = end_ms - window->size_ms + window->slide_ms;
    /* Sums of DOUBLE show in which order they were added: Flink's streaming adds the newest slice first, its batch the oldest. */
    bool oldest_first = self->base.context->settings->batch_mode;
    int64_t slice = oldest_first ? oldest : end_ms, step = oldest_first ? window->slide_ms : -window->slide_ms;
    for (; status == WEIR_OK && slice >= oldest && slice <= end_ms; slice += step)
        status = slice_fold(self, slice, end_ms, scratch, error);
    weir_memory_free(memory, scratch, self->calls.end);
    if (status == WEIR_OK)
        slice_drop(self, oldest);
    return status;
}

static weir_status cumulate_fold(window_aggregate *self, int64_t end_ms, int64_t start_ms, weir_error *error) {
    WEIR_TRY(slice_fold(self, end_ms, start_ms, NULL, error));
    slice_drop(self, end_ms);
    return WEIR_OK;
}

weir_status window_open_results(window_aggregate *self, int64_t end_ms, weir_error *error) {
    weir_cells *from = &self->cells;
    int64_t number = end_ms;
    if (self->mode == WINDOW_HOP) {
        WEIR_TRY(hop_fold(self, end_ms, error));
        from = &self->folded;
    } else if (self->mode == WINDOW_CUMULATE) {
        number = weir_window_start_of(&self->spec->window, end_ms);
        WEIR_TRY(cumulate_fold(self, end_ms, number, error));
        from = &self->folded;
    }
    self->open = true;
    self->open_end_ms = end_ms;
    if (self->mode == WINDOW_RING) {
        window_ring_open(self);
        return WEIR_OK;
    }
    weir_cell_list *list = weir_cells_list(from, number);
    self->open_next = list == NULL ? 0 : list->first;
    return WEIR_OK;
}

void window_close_results(window_aggregate *self) {
    int64_t end_ms = self->open_end_ms;
    self->open = false;
    if (self->mode == WINDOW_DIRECT) {
        weir_cells_list_drop(&self->cells, end_ms);
        return;
    }
    pending_drop(self, end_ms);
    if (self->mode == WINDOW_RING)
        return;
    if (self->mode == WINDOW_HOP) {
        weir_cells_list_drop(&self->folded, end_ms);
        return;
    }
    int64_t start_ms = weir_window_start_of(&self->spec->window, end_ms);
    if (end_ms == start_ms + self->spec->window.size_ms)
        weir_cells_list_drop(&self->folded, start_ms);
}
