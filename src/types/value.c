/* Equality of boxed values; see value.h. */
#include <math.h>

#include "types/value.h"

static bool nested_equal(const weir_value *a, const weir_value *b) {
    if (a->as.nested.count != b->as.nested.count)
        return false;
    for (uint32_t i = 0; i < a->as.nested.count; i++)
        if (!weir_value_equal(&a->as.nested.items[i], &b->as.nested.items[i]))
            return false;
    return true;
}

/* NULL equals NULL, NaN equals NaN, 0.0 is not -0.0; the entries of maps are compared in order. */
bool weir_value_equal(const weir_value *a, const weir_value *b) {
    if (a->is_null || b->is_null)
        return a->is_null && b->is_null;
    weir_kind kind = a->type->kind;
    if (kind != b->type->kind)
        return false;
    switch (weir_type_layout(a->type)) {
    case WEIR_LAYOUT_U8: return a->as.boolean == b->as.boolean;
    case WEIR_LAYOUT_I8:
    case WEIR_LAYOUT_I16:
    case WEIR_LAYOUT_I32: return a->as.integer == b->as.integer;
    case WEIR_LAYOUT_I64: return weir_type_layout(b->type) == WEIR_LAYOUT_I64 && a->as.integer == b->as.integer;
    case WEIR_LAYOUT_F32:
    case WEIR_LAYOUT_F64:
        return (a->as.real == b->as.real && signbit(a->as.real) == signbit(b->as.real)) ||
               (a->as.real != a->as.real && b->as.real != b->as.real);
    case WEIR_LAYOUT_I128: return a->type->scale == b->type->scale && a->as.decimal == b->as.decimal;
    case WEIR_LAYOUT_TIMESTAMP_NS:
        return weir_type_layout(b->type) == WEIR_LAYOUT_TIMESTAMP_NS && a->as.nanos.milliseconds == b->as.nanos.milliseconds &&
               a->as.nanos.nanoseconds == b->as.nanos.nanoseconds;
    case WEIR_LAYOUT_VIEW: return weir_text_equal(a->as.text, b->as.text);
    case WEIR_LAYOUT_SPAN: return nested_equal(a, b);
    case WEIR_LAYOUT_NONE:
        return kind == WEIR_KIND_SYMBOL ? weir_text_equal(a->as.text, b->as.text) : kind == WEIR_KIND_NULL || nested_equal(a, b);
    }
    return false;
}
