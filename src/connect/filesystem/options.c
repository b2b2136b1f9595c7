/* The options of the filesystem connector: what each means here, and what is refused. */
#include "connect/filesystem/filesystem_int.h"

#include <string.h>

const char *const weir_fs_required_options[] = {"path", "format", NULL};
const char *const weir_fs_optional_options[] = {"partition.default-name",
                                                "source.monitor-interval",
                                                "source.path.regex-pattern",
                                                "source.report-statistics",
                                                "sink.rolling-policy.file-size",
                                                "sink.rolling-policy.rollover-interval",
                                                "sink.rolling-policy.inactivity-interval",
                                                "sink.rolling-policy.check-interval",
                                                "sink.shuffle-by-partition.enable",
                                                "partition.time-extractor.kind",
                                                "partition.time-extractor.class",
                                                "partition.time-extractor.timestamp-formatter",
                                                "partition.time-extractor.timestamp-pattern",
                                                "sink.partition-commit.trigger",
                                                "sink.partition-commit.delay",
                                                "sink.partition-commit.watermark-time-zone",
                                                "sink.partition-commit.policy.kind",
                                                "sink.partition-commit.policy.class",
                                                "sink.partition-commit.policy.class.parameters",
                                                "sink.partition-commit.success-file.name",
                                                "auto-compaction",
                                                "compaction.file-size",
                                                "compaction.parallelism",
                                                NULL};

static weir_status local_path(weir_arena *arena, const weir_option *option, const char **out, weir_error *error) {
    weir_text path = option->value;
    const char *colon = memchr(path.data, ':', path.size);
    const char *slash = memchr(path.data, '/', path.size);
    if (weir_text_starts(path, WEIR_TEXT("file:"))) {
        path.data += 5;
        path.size -= 5;
        if (weir_text_starts(path, WEIR_TEXT("///"))) {
            path.data += 2;
            path.size -= 2;
        }
    } else if (colon != NULL && slash == colon + 1) {
        weir_status status = weir_fail_at(error, WEIR_UNSUPPORTED, option->position,
                                          "Could not find a file system implementation for scheme '%.*s'. The scheme is not directly "
                                          "supported by Flink and no file system to support this scheme could be loaded.",
                                          (int)(colon - path.data), path.data);
        weir_error_hint(error, "paths of the local machine are read here: /folder/file or file:///folder/file");
        return status;
    }
    while (path.size > 1 && path.data[path.size - 1] == '/')
        path.size--;
    if (path.size == 0)
        return weir_option_invalid(option, "the path of a file or folder", error);
    *out = weir_arena_text(arena, path).data;
    return *out == NULL ? weir_fail_memory(error, "a path", path.size) : WEIR_OK;
}

static bool has_word(weir_text list, const char *word) {
    for (size_t at = 0; at <= list.size;) {
        const char *comma = at == list.size ? NULL : memchr(list.data + at, ',', list.size - at);
        size_t end = comma == NULL ? list.size : (size_t)(comma - list.data);
        if (weir_text_equal_c(weir_text_trim((weir_text){list.data + at, end - at}), word))
            return true;
        at = end + 1;
    }
    return false;
}

static weir_status refuse(const weir_option *option, const char *why, weir_error *error) {
    return weir_fail_at(error, WEIR_UNSUPPORTED, option->position, "The option '%.*s' = '%.*s' is not supported here: %s.",
                        WEIR_TEXT_ARGS(option->key), WEIR_TEXT_ARGS(option->value), why);
}

static weir_status commit_options(const weir_table *table, weir_fs_options *out, weir_error *error) {
    static const char *const triggers[] = {"process-time", "partition-time", NULL};
    int trigger;
    bool compaction;
    int64_t ignored_ms;
    WEIR_TRY(weir_table_option_word(table, "sink.partition-commit.trigger", triggers, 0, &trigger, error));
    WEIR_TRY(weir_table_option_duration(table, "sink.partition-commit.delay", 0, &ignored_ms, error));
    WEIR_TRY(weir_table_option_bool(table, "auto-compaction", false, &compaction, error));
    const weir_option *policy = weir_table_option(table, "sink.partition-commit.policy.kind");
    if (compaction)
        return refuse(weir_table_option(table, "auto-compaction"), "files are not merged after they were written", error);
    if (policy == NULL)
        return WEIR_OK;
    if (has_word(policy->value, "custom"))
        return refuse(policy, "it names a Java class", error);
    if (has_word(policy->value, "metastore"))
        return refuse(policy, "there is no metastore", error);
    out->success_file = has_word(policy->value, "success-file");
    if (!out->success_file)
        return weir_option_invalid(policy, "success-file", error);
    if (trigger == 1)
        return refuse(weir_table_option(table, "sink.partition-commit.trigger"),
                      "partitions are committed with the checkpoint that holds their rows", error);
    return WEIR_OK;
}

weir_status weir_fs_options_read(weir_arena *arena, const weir_table *table, weir_fs_options *out, weir_error *error) {
    memset(out, 0, sizeof *out);
    const weir_option *path = weir_table_option(table, "path");
    if (path == NULL)
        return weir_fail(error, WEIR_VALIDATE, "One or more required options are missing.\n\nMissing required options are:\n\npath");
    WEIR_TRY(local_path(arena, path, &out->path, error));
    out->default_partition = weir_table_option_text(table, "partition.default-name");
    if (out->default_partition.data == NULL)
        out->default_partition = WEIR_TEXT("__DEFAULT_PARTITION__");
    out->path_pattern = weir_table_option_text(table, "source.path.regex-pattern");
    WEIR_TRY(weir_table_option_duration(table, "source.monitor-interval", 0, &out->monitor_interval_ms, error));
    static const char *const known_here[] = {"sink.rolling-policy.rollover-interval", "sink.rolling-policy.inactivity-interval",
                                             "sink.rolling-policy.check-interval", NULL};
    int64_t ignored_ms;
    for (size_t i = 0; known_here[i] != NULL; i++)
        WEIR_TRY(weir_table_option_duration(table, known_here[i], 0, &ignored_ms, error));
    const weir_option *roll = weir_table_option(table, "sink.rolling-policy.file-size");
    out->roll_bytes = UINT64_MAX;
    if (roll != NULL && (!weir_option_parse_size_bytes(roll->value, &out->roll_bytes) || out->roll_bytes == 0))
        return weir_option_invalid(roll, "a size such as '128 mb'", error);
    out->success_name = weir_table_option_text(table, "sink.partition-commit.success-file.name");
    if (out->success_name.data == NULL)
        out->success_name = WEIR_TEXT("_SUCCESS");
    return commit_options(table, out, error);
}
