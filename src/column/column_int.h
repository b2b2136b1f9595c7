/* What the files of a column share with each other. */
#ifndef WEIR_COLUMN_COLUMN_INT_H
#define WEIR_COLUMN_COLUMN_INT_H

#include "column/column.h"

/* Make room for `capacity` rows, children of rows included; the values stay. False (and failed): no memory. Only while filling. */
bool weir_column_grow(weir_column *column, uint32_t capacity) WEIR_MUST_USE;
/* target[target_at + k] = source[source_at + k] for k < count; views are copied as they are. */
void weir_column_copy_range(weir_column *target, uint32_t target_at, const weir_column *source, uint32_t source_at, uint32_t count);

static inline weir_span weir_column_span(const weir_column *column, uint32_t row) { return WEIR_VALUES(column, weir_span)[row]; }

#endif
