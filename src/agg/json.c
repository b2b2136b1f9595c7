/* JSON_OBJECTAGG(key, value, SYMBOL) and JSON_ARRAYAGG(value, SYMBOL). The SYMBOL is NULL or ABSENT (ON NULL); the binder passes it last.
 *
 * A value is turned into JSON when it comes (what JSON functions made is nested as it is, see func/json_encode.h); the state keeps the
 * pieces: for an object by key, for an array in the order of arrival. A key that comes twice is an error, as in Flink. */
#include <string.h>

#include "agg/arrivals.h"
#include "agg/grown.h"
#include "func/json_document.h"
#include "func/json_encode.h"

enum { RESULT_LENGTH = 2000 };

typedef struct pieces {
    const weir_json_encoder *encoder;
    weir_builder scratch;
    bool absent_on_null;
    uint32_t value; /* which argument */
} pieces;

static pieces *pieces_of(const weir_accumulator *self) { return self->private_data; }

static bool is_object(const char *name) { return name[5] == 'O'; }

static weir_status infer_json(weir_signature *signature, const char *name, weir_error *error) {
    uint32_t values = is_object(name) ? 2 : 1;
    WEIR_TRY(aggregate_count(signature, name, values, values + 1, error));
    WEIR_TRY(aggregate_no_null(signature, error));
    if (is_object(name) && !weir_kind_is_text(signature->arguments[0].type->kind))
        return aggregate_refuse(signature, name, "'JSON_OBJECTAGG([KEY] <CHARACTER> VALUE <ANY>)'", error);
    const weir_json_encoder *ignored;
    WEIR_TRY(weir_json_encoder_create(signature->arena, signature->arguments[values - 1].type, &ignored, error));
    return aggregate_result(signature, weir_type_sized(signature->arena, WEIR_KIND_VARCHAR, RESULT_LENGTH, false), error);
}

static void pieces_release(void *data) { weir_builder_deinit(&((pieces *)data)->scratch); }

static bool is_absent(const weir_aggregate_call *call, uint32_t symbol, bool otherwise) {
    const weir_value *word = symbol < call->argument_count && call->literals != NULL ? call->literals[symbol] : NULL;
    if (word == NULL || word->is_null)
        return otherwise;
    return word->as.text.size > 0 && (word->as.text.data[0] == 'A' || word->as.text.data[0] == 'a');
}

static weir_status make(weir_accumulator *self, uint32_t value, bool absent_otherwise, weir_error *error) {
    pieces *mine = WEIR_ARENA_NEW(self->arena, pieces);
    if (mine == NULL || !weir_arena_on_reset(self->arena, pieces_release, mine))
        return weir_fail_memory(error, "an aggregate", sizeof *mine);
    weir_builder_init(&mine->scratch, self->memory, UINT32_MAX);
    mine->value = value;
    mine->absent_on_null = is_absent(self->call, value + 1, absent_otherwise);
    self->private_data = mine;
    return weir_json_encoder_create(self->arena, self->call->argument_types[value], &mine->encoder, error);
}

/* The row's value as JSON in mine->scratch. */
static weir_status encode(pieces *mine, weir_column *const *arguments, uint32_t row, weir_error *error) {
    weir_builder_clear(&mine->scratch);
    if (!weir_json_encode(mine->encoder, arguments[mine->value], row, &mine->scratch))
        return weir_fail(error, WEIR_RUNTIME, "A key of a map was null. This is not supported during conversion to JSON.");
    return mine->scratch.failed ? weir_fail_memory(error, "JSON", mine->scratch.size) : WEIR_OK;
}

static bool passes(const pieces *mine, const uint8_t *kinds, weir_column *const *arguments, uint32_t row) {
    return aggregate_sign(kinds, row) != 0 && (!mine->absent_on_null || weir_column_is_valid(arguments[mine->value], row));
}

/* ---- JSON_ARRAYAGG over rows that only come: "1,2,3" ---- */

static weir_status update_array(weir_accumulator *self, void *const *states, uint32_t offset, const weir_rows *rows, const uint8_t *kinds,
                                weir_column *const *arguments, weir_error *error) {
    pieces *mine = pieces_of(self);
    for (uint32_t k = 0; k < rows->count; k++) {
        uint32_t row = rows->index == NULL ? k : rows->index[k];
        if (!passes(mine, kinds, arguments, row))
            continue;
        WEIR_TRY(encode(mine, arguments, row, error));
        grown *state = AGGREGATE_STATE(grown, row);
        if (state->count++ > 0)
            WEIR_TRY(grown_add(self->state, state, WEIR_TEXT(","), error));
        WEIR_TRY(grown_add(self->state, state, weir_builder_view(&mine->scratch), error));
    }
    return WEIR_OK;
}

static weir_status emit_array(weir_accumulator *self, void *const *states, uint32_t offset, const weir_rows *rows, weir_column *out,
                              weir_error *error) {
    for (uint32_t k = 0; k < rows->count; k++) {
        uint32_t row = rows->index == NULL ? k : rows->index[k];
        weir_text inner = grown_bytes(self->state, AGGREGATE_STATE(grown, row));
        char *room = weir_column_text_room(out, inner.size + 2);
        if (room == NULL)
            return weir_fail_memory(error, "JSON_ARRAYAGG", inner.size);
        room[0] = '[';
        memcpy(room + 1, inner.data, inner.size);
        room[inner.size + 1] = ']';
        weir_column_set_view(out, row, room, inner.size + 2);
    }
    return WEIR_OK;
}

static weir_status merge_array(weir_accumulator *self, void *into, void *from, weir_error *error) {
    grown *to = into, *other = from;
    if (to->count > 0 && other->count > 0)
        WEIR_TRY(grown_add(self->state, to, WEIR_TEXT(","), error));
    WEIR_TRY(grown_add(self->state, to, grown_bytes(self->state, other), error));
    to->count += other->count;
    grown_clear(self->state, other);
    return WEIR_OK;
}

static void clear_array(weir_accumulator *self, void *state) { grown_clear(self->state, state); }

/* ---- JSON_ARRAYAGG over rows that can go ---- */

static weir_status update_arrivals(weir_accumulator *self, void *const *states, uint32_t offset, const weir_rows *rows,
                                   const uint8_t *kinds, weir_column *const *arguments, weir_error *error) {
    pieces *mine = pieces_of(self);
    for (uint32_t k = 0; k < rows->count; k++) {
        uint32_t row = rows->index == NULL ? k : rows->index[k];
        if (!passes(mine, kinds, arguments, row))
            continue;
        WEIR_TRY(encode(mine, arguments, row, error));
        if (aggregate_sign(kinds, row) < 0)
            WEIR_TRY(arrivals_remove(self->state, AGGREGATE_STATE(arrivals, row), weir_builder_view(&mine->scratch), error));
        else
            WEIR_TRY(arrivals_add(self->state, AGGREGATE_STATE(arrivals, row), weir_builder_view(&mine->scratch), error));
    }
    return WEIR_OK;
}

static weir_status emit_arrivals(weir_accumulator *self, void *const *states, uint32_t offset, const weir_rows *rows, weir_column *out,
                                 weir_error *error) {
    pieces *mine = pieces_of(self);
    for (uint32_t k = 0; k < rows->count; k++) {
        uint32_t row = rows->index == NULL ? k : rows->index[k];
        weir_builder_clear(&mine->scratch);
        weir_builder_char(&mine->scratch, '[');
        for (weir_sorted_entry *entry = weir_sorted_first(self->state, AGGREGATE_STATE(arrivals, row)->root); entry != NULL;
             entry = weir_sorted_next(self->state, entry)) {
            if (mine->scratch.size > 1)
                weir_builder_char(&mine->scratch, ',');
            weir_builder_text(&mine->scratch, arrival_bytes(entry));
        }
        weir_builder_char(&mine->scratch, ']');
        if (mine->scratch.failed)
            return weir_fail_memory(error, "JSON_ARRAYAGG", mine->scratch.size);
        weir_column_put_text(out, row, weir_builder_view(&mine->scratch));
    }
    return WEIR_OK;
}

static weir_status merge_arrivals(weir_accumulator *self, void *into, void *from, weir_error *error) {
    return arrivals_merge(self->state, into, from, error);
}
static void clear_arrivals(weir_accumulator *self, void *state) { arrivals_clear(self->state, state); }

static weir_status bind_array(weir_accumulator *self, weir_error *error) {
    WEIR_TRY(make(self, 0, true, error));
    if (self->retracts) {
        self->state_bytes = sizeof(arrivals);
        self->update = update_arrivals;
        self->emit = emit_arrivals;
        self->merge = merge_arrivals;
        self->clear = clear_arrivals;
        return WEIR_OK;
    }
    self->state_bytes = sizeof(grown);
    self->update = update_array;
    self->emit = emit_array;
    self->merge = merge_array;
    self->clear = clear_array;
    return WEIR_OK;
}

/* ---- JSON_OBJECTAGG: key -> JSON ---- */

static weir_status put_member(weir_accumulator *self, weir_ref *root, weir_text key, weir_text value, weir_error *error) {
    bool created = false;
    weir_sorted_entry *entry = weir_sorted_put(self->state, root, key.data, key.size, value.size, &created);
    if (entry == NULL)
        return weir_fail_memory(error, "JSON_OBJECTAGG", key.size + value.size);
    if (!created)
        return weir_fail(
            error, WEIR_RUNTIME,
            "Key '%.*s' is already present. Duplicate keys are not allowed in JSON_OBJECTAGG. Please ensure that keys are unique.",
            (int)(key.size > 200 ? 200 : key.size), key.data);
    memcpy(weir_sorted_payload(entry), value.data, value.size);
    return WEIR_OK;
}

static weir_status update_object(weir_accumulator *self, void *const *states, uint32_t offset, const weir_rows *rows, const uint8_t *kinds,
                                 weir_column *const *arguments, weir_error *error) {
    pieces *mine = pieces_of(self);
    for (uint32_t k = 0; k < rows->count; k++) {
        uint32_t row = rows->index == NULL ? k : rows->index[k];
        if (!passes(mine, kinds, arguments, row))
            continue;
        if (!weir_column_is_valid(arguments[0], row))
            return weir_fail(error, WEIR_RUNTIME, "A key of JSON_OBJECTAGG is NULL, which JSON does not allow");
        weir_ref *root = AGGREGATE_STATE(weir_ref, row);
        weir_text key = weir_column_text(arguments[0], row);
        if (aggregate_sign(kinds, row) < 0) {
            weir_sorted_entry *entry = weir_sorted_find(self->state, *root, key.data, key.size);
            if (entry != NULL)
                weir_sorted_remove(self->state, root, entry);
            continue;
        }
        WEIR_TRY(encode(mine, arguments, row, error));
        WEIR_TRY(put_member(self, root, key, weir_builder_view(&mine->scratch), error));
    }
    return WEIR_OK;
}

static weir_status emit_object(weir_accumulator *self, void *const *states, uint32_t offset, const weir_rows *rows, weir_column *out,
                               weir_error *error) {
    pieces *mine = pieces_of(self);
    for (uint32_t k = 0; k < rows->count; k++) {
        uint32_t row = rows->index == NULL ? k : rows->index[k];
        weir_builder_clear(&mine->scratch);
        weir_builder_char(&mine->scratch, '{');
        for (weir_sorted_entry *entry = weir_sorted_first(self->state, *AGGREGATE_STATE(weir_ref, row)); entry != NULL;
             entry = weir_sorted_next(self->state, entry)) {
            if (mine->scratch.size > 1)
                weir_builder_char(&mine->scratch, ',');
            weir_json_write_string(weir_sorted_key(entry), &mine->scratch);
            weir_builder_char(&mine->scratch, ':');
            weir_builder_text(&mine->scratch, arrival_bytes(entry));
        }
        weir_builder_char(&mine->scratch, '}');
        if (mine->scratch.failed)
            return weir_fail_memory(error, "JSON_OBJECTAGG", mine->scratch.size);
        weir_column_put_text(out, row, weir_builder_view(&mine->scratch));
    }
    return WEIR_OK;
}

static weir_status merge_object(weir_accumulator *self, void *into, void *from, weir_error *error) {
    weir_ref *other = from;
    for (weir_sorted_entry *entry = weir_sorted_first(self->state, *other); entry != NULL; entry = weir_sorted_next(self->state, entry))
        WEIR_TRY(put_member(self, into, weir_sorted_key(entry), arrival_bytes(entry), error));
    weir_sorted_clear(self->state, other);
    return WEIR_OK;
}

static void clear_object(weir_accumulator *self, void *state) { weir_sorted_clear(self->state, state); }

static weir_status bind_object(weir_accumulator *self, weir_error *error) {
    WEIR_TRY(make(self, 1, false, error));
    self->state_bytes = sizeof(weir_ref);
    self->update = update_object;
    self->emit = emit_object;
    self->merge = merge_object;
    self->clear = clear_object;
    return WEIR_OK;
}

enum { FLAGS = WEIR_AGGREGATE_MERGES | WEIR_AGGREGATE_RETRACTS | WEIR_AGGREGATE_NEVER_NULL };

const weir_aggregate weir_aggregates_json[] = {
    {"JSON_OBJECTAGG", FLAGS, infer_json, bind_object, "aggregate",
     "JSON_OBJECTAGG([KEY] key STRING VALUE value ANY [{NULL | ABSENT} ON NULL]) -> STRING",
     "A JSON object of all keys and values; a key must not come twice.",
     "SELECT JSON_OBJECTAGG(KEY k VALUE v) FROM (VALUES ('a', 1), ('b', 2)) AS t(k, v)", "{\"a\":1,\"b\":2}"},
    {"JSON_ARRAYAGG", FLAGS | WEIR_AGGREGATE_ORDERED | WEIR_AGGREGATE_KEEPS_NULLS, infer_json, bind_array, "aggregate",
     "JSON_ARRAYAGG(value ANY [{NULL | ABSENT} ON NULL]) -> STRING",
     "A JSON array of all values, in the order of arrival; NULLs are left out unless NULL ON NULL is written.",
     "SELECT JSON_ARRAYAGG(v) FROM (VALUES (1), (2)) AS t(v)", "[1,2]"},
    {0},
};
