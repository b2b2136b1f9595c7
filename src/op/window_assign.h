/* Which windows a time belongs to, and when they close. Times are milliseconds; "local" is the wall time of the session zone for LTZ
 * columns, else the time as it is. Private to op/. */
#ifndef WEIR_OP_WINDOW_ASSIGN_H
#define WEIR_OP_WINDOW_ASSIGN_H

#include "op/window.h"
#include "types/timestamp.h"

/* The shift between UTC and wall time, with the last answer kept. */
typedef struct weir_window_shift {
    const weir_zone *zone; /* NULL: no shift */
    int64_t block;         /* quarter of an hour, UTC, that offset_ms is right for */
    int64_t offset_ms;
} weir_window_shift;

weir_window_shift weir_window_shift_of(const weir_operator_context *context, bool is_ltz);
int64_t weir_window_to_local_ms(weir_window_shift *shift, int64_t utc_ms);
int64_t weir_window_to_utc_ms(const weir_window_shift *shift, int64_t local_ms);
/* The watermark (or clock) that closes a window which ends before `end_ms`: its last millisecond, and where wall time comes twice, the
 * second time. */
int64_t weir_window_trigger_ms(const weir_window_shift *shift, int64_t end_ms);

static inline int64_t weir_window_floor(int64_t local_ms, int64_t offset_ms, int64_t step_ms) {
    return local_ms - weir_floor_mod(local_ms - offset_ms, step_ms);
}

/* The windows of a time: ends low, low + step, ..., last; none when low > last. */
typedef struct weir_window_ends {
    int64_t low_ms, last_ms;
} weir_window_ends;
weir_window_ends weir_window_ends_of(const weir_window *window, int64_t local_ms);
/* The start of the window that ends at end_ms (not SESSION). */
int64_t weir_window_start_of(const weir_window *window, int64_t end_ms);
/* Milliseconds of a TIMESTAMP value, not shifted. */
int64_t weir_window_column_ms(const weir_column *column, uint32_t row);
/* Local time of each row into out[row]. Returns the first row whose time is NULL; UINT32_MAX: none. Processing time: now for all. */
uint32_t weir_window_times(const weir_window *window, weir_window_shift *shift, const weir_operator_context *context,
                           const weir_batch *batch,
                           const weir_rows *rows, int64_t *out);
/* START, END, TIME or PROCTIME of `count` windows into a TIMESTAMP column. */
void weir_window_property_write(weir_window_property property, const weir_window_shift *shift, const weir_operator_context *context,
                                const int64_t *starts, const int64_t *ends, uint32_t count, weir_column *out);
/* Write ms as a value of a TIMESTAMP column. */
static inline void weir_window_put_ms(weir_column *out, uint32_t row, int64_t ms) {
    if (out->layout == WEIR_LAYOUT_TIMESTAMP_NS)
        WEIR_VALUES(out, weir_timestamp_ns)[row] = (weir_timestamp_ns){ms, 0, 0};
    else
        WEIR_VALUES(out, int64_t)[row] = ms * 1000;
}

#endif
