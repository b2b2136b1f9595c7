/* An ordered collection inside a keyed value: key bytes (compared by memcmp, shorter first on a tie) -> payload bytes; pointer-free, its
 * root is one weir_ref in the value.
 * Used for retractable MIN/MAX, Top-N, time-sorted buffers, versions, join rows, DISTINCT sets. Keys are unique: add a sequence number
 * where duplicates must be kept.
 * A B+-tree-like or skip-list structure; operations O(log n). All functions return NULL / false / WEIR_MEMORY where said and leave the
 * collection as it was then.
 */
#ifndef WEIR_STATE_SORTED_H
#define WEIR_STATE_SORTED_H

#include "state/state.h"

typedef struct weir_sorted_entry weir_sorted_entry; /* opaque: lies in a state page; stable until removed */

/* Find or make the entry for key; payload_bytes are zeroed when it is new (*created). NULL: no memory. An existing entry keeps its payload
 * and its size. */
weir_sorted_entry *weir_sorted_put(weir_state *state, weir_ref *root, const char *key, size_t key_bytes, size_t payload_bytes,
                                   bool *created) WEIR_MUST_USE;
weir_sorted_entry *weir_sorted_find(const weir_state *state, weir_ref root, const char *key, size_t key_bytes);
void weir_sorted_remove(weir_state *state, weir_ref *root, weir_sorted_entry *entry);
void weir_sorted_clear(weir_state *state, weir_ref *root); /* removes all */
size_t weir_sorted_count(const weir_state *state, weir_ref root);

weir_sorted_entry *weir_sorted_first(const weir_state *state, weir_ref root); /* NULL: empty */
weir_sorted_entry *weir_sorted_last(const weir_state *state, weir_ref root);
weir_sorted_entry *weir_sorted_next(const weir_state *state, weir_sorted_entry *entry); /* NULL: the end */
weir_sorted_entry *weir_sorted_previous(const weir_state *state, weir_sorted_entry *entry);
/* The first entry whose key is >= (or with `after` >) the given one; NULL: none. */
weir_sorted_entry *weir_sorted_seek(const weir_state *state, weir_ref root, const char *key, size_t key_bytes, bool after);
/* Entries before `entry` in order: its rank from 0. */
size_t weir_sorted_rank(const weir_state *state, weir_ref root, const weir_sorted_entry *entry);

weir_text weir_sorted_key(const weir_sorted_entry *entry);
void *weir_sorted_payload(weir_sorted_entry *entry);
size_t weir_sorted_payload_bytes(const weir_sorted_entry *entry);

/* Order-preserving big-endian form of an int64, 8 bytes: for time keys and sequence numbers. */
void weir_sorted_i64(int64_t value, char out[8]);
int64_t weir_sorted_get_i64(const char *bytes);

#endif
