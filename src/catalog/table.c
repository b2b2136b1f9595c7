/* Table definitions: looking columns up and copying a definition into another arena. */
#include "catalog/table.h"

#include <string.h>

uint32_t weir_table_column_index(const weir_table *table, weir_text name) {
    for (uint32_t i = 0; i < table->column_count; i++)
        if (weir_text_equal(table->columns[i].name, name))
            return i;
    return UINT32_MAX;
}

bool weir_table_is_partition(const weir_table *table, uint32_t column_index) {
    for (uint32_t i = 0; i < table->partition_count; i++)
        if (table->partitions[i] == column_index)
            return true;
    return false;
}

/* "No text" (data NULL) and the empty text differ: a comment may be ''. */
static weir_text copy_text(weir_arena *arena, weir_text text) { return text.data == NULL ? text : weir_arena_text(arena, text); }

static const uint32_t *copy_indexes(weir_arena *arena, const uint32_t *indexes, uint32_t count) {
    uint32_t *copy = WEIR_ARENA_ARRAY(arena, uint32_t, count);
    if (copy != NULL && count > 0)
        memcpy(copy, indexes, count * sizeof *copy);
    return copy;
}

static const weir_table_column *copy_columns(weir_arena *arena, const weir_table *table) {
    weir_table_column *columns = WEIR_ARENA_ARRAY(arena, weir_table_column, table->column_count);
    for (uint32_t i = 0; columns != NULL && i < table->column_count; i++) {
        const weir_table_column *from = &table->columns[i];
        columns[i] = *from;
        columns[i].name = copy_text(arena, from->name);
        columns[i].type = from->type == NULL ? NULL : weir_type_copy(arena, from->type);
        columns[i].expression = copy_text(arena, from->expression);
        columns[i].metadata_key = copy_text(arena, from->metadata_key);
        columns[i].comment = copy_text(arena, from->comment);
    }
    return columns;
}

weir_table *weir_table_copy(weir_arena *arena, const weir_table *table) {
    weir_table *copy = WEIR_ARENA_NEW(arena, weir_table);
    weir_option *options = WEIR_ARENA_ARRAY(arena, weir_option, table->option_count);
    if (copy == NULL || options == NULL)
        return NULL;
    *copy = *table;
    copy->catalog = copy_text(arena, table->catalog);
    copy->database = copy_text(arena, table->database);
    copy->name = copy_text(arena, table->name);
    copy->columns = copy_columns(arena, table);
    copy->watermark.column = copy_text(arena, table->watermark.column);
    copy->watermark.expression = copy_text(arena, table->watermark.expression);
    copy->watermark.type = table->watermark.type == NULL ? NULL : weir_type_copy(arena, table->watermark.type);
    copy->key = copy_indexes(arena, table->key, table->key_count);
    copy->key_name = copy_text(arena, table->key_name);
    copy->distribution = copy_text(arena, table->distribution);
    copy->partitions = copy_indexes(arena, table->partitions, table->partition_count);
    for (uint32_t i = 0; i < table->option_count; i++)
        options[i] =
            (weir_option){copy_text(arena, table->options[i].key), copy_text(arena, table->options[i].value), table->options[i].position};
    copy->options = options;
    copy->comment = copy_text(arena, table->comment);
    copy->view_query = copy_text(arena, table->view_query);
    copy->view_original = copy_text(arena, table->view_original);
    return arena->failed ? NULL : copy;
}
