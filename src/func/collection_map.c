/* MAP_KEYS, MAP_VALUES, MAP_ENTRIES, MAP_FROM_ARRAYS, MAP_UNION. */
#include <string.h>

#include "func/collection_int.h"

static weir_status one_map(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_no_match(signature, 1, 1, error));
    WEIR_TRY(weir_signature_no_null(signature, error));
    return signature->arguments[0].type->kind == WEIR_KIND_MAP ? WEIR_OK : weir_signature_invalid(signature, error);
}

static bool is_values(const weir_function *function) { return strcmp(function->name, "MAP_VALUES") == 0; }

weir_status weir_map_side_infer(weir_signature *signature, weir_error *error) {
    WEIR_TRY(one_map(signature, error));
    const weir_type *map = signature->arguments[0].type;
    return weir_signature_result(signature, weir_type_array(signature->arena, map->children[is_values(signature->function)], map->nullable),
                                 error);
}

static void copy_span(weir_column *const *targets, weir_column *const *sources, uint32_t count, weir_column *out, uint32_t row,
                      weir_span span) {
    uint32_t at = weir_column_span_add(out, row, span.count);
    for (uint32_t i = 0; i < count && at != UINT32_MAX; i++)
        weir_column_copy_elements(targets[i], at, sources[i], span.start, span.count);
}

static void run_side(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    bool values = is_values(call->function);
    WEIR_FOR_ROWS(rows, i, { copy_span(out->children, arguments[0]->children + values, 1, out, i, weir_span_at(arguments[0], i)); });
    out->failed |= out->children[0]->failed;
}

weir_status weir_map_side_bind(weir_call *call, weir_error *error) {
    (void)error;
    call->kernel = run_side;
    return WEIR_OK;
}

weir_status weir_map_entries_infer(weir_signature *signature, weir_error *error) {
    WEIR_TRY(one_map(signature, error));
    const weir_type *map = signature->arguments[0].type;
    weir_field fields[] = {{.name = WEIR_TEXT("key"), .type = map->children[0]}, {.name = WEIR_TEXT("value"), .type = map->children[1]}};
    const weir_type *row = weir_type_row(signature->arena, fields, 2, true);
    return weir_signature_result(signature, row == NULL ? NULL : weir_type_array(signature->arena, row, map->nullable), error);
}

static void run_entries(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    (void)call;
    WEIR_FOR_ROWS(rows, i, { copy_span(out->children[0]->children, arguments[0]->children, 2, out, i, weir_span_at(arguments[0], i)); });
    out->failed |= out->children[0]->failed || out->children[0]->children[0]->failed || out->children[0]->children[1]->failed;
}

weir_status weir_map_entries_bind(weir_call *call, weir_error *error) {
    (void)error;
    call->kernel = run_entries;
    return WEIR_OK;
}

/* ---- MAP_FROM_ARRAYS(keys, values) ---- */

weir_status weir_map_from_arrays_infer(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_no_match(signature, 2, 2, error));
    WEIR_TRY(weir_signature_no_null(signature, error));
    const weir_type *keys = signature->arguments[0].type, *values = signature->arguments[1].type;
    if (keys->kind != WEIR_KIND_ARRAY || values->kind != WEIR_KIND_ARRAY)
        return weir_signature_invalid(signature, error);
    return weir_signature_result(
        signature, weir_type_map(signature->arena, keys->children[0], values->children[0], keys->nullable || values->nullable), error);
}

static void run_from_arrays(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    WEIR_FOR_ROWS(rows, i, {
        weir_span keys = weir_span_at(arguments[0], i);
        weir_span values = weir_span_at(arguments[1], i);
        if (keys.count != values.count) {
            weir_call_fail(
                call, i,
                "Invalid function MAP_FROM_ARRAYS call: The length of the keys array %u is not equal to the length of the values array %u",
                keys.count, values.count);
            continue;
        }
        uint32_t at = weir_column_span_add(out, i, keys.count);
        if (at == UINT32_MAX)
            return;
        weir_column_copy_elements(out->children[0], at, arguments[0]->children[0], keys.start, keys.count);
        weir_column_copy_elements(out->children[1], at, arguments[1]->children[0], values.start, values.count);
    });
    out->failed |= out->children[0]->failed || out->children[1]->failed;
}

weir_status weir_map_from_arrays_bind(weir_call *call, weir_error *error) {
    (void)error;
    call->kernel = run_from_arrays;
    return WEIR_OK;
}

/* ---- MAP_UNION(map, ...): of equal keys the last one's value counts ---- */

weir_status weir_map_union_infer(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_no_match(signature, 1, UINT32_MAX, error));
    WEIR_TRY(weir_signature_no_null(signature, error));
    const weir_type *common = NULL;
    for (uint32_t i = 0; i < signature->count; i++) {
        if (signature->arguments[i].type->kind != WEIR_KIND_MAP)
            return weir_signature_invalid(signature, error);
        common = common == NULL ? signature->arguments[i].type : weir_type_common(signature->arena, common, signature->arguments[i].type);
        if (common == NULL) {
            (void)weir_signature_invalid(signature, error);
            weir_error_hint(error, "Could not find a common type for arguments");
            return WEIR_VALIDATE;
        }
    }
    for (uint32_t i = 0; i < signature->count; i++)
        WEIR_TRY(weir_signature_want(signature, i, common, error));
    return weir_signature_result(signature, common, error);
}

static void run_union(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    WEIR_FOR_ROWS(rows, i, {
        uint32_t most = 0;
        uint32_t used = 0;
        for (uint32_t k = 0; k < call->argument_count; k++)
            most += weir_span_at(arguments[k], i).count;
        uint32_t at = weir_column_span_add(out, i, most);
        if (at == UINT32_MAX)
            return;
        for (uint32_t k = 0; k < call->argument_count; k++) {
            weir_span span = weir_span_at(arguments[k], i);
            const weir_column *keys = arguments[k]->children[0];
            for (uint32_t j = span.start; j < span.start + span.count; j++) {
                uint32_t slot = 0;
                while (slot < used && !weir_column_rows_equal(out->children[0], at + slot, keys, j))
                    slot++;
                if (slot == used)
                    weir_column_copy_row(out->children[0], at + used++, keys, j);
                weir_column_copy_row(out->children[1], at + slot, arguments[k]->children[1], j);
            }
        }
        WEIR_VALUES(out, weir_span)[i].count = used;
    });
    out->failed |= out->children[0]->failed || out->children[1]->failed;
}

weir_status weir_map_union_bind(weir_call *call, weir_error *error) {
    (void)error;
    call->kernel = run_union;
    return WEIR_OK;
}
