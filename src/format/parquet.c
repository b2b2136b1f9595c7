/* The format "parquet": columns in and out through the plug-in of parquet_library.h; record batches cross as Arrow structs and are copied.
 *
 * A column that a file does not have is NULL. Only whole columns are projected. Left out: predicates pushed into row groups; the INT96
 * timestamps that Flink's own writer makes by default are read, but written are the 64-bit ones.
 */
#include <string.h>

#include "column/arrow.h"
#include "format/format_int.h"
#include "format/formats_int.h"
#include "format/parquet_library.h"

enum { ARRAY_ROWS = 32768, ERROR_BYTES = 1024 };

static const char *const option_names[] = {"compression",           "utc-timezone", "timestamp.time.unit",
                                           "write.int64.timestamp", "batch-size",   NULL};

typedef struct parquet_reader {
    weir_parquet_library library;
    weir_memory *memory;
    uint32_t count;
    const weir_field *fields;
    const char **names;
    weir_reader_counts counts;
    weir_text path;
    void *file; /* NULL: none is open */
    struct ArrowSchema schema;
    struct ArrowArray array; /* release NULL: none */
    int64_t at;              /* rows of it that were handed out */
    weir_schema as;          /* our types for the file's columns, in the file's order */
    weir_field *as_fields;
    uint32_t *as_index; /* which of our fields each is */
} parquet_reader;

typedef struct parquet_writer {
    weir_parquet_library library;
    weir_memory *memory;
    weir_schema schema;
    void *file;
} parquet_writer;

static weir_status check_type(const weir_type *type, weir_error *error) {
    switch (type->kind) {
    case WEIR_KIND_INTERVAL_MONTH:
    case WEIR_KIND_INTERVAL_SECOND:
    case WEIR_KIND_NULL:
    case WEIR_KIND_VARIANT:
    case WEIR_KIND_BITMAP:
    case WEIR_KIND_SYMBOL:
    case WEIR_KIND_COUNT:
        return weir_fail(error, WEIR_UNSUPPORTED,
                         "Unsupported type for the format 'parquet': VARIANT, BITMAP, intervals and NULL have no place in it.");
    default: break;
    }
    for (uint32_t i = 0; i < type->child_count; i++)
        WEIR_TRY(check_type(type->children[i], error));
    for (uint32_t i = 0; i < type->field_count; i++)
        WEIR_TRY(check_type(type->fields[i].type, error));
    return WEIR_OK;
}

static weir_status compression_of(const weir_table *table, const char **out, weir_error *error) {
    static const char *const names[] = {"SNAPPY", "UNCOMPRESSED", "GZIP", "ZSTD", "BROTLI", "LZ4", "LZ4_RAW", NULL};
    int index;
    WEIR_TRY(weir_format_option_word(table, "parquet", "compression", names, 0, &index, error));
    *out = names[index];
    return WEIR_OK;
}

static weir_status check(const weir_table *table, const weir_read_spec *spec, bool writing, weir_error *error) {
    weir_parquet_library library;
    const char *compression;
    (void)writing;
    WEIR_TRY(compression_of(table, &compression, error));
    for (uint32_t i = 0; spec != NULL && i < spec->total_count; i++)
        WEIR_TRY(check_type(spec->total_fields[i].type, error));
    return weir_parquet_load(&library, error);
}

/* ---- reading ---- */

static weir_status reader_create(weir_arena *arena, weir_memory *memory, const weir_table *table, const weir_read_spec *spec,
                                 weir_reader **out, weir_error *error) {
    parquet_reader *reader = WEIR_ARENA_NEW(arena, parquet_reader);
    (void)table;
    if (reader == NULL)
        return weir_fail_memory(error, "a Parquet reader", sizeof *reader);
    WEIR_TRY(weir_parquet_load(&reader->library, error));
    reader->memory = memory;
    reader->count = spec->count;
    reader->fields = spec->fields;
    reader->names = WEIR_ARENA_ARRAY(arena, const char *, spec->count + 1);
    reader->as_fields = WEIR_ARENA_ARRAY(arena, weir_field, spec->count);
    reader->as_index = WEIR_ARENA_ARRAY(arena, uint32_t, spec->count);
    for (uint32_t i = 0; i < spec->count && !arena->failed; i++)
        reader->names[i] = weir_arena_text(arena, spec->fields[i].name).data;
    if (arena->failed)
        return weir_fail_memory(error, "a Parquet reader", 0);
    *out = (weir_reader *)reader;
    return WEIR_OK;
}

static void drop_array(parquet_reader *reader) {
    if (reader->array.release != NULL)
        reader->array.release(&reader->array);
    reader->array.release = NULL;
}

static void close_file(parquet_reader *reader) {
    drop_array(reader);
    if (reader->file == NULL)
        return;
    reader->library.close(reader->file);
    reader->file = NULL;
    if (reader->schema.release != NULL)
        reader->schema.release(&reader->schema);
}

static weir_status open_file(weir_reader *base, weir_text path, weir_error *error) {
    parquet_reader *reader = (parquet_reader *)base;
    char text[ERROR_BYTES] = "";
    close_file(reader);
    reader->path = path;
    if (reader->library.open(path.data, reader->names, reader->count, ARRAY_ROWS, &reader->schema, &reader->file, text, sizeof text) != 0)
        return weir_fail(error, WEIR_RUNTIME, "'%.*s' cannot be read as Parquet: %s", WEIR_TEXT_ARGS(path), text);
    reader->as = (weir_schema){0, reader->as_fields};
    for (int64_t i = 0; i < reader->schema.n_children; i++)
        for (uint32_t k = 0; k < reader->count; k++)
            if (strcmp(reader->schema.children[i]->name, reader->names[k]) == 0) {
                reader->as_index[reader->as.count] = k;
                reader->as_fields[reader->as.count++] = reader->fields[k];
                break;
            }
    return WEIR_OK;
}

/* The imported columns in the order of the spec; NULL ones for what the file does not have. Takes `from` over. */
static weir_batch *arrange(parquet_reader *reader, weir_batch *from) {
    weir_batch *batch = weir_batch_create(reader->memory, reader->count);
    bool failed = batch == NULL;
    for (uint32_t i = 0; i < reader->as.count && !failed; i++)
        weir_batch_set_column(batch, reader->as_index[i], weir_column_ref(from->columns[i]));
    for (uint32_t i = 0; i < reader->count && !failed; i++) {
        if (batch->columns[i] != NULL)
            continue;
        weir_value null = {.type = reader->fields[i].type, .is_null = true};
        batch->columns[i] = weir_column_of_value(reader->memory, &null, from->rows);
        failed = batch->columns[i] == NULL;
    }
    if (!failed)
        batch->rows = batch->selected = from->rows;
    weir_batch_destroy(from);
    if (!failed)
        return batch;
    weir_batch_destroy(batch);
    return NULL;
}

static weir_status next_batch(weir_reader *base, weir_batch **out, weir_error *error) {
    parquet_reader *reader = (parquet_reader *)base;
    char text[ERROR_BYTES] = "";
    *out = NULL;
    while (reader->array.release == NULL || reader->at >= reader->array.length) {
        bool more;
        drop_array(reader);
        reader->at = 0;
        if (reader->file == NULL)
            return WEIR_OK;
        if (reader->library.next(reader->file, &reader->array, &more, text, sizeof text) != 0)
            return weir_fail(error, WEIR_RUNTIME, "'%.*s' cannot be read on as Parquet: %s", WEIR_TEXT_ARGS(reader->path), text);
        if (!more) {
            reader->array.release = NULL;
            close_file(reader);
            return WEIR_OK;
        }
    }
    int64_t left = reader->array.length - reader->at;
    uint32_t rows = left > WEIR_BATCH_ROWS ? WEIR_BATCH_ROWS : (uint32_t)left;
    weir_batch *batch = NULL;
    if (reader->as.count == 0) { /* only the number of rows counts */
        batch = weir_batch_create(reader->memory, 0);
        if (batch != NULL)
            batch->rows = batch->selected = rows;
    } else {
        weir_status status =
            weir_arrow_import_batch(reader->memory, &reader->schema, &reader->array, &reader->as, reader->at, rows, &batch, error);
        if (status != WEIR_OK) {
            if (error != NULL && status == WEIR_RUNTIME)
                weir_error_hint(error, "while reading '%.*s'", WEIR_TEXT_ARGS(reader->path));
            return status;
        }
    }
    reader->at += rows;
    reader->counts.records += rows;
    *out = batch == NULL ? NULL : arrange(reader, batch);
    return *out == NULL ? weir_fail_memory(error, "Parquet rows", 0) : WEIR_OK;
}

static const weir_reader_counts *counts(const weir_reader *base) { return &((const parquet_reader *)base)->counts; }
static void reader_close(weir_reader *base) { close_file((parquet_reader *)base); }

/* ---- writing ---- */

static weir_status writer_create(weir_arena *arena, weir_memory *memory, const weir_table *table, const weir_schema *schema,
                                 weir_writer **out, weir_error *error) {
    parquet_writer *writer = WEIR_ARENA_NEW(arena, parquet_writer);
    struct ArrowSchema exported;
    const char *compression;
    char text[ERROR_BYTES] = "";
    if (writer == NULL)
        return weir_fail_memory(error, "a Parquet writer", sizeof *writer);
    WEIR_TRY(compression_of(table, &compression, error));
    for (uint32_t i = 0; i < schema->count; i++)
        WEIR_TRY(check_type(schema->fields[i].type, error));
    WEIR_TRY(weir_parquet_load(&writer->library, error));
    writer->memory = memory;
    writer->schema = *schema;
    WEIR_TRY(weir_arrow_export_schema(schema, false, &exported, error));
    if (writer->library.writer(&exported, compression, &writer->file, text, sizeof text) != 0)
        return weir_fail(error, WEIR_UNSUPPORTED, "These columns cannot be written as Parquet: %s", text);
    *out = (weir_writer *)writer;
    return WEIR_OK;
}

static weir_status put(parquet_writer *writer, struct ArrowArray *array, bool finish, weir_builder *out, weir_error *error) {
    const uint8_t *data;
    size_t size;
    char text[ERROR_BYTES] = "";
    if (writer->library.write(writer->file, array, finish, &data, &size, text, sizeof text) != 0)
        return weir_fail(error, WEIR_RUNTIME, "Rows cannot be written as Parquet: %s", text);
    if (size > 0)
        weir_builder_add(out, (const char *)data, size);
    return out->failed ? weir_fail_memory(error, "writing Parquet", size) : WEIR_OK;
}

static weir_status write_rows(weir_writer *base, const weir_batch *batch, weir_builder *out, weir_error *error) {
    parquet_writer *writer = (parquet_writer *)base;
    struct ArrowArray array;
    WEIR_TRY(weir_arrow_export_batch(writer->memory, batch, &writer->schema, false, &array, error));
    return put(writer, &array, false, out, error);
}

static weir_status finish(weir_writer *base, weir_builder *out, weir_error *error) {
    return put((parquet_writer *)base, NULL, true, out, error);
}

static void writer_close(weir_writer *base) {
    parquet_writer *writer = (parquet_writer *)base;
    if (writer->file != NULL)
        writer->library.writer_close(writer->file);
    writer->file = NULL;
}

const weir_format weir_format_parquet = {
    .name = "parquet",
    .records = WEIR_RECORDS_FILE,
    .option_names = option_names,
    .check = check,
    .reader_create = reader_create,
    .open_file = open_file,
    .next_batch = next_batch,
    .counts = counts,
    .reader_close = reader_close,
    .writer_create = writer_create,
    .write = write_rows,
    .finish = finish,
    .writer_close = writer_close,
};
