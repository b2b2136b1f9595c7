/* The table of the functions over arrays, maps and rows. ARRAY, MAP and ROW are what the binder makes of ARRAY[...], MAP[...], ROW(...) and (a, b); ITEM of a[i] and m[k].
 * An index outside the array, and a key that is not in the map, give NULL. (Flink shows a default value such as -1 instead when the elements are typed NOT NULL: a slip
 * of its code generation that COALESCE over the same expression does not see.) */
#include "func/collection_int.h"

#define STRICT WEIR_FUNCTION_STRICT
#define HIDDEN WEIR_FUNCTION_HIDDEN

const weir_function weir_functions_collection[] = {
    {"ARRAY", HIDDEN, weir_make_array_infer, weir_make_array_bind, "collection", "ARRAY[element, ...] -> ARRAY", "An array of values that have a common type.", "ARRAY[1, 2, 3]", "[1, 2, 3]"},
    {"MAP", HIDDEN, weir_make_map_infer, weir_make_map_bind, "collection", "MAP[key, value, ...] -> MAP", "A map from keys to values; of equal keys the last one counts.", "MAP['a', 1]", "{a=1}"},
    {"ROW", HIDDEN, weir_make_row_infer, weir_make_row_bind, "collection", "ROW(value, ...) -> ROW", "A row of values.", "ROW(1, 'a')", "(1, a)"},
    {"ITEM", STRICT | HIDDEN, weir_item_infer, weir_item_bind, "collection", "array[index INT] | map[key] -> element", "The element at an index (from 1) or the value of a key, NULL when there is none.",
     "ARRAY[5, 6, 7][2]", "6"},
    {"CARDINALITY", STRICT | WEIR_FUNCTION_TOTAL, weir_cardinality_infer, weir_cardinality_bind, "collection", "CARDINALITY(x ARRAY | MAP | MULTISET) -> INT", "The number of elements.", "CARDINALITY(ARRAY[1, 2])", "2"},
    {"ELEMENT", STRICT, weir_element_infer, weir_element_bind, "collection", "ELEMENT(array ARRAY) -> element", "The only element of an array; NULL when it is empty, an error when there are more.", "ELEMENT(ARRAY[5])", "5"},
    {"ARRAY_CONTAINS", 0, weir_array_contains_infer, weir_array_contains_bind, "collection", "ARRAY_CONTAINS(array ARRAY, element) -> BOOLEAN", "Is the element in the array? NULL can be looked for.", "ARRAY_CONTAINS(ARRAY[1, 2], 2)", "TRUE"},
    {"ARRAY_POSITION", STRICT, weir_array_position_infer, weir_array_position_bind, "collection", "ARRAY_POSITION(array ARRAY, element) -> INT", "The first index of the element, from 1; 0 when it is not there.",
     "ARRAY_POSITION(ARRAY['a', 'b'], 'b')", "2"},
    {"ARRAY_REMOVE", 0, weir_array_remove_infer, weir_array_remove_bind, "collection", "ARRAY_REMOVE(array ARRAY, element) -> ARRAY", "The array without the elements that are equal.", "ARRAY_REMOVE(ARRAY[1, 2, 1], 1)", "[2]"},
    {"ARRAY_REVERSE", 0, weir_array_same_infer, weir_array_same_bind, "collection", "ARRAY_REVERSE(array ARRAY) -> ARRAY", "The elements from the last to the first.", "ARRAY_REVERSE(ARRAY[1, 2])", "[2, 1]"},
    {"ARRAY_DISTINCT", 0, weir_array_same_infer, weir_array_same_bind, "collection", "ARRAY_DISTINCT(array ARRAY) -> ARRAY", "Each different element once, in the order of first appearance.", "ARRAY_DISTINCT(ARRAY[1, 2, 1])", "[1, 2]"},
    {"ARRAY_SLICE", STRICT, weir_array_slice_infer, weir_array_slice_bind, "collection", "ARRAY_SLICE(array ARRAY, from INT [, to INT]) -> ARRAY", "The elements from one index to another, both included; negative ones count from the end.",
     "ARRAY_SLICE(ARRAY[1, 2, 3, 4], 2, 3)", "[2, 3]"},
    {"ARRAY_SORT", STRICT, weir_array_sort_infer, weir_array_sort_bind, "collection", "ARRAY_SORT(array ARRAY [, ascending BOOLEAN [, nulls_first BOOLEAN]]) -> ARRAY",
     "The elements in order; NULLs come first in ascending order unless said otherwise.", "ARRAY_SORT(ARRAY[3, 1, 2], FALSE)", "[3, 2, 1]"},
    {"ARRAY_UNION", STRICT, weir_array_set_infer, weir_array_set_bind, "collection", "ARRAY_UNION(a ARRAY, b ARRAY) -> ARRAY", "The different elements of both.", "ARRAY_UNION(ARRAY[1, 2], ARRAY[2, 3])", "[1, 2, 3]"},
    {"ARRAY_EXCEPT", STRICT, weir_array_set_infer, weir_array_set_bind, "collection", "ARRAY_EXCEPT(a ARRAY, b ARRAY) -> ARRAY", "The different elements of the first that are not in the second.", "ARRAY_EXCEPT(ARRAY[1, 2, 1], ARRAY[2])", "[1]"},
    {"ARRAY_INTERSECT", STRICT, weir_array_set_infer, weir_array_set_bind, "collection", "ARRAY_INTERSECT(a ARRAY, b ARRAY) -> ARRAY", "The different elements that are in both.", "ARRAY_INTERSECT(ARRAY[1, 2], ARRAY[2, 3])", "[2]"},
    {"ARRAY_CONCAT", STRICT, weir_array_concat_infer, weir_array_concat_bind, "collection", "ARRAY_CONCAT(array ARRAY, ...) -> ARRAY", "All elements of all arrays.", "ARRAY_CONCAT(ARRAY[1], ARRAY[2, 3])", "[1, 2, 3]"},
    {"ARRAY_APPEND", 0, weir_array_grow_infer, weir_array_grow_bind, "collection", "ARRAY_APPEND(array ARRAY, element) -> ARRAY", "The array with one more element at its end.", "ARRAY_APPEND(ARRAY[1], 2)", "[1, 2]"},
    {"ARRAY_PREPEND", 0, weir_array_grow_infer, weir_array_grow_bind, "collection", "ARRAY_PREPEND(array ARRAY, element) -> ARRAY", "The array with one more element at its start.", "ARRAY_PREPEND(ARRAY[1], 2)", "[2, 1]"},
    {"ARRAY_MAX", STRICT, weir_array_extreme_infer, weir_array_extreme_bind, "collection", "ARRAY_MAX(array ARRAY) -> element", "The largest element that is not NULL.", "ARRAY_MAX(ARRAY[1, 3, 2])", "3"},
    {"ARRAY_MIN", STRICT, weir_array_extreme_infer, weir_array_extreme_bind, "collection", "ARRAY_MIN(array ARRAY) -> element", "The smallest element that is not NULL.", "ARRAY_MIN(ARRAY[3, 1, 2])", "1"},
    {"ARRAY_JOIN", STRICT, weir_array_join_infer, weir_array_join_bind, "collection", "ARRAY_JOIN(array ARRAY<STRING>, delimiter STRING [, for_null STRING]) -> STRING",
     "The elements as one text; NULLs are left out unless a text for them is given.", "ARRAY_JOIN(ARRAY['a', 'b'], '-')", "a-b"},
    {"MAP_KEYS", STRICT, weir_map_side_infer, weir_map_side_bind, "collection", "MAP_KEYS(map MAP) -> ARRAY", "The keys.", "MAP_KEYS(MAP['a', 1])", "[a]"},
    {"MAP_VALUES", STRICT, weir_map_side_infer, weir_map_side_bind, "collection", "MAP_VALUES(map MAP) -> ARRAY", "The values, in the order of the keys.", "MAP_VALUES(MAP['a', 1])", "[1]"},
    {"MAP_ENTRIES", STRICT, weir_map_entries_infer, weir_map_entries_bind, "collection", "MAP_ENTRIES(map MAP) -> ARRAY<ROW<key, value>>", "The entries as rows.", "MAP_ENTRIES(MAP['a', 1])", "[(a, 1)]"},
    {"MAP_FROM_ARRAYS", STRICT, weir_map_from_arrays_infer, weir_map_from_arrays_bind, "collection", "MAP_FROM_ARRAYS(keys ARRAY, values ARRAY) -> MAP", "A map from two arrays of the same length.",
     "MAP_FROM_ARRAYS(ARRAY['a'], ARRAY[1])", "{a=1}"},
    {"MAP_UNION", STRICT, weir_map_union_infer, weir_map_union_bind, "collection", "MAP_UNION(map MAP, ...) -> MAP", "The entries of all maps; of equal keys the last one counts.", "MAP_UNION(MAP['a', 1], MAP['a', 2])", "{a=2}"},
    {0},
};
