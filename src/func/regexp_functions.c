/* REGEXP, REGEXP_EXTRACT, REGEXP_EXTRACT_ALL, REGEXP_REPLACE, REGEXP_COUNT, REGEXP_INSTR, REGEXP_SUBSTR and STR_TO_MAP, whose delimiters
 * are regular expressions.
 *
 * A pattern that Java refuses gives no result (NULL; false for REGEXP), as in Flink; one that Java takes and we cannot run fails by name.
 */
#include "func/regexp_int.h"
#include "func/string_int.h"

#define BOOLEAN(nullable_) weir_type_simple(WEIR_KIND_BOOLEAN, nullable_)

static weir_status bind_cache(weir_call *call, weir_kernel kernel, weir_error *error) {
    regexp_cache *cache;
    WEIR_TRY(weir_regexp_cache_create(call, false, &cache, error));
    call->state = cache;
    call->kernel = kernel;
    /* A constant pattern that cannot be run is refused before anything runs. */
    const weir_value *pattern = weir_call_literal(call, 1);
    if (pattern == NULL || pattern->is_null)
        return WEIR_OK;
    regexp_fault fault;
    const char *reason;
    if (weir_regexp_get(cache, pattern->as.text, &fault, &reason) == NULL && fault == REGEXP_UNSUPPORTED)
        return weir_fail(error, WEIR_UNSUPPORTED, "The regular expression '%.*s' is not supported: %s", WEIR_TEXT_ARGS(pattern->as.text),
                         reason);
    return WEIR_OK;
}

/* What a negative result of weir_regexp_find means for the row. */
static void give_up(weir_call *call, uint32_t row, int found, weir_column *out) {
    if (found == REGEXP_NO_MEMORY)
        out->failed = true;
    else
        weir_call_fail(call, row, "%s gave up: matching this text takes too many steps", call->function->name);
}

/* ---- REGEXP ---- */

static weir_status infer_regexp(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_check(signature, "!ss", error));
    return weir_signature_result(signature, BOOLEAN(weir_signature_nullable(signature)), error);
}

static void run_regexp(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    regexp_cache *cache = call->state;
    uint8_t *r = WEIR_VALUES(out, uint8_t);
    WEIR_FOR_ROWS(rows, i, {
        weir_text pattern = weir_column_text(arguments[1], i);
        bool broken;
        const regexp *expression = pattern.size == 0 ? NULL : weir_regexp_for_row(cache, call, i, pattern, out, &broken);
        regexp_match match;
        int found = expression == NULL ? 0 : weir_regexp_find(cache, expression, weir_column_text(arguments[0], i), 0, &match);
        if (found < 0)
            give_up(call, i, found, out);
        r[i] = found > 0;
    });
}

static weir_status bind_regexp(weir_call *call, weir_error *error) { return bind_cache(call, run_regexp, error); }

/* ---- REGEXP_EXTRACT, REGEXP_SUBSTR, REGEXP_INSTR: the first match ---- */

static weir_status infer_extract(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_check(signature, "!ss?i", error));
    return weir_signature_result(signature, weir_type_string(true), error);
}

static weir_status infer_substr(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_check(signature, "ss", error));
    return weir_signature_result(signature, weir_type_string(true), error);
}

static weir_status infer_number(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_check(signature, "ss", error));
    return weir_signature_result(signature, weir_type_simple(WEIR_KIND_INT, true), error);
}

static void run_extract(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    regexp_cache *cache = call->state;
    const int64_t *indexes = call->argument_count > 2 ? WEIR_VALUES(arguments[2], int64_t) : NULL;
    if (!weir_column_keep_from(out, arguments[0]))
        return;
    WEIR_FOR_ROWS(rows, i, {
        weir_text text = weir_column_text(arguments[0], i);
        bool broken;
        const regexp *expression = weir_regexp_for_row(cache, call, i, weir_column_text(arguments[1], i), out, &broken);
        int64_t group = indexes == NULL ? 0 : indexes[i];
        regexp_match match;
        int found = expression == NULL ? 0 : weir_regexp_find(cache, expression, text, 0, &match);
        if (found < 0)
            give_up(call, i, found, out);
        if (found <= 0 || group < 0 || group > match.group_count || match.offsets[2 * group] == SIZE_MAX)
            weir_column_set_null(out, i);
        else
            string_part(out, i, text, match.offsets[2 * group], match.offsets[2 * group + 1]);
    });
}

static weir_status bind_extract(weir_call *call, weir_error *error) { return bind_cache(call, run_extract, error); }

/* Java's chars before an offset: UTF-16 units. */
static int32_t units_before(weir_text text, size_t offset) {
    int32_t units = 0;
    for (size_t at = 0; at < offset && at < text.size; at++) {
        unsigned char c = (unsigned char)text.data[at];
        units += (c & 0xC0) != 0x80 ? 1 : 0;
        units += c >= 0xF0;
    }
    return units;
}

static void run_instr(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    regexp_cache *cache = call->state;
    int32_t *r = WEIR_VALUES(out, int32_t);
    WEIR_FOR_ROWS(rows, i, {
        weir_text text = weir_column_text(arguments[0], i);
        bool broken = false;
        const regexp *expression = weir_regexp_for_row(cache, call, i, weir_column_text(arguments[1], i), out, &broken);
        regexp_match match;
        int found = expression == NULL ? 0 : weir_regexp_find(cache, expression, text, 0, &match);
        if (found < 0)
            give_up(call, i, found, out);
        if (broken)
            weir_column_set_null(out, i);
        r[i] = found > 0 ? units_before(text, match.offsets[0]) + 1 : 0;
    });
}

static weir_status bind_instr(weir_call *call, weir_error *error) { return bind_cache(call, run_instr, error); }

static void run_count(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    regexp_cache *cache = call->state;
    int32_t *r = WEIR_VALUES(out, int32_t);
    WEIR_FOR_ROWS(rows, i, {
        weir_text text = weir_column_text(arguments[0], i);
        bool broken = false;
        const regexp *expression = weir_regexp_for_row(cache, call, i, weir_column_text(arguments[1], i), out, &broken);
        if (broken)
            weir_column_set_null(out, i);
        regexp_match match;
        int found = expression != NULL;
        int32_t count = 0;
        for (size_t from = 0; found > 0; from = weir_regexp_next(text, &match)) {
            found = weir_regexp_find(cache, expression, text, from, &match);
            if (found <= 0)
                break;
            count++;
        }
        if (found < 0)
            give_up(call, i, found, out);
        r[i] = count;
    });
}

static weir_status bind_count(weir_call *call, weir_error *error) { return bind_cache(call, run_count, error); }

/* ---- REGEXP_EXTRACT_ALL ---- */

static weir_status infer_extract_all(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_check(signature, "ss?i", error));
    return weir_signature_result(signature, weir_type_array(signature->arena, weir_type_string(true), true), error);
}

/* Positions of a group in all matches; the caller's scratch grows. */
typedef struct pieces {
    size_t *items; /* start, end */
    size_t count;
    size_t capacity;
} pieces;

static bool piece_add(weir_memory *memory, pieces *all, size_t start, size_t end) {
    if (!weir_memory_grow(memory, (void **)&all->items, &all->capacity, all->count + 2, sizeof(size_t)))
        return false;
    all->items[all->count++] = start;
    all->items[all->count++] = end;
    return true;
}

static void pieces_done(weir_memory *memory, pieces *all) {
    if (all->items != NULL)
        weir_memory_free(memory, all->items, all->capacity * sizeof(size_t));
}

/* Results as weir_regexp_find's. */
static int find_all(regexp_cache *cache, weir_memory *memory, const regexp *expression, weir_text text, size_t group, pieces *all) {
    regexp_match match;
    all->count = 0;
    for (size_t from = 0;; from = weir_regexp_next(text, &match)) {
        int found = weir_regexp_find(cache, expression, text, from, &match);
        if (found <= 0)
            return found;
        if (!piece_add(memory, all, match.offsets[2 * group], match.offsets[2 * group + 1]))
            return REGEXP_NO_MEMORY;
    }
}

static void put_pieces(weir_column *out, uint32_t row, weir_text text, const pieces *all) {
    uint32_t count = (uint32_t)(all->count / 2), at = weir_column_span_add(out, row, count);
    if (at == UINT32_MAX)
        return;
    for (uint32_t k = 0; k < count; k++) {
        if (all->items[2 * k] == SIZE_MAX)
            weir_column_set_null(out->children[0], at + k);
        else
            string_part(out->children[0], at + k, text, all->items[2 * k], all->items[2 * k + 1]);
    }
}

static void run_extract_all(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    regexp_cache *cache = call->state;
    const int64_t *indexes = call->argument_count > 2 ? WEIR_VALUES(arguments[2], int64_t) : NULL;
    pieces all = {0};
    if (!weir_column_keep_from(out->children[0], arguments[0])) {
        out->failed = true;
        return;
    }
    WEIR_FOR_ROWS(rows, i, {
        weir_text text = weir_column_text(arguments[0], i);
        bool broken;
        const regexp *expression = weir_regexp_for_row(cache, call, i, weir_column_text(arguments[1], i), out, &broken);
        int64_t group = indexes == NULL ? 1 : indexes[i];
        if (expression == NULL || group < 0 || group > weir_regexp_groups(expression)) {
            weir_column_set_null(out, i);
            continue;
        }
        int done = find_all(cache, call->memory, expression, text, (size_t)group, &all);
        if (done < 0)
            give_up(call, i, done, out);
        else
            put_pieces(out, i, text, &all);
    });
    pieces_done(call->memory, &all);
}

static weir_status bind_extract_all(weir_call *call, weir_error *error) { return bind_cache(call, run_extract_all, error); }

/* ---- REGEXP_REPLACE ---- */

static weir_status infer_replace(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_check(signature, "!sss", error));
    return weir_signature_result(signature, string_type(signature), error);
}

static int replace_all(regexp_cache *cache, const regexp *expression, weir_text text, weir_text by, weir_builder *out) {
    regexp_match match;
    size_t copied = 0;
    for (size_t from = 0;; from = weir_regexp_next(text, &match)) {
        int found = weir_regexp_find(cache, expression, text, from, &match);
        if (found < 0)
            return found;
        if (found == 0)
            break;
        weir_builder_add(out, text.data + copied, match.offsets[0] - copied);
        weir_builder_text(out, by);
        copied = match.offsets[1];
    }
    weir_builder_add(out, text.data + copied, text.size - copied);
    return 1;
}

static void run_replace(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    regexp_cache *cache = call->state;
    weir_builder builder;
    weir_builder_init(&builder, call->memory, SIZE_MAX);
    WEIR_FOR_ROWS(rows, i, {
        bool broken;
        const regexp *expression = weir_regexp_for_row(cache, call, i, weir_column_text(arguments[1], i), out, &broken);
        if (expression == NULL) {
            weir_column_set_null(out, i);
            continue;
        }
        weir_builder_clear(&builder);
        int done = replace_all(cache, expression, weir_column_text(arguments[0], i), weir_column_text(arguments[2], i), &builder);
        if (done < 0)
            give_up(call, i, done, out);
        else
            weir_column_put_text(out, i, weir_builder_view(&builder));
    });
    if (builder.failed)
        out->failed = true;
    weir_builder_deinit(&builder);
}

static weir_status bind_replace(weir_call *call, weir_error *error) { return bind_cache(call, run_replace, error); }

/* ---- STR_TO_MAP ---- */

static weir_status infer_str_to_map(weir_signature *signature, weir_error *error) {
    if (signature->count == 2)
        return weir_signature_refuse(signature, error);
    WEIR_TRY(weir_signature_check(signature, "!s?ss", error));
    const weir_type *string = weir_type_string(true);
    return weir_signature_result(signature, weir_type_map(signature->arena, string, string, true), error);
}

/* Java's String.split: pieces between matches; an empty match at the start splits nothing; limit 0 drops empty pieces at the end. */
static int split(regexp_cache *cache, weir_memory *memory, const regexp *expression, weir_text text, size_t limit, pieces *all) {
    regexp_match match;
    size_t index = 0;
    all->count = 0;
    for (size_t from = 0; limit == 0 || all->count / 2 < limit - 1; from = weir_regexp_next(text, &match)) {
        int found = weir_regexp_find(cache, expression, text, from, &match);
        if (found < 0)
            return found;
        if (found == 0)
            break;
        if (index == 0 && match.offsets[0] == 0 && match.offsets[1] == 0)
            continue;
        if (!piece_add(memory, all, index, match.offsets[0]))
            return REGEXP_NO_MEMORY;
        index = match.offsets[1];
    }
    if (!piece_add(memory, all, index, text.size))
        return REGEXP_NO_MEMORY;
    while (limit == 0 && all->count > 2 && all->items[all->count - 2] == all->items[all->count - 1])
        all->count -= 2;
    return 1;
}

typedef struct map_entry {
    weir_text key;
    weir_text value; /* data NULL: NULL */
    uint32_t bucket;
} map_entry;

typedef struct map_scratch {
    pieces pairs;
    pieces halves;
    map_entry *entries;
    size_t count;
    size_t capacity;
} map_scratch;

/* String.hashCode, over UTF-16 units. */
static uint32_t java_hash(weir_text text) {
    uint32_t hash = 0;
    for (size_t at = 0; at < text.size;) {
        uint32_t point = weir_utf8_next(text.data, text.size, &at);
        if (point >= 0x10000) {
            hash = hash * 31 + 0xD800 + ((point - 0x10000) >> 10);
            point = 0xDC00 + ((point - 0x10000) & 0x3FF);
        }
        hash = hash * 31 + point;
    }
    return hash;
}

/* A key that comes again keeps its place and takes the new value. */
static bool entry_put(weir_memory *memory, map_scratch *map, weir_text key, weir_text value) {
    for (size_t k = 0; k < map->count; k++) {
        if (weir_text_equal(map->entries[k].key, key)) {
            map->entries[k].value = value;
            return true;
        }
    }
    if (!weir_memory_grow(memory, (void **)&map->entries, &map->capacity, map->count + 1, sizeof(map_entry)))
        return false;
    map->entries[map->count++] = (map_entry){.key = key, .value = value};
    return true;
}

/* The order of java.util.HashMap, so that a map prints as Flink's does: by bucket, then by arrival. `asked`: its initial capacity. */
static void entries_order(map_scratch *map, size_t asked) {
    size_t buckets = 1;
    while (buckets < asked)
        buckets *= 2;
    while (map->count * 4 > buckets * 3)
        buckets *= 2;
    for (size_t k = 0; k < map->count; k++) {
        uint32_t hash = java_hash(map->entries[k].key);
        map->entries[k].bucket = (hash ^ hash >> 16) & (uint32_t)(buckets - 1);
        map_entry entry = map->entries[k];
        size_t to = k;
        for (; to > 0 && map->entries[to - 1].bucket > entry.bucket; to--)
            map->entries[to] = map->entries[to - 1];
        map->entries[to] = entry;
    }
}

static void put_map(weir_column *out, uint32_t row, const map_scratch *map) {
    uint32_t at = weir_column_span_add(out, row, (uint32_t)map->count);
    if (at == UINT32_MAX)
        return;
    for (uint32_t k = 0; k < map->count; k++) {
        const map_entry *entry = &map->entries[k];
        string_part(out->children[0], at + k, entry->key, 0, entry->key.size);
        if (entry->value.data == NULL)
            weir_column_set_null(out->children[1], at + k);
        else
            string_part(out->children[1], at + k, entry->value, 0, entry->value.size);
    }
}

/* Results as weir_regexp_find's; 1: done. */
static int map_fill(regexp_cache *cache, weir_memory *memory, weir_text text, weir_text between, weir_text inside, map_scratch *map,
                    bool *broken) {
    regexp_fault fault;
    const char *reason;
    map->count = 0;
    const regexp *expression = weir_regexp_get(cache, between, &fault, &reason);
    *broken = expression == NULL && fault != REGEXP_FINE;
    int done = expression == NULL ? REGEXP_NO_MEMORY : split(cache, memory, expression, text, 0, &map->pairs);
    for (size_t k = 0; k < map->pairs.count && done == 1 && !*broken; k += 2) {
        weir_text pair = {text.data + map->pairs.items[k], map->pairs.items[k + 1] - map->pairs.items[k]};
        expression = weir_regexp_get(cache, inside, &fault, &reason);
        *broken = expression == NULL && fault != REGEXP_FINE;
        done = expression == NULL ? REGEXP_NO_MEMORY : split(cache, memory, expression, pair, 2, &map->halves);
        if (done != 1)
            break;
        const size_t *at = map->halves.items;
        bool one = map->halves.count < 4;
        weir_text key = one ? pair : (weir_text){pair.data + at[0], at[1] - at[0]};
        weir_text value = one ? (weir_text){NULL, 0} : (weir_text){pair.data + at[2], at[3] - at[2]};
        done = entry_put(memory, map, key, value) ? 1 : REGEXP_NO_MEMORY;
    }
    entries_order(map, map->pairs.count / 2);
    return done;
}

static void run_str_to_map(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    regexp_cache *cache = call->state;
    map_scratch map = {0};
    if (!weir_column_keep_from(out->children[0], arguments[0]) || !weir_column_keep_from(out->children[1], arguments[0])) {
        out->failed = true;
        return;
    }
    WEIR_FOR_ROWS(rows, i, {
        weir_text text = weir_column_text(arguments[0], i);
        weir_text between = call->argument_count > 1 ? weir_column_text(arguments[1], i) : WEIR_TEXT(",");
        weir_text inside = call->argument_count > 2 ? weir_column_text(arguments[2], i) : WEIR_TEXT("=");
        bool broken = false;
        int done = 1;
        map.count = 0;
        if (text.size > 0)
            done = map_fill(cache, call->memory, text, between, inside, &map, &broken);
        if (broken)
            weir_call_fail(call, i, "STR_TO_MAP: a delimiter is no regular expression: '%.*s' or '%.*s'", WEIR_TEXT_ARGS(between),
                           WEIR_TEXT_ARGS(inside));
        else if (done < 0)
            give_up(call, i, done, out);
        else
            put_map(out, i, &map);
    });
    pieces_done(call->memory, &map.pairs);
    pieces_done(call->memory, &map.halves);
    if (map.entries != NULL)
        weir_memory_free(call->memory, map.entries, map.capacity * sizeof(map_entry));
}

static weir_status bind_str_to_map(weir_call *call, weir_error *error) {
    regexp_cache *cache;
    WEIR_TRY(weir_regexp_cache_create(call, false, &cache, error));
    call->state = cache;
    call->kernel = run_str_to_map;
    return WEIR_OK;
}

#define STRICT WEIR_FUNCTION_STRICT
const weir_function weir_functions_regexp[] = {
    {"REGEXP", STRICT, infer_regexp, bind_regexp, "string", "REGEXP(text STRING, pattern STRING) -> BOOLEAN",
     "Whether the regular expression matches somewhere.", "REGEXP('weir', '^w.*r$')", "TRUE"},
    {"REGEXP_EXTRACT", STRICT, infer_extract, bind_extract, "string", "REGEXP_EXTRACT(text STRING, pattern STRING[, group INT]) -> STRING",
     "A group (0: all) of the first match.", "REGEXP_EXTRACT('foothebar', 'foo(.*?)(bar)', 1)", "the"},
    {"REGEXP_EXTRACT_ALL", STRICT, infer_extract_all, bind_extract_all, "string",
     "REGEXP_EXTRACT_ALL(text STRING, pattern STRING[, group INT]) -> ARRAY<STRING>", "A group (1 by default) of all matches.",
     "REGEXP_EXTRACT_ALL('Ab12Cd34', '([a-z])(\\d)', 1)", "[b, d]"},
    {"REGEXP_REPLACE", STRICT, infer_replace, bind_replace, "string", "REGEXP_REPLACE(text STRING, pattern STRING, new STRING) -> STRING",
     "The text with every match replaced; `new` is taken literally.", "REGEXP_REPLACE('foobar', 'oo|ar', '-')", "f-b-"},
    {"REGEXP_COUNT", STRICT, infer_number, bind_count, "string", "REGEXP_COUNT(text STRING, pattern STRING) -> INT",
     "How often the regular expression matches.", "REGEXP_COUNT('abcab', 'ab')", "2"},
    {"REGEXP_INSTR", STRICT, infer_number, bind_instr, "string", "REGEXP_INSTR(text STRING, pattern STRING) -> INT",
     "Where the first match starts, from 1; 0: nowhere.", "REGEXP_INSTR('abc', 'c')", "3"},
    {"REGEXP_SUBSTR", STRICT, infer_substr, bind_extract, "string", "REGEXP_SUBSTR(text STRING, pattern STRING) -> STRING",
     "The first match.", "REGEXP_SUBSTR('abc123', '[0-9]+')", "123"},
    {"STR_TO_MAP", STRICT, infer_str_to_map, bind_str_to_map, "string",
     "STR_TO_MAP(text STRING[, between_pairs STRING, in_pair STRING]) -> MAP<STRING, STRING>",
     "The pairs in a text; the delimiters (',' and '=') are regular expressions.", "STR_TO_MAP('a=1,b=2')", "{a=1, b=2}"},
    {NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL},
};
