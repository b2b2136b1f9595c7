/* CREATE TABLE from a file: reads its first quarter of a megabyte and writes the statement. */
#include "connect/schema_guess.h"

#include <string.h>

#include "connect/filesystem/codec.h"
#include "connect/filesystem/list.h"
#include "connect/filesystem/stream.h"
#include "format/guess.h"
#include "format/parquet_library.h"

enum { SAMPLE_BYTES = 256 << 10 };

static bool ends_with(weir_text text, const char *end) {
    weir_text tail = weir_text_of(end);
    return text.size >= tail.size && weir_text_equal_nocase((weir_text){text.data + text.size - tail.size, tail.size}, tail);
}

static weir_text file_name(weir_text path) {
    const char *slash = path.size == 0 ? NULL : memrchr(path.data, '/', path.size);
    size_t at = slash == NULL ? 0 : (size_t)(slash - path.data) + 1;
    return (weir_text){path.data + at, path.size - at};
}

static weir_text without_compression(weir_text name) {
    const char *extension;
    if (weir_fs_codec_of(name, &extension) != NULL)
        name.size -= strlen(extension);
    return name;
}

/* ".csv" of "a.csv.gz"; empty when there is none. */
static weir_text extension_of(weir_text path) {
    weir_text name = without_compression(file_name(path));
    const char *dot = name.size == 0 ? NULL : memrchr(name.data, '.', name.size);
    return dot == NULL ? (weir_text){"", 0} : (weir_text){dot, (size_t)(name.data + name.size - dot)};
}

/* A table reads every file of its folder, so that one of them can speak for the others only when they are of one kind. *count: files that
 * hold something. */
static weir_status first_file(weir_arena *arena, const weir_files *files, const char *path, weir_text *out, size_t *file_count,
                              weir_error *error) {
    weir_file_info info;
    weir_file_entry *entries;
    size_t count;
    bool pattern;
    WEIR_TRY(weir_files_stat(files, path, &info, error));
    WEIR_TRY(weir_fs_is_pattern(files, path, &pattern, error));
    if (info.kind == WEIR_FILE_NONE && !pattern)
        return weir_fail(error, WEIR_RUNTIME, "File %s does not exist.", path);
    WEIR_TRY(weir_fs_list(files, arena, path, &entries, &count, error));
    *file_count = 0;
    for (size_t i = 0; i < count; i++) {
        if (entries[i].info.size_bytes == 0)
            continue;
        if ((*file_count)++ == 0)
            *out = entries[i].path;
        if (weir_text_equal_nocase(extension_of(*out), extension_of(entries[i].path)))
            continue;
        weir_text first = file_name(*out), other = file_name(entries[i].path);
        weir_fail(error, WEIR_RUNTIME, "'%s' holds files of several kinds, such as '%.*s' and '%.*s', which cannot be one table.", path,
                  WEIR_TEXT_ARGS(first), WEIR_TEXT_ARGS(other));
        weir_error_hint(error, "give one file, or a pattern such as '%s/*%.*s'", path, WEIR_TEXT_ARGS(extension_of(*out)));
        return WEIR_RUNTIME;
    }
    return *file_count > 0 ? WEIR_OK : weir_fail(error, WEIR_RUNTIME, "There is nothing in '%s' to guess from.", path);
}

static weir_status read_sample(weir_arena *arena, weir_memory *memory, const weir_files *files, weir_text path, weir_text *out, bool *whole,
                               weir_error *error) {
    weir_fs_stream *stream;
    char *data = weir_arena_alloc(arena, SAMPLE_BYTES);
    if (data == NULL)
        return weir_fail_memory(error, "a sample of the file", SAMPLE_BYTES);
    WEIR_TRY(weir_fs_stream_open(memory, files, path, NULL, &stream, error));
    size_t size = 0, got = 1;
    weir_status status = WEIR_OK;
    while (size < SAMPLE_BYTES && got > 0 && status == WEIR_OK) {
        status = weir_fs_stream_read(stream, data + size, SAMPLE_BYTES - size, &got, error);
        size += status == WEIR_OK ? got : 0;
    }
    weir_fs_stream_close(stream);
    *out = (weir_text){data, size};
    *whole = got == 0;
    return status;
}

/* Bytes that no text has, and a first line that is longer than the sample. */
static weir_status check_sample(weir_text file, weir_text sample, bool whole, weir_error *error) {
    size_t bad = 0, malformed = 0;
    for (weir_text rest = sample; !weir_utf8_valid(rest, &bad); malformed++) {
        weir_utf8_next(rest.data, rest.size, &bad);
        rest = (weir_text){rest.data + bad, rest.size - bad};
    }
    if ((sample.size > 0 && memchr(sample.data, 0, sample.size) != NULL) || malformed > sample.size / 10)
        return weir_fail(error, WEIR_RUNTIME, "'%.*s' is no text: a schema can be guessed from csv, json and parquet files.",
                         WEIR_TEXT_ARGS(file));
    if (!whole && memchr(sample.data, '\n', sample.size) == NULL)
        return weir_fail(error, WEIR_RUNTIME, "The first line of '%.*s' is longer than the %d KB that a schema is guessed from.",
                         WEIR_TEXT_ARGS(file), SAMPLE_BYTES >> 10);
    return WEIR_OK;
}

static bool json_wanted(weir_text name, weir_text format_name, weir_text sample) {
    if (format_name.size > 0)
        return weir_text_equal_c(format_name, "json");
    name = without_compression(name);
    if (ends_with(name, ".json") || ends_with(name, ".jsonl") || ends_with(name, ".ndjson"))
        return true;
    return !ends_with(name, ".csv") && !ends_with(name, ".tsv") && weir_guess_is_json(sample);
}

static bool is_parquet(weir_text name, weir_text sample) {
    return ends_with(name, ".parquet") || weir_text_starts(sample, WEIR_TEXT("PAR1"));
}

/* Nothing to guess: the file says it. */
static weir_status guess_parquet(weir_arena *arena, weir_text path, weir_guess *out, weir_error *error) {
    weir_schema schema;
    memset(out, 0, sizeof *out);
    WEIR_TRY(weir_parquet_schema(arena, path.data, &schema, error));
    out->count = schema.count;
    out->fields = WEIR_ARENA_ARRAY(arena, weir_field, schema.count);
    if (out->fields == NULL)
        return weir_fail_memory(error, "a guess", 0);
    memcpy(out->fields, schema.fields, schema.count * sizeof *out->fields);
    return WEIR_OK;
}

/* `name`, with ` doubled. */
static void put_name(weir_builder *out, weir_text name) {
    weir_builder_char(out, '`');
    for (size_t i = 0; i < name.size; i++) {
        if (name.data[i] == '`')
            weir_builder_char(out, '`');
        weir_builder_char(out, name.data[i]);
    }
    weir_builder_char(out, '`');
}

static void put_literal(weir_builder *out, weir_text text) {
    weir_builder_char(out, '\'');
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] == '\'')
            weir_builder_char(out, '\'');
        weir_builder_char(out, text.data[i]);
    }
    weir_builder_char(out, '\'');
}

/* The file's name without extensions, in lower case, other characters than letters and digits as '_'. */
static void put_table_name(weir_builder *out, weir_text name) {
    char text[65];
    size_t size = 0;
    while (size < name.size && size < 64 && name.data[size] != '.') {
        char c = name.data[size];
        text[size++] = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ? c : c >= 'A' && c <= 'Z' ? (char)(c + 32) : '_';
    }
    put_name(out, size == 0 || (text[0] >= '0' && text[0] <= '9') ? WEIR_TEXT("t") : (weir_text){text, size});
}

static void put_option(weir_builder *out, const char *key, weir_text value) {
    weir_builder_format(out, ",\n    '%s' = ", key);
    put_literal(out, value);
}

static void put_statement(weir_builder *out, const weir_guess *guess, weir_text format, weir_text table_name, weir_text path,
                          weir_text file, size_t file_count) {
    if (file_count > 1)
        weir_builder_format(out, "-- guessed from %.*s, the first of %zu files\n", WEIR_TEXT_ARGS(file_name(file)), file_count);
    weir_builder_c(out, "CREATE TABLE ");
    if (table_name.size > 0)
        put_name(out, table_name);
    else
        put_table_name(out, file_name(weir_path_has_wildcard(path.data) ? file : path));
    weir_builder_c(out, " (\n");
    for (uint32_t i = 0; i < guess->count; i++) {
        weir_builder_c(out, "    ");
        put_name(out, guess->fields[i].name);
        weir_builder_char(out, ' ');
        weir_type_print_short(guess->fields[i].type, out);
        weir_builder_c(out, i + 1 < guess->count ? ",\n" : "\n");
    }
    weir_builder_c(out, ") WITH (\n    'connector' = 'filesystem'");
    put_option(out, "path", path);
    put_option(out, "format", format);
    if (guess->iso_timestamps)
        put_option(out, "json.timestamp-format.standard", WEIR_TEXT("ISO-8601"));
    if (guess->delimiter != 0 && guess->delimiter != ',')
        put_option(out, "csv.field-delimiter", guess->delimiter == '\t' ? WEIR_TEXT("\\t") : (weir_text){&guess->delimiter, 1});
    if (guess->header_line)
        put_option(out, "csv.header", WEIR_TEXT("true"));
    if (guess->empty_is_null)
        put_option(out, "csv.null-literal", WEIR_TEXT(""));
    weir_builder_c(out, "\n);\n");
}

weir_status weir_schema_guess(weir_arena *arena, weir_memory *memory, const weir_files *files, weir_text path, weir_text table_name,
                              weir_text format_name, weir_text *statement, weir_error *error) {
    weir_text file, sample;
    bool whole = false;
    weir_guess guess;
    size_t file_count;
    if (format_name.size > 0 && !weir_text_equal_c(format_name, "json") && !weir_text_equal_c(format_name, "csv") &&
        !weir_text_equal_c(format_name, "parquet"))
        return weir_fail(error, WEIR_UNSUPPORTED, "A schema can be guessed from csv, json and parquet files, not from '%.*s'.",
                         WEIR_TEXT_ARGS(format_name));
    weir_text own = weir_arena_text(arena, path);
    if (own.data == NULL)
        return weir_fail_memory(error, "a path", path.size);
    WEIR_TRY(first_file(arena, files, own.data, &file, &file_count, error));
    WEIR_TRY(read_sample(arena, memory, files, file, &sample, &whole, error));
    weir_text format = WEIR_TEXT("csv");
    if (weir_text_equal_c(format_name, "parquet") || (format_name.size == 0 && is_parquet(file_name(file), sample))) {
        format = WEIR_TEXT("parquet");
        WEIR_TRY(guess_parquet(arena, file, &guess, error));
    } else if (check_sample(file, sample, whole, error) != WEIR_OK) {
        return WEIR_RUNTIME;
    } else if (json_wanted(file_name(file), format_name, sample)) {
        format = WEIR_TEXT("json");
        WEIR_TRY(weir_guess_json(arena, sample, whole, &guess, error));
    } else {
        WEIR_TRY(weir_guess_csv(arena, sample, whole, &guess, error));
    }
    weir_builder out;
    weir_builder_init(&out, memory, SIZE_MAX);
    put_statement(&out, &guess, format, table_name, own, file, file_count);
    *statement = out.failed ? (weir_text){NULL, 0} : weir_arena_text(arena, weir_builder_view(&out));
    weir_builder_deinit(&out);
    return statement->data == NULL ? weir_fail_memory(error, "a statement", 0) : WEIR_OK;
}
