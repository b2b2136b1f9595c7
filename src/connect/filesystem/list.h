/* The files that a path stands for: a file, all files below a folder, or what a path with wildcards matches. Names that begin with '.' or
 * '_' are hidden, as in Flink. The wildcards are ours (Flink has none): a path is read as a pattern only when nothing has it for a name. */
#ifndef WEIR_CONNECT_FILESYSTEM_LIST_H
#define WEIR_CONNECT_FILESYSTEM_LIST_H

#include "os/file.h"

/* The name of a file or folder that no table shows. */
bool weir_fs_is_hidden(weir_text name) WEIR_MUST_USE;
/* In byte order of their paths; entries live in the arena. Nothing there: WEIR_RUNTIME. */
weir_status weir_fs_list(const weir_files *files, weir_arena *arena, const char *path, weir_file_entry **entries, size_t *count,
                         weir_error *error) WEIR_MUST_USE;
/* Is the path a pattern? A name with wildcards that exists is none. */
weir_status weir_fs_is_pattern(const weir_files *files, const char *path, bool *pattern, weir_error *error) WEIR_MUST_USE;

/* Paths that were seen: which files of a watched folder are new. Owns copies of the paths. */
typedef struct weir_fs_seen {
    weir_arena arena;
    weir_memory *memory;
    weir_text *slots;  /* open addressing; data NULL: free */
    size_t slot_count; /* a power of two, or 0 */
    size_t count;
} weir_fs_seen;
void weir_fs_seen_init(weir_fs_seen *seen, weir_memory *memory);
void weir_fs_seen_deinit(weir_fs_seen *seen);
/* *added: it was not there before. */
weir_status weir_fs_seen_add(weir_fs_seen *seen, weir_text path, bool *added, weir_error *error) WEIR_MUST_USE;

#endif
