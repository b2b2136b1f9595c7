/* The parts of a table: columns (physical, computed, metadata), constraints, the watermark and the distribution. */
#include "sql/parser_int.h"

/* ---- constraints ---- */

static bool sees_constraint(weir_parser *p) {
    return weir_parser_sees_word(p, 0, WEIR_KW_CONSTRAINT) || weir_parser_sees_word(p, 0, WEIR_KW_PRIMARY) ||
        weir_parser_sees_word(p, 0, WEIR_KW_UNIQUE);
}

/* [CONSTRAINT name] PRIMARY KEY [(a, b)] [NOT ENFORCED]; the list only when `column` is NULL. */
static weir_status parse_constraint(weir_parser *p, const weir_ast_ident *column, weir_ast_constraint *out) {
    weir_position start = weir_parser_start(p);
    *out = (weir_ast_constraint){.inline_column = column != NULL};
    if (weir_parser_accept_word(p, WEIR_KW_CONSTRAINT))
        WEIR_TRY(weir_parse_ident(p, &out->name));
    out->unique = weir_parser_accept_word(p, WEIR_KW_UNIQUE);
    if (!out->unique) {
        WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_PRIMARY));
        WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_KEY));
    }
    if (column) {
        out->columns = column;
        out->column_count = 1;
    } else {
        WEIR_TRY(weir_parse_ident_list(p, &out->columns, &out->column_count));
    }
    if (weir_parser_accept_words(p, WEIR_KW_NOT, WEIR_KW_ENFORCED))
        out->enforcement = WEIR_AST_NOT_ENFORCED;
    else if (weir_parser_accept_word(p, WEIR_KW_ENFORCED))
        out->enforcement = WEIR_AST_ENFORCED;
    out->position = weir_parser_span(p, start);
    return WEIR_OK;
}

static weir_status push_constraint(weir_parser *p, const weir_ast_constraint *constraint, weir_table_parts *parts) {
    weir_ast_constraint *place = weir_parser_push(p, &parts->constraints, sizeof *place);
    if (!place)
        return weir_parser_memory(p);
    *place = *constraint;
    return WEIR_OK;
}

/* ---- columns ---- */

/* METADATA [FROM 'key'] [VIRTUAL] */
static weir_status parse_metadata(weir_parser *p, weir_ast_column *column) {
    column->kind = WEIR_AST_COLUMN_METADATA;
    if (weir_parser_accept_word(p, WEIR_KW_FROM)) {
        column->metadata_key_written = true;
        if (!weir_parser_at_string(p))
            return weir_parser_unexpected(p);
        WEIR_TRY(weir_parse_string(p, &column->metadata_key));
    }
    column->is_virtual = weir_parser_accept_word(p, WEIR_KW_VIRTUAL);
    return WEIR_OK;
}

static weir_status parse_typed(weir_parser *p, weir_ast_column *column, weir_table_parts *parts) {
    WEIR_TRY(weir_parse_type(p, true, false, &column->type));
    if (weir_parser_accept_word(p, WEIR_KW_METADATA))
        return parse_metadata(p, column);
    if (!sees_constraint(p))
        return WEIR_OK;
    weir_ast_constraint *constraint = WEIR_ARENA_NEW(p->arena, weir_ast_constraint);
    if (!constraint)
        return weir_parser_memory(p);
    WEIR_TRY(parse_constraint(p, &column->name.parts[0], constraint));
    column->constraint = constraint;
    return push_constraint(p, constraint, parts);
}

static weir_status parse_place(weir_parser *p, weir_ast_column *column) {
    if (weir_parser_accept_word(p, WEIR_KW_FIRST)) {
        column->place = WEIR_AST_PLACE_FIRST;
    } else if (weir_parser_accept_word(p, WEIR_KW_AFTER)) {
        column->place = WEIR_AST_PLACE_AFTER;
        return weir_parse_name(p, &column->after);
    }
    return WEIR_OK;
}

static weir_status parse_column(weir_parser *p, bool alter, weir_table_parts *parts) {
    weir_position start = weir_parser_start(p);
    weir_ast_column column = {0};
    WEIR_TRY(weir_parse_name(p, &column.name));
    if (weir_parser_accept_word(p, WEIR_KW_AS)) {
        column.kind = WEIR_AST_COLUMN_COMPUTED;
        WEIR_TRY(weir_parse_expr(p, &column.expr));
    } else {
        WEIR_TRY(parse_typed(p, &column, parts));
    }
    WEIR_TRY(weir_parse_comment(p, &column.has_comment, &column.comment));
    if (alter)
        WEIR_TRY(parse_place(p, &column));
    column.position = weir_parser_span(p, start);
    weir_ast_column *place = weir_parser_push(p, &parts->columns, sizeof *place);
    if (!place)
        return weir_parser_memory(p);
    *place = column;
    return WEIR_OK;
}

/* ---- watermark and distribution ---- */

/* WATERMARK FOR column AS expr; WATERMARK is reserved, so it is no column's name. */
static weir_status parse_watermark(weir_parser *p, weir_table_parts *parts) {
    weir_position start = weir_parser_take(p)->position;
    weir_ast_watermark *watermark = WEIR_ARENA_NEW(p->arena, weir_ast_watermark);
    if (!watermark)
        return weir_parser_memory(p);
    if (parts->watermark)
        return weir_parser_fail(p, WEIR_PARSE, start, "Multiple WATERMARK statements is not supported yet.");
    WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_FOR));
    WEIR_TRY(weir_parse_name(p, &watermark->column));
    WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_AS));
    WEIR_TRY(weir_parse_expr(p, &watermark->expr));
    watermark->position = weir_parser_span(p, start);
    parts->watermark = watermark;
    return WEIR_OK;
}

static weir_status parse_buckets(weir_parser *p, weir_ast_distribution *out) {
    weir_position start = weir_parser_start(p);
    if (!weir_parser_accept_word(p, WEIR_KW_INTO))
        return WEIR_OK;
    weir_ast_expr *number;
    WEIR_TRY(weir_parse_unsigned_number(p, &number));
    if (number->as.literal->kind != WEIR_AST_LITERAL_INTEGER)
        return weir_parser_fail(p, WEIR_PARSE, start, "Bucket count must be a positive integer.");
    out->bucket_count = number->as.literal->text;
    return weir_parser_expect_word(p, WEIR_KW_BUCKETS);
}

weir_status weir_parse_distribution(weir_parser *p, weir_ast_distribution *out) {
    weir_position start = weir_parser_start(p);
    out->present = true;
    if (weir_parser_accept_word(p, WEIR_KW_BY)) {
        if (weir_parser_accept_word(p, WEIR_KW_HASH))
            out->kind = WEIR_TEXT("HASH");
        else if (weir_parser_accept_word(p, WEIR_KW_RANGE))
            out->kind = WEIR_TEXT("RANGE");
        WEIR_TRY(weir_parse_ident_list(p, &out->columns, &out->column_count));
    } else if (!weir_parser_at_word(p, WEIR_KW_INTO)) {
        return weir_parser_unexpected(p);
    }
    WEIR_TRY(parse_buckets(p, out));
    out->position = weir_parser_span(p, start);
    return WEIR_OK;
}

weir_status weir_parse_table_part(weir_parser *p, bool alter, weir_table_parts *parts) {
    if (weir_parser_at_word(p, WEIR_KW_WATERMARK))
        return parse_watermark(p, parts);
    if (sees_constraint(p)) {
        weir_ast_constraint constraint;
        WEIR_TRY(parse_constraint(p, NULL, &constraint));
        return push_constraint(p, &constraint, parts);
    }
    if (alter && weir_parser_accept_word(p, WEIR_KW_DISTRIBUTION))
        return weir_parse_distribution(p, &parts->distribution);
    return parse_column(p, alter, parts);
}
