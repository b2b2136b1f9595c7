/* CAST and TRY_CAST: which casts there are, with Flink's words for the refused ones, and the plan that runs one.
 *
 * CAST is not inferred from its argument alone: expr/ makes the call with the target as its result type, after weir_cast_check.
 * A value that cannot be converted fails its row under CAST and is NULL under TRY_CAST (and under the legacy behaviour). Numbers that do
 * not fit a DECIMAL are NULL under both, as in Flink. */
#include "func/cast_int.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void weir_cast_failed(cast_run *run, weir_column *out, uint32_t row, const char *format, ...) {
    weir_column_set_null(out, row);
    uint32_t origin = run->origin == NULL ? row : run->origin[row];
    if (run->null_on_failure) {
        if (run->failed_rows != NULL)
            run->failed_rows[origin] = 1;
        return;
    }
    char message[WEIR_ERROR_MESSAGE_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof(message), format, arguments);
    va_end(arguments);
    weir_call_fail(run->call, origin, "%s", message);
}

/* ---- checking ---- */

static const char *family_name(const weir_type *type) {
    if (weir_kind_is_numeric(type->kind))
        return "NUMERIC";
    return type->kind == WEIR_KIND_TIMESTAMP_LTZ ? "TIMESTAMP_LTZ" : "TIMESTAMP";
}

/* Numbers and timestamps: Flink names the function to use instead. */
static weir_status refuse_timestamp_number(const weir_type *from, const weir_type *to, weir_error *error) {
    const char *instead;
    if (weir_kind_is_numeric(to->kind))
        instead = from->kind == WEIR_KIND_TIMESTAMP_LTZ ? "UNIX_TIMESTAMP(CAST(timestamp_ltz_col AS STRING))"
                                                        : "UNIX_TIMESTAMP(CAST(timestamp_col AS STRING))";
    else
        instead =
            to->kind == WEIR_KIND_TIMESTAMP_LTZ ? "TO_TIMESTAMP_LTZ(numeric_col, precision)" : "TO_TIMESTAMP(FROM_UNIXTIME(numeric_col))";
    return weir_fail(error, WEIR_VALIDATE, "The cast from %s type to %s type is not allowed. It's recommended to use %s instead.",
                     family_name(from), family_name(to), instead);
}

weir_status weir_cast_check(weir_memory *memory, const weir_type *from, const weir_type *to, weir_error *error) {
    if (weir_type_can_cast(from, to))
        return WEIR_OK;
    if ((weir_kind_is_timestamp(from->kind) && weir_kind_is_numeric(to->kind)) ||
        (weir_kind_is_numeric(from->kind) && weir_kind_is_timestamp(to->kind)))
        return refuse_timestamp_number(from, to, error);
    weir_builder names;
    weir_builder_init(&names, memory, 1600);
    weir_builder_c(&names, "Cast function cannot convert value of type ");
    weir_type_print_calcite(from, &names);
    weir_builder_c(&names, " to type ");
    weir_type_print_calcite(to, &names);
    weir_text text = weir_builder_view(&names);
    weir_fail(error, WEIR_VALIDATE, "%.*s", WEIR_TEXT_ARGS(text));
    weir_builder_deinit(&names);
    return WEIR_VALIDATE;
}

static weir_status infer_cast(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_count(signature, 1, 1, error));
    const weir_type *to = signature->result, *from = signature->arguments[0].type;
    if (to == NULL)
        return weir_fail(error, WEIR_INTERNAL, "a CAST was built without its target type");
    WEIR_TRY(weir_cast_check(signature->arena->memory, from, to, error));
    bool nullable = from->nullable || from->kind == WEIR_KIND_NULL || strcmp(signature->function->name, "TRY_CAST") == 0;
    return weir_signature_result(signature, weir_type_with_nullable(signature->arena, to, nullable), error);
}

/* ---- planning ---- */

static uint32_t children_of(const weir_type *type) { return type->kind == WEIR_KIND_ROW ? type->field_count : type->child_count; }
static const weir_type *child_of(const weir_type *type, uint32_t index) {
    return type->kind == WEIR_KIND_ROW ? type->fields[index].type : type->children[index];
}

/* Values of these two types look the same in a column. */
static bool same_values(const weir_type *from, const weir_type *to) {
    if (from->kind == WEIR_KIND_VARCHAR && to->kind == WEIR_KIND_VARCHAR)
        return to->precision >= from->precision;
    if (from->kind == WEIR_KIND_VARBINARY && to->kind == WEIR_KIND_VARBINARY)
        return to->precision >= from->precision;
    if (from->kind == to->kind && weir_kind_is_timestamp(from->kind) && from->kind == to->kind)
        return to->precision >= from->precision && weir_type_layout(from) == weir_type_layout(to);
    if (from->kind == WEIR_KIND_TIME && to->kind == WEIR_KIND_TIME)
        return to->precision >= from->precision;
    return weir_type_equal(from, to, true);
}

static void step_same(const cast_plan *plan, cast_run *run, const weir_rows *rows, const weir_column *from, weir_column *out) {
    (void)plan, (void)run;
    if (!weir_column_keep_from(out, from))
        return;
    WEIR_FOR_ROWS(rows, i, { weir_column_copy_row(out, i, from, i); });
}

static void step_null(const cast_plan *plan, cast_run *run, const weir_rows *rows, const weir_column *from, weir_column *out) {
    (void)plan, (void)run, (void)from;
    WEIR_FOR_ROWS(rows, i, { weir_column_set_null(out, i); });
}

static cast_step step_for(const weir_type *from, const weir_type *to) {
    if (from->kind == WEIR_KIND_NULL)
        return step_null;
    if (same_values(from, to))
        return step_same;
    cast_step step = weir_cast_step_number(from, to);
    if (step == NULL)
        step = weir_cast_step_time(from, to);
    if (step == NULL)
        step = weir_cast_step_parse(from, to);
    if (step == NULL)
        step = weir_cast_step_print(from, to);
    return step != NULL ? step : weir_cast_step_nested(from, to);
}

weir_status weir_cast_plan(weir_arena *arena, const weir_type *from, const weir_type *to, cast_plan *plan, weir_error *error) {
    *plan = (cast_plan){.step = step_for(from, to), .from = from, .to = to};
    if (plan->step == NULL) {
        WEIR_TRY(weir_cast_check(arena->memory, from, to, error));
        return weir_fail(error, WEIR_UNSUPPORTED, "This cast is not supported");
    }
    if (from->kind != to->kind || plan->step == step_same || children_of(from) == 0)
        return WEIR_OK;
    plan->child_count = children_of(from);
    plan->children = WEIR_ARENA_ARRAY(arena, cast_plan, plan->child_count);
    if (plan->children == NULL)
        return weir_fail_memory(error, "a cast", plan->child_count * sizeof(cast_plan));
    for (uint32_t i = 0; i < plan->child_count; i++)
        WEIR_TRY(weir_cast_plan(arena, child_of(from, i), child_of(to, i), &plan->children[i], error));
    return WEIR_OK;
}

/* ---- running ---- */

typedef struct cast_state {
    cast_plan plan;
    bool null_on_failure;
} cast_state;

static void run_scalar(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    const cast_state *state = call->state;
    cast_run run = {.call = call, .null_on_failure = state->null_on_failure};
    state->plan.step(&state->plan, &run, rows, arguments[0], out);
}

/* An element that fails makes the whole value NULL. */
static void run_nested_try(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    const cast_state *state = call->state;
    cast_run run = {.call = call, .null_on_failure = true};
    run.failed_rows = weir_memory_zalloc(call->memory, out->capacity);
    if (run.failed_rows == NULL) {
        out->failed = true;
        return;
    }
    state->plan.step(&state->plan, &run, rows, arguments[0], out);
    WEIR_FOR_ROWS(rows, i, {
        if (run.failed_rows[i])
            weir_column_set_null(out, i);
    });
    weir_memory_free(call->memory, run.failed_rows, out->capacity);
}

static weir_status bind_any(weir_call *call, bool null_on_failure, weir_error *error) {
    cast_state *state = WEIR_CALL_STATE(call, cast_state);
    if (state == NULL)
        return weir_fail_memory(error, "a cast", sizeof(cast_state));
    state->null_on_failure = null_on_failure;
    WEIR_TRY(weir_cast_plan(call->arena, call->argument_types[0], call->result, &state->plan, error));
    call->state = state;
    call->kernel = null_on_failure && state->plan.child_count > 0 ? run_nested_try : run_scalar;
    return WEIR_OK;
}

static weir_status bind_cast(weir_call *call, weir_error *error) {
    return bind_any(call, call->evaluation != NULL && call->evaluation->legacy_cast, error);
}
static weir_status bind_try_cast(weir_call *call, weir_error *error) { return bind_any(call, true, error); }

/* A NOT NULL DECIMAL that has no value after all (a result that did not fit): Flink's code looks for NULL only where the type allows one,
 * and reads the default of the target instead: '' or -1. DECIMAL to DECIMAL stays without a value. */
static void run_or_default(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    uint32_t some[256];
    weir_rows valid = {some, 0};
    if (arguments[0]->valid == NULL) {
        run_scalar(call, rows, arguments, out);
        return;
    }
    WEIR_FOR_ROWS(rows, i, {
        if (!weir_column_is_valid(arguments[0], i))
            (void)weir_column_put_default(out, i);
        else
            some[valid.count++] = i;
        if (valid.count == sizeof(some) / sizeof(some[0])) {
            run_scalar(call, &valid, arguments, out);
            valid.count = 0;
        }
    });
    if (valid.count > 0)
        run_scalar(call, &valid, arguments, out);
}

static weir_status bind_or_default(weir_call *call, weir_error *error) {
    WEIR_TRY(bind_cast(call, error));
    call->kernel = run_or_default;
    return WEIR_OK;
}

static const weir_function cast_of_exact = {
    "CAST", WEIR_FUNCTION_HIDDEN, infer_cast, bind_or_default, "cast", "CAST(value AS type)", "CAST of a DECIMAL that is NOT NULL.", NULL,
    NULL};
const weir_function *weir_function_cast_of_exact(void) { return &cast_of_exact; }

#define FLAGS (WEIR_FUNCTION_STRICT | WEIR_FUNCTION_HIDDEN)
const weir_function weir_functions_cast[] = {
    {"CAST", FLAGS, infer_cast, bind_cast, "cast", "CAST(value AS type)", "The value as another type; fails where it is none.", NULL, NULL},
    {"TRY_CAST", FLAGS, infer_cast, bind_try_cast, "cast", "TRY_CAST(value AS type)", "The value as another type; NULL where it is none.",
     NULL, NULL},
    {NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL},
};
