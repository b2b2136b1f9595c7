/* JSON values into columns: the hot path. A record costs one compare per predicted key, one vector scan per string, a few multiplications
 * per number and timestamp; whatever is unusual (blanks, escapes, numbers in strings, wrong types) goes to json_coerce.c.
 */
#include <stdio.h>

#include "format/json_int.h"
#include "types/decimal.h"
#include "types/timestamp.h"

void weir_json_scan_init(weir_json_scan *scan, weir_memory *memory, const weir_json_options *options) {
    memset(scan, 0, sizeof *scan);
    scan->options = options;
    scan->memory = memory;
    weir_builder_init(&scan->text, memory, UINT32_MAX);
}
void weir_json_scan_deinit(weir_json_scan *scan) { weir_builder_deinit(&scan->text); }

weir_json_result weir_json_fail(weir_json_scan *scan, const char *at, weir_json_result result, const char *format, ...) {
    if (scan->bad_at != NULL)
        return result;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(scan->cause, sizeof scan->cause, format, arguments);
    va_end(arguments);
    scan->bad_at = at;
    return result;
}

/* What may stand behind a number or a word. */
static inline bool ends_value(char c) { return c == ',' || c == '}' || c == ']' || c == '\n' || c == ' ' || c == '\r' || c == '\t'; }

/* ---- skipping ---- */

/* From inside a container of depth 1 to behind its end. */
static const char *skip_container(weir_json_scan *scan, const char *p) {
    unsigned depth = 1;
    for (;;) {
        p = weir_find_structure(p);
        if (*p == '"') {
            unsigned flags = 0;
            const char *end = weir_string_end(p + 1, &flags);
            if (end == NULL) {
                weir_json_fail(scan, p, WEIR_JSON_SYNTAX, "the string does not end");
                return NULL;
            }
            p = end + 1;
        } else if (*p == '\n') {
            weir_json_fail(scan, p, WEIR_JSON_SYNTAX, "the line ends before the object or array does");
            return NULL;
        } else if ((*p | 0x20) == '{') {
            if (++depth > WEIR_JSON_DEPTH_MAX) {
                weir_json_fail(scan, p, WEIR_JSON_SYNTAX, "nested deeper than %d", WEIR_JSON_DEPTH_MAX);
                return NULL;
            }
            p++;
        } else {
            p++;
            if (--depth == 0)
                return p;
        }
    }
}

const char *weir_json_skip(weir_json_scan *scan, const char *p) {
    p = weir_json_blanks(p);
    if (*p == '"') {
        unsigned flags = 0;
        const char *end = weir_string_end(p + 1, &flags);
        if (end != NULL)
            return end + 1;
        weir_json_fail(scan, p, WEIR_JSON_SYNTAX, "the string does not end");
        return NULL;
    }
    if (*p == '{' || *p == '[')
        return skip_container(scan, p + 1);
    const char *end = p;
    while (!ends_value(*end))
        end++;
    weir_text word = {p, (size_t)(end - p)};
    if ((*p >= '0' && *p <= '9') || (*p == '-' && word.size > 1) || weir_text_equal_c(word, "true") || weir_text_equal_c(word, "false") ||
        weir_text_equal_c(word, "null"))
        return end;
    if (word.size == 0)
        weir_json_fail(scan, p, WEIR_JSON_SYNTAX, "a value was expected");
    else
        weir_json_fail(scan, p, WEIR_JSON_SYNTAX, "Unrecognized token '%.*s': a value was expected", word.size > 40 ? 40 : (int)word.size,
                       word.data);
    return NULL;
}

/* ---- prediction of keys ---- */

static inline bool step_matches(const weir_json_step *step, const char *p) {
    if (step->key == NULL)
        return false;
#if defined(__SSE2__)
    unsigned equal =
        (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)p), _mm_loadu_si128((const __m128i *)step->text)));
    if ((equal & step->need) != step->need)
        return false;
    return WEIR_LIKELY(step->size <= 16) || memcmp(p + 16, step->text + 16, step->size - 16u) == 0;
#else
    return memcmp(p, step->text, step->size) == 0;
#endif
}

void weir_json_learn(weir_json_steps *steps, weir_json_key *key, const char *from, const char *to) {
    size_t size = (size_t)(to - from);
    if (size > WEIR_JSON_STEP_BYTES)
        return;
    unsigned slot = 0;
    while (slot + 1 < WEIR_JSON_STEPS && steps->items[slot].key != NULL)
        slot++; /* the last one is replaced when all are taken */
    weir_json_step *step = &steps->items[slot];
    memset(step, 0, sizeof *step);
    step->key = key;
    step->size = (uint8_t)size;
    step->need = (uint16_t)(size >= 16 ? 0xFFFF : (1u << size) - 1);
    memcpy(step->text, from, size);
}

/* One of the later predictions; what comes often moves to the front. */
static const weir_json_step *later_step(weir_json_steps *steps, const char *p) {
    for (unsigned i = 1; i < WEIR_JSON_STEPS; i++) {
        if (!step_matches(&steps->items[i], p))
            continue;
        if (++steps->hits < 8)
            return &steps->items[i];
        weir_json_step moved = steps->items[i];
        steps->items[i] = steps->items[0];
        steps->items[0] = moved;
        steps->hits = 0;
        return &steps->items[0];
    }
    return NULL;
}

weir_json_key *weir_json_key_find(weir_json_object *object, weir_text name) {
    for (uint32_t i = 0; i < object->count; i++)
        if (weir_text_equal(object->keys[i].name, name))
            return &object->keys[i];
    return NULL;
}

weir_json_key *weir_json_key_learn(weir_json_object *object, weir_text name) {
    if (object->count == object->capacity || name.size > WEIR_JSON_LEARNED_NAME_BYTES)
        return &object->other;
    weir_json_key *key = &object->keys[object->count++];
    if (name.size > 0)
        memcpy(key->stored, name.data, name.size);
    key->name = (weir_text){key->stored, name.size};
    return key;
}

/* The next key in full; scan->at: before it, then at its value. NULL: the object has ended (scan->at behind it), or *result says what is
 * wrong. */
static weir_json_key *next_key(weir_json_scan *scan, weir_json_object *object, weir_json_steps *steps, bool first,
                               weir_json_result *result) {
    const char *from = scan->at, *p = weir_json_blanks(from);
    *result = WEIR_JSON_OK;
    if (*p == '}') {
        scan->at = p + 1;
        return NULL;
    }
    if (!first) {
        if (*p != ',') {
            *result = weir_json_fail(scan, p, WEIR_JSON_SYNTAX, "a comma or '}' was expected");
            return NULL;
        }
        p = weir_json_blanks(p + 1);
    }
    unsigned flags = 0;
    const char *start = p + 1, *end = *p == '"' ? weir_string_end(start, &flags) : NULL;
    if (end == NULL) {
        *result = weir_json_fail(scan, p, WEIR_JSON_SYNTAX, "a field name in double quotes was expected");
        return NULL;
    }
    weir_text name = {start, (size_t)(end - start)};
    p = weir_json_blanks(end + 1);
    if (*p != ':') {
        *result = weir_json_fail(scan, p, WEIR_JSON_SYNTAX, "a colon was expected after the field name");
        return NULL;
    }
    p = weir_json_blanks(p + 1);
    if (flags & WEIR_STRING_ESCAPED) {
        weir_builder_clear(&scan->text);
        char *room = weir_builder_room(&scan->text, name.size);
        size_t size;
        if (room == NULL || !weir_json_unescape(name, room, &size)) {
            *result = room == NULL ? WEIR_JSON_MEMORY : weir_json_fail(scan, start, WEIR_JSON_SYNTAX, "a broken escape in a field name");
            return NULL;
        }
        name = (weir_text){room, size};
    }
    weir_json_key *key = weir_json_key_find(object, name);
    if (key == NULL)
        key = weir_json_key_learn(object, name);
    if (key != &object->other && steps != &object->other.next)
        weir_json_learn(steps, key, from, p);
    scan->at = p;
    return key;
}

/* ---- scalars ---- */

static inline weir_json_result decode_integer(weir_json_scan *scan, weir_json_node *node, uint32_t row) {
    const char *p = scan->at;
    bool negative = *p == '-';
    p += negative;
    uint64_t size;
    const char *end = weir_scan_digits(p, &size);
    size_t digits = (size_t)(end - p);
    int64_t value = (int64_t)(negative ? 0 - size : size); /* wraps only for more digits than are taken */
    if (WEIR_UNLIKELY(digits == 0 || digits > 18 || !ends_value(*end) || (*p == '0' && digits > 1) || value < node->least ||
                      value > node->most))
        return weir_json_coerce(scan, node, row);
    switch (node->kind) {
    case WEIR_JSON_I64: ((int64_t *)node->values)[row] = value; break;
    case WEIR_JSON_I32: ((int32_t *)node->values)[row] = (int32_t)value; break;
    case WEIR_JSON_I16: ((int16_t *)node->values)[row] = (int16_t)value; break;
    default: ((int8_t *)node->values)[row] = (int8_t)value; break;
    }
    node->valid[row] = 1;
    scan->at = end;
    return WEIR_JSON_OK;
}

static inline weir_json_result decode_double(weir_json_scan *scan, weir_json_node *node, uint32_t row) {
    weir_fast_number number = weir_fast_plain(scan->at);
    if (WEIR_UNLIKELY(number.end == NULL || !ends_value(*number.end) || number.digits > WEIR_FAST_DOUBLE_MAX))
        return weir_json_coerce(scan, node, row);
    ((double *)node->values)[row] = weir_fast_double(&number);
    node->valid[row] = 1;
    scan->at = number.end;
    return WEIR_JSON_OK;
}

static inline weir_json_result decode_decimal(weir_json_scan *scan, weir_json_node *node, uint32_t row) {
    const char *p = scan->at;
    bool quoted = *p == '"';
    weir_fast_number number = weir_fast_plain(p + quoted);
    int32_t scale = node->type->scale;
    if (WEIR_UNLIKELY(number.end == NULL || (quoted ? *number.end != '"' : !ends_value(*number.end)) || (int32_t)number.fraction > scale))
        return weir_json_coerce(scan, node, row);
    int32_t shift = scale - (int32_t)number.fraction;
    /* 18 digits and a shift of 20 stay inside 38 digits. */
    if (shift > 20)
        return weir_json_coerce(scan, node, row);
    weir_i128 value = (weir_i128)number.digits * (weir_i128)weir_pow10[shift];
    if (!weir_decimal_fits(value, node->type->precision))
        return weir_json_coerce(scan, node, row);
    ((weir_i128 *)node->values)[row] = number.negative ? -value : value;
    node->valid[row] = 1;
    scan->at = number.end + quoted;
    return WEIR_JSON_OK;
}

static inline weir_json_result decode_boolean(weir_json_scan *scan, weir_json_node *node, uint32_t row) {
    const char *p = scan->at;
    if (memcmp(p, "true", 4) == 0 && ends_value(p[4])) {
        ((uint8_t *)node->values)[row] = 1;
        scan->at = p + 4;
    } else if (memcmp(p, "false", 5) == 0 && ends_value(p[5])) {
        ((uint8_t *)node->values)[row] = 0;
        scan->at = p + 5;
    } else {
        return weir_json_coerce(scan, node, row);
    }
    node->valid[row] = 1;
    return WEIR_JSON_OK;
}

static weir_json_result decode_special_text(weir_json_scan *scan, weir_json_node *node, uint32_t row, const char *start, const char *end,
                                            unsigned flags) {
    size_t size = (size_t)(end - start), bad;
    if ((flags & WEIR_STRING_HIGH) && !weir_utf8_valid((weir_text){start, size}, &bad)) {
        scan->at = end + 1;
        return weir_json_fail(scan, start + bad, WEIR_JSON_SYNTAX, "Invalid UTF-8 in a string");
    }
    if (flags & WEIR_STRING_ESCAPED) {
        char *room = weir_column_text_room(node->column, size);
        if (room == NULL)
            return WEIR_JSON_MEMORY;
        if (!weir_json_unescape((weir_text){start, size}, room, &size)) {
            scan->at = end + 1;
            return weir_json_fail(scan, start, WEIR_JSON_SYNTAX, "a broken escape in a string");
        }
        weir_column_set_view(node->column, row, room, size);
    } else if (scan->owner != NULL) {
        weir_column_set_view(node->column, row, start, size);
    } else {
        weir_column_put_text(node->column, row, (weir_text){start, size});
        if (node->column->failed)
            return WEIR_JSON_MEMORY;
    }
    node->valid[row] = 1;
    scan->at = end + 1;
    return WEIR_JSON_OK;
}

static inline weir_json_result decode_text(weir_json_scan *scan, weir_json_node *node, uint32_t row) {
    const char *p = scan->at;
    if (WEIR_UNLIKELY(*p != '"'))
        return weir_json_coerce(scan, node, row);
    unsigned flags = 0;
    const char *start = p + 1, *end = weir_string_end(start, &flags);
    if (WEIR_UNLIKELY(end == NULL))
        return weir_json_fail(scan, p, WEIR_JSON_SYNTAX, "the string does not end");
    if (WEIR_UNLIKELY(flags != 0 || scan->owner == NULL))
        return decode_special_text(scan, node, row, start, end, flags);
    ((weir_view *)node->values)[row] = weir_fast_view(start, (size_t)(end - start));
    node->valid[row] = 1;
    scan->at = end + 1;
    return WEIR_JSON_OK;
}

static inline weir_json_result decode_timestamp(weir_json_scan *scan, weir_json_node *node, uint32_t row) {
    int64_t us;
    const char *p = scan->at[0] == '"' ? weir_fast_timestamp(&scan->date, scan->at + 1, node->form.separator, &us) : NULL;
    if (p != NULL && node->form.zulu)
        p = *p == 'Z' ? p + 1 : NULL;
    if (WEIR_UNLIKELY(p == NULL || *p != '"'))
        return weir_json_coerce(scan, node, row);
    if (node->unit_us > 1)
        us -= weir_floor_mod(us, node->unit_us);
    ((int64_t *)node->values)[row] = us;
    node->valid[row] = 1;
    scan->at = p + 1;
    return WEIR_JSON_OK;
}

/* ---- nested ---- */

/* How many values an array (or pairs an object) holds; scan->at is behind the bracket. SYNTAX unless it ends properly. */
static weir_json_result count_values(weir_json_scan *scan, bool pairs, uint32_t *count) {
    const char *p = weir_json_blanks(scan->at);
    *count = 0;
    if (*p == (pairs ? '}' : ']'))
        return WEIR_JSON_OK;
    for (;;) {
        if (pairs) {
            if (*weir_json_blanks(p) != '"')
                return weir_json_fail(scan, p, WEIR_JSON_SYNTAX, "a field name in double quotes was expected");
            p = weir_json_skip(scan, p);
            if (p == NULL)
                return WEIR_JSON_SYNTAX;
            p = weir_json_blanks(p);
            if (*p++ != ':')
                return weir_json_fail(scan, p - 1, WEIR_JSON_SYNTAX, "a colon was expected after the field name");
        }
        p = weir_json_skip(scan, p);
        if (p == NULL)
            return WEIR_JSON_SYNTAX;
        ++*count;
        p = weir_json_blanks(p);
        if (*p == (pairs ? '}' : ']'))
            return WEIR_JSON_OK;
        if (*p != ',')
            return weir_json_fail(scan, p, WEIR_JSON_SYNTAX, "a comma or '%c' was expected", pairs ? '}' : ']');
        p = weir_json_blanks(p + 1);
    }
}

/* A child row that was appended: fields of rows are NULL until they are met. */
static void null_fields(weir_json_node *node, uint32_t row) {
    for (uint32_t i = 0; i < node->child_count; i++) {
        weir_json_node *child = node->children[i];
        if (child == NULL)
            continue;
        child->valid[row] = 0;
        if (child->kind == WEIR_JSON_ROW)
            null_fields(child, row);
    }
}

static void rebind_children(weir_json_node *node) {
    for (uint32_t i = 0; i < node->child_count; i++)
        if (node->children[i]->capacity != node->children[i]->column->capacity)
            weir_json_rebind(node->children[i]);
}

/* With ignore-parse-errors a value that is none of its type is NULL. */
static inline weir_json_result tolerate(weir_json_scan *scan, weir_json_node *node, uint32_t row, weir_json_result result) {
    if (WEIR_LIKELY(result == WEIR_JSON_OK) || result != WEIR_JSON_BAD || !scan->options->ignore_parse_errors)
        return result;
    scan->bad_at = NULL;
    weir_json_reset_row(node, row);
    return WEIR_JSON_OK;
}

static weir_json_result decode_array(weir_json_scan *scan, weir_json_node *node, uint32_t row) {
    uint32_t count;
    scan->at++;
    weir_json_result result = count_values(scan, false, &count);
    if (result != WEIR_JSON_OK)
        return result;
    uint32_t start = weir_column_span_add(node->column, row, count);
    if (start == UINT32_MAX)
        return WEIR_JSON_MEMORY;
    rebind_children(node);
    const char *p = weir_json_blanks(scan->at);
    for (uint32_t i = 0; i < count; i++) {
        scan->at = weir_json_blanks(p);
        result = tolerate(scan, node->children[0], start + i, weir_json_decode(scan, node->children[0], start + i));
        if (result != WEIR_JSON_OK)
            return result;
        p = weir_json_blanks(scan->at) + 1; /* behind ',' or ']': count_values has seen them */
    }
    scan->at = count == 0 ? p + 1 : p;
    node->valid[row] = 1;
    return WEIR_JSON_OK;
}

/* Of equal keys the later value replaces the earlier, as in a Java map. Quadratic, but maps in records are small. */
static uint32_t same_key(const weir_json_node *keys, uint32_t start, uint32_t at) {
    const weir_view *views = keys->values;
    for (uint32_t i = start; i < at; i++)
        if (weir_view_equal(&views[i], &views[at]))
            return i;
    return at;
}

static weir_json_result decode_map(weir_json_scan *scan, weir_json_node *node, uint32_t row) {
    uint32_t count;
    scan->at++;
    weir_json_result result = count_values(scan, true, &count);
    if (result != WEIR_JSON_OK)
        return result;
    uint32_t start = weir_column_span_add(node->column, row, count);
    if (start == UINT32_MAX)
        return WEIR_JSON_MEMORY;
    rebind_children(node);
    const char *p = weir_json_blanks(scan->at);
    uint32_t at = start;
    for (uint32_t i = 0; i < count; i++) {
        scan->at = weir_json_blanks(p);
        result = weir_json_decode(scan, node->children[0], at);
        if (result != WEIR_JSON_OK)
            return result;
        scan->at = weir_json_blanks(weir_json_blanks(scan->at) + 1); /* behind the colon */
        result = tolerate(scan, node->children[1], at, weir_json_decode(scan, node->children[1], at));
        if (result != WEIR_JSON_OK)
            return result;
        p = weir_json_blanks(scan->at) + 1;
        uint32_t same = same_key(node->children[0], start, at);
        if (same == at)
            at++;
        else
            weir_column_copy_row(node->children[1]->column, same, node->children[1]->column, at);
    }
    scan->at = count == 0 ? p + 1 : p;
    ((weir_span *)node->values)[row].count = at - start;
    node->valid[row] = 1;
    return WEIR_JSON_OK;
}

weir_json_result weir_json_decode_object(weir_json_scan *scan, weir_json_node *node, uint32_t row) {
    weir_json_object *object = node->object;
    weir_json_steps *steps = &object->first;
    uint32_t found = 0;
    const bool ends_early = !scan->options->last_wins;
    for (bool first = true;; first = false) {
        if (found >= object->wanted && ends_early) {
            const char *rest = weir_json_blanks(scan->at);
            if (WEIR_UNLIKELY(*rest == ',' && *weir_json_blanks(rest + 1) == '}'))
                return weir_json_fail(scan, rest, WEIR_JSON_SYNTAX, "a name was expected behind the comma");
            const char *end = skip_container(scan, scan->at);
            if (end == NULL)
                return WEIR_JSON_SYNTAX;
            scan->at = end;
            return WEIR_JSON_OK;
        }
        const char *p = scan->at;
        const weir_json_step *step = &steps->items[0];
        weir_json_key *key;
        if (WEIR_LIKELY(step_matches(step, p)) || (*p != '}' && (step = later_step(steps, p)) != NULL)) {
            key = step->key;
            scan->at = p + step->size;
        } else {
            weir_json_result result;
            key = next_key(scan, object, steps, first, &result);
            if (key == NULL && result != WEIR_JSON_OK)
                return result;
            if (key == NULL)
                break;
        }
        if (key->node == NULL) {
            const char *end = weir_json_skip(scan, scan->at);
            if (end == NULL)
                return WEIR_JSON_SYNTAX;
            scan->at = end;
        } else {
            weir_json_result result = tolerate(scan, key->node, row, weir_json_decode(scan, key->node, row));
            if (WEIR_UNLIKELY(result != WEIR_JSON_OK)) {
                if (result == WEIR_JSON_BAD && strncmp(scan->cause, "Fail to deserialize at field", 28) != 0) {
                    char cause[WEIR_JSON_CAUSE_BYTES];
                    memcpy(cause, scan->cause, sizeof cause);
                    snprintf(scan->cause, sizeof scan->cause, "Fail to deserialize at field: %.*s. %.*s",
                             key->name.size > 60 ? 60 : (int)key->name.size, key->name.data, 140, cause);
                }
                return result;
            }
            found++;
        }
        steps = &key->next;
    }
    if (scan->options->fail_on_missing_field && found < object->wanted)
        return weir_json_fail(scan, scan->at - 1, WEIR_JSON_BAD, "Some field is missing in the JSON data.");
    return WEIR_JSON_OK;
}

static inline bool is_null(const char *p) { return memcmp(p, "null", 4) == 0 && ends_value(p[4]); }

static weir_json_result decode_nested(weir_json_scan *scan, weir_json_node *node, uint32_t row) {
    const char *p = scan->at = weir_json_blanks(scan->at);
    if (is_null(p)) {
        node->valid[row] = 0;
        scan->at = p + 4;
        return WEIR_JSON_OK;
    }
    if (*p != (node->kind == WEIR_JSON_ARRAY ? '[' : '{')) {
        const char *end = weir_json_skip(scan, p);
        if (end == NULL)
            return WEIR_JSON_SYNTAX;
        scan->at = end;
        return weir_json_fail(scan, p, WEIR_JSON_BAD,
                              node->kind == WEIR_JSON_ARRAY ? "Illegal JSON array data..."
                              : node->kind == WEIR_JSON_MAP ? "Illegal JSON map data..."
                                                            : "Illegal JSON object data...");
    }
    if (node->kind == WEIR_JSON_ARRAY)
        return decode_array(scan, node, row);
    if (node->kind == WEIR_JSON_MAP)
        return decode_map(scan, node, row);
    if (node->in_array)
        null_fields(node, row);
    node->valid[row] = 1;
    scan->at++;
    return weir_json_decode_object(scan, node, row);
}

weir_json_result weir_json_decode(weir_json_scan *scan, weir_json_node *node, uint32_t row) {
    switch (node->kind) {
    case WEIR_JSON_I8:
    case WEIR_JSON_I16:
    case WEIR_JSON_I32:
    case WEIR_JSON_I64: return decode_integer(scan, node, row);
    case WEIR_JSON_F64: return decode_double(scan, node, row);
    case WEIR_JSON_DECIMAL: return decode_decimal(scan, node, row);
    case WEIR_JSON_BOOLEAN: return decode_boolean(scan, node, row);
    case WEIR_JSON_TEXT: return decode_text(scan, node, row);
    case WEIR_JSON_TIMESTAMP: return decode_timestamp(scan, node, row);
    case WEIR_JSON_ROW:
        if (WEIR_LIKELY(*scan->at == '{' && !node->in_array)) {
            node->valid[row] = 1;
            scan->at++;
            return weir_json_decode_object(scan, node, row);
        }
        return decode_nested(scan, node, row);
    case WEIR_JSON_ARRAY:
    case WEIR_JSON_MAP: return decode_nested(scan, node, row);
    case WEIR_JSON_F32:
    case WEIR_JSON_BYTES:
    case WEIR_JSON_DATE:
    case WEIR_JSON_TIME:
    case WEIR_JSON_TIMESTAMP_NS:
    case WEIR_JSON_NULL: break;
    }
    return weir_json_coerce(scan, node, row);
}
