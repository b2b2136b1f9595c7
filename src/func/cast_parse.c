/* CAST from text to numbers, BOOLEAN, dates and times, with the messages of Flink's runtime. The rules of what is a value are in
 * types/convert.h. */
#include "func/cast_int.h"
#include "types/convert.h"

enum { SHOWN_BYTES_MAX = 200 };

static weir_text shown(weir_text text) { return (weir_text){text.data, text.size > SHOWN_BYTES_MAX ? SHOWN_BYTES_MAX : text.size}; }

/* "Overflow." for digits that are too many, else the reason is a character. */
static const char *integer_reason(weir_text text) {
    weir_text digits = weir_text_trim(text);
    if (digits.size > 1 && (digits.data[0] == '-' || digits.data[0] == '+'))
        digits = (weir_text){digits.data + 1, digits.size - 1};
    for (size_t i = 0; i < digits.size; i++)
        if (digits.data[i] < '0' || digits.data[i] > '9')
            return "Invalid character found.";
    return digits.size == 0 ? "Input is empty." : "Overflow.";
}

#define INTEGER_STEP(name_, c_type_, least_, most_)                                                                               \
    static void name_(const cast_plan *plan, cast_run *run, const weir_rows *rows, const weir_column *from, weir_column *out) {   \
        (void)plan;                                                                                                               \
        c_type_ *r = WEIR_VALUES(out, c_type_);                                                                                   \
        WEIR_FOR_ROWS(rows, i, {                                                                                                  \
            weir_text text = weir_column_text(from, i);                                                                           \
            int64_t value = 0;                                                                                                    \
            if (weir_cast_text_to_i64(text, least_, most_, &value))                                                               \
                r[i] = (c_type_)value;                                                                                            \
            else                                                                                                                  \
                weir_cast_failed(run, out, i, "For input string: '%.*s'. %s", WEIR_TEXT_ARGS(shown(text)), integer_reason(text)); \
        });                                                                                                                       \
    }

INTEGER_STEP(step_i8, int8_t, INT8_MIN, INT8_MAX)
INTEGER_STEP(step_i16, int16_t, INT16_MIN, INT16_MAX)
INTEGER_STEP(step_i32, int32_t, INT32_MIN, INT32_MAX)
INTEGER_STEP(step_i64, int64_t, INT64_MIN, INT64_MAX)

/* A step whose reader gives the value as it is stored. */
#define READ_STEP(name_, c_type_, stored_type_, call_, ...)                                                                     \
    static void name_(const cast_plan *plan, cast_run *run, const weir_rows *rows, const weir_column *from, weir_column *out) { \
        (void)plan;                                                                                                             \
        stored_type_ *r = WEIR_VALUES(out, stored_type_);                                                                       \
        WEIR_FOR_ROWS(rows, i, {                                                                                                \
            weir_text text = weir_column_text(from, i);                                                                         \
            c_type_ value = 0;                                                                                                  \
            if (call_)                                                                                                          \
                r[i] = (stored_type_)value;                                                                                     \
            else                                                                                                                \
                weir_cast_failed(run, out, i, __VA_ARGS__, WEIR_TEXT_ARGS(shown(text)));                                        \
        });                                                                                                                     \
    }

READ_STEP(step_boolean, bool, uint8_t, weir_cast_text_to_boolean(text, &value), "Cannot parse '%.*s' as BOOLEAN.")
READ_STEP(step_f32, float, float, weir_cast_text_to_float(text, &value), "For input string: \"%.*s\"")
READ_STEP(step_f64, double, double, weir_cast_text_to_double(text, &value), "For input string: \"%.*s\"")
READ_STEP(step_decimal, weir_i128, weir_i128, weir_cast_text_to_decimal(text, plan->to->precision, plan->to->scale, &value),
          "For input string: '%.*s'. Overflow.")
READ_STEP(step_date, int32_t, int32_t, weir_cast_text_to_date(text, &value), "For input string: '%.*s'.")

static const int32_t time_units_ms[] = {1000, 100, 10, 1};

static void step_time(const cast_plan *plan, cast_run *run, const weir_rows *rows, const weir_column *from, weir_column *out) {
    int32_t *r = WEIR_VALUES(out, int32_t);
    const int32_t unit_ms = time_units_ms[plan->to->precision > 3 ? 3 : plan->to->precision];
    WEIR_FOR_ROWS(rows, i, {
        weir_text text = weir_column_text(from, i);
        int32_t value = 0;
        if (weir_cast_text_to_time(text, &value))
            r[i] = value - value % unit_ms;
        else
            weir_cast_failed(run, out, i,
                             "Invalid time format: '%.*s'. Expected format: HH:mm:ss[.fff] where HH is 00-23, mm is 00-59, ss is 00-59",
                             WEIR_TEXT_ARGS(shown(text)));
    });
}

static const int32_t timestamp_units_ns[] = {1000000000, 100000000, 10000000, 1000000, 100000, 10000, 1000, 100, 10, 1};

static void step_timestamp(const cast_plan *plan, cast_run *run, const weir_rows *rows, const weir_column *from, weir_column *out) {
    const weir_evaluation *evaluation = run->call->evaluation;
    const weir_zone *zone = evaluation == NULL || evaluation->zone == NULL ? weir_zone_utc() : evaluation->zone;
    const bool to_instant = plan->to->kind == WEIR_KIND_TIMESTAMP_LTZ;
    const int32_t precision = plan->to->precision;
    WEIR_FOR_ROWS(rows, i, {
        weir_text text = weir_column_text(from, i);
        weir_timestamp_ns value = {0};
        if (!weir_cast_text_to_timestamp(text, &value)) {
            weir_cast_failed(run, out, i, "Text '%.*s' could not be parsed at index 0", WEIR_TEXT_ARGS(shown(text)));
            continue;
        }
        if (precision < 3) {
            value.milliseconds -= weir_floor_mod(value.milliseconds, timestamp_units_ns[precision] / 1000000);
            value.nanoseconds = 0;
        } else {
            value.nanoseconds -= precision == 3 ? value.nanoseconds : value.nanoseconds % timestamp_units_ns[precision];
        }
        if (to_instant)
            value.milliseconds = weir_floor_div(weir_zone_to_utc_us(zone, value.milliseconds * 1000), 1000);
        if (out->layout == WEIR_LAYOUT_TIMESTAMP_NS)
            WEIR_VALUES(out, weir_timestamp_ns)[i] = value;
        else
            WEIR_VALUES(out, int64_t)[i] = weir_timestamp_ns_to_us(value);
    });
}

cast_step weir_cast_step_parse(const weir_type *from, const weir_type *to) {
    if (!weir_kind_is_text(from->kind))
        return NULL;
    switch (to->kind) {
    case WEIR_KIND_BOOLEAN: return step_boolean;
    case WEIR_KIND_TINYINT: return step_i8;
    case WEIR_KIND_SMALLINT: return step_i16;
    case WEIR_KIND_INT: return step_i32;
    case WEIR_KIND_BIGINT: return step_i64;
    case WEIR_KIND_FLOAT: return step_f32;
    case WEIR_KIND_DOUBLE: return step_f64;
    case WEIR_KIND_DECIMAL: return step_decimal;
    case WEIR_KIND_DATE: return step_date;
    case WEIR_KIND_TIME: return step_time;
    case WEIR_KIND_TIMESTAMP:
    case WEIR_KIND_TIMESTAMP_LTZ: return step_timestamp;
    default: return NULL;
    }
}
