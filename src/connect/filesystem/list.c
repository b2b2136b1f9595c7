/* Which files a path stands for, and which of them are new; see list.h. */
#include "connect/filesystem/list.h"

#include "base/hash.h"

bool weir_fs_is_hidden(weir_text name) { return name.size == 0 || name.data[0] == '_' || name.data[0] == '.'; }

static bool enter(weir_text name, void *context) {
    (void)context;
    return !weir_fs_is_hidden(name);
}

weir_status weir_fs_is_pattern(const weir_files *files, const char *path, bool *pattern, weir_error *error) {
    weir_file_info info;
    *pattern = false;
    if (!weir_path_has_wildcard(path))
        return WEIR_OK;
    WEIR_TRY(weir_files_stat(files, path, &info, error));
    *pattern = info.kind == WEIR_FILE_NONE;
    return WEIR_OK;
}

weir_status weir_fs_list(const weir_files *files, weir_arena *arena, const char *path, weir_file_entry **entries, size_t *count,
                         weir_error *error) {
    bool pattern;
    WEIR_TRY(weir_fs_is_pattern(files, path, &pattern, error));
    return pattern ? weir_files_glob(files, arena, path, enter, NULL, entries, count, error)
                   : weir_files_list_tree(files, arena, path, enter, NULL, entries, count, error);
}

/* ---- seen ---- */

void weir_fs_seen_init(weir_fs_seen *seen, weir_memory *memory) {
    *seen = (weir_fs_seen){.memory = memory};
    weir_arena_init(&seen->arena, memory);
}

void weir_fs_seen_deinit(weir_fs_seen *seen) {
    weir_memory_free(seen->memory, seen->slots, seen->slot_count * sizeof *seen->slots);
    weir_arena_deinit(&seen->arena);
}

static weir_text *slot_of(weir_text *slots, size_t slot_count, weir_text path) {
    size_t at = weir_hash_bytes(path.data, path.size) & (slot_count - 1);
    while (slots[at].data != NULL && !weir_text_equal(slots[at], path))
        at = (at + 1) & (slot_count - 1);
    return &slots[at];
}

static bool grow(weir_fs_seen *seen) {
    if ((seen->count + 1) * 2 <= seen->slot_count)
        return true;
    size_t slot_count = seen->slot_count == 0 ? 64 : seen->slot_count * 2;
    weir_text *slots = weir_memory_zalloc(seen->memory, slot_count * sizeof *slots);
    if (slots == NULL)
        return false;
    for (size_t i = 0; i < seen->slot_count; i++)
        if (seen->slots[i].data != NULL)
            *slot_of(slots, slot_count, seen->slots[i]) = seen->slots[i];
    weir_memory_free(seen->memory, seen->slots, seen->slot_count * sizeof *slots);
    seen->slots = slots;
    seen->slot_count = slot_count;
    return true;
}

weir_status weir_fs_seen_add(weir_fs_seen *seen, weir_text path, bool *added, weir_error *error) {
    if (!grow(seen))
        return weir_fail_memory(error, "the list of files", seen->slot_count * 2 * sizeof *seen->slots);
    weir_text *slot = slot_of(seen->slots, seen->slot_count, path);
    *added = slot->data == NULL;
    if (!*added)
        return WEIR_OK;
    weir_text copy = weir_arena_text(&seen->arena, path);
    if (copy.data == NULL)
        return weir_fail_memory(error, "the list of files", path.size);
    *slot = copy;
    seen->count++;
    return WEIR_OK;
}
