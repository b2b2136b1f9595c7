/* UPPER, LOWER, INITCAP. ASCII is done here, the rest by ICU's full case map (ß becomes SS). INITCAP knows ASCII letters and digits only,
 * as in Flink: any other character ends a word. */
#include <unicode/ucasemap.h>

#include "func/string_int.h"

typedef struct case_state {
    bool upper;
    UCaseMap *map;
} case_state;

static weir_status infer_same_text(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_check(signature, "!s", error));
    return weir_signature_result(signature, signature->arguments[0].type, error);
}

static void put_mapped(weir_column *out, uint32_t row, weir_text text, const case_state *state) {
    UErrorCode code = U_ZERO_ERROR;
    int32_t capacity = (int32_t)(text.size * 3); /* the worst that case mapping does to UTF-8 */
    char *room = weir_column_text_room(out, (size_t)capacity);
    if (room == NULL)
        return;
    int32_t size = state->upper ? ucasemap_utf8ToUpper(state->map, room, capacity, text.data, (int32_t)text.size, &code)
                                : ucasemap_utf8ToLower(state->map, room, capacity, text.data, (int32_t)text.size, &code);
    if (U_FAILURE(code))
        size = 0;
    weir_column_set_view(out, row, room, (size_t)size);
}

static void run_case(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    const case_state *state = call->state;
    const char first = state->upper ? 'a' : 'A', flip = 0x20;
    WEIR_FOR_ROWS(rows, i, {
        weir_text text = weir_column_text(arguments[0], i);
        if (!string_is_ascii(text)) {
            put_mapped(out, i, text, state);
            continue;
        }
        char *to = string_begin(out, i, text.size);
        if (to == NULL)
            continue;
        for (size_t k = 0; k < text.size; k++) {
            char c = text.data[k];
            to[k] = (unsigned char)(c - first) < 26 ? (char)(c ^ flip) : c;
        }
        string_end(out, i);
    });
}

static void map_close(void *data) { ucasemap_close(data); }

static weir_status bind_case(weir_call *call, bool upper, weir_error *error) {
    case_state *state = WEIR_CALL_STATE(call, case_state);
    UErrorCode code = U_ZERO_ERROR;
    if (state == NULL)
        return weir_fail_memory(error, "a case map", sizeof(case_state));
    state->upper = upper;
    state->map = ucasemap_open("", 0, &code);
    if (U_FAILURE(code))
        return weir_fail(error, WEIR_RUNTIME, "The case map of Unicode could not be opened: %s", u_errorName(code));
    if (!weir_arena_on_reset(call->arena, map_close, state->map)) {
        ucasemap_close(state->map);
        return weir_fail_memory(error, "a case map", sizeof(case_state));
    }
    call->state = state;
    call->kernel = run_case;
    return WEIR_OK;
}

static weir_status bind_upper(weir_call *call, weir_error *error) { return bind_case(call, true, error); }
static weir_status bind_lower(weir_call *call, weir_error *error) { return bind_case(call, false, error); }

static void run_initcap(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    (void)call;
    WEIR_FOR_ROWS(rows, i, {
        weir_text text = weir_column_text(arguments[0], i);
        char *to = string_begin(out, i, text.size);
        if (to == NULL)
            continue;
        bool inside = false;
        for (size_t k = 0; k < text.size; k++) {
            char c = text.data[k];
            bool lower = c >= 'a' && c <= 'z', upper = c >= 'A' && c <= 'Z';
            if ((lower && !inside) || (upper && inside))
                to[k] = (char)(c ^ 0x20);
            else
                to[k] = c;
            inside = lower || upper || (c >= '0' && c <= '9');
        }
        string_end(out, i);
    });
}

static weir_status bind_initcap(weir_call *call, weir_error *error) {
    (void)error;
    call->kernel = run_initcap;
    return WEIR_OK;
}

const weir_function weir_functions_string_case[] = {
    {"UPPER", WEIR_FUNCTION_STRICT, infer_same_text, bind_upper, "string", "UPPER(text STRING) -> STRING", "The text in capitals.",
     "UPPER('weiß')", "WEISS"},
    {"LOWER", WEIR_FUNCTION_STRICT, infer_same_text, bind_lower, "string", "LOWER(text STRING) -> STRING", "The text in small letters.",
     "LOWER('ÄHRE')", "ähre"},
    {"INITCAP", WEIR_FUNCTION_STRICT, infer_same_text, bind_initcap, "string", "INITCAP(text STRING) -> STRING",
     "Every word with a capital first letter.", "INITCAP('hello wORLD')", "Hello World"},
    {NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL},
};
