/* The filesystem sink: INSERT OVERWRITE, commits under a disk that fails at every single call, rolling by size and time, partition commit.
 */
#include "connect_help.h"

static const char old_rows[] = "{\"a\":1,\"p\":\"x\"}\n{\"a\":2,\"p\":\"y\"}\n{\"a\":3,\"p\":\"z\"}\n";
static const char new_rows[] = "{\"a\":11,\"p\":\"x\"}\n{\"a\":12,\"p\":\"y\"}\n{\"a\":13,\"p\":\"w\"}\n";

static weir_table *partitioned(const char *path, const char *key, const char *value) {
    const weir_table_column columns[] = {COLUMN("a", T(INT)), COLUMN("p", STRING)};
    weir_table *table = make_table(columns, 2, "connector", "filesystem", "path", path, "format", "json", key, value, NULL);
    partition_by(table, 1);
    return table;
}

/* Files below the folder; hidden ones or the others. */
static int files_in(const char *name, bool hidden) {
    weir_file_entry *entries;
    size_t count;
    int found = 0;
    if (weir_files_list_tree(weir_files_real(), &arena, path_of(name), NULL, NULL, &entries, &count, NULL) != WEIR_OK)
        return 0;
    for (size_t i = 0; i < count; i++)
        found += (entries[i].name.data[0] == '.') == hidden;
    return found;
}

static int folders_in(const char *name) {
    weir_file_entry *entries;
    size_t count;
    int found = 0;
    assert_int_equal(weir_files_list(weir_files_real(), &arena, path_of(name), &entries, &count, &error), WEIR_OK);
    for (size_t i = 0; i < count; i++)
        found += entries[i].info.kind == WEIR_FILE_FOLDER;
    return found;
}

/* Whatever call fails: the table is as it was before, and nothing is left behind; else the new rows are there. */
static void overwrite_on_a_failing_disk(void **state) {
    (void)state;
    weir_table *table = partitioned("@/t", "sink.partition-commit.policy.kind", "success-file");
    bool all_tried = false;
    uint64_t n = 1;
    int failed = 0, left_hidden = 0;
    for (; !all_tried; n++) {
        weir_files_faulty faulty;
        assert_int_equal(weir_files_remove_tree(weir_files_real(), &memory, path_of("t"), &error), WEIR_OK);
        assert_int_equal(write_rows(table, old_rows, false, true), WEIR_OK);
        assert_int_equal(files_in("t", false), 6); /* three of rows, three _SUCCESS */
        weir_files_faulty_init(&faulty, weir_files_real(), n, false, true);
        context.files = &faulty.files;
        warnings[0] = 0;
        weir_status status = write_rows(table, new_rows, true, true);
        context.files = weir_files_real();
        all_tried = atomic_load(&faulty.calls) < n;
        if (status == WEIR_OK) {
            /* Only what was replaced could not be removed: hidden, and said. */
            left_hidden += files_in("t", true);
            assert_true(files_in("t", true) == 0 || strstr(warnings, ".replaced-") != NULL);
            assert_string_equal(read_table(table),
                                "{\"a\":13,\"p\":\"w\"}\n{\"a\":11,\"p\":\"x\"}\n{\"a\":12,\"p\":\"y\"}\n{\"a\":3,\"p\":\"z\"}\n");
            assert_int_equal(files_in("t", false), 8);
            continue;
        }
        failed++;
        assert_int_equal(status, WEIR_RUNTIME);
        assert_non_null(strstr(error.message, path_of("t")));
        assert_string_equal(read_table(table), old_rows);
        assert_int_equal(files_in("t", false), 6);
        assert_int_equal(files_in("t", true), 0);
        assert_int_equal(folders_in("t"), 3);
    }
    assert_true(failed > 25 && n > 30);
    assert_true(left_hidden > 0);
}

static void first_write_on_a_failing_disk(void **state) {
    (void)state;
    weir_table *table = partitioned("@/first/deep", "sink.partition-commit.policy.kind", "success-file");
    for (uint64_t n = 1;; n++) {
        weir_files_faulty faulty;
        weir_files_faulty_init(&faulty, weir_files_real(), n, false, true);
        context.files = &faulty.files;
        weir_status status = write_rows(table, new_rows, false, true);
        context.files = weir_files_real();
        if (atomic_load(&faulty.calls) < n) {
            assert_int_equal(status, WEIR_OK);
            break;
        }
        assert_int_equal(status, WEIR_RUNTIME);
        assert_non_null(strstr(error.message, folder));
        assert_int_equal(files_in("first", false) + files_in("first", true), 0);
        weir_file_info info;
        assert_int_equal(weir_files_stat(weir_files_real(), path_of("first/deep"), &info, &error), WEIR_OK);
        assert_int_equal(info.kind == WEIR_FILE_NONE ? 0 : folders_in("first/deep"), 0);
        assert_int_equal(weir_files_remove_tree(weir_files_real(), &memory, path_of("first"), &error), WEIR_OK);
    }
    assert_int_equal(files_in("first", false), 6);
}

/* A disk that is gone for good cannot be tidied up; but it is said, and nothing leaks. */
static void dead_disk(void **state) {
    (void)state;
    weir_table *table = partitioned("@/t", "sink.partition-commit.policy.kind", "success-file");
    for (uint64_t n = 1; n < 60; n++) {
        weir_files_faulty faulty;
        weir_files_faulty_init(&faulty, weir_files_real(), n, true, true);
        assert_int_equal(write_rows(table, old_rows, true, true), WEIR_OK);
        context.files = &faulty.files;
        memset(&error, 0, sizeof error);
        weir_status status = write_rows(table, new_rows, true, true);
        context.files = weir_files_real();
        assert_true(status == WEIR_OK || error.message[0] != 0);
        if (atomic_load(&faulty.calls) < n)
            break;
    }
}

static weir_status overwrite_static(const weir_table *table, const char *partition) {
    const weir_option constant = {WEIR_TEXT("p"), weir_text_of(partition), {0}};
    const weir_connector *connector = connector_for(table, true);
    weir_scan_spec scan;
    scan_of(table, &scan);
    weir_sink_spec spec = {.table = table,
                           .schema = {scan.read.count, scan.read.fields},
                           .overwrite = true,
                           .static_count = 1,
                           .static_partitions = &constant};
    weir_sink *sink;
    WEIR_TRY(connector->sink->open(&context, &spec, &sink, &error));
    weir_status status = connector->sink->prepare(sink, 1, &error);
    if (status == WEIR_OK)
        status = connector->sink->commit(sink, 1, &error);
    connector->sink->close(sink);
    return status;
}

static void overwrite_partitions(void **state) {
    (void)state;
    weir_table *table = partitioned("@/t", "partition.default-name", "none");
    assert_int_equal(write_rows(table, old_rows, false, true), WEIR_OK);
    assert_int_equal(write_rows(table, "", true, true), WEIR_OK); /* no row, no partition named: all stay */
    assert_string_equal(read_table(table), old_rows);
    assert_int_equal(overwrite_static(table, "y"), WEIR_OK); /* named, and empty */
    assert_string_equal(read_table(table), "{\"a\":1,\"p\":\"x\"}\n{\"a\":3,\"p\":\"z\"}\n");
    assert_int_equal(overwrite_static(table, "nothere"), WEIR_OK);
    assert_int_equal(write_rows(table, "{\"a\":5}\n", true, true), WEIR_OK);
    assert_string_equal(read_table(table), "{\"a\":5,\"p\":null}\n{\"a\":1,\"p\":\"x\"}\n{\"a\":3,\"p\":\"z\"}\n");
    /* What is there in an unpartitioned table goes, folders as well; hidden files stay. */
    const weir_table_column columns[] = {COLUMN("a", T(INT)), COLUMN("p", STRING)};
    weir_table *plain = make_table(columns, 2, "connector", "filesystem", "path", "@/t", "format", "json", NULL);
    put_file("t/_keep", "x");
    assert_int_equal(write_rows(plain, "{\"a\":6,\"p\":\"q\"}\n", true, true), WEIR_OK);
    assert_string_equal(read_table(plain), "{\"a\":6,\"p\":\"q\"}\n");
    assert_int_equal(folders_in("t"), 0);
    assert_int_equal(files_in("t", false), 2);
    assert_int_equal(files_in("t", true), 0);
}

typedef struct open_sink {
    const weir_connector *connector;
    weir_sink *sink;
    weir_reader *reader;
    const weir_type **types;
    uint32_t count;
} open_sink;

static open_sink begin(const weir_table *table) {
    open_sink out = {.connector = connector_for(table, true)};
    weir_scan_spec scan;
    static weir_table none;
    scan_of(table, &scan);
    weir_sink_spec spec = {.table = table, .schema = {scan.read.count, scan.read.fields}};
    assert_int_equal(out.connector->sink->open(&context, &spec, &out.sink, &error), WEIR_OK);
    out.count = scan.read.count;
    out.types = WEIR_ARENA_ARRAY(&arena, const weir_type *, out.count);
    for (uint32_t i = 0; i < out.count; i++)
        out.types[i] = scan.read.fields[i].type;
    assert_int_equal(weir_format_find(WEIR_TEXT("json"))->reader_create(&arena, &memory, &none, &scan.read, &out.reader, &error), WEIR_OK);
    return out;
}

static void put(const open_sink *to, const char *line) {
    weir_batch *batch = weir_batch_create_typed(&memory, to->types, to->count, WEIR_BATCH_ROWS);
    weir_format_place place = {0};
    size_t used;
    assert_int_equal(weir_format_find(WEIR_TEXT("json"))->read(to->reader, &place, NULL, line, strlen(line), true, batch, &used, &error),
                     WEIR_OK);
    assert_int_equal(to->connector->sink->write(to->sink, batch, &error), WEIR_OK);
    weir_batch_destroy(batch);
}

static void finish(const open_sink *to) {
    weir_format_find(WEIR_TEXT("json"))->reader_close(to->reader);
    assert_int_equal(to->connector->sink->prepare(to->sink, 1, &error), WEIR_OK);
    assert_int_equal(to->connector->sink->commit(to->sink, 1, &error), WEIR_OK);
    to->connector->sink->close(to->sink);
}

static void roll_by_time(void **state) {
    (void)state;
    weir_clock_virtual clock;
    weir_clock_virtual_init(&clock, 1000000000);
    context.clock = &clock.clock;
    context.batch_mode = false;
    const weir_table_column columns[] = {COLUMN("a", T(INT))};
    weir_table *aged = make_table(columns, 1, "connector", "filesystem", "path", "@/aged", "format", "json",
                                  "sink.rolling-policy.rollover-interval", "10 s", "sink.rolling-policy.check-interval", "1 s", NULL);
    open_sink sink = begin(aged);
    for (int i = 0; i < 30; i++) { /* a row a second, a file every ten */
        put(&sink, "{\"a\":1}\n");
        weir_clock_virtual_advance_ns(&clock, 1000000000);
    }
    assert_int_equal(files_in("aged", false), 0);
    finish(&sink);
    assert_int_equal(files_in("aged", false), 3);
    weir_table *idle = partitioned("@/idle", "sink.rolling-policy.inactivity-interval", "5 min");
    sink = begin(idle);
    put(&sink, "{\"a\":1,\"p\":\"x\"}\n");
    for (int i = 0; i < 7; i++) {
        weir_clock_virtual_advance_ns(&clock, 60000000000);
        put(&sink, "{\"a\":1,\"p\":\"y\"}\n");
    }
    put(&sink, "{\"a\":2,\"p\":\"x\"}\n");
    finish(&sink);
    assert_int_equal(files_in("idle/p=x", false), 2);
    assert_int_equal(files_in("idle/p=y", false), 1);
    assert_string_equal(warnings, "");
}

static void assert_refused(const char *key, const char *value, weir_status status) {
    memset(&error, 0, sizeof error);
    assert_null(connector_for(partitioned("@/t", key, value), true));
    assert_int_equal(error.status, status);
    assert_non_null(strstr(error.message, key));
}

static void commit_options(void **state) {
    (void)state;
    assert_refused("sink.partition-commit.policy.kind", "metastore,success-file", WEIR_UNSUPPORTED);
    assert_refused("sink.partition-commit.policy.kind", "custom", WEIR_UNSUPPORTED);
    assert_refused("sink.partition-commit.policy.kind", "succes-file", WEIR_VALIDATE);
    assert_refused("sink.partition-commit.policy.class", "com.example.Policy", WEIR_UNSUPPORTED);
    assert_refused("partition.time-extractor.kind", "custom", WEIR_UNSUPPORTED);
    assert_refused("partition.time-extractor.kind", "strange", WEIR_VALIDATE);
    assert_refused("partition.time-extractor.class", "com.example.Extractor", WEIR_UNSUPPORTED);
    assert_refused("sink.partition-commit.trigger", "sometimes", WEIR_VALIDATE);
    assert_refused("sink.rolling-policy.file-size", "much", WEIR_VALIDATE);
    assert_refused("sink.rolling-policy.rollover-interval", "long", WEIR_VALIDATE);
    assert_refused("auto-compaction", "true", WEIR_UNSUPPORTED);
    /* Known, and without meaning in this kind of run: said. */
    assert_int_equal(write_rows(partitioned("@/t", "sink.rolling-policy.rollover-interval", "1 min"), "", false, true), WEIR_OK);
    assert_non_null(strstr(warnings, "'sink.rolling-policy.rollover-interval' has no effect"));
    assert_int_equal(write_rows(partitioned("@/t", "sink.partition-commit.delay", "1 min"), "", false, true), WEIR_OK);
    assert_non_null(strstr(warnings, "'sink.partition-commit.delay' has no effect"));
    /* Where it would mean something that is not done, it is refused. */
    const weir_table_column columns[] = {COLUMN("a", T(INT)), COLUMN("p", STRING)};
    weir_table *delayed =
        make_table(columns, 2, "connector", "filesystem", "path", "@/t", "format", "json", "sink.partition-commit.policy.kind",
                   "success-file", "sink.partition-commit.delay", "1 min", "sink.partition-commit.success-file.name", "_done", NULL);
    partition_by(delayed, 1);
    context.batch_mode = false;
    context.job_id = WEIR_TEXT("job");
    assert_int_equal(write_rows(delayed, new_rows, false, true), WEIR_UNSUPPORTED);
    assert_non_null(strstr(error.message, "sink.partition-commit.delay"));
    context.job_id = (weir_text){NULL, 0};
    assert_int_equal(write_rows(delayed, new_rows, false, true), WEIR_OK);
    weir_file_info info;
    assert_int_equal(weir_files_stat(weir_files_real(), path_of("t/p=w/_done"), &info, &error), WEIR_OK);
    assert_int_equal(info.kind, WEIR_FILE_REGULAR);
    assert_int_equal(info.size_bytes, 0);
}

/* Reading: a failing call is an error that names the file or folder. */
static void reading_from_a_failing_disk(void **state) {
    (void)state;
    weir_table *table = partitioned("@/t", "partition.default-name", "none");
    assert_int_equal(write_rows(table, old_rows, false, true), WEIR_OK);
    uint64_t n = 1;
    for (;; n++) {
        weir_files_faulty faulty;
        weir_files_faulty_init(&faulty, weir_files_real(), n, false, false);
        context.files = &faulty.files;
        memset(&error, 0, sizeof error);
        const char *rows = read_table(table);
        context.files = weir_files_real();
        if (rows != NULL) {
            assert_string_equal(rows, old_rows); /* a failing close of a file that was read changes nothing */
            if (atomic_load(&faulty.calls) < n)
                break;
            continue;
        }
        assert_int_equal(error.status, WEIR_RUNTIME);
        assert_non_null(strstr(error.message, path_of("t")));
    }
    assert_true(n > 12);
    /* On threads as well. */
    weir_builder lines;
    weir_builder_init(&lines, &memory, SIZE_MAX);
    for (int i = 0; i < 150000; i++)
        weir_builder_format(&lines, "{\"a\":%d,\"p\":\"some text to fill the file up\"}\n", i);
    put_file("big/1.json", lines.data);
    weir_builder_deinit(&lines);
    const weir_table_column columns[] = {COLUMN("a", T(INT))};
    weir_table *big = make_table(columns, 1, "connector", "filesystem", "path", "@/big", "format", "json", NULL);
    context.parallelism = 3;
    for (n = 4; n <= 8; n++) {
        weir_files_faulty faulty;
        weir_files_faulty_init(&faulty, weir_files_real(), n, true, false);
        context.files = &faulty.files;
        memset(&error, 0, sizeof error);
        assert_null(read_table(big));
        context.files = weir_files_real();
        assert_non_null(strstr(error.message, path_of("big")));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(overwrite_on_a_failing_disk, setup, teardown),
        cmocka_unit_test_setup_teardown(first_write_on_a_failing_disk, setup, teardown),
        cmocka_unit_test_setup_teardown(dead_disk, setup, teardown),
        cmocka_unit_test_setup_teardown(overwrite_partitions, setup, teardown),
        cmocka_unit_test_setup_teardown(roll_by_time, setup, teardown),
        cmocka_unit_test_setup_teardown(commit_options, setup, teardown),
        cmocka_unit_test_setup_teardown(reading_from_a_failing_disk, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
