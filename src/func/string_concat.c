/* || CONCAT CONCAT_WS REPEAT REVERSE: texts made of whole texts. */
#include "func/string_int.h"

enum { TEXT_BYTES_MAX = 1 << 30 };

static weir_status infer_join(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_count(signature, 2, 2, error));
    WEIR_TRY(weir_signature_no_null(signature, error));
    const weir_type *a = signature->arguments[0].type, *b = signature->arguments[1].type;
    if (!weir_kind_is_text(a->kind) || !weir_kind_is_text(b->kind))
        return weir_signature_refuse_forms(signature, "'<STRING> || <STRING>'", error);
    int64_t length = (int64_t)a->precision + b->precision;
    weir_kind kind = a->kind == WEIR_KIND_CHAR && b->kind == WEIR_KIND_CHAR ? WEIR_KIND_CHAR : WEIR_KIND_VARCHAR;
    const weir_type *type =
        weir_type_sized(signature->arena, kind, length > WEIR_LENGTH_MAX ? WEIR_LENGTH_MAX : (int32_t)length, a->nullable || b->nullable);
    return weir_signature_result(signature, type, error);
}

static weir_status infer_concat(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_check(signature, "!s+", error));
    return weir_signature_result(signature, string_type(signature), error);
}

static bool fits(weir_call *call, uint32_t row, size_t size) {
    if (size <= TEXT_BYTES_MAX)
        return true;
    weir_call_fail(call, row, "The result of %s is longer than %d bytes", call->function->name, (int)TEXT_BYTES_MAX);
    return false;
}

static void run_concat(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    const uint32_t count = call->argument_count;
    WEIR_FOR_ROWS(rows, i, {
        size_t size = 0;
        for (uint32_t k = 0; k < count; k++)
            size += WEIR_VALUES(arguments[k], weir_view)[i].size;
        char *to = fits(call, i, size) ? string_begin(out, i, size) : NULL;
        if (to == NULL)
            continue;
        for (uint32_t k = 0; k < count; k++) {
            weir_text text = weir_column_text(arguments[k], i);
            memcpy(to, text.data, text.size);
            to += text.size;
        }
        string_end(out, i);
    });
}

static weir_status bind_concat(weir_call *call, weir_error *error) {
    (void)error;
    call->kernel = run_concat;
    return WEIR_OK;
}

/* NULL arguments are left out together with their separator; a NULL separator gives NULL. */
static void run_concat_ws(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    const uint32_t count = call->argument_count;
    WEIR_FOR_ROWS(rows, i, {
        if (!weir_column_is_valid(arguments[0], i)) {
            weir_column_set_null(out, i);
            continue;
        }
        weir_text separator = weir_column_text(arguments[0], i);
        size_t size = 0, parts = 0;
        for (uint32_t k = 1; k < count; k++) {
            if (weir_column_is_valid(arguments[k], i)) {
                size += WEIR_VALUES(arguments[k], weir_view)[i].size;
                parts++;
            }
        }
        size += parts > 1 ? (parts - 1) * separator.size : 0;
        char *to = fits(call, i, size) ? string_begin(out, i, size) : NULL;
        if (to == NULL)
            continue;
        bool first = true;
        for (uint32_t k = 1; k < count; k++) {
            if (!weir_column_is_valid(arguments[k], i))
                continue;
            if (!first && separator.size > 0) {
                memcpy(to, separator.data, separator.size);
                to += separator.size;
            }
            weir_text text = weir_column_text(arguments[k], i);
            memcpy(to, text.data, text.size);
            to += text.size;
            first = false;
        }
        string_end(out, i);
    });
}

static weir_status bind_concat_ws(weir_call *call, weir_error *error) {
    (void)error;
    call->kernel = run_concat_ws;
    return WEIR_OK;
}

static weir_status infer_repeat(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_check(signature, "!si", error));
    return weir_signature_result(signature, string_type(signature), error);
}

static void run_repeat(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    const int64_t *counts = WEIR_VALUES(arguments[1], int64_t);
    WEIR_FOR_ROWS(rows, i, {
        weir_text text = weir_column_text(arguments[0], i);
        if (counts[i] <= 0 || text.size == 0)
            continue; /* the empty text */
        size_t size;
        if (__builtin_mul_overflow(text.size, (size_t)counts[i], &size))
            size = SIZE_MAX;
        char *to = fits(call, i, size) ? string_begin(out, i, size) : NULL;
        if (to == NULL)
            continue;
        for (size_t at = 0; at < size; at += text.size)
            memcpy(to + at, text.data, text.size);
        string_end(out, i);
    });
}

static weir_status bind_repeat(weir_call *call, weir_error *error) {
    (void)error;
    call->kernel = run_repeat;
    return WEIR_OK;
}

static weir_status infer_reverse(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_check(signature, "!s", error));
    return weir_signature_result(signature, weir_type_string(true), error);
}

static void run_reverse(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    (void)call;
    WEIR_FOR_ROWS(rows, i, {
        weir_text text = weir_column_text(arguments[0], i);
        char *to = string_begin(out, i, text.size);
        if (to == NULL)
            continue;
        size_t end = text.size;
        for (size_t at = 0; at < text.size;) {
            size_t next = string_forward(text, at, 1);
            end -= next - at;
            memcpy(to + end, text.data + at, next - at);
            at = next;
        }
        string_end(out, i);
    });
}

static weir_status bind_reverse(weir_call *call, weir_error *error) {
    (void)error;
    call->kernel = run_reverse;
    return WEIR_OK;
}

const weir_function weir_functions_string_concat[] = {
    {"||", WEIR_FUNCTION_STRICT | WEIR_FUNCTION_HIDDEN, infer_join, bind_concat, "string", "'<STRING> || <STRING>'",
     "Both texts, one after the other.", NULL, NULL},
    {"CONCAT", WEIR_FUNCTION_STRICT, infer_concat, bind_concat, "string", "CONCAT(text STRING, ...) -> STRING",
     "All texts, one after the other; NULL when one is NULL.", "CONCAT('a', 'b', 'c')", "abc"},
    {"CONCAT_WS", 0, infer_concat, bind_concat_ws, "string", "CONCAT_WS(separator STRING, text STRING, ...) -> STRING",
     "The texts with the separator between them; NULL ones are left out.", "CONCAT_WS('~', 'a', CAST(NULL AS STRING), 'c')", "a~c"},
    {"REPEAT", WEIR_FUNCTION_STRICT, infer_repeat, bind_repeat, "string", "REPEAT(text STRING, times INT) -> STRING",
     "The text that many times.", "REPEAT('ab', 3)", "ababab"},
    {"REVERSE", WEIR_FUNCTION_STRICT, infer_reverse, bind_reverse, "string", "REVERSE(text STRING) -> STRING",
     "The characters in the other order.", "REVERSE('weir')", "riew"},
    {NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL},
};
