/* The table of formats, their options with prefixes, and how messages point into a file. */
#include <stdio.h>
#include <string.h>

#include "format/format_int.h"
#include "format/formats_int.h"

const weir_format *const weir_formats[] = {&weir_format_csv,        &weir_format_json,         &weir_format_debezium_json,
                                           &weir_format_canal_json, &weir_format_maxwell_json, &weir_format_ogg_json,
                                           &weir_format_parquet,    &weir_format_raw,          NULL};

const weir_format *weir_format_find(weir_text name) {
    for (size_t i = 0; weir_formats[i] != NULL; i++)
        if (weir_text_equal_c(name, weir_formats[i]->name))
            return weir_formats[i];
    return NULL;
}

enum { KEY_BYTES = 128 };

static void prefixed(char *out, const char *format, const char *key) { snprintf(out, KEY_BYTES, "%s.%s", format, key); }

weir_text weir_format_option(const weir_table *table, const char *format, const char *key) {
    char name[KEY_BYTES];
    prefixed(name, format, key);
    return weir_table_option_text(table, name);
}

weir_status weir_format_option_bool(const weir_table *table, const char *format, const char *key, bool fallback, bool *out,
                                    weir_error *error) {
    char name[KEY_BYTES];
    prefixed(name, format, key);
    return weir_table_option_bool(table, name, fallback, out, error);
}

weir_status weir_format_option_word(const weir_table *table, const char *format, const char *key, const char *const *words, int fallback,
                                    int *out, weir_error *error) {
    char name[KEY_BYTES];
    prefixed(name, format, key);
    return weir_table_option_word(table, name, words, fallback, out, error);
}

static uint64_t lines_in(const char *data, size_t size) {
    uint64_t count = 0;
    const char *end = data + size;
    while (data < end && (data = memchr(data, '\n', (size_t)(end - data))) != NULL) {
        count++;
        data++;
    }
    return count;
}

void weir_format_locate(weir_error *error, const weir_format_place *place, const char *data, size_t record, size_t at) {
    if (error == NULL)
        return;
    char where[640];
    size_t line_start = record;
    while (line_start > 0 && data[line_start - 1] != '\n')
        line_start--;
    size_t column = weir_utf8_length((weir_text){data + line_start, at - line_start}) + 1;
    int path_bytes = place->path.size > 400 ? 400 : (int)place->path.size;
    if (place->line > 0)
        snprintf(where, sizeof where, "%.*s, line %llu, column %zu", path_bytes, place->path.data,
                 (unsigned long long)(place->line + lines_in(data, record)), column);
    else
        snprintf(where, sizeof where, "%.*s, byte %llu, column %zu", path_bytes, place->path.data,
                 (unsigned long long)(place->offset_bytes + line_start), column);
    if (place->path.size == 0)
        snprintf(where, sizeof where, "record at column %zu", column);
    size_t used = strlen(error->message);
    if (used + strlen(where) + 8 < sizeof error->message)
        snprintf(error->message + used, sizeof error->message - used, " (%s)", where);
}

weir_text weir_format_excerpt(weir_text record, bool *cut) {
    enum { EXCERPT_BYTES = 400 };
    *cut = record.size > EXCERPT_BYTES;
    if (!*cut)
        return record;
    size_t size = EXCERPT_BYTES;
    while (size > 0 && ((unsigned char)record.data[size] & 0xC0) == 0x80)
        size--;
    return (weir_text){record.data, size};
}

bool weir_format_keep(weir_column *column, weir_buffer *owner) {
    if (column->layout == WEIR_LAYOUT_VIEW && !weir_column_keep(column, owner))
        return false;
    for (uint32_t i = 0; i < column->child_count; i++)
        if (!weir_format_keep(column->children[i], owner))
            return false;
    return true;
}
