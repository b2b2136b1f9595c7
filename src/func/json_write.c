/* Writing JSON as Jackson does with Flink's settings: compact, keys in order, decimals in the form of BigDecimal.toString. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "func/json_document.h"

void weir_json_write_string(weir_text text, weir_builder *out) {
    static const char hex[] = "0123456789ABCDEF";
    weir_builder_char(out, '"');
    size_t start = 0;
    for (size_t i = 0; i < text.size; i++) {
        unsigned char c = (unsigned char)text.data[i];
        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        weir_builder_add(out, text.data + start, i - start);
        start = i + 1;
        char escape[6] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};
        switch (c) {
        case '"': weir_builder_add(out, "\\\"", 2); break;
        case '\\': weir_builder_add(out, "\\\\", 2); break;
        case '\b': weir_builder_add(out, "\\b", 2); break;
        case '\f': weir_builder_add(out, "\\f", 2); break;
        case '\n': weir_builder_add(out, "\\n", 2); break;
        case '\r': weir_builder_add(out, "\\r", 2); break;
        case '\t': weir_builder_add(out, "\\t", 2); break;
        default: weir_builder_add(out, escape, sizeof(escape)); break;
        }
    }
    weir_builder_add(out, text.data + start, text.size - start);
    weir_builder_char(out, '"');
}

void weir_json_write_decimal(bool negative, weir_text digits, int64_t scale, weir_builder *out) {
    int64_t count = (int64_t)digits.size, exponent = count - 1 - scale;
    if (negative)
        weir_builder_char(out, '-');
    if (scale >= 0 && exponent >= -6) {
        if (scale == 0) {
            weir_builder_text(out, digits);
        } else if (count > scale) {
            weir_builder_add(out, digits.data, (size_t)(count - scale));
            weir_builder_char(out, '.');
            weir_builder_add(out, digits.data + (count - scale), (size_t)scale);
        } else {
            weir_builder_c(out, "0.");
            for (int64_t i = count; i < scale; i++)
                weir_builder_char(out, '0');
            weir_builder_text(out, digits);
        }
        return;
    }
    weir_builder_char(out, digits.data[0]);
    if (count > 1) {
        weir_builder_char(out, '.');
        weir_builder_add(out, digits.data + 1, digits.size - 1);
    }
    if (exponent != 0)
        weir_builder_format(out, "E%+lld", (long long)exponent);
}

void weir_json_write_number(weir_text text, weir_builder *out) {
    bool negative = text.size > 0 && text.data[0] == '-';
    const char *at = text.data + negative, *end = text.data + text.size;
    const char *point = memchr(at, '.', (size_t)(end - at)), *mark = at;
    while (mark < end && *mark != 'e' && *mark != 'E')
        mark++;
    if (point == NULL && mark == end) {
        if (weir_text_equal_c(text, "-0"))
            weir_builder_char(out, '0');
        else
            weir_builder_text(out, text);
        return;
    }
    /* The digits without the point, in a copy: numbers are short. */
    char local[64], *digits = local;
    size_t size = 0, room = (size_t)(mark - at) + 1;
    if (room > sizeof(local)) {
        digits = weir_memory_alloc(out->memory, room);
        if (digits == NULL) {
            out->failed = true;
            return;
        }
    }
    for (const char *c = at; c < mark; c++)
        if (*c != '.')
            digits[size++] = *c;
    size_t zeros = 0;
    while (zeros + 1 < size && digits[zeros] == '0')
        zeros++;
    int64_t scale = point == NULL ? 0 : mark - point - 1, exponent = 0;
    bool minus = mark + 1 < end && mark[1] == '-';
    for (const char *c = mark + 1 + (mark + 1 < end && (mark[1] == '-' || mark[1] == '+')); c < end; c++)
        exponent = exponent > 100000000 ? exponent : exponent * 10 + (*c - '0');
    scale -= minus ? -exponent : exponent;
    bool zero = size - zeros == 1 && digits[zeros] == '0';
    weir_json_write_decimal(negative && !zero, (weir_text){digits + zeros, size - zeros}, scale, out);
    if (digits != local)
        weir_memory_free(out->memory, digits, room);
}

static int order_keys(const void *a, const void *b, void *context) {
    return weir_text_compare(weir_json_node_text(context, *(const uint32_t *)a), weir_json_node_text(context, *(const uint32_t *)b));
}

static void write_object(const weir_json_document *document, uint32_t node, weir_json_number_writer number, weir_builder *out) {
    uint32_t local[32], *keys = local, count = document->nodes[node].count;
    if (count > 32) {
        keys = weir_memory_alloc(out->memory, count * sizeof(uint32_t));
        if (keys == NULL) {
            out->failed = true;
            return;
        }
    }
    uint32_t used = 0;
    for (uint32_t key = weir_json_first(document, node); key != 0 && used < count; key = weir_json_next(document, node, key))
        keys[used++] = key;
    qsort_r(keys, used, sizeof(uint32_t), order_keys, (void *)(uintptr_t)document);
    weir_builder_char(out, '{');
    for (uint32_t i = 0; i < used; i++) {
        if (i > 0)
            weir_builder_char(out, ',');
        weir_json_write_string(weir_json_node_text(document, keys[i]), out);
        weir_builder_char(out, ':');
        weir_json_print_with(document, weir_json_value_of(document, keys[i]), number, out);
    }
    weir_builder_char(out, '}');
    if (keys != local)
        weir_memory_free(out->memory, keys, count * sizeof(uint32_t));
}

/* Recursion as deep as the document: at most WEIR_JSON_DEPTH_MAX. */
void weir_json_print_with(const weir_json_document *document, uint32_t node, weir_json_number_writer number, weir_builder *out) {
    switch ((weir_json_kind)document->nodes[node].kind) {
    case WEIR_JSON_NULL: weir_builder_c(out, "null"); return;
    case WEIR_JSON_FALSE: weir_builder_c(out, "false"); return;
    case WEIR_JSON_TRUE: weir_builder_c(out, "true"); return;
    case WEIR_JSON_NUMBER: number(weir_json_node_text(document, node), out); return;
    case WEIR_JSON_STRING: weir_json_write_string(weir_json_node_text(document, node), out); return;
    case WEIR_JSON_OBJECT: write_object(document, node, number, out); return;
    case WEIR_JSON_ARRAY: break;
    }
    weir_builder_char(out, '[');
    for (uint32_t child = weir_json_first(document, node), i = 0; child != 0; child = weir_json_next(document, node, child), i++) {
        if (i > 0)
            weir_builder_char(out, ',');
        weir_json_print_with(document, child, number, out);
    }
    weir_builder_char(out, ']');
}

void weir_json_print(const weir_json_document *document, uint32_t node, weir_builder *out) {
    weir_json_print_with(document, node, weir_json_write_number, out);
}
