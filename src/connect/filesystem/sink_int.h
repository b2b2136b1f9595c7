/* The filesystem sink's inside: sink.c writes rows into hidden files, sink_commit.c makes them visible. */
#ifndef WEIR_CONNECT_FILESYSTEM_SINK_INT_H
#define WEIR_CONNECT_FILESYSTEM_SINK_INT_H

#include "connect/filesystem/filesystem_int.h"

enum { WEIR_FS_FLUSH_BYTES = 1 << 18, WEIR_FS_OPEN_MAX = 256, WEIR_FS_TABLE_SLOTS = 1024 };

typedef struct weir_fs_out {
    weir_arena arena; /* the paths and the format's writer */
    weir_text key;    /* folder below the table's path; empty for unpartitioned tables */
    const char *folder, *temporary, *final;
    bool new_folder; /* the folder was not there before */
    weir_file *file;
    weir_writer *writer;
    weir_builder bytes;
    uint64_t written_bytes;
    uint64_t used_at;
    int64_t opened_ms, written_ms; /* wall clock; only where files roll by time */
    uint32_t *rows;                /* of the batch at hand; WEIR_BATCH_ROWS or more */
    uint32_t row_count, row_capacity;
    struct weir_fs_out *next; /* in its slot of the table, or in the list of closed ones */
} weir_fs_out;

typedef struct weir_fs_sink {
    const weir_connect_context *context;
    const weir_table *table;
    weir_fs_options options;
    const weir_format *format;
    weir_schema schema; /* without partition columns */
    uint32_t *columns;  /* of the batch, for the schema */
    uint32_t partition_count;
    uint32_t *partitions; /* indexes of the batch's columns, in folder order */
    bool overwrite;
    uint32_t static_count;
    const weir_option *static_partitions;
    weir_fs_out *slots[WEIR_FS_TABLE_SLOTS];
    uint32_t open_count;
    weir_fs_out *closed;   /* written, not prepared */
    weir_fs_out *prepared; /* waiting for commit */
    uint64_t clock;        /* of used_at */
    int64_t next_roll_ms;  /* when open files are looked over for their age */
    uint64_t file_number;
    uint64_t id;
    bool new_root;  /* the table's folder was made for this, and nothing stands in it yet */
    bool recovered; /* leftovers of an earlier life were looked after */
    weir_builder key;
} weir_fs_sink;

void weir_fs_out_destroy(weir_fs_sink *sink, weir_fs_out *file);
/* Removes what it wrote, too, and the folders made for it. */
void weir_fs_sink_discard(weir_fs_sink *sink, weir_fs_out *file);
/* All open files into `closed`. */
weir_status weir_fs_sink_finish_all(weir_fs_sink *sink, weir_error *error) WEIR_MUST_USE;
/* The two phases, and giving up; as in weir_sink_vtable. */
weir_status weir_fs_sink_prepare(weir_sink *base, uint64_t epoch, weir_error *error) WEIR_MUST_USE;
weir_status weir_fs_sink_commit(weir_sink *base, uint64_t epoch, weir_error *error) WEIR_MUST_USE;
void weir_fs_sink_abort(weir_sink *base);

#endif
