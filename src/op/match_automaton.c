/* The pattern as an automaton, built from its end. A stage that repeats has a state for every row that it must take, and a state that takes
 * the rest; the states of a stage that may be left out also go on without a row. Behind a greedy stage nothing may begin with a row that
 * the stage itself would take: the edges of the state behind it exclude its condition. See match_int.h. */
#include "op/match_int.h"

typedef struct automaton_builder {
    match_automaton *automaton;
    uint32_t stage;
} automaton_builder;

static match_edge *edge_add(match_automaton *automaton, uint32_t state, bool take, uint32_t target, uint32_t stage) {
    match_state *from = &automaton->states[state];
    match_edge *edge = &from->edges[from->edge_count++];
    *edge = (match_edge){.take = take, .target = target, .stage = stage};
    return edge;
}

static uint32_t state_add(match_automaton *automaton) { return automaton->state_count++; }

/* Takes a row and goes to `taken`; with `skipped` != UINT32_MAX it may also go there without one. */
static uint32_t single_add(automaton_builder *builder, uint32_t taken, uint32_t skipped) {
    uint32_t state = state_add(builder->automaton);
    edge_add(builder->automaton, state, true, taken, builder->stage);
    if (skipped != UINT32_MAX)
        edge_add(builder->automaton, state, false, skipped, 0);
    return state;
}

static void exclude(automaton_builder *builder, uint32_t state) {
    match_state *from = &builder->automaton->states[state];
    for (uint32_t i = 0; i < from->edge_count; i++)
        from->edges[i].excluded |= (uint64_t)1 << builder->stage;
}

/* Any number of rows: the state behind which `sink` stands. */
static uint32_t loop_add(automaton_builder *builder, uint32_t sink, bool greedy) {
    uint32_t state = state_add(builder->automaton);
    edge_add(builder->automaton, state, false, sink, 0);
    if (greedy)
        exclude(builder, sink);
    edge_add(builder->automaton, state, true, state, builder->stage);
    return state;
}

static uint32_t stage_add(automaton_builder *builder, const weir_match_stage *stage, uint32_t sink) {
    bool optional = stage->minimum == 0;
    uint32_t from = optional ? 1 : stage->minimum, last = sink;
    if (stage->maximum == WEIR_MATCH_UNBOUNDED) {
        last = loop_add(builder, sink, stage->greedy);
    } else if (stage->maximum != from) {
        if (stage->greedy)
            exclude(builder, sink);
        for (uint32_t i = from; i < stage->maximum; i++)
            last = single_add(builder, last, sink);
    }
    for (uint32_t i = 1; i < from; i++)
        last = single_add(builder, last, UINT32_MAX);
    return single_add(builder, last, optional ? sink : UINT32_MAX);
}

/* The conditions on the way over states that may be left without a row. */
static uint64_t pass_needs(const match_automaton *automaton, uint32_t state, bool with_takes) {
    const match_state *from = &automaton->states[state];
    uint64_t needs = 0;
    for (uint32_t i = 0; i < from->edge_count; i++) {
        const match_edge *edge = &from->edges[i];
        if (!edge->take)
            needs |= edge->excluded | pass_needs(automaton, edge->target, with_takes);
        else if (with_takes)
            needs |= edge->excluded | (uint64_t)1 << edge->stage | pass_needs(automaton, edge->target, false);
    }
    return needs;
}

static uint64_t states_of(const weir_match_stage *stage) {
    if (stage->maximum == WEIR_MATCH_UNBOUNDED)
        return (uint64_t)stage->minimum + 2;
    return stage->maximum > stage->minimum ? stage->maximum : stage->minimum;
}

weir_status match_automaton_make(weir_arena *arena, const weir_match_spec *spec, match_automaton *out, weir_error *error) {
    uint64_t states = 1;
    for (uint32_t i = 0; i < spec->stage_count; i++)
        states += states_of(&spec->stages[i]);
    if (states > WEIR_MATCH_ROWS_MAX || spec->stage_count > WEIR_MATCH_STAGES_MAX)
        return weir_fail(error, WEIR_UNSUPPORTED, "a pattern of more than %d variables or %d counted rows is not supported",
                         WEIR_MATCH_STAGES_MAX, WEIR_MATCH_ROWS_MAX);
    *out = (match_automaton){.state_count = 1, .states = WEIR_ARENA_ARRAY(arena, match_state, states)};
    if (out->states == NULL)
        return weir_fail_memory(error, "a pattern", states * sizeof *out->states);
    uint32_t sink = MATCH_FINAL;
    for (uint32_t i = spec->stage_count; i-- > 0;) {
        automaton_builder builder = {out, i};
        sink = stage_add(&builder, &spec->stages[i], sink);
    }
    out->start = sink;
    for (uint32_t i = 0; i < out->state_count; i++)
        out->states[i].needs = pass_needs(out, i, true);
    return WEIR_OK;
}
