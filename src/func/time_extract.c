/* EXTRACT(unit FROM x) and its shorthands YEAR(x), QUARTER(x), ... HOUR(x).
 *
 * What Flink answers is kept even where it looks odd: a timestamp before 1970 is split by division that cuts toward zero, so that its date
 * is one day late and its time of day negative; an hour, minute, second or millisecond of a DATE is taken from the day number as if that
 * counted milliseconds. TIMESTAMP_LTZ is read in the session's zone. */
#include <string.h>

#include "func/time_int.h"

static const weir_type *bigint(bool nullable) { return weir_type_simple(WEIR_KIND_BIGINT, nullable); }

static bool unit_is_time(weir_unit unit) { return unit >= WEIR_UNIT_MILLISECOND && unit <= WEIR_UNIT_HOUR; }

static weir_status refuse_kind(const weir_type *type, weir_unit unit, weir_error *error) {
    const char *name = type->kind == WEIR_KIND_TIME ? "time" : "DATE";
    weir_fail(error, WEIR_VALIDATE, "unit %s can not be applied to %s variable (in EXTRACT)", weir_unit_name(unit), name);
    return WEIR_VALIDATE;
}

static weir_status check_unit(const weir_type *type, weir_unit unit, weir_error *error) {
    switch (type->kind) {
    case WEIR_KIND_DATE: return unit == WEIR_UNIT_MICROSECOND || unit == WEIR_UNIT_NANOSECOND ? refuse_kind(type, unit, error) : WEIR_OK;
    case WEIR_KIND_TIME: return unit_is_time(unit) ? WEIR_OK : refuse_kind(type, unit, error);
    case WEIR_KIND_INTERVAL_MONTH:
        if (unit == WEIR_UNIT_YEAR || unit == WEIR_UNIT_MONTH || unit == WEIR_UNIT_QUARTER || unit == WEIR_UNIT_CENTURY ||
            unit == WEIR_UNIT_MILLENNIUM)
            return WEIR_OK;
        return weir_fail(error, WEIR_UNSUPPORTED, "Unit '%s' is not supported in EXTRACT from INTERVAL MONTH.", weir_unit_name(unit));
    case WEIR_KIND_INTERVAL_SECOND:
        if (unit_is_time(unit) || unit == WEIR_UNIT_DAY)
            return WEIR_OK;
        return weir_fail(error, WEIR_UNSUPPORTED, "Unit '%s' is not supported in EXTRACT from INTERVAL SECOND.", weir_unit_name(unit));
    default: return WEIR_OK;
    }
}

static weir_status refuse(const weir_signature *signature, weir_unit unit, const weir_type *type, weir_error *error) {
    weir_builder shown;
    weir_builder_init(&shown, signature->arena->memory, 300);
    weir_type_print_calcite(type, &shown);
    weir_text text = weir_builder_view(&shown);
    weir_fail(error, WEIR_VALIDATE,
              "Cannot apply 'EXTRACT' to arguments of type 'EXTRACT(<INTERVAL %s> FROM <%.*s>)'. Supported form(s): "
              "'EXTRACT(<DATETIME_INTERVAL> FROM <DATETIME_INTERVAL>)', "
              "'EXTRACT(<DATETIME_INTERVAL> FROM <DATETIME>)'",
              weir_unit_name(unit), WEIR_TEXT_ARGS(text));
    weir_builder_deinit(&shown);
    return WEIR_VALIDATE;
}

static weir_status infer_of(weir_signature *signature, uint32_t index, weir_unit unit, weir_error *error) {
    const weir_type *type = signature->arguments[index].type;
    if (type->kind == WEIR_KIND_NULL)
        return weir_signature_no_null(signature, error);
    if (!weir_kind_is_datetime(type->kind) && !weir_kind_is_interval(type->kind))
        return refuse(signature, unit, type, error);
    WEIR_TRY(check_unit(type, unit, error));
    return weir_signature_result(signature, bigint(type->nullable), error);
}

weir_status weir_extract_infer(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_count(signature, 2, 2, error));
    weir_unit unit;
    WEIR_TRY(weir_unit_of(signature, 0, &unit, error));
    return infer_of(signature, 1, unit, error);
}

static weir_unit unit_of_name(const char *name) {
    static const struct {
        const char *name;
        weir_unit unit;
    } parts[] = {{"YEAR", WEIR_UNIT_YEAR},     {"QUARTER", WEIR_UNIT_QUARTER}, {"MONTH", WEIR_UNIT_MONTH},   {"WEEK", WEIR_UNIT_WEEK},
                 {"DAYOFYEAR", WEIR_UNIT_DOY}, {"DAYOFMONTH", WEIR_UNIT_DAY},  {"DAYOFWEEK", WEIR_UNIT_DOW}, {"HOUR", WEIR_UNIT_HOUR},
                 {"MINUTE", WEIR_UNIT_MINUTE}, {"SECOND", WEIR_UNIT_SECOND}};
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
        if (strcmp(parts[i].name, name) == 0)
            return parts[i].unit;
    return WEIR_UNIT_COUNT;
}

weir_status weir_part_infer(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_count(signature, 1, 1, error));
    return infer_of(signature, 0, unit_of_name(signature->function->name), error);
}

/* ---- running ---- */

typedef struct extract_state {
    weir_unit unit;
    uint32_t argument;
    const weir_zone *zone; /* NULL: no conversion */
} extract_state;

static int64_t of_date(weir_unit unit, int32_t days) {
    switch (unit) {
    case WEIR_UNIT_DOW: return weir_day_of_week(days);
    case WEIR_UNIT_ISODOW: return (weir_day_of_week(days) + 5) % 7 + 1;
    case WEIR_UNIT_DOY: return weir_day_of_year(days);
    case WEIR_UNIT_WEEK: return weir_iso_week(days);
    case WEIR_UNIT_ISOYEAR: return weir_iso_week_year(days);
    default: break;
    }
    weir_civil civil = weir_civil_from_days(days);
    switch (unit) {
    case WEIR_UNIT_YEAR: return civil.year;
    case WEIR_UNIT_MONTH: return civil.month;
    case WEIR_UNIT_DAY: return civil.day;
    case WEIR_UNIT_QUARTER: return (civil.month + 2) / 3;
    case WEIR_UNIT_DECADE: return weir_floor_div(civil.year, 10);
    case WEIR_UNIT_CENTURY: return civil.year > 0 ? (civil.year + 99) / 100 : (civil.year - 99) / 100;
    case WEIR_UNIT_MILLENNIUM: return civil.year > 0 ? (civil.year + 999) / 1000 : (civil.year - 999) / 1000;
    default: return 0;
    }
}

/* Fields of a count of milliseconds, cut toward zero as Flink does. */
static int64_t of_milliseconds(weir_unit unit, int64_t ms) {
    switch (unit) {
    case WEIR_UNIT_MILLISECOND: return ms % 1000;
    case WEIR_UNIT_SECOND: return ms % 60000 / 1000;
    case WEIR_UNIT_MINUTE: return ms % 3600000 / 60000;
    default: return ms % WEIR_MS_PER_DAY / 3600000;
    }
}

static int64_t of_timestamp(weir_unit unit, int64_t ms, int32_t ns) {
    switch (unit) {
    case WEIR_UNIT_MILLISECOND:
    case WEIR_UNIT_SECOND:
    case WEIR_UNIT_MINUTE:
    case WEIR_UNIT_HOUR: return of_milliseconds(unit, ms);
    case WEIR_UNIT_MICROSECOND: return ms % 1000 * 1000 + ns / 1000;
    case WEIR_UNIT_NANOSECOND: return ms % 1000 * 1000000 + ns;
    case WEIR_UNIT_EPOCH: return ms / 1000;
    default: return of_date(unit, (int32_t)(ms / WEIR_MS_PER_DAY));
    }
}

static void run_timestamp(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    const extract_state *state = call->state;
    const weir_unit unit = state->unit;
    const int64_t *a = WEIR_VALUES(arguments[state->argument], int64_t);
    int64_t *r = WEIR_VALUES(out, int64_t);
    if (state->zone != NULL) {
        WEIR_FOR_ROWS(rows, i, {
            weir_timestamp_ns local = weir_timestamp_ns_from_us(weir_zone_to_local_us(state->zone, a[i]));
            r[i] = of_timestamp(unit, local.milliseconds, local.nanoseconds);
        });
        return;
    }
    WEIR_FOR_ROWS(rows, i, {
        weir_timestamp_ns t = weir_timestamp_ns_from_us(a[i]);
        r[i] = of_timestamp(unit, t.milliseconds, t.nanoseconds);
    });
}

static void run_timestamp_ns(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    const extract_state *state = call->state;
    const weir_timestamp_ns *a = WEIR_VALUES(arguments[state->argument], weir_timestamp_ns);
    int64_t *r = WEIR_VALUES(out, int64_t);
    WEIR_FOR_ROWS(rows, i, {
        int64_t ms = a[i].milliseconds;
        if (state->zone != NULL)
            ms += (int64_t)1000 * weir_zone_offset_seconds(state->zone, weir_floor_div(ms, 1000));
        r[i] = of_timestamp(state->unit, ms, a[i].nanoseconds);
    });
}

static void run_date(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    const extract_state *state = call->state;
    const weir_unit unit = state->unit;
    const int32_t *a = WEIR_VALUES(arguments[state->argument], int32_t);
    int64_t *r = WEIR_VALUES(out, int64_t);
    if (unit == WEIR_UNIT_EPOCH) {
        WEIR_FOR_ROWS(rows, i, { r[i] = (int64_t)a[i] * 86400; });
    } else if (unit_is_time(unit)) {
        WEIR_FOR_ROWS(rows, i, { r[i] = of_milliseconds(unit, a[i]); });
    } else {
        WEIR_FOR_ROWS(rows, i, { r[i] = of_date(unit, a[i]); });
    }
}

static void run_time(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    const extract_state *state = call->state;
    const weir_unit unit = state->unit;
    const int32_t *a = WEIR_VALUES(arguments[state->argument], int32_t);
    int64_t *r = WEIR_VALUES(out, int64_t);
    WEIR_FOR_ROWS(rows, i, { r[i] = of_milliseconds(unit, a[i]); });
}

static void run_months(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    const extract_state *state = call->state;
    const int32_t *a = WEIR_VALUES(arguments[state->argument], int32_t);
    int64_t *r = WEIR_VALUES(out, int64_t);
    switch (state->unit) {
    case WEIR_UNIT_YEAR: WEIR_FOR_ROWS(rows, i, { r[i] = a[i] / 12; }); break;
    case WEIR_UNIT_QUARTER: WEIR_FOR_ROWS(rows, i, { r[i] = a[i] % 12 / 3 + 1; }); break;
    case WEIR_UNIT_CENTURY: WEIR_FOR_ROWS(rows, i, { r[i] = a[i] / 1200; }); break;
    case WEIR_UNIT_MILLENNIUM: WEIR_FOR_ROWS(rows, i, { r[i] = a[i] / 12000; }); break;
    default: WEIR_FOR_ROWS(rows, i, { r[i] = a[i] % 12; }); break;
    }
}

static void run_interval(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    const extract_state *state = call->state;
    const weir_unit unit = state->unit;
    const int64_t *a = WEIR_VALUES(arguments[state->argument], int64_t);
    int64_t *r = WEIR_VALUES(out, int64_t);
    if (unit == WEIR_UNIT_DAY) {
        WEIR_FOR_ROWS(rows, i, { r[i] = a[i] / WEIR_MS_PER_DAY; });
    } else {
        WEIR_FOR_ROWS(rows, i, { r[i] = of_milliseconds(unit, a[i]); });
    }
}

static weir_status bind_of(weir_call *call, uint32_t argument, weir_unit unit, weir_error *error) {
    extract_state *state = WEIR_CALL_STATE(call, extract_state);
    if (state == NULL)
        return weir_fail_memory(error, "EXTRACT", sizeof(extract_state));
    state->unit = unit;
    state->argument = argument;
    const weir_type *type = call->argument_types[argument];
    if (type->kind == WEIR_KIND_TIMESTAMP_LTZ && call->evaluation != NULL && call->evaluation->zone != weir_zone_utc())
        state->zone = call->evaluation->zone;
    call->state = state;
    switch (type->kind) {
    case WEIR_KIND_DATE: call->kernel = run_date; break;
    case WEIR_KIND_TIME: call->kernel = run_time; break;
    case WEIR_KIND_INTERVAL_MONTH: call->kernel = run_months; break;
    case WEIR_KIND_INTERVAL_SECOND: call->kernel = run_interval; break;
    default: call->kernel = weir_type_layout(type) == WEIR_LAYOUT_TIMESTAMP_NS ? run_timestamp_ns : run_timestamp; break;
    }
    return WEIR_OK;
}

weir_status weir_extract_bind(weir_call *call, weir_error *error) { return bind_of(call, 1, weir_unit_of_call(call, 0), error); }
weir_status weir_part_bind(weir_call *call, weir_error *error) { return bind_of(call, 0, unit_of_name(call->function->name), error); }
