/* What the tests of state/ share: a memory account, an arena and a state per test, and seeded random columns of every type. */
#ifndef WEIR_TESTS_STATE_TEST_H
#define WEIR_TESTS_STATE_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "column/batch.h"
#include "state/codec.h"
#include "state/state.h"

typedef struct bench {
    weir_memory memory;
    weir_arena arena;
    weir_state *state;
    uint64_t seed;
} bench;

static inline void bench_open(bench *b) {
    weir_memory_init(&b->memory, NULL, "test", SIZE_MAX);
    weir_arena_init(&b->arena, &b->memory);
    b->state = weir_state_create(&b->memory, "Test[1]", 0);
    assert_non_null(b->state);
    b->seed = 0x1234567;
}

/* Everything must have been given back. */
static inline void bench_close(bench *b) {
    weir_state_destroy(b->state);
    weir_arena_deinit(&b->arena);
    assert_int_equal(atomic_load(&b->memory.used_bytes), 0);
    weir_memory_deinit(&b->memory);
}

static inline uint64_t bench_random(bench *b) {
    b->seed ^= b->seed << 13;
    b->seed ^= b->seed >> 7;
    b->seed ^= b->seed << 17;
    return b->seed * UINT64_C(0x2545F4914F6CDD1D);
}

static inline void random_put(bench *b, weir_column *column, uint32_t row);

static inline void random_nested(bench *b, weir_column *column, uint32_t row) {
    if (column->layout == WEIR_LAYOUT_NONE) {
        for (uint32_t i = 0; i < column->child_count; i++)
            random_put(b, column->children[i], row);
        return;
    }
    uint32_t count = (uint32_t)(bench_random(b) % 4);
    uint32_t start = weir_column_span_add(column, row, count);
    for (uint32_t k = 0; k < count; k++) {
        random_put(b, column->children[0], start + k);
        if (column->child_count == 2) {
            WEIR_VALUES(column->children[0], int32_t)[start + k] = (int32_t)(k * 7 % 5); /* keys of maps are unique */
            if (column->children[0]->valid != NULL)
                column->children[0]->valid[start + k] = 1;
            random_put(b, column->children[1], start + k);
        }
    }
}

/* Few distinct values, so that equal ones occur; NULL now and then. */
static inline void random_put(bench *b, weir_column *column, uint32_t row) {
    static const double reals[] = {
        0.0, -0.0, 1.5, -1.5, 1e300, -1e-300, __builtin_nan(""), -__builtin_nan("1"), __builtin_inf(), -__builtin_inf()};
    static const char *const texts[] = {"", "a", "a\0b", "abc", "abcdefghijklmnop", "abcdefghijklmnoq", "\xC3\xA9", "\xFF"};
    static const uint8_t sizes[] = {0, 1, 3, 3, 16, 16, 2, 1};
    uint64_t pick = bench_random(b);
    if (pick % 7 == 0 || column->type->kind == WEIR_KIND_NULL) {
        weir_column_set_null(column, row);
        return;
    }
    int64_t small = (int64_t)(pick >> 8) % 9 - 4;
    if (pick % 5 == 0)
        small *= INT64_C(0x0123456789ABCDEF);
    switch (column->layout) {
    case WEIR_LAYOUT_U8: WEIR_VALUES(column, uint8_t)[row] = pick >> 20 & 1; break;
    case WEIR_LAYOUT_I8: WEIR_VALUES(column, int8_t)[row] = (int8_t)small; break;
    case WEIR_LAYOUT_I16: WEIR_VALUES(column, int16_t)[row] = (int16_t)small; break;
    case WEIR_LAYOUT_I32: WEIR_VALUES(column, int32_t)[row] = (int32_t)small; break;
    case WEIR_LAYOUT_I64: WEIR_VALUES(column, int64_t)[row] = small; break;
    case WEIR_LAYOUT_F32: WEIR_VALUES(column, float)[row] = (float)reals[pick >> 20 & 7]; break;
    case WEIR_LAYOUT_F64: WEIR_VALUES(column, double)[row] = reals[(pick >> 20) % 10]; break;
    case WEIR_LAYOUT_I128: WEIR_VALUES(column, weir_i128)[row] = (weir_i128)small * small / 4; break;
    case WEIR_LAYOUT_TIMESTAMP_NS:
        WEIR_VALUES(column, weir_timestamp_ns)[row] = (weir_timestamp_ns){small, (int32_t)(pick >> 40 & 3), 0};
        break;
    case WEIR_LAYOUT_VIEW: weir_column_put_text(column, row, (weir_text){texts[pick >> 20 & 7], sizes[pick >> 20 & 7]}); break;
    case WEIR_LAYOUT_SPAN:
    case WEIR_LAYOUT_NONE: random_nested(b, column, row); break;
    }
}

/* As the compact codec sees it: equal, and no 0.0 stands for a -0.0. The spans compared are known to be equal, entries in the same order.
 */
static inline bool zeros_alike(const weir_column *a, uint32_t a_row, const weir_column *b, uint32_t b_row) {
    if (!weir_column_is_valid(a, a_row))
        return true;
    switch (a->layout) {
    case WEIR_LAYOUT_F32:
        return WEIR_VALUES(a, float)[a_row] != 0 ||
               !__builtin_signbit(WEIR_VALUES(a, float)[a_row]) == !__builtin_signbit(WEIR_VALUES(b, float)[b_row]);
    case WEIR_LAYOUT_F64:
        return WEIR_VALUES(a, double)[a_row] != 0 ||
               !__builtin_signbit(WEIR_VALUES(a, double)[a_row]) == !__builtin_signbit(WEIR_VALUES(b, double)[b_row]);
    case WEIR_LAYOUT_SPAN: {
        weir_span of_a = WEIR_VALUES(a, weir_span)[a_row], of_b = WEIR_VALUES(b, weir_span)[b_row];
        for (uint32_t i = 0; i < a->child_count; i++)
            for (uint32_t k = 0; k < of_a.count; k++)
                if (!zeros_alike(a->children[i], of_a.start + k, b->children[i], of_b.start + k))
                    return false;
        return true;
    }
    case WEIR_LAYOUT_NONE:
        for (uint32_t i = 0; i < a->child_count; i++)
            if (!zeros_alike(a->children[i], a_row, b->children[i], b_row))
                return false;
        return true;
    default: return true;
    }
}

static inline bool same_values(const weir_column *a, uint32_t a_row, const weir_column *b, uint32_t b_row) {
    return weir_column_rows_equal(a, a_row, b, b_row) && zeros_alike(a, a_row, b, b_row);
}

static inline weir_column *random_column(bench *b, const weir_type *type, uint32_t rows) {
    weir_column *column = weir_column_create(&b->memory, type, rows);
    assert_non_null(column);
    for (uint32_t row = 0; row < rows; row++)
        random_put(b, column, row);
    return column;
}

#endif
