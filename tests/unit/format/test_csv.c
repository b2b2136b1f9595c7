/* CSV and raw: fields, quotes, NULL literals, mistakes, cutting; writing. Every text is decoded whole, in pieces and against a page that
 * faults. */
#include "format_help.h"

static void plain(void **state) {
    (void)state;
    const weir_field fields[] = {F("a", T(INT)), F("b", STRING), F("c", T(DOUBLE))};
    const shape s = {.format = "csv", .fields = fields, .count = 3};
    assert_rows(&s, "1,abc,2.5\n2,\"quoted, comma\",-1\r\n3,\"dbl \"\"q\"\" x\",1e3\n 4 , keep blanks , NaN ",
                "{\"a\":1,\"b\":\"abc\",\"c\":2.5}\n{\"a\":2,\"b\":\"quoted, comma\",\"c\":-1.0}\n"
                "{\"a\":3,\"b\":\"dbl \\\"q\\\" x\",\"c\":1000.0}\n{\"a\":4,\"b\":\" keep blanks \",\"c\":\"NaN\"}\n");
    assert_rows(&s, "1,\"two\nlines, and\n\nmore\",0\n2,x,1,\n3,\"\",.5\n4,b\"c,5.\n5,\"x\"  ,1\n",
                "{\"a\":1,\"b\":\"two\\nlines, and\\n\\nmore\",\"c\":0.0}\n{\"a\":2,\"b\":\"x\",\"c\":1.0}\n"
                "{\"a\":3,\"b\":\"\",\"c\":0.5}\n{\"a\":4,\"b\":\"b\\\"c\",\"c\":5.0}\n{\"a\":5,\"b\":\"x\",\"c\":1.0}\n");
    assert_fails(&s, "1,a,2\n,b,3\n", "Field 'a': \"\" is no INT");
    assert_non_null(strstr(error.message, "line 2, column 1"));
    assert_fails(&s, "1,a,2,extra\n", "Too many entries: expected at most 3 (value #3 (5 chars) \"extra\")");
    assert_fails(&s, "1,a\n", "Row length mismatch. 3 fields expected but was 2.");
    assert_fails(&s, "1,\"a\"x,2\n", "Unexpected character ('x' (code 120))");
    assert_fails(&s, "1,\"open,2\n3,b,4\n", "Missing closing quote");
    assert_fails(&s, "2147483648,a,1\n", "is no INT");
    const shape b = {.format = "csv", .fields = fields, .count = 3, .wanted = {1}, .wanted_count = 1};
    assert_rows(&b, "1,x,oops\n2\n", "{\"b\":\"x\"}\n{\"b\":null}\n");
    const shape none = {.format = "csv", .fields = fields, .count = 3};
    (void)none;
    const weir_field one[] = {F("s", STRING)};
    const shape single = {.format = "csv", .fields = one, .count = 1};
    assert_rows(&single, "a\n\nb\n", "{\"s\":\"a\"}\n{\"s\":\"\"}\n{\"s\":\"b\"}\n");
}

/* All of a file must be UTF-8, wanted or not, forgiven mistakes or not; characters may lie across any boundary. */
static void encoding(void **state) {
    (void)state;
    const weir_field fields[] = {F("a", T(INT)), F("b", STRING)};
    const shape s = {.format = "csv", .fields = fields, .count = 2, .wanted = {0}, .wanted_count = 1};
    const shape lenient = {.format = "csv", .fields = fields, .count = 2, .options = {"csv.ignore-parse-errors", "true"}};
    char line[9000], wanted[32];
    for (size_t size = 4090; size <= 4098; size++) {
        memset(line, 'x', size);
        memcpy(line, "1,", 2);
        snprintf(line + size, sizeof line - size, "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\n");
        assert_rows(&s, line, "{\"a\":1}\n");
        snprintf(line + size, sizeof line - size, "\xC3\xA9\xFF\n");
        assert_fails(&s, line, "Invalid UTF-8 start byte 0xff");
        snprintf(wanted, sizeof wanted, "column %zu", size + 2);
        assert_non_null(strstr(error.message, wanted));
        snprintf(line + size, sizeof line - size, "\xE2\x82\"\n");
        assert_fails(&lenient, line, "Invalid UTF-8 middle byte 0x22");
    }
    assert_fails(&s, "1,ok\n2,\xED\xA0\x80\n", "Invalid UTF-8");
    assert_fails(&s, "1,\xC0\xAF\n", "Invalid UTF-8 start byte 0xc0");
    assert_fails(&lenient, "x,ok\n2,\xF0\x9F\x98", "Unexpected end in the middle of a UTF-8 character");
}

static void options(void **state) {
    (void)state;
    const weir_field fields[] = {F("a", T(INT)), F("b", STRING), F("c", STRING)};
    const shape null = {.format = "csv", .fields = fields, .count = 3, .options = {"csv.null-literal", "NULL"}};
    assert_rows(&null, "1,NULL,x\n2,n/a,\n3,null,\"NULL\"\nNULL,v,w\n",
                "{\"a\":1,\"b\":null,\"c\":\"x\"}\n{\"a\":2,\"b\":\"n/"
                "a\",\"c\":\"\"}\n{\"a\":3,\"b\":\"null\",\"c\":null}\n{\"a\":null,\"b\":\"v\",\"c\":\"w\"}\n");
    const shape empty = {.format = "csv", .fields = fields, .count = 3, .options = {"csv.null-literal", ""}};
    assert_rows(&empty, ",,\n1,\"\",x\n", "{\"a\":null,\"b\":null,\"c\":null}\n{\"a\":1,\"b\":null,\"c\":\"x\"}\n");
    const shape tab = {.format = "csv", .fields = fields, .count = 2, .options = {"csv.field-delimiter", "\\t"}};
    assert_rows(&tab, "1\tone\n2\t\"t\two\"\n", "{\"a\":1,\"b\":\"one\"}\n{\"a\":2,\"b\":\"t\\two\"}\n");
    const shape unquoted = {.format = "csv", .fields = fields, .count = 2, .options = {"csv.disable-quote-character", "true"}};
    assert_rows(&unquoted, "1,\"a\"\n2,b\"c\n", "{\"a\":1,\"b\":\"\\\"a\\\"\"}\n{\"a\":2,\"b\":\"b\\\"c\"}\n");
    const shape semi = {.format = "csv", .fields = fields, .count = 3, .options = {"csv.field-delimiter", ";", "csv.quote-character", "'"}};
    assert_rows(&semi, "1;'a;b';x\n2;plain;'it''s'\n", "{\"a\":1,\"b\":\"a;b\",\"c\":\"x\"}\n{\"a\":2,\"b\":\"plain\",\"c\":\"it's\"}\n");
    const shape escape = {.format = "csv", .fields = fields, .count = 2, .options = {"csv.escape-character", "\\"}};
    assert_rows(&escape, "1,a\\,b\n2,c\\\\d\n3,\"q\\\"q\"\n4,x\\ny\n",
                "{\"a\":1,\"b\":\"a,b\"}\n{\"a\":2,\"b\":\"c\\\\d\"}\n{\"a\":3,\"b\":\"q\\\"q\"}\n{\"a\":4,\"b\":\"x\\ny\"}\n");
    const shape comments = {.format = "csv", .fields = fields, .count = 2, .options = {"csv.allow-comments", "true"}};
    assert_rows(&comments, "# header\n1,a\n#skip,me\n2,b", "{\"a\":1,\"b\":\"a\"}\n{\"a\":2,\"b\":\"b\"}\n");
    const shape header = {.format = "csv", .fields = fields, .count = 3, .options = {"csv.header", "true"}};
    assert_rows(&header, "a,B,\"c\"\n1,x,y\n", "{\"a\":1,\"b\":\"x\",\"c\":\"y\"}\n");
    assert_fails(&header, "a,c,b\n1,x,y\n", "'c' where the table's column 'b' was expected");
    assert_fails(&header, "a,b\n", "The header line has 2 columns, the table 3");
    const shape lenient = {.format = "csv", .fields = fields, .count = 2, .options = {"csv.ignore-parse-errors", "true"}};
    assert_rows(
        &lenient, "1,10\nx,20\n3,\"thirty\"x\n4\n5,50,extra\n6,60\n\n7,\"open\n",
        "{\"a\":1,\"b\":\"10\"}\n{\"a\":null,\"b\":\"20\"}\n{\"a\":4,\"b\":null}\n{\"a\":6,\"b\":\"60\"}\n{\"a\":null,\"b\":null}\n");
    static const char *const bad[][2] = {
        {"csv.field-delimiter", "ab"}, {"csv.quote-character", ""}, {"csv.ignore-parse-errors", "perhaps"}};
    for (size_t i = 0; i < 3; i++) {
        const shape s = {.format = "csv", .fields = fields, .count = 1, .options = {bad[i][0], bad[i][1]}};
        memset(&error, 0, sizeof error);
        assert_null(decode_pieces(&s, "1", 1, 0, false));
        assert_int_equal(error.status, WEIR_VALIDATE);
        assert_non_null(strstr(error.message, bad[i][0]));
    }
}

static void types(void **state) {
    (void)state;
    const weir_field fields[] = {F("b", T(BOOLEAN)),          F("d", T(DATE)),       F("m", SIZED(TIME, 0)),
                                 F("t", SIZED(TIMESTAMP, 3)), F("e", DECIMAL(6, 2)), F("y", BYTES)};
    const shape s = {.format = "csv", .fields = fields, .count = 6, .options = {"csv.null-literal", ""}};
    assert_rows(&s,
                "true,2024-01-02,03:04:05,2024-01-02 03:04:05.5,1.25,AQID\nFALSE,1999-12-31,23:59:59.5,1999-12-31 "
                "23:59:59,0.125,\nTrue,2024-1-2,,2024-2-30 1:2:3,12345678,\n",
                "{\"b\":true,\"d\":\"2024-01-02\",\"m\":\"03:04:05\",\"t\":\"2024-01-02 "
                "03:04:05.5\",\"e\":1.25,\"y\":\"AQID\"}\n{\"b\":false,\"d\":\"1999-12-31\",\"m\":\"23:59:59\",\"t\":\"1999-12-31 "
                "23:59:59\",\"e\":0.13,\"y\":null}\n"
                "{\"b\":true,\"d\":\"2024-01-02\",\"m\":null,\"t\":\"2024-03-01 01:02:03\",\"e\":null,\"y\":null}\n");
    assert_fails(&s, "true,2024-01-02,03:04:05,2024-01-02T03:04:05,1,\n", "Field 't'");
    const weir_field nested[] = {F("a", T(INT)), F("arr", ARRAY(T(INT))), F("r", ROW(F("n", T(INT)), F("s", STRING)))};
    const shape n = {.format = "csv", .fields = nested, .count = 3};
    assert_rows(&n, "1,1;2;3,5;x\n2,,6;y\n3,7,8;\n4,7,\n",
                "{\"a\":1,\"arr\":[1,2,3],\"r\":{\"n\":5,\"s\":\"x\"}}\n{\"a\":2,\"arr\":[],\"r\":{\"n\":6,\"s\":\"y\"}}\n{\"a\":3,\"arr\":"
                "[7],\"r\":{\"n\":8,\"s\":\"\"}}\n{\"a\":4,\"arr\":[7],\"r\":null}\n");
    assert_fails(&n, "1,1;x,5;x\n", "Field 'arr'");
    const weir_field map[] = {F("m", MAP(STRING, T(INT)))};
    const shape m = {.format = "csv", .fields = map, .count = 1};
    assert_null(decode_pieces(&m, "1", 1, 0, false));
    assert_int_equal(error.status, WEIR_UNSUPPORTED);
    assert_non_null(strstr(error.message, "MAP"));
}

static void cutting(void **state) {
    (void)state;
    const weir_field fields[] = {F("a", T(INT)), F("b", STRING)};
    const uint32_t index[] = {0, 1};
    weir_read_spec spec = {.count = 2, .fields = fields, .total_count = 2, .total_fields = fields, .total_index = index};
    weir_table table = {0};
    weir_reader *reader;
    const weir_format *csv = weir_format_find(WEIR_TEXT("csv"));
    assert_int_equal(csv->reader_create(&arena, &memory, &table, &spec, &reader, &error), WEIR_OK);
    static const struct {
        const char *text;
        size_t whole;
    } cases[] = {{"1,a\n2,b", 4},
                 {"1,a\n", 4},
                 {"1,a", 0},
                 {"", 0},
                 {"1,\"a\nb\"\n2,\"c\n", 8},
                 {"1,\"a\nb\"", 0},
                 {"1,\"a\"\"\nb\"\n", 10},
                 {"1,b\"c\n2,d\"e\n3", 12},
                 {"1,\"x\"", 0},
                 {"1,\"x\"\n2,y\n", 10}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(csv->cut(reader, cases[i].text, strlen(cases[i].text)), cases[i].whole);
    csv->reader_close(reader);
}

static void many_rows(void **state) {
    (void)state;
    const weir_field fields[] = {F("a", T(BIGINT)), F("b", STRING)};
    const shape s = {.format = "csv", .fields = fields, .count = 2};
    enum { ROWS = 10000 };
    char *text = calloc(ROWS, 60), *rows = calloc(ROWS, 60), *t = text, *r = rows;
    for (int i = 0; i < ROWS; i++) {
        t += sprintf(t, i % 7 == 0 ? "%d,\"text, %d and more of it\"\n" : "%d,text%d\n", i, i * 31);
        r += sprintf(r, i % 7 == 0 ? "{\"a\":%d,\"b\":\"text, %d and more of it\"}\n" : "{\"a\":%d,\"b\":\"text%d\"}\n", i, i * 31);
    }
    assert_rows(&s, text, rows);
    free(text);
    free(rows);
}

static const char *written(const shape *s, const weir_batch *batch) {
    weir_schema schema = {s->count, s->fields};
    weir_writer *writer;
    weir_builder out;
    const weir_format *format = weir_format_find(weir_text_of(s->format));
    weir_builder_init(&out, &memory, SIZE_MAX);
    if (format->writer_create(&arena, &memory, table_of(s), &schema, &writer, &error) != WEIR_OK)
        fail_msg("%s", error.message);
    assert_int_equal(format->write(writer, batch, &out, &error), WEIR_OK);
    const char *text = weir_arena_text(&arena, weir_builder_view(&out)).data;
    format->writer_close(writer);
    weir_builder_deinit(&out);
    return text;
}

static void writing(void **state) {
    (void)state;
    const weir_field fields[] = {
        F("a", T(INT)),   F("s", STRING),     F("d", DECIMAL(10, 4)), F("f", T(DOUBLE)), F("t", SIZED(TIMESTAMP, 3)),
        F("dt", T(DATE)), F("b", T(BOOLEAN)), F("arr", ARRAY(T(INT)))};
    const weir_type *kinds[8];
    for (int i = 0; i < 8; i++)
        kinds[i] = fields[i].type;
    weir_batch *batch = weir_batch_create_typed(&memory, kinds, 8, 4);
    weir_column **c = batch->columns;
    WEIR_VALUES(c[0], int32_t)[0] = 1;
    WEIR_VALUES(c[0], int32_t)[1] = 2;
    weir_column_put_text(c[1], 0, WEIR_TEXT("a,b"));
    weir_column_put_text(c[1], 1, WEIR_TEXT("q\"q"));
    WEIR_VALUES(c[2], weir_i128)[0] = 15000;
    WEIR_VALUES(c[3], double)[0] = 1e10;
    WEIR_VALUES(c[3], double)[1] = 0.1;
    WEIR_VALUES(c[4], int64_t)[0] = INT64_C(1704164645000000);
    WEIR_VALUES(c[4], int64_t)[1] = INT64_C(1704164645123000);
    WEIR_VALUES(c[6], uint8_t)[1] = 1;
    uint32_t at = weir_column_span_add(c[7], 0, 2);
    WEIR_VALUES(c[7]->children[0], int32_t)[at] = 1;
    WEIR_VALUES(c[7]->children[0], int32_t)[at + 1] = 2;
    weir_column_set_null(c[7], 1);
    weir_column_set_null(c[0], 2);
    batch->rows = batch->selected = 3;
    const shape s = {.format = "csv", .fields = fields, .count = 8};
    assert_string_equal(written(&s, batch),
                        "1,\"a,b\",1.5,1.0E10,\"2024-01-02 03:04:05\",1970-01-01,false,1;2\n2,\"q\"\"q\",0,0.1,\"2024-01-02 "
                        "03:04:05.123\",1970-01-01,true,\n,,0,0.0,\"1970-01-01 00:00:00\",1970-01-01,false,\n");
    const shape o = {
        .format = "csv",
        .fields = fields,
        .count = 3,
        .options = {"csv.null-literal", "n/a", "csv.field-delimiter", "|", "csv.header", "true", "csv.escape-character", "\\"}};
    weir_batch three = *batch;
    three.column_count = 3;
    assert_string_equal(written(&o, &three), "\"a\"|\"s\"|\"d\"\n1|\"a,b\"|1.5\n2|\"q\\\"q\"|0\nn/a||0\n");
    weir_batch_destroy(batch);
}

static void raw(void **state) {
    (void)state;
    const weir_field fields[] = {F("v", STRING)};
    const shape s = {.format = "raw", .fields = fields, .count = 1};
    assert_rows(&s, "first line\n\nthird\tline\r\nümläut, the last and longest",
                "{\"v\":\"first line\"}\n{\"v\":\"\"}\n{\"v\":\"third\\tline\"}\n{\"v\":\"ümläut, the last and longest\"}\n");
    const weir_field number[] = {F("v", T(INT))};
    const shape big = {.format = "raw", .fields = number, .count = 1};
    assert_rows(&big, "\x01\x02\x03\x04\n", "{\"v\":16909060}\n");
    const shape little = {.format = "raw", .fields = number, .count = 1, .options = {"raw.endianness", "little-endian"}};
    assert_rows(&little, "\x04\x03\x02\x01\n", "{\"v\":16909060}\n");
    assert_fails(&big, "abc\n", "Size of data");
    const weir_field two[] = {F("v", STRING), F("w", STRING)};
    const shape bad = {.format = "raw", .fields = two, .count = 2};
    assert_null(decode_pieces(&bad, "x", 1, 0, false));
    assert_non_null(strstr(error.message, "single physical column"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(plain, setup, teardown),   cmocka_unit_test_setup_teardown(encoding, setup, teardown),
        cmocka_unit_test_setup_teardown(options, setup, teardown), cmocka_unit_test_setup_teardown(types, setup, teardown),
        cmocka_unit_test_setup_teardown(cutting, setup, teardown), cmocka_unit_test_setup_teardown(many_rows, setup, teardown),
        cmocka_unit_test_setup_teardown(writing, setup, teardown), cmocka_unit_test_setup_teardown(raw, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
