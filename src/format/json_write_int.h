/* Writing JSON; shared by json and the CDC formats. */
#ifndef WEIR_FORMAT_JSON_WRITE_INT_H
#define WEIR_FORMAT_JSON_WRITE_INT_H

#include "format/format_int.h"

typedef enum weir_json_null_keys { WEIR_JSON_NULL_KEY_FAIL, WEIR_JSON_NULL_KEY_DROP, WEIR_JSON_NULL_KEY_LITERAL } weir_json_null_keys;

typedef struct weir_json_write_options {
    bool iso_timestamps;
    weir_json_null_keys null_keys;
    weir_text null_key_literal;
    bool plain_decimals;
    bool ignore_null_fields;
} weir_json_write_options;

/* A value's shape with its field names escaped once: "name": */
typedef struct weir_json_shape {
    const weir_type *type;
    weir_text *names;                 /* ROW: [field_count] */
    struct weir_json_shape *children; /* ROW fields; ARRAY element; MAP key and value */
} weir_json_shape;

weir_status weir_json_write_options_read(const weir_table *table, const char *format, weir_json_write_options *out,
                                         weir_error *error) WEIR_MUST_USE;
weir_json_shape *weir_json_shape_create(weir_arena *arena, const weir_type *type); /* NULL: no memory */
/* {"a":1,...} of the columns' row. */
weir_status weir_json_write_row(weir_builder *out, const weir_json_write_options *options, const weir_json_shape *row_shape,
                                weir_column *const *columns, uint32_t row, weir_error *error) WEIR_MUST_USE;
void weir_json_escape(weir_builder *out, weir_text text);

weir_status weir_json_writer_create(weir_arena *arena, weir_memory *memory, const weir_table *table, const weir_schema *schema,
                                    weir_writer **out, weir_error *error);
weir_status weir_json_write(weir_writer *writer, const weir_batch *batch, weir_builder *out, weir_error *error);
void weir_json_writer_close(weir_writer *writer);

#endif
