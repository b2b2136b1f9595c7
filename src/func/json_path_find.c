/* Walking a document by a path. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "func/json_path_int.h"
#include "types/convert.h"

typedef struct walk {
    const weir_json_path *path;
    const weir_json_document *document;
    weir_json_matches *matches;
    bool lax;
    bool failed;
} walk;

void weir_json_matches_init(weir_json_matches *matches, weir_memory *memory) { *matches = (weir_json_matches){.memory = memory}; }

void weir_json_matches_deinit(weir_json_matches *matches) {
    weir_memory_free(matches->memory, matches->items, matches->capacity * sizeof(weir_json_found));
    weir_memory_free(matches->memory, matches->members, matches->member_capacity * sizeof(uint32_t));
    *matches = (weir_json_matches){.memory = matches->memory};
}

static void add(walk *w, weir_json_found found) {
    weir_json_matches *matches = w->matches;
    if (!weir_memory_grow(matches->memory, (void **)&matches->items, &matches->capacity, matches->count + 1, sizeof(weir_json_found))) {
        matches->no_memory = true;
        w->failed = true;
        return;
    }
    matches->items[matches->count++] = found;
}

static void missing(walk *w, const char *what, weir_text name) {
    if (w->lax)
        return;
    w->failed = true;
    snprintf(w->matches->problem, sizeof(w->matches->problem), "%s %.*s", what, (int)(name.size > 100 ? 100 : name.size), name.data);
}

static bool upstream_definite(const walk *w, uint32_t step) {
    for (uint32_t i = 0; i < step; i++)
        if (!w->path->steps[i].definite)
            return false;
    return true;
}

static void go(walk *w, uint32_t step, uint32_t node);

/* `node` has been reached by step - 1. */
static void reach(walk *w, uint32_t step, uint32_t node) {
    if (step == w->path->count)
        add(w, (weir_json_found){.kind = WEIR_JSON_FOUND_NODE, .node = node});
    else
        go(w, step, node);
}

static weir_json_kind kind_of(const walk *w, uint32_t node) { return w->document->nodes[node].kind; }

static void go_member(walk *w, uint32_t step, uint32_t node, weir_text name) {
    uint32_t value = weir_json_member(w->document, node, name);
    bool leaf = step + 1 == w->path->count;
    if (value != 0)
        reach(w, step + 1, value);
    else if (!leaf && upstream_definite(w, step) && w->path->steps[step].definite)
        missing(w, "Missing property in path:", name);
}

/* ['a','b'] at the end: one object of those that are there. */
static void merge_members(walk *w, const weir_path_step *step, uint32_t node) {
    weir_json_matches *matches = w->matches;
    uint32_t first = (uint32_t)matches->member_count;
    for (uint32_t i = 0; i < step->count; i++) {
        for (uint32_t key = weir_json_first(w->document, node); key != 0; key = weir_json_next(w->document, node, key)) {
            if (!weir_text_equal(step->names[i], weir_json_node_text(w->document, key)))
                continue;
            if (!weir_memory_grow(matches->memory, (void **)&matches->members, &matches->member_capacity, matches->member_count + 1,
                                  sizeof(uint32_t))) {
                matches->no_memory = true;
                w->failed = true;
                return;
            }
            matches->members[matches->member_count++] = key;
            break;
        }
    }
    add(w, (weir_json_found){.kind = WEIR_JSON_FOUND_MEMBERS, .node = first, .count = (uint32_t)matches->member_count - first});
}

static void go_members(walk *w, uint32_t at, uint32_t node) {
    const weir_path_step *step = &w->path->steps[at];
    if (kind_of(w, node) != WEIR_JSON_OBJECT) {
        if (upstream_definite(w, at))
            missing(w, "Expected to find an object with property", step->names[0]);
        return;
    }
    if (step->count > 1 && at + 1 == w->path->count) {
        merge_members(w, step, node);
        return;
    }
    for (uint32_t i = 0; i < step->count && !w->failed; i++)
        go_member(w, at, node, step->names[i]);
}

static bool is_array(walk *w, uint32_t at, uint32_t node) {
    if (kind_of(w, node) == WEIR_JSON_ARRAY)
        return true;
    if (upstream_definite(w, at))
        missing(w, "Filter can only be applied to arrays", (weir_text){"", 0});
    return false;
}

static void go_slice(walk *w, uint32_t at, uint32_t node) {
    const weir_path_step *step = &w->path->steps[at];
    int64_t length = w->document->nodes[node].count, from = 0, to = length;
    if (step->has_from && step->has_to) {
        from = step->indexes[0];
        to = step->indexes[1] < length ? step->indexes[1] : length;
    } else if (step->has_from) {
        from = step->indexes[0] < 0 ? step->indexes[0] + length : step->indexes[0];
        from = from < 0 ? 0 : from;
    } else {
        to = step->indexes[1] < 0 ? step->indexes[1] + length : step->indexes[1];
        to = to < length ? to : length;
    }
    if (from < -length)
        from = -length;
    for (int64_t i = from; i < to && !w->failed; i++) {
        uint32_t element = weir_json_element(w->document, node, i);
        if (element != 0)
            reach(w, at + 1, element);
    }
}

static void go_indexes(walk *w, uint32_t at, uint32_t node) {
    const weir_path_step *step = &w->path->steps[at];
    if (!is_array(w, at, node))
        return;
    if (step->kind == WEIR_PATH_SLICE) {
        go_slice(w, at, node);
        return;
    }
    for (uint32_t i = 0; i < step->count && !w->failed; i++) {
        uint32_t element = weir_json_element(w->document, node, step->indexes[i]);
        if (element != 0)
            reach(w, at + 1, element);
    }
}

/* Each child's value: of an object the members', of an array the elements. */
static void go_wildcard(walk *w, uint32_t at, uint32_t node) {
    bool object = kind_of(w, node) == WEIR_JSON_OBJECT;
    if (!object && kind_of(w, node) != WEIR_JSON_ARRAY)
        return;
    for (uint32_t child = weir_json_first(w->document, node); child != 0 && !w->failed; child = weir_json_next(w->document, node, child))
        reach(w, at + 1, object ? weir_json_value_of(w->document, child) : child);
}

static void go_filter(walk *w, uint32_t at, uint32_t node) {
    const weir_path_test *test = w->path->steps[at].test;
    if (kind_of(w, node) == WEIR_JSON_OBJECT) {
        if (weir_path_test_holds(test, w->document, node, w->matches))
            reach(w, at + 1, node);
        return;
    }
    if (kind_of(w, node) != WEIR_JSON_ARRAY) {
        if (upstream_definite(w, at))
            missing(w, "Filter can not be applied to primitives", (weir_text){"", 0});
        return;
    }
    for (uint32_t child = weir_json_first(w->document, node); child != 0 && !w->failed; child = weir_json_next(w->document, node, child))
        if (weir_path_test_holds(test, w->document, child, w->matches))
            reach(w, at + 1, child);
}

/* May the step after '..' be tried at this node? */
static bool scan_fits(const walk *w, const weir_path_step *step, uint32_t node) {
    weir_json_kind kind = kind_of(w, node);
    switch (step->kind) {
    case WEIR_PATH_MEMBER:
        if (kind != WEIR_JSON_OBJECT)
            return false;
        for (uint32_t i = 0; i < step->count; i++)
            if (weir_json_member(w->document, node, step->names[i]) == 0)
                return false;
        return true;
    case WEIR_PATH_INDEX:
    case WEIR_PATH_SLICE: return kind == WEIR_JSON_ARRAY;
    default: return true;
    }
}

/* All nodes below, each tried with the step at `at`. On an array a step that is not the last one is skipped and the one after it tried on
 * the elements instead, as Jayway does. The recursion is as deep as the document. */
static void scan(walk *w, uint32_t at, uint32_t node) {
    weir_json_kind kind = kind_of(w, node);
    if (w->failed || (kind != WEIR_JSON_OBJECT && kind != WEIR_JSON_ARRAY))
        return;
    const weir_json_document *document = w->document;
    if (scan_fits(w, &w->path->steps[at], node)) {
        if (kind == WEIR_JSON_OBJECT || at + 1 == w->path->count) {
            go(w, at, node);
        } else {
            for (uint32_t child = weir_json_first(document, node); child != 0 && !w->failed; child = weir_json_next(document, node, child))
                go(w, at + 1, child);
        }
    }
    for (uint32_t child = weir_json_first(document, node); child != 0 && !w->failed; child = weir_json_next(document, node, child))
        scan(w, at, kind == WEIR_JSON_OBJECT ? weir_json_value_of(document, child) : child);
}

static void aggregate(walk *w, weir_path_function function, uint32_t node) {
    double sum = 0, squares = 0, least = 0, most = 0, value;
    uint32_t count = 0;
    for (uint32_t child = weir_json_first(w->document, node); child != 0; child = weir_json_next(w->document, node, child)) {
        if (kind_of(w, child) != WEIR_JSON_NUMBER || !weir_parse_double(weir_json_node_text(w->document, child), &value))
            continue;
        least = count == 0 || value < least ? value : least;
        most = count == 0 || value > most ? value : most;
        sum += value;
        squares += value * value;
        count++;
    }
    if (count == 0) {
        missing(w, "Aggregation function attempted to calculate value using empty array", (weir_text){"", 0});
        return;
    }
    double result = function == WEIR_PATH_MIN ? least : function == WEIR_PATH_MAX ? most : function == WEIR_PATH_SUM ? sum : sum / count;
    if (function == WEIR_PATH_STDDEV)
        result = sqrt(squares / count - sum * sum / count / count);
    add(w, (weir_json_found){.kind = WEIR_JSON_FOUND_REAL, .real = result});
}

static void go_function(walk *w, weir_path_function function, uint32_t node) {
    weir_json_kind kind = kind_of(w, node);
    bool array = kind == WEIR_JSON_ARRAY;
    uint32_t element;
    switch (function) {
    case WEIR_PATH_LENGTH:
        if (array || kind == WEIR_JSON_OBJECT)
            add(w, (weir_json_found){.kind = WEIR_JSON_FOUND_WHOLE, .whole = w->document->nodes[node].count});
        return;
    case WEIR_PATH_KEYS:
        if (kind == WEIR_JSON_OBJECT)
            add(w, (weir_json_found){.kind = WEIR_JSON_FOUND_KEYS, .node = node});
        return;
    case WEIR_PATH_FIRST:
    case WEIR_PATH_LAST:
        element = array ? weir_json_element(w->document, node, function == WEIR_PATH_FIRST ? 0 : -1) : 0;
        if (element != 0)
            add(w, (weir_json_found){.kind = WEIR_JSON_FOUND_NODE, .node = element});
        return;
    default:
        if (array)
            aggregate(w, function, node);
        else
            missing(w, "Aggregation function attempted to calculate value using empty array", (weir_text){"", 0});
        return;
    }
}

static void go(walk *w, uint32_t at, uint32_t node) {
    const weir_path_step *step = &w->path->steps[at];
    switch (step->kind) {
    case WEIR_PATH_MEMBER: go_members(w, at, node); return;
    case WEIR_PATH_INDEX:
    case WEIR_PATH_SLICE: go_indexes(w, at, node); return;
    case WEIR_PATH_WILDCARD: go_wildcard(w, at, node); return;
    case WEIR_PATH_SCAN: scan(w, at + 1, node); return;
    case WEIR_PATH_FILTER: go_filter(w, at, node); return;
    case WEIR_PATH_FUNCTION: go_function(w, step->function, node); return;
    }
}

bool weir_path_find_from(const weir_json_path *path, const weir_json_document *document, uint32_t node, weir_json_matches *matches) {
    walk w = {.path = path, .document = document, .matches = matches, .lax = path->lax};
    size_t before = matches->count;
    reach(&w, 0, node);
    if (!w.failed && path->definite && matches->count == before)
        missing(&w, "No results for path", (weir_text){"", 0});
    return !w.failed;
}

bool weir_json_path_find(const weir_json_path *path, const weir_json_document *document, weir_json_matches *matches) {
    matches->count = 0;
    matches->member_count = 0;
    matches->problem[0] = '\0';
    return weir_path_find_from(path, document, 0, matches);
}
