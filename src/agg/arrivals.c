/* See arrivals.h. */
#include "agg/arrivals.h"

enum { NUMBER_BYTES = 8, LENGTH_BYTES = 8, KEY_BYTES_LOCAL = 256 };

/* length, bytes, and room for the number. In `local` when it fits; NULL: no memory. */
static char *index_key(weir_memory *memory, weir_text bytes, char local[KEY_BYTES_LOCAL]) {
    size_t size = LENGTH_BYTES + bytes.size + NUMBER_BYTES;
    char *key = size <= KEY_BYTES_LOCAL ? local : weir_memory_alloc(memory, size);
    if (key == NULL)
        return NULL;
    weir_sorted_i64((int64_t)bytes.size, key);
    if (bytes.size > 0)
        memcpy(key + LENGTH_BYTES, bytes.data, bytes.size);
    return key;
}

static void index_key_free(weir_memory *memory, weir_text bytes, char *key, const char *local) {
    if (key != local)
        weir_memory_free(memory, key, LENGTH_BYTES + bytes.size + NUMBER_BYTES);
}

weir_status arrivals_add(weir_state *state, arrivals *self, weir_text bytes, weir_error *error) {
    char number[NUMBER_BYTES], local[KEY_BYTES_LOCAL];
    weir_memory *memory = weir_state_memory(state);
    char *key = index_key(memory, bytes, local);
    if (key == NULL)
        return weir_fail_memory(error, "an aggregate", bytes.size);
    weir_sorted_i64(self->next, number);
    memcpy(key + LENGTH_BYTES + bytes.size, number, NUMBER_BYTES);
    weir_sorted_entry *entry = weir_sorted_put(state, &self->root, number, NUMBER_BYTES, bytes.size, NULL);
    weir_sorted_entry *indexed =
        entry == NULL ? NULL : weir_sorted_put(state, &self->index, key, LENGTH_BYTES + bytes.size + NUMBER_BYTES, 0, NULL);
    index_key_free(memory, bytes, key, local);
    if (indexed == NULL) {
        if (entry != NULL)
            weir_sorted_remove(state, &self->root, entry);
        return weir_fail_memory(error, "an aggregate", bytes.size);
    }
    if (bytes.size > 0)
        memcpy(weir_sorted_payload(entry), bytes.data, bytes.size);
    self->next++;
    return WEIR_OK;
}

weir_status arrivals_remove(weir_state *state, arrivals *self, weir_text bytes, weir_error *error) {
    char local[KEY_BYTES_LOCAL];
    weir_memory *memory = weir_state_memory(state);
    char *key = index_key(memory, bytes, local);
    if (key == NULL)
        return weir_fail_memory(error, "an aggregate", bytes.size);
    size_t size = LENGTH_BYTES + bytes.size;
    weir_sorted_entry *indexed = weir_sorted_seek(state, self->index, key, size, false);
    weir_text found = indexed == NULL ? (weir_text){0} : weir_sorted_key(indexed);
    if (found.size == size + NUMBER_BYTES && memcmp(found.data, key, size) == 0) {
        weir_sorted_entry *entry = weir_sorted_find(state, self->root, found.data + size, NUMBER_BYTES);
        if (entry != NULL)
            weir_sorted_remove(state, &self->root, entry);
        weir_sorted_remove(state, &self->index, indexed);
    }
    index_key_free(memory, bytes, key, local);
    return WEIR_OK;
}

weir_status arrivals_merge(weir_state *state, arrivals *into, arrivals *from, weir_error *error) {
    for (weir_sorted_entry *at = weir_sorted_first(state, from->root); at != NULL; at = weir_sorted_next(state, at))
        WEIR_TRY(arrivals_add(state, into, arrival_bytes(at), error));
    arrivals_clear(state, from);
    return WEIR_OK;
}

void arrivals_clear(weir_state *state, arrivals *self) {
    weir_sorted_clear(state, &self->root);
    weir_sorted_clear(state, &self->index);
    *self = (arrivals){0};
}
