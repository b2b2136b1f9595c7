/* Entries by key; see keyed.h. The entries lie in state pages, in a list in order of creation; the index lies beside them and can be made
 * again from the list.
 *
 *     entry:  [head: itself, next, previous, key size] [value, value_bytes] [key, compact bytes]
 *     index:  extendible hashing (Fagin et al., TODS 1979): a directory by the high bits of the hash leads to segments of up to 1024
 *             slots, each an open-addressing table by the low bits. A full segment splits alone, so that no row ever waits for the whole
 *             table to move. A slot holds the hash and the entry: a probe that misses reads no entry.
 *
 * Keys of one or two fixed-width columns of up to 8 bytes and of one text column are hashed and compared without being encoded first; the
 * bytes stored are the codec's all the same.
 */
#include "state/keyed.h"

#include <assert.h>
#include <string.h>

#include "base/hash.h"
#include "base/word.h"
#include "state/codec_int.h"
#include "state/state_int.h"

enum {
    SEGMENT_SLOTS_FIRST = 16,
    SEGMENT_SLOTS_MAX = 1024,
    PREFETCH_SLOT_ROWS = 24,
    PREFETCH_ENTRY_ROWS = 10,
    DEPTH_MAX = 40,
    SKIP_ENTRIES = 8
};

/* WORD, PAIR: one or two fixed-width columns of up to 8 bytes; TEXT: one text column. */
typedef enum keyed_mode { KEYED_BYTES, KEYED_WORD, KEYED_PAIR, KEYED_TEXT } keyed_mode;

typedef struct entry {
    weir_ref self;
    weir_ref next, previous;
    uint32_t key_bytes;
    uint32_t skip; /* the entry that comes SKIP_ENTRIES later, for a walk to fetch ahead; only a hint: it may be gone */
} entry;

typedef struct slot {
    uint64_t hash; /* KEYED_WORD: the word itself, so that a probe reads no entry */
    entry *entry;  /* NULL: empty */
} slot;

typedef struct segment {
    uint32_t slots; /* power of two */
    uint32_t used;
    uint32_t depth; /* bits of the directory that it stands for */
    uint32_t zero;
    slot at[];
} segment;

typedef struct keyed_root {
    weir_ref first, last;
    uint64_t count;
} keyed_root;

struct weir_keyed {
    weir_state *state;
    const weir_codec *codec; /* columns 0 .. key_count-1 of the gathered keys */
    keyed_mode mode;
    uint32_t key_count;
    uint32_t word_bytes[2]; /* KEYED_WORD, KEYED_PAIR */
    weir_layout layouts[2];
    entry *null_entry; /* KEYED_WORD: the entry of NULL, which has no word */
    uint32_t value_bytes;
    uint32_t key_offset; /* from the entry */
    weir_ref root;
    weir_ref sweep_at; /* the entry that weir_keyed_sweep comes to next; 0: it has not begun */
    bool sweep_ended;  /* it has come to the end, which the next call says */
    segment **directory;
    uint32_t depth;
    entry *made[SKIP_ENTRIES], *walked[SKIP_ENTRIES]; /* the entries made, walked over last; NULL where removed */
    uint32_t made_at, walked_at;
    /* scratch of one batch */
    uint64_t *hashes;
    uint32_t *offsets, *sizes;
    size_t scratch_rows;
    weir_builder encoded;
    weir_column **gathered; /* [key_count] */
};

/* A key on its way in: its compact bytes, or what they will be made of. */
typedef struct probe {
    uint64_t hash;
    const char *bytes; /* KEYED_BYTES: the key; KEYED_TEXT: the text */
    uint32_t size;
    uint8_t nulls; /* the bitmap of the key; not KEYED_BYTES */
    uint64_t words[2];
} probe;

static keyed_root *root_of(const weir_keyed *keyed) { return state_at(keyed->state, keyed->root); }
static inline entry *entry_of(const void *value) { return (entry *)((char *)(uintptr_t)value - sizeof(entry)); }
static inline void *value_of(entry *at) { return (char *)at + sizeof(entry); }
static inline const char *key_of(const weir_keyed *keyed, const entry *at) { return (const char *)at + keyed->key_offset; }

enum { NULL_HASH = 0x2F90404F };

static inline uint64_t pair_hash(const probe *of) { return weir_hash_combine(weir_hash_u64(of->words[0] ^ of->nulls), of->words[1]); }
static inline uint64_t text_hash(bool null, const char *data, size_t size) { return null ? NULL_HASH : weir_hash_bytes(data, size); }

static inline uint64_t word_at(const char *bytes, uint32_t size) {
    uint64_t word; /* blocks of keys are padded, so that 8 bytes may be read */
    memcpy(&word, bytes, 8);
    return size == 8 ? word : word & ((UINT64_C(1) << 8 * size) - 1);
}

static probe probe_of_bytes(const weir_keyed *keyed, const char *key, size_t size) {
    probe of = {.bytes = key, .size = (uint32_t)size};
    if (keyed->mode == KEYED_BYTES) {
        of.hash = weir_hash_bytes(key, size);
        return of;
    }
    of.nulls = (uint8_t)key[0];
    if (keyed->mode == KEYED_TEXT) {
        of.bytes = key + 5;
        of.size = (uint32_t)size - 5;
        of.hash = text_hash(of.nulls, of.bytes, of.size);
        return of;
    }
    memcpy(&of.words[0], key + 1, keyed->word_bytes[0]);
    memcpy(&of.words[1], key + 1 + keyed->word_bytes[0], keyed->word_bytes[1]);
    of.hash = keyed->mode == KEYED_WORD ? weir_hash_u64(of.words[0]) : pair_hash(&of);
    return of;
}

/* ---- index ---- */

static segment *segment_new(weir_keyed *keyed, uint32_t slots, uint32_t depth) {
    segment *made = weir_memory_zalloc(keyed->state->memory, sizeof(segment) + slots * sizeof(slot));
    if (made != NULL) {
        made->slots = slots;
        made->depth = depth;
    }
    return made;
}

static void segment_free(weir_keyed *keyed, segment *old) {
    weir_memory_free(keyed->state->memory, old, sizeof(segment) + old->slots * sizeof(slot));
}

static inline size_t directory_index(const weir_keyed *keyed, uint64_t hash) {
    return keyed->depth == 0 ? 0 : (size_t)(hash >> (64 - keyed->depth));
}

static inline uint64_t slot_hash(const weir_keyed *keyed, const slot *of) {
    return keyed->mode == KEYED_WORD ? weir_hash_u64(of->hash) : of->hash;
}

static void segment_put(segment *in, uint64_t hash, slot item) {
    uint32_t mask = in->slots - 1, at = (uint32_t)hash & mask;
    while (in->at[at].entry != NULL)
        at = (at + 1) & mask;
    in->at[at] = item;
    in->used++;
}

static bool segment_widen(weir_keyed *keyed, size_t index) {
    segment *old = keyed->directory[index];
    segment *wider = segment_new(keyed, old->slots * 2, old->depth);
    if (wider == NULL)
        return false;
    for (uint32_t i = 0; i < old->slots; i++)
        if (old->at[i].entry != NULL)
            segment_put(wider, slot_hash(keyed, &old->at[i]), old->at[i]);
    size_t span = (size_t)1 << (keyed->depth - old->depth), from = index & ~(span - 1);
    for (size_t i = 0; i < span; i++)
        keyed->directory[from + i] = wider;
    segment_free(keyed, old);
    return true;
}

static bool directory_double(weir_keyed *keyed) {
    size_t count = (size_t)1 << keyed->depth;
    segment **wider = weir_memory_alloc(keyed->state->memory, 2 * count * sizeof(segment *));
    if (wider == NULL)
        return false;
    for (size_t i = 0; i < count; i++)
        wider[2 * i] = wider[2 * i + 1] = keyed->directory[i];
    weir_memory_free(keyed->state->memory, keyed->directory, count * sizeof(segment *));
    keyed->directory = wider;
    keyed->depth++;
    return true;
}

static bool segment_split(weir_keyed *keyed, uint64_t hash) {
    segment *old = keyed->directory[directory_index(keyed, hash)];
    if (old->depth == keyed->depth && !directory_double(keyed))
        return false;
    segment *low = segment_new(keyed, old->slots, old->depth + 1), *high = segment_new(keyed, old->slots, old->depth + 1);
    if (low == NULL || high == NULL) {
        if (low != NULL)
            segment_free(keyed, low);
        if (high != NULL)
            segment_free(keyed, high);
        return false;
    }
    for (uint32_t i = 0; i < old->slots; i++) {
        if (old->at[i].entry == NULL)
            continue;
        uint64_t moved = slot_hash(keyed, &old->at[i]);
        segment_put(moved >> (63 - old->depth) & 1 ? high : low, moved, old->at[i]);
    }
    size_t span = (size_t)1 << (keyed->depth - old->depth), from = directory_index(keyed, hash) & ~(span - 1);
    for (size_t i = 0; i < span; i++)
        keyed->directory[from + i] = i < span / 2 ? low : high;
    segment_free(keyed, old);
    return true;
}

/* Room for one more entry where `hash` leads. Hashes that agree in very many high bits only make a segment longer. */
static bool index_room(weir_keyed *keyed, uint64_t hash) {
    for (;;) {
        size_t index = directory_index(keyed, hash);
        segment *in = keyed->directory[index];
        if (in->used < in->slots - in->slots / 4)
            return true;
        bool widen = in->slots < SEGMENT_SLOTS_MAX || in->depth >= DEPTH_MAX;
        if (!(widen ? segment_widen(keyed, index) : segment_split(keyed, hash)))
            return false;
    }
}

static void index_put(weir_keyed *keyed, const probe *of, entry *item) {
    if (keyed->mode == KEYED_WORD && of->nulls)
        keyed->null_entry = item;
    else
        segment_put(keyed->directory[directory_index(keyed, of->hash)], of->hash,
                    (slot){keyed->mode == KEYED_WORD ? of->words[0] : of->hash, item});
}

/* Take the slot of `item` out; later ones of the same run move up, so that there are no marks of the deleted. */
static void index_remove(weir_keyed *keyed, const probe *of, const entry *item) {
    if (keyed->null_entry == item) {
        keyed->null_entry = NULL;
        return;
    }
    uint64_t hash = of->hash;
    segment *in = keyed->directory[directory_index(keyed, hash)];
    uint32_t mask = in->slots - 1, at = (uint32_t)hash & mask;
    while (in->at[at].entry != item)
        at = (at + 1) & mask;
    uint32_t hole = at;
    for (at = (at + 1) & mask; in->at[at].entry != NULL; at = (at + 1) & mask) {
        uint32_t home = (uint32_t)slot_hash(keyed, &in->at[at]) & mask;
        if (((at - home) & mask) < ((at - hole) & mask))
            continue;
        in->at[hole] = in->at[at];
        hole = at;
    }
    in->at[hole] = (slot){0, NULL};
    in->used--;
}

static inline __attribute__((always_inline)) bool key_equal(const weir_keyed *keyed, keyed_mode mode, const entry *item, const probe *of) {
    const char *key = key_of(keyed, item);
    if (mode == KEYED_PAIR)
        return word_at(key + 1, keyed->word_bytes[0]) == of->words[0] && (uint8_t)key[0] == of->nulls &&
               word_at(key + 1 + keyed->word_bytes[0], keyed->word_bytes[1]) == of->words[1];
    if (mode == KEYED_TEXT)
        return (uint8_t)key[0] == of->nulls && item->key_bytes == of->size + 5 && weir_bytes_equal(key + 5, of->bytes, of->size);
    return item->key_bytes == of->size && weir_bytes_equal(key, of->bytes, of->size);
}

static inline __attribute__((always_inline)) entry *index_find(const weir_keyed *keyed, keyed_mode mode, const probe *of) {
    const segment *in = keyed->directory[directory_index(keyed, of->hash)];
    uint32_t mask = in->slots - 1, at = (uint32_t)of->hash & mask;
    if (mode == KEYED_WORD) {
        if (of->nulls)
            return keyed->null_entry;
        while (in->at[at].entry != NULL && in->at[at].hash != of->words[0])
            at = (at + 1) & mask;
        return in->at[at].entry;
    }
    for (; in->at[at].entry != NULL; at = (at + 1) & mask)
        if (in->at[at].hash == of->hash && key_equal(keyed, mode, in->at[at].entry, of))
            return in->at[at].entry;
    return NULL;
}

/* ---- entries ---- */

static size_t key_size_of(const weir_keyed *keyed, const probe *of) {
    switch (keyed->mode) {
    case KEYED_WORD:
    case KEYED_PAIR: return 1 + (size_t)keyed->word_bytes[0] + keyed->word_bytes[1];
    case KEYED_TEXT: return 5 + (size_t)of->size;
    case KEYED_BYTES: break;
    }
    return of->size;
}

/* Words are read 8 bytes at a time, whatever their width. */
static size_t block_bytes(const weir_keyed *keyed, size_t key_bytes) {
    size_t words = keyed->mode == KEYED_WORD ? 16 : keyed->mode == KEYED_PAIR ? 24 : (key_bytes + 7) & ~(size_t)7;
    return keyed->key_offset + words;
}

static void key_put(const weir_keyed *keyed, const probe *of, char *out) {
    if (keyed->mode == KEYED_BYTES) {
        if (of->size > 0)
            memcpy(out, of->bytes, of->size);
        return;
    }
    out[0] = (char)of->nulls;
    if (keyed->mode != KEYED_TEXT) {
        memcpy(out + 1, &of->words[0], keyed->word_bytes[0]);
        memcpy(out + 1 + keyed->word_bytes[0], &of->words[1], keyed->word_bytes[1]);
        return;
    }
    memcpy(out + 1, &of->size, 4);
    if (of->size > 0)
        memcpy(out + 5, of->bytes, of->size);
}

/* A reference in 32 bits: small blocks lie 8-byte aligned in pages of up to 256 KiB. 0: none, or it does not fit. */
static inline uint32_t skip_of(weir_ref ref) {
    uint64_t page = ref >> 32, offset = (uint32_t)ref / 8;
    return page < 1u << 17 && offset < 1u << 15 ? (uint32_t)(page << 15 | offset) : 0;
}

/* `item` comes SKIP_ENTRIES after the oldest of the recent ones. */
static inline void skip_note(entry **recent, uint32_t *at, entry *item) {
    if (recent[*at] != NULL)
        recent[*at]->skip = skip_of(item->self);
    recent[*at] = item;
    *at = (*at + 1) % SKIP_ENTRIES;
}

/* The lines of the entry that a walk will come to. A hint may lead anywhere in the pages: fetching does no harm. */
static inline void skip_fetch(const weir_keyed *keyed, uint32_t skip) {
    if (skip == 0)
        return;
    const char *at = keyed->state->pages[skip >> 15].data + (size_t)(skip & 0x7FFF) * 8;
    uint32_t bytes = keyed->key_offset < 256 ? keyed->key_offset : 256;
    for (uint32_t k = 0; k <= bytes; k += 64)
        __builtin_prefetch(at + k);
}

static entry *entry_add(weir_keyed *keyed, const probe *of) {
    if (!index_room(keyed, of->hash))
        return NULL;
    size_t key_bytes = key_size_of(keyed, of);
    weir_ref self = weir_state_alloc(keyed->state, block_bytes(keyed, key_bytes));
    if (self == 0)
        return NULL;
    entry *item = state_at(keyed->state, self);
    keyed_root *root = weir_state_write(keyed->state, keyed->root);
    item->self = self;
    item->previous = root->last;
    item->key_bytes = (uint32_t)key_bytes;
    key_put(keyed, of, (char *)item + keyed->key_offset);
    if (root->last != 0)
        ((entry *)weir_state_write(keyed->state, root->last))->next = self;
    else
        root->first = self;
    root->last = self;
    root->count++;
    index_put(keyed, of, item);
    skip_note(keyed->made, &keyed->made_at, item);
    return item;
}

void weir_keyed_remove(weir_keyed *keyed, void *value) {
    entry *item = entry_of(value);
    keyed_root *root = weir_state_write(keyed->state, keyed->root);
    probe of = probe_of_bytes(keyed, key_of(keyed, item), item->key_bytes);
    index_remove(keyed, &of, item);
    for (uint32_t i = 0; i < SKIP_ENTRIES; i++)
        keyed->made[i] = keyed->made[i] == item ? NULL : keyed->made[i];
    for (uint32_t i = 0; i < SKIP_ENTRIES; i++)
        keyed->walked[i] = keyed->walked[i] == item ? NULL : keyed->walked[i];
    if (item->previous != 0)
        ((entry *)weir_state_write(keyed->state, item->previous))->next = item->next;
    else
        root->first = item->next;
    if (item->next != 0)
        ((entry *)weir_state_write(keyed->state, item->next))->previous = item->previous;
    else
        root->last = item->previous;
    root->count--;
    if (keyed->sweep_at == item->self) {
        keyed->sweep_at = item->next;
        keyed->sweep_ended = item->next == 0;
    }
    weir_state_free(keyed->state, item->self, block_bytes(keyed, item->key_bytes));
}

/* ---- life ---- */

static void mode_set(weir_keyed *keyed, const weir_type *const *types, uint32_t count) {
    bool words = count == 1 || count == 2;
    for (uint32_t i = 0; i < count && i < 2; i++) {
        keyed->layouts[i] = weir_type_layout(types[i]);
        keyed->word_bytes[i] = weir_layout_bytes(keyed->layouts[i]);
        words &= keyed->word_bytes[i] > 0 && keyed->word_bytes[i] <= 8 && keyed->layouts[i] != WEIR_LAYOUT_SPAN;
    }
    if (words)
        keyed->mode = count == 1 ? KEYED_WORD : KEYED_PAIR;
    else if (count == 1 && keyed->layouts[0] == WEIR_LAYOUT_VIEW)
        keyed->mode = KEYED_TEXT;
}

/* Entries that were in the state already (restored): index them. */
static bool index_rebuild(weir_keyed *keyed) {
    for (weir_ref at = root_of(keyed)->first; at != 0;) {
        entry *item = state_at(keyed->state, at);
        probe of = probe_of_bytes(keyed, key_of(keyed, item), item->key_bytes);
        if (!index_room(keyed, of.hash))
            return false;
        index_put(keyed, &of, item);
        at = item->next;
    }
    return true;
}

weir_keyed *weir_keyed_create(weir_state *state, weir_arena *arena, const char *name, const weir_type *const *key_types, uint32_t key_count,
                              uint32_t value_bytes) {
    weir_keyed *keyed = WEIR_ARENA_NEW(arena, weir_keyed);
    if (keyed == NULL)
        return NULL;
    const weir_type **types = WEIR_ARENA_ARRAY(arena, const weir_type *, key_count + 1);
    keyed->gathered = WEIR_ARENA_ARRAY(arena, weir_column *, key_count + 1);
    if (types == NULL || keyed->gathered == NULL)
        return NULL;
    for (uint32_t i = 0; i < key_count; i++)
        types[i] = key_types[i];
    keyed->state = state;
    keyed->key_count = key_count;
    keyed->codec = weir_codec_create(arena, types, NULL, key_count);
    keyed->value_bytes = (value_bytes + 7) & ~UINT32_C(7);
    keyed->key_offset = (uint32_t)sizeof(entry) + keyed->value_bytes;
    mode_set(keyed, types, key_count);
    weir_builder_init(&keyed->encoded, state->memory, UINT32_MAX);
    keyed->root = weir_state_root(state, name, sizeof(keyed_root));
    keyed->directory = weir_memory_alloc(state->memory, sizeof(segment *));
    segment *first = keyed->directory == NULL ? NULL : segment_new(keyed, SEGMENT_SLOTS_FIRST, 0);
    if (first != NULL)
        keyed->directory[0] = first;
    if (keyed->codec != NULL && keyed->root != 0 && first != NULL && index_rebuild(keyed))
        return keyed;
    if (first == NULL) {
        weir_memory_free(state->memory, keyed->directory, sizeof(segment *));
        keyed->directory = NULL;
    }
    weir_keyed_destroy(keyed);
    return NULL;
}

void weir_keyed_destroy(weir_keyed *keyed) {
    if (keyed == NULL)
        return;
    weir_memory *memory = keyed->state->memory;
    size_t count = (size_t)1 << keyed->depth;
    for (size_t i = 0; keyed->directory != NULL && i < count;) {
        segment *at = keyed->directory[i];
        i += (size_t)1 << (keyed->depth - at->depth);
        segment_free(keyed, at);
    }
    weir_memory_free(memory, keyed->directory, count * sizeof(segment *));
    keyed->directory = NULL;
    weir_memory_free(memory, keyed->hashes, keyed->scratch_rows * sizeof(uint64_t));
    weir_memory_free(memory, keyed->offsets, keyed->scratch_rows * sizeof(uint32_t));
    weir_memory_free(memory, keyed->sizes, keyed->scratch_rows * sizeof(uint32_t));
    keyed->scratch_rows = 0;
    keyed->hashes = NULL;
    keyed->offsets = keyed->sizes = NULL;
    weir_builder_deinit(&keyed->encoded);
}

/* ---- batches ---- */

static weir_status scratch_room(weir_keyed *keyed, const weir_rows *rows, weir_error *error) {
    size_t needed = rows->count == 0 ? 0 : rows->index == NULL ? rows->count : (size_t)rows->index[rows->count - 1] + 1;
    if (needed <= keyed->scratch_rows)
        return WEIR_OK;
    needed = needed < 64 ? 64 : needed < WEIR_BATCH_ROWS / 2 ? needed * 2 : needed;
    weir_memory *memory = keyed->state->memory;
    uint64_t *hashes = weir_memory_alloc(memory, needed * sizeof(uint64_t));
    uint32_t *offsets = weir_memory_alloc(memory, needed * sizeof(uint32_t)), *sizes = weir_memory_alloc(memory, needed * sizeof(uint32_t));
    if (hashes == NULL || offsets == NULL || sizes == NULL) {
        weir_memory_free(memory, hashes, needed * sizeof(uint64_t));
        weir_memory_free(memory, offsets, needed * sizeof(uint32_t));
        weir_memory_free(memory, sizes, needed * sizeof(uint32_t));
        return weir_fail_memory(error, keyed->state->name, needed * 16);
    }
    weir_memory_free(memory, keyed->hashes, keyed->scratch_rows * sizeof(uint64_t));
    weir_memory_free(memory, keyed->offsets, keyed->scratch_rows * sizeof(uint32_t));
    weir_memory_free(memory, keyed->sizes, keyed->scratch_rows * sizeof(uint32_t));
    keyed->hashes = hashes;
    keyed->offsets = offsets;
    keyed->sizes = sizes;
    keyed->scratch_rows = needed;
    return WEIR_OK;
}

static inline uint64_t word_load(weir_layout layout, const weir_column *column, uint32_t row) {
    switch (layout) {
    case WEIR_LAYOUT_U8:
    case WEIR_LAYOUT_I8: return WEIR_VALUES(column, uint8_t)[row];
    case WEIR_LAYOUT_I16: return WEIR_VALUES(column, uint16_t)[row];
    case WEIR_LAYOUT_I32: return WEIR_VALUES(column, uint32_t)[row];
    case WEIR_LAYOUT_F32: return codec_f32_bits(WEIR_VALUES(column, float)[row]);
    case WEIR_LAYOUT_F64: return codec_f64_bits(WEIR_VALUES(column, double)[row]);
    default: return WEIR_VALUES(column, uint64_t)[row];
    }
}

static inline uint64_t word_of_row(weir_layout layout, const weir_column *column, uint32_t row, uint8_t bit, uint8_t *nulls) {
    if (weir_column_is_valid(column, row))
        return word_load(layout, column, row);
    *nulls |= bit;
    return 0;
}

/* `columns` are those of the keys. */
static inline __attribute__((always_inline)) probe probe_of_row(const weir_keyed *keyed, keyed_mode mode, weir_column *const *columns,
                                                                uint32_t row) {
    probe of = {.hash = keyed->hashes[row]};
    switch (mode) {
    case KEYED_BYTES:
        of.bytes = keyed->encoded.data + keyed->offsets[row];
        of.size = keyed->sizes[row];
        break;
    case KEYED_PAIR: of.words[1] = word_of_row(keyed->layouts[1], columns[1], row, 2, &of.nulls); /* fall through */
    case KEYED_WORD: of.words[0] = word_of_row(keyed->layouts[0], columns[0], row, 1, &of.nulls); break;
    case KEYED_TEXT:
        of.nulls = !weir_column_is_valid(columns[0], row);
        if (!of.nulls) {
            weir_text text = weir_column_text(columns[0], row);
            of.bytes = text.data;
            of.size = (uint32_t)text.size;
        }
        break;
    }
    return of;
}

/* Encode where needed, and hash all rows. */
static weir_status rows_hash(weir_keyed *keyed, weir_column *const *columns, const uint32_t *key_columns, const weir_rows *rows,
                             weir_error *error) {
    WEIR_TRY(scratch_room(keyed, rows, error));
    uint64_t *hashes = keyed->hashes;
    for (uint32_t i = 0; i < keyed->key_count; i++)
        keyed->gathered[i] = columns[key_columns[i]];
    const weir_column *column = keyed->gathered[0];
    if (keyed->mode == KEYED_WORD && keyed->layouts[0] == WEIR_LAYOUT_I64) {
        WEIR_FOR_ROWS(rows, row, { hashes[row] = weir_hash_u64(WEIR_VALUES(column, uint64_t)[row]); });
        return WEIR_OK;
    }
    if (keyed->mode == KEYED_WORD) {
        WEIR_FOR_ROWS(rows, row, { hashes[row] = weir_hash_u64(word_load(keyed->layouts[0], column, row)); });
        return WEIR_OK;
    }
    if (keyed->mode == KEYED_PAIR) {
        WEIR_FOR_ROWS(rows, row, {
            probe of = probe_of_row(keyed, KEYED_PAIR, keyed->gathered, row);
            hashes[row] = pair_hash(&of);
        });
        return WEIR_OK;
    }
    if (keyed->mode == KEYED_TEXT) {
        WEIR_FOR_ROWS(rows, row, {
            weir_text text = weir_column_text(column, row);
            hashes[row] = text_hash(!weir_column_is_valid(column, row), text.data, text.size);
        });
        return WEIR_OK;
    }
    WEIR_TRY(weir_codec_write_rows(keyed->codec, keyed->gathered, rows, &keyed->encoded, keyed->offsets, keyed->sizes, error));
    const char *data = keyed->encoded.data;
    WEIR_FOR_ROWS(rows, row, { hashes[row] = weir_hash_bytes(data + keyed->offsets[row], keyed->sizes[row]); });
    return WEIR_OK;
}

static inline void prefetch_slot(const weir_keyed *keyed, uint64_t hash) {
    const segment *in = keyed->directory[directory_index(keyed, hash)];
    __builtin_prefetch(&in->at[(uint32_t)hash & (in->slots - 1)]);
}

/* The entry is mostly within the cache line of its home slot. */
static inline void prefetch_entry(const weir_keyed *keyed, uint64_t hash) {
    const segment *in = keyed->directory[directory_index(keyed, hash)];
    uint32_t mask = in->slots - 1, at = (uint32_t)hash & mask;
    for (uint32_t k = 0; k < 3; k++, at = (at + 1) & mask) {
        if (in->at[at].hash == hash) {
            __builtin_prefetch(in->at[at].entry);
            return;
        }
    }
}

static inline __attribute__((always_inline)) void prefetch_ahead(const weir_keyed *keyed, keyed_mode mode, const weir_rows *rows,
                                                                 uint32_t k) {
    if (k + PREFETCH_SLOT_ROWS >= rows->count)
        return;
    const uint32_t *index = rows->index;
    uint32_t far = k + PREFETCH_SLOT_ROWS, near = k + PREFETCH_ENTRY_ROWS;
    prefetch_slot(keyed, keyed->hashes[index == NULL ? far : index[far]]);
    if (mode != KEYED_WORD)
        prefetch_entry(keyed, keyed->hashes[index == NULL ? near : index[near]]);
}

/* The one key of nothing: all rows share its entry. */
static weir_status global_upsert(weir_keyed *keyed, const weir_rows *rows, void **values, uint8_t *created, weir_error *error) {
    bool fresh = false;
    void *value = weir_keyed_upsert_bytes(keyed, "", 0, &fresh);
    if (value == NULL)
        return weir_fail_memory(error, keyed->state->name, keyed->value_bytes);
    WEIR_FOR_ROWS(rows, row, { values[row] = value; });
    if (created == NULL)
        return WEIR_OK;
    WEIR_FOR_ROWS(rows, row, { created[row] = 0; });
    created[rows->index == NULL ? 0 : rows->index[0]] = fresh;
    return WEIR_OK;
}

/* Found or made, with the mode known to the compiler. */
static inline __attribute__((always_inline)) weir_status rows_upsert(weir_keyed *keyed, keyed_mode mode, const weir_rows *rows,
                                                                     void **values, uint8_t *created, weir_error *error) {
    for (uint32_t k = 0; k < rows->count; k++) {
        uint32_t row = rows->index == NULL ? k : rows->index[k];
        prefetch_ahead(keyed, mode, rows, k);
        probe of = probe_of_row(keyed, mode, keyed->gathered, row);
        entry *item = index_find(keyed, mode, &of);
        bool fresh = item == NULL;
        if (fresh && (item = entry_add(keyed, &of)) == NULL)
            return weir_fail_memory(error, keyed->state->name, block_bytes(keyed, key_size_of(keyed, &of)));
        values[row] = value_of(item);
        __builtin_prefetch(values[row], 1);
        if (created != NULL)
            created[row] = fresh;
    }
    return WEIR_OK;
}

weir_status weir_keyed_upsert(weir_keyed *keyed, weir_column *const *columns, const uint32_t *key_columns, const weir_rows *rows,
                              void **values, uint8_t *created, weir_error *error) {
    if (rows->count == 0)
        return WEIR_OK;
    if (keyed->key_count == 0)
        return global_upsert(keyed, rows, values, created, error);
    WEIR_TRY(rows_hash(keyed, columns, key_columns, rows, error));
    switch (keyed->mode) {
    case KEYED_WORD: return rows_upsert(keyed, KEYED_WORD, rows, values, created, error);
    case KEYED_PAIR: return rows_upsert(keyed, KEYED_PAIR, rows, values, created, error);
    case KEYED_TEXT: return rows_upsert(keyed, KEYED_TEXT, rows, values, created, error);
    case KEYED_BYTES: break;
    }
    return rows_upsert(keyed, KEYED_BYTES, rows, values, created, error);
}

static inline __attribute__((always_inline)) void rows_find(weir_keyed *keyed, keyed_mode mode, const weir_rows *rows, void **values) {
    for (uint32_t k = 0; k < rows->count; k++) {
        uint32_t row = rows->index == NULL ? k : rows->index[k];
        prefetch_ahead(keyed, mode, rows, k);
        probe of = probe_of_row(keyed, mode, keyed->gathered, row);
        entry *item = index_find(keyed, mode, &of);
        values[row] = item == NULL ? NULL : value_of(item);
        __builtin_prefetch(values[row], 1);
    }
}

weir_status weir_keyed_find(weir_keyed *keyed, weir_column *const *columns, const uint32_t *key_columns, const weir_rows *rows,
                            void **values, weir_error *error) {
    if (rows->count == 0)
        return WEIR_OK;
    WEIR_TRY(rows_hash(keyed, columns, key_columns, rows, error));
    switch (keyed->mode) {
    case KEYED_WORD: rows_find(keyed, KEYED_WORD, rows, values); break;
    case KEYED_PAIR: rows_find(keyed, KEYED_PAIR, rows, values); break;
    case KEYED_TEXT: rows_find(keyed, KEYED_TEXT, rows, values); break;
    case KEYED_BYTES: rows_find(keyed, KEYED_BYTES, rows, values); break;
    }
    return WEIR_OK;
}

/* ---- single keys ---- */

void *weir_keyed_upsert_bytes(weir_keyed *keyed, const char *key, size_t size, bool *created) {
    probe of = probe_of_bytes(keyed, key, size);
    entry *item = index_find(keyed, keyed->mode, &of);
    if (created != NULL)
        *created = item == NULL;
    if (item == NULL)
        item = entry_add(keyed, &of);
    if (item == NULL)
        return NULL;
    state_touch(keyed->state, item->self);
    return value_of(item);
}

void *weir_keyed_find_bytes(weir_keyed *keyed, const char *key, size_t size) {
    probe of = probe_of_bytes(keyed, key, size);
    entry *item = index_find(keyed, keyed->mode, &of);
    return item == NULL ? NULL : value_of(item);
}

void weir_keyed_expect_bytes(const weir_keyed *keyed, const char *key, size_t size) {
    prefetch_slot(keyed, probe_of_bytes(keyed, key, size).hash);
}

void weir_keyed_expect(const weir_keyed *keyed, const void *value) {
    const entry *item = entry_of(value);
    weir_keyed_expect_bytes(keyed, key_of(keyed, item), item->key_bytes);
}

weir_text weir_keyed_key(const weir_keyed *keyed, const void *value) {
    const entry *item = entry_of(value);
    return (weir_text){key_of(keyed, item), item->key_bytes};
}

uint32_t weir_keyed_group(const weir_keyed *keyed, const void *value) {
    weir_text key = weir_keyed_key(keyed, value);
    return (uint32_t)(weir_hash_frozen(key.data, key.size) % keyed->state->key_groups);
}

void weir_keyed_read_key(const weir_keyed *keyed, const void *value, weir_column *const *out, uint32_t row) {
    weir_codec_read(keyed->codec, key_of(keyed, entry_of(value)), out, row);
}

weir_ref weir_keyed_ref(const weir_keyed *keyed, const void *value) {
    (void)keyed;
    return entry_of(value)->self;
}

void *weir_keyed_value(const weir_keyed *keyed, weir_ref ref) {
    state_touch(keyed->state, ref);
    return value_of(state_at(keyed->state, ref));
}

size_t weir_keyed_count(const weir_keyed *keyed) { return root_of(keyed)->count; }

/* The cursor is the next entry, so that the one just returned may go; UINT64_MAX: the end. */
void *weir_keyed_next(weir_keyed *keyed, uint64_t *cursor) {
    if (*cursor == UINT64_MAX)
        return NULL;
    if (*cursor == 0)
        memset(keyed->walked, 0, sizeof keyed->walked);
    weir_ref at = *cursor == 0 ? root_of(keyed)->first : *cursor;
    if (at == 0) {
        *cursor = UINT64_MAX;
        return NULL;
    }
    entry *item = state_at(keyed->state, at);
    *cursor = item->next == 0 ? UINT64_MAX : item->next;
    skip_fetch(keyed, item->skip);
    skip_note(keyed->walked, &keyed->walked_at, item);
    state_touch(keyed->state, at);
    return value_of(item);
}

void *weir_keyed_sweep(weir_keyed *keyed) {
    weir_ref at = keyed->sweep_at != 0 || keyed->sweep_ended ? keyed->sweep_at : root_of(keyed)->first;
    keyed->sweep_at = 0;
    keyed->sweep_ended = false;
    if (at == 0)
        return NULL;
    entry *item = state_at(keyed->state, at);
    keyed->sweep_at = item->next;
    keyed->sweep_ended = item->next == 0;
    skip_fetch(keyed, item->skip);
    state_touch(keyed->state, at);
    return value_of(item);
}
