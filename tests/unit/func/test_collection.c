/* The functions over arrays and maps against what Flink 2.3 answered to the same calls: one line is one recorded answer ("!": it failed).
 */
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

static weir_value no_list(const weir_type *element) {
    return (weir_value){.type = weir_type_array(&check_arena, element, true), .is_null = true};
}
static weir_value no_map(const weir_type *key, const weir_type *value) {
    return (weir_value){.type = weir_type_map(&check_arena, key, value, true), .is_null = true};
}

static void of_array_search(void **state) {
    (void)state;
    GIVES_TYPED("TRUE", "BOOLEAN NOT NULL", "ARRAY_CONTAINS", LIST(num(1), num(2)), num(2));
    GIVES("!", "ARRAY_CONTAINS", LIST(num(1), num(2)), big(2));
    GIVES("!", "ARRAY_CONTAINS", LIST(num(1), num(2)), dec("2.0", 2, 1));
    GIVES("!", "ARRAY_CONTAINS", LIST(num(1), num(2)), chars("a"));
    GIVES_TYPED("TRUE", "BOOLEAN NOT NULL", "ARRAY_CONTAINS", LIST(num(1), null(WEIR_KIND_INT)), null(WEIR_KIND_INT));
    GIVES_TYPED("FALSE", "BOOLEAN NOT NULL", "ARRAY_CONTAINS", LIST(num(1), num(2)), null(WEIR_KIND_NULL));
    GIVES_TYPED("NULL", "BOOLEAN", "ARRAY_CONTAINS", no_list(weir_type_simple(WEIR_KIND_INT, true)), num(1));
    GIVES_TYPED("TRUE", "BOOLEAN NOT NULL", "ARRAY_CONTAINS", LIST(chars("a"), chars("bb")), chars("a"));
    GIVES("!", "ARRAY_CONTAINS", num(1), num(2));
    GIVES("!", "ARRAY_CONTAINS", LIST(num(1)));
    GIVES_TYPED("[1, 2, NULL, 3]", "ARRAY<INT> NOT NULL", "ARRAY_CONCAT", LIST(num(1)), LIST(num(2)), LIST(null(WEIR_KIND_INT), num(3)));
    GIVES_TYPED("[1]", "ARRAY<INT NOT NULL> NOT NULL", "ARRAY_CONCAT", LIST(num(1)));
    GIVES_TYPED("NULL", "ARRAY<INT>", "ARRAY_CONCAT", LIST(num(1)), no_list(weir_type_simple(WEIR_KIND_INT, true)));
    GIVES("!", "ARRAY_CONCAT", LIST(num(1)), LIST(chars("a")));
    GIVES_TYPED("[1.0, 2.5]", "ARRAY<DECIMAL(11, 1) NOT NULL> NOT NULL", "ARRAY_CONCAT", LIST(num(1)), LIST(dec("2.5", 2, 1)));
    GIVES_TYPED("[1, 1]", "ARRAY<BIGINT NOT NULL> NOT NULL", "ARRAY_CONCAT", LIST(num(1)), LIST(big(1)));
    GIVES_TYPED("TRUE", "BOOLEAN NOT NULL", "ARRAY_CONTAINS", LIST(big(1)), num(1));
    GIVES_TYPED("TRUE", "BOOLEAN NOT NULL", "ARRAY_CONTAINS", LIST(real(1e0)), num(1));
    GIVES("!", "ARRAY_CONTAINS", LIST(date("2024-01-01")), chars("2024-01-01"));
    GIVES_TYPED("TRUE", "BOOLEAN NOT NULL", "ARRAY_CONTAINS", LIST(TUPLE(num(1), chars("a"))), TUPLE(num(1), chars("a")));
    GIVES_TYPED("TRUE", "BOOLEAN NOT NULL", "ARRAY_CONTAINS", LIST(chars("ab")), chars("abc"));
    GIVES("!", "ARRAY_CONCAT", LIST(num(1)), null(WEIR_KIND_NULL));
}

static void of_array_functions(void **state) {
    (void)state;
    GIVES_TYPED("[1, NULL, 2]", "ARRAY<INT> NOT NULL", "ARRAY_DISTINCT",
                LIST(num(1), null(WEIR_KIND_INT), num(1), null(WEIR_KIND_INT), num(2)));
    GIVES_TYPED("[[1]]", "ARRAY<ARRAY<INT NOT NULL> NOT NULL> NOT NULL", "ARRAY_DISTINCT", LIST(LIST(num(1)), LIST(num(1))));
    GIVES_TYPED("[(1, a)]", "ARRAY<ROW<`EXPR$0` INT NOT NULL, `EXPR$1` CHAR(1) NOT NULL> NOT NULL> NOT NULL", "ARRAY_DISTINCT",
                LIST(TUPLE(num(1), chars("a")), TUPLE(num(1), chars("a"))));
    GIVES_TYPED("NULL", "ARRAY<INT>", "ARRAY_DISTINCT", no_list(weir_type_simple(WEIR_KIND_INT, true)));
    GIVES_TYPED("3", "INT NOT NULL", "ARRAY_POSITION", LIST(num(1), null(WEIR_KIND_INT), num(2)), num(2));
    GIVES_TYPED("NULL", "INT", "ARRAY_POSITION", LIST(num(1), null(WEIR_KIND_INT), num(2)), null(WEIR_KIND_INT));
    GIVES_TYPED("NULL", "INT", "ARRAY_POSITION", LIST(num(1), null(WEIR_KIND_INT), num(2)), null(WEIR_KIND_NULL));
    GIVES("!", "ARRAY_POSITION", LIST(num(1), num(2)), big(2));
    GIVES_TYPED("[1, 1]", "ARRAY<INT> NOT NULL", "ARRAY_REMOVE", LIST(num(1), null(WEIR_KIND_INT), num(1)), null(WEIR_KIND_INT));
    GIVES_TYPED("[1, 2, 1]", "ARRAY<INT NOT NULL> NOT NULL", "ARRAY_REMOVE", LIST(num(1), num(2), num(1)), null(WEIR_KIND_INT));
    GIVES_TYPED("[2]", "ARRAY<INT NOT NULL> NOT NULL", "ARRAY_REMOVE", LIST(num(1), num(2), num(1)), num(1));
    GIVES("!", "ARRAY_REMOVE", LIST(num(1), num(2), num(1)), big(1));
    GIVES_TYPED("[3, NULL, 1]", "ARRAY<INT> NOT NULL", "ARRAY_REVERSE", LIST(num(1), null(WEIR_KIND_INT), num(3)));
    GIVES_TYPED("[2, 3]", "ARRAY<INT NOT NULL> NOT NULL", "ARRAY_SLICE", LIST(num(1), num(2), num(3), num(4)), num(2), num(3));
    GIVES_TYPED("[2, 3, 4]", "ARRAY<INT NOT NULL> NOT NULL", "ARRAY_SLICE", LIST(num(1), num(2), num(3), num(4)), num(2));
    GIVES_TYPED("[3, 4]", "ARRAY<INT NOT NULL> NOT NULL", "ARRAY_SLICE", LIST(num(1), num(2), num(3), num(4)), num(-2));
    GIVES_TYPED("[3, 4]", "ARRAY<INT NOT NULL> NOT NULL", "ARRAY_SLICE", LIST(num(1), num(2), num(3), num(4)), num(-2), num(-1));
    GIVES_TYPED("[1, 2]", "ARRAY<INT NOT NULL> NOT NULL", "ARRAY_SLICE", LIST(num(1), num(2), num(3), num(4)), num(0), num(2));
    GIVES_TYPED("[1]", "ARRAY<INT NOT NULL> NOT NULL", "ARRAY_SLICE", LIST(num(1), num(2), num(3), num(4)), num(1), num(0));
    GIVES_TYPED("[1]", "ARRAY<INT NOT NULL> NOT NULL", "ARRAY_SLICE", LIST(num(1), num(2), num(3), num(4)), num(0), num(0));
    GIVES_TYPED("[]", "ARRAY<INT NOT NULL> NOT NULL", "ARRAY_SLICE", LIST(num(1), num(2), num(3), num(4)), num(3), num(2));
    GIVES_TYPED("[3, 4]", "ARRAY<INT NOT NULL> NOT NULL", "ARRAY_SLICE", LIST(num(1), num(2), num(3), num(4)), num(3), num(20));
    GIVES_TYPED("[]", "ARRAY<INT NOT NULL> NOT NULL", "ARRAY_SLICE", LIST(num(1), num(2), num(3), num(4)), num(9), num(20));
    GIVES_TYPED("[1, 2]", "ARRAY<INT NOT NULL> NOT NULL", "ARRAY_SLICE", LIST(num(1), num(2), num(3), num(4)), num(-20), num(2));
    GIVES_TYPED("[]", "ARRAY<INT NOT NULL> NOT NULL", "ARRAY_SLICE", LIST(num(1), num(2), num(3), num(4)), num(-20), num(-10));
    GIVES_TYPED("NULL", "ARRAY<INT NOT NULL>", "ARRAY_SLICE", LIST(num(1), num(2), num(3), num(4)), null(WEIR_KIND_INT), num(2));
    GIVES_TYPED("NULL", "ARRAY<INT NOT NULL>", "ARRAY_SLICE", LIST(num(1), num(2), num(3), num(4)), num(1), null(WEIR_KIND_INT));
    GIVES_TYPED("NULL", "ARRAY<INT>", "ARRAY_SLICE", no_list(weir_type_simple(WEIR_KIND_INT, true)), num(1), num(2));
    GIVES("!", "ARRAY_SLICE", LIST(num(1), num(2), num(3), num(4)), big(2));
    GIVES_TYPED("[NULL, 1, 2, 3]", "ARRAY<INT> NOT NULL", "ARRAY_SORT", LIST(num(3), null(WEIR_KIND_INT), num(1), num(2)));
    GIVES_TYPED("[3, 2, 1, NULL]", "ARRAY<INT> NOT NULL", "ARRAY_SORT", LIST(num(3), null(WEIR_KIND_INT), num(1), num(2)), truth(false));
    GIVES_TYPED("[1, 2, 3, NULL]", "ARRAY<INT> NOT NULL", "ARRAY_SORT", LIST(num(3), null(WEIR_KIND_INT), num(1), num(2)), truth(true),
                truth(false));
    GIVES_TYPED("[NULL, 1, 2, 3]", "ARRAY<INT> NOT NULL", "ARRAY_SORT", LIST(num(3), null(WEIR_KIND_INT), num(1), num(2)), truth(true),
                truth(true));
    GIVES_TYPED("[NULL, 3, 2, 1]", "ARRAY<INT> NOT NULL", "ARRAY_SORT", LIST(num(3), null(WEIR_KIND_INT), num(1), num(2)), truth(false),
                truth(true));
    GIVES_TYPED("[3, 2, 1, NULL]", "ARRAY<INT> NOT NULL", "ARRAY_SORT", LIST(num(3), null(WEIR_KIND_INT), num(1), num(2)), truth(false),
                truth(false));
    GIVES_TYPED("NULL", "ARRAY<INT NOT NULL>", "ARRAY_SORT", LIST(num(3), num(1), num(2)), null(WEIR_KIND_BOOLEAN));
    GIVES_TYPED("NULL", "ARRAY<INT NOT NULL>", "ARRAY_SORT", LIST(num(3), num(1), num(2)), truth(true), null(WEIR_KIND_BOOLEAN));
    GIVES_TYPED("[C, a, b]", "ARRAY<CHAR(1) NOT NULL> NOT NULL", "ARRAY_SORT", LIST(chars("b"), chars("a"), chars("C")));
    GIVES("!", "ARRAY_SORT", LIST(LIST(num(1))));
    GIVES("!", "ARRAY_SORT", LIST(TUPLE(num(2), num(1)), TUPLE(num(1), num(2))));
    GIVES("!", "ARRAY_SORT", LIST(truth(true), truth(false)));
    GIVES_TYPED("[1, 2, NULL, 3]", "ARRAY<INT> NOT NULL", "ARRAY_UNION", LIST(num(1), num(2), null(WEIR_KIND_INT), num(2)),
                LIST(num(3), null(WEIR_KIND_INT)));
    GIVES_TYPED("[1, 2, 3]", "ARRAY<BIGINT NOT NULL> NOT NULL", "ARRAY_UNION", LIST(num(1), num(2)), LIST(big(3)));
    GIVES("!", "ARRAY_UNION", LIST(num(1), num(2)), LIST(chars("a")));
    GIVES_TYPED("NULL", "ARRAY<INT>", "ARRAY_UNION", LIST(num(1), num(2)), no_list(weir_type_simple(WEIR_KIND_INT, true)));
    GIVES_TYPED("[1, NULL]", "ARRAY<INT> NOT NULL", "ARRAY_EXCEPT", LIST(num(1), num(2), null(WEIR_KIND_INT), num(1)), LIST(num(2)));
    GIVES_TYPED("[2]", "ARRAY<INT> NOT NULL", "ARRAY_EXCEPT", LIST(num(1), num(2), null(WEIR_KIND_INT), num(1)),
                LIST(null(WEIR_KIND_INT), num(1)));
    GIVES_TYPED("[]", "ARRAY<INT NOT NULL> NOT NULL", "ARRAY_EXCEPT", LIST(num(1), num(1), num(1)), LIST(num(1)));
    GIVES_TYPED("[1]", "ARRAY<INT NOT NULL> NOT NULL", "ARRAY_EXCEPT", LIST(num(1), num(1), num(2), num(2)), LIST(num(2)));
    GIVES_TYPED("NULL", "ARRAY<INT>", "ARRAY_EXCEPT", LIST(num(1), num(1), num(2), num(2)), no_list(weir_type_simple(WEIR_KIND_INT, true)));
    GIVES_TYPED("[1, NULL]", "ARRAY<INT> NOT NULL", "ARRAY_INTERSECT", LIST(num(1), num(1), num(2), null(WEIR_KIND_INT)),
                LIST(num(1), null(WEIR_KIND_INT), num(3)));
    GIVES_TYPED("[1]", "ARRAY<BIGINT> NOT NULL", "ARRAY_INTERSECT", LIST(num(1), num(1), num(2), null(WEIR_KIND_INT)), LIST(big(1)));
    GIVES_TYPED("3", "INT", "ARRAY_MAX", LIST(num(1), null(WEIR_KIND_INT), num(3)));
    GIVES_TYPED("1", "INT", "ARRAY_MIN", LIST(num(1), null(WEIR_KIND_INT), num(3)));
    GIVES_TYPED("NULL", "INT", "ARRAY_MAX", LIST(null(WEIR_KIND_INT)));
    GIVES_TYPED("b", "CHAR(1)", "ARRAY_MAX", LIST(chars("a"), chars("b")));
    GIVES("!", "ARRAY_MAX", LIST(LIST(num(1))));
    GIVES_TYPED("2", "INT", "ARRAY_MAX", LIST(num(1), num(2)));
    GIVES("!", "ARRAY_MAX", LIST(truth(true), truth(false)));
    GIVES_TYPED("a-b", "VARCHAR(2147483647) NOT NULL", "ARRAY_JOIN", LIST(chars("a"), chars("b")), chars("-"));
    GIVES_TYPED("a-b", "VARCHAR(2147483647) NOT NULL", "ARRAY_JOIN", LIST(chars("a"), null_text(), chars("b")), chars("-"));
    GIVES_TYPED("a-*-b", "VARCHAR(2147483647) NOT NULL", "ARRAY_JOIN", LIST(chars("a"), null_text(), chars("b")), chars("-"), chars("*"));
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "ARRAY_JOIN", LIST(chars("a"), null_text(), chars("b")), chars("-"), null_text());
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "ARRAY_JOIN", LIST(chars("a"), chars("b")), null_text());
    GIVES("!", "ARRAY_JOIN", LIST(num(1), num(2)), chars("-"));
    GIVES_TYPED("NULL", "VARCHAR(2147483647)", "ARRAY_JOIN", no_list(weir_type_string(true)), chars("-"));
    GIVES_TYPED("[1, 2]", "ARRAY<INT NOT NULL> NOT NULL", "ARRAY_APPEND", LIST(num(1)), num(2));
    GIVES_TYPED("[1, NULL]", "ARRAY<INT>", "ARRAY_APPEND", LIST(num(1)), null(WEIR_KIND_INT));
    GIVES("!", "ARRAY_APPEND", LIST(num(1)), big(2));
    GIVES("!", "ARRAY_APPEND", LIST(num(1)), dec("2.5", 2, 1));
    GIVES_TYPED("NULL", "ARRAY<INT>", "ARRAY_APPEND", no_list(weir_type_simple(WEIR_KIND_INT, true)), num(2));
    GIVES_TYPED("[2, 1]", "ARRAY<INT NOT NULL> NOT NULL", "ARRAY_PREPEND", LIST(num(1)), num(2));
    GIVES_TYPED("[b, a]", "ARRAY<CHAR(1) NOT NULL> NOT NULL", "ARRAY_PREPEND", LIST(chars("a")), chars("bcd"));
    GIVES_TYPED("[NULL, 1]", "ARRAY<INT>", "ARRAY_PREPEND", LIST(num(1)), null(WEIR_KIND_INT));
    GIVES_TYPED("[1.50, 2.56]", "ARRAY<DECIMAL(5, 2) NOT NULL> NOT NULL", "ARRAY_APPEND", LIST(dec("1.5", 5, 2)), dec("2.555", 4, 3));
    GIVES_TYPED("1", "INT NOT NULL", "ARRAY_POSITION", LIST(dec("1.5", 5, 2)), dec("1.5", 2, 1));
    GIVES("!", "ARRAY_APPEND", LIST(chars("a")), text("xyz"));
    GIVES_TYPED("[a, xyz]", "ARRAY<VARCHAR(2147483647) NOT NULL> NOT NULL", "ARRAY_APPEND", LIST(text("a")), chars("xyz"));
    GIVES_TYPED("[]", "ARRAY<CHAR(2) NOT NULL> NOT NULL", "ARRAY_REMOVE", LIST(chars("ab")), chars("abc"));
    GIVES_TYPED("2024-01-01", "DATE", "ARRAY_MAX", LIST(date("2024-01-01")));
    GIVES_TYPED("[2024-01-01]", "ARRAY<DATE NOT NULL> NOT NULL", "ARRAY_SORT", LIST(date("2024-01-01")));
    GIVES("!", "ARRAY_SORT", LIST(span_ms(86400000), span_ms(172800000)));
    GIVES("!", "ARRAY_MAX", LIST(span_ms(86400000), span_ms(172800000)));
    GIVES_TYPED("[a, bcd]", "ARRAY<VARCHAR(3) NOT NULL> NOT NULL", "ARRAY_UNION", LIST(chars("a")), LIST(chars("bcd")));
    GIVES_TYPED("[1.0, 2.5]", "ARRAY<DOUBLE NOT NULL> NOT NULL", "ARRAY_UNION", LIST(num(1)), LIST(real(2.5e0)));
    GIVES_TYPED("[1, NULL]", "ARRAY<INT> NOT NULL", "ARRAY_UNION", LIST(num(1)), LIST(null(WEIR_KIND_INT)));
    GIVES_TYPED("[1]", "ARRAY<INT> NOT NULL", "ARRAY_EXCEPT", LIST(num(1)), LIST(null(WEIR_KIND_INT)));
    GIVES_TYPED("[1]", "ARRAY<BIGINT NOT NULL> NOT NULL", "ARRAY_EXCEPT", LIST(num(1)), LIST(big(2)));
    GIVES_TYPED("[1.0]", "ARRAY<DECIMAL(11, 1) NOT NULL> NOT NULL", "ARRAY_INTERSECT", LIST(num(1)), LIST(dec("1.0", 2, 1)));
    GIVES("!", "ARRAY_JOIN", LIST(chars("a")), num(1));
    GIVES("!", "ARRAY_SLICE", LIST(num(1), num(2)), chars("1"));
    GIVES_TYPED("[1, 2]", "ARRAY<INT NOT NULL> NOT NULL", "ARRAY_SLICE", LIST(num(1), num(2)), tiny(1));
    GIVES("!", "ARRAY_REVERSE", num(1));
    GIVES("!", "ARRAY_DISTINCT", LIST(num(1)), num(2));
    GIVES("!", "ARRAY_DISTINCT", null(WEIR_KIND_NULL));
    GIVES("!", "ARRAY_MAX", null(WEIR_KIND_NULL));
}

static void of_maps(void **state) {
    (void)state;
    GIVES_TYPED("[a, b]", "ARRAY<CHAR(1) NOT NULL> NOT NULL", "MAP_KEYS", PAIRS(chars("a"), num(1), chars("b"), num(2)));
    GIVES_TYPED("[1, NULL]", "ARRAY<INT> NOT NULL", "MAP_VALUES", PAIRS(chars("a"), num(1), chars("b"), null(WEIR_KIND_INT)));
    GIVES_TYPED("[(a, 1), (b, 2)]", "ARRAY<ROW<`key` CHAR(1) NOT NULL, `value` INT NOT NULL>> NOT NULL", "MAP_ENTRIES",
                PAIRS(chars("a"), num(1), chars("b"), num(2)));
    GIVES_TYPED("NULL", "ARRAY<ROW<`key` VARCHAR(2147483647), `value` INT>>", "MAP_ENTRIES",
                no_map(weir_type_string(true), weir_type_simple(WEIR_KIND_INT, true)));
    GIVES_TYPED("{a=1, b=2}", "MAP<CHAR(1) NOT NULL, INT NOT NULL> NOT NULL", "MAP_FROM_ARRAYS", LIST(chars("a"), chars("b")),
                LIST(num(1), num(2)));
    GIVES("!", "MAP_FROM_ARRAYS", LIST(chars("a"), chars("b")), LIST(num(1)));
    GIVES_TYPED("{a=1, a=2}", "MAP<CHAR(1) NOT NULL, INT NOT NULL> NOT NULL", "MAP_FROM_ARRAYS", LIST(chars("a"), chars("a")),
                LIST(num(1), num(2)));
    GIVES_TYPED("NULL", "MAP<INT, INT NOT NULL>", "MAP_FROM_ARRAYS", no_list(weir_type_simple(WEIR_KIND_INT, true)), LIST(num(1), num(2)));
    GIVES_TYPED("{a=2, b=3}", "MAP<CHAR(1) NOT NULL, INT NOT NULL> NOT NULL", "MAP_UNION", PAIRS(chars("a"), num(1)),
                PAIRS(chars("a"), num(2), chars("b"), num(3)));
    GIVES_TYPED("{a=1}", "MAP<CHAR(1) NOT NULL, INT NOT NULL> NOT NULL", "MAP_UNION", PAIRS(chars("a"), num(1)));
    GIVES_TYPED("NULL", "MAP<VARCHAR(2147483647), INT>", "MAP_UNION", PAIRS(chars("a"), num(1)),
                no_map(weir_type_string(true), weir_type_simple(WEIR_KIND_INT, true)));
    GIVES_TYPED("{a=1, b=2}", "MAP<CHAR(1) NOT NULL, BIGINT NOT NULL> NOT NULL", "MAP_UNION", PAIRS(chars("a"), num(1)),
                PAIRS(chars("b"), big(2)));
    GIVES("!", "MAP_UNION", PAIRS(chars("a"), num(1)), PAIRS(num(1), num(2)));
    GIVES("!", "MAP_KEYS", num(1));
    GIVES_TYPED("NULL", "ARRAY<INT>", "MAP_KEYS", no_map(weir_type_simple(WEIR_KIND_INT, true), weir_type_simple(WEIR_KIND_INT, true)));
    GIVES("!", "MAP_FROM_ARRAYS", LIST(num(1)));
    GIVES("!", "MAP_KEYS", null(WEIR_KIND_NULL));
}

static void of_map(void **state) {
    (void)state;
    GIVES_TYPED("{a=2}", "MAP<CHAR(1) NOT NULL, INT NOT NULL> NOT NULL", "MAP", chars("a"), num(1), chars("a"), num(2));
    GIVES_TYPED("{a=1, NULL=2}", "MAP<CHAR(1), INT NOT NULL> NOT NULL", "MAP", chars("a"), num(1),
                (weir_value){.type = weir_type_sized(&check_arena, WEIR_KIND_CHAR, 1, true), .is_null = true}, num(2));
    GIVES("!", "MAP", num(1), num(2), chars("a"), num(3));
    GIVES("!", "MAP", chars("a"), num(1), chars("b"), chars("c"));
    GIVES("!", "MAP", chars("a"));
    GIVES_TYPED("{a=1.0, b=2.5}", "MAP<CHAR(1) NOT NULL, DECIMAL(11, 1) NOT NULL> NOT NULL", "MAP", chars("a"), num(1), chars("b"),
                dec("2.5", 2, 1));
    GIVES_TYPED("{NULL=1}", "MAP<VARCHAR(2147483647), INT NOT NULL> NOT NULL", "MAP", null_text(), num(1));
}

static void of_array(void **state) {
    (void)state;
    GIVES_TYPED("[1, NULL]", "ARRAY<INT> NOT NULL", "ARRAY", num(1), null(WEIR_KIND_INT));
    GIVES("!", "ARRAY", date("2024-01-01"), stamp("2024-01-01 00:00:00", 0));
    GIVES_TYPED("[a, bb]", "ARRAY<VARCHAR(2147483647) NOT NULL> NOT NULL", "ARRAY", chars("a"), text("bb"));
    GIVES_TYPED("[1, 2]", "ARRAY<BIGINT NOT NULL> NOT NULL", "ARRAY", num(1), big(2));
    GIVES_TYPED("[(1.0, a), (2.5, bb)]", "ARRAY<ROW<`EXPR$0` DECIMAL(11, 1) NOT NULL, `EXPR$1` VARCHAR(2) NOT NULL> NOT NULL> NOT NULL",
                "ARRAY", TUPLE(num(1), chars("a")), TUPLE(dec("2.5", 2, 1), chars("bb")));
    GIVES_TYPED("[[1.0], [2.5]]", "ARRAY<ARRAY<DECIMAL(11, 1) NOT NULL> NOT NULL> NOT NULL", "ARRAY", LIST(num(1)), LIST(dec("2.5", 2, 1)));
    GIVES_TYPED("[2024-01-01 00:00:00.000, 2024-01-01 00:00:00.123]", "ARRAY<TIMESTAMP(3) NOT NULL> NOT NULL", "ARRAY",
                stamp("2024-01-01 00:00:00", 0), stamp("2024-01-01 00:00:00.123", 3));
}

static void of_item(void **state) {
    (void)state;
    GIVES("!", "ITEM", LIST(num(1), num(2), num(3)), num(0));
    GIVES_TYPED("NULL", "INT", "ITEM", LIST(num(1), num(2), num(3)), num(4));
    GIVES("!", "ITEM", LIST(num(1), num(2), num(3)), num(-1));
    GIVES_TYPED("NULL", "INT", "ITEM", LIST(num(1), num(2), num(3)), null(WEIR_KIND_INT));
    GIVES("!", "ITEM", LIST(num(1), num(2), num(3)), chars("a"));
    GIVES("!", "ITEM", LIST(num(1), num(2), num(3)), dec("2.0", 2, 1));
    GIVES_TYPED("NULL", "INT", "ITEM", PAIRS(chars("a"), num(1)), chars("b"));
    GIVES("!", "ITEM", PAIRS(chars("a"), num(1)), num(1));
    GIVES_TYPED("x", "CHAR(1)", "ITEM", PAIRS(num(1), chars("x")), big(1));
    GIVES_TYPED("NULL", "INT", "ITEM", PAIRS(chars("a"), num(1)), null_text());
    GIVES_TYPED("NULL", "INT", "ITEM", LIST(num(1), null(WEIR_KIND_INT)), num(2));
}

static void of_counts(void **state) {
    (void)state;
    GIVES_TYPED("1", "INT NOT NULL", "CARDINALITY", PAIRS(chars("a"), num(1)));
    GIVES_TYPED("NULL", "INT", "CARDINALITY", no_list(weir_type_simple(WEIR_KIND_INT, true)));
    GIVES("!", "CARDINALITY", num(1));
    GIVES_TYPED("5", "INT NOT NULL", "ELEMENT", LIST(num(5)));
    GIVES("!", "ELEMENT", LIST(num(5), num(6)));
    GIVES_TYPED("NULL", "INT", "ELEMENT", no_list(weir_type_simple(WEIR_KIND_INT, true)));
    GIVES("!", "ELEMENT", PAIRS(chars("a"), num(1)));
    GIVES("!", "CARDINALITY", TUPLE(num(1), num(2)));
    GIVES("!", "CARDINALITY", LIST(num(1)), num(2));
    GIVES("!", "CARDINALITY", null(WEIR_KIND_NULL));
    GIVES_TYPED("NULL", "INT", "ELEMENT", LIST(null(WEIR_KIND_INT)));
}

static void of_row(void **state) {
    (void)state;
    GIVES_TYPED("(1, a, NULL)", "ROW<`EXPR$0` INT NOT NULL, `EXPR$1` CHAR(1) NOT NULL, `EXPR$2` VARCHAR(2147483647)> NOT NULL", "ROW",
                num(1), chars("a"), null_text());
    GIVES("!", "ROW", );
    GIVES_TYPED("(1)", "ROW<`EXPR$0` INT NOT NULL> NOT NULL", "ROW", num(1));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(of_array_search, check_setup, check_teardown),
        cmocka_unit_test_setup_teardown(of_array_functions, check_setup, check_teardown),
        cmocka_unit_test_setup_teardown(of_maps, check_setup, check_teardown),
        cmocka_unit_test_setup_teardown(of_map, check_setup, check_teardown),
        cmocka_unit_test_setup_teardown(of_array, check_setup, check_teardown),
        cmocka_unit_test_setup_teardown(of_item, check_setup, check_teardown),
        cmocka_unit_test_setup_teardown(of_counts, check_setup, check_teardown),
        cmocka_unit_test_setup_teardown(of_row, check_setup, check_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
