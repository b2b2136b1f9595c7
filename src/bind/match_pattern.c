/* PATTERN: a sequence of variables with quantifiers. What Flink refuses is refused in its words. */
#include "bind/match_int.h"

typedef struct pattern_list {
    bind_match *match;
    const weir_ast_pattern **items; /* variables, or REPEATs of them */
    uint32_t count, capacity;
} pattern_list;

static weir_status refuse(weir_position position, weir_error *error, const char *message) {
    return weir_fail_at(error, WEIR_UNSUPPORTED, position, "%s", message);
}

static weir_status gather(pattern_list *list, const weir_ast_pattern *pattern, weir_error *error);

static weir_status item_add(pattern_list *list, const weir_ast_pattern *item, weir_error *error) {
    if (list->count == WEIR_MATCH_STAGES_MAX)
        return weir_fail_at(error, WEIR_UNSUPPORTED, item->position, "a pattern of more than %d variables is not supported",
                            WEIR_MATCH_STAGES_MAX);
    list->items[list->count++] = item;
    return WEIR_OK;
}

static weir_status gather(pattern_list *list, const weir_ast_pattern *pattern, weir_error *error) {
    switch (pattern->kind) {
    case WEIR_AST_PATTERN_VARIABLE: return item_add(list, pattern, error);
    case WEIR_AST_PATTERN_SEQUENCE:
        for (size_t i = 0; i < pattern->item_count; i++)
            WEIR_TRY(gather(list, pattern->items[i], error));
        return WEIR_OK;
    case WEIR_AST_PATTERN_REPEAT:
        if (pattern->items[0]->kind == WEIR_AST_PATTERN_VARIABLE)
            return item_add(list, pattern, error);
        WEIR_TRY(gather(list, pattern->items[0], error));
        return refuse(pattern->position, error,
                      "Expression not supported: a quantifier behind a group. Group patterns are not supported yet.");
    case WEIR_AST_PATTERN_ALTERNATION:
        return refuse(pattern->position, error, "Expression not supported: A | B. Currently, CEP doesn't support branching patterns.");
    case WEIR_AST_PATTERN_PERMUTE:
        return refuse(pattern->position, error, "Expression not supported: PERMUTE. Currently, CEP doesn't support PERMUTE patterns.");
    case WEIR_AST_PATTERN_EXCLUDE:
        return refuse(pattern->position, error, "Expression not supported: {- A -}. Currently, CEP doesn't support '{-' '-}' patterns.");
    case WEIR_AST_PATTERN_EMPTY:
        return refuse(pattern->position, error,
                      "Patterns that can produce empty matches are not supported. There must be at least one non-optional state.");
    }
    return weir_fail_at(error, WEIR_INTERNAL, pattern->position, "unknown pattern");
}

static bool is_optional(const weir_ast_pattern *item) { return item->minimum == 0 && item->maximum == 1; }
static bool is_greedy(const weir_ast_pattern *item) {
    return item->kind == WEIR_AST_PATTERN_REPEAT && !item->reluctant && !is_optional(item) && item->minimum != item->maximum;
}

static weir_status check_counts(const weir_ast_pattern *item, const weir_ast_pattern *before, weir_error *error) {
    bool leaves_out = item->minimum == 0 && (item->maximum == 1 || item->maximum == -1);
    int64_t from = item->minimum == 0 ? 1 : item->minimum;
    if (item->minimum < 0)
        return refuse(item->position, error, "The from should be a positive number greater than 0: write {0,n} for {,n}.");
    if (item->maximum != -1 && item->maximum < from)
        return weir_fail_at(error, WEIR_UNSUPPORTED, item->position, "The to should be a number greater than or equal to from: %lld.",
                            (long long)from);
    if (from > WEIR_MATCH_ROWS_MAX || item->maximum > WEIR_MATCH_ROWS_MAX)
        return weir_fail_at(error, WEIR_UNSUPPORTED, item->position, "a quantifier of more than %d rows is not supported",
                            WEIR_MATCH_ROWS_MAX);
    if (is_optional(item) && item->reluctant)
        return refuse(item->position, error, "Reluctant optional variables are not supported yet.");
    if (leaves_out && before != NULL && is_greedy(before))
        return refuse(item->position, error, "Optional pattern cannot be preceded by greedy pattern");
    return WEIR_OK;
}

static weir_status stage_make(const pattern_list *list, uint32_t at, weir_match_stage *stage, weir_error *error) {
    const weir_ast_pattern *item = list->items[at];
    bool repeats = item->kind == WEIR_AST_PATTERN_REPEAT;
    const weir_ast_pattern *variable = repeats ? item->items[0] : item;
    for (uint32_t i = 0; i < at; i++)
        if (weir_text_equal(list->match->stages[i].name, variable->variable.text))
            return weir_fail_at(error, WEIR_UNSUPPORTED, variable->position,
                                "Pattern variables must be unique. That might change in the future. '%.*s' stands here again",
                                WEIR_TEXT_ARGS(variable->variable.text));
    *stage = (weir_match_stage){.name = variable->variable.text, .minimum = 1, .maximum = 1};
    if (!repeats)
        return WEIR_OK;
    WEIR_TRY(check_counts(item, at > 0 ? list->items[at - 1] : NULL, error));
    stage->minimum = (uint32_t)item->minimum;
    stage->maximum = item->maximum == -1 ? WEIR_MATCH_UNBOUNDED : (uint32_t)item->maximum;
    stage->greedy = is_greedy(item);
    return WEIR_OK;
}

weir_status bind_match_pattern(bind_match *self, weir_error *error) {
    weir_arena *arena = self->context->arena;
    pattern_list list = {.match = self, .items = WEIR_ARENA_ARRAY(arena, const weir_ast_pattern *, WEIR_MATCH_STAGES_MAX)};
    self->stages = WEIR_ARENA_ARRAY(arena, weir_match_stage, WEIR_MATCH_STAGES_MAX);
    if (list.items == NULL || self->stages == NULL)
        return bind_match_no_memory(error);
    WEIR_TRY(gather(&list, self->ast->pattern, error));
    bool may_be_empty = true;
    for (uint32_t i = 0; i < list.count; i++) {
        WEIR_TRY(stage_make(&list, i, &self->stages[i], error));
        may_be_empty &= self->stages[i].minimum == 0;
    }
    self->stage_count = list.count;
    if (may_be_empty)
        return refuse(self->ast->pattern->position, error,
                      "Patterns that can produce empty matches are not supported. There must be at least one non-optional state.");
    if (self->stages[list.count - 1].greedy)
        return refuse(list.items[list.count - 1]->position, error,
                      "Greedy quantifiers are not allowed as the last element of a Pattern yet. Finish your pattern with either a simple "
                      "variable or reluctant quantifier.");
    return WEIR_OK;
}
