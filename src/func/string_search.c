/* CHAR_LENGTH POSITION LOCATE INSTR STARTSWITH ENDSWITH ASCII: numbers and truths about a text. Positions count code points from 1; 0 means
 * not found. */
#include "func/string_int.h"

static const weir_type *integer(const weir_signature *signature) {
    return weir_type_simple(WEIR_KIND_INT, weir_signature_nullable(signature));
}

static weir_status infer_of_text(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_check(signature, "!s", error));
    return weir_signature_result(signature, integer(signature), error);
}

static weir_status infer_find(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_check(signature, "!ss?i", error));
    return weir_signature_result(signature, integer(signature), error);
}

static weir_status infer_instr(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_check(signature, "!ss?ii", error));
    return weir_signature_result(signature, integer(signature), error);
}

static void run_length(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    (void)call;
    int32_t *r = WEIR_VALUES(out, int32_t);
    WEIR_FOR_ROWS(rows, i, { r[i] = (int32_t)weir_utf8_length(weir_column_text(arguments[0], i)); });
}

static weir_status bind_length(weir_call *call, weir_error *error) {
    (void)error;
    call->kernel = run_length;
    return WEIR_OK;
}

static void run_ascii(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    (void)call;
    int32_t *r = WEIR_VALUES(out, int32_t);
    WEIR_FOR_ROWS(rows, i, {
        weir_text text = weir_column_text(arguments[0], i);
        r[i] = text.size == 0 ? 0 : (int8_t)text.data[0];
    });
}

static weir_status bind_ascii(weir_call *call, weir_error *error) {
    (void)error;
    call->kernel = run_ascii;
    return WEIR_OK;
}

/* The 1-based position of `needle` at or after the 1-based position `from`; 0: not there. An empty needle is at 1. */
static int32_t position_of(weir_text text, weir_text needle, int64_t from) {
    if (needle.size == 0)
        return 1;
    size_t found = string_find(text, needle, string_forward(text, 0, from - 1));
    return found == SIZE_MAX ? 0 : (int32_t)weir_utf8_length((weir_text){text.data, found}) + 1;
}

/* POSITION(needle IN text), LOCATE(needle, text[, from]) */
static void run_locate(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    const int64_t *froms = call->argument_count > 2 ? WEIR_VALUES(arguments[2], int64_t) : NULL;
    int32_t *r = WEIR_VALUES(out, int32_t);
    WEIR_FOR_ROWS(rows, i, {
        r[i] = position_of(weir_column_text(arguments[1], i), weir_column_text(arguments[0], i), froms == NULL ? 1 : froms[i]);
    });
}

static weir_status bind_locate(weir_call *call, weir_error *error) {
    (void)error;
    call->kernel = run_locate;
    return WEIR_OK;
}

/* Searching backward: the n-th occurrence, from the right, that ends at least `skipped` characters before the end. */
static int32_t position_before(weir_text text, weir_text needle, int64_t skipped, int64_t nth) {
    int64_t missing;
    size_t end = string_backward(text, skipped, &missing);
    if (needle.size == 0)
        return (int32_t)weir_utf8_length(text) + 1;
    if (missing > 0 || needle.size > text.size)
        return 0;
    for (size_t at = end + 1; at-- > 0;) {
        if (at + needle.size > end || memcmp(text.data + at, needle.data, needle.size) != 0)
            continue;
        if (--nth == 0)
            return (int32_t)weir_utf8_length((weir_text){text.data, at}) + 1;
    }
    return 0;
}

static int32_t instr(weir_text text, weir_text needle, int64_t from, int64_t nth) {
    if (from < 0)
        return position_before(text, needle, -(from + 1), nth);
    int32_t found = 0;
    for (int64_t k = 0; from > 0 && k < nth; k++) {
        found = position_of(text, needle, from);
        if (found == 0 || needle.size == 0)
            return found;
        from = found + 1;
    }
    return found;
}

/* INSTR(text, needle[, from[, nth]]) */
static void run_instr(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    const int64_t *froms = call->argument_count > 2 ? WEIR_VALUES(arguments[2], int64_t) : NULL;
    const int64_t *nths = call->argument_count > 3 ? WEIR_VALUES(arguments[3], int64_t) : NULL;
    int32_t *r = WEIR_VALUES(out, int32_t);
    WEIR_FOR_ROWS(rows, i, {
        int64_t nth = nths == NULL ? 1 : nths[i];
        if (nth <= 0)
            weir_call_fail(call, i, "nthAppearance must be positive!");
        else
            r[i] = instr(weir_column_text(arguments[0], i), weir_column_text(arguments[1], i), froms == NULL ? 1 : froms[i], nth);
    });
}

static weir_status bind_instr(weir_call *call, weir_error *error) {
    (void)error;
    call->kernel = run_instr;
    return WEIR_OK;
}

static weir_status infer_affix(weir_signature *signature, weir_error *error) {
    bool binary = signature->count > 0 && weir_kind_is_binary(signature->arguments[0].type->kind);
    WEIR_TRY(weir_signature_check(signature, binary ? "yy" : "ss", error));
    return weir_signature_result(signature, weir_type_simple(WEIR_KIND_BOOLEAN, weir_signature_nullable(signature)), error);
}

static void run_starts(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    (void)call;
    uint8_t *r = WEIR_VALUES(out, uint8_t);
    WEIR_FOR_ROWS(rows, i, { r[i] = weir_text_starts(weir_column_text(arguments[0], i), weir_column_text(arguments[1], i)); });
}

static void run_ends(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    (void)call;
    uint8_t *r = WEIR_VALUES(out, uint8_t);
    WEIR_FOR_ROWS(rows, i, {
        weir_text text = weir_column_text(arguments[0], i), end = weir_column_text(arguments[1], i);
        r[i] = end.size <= text.size && memcmp(text.data + (text.size - end.size), end.data, end.size) == 0;
    });
}

static weir_status bind_starts(weir_call *call, weir_error *error) {
    (void)error;
    call->kernel = run_starts;
    return WEIR_OK;
}

static weir_status bind_ends(weir_call *call, weir_error *error) {
    (void)error;
    call->kernel = run_ends;
    return WEIR_OK;
}

#define STRICT WEIR_FUNCTION_STRICT
const weir_function weir_functions_string_search[] = {
    {"CHAR_LENGTH", STRICT, infer_of_text, bind_length, "string", "CHAR_LENGTH(text STRING) -> INT", "The number of characters.",
     "CHAR_LENGTH('Wehr')", "4"},
    {"CHARACTER_LENGTH", STRICT, infer_of_text, bind_length, "string", "CHARACTER_LENGTH(text STRING) -> INT", "The number of characters.",
     "CHARACTER_LENGTH('äöü')", "3"},
    {"ASCII", STRICT, infer_of_text, bind_ascii, "string", "ASCII(text STRING) -> INT",
     "The first byte, with a sign; 0 for the empty text.", "ASCII('a')", "97"},
    {"POSITION", STRICT, infer_find, bind_locate, "string", "POSITION(part STRING IN text STRING) -> INT",
     "Where the part starts, from 1; 0 when it is not there.", "POSITION('ea' IN 'stream')", "4"},
    {"LOCATE", STRICT, infer_find, bind_locate, "string", "LOCATE(part STRING, text STRING[, from INT]) -> INT",
     "Where the part starts, from 1; 0 when it is not there.", "LOCATE('e', 'weir here', 3)", "7"},
    {"INSTR", STRICT, infer_instr, bind_instr, "string", "INSTR(text STRING, part STRING[, from INT[, nth INT]]) -> INT",
     "Where the part occurs for the n-th time; a negative `from` searches backward.", "INSTR('Corporate Floor', 'or', 3, 2)", "14"},
    {"STARTSWITH", STRICT, infer_affix, bind_starts, "string", "STARTSWITH(text STRING, start STRING) -> BOOLEAN",
     "Whether the text starts so.", "STARTSWITH('weir', 'we')", "TRUE"},
    {"ENDSWITH", STRICT, infer_affix, bind_ends, "string", "ENDSWITH(text STRING, end STRING) -> BOOLEAN", "Whether the text ends so.",
     "ENDSWITH('weir', 'we')", "FALSE"},
    {NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL},
};
