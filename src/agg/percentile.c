/* PERCENTILE(value, percentage [, frequency]): the value below which that share of the rows lies, interpolated between neighbours.
 *
 * The state is an ordered collection (value -> how often) and the percentage of the first row; a row of frequency n counts n times, one
 * whose frequency is not positive not at all. Computing a result walks the collection. */
#include <math.h>
#include <string.h>

#include "agg/stored.h"
#include "state/sorted.h"

#define USAGE "PERCENTILE(value NUMERIC, percentage DOUBLE | ARRAY<DOUBLE> [, frequency INT]) -> DOUBLE | ARRAY<DOUBLE>"

typedef struct percentile {
    weir_ref root;
    int64_t total;
    stored_value percentages; /* doubles; size 0: no row has come */
} percentile;

/* ---- types ---- */

static bool in_range(const weir_value *value) {
    double share;
    switch (value->type->kind) {
    case WEIR_KIND_FLOAT:
    case WEIR_KIND_DOUBLE: share = value->as.real; break;
    case WEIR_KIND_DECIMAL: share = (double)value->as.decimal / pow(10, value->type->scale); break;
    default: share = (double)value->as.integer; break;
    }
    return share >= 0 && share <= 1;
}

static weir_status infer_percentile(weir_signature *signature, const char *name, weir_error *error) {
    WEIR_TRY(aggregate_count(signature, name, 2, 3, error));
    WEIR_TRY(aggregate_no_null(signature, error));
    const weir_argument *share = &signature->arguments[1];
    bool array = share->type->kind == WEIR_KIND_ARRAY;
    const weir_type *number = array ? share->type->children[0] : share->type;
    bool fits =
        weir_kind_is_numeric(signature->arguments[0].type->kind) && weir_kind_is_numeric(number->kind) && !(array && number->nullable);
    if (fits && share->literal != NULL)
        fits = !share->literal->is_null && (array || in_range(share->literal));
    if (fits && signature->count == 3)
        fits = weir_kind_is_integer(signature->arguments[2].type->kind);
    if (!fits)
        return aggregate_invalid(signature, name, USAGE, error);
    const weir_type *real = weir_type_simple(WEIR_KIND_DOUBLE, false), *nullable = weir_type_simple(WEIR_KIND_DOUBLE, true);
    signature->wanted[0] = weir_type_simple(WEIR_KIND_DOUBLE, signature->arguments[0].type->nullable);
    signature->wanted[1] =
        array ? weir_type_array(signature->arena, real, share->type->nullable) : weir_type_simple(WEIR_KIND_DOUBLE, share->type->nullable);
    if (signature->count == 3)
        signature->wanted[2] = weir_type_simple(WEIR_KIND_BIGINT, signature->arguments[2].type->nullable);
    if (signature->wanted[1] == NULL)
        return weir_fail_memory(error, "a type", sizeof(weir_type));
    return aggregate_result(signature, array ? weir_type_array(signature->arena, nullable, true) : nullable, error);
}

/* ---- rows ---- */

static weir_status remember(weir_accumulator *self, percentile *state, const weir_column *column, uint32_t row, weir_error *error) {
    bool array = column->layout == WEIR_LAYOUT_SPAN;
    weir_span span = array ? WEIR_VALUES(column, weir_span)[row] : (weir_span){row, 1};
    const double *shares = WEIR_VALUES(array ? column->children[0] : column, double) + span.start;
    if (!weir_column_is_valid(column, row))
        return weir_fail(error, WEIR_RUNTIME, "Percentage of PERCENTILE should be between [0.0, 1.0], but was NULL.");
    for (uint32_t i = 0; i < span.count; i++)
        if (!(shares[i] >= 0 && shares[i] <= 1))
            return weir_fail(error, WEIR_RUNTIME, "Percentage of PERCENTILE should be between [0.0, 1.0], but was '%g'.", shares[i]);
    return stored_set(self->state, &state->percentages, (const char *)shares, span.count * sizeof(double), error);
}

/* Bytes that compare as the doubles do, NaN last. */
static void key_of(double value, char out[8]) {
    int64_t bits;
    value = value == 0 ? 0 : value;
    memcpy(&bits, &value, sizeof bits);
    weir_sorted_i64(bits < 0 ? bits ^ INT64_MAX : bits, out);
}

static double value_of(weir_sorted_entry *entry) {
    int64_t bits = weir_sorted_get_i64(weir_sorted_key(entry).data);
    double value;
    bits = bits < 0 ? bits ^ INT64_MAX : bits;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static weir_status count(weir_accumulator *self, percentile *state, const char key[8], int64_t step, weir_error *error) {
    weir_sorted_entry *entry = weir_sorted_put(self->state, &state->root, key, 8, sizeof(int64_t), NULL);
    if (entry == NULL)
        return weir_fail_memory(error, "PERCENTILE", 8);
    int64_t *times = weir_sorted_payload(entry);
    *times += step;
    state->total += step;
    if (*times == 0)
        weir_sorted_remove(self->state, &state->root, entry);
    return WEIR_OK;
}

static weir_status update_percentile(weir_accumulator *self, void *const *states, uint32_t offset, const weir_rows *rows,
                                     const uint8_t *kinds, weir_column *const *arguments, weir_error *error) {
    const weir_column *frequency = self->call->argument_count > 2 ? arguments[2] : NULL;
    for (uint32_t k = 0; k < rows->count; k++) {
        uint32_t row = rows->index == NULL ? k : rows->index[k];
        percentile *state = AGGREGATE_STATE(percentile, row);
        if (aggregate_sign(kinds, row) == 0)
            continue;
        if (state->percentages.size == 0)
            WEIR_TRY(remember(self, state, arguments[1], row, error));
        int64_t times = frequency == NULL ? 1 : weir_column_is_valid(frequency, row) ? WEIR_VALUES(frequency, int64_t)[row] : 0;
        if (!weir_column_is_valid(arguments[0], row) || times <= 0)
            continue;
        char key[8];
        key_of(WEIR_VALUES(arguments[0], double)[row], key);
        WEIR_TRY(count(self, state, key, times * aggregate_sign(kinds, row), error));
    }
    return WEIR_OK;
}

/* ---- results ---- */

/* The value at a position from 1 among the repeated values; between two of them, in proportion. */
static double value_at(const weir_state *state, const percentile *of, double share) {
    double position = (double)(of->total - 1) * share + 1;
    int64_t lower = (int64_t)floor(position), seen = 0;
    double below = 0;
    for (weir_sorted_entry *entry = weir_sorted_first(state, of->root); entry != NULL; entry = weir_sorted_next(state, entry)) {
        int64_t before = seen;
        seen += *(int64_t *)weir_sorted_payload(entry);
        if (seen < lower)
            continue;
        if (before < lower) {
            below = value_of(entry);
            if (position == (double)lower || seen > lower)
                return below;
            continue;
        }
        return below + (position - (double)lower) * (value_of(entry) - below);
    }
    return below;
}

static weir_status emit_percentile(weir_accumulator *self, void *const *states, uint32_t offset, const weir_rows *rows, weir_column *out,
                                   weir_error *error) {
    bool array = out->layout == WEIR_LAYOUT_SPAN;
    for (uint32_t k = 0; k < rows->count; k++) {
        uint32_t row = rows->index == NULL ? k : rows->index[k];
        const percentile *state = AGGREGATE_STATE(percentile, row);
        uint32_t shares = state->percentages.size / (uint32_t)sizeof(double), at = row;
        if (state->total <= 0) {
            weir_column_set_null(out, row);
            continue;
        }
        if (out->valid != NULL)
            out->valid[row] = 1;
        if (array) {
            at = weir_column_span_add(out, row, shares);
            if (at == UINT32_MAX)
                return weir_fail_memory(error, "PERCENTILE", shares);
        }
        double *values = WEIR_VALUES(array ? out->children[0] : out, double);
        for (uint32_t i = 0; i < shares; i++) {
            double share;
            memcpy(&share, stored_bytes(self->state, &state->percentages) + i * sizeof share, sizeof share);
            values[at + i] = value_at(self->state, state, share);
        }
    }
    return WEIR_OK;
}

static void clear_percentile(weir_accumulator *self, void *state) {
    percentile *of = state;
    weir_sorted_clear(self->state, &of->root);
    stored_clear(self->state, &of->percentages);
    of->total = 0;
}

static weir_status merge_percentile(weir_accumulator *self, void *into, void *from, weir_error *error) {
    percentile *to = into, *other = from;
    if (to->percentages.size == 0 && other->percentages.size > 0)
        WEIR_TRY(stored_set(self->state, &to->percentages, stored_bytes(self->state, &other->percentages), other->percentages.size, error));
    for (weir_sorted_entry *entry = weir_sorted_first(self->state, other->root); entry != NULL;
         entry = weir_sorted_next(self->state, entry))
        WEIR_TRY(count(self, to, weir_sorted_key(entry).data, *(int64_t *)weir_sorted_payload(entry), error));
    clear_percentile(self, other);
    return WEIR_OK;
}

static weir_status bind_percentile(weir_accumulator *self, weir_error *error) {
    (void)error;
    self->state_bytes = sizeof(percentile);
    self->update = update_percentile;
    self->emit = emit_percentile;
    self->merge = merge_percentile;
    self->clear = clear_percentile;
    return WEIR_OK;
}

const weir_aggregate weir_aggregates_percentile[] = {
    {"PERCENTILE", WEIR_AGGREGATE_MERGES | WEIR_AGGREGATE_RETRACTS, infer_percentile, bind_percentile, "aggregate", USAGE,
     "The value below which a share of the rows lies (0.5: the median), interpolated.",
     "SELECT PERCENTILE(v, 0.5) FROM (VALUES (1), (2), (4), (10)) AS t(v)", "3.0"},
    {0},
};
