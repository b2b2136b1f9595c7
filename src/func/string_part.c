/* SUBSTRING SUBSTR LEFT RIGHT SPLIT_INDEX SPLIT: parts of a text, by position or separator. Positions count code points from 1; parts share
 * the source's memory. */
#include "func/string_int.h"

/* SUBSTRING, LEFT and RIGHT are nullable whatever their arguments are. */
static const weir_type *varying(weir_signature *signature) {
    return weir_type_sized(signature->arena, WEIR_KIND_VARCHAR, signature->arguments[0].type->precision, true);
}

static weir_status infer_substring(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_check(signature, "!si?i", error));
    return weir_signature_result(signature, varying(signature), error);
}

static weir_status infer_side(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_check(signature, "!si", error));
    return weir_signature_result(signature, varying(signature), error);
}

/* The start offset of a 1-based position (0 is 1, negative counts from the end), or SIZE_MAX: outside. */
static size_t start_of(weir_text text, int64_t position, bool ascii) {
    if (ascii) {
        int64_t at = position > 0 ? position - 1 : position < 0 ? (int64_t)text.size + position : 0;
        return at < 0 || at >= (int64_t)text.size ? SIZE_MAX : (size_t)at;
    }
    if (position >= 0) {
        size_t at = string_forward(text, 0, position > 0 ? position - 1 : 0);
        return at >= text.size ? SIZE_MAX : at;
    }
    int64_t missing;
    size_t at = string_backward(text, position == INT64_MIN ? INT64_MAX : -position, &missing);
    return missing > 0 ? SIZE_MAX : at;
}

static void run_substring(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    const int64_t *positions = WEIR_VALUES(arguments[1], int64_t);
    const int64_t *lengths = call->argument_count > 2 ? WEIR_VALUES(arguments[2], int64_t) : NULL;
    if (!weir_column_keep_from(out, arguments[0]))
        return;
    WEIR_FOR_ROWS(rows, i, {
        int64_t length = lengths == NULL ? INT64_MAX : lengths[i];
        if (length < 0) {
            weir_column_set_null(out, i);
            continue;
        }
        weir_text text = weir_column_text(arguments[0], i);
        bool ascii = string_is_ascii(text);
        size_t from = start_of(text, positions[i], ascii);
        if (from == SIZE_MAX)
            continue; /* the empty text */
        size_t to;
        if (ascii)
            to = (uint64_t)length < text.size - from ? from + (size_t)length : text.size;
        else
            to = lengths == NULL ? text.size : string_forward(text, from, length);
        string_part(out, i, text, from, to);
    });
}

static weir_status bind_substring(weir_call *call, weir_error *error) {
    (void)error;
    call->kernel = run_substring;
    return WEIR_OK;
}

static void run_left(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    (void)call;
    const int64_t *lengths = WEIR_VALUES(arguments[1], int64_t);
    if (!weir_column_keep_from(out, arguments[0]))
        return;
    WEIR_FOR_ROWS(rows, i, {
        weir_text text = weir_column_text(arguments[0], i);
        string_part(out, i, text, 0, string_forward(text, 0, lengths[i]));
    });
}

static void run_right(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    (void)call;
    const int64_t *lengths = WEIR_VALUES(arguments[1], int64_t);
    if (!weir_column_keep_from(out, arguments[0]))
        return;
    WEIR_FOR_ROWS(rows, i, {
        weir_text text = weir_column_text(arguments[0], i);
        int64_t missing;
        string_part(out, i, text, string_backward(text, lengths[i], &missing), text.size);
    });
}

static weir_status bind_left(weir_call *call, weir_error *error) {
    (void)error;
    call->kernel = run_left;
    return WEIR_OK;
}

static weir_status bind_right(weir_call *call, weir_error *error) {
    (void)error;
    call->kernel = run_right;
    return WEIR_OK;
}

/* ---- by separator ---- */

static bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r') || (c >= 0x1C && c <= 0x1F); }

/* The end of the token that starts at `from`, and where the next one starts (SIZE_MAX: none). No separator: blanks separate. */
static size_t token_end(weir_text text, weir_text separator, size_t from, size_t *next) {
    if (separator.size == 0) {
        for (size_t at = from; at < text.size; at++) {
            if (is_blank(text.data[at])) {
                *next = at + 1;
                return at;
            }
        }
        *next = SIZE_MAX;
        return text.size;
    }
    size_t at = string_find(text, separator, from);
    *next = at == SIZE_MAX ? SIZE_MAX : at + separator.size;
    return at == SIZE_MAX ? text.size : at;
}

static weir_status infer_split_index(weir_signature *signature, weir_error *error) {
    bool code = signature->count > 1 && weir_kind_is_integer(signature->arguments[1].type->kind);
    WEIR_TRY(weir_signature_check(signature, code ? "!sii" : "!ssi", error));
    return weir_signature_result(signature, weir_type_string(true), error);
}

static void put_token(weir_column *out, uint32_t row, weir_text text, weir_text separator, int64_t index) {
    size_t from = 0, next = 0, to = 0;
    if (index < 0 || text.size == 0) {
        weir_column_set_null(out, row);
        return;
    }
    for (int64_t k = 0; k <= index; k++) {
        from = next;
        if (from == SIZE_MAX) {
            weir_column_set_null(out, row);
            return;
        }
        to = token_end(text, separator, from, &next);
    }
    string_part(out, row, text, from, to);
}

static void run_split_index(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    const int64_t *indexes = WEIR_VALUES(arguments[2], int64_t);
    const bool code = call->argument_types[1]->kind == WEIR_KIND_BIGINT;
    if (!weir_column_keep_from(out, arguments[0]))
        return;
    WEIR_FOR_ROWS(rows, i, {
        weir_text text = weir_column_text(arguments[0], i);
        if (!code) {
            put_token(out, i, text, weir_column_text(arguments[1], i), indexes[i]);
            continue;
        }
        int64_t character = WEIR_VALUES(arguments[1], int64_t)[i];
        char bytes[4];
        if (character < 1 || character > 255)
            weir_column_set_null(out, i);
        else
            put_token(out, i, text, (weir_text){bytes, weir_utf8_put((uint32_t)character, bytes)}, indexes[i]);
    });
}

static weir_status bind_split_index(weir_call *call, weir_error *error) {
    (void)error;
    call->kernel = run_split_index;
    return WEIR_OK;
}

static weir_status infer_split(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_check(signature, "ss", error));
    return weir_signature_result(signature, weir_type_array(signature->arena, weir_type_string(true), weir_signature_nullable(signature)),
                                 error);
}

static void run_split(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    (void)call;
    if (!weir_column_keep_from(out->children[0], arguments[0])) {
        out->failed = true;
        return;
    }
    WEIR_FOR_ROWS(rows, i, {
        weir_text text = weir_column_text(arguments[0], i), separator = weir_column_text(arguments[1], i);
        uint32_t count = 0;
        if (text.size > 0 && separator.size == 0)
            count = (uint32_t)weir_utf8_length(text);
        else if (text.size > 0)
            for (size_t next = 0; next != SIZE_MAX; count++)
                token_end(text, separator, next, &next);
        uint32_t at = weir_column_span_add(out, i, count);
        if (at == UINT32_MAX)
            continue;
        size_t from = 0;
        for (uint32_t k = 0; k < count; k++) {
            size_t next, to = separator.size == 0 ? (next = string_forward(text, from, 1)) : token_end(text, separator, from, &next);
            string_part(out->children[0], at + k, text, from, to);
            from = next;
        }
    });
}

static weir_status bind_split(weir_call *call, weir_error *error) {
    (void)error;
    call->kernel = run_split;
    return WEIR_OK;
}

const weir_function weir_functions_string_part[] = {
    {"SUBSTRING", WEIR_FUNCTION_STRICT, infer_substring, bind_substring, "string",
     "SUBSTRING(text STRING FROM start INT [FOR length INT]) -> STRING",
     "The characters from a position on; negative positions count from the end.", "SUBSTRING('streaming' FROM 4 FOR 3)", "eam"},
    {"SUBSTR", WEIR_FUNCTION_STRICT, infer_substring, bind_substring, "string", "SUBSTR(text STRING, start INT[, length INT]) -> STRING",
     "The characters from a position on; negative positions count from the end.", "SUBSTR('streaming', -3)", "ing"},
    {"LEFT", WEIR_FUNCTION_STRICT, infer_side, bind_left, "string", "LEFT(text STRING, length INT) -> STRING", "The first characters.",
     "LEFT('streaming', 6)", "stream"},
    {"RIGHT", WEIR_FUNCTION_STRICT, infer_side, bind_right, "string", "RIGHT(text STRING, length INT) -> STRING", "The last characters.",
     "RIGHT('streaming', 3)", "ing"},
    {"SPLIT_INDEX", WEIR_FUNCTION_STRICT, infer_split_index, bind_split_index, "string",
     "SPLIT_INDEX(text STRING, separator STRING, index INT) -> STRING", "The part with this number (from 0) between separators.",
     "SPLIT_INDEX('a,b,c', ',', 1)", "b"},
    {"SPLIT", WEIR_FUNCTION_STRICT, infer_split, bind_split, "string", "SPLIT(text STRING, separator STRING) -> ARRAY<STRING>",
     "All parts between separators.", "SPLIT('a,b,c', ',')", "[a, b, c]"},
    {NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL},
};
