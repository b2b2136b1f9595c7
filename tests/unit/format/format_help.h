/* What the tests of the formats share: decode text with a format and show the rows as JSON lines, one by one comparable. */
#ifndef TESTS_FORMAT_HELP_H
#define TESTS_FORMAT_HELP_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "format/format.h"

static weir_memory memory;
static weir_arena arena;
static weir_error error;

static inline int setup(void **state) {
    (void)state;
    weir_memory_init(&memory, NULL, "test", SIZE_MAX);
    weir_arena_init(&arena, &memory);
    memset(&error, 0, sizeof error);
    return 0;
}
static inline int teardown(void **state) {
    (void)state;
    weir_arena_deinit(&arena);
    int left = memory.used_bytes != 0;
    weir_memory_deinit(&memory);
    return left;
}

#define T(kind) weir_type_simple(WEIR_KIND_##kind, true)
#define STRING weir_type_string(true)
#define BYTES weir_type_bytes(true)
#define SIZED(kind, precision) weir_type_sized(&arena, WEIR_KIND_##kind, (precision), true)
#define DECIMAL(p, s) weir_type_decimal(&arena, (p), (s), true)
#define ARRAY(element) weir_type_array(&arena, (element), true)
#define MAP(key, value) weir_type_map(&arena, (key), (value), true)
#define F(name, type) ((weir_field){WEIR_TEXT(name), (type), {NULL, 0}})
#define ROW(...) weir_type_row(&arena, (weir_field[]){__VA_ARGS__}, sizeof((weir_field[]){__VA_ARGS__}) / sizeof(weir_field), true)

typedef struct shape {
    const char *format;
    const weir_field *fields;
    uint32_t count;
    const char *options[16]; /* key, value, ... */
    uint32_t wanted[16];     /* with wanted_count > 0: only these fields are read */
    uint32_t wanted_count;
    const bool *const *used_children;
} shape;

static inline weir_table *table_of(const shape *s) {
    weir_table *table = WEIR_ARENA_NEW(&arena, weir_table);
    weir_option *options = WEIR_ARENA_ARRAY(&arena, weir_option, 8);
    table->options = options;
    for (uint32_t i = 0; i < 8 && s->options[2 * i] != NULL; i++)
        options[table->option_count++] = (weir_option){weir_text_of(s->options[2 * i]), weir_text_of(s->options[2 * i + 1]), {0}};
    return table;
}

/* The rows as JSON lines (a change other than +I in front); NULL and `error` on failure. `cut` bytes are given first, the rest then (0: all
 * at once); `guarded`: the text ends at a page that may not be touched. Lives in the arena. */
static inline const char *decode_pieces(const shape *s, const char *text, size_t size, size_t cut, bool guarded) {
    const weir_format *format = weir_format_find(weir_text_of(s->format));
    assert_non_null(format);
    weir_field fields[16];
    uint32_t index[16], count = s->wanted_count == 0 ? s->count : s->wanted_count;
    const weir_type *types[16];
    for (uint32_t i = 0; i < count; i++) {
        index[i] = s->wanted_count == 0 ? i : s->wanted[i];
        fields[i] = s->fields[index[i]];
        types[i] = fields[i].type;
    }
    weir_read_spec spec = {.count = count,
                           .fields = fields,
                           .total_count = s->count,
                           .total_fields = s->fields,
                           .total_index = index,
                           .used_children = s->used_children};
    weir_reader *reader;
    weir_table *table = table_of(s);
    if (format->reader_create(&arena, &memory, table, &spec, &reader, &error) != WEIR_OK)
        return NULL;
    const size_t page = (size_t)sysconf(_SC_PAGESIZE), pages = (size + page - 1) / page * page + page;
    char *map = mmap(NULL, pages, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(map != MAP_FAILED);
    char *data = guarded ? map + pages - page - size : map;
    memcpy(data, text, size);
    assert_int_equal(mprotect(map + pages - page, page, PROT_NONE), 0);
    weir_builder out;
    weir_builder_init(&out, &memory, SIZE_MAX);
    shape json = {.format = "json"};
    weir_schema schema = {count, fields};
    weir_writer *writer;
    const weir_format *show = weir_format_find(WEIR_TEXT("json"));
    assert_int_equal(show->writer_create(&arena, &memory, table_of(&json), &schema, &writer, &error), WEIR_OK);
    weir_status status = WEIR_OK;
    size_t given = cut == 0 || cut > size ? size : cut;
    uint64_t rows = 0;
    for (size_t at = 0; at < size && status == WEIR_OK;) {
        weir_batch *batch = weir_batch_create_typed(&memory, types, count, WEIR_BATCH_ROWS);
        weir_format_place place = {.path = WEIR_TEXT("file"), .offset_bytes = at, .line = 1};
        for (size_t i = 0; i < at; i++)
            place.line += data[i] == '\n';
        size_t used = 0;
        /* A buffer that ends with the data: no padding promised. */
        weir_buffer *owner = NULL;
        char *copy = NULL;
        if (!guarded) {
            owner = weir_buffer_create(&memory, given - at + 64);
            memcpy(owner->data, data + at, given - at);
            memset(owner->data + (given - at), 'x', 64);
            copy = (char *)owner->data;
        }
        status = format->read(reader, &place, owner, guarded ? data + at : copy, given - at, given == size, batch, &used, &error);
        at += used;
        rows += batch->rows;
        weir_buffer_unref(owner);
        for (uint32_t r = 0; r < batch->rows && status == WEIR_OK; r++) {
            uint32_t one = r;
            if (weir_batch_kind(batch, r) != WEIR_INSERT)
                weir_builder_c(&out, weir_change_name(weir_batch_kind(batch, r)));
            weir_batch view = *batch;
            view.selection = &one;
            view.selected = 1;
            status = show->write(writer, &view, &out, &error);
        }
        const bool stuck = used == 0 && batch->rows == 0;
        weir_batch_destroy(batch);
        if (stuck && given == size)
            break;
        if (stuck)
            given = size;
    }
    weir_text result = weir_arena_text(&arena, weir_builder_view(&out));
    if (count == 0)
        result = weir_arena_format(&arena, "%llu rows", (unsigned long long)rows);
    weir_builder_deinit(&out);
    show->writer_close(writer);
    format->reader_close(reader);
    munmap(map, pages);
    return status == WEIR_OK ? result.data : NULL;
}

/* Decoded in every way of giving the bytes; all must agree. */
static inline const char *decode(const shape *s, const char *text) {
    size_t size = strlen(text);
    const char *first = decode_pieces(s, text, size, 0, false);
    const char *guarded = decode_pieces(s, text, size, 0, true);
    if (first == NULL || guarded == NULL) {
        assert_true(first == guarded);
        return NULL;
    }
    assert_string_equal(first, guarded);
    for (size_t cut = 1; cut < size && size < 400; cut += 7)
        assert_string_equal(first, decode_pieces(s, text, size, cut, cut % 2 == 0));
    return first;
}

static inline void assert_rows(const shape *s, const char *text, const char *rows) {
    const char *got = decode(s, text);
    if (got == NULL)
        fail_msg("%s", error.message);
    assert_string_equal(got, rows);
}
static inline void assert_fails(const shape *s, const char *text, const char *words) {
    memset(&error, 0, sizeof error);
    const char *got = decode(s, text);
    if (got != NULL)
        fail_msg("expected a failure, got: %s", got);
    if (strstr(error.message, words) == NULL)
        fail_msg("'%s' is not in: %s", words, error.message);
}

#endif
