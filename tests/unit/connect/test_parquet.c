/* Parquet through the filesystem connector: types, nested values, partitions, missing columns. Skipped where the plug-in is not built. */
#include "connect_help.h"

#include "connect/schema_guess.h"

static bool available(const weir_table *table) {
    if (connector_for(table, false) != NULL)
        return true;
    if (error.status != WEIR_UNSUPPORTED)
        fail_msg("%s", error.message);
    assert_non_null(strstr(error.message, "libweir_parquet.so"));
    assert_non_null(strstr(error.hint, "make parquet"));
    return false;
}

static void round_trip(void **state) {
    (void)state;
    const weir_field inner[] = {{WEIR_TEXT("x"), T(INT), {NULL, 0}}, {WEIR_TEXT("y"), STRING, {NULL, 0}}};
    const weir_table_column columns[] = {COLUMN("b", T(BOOLEAN)),
                                         COLUMN("t", T(TINYINT)),
                                         COLUMN("s", T(SMALLINT)),
                                         COLUMN("i", T(INT)),
                                         COLUMN("l", T(BIGINT)),
                                         COLUMN("f", T(FLOAT)),
                                         COLUMN("d", T(DOUBLE)),
                                         COLUMN("e", weir_type_decimal(&arena, 10, 2, true)),
                                         COLUMN("w", weir_type_decimal(&arena, 38, 10, true)),
                                         COLUMN("c", STRING),
                                         COLUMN("y", weir_type_bytes(true)),
                                         COLUMN("dt", T(DATE)),
                                         COLUMN("tm", weir_type_sized(&arena, WEIR_KIND_TIME, 0, true)),
                                         COLUMN("t3", weir_type_sized(&arena, WEIR_KIND_TIMESTAMP, 3, true)),
                                         COLUMN("t6", weir_type_sized(&arena, WEIR_KIND_TIMESTAMP, 6, true)),
                                         COLUMN("z", weir_type_sized(&arena, WEIR_KIND_TIMESTAMP_LTZ, 3, true)),
                                         COLUMN("a", weir_type_array(&arena, T(INT), true)),
                                         COLUMN("m", weir_type_map(&arena, STRING, T(INT), true)),
                                         COLUMN("r", weir_type_row(&arena, inner, 2, true))};
    const uint32_t count = sizeof columns / sizeof *columns;
    weir_table *table = make_table(columns, count, "connector", "filesystem", "path", "@/p", "format", "parquet", NULL);
    if (!available(table))
        skip();
    const char *rows = "{\"b\":true,\"t\":-128,\"s\":32767,\"i\":-5,\"l\":9223372036854775807,\"f\":1.5,\"d\":-0.1,\"e\":12.34,\"w\":-"
                       "1234567890123456789.5,\"c\":\"text that is long\",\"y\":\"AQID\",\"dt\":\"2024-02-29\","
                       "\"tm\":\"12:34:56\",\"t3\":\"1969-07-20 20:17:40.5\",\"t6\":\"2024-02-29 13:45:30.123456\",\"z\":\"2024-02-29 "
                       "12:34:56.789Z\",\"a\":[1,null,3],\"m\":{\"k\":1,\"n\":null},\"r\":{\"x\":1,\"y\":null}}\n"
                       "{\"b\":null,\"t\":null,\"s\":null,\"i\":null,\"l\":null,\"f\":null,\"d\":null,\"e\":null,\"w\":null,\"c\":null,"
                       "\"y\":null,\"dt\":null,\"tm\":null,\"t3\":null,\"t6\":null,\"z\":null,\"a\":null,\"m\":null,\"r\":null}\n"
                       "{\"b\":false,\"t\":0,\"s\":0,\"i\":0,\"l\":0,\"f\":0.0,\"d\":0.0,\"e\":0,\"w\":0,\"c\":\"\",\"y\":\"\",\"dt\":"
                       "\"1970-01-01\",\"tm\":\"00:00:00\",\"t3\":\"9999-12-31 23:59:59.999\",\"t6\":\"0001-01-01 00:00:00\","
                       "\"z\":\"1970-01-01 00:00:00Z\",\"a\":[],\"m\":{},\"r\":{\"x\":null,\"y\":\"yy\"}}\n";
    static const char *const compressions[] = {"SNAPPY", "UNCOMPRESSED", "GZIP", "ZSTD"};
    for (size_t i = 0; i < 4; i++) {
        table = make_table(columns, count, "connector", "filesystem", "path", weir_arena_format(&arena, "%s/p%zu", folder, i).data,
                           "format", "parquet", "parquet.compression", compressions[i], NULL);
        if (write_rows(table, rows, false, true) != WEIR_OK)
            fail_msg("%s", error.message);
        const char *got = read_table(table);
        if (got == NULL)
            fail_msg("%s", error.message);
        assert_string_equal(got, rows);
    }
    /* Other columns in another order, one of them unknown to the file. */
    const weir_table_column some[] = {columns[9], COLUMN("new", T(INT)), columns[3]};
    assert_string_equal(
        read_table(make_table(some, 3, "connector", "filesystem", "path", "@/p0", "format", "parquet", NULL)),
        "{\"c\":\"text that is long\",\"new\":null,\"i\":-5}\n{\"c\":null,\"new\":null,\"i\":null}\n{\"c\":\"\",\"new\":null,\"i\":0}\n");
    weir_text statement;
    assert_int_equal(weir_schema_guess(&arena, &memory, context.files, weir_text_of(path_of("p0")), WEIR_TEXT("q"), (weir_text){NULL, 0},
                                       &statement, &error),
                     WEIR_OK);
    assert_non_null(strstr(statement.data, "`e` DECIMAL(10, 2)"));
    assert_non_null(strstr(statement.data, "'format' = 'parquet'"));
}

static void many_rows(void **state) {
    (void)state;
    const weir_table_column columns[] = {COLUMN("k", STRING), COLUMN("v", T(INT)), COLUMN("p", STRING)};
    weir_table *table = make_table(columns, 3, "connector", "filesystem", "path", "@/many", "format", "parquet", NULL);
    partition_by(table, 2);
    if (!available(table))
        skip();
    weir_builder lines;
    weir_builder_init(&lines, &memory, SIZE_MAX);
    for (int i = 0; i < 50000; i++)
        weir_builder_format(&lines, "{\"k\":\"key number %d\",\"v\":%d,\"p\":\"one\"}\n", i % 7, i);
    assert_int_equal(write_rows(table, lines.data, false, true), WEIR_OK);
    const char *got = read_table(table);
    assert_string_equal(got, lines.data);
    weir_builder_deinit(&lines);
    weir_scan_spec scan;
    weir_source *source;
    scan_of(table, &scan);
    scan.read.count = 0;
    const weir_connector *connector = connector_for(table, false);
    uint64_t rows = 0;
    assert_int_equal(connector->source->open(&context, &scan, &source, &error), WEIR_OK);
    for (weir_source_state at = WEIR_SOURCE_IDLE; at != WEIR_SOURCE_DONE;) {
        weir_batch *batch;
        int64_t wake_ms;
        assert_int_equal(connector->source->next(source, &batch, &at, &wake_ms, &error), WEIR_OK);
        rows += batch == NULL ? 0 : batch->rows;
        weir_batch_destroy(batch);
    }
    connector->source->close(source);
    assert_int_equal(rows, 50000);
    put_file("broken.parquet", "PAR1 this is none");
    assert_null(read_table(make_table(columns, 2, "connector", "filesystem", "path", "@/broken.parquet", "format", "parquet", NULL)));
    assert_non_null(strstr(error.message, "broken.parquet"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(round_trip, setup, teardown),
        cmocka_unit_test_setup_teardown(many_rows, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
