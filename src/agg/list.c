/* ARRAY_AGG, LISTAGG and COLLECT: the values themselves.
 *
 * ARRAY_AGG and LISTAGG keep arrival order. Over rows that only come the state is one growing block (for LISTAGG the text as it will be
 * shown); where rows can go it is the arrivals, one by one. COLLECT counts equal values. As in Flink, an ORDER BY inside ARRAY_AGG does not
 * change the order, NULLs are kept by ARRAY_AGG unless IGNORE NULLS is written, and LISTAGG and COLLECT pass over them. */
#include <string.h>

#include "agg/arrivals.h"
#include "agg/grown.h"
#include "agg/stored.h"

typedef struct list {
    weir_codec *codec; /* of one value */
    weir_builder scratch;
    bool skips_nulls;
    weir_text separator; /* LISTAGG */
} list;

static list *list_of(const weir_accumulator *self) { return self->private_data; }

static void list_release(void *data) { weir_builder_deinit(&((list *)data)->scratch); }

static weir_status make(weir_accumulator *self, list **out, weir_error *error) {
    list *mine = WEIR_ARENA_NEW(self->arena, list);
    if (mine == NULL)
        return weir_fail_memory(error, "an aggregate", sizeof *mine);
    weir_builder_init(&mine->scratch, self->memory, UINT32_MAX);
    mine->codec = weir_codec_create(self->arena, self->call->argument_types, NULL, 1);
    if (mine->codec == NULL || !weir_arena_on_reset(self->arena, list_release, mine))
        return weir_fail_memory(error, "an aggregate", sizeof *mine);
    self->private_data = mine;
    *out = mine;
    return WEIR_OK;
}

static bool passes(const list *mine, const uint8_t *kinds, const weir_column *column, uint32_t row) {
    return aggregate_sign(kinds, row) != 0 && (!mine->skips_nulls || weir_column_is_valid(column, row));
}

/* ---- over rows that can go: the arrivals ---- */

static weir_status update_arrivals(weir_accumulator *self, void *const *states, uint32_t offset, const weir_rows *rows,
                                   const uint8_t *kinds, weir_column *const *arguments, weir_error *error) {
    list *mine = list_of(self);
    for (uint32_t k = 0; k < rows->count; k++) {
        uint32_t row = rows->index == NULL ? k : rows->index[k];
        if (!passes(mine, kinds, arguments[0], row))
            continue;
        WEIR_TRY(stored_encode(mine->codec, arguments, row, &mine->scratch, error));
        if (aggregate_sign(kinds, row) < 0)
            WEIR_TRY(arrivals_remove(self->state, AGGREGATE_STATE(arrivals, row), weir_builder_view(&mine->scratch), error));
        else
            WEIR_TRY(arrivals_add(self->state, AGGREGATE_STATE(arrivals, row), weir_builder_view(&mine->scratch), error));
    }
    return WEIR_OK;
}

static weir_status merge_arrivals(weir_accumulator *self, void *into, void *from, weir_error *error) {
    return arrivals_merge(self->state, into, from, error);
}
static void clear_arrivals(weir_accumulator *self, void *state) { arrivals_clear(self->state, state); }

static void use_arrivals(weir_accumulator *self) {
    self->state_bytes = sizeof(arrivals);
    self->update = update_arrivals;
    self->merge = merge_arrivals;
    self->clear = clear_arrivals;
}

static void clear_grown(weir_accumulator *self, void *state) { grown_clear(self->state, state); }

/* ---- ARRAY_AGG ---- */

static weir_status infer_array(weir_signature *signature, const char *name, weir_error *error) {
    WEIR_TRY(aggregate_count(signature, name, 1, 1, error));
    WEIR_TRY(aggregate_no_null(signature, error));
    const weir_type *type = signature->arguments[0].type;
    return aggregate_result(signature, weir_type_array(signature->arena, type, type->nullable), error);
}

static weir_status update_array(weir_accumulator *self, void *const *states, uint32_t offset, const weir_rows *rows, const uint8_t *kinds,
                                weir_column *const *arguments, weir_error *error) {
    const list *mine = list_of(self);
    for (uint32_t k = 0; k < rows->count; k++) {
        uint32_t row = rows->index == NULL ? k : rows->index[k];
        if (!passes(mine, kinds, arguments[0], row))
            continue;
        grown *state = AGGREGATE_STATE(grown, row);
        size_t size = weir_codec_size(mine->codec, arguments, row);
        char *room = grown_room(self->state, state, size);
        if (room == NULL)
            return weir_fail_memory(error, "ARRAY_AGG", size);
        weir_codec_write(mine->codec, arguments, row, room);
        state->count++;
    }
    return WEIR_OK;
}

static weir_status merge_grown(weir_accumulator *self, void *into, void *from, weir_error *error) {
    grown *to = into, *other = from;
    WEIR_TRY(grown_add(self->state, to, grown_bytes(self->state, other), error));
    to->count += other->count;
    grown_clear(self->state, other);
    return WEIR_OK;
}

static weir_status emit_array(weir_accumulator *self, void *const *states, uint32_t offset, const weir_rows *rows, weir_column *out,
                              weir_error *error) {
    const weir_codec *codec = list_of(self)->codec;
    for (uint32_t k = 0; k < rows->count; k++) {
        uint32_t row = rows->index == NULL ? k : rows->index[k];
        const grown *state = AGGREGATE_STATE(grown, row);
        if (state->count == 0) {
            weir_column_set_null(out, row);
            continue;
        }
        uint32_t at = weir_column_span_add(out, row, (uint32_t)state->count);
        if (at == UINT32_MAX)
            return weir_fail_memory(error, "ARRAY_AGG", (size_t)state->count);
        if (out->valid != NULL)
            out->valid[row] = 1;
        const char *bytes = grown_bytes(self->state, state).data;
        for (int64_t i = 0; i < state->count; i++)
            bytes += weir_codec_read(codec, bytes, out->children, at + (uint32_t)i);
        out->failed |= out->children[0]->failed;
    }
    return WEIR_OK;
}

static weir_status emit_array_arrivals(weir_accumulator *self, void *const *states, uint32_t offset, const weir_rows *rows,
                                       weir_column *out, weir_error *error) {
    const weir_codec *codec = list_of(self)->codec;
    for (uint32_t k = 0; k < rows->count; k++) {
        uint32_t row = rows->index == NULL ? k : rows->index[k];
        weir_ref root = AGGREGATE_STATE(arrivals, row)->root;
        size_t count = weir_sorted_count(self->state, root);
        if (count == 0) {
            weir_column_set_null(out, row);
            continue;
        }
        uint32_t at = count > UINT32_MAX / 2 ? UINT32_MAX : weir_column_span_add(out, row, (uint32_t)count);
        if (at == UINT32_MAX)
            return weir_fail_memory(error, "ARRAY_AGG", count);
        if (out->valid != NULL)
            out->valid[row] = 1;
        for (weir_sorted_entry *entry = weir_sorted_first(self->state, root); entry != NULL; entry = weir_sorted_next(self->state, entry))
            weir_codec_read(codec, arrival_bytes(entry).data, out->children, at++);
        out->failed |= out->children[0]->failed;
    }
    return WEIR_OK;
}

static weir_status bind_array(weir_accumulator *self, weir_error *error) {
    list *mine;
    WEIR_TRY(make(self, &mine, error));
    mine->skips_nulls = self->call->ignore_nulls;
    self->emit = emit_array_arrivals;
    if (self->retracts) {
        use_arrivals(self);
        return WEIR_OK;
    }
    self->state_bytes = sizeof(grown);
    self->update = update_array;
    self->emit = emit_array;
    self->merge = merge_grown;
    self->clear = clear_grown;
    return WEIR_OK;
}

/* ---- LISTAGG(value [, separator]) ---- */

static weir_status infer_listagg(weir_signature *signature, const char *name, weir_error *error) {
    WEIR_TRY(aggregate_count(signature, name, 1, 2, error));
    WEIR_TRY(aggregate_no_null(signature, error));
    const weir_type *type = signature->arguments[0].type;
    for (uint32_t i = 0; i < signature->count; i++)
        if (!weir_kind_is_text(signature->arguments[i].type->kind))
            return aggregate_refuse(signature, name, "'LISTAGG(<CHARACTER>)' 'LISTAGG(<CHARACTER>, <CHARACTER>)'", error);
    if (signature->count == 2) {
        const weir_value *separator = signature->arguments[1].literal;
        if (separator == NULL)
            return weir_fail(error, WEIR_VALIDATE, "Argument to function 'LISTAGG' must be a literal");
        if (separator->is_null)
            return weir_fail(error, WEIR_VALIDATE, "Argument to function 'LISTAGG' must not be NULL");
    }
    return aggregate_result(signature, type, error);
}

static weir_status update_listagg(weir_accumulator *self, void *const *states, uint32_t offset, const weir_rows *rows, const uint8_t *kinds,
                                  weir_column *const *arguments, weir_error *error) {
    const list *mine = list_of(self);
    for (uint32_t k = 0; k < rows->count; k++) {
        uint32_t row = rows->index == NULL ? k : rows->index[k];
        if (!passes(mine, kinds, arguments[0], row))
            continue;
        grown *state = AGGREGATE_STATE(grown, row);
        if (state->count++ > 0)
            WEIR_TRY(grown_add(self->state, state, mine->separator, error));
        WEIR_TRY(grown_add(self->state, state, weir_column_text(arguments[0], row), error));
    }
    return WEIR_OK;
}

static weir_status emit_listagg(weir_accumulator *self, void *const *states, uint32_t offset, const weir_rows *rows, weir_column *out,
                                weir_error *error) {
    (void)error;
    WEIR_FOR_ROWS(rows, row, {
        const grown *state = AGGREGATE_STATE(grown, row);
        if (state->count == 0) {
            weir_column_set_null(out, row);
            continue;
        }
        if (out->valid != NULL)
            out->valid[row] = 1;
        weir_column_put_text(out, row, grown_bytes(self->state, state));
    });
    return WEIR_OK;
}

static weir_status merge_listagg(weir_accumulator *self, void *into, void *from, weir_error *error) {
    grown *to = into;
    const grown *other = from;
    if (to->count > 0 && other->count > 0)
        WEIR_TRY(grown_add(self->state, to, list_of(self)->separator, error));
    return merge_grown(self, into, from, error);
}

/* Arrivals hold the text alone. */
static weir_status update_listagg_arrivals(weir_accumulator *self, void *const *states, uint32_t offset, const weir_rows *rows,
                                           const uint8_t *kinds, weir_column *const *arguments, weir_error *error) {
    const list *mine = list_of(self);
    for (uint32_t k = 0; k < rows->count; k++) {
        uint32_t row = rows->index == NULL ? k : rows->index[k];
        if (!passes(mine, kinds, arguments[0], row))
            continue;
        if (aggregate_sign(kinds, row) < 0)
            WEIR_TRY(arrivals_remove(self->state, AGGREGATE_STATE(arrivals, row), weir_column_text(arguments[0], row), error));
        else
            WEIR_TRY(arrivals_add(self->state, AGGREGATE_STATE(arrivals, row), weir_column_text(arguments[0], row), error));
    }
    return WEIR_OK;
}

static weir_status emit_listagg_arrivals(weir_accumulator *self, void *const *states, uint32_t offset, const weir_rows *rows,
                                         weir_column *out, weir_error *error) {
    list *mine = list_of(self);
    for (uint32_t k = 0; k < rows->count; k++) {
        uint32_t row = rows->index == NULL ? k : rows->index[k];
        weir_sorted_entry *entry = weir_sorted_first(self->state, AGGREGATE_STATE(arrivals, row)->root);
        if (entry == NULL) {
            weir_column_set_null(out, row);
            continue;
        }
        weir_builder_clear(&mine->scratch);
        for (bool first = true; entry != NULL; entry = weir_sorted_next(self->state, entry), first = false) {
            if (!first)
                weir_builder_text(&mine->scratch, mine->separator);
            weir_builder_text(&mine->scratch, arrival_bytes(entry));
        }
        if (mine->scratch.failed)
            return weir_fail_memory(error, "LISTAGG", mine->scratch.size);
        if (out->valid != NULL)
            out->valid[row] = 1;
        weir_column_put_text(out, row, weir_builder_view(&mine->scratch));
    }
    return WEIR_OK;
}

static weir_status bind_listagg(weir_accumulator *self, weir_error *error) {
    list *mine;
    WEIR_TRY(make(self, &mine, error));
    mine->skips_nulls = true;
    const weir_value *separator = self->call->argument_count > 1 && self->call->literals != NULL ? self->call->literals[1] : NULL;
    if (self->call->argument_count > 1 && separator == NULL)
        return weir_fail(error, WEIR_VALIDATE, "Argument to function 'LISTAGG' must be a literal");
    mine->separator = separator == NULL ? WEIR_TEXT(",") : separator->as.text;
    if (self->retracts) {
        use_arrivals(self);
        self->update = update_listagg_arrivals;
        self->emit = emit_listagg_arrivals;
        return WEIR_OK;
    }
    self->state_bytes = sizeof(grown);
    self->update = update_listagg;
    self->emit = emit_listagg;
    self->merge = merge_listagg;
    self->clear = clear_grown;
    return WEIR_OK;
}

/* ---- COLLECT: value bytes -> how often ---- */

static weir_status infer_collect(weir_signature *signature, const char *name, weir_error *error) {
    WEIR_TRY(aggregate_count(signature, name, 1, 1, error));
    WEIR_TRY(aggregate_no_null(signature, error));
    return aggregate_result(signature, weir_type_multiset(signature->arena, signature->arguments[0].type, false), error);
}

static weir_status count_value(weir_accumulator *self, weir_ref *root, weir_text bytes, int64_t step, weir_error *error) {
    weir_sorted_entry *entry = weir_sorted_put(self->state, root, bytes.data, bytes.size, sizeof(int64_t), NULL);
    if (entry == NULL)
        return weir_fail_memory(error, "COLLECT", bytes.size);
    int64_t *count = weir_sorted_payload(entry);
    *count += step;
    if (*count == 0)
        weir_sorted_remove(self->state, root, entry);
    return WEIR_OK;
}

static weir_status update_collect(weir_accumulator *self, void *const *states, uint32_t offset, const weir_rows *rows, const uint8_t *kinds,
                                  weir_column *const *arguments, weir_error *error) {
    list *mine = list_of(self);
    for (uint32_t k = 0; k < rows->count; k++) {
        uint32_t row = rows->index == NULL ? k : rows->index[k];
        if (!passes(mine, kinds, arguments[0], row))
            continue;
        WEIR_TRY(stored_encode(mine->codec, arguments, row, &mine->scratch, error));
        WEIR_TRY(count_value(self, AGGREGATE_STATE(weir_ref, row), weir_builder_view(&mine->scratch), aggregate_sign(kinds, row), error));
    }
    return WEIR_OK;
}

static weir_status emit_collect(weir_accumulator *self, void *const *states, uint32_t offset, const weir_rows *rows, weir_column *out,
                                weir_error *error) {
    const weir_codec *codec = list_of(self)->codec;
    for (uint32_t k = 0; k < rows->count; k++) {
        uint32_t row = rows->index == NULL ? k : rows->index[k];
        weir_ref root = *AGGREGATE_STATE(weir_ref, row);
        size_t count = weir_sorted_count(self->state, root);
        uint32_t at = count > UINT32_MAX / 2 ? UINT32_MAX : weir_column_span_add(out, row, (uint32_t)count);
        if (at == UINT32_MAX)
            return weir_fail_memory(error, "COLLECT", count);
        if (out->valid != NULL)
            out->valid[row] = 1;
        for (weir_sorted_entry *entry = weir_sorted_first(self->state, root); entry != NULL;
             entry = weir_sorted_next(self->state, entry), at++) {
            weir_codec_read(codec, weir_sorted_key(entry).data, out->children, at);
            WEIR_VALUES(out->children[1], int32_t)[at] = (int32_t) * (int64_t *)weir_sorted_payload(entry);
        }
        out->failed |= out->children[0]->failed;
    }
    return WEIR_OK;
}

static weir_status merge_collect(weir_accumulator *self, void *into, void *from, weir_error *error) {
    weir_ref *other = from;
    for (weir_sorted_entry *entry = weir_sorted_first(self->state, *other); entry != NULL; entry = weir_sorted_next(self->state, entry))
        WEIR_TRY(count_value(self, into, weir_sorted_key(entry), *(int64_t *)weir_sorted_payload(entry), error));
    weir_sorted_clear(self->state, other);
    return WEIR_OK;
}

static void clear_collect(weir_accumulator *self, void *state) { weir_sorted_clear(self->state, state); }

static weir_status bind_collect(weir_accumulator *self, weir_error *error) {
    list *mine;
    WEIR_TRY(make(self, &mine, error));
    mine->skips_nulls = true;
    self->state_bytes = sizeof(weir_ref);
    self->update = update_collect;
    self->emit = emit_collect;
    self->merge = merge_collect;
    self->clear = clear_collect;
    return WEIR_OK;
}

enum { FLAGS = WEIR_AGGREGATE_MERGES | WEIR_AGGREGATE_RETRACTS | WEIR_AGGREGATE_NEVER_NULL };

const weir_aggregate weir_aggregates_list[] = {
    {"ARRAY_AGG", FLAGS | WEIR_AGGREGATE_ORDERED | WEIR_AGGREGATE_KEEPS_NULLS, infer_array, bind_array, "aggregate",
     "ARRAY_AGG([DISTINCT] value ANY [{IGNORE | RESPECT} NULLS]) -> ARRAY",
     "All values as an array, in the order of arrival; NULL without rows.", "SELECT ARRAY_AGG(v) FROM (VALUES (1), (2)) AS t(v)", "[1, 2]"},
    {"LISTAGG", FLAGS | WEIR_AGGREGATE_ORDERED, infer_listagg, bind_listagg, "aggregate",
     "LISTAGG([DISTINCT] value STRING [, separator STRING]) -> STRING",
     "All texts that are not NULL as one, with a comma or the given separator between them.",
     "SELECT LISTAGG(v, '|') FROM (VALUES ('a'), ('b')) AS t(v)", "a|b"},
    {"COLLECT", FLAGS, infer_collect, bind_collect, "aggregate", "COLLECT([DISTINCT] value ANY) -> MULTISET",
     "The different values that are not NULL, each with the number of its occurrences.", "SELECT COLLECT(v) FROM (VALUES (1), (1)) AS t(v)",
     "{1=2}"},
    {0},
};
