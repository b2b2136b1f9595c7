/* SHOW and DESCRIBE. */
#include "sql/parser_int.h"

enum { SHOW_FROM = 1, SHOW_LIKE = 2, SHOW_ILIKE = 4 };

/* SHOW <plural>: what may follow. */
static const struct {
    weir_keyword word;
    weir_ast_show_kind kind;
    int follows;
} plurals[] = {
    {WEIR_KW_TABLES, WEIR_AST_SHOW_TABLES, SHOW_FROM | SHOW_LIKE},
    {WEIR_KW_VIEWS, WEIR_AST_SHOW_VIEWS, SHOW_FROM | SHOW_LIKE},
    {WEIR_KW_DATABASES, WEIR_AST_SHOW_DATABASES, SHOW_FROM | SHOW_LIKE | SHOW_ILIKE},
    {WEIR_KW_CATALOGS, WEIR_AST_SHOW_CATALOGS, SHOW_LIKE | SHOW_ILIKE},
    {WEIR_KW_FUNCTIONS, WEIR_AST_SHOW_FUNCTIONS, SHOW_FROM | SHOW_LIKE | SHOW_ILIKE},
    {WEIR_KW_PROCEDURES, WEIR_AST_SHOW_PROCEDURES, SHOW_FROM | SHOW_LIKE | SHOW_ILIKE},
    {WEIR_KW_MODELS, WEIR_AST_SHOW_MODELS, SHOW_FROM | SHOW_LIKE},
    {WEIR_KW_CONNECTIONS, WEIR_AST_SHOW_CONNECTIONS, SHOW_FROM | SHOW_LIKE},
    {WEIR_KW_MODULES, WEIR_AST_SHOW_MODULES, 0},
    {WEIR_KW_JOBS, WEIR_AST_SHOW_JOBS, 0},
    {WEIR_KW_JARS, WEIR_AST_SHOW_JARS, 0},
};

static weir_status parse_from(weir_parser *p, bool needed, weir_ast_show *show) {
    if (!weir_parser_accept_word(p, WEIR_KW_FROM) && !weir_parser_accept_word(p, WEIR_KW_IN))
        return needed ? weir_parser_unexpected(p) : WEIR_OK;
    return weir_parse_name(p, &show->from);
}

/* [NOT] LIKE 'pattern', [NOT] ILIKE 'pattern' */
static weir_status parse_like(weir_parser *p, bool ilike, weir_ast_show *show) {
    show->not_like = weir_parser_accept_word(p, WEIR_KW_NOT);
    if (weir_parser_accept_word(p, WEIR_KW_LIKE))
        show->like = WEIR_AST_SHOW_LIKE;
    else if (ilike && weir_parser_accept_word(p, WEIR_KW_ILIKE))
        show->like = WEIR_AST_SHOW_ILIKE;
    else
        return show->not_like ? weir_parser_unexpected(p) : WEIR_OK;
    if (!weir_parser_at_string(p))
        return weir_parser_unexpected(p);
    return weir_parse_string(p, &show->pattern);
}

static weir_status parse_show_create(weir_parser *p, weir_ast_show *show) {
    show->kind = WEIR_AST_SHOW_CREATE;
    if (weir_parser_accept_word(p, WEIR_KW_TABLE))
        show->object = WEIR_AST_OBJECT_TABLE;
    else if (weir_parser_accept_word(p, WEIR_KW_VIEW))
        show->object = WEIR_AST_OBJECT_VIEW;
    else if (weir_parser_accept_word(p, WEIR_KW_CATALOG))
        show->object = WEIR_AST_OBJECT_CATALOG;
    else if (weir_parser_accept_word(p, WEIR_KW_MODEL))
        show->object = WEIR_AST_OBJECT_MODEL;
    else if (weir_parser_accept_words(p, WEIR_KW_MATERIALIZED, WEIR_KW_TABLE))
        show->object = WEIR_AST_OBJECT_MATERIALIZED_TABLE;
    else
        return weir_parser_unexpected(p);
    return weir_parse_name(p, &show->from);
}

static weir_status parse_show_partitions(weir_parser *p, weir_ast_show *show) {
    show->kind = WEIR_AST_SHOW_PARTITIONS;
    WEIR_TRY(weir_parse_name(p, &show->from));
    if (!weir_parser_accept_word(p, WEIR_KW_PARTITION))
        return WEIR_OK;
    weir_ast_partition *partition = WEIR_ARENA_NEW(p->arena, weir_ast_partition);
    if (!partition)
        return weir_parser_memory(p);
    show->partition = partition;
    return weir_parse_partition(p, true, partition);
}

weir_status weir_parse_show(weir_parser *p, weir_ast_statement *out) {
    weir_ast_show *show = &out->as.show;
    weir_parser_take(p);
    out->kind = WEIR_AST_STATEMENT_SHOW;
    if (weir_parser_accept_word(p, WEIR_KW_CREATE))
        return parse_show_create(p, show);
    if (weir_parser_accept_word(p, WEIR_KW_PARTITIONS))
        return parse_show_partitions(p, show);
    if (weir_parser_accept_word(p, WEIR_KW_CURRENT)) {
        show->kind = WEIR_AST_SHOW_CURRENT_CATALOG;
        if (weir_parser_accept_word(p, WEIR_KW_CATALOG))
            return WEIR_OK;
        show->kind = WEIR_AST_SHOW_CURRENT_DATABASE;
        return weir_parser_expect_word(p, WEIR_KW_DATABASE);
    }
    if (weir_parser_accept_word(p, WEIR_KW_COLUMNS)) {
        show->kind = WEIR_AST_SHOW_COLUMNS;
        WEIR_TRY(parse_from(p, true, show));
        return parse_like(p, false, show);
    }
    if (weir_parser_accept_words(p, WEIR_KW_MATERIALIZED, WEIR_KW_TABLES)) {
        show->kind = WEIR_AST_SHOW_MATERIALIZED_TABLES;
        WEIR_TRY(parse_from(p, false, show));
        return parse_like(p, false, show);
    }
    if (weir_parser_sees_word(p, 1, WEIR_KW_FUNCTIONS))
        show->user_only = weir_parser_accept_word(p, WEIR_KW_USER);
    if (weir_parser_sees_word(p, 1, WEIR_KW_MODULES))
        show->full = weir_parser_accept_word(p, WEIR_KW_FULL);
    for (size_t i = 0; i < sizeof plurals / sizeof plurals[0]; i++) {
        if (!weir_parser_accept_word(p, plurals[i].word))
            continue;
        show->kind = plurals[i].kind;
        if (plurals[i].follows & SHOW_FROM)
            WEIR_TRY(parse_from(p, false, show));
        return plurals[i].follows & SHOW_LIKE ? parse_like(p, plurals[i].follows & SHOW_ILIKE, show) : WEIR_OK;
    }
    return weir_parser_unexpected(p);
}

weir_status weir_parse_describe(weir_parser *p, weir_ast_statement *out) {
    static const struct {
        weir_keyword word;
        weir_ast_describe_kind kind;
    } kinds[] = {
        {WEIR_KW_CATALOG, WEIR_AST_DESCRIBE_CATALOG},
        {WEIR_KW_DATABASE, WEIR_AST_DESCRIBE_DATABASE},
        {WEIR_KW_FUNCTION, WEIR_AST_DESCRIBE_FUNCTION},
        {WEIR_KW_MODEL, WEIR_AST_DESCRIBE_MODEL},
    };
    weir_ast_describe *describe = &out->as.describe;
    weir_parser_take(p);
    out->kind = WEIR_AST_STATEMENT_DESCRIBE;
    if (weir_parser_sees(p, 1, WEIR_TOKEN_STRING) && weir_parser_accept_word(p, WEIR_KW_JOB)) {
        describe->kind = WEIR_AST_DESCRIBE_JOB;
        return weir_parse_string(p, &describe->job_id);
    }
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        bool more = weir_parser_sees_name(p, 1) || weir_parser_sees_word(p, 1, WEIR_KW_EXTENDED); /* else it is a table's name */
        if (more && weir_parser_accept_word(p, kinds[i].word)) {
            describe->kind = kinds[i].kind;
            break;
        }
    }
    describe->extended = weir_parser_accept_word(p, WEIR_KW_EXTENDED);
    return weir_parse_name(p, &describe->name);
}
