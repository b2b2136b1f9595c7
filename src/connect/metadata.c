/* Metadata columns against what a connector and its format have: is there such a key, can its type become the column's. The words are
 * Flink's; the lists of keys and what to do are ours. */
#include <stdio.h>

#include "connect/connector.h"

static const weir_field *of_connector(const weir_connector *connector, const weir_table *table, uint32_t index) {
    uint32_t count = 0;
    const weir_field *fields = connector->metadata == NULL ? NULL : connector->metadata(table, &count);
    return index < count ? &fields[index] : NULL;
}

static const weir_field *of_format(const weir_connector *connector, const weir_table *table, uint32_t index) {
    const weir_format *format = connector->uses_format ? weir_format_find(weir_table_option_text(table, "format")) : NULL;
    return format == NULL || format->metadata == NULL ? NULL : format->metadata(index);
}

/* The connector's keys, then the format's. */
static const weir_field *field_at(const weir_connector *connector, const weir_table *table, uint32_t index) {
    uint32_t first = 0;
    while (of_connector(connector, table, first) != NULL)
        first++;
    return index < first ? of_connector(connector, table, index) : of_format(connector, table, index - first);
}

static weir_status has_none(const weir_connector *connector, const weir_table *table, weir_error *error) {
    weir_fail(error, WEIR_VALIDATE,
              "Table '%.*s.%.*s.%.*s' declares metadata columns, but the underlying DynamicTableSource doesn't implement the "
              "SupportsReadingMetadata interface. Therefore, metadata cannot be read from the given source.",
              WEIR_TEXT_ARGS(table->catalog), WEIR_TEXT_ARGS(table->database), WEIR_TEXT_ARGS(table->name));
    weir_error_hint(error, "the connector '%s' has no metadata: write the columns without METADATA, or leave them out", connector->name);
    return WEIR_VALIDATE;
}

enum { KEYS_MAX = 32, KEYS_BYTES = 1024 };

static weir_status unknown_key(const weir_connector *connector, const weir_table *table, const weir_table_column *column,
                               weir_error *error) {
    weir_text keys[KEYS_MAX];
    char list[KEYS_BYTES] = "";
    uint32_t count = 0;
    size_t size = 0;
    for (const weir_field *field; count < KEYS_MAX && (field = field_at(connector, table, count)) != NULL; count++) {
        keys[count] = field->name;
        int written = snprintf(list + size, sizeof list - size, "\n%.*s", WEIR_TEXT_ARGS(field->name));
        size = written < 0 || size + (size_t)written >= sizeof list ? sizeof list - 1 : size + (size_t)written;
    }
    weir_fail(error, WEIR_VALIDATE,
              "Invalid metadata key '%.*s' in column '%.*s' of table '%.*s.%.*s.%.*s'. The connector '%s' supports the following metadata "
              "keys for reading:%s",
              WEIR_TEXT_ARGS(column->metadata_key), WEIR_TEXT_ARGS(column->name), WEIR_TEXT_ARGS(table->catalog),
              WEIR_TEXT_ARGS(table->database), WEIR_TEXT_ARGS(table->name), connector->name, list);
    int nearest = weir_text_nearest(column->metadata_key, keys, count);
    if (nearest >= 0)
        weir_error_hint(error, "did you mean '%.*s'?", WEIR_TEXT_ARGS(keys[nearest]));
    return WEIR_VALIDATE;
}

static void type_text(const weir_type *type, char *out, size_t size) {
    weir_memory memory;
    weir_builder text;
    weir_memory_init(&memory, NULL, "text", SIZE_MAX);
    weir_builder_init(&text, &memory, size);
    weir_type_print_short(type, &text);
    snprintf(out, size, "%.*s", WEIR_TEXT_ARGS(weir_builder_view(&text)));
    weir_builder_deinit(&text);
    weir_memory_deinit(&memory);
}

static weir_status wrong_type(const weir_table *table, const weir_table_column *column, const weir_field *field, weir_error *error) {
    char from[128], to[128];
    type_text(field->type, from, sizeof from);
    type_text(column->type, to, sizeof to);
    bool named = !weir_text_equal(column->metadata_key, column->name);
    return weir_fail(error, WEIR_VALIDATE,
                     "Invalid data type for metadata column '%.*s'%s%.*s%s of table '%.*s.%.*s.%.*s'. The column cannot be declared as "
                     "'%s' because the type must be castable from metadata type '%s'.",
                     WEIR_TEXT_ARGS(column->name), named ? " with metadata key '" : "", named ? (int)column->metadata_key.size : 0,
                     column->metadata_key.data, named ? "'" : "", WEIR_TEXT_ARGS(table->catalog), WEIR_TEXT_ARGS(table->database),
                     WEIR_TEXT_ARGS(table->name), to, from);
}

weir_status weir_connector_metadata_type(const weir_connector *connector, const weir_table *table, uint32_t column, const weir_type **type,
                                         weir_error *error) {
    const weir_table_column *wanted = &table->columns[column];
    const weir_field *field;
    uint32_t index = 0;
    while ((field = field_at(connector, table, index)) != NULL && !weir_text_equal(field->name, wanted->metadata_key))
        index++;
    if (field == NULL)
        return index == 0 ? has_none(connector, table, error) : unknown_key(connector, table, wanted, error);
    if (!weir_type_equal(field->type, wanted->type, true) && !weir_type_can_cast(field->type, wanted->type))
        return wrong_type(table, wanted, field, error);
    *type = field->type;
    return WEIR_OK;
}

weir_status weir_connector_metadata_written(const weir_connector *connector, const weir_table *table, weir_error *error) {
    for (uint32_t i = 0; i < table->column_count; i++) {
        const weir_table_column *column = &table->columns[i];
        if (column->kind != WEIR_COLUMN_METADATA || column->is_virtual)
            continue;
        weir_fail(error, WEIR_VALIDATE,
                  "Table '%.*s.%.*s.%.*s' declares persistable metadata columns, but the underlying DynamicTableSink doesn't implement the "
                  "SupportsWritingMetadata interface. If the column should not be persisted, it can be declared with the VIRTUAL keyword.",
                  WEIR_TEXT_ARGS(table->catalog), WEIR_TEXT_ARGS(table->database), WEIR_TEXT_ARGS(table->name));
        weir_error_hint(error, "the connector '%s' writes no metadata: declare '%.*s' as METADATA VIRTUAL, or as an ordinary column",
                        connector->name, WEIR_TEXT_ARGS(column->name));
        return WEIR_VALIDATE;
    }
    return WEIR_OK;
}
