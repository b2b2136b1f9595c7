/* What stands between an operator and an aggregate function: FILTER, DISTINCT, and a replay for functions that have none of their own.
 *
 * With DISTINCT the state begins with the root of a hash set of the values seen (compact bytes -> how often); a value counts when it
 * comes for the first time and is taken back when its last copy goes. The function's own state follows. */
#include "agg/agg_int.h"
#include "state/hashed.h"

enum { ARGUMENTS_MAX = 16, DISTINCT_BYTES = sizeof(weir_hashed) };

/* Beside the function's private data: what FILTER and DISTINCT need. */
typedef struct wrapper {
    weir_codec *codec; /* DISTINCT: of the arguments; NULL: no DISTINCT */
    weir_builder key;  /* DISTINCT: bytes of one value */
    bool nulls_count;  /* a NULL is a value: ARRAY_AGG */
    uint32_t inner_bytes;
} wrapper;

static wrapper *wrapper_of(const weir_accumulator *self) { return self->wrapper; }

static void key_release(void *data) { weir_builder_deinit(data); }

weir_status weir_accumulator_bind(weir_accumulator *self, weir_error *error) {
    const weir_aggregate_call *call = self->call;
    if (call->argument_count > ARGUMENTS_MAX)
        return weir_fail(error, WEIR_UNSUPPORTED, "%s takes at most %d arguments here", call->aggregate->name, ARGUMENTS_MAX);
    if (call->aggregate->bind == NULL)
        return weir_fail(error, WEIR_UNSUPPORTED, "%s can only be used with OVER", call->aggregate->name);
    if (self->retracts && !(call->aggregate->flags & WEIR_AGGREGATE_RETRACTS))
        return weir_fail(error, WEIR_UNSUPPORTED, "%s cannot take back rows: it does not support updates and deletes of its input",
                         call->aggregate->name);
    wrapper *made = WEIR_ARENA_NEW(self->arena, wrapper);
    if (made == NULL)
        return weir_fail_memory(error, call->aggregate->name, sizeof *made);
    self->wrapper = made;
    WEIR_TRY(call->aggregate->bind(self, error));
    made->inner_bytes = self->state_bytes;
    if (!call->distinct)
        return WEIR_OK;
    weir_builder_init(&made->key, self->memory, UINT32_MAX);
    made->codec = weir_codec_create(self->arena, call->argument_types, NULL, call->argument_count);
    made->nulls_count = (call->aggregate->flags & WEIR_AGGREGATE_KEEPS_NULLS) != 0 && !call->ignore_nulls;
    if (made->codec == NULL || !weir_arena_on_reset(self->arena, key_release, &made->key))
        return weir_fail_memory(error, call->aggregate->name, sizeof *made);
    self->state_bytes += DISTINCT_BYTES;
    return WEIR_OK;
}

static uint32_t inner_offset(const weir_accumulator *self, uint32_t offset) {
    return wrapper_of(self)->codec == NULL ? offset : offset + DISTINCT_BYTES;
}

static void gather_arguments(const weir_accumulator *self, weir_column *const *columns, weir_column **arguments) {
    for (uint32_t i = 0; i < self->call->argument_count; i++)
        arguments[i] = columns[self->call->arguments[i]];
}

/* ---- which rows reach the function ---- */

static bool filter_passes(const weir_column *filter, uint32_t row) {
    return filter == NULL || (WEIR_VALUES(filter, uint8_t)[row] != 0 && weir_column_is_valid(filter, row));
}

static bool any_null(const weir_accumulator *self, weir_column *const *arguments, uint32_t row) {
    for (uint32_t i = 0; i < self->call->argument_count; i++)
        if (!weir_column_is_valid(arguments[i], row))
            return true;
    return false;
}

/* Count the value of a row in its set; *passes: the function sees the row. */
static weir_status distinct_row(weir_accumulator *self, void *state, weir_column *const *arguments, uint32_t row, int sign, bool *passes,
                                weir_error *error) {
    wrapper *wrapped = wrapper_of(self);
    *passes = false;
    if (!wrapped->nulls_count && any_null(self, arguments, row))
        return WEIR_OK;
    weir_builder_clear(&wrapped->key);
    size_t size = weir_codec_size(wrapped->codec, arguments, row);
    char *bytes = weir_builder_room(&wrapped->key, size);
    if (bytes == NULL)
        return weir_fail_memory(error, self->call->aggregate->name, size);
    weir_codec_write(wrapped->codec, arguments, row, bytes);
    weir_hashed *seen = state;
    if (sign > 0) {
        weir_hashed_slot *slot = weir_hashed_put(self->state, seen, bytes, size, passes);
        if (slot == NULL)
            return weir_fail_memory(error, self->call->aggregate->name, size);
        slot->count++;
        return WEIR_OK;
    }
    weir_hashed_slot *slot = weir_hashed_find(self->state, seen, bytes, size);
    if (slot != NULL && --slot->count == 0) {
        weir_hashed_remove(self->state, seen, slot);
        *passes = true;
    }
    return WEIR_OK;
}

/* The kinds as the function shall see them: AGGREGATE_SKIP where FILTER or DISTINCT keeps a row away. */
static weir_status effective_kinds(weir_accumulator *self, void *const *states, uint32_t offset, const weir_rows *rows,
                                   const uint8_t *kinds, weir_column *const *columns, weir_column *const *arguments, uint8_t *out,
                                   weir_error *error) {
    const weir_column *filter = self->call->filter < 0 ? NULL : columns[self->call->filter];
    bool distinct = wrapper_of(self)->codec != NULL;
    for (uint32_t k = 0; k < rows->count; k++) {
        uint32_t row = rows->index == NULL ? k : rows->index[k];
        bool passes = filter_passes(filter, row);
        int sign = aggregate_sign(kinds, row);
        if (passes && distinct && sign != 0)
            WEIR_TRY(distinct_row(self, (char *)states[row] + offset, arguments, row, sign, &passes, error));
        out[row] = !passes || sign == 0 ? AGGREGATE_SKIP : sign > 0 ? WEIR_INSERT : WEIR_DELETE;
    }
    return WEIR_OK;
}

static bool needs_wrapper(const weir_accumulator *self) { return self->call->filter >= 0 || wrapper_of(self)->codec != NULL; }

static uint32_t rows_end(const weir_rows *rows) {
    return rows->count == 0 ? 0 : rows->index == NULL ? rows->count : rows->index[rows->count - 1] + 1;
}

/* Only the rows that pass. */
static uint32_t passing_rows(const weir_rows *rows, const uint8_t *kinds, uint32_t *index) {
    uint32_t count = 0;
    WEIR_FOR_ROWS(rows, row, {
        index[count] = row;
        count += kinds[row] != AGGREGATE_SKIP;
    });
    return count;
}

/* ---- entry points ---- */

weir_status weir_accumulator_update(weir_accumulator *self, void *const *states, uint32_t offset, const weir_rows *rows,
                                    const uint8_t *kinds, weir_column *const *columns, weir_error *error) {
    weir_column *arguments[ARGUMENTS_MAX];
    gather_arguments(self, columns, arguments);
    if (!needs_wrapper(self))
        return self->update(self, states, offset, rows, kinds, arguments, error);
    uint32_t end = rows_end(rows);
    uint8_t *passing_kinds = weir_memory_alloc(self->memory, end);
    uint32_t *index = weir_memory_alloc(self->memory, rows->count * sizeof *index);
    weir_status status = passing_kinds == NULL || index == NULL ? weir_fail_memory(error, self->call->aggregate->name, end) : WEIR_OK;
    if (status == WEIR_OK)
        status = effective_kinds(self, states, offset, rows, kinds, columns, arguments, passing_kinds, error);
    if (status == WEIR_OK) {
        weir_rows passing = {index, passing_rows(rows, passing_kinds, index)};
        if (passing.count > 0)
            status = self->update(self, states, inner_offset(self, offset), &passing, passing_kinds, arguments, error);
    }
    weir_memory_free(self->memory, passing_kinds, end);
    weir_memory_free(self->memory, index, rows->count * sizeof *index);
    return status;
}

/* For functions without a replay: one row after the other. */
static weir_status replay_rows(weir_accumulator *self, void *const *states, uint32_t offset, const weir_rows *rows, const uint8_t *kinds,
                               weir_column *const *arguments, weir_column *before, weir_column *after, weir_error *error) {
    for (uint32_t k = 0; k < rows->count; k++) {
        uint32_t row = rows->index == NULL ? k : rows->index[k];
        weir_rows one = {&row, 1};
        WEIR_TRY(self->emit(self, states, offset, &one, before, error));
        if (aggregate_sign(kinds, row) != 0)
            WEIR_TRY(self->update(self, states, offset, &one, kinds, arguments, error));
        WEIR_TRY(self->emit(self, states, offset, &one, after, error));
    }
    return WEIR_OK;
}

weir_status weir_accumulator_replay(weir_accumulator *self, void *const *states, uint32_t offset, const weir_rows *rows,
                                    const uint8_t *kinds, weir_column *const *columns, weir_column *before, weir_column *after,
                                    weir_error *error) {
    weir_column *arguments[ARGUMENTS_MAX];
    gather_arguments(self, columns, arguments);
    weir_status (*replay)(weir_accumulator *, void *const *, uint32_t, const weir_rows *, const uint8_t *, weir_column *const *,
                          weir_column *, weir_column *, weir_error *) = self->replay != NULL ? self->replay : replay_rows;
    if (!needs_wrapper(self))
        return replay(self, states, offset, rows, kinds, arguments, before, after, error);
    uint32_t end = rows_end(rows);
    uint8_t *passing_kinds = weir_memory_alloc(self->memory, end);
    if (passing_kinds == NULL)
        return weir_fail_memory(error, self->call->aggregate->name, end);
    weir_status status = effective_kinds(self, states, offset, rows, kinds, columns, arguments, passing_kinds, error);
    if (status == WEIR_OK)
        status = replay(self, states, inner_offset(self, offset), rows, passing_kinds, arguments, before, after, error);
    weir_memory_free(self->memory, passing_kinds, end);
    return status;
}

weir_status weir_accumulator_emit(weir_accumulator *self, void *const *states, uint32_t offset, const weir_rows *rows, weir_column *out,
                                  weir_error *error) {
    return self->emit(self, states, inner_offset(self, offset), rows, out, error);
}

/* The values of `from` that `into` has not seen are what the function sees of `from`: merged one by one through update. */
static weir_status merge_distinct(weir_accumulator *self, void *into, void *from, weir_error *error) {
    wrapper *wrapped = wrapper_of(self);
    weir_hashed *from_set = from, *into_set = into;
    weir_column *values[ARGUMENTS_MAX] = {0};
    uint32_t count = self->call->argument_count, made = 0;
    weir_status status = WEIR_OK;
    for (; made < count && status == WEIR_OK; made++)
        if ((values[made] = weir_column_create(self->memory, self->call->argument_types[made], 1)) == NULL)
            status = weir_fail_memory(error, self->call->aggregate->name, 1);
    uint32_t cursor = 0;
    const weir_hashed_slot *at;
    while (status == WEIR_OK && (at = weir_hashed_next(self->state, from_set, &cursor)) != NULL) {
        weir_text key = weir_hashed_bytes(self->state, at);
        bool created = false;
        weir_hashed_slot *slot = weir_hashed_put(self->state, into_set, key.data, key.size, &created);
        if (slot == NULL) {
            status = weir_fail_memory(error, self->call->aggregate->name, key.size);
            break;
        }
        slot->count += at->count;
        if (!created)
            continue;
        for (uint32_t i = 0; i < count; i++)
            values[i]->valid = NULL;
        weir_codec_read(wrapped->codec, key.data, values, 0);
        status = self->update(self, &into, DISTINCT_BYTES, &(weir_rows){NULL, 1}, NULL, values, error);
    }
    for (uint32_t i = 0; i < made; i++)
        weir_column_unref(values[i]);
    return status;
}

weir_status weir_accumulator_merge(weir_accumulator *self, void *into, void *from, weir_error *error) {
    if (self->merge == NULL)
        return weir_fail(error, WEIR_UNSUPPORTED, "%s cannot run in session windows: it cannot merge what two windows have gathered",
                         self->call->aggregate->name);
    if (wrapper_of(self)->codec == NULL)
        return self->merge(self, into, from, error);
    WEIR_TRY(merge_distinct(self, into, from, error));
    weir_accumulator_clear(self, from);
    return WEIR_OK;
}

void weir_accumulator_clear(weir_accumulator *self, void *state) {
    char *inner = state;
    if (wrapper_of(self)->codec != NULL) {
        weir_hashed_clear(self->state, state);
        inner += DISTINCT_BYTES;
    }
    if (self->clear != NULL)
        self->clear(self, inner);
    memset(inner, 0, wrapper_of(self)->inner_bytes);
}
