/* FIRST_VALUE and LAST_VALUE by arrival, and SINGLE_VALUE. NULLs are passed over. When rows can go, the values that remain are kept in the
 * order of their arrival. */
#include "agg/arrivals.h"
#include "agg/stored.h"

typedef struct ordered {
    bool last, single;
    weir_codec *codec;
    weir_builder scratch;
} ordered;

static ordered *ordered_of(const weir_accumulator *self) { return self->private_data; }

static weir_status infer_value(weir_signature *signature, const char *name, weir_error *error) {
    WEIR_TRY(aggregate_count(signature, name, 1, 1, error));
    return aggregate_result(signature, signature->arguments[0].type, error);
}

/* ---- values that only come ---- */

static weir_status update_stored(weir_accumulator *self, void *const *states, uint32_t offset, const weir_rows *rows, const uint8_t *kinds,
                                 weir_column *const *arguments, weir_error *error) {
    (void)kinds;
    ordered *mine = ordered_of(self);
    for (uint32_t k = 0; k < rows->count; k++) {
        uint32_t row = rows->index == NULL ? k : rows->index[k];
        stored_value *stored = AGGREGATE_STATE(stored_value, row);
        if (!weir_column_is_valid(arguments[0], row) || (!mine->last && stored->size > 0))
            continue;
        WEIR_TRY(stored_encode(mine->codec, arguments, row, &mine->scratch, error));
        WEIR_TRY(stored_set(self->state, stored, mine->scratch.data, mine->scratch.size, error));
    }
    return WEIR_OK;
}

static weir_status emit_stored(weir_accumulator *self, void *const *states, uint32_t offset, const weir_rows *rows, weir_column *out,
                               weir_error *error) {
    (void)error;
    WEIR_FOR_ROWS(rows, row, {
        const stored_value *stored = AGGREGATE_STATE(stored_value, row);
        stored_put(ordered_of(self)->codec, stored_bytes(self->state, stored), stored->size, out, row);
    });
    return WEIR_OK;
}

static void clear_stored(weir_accumulator *self, void *state) { stored_clear(self->state, state); }

/* ---- values that come and go ---- */

static weir_status update_arrivals(weir_accumulator *self, void *const *states, uint32_t offset, const weir_rows *rows,
                                   const uint8_t *kinds, weir_column *const *arguments, weir_error *error) {
    ordered *mine = ordered_of(self);
    for (uint32_t k = 0; k < rows->count; k++) {
        uint32_t row = rows->index == NULL ? k : rows->index[k];
        if (!mine->single && !weir_column_is_valid(arguments[0], row))
            continue;
        arrivals *state = AGGREGATE_STATE(arrivals, row);
        WEIR_TRY(stored_encode(mine->codec, arguments, row, &mine->scratch, error));
        if (aggregate_sign(kinds, row) < 0)
            WEIR_TRY(arrivals_remove(self->state, state, weir_builder_view(&mine->scratch), error));
        else
            WEIR_TRY(arrivals_add(self->state, state, weir_builder_view(&mine->scratch), error));
        if (mine->single && weir_sorted_count(self->state, state->root) > 1)
            return weir_fail(error, WEIR_RUNTIME, "SingleValueAggFunction received more than one element.");
    }
    return WEIR_OK;
}

static weir_status emit_arrivals(weir_accumulator *self, void *const *states, uint32_t offset, const weir_rows *rows, weir_column *out,
                                 weir_error *error) {
    (void)error;
    const ordered *mine = ordered_of(self);
    WEIR_FOR_ROWS(rows, row, {
        weir_ref root = AGGREGATE_STATE(arrivals, row)->root;
        weir_sorted_entry *entry = mine->last ? weir_sorted_last(self->state, root) : weir_sorted_first(self->state, root);
        if (entry == NULL)
            weir_column_set_null(out, row);
        else
            stored_put(mine->codec, weir_sorted_payload(entry), weir_sorted_payload_bytes(entry), out, row);
    });
    return WEIR_OK;
}

static void clear_arrivals(weir_accumulator *self, void *state) { arrivals_clear(self->state, state); }

/* ---- bind ---- */

static void ordered_release(void *data) { weir_builder_deinit(&((ordered *)data)->scratch); }

static weir_status bind_ordered(weir_accumulator *self, bool last, bool single, weir_error *error) {
    ordered *mine = WEIR_ARENA_NEW(self->arena, ordered);
    if (mine == NULL)
        return weir_fail_memory(error, "an aggregate", sizeof *mine);
    mine->last = last;
    mine->single = single;
    mine->codec = weir_codec_create(self->arena, self->call->argument_types, NULL, 1);
    weir_builder_init(&mine->scratch, self->memory, UINT32_MAX);
    if (mine->codec == NULL || !weir_arena_on_reset(self->arena, ordered_release, mine))
        return weir_fail_memory(error, "an aggregate", sizeof *mine);
    self->private_data = mine;
    if (self->retracts || single) {
        self->state_bytes = sizeof(arrivals);
        self->update = update_arrivals;
        self->emit = emit_arrivals;
        self->clear = clear_arrivals;
        return WEIR_OK;
    }
    self->state_bytes = sizeof(stored_value);
    self->update = update_stored;
    self->emit = emit_stored;
    self->clear = clear_stored;
    return WEIR_OK;
}

static weir_status bind_first(weir_accumulator *self, weir_error *error) { return bind_ordered(self, false, false, error); }
static weir_status bind_last(weir_accumulator *self, weir_error *error) { return bind_ordered(self, true, false, error); }
static weir_status bind_single(weir_accumulator *self, weir_error *error) { return bind_ordered(self, false, true, error); }

enum { FLAGS = WEIR_AGGREGATE_RETRACTS | WEIR_AGGREGATE_ORDERED };

const weir_aggregate weir_aggregates_order[] = {
    {"FIRST_VALUE", FLAGS, infer_value, bind_first, "aggregate", "FIRST_VALUE(value ANY) -> type of value",
     "The first value to arrive that is not NULL.", "SELECT FIRST_VALUE(v) FROM (VALUES (7)) AS t(v)", "7"},
    {"LAST_VALUE", FLAGS, infer_value, bind_last, "aggregate", "LAST_VALUE(value ANY) -> type of value",
     "The last value to arrive that is not NULL.", "SELECT LAST_VALUE(v) FROM (VALUES (7)) AS t(v)", "7"},
    {"SINGLE_VALUE", FLAGS | WEIR_AGGREGATE_HIDDEN, infer_value, bind_single, "aggregate", "SINGLE_VALUE(value ANY) -> type of value",
     "The only value; more than one is an error.", NULL, NULL},
    {0},
};
