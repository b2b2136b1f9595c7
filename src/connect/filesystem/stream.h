/* The bytes of a file, decompressed by its extension (codecs.c lists them; any other: as they are). For one thread at a time. */
#ifndef WEIR_CONNECT_FILESYSTEM_STREAM_H
#define WEIR_CONNECT_FILESYSTEM_STREAM_H

#include "os/file.h"

typedef struct weir_fs_stream weir_fs_stream;
/* `bytes_read` counts what is read of the file itself; may be NULL. */
weir_status weir_fs_stream_open(weir_memory *memory, const weir_files *files, weir_text path, _Atomic uint64_t *bytes_read,
                                weir_fs_stream **out, weir_error *error) WEIR_MUST_USE;
/* Up to `size` bytes; *got 0 is the end. Fewer than asked for is not the end. */
weir_status weir_fs_stream_read(weir_fs_stream *stream, char *data, size_t size, size_t *got, weir_error *error) WEIR_MUST_USE;
void weir_fs_stream_close(weir_fs_stream *stream); /* NULL is fine */

#endif
