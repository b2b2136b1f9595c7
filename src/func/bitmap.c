/* BITMAP: sets of 32-bit numbers. BITMAP_BUILD, BITMAP_FROM_BYTES, their inverses, and the set operations.
 *
 * A column holds the serialised form (bitmap_form.c). The operations unpack to sorted numbers, merge, and pack again: linear, and simple
 * enough to be right. Numbers are unsigned in the order and as text, INT in arrays (4294967295 is -1).
 *
 * Left out: the aggregates BITMAP_*_AGG. */
#include "func/bitmap_int.h"

#include <stdlib.h>
#include <string.h>

typedef struct bitmap_state {
    weir_numbers a, b, merged;
    weir_builder bytes;
    char operation; /* & | ^ - */
} bitmap_state;

static void state_release(void *data) {
    bitmap_state *state = data;
    weir_numbers_release(&state->a);
    weir_numbers_release(&state->b);
    weir_numbers_release(&state->merged);
    weir_builder_deinit(&state->bytes);
}

static weir_status make_state(weir_call *call, bitmap_state **out, weir_error *error) {
    bitmap_state *state = WEIR_CALL_STATE(call, bitmap_state);
    if (state == NULL)
        return weir_fail_memory(error, call->function->name, sizeof(bitmap_state));
    *state = (bitmap_state){.a.memory = call->memory, .b.memory = call->memory, .merged.memory = call->memory};
    weir_builder_init(&state->bytes, call->memory, WEIR_LENGTH_MAX);
    if (!weir_arena_on_reset(call->arena, state_release, state))
        return weir_fail_memory(error, call->function->name, sizeof(bitmap_state));
    call->state = *out = state;
    return WEIR_OK;
}

/* ---- making ---- */

static int order_numbers(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static void sort_distinct(weir_numbers *list) {
    size_t kept = 0;
    if (list->count == 0)
        return;
    qsort(list->numbers, list->count, sizeof(uint32_t), order_numbers);
    for (size_t i = 1; i < list->count; i++)
        if (list->numbers[i] != list->numbers[kept])
            list->numbers[++kept] = list->numbers[i];
    list->count = kept + 1;
}

static void put_list(bitmap_state *state, const weir_numbers *list, weir_column *out, uint32_t row) {
    weir_builder_clear(&state->bytes);
    weir_bitmap_pack(list, &state->bytes);
    out->failed |= state->bytes.failed || list->failed;
    weir_column_put_text(out, row, weir_builder_view(&state->bytes));
}

static weir_status infer_build(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_match(signature, "a", error));
    const weir_type *type = signature->arguments[0].type;
    weir_kind element = type->kind == WEIR_KIND_ARRAY ? type->children[0]->kind : WEIR_KIND_INT;
    if (element == WEIR_KIND_BIGINT || (!weir_kind_is_integer(element) && element != WEIR_KIND_NULL))
        return weir_signature_refuse(signature, error);
    const weir_type *wanted = weir_type_array(signature->arena, weir_type_simple(WEIR_KIND_INT, true), true);
    if (wanted == NULL)
        return weir_fail_memory(error, "a type", sizeof(weir_type));
    WEIR_TRY(weir_signature_want(signature, 0, wanted, error));
    return weir_signature_result(signature, weir_type_simple(WEIR_KIND_BITMAP, type->nullable || type->kind == WEIR_KIND_NULL), error);
}

static void run_build(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    bitmap_state *state = call->state;
    const weir_column *child = arguments[0]->children[0];
    WEIR_FOR_ROWS(rows, i, {
        weir_span span = WEIR_VALUES(arguments[0], weir_span)[i];
        state->a.count = 0;
        for (uint32_t k = span.start; k < span.start + span.count && !state->a.failed; k++)
            if (weir_column_is_valid(child, k))
                weir_numbers_add(&state->a, (uint32_t)WEIR_VALUES(child, int32_t)[k]);
        sort_distinct(&state->a);
        put_list(state, &state->a, out, i);
    });
}

static weir_status infer_from_bytes(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_match(signature, "y", error));
    const weir_type *type = signature->arguments[0].type;
    return weir_signature_result(signature, weir_type_simple(WEIR_KIND_BITMAP, type->nullable || type->kind == WEIR_KIND_NULL), error);
}

static void run_from_bytes(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    bitmap_state *state = call->state;
    WEIR_FOR_ROWS(rows, i, {
        if (!weir_bitmap_unpack(weir_column_text(arguments[0], i), &state->a) && !state->a.failed)
            weir_call_fail(call, i, "Failed to deserialize bitmap from bytes.");
        else
            put_list(state, &state->a, out, i);
    });
}

/* ---- taking apart ---- */

static weir_status infer_of_bitmap(weir_signature *signature, const weir_type *result, weir_error *error) {
    WEIR_TRY(weir_signature_match(signature, "*", error));
    const weir_type *type = signature->arguments[0].type;
    if (type->kind != WEIR_KIND_BITMAP && type->kind != WEIR_KIND_NULL)
        return weir_signature_refuse(signature, error);
    bool nullable = type->nullable || type->kind == WEIR_KIND_NULL;
    if (type->kind == WEIR_KIND_NULL)
        WEIR_TRY(weir_signature_want(signature, 0, weir_type_simple(WEIR_KIND_BITMAP, true), error));
    return weir_signature_result(signature, weir_type_with_nullable(signature->arena, result, nullable), error);
}

static weir_status infer_cardinality(weir_signature *signature, weir_error *error) {
    return infer_of_bitmap(signature, weir_type_simple(WEIR_KIND_BIGINT, true), error);
}
static weir_status infer_to_bytes(weir_signature *signature, weir_error *error) {
    return infer_of_bitmap(signature, weir_type_bytes(true), error);
}
static weir_status infer_to_string(weir_signature *signature, weir_error *error) {
    return infer_of_bitmap(signature, weir_type_string(true), error);
}
static weir_status infer_to_array(weir_signature *signature, weir_error *error) {
    const weir_type *array = weir_type_array(signature->arena, weir_type_simple(WEIR_KIND_INT, true), true);
    return array == NULL ? weir_fail_memory(error, "a type", sizeof(weir_type)) : infer_of_bitmap(signature, array, error);
}

/* The bytes were made here or checked when they came in. */
static void unpack_own(const weir_column *column, uint32_t row, weir_numbers *list, weir_column *out) {
    list->count = 0;
    (void)weir_bitmap_unpack(weir_column_text(column, row), list);
    out->failed |= list->failed;
}

static void run_cardinality(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    bitmap_state *state = call->state;
    WEIR_FOR_ROWS(rows, i, {
        unpack_own(arguments[0], i, &state->a, out);
        WEIR_VALUES(out, int64_t)[i] = (int64_t)state->a.count;
    });
}

static void run_to_bytes(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    (void)call;
    WEIR_FOR_ROWS(rows, i, { weir_column_put_text(out, i, weir_column_text(arguments[0], i)); });
}

static void run_to_string(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    bitmap_state *state = call->state;
    WEIR_FOR_ROWS(rows, i, {
        unpack_own(arguments[0], i, &state->a, out);
        weir_builder_clear(&state->bytes);
        weir_numbers_print(&state->a, &state->bytes);
        weir_column_put_text(out, i, weir_builder_view(&state->bytes));
    });
    out->failed |= state->bytes.failed;
}

static void run_to_array(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    bitmap_state *state = call->state;
    WEIR_FOR_ROWS(rows, i, {
        unpack_own(arguments[0], i, &state->a, out);
        uint32_t start = weir_column_span_add(out, i, (uint32_t)state->a.count);
        if (start == UINT32_MAX)
            continue;
        if (state->a.count > 0)
            memcpy(WEIR_VALUES(out->children[0], int32_t) + start, state->a.numbers, state->a.count * sizeof(int32_t));
    });
}

/* ---- two bitmaps ---- */

static weir_status infer_two(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_match(signature, "**", error));
    WEIR_TRY(weir_signature_no_null(signature, error));
    bool nullable = false;
    for (uint32_t i = 0; i < 2; i++) {
        const weir_type *type = signature->arguments[i].type;
        if (type->kind != WEIR_KIND_BITMAP && type->kind != WEIR_KIND_NULL)
            return weir_signature_refuse(signature, error);
        nullable = nullable || type->nullable || type->kind == WEIR_KIND_NULL;
        WEIR_TRY(weir_signature_want(signature, i, weir_type_simple(WEIR_KIND_BITMAP, true), error));
    }
    return weir_signature_result(signature, weir_type_simple(WEIR_KIND_BITMAP, nullable), error);
}

static void merge(const weir_numbers *a, const weir_numbers *b, char operation, weir_numbers *out) {
    bool in_a = operation != '&', in_b = operation == '|' || operation == '^', in_both = operation == '&' || operation == '|';
    size_t i = 0, k = 0;
    out->count = 0;
    while ((i < a->count || k < b->count) && !out->failed) {
        if (k == b->count || (i < a->count && a->numbers[i] < b->numbers[k])) {
            if (in_a)
                weir_numbers_add(out, a->numbers[i]);
            i++;
        } else if (i == a->count || b->numbers[k] < a->numbers[i]) {
            if (in_b)
                weir_numbers_add(out, b->numbers[k]);
            k++;
        } else {
            if (in_both)
                weir_numbers_add(out, a->numbers[i]);
            i++, k++;
        }
    }
}

static void run_two(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    bitmap_state *state = call->state;
    WEIR_FOR_ROWS(rows, i, {
        unpack_own(arguments[0], i, &state->a, out);
        unpack_own(arguments[1], i, &state->b, out);
        merge(&state->a, &state->b, state->operation, &state->merged);
        put_list(state, &state->merged, out, i);
    });
}

/* ---- the table ---- */

static const struct {
    const char *name;
    weir_kernel kernel;
    char operation;
} kernels[] = {
    {"BITMAP_BUILD", run_build, 0},
    {"BITMAP_FROM_BYTES", run_from_bytes, 0},
    {"BITMAP_CARDINALITY", run_cardinality, 0},
    {"BITMAP_TO_BYTES", run_to_bytes, 0},
    {"BITMAP_TO_STRING", run_to_string, 0},
    {"BITMAP_TO_ARRAY", run_to_array, 0},
    {"BITMAP_AND", run_two, '&'},
    {"BITMAP_OR", run_two, '|'},
    {"BITMAP_XOR", run_two, '^'},
    {"BITMAP_ANDNOT", run_two, '-'},
};

static weir_status bind_bitmap(weir_call *call, weir_error *error) {
    bitmap_state *state = NULL;
    WEIR_TRY(make_state(call, &state, error));
    for (size_t i = 0; i < sizeof(kernels) / sizeof(kernels[0]); i++) {
        if (strcmp(call->function->name, kernels[i].name) == 0) {
            call->kernel = kernels[i].kernel;
            state->operation = kernels[i].operation;
        }
    }
    return WEIR_OK;
}

#define ENTRY(name_, infer_, usage_, summary_, example_, gives_) \
    { name_, WEIR_FUNCTION_STRICT, infer_, bind_bitmap, "bitmap", usage_, summary_, example_, gives_ }

const weir_function weir_functions_bitmap[] = {
    ENTRY("BITMAP_BUILD", infer_build, "BITMAP_BUILD(numbers ARRAY<INT>) -> BITMAP", "The set of the numbers that are not NULL.",
          "BITMAP_TO_STRING(BITMAP_BUILD(ARRAY[3, 1, 2, 2]))", "{1,2,3}"),
    ENTRY("BITMAP_FROM_BYTES", infer_from_bytes, "BITMAP_FROM_BYTES(bytes BYTES) -> BITMAP",
          "A bitmap from its serialised form; fails where the bytes are none.",
          "BITMAP_TO_STRING(BITMAP_FROM_BYTES(X'3A300000010000000000020010000000010002000300'))", "{1,2,3}"),
    ENTRY("BITMAP_CARDINALITY", infer_cardinality, "BITMAP_CARDINALITY(bitmap BITMAP) -> BIGINT", "How many numbers are in it.",
          "BITMAP_CARDINALITY(BITMAP_BUILD(ARRAY[3, 1, 2, 2]))", "3"),
    ENTRY("BITMAP_TO_BYTES", infer_to_bytes, "BITMAP_TO_BYTES(bitmap BITMAP) -> BYTES", "Its serialised form (portable roaring).",
          "CARDINALITY(BITMAP_TO_ARRAY(BITMAP_FROM_BYTES(BITMAP_TO_BYTES(BITMAP_BUILD(ARRAY[1, 2])))))", "2"),
    ENTRY("BITMAP_TO_STRING", infer_to_string, "BITMAP_TO_STRING(bitmap BITMAP) -> STRING", "The numbers in order, as text.",
          "BITMAP_TO_STRING(BITMAP_BUILD(ARRAY[5, -1]))", "{5,4294967295}"),
    ENTRY("BITMAP_TO_ARRAY", infer_to_array, "BITMAP_TO_ARRAY(bitmap BITMAP) -> ARRAY<INT>", "The numbers in order.",
          "BITMAP_TO_ARRAY(BITMAP_BUILD(ARRAY[5, -1]))", "[5, -1]"),
    ENTRY("BITMAP_AND", infer_two, "BITMAP_AND(bitmap BITMAP, bitmap BITMAP) -> BITMAP", "The numbers that are in both.",
          "BITMAP_TO_STRING(BITMAP_AND(BITMAP_BUILD(ARRAY[1, 2]), BITMAP_BUILD(ARRAY[2, 3])))", "{2}"),
    ENTRY("BITMAP_OR", infer_two, "BITMAP_OR(bitmap BITMAP, bitmap BITMAP) -> BITMAP", "The numbers that are in one or both.",
          "BITMAP_TO_STRING(BITMAP_OR(BITMAP_BUILD(ARRAY[1, 2]), BITMAP_BUILD(ARRAY[2, 3])))", "{1,2,3}"),
    ENTRY("BITMAP_XOR", infer_two, "BITMAP_XOR(bitmap BITMAP, bitmap BITMAP) -> BITMAP", "The numbers that are in exactly one.",
          "BITMAP_TO_STRING(BITMAP_XOR(BITMAP_BUILD(ARRAY[1, 2]), BITMAP_BUILD(ARRAY[2, 3])))", "{1,3}"),
    ENTRY("BITMAP_ANDNOT", infer_two, "BITMAP_ANDNOT(bitmap BITMAP, without BITMAP) -> BITMAP",
          "The numbers of the first that are not in the second.",
          "BITMAP_TO_STRING(BITMAP_ANDNOT(BITMAP_BUILD(ARRAY[1, 2]), BITMAP_BUILD(ARRAY[2, 3])))", "{1}"),
    {0},
};
