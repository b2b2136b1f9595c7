/* A file system that fails when told to: every call is counted, the chosen ones fail. The proof that callers handle I/O errors. */
#include "os/file.h"

#include <string.h>

typedef struct faulty_file {
    weir_file file; /* first */
    weir_memory *memory;
    weir_file *inner;
    size_t path_bytes;
    char path[]; /* for messages */
} faulty_file;

static weir_file *inner_of(weir_file *file) { return ((faulty_file *)file)->inner; }
static weir_files_faulty *faulty_of(const weir_files *files) { return files->context; }

static bool due(const weir_files *files) {
    weir_files_faulty *faulty = faulty_of(files);
    uint64_t now = atomic_fetch_add(&faulty->calls, 1) + 1;
    return faulty->fail_at != 0 && (now == faulty->fail_at || (faulty->sticky && now > faulty->fail_at));
}

static weir_status refuse(weir_error *error, const char *what, const char *path) {
    return weir_fail(error, WEIR_RUNTIME, "Cannot %s '%s': injected fault.", what, path);
}

static const char *path_of(const weir_file *file) { return ((const faulty_file *)file)->path; }

static weir_status faulty_open(const weir_files *files, weir_memory *memory, const char *path, weir_file_mode mode, weir_file **out,
                               weir_error *error) {
    if (due(files))
        return refuse(error, mode == WEIR_FILE_READ ? "read" : "write", path);
    const size_t path_bytes = strlen(path) + 1;
    faulty_file *file = weir_memory_zalloc(memory, sizeof(faulty_file) + path_bytes);
    if (file == NULL)
        return weir_fail_memory(error, "an open file", sizeof(faulty_file) + path_bytes);
    memcpy(file->path, path, path_bytes);
    file->path_bytes = path_bytes;
    file->file.files = files;
    file->memory = memory;
    weir_status status = weir_files_open(faulty_of(files)->inner, memory, path, mode, &file->inner, error);
    if (status != WEIR_OK) {
        weir_memory_free(memory, file, sizeof(faulty_file) + path_bytes);
        return status;
    }
    *out = &file->file;
    return WEIR_OK;
}

static weir_status faulty_read(weir_file *file, void *data, size_t size_bytes, size_t *read_bytes, weir_error *error) {
    return due(file->files) ? refuse(error, "read", path_of(file)) : weir_file_read(inner_of(file), data, size_bytes, read_bytes, error);
}

static weir_status faulty_read_at(weir_file *file, uint64_t offset_bytes, void *data, size_t size_bytes, size_t *read_bytes,
                                  weir_error *error) {
    return due(file->files) ? refuse(error, "read", path_of(file))
                            : weir_file_read_at(inner_of(file), offset_bytes, data, size_bytes, read_bytes, error);
}

static weir_status faulty_write(weir_file *file, const void *data, size_t size_bytes, weir_error *error) {
    if (!due(file->files))
        return weir_file_write(inner_of(file), data, size_bytes, error);
    if (faulty_of(file->files)->torn)
        (void)weir_file_write(inner_of(file), data, size_bytes / 2, NULL);
    return refuse(error, "write", path_of(file));
}

static weir_status faulty_sync(weir_file *file, weir_error *error) {
    return due(file->files) ? refuse(error, "sync", path_of(file)) : weir_file_sync(inner_of(file), error);
}

static weir_status faulty_size(weir_file *file, uint64_t *size_bytes, weir_error *error) {
    return due(file->files) ? refuse(error, "measure", path_of(file)) : weir_file_size(inner_of(file), size_bytes, error);
}

static weir_status faulty_close(weir_file *file, weir_error *error) {
    bool fail = due(file->files);
    faulty_file *faulty = (faulty_file *)file;
    weir_status status = weir_file_close(faulty->inner, fail ? NULL : error);
    if (fail)
        status = refuse(error, "close", faulty->path);
    weir_memory_free(faulty->memory, faulty, sizeof(faulty_file) + faulty->path_bytes);
    return status;
}

static weir_status faulty_stat(const weir_files *files, const char *path, weir_file_info *out, weir_error *error) {
    return due(files) ? refuse(error, "look at", path) : weir_files_stat(faulty_of(files)->inner, path, out, error);
}

static weir_status faulty_rename(const weir_files *files, const char *from, const char *to, weir_error *error) {
    return due(files) ? refuse(error, "rename a file to", to) : weir_files_rename(faulty_of(files)->inner, from, to, error);
}

static weir_status faulty_remove(const weir_files *files, const char *path, weir_error *error) {
    return due(files) ? refuse(error, "remove", path) : weir_files_remove(faulty_of(files)->inner, path, error);
}

static weir_status faulty_make_folder(const weir_files *files, const char *path, weir_error *error) {
    const weir_files *inner = faulty_of(files)->inner;
    return due(files) ? refuse(error, "make the folder", path) : inner->make_folder(inner, path, error);
}

static weir_status faulty_sync_folder(const weir_files *files, const char *path, weir_error *error) {
    return due(files) ? refuse(error, "sync the folder", path) : weir_files_sync_folder(faulty_of(files)->inner, path, error);
}

static weir_status faulty_list(const weir_files *files, weir_arena *arena, const char *path, weir_file_entry **entries, size_t *count,
                               weir_error *error) {
    return due(files) ? refuse(error, "list the folder", path)
                      : weir_files_list(faulty_of(files)->inner, arena, path, entries, count, error);
}

void weir_files_faulty_init(weir_files_faulty *faulty, const weir_files *inner, uint64_t fail_at, bool sticky, bool torn) {
    faulty->files = (weir_files){
        .open = faulty_open,
        .read = faulty_read,
        .read_at = faulty_read_at,
        .write = faulty_write,
        .sync = faulty_sync,
        .size = faulty_size,
        .close = faulty_close,
        .stat = faulty_stat,
        .rename = faulty_rename,
        .remove = faulty_remove,
        .make_folder = faulty_make_folder,
        .sync_folder = faulty_sync_folder,
        .list = faulty_list,
        .context = faulty,
    };
    faulty->inner = inner;
    atomic_init(&faulty->calls, 0);
    faulty->fail_at = fail_at;
    faulty->sticky = sticky;
    faulty->torn = torn;
}
