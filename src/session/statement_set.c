/* Statement sets: several INSERTs as one job, so that they share what they read. EXECUTE STATEMENT SET BEGIN ... END is one statement;
 * BEGIN STATEMENT SET; ... END; are several, gathered in the arena of the first one's answer. */
#include "session/session_int.h"

weir_status statement_set_block(session_statement *statement, weir_error *error) {
    const weir_ast_statement_set *set = &statement->ast->as.statement_set;
    const weir_ast_insert **inserts = WEIR_ARENA_ARRAY(statement->arena, const weir_ast_insert *, set->insert_count);
    if (inserts == NULL)
        return weir_fail_memory(error, "a statement set", set->insert_count * sizeof *inserts);
    for (size_t i = 0; i < set->insert_count; i++)
        inserts[i] = &set->inserts[i]->as.insert;
    return statement_inserts(statement, inserts, set->insert_count, error);
}

weir_status statement_set_begin(session_statement *statement, weir_error *error) {
    (void)error;
    statement->script->set = statement->answer;
    statement->script->set_inserts = (weir_list){0};
    statement->answer->statement = "STATEMENT SET";
    return WEIR_OK;
}

weir_status statement_set_add(session_statement *statement, weir_error *error) {
    if (!weir_list_add(statement->arena, &statement->script->set_inserts, (void *)&statement->ast->as.insert))
        return weir_fail_memory(error, "a statement set", sizeof(void *));
    return WEIR_OK;
}
