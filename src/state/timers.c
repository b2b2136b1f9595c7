/* Timers as a heap of small records in one block of the state.
 *
 * Adding and removing both only push a record; what they mean is settled when the records of a pair come to the top together: the newest
 * one
 * says whether the timer is there. So a timer costs a push and a pop, however many there are, and a pair that is added twice fires once.
 * The heap has four children per node: half the levels of a binary one, with the children in one or two cache lines.
 */
#include "state/timers.h"

#include <string.h>

#include "state/state_int.h"

enum { ARITY = 4, CAPACITY_FIRST = 16 };

typedef struct record {
    int64_t time_ms;
    weir_ref key;
    uint64_t number; /* of the push, times two; odd: the timer is removed */
} record;

typedef struct timers_root {
    weir_ref heap;
    uint64_t count, capacity;
    uint64_t next_number;
    uint64_t removals; /* records that remove, in the heap */
} timers_root;

struct weir_timers {
    weir_state *state;
    weir_ref root;
};

static timers_root *root_of(const weir_timers *timers) { return state_at(timers->state, timers->root); }
static record *heap_of(const weir_timers *timers) {
    weir_ref heap = root_of(timers)->heap;
    return heap == 0 ? NULL : state_at(timers->state, heap);
}

static inline bool before(const record *a, const record *b) {
    if (a->time_ms != b->time_ms)
        return a->time_ms < b->time_ms;
    return a->key != b->key ? a->key < b->key : a->number < b->number;
}

static bool heap_room(weir_timers *timers) {
    timers_root *root = root_of(timers);
    if (root->count < root->capacity)
        return true;
    uint64_t wider = root->capacity == 0 ? CAPACITY_FIRST : root->capacity * 2;
    weir_ref moved = weir_state_alloc(timers->state, wider * sizeof(record));
    if (moved == 0)
        return false;
    root = root_of(timers);
    if (root->heap != 0)
        memcpy(state_at(timers->state, moved), state_at(timers->state, root->heap), root->count * sizeof(record));
    weir_state_free(timers->state, root->heap, root->capacity * sizeof(record));
    root->heap = moved;
    root->capacity = wider;
    return true;
}

static bool heap_push(weir_timers *timers, record made) {
    if (!heap_room(timers))
        return false;
    timers_root *root = weir_state_write(timers->state, timers->root);
    record *heap = weir_state_write(timers->state, root->heap);
    uint64_t at = root->count++;
    while (at > 0) {
        uint64_t parent = (at - 1) / ARITY;
        if (!before(&made, &heap[parent]))
            break;
        heap[at] = heap[parent];
        at = parent;
    }
    heap[at] = made;
    root->removals += made.number & 1;
    return true;
}

static record heap_pop(weir_timers *timers) {
    timers_root *root = weir_state_write(timers->state, timers->root);
    record *heap = weir_state_write(timers->state, root->heap);
    record top = heap[0], last = heap[--root->count];
    root->removals -= top.number & 1;
    for (uint64_t at = 0;;) {
        uint64_t first = at * ARITY + 1, best = first;
        if (first >= root->count) {
            heap[at] = last;
            break;
        }
        uint64_t end = first + ARITY < root->count ? first + ARITY : root->count;
        for (uint64_t child = first + 1; child < end; child++)
            if (before(&heap[child], &heap[best]))
                best = child;
        if (!before(&heap[best], &last)) {
            heap[at] = last;
            break;
        }
        heap[at] = heap[best];
        at = best;
    }
    return top;
}

/* Take all records of the pair at the top. True: the timer is there. */
static bool pair_pop(weir_timers *timers, record *newest) {
    *newest = heap_pop(timers);
    while (root_of(timers)->count > 0) {
        const record *top = heap_of(timers);
        if (top->time_ms != newest->time_ms || top->key != newest->key)
            break;
        *newest = heap_pop(timers);
    }
    return (newest->number & 1) == 0;
}

/* Until the record at the top belongs to a timer that is there. */
static void top_settle(weir_timers *timers) {
    while (root_of(timers)->removals > 0 && root_of(timers)->count > 0) {
        record newest;
        if (!pair_pop(timers, &newest))
            continue;
        bool pushed = heap_push(timers, newest); /* there is room: it has just been taken out */
        (void)pushed;
        return;
    }
}

weir_timers *weir_timers_create(weir_state *state, weir_arena *arena, const char *name) {
    weir_timers *timers = WEIR_ARENA_NEW(arena, weir_timers);
    weir_text root_name = weir_arena_format(arena, "%s/timers", name);
    if (timers == NULL || root_name.data == NULL)
        return NULL;
    timers->state = state;
    timers->root = weir_state_root(state, root_name.data, sizeof(timers_root));
    return timers->root == 0 ? NULL : timers;
}

void weir_timers_destroy(weir_timers *timers) { (void)timers; /* all of it lies in the state */ }

bool weir_timers_add(weir_timers *timers, int64_t time_ms, weir_ref key) {
    uint64_t number = root_of(timers)->next_number;
    if (!heap_push(timers, (record){time_ms, key, number}))
        return false;
    root_of(timers)->next_number = number + 2;
    return true;
}

void weir_timers_remove(weir_timers *timers, int64_t time_ms, weir_ref key) {
    uint64_t number = root_of(timers)->next_number;
    const record *top = root_of(timers)->count == 0 ? NULL : heap_of(timers);
    if (top == NULL)
        return;
    /* The pair at the top goes at once. Any other waits; without memory for the record, the slow way: leave it out of the heap. */
    if (top->time_ms == time_ms && top->key == key) {
        record newest;
        pair_pop(timers, &newest);
    } else if (heap_push(timers, (record){time_ms, key, number | 1})) {
        root_of(timers)->next_number = number + 2;
    } else {
        timers_root *root = root_of(timers);
        record *heap = heap_of(timers);
        for (uint64_t i = 0; i < root->count; i++)
            if (heap[i].time_ms == time_ms && heap[i].key == key && (heap[i].number & 1) == 0) {
                heap[i].number |= 1;
                root->removals++;
            }
    }
    top_settle(timers);
}

int64_t weir_timers_next_ms(const weir_timers *timers) { return root_of(timers)->count == 0 ? INT64_MAX : heap_of(timers)->time_ms; }

bool weir_timers_pop(weir_timers *timers, int64_t now_ms, int64_t *time_ms, weir_ref *key) {
    record newest;
    if (root_of(timers)->count == 0 || heap_of(timers)->time_ms > now_ms)
        return false;
    bool there = pair_pop(timers, &newest); /* the top is settled: it is */
    top_settle(timers);
    *time_ms = newest.time_ms;
    *key = newest.key;
    return there;
}
