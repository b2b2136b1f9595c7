/* The inside of a compiled program, shared by compile.c (expression -> program), program.c (run), forms.c (AND, OR, CASE, COALESCE, IF,
 * FIELD) and membership.c (IN over a list). */
#ifndef WEIR_EXPR_PROGRAM_INT_H
#define WEIR_EXPR_PROGRAM_INT_H

#include "expr/program.h"

typedef enum weir_form {
    FORM_NONE, /* a kernel call */
    FORM_AND,
    FORM_OR,
    FORM_CASE,
    FORM_COALESCE,
    FORM_IF,
    FORM_FIELD,
    FORM_SET, /* x = 1 OR x = 2 OR ...: membership.c */
} weir_form;

typedef struct program_set program_set;

/* One distinct subexpression. */
typedef struct program_node {
    const weir_expr *expr;
    weir_form form;
    bool shareable;      /* deterministic: an equal expression is this node */
    bool is_total;       /* cheap and cannot fail, all the way down: may be computed for rows that nobody asked for */
    weir_call call;      /* kernel calls */
    uint32_t *arguments; /* node numbers */
    uint32_t argument_count;
    program_set *set;     /* FORM_SET */
    weir_column *literal; /* LITERAL: filled for literal->capacity rows */
    weir_column *memo;    /* the result for all rows of this run; NULL: not computed */
} program_node;

struct weir_program {
    weir_arena *arena;
    weir_memory *memory;
    const weir_evaluation *evaluation;
    program_node *nodes;
    uint32_t node_count;
    uint32_t node_capacity;
    uint32_t *table; /* hash table of the shareable nodes: number + 1; 0: free */
    uint32_t table_slots;
    uint32_t *roots;
    uint32_t root_count;
    /* one run */
    weir_column *const *columns;
    uint32_t physical_rows;
    const weir_rows *all_rows;
    uint32_t failed_row; /* the lowest so far; UINT32_MAX: none */
    weir_error failure;
};

/* The value of a node for `rows`: a new reference in *out. Data failures are noted in the program (failed_row), others returned. */
weir_status weir_program_node(weir_program *program, uint32_t node, const weir_rows *rows, weir_column **out,
                              weir_error *error) WEIR_MUST_USE;
weir_status weir_program_form(weir_program *program, const program_node *node, const weir_rows *rows, weir_column **out,
                              weir_error *error) WEIR_MUST_USE;

/* The x of a long x = 1 OR x = 2 OR ...; NULL: too few parts are of this kind. */
const weir_expr *weir_program_member_of(const weir_expr *disjunction);
bool weir_program_is_member(const weir_expr *value, const weir_expr *part); /* is `part` one of those? */
weir_status weir_program_set_create(weir_arena *arena, const weir_expr *disjunction, const weir_expr *value, program_set **out,
                                    weir_error *error) WEIR_MUST_USE;
weir_status weir_program_set_run(weir_program *program, const program_node *node, const weir_rows *rows, weir_column **out,
                                 weir_error *error) WEIR_MUST_USE;

/* A selection array for up to physical_rows rows; NULL: no memory. */
uint32_t *weir_program_scratch(weir_program *program) WEIR_MUST_USE;
void weir_program_scratch_done(weir_program *program, uint32_t *scratch);

/* target[row] = source[row] for rows; the layouts agree. False: no memory. */
bool weir_program_copy_rows(weir_column *target, const weir_column *source, const weir_rows *rows) WEIR_MUST_USE;

#endif
