/* A filter goes below nodes that keep the rows, or groups of rows, that it speaks of whole: the keys of GROUP BY and OVER, UNION, ORDER BY
 * without a limit, windows, UNNEST. It stays above a WATERMARK: rows that it drops move time on.
 */
#include <string.h>

#include "plan/rules.h"

/* The columns of the node's output that may be asked for below, and what they are there. */
typedef struct below_columns {
    uint32_t count;
    bool *allowed;
    uint32_t *map;
} below_columns;

static bool goes_below(void *context, const weir_expr *conjunct) {
    const below_columns *columns = context;
    if (!weir_expr_is_deterministic(conjunct))
        return false;
    bool reads = false;
    for (uint32_t i = 0; i < columns->count; i++)
        if (rewrite_reads_any(conjunct, i, i + 1)) {
            if (!columns->allowed[i])
                return false;
            reads = true;
        }
    return reads;
}

static void allow(below_columns *columns, uint32_t column, uint32_t below) {
    columns->allowed[column] = true;
    columns->map[column] = below;
}

static void allow_first(below_columns *columns, uint32_t count) {
    for (uint32_t i = 0; i < count; i++)
        allow(columns, i, i);
}

/* False: nothing goes below this kind of node. */
static bool columns_of(const weir_node *node, below_columns *columns) {
    switch (node->kind) {
    case WEIR_NODE_AGGREGATE:
        if (node->as.aggregate.set_count > 0)
            return false;
        for (uint32_t k = 0; k < node->as.aggregate.key_count; k++)
            allow(columns, k, node->as.aggregate.keys[k]);
        return node->as.aggregate.key_count > 0;
    case WEIR_NODE_OVER:
        for (uint32_t k = 0; k < node->as.over.key_count; k++)
            allow(columns, node->as.over.keys[k], node->as.over.keys[k]);
        return true;
    case WEIR_NODE_SORT: allow_first(columns, node->field_count); return node->as.sort.fetch < 0 && node->as.sort.offset == 0;
    case WEIR_NODE_SET: allow_first(columns, node->field_count); return node->as.set.kind == WEIR_SET_UNION;
    case WEIR_NODE_WINDOW_TABLE:
        if (node->as.window_table.window.kind != WEIR_WINDOW_SESSION)
            allow_first(columns, node->inputs[0]->field_count);
        for (uint32_t k = 0; k < node->as.window_table.key_count; k++)
            allow(columns, node->as.window_table.keys[k], node->as.window_table.keys[k]);
        return true;
    case WEIR_NODE_UNNEST: allow_first(columns, node->inputs[0]->field_count); return true;
    default: return false;
    }
}

weir_status rule_filter_below(rewrite *self, const weir_node *node, const weir_node **out, weir_error *error) {
    *out = node;
    const weir_node *below = node->inputs[0];
    below_columns columns = {.count = below->field_count,
                             .allowed = WEIR_ARENA_ARRAY(self->arena, bool, below->field_count),
                             .map = WEIR_ARENA_ARRAY(self->arena, uint32_t, below->field_count)};
    if (columns.allowed == NULL || columns.map == NULL)
        return rewrite_no_memory(error);
    if (rewrite_is_shared(self, below) || !columns_of(below, &columns))
        return WEIR_OK;
    const weir_expr *moved, *kept;
    WEIR_TRY(rewrite_split(self->arena, node->as.filter.condition, goes_below, &columns, &moved, &kept, error));
    if (moved == NULL)
        return WEIR_OK;
    const weir_expr *condition = weir_expr_renumber(self->arena, moved, columns.map);
    const weir_node **inputs = WEIR_ARENA_ARRAY(self->arena, const weir_node *, below->input_count);
    if (condition == NULL || inputs == NULL)
        return rewrite_no_memory(error);
    for (uint32_t i = 0; i < below->input_count; i++)
        WEIR_TRY(rewrite_filter(self->arena, below->inputs[i], condition, node->position, &inputs[i], error));
    const weir_node *again;
    WEIR_TRY(rewrite_inputs(self->arena, below, inputs, &again, error));
    return rewrite_filter(self->arena, again, kept, node->position, out, error);
}
