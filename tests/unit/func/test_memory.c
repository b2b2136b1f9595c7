/* Every allocation of a call fails in turn: the call says so, and nothing is leaked (the account is empty afterwards). */
#include "func_check.h"

enum { TRIES_MAX = 400 };

static const char long_text[] = "a text that does not fit into a view, wörter und 😀";

static void fail_each(const char *name, const weir_value *values, uint32_t count) {
    for (uint64_t n = 1; n <= TRIES_MAX; n++) {
        weir_arena kept = check_arena; /* the values live in there; the call gets an arena of its own */
        weir_arena_init(&check_arena, &check_memory);
        weir_memory_fail_after(n, false);
        checked done = evaluate(name, values, count);
        uint64_t tries = weir_memory_tries();
        weir_memory_fail_after(0, false);
        assert_true(done.status == WEIR_OK || done.status == WEIR_MEMORY);
        assert_true(done.status == WEIR_OK || tries >= n);
        weir_column_unref(done.column);
        weir_arena_deinit(&check_arena);
        check_arena = kept;
        if (tries < n)
            return;
    }
    fail_msg("%s still allocates after %d tries", name, (int)TRIES_MAX);
}

#define FAIL_EACH(name_, ...) fail_each(name_, ARGUMENTS(__VA_ARGS__))

static void calls_survive(void **state) {
    (void)state;
    FAIL_EACH("UPPER", text(long_text));
    FAIL_EACH("CONCAT", text(long_text), text(long_text));
    FAIL_EACH("LPAD", text(long_text), num(90), text("äx"));
    FAIL_EACH("OVERLAY", text(long_text), text("äx"), num(5));
    FAIL_EACH("REPLACE", text(long_text), text("e"), text("Ä"));
    FAIL_EACH("TRANSLATE", text(long_text), text("e"), text("Ä"));
    FAIL_EACH("SPLIT", text(long_text), text(" "));
    FAIL_EACH("PRINTF", text("%s and %s %08.3f"), text(long_text), text(long_text), real(1.5));
    FAIL_EACH("ENCODE", text(long_text), text("UTF-16"));
    FAIL_EACH("FROM_BASE64", text("aGVsbG8gaGVsbG8gaGVsbG8gaGVsbG8="));
    FAIL_EACH("URL_DECODE", text("%C3%A4 and a lot more of plain text"));
    FAIL_EACH("LIKE", text(long_text), text("%not%w_rter%"));
    FAIL_EACH("SHA256", text(long_text));
    FAIL_EACH("TYPEOF", text(long_text));
    FAIL_EACH("+", dec("1.5", 10, 2), num(2));
    FAIL_EACH("=", list_of((weir_value[]){num(1), num(2)}, 2), list_of((weir_value[]){big(1), big(2)}, 2));
}

static void patterns_survive(void **state) {
    (void)state;
    FAIL_EACH("REGEXP_REPLACE", text(long_text), text("[a-z&&[^e]]+(?i)x?"), text("-"));
    FAIL_EACH("REGEXP_EXTRACT_ALL", text(long_text), text("(\\w)(\\w)"), num(2));
    FAIL_EACH("STR_TO_MAP", text("a=1,b=2,c=3,a=4"));
    FAIL_EACH("SIMILAR TO", text(long_text), text("%[[:ALPHA:]]+%"));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(calls_survive), cmocka_unit_test(patterns_survive)};
    return cmocka_run_group_tests(tests, check_setup, check_teardown);
}
