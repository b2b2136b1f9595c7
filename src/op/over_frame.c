/* Frame bounds of sorted rows (batch). ROWS counts; RANGE with CURRENT ROW takes the peers; RANGE with a distance compares the one order
 * key, whose NULLs are peers of each other and nobody else.
 *
 * Keys and distances are compared as 128-bit integers (whole numbers, decimals at the column's scale, times in the column's unit) or as
 * doubles; descending order turns the sign, so that what follows is always ascending.
 */
#include "op/over_int.h"
#include "types/decimal.h"

static bool bound_equal(const weir_value *a, const weir_value *b) {
    return a->type == NULL || b->type == NULL ? a->type == b->type : weir_value_equal(a, b);
}

bool weir_frame_equal(const weir_frame *a, const weir_frame *b) {
    return a->rows == b->rows && a->lower == b->lower && a->upper == b->upper && a->lower_offset == b->lower_offset &&
           a->upper_offset == b->upper_offset && bound_equal(&a->lower_value, &b->lower_value) &&
           bound_equal(&a->upper_value, &b->upper_value);
}

typedef struct range_key {
    const weir_column *column;
    bool descending, real;
} range_key;

typedef struct range_bound {
    weir_i128 whole;
    double real;
} range_bound;

static bool is_real(weir_layout layout) { return layout == WEIR_LAYOUT_F32 || layout == WEIR_LAYOUT_F64; }

static weir_i128 whole_of(const weir_column *column, uint32_t row) {
    switch (column->layout) {
    case WEIR_LAYOUT_I8: return WEIR_VALUES(column, int8_t)[row];
    case WEIR_LAYOUT_I16: return WEIR_VALUES(column, int16_t)[row];
    case WEIR_LAYOUT_I32: return WEIR_VALUES(column, int32_t)[row];
    case WEIR_LAYOUT_I64: return WEIR_VALUES(column, int64_t)[row];
    case WEIR_LAYOUT_I128: return WEIR_VALUES(column, weir_i128)[row];
    case WEIR_LAYOUT_TIMESTAMP_NS:
        return (weir_i128)WEIR_VALUES(column, weir_timestamp_ns)[row].milliseconds * 1000000 +
               WEIR_VALUES(column, weir_timestamp_ns)[row].nanoseconds;
    default: return 0;
    }
}

static range_bound key_of(const range_key *key, uint32_t row) {
    range_bound bound = {0, 0};
    if (key->real) {
        double value =
            key->column->layout == WEIR_LAYOUT_F32 ? WEIR_VALUES(key->column, float)[row] : WEIR_VALUES(key->column, double)[row];
        bound.real = key->descending ? -value : value;
    } else {
        weir_i128 value = whole_of(key->column, row);
        bound.whole = key->descending ? -value : value;
    }
    return bound;
}

/* A distance in the column's unit. */
static weir_status distance_of(const weir_type *type, bool real, const weir_value *value, int64_t milliseconds, range_bound *out,
                               weir_error *error) {
    *out = (range_bound){0, 0};
    switch (type->kind) {
    case WEIR_KIND_TIMESTAMP:
    case WEIR_KIND_TIMESTAMP_LTZ:
        out->whole = (weir_i128)milliseconds * (weir_type_layout(type) == WEIR_LAYOUT_TIMESTAMP_NS ? 1000000 : 1000);
        return WEIR_OK;
    case WEIR_KIND_DATE: out->whole = milliseconds / 86400000; return WEIR_OK;
    case WEIR_KIND_TIME: out->whole = milliseconds; return WEIR_OK;
    default: break;
    }
    if (value->type == NULL || value->is_null)
        return weir_fail(error, WEIR_INTERNAL, "A RANGE frame over %s has no distance", "numbers");
    bool value_decimal = value->type->kind == WEIR_KIND_DECIMAL, value_real = weir_kind_is_approx(value->type->kind);
    if (real) {
        out->real = value_real      ? value->as.real
                    : value_decimal ? weir_decimal_to_double(value->as.decimal, value->type->scale)
                                    : (double)value->as.integer;
        return WEIR_OK;
    }
    int32_t scale = type->kind == WEIR_KIND_DECIMAL ? type->scale : 0;
    if (value_real) {
        if (!weir_decimal_from_double(value->as.real, 38, scale, &out->whole))
            return weir_fail(error, WEIR_RUNTIME, "The distance of a RANGE frame is out of range");
        return WEIR_OK;
    }
    weir_i128 amount = value_decimal ? value->as.decimal : value->as.integer;
    if (!weir_decimal_rescale(amount, value_decimal ? value->type->scale : 0, scale, &out->whole))
        return weir_fail(error, WEIR_RUNTIME, "The distance of a RANGE frame is out of range");
    return WEIR_OK;
}

static int bound_compare(const range_key *key, range_bound a, range_bound b) {
    if (key->real)
        return (a.real > b.real) - (a.real < b.real);
    return (a.whole > b.whole) - (a.whole < b.whole);
}

/* Rows of [from, to) whose key lies before key(row) + sign * distance (or, `after`, not behind it): the end of the bound. `at` goes on from
 * where it stood for the row before. */
static uint32_t range_advance(const range_key *key, uint32_t row, range_bound distance, int sign, bool after, uint32_t at, uint32_t to) {
    range_bound limit = key_of(key, row);
    limit.whole += sign * distance.whole;
    limit.real += sign * distance.real;
    while (at < to && bound_compare(key, key_of(key, at), limit) < (after ? 1 : 0))
        at++;
    return at;
}

static void peers_fill(const over_rows *rows, uint32_t start, uint32_t end, uint32_t *from, uint32_t *to) {
    for (uint32_t i = start; i < end;) {
        uint32_t last = i + 1;
        while (last < end && !rows->new_peer[last])
            last++;
        for (uint32_t k = i; k < last; k++) {
            from[k] = i;
            to[k] = last;
        }
        i = last;
    }
}

static uint32_t clamp(int64_t at, uint32_t start, uint32_t end) {
    return at < (int64_t)start ? start : at > (int64_t)end ? end : (uint32_t)at;
}

static int64_t add_clamped(int64_t a, int64_t b) {
    int64_t sum;
    return __builtin_add_overflow(a, b, &sum) ? (b < 0 ? INT64_MIN : INT64_MAX) : sum;
}

static void rows_frame(const weir_frame *frame, uint32_t start, uint32_t end, uint32_t *from, uint32_t *to) {
    for (uint32_t i = start; i < end; i++) {
        int64_t at = i;
        switch (frame->lower) {
        case WEIR_BOUND_UNBOUNDED_PRECEDING: from[i] = start; break;
        case WEIR_BOUND_PRECEDING: from[i] = clamp(add_clamped(at, -frame->lower_offset), start, end); break;
        case WEIR_BOUND_CURRENT: from[i] = i; break;
        case WEIR_BOUND_FOLLOWING: from[i] = clamp(add_clamped(at, frame->lower_offset), start, end); break;
        case WEIR_BOUND_UNBOUNDED_FOLLOWING: from[i] = end; break;
        }
        switch (frame->upper) {
        case WEIR_BOUND_UNBOUNDED_PRECEDING: to[i] = start; break;
        case WEIR_BOUND_PRECEDING: to[i] = clamp(add_clamped(at + 1, -frame->upper_offset), start, end); break;
        case WEIR_BOUND_CURRENT: to[i] = i + 1; break;
        case WEIR_BOUND_FOLLOWING: to[i] = clamp(add_clamped(at + 1, frame->upper_offset), start, end); break;
        case WEIR_BOUND_UNBOUNDED_FOLLOWING: to[i] = end; break;
        }
    }
}

/* Replace the bounds that have a distance, over the rows [first, last) whose key is not NULL. */
static void distances_fill(const weir_frame *frame, const range_key *key, range_bound lower, range_bound upper, uint32_t first,
                           uint32_t last, uint32_t *from, uint32_t *to) {
    bool lower_far = frame->lower == WEIR_BOUND_PRECEDING || frame->lower == WEIR_BOUND_FOLLOWING;
    bool upper_far = frame->upper == WEIR_BOUND_PRECEDING || frame->upper == WEIR_BOUND_FOLLOWING;
    uint32_t low = first, high = first;
    for (uint32_t i = first; i < last; i++) {
        if (lower_far)
            from[i] = low = range_advance(key, i, lower, frame->lower == WEIR_BOUND_PRECEDING ? -1 : 1, false, low, last);
        if (upper_far)
            to[i] = high = range_advance(key, i, upper, frame->upper == WEIR_BOUND_PRECEDING ? -1 : 1, true, high, last);
    }
}

static weir_status range_frame(const weir_over_spec *spec, const weir_frame *frame, const over_rows *rows, uint32_t start, uint32_t end,
                               uint32_t *from, uint32_t *to, weir_error *error) {
    peers_fill(rows, start, end, from, to); /* CURRENT ROW; and what NULLs have where there is a distance */
    bool far = frame->lower == WEIR_BOUND_PRECEDING || frame->lower == WEIR_BOUND_FOLLOWING || frame->upper == WEIR_BOUND_PRECEDING ||
               frame->upper == WEIR_BOUND_FOLLOWING;
    if (far) {
        const weir_sort_key *order = &spec->order[0];
        range_key key = {rows->columns[order->column], order->descending, is_real(weir_type_layout(spec->input_types[order->column]))};
        range_bound lower, upper;
        const weir_type *type = spec->input_types[order->column];
        lower = upper = (range_bound){0, 0};
        if (frame->lower == WEIR_BOUND_PRECEDING || frame->lower == WEIR_BOUND_FOLLOWING)
            WEIR_TRY(distance_of(type, key.real, &frame->lower_value, frame->lower_offset, &lower, error));
        if (frame->upper == WEIR_BOUND_PRECEDING || frame->upper == WEIR_BOUND_FOLLOWING)
            WEIR_TRY(distance_of(type, key.real, &frame->upper_value, frame->upper_offset, &upper, error));
        uint32_t first = start, last = end; /* NULLs stand at one end */
        while (first < end && !weir_column_is_valid(key.column, first))
            first++;
        while (last > first && !weir_column_is_valid(key.column, last - 1))
            last--;
        distances_fill(frame, &key, lower, upper, first, last, from, to);
    }
    for (uint32_t i = start; i < end; i++) {
        if (frame->lower == WEIR_BOUND_UNBOUNDED_PRECEDING)
            from[i] = start;
        if (frame->upper == WEIR_BOUND_UNBOUNDED_FOLLOWING)
            to[i] = end;
    }
    return WEIR_OK;
}

weir_status over_frames(const weir_over_spec *spec, const weir_frame *frame, const over_rows *rows, uint32_t *frame_from,
                        uint32_t *frame_to, const weir_operator_context *context, weir_error *error) {
    (void)context;
    for (uint32_t p = 0; p < rows->partition_count; p++) {
        uint32_t start = rows->starts[p], end = rows->starts[p + 1];
        if (frame->rows)
            rows_frame(frame, start, end, frame_from, frame_to);
        else
            WEIR_TRY(range_frame(spec, frame, rows, start, end, frame_from, frame_to, error));
    }
    for (uint32_t i = 0; i < rows->count; i++)
        if (frame_to[i] < frame_from[i])
            frame_to[i] = frame_from[i];
    return WEIR_OK;
}
