/* The JSON functions against what Flink 2.3 answered to the same calls: one line is one recorded answer ("!": it failed). */
#include "func_check.h"

#define COUNT_OF(...) (sizeof((const weir_value[]){__VA_ARGS__}) / sizeof(weir_value))
#define LIST(...) list_of((const weir_value[]){__VA_ARGS__}, COUNT_OF(__VA_ARGS__))
#define PAIRS(...) map_of((const weir_value[]){__VA_ARGS__}, COUNT_OF(__VA_ARGS__))
#define TUPLE(...) tuple_of((const weir_value[]){__VA_ARGS__}, COUNT_OF(__VA_ARGS__))

static weir_value map_of(const weir_value *items, uint32_t count) {
    weir_value *copy = WEIR_ARENA_ARRAY(&check_arena, weir_value, count);
    memcpy(copy, items, count * sizeof(*items));
    const weir_type *key = items[0].type, *value = items[1].type;
    for (uint32_t i = 2; i < count; i += 2) {
        key = weir_type_common(&check_arena, key, items[i].type);
        value = weir_type_common(&check_arena, value, items[i + 1].type);
    }
    return (weir_value){.type = weir_type_map(&check_arena, key, value, false), .as.nested = {copy, count}};
}

static weir_value tuple_of(const weir_value *items, uint32_t count) {
    weir_value *copy = WEIR_ARENA_ARRAY(&check_arena, weir_value, count);
    memcpy(copy, items, count * sizeof(*items));
    weir_field fields[8] = {0};
    for (uint32_t i = 0; i < count; i++)
        fields[i] = (weir_field){.name = weir_arena_format(&check_arena, "EXPR$%u", i), .type = items[i].type};
    return (weir_value){.type = weir_type_row(&check_arena, fields, count, false), .as.nested = {copy, count}};
}

static weir_value instant(int64_t microseconds, int32_t precision) {
    return (weir_value){.type = weir_type_sized(&check_arena, WEIR_KIND_TIMESTAMP_LTZ, precision, true), .as.integer = microseconds};
}

static weir_value no_text(void) { return (weir_value){.type = weir_type_string(true), .is_null = true}; }
static weir_value no_value(void) { return (weir_value){.type = weir_type_simple(WEIR_KIND_NULL, true), .is_null = true}; }
/* JSON_VALUE without RETURNING, ON EMPTY and ON ERROR */
#define PLAIN no_text(), word("NULL"), no_value(), word("NULL"), no_value()

static const char *document_text;
static weir_value document(void) { return text(document_text); }

static void json_value_first(void **state) {
    (void)state;
    document_text = "{\"a\":{\"b\":1},\"arr\":[1,2,{\"k\":\"v\"}],\"s\":\"str\",\"n\":null,\"t\":true,\"d\":1.50,\"big\":"
                    "12345678901234567890,\"e\":1e3,\"u\":\"\\u00e9\\n\",\"o\":{\"x\":1,\"y\":[]}}";
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "JSON_VALUE", document(), text("$.a"), PLAIN);
    GIVES_TYPED("1", "VARCHAR(2147483647)", "JSON_VALUE", document(), text("$.a.b"), PLAIN);
    GIVES_TYPED("1", "VARCHAR(2147483647)", "JSON_VALUE", document(), text("$.arr[0]"), PLAIN);
    GIVES_TYPED("v", "VARCHAR(2147483647)", "JSON_VALUE", document(), text("$.arr[2].k"), PLAIN);
    GIVES_TYPED("v", "VARCHAR(2147483647)", "JSON_VALUE", document(), text("$.arr[-1].k"), PLAIN);
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "JSON_VALUE", document(), text("$.arr[last]"), PLAIN);
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "JSON_VALUE", document(), text("$.arr[9]"), PLAIN);
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "JSON_VALUE", document(), text("lax $.arr[9]"), PLAIN);
    GIVES_TYPED("str", "VARCHAR(2147483647)", "JSON_VALUE", document(), text("$.s"), PLAIN);
    GIVES_TYPED("str", "VARCHAR(2147483647)", "JSON_VALUE", document(), text("$[\"s\"]"), PLAIN);
    GIVES_TYPED("str", "VARCHAR(2147483647)", "JSON_VALUE", document(), text("$['s']"), PLAIN);
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "JSON_VALUE", document(), text("$.n"), PLAIN);
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "JSON_VALUE", document(), text("$.n"), no_text(), word("DEFAULT"), text("dd"), word("NULL"),
                no_value());
    GIVES_TYPED("dd", "VARCHAR(2147483647)", "JSON_VALUE", document(), text("lax $.n"), no_text(), word("DEFAULT"), text("dd"),
                word("NULL"), no_value());
    GIVES_TYPED("true", "VARCHAR(2147483647)", "JSON_VALUE", document(), text("$.t"), PLAIN);
    GIVES_TYPED("1.50", "VARCHAR(2147483647)", "JSON_VALUE", document(), text("$.d"), PLAIN);
    GIVES_TYPED("12345678901234567890", "VARCHAR(2147483647)", "JSON_VALUE", document(), text("$.big"), PLAIN);
    GIVES_TYPED("1E+3", "VARCHAR(2147483647)", "JSON_VALUE", document(), text("$.e"), PLAIN);
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "JSON_VALUE", document(), text("$..b"), PLAIN);
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "JSON_VALUE", document(), text("lax $..b"), PLAIN);
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "JSON_VALUE", document(), text("$.*"), PLAIN);
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "JSON_VALUE", document(), text("lax $.arr[*]"), PLAIN);
    GIVES_TYPED("1.5", "DOUBLE", "JSON_VALUE", document(), text("$.d"),
                (weir_value){.type = weir_type_simple(WEIR_KIND_DOUBLE, true), .is_null = true}, word("NULL"), no_value(), word("NULL"),
                no_value());
    GIVES_TYPED("TRUE", "BOOLEAN", "JSON_VALUE", document(), text("$.t"),
                (weir_value){.type = weir_type_simple(WEIR_KIND_BOOLEAN, true), .is_null = true}, word("NULL"), no_value(), word("NULL"),
                no_value());
    GIVES_TYPED("1", "INT", "JSON_VALUE", document(), text("$.arr[0]"),
                (weir_value){.type = weir_type_simple(WEIR_KIND_INT, true), .is_null = true}, word("NULL"), no_value(), word("NULL"),
                no_value());
    GIVES_TYPED("1", "VARCHAR(2147483647)", "JSON_VALUE", document(), text("$.arr[0]"), PLAIN);
    GIVES("!", "JSON_VALUE", document(), text("$.arr[0]"), (weir_value){.type = weir_type_simple(WEIR_KIND_DOUBLE, true), .is_null = true},
          word("NULL"), no_value(), word("NULL"), no_value());
    GIVES("!", "JSON_VALUE", document(), text("$.arr[0]"), (weir_value){.type = weir_type_simple(WEIR_KIND_BIGINT, true), .is_null = true},
          word("NULL"), no_value(), word("NULL"), no_value());
    GIVES("!", "JSON_VALUE", document(), text("$.s"), (weir_value){.type = weir_type_simple(WEIR_KIND_INT, true), .is_null = true},
          word("NULL"), no_value(), word("NULL"), no_value());
    GIVES("!", "JSON_VALUE", document(), text("$.s"), (weir_value){.type = weir_type_simple(WEIR_KIND_BOOLEAN, true), .is_null = true},
          word("NULL"), no_value(), word("NULL"), no_value());
    GIVES("!", "JSON_VALUE", document(), text("$.arr[0]"),
          (weir_value){.type = weir_type_decimal(&check_arena, 10, 2, true), .is_null = true}, word("NULL"), no_value(), word("NULL"),
          no_value());
    GIVES("!", "JSON_VALUE", document(), text("$.s"), (weir_value){.type = weir_type_simple(WEIR_KIND_DATE, true), .is_null = true},
          word("NULL"), no_value(), word("NULL"), no_value());
    GIVES_TYPED("1", "VARCHAR(3)", "JSON_VALUE", document(), text("$.arr[0]"),
                (weir_value){.type = weir_type_sized(&check_arena, WEIR_KIND_VARCHAR, 3, true), .is_null = true}, word("NULL"), no_value(),
                word("NULL"), no_value());
    GIVES_TYPED("NULL", "INT", "JSON_VALUE", document(), text("$.nope"),
                (weir_value){.type = weir_type_simple(WEIR_KIND_INT, true), .is_null = true}, word("DEFAULT"), num(5), word("NULL"),
                no_value());
    GIVES_TYPED("5", "INT", "JSON_VALUE", document(), text("lax $.nope"),
                (weir_value){.type = weir_type_simple(WEIR_KIND_INT, true), .is_null = true}, word("DEFAULT"), num(5), word("NULL"),
                no_value());
    GIVES_TYPED("NULL", "INT", "JSON_VALUE", document(), text("lax $.nope"),
                (weir_value){.type = weir_type_simple(WEIR_KIND_INT, true), .is_null = true}, word("NULL"), no_value(), word("DEFAULT"),
                num(6));
    GIVES_TYPED("6", "INT", "JSON_VALUE", document(), text("strict $.nope"),
                (weir_value){.type = weir_type_simple(WEIR_KIND_INT, true), .is_null = true}, word("NULL"), no_value(), word("DEFAULT"),
                num(6));
    GIVES("!", "JSON_VALUE", document(), text("strict $.nope"), no_text(), word("NULL"), no_value(), word("ERROR"), no_value());
    GIVES("!", "JSON_VALUE", document(), text("lax $.nope"), no_text(), word("ERROR"), no_value(), word("NULL"), no_value());
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "JSON_VALUE", document(), text("lax $.nope"), no_text(), word("NULL"), no_value(),
                word("ERROR"), no_value());
    GIVES("!", "JSON_VALUE", document(), text("lax $.nope"), no_text(), word("ERROR"), no_value(), word("NULL"), no_value());
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "JSON_VALUE", text("not json"), text("lax $.nope"), PLAIN);
    GIVES("!", "JSON_VALUE", text("not json"), text("$.nope"), no_text(), word("NULL"), no_value(), word("ERROR"), no_value());
    GIVES_TYPED("str", "VARCHAR(2147483647)", "JSON_VALUE", text("\"str\""), text("$"), PLAIN);
    GIVES_TYPED("12", "VARCHAR(2147483647)", "JSON_VALUE", text("12"), text("$"), PLAIN);
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "JSON_VALUE", text(""), text("$"), PLAIN);
    GIVES_TYPED("1", "VARCHAR(2147483647)", "JSON_VALUE", text("{\"a\":1} x"), text("$.a"), PLAIN);
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "JSON_VALUE", text("{a:1}"), text("$.a"), PLAIN);
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "JSON_VALUE", text("{\"a\":1,}"), text("$.a"), PLAIN);
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "JSON_VALUE", text("{'a':1}"), text("$.a"), PLAIN);
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "JSON_VALUE", text("[1,2"), text("$[0]"), PLAIN);
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "JSON_VALUE", text("{\"a\":01}"), text("$.a"), PLAIN);
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "JSON_VALUE", text("{\"a\":NaN}"), text("$.a"), PLAIN);
    GIVES_TYPED("2", "VARCHAR(2147483647)", "JSON_VALUE", text("{\"a\":1,\"a\":2}"), text("$.a"), PLAIN);
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "JSON_VALUE", document(), text("bogus path"), PLAIN);
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "JSON_VALUE", document(), text("$."), PLAIN);
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "JSON_VALUE", document(), text("$["), PLAIN);
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "JSON_VALUE", document(), text(""), PLAIN);
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "JSON_VALUE", document(), text("a"), PLAIN);
    GIVES_TYPED("str", "VARCHAR(2147483647)", "JSON_VALUE", document(), text("LAX $.s"), PLAIN);
    GIVES_TYPED("str", "VARCHAR(2147483647)", "JSON_VALUE", document(), text("  strict   $.s  "), PLAIN);
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "JSON_VALUE", document(), null_text(), PLAIN);
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "JSON_VALUE", null_text(), text("$.s"), PLAIN);
    GIVES("!", "JSON_VALUE", num(1), text("$.s"), PLAIN);
    GIVES_TYPED("str", "VARCHAR(2147483647)", "JSON_VALUE", document(), text("$.s"), no_text(), word("DEFAULT"), num(1), word("NULL"),
                no_value());
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "JSON_VALUE", document(), text("lax $.nope"), no_text(), word("DEFAULT"), null_text(),
                word("NULL"), no_value());
    GIVES_TYPED("3", "VARCHAR(2147483647)", "JSON_VALUE", document(), text("$.arr.length()"), PLAIN);
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "JSON_VALUE", document(), text("$.arr[?(@.k=='v')].k"), PLAIN);
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "JSON_VALUE", document(), text("lax $.arr[?(@.k=='v')].k"), PLAIN);
}

static void json_query_first(void **state) {
    (void)state;
    document_text = "{\"a\":{\"b\":1},\"arr\":[1,2,{\"k\":\"v\"}],\"s\":\"str\",\"n\":null,\"t\":true,\"d\":1.50,\"big\":"
                    "12345678901234567890,\"e\":1e3,\"u\":\"\\u00e9\\n\",\"o\":{\"x\":1,\"y\":[]}}";
    GIVES("[[2]]", "JSON_QUERY", document(), text("$.arr[?(@ > 1)]"), no_text(), word("UNCONDITIONAL"), word("NULL"), word("NULL"));
    GIVES_TYPED("[[1,2]]", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("$.arr[0,1]"), no_text(), word("UNCONDITIONAL"),
                word("NULL"), word("NULL"));
    GIVES_TYPED("[[1,2]]", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("$.arr[0:2]"), no_text(), word("UNCONDITIONAL"),
                word("NULL"), word("NULL"));
    GIVES_TYPED("[1,2]", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("$.arr[0:2]"), no_text(), word("WITHOUT"), word("NULL"),
                word("NULL"));
    GIVES_TYPED("[2,{\"k\":\"v\"}]", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("$.arr[1:]"), no_text(), word("WITHOUT"),
                word("NULL"), word("NULL"));
    GIVES_TYPED("{\"k\":\"v\"}", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("$.arr[-1]"), no_text(), word("WITHOUT"),
                word("NULL"), word("NULL"));
    GIVES_TYPED("[1]", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("$.arr[:1]"), no_text(), word("WITHOUT"), word("NULL"),
                word("NULL"));
    GIVES_TYPED("[1,2,{\"k\":\"v\"}]", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("$.arr[*]"), no_text(), word("WITHOUT"),
                word("NULL"), word("NULL"));
    GIVES_TYPED("[[1,2,{\"k\":\"v\"}]]", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("$.arr[*]"), no_text(),
                word("UNCONDITIONAL"), word("NULL"), word("NULL"));
    GIVES_TYPED("[1,2,{\"k\":\"v\"}]", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("$.arr[*]"), no_text(), word("CONDITIONAL"),
                word("NULL"), word("NULL"));
    GIVES_TYPED("[[\"v\"]]", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("$.arr[*].k"), no_text(), word("UNCONDITIONAL"),
                word("NULL"), word("NULL"));
    GIVES_TYPED("[[\"v\"]]", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("lax $.arr[*].k"), no_text(), word("UNCONDITIONAL"),
                word("NULL"), word("NULL"));
    GIVES_TYPED("[[1,[]]]", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("$.o.*"), no_text(), word("UNCONDITIONAL"), word("NULL"),
                word("NULL"));
    GIVES_TYPED("[[1]]", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("$..x"), no_text(), word("UNCONDITIONAL"), word("NULL"),
                word("NULL"));
    GIVES_TYPED("[{\"b\":1},[1,2,{\"k\":\"v\"}],\"str\",null,true,1.50,12345678901234567890,1E+3,\"é\\n\",{\"x\":1,\"y\":[]},1,1,2,{\"k\":"
                "\"v\"},\"v\",1,[]]",
                "VARCHAR(2147483647)", "JSON_QUERY", document(), text("$..*"), no_text(), word("WITHOUT"), word("NULL"), word("NULL"));
    GIVES_TYPED("{\"d\":1.50,\"s\":\"str\"}", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("$['s','d']"), no_text(),
                word("WITHOUT"), word("NULL"), word("NULL"));
    GIVES_TYPED("[1.50]", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("$.d"), no_text(), word("UNCONDITIONAL"), word("NULL"),
                word("NULL"));
    GIVES_TYPED("[12345678901234567890]", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("$.big"), no_text(), word("UNCONDITIONAL"),
                word("NULL"), word("NULL"));
    GIVES_TYPED("[1E+3]", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("$.e"), no_text(), word("UNCONDITIONAL"), word("NULL"),
                word("NULL"));
    GIVES_TYPED("[\"é\\n\"]", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("$.u"), no_text(), word("UNCONDITIONAL"), word("NULL"),
                word("NULL"));
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("$.n"), no_text(), word("UNCONDITIONAL"), word("NULL"),
                word("NULL"));
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("$.n"), no_text(), word("WITHOUT"), word("NULL"),
                word("NULL"));
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("$.n"), no_text(), word("CONDITIONAL"), word("NULL"),
                word("NULL"));
    GIVES_TYPED("[{\"x\":1,\"y\":[]}]", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("$.o"), no_text(), word("CONDITIONAL"),
                word("NULL"), word("NULL"));
    GIVES_TYPED("[\"str\"]", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("$.s"), no_text(), word("CONDITIONAL"), word("NULL"),
                word("NULL"));
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("$.s"), no_text(), word("WITHOUT"), word("NULL"),
                word("NULL"));
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("$.s"), no_text(), word("WITHOUT"), word("NULL"),
                word("NULL"));
    GIVES_TYPED("[\"str\"]", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("$.s"), no_text(), word("UNCONDITIONAL"), word("NULL"),
                word("NULL"));
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("$.nope"), no_text(), word("WITHOUT"), word("EMPTY ARRAY"),
                word("NULL"));
    GIVES_TYPED("[]", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("lax $.nope"), no_text(), word("WITHOUT"), word("EMPTY ARRAY"),
                word("NULL"));
    GIVES_TYPED("{}", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("lax $.nope"), no_text(), word("WITHOUT"), word("EMPTY OBJECT"),
                word("NULL"));
    GIVES("!", "JSON_QUERY", document(), text("lax $.nope"), no_text(), word("WITHOUT"), word("ERROR"), word("NULL"));
    GIVES("!", "JSON_QUERY", document(), text("$.nope"), no_text(), word("WITHOUT"), word("NULL"), word("ERROR"));
    GIVES_TYPED("[]", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("$.nope"), no_text(), word("WITHOUT"), word("NULL"),
                word("EMPTY ARRAY"));
    GIVES("!", "JSON_QUERY", document(), text("$.s"), no_text(), word("WITHOUT"), word("NULL"), word("ERROR"));
    GIVES_TYPED("[]", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("lax $.nope"), no_text(), word("UNCONDITIONAL"),
                word("EMPTY ARRAY"), word("NULL"));
    GIVES_TYPED("[1, 2, {\"k\":\"v\"}]", "ARRAY<VARCHAR(2147483647)>", "JSON_QUERY", document(), text("$.arr"),
                (weir_value){.type = weir_type_array(&check_arena, weir_type_string(true), true), .is_null = true}, word("WITHOUT"),
                word("NULL"), word("NULL"));
    GIVES_TYPED("[]", "ARRAY<VARCHAR(2147483647)>", "JSON_QUERY", document(), text("$.o.y"),
                (weir_value){.type = weir_type_array(&check_arena, weir_type_string(true), true), .is_null = true}, word("WITHOUT"),
                word("NULL"), word("NULL"));
    GIVES_TYPED("[]", "ARRAY<VARCHAR(2147483647)>", "JSON_QUERY", document(), text("$.nope"),
                (weir_value){.type = weir_type_array(&check_arena, weir_type_string(true), true), .is_null = true}, word("WITHOUT"),
                word("NULL"), word("EMPTY ARRAY"));
    GIVES_TYPED("[]", "ARRAY<VARCHAR(2147483647)>", "JSON_QUERY", document(), text("lax $.nope"),
                (weir_value){.type = weir_type_array(&check_arena, weir_type_string(true), true), .is_null = true}, word("WITHOUT"),
                word("EMPTY ARRAY"), word("NULL"));
    GIVES_TYPED("NULL", "ARRAY<VARCHAR(2147483647)>", "JSON_QUERY", document(), text("$.o"),
                (weir_value){.type = weir_type_array(&check_arena, weir_type_string(true), true), .is_null = true}, word("WITHOUT"),
                word("NULL"), word("NULL"));
    GIVES("!", "JSON_QUERY", document(), text("$.o"),
          (weir_value){.type = weir_type_array(&check_arena, weir_type_string(true), true), .is_null = true}, word("WITHOUT"), word("NULL"),
          word("ERROR"));
    GIVES("!", "JSON_QUERY", document(), text("$.arr"),
          (weir_value){.type = weir_type_array(&check_arena, weir_type_simple(WEIR_KIND_INT, true), true), .is_null = true},
          word("WITHOUT"), word("NULL"), word("NULL"));
    GIVES_TYPED("[1,2,{\"k\":\"v\"}]", "VARCHAR(5)", "JSON_QUERY", document(), text("$.arr"),
                (weir_value){.type = weir_type_sized(&check_arena, WEIR_KIND_VARCHAR, 5, true), .is_null = true}, word("WITHOUT"),
                word("NULL"), word("NULL"));
    GIVES_TYPED("[1, NULL, x, {\"a\":1.50,\"b\":2}, [1,2], true]", "ARRAY<VARCHAR(2147483647)>", "JSON_QUERY",
                text("[1,null,\"x\",{\"b\":2,\"a\":1.50},[1, 2],true]"), text("$"),
                (weir_value){.type = weir_type_array(&check_arena, weir_type_string(true), true), .is_null = true}, word("WITHOUT"),
                word("NULL"), word("NULL"));
    GIVES_TYPED("[1,null,\"x\",{\"a\":1.50,\"b\":2},[1,2],true]", "VARCHAR(2147483647)", "JSON_QUERY",
                text("[1,null,\"x\",{\"b\":2,\"a\":1.50},[1, 2],true]"), text("$"), no_text(), word("WITHOUT"), word("NULL"), word("NULL"));
    GIVES_TYPED("[]", "VARCHAR(2147483647)", "JSON_QUERY", text("not json"), text("$"), no_text(), word("WITHOUT"), word("NULL"),
                word("EMPTY ARRAY"));
    GIVES_TYPED("[12]", "VARCHAR(2147483647)", "JSON_QUERY", text("12"), text("$"), no_text(), word("UNCONDITIONAL"), word("NULL"),
                word("NULL"));
}

static void json_exists_first(void **state) {
    (void)state;
    document_text = "{\"a\":{\"b\":1},\"arr\":[1,2,{\"k\":\"v\"}],\"s\":\"str\",\"n\":null,\"t\":true,\"d\":1.50,\"big\":"
                    "12345678901234567890,\"e\":1e3,\"u\":\"\\u00e9\\n\",\"o\":{\"x\":1,\"y\":[]}}";
    GIVES_TYPED("TRUE", "BOOLEAN", "JSON_EXISTS", document(), text("$.a"), word("FALSE"));
    GIVES_TYPED("FALSE", "BOOLEAN", "JSON_EXISTS", document(), text("$.nope"), word("FALSE"));
    GIVES_TYPED("FALSE", "BOOLEAN", "JSON_EXISTS", document(), text("lax $.nope"), word("FALSE"));
    GIVES("!", "JSON_EXISTS", document(), text("$.nope"), word("ERROR"));
    GIVES_TYPED("FALSE", "BOOLEAN", "JSON_EXISTS", document(), text("$.n"), word("FALSE"));
    GIVES_TYPED("FALSE", "BOOLEAN", "JSON_EXISTS", document(), text("lax $.n"), word("FALSE"));
    GIVES_TYPED("TRUE", "BOOLEAN", "JSON_EXISTS", document(), text("$.arr[*].k"), word("FALSE"));
    GIVES_TYPED("TRUE", "BOOLEAN", "JSON_EXISTS", document(), text("$.arr[?(@.k=='zz')]"), word("FALSE"));
    GIVES_TYPED("FALSE", "BOOLEAN", "JSON_EXISTS", text("bad"), text("$.a"), word("FALSE"));
    GIVES_TYPED("TRUE", "BOOLEAN", "JSON_EXISTS", text("bad"), text("$.a"), word("TRUE"));
    GIVES("!", "JSON_EXISTS", text("bad"), text("$.a"), word("ERROR"));
    GIVES_TYPED("NULL", "BOOLEAN", "JSON_EXISTS", text("bad"), text("$.a"), word("UNKNOWN"));
    GIVES_TYPED("NULL", "BOOLEAN", "JSON_EXISTS", null_text(), text("$.a"), word("TRUE"));
    GIVES_TYPED("FALSE", "BOOLEAN", "JSON_EXISTS", text(""), text("$"), word("FALSE"));
}

static void is_json_first(void **state) {
    (void)state;
    document_text = "{\"a\":{\"b\":1},\"arr\":[1,2,{\"k\":\"v\"}],\"s\":\"str\",\"n\":null,\"t\":true,\"d\":1.50,\"big\":"
                    "12345678901234567890,\"e\":1e3,\"u\":\"\\u00e9\\n\",\"o\":{\"x\":1,\"y\":[]}}";
    GIVES_TYPED("TRUE", "BOOLEAN NOT NULL", "IS JSON VALUE", document());
    GIVES_TYPED("TRUE", "BOOLEAN NOT NULL", "IS JSON VALUE", document());
    GIVES_TYPED("TRUE", "BOOLEAN NOT NULL", "IS JSON OBJECT", document());
    GIVES_TYPED("FALSE", "BOOLEAN NOT NULL", "IS JSON ARRAY", document());
    GIVES_TYPED("FALSE", "BOOLEAN NOT NULL", "IS JSON SCALAR", document());
    GIVES_TYPED("TRUE", "BOOLEAN NOT NULL", "IS NOT JSON ARRAY", document());
    GIVES_TYPED("TRUE", "BOOLEAN NOT NULL", "IS JSON SCALAR", text("1"));
    GIVES_TYPED("TRUE", "BOOLEAN NOT NULL", "IS JSON ARRAY", text("[]"));
    GIVES_TYPED("TRUE", "BOOLEAN NOT NULL", "IS JSON SCALAR", text("\"a\""));
    GIVES_TYPED("TRUE", "BOOLEAN NOT NULL", "IS JSON VALUE", text("null"));
    GIVES_TYPED("FALSE", "BOOLEAN NOT NULL", "IS JSON VALUE", text(""));
    GIVES_TYPED("FALSE", "BOOLEAN NOT NULL", "IS JSON VALUE", text("abc"));
    GIVES_TYPED("TRUE", "BOOLEAN NOT NULL", "IS NOT JSON VALUE", text("abc"));
    GIVES_TYPED("FALSE", "BOOLEAN NOT NULL", "IS JSON VALUE", text("{a:1}"));
    GIVES_TYPED("TRUE", "BOOLEAN NOT NULL", "IS JSON VALUE", text("{\"a\":1} "));
    GIVES_TYPED("TRUE", "BOOLEAN NOT NULL", "IS JSON VALUE", text("{\"a\":1} x"));
    GIVES_TYPED("TRUE", "BOOLEAN NOT NULL", "IS JSON VALUE", text("{\"a\":1,\"a\":2}"));
    GIVES_TYPED("FALSE", "BOOLEAN NOT NULL", "IS JSON VALUE", text("[1,]"));
    GIVES_TYPED("FALSE", "BOOLEAN NOT NULL", "IS JSON VALUE", text("nan"));
    GIVES_TYPED("FALSE", "BOOLEAN NOT NULL", "IS JSON VALUE", text("01"));
    GIVES_TYPED("TRUE", "BOOLEAN NOT NULL", "IS JSON VALUE", text("1 2"));
    GIVES_TYPED("FALSE", "BOOLEAN NOT NULL", "IS JSON VALUE", null_text());
    GIVES_TYPED("TRUE", "BOOLEAN NOT NULL", "IS NOT JSON VALUE", null_text());
    GIVES("!", "IS JSON VALUE", num(1));
}

static void json_quote_first(void **state) {
    (void)state;
    GIVES_TYPED("\"a\\\"b\\\\c\\/d\"", "VARCHAR(2147483647) NOT NULL", "JSON_QUOTE", text("a\"b\\c/d"));
    GIVES_TYPED("\"\\u00e9\\u1f600\\ude00\"", "VARCHAR(2147483647) NOT NULL", "JSON_QUOTE", text("é😀"));
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "JSON_QUOTE", null_text());
}

static void json_unquote_first(void **state) {
    (void)state;
    GIVES_TYPED("abc", "VARCHAR(2147483647) NOT NULL", "JSON_UNQUOTE", text("\"abc\""));
    GIVES_TYPED("abc", "VARCHAR(2147483647) NOT NULL", "JSON_UNQUOTE", text("abc"));
    GIVES_TYPED("\"abc", "VARCHAR(2147483647) NOT NULL", "JSON_UNQUOTE", text("\"abc"));
    GIVES_TYPED("{\"a\": 1}", "VARCHAR(2147483647) NOT NULL", "JSON_UNQUOTE", text("{\"a\": 1}"));
    GIVES_TYPED("\"bad\\q\"", "VARCHAR(2147483647) NOT NULL", "JSON_UNQUOTE", text("\"bad\\q\""));
    GIVES_TYPED("", "VARCHAR(2147483647) NOT NULL", "JSON_UNQUOTE", text("\"\""));
    GIVES_TYPED("/", "VARCHAR(2147483647) NOT NULL", "JSON_UNQUOTE", text("\"\\/\""));
    GIVES_TYPED("😀", "VARCHAR(2147483647) NOT NULL", "JSON_UNQUOTE", text("\"\\ud83d\\ude00\""));
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "JSON_UNQUOTE", null_text());
    GIVES_TYPED("a\"b", "VARCHAR(2147483647) NOT NULL", "JSON_UNQUOTE", text("\"a\"b\""));
    GIVES_TYPED(" \"ab\" ", "VARCHAR(2147483647) NOT NULL", "JSON_UNQUOTE", text(" \"ab\" "));
}

static void json_value_second(void **state) {
    (void)state;
    document_text = "{\"a\":{\"b\":1},\"arr\":[1,2,{\"k\":\"v\",\"p\":5},{\"k\":\"w\",\"p\":7.5}],\"s\":\"str\",\"n\":null,\"t\":true,"
                    "\"o\":{\"x\":1,\"y\":[]},\"nested\":[[1,2],[3]],\"a b\":4,\"we'ird\":5}";
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "JSON_VALUE", document(), text("strict $.n"), no_text(), word("DEFAULT"), text("dd"),
                word("NULL"), no_value());
    GIVES_TYPED("dd", "VARCHAR(2147483647)", "JSON_VALUE", document(), text("strict $.n"), no_text(), word("NULL"), no_value(),
                word("DEFAULT"), text("dd"));
    GIVES_TYPED("dd", "VARCHAR(2147483647)", "JSON_VALUE", document(), text("$.n"), no_text(), word("NULL"), no_value(), word("DEFAULT"),
                text("dd"));
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "JSON_VALUE", document(), text("$.a"), no_text(), word("DEFAULT"), text("dd"), word("NULL"),
                no_value());
    GIVES_TYPED("dd", "VARCHAR(2147483647)", "JSON_VALUE", document(), text("lax $.a"), no_text(), word("DEFAULT"), text("dd"),
                word("NULL"), no_value());
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "JSON_VALUE", document(), text("lax $.a"), no_text(), word("NULL"), no_value(),
                word("DEFAULT"), text("dd"));
    GIVES("!", "JSON_VALUE", document(), text("strict $.a"), no_text(), word("NULL"), no_value(), word("ERROR"), no_value());
    GIVES("!", "JSON_VALUE", document(), text("$.a"), no_text(), word("NULL"), no_value(), word("ERROR"), no_value());
    GIVES("!", "JSON_VALUE", document(), text("lax $.a"), no_text(), word("ERROR"), no_value(), word("NULL"), no_value());
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "JSON_VALUE", document(), text("$.s.x"), PLAIN);
    GIVES("!", "JSON_VALUE", document(), text("$.s.x"), no_text(), word("NULL"), no_value(), word("ERROR"), no_value());
    GIVES("!", "JSON_VALUE", document(), text("$.s[0]"), no_text(), word("NULL"), no_value(), word("ERROR"), no_value());
    GIVES("!", "JSON_VALUE", document(), text("$.a[0]"), no_text(), word("NULL"), no_value(), word("ERROR"), no_value());
    GIVES("!", "JSON_VALUE", document(), text("$.arr.k"), no_text(), word("NULL"), no_value(), word("ERROR"), no_value());
    GIVES("!", "JSON_VALUE", document(), text("$.arr[99]"), no_text(), word("NULL"), no_value(), word("ERROR"), no_value());
    GIVES("!", "JSON_VALUE", document(), text("$.arr[-99]"), no_text(), word("NULL"), no_value(), word("ERROR"), no_value());
    GIVES("!", "JSON_VALUE", document(), text("$.n.x"), no_text(), word("NULL"), no_value(), word("ERROR"), no_value());
    GIVES("!", "JSON_VALUE", document(), text("bogus"), no_text(), word("NULL"), no_value(), word("ERROR"), no_value());
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "JSON_VALUE", document(), text("$.a b"), PLAIN);
    GIVES_TYPED("4", "VARCHAR(2147483647)", "JSON_VALUE", document(), text("$['a b']"), PLAIN);
    GIVES_TYPED("5", "VARCHAR(2147483647)", "JSON_VALUE", document(), text("$[\"we'ird\"]"), PLAIN);
    GIVES_TYPED("5", "VARCHAR(2147483647)", "JSON_VALUE", document(), text("$['we\\'ird']"), PLAIN);
    GIVES_TYPED("str", "VARCHAR(2147483647)", "JSON_VALUE", document(), text("@.s"), PLAIN);
    GIVES_TYPED("str", "VARCHAR(2147483647)", "JSON_VALUE", document(), text("s"), PLAIN);
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "JSON_VALUE", document(), text("s.x"), PLAIN);
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "JSON_VALUE", document(), text("$s"), PLAIN);
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "JSON_VALUE", document(), text("$ .s"), PLAIN);
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "JSON_VALUE", document(), text("$. s"), PLAIN);
    GIVES_TYPED("str", "VARCHAR(2147483647)", "JSON_VALUE", document(), text("$.s "), PLAIN);
    GIVES_TYPED("1", "VARCHAR(2147483647)", "JSON_VALUE", document(), text("$.arr[ 0 ]"), PLAIN);
    GIVES_TYPED("1", "VARCHAR(2147483647)", "JSON_VALUE", document(), text("$.arr.[0]"), PLAIN);
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "JSON_VALUE", document(), text("$..[0]"), PLAIN);
    GIVES_TYPED("e", "VARCHAR(2147483647)", "JSON_VALUE", text("bad"), text("lax $.n"), no_text(), word("DEFAULT"), text("e"),
                word("DEFAULT"), text("r"));
    GIVES_TYPED("r", "VARCHAR(2147483647)", "JSON_VALUE", text("bad"), text("$.n"), no_text(), word("DEFAULT"), text("e"), word("DEFAULT"),
                text("r"));
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "JSON_VALUE", text("bad"), text("lax $.n"), no_text(), word("NULL"), no_value(),
                word("DEFAULT"), text("r"));
    GIVES_TYPED("1.0", "VARCHAR(2147483647)", "JSON_VALUE", text("1.0"), text("$"), PLAIN);
    GIVES_TYPED("0", "VARCHAR(2147483647)", "JSON_VALUE", text("-0"), text("$"), PLAIN);
    GIVES_TYPED("1E+400", "VARCHAR(2147483647)", "JSON_VALUE", text("1e400"), text("$"), PLAIN);
    GIVES_TYPED("1.2E-7", "VARCHAR(2147483647)", "JSON_VALUE", text("0.00000012"), text("$"), PLAIN);
    GIVES_TYPED("0.0015", "VARCHAR(2147483647)", "JSON_VALUE", text("1.5E-3"), text("$"), PLAIN);
    GIVES("!", "JSON_VALUE", text("123456789012"), text("$"), (weir_value){.type = weir_type_simple(WEIR_KIND_INT, true), .is_null = true},
          word("NULL"), no_value(), word("NULL"), no_value());
    GIVES("!", "JSON_VALUE", text("1.5"), text("$"), (weir_value){.type = weir_type_simple(WEIR_KIND_INT, true), .is_null = true},
          word("NULL"), no_value(), word("NULL"), no_value());
    GIVES("!", "JSON_VALUE", text("1.5"), text("$"), (weir_value){.type = weir_type_simple(WEIR_KIND_BOOLEAN, true), .is_null = true},
          word("NULL"), no_value(), word("NULL"), no_value());
    GIVES("!", "JSON_VALUE", text("\"1\""), text("$"), (weir_value){.type = weir_type_simple(WEIR_KIND_DOUBLE, true), .is_null = true},
          word("NULL"), no_value(), word("NULL"), no_value());
    GIVES_TYPED("true", "VARCHAR(2147483647)", "JSON_VALUE", text("true"), text("$"), PLAIN);
    GIVES_TYPED("100000.0", "DOUBLE", "JSON_VALUE", text("1e5"), text("$"),
                (weir_value){.type = weir_type_simple(WEIR_KIND_DOUBLE, true), .is_null = true}, word("NULL"), no_value(), word("NULL"),
                no_value());
    GIVES("1.5", "JSON_VALUE", document(), text("$.nope"), (weir_value){.type = weir_type_simple(WEIR_KIND_DOUBLE, true), .is_null = true},
          word("NULL"), no_value(), word("DEFAULT"), dec("1.5", 2, 1));
    GIVES("1.0", "JSON_VALUE", document(), text("$.nope"), (weir_value){.type = weir_type_simple(WEIR_KIND_DOUBLE, true), .is_null = true},
          word("NULL"), no_value(), word("DEFAULT"), num(1));
    GIVES("!", "JSON_VALUE", document(), text("$.nope"), (weir_value){.type = weir_type_simple(WEIR_KIND_INT, true), .is_null = true},
          word("NULL"), no_value(), word("DEFAULT"), text("x"));
    GIVES_TYPED("TRUE", "BOOLEAN", "JSON_VALUE", document(), text("$.nope"),
                (weir_value){.type = weir_type_simple(WEIR_KIND_BOOLEAN, true), .is_null = true}, word("NULL"), no_value(), word("DEFAULT"),
                truth(true));
    GIVES_TYPED("5", "VARCHAR(2147483647)", "JSON_VALUE", document(), text("$.nope"), no_text(), word("NULL"), no_value(), word("DEFAULT"),
                num(5));
    GIVES_TYPED("2024-01-01", "VARCHAR(2147483647)", "JSON_VALUE", document(), text("$.nope"), no_text(), word("NULL"), no_value(),
                word("DEFAULT"), date("2024-01-01"));
    GIVES_TYPED("😀A/", "VARCHAR(2147483647)", "JSON_VALUE", text("\"\\ud83d\\ude00\\u0041\\/\\b\""), text("$"), PLAIN);
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "JSON_VALUE", text("\"bad\\q\""), text("$"), PLAIN);
    GIVES_TYPED("1", "VARCHAR(2147483647)", "JSON_VALUE", text("[1,2]//c"), text("$[0]"), PLAIN);
    GIVES_TYPED("1", "VARCHAR(2147483647)", "JSON_VALUE", text(" [1 , 2 ] "), text("$[0]"), PLAIN);
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "JSON_VALUE", text("[+1]"), text("$[0]"), PLAIN);
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "JSON_VALUE", text("[.5]"), text("$[0]"), PLAIN);
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "JSON_VALUE", text("[1.]"), text("$[0]"), PLAIN);
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "JSON_VALUE", text("[TRUE]"), text("$[0]"), PLAIN);
    GIVES_TYPED("1", "VARCHAR(2147483647)", "JSON_VALUE", text("{\"a\":{\"b\":{\"c\":1}}}"), text("$.a.b.c"), PLAIN);
    GIVES_TYPED("1", "VARCHAR(2147483647)", "JSON_VALUE", text("{\"a\":{\"b\":{\"c\":1}}}"), text("$['a']['b'].c"), PLAIN);
    GIVES_TYPED("1", "VARCHAR(2147483647)", "JSON_VALUE", text("{\"\":1}"), text("$['']"), PLAIN);
    GIVES_TYPED("1", "VARCHAR(2147483647)", "JSON_VALUE", text("{\"a.b\":1}"), text("$['a.b']"), PLAIN);
    GIVES_TYPED("1", "VARCHAR(2147483647)", "JSON_VALUE", text("{\"a-b\":1}"), text("$.a-b"), PLAIN);
    GIVES_TYPED("1", "VARCHAR(2147483647)", "JSON_VALUE", text("{\"é\":1}"), text("$.é"), PLAIN);
    GIVES_TYPED("1", "VARCHAR(2147483647)", "JSON_VALUE", text("{\"$a\":1}"), text("$.$a"), PLAIN);
    GIVES_TYPED("7", "VARCHAR(2147483647)", "JSON_VALUE", text("{\"1\":7}"), text("$.1"), PLAIN);
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "JSON_VALUE", text("{\"1\":7}"), text("$[1]"), PLAIN);
}

static void json_query_second(void **state) {
    (void)state;
    document_text = "{\"a\":{\"b\":1},\"arr\":[1,2,{\"k\":\"v\",\"p\":5},{\"k\":\"w\",\"p\":7.5}],\"s\":\"str\",\"n\":null,\"t\":true,"
                    "\"o\":{\"x\":1,\"y\":[]},\"nested\":[[1,2],[3]],\"a b\":4,\"we'ird\":5}";
    GIVES_TYPED("[1,[1,2],1,3]", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("$..[0]"), no_text(), word("WITHOUT"), word("NULL"),
                word("NULL"));
    GIVES_TYPED("[\"v\",\"w\"]", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("$..k"), no_text(), word("WITHOUT"), word("NULL"),
                word("NULL"));
    GIVES("[{\"k\":\"v\",\"p\":5},{\"k\":\"w\",\"p\":7.5}]", "JSON_QUERY", document(), text("$.arr[?(@.k)]"), no_text(), word("WITHOUT"),
          word("NULL"), word("NULL"));
    GIVES_TYPED("[{\"k\":\"v\",\"p\":5}]", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("$.arr[?(@.k == 'v')]"), no_text(),
                word("WITHOUT"), word("NULL"), word("NULL"));
    GIVES_TYPED("[{\"k\":\"v\",\"p\":5}]", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("$.arr[?(@.k == \"v\")]"), no_text(),
                word("WITHOUT"), word("NULL"), word("NULL"));
    GIVES_TYPED("[1,2,{\"k\":\"w\",\"p\":7.5}]", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("$.arr[?(@.k != 'v')]"), no_text(),
                word("WITHOUT"), word("NULL"), word("NULL"));
    GIVES_TYPED("[{\"k\":\"w\",\"p\":7.5}]", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("$.arr[?(@.p > 6)]"), no_text(),
                word("WITHOUT"), word("NULL"), word("NULL"));
    GIVES_TYPED("[\"v\",\"w\"]", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("$.arr[?(@.p >= 5)].k"), no_text(), word("WITHOUT"),
                word("NULL"), word("NULL"));
    GIVES_TYPED("[\"w\"]", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("$.arr[?(@.p >= 5 && @.k == 'w')].k"), no_text(),
                word("WITHOUT"), word("NULL"), word("NULL"));
    GIVES_TYPED("[\"v\",\"w\"]", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("$.arr[?(@.p == 5 || @.k == 'w')].k"), no_text(),
                word("WITHOUT"), word("NULL"), word("NULL"));
    GIVES_TYPED("[1,2,{\"k\":\"w\",\"p\":7.5}]", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("$.arr[?(!(@.p == 5))]"), no_text(),
                word("WITHOUT"), word("NULL"), word("NULL"));
    GIVES("[{\"k\":\"v\",\"p\":5}]", "JSON_QUERY", document(), text("$.arr[?(@.k in ['v','z'])]"), no_text(), word("WITHOUT"), word("NULL"),
          word("NULL"));
    GIVES_TYPED("[{\"k\":\"v\",\"p\":5}]", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("$.arr[?(@.k =~ /V/i)]"), no_text(),
                word("WITHOUT"), word("NULL"), word("NULL"));
    GIVES("[1]", "JSON_QUERY", document(), text("$.arr[?(@ == 1)]"), no_text(), word("WITHOUT"), word("NULL"), word("NULL"));
    GIVES_TYPED("[]", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("$.arr[?(@.p == null)]"), no_text(), word("WITHOUT"),
                word("NULL"), word("NULL"));
    GIVES_TYPED("[]", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("$.arr[?(@.p == true)]"), no_text(), word("WITHOUT"),
                word("NULL"), word("NULL"));
    GIVES_TYPED("[{\"k\":\"v\",\"p\":5},{\"k\":\"w\",\"p\":7.5}]", "VARCHAR(2147483647)", "JSON_QUERY", document(),
                text("$.arr[?(@.p > $.a.b)]"), no_text(), word("WITHOUT"), word("NULL"), word("NULL"));
    GIVES_TYPED("[1,{\"k\":\"v\",\"p\":5}]", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("$.arr[0,2]"), no_text(),
                word("WITHOUT"), word("NULL"), word("NULL"));
    GIVES_TYPED("[1]", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("$.arr[0,99]"), no_text(), word("WITHOUT"), word("NULL"),
                word("NULL"));
    GIVES_TYPED("[2,{\"k\":\"v\",\"p\":5}]", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("$.arr[1:3]"), no_text(),
                word("WITHOUT"), word("NULL"), word("NULL"));
    GIVES_TYPED("[{\"k\":\"v\",\"p\":5},{\"k\":\"w\",\"p\":7.5}]", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("$.arr[-2:]"),
                no_text(), word("WITHOUT"), word("NULL"), word("NULL"));
    GIVES_TYPED("[1,2]", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("$.arr[:-2]"), no_text(), word("WITHOUT"), word("NULL"),
                word("NULL"));
    GIVES_TYPED("[]", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("$.arr[5:9]"), no_text(), word("WITHOUT"), word("NULL"),
                word("NULL"));
    GIVES_TYPED("[1,3]", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("$.nested[*][0]"), no_text(), word("WITHOUT"), word("NULL"),
                word("NULL"));
    GIVES_TYPED("[1,2,3]", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("$.nested[*][*]"), no_text(), word("WITHOUT"),
                word("NULL"), word("NULL"));
    GIVES_TYPED("[2]", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("$.nested[*][1]"), no_text(), word("WITHOUT"), word("NULL"),
                word("NULL"));
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("$.nested.length()"), no_text(), word("WITHOUT"),
                word("NULL"), word("NULL"));
    GIVES_TYPED("[3.0]", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("$.nested[0].sum()"), no_text(), word("UNCONDITIONAL"),
                word("NULL"), word("NULL"));
    GIVES_TYPED("[2.0]", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("$.nested[0].max()"), no_text(), word("UNCONDITIONAL"),
                word("NULL"), word("NULL"));
    GIVES_TYPED("[1.0]", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("$.nested[0].min()"), no_text(), word("UNCONDITIONAL"),
                word("NULL"), word("NULL"));
    GIVES_TYPED("[1.5]", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("$.nested[0].avg()"), no_text(), word("UNCONDITIONAL"),
                word("NULL"), word("NULL"));
    GIVES_TYPED("[[\"b\"]]", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("$.a.keys()"), no_text(), word("UNCONDITIONAL"),
                word("NULL"), word("NULL"));
    GIVES_TYPED("[1]", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("$.a.*"), no_text(), word("WITHOUT"), word("NULL"),
                word("NULL"));
    GIVES_TYPED("[{\"b\":1},[1,2,{\"k\":\"v\",\"p\":5},{\"k\":\"w\",\"p\":7.5}],\"str\",null,true,{\"x\":1,\"y\":[]},[[1,2],[3]],4,5]",
                "VARCHAR(2147483647)", "JSON_QUERY", document(), text("$[*]"), no_text(), word("WITHOUT"), word("NULL"), word("NULL"));
    GIVES_TYPED("[1]", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("$.*.x"), no_text(), word("WITHOUT"), word("NULL"),
                word("NULL"));
    GIVES_TYPED("[]", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("lax $.nope[*]"), no_text(), word("WITHOUT"), word("NULL"),
                word("NULL"));
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("$.nope[*]"), no_text(), word("WITHOUT"), word("NULL"),
                word("NULL"));
    GIVES_TYPED("[]", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("$.s[*]"), no_text(), word("WITHOUT"), word("NULL"),
                word("NULL"));
    GIVES_TYPED("[]", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("$.s[*]"), no_text(), word("WITHOUT"), word("NULL"),
                word("ERROR"));
    GIVES_TYPED("[]", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("$.s.*"), no_text(), word("WITHOUT"), word("NULL"),
                word("ERROR"));
    GIVES_TYPED("[]", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("$..nope"), no_text(), word("WITHOUT"), word("NULL"),
                word("NULL"));
    GIVES_TYPED("{\"a\":{\"b\":1}}", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("$['a','nope']"), no_text(), word("WITHOUT"),
                word("NULL"), word("NULL"));
    GIVES("!", "JSON_QUERY", document(), text("$.n"), no_text(), word("WITHOUT"), word("NULL"), word("ERROR"));
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("$.n"), no_text(), word("WITHOUT"), word("EMPTY ARRAY"),
                word("NULL"));
    GIVES_TYPED("[]", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("$.n"), no_text(), word("WITHOUT"), word("NULL"),
                word("EMPTY ARRAY"));
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("$.s"), no_text(), word("WITHOUT"), word("EMPTY ARRAY"),
                word("NULL"));
    GIVES_TYPED("[]", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("lax $.s"), no_text(), word("WITHOUT"), word("EMPTY ARRAY"),
                word("NULL"));
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("lax $.s"), no_text(), word("WITHOUT"), word("NULL"),
                word("EMPTY OBJECT"));
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("lax $.s"), no_text(), word("WITHOUT"), word("NULL"),
                word("NULL"));
    GIVES_TYPED("{}", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("lax $.n"), no_text(), word("WITHOUT"), word("EMPTY OBJECT"),
                word("NULL"));
    GIVES_TYPED("{}", "VARCHAR(2147483647)", "JSON_QUERY", document(), text("lax $.n"), no_text(), word("UNCONDITIONAL"),
                word("EMPTY OBJECT"), word("NULL"));
    GIVES_TYPED("{}", "VARCHAR(2147483647)", "JSON_QUERY", text("bad"), text("lax $.n"), no_text(), word("WITHOUT"), word("EMPTY OBJECT"),
                word("NULL"));
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "JSON_QUERY", text("bad"), text("lax $.n"), no_text(), word("WITHOUT"), word("NULL"),
                word("EMPTY ARRAY"));
    GIVES_TYPED("[]", "VARCHAR(2147483647)", "JSON_QUERY", text("bad"), text("$.n"), no_text(), word("WITHOUT"), word("EMPTY OBJECT"),
                word("EMPTY ARRAY"));
}

static void json_exists_second(void **state) {
    (void)state;
    document_text = "{\"a\":{\"b\":1},\"arr\":[1,2,{\"k\":\"v\",\"p\":5},{\"k\":\"w\",\"p\":7.5}],\"s\":\"str\",\"n\":null,\"t\":true,"
                    "\"o\":{\"x\":1,\"y\":[]},\"nested\":[[1,2],[3]],\"a b\":4,\"we'ird\":5}";
    GIVES_TYPED("FALSE", "BOOLEAN", "JSON_EXISTS", text("bad"), text("lax $.n"), word("TRUE"));
    GIVES_TYPED("FALSE", "BOOLEAN", "JSON_EXISTS", document(), text("lax $.a.b.c"), word("TRUE"));
    GIVES_TYPED("TRUE", "BOOLEAN", "JSON_EXISTS", document(), text("$.s.x"), word("TRUE"));
    GIVES_TYPED("TRUE", "BOOLEAN", "JSON_EXISTS", document(), text("bogus"), word("TRUE"));
    GIVES_TYPED("TRUE", "BOOLEAN", "JSON_EXISTS", document(), text("$.arr[?(@.k"), word("TRUE"));
}

static void json_string_made(void **state) {
    (void)state;
    GIVES_TYPED("1", "VARCHAR(2147483647) NOT NULL", "JSON_STRING", num(1));
    GIVES_TYPED("\"a\\\"b\"", "VARCHAR(2147483647) NOT NULL", "JSON_STRING", text("a\"b"));
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "JSON_STRING", null(WEIR_KIND_INT));
    GIVES_TYPED("true", "VARCHAR(2147483647) NOT NULL", "JSON_STRING", truth(true));
    GIVES_TYPED("1.50", "VARCHAR(2147483647) NOT NULL", "JSON_STRING", dec("1.50", 5, 2));
    GIVES_TYPED("100", "VARCHAR(2147483647) NOT NULL", "JSON_STRING", dec("100", 5, 0));
    GIVES_TYPED("1.000E-7", "VARCHAR(2147483647) NOT NULL", "JSON_STRING", dec("0.0000001", 20, 10));
    GIVES_TYPED("1.5", "VARCHAR(2147483647) NOT NULL", "JSON_STRING", real(1.5e0));
    GIVES_TYPED("1.0E+20", "VARCHAR(2147483647) NOT NULL", "JSON_STRING", real(1e20));
    GIVES_TYPED("1.100000023841858", "VARCHAR(2147483647) NOT NULL", "JSON_STRING", single(1.1));
    GIVES("!", "JSON_STRING", date("2024-01-02"));
    GIVES("!", "JSON_STRING", clock_time("10:11:12", 0));
    GIVES("!", "JSON_STRING", clock_time("10:11:12.345", 3));
    GIVES_TYPED("\"2024-01-02T03:04:05.678\"", "VARCHAR(2147483647) NOT NULL", "JSON_STRING", stamp("2024-01-02 03:04:05.678", 3));
    GIVES_TYPED("\"2024-01-02T03:04:05\"", "VARCHAR(2147483647) NOT NULL", "JSON_STRING", stamp("2024-01-02 03:04:05", 0));
    GIVES_TYPED("\"1970-01-01T00:00:00Z\"", "VARCHAR(2147483647)", "JSON_STRING", instant(0, 3));
    GIVES("!", "JSON_STRING", span_ms(86400000));
    GIVES("!", "JSON_STRING", span_months(14));
    GIVES_TYPED("[1,null,2]", "VARCHAR(2147483647) NOT NULL", "JSON_STRING", LIST(num(1), null(WEIR_KIND_INT), num(2)));
    GIVES_TYPED("{\"a\":2,\"b\":1}", "VARCHAR(2147483647) NOT NULL", "JSON_STRING", PAIRS(text("b"), num(1), text("a"), num(2)));
    GIVES("!", "JSON_STRING", PAIRS(num(1), num(2)));
    GIVES_TYPED("{\"EXPR$0\":2,\"EXPR$1\":1,\"EXPR$2\":\"x\"}", "VARCHAR(2147483647) NOT NULL", "JSON_STRING",
                TUPLE(num(2), num(1), text("x")));
    GIVES_TYPED("[{\"EXPR$0\":1,\"EXPR$1\":{\"k\":[1.5]}}]", "VARCHAR(2147483647) NOT NULL", "JSON_STRING",
                LIST(TUPLE(num(1), PAIRS(text("k"), LIST(dec("1.5", 2, 1))))));
}

static void json_object_made(void **state) {
    (void)state;
    GIVES_TYPED("{}", "VARCHAR(2147483647) NOT NULL", "JSON_OBJECT", word("NULL"));
    GIVES_TYPED("{\"a\":1}", "VARCHAR(2147483647) NOT NULL", "JSON_OBJECT", text("a"), num(1));
    GIVES_TYPED("{\"a\":1,\"b\":\"x\"}", "VARCHAR(2147483647) NOT NULL", "JSON_OBJECT", text("a"), num(1), text("b"), text("x"));
    GIVES_TYPED("{\"a\":1}", "VARCHAR(2147483647) NOT NULL", "JSON_OBJECT", text("a"), num(1));
    GIVES_TYPED("{\"a\":1}", "VARCHAR(2147483647) NOT NULL", "JSON_OBJECT", text("a"), num(1));
    GIVES_TYPED("{\"a\":null}", "VARCHAR(2147483647) NOT NULL", "JSON_OBJECT", text("a"), null(WEIR_KIND_INT));
    GIVES_TYPED("{}", "VARCHAR(2147483647) NOT NULL", "JSON_OBJECT", word("ABSENT"), text("a"), null(WEIR_KIND_INT));
    GIVES_TYPED("{\"a\":null}", "VARCHAR(2147483647) NOT NULL", "JSON_OBJECT", word("NULL"), text("a"), null(WEIR_KIND_INT));
    GIVES_TYPED("{\"a\":2}", "VARCHAR(2147483647) NOT NULL", "JSON_OBJECT", text("a"), num(1), text("a"), num(2));
    GIVES_TYPED("{\"a\":\"{\\\"b\\\":1}\"}", "VARCHAR(2147483647) NOT NULL", "JSON_OBJECT", text("a"), text("{\"b\":1}"));
    GIVES_TYPED("{\"a\":[1,2]}", "VARCHAR(2147483647) NOT NULL", "JSON_OBJECT", text("a"), LIST(num(1), num(2)));
    GIVES_TYPED("{\"a\":{\"k\":1}}", "VARCHAR(2147483647) NOT NULL", "JSON_OBJECT", text("a"), PAIRS(text("k"), num(1)));
    GIVES_TYPED("{\"a\":{\"EXPR$0\":1,\"EXPR$1\":2}}", "VARCHAR(2147483647) NOT NULL", "JSON_OBJECT", text("a"), TUPLE(num(1), num(2)));
    GIVES_TYPED("{\"b\":2,\"z\":1}", "VARCHAR(2147483647) NOT NULL", "JSON_OBJECT", text("z"), num(1), text("b"), num(2));
    GIVES_TYPED("{\"a\":1.50}", "VARCHAR(2147483647) NOT NULL", "JSON_OBJECT", text("a"), dec("1.50", 5, 2));
    GIVES_TYPED("{\"a\":true}", "VARCHAR(2147483647) NOT NULL", "JSON_OBJECT", text("a"), truth(true));
    GIVES_TYPED("{\"a\":1.5}", "VARCHAR(2147483647) NOT NULL", "JSON_OBJECT", text("a"), real(1.5e0));
    GIVES("!", "JSON_OBJECT", text("a"), date("2024-01-01"));
    GIVES_TYPED("{\"a\":\"2024-01-01T00:00:00.12\"}", "VARCHAR(2147483647) NOT NULL", "JSON_OBJECT", text("a"),
                stamp("2024-01-01 00:00:00.120", 3));
    GIVES_TYPED("{\"a\":1}", "VARCHAR(2147483647) NOT NULL", "JSON_OBJECT", text("a"), num(1));
    GIVES("!", "JSON_OBJECT", null_text(), num(1));
    GIVES("!", "JSON_OBJECT", num(1), num(1));
}

static void json_array_made(void **state) {
    (void)state;
    GIVES_TYPED("[]", "VARCHAR(2147483647) NOT NULL", "JSON_ARRAY", word("ABSENT"));
    GIVES_TYPED("[1,\"x\",true]", "VARCHAR(2147483647) NOT NULL", "JSON_ARRAY", num(1), text("x"), truth(true));
    GIVES_TYPED("[1]", "VARCHAR(2147483647) NOT NULL", "JSON_ARRAY", null(WEIR_KIND_INT), num(1));
    GIVES_TYPED("[null,1]", "VARCHAR(2147483647) NOT NULL", "JSON_ARRAY", word("NULL"), null(WEIR_KIND_INT), num(1));
    GIVES_TYPED("[1]", "VARCHAR(2147483647) NOT NULL", "JSON_ARRAY", word("ABSENT"), null(WEIR_KIND_INT), num(1));
    GIVES_TYPED("[[1],{\"a\":1},{\"EXPR$0\":1,\"EXPR$1\":\"b\"}]", "VARCHAR(2147483647) NOT NULL", "JSON_ARRAY", LIST(num(1)),
                PAIRS(text("a"), num(1)), TUPLE(num(1), text("b")));
    GIVES("!", "JSON_ARRAY", dec("1.5", 2, 1), real(1e0), date("2024-01-01"));
}

static void json_query_made(void **state) {
    (void)state;
    GIVES_TYPED("{\"b\":2,\"y\":1}", "VARCHAR(2147483647)", "JSON_QUERY", text("{\"z\":1,\"a\":{\"y\":1,\"b\":2}}"), text("$.a"), no_text(),
                word("WITHOUT"), word("NULL"), word("NULL"));
}

static void json_value_made(void **state) {
    (void)state;
    GIVES_TYPED("x", "VARCHAR(2147483647)", "JSON_VALUE", text("{\"a\":\"x\"}"), text("$.a"), no_text(), word("ERROR"), no_value(),
                word("NULL"), no_value());
}

static void json_string_more(void **state) {
    (void)state;
    GIVES_TYPED("1.0E+7", "VARCHAR(2147483647) NOT NULL", "JSON_STRING", real(1.0e7));
    GIVES_TYPED("123456789.5", "VARCHAR(2147483647) NOT NULL", "JSON_STRING", real(123456789.5e0));
    GIVES_TYPED("1.0E+10", "VARCHAR(2147483647) NOT NULL", "JSON_STRING", single(1e10));
    GIVES_TYPED("0.0", "VARCHAR(2147483647) NOT NULL", "JSON_STRING", real(0e0));
    GIVES_TYPED("0E-8", "VARCHAR(2147483647) NOT NULL", "JSON_STRING", dec("0", 10, 8));
    GIVES_TYPED("\"2024-01-02T03:04:00\"", "VARCHAR(2147483647) NOT NULL", "JSON_STRING", stamp("2024-01-02 03:04:00", 0));
    GIVES_TYPED("\"2024-01-02T03:04:05.12\"", "VARCHAR(2147483647) NOT NULL", "JSON_STRING", stamp("2024-01-02 03:04:05.120000", 6));
    GIVES_TYPED("\"2024-01-02T03:04:05.123456789\"", "VARCHAR(2147483647) NOT NULL", "JSON_STRING",
                stamp("2024-01-02 03:04:05.123456789", 9));
    GIVES_TYPED("\"1970-01-01T00:00:01.5Z\"", "VARCHAR(2147483647)", "JSON_STRING", instant(1500000, 3));
    GIVES_TYPED("{\"b\":null}", "VARCHAR(2147483647) NOT NULL", "JSON_STRING", PAIRS(text("b"), null(WEIR_KIND_INT)));
    GIVES("!", "JSON_STRING", PAIRS(null_text(), num(1)));
}

static void json_query_more(void **state) {
    (void)state;
    GIVES_TYPED("{\"B\":1,\"_\":2,\"b\":{\"a\":2,\"z\":1},\"é\":1}", "VARCHAR(2147483647)", "JSON_QUERY",
                text("{\"b\":{\"z\":1,\"a\":2},\"B\":1,\"é\":1,\"_\":2}"), text("$"), no_text(), word("WITHOUT"), word("NULL"),
                word("NULL"));
    GIVES_TYPED("[1]", "VARCHAR(2147483647)", "JSON_QUERY", text("{\"a\":[1]}"), text("$.a"), no_text(), word("WITHOUT"), word("NULL"),
                word("NULL"));
    GIVES("!", "JSON_QUERY", text("{\"a\":[1]}"), text("$.a"), (weir_value){.type = weir_type_simple(WEIR_KIND_INT, true), .is_null = true},
          word("WITHOUT"), word("NULL"), word("NULL"));
    GIVES("!", "JSON_QUERY", text("{\"a\":[1]}"), text("$.a"),
          (weir_value){.type = weir_type_array(&check_arena, weir_type_string(true), true), .is_null = true}, word("WITHOUT"), word("NULL"),
          word("EMPTY OBJECT"));
    GIVES("!", "JSON_QUERY", num(1), text("$"), no_text(), word("WITHOUT"), word("NULL"), word("NULL"));
}

static void json_value_more(void **state) {
    (void)state;
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "JSON_VALUE", text("1x"), text("$"), PLAIN);
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "JSON_VALUE", text("truex"), text("$"), PLAIN);
    GIVES_TYPED("a", "VARCHAR(2147483647)", "JSON_VALUE", text("\"a\"x"), text("$"), PLAIN);
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "JSON_VALUE", text("1,"), text("$"), PLAIN);
    GIVES_TYPED("1", "VARCHAR(2147483647)", "JSON_VALUE", text("[1]x"), text("$[0]"), PLAIN);
    GIVES("!", "JSON_VALUE", text("{\"a\":1}"), text("$.a"),
          (weir_value){.type = weir_type_sized(&check_arena, WEIR_KIND_TIMESTAMP, 3, true), .is_null = true}, word("NULL"), no_value(),
          word("NULL"), no_value());
}

static void json_exists_more(void **state) {
    (void)state;
    GIVES_TYPED("TRUE", "BOOLEAN", "JSON_EXISTS", text("{\"a\":[]}"), text("$.a[*]"), word("FALSE"));
    GIVES_TYPED("FALSE", "BOOLEAN", "JSON_EXISTS", text("{\"a\":[]}"), text("$.a[0]"), word("FALSE"));
    GIVES("!", "JSON_EXISTS", num(1), text("$"), word("FALSE"));
}

static void json_unquote_more(void **state) {
    (void)state;
    GIVES("!", "JSON_UNQUOTE", num(1));
    GIVES_TYPED("", "VARCHAR(2147483647) NOT NULL", "JSON_UNQUOTE", text(""));
    GIVES_TYPED("\"", "VARCHAR(2147483647) NOT NULL", "JSON_UNQUOTE", text("\""));
    GIVES_TYPED("[1,2]", "VARCHAR(2147483647) NOT NULL", "JSON_UNQUOTE", text("[1,2]"));
    GIVES_TYPED("?", "VARCHAR(2147483647) NOT NULL", "JSON_UNQUOTE", text("\"\\ud83d\""));
    GIVES_TYPED("\"\\u00zz\"", "VARCHAR(2147483647) NOT NULL", "JSON_UNQUOTE", text("\"\\u00zz\""));
    GIVES_TYPED("\"tab\tin\"", "VARCHAR(2147483647) NOT NULL", "JSON_UNQUOTE", text("\"tab\tin\""));
}

static void json_quote_more(void **state) {
    (void)state;
    GIVES("!", "JSON_QUOTE", num(1));
    GIVES_TYPED("\"\"", "VARCHAR(2147483647) NOT NULL", "JSON_QUOTE", text(""));
}

/* What JSON functions make is nested, text is quoted; the mark lies in the type. */
static void nested(void **state) {
    (void)state;
    weir_value inner = text("[1,2]");
    checked made = evaluate("JSON_ARRAY", (const weir_value[]){word("NULL")}, 1);
    inner.type = made.type;
    weir_column_unref(made.column);
    GIVES_TYPED("{\"a\":[1,2]}", "VARCHAR(2147483647) NOT NULL", "JSON_OBJECT", word("NULL"), chars("a"), inner);
    GIVES("[[1,2],\"[1,2]\"]", "JSON_ARRAY", word("ABSENT"), inner, text("[1,2]"));
    GIVES_TYPED("{\"a\":2.50,\"b\":1}", "VARCHAR(2147483647) NOT NULL", "JSON", text("{\"b\": 1, \"a\": 2.50}"));
    GIVES("!Unrecognized token", "JSON", text("bad"));
}

static void shapes(void **state) {
    (void)state;
    enum { DEPTH = 1000 };
    char deep[2 * DEPTH + 4];
    memset(deep, '[', DEPTH);
    memset(deep + DEPTH, ']', DEPTH);
    deep[2 * DEPTH] = '\0';
    GIVES("TRUE", "IS JSON VALUE", text(deep));
    memset(deep, '[', DEPTH + 1);
    memset(deep + DEPTH + 1, ']', DEPTH + 1);
    deep[2 * DEPTH + 2] = '\0';
    GIVES("FALSE", "IS JSON VALUE", text(deep));
    /* Equal keys, few and many: the last value in the place of the first. */
    GIVES("{\"a\":3,\"b\":2}", "JSON", text("{\"a\":1,\"b\":2,\"a\":3}"));
    GIVES("{\"a\":14,\"b\":15}", "JSON",
          text("{\"a\":1,\"a\":2,\"a\":3,\"a\":4,\"a\":5,\"a\":6,\"a\":7,\"a\":8,\"b\":9,\"b\":10,\"a\":11,\"a\":12,\"b\":13,\"a\":14,"
               "\"b\":15}"));
    GIVES("[3,2]", "JSON_QUERY", text("{\"a\":1,\"b\":2,\"a\":3}"), text("$.*"));
    GIVES("{}", "JSON", text(" {} "));
    GIVES("[]", "JSON", text("[ ]"));
    GIVES("!Unexpected end-of-input", "JSON", text(""));
    GIVES("!comma to separate", "JSON", text("[1 2]"));
    GIVES("!double-quote", "JSON", text("{\"a\":1,}"));
    GIVES("!colon", "JSON", text("{\"a\" 1}"));
    GIVES("!has to be escaped", "JSON", text("\"a\nb\""));
    GIVES("!Exponent", "JSON", text("1e"));
    GIVES("\"\\u0001\\\\\"", "JSON", text("\"\\u0001\\\\\""));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nested, check_setup, check_teardown),
        cmocka_unit_test_setup_teardown(shapes, check_setup, check_teardown),
        cmocka_unit_test_setup_teardown(json_value_first, check_setup, check_teardown),
        cmocka_unit_test_setup_teardown(json_query_first, check_setup, check_teardown),
        cmocka_unit_test_setup_teardown(json_exists_first, check_setup, check_teardown),
        cmocka_unit_test_setup_teardown(is_json_first, check_setup, check_teardown),
        cmocka_unit_test_setup_teardown(json_quote_first, check_setup, check_teardown),
        cmocka_unit_test_setup_teardown(json_unquote_first, check_setup, check_teardown),
        cmocka_unit_test_setup_teardown(json_value_second, check_setup, check_teardown),
        cmocka_unit_test_setup_teardown(json_query_second, check_setup, check_teardown),
        cmocka_unit_test_setup_teardown(json_exists_second, check_setup, check_teardown),
        cmocka_unit_test_setup_teardown(json_string_made, check_setup, check_teardown),
        cmocka_unit_test_setup_teardown(json_object_made, check_setup, check_teardown),
        cmocka_unit_test_setup_teardown(json_array_made, check_setup, check_teardown),
        cmocka_unit_test_setup_teardown(json_query_made, check_setup, check_teardown),
        cmocka_unit_test_setup_teardown(json_value_made, check_setup, check_teardown),
        cmocka_unit_test_setup_teardown(json_string_more, check_setup, check_teardown),
        cmocka_unit_test_setup_teardown(json_query_more, check_setup, check_teardown),
        cmocka_unit_test_setup_teardown(json_value_more, check_setup, check_teardown),
        cmocka_unit_test_setup_teardown(json_exists_more, check_setup, check_teardown),
        cmocka_unit_test_setup_teardown(json_unquote_more, check_setup, check_teardown),
        cmocka_unit_test_setup_teardown(json_quote_more, check_setup, check_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
