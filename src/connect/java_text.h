/* Values as Java's toString prints them: what `print` shows and what partition folders are called. */
#ifndef WEIR_CONNECT_JAVA_TEXT_H
#define WEIR_CONNECT_JAVA_TEXT_H

#include "column/column.h"

/* "null" for NULL; nested rows as +I[a, b], arrays [a, b], maps {k=v}; a LocalDateTime without seconds when they are zero. */
void weir_java_text_print(const weir_column *column, uint32_t row, weir_builder *out);

#endif
