/* The current time under its many names, and the watermark.
 *
 * In batch mode all rows see the moment at which the query began; in streaming mode the clock is read once for every batch (Flink reads it
 * for every row: between rows of a batch no time passes here). CURRENT_ROW_TIMESTAMP and PROCTIME read the clock in batch mode as well. */
#include <string.h>

#include "func/time_int.h"

static const weir_type *type_of(weir_arena *arena, const char *name) {
    if (strcmp(name, "CURRENT_DATE") == 0)
        return weir_type_simple(WEIR_KIND_DATE, false);
    if (strcmp(name, "CURRENT_TIME") == 0 || strcmp(name, "LOCALTIME") == 0)
        return weir_type_sized(arena, WEIR_KIND_TIME, 0, false);
    return weir_type_sized(arena, strcmp(name, "LOCALTIMESTAMP") == 0 ? WEIR_KIND_TIMESTAMP : WEIR_KIND_TIMESTAMP_LTZ, 3, false);
}

weir_status weir_now_infer(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_count(signature, 0, 0, error));
    return weir_signature_result(signature, type_of(signature->arena, signature->function->name), error);
}

typedef struct now_state {
    bool always_clock;
} now_state;

static int64_t now_us(const weir_call *call) {
    const weir_evaluation *evaluation = call->evaluation;
    const now_state *state = call->state;
    if (evaluation == NULL)
        return 0;
    bool fixed = (evaluation->batch_mode && !state->always_clock) || evaluation->clock == NULL;
    return (fixed ? evaluation->query_start_ms : weir_clock_wall_ms(evaluation->clock)) * 1000;
}

static void run_now(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    (void)arguments;
    int64_t utc = now_us(call);
    const weir_zone *zone = call->evaluation != NULL ? call->evaluation->zone : NULL;
    int64_t local = zone == NULL ? utc : weir_zone_to_local_us(zone, utc);
    int64_t day = weir_floor_div(local, WEIR_US_PER_DAY);
    int32_t of_day_ms = (int32_t)((local - day * WEIR_US_PER_DAY) / WEIR_US_PER_SECOND) * 1000;
    switch (out->type->kind) {
    case WEIR_KIND_DATE: WEIR_FOR_ROWS(rows, i, { WEIR_VALUES(out, int32_t)[i] = (int32_t)day; }); break;
    case WEIR_KIND_TIME: WEIR_FOR_ROWS(rows, i, { WEIR_VALUES(out, int32_t)[i] = of_day_ms; }); break;
    case WEIR_KIND_TIMESTAMP: WEIR_FOR_ROWS(rows, i, { WEIR_VALUES(out, int64_t)[i] = local; }); break;
    default: WEIR_FOR_ROWS(rows, i, { WEIR_VALUES(out, int64_t)[i] = utc; }); break;
    }
}

weir_status weir_now_bind(weir_call *call, weir_error *error) {
    now_state *state = WEIR_CALL_STATE(call, now_state);
    if (state == NULL)
        return weir_fail_memory(error, call->function->name, sizeof(now_state));
    state->always_clock = strcmp(call->function->name, "CURRENT_ROW_TIMESTAMP") == 0 || strcmp(call->function->name, "PROCTIME") == 0;
    call->state = state;
    call->kernel = run_now;
    return WEIR_OK;
}

/* ---- CURRENT_WATERMARK(rowtime) ---- */

weir_status weir_current_watermark_infer(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_count(signature, 1, 1, error));
    const weir_type *type = signature->arguments[0].type;
    if (!weir_kind_is_timestamp(type->kind) || type->precision > 3)
        return weir_fail(error, WEIR_VALIDATE, "The argument of CURRENT_WATERMARK() must be a rowtime attribute.");
    return weir_signature_result(signature, weir_type_sized(signature->arena, type->kind, 3, true), error);
}

static void run_current_watermark(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    (void)arguments;
    const weir_evaluation *evaluation = call->evaluation;
    int64_t watermark_ms = evaluation == NULL || evaluation->watermark_ms == NULL ? WEIR_WATERMARK_NONE : *evaluation->watermark_ms;
    int64_t *r = WEIR_VALUES(out, int64_t);
    WEIR_FOR_ROWS(rows, i, {
        if (watermark_ms == WEIR_WATERMARK_NONE || watermark_ms == WEIR_WATERMARK_END) /* no time that could be told */
            weir_column_set_null(out, i);
        else
            r[i] = watermark_ms * 1000;
    });
}

weir_status weir_current_watermark_bind(weir_call *call, weir_error *error) {
    (void)error;
    call->kernel = run_current_watermark;
    return WEIR_OK;
}

/* ---- SOURCE_WATERMARK() ---- */

weir_status weir_source_watermark_infer(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_count(signature, 0, 0, error));
    return weir_fail(error, WEIR_UNSUPPORTED,
                     "SOURCE_WATERMARK() is a declarative marker function and doesn't have concrete runtime implementation. It can only be "
                     "used as a single expression in a WATERMARK FOR clause.");
}

weir_status weir_source_watermark_bind(weir_call *call, weir_error *error) {
    (void)call;
    return weir_fail(error, WEIR_UNSUPPORTED, "SOURCE_WATERMARK() cannot be evaluated");
}
