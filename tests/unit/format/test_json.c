/* JSON reading and writing: Flink's coercions, mistakes, odd forms; every text is decoded whole, in pieces, and against a page that faults.
 */
#include "format_help.h"

static void scalars(void **state) {
    (void)state;
    const weir_field fields[] = {F("i", T(INT)), F("d", T(DOUBLE)), F("s", STRING), F("b", T(BOOLEAN))};
    const shape s = {.format = "json", .fields = fields, .count = 4};
    assert_rows(&s,
                "{\"i\":\"12\",\"d\":\"1.5\",\"s\":7,\"b\":\"TRUE\",\"x\":1}\n{\"i\":3.0,\"d\":2,\"s\":true,\"b\":false,\"x\":\"str\"}\n{"
                "\"i\":-0,\"d\":1e3,\"s\":{\"k\":1},\"b\":\"no\",\"x\":[1,2]}\n",
                "{\"i\":12,\"d\":1.5,\"s\":\"7\",\"b\":true}\n{\"i\":3,\"d\":2.0,\"s\":\"true\",\"b\":false}\n{\"i\":0,\"d\":1000.0,\"s\":"
                "\"{\\\"k\\\":1}\",\"b\":false}\n");
    assert_rows(&s, "{}\n\n  \n{ \"b\" : true , \"i\" : -5 }\r\n{\"i\":null,\"s\":null}",
                "{\"i\":null,\"d\":null,\"s\":null,\"b\":null}\n{\"i\":-5,\"d\":null,\"s\":null,\"b\":true}\n"
                "{\"i\":null,\"d\":null,\"s\":null,\"b\":null}\n");
    assert_rows(&s, "{\"i\":4.7,\"d\":\"NaN\"}", "{\"i\":4,\"d\":\"NaN\",\"s\":null,\"b\":null}\n");
    assert_rows(&s, "{\"d\":0.1}{\"d\":0.2}\n  {\"d\":123456789012345678}  \n{\"d\":-1.7976931348623157e308}\n",
                "{\"i\":null,\"d\":0.1,\"s\":null,\"b\":null}\n{\"i\":null,\"d\":1.2345678901234568E17,\"s\":null,\"b\":null}\n{\"i\":null,"
                "\"d\":-1.7976931348623157E308,\"s\":null,\"b\":null}\n");
    assert_fails(&s, "{\"i\":1}\n{\"i\":99999999999}", "Failed to deserialize JSON '{\"i\":99999999999}'");
    assert_non_null(strstr(error.message, "line 2, column 6"));
    assert_fails(&s, "{\"i\":\"4.7\"}", "Fail to deserialize at field: i");
    assert_fails(&s, "{\"i\":true}", "Fail to deserialize");
    assert_fails(&s, "not json at all", "Unrecognized token 'not'");
    assert_fails(&s, "{\"i\":01}", "Unrecognized token");
    assert_fails(&s, "{\"i\":1", "comma or '}'");
    assert_fails(&s, "{\"i\":1,}", "field name");
    assert_fails(&s, "{\"i\":1,\"d\":1,\"s\":\"\",\"b\":true , }", "comma");
    assert_fails(&s, "{\"i\":1}\nnull\n", "No content to map");
    assert_fails(&s, "{\"s\":\"a\nb\"}", "does not end");
    assert_fails(&s, "{\"x\":tru,\"i\":1}", "Unrecognized token 'tru'");
    assert_fails(&s, "17", "Illegal JSON object");
}

static void integers(void **state) {
    (void)state;
    const weir_field fields[] = {F("t", T(TINYINT)), F("s", T(SMALLINT)), F("b", T(BIGINT))};
    const shape s = {.format = "json", .fields = fields, .count = 3};
    assert_rows(&s,
                "{\"t\":-128,\"s\":32767,\"b\":9223372036854775807}\n{\"b\":\"-9223372036854775808\",\"t\":\" 7 "
                "\"}\n{\"b\":1.9}\n{\"b\":-1234567890123456789}",
                "{\"t\":-128,\"s\":32767,\"b\":9223372036854775807}\n{\"t\":7,\"s\":null,\"b\":-9223372036854775808}\n{\"t\":null,\"s\":"
                "null,\"b\":1}\n{\"t\":null,\"s\":null,\"b\":-1234567890123456789}\n");
    assert_fails(&s, "{\"t\":128}", "no value of the field's type");
    assert_fails(&s, "{\"t\":1.0}", "no value");
    assert_fails(&s, "{\"b\":9223372036854775808}", "no value");
    assert_fails(&s, "{\"b\":99999999999999999999999999}", "no value");
}

static void decimals(void **state) {
    (void)state;
    const weir_field fields[] = {F("d", DECIMAL(6, 2)), F("e", DECIMAL(18, 9)), F("w", DECIMAL(38, 0))};
    const shape s = {.format = "json", .fields = fields, .count = 3};
    assert_rows(&s,
                "{\"d\":1.005,\"e\":\"123456789.987654321\"}\n{\"d\":1e2,\"e\":0.1}\n{\"d\":12345678901,\"e\":-1,\"w\":"
                "99999999999999999999999999999999999999}\n{\"d\":\"-12.34\",\"e\":2.7E-9}",
                "{\"d\":1.01,\"e\":123456789.987654321,\"w\":null}\n{\"d\":1E+2,\"e\":0.1,\"w\":null}\n{\"d\":null,\"e\":-1,\"w\":"
                "99999999999999999999999999999999999999}\n{\"d\":-12.34,\"e\":3E-9,\"w\":null}\n");
    assert_rows(&s, "{\"d\":9999.994}\n{\"d\":9999.995}\n{\"d\":-0.005}\n{\"d\":-0.004}",
                "{\"d\":9999.99,\"e\":null,\"w\":null}\n{\"d\":null,\"e\":null,\"w\":null}\n{\"d\":-0.01,\"e\":null,\"w\":null}\n{\"d\":0,"
                "\"e\":null,\"w\":null}\n");
    assert_fails(&s, "{\"d\":true}", "no value");
    assert_fails(&s, "{\"d\":\"1,5\"}", "no value");
}

static void strings(void **state) {
    (void)state;
    const weir_field fields[] = {F("s", STRING)};
    const shape s = {.format = "json", .fields = fields, .count = 1};
    assert_rows(
        &s,
        "{\"s\":\"\\u00e9\\ud83d\\ude00 tab\\t \\\"q\\\" \\/ \\\\\"}\n{\"s\":\"ж\"}\n{\"s\":\"exactly12byt\"}\n{\"s\":\"thirteen "
        "byte\"}\n{\"s\":\"\"}\n",
        "{\"s\":\"é😀 tab\\t \\\"q\\\" / \\\\\"}\n{\"s\":\"ж\"}\n{\"s\":\"exactly12byt\"}\n{\"s\":\"thirteen byte\"}\n{\"s\":\"\"}\n");
    assert_rows(&s, "{\"s\":\"\\ud83d\"}\n{\"s\":\"raw\ttab\"}\n{\"s\":[1, 2.50 , {\"a\" : null}]}\n{\"s\":12.50}\n{\"\\u0073\":\"key\"}",
                "{\"s\":\"?\"}\n{\"s\":\"raw\\ttab\"}\n{\"s\":\"[1,2.5,{\\\"a\\\":null}]\"}\n{\"s\":\"12.50\"}\n{\"s\":\"key\"}\n");
    char text[700] = "{\"s\":\"", rows[700] = "{\"s\":\"";
    for (int i = 0; i < 600; i++) {
        text[6 + i] = rows[6 + i] = (char)('a' + i % 26);
    }
    strcpy(text + 606, "\"}\n");
    strcpy(rows + 606, "\"}\n");
    assert_rows(&s, text, rows);
    assert_fails(&s, "{\"s\":\"\\x\"}", "broken escape");
    assert_fails(&s, "{\"s\":\"\\u12\"}", "broken escape");
    assert_fails(&s, "{\"s\":\"\xff\"}", "Invalid UTF-8");
    assert_fails(&s, "{\"s\":\"open\\\"}", "does not end");
}

static void times(void **state) {
    (void)state;
    const weir_field fields[] = {F("t", SIZED(TIMESTAMP, 3)), F("l", SIZED(TIMESTAMP_LTZ, 6)), F("d", T(DATE)), F("m", SIZED(TIME, 0)),
                                 F("n", SIZED(TIMESTAMP, 9))};
    const shape s = {.format = "json", .fields = fields, .count = 5};
    assert_rows(&s,
                "{\"t\":\"2024-01-02 03:04:05\",\"l\":\"2024-01-02 03:04:05Z\",\"d\":\"2024-02-29\",\"m\":\"03:04:05\",\"n\":\"1969-12-31 "
                "23:59:59.123456789\"}\n",
                "{\"t\":\"2024-01-02 03:04:05\",\"l\":\"2024-01-02 03:04:05Z\",\"d\":\"2024-02-29\",\"m\":\"03:04:05\",\"n\":\"1969-12-31 "
                "23:59:59.123456789\"}\n");
    assert_rows(
        &s,
        "{\"t\":\"2024-01-02 03:04:05.123456\",\"l\":\"2024-01-02 03:04:05.5Z\"}\n{\"t\":\"1969-07-20 "
        "20:17:40.5006\"}\n{\"t\":\"2023-02-29 00:00:00\"}\n{\"t\":\"2024-01-02 24:00:00\"}\n{\"t\":\"2024-01-02 03:04:05.1234567\"}",
        "{\"t\":\"2024-01-02 03:04:05.123\",\"l\":\"2024-01-02 03:04:05.5Z\",\"d\":null,\"m\":null,\"n\":null}\n{\"t\":\"1969-07-20 "
        "20:17:40.5\",\"l\":null,\"d\":null,\"m\":null,\"n\":null}\n"
        "{\"t\":\"2023-02-28 00:00:00\",\"l\":null,\"d\":null,\"m\":null,\"n\":null}\n{\"t\":\"2024-01-03 "
        "00:00:00\",\"l\":null,\"d\":null,\"m\":null,\"n\":null}\n"
        "{\"t\":\"2024-01-02 03:04:05.123\",\"l\":null,\"d\":null,\"m\":null,\"n\":null}\n");
    assert_fails(&s, "{\"t\":\"2024-01-02T03:04:05\"}", "no value");
    assert_fails(&s, "{\"l\":\"2024-01-02 03:04:05\"}", "no value");
    assert_fails(&s, "{\"t\":\"2024-13-02 03:04:05\"}", "no value");
    assert_fails(&s, "{\"t\":\"2024-01-02 03:60:05\"}", "no value");
    assert_fails(&s, "{\"d\":\"2023-02-29\"}", "no value");
    assert_fails(&s, "{\"d\":20240101}", "no value");
    const shape iso = {.format = "json", .fields = fields, .count = 2, .options = {"json.timestamp-format.standard", "ISO-8601"}};
    assert_rows(&iso, "{\"t\":\"2024-01-02T03:04:05\",\"l\":\"2024-01-02T03:04:05.25Z\"}\n{\"t\":\"2024-01-02T03:04\"}\n",
                "{\"t\":\"2024-01-02 03:04:05\",\"l\":\"2024-01-02 03:04:05.25Z\"}\n{\"t\":\"2024-01-02 03:04:00\",\"l\":null}\n");
    assert_fails(&iso, "{\"t\":\"2024-01-02 03:04:05\"}", "no value");
    assert_fails(&iso, "{\"t\":\"2023-02-29T00:00:00\"}", "no value");
}

static void nested(void **state) {
    (void)state;
    const weir_field fields[] = {F("id", T(INT)),
                                 F("r", ROW(F("n", STRING), F("pos", ROW(F("lat", T(DOUBLE)))))),
                                 F("a", ARRAY(T(INT))),
                                 F("aa", ARRAY(ARRAY(STRING))),
                                 F("m", MAP(STRING, T(INT))),
                                 F("ar", ARRAY(ROW(F("x", T(INT)), F("y", ARRAY(T(INT))))))};
    const shape s = {.format = "json", .fields = fields, .count = 6};
    assert_rows(&s,
                "{\"id\":1,\"r\":{\"n\":\"Ann\",\"pos\":{\"lat\":1.5}},\"a\":[3, "
                "1,null],\"aa\":[[\"p\"],null,[]],\"m\":{\"x\":1,\"y\":null},\"ar\":[{\"x\":1,\"y\":[1,2]},null,{\"y\":[]},{\"x\":9}]}\n"
                "{\"id\":2,\"r\":null,\"a\":[],\"m\":{},\"ar\":[]}\n{\"r\":{\"pos\":null}}\n{\"r\":{},\"m\":{\"k\":1,\"k\":2,\"j\":3},"
                "\"a\":[ 5 ]}\n",
                "{\"id\":1,\"r\":{\"n\":\"Ann\",\"pos\":{\"lat\":1.5}},\"a\":[3,1,null],\"aa\":[[\"p\"],null,[]],\"m\":{\"x\":1,\"y\":null}"
                ",\"ar\":[{\"x\":1,\"y\":[1,2]},null,{\"x\":null,\"y\":[]},{\"x\":9,\"y\":null}]}\n"
                "{\"id\":2,\"r\":null,\"a\":[],\"aa\":null,\"m\":{},\"ar\":[]}\n"
                "{\"id\":null,\"r\":{\"n\":null,\"pos\":null},\"a\":null,\"aa\":null,\"m\":null,\"ar\":null}\n"
                "{\"id\":null,\"r\":{\"n\":null,\"pos\":null},\"a\":[5],\"aa\":null,\"m\":{\"k\":2,\"j\":3},\"ar\":null}\n");
    assert_fails(&s, "{\"a\":{}}", "Illegal JSON array");
    assert_fails(&s, "{\"m\":[]}", "Illegal JSON map");
    assert_fails(&s, "{\"r\":[1]}", "Illegal JSON object");
    assert_fails(&s, "{\"a\":[1,]}", "a value was expected");
    assert_fails(&s, "{\"a\":[1 2]}", "comma or ']'");
    const weir_field bad[] = {F("m", MAP(T(INT), STRING))};
    const shape t = {.format = "json", .fields = bad, .count = 1};
    assert_null(decode_pieces(&t, "{}", 2, 0, false));
    assert_int_equal(error.status, WEIR_UNSUPPORTED);
}

static void projection(void **state) {
    (void)state;
    const weir_field fields[] = {F("a", T(INT)), F("r", ROW(F("x", T(INT)), F("y", STRING))), F("c", STRING)};
    const char *text = "{\"a\":1,\"r\":{\"x\":5,\"y\":\"yy\"},\"c\":\"cc\"}\n{\"c\":\"dd\",\"r\":{\"y\":\"zz\",\"x\":6},\"a\":2}\n";
    const shape c = {.format = "json", .fields = fields, .count = 3, .wanted = {2}, .wanted_count = 1};
    assert_rows(&c, text, "{\"c\":\"cc\"}\n{\"c\":\"dd\"}\n");
    static const bool x_only[] = {true, false};
    static const bool *const used[] = {x_only};
    const shape rx = {.format = "json", .fields = fields, .count = 3, .wanted = {1}, .wanted_count = 1, .used_children = used};
    assert_rows(&rx, text, "{\"r\":{\"x\":5,\"y\":null}}\n{\"r\":{\"x\":6,\"y\":null}}\n");
    /* The first values that fill the row win. */
    const shape a = {.format = "json", .fields = fields, .count = 1};
    assert_rows(&a, "{\"a\":1,\"a\":2}\n{\"a\":3}\n", "{\"a\":1}\n{\"a\":3}\n");
    const shape tree = {.format = "json", .fields = fields, .count = 1, .options = {"json.decode.json-parser.enabled", "false"}};
    assert_rows(&tree, "{\"a\":1,\"a\":2}\n{\"a\":3}\n", "{\"a\":2}\n{\"a\":3}\n");
}

static void no_columns(void **state) {
    (void)state;
    const shape s = {.format = "json", .fields = NULL, .count = 0};
    assert_rows(&s, "{\"a\":1}\n\n{}\n[{},{\"x\":[]}]\n", "4 rows");
    assert_fails(&s, "{\"a\":[1,2}\n", "line ends");
}

static void top_arrays(void **state) {
    (void)state;
    const weir_field fields[] = {F("a", T(INT))};
    const shape s = {.format = "json", .fields = fields, .count = 1};
    assert_rows(&s, "[{\"a\":1},{\"a\":2}]\n{\"a\":3}\n[]\n[ null , {\"a\":4} ]", "{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n{\"a\":4}\n");
    assert_fails(&s, "[1]", "Illegal JSON object");
    assert_fails(&s, "[{\"a\":1}", "comma or ']'");
    /* An array that holds more rows than a batch. */
    enum { ELEMENTS = 9000 };
    char *text = malloc(ELEMENTS * 12 + 8), *at = text;
    *at++ = '[';
    for (int i = 0; i < ELEMENTS; i++)
        at += sprintf(at, i == 0 ? "{\"a\":%d}" : ",{\"a\":%d}", i % 10);
    strcpy(at, "]\n");
    const char *rows = decode(&s, text);
    assert_non_null(rows);
    size_t lines = 0;
    for (const char *p = rows; *p != 0; p++)
        lines += *p == '\n';
    assert_int_equal(lines, ELEMENTS);
    free(text);
}

static void tolerance(void **state) {
    (void)state;
    const weir_field fields[] = {F("a", T(INT)), F("r", ROW(F("x", T(INT)), F("y", T(INT)))), F("l", ARRAY(T(INT)))};
    const shape s = {.format = "json", .fields = fields, .count = 3, .options = {"json.ignore-parse-errors", "true"}};
    assert_rows(&s,
                "{\"a\":1}\n{\"a\":\"oops\"}\nnot json at "
                "all\n{\"a\":3}\n\n{\"a\":[1],\"l\":[1,\"x\",3]}\n{\"r\":{\"x\":\"bad\",\"y\":2},\"a\":5}\n{\"a\":6,\"r\":7}\n{\"a\":8,\n{"
                "\"l\":[1,2\n",
                "{\"a\":1,\"r\":null,\"l\":null}\n{\"a\":null,\"r\":null,\"l\":null}\n{\"a\":3,\"r\":null,\"l\":null}\n{\"a\":null,\"r\":"
                "null,\"l\":[1,null,3]}\n"
                "{\"a\":5,\"r\":{\"x\":null,\"y\":2},\"l\":null}\n{\"a\":6,\"r\":null,\"l\":null}\n");
    const shape strict = {.format = "json", .fields = fields, .count = 1, .options = {"json.fail-on-missing-field", "true"}};
    assert_rows(&strict, "{\"a\":null}\n", "{\"a\":null}\n");
    assert_fails(&strict, "{\"b\":1}\n", "Some field is missing");
    const shape both = {.format = "json",
                        .fields = fields,
                        .count = 1,
                        .options = {"json.fail-on-missing-field", "true", "json.ignore-parse-errors", "true"}};
    assert_null(decode_pieces(&both, "{}", 2, 0, false));
    assert_non_null(strstr(error.message, "shouldn't both be true"));
}

static void changing_keys(void **state) {
    (void)state;
    /* Many shapes of record: predictions must be learned, missed and replaced without harm. */
    const weir_field fields[] = {F("a", T(INT)), F("b", T(INT)), F("c", T(INT)), F("d", T(INT))};
    const shape s = {.format = "json", .fields = fields, .count = 4};
    static const char *const keys[] = {"a", "b", "c", "d", "unknown", "a_much_longer_unknown_key_that_is_longer_than_the_space_for_it"};
    char *text = calloc(1, 1 << 20), *rows = calloc(1, 1 << 20), *t = text, *r = rows;
    uint64_t seed = 7;
    for (int i = 0; i < 3000; i++) {
        int value[6] = {-1, -1, -1, -1, -1, -1};
        t += sprintf(t, "{");
        int count = (int)(seed >> 33) % 6;
        for (int k = 0; k < count; k++) {
            seed = seed * 6364136223846793005ull + 1442695040888963407ull;
            int key = (int)((seed >> 40) % 6);
            if (value[key] >= 0)
                continue;
            value[key] = (int)((seed >> 20) % 1000);
            t += sprintf(t, "%s\"%s\"%s:%d%s",
                         t[-1] == '{'            ? ""
                         : (seed >> 50) % 3 == 0 ? ", "
                                                 : ",",
                         keys[key], (seed >> 52) % 4 == 0 ? " " : "", value[key], (seed >> 54) % 8 == 0 ? " " : "");
        }
        seed = seed * 6364136223846793005ull + 1442695040888963407ull;
        t += sprintf(t, "}\n");
        for (int k = 0; k < 4; k++)
            r += value[k] < 0 ? sprintf(r, "%c\"%s\":null", k == 0 ? '{' : ',', keys[k])
                              : sprintf(r, "%c\"%s\":%d", k == 0 ? '{' : ',', keys[k], value[k]);
        r += sprintf(r, "}\n");
    }
    const char *got = decode(&s, text);
    assert_non_null(got);
    assert_string_equal(got, rows);
    free(text);
    free(rows);
}

static void binary(void **state) {
    (void)state;
    const weir_field fields[] = {F("b", BYTES), F("f", T(FLOAT))};
    const shape s = {.format = "json", .fields = fields, .count = 2};
    assert_rows(&s, "{\"b\":\"AQID\",\"f\":1.1}\n{\"b\":\"\",\"f\":3.4e38}\n{\"b\":\"aGVsbG8=\"}\n",
                "{\"b\":\"AQID\",\"f\":1.1}\n{\"b\":\"\",\"f\":3.4E38}\n{\"b\":\"aGVsbG8=\",\"f\":null}\n");
    assert_fails(&s, "{\"b\":\"A\"}", "no value");
    assert_fails(&s, "{\"b\":7}", "no value");
}

/* Every allocation fails once while decoding: an error of memory, or all rows. */
static void without_memory(void **state) {
    (void)state;
    const weir_field fields[] = {F("s", STRING), F("a", ARRAY(STRING)), F("m", MAP(STRING, STRING))};
    const weir_type *types[] = {fields[0].type, fields[1].type, fields[2].type};
    const uint32_t index[] = {0, 1, 2};
    const char *text = "{\"s\":\"escaped \\n and long enough\",\"a\":[\"one of more than twelve\",\"two\"],\"m\":{\"k\":{\"nested\":1}}}\n";
    weir_read_spec spec = {.count = 3, .fields = fields, .total_count = 3, .total_fields = fields, .total_index = index};
    weir_table table = {0};
    const weir_format *format = weir_format_find(WEIR_TEXT("json"));
    bool finished = false;
    for (uint64_t n = 1; n < 200 && !finished; n++) {
        weir_memory_fail_after(n, false);
        weir_reader *reader = NULL;
        weir_arena own;
        weir_arena_init(&own, &memory);
        weir_status status = format->reader_create(&own, &memory, &table, &spec, &reader, &error);
        if (status == WEIR_OK) {
            weir_batch *batch = weir_batch_create_typed(&memory, types, 3, WEIR_BATCH_ROWS);
            size_t used;
            weir_format_place place = {0};
            status = batch == NULL ? WEIR_MEMORY : format->read(reader, &place, NULL, text, strlen(text), true, batch, &used, &error);
            finished = status == WEIR_OK && batch->rows == 1 && weir_memory_tries() < n;
            weir_batch_destroy(batch);
            format->reader_close(reader);
        }
        if (status != WEIR_OK)
            assert_int_equal(status, WEIR_MEMORY);
        weir_arena_deinit(&own);
        weir_memory_fail_after(0, false);
    }
    assert_true(finished);
}

static void writing(void **state) {
    (void)state;
    const weir_field fields[] = {F("m", MAP(STRING, T(INT))), F("d", DECIMAL(12, 9)), F("n", STRING)};
    const weir_type *types[] = {fields[0].type, fields[1].type, fields[2].type};
    weir_batch *batch = weir_batch_create_typed(&memory, types, 3, 4);
    uint32_t at = weir_column_span_add(batch->columns[0], 0, 2);
    weir_column_set_null(batch->columns[0]->children[0], at);
    weir_column_put_text(batch->columns[0]->children[0], at + 1, WEIR_TEXT("k"));
    WEIR_VALUES(batch->columns[0]->children[1], int32_t)[at] = 1;
    WEIR_VALUES(batch->columns[0]->children[1], int32_t)[at + 1] = 2;
    WEIR_VALUES(batch->columns[1], weir_i128)[0] = 3;
    weir_column_set_null(batch->columns[2], 0);
    batch->rows = batch->selected = 1;
    static const struct {
        const char *options[8];
        const char *text; /* NULL: fails */
    } cases[] = {
        {{NULL}, NULL},
        {{"json.map-null-key.mode", "DROP"}, "{\"m\":{\"k\":2},\"d\":3E-9,\"n\":null}\n"},
        {{"json.map-null-key.mode", "LITERAL", "json.map-null-key.literal", "no\"key"},
         "{\"m\":{\"no\\\"key\":1,\"k\":2},\"d\":3E-9,\"n\":null}\n"},
        {{"json.map-null-key.mode", "drop", "json.encode.decimal-as-plain-number", "true", "json.encode.ignore-null-fields", "true"},
         "{\"m\":{\"k\":2},\"d\":0.000000003}\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        shape s = {.format = "json"};
        memcpy(s.options, cases[i].options, sizeof cases[i].options);
        weir_schema schema = {3, fields};
        weir_writer *writer;
        weir_builder out;
        weir_builder_init(&out, &memory, SIZE_MAX);
        const weir_format *format = weir_format_find(WEIR_TEXT("json"));
        assert_int_equal(format->writer_create(&arena, &memory, table_of(&s), &schema, &writer, &error), WEIR_OK);
        weir_status status = format->write(writer, batch, &out, &error);
        if (cases[i].text == NULL)
            assert_int_equal(status, WEIR_RUNTIME);
        else
            assert_string_equal(out.data, cases[i].text);
        weir_builder_deinit(&out);
    }
    weir_batch_destroy(batch);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(scalars, setup, teardown),        cmocka_unit_test_setup_teardown(integers, setup, teardown),
        cmocka_unit_test_setup_teardown(decimals, setup, teardown),       cmocka_unit_test_setup_teardown(strings, setup, teardown),
        cmocka_unit_test_setup_teardown(times, setup, teardown),          cmocka_unit_test_setup_teardown(nested, setup, teardown),
        cmocka_unit_test_setup_teardown(projection, setup, teardown),     cmocka_unit_test_setup_teardown(no_columns, setup, teardown),
        cmocka_unit_test_setup_teardown(top_arrays, setup, teardown),     cmocka_unit_test_setup_teardown(tolerance, setup, teardown),
        cmocka_unit_test_setup_teardown(changing_keys, setup, teardown),  cmocka_unit_test_setup_teardown(binary, setup, teardown),
        cmocka_unit_test_setup_teardown(without_memory, setup, teardown), cmocka_unit_test_setup_teardown(writing, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
