/* Statements: which one begins here, INSERT, statement sets, EXPLAIN, and the short ones. */
#include "sql/parser_int.h"

/* ---- INSERT ---- */

/* ON CONFLICT DO { NOTHING | ERROR | DEDUPLICATE } */
static weir_status parse_conflict(weir_parser *p, weir_ast_insert *insert) {
    if (!weir_parser_accept_words(p, WEIR_KW_ON, WEIR_KW_CONFLICT))
        return WEIR_OK;
    WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_DO));
    if (weir_parser_accept_word(p, WEIR_KW_NOTHING))
        insert->on_conflict = WEIR_TEXT("NOTHING");
    else if (weir_parser_accept_word(p, WEIR_KW_ERROR))
        insert->on_conflict = WEIR_TEXT("ERROR");
    else if (weir_parser_accept_word(p, WEIR_KW_DEDUPLICATE))
        insert->on_conflict = WEIR_TEXT("DEDUPLICATE");
    else
        return weir_parser_unexpected(p);
    return WEIR_OK;
}

weir_status weir_parse_insert(weir_parser *p, weir_ast_statement *out) {
    weir_ast_insert *insert = &out->as.insert;
    out->kind = WEIR_AST_STATEMENT_INSERT;
    insert->upsert = weir_parser_accept_word(p, WEIR_KW_UPSERT);
    if (!insert->upsert)
        WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_INSERT));
    insert->overwrite = !insert->upsert && weir_parser_accept_word(p, WEIR_KW_OVERWRITE);
    if (!insert->overwrite)
        WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_INTO));
    WEIR_TRY(weir_parse_name(p, &insert->target));
    WEIR_TRY(weir_parse_hints(p, &insert->hints));
    if (weir_parser_accept_word(p, WEIR_KW_PARTITION)) {
        weir_ast_partition *partition = WEIR_ARENA_NEW(p->arena, weir_ast_partition);
        if (!partition)
            return weir_parser_memory(p);
        WEIR_TRY(weir_parse_partition(p, false, partition));
        insert->partition = partition;
    }
    if (weir_parser_sees(p, 0, WEIR_TOKEN_LEFT_PAREN) && weir_parser_sees_name(p, 1))
        WEIR_TRY(weir_parse_ident_list(p, &insert->columns, &insert->column_count));
    WEIR_TRY(weir_parse_query(p, &insert->query));
    return parse_conflict(p, insert);
}

static weir_ast_statement *new_statement(weir_parser *p) {
    return WEIR_ARENA_NEW(p->arena, weir_ast_statement);
}

static weir_status parse_insert_node(weir_parser *p, const weir_ast_statement **out) {
    weir_position start = weir_parser_start(p);
    weir_ast_statement *statement = new_statement(p);
    if (!statement)
        return weir_parser_memory(p);
    WEIR_TRY(weir_parse_insert(p, statement));
    statement->position = weir_parser_span(p, start);
    *out = statement;
    return WEIR_OK;
}

/* STATEMENT SET BEGIN INSERT ...; INSERT ...; END */
static weir_status parse_statement_set(weir_parser *p, weir_ast_statement *out) {
    weir_vector inserts = {0};
    out->kind = WEIR_AST_STATEMENT_SET_BLOCK;
    WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_STATEMENT));
    WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_SET));
    WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_BEGIN));
    do {
        const weir_ast_statement **place = weir_parser_push(p, &inserts, sizeof *place);
        if (!place)
            return weir_parser_memory(p);
        const weir_ast_statement *insert = NULL;
        WEIR_TRY(parse_insert_node(p, &insert));
        *place = insert;
        WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_SEMICOLON));
    } while (weir_parser_sees_word(p, 0, WEIR_KW_INSERT) || weir_parser_sees_word(p, 0, WEIR_KW_UPSERT));
    out->as.statement_set.inserts = inserts.items;
    out->as.statement_set.insert_count = inserts.count;
    return weir_parser_expect_word(p, WEIR_KW_END);
}

/* ---- EXPLAIN, EXECUTE, COMPILE ---- */

/* What EXPLAIN, EXECUTE and COMPILE PLAN may stand before. */
static weir_status parse_inner(weir_parser *p, bool query, bool create, const weir_ast_statement **out) {
    weir_position start = weir_parser_start(p);
    weir_ast_statement *statement = new_statement(p);
    if (!statement)
        return weir_parser_memory(p);
    if (weir_parser_sees_word(p, 0, WEIR_KW_INSERT) || weir_parser_sees_word(p, 0, WEIR_KW_UPSERT)) {
        WEIR_TRY(weir_parse_insert(p, statement));
    } else if (weir_parser_sees_word(p, 0, WEIR_KW_STATEMENT) && weir_parser_sees_word(p, 1, WEIR_KW_SET)) {
        WEIR_TRY(parse_statement_set(p, statement));
    } else if (create && weir_parser_sees_word(p, 0, WEIR_KW_CREATE)) {
        WEIR_TRY(weir_parse_create(p, statement));
        if (statement->kind != WEIR_AST_STATEMENT_CREATE_TABLE || !statement->as.create_table->query)
            return weir_parser_fail(p, WEIR_PARSE, start, "Unsupported CREATE OR REPLACE statement for EXPLAIN. "
                "The statement must define a query using the AS clause (i.e. CTAS/RTAS statements).");
    } else if (query) {
        statement->kind = WEIR_AST_STATEMENT_QUERY;
        WEIR_TRY(weir_parse_query(p, &statement->as.query));
    } else {
        (void)weir_parser_at_word(p, WEIR_KW_INSERT);
        (void)weir_parser_at_word(p, WEIR_KW_STATEMENT);
        return weir_parser_unexpected(p);
    }
    statement->position = weir_parser_span(p, start);
    *out = statement;
    return WEIR_OK;
}

/* One of ESTIMATED_COST, ...; false when none stands here. */
static bool accept_detail(weir_parser *p, weir_ast_explain *explain, bool *duplicate) {
    struct {
        weir_keyword word;
        bool *flag;
    } details[] = {
        {WEIR_KW_ESTIMATED_COST, &explain->estimated_cost},
        {WEIR_KW_CHANGELOG_MODE, &explain->changelog_mode},
        {WEIR_KW_JSON_EXECUTION_PLAN, &explain->json_execution_plan},
        {WEIR_KW_PLAN_ADVICE, &explain->plan_advice},
        {WEIR_KW_ANALYZED_PHYSICAL_PLAN, &explain->analyzed_physical_plan},
    };
    for (size_t i = 0; i < sizeof details / sizeof details[0]; i++) {
        if (weir_parser_accept_word(p, details[i].word)) {
            *duplicate = *details[i].flag;
            *details[i].flag = true;
            return true;
        }
    }
    return false;
}

static weir_status parse_explain(weir_parser *p, weir_ast_statement *out) {
    weir_ast_explain *explain = &out->as.explain;
    bool duplicate = false;
    weir_parser_take(p);
    out->kind = WEIR_AST_STATEMENT_EXPLAIN;
    explain->plan_for = weir_parser_accept_words(p, WEIR_KW_PLAN, WEIR_KW_FOR);
    weir_position start = weir_parser_start(p);
    if (!explain->plan_for && accept_detail(p, explain, &duplicate)) {
        while (weir_parser_accept(p, WEIR_TOKEN_COMMA)) {
            start = weir_parser_start(p);
            if (!accept_detail(p, explain, &duplicate))
                return weir_parser_unexpected(p);
            if (duplicate)
                return weir_parser_fail(p, WEIR_PARSE, start, "Duplicate EXPLAIN DETAIL is not allowed.");
        }
    }
    if (weir_parser_accept_word(p, WEIR_KW_EXECUTE))
        return parse_inner(p, true, false, &explain->statement);
    return parse_inner(p, true, true, &explain->statement);
}

static weir_status parse_execute(weir_parser *p, weir_ast_statement *out) {
    weir_parser_take(p);
    if (weir_parser_sees_word(p, 0, WEIR_KW_STATEMENT) && weir_parser_sees_word(p, 1, WEIR_KW_SET))
        return parse_statement_set(p, out);
    if (weir_parser_accept_word(p, WEIR_KW_PLAN)) {
        out->kind = WEIR_AST_STATEMENT_EXECUTE_PLAN;
        return weir_parse_string(p, &out->as.text);
    }
    out->kind = WEIR_AST_STATEMENT_EXECUTE;
    return parse_inner(p, true, false, &out->as.inner.statement);
}

/* COMPILE PLAN 'file' [IF NOT EXISTS] FOR ..., COMPILE AND EXECUTE PLAN 'file' FOR ... */
static weir_status parse_compile(weir_parser *p, weir_ast_statement *out) {
    weir_parser_take(p);
    out->kind = WEIR_AST_STATEMENT_COMPILE_PLAN;
    out->as.inner.and_execute = weir_parser_accept_words(p, WEIR_KW_AND, WEIR_KW_EXECUTE);
    WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_PLAN));
    WEIR_TRY(weir_parse_string(p, &out->as.inner.text));
    out->as.inner.if_not_exists = !out->as.inner.and_execute && weir_parser_accept_if_not_exists(p);
    WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_FOR));
    return parse_inner(p, false, false, &out->as.inner.statement);
}

/* ---- changes, settings, modules, jobs ---- */

static weir_status parse_change_end(weir_parser *p, weir_ast_change *change) {
    return weir_parser_accept_word(p, WEIR_KW_WHERE) ? weir_parse_expr(p, &change->where) : WEIR_OK;
}

static weir_status parse_update(weir_parser *p, weir_ast_statement *out) {
    weir_ast_change *change = &out->as.change;
    weir_vector assignments = {0};
    weir_parser_take(p);
    out->kind = WEIR_AST_STATEMENT_UPDATE;
    WEIR_TRY(weir_parse_name(p, &change->target));
    WEIR_TRY(weir_parse_optional_alias(p, &change->alias));
    WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_SET));
    do {
        weir_ast_assignment assignment = {0};
        WEIR_TRY(weir_parse_name(p, &assignment.column));
        WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_EQUAL));
        WEIR_TRY(weir_parse_expr(p, &assignment.value));
        weir_ast_assignment *place = weir_parser_push(p, &assignments, sizeof *place);
        if (!place)
            return weir_parser_memory(p);
        *place = assignment;
    } while (weir_parser_accept(p, WEIR_TOKEN_COMMA));
    change->assignments = assignments.items;
    change->assignment_count = assignments.count;
    return parse_change_end(p, change);
}

static weir_status parse_delete(weir_parser *p, weir_ast_statement *out) {
    weir_parser_take(p);
    out->kind = WEIR_AST_STATEMENT_DELETE;
    WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_FROM));
    WEIR_TRY(weir_parse_name(p, &out->as.change.target));
    WEIR_TRY(weir_parse_optional_alias(p, &out->as.change.alias));
    return parse_change_end(p, &out->as.change);
}

/* A key or a value without quotes, as Flink's client takes them: what stands there up to a blank, '=' or the end. */
static weir_status parse_plain_word(weir_parser *p, bool until_equal, const char *hint, weir_text *out) {
    weir_position start = weir_parser_start(p);
    size_t end = start.offset_bytes;
    while (!weir_parser_at_end(p) && !(until_equal && weir_parser_at(p, WEIR_TOKEN_EQUAL))) {
        const weir_token *token = weir_parser_peek(p, 0);
        if (token->position.offset_bytes != end || token->kind == WEIR_TOKEN_ERROR || weir_parser_at_string(p)) {
            weir_status status = weir_parser_unexpected(p);
            weir_error_hint(p->error, "Keys and values are strings: %s", hint);
            return status;
        }
        end = (size_t)token->position.offset_bytes + token->position.length_bytes;
        weir_parser_take(p);
    }
    *out = (weir_text){p->lexer->script.data + start.offset_bytes, end - start.offset_bytes};
    return out->size == 0 ? weir_parser_unexpected(p) : WEIR_OK;
}

static weir_status parse_set(weir_parser *p, weir_ast_statement *out) {
    weir_ast_option *option = &out->as.option;
    bool reset = weir_parser_take(p)->keyword == WEIR_KW_RESET;
    const char *hint = reset ? "RESET 'key';" : "SET 'key' = 'value';";
    out->kind = reset ? WEIR_AST_STATEMENT_RESET : WEIR_AST_STATEMENT_SET;
    if (weir_parser_at_end(p))
        return WEIR_OK;
    option->key_position = weir_parser_start(p);
    bool quoted = weir_parser_at_string(p);
    WEIR_TRY(quoted ? weir_parse_string(p, &option->key) : parse_plain_word(p, true, hint, &option->key));
    if (reset)
        return WEIR_OK;
    WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_EQUAL));
    option->value_position = weir_parser_start(p);
    if (weir_parser_at_string(p))
        return weir_parse_string(p, &option->value);
    if (!quoted)
        return parse_plain_word(p, false, hint, &option->value);
    weir_status status = weir_parser_unexpected(p);
    weir_error_hint(p->error, "The value is a string, too: %s", hint);
    return status;
}

static weir_status parse_use(weir_parser *p, weir_ast_statement *out) {
    weir_parser_take(p);
    if (weir_parser_accept_word(p, WEIR_KW_MODULES)) {
        weir_vector modules = {0};
        out->kind = WEIR_AST_STATEMENT_USE_MODULES;
        do {
            weir_ast_ident *module = weir_parser_push(p, &modules, sizeof *module);
            if (!module)
                return weir_parser_memory(p);
            WEIR_TRY(weir_parse_ident(p, module));
        } while (weir_parser_accept(p, WEIR_TOKEN_COMMA));
        out->as.use.modules = modules.items;
        out->as.use.module_count = modules.count;
        return WEIR_OK;
    }
    bool catalog = weir_parser_accept_word(p, WEIR_KW_CATALOG);
    out->kind = catalog ? WEIR_AST_STATEMENT_USE_CATALOG : WEIR_AST_STATEMENT_USE;
    return weir_parse_name(p, &out->as.use.name);
}

static weir_status parse_module(weir_parser *p, weir_ast_statement *out) {
    bool load = weir_parser_take(p)->keyword == WEIR_KW_LOAD;
    out->kind = load ? WEIR_AST_STATEMENT_LOAD_MODULE : WEIR_AST_STATEMENT_UNLOAD_MODULE;
    WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_MODULE));
    WEIR_TRY(weir_parse_name(p, &out->as.use.name));
    return load && weir_parser_accept_word(p, WEIR_KW_WITH) ? weir_parse_options(p, &out->as.use.options) : WEIR_OK;
}

static weir_status parse_jar(weir_parser *p, weir_ast_statement *out) {
    out->kind = weir_parser_take(p)->keyword == WEIR_KW_ADD ? WEIR_AST_STATEMENT_ADD_JAR : WEIR_AST_STATEMENT_REMOVE_JAR;
    WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_JAR));
    return weir_parse_string(p, &out->as.text);
}

static weir_status parse_stop_job(weir_parser *p, weir_ast_statement *out) {
    weir_parser_take(p);
    out->kind = WEIR_AST_STATEMENT_STOP_JOB;
    WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_JOB));
    WEIR_TRY(weir_parse_string(p, &out->as.job.id));
    out->as.job.with_savepoint = weir_parser_accept_words(p, WEIR_KW_WITH, WEIR_KW_SAVEPOINT);
    weir_position start = weir_parser_start(p);
    out->as.job.with_drain = weir_parser_accept_words(p, WEIR_KW_WITH, WEIR_KW_DRAIN);
    if (out->as.job.with_drain && !out->as.job.with_savepoint)
        return weir_parser_fail(p, WEIR_PARSE, start, "WITH DRAIN could only be used after WITH SAVEPOINT.");
    return WEIR_OK;
}

/* ANALYZE TABLE t ...: refused later, so only its name matters. */
static weir_status parse_analyze(weir_parser *p, weir_ast_statement *out) {
    weir_ast_partition partition = {0};
    weir_parser_take(p);
    out->kind = WEIR_AST_STATEMENT_ANALYZE;
    WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_TABLE));
    WEIR_TRY(weir_parse_name(p, &out->as.use.name));
    if (weir_parser_accept_word(p, WEIR_KW_PARTITION))
        WEIR_TRY(weir_parse_partition(p, false, &partition));
    WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_COMPUTE));
    WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_STATISTICS));
    if (!weir_parser_accept_word(p, WEIR_KW_FOR))
        return WEIR_OK;
    bool all = weir_parser_accept_word(p, WEIR_KW_ALL);
    WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_COLUMNS));
    weir_ast_ident ident;
    if (!all)
        do {
            WEIR_TRY(weir_parse_ident(p, &ident));
        } while (weir_parser_accept(p, WEIR_TOKEN_COMMA));
    return WEIR_OK;
}

static weir_status parse_truncate(weir_parser *p, weir_ast_statement *out) {
    weir_parser_take(p);
    out->kind = WEIR_AST_STATEMENT_TRUNCATE;
    WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_TABLE));
    return weir_parse_name(p, &out->as.change.target);
}

static weir_status parse_call_statement(weir_parser *p, weir_ast_statement *out) {
    weir_parser_take(p);
    out->kind = WEIR_AST_STATEMENT_CALL;
    return weir_parse_call(p, &out->as.call);
}

static weir_status parse_begin(weir_parser *p, weir_ast_statement *out) {
    weir_parser_take(p);
    out->kind = WEIR_AST_STATEMENT_BEGIN_STATEMENT_SET;
    WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_STATEMENT));
    return weir_parser_expect_word(p, WEIR_KW_SET);
}

static weir_status parse_end(weir_parser *p, weir_ast_statement *out) {
    weir_parser_take(p);
    out->kind = WEIR_AST_STATEMENT_END;
    return WEIR_OK;
}

static weir_status parse_merge(weir_parser *p, weir_ast_statement *out) {
    (void)out;
    return weir_parser_fail(p, WEIR_UNSUPPORTED, weir_parser_start(p), "MERGE is not supported");
}

/* The word that begins a statement; `second` is a word that must follow where the first may also be a name. */
static const struct {
    weir_keyword word, second;
    weir_status (*parse)(weir_parser *p, weir_ast_statement *out);
} statements[] = {
    {WEIR_KW_INSERT, WEIR_KEYWORD_NONE, weir_parse_insert},
    {WEIR_KW_UPSERT, WEIR_KEYWORD_NONE, weir_parse_insert},
    {WEIR_KW_CREATE, WEIR_KEYWORD_NONE, weir_parse_create},
    {WEIR_KW_DROP, WEIR_KEYWORD_NONE, weir_parse_drop},
    {WEIR_KW_ALTER, WEIR_KEYWORD_NONE, weir_parse_alter},
    {WEIR_KW_SHOW, WEIR_KEYWORD_NONE, weir_parse_show},
    {WEIR_KW_DESCRIBE, WEIR_KEYWORD_NONE, weir_parse_describe},
    {WEIR_KW_DESC, WEIR_KEYWORD_NONE, weir_parse_describe},
    {WEIR_KW_EXPLAIN, WEIR_KEYWORD_NONE, parse_explain},
    {WEIR_KW_EXECUTE, WEIR_KEYWORD_NONE, parse_execute},
    {WEIR_KW_STATEMENT, WEIR_KW_SET, parse_statement_set},
    {WEIR_KW_BEGIN, WEIR_KEYWORD_NONE, parse_begin},
    {WEIR_KW_END, WEIR_KEYWORD_NONE, parse_end},
    {WEIR_KW_SET, WEIR_KEYWORD_NONE, parse_set},
    {WEIR_KW_RESET, WEIR_KEYWORD_NONE, parse_set},
    {WEIR_KW_USE, WEIR_KEYWORD_NONE, parse_use},
    {WEIR_KW_UPDATE, WEIR_KEYWORD_NONE, parse_update},
    {WEIR_KW_DELETE, WEIR_KEYWORD_NONE, parse_delete},
    {WEIR_KW_TRUNCATE, WEIR_KEYWORD_NONE, parse_truncate},
    {WEIR_KW_ANALYZE, WEIR_KW_TABLE, parse_analyze},
    {WEIR_KW_CALL, WEIR_KEYWORD_NONE, parse_call_statement},
    {WEIR_KW_COMPILE, WEIR_KW_PLAN, parse_compile},
    {WEIR_KW_COMPILE, WEIR_KW_AND, parse_compile},
    {WEIR_KW_LOAD, WEIR_KW_MODULE, parse_module},
    {WEIR_KW_UNLOAD, WEIR_KW_MODULE, parse_module},
    {WEIR_KW_ADD, WEIR_KW_JAR, parse_jar},
    {WEIR_KW_REMOVE, WEIR_KW_JAR, parse_jar},
    {WEIR_KW_STOP, WEIR_KW_JOB, parse_stop_job},
    {WEIR_KW_REPLACE, WEIR_KW_TABLE, weir_parse_replace},
    {WEIR_KW_MERGE, WEIR_KEYWORD_NONE, parse_merge},
};

/* HELP, CLEAR, QUIT, EXIT: words for the client, when they stand alone. */
static bool accept_client_word(weir_parser *p, weir_ast_statement *out) {
    const weir_token *next = weir_parser_peek(p, 1);
    if (next->kind != WEIR_TOKEN_END && next->kind != WEIR_TOKEN_SEMICOLON)
        return false;
    if (weir_parser_sees_word(p, 0, WEIR_KW_HELP))
        out->kind = WEIR_AST_STATEMENT_HELP;
    else if (weir_parser_sees_word(p, 0, WEIR_KW_CLEAR))
        out->kind = WEIR_AST_STATEMENT_CLEAR;
    else if (weir_parser_sees_word(p, 0, WEIR_KW_QUIT) || weir_parser_sees_word(p, 0, WEIR_KW_EXIT))
        out->kind = WEIR_AST_STATEMENT_QUIT;
    else
        return false;
    weir_parser_take(p);
    return true;
}

static weir_status parse_any(weir_parser *p, weir_ast_statement *out) {
    if (accept_client_word(p, out))
        return WEIR_OK;
    for (size_t i = 0; i < sizeof statements / sizeof statements[0]; i++)
        if (weir_parser_sees_word(p, 0, statements[i].word) &&
            (statements[i].second == WEIR_KEYWORD_NONE || weir_parser_sees_word(p, 1, statements[i].second)))
            return statements[i].parse(p, out);
    out->kind = WEIR_AST_STATEMENT_QUERY;
    return weir_parse_query(p, &out->as.query);
}

weir_status weir_parse_statement(weir_parser *p, const weir_ast_statement **out) {
    weir_position start = weir_parser_start(p);
    weir_ast_statement *statement = new_statement(p);
    if (!statement)
        return weir_parser_memory(p);
    WEIR_TRY(parse_any(p, statement));
    statement->position = weir_parser_span(p, start);
    *out = statement;
    return WEIR_OK;
}
