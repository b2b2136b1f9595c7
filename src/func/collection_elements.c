/* What the array functions share: lists of child rows, look-ups among elements, copying into new spans.
 * Elements are compared as GROUP BY does: NULL equals NULL, NaN equals NaN. */
#include <stdlib.h>

#include "func/collection_int.h"

enum { SORT_FROM = 24 /* shorter runs are searched one by one */ };

void weir_picks_add(weir_picks *picks, uint32_t row) {
    if (picks->failed)
        return;
    if (picks->count == picks->capacity &&
        !weir_memory_grow(picks->memory, (void **)&picks->items, &picks->capacity, picks->count + 1, sizeof(uint32_t))) {
        picks->failed = true;
        return;
    }
    picks->items[picks->count++] = row;
}

void weir_picks_deinit(weir_picks *picks) {
    weir_memory_free(picks->memory, picks->items, picks->capacity * sizeof(uint32_t));
    picks->items = NULL;
    picks->count = picks->capacity = 0;
}

static int order_elements(const void *a, const void *b, void *column) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    int order = weir_column_rows_compare(column, x, column, y);
    return order != 0 ? order : (x > y) - (x < y);
}

void weir_elements_init(weir_elements *elements, weir_memory *memory, const weir_column *column, uint32_t start, uint32_t count) {
    *elements = (weir_elements){.column = column, .start = start, .count = count, .sorted = {.memory = memory}};
    if (count < SORT_FROM || column->layout == WEIR_LAYOUT_SPAN) /* maps have equality but no order */
        return;
    for (uint32_t i = 0; i < count; i++)
        weir_picks_add(&elements->sorted, start + i);
    if (elements->sorted.failed) {
        weir_picks_deinit(&elements->sorted);
        return;
    }
    qsort_r(elements->sorted.items, count, sizeof(uint32_t), order_elements, (void *)(uintptr_t)column);
}

void weir_elements_deinit(weir_elements *elements) { weir_picks_deinit(&elements->sorted); }

/* The first row (in element order) that equals; UINT32_MAX: none. */
static uint32_t find(const weir_elements *elements, const weir_column *column, uint32_t row) {
    if (elements->sorted.count == 0) {
        for (uint32_t i = 0; i < elements->count; i++)
            if (weir_column_rows_equal(elements->column, elements->start + i, column, row))
                return elements->start + i;
        return UINT32_MAX;
    }
    size_t low = 0, high = elements->sorted.count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (weir_column_rows_compare(elements->column, elements->sorted.items[middle], column, row) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < elements->sorted.count && weir_column_rows_equal(elements->column, elements->sorted.items[low], column, row);
    return found ? elements->sorted.items[low] : UINT32_MAX;
}

bool weir_elements_contain(const weir_elements *elements, const weir_column *column, uint32_t row) {
    return find(elements, column, row) != UINT32_MAX;
}

void weir_elements_distinct(const weir_elements *elements, const weir_elements *without, const weir_elements *within, weir_picks *out) {
    for (uint32_t i = 0; i < elements->count; i++) {
        uint32_t row = elements->start + i;
        if (find(elements, elements->column, row) != row)
            continue;
        if ((without != NULL && weir_elements_contain(without, elements->column, row)) ||
            (within != NULL && !weir_elements_contain(within, elements->column, row)))
            continue;
        weir_picks_add(out, row);
    }
}

void weir_column_copy_elements(weir_column *child, uint32_t at, const weir_column *from, uint32_t start, uint32_t count) {
    for (uint32_t i = 0; i < count; i++)
        weir_column_copy_row(child, at + i, from, start + i);
}

void weir_picks_gather(weir_picks *picks, weir_column *out, uint32_t first, const weir_column *source) {
    if (picks->failed)
        out->failed = true;
    if (!out->failed && picks->count > 0) {
        weir_column_gather(out->children[0], first, source, picks->items, (uint32_t)picks->count);
        out->failed |= out->children[0]->failed;
    }
    weir_picks_deinit(picks);
}

void weir_column_copy_rows(weir_column *target, const weir_column *source, const weir_rows *rows) {
    if (rows->index == NULL)
        weir_column_gather(target, 0, source, NULL, rows->count);
    else
        for (uint32_t k = 0; k < rows->count; k++)
            weir_column_copy_row(target, rows->index[k], source, rows->index[k]);
}

weir_status weir_signature_want_element(weir_signature *signature, uint32_t index, const weir_type *element, weir_error *error) {
    const weir_type *given = signature->arguments[index].type;
    bool fits = given->kind == WEIR_KIND_NULL || weir_type_equal(given, element, true);
    if (!fits && weir_kind_is_text(given->kind) && weir_kind_is_text(element->kind))
        fits = given->kind == WEIR_KIND_CHAR || element->kind == WEIR_KIND_VARCHAR;
    else if (!fits && !weir_kind_is_interval(element->kind) &&
             !(weir_kind_is_timestamp(given->kind) && !weir_kind_is_timestamp(element->kind)))
        fits = weir_type_can_coerce(given, element) && !(weir_kind_is_approx(given->kind) && element->kind == WEIR_KIND_DECIMAL);
    if (!fits)
        return weir_signature_invalid(signature, error);
    return weir_signature_want(signature, index, element, error);
}
