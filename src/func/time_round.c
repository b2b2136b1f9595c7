/* FLOOR(x TO unit) and CEIL(x TO unit) of dates, times and timestamps: FLOOR_TO and CEIL_TO.
 *
 * Rounding goes by milliseconds, as in Flink: a fraction below them does not count (but for CEIL TO MILLISECOND). From MONTH upward CEIL
 * looks at the date alone; CEIL to DECADE, CENTURY and MILLENNIUM always moves on to the next one, and CEIL(date TO DAY) to the next day.
 * Weeks begin on Sunday. */
#include <string.h>

#include "func/time_int.h"

weir_status weir_round_time_infer(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_count(signature, 2, 2, error));
    weir_unit unit;
    WEIR_TRY(weir_unit_of(signature, 1, &unit, error));
    const weir_type *type = signature->arguments[0].type;
    const char *shown = signature->function->name[0] == 'F' ? "FLOOR" : "CEIL";
    if (type->kind == WEIR_KIND_NULL)
        return weir_signature_no_null(signature, error);
    if (!weir_kind_is_datetime(type->kind)) {
        weir_builder argument;
        weir_builder_init(&argument, signature->arena->memory, 300);
        weir_type_print_calcite(type, &argument);
        weir_text text = weir_builder_view(&argument);
        weir_fail(error, WEIR_VALIDATE,
                  "Cannot apply '%s' to arguments of type '%s(<%.*s>, <INTERVAL %s>)'. Supported form(s): '%s(<NUMERIC>)', '%s(<DATETIME> "
                  "TO <TIME_UNIT>)'",
                  shown, shown, WEIR_TEXT_ARGS(text), weir_unit_name(unit), shown, shown);
        weir_builder_deinit(&argument);
        return WEIR_VALIDATE;
    }
    if (unit < WEIR_UNIT_MILLISECOND || unit > WEIR_UNIT_MILLENNIUM)
        return weir_fail(error, WEIR_UNSUPPORTED,
                         "%s(... TO %s) is not supported: use MILLISECOND, SECOND, MINUTE, HOUR, DAY, WEEK, MONTH, QUARTER, YEAR, DECADE, "
                         "CENTURY or MILLENNIUM",
                         shown, weir_unit_name(unit));
    return weir_signature_result(signature, type, error);
}

typedef struct round_state {
    weir_unit unit;
    bool up;
    int64_t step_ms;       /* units up to DAY; 0 above */
    const weir_zone *zone; /* TIMESTAMP_LTZ outside UTC */
} round_state;

static int32_t year_block(weir_unit unit, int32_t year, int32_t *length) {
    switch (unit) {
    case WEIR_UNIT_DECADE: *length = 10; return (int32_t)weir_floor_div(year, 10) * 10;
    case WEIR_UNIT_CENTURY: *length = 100; return (int32_t)weir_floor_div(year - 1, 100) * 100 + 1;
    default: *length = 1000; return (int32_t)weir_floor_div(year - 1, 1000) * 1000 + 1;
    }
}

static int32_t round_date(weir_unit unit, bool up, int32_t days) {
    if (unit == WEIR_UNIT_WEEK) {
        int32_t within = weir_day_of_week(days) - 1;
        return days - within + (up && within > 0 ? 7 : 0);
    }
    weir_civil civil = weir_civil_from_days(days);
    int32_t length, year, month;
    switch (unit) {
    case WEIR_UNIT_MONTH:
        month = civil.month + (up && civil.day > 1);
        return weir_days_from_civil(civil.year + (month > 12), month > 12 ? 1 : month, 1);
    case WEIR_UNIT_QUARTER:
        month = (civil.month - 1) / 3 * 3 + 1;
        month += up && (civil.day > 1 || civil.month > month) ? 3 : 0;
        return weir_days_from_civil(civil.year + (month > 12), month > 12 ? 1 : month, 1);
    case WEIR_UNIT_YEAR: return weir_days_from_civil(civil.year + (up && (civil.month > 1 || civil.day > 1)), 1, 1);
    default: year = year_block(unit, civil.year, &length); return weir_days_from_civil(year + (up ? length : 0), 1, 1);
    }
}

/* Milliseconds of local time; `below` says that something lies below them. */
static int64_t round_ms(const round_state *state, int64_t ms, bool below) {
    if (state->step_ms > 0) {
        int64_t floor = weir_floor_div(ms, state->step_ms) * state->step_ms;
        bool rest = floor != ms || (state->step_ms == 1 && below);
        return floor + (state->up && rest ? state->step_ms : 0);
    }
    return round_date(state->unit, state->up, (int32_t)weir_floor_div(ms, WEIR_MS_PER_DAY)) * WEIR_MS_PER_DAY;
}

static void run_timestamp(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    const round_state *state = call->state;
    const int64_t *a = WEIR_VALUES(arguments[0], int64_t);
    int64_t *r = WEIR_VALUES(out, int64_t);
    WEIR_FOR_ROWS(rows, i, {
        int64_t ms = weir_floor_div(a[i], 1000);
        int64_t offset = state->zone == NULL ? 0 : (int64_t)1000 * weir_zone_offset_seconds(state->zone, weir_floor_div(ms, 1000));
        r[i] = (round_ms(state, ms + offset, a[i] != ms * 1000) - offset) * 1000;
    });
}

static void run_timestamp_ns(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    const round_state *state = call->state;
    const weir_timestamp_ns *a = WEIR_VALUES(arguments[0], weir_timestamp_ns);
    weir_timestamp_ns *r = WEIR_VALUES(out, weir_timestamp_ns);
    WEIR_FOR_ROWS(rows, i, {
        int64_t ms = a[i].milliseconds;
        int64_t offset = state->zone == NULL ? 0 : (int64_t)1000 * weir_zone_offset_seconds(state->zone, weir_floor_div(ms, 1000));
        r[i] = (weir_timestamp_ns){round_ms(state, ms + offset, a[i].nanoseconds != 0) - offset, 0, 0};
    });
}

static void run_date(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    const round_state *state = call->state;
    const int32_t *a = WEIR_VALUES(arguments[0], int32_t);
    int32_t *r = WEIR_VALUES(out, int32_t);
    if (state->unit < WEIR_UNIT_WEEK) {
        int32_t step = state->unit == WEIR_UNIT_DAY && state->up;
        WEIR_FOR_ROWS(rows, i, { r[i] = a[i] + step; });
        return;
    }
    WEIR_FOR_ROWS(rows, i, { r[i] = round_date(state->unit, state->up, a[i]); });
}

static void run_time(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    const round_state *state = call->state;
    const int32_t *a = WEIR_VALUES(arguments[0], int32_t);
    int32_t *r = WEIR_VALUES(out, int32_t);
    if (state->step_ms == 0 || state->step_ms == WEIR_MS_PER_DAY) {
        WEIR_FOR_ROWS(rows, i, { r[i] = a[i]; });
        return;
    }
    WEIR_FOR_ROWS(rows, i, {
        r[i] = (int32_t)round_ms(state, a[i], false);
        if (r[i] >= WEIR_MS_PER_DAY)
            weir_call_fail(call, i, "Hour out of range: [24]: CEIL of this TIME is midnight of the next day, which a TIME cannot hold");
    });
}

weir_status weir_round_time_bind(weir_call *call, weir_error *error) {
    static const int64_t steps[] = {[WEIR_UNIT_MILLISECOND] = 1,
                                    [WEIR_UNIT_SECOND] = 1000,
                                    [WEIR_UNIT_MINUTE] = 60000,
                                    [WEIR_UNIT_HOUR] = 3600000,
                                    [WEIR_UNIT_DAY] = WEIR_MS_PER_DAY};
    round_state *state = WEIR_CALL_STATE(call, round_state);
    if (state == NULL)
        return weir_fail_memory(error, "FLOOR and CEIL", sizeof(round_state));
    state->unit = weir_unit_of_call(call, 1);
    state->up = call->function->name[0] == 'C';
    state->step_ms = state->unit <= WEIR_UNIT_DAY ? steps[state->unit] : 0;
    const weir_type *type = call->argument_types[0];
    if (type->kind == WEIR_KIND_TIMESTAMP_LTZ && call->evaluation != NULL && call->evaluation->zone != weir_zone_utc())
        state->zone = call->evaluation->zone;
    call->state = state;
    switch (type->kind) {
    case WEIR_KIND_DATE: call->kernel = run_date; break;
    case WEIR_KIND_TIME: call->kernel = run_time; break;
    default: call->kernel = weir_type_layout(type) == WEIR_LAYOUT_TIMESTAMP_NS ? run_timestamp_ns : run_timestamp; break;
    }
    return WEIR_OK;
}
