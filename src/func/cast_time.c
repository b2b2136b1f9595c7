/* CAST among DATE, TIME, TIMESTAMP and TIMESTAMP_LTZ.
 *
 * Two of Flink's answers look wrong and are kept: TIMESTAMP to DATE and to TIME cut toward 1970, so that a time of day before 1970 lands on
 * the next day, and has no TIME at all. TIMESTAMP_LTZ does not have that flaw. */
#include "func/cast_int.h"
#include "types/timestamp.h"

static const weir_zone *zone_of(const cast_run *run) {
    const weir_evaluation *evaluation = run->call->evaluation;
    return evaluation == NULL || evaluation->zone == NULL ? weir_zone_utc() : evaluation->zone;
}

static const int32_t units_ns[] = {1000000000, 100000000, 10000000, 1000000, 100000, 10000, 1000, 100, 10, 1};

/* Cut to `precision` fractional digits. From milliseconds on it is toward the past, above them toward 1970: as Flink does it. */
static weir_timestamp_ns cut(weir_timestamp_ns value, int32_t precision) {
    if (precision >= 9)
        return value;
    if (precision > 3) {
        value.nanoseconds -= value.nanoseconds % units_ns[precision];
        return value;
    }
    int64_t unit_ms = precision == 3 ? 1 : units_ns[precision] / 1000000;
    return (weir_timestamp_ns){value.milliseconds / unit_ms * unit_ms, 0, 0};
}

static weir_timestamp_ns timestamp_at(const weir_column *column, uint32_t row) {
    if (column->layout == WEIR_LAYOUT_TIMESTAMP_NS)
        return WEIR_VALUES(column, weir_timestamp_ns)[row];
    return weir_timestamp_ns_from_us(WEIR_VALUES(column, int64_t)[row]);
}

static void put_timestamp(weir_column *out, uint32_t row, weir_timestamp_ns value) {
    if (out->layout == WEIR_LAYOUT_TIMESTAMP_NS)
        WEIR_VALUES(out, weir_timestamp_ns)[row] = value;
    else
        WEIR_VALUES(out, int64_t)[row] = weir_timestamp_ns_to_us(value);
}

static weir_timestamp_ns to_utc(const weir_zone *zone, weir_timestamp_ns local) {
    local.milliseconds = weir_floor_div(weir_zone_to_utc_us(zone, local.milliseconds * 1000), 1000);
    return local;
}

static weir_timestamp_ns to_local(const weir_zone *zone, weir_timestamp_ns utc) {
    utc.milliseconds = weir_floor_div(weir_zone_to_local_us(zone, utc.milliseconds * 1000), 1000);
    return utc;
}

static void step_to_timestamp(const cast_plan *plan, cast_run *run, const weir_rows *rows, const weir_column *from, weir_column *out) {
    const weir_zone *zone = zone_of(run);
    const bool to_instant = plan->to->kind == WEIR_KIND_TIMESTAMP_LTZ;
    const int64_t unit_ms = plan->from->kind == WEIR_KIND_DATE ? WEIR_MS_PER_DAY : 1;
    const int32_t *a = WEIR_VALUES(from, int32_t);
    WEIR_FOR_ROWS(rows, i, {
        weir_timestamp_ns value = cut((weir_timestamp_ns){a[i] * unit_ms, 0, 0}, plan->to->precision);
        put_timestamp(out, i, to_instant ? to_utc(zone, value) : value);
    });
}

static void step_between_timestamps(const cast_plan *plan, cast_run *run, const weir_rows *rows, const weir_column *from,
                                    weir_column *out) {
    const weir_zone *zone = zone_of(run);
    const bool same = plan->from->kind == plan->to->kind, to_instant = plan->to->kind == WEIR_KIND_TIMESTAMP_LTZ;
    if (same && from->layout == WEIR_LAYOUT_I64 && out->layout == WEIR_LAYOUT_I64 && plan->to->precision >= 3) {
        const int64_t *a = WEIR_VALUES(from, int64_t);
        int64_t *r = WEIR_VALUES(out, int64_t);
        const int32_t precision = plan->to->precision;
        WEIR_FOR_ROWS(rows, i, { r[i] = weir_timestamp_cut_us(a[i], precision); });
        return;
    }
    WEIR_FOR_ROWS(rows, i, {
        weir_timestamp_ns value = timestamp_at(from, i);
        if (!same)
            value = to_instant ? to_utc(zone, value) : to_local(zone, value);
        put_timestamp(out, i, cut(value, plan->to->precision));
    });
}

static void step_to_date(const cast_plan *plan, cast_run *run, const weir_rows *rows, const weir_column *from, weir_column *out) {
    const weir_zone *zone = zone_of(run);
    const bool instant = plan->from->kind == WEIR_KIND_TIMESTAMP_LTZ;
    int32_t *r = WEIR_VALUES(out, int32_t);
    WEIR_FOR_ROWS(rows, i, {
        weir_timestamp_ns value = timestamp_at(from, i);
        if (instant)
            r[i] = (int32_t)weir_floor_div(to_local(zone, value).milliseconds, WEIR_MS_PER_DAY);
        else
            r[i] = (int32_t)(value.milliseconds / WEIR_MS_PER_DAY);
    });
}

static int32_t cut_time(int32_t milliseconds, int32_t precision) {
    if (precision >= 3)
        return milliseconds;
    return milliseconds - milliseconds % (units_ns[precision] / 1000000);
}

static void step_to_time(const cast_plan *plan, cast_run *run, const weir_rows *rows, const weir_column *from, weir_column *out) {
    const weir_zone *zone = zone_of(run);
    const bool instant = plan->from->kind == WEIR_KIND_TIMESTAMP_LTZ;
    int32_t *r = WEIR_VALUES(out, int32_t);
    WEIR_FOR_ROWS(rows, i, {
        weir_timestamp_ns value = timestamp_at(from, i);
        int64_t within =
            instant ? weir_floor_mod(to_local(zone, value).milliseconds, WEIR_MS_PER_DAY) : value.milliseconds % WEIR_MS_PER_DAY;
        if (within < 0)
            weir_cast_failed(run, out, i, "Invalid time format: a TIMESTAMP before 1970 with a time of day has no TIME");
        else
            r[i] = cut_time((int32_t)within, plan->to->precision);
    });
}

static void step_between_times(const cast_plan *plan, cast_run *run, const weir_rows *rows, const weir_column *from, weir_column *out) {
    (void)run;
    const int32_t *a = WEIR_VALUES(from, int32_t);
    int32_t *r = WEIR_VALUES(out, int32_t);
    WEIR_FOR_ROWS(rows, i, { r[i] = cut_time(a[i], plan->to->precision); });
}

cast_step weir_cast_step_time(const weir_type *from, const weir_type *to) {
    if (from->kind == WEIR_KIND_TIME && to->kind == WEIR_KIND_TIME)
        return step_between_times;
    if (weir_kind_is_timestamp(to->kind)) {
        if (from->kind == WEIR_KIND_DATE || from->kind == WEIR_KIND_TIME)
            return step_to_timestamp;
        return weir_kind_is_timestamp(from->kind) ? step_between_timestamps : NULL;
    }
    if (!weir_kind_is_timestamp(from->kind))
        return NULL;
    if (to->kind == WEIR_KIND_DATE)
        return step_to_date;
    return to->kind == WEIR_KIND_TIME ? step_to_time : NULL;
}
