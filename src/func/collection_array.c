/* ARRAY_CONTAINS, _POSITION, _REMOVE, _REVERSE, _DISTINCT, _SLICE, _CONCAT, _APPEND, _PREPEND, _JOIN. */
#include <string.h>

#include "func/collection_int.h"

static const weir_type *boolean(bool nullable) { return weir_type_simple(WEIR_KIND_BOOLEAN, nullable); }

static weir_status array_and_more(weir_signature *signature, uint32_t least, uint32_t most, weir_error *error) {
    WEIR_TRY(weir_signature_no_match(signature, least, most, error));
    if (signature->arguments[0].type->kind == WEIR_KIND_NULL)
        return weir_signature_no_null(signature, error);
    return signature->arguments[0].type->kind == WEIR_KIND_ARRAY ? WEIR_OK : weir_signature_invalid(signature, error);
}

/* ---- CONTAINS, POSITION: (array, needle) ---- */

weir_status weir_array_contains_infer(weir_signature *signature, weir_error *error) {
    WEIR_TRY(array_and_more(signature, 2, 2, error));
    const weir_type *array = signature->arguments[0].type;
    WEIR_TRY(weir_signature_want_element(signature, 1, array->children[0], error));
    return weir_signature_result(signature, boolean(array->nullable), error);
}

static void run_contains(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    (void)call;
    const weir_column *child = arguments[0]->children[0];
    uint8_t *r = WEIR_VALUES(out, uint8_t);
    WEIR_FOR_ROWS(rows, i, {
        if (!weir_column_is_valid(arguments[0], i)) {
            weir_column_set_null(out, i);
            continue;
        }
        weir_span span = weir_span_at(arguments[0], i);
        uint32_t k = 0;
        while (k < span.count && !weir_column_rows_equal(child, span.start + k, arguments[1], i))
            k++;
        r[i] = k < span.count;
    });
}

weir_status weir_array_contains_bind(weir_call *call, weir_error *error) {
    (void)error;
    call->kernel = run_contains;
    return WEIR_OK;
}

weir_status weir_array_position_infer(weir_signature *signature, weir_error *error) {
    WEIR_TRY(array_and_more(signature, 2, 2, error));
    const weir_type *array = signature->arguments[0].type;
    WEIR_TRY(weir_signature_want_element(signature, 1, array->children[0], error));
    bool nullable = array->nullable || signature->arguments[1].type->nullable || signature->arguments[1].type->kind == WEIR_KIND_NULL;
    return weir_signature_result(signature, weir_type_simple(WEIR_KIND_INT, nullable), error);
}

static void run_position(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    (void)call;
    const weir_column *child = arguments[0]->children[0];
    int32_t *r = WEIR_VALUES(out, int32_t);
    WEIR_FOR_ROWS(rows, i, {
        weir_span span = weir_span_at(arguments[0], i);
        uint32_t k = 0;
        while (k < span.count && !weir_column_rows_equal(child, span.start + k, arguments[1], i))
            k++;
        r[i] = k < span.count ? (int32_t)k + 1 : 0;
    });
}

weir_status weir_array_position_bind(weir_call *call, weir_error *error) {
    (void)error;
    call->kernel = run_position;
    return WEIR_OK;
}

/* ---- functions that pick elements of their first argument ---- */

weir_status weir_array_remove_infer(weir_signature *signature, weir_error *error) {
    WEIR_TRY(array_and_more(signature, 2, 2, error));
    const weir_type *array = signature->arguments[0].type;
    WEIR_TRY(weir_signature_want_element(signature, 1, array->children[0], error));
    return weir_signature_result(signature, array, error);
}

weir_status weir_array_same_infer(weir_signature *signature, weir_error *error) {
    WEIR_TRY(array_and_more(signature, 1, 1, error));
    return weir_signature_result(signature, signature->arguments[0].type, error);
}

weir_status weir_array_slice_infer(weir_signature *signature, weir_error *error) {
    WEIR_TRY(array_and_more(signature, 2, 3, error));
    for (uint32_t i = 1; i < signature->count; i++) {
        weir_kind kind = signature->arguments[i].type->kind;
        if ((!weir_kind_is_integer(kind) || kind == WEIR_KIND_BIGINT) && kind != WEIR_KIND_NULL)
            return weir_signature_invalid(signature, error);
        WEIR_TRY(weir_signature_want(signature, i, weir_type_simple(WEIR_KIND_INT, true), error));
    }
    return weir_signature_result(
        signature, weir_type_with_nullable(signature->arena, signature->arguments[0].type, weir_signature_nullable(signature)), error);
}

typedef void (*picker)(weir_column *const *arguments, uint32_t row, weir_span span, weir_picks *out);

static void pick_others(weir_column *const *arguments, uint32_t row, weir_span span, weir_picks *out) {
    for (uint32_t k = 0; k < span.count; k++)
        if (!weir_column_rows_equal(arguments[0]->children[0], span.start + k, arguments[1], row))
            weir_picks_add(out, span.start + k);
}

static void pick_reversed(weir_column *const *arguments, uint32_t row, weir_span span, weir_picks *out) {
    (void)arguments;
    (void)row;
    for (uint32_t k = span.count; k > 0; k--)
        weir_picks_add(out, span.start + k - 1);
}

static void pick_distinct(weir_column *const *arguments, uint32_t row, weir_span span, weir_picks *out) {
    (void)row;
    weir_elements elements;
    weir_elements_init(&elements, out->memory, arguments[0]->children[0], span.start, span.count);
    weir_elements_distinct(&elements, NULL, NULL, out);
    weir_elements_deinit(&elements);
}

/* Positions count from 1, negative ones from the end; 0 is the first. */
static int64_t place(int64_t position, int64_t count) {
    if (position < 0)
        return position + count;
    return position == 0 ? 0 : position - 1;
}

static void pick_slice(const weir_column *from_column, const weir_column *to_column, uint32_t row, weir_span span, weir_picks *out) {
    int64_t from = place(WEIR_VALUES(from_column, int32_t)[row], span.count);
    int64_t to = to_column == NULL ? (int64_t)span.count - 1 : place(WEIR_VALUES(to_column, int32_t)[row], span.count);
    if (from < 0)
        from = 0;
    if (to >= span.count)
        to = (int64_t)span.count - 1;
    for (int64_t k = from; k <= to; k++)
        weir_picks_add(out, span.start + (uint32_t)k);
}

static void pick_slice_2(weir_column *const *arguments, uint32_t row, weir_span span, weir_picks *out) {
    pick_slice(arguments[1], NULL, row, span, out);
}
static void pick_slice_3(weir_column *const *arguments, uint32_t row, weir_span span, weir_picks *out) {
    pick_slice(arguments[1], arguments[2], row, span, out);
}

static void run_picks(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    picker pick = *(picker *)call->state;
    weir_picks picks = {.memory = call->memory};
    uint32_t first = out->child_rows;
    WEIR_FOR_ROWS(rows, i, {
        if (!weir_column_is_valid(arguments[0], i)) {
            weir_column_set_null(out, i);
            continue;
        }
        size_t before = picks.count;
        pick(arguments, i, weir_span_at(arguments[0], i), &picks);
        if (picks.failed || weir_column_span_add(out, i, (uint32_t)(picks.count - before)) == UINT32_MAX) {
            out->failed = true;
            weir_picks_deinit(&picks);
            return;
        }
    });
    weir_picks_gather(&picks, out, first, arguments[0]->children[0]);
}

static weir_status bind_picks(weir_call *call, picker pick, weir_error *error) {
    picker *state = WEIR_CALL_STATE(call, picker);
    if (state == NULL)
        return weir_fail_memory(error, call->function->name, sizeof(picker));
    *state = pick;
    call->state = state;
    call->kernel = run_picks;
    return WEIR_OK;
}

weir_status weir_array_remove_bind(weir_call *call, weir_error *error) { return bind_picks(call, pick_others, error); }
weir_status weir_array_same_bind(weir_call *call, weir_error *error) {
    return bind_picks(call, strcmp(call->function->name, "ARRAY_REVERSE") == 0 ? pick_reversed : pick_distinct, error);
}
weir_status weir_array_slice_bind(weir_call *call, weir_error *error) {
    return bind_picks(call, call->argument_count == 3 ? pick_slice_3 : pick_slice_2, error);
}

/* ---- ARRAY_CONCAT(array, ...) ---- */

weir_status weir_array_concat_infer(weir_signature *signature, weir_error *error) {
    WEIR_TRY(array_and_more(signature, 1, UINT32_MAX, error));
    WEIR_TRY(weir_signature_no_null(signature, error));
    const weir_type *common = signature->arguments[0].type;
    for (uint32_t i = 1; i < signature->count && common != NULL; i++) {
        if (signature->arguments[i].type->kind != WEIR_KIND_ARRAY)
            return weir_signature_invalid(signature, error);
        common = weir_type_common(signature->arena, common, signature->arguments[i].type);
    }
    if (common == NULL) {
        (void)weir_signature_invalid(signature, error);
        weir_error_hint(error, "Could not find a common type for arguments");
        return WEIR_VALIDATE;
    }
    for (uint32_t i = 0; i < signature->count; i++)
        WEIR_TRY(weir_signature_want(signature, i, common, error));
    return weir_signature_result(signature, common, error);
}

static void run_concat(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    WEIR_FOR_ROWS(rows, i, {
        uint64_t total = 0;
        for (uint32_t k = 0; k < call->argument_count; k++)
            total += weir_span_at(arguments[k], i).count;
        uint32_t at = total > UINT32_MAX / 2 ? UINT32_MAX : weir_column_span_add(out, i, (uint32_t)total);
        if (at == UINT32_MAX) {
            out->failed = true;
            return;
        }
        for (uint32_t k = 0; k < call->argument_count; k++) {
            weir_span span = weir_span_at(arguments[k], i);
            weir_column_copy_elements(out->children[0], at, arguments[k]->children[0], span.start, span.count);
            at += span.count;
        }
    });
    out->failed |= out->children[0]->failed;
}

weir_status weir_array_concat_bind(weir_call *call, weir_error *error) {
    (void)error;
    call->kernel = run_concat;
    return WEIR_OK;
}

/* ---- ARRAY_APPEND, ARRAY_PREPEND (array, element) ---- */

weir_status weir_array_grow_infer(weir_signature *signature, weir_error *error) {
    WEIR_TRY(array_and_more(signature, 2, 2, error));
    const weir_type *array = signature->arguments[0].type, *added = signature->arguments[1].type;
    WEIR_TRY(weir_signature_want_element(signature, 1, array->children[0], error));
    /* An element that may be NULL makes the array nullable as well: Flink's own rule. */
    bool nullable = added->nullable || added->kind == WEIR_KIND_NULL;
    const weir_type *element = weir_type_with_nullable(signature->arena, array->children[0], array->children[0]->nullable || nullable);
    return weir_signature_result(signature, weir_type_array(signature->arena, element, array->nullable || nullable), error);
}

static void run_grow(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    bool prepend = call->function->name[6] == 'P';
    WEIR_FOR_ROWS(rows, i, {
        if (!weir_column_is_valid(arguments[0], i)) {
            weir_column_set_null(out, i);
            continue;
        }
        weir_span span = weir_span_at(arguments[0], i);
        uint32_t at = weir_column_span_add(out, i, span.count + 1);
        if (at == UINT32_MAX)
            return;
        weir_column_copy_elements(out->children[0], at + prepend, arguments[0]->children[0], span.start, span.count);
        weir_column_copy_row(out->children[0], prepend ? at : at + span.count, arguments[1], i);
    });
    out->failed |= out->children[0]->failed;
}

weir_status weir_array_grow_bind(weir_call *call, weir_error *error) {
    (void)error;
    call->kernel = run_grow;
    return WEIR_OK;
}

/* ---- ARRAY_JOIN(array, delimiter [, for_null]) ---- */

weir_status weir_array_join_infer(weir_signature *signature, weir_error *error) {
    WEIR_TRY(array_and_more(signature, 2, 3, error));
    if (!weir_kind_is_text(signature->arguments[0].type->children[0]->kind))
        return weir_signature_invalid(signature, error);
    for (uint32_t i = 1; i < signature->count; i++) {
        weir_kind kind = signature->arguments[i].type->kind;
        if (!weir_kind_is_text(kind) && kind != WEIR_KIND_NULL)
            return weir_signature_invalid(signature, error);
        if (kind == WEIR_KIND_NULL)
            WEIR_TRY(weir_signature_want(signature, i, weir_type_string(true), error));
    }
    bool nullable = weir_signature_nullable(signature);
    for (uint32_t i = 1; i < signature->count; i++)
        nullable |= signature->arguments[i].type->kind == WEIR_KIND_NULL;
    return weir_signature_result(signature, weir_type_string(nullable), error);
}

static void run_join(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    const weir_column *child = arguments[0]->children[0];
    bool shows_null = call->argument_count == 3;
    WEIR_FOR_ROWS(rows, i, {
        weir_span span = weir_span_at(arguments[0], i);
        weir_text delimiter = weir_column_text(arguments[1], i), instead = shows_null ? weir_column_text(arguments[2], i) : (weir_text){0};
        size_t size = 0;
        uint32_t shown = 0;
        for (uint32_t k = span.start; k < span.start + span.count; k++) {
            if (!weir_column_is_valid(child, k) && !shows_null)
                continue;
            size += (weir_column_is_valid(child, k) ? weir_column_text(child, k).size : instead.size) + (shown++ > 0 ? delimiter.size : 0);
        }
        char *room = size > UINT32_MAX / 2 ? NULL : weir_column_text_room(out, size > 0 ? size : 1);
        if (room == NULL) {
            out->failed = true;
            return;
        }
        char *at = room;
        shown = 0;
        for (uint32_t k = span.start; k < span.start + span.count; k++) {
            if (!weir_column_is_valid(child, k) && !shows_null)
                continue;
            weir_text element = weir_column_is_valid(child, k) ? weir_column_text(child, k) : instead;
            if (shown++ > 0 && delimiter.size > 0)
                at = (char *)memcpy(at, delimiter.data, delimiter.size) + delimiter.size;
            if (element.size > 0)
                at = (char *)memcpy(at, element.data, element.size) + element.size;
        }
        weir_column_set_view(out, i, room, size);
    });
}

weir_status weir_array_join_bind(weir_call *call, weir_error *error) {
    (void)error;
    call->kernel = run_join;
    return WEIR_OK;
}
