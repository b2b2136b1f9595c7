/* One OVER call over sorted rows (batch). Numbering functions and LAG / LEAD are computed here; everything else is an accumulator that goes
 * along the frames:
 *
 *   the frame begins where the partition begins    add the rows one by one, and take the result after the frame's last row
 *   short frames, or no way to take rows back      each row's frame afresh, many frames in one update
 *   else                                           add at the upper bound, take back at the lower one
 *
 * The adding and taking back of many rows is one list of events, played by one replay.
 */
#include <string.h>

#include "op/over_int.h"

enum { EVENTS_AT_ONCE = WEIR_BATCH_ROWS, AFRESH_ROWS_MEAN = 24 };

/* ---- numbering ---- */

static void number_partition(const over_call *call, const over_rows *rows, uint32_t start, uint32_t end, weir_column *out) {
    int64_t rank = 0, dense = 0, size = end - start;
    double *reals = call->function == OVER_PERCENT_RANK || call->function == OVER_CUME_DIST ? WEIR_VALUES(out, double) : NULL;
    for (uint32_t i = start; i < end; i++) {
        if (rows->new_peer[i]) {
            rank = i - start + 1;
            dense++;
        }
        switch (call->function) {
        case OVER_RANK: over_put_integer(out, i, rank); break;
        case OVER_DENSE_RANK: over_put_integer(out, i, dense); break;
        case OVER_PERCENT_RANK: reals[i] = size <= 1 ? 0 : (double)(rank - 1) / (double)(size - 1); break;
        case OVER_CUME_DIST: reals[i] = (double)(i - start + 1) / (double)size; break; /* rows, not peers, as in Flink */
        case OVER_NTILE: {
            if (call->no_distance) {
                weir_column_set_null(out, i);
                break;
            }
            int64_t small = size / call->distance, large = size % call->distance, at = i - start; /* `large` buckets have small + 1 rows */
            over_put_integer(out, i, at < large * (small + 1) ? at / (small + 1) + 1 : large + (at - large * (small + 1)) / small + 1);
            break;
        }
        default: over_put_integer(out, i, i - start + 1); break;
        }
    }
}

/* ---- LAG, LEAD ---- */

/* IGNORE NULLS: the distance counts rows with a value only. */
static uint32_t neighbour_with_value(const weir_column *argument, uint32_t row, int64_t distance, uint32_t start, uint32_t end) {
    int64_t step = distance >= 0 ? -1 : 1, left = distance >= 0 ? distance : -distance, at = row;
    while (left > 0) {
        at += step;
        if (at < (int64_t)start || at >= (int64_t)end)
            return UINT32_MAX;
        left -= weir_column_is_valid(argument, (uint32_t)at);
    }
    return (uint32_t)at;
}

static weir_status shift_compute(const over_call *call, const over_rows *rows, const weir_operator_context *context, weir_column *out,
                                 weir_error *error) {
    const weir_aggregate_call *of = &call->spec->call;
    const weir_column *argument = rows->columns[of->arguments[0]];
    const weir_column *otherwise = of->argument_count > 2 ? rows->columns[of->arguments[2]] : NULL;
    size_t bytes = (size_t)rows->count * sizeof(uint32_t);
    uint32_t *index = weir_memory_alloc(context->memory, bytes);
    if (index == NULL)
        return weir_stage_no_memory(context, bytes, error);
    for (uint32_t p = 0; p < rows->partition_count; p++) {
        uint32_t start = rows->starts[p], end = rows->starts[p + 1];
        for (uint32_t i = start; i < end; i++) {
            int64_t at = (int64_t)i - call->distance;
            index[i] = at < (int64_t)start || at >= (int64_t)end ? UINT32_MAX : (uint32_t)at;
            if (of->ignore_nulls && !call->no_distance)
                index[i] = neighbour_with_value(argument, i, call->distance, start, end);
            if (call->no_distance)
                index[i] = UINT32_MAX;
        }
    }
    weir_column_gather(out, 0, argument, index, rows->count);
    if (otherwise != NULL && !call->no_distance && weir_column_keep_from(out, otherwise)) {
        for (uint32_t i = 0; i < rows->count; i++) {
            if (index[i] != UINT32_MAX)
                continue;
            if (out->valid != NULL)
                out->valid[i] = 1;
            weir_column_copy_row(out, i, otherwise, i);
        }
    }
    weir_memory_free(context->memory, index, bytes);
    return out->failed ? weir_stage_no_memory(context, bytes, error) : WEIR_OK;
}

/* ---- accumulators ---- */

/* What is reused from chunk to chunk. */
typedef struct event_list {
    const over_rows *rows;
    over_call *call;
    const weir_operator_context *context;
    uint32_t count;
    uint32_t index[EVENTS_AT_ONCE]; /* the row that is added or taken back */
    uint8_t kinds[EVENTS_AT_ONCE];
    void *states[EVENTS_AT_ONCE];
} event_list;

static bool columns_load(event_list *events) {
    const over_call *call = events->call;
    for (uint32_t i = 0; i < call->needed_count; i++) {
        uint32_t column = call->needed[i];
        if (call->columns[column] != NULL)
            continue;
        call->columns[column] = weir_column_take(events->context->memory, events->rows->columns[column], events->index, events->count);
        if (call->columns[column] == NULL)
            return false;
    }
    return true;
}

static void columns_release(event_list *events) {
    for (uint32_t i = 0; i < events->call->needed_count; i++) {
        weir_column **slot = &events->call->columns[events->call->needed[i]];
        weir_column_unref(*slot);
        *slot = NULL;
    }
}

/* Play the events; after[k] is the result after event k. The caller unrefs *after. */
static weir_status events_replay(event_list *events, weir_column **after, weir_error *error) {
    const weir_operator_context *context = events->context;
    const weir_type *type = events->call->spec->call.result;
    weir_column *before = weir_column_create(context->memory, type, events->count);
    *after = weir_column_create(context->memory, type, events->count);
    weir_status status =
        before == NULL || *after == NULL || !columns_load(events) ? weir_stage_no_memory(context, events->count, error) : WEIR_OK;
    if (status == WEIR_OK)
        status = weir_accumulator_replay(&events->call->accumulator, events->states, 0, &(weir_rows){NULL, events->count}, events->kinds,
                                         events->call->columns, before, *after, error);
    columns_release(events);
    if (status == WEIR_OK && (before->failed || (*after)->failed))
        status = weir_stage_no_memory(context, events->count, error);
    weir_column_unref(before);
    if (status != WEIR_OK) {
        weir_column_unref(*after);
        *after = NULL;
    }
    return status;
}

/* Results after the played events go to the rows that wait for them: waiting[k] = row, position[k] = event. */
typedef struct result_list {
    uint32_t rows[EVENTS_AT_ONCE], events[EVENTS_AT_ONCE];
    uint32_t count;
} result_list;

static weir_status results_put(event_list *events, result_list *results, weir_column *out, weir_error *error) {
    if (events->count == 0)
        return WEIR_OK;
    weir_column *after;
    WEIR_TRY(events_replay(events, &after, error));
    bool kept = weir_column_keep_from(out, after);
    for (uint32_t k = 0; kept && k < results->count; k++)
        weir_column_copy_row(out, results->rows[k], after, results->events[k]);
    weir_column_unref(after);
    events->count = results->count = 0;
    return kept && !out->failed ? WEIR_OK : weir_stage_no_memory(events->context, EVENTS_AT_ONCE, error);
}

static void event_add(event_list *events, uint32_t row, uint8_t kind, void *state) {
    events->index[events->count] = row;
    events->kinds[events->count] = kind;
    events->states[events->count++] = state;
}

/* The result of an empty frame, into `row`. */
static weir_status empty_put(event_list *events, void *state, weir_column *out, uint32_t row, weir_error *error) {
    void *states[1] = {state};
    weir_column *one = weir_column_create(events->context->memory, events->call->spec->call.result, 1);
    if (one == NULL)
        return weir_stage_no_memory(events->context, 1, error);
    weir_status status = weir_accumulator_emit(&events->call->accumulator, states, 0, &(weir_rows){NULL, 1}, one, error);
    if (status == WEIR_OK && weir_column_keep_from(out, one))
        weir_column_copy_row(out, row, one, 0);
    weir_column_unref(one);
    return status == WEIR_OK && out->failed ? weir_stage_no_memory(events->context, 1, error) : status;
}

/* Frames that only grow, or whose rows can be taken back: one state along a partition. */
static weir_status partition_slide(event_list *events, result_list *results, const uint32_t *from, const uint32_t *to, uint32_t start,
                                   uint32_t end, void *state, void *empty, weir_column *out, weir_error *error) {
    uint32_t low = start, high = start; /* the state holds [low, high) */
    uint32_t last_row = start;
    for (uint32_t i = start; i < end; i++) {
        if (from[i] == to[i]) {
            WEIR_TRY(empty_put(events, empty, out, i, error));
            continue;
        }
        if (results->count == EVENTS_AT_ONCE)
            WEIR_TRY(results_put(events, results, out, error));
        while (high < to[i] || low < from[i]) {
            if (events->count == EVENTS_AT_ONCE)
                WEIR_TRY(results_put(events, results, out, error));
            if (low < from[i] && low < high)
                event_add(events, low++, WEIR_DELETE, state);
            else if (low < from[i]) /* never added: a gap */
                low = high = from[i];
            else
                event_add(events, high++, WEIR_INSERT, state);
        }
        if (events->count == 0) { /* played, and nothing new since: as the row before */
            weir_column_copy_row(out, i, out, last_row);
        } else {
            results->rows[results->count] = i;
            results->events[results->count++] = events->count - 1;
        }
        last_row = i;
    }
    return WEIR_OK;
}

static weir_status frames_slide(over_call *call, event_list *events, result_list *results, const over_rows *rows, const uint32_t *from,
                                const uint32_t *to, weir_column *out, weir_error *error) {
    weir_memory *memory = events->context->memory;
    uint32_t bytes = call->accumulator.state_bytes, done = 0;
    char *states = weir_memory_zalloc(memory, (size_t)(rows->partition_count + 1) * (bytes + 8));
    if (states == NULL)
        return weir_stage_no_memory(events->context, (size_t)rows->partition_count * bytes, error);
    char *empty = states + (size_t)rows->partition_count * (bytes + 8);
    weir_status status = WEIR_OK;
    for (; done < rows->partition_count && status == WEIR_OK; done++)
        status = partition_slide(events, results, from, to, rows->starts[done], rows->starts[done + 1], states + (size_t)done * (bytes + 8),
                                 empty, out, error);
    if (status == WEIR_OK)
        status = results_put(events, results, out, error);
    for (uint32_t p = 0; p <= rows->partition_count; p++)
        weir_accumulator_clear(&call->accumulator, states + (size_t)p * (bytes + 8));
    weir_memory_free(memory, states, (size_t)(rows->partition_count + 1) * (bytes + 8));
    return status;
}

static weir_status events_update(event_list *events, weir_error *error) {
    if (events->count == 0)
        return WEIR_OK;
    weir_status status = columns_load(events) ? WEIR_OK : weir_stage_no_memory(events->context, events->count, error);
    if (status == WEIR_OK)
        status = weir_accumulator_update(&events->call->accumulator, events->states, 0, &(weir_rows){NULL, events->count}, NULL,
                                         events->call->columns, error);
    columns_release(events);
    events->count = 0;
    return status;
}

/* Each frame from nothing: a state per row, for a stretch of rows at a time. */
static weir_status frames_afresh(over_call *call, event_list *events, const over_rows *rows, const uint32_t *from, const uint32_t *to,
                                 weir_column *out, weir_error *error) {
    enum { STRETCH = 1024 };
    weir_memory *memory = events->context->memory;
    size_t bytes = call->accumulator.state_bytes + 8;
    char *states = weir_memory_zalloc(memory, STRETCH * bytes);
    void **by_row = weir_memory_alloc(memory, (size_t)rows->count * sizeof(void *));
    uint32_t *stretch = weir_memory_alloc(memory, STRETCH * sizeof(uint32_t));
    weir_status status =
        states == NULL || by_row == NULL || stretch == NULL ? weir_stage_no_memory(events->context, STRETCH * bytes, error) : WEIR_OK;
    for (uint32_t begin = 0; begin < rows->count && status == WEIR_OK; begin += STRETCH) {
        uint32_t end = rows->count - begin < STRETCH ? rows->count : begin + STRETCH;
        for (uint32_t i = begin; i < end && status == WEIR_OK; i++) {
            by_row[i] = states + (i - begin) * bytes;
            stretch[i - begin] = i;
            for (uint32_t k = from[i]; k < to[i] && status == WEIR_OK; k++) {
                if (events->count == EVENTS_AT_ONCE)
                    status = events_update(events, error);
                event_add(events, k, WEIR_INSERT, by_row[i]);
            }
        }
        if (status == WEIR_OK)
            status = events_update(events, error);
        if (status == WEIR_OK)
            status = weir_accumulator_emit(&call->accumulator, by_row, 0, &(weir_rows){stretch, end - begin}, out, error);
        for (uint32_t i = begin; i < end; i++)
            weir_accumulator_clear(&call->accumulator, states + (i - begin) * bytes);
        memset(states, 0, STRETCH * bytes);
    }
    weir_memory_free(memory, states, STRETCH * bytes);
    weir_memory_free(memory, by_row, (size_t)rows->count * sizeof(void *));
    weir_memory_free(memory, stretch, STRETCH * sizeof(uint32_t));
    return status == WEIR_OK && out->failed ? weir_stage_no_memory(events->context, rows->count, error) : status;
}

/* The same frame for a whole partition: add its rows, show the result once. */
static bool frames_whole(const over_rows *rows, const uint32_t *from, const uint32_t *to) {
    for (uint32_t p = 0; p < rows->partition_count; p++)
        for (uint32_t i = rows->starts[p]; i < rows->starts[p + 1]; i++)
            if (from[i] != rows->starts[p] || to[i] != rows->starts[p + 1])
                return false;
    return true;
}

static weir_status compute_whole(over_call *call, const over_rows *rows, const weir_operator_context *context, weir_column *out,
                                 weir_error *error) {
    weir_memory *memory = context->memory;
    size_t bytes = call->accumulator.state_bytes + 8;
    char *states = weir_memory_zalloc(memory, ((size_t)rows->partition_count + 1) * bytes);
    void **by_row = weir_memory_alloc(memory, (size_t)rows->count * sizeof(void *));
    weir_status status = states == NULL || by_row == NULL ? weir_stage_no_memory(context, rows->partition_count * bytes, error) : WEIR_OK;
    for (uint32_t p = 0; p < rows->partition_count && status == WEIR_OK; p++)
        for (uint32_t i = rows->starts[p]; i < rows->starts[p + 1]; i++)
            by_row[i] = states + p * bytes;
    weir_rows all = {NULL, rows->count};
    if (status == WEIR_OK)
        status = weir_accumulator_update(&call->accumulator, by_row, 0, &all, NULL, rows->columns, error);
    if (status == WEIR_OK)
        status = weir_accumulator_emit(&call->accumulator, by_row, 0, &all, out, error);
    for (uint32_t p = 0; p < rows->partition_count && states != NULL; p++)
        weir_accumulator_clear(&call->accumulator, states + p * bytes);
    weir_memory_free(memory, states, ((size_t)rows->partition_count + 1) * bytes);
    weir_memory_free(memory, by_row, (size_t)rows->count * sizeof(void *));
    return status == WEIR_OK && out->failed ? weir_stage_no_memory(context, rows->count, error) : status;
}

weir_status over_compute_frames(over_call *call, const over_rows *rows, const uint32_t *from, const uint32_t *to,
                                const weir_operator_context *context, weir_column *out, weir_error *error) {
    if (frames_whole(rows, from, to))
        return compute_whole(call, rows, context, out, error);
    weir_memory *memory = context->memory;
    event_list *events = weir_memory_zalloc(memory, sizeof *events);
    result_list *results = weir_memory_zalloc(memory, sizeof *results);
    weir_status status = events == NULL || results == NULL ? weir_stage_no_memory(context, sizeof *events, error) : WEIR_OK;
    if (status == WEIR_OK) {
        events->rows = rows;
        events->call = call;
        events->context = context;
        uint64_t sum = 0;
        for (uint32_t i = 0; i < rows->count; i++)
            sum += to[i] - from[i];
        bool slides = over_frame_slides(&call->spec->frame);
        if (slides && (!call->retracts || sum <= (uint64_t)AFRESH_ROWS_MEAN * rows->count))
            status = frames_afresh(call, events, rows, from, to, out, error);
        else
            status = frames_slide(call, events, results, rows, from, to, out, error);
    }
    weir_memory_free(memory, events, sizeof *events);
    weir_memory_free(memory, results, sizeof *results);
    return status;
}

static weir_status compute_aggregate(const weir_over_spec *spec, over_call *call, const over_rows *rows,
                                     const weir_operator_context *context, weir_column *out, weir_error *error) {
    size_t bytes = (size_t)rows->count * sizeof(uint32_t);
    uint32_t *from = weir_memory_alloc(context->memory, bytes), *to = weir_memory_alloc(context->memory, bytes);
    weir_status status = from == NULL || to == NULL ? weir_stage_no_memory(context, bytes, error) : WEIR_OK;
    if (status == WEIR_OK)
        status = over_frames(spec, &call->spec->frame, rows, from, to, context, error);
    if (status == WEIR_OK)
        status = over_compute_frames(call, rows, from, to, context, out, error);
    weir_memory_free(context->memory, from, bytes);
    weir_memory_free(context->memory, to, bytes);
    return status;
}

weir_status over_compute(const weir_over_spec *spec, over_call *call, const over_rows *rows, const weir_operator_context *context,
                         weir_column **out, weir_error *error) {
    *out = weir_column_create(context->memory, call->spec->call.result, rows->count);
    if (*out == NULL)
        return weir_stage_no_memory(context, rows->count, error);
    weir_status status = WEIR_OK;
    if (call->function == OVER_AGGREGATE)
        status = compute_aggregate(spec, call, rows, context, *out, error);
    else if (call->function == OVER_LAG || call->function == OVER_LEAD)
        status = shift_compute(call, rows, context, *out, error);
    else
        for (uint32_t p = 0; p < rows->partition_count; p++)
            number_partition(call, rows, rows->starts[p], rows->starts[p + 1], *out);
    if (status != WEIR_OK) {
        weir_column_unref(*out);
        *out = NULL;
    }
    return status;
}
