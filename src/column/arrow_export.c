/* Batches and schemas out to Arrow's C data interface; see arrow.h.
 *
 * Every node of an array owns one block: its buffer pointers, its children and what they need kept alive. A child can thus be moved out of
 * its parent, as the specification allows. */
#include <stdio.h>
#include <stdlib.h>

#include "column/arrow.h"
#include "column/column_int.h"
#include "types/timestamp.h"

enum { BUFFERS_MAX = 3, FORMAT_BYTES = 32 };

/* ---- schema ---- */

/* One block with all that the node points to: children, their pointers, the name. */
typedef struct schema_node {
    char format[FORMAT_BYTES];
    uint32_t child_count;
    struct ArrowSchema *child_at; /* storage */
    struct ArrowSchema **children;
} schema_node;

static void schema_release(struct ArrowSchema *schema) {
    schema_node *node = schema->private_data;
    for (uint32_t i = 0; i < node->child_count; i++)
        if (node->child_at[i].release != NULL)
            node->child_at[i].release(&node->child_at[i]);
    free(node); /* tidy: whoever received the schema gives it back, long after any account of ours may be gone */
    schema->release = NULL;
}

/* A node with room for children (to be filled at node->child_at). False: no memory, nothing to release. */
static bool schema_open(struct ArrowSchema *out, weir_text name, uint32_t child_count, bool nullable) {
    memset(out, 0, sizeof(*out));
    size_t child_bytes = child_count * (sizeof(struct ArrowSchema) + sizeof(struct ArrowSchema *));
    schema_node *node = calloc(1, sizeof(schema_node) + child_bytes + name.size + 1); /* tidy: see schema_release */
    if (node == NULL)
        return false;
    node->child_at = (struct ArrowSchema *)(node + 1);
    node->children = (struct ArrowSchema **)(node->child_at + child_count);
    char *name_at = (char *)(node->children + child_count);
    if (name.size > 0)
        memcpy(name_at, name.data, name.size);
    node->child_count = child_count;
    for (uint32_t i = 0; i < child_count; i++)
        node->children[i] = &node->child_at[i];
    out->private_data = node;
    out->release = schema_release;
    out->format = node->format;
    out->name = name_at;
    out->flags = nullable ? ARROW_FLAG_NULLABLE : 0;
    out->n_children = child_count;
    out->children = child_count == 0 ? NULL : node->children;
    return true;
}

static void format_put(const weir_type *type, char *out) {
    static const char *const fixed[WEIR_KIND_COUNT] = {
        [WEIR_KIND_NULL] = "n",
        [WEIR_KIND_BOOLEAN] = "b",
        [WEIR_KIND_TINYINT] = "c",
        [WEIR_KIND_SMALLINT] = "s",
        [WEIR_KIND_INT] = "i",
        [WEIR_KIND_BIGINT] = "l",
        [WEIR_KIND_FLOAT] = "f",
        [WEIR_KIND_DOUBLE] = "g",
        [WEIR_KIND_CHAR] = "u",
        [WEIR_KIND_VARCHAR] = "u",
        [WEIR_KIND_BINARY] = "z",
        [WEIR_KIND_VARBINARY] = "z",
        [WEIR_KIND_DATE] = "tdD",
        [WEIR_KIND_TIME] = "ttm",
        [WEIR_KIND_INTERVAL_MONTH] = "tiM",
        [WEIR_KIND_INTERVAL_SECOND] = "tDm",
        [WEIR_KIND_ARRAY] = "+l",
        [WEIR_KIND_MULTISET] = "+m",
        [WEIR_KIND_MAP] = "+m",
        [WEIR_KIND_ROW] = "+s",
        [WEIR_KIND_SYMBOL] = "n",
        [WEIR_KIND_VARIANT] = "u",
        [WEIR_KIND_BITMAP] = "z",
    };
    if (type->kind == WEIR_KIND_DECIMAL)
        snprintf(out, FORMAT_BYTES, "d:%d,%d", type->precision, type->scale);
    else if (weir_kind_is_timestamp(type->kind))
        snprintf(out, FORMAT_BYTES, "ts%c:%s",
                 type->precision <= 3   ? 'm'
                 : type->precision <= 6 ? 'u'
                                        : 'n',
                 type->kind == WEIR_KIND_TIMESTAMP_LTZ ? "UTC" : "");
    else
        snprintf(out, FORMAT_BYTES, "%s", fixed[type->kind]);
}

static bool schema_of_type(struct ArrowSchema *out, weir_text name, const weir_type *type);

/* A map's one child: a struct of key and value; keys are never null. */
static bool schema_of_entries(struct ArrowSchema *out, const weir_type *type) {
    if (!schema_open(out, WEIR_TEXT("entries"), 2, false))
        return false;
    memcpy(((schema_node *)out->private_data)->format, "+s", sizeof("+s"));
    const weir_type *value = type->kind == WEIR_KIND_MULTISET ? weir_type_simple(WEIR_KIND_INT, false) : type->children[1];
    if (!schema_of_type(out->children[0], WEIR_TEXT("key"), type->children[0]) ||
        !schema_of_type(out->children[1], WEIR_TEXT("value"), value)) {
        schema_release(out);
        return false;
    }
    out->children[0]->flags &= ~(int64_t)ARROW_FLAG_NULLABLE;
    return true;
}

static bool schema_children(struct ArrowSchema *out, const weir_type *type) {
    if (type->kind == WEIR_KIND_ARRAY)
        return schema_of_type(out->children[0], WEIR_TEXT("item"), type->children[0]);
    if (type->kind != WEIR_KIND_ROW)
        return schema_of_entries(out->children[0], type);
    for (uint32_t i = 0; i < type->field_count; i++)
        if (!schema_of_type(out->children[i], type->fields[i].name, type->fields[i].type))
            return false;
    return true;
}

static bool schema_of_type(struct ArrowSchema *out, weir_text name, const weir_type *type) {
    uint32_t children = type->kind == WEIR_KIND_ROW ? type->field_count : type->child_count > 0;
    if (!schema_open(out, name, children, type->nullable))
        return false;
    format_put(type, ((schema_node *)out->private_data)->format);
    if (children == 0 || schema_children(out, type))
        return true;
    schema_release(out);
    return false;
}

weir_status weir_arrow_export_schema(const weir_schema *schema, bool with_kind, struct ArrowSchema *out, weir_error *error) {
    static const weir_type op = {.kind = WEIR_KIND_TINYINT};
    if (!schema_open(out, (weir_text){0}, schema->count + with_kind, false))
        return weir_fail_memory(error, "an Arrow schema", sizeof(schema_node));
    memcpy(((schema_node *)out->private_data)->format, "+s", sizeof("+s"));
    bool done = true;
    for (uint32_t i = 0; i < schema->count && done; i++)
        done = schema_of_type(out->children[i], schema->fields[i].name, schema->fields[i].type);
    if (done && with_kind)
        done = schema_of_type(out->children[schema->count], WEIR_TEXT("op"), &op);
    if (done)
        return WEIR_OK;
    schema_release(out);
    return weir_fail_memory(error, "an Arrow schema", sizeof(schema_node));
}

/* ---- arrays ---- */

typedef struct array_node {
    weir_memory *memory;
    weir_column *column; /* whose values are shared, or NULL */
    weir_buffer *owned[BUFFERS_MAX];
    const void *buffers[BUFFERS_MAX];
    uint32_t child_count;
    struct ArrowArray *child_at;
    struct ArrowArray **children;
} array_node;

static void array_release(struct ArrowArray *array) {
    array_node *node = array->private_data;
    weir_memory *memory = node->memory;
    for (uint32_t i = 0; i < node->child_count; i++)
        if (node->child_at[i].release != NULL)
            node->child_at[i].release(&node->child_at[i]);
    for (int i = 0; i < BUFFERS_MAX; i++)
        weir_buffer_unref(node->owned[i]);
    weir_column_unref(node->column);
    weir_memory_free(memory, node->child_at, node->child_count * sizeof(struct ArrowArray));
    weir_memory_free(memory, node->children, node->child_count * sizeof(struct ArrowArray *));
    weir_memory_free(memory, node, sizeof(array_node));
    array->release = NULL;
}

static array_node *array_open(weir_memory *memory, struct ArrowArray *out, uint32_t length, uint32_t buffer_count, uint32_t child_count) {
    memset(out, 0, sizeof(*out));
    array_node *node = weir_memory_zalloc(memory, sizeof(array_node));
    if (node == NULL)
        return NULL;
    node->memory = memory;
    out->private_data = node;
    out->release = array_release;
    if (child_count > 0) {
        node->child_at = weir_memory_zalloc(memory, child_count * sizeof(struct ArrowArray));
        if (node->child_at != NULL)
            node->children = weir_memory_zalloc(memory, child_count * sizeof(struct ArrowArray *));
        if (node->children == NULL) {
            weir_memory_free(memory, node->child_at, child_count * sizeof(struct ArrowArray));
            weir_memory_free(memory, node, sizeof(array_node));
            out->release = NULL;
            return NULL;
        }
    }
    node->child_count = child_count;
    for (uint32_t i = 0; i < child_count; i++)
        node->children[i] = &node->child_at[i];
    out->length = length;
    out->n_buffers = buffer_count;
    out->buffers = node->buffers;
    out->n_children = child_count;
    out->children = child_count == 0 ? NULL : node->children;
    return node;
}

/* A fresh buffer in place `index` of the node; NULL: no memory. */
static void *buffer_open(array_node *node, uint32_t index, size_t size_bytes) {
    weir_buffer *buffer = weir_buffer_create(node->memory, size_bytes);
    if (buffer == NULL)
        return NULL;
    node->owned[index] = buffer;
    node->buffers[index] = buffer->data;
    return buffer->data;
}

/* What is exported: rows index[0..count) of a column, or 0..count-1 when index is NULL. */
typedef struct picked {
    weir_memory *memory;
    const uint32_t *index;
    uint32_t count;
    bool copies; /* nothing of the batch is shared: the array may outlive its account; also when the inner values lie as they are wanted */
} picked;

static inline uint32_t picked_row(const picked *rows, uint32_t k) { return rows->index == NULL ? k : rows->index[k]; }

static bool bits_pack(array_node *node, uint32_t place, const uint8_t *bytes, const picked *rows, int64_t *zeros) {
    uint8_t *out = buffer_open(node, place, (size_t)(rows->count + 7) / 8 + 8);
    if (out == NULL)
        return false;
    memset(out, 0, (size_t)(rows->count + 7) / 8);
    int64_t ones = 0;
    for (uint32_t k = 0; k < rows->count; k++) {
        uint8_t bit = bytes[picked_row(rows, k)] != 0;
        out[k / 8] = (uint8_t)(out[k / 8] | bit << (k % 8));
        ones += bit;
    }
    *zeros = rows->count - ones;
    return true;
}

static bool validity_export(struct ArrowArray *out, const weir_column *column, const picked *rows) {
    if (column->valid == NULL)
        return true;
    if (!bits_pack(out->private_data, 0, column->valid, rows, &out->null_count))
        return false;
    if (out->null_count == 0)
        out->buffers[0] = NULL; /* the block stays owned; nobody looks at it */
    return true;
}

static bool fixed_export(struct ArrowArray *out, weir_column *column, const picked *rows) {
    array_node *node = out->private_data;
    size_t bytes = weir_layout_bytes(column->layout);
    if (rows->index == NULL && !rows->copies) {
        node->column = weir_column_ref(column);
        node->buffers[1] = column->values;
        return true;
    }
    char *to = buffer_open(node, 1, rows->count * bytes);
    if (to == NULL)
        return false;
    if (rows->index == NULL) {
        if (rows->count > 0)
            memcpy(to, column->values, rows->count * bytes);
        return true;
    }
    switch (bytes) {
    case 1:
        for (uint32_t k = 0; k < rows->count; k++)
            to[k] = WEIR_VALUES(column, char)[rows->index[k]];
        break;
    case 4:
        for (uint32_t k = 0; k < rows->count; k++)
            ((uint32_t *)(void *)to)[k] = WEIR_VALUES(column, uint32_t)[rows->index[k]];
        break;
    case 8:
        for (uint32_t k = 0; k < rows->count; k++)
            ((uint64_t *)(void *)to)[k] = WEIR_VALUES(column, uint64_t)[rows->index[k]];
        break;
    default:
        for (uint32_t k = 0; k < rows->count; k++)
            memcpy(to + k * bytes, WEIR_VALUES(column, char) + rows->index[k] * bytes, bytes);
        break;
    }
    return true;
}

/* Microseconds as milliseconds for the short timestamps, milliseconds and nanoseconds as nanoseconds for the long ones. */
static weir_status timestamp_export(struct ArrowArray *out, const weir_column *column, const picked *rows, weir_error *error) {
    int64_t *to = buffer_open(out->private_data, 1, rows->count * sizeof(int64_t));
    if (to == NULL)
        return WEIR_MEMORY;
    for (uint32_t k = 0; k < rows->count; k++) {
        uint32_t row = picked_row(rows, k);
        if (column->layout == WEIR_LAYOUT_I64) {
            to[k] = weir_floor_div(WEIR_VALUES(column, int64_t)[row], 1000);
            continue;
        }
        weir_timestamp_ns value = WEIR_VALUES(column, weir_timestamp_ns)[row];
        bool beyond = __builtin_mul_overflow(value.milliseconds, INT64_C(1000000), &to[k]) ||
                      __builtin_add_overflow(to[k], value.nanoseconds, &to[k]);
        if (!beyond)
            continue;
        if (weir_column_is_valid(column, row))
            return weir_fail(
                error, WEIR_RUNTIME,
                "A TIMESTAMP(%d) lies outside the years 1677 to 2262, which nanoseconds in Arrow can hold; cast it to TIMESTAMP(6).",
                column->type->precision);
        to[k] = 0;
    }
    return WEIR_OK;
}

static weir_status text_export(struct ArrowArray *out, const weir_column *column, const picked *rows, weir_error *error) {
    array_node *node = out->private_data;
    const weir_view *views = WEIR_VALUES(column, weir_view);
    int32_t *offsets = buffer_open(node, 1, ((size_t)rows->count + 1) * sizeof(int32_t));
    if (offsets == NULL)
        return WEIR_MEMORY;
    uint64_t size = 0;
    offsets[0] = 0;
    for (uint32_t k = 0; k < rows->count; k++) {
        uint32_t row = picked_row(rows, k);
        size += weir_column_is_valid(column, row) ? views[row].size : 0;
        if (size > INT32_MAX)
            return weir_fail(error, WEIR_RUNTIME, "More than 2 GiB of text in one batch of one column cannot be handed over to Arrow.");
        offsets[k + 1] = (int32_t)size;
    }
    char *to = buffer_open(node, 2, size);
    if (to == NULL)
        return WEIR_MEMORY;
    for (uint32_t k = 0; k < rows->count; k++) {
        const weir_view *view = &views[picked_row(rows, k)];
        size_t bytes = (size_t)(offsets[k + 1] - offsets[k]);
        if (bytes > 0)
            memcpy(to + offsets[k], weir_view_text(view).data, bytes);
    }
    return WEIR_OK;
}

static weir_status column_export(struct ArrowArray *out, weir_column *column, const picked *rows, weir_error *error);

/* Offsets of the picked rows, and the list of child rows they cover. *covered is NULL when those are 0, 1, 2, ... */
static weir_status spans_export(struct ArrowArray *out, const weir_column *column, const picked *rows, uint32_t **covered,
                                uint32_t *covered_count, weir_error *error) {
    int32_t *offsets = buffer_open(out->private_data, 1, ((size_t)rows->count + 1) * sizeof(int32_t));
    if (offsets == NULL)
        return WEIR_MEMORY;
    uint64_t total = 0;
    bool dense = true;
    offsets[0] = 0;
    for (uint32_t k = 0; k < rows->count; k++) {
        uint32_t row = picked_row(rows, k);
        weir_span span = weir_column_is_valid(column, row) ? weir_column_span(column, row) : (weir_span){0, 0};
        dense &= span.count == 0 || span.start == total;
        total += span.count;
        if (total > INT32_MAX)
            return weir_fail(error, WEIR_RUNTIME, "More than 2^31 elements in one batch of one column cannot be handed over to Arrow.");
        offsets[k + 1] = (int32_t)total;
    }
    *covered_count = (uint32_t)total;
    *covered = NULL;
    if (dense)
        return WEIR_OK;
    *covered = weir_memory_alloc(rows->memory, total * sizeof(uint32_t));
    if (*covered == NULL)
        return WEIR_MEMORY;
    for (uint32_t k = 0; k < rows->count; k++)
        for (int32_t i = offsets[k]; i < offsets[k + 1]; i++)
            (*covered)[i] = weir_column_span(column, picked_row(rows, k)).start + (uint32_t)(i - offsets[k]);
    return WEIR_OK;
}

static weir_status entries_export(struct ArrowArray *out, const weir_column *column, const picked *rows, weir_error *error) {
    for (uint32_t k = 0; k < rows->count; k++)
        if (!weir_column_is_valid(column->children[0], picked_row(rows, k)))
            return weir_fail(error, WEIR_RUNTIME, "A %s with a NULL key cannot be handed over to Arrow, whose maps have none.",
                             column->type->kind == WEIR_KIND_MULTISET ? "MULTISET" : "MAP");
    array_node *node = array_open(rows->memory, out, rows->count, 1, 2);
    if (node == NULL)
        return WEIR_MEMORY;
    for (uint32_t i = 0; i < 2; i++)
        WEIR_TRY(column_export(&node->child_at[i], column->children[i], rows, error));
    return WEIR_OK;
}

static weir_status span_export(struct ArrowArray *out, const weir_column *column, const picked *rows, weir_error *error) {
    array_node *node = out->private_data;
    uint32_t *covered = NULL;
    picked inner = {.memory = rows->memory, .copies = rows->copies};
    weir_status status = spans_export(out, column, rows, &covered, &inner.count, error);
    inner.index = covered;
    if (status == WEIR_OK && column->child_count == 1)
        status = column_export(&node->child_at[0], column->children[0], &inner, error);
    else if (status == WEIR_OK)
        status = entries_export(&node->child_at[0], column, &inner, error);
    weir_memory_free(rows->memory, covered, covered == NULL ? 0 : inner.count * sizeof(uint32_t));
    return status;
}

static weir_status values_export(struct ArrowArray *out, weir_column *column, const picked *rows, weir_error *error) {
    const weir_type *type = column->type;
    array_node *node = out->private_data;
    int64_t unused;
    if (weir_kind_is_timestamp(type->kind) && (type->precision <= 3 || type->precision > 6))
        return timestamp_export(out, column, rows, error);
    switch (column->layout) {
    case WEIR_LAYOUT_U8: return bits_pack(node, 1, column->values, rows, &unused) ? WEIR_OK : WEIR_MEMORY;
    case WEIR_LAYOUT_VIEW: return text_export(out, column, rows, error);
    case WEIR_LAYOUT_SPAN: return span_export(out, column, rows, error);
    case WEIR_LAYOUT_NONE:
        for (uint32_t i = 0; i < column->child_count; i++)
            WEIR_TRY(column_export(&node->child_at[i], column->children[i], rows, error));
        return WEIR_OK;
    default: return fixed_export(out, column, rows) ? WEIR_OK : WEIR_MEMORY;
    }
}

/* On failure the node may be half made; its parent's release, or the caller's, takes it down. */
static weir_status column_export(struct ArrowArray *out, weir_column *column, const picked *rows, weir_error *error) {
    uint32_t buffers = 2;
    if (column->type->kind == WEIR_KIND_NULL)
        buffers = 0;
    else if (column->layout == WEIR_LAYOUT_NONE)
        buffers = 1;
    else if (column->layout == WEIR_LAYOUT_VIEW)
        buffers = 3;
    uint32_t children = column->layout == WEIR_LAYOUT_SPAN ? 1 : column->child_count;
    if (array_open(rows->memory, out, rows->count, buffers, children) == NULL)
        return WEIR_MEMORY;
    if (column->type->kind == WEIR_KIND_NULL) {
        out->null_count = rows->count;
        return WEIR_OK;
    }
    if (!validity_export(out, column, rows))
        return WEIR_MEMORY;
    return values_export(out, column, rows, error);
}

static weir_status kinds_export(struct ArrowArray *out, const weir_batch *batch, const picked *rows) {
    array_node *node = array_open(rows->memory, out, rows->count, 2, 0);
    int8_t *to = node == NULL ? NULL : buffer_open(node, 1, rows->count);
    if (to == NULL)
        return WEIR_MEMORY;
    for (uint32_t k = 0; k < rows->count; k++)
        to[k] = (int8_t)weir_batch_kind(batch, picked_row(rows, k));
    return WEIR_OK;
}

weir_status weir_arrow_export_batch(weir_memory *memory, const weir_batch *batch, const weir_schema *schema, bool with_kind,
                                    struct ArrowArray *out, weir_error *error) {
    if (schema->count != batch->column_count)
        return weir_fail(error, WEIR_INTERNAL, "A batch of %u columns was exported with a schema of %u.", batch->column_count,
                         schema->count);
    picked rows = {.memory = memory, .index = batch->selection, .count = batch->selected, .copies = batch->selection != NULL};
    array_node *node = array_open(memory, out, rows.count, 1, batch->column_count + with_kind);
    if (node == NULL)
        return weir_fail_memory(error, "an Arrow array", sizeof(array_node));
    weir_status status = WEIR_OK;
    for (uint32_t i = 0; i < batch->column_count && status == WEIR_OK; i++)
        status = column_export(&node->child_at[i], batch->columns[i], &rows, error);
    if (status == WEIR_OK && with_kind)
        status = kinds_export(&node->child_at[batch->column_count], batch, &rows);
    if (status == WEIR_OK)
        return WEIR_OK;
    array_release(out);
    if (status == WEIR_MEMORY)
        return weir_fail_memory(error, "an Arrow array", (size_t)rows.count * batch->column_count);
    return status;
}
