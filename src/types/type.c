/* What a type is: its layout, its families, equality. Makers are in type_make.c, text in type_print.c, the rules between two types in
 * type_common.c, type_decimal.c and type_cast_matrix.c. */
#include "types/type.h"

/* Indexed by kind; TIMESTAMP is corrected by its precision below. */
static const uint8_t layouts[WEIR_KIND_COUNT] = {
    [WEIR_KIND_NULL] = WEIR_LAYOUT_NONE,
    [WEIR_KIND_BOOLEAN] = WEIR_LAYOUT_U8,
    [WEIR_KIND_TINYINT] = WEIR_LAYOUT_I8,
    [WEIR_KIND_SMALLINT] = WEIR_LAYOUT_I16,
    [WEIR_KIND_INT] = WEIR_LAYOUT_I32,
    [WEIR_KIND_BIGINT] = WEIR_LAYOUT_I64,
    [WEIR_KIND_FLOAT] = WEIR_LAYOUT_F32,
    [WEIR_KIND_DOUBLE] = WEIR_LAYOUT_F64,
    [WEIR_KIND_DECIMAL] = WEIR_LAYOUT_I128,
    [WEIR_KIND_CHAR] = WEIR_LAYOUT_VIEW,
    [WEIR_KIND_VARCHAR] = WEIR_LAYOUT_VIEW,
    [WEIR_KIND_BINARY] = WEIR_LAYOUT_VIEW,
    [WEIR_KIND_VARBINARY] = WEIR_LAYOUT_VIEW,
    [WEIR_KIND_DATE] = WEIR_LAYOUT_I32,
    [WEIR_KIND_TIME] = WEIR_LAYOUT_I32,
    [WEIR_KIND_TIMESTAMP] = WEIR_LAYOUT_I64,
    [WEIR_KIND_TIMESTAMP_LTZ] = WEIR_LAYOUT_I64,
    [WEIR_KIND_INTERVAL_MONTH] = WEIR_LAYOUT_I32,
    [WEIR_KIND_INTERVAL_SECOND] = WEIR_LAYOUT_I64,
    [WEIR_KIND_ARRAY] = WEIR_LAYOUT_SPAN,
    [WEIR_KIND_MULTISET] = WEIR_LAYOUT_SPAN,
    [WEIR_KIND_MAP] = WEIR_LAYOUT_SPAN,
    [WEIR_KIND_ROW] = WEIR_LAYOUT_NONE,
    [WEIR_KIND_SYMBOL] = WEIR_LAYOUT_NONE,
    [WEIR_KIND_VARIANT] = WEIR_LAYOUT_VIEW,
    [WEIR_KIND_BITMAP] = WEIR_LAYOUT_VIEW,
};

static const uint8_t layout_bytes[] = {
    [WEIR_LAYOUT_NONE] = 0,  [WEIR_LAYOUT_U8] = 1,   [WEIR_LAYOUT_I8] = 1,  [WEIR_LAYOUT_I16] = 2,   [WEIR_LAYOUT_I32] = 4,
    [WEIR_LAYOUT_I64] = 8,   [WEIR_LAYOUT_F32] = 4,  [WEIR_LAYOUT_F64] = 8, [WEIR_LAYOUT_I128] = 16, [WEIR_LAYOUT_TIMESTAMP_NS] = 16,
    [WEIR_LAYOUT_VIEW] = 16, [WEIR_LAYOUT_SPAN] = 8,
};
_Static_assert(sizeof(layout_bytes) == WEIR_LAYOUT_SPAN + 1, "every layout has a size");
_Static_assert(sizeof(weir_timestamp_ns) == 16, "a long timestamp is 16 bytes");

weir_layout weir_type_layout(const weir_type *type) {
    if (weir_kind_is_timestamp(type->kind) && type->precision > 6)
        return WEIR_LAYOUT_TIMESTAMP_NS;
    return (weir_layout)layouts[type->kind];
}

uint32_t weir_layout_bytes(weir_layout layout) { return layout_bytes[layout]; }

bool weir_kind_is_integer(weir_kind kind) { return kind >= WEIR_KIND_TINYINT && kind <= WEIR_KIND_BIGINT; }
bool weir_kind_is_exact(weir_kind kind) { return weir_kind_is_integer(kind) || kind == WEIR_KIND_DECIMAL; }
bool weir_kind_is_approx(weir_kind kind) { return kind == WEIR_KIND_FLOAT || kind == WEIR_KIND_DOUBLE; }
bool weir_kind_is_numeric(weir_kind kind) { return kind >= WEIR_KIND_TINYINT && kind <= WEIR_KIND_DECIMAL; }
bool weir_kind_is_text(weir_kind kind) { return kind == WEIR_KIND_CHAR || kind == WEIR_KIND_VARCHAR; }
bool weir_kind_is_binary(weir_kind kind) { return kind == WEIR_KIND_BINARY || kind == WEIR_KIND_VARBINARY; }
bool weir_kind_is_timestamp(weir_kind kind) { return kind == WEIR_KIND_TIMESTAMP || kind == WEIR_KIND_TIMESTAMP_LTZ; }
bool weir_kind_is_datetime(weir_kind kind) { return kind >= WEIR_KIND_DATE && kind <= WEIR_KIND_TIMESTAMP_LTZ; }
bool weir_kind_is_interval(weir_kind kind) { return kind == WEIR_KIND_INTERVAL_MONTH || kind == WEIR_KIND_INTERVAL_SECOND; }

bool weir_type_equal(const weir_type *a, const weir_type *b, bool ignore_nullable) {
    if (a == b)
        return true;
    if (a->kind != b->kind || (!ignore_nullable && a->nullable != b->nullable))
        return false;
    if (a->precision != b->precision || a->scale != b->scale)
        return false;
    if (a->child_count != b->child_count || a->field_count != b->field_count)
        return false;
    for (uint32_t i = 0; i < a->child_count; i++)
        if (!weir_type_equal(a->children[i], b->children[i], ignore_nullable))
            return false;
    for (uint32_t i = 0; i < a->field_count; i++)
        if (!weir_text_equal(a->fields[i].name, b->fields[i].name) ||
            !weir_type_equal(a->fields[i].type, b->fields[i].type, ignore_nullable))
            return false;
    return true;
}
