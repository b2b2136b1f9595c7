/* TRIM LTRIM RTRIM BTRIM: without certain characters at the ends. The result shares the source's memory.
 *
 * TRIM comes as TRIM(text) or, from TRIM(BOTH c FROM text), as TRIM(KEYWORD, c, text) with a SYMBOL. */
#include "func/string_int.h"

enum { AT_START = 1, AT_END = 2 };

typedef struct trim_state {
    int ends;
    uint32_t text;       /* which argument */
    uint32_t characters; /* which argument; UINT32_MAX: blanks */
} trim_state;

static const weir_type *varying(weir_signature *signature, uint32_t index) {
    return weir_type_sized(signature->arena, WEIR_KIND_VARCHAR, signature->arguments[index].type->precision,
                           weir_signature_nullable(signature));
}

static weir_status infer_trim(weir_signature *signature, weir_error *error) {
    bool keyword = signature->count > 0 && signature->arguments[0].type->kind == WEIR_KIND_SYMBOL;
    WEIR_TRY(weir_signature_check(signature, keyword ? "!Sss" : "!s", error));
    return weir_signature_result(signature, varying(signature, keyword ? 2 : 0), error);
}

static weir_status infer_one_end(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_check(signature, "!s?s", error));
    return weir_signature_result(signature, varying(signature, 0), error);
}

static weir_status infer_btrim(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_check(signature, "s?s", error));
    return weir_signature_result(signature, string_type(signature), error);
}

static bool contains(weir_text characters, const char *point, size_t size) {
    for (size_t at = 0; at < characters.size;) {
        size_t next = string_forward(characters, at, 1);
        if (next - at == size && memcmp(characters.data + at, point, size) == 0)
            return true;
        at = next;
    }
    return false;
}

static void trim(weir_text text, weir_text characters, int ends, size_t *from, size_t *to) {
    size_t start = 0, end = text.size;
    while ((ends & AT_START) && start < end) {
        size_t next = string_forward(text, start, 1);
        if (!contains(characters, text.data + start, next - start))
            break;
        start = next;
    }
    while ((ends & AT_END) && end > start) {
        size_t before = end - 1;
        while (before > start && string_continues(text.data[before]))
            before--;
        if (!contains(characters, text.data + before, end - before))
            break;
        end = before;
    }
    *from = start;
    *to = end;
}

static void run_blanks(const trim_state *state, const weir_rows *rows, const weir_column *source, weir_column *out) {
    WEIR_FOR_ROWS(rows, i, {
        weir_text text = weir_column_text(source, i);
        size_t start = 0, end = text.size;
        if (state->ends & AT_START)
            while (start < end && text.data[start] == ' ')
                start++;
        if (state->ends & AT_END)
            while (end > start && text.data[end - 1] == ' ')
                end--;
        string_part(out, i, text, start, end);
    });
}

static void run_trim(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    const trim_state *state = call->state;
    const weir_column *source = arguments[state->text];
    if (!weir_column_keep_from(out, source))
        return;
    if (state->characters == UINT32_MAX) {
        run_blanks(state, rows, source, out);
        return;
    }
    WEIR_FOR_ROWS(rows, i, {
        weir_text text = weir_column_text(source, i);
        size_t from, to;
        trim(text, weir_column_text(arguments[state->characters], i), state->ends, &from, &to);
        string_part(out, i, text, from, to);
    });
}

static weir_status bind_ends(weir_call *call, int ends, uint32_t text, uint32_t characters, weir_error *error) {
    trim_state *state = WEIR_CALL_STATE(call, trim_state);
    if (state == NULL)
        return weir_fail_memory(error, "a trim", sizeof(trim_state));
    const weir_value *literal = characters == UINT32_MAX ? NULL : weir_call_literal(call, characters);
    bool blank = literal != NULL && !literal->is_null && weir_text_equal_c(literal->as.text, " ");
    *state = (trim_state){ends, text, blank ? UINT32_MAX : characters};
    call->state = state;
    call->kernel = run_trim;
    return WEIR_OK;
}

static uint32_t second_argument(const weir_call *call) { return call->argument_count > 1 ? 1 : UINT32_MAX; }

static weir_status bind_trim(weir_call *call, weir_error *error) {
    if (call->argument_count == 1)
        return bind_ends(call, AT_START | AT_END, 0, UINT32_MAX, error);
    const weir_value *keyword = weir_call_literal(call, 0);
    if (keyword == NULL)
        return weir_fail(error, WEIR_INTERNAL, "TRIM needs its keyword as a literal");
    int ends = AT_START | AT_END;
    if (weir_text_equal_nocase_c(keyword->as.text, "LEADING"))
        ends = AT_START;
    else if (weir_text_equal_nocase_c(keyword->as.text, "TRAILING"))
        ends = AT_END;
    return bind_ends(call, ends, 2, 1, error);
}

static weir_status bind_ltrim(weir_call *call, weir_error *error) { return bind_ends(call, AT_START, 0, second_argument(call), error); }
static weir_status bind_rtrim(weir_call *call, weir_error *error) { return bind_ends(call, AT_END, 0, second_argument(call), error); }
static weir_status bind_btrim(weir_call *call, weir_error *error) {
    return bind_ends(call, AT_START | AT_END, 0, second_argument(call), error);
}

const weir_function weir_functions_string_trim[] = {
    {"TRIM", WEIR_FUNCTION_STRICT, infer_trim, bind_trim, "string",
     "TRIM([BOTH | LEADING | TRAILING] [characters FROM] text STRING) -> STRING", "The text without these characters (blanks) at its ends.",
     "TRIM(LEADING 'x' FROM 'xxweirx')", "weirx"},
    {"LTRIM", WEIR_FUNCTION_STRICT, infer_one_end, bind_ltrim, "string", "LTRIM(text STRING[, characters STRING]) -> STRING",
     "The text without these characters (blanks) at its start.", "LTRIM('  weir ')", "weir "},
    {"RTRIM", WEIR_FUNCTION_STRICT, infer_one_end, bind_rtrim, "string", "RTRIM(text STRING[, characters STRING]) -> STRING",
     "The text without these characters (blanks) at its end.", "RTRIM('weirxyx', 'xy')", "weir"},
    {"BTRIM", WEIR_FUNCTION_STRICT, infer_btrim, bind_btrim, "string", "BTRIM(text STRING[, characters STRING]) -> STRING",
     "The text without these characters (blanks) at both ends.", "BTRIM('xyweirxy', 'xy')", "weir"},
    {NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL},
};
