/* The filesystem connector's inside.
 *
 *   path -> files in path order -> byte stream (decompressed) -> chunks of whole records -> batches
 *
 * options.c reads the options, list.c finds the files, partition.c reads the names of partition folders, stream.c the bytes (codec_*.c
 * decompress them), chunk.c cuts them into chunks, source.c decodes chunks (on threads of its own when it may) and hands out batches in
 * chunk order, sink.c writes, sink_commit.c makes visible what was written.
 */
#ifndef WEIR_CONNECT_FILESYSTEM_FILESYSTEM_INT_H
#define WEIR_CONNECT_FILESYSTEM_FILESYSTEM_INT_H

#include "connect/connectors_int.h"
#include "connect/filesystem/stream.h"
#include "os/thread.h"

typedef struct weir_fs_options {
    const char *path; /* without file:, without '/' at the end */
    weir_text default_partition;
    weir_text path_pattern;      /* source.path.regex-pattern; data NULL: none */
    int64_t monitor_interval_ms; /* 0: read once */
    uint64_t roll_bytes;         /* a sink starts a new file after so many; 0: not said */
    bool roll_by_time;           /* set by the sink: by these, too */
    int64_t roll_age_ms, roll_idle_ms, roll_check_ms;
    bool commit_by_time; /* the partition commit waits for a watermark or a delay */
    bool success_file;   /* sink.partition-commit.policy.kind has success-file */
    weir_text success_name;
} weir_fs_options;

extern const char *const weir_fs_required_options[];
extern const char *const weir_fs_optional_options[];
/* Options that are known and mean nothing in this kind of run: said once, through the context's `warn`. */
void weir_fs_options_remarks(const weir_connect_context *context, const weir_table *table);
/* `arena` takes the path; it may be the caller's shortest-lived one when only the check matters. */
weir_status weir_fs_options_read(weir_arena *arena, const weir_table *table, weir_fs_options *out, weir_error *error) WEIR_MUST_USE;

/* ---- partition folders: k=v, escaped as Hive does ---- */
void weir_fs_escape(weir_builder *out, weir_text text);
weir_text weir_fs_unescape(weir_arena *arena, weir_text text); /* data NULL: no memory */
/* The value of the last folder "name=..." on the way to the file; data NULL: there is none. Still escaped. */
weir_text weir_fs_partition_text(weir_text path, weir_text name);
/* The text as a value of the column's type; the default name is NULL. WEIR_RUNTIME naming the folder when it is none. */
weir_status weir_fs_partition_value(weir_arena *arena, const weir_fs_options *options, const weir_type *type, weir_text column,
                                    weir_text escaped, weir_value *out, weir_error *error) WEIR_MUST_USE;

/* ---- chunks ---- */
typedef struct weir_fs_file {
    weir_file_entry entry;
    weir_value *partitions; /* of the partition columns that are read, in the order of the scan's list of them */
} weir_fs_file;

enum { WEIR_FS_CHUNK_BYTES = 1 << 20, WEIR_FS_PADDING_BYTES = 64 };

typedef struct weir_fs_chunk {
    const weir_fs_file *file;
    weir_buffer *buffer;   /* padded */
    size_t size;           /* bytes of whole records, from the buffer's beginning */
    size_t at;             /* decoded so far */
    uint64_t offset_bytes; /* in the (decompressed) file */
    bool final;            /* the file ends with it */
    bool opened;           /* of a format that reads whole files: the reader has it open */
    weir_status status;    /* an error that shall be told after the batches */
    weir_error error;
} weir_fs_chunk;

typedef struct weir_fs_chunker {
    weir_memory *memory;
    const weir_files *files;
    const weir_format *format;
    weir_reader *reader; /* for `cut` */
    const _Atomic bool *cancelled;
    weir_fs_file **list; /* grows while a folder is watched */
    size_t count;
    size_t next; /* file to open next */
    weir_fs_stream *stream;
    const weir_fs_file *file;
    uint64_t offset_bytes;
    weir_buffer *rest_of;      /* the last chunk's buffer ... */
    size_t rest_at, rest_size; /* ... whose end was no whole record */
    _Atomic uint64_t bytes_read;
} weir_fs_chunker;

/* The next chunk; *more false: all files are read. */
weir_status weir_fs_chunk_next(weir_fs_chunker *chunker, weir_fs_chunk *out, bool *more, weir_error *error) WEIR_MUST_USE;
void weir_fs_chunk_release(weir_fs_chunk *chunk);
void weir_fs_chunker_close(weir_fs_chunker *chunker);
/* Line ends in the first `size_bytes` of the decompressed file. */
weir_status weir_fs_count_lines(weir_memory *memory, const weir_files *files, weir_text path, uint64_t size_bytes, uint64_t *lines,
                                weir_error *error) WEIR_MUST_USE;

extern const weir_source_vtable weir_fs_source_vtable;
extern const weir_sink_vtable weir_fs_sink_vtable;

#endif
