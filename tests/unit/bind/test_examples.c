/* The documentation's examples: every function's example is parsed, bound and evaluated, and gives the value that is printed beside it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "bind/bind.h"
#include "expr/program.h"
#include "sql/parser.h"

typedef struct ground {
    weir_memory memory;
    weir_catalog *catalog;
    weir_evaluation evaluation;
} ground;

static void ground_open(ground *g) {
    weir_error error;
    weir_memory_init(&g->memory, NULL, "examples", SIZE_MAX);
    assert_int_equal(weir_catalog_create(&g->memory, &g->catalog, &error), WEIR_OK);
    g->evaluation = (weir_evaluation){
        .zone = weir_zone_utc(), .clock = weir_clock_real(), .random_seed = 1, .current_database = WEIR_TEXT("default_database")};
}

static void ground_close(ground *g) {
    weir_catalog_destroy(g->catalog);
    weir_memory_deinit(&g->memory);
}

/* The one value of a query without tables; its type, too. */
static weir_status query_value(ground *g, weir_arena *arena, const char *example, bool as_text, weir_value *value, weir_error *error) {
    weir_bind_context context = {.arena = arena, .catalog = g->catalog, .evaluation = &g->evaluation, .batch_mode = true};
    weir_text text = weir_arena_format(arena, as_text ? "SELECT CAST(%s AS STRING)" : "SELECT %s", example);
    const weir_ast_query *ast;
    const weir_node *node;
    WEIR_TRY(weir_sql_parse_query(arena, text, &ast, error));
    WEIR_TRY(weir_bind_query(&context, ast, &node, error));
    if (node->kind == WEIR_NODE_VALUES) {
        *value = node->as.values.values[0];
        return WEIR_OK;
    }
    assert_int_equal(node->kind, WEIR_NODE_PROJECT);
    return weir_expr_constant(arena, &g->memory, &g->evaluation, node->as.project.expressions[0], value, error);
}

/* CAST(example AS STRING), evaluated; an error's message instead when it fails. */
static void evaluate(ground *g, const char *example, bool as_text, char *out, size_t out_bytes) {
    weir_arena arena;
    weir_error error = {0};
    weir_value value;
    weir_arena_init(&arena, &g->memory);
    weir_status status = query_value(g, &arena, example, as_text, &value, &error);
    if (status != WEIR_OK)
        snprintf(out, out_bytes, "error: %.400s", error.message);
    else if (value.is_null)
        snprintf(out, out_bytes, "NULL");
    else
        snprintf(out, out_bytes, "%.*s", as_text ? (int)value.as.text.size : 4, as_text ? value.as.text.data : "fine");
    weir_arena_deinit(&arena);
}

static void examples_give_what_they_say(void **state) {
    (void)state;
    ground g;
    ground_open(&g);
    size_t examples = 0, wrong = 0;
    for (size_t family = 0; weir_function_family(family) != NULL; family++) {
        for (const weir_function *function = weir_function_family(family); function->name != NULL; function++) {
            if (function->example == NULL)
                continue;
            char shown[1024];
            evaluate(&g, function->example, function->gives != NULL, shown, sizeof(shown));
            bool right = function->gives != NULL ? strcmp(shown, function->gives) == 0 : strncmp(shown, "error", 5) != 0;
            if (!right)
                print_error("%s gives %s, not %s\n", function->example, shown, function->gives == NULL ? "a value" : function->gives);
            examples++;
            wrong += !right;
        }
    }
    ground_close(&g);
    assert_true(examples > 150);
    assert_int_equal(wrong, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(examples_give_what_they_say)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
