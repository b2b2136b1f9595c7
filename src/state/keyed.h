/* A table from keys to fixed-size values, by key group; the heart of every keyed operator. Touched once per key and batch.
 *
 * The value is `value_bytes` of pointer-free bytes that the operator lays out itself (it may hold weir_refs to further blocks and tree
 * roots). An entry's address is stable until it is removed.
 * The index is extendible hashing over small open-addressing tables: it grows a segment at a time. Batches are hashed first and probed
 * with prefetch.
 */
#ifndef WEIR_STATE_KEYED_H
#define WEIR_STATE_KEYED_H

#include "column/batch.h"
#include "state/codec.h"
#include "state/state.h"

typedef struct weir_keyed weir_keyed;

/* Key types may be empty: one global key. `name` identifies the table within the operator ("accumulators"). NULL: no memory. */
weir_keyed *weir_keyed_create(weir_state *state, weir_arena *arena, const char *name, const weir_type *const *key_types, uint32_t key_count,
                              uint32_t value_bytes) WEIR_MUST_USE;
void weir_keyed_destroy(weir_keyed *keyed); /* the index; blocks belong to the state */

/* For every row: values[row] = its entry's value (zeroed when new); created[row] = 1 for the row that made it, else 0 (`created` may be
 * NULL).
 * `key_columns` index into `columns`. Arrays are indexed by physical row. */
weir_status weir_keyed_upsert(weir_keyed *keyed, weir_column *const *columns, const uint32_t *key_columns, const weir_rows *rows,
                              void **values, uint8_t *created, weir_error *error) WEIR_MUST_USE;
/* values[row] = NULL where there is no entry. */
weir_status weir_keyed_find(weir_keyed *keyed, weir_column *const *columns, const uint32_t *key_columns, const weir_rows *rows,
                            void **values, weir_error *error) WEIR_MUST_USE;
/* Single keys given as compact bytes (from a codec, or another entry). */
void *weir_keyed_upsert_bytes(weir_keyed *keyed, const char *key, size_t size, bool *created); /* NULL: no memory */
void *weir_keyed_find_bytes(weir_keyed *keyed, const char *key, size_t size);
void weir_keyed_remove(weir_keyed *keyed, void *value);
/* Warm the caches for a key that is looked up, or an entry that is removed, a few calls later. */
void weir_keyed_expect_bytes(const weir_keyed *keyed, const char *key, size_t size);
void weir_keyed_expect(const weir_keyed *keyed, const void *value);

/* The key of an entry. */
weir_text weir_keyed_key(const weir_keyed *keyed, const void *value);
uint32_t weir_keyed_group(const weir_keyed *keyed, const void *value);
/* Decode the key of an entry into out[0..key_count) at `row`. */
void weir_keyed_read_key(const weir_keyed *keyed, const void *value, weir_column *const *out, uint32_t row);
/* A reference that survives in pointer-free bytes, and back. */
weir_ref weir_keyed_ref(const weir_keyed *keyed, const void *value);
void *weir_keyed_value(const weir_keyed *keyed, weir_ref ref);

size_t weir_keyed_count(const weir_keyed *keyed);
/* All entries in order of creation (removed ones left out). Start with *cursor = 0; NULL at the end. Removing the entry just returned is
 * allowed. */
void *weir_keyed_next(weir_keyed *keyed, uint64_t *cursor);
/* A walk of its own that goes on from call to call, whatever is added and removed in between (each operator has one): state past its time
 * to live is looked for a piece at a time. NULL: at the end; the next call begins anew. */
void *weir_keyed_sweep(weir_keyed *keyed);

#endif
