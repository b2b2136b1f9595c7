/* Between subquery.c (marks, SEMI and ANTI joins), subquery_value.c (subqueries as values) and domain.c. */
#ifndef WEIR_BIND_SUBQUERY_INT_H
#define WEIR_BIND_SUBQUERY_INT_H

#include "bind/bind_int.h"

/* A subquery's plan without outer columns. `pulled`: the conditions that tie it to the outer row, over the columns of `right` (the first of
 * which are the old ones) and outer columns. */
typedef struct bind_decorrelated {
    const weir_node *right;
    weir_list pulled;
    bool correlated;
    bool by_domain; /* a global aggregate has a row for every outer row; otherwise only where there is something to aggregate */
} bind_decorrelated;

/* `left`: the node that it will be joined to; `query`: the subquery's plan, or a part of it. */
weir_status bind_decorrelate(weir_bind_context *context, const bind_subquery *subquery, const weir_node *left, const weir_node *query,
                             bind_decorrelated *out, weir_error *error) WEIR_MUST_USE;
/* The same where the right side is then made distinct by the columns that `pulled` reads: an outer row must find one group at most, so that
 * each condition equates one of them with something of the outer row. */
weir_status bind_decorrelate_grouped(weir_bind_context *context, const bind_subquery *subquery, const weir_node *left,
                                     const weir_node *query, bind_decorrelated *out, weir_error *error) WEIR_MUST_USE;
/* An expression over the subquery's and outer columns as one over the join's: left columns, then right ones. */
weir_status bind_to_join(weir_bind_context *context, const bind_subquery *subquery, const weir_expr *expr, uint32_t left_count,
                         const weir_expr **out, weir_error *error) WEIR_MUST_USE;
weir_status bind_correlation(weir_bind_context *context, const bind_subquery *subquery, const weir_list *pulled, uint32_t left_count,
                             const weir_expr **out, weir_error *error) WEIR_MUST_USE;
weir_status bind_membership(bind_scope *scope, const bind_subquery *subquery, const weir_node *right, uint32_t left_count,
                            const weir_expr **out, weir_error *error) WEIR_MUST_USE;

/* The value of a subquery, joined to *node behind its columns. */
weir_status bind_subquery_value(bind_scope *scope, const bind_subquery *subquery, const weir_node **node, const weir_expr **out,
                                weir_error *error) WEIR_MUST_USE;
/* A global aggregate or one row of VALUES, perhaps under projections. */
bool bind_gives_one_row(const weir_node *node);

#endif
