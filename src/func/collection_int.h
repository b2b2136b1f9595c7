/* Private to the functions over arrays and maps. */
#ifndef WEIR_FUNC_COLLECTION_INT_H
#define WEIR_FUNC_COLLECTION_INT_H

#include "func/families_int.h"

/* A growing list of child rows; `failed` sticks. */
typedef struct weir_picks {
    weir_memory *memory;
    uint32_t *items;
    size_t count;
    size_t capacity;
    bool failed;
} weir_picks;

void weir_picks_add(weir_picks *picks, uint32_t row);
void weir_picks_deinit(weir_picks *picks);

/* A run of elements for look-ups: linear when short, sorted when long. */
typedef struct weir_elements {
    const weir_column *column;
    uint32_t start, count;
    weir_picks sorted; /* empty while short */
} weir_elements;

void weir_elements_init(weir_elements *elements, weir_memory *memory, const weir_column *column, uint32_t start, uint32_t count);
void weir_elements_deinit(weir_elements *elements);
bool weir_elements_contain(const weir_elements *elements, const weir_column *column, uint32_t row);
/* The first of equal elements, in order, added to `out`; `without` (may be NULL): only those not in it; `within` (may be NULL): only those
 * in it. */
void weir_elements_distinct(const weir_elements *elements, const weir_elements *without, const weir_elements *within, weir_picks *out);

static inline weir_span weir_span_at(const weir_column *column, uint32_t row) { return WEIR_VALUES(column, weir_span)[row]; }
/* The rows of `from` as the new span of out[row]'s child `child`. The span has been made by weir_column_span_add: `at` is its first row. */
void weir_column_copy_elements(weir_column *child, uint32_t at, const weir_column *from, uint32_t start, uint32_t count);
/* All of an array column's spans were made in order; fill its child from `source` by the picks and give those back. */
void weir_picks_gather(weir_picks *picks, weir_column *out, uint32_t first, const weir_column *source);
/* target[row] = source[row] for the rows. */
void weir_column_copy_rows(weir_column *target, const weir_column *source, const weir_rows *rows);

/* May an argument stand where `element` is expected: equal types, or one that is cast without loss of kind? Then it is wanted as `element`.
 */
weir_status weir_signature_want_element(weir_signature *signature, uint32_t index, const weir_type *element,
                                        weir_error *error) WEIR_MUST_USE;

#define WEIR_COLLECTION_FUNCTION(name)                                             \
    weir_status weir_##name##_infer(weir_signature *signature, weir_error *error); \
    weir_status weir_##name##_bind(weir_call *call, weir_error *error)

WEIR_COLLECTION_FUNCTION(make_array);
WEIR_COLLECTION_FUNCTION(make_map);
WEIR_COLLECTION_FUNCTION(make_row);
WEIR_COLLECTION_FUNCTION(item);
WEIR_COLLECTION_FUNCTION(cardinality);
WEIR_COLLECTION_FUNCTION(element);
WEIR_COLLECTION_FUNCTION(array_contains);
WEIR_COLLECTION_FUNCTION(array_position);
WEIR_COLLECTION_FUNCTION(array_remove);
WEIR_COLLECTION_FUNCTION(array_same); /* DISTINCT, REVERSE */
WEIR_COLLECTION_FUNCTION(array_slice);
WEIR_COLLECTION_FUNCTION(array_sort);
WEIR_COLLECTION_FUNCTION(array_set); /* UNION, EXCEPT, INTERSECT */
WEIR_COLLECTION_FUNCTION(array_concat);
WEIR_COLLECTION_FUNCTION(array_grow);    /* APPEND, PREPEND */
WEIR_COLLECTION_FUNCTION(array_extreme); /* MAX, MIN */
WEIR_COLLECTION_FUNCTION(array_join);
WEIR_COLLECTION_FUNCTION(map_side); /* MAP_KEYS, MAP_VALUES */
WEIR_COLLECTION_FUNCTION(map_entries);
WEIR_COLLECTION_FUNCTION(map_from_arrays);
WEIR_COLLECTION_FUNCTION(map_union);

#endif
