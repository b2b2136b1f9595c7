/* The compiled form of a JSON path. */
#ifndef WEIR_FUNC_JSON_PATH_INT_H
#define WEIR_FUNC_JSON_PATH_INT_H

#include "func/json_path.h"

typedef enum weir_path_step_kind {
    WEIR_PATH_MEMBER, /* names[count] */
    WEIR_PATH_INDEX,  /* indexes[count] */
    WEIR_PATH_SLICE,  /* indexes[0] : indexes[1] */
    WEIR_PATH_WILDCARD,
    WEIR_PATH_SCAN, /* .. */
    WEIR_PATH_FILTER,
    WEIR_PATH_FUNCTION,
} weir_path_step_kind;

typedef enum weir_path_function {
    WEIR_PATH_LENGTH,
    WEIR_PATH_KEYS,
    WEIR_PATH_FIRST,
    WEIR_PATH_LAST,
    WEIR_PATH_MIN,
    WEIR_PATH_MAX,
    WEIR_PATH_SUM,
    WEIR_PATH_AVG,
    WEIR_PATH_STDDEV
} weir_path_function;

struct weir_path_test;

typedef struct weir_path_step {
    weir_path_step_kind kind;
    bool definite; /* names one value at most */
    bool has_from, has_to;
    uint32_t count;
    const weir_text *names;
    const int64_t *indexes;
    const struct weir_path_test *test;
    weir_path_function function;
} weir_path_step;

struct weir_json_path {
    bool lax;
    bool from_root; /* $; else @: inside filters */
    bool definite;
    uint32_t count;
    const weir_path_step *steps;
};

/* ---- filters ---- */

typedef enum weir_path_operand_kind {
    WEIR_OPERAND_PATH,
    WEIR_OPERAND_TEXT,
    WEIR_OPERAND_NUMBER,
    WEIR_OPERAND_TRUE,
    WEIR_OPERAND_FALSE,
    WEIR_OPERAND_NULL,
    WEIR_OPERAND_LIST,
    WEIR_OPERAND_PATTERN
} weir_path_operand_kind;

typedef struct weir_path_operand {
    weir_path_operand_kind kind;
    const weir_json_path *path;
    weir_text text; /* TEXT, NUMBER as written */
    uint32_t count;
    const struct weir_path_operand *items; /* LIST */
    void *pattern;                         /* pcre2_code */
} weir_path_operand;

typedef enum weir_path_test_kind {
    WEIR_TEST_AND,
    WEIR_TEST_OR,
    WEIR_TEST_NOT,
    WEIR_TEST_EXISTS,
    WEIR_TEST_EQUAL,
    WEIR_TEST_NOT_EQUAL,
    WEIR_TEST_LESS,
    WEIR_TEST_LESS_EQUAL,
    WEIR_TEST_GREATER,
    WEIR_TEST_GREATER_EQUAL,
    WEIR_TEST_MATCHES,
    WEIR_TEST_IN,
    WEIR_TEST_NOT_IN
} weir_path_test_kind;

typedef struct weir_path_test {
    weir_path_test_kind kind;
    const struct weir_path_test *a, *b; /* AND, OR, NOT */
    weir_path_operand left, right;
} weir_path_test;

/* What the compiler's two files share. */
enum { WEIR_PATH_STEPS_MAX = 64, WEIR_PATH_SCANS_MAX = 8, WEIR_PATH_TEST_DEPTH_MAX = 32 };

typedef struct weir_path_reader {
    weir_arena *arena;
    const char *data;
    size_t size, at;
    char *problem;
} weir_path_reader;

/* Steps from reader->at to the end of the path: the text's end, or inside a filter the first character that cannot go on. */
const weir_json_path *weir_path_read(weir_path_reader *reader, bool in_filter);
/* "?( ... )": at the '?'; ends after the ')'. */
const weir_path_test *weir_path_read_filter(weir_path_reader *reader);
void weir_path_skip_blanks(weir_path_reader *reader);
/* A quoted string at reader->at; false: not closed or no memory. */
bool weir_path_read_quoted(weir_path_reader *reader, weir_text *out);

/* Does the filter hold for `node` (@)? */
bool weir_path_test_holds(const weir_path_test *test, const weir_json_document *document, uint32_t node, weir_json_matches *scratch);
/* From a given node on. */
bool weir_path_find_from(const weir_json_path *path, const weir_json_document *document, uint32_t node, weir_json_matches *matches);

#endif
