/* JSON paths as Jayway's JsonPath (the library inside Flink) reads them: $.a, ['a'], [0], [-1], [1:3], [0,2], [*], .., [?(@.x > 1)], and
 * functions at the end: length(), min(), ...
 *
 * A path is "lax" or "strict" (the default). Strict: a definite path (one that can name one value at most) that finds nothing is an error;
 * an indefinite one (with *, .., a slice, a list of indexes, a filter) gives a list, which may be empty. Lax: no errors; a definite path
 * that finds nothing gives nothing. Left out: filter operators but == != < <= > >= =~ in nin, functions with arguments, functions on
 * indefinite paths. A path that uses them does not compile.
 */
#ifndef WEIR_FUNC_JSON_PATH_H
#define WEIR_FUNC_JSON_PATH_H

#include "base/arena.h"
#include "func/json_document.h"

typedef struct weir_json_path weir_json_path;

enum { WEIR_JSON_PROBLEM_BYTES = 200 };

/* With the word lax or strict in front. NULL: `problem` says why (or: no memory). The path lives in the arena and keeps nothing of `text`.
 */
const weir_json_path *weir_json_path_compile(weir_arena *arena, weir_text text, char problem[WEIR_JSON_PROBLEM_BYTES]);
bool weir_json_path_is_lax(const weir_json_path *path);
bool weir_json_path_is_definite(const weir_json_path *path);

typedef enum weir_json_found_kind {
    WEIR_JSON_FOUND_NODE,
    WEIR_JSON_FOUND_MEMBERS, /* an object of some members: ['a','b'] */
    WEIR_JSON_FOUND_KEYS,    /* the names of an object's members: keys() */
    WEIR_JSON_FOUND_REAL,    /* a number that a function computed */
    WEIR_JSON_FOUND_WHOLE,
} weir_json_found_kind;

typedef struct weir_json_found {
    weir_json_found_kind kind;
    uint32_t node;  /* NODE, KEYS; MEMBERS: the first of its keys in the matches' list */
    uint32_t count; /* MEMBERS */
    double real;
    int64_t whole;
} weir_json_found;

typedef struct weir_json_matches {
    weir_memory *memory;
    weir_json_found *items;
    size_t count, capacity;
    uint32_t *members; /* key nodes */
    size_t member_count, member_capacity;
    bool no_memory;
    char problem[WEIR_JSON_PROBLEM_BYTES]; /* what was missing, after an error */
} weir_json_matches;

void weir_json_matches_init(weir_json_matches *matches, weir_memory *memory);
void weir_json_matches_deinit(weir_json_matches *matches);
/* False: an error in strict mode (matches->problem), or no memory. A definite path has at most one match. */
bool weir_json_path_find(const weir_json_path *path, const weir_json_document *document, weir_json_matches *matches) WEIR_MUST_USE;

#endif
