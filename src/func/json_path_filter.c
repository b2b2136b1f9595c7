/* Filters in JSON paths: [?(@.price < 10 && !(@.category == 'fiction'))]. Reading them, and asking them about a node.
 * Comparison is Jayway's: a number and a text compare as the left side's kind, other kinds only with their like. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <string.h>

#include "func/json_path_int.h"
#include "types/convert.h"

static bool peek(const weir_path_reader *reader, const char *word) {
    size_t size = strlen(word);
    return reader->size - reader->at >= size && memcmp(reader->data + reader->at, word, size) == 0;
}

static bool take(weir_path_reader *reader, const char *word) {
    weir_path_skip_blanks(reader);
    if (!peek(reader, word))
        return false;
    reader->at += strlen(word);
    return true;
}

static void free_pattern(void *pattern) { pcre2_code_free(pattern); }

/* /regex/flags */
static bool read_pattern(weir_path_reader *reader, weir_path_operand *out) {
    size_t start = ++reader->at;
    while (reader->at < reader->size && reader->data[reader->at] != '/')
        reader->at += reader->data[reader->at] == '\\' ? 2 : 1;
    if (reader->at >= reader->size)
        return false;
    size_t size = reader->at++ - start;
    uint32_t options = PCRE2_UTF | PCRE2_ANCHORED | PCRE2_ENDANCHORED;
    for (; reader->at < reader->size && strchr("idmsxuU", reader->data[reader->at]) != NULL; reader->at++) {
        char flag = reader->data[reader->at];
        options |= flag == 'i'   ? PCRE2_CASELESS
                   : flag == 'm' ? PCRE2_MULTILINE
                   : flag == 's' ? PCRE2_DOTALL
                   : flag == 'x' ? PCRE2_EXTENDED
                                 : 0;
    }
    int code;
    PCRE2_SIZE where;
    out->kind = WEIR_OPERAND_PATTERN;
    out->pattern = pcre2_compile((PCRE2_SPTR)(reader->data + start), size, options, &code, &where, NULL);
    return out->pattern != NULL && weir_arena_on_reset(reader->arena, free_pattern, out->pattern);
}

static bool read_operand(weir_path_reader *reader, weir_path_operand *out, uint32_t depth);

static bool read_list(weir_path_reader *reader, weir_path_operand *out, uint32_t depth) {
    enum { ITEMS_MAX = 64 };
    weir_path_operand *items = WEIR_ARENA_ARRAY(reader->arena, weir_path_operand, ITEMS_MAX);
    uint32_t count = 0;
    reader->at++;
    if (items == NULL)
        return false;
    if (!take(reader, "]")) {
        do {
            if (count == ITEMS_MAX || !read_operand(reader, &items[count++], depth + 1))
                return false;
        } while (take(reader, ","));
        if (!take(reader, "]"))
            return false;
    }
    *out = (weir_path_operand){.kind = WEIR_OPERAND_LIST, .count = count, .items = items};
    return true;
}

static bool read_operand(weir_path_reader *reader, weir_path_operand *out, uint32_t depth) {
    static const struct {
        const char *word;
        weir_path_operand_kind kind;
    } words[] = {{"true", WEIR_OPERAND_TRUE}, {"false", WEIR_OPERAND_FALSE}, {"null", WEIR_OPERAND_NULL}};
    *out = (weir_path_operand){0};
    weir_path_skip_blanks(reader);
    if (reader->at >= reader->size || depth > WEIR_PATH_TEST_DEPTH_MAX)
        return false;
    char c = reader->data[reader->at];
    if (c == '@' || c == '$') {
        reader->at++;
        weir_json_path *path = (weir_json_path *)(uintptr_t)weir_path_read(reader, true);
        if (path == NULL)
            return false;
        path->from_root = c == '$';
        path->lax = true;
        *out = (weir_path_operand){.kind = WEIR_OPERAND_PATH, .path = path};
        return true;
    }
    if (c == '\'' || c == '"') {
        out->kind = WEIR_OPERAND_TEXT;
        return weir_path_read_quoted(reader, &out->text);
    }
    if (c == '/')
        return read_pattern(reader, out);
    if (c == '[')
        return read_list(reader, out, depth);
    for (size_t i = 0; i < 3; i++) {
        if (!peek(reader, words[i].word))
            continue;
        reader->at += strlen(words[i].word);
        out->kind = words[i].kind;
        return true;
    }
    size_t start = reader->at;
    while (reader->at < reader->size && strchr("+-.eE0123456789", reader->data[reader->at]) != NULL)
        reader->at++;
    double ignored;
    out->kind = WEIR_OPERAND_NUMBER;
    out->text = weir_arena_text(reader->arena, (weir_text){reader->data + start, reader->at - start});
    return out->text.size > 0 && weir_parse_double(out->text, &ignored);
}

static const weir_path_test *read_or(weir_path_reader *reader, uint32_t depth);

static const weir_path_test *read_comparison(weir_path_reader *reader, uint32_t depth) {
    static const struct {
        const char *word;
        weir_path_test_kind kind;
    } operators[] = {{"==", WEIR_TEST_EQUAL},         {"!=", WEIR_TEST_NOT_EQUAL}, {"<=", WEIR_TEST_LESS_EQUAL},
                     {">=", WEIR_TEST_GREATER_EQUAL}, {"=~", WEIR_TEST_MATCHES},   {"<", WEIR_TEST_LESS},
                     {">", WEIR_TEST_GREATER},        {"in ", WEIR_TEST_IN},       {"nin ", WEIR_TEST_NOT_IN}};
    weir_path_test *test = WEIR_ARENA_NEW(reader->arena, weir_path_test);
    if (test == NULL || !read_operand(reader, &test->left, depth))
        return NULL;
    for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++) {
        if (!take(reader, operators[i].word))
            continue;
        test->kind = operators[i].kind;
        if (!read_operand(reader, &test->right, depth))
            return NULL;
        bool list = test->kind == WEIR_TEST_IN || test->kind == WEIR_TEST_NOT_IN;
        if (list != (test->right.kind == WEIR_OPERAND_LIST) ||
            (test->kind == WEIR_TEST_MATCHES) != (test->right.kind == WEIR_OPERAND_PATTERN))
            return NULL;
        return test;
    }
    test->kind = WEIR_TEST_EXISTS;
    return test->left.kind == WEIR_OPERAND_PATH ? test : NULL;
}

static const weir_path_test *read_unary(weir_path_reader *reader, uint32_t depth) {
    if (depth > WEIR_PATH_TEST_DEPTH_MAX)
        return NULL;
    weir_path_skip_blanks(reader);
    if (peek(reader, "!") && !peek(reader, "!=")) {
        reader->at++;
        weir_path_test *test = WEIR_ARENA_NEW(reader->arena, weir_path_test);
        if (test == NULL)
            return NULL;
        test->kind = WEIR_TEST_NOT;
        test->a = read_unary(reader, depth + 1);
        return test->a == NULL ? NULL : test;
    }
    if (!take(reader, "("))
        return read_comparison(reader, depth);
    const weir_path_test *inner = read_or(reader, depth + 1);
    return inner != NULL && take(reader, ")") ? inner : NULL;
}

static const weir_path_test *read_chain(weir_path_reader *reader, uint32_t depth, const char *word, weir_path_test_kind kind,
                                        const weir_path_test *(*next)(weir_path_reader *, uint32_t)) {
    const weir_path_test *left = next(reader, depth);
    while (left != NULL && take(reader, word)) {
        weir_path_test *both = WEIR_ARENA_NEW(reader->arena, weir_path_test);
        const weir_path_test *right = next(reader, depth);
        if (both == NULL || right == NULL)
            return NULL;
        *both = (weir_path_test){.kind = kind, .a = left, .b = right};
        left = both;
    }
    return left;
}

static const weir_path_test *read_and(weir_path_reader *reader, uint32_t depth) {
    return read_chain(reader, depth, "&&", WEIR_TEST_AND, read_unary);
}
static const weir_path_test *read_or(weir_path_reader *reader, uint32_t depth) {
    return read_chain(reader, depth, "||", WEIR_TEST_OR, read_and);
}

const weir_path_test *weir_path_read_filter(weir_path_reader *reader) {
    if (!take(reader, "?") || !take(reader, "("))
        return NULL;
    const weir_path_test *test = read_or(reader, 0);
    return test != NULL && take(reader, ")") ? test : NULL;
}

/* ---- asking ---- */

typedef struct operand_value {
    bool missing;
    weir_json_kind kind;
    weir_text text;
    uint32_t node; /* containers */
    const weir_json_document *document;
} operand_value;

static operand_value value_of(const weir_path_operand *operand, const weir_json_document *document, uint32_t node,
                              weir_json_matches *scratch) {
    switch (operand->kind) {
    case WEIR_OPERAND_TEXT: return (operand_value){.kind = WEIR_JSON_STRING, .text = operand->text};
    case WEIR_OPERAND_NUMBER: return (operand_value){.kind = WEIR_JSON_NUMBER, .text = operand->text};
    case WEIR_OPERAND_TRUE: return (operand_value){.kind = WEIR_JSON_TRUE};
    case WEIR_OPERAND_FALSE: return (operand_value){.kind = WEIR_JSON_FALSE};
    case WEIR_OPERAND_NULL: return (operand_value){.kind = WEIR_JSON_NULL};
    case WEIR_OPERAND_PATH: break;
    default: return (operand_value){.missing = true};
    }
    size_t before = scratch->count;
    bool found = operand->path->definite && weir_path_find_from(operand->path, document, operand->path->from_root ? 0 : node, scratch) &&
                 scratch->count == before + 1 && scratch->items[before].kind == WEIR_JSON_FOUND_NODE;
    uint32_t at = found ? scratch->items[before].node : 0;
    scratch->count = before;
    if (!found)
        return (operand_value){.missing = true};
    weir_json_kind kind = document->nodes[at].kind;
    operand_value value = {.kind = kind, .node = at, .document = document};
    if (kind == WEIR_JSON_STRING || kind == WEIR_JSON_NUMBER)
        value.text = weir_json_node_text(document, at);
    return value;
}

/* Numbers of either side; text counts when it reads as a number. */
static bool numbers_of(const operand_value *a, const operand_value *b, double *x, double *y) {
    return weir_parse_double(a->text, x) && weir_parse_double(b->text, y);
}

static bool nodes_equal(const operand_value *a, const operand_value *b) {
    if (a->document == NULL || b->document == NULL)
        return false;
    weir_builder x, y;
    weir_builder_init(&x, a->document->memory, SIZE_MAX);
    weir_builder_init(&y, a->document->memory, SIZE_MAX);
    weir_json_print(a->document, a->node, &x);
    weir_json_print(b->document, b->node, &y);
    bool equal = !x.failed && !y.failed && weir_text_equal(weir_builder_view(&x), weir_builder_view(&y));
    weir_builder_deinit(&x);
    weir_builder_deinit(&y);
    return equal;
}

static bool equal(const operand_value *a, const operand_value *b) {
    if (a->missing || b->missing)
        return a->missing && b->missing;
    double x, y;
    if (a->kind == WEIR_JSON_NUMBER && (b->kind == WEIR_JSON_NUMBER || b->kind == WEIR_JSON_STRING))
        return numbers_of(a, b, &x, &y) && x == y;
    if (a->kind == WEIR_JSON_STRING && (b->kind == WEIR_JSON_NUMBER || b->kind == WEIR_JSON_STRING))
        return weir_text_equal(a->text, b->text);
    if (a->kind != b->kind)
        return false;
    return a->kind == WEIR_JSON_ARRAY || a->kind == WEIR_JSON_OBJECT ? nodes_equal(a, b) : true;
}

/* False: not comparable. */
static bool order(const operand_value *a, const operand_value *b, int *out) {
    double x, y;
    if (a->missing || b->missing || a->kind != b->kind)
        return false;
    if (a->kind == WEIR_JSON_NUMBER) {
        if (!numbers_of(a, b, &x, &y))
            return false;
        *out = (x > y) - (x < y);
        return true;
    }
    *out = a->kind == WEIR_JSON_STRING ? weir_text_compare(a->text, b->text) : 0;
    return a->kind == WEIR_JSON_STRING;
}

static bool matches(const operand_value *value, void *pattern) {
    if (value->missing || value->kind != WEIR_JSON_STRING)
        return false;
    pcre2_match_data *data = pcre2_match_data_create(1, NULL);
    if (data == NULL)
        return false;
    int found = pcre2_match(pattern, (PCRE2_SPTR)value->text.data, value->text.size, 0, 0, data, NULL);
    pcre2_match_data_free(data);
    return found >= 0;
}

static bool in_list(const operand_value *value, const weir_path_operand *list, const weir_json_document *document, uint32_t node,
                    weir_json_matches *scratch) {
    for (uint32_t i = 0; i < list->count; i++) {
        operand_value item = value_of(&list->items[i], document, node, scratch);
        if (equal(value, &item))
            return true;
    }
    return false;
}

static bool exists(const weir_json_path *path, const weir_json_document *document, uint32_t node, weir_json_matches *scratch) {
    size_t before = scratch->count;
    bool found = weir_path_find_from(path, document, path->from_root ? 0 : node, scratch) && scratch->count > before;
    scratch->count = before;
    return found;
}

bool weir_path_test_holds(const weir_path_test *test, const weir_json_document *document, uint32_t node, weir_json_matches *scratch) {
    switch (test->kind) {
    case WEIR_TEST_AND:
        return weir_path_test_holds(test->a, document, node, scratch) && weir_path_test_holds(test->b, document, node, scratch);
    case WEIR_TEST_OR:
        return weir_path_test_holds(test->a, document, node, scratch) || weir_path_test_holds(test->b, document, node, scratch);
    case WEIR_TEST_NOT: return !weir_path_test_holds(test->a, document, node, scratch);
    case WEIR_TEST_EXISTS: return exists(test->left.path, document, node, scratch);
    default: break;
    }
    operand_value left = value_of(&test->left, document, node, scratch);
    if (test->kind == WEIR_TEST_MATCHES)
        return matches(&left, test->right.pattern);
    if (test->kind == WEIR_TEST_IN || test->kind == WEIR_TEST_NOT_IN)
        return in_list(&left, &test->right, document, node, scratch) == (test->kind == WEIR_TEST_IN);
    operand_value right = value_of(&test->right, document, node, scratch);
    if (test->kind == WEIR_TEST_EQUAL || test->kind == WEIR_TEST_NOT_EQUAL)
        return equal(&left, &right) == (test->kind == WEIR_TEST_EQUAL);
    int way;
    if (!order(&left, &right, &way))
        return false;
    switch (test->kind) {
    case WEIR_TEST_LESS: return way < 0;
    case WEIR_TEST_LESS_EQUAL: return way <= 0;
    case WEIR_TEST_GREATER: return way > 0;
    default: return way >= 0;
    }
}
