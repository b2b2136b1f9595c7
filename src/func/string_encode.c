/* Texts and bytes in other clothes: ENCODE DECODE TO_BASE64 FROM_BASE64 HEX UNHEX BIN CHR INET_ATON INET_NTOA.
 *
 * Character sets: US-ASCII, ISO-8859-1, UTF-8, UTF-16, UTF-16BE, UTF-16LE with Java's aliases; others fail by name. What a character set
 * does not have becomes '?', bytes that it cannot read U+FFFD. */
#include "func/string_int.h"

typedef enum charset {
    CHARSET_UNKNOWN,
    CHARSET_ASCII,
    CHARSET_LATIN1,
    CHARSET_UTF8,
    CHARSET_UTF16,
    CHARSET_UTF16BE,
    CHARSET_UTF16LE
} charset;

static charset charset_find(weir_text name) {
    static const struct {
        const char *name;
        charset set;
    } names[] = {
        {"UTF-8", CHARSET_UTF8},        {"UTF8", CHARSET_UTF8},         {"US-ASCII", CHARSET_ASCII},   {"ASCII", CHARSET_ASCII},
        {"ISO646-US", CHARSET_ASCII},   {"ISO-8859-1", CHARSET_LATIN1}, {"ISO8859_1", CHARSET_LATIN1}, {"ISO8859-1", CHARSET_LATIN1},
        {"ISO_8859-1", CHARSET_LATIN1}, {"ISO_8859_1", CHARSET_LATIN1}, {"LATIN1", CHARSET_LATIN1},    {"L1", CHARSET_LATIN1},
        {"UTF-16", CHARSET_UTF16},      {"UTF_16", CHARSET_UTF16},      {"UTF16", CHARSET_UTF16},      {"UTF-16BE", CHARSET_UTF16BE},
        {"UTF_16BE", CHARSET_UTF16BE},  {"UTF-16LE", CHARSET_UTF16LE},  {"UTF_16LE", CHARSET_UTF16LE},
    };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (weir_text_equal_nocase_c(name, names[i].name))
            return names[i].set;
    return CHARSET_UNKNOWN;
}

static charset charset_or_fail(weir_call *call, uint32_t row, weir_text name) {
    charset set = charset_find(name);
    if (set == CHARSET_UNKNOWN)
        weir_call_fail(call, row, "Unsupported encoding: %.*s. There are US-ASCII, ISO-8859-1, UTF-8, UTF-16, UTF-16BE and UTF-16LE",
                       WEIR_TEXT_ARGS(name));
    return set;
}

static weir_status infer_encode(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_check(signature, "!ss", error));
    return weir_signature_result(signature, weir_type_bytes(weir_signature_nullable(signature)), error);
}

static void add_unit(weir_builder *out, uint32_t unit, bool little) {
    weir_builder_char(out, (char)(little ? unit : unit >> 8));
    weir_builder_char(out, (char)(little ? unit >> 8 : unit));
}

static void encode(weir_builder *out, weir_text text, charset set) {
    if (set == CHARSET_UTF16 && text.size > 0)
        add_unit(out, 0xFEFF, false);
    uint32_t last = set == CHARSET_ASCII ? 0x7F : 0xFF;
    for (size_t at = 0; at < text.size;) {
        uint32_t point = weir_utf8_next(text.data, text.size, &at);
        if (set == CHARSET_ASCII || set == CHARSET_LATIN1) {
            weir_builder_char(out, (char)(point <= last ? point : '?'));
        } else if (point >= 0x10000) {
            add_unit(out, 0xD800 + ((point - 0x10000) >> 10), set == CHARSET_UTF16LE);
            add_unit(out, 0xDC00 + ((point - 0x10000) & 0x3FF), set == CHARSET_UTF16LE);
        } else {
            add_unit(out, point, set == CHARSET_UTF16LE);
        }
    }
}

static void run_encode(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    weir_builder builder;
    weir_builder_init(&builder, call->memory, SIZE_MAX);
    if (!weir_column_keep_from(out, arguments[0]))
        return;
    WEIR_FOR_ROWS(rows, i, {
        charset set = charset_or_fail(call, i, weir_column_text(arguments[1], i));
        weir_builder_clear(&builder);
        if (set == CHARSET_UTF8) {
            WEIR_VALUES(out, weir_view)[i] = WEIR_VALUES(arguments[0], weir_view)[i];
        } else if (set != CHARSET_UNKNOWN) {
            encode(&builder, weir_column_text(arguments[0], i), set);
            weir_column_put_text(out, i, weir_builder_view(&builder));
        }
    });
    if (builder.failed)
        out->failed = true;
    weir_builder_deinit(&builder);
}

static weir_status bind_encode(weir_call *call, weir_error *error) {
    (void)error;
    call->kernel = run_encode;
    return WEIR_OK;
}

static weir_status infer_decode(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_check(signature, "!ys", error));
    return weir_signature_result(signature, string_type(signature), error);
}

static void add_point(weir_builder *out, uint32_t point) {
    char bytes[4];
    weir_builder_add(out, bytes, weir_utf8_put(point, bytes));
}

static uint32_t unit_at(weir_text bytes, size_t at, bool little) {
    unsigned char a = (unsigned char)bytes.data[at], b = (unsigned char)bytes.data[at + 1];
    return little ? (uint32_t)b << 8 | a : (uint32_t)a << 8 | b;
}

static void decode_utf16(weir_builder *out, weir_text bytes, bool little) {
    size_t at = 0;
    while (at + 1 < bytes.size) {
        uint32_t unit = unit_at(bytes, at, little);
        at += 2;
        if (unit < 0xD800 || unit >= 0xE000) {
            add_point(out, unit);
            continue;
        }
        uint32_t low = unit < 0xDC00 && at + 1 < bytes.size ? unit_at(bytes, at, little) : 0;
        if (low >= 0xDC00 && low < 0xE000) {
            add_point(out, 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00));
            at += 2;
        } else {
            add_point(out, 0xFFFD);
        }
    }
    if (at < bytes.size)
        add_point(out, 0xFFFD);
}

static void decode(weir_builder *out, weir_text bytes, charset set) {
    if (set == CHARSET_UTF16 || set == CHARSET_UTF16BE || set == CHARSET_UTF16LE) {
        bool little = set == CHARSET_UTF16LE;
        if (set == CHARSET_UTF16 && bytes.size >= 2 && (unit_at(bytes, 0, false) == 0xFEFF || unit_at(bytes, 0, false) == 0xFFFE)) {
            little = unit_at(bytes, 0, false) == 0xFFFE;
            bytes = (weir_text){bytes.data + 2, bytes.size - 2};
        }
        decode_utf16(out, bytes, little);
        return;
    }
    for (size_t at = 0; at < bytes.size;) {
        unsigned char byte = (unsigned char)bytes.data[at];
        if (set == CHARSET_UTF8) {
            add_point(out, weir_utf8_next(bytes.data, bytes.size, &at));
        } else {
            add_point(out, set == CHARSET_ASCII && byte > 0x7F ? 0xFFFD : byte);
            at++;
        }
    }
}

static void run_decode(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    weir_builder builder;
    weir_builder_init(&builder, call->memory, SIZE_MAX);
    WEIR_FOR_ROWS(rows, i, {
        charset set = charset_or_fail(call, i, weir_column_text(arguments[1], i));
        if (set == CHARSET_UNKNOWN)
            continue;
        weir_builder_clear(&builder);
        decode(&builder, weir_column_text(arguments[0], i), set);
        weir_column_put_text(out, i, weir_builder_view(&builder));
    });
    if (builder.failed)
        out->failed = true;
    weir_builder_deinit(&builder);
}

static weir_status bind_decode(weir_call *call, weir_error *error) {
    (void)error;
    call->kernel = run_decode;
    return WEIR_OK;
}

/* ---- base 64 ---- */

static weir_status infer_base64(weir_signature *signature, weir_error *error) {
    bool binary = signature->count > 0 && weir_kind_is_binary(signature->arguments[0].type->kind);
    WEIR_TRY(weir_signature_check(signature, binary ? "!y" : "!s", error));
    return weir_signature_result(signature, string_type(signature), error);
}

static const char base64_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void run_to_base64(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    (void)call;
    WEIR_FOR_ROWS(rows, i, {
        weir_text bytes = weir_column_text(arguments[0], i);
        const unsigned char *from = (const unsigned char *)bytes.data;
        char *to = string_begin(out, i, (bytes.size + 2) / 3 * 4);
        if (to == NULL)
            continue;
        for (size_t at = 0; at < bytes.size; at += 3, to += 4) {
            size_t left = bytes.size - at;
            uint32_t word = (uint32_t)from[at] << 16 | (left > 1 ? (uint32_t)from[at + 1] << 8 : 0) | (left > 2 ? from[at + 2] : 0);
            to[0] = base64_digits[word >> 18];
            to[1] = base64_digits[word >> 12 & 63];
            to[2] = left > 1 ? base64_digits[word >> 6 & 63] : '=';
            to[3] = left > 2 ? base64_digits[word & 63] : '=';
        }
        string_end(out, i);
    });
}

static weir_status bind_to_base64(weir_call *call, weir_error *error) {
    (void)error;
    call->kernel = run_to_base64;
    return WEIR_OK;
}

static int base64_value(char c) {
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* Java's basic decoder: padding may be missing, but not be partial; no blanks. Returns NULL or the reason. */
static const char *base64_decode(weir_text text, weir_builder *out, int *bad) {
    size_t digits = text.size;
    while (digits > 0 && text.size - digits < 2 && text.data[digits - 1] == '=')
        digits--;
    size_t padding = text.size - digits, rest = digits % 4;
    uint32_t word = 0;
    for (size_t at = 0; at < digits; at++) {
        int value = base64_value(text.data[at]);
        if (value < 0) {
            *bad = (unsigned char)text.data[at];
            return "Illegal base64 character %x";
        }
        word = word << 6 | (uint32_t)value;
        if (at % 4 == 3) {
            char three[3] = {(char)(word >> 16), (char)(word >> 8), (char)word};
            weir_builder_add(out, three, 3);
        }
    }
    if (digits == 1 && padding == 0)
        return "Input byte[] should at least have 2 bytes for base64 bytes";
    if (rest == 1 || (padding > 0 && (rest == 0 || rest + padding != 4)))
        return "Input byte array has wrong 4-byte ending unit";
    if (rest == 2)
        weir_builder_char(out, (char)(word >> 4));
    if (rest == 3) {
        weir_builder_char(out, (char)(word >> 10));
        weir_builder_char(out, (char)(word >> 2));
    }
    return NULL;
}

static void run_from_base64(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    weir_builder builder, valid;
    weir_builder_init(&builder, call->memory, SIZE_MAX);
    weir_builder_init(&valid, call->memory, SIZE_MAX);
    WEIR_FOR_ROWS(rows, i, {
        int bad = -1;
        weir_builder_clear(&builder);
        const char *reason = base64_decode(weir_column_text(arguments[0], i), &builder, &bad);
        weir_text bytes = weir_builder_view(&builder);
        if (bad >= 0) {
            weir_call_fail(call, i, "Illegal base64 character %x", (unsigned)bad);
        } else if (reason != NULL) {
            weir_call_fail(call, i, "%s", reason);
        } else if (weir_utf8_valid(bytes, NULL)) {
            weir_column_put_text(out, i, bytes);
        } else {
            weir_builder_clear(&valid);
            decode(&valid, bytes, CHARSET_UTF8);
            weir_column_put_text(out, i, weir_builder_view(&valid));
        }
    });
    if (builder.failed || valid.failed)
        out->failed = true;
    weir_builder_deinit(&builder);
    weir_builder_deinit(&valid);
}

static weir_status bind_from_base64(weir_call *call, weir_error *error) {
    (void)error;
    call->kernel = run_from_base64;
    return WEIR_OK;
}

/* ---- HEX, UNHEX, BIN, CHR ---- */

static weir_status infer_hex(weir_signature *signature, weir_error *error) {
    bool text = signature->count > 0 && weir_kind_is_text(signature->arguments[0].type->kind);
    WEIR_TRY(weir_signature_check(signature, text ? "!s" : "!i", error));
    return weir_signature_result(signature, string_type(signature), error);
}

static const char hex_digits[] = "0123456789ABCDEF";

/* The digits of an unsigned number in base 2^bits, without leading zeros. */
static size_t print_bits(uint64_t value, unsigned bits, char *out) {
    size_t size = 1;
    while (size * bits < 64 && value >> (size * bits) != 0)
        size++;
    for (size_t k = 0; k < size; k++)
        out[size - 1 - k] = hex_digits[(value >> (k * bits)) & ((1u << bits) - 1)];
    return size;
}

static void put_number(weir_column *out, const weir_rows *rows, const weir_column *from, unsigned bits) {
    const int64_t *a = WEIR_VALUES(from, int64_t);
    WEIR_FOR_ROWS(rows, i, {
        char digits[64];
        size_t size = print_bits((uint64_t)a[i], bits, digits);
        weir_column_put_text(out, i, (weir_text){digits, size});
    });
}

static void run_hex(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    (void)call;
    if (arguments[0]->layout != WEIR_LAYOUT_VIEW) {
        put_number(out, rows, arguments[0], 4);
        return;
    }
    WEIR_FOR_ROWS(rows, i, {
        weir_text bytes = weir_column_text(arguments[0], i);
        char *to = string_begin(out, i, bytes.size * 2);
        if (to == NULL)
            continue;
        for (size_t k = 0; k < bytes.size; k++) {
            to[2 * k] = hex_digits[(unsigned char)bytes.data[k] >> 4];
            to[2 * k + 1] = hex_digits[(unsigned char)bytes.data[k] & 15];
        }
        string_end(out, i);
    });
}

static void run_bin(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    (void)call;
    put_number(out, rows, arguments[0], 1);
}

static weir_status bind_hex(weir_call *call, weir_error *error) {
    (void)error;
    call->kernel = run_hex;
    return WEIR_OK;
}

static weir_status infer_bin(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_check(signature, "!i", error));
    return weir_signature_result(signature, string_type(signature), error);
}

static weir_status bind_bin(weir_call *call, weir_error *error) {
    (void)error;
    call->kernel = run_bin;
    return WEIR_OK;
}

static int hex_value(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static weir_status infer_unhex(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_check(signature, "s", error));
    return weir_signature_result(signature, weir_type_bytes(true), error);
}

/* Of an odd number of digits the first one counts as a byte 0, whatever it is. */
static void run_unhex(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    (void)call;
    WEIR_FOR_ROWS(rows, i, {
        weir_text digits = weir_column_text(arguments[0], i);
        size_t size = (digits.size + 1) / 2, odd = digits.size % 2;
        char *to = string_begin(out, i, size);
        if (to == NULL)
            continue;
        bool valid = odd == 0 || hex_value(digits.data[0]) >= 0;
        if (odd)
            to[0] = 0;
        for (size_t k = 0; k < digits.size / 2; k++) {
            int high = hex_value(digits.data[odd + 2 * k]), low = hex_value(digits.data[odd + 2 * k + 1]);
            valid = valid && high >= 0 && low >= 0;
            to[odd + k] = (char)(((unsigned)high & 15) << 4 | ((unsigned)low & 15));
        }
        string_end(out, i);
        if (!valid)
            weir_column_set_null(out, i);
    });
}

static weir_status bind_unhex(weir_call *call, weir_error *error) {
    (void)error;
    call->kernel = run_unhex;
    return WEIR_OK;
}

static weir_status infer_chr(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_check(signature, "!i", error));
    return weir_signature_result(signature, weir_type_string(true), error);
}

static void run_chr(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    (void)call;
    const int64_t *a = WEIR_VALUES(arguments[0], int64_t);
    WEIR_FOR_ROWS(rows, i, {
        char bytes[4];
        if (a[i] >= 0)
            weir_column_put_text(out, i, (weir_text){bytes, weir_utf8_put((uint32_t)(a[i] & 0xFF), bytes)});
    });
}

static weir_status bind_chr(weir_call *call, weir_error *error) {
    (void)error;
    call->kernel = run_chr;
    return WEIR_OK;
}

/* ---- INET_ATON, INET_NTOA ---- */

static weir_status infer_aton(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_check(signature, "s", error));
    return weir_signature_result(signature, weir_type_simple(WEIR_KIND_BIGINT, true), error);
}

/* One to four numbers up to 255; the last one fills the last byte, the others come from the left: 1.2 is 1.0.0.2. */
static bool address_of(weir_text text, int64_t *out) {
    uint32_t parts[4];
    size_t count = 0, at = 0;
    for (;;) {
        uint32_t value = 0;
        size_t start = at;
        for (; at < text.size && text.data[at] >= '0' && text.data[at] <= '9' && value <= 255; at++)
            value = value * 10 + (uint32_t)(text.data[at] - '0');
        if (at == start || value > 255 || count == 4)
            return false;
        parts[count++] = value;
        if (at == text.size)
            break;
        if (text.data[at++] != '.')
            return false;
    }
    int64_t address = parts[count - 1];
    for (size_t k = 0; k + 1 < count; k++)
        address |= (int64_t)parts[k] << (24 - 8 * k);
    *out = address;
    return true;
}

static void run_aton(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    (void)call;
    int64_t *r = WEIR_VALUES(out, int64_t);
    WEIR_FOR_ROWS(rows, i, {
        if (!address_of(weir_column_text(arguments[0], i), &r[i]))
            weir_column_set_null(out, i);
    });
}

static weir_status bind_aton(weir_call *call, weir_error *error) {
    (void)error;
    call->kernel = run_aton;
    return WEIR_OK;
}

static weir_status infer_ntoa(weir_signature *signature, weir_error *error) {
    WEIR_TRY(weir_signature_check(signature, "i", error));
    return weir_signature_result(signature, weir_type_string(true), error);
}

static void run_ntoa(weir_call *call, const weir_rows *rows, weir_column *const *arguments, weir_column *out) {
    (void)call;
    const int64_t *a = WEIR_VALUES(arguments[0], int64_t);
    WEIR_FOR_ROWS(rows, i, {
        if (a[i] < 0 || a[i] > UINT32_MAX) {
            weir_column_set_null(out, i);
            continue;
        }
        char bytes[16];
        size_t size = 0;
        for (int shift = 24; shift >= 0; shift -= 8) {
            unsigned part = (unsigned)(a[i] >> shift) & 255;
            if (part >= 100)
                bytes[size++] = (char)('0' + part / 100);
            if (part >= 10)
                bytes[size++] = (char)('0' + part / 10 % 10);
            bytes[size++] = (char)('0' + part % 10);
            if (shift > 0)
                bytes[size++] = '.';
        }
        weir_column_put_text(out, i, (weir_text){bytes, size});
    });
}

static weir_status bind_ntoa(weir_call *call, weir_error *error) {
    (void)error;
    call->kernel = run_ntoa;
    return WEIR_OK;
}

#define STRICT WEIR_FUNCTION_STRICT
const weir_function weir_functions_string_encode[] = {
    {"ENCODE", STRICT, infer_encode, bind_encode, "string", "ENCODE(text STRING, charset STRING) -> BYTES",
     "The text's bytes in a character set.", "HEX(CAST(ENCODE('weir', 'UTF-8') AS STRING))", "77656972"},
    {"DECODE", STRICT, infer_decode, bind_decode, "string", "DECODE(bytes BYTES, charset STRING) -> STRING",
     "The text that bytes mean in a character set.", "DECODE(ENCODE('wähl', 'UTF-16LE'), 'UTF-16LE')", "wähl"},
    {"TO_BASE64", STRICT, infer_base64, bind_to_base64, "string", "TO_BASE64(text STRING) -> STRING", "The text in base 64.",
     "TO_BASE64('hello')", "aGVsbG8="},
    {"FROM_BASE64", STRICT, infer_base64, bind_from_base64, "string", "FROM_BASE64(text STRING) -> STRING", "The text behind base 64.",
     "FROM_BASE64('aGVsbG8=')", "hello"},
    {"HEX", STRICT, infer_hex, bind_hex, "string", "HEX(value INT or STRING) -> STRING",
     "A number, or a text's bytes, in hexadecimal digits.", "HEX(255)", "FF"},
    {"UNHEX", STRICT, infer_unhex, bind_unhex, "string", "UNHEX(digits STRING) -> BYTES",
     "The bytes behind hexadecimal digits; NULL when there are others.", "CAST(UNHEX('77656972') AS STRING)", "weir"},
    {"BIN", STRICT, infer_bin, bind_bin, "string", "BIN(value INT) -> STRING", "A number in binary digits.", "BIN(10)", "1010"},
    {"CHR", STRICT, infer_chr, bind_chr, "string", "CHR(code INT) -> STRING", "The character with this code, modulo 256.", "CHR(97)", "a"},
    {"INET_ATON", STRICT, infer_aton, bind_aton, "string", "INET_ATON(address STRING) -> BIGINT",
     "An IPv4 address as a number; NULL when it is none.", "INET_ATON('127.0.0.1')", "2130706433"},
    {"INET_NTOA", STRICT, infer_ntoa, bind_ntoa, "string", "INET_NTOA(number BIGINT) -> STRING", "A number as an IPv4 address.",
     "INET_NTOA(2130706433)", "127.0.0.1"},
    {NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL},
};
