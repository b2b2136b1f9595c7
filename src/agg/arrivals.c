/* See arrivals.h. */
#include "agg/arrivals.h"

weir_status arrivals_add(weir_state *state, arrivals *self, weir_text bytes, weir_error *error) {
    char key[8];
    weir_sorted_i64(self->next++, key);
    weir_sorted_entry *entry = weir_sorted_put(state, &self->root, key, sizeof key, bytes.size, NULL);
    if (entry == NULL)
        return weir_fail_memory(error, "an aggregate", bytes.size);
    if (bytes.size > 0)
        memcpy(weir_sorted_payload(entry), bytes.data, bytes.size);
    return WEIR_OK;
}

void arrivals_remove(weir_state *state, arrivals *self, weir_text bytes) {
    for (weir_sorted_entry *at = weir_sorted_first(state, self->root); at != NULL; at = weir_sorted_next(state, at))
        if (weir_text_equal(arrival_bytes(at), bytes)) {
            weir_sorted_remove(state, &self->root, at);
            return;
        }
}

weir_status arrivals_merge(weir_state *state, arrivals *into, arrivals *from, weir_error *error) {
    for (weir_sorted_entry *at = weir_sorted_first(state, from->root); at != NULL; at = weir_sorted_next(state, at))
        WEIR_TRY(arrivals_add(state, into, arrival_bytes(at), error));
    arrivals_clear(state, from);
    return WEIR_OK;
}

void arrivals_clear(weir_state *state, arrivals *self) {
    weir_sorted_clear(state, &self->root);
    *self = (arrivals){0};
}
