/* The forms: AND, OR, CASE, COALESCE, IF evaluate an argument only for the rows that reach it; FIELD hands out a ROW's child column. */
#include <string.h>

#include "expr/program_int.h"

#define COPY_FIXED(c_type)                                  \
    do {                                                    \
        c_type *to = target->values;                        \
        const c_type *from = source->values;                \
        WEIR_FOR_ROWS(rows, row, { to[row] = from[row]; }); \
    } while (0)

bool weir_program_copy_rows(weir_column *target, const weir_column *source, const weir_rows *rows) {
    switch (target->layout) {
    case WEIR_LAYOUT_U8:
    case WEIR_LAYOUT_I8: COPY_FIXED(uint8_t); break;
    case WEIR_LAYOUT_I16: COPY_FIXED(uint16_t); break;
    case WEIR_LAYOUT_I32: COPY_FIXED(uint32_t); break;
    case WEIR_LAYOUT_I64: COPY_FIXED(uint64_t); break;
    case WEIR_LAYOUT_F32: COPY_FIXED(float); break;
    case WEIR_LAYOUT_F64: COPY_FIXED(double); break;
    case WEIR_LAYOUT_I128: COPY_FIXED(weir_i128); break;
    case WEIR_LAYOUT_TIMESTAMP_NS: COPY_FIXED(weir_timestamp_ns); break;
    case WEIR_LAYOUT_VIEW:
        if (!weir_column_keep_from(target, source))
            return false;
        COPY_FIXED(weir_view);
        break;
    case WEIR_LAYOUT_SPAN:
    case WEIR_LAYOUT_NONE:
        if (!weir_column_keep_from(target, source))
            return false;
        WEIR_FOR_ROWS(rows, row, { weir_column_copy_row(target, row, source, row); });
        return !target->failed;
    }
    if (source->valid != NULL) {
        uint8_t *valid = weir_column_open_valid(target);
        const uint8_t *source_valid = source->valid;
        WEIR_FOR_ROWS(rows, row, { valid[row] = source_valid[row]; });
    }
    return true;
}

static weir_column *result_create(weir_program *program, const program_node *node, weir_error *error) {
    weir_column *out = weir_column_create(program->memory, node->expr->type, program->physical_rows);
    if (out == NULL)
        (void)weir_fail_memory(error, "an expression's result", program->physical_rows);
    return out;
}

/* Three-valued AND (deciding value FALSE) and OR (deciding value TRUE). `pending` are the rows not decided yet. */
static weir_status logic_step(weir_program *program, uint32_t argument, uint8_t decides, const weir_rows *pending, weir_column *out,
                              uint32_t *next, uint32_t *next_count, weir_error *error) {
    weir_column *value;
    WEIR_TRY(weir_program_node(program, argument, pending, &value, error));
    uint8_t *result = out->values;
    const uint8_t *truth = value->values;
    uint32_t kept = 0;
    if (value->valid == NULL && out->valid == NULL) {
        WEIR_FOR_ROWS(pending, row, {
            result[row] = truth[row];
            next[kept] = row;
            kept += truth[row] != decides;
        });
    } else {
        uint8_t *valid = weir_column_open_valid(out);
        WEIR_FOR_ROWS(pending, row, {
            bool known = weir_column_is_valid(value, row);
            if (known && truth[row] == decides) {
                result[row] = decides;
                valid[row] = 1;
                continue;
            }
            if (!known)
                valid[row] = 0;
            next[kept++] = row;
        });
    }
    *next_count = kept;
    weir_column_unref(value);
    return WEIR_OK;
}

static weir_status form_logic(weir_program *program, const program_node *node, const weir_rows *rows, weir_column **out,
                              weir_error *error) {
    uint8_t decides = node->form == FORM_OR;
    weir_column *result = result_create(program, node, error);
    uint32_t *pending_index = weir_program_scratch(program);
    uint32_t *next_index = weir_program_scratch(program);
    weir_status status = result == NULL || pending_index == NULL || next_index == NULL
                             ? weir_fail_memory(error, "a condition", program->physical_rows)
                             : WEIR_OK;
    if (status == WEIR_OK)
        memset(result->values, !decides, program->physical_rows);
    weir_rows pending = *rows;
    for (uint32_t i = 0; status == WEIR_OK && i < node->argument_count && pending.count > 0; i++) {
        uint32_t kept = 0;
        status = logic_step(program, node->arguments[i], decides, &pending, result, next_index, &kept, error);
        uint32_t *swap = pending_index;
        pending_index = next_index;
        next_index = swap;
        pending = (weir_rows){pending_index, kept};
    }
    weir_program_scratch_done(program, pending_index);
    weir_program_scratch_done(program, next_index);
    if (status != WEIR_OK) {
        weir_column_unref(result);
        return status;
    }
    *out = result;
    return WEIR_OK;
}

/* Evaluate a branch for `rows` and put its values into `result`. */
static weir_status take_branch(weir_program *program, uint32_t branch, const weir_rows *rows, weir_column *result, weir_error *error) {
    if (rows->count == 0)
        return WEIR_OK;
    weir_column *value;
    WEIR_TRY(weir_program_node(program, branch, rows, &value, error));
    bool copied = weir_program_copy_rows(result, value, rows);
    weir_column_unref(value);
    return copied ? WEIR_OK : weir_fail_memory(error, "a CASE", program->physical_rows);
}

/* Split `pending` by the condition: rows where it is TRUE to hit, the others to miss. */
static weir_status split(weir_program *program, uint32_t condition, const weir_rows *pending, uint32_t *hit, uint32_t *hit_count,
                         uint32_t *miss, uint32_t *miss_count, weir_error *error) {
    weir_column *value;
    WEIR_TRY(weir_program_node(program, condition, pending, &value, error));
    const uint8_t *truth = value->values;
    uint32_t hits = 0, misses = 0;
    WEIR_FOR_ROWS(pending, row, {
        bool is_true = truth[row] != 0 && weir_column_is_valid(value, row);
        hit[hits] = row;
        hits += is_true;
        miss[misses] = row;
        misses += !is_true;
    });
    weir_column_unref(value);
    *hit_count = hits;
    *miss_count = misses;
    return WEIR_OK;
}

/* CASE's arguments: condition, value, ..., else. IF's are condition, value, else: the same shape. */
static weir_status form_case(weir_program *program, const program_node *node, const weir_rows *rows, weir_column **out, weir_error *error) {
    weir_column *result = result_create(program, node, error);
    uint32_t *pending_index = weir_program_scratch(program);
    uint32_t *hit = weir_program_scratch(program);
    uint32_t *miss = weir_program_scratch(program);
    weir_status status = result == NULL || pending_index == NULL || hit == NULL || miss == NULL
                             ? weir_fail_memory(error, "a CASE", program->physical_rows)
                             : WEIR_OK;
    weir_rows pending = *rows;
    for (uint32_t i = 0; status == WEIR_OK && i + 1 < node->argument_count && pending.count > 0; i += 2) {
        uint32_t hits = 0, misses = 0;
        status = split(program, node->arguments[i], &pending, hit, &hits, miss, &misses, error);
        if (status == WEIR_OK)
            status = take_branch(program, node->arguments[i + 1], &(weir_rows){hit, hits}, result, error);
        uint32_t *swap = pending_index;
        pending_index = miss;
        miss = swap;
        pending = (weir_rows){pending_index, misses};
    }
    if (status == WEIR_OK)
        status = take_branch(program, node->arguments[node->argument_count - 1], &pending, result, error);
    weir_program_scratch_done(program, pending_index);
    weir_program_scratch_done(program, hit);
    weir_program_scratch_done(program, miss);
    if (status != WEIR_OK) {
        weir_column_unref(result);
        return status;
    }
    *out = result;
    return WEIR_OK;
}

static weir_status form_coalesce(weir_program *program, const program_node *node, const weir_rows *rows, weir_column **out,
                                 weir_error *error) {
    weir_column *first;
    WEIR_TRY(weir_program_node(program, node->arguments[0], rows, &first, error));
    if (first->valid == NULL || node->argument_count == 1) {
        *out = first;
        return WEIR_OK;
    }
    weir_column *result = result_create(program, node, error);
    uint32_t *pending = weir_program_scratch(program);
    weir_status status = result == NULL || pending == NULL || !weir_program_copy_rows(result, first, rows)
                             ? weir_fail_memory(error, "a COALESCE", program->physical_rows)
                             : WEIR_OK;
    uint32_t left = 0;
    if (status == WEIR_OK)
        WEIR_FOR_ROWS(rows, row, {
            pending[left] = row;
            left += first->valid[row] == 0;
        });
    weir_column_unref(first);
    for (uint32_t i = 1; status == WEIR_OK && i < node->argument_count && left > 0; i++) {
        weir_column *value;
        status = weir_program_node(program, node->arguments[i], &(weir_rows){pending, left}, &value, error);
        if (status != WEIR_OK)
            break;
        uint8_t *valid = weir_column_open_valid(result);
        for (uint32_t k = 0; k < left; k++)
            valid[pending[k]] = 1;
        if (!weir_program_copy_rows(result, value, &(weir_rows){pending, left}))
            status = weir_fail_memory(error, "a COALESCE", program->physical_rows);
        uint32_t still = 0;
        for (uint32_t k = 0; k < left; k++) {
            uint32_t row = pending[k];
            pending[still] = row;
            still += !weir_column_is_valid(value, row);
        }
        left = still;
        weir_column_unref(value);
    }
    weir_program_scratch_done(program, pending);
    if (status != WEIR_OK) {
        weir_column_unref(result);
        return status;
    }
    *out = result;
    return WEIR_OK;
}

/* The child as it is when every row of the parent is valid; else a copy with NULL where the parent is NULL. */
static weir_status form_field(weir_program *program, const program_node *node, const weir_rows *rows, weir_column **out,
                              weir_error *error) {
    weir_column *row_column;
    WEIR_TRY(weir_program_node(program, node->arguments[0], rows, &row_column, error));
    uint32_t field = (uint32_t)node->expr->as.call.arguments[1]->as.literal.as.integer;
    weir_column *child = row_column->children[field];
    if (row_column->valid == NULL) {
        *out = weir_column_ref(child);
        weir_column_unref(row_column);
        return WEIR_OK;
    }
    weir_column *masked = weir_column_mask(program->memory, child, row_column->valid, program->physical_rows);
    weir_column_unref(row_column);
    if (masked == NULL)
        return weir_fail_memory(error, "a field", program->physical_rows);
    *out = masked;
    return WEIR_OK;
}

weir_status weir_program_form(weir_program *program, const program_node *node, const weir_rows *rows, weir_column **out,
                              weir_error *error) {
    switch (node->form) {
    case FORM_AND:
    case FORM_OR: return form_logic(program, node, rows, out, error);
    case FORM_CASE:
    case FORM_IF: return form_case(program, node, rows, out, error);
    case FORM_COALESCE: return form_coalesce(program, node, rows, out, error);
    case FORM_FIELD: return form_field(program, node, rows, out, error);
    case FORM_SET: return weir_program_set_run(program, node, rows, out, error);
    case FORM_NONE: break;
    }
    return weir_fail(error, WEIR_INTERNAL, "'%s' is no form", node->expr->as.call.function->name);
}
