/* Pairs of rows that may match: a row of the input batch and a row kept as bytes. The residual condition is evaluated over many pairs at
 * once. Private to op/. */
#ifndef WEIR_OP_JOIN_MATCH_H
#define WEIR_OP_JOIN_MATCH_H

#include "op/join.h"
#include "op/stage.h"

typedef struct weir_join_pair {
    uint32_t row;      /* physical row of the input batch; UINT32_MAX with a second kept row (window join) */
    uint32_t tag;      /* the operator's own */
    const char *bytes; /* the kept row of the other side */
    void *kept;        /* what the operator remembers with it */
} weir_join_pair;

typedef struct weir_join_matcher {
    const weir_operator_context *context;
    const weir_join_keys *on;
    bool check_keys;       /* NOT IN over several columns: the keys must be equal or NULL, pair by pair */
    weir_program *program; /* NULL: no residual */
    weir_codec *rows[2];   /* compact rows of each side */
    weir_column **columns; /* left then right: of the pairs at hand */
    bool *used;            /* by the residual */
    weir_join_pair *pairs;
    size_t count, capacity;
    uint32_t selection[WEIR_BATCH_ROWS];
} weir_join_matcher;

weir_status weir_join_matcher_init(weir_join_matcher *matcher, const weir_operator_context *context, const weir_join_keys *on,
                                   weir_error *error) WEIR_MUST_USE;
void weir_join_matcher_deinit(weir_join_matcher *matcher);
bool weir_join_matcher_add(weir_join_matcher *matcher, uint32_t row, uint32_t tag, const char *bytes,
                           void *kept) WEIR_MUST_USE; /* false: no memory */
/* Drop the pairs from number `from` on for which the residual is not TRUE; `side` is the input's. */
weir_status weir_join_matcher_filter(weir_join_matcher *matcher, uint32_t side, weir_column *const *columns, size_t from,
                                     weir_error *error) WEIR_MUST_USE;

/* Rows of a batch whose keys can match at all: those with a NULL in a key that is not null-safe are left out. selection has room for
 * rows->count; returns how many. */
uint32_t weir_join_rows_with_keys(const weir_join_keys *on, uint32_t side, const weir_batch *batch, uint32_t *selection);
static inline const weir_join_side *weir_join_side_of(const weir_join_keys *on, uint32_t side) {
    return side == 0 ? &on->left : &on->right;
}
/* Are the key columns of both sides laid out alike, and can they be keys? Else an error of ours. */
weir_status weir_join_check(const weir_join_keys *on, const weir_operator_context *context, weir_error *error) WEIR_MUST_USE;
/* Only the left columns leave? */
static inline bool weir_join_is_half(weir_join_type type) { return type == WEIR_JOIN_SEMI || type == WEIR_JOIN_ANTI; }

#endif
