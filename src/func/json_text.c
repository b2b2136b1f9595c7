/* JSON_QUOTE, JSON_UNQUOTE and IS [NOT] JSON. */
#include <stdio.h>
#include <string.h>

#include "func/json_int.h"

typedef struct text_state {
    weir_builder text;
    weir_json_document document;
} text_state;

static void state_release(void *data) {
    text_state *state = data;
    weir_builder_deinit(&state->text);
    weir_json_document_deinit(&state->document);
}

static weir_status make_state(weir_call *call, weir_error *error) {
    text_state *state = WEIR_CALL_STATE(call, text_state);
    if (state == NULL || !weir_arena_on_reset(call->arena, state_release, state))
        return weir_fail_memory(error, call->function->name, sizeof(text_state));
    weir_builder_init(&state->text, call->memory, WEIR_LENGTH_MAX);
    weir_json_document_init(&state->document, call->memory);
    call->state = state;
    return WEIR_OK;
}

static weir_status infer_text(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_no_match(signature, 1, 1, error));
    WEIR_TRY(weir_signature_no_null(signature, error));
    const weir_type *type = signature->arguments[0].type;
    if (!weir_kind_is_text(type->kind))
        return weir_signature_invalid(signature, error);
    return weir_signature_result(signature, weir_type_string(type->nullable), error);
}

/* ---- JSON_QUOTE ---- */

weir_status weir_json_quote_infer(weir_signature *signature, weir_error *error) { return infer_text(signature, error); }

/* Flink's own escaping: '/' is escaped, everything outside ASCII becomes \uXXXX; beyond the basic plane the whole code point comes first
 * and the low surrogate after it, as Flink's code has it. Control characters without a letter stay. */
static void quote(weir_text text, weir_builder *out) {
    weir_builder_char(out, '"');
    for (size_t at = 0; at < text.size;) {
        uint32_t c = weir_utf8_next(text.data, text.size, &at);
        switch (c) {
        case '"': weir_builder_add(out, "\\\"", 2); break;
        case '\\': weir_builder_add(out, "\\\\", 2); break;
        case '/': weir_builder_add(out, "\\/", 2); break;
        case '\b': weir_builder_add(out, "\\b", 2); break;
        case '\f': weir_builder_add(out, "\\f", 2); break;
        case '\n': weir_builder_add(out, "\\n", 2); break;
        case '\r': weir_builder_add(out, "\\r", 2); break;
        case '\t': weir_builder_add(out, "\\t", 2); break;
        default:
            if (c < 0x80)
                weir_builder_char(out, (char)c);
            else
                weir_builder_format(out, "\\u%04x", c);
            if (c > 0xFFFF)
                weir_builder_format(out, "\\u%04x", 0xDC00 + (c & 0x3FF));
            break;
        }
    }
    weir_builder_char(out, '"');
}

static void run_quote(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    text_state *state = call->state;
    WEIR_FOR_ROWS(rows, i, {
        weir_builder_clear(&state->text);
        quote(weir_column_text(arguments[0], i), &state->text);
        weir_column_put_text(out, i, weir_builder_view(&state->text));
    });
    out->failed |= state->text.failed;
}

weir_status weir_json_quote_bind(weir_call *call, weir_error *error) {
    call->kernel = run_quote;
    return make_state(call, error);
}

/* ---- JSON_UNQUOTE ---- */

weir_status weir_json_unquote_infer(weir_signature *signature, weir_error *error) { return infer_text(signature, error); }

/* Text in quotes that begins with a JSON string is unescaped between its outer quotes; anything else stays as it is. */
static bool unquote(text_state *state, weir_text text, weir_text *out) {
    if (text.size < 2 || text.data[0] != '"' || text.data[text.size - 1] != '"')
        return false;
    if (weir_json_parse(&state->document, text) != WEIR_JSON_OK)
        return false;
    weir_text first = weir_json_node_text(&state->document, 0);
    weir_builder_clear(&state->text);
    weir_builder_text(&state->text, first);
    /* What follows the first string ("a"b") is kept as it stands: find where it ended. */
    size_t end = 1;
    while (text.data[end] != '"')
        end += text.data[end] == '\\' ? 2 : 1;
    if (end + 1 < text.size)
        weir_builder_add(&state->text, text.data + end, text.size - 1 - end);
    *out = weir_builder_view(&state->text);
    return true;
}

static void run_unquote(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    text_state *state = call->state;
    WEIR_FOR_ROWS(rows, i, {
        weir_text text = weir_column_text(arguments[0], i);
        weir_text inner = text;
        (void)unquote(state, text, &inner);
        weir_column_put_text(out, i, inner);
    });
    out->failed |= state->text.failed;
}

weir_status weir_json_unquote_bind(weir_call *call, weir_error *error) {
    call->kernel = run_unquote;
    return make_state(call, error);
}

/* ---- IS [NOT] JSON [VALUE | OBJECT | ARRAY | SCALAR] ---- */

weir_status weir_is_json_infer(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_count(signature, 1, 1, error));
    WEIR_TRY(weir_signature_no_null(signature, error));
    if (!weir_kind_is_text(signature->arguments[0].type->kind)) {
        char forms[64];
        snprintf(forms, sizeof(forms), "'<CHARACTER> %.40s'", signature->function->name);
        return weir_signature_refuse_forms(signature, forms, error);
    }
    return weir_signature_result(signature, weir_type_simple(WEIR_KIND_BOOLEAN, false), error);
}

static void run_is_json(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    text_state *state = call->state;
    const char *name = call->function->name;
    bool negated = strncmp(name, "IS NOT", 6) == 0;
    char what = strrchr(name, ' ')[1]; /* Value, Object, Array, Scalar; JSON alone */
    uint8_t *r = WEIR_VALUES(out, uint8_t);
    WEIR_FOR_ROWS(rows, i, {
        bool holds = false;
        if (weir_column_is_valid(arguments[0], i)) {
            weir_json_result result = weir_json_parse(&state->document, weir_column_text(arguments[0], i));
            uint8_t kind = result == WEIR_JSON_OK ? state->document.nodes[0].kind : 0;
            out->failed |= result == WEIR_JSON_NO_MEMORY;
            holds = result == WEIR_JSON_OK && (what == 'O'   ? kind == WEIR_JSON_OBJECT
                                               : what == 'A' ? kind == WEIR_JSON_ARRAY
                                               : what == 'S' ? kind < WEIR_JSON_ARRAY
                                                             : true);
        }
        r[i] = holds != negated;
    });
}

weir_status weir_is_json_bind(weir_call *call, weir_error *error) {
    call->kernel = run_is_json;
    return make_state(call, error);
}
