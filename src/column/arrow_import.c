/* Rows of foreign Arrow arrays as columns of ours; see arrow.h. The format of the schema says how to read, the wanted type how to write. */
#include <stdio.h>

#include "column/arrow.h"
#include "column/column_int.h"
#include "types/decimal.h"
#include "types/timestamp.h"

enum { TYPE_TEXT_BYTES_MAX = 512 };

/* Rows [from, from + count) of an array, in its own buffers' counting: its offset is in `from`. */
typedef struct array_rows {
    weir_memory *memory;
    const struct ArrowSchema *schema;
    const struct ArrowArray *array;
    int64_t from;
    uint32_t count;
} array_rows;

static bool bit_at(const void *bits, int64_t index) { return (((const uint8_t *)bits)[index / 8] >> (index % 8)) & 1; }
static const void *buffer_at(const array_rows *source, int64_t index) {
    return index < source->array->n_buffers ? source->array->buffers[index] : NULL;
}

static const char *name_of(const array_rows *source) { return source->schema->name == NULL ? "" : source->schema->name; }

static weir_status mismatch(const array_rows *source, const weir_type *type, weir_error *error) {
    weir_builder builder;
    weir_builder_init(&builder, source->memory, TYPE_TEXT_BYTES_MAX);
    weir_type_print_short(type, &builder);
    weir_status status = weir_fail(error, WEIR_VALIDATE, "The Arrow column '%s' of format '%s' cannot be read as %.*s.", name_of(source),
                                   source->schema->format, WEIR_TEXT_ARGS(weir_builder_view(&builder)));
    weir_builder_deinit(&builder);
    return status;
}

static weir_status broken(const array_rows *source, const char *what, weir_error *error) {
    return weir_fail(error, WEIR_VALIDATE, "The Arrow column '%s' of format '%s' is broken: %s.", name_of(source), source->schema->format,
                     what);
}

/* Formats without a validity buffer have none to look at. */
static void validity_import(const array_rows *source, weir_column *column) {
    const void *bits = source->array->n_buffers > 0 ? source->array->buffers[0] : NULL;
    if (bits == NULL || source->array->null_count == 0)
        return;
    uint8_t *valid = NULL;
    for (uint32_t k = 0; k < source->count; k++) {
        if (bit_at(bits, source->from + k))
            continue;
        if (valid == NULL)
            valid = weir_column_open_valid(column);
        valid[k] = 0;
    }
}

/* ---- numbers ---- */

/* Any integer format, as a 128-bit value. */
static weir_i128 integer_at(char format, const void *values, int64_t index) {
    switch (format) {
    case 'c': return ((const int8_t *)values)[index];
    case 'C': return ((const uint8_t *)values)[index];
    case 's': return ((const int16_t *)values)[index];
    case 'S': return ((const uint16_t *)values)[index];
    case 'i': return ((const int32_t *)values)[index];
    case 'I': return ((const uint32_t *)values)[index];
    case 'l': return ((const int64_t *)values)[index];
    default: return ((const uint64_t *)values)[index];
    }
}

static bool integer_store(weir_column *column, uint32_t row, weir_i128 value) {
    switch (column->type->kind) {
    case WEIR_KIND_TINYINT: WEIR_VALUES(column, int8_t)[row] = (int8_t)value; return value == (int8_t)value;
    case WEIR_KIND_SMALLINT: WEIR_VALUES(column, int16_t)[row] = (int16_t)value; return value == (int16_t)value;
    case WEIR_KIND_INT: WEIR_VALUES(column, int32_t)[row] = (int32_t)value; return value == (int32_t)value;
    case WEIR_KIND_BIGINT: WEIR_VALUES(column, int64_t)[row] = (int64_t)value; return value == (int64_t)value;
    default:
        return weir_decimal_rescale(value, 0, column->type->scale, &WEIR_VALUES(column, weir_i128)[row]) &&
               weir_decimal_fits(WEIR_VALUES(column, weir_i128)[row], column->type->precision);
    }
}

static weir_status integers_import(const array_rows *source, weir_column *column, weir_error *error) {
    static const char same[WEIR_KIND_COUNT] = {
        [WEIR_KIND_TINYINT] = 'c', [WEIR_KIND_SMALLINT] = 's', [WEIR_KIND_INT] = 'i', [WEIR_KIND_BIGINT] = 'l'};
    const void *values = buffer_at(source, 1);
    char format = source->schema->format[0];
    if (!weir_kind_is_exact(column->type->kind))
        return mismatch(source, column->type, error);
    if (same[column->type->kind] == format) {
        size_t bytes = weir_layout_bytes(column->layout);
        memcpy(column->values, (const char *)values + (size_t)source->from * bytes, source->count * bytes);
        return WEIR_OK;
    }
    for (uint32_t k = 0; k < source->count; k++)
        if (weir_column_is_valid(column, k) && !integer_store(column, k, integer_at(format, values, source->from + k)))
            return weir_fail(error, WEIR_RUNTIME, "A value of the Arrow column '%s' is too large for its type here.", name_of(source));
    return WEIR_OK;
}

static weir_status reals_import(const array_rows *source, weir_column *column, weir_error *error) {
    const void *values = buffer_at(source, 1);
    bool single = source->schema->format[0] == 'f';
    if (column->layout == WEIR_LAYOUT_F64 && single) {
        for (uint32_t k = 0; k < source->count; k++)
            WEIR_VALUES(column, double)[k] = ((const float *)values)[source->from + k];
        return WEIR_OK;
    }
    if (column->layout != (single ? WEIR_LAYOUT_F32 : WEIR_LAYOUT_F64))
        return mismatch(source, column->type, error);
    size_t bytes = weir_layout_bytes(column->layout);
    memcpy(column->values, (const char *)values + (size_t)source->from * bytes, source->count * bytes);
    return WEIR_OK;
}

static weir_status decimals_import(const array_rows *source, weir_column *column, weir_error *error) {
    int precision = 0, scale = 0;
    if (column->type->kind != WEIR_KIND_DECIMAL || sscanf(source->schema->format, "d:%d,%d", &precision, &scale) != 2)
        return mismatch(source, column->type, error);
    const char *values = (const char *)buffer_at(source, 1) + (size_t)source->from * sizeof(weir_i128);
    for (uint32_t k = 0; k < source->count; k++) {
        weir_i128 value;
        memcpy(&value, values + k * sizeof(value), sizeof(value)); /* Arrow promises 8 bytes of alignment, not 16 */
        if (!weir_column_is_valid(column, k))
            continue;
        if (!weir_decimal_rescale(value, scale, column->type->scale, &WEIR_VALUES(column, weir_i128)[k]) ||
            !weir_decimal_fits(WEIR_VALUES(column, weir_i128)[k], column->type->precision))
            return weir_fail(error, WEIR_RUNTIME, "A value of the Arrow column '%s' has too many digits for its type here.",
                             name_of(source));
    }
    return WEIR_OK;
}

static weir_status booleans_import(const array_rows *source, weir_column *column, weir_error *error) {
    if (column->type->kind != WEIR_KIND_BOOLEAN)
        return mismatch(source, column->type, error);
    const void *bits = buffer_at(source, 1);
    for (uint32_t k = 0; k < source->count; k++)
        WEIR_VALUES(column, uint8_t)[k] = bit_at(bits, source->from + k);
    return WEIR_OK;
}

/* ---- text ---- */

/* One block takes the bytes of all rows; the views point into it. */
static weir_status offsets_import(const array_rows *source, weir_column *column, bool wide, weir_error *error) {
    const void *offsets = buffer_at(source, 1);
    const char *data = buffer_at(source, 2);
#define OFFSET(k) (wide ? ((const int64_t *)offsets)[source->from + (k)] : ((const int32_t *)offsets)[source->from + (k)])
    int64_t first = source->count == 0 ? 0 : OFFSET(0), last = source->count == 0 ? 0 : OFFSET(source->count);
    if (first < 0 || last < first)
        return broken(source, "its offsets fall", error);
    char *copy = last == first ? NULL : weir_column_text_room(column, (size_t)(last - first));
    if (last > first) {
        if (copy == NULL)
            return WEIR_MEMORY;
        memcpy(copy, data + first, (size_t)(last - first));
    }
    for (uint32_t k = 0; k < source->count; k++) {
        int64_t start = OFFSET(k), end = OFFSET((int64_t)k + 1);
        if (start < first || end < start || end > last)
            return broken(source, "its offsets fall", error);
        if (weir_column_is_valid(column, k) && end > start)
            weir_column_set_view(column, k, copy + (start - first), (size_t)(end - start));
    }
#undef OFFSET
    return WEIR_OK;
}

/* Arrow's views: size, then 12 bytes inline, or prefix, buffer number and offset; the data buffers follow the views. */
static weir_status views_import(const array_rows *source, weir_column *column, weir_error *error) {
    const char *views = buffer_at(source, 1);
    for (uint32_t k = 0; k < source->count; k++) {
        const char *view = views + (size_t)(source->from + k) * 16;
        int32_t parts[4];
        memcpy(parts, view, sizeof(parts));
        if (!weir_column_is_valid(column, k))
            continue;
        if (parts[0] <= WEIR_VIEW_INLINE_BYTES) {
            weir_column_put_text(column, k, (weir_text){view + 4, (size_t)parts[0]});
            continue;
        }
        const char *data = parts[2] < 0 ? NULL : buffer_at(source, (int64_t)parts[2] + 2);
        if (data == NULL)
            return broken(source, "a view names a buffer that is not there", error);
        weir_column_put_text(column, k, (weir_text){data + parts[3], (size_t)parts[0]});
    }
    return WEIR_OK;
}

static weir_status text_import(const array_rows *source, weir_column *column, weir_error *error) {
    char format = source->schema->format[0];
    bool text = format == 'u' || format == 'U' || (format == 'v' && source->schema->format[1] == 'u');
    if (text ? !weir_kind_is_text(column->type->kind) : !weir_kind_is_binary(column->type->kind))
        return mismatch(source, column->type, error);
    if (format == 'v')
        return views_import(source, column, error);
    return offsets_import(source, column, format == 'U' || format == 'Z', error);
}

static weir_status fixed_binary_import(const array_rows *source, weir_column *column, weir_error *error) {
    int size = 0;
    if (!weir_kind_is_binary(column->type->kind) || sscanf(source->schema->format, "w:%d", &size) != 1)
        return mismatch(source, column->type, error);
    const char *data = (const char *)buffer_at(source, 1) + source->from * size;
    for (uint32_t k = 0; k < source->count; k++)
        if (weir_column_is_valid(column, k))
            weir_column_put_text(column, k, (weir_text){data + (size_t)k * (size_t)size, (size_t)size});
    return WEIR_OK;
}

/* ---- time ---- */

static int64_t per_second(char unit) { return unit == 's' ? 1 : unit == 'm' ? 1000 : unit == 'u' ? 1000000 : 1000000000; }

static int64_t time_at(const array_rows *source, uint32_t k, bool wide) {
    const void *values = buffer_at(source, 1);
    return wide ? ((const int64_t *)values)[source->from + k] : ((const int32_t *)values)[source->from + k];
}

static bool timestamp_store(weir_column *column, uint32_t row, int64_t value, int64_t units) {
    if (column->layout == WEIR_LAYOUT_TIMESTAMP_NS) {
        int64_t seconds = weir_floor_div(value, units), rest_ns = (value - seconds * units) * (1000000000 / units);
        int64_t milliseconds;
        if (__builtin_mul_overflow(seconds, INT64_C(1000), &milliseconds) ||
            __builtin_add_overflow(milliseconds, rest_ns / 1000000, &milliseconds))
            return false;
        WEIR_VALUES(column, weir_timestamp_ns)[row] = (weir_timestamp_ns){milliseconds, (int32_t)(rest_ns % 1000000), 0};
        return true;
    }
    int64_t us;
    if (units > 1000000)
        us = weir_floor_div(value, units / 1000000);
    else if (__builtin_mul_overflow(value, 1000000 / units, &us))
        return false;
    WEIR_VALUES(column, int64_t)[row] = weir_timestamp_cut_us(us, column->type->precision);
    return true;
}

/* Dates, times of day and durations. */
static void time_store(weir_column *column, uint32_t row, int64_t value, const char *format) {
    int64_t units = per_second(format[2]);
    switch (column->type->kind) {
    case WEIR_KIND_DATE:
        WEIR_VALUES(column, int32_t)[row] = (int32_t)(format[2] == 'm' ? weir_floor_div(value, WEIR_MS_PER_DAY) : value);
        break;
    case WEIR_KIND_TIME: WEIR_VALUES(column, int32_t)[row] = (int32_t)(units >= 1000 ? value / (units / 1000) : value * 1000); break;
    case WEIR_KIND_INTERVAL_MONTH: WEIR_VALUES(column, int32_t)[row] = (int32_t)value; break;
    default: WEIR_VALUES(column, int64_t)[row] = units >= 1000 ? weir_floor_div(value, units / 1000) : value * 1000; break;
    }
}

static weir_status days_milliseconds_import(const array_rows *source, weir_column *column) {
    const int32_t *values = buffer_at(source, 1);
    for (uint32_t k = 0; k < source->count; k++) {
        const int32_t *at = values + 2 * (source->from + k);
        WEIR_VALUES(column, int64_t)[k] = at[0] * WEIR_MS_PER_DAY + at[1];
    }
    return WEIR_OK;
}

static weir_status times_import(const array_rows *source, weir_column *column, weir_error *error) {
    const char *format = source->schema->format;
    weir_kind kind = column->type->kind;
    char family = format[1];
    bool fits = (family == 'd' && kind == WEIR_KIND_DATE) || (family == 't' && kind == WEIR_KIND_TIME) ||
                (family == 's' && weir_kind_is_timestamp(kind)) || (family == 'D' && kind == WEIR_KIND_INTERVAL_SECOND) ||
                (family == 'i' && format[2] == 'M' && kind == WEIR_KIND_INTERVAL_MONTH) ||
                (family == 'i' && format[2] == 'D' && kind == WEIR_KIND_INTERVAL_SECOND);
    if (!fits)
        return mismatch(source, column->type, error);
    if (family == 'i' && format[2] == 'D')
        return days_milliseconds_import(source, column);
    bool wide =
        family == 's' || family == 'D' || (family == 'd' && format[2] == 'm') || (family == 't' && (format[2] == 'u' || format[2] == 'n'));
    for (uint32_t k = 0; k < source->count; k++) {
        if (!weir_column_is_valid(column, k))
            continue;
        int64_t value = time_at(source, k, wide);
        if (family != 's')
            time_store(column, k, value, format);
        else if (!timestamp_store(column, k, value, per_second(format[2])))
            return weir_fail(error, WEIR_RUNTIME, "A timestamp of the Arrow column '%s' is too far away for its type here.",
                             name_of(source));
    }
    return WEIR_OK;
}

/* ---- nested ---- */

static weir_status column_import(const array_rows *source, const weir_type *type, weir_column **out, weir_error *error);

static weir_status child_import(const array_rows *parent, int64_t index, int64_t from, uint32_t count, weir_column *column, uint32_t place,
                                weir_error *error) {
    const struct ArrowSchema *schema = parent->schema->children[index];
    const struct ArrowArray *array = parent->array->children[index];
    array_rows child = {parent->memory, schema, array, from + array->offset, count};
    weir_column *imported;
    WEIR_TRY(column_import(&child, column->children[place]->type, &imported, error));
    weir_column_unref(column->children[place]);
    column->children[place] = imported;
    return WEIR_OK;
}

static weir_status rows_import(const array_rows *source, weir_column *column, weir_error *error) {
    if (column->type->kind != WEIR_KIND_ROW || source->schema->n_children != column->child_count ||
        source->array->n_children != column->child_count)
        return mismatch(source, column->type, error);
    for (uint32_t i = 0; i < column->child_count; i++)
        WEIR_TRY(child_import(source, i, source->from, source->count, column, i, error));
    return WEIR_OK;
}

/* The entries of a map: a struct of key and value, whose own offset counts, too. */
static weir_status entries_import(const array_rows *source, int64_t from, uint32_t count, weir_column *column, weir_error *error) {
    const struct ArrowSchema *schema = source->schema->children[0];
    const struct ArrowArray *array = source->array->children[0];
    if (schema->n_children != 2 || array->n_children != 2)
        return broken(source, "its entries are not pairs", error);
    array_rows entries = {source->memory, schema, array, from + array->offset, count};
    for (uint32_t i = 0; i < 2; i++)
        WEIR_TRY(child_import(&entries, i, entries.from, count, column, i, error));
    return WEIR_OK;
}

static int64_t list_start(const array_rows *source, char format, int64_t row) {
    const void *offsets = buffer_at(source, 1);
    if (format == 'L')
        return ((const int64_t *)offsets)[row];
    if (format != 'w')
        return ((const int32_t *)offsets)[row];
    int size = 0;
    return sscanf(source->schema->format, "+w:%d", &size) == 1 ? row * size : 0;
}

static weir_status lists_import(const array_rows *source, weir_column *column, weir_error *error) {
    char format = source->schema->format[1];
    bool map = format == 'm';
    if (column->type->kind != (map ? WEIR_KIND_MAP : WEIR_KIND_ARRAY) && !(map && column->type->kind == WEIR_KIND_MULTISET))
        return mismatch(source, column->type, error);
    if (source->array->n_children != 1 || source->schema->n_children != 1)
        return broken(source, "it has no child", error);
    if (source->count == 0)
        return WEIR_OK;
    int64_t first = list_start(source, format, source->from), last = list_start(source, format, source->from + source->count);
    if (first < 0 || last < first || last - first >= UINT32_MAX)
        return broken(source, "its offsets fall, or there are too many elements", error);
    for (uint32_t k = 0; k < source->count; k++) {
        int64_t start = list_start(source, format, source->from + k), end = list_start(source, format, source->from + k + 1);
        if (start < first || end < start || end > last)
            return broken(source, "its offsets fall", error);
        if (weir_column_is_valid(column, k))
            WEIR_VALUES(column, weir_span)[k] = (weir_span){(uint32_t)(start - first), (uint32_t)(end - start)};
    }
    column->child_rows = (uint32_t)(last - first);
    if (map)
        return entries_import(source, first, (uint32_t)(last - first), column, error);
    return child_import(source, 0, first, (uint32_t)(last - first), column, 0, error);
}

/* ---- all ---- */

static weir_status plain_import(const array_rows *source, weir_column *column, weir_error *error) {
    const char *format = source->schema->format;
    bool needs_values = format[0] != '+' && format[0] != 'n' && source->count > 0;
    if (needs_values && buffer_at(source, 1) == NULL)
        return broken(source, "it has no values", error);
    switch (format[0]) {
    case 'n': return column->type->kind == WEIR_KIND_NULL ? WEIR_OK : mismatch(source, column->type, error);
    case 'b': return booleans_import(source, column, error);
    case 'c':
    case 'C':
    case 's':
    case 'S':
    case 'i':
    case 'I':
    case 'l':
    case 'L': return integers_import(source, column, error);
    case 'f':
    case 'g': return reals_import(source, column, error);
    case 'd': return decimals_import(source, column, error);
    case 'u':
    case 'U':
    case 'z':
    case 'Z':
    case 'v': return text_import(source, column, error);
    case 'w': return fixed_binary_import(source, column, error);
    case 't': return times_import(source, column, error);
    case '+': break;
    default: return mismatch(source, column->type, error);
    }
    if (format[1] == 's')
        return rows_import(source, column, error);
    if (strchr("lLwm", format[1]) != NULL)
        return lists_import(source, column, error);
    return mismatch(source, column->type, error);
}

/* The dictionary as a column, then each row's entry of it. */
static weir_status dictionary_import(const array_rows *source, weir_column *column, weir_error *error) {
    const struct ArrowArray *array = source->array->dictionary;
    if (array == NULL || strchr("cCsSiIlL", source->schema->format[0]) == NULL)
        return broken(source, "it has no dictionary", error);
    array_rows entries = {source->memory, source->schema->dictionary, array, array->offset, (uint32_t)array->length};
    weir_column *dictionary;
    WEIR_TRY(column_import(&entries, column->type, &dictionary, error));
    uint32_t *index = weir_memory_alloc(source->memory, source->count * sizeof(uint32_t));
    weir_status status = index == NULL ? WEIR_MEMORY : WEIR_OK;
    for (uint32_t k = 0; k < source->count && status == WEIR_OK; k++) {
        index[k] = UINT32_MAX;
        if (!weir_column_is_valid(column, k))
            continue;
        weir_i128 entry = integer_at(source->schema->format[0], buffer_at(source, 1), source->from + k);
        if (entry < 0 || entry >= array->length)
            status = broken(source, "an index lies outside its dictionary", error);
        else
            index[k] = (uint32_t)entry;
    }
    if (status == WEIR_OK)
        weir_column_gather(column, 0, dictionary, index, source->count);
    weir_memory_free(source->memory, index, index == NULL ? 0 : source->count * sizeof(uint32_t));
    weir_column_unref(dictionary);
    return status;
}

/* What lies in the slots of NULL rows is undefined in Arrow, zero in ours. */
static void nulls_clear(weir_column *column, uint32_t count) {
    size_t bytes = weir_layout_bytes(column->layout);
    if (column->valid == NULL || bytes == 0)
        return;
    for (uint32_t k = 0; k < count; k++)
        if (!column->valid[k])
            memset((char *)column->values + k * bytes, 0, bytes);
}

static weir_status column_import(const array_rows *source, const weir_type *type, weir_column **out, weir_error *error) {
    weir_column *column = weir_column_create(source->memory, type, source->count);
    if (column == NULL)
        return weir_fail_memory(error, "a column", source->count);
    if (source->schema->format[0] != 'n')
        validity_import(source, column);
    weir_status status =
        source->schema->dictionary != NULL ? dictionary_import(source, column, error) : plain_import(source, column, error);
    if (status == WEIR_OK && column->failed)
        status = WEIR_MEMORY;
    if (status == WEIR_OK) {
        nulls_clear(column, source->count);
        *out = column;
        return WEIR_OK;
    }
    weir_column_unref(column);
    return status == WEIR_MEMORY ? weir_fail_memory(error, "a column", source->count) : status;
}

weir_status weir_arrow_import_batch(weir_memory *memory, const struct ArrowSchema *schema, const struct ArrowArray *array,
                                    const weir_schema *as, int64_t from, uint32_t count, weir_batch **out, weir_error *error) {
    if (schema->n_children != as->count || array->n_children != as->count)
        return weir_fail(error, WEIR_VALIDATE, "The Arrow table has %d columns, expected are %u.", (int)array->n_children, as->count);
    if (from < 0 || from + count > array->length)
        return weir_fail(error, WEIR_USAGE, "Rows %lld to %lld were asked for, but the Arrow table has %lld.", (long long)from,
                         (long long)from + count, (long long)array->length);
    weir_batch *batch = weir_batch_create(memory, as->count);
    if (batch == NULL)
        return weir_fail_memory(error, "a batch", as->count * sizeof(void *));
    batch->rows = count;
    batch->selected = count;
    for (uint32_t i = 0; i < as->count; i++) {
        const struct ArrowArray *child = array->children[i];
        array_rows rows = {memory, schema->children[i], child, from + array->offset + child->offset, count};
        weir_status status = column_import(&rows, as->fields[i].type, &batch->columns[i], error);
        if (status != WEIR_OK) {
            weir_batch_destroy(batch);
            return status;
        }
    }
    *out = batch;
    return WEIR_OK;
}
