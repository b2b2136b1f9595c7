/* MATCH_RECOGNIZE while it is bound.
 *
 *   match.c          the clauses, and the node
 *   match_pattern.c  PATTERN, and what of it is refused
 *   match_call.c     FIRST, LAST, aggregates, MATCH_ROWTIME() in expressions
 *   match_view.c     from expressions over variables to expressions over a view (op/match.h)
 *
 * The scope of its expressions has the input's columns once for every variable, under the variable's name, and once without a name: column
 * (v * input columns + c). Calls that look at other rows become marks.
 */
#ifndef WEIR_BIND_MATCH_INT_H
#define WEIR_BIND_MATCH_INT_H

#include "bind/bind_int.h"

enum {
    MATCH_MARK_NAVIGATION = (1 << 30) + 1024, /* match_navigation */
    MATCH_MARK_AGGREGATE,                     /* match_aggregate */
    MATCH_MARK_TIME,                          /* MATCH_ROWTIME(), of the mark's type */
};

/* A column of the row that FIRST or LAST means. */
typedef struct match_navigation {
    bool first;
    uint32_t variable;
    uint32_t column;
    uint32_t offset;
} match_navigation;

typedef struct match_aggregate {
    bind_aggregate call; /* arguments over the scope */
    uint32_t variable;
} match_aggregate;

typedef struct bind_match {
    weir_bind_context *context;
    const weir_ast_match *ast;
    const weir_node *input;
    const bind_column *columns; /* of the input */
    uint32_t column_count;
    /* Those of the pattern first, in its order; then names that never have a row: of SUBSET, of DEFINE only. */
    uint32_t stage_count, variable_count;
    weir_text *variables;
    weir_match_stage *stages;
    bind_scope scope;
    bool in_measures;
    bool in_navigation;
    weir_list navigations;
    weir_list aggregates;
    weir_list times; /* weir_type, one for each MATCH_MARK_TIME */
    uint32_t *map;   /* from the input's columns to those that are kept; UINT32_MAX: not needed */
} bind_match;

/* Number of a name; -1: none. */
int bind_match_variable(const bind_match *self, weir_text name);
/* The stages, without conditions. */
weir_status bind_match_pattern(bind_match *self, weir_error *error) WEIR_MUST_USE;
/* The variable whose columns an expression reads: UINT32_MAX - 1: none. Several are an error that shows `ast`. */
enum { MATCH_NO_VARIABLE = -2 };
weir_status bind_match_one_variable(const bind_match *self, const weir_expr *expr, const weir_ast_expr *ast, int64_t *variable,
                                    weir_error *error) WEIR_MUST_USE;
/* Set needs[column of the input] for all that an expression reads. */
void bind_match_mark_needs(const bind_match *self, const weir_expr *expr, bool *needs);
/* Expressions, rewritten in place, to a view of them. `stage`: whose condition it is; UINT32_MAX: measures. */
weir_status bind_match_view(bind_match *self, const weir_expr **exprs, uint32_t count, uint32_t stage, weir_match_view *view,
                            weir_error *error) WEIR_MUST_USE;
weir_status bind_match_no_memory(weir_error *error);

#endif
