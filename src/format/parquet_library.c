/* Finding and loading the Parquet plug-in (plugins/parquet). */
#include "format/parquet_library.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ABI_VERSION = 1, PATH_BYTES = 4200 };
static const char library_name[] = "libweir_parquet.so";

/* NODELETE: the library has threads' data of its own and must not go away under them. */
static void *try_open(const char *path) { return dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE); }

/* The folder that this code was loaded from (the program's, or libweir.so's). */
static bool own_folder(char *out) {
    Dl_info info;
    if (dladdr((const void *)&library_name, &info) == 0 || info.dli_fname == NULL)
        return false;
    char *real = realpath(info.dli_fname, NULL);
    char *slash = real == NULL ? NULL : strrchr(real, '/');
    bool found = slash != NULL && (size_t)(slash - real) < PATH_BYTES - 64;
    if (found) {
        memcpy(out, real, (size_t)(slash - real));
        out[slash - real] = 0;
    }
    free(real); /* tidy: realpath() allocated it */
    return found;
}

static void *find_library(void) {
    char folder[PATH_BYTES], path[PATH_BYTES + 64];
    const char *given = getenv("WEIR_PLUGIN_PATH");
    void *library = NULL;
    if (given != NULL && strlen(given) < PATH_BYTES) {
        snprintf(path, sizeof path, "%s/%s", given, library_name);
        library = try_open(path);
    }
    for (size_t i = 0; library == NULL && i < 3 && own_folder(folder); i++) {
        if (i == 0)
            snprintf(path, sizeof path, "%s/%s", folder, library_name);
        else if (i == 1)
            snprintf(path, sizeof path, "%s/weir/%s", folder, library_name);
        else
            snprintf(path, sizeof path, "%s/../lib/weir/%s", folder, library_name);
        library = try_open(path);
    }
    return library != NULL ? library : try_open(library_name);
}

weir_status weir_parquet_load(weir_parquet_library *out, weir_error *error) {
    void *library = find_library();
    if (library == NULL) {
        weir_fail(error, WEIR_UNSUPPORTED, "The format 'parquet' needs the plug-in %s, which was not found.", library_name);
        weir_error_hint(
            error,
            "build it with `make parquet` (needs cargo); it is looked for beside the program, in ../lib/weir and in $WEIR_PLUGIN_PATH");
        return WEIR_UNSUPPORTED;
    }
    int (*abi)(void) = NULL;
    *(void **)&abi = dlsym(library, "weir_parquet_abi");
    *(void **)&out->open = dlsym(library, "weir_parquet_open");
    *(void **)&out->next = dlsym(library, "weir_parquet_next");
    *(void **)&out->close = dlsym(library, "weir_parquet_close");
    *(void **)&out->writer = dlsym(library, "weir_parquet_writer");
    *(void **)&out->write = dlsym(library, "weir_parquet_write");
    *(void **)&out->writer_close = dlsym(library, "weir_parquet_writer_close");
    if (abi == NULL || abi() != ABI_VERSION || !out->open || !out->next || !out->close || !out->writer || !out->write || !out->writer_close)
        return weir_fail(error, WEIR_UNSUPPORTED, "The plug-in %s belongs to another version of Weir.", library_name);
    return WEIR_OK;
}

weir_status weir_parquet_schema(weir_arena *arena, const char *path, weir_schema *out, weir_error *error) {
    weir_parquet_library library;
    struct ArrowSchema schema;
    void *reader;
    char text[1024] = "";
    WEIR_TRY(weir_parquet_load(&library, error));
    if (library.open(path, NULL, 0, 1024, &schema, &reader, text, sizeof text) != 0)
        return weir_fail(error, WEIR_RUNTIME, "'%s' cannot be read as Parquet: %s", path, text);
    weir_status status = weir_arrow_import_schema(arena, &schema, out, error);
    schema.release(&schema);
    library.close(reader);
    return status;
}
