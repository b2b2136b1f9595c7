/* See window_assign.h. */
#include "op/window_assign.h"

enum { QUARTER_MS = 900000, HOUR_MS = 3600000 };

weir_window_shift weir_window_shift_of(const weir_operator_context *context, bool is_ltz) {
    weir_window_shift shift = {.block = INT64_MIN};
    const weir_zone *zone = context->evaluation->zone;
    if (is_ltz && zone != NULL && zone != weir_zone_utc() && !weir_text_equal_c(weir_zone_name(zone), "UTC"))
        shift.zone = zone;
    return shift;
}

int64_t weir_window_to_local_ms(weir_window_shift *shift, int64_t utc_ms) {
    if (shift->zone == NULL)
        return utc_ms;
    int64_t block = weir_floor_div(utc_ms, QUARTER_MS); /* zones change at quarters of an hour */
    if (block != shift->block) {
        shift->block = block;
        shift->offset_ms = (int64_t)weir_zone_offset_seconds(shift->zone, weir_floor_div(utc_ms, 1000)) * 1000;
    }
    return utc_ms + shift->offset_ms;
}

int64_t weir_window_to_utc_ms(const weir_window_shift *shift, int64_t local_ms) {
    if (shift->zone == NULL)
        return local_ms;
    return weir_floor_div(weir_zone_to_utc_us(shift->zone, local_ms * 1000), 1000);
}

int64_t weir_window_trigger_ms(const weir_window_shift *shift, int64_t end_ms) {
    int64_t local_ms = end_ms - 1;
    if (shift->zone == NULL)
        return local_ms;
    int64_t first = weir_window_to_utc_ms(shift, local_ms), next = weir_window_to_utc_ms(shift, local_ms + HOUR_MS);
    return next - first > HOUR_MS ? first + HOUR_MS : first;
}

weir_window_ends weir_window_ends_of(const weir_window *window, int64_t local_ms) {
    int64_t size = window->size_ms, step = window->slide_ms, start;
    switch (window->kind) {
    case WEIR_WINDOW_HOP: {
        start = weir_window_floor(local_ms, window->offset_ms, step);
        if (start <= local_ms - size) /* between two windows: the slide is longer than the size */
            return (weir_window_ends){1, 0};
        int64_t earlier = (start - (local_ms - size) - 1) / step;
        return (weir_window_ends){start - earlier * step + size, start + size};
    }
    case WEIR_WINDOW_CUMULATE:
        start = weir_window_floor(local_ms, window->offset_ms, size);
        return (weir_window_ends){start + (local_ms - start) / step * step + step, start + size};
    default: start = weir_window_floor(local_ms, window->offset_ms, size); return (weir_window_ends){start + size, start + size};
    }
}

int64_t weir_window_start_of(const weir_window *window, int64_t end_ms) {
    if (window->kind == WEIR_WINDOW_CUMULATE)
        return weir_window_floor(end_ms - 1, window->offset_ms, window->size_ms);
    return end_ms - window->size_ms;
}

int64_t weir_window_column_ms(const weir_column *column, uint32_t row) {
    if (column->layout == WEIR_LAYOUT_TIMESTAMP_NS)
        return WEIR_VALUES(column, weir_timestamp_ns)[row].milliseconds;
    return weir_floor_div(WEIR_VALUES(column, int64_t)[row], 1000);
}

uint32_t weir_window_times(const weir_window *window, weir_window_shift *shift, const weir_operator_context *context,
                           const weir_batch *batch,
                           const weir_rows *rows, int64_t *out) {
    if (window->processing_time) {
        int64_t now = weir_window_to_local_ms(shift, weir_clock_wall_ms(context->evaluation->clock));
        WEIR_FOR_ROWS(rows, row, { out[row] = now; });
        return UINT32_MAX;
    }
    const weir_column *column = batch->columns[window->time_column];
    uint32_t bad = UINT32_MAX;
    WEIR_FOR_ROWS(rows, row, {
        if (!weir_column_is_valid(column, row)) {
            bad = row < bad ? row : bad;
            out[row] = INT64_MIN;
        } else {
            out[row] = weir_window_to_local_ms(shift, weir_window_column_ms(column, row));
        }
    });
    return bad;
}

void weir_window_property_write(weir_window_property property, const weir_window_shift *shift, const weir_operator_context *context,
                                const int64_t *starts, const int64_t *ends, uint32_t count, weir_column *out) {
    int64_t now_ms = property == WEIR_WINDOW_PROPERTY_PROCTIME ? weir_clock_wall_ms(context->evaluation->clock) : 0;
    for (uint32_t k = 0; k < count; k++) {
        switch (property) {
        case WEIR_WINDOW_PROPERTY_START: weir_window_put_ms(out, k, starts[k]); break;
        case WEIR_WINDOW_PROPERTY_END: weir_window_put_ms(out, k, ends[k]); break;
        case WEIR_WINDOW_PROPERTY_TIME: weir_window_put_ms(out, k, weir_window_to_utc_ms(shift, ends[k] - 1)); break;
        case WEIR_WINDOW_PROPERTY_PROCTIME: weir_window_put_ms(out, k, now_ms); break;
        }
    }
}
