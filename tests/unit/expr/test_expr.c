/* Expression trees: making, folding, comparing, rewriting, printing. */
#include "tests/unit/expr/expr_check.h"

static void building_checks_and_folds(void **state) {
    (void)state;
    ground g;
    ground_open(&g);
    const weir_expr *sum = CALL(&g, "+", num(&g, 40), num(&g, 2));
    assert_int_equal(sum->kind, WEIR_EXPR_LITERAL);
    assert_int_equal(sum->as.literal.as.integer, 42);
    assert_int_equal(sum->position.line, 7);
    assert_false(sum->type->nullable);
    /* a column keeps it a call; RAND is never folded */
    assert_int_equal(CALL(&g, "+", col(&g, 0, int_type(true)), num(&g, 2))->kind, WEIR_EXPR_CALL);
    assert_int_equal(build(&g, "RAND", NULL, 0)->kind, WEIR_EXPR_CALL);
    /* a literal that must be cast becomes a literal of the other type */
    const weir_expr *mixed = CALL(&g, "COALESCE", col(&g, 0, weir_type_simple(WEIR_KIND_BIGINT, true)), num(&g, 5));
    assert_int_equal(mixed->as.call.arguments[1]->kind, WEIR_EXPR_LITERAL);
    assert_int_equal(mixed->as.call.arguments[1]->type->kind, WEIR_KIND_BIGINT);
    ground_close(&g);
}

static void building_tells_mistakes(void **state) {
    (void)state;
    ground g;
    ground_open(&g);
    const weir_expr *out;
    const weir_expr *wrong[2] = {num(&g, 1), text(&g, "a")};
    assert_int_equal(try_build(&g, "+", wrong, 2, &out), WEIR_VALIDATE);
    assert_int_equal(g.error.position.line, 7);
    assert_int_equal(g.error.position.column, 3);
    weir_error_clear(&g.error);
    const weir_expr *zero[2] = {num(&g, 1), num(&g, 0)};
    assert_int_equal(try_build(&g, "/", zero, 2, &out), WEIR_OK); /* to fail when a row needs it */
    assert_true(weir_expr_is_call(out, "/"));
    ground_close(&g);
}

static void casts(void **state) {
    (void)state;
    ground g;
    ground_open(&g);
    const weir_type *bigint = weir_type_simple(WEIR_KIND_BIGINT, true);
    const weir_expr *x = col(&g, 0, int_type(false));
    assert_ptr_equal(weir_expr_cast(&g.arena, x, int_type(false)), x);
    assert_ptr_equal(weir_expr_cast(&g.arena, x, int_type(true)), x); /* it may only become NULL more often */
    assert_ptr_not_equal(weir_expr_cast(&g.arena, col(&g, 0, int_type(true)), int_type(false)), x);
    const weir_expr *cast = weir_expr_cast(&g.arena, x, bigint);
    assert_true(weir_expr_is_call(cast, "CAST"));
    assert_ptr_equal(cast->type, bigint);
    const weir_expr *null = weir_expr_cast(&g.arena, weir_expr_null(&g.arena, int_type(true)), bigint);
    assert_int_equal(null->kind, WEIR_EXPR_LITERAL);
    assert_true(null->as.literal.is_null);
    assert_int_equal(null->type->kind, WEIR_KIND_BIGINT);
    assert_null(weir_expr_cast(&g.arena, NULL, bigint));
    ground_close(&g);
}

static void equality(void **state) {
    (void)state;
    ground g;
    ground_open(&g);
    const weir_expr *x = col(&g, 0, int_type(true)), *y = col(&g, 1, int_type(true));
    assert_true(weir_expr_equal(CALL(&g, "+", x, num(&g, 1)), CALL(&g, "+", col(&g, 0, int_type(false)), num(&g, 1))));
    assert_false(weir_expr_equal(CALL(&g, "+", x, num(&g, 1)), CALL(&g, "+", y, num(&g, 1))));
    assert_false(weir_expr_equal(CALL(&g, "+", x, num(&g, 1)), CALL(&g, "+", x, num(&g, 2))));
    assert_false(weir_expr_equal(CALL(&g, "+", x, num(&g, 1)), CALL(&g, "-", x, num(&g, 1))));
    assert_false(weir_expr_equal(num(&g, 1), weir_expr_null(&g.arena, int_type(true))));
    assert_false(weir_expr_equal(x, col(&g, 0, weir_type_simple(WEIR_KIND_BIGINT, true))));
    assert_true(weir_expr_equal(text(&g, "a"), text(&g, "a")));
    assert_false(weir_expr_equal(text(&g, "a"), text(&g, "b")));
    weir_expr one = {.kind = WEIR_EXPR_OUTER, .type = int_type(true), .as.outer = {1, 2}}, other = one;
    assert_true(weir_expr_equal(&one, &other));
    other.as.outer.level = 2;
    assert_false(weir_expr_equal(&one, &other));
    ground_close(&g);
}

static void questions(void **state) {
    (void)state;
    ground g;
    ground_open(&g);
    const weir_expr *x = col(&g, 3, int_type(true)), *random = build(&g, "RAND", NULL, 0);
    const weir_expr *sum = CALL(&g, "+", x, CALL(&g, "*", col(&g, 1, int_type(true)), num(&g, 2)));
    assert_true(weir_expr_is_constant(num(&g, 1)));
    assert_false(weir_expr_is_constant(sum));
    assert_false(weir_expr_is_constant(random));
    assert_true(weir_expr_is_deterministic(sum));
    assert_false(weir_expr_is_deterministic(CALL(&g, "+", random, random)));
    bool used[3] = {false};
    weir_expr_columns(sum, used, 3); /* column 3 is beyond the array */
    assert_false(used[0]);
    assert_true(used[1]);
    assert_false(used[2]);
    assert_true(weir_expr_is_call(sum, "+"));
    assert_false(weir_expr_is_call(x, "+"));
    ground_close(&g);
}

static void rewriting_shares_what_stays(void **state) {
    (void)state;
    ground g;
    ground_open(&g);
    const weir_expr *x = col(&g, 0, int_type(true)), *y = col(&g, 1, int_type(true));
    const weir_expr *left = CALL(&g, "*", x, num(&g, 2)), *sum = CALL(&g, "+", left, y);
    const weir_expr *map[2] = {x, num(&g, 7)};
    const weir_expr *replaced = weir_expr_replace(&g.arena, sum, map);
    assert_ptr_equal(replaced->as.call.arguments[0], left);
    assert_ptr_equal(replaced->as.call.arguments[1], map[1]);
    uint32_t same[2] = {0, 1}, moved[2] = {5, 9};
    assert_ptr_equal(weir_expr_renumber(&g.arena, sum, same), sum);
    const weir_expr *renumbered = weir_expr_renumber(&g.arena, sum, moved);
    assert_int_equal(renumbered->as.call.arguments[1]->as.column, 9);
    assert_int_equal(renumbered->as.call.arguments[0]->as.call.arguments[0]->as.column, 5);
    ground_close(&g);
}

static void conjuncts(void **state) {
    (void)state;
    ground g;
    ground_open(&g);
    const weir_expr *a = col(&g, 0, boolean_type(true)), *b = col(&g, 1, boolean_type(false)), *c = col(&g, 2, boolean_type(false));
    const weir_expr *both = weir_expr_and(&g.arena, weir_expr_and(&g.arena, a, b), CALL(&g, "OR", b, c));
    assert_true(both->type->nullable);
    assert_false(weir_expr_and(&g.arena, b, c)->type->nullable);
    assert_ptr_equal(weir_expr_and(&g.arena, NULL, a), a);
    assert_ptr_equal(weir_expr_and(&g.arena, a, NULL), a);
    weir_list parts = {0};
    assert_true(weir_expr_conjuncts(&g.arena, both, &parts));
    assert_int_equal(parts.count, 3);
    assert_ptr_equal(parts.items[0], a);
    assert_ptr_equal(parts.items[1], b);
    ground_close(&g);
}

static void prints(ground *g, const weir_expr *expr, const weir_schema *names, const char *expected) {
    weir_builder out;
    weir_builder_init(&out, &g->memory, 4096);
    weir_expr_print(expr, names, &out);
    assert_string_equal(out.data, expected);
    weir_builder_deinit(&out);
}

static void printing(void **state) {
    (void)state;
    ground g;
    ground_open(&g);
    weir_field fields[1] = {{.name = WEIR_TEXT("price"), .type = int_type(true)}};
    weir_schema names = {1, fields};
    const weir_expr *x = col(&g, 0, int_type(true));
    prints(&g, CALL(&g, ">", CALL(&g, "+", x, col(&g, 1, int_type(true))), num(&g, 5)), &names, ">(+(price, $1), 5)");
    prints(&g, x, NULL, "$0");
    prints(&g, text(&g, "it's"), NULL, "'it''s'");
    prints(&g, weir_expr_null(&g.arena, int_type(true)), NULL, "null");
    prints(&g, weir_expr_bool(&g.arena, true), NULL, "true");
    prints(&g, weir_expr_cast(&g.arena, x, weir_type_string(true)), NULL, "CAST($0 AS STRING)");
    weir_value bytes = {.type = weir_type_sized(&g.arena, WEIR_KIND_BINARY, 2, false), .as.text = {"\x0a\xff", 2}};
    prints(&g, weir_expr_literal(&g.arena, &bytes, (weir_position){0}), NULL, "X'0AFF'");
    weir_value decimal = {.type = weir_type_decimal(&g.arena, 5, 2, false), .as.decimal = -150};
    prints(&g, weir_expr_literal(&g.arena, &decimal, (weir_position){0}), NULL, "-1.50");
    weir_value day = {.type = weir_type_simple(WEIR_KIND_DATE, false), .as.integer = 19782};
    prints(&g, weir_expr_literal(&g.arena, &day, (weir_position){0}), NULL, "2024-02-29");
    weir_expr outer = {.kind = WEIR_EXPR_OUTER, .type = int_type(true), .as.outer = {1, 2}};
    prints(&g, &outer, NULL, "outer1$2");
    ground_close(&g);
}

/* Making trees while allocation number `count` fails: an error, no half tree. */
static bool build_without_memory(uint64_t count) {
    ground g;
    ground_open(&g);
    weir_memory_fail_after(count, true);
    const weir_expr *x = col(&g, 0, int_type(true)), *one = num(&g, 1), *out = NULL;
    weir_status status = x == NULL || one == NULL ? WEIR_MEMORY : WEIR_OK;
    if (status == WEIR_OK)
        status = try_build(&g, "+", (const weir_expr *[]){x, one}, 2, &out);
    if (status == WEIR_OK)
        status =
            try_build(&g, "COALESCE", (const weir_expr *[]){weir_expr_cast(&g.arena, out, weir_type_simple(WEIR_KIND_BIGINT, true)), one},
                      g.arena.failed ? 0 : 2, &out);
    if (status == WEIR_OK && !g.arena.failed)
        status = try_build(&g, "*", (const weir_expr *[]){one, one}, 2, &out);
    bool reached = weir_memory_tries() >= count;
    weir_memory_fail_after(0, false);
    assert_true(reached ? status != WEIR_OK || g.arena.failed : status == WEIR_OK);
    ground_close(&g);
    return !reached;
}

static void every_allocation_fails_in_turn(void **state) {
    (void)state;
    uint64_t count = 1;
    while (!build_without_memory(count))
        count++;
    assert_true(count > 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(building_checks_and_folds),
        cmocka_unit_test(building_tells_mistakes),
        cmocka_unit_test(casts),
        cmocka_unit_test(equality),
        cmocka_unit_test(questions),
        cmocka_unit_test(rewriting_shares_what_stays),
        cmocka_unit_test(conjuncts),
        cmocka_unit_test(printing),
        cmocka_unit_test(every_allocation_fails_in_turn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
