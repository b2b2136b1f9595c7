/* The CSV format's inside: csv.c holds options and the vtable, csv_read.c cuts records into fields, csv_value.c turns fields into values,
 * csv_write.c writes. The rules are those of Jackson's CSV parser as Flink sets it up. */
#ifndef WEIR_FORMAT_CSV_INT_H
#define WEIR_FORMAT_CSV_INT_H

#include "format/fast.h"
#include "format/format_int.h"
#include "format/scan.h"

typedef struct weir_csv_options {
    char delimiter;
    char quote;  /* '\0': quoting is off */
    char escape; /* '\0': none */
    bool allow_comments;
    bool ignore_parse_errors;
    bool header_line; /* ours: the first line of each file names the columns */
    bool scientific_decimals;
    weir_text array_delimiter; /* one character, may be several bytes */
    weir_text null_literal;    /* data NULL: none */
} weir_csv_options;

weir_status weir_csv_options_read(const weir_table *table, weir_csv_options *out, weir_error *error) WEIR_MUST_USE;
weir_status weir_csv_check_type(const weir_field *field, weir_error *error) WEIR_MUST_USE;

/* Which fields are first tried in their usual form, right where they stand. */
typedef enum weir_csv_fast {
    WEIR_CSV_SLOW,
    WEIR_CSV_FAST_INTEGER,
    WEIR_CSV_FAST_DOUBLE,
    WEIR_CSV_FAST_DECIMAL,
    WEIR_CSV_FAST_TIMESTAMP,
    WEIR_CSV_FAST_TEXT
} weir_csv_fast;

/* A column of the batch that is filled; nested ones have children. */
typedef struct weir_csv_node {
    const weir_type *type;
    weir_csv_fast fast;
    weir_layout layout;
    int64_t least, most; /* integers */
    int64_t unit_us;     /* timestamps */
    bool in_array;       /* rows are appended: nothing was made NULL beforehand */
    uint32_t child_count;
    struct weir_csv_node *children; /* ARRAY 1; ROW one per field */
    weir_column *column;
    void *values;
    uint8_t *valid;
} weir_csv_node;

typedef enum weir_csv_result { WEIR_CSV_OK, WEIR_CSV_BAD, WEIR_CSV_MEMORY } weir_csv_result;

typedef struct weir_csv_field {
    const char *data;
    size_t size;
    bool copied; /* the text lies in scratch: views must not point there */
} weir_csv_field;

bool weir_csv_node_init(weir_arena *arena, weir_csv_node *node, const weir_type *type, bool in_array); /* false: no memory */
void weir_csv_bind(weir_csv_node *node, weir_column *column, uint32_t from);
void weir_csv_finish(weir_csv_node *node, uint32_t rows);
void weir_csv_reset_row(weir_csv_node *node, uint32_t row);
/* Store the field in row `row`; BAD: it is no value of the type. `views`: views may point at field.data. */
weir_csv_result weir_csv_store(const weir_csv_options *options, weir_csv_node *node, uint32_t row, weir_csv_field field, bool views);

typedef struct weir_csv_reader {
    weir_csv_options options;
    weir_memory *memory;
    weir_reader_counts counts;
    uint32_t total_count;
    const weir_field *total_fields;
    uint32_t count;
    weir_csv_node *nodes;        /* [count] */
    weir_csv_node **by_position; /* [total_count], NULL: not wanted */
    weir_builder scratch;        /* fields without their quotes and escapes */
    weir_fast_date date;
    bool fast; /* no NULL literal, or the empty one: no number looks like it */
    /* the mistake in the record at hand */
    const char *bad_at;
    char cause[256];
} weir_csv_reader;

weir_status weir_csv_read(weir_reader *base, const weir_format_place *place, weir_buffer *owner, const char *data, size_t size, bool final,
                          weir_batch *batch, size_t *used, weir_error *error);
size_t weir_csv_cut(weir_reader *base, const char *data, size_t size);

weir_status weir_csv_writer_create(weir_arena *arena, weir_memory *memory, const weir_table *table, const weir_schema *schema,
                                   weir_writer **out, weir_error *error);
weir_status weir_csv_write(weir_writer *writer, const weir_batch *batch, weir_builder *out, weir_error *error);
void weir_csv_writer_close(weir_writer *writer);

#endif
