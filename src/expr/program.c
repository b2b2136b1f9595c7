/* Running a program over a batch; see program.h. compile.c makes it. */
#include <string.h>

#include "expr/program_int.h"

uint32_t *weir_program_scratch(weir_program *program) {
    return weir_memory_alloc(program->memory, program->physical_rows * sizeof(uint32_t));
}

void weir_program_scratch_done(weir_program *program, uint32_t *scratch) {
    weir_memory_free(program->memory, scratch, program->physical_rows * sizeof(uint32_t));
}

static weir_status node_literal(weir_program *program, program_node *node, weir_column **out, weir_error *error) {
    if (node->literal == NULL || node->literal->capacity < program->physical_rows) {
        uint32_t rows = program->physical_rows < 1 ? 1 : program->physical_rows;
        weir_column *filled = weir_column_of_value(program->memory, &node->expr->as.literal, rows);
        if (filled == NULL)
            return weir_fail_memory(error, "a literal", rows);
        weir_column_unref(node->literal);
        node->literal = filled;
    }
    *out = weir_column_ref(node->literal);
    return WEIR_OK;
}

/* Rows of `rows` where every argument is valid. */
static uint32_t valid_rows(weir_column *const *arguments, uint32_t count, const weir_rows *rows, uint32_t *out) {
    uint32_t kept = 0;
    WEIR_FOR_ROWS(rows, row, {
        bool all = true;
        for (uint32_t i = 0; i < count; i++)
            all &= weir_column_is_valid(arguments[i], row);
        out[kept] = row;
        kept += all;
    });
    return kept;
}

/* out.valid = AND of the arguments' validity, over all physical rows: a byte loop that vectorises. */
static void combine_validity(weir_column *const *arguments, uint32_t count, uint32_t physical_rows, weir_column *out) {
    for (uint32_t i = 0; i < count; i++) {
        const uint8_t *from = arguments[i]->valid;
        if (from == NULL)
            continue;
        uint8_t *to = weir_column_open_valid(out);
        for (uint32_t row = 0; row < physical_rows; row++)
            to[row] &= from[row];
    }
}

static void note_failure(weir_program *program, weir_call *call, const weir_expr *expr) {
    if (call->failed_row == UINT32_MAX)
        return;
    if (call->failed_row < program->failed_row) {
        program->failed_row = call->failed_row;
        program->failure = call->failure;
        weir_error_locate(&program->failure, expr->position);
    }
    call->failed_row = UINT32_MAX;
}

static weir_status run_kernel(weir_program *program, program_node *node, weir_column *const *arguments, const weir_rows *rows,
                              weir_column *result, weir_error *error) {
    uint32_t flags = node->call.function->flags;
    bool any_nulls = false;
    for (uint32_t i = 0; i < node->argument_count; i++)
        any_nulls |= arguments[i]->valid != NULL;
    if (!(flags & WEIR_FUNCTION_STRICT) || !any_nulls) {
        node->call.kernel(&node->call, rows, arguments, result);
        return WEIR_OK;
    }
    combine_validity(arguments, node->argument_count, program->physical_rows, result);
    if (flags & WEIR_FUNCTION_TOTAL) {
        node->call.kernel(&node->call, rows, arguments, result);
        return WEIR_OK;
    }
    uint32_t *valid = weir_program_scratch(program);
    if (valid == NULL)
        return weir_fail_memory(error, "an expression", program->physical_rows);
    weir_rows narrowed = {valid, valid_rows(arguments, node->argument_count, rows, valid)};
    if (narrowed.count > 0)
        node->call.kernel(&node->call, &narrowed, arguments, result);
    weir_program_scratch_done(program, valid);
    return WEIR_OK;
}

enum { FEW_ARGUMENTS = 16 };

static weir_status node_call(weir_program *program, program_node *node, const weir_rows *rows, weir_column **out, weir_error *error) {
    weir_column *few[FEW_ARGUMENTS];
    weir_column **arguments = few;
    size_t bytes = node->argument_count * sizeof *arguments;
    if (node->argument_count > FEW_ARGUMENTS && (arguments = weir_memory_alloc(program->memory, bytes)) == NULL)
        return weir_fail_memory(error, "an expression", bytes);
    weir_status status = WEIR_OK;
    uint32_t have = 0;
    while (have < node->argument_count && status == WEIR_OK) {
        status = weir_program_node(program, node->arguments[have], rows, &arguments[have], error);
        have += status == WEIR_OK;
    }
    weir_column *result = status == WEIR_OK ? weir_column_create(program->memory, node->expr->type, program->physical_rows) : NULL;
    if (status == WEIR_OK && result == NULL)
        status = weir_fail_memory(error, "an expression's result", program->physical_rows);
    if (status == WEIR_OK)
        status = run_kernel(program, node, arguments, rows, result, error);
    if (status == WEIR_OK && result->failed)
        status = weir_fail_memory(error, "an expression's text", program->physical_rows);
    for (uint32_t i = 0; i < have; i++)
        weir_column_unref(arguments[i]);
    if (arguments != few)
        weir_memory_free(program->memory, arguments, bytes);
    if (status != WEIR_OK) {
        weir_column_unref(result);
        return status;
    }
    note_failure(program, &node->call, node->expr);
    *out = result;
    return WEIR_OK;
}

weir_status weir_program_node(weir_program *program, uint32_t number, const weir_rows *rows, weir_column **out, weir_error *error) {
    program_node *node = &program->nodes[number];
    if (node->expr->kind == WEIR_EXPR_COLUMN) {
        *out = weir_column_ref(program->columns[node->expr->as.column]);
        return WEIR_OK;
    }
    if (node->expr->kind == WEIR_EXPR_LITERAL)
        return node_literal(program, node, out, error);
    if (node->memo != NULL) {
        *out = weir_column_ref(node->memo);
        return WEIR_OK;
    }
    weir_status status =
        node->form == FORM_NONE ? node_call(program, node, rows, out, error) : weir_program_form(program, node, rows, out, error);
    if (status != WEIR_OK)
        return status;
    if (rows == program->all_rows)
        node->memo = weir_column_ref(*out);
    return WEIR_OK;
}

static void run_begin(weir_program *program, weir_column *const *columns, uint32_t physical_rows, const weir_rows *rows) {
    program->columns = columns;
    program->physical_rows = physical_rows;
    program->all_rows = rows;
    program->failed_row = UINT32_MAX;
}

static weir_status run_end(weir_program *program, weir_status status, uint32_t *failed_row, weir_error *error) {
    for (uint32_t i = 0; i < program->node_count; i++) {
        weir_column_unref(program->nodes[i].memo);
        program->nodes[i].memo = NULL;
    }
    *failed_row = UINT32_MAX;
    if (status == WEIR_OK && program->failed_row != UINT32_MAX) {
        *failed_row = program->failed_row;
        if (error != NULL)
            *error = program->failure;
        return WEIR_RUNTIME;
    }
    return status;
}

weir_status weir_program_run(weir_program *program, weir_column *const *columns, uint32_t physical_rows, const weir_rows *rows,
                             weir_column **out, uint32_t *failed_row, weir_error *error) {
    run_begin(program, columns, physical_rows, rows);
    weir_status status = WEIR_OK;
    uint32_t have = 0;
    while (have < program->root_count && status == WEIR_OK) {
        status = weir_program_node(program, program->roots[have], rows, &out[have], error);
        have += status == WEIR_OK;
    }
    if (status != WEIR_OK)
        for (uint32_t i = 0; i < have; i++) {
            weir_column_unref(out[i]);
            out[i] = NULL;
        }
    return run_end(program, status, failed_row, error);
}

/* Keep the rows where the condition is TRUE; `out` may be the index array that `rows` itself points to. */
static weir_status narrow(weir_program *program, uint32_t condition, const weir_rows *rows, uint32_t *out, uint32_t *kept_rows,
                          weir_error *error) {
    weir_column *value;
    WEIR_TRY(weir_program_node(program, condition, rows, &value, error));
    const uint8_t *truth = value->values;
    const uint8_t *valid = value->valid;
    uint32_t kept = 0;
    if (valid == NULL)
        WEIR_FOR_ROWS(rows, row, {
            out[kept] = row;
            kept += truth[row];
        });
    else
        WEIR_FOR_ROWS(rows, row, {
            out[kept] = row;
            kept += truth[row] & valid[row];
        });
    weir_column_unref(value);
    *kept_rows = kept;
    return WEIR_OK;
}

/* The parts of a top-level AND narrow the selection one after the other. */
static weir_status filter_root(weir_program *program, uint32_t root, const weir_rows *rows, uint32_t *selection, uint32_t *selected,
                               weir_error *error) {
    const program_node *node = &program->nodes[root];
    if (node->form != FORM_AND)
        return narrow(program, root, rows, selection, selected, error);
    weir_rows left = *rows;
    for (uint32_t i = 0; i < node->argument_count; i++) {
        WEIR_TRY(filter_root(program, node->arguments[i], i == 0 ? rows : &left, selection, selected, error));
        left = (weir_rows){selection, *selected};
        if (left.count == 0)
            break;
    }
    return WEIR_OK;
}

weir_status weir_program_filter(weir_program *program, weir_column *const *columns, uint32_t physical_rows, const weir_rows *rows,
                                uint32_t *selection, uint32_t *selected, uint32_t *failed_row, weir_error *error) {
    run_begin(program, columns, physical_rows, rows);
    *selected = 0;
    weir_status status = rows->count == 0 ? WEIR_OK : filter_root(program, program->roots[0], rows, selection, selected, error);
    return run_end(program, status, failed_row, error);
}

weir_status weir_expr_constant(weir_arena *arena, weir_memory *memory, const weir_evaluation *evaluation, const weir_expr *expr,
                               weir_value *out, weir_error *error) {
    if (expr->kind == WEIR_EXPR_LITERAL) {
        *out = expr->as.literal;
        return WEIR_OK;
    }
    weir_program *program;
    WEIR_TRY(weir_program_compile(arena, memory, evaluation, &expr, 1, &program, error));
    weir_column *value = NULL;
    uint32_t failed_row;
    weir_status status = weir_program_run(program, NULL, 1, &(weir_rows){NULL, 1}, &value, &failed_row, error);
    if (status == WEIR_OK)
        status = weir_column_get_value(value, 0, arena, out) == WEIR_OK ? WEIR_OK : weir_fail_memory(error, "a constant", sizeof *out);
    weir_column_unref(value);
    return status;
}
