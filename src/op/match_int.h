/* The inside of MATCH_RECOGNIZE. Private to op/.
 *
 *   match.c            the operator: rows that wait, timers, rounds over the partitions whose time has come
 *   match_automaton.c  the pattern as an automaton
 *   match_chain.c      the rows of partial matches, in the state
 *   match_heap.c       partial and completed matches, in the order of their first row
 *   match_step.c       one row against the partial matches of its partition; what a match lets go of
 *   match_view.c       the columns that conditions and measures read
 *
 * The automaton and the order in which alternatives are found follow Flink's CEP library, so that where several matches begin at one row,
 * the same one is reported.
 */
#ifndef WEIR_OP_MATCH_INT_H
#define WEIR_OP_MATCH_INT_H

#include "op/match.h"
#include "op/stage.h"
#include "state/keyed.h"
#include "state/sorted.h"
#include "state/timers.h"

/* ---- the automaton ---- */

enum { MATCH_FINAL = 0 };

typedef struct match_edge {
    bool take;         /* takes the row for `stage`; else goes on without it */
    uint32_t target;   /* state */
    uint32_t stage;    /* take: its condition must hold */
    uint64_t excluded; /* stages whose conditions must not hold: greedy ones */
} match_edge;

typedef struct match_state {
    uint32_t edge_count;
    match_edge edges[2];
    uint64_t needs; /* stages whose conditions may be asked for here */
} match_state;

typedef struct match_automaton {
    uint32_t state_count;
    match_state *states;
    uint32_t start;
} match_automaton;

/* In the arena. WEIR_UNSUPPORTED when there are too many states. */
weir_status match_automaton_make(weir_arena *arena, const weir_match_spec *spec, match_automaton *out, weir_error *error) WEIR_MUST_USE;

/* ---- rows and chains, in the state ---- */

/* A row that is part of a match, complete or not; its bytes follow. */
typedef struct match_row {
    int64_t references;
    int64_t sequence; /* of the row in its partition */
    int64_t bytes;
} match_row;

/* The last row of a partial match; the ones before it hang behind. After the struct come the states of the conditions' aggregates over the
 * rows up to this one, as far as they are plain bytes. */
typedef struct match_node {
    weir_ref previous; /* 0: the first */
    weir_ref base;     /* the last node of the stages before; 0: none */
    weir_ref first;    /* of this stage */
    weir_ref row;
    int64_t references; /* matches that end here, nodes that follow */
    uint32_t stage;
    uint32_t count; /* of this stage, with this one */
} match_node;

typedef struct match_partial {
    weir_ref node; /* 0: nothing matched yet */
    int64_t start; /* sequence of the first row; INT64_MAX: none yet */
    int64_t start_ms;
    uint32_t state;
    uint32_t unused;
} match_partial;

/* Where chains live, and how large their nodes are. */
typedef struct match_chains {
    weir_state *state;
    uint32_t node_bytes;
} match_chains;

weir_ref match_row_keep(weir_state *state, const char *bytes, size_t size, int64_t sequence); /* one reference; 0: no memory */
void match_row_release(weir_state *state, weir_ref row);
/* The chain `previous` with one more row; one reference to the new node. Its states of aggregates are those before the row. 0: no memory.
 */
weir_ref match_node_add(const match_chains *chains, weir_ref previous, uint32_t stage, weir_ref row);
void match_node_hold(const match_chains *chains, weir_ref node);
void match_node_release(const match_chains *chains, weir_ref node); /* 0 is fine */
/* The last node of a stage (WEIR_MATCH_ANY: of all); NULL: none. */
const match_node *match_node_last(const weir_state *state, weir_ref node, uint32_t stage);
int64_t match_node_first_sequence(const weir_state *state, const match_node *node); /* of its stage */
int64_t match_node_sequence(const weir_state *state, const match_node *node);
/* The bytes of a source's row; NULL: missing. `current`: the row that is tried for `stage`, NULL for measures. */
const char *match_chain_row(const weir_state *state, weir_ref node, const weir_match_source *source, uint32_t stage, const char *current);
static inline const char *match_row_bytes(const match_row *row) { return (const char *)(row + 1); }

/* ---- heaps ---- */

/* By start: the layout that a java.util.PriorityQueue has after the same calls, as it decides between equal ones. */
typedef struct match_heap {
    match_partial *items;
    size_t count, capacity;
} match_heap;
bool match_heap_add(match_heap *heap, weir_memory *memory, match_partial item) WEIR_MUST_USE; /* false: no memory */
match_partial match_heap_take(match_heap *heap);
/* Take out the ones that begin before `end`, and give their nodes back. */
void match_heap_prune(match_heap *heap, const match_chains *chains, int64_t end);

/* ---- conditions and measures ---- */

enum { MATCH_FALSE, MATCH_TRUE, MATCH_FAILED };

/* Something that a view is looked at for. */
typedef struct match_request {
    weir_ref node;
    const char *current; /* bytes of the row that is tried; NULL: measures */
    int64_t time_ms;     /* of the row that is tried; measures: of the match */
    size_t place;        /* conditions: of the result ... */
    uint8_t *result;     /* ... and its address, when the results have their place */
} match_request;

typedef struct match_requests {
    match_request *items;
    size_t count, capacity;
} match_requests;

typedef struct match_lens_aggregate {
    const weir_match_aggregate *spec;
    weir_program *arguments;
    weir_column **values; /* of the arguments */
    weir_accumulator accumulator;
    uint32_t place; /* of its state in a node; 0: not kept there, it is computed from the rows every time */
    char *states;   /* of the requests at hand */
    size_t states_bytes;
} match_lens_aggregate;

/* A view with its programs and the columns that they run over. */
typedef struct match_lens {
    const weir_operator_context *context;
    const weir_match_spec *spec;
    weir_state *state;
    weir_codec *codec;
    const weir_match_view *view;
    uint32_t stage; /* conditions; UINT32_MAX: measures */
    bool follows;   /* some aggregates are kept in nodes */
    bool row_only;  /* a condition that reads nothing but the row */
    weir_program *program;
    uint32_t column_count;
    weir_column **columns;
    match_lens_aggregate *aggregates;
    /* rows of one variable on their way into aggregates */
    weir_column **gathered;
    uint32_t *owners;
    void **places;
    uint32_t gathered_count;
    weir_ref *trail;
    size_t trail_count, trail_capacity;
} match_lens;

weir_status match_lens_open(match_lens *lens, const weir_operator_context *context, const weir_match_spec *spec, weir_state *state,
                            weir_codec *codec, const weir_match_view *view, const weir_expr *const *exprs, uint32_t count, uint32_t stage,
                            weir_error *error) WEIR_MUST_USE;
/* Give the aggregates that can be kept in nodes a place there: *node_bytes grows. */
void match_lens_place(match_lens *lens, uint32_t *node_bytes);
/* The nodes are new: add their rows to their states. */
weir_status match_lens_follow(match_lens *lens, const weir_ref *nodes, size_t count, weir_error *error) WEIR_MUST_USE;
void match_lens_close(match_lens *lens);
/* Decide up to WEIR_BATCH_ROWS requests; what cannot be decided is MATCH_FAILED, or with `report` an error. */
weir_status match_lens_decide(match_lens *lens, const match_request *requests, uint32_t count, bool report,
                              weir_error *error) WEIR_MUST_USE;
/* The measures of up to WEIR_BATCH_ROWS matches: out[i] is a new reference. */
weir_status match_lens_measure(match_lens *lens, const match_request *requests, uint32_t count, weir_column **out,
                               weir_error *error) WEIR_MUST_USE;
/* A condition that reads nothing but the row, for the rows of a batch: results[row]. */
weir_status match_lens_decide_rows(match_lens *lens, weir_column *const *columns, uint32_t physical_rows, const weir_rows *rows,
                                   uint8_t *results, weir_error *error) WEIR_MUST_USE;

/* ---- the operator ---- */

typedef struct match_list {
    weir_ref block; /* match_partial[capacity] */
    uint32_t count, capacity;
} match_list;

/* What is kept of a partition. */
typedef struct match_key {
    weir_ref waiting;     /* (time, further keys, arrival) -> results of row-only conditions, row */
    int64_t rows;         /* seen so far */
    match_list partials;  /* heaps; a partition without any has the one that waits for a first row */
    match_list completed; /* those that wait for an earlier partial match to end */
    int64_t timer_ms;
    uint8_t has_timer;
    uint8_t is_active; /* in the rounds at hand */
    uint8_t is_idle;   /* listed for removal */
    uint8_t unused[5];
} match_key;

/* A partition in the rounds at hand. */
typedef struct match_active {
    weir_ref key;
    match_key *value;
    weir_sorted_entry *entry; /* the row of this round */
    size_t results;           /* index into `results`: of its first partial match */
    int64_t order;            /* of what it finds */
    bool done;
} match_active;

typedef struct match_output {
    weir_ref key;
    weir_ref node;
    int64_t time_ms;
    int64_t order;
    size_t number;
} match_output;

typedef struct match_operator {
    weir_stage stage; /* first */
    const weir_match_spec *spec;
    match_automaton automaton;
    weir_state *state;
    match_chains chains;
    weir_keyed *keyed;
    weir_timers *timers;
    weir_ref arrivals; /* int64: rows taken in so far */
    weir_codec *row;
    weir_codec *rest; /* ORDER BY behind the time, ordered; NULL: none */
    match_lens *conditions;
    match_lens measures;
    uint64_t row_only;   /* stages whose conditions read nothing but the row */
    uint64_t gathered;   /* stages whose conditions read more */
    uint32_t *flag_of;   /* [stage]: place of its result before a waiting row */
    uint32_t flag_count; /* of the row-only conditions */
    uint32_t flag_bytes;
    uint8_t *flags; /* [flag_count][flag_capacity] of the batch at hand */
    uint32_t flag_capacity;
    weir_builder keys; /* of the batch at hand */
    weir_builder key;
    weir_row_scratch scratch;
    match_active *active;
    size_t active_count, active_capacity;
    bool waves;                             /* rounds are under way */
    match_heap old, next, found, completed; /* of the partition at hand */
    uint8_t *results;                       /* of conditions: [partial match of any active partition][stage] */
    size_t results_count, results_capacity;
    match_requests *requests; /* [stage] */
    match_requests measured;
    match_output *outputs;
    size_t output_count, output_capacity, output_at;
    bool leaving; /* outputs are on their way out */
    int64_t now_ms;
    uint32_t rows_next;
    weir_ref *fresh; /* nodes of this round that aggregates follow; held */
    size_t fresh_count, fresh_capacity;
    weir_ref *idle;
    size_t idle_count, idle_capacity;
} match_operator;

weir_status match_no_memory(const match_operator *self, size_t size_bytes, weir_error *error);
/* Partial matches that have waited too long end, at `time_ms`. */
weir_status match_advance(match_operator *self, match_active *at, int64_t time_ms, weir_error *error) WEIR_MUST_USE;
/* The row of this round. */
weir_status match_step(match_operator *self, match_active *at, int64_t time_ms, weir_error *error) WEIR_MUST_USE;
/* The partial matches of a partition; read only. */
const match_partial *match_partials(const match_operator *self, const match_key *value, uint32_t *count);
static inline const char *match_waiting_row(const match_operator *self, weir_sorted_entry *entry) {
    return (const char *)weir_sorted_payload(entry) + self->flag_bytes;
}

#endif
