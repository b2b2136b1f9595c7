/* Formats: bytes <-> rows. One file per format; `weir_formats` lists them.
 *
 * A reader is handed whole records' bytes by the connector, in any split that respects `weir_format.records`; it appends rows to a batch.
 * Threads: a reader or writer belongs to one thread; several may work on chunks of one file side by side.
 */
#ifndef WEIR_FORMAT_FORMAT_H
#define WEIR_FORMAT_FORMAT_H

#include "catalog/table.h"
#include "column/batch.h"
#include "types/zone.h"

typedef enum weir_format_records {
    WEIR_RECORDS_LINES,  /* one record a line: a chunk may be cut after any '\n' */
    WEIR_RECORDS_QUOTED, /* lines, but a quoted field may hold line ends (csv): cut by weir_format.cut */
    WEIR_RECORDS_FILE,   /* only the whole file makes sense (parquet): the reader opens it itself */
} weir_format_records;

/* Where a malformed record stands, for messages and --stats. */
typedef struct weir_format_place {
    weir_text path;
    uint64_t offset_bytes; /* of the chunk in the file */
    uint64_t line;         /* of the chunk's first line, from 1; 0 when not known (then found by counting when an error is told) */
} weir_format_place;

typedef struct weir_reader weir_reader;
typedef struct weir_writer weir_writer;

/* What a reader must produce. */
typedef struct weir_read_spec {
    uint32_t count;           /* columns of the batch, in order */
    const weir_field *fields; /* physical columns wanted (projection pushed down): name and type */
    uint32_t total_count;     /* all physical columns of the table as declared: csv needs their order */
    const weir_field *total_fields;
    const uint32_t *total_index; /* [count] index into total_fields */
    const bool *const
        *used_children;      /* [count], may be NULL; used_children[k][f] false: field f of ROW column k is never read and may stay NULL */
    uint32_t metadata_count; /* wanted format metadata columns (debezium: op, source...), appended after the physical ones; 0 mostly */
    const weir_field *metadata;
    const weir_zone *zone; /* session zone */
    bool has_primary_key;
} weir_read_spec;

typedef struct weir_reader_counts {
    uint64_t records;
    uint64_t skipped; /* malformed, skipped by the format's option */
} weir_reader_counts;

typedef struct weir_format {
    const char *name; /* "json" */
    weir_format_records records;
    bool changelog; /* rows carry kinds (CDC formats) */
    /* The metadata that can be read, one after the other: key and type of the `index`th; NULL: there is none (any more). May be NULL. */
    const weir_field *(*metadata)(uint32_t index);
    const char *const *option_names; /* without the "json." prefix; ended by NULL; others are warned about */
    /* Check the options and types; WEIR_VALIDATE / WEIR_UNSUPPORTED. `writing`: as a sink. */
    weir_status (*check)(const weir_table *table, const weir_read_spec *spec, bool writing, weir_error *error);
    weir_status (*reader_create)(weir_arena *arena, weir_memory *memory, const weir_table *table, const weir_read_spec *spec,
                                 weir_reader **out, weir_error *error);
    /* Decode records from data[0..size) into `batch` (fresh typed columns, capacity WEIR_BATCH_ROWS) until it is full or the data ends;
     * *used = bytes consumed. A record that holds many rows (a JSON array) may fill several batches: then rows come with *used short of it,
     * even 0; nothing read and no rows means that the data holds no whole record. place describes data[0]. `final`: nothing follows (a last
     * record without line end counts). Views may point into `data` when `owner` is kept by the column (weir_column_keep). */
    weir_status (*read)(weir_reader *reader, const weir_format_place *place, weir_buffer *owner, const char *data, size_t size, bool final,
                        weir_batch *batch, size_t *used, weir_error *error);
    /* WEIR_RECORDS_FILE: open and deliver batches; *batch NULL at the end. */
    weir_status (*open_file)(weir_reader *reader, weir_text path, weir_error *error);
    weir_status (*next_batch)(weir_reader *reader, weir_batch **batch, weir_error *error);
    /* The greatest n <= size such that data[0..n) holds whole records (0: none). NULL for LINES. */
    size_t (*cut)(weir_reader *reader, const char *data, size_t size);
    const weir_reader_counts *(*counts)(const weir_reader *reader);
    void (*reader_close)(weir_reader *reader);
    /* Writing: NULL when the format cannot. Append the selected rows' bytes. */
    weir_status (*writer_create)(weir_arena *arena, weir_memory *memory, const weir_table *table, const weir_schema *schema,
                                 weir_writer **out, weir_error *error);
    weir_status (*write)(weir_writer *writer, const weir_batch *batch, weir_builder *out, weir_error *error);
    /* Append what ends a file (a footer); NULL: nothing does. A writer serves one file. */
    weir_status (*finish)(weir_writer *writer, weir_builder *out, weir_error *error);
    void (*writer_close)(weir_writer *writer);
    bool writes_changes; /* as a sink takes updates and deletes (debezium-json) */
} weir_format;

extern const weir_format *const weir_formats[];      /* ended by NULL */
const weir_format *weir_format_find(weir_text name); /* NULL: none */
/* Option lookup with and without the format's prefix: weir_format_option(table, "csv", "field-delimiter"). data NULL: not given. */
weir_text weir_format_option(const weir_table *table, const char *format, const char *key);

#endif
