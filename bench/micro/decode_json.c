/* How fast the JSON reader decodes a Nexmark file into columns, in GB/s of input, one thread.
 *
 *   decode_json FILE [runs] [all|bid|few]
 * all: every field; bid: what queries over bids need; few: three scalars. The file is read into memory first, chunk by chunk, outside the
 * time. Build: cc -O2 -Isrc bench/micro/decode_json.c against the libraries of a RelWithDebInfo build (see README.md here).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "format/format.h"

enum { CHUNK_BYTES = 1 << 20, PADDING_BYTES = 64 };

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static weir_field field(const char *name, const weir_type *type) { return (weir_field){weir_text_of(name), type, {NULL, 0}}; }

int main(int argc, char **argv) {
    if (argc < 2) {
        fputs("usage: decode_json FILE [runs] [all|bid|few]\n", stderr);
        return 2;
    }
    int runs = argc > 2 ? atoi(argv[2]) : 3;
    const char *what = argc > 3 ? argv[3] : "all";
    weir_memory memory;
    weir_memory_init(&memory, NULL, "bench", SIZE_MAX);
    weir_arena arena;
    weir_arena_init(&arena, &memory);
    const weir_type *big = weir_type_simple(WEIR_KIND_BIGINT, true), *text = weir_type_string(true),
                    *time3 = weir_type_sized(&arena, WEIR_KIND_TIMESTAMP, 3, true);
    weir_field person[] = {field("id", big),    field("name", text),  field("emailAddress", text), field("creditCard", text),
                           field("city", text), field("state", text), field("dateTime", time3),    field("extra", text)};
    weir_field auction[] = {field("id", big),       field("itemName", text),  field("description", text), field("initialBid", big),
                            field("reserve", big),  field("dateTime", time3), field("expires", time3),    field("seller", big),
                            field("category", big), field("extra", text)};
    weir_field bid[] = {field("auction", big), field("bidder", big),     field("price", big), field("channel", text),
                        field("url", text),    field("dateTime", time3), field("extra", text)};
    weir_field fields[] = {field("event_type", weir_type_simple(WEIR_KIND_INT, true)),
                           field("person", weir_type_row(&arena, person, 8, true)),
                           field("auction", weir_type_row(&arena, auction, 10, true)), field("bid", weir_type_row(&arena, bid, 7, true))};
    const bool bid_used[7] = {true, true, true, false, false, true, false};
    const bool *used[4] = {NULL, NULL, NULL, NULL};
    weir_field wanted[4];
    uint32_t count = 0;
    const bool *wanted_used[4];
    for (uint32_t i = 0; i < 4; i++) {
        if (strcmp(what, "all") != 0 && (i == 1 || i == 2))
            continue;
        if (strcmp(what, "few") == 0 && i == 3)
            used[3] = bid_used;
        wanted[count] = fields[i];
        wanted_used[count++] = used[i];
    }
    weir_read_spec spec = {.count = count, .fields = wanted, .total_count = 4, .total_fields = fields, .used_children = wanted_used};
    const weir_type *types[4];
    for (uint32_t i = 0; i < count; i++)
        types[i] = wanted[i].type;
    weir_table table = {.kind = WEIR_TABLE};
    weir_error error = {0};
    FILE *file = fopen(argv[1], "rb");
    if (file == NULL) {
        perror(argv[1]);
        return 1;
    }
    static weir_buffer *chunks[4096];
    static size_t sizes[4096];
    size_t chunk_count = 0, carry = 0, total = 0;
    for (;;) {
        weir_buffer *chunk = weir_buffer_create(&memory, CHUNK_BYTES * 2 + PADDING_BYTES);
        if (chunk == NULL || chunk_count == 4096)
            return 1;
        if (carry > 0)
            memcpy(chunk->data, chunks[chunk_count - 1]->data + sizes[chunk_count - 1], carry);
        size_t got = fread(chunk->data + carry, 1, CHUNK_BYTES, file);
        size_t size = carry + got, whole = size;
        if (got == CHUNK_BYTES)
            while (whole > 0 && chunk->data[whole - 1] != '\n')
                whole--;
        chunks[chunk_count] = chunk;
        sizes[chunk_count++] = whole;
        carry = size - whole;
        total += whole;
        if (got < CHUNK_BYTES)
            break;
    }
    fclose(file);
    for (int run = 0; run < runs; run++) {
        weir_reader *reader;
        if (weir_format_find(WEIR_TEXT("json"))->reader_create(&arena, &memory, &table, &spec, &reader, &error) != WEIR_OK)
            return 1;
        const weir_format *json = weir_format_find(WEIR_TEXT("json"));
        uint64_t rows = 0, sum = 0;
        double start = seconds();
        for (size_t i = 0; i < chunk_count; i++) {
            size_t at = 0;
            while (at < sizes[i]) {
                weir_batch *batch = weir_batch_create_typed(&memory, types, count, WEIR_BATCH_ROWS);
                weir_format_place place = {.path = weir_text_of(argv[1])};
                size_t used_bytes;
                if (batch == NULL || json->read(reader, &place, chunks[i], (const char *)chunks[i]->data + at, sizes[i] - at, true, batch,
                                                &used_bytes, &error) != WEIR_OK) {
                    fprintf(stderr, "%s\n", error.message);
                    return 1;
                }
                at += used_bytes;
                rows += batch->rows;
                const weir_column *kind = batch->columns[0];
                for (uint32_t r = 0; r < batch->rows; r++)
                    sum += (uint64_t)WEIR_VALUES(kind, int32_t)[r];
                weir_batch_destroy(batch);
            }
        }
        double took = seconds() - start;
        printf("%s: %.3f s, %.2f GB/s, %.1f M rows/s, %llu rows, sum %llu\n", what, took, (double)total / took * 1e-9,
               (double)rows / took * 1e-6, (unsigned long long)rows, (unsigned long long)sum);
        json->reader_close(reader);
    }
    for (size_t i = 0; i < chunk_count; i++)
        weir_buffer_unref(chunks[i]);
    weir_arena_deinit(&arena);
    return 0;
}
