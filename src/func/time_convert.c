/* Between text and time: DATE_FORMAT, TO_DATE, TO_TIMESTAMP, TO_TIMESTAMP_LTZ, UNIX_TIMESTAMP, FROM_UNIXTIME, CONVERT_TZ.
 *
 * Which of Java's two date libraries reads or writes is part of the semantics: java.time for timestamps (strict, clips February 30 to its
 * last day), java.text for the older functions (lenient: February 30 is March 1 or 2). A pattern that is a literal is compiled once;
 * another one whenever it changes. */
#include <stdio.h>
#include <string.h>

#include "func/time_int.h"
#include "types/convert.h"
#include "types/decimal.h"

enum { PROBLEM_BYTES = 160, KEPT_PATTERN_BYTES = 128, TWO_DIGIT_YEARS_BACK = 80 };

#define DEFAULT_PATTERN WEIR_TEXT("yyyy-MM-dd HH:mm:ss")
/* What TO_DATE(text, format) gives for text that it cannot read: Long.MIN_VALUE milliseconds, run through 32-bit date arithmetic. */
#define UNREADABLE_DATE_DAYS weir_days_from_civil(5471, 9, 27)

/* A pattern with the text it was compiled from. */
typedef struct pattern_slot {
    weir_date_pattern pattern;
    bool compiled, good;
    char problem[PROBLEM_BYTES];
    size_t source_size;
    char source[KEPT_PATTERN_BYTES];
} pattern_slot;

typedef struct convert_state {
    pattern_slot first, second;
    const weir_zone *zone;     /* the session's */
    uint32_t pattern_argument; /* UINT32_MAX: the default pattern */
    bool reads_text;
    int32_t precision; /* TO_TIMESTAMP_LTZ of numbers: digits of the fraction in one unit; -1: in the argument */
    weir_kind number_kind;
    int32_t scale;
    int32_t century_start;
    struct zone_entry *zones;
    weir_arena *arena;
} convert_state;

typedef struct zone_entry {
    struct zone_entry *next;
    weir_text name;
    const weir_zone *zone;
} zone_entry;

static const weir_date_pattern *slot_pattern(pattern_slot *slot, weir_text text, weir_date_dialect dialect) {
    if (slot->compiled && text.size == slot->source_size && text.size <= KEPT_PATTERN_BYTES &&
        memcmp(text.data, slot->source, text.size) == 0)
        return slot->good ? &slot->pattern : NULL;
    slot->good = weir_date_pattern_compile(text, dialect, &slot->pattern, slot->problem);
    slot->compiled = text.size <= KEPT_PATTERN_BYTES;
    slot->source_size = text.size;
    if (slot->compiled && text.size > 0)
        memcpy(slot->source, text.data, text.size);
    return slot->good ? &slot->pattern : NULL;
}

/* The pattern for a row; NULL: it does not compile, slot->problem says why. */
static const weir_date_pattern *row_pattern(convert_state *state, weir_column *const *arguments, uint32_t row, weir_date_dialect dialect) {
    weir_text text = state->pattern_argument == UINT32_MAX ? DEFAULT_PATTERN : weir_column_text(arguments[state->pattern_argument], row);
    return slot_pattern(&state->first, text, dialect);
}

static int32_t century_start(const weir_call *call) {
    int64_t now_ms = call->evaluation == NULL          ? 0
                     : call->evaluation->clock != NULL ? weir_clock_wall_ms(call->evaluation->clock)
                                                       : call->evaluation->query_start_ms;
    return weir_civil_from_days((int32_t)weir_floor_div(now_ms, WEIR_MS_PER_DAY)).year - TWO_DIGIT_YEARS_BACK;
}

static weir_status make_state(weir_call *call, uint32_t pattern_argument, convert_state **out, weir_error *error) {
    convert_state *state = WEIR_CALL_STATE(call, convert_state);
    if (state == NULL)
        return weir_fail_memory(error, call->function->name, sizeof(convert_state));
    state->zone = call->evaluation != NULL && call->evaluation->zone != NULL ? call->evaluation->zone : weir_zone_utc();
    state->pattern_argument = call->argument_count > pattern_argument ? pattern_argument : UINT32_MAX;
    state->century_start = century_start(call);
    state->arena = call->arena;
    call->state = state;
    *out = state;
    return WEIR_OK;
}

/* ---- DATE_FORMAT ---- */

weir_status weir_date_format_infer(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_count(signature, 2, 2, error));
    WEIR_TRY(weir_signature_no_null(signature, error));
    weir_kind kind = signature->arguments[0].type->kind;
    if ((!weir_kind_is_timestamp(kind) && !weir_kind_is_text(kind)) || !weir_kind_is_text(signature->arguments[1].type->kind))
        return weir_signature_refuse_forms(signature, "'DATE_FORMAT(<TIMESTAMP>, <CHARACTER>)' 'DATE_FORMAT(<CHARACTER>, <CHARACTER>)'",
                                           error);
    return weir_signature_result(signature, weir_type_string(true), error);
}

static void put_formatted(weir_call *call, uint32_t row, const weir_date_pattern *pattern, const weir_date_fields *fields,
                          weir_column *out) {
    char text[WEIR_DATE_OUT_MAX], problem[PROBLEM_BYTES];
    size_t size;
    if (weir_date_format(pattern, fields, text, &size, problem))
        weir_column_put_text(out, row, (weir_text){text, size});
    else
        weir_call_fail(call, row, "%s: %s", call->function->name, problem);
}

static void run_format_timestamp(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    convert_state *state = call->state;
    bool wide = arguments[0]->layout == WEIR_LAYOUT_TIMESTAMP_NS, local = call->argument_types[0]->kind == WEIR_KIND_TIMESTAMP_LTZ;
    WEIR_FOR_ROWS(rows, i, {
        const weir_date_pattern *pattern = row_pattern(state, arguments, i, WEIR_DATE_FORMATTER);
        if (pattern == NULL) {
            weir_call_fail(call, i, "%s", state->first.problem);
            continue;
        }
        int64_t us =
            wide ? weir_timestamp_ns_to_us(WEIR_VALUES(arguments[0], weir_timestamp_ns)[i]) : WEIR_VALUES(arguments[0], int64_t)[i];
        int32_t below = wide ? WEIR_VALUES(arguments[0], weir_timestamp_ns)[i].nanoseconds % 1000 : 0;
        weir_date_fields fields = weir_date_fields_of(local ? weir_zone_to_local_us(state->zone, us) : us, below);
        put_formatted(call, i, pattern, &fields, out);
    });
}

static weir_date_fields simple_fields(int64_t utc_ms, const weir_zone *zone) {
    int64_t local_us = weir_zone_to_local_us(zone, utc_ms * 1000);
    weir_date_fields fields = weir_date_fields_of(local_us, 0);
    weir_civil civil = weir_hybrid_from_days(fields.days);
    fields.year = civil.year;
    fields.month = civil.month;
    fields.day = civil.day;
    fields.zone = zone;
    fields.offset_seconds = weir_zone_offset_seconds(zone, weir_floor_div(utc_ms, 1000));
    return fields;
}

static const weir_date_pattern *default_simple(convert_state *state) {
    return slot_pattern(&state->second, DEFAULT_PATTERN, WEIR_DATE_SIMPLE);
}

static void run_format_text(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    convert_state *state = call->state;
    const weir_zone *utc = weir_zone_utc();
    WEIR_FOR_ROWS(rows, i, {
        const weir_date_pattern *pattern = row_pattern(state, arguments, i, WEIR_DATE_SIMPLE);
        int64_t ms;
        if (pattern == NULL) {
            weir_call_fail(call, i, "%s", state->first.problem);
        } else if (!weir_date_parse_simple(default_simple(state), weir_column_text(arguments[0], i), utc, state->century_start, &ms)) {
            weir_column_set_null(out, i);
        } else {
            weir_date_fields fields = simple_fields(ms, utc);
            put_formatted(call, i, pattern, &fields, out);
        }
    });
}

weir_status weir_date_format_bind(weir_call *call, weir_error *error) {
    convert_state *state;
    WEIR_TRY(make_state(call, 1, &state, error));
    call->kernel = weir_kind_is_text(call->argument_types[0]->kind) ? run_format_text : run_format_timestamp;
    return WEIR_OK;
}

/* ---- TO_DATE ---- */

static weir_status infer_text(weir_signature *signature, uint32_t least, uint32_t most, const char *forms, weir_error *error) {
    WEIR_TRY(weir_signature_count(signature, least, most, error));
    WEIR_TRY(weir_signature_no_null(signature, error));
    for (uint32_t i = 0; i < signature->count; i++)
        if (!weir_kind_is_text(signature->arguments[i].type->kind))
            return weir_signature_refuse_forms(signature, forms, error);
    return WEIR_OK;
}

weir_status weir_to_date_infer(weir_signature *signature, weir_error *error) {
    WEIR_TRY(infer_text(signature, 1, 2, "'TO_DATE(<CHARACTER>)' 'TO_DATE(<CHARACTER>, <CHARACTER>)'", error));
    return weir_signature_result(signature, weir_type_simple(WEIR_KIND_DATE, true), error);
}

static void run_to_date(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    (void)call;
    int32_t *r = WEIR_VALUES(out, int32_t);
    WEIR_FOR_ROWS(rows, i, {
        if (!weir_cast_text_to_date(weir_column_text(arguments[0], i), &r[i]))
            weir_column_set_null(out, i);
    });
}

static void run_to_date_pattern(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    convert_state *state = call->state;
    int32_t *r = WEIR_VALUES(out, int32_t);
    const weir_zone *utc = weir_zone_utc();
    WEIR_FOR_ROWS(rows, i, {
        const weir_date_pattern *pattern = row_pattern(state, arguments, i, WEIR_DATE_SIMPLE);
        int64_t ms;
        if (pattern == NULL)
            weir_call_fail(call, i, "%s", state->first.problem);
        else if (weir_date_parse_simple(pattern, weir_column_text(arguments[0], i), utc, state->century_start, &ms))
            r[i] = (int32_t)weir_floor_div(ms, WEIR_MS_PER_DAY);
        else
            r[i] = UNREADABLE_DATE_DAYS;
    });
}

weir_status weir_to_date_bind(weir_call *call, weir_error *error) {
    convert_state *state;
    WEIR_TRY(make_state(call, 1, &state, error));
    call->kernel = call->argument_count == 1 ? run_to_date : run_to_date_pattern;
    return WEIR_OK;
}

/* ---- TO_TIMESTAMP ---- */

weir_status weir_to_timestamp_infer(weir_signature *signature, weir_error *error) {
    WEIR_TRY(infer_text(signature, 1, 2, "'TO_TIMESTAMP(<CHARACTER>)' 'TO_TIMESTAMP(<CHARACTER>, <CHARACTER>)'", error));
    return weir_signature_result(signature, weir_type_sized(signature->arena, WEIR_KIND_TIMESTAMP, 3, true), error);
}

/* Local microseconds, cut to milliseconds. */
static bool read_timestamp(convert_state *state, weir_column *const *arguments, uint32_t row, int64_t *us) {
    weir_text text = weir_column_text(arguments[0], row);
    int32_t below;
    if (state->pattern_argument == UINT32_MAX) {
        weir_timestamp_ns value;
        if (!weir_cast_text_to_timestamp(text, &value))
            return false;
        *us = value.milliseconds * 1000;
        return true;
    }
    const weir_date_pattern *pattern = row_pattern(state, arguments, row, WEIR_DATE_FORMATTER);
    if (pattern == NULL || (!weir_date_parse(pattern, text, us, &below) && !weir_date_parse_jdbc(text, us, &below)))
        return false;
    *us = weir_timestamp_cut_us(*us, 3);
    return true;
}

static void run_to_timestamp(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    convert_state *state = call->state;
    int64_t *r = WEIR_VALUES(out, int64_t);
    WEIR_FOR_ROWS(rows, i, {
        if (!read_timestamp(state, arguments, i, &r[i])) {
            r[i] = 0;
            weir_column_set_null(out, i);
        }
    });
}

weir_status weir_to_timestamp_bind(weir_call *call, weir_error *error) {
    convert_state *state;
    WEIR_TRY(make_state(call, 1, &state, error));
    call->kernel = run_to_timestamp;
    return WEIR_OK;
}

/* ---- TO_TIMESTAMP_LTZ ---- */

static const char *const ltz_forms =
    "'TO_TIMESTAMP_LTZ(<NUMERIC> [, <INTEGER>])' 'TO_TIMESTAMP_LTZ(<CHARACTER> [, <CHARACTER> [, <CHARACTER>]])'";

weir_status weir_to_timestamp_ltz_infer(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_count(signature, 1, 3, error));
    weir_kind kind = signature->arguments[0].type->kind;
    int32_t precision = 3;
    if (weir_kind_is_numeric(kind)) {
        if (signature->count > 2 || (signature->count == 2 && !weir_kind_is_integer(signature->arguments[1].type->kind)))
            return weir_signature_refuse_forms(signature, ltz_forms, error);
        const weir_value *literal = signature->count == 2 ? signature->arguments[1].literal : NULL;
        if (literal != NULL && !literal->is_null) {
            if (literal->as.integer < 0 || literal->as.integer > 9)
                return weir_fail(error, WEIR_VALIDATE, "The precision of TO_TIMESTAMP_LTZ must be between 0 and 9, but was %lld",
                                 (long long)literal->as.integer);
            precision = literal->as.integer > 3 ? (int32_t)literal->as.integer : 3;
        }
        if (signature->count == 2)
            WEIR_TRY(weir_signature_want(signature, 1, weir_type_simple(WEIR_KIND_INT, true), error));
    } else {
        for (uint32_t i = 0; i < signature->count; i++)
            if (!weir_kind_is_text(signature->arguments[i].type->kind))
                return weir_signature_refuse_forms(signature, ltz_forms, error);
    }
    return weir_signature_result(signature, weir_type_sized(signature->arena, WEIR_KIND_TIMESTAMP_LTZ, precision, true), error);
}

static const int64_t tens[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000};

/* Milliseconds and nanoseconds within of a count of 10^-precision seconds. False: before year 0 or after 9999. */
static bool from_count(int64_t count, int32_t precision, weir_timestamp_ns *out) {
    const int64_t least_ms = INT64_C(-62167219200000), most_ms = INT64_C(253402300799999);
    int64_t ms, ns = 0;
    if (precision <= 3) {
        if (__builtin_mul_overflow(count, tens[3 - precision], &ms))
            return false;
    } else {
        int64_t unit = tens[precision - 3];
        ms = weir_floor_div(count, unit);
        ns = (count - ms * unit) * tens[9 - precision];
    }
    *out = (weir_timestamp_ns){ms, (int32_t)ns, 0};
    return ms >= least_ms && ms <= most_ms;
}

static bool number_at(const convert_state *state, const weir_column *column, uint32_t row, int32_t precision, weir_timestamp_ns *out) {
    double real;
    int64_t whole;
    switch (column->layout) {
    case WEIR_LAYOUT_I8: return from_count(WEIR_VALUES(column, int8_t)[row], precision, out);
    case WEIR_LAYOUT_I16: return from_count(WEIR_VALUES(column, int16_t)[row], precision, out);
    case WEIR_LAYOUT_I32: return from_count(WEIR_VALUES(column, int32_t)[row], precision, out);
    case WEIR_LAYOUT_I64: return from_count(WEIR_VALUES(column, int64_t)[row], precision, out);
    case WEIR_LAYOUT_I128: {
        weir_i128 value = WEIR_VALUES(column, weir_i128)[row];
        return weir_decimal_to_i64(value, state->scale, &whole) && from_count(whole, precision, out);
    }
    case WEIR_LAYOUT_F32: real = WEIR_VALUES(column, float)[row]; break;
    default: real = WEIR_VALUES(column, double)[row]; break;
    }
    double scaled = precision < 3 ? real * (double)tens[3 - precision] : real;
    if (!(scaled > -9e18 && scaled < 9e18))
        return false;
    return from_count((int64_t)scaled, precision < 3 ? 3 : precision, out);
}

static void put_instant(weir_column *out, uint32_t row, weir_timestamp_ns value) {
    if (out->layout == WEIR_LAYOUT_TIMESTAMP_NS)
        WEIR_VALUES(out, weir_timestamp_ns)[row] = value;
    else
        WEIR_VALUES(out, int64_t)[row] = weir_timestamp_cut_us(weir_timestamp_ns_to_us(value), out->type->precision);
}

static void run_ltz_number(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    const convert_state *state = call->state;
    WEIR_FOR_ROWS(rows, i, {
        weir_timestamp_ns value;
        int32_t precision = state->precision >= 0 ? state->precision : WEIR_VALUES(arguments[1], int32_t)[i];
        if (precision < 0 || precision > 9)
            weir_call_fail(call, i, "The precision of TO_TIMESTAMP_LTZ must be between 0 and 9, but was %d", precision);
        else if (number_at(state, arguments[0], i, precision, &value))
            put_instant(out, i, value);
        else
            weir_column_set_null(out, i);
    });
}

/* The zone with that name, opened once; NULL with the problem reported. Java's ids when `java`, else java.time's (an unknown one fails). */
static const weir_zone *zone_of(weir_call *call, uint32_t row, weir_text name, bool java) {
    convert_state *state = call->state;
    for (zone_entry *entry = state->zones; entry != NULL; entry = entry->next)
        if (weir_text_equal(entry->name, name))
            return entry->zone;
    const weir_zone *zone = NULL;
    if (java)
        zone = weir_zone_java(state->arena, name);
    else if (weir_zone_open(state->arena, name, &zone, NULL) != WEIR_OK) {
        weir_call_fail(call, row, "Invalid timezone for parsing TIMESTAMP_LTZ: Unknown time-zone ID: %.*s",
                       (int)(name.size > 80 ? 80 : name.size), name.data);
        return NULL;
    }
    /* GMT for a name that nobody knows is not worth an entry: the names may be as many as the rows. */
    if (java && zone == weir_zone_utc())
        return zone;
    zone_entry *entry = WEIR_ARENA_NEW(state->arena, zone_entry);
    if (entry != NULL) {
        *entry = (zone_entry){state->zones, weir_arena_text(state->arena, name), zone};
        state->zones = entry;
    }
    return zone;
}

static void run_ltz_text(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    convert_state *state = call->state;
    int64_t *r = WEIR_VALUES(out, int64_t);
    WEIR_FOR_ROWS(rows, i, {
        const weir_zone *zone = weir_zone_utc();
        if (call->argument_count == 3)
            zone = zone_of(call, i, weir_column_text(arguments[2], i), false);
        if (zone == NULL)
            continue;
        int64_t local;
        if (read_timestamp(state, arguments, i, &local)) {
            r[i] = weir_zone_to_utc_us(zone, local);
        } else if (state->pattern_argument == UINT32_MAX) {
            weir_text text = weir_column_text(arguments[0], i);
            weir_call_fail(call, i, "Text '%.*s' could not be parsed as a timestamp by TO_TIMESTAMP_LTZ",
                           (int)(text.size > 200 ? 200 : text.size), text.data);
        } else {
            weir_column_set_null(out, i);
        }
    });
}

weir_status weir_to_timestamp_ltz_bind(weir_call *call, weir_error *error) {
    convert_state *state;
    WEIR_TRY(make_state(call, 1, &state, error));
    const weir_type *type = call->argument_types[0];
    if (!weir_kind_is_numeric(type->kind)) {
        call->kernel = run_ltz_text;
        return WEIR_OK;
    }
    const weir_value *literal = weir_call_literal(call, 1);
    state->precision = call->argument_count == 1 ? 3 : literal != NULL && !literal->is_null ? (int32_t)literal->as.integer : -1;
    state->scale = type->scale;
    call->kernel = run_ltz_number;
    return WEIR_OK;
}

/* ---- UNIX_TIMESTAMP, FROM_UNIXTIME ---- */

weir_status weir_unix_timestamp_infer(weir_signature *signature, weir_error *error) {
    WEIR_TRY(
        infer_text(signature, 0, 2, "'UNIX_TIMESTAMP()' 'UNIX_TIMESTAMP(<CHARACTER>)' 'UNIX_TIMESTAMP(<CHARACTER>, <CHARACTER>)'", error));
    return weir_signature_result(signature, weir_type_simple(WEIR_KIND_BIGINT, weir_signature_nullable(signature)), error);
}

static void run_unix_timestamp(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    convert_state *state = call->state;
    int64_t *r = WEIR_VALUES(out, int64_t);
    WEIR_FOR_ROWS(rows, i, {
        const weir_date_pattern *pattern = row_pattern(state, arguments, i, WEIR_DATE_SIMPLE);
        int64_t ms;
        if (pattern == NULL)
            weir_call_fail(call, i, "%s", state->first.problem);
        else
            r[i] = weir_date_parse_simple(pattern, weir_column_text(arguments[0], i), state->zone, state->century_start, &ms) ? ms / 1000
                                                                                                                              : INT64_MIN;
    });
}

static void run_unix_now(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    (void)arguments;
    const weir_evaluation *evaluation = call->evaluation;
    int64_t now = evaluation == NULL ? 0
                                     : (evaluation->batch_mode || evaluation->clock == NULL ? evaluation->query_start_ms
                                                                                            : weir_clock_wall_ms(evaluation->clock)) /
                                           1000;
    int64_t *r = WEIR_VALUES(out, int64_t);
    WEIR_FOR_ROWS(rows, i, { r[i] = now; });
}

weir_status weir_unix_timestamp_bind(weir_call *call, weir_error *error) {
    convert_state *state;
    WEIR_TRY(make_state(call, 1, &state, error));
    call->kernel = call->argument_count == 0 ? run_unix_now : run_unix_timestamp;
    return WEIR_OK;
}

weir_status weir_from_unixtime_infer(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_count(signature, 1, 2, error));
    WEIR_TRY(weir_signature_no_null(signature, error));
    if (!weir_kind_is_integer(signature->arguments[0].type->kind) ||
        (signature->count == 2 && !weir_kind_is_text(signature->arguments[1].type->kind)))
        return weir_signature_refuse_forms(signature, "'FROM_UNIXTIME(<INTEGER>)' 'FROM_UNIXTIME(<INTEGER>, <CHARACTER>)'", error);
    WEIR_TRY(weir_signature_want(signature, 0, weir_type_simple(WEIR_KIND_BIGINT, true), error));
    return weir_signature_result(signature, weir_type_string(true), error);
}

static void run_from_unixtime(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    convert_state *state = call->state;
    const int64_t most_seconds = INT64_C(9000000000000);
    const int64_t *a = WEIR_VALUES(arguments[0], int64_t);
    WEIR_FOR_ROWS(rows, i, {
        const weir_date_pattern *pattern = row_pattern(state, arguments, i, WEIR_DATE_SIMPLE);
        if (pattern == NULL) {
            weir_call_fail(call, i, "%s", state->first.problem);
            continue;
        }
        if (a[i] > most_seconds || a[i] < -most_seconds) {
            weir_call_fail(call, i, "FROM_UNIXTIME: %lld seconds are outside the years that dates can have", (long long)a[i]);
            continue;
        }
        weir_date_fields fields = simple_fields(a[i] * 1000, state->zone);
        put_formatted(call, i, pattern, &fields, out);
    });
}

weir_status weir_from_unixtime_bind(weir_call *call, weir_error *error) {
    convert_state *state;
    WEIR_TRY(make_state(call, 1, &state, error));
    call->kernel = run_from_unixtime;
    return WEIR_OK;
}

/* ---- CONVERT_TZ ---- */

weir_status weir_convert_tz_infer(weir_signature *signature, weir_error *error) {
    WEIR_TRY(infer_text(signature, 3, 3, "'CONVERT_TZ(<CHARACTER>, <CHARACTER>, <CHARACTER>)'", error));
    return weir_signature_result(signature, weir_type_string(true), error);
}

static void run_convert_tz(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    convert_state *state = call->state;
    const weir_date_pattern *pattern = default_simple(state);
    WEIR_FOR_ROWS(rows, i, {
        const weir_zone *from = zone_of(call, i, weir_column_text(arguments[1], i), true);
        const weir_zone *to = zone_of(call, i, weir_column_text(arguments[2], i), true);
        int64_t ms;
        if (!weir_date_parse_simple(pattern, weir_column_text(arguments[0], i), from, state->century_start, &ms)) {
            weir_column_set_null(out, i);
            continue;
        }
        weir_date_fields fields = simple_fields(ms, to);
        put_formatted(call, i, pattern, &fields, out);
    });
}

weir_status weir_convert_tz_bind(weir_call *call, weir_error *error) {
    convert_state *state;
    WEIR_TRY(make_state(call, 3, &state, error));
    call->kernel = run_convert_tz;
    return WEIR_OK;
}
