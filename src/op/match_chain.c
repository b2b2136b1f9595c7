/* The rows of partial matches. A partial match is the reference of its last node; matches that begin alike share the nodes before. Rows and
 * nodes are counted references in state blocks; see match_int.h. */
#include <string.h>

#include "op/match_int.h"

static match_row *row_at(const weir_state *state, weir_ref row) { return weir_state_write((weir_state *)(uintptr_t)state, row); }
static match_node *node_at(const weir_state *state, weir_ref node) { return weir_state_write((weir_state *)(uintptr_t)state, node); }
static const match_node *node_read(const weir_state *state, weir_ref node) { return node == 0 ? NULL : weir_state_read(state, node); }

weir_ref match_row_keep(weir_state *state, const char *bytes, size_t size, int64_t sequence) {
    weir_ref ref = weir_state_alloc(state, sizeof(match_row) + size);
    if (ref == 0)
        return 0;
    match_row *row = row_at(state, ref);
    *row = (match_row){.references = 1, .sequence = sequence, .bytes = (int64_t)size};
    memcpy(row + 1, bytes, size);
    return ref;
}

void match_row_release(weir_state *state, weir_ref ref) {
    if (ref == 0)
        return;
    match_row *row = row_at(state, ref);
    if (--row->references == 0)
        weir_state_free(state, ref, sizeof(match_row) + (size_t)row->bytes);
}

weir_ref match_node_add(const match_chains *chains, weir_ref previous, uint32_t stage, weir_ref row) {
    weir_state *state = chains->state;
    weir_ref ref = weir_state_alloc(state, chains->node_bytes);
    if (ref == 0)
        return 0;
    match_node *node = node_at(state, ref);
    *node = (match_node){.previous = previous, .row = row, .references = 1, .stage = stage, .count = 1, .first = ref};
    row_at(state, row)->references++;
    if (previous == 0)
        return ref;
    match_node *before = node_at(state, previous);
    before->references++;
    memcpy(node + 1, before + 1, chains->node_bytes - sizeof *node);
    if (before->stage == stage) {
        node->base = before->base;
        node->first = before->first;
        node->count = before->count + 1;
    } else {
        node->base = previous;
    }
    return ref;
}

void match_node_hold(const match_chains *chains, weir_ref node) {
    if (node != 0)
        node_at(chains->state, node)->references++;
}

void match_node_release(const match_chains *chains, weir_ref ref) {
    weir_state *state = chains->state;
    while (ref != 0) {
        match_node *node = node_at(state, ref);
        if (--node->references > 0)
            return;
        weir_ref previous = node->previous;
        match_row_release(state, node->row);
        weir_state_free(state, ref, chains->node_bytes);
        ref = previous;
    }
}

const match_node *match_node_last(const weir_state *state, weir_ref ref, uint32_t stage) {
    const match_node *node = node_read(state, ref);
    if (stage == WEIR_MATCH_ANY)
        return node;
    while (node != NULL && node->stage > stage)
        node = node_read(state, node->base);
    return node != NULL && node->stage == stage ? node : NULL;
}

int64_t match_node_sequence(const weir_state *state, const match_node *node) {
    return ((const match_row *)weir_state_read(state, node->row))->sequence;
}

int64_t match_node_first_sequence(const weir_state *state, const match_node *node) {
    return match_node_sequence(state, node_read(state, node->first));
}

static const char *bytes_of(const weir_state *state, const match_node *node) {
    return node == NULL ? NULL : match_row_bytes(weir_state_read(state, node->row));
}

static const match_node *steps_back(const weir_state *state, const match_node *node, uint64_t steps) {
    for (; node != NULL && steps > 0; steps--)
        node = node_read(state, node->previous);
    return node;
}

/* Rows of all stages, and the first of them. */
static uint64_t chain_length(const weir_state *state, const match_node *node, const match_node **first) {
    uint64_t length = 0;
    for (; node != NULL; node = node_read(state, node->base)) {
        length += node->count;
        *first = node_read(state, node->first);
    }
    return length;
}

static const char *first_row(const weir_state *state, weir_ref ref, const weir_match_source *source, const char *current) {
    const match_node *last = match_node_last(state, ref, source->variable), *first = NULL;
    uint64_t count = 0;
    if (source->variable == WEIR_MATCH_ANY) {
        count = chain_length(state, last, &first);
    } else if (last != NULL) {
        count = last->count;
        first = node_read(state, last->first);
    }
    if (source->offset >= count)
        return source->offset == count ? current : NULL;
    return bytes_of(state, source->offset == 0 ? first : steps_back(state, last, count - 1 - source->offset));
}

static const char *last_row(const weir_state *state, weir_ref ref, const weir_match_source *source, const char *current) {
    uint32_t offset = source->offset;
    if (current != NULL && offset-- == 0)
        return current;
    const match_node *last = match_node_last(state, ref, source->variable);
    if (last == NULL || (source->variable != WEIR_MATCH_ANY && offset >= last->count))
        return NULL;
    return bytes_of(state, steps_back(state, last, offset));
}

const char *match_chain_row(const weir_state *state, weir_ref node, const weir_match_source *source, uint32_t stage, const char *current) {
    if (source->kind == WEIR_MATCH_CURRENT)
        return current;
    if (source->variable != stage && source->variable != WEIR_MATCH_ANY)
        current = NULL;
    return source->kind == WEIR_MATCH_FIRST ? first_row(state, node, source, current) : last_row(state, node, source, current);
}
