/* Timers as one ordered collection by (time, registration number), with a table from (time, key) to the number, so that a pair is
 * registered once. All of it lies in the state. */
#include "state/timers.h"

#include <string.h>

#include "state/keyed.h"
#include "state/sorted.h"
#include "state/state_int.h"

enum { PAIR_BYTES = 16, ORDER_BYTES = 16 };

typedef struct timers_root {
    weir_ref tree; /* (time, number) -> key */
    int64_t next_number;
} timers_root;

struct weir_timers {
    weir_state *state;
    weir_keyed *numbers; /* (time, key) -> number */
    weir_ref root;
    int64_t next_ms; /* of the first timer, INT64_MAX: none */
};

static void next_refresh(weir_timers *timers) {
    const timers_root *root = state_at(timers->state, timers->root);
    weir_sorted_entry *first = weir_sorted_first(timers->state, root->tree);
    timers->next_ms = first == NULL ? INT64_MAX : weir_sorted_get_i64(weir_sorted_key(first).data);
}

weir_timers *weir_timers_create(weir_state *state, weir_arena *arena, const char *name) {
    weir_timers *timers = WEIR_ARENA_NEW(arena, weir_timers);
    weir_text tree_name = weir_arena_format(arena, "%s/timers", name), pairs_name = weir_arena_format(arena, "%s/pairs", name);
    if (timers == NULL || tree_name.data == NULL || pairs_name.data == NULL)
        return NULL;
    timers->state = state;
    timers->root = weir_state_root(state, tree_name.data, sizeof(timers_root));
    if (timers->root == 0)
        return NULL;
    timers->numbers = weir_keyed_create(state, arena, pairs_name.data, NULL, 0, sizeof(int64_t));
    if (timers->numbers == NULL)
        return NULL;
    next_refresh(timers);
    return timers;
}

void weir_timers_destroy(weir_timers *timers) {
    if (timers != NULL)
        weir_keyed_destroy(timers->numbers);
}

static void pair_put(int64_t time_ms, weir_ref key, char out[PAIR_BYTES]) {
    memcpy(out, &time_ms, 8);
    memcpy(out + 8, &key, 8);
}

static void order_put(int64_t time_ms, int64_t number, char out[ORDER_BYTES]) {
    weir_sorted_i64(time_ms, out);
    weir_sorted_i64(number, out + 8);
}

bool weir_timers_add(weir_timers *timers, int64_t time_ms, weir_ref key) {
    char pair[PAIR_BYTES], order[ORDER_BYTES];
    bool created;
    pair_put(time_ms, key, pair);
    int64_t *number = weir_keyed_upsert_bytes(timers->numbers, pair, sizeof pair, &created);
    if (number == NULL)
        return false;
    if (!created)
        return true;
    timers_root *root = weir_state_write(timers->state, timers->root);
    *number = root->next_number;
    order_put(time_ms, *number, order);
    weir_sorted_entry *entry = weir_sorted_put(timers->state, &root->tree, order, sizeof order, sizeof key, &created);
    if (entry == NULL) {
        weir_keyed_remove(timers->numbers, number);
        return false;
    }
    memcpy(weir_sorted_payload(entry), &key, sizeof key);
    root->next_number++;
    if (time_ms < timers->next_ms)
        timers->next_ms = time_ms;
    return true;
}

void weir_timers_remove(weir_timers *timers, int64_t time_ms, weir_ref key) {
    char pair[PAIR_BYTES], order[ORDER_BYTES];
    pair_put(time_ms, key, pair);
    int64_t *number = weir_keyed_find_bytes(timers->numbers, pair, sizeof pair);
    if (number == NULL)
        return;
    timers_root *root = weir_state_write(timers->state, timers->root);
    order_put(time_ms, *number, order);
    weir_sorted_entry *entry = weir_sorted_find(timers->state, root->tree, order, sizeof order);
    weir_sorted_remove(timers->state, &root->tree, entry);
    weir_keyed_remove(timers->numbers, number);
    next_refresh(timers);
}

int64_t weir_timers_next_ms(const weir_timers *timers) { return timers->next_ms; }

bool weir_timers_pop(weir_timers *timers, int64_t now_ms, int64_t *time_ms, weir_ref *key) {
    timers_root *root = weir_state_write(timers->state, timers->root);
    weir_sorted_entry *first = timers->next_ms > now_ms ? NULL : weir_sorted_first(timers->state, root->tree);
    if (first == NULL)
        return false;
    char pair[PAIR_BYTES];
    *time_ms = weir_sorted_get_i64(weir_sorted_key(first).data);
    memcpy(key, weir_sorted_payload(first), sizeof *key);
    weir_sorted_remove(timers->state, &root->tree, first);
    pair_put(*time_ms, *key, pair);
    weir_keyed_remove(timers->numbers, weir_keyed_find_bytes(timers->numbers, pair, sizeof pair));
    next_refresh(timers);
    return true;
}
