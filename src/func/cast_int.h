/* The inside of CAST, shared by the cast_*.c files: a plan is a tree of steps, one per nesting level, made once; a step turns the given
 * rows of one column into another column. */
#ifndef WEIR_FUNC_CAST_INT_H
#define WEIR_FUNC_CAST_INT_H

#include "func/func_int.h"

struct cast_plan;

/* Where a step reports a row that it cannot convert. In nested steps, rows are element numbers; `origin` leads back to the row of the call.
 */
typedef struct cast_run {
    weir_call *call;
    const uint32_t *origin; /* NULL: rows are the call's own */
    uint8_t *failed_rows;   /* TRY_CAST of nested values: set to 1 per row of the call that failed; NULL otherwise */
    bool null_on_failure;   /* TRY_CAST, or the legacy behaviour of CAST */
} cast_run;

/* Rows are valid in `from`. `out` has room for them. */
typedef void (*cast_step)(const struct cast_plan *plan, cast_run *run, const weir_rows *rows, const weir_column *from, weir_column *out);

typedef struct cast_plan {
    cast_step step;
    const weir_type *from;
    const weir_type *to;
    uint32_t child_count;
    struct cast_plan *children; /* element; key and value; fields */
} cast_plan;

/* Report that `row` cannot be converted: the call fails with the message, or the row becomes NULL. */
void weir_cast_failed(cast_run *run, weir_column *out, uint32_t row, const char *format, ...) WEIR_PRINTF(4, 5);

/* Make the plan for one pair of types (children included). WEIR_UNSUPPORTED when there is no such cast. */
weir_status weir_cast_plan(weir_arena *arena, const weir_type *from, const weir_type *to, cast_plan *plan, weir_error *error) WEIR_MUST_USE;

/* The step for a pair of kinds, or NULL; one function per file. */
cast_step weir_cast_step_number(const weir_type *from,
                                const weir_type *to);                       /* numbers and BOOLEAN among each other, numbers to intervals */
cast_step weir_cast_step_time(const weir_type *from, const weir_type *to);  /* dates and times among each other */
cast_step weir_cast_step_parse(const weir_type *from, const weir_type *to); /* text to anything scalar */
cast_step weir_cast_step_print(const weir_type *from, const weir_type *to); /* anything to text; text and binary among each other */
cast_step weir_cast_step_nested(const weir_type *from, const weir_type *to); /* ARRAY, MULTISET, MAP, ROW to their own kind */

#endif
