/* The JSON parser. One loop with a stack of open containers; strings without escapes stay where they are in the text. */
#include "func/json_document.h"

#include <stdlib.h>
#include <string.h>

enum { DUPLICATES_BY_SORTING_FROM = 12 };

typedef struct parser {
    weir_json_document *document;
    const char *data;
    size_t size, at;
    uint32_t open[WEIR_JSON_DEPTH_MAX]; /* containers */
    uint32_t depth;
} parser;

void weir_json_document_init(weir_json_document *document, weir_memory *memory) { *document = (weir_json_document){.memory = memory}; }

void weir_json_document_deinit(weir_json_document *document) {
    weir_memory_free(document->memory, document->nodes, document->capacity * sizeof(weir_json_node));
    weir_memory_free(document->memory, document->strings, document->strings_capacity);
    *document = (weir_json_document){.memory = document->memory};
}

static weir_json_result bad(parser *p, const char *problem) {
    p->document->problem = problem;
    p->document->problem_at = p->at;
    return WEIR_JSON_BAD;
}

static weir_json_node *node_add(parser *p, weir_json_kind kind) {
    weir_json_document *document = p->document;
    if (document->count >= UINT32_MAX - 1 ||
        !weir_memory_grow(document->memory, (void **)&document->nodes, &document->capacity, document->count + 1, sizeof(weir_json_node)))
        return NULL;
    weir_json_node *node = &document->nodes[document->count++];
    *node = (weir_json_node){.kind = (uint8_t)kind, .end = (uint32_t)document->count};
    return node;
}

static void skip_blanks(parser *p) {
    while (p->at < p->size && (p->data[p->at] == ' ' || p->data[p->at] == '\n' || p->data[p->at] == '\t' || p->data[p->at] == '\r'))
        p->at++;
}

/* ---- strings ---- */

static int hex_digit(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool read_hex4(parser *p, uint32_t *out) {
    uint32_t value = 0;
    if (p->size - p->at < 4)
        return false;
    for (int i = 0; i < 4; i++) {
        int digit = hex_digit(p->data[p->at + (size_t)i]);
        if (digit < 0)
            return false;
        value = value * 16 + (uint32_t)digit;
    }
    p->at += 4;
    *out = value;
    return true;
}

/* After the backslash: the code point it stands for. A lone surrogate becomes '?', as Java writes it. */
static bool read_escape(parser *p, uint32_t *out) {
    char c = p->data[p->at++];
    uint32_t low;
    switch (c) {
    case '"':
    case '\\':
    case '/': *out = (unsigned char)c; return true;
    case 'b': *out = '\b'; return true;
    case 'f': *out = '\f'; return true;
    case 'n': *out = '\n'; return true;
    case 'r': *out = '\r'; return true;
    case 't': *out = '\t'; return true;
    case 'u': break;
    default: return false;
    }
    if (!read_hex4(p, out))
        return false;
    if (*out < 0xD800 || *out > 0xDFFF)
        return true;
    if (*out < 0xDC00 && p->size - p->at >= 6 && p->data[p->at] == '\\' && p->data[p->at + 1] == 'u') {
        size_t saved = p->at;
        p->at += 2;
        if (!read_hex4(p, &low))
            return false;
        if (low >= 0xDC00 && low <= 0xDFFF) {
            *out = 0x10000 + ((*out - 0xD800) << 10) + (low - 0xDC00);
            return true;
        }
        p->at = saved;
    }
    *out = '?';
    return true;
}

static weir_json_result read_escaped(parser *p, size_t start, weir_json_node *node) {
    weir_json_document *document = p->document;
    size_t from = document->strings_size;
    size_t plain = p->at - start;
    if (!weir_memory_grow(document->memory, (void **)&document->strings, &document->strings_capacity, from + plain + 8, 1))
        return WEIR_JSON_NO_MEMORY;
    memcpy(document->strings + from, p->data + start, plain);
    size_t size = from + plain;
    while (p->at < p->size && p->data[p->at] != '"') {
        if (!weir_memory_grow(document->memory, (void **)&document->strings, &document->strings_capacity, size + 8, 1))
            return WEIR_JSON_NO_MEMORY;
        unsigned char c = (unsigned char)p->data[p->at++];
        if (c < 0x20)
            return bad(p, "Illegal unquoted character: has to be escaped using backslash to be included in string value");
        if (c != '\\') {
            document->strings[size++] = (char)c;
            continue;
        }
        uint32_t code_point;
        if (p->at >= p->size || !read_escape(p, &code_point))
            return bad(p, "Unrecognized character escape");
        size += weir_utf8_put(code_point, document->strings + size);
    }
    if (p->at >= p->size)
        return bad(p, "Unexpected end-of-input in a string");
    p->at++;
    node->unescaped = true;
    node->text_at = from;
    node->text_size = size - from;
    document->strings_size = size;
    return WEIR_JSON_OK;
}

/* At the character after the opening quote. */
static weir_json_result read_string(parser *p) {
    weir_json_node *node = node_add(p, WEIR_JSON_STRING);
    if (node == NULL)
        return WEIR_JSON_NO_MEMORY;
    size_t start = p->at;
    for (; p->at < p->size; p->at++) {
        unsigned char c = (unsigned char)p->data[p->at];
        if (c == '"') {
            node->text_at = start;
            node->text_size = p->at++ - start;
            return WEIR_JSON_OK;
        }
        if (c == '\\')
            return read_escaped(p, start, node);
        if (c < 0x20)
            return bad(p, "Illegal unquoted character: has to be escaped using backslash to be included in string value");
    }
    return bad(p, "Unexpected end-of-input in a string");
}

/* ---- numbers and words ---- */

static bool is_digit(const parser *p) { return p->at < p->size && p->data[p->at] >= '0' && p->data[p->at] <= '9'; }

static size_t skip_digits(parser *p) {
    size_t start = p->at;
    while (is_digit(p))
        p->at++;
    return p->at - start;
}

static weir_json_result read_number(parser *p) {
    size_t start = p->at;
    p->at += p->data[p->at] == '-';
    size_t first = p->at, whole = skip_digits(p);
    if (whole == 0)
        return bad(p, "Unexpected character: expected a digit");
    if (whole > 1 && p->data[first] == '0')
        return bad(p, "Invalid numeric value: Leading zeroes not allowed");
    if (p->at < p->size && p->data[p->at] == '.') {
        p->at++;
        if (skip_digits(p) == 0)
            return bad(p, "Decimal point not followed by a digit");
    }
    if (p->at < p->size && (p->data[p->at] == 'e' || p->data[p->at] == 'E')) {
        p->at++;
        if (p->at < p->size && (p->data[p->at] == '+' || p->data[p->at] == '-'))
            p->at++;
        if (skip_digits(p) == 0)
            return bad(p, "Exponent indicator not followed by a digit");
    }
    if (p->depth == 0 && p->at < p->size && strchr(" \t\r\n", p->data[p->at]) == NULL)
        return bad(p, "Expected space separating root-level values");
    weir_json_node *node = node_add(p, WEIR_JSON_NUMBER);
    if (node == NULL)
        return WEIR_JSON_NO_MEMORY;
    node->text_at = start;
    node->text_size = p->at - start;
    return WEIR_JSON_OK;
}

static bool continues_word(unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$' || c >= 0x80;
}

static weir_json_result read_word(parser *p) {
    static const struct {
        const char *word;
        size_t size;
        weir_json_kind kind;
    } words[] = {{"null", 4, WEIR_JSON_NULL}, {"true", 4, WEIR_JSON_TRUE}, {"false", 5, WEIR_JSON_FALSE}};
    for (size_t i = 0; i < 3; i++) {
        size_t size = words[i].size;
        if (p->size - p->at < size || memcmp(p->data + p->at, words[i].word, size) != 0)
            continue;
        if (p->at + size < p->size && continues_word((unsigned char)p->data[p->at + size]))
            break;
        p->at += size;
        return node_add(p, words[i].kind) == NULL ? WEIR_JSON_NO_MEMORY : WEIR_JSON_OK;
    }
    return bad(p, "Unrecognized token: was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')");
}

/* ---- equal keys ---- */

static void replace_key(weir_json_document *document, uint32_t first, uint32_t later) {
    weir_json_node *key = &document->nodes[first];
    key->instead = later + 1;
    document->nodes[later].dead = true;
}

static void mark_duplicates_directly(weir_json_document *document, uint32_t object, uint32_t pairs) {
    weir_json_node *nodes = document->nodes;
    for (uint32_t key = object + 1; key < nodes[object].end; key = nodes[key + 1].end) {
        if (nodes[key].dead)
            continue;
        weir_text name = weir_json_node_text(document, key);
        for (uint32_t later = nodes[key + 1].end; later < nodes[object].end; later = nodes[later + 1].end) {
            if (nodes[later].dead || !weir_text_equal(name, weir_json_node_text(document, later)))
                continue;
            replace_key(document, key, later);
            pairs--;
        }
    }
    nodes[object].count = pairs;
}

static int order_keys(const void *a, const void *b, void *context) {
    const weir_json_document *document = context;
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    int order = weir_text_compare(weir_json_node_text(document, x), weir_json_node_text(document, y));
    return order != 0 ? order : (x > y) - (x < y);
}

static weir_json_result mark_duplicates_sorted(weir_json_document *document, uint32_t object, uint32_t pairs) {
    weir_json_node *nodes = document->nodes;
    uint32_t *keys = weir_memory_alloc(document->memory, pairs * sizeof(uint32_t));
    if (keys == NULL)
        return WEIR_JSON_NO_MEMORY;
    uint32_t count = 0, live = pairs;
    for (uint32_t key = object + 1; key < nodes[object].end; key = nodes[key + 1].end)
        keys[count++] = key;
    qsort_r(keys, count, sizeof(uint32_t), order_keys, document);
    for (uint32_t i = 1, first = 0; i < count; i++) {
        if (!weir_text_equal(weir_json_node_text(document, keys[first]), weir_json_node_text(document, keys[i]))) {
            first = i;
            continue;
        }
        replace_key(document, keys[first], keys[i]);
        live--;
    }
    nodes[object].count = live;
    weir_memory_free(document->memory, keys, pairs * sizeof(uint32_t));
    return WEIR_JSON_OK;
}

static weir_json_result close_container(parser *p) {
    weir_json_document *document = p->document;
    uint32_t container = p->open[--p->depth];
    weir_json_node *node = &document->nodes[container];
    node->end = (uint32_t)document->count;
    if (node->kind == WEIR_JSON_ARRAY || node->count < 2)
        return WEIR_JSON_OK;
    if (node->count >= DUPLICATES_BY_SORTING_FROM)
        return mark_duplicates_sorted(document, container, node->count);
    mark_duplicates_directly(document, container, node->count);
    return WEIR_JSON_OK;
}

/* ---- the loop ---- */

static weir_json_result read_key(parser *p) {
    skip_blanks(p);
    if (p->at >= p->size || p->data[p->at] != '"')
        return bad(p, "Unexpected character: was expecting double-quote to start field name");
    p->at++;
    weir_json_result result = read_string(p);
    if (result != WEIR_JSON_OK)
        return result;
    skip_blanks(p);
    if (p->at >= p->size || p->data[p->at] != ':')
        return bad(p, "Unexpected character: was expecting a colon to separate field name and value");
    p->at++;
    return WEIR_JSON_OK;
}

static weir_json_result open_container(parser *p, weir_json_kind kind) {
    if (p->depth == WEIR_JSON_DEPTH_MAX)
        return bad(p, "Document nesting depth exceeds the maximum allowed (1000)");
    weir_json_node *node = node_add(p, kind);
    if (node == NULL)
        return WEIR_JSON_NO_MEMORY;
    p->open[p->depth++] = (uint32_t)p->document->count - 1;
    p->at++;
    return WEIR_JSON_OK;
}

/* A value's first token; *opened: it is a container that is not empty. */
static weir_json_result read_value(parser *p, bool *opened) {
    *opened = false;
    skip_blanks(p);
    if (p->at >= p->size)
        return bad(p, "Unexpected end-of-input");
    char c = p->data[p->at];
    if (c == '"') {
        p->at++;
        return read_string(p);
    }
    if (c == '-' || (c >= '0' && c <= '9'))
        return read_number(p);
    if (c != '[' && c != '{')
        return read_word(p);
    weir_json_result result = open_container(p, c == '[' ? WEIR_JSON_ARRAY : WEIR_JSON_OBJECT);
    if (result != WEIR_JSON_OK)
        return result;
    skip_blanks(p);
    if (p->at < p->size && p->data[p->at] == (c == '[' ? ']' : '}')) {
        p->at++;
        return close_container(p);
    }
    *opened = true;
    return WEIR_JSON_OK;
}

/* After a value: a comma (go on), or closing brackets. *more: another value follows. */
static weir_json_result after_value(parser *p, bool *more) {
    *more = false;
    while (p->depth > 0) {
        skip_blanks(p);
        if (p->at >= p->size)
            return bad(p, "Unexpected end-of-input: expected close marker");
        bool object = p->document->nodes[p->open[p->depth - 1]].kind == WEIR_JSON_OBJECT;
        char c = p->data[p->at];
        if (c == ',') {
            p->at++;
            *more = true;
            return WEIR_JSON_OK;
        }
        if (c != (object ? '}' : ']'))
            return bad(p, "Unexpected character: was expecting comma to separate entries");
        p->at++;
        weir_json_result result = close_container(p);
        if (result != WEIR_JSON_OK)
            return result;
    }
    return WEIR_JSON_OK;
}

weir_json_result weir_json_parse(weir_json_document *document, weir_text text) {
    parser p;
    p.document = document;
    p.data = text.data;
    p.size = text.size;
    p.at = 0;
    p.depth = 0;
    document->text = text;
    document->count = 0;
    document->strings_size = 0;
    bool opened, more = true;
    while (more) {
        weir_json_result result = WEIR_JSON_OK;
        if (p.depth > 0) {
            weir_json_node *parent = &document->nodes[p.open[p.depth - 1]];
            parent->count++;
            if (parent->kind == WEIR_JSON_OBJECT)
                result = read_key(&p);
        }
        if (result == WEIR_JSON_OK)
            result = read_value(&p, &opened);
        if (result == WEIR_JSON_OK && !opened)
            result = after_value(&p, &more);
        if (result != WEIR_JSON_OK)
            return result;
    }
    return WEIR_JSON_OK;
}

/* ---- walking ---- */

weir_text weir_json_node_text(const weir_json_document *document, uint32_t node) {
    const weir_json_node *found = &document->nodes[node];
    return (weir_text){(found->unescaped ? document->strings : document->text.data) + found->text_at, found->text_size};
}

uint32_t weir_json_member(const weir_json_document *document, uint32_t object, weir_text name) {
    const weir_json_node *nodes = document->nodes;
    for (uint32_t key = object + 1; key < nodes[object].end; key = nodes[key + 1].end)
        if (weir_text_equal(name, weir_json_node_text(document, key)))
            return weir_json_value_of(document, key);
    return 0;
}

uint32_t weir_json_element(const weir_json_document *document, uint32_t array, int64_t index) {
    const weir_json_node *nodes = document->nodes;
    if (index < 0)
        index += nodes[array].count;
    if (index < 0 || index >= nodes[array].count)
        return 0;
    uint32_t element = array + 1;
    for (; index > 0; index--)
        element = nodes[element].end;
    return element;
}

uint32_t weir_json_first(const weir_json_document *document, uint32_t parent) {
    /* The first key of an object is never dead: it is the one whose place an equal key takes. */
    return document->nodes[parent].end == parent + 1 ? 0 : parent + 1;
}

uint32_t weir_json_next(const weir_json_document *document, uint32_t parent, uint32_t child) {
    const weir_json_node *nodes = document->nodes;
    bool object = nodes[parent].kind == WEIR_JSON_OBJECT;
    do {
        child = nodes[object ? child + 1 : child].end;
    } while (child < nodes[parent].end && nodes[child].dead);
    return child < nodes[parent].end ? child : 0;
}
