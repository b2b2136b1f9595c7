/* What a result knows about its rows, and the rows themselves: drawn from the answer as they come, drawn and kept, or added up to the table
 * that they mean. */
#include "api/api_int.h"

static const char *type_text(weir_result *result, const weir_type *type) {
    weir_builder text;
    weir_builder_init(&text, &result->owner->account->memory, SIZE_MAX);
    weir_type_print_short(type, &text);
    weir_text kept = text.failed ? (weir_text){0} : weir_arena_text(&result->texts, weir_builder_view(&text));
    weir_builder_deinit(&text);
    return kept.data;
}

weir_status api_result_describe(weir_result *result, weir_error *error) {
    const weir_schema *schema = weir_answer_schema(result->answer);
    weir_arena *arena = &result->texts;
    size_t offset = weir_answer_position(result->answer).offset_bytes;
    offset = offset > result->text_bytes ? 0 : offset;
    result->insert_only = weir_answer_only_inserts(result->answer);
    result->statement = weir_arena_text(arena, (weir_text){result->text + offset, result->text_bytes - offset}).data;
    result->names = WEIR_ARENA_ARRAY(arena, const char *, schema->count);
    result->types = WEIR_ARENA_ARRAY(arena, const char *, schema->count);
    bool good = result->statement != NULL && result->names != NULL && result->types != NULL;
    for (uint32_t i = 0; good && i < schema->count; i++) {
        result->names[i] = weir_arena_text(arena, schema->fields[i].name).data;
        result->types[i] = type_text(result, schema->fields[i].type);
        good = result->names[i] != NULL && result->types[i] != NULL;
    }
    return good ? WEIR_OK : weir_fail_memory(error, "a result", schema->count);
}

/* The next batch with rows; *out NULL: the end. */
static weir_status draw(weir_result *result, weir_batch **out, weir_error *error) {
    *out = NULL;
    while (!result->ended) {
        weir_batch *batch = NULL;
        bool pending = false;
        WEIR_TRY(weir_answer_next(result->answer, 1000, &batch, &pending, error));
        if (batch == NULL) {
            result->ended = !pending;
        } else if (batch->selected == 0) {
            weir_batch_destroy(batch);
        } else {
            *out = batch;
            return WEIR_OK;
        }
    }
    return WEIR_OK;
}

/* Takes the batch over. */
static weir_status keep(weir_result *result, weir_batch *batch, weir_error *error) {
    if (weir_list_add(&result->texts, &result->batches, batch))
        return WEIR_OK;
    weir_batch_destroy(batch);
    return weir_fail_memory(error, "the rows of a result", sizeof batch);
}

static weir_status add_up(weir_result *result, weir_error *error) {
    const weir_sort_key *keys;
    uint32_t key_count = weir_answer_order(result->answer, &keys);
    weir_batch *batch = NULL;
    WEIR_TRY(weir_collapse_create(&result->owner->account->memory, weir_answer_schema(result->answer), true, &result->collapse, error));
    for (;;) {
        WEIR_TRY(draw(result, &batch, error));
        if (batch == NULL)
            break;
        weir_status status = weir_collapse_apply(result->collapse, batch, error);
        weir_batch_destroy(batch);
        if (status != WEIR_OK)
            return status;
    }
    if (weir_collapse_count(result->collapse) == 0)
        return WEIR_OK;
    WEIR_TRY(weir_collapse_rows(result->collapse, keys, key_count, UINT32_MAX, &batch, error));
    return keep(result, batch, error);
}

static void drop_batches(weir_result *result) {
    for (size_t i = 0; i < result->batches.count; i++)
        weir_batch_destroy(result->batches.items[i]);
    result->batches.count = 0;
}

static weir_status more(weir_result *result, size_t index, weir_error *error) {
    if (result->collapsed)
        return result->ended ? WEIR_OK : add_up(result, error);
    while (!result->ended && (!result->keeps || index >= result->batches.count)) {
        weir_batch *batch = NULL;
        if (!result->keeps)
            drop_batches(result);
        WEIR_TRY(draw(result, &batch, error));
        if (batch == NULL)
            return WEIR_OK;
        WEIR_TRY(keep(result, batch, error));
        if (!result->keeps)
            return WEIR_OK;
    }
    return WEIR_OK;
}

weir_status api_result_batch(weir_result *result, size_t index, weir_batch **out, weir_error *error) {
    const bool forwards = !result->keeps && !result->collapsed;
    *out = NULL;
    if (!forwards && index < result->batches.count) {
        *out = result->batches.items[index];
        return WEIR_OK;
    }
    if (result->failure.status != WEIR_OK) {
        *error = result->failure;
        return error->status;
    }
    if (forwards && result->ended)
        return WEIR_OK;
    weir_status status = more(result, index, error);
    if (status != WEIR_OK) {
        result->failure = *error;
        return status;
    }
    size_t at = forwards ? 0 : index;
    if (at < result->batches.count && !(forwards && result->ended))
        *out = result->batches.items[at];
    return WEIR_OK;
}

void api_result_forget(weir_result *result) {
    drop_batches(result);
    weir_collapse_destroy(result->collapse);
    result->collapse = NULL;
    weir_arena_deinit(&result->texts);
}
