/* Dates, times and intervals under + - *: datetime +- interval, interval +- interval, interval * integer, and the function behind
 * "(a - b) HOUR", the difference of two datetimes as an interval.
 *
 * As in Flink: a month is added to the calendar date and clips to the month's last day; a DATE takes whole days of an interval only (the
 * rest is cut toward zero); a TIME wraps at midnight and ignores months. */
#include "func/func_int.h"
#include "types/timestamp.h"

bool weir_time_arithmetic_applies(const weir_signature *signature) {
    const weir_type *a = signature->arguments[0].type, *b = signature->arguments[1].type;
    char operation = signature->function->name[0];
    bool a_interval = weir_kind_is_interval(a->kind), b_interval = weir_kind_is_interval(b->kind);
    switch (operation) {
    case '+':
        if (a_interval && b_interval)
            return a->kind == b->kind;
        return (weir_kind_is_datetime(a->kind) && b_interval) || (a_interval && weir_kind_is_datetime(b->kind));
    case '-':
        if (a_interval && b_interval)
            return a->kind == b->kind;
        return weir_kind_is_datetime(a->kind) && b_interval;
    case '*': return (a_interval && weir_kind_is_integer(b->kind)) || (weir_kind_is_integer(a->kind) && b_interval);
    default: return false;
    }
}

weir_status weir_time_arithmetic_infer(weir_signature *signature, weir_error *error) {
    const weir_type *a = signature->arguments[0].type, *b = signature->arguments[1].type;
    bool nullable = a->nullable || b->nullable;
    const weir_type *result = weir_kind_is_interval(a->kind) && !weir_kind_is_integer(b->kind) && !weir_kind_is_interval(b->kind) ? b : a;
    if (weir_kind_is_integer(a->kind))
        result = b;
    if (weir_kind_is_integer(a->kind))
        WEIR_TRY(weir_signature_want(signature, 0, weir_type_simple(WEIR_KIND_BIGINT, true), error));
    if (weir_kind_is_integer(b->kind))
        WEIR_TRY(weir_signature_want(signature, 1, weir_type_simple(WEIR_KIND_BIGINT, true), error));
    return weir_signature_result(signature, weir_type_with_nullable(signature->arena, result, nullable), error);
}

typedef struct time_state {
    uint32_t time;     /* which argument is the datetime (or the interval that is multiplied) */
    uint32_t interval; /* which is the interval (or the factor) */
    int64_t sign;      /* 1 or -1 */
    bool months;       /* the interval counts months */
} time_state;

/* The interval of a row in months or milliseconds, with the sign of the operation. */
static inline int64_t interval_at(const time_state *state, const weir_column *interval, uint32_t row) {
    return state->sign * (state->months ? WEIR_VALUES(interval, int32_t)[row] : WEIR_VALUES(interval, int64_t)[row]);
}

static void run_date(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    const time_state *state = call->state;
    const weir_column *interval = arguments[state->interval];
    const int32_t *a = WEIR_VALUES(arguments[state->time], int32_t);
    int32_t *r = WEIR_VALUES(out, int32_t);
    if (state->months) {
        WEIR_FOR_ROWS(rows, i, { r[i] = weir_days_add_months(a[i], (int32_t)interval_at(state, interval, i)); });
        return;
    }
    WEIR_FOR_ROWS(rows, i, { r[i] = (int32_t)(a[i] + interval_at(state, interval, i) / WEIR_MS_PER_DAY); });
}

static void run_time(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    const time_state *state = call->state;
    const weir_column *interval = arguments[state->interval];
    const int32_t *a = WEIR_VALUES(arguments[state->time], int32_t);
    int32_t *r = WEIR_VALUES(out, int32_t);
    WEIR_FOR_ROWS(rows, i, {
        int64_t moved = state->months ? a[i] : a[i] + interval_at(state, interval, i) % WEIR_MS_PER_DAY;
        r[i] = (int32_t)weir_floor_mod(moved, WEIR_MS_PER_DAY);
    });
}

static void run_timestamp(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    const time_state *state = call->state;
    const weir_column *interval = arguments[state->interval];
    const int64_t *a = WEIR_VALUES(arguments[state->time], int64_t);
    int64_t *r = WEIR_VALUES(out, int64_t);
    if (state->months) {
        WEIR_FOR_ROWS(rows, i, {
            int64_t day = weir_floor_div(a[i], WEIR_US_PER_DAY);
            int64_t within = a[i] - day * WEIR_US_PER_DAY;
            r[i] = weir_days_add_months((int32_t)day, (int32_t)interval_at(state, interval, i)) * WEIR_US_PER_DAY + within;
        });
        return;
    }
    const int64_t *restrict b = WEIR_VALUES(interval, int64_t);
    const uint64_t factor = (uint64_t)(state->sign * 1000);
    WEIR_FOR_ROWS(rows, i, { r[i] = (int64_t)((uint64_t)a[i] + (uint64_t)b[i] * factor); });
}

static void run_timestamp_ns(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    const time_state *state = call->state;
    const weir_column *interval = arguments[state->interval];
    const weir_timestamp_ns *a = WEIR_VALUES(arguments[state->time], weir_timestamp_ns);
    weir_timestamp_ns *r = WEIR_VALUES(out, weir_timestamp_ns);
    WEIR_FOR_ROWS(rows, i, {
        int64_t moved = interval_at(state, interval, i);
        r[i] = a[i];
        if (state->months) {
            int64_t day = weir_floor_div(a[i].milliseconds, WEIR_MS_PER_DAY);
            int64_t within = a[i].milliseconds - day * WEIR_MS_PER_DAY;
            r[i].milliseconds = weir_days_add_months((int32_t)day, (int32_t)moved) * WEIR_MS_PER_DAY + within;
        } else {
            r[i].milliseconds = (int64_t)((uint64_t)a[i].milliseconds + (uint64_t)moved);
        }
    });
}

static void run_interval(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    const time_state *state = call->state;
    if (state->months) {
        const int32_t *a = WEIR_VALUES(arguments[0], int32_t), *b = WEIR_VALUES(arguments[1], int32_t);
        int32_t *r = WEIR_VALUES(out, int32_t);
        WEIR_FOR_ROWS(rows, i, { r[i] = (int32_t)((uint32_t)a[i] + (uint32_t)state->sign * (uint32_t)b[i]); });
        return;
    }
    const int64_t *a = WEIR_VALUES(arguments[0], int64_t), *b = WEIR_VALUES(arguments[1], int64_t);
    int64_t *r = WEIR_VALUES(out, int64_t);
    WEIR_FOR_ROWS(rows, i, { r[i] = (int64_t)((uint64_t)a[i] + (uint64_t)state->sign * (uint64_t)b[i]); });
}

static void run_multiple(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    const time_state *state = call->state;
    const int64_t *factor = WEIR_VALUES(arguments[state->interval], int64_t);
    const weir_column *interval = arguments[state->time];
    if (state->months) {
        const int32_t *a = WEIR_VALUES(interval, int32_t);
        int32_t *r = WEIR_VALUES(out, int32_t);
        WEIR_FOR_ROWS(rows, i, { r[i] = (int32_t)((uint64_t)a[i] * (uint64_t)factor[i]); });
        return;
    }
    const int64_t *a = WEIR_VALUES(interval, int64_t);
    int64_t *r = WEIR_VALUES(out, int64_t);
    WEIR_FOR_ROWS(rows, i, { r[i] = (int64_t)((uint64_t)a[i] * (uint64_t)factor[i]); });
}

static weir_kernel datetime_kernel(const weir_type *type) {
    if (type->kind == WEIR_KIND_DATE)
        return run_date;
    if (type->kind == WEIR_KIND_TIME)
        return run_time;
    return weir_type_layout(type) == WEIR_LAYOUT_TIMESTAMP_NS ? run_timestamp_ns : run_timestamp;
}

weir_status weir_time_arithmetic_bind(weir_call *call, weir_error *error) {
    const weir_type *a = call->argument_types[0], *b = call->argument_types[1];
    time_state *state = WEIR_CALL_STATE(call, time_state);
    if (state == NULL)
        return weir_fail_memory(error, "date arithmetic", sizeof(time_state));
    state->sign = call->function->name[0] == '-' ? -1 : 1;
    call->state = state;
    if (call->function->name[0] == '*') {
        state->time = weir_kind_is_interval(a->kind) ? 0 : 1;
        state->interval = 1 - state->time;
        state->months = call->result->kind == WEIR_KIND_INTERVAL_MONTH;
        call->kernel = run_multiple;
        return WEIR_OK;
    }
    state->time = weir_kind_is_datetime(a->kind) ? 0 : 1;
    state->interval = 1 - state->time;
    bool intervals = weir_kind_is_interval(a->kind) && weir_kind_is_interval(b->kind);
    state->months = call->argument_types[state->interval]->kind == WEIR_KIND_INTERVAL_MONTH;
    call->kernel = intervals ? run_interval : datetime_kernel(call->argument_types[state->time]);
    return WEIR_OK;
}

/* ---- (a - b) UNIT: DATETIME_DIFFERENCE(a, b, unit) ---- */

static bool unit_is_months(weir_text unit) {
    return weir_text_equal_nocase_c(unit, "YEAR") || weir_text_equal_nocase_c(unit, "MONTH") || weir_text_equal_nocase_c(unit, "QUARTER") ||
           weir_text_equal_nocase_c(unit, "YEAR TO MONTH");
}

static weir_status infer_difference(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_match(signature, "DDS", error));
    WEIR_TRY(weir_signature_no_null(signature, error));
    const weir_type *a = signature->arguments[0].type, *b = signature->arguments[1].type;
    if (a->kind != b->kind)
        return weir_fail(error, WEIR_VALIDATE, "Parameters must be of the same type");
    const weir_value *unit = signature->arguments[2].literal;
    if (unit == NULL)
        return weir_fail(error, WEIR_INTERNAL, "DATETIME_DIFFERENCE needs a unit");
    if (weir_type_layout(a) != weir_type_layout(b)) {
        const weir_type *finer = a->precision > b->precision ? a : b;
        WEIR_TRY(weir_signature_want(signature, 0, finer, error));
        WEIR_TRY(weir_signature_want(signature, 1, finer, error));
    }
    weir_kind kind = unit_is_months(unit->as.text) ? WEIR_KIND_INTERVAL_MONTH : WEIR_KIND_INTERVAL_SECOND;
    return weir_signature_result(signature, weir_type_simple(kind, a->nullable || b->nullable), error);
}

/* Milliseconds since the epoch (or of the day), cut toward the past. */
static inline int64_t milliseconds_at(const weir_column *column, uint32_t row) {
    switch (column->layout) {
    case WEIR_LAYOUT_I32: {
        int64_t value = WEIR_VALUES(column, int32_t)[row];
        return column->type->kind == WEIR_KIND_DATE ? value * WEIR_MS_PER_DAY : value;
    }
    case WEIR_LAYOUT_TIMESTAMP_NS: return WEIR_VALUES(column, weir_timestamp_ns)[row].milliseconds;
    default: return weir_floor_div(WEIR_VALUES(column, int64_t)[row], 1000);
    }
}

/* The most months that can be added to day b without passing day a (a >= b). */
static int32_t months_up_to(int32_t a, int32_t b) {
    weir_civil x = weir_civil_from_days(a), y = weir_civil_from_days(b);
    int32_t months = (x.year - y.year) * 12 + (x.month - y.month);
    return weir_days_add_months(b, months) > a ? months - 1 : months;
}

/* Whole months between, as Calcite counts them: by days, toward zero; then one less when the days meet and a's time of day is the
 * earlier one. So the difference is not symmetric: 02-29 10:00 minus 03-31 11:00 is -2 months, the other way round 1. */
static int32_t months_between(int64_t a_ms, int64_t b_ms) {
    int32_t a = (int32_t)weir_floor_div(a_ms, WEIR_MS_PER_DAY), b = (int32_t)weir_floor_div(b_ms, WEIR_MS_PER_DAY);
    int32_t months = a >= b ? months_up_to(a, b) : -months_up_to(b, a);
    bool earlier = weir_floor_mod(a_ms, WEIR_MS_PER_DAY) < weir_floor_mod(b_ms, WEIR_MS_PER_DAY);
    return weir_days_add_months(b, months) == a && earlier ? months - 1 : months;
}

static void run_difference_months(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    (void)call;
    int32_t *r = WEIR_VALUES(out, int32_t);
    WEIR_FOR_ROWS(rows, i, { r[i] = months_between(milliseconds_at(arguments[0], i), milliseconds_at(arguments[1], i)); });
}

static void run_difference(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    (void)call;
    int64_t *r = WEIR_VALUES(out, int64_t);
    WEIR_FOR_ROWS(rows, i, { r[i] = milliseconds_at(arguments[0], i) - milliseconds_at(arguments[1], i); });
}

static weir_status bind_difference(weir_call *call, weir_error *error) {
    (void)error;
    call->kernel = call->result->kind == WEIR_KIND_INTERVAL_MONTH ? run_difference_months : run_difference;
    return WEIR_OK;
}

const weir_function weir_functions_time_arithmetic[] = {
    {"DATETIME_DIFFERENCE", WEIR_FUNCTION_STRICT | WEIR_FUNCTION_HIDDEN, infer_difference, bind_difference, "time",
     "(<DATETIME> - <DATETIME>) UNIT", "The difference of two dates or times as an interval.", NULL, NULL},
    {NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL},
};
