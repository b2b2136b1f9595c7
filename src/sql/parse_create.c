/* CREATE and DROP. */
#include "sql/parser_int.h"

/* The words between CREATE and the kind of the thing. */
typedef struct create_words {
    bool or_replace, temporary, system;
    weir_position start;
} create_words;

/* ---- CREATE TABLE ---- */

/* (a, b) before AS SELECT: names without types. */
static bool sees_bare_columns(weir_parser *p) {
    return weir_parser_sees_name(p, 1) && (weir_parser_sees(p, 2, WEIR_TOKEN_COMMA) || weir_parser_sees(p, 2, WEIR_TOKEN_RIGHT_PAREN));
}

static weir_status parse_bare_columns(weir_parser *p, weir_table_parts *parts) {
    do {
        weir_ast_column *column = weir_parser_push(p, &parts->columns, sizeof *column);
        if (!column)
            return weir_parser_memory(p);
        WEIR_TRY(weir_parse_name(p, &column->name));
        column->position = column->name.position;
    } while (weir_parser_accept(p, WEIR_TOKEN_COMMA));
    return WEIR_OK;
}

static weir_status parse_columns(weir_parser *p, weir_ast_create_table *create, bool *bare) {
    weir_table_parts parts = {0};
    *bare = weir_parser_at(p, WEIR_TOKEN_LEFT_PAREN) && sees_bare_columns(p);
    if (!weir_parser_accept(p, WEIR_TOKEN_LEFT_PAREN))
        return WEIR_OK;
    create->columns_written = true;
    if (*bare) {
        WEIR_TRY(parse_bare_columns(p, &parts));
    } else {
        do {
            WEIR_TRY(weir_parse_table_part(p, false, &parts));
        } while (weir_parser_accept(p, WEIR_TOKEN_COMMA));
    }
    create->columns = parts.columns.items;
    create->column_count = parts.columns.count;
    create->constraints = parts.constraints.items;
    create->constraint_count = parts.constraints.count;
    create->watermark = parts.watermark;
    return weir_parser_expect(p, WEIR_TOKEN_RIGHT_PAREN);
}

static const struct {
    weir_keyword word;
    weir_ast_like_feature feature;
} like_features[] = {
    {WEIR_KW_ALL, WEIR_AST_LIKE_ALL},
    {WEIR_KW_CONSTRAINTS, WEIR_AST_LIKE_CONSTRAINTS},
    {WEIR_KW_DISTRIBUTION, WEIR_AST_LIKE_DISTRIBUTION},
    {WEIR_KW_GENERATED, WEIR_AST_LIKE_GENERATED},
    {WEIR_KW_METADATA, WEIR_AST_LIKE_METADATA},
    {WEIR_KW_OPTIONS, WEIR_AST_LIKE_OPTIONS},
    {WEIR_KW_PARTITIONS, WEIR_AST_LIKE_PARTITIONS},
    {WEIR_KW_WATERMARKS, WEIR_AST_LIKE_WATERMARKS},
};

static weir_status parse_like_option(weir_parser *p, weir_ast_like_option *out) {
    weir_position start = weir_parser_start(p);
    if (weir_parser_accept_word(p, WEIR_KW_INCLUDING))
        out->merge = WEIR_AST_LIKE_INCLUDING;
    else if (weir_parser_accept_word(p, WEIR_KW_EXCLUDING))
        out->merge = WEIR_AST_LIKE_EXCLUDING;
    else if (weir_parser_accept_word(p, WEIR_KW_OVERWRITING))
        out->merge = WEIR_AST_LIKE_OVERWRITING;
    else
        return weir_parser_unexpected(p);
    for (size_t i = 0; i < sizeof like_features / sizeof like_features[0]; i++) {
        if (weir_parser_accept_word(p, like_features[i].word)) {
            out->feature = like_features[i].feature;
            out->position = weir_parser_span(p, start);
            return WEIR_OK;
        }
    }
    return weir_parser_unexpected(p);
}

/* Behind LIKE: source [(INCLUDING ALL ...)] */
static weir_status parse_like(weir_parser *p, const weir_ast_like_clause **out) {
    weir_ast_like_clause *like = WEIR_ARENA_NEW(p->arena, weir_ast_like_clause);
    weir_vector options = {0};
    if (!like)
        return weir_parser_memory(p);
    WEIR_TRY(weir_parse_name(p, &like->source));
    if (weir_parser_accept(p, WEIR_TOKEN_LEFT_PAREN)) {
        do {
            weir_ast_like_option *option = weir_parser_push(p, &options, sizeof *option);
            if (!option)
                return weir_parser_memory(p);
            WEIR_TRY(parse_like_option(p, option));
        } while (!weir_parser_accept(p, WEIR_TOKEN_RIGHT_PAREN));
    }
    like->options = options.items;
    like->option_count = options.count;
    *out = like;
    return WEIR_OK;
}

static weir_status parse_table_clauses(weir_parser *p, weir_ast_create_table *create) {
    WEIR_TRY(weir_parse_comment(p, &create->has_comment, &create->comment));
    if (weir_parser_accept_word(p, WEIR_KW_DISTRIBUTED))
        WEIR_TRY(weir_parse_distribution(p, &create->distribution));
    if (weir_parser_accept_word(p, WEIR_KW_PARTITIONED)) {
        WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_BY));
        WEIR_TRY(weir_parse_ident_list(p, &create->partitions, &create->partition_count));
    }
    if (weir_parser_accept_word(p, WEIR_KW_WITH)) {
        create->has_options = true;
        WEIR_TRY(weir_parse_options(p, &create->options));
    }
    if (weir_parser_accept_word(p, WEIR_KW_LIKE))
        return parse_like(p, &create->like);
    if (weir_parser_accept_word(p, WEIR_KW_AS))
        return weir_parse_query(p, &create->query);
    return WEIR_OK;
}

static weir_status parse_create_table(weir_parser *p, const create_words *words, bool replace_only, weir_ast_statement *out) {
    weir_ast_create_table *create = WEIR_ARENA_NEW(p->arena, weir_ast_create_table);
    bool bare = false;
    if (!create)
        return weir_parser_memory(p);
    out->kind = WEIR_AST_STATEMENT_CREATE_TABLE;
    out->as.create_table = create;
    create->or_replace = words->or_replace;
    create->replace_only = replace_only;
    create->temporary = words->temporary;
    create->if_not_exists = weir_parser_accept_if_not_exists(p);
    WEIR_TRY(weir_parse_name(p, &create->name));
    weir_position columns = weir_parser_start(p);
    WEIR_TRY(parse_columns(p, create, &bare));
    WEIR_TRY(parse_table_clauses(p, create));
    if (bare && !create->query)
        return weir_parser_fail(
            p, WEIR_PARSE, columns, "Columns identifiers without types in the schema are supported on CTAS/RTAS statements only.");
    return WEIR_OK;
}

weir_status weir_parse_replace(weir_parser *p, weir_ast_statement *out) {
    create_words words = {.or_replace = true, .start = weir_parser_take(p)->position};
    weir_parser_take(p); /* TABLE */
    WEIR_TRY(parse_create_table(p, &words, true, out));
    return out->as.create_table->query == NULL ? weir_parser_unexpected(p) : WEIR_OK;
}

/* ---- the other things ---- */

static weir_status parse_create_view(weir_parser *p, const create_words *words, weir_ast_statement *out) {
    weir_ast_create_view *create = WEIR_ARENA_NEW(p->arena, weir_ast_create_view);
    if (!create)
        return weir_parser_memory(p);
    out->kind = WEIR_AST_STATEMENT_CREATE_VIEW;
    out->as.create_view = create;
    create->or_replace = words->or_replace;
    create->temporary = words->temporary;
    create->if_not_exists = weir_parser_accept_if_not_exists(p);
    WEIR_TRY(weir_parse_name(p, &create->name));
    if (weir_parser_at(p, WEIR_TOKEN_LEFT_PAREN))
        WEIR_TRY(weir_parse_ident_list(p, &create->columns, &create->column_count));
    WEIR_TRY(weir_parse_comment(p, &create->has_comment, &create->comment));
    WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_AS));
    return weir_parse_query(p, &create->query);
}

static weir_status parse_create_space(weir_parser *p, weir_ast_statement_kind kind, weir_ast_statement *out) {
    weir_ast_create_space *create = &out->as.create_space;
    out->kind = kind;
    create->if_not_exists = weir_parser_accept_if_not_exists(p);
    WEIR_TRY(weir_parse_name(p, &create->name));
    WEIR_TRY(weir_parse_comment(p, &create->has_comment, &create->comment));
    return weir_parser_accept_word(p, WEIR_KW_WITH) ? weir_parse_options(p, &create->options) : WEIR_OK;
}

static weir_status parse_language(weir_parser *p, weir_ast_create_function *function) {
    static const weir_keyword languages[] = {WEIR_KW_JAVA, WEIR_KW_SCALA, WEIR_KW_SQL, WEIR_KW_PYTHON};
    if (!weir_parser_accept_word(p, WEIR_KW_LANGUAGE))
        return WEIR_OK;
    for (size_t i = 0; i < sizeof languages / sizeof languages[0]; i++) {
        if (weir_parser_accept_word(p, languages[i])) {
            function->language = weir_text_of(weir_keyword_name(languages[i]));
            return WEIR_OK;
        }
    }
    return weir_parser_unexpected(p);
}

/* USING JAR 'a', JAR 'b' */
static weir_status parse_resources(weir_parser *p, weir_ast_create_function *function) {
    weir_vector resources = {0};
    if (!weir_parser_accept_word(p, WEIR_KW_USING))
        return WEIR_OK;
    do {
        WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_JAR));
        weir_text *resource = weir_parser_push(p, &resources, sizeof *resource);
        if (!resource)
            return weir_parser_memory(p);
        WEIR_TRY(weir_parse_string(p, resource));
    } while (weir_parser_accept(p, WEIR_TOKEN_COMMA));
    function->resources = resources.items;
    function->resource_count = resources.count;
    return WEIR_OK;
}

/* Behind FUNCTION [IF ...]: name AS 'class' [LANGUAGE l] [USING ...] [WITH (...)]; the last two for CREATE only. */
static weir_status parse_function(weir_parser *p, bool create, weir_ast_create_function *function) {
    WEIR_TRY(weir_parse_name(p, &function->name));
    WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_AS));
    WEIR_TRY(weir_parse_string(p, &function->class_name));
    WEIR_TRY(parse_language(p, function));
    if (!create)
        return WEIR_OK;
    WEIR_TRY(parse_resources(p, function));
    return weir_parser_accept_word(p, WEIR_KW_WITH) ? weir_parse_options(p, &function->options) : WEIR_OK;
}

static weir_status parse_create_function(weir_parser *p, const create_words *words, weir_ast_statement *out) {
    weir_ast_create_function *function = &out->as.create_function;
    out->kind = WEIR_AST_STATEMENT_CREATE_FUNCTION;
    function->temporary = words->temporary;
    function->system = words->system;
    function->if_not_exists = weir_parser_accept_if_not_exists(p);
    return parse_function(p, true, function);
}

/* Things that are never carried out: their name is enough, the rest of the statement is passed over. */
static weir_status parse_other(weir_parser *p, weir_text what, weir_ast_statement *out) {
    out->kind = WEIR_AST_STATEMENT_CREATE_OTHER;
    out->as.other.what = what;
    (void)weir_parser_accept_if_not_exists(p);
    WEIR_TRY(weir_parse_name(p, &out->as.other.name));
    while (!weir_parser_at_end(p)) {
        if (weir_parser_sees(p, 0, WEIR_TOKEN_ERROR))
            return weir_parser_unexpected(p);
        weir_parser_take(p);
    }
    return WEIR_OK;
}

weir_status weir_parse_create(weir_parser *p, weir_ast_statement *out) {
    create_words words = {.start = weir_parser_take(p)->position};
    bool or_alter = false;
    if (weir_parser_accept_word(p, WEIR_KW_OR)) {
        words.or_replace = weir_parser_accept_word(p, WEIR_KW_REPLACE);
        or_alter = !words.or_replace && weir_parser_accept_word(p, WEIR_KW_ALTER);
        if (!words.or_replace && !or_alter)
            return weir_parser_unexpected(p);
    }
    if (weir_parser_accept_word(p, WEIR_KW_MATERIALIZED)) {
        WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_TABLE));
        return parse_other(p, WEIR_TEXT("MATERIALIZED TABLE"), out);
    }
    words.temporary = weir_parser_accept_word(p, WEIR_KW_TEMPORARY);
    words.system = words.temporary && weir_parser_accept_word(p, WEIR_KW_SYSTEM);
    if (words.system && !weir_parser_at_word(p, WEIR_KW_FUNCTION))
        return weir_parser_unexpected(p);
    if (!words.temporary && weir_parser_sees_word(p, 0, WEIR_KW_SYSTEM) && weir_parser_sees_word(p, 1, WEIR_KW_FUNCTION))
        return weir_parser_fail(p, WEIR_PARSE, weir_parser_start(p),
            "CREATE SYSTEM FUNCTION is not supported, system functions can only be registered as temporary function, "
            "you can use CREATE TEMPORARY SYSTEM FUNCTION instead.");
    if (weir_parser_accept_word(p, WEIR_KW_TABLE))
        return parse_create_table(p, &words, false, out);
    if (weir_parser_accept_word(p, WEIR_KW_VIEW))
        return parse_create_view(p, &words, out);
    if (weir_parser_accept_word(p, WEIR_KW_DATABASE))
        return parse_create_space(p, WEIR_AST_STATEMENT_CREATE_DATABASE, out);
    if (weir_parser_accept_word(p, WEIR_KW_CATALOG))
        return parse_create_space(p, WEIR_AST_STATEMENT_CREATE_CATALOG, out);
    if (weir_parser_accept_word(p, WEIR_KW_FUNCTION))
        return parse_create_function(p, &words, out);
    if (weir_parser_accept_word(p, WEIR_KW_MODEL))
        return parse_other(p, WEIR_TEXT("MODEL"), out);
    if (weir_parser_accept_word(p, WEIR_KW_CONNECTION))
        return parse_other(p, WEIR_TEXT("CONNECTION"), out);
    return weir_parser_unexpected(p);
}

weir_status weir_parse_drop(weir_parser *p, weir_ast_statement *out) {
    static const struct {
        weir_keyword word;
        weir_ast_object object;
    } objects[] = {
        {WEIR_KW_TABLE, WEIR_AST_OBJECT_TABLE},
        {WEIR_KW_VIEW, WEIR_AST_OBJECT_VIEW},
        {WEIR_KW_DATABASE, WEIR_AST_OBJECT_DATABASE},
        {WEIR_KW_CATALOG, WEIR_AST_OBJECT_CATALOG},
        {WEIR_KW_FUNCTION, WEIR_AST_OBJECT_FUNCTION},
        {WEIR_KW_MODEL, WEIR_AST_OBJECT_MODEL},
        {WEIR_KW_CONNECTION, WEIR_AST_OBJECT_CONNECTION},
    };
    weir_ast_drop *drop = &out->as.drop;
    weir_parser_take(p);
    out->kind = WEIR_AST_STATEMENT_DROP;
    drop->temporary = weir_parser_accept_word(p, WEIR_KW_TEMPORARY);
    drop->system = drop->temporary && weir_parser_accept_word(p, WEIR_KW_SYSTEM);
    bool found = false;
    if (weir_parser_accept_word(p, WEIR_KW_MATERIALIZED)) {
        WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_TABLE));
        drop->object = WEIR_AST_OBJECT_MATERIALIZED_TABLE;
        found = true;
    }
    for (size_t i = 0; i < sizeof objects / sizeof objects[0] && !found; i++) {
        if (drop->system && objects[i].word != WEIR_KW_FUNCTION)
            continue;
        if (weir_parser_accept_word(p, objects[i].word)) {
            drop->object = objects[i].object;
            found = true;
        }
    }
    if (!found)
        return weir_parser_unexpected(p);
    drop->if_exists = weir_parser_accept_if_exists(p);
    WEIR_TRY(weir_parse_name(p, &drop->name));
    if (drop->object == WEIR_AST_OBJECT_DATABASE && !weir_parser_accept_word(p, WEIR_KW_RESTRICT))
        drop->cascade = weir_parser_accept_word(p, WEIR_KW_CASCADE);
    return WEIR_OK;
}
