/* INSERT and the INSERTs of a statement set: one job. A bounded one is driven to its end by the caller before the next statement, one
 * without an end runs on behind the script; table.dml-sync can force either. */
#include "session/session_int.h"

static bool runs_behind(const weir_answer *answer) {
    weir_text sync = weir_session_setting(answer->session, "table.dml-sync");
    bool awaited;
    if (sync.data != NULL && weir_option_parse_bool(sync, &awaited))
        return !awaited;
    return !answer->bounded;
}

weir_status statement_inserts(session_statement *statement, const weir_ast_insert *const *inserts, size_t count, weir_error *error) {
    weir_answer *answer = statement->answer;
    weir_bind_context context;
    WEIR_TRY(session_prepare(statement, error));
    session_bind_context(statement, &context);
    WEIR_TRY(weir_bind_inserts(&context, inserts, count, &answer->plan, error));
    if (statement->script->explain != WEIR_EXPLAIN_OFF)
        return statement_explain_stage(statement, error);
    answer->kind = WEIR_ANSWER_AFFECTED;
    WEIR_TRY(answer_start(answer, error));
    if (runs_behind(answer)) {
        weir_mutex_lock(&answer->session->mutex);
        answer->behind = true;
        weir_mutex_unlock(&answer->session->mutex);
    }
    return WEIR_OK;
}
