/* APPROX_COUNT_DISTINCT: how many different values there are, nearly.
 *
 * Up to EXACT_MAX different values are kept by their 64-bit hash, and the count is right; beyond that they go into 2^14 registers of a
 * HyperLogLog, whose error is about 0.8 per cent. Source: Flajolet, Fusy, Gandouet, Meunier, "HyperLogLog: the analysis of a near-optimal
 * cardinality estimation algorithm" (2007). As in Flink it exists in batch mode only, and cannot take rows back. */
#include <math.h>
#include <string.h>

#include "agg/stored.h"
#include "base/hash.h"
#include "state/sorted.h"

enum { EXACT_MAX = 2048, REGISTER_BITS = 14, REGISTERS = 1 << REGISTER_BITS };

typedef struct sketch {
    weir_ref hashes;    /* exact: the set of hashes */
    weir_ref registers; /* beyond EXACT_MAX: one byte each */
} sketch;

typedef struct approximate {
    weir_codec *codec;
    weir_builder scratch;
} approximate;

static weir_status infer_approximate(weir_signature *signature, const char *name, weir_error *error) {
    WEIR_TRY(aggregate_count(signature, name, 1, 1, error));
    WEIR_TRY(aggregate_no_null(signature, error));
    weir_kind kind = signature->arguments[0].type->kind;
    if (!weir_kind_is_numeric(kind) && !weir_kind_is_text(kind) && !weir_kind_is_datetime(kind))
        return aggregate_no_support(signature, name, error);
    if (signature->evaluation != NULL && !signature->evaluation->batch_mode) {
        (void)weir_fail(error, WEIR_UNSUPPORTED, "APPROX_COUNT_DISTINCT aggregate function does not support yet for streaming.");
        weir_error_hint(error, "Use COUNT(DISTINCT ...), or SET 'execution.runtime-mode' = 'batch'");
        return WEIR_UNSUPPORTED;
    }
    return aggregate_result(signature, weir_type_simple(WEIR_KIND_BIGINT, false), error);
}

static void put_register(uint8_t *registers, uint64_t hash) {
    uint32_t at = (uint32_t)(hash >> (64 - REGISTER_BITS));
    uint64_t rest = hash << REGISTER_BITS | (uint64_t)1 << (REGISTER_BITS - 1);
    uint8_t zeros = (uint8_t)(__builtin_clzll(rest) + 1);
    if (registers[at] < zeros)
        registers[at] = zeros;
}

static uint64_t hash_of(weir_sorted_entry *entry) { return (uint64_t)weir_sorted_get_i64(weir_sorted_key(entry).data); }

/* From the set to registers. */
static weir_status spread(weir_accumulator *self, sketch *state, weir_error *error) {
    state->registers = weir_state_alloc(self->state, REGISTERS);
    if (state->registers == 0)
        return weir_fail_memory(error, "APPROX_COUNT_DISTINCT", REGISTERS);
    uint8_t *registers = weir_state_write(self->state, state->registers);
    for (weir_sorted_entry *entry = weir_sorted_first(self->state, state->hashes); entry != NULL;
         entry = weir_sorted_next(self->state, entry))
        put_register(registers, hash_of(entry));
    weir_sorted_clear(self->state, &state->hashes);
    return WEIR_OK;
}

static weir_status add_hash(weir_accumulator *self, sketch *state, uint64_t hash, weir_error *error) {
    if (state->registers != 0) {
        put_register(weir_state_write(self->state, state->registers), hash);
        return WEIR_OK;
    }
    char key[8];
    bool created = false;
    weir_sorted_i64((int64_t)hash, key);
    if (weir_sorted_put(self->state, &state->hashes, key, sizeof key, 0, &created) == NULL)
        return weir_fail_memory(error, "APPROX_COUNT_DISTINCT", sizeof key);
    return created && weir_sorted_count(self->state, state->hashes) > EXACT_MAX ? spread(self, state, error) : WEIR_OK;
}

static weir_status update_approximate(weir_accumulator *self, void *const *states, uint32_t offset, const weir_rows *rows,
                                      const uint8_t *kinds, weir_column *const *arguments, weir_error *error) {
    approximate *mine = self->private_data;
    for (uint32_t k = 0; k < rows->count; k++) {
        uint32_t row = rows->index == NULL ? k : rows->index[k];
        if (aggregate_sign(kinds, row) == 0 || !weir_column_is_valid(arguments[0], row))
            continue;
        WEIR_TRY(stored_encode(mine->codec, arguments, row, &mine->scratch, error));
        WEIR_TRY(add_hash(self, AGGREGATE_STATE(sketch, row), weir_hash_frozen(mine->scratch.data, mine->scratch.size), error));
    }
    return WEIR_OK;
}

static int64_t estimate(const uint8_t *registers) {
    const double count = REGISTERS, alpha = 0.7213 / (1 + 1.079 / count);
    double sum = 0;
    uint32_t empty = 0;
    for (uint32_t i = 0; i < REGISTERS; i++) {
        sum += ldexp(1, -registers[i]);
        empty += registers[i] == 0;
    }
    double result = alpha * count * count / sum;
    if (result <= 2.5 * count && empty > 0) /* few values: count the registers that none has reached */
        result = count * log(count / empty);
    return (int64_t)llround(result);
}

static weir_status emit_approximate(weir_accumulator *self, void *const *states, uint32_t offset, const weir_rows *rows, weir_column *out,
                                    weir_error *error) {
    (void)error;
    int64_t *values = out->values;
    WEIR_FOR_ROWS(rows, row, {
        const sketch *state = AGGREGATE_STATE(sketch, row);
        values[row] = state->registers != 0 ? estimate(weir_state_read(self->state, state->registers))
                                            : (int64_t)weir_sorted_count(self->state, state->hashes);
    });
    return WEIR_OK;
}

static void clear_approximate(weir_accumulator *self, void *state) {
    sketch *of = state;
    weir_sorted_clear(self->state, &of->hashes);
    if (of->registers != 0)
        weir_state_free(self->state, of->registers, REGISTERS);
    *of = (sketch){0};
}

static weir_status merge_approximate(weir_accumulator *self, void *into, void *from, weir_error *error) {
    sketch *to = into, *other = from;
    for (weir_sorted_entry *entry = weir_sorted_first(self->state, other->hashes); entry != NULL;
         entry = weir_sorted_next(self->state, entry))
        WEIR_TRY(add_hash(self, to, hash_of(entry), error));
    if (other->registers != 0) {
        if (to->registers == 0)
            WEIR_TRY(spread(self, to, error));
        uint8_t *registers = weir_state_write(self->state, to->registers);
        const uint8_t *more = weir_state_read(self->state, other->registers);
        for (uint32_t i = 0; i < REGISTERS; i++)
            registers[i] = registers[i] > more[i] ? registers[i] : more[i];
    }
    clear_approximate(self, other);
    return WEIR_OK;
}

static void approximate_release(void *data) { weir_builder_deinit(&((approximate *)data)->scratch); }

static weir_status bind_approximate(weir_accumulator *self, weir_error *error) {
    approximate *mine = WEIR_ARENA_NEW(self->arena, approximate);
    if (mine == NULL)
        return weir_fail_memory(error, "an aggregate", sizeof *mine);
    weir_builder_init(&mine->scratch, self->memory, UINT32_MAX);
    mine->codec = weir_codec_create(self->arena, self->call->argument_types, NULL, 1);
    if (mine->codec == NULL || !weir_arena_on_reset(self->arena, approximate_release, mine))
        return weir_fail_memory(error, "an aggregate", sizeof *mine);
    self->private_data = mine;
    self->state_bytes = sizeof(sketch);
    self->update = update_approximate;
    self->emit = emit_approximate;
    self->merge = merge_approximate;
    self->clear = clear_approximate;
    return WEIR_OK;
}

const weir_aggregate weir_aggregates_approximate[] = {
    {"APPROX_COUNT_DISTINCT", WEIR_AGGREGATE_MERGES | WEIR_AGGREGATE_NEVER_NULL, infer_approximate, bind_approximate, "aggregate",
     "APPROX_COUNT_DISTINCT(value ANY) -> BIGINT", "The number of different values that are not NULL, nearly; in batch mode.",
     "SELECT APPROX_COUNT_DISTINCT(v) FROM (VALUES (1), (2), (1)) AS t(v)", "2"},
    {0},
};
