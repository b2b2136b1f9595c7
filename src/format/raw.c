/* The format "raw": a line is one value of the table's only column: text (UTF-8), bytes, or a number in its binary form. */
#include "format/format_int.h"
#include "format/formats_int.h"

#include <string.h>

static const char *const option_names[] = {"charset", "endianness", NULL};

typedef struct raw_codec {
    weir_memory *memory;
    const weir_type *type; /* NULL: the column is not wanted */
    bool little_endian;
    weir_reader_counts counts;
} raw_codec;

static weir_status check_column(const weir_table *table, const weir_type *type, raw_codec *codec, weir_error *error) {
    static const char *const orders[] = {"big-endian", "little-endian", NULL};
    int order;
    WEIR_TRY(weir_format_option_word(table, "raw", "endianness", orders, 0, &order, error));
    codec->little_endian = order == 1;
    weir_text charset = weir_format_option(table, "raw", "charset");
    if (charset.data != NULL && !weir_text_equal_nocase_c(charset, "UTF-8") && !weir_text_equal_nocase_c(charset, "US-ASCII"))
        return weir_fail(error, WEIR_UNSUPPORTED, "Unsupported 'raw.charset' name: %.*s. Text is read and written as UTF-8.",
                         WEIR_TEXT_ARGS(charset));
    switch (type->kind) {
    case WEIR_KIND_CHAR:
    case WEIR_KIND_VARCHAR:
    case WEIR_KIND_BINARY:
    case WEIR_KIND_VARBINARY:
    case WEIR_KIND_BOOLEAN:
    case WEIR_KIND_TINYINT:
    case WEIR_KIND_SMALLINT:
    case WEIR_KIND_INT:
    case WEIR_KIND_BIGINT:
    case WEIR_KIND_FLOAT:
    case WEIR_KIND_DOUBLE: return WEIR_OK;
    default:
        return weir_fail(
            error, WEIR_VALIDATE,
            "The 'raw' format doesn't supports this type as column type. It takes text, bytes, BOOLEAN, integers, FLOAT and DOUBLE.");
    }
}

static weir_status check(const weir_table *table, const weir_read_spec *spec, bool writing, weir_error *error) {
    raw_codec codec;
    (void)writing;
    if (spec == NULL)
        return WEIR_OK;
    if (spec->total_count != 1)
        return weir_fail(error, WEIR_VALIDATE,
                         "The 'raw' format only supports single physical column. However the defined schema contains %u physical columns.",
                         spec->total_count);
    return check_column(table, spec->total_fields[0].type, &codec, error);
}

static weir_status reader_create(weir_arena *arena, weir_memory *memory, const weir_table *table, const weir_read_spec *spec,
                                 weir_reader **out, weir_error *error) {
    raw_codec *codec = WEIR_ARENA_NEW(arena, raw_codec);
    if (codec == NULL)
        return weir_fail_memory(error, "a raw reader", sizeof *codec);
    WEIR_TRY(check(table, spec, false, error));
    WEIR_TRY(check_column(table, spec->total_fields[0].type, codec, error));
    codec->memory = memory;
    codec->type = spec->count == 1 ? spec->fields[0].type : NULL;
    *out = (weir_reader *)codec;
    return WEIR_OK;
}

static uint32_t value_bytes(const weir_type *type) {
    switch (type->kind) {
    case WEIR_KIND_SMALLINT: return 2;
    case WEIR_KIND_INT:
    case WEIR_KIND_FLOAT: return 4;
    case WEIR_KIND_BIGINT:
    case WEIR_KIND_DOUBLE: return 8;
    default: return 1;
    }
}

static void copy_ordered(const raw_codec *codec, const weir_type *type, void *to, const void *from) {
    const uint32_t bytes = value_bytes(type);
    const bool swap = codec->little_endian != (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__);
    for (uint32_t i = 0; i < bytes; i++)
        ((char *)to)[i] = ((const char *)from)[swap ? bytes - 1 - i : i];
}

static weir_status store(raw_codec *codec, weir_column *column, uint32_t row, weir_text line, bool views, const weir_format_place *place,
                         weir_error *error) {
    if (column->layout == WEIR_LAYOUT_VIEW) {
        if (views)
            weir_column_set_view(column, row, line.data, line.size);
        else
            weir_column_put_text(column, row, line);
        return column->failed ? weir_fail_memory(error, "reading lines", line.size) : WEIR_OK;
    }
    const uint32_t bytes = value_bytes(codec->type);
    if (line.size != bytes)
        return weir_fail(error, WEIR_RUNTIME, "Size of data received for deserializing type is not %u: it is %zu ('%.*s')", bytes,
                         line.size, WEIR_TEXT_ARGS(place->path));
    if (codec->type->kind == WEIR_KIND_BOOLEAN)
        WEIR_VALUES(column, uint8_t)[row] = line.data[0] != 0;
    else
        copy_ordered(codec, codec->type, (char *)column->values + (size_t)row * bytes, line.data);
    return WEIR_OK;
}

static weir_status read_lines(weir_reader *base, const weir_format_place *place, weir_buffer *owner, const char *data, size_t size,
                              bool final, weir_batch *batch, size_t *used, weir_error *error) {
    raw_codec *codec = (raw_codec *)base;
    weir_column *column = codec->type == NULL ? NULL : batch->columns[0];
    const uint32_t capacity = column == NULL ? WEIR_BATCH_ROWS : column->capacity;
    if (column != NULL && owner != NULL && !weir_format_keep(column, owner))
        return weir_fail_memory(error, "reading lines", 0);
    size_t at = 0;
    weir_status status = WEIR_OK;
    while (at < size && batch->rows < capacity && status == WEIR_OK) {
        const char *end = memchr(data + at, '\n', size - at);
        if (end == NULL && !final)
            break;
        weir_text line = {data + at, (size_t)((end == NULL ? data + size : end) - (data + at))};
        at += line.size + (end != NULL);
        if (line.size > 0 && line.data[line.size - 1] == '\r')
            line.size--;
        if (column != NULL)
            status = store(codec, column, batch->rows, line, owner != NULL, place, error);
        if (status == WEIR_OK) {
            batch->rows++;
            codec->counts.records++;
        }
    }
    batch->selected = batch->rows;
    *used = at;
    return status;
}

static const weir_reader_counts *counts(const weir_reader *base) { return &((const raw_codec *)base)->counts; }
static void reader_close(weir_reader *base) { (void)base; }

static weir_status writer_create(weir_arena *arena, weir_memory *memory, const weir_table *table, const weir_schema *schema,
                                 weir_writer **out, weir_error *error) {
    raw_codec *codec = WEIR_ARENA_NEW(arena, raw_codec);
    if (codec == NULL)
        return weir_fail_memory(error, "a raw writer", sizeof *codec);
    if (schema->count != 1)
        return weir_fail(error, WEIR_VALIDATE,
                         "The 'raw' format only supports single physical column. However the defined schema contains %u physical columns.",
                         schema->count);
    codec->memory = memory;
    codec->type = schema->fields[0].type;
    WEIR_TRY(check_column(table, codec->type, codec, error));
    *out = (weir_writer *)codec;
    return WEIR_OK;
}

static weir_status write_lines(weir_writer *base, const weir_batch *batch, weir_builder *out, weir_error *error) {
    const raw_codec *codec = (const raw_codec *)base;
    const weir_column *column = batch->columns[0];
    const weir_rows rows = weir_batch_rows(batch);
    for (uint32_t k = 0; k < rows.count; k++) {
        const uint32_t row = rows.index == NULL ? k : rows.index[k];
        if (weir_column_is_valid(column, row)) {
            char bytes[8];
            if (column->layout == WEIR_LAYOUT_VIEW) {
                weir_builder_text(out, weir_column_text(column, row));
            } else {
                copy_ordered(codec, codec->type, bytes, (const char *)column->values + (size_t)row * value_bytes(codec->type));
                weir_builder_add(out, bytes, value_bytes(codec->type));
            }
        }
        weir_builder_char(out, '\n');
    }
    return out->failed ? weir_fail_memory(error, "writing lines", out->size) : WEIR_OK;
}
static void writer_close(weir_writer *base) { (void)base; }

const weir_format weir_format_raw = {
    .name = "raw",
    .records = WEIR_RECORDS_LINES,
    .option_names = option_names,
    .check = check,
    .reader_create = reader_create,
    .read = read_lines,
    .counts = counts,
    .reader_close = reader_close,
    .writer_create = writer_create,
    .write = write_lines,
    .writer_close = writer_close,
};
