/* JSON_STRING, JSON_OBJECT, JSON_ARRAY and JSON(text): making JSON from values. */
#include <stdlib.h>
#include <string.h>

#include "func/json_int.h"

typedef struct make_state {
    weir_builder text;
    weir_json_document document;        /* JSON() */
    const weir_json_encoder **encoders; /* per argument, NULL for keys and symbols */
    uint32_t first;                     /* the first argument after the symbol */
    bool absent_on_null;
    uint32_t *order; /* JSON_OBJECT: the entries of a row by key */
} make_state;

static void state_release(void *data) {
    make_state *state = data;
    weir_builder_deinit(&state->text);
    weir_json_document_deinit(&state->document);
}

static weir_status state_create(weir_call *call, make_state **out, weir_error *error) {
    make_state *state = WEIR_CALL_STATE(call, make_state);
    uint32_t count = call->argument_count > 0 ? call->argument_count : 1;
    if (state == NULL || !weir_arena_on_reset(call->arena, state_release, state))
        return weir_fail_memory(error, call->function->name, sizeof(make_state));
    weir_builder_init(&state->text, call->memory, WEIR_LENGTH_MAX);
    weir_json_document_init(&state->document, call->memory);
    state->encoders = WEIR_ARENA_ARRAY(call->arena, const weir_json_encoder *, count);
    state->order = WEIR_ARENA_ARRAY(call->arena, uint32_t, count);
    if (state->encoders == NULL || state->order == NULL)
        return weir_fail_memory(error, call->function->name, count * sizeof(void *));
    call->state = state;
    *out = state;
    return WEIR_OK;
}

static void null_key(weir_call *call, uint32_t row) {
    weir_call_fail(call, row, "A key was null. This is not supported during conversion to JSON.");
}

/* ---- JSON_STRING ---- */

weir_status weir_json_string_infer(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_count(signature, 1, 1, error));
    WEIR_TRY(weir_signature_no_null(signature, error));
    const weir_type *type = signature->arguments[0].type;
    const weir_json_encoder *ignored;
    weir_status status = weir_json_encoder_create(signature->arena, type, &ignored, error);
    if (status == WEIR_UNSUPPORTED && (type->kind == WEIR_KIND_DATE || type->kind == WEIR_KIND_TIME))
        return weir_signature_invalid(signature, error);
    WEIR_TRY(status);
    return weir_signature_result(signature, weir_type_string(type->nullable), error);
}

static void run_string(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    make_state *state = call->state;
    WEIR_FOR_ROWS(rows, i, {
        weir_builder_clear(&state->text);
        if (!weir_json_encode(state->encoders[0], arguments[0], i, &state->text)) {
            null_key(call, i);
            continue;
        }
        weir_column_put_text(out, i, weir_builder_view(&state->text));
    });
    out->failed |= state->text.failed;
}

weir_status weir_json_string_bind(weir_call *call, weir_error *error) {
    make_state *state;
    WEIR_TRY(state_create(call, &state, error));
    WEIR_TRY(weir_json_encoder_create(call->arena, call->argument_types[0], &state->encoders[0], error));
    call->kernel = run_string;
    return WEIR_OK;
}

/* ---- JSON_OBJECT(SYMBOL, key, value, ...), JSON_ARRAY(SYMBOL, value, ...) ---- */

static bool starts_with_symbol(const weir_signature *signature) {
    return signature->count > 0 && signature->arguments[0].type->kind == WEIR_KIND_SYMBOL;
}

static weir_status check_value(weir_signature *signature, uint32_t index, weir_error *error) {
    const weir_json_encoder *ignored;
    return weir_json_encoder_create(signature->arena, signature->arguments[index].type, &ignored, error);
}

weir_status weir_json_object_infer(weir_signature *signature, weir_error *error) {
    uint32_t first = starts_with_symbol(signature);
    if ((signature->count - first) % 2 != 0)
        return weir_fail(error, WEIR_VALIDATE,
                         "Invalid number of arguments to function 'JSON_OBJECT'. Was expecting pairs of a key and a value");
    for (uint32_t i = first; i < signature->count; i += 2) {
        const weir_argument *key = &signature->arguments[i];
        if (key->type->kind == WEIR_KIND_NULL || (key->literal != NULL && key->literal->is_null))
            return weir_fail(error, WEIR_VALIDATE, "Argument to function 'JSON_OBJECT' must not be NULL: a key is NULL");
        if (!weir_kind_is_text(key->type->kind))
            return weir_fail(error, WEIR_VALIDATE, "Expected a character type for a key of JSON_OBJECT");
        WEIR_TRY(check_value(signature, i + 1, error));
    }
    return weir_signature_result(signature, weir_json_text_type(false), error);
}

weir_status weir_json_array_infer(weir_signature *signature, weir_error *error) {
    for (uint32_t i = starts_with_symbol(signature); i < signature->count; i++)
        WEIR_TRY(check_value(signature, i, error));
    return weir_signature_result(signature, weir_json_text_type(false), error);
}

typedef struct key_order {
    weir_column *const *arguments;
    uint32_t row;
} key_order;

static int order_entries(const void *a, const void *b, void *context) {
    const key_order *of = context;
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    int order = weir_text_compare(weir_column_text(of->arguments[x], of->row), weir_column_text(of->arguments[y], of->row));
    return order != 0 ? order : (x > y) - (x < y);
}

/* Entries by key; of equal keys the last one counts. False: a NULL key. */
static bool write_object(weir_call *call, weir_column *const *arguments, uint32_t row) {
    make_state *state = call->state;
    uint32_t count = 0;
    bool written = false;
    for (uint32_t i = state->first; i < call->argument_count; i += 2) {
        if (!weir_column_is_valid(arguments[i], row))
            return false;
        if (!state->absent_on_null || weir_column_is_valid(arguments[i + 1], row))
            state->order[count++] = i;
    }
    key_order order = {arguments, row};
    qsort_r(state->order, count, sizeof(uint32_t), order_entries, &order);
    weir_builder_char(&state->text, '{');
    for (uint32_t k = 0; k < count; k++) {
        uint32_t i = state->order[k];
        if (k + 1 < count && weir_text_equal(weir_column_text(arguments[i], row), weir_column_text(arguments[state->order[k + 1]], row)))
            continue;
        if (written)
            weir_builder_char(&state->text, ',');
        written = true;
        weir_json_write_string(weir_column_text(arguments[i], row), &state->text);
        weir_builder_char(&state->text, ':');
        if (!weir_json_encode(state->encoders[i + 1], arguments[i + 1], row, &state->text))
            return false;
    }
    weir_builder_char(&state->text, '}');
    return true;
}

static bool write_array(weir_call *call, weir_column *const *arguments, uint32_t row) {
    make_state *state = call->state;
    bool written = false;
    weir_builder_char(&state->text, '[');
    for (uint32_t i = state->first; i < call->argument_count; i++) {
        if (state->absent_on_null && !weir_column_is_valid(arguments[i], row))
            continue;
        if (written)
            weir_builder_char(&state->text, ',');
        written = true;
        if (!weir_json_encode(state->encoders[i], arguments[i], row, &state->text))
            return false;
    }
    weir_builder_char(&state->text, ']');
    return true;
}

static void run_make(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    make_state *state = call->state;
    bool object = strcmp(call->function->name, "JSON_OBJECT") == 0;
    WEIR_FOR_ROWS(rows, i, {
        weir_builder_clear(&state->text);
        if (object ? write_object(call, arguments, i) : write_array(call, arguments, i))
            weir_column_put_text(out, i, weir_builder_view(&state->text));
        else
            null_key(call, i);
    });
    out->failed |= state->text.failed;
}

static weir_status bind_make(weir_call *call, uint32_t step, const char *otherwise, weir_error *error) {
    make_state *state;
    WEIR_TRY(state_create(call, &state, error));
    state->first = call->argument_count > 0 && call->argument_types[0]->kind == WEIR_KIND_SYMBOL;
    state->absent_on_null = weir_text_starts(weir_json_call_word(call, 0, otherwise), WEIR_TEXT("ABSENT"));
    for (uint32_t i = state->first + step - 1; i < call->argument_count; i += step)
        WEIR_TRY(weir_json_encoder_create(call->arena, call->argument_types[i], &state->encoders[i], error));
    call->kernel = run_make;
    return WEIR_OK;
}

weir_status weir_json_object_bind(weir_call *call, weir_error *error) { return bind_make(call, 2, "NULL", error); }
weir_status weir_json_array_bind(weir_call *call, weir_error *error) { return bind_make(call, 1, "ABSENT", error); }

/* ---- JSON(text): text that is JSON already ---- */

weir_status weir_json_parsed_infer(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_count(signature, 1, 1, error));
    WEIR_TRY(weir_signature_no_null(signature, error));
    const weir_type *type = signature->arguments[0].type;
    if (!weir_kind_is_text(type->kind))
        return weir_signature_invalid(signature, error);
    return weir_signature_result(signature, weir_json_text_type(type->nullable), error);
}

static void run_parsed(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    make_state *state = call->state;
    WEIR_FOR_ROWS(rows, i, {
        weir_text text = weir_column_text(arguments[0], i);
        weir_json_result result = weir_json_parse(&state->document, text);
        if (result == WEIR_JSON_BAD) {
            weir_call_fail(call, i, "JSON: the text is not JSON: %s (at byte %zu)", state->document.problem, state->document.problem_at);
            continue;
        }
        weir_builder_clear(&state->text);
        if (result == WEIR_JSON_OK)
            weir_json_print(&state->document, 0, &state->text);
        out->failed |= result == WEIR_JSON_NO_MEMORY || state->text.failed;
        weir_column_put_text(out, i, weir_builder_view(&state->text));
    });
}

weir_status weir_json_parsed_bind(weir_call *call, weir_error *error) {
    make_state *state;
    WEIR_TRY(state_create(call, &state, error));
    call->kernel = run_parsed;
    return WEIR_OK;
}
