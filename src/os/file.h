/* Files, behind a vtable: the machine's, or (later) a simulated disk; and a wrapper that makes the n-th call fail.
 *
 * A `const weir_files *` is passed to whoever touches a disk. Paths are C strings in the host's form. Errors are WEIR_RUNTIME and name
 * the path and the system's reason; a missing file says "does not exist". Callers who want to know whether something is there use
 * weir_files_stat, which does not fail for that.
 * Threads: a weir_files may be used from any thread; one weir_file by one thread at a time, except weir_file_read_at, which is free.
 */
#ifndef WEIR_OS_FILE_H
#define WEIR_OS_FILE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/memory.h"
#include "base/status.h"
#include "base/text.h"

typedef struct weir_files weir_files;

/* An open file. Implementations embed it as their first member. */
typedef struct weir_file {
    const weir_files *files;
} weir_file;

typedef enum weir_file_kind {
    WEIR_FILE_NONE, /* nothing there */
    WEIR_FILE_REGULAR,
    WEIR_FILE_FOLDER,
    WEIR_FILE_OTHER, /* pipe, device, socket */
} weir_file_kind;

typedef struct weir_file_info {
    weir_file_kind kind;
    uint64_t size_bytes;
    int64_t modified_us; /* since 1970-01-01 UTC */
} weir_file_info;

typedef enum weir_file_mode {
    WEIR_FILE_READ,
    WEIR_FILE_CREATE,     /* write from the beginning; what was there is gone */
    WEIR_FILE_CREATE_NEW, /* as CREATE, but it is an error when something is there */
    WEIR_FILE_APPEND,     /* write at the end; created when missing */
} weir_file_mode;

/* One entry of a folder. `path` is the folder's path, '/', and the name; it ends in an uncounted NUL. */
typedef struct weir_file_entry {
    weir_text path;
    weir_text name; /* the last part of path */
    weir_file_info info;
} weir_file_entry;

struct weir_files {
    weir_status (*open)(const weir_files *files, weir_memory *memory, const char *path, weir_file_mode mode, weir_file **out,
                        weir_error *error);
    /* Up to size_bytes; *read_bytes 0 is the end of the file. Fewer than asked for is not the end. */
    weir_status (*read)(weir_file *file, void *data, size_t size_bytes, size_t *read_bytes, weir_error *error);
    weir_status (*read_at)(weir_file *file, uint64_t offset_bytes, void *data, size_t size_bytes, size_t *read_bytes, weir_error *error);
    weir_status (*write)(weir_file *file, const void *data, size_t size_bytes, weir_error *error); /* all of it */
    weir_status (*sync)(weir_file *file, weir_error *error);                                       /* on the disk when it returns */
    weir_status (*size)(weir_file *file, uint64_t *size_bytes, weir_error *error);
    weir_status (*close)(weir_file *file, weir_error *error); /* the file is closed and given back even when this fails */
    weir_status (*stat)(const weir_files *files, const char *path, weir_file_info *out, weir_error *error);
    weir_status (*rename)(const weir_files *files, const char *from, const char *to, weir_error *error); /* replaces `to` at once */
    weir_status (*remove)(const weir_files *files, const char *path, weir_error *error);                 /* a file or an empty folder */
    weir_status (*make_folder)(const weir_files *files, const char *path, weir_error *error); /* one level; fine when it exists */
    weir_status (*sync_folder)(const weir_files *files, const char *path, weir_error *error); /* makes renames in it durable */
    /* Entries of one folder in byte order of their names, without "." and ".."; made in the arena. */
    weir_status (*list)(const weir_files *files, weir_arena *arena, const char *path, weir_file_entry **entries, size_t *count,
                        weir_error *error);
    void *context;
};

const weir_files *weir_files_real(void);

static inline weir_status weir_files_open(const weir_files *files, weir_memory *memory, const char *path, weir_file_mode mode,
                                          weir_file **out, weir_error *error) {
    return files->open(files, memory, path, mode, out, error);
}
static inline weir_status weir_file_read(weir_file *file, void *data, size_t size_bytes, size_t *read_bytes, weir_error *error) {
    return file->files->read(file, data, size_bytes, read_bytes, error);
}
static inline weir_status weir_file_read_at(weir_file *file, uint64_t offset_bytes, void *data, size_t size_bytes, size_t *read_bytes,
                                            weir_error *error) {
    return file->files->read_at(file, offset_bytes, data, size_bytes, read_bytes, error);
}
static inline weir_status weir_file_write(weir_file *file, const void *data, size_t size_bytes, weir_error *error) {
    return file->files->write(file, data, size_bytes, error);
}
static inline weir_status weir_file_sync(weir_file *file, weir_error *error) { return file->files->sync(file, error); }
static inline weir_status weir_file_size(weir_file *file, uint64_t *size_bytes, weir_error *error) {
    return file->files->size(file, size_bytes, error);
}
/* NULL is fine. */
static inline weir_status weir_file_close(weir_file *file, weir_error *error) {
    return file == NULL ? WEIR_OK : file->files->close(file, error);
}
static inline weir_status weir_files_stat(const weir_files *files, const char *path, weir_file_info *out, weir_error *error) {
    return files->stat(files, path, out, error);
}
static inline weir_status weir_files_rename(const weir_files *files, const char *from, const char *to, weir_error *error) {
    return files->rename(files, from, to, error);
}
static inline weir_status weir_files_remove(const weir_files *files, const char *path, weir_error *error) {
    return files->remove(files, path, error);
}
static inline weir_status weir_files_sync_folder(const weir_files *files, const char *path, weir_error *error) {
    return files->sync_folder(files, path, error);
}
static inline weir_status weir_files_list(const weir_files *files, weir_arena *arena, const char *path, weir_file_entry **entries,
                                          size_t *count, weir_error *error) {
    return files->list(files, arena, path, entries, count, error);
}

/* Make the folder and all that lead to it. */
weir_status weir_files_make_folders(const weir_files *files, const char *path, weir_error *error) WEIR_MUST_USE;
/* Remove a file, or a folder with all that is in it; nothing there is fine. Does not follow symbolic links out of the folder. */
weir_status weir_files_remove_tree(const weir_files *files, weir_memory *memory, const char *path, weir_error *error) WEIR_MUST_USE;
/* All regular files below `path`, in byte order of their paths; `path` itself when it is a file. `enter(name, context)` (NULL: everything)
 * says whether a file or folder of that name counts. */
weir_status weir_files_list_tree(const weir_files *files, weir_arena *arena, const char *path, bool (*enter)(weir_text name, void *context),
                                 void *context, weir_file_entry **entries, size_t *count, weir_error *error) WEIR_MUST_USE;
/* Does a name of the path hold *, ?, [ or {? */
bool weir_path_has_wildcard(const char *path) WEIR_MUST_USE;
/* The length of the folder before the first name with a wildcard (0: there is none, 1: the root); all of it without wildcards. */
size_t weir_path_fixed_size(const char *path) WEIR_MUST_USE;
/* All regular files that the pattern names, and those below the folders that it names, once each, in byte order of their paths. *, ? and
 * [...] match within a name, {a,b} stands for either, ** for any number of folders; '\' takes a character as it is. Names that `enter`
 * (NULL: all do) refuses are passed over, unless the pattern's name begins with the same character. None at all is WEIR_RUNTIME, and the
 * error names the pattern and the nearest folder that is there. */
weir_status weir_files_glob(const weir_files *files, weir_arena *arena, const char *pattern, bool (*enter)(weir_text name, void *context),
                            void *context, weir_file_entry **entries, size_t *count, weir_error *error) WEIR_MUST_USE;
/* The whole file; *data comes from `memory` (give back *capacity_bytes) and ends in an uncounted NUL. Larger than max_bytes is an error. */
weir_status weir_files_read_all(const weir_files *files, weir_memory *memory, const char *path, size_t max_bytes, char **data,
                                size_t *size_bytes, size_t *capacity_bytes, weir_error *error) WEIR_MUST_USE;
/* Replace the file at `path` with these bytes, all or nothing even across a power failure: a temporary file beside it, sync, rename, sync
 * of the folder. */
weir_status weir_files_write_atomic(const weir_files *files, weir_memory *memory, const char *path, const void *data, size_t size_bytes,
                                    weir_error *error) WEIR_MUST_USE;
/* Rename, then make it durable by syncing the target's folder. */
weir_status weir_files_rename_durable(const weir_files *files, weir_memory *memory, const char *from, const char *to,
                                      weir_error *error) WEIR_MUST_USE;

/* Fault injection: passes every call on to `inner`, but the fail_at-th call (1 = the next; 0 = never) and, with `sticky`, all later ones
 * fail. With `torn`, a failing write first writes half of its bytes. Hand out `&faulty.files`; do not copy it. */
typedef struct weir_files_faulty {
    weir_files files;
    const weir_files *inner;
    _Atomic uint64_t calls; /* tried so far */
    uint64_t fail_at;
    bool sticky;
    bool torn;
} weir_files_faulty;
void weir_files_faulty_init(weir_files_faulty *faulty, const weir_files *inner, uint64_t fail_at, bool sticky, bool torn);

#endif
