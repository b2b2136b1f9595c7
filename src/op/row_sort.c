/* Word-by-word sorting; see row_sort.h.
 *
 * A NULL has the least word of a key of its own: word 0 of a key that has NULLs among the rows being sorted is a marker (0, 1, 2: NULL
 * first, value, NULL last); where no row is NULL, it is skipped.
 */
#include "op/row_sort.h"

#include <string.h>

enum { INSERTION_MOST = 24, RADIX_LEAST = 1024 };

typedef enum word_kind { WORD_NULL, WORD_VALUE } word_kind;

/* Where the sort stands within the keys. */
typedef struct sort_level {
    uint32_t key;
    word_kind kind;
    uint32_t word; /* of the value */
} sort_level;

bool weir_row_sort_able(const weir_type *const *types, const weir_sort_key *keys, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        weir_layout layout = weir_type_layout(types[keys[i].column]);
        if (layout == WEIR_LAYOUT_SPAN || (layout == WEIR_LAYOUT_NONE && types[keys[i].column]->kind != WEIR_KIND_NULL))
            return false;
    }
    return true;
}

static uint64_t double_word(double value) {
    if (value != value)
        return UINT64_MAX; /* NaN above all */
    if (value == 0)
        value = 0; /* -0.0 */
    uint64_t bits;
    memcpy(&bits, &value, 8);
    return bits >> 63 ? ~bits : bits | UINT64_C(1) << 63;
}

static uint64_t text_word(const weir_view *view, uint32_t word) {
    weir_text text = weir_view_text(view);
    size_t from = (size_t)word * 8;
    if (from >= text.size)
        return 0;
    size_t left = text.size - from;
    uint64_t value = 0;
    memcpy(&value, text.data + from, left < 8 ? left : 8);
    return __builtin_bswap64(value);
}

#define SIGN (UINT64_C(1) << 63)

/* Word `word` of a valid value. */
static uint64_t value_word(const weir_column *column, uint32_t row, uint32_t word) {
    switch (column->layout) {
    case WEIR_LAYOUT_U8: return WEIR_VALUES(column, uint8_t)[row];
    case WEIR_LAYOUT_I8: return (uint64_t)(int64_t)WEIR_VALUES(column, int8_t)[row] ^ SIGN;
    case WEIR_LAYOUT_I16: return (uint64_t)(int64_t)WEIR_VALUES(column, int16_t)[row] ^ SIGN;
    case WEIR_LAYOUT_I32: return (uint64_t)(int64_t)WEIR_VALUES(column, int32_t)[row] ^ SIGN;
    case WEIR_LAYOUT_I64: return (uint64_t)WEIR_VALUES(column, int64_t)[row] ^ SIGN;
    case WEIR_LAYOUT_F32: return double_word(WEIR_VALUES(column, float)[row]);
    case WEIR_LAYOUT_F64: return double_word(WEIR_VALUES(column, double)[row]);
    case WEIR_LAYOUT_I128: {
        weir_u128 value = WEIR_VALUES(column, weir_u128)[row];
        return word == 0 ? (uint64_t)(value >> 64) ^ SIGN : (uint64_t)value;
    }
    case WEIR_LAYOUT_TIMESTAMP_NS: {
        const weir_timestamp_ns *value = &WEIR_VALUES(column, weir_timestamp_ns)[row];
        return word == 0 ? (uint64_t)value->milliseconds ^ SIGN : (uint64_t)value->nanoseconds;
    }
    case WEIR_LAYOUT_VIEW: return text_word(&WEIR_VALUES(column, weir_view)[row], word);
    default: return 0;
    }
}

#define WORDS(expression)                                                                      \
    for (uint32_t k = 0; k < count; k++) {                                                     \
        const weir_column *column = weir_row_store_column(store, key->column, entries[k].row); \
        uint32_t row = weir_row_store_at(entries[k].row);                                      \
        entries[k].word = (expression) ^ turn;                                                 \
    }

/* Fill in the words of a value level; all rows are valid. */
static void words_load(const weir_row_store *store, const weir_sort_key *key, uint32_t word, weir_layout layout, weir_sort_entry *entries,
                       uint32_t count) {
    uint64_t turn = key->descending ? UINT64_MAX : 0;
    switch (layout) {
    case WEIR_LAYOUT_I32: WORDS((uint64_t)(int64_t)WEIR_VALUES(column, int32_t)[row] ^ SIGN); return;
    case WEIR_LAYOUT_I64: WORDS((uint64_t)WEIR_VALUES(column, int64_t)[row] ^ SIGN); return;
    case WEIR_LAYOUT_F64: WORDS(double_word(WEIR_VALUES(column, double)[row])); return;
    case WEIR_LAYOUT_VIEW: WORDS(text_word(&WEIR_VALUES(column, weir_view)[row], word)); return;
    default: WORDS(value_word(column, row, word)); return;
    }
}

static bool any_null(const weir_row_store *store, const weir_sort_key *key, const weir_sort_entry *entries, uint32_t count) {
    if (!store->types[key->column]->nullable && store->types[key->column]->kind != WEIR_KIND_NULL)
        return false;
    for (uint32_t k = 0; k < count; k++)
        if (!weir_column_is_valid(weir_row_store_column(store, key->column, entries[k].row), weir_row_store_at(entries[k].row)))
            return true;
    return false;
}

static void nulls_load(const weir_row_store *store, const weir_sort_key *key, weir_sort_entry *entries, uint32_t count) {
    uint64_t null_word = key->nulls_last ? 2 : 0;
    for (uint32_t k = 0; k < count; k++)
        entries[k].word = weir_column_is_valid(weir_row_store_column(store, key->column, entries[k].row), weir_row_store_at(entries[k].row))
                              ? 1
                              : null_word;
}

static void insertion(weir_sort_entry *entries, uint32_t count) {
    for (uint32_t i = 1; i < count; i++) {
        weir_sort_entry entry = entries[i];
        uint32_t k = i;
        for (; k > 0 && entries[k - 1].word > entry.word; k--)
            entries[k] = entries[k - 1];
        entries[k] = entry;
    }
}

static void merge_sort(weir_sort_entry *entries, weir_sort_entry *scratch, uint32_t count) {
    if (count <= INSERTION_MOST) {
        insertion(entries, count);
        return;
    }
    uint32_t half = count / 2;
    merge_sort(entries, scratch, half);
    merge_sort(entries + half, scratch, count - half);
    if (entries[half - 1].word <= entries[half].word)
        return;
    memcpy(scratch, entries, half * sizeof(weir_sort_entry));
    for (uint32_t a = 0, b = half, out = 0; a < half; out++)
        entries[out] = b < count && entries[b].word < scratch[a].word ? entries[b++] : scratch[a++];
}

/* Least byte first; bytes that all words share are skipped. */
static void radix_sort(weir_sort_entry *entries, weir_sort_entry *scratch, uint32_t count) {
    uint64_t all = entries[0].word, any = all;
    for (uint32_t k = 1; k < count; k++) {
        all &= entries[k].word;
        any |= entries[k].word;
    }
    uint64_t differ = all ^ any;
    weir_sort_entry *from = entries, *to = scratch;
    for (uint32_t shift = 0; shift < 64; shift += 8) {
        if ((differ >> shift & 0xFF) == 0)
            continue;
        uint32_t starts[256] = {0};
        for (uint32_t k = 0; k < count; k++)
            starts[from[k].word >> shift & 0xFF]++;
        for (uint32_t digit = 0, sum = 0; digit < 256; digit++) {
            uint32_t size = starts[digit];
            starts[digit] = sum;
            sum += size;
        }
        for (uint32_t k = 0; k < count; k++)
            to[starts[from[k].word >> shift & 0xFF]++] = from[k];
        weir_sort_entry *swap = from;
        from = to;
        to = swap;
    }
    if (from != entries)
        memcpy(entries, from, count * sizeof(weir_sort_entry));
}

static void sort_words(weir_sort_entry *entries, weir_sort_entry *scratch, uint32_t count) {
    bool sorted = true;
    for (uint32_t k = 1; k < count && sorted; k++)
        sorted = entries[k - 1].word <= entries[k].word;
    if (sorted)
        return;
    if (count < RADIX_LEAST)
        merge_sort(entries, scratch, count);
    else
        radix_sort(entries, scratch, count);
}

/* How many words the values of a key have, at most, among the rows. Text: the octets of the longest, and one for the size. */
static uint32_t value_words(const weir_row_store *store, const weir_sort_key *key, weir_layout layout, const weir_sort_entry *entries,
                            uint32_t count) {
    if (layout == WEIR_LAYOUT_NONE)
        return 0;
    if (layout == WEIR_LAYOUT_I128 || layout == WEIR_LAYOUT_TIMESTAMP_NS)
        return 2;
    if (layout != WEIR_LAYOUT_VIEW)
        return 1;
    uint32_t most = 0;
    for (uint32_t k = 0; k < count; k++) {
        uint32_t size =
            WEIR_VALUES(weir_row_store_column(store, key->column, entries[k].row), weir_view)[weir_row_store_at(entries[k].row)].size;
        most = size > most ? size : most;
    }
    return (most + 7) / 8 + 1;
}

static void sizes_load(const weir_row_store *store, const weir_sort_key *key, weir_sort_entry *entries, uint32_t count) {
    uint64_t turn = key->descending ? UINT64_MAX : 0;
    for (uint32_t k = 0; k < count; k++)
        entries[k].word =
            WEIR_VALUES(weir_row_store_column(store, key->column, entries[k].row), weir_view)[weir_row_store_at(entries[k].row)].size ^
            turn;
}

static void sort_level_run(const weir_row_sorter *sorter, weir_sort_entry *entries, uint32_t count, sort_level level);

/* Sort by the words that are loaded, then each run of equal ones by the next level. */
static void sort_runs(const weir_row_sorter *sorter, weir_sort_entry *entries, uint32_t count, sort_level next) {
    sort_words(entries, sorter->scratch, count);
    for (uint32_t from = 0; from < count;) {
        uint64_t word = entries[from].word;
        uint32_t to = from + 1;
        while (to < count && entries[to].word == word)
            to++;
        /* Loading the next words overwrites this run's only. */
        entries[from].group = 1;
        for (uint32_t k = from + 1; k < to; k++)
            entries[k].group = 0;
        if (to - from > 1)
            sort_level_run(sorter, entries + from, to - from, next);
        from = to;
    }
}

/* Load the words of a level. False: the level has nothing that could tell the rows apart. Moves `next` to the level behind. */
static bool level_load(const weir_row_sorter *sorter, weir_sort_entry *entries, uint32_t count, sort_level level, sort_level *next) {
    const weir_row_store *store = sorter->store;
    const weir_sort_key *key = &sorter->keys[level.key];
    weir_layout layout = weir_type_layout(store->types[key->column]);
    *next = (sort_level){level.key + 1, WORD_NULL, 0};
    if (level.kind == WORD_NULL) {
        *next = (sort_level){level.key, WORD_VALUE, 0};
        if (!any_null(store, key, entries, count))
            return false;
        nulls_load(store, key, entries, count);
        return true;
    }
    if (!weir_column_is_valid(weir_row_store_column(store, key->column, entries[0].row), weir_row_store_at(entries[0].row)))
        return false; /* a run of NULLs: all equal in this key */
    uint32_t words = value_words(store, key, layout, entries, count);
    if (words == 0)
        return false;
    if (layout == WEIR_LAYOUT_VIEW && level.word + 1 >= words) {
        sizes_load(store, key, entries, count);
        return true;
    }
    if (level.word + 1 < words)
        *next = (sort_level){level.key, WORD_VALUE, level.word + 1};
    words_load(store, key, level.word, layout, entries, count);
    return true;
}

static void sort_level_run(const weir_row_sorter *sorter, weir_sort_entry *entries, uint32_t count, sort_level level) {
    while (level.key < sorter->key_count) {
        sort_level next;
        bool loaded = level_load(sorter, entries, count, level, &next);
        level = next;
        if (!loaded)
            continue;
        bool all_equal = true; /* then go on here: a long common beginning must not become deep recursion */
        for (uint32_t k = 1; k < count && all_equal; k++)
            all_equal = entries[k].word == entries[0].word;
        if (all_equal)
            continue;
        sort_runs(sorter, entries, count, next);
        return;
    }
}

void weir_row_sort(const weir_row_sorter *sorter, weir_sort_entry *entries, uint32_t count) {
    if (count == 0)
        return;
    for (uint32_t k = 0; k < count; k++)
        entries[k].group = k == 0;
    if (count > 1)
        sort_level_run(sorter, entries, count, (sort_level){0, WORD_NULL, 0});
}

void weir_row_sort_words(const weir_sort_key *key, const weir_column *column, const weir_rows *rows, uint64_t *words) {
    uint64_t turn = key->descending ? UINT64_MAX : 0;
    uint32_t position = 0;
    WEIR_FOR_ROWS(rows, row, {
        if (!weir_column_is_valid(column, row))
            words[position++] = key->nulls_last ? UINT64_MAX : 0;
        else
            words[position++] = value_word(column, row, 0) ^ turn;
    });
}
