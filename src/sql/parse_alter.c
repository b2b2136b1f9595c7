/* ALTER TABLE, VIEW, DATABASE, CATALOG and FUNCTION; ALTER MODEL and MATERIALIZED TABLE are read so far that they can be refused
 * by name. */
#include "sql/parser_int.h"

static weir_status parse_partitions(weir_parser *p, bool commas, weir_ast_alter *alter) {
    weir_vector partitions = {0};
    do {
        WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_PARTITION));
        weir_ast_partition partition = {0};
        WEIR_TRY(weir_parse_partition(p, true, &partition));
        if (!commas && weir_parser_accept_word(p, WEIR_KW_WITH))
            WEIR_TRY(weir_parse_options(p, &partition.options));
        weir_ast_partition *place = weir_parser_push(p, &partitions, sizeof *place);
        if (!place)
            return weir_parser_memory(p);
        *place = partition;
    } while (commas ? weir_parser_accept(p, WEIR_TOKEN_COMMA) : weir_parser_at_word(p, WEIR_KW_PARTITION));
    alter->partitions = partitions.items;
    alter->partition_count = partitions.count;
    return WEIR_OK;
}

/* Behind ADD or MODIFY: one part, or several in parentheses. */
static weir_status parse_parts(weir_parser *p, weir_ast_alter *alter) {
    weir_table_parts parts = {0};
    if (weir_parser_accept(p, WEIR_TOKEN_LEFT_PAREN)) {
        do {
            WEIR_TRY(weir_parse_table_part(p, true, &parts));
        } while (weir_parser_accept(p, WEIR_TOKEN_COMMA));
        WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_RIGHT_PAREN));
    } else {
        WEIR_TRY(weir_parse_table_part(p, true, &parts));
    }
    alter->columns = parts.columns.items;
    alter->column_count = parts.columns.count;
    alter->constraints = parts.constraints.items;
    alter->constraint_count = parts.constraints.count;
    alter->watermark = parts.watermark;
    alter->distribution = parts.distribution;
    return WEIR_OK;
}

static weir_status parse_add(weir_parser *p, weir_ast_alter *alter) {
    alter->kind = WEIR_AST_ALTER_ADD;
    alter->element_exists = weir_parser_accept_if_not_exists(p);
    if (alter->element_exists || weir_parser_at_word(p, WEIR_KW_PARTITION)) {
        alter->kind = WEIR_AST_ALTER_ADD_PARTITIONS;
        return parse_partitions(p, false, alter);
    }
    return parse_parts(p, alter);
}

static weir_status parse_dropped_columns(weir_parser *p, weir_ast_alter *alter) {
    weir_vector names = {0};
    bool paren = weir_parser_accept(p, WEIR_TOKEN_LEFT_PAREN);
    alter->kind = WEIR_AST_ALTER_DROP_COLUMNS;
    do {
        weir_ast_name *name = weir_parser_push(p, &names, sizeof *name);
        if (!name)
            return weir_parser_memory(p);
        WEIR_TRY(weir_parse_name(p, name));
    } while (paren && weir_parser_accept(p, WEIR_TOKEN_COMMA));
    alter->dropped = names.items;
    alter->dropped_count = names.count;
    return paren ? weir_parser_expect(p, WEIR_TOKEN_RIGHT_PAREN) : WEIR_OK;
}

static weir_status parse_drop(weir_parser *p, weir_ast_alter *alter) {
    alter->element_exists = weir_parser_accept_if_exists(p);
    if (alter->element_exists || weir_parser_at_word(p, WEIR_KW_PARTITION)) {
        alter->kind = WEIR_AST_ALTER_DROP_PARTITIONS;
        return parse_partitions(p, true, alter);
    }
    if (weir_parser_accept_word(p, WEIR_KW_PRIMARY)) {
        alter->kind = WEIR_AST_ALTER_DROP_PRIMARY_KEY;
        return weir_parser_expect_word(p, WEIR_KW_KEY);
    }
    if (weir_parser_accept_word(p, WEIR_KW_CONSTRAINT)) {
        alter->kind = WEIR_AST_ALTER_DROP_CONSTRAINT;
        return weir_parse_name(p, &alter->new_name);
    }
    if (weir_parser_accept_word(p, WEIR_KW_WATERMARK)) {
        alter->kind = WEIR_AST_ALTER_DROP_WATERMARK;
        return WEIR_OK;
    }
    if (weir_parser_accept_word(p, WEIR_KW_DISTRIBUTION)) {
        alter->kind = WEIR_AST_ALTER_DROP_DISTRIBUTION;
        return WEIR_OK;
    }
    return parse_dropped_columns(p, alter);
}

static weir_status parse_rename(weir_parser *p, bool columns, weir_ast_alter *alter) {
    alter->kind = WEIR_AST_ALTER_RENAME;
    if (!weir_parser_accept_word(p, WEIR_KW_TO)) {
        if (!columns)
            return weir_parser_unexpected(p);
        alter->kind = WEIR_AST_ALTER_RENAME_COLUMN;
        WEIR_TRY(weir_parse_name(p, &alter->column));
        WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_TO));
    }
    return weir_parse_name(p, &alter->new_name);
}

static weir_status parse_alter_table(weir_parser *p, weir_ast_alter *alter) {
    alter->object = WEIR_AST_OBJECT_TABLE;
    alter->if_exists = weir_parser_accept_if_exists(p);
    WEIR_TRY(weir_parse_name(p, &alter->name));
    if (weir_parser_accept_word(p, WEIR_KW_RENAME))
        return parse_rename(p, true, alter);
    if (weir_parser_accept_word(p, WEIR_KW_SET)) {
        alter->kind = WEIR_AST_ALTER_SET;
        return weir_parse_options(p, &alter->options);
    }
    if (weir_parser_accept_word(p, WEIR_KW_RESET)) {
        alter->kind = WEIR_AST_ALTER_RESET;
        return weir_parse_option_keys(p, &alter->options);
    }
    if (weir_parser_accept_word(p, WEIR_KW_ADD))
        return parse_add(p, alter);
    if (weir_parser_accept_word(p, WEIR_KW_MODIFY)) {
        alter->kind = WEIR_AST_ALTER_MODIFY;
        return parse_parts(p, alter);
    }
    if (weir_parser_accept_word(p, WEIR_KW_DROP))
        return parse_drop(p, alter);
    alter->kind = WEIR_AST_ALTER_COMPACT;
    if (weir_parser_accept_word(p, WEIR_KW_PARTITION)) {
        weir_ast_partition *partition = WEIR_ARENA_NEW(p->arena, weir_ast_partition);
        if (!partition)
            return weir_parser_memory(p);
        WEIR_TRY(weir_parse_partition(p, true, partition));
        alter->partitions = partition;
        alter->partition_count = 1;
    }
    return weir_parser_expect_word(p, WEIR_KW_COMPACT);
}

static weir_status parse_alter_view(weir_parser *p, weir_ast_alter *alter) {
    alter->object = WEIR_AST_OBJECT_VIEW;
    WEIR_TRY(weir_parse_name(p, &alter->name));
    if (weir_parser_accept_word(p, WEIR_KW_RENAME))
        return parse_rename(p, false, alter);
    alter->kind = WEIR_AST_ALTER_AS;
    WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_AS));
    return weir_parse_query(p, &alter->query);
}

static weir_status parse_alter_space(weir_parser *p, weir_ast_object object, weir_ast_alter *alter) {
    alter->object = object;
    WEIR_TRY(weir_parse_name(p, &alter->name));
    if (weir_parser_accept_word(p, WEIR_KW_SET)) {
        alter->kind = WEIR_AST_ALTER_SET;
        return weir_parse_options(p, &alter->options);
    }
    if (object == WEIR_AST_OBJECT_CATALOG && weir_parser_accept_word(p, WEIR_KW_RESET)) {
        alter->kind = WEIR_AST_ALTER_RESET;
        return weir_parse_option_keys(p, &alter->options);
    }
    if (object == WEIR_AST_OBJECT_CATALOG && weir_parser_accept_word(p, WEIR_KW_COMMENT)) {
        alter->kind = WEIR_AST_ALTER_COMMENT;
        return weir_parse_string(p, &alter->comment);
    }
    return weir_parser_unexpected(p);
}

/* ALTER [TEMPORARY [SYSTEM]] FUNCTION [IF EXISTS] name AS 'class' [LANGUAGE l] */
static weir_status parse_alter_function(weir_parser *p, bool temporary, bool system, weir_ast_statement *out) {
    static const weir_keyword languages[] = {WEIR_KW_JAVA, WEIR_KW_SCALA, WEIR_KW_SQL, WEIR_KW_PYTHON};
    weir_ast_create_function *function = &out->as.create_function;
    out->kind = WEIR_AST_STATEMENT_ALTER_FUNCTION;
    function->temporary = temporary;
    function->system = system;
    function->if_not_exists = weir_parser_accept_if_exists(p);
    WEIR_TRY(weir_parse_name(p, &function->name));
    WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_AS));
    WEIR_TRY(weir_parse_string(p, &function->class_name));
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

/* What is refused anyway: the name, and then whatever stands there. */
static weir_status parse_alter_other(weir_parser *p, weir_ast_object object, weir_ast_alter *alter) {
    alter->object = object;
    alter->kind = WEIR_AST_ALTER_OTHER;
    alter->if_exists = weir_parser_accept_if_exists(p);
    WEIR_TRY(weir_parse_name(p, &alter->name));
    alter->what = weir_parser_peek(p, 0)->text;
    if (weir_parser_at_end(p))
        return weir_parser_unexpected(p);
    while (!weir_parser_at_end(p)) {
        if (weir_parser_sees(p, 0, WEIR_TOKEN_ERROR))
            return weir_parser_unexpected(p);
        weir_parser_take(p);
    }
    return WEIR_OK;
}

weir_status weir_parse_alter(weir_parser *p, weir_ast_statement *out) {
    weir_parser_take(p);
    bool temporary = weir_parser_accept_word(p, WEIR_KW_TEMPORARY);
    bool system = temporary && weir_parser_accept_word(p, WEIR_KW_SYSTEM);
    if (weir_parser_accept_word(p, WEIR_KW_FUNCTION))
        return parse_alter_function(p, temporary, system, out);
    if (temporary)
        return weir_parser_unexpected(p);
    weir_ast_alter *alter = WEIR_ARENA_NEW(p->arena, weir_ast_alter);
    if (!alter)
        return weir_parser_memory(p);
    out->kind = WEIR_AST_STATEMENT_ALTER;
    out->as.alter = alter;
    if (weir_parser_accept_word(p, WEIR_KW_TABLE))
        return parse_alter_table(p, alter);
    if (weir_parser_accept_word(p, WEIR_KW_VIEW))
        return parse_alter_view(p, alter);
    if (weir_parser_accept_word(p, WEIR_KW_DATABASE))
        return parse_alter_space(p, WEIR_AST_OBJECT_DATABASE, alter);
    if (weir_parser_accept_word(p, WEIR_KW_CATALOG))
        return parse_alter_space(p, WEIR_AST_OBJECT_CATALOG, alter);
    if (weir_parser_accept_word(p, WEIR_KW_MODEL))
        return parse_alter_other(p, WEIR_AST_OBJECT_MODEL, alter);
    if (weir_parser_accept_words(p, WEIR_KW_MATERIALIZED, WEIR_KW_TABLE))
        return parse_alter_other(p, WEIR_AST_OBJECT_MATERIALIZED_TABLE, alter);
    return weir_parser_unexpected(p);
}
