/* The scalar function library: what a function is, how its types are checked, how it is bound, how it runs.
 *
 * One file per family holds a const table of weir_function, ended by {0}; registry.c lists the tables. The same entry types a call
 * (infer), runs it (bind gives a kernel) and documents it (signature, text, example; every example runs as a test).
 * Operators are functions too, under these names: + - * / % (binary), "-u" "+u" (unary), || = <> < <= > >=, "IS NULL", "IS NOT NULL",
 * "IS TRUE" .. "IS NOT UNKNOWN", "IS DISTINCT FROM", "IS NOT DISTINCT FROM", LIKE, "SIMILAR TO", NOT, ITEM (a[i], m[k]),
 * ARRAY, MAP, ROW (constructors), CAST, TRY_CAST, EXTRACT(unit, x), and so on. BETWEEN, IN-lists and NOT forms are composed by the binder.
 *
 * Forms: AND OR CASE COALESCE IF FIELD evaluate an argument only for the rows that reach it, or no argument at all; they have an infer, but
 * no kernel: expr/ compiles them itself. CASE's arguments are condition, value, condition, value, ..., else. FIELD's are a ROW and an INT
 * literal (field index from 0).
 *
 * Threads: the tables are const; a weir_call belongs to one thread.
 */
#ifndef WEIR_FUNC_FUNCTION_H
#define WEIR_FUNC_FUNCTION_H

#include "column/batch.h"
#include "os/clock.h"
#include "types/type.h"
#include "types/value.h"
#include "types/zone.h"

/* What all calls of a job share. */
typedef struct weir_evaluation {
    const weir_zone *zone;   /* table.local-time-zone */
    const weir_clock *clock; /* real or virtual */
    bool batch_mode;         /* CURRENT_TIMESTAMP and the like are fixed at query_start_ms; else read for every batch */
    int64_t query_start_ms;
    bool legacy_cast; /* table.exec.legacy-cast-behaviour: failing CASTs give NULL */
    uint64_t random_seed;
    weir_text current_database;    /* for CURRENT_DATABASE() */
    const _Atomic bool *cancelled; /* long kernels look here now and then */
    const int64_t *watermark_ms;   /* the running operator's current watermark, for CURRENT_WATERMARK(); NULL: none */
} weir_evaluation;

typedef struct weir_argument {
    const weir_type *type;
    const weir_value *literal; /* NULL: not constant */
} weir_argument;

/* A call while its types are being checked. */
typedef struct weir_signature {
    weir_arena *arena;
    const struct weir_function *function;
    const weir_evaluation *evaluation; /* NULL outside a session */
    uint32_t count;
    const weir_argument *arguments;
    const weir_type **wanted; /* [count] starts as the arguments' own types; infer may put others: the binder then casts */
    const weir_type *result;  /* out */
} weir_signature;

struct weir_call;

/* Compute `out` for `rows`. Rows outside are not touched. Strict functions meet only rows whose arguments are all valid (unless TOTAL).
 * A row that cannot be computed is reported by weir_call_fail; a row without value is set NULL. */
typedef void (*weir_kernel)(struct weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out);

/* A call bound for running. Made by expr/ (or by a test), completed by function->bind. */
typedef struct weir_call {
    const struct weir_function *function;
    weir_arena *arena;   /* job arena: state that bind makes */
    weir_memory *memory; /* run-time memory */
    const weir_evaluation *evaluation;
    const weir_type *result;
    uint32_t argument_count;
    const weir_type *const *argument_types;
    const weir_value *const *literals; /* [argument_count], NULL where not constant; literal arguments are passed as columns as well */
    weir_kernel kernel;                /* bind sets this */
    void *state;                       /* bind's own, in the arena */
    /* the first failure of this run: the lowest row wins */
    uint32_t failed_row; /* UINT32_MAX: none */
    weir_error failure;
} weir_call;

/* Remember that `row` failed, unless a lower one did already. Thread: the call's. */
void weir_call_fail(weir_call *call, uint32_t row, const char *format, ...) WEIR_PRINTF(3, 4);

typedef enum weir_function_flags {
    WEIR_FUNCTION_STRICT = 1 << 0,  /* NULL in any argument gives NULL: expr/ sees to it, the kernel gets valid rows only */
    WEIR_FUNCTION_TOTAL = 1 << 1,   /* with STRICT: cheap, fixed-width, cannot fail: the kernel may run over NULL rows as well (it may still
                                       set further rows NULL) */
    WEIR_FUNCTION_DYNAMIC = 1 << 2, /* not constant within a query (RAND, UUID, CURRENT_TIMESTAMP in streaming): never folded */
    WEIR_FUNCTION_FORM = 1 << 3,    /* compiled by expr/ itself; no bind */
    WEIR_FUNCTION_HIDDEN = 1 << 4,  /* an operator or internal: not listed by `weir functions`, not callable by name */
} weir_function_flags;

typedef struct weir_function {
    const char *name; /* upper case */
    uint32_t flags;
    weir_status (*infer)(weir_signature *signature, weir_error *error);
    weir_status (*bind)(weir_call *call, weir_error *error); /* NULL for forms */
    const char *family;                                      /* "string", "time", ... for the docs */
    const char *usage;                                       /* "LPAD(text STRING, length INT, pad STRING) -> STRING" */
    const char *summary;                                     /* one sentence */
    const char *example;                                     /* an expression, NULL for hidden ones */
    const char *gives; /* its value as CAST(... AS STRING) prints it; NULL: not constant, only that it runs is tested */
} weir_function;

/* Case-blind; hidden ones only with `operators`. NULL: none. */
const weir_function *weir_function_find(weir_text name, bool operators);
/* CAST as it is for an expression of the type DECIMAL NOT NULL, which may be without a value all the same. */
const weir_function *weir_function_cast_of_exact(void);
const weir_function *weir_function_nearest(weir_text name); /* for "did you mean"; NULL */
/* The index-th family table (ended by a NULL name) or NULL after the last. */
const weir_function *weir_function_family(size_t index);

/* Is there such a CAST? WEIR_VALIDATE with Flink's words when not: ask before weir_expr_cast makes one that the user wrote. CAST's and
 * TRY_CAST's own infer does the same; it takes the target from signature->result, which the caller sets beforehand. */
weir_status weir_cast_check(weir_memory *memory, const weir_type *from, const weir_type *to, weir_error *error) WEIR_MUST_USE;

/* A type as Calcite names it in messages: INTEGER, CHAR(3), INTEGER ARRAY. */
void weir_type_print_calcite(const weir_type *type, weir_builder *out);

/* Helpers for infer (signature.c). Messages are Flink's. */
bool weir_signature_nullable(const weir_signature *signature); /* any argument nullable */
/* "Invalid number of arguments to function 'UPPER'. Was expecting 1 arguments" unless least <= count <= most. */
weir_status weir_signature_count(const weir_signature *signature, uint32_t least, uint32_t most, weir_error *error) WEIR_MUST_USE;
/* "Cannot apply 'SUBSTRING' to arguments of type 'SUBSTRING(<DATE>, <INTEGER>)'. Supported form(s): ..." */
weir_status weir_signature_refuse(const weir_signature *signature, weir_error *error);
/* Check families with a pattern, one letter per argument: s text, i integer (TINYINT..BIGINT), n numeric, x exact numeric, b BOOLEAN, d
 * DATE, t TIME, T TIMESTAMP or LTZ, y binary, D any datetime, I interval, a ARRAY, m MAP, r ROW, * anything, S symbol. The count is checked
 * too; '?' before a letter: optional from here on; '+' after the last: repeats. A bare NULL literal fits each. */
weir_status weir_signature_match(const weir_signature *signature, const char *pattern, weir_error *error) WEIR_MUST_USE;

#endif
