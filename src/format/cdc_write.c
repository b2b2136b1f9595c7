/* Writing change envelopes, as Flink's serializers do: an update is a delete of the old row and an insert of the new one. */
#include "format/cdc_int.h"

typedef struct cdc_writer {
    const weir_cdc_dialect *dialect;
    weir_json_write_options options;
    weir_json_shape *shape;
    /* around the row: insert and delete */
    const char *insert_front, *insert_back, *delete_front, *delete_back;
} cdc_writer;

weir_status weir_cdc_writer_create(const weir_cdc_dialect *dialect, weir_arena *arena, weir_memory *memory, const weir_table *table,
                                   const weir_schema *schema, weir_writer **out, weir_error *error) {
    (void)memory;
    cdc_writer *writer = WEIR_ARENA_NEW(arena, cdc_writer);
    const weir_type *row = weir_type_row(arena, schema->fields, schema->count, false);
    if (writer == NULL || row == NULL || (writer->shape = weir_json_shape_create(arena, row)) == NULL)
        return weir_fail_memory(error, "a writer of changes", 0);
    WEIR_TRY(weir_cdc_check(dialect, table, NULL, true, error));
    WEIR_TRY(weir_json_write_options_read(table, dialect->name, &writer->options, error));
    const char *insert = dialect->inserts[0], *deletion = dialect->deletes[0];
    if (dialect->rows == WEIR_CDC_BEFORE_AFTER) {
        writer->insert_front = writer->options.ignore_null_fields ? "{\"after\":" : "{\"before\":null,\"after\":";
        writer->insert_back = weir_arena_format(arena, ",\"%s\":\"%s\"}\n", dialect->operation, insert).data;
        writer->delete_front = "{\"before\":";
        writer->delete_back =
            weir_arena_format(arena, writer->options.ignore_null_fields ? ",\"%s\":\"%s\"}\n" : ",\"after\":null,\"%s\":\"%s\"}\n",
                              dialect->operation, deletion)
                .data;
    } else {
        const char *front = dialect->lists ? "{\"data\":[" : "{\"data\":", *close = dialect->lists ? "]" : "";
        writer->insert_front = writer->delete_front = front;
        writer->insert_back = weir_arena_format(arena, "%s,\"%s\":\"%s\"}\n", close, dialect->operation, insert).data;
        writer->delete_back = weir_arena_format(arena, "%s,\"%s\":\"%s\"}\n", close, dialect->operation, deletion).data;
    }
    if (arena->failed)
        return weir_fail_memory(error, "a writer of changes", 0);
    writer->dialect = dialect;
    *out = (weir_writer *)writer;
    return WEIR_OK;
}

weir_status weir_cdc_write(weir_writer *base, const weir_batch *batch, weir_builder *out, weir_error *error) {
    const cdc_writer *writer = (const cdc_writer *)base;
    const weir_rows rows = weir_batch_rows(batch);
    for (uint32_t k = 0; k < rows.count; k++) {
        const uint32_t row = rows.index == NULL ? k : rows.index[k];
        const bool adds = weir_change_adds(weir_batch_kind(batch, row));
        weir_builder_c(out, adds ? writer->insert_front : writer->delete_front);
        WEIR_TRY(weir_json_write_row(out, &writer->options, writer->shape, batch->columns, row, error));
        weir_builder_c(out, adds ? writer->insert_back : writer->delete_back);
        if (out->failed)
            return weir_fail_memory(error, "writing changes", out->size);
    }
    return WEIR_OK;
}

void weir_cdc_writer_close(weir_writer *writer) { (void)writer; }
