/* Partial and completed matches by their first row: a binary heap. Matches that begin at the same row are equal, and which of them comes
 * first is decided by where the heap has put them; so the steps are those of java.util.PriorityQueue. See match_int.h. */
#include "op/match_int.h"

static void sift_up(match_heap *heap, size_t at, match_partial item) {
    while (at > 0) {
        size_t parent = (at - 1) / 2;
        if (item.start >= heap->items[parent].start)
            break;
        heap->items[at] = heap->items[parent];
        at = parent;
    }
    heap->items[at] = item;
}

static void sift_down(match_heap *heap, size_t at, match_partial item) {
    size_t half = heap->count / 2;
    while (at < half) {
        size_t child = 2 * at + 1;
        if (child + 1 < heap->count && heap->items[child].start > heap->items[child + 1].start)
            child++;
        if (item.start <= heap->items[child].start)
            break;
        heap->items[at] = heap->items[child];
        at = child;
    }
    heap->items[at] = item;
}

bool match_heap_add(match_heap *heap, weir_memory *memory, match_partial item) {
    if (heap->count == heap->capacity &&
        !weir_memory_grow(memory, (void **)&heap->items, &heap->capacity, heap->count + 1, sizeof *heap->items))
        return false;
    heap->count++;
    sift_up(heap, heap->count - 1, item);
    return true;
}

match_partial match_heap_take(match_heap *heap) {
    match_partial first = heap->items[0];
    heap->count--;
    if (heap->count > 0)
        sift_down(heap, 0, heap->items[heap->count]);
    return first;
}

void match_heap_prune(match_heap *heap, const match_chains *chains, int64_t end) {
    size_t kept = 0;
    for (size_t i = 0; i < heap->count; i++) {
        match_partial item = heap->items[i];
        if (item.start != INT64_MAX && item.start < end)
            match_node_release(chains, item.node);
        else
            heap->items[kept++] = item;
    }
    if (kept == heap->count)
        return;
    heap->count = kept;
    for (size_t i = kept / 2; i-- > 0;)
        sift_down(heap, i, heap->items[i]);
}
