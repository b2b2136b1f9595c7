/* Aggregate functions: types, accumulators over state pages, and their documentation.
 *
 * An accumulator's state is `state_bytes` of pointer-free bytes (8-byte aligned, all zero at the start) inside an operator's keyed value;
 * it may own further blocks through weir_refs. Functions work on many rows at once: states[row] + offset is the state for row. Rows of one
 * key appear in their order. One file per family; each has a const table ended by {0}, listed in registry.c.
 */
#ifndef WEIR_AGG_AGGREGATE_H
#define WEIR_AGG_AGGREGATE_H

#include "func/function.h"
#include "state/codec.h"
#include "state/state.h"

struct weir_aggregate;

/* A call as the plan has it. */
typedef struct weir_aggregate_call {
    const struct weir_aggregate *aggregate;
    const weir_type *result;
    uint32_t argument_count;
    const uint32_t *arguments; /* columns of the operator's input */
    const weir_type *const *argument_types;
    const weir_value *const *literals; /* [argument_count]; NULL where not constant */
    bool distinct;
    bool ignore_nulls;    /* IGNORE NULLS written (or the default of the function) */
    int32_t filter;       /* BOOLEAN column of FILTER (WHERE ...), -1: none */
    uint32_t order_count; /* WITHIN GROUP (ORDER BY ...) of LISTAGG, ARRAY_AGG */
    const weir_sort_key *order;
    weir_text name; /* output column */
} weir_aggregate_call;

typedef struct weir_accumulator weir_accumulator;

/* A call bound to an operator. `bind` of the function fills in sizes and functions. */
struct weir_accumulator {
    const weir_aggregate_call *call;
    weir_arena *arena; /* job arena */
    weir_memory *memory;
    weir_state *state; /* where further blocks go */
    const weir_evaluation *evaluation;
    bool retracts;        /* the input carries -U / -D */
    uint32_t state_bytes; /* bind sets: multiple of 8 */
    void *private_data;   /* bind's own */
    void *wrapper;        /* what weir_accumulator_bind keeps for FILTER and DISTINCT */

    /* Apply rows: kinds[row] adds or retracts (kinds NULL: all add). `arguments` are the call's argument columns. FILTER and DISTINCT are
     * already applied to `rows`. NULL values are the function's business (most skip them). */
    weir_status (*update)(weir_accumulator *self, void *const *states, uint32_t offset, const weir_rows *rows, const uint8_t *kinds,
                          weir_column *const *arguments, weir_error *error);
    /* Write the current result of states[row] to out[row]. */
    weir_status (*emit)(weir_accumulator *self, void *const *states, uint32_t offset, const weir_rows *rows, weir_column *out,
                        weir_error *error);
    /* For each row in order: before[row] = result, apply the row, after[row] = result. NULL: weir_accumulator_replay does it one row at a
     * time with update and emit. */
    weir_status (*replay)(weir_accumulator *self, void *const *states, uint32_t offset, const weir_rows *rows, const uint8_t *kinds,
                          weir_column *const *arguments, weir_column *before, weir_column *after, weir_error *error);
    /* Fold `from` into `into` (session windows, two phases); `from` is cleared. NULL: cannot merge. */
    weir_status (*merge)(weir_accumulator *self, void *into, void *from, weir_error *error);
    /* Give further blocks back and zero the state. NULL: nothing to give back. */
    void (*clear)(weir_accumulator *self, void *state);
};

/* Bind: `bind` plus, for DISTINCT, a wrapper that keeps the set of values seen with their counts (weir_sorted) in front of the function's
 * state. The wrapper is shared by no one; state_bytes includes it. */
weir_status weir_accumulator_bind(weir_accumulator *self, weir_error *error) WEIR_MUST_USE;
/* The three entry points operators call: they apply FILTER, then DISTINCT, then the function. `columns` is the operator's whole input. */
weir_status weir_accumulator_update(weir_accumulator *self, void *const *states, uint32_t offset, const weir_rows *rows,
                                    const uint8_t *kinds, weir_column *const *columns, weir_error *error) WEIR_MUST_USE;
weir_status weir_accumulator_replay(weir_accumulator *self, void *const *states, uint32_t offset, const weir_rows *rows,
                                    const uint8_t *kinds, weir_column *const *columns, weir_column *before, weir_column *after,
                                    weir_error *error) WEIR_MUST_USE;
weir_status weir_accumulator_emit(weir_accumulator *self, void *const *states, uint32_t offset, const weir_rows *rows, weir_column *out,
                                  weir_error *error) WEIR_MUST_USE;
weir_status weir_accumulator_merge(weir_accumulator *self, void *into, void *from,
                                   weir_error *error) WEIR_MUST_USE; /* WEIR_UNSUPPORTED when it cannot */
void weir_accumulator_clear(weir_accumulator *self, void *state);

typedef enum weir_aggregate_flags {
    WEIR_AGGREGATE_WINDOW_ONLY = 1 << 0, /* ROW_NUMBER, LAG ...: only with OVER, run by op/over */
    WEIR_AGGREGATE_ORDERED = 1 << 1,     /* takes WITHIN GROUP / depends on arrival order */
    WEIR_AGGREGATE_MERGES = 1 << 2,      /* has merge */
    WEIR_AGGREGATE_RETRACTS = 1 << 3,    /* can take retractions */
    WEIR_AGGREGATE_STAR = 1 << 4,        /* COUNT(*) */
    WEIR_AGGREGATE_HIDDEN = 1 << 5,      /* SINGLE_VALUE: made by the binder only */
    WEIR_AGGREGATE_NEVER_NULL = 1 << 6,  /* COUNT and the like; also LISTAGG, ARRAY_AGG: no rows do not make the type nullable */
    WEIR_AGGREGATE_KEEPS_NULLS = 1 << 7, /* a NULL is a value: ARRAY_AGG */
} weir_aggregate_flags;

typedef struct weir_aggregate {
    const char *name;
    uint32_t flags;
    /* As weir_function.infer, but signature->function is NULL: messages use `name`. The result is the type under GROUP BY (SUM of INT NOT
     * NULL is INT NOT NULL); for a global aggregate, or with FILTER, the binder makes it nullable unless the function is NEVER_NULL. */
    weir_status (*infer)(weir_signature *signature, const char *name, weir_error *error);
    weir_status (*bind)(weir_accumulator *accumulator, weir_error *error); /* NULL for WINDOW_ONLY */
    const char *family;
    const char *usage;
    const char *summary;
    const char *example; /* a whole SELECT over VALUES */
    const char *gives;   /* its single value as text */
} weir_aggregate;

const weir_aggregate *weir_aggregate_find(weir_text name, bool hidden); /* NULL: none */
const weir_aggregate *weir_aggregate_nearest(weir_text name);
const weir_aggregate *weir_aggregate_family(size_t index); /* table ended by a NULL name; NULL after the last */

#endif
