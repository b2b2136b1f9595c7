/* Scripts: one statement after another, each carried out by the function that the table below names for its kind. */
#include "session/session_int.h"

weir_status weir_script_open(weir_session *session, weir_text text, weir_script **out, weir_error *error) {
    size_t bad_at;
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] == '\0') {
            weir_position position = weir_sql_locate(text, i);
            weir_fail_at(error, WEIR_PARSE, position, "A NUL byte stands in the script at line %u, column %u; SQL is text", position.line,
                         position.column);
            weir_error_stage(error, "parse");
            return WEIR_PARSE;
        }
    if (!weir_utf8_valid(text, &bad_at)) {
        weir_position position = weir_sql_locate(text, bad_at);
        weir_fail_at(error, WEIR_PARSE, position, "The script is not valid UTF-8 at line %u, column %u", position.line, position.column);
        weir_error_stage(error, "parse");
        return WEIR_PARSE;
    }
    weir_script *script = weir_memory_zalloc(&session->memory, sizeof *script);
    if (script == NULL)
        return weir_fail_memory(error, "a script", sizeof *script);
    script->session = session;
    script->text = text;
    weir_sql_cursor_init(&script->cursor, text);
    atomic_store(&session->cancelled, false);
    *out = script;
    return WEIR_OK;
}

void weir_script_close(weir_script *script) {
    if (script == NULL)
        return;
    weir_answer_close(script->set);
    weir_memory_free(&script->session->memory, script, sizeof *script);
}

void weir_script_explain(weir_script *script, weir_explain_stage stage) { script->explain = stage; }

weir_position weir_script_position(const weir_script *script) { return script->position; }

bool weir_script_is_done(const weir_script *script) {
    weir_lexer ahead = script->cursor.lexer;
    weir_token token;
    weir_lexer_start(&ahead, true);
    weir_lexer_next(&ahead, &token);
    return script->quit || token.kind == WEIR_TOKEN_END;
}

/* ---- what each statement does ---- */

typedef weir_status (*statement_runner)(session_statement *statement, weir_error *error);

static weir_status run_query(session_statement *statement, weir_error *error) {
    return statement_query(statement, statement->ast->as.query, error);
}

static weir_status run_insert(session_statement *statement, weir_error *error) {
    const weir_ast_insert *insert = &statement->ast->as.insert;
    return statement_inserts(statement, &insert, 1, error);
}

static weir_status run_nothing(session_statement *statement, weir_error *error) {
    (void)statement, (void)error;
    return WEIR_OK;
}

static weir_status run_quit(session_statement *statement, weir_error *error) {
    (void)error;
    statement->answer->kind = WEIR_ANSWER_QUIT;
    statement->script->quit = true;
    return WEIR_OK;
}

static weir_status run_end(session_statement *statement, weir_error *error) {
    return weir_fail_at(error, WEIR_VALIDATE, statement->ast->position,
                        "No Statement Set to submit. 'END' command should be used after 'BEGIN STATEMENT SET'.");
}

static weir_status run_change(session_statement *statement, weir_error *error) {
    const weir_ast_change *change = &statement->ast->as.change;
    const weir_table *table;
    WEIR_TRY(statement_find_table(statement, &change->target, &table, error));
    return weir_fail_at(error, WEIR_UNSUPPORTED, statement->ast->position,
                        "%s is not supported: the rows of table '%.*s' cannot be changed where they are",
                        weir_ast_statement_name(statement->ast), WEIR_TEXT_ARGS(table->name));
}

static weir_status run_analyze(session_statement *statement, weir_error *error) {
    const weir_table *table;
    WEIR_TRY(statement_find_table(statement, &statement->ast->as.use.name, &table, error));
    session_warn(statement->session, "ANALYZE TABLE changes nothing here: plans do not use statistics");
    return WEIR_OK;
}

static weir_status run_refused(session_statement *statement, weir_error *error) {
    return weir_fail_at(error, WEIR_UNSUPPORTED, statement->ast->position, "%s is not supported", weir_ast_statement_name(statement->ast));
}

static weir_status run_create_other(session_statement *statement, weir_error *error) {
    weir_text what = statement->ast->as.other.what;
    return weir_fail_at(error, WEIR_UNSUPPORTED, statement->ast->position, "CREATE %.*s is not supported", WEIR_TEXT_ARGS(what));
}

static weir_status run_jar(session_statement *statement, weir_error *error) {
    weir_fail_at(error, WEIR_UNSUPPORTED, statement->ast->position, "%s is not supported: there is no Java machine here",
                 weir_ast_statement_name(statement->ast));
    weir_error_hint(error, "connectors and formats are built in: leave the line out");
    return WEIR_UNSUPPORTED;
}

static weir_status carry_out(session_statement *statement, weir_error *error);

static weir_status run_execute(session_statement *statement, weir_error *error) {
    statement->ast = statement->ast->as.inner.statement;
    return carry_out(statement, error);
}

static const statement_runner runners[] = {
    [WEIR_AST_STATEMENT_QUERY] = run_query,
    [WEIR_AST_STATEMENT_INSERT] = run_insert,
    [WEIR_AST_STATEMENT_SET_BLOCK] = statement_set_block,
    [WEIR_AST_STATEMENT_BEGIN_STATEMENT_SET] = statement_set_begin,
    [WEIR_AST_STATEMENT_END] = run_end,
    [WEIR_AST_STATEMENT_EXECUTE] = run_execute,
    [WEIR_AST_STATEMENT_EXECUTE_PLAN] = run_refused,
    [WEIR_AST_STATEMENT_COMPILE_PLAN] = run_refused,
    [WEIR_AST_STATEMENT_CREATE_TABLE] = statement_create_table,
    [WEIR_AST_STATEMENT_CREATE_VIEW] = statement_create_view,
    [WEIR_AST_STATEMENT_CREATE_DATABASE] = statement_create_database,
    [WEIR_AST_STATEMENT_CREATE_CATALOG] = statement_create_catalog,
    [WEIR_AST_STATEMENT_CREATE_FUNCTION] = statement_create_function,
    [WEIR_AST_STATEMENT_CREATE_OTHER] = run_create_other,
    [WEIR_AST_STATEMENT_DROP] = statement_drop,
    [WEIR_AST_STATEMENT_ALTER] = statement_alter,
    [WEIR_AST_STATEMENT_ALTER_FUNCTION] = run_refused,
    [WEIR_AST_STATEMENT_SET] = statement_set,
    [WEIR_AST_STATEMENT_RESET] = statement_reset,
    [WEIR_AST_STATEMENT_USE] = statement_use,
    [WEIR_AST_STATEMENT_USE_CATALOG] = statement_use_catalog,
    [WEIR_AST_STATEMENT_USE_MODULES] = statement_use_modules,
    [WEIR_AST_STATEMENT_SHOW] = statement_show,
    [WEIR_AST_STATEMENT_DESCRIBE] = statement_describe,
    [WEIR_AST_STATEMENT_EXPLAIN] = statement_explain,
    [WEIR_AST_STATEMENT_UPDATE] = run_change,
    [WEIR_AST_STATEMENT_DELETE] = run_change,
    [WEIR_AST_STATEMENT_TRUNCATE] = run_change,
    [WEIR_AST_STATEMENT_ANALYZE] = run_analyze,
    [WEIR_AST_STATEMENT_CALL] = run_refused,
    [WEIR_AST_STATEMENT_LOAD_MODULE] = run_refused,
    [WEIR_AST_STATEMENT_UNLOAD_MODULE] = run_refused,
    [WEIR_AST_STATEMENT_ADD_JAR] = run_jar,
    [WEIR_AST_STATEMENT_REMOVE_JAR] = run_jar,
    [WEIR_AST_STATEMENT_STOP_JOB] = statement_stop_job,
    [WEIR_AST_STATEMENT_HELP] = run_nothing,
    [WEIR_AST_STATEMENT_CLEAR] = run_nothing,
    [WEIR_AST_STATEMENT_QUIT] = run_quit,
};

static weir_status carry_out(session_statement *statement, weir_error *error) { return runners[statement->ast->kind](statement, error); }

/* Inside BEGIN STATEMENT SET ... END: INSERTs are gathered. */
static weir_status gather(session_statement *statement, weir_error *error) {
    if (statement->ast->kind == WEIR_AST_STATEMENT_INSERT)
        return statement_set_add(statement, error);
    if (statement->ast->kind != WEIR_AST_STATEMENT_END)
        return weir_fail_at(error, WEIR_VALIDATE, statement->ast->position,
                            "Only INSERT statement is supported in Statement Set or use 'END' command to terminate Statement Set.");
    weir_script *script = statement->script;
    script->set = NULL;
    if (script->set_inserts.count == 0)
        return weir_fail_at(error, WEIR_VALIDATE, statement->ast->position, "NO statements in Statement Set, skip submit.");
    return statement_inserts(statement, (const weir_ast_insert *const *)script->set_inserts.items, script->set_inserts.count, error);
}

/* An INSERT that runs on behind the script belongs to the session from here on; the caller gets an answer that says so. */
static weir_status put_behind(weir_answer *answer, weir_answer **out, weir_error *error) {
    weir_answer *stub = NULL;
    weir_status status = session_job_add(answer, error);
    if (status == WEIR_OK)
        status = answer_create(answer->session, &stub, error);
    if (status != WEIR_OK) {
        weir_answer_close(answer);
        return status;
    }
    stub->record = answer->record;
    stub->kind = WEIR_ANSWER_SUBMITTED;
    stub->statement = answer->statement;
    stub->position = answer->position;
    stub->bounded = answer->bounded;
    answer->session->has_behind = true;
    *out = stub;
    return WEIR_OK;
}

static weir_status run_one(weir_script *script, weir_answer *answer, weir_answer **out, weir_error *error) {
    session_statement statement = {.session = script->session, .script = script, .answer = answer, .arena = &answer->arena};
    weir_status status = weir_sql_next_statement(&script->cursor, &answer->arena, &statement.ast, error);
    if (status != WEIR_OK) {
        weir_error_stage(error, "parse");
        if (error != NULL)
            script->position = error->position;
        return status;
    }
    if (statement.ast == NULL) {
        if (script->set != NULL) {
            weir_fail_at(error, WEIR_PARSE, script->position, "BEGIN STATEMENT SET has no END");
            weir_error_stage(error, "parse");
            return WEIR_PARSE;
        }
        *out = NULL;
        return WEIR_OK;
    }
    script->position = statement.ast->position;
    if (script->set == NULL) {
        answer->statement = weir_ast_statement_name(statement.ast);
        answer->position = statement.ast->position;
    }
    WEIR_TRY(session_check_cancelled(script->session, error));
    status = script->set != NULL ? gather(&statement, error) : carry_out(&statement, error);
    if (status != WEIR_OK)
        weir_error_stage(error, "bind");
    *out = answer;
    return status;
}

weir_status weir_script_next(weir_script *script, weir_answer **out, weir_error *error) {
    *out = NULL;
    if (script->quit)
        return WEIR_OK;
    weir_answer *answer = script->set;
    if (answer == NULL)
        WEIR_TRY(answer_create(script->session, &answer, error));
    weir_answer *given = NULL;
    weir_status status = run_one(script, answer, &given, error);
    if (status == WEIR_OK && given == NULL) {
        weir_answer_close(answer);
        return WEIR_OK;
    }
    if (status == WEIR_OK && script->set == answer) {
        /* The set goes on; what is told meanwhile is an answer of its own. */
        return answer_create(script->session, out, error);
    }
    if (status == WEIR_OK && answer->behind)
        return put_behind(answer, out, error);
    if (status != WEIR_OK) {
        script->set = NULL;
        weir_answer_close(answer);
        return status;
    }
    *out = given;
    return WEIR_OK;
}
