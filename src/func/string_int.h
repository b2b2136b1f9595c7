/* What the string_*.c files share: code points, ranges of a text, results that are written in place. */
#ifndef WEIR_FUNC_STRING_INT_H
#define WEIR_FUNC_STRING_INT_H

#include <string.h>

#include "func/func_int.h"

static inline const weir_type *string_type(const weir_signature *signature) { return weir_type_string(weir_signature_nullable(signature)); }

/* A result of `size` bytes that the caller writes: inline when it fits, else in the column's text memory. NULL: no memory (`failed` is
 * set). After writing, string_end. */
static inline char *string_begin(weir_column *out, uint32_t row, size_t size) {
    weir_view *view = &WEIR_VALUES(out, weir_view)[row];
    if (size <= WEIR_VIEW_INLINE_BYTES) {
        view->size = (uint32_t)size;
        return view->as.inlined;
    }
    char *room = weir_column_text_room(out, size);
    if (room == NULL)
        return NULL;
    view->size = (uint32_t)size;
    view->as.far.data = room;
    return room;
}

static inline void string_end(weir_column *out, uint32_t row) {
    weir_view *view = &WEIR_VALUES(out, weir_view)[row];
    if (view->size > WEIR_VIEW_INLINE_BYTES)
        memcpy(view->as.far.prefix, view->as.far.data, 4);
}

static inline bool string_is_ascii(weir_text text) {
    size_t at = 0;
    for (; at + 8 <= text.size; at += 8) {
        uint64_t word;
        memcpy(&word, text.data + at, 8);
        if (word & 0x8080808080808080ull)
            return false;
    }
    for (; at < text.size; at++)
        if (text.data[at] & 0x80)
            return false;
    return true;
}

static inline bool string_continues(char c) { return ((unsigned char)c & 0xC0) == 0x80; }

/* The offset `count` code points behind `at`, at most the end. */
static inline size_t string_forward(weir_text text, size_t at, int64_t count) {
    while (count > 0 && at < text.size) {
        at++;
        while (at < text.size && string_continues(text.data[at]))
            at++;
        count--;
    }
    return at;
}

/* The offset `count` code points before the end, at least 0; *missing: how many were not there. */
static inline size_t string_backward(weir_text text, int64_t count, int64_t *missing) {
    size_t at = text.size;
    while (count > 0 && at > 0) {
        at--;
        while (at > 0 && string_continues(text.data[at]))
            at--;
        count--;
    }
    *missing = count;
    return at;
}

/* The first occurrence of `needle` at or after `from`, or SIZE_MAX. */
static inline size_t string_find(weir_text text, weir_text needle, size_t from) {
    if (needle.size == 0)
        return from <= text.size ? from : SIZE_MAX;
    if (from >= text.size)
        return SIZE_MAX;
    const char *found = memmem(text.data + from, text.size - from, needle.data, needle.size);
    return found == NULL ? SIZE_MAX : (size_t)(found - text.data);
}

/* A part of `source`'s text as the result, without a copy; `source` must be kept by `out`. */
static inline void string_part(weir_column *out, uint32_t row, weir_text text, size_t from, size_t to) {
    WEIR_VALUES(out, weir_view)[row] = weir_view_over(text.data + from, (uint32_t)(to - from));
}

/* ---- text as Java sees it: UTF-16 units, for the functions that count those ---- */

typedef struct string_units {
    uint16_t *data;
    size_t count;
    size_t capacity; /* bytes allocated / 2 */
} string_units;

/* Decode; false without memory. string_units_done gives it back. */
bool weir_string_units(weir_memory *memory, weir_text text, string_units *out);
void weir_string_units_done(weir_memory *memory, string_units *units);
/* Encode units as UTF-8 into the builder; a lone surrogate becomes '?', as in Java. */
void weir_string_from_units(weir_builder *out, const uint16_t *units, size_t count);

#endif
