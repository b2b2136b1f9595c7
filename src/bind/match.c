/* MATCH_RECOGNIZE is not carried out yet: it is refused by name, after the mistakes that Flink would tell. */
#include "bind/bind_int.h"

static weir_status refuse_pattern(const weir_ast_pattern *pattern, weir_error *error) {
    switch (pattern->kind) {
    case WEIR_AST_PATTERN_ALTERNATION:
        return weir_fail_at(error, WEIR_UNSUPPORTED, pattern->position, "Currently, CEP doesn't support branching patterns.");
    case WEIR_AST_PATTERN_PERMUTE:
        return weir_fail_at(error, WEIR_UNSUPPORTED, pattern->position, "Currently, CEP doesn't support PERMUTE patterns.");
    case WEIR_AST_PATTERN_EXCLUDE:
        return weir_fail_at(error, WEIR_UNSUPPORTED, pattern->position, "Currently, CEP doesn't support '{-' '-}' patterns.");
    default: break;
    }
    for (size_t i = 0; i < pattern->item_count; i++)
        WEIR_TRY(refuse_pattern(pattern->items[i], error));
    return WEIR_OK;
}

weir_status bind_match(weir_bind_context *context, bind_scope *outer, bind_cte *ctes, const weir_ast_table_ref *ref, weir_error *error) {
    (void)context, (void)outer, (void)ctes;
    const weir_ast_match *match = ref->as.match.match;
    if (match->rows == WEIR_AST_ALL_ROWS_PER_MATCH)
        return weir_fail_at(error, WEIR_UNSUPPORTED, match->position, "All rows per match mode is not supported yet: ALL ROWS PER MATCH");
    WEIR_TRY(refuse_pattern(match->pattern, error));
    return weir_fail_at(error, WEIR_UNSUPPORTED, match->position, "MATCH_RECOGNIZE is not supported");
}
