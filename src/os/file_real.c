/* The machine's files through POSIX calls; see file.h. Interrupted calls are repeated, short ones continued. */
#include "os/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Kernels move at most about 2 GiB in one call. */
enum { CALL_BYTES_MAX = 1 << 30, REASON_BYTES = 128 };

typedef struct real_file {
    weir_file file; /* first */
    weir_memory *memory;
    int descriptor;
    size_t path_bytes;
    char path[]; /* for messages */
} real_file;

static real_file *real_of(weir_file *file) { return (real_file *)file; }

static weir_status fail_errno(weir_error *error, int code, const char *what, const char *path) {
    if (code == ENOENT)
        return weir_fail(error, WEIR_RUNTIME, "Cannot %s '%s': it does not exist.", what, path);
    char reason[REASON_BYTES];
    return weir_fail(error, code == ENOMEM ? WEIR_MEMORY : WEIR_RUNTIME, "Cannot %s '%s': %s.", what, path,
                     strerror_r(code, reason, sizeof(reason)));
}

static weir_status real_open(const weir_files *files, weir_memory *memory, const char *path, weir_file_mode mode, weir_file **out,
                             weir_error *error) {
    static const int flags[] = {
        [WEIR_FILE_READ] = O_RDONLY,
        [WEIR_FILE_CREATE] = O_WRONLY | O_CREAT | O_TRUNC,
        [WEIR_FILE_CREATE_NEW] = O_WRONLY | O_CREAT | O_EXCL,
        [WEIR_FILE_APPEND] = O_WRONLY | O_CREAT | O_APPEND,
    };
    size_t path_bytes = strlen(path) + 1;
    real_file *file = weir_memory_zalloc(memory, sizeof(real_file) + path_bytes);
    if (file == NULL)
        return weir_fail_memory(error, "an open file", sizeof(real_file) + path_bytes);
    file->file.files = files;
    file->memory = memory;
    file->path_bytes = path_bytes;
    memcpy(file->path, path, path_bytes);
    do
        file->descriptor = open(path, flags[mode] | O_CLOEXEC, 0666);
    while (file->descriptor < 0 && errno == EINTR);
    if (file->descriptor < 0) {
        weir_status status = fail_errno(error, errno, mode == WEIR_FILE_READ ? "read" : "write", path);
        weir_memory_free(memory, file, sizeof(real_file) + path_bytes);
        return status;
    }
    *out = &file->file;
    return WEIR_OK;
}

static size_t call_bytes(size_t size_bytes) { return size_bytes < CALL_BYTES_MAX ? size_bytes : CALL_BYTES_MAX; }

static weir_status real_read(weir_file *file, void *data, size_t size_bytes, size_t *read_bytes, weir_error *error) {
    ssize_t count;
    do
        count = read(real_of(file)->descriptor, data, call_bytes(size_bytes));
    while (count < 0 && errno == EINTR);
    if (count < 0)
        return fail_errno(error, errno, "read", real_of(file)->path);
    *read_bytes = (size_t)count;
    return WEIR_OK;
}

static weir_status real_read_at(weir_file *file, uint64_t offset_bytes, void *data, size_t size_bytes, size_t *read_bytes,
                                weir_error *error) {
    ssize_t count;
    do
        count = pread(real_of(file)->descriptor, data, call_bytes(size_bytes), (off_t)offset_bytes);
    while (count < 0 && errno == EINTR);
    if (count < 0)
        return fail_errno(error, errno, "read", real_of(file)->path);
    *read_bytes = (size_t)count;
    return WEIR_OK;
}

static weir_status real_write(weir_file *file, const void *data, size_t size_bytes, weir_error *error) {
    const char *at = data;
    while (size_bytes > 0) {
        ssize_t count = write(real_of(file)->descriptor, at, call_bytes(size_bytes));
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return fail_errno(error, errno, "write", real_of(file)->path);
        at += count;
        size_bytes -= (size_t)count;
    }
    return WEIR_OK;
}

static weir_status real_sync(weir_file *file, weir_error *error) {
    /* Pipes and devices cannot be synced and need not be. */
    if (fsync(real_of(file)->descriptor) != 0 && errno != EINVAL && errno != EROFS)
        return fail_errno(error, errno, "sync", real_of(file)->path);
    return WEIR_OK;
}

static weir_status real_size(weir_file *file, uint64_t *size_bytes, weir_error *error) {
    struct stat info;
    if (fstat(real_of(file)->descriptor, &info) != 0)
        return fail_errno(error, errno, "measure", real_of(file)->path);
    *size_bytes = (uint64_t)info.st_size;
    return WEIR_OK;
}

static weir_status real_close(weir_file *file, weir_error *error) {
    real_file *real = real_of(file);
    weir_status status = WEIR_OK;
    /* After EINTR the descriptor is gone on Linux; closing again might hit somebody else's. */
    if (close(real->descriptor) != 0 && errno != EINTR)
        status = fail_errno(error, errno, "close", real->path);
    weir_memory_free(real->memory, real, sizeof(real_file) + real->path_bytes);
    return status;
}

static weir_file_info info_of(const struct stat *from) {
    weir_file_info info = {.kind = WEIR_FILE_OTHER, .size_bytes = (uint64_t)from->st_size};
    if (S_ISREG(from->st_mode))
        info.kind = WEIR_FILE_REGULAR;
    else if (S_ISDIR(from->st_mode))
        info.kind = WEIR_FILE_FOLDER;
    info.modified_us = (int64_t)from->st_mtim.tv_sec * 1000000 + from->st_mtim.tv_nsec / 1000;
    return info;
}

static weir_status real_stat(const weir_files *files, const char *path, weir_file_info *out, weir_error *error) {
    (void)files;
    struct stat info;
    if (stat(path, &info) == 0) {
        *out = info_of(&info);
        return WEIR_OK;
    }
    if (errno != ENOENT && errno != ENOTDIR)
        return fail_errno(error, errno, "look at", path);
    *out = (weir_file_info){.kind = WEIR_FILE_NONE};
    return WEIR_OK;
}

static weir_status real_rename(const weir_files *files, const char *from, const char *to, weir_error *error) {
    (void)files;
    if (rename(from, to) == 0)
        return WEIR_OK;
    int code = errno;
    struct stat info;
    return fail_errno(error, code, "rename a file to", code == ENOENT && lstat(from, &info) != 0 ? from : to);
}

static weir_status real_remove(const weir_files *files, const char *path, weir_error *error) {
    (void)files;
    if (unlink(path) == 0)
        return WEIR_OK;
    int code = errno;
    if ((code == EISDIR || code == EPERM) && rmdir(path) == 0)
        return WEIR_OK;
    return fail_errno(error, code == EISDIR || code == EPERM ? errno : code, "remove", path);
}

static weir_status real_make_folder(const weir_files *files, const char *path, weir_error *error) {
    (void)files;
    if (mkdir(path, 0777) == 0)
        return WEIR_OK;
    int code = errno;
    struct stat info;
    if (code == EEXIST && stat(path, &info) == 0 && S_ISDIR(info.st_mode))
        return WEIR_OK;
    return fail_errno(error, code, "make the folder", path);
}

static weir_status real_sync_folder(const weir_files *files, const char *path, weir_error *error) {
    (void)files;
    int descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
        return fail_errno(error, errno, "sync the folder", path);
    int code = fsync(descriptor) == 0 ? 0 : errno;
    close(descriptor);
    /* Some network file systems know no sync for folders. */
    return code == 0 || code == EINVAL || code == ENOTSUP ? WEIR_OK : fail_errno(error, code, "sync the folder", path);
}

static int entry_order(const void *a, const void *b) {
    return weir_text_compare(((const weir_file_entry *)a)->name, ((const weir_file_entry *)b)->name);
}

static weir_status entry_add(weir_arena *arena, weir_list *list, const char *folder, const char *name, weir_error *error) {
    weir_file_entry *entry = WEIR_ARENA_NEW(arena, weir_file_entry);
    if (entry == NULL)
        return weir_fail_memory(error, "a list of files", sizeof(weir_file_entry));
    size_t folder_size = strlen(folder);
    bool slash = folder_size > 0 && folder[folder_size - 1] == '/';
    entry->path = weir_arena_format(arena, slash ? "%s%s" : "%s/%s", folder, name);
    if (entry->path.data == NULL)
        return weir_fail_memory(error, "a list of files", folder_size);
    size_t name_size = strlen(name);
    entry->name = (weir_text){entry->path.data + entry->path.size - name_size, name_size};
    struct stat info;
    if (stat(entry->path.data, &info) == 0) {
        entry->info = info_of(&info);
    } else if (lstat(entry->path.data, &info) == 0) {
        entry->info = info_of(&info); /* a link to nowhere shows as "other" */
    } else {
        return WEIR_OK; /* gone between the two calls */
    }
    return weir_list_add(arena, list, entry) ? WEIR_OK : weir_fail_memory(error, "a list of files", sizeof(void *));
}

static weir_status real_list(const weir_files *files, weir_arena *arena, const char *path, weir_file_entry **entries, size_t *count,
                             weir_error *error) {
    (void)files;
    DIR *folder = opendir(path);
    if (folder == NULL)
        return fail_errno(error, errno, "list the folder", path);
    weir_status status = WEIR_OK;
    weir_list list = {0};
    while (status == WEIR_OK) {
        errno = 0;
        struct dirent *item = readdir(folder);
        if (item == NULL) {
            if (errno != 0)
                status = fail_errno(error, errno, "list the folder", path);
            break;
        }
        if (strcmp(item->d_name, ".") != 0 && strcmp(item->d_name, "..") != 0)
            status = entry_add(arena, &list, path, item->d_name, error);
    }
    closedir(folder);
    if (status != WEIR_OK)
        return status;
    weir_file_entry *sorted = WEIR_ARENA_ARRAY(arena, weir_file_entry, list.count);
    if (sorted == NULL)
        return weir_fail_memory(error, "a list of files", list.count * sizeof(weir_file_entry));
    for (size_t i = 0; i < list.count; i++)
        sorted[i] = *(weir_file_entry *)list.items[i];
    qsort(sorted, list.count, sizeof(weir_file_entry), entry_order);
    *entries = sorted;
    *count = list.count;
    return WEIR_OK;
}

const weir_files *weir_files_real(void) {
    static const weir_files files = {
        .open = real_open,
        .read = real_read,
        .read_at = real_read_at,
        .write = real_write,
        .sync = real_sync,
        .size = real_size,
        .close = real_close,
        .stat = real_stat,
        .rename = real_rename,
        .remove = real_remove,
        .make_folder = real_make_folder,
        .sync_folder = real_sync_folder,
        .list = real_list,
    };
    return &files;
}
