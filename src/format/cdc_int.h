/* Change-data-capture envelopes in JSON: what a dialect is. cdc_dialects.c describes the four, cdc_read.c reads them all, cdc_write.c
 * writes them. */
#ifndef WEIR_FORMAT_CDC_INT_H
#define WEIR_FORMAT_CDC_INT_H

#include "format/json_int.h"
#include "format/json_write_int.h"

typedef enum weir_cdc_rows {
    WEIR_CDC_BEFORE_AFTER, /* whole rows under `before` and `after` (debezium, ogg) */
    WEIR_CDC_DATA_OLD, /* the new row under `after`, the changed columns alone under `before` (maxwell); lists of rows when `lists` (canal)
                        */
} weir_cdc_rows;

typedef enum weir_cdc_meaning { WEIR_CDC_DIRECT, WEIR_CDC_MILLISECONDS, WEIR_CDC_SECONDS } weir_cdc_meaning;

typedef struct weir_cdc_metadata {
    weir_field column; /* the name is the key, as METADATA FROM has it; data NULL ends the list */
    const char *field; /* of the envelope */
    const char *inner; /* of the object under that field; NULL: the field itself */
    bool in_root;      /* beside the payload (debezium with schema-include) */
    weir_cdc_meaning meaning;
} weir_cdc_metadata;

typedef struct weir_cdc_dialect {
    const char *name;  /* of the format */
    const char *title; /* for messages: "Debezium" */
    weir_cdc_rows rows;
    bool lists;
    const char *before, *after, *operation;                        /* fields of the envelope */
    const char *inserts[3], *updates[2], *deletes[2], *ignored[2]; /* operations; ended by NULL */
    const char *connector;                                         /* whose fault a missing `before` may be; NULL: not told */
    bool filters;                                                  /* database.include, table.include */
    bool may_have_schema;                                          /* schema-include: the envelope lies under "payload" */
    const weir_cdc_metadata *metadata;
} weir_cdc_dialect;

extern const weir_cdc_dialect weir_cdc_debezium, weir_cdc_canal, weir_cdc_maxwell, weir_cdc_ogg;

weir_status weir_cdc_check(const weir_cdc_dialect *dialect, const weir_table *table, const weir_read_spec *spec, bool writing,
                           weir_error *error);
weir_status weir_cdc_reader_create(const weir_cdc_dialect *dialect, weir_arena *arena, weir_memory *memory, const weir_table *table,
                                   const weir_read_spec *spec, weir_reader **out, weir_error *error);
weir_status weir_cdc_read(weir_reader *reader, const weir_format_place *place, weir_buffer *owner, const char *data, size_t size,
                          bool final, weir_batch *batch, size_t *used, weir_error *error);
const weir_reader_counts *weir_cdc_counts(const weir_reader *reader);
void weir_cdc_reader_close(weir_reader *reader);

weir_status weir_cdc_writer_create(const weir_cdc_dialect *dialect, weir_arena *arena, weir_memory *memory, const weir_table *table,
                                   const weir_schema *schema, weir_writer **out, weir_error *error);
weir_status weir_cdc_write(weir_writer *writer, const weir_batch *batch, weir_builder *out, weir_error *error);
void weir_cdc_writer_close(weir_writer *writer);

#endif
