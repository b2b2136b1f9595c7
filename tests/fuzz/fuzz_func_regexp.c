/* Regular expressions in Java's syntax: any bytes as a pattern are rewritten, compiled and matched, or refused.
 * The first half of the input is the pattern, the second the text; REGEXP_REPLACE uses all of the machinery. */
#include "func/function.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void run(weir_memory *memory, weir_arena *arena, const weir_value values[3]) {
    const weir_type *string = weir_type_string(false), *types[3] = {string, string, string};
    const weir_value *literals[3] = {NULL, NULL, NULL}; /* as if they came from columns */
    weir_call call = {.function = weir_function_find(WEIR_TEXT("REGEXP_REPLACE"), false),
                      .arena = arena,
                      .memory = memory,
                      .result = string,
                      .argument_count = 3,
                      .argument_types = types,
                      .literals = literals,
                      .failed_row = UINT32_MAX};
    weir_error error;
    weir_column *columns[4] = {NULL};
    for (int i = 0; i < 3; i++)
        columns[i] = weir_column_of_value(memory, &values[i], 1);
    columns[3] = weir_column_create(memory, string, 1);
    if (columns[0] != NULL && columns[1] != NULL && columns[2] != NULL && columns[3] != NULL &&
        call.function->bind(&call, &error) == WEIR_OK)
        call.kernel(&call, &(weir_rows){NULL, 1}, columns, columns[3]);
    for (int i = 0; i < 4; i++)
        weir_column_unref(columns[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    weir_memory memory;
    weir_arena arena;
    const weir_type *string = weir_type_string(false);
    if (size > 4096)
        return 0;
    weir_memory_init(&memory, NULL, "fuzz", 1 << 26);
    weir_arena_init(&arena, &memory);
    const weir_value values[3] = {{.type = string, .as.text = {(const char *)data + size / 2, size - size / 2}},
                                  {.type = string, .as.text = {(const char *)data, size / 2}},
                                  {.type = string, .as.text = WEIR_TEXT("-")}};
    run(&memory, &arena, values);
    weir_arena_deinit(&arena);
    weir_memory_deinit(&memory);
    return 0;
}
