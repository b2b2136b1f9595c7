/* PARSE_URL URL_ENCODE URL_DECODE, with the rules of Java's URL, URLEncoder and URLDecoder.
 *
 * A URL needs a protocol that Java knows: http, https, ftp, file, jar, mailto. Anything else has no parts. */
#include "func/string_int.h"

typedef struct url_parts {
    weir_text protocol; /* as written; lower case is made when it is given out */
    weir_text authority;
    weir_text user_info;
    weir_text host;
    weir_text path;
    weir_text query;
    weir_text file; /* path and query */
    weir_text reference;
} url_parts; /* data NULL: not there */

static weir_text slice(weir_text text, size_t from, size_t to) { return (weir_text){text.data + from, to - from}; }

static size_t find_char(weir_text text, char c) {
    const char *found = text.size == 0 ? NULL : memchr(text.data, c, text.size);
    return found == NULL ? SIZE_MAX : (size_t)(found - text.data);
}

static bool known_protocol(weir_text name) {
    static const char *const known[] = {"http", "https", "ftp", "file", "jar", "mailto"};
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (weir_text_equal_nocase_c(name, known[i]))
            return true;
    return false;
}

static bool parse_authority(url_parts *parts) {
    weir_text authority = parts->authority, host = authority;
    size_t at = SIZE_MAX;
    for (size_t k = 0; k < authority.size; k++)
        if (authority.data[k] == '@')
            at = k;
    if (at != SIZE_MAX) {
        parts->user_info = slice(authority, 0, at);
        host = slice(authority, at + 1, authority.size);
    }
    size_t end = host.size;
    if (host.size > 0 && host.data[0] == '[') {
        size_t close = find_char(host, ']');
        if (close == SIZE_MAX)
            return false;
        end = close + 1;
    } else {
        size_t colon = find_char(host, ':');
        end = colon == SIZE_MAX ? host.size : colon;
    }
    parts->host = slice(host, 0, end);
    if (end < host.size && host.data[end] != ':')
        return false;
    for (size_t k = end + 1; k < host.size; k++) /* the port */
        if (host.data[k] < '0' || host.data[k] > '9')
            return false;
    return true;
}

static bool parse_url(weir_text url, url_parts *parts) {
    *parts = (url_parts){0};
    while (url.size > 0 && (unsigned char)url.data[url.size - 1] <= ' ')
        url.size--;
    while (url.size > 0 && (unsigned char)url.data[0] <= ' ')
        url = slice(url, 1, url.size);
    size_t colon = find_char(url, ':');
    if (colon == SIZE_MAX || !known_protocol(slice(url, 0, colon)))
        return false;
    parts->protocol = slice(url, 0, colon);
    weir_text rest = slice(url, colon + 1, url.size);
    size_t hash = find_char(rest, '#');
    if (hash != SIZE_MAX) {
        parts->reference = slice(rest, hash + 1, rest.size);
        rest = slice(rest, 0, hash);
    }
    bool jar = weir_text_equal_nocase_c(parts->protocol, "jar");
    size_t question = jar ? SIZE_MAX : find_char(rest, '?');
    weir_text before = rest;
    if (question != SIZE_MAX) {
        parts->query = slice(rest, question + 1, rest.size);
        before = slice(rest, 0, question);
    }
    parts->host = parts->path = slice(before, 0, 0);
    if (before.size >= 2 && before.data[0] == '/' && before.data[1] == '/' && !jar) {
        size_t slash = find_char(slice(before, 2, before.size), '/');
        size_t end = slash == SIZE_MAX ? before.size : slash + 2;
        parts->authority = slice(before, 2, end);
        if (!parse_authority(parts))
            return false;
        before = slice(before, end, before.size);
    }
    parts->path = before;
    parts->file = question == SIZE_MAX ? before : slice(before, 0, before.size + 1 + parts->query.size);
    return true;
}

/* The value of ?key=value; keys are compared as they are. */
static weir_text query_value(weir_text query, weir_text key) {
    while (query.data != NULL) {
        size_t ampersand = find_char(query, '&');
        weir_text pair = slice(query, 0, ampersand == SIZE_MAX ? query.size : ampersand);
        if (pair.size > key.size && pair.data[key.size] == '=' && weir_text_starts(pair, key))
            return slice(pair, key.size + 1, pair.size);
        if (ampersand == SIZE_MAX)
            break;
        query = slice(query, ampersand + 1, query.size);
    }
    return (weir_text){NULL, 0};
}

static weir_text url_part(const url_parts *parts, weir_text name) {
    const struct {
        const char *name;
        weir_text value;
    } known[] = {{"HOST", parts->host},         {"PATH", parts->path}, {"QUERY", parts->query},         {"REF", parts->reference},
                 {"PROTOCOL", parts->protocol}, {"FILE", parts->file}, {"AUTHORITY", parts->authority}, {"USERINFO", parts->user_info}};
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (weir_text_equal_c(name, known[i].name))
            return known[i].value;
    return (weir_text){NULL, 0};
}

static weir_status infer_parse_url(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_check(signature, "!ss?s", error));
    return weir_signature_result(signature, weir_type_string(true), error);
}

static void put_lower(weir_column *out, uint32_t row, weir_text text) {
    char *to = string_begin(out, row, text.size);
    for (size_t k = 0; to != NULL && k < text.size; k++)
        to[k] = (char)(text.data[k] >= 'A' && text.data[k] <= 'Z' ? text.data[k] | 0x20 : text.data[k]);
    if (to != NULL)
        string_end(out, row);
}

static void run_parse_url(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    if (!weir_column_keep_from(out, arguments[0]))
        return;
    WEIR_FOR_ROWS(rows, i, {
        url_parts parts;
        weir_text name = weir_column_text(arguments[1], i), value = {NULL, 0};
        if (parse_url(weir_column_text(arguments[0], i), &parts)) {
            if (call->argument_count == 2)
                value = url_part(&parts, name);
            else if (weir_text_equal_c(name, "QUERY"))
                value = query_value(parts.query, weir_column_text(arguments[2], i));
        }
        if (value.data == NULL)
            weir_column_set_null(out, i);
        else if (value.data == parts.protocol.data)
            put_lower(out, i, value);
        else
            string_part(out, i, value, 0, value.size);
    });
}

static weir_status bind_parse_url(weir_call *call, weir_error *error) {
    (void)error;
    call->kernel = run_parse_url;
    return WEIR_OK;
}

static weir_status infer_url_code(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_check(signature, "s", error));
    return weir_signature_result(signature, weir_type_string(true), error);
}

static bool stays(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == '*';
}

static void run_url_encode(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    (void)call;
    static const char digits[] = "0123456789ABCDEF";
    WEIR_FOR_ROWS(rows, i, {
        weir_text text = weir_column_text(arguments[0], i);
        size_t size = 0;
        for (size_t k = 0; k < text.size; k++)
            size += stays(text.data[k]) || text.data[k] == ' ' ? 1 : 3;
        char *to = string_begin(out, i, size);
        if (to == NULL)
            continue;
        for (size_t k = 0; k < text.size; k++) {
            unsigned char c = (unsigned char)text.data[k];
            if (stays((char)c)) {
                *to++ = (char)c;
            } else if (c == ' ') {
                *to++ = '+';
            } else {
                *to++ = '%';
                *to++ = digits[c >> 4];
                *to++ = digits[c & 15];
            }
        }
        string_end(out, i);
    });
}

static weir_status bind_url_encode(weir_call *call, weir_error *error) {
    (void)error;
    call->kernel = run_url_encode;
    return WEIR_OK;
}

static int hex_value(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool url_decode(weir_text text, weir_builder *out) {
    for (size_t at = 0; at < text.size; at++) {
        char c = text.data[at];
        if (c == '%') {
            int high = at + 2 < text.size ? hex_value(text.data[at + 1]) : -1;
            int low = at + 2 < text.size ? hex_value(text.data[at + 2]) : -1;
            if (high < 0 || low < 0)
                return false;
            c = (char)(high << 4 | low);
            at += 2;
        } else if (c == '+') {
            c = ' ';
        }
        weir_builder_char(out, c);
    }
    return true;
}

static void run_url_decode(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    weir_builder decoded, valid;
    weir_builder_init(&decoded, call->memory, SIZE_MAX);
    weir_builder_init(&valid, call->memory, SIZE_MAX);
    WEIR_FOR_ROWS(rows, i, {
        weir_builder_clear(&decoded);
        if (!url_decode(weir_column_text(arguments[0], i), &decoded)) {
            weir_column_set_null(out, i);
            continue;
        }
        weir_text bytes = weir_builder_view(&decoded);
        if (!weir_utf8_valid(bytes, NULL)) {
            weir_builder_clear(&valid);
            for (size_t at = 0; at < bytes.size;) {
                char point[4];
                uint32_t code = weir_utf8_next(bytes.data, bytes.size, &at);
                weir_builder_add(&valid, point, weir_utf8_put(code, point));
            }
            bytes = weir_builder_view(&valid);
        }
        weir_column_put_text(out, i, bytes);
    });
    if (decoded.failed || valid.failed)
        out->failed = true;
    weir_builder_deinit(&decoded);
    weir_builder_deinit(&valid);
}

static weir_status bind_url_decode(weir_call *call, weir_error *error) {
    (void)error;
    call->kernel = run_url_decode;
    return WEIR_OK;
}

#define STRICT WEIR_FUNCTION_STRICT
const weir_function weir_functions_string_url[] = {
    {"PARSE_URL", STRICT, infer_parse_url, bind_parse_url, "string", "PARSE_URL(url STRING, part STRING[, key STRING]) -> STRING",
     "A part of a URL: HOST, PATH, QUERY, REF, PROTOCOL, FILE, AUTHORITY, USERINFO; of QUERY also one key.",
     "PARSE_URL('http://weir.test/a?x=1&y=2#z', 'QUERY', 'y')", "2"},
    {"URL_ENCODE", STRICT, infer_url_code, bind_url_encode, "string", "URL_ENCODE(text STRING) -> STRING",
     "The text as it stands in a URL's query.", "URL_ENCODE('a b&c')", "a+b%26c"},
    {"URL_DECODE", STRICT, infer_url_code, bind_url_decode, "string", "URL_DECODE(text STRING) -> STRING",
     "The text behind URL encoding; NULL when it is broken.", "URL_DECODE('a+b%26c')", "a b&c"},
    {NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL},
};
