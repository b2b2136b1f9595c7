/* ITEM (a[i], m[k], v[i], v[k]), CARDINALITY and ELEMENT. */
#include "func/collection_int.h"
#include "func/variant_int.h"

/* ---- ITEM ---- */

static weir_status refuse_item(const weir_signature *signature, weir_error *error) {
    return weir_signature_refuse_forms(signature, "<ARRAY>[<INTEGER>] <MAP>[<ANY>] <ROW>[<CHARACTER>|<INTEGER>]", error);
}

static weir_status infer_array_item(weir_signature *signature, weir_error *error) {
    const weir_type *index = signature->arguments[1].type, *element = signature->arguments[0].type->children[0];
    if (!weir_kind_is_integer(index->kind) && index->kind != WEIR_KIND_NULL)
        return refuse_item(signature, error);
    const weir_value *literal = signature->arguments[1].literal;
    if (literal != NULL && !literal->is_null && literal->as.integer < 1)
        return weir_fail(error, WEIR_VALIDATE, "Array element access needs an index starting at 1 but was %lld.",
                         (long long)literal->as.integer);
    WEIR_TRY(weir_signature_want(signature, 1, weir_type_simple(WEIR_KIND_BIGINT, true), error));
    return weir_signature_result(signature, weir_type_with_nullable(signature->arena, element, true), error);
}

weir_status weir_item_infer(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_count(signature, 2, 2, error));
    const weir_type *collection = signature->arguments[0].type, *key = signature->arguments[1].type;
    if (collection->kind == WEIR_KIND_ARRAY)
        return infer_array_item(signature, error);
    if (collection->kind == WEIR_KIND_VARIANT)
        return weir_variant_item_infer(signature, error);
    if (collection->kind != WEIR_KIND_MAP)
        return refuse_item(signature, error);
    const weir_type *wanted = collection->children[0];
    bool same_family = (weir_kind_is_numeric(key->kind) && weir_kind_is_numeric(wanted->kind)) ||
                       (weir_kind_is_text(key->kind) && weir_kind_is_text(wanted->kind)) || key->kind == wanted->kind ||
                       (weir_kind_is_timestamp(key->kind) && weir_kind_is_timestamp(wanted->kind)) || key->kind == WEIR_KIND_NULL;
    if (!same_family)
        return refuse_item(signature, error);
    /* A longer text must not be cut to the key's length: it would find another key. */
    const weir_type *target = weir_kind_is_text(key->kind) ? key : wanted;
    if (weir_kind_is_numeric(key->kind) && key->kind != WEIR_KIND_NULL)
        target = weir_type_common(signature->arena, key, wanted);
    if (target == NULL)
        return weir_fail_memory(error, "a key type", sizeof(weir_type));
    if (!weir_kind_is_text(key->kind))
        WEIR_TRY(weir_signature_want(signature, 1, target, error));
    if (weir_kind_is_numeric(key->kind) && !weir_type_equal(target, wanted, true)) {
        const weir_type *map = weir_type_map(signature->arena, weir_type_with_nullable(signature->arena, target, wanted->nullable),
                                             collection->children[1], collection->nullable);
        WEIR_TRY(weir_signature_want(signature, 0, map == NULL ? collection : map, error));
    }
    return weir_signature_result(signature, weir_type_with_nullable(signature->arena, collection->children[1], true), error);
}

static void run_array_item(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    (void)call;
    const weir_column *child = arguments[0]->children[0];
    const weir_span *spans = WEIR_VALUES(arguments[0], weir_span);
    const int64_t *index = WEIR_VALUES(arguments[1], int64_t);
    size_t bytes = weir_layout_bytes(out->layout);
    if (!weir_column_keep_from(out, child))
        return;
    bool flat = out->layout != WEIR_LAYOUT_SPAN && out->layout != WEIR_LAYOUT_NONE;
    WEIR_FOR_ROWS(rows, i, {
        uint32_t at = spans[i].start + (uint32_t)(index[i] - 1);
        if (index[i] < 1 || index[i] > spans[i].count || !weir_column_is_valid(child, at))
            weir_column_set_null(out, i);
        else if (flat)
            memcpy((char *)out->values + i * bytes, (const char *)child->values + at * bytes, bytes);
        else
            weir_column_copy_row(out, i, child, at);
    });
}

static void run_map_item(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    (void)call;
    const weir_column *keys = arguments[0]->children[0], *values = arguments[0]->children[1];
    WEIR_FOR_ROWS(rows, i, {
        weir_span span = weir_span_at(arguments[0], i);
        uint32_t k = 0;
        while (k < span.count && !weir_column_rows_equal(keys, span.start + k, arguments[1], i))
            k++;
        if (k < span.count)
            weir_column_copy_row(out, i, values, span.start + k);
        else
            weir_column_set_null(out, i);
    });
}

weir_status weir_item_bind(weir_call *call, weir_error *error) {
    if (call->argument_types[0]->kind == WEIR_KIND_VARIANT)
        return weir_variant_item_bind(call, error);
    call->kernel = call->argument_types[0]->kind == WEIR_KIND_MAP ? run_map_item : run_array_item;
    return WEIR_OK;
}

/* ---- CARDINALITY ---- */

weir_status weir_cardinality_infer(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_count(signature, 1, 1, error));
    WEIR_TRY(weir_signature_no_null(signature, error));
    const weir_type *type = signature->arguments[0].type;
    if (type->kind != WEIR_KIND_ARRAY && type->kind != WEIR_KIND_MAP && type->kind != WEIR_KIND_MULTISET)
        return weir_signature_refuse_forms(signature, "'CARDINALITY(<MULTISET>)' 'CARDINALITY(<ARRAY>)' 'CARDINALITY(<MAP>)'", error);
    return weir_signature_result(signature, weir_type_simple(WEIR_KIND_INT, type->nullable), error);
}

static void run_cardinality(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    (void)call;
    const weir_span *spans = WEIR_VALUES(arguments[0], weir_span);
    int32_t *r = WEIR_VALUES(out, int32_t);
    WEIR_FOR_ROWS(rows, i, { r[i] = (int32_t)spans[i].count; });
}

weir_status weir_cardinality_bind(weir_call *call, weir_error *error) {
    (void)error;
    call->kernel = run_cardinality;
    return WEIR_OK;
}

/* ---- ELEMENT ---- */

weir_status weir_element_infer(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_count(signature, 1, 1, error));
    WEIR_TRY(weir_signature_no_null(signature, error));
    const weir_type *type = signature->arguments[0].type;
    if (type->kind != WEIR_KIND_ARRAY && type->kind != WEIR_KIND_MULTISET)
        return weir_signature_refuse_forms(signature, "'ELEMENT(<MULTISET>)' 'ELEMENT(<ARRAY>)'", error);
    const weir_type *element = type->children[0];
    return weir_signature_result(signature, weir_type_with_nullable(signature->arena, element, element->nullable || type->nullable), error);
}

static void run_element(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    const weir_column *child = arguments[0]->children[0];
    WEIR_FOR_ROWS(rows, i, {
        weir_span span = weir_span_at(arguments[0], i);
        if (span.count > 1)
            weir_call_fail(call, i, "Array has more than one element.");
        else if (span.count == 0 || !weir_column_is_valid(child, span.start))
            weir_column_set_null(out, i);
        else
            weir_column_copy_row(out, i, child, span.start);
    });
}

weir_status weir_element_bind(weir_call *call, weir_error *error) {
    (void)error;
    call->kernel = run_element;
    return WEIR_OK;
}
