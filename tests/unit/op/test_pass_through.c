/* Operators that pass rows on: calc, watermarks, union, expand, unnest, and those on kinds and counts. Input: k STRING, v BIGINT, t
 * TIMESTAMP(3). */
#include "tests/unit/op/op_rows.h"

#include "op/calc.h"
#include "op/changelog.h"
#include "op/expand.h"
#include "op/union.h"
#include "op/unnest.h"
#include "op/watermark_assigner.h"

typedef struct form {
    op_bench bench;
    const weir_type **types; /* [3] */
    const weir_expr *k, *v, *t;
} form;

static void form_init(form *f, uint32_t batch_rows, uint32_t input_rows) {
    bench_init(&f->bench, batch_rows, input_rows);
    f->bench.show_marks = true;
    weir_arena *arena = &f->bench.arena;
    f->types = WEIR_ARENA_ARRAY(arena, const weir_type *, 3);
    f->types[0] = weir_type_string(true);
    f->types[1] = weir_type_simple(WEIR_KIND_BIGINT, true);
    f->types[2] = weir_type_sized(arena, WEIR_KIND_TIMESTAMP, 3, true);
    for (uint32_t i = 0; i < 2; i++) {
        f->bench.input_types[i] = f->types;
        f->bench.input_counts[i] = 3;
    }
    weir_position none = {0};
    f->k = weir_expr_column(arena, 0, f->types[0], none);
    f->v = weir_expr_column(arena, 1, f->types[1], none);
    f->t = weir_expr_column(arena, 2, f->types[2], none);
}

static const weir_expr *big(form *f, int64_t value) {
    weir_value literal = {.type = weir_type_simple(WEIR_KIND_BIGINT, false), .as.integer = value};
    return weir_expr_literal(&f->bench.arena, &literal, (weir_position){0});
}

static const weir_expr *call(form *f, const char *name, const weir_type *type, const weir_expr *a, const weir_expr *b) {
    const weir_expr *arguments[] = {a, b};
    const weir_expr *made = weir_expr_call(&f->bench.arena, name, type, arguments, b == NULL ? 1 : 2, (weir_position){0});
    assert_non_null(made);
    return made;
}

static void run(form *f, const weir_operator_vtable *vtable, const void *spec, const char *in, weir_status status, const char *out) {
    assert_int_equal(bench_open(&f->bench, vtable, spec), WEIR_OK);
    bench_feed(&f->bench, in);
    assert_int_equal(f->bench.status, status);
    assert_string_equal(bench_out(&f->bench), out);
    bench_close(&f->bench);
}

enum { SIZES = 16 };
static uint32_t size_of(uint32_t i) {
    static const uint32_t sizes[] = {1, 2, 3, 64};
    return sizes[i];
}

static void calc(void **unused) {
    (void)unused;
    for (uint32_t i = 0; i < SIZES; i++) {
        form f;
        form_init(&f, size_of(i / 4), size_of(i % 4));
        const weir_expr *projections[2] = {call(&f, "+", f.types[1], f.v, big(&f, 1)), f.k};
        weir_calc_spec spec = {
            .condition = call(&f, ">", weir_type_simple(WEIR_KIND_BOOLEAN, true), f.v, big(&f, 2)), .count = 2, .projections = projections};
        run(&f, &weir_calc_operator, &spec, "+I,a,1,0\n-U,b,3,0\nW,5\n+U,c,NULL,0\n+I,d,2,0\nW,6\n+I,e,9,0\n+I,f,0,0\nW,END\n", WEIR_OK,
            "-U,4,b\nW,5\nW,6\n+I,10,e\nW,END\n");
    }
    form f;
    form_init(&f, 4, 4);
    weir_calc_spec all = {0};
    run(&f, &weir_calc_operator, &all, "+I,a,1,2\nW,END\n", WEIR_OK, "+I,a,1,2\nW,END\n");
}

/* CURRENT_WATERMARK is the watermark at each row, though a batch has many. */
static void calc_at_the_watermark(void **unused) {
    (void)unused;
    for (uint32_t i = 0; i < SIZES; i++) {
        form f;
        form_init(&f, size_of(i / 4), size_of(i % 4));
        const weir_expr *projections[2] = {f.k, call(&f, "CURRENT_WATERMARK", f.types[2], f.t, NULL)};
        weir_calc_spec spec = {.count = 2, .projections = projections};
        run(&f, &weir_calc_operator, &spec, "+I,a,1,100\nW,7\n-D,b,3,0\nW,8\nW,9\n+I,c,2,0\nW,END\n", WEIR_OK,
            "+I,a,NULL\nW,7\n-D,b,7\nW,8\nW,9\n+I,c,9\nW,END\n");
    }
}

/* The rows before the one that fails leave. */
static void calc_fails_at_a_row(void **unused) {
    (void)unused;
    form f;
    form_init(&f, 64, 64);
    const weir_expr *projections[1] = {call(&f, "/", f.types[1], big(&f, 12), f.v)};
    weir_calc_spec spec = {
        .condition = call(&f, "<>", weir_type_simple(WEIR_KIND_BOOLEAN, true), f.v, big(&f, 4)), .count = 1, .projections = projections};
    run(&f, &weir_calc_operator, &spec, "+I,a,3,0\nW,1\n+I,a,4,0\n+I,a,6,0\nW,2\n+I,a,0,0\nW,3\n+I,a,1,0\n", WEIR_RUNTIME,
        "+I,4\nW,1\n+I,2\nW,2\n");
    form_init(&f, 64, 64);
    weir_calc_spec condition = {.condition = call(&f, ">", weir_type_simple(WEIR_KIND_BOOLEAN, true), projections[0], big(&f, 2))};
    projections[0] = call(&f, "/", f.types[1], big(&f, 12), f.v);
    condition.condition = call(&f, ">", weir_type_simple(WEIR_KIND_BOOLEAN, true), projections[0], big(&f, 2));
    run(&f, &weir_calc_operator, &condition, "+I,a,3,0\n+I,b,12,0\n+I,a,0,0\nW,3\n+I,a,1,0\n", WEIR_RUNTIME, "+I,a,3,0\n");
}

static void watermarks(void **unused) {
    (void)unused;
    for (uint32_t i = 0; i < SIZES; i++) {
        form f;
        form_init(&f, size_of(i / 4), size_of(i % 4));
        weir_watermark_assigner_spec spec = {.rowtime = 2, .expression = f.t, .interval_ms = 200};
        run(&f, &weir_watermark_assigner_operator, &spec,
            "+I,a,1,100\n+I,a,1,250\n+I,a,1,50\nW,77\n+I,a,1,450\n+I,a,1,451\n+I,a,1,900\nW,END\n", WEIR_OK,
            "+I,a,1,100\n+I,a,1,250\nW,250\n+I,a,1,50\n+I,a,1,450\n+I,a,1,451\nW,451\n+I,a,1,900\nW,900\nW,END\n");
    }
    form f;
    form_init(&f, 8, 8);
    weir_watermark_assigner_spec spec = {.rowtime = 2, .expression = f.t, .interval_ms = 0};
    run(&f, &weir_watermark_assigner_operator, &spec, "+I,a,1,-5\n+I,a,1,7\n+I,b,1,NULL\n+I,a,1,9\n", WEIR_RUNTIME,
        "+I,a,1,-5\n+I,a,1,7\nW,7\n");
    form_init(&f, 8, 8);
    spec.idle_timeout_ms = 5;
    assert_int_equal(bench_open(&f.bench, &weir_watermark_assigner_operator, &spec), WEIR_UNSUPPORTED);
    bench_close(&f.bench);
}

static void unions(void **unused) {
    (void)unused;
    form f;
    form_init(&f, 8, 8);
    weir_union_spec spec = {.input_count = 2};
    run(&f, &weir_union_operator, &spec,
        "0 +I,a,1,0\n0 W,10\n1 -D,b,1,0\n1 W,5\n1 +I,c,1,0\n1 W,12\n0 W,11\n0 +I,d,1,0\n0 W,END\n1 W,13\n1 W,END\n", WEIR_OK,
        "+I,a,1,0\n-D,b,1,0\nW,5\n+I,c,1,0\nW,10\nW,11\n+I,d,1,0\nW,12\nW,13\nW,END\n");
}

static void expands(void **unused) {
    (void)unused;
    for (uint32_t i = 0; i < SIZES; i++) {
        form f;
        form_init(&f, size_of(i / 4), size_of(i % 4));
        const weir_expr *null = weir_expr_null(&f.bench.arena, f.types[0]);
        const weir_expr *with[3] = {f.k, f.v, big(&f, 0)}, *without[3] = {null, f.v, big(&f, 1)};
        const weir_expr *const *sets[2] = {with, without};
        const weir_type *out[3] = {f.types[0], f.types[1], f.types[1]};
        weir_expand_spec spec = {.set_count = 2, .count = 3, .projections = sets, .output_types = out};
        run(&f, &weir_expand_operator, &spec, "+I,a,1,0\n-D,a longer text than fits,2,0\nW,5\n+I,c,NULL,0\nW,END\n", WEIR_OK,
            "+I,a,1,0\n+I,NULL,1,1\n-D,a longer text than fits,2,0\n-D,NULL,2,1\nW,5\n+I,c,NULL,0\n+I,NULL,NULL,1\nW,END\n");
    }
}

static void unnests(void **unused) {
    (void)unused;
    for (uint32_t i = 0; i < 2 * SIZES; i++) {
        form f;
        bool keep_empty = i % 2;
        form_init(&f, size_of(i / 8), size_of(i / 2 % 4));
        weir_arena *arena = &f.bench.arena;
        const weir_type *array = weir_type_array(arena, f.types[1], true), *boolean = weir_type_simple(WEIR_KIND_BOOLEAN, true);
        const weir_expr *both = call(&f, "ARRAY", array, f.v, big(&f, 7));
        const weir_expr *choice[3] = {call(&f, ">", boolean, f.v, big(&f, 0)), both, weir_expr_null(arena, array)};
        const weir_expr *collection = weir_expr_call(arena, "IF", array, choice, 3, (weir_position){0});
        assert_non_null(collection);
        const weir_type *out[5] = {f.types[0], f.types[1], f.types[2], f.types[1], weir_type_simple(WEIR_KIND_INT, true)};
        weir_unnest_spec spec = {.input_count = 3,
                                 .collection = collection,
                                 .ordinality = true,
                                 .keep_empty = keep_empty,
                                 .output_count = 5,
                                 .output_types = out};
        run(&f, &weir_unnest_operator, &spec, "+I,a,1,0\n-U,b,0,0\nW,5\n+I,c,3,0\nW,END\n", WEIR_OK,
            keep_empty ? "+I,a,1,0,1,1\n+I,a,1,0,7,2\n-U,b,0,0,NULL,NULL\nW,5\n+I,c,3,0,3,1\n+I,c,3,0,7,2\nW,END\n"
                       : "+I,a,1,0,1,1\n+I,a,1,0,7,2\nW,5\n+I,c,3,0,3,1\n+I,c,3,0,7,2\nW,END\n");
    }
}

static void unnests_maps(void **unused) {
    (void)unused;
    form f;
    form_init(&f, 2, 8);
    const weir_type *map = weir_type_map(&f.bench.arena, f.types[0], f.types[1], true);
    const weir_type *out[5] = {f.types[0], f.types[1], f.types[2], f.types[0], f.types[1]};
    weir_unnest_spec spec = {.input_count = 3, .collection = call(&f, "MAP", map, f.k, f.v), .output_count = 5, .output_types = out};
    run(&f, &weir_unnest_operator, &spec, "+I,a,1,0\n+I,b,NULL,0\nW,END\n", WEIR_OK, "+I,a,1,0,a,1\n+I,b,NULL,0,b,NULL\nW,END\n");
}

static void kinds_and_counts(void **unused) {
    (void)unused;
    for (uint32_t i = 0; i < SIZES; i++) {
        form f;
        form_init(&f, size_of(i / 4), size_of(i % 4));
        run(&f, &weir_drop_update_before_operator, NULL, "+I,a,1,0\n-U,a,1,0\nW,3\n+U,a,2,0\n-U,a,2,0\n-D,a,2,0\nW,END\n", WEIR_OK,
            "+I,a,1,0\nW,3\n+U,a,2,0\n-D,a,2,0\nW,END\n");
        form_init(&f, size_of(i / 4), size_of(i % 4));
        weir_replicate_spec spec = {.count_column = 1, .output_count = 1, .output_types = f.types};
        run(&f, &weir_replicate_operator, &spec, "+I,a,2,0\n-U,b,1,0\nW,3\n+U,c,0,0\n+I,d,-4,0\n-D,e,3,0\nW,END\n", WEIR_OK,
            "+I,a\n+I,a\n-U,b\nW,3\n-D,e\n-D,e\n-D,e\nW,END\n");
    }
}

static void not_null(void **unused) {
    (void)unused;
    static const uint32_t columns[] = {1, 0};
    static const weir_text names[] = {{"v", 1}, {"k", 1}};
    weir_not_null_spec spec = {.count = 2, .columns = columns, .names = names};
    const char *in = "+I,a,1,NULL\n+I,NULL,2,0\nW,3\n+I,c,NULL,0\n+I,d,4,0\nW,END\n";
    form f;
    form_init(&f, 8, 8);
    run(&f, &weir_not_null_operator, &spec, in, WEIR_OK, "+I,a,1,NULL\nW,3\n+I,d,4,0\nW,END\n");
    form_init(&f, 8, 8);
    f.bench.settings.fail_on_not_null = true;
    assert_int_equal(bench_open(&f.bench, &weir_not_null_operator, &spec), WEIR_OK);
    bench_feed(&f.bench, in);
    assert_int_equal(f.bench.status, WEIR_RUNTIME);
    assert_string_equal(bench_out(&f.bench), "+I,a,1,NULL\n");
    assert_non_null(strstr(f.bench.error.message, "Column 'k' is NOT NULL, however, a null value is being written into it."));
    bench_close(&f.bench);
}

static void normalize(void **unused) {
    (void)unused;
    static const uint32_t key = 0;
    const char *in = "+U,a,1,0\n+U,b,1,0\n+I,a,1,0\n-U,a,9,9\nW,3\n+U,a,2,0\n+U,b,5,0\n-D,z,1,0\n-D,a,NULL,NULL\n+I,a,2,0\nW,END\n";
    for (uint32_t i = 0; i < 2 * SIZES; i++) {
        form f;
        form_init(&f, size_of(i / 8), size_of(i / 2 % 4));
        weir_changelog_normalize_spec spec = {
            .input_count = 3, .input_types = f.types, .key_count = 1, .keys = &key, .emit_update_before = i % 2};
        run(&f, &weir_changelog_normalize_operator, &spec, in, WEIR_OK,
            i % 2 ? "+I,a,1,0\n+I,b,1,0\n-D,a,1,0\nW,3\n+I,a,2,0\n-U,b,1,0\n+U,b,5,0\n-D,a,2,0\n+I,a,2,0\nW,END\n"
                  : "+I,a,1,0\n+I,b,1,0\n-D,a,1,0\nW,3\n+I,a,2,0\n+U,b,5,0\n-D,a,2,0\n+I,a,2,0\nW,END\n");
    }
}

static void normalize_expires(void **unused) {
    (void)unused;
    static const uint32_t key = 0;
    form f;
    form_init(&f, 4, 3);
    f.bench.settings.state_ttl_ms = 1000;
    weir_changelog_normalize_spec spec = {
        .input_count = 3, .input_types = f.types, .key_count = 1, .keys = &key, .emit_update_before = true};
    f.bench.input_types[0] = f.types;
    assert_int_equal(bench_open(&f.bench, &weir_changelog_normalize_operator, &spec), WEIR_OK);
    bench_expect_expiry(&f.bench, "+U,k%d,1,0\n");
    bench_close(&f.bench);
}

static void no_memory_anywhere(void **unused) {
    (void)unused;
    static const uint32_t key = 0;
    for (uint32_t which = 0; which < 9; which++) {
        bool done = false;
        for (uint64_t nth = 1; !done; nth++) {
            form f;
            form_init(&f, 2, 3);
            weir_calc_spec filter = {.condition = call(&f, ">", weir_type_simple(WEIR_KIND_BOOLEAN, true), f.v, big(&f, 1))};
            const weir_expr *set[2] = {f.k, f.v};
            const weir_expr *const *sets[2] = {set, set};
            weir_expand_spec expand = {.set_count = 2, .count = 2, .projections = sets, .output_types = f.types};
            weir_unnest_spec unnest = {.input_count = 1,
                                       .collection = call(&f, "ARRAY", weir_type_array(&f.bench.arena, f.types[0], true), f.k, f.k),
                                       .output_count = 2,
                                       .output_types = (const weir_type *const[]){f.types[0], f.types[0]}};
            weir_replicate_spec replicate = {.count_column = 1, .output_count = 1, .output_types = f.types};
            weir_changelog_normalize_spec normal = {
                .input_count = 3, .input_types = f.types, .key_count = 1, .keys = &key, .emit_update_before = true};
            weir_watermark_assigner_spec marks = {.rowtime = 2, .expression = f.t, .interval_ms = 0};
            static const uint32_t columns[] = {1};
            static const weir_text names[] = {{"v", 1}};
            weir_not_null_spec no_nulls = {.count = 1, .columns = columns, .names = names};
            weir_union_spec inputs = {.input_count = 1};
            const weir_operator_vtable *vtables[] = {&weir_calc_operator,
                                                     &weir_expand_operator,
                                                     &weir_unnest_operator,
                                                     &weir_replicate_operator,
                                                     &weir_changelog_normalize_operator,
                                                     &weir_watermark_assigner_operator,
                                                     &weir_drop_update_before_operator,
                                                     &weir_not_null_operator,
                                                     &weir_union_operator};
            const void *specs[] = {&filter, &expand, &unnest, &replicate, &normal, &marks, NULL, &no_nulls, &inputs};
            weir_memory_fail_after(nth, nth % 2 == 0);
            if (bench_open(&f.bench, vtables[which], specs[which]) == WEIR_OK)
                bench_feed(&f.bench, "+I,a,1,5\n+U,b,2,8\nW,3\n-U,a,1,9\n+I,c,NULL,9\n+U,a,3,9\n-D,a,1,7\n"
                                     "+I,a text that is long,2,10\nW,END\n");
            done = weir_memory_tries() < nth;
            weir_memory_fail_after(0, false);
            assert_int_equal(f.bench.status, done ? WEIR_OK : WEIR_MEMORY);
            bench_close(&f.bench);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calc),
        cmocka_unit_test(calc_at_the_watermark),
        cmocka_unit_test(calc_fails_at_a_row),
        cmocka_unit_test(watermarks),
        cmocka_unit_test(unions),
        cmocka_unit_test(expands),
        cmocka_unit_test(unnests),
        cmocka_unit_test(unnests_maps),
        cmocka_unit_test(kinds_and_counts),
        cmocka_unit_test(not_null),
        cmocka_unit_test(normalize),
        cmocka_unit_test(normalize_expires),
        cmocka_unit_test(no_memory_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
