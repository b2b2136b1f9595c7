/* Text comparison, UTF-8 and the builder; see text.h. */
#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

weir_text weir_text_of(const char *c_string) { return (weir_text){c_string, c_string == NULL ? 0 : strlen(c_string)}; }

bool weir_text_equal(weir_text a, weir_text b) { return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0); }
bool weir_text_equal_c(weir_text a, const char *b) { return weir_text_equal(a, weir_text_of(b)); }

static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c; }

bool weir_text_equal_nocase(weir_text a, weir_text b) {
    if (a.size != b.size)
        return false;
    for (size_t i = 0; i < a.size; i++)
        if (lower(a.data[i]) != lower(b.data[i]))
            return false;
    return true;
}
bool weir_text_equal_nocase_c(weir_text a, const char *b) { return weir_text_equal_nocase(a, weir_text_of(b)); }

bool weir_text_starts(weir_text text, weir_text prefix) {
    return text.size >= prefix.size && (prefix.size == 0 || memcmp(text.data, prefix.data, prefix.size) == 0);
}

int weir_text_compare(weir_text a, weir_text b) {
    size_t common = a.size < b.size ? a.size : b.size;
    int order = common == 0 ? 0 : memcmp(a.data, b.data, common);
    if (order != 0)
        return order;
    return a.size < b.size ? -1 : a.size > b.size;
}

static bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

weir_text weir_text_trim(weir_text text) {
    while (text.size > 0 && is_blank(text.data[0])) {
        text.data++;
        text.size--;
    }
    while (text.size > 0 && is_blank(text.data[text.size - 1]))
        text.size--;
    return text;
}

/* Bytes that the lead byte promises, 0 when it cannot lead. */
static size_t utf8_promised(unsigned char lead) {
    if (lead < 0x80)
        return 1;
    if (lead < 0xC2)
        return 0;
    if (lead < 0xE0)
        return 2;
    if (lead < 0xF0)
        return 3;
    if (lead < 0xF5)
        return 4;
    return 0;
}

/* Strict: refuses overlong forms, surrogates and what lies beyond U+10FFFF. Returns the size, 0 when invalid. */
static size_t utf8_decode(const char *data, size_t left, uint32_t *out) {
    const unsigned char *p = (const unsigned char *)data;
    size_t size = utf8_promised(p[0]);
    if (size == 0 || size > left)
        return 0;
    if (size == 1) {
        *out = p[0];
        return 1;
    }
    uint32_t code = p[0] & (0x7Fu >> size);
    for (size_t i = 1; i < size; i++) {
        if ((p[i] & 0xC0) != 0x80)
            return 0;
        code = code << 6 | (p[i] & 0x3Fu);
    }
    static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
    if (code < least[size] || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
        return 0;
    *out = code;
    return size;
}

static bool utf8_continues(unsigned char byte) { return (byte & 0xC0) == 0x80; }

/* How much of what does not decode stands for one U+FFFD: as Java has it, the longest beginning of a character, or a whole surrogate. */
static size_t utf8_malformed_size(const char *data, size_t left) {
    const unsigned char *p = (const unsigned char *)data;
    if (p[0] < 0xE0 || p[0] > 0xF4 || left < 2 || !utf8_continues(p[1]))
        return 1;
    if (p[0] < 0xF0) {
        if (p[0] == 0xE0 && p[1] < 0xA0)
            return 1;
        return left > 2 && utf8_continues(p[2]) ? 3 : 2;
    }
    if ((p[0] == 0xF0 && p[1] < 0x90) || (p[0] == 0xF4 && p[1] > 0x8F))
        return 1;
    return left > 2 && utf8_continues(p[2]) ? 3 : 2;
}

uint32_t weir_utf8_next(const char *data, size_t size, size_t *at) {
    uint32_t code = 0xFFFD;
    size_t used = utf8_decode(data + *at, size - *at, &code);
    *at += used == 0 ? utf8_malformed_size(data + *at, size - *at) : used;
    return used == 0 ? 0xFFFD : code;
}

size_t weir_utf8_put(uint32_t code_point, char *out) {
    if (code_point < 0x80) {
        out[0] = (char)code_point;
        return 1;
    }
    if (code_point < 0x800) {
        out[0] = (char)(0xC0 | code_point >> 6);
        out[1] = (char)(0x80 | (code_point & 0x3F));
        return 2;
    }
    if (code_point < 0x10000) {
        out[0] = (char)(0xE0 | code_point >> 12);
        out[1] = (char)(0x80 | (code_point >> 6 & 0x3F));
        out[2] = (char)(0x80 | (code_point & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | code_point >> 18);
    out[1] = (char)(0x80 | (code_point >> 12 & 0x3F));
    out[2] = (char)(0x80 | (code_point >> 6 & 0x3F));
    out[3] = (char)(0x80 | (code_point & 0x3F));
    return 4;
}

size_t weir_utf8_length(weir_text text) {
    size_t count = 0;
    for (size_t i = 0; i < text.size; i++)
        count += ((unsigned char)text.data[i] & 0xC0) != 0x80;
    return count;
}

bool weir_utf8_valid(weir_text text, size_t *bad_at) {
    for (size_t at = 0; at < text.size;) {
        uint32_t code;
        size_t used = utf8_decode(text.data + at, text.size - at, &code);
        if (used == 0) {
            if (bad_at != NULL)
                *bad_at = at;
            return false;
        }
        at += used;
    }
    return true;
}

enum { NEAREST_MAX_BYTES = 64 };

/* Levenshtein distance over bytes, case-blind; both texts at most NEAREST_MAX_BYTES long. */
static size_t edit_distance(weir_text a, weir_text b) {
    size_t row[NEAREST_MAX_BYTES + 1];
    for (size_t j = 0; j <= b.size; j++)
        row[j] = j;
    for (size_t i = 1; i <= a.size; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b.size; j++) {
            size_t replace = diagonal + (lower(a.data[i - 1]) != lower(b.data[j - 1]));
            size_t insert = row[j - 1] + 1;
            size_t delete = row[j] + 1;
            diagonal = row[j];
            size_t best = replace < insert ? replace : insert;
            row[j] = best < delete ? best : delete;
        }
    }
    return row[b.size];
}

int weir_text_nearest(weir_text word, const weir_text *candidates, size_t count) {
    if (word.size == 0 || word.size > NEAREST_MAX_BYTES)
        return -1;
    size_t limit = word.size < 4 ? 1 : word.size < 8 ? 2 : 3;
    int best = -1;
    for (size_t i = 0; i < count; i++) {
        if (candidates[i].size > NEAREST_MAX_BYTES)
            continue;
        size_t distance = edit_distance(word, candidates[i]);
        if (distance <= limit && distance < word.size) {
            best = (int)i;
            if (distance == 0)
                break;
            limit = distance - 1;
        }
    }
    return best;
}

void weir_builder_init(weir_builder *builder, weir_memory *memory, size_t max_bytes) {
    *builder = (weir_builder){.memory = memory, .max_bytes = max_bytes};
}

void weir_builder_deinit(weir_builder *builder) {
    weir_memory_free(builder->memory, builder->data, builder->capacity);
    builder->data = NULL;
    builder->size = builder->capacity = 0;
}

void weir_builder_clear(weir_builder *builder) {
    builder->size = 0;
    builder->failed = false;
    if (builder->data != NULL)
        builder->data[0] = '\0';
}

char *weir_builder_room(weir_builder *builder, size_t size) {
    if (builder->failed)
        return NULL;
    if (size > builder->max_bytes || builder->size > builder->max_bytes - size) {
        builder->failed = true;
        return NULL;
    }
    size_t wanted = builder->size + size + 1;
    if (wanted > builder->capacity) {
        size_t next = builder->capacity < 64 ? 64 : builder->capacity * 2;
        if (next < wanted)
            next = wanted;
        char *moved = weir_memory_realloc(builder->memory, builder->data, builder->capacity, next);
        if (moved == NULL) {
            builder->failed = true;
            return NULL;
        }
        builder->data = moved;
        builder->capacity = next;
    }
    return builder->data + builder->size;
}

void weir_builder_add(weir_builder *builder, const char *data, size_t size) {
    char *room = weir_builder_room(builder, size);
    if (room == NULL)
        return;
    if (size > 0)
        memcpy(room, data, size);
    room[size] = '\0';
    builder->size += size;
}

void weir_builder_text(weir_builder *builder, weir_text text) { weir_builder_add(builder, text.data, text.size); }
void weir_builder_c(weir_builder *builder, const char *c_string) { weir_builder_text(builder, weir_text_of(c_string)); }
void weir_builder_char(weir_builder *builder, char c) { weir_builder_add(builder, &c, 1); }

void weir_builder_format(weir_builder *builder, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    va_list again;
    va_copy(again, arguments);
    int size = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *room = size < 0 ? NULL : weir_builder_room(builder, (size_t)size);
    if (room != NULL) {
        vsnprintf(room, (size_t)size + 1, format, again);
        builder->size += (size_t)size;
    } else {
        builder->failed = true;
    }
    va_end(again);
}

/* What is no UTF-8 becomes U+FFFD: JSON must be UTF-8 whatever the text is. */
static void builder_valid(weir_builder *builder, weir_text text) {
    size_t bad;
    while (!weir_utf8_valid(text, &bad)) {
        size_t at = bad;
        weir_utf8_next(text.data, text.size, &at);
        weir_builder_add(builder, text.data, bad);
        weir_builder_c(builder, "\xEF\xBF\xBD");
        text = (weir_text){text.data + at, text.size - at};
    }
    weir_builder_text(builder, text);
}

void weir_builder_json(weir_builder *builder, weir_text text) {
    size_t from = 0;
    for (size_t i = 0; i < text.size; i++) {
        unsigned char c = (unsigned char)text.data[i];
        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        builder_valid(builder, (weir_text){text.data + from, i - from});
        from = i + 1;
        switch (c) {
        case '"': weir_builder_c(builder, "\\\""); break;
        case '\\': weir_builder_c(builder, "\\\\"); break;
        case '\n': weir_builder_c(builder, "\\n"); break;
        case '\r': weir_builder_c(builder, "\\r"); break;
        case '\t': weir_builder_c(builder, "\\t"); break;
        default: weir_builder_format(builder, "\\u%04x", c);
        }
    }
    builder_valid(builder, (weir_text){text.data + from, text.size - from});
}

weir_text weir_builder_view(const weir_builder *builder) { return (weir_text){builder->data == NULL ? "" : builder->data, builder->size}; }
