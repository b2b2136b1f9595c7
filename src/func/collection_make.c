/* The constructors ARRAY[...], MAP[...] and ROW(...). */
#include <stdio.h>

#include "func/collection_int.h"

static weir_status mixed(const weir_signature *signature, weir_error *error) {
    if (signature->arena->failed)
        return weir_fail_memory(error, "an element type", sizeof(weir_type));
    weir_fail(error, WEIR_VALIDATE, "Parameters must be of the same type");
    weir_error_hint(error, "Cast the elements of %s to one type", signature->function->name);
    return WEIR_VALIDATE;
}

/* The type that arguments first, first + step, ... meet in; they are wanted as it. String literals of different length meet in VARCHAR. */
static weir_status common_of(weir_signature *signature, uint32_t first, uint32_t step, const weir_type **out, weir_error *error) {
    const weir_type *common = NULL;
    for (uint32_t i = first; i < signature->count; i += step) {
        const weir_type *type = signature->arguments[i].type;
        common = common == NULL ? type : weir_type_common(signature->arena, common, type);
        if (common == NULL)
            return mixed(signature, error);
    }
    if (common->kind == WEIR_KIND_NULL || common->kind == WEIR_KIND_SYMBOL)
        return mixed(signature, error);
    for (uint32_t i = first; i < signature->count; i += step)
        WEIR_TRY(weir_signature_want(signature, i, common, error));
    *out = common;
    return WEIR_OK;
}

/* ---- ARRAY ---- */

weir_status weir_make_array_infer(weir_signature *signature, weir_error *error) {
    if (signature->count == 0)
        return weir_fail(error, WEIR_VALIDATE, "Require at least 1 argument");
    const weir_type *element;
    WEIR_TRY(common_of(signature, 0, 1, &element, error));
    return weir_signature_result(signature, weir_type_array(signature->arena, element, false), error);
}

static void run_array(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    uint32_t width = call->argument_count;
    WEIR_FOR_ROWS(rows, i, {
        uint32_t at = weir_column_span_add(out, i, width);
        if (at == UINT32_MAX)
            return;
        for (uint32_t k = 0; k < width; k++)
            weir_column_copy_row(out->children[0], at + k, arguments[k], i);
    });
    out->failed |= out->children[0]->failed;
}

weir_status weir_make_array_bind(weir_call *call, weir_error *error) {
    (void)error;
    call->kernel = run_array;
    return WEIR_OK;
}

/* ---- MAP ---- */

weir_status weir_make_map_infer(weir_signature *signature, weir_error *error) {
    if (signature->count == 0)
        return weir_fail(error, WEIR_VALIDATE, "Map requires at least 2 arguments");
    if (signature->count % 2 != 0)
        return weir_fail(error, WEIR_VALIDATE, "Map requires an even number of arguments");
    const weir_type *key, *value;
    WEIR_TRY(common_of(signature, 0, 2, &key, error));
    WEIR_TRY(common_of(signature, 1, 2, &value, error));
    return weir_signature_result(signature, weir_type_map(signature->arena, key, value, false), error);
}

/* Of equal keys the last value counts; the key keeps its first place. */
static void run_map(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    uint32_t pairs = call->argument_count / 2;
    WEIR_FOR_ROWS(rows, i, {
        uint32_t at = weir_column_span_add(out, i, pairs);
        uint32_t used = 0;
        if (at == UINT32_MAX)
            return;
        for (uint32_t k = 0; k < pairs; k++) {
            uint32_t slot = 0;
            while (slot < used && !weir_column_rows_equal(out->children[0], at + slot, arguments[2 * k], i))
                slot++;
            if (slot == used)
                weir_column_copy_row(out->children[0], at + used++, arguments[2 * k], i);
            weir_column_copy_row(out->children[1], at + slot, arguments[2 * k + 1], i);
        }
        WEIR_VALUES(out, weir_span)[i].count = used;
    });
    out->failed |= out->children[0]->failed || out->children[1]->failed;
}

weir_status weir_make_map_bind(weir_call *call, weir_error *error) {
    (void)error;
    call->kernel = run_map;
    return WEIR_OK;
}

/* ---- ROW ---- */

weir_status weir_make_row_infer(weir_signature *signature, weir_error *error) {
    if (signature->count == 0)
        return weir_fail(error, WEIR_VALIDATE, "ROW requires at least 1 argument");
    WEIR_TRY(weir_signature_no_null(signature, error));
    weir_field *fields = WEIR_ARENA_ARRAY(signature->arena, weir_field, signature->count);
    if (fields == NULL)
        return weir_fail_memory(error, "the fields of a ROW", signature->count * sizeof(weir_field));
    for (uint32_t i = 0; i < signature->count; i++)
        fields[i] = (weir_field){.name = weir_arena_format(signature->arena, "EXPR$%u", i), .type = signature->arguments[i].type};
    return weir_signature_result(signature, weir_type_row(signature->arena, fields, signature->count, false), error);
}

static void run_row(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    for (uint32_t k = 0; k < call->argument_count; k++) {
        weir_column_copy_rows(out->children[k], arguments[k], rows);
        out->failed |= out->children[k]->failed;
    }
}

weir_status weir_make_row_bind(weir_call *call, weir_error *error) {
    (void)error;
    call->kernel = run_row;
    return WEIR_OK;
}
