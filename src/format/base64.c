/* Base64 with the MIME alphabet and padding, as Jackson writes it. Reading takes blanks between the groups. */
#include "format/text.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void weir_base64_encode(const char *data, size_t size, char *out) {
    const unsigned char *in = (const unsigned char *)data;
    for (; size >= 3; size -= 3, in += 3) {
        uint32_t group = (uint32_t)in[0] << 16 | (uint32_t)in[1] << 8 | in[2];
        *out++ = alphabet[group >> 18];
        *out++ = alphabet[group >> 12 & 63];
        *out++ = alphabet[group >> 6 & 63];
        *out++ = alphabet[group & 63];
    }
    if (size > 0) {
        uint32_t group = (uint32_t)in[0] << 16 | (size > 1 ? (uint32_t)in[1] << 8 : 0);
        *out++ = alphabet[group >> 18];
        *out++ = alphabet[group >> 12 & 63];
        *out++ = size > 1 ? alphabet[group >> 6 & 63] : '=';
        *out++ = '=';
    }
}

static int value_of(char c) {
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    if (c == '+')
        return 62;
    return c == '/' ? 63 : -1;
}

bool weir_base64_decode(weir_text text, char *out, size_t *size) {
    char *start = out;
    uint32_t group = 0;
    unsigned filled = 0, padding = 0;
    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        if ((unsigned char)c <= ' ')
            continue;
        if (c == '=') {
            if (filled < 2 || ++padding + filled > 4)
                return false;
            continue;
        }
        int value = value_of(c);
        if (value < 0 || padding > 0)
            return false;
        group = group << 6 | (uint32_t)value;
        if (++filled == 4) {
            *out++ = (char)(group >> 16);
            *out++ = (char)(group >> 8);
            *out++ = (char)group;
            filled = 0;
            group = 0;
        }
    }
    if (filled > 0) {
        if (filled + padding != 4)
            return false;
        *out++ = (char)(group >> (filled == 3 ? 10 : 4));
        if (filled == 3)
            *out++ = (char)(group >> 2);
    } else if (padding > 0) {
        return false;
    }
    *size = (size_t)(out - start);
    return true;
}
