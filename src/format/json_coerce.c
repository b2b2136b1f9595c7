/* The slow ways of the JSON decoder: numbers in strings, anything as text, escapes, base64, rare forms of dates. The rules are those of
 * Flink's decoder over Jackson's tokens: an INT takes 4.7 (cut) but not "4.7"; a BOOLEAN takes any text (only "true" is true); a STRING
 * takes anything, objects and arrays as compact JSON.
 */
#include "format/json_int.h"
#include "format/json_write_int.h"
#include "types/convert.h"

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* -?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)? over the whole text. */
static bool number_form(weir_text text, bool *is_float) {
    size_t at = text.size > 0 && text.data[0] == '-';
    *is_float = false;
    if (at == text.size || !is_digit(text.data[at]) || (text.data[at] == '0' && at + 1 < text.size && is_digit(text.data[at + 1])))
        return false;
    while (at < text.size && is_digit(text.data[at]))
        at++;
    if (at < text.size && text.data[at] == '.') {
        *is_float = true;
        size_t start = ++at;
        while (at < text.size && is_digit(text.data[at]))
            at++;
        if (at == start)
            return false;
    }
    if (at < text.size && (text.data[at] == 'e' || text.data[at] == 'E')) {
        *is_float = true;
        at++;
        if (at < text.size && (text.data[at] == '+' || text.data[at] == '-'))
            at++;
        size_t start = at;
        while (at < text.size && is_digit(text.data[at]))
            at++;
        if (at == start)
            return false;
    }
    return at == text.size;
}

static int hex_of(char c) {
    if (is_digit(c))
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The four digits of \uXXXX at `at`; -1 when they are none. */
static int32_t unit_at(weir_text in, size_t at) {
    if (at + 4 > in.size)
        return -1;
    int32_t unit = 0;
    for (size_t i = 0; i < 4; i++) {
        int digit = hex_of(in.data[at + i]);
        if (digit < 0)
            return -1;
        unit = unit << 4 | digit;
    }
    return unit;
}

/* \uXXXX, maybe a pair of surrogates; half a pair becomes '?', as Java's UTF-8 has it. in.data[*at] is behind the 'u'. */
static bool put_unit(weir_text in, size_t *at, char *out, size_t *size) {
    int32_t unit = unit_at(in, *at);
    if (unit < 0)
        return false;
    *at += 4;
    uint32_t code = (uint32_t)unit;
    if (unit >= 0xD800 && unit <= 0xDFFF) {
        int32_t low = unit <= 0xDBFF && *at + 6 <= in.size && in.data[*at] == '\\' && in.data[*at + 1] == 'u' ? unit_at(in, *at + 2) : -1;
        if (low >= 0xDC00 && low <= 0xDFFF) {
            code = 0x10000 + (((uint32_t)unit - 0xD800) << 10) + ((uint32_t)low - 0xDC00);
            *at += 6;
        } else {
            code = '?';
        }
    }
    *size += weir_utf8_put(code, out + *size);
    return true;
}

bool weir_json_unescape(weir_text in, char *out, size_t *size) {
    size_t written = 0;
    for (size_t at = 0; at < in.size;) {
        char c = in.data[at++];
        if (c != '\\') {
            out[written++] = c;
            continue;
        }
        if (at == in.size)
            return false;
        switch (in.data[at++]) {
        case '"': out[written++] = '"'; break;
        case '\\': out[written++] = '\\'; break;
        case '/': out[written++] = '/'; break;
        case 'b': out[written++] = '\b'; break;
        case 'f': out[written++] = '\f'; break;
        case 'n': out[written++] = '\n'; break;
        case 'r': out[written++] = '\r'; break;
        case 't': out[written++] = '\t'; break;
        case 'u':
            if (!put_unit(in, &at, out, &written))
                return false;
            break;
        default: return false;
        }
    }
    *size = written;
    return true;
}

static weir_json_result string_token(weir_json_scan *scan, const char *p, weir_json_token *out) {
    unsigned flags = 0;
    const char *end = weir_string_end(p + 1, &flags);
    if (end == NULL)
        return weir_json_fail(scan, p, WEIR_JSON_SYNTAX, "the string does not end");
    out->text = (weir_text){p + 1, (size_t)(end - p - 1)};
    out->end = end + 1;
    size_t bad;
    if ((flags & WEIR_STRING_HIGH) && !weir_utf8_valid(out->text, &bad))
        return weir_json_fail(scan, p + 1 + bad, WEIR_JSON_SYNTAX, "Invalid UTF-8 in a string");
    if (!(flags & WEIR_STRING_ESCAPED))
        return WEIR_JSON_OK;
    weir_builder_clear(&scan->text);
    char *room = weir_builder_room(&scan->text, out->text.size);
    if (room == NULL)
        return WEIR_JSON_MEMORY;
    size_t size;
    if (!weir_json_unescape(out->text, room, &size))
        return weir_json_fail(scan, p, WEIR_JSON_SYNTAX, "a broken escape in a string");
    out->text = (weir_text){room, size};
    return WEIR_JSON_OK;
}

weir_json_result weir_json_token_read(weir_json_scan *scan, const char *p, weir_json_token *out) {
    p = weir_json_blanks(p);
    *out = (weir_json_token){.first = *p, .text = {p, 1}, .end = p + 1};
    if (*p == '"')
        return string_token(scan, p, out);
    if (*p == '{' || *p == '[')
        return WEIR_JSON_OK;
    const char *end = p;
    while (strchr(",}] \t\r\n", *end) == NULL)
        end++;
    out->text.size = (size_t)(end - p);
    out->end = end;
    bool number = *p == '-' || is_digit(*p);
    if (number ? number_form(out->text, &out->is_float)
               : weir_text_equal_c(out->text, "true") || weir_text_equal_c(out->text, "false") || weir_text_equal_c(out->text, "null"))
        return WEIR_JSON_OK;
    if (out->text.size == 0)
        return weir_json_fail(scan, p, WEIR_JSON_SYNTAX, "a value was expected");
    return weir_json_fail(scan, p, WEIR_JSON_SYNTAX, "Unrecognized token '%.*s': a value was expected",
                          out->text.size > 40 ? 40 : (int)out->text.size, out->text.data);
}

/* ---- compact text ---- */

static weir_json_result compact_number(const weir_json_scan *scan, const weir_json_token *token, weir_builder *out) {
    char text[WEIR_PRINT_BYTES_MAX];
    weir_i128 decimal;
    double real;
    bool fits;
    if (!token->is_float)
        weir_builder_text(out, weir_text_equal_c(token->text, "-0") ? WEIR_TEXT("0") : token->text);
    else if (scan->options->exact_decimals && weir_java_decimal_parse(token->text, WEIR_DECIMAL_DIGITS_MAX, 18, &decimal, &fits) && fits)
        weir_builder_add(out, text, weir_java_decimal_print(decimal, 18, false, text));
    else if (weir_java_double_parse(token->text, &real))
        weir_builder_add(out, text, weir_print_double(real, text));
    else
        weir_builder_text(out, token->text);
    return out->failed ? WEIR_JSON_MEMORY : WEIR_JSON_OK;
}

static weir_json_result compact(weir_json_scan *scan, const char *p, weir_builder *out, const char **end, unsigned depth);

static weir_json_result compact_nested(weir_json_scan *scan, const char *p, weir_builder *out, const char **end, unsigned depth) {
    const bool pairs = *p == '{';
    const char shut = pairs ? '}' : ']';
    if (depth >= WEIR_JSON_DEPTH_MAX)
        return weir_json_fail(scan, p, WEIR_JSON_SYNTAX, "nested deeper than %d", WEIR_JSON_DEPTH_MAX);
    weir_builder_char(out, *p);
    p = weir_json_blanks(p + 1);
    for (bool first = true; *p != shut; first = false) {
        if (!first) {
            if (*p != ',')
                return weir_json_fail(scan, p, WEIR_JSON_SYNTAX, "a comma or '%c' was expected", shut);
            weir_builder_char(out, ',');
            p = weir_json_blanks(p + 1);
        }
        if (pairs) {
            if (*p != '"')
                return weir_json_fail(scan, p, WEIR_JSON_SYNTAX, "a field name in double quotes was expected");
            weir_json_result result = compact(scan, p, out, &p, depth + 1);
            if (result != WEIR_JSON_OK)
                return result;
            p = weir_json_blanks(p);
            if (*p != ':')
                return weir_json_fail(scan, p, WEIR_JSON_SYNTAX, "a colon was expected after the field name");
            weir_builder_char(out, ':');
            p++;
        }
        weir_json_result result = compact(scan, p, out, &p, depth + 1);
        if (result != WEIR_JSON_OK)
            return result;
        p = weir_json_blanks(p);
    }
    weir_builder_char(out, shut);
    *end = p + 1;
    return out->failed ? WEIR_JSON_MEMORY : WEIR_JSON_OK;
}

static weir_json_result compact(weir_json_scan *scan, const char *p, weir_builder *out, const char **end, unsigned depth) {
    weir_json_token token;
    p = weir_json_blanks(p);
    if (*p == '{' || *p == '[')
        return compact_nested(scan, p, out, end, depth);
    weir_json_result result = weir_json_token_read(scan, p, &token);
    if (result != WEIR_JSON_OK)
        return result;
    *end = token.end;
    if (token.first == '"') {
        weir_builder_char(out, '"');
        weir_json_escape(out, token.text);
        weir_builder_char(out, '"');
    } else if (token.first == '-' || is_digit(token.first)) {
        return compact_number(scan, &token, out);
    } else {
        weir_builder_text(out, token.text);
    }
    return out->failed ? WEIR_JSON_MEMORY : WEIR_JSON_OK;
}

weir_json_result weir_json_compact(weir_json_scan *scan, const char *p, weir_builder *out, const char **end) {
    return compact(scan, p, out, end, 0);
}

/* ---- coercion ---- */

static weir_json_result nested_as_text(weir_json_scan *scan, weir_json_node *node, uint32_t row, const char *p) {
    weir_builder text;
    weir_builder_init(&text, scan->memory, UINT32_MAX);
    weir_json_result result = weir_json_compact(scan, p, &text, &scan->at);
    if (result == WEIR_JSON_OK) {
        weir_column_put_text(node->column, row, weir_builder_view(&text));
        node->valid[row] = 1;
        if (node->column->failed)
            result = WEIR_JSON_MEMORY;
    }
    weir_builder_deinit(&text);
    return result;
}

static bool integer_of(const weir_json_node *node, const weir_json_token *token, int64_t *out) {
    const bool wide = node->kind == WEIR_JSON_I32 || node->kind == WEIR_JSON_I64;
    if (token->is_float && wide) { /* Jackson cuts the fraction of a number, but not of a text */
        double real;
        if (!weir_java_double_parse(token->text, &real) || !(real >= (double)node->least && real <= (double)node->most))
            return false;
        *out = real >= 9223372036854775807.0 ? INT64_MAX : (int64_t)real;
        return true;
    }
    return weir_java_integer_parse(weir_text_trim(token->text), node->least, node->most, out);
}

static bool bytes_of(weir_json_scan *scan, weir_json_node *node, uint32_t row, const weir_json_token *token, bool *memory) {
    char *room = token->first == '"' ? weir_column_text_room(node->column, token->text.size / 4 * 3 + 3) : NULL;
    size_t size;
    (void)scan;
    *memory = node->column->failed;
    if (room == NULL || !weir_base64_decode(token->text, room, &size))
        return false;
    weir_column_set_view(node->column, row, room, size);
    return true;
}

static bool timestamp_of(weir_json_node *node, uint32_t row, weir_text text) {
    weir_timestamp_ns value;
    if (!weir_iso_timestamp_parse(text, node->form, &value))
        return false;
    if (node->kind == WEIR_JSON_TIMESTAMP_NS) {
        static const int32_t units[10] = {1, 1, 1, 1, 1, 1, 1, 100, 10, 1};
        value.nanoseconds -= value.nanoseconds % units[node->type->precision];
        ((weir_timestamp_ns *)node->values)[row] = value;
        return true;
    }
    int64_t us = weir_timestamp_ns_to_us(value);
    ((int64_t *)node->values)[row] = us - weir_floor_mod(us, node->unit_us);
    return true;
}

/* TIME keeps milliseconds; TIME(p) does not cut further (as in Flink). */
static bool time_of(weir_json_node *node, uint32_t row, weir_text text) {
    int64_t nanoseconds;
    if (!weir_iso_time_parse(text, true, false, &nanoseconds))
        return false;
    ((int32_t *)node->values)[row] = (int32_t)(nanoseconds / 1000000 % 86400000);
    return true;
}

static bool store(weir_json_scan *scan, weir_json_node *node, uint32_t row, const weir_json_token *token, bool *is_null, bool *memory) {
    int64_t integer = 0;
    weir_text trimmed = weir_text_trim(token->text);
    switch (node->kind) {
    case WEIR_JSON_BOOLEAN: ((uint8_t *)node->values)[row] = weir_text_equal_nocase_c(trimmed, "true"); return true;
    case WEIR_JSON_I8:
    case WEIR_JSON_I16:
    case WEIR_JSON_I32:
    case WEIR_JSON_I64:
        if (!integer_of(node, token, &integer))
            return false;
        if (node->kind == WEIR_JSON_I64)
            ((int64_t *)node->values)[row] = integer;
        else if (node->kind == WEIR_JSON_I32)
            ((int32_t *)node->values)[row] = (int32_t)integer;
        else if (node->kind == WEIR_JSON_I16)
            ((int16_t *)node->values)[row] = (int16_t)integer;
        else
            ((int8_t *)node->values)[row] = (int8_t)integer;
        return true;
    case WEIR_JSON_F32: return weir_java_float_parse(trimmed, &((float *)node->values)[row]);
    case WEIR_JSON_F64: return weir_java_double_parse(trimmed, &((double *)node->values)[row]);
    case WEIR_JSON_DECIMAL: {
        bool fits, scalar = token->first == '"' || token->first == '-' || is_digit(token->first);
        weir_i128 *value = &((weir_i128 *)node->values)[row];
        if (!scalar || !weir_java_decimal_parse(trimmed, node->type->precision, node->type->scale, value, &fits))
            return false;
        *is_null = !fits;
        return true;
    }
    case WEIR_JSON_BYTES: return bytes_of(scan, node, row, token, memory);
    case WEIR_JSON_DATE: return weir_iso_date_parse(token->text, false, &((int32_t *)node->values)[row]);
    case WEIR_JSON_TIME: return time_of(node, row, token->text);
    case WEIR_JSON_TIMESTAMP:
    case WEIR_JSON_TIMESTAMP_NS: return timestamp_of(node, row, token->text);
    case WEIR_JSON_TEXT:
        weir_column_put_text(node->column, row, token->text);
        *memory = node->column->failed;
        return !*memory;
    case WEIR_JSON_NULL: *is_null = true; return true;
    case WEIR_JSON_ARRAY:
    case WEIR_JSON_MAP:
    case WEIR_JSON_ROW: break;
    }
    return false;
}

weir_json_result weir_json_coerce(weir_json_scan *scan, weir_json_node *node, uint32_t row) {
    weir_json_token token;
    const char *p = weir_json_blanks(scan->at);
    const bool nested = *p == '{' || *p == '[';
    if (nested && node->kind == WEIR_JSON_TEXT)
        return nested_as_text(scan, node, row, p);
    weir_json_result result = weir_json_token_read(scan, p, &token);
    if (result != WEIR_JSON_OK)
        return result;
    if (nested)
        token.end = weir_json_skip(scan, p);
    if (token.end == NULL)
        return WEIR_JSON_SYNTAX;
    scan->at = token.end;
    if (token.first == 'n') {
        node->valid[row] = 0;
        return WEIR_JSON_OK;
    }
    bool is_null = false, memory = false;
    if (store(scan, node, row, &token, &is_null, &memory)) {
        node->valid[row] = !is_null;
        return WEIR_JSON_OK;
    }
    if (memory)
        return WEIR_JSON_MEMORY;
    weir_text shown = {p, (size_t)(token.end - p) > 40 ? 40 : (size_t)(token.end - p)};
    return weir_json_fail(scan, p, WEIR_JSON_BAD, "%.*s is no value of the field's type", WEIR_TEXT_ARGS(shown));
}
