/* Fuzzing the CSV reader. The first byte chooses options, the second where the text is split. */
#include "format_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 2)
        return 0;
    static const weir_option all[] = {{{"csv.ignore-parse-errors", 23}, {"true", 4}, {0}},
                                      {{"csv.null-literal", 16}, {"", 0}, {0}},
                                      {{"csv.escape-character", 20}, {"\\", 1}, {0}},
                                      {{"csv.allow-comments", 18}, {"true", 4}, {0}},
                                      {{"csv.disable-quote-character", 27}, {"true", 4}, {0}}};
    weir_memory memory;
    weir_arena arena;
    weir_memory_init(&memory, NULL, "types", SIZE_MAX);
    weir_arena_init(&arena, &memory);
    const weir_type *integer = weir_type_simple(WEIR_KIND_INT, true), *text = weir_type_string(true);
    const weir_field inner[] = {{WEIR_TEXT("a"), integer, {NULL, 0}}, {WEIR_TEXT("b"), text, {NULL, 0}}};
    const weir_field fields[] = {
        {WEIR_TEXT("s"), text, {NULL, 0}},
        {WEIR_TEXT("i"), integer, {NULL, 0}},
        {WEIR_TEXT("t"), weir_type_sized(&arena, WEIR_KIND_TIMESTAMP, 3, true), {NULL, 0}},
        {WEIR_TEXT("e"), weir_type_decimal(&arena, 10, 2, true), {NULL, 0}},
        {WEIR_TEXT("l"), weir_type_array(&arena, integer, true), {NULL, 0}},
        {WEIR_TEXT("r"), weir_type_row(&arena, inner, 2, true), {NULL, 0}},
    };
    weir_option options[5];
    uint32_t count = 0;
    for (int i = 0; i < 5; i++)
        if (data[0] >> i & 1)
            options[count++] = all[i];
    static const uint32_t widths[4] = {1, 2, 4, 6};
    const fuzz_case c = {"csv", options, count, fields, widths[data[0] >> 6]};
    fuzz_both_ways(&c, data + 2, size - 2, data[1]);
    weir_arena_deinit(&arena);
    return 0;
}
