/* Fuzzing the format of `weir test`: whatever is read points into the text, and what is refused says why. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/test/test_int.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MEMORY_LIMIT_BYTES = 64 << 20 };

static void look_at(weir_arena *arena, const test_file *file, const weir_list *steps) {
    for (size_t i = 0; i < steps->count; i++) {
        const test_step *step = steps->items[i];
        assert(step->table_start <= step->table_end && step->table_end <= file->text.size);
        for (size_t r = 0; r < step->rows.count; r++) {
            const test_row *row = step->rows.items[r];
            assert(row->count == step->header.count);
            for (uint32_t c = 0; c < row->count; c++) {
                assert(row->cells[c].data >= file->text.data &&
                       row->cells[c].data + row->cells[c].size <= file->text.data + file->text.size);
                (void)test_cell_write(arena, row->cells[c]);
            }
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    weir_memory memory;
    weir_arena arena;
    weir_error error = {0};
    test_file file = {.path = "fuzz"};
    weir_memory_init(&memory, NULL, "fuzz", MEMORY_LIMIT_BYTES);
    weir_arena_init(&arena, &memory);
    weir_status status = test_file_parse(&arena, (weir_text){(const char *)data, size}, &file, &error);
    assert(status == WEIR_OK || error.message[0] != '\0');
    look_at(&arena, &file, &file.header);
    for (size_t i = 0; status == WEIR_OK && i < file.cases.count; i++)
        look_at(&arena, &file, &((const test_case *)file.cases.items[i])->steps);
    weir_arena_deinit(&arena);
    weir_memory_deinit(&memory);
    return 0;
}
