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

enum { CHUNK_BYTES = 1 << 20, PADDING_BYTES = 64, CHUNKS_MAX = 4096 };

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static weir_field field(const char *name, const weir_type *type) { return (weir_field){weir_text_of(name), type, {NULL, 0}}; }

/* The columns that are read: of the four of a Nexmark event, those that `what` names. */
static weir_read_spec columns_of(weir_arena *arena, const char *what) {
    static weir_field person[8], auction[10], bid[7], fields[4], wanted[4];
    static const bool bid_used[7] = {true, true, true, false, false, true, false};
    static const bool *wanted_used[4];
    const weir_type *big = weir_type_simple(WEIR_KIND_BIGINT, true), *text = weir_type_string(true),
                    *time3 = weir_type_sized(arena, WEIR_KIND_TIMESTAMP, 3, true);
    memcpy(person,
           (weir_field[]){field("id", big), field("name", text), field("emailAddress", text), field("creditCard", text),
                          field("city", text), field("state", text), field("dateTime", time3), field("extra", text)},
           sizeof person);
    memcpy(auction,
           (weir_field[]){field("id", big), field("itemName", text), field("description", text), field("initialBid", big),
                          field("reserve", big), field("dateTime", time3), field("expires", time3), field("seller", big),
                          field("category", big), field("extra", text)},
           sizeof auction);
    memcpy(bid,
           (weir_field[]){field("auction", big), field("bidder", big), field("price", big), field("channel", text), field("url", text),
                          field("dateTime", time3), field("extra", text)},
           sizeof bid);
    fields[0] = field("event_type", weir_type_simple(WEIR_KIND_INT, true));
    fields[1] = field("person", weir_type_row(arena, person, 8, true));
    fields[2] = field("auction", weir_type_row(arena, auction, 10, true));
    fields[3] = field("bid", weir_type_row(arena, bid, 7, true));
    uint32_t count = 0;
    for (uint32_t i = 0; i < 4; i++) {
        if (strcmp(what, "all") != 0 && (i == 1 || i == 2))
            continue;
        wanted[count] = fields[i];
        wanted_used[count++] = strcmp(what, "few") == 0 && i == 3 ? bid_used : NULL;
    }
    return (weir_read_spec){.count = count, .fields = wanted, .total_count = 4, .total_fields = fields, .used_children = wanted_used};
}

typedef struct input {
    const char *path;
    weir_buffer *chunks[CHUNKS_MAX]; /* of whole lines, padded */
    size_t sizes[CHUNKS_MAX];
    size_t count, total_bytes;
} input;

static bool load(input *in, weir_memory *memory) {
    FILE *file = fopen(in->path, "rb");
    if (file == NULL) {
        perror(in->path);
        return false;
    }
    size_t carry = 0, got;
    do {
        weir_buffer *chunk = in->count == CHUNKS_MAX ? NULL : weir_buffer_create(memory, CHUNK_BYTES * 2 + PADDING_BYTES);
        if (chunk == NULL)
            break;
        if (carry > 0)
            memcpy(chunk->data, in->chunks[in->count - 1]->data + in->sizes[in->count - 1], carry);
        got = fread(chunk->data + carry, 1, CHUNK_BYTES, file);
        size_t size = carry + got, whole = size;
        while (got == CHUNK_BYTES && whole > 0 && chunk->data[whole - 1] != '\n')
            whole--;
        in->chunks[in->count] = chunk;
        in->sizes[in->count++] = whole;
        in->total_bytes += whole;
        carry = size - whole;
    } while (got == CHUNK_BYTES);
    fclose(file);
    return true;
}

/* All chunks into batches; the sum is there so that the work is. */
static weir_status decode(const input *in, const weir_format *json, weir_reader *reader, weir_memory *memory, const weir_read_spec *spec,
                          uint64_t *rows, uint64_t *sum, weir_error *error) {
    const weir_type *types[4];
    for (uint32_t i = 0; i < spec->count; i++)
        types[i] = spec->fields[i].type;
    const weir_format_place place = {.path = weir_text_of(in->path)};
    for (size_t i = 0; i < in->count; i++) {
        for (size_t at = 0, used; at < in->sizes[i]; at += used) {
            weir_batch *batch = weir_batch_create_typed(memory, types, spec->count, WEIR_BATCH_ROWS);
            if (batch == NULL)
                return weir_fail_memory(error, "a batch", 0);
            WEIR_TRY(json->read(reader, &place, in->chunks[i], (const char *)in->chunks[i]->data + at, in->sizes[i] - at, true, batch,
                                &used, error));
            *rows += batch->rows;
            for (uint32_t r = 0; r < batch->rows; r++)
                *sum += (uint64_t)WEIR_VALUES(batch->columns[0], int32_t)[r];
            weir_batch_destroy(batch);
        }
    }
    return WEIR_OK;
}

int main(int argc, char **argv) {
    if (argc < 2) {
        fputs("usage: decode_json FILE [runs] [all|bid|few]\n", stderr);
        return 2;
    }
    static input in;
    weir_memory memory;
    weir_arena arena;
    weir_error error = {0};
    in.path = argv[1];
    const int runs = argc > 2 ? atoi(argv[2]) : 3;
    const char *what = argc > 3 ? argv[3] : "all";
    weir_memory_init(&memory, NULL, "bench", SIZE_MAX);
    weir_arena_init(&arena, &memory);
    const weir_read_spec spec = columns_of(&arena, what);
    const weir_table table = {.kind = WEIR_TABLE};
    const weir_format *json = weir_format_find(WEIR_TEXT("json"));
    bool good = load(&in, &memory);
    for (int run = 0; good && run < runs; run++) {
        weir_reader *reader = NULL;
        uint64_t rows = 0, sum = 0;
        double start = seconds();
        good = json->reader_create(&arena, &memory, &table, &spec, &reader, &error) == WEIR_OK &&
               decode(&in, json, reader, &memory, &spec, &rows, &sum, &error) == WEIR_OK;
        double took = seconds() - start;
        if (good)
            printf("%s: %.3f s, %.2f GB/s, %.1f M rows/s, %llu rows, sum %llu\n", what, took, (double)in.total_bytes / took * 1e-9,
                   (double)rows / took * 1e-6, (unsigned long long)rows, (unsigned long long)sum);
        else
            fprintf(stderr, "%s\n", error.message);
        if (reader != NULL)
            json->reader_close(reader);
    }
    for (size_t i = 0; i < in.count; i++)
        weir_buffer_unref(in.chunks[i]);
    weir_arena_deinit(&arena);
    return good ? 0 : 1;
}
