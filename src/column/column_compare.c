/* Equality as GROUP BY sees it and order as ORDER BY sees it, of two rows. */
#include "column/column_int.h"

int weir_view_compare(const weir_view *a, const weir_view *b) {
    uint32_t a_head, b_head; /* the first four bytes decide most comparisons; unused ones are zero */
    memcpy(&a_head, a->as.inlined, 4);
    memcpy(&b_head, b->as.inlined, 4);
    if (a_head != b_head)
        return __builtin_bswap32(a_head) < __builtin_bswap32(b_head) ? -1 : 1;
    return weir_text_compare(weir_view_text(a), weir_view_text(b));
}

static bool doubles_equal(double a, double b) { return a == b || (a != a && b != b); }

static bool spans_equal(const weir_column *a, weir_span as, const weir_column *b, weir_span bs) {
    for (uint32_t k = 0; k < as.count; k++)
        if (!weir_column_rows_equal(a->children[0], as.start + k, b->children[0], bs.start + k))
            return false;
    return true;
}

static bool entries_equal(const weir_column *a, uint32_t a_row, const weir_column *b, uint32_t b_row) {
    return weir_column_rows_equal(a->children[0], a_row, b->children[0], b_row) &&
           weir_column_rows_equal(a->children[1], a_row, b->children[1], b_row);
}

/* A map is a set of entries: each entry of `a` must be in `b`; keys are unique, so equal counts settle the rest. The search starts at
 * the same place, where equal maps usually have it. */
static bool maps_equal(const weir_column *a, weir_span as, const weir_column *b, weir_span bs) {
    for (uint32_t k = 0; k < as.count; k++) {
        bool found = false;
        for (uint32_t j = 0; j < bs.count && !found; j++)
            found = entries_equal(a, as.start + k, b, bs.start + (k + j) % bs.count);
        if (!found)
            return false;
    }
    return true;
}

bool weir_column_rows_equal(const weir_column *a, uint32_t a_row, const weir_column *b, uint32_t b_row) {
    bool a_valid = weir_column_is_valid(a, a_row), b_valid = weir_column_is_valid(b, b_row);
    if (!a_valid || !b_valid)
        return a_valid == b_valid;
#define EQUAL(c_type) (WEIR_VALUES(a, c_type)[a_row] == WEIR_VALUES(b, c_type)[b_row])
    switch (a->layout) {
    case WEIR_LAYOUT_U8:
    case WEIR_LAYOUT_I8: return EQUAL(uint8_t);
    case WEIR_LAYOUT_I16: return EQUAL(uint16_t);
    case WEIR_LAYOUT_I32: return EQUAL(uint32_t);
    case WEIR_LAYOUT_I64: return EQUAL(uint64_t);
    case WEIR_LAYOUT_I128: return EQUAL(weir_u128);
    case WEIR_LAYOUT_F32: return doubles_equal(WEIR_VALUES(a, float)[a_row], WEIR_VALUES(b, float)[b_row]);
    case WEIR_LAYOUT_F64: return doubles_equal(WEIR_VALUES(a, double)[a_row], WEIR_VALUES(b, double)[b_row]);
    case WEIR_LAYOUT_TIMESTAMP_NS: {
        const weir_timestamp_ns *x = &WEIR_VALUES(a, weir_timestamp_ns)[a_row], *y = &WEIR_VALUES(b, weir_timestamp_ns)[b_row];
        return x->milliseconds == y->milliseconds && x->nanoseconds == y->nanoseconds;
    }
    case WEIR_LAYOUT_VIEW: return weir_view_equal(&WEIR_VALUES(a, weir_view)[a_row], &WEIR_VALUES(b, weir_view)[b_row]);
    case WEIR_LAYOUT_SPAN: {
        weir_span as = weir_column_span(a, a_row), bs = weir_column_span(b, b_row);
        if (as.count != bs.count)
            return false;
        return a->child_count == 1 ? spans_equal(a, as, b, bs) : maps_equal(a, as, b, bs);
    }
    case WEIR_LAYOUT_NONE: break;
    }
#undef EQUAL
    for (uint32_t i = 0; i < a->child_count; i++)
        if (!weir_column_rows_equal(a->children[i], a_row, b->children[i], b_row))
            return false;
    return true;
}

/* NaN is the largest double, as in Java. */
static int doubles_compare(double a, double b) {
    if (a < b)
        return -1;
    if (a > b)
        return 1;
    return (a != a) - (b != b);
}

static int spans_compare(const weir_column *a, weir_span as, const weir_column *b, weir_span bs) {
    uint32_t both = as.count < bs.count ? as.count : bs.count;
    for (uint32_t k = 0; k < both; k++) {
        for (uint32_t i = 0; i < a->child_count; i++) {
            int order = weir_column_rows_compare(a->children[i], as.start + k, b->children[i], bs.start + k);
            if (order != 0)
                return order;
        }
    }
    return (as.count > bs.count) - (as.count < bs.count);
}

int weir_column_rows_compare(const weir_column *a, uint32_t a_row, const weir_column *b, uint32_t b_row) {
    bool a_valid = weir_column_is_valid(a, a_row), b_valid = weir_column_is_valid(b, b_row);
    if (!a_valid || !b_valid)
        return (int)a_valid - (int)b_valid;
#define COMPARE(c_type) \
    ((WEIR_VALUES(a, c_type)[a_row] > WEIR_VALUES(b, c_type)[b_row]) - (WEIR_VALUES(a, c_type)[a_row] < WEIR_VALUES(b, c_type)[b_row]))
    switch (a->layout) {
    case WEIR_LAYOUT_U8: return COMPARE(uint8_t);
    case WEIR_LAYOUT_I8: return COMPARE(int8_t);
    case WEIR_LAYOUT_I16: return COMPARE(int16_t);
    case WEIR_LAYOUT_I32: return COMPARE(int32_t);
    case WEIR_LAYOUT_I64: return COMPARE(int64_t);
    case WEIR_LAYOUT_I128: return COMPARE(weir_i128);
    case WEIR_LAYOUT_F32: return doubles_compare(WEIR_VALUES(a, float)[a_row], WEIR_VALUES(b, float)[b_row]);
    case WEIR_LAYOUT_F64: return doubles_compare(WEIR_VALUES(a, double)[a_row], WEIR_VALUES(b, double)[b_row]);
    case WEIR_LAYOUT_TIMESTAMP_NS: {
        const weir_timestamp_ns *x = &WEIR_VALUES(a, weir_timestamp_ns)[a_row], *y = &WEIR_VALUES(b, weir_timestamp_ns)[b_row];
        if (x->milliseconds != y->milliseconds)
            return x->milliseconds < y->milliseconds ? -1 : 1;
        return (x->nanoseconds > y->nanoseconds) - (x->nanoseconds < y->nanoseconds);
    }
    case WEIR_LAYOUT_VIEW: return weir_view_compare(&WEIR_VALUES(a, weir_view)[a_row], &WEIR_VALUES(b, weir_view)[b_row]);
    case WEIR_LAYOUT_SPAN: return spans_compare(a, weir_column_span(a, a_row), b, weir_column_span(b, b_row));
    case WEIR_LAYOUT_NONE: break;
    }
#undef COMPARE
    for (uint32_t i = 0; i < a->child_count; i++) {
        int order = weir_column_rows_compare(a->children[i], a_row, b->children[i], b_row);
        if (order != 0)
            return order;
    }
    return 0;
}
