/* What the fuzzers of the formats share: decode text whole and in two pieces; both must fail, or give the same rows. The text lies in a
 * block of its exact size, so that AddressSanitizer sees every byte read too many. */
#ifndef TESTS_FORMAT_FUZZ_H
#define TESTS_FORMAT_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "format/format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FUZZ_MEMORY_BYTES = 256 << 20 };

typedef struct fuzz_case {
    const char *format;
    const weir_option *options;
    uint32_t option_count;
    const weir_field *fields;
    uint32_t count;
} fuzz_case;

/* The rows as JSON lines with their changes; false: an error. `split`: so many bytes come first. */
static inline bool fuzz_decode(weir_memory *memory, const fuzz_case *c, const char *text, size_t size, size_t split, weir_builder *out) {
    weir_arena arena;
    weir_error error = {0};
    weir_arena_init(&arena, memory);
    uint32_t index[16];
    const weir_type *types[16];
    for (uint32_t i = 0; i < c->count; i++) {
        index[i] = i;
        types[i] = c->fields[i].type;
    }
    weir_read_spec spec = {
        .count = c->count, .fields = c->fields, .total_count = c->count, .total_fields = c->fields, .total_index = index};
    weir_table table = {.options = c->options, .option_count = c->option_count}, plain = {0};
    weir_schema schema = {c->count, c->fields};
    const weir_format *format = weir_format_find(weir_text_of(c->format)), *json = weir_format_find(WEIR_TEXT("json"));
    weir_reader *reader = NULL;
    weir_writer *writer = NULL;
    bool good = format->reader_create(&arena, memory, &table, &spec, &reader, &error) == WEIR_OK;
    good = good && json->writer_create(&arena, memory, &plain, &schema, &writer, &error) == WEIR_OK;
    size_t at = 0, given = split < size ? split : size;
    while (good && at < size) {
        weir_batch *batch = weir_batch_create_typed(memory, types, c->count, WEIR_BATCH_ROWS);
        char *piece = malloc(given - at == 0 ? 1 : given - at);
        weir_format_place place = {.path = WEIR_TEXT("fuzz"), .offset_bytes = at, .line = at == 0};
        size_t used = 0;
        if (batch == NULL || piece == NULL)
            abort();
        memcpy(piece, text + at, given - at);
        good = format->read(reader, &place, NULL, piece, given - at, given == size, batch, &used, &error) == WEIR_OK;
        if (used > given - at || batch->rows > WEIR_BATCH_ROWS)
            abort();
        for (uint32_t row = 0; good && row < batch->rows; row++) {
            weir_batch view = *batch;
            view.selection = &row;
            view.selected = 1;
            weir_builder_c(out, weir_change_name(weir_batch_kind(batch, row)));
            good = json->write(writer, &view, out, &error) == WEIR_OK;
        }
        const bool stuck = used == 0 && batch->rows == 0;
        at += used;
        free(piece);
        weir_batch_destroy(batch);
        if (stuck && given == size)
            break;
        given = stuck || given < at ? size : given;
    }
    if (reader != NULL)
        format->reader_close(reader);
    weir_arena_deinit(&arena);
    return good;
}

static inline void fuzz_both_ways(const fuzz_case *c, const uint8_t *data, size_t size, size_t split) {
    weir_memory memory;
    weir_builder whole, pieces;
    weir_memory_init(&memory, NULL, "fuzz", FUZZ_MEMORY_BYTES);
    weir_builder_init(&whole, &memory, SIZE_MAX);
    weir_builder_init(&pieces, &memory, SIZE_MAX);
    bool a = fuzz_decode(&memory, c, (const char *)data, size, size, &whole);
    bool b = fuzz_decode(&memory, c, (const char *)data, size, split, &pieces);
    if (a != b || (a && !weir_text_equal(weir_builder_view(&whole), weir_builder_view(&pieces))))
        abort();
    weir_builder_deinit(&whole);
    weir_builder_deinit(&pieces);
    if (memory.used_bytes != 0)
        abort();
}

#endif
