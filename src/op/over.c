/* OVER: which of the operators it is, and what its calls are. See over.h; the work is in over_batch.c, over_stream.c and over_change.c. */
#include "op/over_int.h"

static const struct {
    const char *name;
    over_function function;
} natives[] = {
    {"ROW_NUMBER", OVER_ROW_NUMBER},
    {"RANK", OVER_RANK},
    {"DENSE_RANK", OVER_DENSE_RANK},
    {"PERCENT_RANK", OVER_PERCENT_RANK},
    {"CUME_DIST", OVER_CUME_DIST},
    {"NTILE", OVER_NTILE},
    {"LAG", OVER_LAG},
    {"LEAD", OVER_LEAD},
};
enum { NATIVE_COUNT = sizeof natives / sizeof natives[0] };

const char *over_function_name(over_function function) {
    for (uint32_t i = 0; i < NATIVE_COUNT; i++)
        if (natives[i].function == function)
            return natives[i].name;
    return "aggregate";
}

over_function over_function_of(const weir_over_call *call) {
    for (uint32_t i = 0; i < NATIVE_COUNT; i++)
        if (weir_text_equal_c(weir_text_of(call->call.aggregate->name), natives[i].name))
            return natives[i].function;
    return OVER_AGGREGATE;
}

void over_put_integer(weir_column *column, uint32_t row, int64_t value) {
    switch (column->layout) {
    case WEIR_LAYOUT_I8: WEIR_VALUES(column, int8_t)[row] = (int8_t)value; break;
    case WEIR_LAYOUT_I16: WEIR_VALUES(column, int16_t)[row] = (int16_t)value; break;
    case WEIR_LAYOUT_I32: WEIR_VALUES(column, int32_t)[row] = (int32_t)value; break;
    case WEIR_LAYOUT_F64: WEIR_VALUES(column, double)[row] = (double)value; break;
    default: WEIR_VALUES(column, int64_t)[row] = value; break;
    }
}

int64_t over_get_integer(const weir_column *column, uint32_t row) {
    switch (column->layout) {
    case WEIR_LAYOUT_I8: return WEIR_VALUES(column, int8_t)[row];
    case WEIR_LAYOUT_I16: return WEIR_VALUES(column, int16_t)[row];
    case WEIR_LAYOUT_I32: return WEIR_VALUES(column, int32_t)[row];
    case WEIR_LAYOUT_F64: return (int64_t)WEIR_VALUES(column, double)[row];
    default: return WEIR_VALUES(column, int64_t)[row];
    }
}

static weir_status columns_note(over_call *call, const weir_over_spec *spec, const weir_operator_context *context, weir_error *error) {
    const weir_aggregate_call *of = &call->spec->call;
    uint32_t *needed = WEIR_ARENA_ARRAY(context->arena, uint32_t, of->argument_count + of->order_count + 1);
    call->columns = WEIR_ARENA_ARRAY(context->arena, weir_column *, spec->input_count + 1);
    if (needed == NULL || call->columns == NULL)
        return weir_stage_no_memory(context, spec->input_count, error);
    for (uint32_t i = 0; i < of->argument_count; i++)
        needed[call->needed_count++] = of->arguments[i];
    for (uint32_t i = 0; i < of->order_count; i++)
        needed[call->needed_count++] = of->order[i].column;
    if (of->filter >= 0)
        needed[call->needed_count++] = (uint32_t)of->filter;
    call->needed = needed;
    return WEIR_OK;
}

/* The constant distance of LAG and LEAD (1 when not given), the buckets of NTILE. */
static weir_status distance_read(over_call *call, weir_error *error) {
    const weir_aggregate_call *of = &call->spec->call;
    uint32_t at = call->function == OVER_NTILE ? 0 : 1;
    call->distance = 1;
    if (of->argument_count > at) {
        const weir_value *literal = of->literals == NULL ? NULL : of->literals[at];
        if (literal == NULL)
            return weir_fail(error, WEIR_UNSUPPORTED, "%s needs a constant number of rows", over_function_name(call->function));
        call->no_distance = literal->is_null;
        call->distance =
            literal->type != NULL && literal->type->kind == WEIR_KIND_DECIMAL ? (int64_t)literal->as.decimal : literal->as.integer;
    }
    if (call->function == OVER_NTILE && !call->no_distance && call->distance <= 0)
        return weir_fail(error, WEIR_RUNTIME, "NTILE needs a positive number of buckets, not %lld", (long long)call->distance);
    if (call->function == OVER_LEAD)
        call->distance = -call->distance;
    return WEIR_OK;
}

weir_status over_calls_bind(const weir_over_spec *spec, const weir_operator_context *context, weir_state *state,
                            bool (*retracts)(const weir_over_call *call), over_call **out, weir_error *error) {
    over_call *calls = WEIR_ARENA_ARRAY(context->arena, over_call, spec->call_count == 0 ? 1 : spec->call_count);
    if (calls == NULL)
        return weir_stage_no_memory(context, sizeof(over_call), error);
    for (uint32_t i = 0; i < spec->call_count; i++) {
        over_call *call = &calls[i];
        call->spec = &spec->calls[i];
        call->function = over_function_of(call->spec);
        WEIR_TRY(columns_note(call, spec, context, error));
        if (call->function == OVER_LAG || call->function == OVER_LEAD || call->function == OVER_NTILE)
            WEIR_TRY(distance_read(call, error));
        if (call->function != OVER_AGGREGATE)
            continue;
        call->retracts = retracts(call->spec);
        call->accumulator = (weir_accumulator){.call = &call->spec->call,
                                               .arena = context->arena,
                                               .memory = context->memory,
                                               .state = state,
                                               .evaluation = context->evaluation,
                                               .retracts = call->retracts};
        WEIR_TRY(weir_accumulator_bind(&call->accumulator, error));
    }
    *out = calls;
    return WEIR_OK;
}

static weir_status over_open(const void *spec_, const weir_operator_context *context, weir_operator **out, weir_error *error) {
    const weir_over_spec *spec = spec_;
    if (spec->final_only)
        return over_open_batch(spec, context, out, error);
    if (spec->by == WEIR_OVER_BY_COLUMN)
        return over_open_change(spec, context, out, error);
    return over_open_stream(spec, context, out, error);
}

static void over_close(weir_operator *operator) { operator->vtable->close(operator); }

/* The operator that is opened has the vtable of its variant. */
const weir_operator_vtable weir_over_operator = {.name = "OverAggregate",
                                                 .input_count = 1,
                                                 .open = over_open,
                                                 .process = weir_stage_process,
                                                 .resume = weir_stage_resume,
                                                 .close = over_close};
