/* The options of the filesystem connector: what each means here, and what is refused. */
#include "connect/filesystem/filesystem_int.h"

#include <stdio.h>
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

static weir_status refuse_classes(const weir_table *table, weir_error *error) {
    static const char *const classes[] = {"sink.partition-commit.policy.class", "sink.partition-commit.policy.class.parameters",
                                          "partition.time-extractor.class", NULL};
    for (size_t i = 0; classes[i] != NULL; i++) {
        const weir_option *option = weir_table_option(table, classes[i]);
        if (option != NULL)
            return refuse(option, "it is about a Java class", error);
    }
    const weir_option *extractor = weir_table_option(table, "partition.time-extractor.kind");
    if (extractor == NULL || weir_text_equal_nocase_c(extractor->value, "default"))
        return WEIR_OK;
    return weir_text_equal_nocase_c(extractor->value, "custom") ? refuse(extractor, "it names a Java class", error)
                                                                : weir_option_invalid(extractor, "default", error);
}

static weir_status commit_options(const weir_table *table, weir_fs_options *out, weir_error *error) {
    static const char *const triggers[] = {"process-time", "partition-time", NULL};
    int trigger;
    bool compaction;
    int64_t delay_ms;
    WEIR_TRY(weir_table_option_word(table, "sink.partition-commit.trigger", triggers, 0, &trigger, error));
    WEIR_TRY(weir_table_option_duration(table, "sink.partition-commit.delay", 0, &delay_ms, error));
    WEIR_TRY(weir_table_option_bool(table, "auto-compaction", false, &compaction, error));
    WEIR_TRY(refuse_classes(table, error));
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
    out->commit_by_time = trigger == 1 || delay_ms > 0;
    return out->success_file ? WEIR_OK : weir_option_invalid(policy, "success-file", error);
}

/* The defaults are Flink's. */
static weir_status rolling_options(const weir_table *table, weir_fs_options *out, weir_error *error) {
    enum { MINUTE_MS = 60000 };
    WEIR_TRY(weir_table_option_duration(table, "sink.rolling-policy.rollover-interval", 30 * MINUTE_MS, &out->roll_age_ms, error));
    WEIR_TRY(weir_table_option_duration(table, "sink.rolling-policy.inactivity-interval", 30 * MINUTE_MS, &out->roll_idle_ms, error));
    WEIR_TRY(weir_table_option_duration(table, "sink.rolling-policy.check-interval", MINUTE_MS, &out->roll_check_ms, error));
    const weir_option *roll = weir_table_option(table, "sink.rolling-policy.file-size");
    if (roll != NULL && (!weir_option_parse_size_bytes(roll->value, &out->roll_bytes) || out->roll_bytes == 0))
        return weir_option_invalid(roll, "a size such as '128 mb'", error);
    return WEIR_OK;
}

typedef struct idle_option {
    const char *key;
    bool batch_only; /* in streaming mode it does something */
    const char *why;
} idle_option;
static const idle_option idle_options[] = {
    {"sink.rolling-policy.rollover-interval", true, "in batch mode files do not roll by time"},
    {"sink.rolling-policy.inactivity-interval", true, "in batch mode files do not roll by time"},
    {"sink.rolling-policy.check-interval", true, "in batch mode files do not roll by time"},
    {"sink.shuffle-by-partition.enable", false, "one thread writes all partitions"},
    {"sink.partition-commit.trigger", false, "partitions are committed when the job ends"},
    {"sink.partition-commit.delay", false, "partitions are committed when the job ends"},
    {"sink.partition-commit.watermark-time-zone", false, "partitions are committed when the job ends"},
    {"partition.time-extractor.kind", false, "partitions are committed when the job ends"},
    {"partition.time-extractor.timestamp-formatter", false, "partitions are committed when the job ends"},
    {"partition.time-extractor.timestamp-pattern", false, "partitions are committed when the job ends"},
    {"compaction.file-size", false, "files are not merged after they were written"},
    {"compaction.parallelism", false, "files are not merged after they were written"},
};

void weir_fs_options_remarks(const weir_connect_context *context, const weir_table *table) {
    for (size_t i = 0; context->warn != NULL && i < sizeof idle_options / sizeof idle_options[0]; i++) {
        char message[400];
        const idle_option *idle = &idle_options[i];
        if (weir_table_option(table, idle->key) == NULL || (idle->batch_only && !context->batch_mode))
            continue;
        snprintf(message, sizeof message, "table '%.*s': the option '%s' has no effect: %s", WEIR_TEXT_ARGS(table->name), idle->key,
                 idle->why);
        context->warn(context->warn_context, message);
    }
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
    WEIR_TRY(rolling_options(table, out, error));
    out->success_name = weir_table_option_text(table, "sink.partition-commit.success-file.name");
    if (out->success_name.data == NULL)
        out->success_name = WEIR_TEXT("_SUCCESS");
    return commit_options(table, out, error);
}
