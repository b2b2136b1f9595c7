/* The JSON decoder's inside: a tree of nodes, one per value that is wanted, made once per reader from the types and bound to the columns of
 * each batch. json_tree.c makes and binds it, json_decode.c runs it (the hot path), json_coerce.c holds the slow ways round, and json.c and
 * cdc_json.c are the formats on top.
 *
 * Input: padded (WEIR_READ_PADDING readable bytes behind it) and ending in '\n', so that no scan needs a bound: a line end inside a record
 * is the record's end and thereby a mistake.
 *
 * Keys are predicted: every key remembers the bytes that stood between its value and the next value the last times ({@code, "next": }), and
 * a compare of those bytes is all that a well-behaved record costs. What was not predicted is looked up by name and learned.
 */
#ifndef WEIR_FORMAT_JSON_INT_H
#define WEIR_FORMAT_JSON_INT_H

#include "format/fast.h"
#include "format/format_int.h"
#include "format/scan.h"

typedef enum weir_json_kind {
    WEIR_JSON_NULL,
    WEIR_JSON_BOOLEAN,
    WEIR_JSON_I8,
    WEIR_JSON_I16,
    WEIR_JSON_I32, /* INT and year-month intervals */
    WEIR_JSON_I64, /* BIGINT and day-time intervals */
    WEIR_JSON_F32,
    WEIR_JSON_F64,
    WEIR_JSON_DECIMAL,
    WEIR_JSON_TEXT,
    WEIR_JSON_BYTES,
    WEIR_JSON_DATE,
    WEIR_JSON_TIME,
    WEIR_JSON_TIMESTAMP,    /* p <= 6, LTZ too */
    WEIR_JSON_TIMESTAMP_NS, /* p > 6 */
    WEIR_JSON_ARRAY,
    WEIR_JSON_MAP, /* MULTISET too */
    WEIR_JSON_ROW,
} weir_json_kind;

enum {
    WEIR_JSON_STEP_BYTES = 62,
    WEIR_JSON_STEPS = 3,
    WEIR_JSON_LEARNED_MAX = 32,
    WEIR_JSON_LEARNED_NAME_BYTES = 48,
    WEIR_JSON_DEPTH_MAX = 1000
};

struct weir_json_key;

/* "After this value came these bytes, and then the value of that key." */
typedef struct weir_json_step {
    struct weir_json_key *key; /* NULL: nothing learned */
    uint16_t need;             /* bit per byte of the first 16 that must be equal */
    uint8_t size;
    char text[WEIR_JSON_STEP_BYTES + 16]; /* room for a vector load */
} weir_json_step;

typedef struct weir_json_steps {
    weir_json_step items[WEIR_JSON_STEPS];
    uint8_t hits; /* of others than the first, since it became the first */
} weir_json_steps;

typedef struct weir_json_key {
    weir_text name;                            /* without escapes */
    char stored[WEIR_JSON_LEARNED_NAME_BYTES]; /* of learned ones: readers on several threads share no arena */
    struct weir_json_node *node;               /* NULL: skip the value */
    weir_json_steps next;
} weir_json_key;

typedef struct weir_json_object {
    uint32_t wanted;
    uint32_t count;
    uint32_t capacity;
    weir_json_key *keys; /* the wanted ones first, then those learned */
    weir_json_steps first;
    weir_json_key other; /* stands for keys that were not learned; predicts nothing */
} weir_json_object;

typedef struct weir_json_node {
    weir_json_kind kind;
    const weir_type *type;
    bool in_array;       /* rows are appended one by one: nothing was made NULL beforehand */
    int64_t least, most; /* integers */
    int64_t unit_us;     /* timestamps are cut to this */
    weir_iso_form form;
    weir_json_object *object;         /* ROW */
    struct weir_json_node **children; /* ROW: per field, NULL when not used; ARRAY 1; MAP 2 */
    uint32_t child_count;
    /* bound to the batch that is being filled */
    weir_column *column;
    void *values;
    uint8_t *valid;
    uint32_t capacity;
} weir_json_node;

typedef struct weir_json_options {
    bool fail_on_missing_field;
    bool ignore_parse_errors;
    bool iso_timestamps;
    bool last_wins;      /* of duplicate keys, as in Flink's tree-based decoder; else whatever fills the row first ends it */
    bool exact_decimals; /* numbers inside text columns keep all their digits (Flink does so when the table has a DECIMAL) */
} weir_json_options;

typedef enum weir_json_result {
    WEIR_JSON_OK,
    WEIR_JSON_BAD,    /* the value was read over, but is none of its type */
    WEIR_JSON_SYNTAX, /* not JSON: the record cannot be read on */
    WEIR_JSON_MEMORY,
} weir_json_result;

enum { WEIR_JSON_CAUSE_BYTES = 240 };

/* The state of reading one run of records. */
typedef struct weir_json_scan {
    const char *at;
    weir_buffer *owner; /* not NULL: views may point into the input, the columns keep it */
    const weir_json_options *options;
    weir_memory *memory;
    const char *bad_at; /* where the first mistake of the record was seen */
    char cause[WEIR_JSON_CAUSE_BYTES];
    weir_builder text; /* scratch: strings without their escapes, values as text */
    weir_fast_date date;
} weir_json_scan;

/* ---- tree (json_tree.c) ---- */
/* The node of a ROW with these fields; used[k] false: not wanted. NULL without memory. Types must have passed weir_json_check_type. */
weir_json_node *weir_json_row_node(weir_arena *arena, const weir_field *fields, uint32_t count, const bool *const *used_children,
                                   const weir_json_options *options);
weir_json_node *weir_json_node_create(weir_arena *arena, const weir_type *type, const bool *used, bool in_array,
                                      const weir_json_options *options);
/* Rows [from, capacity) of the column and what is below become NULL and can be decoded into. False: no memory. */
bool weir_json_bind(weir_json_node *node, weir_column *column, uint32_t from, weir_buffer *owner);
void weir_json_rebind(weir_json_node *node); /* after the column grew */
/* Columns all of whose rows are valid lose their validity. */
void weir_json_finish(weir_json_node *node, uint32_t rows);
void weir_json_reset_row(weir_json_node *node, uint32_t row); /* NULL and zero again, after a failed record */
/* WEIR_UNSUPPORTED for types that JSON cannot carry. */
weir_status weir_json_check_type(const weir_type *type, weir_error *error) WEIR_MUST_USE;

/* ---- decoding (json_decode.c) ---- */
void weir_json_scan_init(weir_json_scan *scan, weir_memory *memory, const weir_json_options *options);
void weir_json_scan_deinit(weir_json_scan *scan);
/* Decode the value at scan->at into row `row` of the node's column; scan->at ends behind it. */
weir_json_result weir_json_decode(weir_json_scan *scan, weir_json_node *node, uint32_t row);
/* scan->at is behind the '{'. The children of `node` are bound; the node itself need not be. */
weir_json_result weir_json_decode_object(weir_json_scan *scan, weir_json_node *node, uint32_t row);
/* Behind the value that starts at p (blanks before it are fine); NULL: not JSON (scan->bad_at tells where). */
const char *weir_json_skip(weir_json_scan *scan, const char *p);
static inline const char *weir_json_blanks(const char *p) {
    while (*p == ' ' || *p == '\t' || *p == '\r')
        p++;
    return p;
}
/* Note a mistake; `result` is handed back. Only the first of a record counts. */
weir_json_result weir_json_fail(weir_json_scan *scan, const char *at, weir_json_result result, const char *format, ...) WEIR_PRINTF(4, 5);
/* A step learned: `from` .. `to` are the bytes before the value of `key`. */
void weir_json_learn(weir_json_steps *steps, weir_json_key *key, const char *from, const char *to);
weir_json_key *weir_json_key_find(weir_json_object *object, weir_text name);
weir_json_key *weir_json_key_learn(weir_json_object *object, weir_text name); /* object->other when there is no room */

/* ---- slow ways (json_coerce.c) ---- */
typedef struct weir_json_token {
    char first;      /* first character: '"', '{', '[', 't', 'f', 'n', '-', digit */
    weir_text text;  /* what Jackson's getText gives: strings without quotes and escapes, other scalars as written */
    bool is_float;   /* a number with point or exponent */
    const char *end; /* behind it */
} weir_json_token;
/* The scalar or the opening bracket at p. SYNTAX when there is none. The text may lie in scan->text until the next call. */
weir_json_result weir_json_token_read(weir_json_scan *scan, const char *p, weir_json_token *out);
/* Undo the escapes of a string's inside; `out` has room for in.size bytes. False: a broken escape. */
bool weir_json_unescape(weir_text in, char *out, size_t *size);
/* Decode a scalar whose text is not in its fast form. */
weir_json_result weir_json_coerce(weir_json_scan *scan, weir_json_node *node, uint32_t row);
/* Any value as compact JSON text into the builder, as Jackson's tree prints it. */
weir_json_result weir_json_compact(weir_json_scan *scan, const char *p, weir_builder *out, const char **end);

/* ---- options ---- */
extern const char *const weir_json_option_names[];
weir_status weir_json_options_read(const weir_table *table, const char *format, weir_json_options *out, weir_error *error) WEIR_MUST_USE;

/* ---- padded runs of lines: shared by json and the CDC formats (json_lines.c) ---- */
/* One record: `line` .. its '\n'. Returns WEIR_OK also when it was skipped; false in *more when the batch is full before the record was
 * done. */
typedef struct weir_json_lines {
    /* Decode the record at scan->at (first character not blank); set scan->at behind what was read. Adds rows to `batch`. WEIR_JSON_OK with
     * *resume set when the batch is full in the middle of the record: the next call starts there. */
    weir_json_result (*record)(void *context, weir_json_scan *scan, weir_batch *batch, const char **resume);
    void *context;
    void (*undo)(void *context, weir_batch *batch, uint32_t from_rows); /* forget rows after a failed record */
    const char *failure;                                                /* "Failed to deserialize JSON '%.*s'." */
    bool (*keep)(void *context, weir_buffer *owner);                    /* columns keep the buffer; false: no memory */
    uint32_t capacity;
    uint32_t rows_per_record; /* a record needs room for so many rows */
} weir_json_lines;
weir_status weir_json_lines_read(const weir_json_lines *lines, weir_json_scan *scan, weir_reader_counts *counts,
                                 const weir_format_place *place, weir_buffer *owner, const char *data, size_t size, bool final,
                                 weir_batch *batch, size_t *used, weir_error *error) WEIR_MUST_USE;

#endif
