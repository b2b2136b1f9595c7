/* The collapsed result: what a changelog adds up to. +I and +U add a row, -U and -D take one equal row away. Rows are kept as canonical
 * bytes, equal ones once with a count, in a table of chains; what was taken away is given back at once, so that memory follows the result
 * and not the changes. A row that is taken away before it was there (which no engine should do) is ignored. */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "session/collapse.h"
#include "state/codec.h"

enum { KEYS_ROWS = 4096 };

typedef struct entry {
    struct entry *next; /* of the chain */
    uint64_t hash;
    uint64_t sequence; /* when it came */
    uint64_t count;
    uint32_t size;
    char bytes[];
} entry;

struct weir_collapse {
    weir_memory memory;
    weir_memory *parent;
    weir_arena arena;
    const weir_schema *schema;
    bool changes;
    bool keep_places;
    bool vacant; /* a row was taken away for an update: the next one takes its place */
    uint64_t vacant_sequence;
    const weir_type **types;
    weir_codec *codec;
    entry **chains;
    size_t chain_count; /* a power of two */
    size_t entry_count;
    uint64_t row_count;
    uint64_t sequence;
    weir_builder encoded;
    uint32_t *offsets, *sizes;
    uint32_t offsets_capacity;
};

weir_status weir_collapse_create(weir_memory *memory, const weir_schema *schema, bool changes, weir_collapse **out, weir_error *error) {
    weir_collapse *self = weir_memory_zalloc(memory, sizeof *self);
    if (self == NULL)
        return weir_fail_memory(error, "a result", sizeof *self);
    self->parent = memory;
    weir_memory_init(&self->memory, memory, "collapsed result", SIZE_MAX);
    weir_arena_init(&self->arena, &self->memory);
    weir_builder_init(&self->encoded, &self->memory, SIZE_MAX);
    self->schema = schema;
    self->changes = changes;
    self->types = WEIR_ARENA_ARRAY(&self->arena, const weir_type *, schema->count);
    for (uint32_t i = 0; self->types != NULL && i < schema->count; i++)
        self->types[i] = schema->fields[i].type;
    self->codec = self->types == NULL ? NULL : weir_codec_create(&self->arena, self->types, NULL, schema->count);
    if (self->codec == NULL) {
        weir_collapse_destroy(self);
        return weir_fail_memory(error, "a result", schema->count);
    }
    *out = self;
    return WEIR_OK;
}

void weir_collapse_keep_places(weir_collapse *self) { self->keep_places = true; }

static void entry_free(weir_collapse *self, entry *item) { weir_memory_free(&self->memory, item, sizeof *item + item->size); }

void weir_collapse_destroy(weir_collapse *self) {
    if (self == NULL)
        return;
    for (size_t i = 0; i < self->chain_count; i++)
        for (entry *item = self->chains[i], *next; item != NULL; item = next) {
            next = item->next;
            entry_free(self, item);
        }
    weir_memory_free(&self->memory, self->chains, self->chain_count * sizeof *self->chains);
    weir_memory_free(&self->memory, self->offsets, self->offsets_capacity * sizeof *self->offsets);
    weir_memory_free(&self->memory, self->sizes, self->offsets_capacity * sizeof *self->sizes);
    weir_builder_deinit(&self->encoded);
    weir_arena_deinit(&self->arena);
    weir_memory_deinit(&self->memory);
    weir_memory_free(self->parent, self, sizeof *self);
}

uint64_t weir_collapse_count(const weir_collapse *self) { return self->row_count; }

static bool grow(weir_collapse *self) {
    if (self->entry_count < self->chain_count)
        return true;
    size_t count = self->chain_count == 0 ? 256 : self->chain_count * 2;
    entry **chains = weir_memory_zalloc(&self->memory, count * sizeof *chains);
    if (chains == NULL)
        return false;
    for (size_t i = 0; i < self->chain_count; i++)
        for (entry *item = self->chains[i], *next; item != NULL; item = next) {
            next = item->next;
            item->next = chains[item->hash & (count - 1)];
            chains[item->hash & (count - 1)] = item;
        }
    weir_memory_free(&self->memory, self->chains, self->chain_count * sizeof *chains);
    self->chains = chains;
    self->chain_count = count;
    return true;
}

static bool add(weir_collapse *self, uint64_t hash, const char *bytes, uint32_t size) {
    if (!grow(self))
        return false;
    self->row_count++;
    entry **chain = &self->chains[hash & (self->chain_count - 1)];
    for (entry *item = self->changes ? *chain : NULL; item != NULL; item = item->next)
        if (item->hash == hash && item->size == size && memcmp(item->bytes, bytes, size) == 0) {
            item->count++;
            return true;
        }
    entry *item = weir_memory_alloc(&self->memory, sizeof *item + size);
    if (item == NULL)
        return false;
    *item = (entry){
        .next = *chain, .hash = hash, .sequence = self->vacant ? self->vacant_sequence : self->sequence++, .count = 1, .size = size};
    memcpy(item->bytes, bytes, size);
    *chain = item;
    self->entry_count++;
    return true;
}

static void take_away(weir_collapse *self, uint64_t hash, const char *bytes, uint32_t size) {
    if (self->chain_count == 0)
        return;
    for (entry **at = &self->chains[hash & (self->chain_count - 1)]; *at != NULL; at = &(*at)->next) {
        entry *item = *at;
        if (item->hash != hash || item->size != size || memcmp(item->bytes, bytes, size) != 0)
            continue;
        self->row_count--;
        if (--item->count == 0) {
            *at = item->next;
            self->vacant = self->keep_places;
            self->vacant_sequence = item->sequence;
            entry_free(self, item);
            self->entry_count--;
        }
        return;
    }
}

static bool room_for(weir_collapse *self, uint32_t rows) {
    if (rows <= self->offsets_capacity)
        return true;
    uint32_t *offsets = weir_memory_alloc(&self->memory, rows * sizeof *offsets),
             *sizes = weir_memory_alloc(&self->memory, rows * sizeof *sizes);
    if (offsets == NULL || sizes == NULL) {
        weir_memory_free(&self->memory, offsets, rows * sizeof *offsets);
        weir_memory_free(&self->memory, sizes, rows * sizeof *sizes);
        return false;
    }
    weir_memory_free(&self->memory, self->offsets, self->offsets_capacity * sizeof *offsets);
    weir_memory_free(&self->memory, self->sizes, self->offsets_capacity * sizeof *sizes);
    self->offsets = offsets;
    self->sizes = sizes;
    self->offsets_capacity = rows;
    return true;
}

weir_status weir_collapse_apply(weir_collapse *self, const weir_batch *batch, weir_error *error) {
    weir_rows rows = weir_batch_rows(batch);
    if (!room_for(self, batch->rows))
        return weir_fail_memory(error, "the result", batch->rows);
    WEIR_TRY(weir_codec_write_rows(self->codec, batch->columns, &rows, &self->encoded, self->offsets, self->sizes, error));
    bool good = true;
    WEIR_FOR_ROWS(&rows, row, {
        const char *bytes = self->encoded.data + self->offsets[row];
        uint64_t hash = weir_hash_bytes(bytes, self->sizes[row]);
        uint8_t kind = weir_batch_kind(batch, row);
        self->vacant = self->vacant && kind == WEIR_UPDATE_AFTER;
        if (weir_change_adds(kind))
            good = good && add(self, hash, bytes, self->sizes[row]);
        else
            take_away(self, hash, bytes, self->sizes[row]);
        self->vacant = self->vacant && kind == WEIR_UPDATE_BEFORE;
    });
    if (!good) {
        weir_fail(error, WEIR_MEMORY, "no memory for the %llu rows of the result", (unsigned long long)self->row_count);
        weir_error_hint(error, "who reads its changes one by one (--output changelog or json) need not keep the result");
        return WEIR_MEMORY;
    }
    return WEIR_OK;
}

/* ---- the rows in order ---- */

typedef struct sorted_row {
    const entry *item;
    uint64_t sequence; /* the item's: comparing follows no pointer */
    const char *key;   /* ordered bytes; NULL: by sequence alone */
    uint32_t key_size;
} sorted_row;

static int compare_rows(const void *left, const void *right) {
    const sorted_row *a = left, *b = right;
    if (a->key != NULL && b->key != NULL) {
        uint32_t size = a->key_size < b->key_size ? a->key_size : b->key_size;
        int order = memcmp(a->key, b->key, size);
        if (order == 0)
            order = (a->key_size > b->key_size) - (a->key_size < b->key_size);
        if (order != 0)
            return order;
    }
    return (a->sequence > b->sequence) - (a->sequence < b->sequence);
}

static bool sortable(const weir_schema *schema, const weir_sort_key *keys, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        weir_layout layout = weir_type_layout(schema->fields[keys[i].column].type);
        if (layout == WEIR_LAYOUT_NONE || layout == WEIR_LAYOUT_SPAN)
            return false;
    }
    return count > 0;
}

/* Ordered bytes of the keys of every row; rows are decoded some thousands at a time. */
static weir_status make_keys(weir_collapse *self, weir_arena *arena, const weir_sort_key *keys, uint32_t key_count, sorted_row *rows,
                             size_t count, weir_error *error) {
    const weir_type **types = WEIR_ARENA_ARRAY(arena, const weir_type *, key_count);
    for (uint32_t i = 0; types != NULL && i < key_count; i++)
        types[i] = self->types[keys[i].column];
    weir_codec *ordered = types == NULL ? NULL : weir_codec_create_ordered(arena, types, keys, key_count);
    for (size_t first = 0; ordered != NULL && first < count; first += KEYS_ROWS) {
        uint32_t some = count - first < KEYS_ROWS ? (uint32_t)(count - first) : KEYS_ROWS;
        weir_batch *decoded = weir_batch_create_typed(&self->memory, self->types, self->schema->count, some);
        if (decoded == NULL)
            return weir_fail_memory(error, "the result", count);
        for (uint32_t i = 0; i < some; i++) {
            sorted_row *row = &rows[first + i];
            weir_codec_read(self->codec, row->item->bytes, decoded->columns, i);
            size_t size = weir_codec_size(ordered, decoded->columns, i);
            char *key = weir_arena_alloc(arena, size);
            if (key != NULL)
                weir_codec_write(ordered, decoded->columns, i, key);
            row->key = key;
            row->key_size = (uint32_t)size;
        }
        weir_batch_destroy(decoded);
    }
    return arena->failed ? weir_fail_memory(error, "the result", count) : WEIR_OK;
}

static weir_status decode(weir_collapse *self, const sorted_row *rows, size_t count, uint32_t most, weir_batch **out, weir_error *error) {
    uint64_t wanted = self->row_count < most ? self->row_count : most;
    weir_batch *batch = weir_batch_create_typed(&self->memory, self->types, self->schema->count, wanted > 0 ? (uint32_t)wanted : 1);
    if (batch == NULL)
        return weir_fail_memory(error, "the result", wanted);
    for (size_t i = 0; i < count && batch->rows < wanted; i++)
        for (uint64_t k = 0; k < rows[i].item->count && batch->rows < wanted; k++)
            weir_codec_read(self->codec, rows[i].item->bytes, batch->columns, batch->rows++);
    batch->selected = batch->rows;
    for (uint32_t c = 0; c < self->schema->count; c++)
        if (batch->columns[c]->failed) {
            weir_batch_destroy(batch);
            return weir_fail_memory(error, "the result", wanted);
        }
    *out = batch;
    return WEIR_OK;
}

weir_status weir_collapse_rows(weir_collapse *self, const weir_sort_key *keys, uint32_t key_count, uint32_t most, weir_batch **out,
                               weir_error *error) {
    weir_arena arena;
    weir_arena_init(&arena, &self->memory);
    sorted_row *rows = WEIR_ARENA_ARRAY(&arena, sorted_row, self->entry_count);
    weir_status status = rows == NULL ? weir_fail_memory(error, "the result", self->entry_count) : WEIR_OK;
    size_t count = 0;
    for (size_t i = 0; rows != NULL && i < self->chain_count; i++)
        for (const entry *item = self->chains[i]; item != NULL; item = item->next)
            rows[count++] = (sorted_row){.item = item, .sequence = item->sequence};
    if (status == WEIR_OK && sortable(self->schema, keys, key_count))
        status = make_keys(self, &arena, keys, key_count, rows, count, error);
    if (status == WEIR_OK) {
        qsort(rows, count, sizeof *rows, compare_rows);
        status = decode(self, rows, count, most, out, error);
    }
    weir_arena_deinit(&arena);
    return status;
}
