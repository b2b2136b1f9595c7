/* Paths with wildcards: *, ?, [...] within a name, {a,b} anywhere, ** for any number of folders.
 *
 * Braces are written out first (they may hold '/'), then each pattern is walked name by name: a name without a wildcard is only appended,
 * one with is matched (fnmatch) against what the folder holds. What comes out is sorted and free of doubles. Everything goes through the
 * vtable, so a simulated disk has wildcards as well; that is why this is not glob(3). Left out: ~, extended patterns such as +(a|b).
 */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "os/file.h"

/* Links can make a tree infinite; braces multiply. */
enum { DEPTH_MAX = 64, ALTERNATIVES_MAX = 4096 };

bool weir_path_has_wildcard(const char *path) { return strpbrk(path, "*?[{") != NULL; }

size_t weir_path_fixed_size(const char *path) {
    const char *first = strpbrk(path, "*?[{");
    if (first == NULL)
        return strlen(path);
    while (first > path && first[-1] != '/')
        first--;
    const size_t size = (size_t)(first - path);
    return size > 1 ? size - 1 : size;
}

/* ---- braces ---- */

/* The '}' that closes the '{' at `open`; NULL: it is a plain character. */
static const char *closing_brace(const char *open) {
    int depth = 0;
    for (const char *at = open; *at != 0; at++) {
        if (*at == '\\' && at[1] != 0)
            at++;
        else if (*at == '{')
            depth++;
        else if (*at == '}' && --depth == 0)
            return at;
    }
    return NULL;
}

static const char *next_brace(const char *at) {
    for (; *at != 0; at++) {
        if (*at == '\\' && at[1] != 0)
            at++;
        else if (*at == '{' && closing_brace(at) != NULL)
            return at;
    }
    return NULL;
}

static weir_status write_out(weir_arena *arena, const char *pattern, weir_list *out, int depth, weir_error *error) {
    const char *open = next_brace(pattern);
    if (open == NULL) {
        if (out->count >= ALTERNATIVES_MAX || depth > DEPTH_MAX)
            return weir_fail(error, WEIR_RUNTIME, "The braces of '%s' stand for more than %d paths.", pattern, ALTERNATIVES_MAX);
        weir_text copy = weir_arena_text(arena, weir_text_of(pattern));
        if (copy.data == NULL || !weir_list_add(arena, out, (void *)(uintptr_t)copy.data))
            return weir_fail_memory(error, "a path", strlen(pattern));
        return WEIR_OK;
    }
    const char *close = closing_brace(open), *from = open + 1;
    int inner = 0;
    for (const char *at = from; at <= close; at++) {
        if (*at == '\\' && at < close) {
            at++;
            continue;
        }
        inner += *at == '{';
        if (at < close && *at == '}')
            inner--;
        if (at != close && (*at != ',' || inner > 0))
            continue;
        weir_text one = weir_arena_format(arena, "%.*s%.*s%s", (int)(open - pattern), pattern, (int)(at - from), from, close + 1);
        if (one.data == NULL)
            return weir_fail_memory(error, "a path", strlen(pattern));
        WEIR_TRY(write_out(arena, one.data, out, depth + 1, error));
        from = at + 1;
    }
    return WEIR_OK;
}

/* ---- the walk ---- */

typedef struct glob_walk {
    const weir_files *files;
    weir_arena *arena;
    bool (*enter)(weir_text name, void *context);
    void *context;
    weir_list found;     /* weir_file_entry */
    const char *nearest; /* the longest way that led to a folder ... */
    weir_text unmatched; /* ... and the name that nothing in it has */
    int depth;
    weir_error *error;
} glob_walk;

/* A name of the pattern that begins as hidden files do asks for them. */
static bool may_enter(const glob_walk *walk, weir_text pattern, weir_text name) {
    if (walk->enter == NULL || walk->enter(name, walk->context))
        return true;
    return pattern.size > 0 && name.size > 0 && pattern.data[0] == name.data[0];
}

static weir_status out_of_memory(const glob_walk *walk) {
    return weir_fail_memory(walk->error, "a list of files", sizeof(weir_file_entry));
}

static weir_status add_matched(glob_walk *walk, const char *path) {
    weir_file_entry *entries;
    size_t count;
    WEIR_TRY(weir_files_list_tree(walk->files, walk->arena, path, walk->enter, walk->context, &entries, &count, walk->error));
    for (size_t i = 0; i < count; i++)
        if (!weir_list_add(walk->arena, &walk->found, &entries[i]))
            return out_of_memory(walk);
    return WEIR_OK;
}

static void remember_place(glob_walk *walk, const char *folder, weir_text unmatched) {
    const char *shown = folder[0] == 0 ? "." : folder;
    if (walk->nearest != NULL && strlen(walk->nearest) >= strlen(shown))
        return;
    walk->nearest = shown;
    walk->unmatched = unmatched;
}

static weir_text first_name(const char *rest) {
    const char *slash = strchr(rest, '/');
    return (weir_text){rest, slash == NULL ? strlen(rest) : (size_t)(slash - rest)};
}

static const char *join(const glob_walk *walk, const char *folder, weir_text name) {
    const size_t size = strlen(folder);
    const bool slash = size > 0 && folder[size - 1] != '/';
    return weir_arena_format(walk->arena, "%s%s%.*s", folder, slash ? "/" : "", WEIR_TEXT_ARGS(name)).data;
}

static weir_status walk_names(glob_walk *walk, const char *folder, const char *rest);

/* Go on behind the name of the pattern that `path` stands for. */
static weir_status step(glob_walk *walk, const char *path, weir_file_kind kind, const char *rest) {
    if (*rest == 0)
        return kind == WEIR_FILE_REGULAR || kind == WEIR_FILE_FOLDER ? add_matched(walk, path) : WEIR_OK;
    if (kind != WEIR_FILE_FOLDER)
        return WEIR_OK;
    if (++walk->depth > DEPTH_MAX)
        return weir_fail(walk->error, WEIR_RUNTIME, "Folders are nested more than %d deep at '%s'; does a symbolic link lead back?",
                         DEPTH_MAX, path);
    weir_status status = walk_names(walk, path, rest);
    walk->depth--;
    return status;
}

static weir_status list_folder(glob_walk *walk, const char *folder, weir_file_entry **entries, size_t *count) {
    WEIR_TRY(weir_files_list(walk->files, walk->arena, folder[0] == 0 ? "." : folder, entries, count, walk->error));
    /* A pattern without a folder gives paths without one. */
    for (size_t i = 0; i < *count && folder[0] == 0; i++)
        (*entries)[i].path = (*entries)[i].name;
    return WEIR_OK;
}

/* Any number of folders, none as well. */
static weir_status walk_any_depth(glob_walk *walk, const char *folder, const char *whole, const char *rest) {
    if (*rest == 0)
        return add_matched(walk, folder[0] == 0 ? "." : folder);
    WEIR_TRY(step(walk, folder, WEIR_FILE_FOLDER, rest));
    weir_file_entry *entries;
    size_t count;
    WEIR_TRY(list_folder(walk, folder, &entries, &count));
    for (size_t i = 0; i < count; i++)
        if (entries[i].info.kind == WEIR_FILE_FOLDER && may_enter(walk, (weir_text){0}, entries[i].name))
            WEIR_TRY(step(walk, entries[i].path.data, WEIR_FILE_FOLDER, whole));
    return WEIR_OK;
}

static weir_status walk_matching(glob_walk *walk, const char *folder, weir_text name, const char *rest) {
    weir_file_entry *entries;
    size_t count;
    char *pattern = weir_arena_alloc(walk->arena, name.size + 1);
    if (pattern == NULL)
        return out_of_memory(walk);
    memcpy(pattern, name.data, name.size);
    WEIR_TRY(list_folder(walk, folder, &entries, &count));
    bool any = false;
    for (size_t i = 0; i < count; i++) {
        if (!may_enter(walk, name, entries[i].name) || fnmatch(pattern, entries[i].name.data, 0) != 0)
            continue;
        any = true;
        WEIR_TRY(step(walk, entries[i].path.data, entries[i].info.kind, rest));
    }
    if (!any)
        remember_place(walk, folder, name);
    return WEIR_OK;
}

static weir_status walk_names(glob_walk *walk, const char *folder, const char *rest) {
    while (*rest == '/')
        rest++;
    const char *whole = rest;
    weir_text name = first_name(rest);
    rest += name.size;
    while (*rest == '/')
        rest++;
    if (weir_text_equal_c(name, "**")) {
        while (strncmp(rest, "**/", 3) == 0) /* as good as one */
            rest += 3;
        return walk_any_depth(walk, folder, whole, rest);
    }
    bool wild = false;
    for (size_t i = 0; i < name.size; i++)
        wild = wild || strchr("*?[\\", name.data[i]) != NULL;
    if (wild)
        return walk_matching(walk, folder, name, rest);
    const char *path = join(walk, folder, name);
    weir_file_info info;
    if (path == NULL)
        return out_of_memory(walk);
    WEIR_TRY(weir_files_stat(walk->files, path, &info, walk->error));
    if (info.kind == WEIR_FILE_NONE)
        remember_place(walk, folder, name);
    return step(walk, path, info.kind, rest);
}

static int path_order(const void *a, const void *b) {
    return weir_text_compare((*(weir_file_entry *const *)a)->path, (*(weir_file_entry *const *)b)->path);
}

static weir_status no_match(const glob_walk *walk, const char *pattern) {
    if (walk->nearest == NULL)
        return weir_fail(walk->error, WEIR_RUNTIME, "No file matches '%s': the folders that match are empty.", pattern);
    return weir_fail(walk->error, WEIR_RUNTIME, "No file matches '%s': the folder '%s' is there, but nothing in it is named '%.*s'.",
                     pattern, walk->nearest, WEIR_TEXT_ARGS(walk->unmatched));
}

weir_status weir_files_glob(const weir_files *files, weir_arena *arena, const char *pattern, bool (*enter)(weir_text name, void *context),
                            void *context, weir_file_entry **entries, size_t *count, weir_error *error) {
    glob_walk walk = {.files = files, .arena = arena, .enter = enter, .context = context, .error = error};
    weir_list patterns = {0};
    WEIR_TRY(write_out(arena, pattern, &patterns, 0, error));
    for (size_t i = 0; i < patterns.count; i++) {
        const char *one = patterns.items[i];
        WEIR_TRY(walk_names(&walk, one[0] == '/' ? "/" : "", one));
    }
    weir_list *found = &walk.found;
    if (found->count == 0)
        return no_match(&walk, pattern);
    qsort(found->items, found->count, sizeof *found->items, path_order);
    weir_file_entry *sorted = WEIR_ARENA_ARRAY(arena, weir_file_entry, found->count);
    if (sorted == NULL)
        return out_of_memory(&walk);
    size_t kept = 0;
    for (size_t i = 0; i < found->count; i++) {
        const weir_file_entry *one = found->items[i];
        if (kept == 0 || !weir_text_equal(sorted[kept - 1].path, one->path))
            sorted[kept++] = *one;
    }
    *entries = sorted;
    *count = kept;
    return WEIR_OK;
}
