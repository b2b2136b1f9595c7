/* Private to func/: a bitmap's serialised form and the list of its numbers. */
#ifndef WEIR_FUNC_BITMAP_INT_H
#define WEIR_FUNC_BITMAP_INT_H

#include "func/func_int.h"

/* A growing list; once `failed` it stays so. */
typedef struct weir_numbers {
    weir_memory *memory;
    uint32_t *numbers;
    size_t count, capacity;
    bool failed; /* no memory */
} weir_numbers;

void weir_numbers_add(weir_numbers *list, uint32_t number);
void weir_numbers_release(weir_numbers *list);

/* Sorted numbers, each once -> the serialised form, appended. */
void weir_bitmap_pack(const weir_numbers *list, weir_builder *out);
/* The serialised form -> sorted numbers. False: it is none (or list->failed). What follows the bitmap is ignored, as in Flink. */
bool weir_bitmap_unpack(weir_text bytes, weir_numbers *list);

/* "{1,2,3}" */
void weir_numbers_print(const weir_numbers *list, weir_builder *out);
/* The same from the serialised form; it allocates a list each time. */
void weir_bitmap_print(weir_text bytes, weir_builder *out);

#endif
