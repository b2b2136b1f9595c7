/* Pairs and their residual; see join_match.h. */
#include "op/join_match.h"

#include <string.h>

weir_status weir_join_check(const weir_join_keys *on, const weir_operator_context *context, weir_error *error) {
    for (uint32_t i = 0; i < on->key_count; i++) {
        weir_layout left = weir_type_layout(on->left.types[on->left.keys[i]]), right = weir_type_layout(on->right.types[on->right.keys[i]]);
        if (left != right)
            return weir_fail(error, WEIR_INTERNAL, "%s: the two sides of join key %u have different layouts", context->name, i + 1);
    }
    return WEIR_OK;
}

weir_status weir_join_matcher_init(weir_join_matcher *matcher, const weir_operator_context *context, const weir_join_keys *on,
                                   weir_error *error) {
    matcher->context = context;
    matcher->on = on;
    WEIR_TRY(weir_join_check(on, context, error));
    uint32_t count = on->left.column_count + on->right.column_count;
    matcher->columns = WEIR_ARENA_ARRAY(context->arena, weir_column *, count + 1);
    matcher->used = WEIR_ARENA_ARRAY(context->arena, bool, count + 1);
    matcher->rows[0] = weir_codec_create(context->arena, on->left.types, NULL, on->left.column_count);
    matcher->rows[1] = weir_codec_create(context->arena, on->right.types, NULL, on->right.column_count);
    if (matcher->columns == NULL || matcher->used == NULL || matcher->rows[0] == NULL || matcher->rows[1] == NULL)
        return weir_stage_no_memory(context, count, error);
    if (on->residual == NULL)
        return WEIR_OK;
    weir_expr_columns(on->residual, matcher->used, count);
    return weir_program_compile(context->arena, context->memory, context->evaluation, &on->residual, 1, &matcher->program, error);
}

void weir_join_matcher_deinit(weir_join_matcher *matcher) {
    if (matcher->context != NULL)
        weir_memory_free(matcher->context->memory, matcher->pairs, matcher->capacity * sizeof(weir_join_pair));
}

bool weir_join_matcher_add(weir_join_matcher *matcher, uint32_t row, uint32_t tag, const char *bytes, void *kept) {
    if (matcher->count == matcher->capacity && !weir_memory_grow(matcher->context->memory, (void **)&matcher->pairs, &matcher->capacity,
                                                                 matcher->count < 256 ? 256 : matcher->count + 1, sizeof(weir_join_pair)))
        return false;
    matcher->pairs[matcher->count++] = (weir_join_pair){row, tag, bytes, kept};
    return true;
}

static void columns_release(weir_join_matcher *matcher) {
    uint32_t count = matcher->on->left.column_count + matcher->on->right.column_count;
    for (uint32_t i = 0; i < count; i++) {
        weir_column_unref(matcher->columns[i]);
        matcher->columns[i] = NULL;
    }
}

/* The input's columns that are looked at, gathered for the pairs. */
static bool columns_gather(weir_join_matcher *matcher, uint32_t side, weir_column *const *columns, const weir_join_pair *pairs,
                           uint32_t count) {
    const weir_join_keys *on = matcher->on;
    uint32_t first = side == 0 ? 0 : on->left.column_count, own = weir_join_side_of(on, side)->column_count;
    for (uint32_t k = 0; k < count; k++)
        matcher->selection[k] = pairs[k].row;
    for (uint32_t i = 0; i < own; i++) {
        bool is_key = false;
        for (uint32_t k = 0; matcher->check_keys && k < on->key_count; k++)
            is_key |= weir_join_side_of(on, side)->keys[k] == i;
        if (!matcher->used[first + i] && !is_key)
            continue;
        matcher->columns[first + i] = weir_column_take(matcher->context->memory, columns[i], matcher->selection, count);
        if (matcher->columns[first + i] == NULL)
            return false;
    }
    return true;
}

static bool columns_decode(weir_join_matcher *matcher, uint32_t side, const weir_join_pair *pairs, uint32_t count) {
    const weir_join_keys *on = matcher->on;
    const weir_join_side *other = weir_join_side_of(on, 1 - side);
    weir_column **out = matcher->columns + (side == 0 ? on->left.column_count : 0);
    for (uint32_t i = 0; i < other->column_count; i++) {
        out[i] = weir_column_create(matcher->context->memory, other->types[i], count);
        if (out[i] == NULL)
            return false;
    }
    for (uint32_t k = 0; k < count; k++)
        weir_codec_read(matcher->rows[1 - side], pairs[k].bytes, out, k);
    for (uint32_t i = 0; i < other->column_count; i++)
        if (out[i]->failed)
            return false;
    return true;
}

/* Every key equal or NULL on a side. */
static bool keys_compatible(const weir_join_matcher *matcher, uint32_t row) {
    const weir_join_keys *on = matcher->on;
    for (uint32_t i = 0; i < on->key_count; i++) {
        const weir_column *left = matcher->columns[on->left.keys[i]], *right = matcher->columns[on->left.column_count + on->right.keys[i]];
        if (weir_column_is_valid(left, row) && weir_column_is_valid(right, row) && !weir_column_rows_equal(left, row, right, row))
            return false;
    }
    return true;
}

static weir_status chunk_filter(weir_join_matcher *matcher, uint32_t side, weir_column *const *columns, const weir_join_pair *pairs,
                                uint32_t count, uint32_t *kept, weir_error *error) {
    if (!columns_gather(matcher, side, columns, pairs, count) || !columns_decode(matcher, side, pairs, count))
        return weir_stage_no_memory(matcher->context, count, error);
    weir_rows rows = {NULL, count};
    if (matcher->check_keys) {
        uint32_t compatible = 0;
        for (uint32_t k = 0; k < count; k++) {
            matcher->selection[compatible] = k;
            compatible += keys_compatible(matcher, k);
        }
        rows = (weir_rows){matcher->selection, compatible};
    }
    *kept = rows.count;
    if (matcher->program == NULL)
        return WEIR_OK;
    uint32_t failed_row, passed[WEIR_BATCH_ROWS];
    WEIR_TRY(weir_program_filter(matcher->program, matcher->columns, count, &rows, passed, kept, &failed_row, error));
    memcpy(matcher->selection, passed, *kept * sizeof(uint32_t));
    return WEIR_OK;
}

weir_status weir_join_matcher_filter(weir_join_matcher *matcher, uint32_t side, weir_column *const *columns, size_t from,
                                     weir_error *error) {
    if (matcher->program == NULL && !matcher->check_keys)
        return WEIR_OK;
    size_t out = from;
    for (size_t at = from; at < matcher->count;) {
        uint32_t count = matcher->count - at < WEIR_BATCH_ROWS ? (uint32_t)(matcher->count - at) : WEIR_BATCH_ROWS, kept = 0;
        weir_status status = chunk_filter(matcher, side, columns, matcher->pairs + at, count, &kept, error);
        columns_release(matcher);
        WEIR_TRY(status);
        for (uint32_t k = 0; k < kept; k++)
            matcher->pairs[out++] = matcher->pairs[at + matcher->selection[k]];
        at += count;
    }
    matcher->count = out;
    return WEIR_OK;
}

uint32_t weir_join_rows_with_keys(const weir_join_keys *on, uint32_t side, const weir_batch *batch, uint32_t *selection) {
    const weir_join_side *own = weir_join_side_of(on, side);
    uint32_t count = batch->selected;
    for (uint32_t k = 0; k < count; k++)
        selection[k] = batch->selection == NULL ? k : batch->selection[k];
    for (uint32_t i = 0; i < on->key_count; i++) {
        const uint8_t *valid = batch->columns[own->keys[i]]->valid;
        if (valid == NULL || on->null_safe[i])
            continue;
        uint32_t kept = 0;
        for (uint32_t k = 0; k < count; k++) {
            selection[kept] = selection[k];
            kept += valid[selection[k]] != 0;
        }
        count = kept;
    }
    return count;
}
