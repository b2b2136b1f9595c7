/* Expressions compiled into a list of kernel calls over batches. Equal subexpressions are computed once.
 *
 * Source of the scheme: column-at-a-time evaluation under selections, as MonetDB/X100 (Boncz et al., CIDR 2005); AND, OR, CASE, COALESCE
 * and IF narrow the selection before they evaluate a branch, so that a branch never fails for a row that does not reach it. Threads: a
 * program belongs to one thread; compile one per task.
 */
#ifndef WEIR_EXPR_PROGRAM_H
#define WEIR_EXPR_PROGRAM_H

#include "expr/expr.h"

typedef struct weir_program weir_program;

/* `input_count`: columns of the batches it will meet. The program lives in the arena (its resources end with it). */
weir_status weir_program_compile(weir_arena *arena, weir_memory *memory, const weir_evaluation *evaluation, const weir_expr *const *exprs,
                                 uint32_t count, weir_program **out, weir_error *error) WEIR_MUST_USE;

/* Evaluate all expressions for `rows` of the columns (each at least `capacity` physical rows long); out[k] is a new reference; positions
 * are those of the input. On a data failure: WEIR_RUNTIME, *failed_row is the lowest failing row (the results before it are valid and `out`
 * is filled); other failures leave `out` empty with *failed_row = UINT32_MAX. */
weir_status weir_program_run(weir_program *program, weir_column *const *columns, uint32_t physical_rows, const weir_rows *rows,
                             weir_column **out, uint32_t *failed_row, weir_error *error) WEIR_MUST_USE;

/* For a program of one BOOLEAN expression: the rows where it is TRUE, into selection[] (room for rows->count). */
weir_status weir_program_filter(weir_program *program, weir_column *const *columns, uint32_t physical_rows, const weir_rows *rows,
                                uint32_t *selection, uint32_t *selected, uint32_t *failed_row, weir_error *error) WEIR_MUST_USE;

/* The value of a constant expression, boxed in the arena. */
weir_status weir_expr_constant(weir_arena *arena, weir_memory *memory, const weir_evaluation *evaluation, const weir_expr *expr,
                               weir_value *out, weir_error *error) WEIR_MUST_USE;

#endif
