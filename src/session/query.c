/* SELECT and the like: bind, then run with one collector. */
#include "session/session_int.h"

static weir_text setting_hook(void *session, const char *key) { return weir_session_setting(session, key); }

void session_bind_context(session_statement *statement, weir_bind_context *out) {
    *out = (weir_bind_context){.arena = statement->arena,
                               .catalog = statement->session->catalog,
                               .evaluation = &statement->answer->evaluation,
                               .batch_mode = statement->answer->evaluation.batch_mode,
                               .setting = setting_hook,
                               .setting_context = statement->session,
                               .warn = session_warn_hook,
                               .warn_context = statement->session};
}

static weir_status check_mini_batch(const weir_plan_settings *settings, weir_error *error) {
    if (!settings->operators.mini_batch)
        return WEIR_OK;
    if (settings->operators.mini_batch_latency_ms <= 0)
        return weir_fail(error, WEIR_VALIDATE,
                         "table.exec.mini-batch.allow-latency should be greater than 0 when table.exec.mini-batch.enabled is set to true.");
    if (settings->operators.mini_batch_size <= 0)
        return weir_fail(error, WEIR_VALIDATE,
                         "table.exec.mini-batch.size should be > 0 when table.exec.mini-batch.enabled is set to true.");
    return WEIR_OK;
}

weir_status session_prepare(session_statement *statement, weir_error *error) {
    weir_answer *answer = statement->answer;
    WEIR_TRY(session_evaluation(statement->session, &answer->evaluation, error));
    session_plan_settings(statement->session, &answer->evaluation, &answer->plan_settings);
    answer->batch_mode = answer->evaluation.batch_mode;
    return WEIR_OK;
}

/* The outermost ORDER BY, seen from the result's columns: behind at most a projection that only picks columns. */
static weir_status find_order(weir_answer *answer, const weir_node *root, weir_error *error) {
    const weir_node *node = root->inputs[0], *project = NULL;
    if (node->kind == WEIR_NODE_PROJECT && node->inputs[0]->kind == WEIR_NODE_SORT) {
        project = node;
        node = node->inputs[0];
    }
    if (node->kind != WEIR_NODE_SORT || node->as.sort.order_count == 0)
        return WEIR_OK;
    weir_sort_key *keys = WEIR_ARENA_ARRAY(&answer->arena, weir_sort_key, node->as.sort.order_count);
    if (keys == NULL)
        return weir_fail_memory(error, "a result", node->as.sort.order_count * sizeof *keys);
    for (uint32_t k = 0; k < node->as.sort.order_count; k++) {
        keys[k] = node->as.sort.order[k];
        if (project == NULL)
            continue;
        uint32_t found = UINT32_MAX;
        for (uint32_t i = 0; i < project->field_count && found == UINT32_MAX; i++) {
            const weir_expr *expr = project->as.project.expressions[i];
            if (expr->kind == WEIR_EXPR_COLUMN && expr->as.column == keys[k].column)
                found = i;
        }
        if (found == UINT32_MAX)
            return WEIR_OK;
        keys[k].column = found;
    }
    answer->order = keys;
    answer->order_count = node->as.sort.order_count;
    return WEIR_OK;
}

weir_status statement_query(session_statement *statement, const weir_ast_query *query, weir_error *error) {
    weir_answer *answer = statement->answer;
    weir_bind_context context;
    WEIR_TRY(session_prepare(statement, error));
    session_bind_context(statement, &context);
    WEIR_TRY(weir_bind_select(&context, query, &answer->plan, error));
    WEIR_TRY(check_mini_batch(&answer->plan_settings, error));
    if (statement->script->explain != WEIR_EXPLAIN_OFF)
        return statement_explain_stage(statement, error);
    const weir_node *root = answer->plan.roots[0];
    weir_field *fields = WEIR_ARENA_ARRAY(statement->arena, weir_field, root->field_count);
    if (fields == NULL)
        return weir_fail_memory(error, "a result", root->field_count * sizeof *fields);
    for (uint32_t i = 0; i < root->field_count; i++)
        fields[i] = (weir_field){.name = root->fields[i].name, .type = root->fields[i].type};
    answer->schema = (weir_schema){root->field_count, fields};
    answer->kind = WEIR_ANSWER_ROWS;
    answer->is_query = true;
    WEIR_TRY(find_order(answer, root, error));
    return answer_start(answer, error);
}
