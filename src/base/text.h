/* Text: a borrowed run of bytes, UTF-8 unless the place says otherwise, not ended by NUL; and a builder with a maximum size. */
#ifndef WEIR_BASE_TEXT_H
#define WEIR_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/memory.h"

typedef struct weir_text {
    const char *data;
    size_t size; /* bytes */
} weir_text;

#define WEIR_TEXT(literal) ((weir_text){(literal), sizeof(literal) - 1})
/* For printf: printf("%.*s", WEIR_TEXT_ARGS(t)) */
#define WEIR_TEXT_ARGS(text) (int)(text).size, (text).data

weir_text weir_text_of(const char *c_string); /* NULL gives the empty text */
bool weir_text_equal(weir_text a, weir_text b);
bool weir_text_equal_c(weir_text a, const char *b);
bool weir_text_equal_nocase(weir_text a, weir_text b); /* ASCII letters only */
bool weir_text_equal_nocase_c(weir_text a, const char *b);
bool weir_text_starts(weir_text text, weir_text prefix);
int weir_text_compare(weir_text a, weir_text b); /* bytewise, as memcmp; <0, 0, >0 */
weir_text weir_text_trim(weir_text text);        /* without ASCII white space at both ends */

/* UTF-8. Decode one code point at `data[*at]` and advance; invalid bytes give U+FFFD and advance by one. */
uint32_t weir_utf8_next(const char *data, size_t size, size_t *at);
/* Write one code point to out[0..3]; returns its bytes (1 to 4). */
size_t weir_utf8_put(uint32_t code_point, char *out);
size_t weir_utf8_length(weir_text text);              /* code points */
bool weir_utf8_valid(weir_text text, size_t *bad_at); /* bad_at may be NULL */

/* The candidate nearest to `word` by edit distance (case-blind), or -1 when none is near enough to suggest. */
int weir_text_nearest(weir_text word, const weir_text *candidates, size_t count);

/* Builder: grows up to max_bytes; after a failure `failed` stays set and adds do nothing. Contents always end in an uncounted NUL. */
typedef struct weir_builder {
    weir_memory *memory;
    char *data; /* NULL until the first add */
    size_t size;
    size_t capacity;
    size_t max_bytes;
    bool failed;
} weir_builder;

void weir_builder_init(weir_builder *builder, weir_memory *memory, size_t max_bytes);
void weir_builder_deinit(weir_builder *builder);
void weir_builder_clear(weir_builder *builder); /* keeps the memory */
void weir_builder_add(weir_builder *builder, const char *data, size_t size);
void weir_builder_text(weir_builder *builder, weir_text text);
void weir_builder_c(weir_builder *builder, const char *c_string);
void weir_builder_char(weir_builder *builder, char c);
void weir_builder_format(weir_builder *builder, const char *format, ...) WEIR_PRINTF(2, 3);
/* The text as the inside of a JSON string (no quotes around), control characters as \uXXXX. */
void weir_builder_json(weir_builder *builder, weir_text text);
/* At least `size` more bytes at the end to write into, NULL on failure; then builder->size += what was written. */
char *weir_builder_room(weir_builder *builder, size_t size);
weir_text weir_builder_view(const weir_builder *builder);

#endif
