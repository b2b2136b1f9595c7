/* The format "csv": options, types, and the vtable. */
#include "format/csv_int.h"
#include "format/formats_int.h"

#include <string.h>

static const char *const option_names[] = {"field-delimiter",
                                           "disable-quote-character",
                                           "quote-character",
                                           "allow-comments",
                                           "ignore-parse-errors",
                                           "array-element-delimiter",
                                           "escape-character",
                                           "null-literal",
                                           "write-bigdecimal-in-scientific-notation",
                                           "header",
                                           NULL};

/* Java's escapes in an option: \t, \n, \u0001, \\ ... Writes at most the text's size. */
static size_t unescape(weir_text text, char *out, size_t capacity) {
    size_t size = 0;
    for (size_t i = 0; i < text.size && size + 4 < capacity; i++) {
        char c = text.data[i];
        if (c != '\\' || i + 1 == text.size) {
            out[size++] = c;
            continue;
        }
        c = text.data[++i];
        if (c == 'u' && i + 4 < text.size) {
            uint32_t code = 0;
            for (size_t k = 1; k <= 4; k++) {
                char h = (char)(text.data[i + k] | 0x20);
                code = code << 4 | (uint32_t)(h >= 'a' && h <= 'f' ? h - 'a' + 10 : (h & 0x0F));
            }
            size += weir_utf8_put(code, out + size);
            i += 4;
        } else {
            out[size++] = c == 't' ? '\t' : c == 'n' ? '\n' : c == 'r' ? '\r' : c == 'b' ? '\b' : c == 'f' ? '\f' : c;
        }
    }
    return size;
}

/* An option that is one character; of several bytes only where `wide` takes it. */
static weir_status one_character(const weir_table *table, const char *key, bool escapes, char fallback, char *out, weir_text *wide,
                                 weir_error *error) {
    weir_text text = weir_format_option(table, "csv", key);
    char buffer[16];
    *out = fallback;
    if (text.data == NULL)
        return WEIR_OK;
    size_t size = text.size;
    if (escapes && text.size < sizeof buffer - 4) {
        size = unescape(text, buffer, sizeof buffer);
        text = (weir_text){buffer, size};
    }
    if (weir_utf8_length(text) != 1)
        return weir_fail(error, WEIR_VALIDATE, "Option 'csv.%s' must be a string with single character, but was: %.*s", key,
                         WEIR_TEXT_ARGS(weir_format_option(table, "csv", key)));
    if (wide != NULL) {
        *wide = text;
        return WEIR_OK;
    }
    if (size != 1)
        return weir_fail(error, WEIR_UNSUPPORTED, "Option 'csv.%s': only ASCII characters are supported, not '%.*s'.", key,
                         WEIR_TEXT_ARGS(text));
    *out = text.data[0];
    return WEIR_OK;
}

weir_status weir_csv_options_read(const weir_table *table, weir_csv_options *out, weir_error *error) {
    bool no_quotes;
    char unused;
    memset(out, 0, sizeof *out);
    WEIR_TRY(weir_format_option_bool(table, "csv", "disable-quote-character", false, &no_quotes, error));
    WEIR_TRY(weir_format_option_bool(table, "csv", "allow-comments", false, &out->allow_comments, error));
    WEIR_TRY(weir_format_option_bool(table, "csv", "ignore-parse-errors", false, &out->ignore_parse_errors, error));
    WEIR_TRY(weir_format_option_bool(table, "csv", "header", false, &out->header_line, error));
    WEIR_TRY(weir_format_option_bool(table, "csv", "write-bigdecimal-in-scientific-notation", true, &out->scientific_decimals, error));
    if (no_quotes && weir_format_option(table, "csv", "quote-character").data != NULL)
        return weir_fail(error, WEIR_VALIDATE, "Format cannot define a quote character and disabled quote character at the same time.");
    WEIR_TRY(one_character(table, "field-delimiter", true, ',', &out->delimiter, NULL, error));
    WEIR_TRY(one_character(table, "quote-character", false, '"', &out->quote, NULL, error));
    WEIR_TRY(one_character(table, "escape-character", false, 0, &out->escape, NULL, error));
    out->array_delimiter = WEIR_TEXT(";");
    WEIR_TRY(one_character(table, "array-element-delimiter", false, 0, &unused, &out->array_delimiter, error));
    if (no_quotes)
        out->quote = 0;
    out->null_literal = weir_format_option(table, "csv", "null-literal");
    return WEIR_OK;
}

static bool simple(const weir_type *type) {
    switch (type->kind) {
    case WEIR_KIND_ARRAY:
    case WEIR_KIND_MULTISET:
    case WEIR_KIND_MAP:
    case WEIR_KIND_ROW:
    case WEIR_KIND_INTERVAL_MONTH:
    case WEIR_KIND_INTERVAL_SECOND:
    case WEIR_KIND_VARIANT:
    case WEIR_KIND_BITMAP:
    case WEIR_KIND_SYMBOL:
    case WEIR_KIND_COUNT: return false;
    default: return true;
    }
}

static weir_status refuse(const weir_field *field, const weir_type *type, bool nested, weir_error *error) {
    weir_memory memory;
    weir_builder name;
    weir_memory_init(&memory, NULL, "type name", SIZE_MAX);
    weir_builder_init(&name, &memory, 400);
    weir_type_print(type, &name);
    weir_text shown = weir_builder_view(&name);
    weir_status status = nested ? weir_fail(error, WEIR_UNSUPPORTED,
                                            "Only simple types are supported in the second level nesting of fields '%.*s' but was: %.*s",
                                            WEIR_TEXT_ARGS(field->name), WEIR_TEXT_ARGS(shown))
                                : weir_fail(error, WEIR_UNSUPPORTED, "Unsupported type '%.*s' for field '%.*s'.", WEIR_TEXT_ARGS(shown),
                                            WEIR_TEXT_ARGS(field->name));
    weir_error_hint(error, "the csv format holds scalars, arrays of scalars and rows of scalars; 'format' = 'json' holds more");
    weir_builder_deinit(&name);
    weir_memory_deinit(&memory);
    return status;
}

weir_status weir_csv_check_type(const weir_field *field, weir_error *error) {
    const weir_type *type = field->type;
    if (type->kind == WEIR_KIND_TIME && type->precision > 3)
        return weir_fail(error, WEIR_UNSUPPORTED, "Csv does not support TIME type with precision: %d, it only supports precision 0 ~ 3.",
                         type->precision);
    if (simple(type))
        return WEIR_OK;
    if (type->kind == WEIR_KIND_ARRAY)
        return simple(type->children[0]) ? WEIR_OK : refuse(field, type->children[0], true, error);
    if (type->kind != WEIR_KIND_ROW)
        return refuse(field, type, false, error);
    for (uint32_t i = 0; i < type->field_count; i++)
        if (!simple(type->fields[i].type))
            return refuse(field, type->fields[i].type, true, error);
    return WEIR_OK;
}

static weir_status check(const weir_table *table, const weir_read_spec *spec, bool writing, weir_error *error) {
    weir_csv_options options;
    (void)writing;
    WEIR_TRY(weir_csv_options_read(table, &options, error));
    for (uint32_t i = 0; spec != NULL && i < spec->total_count; i++)
        WEIR_TRY(weir_csv_check_type(&spec->total_fields[i], error));
    return WEIR_OK;
}

static weir_status reader_create(weir_arena *arena, weir_memory *memory, const weir_table *table, const weir_read_spec *spec,
                                 weir_reader **out, weir_error *error) {
    weir_csv_reader *reader = WEIR_ARENA_NEW(arena, weir_csv_reader);
    if (reader == NULL)
        return weir_fail_memory(error, "a CSV reader", sizeof *reader);
    WEIR_TRY(weir_csv_options_read(table, &reader->options, error));
    if (spec->metadata_count > 0)
        return weir_fail(error, WEIR_VALIDATE, "The format 'csv' has no metadata columns; '%.*s' is none.",
                         WEIR_TEXT_ARGS(spec->metadata[0].name));
    reader->fast = reader->options.null_literal.size == 0;
    reader->memory = memory;
    reader->total_count = spec->total_count;
    reader->total_fields = spec->total_fields;
    reader->count = spec->count;
    reader->nodes = WEIR_ARENA_ARRAY(arena, weir_csv_node, spec->count);
    reader->by_position = WEIR_ARENA_ARRAY(arena, weir_csv_node *, spec->total_count);
    if (reader->nodes == NULL || reader->by_position == NULL)
        return weir_fail_memory(error, "a CSV reader", 0);
    for (uint32_t i = 0; i < spec->total_count; i++)
        WEIR_TRY(weir_csv_check_type(&spec->total_fields[i], error));
    for (uint32_t i = 0; i < spec->count; i++) {
        if (!weir_csv_node_init(arena, &reader->nodes[i], spec->fields[i].type, false))
            return weir_fail_memory(error, "a CSV reader", 0);
        reader->by_position[spec->total_index[i]] = &reader->nodes[i];
    }
    weir_builder_init(&reader->scratch, memory, UINT32_MAX);
    *out = (weir_reader *)reader;
    return WEIR_OK;
}

static const weir_reader_counts *counts(const weir_reader *base) { return &((const weir_csv_reader *)base)->counts; }
static void reader_close(weir_reader *base) { weir_builder_deinit(&((weir_csv_reader *)base)->scratch); }

const weir_format weir_format_csv = {
    .name = "csv",
    .records = WEIR_RECORDS_QUOTED,
    .option_names = option_names,
    .check = check,
    .reader_create = reader_create,
    .read = weir_csv_read,
    .cut = weir_csv_cut,
    .counts = counts,
    .reader_close = reader_close,
    .writer_create = weir_csv_writer_create,
    .write = weir_csv_write,
    .writer_close = weir_csv_writer_close,
};
