/* Precision and scale of decimal results. When more than 38 digits were needed, the scale gives way, but not below six digits (or what
 * it was), so that the integral digits are kept. */
#include "types/type.h"

enum { SCALE_KEPT_MIN = 6 };

static int32_t at_least(int32_t a, int32_t b) { return a > b ? a : b; }
static int32_t at_most(int32_t a, int32_t b) { return a < b ? a : b; }

static const weir_type *adjusted(weir_arena *arena, int32_t precision, int32_t scale, bool nullable) {
    if (precision <= WEIR_DECIMAL_DIGITS_MAX)
        return weir_type_decimal(arena, precision, scale, nullable);
    int32_t whole = precision - scale;
    int32_t kept = at_most(scale, SCALE_KEPT_MIN);
    return weir_type_decimal(arena, WEIR_DECIMAL_DIGITS_MAX, at_least(WEIR_DECIMAL_DIGITS_MAX - whole, kept), nullable);
}

static bool digits_of(const weir_type *type, int32_t *precision, int32_t *scale) {
    *scale = 0;
    switch (type->kind) {
    case WEIR_KIND_TINYINT: *precision = 3; return true;
    case WEIR_KIND_SMALLINT: *precision = 5; return true;
    case WEIR_KIND_INT: *precision = 10; return true;
    case WEIR_KIND_BIGINT: *precision = 19; return true;
    case WEIR_KIND_DECIMAL:
        *precision = type->precision;
        *scale = type->scale;
        return true;
    default: return false;
    }
}

const weir_type *weir_type_as_decimal(weir_arena *arena, const weir_type *type) {
    int32_t precision, scale;
    if (type->kind == WEIR_KIND_DECIMAL)
        return type;
    return digits_of(type, &precision, &scale) ? weir_type_decimal(arena, precision, scale, type->nullable) : NULL;
}

const weir_type *weir_type_decimal_result(weir_arena *arena, char operation, const weir_type *a, const weir_type *b) {
    int32_t p1, s1, p2, s2;
    if (!digits_of(a, &p1, &s1) || !digits_of(b, &p2, &s2))
        return NULL;
    bool nullable = a->nullable || b->nullable;
    int32_t scale = at_least(s1, s2);
    switch (operation) {
    case '+':
    case '-': return adjusted(arena, at_least(p1 - s1, p2 - s2) + scale + 1, scale, nullable);
    case '*': return adjusted(arena, p1 + p2 + 1, s1 + s2, nullable);
    case '/': scale = at_least(SCALE_KEPT_MIN, s1 + p2 + 1); return adjusted(arena, p1 - s1 + s2 + scale, scale, nullable);
    case '%': {
        int32_t precision = at_most(p1 - s1, p2 - s2) + scale;
        return adjusted(arena, at_least(precision, 1), scale, nullable);
    }
    default: return NULL;
    }
}
