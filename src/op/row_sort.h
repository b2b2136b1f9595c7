/* Sorting rows of a store by ORDER BY keys, stable: word by word.
 *
 * Every key is a sequence of 64-bit words whose unsigned order is the key's order (a number is one word, a decimal two, a text as many as
 * it has octets of bytes and then its size). The rows are sorted by the first word (radix for many, insertion for few); runs of equal words
 * are sorted by the next word, and so on. No encoded keys are kept: 16 bytes a row, twice while radix runs. Source of the scheme: multikey
 * (three-way radix) sorting, Bentley & Sedgewick, SODA 1997, here with 8-byte characters. Private to op/.
 */
#ifndef WEIR_OP_ROW_SORT_H
#define WEIR_OP_ROW_SORT_H

#include "op/row_store.h"
#include "state/codec.h"

typedef struct weir_sort_entry {
    uint64_t word;
    uint32_t row;
    uint32_t group; /* free for the caller until sorted; then 1 where the row's keys differ from the ones before it within the sorted range
                       (0: a peer) */
} weir_sort_entry;

typedef struct weir_row_sorter {
    const weir_row_store *store;
    const weir_sort_key *keys;
    uint32_t key_count;
    weir_sort_entry *scratch; /* as many as the entries that are sorted at once */
} weir_row_sorter;

/* Sort entries[0..count) by the keys of their rows; equal ones stay in their order. */
void weir_row_sort(const weir_row_sorter *sorter, weir_sort_entry *entries, uint32_t count);
/* The first word of a row's first key: a row with a smaller word sorts before one with a larger word. */
void weir_row_sort_words(const weir_sort_key *key, const weir_column *column, const weir_rows *rows, uint64_t *words /* by position */);
/* Can the keys be sorted? Nested ones cannot. */
bool weir_row_sort_able(const weir_type *const *types, const weir_sort_key *keys, uint32_t count);

#endif
