/* Fuzzing the JSON reader over all types. The first byte chooses options, the second where the text is split. */
#include "format_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 2)
        return 0;
    static const weir_option all[] = {{{"json.ignore-parse-errors", 24}, {"true", 4}, {0}},
                                      {{"json.timestamp-format.standard", 30}, {"ISO-8601", 8}, {0}},
                                      {{"json.decode.json-parser.enabled", 31}, {"false", 5}, {0}}};
    weir_memory memory;
    weir_arena arena;
    weir_memory_init(&memory, NULL, "types", SIZE_MAX);
    weir_arena_init(&arena, &memory);
    const weir_type *integer = weir_type_simple(WEIR_KIND_INT, true), *text = weir_type_string(true);
    const weir_field inner[] = {{WEIR_TEXT("a"), integer, {NULL, 0}}, {WEIR_TEXT("b"), text, {NULL, 0}}};
    const weir_type *row = weir_type_row(&arena, inner, 2, true);
    const weir_field fields[] = {
        {WEIR_TEXT("i"), integer, {NULL, 0}},
        {WEIR_TEXT("s"), text, {NULL, 0}},
        {WEIR_TEXT("d"), weir_type_simple(WEIR_KIND_DOUBLE, true), {NULL, 0}},
        {WEIR_TEXT("t"), weir_type_sized(&arena, WEIR_KIND_TIMESTAMP, 3, true), {NULL, 0}},
        {WEIR_TEXT("e"), weir_type_decimal(&arena, 10, 2, true), {NULL, 0}},
        {WEIR_TEXT("r"), row, {NULL, 0}},
        {WEIR_TEXT("l"), weir_type_array(&arena, row, true), {NULL, 0}},
        {WEIR_TEXT("m"), weir_type_map(&arena, text, weir_type_array(&arena, integer, true), true), {NULL, 0}},
        {WEIR_TEXT("y"), weir_type_bytes(true), {NULL, 0}},
        {WEIR_TEXT("n"), weir_type_sized(&arena, WEIR_KIND_TIMESTAMP_LTZ, 9, true), {NULL, 0}},
        {WEIR_TEXT("o"), weir_type_simple(WEIR_KIND_BOOLEAN, true), {NULL, 0}},
        {WEIR_TEXT("g"), weir_type_simple(WEIR_KIND_DATE, true), {NULL, 0}},
    };
    weir_option options[3];
    uint32_t count = 0;
    for (int i = 0; i < 3; i++)
        if (data[0] >> i & 1)
            options[count++] = all[i];
    const fuzz_case c = {"json", options, count, fields, data[0] & 0x80 ? 12 : 3};
    fuzz_both_ways(&c, data + 2, size - 2, data[1]);
    weir_arena_deinit(&arena);
    return 0;
}
