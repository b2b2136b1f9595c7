/* NOT, NULLIF and IFNULL, and the types of the forms AND OR CASE COALESCE IF FIELD (expr/ compiles those itself). */
#include "func/func_int.h"
#include "types/decimal.h"

static const weir_type *boolean(bool nullable) { return weir_type_simple(WEIR_KIND_BOOLEAN, nullable); }

static weir_status mixing(weir_error *error) {
    return weir_fail(error, WEIR_VALIDATE, "Illegal mixing of types in CASE or COALESCE statement");
}

static weir_status infer_connective(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_no_null(signature, error));
    for (uint32_t i = 0; i < signature->count; i++)
        if (signature->arguments[i].type->kind != WEIR_KIND_BOOLEAN)
            return weir_signature_refuse(signature, error);
    return weir_signature_result(signature, boolean(weir_signature_nullable(signature)), error);
}

static weir_status infer_not(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_count(signature, 1, 1, error));
    return infer_connective(signature, error);
}

static void run_not(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    (void)call;
    const uint8_t *restrict a = WEIR_VALUES(arguments[0], uint8_t);
    uint8_t *restrict r = WEIR_VALUES(out, uint8_t);
    WEIR_FOR_ROWS(rows, i, { r[i] = !a[i]; });
}

static weir_status bind_not(weir_call *call, weir_error *error) {
    (void)error;
    call->kernel = run_not;
    return WEIR_OK;
}

/* condition, value, condition, value, ..., else */
static weir_status infer_case(weir_signature *signature, weir_error *error) {
    const weir_type *common = NULL;
    for (uint32_t i = 0; i < signature->count; i++) {
        const weir_type *type = signature->arguments[i].type;
        if (i % 2 == 0 && i + 1 < signature->count) {
            if (type->kind != WEIR_KIND_BOOLEAN && type->kind != WEIR_KIND_NULL)
                return weir_fail(error, WEIR_VALIDATE, "Expected a boolean type");
            WEIR_TRY(weir_signature_want(signature, i, boolean(true), error));
            continue;
        }
        common = common == NULL ? type : weir_type_common(signature->arena, common, type);
        if (common == NULL)
            return signature->arena->failed ? weir_fail_memory(error, "a type", sizeof(weir_type)) : mixing(error);
    }
    if (common == NULL || common->kind == WEIR_KIND_NULL)
        return weir_fail(error, WEIR_VALIDATE, "ELSE clause or at least one THEN clause must be non-NULL");
    for (uint32_t i = 1; i < signature->count; i++)
        if (i % 2 == 1 || i + 1 == signature->count)
            WEIR_TRY(weir_signature_want(signature, i, common, error));
    return weir_signature_result(signature, common, error);
}

/* Flink's own functions say it so when their arguments have no common type. */
static weir_status invalid_arguments(const weir_signature *signature, weir_error *error) {
    weir_builder types;
    weir_builder_init(&types, signature->arena->memory, 600);
    for (uint32_t i = 0; i < signature->count; i++) {
        if (i > 0)
            weir_builder_c(&types, ", ");
        weir_type_print_calcite(signature->arguments[i].type, &types);
    }
    weir_text text = weir_builder_view(&types);
    weir_fail(error, WEIR_VALIDATE, "Invalid function call:\n%s(%.*s)\nInvalid input arguments. Could not find a common type for them.",
              signature->function->name, WEIR_TEXT_ARGS(text));
    weir_builder_deinit(&types);
    return WEIR_VALIDATE;
}

static weir_status infer_merged(weir_signature *signature, const weir_type **merged, weir_error *error) {
    const weir_type *common = signature->arguments[0].type;
    for (uint32_t i = 1; i < signature->count && common != NULL; i++)
        common = weir_signature_merge(signature->arena, common, signature->arguments[i].type);
    if (common == NULL)
        return signature->arena->failed ? weir_fail_memory(error, "a type", sizeof(weir_type)) : invalid_arguments(signature, error);
    if (common->kind == WEIR_KIND_NULL)
        return weir_signature_no_null(signature, error);
    for (uint32_t i = 0; i < signature->count; i++)
        WEIR_TRY(weir_signature_want(signature, i, common, error));
    *merged = common;
    return WEIR_OK;
}

static weir_status infer_coalesce(weir_signature *signature, weir_error *error) {
    const weir_type *common;
    WEIR_TRY(weir_signature_count(signature, 1, UINT32_MAX, error));
    WEIR_TRY(infer_merged(signature, &common, error));
    bool nullable = true;
    for (uint32_t i = 0; i < signature->count; i++)
        nullable = nullable && signature->arguments[i].type->nullable;
    return weir_signature_result(signature, weir_type_with_nullable(signature->arena, common, nullable), error);
}

static weir_status infer_ifnull(weir_signature *signature, weir_error *error) {
    const weir_type *common, *first = signature->count > 0 ? signature->arguments[0].type : NULL;
    WEIR_TRY(weir_signature_count(signature, 2, 2, error));
    WEIR_TRY(infer_merged(signature, &common, error));
    /* A first argument that is never NULL keeps its own length. */
    if (!first->nullable && weir_kind_is_text(first->kind)) {
        signature->wanted[0] = first;
        return weir_signature_result(signature, first, error);
    }
    bool nullable = first->nullable && signature->arguments[1].type->nullable;
    return weir_signature_result(signature, weir_type_with_nullable(signature->arena, common, nullable), error);
}

static void run_ifnull(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    (void)call;
    const weir_column *first = arguments[0], *second = arguments[1];
    if (!weir_column_keep_from(out, first) || !weir_column_keep_from(out, second))
        return;
    WEIR_FOR_ROWS(rows, i, {
        const weir_column *from = weir_column_is_valid(first, i) ? first : second;
        weir_column_copy_row(out, i, from, i);
    });
}

static weir_status bind_ifnull(weir_call *call, weir_error *error) {
    (void)error;
    call->kernel = run_ifnull;
    return WEIR_OK;
}

/* IF takes only these pairs. */
static bool if_fits(const weir_type *a, const weir_type *b) {
    if (weir_kind_is_numeric(a->kind) || weir_kind_is_text(a->kind) || weir_kind_is_binary(a->kind))
        return (weir_kind_is_numeric(a->kind) && weir_kind_is_numeric(b->kind)) ||
               (weir_kind_is_text(a->kind) && weir_kind_is_text(b->kind)) || (weir_kind_is_binary(a->kind) && weir_kind_is_binary(b->kind));
    if (weir_kind_is_timestamp(a->kind))
        return weir_kind_is_timestamp(b->kind);
    return a->kind == b->kind && (a->kind == WEIR_KIND_BOOLEAN || a->kind == WEIR_KIND_DATE || a->kind == WEIR_KIND_TIME);
}

static weir_status infer_if(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_count(signature, 3, 3, error));
    WEIR_TRY(weir_signature_no_null(signature, error));
    const weir_type *yes = signature->arguments[1].type, *no = signature->arguments[2].type;
    if (signature->arguments[0].type->kind != WEIR_KIND_BOOLEAN || !if_fits(yes, no))
        return weir_signature_refuse_forms(
            signature, "'IF(<BOOLEAN>, <NUMERIC>, <NUMERIC>)' and the same for two texts, BOOLEANs, binaries, DATEs, TIMEs or TIMESTAMPs",
            error);
    /* Times keep the precision of the first branch; numbers and texts meet in the common type. */
    const weir_type *common = weir_kind_is_datetime(yes->kind) ? yes : weir_type_common(signature->arena, yes, no);
    if (common == NULL)
        return weir_fail_memory(error, "a type", sizeof(weir_type));
    WEIR_TRY(weir_signature_want(signature, 1, common, error));
    WEIR_TRY(weir_signature_want(signature, 2, common, error));
    return weir_signature_result(signature, weir_type_with_nullable(signature->arena, common, weir_signature_nullable(signature)), error);
}

static weir_status infer_field(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_count(signature, 2, 2, error));
    const weir_type *row = signature->arguments[0].type;
    const weir_value *index = signature->arguments[1].literal;
    if (row->kind != WEIR_KIND_ROW || index == NULL || index->as.integer < 0 || index->as.integer >= row->field_count)
        return weir_fail(error, WEIR_INTERNAL, "FIELD needs a row and the number of one of its fields");
    const weir_type *type = row->fields[index->as.integer].type;
    return weir_signature_result(signature, weir_type_with_nullable(signature->arena, type, type->nullable || row->nullable), error);
}

static weir_status infer_nullif(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_count(signature, 2, 2, error));
    const weir_type *first = signature->arguments[0].type, *second = signature->arguments[1].type;
    if (first->kind == WEIR_KIND_NULL)
        return weir_fail(error, WEIR_VALIDATE, "ELSE clause or at least one THEN clause must be non-NULL");
    /* Numbers are compared as they are, so that NULLIF(1, 1.5) compares 1 with 1.5; the result is always the first argument. */
    if (!(weir_kind_is_numeric(first->kind) && weir_kind_is_numeric(second->kind))) {
        WEIR_TRY(weir_compare_types(signature, 0, 1, error));
        if (weir_type_layout(signature->wanted[0]) != weir_type_layout(first))
            return weir_fail(error, WEIR_UNSUPPORTED, "NULLIF cannot compare these two types; write CASE WHEN a = b THEN NULL ELSE a END");
        signature->wanted[0] = first;
    }
    return weir_signature_result(signature, weir_type_with_nullable(signature->arena, first, true), error);
}

/* Any number as a decimal; false for FLOAT and DOUBLE. */
static bool exact_at(const weir_column *column, uint32_t row, weir_i128 *value) {
    switch (column->layout) {
    case WEIR_LAYOUT_I8: *value = WEIR_VALUES(column, int8_t)[row]; return true;
    case WEIR_LAYOUT_I16: *value = WEIR_VALUES(column, int16_t)[row]; return true;
    case WEIR_LAYOUT_I32: *value = WEIR_VALUES(column, int32_t)[row]; return true;
    case WEIR_LAYOUT_I64: *value = WEIR_VALUES(column, int64_t)[row]; return true;
    case WEIR_LAYOUT_I128: *value = WEIR_VALUES(column, weir_i128)[row]; return true;
    default: return false;
    }
}

static double real_at(const weir_column *column, uint32_t row) {
    weir_i128 value;
    if (exact_at(column, row, &value))
        return weir_decimal_to_double(value, column->type->scale);
    return column->layout == WEIR_LAYOUT_F32 ? (double)WEIR_VALUES(column, float)[row] : WEIR_VALUES(column, double)[row];
}

static bool numbers_equal(const weir_column *a, const weir_column *b, uint32_t row) {
    weir_i128 x, y;
    if (exact_at(a, row, &x) && exact_at(b, row, &y))
        return weir_decimal_compare(x, a->type->scale, y, b->type->scale) == 0;
    return real_at(a, row) == real_at(b, row);
}

static void run_nullif(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    (void)call;
    const weir_column *a = arguments[0], *b = arguments[1];
    bool numbers = weir_kind_is_numeric(a->type->kind) && weir_kind_is_numeric(b->type->kind);
    if (!weir_column_keep_from(out, a))
        return;
    WEIR_FOR_ROWS(rows, i, {
        bool valid = weir_column_is_valid(a, i);
        if (valid && weir_column_is_valid(b, i))
            valid = !(numbers ? numbers_equal(a, b, i) : weir_column_rows_equal(a, i, b, i));
        if (valid)
            weir_column_copy_row(out, i, a, i);
        else
            weir_column_set_null(out, i);
    });
}

static weir_status bind_nullif(weir_call *call, weir_error *error) {
    (void)error;
    call->kernel = run_nullif;
    return WEIR_OK;
}

#define FORM (WEIR_FUNCTION_FORM | WEIR_FUNCTION_HIDDEN)
const weir_function weir_functions_logic[] = {
    {"AND", FORM, infer_connective, NULL, "logic", "'<BOOLEAN> AND <BOOLEAN>'", "True when both are true.", NULL, NULL},
    {"OR", FORM, infer_connective, NULL, "logic", "'<BOOLEAN> OR <BOOLEAN>'", "True when one of them is true.", NULL, NULL},
    {"NOT", WEIR_FUNCTION_STRICT | WEIR_FUNCTION_TOTAL | WEIR_FUNCTION_HIDDEN, infer_not, bind_not, "logic", "'NOT<BOOLEAN>'",
     "True for false, false for true.", NULL, NULL},
    {"CASE", FORM, infer_case, NULL, "logic", "CASE WHEN condition THEN value ... ELSE value END",
     "The value of the first condition that is true.", NULL, NULL},
    {"FIELD", FORM, infer_field, NULL, "logic", "row.name", "A field of a row.", NULL, NULL},
    {"COALESCE", WEIR_FUNCTION_FORM, infer_coalesce, NULL, "logic", "COALESCE(value ANY, ...) -> common type",
     "The first argument that is not NULL.", "COALESCE(CAST(NULL AS INT), 2, 3)", "2"},
    {"IF", WEIR_FUNCTION_FORM, infer_if, NULL, "logic", "IF(condition BOOLEAN, yes ANY, no ANY) -> common type",
     "The second argument when the first is true, else the third.", "IF(1 < 2, 'yes', 'no')", "yes"},
    {"IFNULL", 0, infer_ifnull, bind_ifnull, "logic", "IFNULL(value ANY, instead ANY) -> common type",
     "The first argument, or the second when the first is NULL.", "IFNULL(CAST(NULL AS INT), 7)", "7"},
    {"NULLIF", 0, infer_nullif, bind_nullif, "logic", "NULLIF(value ANY, other ANY) -> type of value",
     "NULL when both are equal, else the first.", "NULLIF(5, 3)", "5"},
    {NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL},
};
