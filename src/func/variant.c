/* VARIANT: PARSE_JSON, TRY_PARSE_JSON, and items of one.
 *
 * A value is kept as the text that Flink prints for it: compact JSON, keys in order and each once, numbers in the form of the type that
 * they got while they were read. Whole numbers and short decimals keep their digits (zeros at a fraction's end go), everything with an
 * exponent or too many digits is a DOUBLE and prints as one. Equal values are equal texts. Items are cut out of that text: it is known to
 * be well formed, so that finding the end of a value is counting brackets outside of strings.
 *
 * Left out, as in Flink: casts (a VARIANT becomes text by JSON_STRING only), order (there is none between two of them). */
#include "func/variant_int.h"

#include <math.h>
#include <string.h>

#include "func/json_document.h"
#include "types/convert.h"

typedef struct variant_state {
    weir_builder text; /* the result; for items: the key in quotes */
    weir_json_document document;
    bool null_on_failure; /* TRY_PARSE_JSON */
} variant_state;

static void state_release(void *data) {
    variant_state *state = data;
    weir_builder_deinit(&state->text);
    weir_json_document_deinit(&state->document);
}

static weir_status make_state(weir_call *call, variant_state **out, weir_error *error) {
    variant_state *state = WEIR_CALL_STATE(call, variant_state);
    if (state == NULL || !weir_arena_on_reset(call->arena, state_release, state))
        return weir_fail_memory(error, call->function->name, sizeof(variant_state));
    weir_builder_init(&state->text, call->memory, WEIR_LENGTH_MAX);
    weir_json_document_init(&state->document, call->memory);
    call->state = *out = state;
    return WEIR_OK;
}

/* ---- the text of a number; the rest is written as all JSON is ---- */

/* The number as a decimal of at most 38 digits, without zeros at the end of its fraction; false: it is none. */
static bool put_exact(weir_text text, weir_builder *out) {
    bool negative = text.data[0] == '-', fraction = false;
    size_t digits = 0, scale = 0, end = text.size;
    for (size_t i = negative; i < text.size; i++) {
        char c = text.data[i];
        if (c == '.') {
            fraction = true;
            continue;
        }
        if (c < '0' || c > '9')
            return false;
        scale += fraction;
        digits += digits > 0 || c != '0';
    }
    if (digits > WEIR_DECIMAL_DIGITS_MAX || scale > WEIR_DECIMAL_DIGITS_MAX)
        return false;
    while (fraction && text.data[end - 1] == '0')
        end--;
    end -= fraction && text.data[end - 1] == '.';
    size_t start = negative && digits == 0 ? 1 : 0; /* there is no -0 */
    weir_builder_add(out, text.data + start, end - start);
    return true;
}

static void put_number(weir_text text, weir_builder *out) {
    char digits[WEIR_PRINT_BYTES_MAX];
    double value;
    if (put_exact(text, out))
        return;
    if (!weir_parse_double(text, &value)) /* the range is exceeded */
        value = text.data[0] == '-' ? -HUGE_VAL : HUGE_VAL;
    weir_builder_add(out, digits, weir_print_double(value, digits));
}

/* ---- PARSE_JSON, TRY_PARSE_JSON ---- */

static weir_status infer_parse(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_match(signature, "s?b", error));
    bool nullable = signature->arguments[0].type->nullable || signature->arguments[0].type->kind == WEIR_KIND_NULL ||
                    strncmp(signature->function->name, "TRY_", 4) == 0;
    WEIR_TRY(weir_signature_want(signature, 0, weir_type_string(true), error));
    return weir_signature_result(signature, weir_type_simple(WEIR_KIND_VARIANT, nullable), error);
}

static bool has_duplicates(const weir_json_document *document) {
    for (size_t i = 0; i < document->count; i++)
        if (document->nodes[i].dead)
            return true;
    return false;
}

static void run_parse(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    variant_state *state = call->state;
    weir_json_document *document = &state->document;
    WEIR_FOR_ROWS(rows, i, {
        weir_text text = weir_column_text(arguments[0], i);
        weir_json_result result = weir_json_parse(document, text);
        bool twice = call->argument_count > 1 && WEIR_VALUES(arguments[1], uint8_t)[i];
        const char *problem = document->problem;
        if (result == WEIR_JSON_OK && !twice && has_duplicates(document)) {
            result = WEIR_JSON_BAD;
            problem = "VARIANT_DUPLICATE_KEY";
        }
        weir_builder_clear(&state->text);
        if (result == WEIR_JSON_OK) {
            weir_json_print_with(document, 0, put_number, &state->text);
            weir_column_put_text(out, i, weir_builder_view(&state->text));
        } else if (result == WEIR_JSON_NO_MEMORY) {
            out->failed = true;
        } else if (state->null_on_failure) {
            weir_column_set_null(out, i);
        } else {
            weir_call_fail(call, i, "Failed to parse json string: %.*s: %s", (int)(text.size < 200 ? text.size : 200), text.data, problem);
        }
    });
    out->failed |= state->text.failed;
}

static weir_status bind_parse(weir_call *call, weir_error *error) {
    variant_state *state = NULL;
    call->kernel = run_parse;
    WEIR_TRY(make_state(call, &state, error));
    state->null_on_failure = strncmp(call->function->name, "TRY_", 4) == 0;
    return WEIR_OK;
}

/* ---- items ---- */

weir_status weir_variant_item_infer(weir_signature *signature, weir_error *error) {
    const weir_type *key = signature->arguments[1].type;
    if (weir_kind_is_integer(key->kind))
        WEIR_TRY(weir_signature_want(signature, 1, weir_type_simple(WEIR_KIND_BIGINT, true), error));
    else if (!weir_kind_is_text(key->kind))
        return weir_signature_refuse_forms(signature, "<VARIANT>[<CHARACTER>|<INTEGER>]", error);
    return weir_signature_result(signature, weir_type_simple(WEIR_KIND_VARIANT, true), error);
}

static size_t string_end(weir_text text, size_t at) {
    for (at++; text.data[at] != '"'; at++)
        at += text.data[at] == '\\';
    return at + 1;
}

/* Where the value that begins at `at` ends. */
static size_t value_end(weir_text text, size_t at) {
    size_t depth = 0;
    while (at < text.size) {
        char c = text.data[at];
        if (c == '"') {
            at = string_end(text, at);
        } else {
            if (depth == 0 && (c == ',' || c == ']' || c == '}'))
                return at;
            depth += c == '[' || c == '{';
            depth -= c == ']' || c == '}';
            at++;
        }
        if (depth == 0 && at < text.size && (c == '"' || c == ']' || c == '}'))
            return at;
    }
    return at;
}

/* The index-th element (from 1); size 0: there is none. */
static weir_text element_of(weir_text array, int64_t index) {
    size_t at = 1;
    for (int64_t i = 1; at < array.size && array.data[at] != ']'; i++) {
        size_t end = value_end(array, at);
        if (i == index)
            return (weir_text){array.data + at, end - at};
        at = end + (array.data[end] == ',');
    }
    return (weir_text){NULL, 0};
}

/* The value of a key, which is given in quotes. */
static weir_text member_of(weir_text object, weir_text key) {
    size_t at = 1;
    while (at < object.size && object.data[at] != '}') {
        size_t name_end = string_end(object, at), end = value_end(object, name_end + 1);
        if (weir_text_equal((weir_text){object.data + at, name_end - at}, key))
            return (weir_text){object.data + name_end + 1, end - name_end - 1};
        at = end + (object.data[end] == ',');
    }
    return (weir_text){NULL, 0};
}

static void put_found(weir_column *out, uint32_t row, weir_text found) {
    if (found.size == 0)
        weir_column_set_null(out, row);
    else
        weir_column_put_text(out, row, found);
}

static void run_element(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    const int64_t *index = WEIR_VALUES(arguments[1], int64_t);
    WEIR_FOR_ROWS(rows, i, {
        weir_text text = weir_column_text(arguments[0], i);
        if (text.data[0] != '[')
            weir_call_fail(call, i, "Integer index access on variant requires an array variant, but a non-array variant was provided.");
        else
            put_found(out, i, element_of(text, index[i]));
    });
}

static void run_member(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    variant_state *state = call->state;
    WEIR_FOR_ROWS(rows, i, {
        weir_text text = weir_column_text(arguments[0], i);
        weir_builder_clear(&state->text);
        weir_json_write_string(weir_column_text(arguments[1], i), &state->text);
        if (text.data[0] != '{')
            weir_call_fail(call, i, "String key access on variant requires an object variant, but a non-object variant was provided.");
        else
            put_found(out, i, member_of(text, weir_builder_view(&state->text)));
    });
    out->failed |= state->text.failed;
}

weir_status weir_variant_item_bind(weir_call *call, weir_error *error) {
    variant_state *state = NULL;
    call->kernel = weir_kind_is_text(call->argument_types[1]->kind) ? run_member : run_element;
    return make_state(call, &state, error);
}

const weir_function weir_functions_variant[] = {
    {"PARSE_JSON", WEIR_FUNCTION_STRICT, infer_parse, bind_parse, "json",
     "PARSE_JSON(json STRING [, allow_duplicate_keys BOOLEAN]) -> VARIANT",
     "JSON as a VARIANT, whose parts are reached by v['key'] and v[1]; fails where the text is no JSON.",
     "JSON_STRING(PARSE_JSON('{\"b\": 1.50, \"a\": [1, 2]}')['a'][2])", "2"},
    {"TRY_PARSE_JSON", WEIR_FUNCTION_STRICT, infer_parse, bind_parse, "json",
     "TRY_PARSE_JSON(json STRING [, allow_duplicate_keys BOOLEAN]) -> VARIANT", "As PARSE_JSON, but NULL where the text is no JSON.",
     "JSON_STRING(TRY_PARSE_JSON('{\"b\": 1.50, \"a\": [1, 2]}'))", "{\"a\":[1,2],\"b\":1.5}"},
    {0},
};
