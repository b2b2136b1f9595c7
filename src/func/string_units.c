/* UTF-8 to UTF-16 units and back: some of Flink's functions count Java chars, which differ from code points outside the BMP. */
#include "func/string_int.h"

bool weir_string_units(weir_memory *memory, weir_text text, string_units *out) {
    size_t wanted = text.size + 1;
    if (out->capacity < wanted) {
        uint16_t *grown = weir_memory_realloc(memory, out->data, out->capacity * sizeof(uint16_t), wanted * sizeof(uint16_t));
        if (grown == NULL)
            return false;
        out->data = grown;
        out->capacity = wanted;
    }
    out->count = 0;
    for (size_t at = 0; at < text.size;) {
        uint32_t point = weir_utf8_next(text.data, text.size, &at);
        if (point >= 0x10000) {
            out->data[out->count++] = (uint16_t)(0xD800 + ((point - 0x10000) >> 10));
            out->data[out->count++] = (uint16_t)(0xDC00 + ((point - 0x10000) & 0x3FF));
        } else {
            out->data[out->count++] = (uint16_t)point;
        }
    }
    return true;
}

void weir_string_units_done(weir_memory *memory, string_units *units) {
    if (units->data != NULL)
        weir_memory_free(memory, units->data, units->capacity * sizeof(uint16_t));
    *units = (string_units){0};
}

void weir_string_from_units(weir_builder *out, const uint16_t *units, size_t count) {
    char bytes[4];
    for (size_t i = 0; i < count; i++) {
        uint32_t point = units[i];
        if (point >= 0xD800 && point < 0xDC00 && i + 1 < count && units[i + 1] >= 0xDC00 && units[i + 1] < 0xE000)
            point = 0x10000 + ((point - 0xD800) << 10) + (units[++i] - 0xDC00u);
        else if (point >= 0xD800 && point < 0xE000)
            point = '?';
        weir_builder_add(out, bytes, weir_utf8_put(point, bytes));
    }
}
