/* datagen: ranges, sequences, rates, seeds; nexmark: the events of the seeded generator, byte for byte. */
#include "connect_help.h"

static int lines_in(const char *text) {
    int count = 0;
    for (; text != NULL && *text != 0; text++)
        count += *text == '\n';
    return count;
}

static void ranges(void **state) {
    (void)state;
    const weir_table_column columns[] = {COLUMN("s", STRING),
                                         COLUMN("x", T(INT)),
                                         COLUMN("a", weir_type_array(&arena, T(TINYINT), true)),
                                         COLUMN("n", T(BIGINT)),
                                         COLUMN("d", weir_type_decimal(&arena, 5, 2, true)),
                                         COLUMN("f", T(DOUBLE))};
    weir_table *table =
        make_table(columns, 6, "connector", "datagen", "number-of-rows", "300", "fields.s.length", "7", "fields.x.min", "1", "fields.x.max",
                   "3", "fields.a.length", "2", "fields.a.element.min", "5", "fields.a.element.max", "5", "fields.n.null-rate", "1",
                   "fields.d.min", "-1", "fields.d.max", "1", "fields.f.min", "2", "fields.f.max", "2", NULL);
    const char *rows = read_table(table);
    if (rows == NULL)
        fail_msg("%s", error.message);
    assert_int_equal(lines_in(rows), 300);
    assert_string_equal(rows, read_table(table)); /* the same every time */
    int seen[4] = {0};
    for (const char *p = rows; *p != 0; p = strchr(p, '\n') + 1) {
        char text[32];
        int x;
        double d;
        assert_int_equal(sscanf(p, "{\"s\":\"%8[0-9a-f]\",\"x\":%d,\"a\":[5,5],\"n\":null,\"d\":%lf,\"f\":2.0}", text, &x, &d), 3);
        assert_int_equal(strlen(text), 7);
        assert_true(x >= 1 && x <= 3 && d >= -1 && d <= 1);
        seen[x]++;
    }
    assert_true(seen[1] > 50 && seen[2] > 50 && seen[3] > 50);
    /* A field's stream does not depend on what else is read. */
    weir_scan_spec scan;
    scan_of(table, &scan);
    scan.read.count = 1;
    const char *alone = read_scan(&scan);
    assert_memory_equal(alone, rows, 6 + 7);
}

static void sequences(void **state) {
    (void)state;
    const weir_table_column columns[] = {COLUMN("i", T(INT)), COLUMN("t", STRING)};
    const char *rows =
        read_table(make_table(columns, 2, "connector", "datagen", "fields.i.kind", "sequence", "fields.i.start", "5", "fields.i.end", "24",
                              "fields.t.kind", "sequence", "fields.t.start", "-1", "fields.t.end", "1", NULL));
    assert_string_equal(rows, "{\"i\":5,\"t\":\"-1\"}\n{\"i\":6,\"t\":\"0\"}\n{\"i\":7,\"t\":\"1\"}\n");
    /* An end that is not selected counts, too. */
    weir_scan_spec scan;
    scan_of(make_table(columns, 2, "connector", "datagen", "fields.t.kind", "sequence", "fields.t.start", "1", "fields.t.end", "2",
                       "fields.i.min", "7", "fields.i.max", "7", NULL),
            &scan);
    scan.read.count = 1;
    assert_string_equal(read_scan(&scan), "{\"i\":7}\n{\"i\":7}\n");
}

static void rate(void **state) {
    (void)state;
    const weir_table_column columns[] = {COLUMN("i", T(INT))};
    weir_table *table = make_table(columns, 1, "connector", "datagen", "rows-per-second", "10", NULL);
    const weir_connector *connector = connector_for(table, false);
    assert_false(connector->bounded(table));
    weir_clock_virtual clock;
    weir_clock_virtual_init(&clock, 5000000000);
    context.clock = &clock.clock;
    weir_scan_spec scan;
    weir_source *source;
    weir_batch *batch;
    weir_source_state at;
    int64_t wake_ms;
    scan_of(table, &scan);
    assert_int_equal(connector->source->open(&context, &scan, &source, &error), WEIR_OK);
    for (int second = 0; second < 3; second++) {
        assert_int_equal(connector->source->next(source, &batch, &at, &wake_ms, &error), WEIR_OK);
        assert_int_equal(at, WEIR_SOURCE_BATCH);
        assert_int_equal(batch->rows, 10);
        weir_batch_destroy(batch);
        assert_int_equal(connector->source->next(source, &batch, &at, &wake_ms, &error), WEIR_OK);
        assert_int_equal(at, WEIR_SOURCE_IDLE);
        assert_int_equal(wake_ms, 5000 + 1000 * (second + 1));
        weir_clock_virtual_advance_ns(&clock, 1000000000);
    }
    connector->source->close(source);
}

static void mistakes(void **state) {
    (void)state;
    const weir_table_column columns[] = {COLUMN("i", T(INT)), COLUMN("m", weir_type_map(&arena, STRING, T(INT), true))};
    static const char *const cases[][3] = {{"fields.j.min", "1", "fields.j.min"},
                                           {"fields.i.min", "x", "fields.i.min"},
                                           {"fields.i.min", "99999999999", "fields.i.min"},
                                           {"fields.i.kind", "sequence", "fields.i.start"},
                                           {"fields.i.kind", "sequential", "fields.i.kind"},
                                           {"rows-per-second", "0", "rows-per-second"},
                                           {"fields.i.null-rate", "2", "null-rate"},
                                           {"colour", "red", "colour"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        memset(&error, 0, sizeof error);
        assert_null(connector_for(make_table(columns, 2, "connector", "datagen", cases[i][0], cases[i][1], NULL), false));
        assert_int_equal(error.status, WEIR_VALIDATE);
        if (strstr(error.message, cases[i][2]) == NULL)
            fail_msg("'%s' is not in: %s", cases[i][2], error.message);
    }
    assert_null(connector_for(make_table(columns, 1, "connector", "datagen", NULL), true));
    assert_non_null(strstr(error.message, "datagen"));
}

#define FIELD(field_name, field_type) ((weir_field){WEIR_TEXT(field_name), (field_type), {NULL, 0}})

static void nexmark_columns(weir_table_column *columns) {
    const weir_type *big = T(BIGINT), *time = weir_type_sized(&arena, WEIR_KIND_TIMESTAMP, 3, true);
    const weir_field person[] = {FIELD("id", big),      FIELD("name", STRING),  FIELD("emailAddress", STRING), FIELD("creditCard", STRING),
                                 FIELD("city", STRING), FIELD("state", STRING), FIELD("dateTime", time),       FIELD("extra", STRING)};
    const weir_field auction[] = {FIELD("id", big),       FIELD("itemName", STRING), FIELD("description", STRING), FIELD("initialBid", big),
                                  FIELD("reserve", big),  FIELD("dateTime", time),   FIELD("expires", time),       FIELD("seller", big),
                                  FIELD("category", big), FIELD("extra", STRING)};
    const weir_field bid[] = {FIELD("auction", big), FIELD("bidder", big),    FIELD("price", big),   FIELD("channel", STRING),
                              FIELD("url", STRING),  FIELD("dateTime", time), FIELD("extra", STRING)};
    columns[0] = COLUMN("event_type", T(INT));
    columns[1] = COLUMN("person", weir_type_row(&arena, person, 8, true));
    columns[2] = COLUMN("auction", weir_type_row(&arena, auction, 10, true));
    columns[3] = COLUMN("bid", weir_type_row(&arena, bid, 7, true));
}

/* The first events of nexmark_gen -n 5, and one far behind. */
static const char *const golden[] = {
    "{\"event_type\":0,\"person\":{\"id\":1000,\"name\":\"Sarah Noris\",\"emailAddress\":\"hxdm@nnds.com\",\"creditCard\":\"5628 819"
    "9 0253 7486\",\"city\":\"Seattle\",\"state\":\"ID\",\"dateTime\":\"2024-03-10 23:59:10\",\"extra\":\"uotjntcvfqkaxjwcrfehwxmlu"
    "imdfqjsqfrpqjudbhroanwgtcixuazhnclaprkyosgdxnytgblnuefjjfrqtglhusgmlzilmjmvjxdgqdriyfwjjrblsj\"},\"auction\":null"
    ",\"bid\":null}",
    "{\"event_type\":1,\"person\":null,\"auction\":{\"id\":1000,\"itemName\":\"lmauf vmpyibvjvvj m\",\"description\":\"risive\",\"in"
    "itialBid\":9597,\"reserve\":10136,\"dateTime\":\"2024-03-10 23:59:10\",\"expires\":\"2024-03-10 23:59:10.162\",\"seller\":1"
    "000,\"category\":10,\"extra\":\"fmbqgghcsnaudssvcvzpckuawdylcwpfyorgjujoqfsicowmvxlaxtzanhimsstwjleuoygbxwwhirulanw"
    "krzcrwghirbwofozygeubzwjlcafhamdslxtcbekynbpoklvcanhpdiwwunalbewijsmereovvhqgyuhfvpcnztzznfglbrrfxqhyphqmhqtpl"
    "sswlitkphrynfdpupcwycxpnhguggeotarcndjdrsagwpngmqxbdbolasbpwtrvtrensqefkbehmggmesqvdmzshcijynhywreqmujxbilsduq"
    "fhrzszugwjzjcuknwszmdqrnstprgyncihrqdjejwzqbjebmvgzmlpucrmgbauccfbadgasejfrgcvqqtguqyyamhcneuduuohcrryjhtafjio"
    "wyedloowvnwlglcdbfqviysnxbbzjwhobgxcepmwhrmucsdwqnvbi\"},\"bid\":null}",
    "{\"event_type\":1,\"person\":null,\"auction\":{\"id\":1001,\"itemName\":\"rxea\",\"description\":\"zclsskjlfkrtcgqwihmfprdlea"
    "o zbvrpzh rtrekgysool  kqnjtmb\",\"initialBid\":37016,\"reserve\":341275,\"dateTime\":\"2024-03-10 23:59:10\",\"expires\""
    ":\"2024-03-10 23:59:10.169\",\"seller\":1007,\"category\":10,\"extra\":\"ihfkbkyiegnploajrabxbqzxuuwlqecndodylofvtvhnog"
    "saltomevgkbzltfixnqimzxulaopwcizpvalvzdafgkbhkevxyhukyoqhwxpkgkkpvumttrdvivwpkxspasviyhgqotuertolniizwzjfpmqac"
    "hbwkhsdputpbegksahzssqkpgvlxdxwhwlhewdoklkiebvqwhcytvtolmgtlwmtsrobsvdbavysiszpfksmychlkxrcvdpccfiuvjlirwquxfv"
    "zgzoeywhrbtyfoydvdpjqldanuqxypmjnqisfbmyzbwmugstnhlcgdgsmpzgessuucewuozmpzqhqhferqbercrgahjibnxamhwzvnktuikhxp"
    "wxpsqjrvkkyvmocraioiuaujnjcazimfnumtwwqhvwhakxjornaghwwbuwyw\"},\"bid\":null}",
    "{\"event_type\":1,\"person\":null,\"auction\":{\"id\":1002,\"itemName\":\"pvzoqvxcoi\",\"description\":\"ihw sydhqz u\",\"initi"
    "alBid\":166,\"reserve\":295,\"dateTime\":\"2024-03-10 23:59:10\",\"expires\":\"2024-03-10 23:59:10.002\",\"seller\":1005,\"c"
    "ategory\":11,\"extra\":\"exfexqpfccqzapniasgrcbigqzuhkwdpivfeaoabavbqiebwjulliwromddfbqekighwavbcfwrjonxzrmnrbnrsw"
    "iwswndrcglqkkbezwtttrizbauxbazcwmgpgwmctxqovfaykwnusthznbqzayrkopjfmzdmmpgitnndckybnygkryvyycsjjytzkvemcldsolh"
    "bseazxevdvlwjwlpzlosdchslwwtndzuhrvjznbjsivgotnmlpvqebsqaeprzdyljcokzdxxkssyuffhbsewwritlpytdxwyedmpqwdnkvbafm"
    "omjbrzcewzyunwzdtqzgebubzcsxmifiaioeaaqcyggyxcugnwdflroksjugomhyyunxlavehrutvywubq\"},\"bid\":null}",
    "{\"event_type\":2,\"person\":null,\"auction\":null,\"bid\":{\"auction\":1000,\"bidder\":1001,\"price\":55004,\"channel\":\"Appl"
    "e\",\"url\":\"https://www.nexmark.com/cpe/hmpy/x_r/item.htm?query=1\",\"dateTime\":\"2024-03-10 23:59:10\",\"extra\":\"ivf"
    "annjyxhswciciwmxhnpvfmbbccimccpipckcawaatotvuaxugzjgtmksyiwuahbfjp\"}}",
    "{\"event_type\":2,\"person\":null,\"auction\":null,\"bid\":{\"auction\":1000,\"bidder\":1001,\"price\":33768,\"channel\":\"Baid"
    "u\",\"url\":\"https://www.nexmark.com/cpe/mpy/bre/item.htm?query=1\",\"dateTime\":\"2024-03-10 23:59:10\",\"extra\":\"dbjh"
    "jicwibdjrtkbkejbyiqsduwhprhxhjhrzfodjvwswtlnzodzdqyrjbl\"}}",
    "{\"event_type\":2,\"person\":null,\"auction\":null,\"bid\":{\"auction\":2100,\"bidder\":1301,\"price\":2624937,\"channel\":\"Ba"
    "idu\",\"url\":\"https://www.nexmark.com/cpe/mpy/bre/item.htm?query=1\",\"dateTime\":\"2024-03-10 23:59:11.999\",\"extra\""
    ":\"jzwobshiuelimiqqfonmcsbprxunonxrsocxmsxuwzdkacxvfjbtnnyazywwcxvjfvkpbiisjm\"}}",
};

static void nexmark(void **state) {
    (void)state;
    weir_table_column columns[4];
    nexmark_columns(columns);
    const char *rows = read_table(make_table(columns, 4, "connector", "nexmark", "events.num", "20000", NULL));
    if (rows == NULL)
        fail_msg("%s", error.message);
    assert_int_equal(lines_in(rows), 20000);
    const char *at = rows;
    for (size_t i = 0; i < sizeof golden / sizeof *golden; i++) {
        if (i == 6)
            for (int skipped = 6; skipped < 19999; skipped++)
                at = strchr(at, '\n') + 1;
        assert_memory_equal(at, golden[i], strlen(golden[i]));
        at = strchr(at, '\n') + 1;
    }
    /* Projected: the same values without the rest. */
    weir_scan_spec scan;
    scan_of(make_table(columns, 4, "connector", "nexmark", "events.num", "6", NULL), &scan);
    static const bool price_only[] = {false, false, true, false, false, false, false};
    static const bool *const used[] = {price_only};
    weir_field bid[] = {scan.read.fields[3]};
    scan.read.fields = bid;
    scan.read.count = 1;
    scan.read.used_children = used;
    const char *bids = read_scan(&scan);
    assert_int_equal(lines_in(bids), 6);
    assert_non_null(strstr(bids, "{\"bid\":{\"auction\":null,\"bidder\":null,\"price\":55004,"));
    weir_table_column wrong[] = {COLUMN("colour", STRING)};
    assert_null(read_table(make_table(wrong, 1, "connector", "nexmark", NULL)));
    assert_non_null(strstr(error.message, "colour"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(ranges, setup, teardown),  cmocka_unit_test_setup_teardown(sequences, setup, teardown),
        cmocka_unit_test_setup_teardown(rate, setup, teardown),    cmocka_unit_test_setup_teardown(mistakes, setup, teardown),
        cmocka_unit_test_setup_teardown(nexmark, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
