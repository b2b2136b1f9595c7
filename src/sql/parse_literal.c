/* Literals: numbers, strings of every kind, dates and times, intervals; and the units of time.
 *
 * Numbers keep their digits and dates their text; whether they mean something is decided by whoever binds them.
 */
#include "sql/parser_int.h"

#include <string.h>

/* ---- strings ---- */

bool weir_parser_at_string(weir_parser *p) {
    weir_token_kind kind = weir_parser_peek(p, 0)->kind;
    if (kind == WEIR_TOKEN_CHARSET_STRING || kind == WEIR_TOKEN_UNICODE_STRING || kind == WEIR_TOKEN_C_STRING)
        return true;
    return weir_parser_at(p, WEIR_TOKEN_STRING);
}

/* The text between the quotes, with '' made '. */
static bool unquote_string(weir_parser *p, weir_text token, weir_text *out) {
    const char *open = memchr(token.data, '\'', token.size);
    size_t inner = (size_t)(token.data + token.size - 1 - (open + 1));
    const char *data = open + 1;
    if (!memchr(data, '\'', inner)) {
        *out = (weir_text){data, inner};
        return true;
    }
    char *copy = weir_arena_alloc(p->arena, inner + 1);
    if (!copy)
        return false;
    size_t size = 0;
    for (size_t i = 0; i < inner; i++) {
        copy[size++] = data[i];
        if (data[i] == '\'')
            i++;
    }
    *out = (weir_text){copy, size};
    return true;
}

static int hex_value(char c) {
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* `digits` hexadecimal digits at data[*at]; false when there are fewer. */
static bool read_hex(weir_text text, size_t *at, size_t digits, uint32_t *out) {
    uint32_t value = 0;
    if (*at + digits > text.size)
        return false;
    for (size_t i = 0; i < digits; i++) {
        int digit = hex_value(text.data[*at + i]);
        if (digit < 0)
            return false;
        value = value * 16 + (uint32_t)digit;
    }
    *at += digits;
    *out = value;
    return true;
}

/* U&'caf\00e9 \+01F600': \XXXX and \+XXXXXX, the escape character doubled for itself. Halves of a surrogate pair are joined. */
static weir_status decode_unicode(weir_parser *p, weir_position position, weir_text text, char escape, weir_text *out) {
    char *copy = weir_arena_alloc(p->arena, text.size * 4 + 1);
    if (!copy)
        return weir_parser_memory(p);
    size_t size = 0;
    uint32_t high = 0; /* the first half of a pair */
    for (size_t i = 0; i < text.size;) {
        if (text.data[i] != escape) {
            copy[size++] = text.data[i++];
            continue;
        }
        uint32_t code = 0;
        if (i + 1 < text.size && text.data[i + 1] == escape) {
            copy[size++] = escape;
            i += 2;
            continue;
        }
        size_t at = i + 1;
        bool wide = at < text.size && text.data[at] == '+';
        at += wide;
        if (!read_hex(text, &at, wide ? 6 : 4, &code) || code == 0 || code > 0x10FFFF || (high && (code < 0xDC00 || code > 0xDFFF)))
            return weir_parser_fail(p, WEIR_PARSE, position, "Unicode escape sequence starting at character %zu is not exactly four "
                "hex digits, or no character", i);
        i = at;
        if (code >= 0xD800 && code <= 0xDBFF) {
            high = code;
            if (i >= text.size || text.data[i] != escape)
                return weir_parser_fail(p, WEIR_PARSE, position, "Unicode escape: the second half of a surrogate pair is missing");
            continue;
        }
        if (high)
            code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00);
        else if (code >= 0xDC00 && code <= 0xDFFF)
            return weir_parser_fail(p, WEIR_PARSE, position, "Unicode escape: the first half of a surrogate pair is missing");
        high = 0;
        size += weir_utf8_put(code, copy + size);
    }
    *out = (weir_text){copy, size};
    return WEIR_OK;
}

/* E'..': \b \f \n \r \t \xHH \uXXXX \UXXXXXXXX \ooo, any other character for itself. */
static weir_status decode_c_string(weir_parser *p, weir_position position, weir_text text, weir_text *out) {
    char *copy = weir_arena_alloc(p->arena, text.size * 4 + 1);
    if (!copy)
        return weir_parser_memory(p);
    size_t size = 0;
    for (size_t i = 0; i < text.size;) {
        char c = text.data[i++];
        if (c == '\'' && i < text.size) {
            copy[size++] = c;
            i++; /* doubled */
            continue;
        }
        if (c != '\\' || i >= text.size) {
            copy[size++] = c;
            continue;
        }
        c = text.data[i++];
        uint32_t code = 0;
        static const char letters[] = "bfnrt", meanings[] = "\b\f\n\r\t";
        const char *letter = strchr(letters, c);
        if (letter && c) {
            copy[size++] = meanings[letter - letters];
        } else if (c == 'x' || c == 'u' || c == 'U') {
            size_t digits = c == 'u' ? 4 : c == 'U' ? 8 : i + 1 < text.size && hex_value(text.data[i + 1]) >= 0 ? 2 : 1;
            if (!read_hex(text, &i, digits, &code) || code == 0 || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
                return weir_parser_fail(p, WEIR_PARSE, position, "Unicode escape sequence starting at character %zu is malformed", i);
            size += weir_utf8_put(code, copy + size);
        } else if (c >= '0' && c <= '7') {
            code = (uint32_t)(c - '0');
            for (int k = 0; k < 2 && i < text.size && text.data[i] >= '0' && text.data[i] <= '7'; k++)
                code = code * 8 + (uint32_t)(text.data[i++] - '0');
            if (code == 0 || code > 0xFF)
                return weir_parser_fail(p, WEIR_PARSE, position, "Octal escape sequence before character %zu is malformed", i);
            size += weir_utf8_put(code, copy + size);
        } else {
            copy[size++] = c;
        }
    }
    *out = (weir_text){copy, size};
    return WEIR_OK;
}

static weir_status check_same_line(weir_parser *p, weir_position before) {
    weir_position here = weir_parser_start(p);
    const char *data = p->lexer->script.data;
    for (uint32_t i = before.offset_bytes + before.length_bytes; i < here.offset_bytes; i++)
        if (data[i] == '\n' || data[i] == '\r')
            return WEIR_OK;
    return weir_parser_fail(p, WEIR_VALIDATE, here, "String literal continued on same line");
}

/* Join what follows on further lines to `text`. */
static weir_status parse_continuation(weir_parser *p, weir_position before, weir_text *text) {
    while (weir_parser_sees(p, 0, WEIR_TOKEN_STRING)) {
        WEIR_TRY(check_same_line(p, before));
        before = weir_parser_start(p);
        weir_text piece;
        if (!unquote_string(p, weir_parser_take(p)->text, &piece))
            return weir_parser_memory(p);
        char *joined = weir_arena_alloc(p->arena, text->size + piece.size + 1);
        if (!joined)
            return weir_parser_memory(p);
        memcpy(joined, text->data, text->size);
        memcpy(joined + text->size, piece.data, piece.size);
        *text = (weir_text){joined, text->size + piece.size};
    }
    return WEIR_OK;
}

static weir_status parse_escape_character(weir_parser *p, char *escape) {
    if (!weir_parser_accept_word(p, WEIR_KW_UESCAPE))
        return WEIR_OK;
    weir_text text;
    weir_position position = weir_parser_start(p);
    if (!weir_parser_at(p, WEIR_TOKEN_STRING))
        return weir_parser_unexpected(p);
    if (!unquote_string(p, weir_parser_take(p)->text, &text))
        return weir_parser_memory(p);
    if (text.size != 1 || hex_value(text.data[0]) >= 0 || strchr("+\" \t\n\r\f'", text.data[0]))
        return weir_parser_fail(p, WEIR_PARSE, position, "UESCAPE must give one character that is no hex digit, plus sign, quote or blank");
    *escape = text.data[0];
    return WEIR_OK;
}

weir_status weir_parse_string(weir_parser *p, weir_text *out) {
    if (!weir_parser_at_string(p))
        return weir_parser_unexpected(p);
    const weir_token *token = weir_parser_take(p);
    weir_token_kind kind = token->kind;
    weir_position position = token->position;
    if (kind == WEIR_TOKEN_C_STRING) {
        size_t inner = token->text.size - 3;
        return decode_c_string(p, position, (weir_text){token->text.data + 2, inner}, out);
    }
    if (!unquote_string(p, token->text, out))
        return weir_parser_memory(p);
    WEIR_TRY(parse_continuation(p, position, out));
    if (kind != WEIR_TOKEN_UNICODE_STRING)
        return WEIR_OK;
    char escape = '\\';
    WEIR_TRY(parse_escape_character(p, &escape));
    return decode_unicode(p, position, *out, escape, out);
}

/* ---- numbers ---- */

weir_status weir_parse_unsigned_int(weir_parser *p, int64_t *out) {
    if (!weir_parser_at(p, WEIR_TOKEN_INTEGER))
        return weir_parser_unexpected(p);
    const weir_token *token = weir_parser_take(p);
    int64_t value = 0;
    for (size_t i = 0; i < token->text.size; i++) {
        value = value * 10 + (token->text.data[i] - '0');
        if (value > INT32_MAX)
            return weir_parser_fail(p, WEIR_PARSE, token->position, "Invalid literal '%.*s': the number is out of range for INTEGER",
                WEIR_TEXT_ARGS(token->text));
    }
    *out = value;
    return WEIR_OK;
}

static bool number_kind(weir_token_kind token, weir_ast_literal_kind *kind) {
    switch (token) {
    case WEIR_TOKEN_INTEGER: *kind = WEIR_AST_LITERAL_INTEGER; return true;
    case WEIR_TOKEN_DECIMAL: *kind = WEIR_AST_LITERAL_DECIMAL; return true;
    case WEIR_TOKEN_APPROXIMATE: *kind = WEIR_AST_LITERAL_APPROXIMATE; return true;
    default: return false;
    }
}

weir_ast_expr *weir_parser_literal_node(weir_parser *p, weir_ast_literal_kind kind, weir_text text, weir_position position) {
    weir_ast_expr *node = weir_parser_node(p, WEIR_AST_EXPR_LITERAL, position);
    weir_ast_literal *literal = WEIR_ARENA_NEW(p->arena, weir_ast_literal);
    if (!node || !literal)
        return NULL;
    literal->kind = kind;
    literal->text = text;
    node->as.literal = literal;
    return node;
}

weir_status weir_parse_unsigned_number(weir_parser *p, weir_ast_expr **out) {
    weir_ast_literal_kind kind;
    if (!number_kind(weir_parser_peek(p, 0)->kind, &kind)) {
        (void)weir_parser_at(p, WEIR_TOKEN_INTEGER);
        (void)weir_parser_at(p, WEIR_TOKEN_DECIMAL);
        return weir_parser_unexpected(p);
    }
    const weir_token *token = weir_parser_take(p);
    *out = weir_parser_literal_node(p, kind, token->text, token->position);
    return *out ? WEIR_OK : weir_parser_memory(p);
}

/* ---- units ---- */

static const struct {
    weir_keyword word;
    weir_ast_unit unit;
    bool interval; /* may qualify an interval */
} units[] = {
    {WEIR_KW_YEAR, WEIR_AST_UNIT_YEAR, true},
    {WEIR_KW_YEARS, WEIR_AST_UNIT_YEAR, true},
    {WEIR_KW_QUARTER, WEIR_AST_UNIT_QUARTER, true},
    {WEIR_KW_QUARTERS, WEIR_AST_UNIT_QUARTER, true},
    {WEIR_KW_MONTH, WEIR_AST_UNIT_MONTH, true},
    {WEIR_KW_MONTHS, WEIR_AST_UNIT_MONTH, true},
    {WEIR_KW_WEEK, WEIR_AST_UNIT_WEEK, true},
    {WEIR_KW_WEEKS, WEIR_AST_UNIT_WEEK, true},
    {WEIR_KW_DAY, WEIR_AST_UNIT_DAY, true},
    {WEIR_KW_DAYS, WEIR_AST_UNIT_DAY, true},
    {WEIR_KW_HOUR, WEIR_AST_UNIT_HOUR, true},
    {WEIR_KW_HOURS, WEIR_AST_UNIT_HOUR, true},
    {WEIR_KW_MINUTE, WEIR_AST_UNIT_MINUTE, true},
    {WEIR_KW_MINUTES, WEIR_AST_UNIT_MINUTE, true},
    {WEIR_KW_SECOND, WEIR_AST_UNIT_SECOND, true},
    {WEIR_KW_SECONDS, WEIR_AST_UNIT_SECOND, true},
    {WEIR_KW_MILLISECOND, WEIR_AST_UNIT_MILLISECOND, false},
    {WEIR_KW_MICROSECOND, WEIR_AST_UNIT_MICROSECOND, false},
    {WEIR_KW_NANOSECOND, WEIR_AST_UNIT_NANOSECOND, false},
    {WEIR_KW_EPOCH, WEIR_AST_UNIT_EPOCH, false},
    {WEIR_KW_DOW, WEIR_AST_UNIT_DOW, false},
    {WEIR_KW_DAYOFWEEK, WEIR_AST_UNIT_DOW, false},
    {WEIR_KW_ISODOW, WEIR_AST_UNIT_ISODOW, false},
    {WEIR_KW_DOY, WEIR_AST_UNIT_DOY, false},
    {WEIR_KW_DAYOFYEAR, WEIR_AST_UNIT_DOY, false},
    {WEIR_KW_ISOYEAR, WEIR_AST_UNIT_ISOYEAR, false},
    {WEIR_KW_DECADE, WEIR_AST_UNIT_DECADE, false},
    {WEIR_KW_CENTURY, WEIR_AST_UNIT_CENTURY, false},
    {WEIR_KW_MILLENNIUM, WEIR_AST_UNIT_MILLENNIUM, false},
    {WEIR_KW_SQL_TSI_YEAR, WEIR_AST_UNIT_YEAR, false},
    {WEIR_KW_SQL_TSI_QUARTER, WEIR_AST_UNIT_QUARTER, false},
    {WEIR_KW_SQL_TSI_MONTH, WEIR_AST_UNIT_MONTH, false},
    {WEIR_KW_SQL_TSI_WEEK, WEIR_AST_UNIT_WEEK, false},
    {WEIR_KW_SQL_TSI_DAY, WEIR_AST_UNIT_DAY, false},
    {WEIR_KW_SQL_TSI_HOUR, WEIR_AST_UNIT_HOUR, false},
    {WEIR_KW_SQL_TSI_MINUTE, WEIR_AST_UNIT_MINUTE, false},
    {WEIR_KW_SQL_TSI_SECOND, WEIR_AST_UNIT_SECOND, false},
    {WEIR_KW_SQL_TSI_MICROSECOND, WEIR_AST_UNIT_MICROSECOND, false},
    {WEIR_KW_SQL_TSI_FRAC_SECOND, WEIR_AST_UNIT_MICROSECOND, false},
    {WEIR_KW_FRAC_SECOND, WEIR_AST_UNIT_MICROSECOND, false},
};

static weir_ast_unit find_unit(const weir_token *token, bool interval) {
    if (token->kind == WEIR_TOKEN_WORD)
        for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
            if (units[i].word == token->keyword && (units[i].interval || !interval))
                return units[i].unit;
    return WEIR_AST_UNIT_NONE;
}

bool weir_parser_sees_interval_unit(weir_parser *p) {
    return find_unit(weir_parser_peek(p, 0), true) != WEIR_AST_UNIT_NONE;
}

weir_status weir_parse_unit(weir_parser *p, weir_ast_expr **out) {
    const weir_token *token = weir_parser_peek(p, 0);
    weir_ast_unit unit = find_unit(token, false);
    if (unit == WEIR_AST_UNIT_NONE) {
        if (!weir_parser_sees_name(p, 0)) {
            (void)weir_parser_at_word(p, WEIR_KW_YEAR);
            (void)weir_parser_at_word(p, WEIR_KW_MONTH);
            (void)weir_parser_at_word(p, WEIR_KW_DAY);
            (void)weir_parser_at_word(p, WEIR_KW_HOUR);
            (void)weir_parser_at_word(p, WEIR_KW_MINUTE);
            (void)weir_parser_at_word(p, WEIR_KW_SECOND);
            return weir_parser_unexpected(p);
        }
        unit = WEIR_AST_UNIT_OTHER;
    }
    weir_position start = token->position;
    weir_ast_expr *node = weir_parser_node(p, WEIR_AST_EXPR_UNIT, start);
    if (!node)
        return weir_parser_memory(p);
    node->as.unit.unit = unit;
    weir_ast_ident ident = {.text = token->text};
    if (unit == WEIR_AST_UNIT_OTHER)
        WEIR_TRY(weir_parse_ident(p, &ident));
    else
        weir_parser_take(p);
    node->as.unit.text = ident.text;
    *out = node;
    return WEIR_OK;
}

static weir_status parse_precision(weir_parser *p, int *out) {
    int64_t value = 0;
    if (!weir_parser_accept(p, WEIR_TOKEN_LEFT_PAREN))
        return WEIR_OK;
    WEIR_TRY(weir_parse_unsigned_int(p, &value));
    *out = (int)value;
    return weir_parser_expect(p, WEIR_TOKEN_RIGHT_PAREN);
}

/* SECOND(2, 6) */
static weir_status parse_second_precision(weir_parser *p, weir_ast_interval_qualifier *out) {
    int64_t value = 0;
    if (!weir_parser_accept(p, WEIR_TOKEN_LEFT_PAREN))
        return WEIR_OK;
    WEIR_TRY(weir_parse_unsigned_int(p, &value));
    out->leading_precision = (int)value;
    if (weir_parser_accept(p, WEIR_TOKEN_COMMA)) {
        WEIR_TRY(weir_parse_unsigned_int(p, &value));
        out->fractional_precision = (int)value;
    }
    return weir_parser_expect(p, WEIR_TOKEN_RIGHT_PAREN);
}

weir_status weir_parse_interval_qualifier(weir_parser *p, bool single, weir_ast_interval_qualifier *out) {
    weir_position start = weir_parser_start(p);
    *out = (weir_ast_interval_qualifier){.leading_precision = -1, .fractional_precision = -1};
    out->start = find_unit(weir_parser_peek(p, 0), true);
    if (out->start == WEIR_AST_UNIT_NONE) {
        for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
            if (units[i].interval)
                (void)weir_parser_at_word(p, units[i].word);
        return weir_parser_unexpected(p);
    }
    weir_parser_take(p);
    if (out->start == WEIR_AST_UNIT_SECOND)
        WEIR_TRY(parse_second_precision(p, out));
    else
        WEIR_TRY(parse_precision(p, &out->leading_precision));
    bool may_end = out->start == WEIR_AST_UNIT_YEAR || out->start == WEIR_AST_UNIT_DAY || out->start == WEIR_AST_UNIT_HOUR ||
        out->start == WEIR_AST_UNIT_MINUTE;
    if (!single && may_end && weir_parser_sees_word(p, 0, WEIR_KW_TO)) {
        weir_parser_take(p);
        out->end = find_unit(weir_parser_peek(p, 0), true);
        bool good = out->start == WEIR_AST_UNIT_YEAR ? out->end == WEIR_AST_UNIT_MONTH
                                                     : out->end > out->start && out->end <= WEIR_AST_UNIT_SECOND;
        if (!good)
            return weir_parser_unexpected(p);
        weir_parser_take(p);
        if (out->end == WEIR_AST_UNIT_SECOND)
            WEIR_TRY(parse_precision(p, &out->fractional_precision));
    }
    out->position = weir_parser_span(p, start);
    return WEIR_OK;
}

/* ---- literals ---- */

static weir_status parse_interval(weir_parser *p, weir_ast_expr **out) {
    weir_position start = weir_parser_take(p)->position;
    bool negative = weir_parser_accept(p, WEIR_TOKEN_MINUS);
    if (!negative)
        (void)weir_parser_accept(p, WEIR_TOKEN_PLUS);
    if (weir_parser_at_string(p)) {
        weir_text text;
        weir_ast_interval_qualifier qualifier;
        WEIR_TRY(weir_parse_string(p, &text));
        WEIR_TRY(weir_parse_interval_qualifier(p, false, &qualifier));
        weir_ast_expr *node = weir_parser_literal_node(p, WEIR_AST_LITERAL_INTERVAL, text, weir_parser_span(p, start));
        if (!node)
            return weir_parser_memory(p);
        weir_ast_literal literal = *node->as.literal;
        literal.negative = negative;
        literal.interval = qualifier;
        *(weir_ast_literal *)(uintptr_t)node->as.literal = literal;
        *out = node;
        return WEIR_OK;
    }
    weir_ast_expr *node = weir_parser_node(p, WEIR_AST_EXPR_INTERVAL, start);
    if (!node)
        return weir_parser_memory(p);
    node->as.interval.negative = negative;
    if (weir_parser_accept(p, WEIR_TOKEN_LEFT_PAREN)) {
        WEIR_TRY(weir_parse_expr(p, &node->as.interval.operand));
        WEIR_TRY(weir_parser_expect(p, WEIR_TOKEN_RIGHT_PAREN));
    } else if (weir_parser_sees_name(p, 0)) {
        node->as.interval.operand = weir_parser_node(p, WEIR_AST_EXPR_NAME, start);
        if (!node->as.interval.operand)
            return weir_parser_memory(p);
        WEIR_TRY(weir_parse_name(p, &node->as.interval.operand->as.name));
        node->as.interval.operand->position = node->as.interval.operand->as.name.position;
    } else {
        WEIR_TRY(weir_parse_unsigned_number(p, &node->as.interval.operand));
    }
    WEIR_TRY(weir_parse_interval_qualifier(p, true, &node->as.interval.qualifier));
    node->position = weir_parser_span(p, start);
    *out = node;
    return WEIR_OK;
}

static weir_status parse_binary(weir_parser *p, weir_ast_expr **out) {
    weir_position start = weir_parser_start(p);
    weir_text text;
    if (!unquote_string(p, weir_parser_take(p)->text, &text))
        return weir_parser_memory(p);
    WEIR_TRY(parse_continuation(p, start, &text));
    start = weir_parser_span(p, start);
    for (size_t i = 0; i < text.size; i++)
        if (hex_value(text.data[i]) < 0)
            return weir_parser_fail(p, WEIR_PARSE, start, "Illegal binary string X'%.*s': it holds something else than hexits",
                WEIR_TEXT_ARGS(text));
    if (text.size % 2)
        return weir_parser_fail(p, WEIR_VALIDATE, start, "Binary literal string must contain an even number of hexits");
    *out = weir_parser_literal_node(p, WEIR_AST_LITERAL_BINARY, text, start);
    return *out ? WEIR_OK : weir_parser_memory(p);
}

/* DECIMAL ' -1.5 ': the text must be a number, perhaps with a minus. */
static weir_status make_decimal(weir_parser *p, weir_text text, weir_position position, weir_ast_expr **out) {
    weir_lexer lexer;
    weir_token token;
    text = weir_text_trim(text);
    bool negative = text.size && text.data[0] == '-';
    weir_text digits = {text.data + negative, text.size - negative};
    weir_lexer_init(&lexer, digits);
    weir_lexer_next(&lexer, &token);
    bool number = token.kind == WEIR_TOKEN_INTEGER || token.kind == WEIR_TOKEN_DECIMAL;
    if (!number || token.text.size != digits.size)
        return weir_parser_fail(p, WEIR_PARSE, position, "Invalid decimal literal '%.*s'", WEIR_TEXT_ARGS(text));
    weir_ast_expr *node = weir_parser_literal_node(p, WEIR_AST_LITERAL_DECIMAL, digits, position);
    weir_ast_expr *sign = negative ? weir_parser_node(p, WEIR_AST_EXPR_UNARY, position) : node;
    if (!node || !sign)
        return weir_parser_memory(p);
    if (negative) {
        sign->as.unary.op = WEIR_AST_NEGATE;
        sign->as.unary.operand = node;
    }
    *out = sign;
    return WEIR_OK;
}

/* DATE '..', TIME '..', TIMESTAMP '..', TIMESTAMP WITH LOCAL TIME ZONE '..', DECIMAL '..' */
static weir_status parse_typed_string(weir_parser *p, weir_ast_expr **out) {
    const weir_token *word = weir_parser_take(p);
    weir_position start = word->position;
    weir_ast_literal_kind kind = word->keyword == WEIR_KW_DATE ? WEIR_AST_LITERAL_DATE
        : word->keyword == WEIR_KW_TIME                        ? WEIR_AST_LITERAL_TIME
        : word->keyword == WEIR_KW_DECIMAL                     ? WEIR_AST_LITERAL_DECIMAL
                                                               : WEIR_AST_LITERAL_TIMESTAMP;
    if (weir_parser_accept_word(p, WEIR_KW_WITH)) {
        bool local = weir_parser_accept_word(p, WEIR_KW_LOCAL);
        WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_TIME));
        WEIR_TRY(weir_parser_expect_word(p, WEIR_KW_ZONE));
        if (!local || kind == WEIR_AST_LITERAL_TIME)
            return weir_parser_fail(p, WEIR_UNSUPPORTED, start, "%s WITH %sTIME ZONE literals are not supported",
                kind == WEIR_AST_LITERAL_TIME ? "TIME" : "TIMESTAMP", local ? "LOCAL " : "");
        kind = WEIR_AST_LITERAL_TIMESTAMP_LTZ;
    }
    weir_text text;
    if (!weir_parser_at(p, WEIR_TOKEN_STRING))
        return weir_parser_unexpected(p);
    if (!unquote_string(p, weir_parser_take(p)->text, &text))
        return weir_parser_memory(p);
    if (kind == WEIR_AST_LITERAL_DECIMAL)
        return make_decimal(p, text, weir_parser_span(p, start), out);
    *out = weir_parser_literal_node(p, kind, text, weir_parser_span(p, start));
    return *out ? WEIR_OK : weir_parser_memory(p);
}

bool weir_parser_sees_literal(weir_parser *p) {
    const weir_token *token = weir_parser_peek(p, 0);
    switch (token->kind) {
    case WEIR_TOKEN_INTEGER: case WEIR_TOKEN_DECIMAL: case WEIR_TOKEN_APPROXIMATE: case WEIR_TOKEN_STRING:
    case WEIR_TOKEN_CHARSET_STRING: case WEIR_TOKEN_UNICODE_STRING: case WEIR_TOKEN_C_STRING: case WEIR_TOKEN_BINARY_STRING:
        return true;
    case WEIR_TOKEN_WORD:
        break;
    default:
        return false;
    }
    switch (token->keyword) {
    case WEIR_KW_TRUE: case WEIR_KW_FALSE: case WEIR_KW_UNKNOWN: case WEIR_KW_NULL: case WEIR_KW_INTERVAL:
        return true;
    case WEIR_KW_DATE: case WEIR_KW_DECIMAL:
        return weir_parser_sees(p, 1, WEIR_TOKEN_STRING);
    case WEIR_KW_TIME: case WEIR_KW_TIMESTAMP:
        return weir_parser_sees(p, 1, WEIR_TOKEN_STRING) || weir_parser_sees_word(p, 1, WEIR_KW_WITH);
    default:
        return false;
    }
}

static weir_status parse_string_literal(weir_parser *p, weir_ast_expr **out) {
    const weir_token *token = weir_parser_peek(p, 0);
    weir_position start = token->position;
    weir_text charset = {0}, text;
    if (token->kind == WEIR_TOKEN_CHARSET_STRING) {
        bool introducer = token->text.data[0] == '_';
        const char *quote = memchr(token->text.data, '\'', token->text.size);
        charset = (weir_text){token->text.data + introducer, (size_t)(quote - token->text.data) - introducer};
    }
    WEIR_TRY(weir_parse_string(p, &text));
    weir_ast_expr *node = weir_parser_literal_node(p, WEIR_AST_LITERAL_STRING, text, weir_parser_span(p, start));
    if (!node)
        return weir_parser_memory(p);
    ((weir_ast_literal *)(uintptr_t)node->as.literal)->charset = charset;
    *out = node;
    return WEIR_OK;
}

weir_status weir_parse_literal(weir_parser *p, weir_ast_expr **out) {
    const weir_token *token = weir_parser_peek(p, 0);
    weir_ast_literal_kind kind;
    if (token->kind == WEIR_TOKEN_MINUS || token->kind == WEIR_TOKEN_PLUS) { /* only where nothing but a literal may stand */
        weir_position start = weir_parser_take(p)->position;
        bool negative = token->kind == WEIR_TOKEN_MINUS;
        WEIR_TRY(weir_parse_unsigned_number(p, out));
        if (!negative)
            return WEIR_OK;
        weir_ast_expr *node = weir_parser_node(p, WEIR_AST_EXPR_UNARY, weir_parser_span(p, start));
        if (!node)
            return weir_parser_memory(p);
        node->as.unary.op = WEIR_AST_NEGATE;
        node->as.unary.operand = *out;
        *out = node;
        return WEIR_OK;
    }
    if (number_kind(token->kind, &kind))
        return weir_parse_unsigned_number(p, out);
    if (token->kind == WEIR_TOKEN_BINARY_STRING)
        return parse_binary(p, out);
    if (token->kind != WEIR_TOKEN_WORD && weir_parser_at_string(p))
        return parse_string_literal(p, out);
    switch (token->kind == WEIR_TOKEN_WORD ? token->keyword : WEIR_KEYWORD_NONE) {
    case WEIR_KW_TRUE: kind = WEIR_AST_LITERAL_TRUE; break;
    case WEIR_KW_FALSE: kind = WEIR_AST_LITERAL_FALSE; break;
    case WEIR_KW_UNKNOWN: kind = WEIR_AST_LITERAL_UNKNOWN; break;
    case WEIR_KW_NULL: kind = WEIR_AST_LITERAL_NULL; break;
    case WEIR_KW_INTERVAL: return parse_interval(p, out);
    case WEIR_KW_DATE: case WEIR_KW_TIME: case WEIR_KW_TIMESTAMP: case WEIR_KW_DECIMAL: return parse_typed_string(p, out);
    default:
        (void)weir_parser_at(p, WEIR_TOKEN_INTEGER);
        (void)weir_parser_at(p, WEIR_TOKEN_STRING);
        return weir_parser_unexpected(p);
    }
    weir_parser_take(p);
    *out = weir_parser_literal_node(p, kind, (weir_text){0}, token->position);
    return *out ? WEIR_OK : weir_parser_memory(p);
}
