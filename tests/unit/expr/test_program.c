/* Programs: branches see only the rows that reach them, failing rows, NULLs, shared subexpressions, filters, selections, no memory. */
#include "tests/unit/expr/expr_check.h"

/* 10 / x, which fails where x is 0 */
static const weir_expr *ten_by(ground *g, const weir_expr *x) { return CALL(g, "/", num(g, 10), x); }

static void and_or_narrow(void **state) {
    (void)state;
    ground g;
    ground_open(&g);
    const weir_expr *x = col(&g, 0, int_type(true));
    weir_column *columns[1] = {column_of(&g, int_type(true), "0,5,NULL,20,0")};
    gives(&g, CALL(&g, "AND", CALL(&g, "<>", x, num(&g, 0)), CALL(&g, ">", ten_by(&g, x), num(&g, 1))), columns, 5, "0,1,NULL,0,0");
    gives(&g, CALL(&g, "OR", CALL(&g, "=", x, num(&g, 0)), CALL(&g, ">", ten_by(&g, x), num(&g, 1))), columns, 5, "1,1,NULL,0,1");
    /* three parts: what the first leaves undecided (NULL) still meets the later ones */
    gives(&g, CALL(&g, "AND", CALL(&g, "<", x, num(&g, 100)), CALL(&g, "IS NOT NULL", x), CALL(&g, ">=", x, num(&g, 5))), columns, 5,
          "0,1,0,1,0");
    weir_column_unref(columns[0]);
    ground_close(&g);
}

/* All nine combinations of three truth values. */
static void three_valued_logic(void **state) {
    (void)state;
    ground g;
    ground_open(&g);
    const weir_expr *a = col(&g, 0, boolean_type(true)), *b = col(&g, 1, boolean_type(true));
    weir_column *columns[2] = {column_of(&g, boolean_type(true), "1,1,1,0,0,0,NULL,NULL,NULL"),
                               column_of(&g, boolean_type(true), "1,0,NULL,1,0,NULL,1,0,NULL")};
    gives(&g, CALL(&g, "AND", a, b), columns, 9, "1,0,NULL,0,0,0,NULL,0,NULL");
    gives(&g, CALL(&g, "OR", a, b), columns, 9, "1,1,1,1,0,NULL,1,NULL,NULL");
    gives(&g, CALL(&g, "NOT", a), columns, 9, "0,0,0,1,1,1,NULL,NULL,NULL");
    weir_column_unref(columns[0]);
    weir_column_unref(columns[1]);
    ground_close(&g);
}

static void case_and_if_narrow(void **state) {
    (void)state;
    ground g;
    ground_open(&g);
    const weir_expr *x = col(&g, 0, int_type(true));
    weir_column *columns[1] = {column_of(&g, int_type(true), "0,5,NULL,20,-2")};
    const weir_expr *zero = CALL(&g, "=", x, num(&g, 0)), *negative = CALL(&g, "<", x, num(&g, 0));
    gives(&g, CALL(&g, "CASE", zero, num(&g, -1), negative, CALL(&g, "-u", x), ten_by(&g, x)), columns, 5, "-1,2,NULL,0,2");
    gives(&g, CALL(&g, "CASE", negative, ten_by(&g, x), weir_expr_null(&g.arena, weir_type_simple(WEIR_KIND_NULL, true))), columns, 5,
          "NULL,NULL,NULL,NULL,-5");
    gives(&g, CALL(&g, "IF", CALL(&g, "<>", x, num(&g, 0)), ten_by(&g, x), num(&g, 7)), columns, 5, "7,2,7,0,-5");
    /* texts of the branches keep their bytes */
    gives(&g,
          CALL(&g, "CASE", zero, text(&g, "a text that is longer than twelve"), negative, text(&g, "short"), text(&g, "otherwise, too")),
          columns, 5, "a text that is longer than twelve,otherwise, too,otherwise, too,otherwise, too,short");
    weir_column_unref(columns[0]);
    ground_close(&g);
}

static void coalesce_narrows(void **state) {
    (void)state;
    ground g;
    ground_open(&g);
    const weir_expr *a = col(&g, 0, int_type(true)), *b = col(&g, 1, int_type(true));
    weir_column *columns[2] = {column_of(&g, int_type(true), "1,NULL,NULL,NULL"), column_of(&g, int_type(true), "0,NULL,5,NULL")};
    gives(&g, CALL(&g, "COALESCE", a, ten_by(&g, b), num(&g, 9)), columns, 4, "1,9,2,9"); /* 10 / 0 is never asked for */
    gives(&g, CALL(&g, "COALESCE", a, b), columns, 4, "1,NULL,5,NULL");
    gives(&g, CALL(&g, "COALESCE", a), columns, 4, "1,NULL,NULL,NULL");
    weir_column_unref(columns[0]);
    weir_column_unref(columns[1]);
    ground_close(&g);
}

/* Two expressions fail: the lowest row counts, the rows before it are good in both. */
static void the_lowest_failing_row(void **state) {
    (void)state;
    ground g;
    ground_open(&g);
    const weir_expr *a = col(&g, 0, int_type(true)), *b = col(&g, 1, int_type(true));
    weir_column *columns[2] = {column_of(&g, int_type(true), "1,2,5,0,0"), column_of(&g, int_type(true), "1,5,0,1,0")};
    const weir_expr *exprs[2] = {ten_by(&g, a), ten_by(&g, b)};
    weir_program *program = compiled(&g, exprs, 2);
    weir_column *out[2];
    uint32_t failed_row = 0;
    for (int again = 0; again < 2; again++) { /* a failure leaves nothing behind */
        weir_status status = weir_program_run(program, columns, 5, &(weir_rows){NULL, 5}, out, &failed_row, &g.error);
        assert_int_equal(status, WEIR_RUNTIME);
        assert_int_equal(failed_row, 2);
        assert_int_equal(g.error.position.line, 7);
        assert_non_null(strstr(g.error.message, "by zero"));
        assert_string_equal(shown(out[0], &(weir_rows){NULL, 2}), "10,5");
        assert_string_equal(shown(out[1], &(weir_rows){NULL, 2}), "10,2");
        weir_column_unref(out[0]);
        weir_column_unref(out[1]);
    }
    /* the failing rows not asked for: no failure */
    uint32_t good[] = {0, 1};
    assert_int_equal(weir_program_run(program, columns, 5, &(weir_rows){good, 2}, out, &failed_row, &g.error), WEIR_OK);
    assert_int_equal(failed_row, UINT32_MAX);
    weir_column_unref(out[0]);
    weir_column_unref(out[1]);
    weir_column_unref(columns[0]);
    weir_column_unref(columns[1]);
    ground_close(&g);
}

/* A failure inside of a branch is the row's own, even when the other branch fails at a later one. */
static void failures_in_branches(void **state) {
    (void)state;
    ground g;
    ground_open(&g);
    const weir_expr *a = col(&g, 0, int_type(true)), *b = col(&g, 1, int_type(true));
    weir_column *columns[2] = {column_of(&g, int_type(true), "1,-1,-1,1"), column_of(&g, int_type(true), "1,1,0,0")};
    const weir_expr *expr = CALL(&g, "CASE", CALL(&g, ">", a, num(&g, 0)), ten_by(&g, b), CALL(&g, "%", num(&g, 7), b));
    weir_program *program = compiled(&g, &expr, 1);
    weir_column *out;
    uint32_t failed_row;
    assert_int_equal(weir_program_run(program, columns, 4, &(weir_rows){NULL, 4}, &out, &failed_row, &g.error), WEIR_RUNTIME);
    assert_int_equal(failed_row, 2);
    weir_column_unref(out);
    weir_column_unref(columns[0]);
    weir_column_unref(columns[1]);
    ground_close(&g);
}

/* NULL in, NULL out; a kernel that may fail never meets the row. */
static void strict_functions_skip_nulls(void **state) {
    (void)state;
    ground g;
    ground_open(&g);
    const weir_expr *a = col(&g, 0, int_type(true)), *b = col(&g, 1, int_type(true));
    weir_column *columns[2] = {column_of(&g, int_type(true), "1,NULL,NULL,8"), column_of(&g, int_type(true), "1,0,NULL,4")};
    gives(&g, CALL(&g, "+", a, b), columns, 4, "2,NULL,NULL,12"); /* TOTAL: runs over all rows */
    gives(&g, CALL(&g, "/", a, b), columns, 4, "1,NULL,NULL,2");  /* not TOTAL: NULL / 0 is NULL */
    gives(&g, CALL(&g, "IS NULL", CALL(&g, "/", a, b)), columns, 4, "0,1,1,0");
    weir_column_unref(columns[0]);
    weir_column_unref(columns[1]);
    ground_close(&g);
}

/* Equal subexpressions are one node; what is not deterministic is computed each time. */
static void equal_expressions_are_shared(void **state) {
    (void)state;
    ground g;
    ground_open(&g);
    const weir_expr *x = col(&g, 0, int_type(true));
    weir_column *columns[1] = {column_of(&g, int_type(true), "1,2,3")};
    const weir_expr *exprs[5] = {CALL(&g, "+", x, num(&g, 1)), CALL(&g, "+", x, num(&g, 1)), CALL(&g, "*", CALL(&g, "+", x, num(&g, 1)), x),
                                 build(&g, "RAND", NULL, 0), build(&g, "RAND", NULL, 0)};
    weir_program *program = compiled(&g, exprs, 5);
    weir_column *out[5];
    uint32_t failed_row;
    assert_int_equal(weir_program_run(program, columns, 3, &(weir_rows){NULL, 3}, out, &failed_row, &g.error), WEIR_OK);
    assert_ptr_equal(out[0], out[1]);
    assert_string_equal(shown(out[2], &(weir_rows){NULL, 3}), "2,6,12");
    assert_ptr_not_equal(out[3], out[4]);
    assert_memory_not_equal(out[3]->values, out[4]->values, 3 * sizeof(double));
    for (int i = 0; i < 5; i++)
        weir_column_unref(out[i]);
    weir_column_unref(columns[0]);
    ground_close(&g);
}

/* A column by itself is handed out, not copied; a literal fills as many rows as the batch has. */
static void columns_and_literals(void **state) {
    (void)state;
    ground g;
    ground_open(&g);
    const weir_expr *exprs[2] = {col(&g, 0, int_type(true)), num(&g, 42)};
    weir_program *program = compiled(&g, exprs, 2);
    const char *const batches[] = {"1,2", "3", "4,5,6,7,8"};
    for (int i = 0; i < 3; i++) {
        weir_column *column = column_of(&g, int_type(true), batches[i]), *out[2];
        uint32_t failed_row, rows = column->capacity;
        assert_int_equal(weir_program_run(program, &column, rows, &(weir_rows){NULL, rows}, out, &failed_row, &g.error), WEIR_OK);
        assert_ptr_equal(out[0], column);
        assert_int_equal(strlen(shown(out[1], &(weir_rows){NULL, rows})), 3 * rows - 1);
        weir_column_unref(out[0]);
        weir_column_unref(out[1]);
        weir_column_unref(column);
    }
    ground_close(&g);
}

/* Only the selected rows are computed; positions stay those of the input. */
static void selections(void **state) {
    (void)state;
    ground g;
    ground_open(&g);
    const weir_expr *x = col(&g, 0, int_type(true)), *expr = CALL(&g, "IF", CALL(&g, ">", x, num(&g, 2)), ten_by(&g, x), x);
    weir_column *column = column_of(&g, int_type(true), "0,5,1,10,0"), *out;
    weir_program *program = compiled(&g, &expr, 1);
    uint32_t index[] = {1, 2, 3}, failed_row;
    weir_rows rows = {index, 3};
    assert_int_equal(weir_program_run(program, &column, 5, &rows, &out, &failed_row, &g.error), WEIR_OK);
    assert_string_equal(shown(out, &rows), "2,1,1");
    weir_column_unref(out);
    /* no rows at all */
    assert_int_equal(weir_program_run(program, &column, 5, &(weir_rows){index, 0}, &out, &failed_row, &g.error), WEIR_OK);
    weir_column_unref(out);
    weir_column_unref(column);
    ground_close(&g);
}

static void filter_keeps(ground *g, weir_program *program, weir_column *const *columns, uint32_t physical, weir_rows rows,
                         const char *expected) {
    uint32_t selection[16], selected = 99, failed_row;
    assert_int_equal(weir_program_filter(program, columns, physical, &rows, selection, &selected, &failed_row, &g->error), WEIR_OK);
    char out[64] = "";
    for (uint32_t i = 0; i < selected; i++)
        snprintf(out + strlen(out), sizeof out - strlen(out), i > 0 ? ",%u" : "%u", selection[i]);
    assert_string_equal(out, expected);
}

static void filters(void **state) {
    (void)state;
    ground g;
    ground_open(&g);
    const weir_expr *x = col(&g, 0, int_type(true));
    weir_column *column = column_of(&g, int_type(true), "0,5,NULL,20,7,1");
    const weir_expr *parts =
        CALL(&g, "AND", CALL(&g, "<>", x, num(&g, 0)), CALL(&g, ">=", ten_by(&g, x), num(&g, 1)), CALL(&g, "<", x, num(&g, 7)));
    weir_program *program = compiled(&g, &parts, 1);
    uint32_t some[] = {0, 2, 3, 5}, none[] = {0};
    filter_keeps(&g, program, &column, 6, (weir_rows){NULL, 6}, "1,5");
    filter_keeps(&g, program, &column, 6, (weir_rows){some, 4}, "5");
    filter_keeps(&g, program, &column, 6, (weir_rows){none, 0}, "");
    const weir_expr *either = CALL(&g, "OR", CALL(&g, "IS NULL", x), CALL(&g, "=", x, num(&g, 20)));
    filter_keeps(&g, compiled(&g, &either, 1), &column, 6, (weir_rows){NULL, 6}, "2,3");
    const weir_expr *never = weir_expr_null(&g.arena, boolean_type(true)), *always = weir_expr_bool(&g.arena, true);
    filter_keeps(&g, compiled(&g, &never, 1), &column, 6, (weir_rows){NULL, 6}, "");
    filter_keeps(&g, compiled(&g, &always, 1), &column, 6, (weir_rows){some, 4}, "0,2,3,5");
    weir_column_unref(column);
    ground_close(&g);
}

static void a_filter_fails(void **state) {
    (void)state;
    ground g;
    ground_open(&g);
    const weir_expr *x = col(&g, 0, int_type(true)), *expr = CALL(&g, ">", ten_by(&g, x), num(&g, 1));
    weir_column *column = column_of(&g, int_type(true), "5,20,0,0");
    uint32_t selection[4], selected, failed_row;
    weir_program *program = compiled(&g, &expr, 1);
    assert_int_equal(weir_program_filter(program, &column, 4, &(weir_rows){NULL, 4}, selection, &selected, &failed_row, &g.error),
                     WEIR_RUNTIME);
    assert_int_equal(failed_row, 2);
    assert_int_equal(selection[0], 0); /* what stands before the failing row is decided */
    weir_column_unref(column);
    ground_close(&g);
}

/* A field of a ROW that is NULL is NULL, whatever the child holds. */
static void fields_of_rows(void **state) {
    (void)state;
    ground g;
    ground_open(&g);
    weir_field fields[2] = {{.name = WEIR_TEXT("a"), .type = int_type(true)}, {.name = WEIR_TEXT("b"), .type = int_type(true)}};
    const weir_type *type = weir_type_row(&g.arena, fields, 2, true);
    weir_column *row = weir_column_create(&g.memory, type, 3);
    for (int i = 0; i < 3; i++)
        WEIR_VALUES(row->children[1], int32_t)[i] = i + 1;
    weir_column_set_null(row->children[1], 2);
    const weir_expr *field = CALL(&g, "FIELD", col(&g, 0, type), num(&g, 1));
    gives(&g, field, &row, 3, "1,2,NULL");
    weir_column_set_null(row, 1);
    gives(&g, field, &row, 3, "1,NULL,NULL");
    weir_column_unref(row);
    ground_close(&g);
}

static void constants(void **state) {
    (void)state;
    ground g;
    ground_open(&g);
    weir_value value;
    const weir_expr *call =
        weir_expr_call(&g.arena, "+", int_type(false), (const weir_expr *[]){num(&g, 40), num(&g, 2)}, 2, (weir_position){0});
    assert_int_equal(weir_expr_constant(&g.arena, &g.memory, &g.evaluation, call, &value, &g.error), WEIR_OK);
    assert_int_equal(value.as.integer, 42);
    call = weir_expr_call(&g.arena, "/", int_type(false), (const weir_expr *[]){num(&g, 1), num(&g, 0)}, 2, (weir_position){0});
    assert_int_equal(weir_expr_constant(&g.arena, &g.memory, &g.evaluation, call, &value, &g.error), WEIR_RUNTIME);
    ground_close(&g);
}

/* What cannot be compiled is told with its place. */
static void outer_columns_are_refused(void **state) {
    (void)state;
    ground g;
    ground_open(&g);
    weir_expr outer = {.kind = WEIR_EXPR_OUTER, .type = int_type(true), .position = {.line = 3, .column = 9}, .as.outer = {1, 0}};
    const weir_expr *expr = CALL(&g, "+", &outer, num(&g, 1));
    weir_program *program;
    assert_int_equal(weir_program_compile(&g.arena, &g.memory, &g.evaluation, &expr, 1, &program, &g.error), WEIR_UNSUPPORTED);
    assert_int_equal(g.error.position.line, 3);
    ground_close(&g);
}

/* Everything above in one program; allocation number `count` fails. True: it was never reached. */
static bool run_without_memory(uint64_t count, bool sticky) {
    ground g;
    ground_open(&g);
    const weir_type *string = weir_type_string(true);
    const weir_expr *x = col(&g, 0, int_type(true)), *s = col(&g, 1, string);
    const weir_expr *long_text = text(&g, "a text that is longer than twelve");
    const weir_expr *exprs[3] = {CALL(&g, "CASE", CALL(&g, "AND", CALL(&g, "<>", x, num(&g, 0)), CALL(&g, ">", ten_by(&g, x), num(&g, 1))),
                                      s, CALL(&g, "||", s, long_text)),
                                 CALL(&g, "COALESCE", x, CALL(&g, "CHAR_LENGTH", CALL(&g, "UPPER", s)), num(&g, 3)),
                                 CALL(&g, "IF", CALL(&g, "OR", CALL(&g, "IS NULL", x), CALL(&g, "=", s, text(&g, "b"))), s, long_text)};
    weir_column *columns[2] = {column_of(&g, int_type(true), "0,5,NULL,20"),
                               column_of(&g, string, "a,b,another text that is longer than twelve,NULL")};
    weir_program *program = NULL;
    weir_column *out[3];
    uint32_t failed_row;
    weir_memory_fail_after(count, sticky);
    weir_status status = weir_program_compile(&g.arena, &g.memory, &g.evaluation, exprs, 3, &program, &g.error);
    if (status == WEIR_OK)
        status = weir_program_run(program, columns, 4, &(weir_rows){NULL, 4}, out, &failed_row, &g.error);
    bool reached = weir_memory_tries() >= count;
    weir_memory_fail_after(0, false);
    assert_int_equal(status, reached ? WEIR_MEMORY : WEIR_OK);
    if (status == WEIR_OK) {
        assert_string_equal(shown(out[1], &(weir_rows){NULL, 4}), "0,5,39,20");
        for (int i = 0; i < 3; i++)
            weir_column_unref(out[i]);
    } else if (program != NULL) { /* the next run is as if nothing had been */
        assert_int_equal(weir_program_run(program, columns, 4, &(weir_rows){NULL, 4}, out, &failed_row, &g.error), WEIR_OK);
        assert_string_equal(shown(out[1], &(weir_rows){NULL, 4}), "0,5,39,20");
        for (int i = 0; i < 3; i++)
            weir_column_unref(out[i]);
    }
    weir_column_unref(columns[0]);
    weir_column_unref(columns[1]);
    ground_close(&g);
    return !reached;
}

static void every_allocation_fails_in_turn(void **state) {
    (void)state;
    for (int sticky = 0; sticky < 2; sticky++) {
        uint64_t count = 1;
        while (!run_without_memory(count, sticky))
            count++;
        assert_true(count > 30);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(and_or_narrow),
        cmocka_unit_test(three_valued_logic),
        cmocka_unit_test(case_and_if_narrow),
        cmocka_unit_test(coalesce_narrows),
        cmocka_unit_test(the_lowest_failing_row),
        cmocka_unit_test(failures_in_branches),
        cmocka_unit_test(strict_functions_skip_nulls),
        cmocka_unit_test(equal_expressions_are_shared),
        cmocka_unit_test(columns_and_literals),
        cmocka_unit_test(selections),
        cmocka_unit_test(filters),
        cmocka_unit_test(a_filter_fails),
        cmocka_unit_test(fields_of_rows),
        cmocka_unit_test(constants),
        cmocka_unit_test(outer_columns_are_refused),
        cmocka_unit_test(every_allocation_fails_in_turn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
