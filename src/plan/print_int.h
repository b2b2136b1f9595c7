/* Parts of EXPLAIN's text that have a file of their own. Private to plan/. */
#ifndef WEIR_PLAN_PRINT_INT_H
#define WEIR_PLAN_PRINT_INT_H

#include "plan/node.h"

/* What a MATCH node does, without its kind. */
void print_match(weir_arena *arena, const weir_node *node, weir_builder *out);

#endif
