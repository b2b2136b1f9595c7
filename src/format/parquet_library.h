/* The plug-in for Parquet, found when it is first needed: libweir_parquet.so beside the program or library that asks, in ../lib/weir beside
 * it, in $WEIR_PLUGIN_PATH, or where the system looks. Once loaded it stays. Threads: any. */
#ifndef WEIR_FORMAT_PARQUET_LIBRARY_H
#define WEIR_FORMAT_PARQUET_LIBRARY_H

#include "column/arrow.h"

typedef struct weir_parquet_library {
    int (*open)(const char *path, const char *const *names, size_t name_count, size_t batch_rows, struct ArrowSchema *schema, void **out,
                char *error, size_t error_bytes);
    int (*next)(void *reader, struct ArrowArray *array, bool *more, char *error, size_t error_bytes);
    void (*close)(void *reader);
    int (*writer)(struct ArrowSchema *schema, const char *compression, void **out, char *error, size_t error_bytes);
    int (*write)(void *writer, struct ArrowArray *array, bool finish, const uint8_t **data, size_t *size, char *error, size_t error_bytes);
    void (*writer_close)(void *writer);
} weir_parquet_library;

/* WEIR_UNSUPPORTED, with what to do, when it is not there. */
weir_status weir_parquet_load(weir_parquet_library *out, weir_error *error) WEIR_MUST_USE;
/* The columns of a file, in the arena. */
weir_status weir_parquet_schema(weir_arena *arena, const char *path, weir_schema *out, weir_error *error) WEIR_MUST_USE;

#endif
