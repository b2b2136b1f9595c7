/* TIMESTAMPADD, TIMESTAMPDIFF and OVERLAPS.
 *
 * TIMESTAMPDIFF is computed in 32 bits where Flink does so: it wraps, and a difference in milliseconds or weeks is one in whole seconds,
 * multiplied or divided. Months count as full ones: from the 31st of January to the 29th of February is one month, unless the time of day
 * has not been reached. */
#include "func/time_int.h"

static const weir_type *integer(bool nullable) { return weir_type_simple(WEIR_KIND_INT, nullable); }

/* Months (unit >= MONTH) or milliseconds that one unit is. 0: not a whole number of either. */
static int64_t unit_size(weir_unit unit) {
    static const int64_t sizes[WEIR_UNIT_COUNT] = {
        [WEIR_UNIT_MILLISECOND] = 1, [WEIR_UNIT_SECOND] = 1000,         [WEIR_UNIT_MINUTE] = 60000,
        [WEIR_UNIT_HOUR] = 3600000,  [WEIR_UNIT_DAY] = WEIR_MS_PER_DAY, [WEIR_UNIT_WEEK] = 7 * WEIR_MS_PER_DAY,
        [WEIR_UNIT_MONTH] = 1,       [WEIR_UNIT_QUARTER] = 3,           [WEIR_UNIT_YEAR] = 12,
        [WEIR_UNIT_DECADE] = 120,    [WEIR_UNIT_CENTURY] = 1200,        [WEIR_UNIT_MILLENNIUM] = 12000,
    };
    return sizes[unit];
}

static bool unit_is_months(weir_unit unit) { return unit >= WEIR_UNIT_MONTH && unit <= WEIR_UNIT_MILLENNIUM; }

static weir_status refuse_unit(const weir_signature *signature, weir_unit unit, weir_error *error) {
    return weir_fail(error, WEIR_UNSUPPORTED, "%s does not support the unit %s", signature->function->name, weir_unit_name(unit));
}

/* ---- TIMESTAMPADD(unit, n, x) ---- */

weir_status weir_timestampadd_infer(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_count(signature, 3, 3, error));
    weir_unit unit;
    WEIR_TRY(weir_unit_of(signature, 0, &unit, error));
    WEIR_TRY(weir_signature_no_null(signature, error));
    const weir_type *type = signature->arguments[2].type;
    bool nullable = type->nullable || signature->arguments[1].type->nullable;
    if (!weir_kind_is_integer(signature->arguments[1].type->kind) || !weir_kind_is_datetime(type->kind))
        return weir_signature_refuse_forms(signature, "'TIMESTAMPADD(<ANY>, <INTEGER>, <DATETIME>)'", error);
    if (unit_size(unit) == 0)
        return refuse_unit(signature, unit, error);
    WEIR_TRY(weir_signature_want(signature, 1, weir_type_simple(WEIR_KIND_BIGINT, true), error));
    if (type->kind == WEIR_KIND_DATE && unit < WEIR_UNIT_DAY) {
        const weir_type *timestamp = weir_type_sized(signature->arena, WEIR_KIND_TIMESTAMP, 6, nullable);
        WEIR_TRY(weir_signature_result(signature, timestamp, error));
        return weir_signature_want(signature, 2, timestamp, error);
    }
    if (weir_kind_is_timestamp(type->kind) && unit == WEIR_UNIT_MILLISECOND && type->precision < 3)
        return weir_signature_result(signature, weir_type_sized(signature->arena, type->kind, 3, nullable), error);
    return weir_signature_result(signature, weir_type_with_nullable(signature->arena, type, nullable), error);
}

typedef struct shift_state {
    weir_unit unit;
    int64_t size;
    bool months;
} shift_state;

static int64_t times(const shift_state *state, int64_t count) { return (int64_t)((uint64_t)count * (uint64_t)state->size); }

static void run_add(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    const shift_state *state = call->state;
    const int64_t *count = WEIR_VALUES(arguments[1], int64_t);
    const weir_column *from = arguments[2];
    WEIR_FOR_ROWS(rows, i, {
        int64_t moved = times(state, count[i]);
        switch (from->layout) {
        case WEIR_LAYOUT_I32:
            if (from->type->kind == WEIR_KIND_TIME)
                WEIR_VALUES(out, int32_t)
                [i] = state->months ? WEIR_VALUES(from, int32_t)[i]
                                    : (int32_t)weir_floor_mod(WEIR_VALUES(from, int32_t)[i] + moved % WEIR_MS_PER_DAY, WEIR_MS_PER_DAY);
            else if (state->months)
                WEIR_VALUES(out, int32_t)[i] = weir_days_add_months(WEIR_VALUES(from, int32_t)[i], (int32_t)moved);
            else
                WEIR_VALUES(out, int32_t)[i] = (int32_t)(WEIR_VALUES(from, int32_t)[i] + moved / WEIR_MS_PER_DAY);
            break;
        case WEIR_LAYOUT_TIMESTAMP_NS: {
            weir_timestamp_ns value = WEIR_VALUES(from, weir_timestamp_ns)[i];
            int64_t day = weir_floor_div(value.milliseconds, WEIR_MS_PER_DAY);
            if (state->months)
                value.milliseconds += (int64_t)(weir_days_add_months((int32_t)day, (int32_t)moved) - (int32_t)day) * WEIR_MS_PER_DAY;
            else
                value.milliseconds = (int64_t)((uint64_t)value.milliseconds + (uint64_t)moved);
            WEIR_VALUES(out, weir_timestamp_ns)[i] = value;
            break;
        }
        default: {
            int64_t us = WEIR_VALUES(from, int64_t)[i];
            int64_t day = weir_floor_div(us, WEIR_US_PER_DAY);
            if (state->months)
                us += (int64_t)(weir_days_add_months((int32_t)day, (int32_t)moved) - (int32_t)day) * WEIR_US_PER_DAY;
            else
                us = (int64_t)((uint64_t)us + (uint64_t)moved * 1000);
            WEIR_VALUES(out, int64_t)[i] = us;
            break;
        }
        }
    });
}

static weir_status make_state(weir_call *call, weir_error *error) {
    shift_state *state = WEIR_CALL_STATE(call, shift_state);
    if (state == NULL)
        return weir_fail_memory(error, call->function->name, sizeof(shift_state));
    state->unit = weir_unit_of_call(call, 0);
    state->size = unit_size(state->unit);
    state->months = unit_is_months(state->unit);
    call->state = state;
    return WEIR_OK;
}

weir_status weir_timestampadd_bind(weir_call *call, weir_error *error) {
    call->kernel = run_add;
    return make_state(call, error);
}

/* ---- TIMESTAMPDIFF(unit, a, b) ---- */

weir_status weir_timestampdiff_infer(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_count(signature, 3, 3, error));
    weir_unit unit;
    WEIR_TRY(weir_unit_of(signature, 0, &unit, error));
    WEIR_TRY(weir_signature_no_null(signature, error));
    const weir_type *a = signature->arguments[1].type, *b = signature->arguments[2].type;
    if (!weir_kind_is_datetime(a->kind) || !weir_kind_is_datetime(b->kind))
        return weir_signature_refuse_forms(signature, "'TIMESTAMPDIFF(<ANY>, <DATETIME>, <DATETIME>)'", error);
    if ((a->kind == WEIR_KIND_TIMESTAMP_LTZ) != (b->kind == WEIR_KIND_TIMESTAMP_LTZ))
        return weir_fail(error, WEIR_UNSUPPORTED, "TIMESTAMP_LTZ only supports diff between the same type.");
    if ((a->kind == WEIR_KIND_TIME) != (b->kind == WEIR_KIND_TIME))
        return weir_fail(error, WEIR_UNSUPPORTED, "TIMESTAMPDIFF of a TIME and a date is not supported");
    if (unit > WEIR_UNIT_MILLENNIUM)
        return refuse_unit(signature, unit, error);
    bool nullable = a->nullable || b->nullable;
    return weir_signature_result(signature, unit == WEIR_UNIT_NANOSECOND ? weir_type_simple(WEIR_KIND_BIGINT, nullable) : integer(nullable),
                                 error);
}

/* Milliseconds since the epoch (or midnight). */
static inline int64_t ms_at(const weir_column *column, uint32_t row) {
    switch (column->layout) {
    case WEIR_LAYOUT_I32:
        return column->type->kind == WEIR_KIND_DATE ? WEIR_VALUES(column, int32_t)[row] * WEIR_MS_PER_DAY
                                                    : WEIR_VALUES(column, int32_t)[row];
    case WEIR_LAYOUT_TIMESTAMP_NS: return WEIR_VALUES(column, weir_timestamp_ns)[row].milliseconds;
    default: return weir_floor_div(WEIR_VALUES(column, int64_t)[row], 1000);
    }
}

/* Full months from `from` to `to`, negative when `to` lies before. */
static int64_t months_between(int64_t from, int64_t to) {
    int32_t to_day = (int32_t)weir_floor_div(to, WEIR_MS_PER_DAY), from_day = (int32_t)weir_floor_div(from, WEIR_MS_PER_DAY);
    int32_t early = to_day < from_day ? to_day : from_day, late = to_day < from_day ? from_day : to_day;
    weir_civil a = weir_civil_from_days(early), b = weir_civil_from_days(late);
    int32_t months = (b.year - a.year) * 12 + b.month - a.month;
    if (months > 0 && weir_days_add_months(early, months) > late)
        months--;
    if (to_day < from_day)
        months = -months;
    if (weir_days_add_months(from_day, months) == to_day && to - to_day * WEIR_MS_PER_DAY < from - from_day * WEIR_MS_PER_DAY)
        months--;
    return months;
}

static void run_diff_months(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    const shift_state *state = call->state;
    int32_t *r = WEIR_VALUES(out, int32_t);
    int64_t size = state->unit == WEIR_UNIT_DECADE ? 12 : state->size; /* a decade counts as a year, in Flink */
    WEIR_FOR_ROWS(rows, i, { r[i] = (int32_t)(months_between(ms_at(arguments[1], i), ms_at(arguments[2], i)) / size); });
}

static void run_diff(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    const shift_state *state = call->state;
    const weir_column *a = arguments[1], *b = arguments[2];
    int32_t *r = WEIR_VALUES(out, int32_t);
    switch (state->unit) {
    case WEIR_UNIT_NANOSECOND:
        WEIR_FOR_ROWS(rows, i, { WEIR_VALUES(out, int64_t)[i] = (int64_t)((uint64_t)((ms_at(b, i) - ms_at(a, i)) / 1000) * 1000000000u); });
        break;
    case WEIR_UNIT_MICROSECOND:
        WEIR_FOR_ROWS(rows, i, { r[i] = (int32_t)((uint32_t)((ms_at(b, i) - ms_at(a, i)) / 1000) * 1000000u); });
        break;
    case WEIR_UNIT_MILLISECOND:
        WEIR_FOR_ROWS(rows, i, { r[i] = (int32_t)((uint32_t)((ms_at(b, i) - ms_at(a, i)) / 1000) * 1000u); });
        break;
    case WEIR_UNIT_WEEK: WEIR_FOR_ROWS(rows, i, { r[i] = (int32_t)((ms_at(b, i) - ms_at(a, i)) / 1000) / 604800; }); break;
    default: WEIR_FOR_ROWS(rows, i, { r[i] = (int32_t)((ms_at(b, i) - ms_at(a, i)) / state->size); }); break;
    }
}

weir_status weir_timestampdiff_bind(weir_call *call, weir_error *error) {
    WEIR_TRY(make_state(call, error));
    call->kernel = ((shift_state *)call->state)->months ? run_diff_months : run_diff;
    return WEIR_OK;
}

/* ---- (a, b) OVERLAPS (c, d): four arguments; b and d may be intervals ---- */

weir_status weir_overlaps_infer(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_count(signature, 4, 4, error));
    WEIR_TRY(weir_signature_no_null(signature, error));
    for (uint32_t i = 0; i < 4; i += 2) {
        weir_kind start = signature->arguments[i].type->kind, end = signature->arguments[i + 1].type->kind;
        if (!weir_kind_is_datetime(start) || (!weir_kind_is_interval(end) && end != start) || start != signature->arguments[0].type->kind)
            return weir_signature_refuse_forms(
                signature,
                "'(<DATETIME>, <DATETIME>) OVERLAPS (<DATETIME>, <DATETIME>)' '(<DATETIME>, <INTERVAL>) OVERLAPS (<DATETIME>, <INTERVAL>)'",
                error);
    }
    return weir_signature_result(signature, weir_type_simple(WEIR_KIND_BOOLEAN, weir_signature_nullable(signature)), error);
}

static int64_t point_at(const weir_column *column, uint32_t row) {
    switch (column->layout) {
    case WEIR_LAYOUT_I32: return WEIR_VALUES(column, int32_t)[row];
    case WEIR_LAYOUT_TIMESTAMP_NS: return weir_timestamp_ns_to_us(WEIR_VALUES(column, weir_timestamp_ns)[row]);
    default: return WEIR_VALUES(column, int64_t)[row];
    }
}

/* The end of a period: given, or start plus interval. */
static int64_t end_at(const weir_column *start, const weir_column *end, uint32_t row) {
    int64_t from = point_at(start, row);
    weir_kind kind = start->type->kind;
    if (end->type->kind == WEIR_KIND_INTERVAL_MONTH) {
        int32_t months = WEIR_VALUES(end, int32_t)[row];
        if (kind == WEIR_KIND_TIME)
            return from;
        if (kind == WEIR_KIND_DATE)
            return weir_days_add_months((int32_t)from, months);
        int64_t day = weir_floor_div(from, WEIR_US_PER_DAY);
        return from + (weir_days_add_months((int32_t)day, months) - day) * WEIR_US_PER_DAY;
    }
    if (end->type->kind == WEIR_KIND_INTERVAL_SECOND) {
        int64_t ms = WEIR_VALUES(end, int64_t)[row];
        if (kind == WEIR_KIND_TIME)
            return weir_floor_mod(from + ms, WEIR_MS_PER_DAY);
        return kind == WEIR_KIND_DATE ? from + ms / WEIR_MS_PER_DAY : from + ms * 1000;
    }
    return point_at(end, row);
}

typedef struct period {
    int64_t start, end;
    bool has_start, has_end;
} period;

/* The earlier bound first; as CASE WHEN a <= b THEN a ELSE b END does it, so a missing bound changes its side. */
static period period_at(const weir_column *a, const weir_column *b, uint32_t row) {
    bool has_start = weir_column_is_valid(a, row), has_end = has_start && weir_column_is_valid(b, row);
    if (weir_kind_is_interval(b->type->kind) ? !has_end : !weir_column_is_valid(b, row))
        return (period){0, has_start ? point_at(a, row) : 0, false, has_start};
    int64_t end = weir_kind_is_interval(b->type->kind) || has_start ? end_at(a, b, row) : point_at(b, row);
    if (!has_start)
        return (period){end, 0, true, false};
    int64_t start = point_at(a, row);
    return start <= end ? (period){start, end, true, true} : (period){end, start, true, true};
}

static void run_overlaps(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    (void)call;
    uint8_t *r = WEIR_VALUES(out, uint8_t);
    WEIR_FOR_ROWS(rows, i, {
        period x = period_at(arguments[0], arguments[1], i);
        period y = period_at(arguments[2], arguments[3], i);
        bool known_left = x.has_end && y.has_start, known_right = y.has_end && x.has_start;
        bool left = known_left && x.end >= y.start, right = known_right && y.end >= x.start;
        bool is_false = (known_left && !left) || (known_right && !right);
        r[i] = left && right;
        if (!is_false && !(known_left && known_right))
            weir_column_set_null(out, i);
    });
}

weir_status weir_overlaps_bind(weir_call *call, weir_error *error) {
    (void)error;
    call->kernel = run_overlaps;
    return WEIR_OK;
}
