/* debezium-json, canal-json, maxwell-json, ogg-json: rows with their changes, filters, metadata, mistakes; and writing. */
#include "format_help.h"

#define ID_NAME F("id", T(INT)), F("name", STRING)

static void debezium(void **state) {
    (void)state;
    const weir_field fields[] = {ID_NAME};
    const shape s = {.format = "debezium-json", .fields = fields, .count = 2};
    assert_rows(&s,
                "{\"before\": null, \"after\": {\"id\": 1, \"name\": \"a\"}, \"op\": \"c\", \"ts_ms\": "
                "1}\n{\"before\":{\"id\":1,\"name\":\"a\"},\"after\":{\"id\":1,\"name\":\"b\"},\"op\":\"u\"}\n"
                "{\"op\":\"r\",\"after\":{\"name\":null,\"id\":2}}\n\n{\"before\":{\"id\":1,\"name\":\"b\"},\"op\":\"d\"}\n",
                "{\"id\":1,\"name\":\"a\"}\n-U{\"id\":1,\"name\":\"a\"}\n+U{\"id\":1,\"name\":\"b\"}\n{\"id\":2,\"name\":null}\n-D{\"id\":"
                "1,\"name\":\"b\"}\n");
    assert_fails(&s, "{\"oops\": \n", "Corrupt Debezium JSON message '{\"oops\": '");
    assert_fails(&s, "{\"op\":\"zz\"}\n", "Unknown \"op\" value \"zz\"");
    assert_fails(&s, "{\"after\":{\"id\":1},\"op\":\"u\"}\n", "REPLICA IDENTITY");
    assert_fails(&s, "{\"after\":{\"id\":\"x\"},\"op\":\"c\"}\n", "Fail to deserialize at field: id");
    assert_fails(&s, "{\"after\":7,\"op\":\"c\"}\n", "a row (an object) was expected");
    assert_fails(&s, "[]\n", "Corrupt Debezium");
    const shape lenient = {
        .format = "debezium-json", .fields = fields, .count = 2, .options = {"debezium-json.ignore-parse-errors", "true"}};
    assert_rows(&lenient,
                "{\"after\":{\"id\":1,\"name\":\"a\"},\"op\":\"c\"}\n{\"oops\": "
                "\n{\"op\":\"zz\"}\n{\"before\":{\"id\":1,\"name\":\"a\"},\"after\":9,\"op\":\"u\"}\n{\"before\":{\"id\":1,\"name\":\"a\"},"
                "\"op\":\"d\"}\n",
                "{\"id\":1,\"name\":\"a\"}\n-D{\"id\":1,\"name\":\"a\"}\n");
    const shape schema = {.format = "debezium-json", .fields = fields, .count = 2, .options = {"debezium-json.schema-include", "true"}};
    assert_rows(&schema,
                "{\"schema\":{\"type\":\"struct\"},\"payload\":{\"before\":null,\"after\":{\"id\":1,\"name\":\"n1\"},\"op\":\"c\"}}\n",
                "{\"id\":1,\"name\":\"n1\"}\n");
    const shape name = {.format = "debezium-json", .fields = fields, .count = 2, .wanted = {1}, .wanted_count = 1};
    assert_rows(&name, "{\"after\":{\"id\":1,\"name\":\"a\"},\"op\":\"c\"}\n", "{\"name\":\"a\"}\n");
}

static void canal(void **state) {
    (void)state;
    const weir_field fields[] = {ID_NAME, F("bal", DECIMAL(10, 2))};
    const shape s = {.format = "canal-json", .fields = fields, .count = 3};
    const char *text =
        "{\"data\":[{\"id\":\"1\",\"name\":\"Ann\",\"bal\":\"100.50\"},{\"id\":\"2\",\"name\":\"Bob\",\"bal\":\"20.00\"}],\"old\":null,"
        "\"database\":\"shop\",\"table\":\"acct\",\"type\":\"INSERT\"}\n"
        "{\"data\":[{\"id\":\"1\",\"name\":\"Ann\",\"bal\":\"80.50\"}],\"old\":[{\"bal\":\"100.50\"}],\"database\":\"shop\",\"table\":"
        "\"acct\",\"type\":\"UPDATE\"}\n"
        "{\"data\":null,\"type\":\"CREATE\",\"database\":\"shop\",\"table\":\"acct\"}\n"
        "{\"data\":[{\"id\":\"2\",\"name\":\"Bob\",\"bal\":null}],\"database\":\"depot\",\"table\":\"acct\",\"type\":\"DELETE\"}\n";
    assert_rows(&s, text,
                "{\"id\":1,\"name\":\"Ann\",\"bal\":100.5}\n{\"id\":2,\"name\":\"Bob\",\"bal\":2E+1}\n-U{\"id\":1,\"name\":\"Ann\",\"bal\":"
                "100.5}\n+U{\"id\":1,\"name\":\"Ann\",\"bal\":80.5}\n"
                "-D{\"id\":2,\"name\":\"Bob\",\"bal\":null}\n");
    const shape filtered = {.format = "canal-json",
                            .fields = fields,
                            .count = 3,
                            .options = {"canal-json.database.include", "sh.*", "canal-json.table.include", "acct"}};
    assert_rows(&filtered, text,
                "{\"id\":1,\"name\":\"Ann\",\"bal\":100.5}\n{\"id\":2,\"name\":\"Bob\",\"bal\":2E+1}\n-U{\"id\":1,\"name\":\"Ann\",\"bal\":"
                "100.5}\n+U{\"id\":1,\"name\":\"Ann\",\"bal\":80.5}\n");
    const shape other = {.format = "canal-json", .fields = fields, .count = 3, .options = {"canal-json.table.include", "acc"}};
    assert_rows(&other, text, "");
    assert_fails(&s, "{\"data\":[{\"id\":1}],\"type\":\"TRUNCATE\"}\n", "Unknown \"type\" value \"TRUNCATE\"");
    assert_fails(&s, "{\"data\":[{\"id\":1},{\"id\":2}],\"old\":[{}],\"type\":\"UPDATE\"}\n", "shorter");
    assert_fails(&filtered, "{\"data\":[{\"id\":1}],\"type\":\"INSERT\"}\n", "\"database\" is missing");
    const shape endless = {.format = "canal-json", .fields = fields, .count = 3, .options = {"canal-json.table.include", "(?:a+a+)+[zq]"}};
    assert_fails(&endless, "{\"data\":[{\"id\":1}],\"type\":\"INSERT\",\"table\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaay\"}\n",
                 "cannot be found out");
    const shape broken = {.format = "canal-json", .fields = fields, .count = 3, .options = {"canal-json.table.include", "(("}};
    assert_null(decode_pieces(&broken, "{}", 2, 0, false));
    assert_int_equal(error.status, WEIR_VALIDATE);
    /* More rows in one message than a batch holds. */
    enum { ROWS = 5000 };
    char *many = calloc(ROWS, 40), *rows = calloc(ROWS * 2, 60), *t = many, *r = rows;
    t += sprintf(t, "{\"data\":[");
    for (int i = 0; i < ROWS; i++) {
        t += sprintf(t, "%s{\"id\":%d}", i == 0 ? "" : ",", i);
        r += sprintf(r, "-U{\"id\":%d,\"name\":null,\"bal\":null}\n+U{\"id\":%d,\"name\":null,\"bal\":null}\n", -i, i);
    }
    t += sprintf(t, "],\"old\":[");
    for (int i = 0; i < ROWS; i++)
        t += sprintf(t, "%s{\"id\":%d}", i == 0 ? "" : ",", -i);
    sprintf(t, "],\"type\":\"UPDATE\"}\n");
    assert_rows(&s, many, rows);
    free(many);
    free(rows);
}

static void maxwell(void **state) {
    (void)state;
    const weir_field fields[] = {ID_NAME};
    const shape s = {.format = "maxwell-json", .fields = fields, .count = 2};
    assert_rows(&s,
                "{\"type\":\"insert\",\"data\":{\"id\":1,\"name\":\"a\"}}\n{\"type\":\"update\",\"data\":{\"id\":1,\"name\":\"b\"},\"old\":"
                "{\"name\":null}}\n"
                "{\"type\":\"update\",\"data\":{\"id\":2,\"name\":\"b\"},\"old\":{\"id\":1}}\n{\"type\":\"delete\",\"data\":{\"id\":2,"
                "\"name\":\"b\"}}\n",
                "{\"id\":1,\"name\":\"a\"}\n-U{\"id\":1,\"name\":null}\n+U{\"id\":1,\"name\":\"b\"}\n-U{\"id\":1,\"name\":\"b\"}\n+U{"
                "\"id\":2,\"name\":\"b\"}\n-D{\"id\":2,\"name\":\"b\"}\n");
    assert_fails(&s, "{\"type\":\"update\",\"data\":{\"id\":1}}\n", "Corrupt Maxwell JSON message");
}

static void ogg(void **state) {
    (void)state;
    const weir_field fields[] = {ID_NAME};
    const shape s = {.format = "ogg-json", .fields = fields, .count = 2};
    assert_rows(&s,
                "{\"op_type\":\"I\",\"after\":{\"id\":1,\"name\":\"a\"}}\n{\"op_type\":\"U\",\"before\":{\"id\":1,\"name\":\"a\"},"
                "\"after\":{\"id\":1,\"name\":\"c\"}}\n{\"op_type\":\"D\",\"before\":{\"id\":1,\"name\":\"c\"}}\n",
                "{\"id\":1,\"name\":\"a\"}\n-U{\"id\":1,\"name\":\"a\"}\n+U{\"id\":1,\"name\":\"c\"}\n-D{\"id\":1,\"name\":\"c\"}\n");
}

static void metadata(void **state) {
    (void)state;
    const weir_field fields[] = {ID_NAME}, extra[] = {F("ingestion-timestamp", SIZED(TIMESTAMP_LTZ, 3)), F("source.table", STRING),
                                                      F("source.properties", MAP(STRING, STRING))};
    const uint32_t index[] = {0, 1};
    const weir_type *types[] = {fields[0].type, fields[1].type, extra[0].type, extra[1].type, extra[2].type};
    weir_read_spec spec = {.count = 2,
                           .fields = fields,
                           .total_count = 2,
                           .total_fields = fields,
                           .total_index = index,
                           .metadata_count = 3,
                           .metadata = extra};
    const weir_format *format = weir_format_find(WEIR_TEXT("debezium-json"));
    weir_table table = {0};
    weir_reader *reader;
    assert_int_equal(format->reader_create(&arena, &memory, &table, &spec, &reader, &error), WEIR_OK);
    weir_batch *batch = weir_batch_create_typed(&memory, types, 5, 16);
    const char *text = "{\"after\":{\"id\":1},\"op\":\"c\",\"ts_ms\":1700000000123,\"source\":{\"table\":\"products\",\"db\":\"d\"}}\n{"
                       "\"after\":{\"id\":2},\"op\":\"c\"}\n";
    size_t used;
    weir_format_place place = {0};
    assert_int_equal(format->read(reader, &place, NULL, text, strlen(text), true, batch, &used, &error), WEIR_OK);
    assert_int_equal(batch->rows, 2);
    assert_true(WEIR_VALUES(batch->columns[2], int64_t)[0] == INT64_C(1700000000123000));
    assert_true(weir_text_equal_c(weir_column_text(batch->columns[3], 0), "products"));
    assert_int_equal(WEIR_VALUES(batch->columns[4], weir_span)[0].count, 2);
    for (int i = 2; i < 5; i++)
        assert_false(weir_column_is_valid(batch->columns[i], 1));
    weir_batch_destroy(batch);
    format->reader_close(reader);
    const weir_field wrong[] = {F("colour", STRING)};
    spec.metadata_count = 1;
    spec.metadata = wrong;
    assert_int_equal(format->reader_create(&arena, &memory, &table, &spec, &reader, &error), WEIR_VALIDATE);
    assert_non_null(strstr(error.message, "colour"));
}

static void writing(void **state) {
    (void)state;
    const weir_field fields[] = {F("id", T(INT))};
    const weir_type *types[] = {fields[0].type};
    static const struct {
        const char *format, *text;
    } cases[] = {
        {"debezium-json", "{\"before\":null,\"after\":{\"id\":1},\"op\":\"c\"}\n{\"before\":{\"id\":1},\"after\":null,\"op\":\"d\"}\n{"
                          "\"before\":null,\"after\":{\"id\":2},\"op\":\"c\"}\n{\"before\":{\"id\":2},\"after\":null,\"op\":\"d\"}\n"},
        {"canal-json", "{\"data\":[{\"id\":1}],\"type\":\"INSERT\"}\n{\"data\":[{\"id\":1}],\"type\":\"DELETE\"}\n{\"data\":[{\"id\":2}],"
                       "\"type\":\"INSERT\"}\n{\"data\":[{\"id\":2}],\"type\":\"DELETE\"}\n"},
        {"maxwell-json", "{\"data\":{\"id\":1},\"type\":\"insert\"}\n{\"data\":{\"id\":1},\"type\":\"delete\"}\n{\"data\":{\"id\":2},"
                         "\"type\":\"insert\"}\n{\"data\":{\"id\":2},\"type\":\"delete\"}\n"},
        {"ogg-json",
         "{\"before\":null,\"after\":{\"id\":1},\"op_type\":\"I\"}\n{\"before\":{\"id\":1},\"after\":null,\"op_type\":\"D\"}\n{\"before\":"
         "null,\"after\":{\"id\":2},\"op_type\":\"I\"}\n{\"before\":{\"id\":2},\"after\":null,\"op_type\":\"D\"}\n"}};
    weir_batch *batch = weir_batch_create_typed(&memory, types, 1, 4);
    assert_non_null(weir_batch_open_kinds(batch, 4));
    for (uint32_t i = 0; i < 4; i++)
        WEIR_VALUES(batch->columns[0], int32_t)[i] = i < 2 ? 1 : 2;
    batch->kinds[1] = WEIR_UPDATE_BEFORE;
    batch->kinds[2] = WEIR_UPDATE_AFTER;
    batch->kinds[3] = WEIR_DELETE;
    batch->rows = batch->selected = 4;
    for (size_t i = 0; i < 4; i++) {
        shape s = {.format = cases[i].format};
        weir_schema schema = {1, fields};
        weir_writer *writer;
        weir_builder out;
        weir_builder_init(&out, &memory, SIZE_MAX);
        const weir_format *format = weir_format_find(weir_text_of(cases[i].format));
        assert_true(format->writes_changes);
        assert_int_equal(format->writer_create(&arena, &memory, table_of(&s), &schema, &writer, &error), WEIR_OK);
        assert_int_equal(format->write(writer, batch, &out, &error), WEIR_OK);
        assert_string_equal(out.data, cases[i].text);
        weir_builder_deinit(&out);
    }
    weir_batch_destroy(batch);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(debezium, setup, teardown), cmocka_unit_test_setup_teardown(canal, setup, teardown),
        cmocka_unit_test_setup_teardown(maxwell, setup, teardown),  cmocka_unit_test_setup_teardown(ogg, setup, teardown),
        cmocka_unit_test_setup_teardown(metadata, setup, teardown), cmocka_unit_test_setup_teardown(writing, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
