/* What the tests of connectors share: tables by hand, a scratch folder, reading a source to its end, writing rows. */
#ifndef TESTS_CONNECT_HELP_H
#define TESTS_CONNECT_HELP_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "connect/connector.h"

static weir_memory memory;
static weir_arena arena;
static weir_error error;
static weir_connect_context context;
static char folder[64];
static char warnings[2048];

static void note_warning(void *unused, const char *message) {
    (void)unused;
    strncat(warnings, message, sizeof warnings - strlen(warnings) - 1);
}

static inline int setup(void **state) {
    (void)state;
    weir_memory_init(&memory, NULL, "test", SIZE_MAX);
    weir_arena_init(&arena, &memory);
    memset(&error, 0, sizeof error);
    warnings[0] = 0;
    strcpy(folder, "/tmp/weir-test-XXXXXX");
    context = (weir_connect_context){.arena = &arena,
                                     .memory = &memory,
                                     .files = weir_files_real(),
                                     .clock = weir_clock_real(),
                                     .zone = weir_zone_utc(),
                                     .batch_mode = true,
                                     .parallelism = 1,
                                     .warn = note_warning};
    return mkdtemp(folder) == NULL;
}
static inline int teardown(void **state) {
    (void)state;
    weir_status removed = weir_files_remove_tree(weir_files_real(), &memory, folder, &error);
    weir_arena_deinit(&arena);
    int left = memory.used_bytes != 0;
    weir_memory_deinit(&memory);
    return left || removed != WEIR_OK;
}

#define T(kind) weir_type_simple(WEIR_KIND_##kind, true)
#define STRING weir_type_string(true)
#define COLUMN(column_name, column_type) \
    ((weir_table_column){.kind = WEIR_COLUMN_PHYSICAL, .name = WEIR_TEXT(column_name), .type = (column_type)})

/* A table with these columns; options as key, value, ..., NULL. A value that starts with '@' is below the scratch folder. */
static inline weir_table *make_table(const weir_table_column *columns, uint32_t count, ...) {
    weir_table *table = WEIR_ARENA_NEW(&arena, weir_table);
    weir_option *options = WEIR_ARENA_ARRAY(&arena, weir_option, 24);
    weir_table_column *copy = WEIR_ARENA_ARRAY(&arena, weir_table_column, count);
    if (count > 0)
        memcpy(copy, columns, count * sizeof *copy);
    *table = (weir_table){.kind = WEIR_TABLE, .name = WEIR_TEXT("t"), .columns = copy, .column_count = count, .options = options};
    va_list arguments;
    va_start(arguments, count);
    for (const char *key; (key = va_arg(arguments, const char *)) != NULL;) {
        const char *value = va_arg(arguments, const char *);
        options[table->option_count++] = (weir_option){
            weir_text_of(key), value[0] == '@' ? weir_arena_format(&arena, "%s%s", folder, value + 1) : weir_text_of(value), {0}};
    }
    va_end(arguments);
    return table;
}
static inline void partition_by(weir_table *table, uint32_t column) {
    uint32_t *partitions = WEIR_ARENA_ARRAY(&arena, uint32_t, table->partition_count + 1);
    memcpy(partitions, table->partitions == NULL ? partitions : table->partitions, table->partition_count * sizeof *partitions);
    partitions[table->partition_count++] = column;
    table->partitions = partitions;
}

static inline const char *path_of(const char *name) { return weir_arena_format(&arena, "%s/%s", folder, name).data; }
static inline void put_file(const char *name, const char *text) {
    char *path = weir_arena_format(&arena, "%s/%s", folder, name).data == NULL ? NULL : (char *)(uintptr_t)path_of(name);
    char *slash = strrchr(path, '/');
    *slash = 0;
    assert_int_equal(weir_files_make_folders(weir_files_real(), path, &error), WEIR_OK);
    *slash = '/';
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fwrite(text, 1, strlen(text), file);
    fclose(file);
}

static inline const weir_connector *connector_for(const weir_table *table, bool writing) {
    const weir_connector *connector = NULL;
    if (weir_connector_of(table, writing, &connector, &error) != WEIR_OK)
        return NULL;
    return connector;
}

static inline void scan_of(const weir_table *table, weir_scan_spec *scan) {
    weir_field *fields = WEIR_ARENA_ARRAY(&arena, weir_field, table->column_count);
    uint32_t *index = WEIR_ARENA_ARRAY(&arena, uint32_t, table->column_count);
    for (uint32_t i = 0; i < table->column_count; i++) {
        fields[i] = (weir_field){table->columns[i].name, table->columns[i].type, {NULL, 0}};
        index[i] = i;
    }
    *scan = (weir_scan_spec){.table = table};
    scan->read = (weir_read_spec){
        .count = table->column_count, .fields = fields, .total_count = table->column_count, .total_fields = fields, .total_index = index};
}

/* All rows as JSON lines, in order; NULL and `error` on failure. */
static inline const char *read_scan(const weir_scan_spec *scan) {
    const weir_connector *connector = connector_for(scan->table, false);
    weir_source *source;
    if (connector == NULL || connector->source->open(&context, scan, &source, &error) != WEIR_OK)
        return NULL;
    uint32_t count = scan->read.count + scan->read.metadata_count + scan->metadata_count;
    weir_field *fields = WEIR_ARENA_ARRAY(&arena, weir_field, count + 1);
    for (uint32_t i = 0; i < count; i++)
        fields[i] = i < scan->read.count                               ? scan->read.fields[i]
                    : i < scan->read.count + scan->read.metadata_count ? scan->read.metadata[i - scan->read.count]
                                                                       : scan->metadata[i - scan->read.count - scan->read.metadata_count];
    weir_schema schema = {count, fields};
    weir_writer *writer;
    weir_builder out;
    weir_table none = {0};
    const weir_format *json = weir_format_find(WEIR_TEXT("json"));
    weir_builder_init(&out, &memory, SIZE_MAX);
    assert_int_equal(json->writer_create(&arena, &memory, &none, &schema, &writer, &error), WEIR_OK);
    weir_status status = WEIR_OK;
    for (weir_source_state state = WEIR_SOURCE_IDLE; state != WEIR_SOURCE_DONE && status == WEIR_OK;) {
        weir_batch *batch = NULL;
        int64_t wake_ms;
        status = connector->source->next(source, &batch, &state, &wake_ms, &error);
        for (uint32_t k = 0; batch != NULL && k < batch->selected && status == WEIR_OK; k++) {
            uint32_t row = batch->selection == NULL ? k : batch->selection[k];
            if (weir_batch_kind(batch, row) != WEIR_INSERT)
                weir_builder_c(&out, weir_change_name(weir_batch_kind(batch, row)));
            weir_batch view = *batch;
            view.selection = &row;
            view.selected = 1;
            status = json->write(writer, &view, &out, &error);
        }
        weir_batch_destroy(batch);
    }
    connector->source->close(source);
    weir_text text = weir_arena_text(&arena, weir_builder_view(&out));
    weir_builder_deinit(&out);
    return status == WEIR_OK ? (text.data == NULL ? "" : text.data) : NULL;
}
static inline const char *read_table(const weir_table *table) {
    weir_scan_spec scan;
    scan_of(table, &scan);
    return read_scan(&scan);
}

/* Rows given as JSON lines into the table: open, write, prepare, commit, close. */
static inline weir_status write_rows(const weir_table *table, const char *json_lines, bool overwrite, bool finish) {
    const weir_connector *connector = connector_for(table, true);
    if (connector == NULL)
        return error.status;
    weir_scan_spec scan;
    scan_of(table, &scan);
    weir_sink_spec spec = {.table = table, .schema = {scan.read.count, scan.read.fields}, .overwrite = overwrite};
    weir_sink *sink;
    WEIR_TRY(connector->sink->open(&context, &spec, &sink, &error));
    const weir_format *json = weir_format_find(WEIR_TEXT("json"));
    const weir_type **types = WEIR_ARENA_ARRAY(&arena, const weir_type *, scan.read.count);
    for (uint32_t i = 0; i < scan.read.count; i++)
        types[i] = scan.read.fields[i].type;
    weir_reader *reader;
    weir_table none = {0};
    assert_int_equal(json->reader_create(&arena, &memory, &none, &scan.read, &reader, &error), WEIR_OK);
    weir_status status = WEIR_OK;
    for (size_t at = 0, used = 0, size = strlen(json_lines); at < size && status == WEIR_OK; at += used) {
        weir_batch *batch = weir_batch_create_typed(&memory, types, scan.read.count, WEIR_BATCH_ROWS);
        weir_format_place place = {0};
        assert_int_equal(json->read(reader, &place, NULL, json_lines + at, size - at, true, batch, &used, &error), WEIR_OK);
        status = connector->sink->write(sink, batch, &error);
        weir_batch_destroy(batch);
    }
    json->reader_close(reader);
    if (status == WEIR_OK && finish)
        status = connector->sink->prepare(sink, 1, &error);
    if (status == WEIR_OK && finish)
        status = connector->sink->commit(sink, 1, &error);
    if (status != WEIR_OK)
        connector->sink->abort(sink);
    connector->sink->close(sink);
    return status;
}

#endif
