/* What came against what was expected: the rows that a changelog adds up to, or its changes; in any order, or in one. Rows that differ in
 * some cells only are shown as one changed row. */
#include <stdlib.h>
#include <string.h>

#include "cli/test/test_int.h"

enum { PAIRS_MAX = 400, LCS_MAX = 2000 };

typedef struct comparison {
    weir_arena *arena;
    uint32_t count; /* cells of a row */
    weir_list differences;
} comparison;

static bool cell_equal(weir_text a, weir_text b) {
    return (a.data == NULL) == (b.data == NULL) && (a.data == NULL || weir_text_equal(a, b));
}

static uint32_t cells_equal(const weir_text *a, const weir_text *b, uint32_t count) {
    uint32_t equal = 0;
    for (uint32_t i = 0; i < count; i++)
        equal += cell_equal(a[i], b[i]);
    return equal;
}

static bool row_equal(const weir_text *a, const weir_text *b, uint32_t count) { return cells_equal(a, b, count) == count; }

static bool add(comparison *self, test_mark mark, weir_text *expected, weir_text *got) {
    test_difference *difference = WEIR_ARENA_NEW(self->arena, test_difference);
    if (difference == NULL)
        return false;
    *difference = (test_difference){mark, expected, got};
    return weir_list_add(self->arena, &self->differences, difference);
}

/* ---- the rows that stand ---- */

static bool same_key(const test_capture *capture, const weir_text *a, const weir_text *b) {
    for (uint32_t i = 0; i < capture->key_count; i++)
        if (!cell_equal(a[capture->key[i]], b[capture->key[i]]))
            return false;
    return true;
}

/* The place of the row that a change takes away: the last one of its key, or equal to it. SIZE_MAX: none. */
static size_t find_row(const test_capture *capture, const weir_list *rows, const weir_text *cells) {
    for (size_t i = rows->count; i-- > 0;)
        if (capture->key_count > 0 ? same_key(capture, rows->items[i], cells) : row_equal(rows->items[i], cells, capture->schema.count))
            return i;
    return SIZE_MAX;
}

/* Updates keep their places, as a reader of the table would see it. */
static bool add_up(weir_arena *arena, const test_capture *capture, int64_t until_ms, weir_list *rows) {
    size_t vacant = SIZE_MAX;
    for (size_t i = 0; i < capture->changes.count; i++) {
        const test_change *change = capture->changes.items[i];
        if (change->at_ms > until_ms)
            break;
        bool adds = weir_change_adds(change->kind);
        size_t at = !adds || capture->key_count > 0 ? find_row(capture, rows, change->cells) : SIZE_MAX;
        if (!adds) {
            if (at == SIZE_MAX)
                continue;
            memmove(&rows->items[at], &rows->items[at + 1], (rows->count - at - 1) * sizeof rows->items[0]);
            rows->count--;
            vacant = change->kind == WEIR_UPDATE_BEFORE ? at : SIZE_MAX;
            continue;
        }
        if (at != SIZE_MAX) {
            rows->items[at] = change->cells;
            continue;
        }
        if (!weir_list_add(arena, rows, change->cells))
            return false;
        if (vacant < rows->count - 1 && change->kind == WEIR_UPDATE_AFTER) {
            memmove(&rows->items[vacant + 1], &rows->items[vacant], (rows->count - 1 - vacant) * sizeof rows->items[0]);
            rows->items[vacant] = change->cells;
        }
        vacant = SIZE_MAX;
    }
    return true;
}

/* The picked columns; of changes, the kind in front. */
static bool actual_rows(weir_arena *arena, const test_capture *capture, const test_step *step, int64_t until_ms, const uint32_t *picked,
                        uint32_t picked_count, weir_list *out) {
    weir_list whole = {0};
    if (!step->changes && !add_up(arena, capture, until_ms, &whole))
        return false;
    size_t count = step->changes ? capture->changes.count : whole.count;
    for (size_t i = 0; i < count; i++) {
        const test_change *change = step->changes ? capture->changes.items[i] : NULL;
        const weir_text *cells = step->changes ? change->cells : whole.items[i];
        if (change != NULL && change->at_ms > until_ms)
            break;
        weir_text *row = WEIR_ARENA_ARRAY(arena, weir_text, picked_count + 1);
        if (row == NULL || !weir_list_add(arena, out, row))
            return false;
        if (change != NULL)
            *row++ = weir_text_of(weir_change_name(change->kind));
        for (uint32_t c = 0; c < picked_count; c++)
            row[c] = cells[picked[c]];
    }
    return true;
}

/* ---- in any order ---- */

/* The missing row most like this unexpected one, if half of its cells agree. */
static size_t most_alike(const comparison *self, weir_text *const *missing, size_t count, const weir_text *row) {
    size_t best = SIZE_MAX;
    uint32_t most = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t equal = missing[i] == NULL ? 0 : cells_equal(missing[i], row, self->count);
        if (equal * 2 >= self->count && equal > most) {
            most = equal;
            best = i;
        }
    }
    return best;
}

static bool pair_up(comparison *self, weir_text **missing, size_t missing_count, weir_text **unexpected, size_t unexpected_count) {
    bool few = missing_count <= PAIRS_MAX && unexpected_count <= PAIRS_MAX;
    bool good = true;
    for (size_t i = 0; few && i < unexpected_count && good; i++) {
        size_t best = most_alike(self, missing, missing_count, unexpected[i]);
        if (best == SIZE_MAX)
            continue;
        good = add(self, TEST_CHANGED, missing[best], unexpected[i]);
        missing[best] = NULL;
        unexpected[i] = NULL;
    }
    for (size_t i = 0; i < missing_count && good; i++)
        good = missing[i] == NULL || add(self, TEST_MISSING, missing[i], NULL);
    for (size_t i = 0; i < unexpected_count && good; i++)
        good = unexpected[i] == NULL || add(self, TEST_UNEXPECTED, NULL, unexpected[i]);
    return good;
}

static int compare_cells(weir_text a, weir_text b) {
    if (a.data == NULL || b.data == NULL)
        return (a.data != NULL) - (b.data != NULL);
    return weir_text_compare(a, b);
}

static int compare_rows(const void *left, const void *right, void *count) {
    const weir_text *a = *(weir_text *const *)left, *b = *(weir_text *const *)right;
    for (uint32_t i = 0; i < *(const uint32_t *)count; i++) {
        int order = compare_cells(a[i], b[i]);
        if (order != 0)
            return order;
    }
    return 0;
}

static weir_text **copy_of(const comparison *self, const weir_list *rows) {
    weir_text **copy = WEIR_ARENA_ARRAY(self->arena, weir_text *, rows->count + 1);
    if (copy != NULL && rows->count > 0)
        memcpy(copy, rows->items, rows->count * sizeof *copy);
    return copy;
}

static bool compare_any(comparison *self, const weir_list *expected, const weir_list *actual) {
    weir_text **want = copy_of(self, expected), **got = copy_of(self, actual);
    if (want == NULL || got == NULL)
        return false;
    qsort_r(want, expected->count, sizeof *want, compare_rows, &self->count);
    qsort_r(got, actual->count, sizeof *got, compare_rows, &self->count);
    size_t missing = 0, unexpected = 0, w = 0, g = 0;
    while (w < expected->count || g < actual->count) {
        int order = w == expected->count ? 1 : g == actual->count ? -1 : compare_rows(&want[w], &got[g], &self->count);
        if (order == 0) {
            w++;
            g++;
        } else if (order < 0) {
            want[missing++] = want[w++];
        } else {
            got[unexpected++] = got[g++];
        }
    }
    return pair_up(self, want, missing, got, unexpected);
}

/* ---- in order ---- */

/* The longest common run of rows, by its lengths from each pair of places on. */
static bool compare_middle(comparison *self, weir_text **want, size_t want_count, weir_text **got, size_t got_count) {
    size_t width = got_count + 1;
    uint16_t *best = want_count > LCS_MAX || got_count > LCS_MAX ? NULL : WEIR_ARENA_ARRAY(self->arena, uint16_t, (want_count + 1) * width);
    for (size_t w = want_count; best != NULL && w-- > 0;)
        for (size_t g = got_count; g-- > 0;) {
            uint16_t down = best[(w + 1) * width + g], across = best[w * width + g + 1];
            best[w * width + g] = row_equal(want[w], got[g], self->count) ? (uint16_t)(best[(w + 1) * width + g + 1] + 1)
                                  : down > across                         ? down
                                                                          : across;
        }
    size_t w = 0, g = 0;
    bool good = true;
    while (good && (w < want_count || g < got_count)) {
        bool both = w < want_count && g < got_count;
        if (both && row_equal(want[w], got[g], self->count))
            good = add(self, TEST_SAME, want[w++], got[g++]);
        else if (both && cells_equal(want[w], got[g], self->count) * 2 >= self->count &&
                 (best == NULL || best[(w + 1) * width + g + 1] == best[w * width + g]))
            good = add(self, TEST_CHANGED, want[w++], got[g++]);
        else if (w < want_count && (g == got_count || (best != NULL && best[(w + 1) * width + g] >= best[w * width + g + 1])))
            good = add(self, TEST_MISSING, want[w++], NULL);
        else if (g < got_count)
            good = add(self, TEST_UNEXPECTED, NULL, got[g++]);
    }
    return good;
}

static bool compare_ordered(comparison *self, const weir_list *expected, const weir_list *actual) {
    weir_text **want = (weir_text **)expected->items, **got = (weir_text **)actual->items;
    size_t front = 0, back = 0;
    while (front < expected->count && front < actual->count && row_equal(want[front], got[front], self->count))
        front++;
    if (front == expected->count && front == actual->count)
        return true;
    while (back + front < expected->count && back + front < actual->count &&
           row_equal(want[expected->count - 1 - back], got[actual->count - 1 - back], self->count))
        back++;
    bool good = true;
    for (size_t i = front > 2 ? front - 2 : 0; i < front && good; i++)
        good = add(self, TEST_SAME, want[i], got[i]);
    good = good && compare_middle(self, want + front, expected->count - front - back, got + front, actual->count - front - back);
    for (size_t i = 0; i < back && i < 2 && good; i++)
        good = add(self, TEST_SAME, want[expected->count - back + i], got[actual->count - back + i]);
    return good;
}

/* ---- all together ---- */

static bool describe(comparison *self, const test_capture *capture, const test_step *step, const uint32_t *picked, uint32_t picked_count,
                     const weir_list *actual, test_problem *problem) {
    uint32_t extra = step->changes;
    weir_text *columns = WEIR_ARENA_ARRAY(self->arena, weir_text, picked_count + 1);
    bool *right = WEIR_ARENA_ARRAY(self->arena, bool, picked_count + 1);
    uint32_t counts[4] = {0};
    if (columns == NULL || right == NULL)
        return false;
    columns[0] = WEIR_TEXT("op");
    for (uint32_t i = 0; i < picked_count; i++) {
        columns[i + extra] = capture->schema.fields[picked[i]].name;
        right[i + extra] = cli_aligns_right(capture->schema.fields[picked[i]].type);
    }
    for (size_t i = 0; i < self->differences.count; i++)
        counts[((const test_difference *)self->differences.items[i])->mark]++;
    size_t same = actual->count - counts[TEST_UNEXPECTED] - counts[TEST_CHANGED];
    *problem = (test_problem){.step = step,
                              .message = weir_arena_format(self->arena, "%.*s: %u missing, %u unexpected, %u changed, %zu as expected",
                                                           WEIR_TEXT_ARGS(step->name), counts[TEST_MISSING], counts[TEST_UNEXPECTED],
                                                           counts[TEST_CHANGED], same),
                              .columns = columns,
                              .right = right,
                              .column_count = picked_count + extra,
                              .differences = self->differences,
                              .actual = *actual};
    return problem->message.data != NULL;
}

weir_status test_compare(weir_arena *arena, const test_capture *capture, const test_step *step, int64_t until_ms, const uint32_t *picked,
                         uint32_t picked_count, const weir_list *expected, test_problem **problem, weir_error *error) {
    comparison self = {.arena = arena, .count = picked_count + step->changes};
    weir_list actual = {0};
    *problem = NULL;
    bool good = actual_rows(arena, capture, step, until_ms, picked, picked_count, &actual) &&
                (step->in_order ? compare_ordered(&self, expected, &actual) : compare_any(&self, expected, &actual));
    if (good && self.differences.count > 0) {
        *problem = WEIR_ARENA_NEW(arena, test_problem);
        good = *problem != NULL && describe(&self, capture, step, picked, picked_count, &actual, *problem);
    }
    return good ? WEIR_OK : weir_fail_memory(error, "a comparison", actual.count);
}
