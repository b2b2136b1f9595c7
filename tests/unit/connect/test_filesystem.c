/* The filesystem connector: folders, partitions, compression, threads, two-phase writing, and Flink's words for mistakes. */
#include "connect_help.h"

#include <zlib.h>

#include "os/file.h"

static weir_table_column two_columns(int which) { return which == 0 ? COLUMN("k", STRING) : COLUMN("v", T(INT)); }

static void folders(void **state) {
    (void)state;
    put_file("d/b.json", "{\"k\":\"b\",\"v\":2}\n");
    put_file("d/a.json", "{\"k\":\"a\",\"v\":1}");
    put_file("d/_hidden.json", "nonsense");
    put_file("d/.hidden/x.json", "nonsense");
    put_file("d/sub/c.json", "{\"k\":\"c\",\"v\":3}\n\n");
    put_file("d/empty.json", "");
    const weir_table_column columns[] = {two_columns(0), two_columns(1)};
    weir_table *table = make_table(columns, 2, "connector", "filesystem", "path", "@/d/", "format", "json", NULL);
    assert_string_equal(read_table(table), "{\"k\":\"a\",\"v\":1}\n{\"k\":\"b\",\"v\":2}\n{\"k\":\"c\",\"v\":3}\n");
    weir_table *one = make_table(columns, 2, "connector", "filesystem", "path",
                                 weir_arena_format(&arena, "file://%s/d/b.json", folder).data, "format", "json", NULL);
    assert_string_equal(read_table(one), "{\"k\":\"b\",\"v\":2}\n");
    weir_table *pattern = make_table(columns, 2, "connector", "filesystem", "path", "@/d", "format", "json", "source.path.regex-pattern",
                                     ".*/[ac].json", NULL);
    assert_string_equal(read_table(pattern), "{\"k\":\"a\",\"v\":1}\n{\"k\":\"c\",\"v\":3}\n");
    weir_table *missing = make_table(columns, 2, "connector", "filesystem", "path", "@/nothere/x.json", "format", "json", NULL);
    assert_null(read_table(missing));
    assert_int_equal(error.status, WEIR_RUNTIME);
    assert_non_null(strstr(error.message, "nothere"));
    /* A pattern that goes back too often is no pattern that does not match. */
    weir_table *endless = make_table(columns, 2, "connector", "filesystem", "path", "@/d", "format", "json", "source.path.regex-pattern",
                                     "(?:.+.+)+[zq]", NULL);
    assert_null(read_table(endless));
    assert_int_equal(error.status, WEIR_RUNTIME);
    assert_non_null(strstr(error.message, "source.path.regex-pattern"));
}

static void facts(void **state) {
    (void)state;
    put_file("x.json", "{\"k\":\"a\"}\n");
    const weir_table_column columns[] = {two_columns(0)};
    weir_scan_spec scan;
    scan_of(make_table(columns, 1, "connector", "filesystem", "path", "@/x.json", "format", "json", NULL), &scan);
    const weir_field facts_wanted[] = {{WEIR_TEXT("file.size"), T(BIGINT), {NULL, 0}}, {WEIR_TEXT("file.name"), STRING, {NULL, 0}}};
    scan.metadata = facts_wanted;
    scan.metadata_count = 2;
    assert_string_equal(read_scan(&scan), "{\"k\":\"a\",\"file.size\":10,\"file.name\":\"x.json\"}\n");
    const weir_field path_wanted[] = {{WEIR_TEXT("file.path"), STRING, {NULL, 0}}};
    scan.metadata = path_wanted;
    scan.metadata_count = 1;
    scan.read.count = 0;
    assert_string_equal(read_scan(&scan), weir_arena_format(&arena, "{\"file.path\":\"file:%s/x.json\"}\n", folder).data);
    const weir_field wrong[] = {{WEIR_TEXT("file.colour"), STRING, {NULL, 0}}};
    scan.metadata = wrong;
    assert_null(read_scan(&scan));
    assert_non_null(strstr(error.message, "file.colour"));
}

static void compressed(void **state) {
    (void)state;
    gzFile file = gzopen(path_of("z.csv.gz"), "wb");
    gzputs(file, "a,1\n");
    gzclose(file);
    file = gzopen(path_of("z.csv.gz"), "ab"); /* a second member */
    gzputs(file, "b,2");
    gzclose(file);
    const weir_table_column columns[] = {two_columns(0), two_columns(1)};
    assert_string_equal(read_table(make_table(columns, 2, "connector", "filesystem", "path", "@/z.csv.gz", "format", "csv", NULL)),
                        "{\"k\":\"a\",\"v\":1}\n{\"k\":\"b\",\"v\":2}\n");
    put_file("bad.csv.gz", "not gzip at all");
    assert_null(read_table(make_table(columns, 2, "connector", "filesystem", "path", "@/bad.csv.gz", "format", "csv", NULL)));
    assert_non_null(strstr(error.message, "bad.csv.gz"));
}

static void partitions(void **state) {
    (void)state;
    const weir_table_column columns[] = {COLUMN("a", T(INT)), COLUMN("p", STRING), COLUMN("q", T(INT))};
    weir_table *table = make_table(columns, 3, "connector", "filesystem", "path", "@/s", "format", "csv", NULL);
    partition_by(table, 1);
    partition_by(table, 2);
    assert_int_equal(
        write_rows(
            table,
            "{\"a\":1,\"p\":\"x y\",\"q\":1}\n{\"a\":2,\"p\":\"a/b\",\"q\":2}\n{\"a\":3,\"p\":\"c:d\",\"q\":null}\n{\"a\":4,\"p\":\"x "
            "y\",\"q\":1}\n{\"a\":5,\"q\":9}\n",
            false, true),
        WEIR_OK);
    assert_string_equal(
        read_table(table),
        "{\"a\":5,\"p\":null,\"q\":9}\n{\"a\":2,\"p\":\"a/b\",\"q\":2}\n{\"a\":3,\"p\":\"c:d\",\"q\":null}\n{\"a\":1,\"p\":\"x "
        "y\",\"q\":1}\n{\"a\":4,\"p\":\"x y\",\"q\":1}\n");
    weir_file_info info;
    assert_int_equal(weir_files_stat(weir_files_real(), path_of("s/p=a%2Fb/q=2"), &info, &error), WEIR_OK);
    assert_int_equal(info.kind, WEIR_FILE_FOLDER);
    assert_int_equal(write_rows(table, "{\"a\":10,\"p\":\"x y\",\"q\":1}\n", true, true), WEIR_OK);
    assert_string_equal(read_table(table), "{\"a\":5,\"p\":null,\"q\":9}\n{\"a\":2,\"p\":\"a/"
                                           "b\",\"q\":2}\n{\"a\":3,\"p\":\"c:d\",\"q\":null}\n{\"a\":10,\"p\":\"x y\",\"q\":1}\n");
    put_file("s/p=z/q=zz/f", "1\n");
    assert_null(read_table(table));
    assert_non_null(strstr(error.message, "q=zz"));
    /* More partitions than files may be open. */
    weir_builder lines;
    weir_builder_init(&lines, &memory, SIZE_MAX);
    for (int i = 0; i < 3000; i++)
        weir_builder_format(&lines, "{\"a\":%d,\"p\":\"m\",\"q\":%d}\n", i, i % 700);
    weir_table *many = make_table(columns, 3, "connector", "filesystem", "path", "@/many", "format", "json", NULL);
    partition_by(many, 2);
    assert_int_equal(write_rows(many, lines.data, false, true), WEIR_OK);
    weir_builder_deinit(&lines);
    const char *rows = read_table(many);
    int count = 0;
    for (const char *p = rows; *p != 0; p++)
        count += *p == '\n';
    assert_int_equal(count, 3000);
}

static void wildcards(void **state) {
    (void)state;
    put_file("y=2023/m=12/a.csv", "1\n");
    put_file("y=2024/m=01/a.csv", "2\n");
    put_file("y=2024/m=11/b.csv", "3\n");
    put_file("y=2024/m=12/c.csv", "4\n");
    put_file("y=2024/m=12/_c.csv", "5\n");
    put_file("y=2024/m=12/c.txt", "nonsense\n");
    const weir_table_column columns[] = {COLUMN("a", T(INT)), COLUMN("y", T(INT)), COLUMN("m", STRING)};
    weir_table *table = make_table(columns, 3, "connector", "filesystem", "path", "@/y=*/m=1?/*.csv", "format", "csv", NULL);
    partition_by(table, 1);
    partition_by(table, 2);
    assert_string_equal(read_table(table), "{\"a\":1,\"y\":2023,\"m\":\"12\"}\n{\"a\":3,\"y\":2024,\"m\":\"11\"}\n"
                                           "{\"a\":4,\"y\":2024,\"m\":\"12\"}\n");
    /* A partition's folder in front of the wildcards counts as well. */
    weir_table *fixed = make_table(columns, 3, "connector", "filesystem", "path", "@/y=2024/*/{a,b}.csv", "format", "csv", NULL);
    partition_by(fixed, 1);
    partition_by(fixed, 2);
    assert_string_equal(read_table(fixed), "{\"a\":2,\"y\":2024,\"m\":\"01\"}\n{\"a\":3,\"y\":2024,\"m\":\"11\"}\n");
    weir_table *none = make_table(columns, 1, "connector", "filesystem", "path", "@/y=2024/m=2*/*.csv", "format", "csv", NULL);
    assert_null(read_table(none));
    assert_int_equal(error.status, WEIR_RUNTIME);
    assert_non_null(strstr(error.message, "/y=2024/m=2*/*.csv"));
    assert_non_null(strstr(error.message, "/y=2024' is there"));
    /* It can be read, not written; but a name that is there is a name. */
    assert_int_equal(write_rows(none, "{\"a\":1}\n", false, true), WEIR_UNSUPPORTED);
    assert_non_null(strstr(error.message, "m=2*"));
    put_file("odd/[1]*/x.csv", "7\n");
    put_file("odd/1/x.csv", "8\n");
    weir_table *odd = make_table(columns, 1, "connector", "filesystem", "path", "@/odd/[1]*", "format", "csv", NULL);
    assert_string_equal(read_table(odd), "{\"a\":7}\n");
    assert_int_equal(write_rows(odd, "{\"a\":9}\n", true, true), WEIR_OK);
    assert_string_equal(read_table(odd), "{\"a\":9}\n");
}

static int entries_in(const char *name, bool hidden) {
    weir_file_entry *entries;
    size_t count, found = 0;
    if (weir_files_list(weir_files_real(), &arena, path_of(name), &entries, &count, &error) != WEIR_OK)
        return -1;
    for (size_t i = 0; i < count; i++)
        found += (entries[i].name.data[0] == '.') == hidden;
    return (int)found;
}

static void two_phases(void **state) {
    (void)state;
    const weir_table_column columns[] = {two_columns(0), two_columns(1)};
    weir_table *table = make_table(columns, 2, "connector", "filesystem", "path", "@/out", "format", "json", NULL);
    assert_int_equal(write_rows(table, "{\"k\":\"a\",\"v\":1}\n", false, false), WEIR_OK); /* not committed: nothing is left, */
    assert_int_equal(entries_in("out", false), -1);                                        /* the folder neither */
    put_file("out/.kept", "x");
    assert_int_equal(write_rows(table, "{\"k\":\"a\",\"v\":1}\n", false, false), WEIR_OK); /* that was there before stays */
    assert_int_equal(entries_in("out", false), 0);
    assert_int_equal(entries_in("out", true), 1);
    assert_int_equal(weir_files_remove(weir_files_real(), path_of("out/.kept"), NULL), WEIR_OK);
    put_file("file", "x");
    weir_table *within = make_table(columns, 2, "connector", "filesystem", "path", "@/file", "format", "json", NULL);
    assert_int_equal(write_rows(within, "{\"k\":\"a\",\"v\":1}\n", false, false), WEIR_RUNTIME);
    assert_non_null(strstr(error.hint, "a folder"));
    assert_int_equal(write_rows(table, "{\"k\":\"a\",\"v\":1}\n", false, true), WEIR_OK);
    assert_int_equal(write_rows(table, "{\"k\":\"b\",\"v\":2}\n", false, true), WEIR_OK);
    assert_int_equal(entries_in("out", false), 2);
    assert_int_equal(write_rows(table, "{\"k\":\"c\",\"v\":3}\n", true, true), WEIR_OK);
    assert_string_equal(read_table(table), "{\"k\":\"c\",\"v\":3}\n");
    assert_int_equal(write_rows(table, "", true, true), WEIR_OK);
    assert_string_equal(read_table(table), "");
    context.batch_mode = false;
    assert_int_equal(write_rows(table, "", true, true), WEIR_UNSUPPORTED);
    assert_non_null(strstr(error.message, "Streaming mode not support overwrite"));
    /* A job that dies between prepare and commit: its next life finishes the epoch and drops later ones. */
    context.job_id = WEIR_TEXT("job-1");
    put_file("out/.part-00000000deadbeef-0.job-1.e1.pending", "{\"k\":\"p\",\"v\":9}\n");
    put_file("out/.part-00000000deadbeef-1.job-1.e2.pending", "{\"k\":\"q\",\"v\":9}\n");
    put_file("out/.part-00000000deadbeef-2.job-2.e1.pending", "{\"k\":\"r\",\"v\":9}\n");
    assert_int_equal(write_rows(table, "", false, true), WEIR_OK);
    assert_string_equal(read_table(table), "{\"k\":\"p\",\"v\":9}\n");
    assert_int_equal(entries_in("out", true), 1);
    context.job_id = (weir_text){NULL, 0};
    weir_table *rolling =
        make_table(columns, 2, "connector", "filesystem", "path", "@/roll", "format", "json", "sink.rolling-policy.file-size", "20b", NULL);
    weir_builder lines;
    weir_builder_init(&lines, &memory, SIZE_MAX);
    for (int i = 0; i < 3 * WEIR_BATCH_ROWS; i++)
        weir_builder_c(&lines, "{\"k\":\"x\",\"v\":1}\n");
    assert_int_equal(write_rows(rolling, lines.data, false, true), WEIR_OK);
    weir_builder_deinit(&lines);
    assert_int_equal(entries_in("roll", false), 3);
}

/* Any failing call of the disk leaves nothing half visible. */
static void failing_disk(void **state) {
    (void)state;
    const weir_table_column columns[] = {two_columns(0), two_columns(1)};
    weir_table *table = make_table(columns, 2, "connector", "filesystem", "path", "@/f", "format", "json", NULL);
    weir_files_faulty faulty;
    bool done = false;
    for (uint64_t n = 1; n < 60 && !done; n++) {
        weir_files_faulty_init(&faulty, weir_files_real(), n, false, true);
        context.files = &faulty.files;
        weir_status status = write_rows(table, "{\"k\":\"a\",\"v\":1}\n", false, true);
        context.files = weir_files_real();
        done = status == WEIR_OK;
        if (!done && entries_in("f", false) > 0) /* the rename was done, making it durable failed */
            assert_string_equal(read_table(table), "{\"k\":\"a\",\"v\":1}\n");
        assert_int_equal(weir_files_remove_tree(weir_files_real(), &memory, path_of("f"), &error), WEIR_OK);
    }
    assert_true(done);
}

/* The same rows in the same order whatever the threads do; an error in a late chunk comes after the rows before it. */
static void threads(void **state) {
    (void)state;
    weir_builder lines;
    weir_builder_init(&lines, &memory, SIZE_MAX);
    for (int i = 0; i < 200000; i++)
        weir_builder_format(&lines, "{\"k\":\"key number %d of them all\",\"v\":%d}\n", i % 1000, i);
    put_file("big/1.json", lines.data);
    put_file("big/2.json", "{\"k\":\"last\",\"v\":-1}\n");
    const weir_table_column columns[] = {two_columns(0), two_columns(1)};
    weir_table *table = make_table(columns, 2, "connector", "filesystem", "path", "@/big", "format", "json", NULL);
    const char *alone = read_table(table);
    assert_true(strlen(alone) > lines.size);
    for (context.parallelism = 2; context.parallelism <= 5; context.parallelism++)
        assert_string_equal(alone, read_table(table));
    weir_builder_c(&lines, "broken\n");
    put_file("big/1.json", lines.data);
    weir_builder_deinit(&lines);
    for (context.parallelism = 1; context.parallelism <= 3; context.parallelism++) {
        assert_null(read_table(table));
        assert_non_null(strstr(error.message, "1.json, line 200001, column 1"));
    }
    /* Closed in the middle. */
    weir_scan_spec scan;
    weir_source *source;
    scan_of(make_table(columns, 2, "connector", "filesystem", "path", "@/big/1.json", "format", "json", NULL), &scan);
    const weir_connector *connector = connector_for(scan.table, false);
    assert_int_equal(connector->source->open(&context, &scan, &source, &error), WEIR_OK);
    weir_batch *batch = NULL;
    int64_t wake_ms;
    for (weir_source_state at = WEIR_SOURCE_IDLE; at == WEIR_SOURCE_IDLE;)
        assert_int_equal(connector->source->next(source, &batch, &at, &wake_ms, &error), WEIR_OK);
    weir_batch_destroy(batch);
    weir_source_progress progress;
    connector->source->progress(source, &progress);
    assert_true(progress.bytes_total > 0 && progress.rows > 0);
    connector->source->close(source);
}

static void watched(void **state) {
    (void)state;
    put_file("w/1.json", "{\"k\":\"a\",\"v\":1}\n");
    const weir_table_column columns[] = {two_columns(0), two_columns(1)};
    weir_table *table =
        make_table(columns, 2, "connector", "filesystem", "path", "@/w", "format", "json", "source.monitor-interval", "1 s", NULL);
    const weir_connector *connector = connector_for(table, false);
    assert_false(connector->bounded(table));
    weir_clock_virtual clock;
    weir_clock_virtual_init(&clock, 1000000000);
    context.clock = &clock.clock;
    context.batch_mode = false;
    weir_scan_spec scan;
    weir_source *source;
    scan_of(table, &scan);
    assert_int_equal(connector->source->open(&context, &scan, &source, &error), WEIR_OK);
    weir_batch *batch;
    weir_source_state at;
    int64_t wake_ms;
    assert_int_equal(connector->source->next(source, &batch, &at, &wake_ms, &error), WEIR_OK);
    assert_int_equal(at, WEIR_SOURCE_BATCH);
    weir_batch_destroy(batch);
    put_file("w/2.json", "{\"k\":\"b\",\"v\":2}\n");
    assert_int_equal(connector->source->next(source, &batch, &at, &wake_ms, &error), WEIR_OK);
    assert_int_equal(at, WEIR_SOURCE_IDLE);
    assert_int_equal(wake_ms, 2000);
    weir_clock_virtual_advance_ns(&clock, 1000000000);
    for (at = WEIR_SOURCE_IDLE; at == WEIR_SOURCE_IDLE;)
        assert_int_equal(connector->source->next(source, &batch, &at, &wake_ms, &error), WEIR_OK);
    assert_int_equal(at, WEIR_SOURCE_BATCH);
    assert_int_equal(WEIR_VALUES(batch->columns[1], int32_t)[0], 2);
    weir_batch_destroy(batch);
    connector->source->close(source);
}

/* The values of column `v` that come until the source has to wait; -1: it failed. */
static int next_values(const weir_connector *connector, weir_source *source, int *values, int most) {
    int count = 0;
    for (int64_t wake_ms = 0; count < most;) {
        weir_batch *batch = NULL;
        weir_source_state at;
        if (connector->source->next(source, &batch, &at, &wake_ms, &error) != WEIR_OK)
            return -1;
        for (uint32_t i = 0; batch != NULL && i < batch->rows; i++)
            values[count++] = WEIR_VALUES(batch->columns[1], int32_t)[i];
        weir_batch_destroy(batch);
        if (at == WEIR_SOURCE_DONE || (at == WEIR_SOURCE_IDLE && wake_ms > weir_clock_wall_ms(context.clock)))
            return count;
    }
    return count;
}

/* A watched pattern: nothing there at first, every file once by its path, a disk that fails for a while. */
static void watched_pattern(void **state) {
    (void)state;
    const weir_table_column columns[] = {two_columns(0), two_columns(1)};
    weir_table *table = make_table(columns, 2, "connector", "filesystem", "path", "@/w/day=*/*.json", "format", "json",
                                   "source.monitor-interval", "1 s", NULL);
    weir_clock_virtual clock;
    weir_clock_virtual_init(&clock, 1000000000);
    weir_files_faulty faulty;
    weir_files_faulty_init(&faulty, weir_files_real(), 0, true, false);
    context.clock = &clock.clock;
    context.files = &faulty.files;
    context.batch_mode = false;
    weir_scan_spec scan;
    weir_source *source;
    int values[16];
    scan_of(table, &scan);
    const weir_connector *connector = connector_for(table, false);
    /* The folder in front of the wildcards must be there. */
    assert_int_equal(connector->source->open(&context, &scan, &source, &error), WEIR_RUNTIME);
    assert_non_null(strstr(error.message, "/w/day=*/*.json"));
    put_file("w/readme.txt", "not yet\n");
    assert_int_equal(connector->source->open(&context, &scan, &source, &error), WEIR_OK);
    assert_int_equal(next_values(connector, source, values, 16), 0);
    put_file("w/day=1/b.json", "{\"v\":2}\n");
    put_file("w/day=1/a.json", "{\"v\":1}\n");
    assert_int_equal(next_values(connector, source, values, 16), 0); /* not before its time */
    weir_clock_virtual_advance_ns(&clock, 1000000000);
    assert_int_equal(next_values(connector, source, values, 16), 2);
    assert_int_equal(values[0], 1);
    assert_int_equal(values[1], 2);
    /* A file that changes is not read again; files that are not new do not count. */
    put_file("w/day=1/a.json", "{\"v\":100}\n{\"v\":101}\n");
    put_file("w/day=0/c.json", "{\"v\":3}\n");
    weir_clock_virtual_advance_ns(&clock, 1000000000);
    assert_int_equal(next_values(connector, source, values, 16), 1);
    assert_int_equal(values[0], 3);
    /* The disk fails, and comes back. */
    put_file("w/day=2/d.json", "{\"v\":4}\n");
    faulty.fail_at = 1;
    warnings[0] = 0;
    weir_clock_virtual_advance_ns(&clock, 1000000000);
    assert_int_equal(next_values(connector, source, values, 16), 0);
    assert_non_null(strstr(warnings, "injected fault"));
    faulty.fail_at = 0;
    weir_clock_virtual_advance_ns(&clock, 1000000000);
    assert_int_equal(next_values(connector, source, values, 16), 1);
    assert_int_equal(values[0], 4);
    /* Many looks at many files: what is kept grows with the files, not with the looks. */
    for (int i = 0; i < 200; i++)
        put_file(weir_arena_format(&arena, "w/day=3/%03d.json", i).data, i < 2 ? "{\"v\":5}\n" : "");
    weir_clock_virtual_advance_ns(&clock, 1000000000);
    assert_int_equal(next_values(connector, source, values, 16), 2);
    const size_t used_bytes = memory.used_bytes;
    for (int i = 0; i < 50; i++) {
        weir_clock_virtual_advance_ns(&clock, 1000000000);
        assert_int_equal(next_values(connector, source, values, 16), 0);
    }
    assert_int_equal(memory.used_bytes, used_bytes);
    connector->source->close(source);
    /* In batch mode a watched table is read once and ends. */
    context.batch_mode = true;
    assert_non_null(read_table(table));
}

static void assert_refused(const weir_table *table, bool writing, weir_status status, const char *words) {
    memset(&error, 0, sizeof error);
    assert_null(connector_for(table, writing));
    assert_int_equal(error.status, status);
    if (strstr(error.message, words) == NULL)
        fail_msg("'%s' is not in: %s", words, error.message);
}

static void mistakes(void **state) {
    (void)state;
    const weir_table_column columns[] = {two_columns(0)};
    assert_refused(make_table(columns, 1, "format", "json", NULL), false, WEIR_VALIDATE, "'connector'");
    assert_refused(make_table(columns, 1, "connector", "filesystm", NULL), false, WEIR_VALIDATE,
                   "Could not find any factory for identifier 'filesystm'");
    assert_non_null(strstr(error.hint, "filesystem"));
    assert_refused(make_table(columns, 1, "connector", "filesystem", "path", "/x", NULL), false, WEIR_VALIDATE, "format");
    assert_refused(make_table(columns, 1, "connector", "filesystem", "format", "json", NULL), false, WEIR_VALIDATE, "path");
    assert_refused(make_table(columns, 1, "connector", "filesystem", "path", "/x", "format", "xmlx", NULL), false, WEIR_VALIDATE, "'xmlx'");
    assert_refused(make_table(columns, 1, "connector", "filesystem", "path", "/x", "format", "json", "sink.paralelism", "3", NULL), false,
                   WEIR_VALIDATE, "sink.paralelism");
    assert_refused(make_table(columns, 1, "connector", "filesystem", "path", "s3://b/x", "format", "json", NULL), false, WEIR_UNSUPPORTED,
                   "scheme 's3'");
    assert_refused(make_table(columns, 1, "connector", "filesystem", "path", "/x", "format", "json", "auto-compaction", "true", NULL), true,
                   WEIR_UNSUPPORTED, "auto-compaction");
    assert_refused(
        make_table(columns, 1, "connector", "filesystem", "path", "/x", "format", "csv", "csv.ignore-parse-errors", "perhaps", NULL), false,
        WEIR_VALIDATE, "csv.ignore-parse-errors");
    assert_refused(make_table(columns, 1, "connector", "blackhole", NULL), false, WEIR_VALIDATE, "blackhole");
    assert_refused(make_table(columns, 1, "connector", "blackhole", "x", "y", NULL), true, WEIR_VALIDATE, "Unsupported options");
    put_file("x.json", "{}\n");
    assert_non_null(read_table(
        make_table(columns, 1, "connector", "filesystem", "path", "@/x.json", "format", "json", "json.ignore-parse-erors", "true", NULL)));
    assert_non_null(strstr(warnings, "json.ignore-parse-errors"));
}

static char printed[512];
static void remember(void *unused, bool to_stderr, const char *data, size_t size) {
    (void)unused, (void)to_stderr;
    strncat(printed, data, size);
}

static void print(void **state) {
    (void)state;
    const weir_table_column columns[] = {two_columns(0), two_columns(1), COLUMN("a", weir_type_array(&arena, T(INT), true)),
                                         COLUMN("t", weir_type_sized(&arena, WEIR_KIND_TIMESTAMP, 3, true))};
    context.print = remember;
    printed[0] = 0;
    assert_int_equal(write_rows(make_table(columns, 4, "connector", "print", "print-identifier", "me", NULL),
                                "{\"k\":\"x\",\"v\":1,\"a\":[1,null],\"t\":\"2024-01-02 03:04:00\"}\n{}\n", false, true),
                     WEIR_OK);
    assert_string_equal(printed, "me> +I[x, 1, [1, null], 2024-01-02T03:04]\nme> +I[null, null, null, null]\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(folders, setup, teardown),         cmocka_unit_test_setup_teardown(facts, setup, teardown),
        cmocka_unit_test_setup_teardown(compressed, setup, teardown),      cmocka_unit_test_setup_teardown(partitions, setup, teardown),
        cmocka_unit_test_setup_teardown(two_phases, setup, teardown),      cmocka_unit_test_setup_teardown(failing_disk, setup, teardown),
        cmocka_unit_test_setup_teardown(threads, setup, teardown),         cmocka_unit_test_setup_teardown(watched, setup, teardown),
        cmocka_unit_test_setup_teardown(mistakes, setup, teardown),        cmocka_unit_test_setup_teardown(wildcards, setup, teardown),
        cmocka_unit_test_setup_teardown(watched_pattern, setup, teardown), cmocka_unit_test_setup_teardown(print, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
