/* Compiled patterns: the cache, its memory, and finding matches. PCRE2 runs with its JIT where that works; a text that is not valid UTF-8
 * is searched, too: its bad bytes match nothing. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <string.h>

#include "func/regexp_int.h"

enum {
    CACHE_ENTRIES = 32,
    PATTERN_BYTES_MAX = 1 << 22,
    JIT_STACK_BYTES_FIRST = 32 * 1024,
    JIT_STACK_BYTES_MAX = 1024 * 1024,
    MATCH_STEPS_MAX = 20000000
};

struct regexp {
    weir_text pattern; /* as given; own copy */
    pcre2_code *code;  /* NULL: it has a fault */
    pcre2_match_data *match;
    regexp_fault fault;
    const char *reason; /* static */
    uint32_t groups;
    bool used;
};

struct regexp_cache {
    weir_memory *memory;
    bool whole;
    pcre2_general_context *general;
    pcre2_compile_context *compile;
    pcre2_match_context *matching;
    pcre2_jit_stack *stack;
    uint32_t next; /* to be replaced */
    const regexp *last;
    regexp entries[CACHE_ENTRIES];
};

/* PCRE2 frees without a size: it stands in front of the block. */
static void *block_alloc(PCRE2_SIZE size, void *context) {
    size_t *block = weir_memory_alloc(context, size + 16);
    if (block == NULL)
        return NULL;
    *block = size + 16;
    return (char *)block + 16;
}

static void block_free(void *data, void *context) {
    if (data == NULL)
        return;
    size_t *block = (size_t *)((char *)data - 16);
    weir_memory_free(context, block, *block);
}

static void entry_clear(regexp_cache *cache, regexp *entry) {
    pcre2_match_data_free(entry->match);
    pcre2_code_free(entry->code);
    if (entry->pattern.data != NULL)
        weir_memory_free(cache->memory, (void *)(uintptr_t)entry->pattern.data, entry->pattern.size + 1);
    *entry = (regexp){0};
}

static void cache_release(void *data) {
    regexp_cache *cache = data;
    for (size_t i = 0; i < CACHE_ENTRIES; i++)
        entry_clear(cache, &cache->entries[i]);
    if (cache->stack != NULL)
        pcre2_jit_stack_free(cache->stack);
    pcre2_match_context_free(cache->matching);
    pcre2_compile_context_free(cache->compile);
    pcre2_general_context_free(cache->general);
}

weir_status weir_regexp_cache_create(weir_call *call, bool whole, regexp_cache **out, weir_error *error) {
    regexp_cache *cache = WEIR_CALL_STATE(call, regexp_cache);
    if (cache == NULL || !weir_arena_on_reset(call->arena, cache_release, cache))
        return weir_fail_memory(error, "a regular expression", sizeof(regexp_cache));
    cache->memory = call->memory;
    cache->whole = whole;
    cache->general = pcre2_general_context_create(block_alloc, block_free, call->memory);
    if (cache->general != NULL) {
        cache->compile = pcre2_compile_context_create(cache->general);
        cache->matching = pcre2_match_context_create(cache->general);
        cache->stack = pcre2_jit_stack_create(JIT_STACK_BYTES_FIRST, JIT_STACK_BYTES_MAX, cache->general);
    }
    if (cache->compile == NULL || cache->matching == NULL)
        return weir_fail_memory(error, "a regular expression", sizeof(regexp_cache));
    pcre2_set_newline(cache->compile, PCRE2_NEWLINE_ANY);
    pcre2_set_match_limit(cache->matching, MATCH_STEPS_MAX);
    if (cache->stack != NULL)
        pcre2_jit_stack_assign(cache->matching, NULL, cache->stack);
    *out = cache;
    return WEIR_OK;
}

/* Java's syntax is accepted, so PCRE2 refuses only what it cannot do, or what is broken in both. */
static void note_compile_error(regexp *entry, int code) {
    static char const *const limits = "it is too large or looks behind over a length that is not fixed";
    bool ours = code == PCRE2_ERROR_LOOKBEHIND_NOT_FIXED_LENGTH || code == PCRE2_ERROR_LOOKBEHIND_TOO_COMPLICATED ||
                code == PCRE2_ERROR_PATTERN_TOO_LARGE || code == PCRE2_ERROR_QUANTIFIER_TOO_BIG ||
                code == PCRE2_ERROR_PARENTHESES_NEST_TOO_DEEP || code == PCRE2_ERROR_UNKNOWN_UNICODE_PROPERTY;
    entry->fault = ours ? REGEXP_UNSUPPORTED : REGEXP_BROKEN;
    entry->reason = ours ? limits : "its syntax is wrong";
}

/* False: no memory. */
static bool entry_compile(regexp_cache *cache, regexp *entry, weir_text pattern) {
    char *copy = weir_memory_alloc(cache->memory, pattern.size + 1);
    if (copy == NULL)
        return false;
    if (pattern.size > 0)
        memcpy(copy, pattern.data, pattern.size);
    copy[pattern.size] = '\0';
    *entry = (regexp){.pattern = {copy, pattern.size}, .used = true};
    weir_builder rewritten;
    weir_builder_init(&rewritten, cache->memory, PATTERN_BYTES_MAX);
    entry->fault = weir_regexp_translate(pattern, &rewritten, &entry->reason);
    bool done = !rewritten.failed;
    if (done && entry->fault == REGEXP_FINE) {
        int code;
        PCRE2_SIZE offset;
        uint32_t options =
            PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C | (cache->whole ? PCRE2_ANCHORED | PCRE2_ENDANCHORED : 0);
        weir_text text = rewritten.size > 0 ? weir_builder_view(&rewritten) : WEIR_TEXT("");
        entry->code = pcre2_compile((PCRE2_SPTR)text.data, text.size, options, &code, &offset, cache->compile);
        if (entry->code == NULL && code == PCRE2_ERROR_HEAP_FAILED)
            done = false;
        else if (entry->code == NULL)
            note_compile_error(entry, code);
    }
    weir_builder_deinit(&rewritten);
    if (done && entry->code != NULL) {
        pcre2_jit_compile(entry->code, PCRE2_JIT_COMPLETE); /* without it matching is slower, not different */
        pcre2_pattern_info(entry->code, PCRE2_INFO_CAPTURECOUNT, &entry->groups);
        entry->match = pcre2_match_data_create_from_pattern(entry->code, cache->general);
        done = entry->match != NULL;
    }
    if (!done)
        entry_clear(cache, entry);
    return done;
}

const regexp *weir_regexp_get(regexp_cache *cache, weir_text pattern, regexp_fault *fault, const char **reason) {
    const regexp *found = cache->last != NULL && weir_text_equal(cache->last->pattern, pattern) ? cache->last : NULL;
    for (size_t i = 0; i < CACHE_ENTRIES && found == NULL; i++)
        if (cache->entries[i].used && weir_text_equal(cache->entries[i].pattern, pattern))
            found = &cache->entries[i];
    *fault = REGEXP_FINE;
    *reason = NULL;
    if (found == NULL) {
        regexp *entry = &cache->entries[cache->next];
        cache->next = (cache->next + 1) % CACHE_ENTRIES;
        cache->last = NULL;
        entry_clear(cache, entry);
        if (!entry_compile(cache, entry, pattern))
            return NULL;
        found = entry;
    }
    cache->last = found;
    *fault = found->fault;
    *reason = found->reason;
    return found->code == NULL ? NULL : found;
}

const regexp *weir_regexp_for_row(regexp_cache *cache, weir_call *call, uint32_t row, weir_text pattern, weir_column *out, bool *broken) {
    regexp_fault fault;
    const char *reason;
    const regexp *expression = weir_regexp_get(cache, pattern, &fault, &reason);
    *broken = expression == NULL && fault == REGEXP_BROKEN;
    if (expression == NULL && fault == REGEXP_UNSUPPORTED)
        weir_call_fail(call, row, "The regular expression '%.*s' is not supported: %s", pattern.size > 200 ? 200 : (int)pattern.size,
                       pattern.data, reason);
    else if (expression == NULL && fault == REGEXP_FINE)
        out->failed = true;
    return expression;
}

uint32_t weir_regexp_groups(const regexp *expression) { return expression->groups; }

int weir_regexp_find(regexp_cache *cache, const regexp *expression, weir_text text, size_t from, regexp_match *match) {
    if (from > text.size)
        return 0;
    int found = pcre2_match(expression->code, (PCRE2_SPTR)text.data, text.size, from, 0, expression->match, cache->matching);
    if (found == PCRE2_ERROR_JIT_STACKLIMIT)
        found = pcre2_match(expression->code, (PCRE2_SPTR)text.data, text.size, from, PCRE2_NO_JIT, expression->match, cache->matching);
    if (found == PCRE2_ERROR_NOMATCH)
        return 0;
    if (found < 0)
        return found == PCRE2_ERROR_NOMEMORY ? REGEXP_NO_MEMORY : REGEXP_GAVE_UP;
    match->offsets = pcre2_get_ovector_pointer(expression->match);
    match->group_count = expression->groups;
    return 1;
}

size_t weir_regexp_next(weir_text text, const regexp_match *match) {
    size_t end = match->offsets[1];
    if (match->offsets[0] != end)
        return end;
    if (end >= text.size)
        return text.size + 1;
    end++;
    while (end < text.size && ((unsigned char)text.data[end] & 0xC0) == 0x80)
        end++;
    return end;
}
