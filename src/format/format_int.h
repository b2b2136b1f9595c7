/* What the formats share with each other: options with their prefix, padded input, where a record stands. */
#ifndef WEIR_FORMAT_FORMAT_INT_H
#define WEIR_FORMAT_FORMAT_INT_H

#include "format/format.h"
#include "format/text.h"

/* The scanners load vectors: this many bytes behind the last record must be readable. weir_padded sees to it. */
enum { WEIR_READ_PADDING = 64 };

weir_status weir_format_option_bool(const weir_table *table, const char *format, const char *key, bool fallback, bool *out,
                                    weir_error *error) WEIR_MUST_USE;
weir_status weir_format_option_word(const weir_table *table, const char *format, const char *key, const char *const *words, int fallback,
                                    int *out, weir_error *error) WEIR_MUST_USE;

/* Where a record stands, for messages: "file, line 3, column 7". `data` is what place describes; `record` and `at` lie in it (or are
 * offsets of it). */
void weir_format_locate(weir_error *error, const weir_format_place *place, const char *data, size_t record, size_t at);

/* Quote a record in a message: cut to a sane length at a code point. */
weir_text weir_format_excerpt(weir_text record, bool *cut);

/* Fix up a text column whose views were written over input: see weir_format_keep. */
bool weir_format_keep(weir_column *column, weir_buffer *owner); /* the column and all text columns below keep `owner`; false: no memory */

#endif
