/* Ordered collections as treaps with parents and subtree sizes (Seidel and Aragon, "Randomized search trees", 1996): no operation moves an
 * entry, so addresses and references stay good.
 *
 *     entry: [head: itself, left, right, parent, subtree size, key and payload sizes] [payload, padded to 8] [key]
 *
 * The priority is a hash of the entry's reference and is not stored. Expected depth is about 1.4 log2 n; entries that arrive in order go in
 * near the right spine.
 */
#include "state/sorted.h"

#include <assert.h>
#include <string.h>

#include "base/hash.h"
#include "state/state_int.h"

struct weir_sorted_entry {
    weir_ref self;
    weir_ref left, right, parent;
    uint32_t size; /* entries in this subtree */
    uint32_t key_bytes;
    uint32_t payload_bytes;
    uint32_t zero;
};

typedef weir_sorted_entry node;

static inline node *node_at(const weir_state *state, weir_ref ref) { return ref == 0 ? NULL : state_at(state, ref); }
static inline uint32_t size_at(const weir_state *state, weir_ref ref) { return ref == 0 ? 0 : ((const node *)state_at(state, ref))->size; }
static inline uint64_t priority(weir_ref self) { return weir_hash_u64(self); }
static inline const char *key_at(const node *at) { return (const char *)at + sizeof(node) + ((at->payload_bytes + 7u) & ~7u); }
static size_t block_bytes(size_t key_bytes, size_t payload_bytes) { return sizeof(node) + ((payload_bytes + 7) & ~(size_t)7) + key_bytes; }

static int key_compare(const char *key, size_t key_bytes, const node *at) {
    size_t both = key_bytes < at->key_bytes ? key_bytes : at->key_bytes;
    int order = both == 0 ? 0 : memcmp(key, key_at(at), both);
    return order != 0 ? order : (key_bytes > at->key_bytes) - (key_bytes < at->key_bytes);
}

/* Put `child` where `old` hung (at the root when old had no parent). */
static void replace(weir_state *state, weir_ref *root, const node *old, weir_ref child) {
    if (old->parent == 0) {
        *root = child;
    } else {
        node *parent = weir_state_write(state, old->parent);
        if (parent->left == old->self)
            parent->left = child;
        else
            parent->right = child;
    }
    if (child != 0)
        ((node *)weir_state_write(state, child))->parent = old->parent;
}

/* `child` and its parent change places; the order stays. */
static void rotate_up(weir_state *state, weir_ref *root, node *child) {
    node *parent = weir_state_write(state, child->parent);
    weir_ref inner;
    replace(state, root, parent, child->self);
    if (parent->left == child->self) {
        inner = child->right;
        parent->left = inner;
        child->right = parent->self;
    } else {
        inner = child->left;
        parent->right = inner;
        child->left = parent->self;
    }
    if (inner != 0)
        ((node *)weir_state_write(state, inner))->parent = parent->self;
    parent->parent = child->self;
    state_touch(state, child->self);
    child->size = parent->size;
    parent->size = 1 + size_at(state, parent->left) + size_at(state, parent->right);
}

weir_sorted_entry *weir_sorted_put(weir_state *state, weir_ref *root, const char *key, size_t key_bytes, size_t payload_bytes,
                                   bool *created) {
    weir_ref parent = 0;
    int order = 0;
    for (weir_ref at = *root; at != 0;) {
        node *here = state_at(state, at);
        order = key_compare(key, key_bytes, here);
        if (order == 0) {
            state_touch(state, at);
            if (created != NULL)
                *created = false;
            return here;
        }
        parent = at;
        at = order < 0 ? here->left : here->right;
    }
    weir_ref self = key_bytes > UINT32_MAX / 2 || payload_bytes > UINT32_MAX / 2 ? 0
        : weir_state_alloc(state, block_bytes(key_bytes, payload_bytes));
    if (self == 0)
        return NULL;
    node *made = state_at(state, self);
    *made = (node){.self = self, .parent = parent, .size = 1, .key_bytes = (uint32_t)key_bytes, .payload_bytes = (uint32_t)payload_bytes};
    if (key_bytes > 0)
        memcpy((char *)made + block_bytes(0, payload_bytes), key, key_bytes);
    if (created != NULL)
        *created = true;
    if (parent == 0) {
        *root = self;
        return made;
    }
    node *above = weir_state_write(state, parent);
    if (order < 0)
        above->left = self;
    else
        above->right = self;
    for (weir_ref at = parent; at != 0; at = above->parent) {
        above = weir_state_write(state, at);
        above->size++;
    }
    uint64_t mine = priority(self);
    while (made->parent != 0 && priority(made->parent) < mine)
        rotate_up(state, root, made);
    return made;
}

weir_sorted_entry *weir_sorted_find(const weir_state *state, weir_ref root, const char *key, size_t key_bytes) {
    while (root != 0) {
        node *here = state_at(state, root);
        int order = key_compare(key, key_bytes, here);
        if (order == 0)
            return here;
        root = order < 0 ? here->left : here->right;
    }
    return NULL;
}

void weir_sorted_remove(weir_state *state, weir_ref *root, weir_sorted_entry *entry) {
    while (entry->left != 0 && entry->right != 0) {
        weir_ref up = priority(entry->left) > priority(entry->right) ? entry->left : entry->right;
        rotate_up(state, root, weir_state_write(state, up));
    }
    replace(state, root, entry, entry->left != 0 ? entry->left : entry->right);
    for (weir_ref at = entry->parent; at != 0;) {
        node *above = weir_state_write(state, at);
        above->size--;
        at = above->parent;
    }
    weir_state_free(state, entry->self, block_bytes(entry->key_bytes, entry->payload_bytes));
}

/* Leaves first, without recursion. */
void weir_sorted_clear(weir_state *state, weir_ref *root) {
    weir_ref at = *root;
    while (at != 0) {
        node *here = state_at(state, at);
        if (here->left != 0) {
            weir_ref down = here->left;
            here->left = 0;
            at = down;
        } else if (here->right != 0) {
            weir_ref down = here->right;
            here->right = 0;
            at = down;
        } else {
            weir_ref up = here->parent;
            weir_state_free(state, at, block_bytes(here->key_bytes, here->payload_bytes));
            at = up;
        }
    }
    *root = 0;
}

size_t weir_sorted_count(const weir_state *state, weir_ref root) { return size_at(state, root); }

weir_sorted_entry *weir_sorted_first(const weir_state *state, weir_ref root) {
    node *here = node_at(state, root);
    while (here != NULL && here->left != 0)
        here = state_at(state, here->left);
    return here;
}

weir_sorted_entry *weir_sorted_last(const weir_state *state, weir_ref root) {
    node *here = node_at(state, root);
    while (here != NULL && here->right != 0)
        here = state_at(state, here->right);
    return here;
}

weir_sorted_entry *weir_sorted_next(const weir_state *state, weir_sorted_entry *entry) {
    if (entry->right != 0)
        return weir_sorted_first(state, entry->right);
    node *parent = node_at(state, entry->parent);
    while (parent != NULL && parent->right == entry->self) {
        entry = parent;
        parent = node_at(state, entry->parent);
    }
    return parent;
}

weir_sorted_entry *weir_sorted_previous(const weir_state *state, weir_sorted_entry *entry) {
    if (entry->left != 0)
        return weir_sorted_last(state, entry->left);
    node *parent = node_at(state, entry->parent);
    while (parent != NULL && parent->left == entry->self) {
        entry = parent;
        parent = node_at(state, entry->parent);
    }
    return parent;
}

weir_sorted_entry *weir_sorted_seek(const weir_state *state, weir_ref root, const char *key, size_t key_bytes, bool after) {
    node *found = NULL;
    while (root != 0) {
        node *here = state_at(state, root);
        int order = key_compare(key, key_bytes, here);
        if (order < 0 || (order == 0 && !after)) {
            found = here;
            root = here->left;
        } else {
            root = here->right;
        }
    }
    return found;
}

size_t weir_sorted_rank(const weir_state *state, weir_ref root, const weir_sorted_entry *entry) {
    (void)root;
    size_t rank = size_at(state, entry->left);
    for (const node *here = entry; here->parent != 0;) {
        const node *parent = state_at(state, here->parent);
        if (parent->right == here->self)
            rank += 1 + size_at(state, parent->left);
        here = parent;
    }
    return rank;
}

weir_text weir_sorted_key(const weir_sorted_entry *entry) { return (weir_text){key_at(entry), entry->key_bytes}; }
void *weir_sorted_payload(weir_sorted_entry *entry) { return (char *)entry + sizeof(node); }
size_t weir_sorted_payload_bytes(const weir_sorted_entry *entry) { return entry->payload_bytes; }

void weir_sorted_i64(int64_t value, char out[8]) {
    uint64_t turned = __builtin_bswap64((uint64_t)value ^ UINT64_C(1) << 63);
    memcpy(out, &turned, 8);
}

int64_t weir_sorted_get_i64(const char *bytes) {
    uint64_t turned;
    memcpy(&turned, bytes, 8);
    return (int64_t)(__builtin_bswap64(turned) ^ UINT64_C(1) << 63);
}
