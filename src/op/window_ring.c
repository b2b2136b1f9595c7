/* Windows of few slices over keys that come again: every key has a ring of slots for the slices that are alive, and a tree for those that
 * do not fit (rows far ahead of the watermark, or far behind).
 *
 *     value: [head: tree, slice number of the ring's first slot, which slots are used] [slot 0] [slot 1] ...
 *     slot:  [records, 8 bytes] [states of the calls]
 *
 * A row costs one look-up by its key alone. A window is read by walking the keys in order of creation: a key with one slice in the window
 * shows that slot itself, with several a fold of copies, the newest first, as in Flink's streaming (sums of DOUBLE show it; batch mode does
 * without this file). Slots that no later window needs are cleared, and keys without slots removed, when the chunk that shows them has been
 * written. TUMBLE has one slice per window, so any function will do; HOP needs functions that merge and states that own nothing.
 */
#include <string.h>

#include "op/window_aggregate_int.h"

enum { RING_SLOTS_MORE = 4, RING_SLOTS_MAX = 64 };

static int64_t slide_of(const window_aggregate *self) {
    const weir_window *window = &self->spec->window;
    return window->kind == WEIR_WINDOW_TUMBLE ? window->size_ms : window->slide_ms;
}

uint32_t window_ring_slots(const weir_window *window) {
    int64_t slide = window->kind == WEIR_WINDOW_TUMBLE ? window->size_ms : window->slide_ms;
    int64_t slots = window->size_ms / slide + RING_SLOTS_MORE;
    return slots <= RING_SLOTS_MAX ? (uint32_t)slots : 0;
}

weir_status window_ring_init(window_aggregate *self, weir_error *error) {
    const weir_operator_context *context = self->base.context;
    const weir_window_aggregate_spec *spec = self->spec;
    window_ring *ring = &self->ring;
    const weir_type **types = WEIR_ARENA_ARRAY(context->arena, const weir_type *, spec->key_count + 1);
    if (types == NULL)
        return weir_fail_memory(error, context->name, spec->key_count * sizeof(weir_type *));
    for (uint32_t i = 0; i < spec->key_count; i++)
        types[i] = spec->input_types[spec->keys[i]];
    ring->slots = window_ring_slots(&spec->window);
    ring->slot_bytes = self->calls.end;
    ring->noted_ms = INT64_MIN;
    ring->keyed = weir_keyed_create(self->state, context->arena, "keys", types, spec->key_count,
                                    (uint32_t)sizeof(ring_key) + ring->slots * ring->slot_bytes);
    ring->scratch = weir_arena_alloc(context->arena, ring->slot_bytes);
    if (ring->keyed != NULL && ring->scratch != NULL)
        return WEIR_OK;
    return weir_fail_memory(error, context->name, ring->slots * ring->slot_bytes);
}

void window_ring_deinit(window_aggregate *self) {
    window_ring *ring = &self->ring;
    weir_keyed_destroy(ring->keyed);
    ring->keyed = NULL;
    weir_memory_free(self->base.context->memory, ring->folds, (size_t)self->chunk.capacity * ring->slot_bytes);
    weir_memory_free(self->base.context->memory, ring->bounds, self->chunk.capacity * sizeof(int64_t));
    ring->folds = NULL;
    ring->bounds = NULL;
}

weir_status window_ring_chunk_room(window_aggregate *self, weir_error *error) {
    window_ring *ring = &self->ring;
    const weir_operator_context *context = self->base.context;
    uint32_t rows = self->chunk.capacity;
    if (ring->bounds == NULL)
        ring->bounds = weir_memory_alloc(context->memory, rows * sizeof(int64_t));
    if (ring->folds == NULL)
        ring->folds = weir_memory_alloc(context->memory, (size_t)rows * ring->slot_bytes);
    return ring->bounds != NULL && ring->folds != NULL ? WEIR_OK : weir_fail_memory(error, context->name, rows * ring->slot_bytes);
}

/* ---- slots ---- */

static inline uint32_t index_of(const window_ring *ring, int64_t number) { return (uint32_t)weir_floor_mod(number, ring->slots); }
static inline int64_t *slot_at(const window_ring *ring, ring_key *key, uint32_t index) {
    return (int64_t *)((char *)(key + 1) + (size_t)index * ring->slot_bytes);
}

/* The slice number that a used slot stands for. */
static inline int64_t number_at(const window_ring *ring, const ring_key *key, uint32_t index) {
    return key->base + weir_floor_mod((int64_t)index - key->base, ring->slots);
}

/* Can the ring begin so that `number` has a slot, and all used ones keep theirs? */
static bool base_move(const window_ring *ring, ring_key *key, int64_t number) {
    int64_t least = number, most = number;
    for (uint64_t mask = key->mask; mask != 0; mask &= mask - 1) {
        int64_t used = number_at(ring, key, (uint32_t)__builtin_ctzll(mask));
        least = used < least ? used : least;
        most = used > most ? used : most;
    }
    if (most - least >= ring->slots)
        return false;
    key->base = least;
    return true;
}

/* The slot of a slice, made when it is not there; NULL: no memory. */
static int64_t *slot_of(window_aggregate *self, ring_key *key, int64_t number, uint32_t index) {
    window_ring *ring = &self->ring;
    bool inside = number >= key->base && number - key->base < ring->slots;
    if (inside && key->mask >> index & 1)
        return slot_at(ring, key, index);
    if (key->overflow == 0 && (inside || base_move(ring, key, number))) {
        key->mask |= UINT64_C(1) << index;
        return slot_at(ring, key, index);
    }
    char bytes[8];
    weir_sorted_i64(number, bytes);
    weir_sorted_entry *entry = weir_sorted_put(self->state, &key->overflow, bytes, sizeof bytes, ring->slot_bytes, NULL);
    return entry == NULL ? NULL : weir_sorted_payload(entry);
}

weir_status window_ring_fold(window_aggregate *self, const weir_rows *rows, weir_error *error) {
    window_ring *ring = &self->ring;
    const weir_batch *batch = self->batch;
    int64_t last_end = INT64_MIN, number = 0, slide = slide_of(self);
    uint32_t index = 0;
    WEIR_TRY(weir_keyed_upsert(ring->keyed, batch->columns, self->spec->keys, rows, self->values, NULL, error));
    for (uint32_t k = 0; k < rows->count; k++) {
        uint32_t row = rows->index == NULL ? k : rows->index[k];
        int64_t end_ms = self->next_ends[row];
        if (end_ms != last_end) {
            last_end = end_ms;
            number = weir_floor_div(end_ms - self->spec->window.offset_ms, slide);
            index = index_of(ring, number);
            if (end_ms != ring->noted_ms && !window_slice_made(self, end_ms))
                return weir_fail_memory(error, self->base.context->name, sizeof(int64_t));
            ring->noted_ms = end_ms;
        }
        int64_t *slot = slot_of(self, self->values[row], number, index);
        if (slot == NULL)
            return weir_fail_memory(error, self->base.context->name, ring->slot_bytes);
        *slot += batch->kinds == NULL || weir_change_adds(batch->kinds[row]) ? 1 : -1;
        self->values[row] = slot;
    }
    return weir_agg_calls_update(&self->calls, self->values, rows, batch->kinds, batch->columns, error);
}

/* ---- reading a window ---- */

void window_ring_open(window_aggregate *self) {
    self->ring.cursor = 0;
    self->ring.noted_ms = INT64_MIN;
}

typedef struct reading {
    int64_t first, last; /* slice numbers of the window */
    int64_t *found;      /* the slot, or the fold of several */
    uint32_t parts;
} reading;

/* One more slot of the window. States that own nothing may be copied as bytes. */
static weir_status part_add(window_aggregate *self, reading *of, int64_t *slot, weir_error *error) {
    window_ring *ring = &self->ring;
    if (of->parts++ == 0) {
        of->found = slot;
        return WEIR_OK;
    }
    char *fold = ring->folds + (size_t)self->chunk.count * ring->slot_bytes;
    if (of->parts == 2) {
        memcpy(fold, of->found, ring->slot_bytes);
        of->found = (int64_t *)fold;
    }
    memcpy(ring->scratch, slot, ring->slot_bytes);
    *of->found += *slot;
    return weir_agg_calls_merge(&self->calls, of->found, ring->scratch, error);
}

/* The parts of the window in the tree whose slices are newer than `after`, from *entry down; then *entry is the next below. */
static weir_status tree_read(window_aggregate *self, weir_sorted_entry **entry, int64_t after, reading *of, weir_error *error) {
    for (; *entry != NULL; *entry = weir_sorted_previous(self->state, *entry)) {
        int64_t number = weir_sorted_get_i64(weir_sorted_key(*entry).data);
        if (number <= after || number < of->first)
            break;
        if (number <= of->last)
            WEIR_TRY(part_add(self, of, weir_sorted_payload(*entry), error));
    }
    return WEIR_OK;
}

/* The used slots, bit i for the slice base + i. */
static uint64_t used_from_base(const window_ring *ring, const ring_key *key, uint32_t first_index) {
    if (first_index == 0)
        return key->mask;
    uint64_t turned = key->mask >> first_index | key->mask << (ring->slots - first_index);
    return turned & (UINT64_MAX >> (64 - ring->slots));
}

static weir_status key_read(window_aggregate *self, ring_key *key, reading *of, bool *expires, weir_error *error) {
    window_ring *ring = &self->ring;
    uint32_t first_index = index_of(ring, key->base);
    uint64_t used = used_from_base(ring, key, first_index);
    weir_sorted_entry *oldest = weir_sorted_first(self->state, key->overflow), *newest = weir_sorted_last(self->state, key->overflow);
    of->found = NULL;
    of->parts = 0;
    *expires = (used != 0 && key->base + __builtin_ctzll(used) <= of->first) ||
               (oldest != NULL && weir_sorted_get_i64(weir_sorted_key(oldest).data) <= of->first);
    while (used != 0) {
        uint32_t place = 63 - (uint32_t)__builtin_clzll(used), index = first_index + place;
        int64_t number = key->base + place;
        used ^= UINT64_C(1) << place;
        WEIR_TRY(tree_read(self, &newest, number, of, error));
        if (number >= of->first && number <= of->last)
            WEIR_TRY(part_add(self, of, slot_at(ring, key, index < ring->slots ? index : index - ring->slots), error));
    }
    return tree_read(self, &newest, INT64_MIN, of, error);
}

weir_status window_ring_take(window_aggregate *self, bool *read, weir_error *error) {
    window_ring *ring = &self->ring;
    window_chunk *chunk = &self->chunk;
    int64_t slide = slide_of(self), size = self->spec->window.size_ms;
    reading of = {.last = weir_floor_div(self->open_end_ms - self->spec->window.offset_ms, slide)};
    of.first = of.last - size / slide + 1;
    *read = false;
    while (chunk->count < chunk->capacity && chunk->removal_count < chunk->capacity) {
        ring_key *key = weir_keyed_next(ring->keyed, &ring->cursor);
        if (key == NULL) {
            *read = true;
            return WEIR_OK;
        }
        bool expires;
        WEIR_TRY(key_read(self, key, &of, &expires, error));
        if (expires) {
            key->listed++;
            ring->bounds[chunk->removal_count] = of.first;
            chunk->removals[chunk->removal_count++] = key;
        }
        if (of.parts == 0 || *of.found <= 0)
            continue;
        chunk->keys[chunk->count] = key;
        chunk->values[chunk->count] = of.found;
        chunk->starts[chunk->count] = self->open_end_ms - size;
        chunk->ends[chunk->count++] = self->open_end_ms;
    }
    return WEIR_OK;
}

/* Slots up to slice `bound` are of no use any more. */
static void key_expire(window_aggregate *self, ring_key *key, int64_t bound) {
    window_ring *ring = &self->ring;
    for (uint64_t mask = key->mask; mask != 0; mask &= mask - 1) {
        uint32_t index = (uint32_t)__builtin_ctzll(mask);
        if (number_at(ring, key, index) > bound)
            continue;
        int64_t *slot = slot_at(ring, key, index);
        if (self->owns)
            weir_agg_calls_clear(&self->calls, slot);
        memset(slot, 0, ring->slot_bytes);
        key->mask &= ~(UINT64_C(1) << index);
    }
    while (key->overflow != 0) {
        weir_sorted_entry *entry = weir_sorted_first(self->state, key->overflow);
        if (weir_sorted_get_i64(weir_sorted_key(entry).data) > bound)
            break;
        if (self->owns)
            weir_agg_calls_clear(&self->calls, weir_sorted_payload(entry));
        weir_sorted_remove(self->state, &key->overflow, entry);
    }
}

void window_ring_release(window_aggregate *self) {
    enum { AHEAD = 8 };
    window_ring *ring = &self->ring;
    window_chunk *chunk = &self->chunk;
    for (uint32_t i = 0; i < chunk->removal_count; i++) {
        ring_key *key = chunk->removals[i];
        if (i + AHEAD < chunk->removal_count)
            weir_keyed_expect(ring->keyed, chunk->removals[i + AHEAD]);
        key_expire(self, key, ring->bounds[i]);
        if (--key->listed == 0 && key->mask == 0 && key->overflow == 0)
            weir_keyed_remove(ring->keyed, key);
    }
}
