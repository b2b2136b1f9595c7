/* Lists of kept rows; see join_rows.h. */
#include "op/join_rows.h"

#include <string.h>

#include "base/hash.h"
#include "state/sorted.h"

enum { INDEX_FROM_ROWS = 32, INDEX_KEY_BYTES = 16 };

static void index_key(uint64_t hash, weir_ref ref, char out[INDEX_KEY_BYTES]) {
    weir_sorted_i64((int64_t)hash, out);
    weir_sorted_i64((int64_t)ref, out + 8);
}

static bool index_add(weir_state *state, weir_join_list *list, const weir_join_row *row) {
    char key[INDEX_KEY_BYTES];
    bool created;
    index_key(row->hash, row->self, key);
    return weir_sorted_put(state, &list->index, key, sizeof key, 0, &created) != NULL;
}

static bool index_build(weir_state *state, weir_join_list *list) {
    for (weir_join_row *row = weir_join_row_at(state, list->first); row != NULL; row = weir_join_row_at(state, row->next)) {
        if (!index_add(state, list, row)) {
            weir_sorted_clear(state, &list->index);
            return false;
        }
    }
    return true;
}

weir_join_row *weir_join_list_add(weir_state *state, weir_join_list *list, const char *bytes, size_t size, uint32_t matches,
                                  int64_t stamp_ms) {
    weir_ref ref = weir_state_alloc(state, sizeof(weir_join_row) + size);
    if (ref == 0)
        return NULL;
    weir_join_row *row = weir_state_write(state, ref);
    *row = (weir_join_row){.self = ref,
                           .previous = list->last,
                           .stamp_ms = stamp_ms,
                           .hash = weir_hash_bytes(bytes, size),
                           .size = (uint32_t)size,
                           .matches = matches};
    memcpy(row->bytes, bytes, size);
    if (list->index != 0 && !index_add(state, list, row)) {
        weir_state_free(state, ref, sizeof(weir_join_row) + size);
        return NULL;
    }
    if (list->last != 0)
        weir_join_row_at(state, list->last)->next = ref;
    else
        list->first = ref;
    list->last = ref;
    list->count++;
    return row;
}

static bool row_equal(const weir_join_row *row, uint64_t hash, const char *bytes, size_t size) {
    return row->hash == hash && row->size == size && memcmp(row->bytes, bytes, size) == 0;
}

weir_join_row *weir_join_list_find(weir_state *state, const weir_join_list *list, const char *bytes, size_t size) {
    uint64_t hash = weir_hash_bytes(bytes, size);
    weir_join_list *writable = (weir_join_list *)list; /* the index is a cache of the list */
    if (list->index == 0 && (list->count < INDEX_FROM_ROWS || !index_build(state, writable))) {
        weir_join_row *row = weir_join_row_at(state, list->first);
        while (row != NULL && !row_equal(row, hash, bytes, size))
            row = weir_join_row_at(state, row->next);
        return row;
    }
    char key[INDEX_KEY_BYTES];
    index_key(hash, 0, key);
    memset(key + 8, 0, 8);
    for (weir_sorted_entry *entry = weir_sorted_seek(state, list->index, key, sizeof key, false); entry != NULL;
         entry = weir_sorted_next(state, entry)) {
        weir_text at = weir_sorted_key(entry);
        if (memcmp(at.data, key, 8) != 0)
            return NULL;
        weir_join_row *row = weir_join_row_at(state, (weir_ref)weir_sorted_get_i64(at.data + 8));
        if (row_equal(row, hash, bytes, size))
            return row;
    }
    return NULL;
}

void weir_join_list_remove(weir_state *state, weir_join_list *list, weir_join_row *row) {
    if (list->index != 0) {
        char key[INDEX_KEY_BYTES];
        index_key(row->hash, row->self, key);
        weir_sorted_entry *entry = weir_sorted_find(state, list->index, key, sizeof key);
        if (entry != NULL)
            weir_sorted_remove(state, &list->index, entry);
    }
    if (row->previous != 0)
        weir_join_row_at(state, row->previous)->next = row->next;
    else
        list->first = row->next;
    if (row->next != 0)
        weir_join_row_at(state, row->next)->previous = row->previous;
    else
        list->last = row->previous;
    list->count--;
    weir_state_free(state, row->self, sizeof(weir_join_row) + row->size);
}
