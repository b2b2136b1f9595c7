/* What a field's random or sequential values are, following the options and defaults of Flink's generators. The streams are seeded by the
 * field's name, so that a table gives the same rows every time, whatever else is selected (timestamps follow the clock).
 */
#include "connect/datagen/datagen_int.h"

#include <float.h>
#include <stdio.h>

#include "base/hash.h"
#include "format/text.h"
#include "types/decimal.h"

enum { KEY_BYTES = 256, TEXT_LENGTH = 100, COLLECTION_LENGTH = 3, LENGTH_MAX = 1 << 24 };

static void key_of(char *out, weir_text name, const char *option) {
    snprintf(out, KEY_BYTES, "fields.%.*s.%s", WEIR_TEXT_ARGS(name), option);
}

static weir_status integer_option(const weir_table *table, weir_text name, const char *option, int64_t least, int64_t most,
                                  int64_t fallback, int64_t *out, weir_error *error) {
    char key[KEY_BYTES];
    key_of(key, name, option);
    return weir_table_option_i64(table, key, least, most, fallback, out, error);
}

static weir_status real_option(const weir_table *table, weir_text name, const char *option, double fallback, double *out,
                               weir_error *error) {
    char key[KEY_BYTES];
    key_of(key, name, option);
    const weir_option *found = weir_table_option(table, key);
    *out = fallback;
    return found == NULL || weir_java_double_parse(found->value, out) ? WEIR_OK : weir_option_invalid(found, "a number", error);
}

static weir_status range_of_integers(weir_datagen *g, const weir_table *table, weir_text name, int64_t least, int64_t most,
                                     weir_error *error) {
    WEIR_TRY(integer_option(table, name, "min", least, most, least, &g->least, error));
    WEIR_TRY(integer_option(table, name, "max", least, most, most, &g->most, error));
    if (g->type->kind == WEIR_KIND_INTERVAL_MONTH && g->least == least)
        g->least = 0;
    if (g->type->kind == WEIR_KIND_INTERVAL_MONTH && g->most == most)
        g->most = 120000;
    if (g->least > g->most)
        return weir_fail(error, WEIR_VALIDATE, "Option 'fields.%.*s.min' (%lld) is larger than 'fields.%.*s.max' (%lld).",
                         WEIR_TEXT_ARGS(name), (long long)g->least, WEIR_TEXT_ARGS(name), (long long)g->most);
    return WEIR_OK;
}

static weir_status range_of_reals(weir_datagen *g, const weir_table *table, weir_text name, double least, double most, weir_error *error) {
    WEIR_TRY(real_option(table, name, "min", least, &g->least_real, error));
    WEIR_TRY(real_option(table, name, "max", most, &g->most_real, error));
    if (!(g->least_real <= g->most_real))
        return weir_fail(error, WEIR_VALIDATE, "Option 'fields.%.*s.min' is larger than 'fields.%.*s.max'.", WEIR_TEXT_ARGS(name),
                         WEIR_TEXT_ARGS(name));
    return WEIR_OK;
}

static weir_status length_of(weir_datagen *g, const weir_table *table, weir_text name, int64_t fallback, weir_error *error) {
    int64_t length;
    char key[KEY_BYTES];
    WEIR_TRY(integer_option(table, name, "length", 0, LENGTH_MAX, fallback, &length, error));
    const bool text = weir_kind_is_text(g->type->kind) || weir_kind_is_binary(g->type->kind);
    if (text && length > g->type->precision)
        return weir_fail(error, WEIR_VALIDATE,
                         "Custom length '%lld' for variable-length type field '%.*s' should be shorter than '%d' defined in the schema.",
                         (long long)length, WEIR_TEXT_ARGS(name), g->type->precision);
    g->length = (uint32_t)length;
    key_of(key, name, "var-len");
    return weir_table_option_bool(table, key, false, &g->variable_length, error);
}

static bool can_be_sequence(weir_kind kind) { return weir_kind_is_numeric(kind) || weir_kind_is_text(kind); }

static weir_status sequence_of(weir_datagen *g, const weir_table *table, weir_text name, weir_error *error) {
    char start[KEY_BYTES], end[KEY_BYTES];
    key_of(start, name, "start");
    key_of(end, name, "end");
    if (!can_be_sequence(g->type->kind))
        return weir_fail(error, WEIR_UNSUPPORTED, "The field '%.*s' cannot be a sequence: its type is neither a number nor text.",
                         WEIR_TEXT_ARGS(name));
    for (int i = 0; i < 2; i++)
        if (weir_table_option(table, i == 0 ? start : end) == NULL)
            return weir_fail(error, WEIR_VALIDATE, "Could not find required property '%s' for sequence generator.", i == 0 ? start : end);
    WEIR_TRY(weir_table_option_i64(table, start, INT64_MIN, INT64_MAX, 0, &g->next, error));
    WEIR_TRY(weir_table_option_i64(table, end, INT64_MIN, INT64_MAX - 1, 0, &g->end, error));
    g->sequence = true;
    return g->next <= g->end ? WEIR_OK
                             : weir_fail(error, WEIR_VALIDATE,
                                         "The start value (%lld) of the sequence '%.*s' cannot be greater than the end value (%lld).",
                                         (long long)g->next, WEIR_TEXT_ARGS(name), (long long)g->end);
}

static weir_status children_of(weir_datagen *g, weir_arena *arena, const weir_table *table, weir_text name, weir_error *error) {
    static const weir_type count_type = {.kind = WEIR_KIND_INT, .nullable = false};
    const weir_type *type = g->type;
    const bool row = type->kind == WEIR_KIND_ROW;
    g->child_count = row ? type->field_count : type->kind == WEIR_KIND_ARRAY ? 1 : 2;
    g->children = WEIR_ARENA_ARRAY(arena, weir_datagen, g->child_count);
    if (g->children == NULL)
        return weir_fail_memory(error, "a generator", 0);
    for (uint32_t i = 0; i < g->child_count; i++) {
        weir_text part = row                           ? type->fields[i].name
                         : type->kind == WEIR_KIND_MAP ? (i == 0 ? WEIR_TEXT("key") : WEIR_TEXT("value"))
                                                       : WEIR_TEXT("element");
        const weir_type *child = row ? type->fields[i].type : type->kind == WEIR_KIND_MULTISET && i == 1 ? &count_type : type->children[i];
        weir_text child_name = weir_arena_format(arena, "%.*s.%.*s", WEIR_TEXT_ARGS(name), WEIR_TEXT_ARGS(part));
        if (child_name.data == NULL)
            return weir_fail_memory(error, "a generator", 0);
        WEIR_TRY(weir_datagen_init(&g->children[i], arena, table, child_name, child, error));
        if (type->kind == WEIR_KIND_MULTISET && i == 1)
            g->children[i].least = 0, g->children[i].most = 10;
    }
    return WEIR_OK;
}

static weir_status random_of(weir_datagen *g, weir_arena *arena, const weir_table *table, weir_text name, weir_error *error) {
    const weir_type *type = g->type;
    char key[KEY_BYTES];
    switch (type->kind) {
    case WEIR_KIND_TINYINT: return range_of_integers(g, table, name, INT8_MIN, INT8_MAX, error);
    case WEIR_KIND_SMALLINT: return range_of_integers(g, table, name, INT16_MIN, INT16_MAX, error);
    case WEIR_KIND_INT:
    case WEIR_KIND_INTERVAL_MONTH: return range_of_integers(g, table, name, INT32_MIN, INT32_MAX, error);
    case WEIR_KIND_BIGINT:
    case WEIR_KIND_INTERVAL_SECOND: return range_of_integers(g, table, name, INT64_MIN, INT64_MAX, error);
    case WEIR_KIND_FLOAT: return range_of_reals(g, table, name, FLT_TRUE_MIN, FLT_MAX, error);
    case WEIR_KIND_DOUBLE: return range_of_reals(g, table, name, DBL_TRUE_MIN, DBL_MAX, error);
    case WEIR_KIND_DECIMAL: {
        double most = 1;
        for (int32_t i = type->scale; i < type->precision; i++)
            most *= 10;
        WEIR_TRY(range_of_reals(g, table, name, 0, DBL_MAX, error));
        g->least_real = g->least_real < -most ? -most : g->least_real;
        g->most_real = g->most_real > most ? most : g->most_real;
        return WEIR_OK;
    }
    case WEIR_KIND_CHAR:
    case WEIR_KIND_BINARY: g->length = (uint32_t)type->precision; return WEIR_OK;
    case WEIR_KIND_VARCHAR:
    case WEIR_KIND_VARBINARY:
        return length_of(g, table, name,
                         type->precision == WEIR_LENGTH_MAX ? TEXT_LENGTH
                         : type->precision > LENGTH_MAX     ? LENGTH_MAX
                                                            : type->precision,
                         error);
    case WEIR_KIND_TIMESTAMP:
    case WEIR_KIND_TIMESTAMP_LTZ: key_of(key, name, "max-past"); return weir_table_option_duration(table, key, 0, &g->past_ms, error);
    case WEIR_KIND_ARRAY:
    case WEIR_KIND_MAP:
    case WEIR_KIND_MULTISET:
        WEIR_TRY(length_of(g, table, name, COLLECTION_LENGTH, error));
        return children_of(g, arena, table, name, error);
    case WEIR_KIND_ROW: return children_of(g, arena, table, name, error);
    case WEIR_KIND_BOOLEAN:
    case WEIR_KIND_DATE:
    case WEIR_KIND_TIME: return WEIR_OK;
    default: return weir_fail(error, WEIR_UNSUPPORTED, "The field '%.*s' has a type that cannot be generated.", WEIR_TEXT_ARGS(name));
    }
}

weir_status weir_datagen_init(weir_datagen *generator, weir_arena *arena, const weir_table *table, weir_text name, const weir_type *type,
                              weir_error *error) {
    static const char *const kinds[] = {"random", "sequence", NULL};
    char key[KEY_BYTES];
    int kind;
    generator->type = type;
    if (name.size > KEY_BYTES - 32)
        return weir_fail(error, WEIR_UNSUPPORTED, "The name of the field '%.40s...' is too long for an option.", name.data);
    weir_random_init(&generator->random, weir_hash_frozen(name.data, name.size));
    key_of(key, name, "kind");
    WEIR_TRY(weir_table_option_word(table, key, kinds, 0, &kind, error));
    WEIR_TRY(real_option(table, name, "null-rate", 0, &generator->null_rate, error));
    if (!(generator->null_rate >= 0 && generator->null_rate <= 1))
        return weir_fail(error, WEIR_VALIDATE, "Option 'fields.%.*s.null-rate' must lie between 0 and 1.", WEIR_TEXT_ARGS(name));
    return kind == 1 ? sequence_of(generator, table, name, error) : random_of(generator, arena, table, name, error);
}

uint64_t weir_datagen_left(const weir_datagen *generator) {
    uint64_t left = !generator->sequence               ? UINT64_MAX
                    : generator->next > generator->end ? 0
                                                       : (uint64_t)generator->end - (uint64_t)generator->next + 1;
    if (generator->type->kind == WEIR_KIND_ROW)
        for (uint32_t i = 0; i < generator->child_count; i++) {
            uint64_t child = weir_datagen_left(&generator->children[i]);
            left = child < left ? child : left;
        }
    return left;
}

static int64_t random_integer(weir_datagen *g) {
    uint64_t span = (uint64_t)g->most - (uint64_t)g->least;
    uint64_t drawn = span == UINT64_MAX ? weir_random_u64(&g->random) : weir_random_below(&g->random, span + 1);
    return (int64_t)((uint64_t)g->least + drawn);
}

static double random_real(weir_datagen *g) {
    double u = weir_random_double(&g->random);
    return g->least_real * (1 - u) + g->most_real * u; /* no overflow for -MAX .. MAX */
}

static void put_integer(weir_column *column, uint32_t row, int64_t value) {
    switch (column->layout) {
    case WEIR_LAYOUT_I8: WEIR_VALUES(column, int8_t)[row] = (int8_t)value; break;
    case WEIR_LAYOUT_I16: WEIR_VALUES(column, int16_t)[row] = (int16_t)value; break;
    case WEIR_LAYOUT_I32: WEIR_VALUES(column, int32_t)[row] = (int32_t)value; break;
    case WEIR_LAYOUT_I64: WEIR_VALUES(column, int64_t)[row] = value; break;
    case WEIR_LAYOUT_F32: WEIR_VALUES(column, float)[row] = (float)value; break;
    case WEIR_LAYOUT_F64: WEIR_VALUES(column, double)[row] = (double)value; break;
    case WEIR_LAYOUT_I128: WEIR_VALUES(column, weir_i128)[row] = (weir_i128)value * (weir_i128)weir_pow10[column->type->scale]; break;
    default: {
        char text[24];
        int size = snprintf(text, sizeof text, "%lld", (long long)value);
        weir_column_put_text(column, row, (weir_text){text, (size_t)size});
    }
    }
}

static void put_bytes(weir_datagen *g, weir_column *column, uint32_t row) {
    static const char digits[] = "0123456789abcdef";
    const bool text = weir_kind_is_text(column->type->kind);
    uint32_t length = g->variable_length && g->length > 0 ? 1 + (uint32_t)weir_random_below(&g->random, g->length) : g->length;
    char *room = weir_column_text_room(column, length);
    if (room == NULL)
        return;
    for (uint32_t i = 0; i < length; i += 16) {
        uint64_t word = weir_random_u64(&g->random);
        for (uint32_t k = i; k < length && k < i + 16; k++, word >>= 4)
            room[k] = text ? digits[word & 15] : (char)(word * 0x9E37u >> 8);
    }
    weir_column_set_view(column, row, room, length);
}

static void put_time(weir_datagen *g, weir_column *column, uint32_t row, int64_t now_us) {
    int64_t us = now_us - (g->past_ms > 0 ? (int64_t)weir_random_below(&g->random, (uint64_t)g->past_ms) * 1000 : 0);
    if (column->layout == WEIR_LAYOUT_TIMESTAMP_NS)
        WEIR_VALUES(column, weir_timestamp_ns)[row] = weir_timestamp_ns_from_us(us);
    else
        WEIR_VALUES(column, int64_t)[row] = weir_timestamp_cut_us(us, column->type->precision);
}

static bool fill_span(weir_datagen *g, weir_column *column, uint32_t row, int64_t now_us, int64_t local_now_us) {
    uint32_t length = g->variable_length && g->length > 0 ? 1 + (uint32_t)weir_random_below(&g->random, g->length) : g->length;
    uint32_t start = weir_column_span_add(column, row, length);
    if (start == UINT32_MAX)
        return false;
    for (uint32_t i = 0; i < g->child_count; i++)
        if (!weir_datagen_fill(&g->children[i], column->children[i], start, length, now_us, local_now_us))
            return false;
    return true;
}

static bool fill_row(weir_datagen *g, weir_column *column, uint32_t row, int64_t now_us, int64_t local_now_us) {
    switch (g->type->kind) {
    case WEIR_KIND_BOOLEAN: WEIR_VALUES(column, uint8_t)[row] = weir_random_u64(&g->random) >> 63; return true;
    case WEIR_KIND_FLOAT: WEIR_VALUES(column, float)[row] = (float)random_real(g); return true;
    case WEIR_KIND_DOUBLE: WEIR_VALUES(column, double)[row] = random_real(g); return true;
    case WEIR_KIND_DECIMAL:
        if (!weir_decimal_from_double(random_real(g), g->type->precision, g->type->scale, &WEIR_VALUES(column, weir_i128)[row]))
            WEIR_VALUES(column, weir_i128)[row] = (weir_i128)weir_pow10[g->type->precision] - 1;
        return true;
    case WEIR_KIND_CHAR:
    case WEIR_KIND_VARCHAR:
    case WEIR_KIND_BINARY:
    case WEIR_KIND_VARBINARY: put_bytes(g, column, row); return !column->failed;
    case WEIR_KIND_DATE: WEIR_VALUES(column, int32_t)[row] = (int32_t)weir_floor_div(local_now_us, WEIR_US_PER_DAY); return true;
    case WEIR_KIND_TIME: WEIR_VALUES(column, int32_t)[row] = (int32_t)(weir_floor_mod(local_now_us, WEIR_US_PER_DAY) / 1000); return true;
    case WEIR_KIND_TIMESTAMP: put_time(g, column, row, local_now_us); return true;
    case WEIR_KIND_TIMESTAMP_LTZ: put_time(g, column, row, now_us); return true;
    case WEIR_KIND_ARRAY:
    case WEIR_KIND_MAP:
    case WEIR_KIND_MULTISET: return fill_span(g, column, row, now_us, local_now_us);
    default: put_integer(column, row, random_integer(g)); return !column->failed;
    }
}

bool weir_datagen_fill(weir_datagen *generator, weir_column *column, uint32_t from, uint32_t count, int64_t now_us, int64_t local_now_us) {
    if (generator->type->kind == WEIR_KIND_ROW)
        for (uint32_t i = 0; i < generator->child_count; i++)
            if (!weir_datagen_fill(&generator->children[i], column->children[i], from, count, now_us, local_now_us))
                return false;
    for (uint32_t row = from; row < from + count; row++) {
        if (generator->sequence)
            put_integer(column, row, generator->next++);
        else if (generator->null_rate > 0 && weir_random_double(&generator->random) < generator->null_rate)
            weir_column_set_null(column, row);
        else if (generator->type->kind != WEIR_KIND_ROW && !fill_row(generator, column, row, now_us, local_now_us))
            return false;
    }
    return !column->failed;
}
