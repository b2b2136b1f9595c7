/* The connector "filesystem": files and folders of the local machine, in any of the formats. */
#include "connect/filesystem/filesystem_int.h"

static bool bounded(const weir_table *table) { return weir_table_option(table, "source.monitor-interval") == NULL; }

static bool changelog(const weir_table *table) {
    const weir_format *format = weir_format_find(weir_table_option_text(table, "format"));
    return format != NULL && format->changelog;
}

static bool takes_changes(const weir_table *table) {
    const weir_format *format = weir_format_find(weir_table_option_text(table, "format"));
    return format != NULL && format->writes_changes;
}

static const weir_type modification_time = {.kind = WEIR_KIND_TIMESTAMP_LTZ, .nullable = false, .precision = 3};
static const weir_type big_integer = {.kind = WEIR_KIND_BIGINT, .nullable = false};
static const weir_type string = {.kind = WEIR_KIND_VARCHAR, .nullable = false, .precision = WEIR_LENGTH_MAX};
static const weir_field metadata_fields[] = {
    {{"file.path", 9}, &string, {NULL, 0}},
    {{"file.name", 9}, &string, {NULL, 0}},
    {{"file.size", 9}, &big_integer, {NULL, 0}},
    {{"file.modification-time", 22}, &modification_time, {NULL, 0}},
    {{NULL, 0}, NULL, {NULL, 0}},
};

static const weir_field *metadata(const weir_table *table, uint32_t *count) {
    (void)table;
    *count = 4;
    return metadata_fields;
}

static weir_status check(const weir_table *table, bool writing, weir_error *error) {
    weir_memory memory;
    weir_arena arena;
    weir_fs_options options;
    (void)writing;
    weir_memory_init(&memory, NULL, "options", SIZE_MAX);
    weir_arena_init(&arena, &memory);
    weir_status status = weir_fs_options_read(&arena, table, &options, error);
    weir_arena_deinit(&arena);
    weir_memory_deinit(&memory);
    return status;
}

const weir_connector weir_connector_filesystem = {
    .name = "filesystem",
    .summary = "reads and writes files and folders",
    .required_options = weir_fs_required_options,
    .optional_options = weir_fs_optional_options,
    .strict_options = true,
    .uses_format = true,
    .source = &weir_fs_source_vtable,
    .sink = &weir_fs_sink_vtable,
    .bounded = bounded,
    .changelog = changelog,
    .takes_changes = takes_changes,
    .metadata = metadata,
    .check = check,
};
