/* Types: DECIMAL(10, 2), ROW<a INT, b STRING NOT NULL>, TIMESTAMP(3) WITH LOCAL TIME ZONE, INT ARRAY, ... */
#include "sql/parser_int.h"

/* Built-in types of one word: how they are called in the tree and how many numbers may follow in parentheses. */
static const struct {
    weir_keyword word;
    const char *name;
    int numbers;
} simple_types[] = {
    {WEIR_KW_BOOLEAN, "BOOLEAN", 0},
    {WEIR_KW_TINYINT, "TINYINT", 0},
    {WEIR_KW_SMALLINT, "SMALLINT", 0},
    {WEIR_KW_INT, "INT", 0},
    {WEIR_KW_INTEGER, "INT", 0},
    {WEIR_KW_BIGINT, "BIGINT", 0},
    {WEIR_KW_FLOAT, "FLOAT", 0},
    {WEIR_KW_REAL, "FLOAT", 0},
    {WEIR_KW_DOUBLE, "DOUBLE", 0},
    {WEIR_KW_DECIMAL, "DECIMAL", 2},
    {WEIR_KW_DEC, "DECIMAL", 2},
    {WEIR_KW_NUMERIC, "DECIMAL", 2},
    {WEIR_KW_CHAR, "CHAR", 1},
    {WEIR_KW_CHARACTER, "CHAR", 1},
    {WEIR_KW_VARCHAR, "VARCHAR", 1},
    {WEIR_KW_BINARY, "BINARY", 1},
    {WEIR_KW_VARBINARY, "VARBINARY", 1},
    {WEIR_KW_STRING, "STRING", 0},
    {WEIR_KW_BYTES, "BYTES", 0},
    {WEIR_KW_DATE, "DATE", 0},
    {WEIR_KW_VARIANT, "VARIANT", 0},
    {WEIR_KW_ANY, "ANY", 2},
};

static weir_status parse_numbers(weir_parser *p, int numbers, weir_ast_type *type) {
    if (numbers == 0 || !weir_parser_accept(p, WEIR_TOKEN_LEFT_PAREN))
        return WEIR_OK;
    WEIR_TRY(weir_parse_unsigned_int(p, &type->precision));
    if (numbers == 2 && weir_parser_accept(p, WEIR_TOKEN_COMMA)) {
        bool negative = weir_parser_accept(p, WEIR_TOKEN_MINUS);
        WEIR_TRY(weir_parse_unsigned_int(p, &type->scale));
        if (negative)
            return weir_parser_fail(p, WEIR_VALIDATE, type->position, "A decimal type cannot have the negative scale -%lld",
                (long long)type->scale);
    }
    return weir_parser_expect(p, WEIR_TOKEN_RIGHT_PAREN);
}

static weir_status parse_simple(weir_parser *p, size_t index, weir_ast_type *type) {
    weir_parser_take(p);
    weir_keyword word = simple_types[index].word;
    type->kind = WEIR_AST_TYPE_NAMED;
    type->name = weir_text_of(simple_types[index].name);
    if (word == WEIR_KW_DOUBLE)
        (void)weir_parser_accept_word(p, WEIR_KW_PRECISION);
    bool may_vary = word == WEIR_KW_CHAR || word == WEIR_KW_CHARACTER || word == WEIR_KW_BINARY;
    if (may_vary && weir_parser_accept_word(p, WEIR_KW_VARYING))
        type->name = word == WEIR_KW_BINARY ? WEIR_TEXT("VARBINARY") : WEIR_TEXT("VARCHAR");
    WEIR_TRY(parse_numbers(p, simple_types[index].numbers, type));
    bool character = word == WEIR_KW_CHAR || word == WEIR_KW_CHARACTER || word == WEIR_KW_VARCHAR;
    if (character && weir_parser_sees_word(p, 0, WEIR_KW_CHARACTER))
        return weir_parser_fail(p, WEIR_UNSUPPORTED, weir_parser_start(p), "CHARACTER SET is not supported: text is always UTF-8");
    return WEIR_OK;
}

static weir_status parse_zone(weir_parser *p, weir_ast_type *type) {
    if (weir_parser_sees_word(p, 1, WEIR_KW_TIME) && weir_parser_accept_word(p, WEIR_KW_WITHOUT)) {
        WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_TIME));
        return weir_parser_expect_word(p, WEIR_KW_ZONE);
    }
    bool follows = weir_parser_sees_word(p, 1, WEIR_KW_TIME) || weir_parser_sees_word(p, 1, WEIR_KW_LOCAL);
    if (!follows || !weir_parser_accept_word(p, WEIR_KW_WITH))
        return WEIR_OK;
    type->zone = weir_parser_accept_word(p, WEIR_KW_LOCAL) ? WEIR_AST_ZONE_LOCAL : WEIR_AST_ZONE_WITH;
    WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_TIME));
    return weir_parser_expect_word(p, WEIR_KW_ZONE);
}

static weir_status parse_time(weir_parser *p, weir_ast_type *type) {
    weir_keyword word = weir_parser_take(p)->keyword;
    type->kind = word == WEIR_KW_TIME ? WEIR_AST_TYPE_TIME : WEIR_AST_TYPE_TIMESTAMP;
    type->name = word == WEIR_KW_TIME ? WEIR_TEXT("TIME") : WEIR_TEXT("TIMESTAMP");
    WEIR_TRY(parse_numbers(p, 1, type));
    if (word == WEIR_KW_TIMESTAMP_LTZ) {
        type->zone = WEIR_AST_ZONE_LOCAL;
        return WEIR_OK;
    }
    return parse_zone(p, type);
}

/* a INT 'comment', b STRING NOT NULL up to, not including, `end`. */
static weir_status parse_fields(weir_parser *p, weir_token_kind end, weir_ast_type *type) {
    weir_vector fields = {0};
    if (!weir_parser_at(p, end)) {
        do {
            weir_ast_type_field *field = weir_parser_push(p, &fields, sizeof *field);
            if (!field)
                return weir_parser_memory(p);
            WEIR_TRY(weir_parse_ident(p, &field->name));
            const weir_ast_type *inner = NULL;
            WEIR_TRY(weir_parse_type(p, true, false, &inner));
            field->type = inner;
            if (weir_parser_sees(p, 0, WEIR_TOKEN_STRING))
                WEIR_TRY(weir_parse_string(p, &field->comment));
        } while (weir_parser_accept(p, WEIR_TOKEN_COMMA));
    }
    type->fields = fields.items;
    type->field_count = fields.count;
    return WEIR_OK;
}

static weir_status parse_row(weir_parser *p, weir_ast_type *type) {
    weir_parser_take(p);
    type->kind = WEIR_AST_TYPE_ROW;
    type->name = WEIR_TEXT("ROW");
    if (weir_parser_accept(p, WEIR_TOKEN_NOT_EQUAL)) /* ROW<> */
        return WEIR_OK;
    if (weir_parser_accept(p, WEIR_TOKEN_LESS)) {
        WEIR_TRY(parse_fields(p, WEIR_TOKEN_GREATER, type));
        return weir_parser_expect(p, WEIR_TOKEN_GREATER);
    }
    WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_LEFT_PAREN));
    WEIR_TRY(parse_fields(p, WEIR_TOKEN_RIGHT_PAREN, type));
    return weir_parser_expect(p, WEIR_TOKEN_RIGHT_PAREN);
}

/* STRUCTURED<'class', a INT, ...> */
static weir_status parse_structured(weir_parser *p, weir_ast_type *type) {
    weir_parser_take(p);
    type->kind = WEIR_AST_TYPE_ROW;
    type->name = WEIR_TEXT("STRUCTURED");
    WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_LESS));
    WEIR_TRY(weir_parse_string(p, &type->class_name));
    if (weir_parser_accept(p, WEIR_TOKEN_COMMA))
        WEIR_TRY(parse_fields(p, WEIR_TOKEN_GREATER, type));
    return weir_parser_expect(p, WEIR_TOKEN_GREATER);
}

/* ARRAY<e>, MULTISET<e>, MAP<k, v> */
static weir_status parse_collection(weir_parser *p, weir_ast_type *type) {
    weir_keyword word = weir_parser_take(p)->keyword;
    type->kind = word == WEIR_KW_ARRAY ? WEIR_AST_TYPE_ARRAY : word == WEIR_KW_MAP ? WEIR_AST_TYPE_MAP : WEIR_AST_TYPE_MULTISET;
    type->name = weir_text_of(weir_keyword_name(word));
    WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_LESS));
    if (word == WEIR_KW_MAP) {
        WEIR_TRY(weir_parse_type(p, true, false, &type->key));
        WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_COMMA));
    }
    WEIR_TRY(weir_parse_type(p, true, false, &type->element));
    return weir_parser_expect(p, WEIR_TOKEN_GREATER);
}

static weir_status parse_raw(weir_parser *p, weir_ast_type *type) {
    weir_text snapshot;
    weir_parser_take(p);
    type->kind = WEIR_AST_TYPE_NAMED;
    type->name = WEIR_TEXT("RAW");
    WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_LEFT_PAREN));
    WEIR_TRY(weir_parse_string(p, &type->class_name));
    WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_COMMA));
    WEIR_TRY(weir_parse_string(p, &snapshot));
    return weir_parser_expect(p, WEIR_TOKEN_RIGHT_PAREN);
}

static weir_status parse_base(weir_parser *p, bool interval, weir_ast_type *type) {
    const weir_token *token = weir_parser_peek(p, 0);
    weir_keyword word = token->kind == WEIR_TOKEN_WORD ? token->keyword : WEIR_KEYWORD_NONE;
    for (size_t i = 0; i < sizeof simple_types / sizeof simple_types[0]; i++)
        if (word == simple_types[i].word && (weir_keyword_reserved(word) || !weir_parser_sees(p, 1, WEIR_TOKEN_DOT)))
            return parse_simple(p, i, type);
    switch (word) {
    case WEIR_KW_TIME: case WEIR_KW_TIMESTAMP: case WEIR_KW_TIMESTAMP_LTZ: return parse_time(p, type);
    case WEIR_KW_ROW: return parse_row(p, type);
    case WEIR_KW_ARRAY: case WEIR_KW_MULTISET: return parse_collection(p, type);
    case WEIR_KW_MAP:
        if (weir_parser_sees(p, 1, WEIR_TOKEN_LESS))
            return parse_collection(p, type);
        break;
    case WEIR_KW_STRUCTURED:
        if (weir_parser_sees(p, 1, WEIR_TOKEN_LESS))
            return parse_structured(p, type);
        break;
    case WEIR_KW_RAW: return parse_raw(p, type);
    case WEIR_KW_INTERVAL:
        if (!interval)
            return weir_parser_unexpected(p);
        weir_parser_take(p);
        type->kind = WEIR_AST_TYPE_INTERVAL;
        type->name = WEIR_TEXT("INTERVAL");
        return weir_parse_interval_qualifier(p, false, &type->qualifier);
    default: break;
    }
    if (!weir_parser_at_name(p)) {
        for (size_t i = 0; i < sizeof simple_types / sizeof simple_types[0]; i++)
            (void)weir_parser_at_word(p, simple_types[i].word);
        return weir_parser_unexpected(p);
    }
    type->kind = WEIR_AST_TYPE_NAMED;
    WEIR_TRY(weir_parse_name(p, &type->user_name));
    type->name = type->user_name.parts[type->user_name.count - 1].text;
    return WEIR_OK;
}

static weir_ast_type *new_type(weir_parser *p, weir_position start) {
    weir_ast_type *type = WEIR_ARENA_NEW(p->arena, weir_ast_type);
    if (type) {
        type->position = start;
        type->precision = type->scale = -1;
    }
    return type;
}

/* Is this [NULL | NOT NULL] followed by ARRAY or MULTISET? */
static bool sees_suffix(weir_parser *p, bool nullability) {
    size_t ahead = 0;
    if (nullability && weir_parser_sees_word(p, 0, WEIR_KW_NOT) && weir_parser_sees_word(p, 1, WEIR_KW_NULL))
        ahead = 2;
    else if (nullability && weir_parser_sees_word(p, 0, WEIR_KW_NULL))
        ahead = 1;
    return weir_parser_sees_word(p, ahead, WEIR_KW_ARRAY) || weir_parser_sees_word(p, ahead, WEIR_KW_MULTISET);
}

static void accept_nullability(weir_parser *p, weir_ast_type *type) {
    if (weir_parser_accept_words(p, WEIR_KW_NOT, WEIR_KW_NULL))
        type->not_null = true;
    else if (weir_parser_accept_word(p, WEIR_KW_NULL))
        type->null_written = true;
}

weir_status weir_parse_type(weir_parser *p, bool nullability, bool interval, const weir_ast_type **out) {
    unsigned outer;
    weir_position start = weir_parser_start(p);
    WEIR_TRY(weir_parser_enter(p, &outer));
    weir_ast_type *type = new_type(p, start);
    if (!type)
        return weir_parser_memory(p);
    WEIR_TRY(parse_base(p, interval, type));
    while (sees_suffix(p, nullability)) {
        if (nullability)
            accept_nullability(p, type);
        type->position = weir_parser_span(p, start);
        weir_ast_type *collection = new_type(p, start);
        if (!collection)
            return weir_parser_memory(p);
        bool array = weir_parser_take(p)->keyword == WEIR_KW_ARRAY;
        collection->kind = array ? WEIR_AST_TYPE_ARRAY : WEIR_AST_TYPE_MULTISET;
        collection->name = array ? WEIR_TEXT("ARRAY") : WEIR_TEXT("MULTISET");
        collection->element = type;
        type = collection;
        WEIR_TRY(weir_parser_grow(p));
    }
    if (nullability)
        accept_nullability(p, type);
    type->position = weir_parser_span(p, start);
    WEIR_TRY(weir_parser_grow(p));
    weir_parser_leave(p, outer);
    *out = type;
    return WEIR_OK;
}
