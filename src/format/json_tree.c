/* The tree of JSON nodes: made from the types once per reader, bound to the columns of each batch. */
#include <string.h>

#include "format/json_int.h"

weir_status weir_json_check_type(const weir_type *type, weir_error *error) {
    switch (type->kind) {
    case WEIR_KIND_VARIANT:
    case WEIR_KIND_BITMAP:
    case WEIR_KIND_SYMBOL:
    case WEIR_KIND_COUNT: return weir_fail(error, WEIR_UNSUPPORTED, "The json format does not support this type.");
    case WEIR_KIND_MAP:
    case WEIR_KIND_MULTISET:
        if (!weir_kind_is_text(type->children[0]->kind))
            return weir_fail(error, WEIR_UNSUPPORTED, "JSON format doesn't support non-string as key type of map. The type is: %s<...>",
                             type->kind == WEIR_KIND_MAP ? "MAP" : "MULTISET");
        return type->kind == WEIR_KIND_MAP ? weir_json_check_type(type->children[1], error) : WEIR_OK;
    case WEIR_KIND_ARRAY: return weir_json_check_type(type->children[0], error);
    case WEIR_KIND_ROW:
        for (uint32_t i = 0; i < type->field_count; i++)
            WEIR_TRY(weir_json_check_type(type->fields[i].type, error));
        return WEIR_OK;
    default: return WEIR_OK;
    }
}

static const int64_t units_us[7] = {1000000, 100000, 10000, 1000, 100, 10, 1};

static void set_scalar(weir_json_node *node, const weir_type *type, const weir_json_options *options) {
    node->least = INT64_MIN;
    node->most = INT64_MAX;
    switch (type->kind) {
    case WEIR_KIND_BOOLEAN: node->kind = WEIR_JSON_BOOLEAN; break;
    case WEIR_KIND_TINYINT: node->kind = WEIR_JSON_I8, node->least = INT8_MIN, node->most = INT8_MAX; break;
    case WEIR_KIND_SMALLINT: node->kind = WEIR_JSON_I16, node->least = INT16_MIN, node->most = INT16_MAX; break;
    case WEIR_KIND_INT:
    case WEIR_KIND_INTERVAL_MONTH: node->kind = WEIR_JSON_I32, node->least = INT32_MIN, node->most = INT32_MAX; break;
    case WEIR_KIND_BIGINT:
    case WEIR_KIND_INTERVAL_SECOND: node->kind = WEIR_JSON_I64; break;
    case WEIR_KIND_FLOAT: node->kind = WEIR_JSON_F32; break;
    case WEIR_KIND_DOUBLE: node->kind = WEIR_JSON_F64; break;
    case WEIR_KIND_DECIMAL: node->kind = WEIR_JSON_DECIMAL; break;
    case WEIR_KIND_CHAR:
    case WEIR_KIND_VARCHAR: node->kind = WEIR_JSON_TEXT; break;
    case WEIR_KIND_BINARY:
    case WEIR_KIND_VARBINARY: node->kind = WEIR_JSON_BYTES; break;
    case WEIR_KIND_DATE: node->kind = WEIR_JSON_DATE; break;
    case WEIR_KIND_TIME: node->kind = WEIR_JSON_TIME; break;
    case WEIR_KIND_TIMESTAMP:
    case WEIR_KIND_TIMESTAMP_LTZ:
        node->kind = type->precision > 6 ? WEIR_JSON_TIMESTAMP_NS : WEIR_JSON_TIMESTAMP;
        node->unit_us = units_us[type->precision > 6 ? 6 : type->precision];
        /* What Flink's formatters do: only the plain ISO one is strict about the days of a month. */
        node->form.separator = options->iso_timestamps ? 'T' : ' ';
        node->form.zulu = type->kind == WEIR_KIND_TIMESTAMP_LTZ;
        node->form.smart = !options->iso_timestamps || node->form.zulu;
        node->form.short_form = options->iso_timestamps;
        break;
    default: node->kind = WEIR_JSON_NULL; break;
    }
}

static weir_json_object *object_create(weir_arena *arena, uint32_t field_count) {
    weir_json_object *object = WEIR_ARENA_NEW(arena, weir_json_object);
    if (object == NULL)
        return NULL;
    object->capacity = field_count + WEIR_JSON_LEARNED_MAX;
    object->keys = WEIR_ARENA_ARRAY(arena, weir_json_key, object->capacity);
    return object->keys == NULL ? NULL : object;
}

/* A ROW node over fields; children of fields that are not used stay NULL and their keys are skipped. */
static bool set_row(weir_arena *arena, weir_json_node *node, const weir_field *fields, uint32_t count, const bool *used,
                    const bool *const *used_children, const weir_json_options *options) {
    node->kind = WEIR_JSON_ROW;
    node->child_count = count;
    node->children = WEIR_ARENA_ARRAY(arena, weir_json_node *, count);
    node->object = object_create(arena, count);
    if (node->children == NULL || node->object == NULL)
        return false;
    for (uint32_t i = 0; i < count; i++) {
        if (used != NULL && !used[i])
            continue;
        node->children[i] =
            weir_json_node_create(arena, fields[i].type, used_children == NULL ? NULL : used_children[i], node->in_array, options);
        if (node->children[i] == NULL)
            return false;
        weir_json_key *key = &node->object->keys[node->object->count++];
        key->name = fields[i].name;
        key->node = node->children[i];
    }
    node->object->wanted = node->object->count;
    return true;
}

weir_json_node *weir_json_row_node(weir_arena *arena, const weir_field *fields, uint32_t count, const bool *const *used_children,
                                   const weir_json_options *options) {
    weir_json_node *node = WEIR_ARENA_NEW(arena, weir_json_node);
    return node != NULL && set_row(arena, node, fields, count, NULL, used_children, options) ? node : NULL;
}

weir_json_node *weir_json_node_create(weir_arena *arena, const weir_type *type, const bool *used, bool in_array,
                                      const weir_json_options *options) {
    weir_json_node *node = WEIR_ARENA_NEW(arena, weir_json_node);
    if (node == NULL)
        return NULL;
    node->type = type;
    node->in_array = in_array;
    if (type->kind == WEIR_KIND_ROW)
        return set_row(arena, node, type->fields, type->field_count, used, NULL, options) ? node : NULL;
    if (type->kind != WEIR_KIND_ARRAY && type->kind != WEIR_KIND_MAP && type->kind != WEIR_KIND_MULTISET) {
        set_scalar(node, type, options);
        return node;
    }
    node->kind = type->kind == WEIR_KIND_ARRAY ? WEIR_JSON_ARRAY : WEIR_JSON_MAP;
    node->child_count = node->kind == WEIR_JSON_ARRAY ? 1 : 2;
    node->children = WEIR_ARENA_ARRAY(arena, weir_json_node *, node->child_count);
    if (node->children == NULL)
        return NULL;
    const weir_type *value = type->kind == WEIR_KIND_MULTISET ? weir_type_simple(WEIR_KIND_INT, false)
                             : type->kind == WEIR_KIND_MAP    ? type->children[1]
                                                              : NULL;
    node->children[0] = weir_json_node_create(arena, type->children[0], NULL, true, options);
    if (value != NULL)
        node->children[1] = weir_json_node_create(arena, value, NULL, true, options);
    return node->children[0] == NULL || (value != NULL && node->children[1] == NULL) ? NULL : node;
}

void weir_json_rebind(weir_json_node *node) {
    node->values = node->column->values;
    node->valid = weir_column_open_valid(node->column);
    node->capacity = node->column->capacity;
    if (node->kind != WEIR_JSON_ROW)
        return;
    for (uint32_t i = 0; i < node->child_count; i++)
        if (node->children[i] != NULL)
            weir_json_rebind(node->children[i]);
}

/* A field that nobody reads: NULL everywhere. */
static void null_column(weir_column *column, uint32_t from) {
    memset(weir_column_open_valid(column) + from, 0, column->capacity - from);
    if (column->type->kind == WEIR_KIND_ROW)
        for (uint32_t i = 0; i < column->child_count; i++)
            null_column(column->children[i], from);
}

static bool bind_elements(weir_json_node *node, weir_column *column, weir_buffer *owner) {
    node->column = column;
    node->values = column->values;
    node->valid = weir_column_open_valid(column);
    node->capacity = column->capacity;
    if (node->kind == WEIR_JSON_TEXT && owner != NULL && !weir_column_keep(column, owner))
        return false;
    for (uint32_t i = 0; i < node->child_count; i++)
        if (node->children[i] != NULL && !bind_elements(node->children[i], column->children[i], owner))
            return false;
    return true;
}

bool weir_json_bind(weir_json_node *node, weir_column *column, uint32_t from, weir_buffer *owner) {
    node->column = column;
    node->values = column->values;
    node->valid = weir_column_open_valid(column);
    node->capacity = column->capacity;
    memset(node->valid + from, 0, column->capacity - from);
    if (node->kind == WEIR_JSON_TEXT && owner != NULL && !weir_column_keep(column, owner))
        return false;
    for (uint32_t i = 0; i < node->child_count; i++) {
        weir_json_node *child = node->children[i];
        if (child == NULL)
            null_column(column->children[i], from);
        else if (!(node->kind == WEIR_JSON_ROW ? weir_json_bind(child, column->children[i], from, owner)
                                               : bind_elements(child, column->children[i], owner)))
            return false;
    }
    return true;
}

void weir_json_finish(weir_json_node *node, uint32_t rows) {
    if (node->valid != NULL && node->kind != WEIR_JSON_NULL && memchr(node->valid, 0, rows) == NULL)
        node->column->valid = NULL;
    if (node->kind == WEIR_JSON_ARRAY || node->kind == WEIR_JSON_MAP)
        rows = node->column->child_rows;
    for (uint32_t i = 0; i < node->child_count; i++)
        if (node->children[i] != NULL)
            weir_json_finish(node->children[i], rows);
}

void weir_json_reset_row(weir_json_node *node, uint32_t row) {
    uint32_t bytes = weir_layout_bytes(node->column->layout);
    node->valid[row] = 0;
    if (bytes > 0)
        memset((char *)node->values + (size_t)row * bytes, 0, bytes);
    if (node->kind == WEIR_JSON_ROW)
        for (uint32_t i = 0; i < node->child_count; i++)
            if (node->children[i] != NULL)
                weir_json_reset_row(node->children[i], row);
}
