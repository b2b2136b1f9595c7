/* What conditions and measures read: for every request the rows of its sources are decoded into columns, aggregates are computed over the
 * rows of their variable, and one program runs over all requests. See match_int.h.
 *
 * The columns are kept from run to run: most runs are small, and a column that nobody else holds and that owns no text can be filled again.
 */
#include <string.h>

#include "op/match_int.h"

enum { COLUMN_ROWS_MIN = 16 };

static weir_status no_memory(const match_lens *lens, size_t size_bytes, weir_error *error) {
    return weir_stage_no_memory(lens->context, size_bytes, error);
}

/* ---- columns that are filled again and again ---- */

static bool is_free(const weir_column *column, uint32_t rows) {
    return column != NULL && column->capacity >= rows && atomic_load_explicit(&column->references, memory_order_acquire) == 1 &&
           column->kept_count == 0 && column->child_count == 0 && !column->failed;
}

static weir_status column_prepare(const match_lens *lens, weir_column **column, const weir_type *type, uint32_t rows, weir_error *error) {
    if (is_free(*column, rows)) {
        (*column)->valid = type->kind == WEIR_KIND_NULL ? (*column)->valid : NULL;
        return WEIR_OK;
    }
    uint32_t capacity = COLUMN_ROWS_MIN;
    while (capacity < rows)
        capacity *= 2;
    weir_column_unref(*column);
    *column = weir_column_create(lens->context->memory, type, capacity);
    return *column != NULL ? WEIR_OK : no_memory(lens, (size_t)capacity * 16, error);
}

static weir_status columns_check(const match_lens *lens, weir_column *const *columns, uint32_t count, weir_error *error) {
    for (uint32_t i = 0; i < count; i++)
        if (columns[i]->failed)
            return no_memory(lens, columns[i]->capacity, error);
    return WEIR_OK;
}

static weir_status sources_fill(match_lens *lens, const match_request *requests, uint32_t count, weir_error *error) {
    uint32_t width = lens->spec->input_count;
    for (uint32_t s = 0; s < lens->view->source_count; s++) {
        weir_column **columns = lens->columns + s * width;
        for (uint32_t i = 0; i < width; i++)
            WEIR_TRY(column_prepare(lens, &columns[i], lens->spec->input_types[i], count, error));
        for (uint32_t r = 0; r < count; r++) {
            const char *bytes = match_chain_row(lens->state, requests[r].node, &lens->view->sources[s], lens->stage, requests[r].current);
            if (bytes != NULL)
                weir_codec_read(lens->codec, bytes, columns, r);
            else
                for (uint32_t i = 0; i < width; i++)
                    weir_column_set_null(columns[i], r);
        }
        WEIR_TRY(columns_check(lens, columns, width, error));
    }
    return WEIR_OK;
}

/* ---- aggregates ---- */

/* Add rows of `columns` to the states at lens->places. */
static weir_status aggregate_update(match_lens *lens, match_lens_aggregate *aggregate, weir_column *const *columns, uint32_t count,
                                    weir_error *error) {
    weir_rows rows = {NULL, count};
    weir_status status = WEIR_OK;
    uint32_t failed_row, arguments = aggregate->spec->argument_count;
    if (arguments > 0)
        status = weir_program_run(aggregate->arguments, columns, count, &rows, aggregate->values, &failed_row, error);
    if (status == WEIR_OK)
        status = weir_accumulator_update(&aggregate->accumulator, lens->places, 0, &rows, NULL, aggregate->values, error);
    for (uint32_t i = 0; i < arguments; i++) {
        weir_column_unref(aggregate->values[i]);
        aggregate->values[i] = NULL;
    }
    return status;
}

static weir_status gathered_flush(match_lens *lens, uint32_t variable, weir_error *error) {
    uint32_t count = lens->gathered_count;
    lens->gathered_count = 0;
    if (count == 0)
        return WEIR_OK;
    WEIR_TRY(columns_check(lens, lens->gathered, lens->spec->input_count, error));
    for (uint32_t a = 0; a < lens->view->aggregate_count; a++) {
        match_lens_aggregate *aggregate = &lens->aggregates[a];
        if (aggregate->spec->variable != variable || aggregate->place > 0)
            continue;
        for (uint32_t r = 0; r < count; r++)
            lens->places[r] = aggregate->states + (size_t)lens->owners[r] * aggregate->accumulator.state_bytes;
        WEIR_TRY(aggregate_update(lens, aggregate, lens->gathered, count, error));
    }
    return WEIR_OK;
}

static weir_status gathered_add(match_lens *lens, uint32_t variable, const char *bytes, uint32_t owner, weir_error *error) {
    if (lens->gathered_count == 0)
        for (uint32_t i = 0; i < lens->spec->input_count; i++)
            WEIR_TRY(column_prepare(lens, &lens->gathered[i], lens->spec->input_types[i], WEIR_BATCH_ROWS, error));
    weir_codec_read(lens->codec, bytes, lens->gathered, lens->gathered_count);
    lens->owners[lens->gathered_count++] = owner;
    return lens->gathered_count == WEIR_BATCH_ROWS ? gathered_flush(lens, variable, error) : WEIR_OK;
}

/* The nodes of a variable, last one first. */
static weir_status trail_find(match_lens *lens, weir_ref ref, uint32_t variable, weir_error *error) {
    lens->trail_count = 0;
    const match_node *node = match_node_last(lens->state, ref, variable);
    while (node != NULL && (variable == WEIR_MATCH_ANY || node->stage == variable)) {
        if (lens->trail_count == lens->trail_capacity &&
            !weir_memory_grow(lens->context->memory, (void **)&lens->trail, &lens->trail_capacity, lens->trail_count + 1, sizeof(weir_ref)))
            return no_memory(lens, sizeof(weir_ref), error);
        lens->trail[lens->trail_count++] = node->row;
        node = node->previous == 0 ? NULL : weir_state_read(lens->state, node->previous);
    }
    return WEIR_OK;
}

static weir_status variable_gather(match_lens *lens, uint32_t variable, const match_request *requests, uint32_t count, weir_error *error) {
    bool with_current = variable == lens->stage || variable == WEIR_MATCH_ANY;
    for (uint32_t r = 0; r < count; r++) {
        WEIR_TRY(trail_find(lens, requests[r].node, variable, error));
        for (size_t i = lens->trail_count; i-- > 0;)
            WEIR_TRY(gathered_add(lens, variable, match_row_bytes(weir_state_read(lens->state, lens->trail[i])), r, error));
        if (with_current && requests[r].current != NULL)
            WEIR_TRY(gathered_add(lens, variable, requests[r].current, r, error));
    }
    return gathered_flush(lens, variable, error);
}

static weir_status states_clear(match_lens *lens, uint32_t count, weir_error *error) {
    for (uint32_t a = 0; a < lens->view->aggregate_count; a++) {
        match_lens_aggregate *aggregate = &lens->aggregates[a];
        size_t bytes = (size_t)count * aggregate->accumulator.state_bytes;
        if (bytes > aggregate->states_bytes) {
            weir_memory_free(lens->context->memory, aggregate->states, aggregate->states_bytes);
            aggregate->states_bytes = 0;
            aggregate->states = weir_memory_alloc(lens->context->memory, bytes);
            if (aggregate->states == NULL)
                return no_memory(lens, bytes, error);
            aggregate->states_bytes = bytes;
        }
        if (bytes > 0)
            memset(aggregate->states, 0, bytes);
    }
    return WEIR_OK;
}

static weir_status aggregate_emit(match_lens *lens, match_lens_aggregate *aggregate, uint32_t count, weir_column **column,
                                  weir_error *error) {
    WEIR_TRY(column_prepare(lens, column, aggregate->spec->call.result, count, error));
    size_t bytes = aggregate->accumulator.state_bytes;
    for (uint32_t r = 0; r < count; r++)
        lens->places[r] = aggregate->states + r * bytes;
    weir_rows rows = {NULL, count};
    weir_status status = weir_accumulator_emit(&aggregate->accumulator, lens->places, 0, &rows, *column, error);
    for (uint32_t r = 0; r < count; r++)
        weir_accumulator_clear(&aggregate->accumulator, lens->places[r]);
    return status == WEIR_OK ? columns_check(lens, column, 1, error) : status;
}

/* ---- aggregates that are kept in nodes ---- */

static char *state_of(const match_lens *lens, const match_lens_aggregate *aggregate, weir_ref node) {
    return (char *)weir_state_write(lens->state, node) + aggregate->place;
}

/* The states as the matches have them, with the row that is tried where it counts. */
static weir_status states_follow(match_lens *lens, match_lens_aggregate *aggregate, const match_request *requests, uint32_t count,
                                 weir_error *error) {
    size_t bytes = aggregate->accumulator.state_bytes;
    for (uint32_t r = 0; r < count; r++) {
        lens->places[r] = aggregate->states + r * bytes;
        if (requests[r].node != 0)
            memcpy(lens->places[r], state_of(lens, aggregate, requests[r].node), bytes);
    }
    uint32_t variable = aggregate->spec->variable;
    return variable == lens->stage || variable == WEIR_MATCH_ANY ? aggregate_update(lens, aggregate, lens->columns, count, error) : WEIR_OK;
}

void match_lens_place(match_lens *lens, uint32_t *node_bytes) {
    for (uint32_t a = 0; a < lens->view->aggregate_count; a++) {
        match_lens_aggregate *aggregate = &lens->aggregates[a];
        if (aggregate->accumulator.clear != NULL)
            continue;
        aggregate->place = *node_bytes;
        *node_bytes += aggregate->accumulator.state_bytes;
        lens->follows = true;
    }
}

static weir_status aggregate_follow(match_lens *lens, match_lens_aggregate *aggregate, const weir_ref *nodes, size_t count,
                                    weir_error *error) {
    uint32_t rows = 0;
    for (size_t i = 0; i < count; i++) {
        const match_node *node = weir_state_read(lens->state, nodes[i]);
        if (aggregate->spec->variable != WEIR_MATCH_ANY && aggregate->spec->variable != node->stage)
            continue;
        if (rows == 0)
            for (uint32_t c = 0; c < lens->spec->input_count; c++)
                WEIR_TRY(column_prepare(lens, &lens->gathered[c], lens->spec->input_types[c],
                                        count - i < WEIR_BATCH_ROWS ? (uint32_t)(count - i) : WEIR_BATCH_ROWS, error));
        weir_codec_read(lens->codec, match_row_bytes(weir_state_read(lens->state, node->row)), lens->gathered, rows);
        lens->places[rows++] = state_of(lens, aggregate, nodes[i]);
        if (rows < WEIR_BATCH_ROWS)
            continue;
        WEIR_TRY(columns_check(lens, lens->gathered, lens->spec->input_count, error));
        WEIR_TRY(aggregate_update(lens, aggregate, lens->gathered, rows, error));
        rows = 0;
    }
    if (rows == 0)
        return WEIR_OK;
    WEIR_TRY(columns_check(lens, lens->gathered, lens->spec->input_count, error));
    return aggregate_update(lens, aggregate, lens->gathered, rows, error);
}

weir_status match_lens_follow(match_lens *lens, const weir_ref *nodes, size_t count, weir_error *error) {
    for (uint32_t a = 0; a < lens->view->aggregate_count; a++)
        if (lens->aggregates[a].place > 0)
            WEIR_TRY(aggregate_follow(lens, &lens->aggregates[a], nodes, count, error));
    return WEIR_OK;
}

static weir_status aggregates_fill(match_lens *lens, const match_request *requests, uint32_t count, weir_error *error) {
    uint32_t first = lens->view->source_count * lens->spec->input_count;
    WEIR_TRY(states_clear(lens, count, error));
    for (uint32_t a = 0; a < lens->view->aggregate_count; a++) {
        uint32_t variable = lens->view->aggregates[a].variable;
        bool seen = lens->aggregates[a].place > 0;
        for (uint32_t b = 0; b < a; b++)
            seen |= lens->view->aggregates[b].variable == variable && lens->aggregates[b].place == 0;
        WEIR_TRY(lens->aggregates[a].place > 0 ? states_follow(lens, &lens->aggregates[a], requests, count, error) : WEIR_OK);
        if (!seen)
            WEIR_TRY(variable_gather(lens, variable, requests, count, error));
    }
    for (uint32_t a = 0; a < lens->view->aggregate_count; a++)
        WEIR_TRY(aggregate_emit(lens, &lens->aggregates[a], count, &lens->columns[first + a], error));
    return WEIR_OK;
}

static weir_status times_fill(match_lens *lens, const match_request *requests, uint32_t count, weir_error *error) {
    uint32_t first = lens->view->source_count * lens->spec->input_count + lens->view->aggregate_count;
    for (uint32_t t = 0; t < lens->view->time_count; t++) {
        WEIR_TRY(column_prepare(lens, &lens->columns[first + t], lens->view->time_types[t], count, error));
        int64_t *values = WEIR_VALUES(lens->columns[first + t], int64_t);
        for (uint32_t r = 0; r < count; r++) {
            int64_t us;
            bool beyond = __builtin_mul_overflow(requests[r].time_ms, (int64_t)1000, &us);
            values[r] = beyond ? (requests[r].time_ms < 0 ? INT64_MIN : INT64_MAX) : us;
        }
    }
    return WEIR_OK;
}

static weir_status fill(match_lens *lens, const match_request *requests, uint32_t count, weir_error *error) {
    WEIR_TRY(sources_fill(lens, requests, count, error));
    if (lens->view->aggregate_count > 0)
        WEIR_TRY(aggregates_fill(lens, requests, count, error));
    return times_fill(lens, requests, count, error);
}

/* ---- conditions ---- */

static void results_put(const weir_column *column, const weir_rows *rows, uint32_t end, uint8_t *results) {
    const uint8_t *values = WEIR_VALUES(column, uint8_t);
    WEIR_FOR_ROWS(rows, row, {
        if (row < end)
            results[row] = weir_column_is_valid(column, row) && values[row] ? MATCH_TRUE : MATCH_FALSE;
    });
}

static uint32_t rows_after(const weir_rows *rows, uint32_t row, uint32_t *out) {
    uint32_t count = 0;
    WEIR_FOR_ROWS(rows, r, {
        if (r > row)
            out[count++] = r;
    });
    return count;
}

/* Rows that fail are marked, and the ones behind them go on. */
static weir_status decide(match_lens *lens, weir_column *const *columns, uint32_t physical_rows, const weir_rows *rows, uint8_t *results,
                          bool report, weir_error *error) {
    uint32_t index[WEIR_BATCH_ROWS];
    weir_rows left = *rows;
    while (left.count > 0) {
        weir_column *out = NULL;
        uint32_t failed = UINT32_MAX;
        weir_error failure = {.status = WEIR_OK};
        weir_status status = weir_program_run(lens->program, columns, physical_rows, &left, &out, &failed, &failure);
        bool marked = status == WEIR_RUNTIME && failed != UINT32_MAX && !report;
        if (out != NULL)
            results_put(out, &left, failed, results);
        weir_column_unref(out);
        if (status == WEIR_OK)
            return WEIR_OK;
        if (!marked) {
            if (error != NULL)
                *error = failure;
            return status;
        }
        results[failed] = MATCH_FAILED;
        uint32_t count = rows_after(&left, failed, index);
        left = (weir_rows){index, count};
    }
    return WEIR_OK;
}

weir_status match_lens_decide_rows(match_lens *lens, weir_column *const *columns, uint32_t physical_rows, const weir_rows *rows,
                                   uint8_t *results, weir_error *error) {
    return decide(lens, columns, physical_rows, rows, results, false, error);
}

weir_status match_lens_decide(match_lens *lens, const match_request *requests, uint32_t count, bool report, weir_error *error) {
    uint8_t results[WEIR_BATCH_ROWS];
    weir_rows rows = {NULL, count};
    WEIR_TRY(fill(lens, requests, count, error));
    WEIR_TRY(decide(lens, lens->columns, count, &rows, results, report, error));
    for (uint32_t r = 0; r < count; r++)
        *requests[r].result = results[r];
    return WEIR_OK;
}

/* ---- measures ---- */

/* A measure whose type has no NULL gets none. The column may be shared: then its copy is changed. */
static weir_status nulls_replace(match_lens *lens, const weir_type *type, uint32_t count, weir_column **column, weir_error *error) {
    uint32_t index[WEIR_BATCH_ROWS];
    bool any = false;
    for (uint32_t r = 0; r < count; r++) {
        index[r] = r;
        any |= !weir_column_is_valid(*column, r);
    }
    if (type->nullable || !any)
        return WEIR_OK;
    weir_column *copy = weir_column_take(lens->context->memory, *column, index, count);
    if (copy == NULL)
        return no_memory(lens, count, error);
    weir_column_unref(*column);
    *column = copy;
    for (uint32_t r = 0; r < count; r++)
        if (!weir_column_is_valid(copy, r))
            (void)weir_column_put_default(copy, r);
    return WEIR_OK;
}

weir_status match_lens_measure(match_lens *lens, const match_request *requests, uint32_t count, weir_column **out, weir_error *error) {
    weir_rows rows = {NULL, count};
    uint32_t failed;
    WEIR_TRY(fill(lens, requests, count, error));
    weir_status status = weir_program_run(lens->program, lens->columns, count, &rows, out, &failed, error);
    for (uint32_t i = 0; status == WEIR_OK && i < lens->spec->measure_count; i++)
        status = nulls_replace(lens, lens->spec->measures[i]->type, count, &out[i], error);
    for (uint32_t i = 0; status != WEIR_OK && i < lens->spec->measure_count; i++) {
        weir_column_unref(out[i]);
        out[i] = NULL;
    }
    return status;
}

/* ---- opening ---- */

static weir_status aggregate_open(match_lens *lens, match_lens_aggregate *aggregate, const weir_match_aggregate *spec, weir_error *error) {
    const weir_operator_context *context = lens->context;
    aggregate->spec = spec;
    aggregate->values = WEIR_ARENA_ARRAY(context->arena, weir_column *, spec->argument_count + 1);
    if (aggregate->values == NULL)
        return no_memory(lens, 0, error);
    if (spec->argument_count > 0)
        WEIR_TRY(weir_program_compile(context->arena, context->memory, context->evaluation, spec->arguments, spec->argument_count,
                                      &aggregate->arguments, error));
    aggregate->accumulator = (weir_accumulator){
        .call = &spec->call, .arena = context->arena, .memory = context->memory, .state = lens->state, .evaluation = context->evaluation};
    return weir_accumulator_bind(&aggregate->accumulator, error);
}

static weir_status aggregates_open(match_lens *lens, weir_error *error) {
    weir_arena *arena = lens->context->arena;
    uint32_t count = lens->view->aggregate_count;
    if (count == 0)
        return WEIR_OK;
    lens->aggregates = WEIR_ARENA_ARRAY(arena, match_lens_aggregate, count);
    lens->gathered = WEIR_ARENA_ARRAY(arena, weir_column *, lens->spec->input_count);
    lens->owners = WEIR_ARENA_ARRAY(arena, uint32_t, WEIR_BATCH_ROWS);
    lens->places = WEIR_ARENA_ARRAY(arena, void *, WEIR_BATCH_ROWS);
    if (lens->aggregates == NULL || lens->gathered == NULL || lens->owners == NULL || lens->places == NULL)
        return no_memory(lens, count * sizeof *lens->aggregates, error);
    for (uint32_t i = 0; i < count; i++)
        WEIR_TRY(aggregate_open(lens, &lens->aggregates[i], &lens->view->aggregates[i], error));
    return WEIR_OK;
}

static bool reads_row_only(const weir_match_view *view) {
    return view->source_count == 1 && view->sources[0].kind == WEIR_MATCH_CURRENT && view->aggregate_count == 0 && view->time_count == 0;
}

weir_status match_lens_open(match_lens *lens, const weir_operator_context *context, const weir_match_spec *spec, weir_state *state,
                            weir_codec *codec, const weir_match_view *view, const weir_expr *const *exprs, uint32_t count, uint32_t stage,
                            weir_error *error) {
    *lens = (match_lens){.context = context, .spec = spec, .state = state, .codec = codec, .view = view, .stage = stage};
    lens->row_only = stage != UINT32_MAX && reads_row_only(view);
    lens->column_count = view->source_count * spec->input_count + view->aggregate_count + view->time_count;
    lens->columns = WEIR_ARENA_ARRAY(context->arena, weir_column *, lens->column_count + 1);
    if (lens->columns == NULL)
        return no_memory(lens, lens->column_count * sizeof *lens->columns, error);
    WEIR_TRY(aggregates_open(lens, error));
    return weir_program_compile(context->arena, context->memory, context->evaluation, exprs, count, &lens->program, error);
}

void match_lens_close(match_lens *lens) {
    if (lens->context == NULL)
        return;
    weir_memory *memory = lens->context->memory;
    for (uint32_t i = 0; lens->columns != NULL && i < lens->column_count; i++)
        weir_column_unref(lens->columns[i]);
    for (uint32_t i = 0; lens->gathered != NULL && i < lens->spec->input_count; i++)
        weir_column_unref(lens->gathered[i]);
    for (uint32_t i = 0; lens->aggregates != NULL && i < lens->view->aggregate_count; i++)
        weir_memory_free(memory, lens->aggregates[i].states, lens->aggregates[i].states_bytes);
    weir_memory_free(memory, lens->trail, lens->trail_capacity * sizeof(weir_ref));
}
