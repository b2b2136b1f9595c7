/* EXPLAIN: the plan at its stages, one row of text; also one stage alone, for `weir explain`. */
#include "session/session_int.h"

enum { EXPLAIN_BYTES_MAX = 16 << 20 };

static weir_status stage_print(weir_answer *answer, weir_engine_stage stage, weir_builder *out, weir_error *error) {
    answer->request = (weir_engine_request){
        .arena = &answer->arena, .plan = &answer->plan, .settings = &answer->plan_settings, .environment = &answer->job_environment};
    return answer->session->environment.engine->explain(&answer->request, stage, out, error);
}

static weir_status answer_text(weir_answer *answer, weir_builder *text, weir_error *error) {
    if (text->failed)
        return weir_fail_memory(error, "EXPLAIN", text->size);
    weir_text copy = weir_arena_text(&answer->arena, weir_builder_view(text));
    return copy.data == NULL ? weir_fail_memory(error, "EXPLAIN", text->size) : rows_single(answer, "result", copy, error);
}

weir_status statement_explain_stage(session_statement *statement, weir_error *error) {
    weir_answer *answer = statement->answer;
    weir_builder text;
    weir_builder_init(&text, &statement->session->memory, EXPLAIN_BYTES_MAX);
    weir_status status = WEIR_OK;
    switch (statement->script->explain) {
    case WEIR_EXPLAIN_OFF: break;
    case WEIR_EXPLAIN_BOUND: weir_plan_print(statement->arena, &answer->plan, &text); break;
    case WEIR_EXPLAIN_OPTIMIZED: status = stage_print(answer, WEIR_STAGE_OPTIMIZED, &text, error); break;
    case WEIR_EXPLAIN_PHYSICAL: status = stage_print(answer, WEIR_STAGE_PHYSICAL, &text, error); break;
    }
    if (status == WEIR_OK)
        status = answer_text(answer, &text, error);
    weir_builder_deinit(&text);
    return status;
}

static weir_status all_stages(weir_answer *answer, weir_builder *text, weir_error *error) {
    weir_builder_c(text, "== Abstract Syntax Tree ==\n");
    weir_plan_print(&answer->arena, &answer->plan, text);
    weir_builder_c(text, "\n== Optimized Physical Plan ==\n");
    WEIR_TRY(stage_print(answer, WEIR_STAGE_OPTIMIZED, text, error));
    weir_builder_c(text, "\n== Optimized Execution Plan ==\n");
    WEIR_TRY(stage_print(answer, WEIR_STAGE_PHYSICAL, text, error));
    return answer_text(answer, text, error);
}

static weir_status bind_explained(session_statement *statement, const weir_ast_statement *inner, weir_bind_context *context,
                                  weir_error *error) {
    weir_plan *plan = &statement->answer->plan;
    switch (inner->kind) {
    case WEIR_AST_STATEMENT_QUERY: return weir_bind_select(context, inner->as.query, plan, error);
    case WEIR_AST_STATEMENT_INSERT: {
        const weir_ast_insert *insert = &inner->as.insert;
        return weir_bind_inserts(context, &insert, 1, plan, error);
    }
    case WEIR_AST_STATEMENT_SET_BLOCK: {
        const weir_ast_statement_set *set = &inner->as.statement_set;
        const weir_ast_insert **inserts = WEIR_ARENA_ARRAY(statement->arena, const weir_ast_insert *, set->insert_count);
        if (inserts == NULL)
            return weir_fail_memory(error, "a statement set", set->insert_count * sizeof *inserts);
        for (size_t i = 0; i < set->insert_count; i++)
            inserts[i] = &set->inserts[i]->as.insert;
        return weir_bind_inserts(context, inserts, set->insert_count, plan, error);
    }
    case WEIR_AST_STATEMENT_CREATE_TABLE:
        if (inner->as.create_table->query != NULL)
            return weir_bind_select(context, inner->as.create_table->query, plan, error);
        break;
    case WEIR_AST_STATEMENT_EXECUTE: return bind_explained(statement, inner->as.inner.statement, context, error);
    default: break;
    }
    return weir_fail_at(error, WEIR_VALIDATE, inner->position, "EXPLAIN cannot show %s: it has no plan", weir_ast_statement_name(inner));
}

weir_status statement_explain(session_statement *statement, weir_error *error) {
    weir_bind_context context;
    WEIR_TRY(session_prepare(statement, error));
    session_bind_context(statement, &context);
    if (statement->ast->as.explain.plan_advice && context.batch_mode)
        return weir_fail_at(error, WEIR_UNSUPPORTED, statement->ast->position, "EXPLAIN PLAN_ADVICE is not supported under batch mode.");
    WEIR_TRY(bind_explained(statement, statement->ast->as.explain.statement, &context, error));
    weir_builder text;
    weir_builder_init(&text, &statement->session->memory, EXPLAIN_BYTES_MAX);
    weir_status status = all_stages(statement->answer, &text, error);
    weir_builder_deinit(&text);
    return status;
}
