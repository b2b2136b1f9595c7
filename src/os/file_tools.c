/* What can be said in terms of the file vtable: trees of folders, whole files, durable replacement. */
#include "os/file.h"

#include <stdlib.h>
#include <string.h>

/* Symbolic links can make a tree infinite. */
enum { DEPTH_MAX = 64, READ_GROWTH_BYTES = 65536 };

/* The length of the path's folder part: 0 when there is none ("name"), 1 for the root. */
static size_t folder_size(const char *path) {
    const char *slash = strrchr(path, '/');
    if (slash == NULL)
        return 0;
    return slash == path ? 1 : (size_t)(slash - path);
}

weir_status weir_files_make_folders(const weir_files *files, const char *path, weir_error *error) {
    char part[4096];
    size_t size = strlen(path);
    if (size >= sizeof(part))
        return weir_fail(error, WEIR_RUNTIME, "Cannot make the folder '%.200s...': the path is longer than %zu bytes.", path,
                         sizeof(part) - 1);
    memcpy(part, path, size + 1);
    /* Up to the first folder that exists (others may lie where we may not write), cutting the path at each '/' ... */
    size_t end = size;
    while (end > 0) {
        weir_file_info info;
        WEIR_TRY(files->stat(files, part, &info, error));
        if (info.kind == WEIR_FILE_FOLDER)
            break;
        while (end > 0 && part[end - 1] != '/')
            end--;
        while (end > 0 && part[end - 1] == '/')
            end--;
        part[end] = 0;
    }
    /* ... and down again, putting the names back. */
    while (end < size) {
        memcpy(part + end, path + end, size + 1 - end);
        while (part[end] == '/')
            end++;
        while (part[end] != 0 && part[end] != '/')
            end++;
        const bool name = part[end - 1] != '/';
        part[end] = 0;
        if (name)
            WEIR_TRY(files->make_folder(files, part, error));
    }
    return WEIR_OK;
}

static weir_status remove_tree(const weir_files *files, weir_memory *memory, const char *path, int depth, weir_error *error) {
    weir_error first = {0};
    weir_status status = files->remove(files, path, &first);
    if (status == WEIR_OK)
        return WEIR_OK;
    weir_file_info info;
    WEIR_TRY(files->stat(files, path, &info, error));
    if (info.kind == WEIR_FILE_NONE)
        return WEIR_OK;
    if (info.kind != WEIR_FILE_FOLDER || depth >= DEPTH_MAX) {
        if (error != NULL)
            *error = first;
        return status;
    }
    weir_arena arena;
    weir_arena_init(&arena, memory);
    weir_file_entry *entries = NULL;
    size_t count = 0;
    status = files->list(files, &arena, path, &entries, &count, error);
    for (size_t i = 0; i < count && status == WEIR_OK; i++)
        status = remove_tree(files, memory, entries[i].path.data, depth + 1, error);
    weir_arena_deinit(&arena);
    return status == WEIR_OK ? files->remove(files, path, error) : status;
}

weir_status weir_files_remove_tree(const weir_files *files, weir_memory *memory, const char *path, weir_error *error) {
    return remove_tree(files, memory, path, 0, error);
}

typedef struct tree_walk {
    const weir_files *files;
    weir_arena *arena;
    bool (*enter)(weir_text name, void *context);
    void *context;
    weir_list found;
    weir_error *error;
} tree_walk;

static weir_status walk_folder(tree_walk *walk, const char *path, int depth) {
    if (depth > DEPTH_MAX)
        return weir_fail(walk->error, WEIR_RUNTIME, "Folders are nested more than %d deep at '%s'; does a symbolic link lead back?",
                         DEPTH_MAX, path);
    weir_file_entry *entries = NULL;
    size_t count = 0;
    WEIR_TRY(walk->files->list(walk->files, walk->arena, path, &entries, &count, walk->error));
    for (size_t i = 0; i < count; i++) {
        if (walk->enter != NULL && !walk->enter(entries[i].name, walk->context))
            continue;
        if (entries[i].info.kind == WEIR_FILE_FOLDER)
            WEIR_TRY(walk_folder(walk, entries[i].path.data, depth + 1));
        else if (entries[i].info.kind == WEIR_FILE_REGULAR && !weir_list_add(walk->arena, &walk->found, &entries[i]))
            return weir_fail_memory(walk->error, "a list of files", sizeof(void *));
    }
    return WEIR_OK;
}

static weir_status walk_single(tree_walk *walk, const char *path, weir_file_info info) {
    weir_file_entry *entry = WEIR_ARENA_NEW(walk->arena, weir_file_entry);
    if (entry == NULL)
        return weir_fail_memory(walk->error, "a list of files", sizeof(weir_file_entry));
    entry->path = weir_arena_text(walk->arena, weir_text_of(path));
    const char *slash = entry->path.data == NULL ? NULL : strrchr(entry->path.data, '/');
    entry->name = slash == NULL ? entry->path : weir_text_of(slash + 1);
    entry->info = info;
    if (entry->path.data == NULL || !weir_list_add(walk->arena, &walk->found, entry))
        return weir_fail_memory(walk->error, "a list of files", sizeof(void *));
    return WEIR_OK;
}

static int path_order(const void *a, const void *b) {
    return weir_text_compare(((const weir_file_entry *)a)->path, ((const weir_file_entry *)b)->path);
}

weir_status weir_files_list_tree(const weir_files *files, weir_arena *arena, const char *path, bool (*enter)(weir_text name, void *context),
                                 void *context, weir_file_entry **entries, size_t *count, weir_error *error) {
    tree_walk walk = {.files = files, .arena = arena, .enter = enter, .context = context, .error = error};
    weir_file_info info;
    WEIR_TRY(files->stat(files, path, &info, error));
    if (info.kind == WEIR_FILE_NONE)
        return weir_fail(error, WEIR_RUNTIME, "Cannot read '%s': it does not exist.", path);
    WEIR_TRY(info.kind == WEIR_FILE_FOLDER ? walk_folder(&walk, path, 0) : walk_single(&walk, path, info));
    weir_file_entry *sorted = WEIR_ARENA_ARRAY(arena, weir_file_entry, walk.found.count);
    if (sorted == NULL)
        return weir_fail_memory(error, "a list of files", walk.found.count * sizeof(weir_file_entry));
    for (size_t i = 0; i < walk.found.count; i++)
        sorted[i] = *(weir_file_entry *)walk.found.items[i];
    qsort(sorted, walk.found.count, sizeof(weir_file_entry), path_order);
    *entries = sorted;
    *count = walk.found.count;
    return WEIR_OK;
}

/* Files in /proc and pipes say size 0, so the end decides, not the size. */
static weir_status read_to_end(weir_file *file, weir_memory *memory, const char *path, size_t max_bytes, char **data, size_t *size_bytes,
                               size_t *capacity_bytes, weir_error *error) {
    uint64_t told = 0;
    WEIR_TRY(weir_file_size(file, &told, error));
    size_t wanted = told < max_bytes ? (size_t)told + 2 : READ_GROWTH_BYTES;
    for (;;) {
        if (*size_bytes + 1 >= *capacity_bytes && !weir_memory_grow(memory, (void **)data, capacity_bytes, wanted, 1))
            return weir_fail_memory(error, path, wanted);
        size_t read = 0;
        WEIR_TRY(weir_file_read(file, *data + *size_bytes, *capacity_bytes - *size_bytes - 1, &read, error));
        *size_bytes += read;
        (*data)[*size_bytes] = 0;
        if (read == 0)
            return WEIR_OK;
        if (*size_bytes > max_bytes)
            return weir_fail(error, WEIR_RUNTIME, "The file '%s' is larger than the %zu bytes allowed here.", path, max_bytes);
        wanted = *size_bytes + READ_GROWTH_BYTES;
    }
}

weir_status weir_files_read_all(const weir_files *files, weir_memory *memory, const char *path, size_t max_bytes, char **data,
                                size_t *size_bytes, size_t *capacity_bytes, weir_error *error) {
    *data = NULL;
    *size_bytes = 0;
    *capacity_bytes = 0;
    weir_file *file = NULL;
    WEIR_TRY(files->open(files, memory, path, WEIR_FILE_READ, &file, error));
    weir_status status = read_to_end(file, memory, path, max_bytes, data, size_bytes, capacity_bytes, error);
    weir_status closed = weir_file_close(file, status == WEIR_OK ? error : NULL);
    if (status == WEIR_OK)
        status = closed;
    if (status != WEIR_OK) {
        weir_memory_free(memory, *data, *capacity_bytes);
        *data = NULL;
    }
    return status;
}

static weir_status write_temporary(const weir_files *files, weir_memory *memory, const char *path, const void *data, size_t size_bytes,
                                   weir_error *error) {
    weir_file *file = NULL;
    WEIR_TRY(files->open(files, memory, path, WEIR_FILE_CREATE, &file, error));
    weir_status status = weir_file_write(file, data, size_bytes, error);
    if (status == WEIR_OK)
        status = weir_file_sync(file, error);
    weir_status closed = weir_file_close(file, status == WEIR_OK ? error : NULL);
    return status == WEIR_OK ? closed : status;
}

weir_status weir_files_write_atomic(const weir_files *files, weir_memory *memory, const char *path, const void *data, size_t size_bytes,
                                    weir_error *error) {
    weir_arena arena;
    weir_arena_init(&arena, memory);
    /* Hidden, so that readers of the folder never take it for data. */
    size_t folder = folder_size(path);
    const char *name = path + folder + (folder > 0 && path[folder] == '/');
    weir_text temporary = weir_arena_format(&arena, "%.*s%s.%s.partial", (int)folder, path, folder > 1 ? "/" : "", name);
    weir_status status;
    if (temporary.data == NULL) {
        status = weir_fail_memory(error, path, strlen(path));
    } else {
        status = write_temporary(files, memory, temporary.data, data, size_bytes, error);
        if (status == WEIR_OK)
            status = weir_files_rename_durable(files, memory, temporary.data, path, error);
        if (status != WEIR_OK)
            (void)files->remove(files, temporary.data, NULL);
    }
    weir_arena_deinit(&arena);
    return status;
}

weir_status weir_files_rename_durable(const weir_files *files, weir_memory *memory, const char *from, const char *to, weir_error *error) {
    WEIR_TRY(files->rename(files, from, to, error));
    size_t folder = folder_size(to);
    if (folder == 0)
        return files->sync_folder(files, ".", error);
    char *path = weir_memory_alloc(memory, folder + 1);
    if (path == NULL)
        return weir_fail_memory(error, to, folder + 1);
    memcpy(path, to, folder);
    path[folder] = 0;
    weir_status status = files->sync_folder(files, path, error);
    weir_memory_free(memory, path, folder + 1);
    return status;
}
