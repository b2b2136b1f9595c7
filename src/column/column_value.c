/* Boxed values in and out of columns. For literals, defaults and results; not for loops over rows. */
#include <assert.h>

#include "column/column_int.h"
#include "types/timestamp.h"

static void put_nested(weir_column *column, uint32_t row, const weir_value *value) {
    if (column->type->kind == WEIR_KIND_ROW) {
        assert(value->as.nested.count == column->child_count);
        for (uint32_t i = 0; i < column->child_count; i++) {
            weir_column_put_value(column->children[i], row, &value->as.nested.items[i]);
            column->failed |= column->children[i]->failed;
        }
        return;
    }
    uint32_t width = column->child_count; /* 1 for arrays; key and value */
    uint32_t count = value->as.nested.count / width;
    uint32_t start = weir_column_span_add(column, row, count);
    if (start == UINT32_MAX)
        return;
    for (uint32_t k = 0; k < count * width; k++) {
        weir_column *child = column->children[k % width];
        weir_column_put_value(child, start + k / width, &value->as.nested.items[k]);
        column->failed |= child->failed;
    }
}

static void put_null(weir_column *column, uint32_t row) {
    weir_column_set_null(column, row);
    uint32_t bytes = weir_layout_bytes(column->layout);
    if (bytes > 0)
        memset((char *)column->values + (size_t)row * bytes, 0, bytes);
    if (column->type->kind == WEIR_KIND_ROW)
        for (uint32_t i = 0; i < column->child_count; i++)
            put_null(column->children[i], row);
}

void weir_column_put_value(weir_column *column, uint32_t row, const weir_value *value) {
    assert(row < column->capacity);
    if (value->is_null || column->type->kind == WEIR_KIND_NULL) {
        put_null(column, row);
        return;
    }
    if (column->type->kind == WEIR_KIND_SYMBOL) /* a keyword has no value in a column: functions read the literal */
        return;
    if (column->valid != NULL)
        column->valid[row] = 1;
    switch (column->layout) {
    case WEIR_LAYOUT_U8: WEIR_VALUES(column, uint8_t)[row] = value->as.boolean; break;
    case WEIR_LAYOUT_I8: WEIR_VALUES(column, int8_t)[row] = (int8_t)value->as.integer; break;
    case WEIR_LAYOUT_I16: WEIR_VALUES(column, int16_t)[row] = (int16_t)value->as.integer; break;
    case WEIR_LAYOUT_I32: WEIR_VALUES(column, int32_t)[row] = (int32_t)value->as.integer; break;
    case WEIR_LAYOUT_I64:
        WEIR_VALUES(column, int64_t)
        [row] = weir_type_layout(value->type) == WEIR_LAYOUT_TIMESTAMP_NS ? weir_timestamp_ns_to_us(value->as.nanos) : value->as.integer;
        break;
    case WEIR_LAYOUT_F32: WEIR_VALUES(column, float)[row] = (float)value->as.real; break;
    case WEIR_LAYOUT_F64: WEIR_VALUES(column, double)[row] = value->as.real; break;
    case WEIR_LAYOUT_I128: WEIR_VALUES(column, weir_i128)[row] = value->as.decimal; break;
    case WEIR_LAYOUT_TIMESTAMP_NS:
        WEIR_VALUES(column, weir_timestamp_ns)
        [row] = weir_type_layout(value->type) == WEIR_LAYOUT_I64 ? weir_timestamp_ns_from_us(value->as.integer) : value->as.nanos;
        break;
    case WEIR_LAYOUT_VIEW: weir_column_put_text(column, row, value->as.text); break;
    case WEIR_LAYOUT_SPAN:
    case WEIR_LAYOUT_NONE: put_nested(column, row, value); break;
    }
}

/* Copy row 0 to all rows. The rows of an array share one span: child rows are immutable, so there is no need for more. */
static void repeat_first(weir_column *column, uint32_t rows) {
    if (column->valid != NULL)
        memset(column->valid, column->valid[0], rows);
    uint32_t bytes = weir_layout_bytes(column->layout);
    for (uint32_t row = 1; row < rows && bytes > 0; row++)
        memcpy((char *)column->values + (size_t)row * bytes, column->values, bytes);
    if (column->type->kind == WEIR_KIND_ROW)
        for (uint32_t i = 0; i < column->child_count; i++)
            repeat_first(column->children[i], rows);
}

weir_column *weir_column_of_value(weir_memory *memory, const weir_value *value, uint32_t rows) {
    weir_column *column = weir_column_create(memory, value->type, rows);
    if (column == NULL || rows == 0)
        return column;
    weir_column_put_value(column, 0, value);
    if (column->failed) {
        weir_column_unref(column);
        return NULL;
    }
    repeat_first(column, rows);
    return column;
}

static weir_status get_nested(const weir_column *column, uint32_t row, weir_arena *arena, weir_value *out) {
    bool is_row = column->type->kind == WEIR_KIND_ROW;
    weir_span span = is_row ? (weir_span){row, 1} : weir_column_span(column, row);
    uint32_t width = column->child_count;
    size_t count = (size_t)span.count * width;
    weir_value *items = WEIR_ARENA_ARRAY(arena, weir_value, count);
    if (items == NULL)
        return WEIR_MEMORY;
    for (size_t k = 0; k < count; k++)
        WEIR_TRY(weir_column_get_value(column->children[k % width], span.start + (uint32_t)(k / width), arena, &items[k]));
    out->as.nested.items = items;
    out->as.nested.count = (uint32_t)count;
    return WEIR_OK;
}

weir_status weir_column_get_value(const weir_column *column, uint32_t row, weir_arena *arena, weir_value *out) {
    *out = (weir_value){.type = column->type, .is_null = !weir_column_is_valid(column, row)};
    if (out->is_null)
        return WEIR_OK;
    switch (column->layout) {
    case WEIR_LAYOUT_U8: out->as.boolean = WEIR_VALUES(column, uint8_t)[row] != 0; break;
    case WEIR_LAYOUT_I8: out->as.integer = WEIR_VALUES(column, int8_t)[row]; break;
    case WEIR_LAYOUT_I16: out->as.integer = WEIR_VALUES(column, int16_t)[row]; break;
    case WEIR_LAYOUT_I32: out->as.integer = WEIR_VALUES(column, int32_t)[row]; break;
    case WEIR_LAYOUT_I64: out->as.integer = WEIR_VALUES(column, int64_t)[row]; break;
    case WEIR_LAYOUT_F32: out->as.real = WEIR_VALUES(column, float)[row]; break;
    case WEIR_LAYOUT_F64: out->as.real = WEIR_VALUES(column, double)[row]; break;
    case WEIR_LAYOUT_I128: out->as.decimal = WEIR_VALUES(column, weir_i128)[row]; break;
    case WEIR_LAYOUT_TIMESTAMP_NS: out->as.nanos = WEIR_VALUES(column, weir_timestamp_ns)[row]; break;
    case WEIR_LAYOUT_VIEW:
        out->as.text = weir_arena_text(arena, weir_column_text(column, row));
        return out->as.text.data == NULL ? WEIR_MEMORY : WEIR_OK;
    case WEIR_LAYOUT_SPAN:
    case WEIR_LAYOUT_NONE: return get_nested(column, row, arena, out);
    }
    return WEIR_OK;
}

bool weir_column_put_default(weir_column *column, uint32_t row) {
    switch (column->layout) {
    case WEIR_LAYOUT_U8: WEIR_VALUES(column, uint8_t)[row] = 0; break;
    case WEIR_LAYOUT_I8: WEIR_VALUES(column, int8_t)[row] = -1; break;
    case WEIR_LAYOUT_I16: WEIR_VALUES(column, int16_t)[row] = -1; break;
    case WEIR_LAYOUT_I32: WEIR_VALUES(column, int32_t)[row] = -1; break;
    case WEIR_LAYOUT_F32: WEIR_VALUES(column, float)[row] = -1; break;
    case WEIR_LAYOUT_F64: WEIR_VALUES(column, double)[row] = -1; break;
    case WEIR_LAYOUT_VIEW: weir_column_set_view(column, row, "", 0); break;
    case WEIR_LAYOUT_I64:
        if (weir_kind_is_integer(column->type->kind)) {
            WEIR_VALUES(column, int64_t)[row] = -1;
            break;
        }
        /* fall through */
    default: weir_column_set_null(column, row); return false;
    }
    if (column->valid != NULL)
        column->valid[row] = 1;
    return true;
}
