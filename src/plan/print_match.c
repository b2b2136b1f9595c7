/* MATCH_RECOGNIZE in EXPLAIN: its clauses, with the columns of views written as what they stand for. */
#include <inttypes.h>

#include "plan/print_int.h"

typedef struct match_printer {
    weir_arena *arena;
    const weir_node *input;
    const weir_match_spec *spec;
    weir_builder *out;
} match_printer;

static weir_text variable_name(const match_printer *to, uint32_t variable) {
    if (variable == WEIR_MATCH_ANY)
        return WEIR_TEXT("*");
    return variable < to->spec->stage_count ? to->spec->stages[variable].name : WEIR_TEXT("?"); /* ?: has no rows */
}

static weir_text source_name(const match_printer *to, const weir_match_source *source, uint32_t stage, uint32_t column) {
    weir_text name = to->input->fields[column].name;
    if (source->kind == WEIR_MATCH_CURRENT)
        return weir_arena_format(to->arena, "%.*s.%.*s", WEIR_TEXT_ARGS(variable_name(to, stage)), WEIR_TEXT_ARGS(name));
    return weir_arena_format(to->arena, "%s(%.*s.%.*s, %u)", source->kind == WEIR_MATCH_FIRST ? "FIRST" : "LAST",
                             WEIR_TEXT_ARGS(variable_name(to, source->variable)), WEIR_TEXT_ARGS(name), source->offset);
}

static weir_text aggregate_name(const match_printer *to, const weir_match_aggregate *aggregate) {
    weir_field *fields = WEIR_ARENA_ARRAY(to->arena, weir_field, to->input->field_count);
    if (fields == NULL)
        return WEIR_TEXT("...");
    weir_text variable = variable_name(to, aggregate->variable);
    for (uint32_t i = 0; i < to->input->field_count; i++)
        fields[i].name = weir_arena_format(to->arena, "%.*s.%.*s", WEIR_TEXT_ARGS(variable), WEIR_TEXT_ARGS(to->input->fields[i].name));
    weir_schema names = {to->input->field_count, fields};
    weir_builder text;
    weir_builder_init(&text, to->arena->memory, 1 << 20);
    weir_builder_text(&text, aggregate->call.name);
    weir_builder_char(&text, '(');
    if (aggregate->call.argument_count == 0)
        weir_builder_char(&text, '*');
    for (uint32_t i = 0; i < aggregate->call.argument_count; i++) {
        if (i > 0)
            weir_builder_c(&text, ", ");
        weir_expr_print(aggregate->arguments[aggregate->call.arguments[i]], &names, &text);
    }
    weir_builder_char(&text, ')');
    weir_text name = weir_arena_text(to->arena, weir_builder_view(&text));
    weir_builder_deinit(&text);
    return name;
}

static weir_schema view_names(const match_printer *to, const weir_match_view *view, uint32_t stage) {
    uint32_t width = to->input->field_count, at = 0;
    weir_field *fields = WEIR_ARENA_ARRAY(to->arena, weir_field, view->source_count * width + view->aggregate_count + view->time_count);
    if (fields == NULL)
        return (weir_schema){0};
    for (uint32_t s = 0; s < view->source_count; s++)
        for (uint32_t c = 0; c < width; c++)
            fields[at++].name = source_name(to, &view->sources[s], stage, c);
    for (uint32_t a = 0; a < view->aggregate_count; a++)
        fields[at++].name = aggregate_name(to, &view->aggregates[a]);
    for (uint32_t t = 0; t < view->time_count; t++)
        fields[at++].name = WEIR_TEXT("MATCH_ROWTIME()");
    return (weir_schema){at, fields};
}

static void print_keys(const match_printer *to) {
    weir_builder_c(to->out, "partitionBy=[");
    for (uint32_t i = 0; i < to->spec->key_count; i++) {
        weir_builder_c(to->out, i > 0 ? ", " : "");
        weir_builder_text(to->out, to->input->fields[to->spec->keys[i]].name);
    }
    weir_builder_c(to->out, "], orderBy=[");
    for (uint32_t i = 0; i < to->spec->order_count; i++) {
        weir_builder_c(to->out, i > 0 ? ", " : "");
        weir_builder_text(to->out, to->input->fields[to->spec->order[i].column].name);
        weir_builder_c(to->out, to->spec->order[i].descending ? " DESC" : " ASC");
    }
    weir_builder_c(to->out, "]");
}

static void print_quantifier(const match_printer *to, const weir_match_stage *stage) {
    bool unbounded = stage->maximum == WEIR_MATCH_UNBOUNDED;
    if (stage->minimum == 1 && stage->maximum == 1)
        return;
    if (unbounded && stage->minimum < 2)
        weir_builder_char(to->out, stage->minimum == 0 ? '*' : '+');
    else if (stage->minimum == 0 && stage->maximum == 1)
        weir_builder_char(to->out, '?');
    else if (stage->minimum == stage->maximum)
        weir_builder_format(to->out, "{%u}", stage->minimum);
    else if (unbounded)
        weir_builder_format(to->out, "{%u,}", stage->minimum);
    else
        weir_builder_format(to->out, "{%u,%u}", stage->minimum, stage->maximum);
    if (!stage->greedy && stage->minimum != stage->maximum && !(stage->minimum == 0 && stage->maximum == 1))
        weir_builder_char(to->out, '?');
}

static void print_pattern(const match_printer *to) {
    static const char *const skips[] = {[WEIR_MATCH_SKIP_PAST_LAST] = "PAST LAST ROW",
                                        [WEIR_MATCH_SKIP_TO_NEXT] = "TO NEXT ROW",
                                        [WEIR_MATCH_SKIP_TO_FIRST] = "TO FIRST ",
                                        [WEIR_MATCH_SKIP_TO_LAST] = "TO LAST "};
    weir_builder_format(to->out, ", after=[SKIP %s", skips[to->spec->skip]);
    if (to->spec->skip == WEIR_MATCH_SKIP_TO_FIRST || to->spec->skip == WEIR_MATCH_SKIP_TO_LAST)
        weir_builder_text(to->out, to->spec->stages[to->spec->skip_stage].name);
    weir_builder_c(to->out, "], pattern=[");
    for (uint32_t i = 0; i < to->spec->stage_count; i++) {
        weir_builder_c(to->out, i > 0 ? " " : "");
        weir_builder_text(to->out, to->spec->stages[i].name);
        print_quantifier(to, &to->spec->stages[i]);
    }
    weir_builder_c(to->out, "]");
    if (to->spec->within_ms > 0)
        weir_builder_format(to->out, ", within=[%" PRId64 " ms]", to->spec->within_ms);
}

void print_match(weir_arena *arena, const weir_node *node, weir_builder *out) {
    match_printer to = {arena, node->inputs[0], &node->as.match, out};
    print_keys(&to);
    weir_schema names = view_names(&to, &to.spec->view, UINT32_MAX);
    weir_builder_c(out, ", measures=[");
    for (uint32_t i = 0; i < to.spec->measure_count; i++) {
        weir_builder_c(out, i > 0 ? ", " : "");
        weir_expr_print(to.spec->measures[i], &names, out);
        weir_builder_format(out, " AS %.*s", WEIR_TEXT_ARGS(node->fields[to.spec->key_count + i].name));
    }
    weir_builder_c(out, "], rowsPerMatch=[ONE ROW PER MATCH]");
    print_pattern(&to);
    weir_builder_c(out, ", define=[");
    bool first = true;
    for (uint32_t i = 0; i < to.spec->stage_count; i++) {
        const weir_match_stage *stage = &to.spec->stages[i];
        if (stage->condition == NULL)
            continue;
        names = view_names(&to, &stage->view, i);
        weir_builder_format(out, "%s%.*s AS ", first ? "" : ", ", WEIR_TEXT_ARGS(stage->name));
        weir_expr_print(stage->condition, &names, out);
        first = false;
    }
    weir_builder_c(out, "]");
}
