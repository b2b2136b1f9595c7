/* Arrow C data and stream interface (the three structs of the specification), and export / import of batches.
 *
 * Export: bitmaps are packed; text becomes `u` (utf8), bytes `z` (32-bit offsets: a batch with more than 2 GiB in one column is an error);
 * DECIMAL `d:p,s`; TIMESTAMP p <= 3 `tsm:`, p <= 6 `tsu:`, p > 6 `tsn:` (an error outside 1677..2262), LTZ with zone UTC; TIME `ttm`, DATE
 * `tdD`; intervals `tiM` / `tDm` (duration ms); nested `+l`, `+m` (a MULTISET is a map to its counts), `+s`; NULL `n`. Fixed-width columns
 * without selection are shared, not copied; with a selection nothing is shared. Import takes the same and unsigned integers, large and view
 * text, fixed-size binary and lists, other time units, dictionaries. Left out, and refused by name: unions, run-end encoding, list views,
 * half floats, decimals beyond 128 bits.
 */
#ifndef WEIR_COLUMN_ARROW_H
#define WEIR_COLUMN_ARROW_H

#include "column/batch.h"

#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE
#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4
struct ArrowSchema {
    const char *format;
    const char *name;
    const char *metadata;
    int64_t flags;
    int64_t n_children;
    struct ArrowSchema **children;
    struct ArrowSchema *dictionary;
    void (*release)(struct ArrowSchema *);
    void *private_data;
};
struct ArrowArray {
    int64_t length;
    int64_t null_count;
    int64_t offset;
    int64_t n_buffers;
    int64_t n_children;
    const void **buffers;
    struct ArrowArray **children;
    struct ArrowArray *dictionary;
    void (*release)(struct ArrowArray *);
    void *private_data;
};
#endif
#ifndef ARROW_C_STREAM_INTERFACE
#define ARROW_C_STREAM_INTERFACE
struct ArrowArrayStream {
    int (*get_schema)(struct ArrowArrayStream *, struct ArrowSchema *out);
    int (*get_next)(struct ArrowArrayStream *, struct ArrowArray *out);
    const char *(*get_last_error)(struct ArrowArrayStream *);
    void (*release)(struct ArrowArrayStream *);
    void *private_data;
};
#endif

/* Whoever receives an exported struct calls its release when done, from any thread; the memory account given to export must live until
 * then. */

/* The schema as a struct of the fields; with_kind adds a last column "op" (int8: weir_change). */
weir_status weir_arrow_export_schema(const weir_schema *schema, bool with_kind, struct ArrowSchema *out, weir_error *error) WEIR_MUST_USE;
/* The selected rows as one struct array; `batch` stays the caller's, its columns are kept alive by references. */
weir_status weir_arrow_export_batch(weir_memory *memory, const weir_batch *batch, const weir_schema *schema, bool with_kind,
                                    struct ArrowArray *out, weir_error *error) WEIR_MUST_USE;
/* Types and names of a foreign schema, made in the arena. */
weir_status weir_arrow_import_schema(weir_arena *arena, const struct ArrowSchema *schema, weir_schema *out,
                                     weir_error *error) WEIR_MUST_USE;
/* Rows [from, from + count) of a foreign struct array as a batch of the types in `as` (one per child, in order; they must outlive the
 * batch). Integers may widen or narrow (a value that does not fit is an error), time units convert toward the past. Everything is copied;
 * `array` stays the caller's. */
weir_status weir_arrow_import_batch(weir_memory *memory, const struct ArrowSchema *schema, const struct ArrowArray *array,
                                    const weir_schema *as, int64_t from, uint32_t count, weir_batch **out, weir_error *error) WEIR_MUST_USE;

#endif
