/* ARRAY_UNION, _EXCEPT, _INTERSECT (sets in the order of first appearance), ARRAY_SORT, ARRAY_MAX, ARRAY_MIN. */
#include <stdlib.h>
#include <string.h>

#include "func/collection_int.h"

/* ---- sets ---- */

weir_status weir_array_set_infer(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_no_match(signature, 2, 2, error));
    WEIR_TRY(weir_signature_no_null(signature, error));
    const weir_type *a = signature->arguments[0].type, *b = signature->arguments[1].type;
    if (a->kind != WEIR_KIND_ARRAY || b->kind != WEIR_KIND_ARRAY)
        return weir_signature_invalid(signature, error);
    const weir_type *common = weir_type_common(signature->arena, a, b);
    if (common == NULL) {
        (void)weir_signature_invalid(signature, error);
        weir_error_hint(error, "Could not find a common type for arguments");
        return WEIR_VALIDATE;
    }
    WEIR_TRY(weir_signature_want(signature, 0, common, error));
    WEIR_TRY(weir_signature_want(signature, 1, common, error));
    return weir_signature_result(signature, common, error);
}

static void run_set(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    char operation = call->function->name[6]; /* Union, Except, Intersect */
    weir_picks left = {.memory = call->memory}, right = {.memory = call->memory};
    WEIR_FOR_ROWS(rows, i, {
        weir_span a = weir_span_at(arguments[0], i);
        weir_span b = weir_span_at(arguments[1], i);
        weir_elements first;
        weir_elements second;
        weir_elements_init(&first, call->memory, arguments[0]->children[0], a.start, a.count);
        weir_elements_init(&second, call->memory, arguments[1]->children[0], b.start, b.count);
        left.count = right.count = 0;
        weir_elements_distinct(&first, operation == 'E' ? &second : NULL, operation == 'I' ? &second : NULL, &left);
        if (operation == 'U')
            weir_elements_distinct(&second, &first, NULL, &right);
        weir_elements_deinit(&first);
        weir_elements_deinit(&second);
        uint32_t at = left.failed || right.failed ? UINT32_MAX : weir_column_span_add(out, i, (uint32_t)(left.count + right.count));
        if (at == UINT32_MAX) {
            out->failed = true;
            continue;
        }
        weir_column_gather(out->children[0], at, arguments[0]->children[0], left.items, (uint32_t)left.count);
        weir_column_gather(out->children[0], at + (uint32_t)left.count, arguments[1]->children[0], right.items, (uint32_t)right.count);
    });
    weir_picks_deinit(&left);
    weir_picks_deinit(&right);
    out->failed |= out->children[0]->failed;
}

weir_status weir_array_set_bind(weir_call *call, weir_error *error) {
    (void)error;
    call->kernel = run_set;
    return WEIR_OK;
}

/* ---- ARRAY_SORT(array [, ascending [, nulls_first]]) ---- */

static bool has_order(weir_kind kind) {
    return weir_kind_is_numeric(kind) || weir_kind_is_text(kind) || weir_kind_is_datetime(kind) || weir_kind_is_binary(kind);
}

weir_status weir_array_sort_infer(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_no_match(signature, 1, 3, error));
    const weir_type *array = signature->arguments[0].type;
    if (array->kind == WEIR_KIND_NULL)
        return weir_signature_no_null(signature, error);
    if (array->kind != WEIR_KIND_ARRAY || !has_order(array->children[0]->kind))
        return weir_signature_invalid(signature, error);
    bool nullable = array->nullable;
    for (uint32_t i = 1; i < signature->count; i++) {
        const weir_type *type = signature->arguments[i].type;
        if (type->kind != WEIR_KIND_BOOLEAN && type->kind != WEIR_KIND_NULL)
            return weir_signature_invalid(signature, error);
        WEIR_TRY(weir_signature_want(signature, i, weir_type_simple(WEIR_KIND_BOOLEAN, true), error));
        nullable |= type->nullable || type->kind == WEIR_KIND_NULL;
    }
    return weir_signature_result(signature, weir_type_with_nullable(signature->arena, array, nullable), error);
}

typedef struct sort_order {
    const weir_column *column;
    bool descending, nulls_first;
} sort_order;

static int order_by(const void *a, const void *b, void *context) {
    const sort_order *order = context;
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    bool x_valid = weir_column_is_valid(order->column, x), y_valid = weir_column_is_valid(order->column, y);
    int result;
    if (x_valid && y_valid) {
        result = weir_column_rows_compare(order->column, x, order->column, y);
        result = order->descending ? -result : result;
    } else {
        result = (int)x_valid - (int)y_valid;
        result = order->nulls_first ? result : -result;
    }
    return result != 0 ? result : (x > y) - (x < y);
}

static void run_sort(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    weir_picks picks = {.memory = call->memory};
    uint32_t first = out->child_rows;
    WEIR_FOR_ROWS(rows, i, {
        bool ascending = call->argument_count < 2 || WEIR_VALUES(arguments[1], uint8_t)[i];
        sort_order order = {arguments[0]->children[0], !ascending,
                            call->argument_count < 3 ? ascending : WEIR_VALUES(arguments[2], uint8_t)[i] != 0};
        weir_span span = weir_span_at(arguments[0], i);
        size_t before = picks.count;
        for (uint32_t k = 0; k < span.count; k++)
            weir_picks_add(&picks, span.start + k);
        if (picks.failed || weir_column_span_add(out, i, span.count) == UINT32_MAX) {
            out->failed = true;
            continue;
        }
        if (span.count > 1)
            qsort_r(picks.items + before, span.count, sizeof(uint32_t), order_by, &order);
    });
    weir_picks_gather(&picks, out, first, arguments[0]->children[0]);
}

weir_status weir_array_sort_bind(weir_call *call, weir_error *error) {
    (void)error;
    call->kernel = run_sort;
    return WEIR_OK;
}

/* ---- ARRAY_MAX, ARRAY_MIN ---- */

weir_status weir_array_extreme_infer(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_no_match(signature, 1, 1, error));
    WEIR_TRY(weir_signature_no_null(signature, error));
    const weir_type *array = signature->arguments[0].type;
    if (array->kind != WEIR_KIND_ARRAY)
        return weir_signature_invalid(signature, error);
    if (!has_order(array->children[0]->kind)) {
        weir_builder shown;
        weir_builder_init(&shown, signature->arena->memory, 300);
        weir_type_print(array->children[0], &shown);
        weir_text text = weir_builder_view(&shown);
        weir_fail(error, WEIR_VALIDATE,
                  "Invalid input arguments of %s. Type '%.*s' should support both 'EQUALS' and 'ORDER' comparison with itself.",
                  signature->function->name, WEIR_TEXT_ARGS(text));
        weir_builder_deinit(&shown);
        return WEIR_VALIDATE;
    }
    return weir_signature_result(signature, weir_type_with_nullable(signature->arena, array->children[0], true), error);
}

static void run_extreme(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    int sign = strcmp(call->function->name, "ARRAY_MAX") == 0 ? 1 : -1;
    const weir_column *child = arguments[0]->children[0];
    WEIR_FOR_ROWS(rows, i, {
        weir_span span = weir_span_at(arguments[0], i);
        uint32_t best = UINT32_MAX;
        for (uint32_t k = span.start; k < span.start + span.count; k++)
            if (weir_column_is_valid(child, k) && (best == UINT32_MAX || sign * weir_column_rows_compare(child, k, child, best) > 0))
                best = k;
        if (best == UINT32_MAX)
            weir_column_set_null(out, i);
        else
            weir_column_copy_row(out, i, child, best);
    });
}

weir_status weir_array_extreme_bind(weir_call *call, weir_error *error) {
    (void)error;
    call->kernel = run_extreme;
    return WEIR_OK;
}
