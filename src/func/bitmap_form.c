/* Bitmaps between their serialised form and lists of numbers.
 *
 * A value is a roaring bitmap in its portable form, as Flink serialises it:
 *   no runs:    cookie 12346 (u32) | containers n (u32) | n x (key u16, cardinality - 1 u16) | n x offset u32 | containers
 *   some runs:  cookie 12347 | (n - 1) << 16 | a bit for each container that holds runs | n x (key, cardinality - 1) | offsets only when
 *               n >= 4 | containers
 * A container holds the numbers with the same upper 16 bits: up to 4096 of them as sorted u16, more as 8192 bytes of bits, or as runs
 * (count, then start and length - 1 each) where that is shortest. Flink turns everything into runs where they are shorter before it
 * writes, so that equal sets are equal bytes and = needs nothing of its own. */
#include "func/bitmap_int.h"

enum {
    COOKIE_PLAIN = 12346,
    COOKIE_RUNS = 12347,
    ARRAY_MAX = 4096, /* numbers in a container before it is bits */
    BITS_BYTES = 8192,
    OFFSETS_FROM = 4, /* containers before a bitmap with runs has offsets */
};

void weir_numbers_add(weir_numbers *list, uint32_t number) {
    if (list->count == list->capacity &&
        !weir_memory_grow(list->memory, (void **)&list->numbers, &list->capacity, list->count + 1, sizeof(uint32_t))) {
        list->failed = true;
        return;
    }
    list->numbers[list->count++] = number;
}

void weir_numbers_release(weir_numbers *list) { weir_memory_free(list->memory, list->numbers, list->capacity * sizeof(uint32_t)); }

/* ---- packing ---- */

static void put_u16(weir_builder *out, uint32_t value) {
    char two[2] = {(char)value, (char)(value >> 8)};
    weir_builder_add(out, two, 2);
}

static void put_u32(weir_builder *out, uint32_t value) {
    put_u16(out, value & 0xFFFF);
    put_u16(out, value >> 16);
}

static size_t container_end(const weir_numbers *list, size_t start) {
    size_t end = start;
    while (end < list->count && list->numbers[end] >> 16 == list->numbers[start] >> 16)
        end++;
    return end;
}

static size_t count_runs(const weir_numbers *list, size_t start, size_t end) {
    size_t runs = 1;
    for (size_t i = start + 1; i < end; i++)
        runs += list->numbers[i] != list->numbers[i - 1] + 1;
    return runs;
}

/* The bytes of a container; *runs: its runs when they are shorter than the other form, else 0. */
static size_t container_bytes(const weir_numbers *list, size_t start, size_t end, size_t *runs) {
    size_t plain = end - start > ARRAY_MAX ? BITS_BYTES : 2 * (end - start);
    *runs = count_runs(list, start, end);
    size_t in_runs = 2 + 4 * *runs;
    if (in_runs < plain)
        return in_runs;
    *runs = 0;
    return plain;
}

static void put_container(const weir_numbers *list, size_t start, size_t end, weir_builder *out) {
    size_t runs = 0;
    (void)container_bytes(list, start, end, &runs);
    if (runs > 0) {
        put_u16(out, (uint32_t)runs);
        for (size_t i = start, next; i < end; i = next) {
            for (next = i + 1; next < end && list->numbers[next] == list->numbers[next - 1] + 1;)
                next++;
            put_u16(out, list->numbers[i] & 0xFFFF);
            put_u16(out, (uint32_t)(next - i - 1));
        }
    } else if (end - start <= ARRAY_MAX) {
        for (size_t i = start; i < end; i++)
            put_u16(out, list->numbers[i] & 0xFFFF);
    } else {
        uint8_t bits[BITS_BYTES] = {0};
        for (size_t i = start; i < end; i++)
            bits[(list->numbers[i] & 0xFFFF) / 8] |= (uint8_t)(1u << (list->numbers[i] & 7));
        weir_builder_add(out, (const char *)bits, sizeof(bits));
    }
}

void weir_bitmap_pack(const weir_numbers *list, weir_builder *out) {
    uint32_t containers = 0, with_runs = 0;
    size_t runs = 0;
    for (size_t at = 0, end; at < list->count; at = end) {
        end = container_end(list, at);
        containers++;
        (void)container_bytes(list, at, end, &runs);
        with_runs += runs > 0;
    }
    size_t header = with_runs > 0 ? 4 + (containers + 7) / 8 : 8;
    bool offsets = with_runs == 0 || containers >= OFFSETS_FROM;
    put_u32(out, with_runs > 0 ? COOKIE_RUNS | (containers - 1) << 16 : COOKIE_PLAIN);
    if (with_runs == 0)
        put_u32(out, containers);
    uint32_t flags = 0, index = 0;
    for (size_t at = 0, end; with_runs > 0 && at < list->count; at = end) {
        end = container_end(list, at);
        (void)container_bytes(list, at, end, &runs);
        flags |= (uint32_t)(runs > 0) << (index & 7);
        if ((++index & 7) == 0 || end == list->count) {
            weir_builder_char(out, (char)flags);
            flags = 0;
        }
    }
    for (size_t at = 0, end; at < list->count; at = end) {
        end = container_end(list, at);
        put_u16(out, list->numbers[at] >> 16);
        put_u16(out, (uint32_t)(end - at - 1));
    }
    size_t offset = header + 4 * (size_t)containers + (offsets ? 4 * (size_t)containers : 0);
    for (size_t at = 0, end; offsets && at < list->count; at = end) {
        end = container_end(list, at);
        put_u32(out, (uint32_t)offset);
        offset += container_bytes(list, at, end, &runs);
    }
    for (size_t at = 0, end; at < list->count; at = end) {
        end = container_end(list, at);
        put_container(list, at, end, out);
    }
}

/* ---- unpacking ---- */

typedef struct byte_reader {
    const uint8_t *data;
    size_t size, at;
    bool bad;
} byte_reader;

static uint32_t get_u16(byte_reader *reader) {
    if (reader->size - reader->at < 2) {
        reader->bad = true;
        return 0;
    }
    uint32_t value = reader->data[reader->at] | (uint32_t)reader->data[reader->at + 1] << 8;
    reader->at += 2;
    return value;
}

static uint32_t get_u32(byte_reader *reader) {
    uint32_t low = get_u16(reader);
    return low | get_u16(reader) << 16;
}

static void unpack_container(byte_reader *reader, uint32_t key, uint32_t cardinality, bool runs, weir_numbers *list) {
    uint32_t high = key << 16;
    if (runs) {
        uint32_t count = get_u16(reader), least = 0; /* runs that go back are refused before they are written out */
        for (uint32_t i = 0; i < count && !reader->bad; i++) {
            uint32_t start = get_u16(reader), end = start + get_u16(reader) + 1;
            reader->bad = reader->bad || start < least || end > 65536;
            for (uint32_t k = start; k < end && !reader->bad && !list->failed; k++)
                weir_numbers_add(list, high | k);
            least = end;
        }
    } else if (cardinality <= ARRAY_MAX) {
        for (uint32_t i = 0; i < cardinality && !reader->bad; i++)
            weir_numbers_add(list, high | get_u16(reader));
    } else if (reader->size - reader->at < BITS_BYTES) {
        reader->bad = true;
    } else {
        for (uint32_t i = 0; i <= 0xFFFF; i++)
            if (reader->data[reader->at + i / 8] >> (i & 7) & 1)
                weir_numbers_add(list, high | i);
        reader->at += BITS_BYTES;
    }
}

static bool ascending(const weir_numbers *list) {
    for (size_t i = 1; i < list->count; i++)
        if (list->numbers[i - 1] >= list->numbers[i])
            return false;
    return true;
}

bool weir_bitmap_unpack(weir_text bytes, weir_numbers *list) {
    byte_reader reader = {.data = (const uint8_t *)bytes.data, .size = bytes.size};
    uint32_t cookie = get_u32(&reader);
    bool runs = (cookie & 0xFFFF) == COOKIE_RUNS;
    if (reader.bad || (!runs && cookie != COOKIE_PLAIN))
        return false;
    uint32_t containers = runs ? (cookie >> 16) + 1 : get_u32(&reader);
    const uint8_t *flags = reader.data + reader.at;
    size_t flag_bytes = runs ? (containers + 7) / 8 : 0, left = reader.size - reader.at;
    if (reader.bad || containers > 65536 || left < flag_bytes || left - flag_bytes < 4 * (size_t)containers)
        return false;
    byte_reader heads = {.data = reader.data, .size = reader.size, .at = reader.at + flag_bytes};
    reader.at = heads.at + 4 * (size_t)containers;
    size_t offset_bytes = !runs || containers >= OFFSETS_FROM ? 4 * (size_t)containers : 0;
    if (reader.size - reader.at < offset_bytes)
        return false;
    reader.at += offset_bytes;
    list->count = 0;
    for (uint32_t i = 0; i < containers && !reader.bad && !list->failed; i++) {
        uint32_t key = get_u16(&heads), cardinality = get_u16(&heads) + 1;
        unpack_container(&reader, key, cardinality, runs && (flags[i / 8] >> (i & 7) & 1), list);
    }
    return !reader.bad && ascending(list);
}

void weir_numbers_print(const weir_numbers *list, weir_builder *out) {
    weir_builder_char(out, '{');
    for (size_t i = 0; i < list->count; i++)
        weir_builder_format(out, i > 0 ? ",%u" : "%u", list->numbers[i]);
    weir_builder_char(out, '}');
}

void weir_bitmap_print(weir_text bytes, weir_builder *out) {
    weir_numbers list = {.memory = out->memory};
    (void)weir_bitmap_unpack(bytes, &list);
    weir_numbers_print(&list, out);
    out->failed |= list.failed;
    weir_numbers_release(&list);
}
