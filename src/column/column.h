/* A column: the values of one field for the rows of a batch.
 *
 * Layout is Arrow's where it helps and ours where loops are faster: fixed-width values in one array; validity and booleans as one byte
 * per row (1 = valid / true; packed to bitmaps only at the Arrow border); text as 16-byte views with a 4-byte prefix, pointing into
 * buffers that the column keeps alive; arrays and maps as spans over child columns; rows as child columns.
 *
 * Life: create -> fill (one owner, one thread) -> share by reference (immutable from then on, any thread) -> unref.
 * Values are zeroed at creation, so that a loop may run over rows that are NULL or not selected: it meets zeros and empty views, never
 * garbage. Writing text can run out of memory: `failed` is set and stays, the caller checks once per column.
 */
#ifndef WEIR_COLUMN_COLUMN_H
#define WEIR_COLUMN_COLUMN_H

#include <string.h>

#include "base/word.h"
#include "column/buffer.h"
#include "types/type.h"
#include "types/value.h"

enum { WEIR_BATCH_ROWS = 4096, WEIR_VIEW_INLINE_BYTES = 12 };

/* Text or bytes: up to 12 bytes inline (unused ones are zero), else a pointer and the first 4 bytes. */
typedef struct weir_view {
    uint32_t size;
    union {
        char inlined[WEIR_VIEW_INLINE_BYTES];
        struct {
            char prefix[4];
            const char *data __attribute__((packed, aligned(4)));
        } far;
    } as;
} weir_view;
_Static_assert(sizeof(weir_view) == 16, "a view is 16 bytes, as in Arrow");

typedef struct weir_span {
    uint32_t start; /* first child row */
    uint32_t count;
} weir_span;

typedef struct weir_column {
    _Atomic uint32_t references;
    weir_memory *memory;
    const weir_type *type; /* lives longer than the column: in the job's or the library's arena */
    weir_layout layout;
    uint32_t capacity; /* rows */
    bool failed;       /* a write ran out of memory */
    void *values;      /* array of the layout's C type; NULL for WEIR_LAYOUT_NONE */
    uint8_t *valid;    /* 1 per valid row; NULL: every row is valid */
    uint8_t *valid_storage;
    weir_buffer *block; /* holds values and valid_storage */
    /* text */
    weir_buffer **kept; /* buffers that views point into */
    uint32_t kept_count;
    uint32_t kept_capacity;
    char *text_at; /* free space in the newest of our own text buffers */
    char *text_end;
    /* nested: ARRAY, MULTISET 1; MAP 2; ROW one per field */
    struct weir_column **children;
    uint32_t child_count;
    uint32_t child_rows; /* ARRAY, MULTISET, MAP: rows used in the children while filling */
} weir_column;

/* All rows valid and zero. NULL: no memory. Children of ARRAY/MAP start with room for `capacity` elements and grow by weir_column_span_add.
 */
weir_column *weir_column_create(weir_memory *memory, const weir_type *type, uint32_t capacity) WEIR_MUST_USE;
weir_column *weir_column_ref(weir_column *column);
void weir_column_unref(weir_column *column); /* NULL is fine */

#define WEIR_VALUES(column, c_type) ((c_type *)(column)->values)

static inline bool weir_column_is_valid(const weir_column *column, uint32_t row) {
    return column->valid == NULL || column->valid[row] != 0;
}

/* From now on every row has its own validity byte; starts as all valid. Cannot fail. */
static inline uint8_t *weir_column_open_valid(weir_column *column) {
    if (column->valid == NULL) {
        memset(column->valid_storage, 1, column->capacity);
        column->valid = column->valid_storage;
    }
    return column->valid;
}
static inline void weir_column_set_null(weir_column *column, uint32_t row) { weir_column_open_valid(column)[row] = 0; }

static inline weir_text weir_view_text(const weir_view *view) {
    return (weir_text){view->size <= WEIR_VIEW_INLINE_BYTES ? view->as.inlined : view->as.far.data, view->size};
}
/* A view over bytes that somebody else keeps alive. */
static inline weir_view weir_view_over(const char *data, uint32_t size) {
    uint64_t words[2] = {size, 0};
    if (size > WEIR_VIEW_INLINE_BYTES) {
        words[0] |= (uint64_t)weir_word_load_u32(data) << 32;
        words[1] = (uint64_t)(uintptr_t)data;
    } else if (size > 0) {
        uint64_t low = size >= 8 ? weir_word_load(data) : weir_word_load_tail(data, size);
        uint64_t high = size > 8 ? weir_word_load_tail(data + 8, size - 8) : 0;
        words[0] |= low << 32;
        words[1] = low >> 32 | high << 32;
    }
    weir_view view;
    memcpy(&view, words, sizeof view);
    return view;
}
static inline bool weir_view_equal(const weir_view *a, const weir_view *b) {
    uint64_t a_head, b_head; /* size and prefix at once */
    memcpy(&a_head, a, 8);
    memcpy(&b_head, b, 8);
    if (a_head != b_head)
        return false;
    if (a->size <= WEIR_VIEW_INLINE_BYTES)
        return memcmp(a->as.inlined + 4, b->as.inlined + 4, 8) == 0;
    return memcmp(a->as.far.data, b->as.far.data, a->size) == 0;
}
int weir_view_compare(const weir_view *a, const weir_view *b); /* bytewise */

static inline weir_text weir_column_text(const weir_column *column, uint32_t row) {
    return weir_view_text(&WEIR_VALUES(column, weir_view)[row]);
}

/* Copy bytes into the column's own text memory and set the row. Sets `failed` without memory. */
void weir_column_put_text(weir_column *column, uint32_t row, weir_text text);
/* Room for `size` bytes of the column's own text memory, to be written by the caller and then set by weir_column_set_view. NULL sets
 * `failed`. */
char *weir_column_text_room(weir_column *column, size_t size);
static inline void weir_column_set_view(weir_column *column, uint32_t row, const char *data, size_t size) {
    WEIR_VALUES(column, weir_view)[row] = weir_view_over(data, (uint32_t)size);
}
/* Keep `buffer` alive as long as the column: its views may point into it. False (and failed): no memory. */
bool weir_column_keep(weir_column *column, weir_buffer *buffer);
/* Keep alive whatever `source` (and its children) keeps alive, so that its views may be copied as they are. */
bool weir_column_keep_from(weir_column *column, const weir_column *source);

/* Nested writing: make row `row` of an ARRAY/MAP/MULTISET column a span of `count` new child rows; returns the first of them
 * (children grow as needed; refetch their `values` afterwards). UINT32_MAX sets `failed`. */
uint32_t weir_column_span_add(weir_column *column, uint32_t row, uint32_t count);

/* What Flink's code reads of a NULL where a type has none: '' or -1 or FALSE. False, and the row is NULL: the layout has no such value. */
bool weir_column_put_default(weir_column *column, uint32_t row);

/* Copy values (deep for nested types; views are shared through weir_column_keep_from, called once by the caller-facing functions below). */
void weir_column_copy_row(weir_column *target, uint32_t target_row, const weir_column *source, uint32_t source_row);
/* target[target_at + k] = source[index[k]] for k < count; index NULL: k itself. index[k] == UINT32_MAX makes the row NULL. */
void weir_column_gather(weir_column *target, uint32_t target_at, const weir_column *source, const uint32_t *index, uint32_t count);
/* A new column of source[index[k]]; NULL: no memory. */
weir_column *weir_column_take(weir_memory *memory, const weir_column *source, const uint32_t *index, uint32_t count) WEIR_MUST_USE;
/* A column of `rows` times the value. */
weir_column *weir_column_of_value(weir_memory *memory, const weir_value *value, uint32_t rows) WEIR_MUST_USE;
/* `source` with a row valid only where also_valid[row] is 1 as well; shares everything but the validity of `rows` rows. NULL: no memory. */
weir_column *weir_column_mask(weir_memory *memory, const weir_column *source, const uint8_t *also_valid, uint32_t rows) WEIR_MUST_USE;
/* Box one row; text and items are copied into the arena. */
weir_status weir_column_get_value(const weir_column *column, uint32_t row, weir_arena *arena, weir_value *out) WEIR_MUST_USE;
void weir_column_put_value(weir_column *column, uint32_t row, const weir_value *value);

/* Equality of two rows as GROUP BY sees it: NULL equals NULL, NaN equals NaN, -0.0 equals 0.0; deep. */
bool weir_column_rows_equal(const weir_column *a, uint32_t a_row, const weir_column *b, uint32_t b_row);
/* Three-way order of two rows as ORDER BY ASC sees it, NULL lowest; text bytewise. */
int weir_column_rows_compare(const weir_column *a, uint32_t a_row, const weir_column *b, uint32_t b_row);

#endif
