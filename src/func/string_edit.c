/* REPLACE OVERLAY LPAD RPAD TRANSLATE ELT: texts changed inside, padded, chosen.
 *
 * OVERLAY, LPAD and RPAD count Java chars (UTF-16 units), as Flink does; a pair that is cut in two leaves a '?'. ASCII takes a direct way.
 */
#include "func/string_int.h"

static weir_status infer_three_texts(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_check(signature, "!sss", error));
    return weir_signature_result(signature, string_type(signature), error);
}

/* ---- REPLACE ---- */

/* An empty `old` stands before every character and at the end. */
static void put_between(weir_column *out, uint32_t row, weir_text text, weir_text by) {
    size_t points = weir_utf8_length(text);
    char *to = string_begin(out, row, text.size + (points + 1) * by.size);
    if (to == NULL)
        return;
    for (size_t at = 0; at < text.size;) {
        size_t next = string_forward(text, at, 1);
        memcpy(to, by.data, by.size);
        memcpy(to + by.size, text.data + at, next - at);
        to += by.size + (next - at);
        at = next;
    }
    memcpy(to, by.data, by.size);
    string_end(out, row);
}

static void run_replace(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    (void)call;
    if (!weir_column_keep_from(out, arguments[0]))
        return;
    WEIR_FOR_ROWS(rows, i, {
        weir_text text = weir_column_text(arguments[0], i), old = weir_column_text(arguments[1], i), by = weir_column_text(arguments[2], i);
        if (old.size == 0) {
            put_between(out, i, text, by);
            continue;
        }
        size_t found = 0;
        for (size_t at = string_find(text, old, 0); at != SIZE_MAX; at = string_find(text, old, at + old.size))
            found++;
        if (found == 0) {
            string_part(out, i, text, 0, text.size);
            continue;
        }
        char *to = string_begin(out, i, text.size - found * old.size + found * by.size);
        if (to == NULL)
            continue;
        size_t from = 0;
        for (size_t at = string_find(text, old, 0); at != SIZE_MAX; at = string_find(text, old, from)) {
            memcpy(to, text.data + from, at - from);
            to += at - from;
            if (by.size > 0)
                memcpy(to, by.data, by.size);
            to += by.size;
            from = at + old.size;
        }
        memcpy(to, text.data + from, text.size - from);
        string_end(out, i);
    });
}

static weir_status bind_replace(weir_call *call, weir_error *error) {
    (void)error;
    call->kernel = run_replace;
    return WEIR_OK;
}

/* ---- OVERLAY ---- */

static weir_status infer_overlay(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_check(signature, "!ssi?i", error));
    int64_t length = (int64_t)signature->arguments[0].type->precision + signature->arguments[1].type->precision;
    return weir_signature_result(signature,
                                 weir_type_sized(signature->arena, WEIR_KIND_VARCHAR,
                                                 length > WEIR_LENGTH_MAX ? WEIR_LENGTH_MAX : (int32_t)length,
                                                 weir_signature_nullable(signature)),
                                 error);
}

/* Where what is behind the replaced part goes on: Flink forgets it for a length of 0 and when it would be empty. */
static size_t overlay_rest(size_t count, int64_t start, int64_t length) {
    return length > 0 && start + length <= (int64_t)count ? (size_t)(start - 1 + length) : count;
}

static void overlay_ascii(weir_column *out, uint32_t row, weir_text text, weir_text by, int64_t start, int64_t length) {
    size_t rest = overlay_rest(text.size, start, length), before = (size_t)(start - 1);
    char *to = string_begin(out, row, before + by.size + text.size - rest);
    if (to == NULL)
        return;
    memcpy(to, text.data, before);
    memcpy(to + before, by.data, by.size);
    memcpy(to + before + by.size, text.data + rest, text.size - rest);
    string_end(out, row);
}

static void overlay_units(weir_column *out, uint32_t row, const string_units *text, weir_text by, int64_t start, int64_t length,
                          weir_builder *builder) {
    size_t rest = overlay_rest(text->count, start, length);
    weir_builder_clear(builder);
    weir_string_from_units(builder, text->data, (size_t)(start - 1));
    weir_builder_text(builder, by);
    weir_string_from_units(builder, text->data + rest, text->count - rest);
    weir_column_put_text(out, row, weir_builder_view(builder));
}

static void run_overlay(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    const int64_t *starts = WEIR_VALUES(arguments[2], int64_t);
    const int64_t *lengths = call->argument_count > 3 ? WEIR_VALUES(arguments[3], int64_t) : NULL;
    string_units text_units = {0}, by_units = {0};
    weir_builder builder;
    weir_builder_init(&builder, call->memory, SIZE_MAX);
    if (!weir_column_keep_from(out, arguments[0]))
        return;
    WEIR_FOR_ROWS(rows, i, {
        weir_text text = weir_column_text(arguments[0], i), by = weir_column_text(arguments[1], i);
        bool ascii = string_is_ascii(text) && string_is_ascii(by);
        if (!ascii && (!weir_string_units(call->memory, text, &text_units) || !weir_string_units(call->memory, by, &by_units))) {
            out->failed = true;
            continue;
        }
        int64_t count = (int64_t)(ascii ? text.size : text_units.count), length = (int64_t)(ascii ? by.size : by_units.count);
        if (lengths != NULL)
            length = lengths[i] > count ? count : lengths[i];
        if (starts[i] <= 0 || starts[i] > count)
            string_part(out, i, text, 0, text.size);
        else if (ascii)
            overlay_ascii(out, i, text, by, starts[i], length);
        else
            overlay_units(out, i, &text_units, by, starts[i], length, &builder);
    });
    if (builder.failed)
        out->failed = true;
    weir_builder_deinit(&builder);
    weir_string_units_done(call->memory, &text_units);
    weir_string_units_done(call->memory, &by_units);
}

static weir_status bind_overlay(weir_call *call, weir_error *error) {
    (void)error;
    call->kernel = run_overlay;
    return WEIR_OK;
}

/* ---- LPAD, RPAD ---- */

enum { PAD_LENGTH_MAX = 1 << 28 };

typedef struct pad_state {
    bool left;
} pad_state;

static weir_status infer_pad(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_check(signature, "!sis", error));
    return weir_signature_result(signature, string_type(signature), error);
}

static void pad_ascii(weir_column *out, uint32_t row, weir_text text, size_t length, weir_text pad, bool left) {
    size_t kept = text.size < length ? text.size : length, padding = length - kept;
    char *to = string_begin(out, row, length);
    if (to == NULL)
        return;
    memcpy(to + (left ? padding : 0), text.data, kept);
    char *at = to + (left ? 0 : kept);
    for (size_t k = 0; k < padding; k++)
        at[k] = pad.data[k % pad.size];
    string_end(out, row);
}

static void pad_units(weir_column *out, uint32_t row, const string_units *text, size_t length, const string_units *pad, bool left,
                      string_units *scratch, weir_builder *builder) {
    size_t kept = text->count < length ? text->count : length, padding = length - kept;
    if (scratch->capacity < length) {
        uint16_t *grown = weir_memory_realloc(out->memory, scratch->data, scratch->capacity * sizeof(uint16_t), length * sizeof(uint16_t));
        if (grown == NULL) {
            out->failed = true;
            return;
        }
        scratch->data = grown;
        scratch->capacity = length;
    }
    memcpy(scratch->data + (left ? padding : 0), text->data, kept * sizeof(uint16_t));
    uint16_t *at = scratch->data + (left ? 0 : kept);
    for (size_t k = 0; k < padding; k++)
        at[k] = pad->data[k % pad->count];
    weir_builder_clear(builder);
    weir_string_from_units(builder, scratch->data, length);
    weir_column_put_text(out, row, weir_builder_view(builder));
}

static void run_pad(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    const bool left = ((const pad_state *)call->state)->left;
    const int64_t *lengths = WEIR_VALUES(arguments[1], int64_t);
    string_units text_units = {0}, pad_units_ = {0}, scratch = {0};
    weir_builder builder;
    weir_builder_init(&builder, call->memory, SIZE_MAX);
    WEIR_FOR_ROWS(rows, i, {
        weir_text text = weir_column_text(arguments[0], i), pad = weir_column_text(arguments[2], i);
        int64_t length = lengths[i];
        if (length < 0 || pad.size == 0) {
            weir_column_set_null(out, i);
        } else if (length > PAD_LENGTH_MAX) {
            weir_call_fail(call, i, "The result of %s would be %lld characters long", call->function->name, (long long)length);
        } else if (length == 0) {
            continue; /* the empty text */
        } else if (string_is_ascii(text) && string_is_ascii(pad)) {
            pad_ascii(out, i, text, (size_t)length, pad, left);
        } else if (weir_string_units(out->memory, text, &text_units) && weir_string_units(out->memory, pad, &pad_units_)) {
            pad_units(out, i, &text_units, (size_t)length, &pad_units_, left, &scratch, &builder);
        } else {
            out->failed = true;
        }
    });
    if (builder.failed)
        out->failed = true;
    weir_builder_deinit(&builder);
    weir_string_units_done(out->memory, &text_units);
    weir_string_units_done(out->memory, &pad_units_);
    weir_string_units_done(out->memory, &scratch);
}

static weir_status bind_pad(weir_call *call, bool left, weir_error *error) {
    pad_state *state = WEIR_CALL_STATE(call, pad_state);
    if (state == NULL)
        return weir_fail_memory(error, "a padding", sizeof(pad_state));
    state->left = left;
    call->state = state;
    call->kernel = run_pad;
    return WEIR_OK;
}

static weir_status bind_lpad(weir_call *call, weir_error *error) { return bind_pad(call, true, error); }
static weir_status bind_rpad(weir_call *call, weir_error *error) { return bind_pad(call, false, error); }

/* ---- TRANSLATE ---- */

static weir_status infer_translate(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_check(signature, "sss", error));
    const weir_type *text = signature->arguments[0].type;
    return weir_signature_result(signature, weir_type_string(text->nullable || text->kind == WEIR_KIND_NULL), error);
}

/* The bytes that stand for the code point: those at its place in `to`, nothing when `to` is shorter, itself when it is not in `from`. */
static weir_text translated(weir_text point, weir_text from, weir_text to) {
    size_t to_at = 0;
    for (size_t at = 0; at < from.size;) {
        size_t next = string_forward(from, at, 1), to_next = string_forward(to, to_at, 1);
        if (next - at == point.size && memcmp(from.data + at, point.data, point.size) == 0)
            return (weir_text){to.data + to_at, to_next - to_at};
        at = next;
        to_at = to_next;
    }
    return point;
}

static void run_translate(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    weir_builder builder;
    weir_builder_init(&builder, call->memory, SIZE_MAX);
    WEIR_FOR_ROWS(rows, i, {
        if (!weir_column_is_valid(arguments[0], i)) {
            weir_column_set_null(out, i);
            continue;
        }
        weir_text text = weir_column_text(arguments[0], i);
        weir_text from = weir_column_is_valid(arguments[1], i) ? weir_column_text(arguments[1], i) : WEIR_TEXT("");
        weir_text to = weir_column_is_valid(arguments[2], i) ? weir_column_text(arguments[2], i) : WEIR_TEXT("");
        weir_builder_clear(&builder);
        for (size_t at = 0; at < text.size;) {
            size_t next = string_forward(text, at, 1);
            weir_builder_text(&builder, translated((weir_text){text.data + at, next - at}, from, to));
            at = next;
        }
        weir_column_put_text(out, i, weir_builder_view(&builder));
    });
    if (builder.failed)
        out->failed = true;
    weir_builder_deinit(&builder);
}

static weir_status bind_translate(weir_call *call, weir_error *error) {
    (void)error;
    call->kernel = run_translate;
    return WEIR_OK;
}

/* ---- ELT ---- */

static weir_status infer_elt(weir_signature *signature, weir_error *error) {
    bool binary = signature->count > 1 && weir_kind_is_binary(signature->arguments[1].type->kind);
    WEIR_TRY(weir_signature_check(signature, binary ? "iy+" : "is+", error));
    const weir_value *index = signature->arguments[0].literal;
    if (index != NULL && !index->is_null && index->as.integer < 0)
        return weir_fail(error, WEIR_VALIDATE, "Invalid input arguments. Index must be an integer starting from '0', but was '%lld'.",
                         (long long)index->as.integer);
    const weir_type *common = signature->arguments[1].type;
    for (uint32_t k = 2; k < signature->count && common != NULL; k++)
        common = weir_type_common(signature->arena, common, signature->arguments[k].type);
    if (common == NULL)
        return weir_fail_memory(error, "a type", sizeof(weir_type));
    if (common->kind == WEIR_KIND_NULL)
        common = weir_type_string(true);
    return weir_signature_result(signature, weir_type_with_nullable(signature->arena, common, true), error);
}

static void run_elt(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    for (uint32_t k = 1; k < call->argument_count; k++)
        if (!weir_column_keep_from(out, arguments[k]))
            return;
    const int64_t *indexes = WEIR_VALUES(arguments[0], int64_t);
    WEIR_FOR_ROWS(rows, i, {
        bool inside = weir_column_is_valid(arguments[0], i) && indexes[i] >= 1 && indexes[i] < (int64_t)call->argument_count;
        if (inside && weir_column_is_valid(arguments[indexes[i]], i))
            WEIR_VALUES(out, weir_view)[i] = WEIR_VALUES(arguments[indexes[i]], weir_view)[i];
        else
            weir_column_set_null(out, i);
    });
}

static weir_status bind_elt(weir_call *call, weir_error *error) {
    (void)error;
    call->kernel = run_elt;
    return WEIR_OK;
}

#define STRICT WEIR_FUNCTION_STRICT
const weir_function weir_functions_string_edit[] = {
    {"REPLACE", STRICT, infer_three_texts, bind_replace, "string", "REPLACE(text STRING, old STRING, new STRING) -> STRING",
     "The text with every `old` replaced.", "REPLACE('a-b-c', '-', '+')", "a+b+c"},
    {"OVERLAY", STRICT, infer_overlay, bind_overlay, "string",
     "OVERLAY(text STRING PLACING new STRING FROM start INT [FOR length INT]) -> STRING",
     "The text with the characters from a position on replaced.", "OVERLAY('weird' PLACING 'ave' FROM 2 FOR 4)", "wave"},
    {"LPAD", STRICT, infer_pad, bind_lpad, "string", "LPAD(text STRING, length INT, pad STRING) -> STRING",
     "The text filled up in front, or cut, to a length.", "LPAD('7', 3, '0')", "007"},
    {"RPAD", STRICT, infer_pad, bind_rpad, "string", "RPAD(text STRING, length INT, pad STRING) -> STRING",
     "The text filled up behind, or cut, to a length.", "RPAD('ab', 5, 'xy')", "abxyx"},
    {"TRANSLATE", 0, infer_translate, bind_translate, "string", "TRANSLATE(text STRING, from STRING, to STRING) -> STRING",
     "The text with every character of `from` replaced by the one at its place in `to`, or dropped.",
     "TRANSLATE('hello world', 'loe', 'xy')", "hxxy wyrxd"},
    {"ELT", 0, infer_elt, bind_elt, "string", "ELT(index INT, text STRING, ...) -> STRING", "The text with this number, from 1.",
     "ELT(2, 'a', 'b', 'c')", "b"},
    {NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL},
};
