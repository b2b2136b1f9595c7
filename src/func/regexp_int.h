/* Regular expressions in Java's syntax, run by PCRE2.
 *
 * A pattern is rewritten (regexp_java.c), compiled once when it is constant, else kept in a small cache. Memory is charged to the call's
 * account and goes with its arena. */
#ifndef WEIR_FUNC_REGEXP_INT_H
#define WEIR_FUNC_REGEXP_INT_H

#include "func/func_int.h"

typedef enum regexp_fault {
    REGEXP_FINE,
    REGEXP_BROKEN,      /* Java refuses the pattern, too */
    REGEXP_UNSUPPORTED, /* Java takes it, we cannot run it */
} regexp_fault;

/* Rewrite a Java pattern for PCRE2; a static reason when it is not fine. The builder may fail for memory. */
regexp_fault weir_regexp_translate(weir_text java, weir_builder *out, const char **reason);

typedef struct regexp regexp;

typedef struct regexp_match {
    const size_t *offsets; /* start and end per group, SIZE_MAX where a group took no part; valid until the next match */
    uint32_t group_count;  /* without group 0 */
} regexp_match;

typedef struct regexp_cache regexp_cache;

/* A cache in the call's arena. `whole`: patterns must match the whole text. */
weir_status weir_regexp_cache_create(weir_call *call, bool whole, regexp_cache **out, weir_error *error) WEIR_MUST_USE;
/* The compiled pattern, or NULL: *fault and *reason say why (memory: REGEXP_FINE). Valid until the next call. */
const regexp *weir_regexp_get(regexp_cache *cache, weir_text pattern, regexp_fault *fault, const char **reason);
/* As above for a kernel: what we cannot run fails the row and running out of memory sets out->failed; both return NULL with *broken false.
 */
const regexp *weir_regexp_for_row(regexp_cache *cache, weir_call *call, uint32_t row, weir_text pattern, weir_column *out, bool *broken);
uint32_t weir_regexp_groups(const regexp *expression);
/* Find the first match at or after `from`. 0: none, 1: found, else one of these. */
enum { REGEXP_GAVE_UP = -1 /* too much work */, REGEXP_NO_MEMORY = -2 };
int weir_regexp_find(regexp_cache *cache, const regexp *expression, weir_text text, size_t from, regexp_match *match);
/* The next search position after a match, as Java's Matcher.find: past the end for an empty match at the end (then > text.size). */
size_t weir_regexp_next(weir_text text, const regexp_match *match);

#endif
