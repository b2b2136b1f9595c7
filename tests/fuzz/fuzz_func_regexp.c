/* Regular expressions in Java's syntax: any bytes as a pattern are rewritten, compiled and matched, or refused. The input's second half is the text. */
#include "func/regexp_int.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    weir_memory memory;
    weir_arena arena;
    weir_memory_init(&memory, NULL, "fuzz", 1 << 26);
    weir_arena_init(&arena, &memory);
    weir_call call = {.arena = &arena, .memory = &memory, .failed_row = UINT32_MAX};
    regexp_cache *cache;
    weir_error error;
    if (size <= 4096 && weir_regexp_cache_create(&call, false, &cache, &error) == WEIR_OK) {
        weir_text pattern = {(const char *)data, size / 2}, text = {(const char *)data + size / 2, size - size / 2};
        regexp_fault fault;
        const char *reason;
        const regexp *expression = weir_regexp_get(cache, pattern, &fault, &reason);
        regexp_match match;
        size_t from = 0;
        for (int k = 0; expression != NULL && k < 10 && weir_regexp_find(cache, expression, text, from, &match) == 1; k++)
            from = weir_regexp_next(text, &match);
    }
    weir_arena_deinit(&arena);
    weir_memory_deinit(&memory);
    return 0;
}
