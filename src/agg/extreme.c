/* MIN and MAX. Over rows that only come, the state is the value itself (numbers, dates, times) or its bytes (text, ...); over rows that
 * also go, it is a collection of all values in order. */
#include "agg/stored.h"
#include "state/sorted.h"
#include "types/decimal.h"

/* ---- types ---- */

static bool comparable(const weir_type *type) {
    return weir_kind_is_numeric(type->kind) || weir_kind_is_text(type->kind) || weir_kind_is_datetime(type->kind) ||
           type->kind == WEIR_KIND_BOOLEAN;
}

static weir_status infer_extreme(weir_signature *signature, const char *name, weir_error *error) {
    WEIR_TRY(aggregate_count(signature, name, 1, 1, error));
    WEIR_TRY(aggregate_no_null(signature, error));
    if (!comparable(signature->arguments[0].type))
        return aggregate_no_support(signature, name[1] == 'I' ? "Min" : "Max", error);
    return aggregate_result(signature, signature->arguments[0].type, error);
}

/* private_data: which of the two, and what byte-wise variants need. */
typedef struct extreme {
    bool greatest;
    weir_codec *compact; /* of one value */
    weir_codec *ordered;
    weir_builder scratch, order_scratch;
} extreme;

static const extreme *extreme_of(const weir_accumulator *self) { return self->private_data; }

/* ---- numbers that only come ---- */

#define NUMBER_FUNCTIONS(suffix, c_type, kept_type, less)                                                                            \
    typedef struct number_##suffix {                                                                                                 \
        kept_type value;                                                                                                             \
        int64_t present;                                                                                                             \
    } number_##suffix;                                                                                                               \
    static inline void take_##suffix(number_##suffix *state, c_type value, bool greatest) {                                          \
        if (!state->present || (greatest ? less(state->value, value) : less(value, state->value))) {                                 \
            state->value = value;                                                                                                    \
            state->present = 1;                                                                                                      \
        }                                                                                                                            \
    }                                                                                                                                \
    static inline void put_##suffix(const number_##suffix *state, weir_column *out, uint32_t row) {                                  \
        if (!state->present) {                                                                                                       \
            weir_column_set_null(out, row);                                                                                          \
            return;                                                                                                                  \
        }                                                                                                                            \
        if (out->valid != NULL)                                                                                                      \
            out->valid[row] = 1;                                                                                                     \
        WEIR_VALUES(out, c_type)[row] = state->value;                                                                                \
    }                                                                                                                                \
    static weir_status update_##suffix(weir_accumulator *self, void *const *states, uint32_t offset, const weir_rows *rows,          \
                                       const uint8_t *kinds, weir_column *const *arguments, weir_error *error) {                     \
        (void)error, (void)kinds;                                                                                                    \
        bool greatest = extreme_of(self)->greatest;                                                                                  \
        const weir_column *column = arguments[0];                                                                                    \
        const c_type *values = column->values;                                                                                       \
        WEIR_FOR_ROWS(rows, row, {                                                                                                   \
            if (weir_column_is_valid(column, row))                                                                                   \
                take_##suffix(AGGREGATE_STATE(number_##suffix, row), values[row], greatest);                                         \
        });                                                                                                                          \
        return WEIR_OK;                                                                                                              \
    }                                                                                                                                \
    static weir_status emit_##suffix(weir_accumulator *self, void *const *states, uint32_t offset, const weir_rows *rows,            \
                                     weir_column *out, weir_error *error) {                                                          \
        (void)self, (void)error;                                                                                                     \
        WEIR_FOR_ROWS(rows, row, { put_##suffix(AGGREGATE_STATE(number_##suffix, row), out, row); });                                \
        return WEIR_OK;                                                                                                              \
    }                                                                                                                                \
    static weir_status replay_##suffix(weir_accumulator *self, void *const *states, uint32_t offset, const weir_rows *rows,          \
                                       const uint8_t *kinds, weir_column *const *arguments, weir_column *before, weir_column *after, \
                                       weir_error *error) {                                                                          \
        (void)error;                                                                                                                 \
        bool greatest = extreme_of(self)->greatest;                                                                                  \
        const weir_column *column = arguments[0];                                                                                    \
        const c_type *values = column->values;                                                                                       \
        WEIR_FOR_ROWS(rows, row, {                                                                                                   \
            number_##suffix *state = AGGREGATE_STATE(number_##suffix, row);                                                          \
            put_##suffix(state, before, row);                                                                                        \
            if (aggregate_sign(kinds, row) != 0 && weir_column_is_valid(column, row))                                                \
                take_##suffix(state, values[row], greatest);                                                                         \
            put_##suffix(state, after, row);                                                                                         \
        });                                                                                                                          \
        return WEIR_OK;                                                                                                              \
    }                                                                                                                                \
    static weir_status merge_##suffix(weir_accumulator *self, void *into, void *from, weir_error *error) {                           \
        (void)error;                                                                                                                 \
        number_##suffix *other = from;                                                                                               \
        if (other->present)                                                                                                          \
            take_##suffix(into, other->value, extreme_of(self)->greatest);                                                           \
        memset(other, 0, sizeof *other);                                                                                             \
        return WEIR_OK;                                                                                                              \
    }

/* A NaN that comes first stays, one that comes later changes nothing: Flink compares with < and >. (Where rows can go the order is total,
 * NaN greatest.) */
#define LESS(a, b) ((a) < (b))
#define LESS_NANOS(a, b) \
    ((a).milliseconds < (b).milliseconds || ((a).milliseconds == (b).milliseconds && (a).nanoseconds < (b).nanoseconds))

NUMBER_FUNCTIONS(u8, uint8_t, uint8_t, LESS)
NUMBER_FUNCTIONS(i8, int8_t, int8_t, LESS)
NUMBER_FUNCTIONS(i16, int16_t, int16_t, LESS)
NUMBER_FUNCTIONS(i32, int32_t, int32_t, LESS)
NUMBER_FUNCTIONS(i64, int64_t, int64_t, LESS)
NUMBER_FUNCTIONS(f32, float, float, LESS)
NUMBER_FUNCTIONS(f64, double, double, LESS)
NUMBER_FUNCTIONS(i128, weir_i128, aggregate_i128, LESS)
NUMBER_FUNCTIONS(nanos, weir_timestamp_ns, weir_timestamp_ns, LESS_NANOS)

/* ---- text that only comes ---- */

static int text_order(weir_text a, weir_text b, bool greatest) {
    int order = weir_text_compare(a, b);
    return greatest ? order : -order;
}

static weir_text state_text(const weir_accumulator *self, const stored_value *stored) {
    return (weir_text){stored_bytes(self->state, stored), stored->size - 1};
}

/* Stored with one byte more than the text has, so that the empty text is told from nothing. */
static weir_status take_text(weir_accumulator *self, stored_value *stored, weir_text text, weir_error *error) {
    const extreme *mine = extreme_of(self);
    if (stored->size > 0 && text_order(text, state_text(self, stored), mine->greatest) <= 0)
        return WEIR_OK;
    weir_builder *scratch = (weir_builder *)(uintptr_t)&mine->scratch;
    weir_builder_clear(scratch);
    weir_builder_text(scratch, text);
    weir_builder_char(scratch, '\0');
    if (scratch->failed)
        return weir_fail_memory(error, "an aggregate", text.size);
    return stored_set(self->state, stored, scratch->data, scratch->size, error);
}

static void put_text(const weir_accumulator *self, const stored_value *stored, weir_column *out, uint32_t row) {
    if (stored->size == 0) {
        weir_column_set_null(out, row);
        return;
    }
    if (out->valid != NULL)
        out->valid[row] = 1;
    weir_column_put_text(out, row, state_text(self, stored));
}

static weir_status update_text(weir_accumulator *self, void *const *states, uint32_t offset, const weir_rows *rows, const uint8_t *kinds,
                               weir_column *const *arguments, weir_error *error) {
    (void)kinds;
    for (uint32_t k = 0; k < rows->count; k++) {
        uint32_t row = rows->index == NULL ? k : rows->index[k];
        if (weir_column_is_valid(arguments[0], row))
            WEIR_TRY(take_text(self, AGGREGATE_STATE(stored_value, row), weir_column_text(arguments[0], row), error));
    }
    return WEIR_OK;
}

static weir_status emit_text(weir_accumulator *self, void *const *states, uint32_t offset, const weir_rows *rows, weir_column *out,
                             weir_error *error) {
    (void)error;
    WEIR_FOR_ROWS(rows, row, { put_text(self, AGGREGATE_STATE(stored_value, row), out, row); });
    return WEIR_OK;
}

static weir_status merge_text(weir_accumulator *self, void *into, void *from, weir_error *error) {
    stored_value *other = from;
    if (other->size > 0)
        WEIR_TRY(take_text(self, into, state_text(self, other), error));
    stored_clear(self->state, other);
    return WEIR_OK;
}

static void clear_text(weir_accumulator *self, void *state) { stored_clear(self->state, state); }

/* ---- values that come and go: all of them, in order ---- */

/* Payload of an entry: how often, then the compact bytes. */
static weir_status change_sorted(weir_accumulator *self, weir_ref *root, weir_column *const *arguments, uint32_t row, int sign,
                                 weir_error *error) {
    extreme *mine = self->private_data;
    WEIR_TRY(stored_encode(mine->ordered, arguments, row, &mine->order_scratch, error));
    WEIR_TRY(stored_encode(mine->compact, arguments, row, &mine->scratch, error));
    bool created = false;
    weir_sorted_entry *entry = weir_sorted_put(self->state, root, mine->order_scratch.data, mine->order_scratch.size,
                                               sizeof(int64_t) + mine->scratch.size, &created);
    if (entry == NULL)
        return weir_fail_memory(error, "an aggregate", mine->scratch.size);
    char *payload = weir_sorted_payload(entry);
    if (created)
        memcpy(payload + sizeof(int64_t), mine->scratch.data, mine->scratch.size);
    *(int64_t *)(void *)payload += sign;
    if (*(int64_t *)(void *)payload == 0)
        weir_sorted_remove(self->state, root, entry);
    return WEIR_OK;
}

static weir_status update_sorted(weir_accumulator *self, void *const *states, uint32_t offset, const weir_rows *rows, const uint8_t *kinds,
                                 weir_column *const *arguments, weir_error *error) {
    for (uint32_t k = 0; k < rows->count; k++) {
        uint32_t row = rows->index == NULL ? k : rows->index[k];
        if (weir_column_is_valid(arguments[0], row))
            WEIR_TRY(change_sorted(self, AGGREGATE_STATE(weir_ref, row), arguments, row, aggregate_sign(kinds, row), error));
    }
    return WEIR_OK;
}

static weir_sorted_entry *best_entry(const weir_accumulator *self, weir_ref root) {
    bool greatest = extreme_of(self)->greatest;
    weir_sorted_entry *at = greatest ? weir_sorted_last(self->state, root) : weir_sorted_first(self->state, root);
    /* A value that went before it came counts less than nothing. */
    while (at != NULL && *(int64_t *)weir_sorted_payload(at) < 0)
        at = greatest ? weir_sorted_previous(self->state, at) : weir_sorted_next(self->state, at);
    return at;
}

static weir_status emit_sorted(weir_accumulator *self, void *const *states, uint32_t offset, const weir_rows *rows, weir_column *out,
                               weir_error *error) {
    (void)error;
    WEIR_FOR_ROWS(rows, row, {
        weir_sorted_entry *entry = best_entry(self, *AGGREGATE_STATE(weir_ref, row));
        if (entry == NULL)
            weir_column_set_null(out, row);
        else
            stored_put(extreme_of(self)->compact, (const char *)weir_sorted_payload(entry) + sizeof(int64_t),
                       weir_sorted_payload_bytes(entry) - sizeof(int64_t), out, row);
    });
    return WEIR_OK;
}

static weir_status merge_sorted(weir_accumulator *self, void *into, void *from, weir_error *error) {
    weir_ref *other = from;
    for (weir_sorted_entry *at = weir_sorted_first(self->state, *other); at != NULL; at = weir_sorted_next(self->state, at)) {
        weir_text key = weir_sorted_key(at);
        bool created = false;
        weir_sorted_entry *entry = weir_sorted_put(self->state, into, key.data, key.size, weir_sorted_payload_bytes(at), &created);
        if (entry == NULL)
            return weir_fail_memory(error, "an aggregate", key.size);
        int64_t have = created ? 0 : *(int64_t *)weir_sorted_payload(entry);
        if (created)
            memcpy(weir_sorted_payload(entry), weir_sorted_payload(at), weir_sorted_payload_bytes(at));
        *(int64_t *)weir_sorted_payload(entry) = have + *(int64_t *)weir_sorted_payload(at);
    }
    weir_sorted_clear(self->state, other);
    return WEIR_OK;
}

static void clear_sorted(weir_accumulator *self, void *state) { weir_sorted_clear(self->state, state); }

/* ---- bind ---- */

static void extreme_release(void *data) {
    extreme *mine = data;
    weir_builder_deinit(&mine->scratch);
    weir_builder_deinit(&mine->order_scratch);
}

static weir_status bind_sorted(weir_accumulator *self, extreme *mine, weir_error *error) {
    weir_sort_key key = {.column = 0};
    mine->compact = weir_codec_create(self->arena, self->call->argument_types, NULL, 1);
    mine->ordered = weir_codec_create_ordered(self->arena, self->call->argument_types, &key, 1);
    if (mine->compact == NULL || mine->ordered == NULL)
        return weir_fail_memory(error, "an aggregate", sizeof *mine);
    self->state_bytes = sizeof(weir_ref);
    self->update = update_sorted;
    self->emit = emit_sorted;
    self->merge = merge_sorted;
    self->clear = clear_sorted;
    return WEIR_OK;
}

#define USE(suffix)                                  \
    do {                                             \
        self->state_bytes = sizeof(number_##suffix); \
        self->update = update_##suffix;              \
        self->emit = emit_##suffix;                  \
        self->replay = replay_##suffix;              \
        self->merge = merge_##suffix;                \
    } while (0)

static weir_status bind_extreme(weir_accumulator *self, bool greatest, weir_error *error) {
    extreme *mine = WEIR_ARENA_NEW(self->arena, extreme);
    if (mine == NULL)
        return weir_fail_memory(error, "an aggregate", sizeof *mine);
    mine->greatest = greatest;
    weir_builder_init(&mine->scratch, self->memory, UINT32_MAX);
    weir_builder_init(&mine->order_scratch, self->memory, UINT32_MAX);
    self->private_data = mine;
    if (!weir_arena_on_reset(self->arena, extreme_release, mine))
        return weir_fail_memory(error, "an aggregate", sizeof *mine);
    if (self->retracts)
        return bind_sorted(self, mine, error);
    switch (weir_type_layout(self->call->argument_types[0])) {
    case WEIR_LAYOUT_U8: USE(u8); break;
    case WEIR_LAYOUT_I8: USE(i8); break;
    case WEIR_LAYOUT_I16: USE(i16); break;
    case WEIR_LAYOUT_I32: USE(i32); break;
    case WEIR_LAYOUT_I64: USE(i64); break;
    case WEIR_LAYOUT_F32: USE(f32); break;
    case WEIR_LAYOUT_F64: USE(f64); break;
    case WEIR_LAYOUT_I128: USE(i128); break;
    case WEIR_LAYOUT_TIMESTAMP_NS: USE(nanos); break;
    default:
        self->state_bytes = sizeof(stored_value);
        self->update = update_text;
        self->emit = emit_text;
        self->merge = merge_text;
        self->clear = clear_text;
        break;
    }
    return WEIR_OK;
}

static weir_status bind_min(weir_accumulator *self, weir_error *error) { return bind_extreme(self, false, error); }
static weir_status bind_max(weir_accumulator *self, weir_error *error) { return bind_extreme(self, true, error); }

enum { FLAGS = WEIR_AGGREGATE_MERGES | WEIR_AGGREGATE_RETRACTS };

const weir_aggregate weir_aggregates_extreme[] = {
    {"MIN", FLAGS, infer_extreme, bind_min, "aggregate", "MIN(value ANY) -> type of value", "The smallest value that is not NULL.",
     "SELECT MIN(v) FROM (VALUES (3), (1), (2)) AS t(v)", "1"},
    {"MAX", FLAGS, infer_extreme, bind_max, "aggregate", "MAX(value ANY) -> type of value", "The greatest value that is not NULL.",
     "SELECT MAX(v) FROM (VALUES (3), (1), (2)) AS t(v)", "3"},
    {0},
};
