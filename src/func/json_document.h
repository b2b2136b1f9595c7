/* A JSON text, parsed into a flat list of nodes in the order of the text; what Jackson accepts is accepted, in the same places.
 *
 * A node knows where its subtree ends, so that walking needs no pointers:
 *     {"a": [1, 2]}   ->  0 OBJECT end 5 | 1 STRING a | 2 ARRAY end 5 | 3 NUMBER 1 | 4 NUMBER 2
 * An object's children are key, value, key, value, ... Of equal keys the last value counts, in the place of the first: the walkers below
 * see to it. Only the first value of the text is read; what follows it is ignored (after a number or a word there must be a blank). The
 * lists are kept and used again for the next text. Not left to the stack: nesting is bounded by WEIR_JSON_DEPTH_MAX.
 */
#ifndef WEIR_FUNC_JSON_DOCUMENT_H
#define WEIR_FUNC_JSON_DOCUMENT_H

#include "base/memory.h"
#include "base/text.h"

enum { WEIR_JSON_DEPTH_MAX = 1000 };

typedef enum weir_json_kind {
    WEIR_JSON_NULL,
    WEIR_JSON_FALSE,
    WEIR_JSON_TRUE,
    WEIR_JSON_NUMBER,
    WEIR_JSON_STRING,
    WEIR_JSON_ARRAY,
    WEIR_JSON_OBJECT,
} weir_json_kind;

typedef struct weir_json_node {
    uint8_t kind;     /* weir_json_kind */
    bool dead;        /* a key that an equal one has replaced, and its value */
    bool unescaped;   /* the text lies among the document's unescaped strings */
    uint32_t end;     /* the node after the subtree */
    uint32_t count;   /* ARRAY: elements; OBJECT: live pairs */
    uint32_t instead; /* of a key: the node whose value counts; 0: the next one */
    size_t text_at;   /* NUMBER: as written; STRING: without quotes and escapes */
    size_t text_size;
} weir_json_node;

typedef struct weir_json_document {
    weir_memory *memory;
    weir_text text; /* borrowed, must outlive the document's use */
    weir_json_node *nodes;
    size_t count, capacity;
    char *strings; /* unescaped */
    size_t strings_size, strings_capacity;
    const char *problem; /* static text after a failed parse */
    size_t problem_at;
} weir_json_document;

typedef enum weir_json_result { WEIR_JSON_OK, WEIR_JSON_BAD, WEIR_JSON_NO_MEMORY } weir_json_result;

void weir_json_document_init(weir_json_document *document, weir_memory *memory);
void weir_json_document_deinit(weir_json_document *document);
/* Node 0 is the value. BAD: problem and problem_at say what and where. */
weir_json_result weir_json_parse(weir_json_document *document, weir_text text) WEIR_MUST_USE;

/* STRING: its characters; NUMBER: as written. */
weir_text weir_json_node_text(const weir_json_document *document, uint32_t node);
/* The value of a key node. */
static inline uint32_t weir_json_value_of(const weir_json_document *document, uint32_t key) {
    return document->nodes[key].instead != 0 ? document->nodes[key].instead : key + 1;
}
/* The value of `name` in an object; 0: it has none (0 is the root, never a value within). */
uint32_t weir_json_member(const weir_json_document *document, uint32_t object, weir_text name);
/* The index-th element of an array, negative ones from the end; 0: none. */
uint32_t weir_json_element(const weir_json_document *document, uint32_t array, int64_t index);
/* Children in order: start with the node itself, 0 at the end. For an object these are its live keys. */
uint32_t weir_json_first(const weir_json_document *document, uint32_t parent);
uint32_t weir_json_next(const weir_json_document *document, uint32_t parent, uint32_t child);

/* ---- writing ---- */

/* Compact, objects by key, numbers as BigDecimal.toString writes them: Jackson as Flink configures it. */
void weir_json_print(const weir_json_document *document, uint32_t node, weir_builder *out);
/* The same with numbers in a form of the caller's. */
typedef void (*weir_json_number_writer)(weir_text text, weir_builder *out);
void weir_json_print_with(const weir_json_document *document, uint32_t node, weir_json_number_writer number, weir_builder *out);
void weir_json_write_string(weir_text text, weir_builder *out); /* with quotes */
/* A number's text as BigDecimal.toString would give it: 1.50, 1E+3, 1.2E-7; integers stay as they are. */
void weir_json_write_number(weir_text text, weir_builder *out);
/* digits (no sign, no leading zeros but "0") times 10^-scale, as BigDecimal.toString. */
void weir_json_write_decimal(bool negative, weir_text digits, int64_t scale, weir_builder *out);

#endif
