/* What the files of the streaming Top-N share: rank.c (rows appended or retracted), rank_update.c (rows updated by key), rank_batch.c (all
 * at the end). */
#ifndef WEIR_OP_RANK_INT_H
#define WEIR_OP_RANK_INT_H

#include "op/rank.h"
#include "op/stage.h"
#include "state/expiry.h"
#include "state/sorted.h"

/* Of one group. */
typedef struct rank_value {
    weir_ref rows;   /* ordered: (sort key, sequence) -> row */
    weir_ref by_key; /* rank_update: upsert key -> key in `rows` */
    int64_t sequence;
    int64_t end; /* last rank of interest, once known (to_rank_column) */
    int64_t has_end;
    int64_t stamp_ms; /* last access, for the state's time to live */
} rank_value;

typedef struct rank_operator {
    weir_stage stage; /* first */
    const weir_rank_spec *spec;
    weir_state *state;
    weir_keyed *keyed;
    weir_codec *sort;   /* ordered */
    weir_codec *row;    /* compact */
    weir_codec *upsert; /* compact; NULL: whole rows */
    weir_builder keys;  /* sort keys of the batch */
    weir_builder key;   /* one: sort key and sequence */
    weir_builder bytes; /* one row, or one upsert key */
    weir_row_scratch scratch;
    weir_expiry expiry;
    int64_t now_ms;
    uint64_t cursor;   /* batch: over the groups at the end */
    rank_value *group; /* batch: the one that is leaving */
    bool bounded;      /* batch: Top-N in state */
} rank_operator;

weir_status rank_no_memory(rank_operator *self, size_t size, weir_error *error);
/* The last rank of interest for a group, given a row of it. */
int64_t rank_end(rank_operator *self, rank_value *value, uint32_t row);
/* A row's sort key (without sequence). */
static inline weir_text rank_sort_key(const rank_operator *self, uint32_t row) {
    return (weir_text){self->keys.data + self->scratch.offsets[row], self->scratch.sizes[row]};
}
static inline weir_text rank_entry_sort_key(const weir_sorted_entry *entry) {
    weir_text key = weir_sorted_key(entry);
    return (weir_text){key.data, key.size - 8};
}
static inline int rank_key_compare(weir_text a, weir_text b) { return weir_text_compare(a, b); }
/* Put the input's row into the group under its sort key, behind its equals. NULL: no memory. */
weir_sorted_entry *rank_insert(rank_operator *self, rank_value *value, uint32_t row, weir_error *error);
/* Queue a row of the input or of the group, when its rank is asked for and its kind is wanted. */
weir_status rank_leave_input(rank_operator *self, uint8_t kind, uint32_t row, int64_t rank, int64_t end, weir_error *error);
weir_status rank_leave_entry(rank_operator *self, uint8_t kind, weir_sorted_entry *entry, int64_t rank, int64_t end, weir_error *error);
/* Ranks shift: are they visible? */
static inline bool rank_is_numbered(const weir_rank_spec *spec) { return spec->emit_rank || spec->from_rank > 1; }
/* The row's new place is `rank`: everything behind it moves by one. */
weir_status rank_shift_down(rank_operator *self, weir_sorted_entry *entry, uint32_t row, int64_t rank, int64_t end, weir_error *error);
/* Without visible ranks: the row enters, the one that falls out leaves first. */
weir_status rank_enter(rank_operator *self, rank_value *value, uint32_t row, weir_error *error);

weir_status rank_update_row(rank_operator *self, rank_value *value, uint32_t row, weir_error *error);
weir_status rank_open_batch(const weir_rank_spec *spec, const weir_operator_context *context, weir_operator **out, weir_error *error);
void rank_close(weir_operator *operator);
weir_status rank_prepare(rank_operator *self, weir_error *error);

#endif
