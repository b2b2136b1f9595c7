/* The type that two types meet in: CASE branches, UNION columns, IN lists, array elements.
 *
 * Where the kinds are of equal rank (FLOAT and DOUBLE, TIMESTAMP and TIMESTAMP_LTZ of one precision), the first one wins, as in Flink.
 * Left out on purpose: numbers with dates or intervals, arrays with multisets; Flink's planner finds "common" types for some of them
 * that nothing can be converted to afterwards. */
#include "types/type.h"

static int32_t larger(int32_t a, int32_t b) { return a > b ? a : b; }

static const weir_type *common_exact(weir_arena *arena, const weir_type *a, const weir_type *b, bool nullable) {
    if (a->kind != WEIR_KIND_DECIMAL && b->kind != WEIR_KIND_DECIMAL)
        return weir_type_with_nullable(arena, a->kind >= b->kind ? a : b, nullable);
    const weir_type *x = weir_type_as_decimal(arena, a), *y = weir_type_as_decimal(arena, b);
    if (x == NULL || y == NULL)
        return NULL;
    int32_t whole = larger(x->precision - x->scale, y->precision - y->scale);
    int32_t scale = larger(x->scale, y->scale);
    if (scale > WEIR_DECIMAL_DIGITS_MAX - whole)
        scale = WEIR_DECIMAL_DIGITS_MAX - whole;
    return weir_type_decimal(arena, whole + scale, scale, nullable);
}

static const weir_type *common_numeric(weir_arena *arena, const weir_type *a, const weir_type *b, bool nullable) {
    bool a_approx = weir_kind_is_approx(a->kind), b_approx = weir_kind_is_approx(b->kind);
    if (!a_approx && !b_approx)
        return common_exact(arena, a, b, nullable);
    if (a->kind == WEIR_KIND_DECIMAL || b->kind == WEIR_KIND_DECIMAL)
        return weir_type_simple(WEIR_KIND_DOUBLE, nullable);
    return weir_type_simple(a_approx ? a->kind : b->kind, nullable);
}

/* CHAR with VARCHAR, BINARY with VARBINARY: variable unless both are fixed and equally long. */
static const weir_type *common_sized(weir_arena *arena, const weir_type *a, const weir_type *b, weir_kind fixed, weir_kind varying,
                                     bool nullable) {
    bool same = a->kind == fixed && b->kind == fixed && a->precision == b->precision;
    return weir_type_sized(arena, same ? fixed : varying, larger(a->precision, b->precision), nullable);
}

static const weir_type *common_row(weir_arena *arena, const weir_type *a, const weir_type *b, bool nullable) {
    if (a->field_count != b->field_count)
        return NULL;
    weir_field *fields = WEIR_ARENA_ARRAY(arena, weir_field, a->field_count);
    if (fields == NULL)
        return NULL;
    for (uint32_t i = 0; i < a->field_count; i++) {
        fields[i] = a->fields[i];
        fields[i].type = weir_type_common(arena, a->fields[i].type, b->fields[i].type);
        if (fields[i].type == NULL)
            return NULL;
    }
    return weir_type_row(arena, fields, a->field_count, nullable);
}

const weir_type *weir_type_common(weir_arena *arena, const weir_type *a, const weir_type *b) {
    bool nullable = a->nullable || b->nullable || a->kind == WEIR_KIND_NULL || b->kind == WEIR_KIND_NULL;
    if (a->kind == WEIR_KIND_NULL)
        return weir_type_with_nullable(arena, b, nullable);
    if (b->kind == WEIR_KIND_NULL || weir_type_equal(a, b, false))
        return weir_type_with_nullable(arena, a, nullable);
    if (weir_kind_is_numeric(a->kind) && weir_kind_is_numeric(b->kind))
        return common_numeric(arena, a, b, nullable);
    if (weir_kind_is_text(a->kind) && weir_kind_is_text(b->kind))
        return common_sized(arena, a, b, WEIR_KIND_CHAR, WEIR_KIND_VARCHAR, nullable);
    if (weir_kind_is_binary(a->kind) && weir_kind_is_binary(b->kind))
        return common_sized(arena, a, b, WEIR_KIND_BINARY, WEIR_KIND_VARBINARY, nullable);
    if (weir_kind_is_timestamp(a->kind) && weir_kind_is_timestamp(b->kind))
        return weir_type_with_nullable(arena, b->precision > a->precision ? b : a, nullable);
    if (a->kind != b->kind)
        return NULL;
    switch (a->kind) {
    case WEIR_KIND_TIME: return weir_type_with_nullable(arena, b->precision > a->precision ? b : a, nullable);
    case WEIR_KIND_ARRAY: return weir_type_array(arena, weir_type_common(arena, a->children[0], b->children[0]), nullable);
    case WEIR_KIND_MULTISET: return weir_type_multiset(arena, weir_type_common(arena, a->children[0], b->children[0]), nullable);
    case WEIR_KIND_MAP:
        return weir_type_map(arena, weir_type_common(arena, a->children[0], b->children[0]),
                             weir_type_common(arena, a->children[1], b->children[1]), nullable);
    case WEIR_KIND_ROW: return common_row(arena, a, b, nullable);
    case WEIR_KIND_BOOLEAN:
    case WEIR_KIND_DATE:
    case WEIR_KIND_VARIANT:
    case WEIR_KIND_BITMAP:
    case WEIR_KIND_INTERVAL_MONTH:
    case WEIR_KIND_INTERVAL_SECOND: return weir_type_with_nullable(arena, a, nullable);
    default: return NULL;
    }
}
